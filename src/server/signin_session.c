/* signin_session.c - a session once it is there: proving oneself again, another
 * purpose, staying, leaving; and what the pages are told of it. */
#include <sodium.h>

#include "access/io/account.h"
#include "access/password.h"
#include "server/api.h"
#include "server/serve.h"
#include "server/signin.h"

void hf_auth_prove(struct hf_call *call);
void hf_auth_purpose(struct hf_call *call);
void hf_auth_stay(struct hf_call *call);
void hf_auth_sign_out(struct hf_call *call);

static void
put_time(struct hf_jw *w, const char *name, hf_time t)
{
	char text[32];

	hf_jw_kv(w, hf_sv_from(name), hf_sv_from(hf_time_format(t, text, sizeof text)));
}

static struct hf_signin_job *
begin(struct hf_call *c)
{
	struct hf_signin_job *j = hf_signin_begin(c);

	if (j && !j->has_seat) {
		j->rc = hf_fail(&j->err, HF_RULE, NULL,
				"this is for people who signed in with a browser");
		hf_signin_fail(j);
		return NULL;
	}
	return j;
}

/* ---- POST /auth/prove ---- */

/* Each thing that is given has to be right, and at least one is given: a code, the
 * password.  In a demonstration nobody has either. */
static enum hf_rc
check_proof(struct hf_signin_job *j, struct hf_err *err)
{
	struct hf_account a;
	enum hf_rc rc = hf_signin_may_try(j, j->seat.login, err);

	if (rc == HF_OK)
		rc = hf_signin_account(j, &a, err);
	if (rc == HF_OK && j->password.n && !hf_password_is(j->password, a.secret))
		rc = hf_fail(err, HF_LOGIN, "password", "the password is wrong");
	if (rc == HF_OK && j->code.n)
		rc = hf_signin_use_code(j, &a, err);
	if (rc == HF_LOGIN)
		hf_signin_count(j, j->seat.login, false);
	return rc;
}

static void
work_prove(struct hf_signin_job *j)
{
	if (!j->seat.demonstration)
		j->rc = check_proof(j, &j->err);
	/* 401 would say that the session is over. */
	if (j->rc == HF_LOGIN)
		j->rc = j->err.rc = HF_RULE;
	if (j->rc == HF_OK)
		j->rc = hf_signin_proved(j->call, j->new_token, &j->err);
	j->proved = j->call->now;
}

static void
answer_proved(struct hf_signin_job *j)
{
	char csrf[HF_CSRF_TEXT + 1];
	struct hf_jw w;

	hf_sign_set_cookie(j->call, j->new_token);
	hf_session_csrf(hf_sv_from(j->new_token), csrf);
	hf_api_begin(j->call, &w);
	put_time(&w, "proved", j->proved);
	hf_jw_field(&w, "csrf", hf_sv_from(csrf));
	hf_api_end(j->call);
	sodium_memzero(j->new_token, sizeof j->new_token);
}

void
hf_auth_prove(struct hf_call *c)
{
	struct hf_signin_job *j = begin(c);

	if (!j)
		return;
	if (!j->seat.demonstration && !j->code.n && !j->password.n)
		j->rc = hf_fail(&j->err, HF_INVALID, "code",
				"give a code of your second factor, or your password");
	else if (!j->seat.demonstration && !hf_sv_is(j->seat.s.method, "local"))
		j->rc = hf_fail(&j->err, HF_RULE, NULL,
				"you signed in with a provider: prove yourself there");
	if (j->rc) {
		hf_signin_fail(j);
		return;
	}
	hf_signin_run(j,
		      j->password.n ? c->server->sign->hashing : c->server->sign->desk,
		      work_prove, answer_proved);
}

/* ---- POST /auth/purpose ---- */

static void
work_purpose(struct hf_signin_job *j)
{
	struct hf_session_change change = {
	    .what = "purpose", .purpose = j->purpose, .case_ref = j->case_ref};

	if (!change.case_ref.p)
		change.case_ref = HF_SV("");
	j->rc = hf_sessions_change(j->call->server->sign->sessions, j->token, &change,
				   j->call->now, j->new_token, &j->err);
}

static void
answer_purpose(struct hf_signin_job *j)
{
	char csrf[HF_CSRF_TEXT + 1];
	struct hf_jw w;

	hf_sign_set_cookie(j->call, j->new_token);
	hf_session_csrf(hf_sv_from(j->new_token), csrf);
	hf_api_begin(j->call, &w);
	hf_jw_field(&w, "purpose", j->purpose);
	hf_api_text(&w, "caseRef", j->case_ref);
	hf_jw_field(&w, "csrf", hf_sv_from(csrf));
	hf_api_end(j->call);
	sodium_memzero(j->new_token, sizeof j->new_token);
}

static enum hf_rc
check_purpose(struct hf_signin_job *j, struct hf_err *err)
{
	int purpose = hf_word_find(HF_WORDS_PURPOSE, j->purpose);
	const struct hf_policy *policy = &j->call->server->policy;
	bool safeguard = purpose == HF_PURPOSE_SAFEGUARD;

	if (purpose <= 0)
		return hf_fail(err, HF_INVALID, "purpose", "there is no such purpose");
	if (!(policy->purposes[j->seat.kind->group] & HF_BIT(purpose)))
		return hf_fail(err, HF_FORBIDDEN, "purpose",
			       "your role has no such purpose");
	if (safeguard && !(j->seat.role.flags & HF_ROLE_TRAINED))
		return hf_fail(err, HF_FORBIDDEN, "purpose",
			       "this purpose is for people trained in safeguarding");
	if ((safeguard || j->case_ref.n) && !hf_session_case_ref(j->case_ref))
		return hf_fail(err, HF_INVALID, "caseRef",
			       "give the reference of the case: 3 to %d letters, "
			       "digits and / - . _",
			       HF_CASE_REF_MAX);
	return hf_sign_proved(j->call, err);
}

void
hf_auth_purpose(struct hf_call *c)
{
	struct hf_signin_job *j = begin(c);

	if (!j)
		return;
	j->rc = check_purpose(j, &j->err);
	if (j->rc)
		hf_signin_fail(j);
	else
		hf_signin_run(j, c->server->sign->desk, work_purpose, answer_purpose);
}

/* ---- POST /auth/stay, /auth/sign-out ---- */

void
hf_auth_stay(struct hf_call *c)
{
	struct hf_signin_job *j = begin(c);
	struct hf_jw w;

	if (!j)
		return;
	hf_api_begin(c, &w);
	put_time(&w, "idleEnds", hf_session_idle_end(&j->seat.s));
	put_time(&w, "ends", j->seat.s.until);
	hf_api_end(c);
}

static void
work_sign_out(struct hf_signin_job *j)
{
	j->rc = hf_sessions_end(j->call->server->sign->sessions, j->seat.s.id,
				HF_SESSION_SIGNED_OUT, j->call->actor->id, &j->err);
	if (j->rc == HF_NOT_FOUND) /* it ended meanwhile */
		j->rc = HF_OK;
}

static void
answer_sign_out(struct hf_signin_job *j)
{
	struct hf_jw w;

	hf_sign_set_cookie(j->call, NULL);
	hf_call_header(j->call, "Clear-Site-Data", HF_SV("\"cache\", \"storage\""));
	hf_api_begin(j->call, &w);
	hf_api_end(j->call);
}

void
hf_auth_sign_out(struct hf_call *c)
{
	struct hf_signin_job *j = hf_signin_begin(c);

	if (!j)
		return;
	if (j->has_pending)
		hf_pending_drop(c->server->sign->pendings, j->hash);
	if (j->has_seat)
		hf_signin_run(j, c->server->sign->desk, work_sign_out, answer_sign_out);
	else
		answer_sign_out(j);
}
