/* case_begin.c - somebody begins a pathway: by a person's move, or by another's step;
 * and what follows from an event as resources. */
#include "hub/io/case_int.h"

#include "place/io/scan.h"
#include "record/hub_task.h"
#include "record/person_text.h"

static const struct hf_sv nothing = {NULL, 0};

enum { ORGS_MOST = 8 };

/* ---- parts as Tasks ---- */

static void
write_part(struct case_moving *m, const struct hf_case_part *part)
{
	struct hf_buf *out = m->b.out = hf_work_buf(&m->w->w);
	const char *key = hf_arena_cstr(m->arena, part->key);
	const char *role = hf_arena_cstr(m->arena, part->role);

	hf_build_part(&m->b, &(struct hf_build_part){
				 .kind = part->kind,
				 .id = key ? key : "",
				 .text = part->title,
				 .owner = m->r.row.owner,
				 .owner_name = m->r.row.owner_name,
				 .role = role ? role : "",
				 .due = part->due,
				 .forms = part->task ? part->task->forms : NULL,
				 .n_forms = part->task ? part->task->n_forms : 0,
			     });
	hf_work_add(&m->w->w, out, m->cl->task, NULL);
}

static void
close_part(struct case_moving *m, const struct hf_case_part *part)
{
	struct hub_beside found;

	for (size_t i = 0;
	     hf_beside(&m->w->w, m->plain, m->shelf, m->cl->task, "partOf.reference",
		       m->b.task, part->kind, "requested", i, &found);
	     i++) {
		struct hf_buf *out;

		if (!hf_sv_eq(hf_dig_text(&found.doc, 0, "identifier.value", m->arena),
			      part->key))
			continue;
		out = m->b.out = hf_work_buf(&m->w->w);
		hf_build_part_moved(&m->b, &found.doc, part->status, "", nothing,
				    nothing);
		hf_work_put(&m->w->w, out, m->cl->task, found.v.id, found.v.e.version);
		return;
	}
}

/* What another service is asked: not sent by the program, so it is a draft until
 * somebody hands it in; the part "refer:…" says so. */
static void
write_request(struct case_moving *m, const char *service)
{
	struct hf_buf *b = hf_work_buf(&m->w->w);
	struct hf_jw w = {.out = b};
	char at[32];

	hf_jw_obj(&w);
	hf_jw_field(&w, "resourceType", HF_SV("ServiceRequest"));
	hf_jw_field(&w, "status", HF_SV("draft"));
	hf_jw_field(&w, "intent", HF_SV("proposal"));
	hf_jw_member(&w, "code");
	hf_jw_obj(&w);
	hf_jw_member(&w, "coding");
	hf_jw_arr(&w);
	hf_jw_obj(&w);
	hf_jw_field(&w, "system", HF_SV(HF_HUB_CODES "pathway-refer"));
	hf_jw_field(&w, "code", hf_sv_from(service));
	hf_jw_obj_end(&w);
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
	hf_jw_member(&w, "subject");
	hf_jw_obj(&w);
	hf_jw_field(&w, "reference", m->b.patient);
	hf_jw_obj_end(&w);
	hf_jw_field(&w, "authoredOn", hf_sv_from(hf_time_format(m->at, at, sizeof at)));
	if (m->b.who.n) {
		hf_jw_member(&w, "requester");
		hf_jw_obj(&w);
		hf_jw_field(&w, "reference", m->b.who);
		hf_jw_obj_end(&w);
	}
	hf_jw_obj_end(&w);
	hf_work_add(&m->w->w, b, m->cl->request, NULL);
}

/* ---- who owns it ---- */

/* The Organization of an ODS code; the index has candidates. */
static enum hf_rc
org_of(struct case_moving *m, struct hf_sv ods, struct hf_sv *ref, struct hf_sv *name,
       struct hf_err *err)
{
	hf_type_id type = hf_resource_find(HF_SV("Organization"));
	uint32_t slot = hf_index_slot(type, HF_SV("identifier"));
	int64_t value = hf_index_token(nothing, ods, true), *values;
	hf_rid *rids = NULL;
	size_t n = 0;
	enum hf_rc rc =
	    ods.n ? hf_store_index(m->plain, slot, value, value, false, value, 0,
				   ORGS_MOST, m->arena, &values, &rids, &n, err)
		  : HF_OK;

	for (size_t i = 0; rc == HF_OK && i < n && ref->n == 0; i++) {
		struct hf_version v;
		struct hf_json doc;

		if (hf_store_read_rid(m->plain, rids[i], 0, m->arena, &v, NULL) !=
			HF_OK ||
		    hf_json_parse(v.body, NULL, m->arena, &doc, NULL) != HF_OK ||
		    !hf_sv_eq(hf_place_ods(&doc, m->arena), ods))
			continue;
		*ref = hf_arena_printf(m->arena, "Organization/%.*s", HF_SV_ARG(v.id));
		*name = hf_dig_text(&doc, 0, "name", m->arena);
	}
	return rc;
}

struct owner {
	struct hf_sv ref, name, org, org_name;
	struct hf_sv hours; /* of the team, as text */
};

static enum hf_rc
team_owner(struct case_moving *m, struct hf_sv id, struct owner *o, struct hf_err *err)
{
	struct hf_hub *hub = m->cl->config.hub;
	const struct hf_team *team = NULL;
	enum hf_rc rc = HF_OK;

	if (!hub)
		return hf_fail(err, HF_INVALID, "team", "there is no directory here");
	pthread_mutex_lock(&hub->lock);
	rc = hf_hub_directory(hub, m->plain, m->at, err);
	team = rc ? NULL : hf_hub_team(hub, id);
	if (team) {
		o->ref = hf_arena_printf(m->arena, "HealthcareService/%.*s",
					 HF_SV_ARG(team->id));
		o->name = hf_arena_sv(m->arena, team->name);
		o->hours = hf_hours_write(&team->hours, m->arena);
		if (team->provider.n)
			o->org = hf_arena_printf(m->arena, "Organization/%.*s",
						 HF_SV_ARG(team->provider));
		o->org_name = team->provider_name.n
				  ? hf_arena_sv(m->arena, team->provider_name)
				  : nothing;
	}
	pthread_mutex_unlock(&hub->lock);
	if (rc == HF_OK && !team)
		rc = hf_fail(err, HF_INVALID, "team", "there is no team with this id");
	return rc;
}

static enum hf_rc
find_owner(struct case_moving *m, struct hf_sv team, struct owner *o,
	   struct hf_err *err)
{
	struct hf_sv hub, hub_name;
	enum hf_rc rc;

	if (team.n)
		return team_owner(m, team, o, err);
	rc = org_of(m, m->who->ods, &o->ref, &o->name, err);
	if (rc)
		return rc;
	/* The program, and who tries it out, work for nobody: the place's front door
	 * has it. */
	if (o->ref.n == 0 && m->who->anywhere && m->cl->config.hub) {
		hub = hf_hub_self(m->cl->config.hub, &hub_name);
		if (hub.n) {
			o->ref = hf_arena_printf(m->arena, "Organization/%.*s",
						 HF_SV_ARG(hub));
			o->name = hub_name;
		}
	}
	o->org = o->ref;
	o->org_name = o->name;
	return o->ref.n ? HF_OK
			: hf_fail(err, HF_RULE, "team",
				  "nobody would own it: say which team does");
}

/* ---- only once at a time ---- */

struct running {
	const int64_t *shelves;
	size_t n;
	const char *pathway;
	bool found;
};

static bool
look(const struct hf_caseload *cl, struct running *r)
{
	for (size_t i = 0; i < cl->n_slots && !r->found; i++) {
		const struct hf_case_row *row = &cl->slots[i].row;

		if (!cl->slots[i].used || row->ended ||
		    strcmp(row->def->p->id, r->pathway) != 0)
			continue;
		for (size_t k = 0; k < r->n; k++)
			r->found = r->found || HF_RID_SHELF(row->rid) == r->shelves[k];
	}
	return r->found;
}

/* Takes the person and the pathway for this change.  HF_RULE: they are on it. */
static enum hf_rc
claim(struct case_moving *m, const struct hf_pathway *p, struct hf_err *err)
{
	struct hf_caseload *cl = m->cl;
	struct running r = {.pathway = p->id};
	int64_t *shelves = NULL, least;
	uint64_t key;
	size_t at = CASE_PENDING;
	enum hf_rc rc =
	    hf_store_person(m->plain, m->shelf, m->arena, &shelves, &r.n, err);

	if (rc)
		return rc;
	r.shelves = shelves;
	least = m->shelf;
	for (size_t i = 0; i < r.n; i++)
		least = shelves[i] < least ? shelves[i] : least;
	key =
	    hf_hub_hash(hf_arena_printf(m->arena, "%s %lld", p->id, (long long)least));
	pthread_mutex_lock(&cl->lock);
	if (look(cl, &r))
		rc = hf_fail(err, HF_RULE, "pathway", "they are on it already");
	for (size_t i = 0; rc == HF_OK && i < CASE_PENDING; i++) {
		if (cl->pending[i] == key)
			rc = hf_fail(err, HF_STALE, "pathway",
				     "somebody begins it at this moment");
		if (cl->pending[i] == 0 && at == CASE_PENDING)
			at = i;
	}
	if (rc == HF_OK && (at == CASE_PENDING || m->w->n_pending == CASE_ROWS))
		rc = hf_fail(err, HF_BUSY, NULL, "too many begin at once: try again");
	if (rc == HF_OK) {
		cl->pending[at] = key;
		m->w->pending[m->w->n_pending++] = key;
	}
	pthread_mutex_unlock(&cl->lock);
	return rc;
}

/* ---- a new instance ---- */

/* By what others of the change refer to them. */
static const char *const task_urns[CASE_ROWS] = {
    "urn:uuid:7c1b6f0e-3c63-4c58-9d1c-000000000001",
    "urn:uuid:7c1b6f0e-3c63-4c58-9d1c-000000000002",
    "urn:uuid:7c1b6f0e-3c63-4c58-9d1c-000000000003",
    "urn:uuid:7c1b6f0e-3c63-4c58-9d1c-000000000004"};
static const char *const episode_urns[CASE_ROWS] = {
    "urn:uuid:7c1b6f0e-3c63-4c58-9d1c-000000000011",
    "urn:uuid:7c1b6f0e-3c63-4c58-9d1c-000000000012",
    "urn:uuid:7c1b6f0e-3c63-4c58-9d1c-000000000013",
    "urn:uuid:7c1b6f0e-3c63-4c58-9d1c-000000000014"};

/* The texts of what guards ask that nobody knows, or that keeps them out. */
static enum hf_rc
say_unfit(const struct hf_case_def *def, const struct hf_pw_facts *facts, int fits,
	  struct hf_err *err)
{
	const struct hf_pathway *p = def->p;
	struct hf_buf b = {.cap = 600};
	enum hf_rc rc;

	for (size_t i = 0; i < p->n_facts; i++) {
		bool asked = false;

		for (size_t g = 0; g < p->n_enter + p->n_exclude; g++)
			asked =
			    asked || hf_next_asks(g < p->n_enter
						      ? p->enter[g].text
						      : p->exclude[g - p->n_enter].text,
						  p->facts[i].id);
		if (asked && (fits == 0 || !(facts->known >> i & 1)))
			hf_buf_printf(&b, "%s%s", b.n ? "; " : "", p->facts[i].title);
	}
	if (fits < 0 && facts->age < 0 && (p->age_min > 0 || p->age_max < 150))
		hf_buf_printf(&b, "%stheir age", b.n ? "; " : "");
	if (fits == 0 && facts->age >= 0 &&
	    (facts->age < p->age_min || facts->age > p->age_max))
		rc = hf_fail(err, HF_RULE, "pathway", "%s is for ages %d to %d",
			     p->title, p->age_min, p->age_max);
	else
		rc = hf_fail(err, HF_RULE, "facts", "%s %s: %.*s", p->title,
			     fits == 0 ? "is not for them, by what is known of"
				       : "needs to know more",
			     (int)b.n, b.p ? b.p : "");
	hf_buf_free(&b);
	return rc;
}

/* Another's step has decided that they begin; only what keeps them out counts. */
static bool
is_kept_out(const struct hf_case_def *def, const struct hf_pw_facts *facts,
	    struct hf_arena *arena)
{
	const struct hf_pathway *p = def->p;

	if (facts->age >= 0 && (facts->age < p->age_min || facts->age > p->age_max))
		return true;
	for (size_t i = 0; i < p->n_exclude; i++)
		if (hf_pw_holds(p, &p->exclude[i], NULL, facts, 0, arena) == 1)
			return true;
	return false;
}

/* Writes Task, episode and Provenance of a new instance. */
static enum hf_rc
write_new(struct case_moving *m, const struct hf_case_def *def, struct hf_hub_event *e,
	  const struct owner *o, struct hf_err *err)
{
	size_t at = m->w->n_rows + m->w->n_pending - 1;
	struct hf_build b = m->b;
	struct hf_case_read r = {.def = def};
	struct hf_json doc;
	struct hf_build_task t = {.kind = "pathway",
				  .states = "pathway-state",
				  .pathway = def->p,
				  .state = def->p->start,
				  .owner = o->ref,
				  .owner_name = o->name,
				  .requester = m->who->who,
				  .requester_name = m->who->name,
				  .events = e,
				  .n = 1,
				  .open = true};
	struct hf_sv text;
	struct hf_buf *out;
	enum hf_rc rc;

	if (at >= CASE_ROWS || m->w->n_rows == CASE_ROWS)
		return hf_fail(err, HF_TOO_LONG, NULL, "too much begins at once");
	hf_replay_begin(&r.story.replay, def->p, m->arena);
	rc = hf_replay_event(&r.story.replay, e, ~(hf_pw_set)0, err);
	if (rc)
		return rc;
	b.request = hf_sv_from(episode_urns[at]);
	b.task = hf_sv_from(task_urns[at]);
	out = b.out = hf_work_buf(&m->w->w);
	hf_build_episode_of(&b, def->p, o->org, o->org_name);
	hf_work_add(&m->w->w, out, m->cl->episode, episode_urns[at]);
	out = b.out = hf_work_buf(&m->w->w);
	hf_build_task(&b, &t);
	text = hf_arena_sv(m->arena, hf_buf_view(out));
	rc = text.p ? hf_json_parse(text, NULL, m->arena, &doc, err)
		    : hf_fail(err, HF_TOO_LONG, NULL, "it needs too much memory");
	if (rc)
		return rc;
	r.doc = doc;
	r.story.events = e;
	r.story.n = 1;
	hf_case_row_make(&r, NULL, m->arena, &m->w->rows[m->w->n_rows].row);
	m->w->rows[m->w->n_rows].row.patient = hf_sv_from_at(m->b.patient, 8);
	m->w->rows[m->w->n_rows].row.name = m->r.row.name;
	m->w->rows[m->w->n_rows].row.born = m->r.row.born;
	m->w->rows[m->w->n_rows].row.nhs = m->r.row.nhs;
	m->w->rows[m->w->n_rows++].item = m->w->w.n;
	hf_work_add(&m->w->w, out, m->cl->task, task_urns[at]);
	out = b.out = hf_work_buf(&m->w->w);
	hf_build_provenance(&b, e->event, HF_SV("Begun"), e->note);
	hf_work_add(&m->w->w, out, m->cl->provenance, NULL);
	return HF_OK;
}

static enum hf_rc
begin_new(struct case_moving *m, const struct hf_case_def *def, struct hf_sv said,
	  const struct hf_case_fact *more, const struct hf_case_def *from,
	  struct hf_sv note, const struct owner *o, struct hf_err *err)
{
	struct hf_case_fact facts[HF_PW_FACTS];
	struct hf_pw_facts known;
	struct hf_hub_event *e = HF_NEW(m->arena, struct hf_hub_event);
	const char *bar = hf_caseload_bar(m->cl, def, m->at);
	int fits;
	enum hf_rc rc;

	if (bar)
		return hf_fail(err, HF_RULE, "pathway", "%s cannot begin: %s",
			       def->p->title, bar);
	if (!e)
		return hf_fail(err, HF_TOO_LONG, NULL, "it needs too much memory");
	*e = (struct hf_hub_event){
	    .at = m->at,
	    .event = HF_SV("@begin"),
	    .by = m->who->who.n ? m->who->who : m->who->id,
	    .name = m->who->name,
	    .role = m->who->role,
	    .given = said,
	    .note = note,
	    .hours = o->hours,
	    .to = hf_sv_from(def->p->states[def->p->start].title),
	    .digest =
		hf_arena_printf(m->arena, "%016llx", (unsigned long long)def->digest),
	};
	rc = hf_case_facts(m->cl, m->reader, def, hf_sv_from_at(m->b.patient, 8), m->at,
			   m->arena, facts, &e->age, err);
	/* What one pathway knows the other asks by the same name. */
	for (size_t i = 0; rc == HF_OK && more && i < from->p->n_facts; i++) {
		int k = hf_pw_fact(def->p, hf_sv_from(from->p->facts[i].id));

		if (k >= 0 && more[i].known && !facts[k].known &&
		    def->p->facts[k].kind == from->p->facts[i].kind)
			facts[k] = more[i];
	}
	if (rc == HF_OK)
		rc = hf_case_facts_make(def, facts, e->age, said, m->arena, &e->facts,
					&known, err);
	if (rc)
		return rc;
	fits = more ? !is_kept_out(def, &known, m->arena)
		    : hf_pw_fits(def->p, &known, m->arena);
	if (fits != 1)
		return say_unfit(def, &known, fits, err);
	rc = claim(m, def->p, err);
	return rc ? rc : write_new(m, def, e, o, err);
}

/* ---- by another's step ---- */

static enum hf_rc
start_other(struct case_moving *m, const struct hf_hub_event *e, const char *id,
	    struct hf_err *err)
{
	const struct hf_case_def *def = hf_caseload_def(m->cl, hf_sv_from(id), nothing);
	struct hf_case_fact facts[HF_PW_FACTS] = {0};
	struct owner o = {.ref = m->r.row.owner,
			  .name = m->r.row.owner_name,
			  .org = m->r.row.owner,
			  .org_name = m->r.row.owner_name};
	struct hf_json doc;
	struct hf_err why;
	enum hf_rc rc;

	if (!def)
		return hf_fail(err, HF_RULE, "pathway", "%s is not here", id);
	if (hf_sv_starts(o.ref, HF_SV("HealthcareService/"))) {
		rc = team_owner(m, hf_sv_from_at(o.ref, 18), &o, err);
		if (rc)
			return rc;
	}
	if (hf_json_parse(e->facts.n ? e->facts : HF_SV("{}"), NULL, m->arena, &doc,
			  NULL) == HF_OK)
		for (uint32_t c = 1; c < doc.n; c = doc.nodes[c].next) {
			int i = hf_pw_fact(m->r.def->p, hf_json_key(&doc, c));

			if (i >= 0)
				facts[i] = (struct hf_case_fact){
				    .known = true, .json = hf_json_source(&doc, c)};
		}
	rc = begin_new(
	    m, def, nothing, facts, m->r.def,
	    hf_arena_printf(m->arena, "Begun by the pathway %s", m->r.def->p->title),
	    &o, &why);
	/* They are on it: that is what the step wants. */
	if (rc == HF_RULE && strcmp(why.path, "pathway") == 0 &&
	    strcmp(why.text, "they are on it already") == 0)
		return HF_OK;
	if (rc && err)
		*err = why;
	return rc;
}

void
hf_case_effects(struct case_moving *m, const struct hf_hub_event *e)
{
	const struct hf_case_parts *parts = &m->r.parts;

	for (size_t i = 0; i < parts->n_closed; i++)
		close_part(m, &parts->closed[i]);
	for (size_t i = 0; i < parts->n_opened; i++)
		write_part(m, &parts->opened[i]);
	for (size_t i = 0; i < parts->n_refers; i++)
		write_request(m, parts->refers[i]);
	for (size_t i = 0; i < parts->n_starts && m->w->w.rc == HF_OK; i++)
		m->w->w.rc = start_other(m, e, parts->starts[i], m->w->w.err);
}

/* ---- by a person ---- */

static enum hf_rc
read_person(struct case_moving *m, struct hf_sv patient, struct hf_err *err)
{
	struct hf_version v;
	struct hf_json *doc = HF_NEW(m->arena, struct hf_json);
	struct hf_hub_row who = {0};
	enum hf_rc rc;

	if (!doc)
		return hf_fail(err, HF_TOO_LONG, NULL, "it needs too much memory");
	/* As whoever begins it may see them. */
	rc = hf_store_read(m->reader, HF_SV("Patient"), patient, 0, m->arena, &v, err);
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, m->arena, doc, err);
	if (rc)
		return rc;
	m->shelf = HF_RID_SHELF(v.e.rid);
	hf_row_patient(doc, m->arena, &who);
	m->r.row.name = who.name;
	m->r.row.born = who.born;
	m->r.row.nhs = who.nhs;
	m->b = (struct hf_build){
	    .at = m->at,
	    .patient = hf_arena_printf(m->arena, "Patient/%.*s", HF_SV_ARG(v.id)),
	    .who = m->who->who,
	    .who_name = m->who->name,
	    .role = m->who->role,
	};
	if (hf_json_member(doc, 0, "deceasedDateTime") != HF_JSON_NONE ||
	    hf_sv_is(hf_dig_text(doc, 0, "deceasedBoolean", m->arena), "true"))
		return hf_fail(err, HF_RULE, "patient", "the person has died");
	return HF_OK;
}

static enum hf_rc
do_begin(struct case_moving *m, const struct hf_case_begin *ask, struct hf_err *err)
{
	const struct hf_case_def *def = hf_caseload_def(m->cl, ask->pathway, nothing);
	struct owner o = {0};
	enum hf_rc rc = read_person(m, ask->patient, err);

	if (rc == HF_OK && !def)
		rc = hf_fail(err, HF_NOT_FOUND, "pathway",
			     "there is no pathway of this id");
	if (rc == HF_OK && !hf_case_roles(def->p, m->who))
		rc = hf_fail(err, HF_FORBIDDEN, "pathway", "this is for: %s",
			     hf_next_roles(def->p, ~(hf_pw_set)0, m->arena));
	if (rc == HF_OK)
		rc = find_owner(m, ask->team, &o, err);
	if (rc == HF_OK)
		rc = begin_new(m, def, ask->facts, NULL, NULL, ask->note, &o, err);
	return rc ? rc : hf_work_ready(m->work, m->plain, err);
}

enum hf_rc
hf_caseload_begin(struct hf_caseload *cl, struct hf_reader *reader,
		  const struct hf_hub_actor *who, const struct hf_case_begin *ask,
		  struct hf_arena *arena, struct hf_hub_work **out, struct hf_err *err)
{
	struct case_moving *m = HF_NEW(arena, struct case_moving);
	enum hf_rc rc;

	if (!m)
		return hf_fail(err, HF_TOO_LONG, NULL, "it needs too much memory");
	*m = (struct case_moving){
	    .cl = cl, .reader = reader, .arena = arena, .who = who, .at = ask->at};
	rc = hf_case_work(cl, who, arena, &m->work, err);
	if (rc == HF_OK)
		rc = hf_reader_get(cl->store, &m->plain, err);
	if (rc)
		return rc;
	m->w = m->work->own;
	rc = do_begin(m, ask, err);
	hf_reader_put(m->plain);
	if (rc == HF_OK) {
		*out = m->work;
	} else {
		m->work->change.rc = rc;
		m->w->w.done = true;
		hf_caseload_done(cl, m->work); /* lets go of the claim */
	}
	return rc;
}
