/* signin_local.c - signing in with a password: the password, a new one, the role; and
 * the accounts of a demonstration. */
#include <sodium.h>

#include "access/io/account.h"
#include "record/io/desk.h"
#include "access/password.h"
#include "server/api.h"
#include "server/serve.h"
#include "server/signin.h"

void hf_auth_sign_in(struct hf_call *call);
void hf_auth_password(struct hf_call *call);
void hf_auth_role(struct hf_call *call);
void hf_auth_demonstration(struct hf_call *call);

static void
fail_now(struct hf_signin_job *j, enum hf_rc rc, const char *path, const char *text)
{
	j->rc = hf_fail(&j->err, rc, path, "%s", text);
	hf_signin_fail(j);
}

/* ---- POST /auth/sign-in ---- */

static enum hf_rc
read_account(struct hf_signin_job *j, struct hf_account *out, bool *found,
	     struct hf_err *err)
{
	struct hf_reader *reader;
	enum hf_rc rc = hf_reader_get(j->call->store, &reader, err);

	if (rc)
		return rc;
	rc = hf_account_by_login(hf_reader_db(reader), j->login, j->call->arena, out,
				 err);
	hf_reader_put(reader);
	*found = rc == HF_OK;
	return rc == HF_NOT_FOUND ? HF_OK : rc;
}

/* May this account sign in with a password at all? */
static bool
takes_password(const struct hf_account *a, hf_time now)
{
	return a->state == HF_ACCOUNT_ACTIVE && !a->demonstration && a->secret.n &&
	       (a->secret_until == 0 || now < a->secret_until);
}

static enum hf_rc
set_string(struct hf_account *a, void *ctx, struct hf_err *err)
{
	const char *string = ctx;

	(void)err;
	a->secret = hf_sv_from(string);
	return HF_OK;
}

/* The costs of passwords went up since this one was kept. */
static void
renew_string(struct hf_signin_job *j, const struct hf_account *a)
{
	char string[HF_PASSWORD_STRING];
	struct hf_err err;

	if (!hf_password_is_old(a->secret) ||
	    hf_password_hash(j->password, string, &err) != HF_OK)
		return;
	(void)hf_signin_change(j, a->id, "password-costs", set_string, string, &err);
}

static enum hf_rc
go_on(struct hf_signin_job *j, const struct hf_account *a, struct hf_err *err)
{
	struct hf_sign *s = j->call->server->sign;
	struct hf_pending p = {.method = "local",
			       .assurance = 1,
			       .until = j->call->now +
					hf_sessions_limits(s->sessions)->pending};

	p.step = a->secret_until ? HF_STEP_PASSWORD
		 : a->totp.n	 ? HF_STEP_TOTP
				 : HF_STEP_ENROL;
	snprintf(p.account, sizeof p.account, "%.*s", HF_SV_ARG(a->id));
	snprintf(p.login, sizeof p.login, "%.*s", HF_SV_ARG(a->login));
	j->step = p.step;
	return hf_signin_keep(j, &p, err);
}

static void
work_sign_in(struct hf_signin_job *j)
{
	struct hf_account a = {0};
	bool found = false, is;

	j->rc = hf_signin_may_try(j, j->login, &j->err);
	if (j->rc == HF_OK)
		j->rc = read_account(j, &a, &found, &j->err);
	if (j->rc)
		return;
	found = found && takes_password(&a, j->call->now);
	/* The work is done for nobody's account too: the time tells nothing. */
	is = hf_password_is(j->password, found ? a.secret : HF_SV(""));
	if (a.id.n)
		j->passed.account = a.id;
	if (!found || !is) {
		hf_signin_count(j, j->login, false);
		j->rc = hf_fail(&j->err, HF_LOGIN, NULL,
				"the login or the password is wrong");
		return;
	}
	renew_string(j, &a);
	hf_signin_leave(j->call);
	j->rc = go_on(j, &a, &j->err);
}

/* The audit names the account that was tried, when there is one. */
static void
name_tried(struct hf_signin_job *j)
{
	struct hf_call *c = j->call;

	if (j->passed.account.n)
		c->who.id = hf_arena_printf(c->arena, "user/%.*s",
					    HF_SV_ARG(j->passed.account));
}

static void
run_and_name(struct hf_signin_job *j)
{
	work_sign_in(j);
	name_tried(j);
}

void
hf_auth_sign_in(struct hf_call *c)
{
	struct hf_signin_job *j = hf_signin_begin(c);
	struct hf_sv login;

	if (!j)
		return;
	if (!j->login.n || !j->password.n) {
		fail_now(j, HF_INVALID, j->login.n ? "password" : "login",
			 "give login and password");
		return;
	}
	/* Nobody has a login of another form; it takes as long to say so. */
	if (hf_login_fold(j->login, c->arena, &login, NULL) != HF_OK)
		login = HF_SV("?");
	j->login = login;
	hf_signin_run(j, c->server->sign->hashing, run_and_name, hf_signin_answer_step);
}

/* ---- POST /auth/password ---- */

struct new_password {
	char string[HF_PASSWORD_STRING];
	bool once; /* it takes the place of one that is good once */
	hf_time now;
};

static enum hf_rc
set_password(struct hf_account *a, void *ctx, struct hf_err *err)
{
	const struct new_password *n = ctx;

	if (n->once && (a->secret_until == 0 || a->secret_until <= n->now))
		return hf_fail(err, HF_STALE, NULL,
			       "the password was set meanwhile, or its time is over; "
			       "begin again");
	a->secret = hf_sv_from(n->string);
	a->secret_at = n->now;
	a->secret_until = 0;
	return HF_OK;
}

static enum hf_rc
change_password(struct hf_signin_job *j, struct hf_account *a, struct hf_err *err)
{
	struct new_password n = {.once = !j->has_seat, .now = j->call->now};
	enum hf_rc rc = hf_signin_account(j, a, err);

	if (rc == HF_OK)
		rc = hf_password_check(j->password, a->login, a->name, err);
	if (rc == HF_OK && hf_password_is(j->password, a->secret))
		rc = hf_fail(err, HF_RULE, "password",
			     "choose a password that is not the one of before");
	if (rc == HF_OK)
		rc = hf_password_hash(j->password, n.string, err);
	if (rc == HF_OK)
		rc = hf_signin_change(j, a->id, "password", set_password, &n, err);
	sodium_memzero(&n, sizeof n);
	return rc;
}

static void
work_password(struct hf_signin_job *j)
{
	struct hf_sign *s = j->call->server->sign;
	struct hf_account a;

	j->rc = change_password(j, &a, &j->err);
	if (j->rc)
		return;
	if (j->has_seat) {
		j->step = HF_STEP_DONE;
		j->rc = hf_sessions_end_others(
		    s->sessions, a.id, j->seat.s.id, HF_SESSION_RESET,
		    hf_arena_printf(j->call->arena, "user/%.*s", HF_SV_ARG(a.id)),
		    &j->err);
		return;
	}
	a.secret_until = 0;
	j->rc = go_on(j, &a, &j->err);
}

void
hf_auth_password(struct hf_call *c)
{
	struct hf_signin_job *j = hf_signin_begin(c);

	if (!j)
		return;
	if (!j->password.n) {
		fail_now(j, HF_INVALID, "password", "give the new password");
		return;
	}
	if (j->has_seat)
		j->rc = hf_sign_proved(c, &j->err);
	else if (!j->has_pending || j->pending.step != HF_STEP_PASSWORD)
		j->rc = hf_fail(&j->err, HF_LOGIN, NULL,
				"there is no sign-in at this step; begin again with "
				"your password");
	if (j->rc == HF_OK && j->has_seat && !j->seat.password)
		j->rc = hf_fail(&j->err, HF_RULE, NULL,
				"this account does not sign in with a password here");
	if (j->rc) {
		hf_signin_fail(j);
		return;
	}
	if (j->has_pending)
		c->who.id = hf_arena_printf(c->arena, "user/%s", j->pending.account);
	hf_signin_run(j, c->server->sign->hashing, work_password,
		      hf_signin_answer_step);
}

/* ---- POST /auth/role ---- */

static void
work_first_role(struct hf_signin_job *j)
{
	struct hf_signin_proof proof = {
	    .account = hf_sv_from(j->pending.account),
	    .method = hf_sv_from(j->pending.method),
	    .assurance = j->pending.assurance,
	    .role = j->role,
	};

	j->rc = hf_signin_pass(j->call, &proof, &j->passed, &j->err);
	if (j->rc == HF_OK)
		hf_pending_drop(j->call->server->sign->pendings, j->hash);
}

static void
work_other_role(struct hf_signin_job *j)
{
	struct hf_session_change change = {.what = "role", .role = j->role};

	j->rc = hf_sessions_change(j->call->server->sign->sessions, j->token, &change,
				   j->call->now, j->new_token, &j->err);
	j->step = HF_STEP_DONE;
}

void
hf_auth_role(struct hf_call *c)
{
	struct hf_signin_job *j = hf_signin_begin(c);

	if (!j)
		return;
	if (j->role == 0) {
		fail_now(j, HF_INVALID, "role", "give the number of a role");
		return;
	}
	if (j->has_seat) {
		hf_signin_run(j, c->server->sign->desk, work_other_role,
			      hf_signin_answer_step);
		return;
	}
	if (!j->has_pending || j->pending.step != HF_STEP_ROLE) {
		fail_now(j, HF_LOGIN, NULL,
			 "there is no sign-in at this step; begin again with your "
			 "password");
		return;
	}
	hf_signin_run(j, c->server->sign->desk, work_first_role, hf_signin_answer_step);
}

/* ---- POST /auth/demonstration ---- */

static void
work_demonstration(struct hf_signin_job *j)
{
	struct hf_signin_proof proof = {.method = HF_SV("demonstration"),
					.assurance = 2};
	struct hf_account a;
	bool found = false;

	j->rc = read_account(j, &a, &found, &j->err);
	if (j->rc == HF_OK && (!found || !a.demonstration))
		j->rc = hf_fail(&j->err, HF_LOGIN, "login",
				"there is no such account of the demonstration");
	if (j->rc)
		return;
	proof.account = a.id;
	j->rc = hf_signin_pass(j->call, &proof, &j->passed, &j->err);
}

void
hf_auth_demonstration(struct hf_call *c)
{
	struct hf_signin_job *j;
	struct hf_err err;

	if (!c->server->sign->demonstration || !hf_req_from_loopback(c->req)) {
		hf_fail(&err, HF_NOT_FOUND, NULL, "there is nothing at this address");
		hf_api_fail(c, &err);
		return;
	}
	j = hf_signin_begin(c);
	if (!j)
		return;
	if (hf_login_fold(j->login, c->arena, &j->login, &j->err) != HF_OK) {
		j->rc = j->err.rc;
		hf_signin_fail(j);
		return;
	}
	hf_signin_run(j, c->server->sign->desk, work_demonstration,
		      hf_signin_answer_step);
}
