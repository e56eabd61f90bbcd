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

enum { LISTS = 24, SCOPE = 80 };

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
write_scope(struct hf_jw *w, struct hf_sv scope, struct hf_sv title)
{
	hf_jw_obj(w);
	hf_jw_field(w, "scope", scope);
	hf_jw_field(w, "title", title);
	hf_jw_obj_end(w);
}

/* Staff of a practice: theirs first, then their locality and the teams that serve it.
 */
static void
write_scopes(struct hf_call *call, struct hf_jw *w, const struct hf_pop_columns *c,
	     const struct hf_hub_teams *teams)
{
	const struct hf_pop_dictionary *d = &c->dict[HF_POP_PRACTICE];
	struct hf_arena *arena = call->arena;
	uint16_t own = hf_need_own(call, c);

	hf_jw_member(w, "scopes");
	hf_jw_arr(w);
	if (own)
		write_scope(
		    w, hf_arena_printf(arena, "practice:%.*s", HF_SV_ARG(d->text[own])),
		    hf_arena_printf(arena, "Practice %.*s", HF_SV_ARG(d->text[own])));
	for (size_t i = 1; i < c->locality.n; i++)
		if (hf_need_locality_ok(call, c, (uint16_t)i))
			write_scope(w,
				    hf_arena_printf(arena, "locality:%.*s",
						    HF_SV_ARG(c->locality_id[i])),
				    c->locality.text[i]);
	for (size_t i = 0; i < teams->directory.n; i++)
		if (hf_need_team_ok(call, c, &teams->directory.items[i]))
			write_scope(
			    w,
			    hf_arena_printf(arena, "team:%.*s",
					    HF_SV_ARG(teams->directory.items[i].id)),
			    hf_arena_printf(arena, "Team: %.*s",
					    HF_SV_ARG(teams->directory.items[i].name)));
	for (size_t i = 1; i < d->n && !own; i++)
		write_scope(
		    w, hf_arena_printf(arena, "practice:%.*s", HF_SV_ARG(d->text[i])),
		    hf_arena_printf(arena, "Practice %.*s", HF_SV_ARG(d->text[i])));
	hf_jw_arr_end(w);
}

/* Where a proposal can go, and whose agenda there is. */
static void
write_teams(struct hf_call *call, struct hf_jw *w, const struct hf_hub_teams *teams)
{
	hf_jw_member(w, "teams");
	hf_jw_arr(w);
	for (size_t i = 0; i < teams->directory.n; i++) {
		const struct hf_team *t = &teams->directory.items[i];

		if (!t->active)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "id", t->id);
		hf_jw_field(w, "name", t->name);
		hf_api_flag(w, "own", hf_sv_eq(t->ods, call->actor->org));
		hf_jw_member(w, "localities");
		hf_jw_arr(w);
		for (size_t k = 0; k < t->localities.n; k++)
			hf_jw_str(w, t->localities.items[k]);
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_need_write_head(struct hf_call *call, struct hf_jw *w, const struct hf_need_list *l,
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
	bool exact = hf_need_exact(call, l->scope);

	hf_jw_member(w, "id");
	hf_jw_int(w, l->id);
	hf_jw_field(w, "rule", l->rule);
	hf_jw_field(w, "version", l->version);
	hf_jw_field(w, "title", rule ? hf_sv_from(rule->title) : l->rule);
	hf_jw_field(w, "scope", l->scope);
	hf_jw_field(w, "day", hf_need_day(call->arena, l->day));
	hf_write_time(w, "madeAt", l->made_at);
	hf_need_write_count(w, "places", l->places, true);
	hf_api_number(w, "before", l->before);
	hf_api_text(w, "because", l->because);
	hf_api_text(w, "room", l->room);
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
	struct hf_hub_teams teams;
	struct hf_need_of scope;
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
	if (rc == HF_OK)
		rc = hf_hub_teams(call->server->hub, (struct hf_sv){0}, NULL, call->now,
				  call->arena, &teams, &err);
	if (rc) {
		hf_need_live_release(live, n);
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_field(&w, "day", hf_need_day(call->arena, n->now->day));
	hf_api_flag(&w, "names", hf_need_names(call));
	write_rules(&w, n->rules);
	write_scopes(call, &w, n->c, &teams);
	hf_jw_member(&w, "lists");
	hf_jw_arr(&w);
	for (size_t i = 0; i < many; i++) {
		hf_jw_obj(&w);
		hf_need_write_head(call, &w, &lists[i], n->rules);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	write_teams(call, &w, &teams);
	hf_need_live_release(live, n);
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
read_ask(struct hf_call *call, struct hf_need_making *m, struct hf_err *err)
{
	struct hf_json doc;
	struct hf_sv id = {0};
	uint32_t node;
	enum hf_rc rc = hf_api_body(call, "rule scope places", &doc, err);

	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "rule", 1, 64, &id, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "scope", 1, SCOPE, &m->text, err);
	if (rc == HF_OK)
		rc = hf_need_scope(call, m->n->c, m->text, &m->of, err);
	if (rc)
		return rc;
	m->rule = hf_need_rule(m->n->rules, id);
	if (!m->rule)
		return hf_fail(err, HF_INVALID, "rule", "there is no such list");
	node = hf_json_member(&doc, 0, "places");
	if (node == HF_JSON_NONE)
		return HF_OK;
	if (hf_json_type(&doc, node) != HF_JSON_NUMBER ||
	    !hf_sv_int(hf_json_raw(&doc, node), &m->places) || m->places < 1)
		return hf_fail(err, HF_INVALID, "places", "expected a number from 1");
	if (m->places > HF_NEED_PLACES)
		return hf_fail(err, HF_INVALID, "places",
			       "a list has at most %d places", HF_NEED_PLACES);
	return HF_OK;
}

void
hf_api_need_make(struct hf_call *call)
{
	struct hf_need_live *live = call->server->need;
	struct hf_need_making ask = {
	    .reader = call->reader, .because = HF_SV("asked"), .now = call->now};
	struct making *m = HF_NEW(call->arena, struct making);
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = m ? HF_OK : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	if (rc == HF_OK && !hf_need_names(call))
		rc = hf_fail(&err, HF_FORBIDDEN, NULL,
			     "lists are made by who looks after the people on them");
	if (rc == HF_OK)
		rc = hf_need_live_hold(live, call->now, &ask.n, &err);
	if (rc == HF_OK)
		rc = read_ask(call, &ask, &err);
	if (rc == HF_OK)
		rc = hf_need_make(&ask, call->arena, &m->list, &err);
	hf_need_live_release(live, ask.n);
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	m->by = hf_need_by(call);
	hf_call_work(call, call->server->sign->desk, keep, kept, hf_api_fail, m);
}
