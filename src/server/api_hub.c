/* api_hub.c - what a user can do at the hub, boards, and who moves on them. */
#include "server/api_hub.h"

#include "hub/words.h"
#include "record/io/change.h"
#include "server/hub_live.h"
#include "server/serve.h"

void hf_api_hub(struct hf_call *call);
void hf_api_hub_board(struct hf_call *call);
void hf_api_hub_events(struct hf_call *call);
void hf_api_hub_teams(struct hf_call *call);

/* ---- who calls ---- */

struct hf_hub_actor
hf_api_hub_actor(struct hf_call *call)
{
	const struct hf_actor *a = call->actor;
	struct hf_hub_actor out = {.id = a->id,
				   .who = a->who,
				   .name = a->name,
				   .role = a->role,
				   .ods = a->org,
				   .purpose = a->purpose};

	if (a->kind == HF_ACTOR_TRIAL) {
		out.anywhere = true;
		out.roles = ~(hf_pw_set)0;
		out.name = HF_SV("Trial");
		out.role = HF_SV("trial");
		return out;
	}
	out.roles = hf_hub_roles_of(call->server->hub, a->role);
	if (!hf_sv_starts(out.who, HF_SV("Practitioner/")))
		out.who = (struct hf_sv){0};
	return out;
}

static struct hf_sv
hub_ods(struct hf_call *call)
{
	return hf_hub_ods(call->server->hub);
}

bool
hf_api_hub_staff(struct hf_call *call)
{
	struct hf_sv ods = hub_ods(call);

	return call->actor->kind == HF_ACTOR_TRIAL ||
	       (ods.n && hf_sv_eq(call->actor->org, ods));
}

bool
hf_api_hub_sees(struct hf_call *call, const struct hf_hub_row *row)
{
	struct hf_entry entry;

	if (hf_store_find(call->reader, hf_resource_find(HF_SV("Task")), row->id,
			  &entry, NULL) != HF_OK)
		return false;
	hf_call_saw(call, row->rid);
	return true;
}

/* ---- rows ---- */

struct collecting {
	struct hf_call *call;
	const struct hf_pathway *p;
	enum hf_hub_view view;
	struct hf_sv team, ods;
	bool all;
	struct hf_hub_row *items;
	size_t n, size;
	bool full;
};

static bool
collect(void *ctx, const struct hf_hub_row *row)
{
	struct collecting *c = ctx;

	if (!hf_hub_view_has(c->p, c->view, c->team, row) ||
	    !(c->all || hf_hub_is_of(row, c->ods)))
		return true;
	if (c->n == c->size) {
		size_t size = c->size ? c->size * 2 : 256;
		struct hf_hub_row *more =
		    hf_arena_array(c->call->arena, size, sizeof *more);

		if (!more) {
			c->full = true;
			return false;
		}
		if (c->n)
			memcpy(more, c->items, c->n * sizeof *more);
		c->items = more;
		c->size = size;
	}
	c->full = !hf_row_copy(row, c->call->arena, &c->items[c->n++]);
	return !c->full;
}

/* Late first, then what is due soonest; what has no clock by when it came. */
static int
by_time_left(const void *a, const void *b)
{
	const struct hf_hub_row *x = a, *y = b;

	if (x->next != y->next)
		return x->next < y->next ? -1 : 1;
	if (x->received != y->received)
		return x->received < y->received ? -1 : 1;
	return hf_sv_cmp(x->id, y->id);
}

enum hf_rc
hf_api_hub_rows(struct hf_call *call, enum hf_hub_view view, struct hf_sv team,
		struct hf_api_rows *out, struct hf_err *err)
{
	struct collecting c = {.call = call,
			       .p = hf_hub_pathway(call->server->hub),
			       .view = view,
			       .team = team,
			       .ods = call->actor->org,
			       .all = call->actor->kind == HF_ACTOR_TRIAL};
	size_t n = 0;

	hf_hub_rows(call->server->hub, collect, &c);
	if (c.full)
		return hf_fail(err, HF_TOO_LONG, NULL, "the board is too long");
	for (size_t i = 0; i < c.n; i++)
		if (hf_api_hub_sees(call, &c.items[i]))
			c.items[n++] = c.items[i];
	if (n)
		qsort(c.items, n, sizeof *c.items, by_time_left);
	*out = (struct hf_api_rows){c.items, n};
	call->audit_hits = (int64_t)n;
	return HF_OK;
}

/* ---- GET /api/hub ---- */

static void
put_list(struct hf_jw *w, enum hf_hub_list list)
{
	size_t n;
	const struct hf_hub_word *words = hf_hub_words(list, &n);

	hf_jw_key(w, hf_sv_from(hf_hub_list_names[list]));
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "code", hf_sv_from(words[i].code));
		hf_jw_field(w, "text", hf_sv_from(words[i].text));
		if (list == HF_HUB_URGENCIES)
			hf_jw_field(w, "target", hf_sv_from(words[i].more));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static bool
has_role(const struct hf_pathway *p, hf_pw_set roles, const char *role)
{
	int r = hf_pw_role(p, hf_sv_from(role));

	return r >= 0 && (roles >> r & 1);
}

/* Has the caller a role of any pathway that may begin here? */
static bool
on_pathways(struct hf_call *call)
{
	struct hf_hub_actor who = hf_api_hub_actor(call);
	bool any = false;
	size_t n;
	const struct hf_case_def *defs = hf_caseload_defs(call->server->caseload, &n);

	for (size_t i = 0; i < n; i++)
		any = any || (defs[i].newest && hf_case_roles(defs[i].p, &who));
	return any;
}

static void
put_views(struct hf_call *call, struct hf_jw *w, const struct hf_pathway *p,
	  hf_pw_set roles)
{
	bool staff = hf_api_hub_staff(call);

	hf_jw_member(w, "views");
	hf_jw_arr(w);
	if (staff) {
		hf_jw_str(w, HF_SV("triage"));
		hf_jw_str(w, HF_SV("dispatch"));
	}
	if (has_role(p, roles, "team-member"))
		hf_jw_str(w, HF_SV("team"));
	if (staff)
		hf_jw_str(w, HF_SV("lead"));
	if (has_role(p, roles, "referrer"))
		hf_jw_str(w, HF_SV("new"));
	if (on_pathways(call))
		hf_jw_str(w, HF_SV("pathways"));
	hf_jw_arr_end(w);
}

static void
put_teams(struct hf_call *call, struct hf_jw *w, const struct hf_hub_teams *teams)
{
	bool all = call->actor->kind == HF_ACTOR_TRIAL;

	hf_jw_member(w, "teams");
	hf_jw_arr(w);
	for (size_t i = 0; i < teams->directory.n; i++) {
		const struct hf_team *t = &teams->directory.items[i];

		if (!all && !hf_sv_eq(t->ods, call->actor->org))
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "id", t->id);
		hf_jw_field(w, "name", t->name);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_api_hub(struct hf_call *call)
{
	struct hf_hub *hub = call->server->hub;
	const struct hf_pathway *p = hf_hub_pathway(hub);
	struct hf_hub_actor who = hf_api_hub_actor(call);
	struct hf_hub_teams teams;
	struct hf_sv id, name;
	struct hf_err err;
	struct hf_jw w;
	hf_pw_set roles;

	if (!hf_api_no_params(call))
		return;
	if (hf_hub_teams(hub, (struct hf_sv){0}, NULL, call->now, call->arena, &teams,
			 &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	/* At their own teams they have a team's roles. */
	roles = who.anywhere ? who.roles : hf_hub_roles_for(hub, &who, NULL);
	id = hf_hub_self(hub, &name);
	hf_api_begin(call, &w);
	if (id.n) {
		hf_jw_member(&w, "hub");
		hf_jw_obj(&w);
		hf_jw_field(&w, "id", id);
		hf_jw_field(&w, "name", name);
		hf_jw_obj_end(&w);
	}
	hf_jw_member(&w, "roles");
	hf_jw_arr(&w);
	for (size_t i = 0; i < p->n_roles; i++)
		if (roles >> i & 1)
			hf_jw_str(&w, hf_sv_from(p->roles[i]));
	hf_jw_arr_end(&w);
	put_teams(call, &w, &teams);
	put_views(call, &w, p, roles);
	for (enum hf_hub_list list = 0; list < HF_HUB_LISTS; list++)
		put_list(&w, list);
	hf_api_end(call);
}

/* ---- boards ---- */

/* The view asked for; false when it has answered. */
static bool
read_view(struct hf_call *call, enum hf_hub_view *view, struct hf_sv *team)
{
	struct hf_sv name = hf_call_take_param(call, HF_SV("view"));
	int found = hf_hub_view_find(name);
	struct hf_err err;

	*team = hf_call_take_param(call, HF_SV("team"));
	if (found < 0)
		hf_fail(&err, HF_INVALID, "view",
			"expected triage, dispatch, team or open");
	else if (team->n && !hf_hub_has_team(call->server->hub, *team))
		hf_fail(&err, HF_NOT_FOUND, "team", "there is no such team");
	else if ((found == HF_VIEW_TEAM) != (team->n != 0))
		hf_fail(&err, HF_INVALID, "team",
			"the view team, and no other, is of one team");
	else
		found += HF_HUB_VIEWS;
	if (found < HF_HUB_VIEWS) {
		hf_api_fail(call, &err);
		return false;
	}
	*view = (enum hf_hub_view)(found - HF_HUB_VIEWS);
	return true;
}

void
hf_api_hub_board(struct hf_call *call)
{
	const struct hf_pathway *p = hf_hub_pathway(call->server->hub);
	uint64_t seq = hf_hub_seq(call->server->hub);
	struct hf_api_rows rows;
	enum hf_hub_view view;
	struct hf_sv team;
	struct hf_err err;
	struct hf_jw w;
	char at[32];

	if (!read_view(call, &view, &team) || !hf_api_no_params(call))
		return;
	if (hf_api_hub_rows(call, view, team, &rows, &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_field(&w, "at", hf_sv_from(hf_time_format(call->now, at, sizeof at)));
	hf_jw_member(&w, "seq");
	hf_jw_int(&w, (int64_t)seq);
	hf_jw_member(&w, "rows");
	hf_jw_arr(&w);
	for (size_t i = 0; i < rows.n; i++)
		hf_hub_json_row(&w, p, &rows.items[i], call->now);
	hf_jw_arr_end(&w);
	hf_api_end(call);
}

void
hf_api_hub_events(struct hf_call *call)
{
	struct hf_sv after = hf_call_take_param(call, HF_SV("after"));
	struct hf_feed_ask ask = {.after = HF_FEED_NOW, .tag = call->actor->session};
	enum hf_hub_view view;
	struct hf_feed *feed;
	struct hf_sv team;
	struct hf_err err;

	if (!read_view(call, &view, &team) || !hf_api_no_params(call))
		return;
	if (after.n && !hf_sv_int(after, &ask.after)) {
		hf_fail(&err, HF_INVALID, "after", "expected the seq of a board");
		hf_api_fail(call, &err);
		return;
	}
	feed = hf_hub_live_feed(call->server->live, call->actor, view, team);
	if (!feed) {
		hf_fail(&err, HF_BUSY, NULL, "too many kinds of boards are open");
		hf_api_fail(call, &err);
		return;
	}
	hf_call_reply_feed(call, feed, &ask);
}

/* ---- GET /api/hub/teams ---- */

static void
put_codes(struct hf_jw *w, const char *name, const struct hf_codes *codes)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (size_t i = 0; i < codes->n; i++)
		hf_jw_str(w, codes->items[i]);
	hf_jw_arr_end(w);
}

static void
put_number(struct hf_jw *w, const char *name, int64_t n)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_int(w, n);
}

static void
put_time(struct hf_jw *w, const char *name, hf_time at)
{
	char text[32];

	if (at != HF_TIME_MAX)
		hf_jw_kv(w, hf_sv_from(name),
			 hf_sv_from(hf_time_format(at, text, sizeof text)));
}

static void
put_team(struct hf_jw *w, const struct hf_team *t, const struct hf_capacity *c,
	 hf_time now)
{
	bool open = hf_hours_open(&t->hours, now);

	hf_jw_obj(w);
	hf_jw_field(w, "id", t->id);
	hf_jw_field(w, "name", t->name);
	hf_api_text(w, "service", t->service);
	hf_api_text(w, "provider", t->provider_name);
	put_codes(w, "localities", &t->localities);
	put_codes(w, "skills", &t->skills);
	put_codes(w, "urgencies", &t->urgencies);
	hf_jw_member(w, "open");
	hf_jw_bool(w, open);
	if (!open)
		put_time(w, "opens", hf_hours_next(&t->hours, now));
	hf_jw_member(w, "capacity");
	hf_jw_obj(w);
	put_number(w, "staffed", c->staffed);
	put_number(w, "committed", c->committed);
	put_number(w, "reserved", c->reserved);
	put_number(w, "free", c->free);
	hf_jw_obj_end(w);
	put_number(w, "load",
		   c->staffed	  ? c->committed * 100 / c->staffed
		   : c->committed ? 100
				  : 0);
	put_number(w, "inherited", t->inherited);
	hf_api_text(w, "inheritedUntil", t->inherited_until);
	if (t->verified != INT64_MIN)
		put_time(w, "verified", t->verified * 86400000);
	hf_jw_member(w, "stale");
	hf_jw_bool(w, hf_team_stale(t, now));
	hf_api_text(w, "phone", t->phone);
	hf_jw_obj_end(w);
}

void
hf_api_hub_teams(struct hf_call *call)
{
	struct hf_hub_teams teams;
	struct hf_err err;
	struct hf_jw w;

	if (!hf_api_no_params(call))
		return;
	if (hf_hub_teams(call->server->hub, (struct hf_sv){0}, NULL, call->now,
			 call->arena, &teams, &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	put_time(&w, "at", call->now);
	hf_jw_member(&w, "teams");
	hf_jw_arr(&w);
	for (size_t i = 0; i < teams.directory.n; i++)
		if (teams.directory.items[i].active)
			put_team(&w, &teams.directory.items[i],
				 &teams.choices[i].capacity, call->now);
	hf_jw_arr_end(&w);
	hf_api_end(call);
}

/* ---- answers ---- */

void
hf_api_hub_fail(struct hf_call *call, const struct hf_err *err)
{
	struct hf_err moved = *err;

	if (err->rc == HF_STALE) {
		moved.rc = HF_EXISTS; /* 409: somebody was faster */
		hf_api_fail_as(call, &moved, "moved");
	} else {
		hf_api_fail(call, err);
	}
}

static void
committed(struct hf_call *call, struct hf_change *change)
{
	struct hf_hub_work *work = call->state;
	struct hf_hub *hub = call->server->hub;
	struct hf_hub_row row;
	struct hf_jw w;

	hf_hub_done(hub, work);
	if (change->rc != HF_OK) {
		hf_api_hub_fail(call, &change->err);
		return;
	}
	call->audit_type = hf_resource_find(HF_SV("Task"));
	call->audit_id = work->id;
	hf_api_begin(call, &w);
	hf_jw_member(&w, "row");
	hf_hub_work_row(work, &row);
	hf_hub_json_row(&w, hf_hub_pathway(hub), &row, call->now);
	hf_call_saw(call, row.rid);
	hf_api_end(call);
}

void
hf_api_hub_commit(struct hf_call *call, struct hf_hub_work *work)
{
	call->state = work;
	hf_call_commit(call, &work->change, committed);
}
