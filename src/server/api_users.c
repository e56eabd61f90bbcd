/* api_users.c - administration of accounts and sessions, for the pages
 * (docs/interfaces/sign-in.md): what is shown.  Changes are in api_users_change.c. */
#include "access/io/account.h"
#include "record/io/desk.h"
#include "server/api_users.h"
#include "server/org_names.h"
#include "server/serve.h"
#include "server/sign.h"
#include "server/users.h"

void hf_api_users(struct hf_call *call);
void hf_api_user(struct hf_call *call);
void hf_api_roles(struct hf_call *call);
void hf_api_sessions(struct hf_call *call);

enum { PAGE = 200, LIMIT_MOST = 500, LIMIT = 100, LOOK_AT_MOST = 20000 };

/* ---- what is shown ---- */

static void
put_time(struct hf_jw *w, const char *name, hf_time t)
{
	char text[32];

	if (t == 0 || t == HF_TIME_MAX)
		return;
	hf_jw_kv(w, hf_sv_from(name), hf_sv_from(hf_time_format(t, text, sizeof text)));
}

static const char *
state_of(const struct hf_account *a)
{
	if (a->state == HF_ACCOUNT_ENDED)
		return "ended";
	return a->signed_in || a->demonstration ? "active" : "new";
}

static void
put_role(struct hf_call *c, struct hf_jw *w, const struct hf_org_names *orgs,
	 const struct hf_account_role *r)
{
	const struct hf_role *kind = hf_policy_role(&c->server->policy, r->role);

	hf_jw_obj(w);
	hf_api_number(w, "id", r->id);
	hf_jw_field(w, "role", kind ? hf_sv_from(kind->name) : r->role);
	hf_jw_field(w, "roleCode", r->role);
	hf_api_text(w, "org", hf_org_names_of(orgs, r->org));
	hf_api_text(w, "orgCode", r->org);
	hf_api_text(w, "team", r->team);
	hf_api_text(w, "supervisor", r->supervisor);
	put_time(w, "from", r->since);
	put_time(w, "until", r->until);
	hf_api_flag(w, "active", hf_account_role_active(r, c->now));
	hf_api_flag(w, "trained", (r->flags & HF_ROLE_TRAINED) != 0);
	hf_api_flag(w, "kiosk", (r->flags & HF_ROLE_KIOSK) != 0);
	hf_jw_obj_end(w);
}

static enum hf_rc
put_user(struct hf_call *c, struct hf_jw *w, const struct hf_org_names *orgs,
	 const struct hf_account *a, struct hf_err *err)
{
	struct hf_account_role *roles;
	size_t n;
	enum hf_rc rc =
	    hf_account_roles(hf_reader_db(c->reader), a->id, c->arena, &roles, &n, err);

	if (rc)
		return rc;
	hf_jw_field(w, "id", a->id);
	hf_jw_field(w, "login", a->login);
	hf_jw_field(w, "name", a->name);
	hf_jw_field(w, "state", hf_sv_from(state_of(a)));
	hf_api_flag(w, "demonstration", a->demonstration);
	hf_api_flag(w, "factor", a->totp.n > 0);
	hf_api_text(w, "practitioner", a->who);
	hf_api_text(w, "issuer", a->issuer);
	put_time(w, "created", a->created);
	put_time(w, "lastSignIn", a->signed_in);
	put_time(w, "ended", a->ended);
	hf_jw_member(w, "roles");
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++)
		put_role(c, w, orgs, &roles[i]);
	hf_jw_arr_end(w);
	return HF_OK;
}

/* ---- GET /api/admin/users ---- */

struct query {
	struct hf_sv q, state, after;
	size_t limit;
};

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool
holds(struct hf_sv text, struct hf_sv part)
{
	for (size_t at = 0; at + part.n <= text.n; at++) {
		size_t i = 0;

		while (i < part.n && lower(text.p[at + i]) == lower(part.p[i]))
			i++;
		if (i == part.n)
			return true;
	}
	return false;
}

static bool
fits(const struct query *q, const struct hf_account *a)
{
	if (q->state.n && !hf_sv_eq(q->state, hf_sv_from(state_of(a))))
		return false;
	return q->q.n == 0 || holds(a->login, q->q) || holds(a->name, q->q);
}

static enum hf_rc
put_users(struct hf_call *c, struct hf_jw *w, struct query *q, struct hf_err *err)
{
	struct hf_db *db = hf_reader_db(c->reader);
	struct hf_sv last = {NULL, 0};
	size_t n = PAGE, shown = 0, looked = 0;
	const struct hf_org_names *orgs = NULL;
	enum hf_rc rc = hf_org_names_get(c, &orgs, err);

	hf_jw_member(w, "items");
	hf_jw_arr(w);
	while (rc == HF_OK && n == PAGE && shown < q->limit && looked < LOOK_AT_MOST) {
		struct hf_account *list;

		rc = hf_account_list(db, q->after, PAGE, c->arena, &list, &n, err);
		for (size_t i = 0; rc == HF_OK && i < n && shown < q->limit; i++) {
			looked++;
			q->after = list[i].login;
			if (!fits(q, &list[i]))
				continue;
			hf_jw_obj(w);
			rc = put_user(c, w, orgs, &list[i], err);
			hf_jw_obj_end(w);
			shown++;
		}
	}
	hf_jw_arr_end(w);
	if (shown == q->limit || looked >= LOOK_AT_MOST)
		last = q->after;
	hf_api_text(w, "next", last);
	hf_org_names_drop(orgs);
	return rc;
}

void
hf_api_users(struct hf_call *c)
{
	struct query q = {.q = hf_sv_trim(hf_call_param(c, HF_SV("q"))),
			  .state = hf_call_param(c, HF_SV("state")),
			  .after = hf_call_param(c, HF_SV("after"))};
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc = hf_api_limit(c, LIMIT_MOST, &q.limit, &err);

	if (q.limit == 0)
		q.limit = LIMIT;
	(void)hf_call_take_param(c, HF_SV("q"));
	(void)hf_call_take_param(c, HF_SV("state"));
	(void)hf_call_take_param(c, HF_SV("after"));
	(void)hf_call_take_param(c, HF_SV("limit"));
	if (rc == HF_OK && !hf_api_no_params(c))
		return;
	hf_api_begin(c, &w);
	if (rc == HF_OK)
		rc = put_users(c, &w, &q, &err);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
}

void
hf_api_user_answer(struct hf_call *c, struct hf_sv id)
{
	const struct hf_org_names *orgs = NULL;
	struct hf_account a;
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc = hf_account_get(hf_reader_db(c->reader), id, c->arena, &a, &err);

	if (rc == HF_OK)
		rc = hf_org_names_get(c, &orgs, &err);
	hf_api_begin(c, &w);
	if (rc == HF_OK)
		rc = put_user(c, &w, orgs, &a, &err);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
	hf_org_names_drop(orgs);
}

void
hf_api_user(struct hf_call *c)
{
	if (hf_api_no_params(c))
		hf_api_user_answer(c, c->arg[0]);
}

/* ---- GET /api/admin/roles ---- */

void
hf_api_roles(struct hf_call *c)
{
	const struct hf_policy *p = &c->server->policy;
	struct hf_jw w;

	if (!hf_api_no_params(c))
		return;
	hf_api_begin(c, &w);
	hf_jw_member(&w, "roles");
	hf_jw_arr(&w);
	for (size_t i = 0; i < p->n_roles; i++) {
		const struct hf_role *r = &p->roles[i];
		int group = (int)r->group;

		if (r->group == HF_GROUP_INT)
			continue;
		hf_jw_obj(&w);
		hf_jw_field(&w, "code", hf_sv_from(r->code));
		hf_jw_field(&w, "name", hf_sv_from(r->name));
		hf_jw_field(&w, "group", hf_sv_from(hf_word(HF_WORDS_GROUP, group)));
		hf_jw_field(&w, "groupText",
			    hf_sv_from(hf_word_text(HF_WORDS_GROUP, group)));
		hf_api_flag(&w, "needsOrg", hf_users_role_has_org(r));
		hf_api_flag(&w, "needsSupervisor", r->group == HF_GROUP_STUD);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_api_end(c);
}

/* ---- sessions ---- */

static void
put_session(struct hf_call *c, struct hf_jw *w, const struct hf_org_names *orgs,
	    const struct hf_seat *s)
{
	hf_jw_obj(w);
	hf_api_number(w, "id", s->s.id);
	hf_jw_field(w, "user", s->s.account);
	hf_jw_field(w, "login", s->login);
	hf_jw_field(w, "name", s->name);
	hf_jw_field(w, "role", hf_sv_from(s->kind->name));
	hf_jw_field(w, "roleCode", s->role.role);
	hf_api_text(w, "org", hf_org_names_of(orgs, s->role.org));
	hf_api_text(w, "orgCode", s->role.org);
	hf_jw_field(w, "method", s->s.method);
	put_time(w, "since", s->s.created);
	put_time(w, "seen", s->s.seen);
	put_time(w, "ends", hf_session_idle_end(&s->s));
	hf_api_text(w, "from", s->s.address);
	hf_api_flag(w, "current", s->s.id == c->actor->session);
	hf_jw_obj_end(w);
}

void
hf_api_sessions(struct hf_call *c)
{
	struct hf_sv user = hf_call_take_param(c, HF_SV("user"));
	struct hf_seat *list;
	const struct hf_org_names *orgs = NULL;
	struct hf_err err;
	struct hf_jw w;
	size_t n;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	rc = hf_sessions_list(c->server->sign->sessions, user, c->now, LIMIT_MOST,
			      c->arena, &list, &n, &err);
	if (rc == HF_OK)
		rc = hf_org_names_get(c, &orgs, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "items");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++)
		put_session(c, &w, orgs, &list[i]);
	hf_jw_arr_end(&w);
	hf_api_flag(&w, "more", n == LIMIT_MOST);
	hf_api_end(c);
	hf_org_names_drop(orgs);
}
