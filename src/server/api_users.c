/* api_users.c - administration of accounts and sessions, for the pages
 * (docs/interfaces/sign-in.md).  Reading needs the right to administer, changing a
 * fresh proof of who does it as well; each change is a job of the desk. */
#include <sodium.h>

#include "access/io/account.h"
#include "base/io/clock.h"
#include "server/api.h"
#include "server/api_body.h"
#include "server/org_names.h"
#include "server/serve.h"
#include "server/sign.h"
#include "server/users.h"

void hf_api_users(struct hf_call *call);
void hf_api_user(struct hf_call *call);
void hf_api_user_add(struct hf_call *call);
void hf_api_user_role_add(struct hf_call *call);
void hf_api_user_role_end(struct hf_call *call);
void hf_api_user_end(struct hf_call *call);
void hf_api_user_again(struct hf_call *call);
void hf_api_user_reset(struct hf_call *call);
void hf_api_user_unlock(struct hf_call *call);
void hf_api_roles(struct hf_call *call);
void hf_api_sessions(struct hf_call *call);
void hf_api_session_end(struct hf_call *call);

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

static void
answer_user(struct hf_call *c, struct hf_sv id)
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
		answer_user(c, c->arg[0]);
}

/* ---- changes ---- */

struct act {
	struct hf_call *call;
	struct hf_users users;
	struct hf_user_new user;
	struct hf_sv account;
	struct hf_account_role role;
	int64_t number;
	enum hf_rc rc;
	struct hf_err err;
	char one_time[HF_ONE_TIME_LEN + 1];
	void (*work)(struct act *a);
};

/* Reads the body; NULL: it has answered. */
static struct act *
begin(struct hf_call *c, const char *members, struct hf_json *d)
{
	struct act *a = HF_NEW(c->arena, struct act);
	struct hf_err err;
	enum hf_rc rc = hf_sign_proved(c, &err);

	if (rc == HF_OK && !a)
		rc = hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	if (rc == HF_OK)
		rc = hf_api_body(c, members, d, &err);
	if (rc) {
		if (strcmp(err.path, "proof") == 0)
			hf_api_fail_as(c, &err, "proof");
		else
			hf_api_fail(c, &err);
		return NULL;
	}
	a->call = c;
	a->account = c->arg[0];
	a->users = (struct hf_users){.store = c->store,
				     .sessions = c->server->sign->sessions,
				     .policy = &c->server->policy,
				     .actor = c->actor->id,
				     .purpose = c->actor->purpose,
				     .arena = c->arena,
				     .now = c->now};
	return a;
}

static void
run(struct hf_call *c, void *ctx)
{
	struct act *a = ctx;

	(void)c;
	a->work(a);
}

static void
answer(struct hf_call *c, void *ctx)
{
	struct act *a = ctx;
	struct hf_jw w;

	if (a->rc) {
		hf_api_fail(c, &a->err);
		return;
	}
	if (!a->one_time[0]) {
		c->now = hf_now(); /* what ended now is shown as ended */
		answer_user(c, a->account);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_field(&w, "id", a->account);
	hf_api_text(&w, "login", a->user.login);
	hf_jw_field(&w, "password", hf_sv_from(a->one_time));
	put_time(&w, "until", c->now + HF_ONE_TIME_DAYS * (hf_time)86400000);
	hf_api_end(c);
	sodium_memzero(a->one_time, sizeof a->one_time);
}

/* One-time passwords cost what passwords cost. */
static void
start(struct act *a, void (*work)(struct act *a), bool hashes)
{
	struct hf_sign *s = a->call->server->sign;

	a->work = work;
	hf_call_work(a->call, hashes ? s->hashing : s->desk, run, answer, hf_api_fail,
		     a);
}

static enum hf_rc
read_text(struct act *a, const struct hf_json *d, const char *name, struct hf_sv *out)
{
	return hf_api_body_text(a->call, d, name, 0, 256, out, &a->err);
}

static enum hf_rc
read_day(struct act *a, const struct hf_json *d, const char *name, hf_time *out)
{
	struct hf_sv text = {NULL, 0};
	struct hf_date date;
	enum hf_rc rc = read_text(a, d, name, &text);

	if (rc || text.n == 0)
		return rc;
	if (!hf_date_parse(text, true, &date))
		return hf_fail(&a->err, HF_INVALID, name,
			       "expected a day or a time, as in 2026-11-22");
	*out = date.lo;
	return HF_OK;
}

static int64_t
flag_of(const struct hf_json *d, const char *name, int64_t flag)
{
	uint32_t i = hf_json_get(d, 0, hf_sv_from(name));

	return i != HF_JSON_NONE && hf_json_type(d, i) == HF_JSON_TRUE ? flag : 0;
}

static enum hf_rc
read_role(struct act *a, const struct hf_json *d)
{
	struct hf_account_role *r = &a->role;
	enum hf_rc rc = read_text(a, d, "role", &r->role);

	r->since = a->call->now;
	r->until = HF_TIME_MAX;
	if (rc == HF_OK)
		rc = read_text(a, d, "org", &r->org);
	if (rc == HF_OK)
		rc = read_text(a, d, "team", &r->team);
	if (rc == HF_OK)
		rc = read_text(a, d, "supervisor", &r->supervisor);
	if (rc == HF_OK)
		rc = read_day(a, d, "from", &r->since);
	if (rc == HF_OK)
		rc = read_day(a, d, "until", &r->until);
	r->flags =
	    flag_of(d, "trained", HF_ROLE_TRAINED) | flag_of(d, "kiosk", HF_ROLE_KIOSK);
	return rc;
}

#define ROLE_MEMBERS "role org team supervisor from until trained kiosk"

static void
work_add(struct act *a)
{
	a->rc = hf_users_add(&a->users, &a->user, &a->account, a->one_time, &a->err);
}

void
hf_api_user_add(struct hf_call *c)
{
	struct hf_json d;
	struct act *a = begin(
	    c, "login name practitioner issuer subject sdsUserId " ROLE_MEMBERS, &d);

	if (!a)
		return;
	a->rc = read_text(a, &d, "login", &a->user.login);
	if (a->rc == HF_OK)
		a->rc = read_text(a, &d, "name", &a->user.name);
	if (a->rc == HF_OK)
		a->rc = read_text(a, &d, "practitioner", &a->user.who);
	if (a->rc == HF_OK)
		a->rc = read_text(a, &d, "issuer", &a->user.issuer);
	if (a->rc == HF_OK)
		a->rc = read_text(a, &d, "subject", &a->user.subject);
	if (a->rc == HF_OK)
		a->rc = read_text(a, &d, "sdsUserId", &a->user.sds);
	if (a->rc == HF_OK)
		a->rc = read_role(a, &d);
	a->user.role = a->role;
	if (a->rc)
		hf_api_fail(c, &a->err);
	else
		start(a, work_add, true);
}

static void
work_role_add(struct act *a)
{
	a->rc = hf_users_role_add(&a->users, a->account, &a->role, &a->number, &a->err);
}

void
hf_api_user_role_add(struct hf_call *c)
{
	struct hf_json d;
	struct act *a = begin(c, ROLE_MEMBERS, &d);

	if (!a)
		return;
	a->rc = read_role(a, &d);
	if (a->rc)
		hf_api_fail(c, &a->err);
	else
		start(a, work_role_add, false);
}

static void
work_role_end(struct act *a)
{
	a->rc =
	    hf_users_role_end(&a->users, a->account, a->number, a->role.until, &a->err);
}

void
hf_api_user_role_end(struct hf_call *c)
{
	struct hf_json d;
	struct act *a = begin(c, "at", &d);

	if (!a)
		return;
	a->rc = read_day(a, &d, "at", &a->role.until);
	if (a->rc == HF_OK && (!hf_sv_int(c->arg[1], &a->number) || a->number <= 0))
		a->rc = hf_fail(&a->err, HF_NOT_FOUND, NULL,
				"the account has no role of this number");
	if (a->rc)
		hf_api_fail(c, &a->err);
	else
		start(a, work_role_end, false);
}

static void
work_end(struct act *a)
{
	/* Who administers cannot lock themself out by a slip. */
	if (hf_sv_starts(a->users.actor, HF_SV("user/")) &&
	    hf_sv_eq(hf_sv_from_at(a->users.actor, 5), a->account))
		a->rc =
		    hf_fail(&a->err, HF_RULE, NULL,
			    "this is your own account: somebody else has to end it");
	else
		a->rc = hf_users_end(&a->users, a->account, &a->err);
}

void
hf_api_user_end(struct hf_call *c)
{
	struct hf_json d;
	struct act *a = begin(c, "reason", &d);

	if (a)
		start(a, work_end, false);
}

static void
work_again(struct act *a)
{
	a->rc = hf_users_again(&a->users, a->account, a->one_time, &a->err);
}

void
hf_api_user_again(struct hf_call *c)
{
	struct hf_json d;
	struct act *a = begin(c, "", &d);

	if (a)
		start(a, work_again, true);
}

static void
work_reset(struct act *a)
{
	a->rc = hf_users_reset(&a->users, a->account, a->one_time, &a->err);
}

void
hf_api_user_reset(struct hf_call *c)
{
	struct hf_json d;
	struct act *a = begin(c, "", &d);

	if (a)
		start(a, work_reset, true);
}

void
hf_api_user_unlock(struct hf_call *c)
{
	struct hf_sign *s = c->server->sign;
	struct hf_account account;
	struct hf_json d;
	struct act *a = begin(c, "", &d);

	if (!a)
		return;
	if (hf_account_get(hf_reader_db(c->reader), a->account, c->arena, &account,
			   &a->err) != HF_OK) {
		hf_api_fail(c, &a->err);
		return;
	}
	pthread_mutex_lock(&s->throttle_lock);
	hf_throttle_forgive(s->throttle, account.login);
	pthread_mutex_unlock(&s->throttle_lock);
	answer_user(c, a->account);
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

static void
work_session_end(struct act *a)
{
	a->rc = hf_sessions_end(a->call->server->sign->sessions, a->number,
				HF_SESSION_ADMINISTRATOR, a->users.actor, &a->err);
}

static void
answer_ended(struct hf_call *c, void *ctx)
{
	struct act *a = ctx;
	struct hf_jw w;

	if (a->rc) {
		hf_api_fail(c, &a->err);
		return;
	}
	hf_api_begin(c, &w);
	hf_api_end(c);
}

void
hf_api_session_end(struct hf_call *c)
{
	struct hf_json d;
	struct act *a = begin(c, "", &d);

	if (!a)
		return;
	if (!hf_sv_int(c->arg[0], &a->number) || a->number <= 0) {
		hf_fail(&a->err, HF_NOT_FOUND, NULL, "there is no such session");
		hf_api_fail(c, &a->err);
		return;
	}
	a->work = work_session_end;
	hf_call_work(c, c->server->sign->desk, run, answer_ended, hf_api_fail, a);
}
