/* signin_factor.c - second factors: setting one up, one-time codes, recovery codes. */
#include <sodium.h>

#include "access/io/account.h"
#include "access/totp.h"
#include "base/io/clock.h"
#include "server/api.h"
#include "server/serve.h"
#include "server/signin.h"

void hf_auth_totp(struct hf_call *call);
void hf_auth_enrol(struct hf_call *call);
void hf_auth_recovery(struct hf_call *call);

static const char wrong_code[] = "the code is wrong, or was used before";

/* ---- using a code up ---- */

static enum hf_rc
take_step(struct hf_account *a, void *ctx, struct hf_err *err)
{
	const int64_t *step = ctx;

	/* Two requests with one code: the second finds it used. */
	if (a->totp_step >= *step)
		return hf_fail(err, HF_LOGIN, "code", "%s", wrong_code);
	a->totp_step = *step;
	return HF_OK;
}

enum hf_rc
hf_signin_use_code(struct hf_signin_job *j, const struct hf_account *a,
		   struct hf_err *err)
{
	const struct hf_account_keys *keys =
	    hf_sessions_keys(j->call->server->sign->sessions);
	unsigned char secret[HF_TOTP_SECRET];
	int64_t step = 0;
	bool good;
	enum hf_rc rc;

	if (a->totp.n == 0)
		return hf_fail(err, HF_LOGIN, "code", "%s", wrong_code);
	rc = hf_account_unseal(keys, a->id, a->totp, secret, sizeof secret, err);
	if (rc)
		return rc;
	good = hf_totp_check((struct hf_sv){(const char *)secret, sizeof secret},
			     j->code, hf_now(), a->totp_step, &step);
	sodium_memzero(secret, sizeof secret);
	if (!good)
		return hf_fail(err, HF_LOGIN, "code", "%s", wrong_code);
	return hf_signin_change(j, a->id, "code", take_step, &step, err);
}

struct recovery {
	char hash[HF_RECOVERY_HASH + 1];
	struct hf_arena *arena;
	size_t left;
};

static enum hf_rc
take_recovery(struct hf_account *a, void *ctx, struct hf_err *err)
{
	struct recovery *r = ctx;
	struct hf_sv left = hf_recovery_use(a->recovery, r->hash, r->arena);

	if (!left.p)
		return hf_fail(err, HF_LOGIN, "recovery", "%s", wrong_code);
	a->recovery = left;
	r->left = hf_recovery_left(left);
	return HF_OK;
}

enum hf_rc
hf_signin_use_recovery(struct hf_signin_job *j, const struct hf_account *a,
		       struct hf_err *err)
{
	const struct hf_account_keys *keys =
	    hf_sessions_keys(j->call->server->sign->sessions);
	struct recovery r = {.arena = j->call->arena};
	enum hf_rc rc;

	if (!hf_recovery_hash(j->recovery, keys->recovery, r.hash))
		return hf_fail(err, HF_LOGIN, "recovery", "%s", wrong_code);
	rc = hf_signin_change(j, a->id, "recovery", take_recovery, &r, err);
	j->recovery_left = r.left;
	return rc;
}

/* ---- POST /auth/totp ---- */

static enum hf_rc
check_factor(struct hf_signin_job *j, struct hf_account *a, struct hf_err *err)
{
	struct hf_pendings *pendings = j->call->server->sign->pendings;
	struct hf_sv login = hf_sv_from(j->pending.login);
	enum hf_rc rc = hf_signin_may_try(j, login, err);

	if (rc)
		return rc;
	if (!hf_pending_try(pendings, j->hash))
		return hf_fail(err, HF_LOGIN, NULL,
			       "too many codes were wrong; begin again with your "
			       "password");
	rc = hf_signin_account(j, a, err);
	if (rc == HF_OK)
		rc = j->recovery.n ? hf_signin_use_recovery(j, a, err)
				   : hf_signin_use_code(j, a, err);
	if (rc == HF_LOGIN)
		hf_signin_count(j, login, false);
	return rc;
}

static void
work_totp(struct hf_signin_job *j)
{
	struct hf_signin_proof proof = {.method = HF_SV("local"), .assurance = 2};
	struct hf_account a;

	j->rc = check_factor(j, &a, &j->err);
	if (j->rc)
		return;
	proof.account = a.id;
	j->rc = hf_signin_pass(j->call, &proof, &j->passed, &j->err);
	if (j->rc)
		return;
	hf_signin_count(j, a.login, true);
	hf_pending_drop(j->call->server->sign->pendings, j->hash);
}

static bool
at_step(struct hf_signin_job *j, enum hf_step step)
{
	if (j->has_pending && j->pending.step == step)
		return true;
	j->rc = hf_fail(&j->err, HF_LOGIN, NULL,
			"there is no sign-in at this step; begin again with your "
			"password");
	hf_signin_fail(j);
	return false;
}

/* Names the account in this request's line of the audit, also when it is refused. */
static void
name_account(struct hf_signin_job *j)
{
	struct hf_call *c = j->call;

	if (j->has_pending)
		c->who.id = hf_arena_printf(c->arena, "user/%s", j->pending.account);
}

void
hf_auth_totp(struct hf_call *c)
{
	struct hf_signin_job *j = hf_signin_begin(c);

	if (!j || !at_step(j, HF_STEP_TOTP))
		return;
	name_account(j);
	if (!j->code.n == !j->recovery.n) {
		j->rc = hf_fail(&j->err, HF_INVALID, "code",
				"give code or recovery, one of them");
		hf_signin_fail(j);
		return;
	}
	hf_signin_run(j, c->server->sign->desk, work_totp, hf_signin_answer_step);
}

/* ---- recovery codes ---- */

struct new_codes {
	struct hf_sv kept, shown;
};

static bool
make_codes(struct hf_signin_job *j, struct new_codes *out)
{
	const struct hf_account_keys *keys =
	    hf_sessions_keys(j->call->server->sign->sessions);
	char kept[HF_RECOVERY_CODES * (HF_RECOVERY_HASH + 1)];
	char shown[HF_RECOVERY_CODES * (HF_RECOVERY_LEN + 1)];
	size_t n_kept = 0, n_shown = 0;

	for (unsigned i = 0; i < HF_RECOVERY_CODES; i++) {
		char code[HF_RECOVERY_LEN + 1], hash[HF_RECOVERY_HASH + 1];
		unsigned char bytes[8];

		randombytes_buf(bytes, sizeof bytes);
		hf_recovery_code(bytes, code);
		if (!hf_recovery_hash(hf_sv_from(code), keys->recovery, hash))
			abort(); /* we made it */
		memcpy(kept + n_kept, hash, HF_RECOVERY_HASH);
		memcpy(shown + n_shown, code, HF_RECOVERY_LEN);
		n_kept += HF_RECOVERY_HASH;
		n_shown += HF_RECOVERY_LEN;
		kept[n_kept++] = shown[n_shown++] = ' ';
		sodium_memzero(code, sizeof code);
	}
	out->kept = hf_arena_sv(j->call->arena, (struct hf_sv){kept, n_kept - 1});
	out->shown = hf_arena_sv(j->call->arena, (struct hf_sv){shown, n_shown - 1});
	sodium_memzero(shown, sizeof shown);
	return out->kept.p && out->shown.p;
}

static enum hf_rc
set_codes(struct hf_account *a, void *ctx, struct hf_err *err)
{
	const struct new_codes *codes = ctx;

	(void)err;
	a->recovery = codes->kept;
	return HF_OK;
}

static void
work_recovery(struct hf_signin_job *j)
{
	struct new_codes codes;

	if (!make_codes(j, &codes)) {
		j->rc = hf_fail(&j->err, HF_BUSY, NULL, "no memory now; try again");
		return;
	}
	j->rc = hf_signin_change(j, j->seat.s.account, "recovery-codes", set_codes,
				 &codes, &j->err);
	j->step = HF_STEP_DONE;
	j->codes = codes.shown;
}

/* Signed in, freshly proved, with a factor of our own. */
static bool
may_change_factor(struct hf_signin_job *j)
{
	j->rc = hf_sign_proved(j->call, &j->err);
	if (j->rc == HF_OK && (!j->has_seat || j->seat.demonstration ||
			       !hf_sv_is(j->seat.s.method, "local")))
		j->rc = hf_fail(&j->err, HF_RULE, NULL,
				"this account does not sign in with a password here");
	if (j->rc)
		hf_signin_fail(j);
	return j->rc == HF_OK;
}

void
hf_auth_recovery(struct hf_call *c)
{
	struct hf_signin_job *j = hf_signin_begin(c);

	if (j && may_change_factor(j))
		hf_signin_run(j, c->server->sign->desk, work_recovery,
			      hf_signin_answer_step);
}

/* ---- POST /auth/enrol ---- */

static void
answer_secret(struct hf_signin_job *j, const unsigned char secret[HF_TOTP_SECRET],
	      struct hf_sv login)
{
	struct hf_sv bytes = {(const char *)secret, HF_TOTP_SECRET}, uri;
	char text[HF_TOTP_BASE32];
	struct hf_jw w;

	hf_totp_base32(bytes, text);
	uri = hf_totp_uri(bytes, HF_SV("homefirst"), login, j->call->arena);
	hf_api_begin(j->call, &w);
	hf_jw_field(&w, "step", HF_SV("enrol"));
	hf_jw_field(&w, "secret", hf_sv_from(text));
	hf_api_text(&w, "uri", uri);
	hf_api_end(j->call);
	sodium_memzero(text, sizeof text);
	if (uri.n)
		sodium_memzero((void *)(uintptr_t)uri.p, uri.n);
}

/* A secret is made and shown; it counts once a code of it came back. */
static void
offer_secret(struct hf_signin_job *j)
{
	struct hf_sign *s = j->call->server->sign;
	struct hf_pending p = j->pending;
	struct hf_sv login;
	bool kept;

	if (!j->has_pending) {
		p = (struct hf_pending){
		    .step = HF_STEP_ENROL,
		    .signed_in = true,
		    .until = j->call->now + hf_sessions_limits(s->sessions)->pending};
		snprintf(p.account, sizeof p.account, "%.*s",
			 HF_SV_ARG(j->seat.s.account));
		snprintf(p.login, sizeof p.login, "%.*s", HF_SV_ARG(j->seat.login));
	}
	randombytes_buf(p.secret, sizeof p.secret);
	p.has_secret = true;
	kept = j->has_pending ? hf_pending_set(s->pendings, j->hash, &p)
			      : hf_pending_put(s->pendings, j->hash, &p);
	if (!kept) {
		j->rc = hf_fail(&j->err, HF_LOGIN, NULL,
				"the time to sign in is over; begin again");
		hf_signin_fail(j);
	} else {
		login = hf_arena_sv(j->call->arena, hf_sv_from(p.login));
		answer_secret(j, p.secret, login);
	}
	sodium_memzero(&p, sizeof p);
}

struct new_factor {
	struct hf_sv sealed;
	int64_t step;
	struct new_codes codes;
	bool first; /* there must be none yet */
};

static enum hf_rc
set_factor(struct hf_account *a, void *ctx, struct hf_err *err)
{
	const struct new_factor *f = ctx;

	if (f->first && a->totp.n)
		return hf_fail(err, HF_STALE, NULL,
			       "the account has a second factor meanwhile; sign in "
			       "with it");
	a->totp = f->sealed;
	a->totp_step = f->step;
	a->recovery = f->codes.kept;
	return HF_OK;
}

static enum hf_rc
confirm_factor(struct hf_signin_job *j, struct hf_account *a, struct hf_err *err)
{
	struct hf_sign *s = j->call->server->sign;
	struct new_factor f = {.first = !j->pending.signed_in};
	struct hf_sv secret = {(const char *)j->pending.secret, HF_TOTP_SECRET};
	enum hf_rc rc;

	if (!hf_pending_try(s->pendings, j->hash))
		return hf_fail(err, HF_LOGIN, NULL,
			       "too many codes were wrong; begin again");
	if (!hf_totp_check(secret, j->code, hf_now(), 0, &f.step))
		return hf_fail(err, HF_RULE, "code",
			       "this is not the code of the app now; look whether the "
			       "clock of your phone is right");
	rc = hf_signin_account(j, a, err);
	if (rc)
		return rc;
	f.sealed = hf_account_seal(hf_sessions_keys(s->sessions), a->id, secret,
				   j->call->arena);
	if (!f.sealed.p || !make_codes(j, &f.codes))
		return hf_fail(err, HF_BUSY, NULL, "no memory now; try again");
	rc = hf_signin_change(j, a->id, "factor", set_factor, &f, err);
	j->codes = f.codes.shown;
	return rc;
}

static void
work_enrol(struct hf_signin_job *j)
{
	struct hf_sign *s = j->call->server->sign;
	struct hf_signin_proof proof = {.method = HF_SV("local"), .assurance = 2};
	struct hf_account a;

	j->rc = confirm_factor(j, &a, &j->err);
	if (j->rc)
		return;
	hf_pending_drop(s->pendings, j->hash);
	if (j->pending.signed_in) {
		hf_sessions_changed(s->sessions, a.id);
		j->rc = hf_sessions_end_others(
		    s->sessions, a.id, j->seat.s.id, HF_SESSION_RESET,
		    hf_arena_printf(j->call->arena, "user/%.*s", HF_SV_ARG(a.id)),
		    &j->err);
		j->step = HF_STEP_DONE;
		return;
	}
	proof.account = a.id;
	j->rc = hf_signin_pass(j->call, &proof, &j->passed, &j->err);
	if (j->rc == HF_OK)
		hf_signin_count(j, a.login, true);
}

void
hf_auth_enrol(struct hf_call *c)
{
	struct hf_signin_job *j = hf_signin_begin(c);

	if (!j)
		return;
	name_account(j);
	if (j->has_seat && !may_change_factor(j))
		return;
	/* What a session began is not finished without it. */
	if (!j->has_seat && j->pending.signed_in)
		j->has_pending = false;
	if (!j->has_seat && !at_step(j, HF_STEP_ENROL))
		return;
	if (!j->code.n) {
		offer_secret(j);
		return;
	}
	if (!j->has_pending || j->pending.step != HF_STEP_ENROL ||
	    !j->pending.has_secret) {
		j->rc = hf_fail(&j->err, HF_RULE, NULL,
				"ask for a secret first, without a code");
		hf_signin_fail(j);
		return;
	}
	hf_signin_run(j, c->server->sign->desk, work_enrol, hf_signin_answer_step);
}
