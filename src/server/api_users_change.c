/* api_users_change.c - administration of accounts and sessions, for the pages: changes.
 * Each needs a fresh proof of who makes it and is a job of the desk. */
#include <sodium.h>

#include "access/io/account.h"
#include "base/io/clock.h"
#include "server/api_body.h"
#include "server/api_users.h"
#include "server/serve.h"
#include "server/sign.h"
#include "server/users.h"

void hf_api_user_add(struct hf_call *call);
void hf_api_user_role_add(struct hf_call *call);
void hf_api_user_role_end(struct hf_call *call);
void hf_api_user_end(struct hf_call *call);
void hf_api_user_again(struct hf_call *call);
void hf_api_user_reset(struct hf_call *call);
void hf_api_user_unlock(struct hf_call *call);
void hf_api_session_end(struct hf_call *call);

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
	char until[32];
	struct hf_jw w;

	if (a->rc) {
		hf_api_fail(c, &a->err);
		return;
	}
	if (!a->one_time[0]) {
		c->now = hf_now(); /* what ended now is shown as ended */
		hf_api_user_answer(c, a->account);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_field(&w, "id", a->account);
	hf_api_text(&w, "login", a->user.login);
	hf_jw_field(&w, "password", hf_sv_from(a->one_time));
	hf_jw_field(
	    &w, "until",
	    hf_sv_from(hf_time_format(c->now + HF_ONE_TIME_DAYS * (hf_time)86400000,
				      until, sizeof until)));
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
	hf_api_user_answer(c, a->account);
}

/* ---- sessions ---- */

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
