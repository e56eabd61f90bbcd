/* api_need_person.c - one person of a list: why they stand there, and what is answered
 * about them; and whether the list treats groups alike. */
#include <stdlib.h>

#include "record/io/change.h"
#include "population/io/ref_kept.h"
#include "server/api_body.h"
#include "server/api_need.h"
#include "server/serve.h"
#include "server/sharing_write.h"
#include "server/sign.h"
#include "server/work.h"

void hf_api_need_person(struct hf_call *call);
void hf_api_need_answer(struct hf_call *call);
void hf_api_need_fairness(struct hf_call *call);

#define SYSTEM "https://homefirst.example/fhir/CodeSystem/need-task"

enum { WHY_BYTES = 4 << 20, LABEL = 200 };

/* ---- whom it is about ---- */

struct one {
	const struct hf_need_now *n;
	struct hf_need_list list;
	struct hf_need_who *who; /* of the position */
	size_t at;
};

/* HF_NOT_FOUND also for somebody whom the caller may not see. */
static enum hf_rc
find_one(struct hf_call *call, struct one *o, struct hf_err *err)
{
	struct hf_pop_scope scope;
	int64_t id = 0, pos = 0;
	enum hf_rc rc = hf_need_number(call, 0, &id, err);

	if (rc == HF_OK)
		rc = hf_need_number(call, 1, &pos, err);
	if (rc == HF_OK)
		rc = hf_need_live_hold(call->server->need, call->now, &o->n, err);
	if (rc == HF_OK)
		rc = hf_need_get(call->reader, id, call->arena, &o->list, err);
	if (rc == HF_OK)
		rc = hf_need_scope(call, o->n->c, o->list.scope, &scope, err);
	if (rc == HF_OK && pos > (int64_t)o->list.n)
		rc =
		    hf_fail(err, HF_NOT_FOUND, NULL, "nobody stands there on the list");
	if (rc)
		return rc;
	o->at = (size_t)pos - 1;
	o->list.people += o->at; /* of this one alone */
	o->list.n = 1;
	rc = hf_need_resolve(call, o->n->c, &o->list, &o->who, err);
	if (rc == HF_OK && !o->who->found)
		rc = hf_fail(err, HF_NOT_FOUND, NULL,
			     "nobody stands there whom you may see");
	return rc;
}

/* ---- GET /api/population/lists/{id}/people/{pos} ---- */

/* What was found, in words: "Diagnosis I501 on 2021-05-01". */
static struct hf_sv
said(struct hf_arena *arena, const struct hf_pop_columns *c,
     const struct hf_pop_evidence *e)
{
	struct hf_sv day = hf_need_day(arena, e->day);
	struct hf_sv code;

	switch (e->by) {
	case HF_POP_BY_CONDITION:
		return e->day == HF_POP_NONE
			   ? HF_SV("Recorded as a condition")
			   : hf_arena_printf(arena,
					     "Recorded as a condition since %.*s",
					     HF_SV_ARG(day));
	case HF_POP_BY_DIAGNOSIS:
		code = c->dict[HF_POP_ICD10].text[e->code];
		return hf_arena_printf(arena,
				       "Diagnosis %.*s in the stay that began %.*s",
				       HF_SV_ARG(code), HF_SV_ARG(day));
	case HF_POP_BY_VALUE:
		code = c->dict[HF_POP_VALUE].text[e->code];
		return hf_arena_printf(arena, "Value %.*s: %g on %.*s", HF_SV_ARG(code),
				       (double)e->amount / 1000, HF_SV_ARG(day));
	case HF_POP_BY_SPECIALTY:
		code = c->dict[HF_POP_SPECIALTY].text[e->code];
		return hf_arena_printf(arena, "Discharged from specialty %.*s",
				       HF_SV_ARG(code));
	case HF_POP_BY_MISSING:
		return HF_SV("Not known: the score cannot be reckoned without it");
	case HF_POP_BY_FACT:
		break;
	}
	return hf_arena_printf(arena, "Counted: %d", e->amount);
}

static bool
reads(const struct hf_pop_score *s, struct hf_sv condition)
{
	for (size_t i = 0; i < s->n_items; i++)
		for (size_t k = 0; k < s->items[i].n_conditions; k++)
			if (hf_sv_eq(hf_sv_from(s->items[i].conditions[k]), condition))
				return true;
	return false;
}

/* The lists of codes that its conditions are of; the others are what comes with the
 * program. */
static void
write_lists(struct hf_call *call, struct hf_jw *w, const struct hf_pop_score *s)
{
	struct hf_arena arena = {.cap = 8 << 20};
	struct hf_ref_kept *kept;
	size_t n;

	hf_jw_member(w, "codeLists");
	hf_jw_arr(w);
	if (hf_ref_lists(call->reader, &arena, &kept, &n, NULL) != HF_OK)
		n = 0;
	for (size_t i = 0; i < n; i++) {
		if (kept[i].replaced_by || !hf_sv_is(kept[i].kind, "codes") ||
		    !reads(s, kept[i].name))
			continue;
		hf_jw_obj(w);
		hf_jw_member(w, "id");
		hf_jw_int(w, kept[i].id);
		hf_jw_field(w, "condition", kept[i].name);
		hf_jw_field(w, "system", kept[i].system);
		hf_jw_field(w, "version", kept[i].version);
		hf_jw_field(w, "file", kept[i].file);
		hf_jw_member(w, "codes");
		hf_jw_int(w, kept[i].n);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_arena_free(&arena);
}

static enum hf_rc
write_why(struct hf_call *call, struct hf_jw *w, const struct hf_need_now *n,
	  size_t column, uint32_t person, struct hf_err *err)
{
	struct hf_arena scratch = {.cap = WHY_BYTES};
	struct hf_pop_evidence *why;
	struct hf_pop_scored scored;
	const struct hf_pop_score *s;
	size_t score, variant, many;
	enum hf_rc rc = hf_pop_why(n->now->scorer, column, person, n->now->day,
				   &scratch, &why, &many, &scored, err);

	if (rc) {
		hf_arena_free(&scratch);
		return rc;
	}
	hf_pop_scorer_column(n->now->scorer, column, &score, &variant);
	s = &n->rules->defs.scores[score];
	hf_jw_obj(w);
	hf_jw_field(w, "id", hf_sv_from(s->id));
	hf_jw_field(w, "version", hf_sv_from(s->version));
	hf_jw_field(w, "title", hf_sv_from(s->title));
	hf_api_text(w, "variant", hf_sv_from(s->variants[variant].title));
	hf_jw_field(w, "points", hf_need_points(call->arena, s, scored.points));
	if (scored.band)
		hf_jw_field(w, "band", hf_sv_from(s->bands[scored.band - 1].title));
	hf_jw_field(w, "predicts", hf_sv_from(s->predicts));
	hf_jw_field(w, "horizon", hf_sv_from(s->horizon));
	hf_jw_field(w, "source", hf_sv_from(s->source));
	hf_api_text(w, "note", hf_sv_from(s->note));
	write_lists(call, w, s);
	hf_jw_member(w, "evidence");
	hf_jw_arr(w);
	for (size_t i = 0; i < many; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "title", hf_sv_from(why[i].item->title));
		hf_jw_field(w, "points", hf_need_points(call->arena, s, why[i].points));
		hf_api_flag(w, "dropped", why[i].dropped);
		hf_jw_field(w, "found", said(call->arena, n->c, &why[i]));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	hf_arena_free(&scratch);
	return HF_OK;
}

static void
write_segments(struct hf_jw *w, const struct hf_need_now *n, uint32_t person)
{
	hf_jw_member(w, "segments");
	hf_jw_arr(w);
	for (size_t i = 0; i < n->rules->defs.n_schemes; i++) {
		const struct hf_pop_scheme *s = &n->rules->defs.schemes[i];

		hf_jw_obj(w);
		hf_jw_field(w, "scheme", hf_sv_from(s->title));
		hf_jw_field(w, "segment",
			    hf_sv_from(s->segments[n->now->segment[i][person]].title));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_api_need_person(struct hf_call *call)
{
	struct one o = {0};
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc;

	call->audit_type = hf_resource_find(HF_SV("Patient"));
	if (!hf_api_no_params(call))
		return;
	rc = find_one(call, &o, &err);
	if (rc == HF_OK && o.who->ordinal == UINT32_MAX)
		rc = hf_fail(&err, HF_GONE, NULL,
			     "the figures no longer hold this person: make the list "
			     "again");
	if (rc) {
		hf_need_live_release(call->server->need, o.n);
		hf_api_fail(call, &err);
		return;
	}
	call->audit_id = o.who->id;
	hf_api_begin(call, &w);
	hf_jw_field(&w, "patient", o.who->id);
	hf_jw_field(&w, "name", o.who->name);
	hf_api_text(&w, "born", o.who->born);
	hf_api_text(&w, "age", o.who->age);
	hf_jw_field(&w, "day", hf_need_day(call->arena, o.n->now->day));
	hf_jw_member(&w, "scores");
	hf_jw_arr(&w);
	for (size_t k = 0; rc == HF_OK && k < hf_pop_scorer_columns(o.n->now->scorer);
	     k++)
		rc = write_why(call, &w, o.n, k, o.who->ordinal, &err);
	hf_jw_arr_end(&w);
	write_segments(&w, o.n, o.who->ordinal);
	hf_need_write_gaps(&w, call->arena, o.n, o.who->ordinal);
	hf_need_live_release(call->server->need, o.n);
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_api_end(call);
}

/* ---- POST /api/population/lists/{id}/people/{pos} ---- */

struct answering {
	struct hf_need_by by;
	int64_t list, pos;
	struct hf_sv answer, reason, team, task, patient, title;
	struct hf_json doc;
	struct hf_change_item item;
	struct hf_issues issues;
	struct hf_change change;
	enum hf_rc rc;
	struct hf_err err;
};

static void
keep(struct hf_call *call, void *ctx)
{
	struct answering *a = ctx;

	a->rc = hf_need_answer(call->store, &a->by, a->list, a->pos, a->answer,
			       a->reason, a->task.p ? a->task : HF_SV(""), &a->err);
}

static void
kept(struct hf_call *call, void *ctx)
{
	struct answering *a = ctx;
	struct hf_jw w;

	if (a->rc) {
		hf_api_fail(call, &a->err);
		return;
	}
	call->audit_id = a->patient;
	hf_api_begin(call, &w);
	hf_jw_field(&w, "answer", a->answer);
	hf_api_text(&w, "task", a->task);
	hf_api_end(call);
}

static void
start(struct hf_call *call, struct answering *a)
{
	hf_call_work(call, call->server->sign->desk, keep, kept, hf_api_fail, a);
}

static void
put_coding(struct hf_jw *w, struct hf_sv system, struct hf_sv code, struct hf_sv text)
{
	hf_jw_member(w, "code");
	hf_jw_obj(w);
	hf_jw_member(w, "coding");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "system", system);
	hf_jw_field(w, "code", code);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_field(w, "text", text);
	hf_jw_obj_end(w);
}

static void
put_reference(struct hf_jw *w, const char *name, struct hf_sv reference)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_jw_field(w, "reference", reference);
	hf_jw_obj_end(w);
}

/* A proposal on the agenda of a team: a Task that they own.  Why is the list, not the
 * evidence: that stands where it came from. */
static void
build_task(struct hf_jw *w, struct hf_call *call, const struct answering *a)
{
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("Task"));
	hf_jw_field(w, "status", HF_SV("requested"));
	hf_jw_field(w, "intent", HF_SV("proposal"));
	hf_jw_field(w, "priority", HF_SV("routine"));
	put_coding(w, HF_SV(SYSTEM), HF_SV("mdt-proposal"),
		   HF_SV("Proposal for the team meeting"));
	hf_jw_field(w, "description", a->title);
	put_reference(
	    w, "for",
	    hf_arena_printf(call->arena, "Patient/%.*s", HF_SV_ARG(a->patient)));
	put_reference(
	    w, "owner",
	    hf_arena_printf(call->arena, "HealthcareService/%.*s", HF_SV_ARG(a->team)));
	if (hf_sv_starts(call->actor->who, HF_SV("Practitioner/")))
		put_reference(w, "requester", call->actor->who);
	hf_write_time(w, "authoredOn", call->now);
	hf_write_time(w, "lastModified", call->now);
	if (a->reason.n) {
		hf_jw_member(w, "note");
		hf_jw_arr(w);
		hf_jw_obj(w);
		hf_jw_field(w, "text", a->reason);
		hf_jw_obj_end(w);
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

static void
proposed(struct hf_call *call, struct hf_change *change)
{
	struct answering *a = call->state;

	if (change->rc != HF_OK) {
		hf_api_fail(call, &change->err);
		return;
	}
	a->task = hf_arena_printf(call->arena, "Task/%.*s", HF_SV_ARG(a->item.out_id));
	hf_call_saw(call, a->item.rid);
	start(call, a);
}

static enum hf_rc
propose(struct hf_call *call, struct answering *a, struct hf_err *err)
{
	struct hf_buf b = {.cap = 16 * 1024};
	struct hf_jw w = {.out = &b};
	struct hf_sv text;
	enum hf_rc rc;

	build_task(&w, call, a);
	text = b.failed ? (struct hf_sv){NULL, 0}
			: hf_arena_sv(call->arena, hf_buf_view(&b));
	hf_buf_free(&b);
	rc = text.p ? hf_json_parse(text, NULL, call->arena, &a->doc, err)
		    : hf_fail(err, HF_TOO_LONG, NULL, "the proposal is too long");
	if (rc)
		return rc;
	a->issues = (struct hf_issues){.arena = call->arena};
	a->item = (struct hf_change_item){.op = HF_OP_CREATE,
					  .type = hf_resource_find(HF_SV("Task")),
					  .doc = &a->doc};
	a->change = (struct hf_change){.arena = call->arena,
				       .actor = call->actor->id,
				       .purpose = call->actor->purpose,
				       .source = HF_SV("need"),
				       .trace = a->by.trace,
				       .base = call->base,
				       .items = &a->item,
				       .n = 1,
				       .issues = &a->issues};
	rc = hf_change_prepare(call->store, call->reader, &a->change, err);
	if (rc && a->issues.n)
		return hf_fail(err, rc, NULL, "%.*s",
			       HF_SV_ARG(a->issues.items[0].text));
	return rc;
}

static enum hf_rc
read_answer(struct hf_call *call, struct answering *a, struct hf_err *err)
{
	struct hf_json doc;
	enum hf_rc rc = hf_api_body(call, "answer reason team", &doc, err);

	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "answer", 1, 20, &a->answer, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "reason", 0, HF_NEED_REASON,
				      &a->reason, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "team", 0, 64, &a->team, err);
	if (rc)
		return rc;
	if (!hf_need_answer_ok(a->answer))
		return hf_fail(err, HF_INVALID, "answer",
			       "expected proposed, accepted, declined or unsuitable");
	if (!hf_sv_is(a->answer, "proposed"))
		return HF_OK;
	if (!a->team.n || !hf_hub_has_team(call->server->hub, a->team))
		return hf_fail(err, HF_INVALID, "team",
			       "say to which team: its id, as /api/hub/teams gives it");
	return HF_OK;
}

static enum hf_rc
prepare(struct hf_call *call, struct answering *a, struct hf_err *err)
{
	struct one o = {0};
	enum hf_rc rc = find_one(call, &o, err);

	if (rc == HF_OK) {
		const struct hf_pop_list_rule *rule =
		    hf_need_rule(o.n->rules, o.list.rule);

		a->list = o.list.id;
		a->pos = (int64_t)o.at + 1;
		a->patient = o.who->id;
		a->title =
		    hf_arena_printf(call->arena, "%s, list of %.*s",
				    rule ? rule->title : "Most in need",
				    HF_SV_ARG(hf_need_day(call->arena, o.list.day)));
		if (o.list.people->answer.n &&
		    hf_sv_is(o.list.people->answer, "proposed") &&
		    hf_sv_is(a->answer, "proposed"))
			rc = hf_fail(err, HF_EXISTS, NULL,
				     "this person is on a team's agenda already");
	}
	hf_need_live_release(call->server->need, o.n);
	return rc;
}

void
hf_api_need_answer(struct hf_call *call)
{
	struct answering *a = HF_NEW(call->arena, struct answering);
	struct hf_err err;
	enum hf_rc rc = a ? HF_OK : hf_fail(&err, HF_BUSY, NULL, "no memory now");

	call->audit_type = hf_resource_find(HF_SV("Patient"));
	if (!hf_api_no_params(call))
		return;
	if (rc == HF_OK)
		rc = read_answer(call, a, &err);
	if (rc == HF_OK)
		rc = prepare(call, a, &err);
	if (rc == HF_OK) {
		a->by = hf_need_by(call);
		if (hf_sv_is(a->answer, "proposed"))
			rc = propose(call, a, &err);
	}
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	if (!hf_sv_is(a->answer, "proposed")) {
		start(call, a);
		return;
	}
	call->state = a;
	hf_call_commit(call, &a->change, proposed);
}

/* ---- GET /api/population/lists/{id}/fairness ---- */

struct look {
	struct hf_pop_fair_row *rows;
	uint32_t *person;
	size_t n;
};

/* The list as it would have been a year ago, and who was admitted as an emergency in
 * the year after: everybody who could have been chosen is a row. */
static enum hf_rc
look_back(const struct hf_need_now *n, const struct hf_need_list *l,
	  struct hf_pop_scope scope, struct hf_arena *arena, struct look *out,
	  struct hf_err *err)
{
	struct hf_pop_list_of of;
	struct hf_pop_list_rule rule;
	const struct hf_pop_list_rule *named = hf_need_rule(n->rules, l->rule);
	struct hf_pop_list_ask ask = {.rule = &rule,
				      .need = n->then,
				      .scope = scope,
				      .places = (size_t)l->places};
	enum hf_rc rc;

	if (!named)
		return hf_fail(err, HF_GONE, NULL,
			       "the list's rule is no longer there");
	rule = *named;
	rc = hf_pop_list_make(&ask, arena, &of, err);
	if (rc)
		return rc;
	out->rows = hf_arena_array(arena, of.n ? of.n : 1, sizeof *out->rows);
	out->person = hf_arena_array(arena, of.n ? of.n : 1, sizeof *out->person);
	if (!out->rows || !out->person)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory to compare groups");
	for (size_t i = 0; i < of.n; i++) {
		out->person[i] = of.people[i].person;
		out->rows[i] = (struct hf_pop_fair_row){
		    .risk = of.people[i].risk,
		    .chosen = of.people[i].chosen,
		    .outcome = hf_pop_emergencies(n->c, of.people[i].person,
						  n->then->day) > 0};
	}
	out->n = of.n;
	return HF_OK;
}

static void
write_groups(struct hf_jw *w, enum hf_pop_fair_by by, const struct hf_pop_fair *f,
	     struct hf_arena *arena)
{
	static const char *const names[] = {"people", "chosen", "outcome", "both"};
	struct hf_pop_shown shown[HF_COUNT(names)][HF_NEED_COUNTS];
	int64_t counts[HF_COUNT(names)][HF_NEED_COUNTS];

	for (size_t i = 0; i < f->n; i++) {
		counts[0][i] = f->groups[i].people;
		counts[1][i] = f->groups[i].chosen;
		counts[2][i] = f->groups[i].outcome;
		counts[3][i] = f->groups[i].both;
	}
	for (size_t k = 0; k < HF_COUNT(names); k++)
		hf_need_show(counts[k], f->n, false, shown[k]);
	hf_jw_member(w, "groups");
	hf_jw_arr(w);
	for (size_t i = 0; i < f->n; i++) {
		const struct hf_pop_fair_group *g = &f->groups[i];
		double share;

		hf_jw_obj(w);
		hf_jw_field(w, "title", hf_sv_from(hf_pop_fair_name(by, (int)i + 1)));
		for (size_t k = 0; k < HF_COUNT(names); k++)
			hf_need_write_shown(w, names[k], shown[k][i]);
		/* Shares of few would give the counts away; others are of what is
		 * shown. */
		if (g->outcome >= HF_POP_FAIR_LEAST && g->both >= 5 &&
		    !shown[2][i].hidden && !shown[3][i].hidden &&
		    hf_pop_show_percent(HF_POP_STRICT5, g->both, g->outcome, &share))
			hf_jw_field(w, "sensitivity",
				    hf_arena_printf(arena, "%.0f %%", share));
		if (g->outcome >= HF_POP_FAIR_LEAST && !shown[2][i].hidden &&
		    g->expected > 0)
			hf_jw_field(
			    w, "calibration",
			    hf_arena_printf(arena, "%.2f",
					    (double)shown[2][i].n / g->expected));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
write_check(struct hf_jw *w, const char *title, enum hf_pop_fair_by by,
	    const struct hf_pop_fair *f, struct hf_arena *arena)
{
	char text[LABEL];

	hf_jw_obj(w);
	hf_jw_field(w, "by", hf_sv_from(title));
	hf_api_flag(w, "alert", f->alert || f->strata_alert);
	if (!f->compared)
		hf_jw_field(w, "finding",
			    HF_SV("Too few people in need to compare groups."));
	else if (f->few) {
		snprintf(text, sizeof text,
			 "Of those in need, the smallest share chosen is of %s, the "
			 "largest of %s: too few to say how they compare.",
			 hf_pop_fair_name(by, f->lowest),
			 hf_pop_fair_name(by, f->highest));
		hf_jw_field(w, "finding", hf_sv_from(text));
	} else {
		snprintf(text, sizeof text,
			 "Of those in need, %s were chosen at %.0f %% of the share of "
			 "%s.",
			 hf_pop_fair_name(by, f->lowest), 100 * f->least_ratio,
			 hf_pop_fair_name(by, f->highest));
		hf_jw_field(w, "finding", hf_sv_from(text));
	}
	if (f->strata_compared && !f->strata_few) {
		snprintf(
		    text, sizeof text,
		    "Within one band of risk the lowest share chosen is %.0f %% of "
		    "the highest.",
		    100 * f->strata_ratio);
		hf_jw_field(w, "withinRisk", hf_sv_from(text));
	}
	write_groups(w, by, f, arena);
	hf_jw_obj_end(w);
}

void
hf_api_need_fairness(struct hf_call *call)
{
	static const char *const titles[HF_POP_FAIR_BYS] = {"Deprivation", "Ethnicity",
							    "Sex"};
	struct hf_need_live *live = call->server->need;
	const struct hf_need_now *n = NULL;
	struct hf_need_list l;
	struct hf_pop_scope scope;
	struct look look = {0};
	struct hf_err err;
	struct hf_jw w;
	int64_t id;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = hf_need_number(call, 0, &id, &err);
	if (rc == HF_OK)
		rc = hf_need_live_hold(live, call->now, &n, &err);
	if (rc == HF_OK)
		rc = hf_need_get(call->reader, id, call->arena, &l, &err);
	if (rc == HF_OK)
		rc = hf_need_scope(call, n->c, l.scope, &scope, &err);
	if (rc == HF_OK)
		rc = look_back(n, &l, scope, call->arena, &look, &err);
	if (rc) {
		hf_need_live_release(live, n);
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_field(&w, "from", hf_need_day(call->arena, n->then->day));
	hf_jw_field(&w, "to", hf_need_day(call->arena, n->now->day));
	hf_jw_member(&w, "checks");
	hf_jw_arr(&w);
	for (int by = 0; by < HF_POP_FAIR_BYS; by++) {
		struct hf_pop_fair f;

		for (size_t i = 0; i < look.n; i++)
			look.rows[i].group = (uint8_t)hf_pop_fair_group(
			    (enum hf_pop_fair_by)by, &n->c->persons[look.person[i]]);
		hf_pop_fair_check(look.rows, look.n,
				  (size_t)hf_pop_fair_groups((enum hf_pop_fair_by)by),
				  &f);
		write_check(&w, titles[by], (enum hf_pop_fair_by)by, &f, call->arena);
	}
	hf_jw_arr_end(&w);
	hf_need_live_release(live, n);
	hf_api_end(call);
}
