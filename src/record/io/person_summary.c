/* person_summary.c - what matters about a person now: problems, medicines, the
 * latest observations, plans, who is involved, contacts.
 *
 * Bounded: at most so many bodies of each kind are opened, newest first, and what
 * was left is counted.  What is over, or entered in error, is not shown as now. */
#include <stdlib.h>

#include "record/io/person_int.h"

enum {
	PROBLEMS = 200, /* bodies opened */
	MEDICINES = 250,
	PAST = 30, /* lines of what is over */
	SERIES_SEEN = 48,
	SERIES = 10,
	POINTS = 8,
	PLANS = 6,
	TEAMS = 6,
	INVOLVED = 24,
	CONTACTS = 3
};

struct summing {
	struct hf_person *p;
	struct hf_person_summary *s;
	struct hf_err *err;
};

static enum hf_rc
full(struct summing *m)
{
	return hf_fail(m->err, HF_TOO_LONG, NULL,
		       "the record is too large to be shown");
}

static enum hf_rc
fact_at(struct summing *m, size_t i, struct hf_person_fact *out, struct opened *o)
{
	struct hf_person *p = m->p;
	enum hf_rc rc =
	    hf_person_read(p->reader, p->entries[i].rid, p->arena, o, m->err);

	if (rc == HF_OK)
		hf_person_fact(&p->who, o, p->now, p->arena, out);
	return rc;
}

static struct hf_sv
code_at(struct summing *m, const struct opened *o, const char *path)
{
	return hf_dig_text(&o->doc, 0, path, m->p->arena);
}

static bool
is_any(struct hf_sv s, const char *const *codes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(s, hf_sv_from(codes[i])))
			return true;
	return false;
}

static bool
has_title(const struct hf_person_facts *facts, struct hf_sv title)
{
	for (size_t i = 0; i < facts->n; i++)
		if (hf_sv_eq(facts->items[i].title, title))
			return true;
	return false;
}

/* ---- problems ---- */

static enum hf_rc
problem(struct summing *m, size_t i)
{
	static const char *const over[] = {"resolved", "inactive", "remission"};
	static const char *const no[] = {"refuted", "entered-in-error"};
	struct hf_person_fact f;
	struct hf_sv state;
	struct opened o;
	enum hf_rc rc = fact_at(m, i, &f, &o);
	bool past;

	if (rc)
		return rc;
	if (is_any(code_at(m, &o, "verificationStatus.coding.code"), no, HF_COUNT(no)))
		return HF_OK;
	state = code_at(m, &o, "clinicalStatus.coding.code");
	past = is_any(state, over, HF_COUNT(over)) || (state.n == 0 && f.until.n);
	if (!past)
		return hf_person_add(&m->s->problems, &f, m->p->arena) ? HF_OK
								       : full(m);
	if (m->s->past_problems.n == PAST) {
		m->s->more_problems++;
		return HF_OK;
	}
	return hf_person_add(&m->s->past_problems, &f, m->p->arena) ? HF_OK : full(m);
}

static enum hf_rc
problems(struct summing *m)
{
	hf_type_id type = hf_person_type("Condition");
	size_t opened = 0;

	for (size_t i = 0; i < m->p->n; i++) {
		enum hf_rc rc;

		if (m->p->entries[i].type != type)
			continue;
		if (opened++ >= PROBLEMS) {
			m->s->more_problems++;
			continue;
		}
		rc = problem(m, i);
		if (rc)
			return rc;
	}
	return HF_OK;
}

/* ---- medicines ---- */

/* The newest entry of a medicine speaks for it. */
static enum hf_rc
medicine(struct summing *m, size_t i)
{
	static const char *const now[] = {"active", "on-hold", "intended"};
	static const char *const no[] = {"entered-in-error", "draft", "cancelled",
					 "not-taken"};
	struct hf_person_summary *s = m->s;
	struct hf_person_fact f;
	struct hf_sv state;
	struct opened o;
	enum hf_rc rc = fact_at(m, i, &f, &o);

	if (rc)
		return rc;
	state = code_at(m, &o, "status");
	if (is_any(state, no, HF_COUNT(no)) || has_title(&s->medicines, f.title) ||
	    has_title(&s->past_medicines, f.title))
		return HF_OK;
	if (is_any(state, now, HF_COUNT(now)))
		return hf_person_add(&s->medicines, &f, m->p->arena) ? HF_OK : full(m);
	if (s->past_medicines.n == PAST) {
		s->more_medicines++;
		return HF_OK;
	}
	return hf_person_add(&s->past_medicines, &f, m->p->arena) ? HF_OK : full(m);
}

static enum hf_rc
medicines(struct summing *m)
{
	hf_type_id request = hf_person_type("MedicationRequest");
	hf_type_id statement = hf_person_type("MedicationStatement");
	size_t opened = 0;

	for (size_t i = 0; i < m->p->n; i++) {
		hf_type_id type = m->p->entries[i].type;
		enum hf_rc rc;

		if (type != request && type != statement)
			continue;
		if (opened++ >= MEDICINES) {
			m->s->more_medicines++;
			continue;
		}
		rc = medicine(m, i);
		if (rc)
			return rc;
	}
	return HF_OK;
}

/* ---- observations ---- */

struct candidate {
	uint64_t sig;
	size_t at; /* newest entry */
	int rank;
};

static int
by_rank(const void *pa, const void *pb)
{
	const struct candidate *a = pa, *b = pb;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at ? 1 : 0;
}

/* The newest entry of each code signature; how many signatures there are. */
static size_t
newest_by_code(const struct hf_person *p, struct candidate *out, size_t max,
	       size_t *kept)
{
	hf_type_id type = hf_person_type("Observation");
	size_t all = 0;

	*kept = 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct hf_entry *e = &p->entries[i];
		size_t k = 0;

		if (e->type != type || e->sig == 0)
			continue;
		while (k < *kept && out[k].sig != e->sig)
			k++;
		if (k < *kept)
			continue;
		if (*kept < max)
			out[(*kept)++] = (struct candidate){.sig = e->sig, .at = i};
		else
			all++; /* seen before or not: an upper bound is enough */
	}
	return *kept + (all > 0);
}

static double
number_in(struct hf_sv value, bool *ok)
{
	char text[32], *end;
	double v;

	*ok = value.n > 0 && value.n < sizeof(text);
	if (!*ok)
		return 0;
	memcpy(text, value.p, value.n);
	text[value.n] = '\0';
	v = strtod(text, &end);
	*ok = end != text;
	return v;
}

static enum hf_rc
fill_series(struct summing *m, const struct candidate *c, struct hf_series *out)
{
	struct hf_person *p = m->p;
	struct hf_point points[POINTS];
	size_t n = 0;

	for (size_t i = c->at; i < p->n && n < POINTS; i++) {
		struct hf_person_fact f;
		struct opened o;
		enum hf_rc rc;
		double v;
		bool ok;

		if (p->entries[i].sig != c->sig ||
		    p->entries[i].type != p->entries[c->at].type)
			continue;
		rc = fact_at(m, i, &f, &o);
		if (rc)
			return rc;
		if (i == c->at)
			out->latest = f;
		v = number_in(f.value, &ok);
		if (ok && f.instant && hf_sv_eq(f.title, out->latest.title))
			points[n++] = (struct hf_point){
			    .at = f.instant, .value = v, .text = f.value};
		else if (i == c->at)
			break; /* not a number: there is no trend */
	}
	out->points = hf_arena_array(p->arena, n ? n : 1, sizeof(*out->points));
	if (!out->points)
		return full(m);
	for (size_t i = 0; i < n; i++)
		out->points[i] = points[n - 1 - i];
	out->n = n;
	out->change = n < 2				  ? 2
		      : points[0].value > points[1].value ? 1
		      : points[0].value < points[1].value ? -1
							  : 0;
	return HF_OK;
}

static enum hf_rc
observations(struct summing *m)
{
	struct hf_person *p = m->p;
	struct candidate *c = hf_arena_array(p->arena, SERIES_SEEN, sizeof(*c));
	size_t n, all;

	if (!c)
		return full(m);
	all = newest_by_code(p, c, SERIES_SEEN, &n);
	for (size_t i = 0; i < n; i++) {
		struct opened o;
		enum hf_rc rc = hf_person_read(p->reader, p->entries[c[i].at].rid,
					       p->arena, &o, m->err);

		if (rc)
			return rc;
		c[i].rank = hf_person_rank(&o.doc);
	}
	if (n)
		qsort(c, n, sizeof(*c), by_rank);
	m->s->n_series = n < SERIES ? n : SERIES;
	m->s->more_series = all - m->s->n_series;
	m->s->series = hf_arena_array(p->arena, SERIES, sizeof(*m->s->series));
	if (!m->s->series)
		return full(m);
	for (size_t i = 0; i < m->s->n_series; i++) {
		enum hf_rc rc = fill_series(m, &c[i], &m->s->series[i]);

		if (rc)
			return rc;
	}
	return HF_OK;
}

/* ---- plans, and what matters to the person ---- */

/* A plan in the person's own words belongs to what matters, not to the plans. */
static enum hf_rc
plan(struct summing *m, size_t i, const char *path, const char *const *now, size_t n,
     struct hf_person_facts *to)
{
	struct hf_person_fact f;
	struct opened o;
	enum hf_rc rc = fact_at(m, i, &f, &o);

	if (rc || !is_any(code_at(m, &o, path), now, n))
		return rc;
	if (hf_mentions(f.title, "what matters"))
		to = &m->s->matters;
	if (to->n == PLANS || has_title(to, f.title))
		return HF_OK;
	return hf_person_add(to, &f, m->p->arena) ? HF_OK : full(m);
}

static enum hf_rc
plans(struct summing *m)
{
	static const char *const plan_now[] = {"active", "on-hold", "draft"};
	static const char *const goal_now[] = {"active", "accepted", "planned",
					       "proposed", "on-hold"};
	hf_type_id careplan = hf_person_type("CarePlan"), goal = hf_person_type("Goal");
	size_t opened = 0;
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; i < m->p->n && rc == HF_OK && opened < 60; i++) {
		hf_type_id type = m->p->entries[i].type;

		if (type == careplan && m->s->plans.n < PLANS)
			rc = plan(m, i, "status", plan_now, HF_COUNT(plan_now),
				  &m->s->plans);
		else if (type == goal && m->s->matters.n < PLANS)
			rc = plan(m, i, "lifecycleStatus", goal_now, HF_COUNT(goal_now),
				  &m->s->matters);
		else
			continue;
		opened++;
	}
	return rc;
}

/* ---- who is involved ---- */

static void
add_involved(struct summing *m, struct hf_contact_line line)
{
	struct hf_person_summary *s = m->s;

	if (line.name.n == 0 || s->n_involved == INVOLVED)
		return;
	for (size_t i = 0; i < s->n_involved; i++)
		if (hf_sv_eq(s->involved[i].name, line.name))
			return;
	s->involved[s->n_involved++] = line;
}

static void
add_reference(struct summing *m, const struct hf_json *doc, uint32_t node,
	      struct hf_sv role)
{
	const struct who *w = hf_who_of(&m->p->who, doc, node);
	struct hf_sv name = hf_who_name(&m->p->who, doc, node);

	if (w && w->type == hf_person_type("Patient"))
		return;
	add_involved(m, (struct hf_contact_line){
			    .ref = w ? w->ref : HF_SV(""),
			    .name = name,
			    .role = role,
			    .org = w && !hf_sv_eq(w->org, name) ? w->org : HF_SV(""),
			    .phone = w ? w->phone : HF_SV(""),
			});
}

static void
add_team(struct summing *m, const struct opened *o)
{
	struct hf_arena *a = m->p->arena;
	uint32_t all = hf_json_member(&o->doc, 0, "participant");
	struct hf_sv team = hf_dig_text(&o->doc, 0, "name", a);

	if (all == HF_JSON_NONE || hf_json_type(&o->doc, all) != HF_JSON_ARRAY)
		return;
	for (uint32_t c = all + 1; c < o->doc.nodes[all].next;
	     c = o->doc.nodes[c].next) {
		struct hf_sv role = hf_dig_words(&o->doc, c, "role", a);

		add_reference(m, &o->doc, hf_json_member(&o->doc, c, "member"),
			      role.n ? role : team);
	}
}

static void
add_related(struct summing *m, const struct hf_json *doc, uint32_t node,
	    struct hf_sv ref)
{
	struct hf_arena *a = m->p->arena;
	uint32_t name = hf_name_best(doc, hf_json_member(doc, node, "name"));

	if (name == HF_JSON_NONE)
		return;
	add_involved(m, (struct hf_contact_line){
			    .ref = ref,
			    .name = hf_name_words(doc, name, true, a),
			    .role = hf_dig_words(doc, node, "relationship", a),
			    .phone = hf_dig_text(doc, node, "telecom.value", a),
			});
}

/* The children of an array member of the Patient, one by one. */
static void
patient_members(struct summing *m, const char *member, bool related)
{
	const struct hf_json *doc = &m->p->doc;
	uint32_t all = hf_json_get(doc, 0, hf_sv_from(member));

	if (all == HF_JSON_NONE || hf_json_type(doc, all) != HF_JSON_ARRAY)
		return;
	for (uint32_t c = all + 1; c < doc->nodes[all].next; c = doc->nodes[c].next) {
		if (related)
			add_related(m, doc, c, HF_SV(""));
		else
			add_reference(m, doc, c, HF_SV("GP"));
	}
}

static enum hf_rc
involved(struct summing *m)
{
	static const char *const now[] = {"active", "proposed", ""};
	hf_type_id team = hf_person_type("CareTeam"),
		   kin = hf_person_type("RelatedPerson");
	hf_type_id episode = hf_person_type("EpisodeOfCare");
	struct hf_person *p = m->p;
	size_t teams = 0;

	m->s->involved = hf_arena_array(p->arena, INVOLVED, sizeof(*m->s->involved));
	if (!m->s->involved)
		return full(m);
	patient_members(m, "generalPractitioner", false);
	for (size_t i = 0; i < p->n && teams < TEAMS; i++) {
		const struct hf_entry *e = &p->entries[i];
		struct opened o;
		enum hf_rc rc;

		if (e->type != team && e->type != kin && e->type != episode)
			continue;
		rc = hf_person_read(p->reader, e->rid, p->arena, &o, m->err);
		if (rc)
			return rc;
		teams++;
		if (e->type == kin)
			add_related(m, &o.doc, 0, hf_person_ref(e, o.v.id, p->arena));
		else if (!is_any(code_at(m, &o, "status"), now, HF_COUNT(now)))
			continue;
		else if (e->type == team)
			add_team(m, &o);
		else
			add_reference(m, &o.doc, hf_dig(&o.doc, 0, "careManager"),
				      hf_dig_words(&o.doc, 0, "type", p->arena));
	}
	patient_members(m, "contact", true);
	return HF_OK;
}

/* ---- contacts ---- */

static enum hf_rc
next_contacts(struct summing *m)
{
	static const char *const stays[] = {"proposed", "pending",  "booked",
					    "arrived",	"waitlist", "planned"};
	hf_type_id booked = hf_person_type("Appointment");
	hf_type_id encounter = hf_person_type("Encounter");
	struct hf_person *p = m->p;
	size_t from = 0;

	/* Entries stand newest first: what is to come is at the front; the nearest is
	 * the last of those. */
	while (from < p->n && p->entries[from].lo > p->now)
		from++;
	while (from-- > 0 && m->s->next.n < CONTACTS) {
		struct hf_person_fact f;
		struct opened o;
		enum hf_rc rc;

		if (p->entries[from].type != booked &&
		    p->entries[from].type != encounter)
			continue;
		rc = fact_at(m, from, &f, &o);
		if (rc)
			return rc;
		if (is_any(code_at(m, &o, "status"), stays, HF_COUNT(stays)) &&
		    !hf_person_add(&m->s->next, &f, p->arena))
			return full(m);
	}
	return HF_OK;
}

static enum hf_rc
last_contacts(struct summing *m)
{
	static const char *const no[] = {"cancelled", "entered-in-error", "planned"};
	hf_type_id encounter = hf_person_type("Encounter");
	struct hf_person *p = m->p;
	size_t opened = 0;

	for (size_t i = 0; i < p->n && m->s->last.n < CONTACTS && opened < 20; i++) {
		struct hf_person_fact f;
		struct opened o;
		enum hf_rc rc;

		if (p->entries[i].type != encounter || p->entries[i].lo > p->now)
			continue;
		opened++;
		rc = fact_at(m, i, &f, &o);
		if (rc)
			return rc;
		if (!is_any(code_at(m, &o, "status"), no, HF_COUNT(no)) &&
		    !hf_person_add(&m->s->last, &f, p->arena))
			return full(m);
	}
	return HF_OK;
}

enum hf_rc
hf_person_summary(struct hf_person *p, struct hf_person_summary *out,
		  struct hf_err *err)
{
	static enum hf_rc (*const parts[])(struct summing *) = {
	    problems, medicines,     observations, plans,
	    involved, next_contacts, last_contacts};
	struct hf_person_summary s = {0};
	struct summing m = {.p = p, .s = &s, .err = err};

	for (size_t i = 0; i < HF_COUNT(parts); i++) {
		enum hf_rc rc = parts[i](&m);

		if (rc)
			return rc;
	}
	*out = s;
	return HF_OK;
}
