/* People on pathways over the record: each case of the six definitions is walked there
 * in its own time; versions; who is faster; what is left to do. */
#include "hub_place.h"

#include <unistd.h>

#include "hub/io/caseload.h"
#include "pathway/pathway.h"

struct rig {
	struct hf_test_store *t;
	struct hf_hub *hub;
	struct hf_caseload *cl;
	struct hf_err err;
	struct hf_hub_actor who;
	hf_time now;
};

static void
open_cl(struct rig *r)
{
	struct hf_caseload_config config = {
	    .store = r->t->store, .hub = r->hub, .drafts = true};

	if (hf_caseload_open(&config, &r->cl, &r->err) != HF_OK)
		fail_msg("%s: %s", r->err.path, r->err.text);
}

static void
reopen(struct rig *r)
{
	hf_caseload_close(r->cl);
	r->cl = NULL;
	open_cl(r);
}

static void
set_up(struct rig *r, struct hf_test_store *t)
{
	struct hf_hub_config hub = {.store = t->store};

	*r = (struct rig){.t = t, .now = 1780308000000};
	if (hf_test_put(t, place, HF_COUNT(place), NULL, &r->err) != HF_OK)
		fail_msg("%s", r->err.text);
	assert_int_equal(hf_hub_open(&hub, &r->hub, &r->err), HF_OK);
	r->who = (struct hf_hub_actor){.id = HF_SV("user/1"),
				       .who = HF_SV("Practitioner/dr"),
				       .name = HF_SV("Dr A"),
				       .ods = HF_SV("RZ2"),
				       .purpose = HF_SV("DIRECT")};
	open_cl(r);
}

static void
tear_down(struct rig *r)
{
	hf_caseload_close(r->cl);
	hf_hub_close(r->hub);
}

static struct hf_sv
new_person(struct rig *r, int age)
{
	char text[200];
	const char *json[] = {text};
	struct hf_change_item *items;
	struct hf_civil day = hf_london_civil(r->now);

	snprintf(text, sizeof text,
		 "{\"resourceType\":\"Patient\",\"birthDate\":\"%04d-01-01\","
		 "\"name\":[{\"family\":\"Zz\"}]}",
		 (int)day.year - age);
	assert_int_equal(hf_test_put(r->t, json, 1, &items, &r->err), HF_OK);
	return items[0].out_id;
}

static enum hf_rc
start(struct rig *r, const char *pathway, struct hf_sv patient, const char *role,
      const char *facts, struct hf_sv *id)
{
	struct hf_case_begin ask = {.pathway = hf_sv_from(pathway),
				    .patient = patient,
				    .facts = hf_sv_from(facts),
				    .at = r->now};
	struct hf_hub_work *work;
	enum hf_rc rc;

	r->who.role = hf_sv_from(role);
	rc = hf_caseload_begin(r->cl, r->t->reader, &r->who, &ask, &r->t->arena, &work,
			       &r->err);
	if (rc == HF_OK)
		rc = hf_caseload_commit(r->cl, r->t->reader, work, &r->err);
	if (rc == HF_OK)
		*id = work->id;
	return rc;
}

static enum hf_rc
go_by(struct rig *r, struct hf_sv id, const char *event, const char *role,
      const char *facts, uint32_t version)
{
	struct hf_case_move m = {.id = id,
				 .event = hf_sv_from(event),
				 .facts = hf_sv_from(facts),
				 .version = version,
				 .note = HF_SV("why"),
				 .at = r->now};
	struct hf_hub_work *work;
	enum hf_rc rc;

	r->who.role = hf_sv_from(role);
	rc = hf_caseload_move(r->cl, r->t->reader, &r->who, &m, &r->t->arena, &work,
			      &r->err);
	return rc ? rc : hf_caseload_commit(r->cl, r->t->reader, work, &r->err);
}

static struct hf_case_read *
look(struct rig *r, struct hf_sv id)
{
	struct hf_case_read *out = HF_NEW(&r->t->arena, struct hf_case_read);

	assert_non_null(out);
	if (hf_caseload_read(r->cl, r->t->reader, id, &r->t->arena, out, &r->err) !=
	    HF_OK)
		fail_msg("%s", r->err.text);
	return out;
}

/* What always holds of an instance, whatever happened to it. */
static void
check_laws(struct rig *r, const struct hf_case_read *c)
{
	const struct hf_pw_instance *in = &c->story.replay.in;
	struct hf_sv focus = hf_dig_text(&c->doc, 0, "focus.reference", &r->t->arena);
	struct hf_version v;
	struct hf_json doc;

	assert_true(c->row.owner.n > 0); /* never without an owner */
	assert_true(hf_sv_starts(focus, HF_SV("EpisodeOfCare/")));
	assert_int_equal(hf_store_read(r->t->reader, HF_SV("EpisodeOfCare"),
				       hf_sv_from_at(focus, 14), 0, &r->t->arena, &v,
				       &r->err),
			 HF_OK);
	assert_int_equal(hf_json_parse(v.body, NULL, &r->t->arena, &doc, &r->err),
			 HF_OK);
	assert_true(hf_sv_eq(hf_dig_text(&doc, 0, "status", &r->t->arena),
			     c->row.open ? HF_SV("active") : HF_SV("finished")));
	for (size_t i = 0; i < in->n_runs; i++) {
		bool open = in->runs[i].state == HF_RUN_RUNNING ||
			    in->runs[i].state == HF_RUN_PAUSED;

		/* No clock runs on after the end, none is stopped and running. */
		assert_true(!(in->ended && open));
		assert_true(open == (in->runs[i].stopped == 0));
	}
}

/* ---- the cases of the definitions ---- */

static const struct entry {
	const char *pathway, *facts, *gone;
	int age;
} entries[] = {
    {"frailty", "\"eventReason\":\"fall\",\"declinedPathway\":false,\"cfs\":5",
     "\"eventReason\":null,\"declinedPathway\":null,\"cfs\":null", 80},
    {"end-of-life", "\"surprise\":false,\"consent\":true",
     "\"surprise\":null,\"consent\":null", 80},
    {"urgent-community-response",
     "\"condition\":\"fall\",\"atHome\":true,\"lifeThreatening\":false,"
     "\"mentalHealthOnly\":false,\"news2\":0",
     "\"condition\":null,\"atHome\":null,\"lifeThreatening\":null,"
     "\"mentalHealthOnly\":null,\"news2\":null",
     80},
    {"cyp-short-stay",
     "\"problem\":\"fever\",\"redFlag\":false,\"spo2\":97,\"under3mFever\":false,"
     "\"apnoea\":false,\"pews\":1",
     "\"problem\":null,\"redFlag\":null,\"spo2\":null,\"under3mFever\":null,"
     "\"apnoea\":null,\"pews\":null",
     6},
    {"mental-health-crisis", "\"priority\":\"2\"", "\"priority\":null", 30},
    {"long-term-conditions", "\"conditions\":1", "\"conditions\":null", 60},
};

struct walk {
	struct rig *r;
	const struct entry *entry;
	const struct hf_pathway *p;
	struct hf_json doc; /* of the cases */
	const char *title;
	struct hf_sv id;
	struct hf_sv said; /* JSON object */
	size_t moved, refused;
};

static struct hf_sv
text(struct walk *w, uint32_t node, const char *name)
{
	uint32_t n = hf_json_get(&w->doc, node, hf_sv_from(name));

	if (n != HF_JSON_NONE && hf_json_type(&w->doc, n) == HF_JSON_ARRAY)
		n = hf_json_at(&w->doc, n, 0);
	return hf_json_str(&w->doc, n, &w->r->t->arena);
}

/* Members of an object that others have not: "a":1,… without braces. */
static void
join(struct walk *w, struct hf_buf *out, struct hf_sv object, struct hf_sv over)
{
	struct hf_json a, b = {0};

	if (object.n < 3)
		return;
	assert_int_equal(hf_json_parse(object, NULL, &w->r->t->arena, &a, &w->r->err),
			 HF_OK);
	if (over.n > 2)
		assert_int_equal(
		    hf_json_parse(over, NULL, &w->r->t->arena, &b, &w->r->err), HF_OK);
	for (uint32_t c = 1; c < a.n; c = a.nodes[c].next) {
		struct hf_sv key = hf_json_key(&a, c), value = hf_json_source(&a, c);

		if (b.n && hf_json_get(&b, 0, key) != HF_JSON_NONE)
			continue;
		hf_buf_printf(out, "%s\"%.*s\":%.*s", out->n > 1 ? "," : "",
			      HF_SV_ARG(key), HF_SV_ARG(value));
	}
}

static struct hf_sv
facts_of(struct walk *w, uint32_t node)
{
	uint32_t f = hf_json_member(&w->doc, node, "facts");
	struct hf_sv said =
	    f == HF_JSON_NONE ? HF_SV("{}") : hf_json_source(&w->doc, f);
	struct hf_buf b = {.cap = 4096};
	struct hf_sv out;

	/* A case goes on with what was said, also when the step was refused; a record
	 * has only what was done.  So all of it is said each time. */
	hf_buf_char(&b, '{');
	join(w, &b, said, (struct hf_sv){0});
	join(w, &b, w->said, said);
	hf_buf_char(&b, '}');
	out = w->said = hf_arena_sv(&w->r->t->arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out;
}

static void
expect_clocks(struct walk *w, uint32_t node, const struct hf_case_read *c)
{
	static const char *const words[] = {"running", "paused", "met",
					    "late",    "ended",	 "superseded"};
	uint32_t list = hf_json_member(&w->doc, node, "clocks");

	for (uint32_t k = list == HF_JSON_NONE ? 0 : list + 1;
	     list != HF_JSON_NONE && k < w->doc.nodes[list].next;
	     k = w->doc.nodes[k].next) {
		struct hf_sv want = hf_json_str(&w->doc, k, &w->r->t->arena);
		const char *got = "none";

		for (size_t i = 0; i < c->row.n_clocks; i++)
			if (hf_sv_eq(
				hf_json_key(&w->doc, k),
				hf_sv_from(w->p->clocks[c->row.clocks[i].clock].id)))
				got = words[c->row.clocks[i].state];
		if (!hf_sv_eq(want, hf_sv_from(got)))
			fail_msg("%s, \"%s\": %.*s is %s", w->p->id, w->title,
				 HF_SV_ARG(hf_json_key(&w->doc, k)), got);
	}
}

static void
expect_breached(struct walk *w, uint32_t node, const struct hf_case_read *c)
{
	uint32_t list = hf_json_member(&w->doc, node, "breached");

	for (uint32_t k = list == HF_JSON_NONE ? 0 : list + 1;
	     list != HF_JSON_NONE && hf_json_type(&w->doc, list) == HF_JSON_ARRAY &&
	     k < w->doc.nodes[list].next;
	     k = w->doc.nodes[k].next) {
		struct hf_sv id = hf_json_str(&w->doc, k, &w->r->t->arena);
		bool want = id.p[0] != '-', got = false;

		if (!want)
			id = hf_sv_from_at(id, 1);
		for (size_t i = 0; i < c->row.n_clocks; i++)
			if (hf_sv_eq(id, hf_sv_from(
					     w->p->clocks[c->row.clocks[i].clock].id)))
				got = c->row.clocks[i].breached;
		if (got != want)
			fail_msg("%s, \"%s\": %.*s breached %d", w->p->id, w->title,
				 HF_SV_ARG(id), got);
	}
}

static void
expect(struct walk *w, uint32_t node)
{
	struct hf_case_read *c = look(w->r, w->id);
	struct hf_sv state = text(w, node, "state"), step = text(w, node, "step");
	uint32_t actions = hf_json_member(&w->doc, node, "actions");

	check_laws(w->r, c);
	if (state.n && !hf_sv_eq(state, hf_sv_from(w->p->states[c->row.state].id)))
		fail_msg("%s, \"%s\": the state is %s", w->p->id, w->title,
			 w->p->states[c->row.state].id);
	if (step.n)
		assert_true(hf_sv_eq(step, c->story.events[c->story.n - 1].step));
	for (uint32_t k = actions == HF_JSON_NONE ? 0 : actions + 1;
	     actions != HF_JSON_NONE &&
	     hf_json_type(&w->doc, actions) == HF_JSON_ARRAY &&
	     k < w->doc.nodes[actions].next;
	     k = w->doc.nodes[k].next) {
		struct hf_sv a = hf_json_str(&w->doc, k, &w->r->t->arena);

		if (hf_sv_starts(a, HF_SV("task:")))
			assert_true(
			    hf_case_part_find(
				&c->parts,
				hf_arena_printf(&w->r->t->arena, "work:%.*s",
						HF_SV_ARG(hf_sv_from_at(a, 5)))) >= 0);
	}
	expect_clocks(w, node, c);
	expect_breached(w, node, c);
}

static void
do_when(struct walk *w, uint32_t node)
{
	struct rig *r = w->r;
	struct hf_sv on = text(w, node, "on"), by = text(w, node, "by");
	struct hf_sv after = text(w, node, "after"), at = text(w, node, "at");
	uint32_t refused = hf_json_member(&w->doc, node, "refused");
	bool no =
	    refused != HF_JSON_NONE && hf_json_type(&w->doc, refused) == HF_JSON_TRUE;
	struct hf_duration d;
	struct hf_date date;
	enum hf_rc rc;

	if (after.n && hf_duration_parse(after, &d))
		r->now = hf_due(r->now, &d, HF_CALENDAR_CALENDAR, NULL);
	if (at.n && hf_date_parse(at, true, &date))
		r->now = date.lo;
	assert_int_equal(hf_caseload_tick(r->cl, r->now, NULL, &r->err), HF_OK);
	if (on.n) {
		const char *facts = hf_arena_cstr(&r->t->arena, facts_of(w, node));
		/* What names nobody is told by somebody of the pathway. */
		const char *role = by.n ? hf_arena_cstr(&r->t->arena, by)
				   : no ? ""
					: w->p->roles[0];

		rc = go_by(r, w->id, hf_arena_cstr(&r->t->arena, on), role, facts, 0);
		if (no ? rc == HF_OK : rc != HF_OK)
			fail_msg("%s, \"%s\", %.*s: %s", w->p->id, w->title,
				 HF_SV_ARG(on), rc ? r->err.text : "not refused");
		w->moved += !no;
		w->refused += no;
	}
	expect(w, node);
}

static void
walk_case(struct walk *w, uint32_t node)
{
	struct rig *r = w->r;
	uint32_t when = hf_json_member(&w->doc, node, "when");
	uint32_t age = hf_json_member(&w->doc, node, "age");
	uint32_t facts = hf_json_member(&w->doc, node, "facts");
	uint32_t then = hf_json_member(&w->doc, node, "then");
	struct hf_sv own = HF_SV("{}"), let_in;
	struct hf_buf b = {.cap = 4096};
	struct hf_date at;
	int64_t years = w->entry->age;
	struct hf_sv patient;

	w->title = hf_arena_cstr(&r->t->arena, text(w, node, "title"));
	if (age != HF_JSON_NONE)
		(void)hf_sv_int(hf_json_raw(&w->doc, age), &years);
	if (facts != HF_JSON_NONE)
		own = hf_json_source(&w->doc, facts);
	assert_true(hf_date_parse(text(w, node, "at"), true, &at));
	r->now = at.lo;
	/* What only let them in is taken back with the first move. */
	hf_buf_char(&b, '{');
	join(w, &b, own, (struct hf_sv){0});
	join(w, &b, hf_arena_printf(&r->t->arena, "{%s}", w->entry->gone), own);
	hf_buf_char(&b, '}');
	w->said = hf_arena_sv(&r->t->arena, hf_buf_view(&b));
	b.n = 0;
	patient = new_person(r, (int)years);
	hf_buf_char(&b, '{');
	let_in = hf_arena_printf(&r->t->arena, "{%s}", w->entry->facts);
	join(w, &b, let_in, (struct hf_sv){0});
	join(w, &b, own, let_in);
	hf_buf_char(&b, '}');
	if (start(r, w->p->id, patient, w->p->roles[0],
		  hf_arena_cstr(&r->t->arena, hf_buf_view(&b)), &w->id) != HF_OK)
		fail_msg("%s, \"%s\": %s", w->p->id, w->title, r->err.text);
	hf_buf_free(&b);
	for (uint32_t k = when + 1; k < w->doc.nodes[when].next;
	     k = w->doc.nodes[k].next)
		do_when(w, k);
	if (then != HF_JSON_NONE)
		expect(w, then);
	/* Whoever starts anew finds it as it was. */
	reopen(r);
	w->p =
	    hf_caseload_def(r->cl, hf_sv_from(w->entry->pathway), (struct hf_sv){0})->p;
	check_laws(r, look(r, w->id));
}

static void
walk_all(struct hf_test_store *t, const char *pathway)
{
	struct rig r;
	struct walk w = {.r = &r};
	uint32_t cases;
	size_t n = 0;

	set_up(&r, t);
	for (size_t i = 0; i < HF_COUNT(entries); i++)
		if (strcmp(entries[i].pathway, pathway) == 0)
			w.entry = &entries[i];
	assert_non_null(w.entry);
	w.p = hf_caseload_def(r.cl, hf_sv_from(pathway), (struct hf_sv){0})->p;
	for (size_t i = 0; i < hf_n_pathway_cases_builtin; i++) {
		const struct hf_definition_text *d = &hf_pathway_cases_builtin[i];

		if (strncmp(d->name, pathway, strlen(pathway)) != 0)
			continue;
		assert_int_equal(
		    hf_json_parse(d->text, NULL, &t->arena, &w.doc, &r.err), HF_OK);
		cases = hf_json_member(&w.doc, 0, "cases");
		for (uint32_t c = cases + 1; c < w.doc.nodes[cases].next;
		     c = w.doc.nodes[c].next) {
			walk_case(&w, c);
			n++;
		}
	}
	assert_true(n > 0 && w.moved > n);
	tear_down(&r);
}

HF_ON_BOTH(frailty_runs_as_its_cases_say)
{
	walk_all(t, "frailty");
}
HF_ON_BOTH(end_of_life_runs_as_its_cases_say)
{
	walk_all(t, "end-of-life");
}
HF_ON_BOTH(urgent_community_response_runs_as_its_cases_say)
{
	walk_all(t, "urgent-community-response");
}
HF_ON_BOTH(a_childs_short_stay_runs_as_its_cases_say)
{
	walk_all(t, "cyp-short-stay");
}
HF_ON_BOTH(a_mental_health_crisis_runs_as_its_cases_say)
{
	walk_all(t, "mental-health-crisis");
}
HF_ON_BOTH(long_term_conditions_run_as_their_cases_say)
{
	walk_all(t, "long-term-conditions");
}

#define FRAIL "{\"cfs\":6,\"declinedPathway\":false}"

HF_ON_BOTH(who_may_begin_and_whom_it_is_for)
{
	struct rig r;
	struct hf_sv id, other, old, young;

	set_up(&r, t);
	old = new_person(&r, 80);
	young = new_person(&r, 30);
	/* Default deny: a role that the definition has not. */
	assert_int_equal(start(&r, "frailty", old, "receptionist", FRAIL, &id),
			 HF_FORBIDDEN);
	assert_non_null(strstr(r.err.text, "care coordinator"));
	/* What keeps them out, what is not known, and whom it is not for. */
	assert_int_equal(start(&r, "frailty", old, "named-gp",
			       "{\"cfs\":6,\"declinedPathway\":true}", &id),
			 HF_RULE);
	assert_int_equal(start(&r, "frailty", old, "named-gp", "{\"cfs\":6}", &id),
			 HF_RULE);
	assert_non_null(strstr(r.err.text, "needs to know more"));
	assert_non_null(strstr(r.err.text, "declined this pathway"));
	assert_int_equal(start(&r, "frailty", young, "named-gp", FRAIL, &id), HF_RULE);
	assert_non_null(strstr(r.err.text, "ages 65"));
	assert_int_equal(start(&r, "frailty", old, "named-gp", "{\"cfs\":77}", &id),
			 HF_INVALID);
	assert_int_equal(start(&r, "frailty", HF_SV("nobody"), "named-gp", FRAIL, &id),
			 HF_NOT_FOUND);
	assert_int_equal(start(&r, "none", old, "named-gp", FRAIL, &id), HF_NOT_FOUND);
	assert_int_equal(start(&r, "frailty", old, "named-gp", FRAIL, &id), HF_OK);
	/* Once at a time, and never without an owner. */
	assert_int_equal(start(&r, "frailty", old, "named-gp", FRAIL, &other), HF_RULE);
	assert_non_null(strstr(r.err.text, "on it already"));
	r.who.ods = HF_SV("NONE");
	assert_int_equal(
	    start(&r, "frailty", new_person(&r, 80), "named-gp", FRAIL, &other),
	    HF_RULE);
	assert_non_null(strstr(r.err.text, "nobody would own it"));
	tear_down(&r);
}

HF_ON_BOTH(a_draft_begins_on_trial_alone)
{
	struct hf_caseload_config config = {0};
	struct rig r;
	struct hf_sv id;

	set_up(&r, t);
	hf_caseload_close(r.cl);
	config.store = t->store;
	config.hub = r.hub;
	assert_int_equal(hf_caseload_open(&config, &r.cl, &r.err), HF_OK);
	assert_int_equal(
	    start(&r, "frailty", new_person(&r, 80), "named-gp", FRAIL, &id), HF_RULE);
	assert_non_null(strstr(r.err.text, "nobody has approved"));
	tear_down(&r);
}

HF_ON_BOTH(of_two_who_move_it_at_once_one_wins_and_the_other_is_told)
{
	struct rig r;
	struct hf_sv id, old;
	struct hf_hub_work *one, *two;
	struct hf_case_move m;
	uint32_t version;

	set_up(&r, t);
	old = new_person(&r, 80);
	assert_int_equal(start(&r, "frailty", old, "named-gp", FRAIL, &id), HF_OK);
	version = look(&r, id)->row.version;
	r.who.role = HF_SV("care-coordinator");
	m = (struct hf_case_move){
	    .id = id, .event = HF_SV("start"), .version = version, .at = r.now};
	/* Both have looked; the first to commit wins. */
	assert_int_equal(
	    hf_caseload_move(r.cl, t->reader, &r.who, &m, &t->arena, &one, &r.err),
	    HF_OK);
	assert_int_equal(hf_caseload_commit(r.cl, t->reader, one, &r.err), HF_OK);
	assert_int_equal(
	    hf_caseload_move(r.cl, t->reader, &r.who, &m, &t->arena, &two, &r.err),
	    HF_STALE);
	assert_non_null(strstr(r.err.text, "Invited"));
	assert_int_equal(look(&r, id)->story.n, 2);
	tear_down(&r);
}

HF_ON_BOTH(what_one_pathway_starts_begins_in_the_same_change)
{
	struct rig r;
	struct hf_sv id, old;
	struct hf_case_row *rows;
	size_t n;

	set_up(&r, t);
	old = new_person(&r, 80);
	assert_int_equal(start(&r, "frailty", old, "named-gp", FRAIL, &id), HF_OK);
	assert_int_equal(go_by(&r, id, "eol-identified", "named-gp", "{}", 0), HF_OK);
	assert_int_equal(
	    hf_caseload_person(r.cl, t->reader, old, &t->arena, &rows, &n, &r.err),
	    HF_OK);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++) {
		bool eol = strcmp(rows[i].def->p->id, "end-of-life") == 0;

		assert_int_equal(rows[i].ended, !eol);
		assert_true(rows[i].owner.n > 0);
		if (eol)
			check_laws(&r, look(&r, rows[i].id));
	}
	tear_down(&r);
}

HF_ON_BOTH(tasks_are_done_by_their_role_by_forms_and_go_with_the_end)
{
	static const char *const forms[] = {"cfs", "cga", "4at", "must", "falls-risk"};
	struct rig r;
	struct hf_sv id;

	set_up(&r, t);
	assert_int_equal(
	    start(&r, "frailty", new_person(&r, 80), "named-gp", FRAIL, &id), HF_OK);
	assert_int_equal(go_by(&r, id, "start", "care-coordinator", "{}", 0), HF_OK);
	assert_int_equal(go_by(&r, id, HF_CASE_DONE, "pharmacist",
			       "{\"part\":\"work:invite\",\"status\":\"completed\"}",
			       0),
			 HF_FORBIDDEN);
	assert_int_equal(go_by(&r, id, HF_CASE_DONE, "care-coordinator",
			       "{\"part\":\"work:invite\",\"status\":\"completed\"}",
			       0),
			 HF_OK);
	assert_int_equal(go_by(&r, id, HF_CASE_DONE, "care-coordinator",
			       "{\"part\":\"work:invite\",\"status\":\"completed\"}",
			       0),
			 HF_RULE);
	assert_int_equal(go_by(&r, id, "agreed", "care-coordinator", "{}", 0), HF_OK);
	assert_int_equal(look(&r, id)->parts.n, 3);
	for (size_t i = 0; i < HF_COUNT(forms); i++) {
		char said[100];

		assert_true(
		    hf_case_part_find(&look(&r, id)->parts, HF_SV("work:cga")) >= 0);
		snprintf(said, sizeof said,
			 "{\"form\":\"%s\",\"response\":\"QuestionnaireResponse/x\"}",
			 forms[i]);
		assert_int_equal(go_by(&r, id, HF_CASE_FORM, "ward-nurse", said, 0),
				 HF_OK);
	}
	assert_int_equal(hf_case_part_find(&look(&r, id)->parts, HF_SV("work:cga")),
			 -1);
	assert_int_equal(go_by(&r, id, "died", "named-gp", "{}", 0), HF_OK);
	assert_int_equal(look(&r, id)->parts.n, 0);
	assert_false(look(&r, id)->row.open);
	tear_down(&r);
}

HF_ON_BOTH(a_clock_that_ran_out_while_it_slept_fires_once)
{
	struct rig r;
	struct hf_sv id;
	size_t n = 9;

	set_up(&r, t);
	assert_int_equal(start(&r, "mental-health-crisis", new_person(&r, 30),
			       "mh-practitioner", "{\"priority\":\"1\"}", &id),
			 HF_OK);
	hf_caseload_close(r.cl);
	r.cl = NULL;
	r.now += 3600000;
	open_cl(&r);
	assert_int_equal(hf_caseload_tick(r.cl, r.now, &n, &r.err), HF_OK);
	assert_int_equal(n, 1);
	assert_true(look(&r, id)->row.clocks[0].breached);
	assert_int_equal(look(&r, id)->parts.n, 1);
	reopen(&r);
	assert_int_equal(hf_caseload_tick(r.cl, r.now + 1000, &n, &r.err), HF_OK);
	assert_int_equal(n, 0);
	assert_int_equal(look(&r, id)->story.n, 2);
	tear_down(&r);
}

/* ---- versions ---- */

#define QUICK(version, state, limit)                                                   \
	"{\"id\":\"quick\",\"version\":\"" version                                     \
	"\",\"title\":\"Quick\",\"status\":\"draft\",\"roles\":[\"named-gp\"],"        \
	"\"states\":[{\"id\":\"new\",\"kind\":\"start\",\"title\":\"New\"},{\"id\":"   \
	"\"" state                                                                     \
	"\",\"kind\":\"normal\",\"title\":\"Going on\"},{\"id\":\"x\",\"kind\":"       \
	"\"end\",\"title\":\"Over\",\"exit\":\"over\"}],\"events\":{\"go\":\"Go\","    \
	"\"stop\":\"Stop\"},\"steps\":[{\"id\":\"s1\",\"in\":\"new\",\"on\":\"go\","   \
	"\"by\":\"named-gp\",\"do\":[\"call:family\"],\"to\":\"" state                 \
	"\"},{\"id\":\"s2\",\"in\":[\"new\",\"" state                                  \
	"\"],\"on\":\"stop\",\"by\":\"named-gp\",\"to\":\"x\"}],\"clocks\":[{\"id\":"  \
	"\"k\",\"title\":\"Soon\",\"start\":\"go\",\"stop\":[\"stop\"],\"limit\":"     \
	"\"" limit "\",\"calendar\":\"elapsed\",\"onBreach\":[\"alert:named-gp\"]}]}"

static void
write_file(const char *folder, const char *name, const char *text)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	fclose(f);
}

static enum hf_rc
open_with(struct rig *r, const char *folder, bool strays)
{
	struct hf_caseload_config config = {.store = r->t->store,
					    .hub = r->hub,
					    .folder = folder,
					    .drafts = true,
					    .strays = strays};

	hf_caseload_close(r->cl);
	r->cl = NULL;
	return hf_caseload_open(&config, &r->cl, &r->err);
}

HF_ON_BOTH(instances_keep_their_version_until_they_are_taken_over_by_a_rule)
{
	char folder[] = "/tmp/hf-pathways-XXXXXX", path[200];
	static const char rules[] = "{\"from\":\"1.0.0\",\"to\":\"1.1.0\",\"states\":{"
				    "\"going\":\"under-way\"}}";
	struct hf_issues issues = {.arena = &t->arena};
	struct hf_case_taken *kinds;
	const struct hf_case_def *def;
	struct rig r;
	struct hf_sv id;
	hf_time due;
	size_t n;

	set_up(&r, t);
	assert_non_null(mkdtemp(folder));
	write_file(folder, "a.json", QUICK("1.0.0", "going", "PT2H"));
	assert_int_equal(open_with(&r, folder, false), HF_OK);
	assert_int_equal(start(&r, "quick", new_person(&r, 50), "named-gp", "{}", &id),
			 HF_OK);
	assert_int_equal(go_by(&r, id, "go", "named-gp", "{}", 0), HF_OK);
	due = look(&r, id)->row.clocks[0].due;

	/* The same version, edited: refused, with how many of which, and no names. */
	write_file(folder, "a.json", QUICK("1.0.0", "going", "PT4H"));
	assert_int_equal(open_with(&r, folder, false), HF_RULE);
	assert_non_null(strstr(r.err.text, "1 running instance cannot go on"));
	assert_non_null(strstr(r.err.text, "1 of quick 1.0.0"));
	assert_null(strstr(r.err.text, "Zz"));
	/* Gone: refused as well. */
	write_file(folder, "a.json", QUICK("1.1.0", "under-way", "PT4H"));
	assert_int_equal(open_with(&r, folder, false), HF_RULE);

	/* Both are there: it goes on by its own. */
	write_file(folder, "b.json", QUICK("1.0.0", "going", "PT2H"));
	assert_int_equal(open_with(&r, folder, false), HF_OK);
	assert_string_equal(look(&r, id)->def->p->version, "1.0.0");
	def = hf_caseload_def(r.cl, HF_SV("quick"), (struct hf_sv){0});
	assert_string_equal(def->p->version, "1.1.0");

	/* No rule says where "going" goes: nothing is changed. */
	assert_int_equal(hf_caseload_migrate(r.cl, def, "rules", (struct hf_sv){0},
					     false, r.now, &t->arena, &issues, &kinds,
					     &n, &r.err),
			 HF_RULE);
	assert_int_equal(n, 1);
	assert_int_equal(kinds[0].n, 1);
	assert_non_null(kinds[0].why);
	assert_string_equal(look(&r, id)->def->p->version, "1.0.0");
	/* By a rule: looked at first, then taken over, its clock with the time it had.
	 */
	issues.n = issues.errors = 0;
	assert_int_equal(hf_caseload_migrate(r.cl, def, "rules", hf_sv_from(rules),
					     true, r.now, &t->arena, &issues, &kinds,
					     &n, &r.err),
			 HF_OK);
	assert_string_equal(look(&r, id)->def->p->version, "1.0.0");
	assert_int_equal(hf_caseload_migrate(r.cl, def, "rules", hf_sv_from(rules),
					     false, r.now, &t->arena, &issues, &kinds,
					     &n, &r.err),
			 HF_OK);
	assert_int_equal(kinds[0].taken, 1);
	assert_string_equal(look(&r, id)->def->p->version, "1.1.0");
	assert_int_equal(look(&r, id)->row.clocks[0].due, due);
	assert_true(hf_case_part_find(&look(&r, id)->parts, HF_SV("call:family")) >= 0);

	/* The old document may go now; and it moves by the new one. */
	snprintf(path, sizeof path, "%s/b.json", folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(open_with(&r, folder, false), HF_OK);
	assert_int_equal(look(&r, id)->row.clocks[0].due, due);
	assert_int_equal(go_by(&r, id, "stop", "named-gp", "{}", 0), HF_OK);
	assert_true(look(&r, id)->row.ended);
	check_laws(&r, look(&r, id));
	/* A document that is wrong is refused with its finding. */
	write_file(folder, "c.json", "{\"id\":\"wrong\"}");
	assert_int_equal(open_with(&r, folder, false), HF_INVALID);
	assert_non_null(strstr(r.err.text, "c.json"));
	snprintf(path, sizeof path, "%s/c.json", folder);
	(void)unlink(path);
	snprintf(path, sizeof path, "%s/a.json", folder);
	(void)unlink(path);
	(void)rmdir(folder);
	tear_down(&r);
}

/* The built-in document as a clinical lead would approve it. */
static void
write_approved(const char *folder)
{
	static const char *const changes[][2] = {
	    {"\"status\": \"draft\"", "\"status\": \"active\""},
	    {"\"by\": \"\"", "\"by\": \"Dr A\""},
	    {"\"date\": \"\"", "\"date\": \"2026-05-01\""}};
	struct hf_buf out = {.cap = 1 << 20};

	for (size_t i = 0; i < hf_n_pathways_builtin; i++)
		if (strcmp(hf_pathways_builtin[i].name, "frailty.json") == 0)
			hf_buf_sv(&out, hf_pathways_builtin[i].text);
	for (size_t i = 0; i < HF_COUNT(changes); i++) {
		struct hf_buf next = {.cap = 1 << 20};
		char *at;

		hf_buf_char(&out, '\0');
		at = strstr(out.p, changes[i][0]);
		assert_non_null(at);
		hf_buf_printf(&next, "%.*s%s%s", (int)(at - out.p), out.p,
			      changes[i][1], at + strlen(changes[i][0]));
		hf_buf_free(&out);
		out = next;
	}
	hf_buf_char(&out, '\0');
	write_file(folder, "frailty.json", out.p);
	hf_buf_free(&out);
}

HF_ON_BOTH(an_approved_copy_of_a_draft_takes_its_place)
{
	char folder[] = "/tmp/hf-pathways-XXXXXX", path[200];
	struct hf_caseload_config config = {.folder = folder};
	struct rig r;
	struct hf_sv id;

	set_up(&r, t);
	assert_non_null(mkdtemp(folder));
	write_approved(folder);
	hf_caseload_close(r.cl);
	r.cl = NULL;
	config.store = t->store;
	config.hub = r.hub;
	assert_int_equal(hf_caseload_open(&config, &r.cl, &r.err), HF_OK);
	assert_int_equal(
	    start(&r, "frailty", new_person(&r, 80), "named-gp", FRAIL, &id), HF_OK);
	assert_int_equal(start(&r, "end-of-life", new_person(&r, 80), "named-gp",
			       "{\"surprise\":false,\"consent\":true}", &id),
			 HF_RULE);
	snprintf(path, sizeof path, "%s/frailty.json", folder);
	(void)unlink(path);
	(void)rmdir(folder);
	tear_down(&r);
}

/* ---- laws ---- */

HF_ON_BOTH(no_sequence_of_events_leaves_one_without_an_owner_or_stops_a_clock_twice)
{
	uint64_t seed = 20260601;
	struct rig r;

	set_up(&r, t);
	for (size_t i = 0; i < HF_COUNT(entries); i++) {
		const struct hf_pathway *p;
		struct hf_sv id;
		char facts[400];

		snprintf(facts, sizeof facts, "{%s}", entries[i].facts);
		p = hf_caseload_def(r.cl, hf_sv_from(entries[i].pathway),
				    (struct hf_sv){0})
			->p;
		assert_int_equal(start(&r, entries[i].pathway,
				       new_person(&r, entries[i].age), p->roles[0],
				       facts, &id),
				 HF_OK);
		for (int k = 0; k < 40; k++) {
			size_t before = look(&r, id)->story.n, event, role;
			enum hf_rc rc;

			seed = seed * 6364136223846793005u + 1442695040888963407u;
			event = (size_t)(seed >> 33) % p->n_events;
			role = (size_t)(seed >> 20) % p->n_roles;
			r.now += (hf_time)(seed >> 40 & 0xffffff);
			assert_int_equal(hf_caseload_tick(r.cl, r.now, NULL, &r.err),
					 HF_OK);
			before = look(&r, id)->story.n;
			rc = go_by(&r, id, p->events[event], p->roles[role], facts, 0);
			assert_int_equal(look(&r, id)->story.n, before + (rc == HF_OK));
			check_laws(&r, look(&r, id));
		}
	}
	tear_down(&r);
}

HF_TEST_MAIN(
    "hub/caseload", HF_BOTH(frailty_runs_as_its_cases_say),
    HF_BOTH(end_of_life_runs_as_its_cases_say),
    HF_BOTH(urgent_community_response_runs_as_its_cases_say),
    HF_BOTH(a_childs_short_stay_runs_as_its_cases_say),
    HF_BOTH(a_mental_health_crisis_runs_as_its_cases_say),
    HF_BOTH(long_term_conditions_run_as_their_cases_say),
    HF_BOTH(who_may_begin_and_whom_it_is_for), HF_BOTH(a_draft_begins_on_trial_alone),
    HF_BOTH(an_approved_copy_of_a_draft_takes_its_place),
    HF_BOTH(of_two_who_move_it_at_once_one_wins_and_the_other_is_told),
    HF_BOTH(what_one_pathway_starts_begins_in_the_same_change),
    HF_BOTH(tasks_are_done_by_their_role_by_forms_and_go_with_the_end),
    HF_BOTH(a_clock_that_ran_out_while_it_slept_fires_once),
    HF_BOTH(instances_keep_their_version_until_they_are_taken_over_by_a_rule),
    HF_BOTH(no_sequence_of_events_leaves_one_without_an_owner_or_stops_a_clock_twice))
