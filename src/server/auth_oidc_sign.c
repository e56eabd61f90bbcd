/* auth_oidc_sign.c - whom a provider's person is here: their account, the roles that
 * the provider says they have, and the session that begins.
 *
 * The organisation comes from the provider's role, never from the request.  A role
 * that the provider no longer says is ended. */
#include "server/auth_oidc.h"

#include "access/io/account.h"
#include "record/io/desk.h"
#include "server/serve.h"
#include "server/signin.h"
#include "server/users.h"

enum { HF_FRESH_MS = 300 * 1000 }; /* how long ago a new proof may be */

static enum hf_rc
fail(struct hf_oidc_run *r, enum hf_rc rc, const char *word)
{
	r->rc = rc;
	r->word = word;
	return rc;
}

static struct hf_users
users_of(struct hf_oidc_run *r)
{
	struct hf_call *c = r->call;

	return (struct hf_users){
	    .store = c->store,
	    .sessions = c->server->sign->sessions,
	    .policy = &c->server->policy,
	    .actor =
		hf_arena_printf(c->arena, "oidc/%.*s", HF_SV_ARG(r->site.provider->id)),
	    .purpose = HF_SV("OPERATE"),
	    .arena = c->arena,
	    .now = c->now,
	};
}

/* ---- the account ---- */

struct binding {
	struct hf_account account;
};

static enum hf_rc
write_binding(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	      struct hf_err *err)
{
	struct binding *b = ctx;

	(void)change;
	(void)at;
	return hf_account_set(db, &b->account, err);
}

/* An account that was known by the national user id gets its subject. */
static enum hf_rc
bind(struct hf_oidc_run *r, struct hf_account *account)
{
	struct hf_call *c = r->call;
	struct binding b = {*account};
	struct hf_desk_job job = {
	    .actor = HF_SV("oidc"),
	    .purpose = HF_SV("OPERATE"),
	    .what = hf_arena_printf(c->arena, "user subject user/%.*s",
				    HF_SV_ARG(account->id)),
	    .write = write_binding,
	    .ctx = &b,
	};

	b.account.issuer = r->site.provider->issuer;
	b.account.subject = r->person.subject;
	return hf_store_desk(c->store, &job, &r->err);
}

/* A login nobody typed: the provider and the subject, or what is left of it. */
static struct hf_sv
login_of(struct hf_oidc_run *r)
{
	struct hf_sv id = r->site.provider->id, sub = r->person.subject, login, folded;
	uint8_t hash[HF_CLIENT_SECRET];
	struct hf_err err;

	login =
	    hf_arena_printf(r->call->arena, "%.*s-%.*s", HF_SV_ARG(id), HF_SV_ARG(sub));
	if (login.p && hf_login_fold(login, r->call->arena, &folded, &err) == HF_OK &&
	    hf_sv_eq(login, folded))
		return folded;
	hf_client_hash(sub, hash);
	return hf_arena_printf(r->call->arena, "%.*s-%02x%02x%02x%02x%02x%02x%02x%02x",
			       HF_SV_ARG(id), hash[0], hash[1], hash[2], hash[3],
			       hash[4], hash[5], hash[6], hash[7]);
}

static enum hf_rc
make_account(struct hf_oidc_run *r)
{
	struct hf_users u = users_of(r);
	struct hf_user_new new = {
	    .login = login_of(r),
	    .name = r->person.name.n && r->person.name.n <= HF_ACCOUNT_NAME_MAX
			? r->person.name
			: r->person.subject,
	    .issuer = r->site.provider->issuer,
	    .subject = r->person.subject,
	    .sds = r->person.user,
	};
	char one_time[HF_ONE_TIME_LEN + 1];

	return hf_users_add(&u, &new, &r->account, one_time, &r->err);
}

static enum hf_rc
find_account(struct hf_oidc_run *r, struct hf_db *db)
{
	struct hf_account account;
	bool first = false;
	enum hf_rc rc = hf_account_by_subject(
	    db, r->site.provider->issuer, r->person.subject, r->person.user,
	    r->call->arena, &account, &first, &r->err);

	if (rc == HF_NOT_FOUND && r->site.provider->create)
		return make_account(r) ? fail(r, HF_FAULT, "provider") : HF_OK;
	if (rc == HF_NOT_FOUND || (rc == HF_OK && account.state != HF_ACCOUNT_ACTIVE))
		return fail(r, HF_LOGIN, "unknown");
	if (rc == HF_OK && first)
		rc = bind(r, &account);
	if (rc)
		return fail(r, rc, "provider");
	r->account = account.id;
	return HF_OK;
}

/* ---- roles ---- */

/* The organisation of a role as it is kept: none where the role has none. */
static struct hf_sv
org_of(const struct hf_role *kind, struct hf_sv org)
{
	return hf_users_role_has_org(kind) ? org : HF_SV("");
}

static bool
is_said(struct hf_oidc_run *r, const struct hf_account_role *has)
{
	const struct hf_policy *policy = &r->call->server->policy;

	for (size_t i = 0; i < r->person.n_roles; i++) {
		const struct hf_oidc_role *said = &r->person.roles[i];
		const struct hf_role *kind = hf_policy_role(policy, said->code);

		if (kind && hf_sv_eq(has->role, said->code) &&
		    hf_sv_eq(has->org, org_of(kind, said->org)))
			return true;
	}
	return false;
}

static enum hf_rc
add_role(struct hf_users *u, struct hf_oidc_run *r, const struct hf_oidc_role *said,
	 const struct hf_account_role *has, size_t n)
{
	const struct hf_role *kind = hf_policy_role(u->policy, said->code);
	struct hf_account_role role = {
	    .role = said->code, .since = u->now, .until = HF_TIME_MAX};
	int64_t id;

	if (!kind)
		return HF_OK; /* a role of the provider that means nothing here */
	role.org = org_of(kind, said->org);
	for (size_t i = 0; i < n; i++)
		if (hf_account_role_active(&has[i], u->now) &&
		    hf_sv_eq(has[i].role, role.role) && hf_sv_eq(has[i].org, role.org))
			return HF_OK;
	if (hf_users_role_has_org(kind) && role.org.n == 0)
		return HF_OK;
	return hf_users_role_add(u, r->account, &role, &id, &r->err);
}

static enum hf_rc
settle_roles(struct hf_oidc_run *r, struct hf_db *db)
{
	struct hf_users u = users_of(r);
	struct hf_account_role *has = NULL;
	size_t n = 0;
	enum hf_rc rc =
	    hf_account_roles(db, r->account, r->call->arena, &has, &n, &r->err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (hf_account_role_active(&has[i], u.now) && !is_said(r, &has[i]))
			rc = hf_users_role_end(&u, r->account, has[i].id, u.now,
					       &r->err);
	for (size_t i = 0; rc == HF_OK && i < r->person.n_roles; i++)
		rc = add_role(&u, r, &r->person.roles[i], has, n);
	return rc ? fail(r, rc, "provider") : HF_OK;
}

/* ---- the session ---- */

/* A new proof counts for the session that asked for it, when it is of the same
 * person and they signed in just now. */
static enum hf_rc
prove(struct hf_oidc_run *r)
{
	struct hf_call *c = r->call;
	struct hf_seat seat;
	struct hf_sv cookie;
	char token[HF_TOKEN_TEXT + 1];

	if (r->person.signed_in < c->now - HF_FRESH_MS)
		return fail(r, HF_LOGIN, "stale");
	if (hf_sign_cookie(c, &cookie, &r->err) != HF_OK || !cookie.p ||
	    hf_sessions_look(c->server->sign->sessions, cookie, c->now, false, c->arena,
			     &seat) != HF_SESSION_LIVE ||
	    !hf_sv_eq(seat.s.account, r->account))
		return fail(r, HF_LOGIN, "another");
	if (hf_signin_proved(c, token, &r->err) != HF_OK)
		return fail(r, HF_LOGIN, "expired");
	memcpy(r->passed.token, token, sizeof token);
	return HF_OK;
}

static enum hf_rc
begin(struct hf_oidc_run *r)
{
	struct hf_signin_proof proof = {.account = r->account,
					.method = HF_SV("oidc"),
					.assurance = r->person.assurance};
	enum hf_rc rc = hf_signin_pass(r->call, &proof, &r->passed, &r->err);

	return rc ? fail(r, rc, rc == HF_FORBIDDEN ? "norole" : "provider") : HF_OK;
}

void
hf_oidc_sign_in(struct hf_call *c, void *ctx)
{
	struct hf_oidc_run *r = ctx;
	struct hf_reader *reader;

	r->rc = hf_reader_get(c->store, &reader, &r->err);
	if (r->rc) {
		r->word = "provider";
		return;
	}
	if (find_account(r, hf_reader_db(reader)) == HF_OK) {
		if (r->prove)
			(void)prove(r);
		else if (settle_roles(r, hf_reader_db(reader)) == HF_OK)
			(void)begin(r);
	}
	hf_reader_put(reader);
}

void
hf_oidc_signed_in(struct hf_call *c, void *ctx)
{
	struct hf_oidc_run *r = ctx;
	struct hf_sv back = r->ask.redirect, what;
	struct hf_err err;

	if (r->rc) {
		hf_oidc_failed(r);
		return;
	}
	if (r->prove)
		hf_sign_set_cookie(c, r->passed.token);
	else
		hf_signin_welcome(c, &r->passed);
	what = hf_arena_printf(c->arena, "user/%.*s", HF_SV_ARG(r->account));
	if (hf_call_event(c, HF_AUDIT_SIGN_IN, what, 200, &err) != HF_OK) {
		hf_sign_set_cookie(c, NULL);
		hf_call_fail(c, &err);
		return;
	}
	if (!r->prove && r->passed.step != HF_STEP_DONE)
		back = HF_SV("/sign-in");
	hf_oidc_back(c, back);
}
