/* api_need.c - lists of people most in need: what there is, making one, showing one. */
#include "server/api_need.h"

#include <stdlib.h>

#include "server/api_body.h"
#include "server/serve.h"
#include "server/sharing_write.h"
#include "server/sign.h"
#include "server/work.h"

void hf_api_need_lists(struct hf_call *call);
void hf_api_need_make(struct hf_call *call);
void hf_api_need_list(struct hf_call *call);

enum {
	LISTS = 24,
	NEXT = 20,	   /* shown after those who were chosen */
	PLACES_MOST = 400, /* of one list */
	SCOPE = 80,
	TAKEN_DAYS = 183 /* how long an answer keeps somebody off the next list */
};

/* ---- GET /api/population/lists ---- */

static void
write_rules(struct hf_jw *w, const struct hf_need_rules *r)
{
	hf_jw_member(w, "rules");
	hf_jw_arr(w);
	for (size_t i = 0; i < r->n_lists; i++) {
		const struct hf_pop_list_rule *rule = &r->lists[i];

		hf_jw_obj(w);
		hf_jw_field(w, "id", hf_sv_from(rule->id));
		hf_jw_field(w, "version", hf_sv_from(rule->version));
		hf_jw_field(w, "title", hf_sv_from(rule->title));
		hf_jw_field(w, "purpose", hf_sv_from(rule->purpose));
		hf_jw_field(w, "source", hf_sv_from(rule->source));
		hf_api_number(w, "wte", rule->wte);
		hf_api_number(w, "people", rule->people);
		hf_api_number(w, "months", rule->months);
		hf_api_number(w, "starts",
			      hf_pop_starts(rule->wte, rule->people, rule->months));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
write_scopes(struct hf_call *call, struct hf_jw *w, const struct hf_pop_columns *c)
{
	const struct hf_pop_dictionary *d = &c->dict[HF_POP_PRACTICE];
	bool own = false;

	for (size_t i = 1; i < d->n; i++)
		own |= hf_sv_eq(d->text[i], call->actor->org);
	hf_jw_member(w, "scopes");
	hf_jw_arr(w);
	for (size_t i = 1; i < c->locality.n && !own; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "scope",
			    hf_arena_printf(call->arena, "locality:%.*s",
					    HF_SV_ARG(c->locality_id[i])));
		hf_jw_field(w, "title", c->locality.text[i]);
		hf_jw_obj_end(w);
	}
	for (size_t i = 1; i < d->n; i++) {
		if (own && !hf_sv_eq(d->text[i], call->actor->org))
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "scope",
			    hf_arena_printf(call->arena, "practice:%.*s",
					    HF_SV_ARG(d->text[i])));
		hf_jw_field(w, "title",
			    hf_arena_printf(call->arena, "Practice %.*s",
					    HF_SV_ARG(d->text[i])));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* Where a proposal can go. */
static enum hf_rc
write_teams(struct hf_call *call, struct hf_jw *w, struct hf_err *err)
{
	struct hf_hub_teams teams;
	enum hf_rc rc = hf_hub_teams(call->server->hub, (struct hf_sv){0}, NULL,
				     call->now, call->arena, &teams, err);

	if (rc)
		return rc;
	hf_jw_member(w, "teams");
	hf_jw_arr(w);
	for (size_t i = 0; i < teams.directory.n; i++) {
		if (!teams.directory.items[i].active)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "id", teams.directory.items[i].id);
		hf_jw_field(w, "name", teams.directory.items[i].name);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	return HF_OK;
}

static void
write_head(struct hf_call *call, struct hf_jw *w, const struct hf_need_list *l,
	   const struct hf_need_rules *rules)
{
	const struct hf_pop_list_rule *rule = hf_need_rule(rules, l->rule);
	static const char *const names[] = {"eligible", "dead",	      "objects",
					    "untraced", "onCaseload", "tooYoung",
					    "below",	"unscored"};
	const int64_t counts[] = {l->eligible, l->dead,	       l->objects,
				  l->untraced, l->on_caseload, l->too_young,
				  l->below,    l->unscored};
	struct hf_pop_shown shown[HF_NEED_COUNTS];
	bool exact = hf_need_names(call);

	hf_jw_member(w, "id");
	hf_jw_int(w, l->id);
	hf_jw_field(w, "rule", l->rule);
	hf_jw_field(w, "version", l->version);
	hf_jw_field(w, "title", rule ? hf_sv_from(rule->title) : l->rule);
	hf_jw_field(w, "scope", l->scope);
	hf_jw_field(w, "day", hf_need_day(call->arena, l->day));
	hf_write_time(w, "madeAt", l->made_at);
	hf_need_write_count(w, "places", l->places, true);
	hf_need_show(counts, HF_COUNT(names), exact, shown);
	for (size_t i = 0; i < HF_COUNT(names); i++)
		hf_need_write_shown(w, names[i], shown[i]);
	/* They are everybody who is registered, each under one of them. */
	hf_need_write_shown(w, "registered", shown[HF_COUNT(names)]);
}

void
hf_api_need_lists(struct hf_call *call)
{
	struct hf_sv text = hf_call_take_param(call, HF_SV("scope"));
	struct hf_need_live *live = call->server->need;
	const struct hf_need_now *n = NULL;
	struct hf_need_list *lists = NULL;
	struct hf_pop_scope scope;
	struct hf_err err;
	struct hf_jw w;
	size_t many = 0;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = hf_need_live_hold(live, call->now, &n, &err);
	if (rc == HF_OK && text.n)
		rc = hf_need_scope(call, n->c, text, &scope, &err);
	if (rc == HF_OK && text.n)
		rc = hf_need_lists(call->reader, text, LISTS, call->arena, &lists,
				   &many, &err);
	if (rc) {
		hf_need_live_release(live, n);
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_field(&w, "day", hf_need_day(call->arena, n->now->day));
	hf_api_flag(&w, "names", hf_need_names(call));
	write_rules(&w, n->rules);
	write_scopes(call, &w, n->c);
	hf_jw_member(&w, "lists");
	hf_jw_arr(&w);
	for (size_t i = 0; i < many; i++) {
		hf_jw_obj(&w);
		write_head(call, &w, &lists[i], n->rules);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	rc = write_teams(call, &w, &err);
	hf_need_live_release(live, n);
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_api_end(call);
}

/* ---- POST /api/population/lists ---- */

struct making {
	struct hf_need_by by;
	struct hf_need_list list;
	int64_t id;
	enum hf_rc rc;
	struct hf_err err;
};

/* "dementia:250 copd:146" */
static struct hf_sv
reasons_of(const struct hf_need_now *n, const struct hf_pop_list_rule *rule,
	   uint32_t person, struct hf_arena *arena, struct hf_err *err)
{
	struct hf_pop_evidence drivers[HF_POP_DRIVERS];
	struct hf_arena scratch = {.cap = 1 << 20};
	struct hf_sv out = HF_SV("");
	size_t many = 0;

	if (hf_pop_drivers(n->now, hf_sv_from(rule->score), person, &scratch, drivers,
			   &many, err) != HF_OK)
		out.p = NULL;
	for (size_t i = 0; out.p && i < many; i++)
		out =
		    hf_arena_printf(arena, "%.*s%s%s:%d", HF_SV_ARG(out), i ? " " : "",
				    drivers[i].item->id, drivers[i].points);
	hf_arena_free(&scratch);
	return out;
}

static enum hf_rc
take(struct making *m, const struct hf_need_now *n, const struct hf_pop_list_rule *rule,
     const struct hf_pop_list_of *of, struct hf_arena *arena, struct hf_err *err)
{
	struct hf_need_list *l = &m->list;

	l->n = of->chosen + NEXT < of->n ? of->chosen + NEXT : of->n;
	l->people = hf_arena_array(arena, l->n ? l->n : 1, sizeof *l->people);
	if (!l->people)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
	for (size_t i = 0; i < l->n; i++) {
		const struct hf_pop_listed *p = &of->people[i];
		struct hf_need_person *k = &l->people[i];

		memcpy(k->pid, n->c->persons[p->person].pid, HF_POP_PID);
		k->practice =
		    hf_arena_sv(arena, n->c->dict[HF_POP_PRACTICE].text[p->practice]);
		k->reasons = reasons_of(n, rule, p->person, arena, err);
		if (!k->reasons.p || !k->practice.p)
			return hf_fail(err, HF_TOO_LONG, NULL,
				       "no memory for the reasons");
		k->points = p->points;
		k->efi = p->efi;
		k->band = p->band;
		k->risk = p->risk;
		k->chosen = p->chosen;
		k->benefit = (int64_t)(p->benefit * 1000 + 0.5);
	}
	l->eligible = (int64_t)of->n;
	l->registered = of->registered;
	l->dead = of->dead;
	l->objects = of->objects;
	l->untraced = of->untraced;
	l->on_caseload = of->on_caseload;
	l->too_young = of->too_young;
	l->below = of->below;
	l->unscored = of->unscored;
	return HF_OK;
}

static enum hf_rc
make_list(struct hf_call *call, struct making *m, const struct hf_need_now *n,
	  const struct hf_pop_list_rule *rule, struct hf_pop_scope scope,
	  struct hf_err *err)
{
	struct hf_pop_list_of of;
	uint8_t *caseload = calloc(n->c->n_persons + 1u, 1);
	struct hf_pop_list_ask ask = {.rule = rule,
				      .need = n->now,
				      .scope = scope,
				      .places = (size_t)m->list.places,
				      .caseload = caseload,
				      .risk = n->rates};
	enum hf_rc rc = caseload
			    ? hf_need_taken(call->reader, n->c,
					    call->now - TAKEN_DAYS * (hf_time)86400000,
					    caseload, err)
			    : hf_fail(err, HF_BUSY, NULL, "no memory now; try again");

	if (rc == HF_OK)
		rc = hf_pop_list_make(&ask, call->arena, &of, err);
	if (rc == HF_OK)
		rc = take(m, n, rule, &of, call->arena, err);
	free(caseload);
	return rc;
}

static void
keep(struct hf_call *call, void *ctx)
{
	struct making *m = ctx;

	m->rc = hf_need_keep(call->store, &m->by, &m->list, &m->id, &m->err);
}

static void
kept(struct hf_call *call, void *ctx)
{
	struct making *m = ctx;
	struct hf_jw w;

	if (m->rc) {
		hf_api_fail(call, &m->err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_member(&w, "id");
	hf_jw_int(&w, m->id);
	hf_api_end(call);
}

static enum hf_rc
read_ask(struct hf_call *call, const struct hf_need_now *n, struct making *m,
	 const struct hf_pop_list_rule **rule, struct hf_pop_scope *scope,
	 struct hf_err *err)
{
	struct hf_json doc;
	struct hf_sv id = {0}, text = {0};
	uint32_t node;
	int64_t places;
	enum hf_rc rc = hf_api_body(call, "rule scope places", &doc, err);

	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "rule", 1, 64, &id, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "scope", 1, SCOPE, &text, err);
	if (rc == HF_OK)
		rc = hf_need_scope(call, n->c, text, scope, err);
	if (rc)
		return rc;
	*rule = hf_need_rule(n->rules, id);
	if (!*rule)
		return hf_fail(err, HF_INVALID, "rule", "there is no such list");
	places = hf_pop_starts((*rule)->wte, (*rule)->people, (*rule)->months);
	node = hf_json_member(&doc, 0, "places");
	if (node != HF_JSON_NONE &&
	    (hf_json_type(&doc, node) != HF_JSON_NUMBER ||
	     !hf_sv_int(hf_json_raw(&doc, node), &places) || places < 1))
		return hf_fail(err, HF_INVALID, "places", "expected a number from 1");
	if (places > PLACES_MOST)
		return hf_fail(err, HF_INVALID, "places",
			       "a list has at most %d places", PLACES_MOST);
	m->list = (struct hf_need_list){.rule = hf_sv_from((*rule)->id),
					.version = hf_sv_from((*rule)->version),
					.scope = text,
					.day = n->now->day,
					.data = (int64_t)n->version,
					.places = places};
	return HF_OK;
}

void
hf_api_need_make(struct hf_call *call)
{
	struct hf_need_live *live = call->server->need;
	const struct hf_need_now *n = NULL;
	const struct hf_pop_list_rule *rule;
	struct making *m = HF_NEW(call->arena, struct making);
	struct hf_pop_scope scope;
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = m ? HF_OK : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	if (rc == HF_OK && !hf_need_names(call))
		rc = hf_fail(&err, HF_FORBIDDEN, NULL,
			     "lists are made by who looks after the people on them");
	if (rc == HF_OK)
		rc = hf_need_live_hold(live, call->now, &n, &err);
	if (rc == HF_OK)
		rc = read_ask(call, n, m, &rule, &scope, &err);
	if (rc == HF_OK)
		rc = make_list(call, m, n, rule, scope, &err);
	hf_need_live_release(live, n);
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	m->by = hf_need_by(call);
	hf_call_work(call, call->server->sign->desk, keep, kept, hf_api_fail, m);
}

/* ---- GET /api/population/lists/{id} ---- */

static const char *
title_of_item(const struct hf_pop_score *s, struct hf_sv id)
{
	for (size_t i = 0; i < s->n_items; i++)
		if (hf_sv_eq(hf_sv_from(s->items[i].id), id))
			return s->items[i].title;
	return "";
}

static void
write_reasons(struct hf_jw *w, const struct hf_pop_score *s, struct hf_sv reasons)
{
	hf_jw_member(w, "reasons");
	hf_jw_arr(w);
	while (reasons.n) {
		struct hf_sv one = hf_sv_cut(&reasons, ' ');

		hf_jw_str(w, hf_sv_from(title_of_item(s, hf_sv_cut(&one, ':'))));
	}
	hf_jw_arr_end(w);
}

static void
write_answer(struct hf_jw *w, const struct hf_need_person *p)
{
	if (p->answer.n == 0)
		return;
	hf_jw_member(w, "answer");
	hf_jw_obj(w);
	hf_jw_field(w, "answer", p->answer);
	hf_api_text(w, "reason", p->reason);
	hf_api_text(w, "task", p->task);
	hf_write_time(w, "at", p->said_at);
	hf_jw_obj_end(w);
}

/* Whoever may not see the person sees that somebody stands there, and no more. */
static void
write_row(struct hf_call *call, struct hf_jw *w, const struct hf_need_now *n,
	  const struct hf_need_list *l, const struct hf_pop_score *s, size_t i,
	  const struct hf_need_who *who)
{
	const struct hf_need_person *p = &l->people[i];

	hf_jw_obj(w);
	hf_jw_member(w, "pos");
	hf_jw_int(w, (int64_t)i + 1);
	hf_api_flag(w, "chosen", p->chosen);
	hf_api_flag(w, "shown", who->found);
	if (!who->found) {
		hf_jw_field(w, "why",
			    who->in_record ? HF_SV("not shown to your role")
					   : HF_SV("not in the record"));
		hf_jw_obj_end(w);
		return;
	}
	hf_jw_field(w, "patient", who->id);
	hf_jw_field(w, "name", who->name);
	hf_api_text(w, "born", who->born);
	hf_api_text(w, "age", who->age);
	hf_jw_field(w, "practice", p->practice);
	hf_jw_field(w, "score", hf_need_points(call->arena, s, p->points));
	hf_api_number(w, "efi", p->efi < 0 ? 0 : p->efi);
	hf_api_number(w, "risk", p->risk);
	hf_jw_field(w, "benefit",
		    hf_arena_printf(call->arena, "%.2f", (double)p->benefit / 1000));
	write_reasons(w, s, p->reasons);
	if (who->ordinal != UINT32_MAX) {
		hf_api_number(w, "emergenciesAfter",
			      hf_pop_emergencies(n->c, who->ordinal, l->day));
		if (l->day > 365)
			hf_api_number(w, "emergenciesBefore",
				      hf_pop_emergencies(n->c, who->ordinal,
							 (uint16_t)(l->day - 365)));
		hf_need_write_gaps(w, call->arena, n, who->ordinal);
	}
	write_answer(w, p);
	hf_jw_obj_end(w);
}

/* Who was chosen, what was answered, and what followed: people and their emergency
 * admissions in the year after, of each answer. */
static void
write_impact(struct hf_jw *w, const struct hf_need_now *n, const struct hf_need_list *l,
	     const struct hf_need_who *who)
{
	static const char *const answers[] = {"", "proposed", "accepted", "declined",
					      "unsuitable"};

	int64_t people[HF_COUNT(answers)] = {0}, admissions[HF_COUNT(answers)] = {0};
	struct hf_pop_shown shown[HF_NEED_COUNTS], after[HF_NEED_COUNTS];

	for (size_t a = 0; a < HF_COUNT(answers); a++)
		for (size_t i = 0; i < l->n; i++) {
			if (!l->people[i].chosen ||
			    !hf_sv_eq(l->people[i].answer, hf_sv_from(answers[a])))
				continue;
			people[a]++;
			if (who[i].ordinal != UINT32_MAX)
				admissions[a] +=
				    hf_pop_emergencies(n->c, who[i].ordinal, l->day);
		}
	hf_need_show(people, HF_COUNT(answers), false, shown);
	hf_need_show(admissions, HF_COUNT(answers), false, after);
	hf_jw_member(w, "impact");
	hf_jw_arr(w);
	for (size_t a = 0; a < HF_COUNT(answers); a++) {
		hf_jw_obj(w);
		hf_jw_field(w, "answer", hf_sv_from(*answers[a] ? answers[a] : "none"));
		hf_need_write_shown(w, "people", shown[a]);
		/* What happened to one to four people is not said either. */
		after[a].hidden |= shown[a].hidden;
		hf_need_write_shown(w, "admissionsAfter", after[a]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static const struct hf_pop_score *
score_of(const struct hf_need_now *n, const struct hf_need_list *l)
{
	const struct hf_pop_list_rule *rule = hf_need_rule(n->rules, l->rule);
	int column =
	    rule ? hf_pop_scorer_find(n->now->scorer, hf_sv_from(rule->score)) : -1;
	size_t score, variant;

	if (column < 0)
		return &n->rules->defs.scores[0];
	hf_pop_scorer_column(n->now->scorer, (size_t)column, &score, &variant);
	return &n->rules->defs.scores[score];
}

void
hf_api_need_list(struct hf_call *call)
{
	struct hf_need_live *live = call->server->need;
	const struct hf_need_now *n = NULL;
	struct hf_need_list l;
	struct hf_need_who *who;
	struct hf_pop_scope scope;
	const struct hf_pop_score *s;
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
		rc = hf_need_resolve(call, n->c, &l, &who, &err);
	if (rc) {
		hf_need_live_release(live, n);
		hf_api_fail(call, &err);
		return;
	}
	s = score_of(n, &l);
	hf_api_begin(call, &w);
	write_head(call, &w, &l, n->rules);
	hf_api_flag(&w, "names", hf_need_names(call));
	hf_jw_field(&w, "scoreTitle", hf_sv_from(s->title));
	write_impact(&w, n, &l, who);
	hf_jw_member(&w, "people");
	hf_jw_arr(&w);
	for (size_t i = 0; i < l.n && hf_need_names(call); i++)
		write_row(call, &w, n, &l, s, i, &who[i]);
	hf_jw_arr_end(&w);
	hf_need_live_release(live, n);
	hf_api_end(call);
}
