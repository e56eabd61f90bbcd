/* users.c - what is done to accounts. */
#include "server/users.h"

#include <sodium.h>

#include "access/io/account.h"
#include "access/io/session.h"
#include "base/io/clock.h"
#include "server/sessions.h"

static const hf_time day = 86400000;

struct job {
	struct hf_users *u;
	struct hf_account account;
	struct hf_account_role role;
	bool with_role;
	int64_t role_id; /* out */
	hf_time at;
	/* What becomes of an account that is there. */
	void (*becomes)(struct job *j, struct hf_account *a);
	const char *ended_why; /* its sessions end */
};

bool
hf_users_role_has_org(const struct hf_role *role)
{
	return role->group != HF_GROUP_PAT;
}

/* ---- checks ---- */

static enum hf_rc
check_role(struct hf_users *u, const struct hf_account_role *r, struct hf_sv who,
	   struct hf_err *err)
{
	const struct hf_role *role = hf_policy_role(u->policy, r->role);
	enum hf_rc rc;

	if (!role)
		return hf_fail(err, HF_INVALID, "role",
			       "there is no role of this code in roles.json");
	if (role->group == HF_GROUP_INT)
		return hf_fail(err, HF_INVALID, "role",
			       "this role is for systems: they are clients, not "
			       "accounts");
	if (hf_users_role_has_org(role) != (r->org.n > 0))
		return hf_fail(err, HF_INVALID, "org",
			       r->org.n
				   ? "the person has this role nowhere: leave the "
				     "organisation out"
				   : "say for which organisation, by its ODS code");
	if (role->group == HF_GROUP_PAT && !hf_account_is_ref(who, HF_SV("Patient")))
		return hf_fail(err, HF_INVALID, "practitioner",
			       "an account of a person who is cared for names their "
			       "Patient/ID");
	if (role->group == HF_GROUP_STUD && r->supervisor.n == 0)
		return hf_fail(err, HF_INVALID, "supervisor",
			       "a student has a supervisor: Practitioner/ID");
	rc = hf_account_role_check(r, err);
	return rc;
}

/* ---- secrets ---- */

/* A password that is good once: its string into *secret, itself into text. */
static enum hf_rc
make_one_time(struct hf_users *u, struct hf_account *a, char text[HF_ONE_TIME_LEN + 1],
	      struct hf_err *err)
{
	unsigned char bytes[10];
	char string[HF_PASSWORD_STRING];
	enum hf_rc rc;

	randombytes_buf(bytes, sizeof bytes);
	hf_password_one_time(bytes, text);
	rc = hf_password_hash(hf_sv_from(text), string, err);
	sodium_memzero(bytes, sizeof bytes);
	if (rc) {
		sodium_memzero(text, HF_ONE_TIME_LEN + 1);
		return rc;
	}
	a->secret = hf_arena_sv(u->arena, hf_sv_from(string));
	a->secret_at = u->now;
	a->secret_until = u->now + HF_ONE_TIME_DAYS * day;
	return HF_OK;
}

/* With a password, not at a provider or by a click. */
static bool
signs_in_here(const struct hf_account *a)
{
	return !a->demonstration && a->subject.n == 0 && a->sds.n == 0;
}

static enum hf_rc
keep_password(struct hf_users *u, struct hf_account *a, struct hf_sv password,
	      struct hf_err *err)
{
	char string[HF_PASSWORD_STRING];
	enum hf_rc rc = hf_password_check(password, a->login, a->name, err);

	if (rc == HF_OK)
		rc = hf_password_hash(password, string, err);
	if (rc)
		return rc;
	a->secret = hf_arena_sv(u->arena, hf_sv_from(string));
	a->secret_at = u->now;
	a->secret_until = 0;
	return HF_OK;
}

/* ---- jobs ---- */

static enum hf_rc
desk(struct job *j, struct hf_sv what,
     enum hf_rc (*write)(void *ctx, struct hf_db *db, int64_t change, hf_time at,
			 struct hf_err *err),
     struct hf_err *err)
{
	if (!what.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory");
	return hf_store_desk(j->u->store,
			     &(struct hf_desk_job){.actor = j->u->actor,
						   .purpose = j->u->purpose,
						   .what = what,
						   .write = write,
						   .ctx = j},
			     err);
}

static enum hf_rc
write_new(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct job *j = ctx;
	struct hf_account_role role = j->role;
	enum hf_rc rc;

	(void)change;
	(void)at;
	rc = hf_account_add(db, &j->account, err);
	if (rc == HF_OK && j->with_role)
		rc = hf_account_role_add(db, &role, err);
	j->role_id = role.id;
	return rc;
}

enum hf_rc
hf_users_add(struct hf_users *u, const struct hf_user_new *user, struct hf_sv *id,
	     char one_time[HF_ONE_TIME_LEN + 1], struct hf_err *err)
{
	struct job j = {.u = u,
			.account = {.name = user->name,
				    .who = user->who,
				    .state = HF_ACCOUNT_ACTIVE,
				    .demonstration = user->demonstration,
				    .issuer = user->issuer,
				    .subject = user->subject,
				    .sds = user->sds,
				    .created = u->now},
			.role = user->role,
			.with_role = user->role.role.n > 0};
	enum hf_rc rc;

	one_time[0] = '\0';
	rc = hf_login_fold(user->login, u->arena, &j.account.login, err);
	if (rc == HF_OK)
		rc = hf_account_check(&j.account, err);
	if (rc == HF_OK && j.with_role)
		rc = check_role(u, &j.role, user->who, err);
	j.account.id = hf_account_new_id(u->arena);
	j.role.account = j.account.id;
	if (rc == HF_OK && user->password.n)
		rc = keep_password(u, &j.account, user->password, err);
	else if (rc == HF_OK && signs_in_here(&j.account))
		rc = make_one_time(u, &j.account, one_time, err);
	if (rc == HF_OK)
		rc = desk(&j,
			  hf_arena_printf(u->arena, "user add user/%.*s",
					  HF_SV_ARG(j.account.id)),
			  write_new, err);
	if (rc) {
		sodium_memzero(one_time, HF_ONE_TIME_LEN + 1);
		return rc;
	}
	*id = j.account.id;
	return HF_OK;
}

static enum hf_rc
write_role(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct job *j = ctx;
	struct hf_account_role role = j->role;
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_account a;
	enum hf_rc rc = hf_account_get(db, j->account.id, &arena, &a, err);

	(void)change;
	(void)at;
	if (rc == HF_OK && a.state != HF_ACCOUNT_ACTIVE)
		rc = hf_fail(err, HF_RULE, NULL, "the account has ended");
	if (rc == HF_OK)
		rc = hf_account_role_add(db, &role, err);
	j->role_id = role.id;
	hf_arena_free(&arena);
	return rc;
}

static enum hf_rc
get_account(struct hf_users *u, struct hf_sv id, struct hf_account *out,
	    struct hf_err *err)
{
	struct hf_reader *reader;
	enum hf_rc rc = hf_reader_get(u->store, &reader, err);

	if (rc)
		return rc;
	rc = hf_account_get(hf_reader_db(reader), id, u->arena, out, err);
	hf_reader_put(reader);
	return rc;
}

enum hf_rc
hf_users_role_add(struct hf_users *u, struct hf_sv account,
		  const struct hf_account_role *role, int64_t *id, struct hf_err *err)
{
	struct job j = {.u = u, .role = *role};
	enum hf_rc rc = get_account(u, account, &j.account, err);

	j.role.account = account;
	if (rc == HF_OK)
		rc = check_role(u, &j.role, j.account.who, err);
	if (rc == HF_OK)
		rc = desk(&j,
			  hf_arena_printf(u->arena, "user role add user/%.*s %.*s %.*s",
					  HF_SV_ARG(account), HF_SV_ARG(role->role),
					  HF_SV_ARG(role->org)),
			  write_role, err);
	if (rc == HF_OK)
		*id = j.role_id;
	return rc;
}

static enum hf_rc
write_role_end(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	       struct hf_err *err)
{
	struct job *j = ctx;
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_account_role role;
	hf_time until = j->at ? j->at : at;
	enum hf_rc rc = hf_account_role_get(db, j->role_id, &arena, &role, err);

	(void)change;
	if (rc == HF_OK && !hf_sv_eq(role.account, j->account.id))
		rc = hf_fail(err, HF_NOT_FOUND, "role",
			     "the account has no role of this number");
	if (rc == HF_OK && role.until <= at)
		rc = hf_fail(err, HF_RULE, "role", "the role has ended already");
	if (rc == HF_OK && until < role.since)
		until = role.since; /* it never began */
	if (rc == HF_OK)
		rc = hf_account_role_end(db, j->role_id, until, err);
	if (rc == HF_OK && until <= at)
		rc = hf_session_end_account(db, j->account.id, j->role_id, at, "ROLE",
					    err);
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_users_role_end(struct hf_users *u, struct hf_sv account, int64_t role, hf_time at,
		  struct hf_err *err)
{
	struct job j = {.u = u, .account.id = account, .role_id = role, .at = at};
	enum hf_rc rc = desk(&j,
			     hf_arena_printf(u->arena, "user role end user/%.*s %lld",
					     HF_SV_ARG(account), (long long)role),
			     write_role_end, err);

	if (rc == HF_OK && u->sessions)
		hf_sessions_changed(u->sessions, account);
	return rc;
}

/* ---- accounts that become something else ---- */

static enum hf_rc
end_roles(struct hf_db *db, struct hf_sv account, hf_time at, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 4 << 20};
	struct hf_account_role *roles;
	size_t n;
	enum hf_rc rc = hf_account_roles(db, account, &arena, &roles, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (roles[i].until > at)
			rc = hf_account_role_end(
			    db, roles[i].id, roles[i].since > at ? roles[i].since : at,
			    err);
	hf_arena_free(&arena);
	return rc;
}

static enum hf_rc
write_becomes(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	      struct hf_err *err)
{
	struct job *j = ctx;
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_account a;
	bool was_active;
	enum hf_rc rc = hf_account_get(db, j->account.id, &arena, &a, err);

	(void)change;
	if (rc) {
		hf_arena_free(&arena);
		return rc;
	}
	was_active = a.state == HF_ACCOUNT_ACTIVE;
	j->at = at;
	j->becomes(j, &a);
	if (was_active == (a.state == HF_ACCOUNT_ACTIVE) && a.ended != 0)
		rc = hf_fail(err, HF_RULE, NULL, "the account has ended already");
	if (rc == HF_OK)
		rc = hf_account_set(db, &a, err);
	if (rc == HF_OK && a.state == HF_ACCOUNT_ENDED)
		rc = end_roles(db, a.id, at, err);
	if (rc == HF_OK)
		rc = hf_session_end_account(db, a.id, 0, at, j->ended_why, err);
	hf_arena_free(&arena);
	return rc;
}

static enum hf_rc
become(struct job *j, const char *what, struct hf_err *err)
{
	enum hf_rc rc = desk(j,
			     hf_arena_printf(j->u->arena, "user %s user/%.*s", what,
					     HF_SV_ARG(j->account.id)),
			     write_becomes, err);

	if (rc == HF_OK && j->u->sessions)
		hf_sessions_changed(j->u->sessions, j->account.id);
	return rc;
}

static void
forget_secrets(struct hf_account *a)
{
	a->secret = a->totp = a->recovery = HF_SV("");
	a->secret_at = a->secret_until = 0;
}

static void
has_ended(struct job *j, struct hf_account *a)
{
	bool ended = a->state == HF_ACCOUNT_ENDED;

	a->state = HF_ACCOUNT_ENDED;
	if (!ended)
		a->ended = j->at;
	forget_secrets(a);
}

enum hf_rc
hf_users_end(struct hf_users *u, struct hf_sv account, struct hf_err *err)
{
	struct job j = {.u = u,
			.account.id = account,
			.becomes = has_ended,
			.ended_why = "ACCOUNT"};

	return become(&j, "end", err);
}

static void
has_new_secret(struct job *j, struct hf_account *a)
{
	forget_secrets(a);
	a->secret = j->account.secret;
	a->secret_at = j->account.secret_at;
	a->secret_until = j->account.secret_until;
}

static void
is_back(struct job *j, struct hf_account *a)
{
	a->state = HF_ACCOUNT_ACTIVE;
	a->ended = 0;
	has_new_secret(j, a);
}

static enum hf_rc
become_with_secret(struct hf_users *u, struct hf_sv account, const char *what,
		   void (*becomes)(struct job *j, struct hf_account *a),
		   char one_time[HF_ONE_TIME_LEN + 1], struct hf_err *err)
{
	struct job j = {
	    .u = u, .account.id = account, .becomes = becomes, .ended_why = "RESET"};
	struct hf_account a;
	bool back = becomes == is_back;
	enum hf_rc rc = get_account(u, account, &a, err);

	one_time[0] = '\0';
	if (rc == HF_OK && (a.state == HF_ACCOUNT_ENDED) != back)
		rc = hf_fail(err, HF_RULE, NULL,
			     back ? "the account has not ended"
				  : "the account has ended; let it begin again first");
	if (rc == HF_OK && signs_in_here(&a))
		rc = make_one_time(u, &j.account, one_time, err);
	if (rc == HF_OK)
		rc = become(&j, what, err);
	if (rc)
		sodium_memzero(one_time, HF_ONE_TIME_LEN + 1);
	return rc;
}

enum hf_rc
hf_users_again(struct hf_users *u, struct hf_sv account,
	       char one_time[HF_ONE_TIME_LEN + 1], struct hf_err *err)
{
	return become_with_secret(u, account, "again", is_back, one_time, err);
}

enum hf_rc
hf_users_reset(struct hf_users *u, struct hf_sv account,
	       char one_time[HF_ONE_TIME_LEN + 1], struct hf_err *err)
{
	return become_with_secret(u, account, "reset", has_new_secret, one_time, err);
}

enum hf_rc
hf_users_find(struct hf_db *db, struct hf_sv text, struct hf_arena *arena,
	      struct hf_account *out, struct hf_err *err)
{
	struct hf_sv login = text;
	enum hf_rc rc;

	if (hf_sv_starts(text, HF_SV("user/")))
		return hf_account_get(db, hf_sv_from_at(text, 5), arena, out, err);
	rc = hf_login_fold(text, arena, &login, NULL);
	rc = rc ? HF_NOT_FOUND : hf_account_by_login(db, login, arena, out, err);
	if (rc == HF_NOT_FOUND)
		rc = hf_account_get(db, text, arena, out, err);
	return rc;
}
