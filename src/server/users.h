/* users.h - what is done to accounts: joiners, movers, leavers.  The commands and the
 * pages of administration both do it here.
 *
 * Each is one job of the desk, so that it is audited in its transaction.  It waits
 * for the commit: not to be called in a thread that answers requests. */
#ifndef HF_SERVER_USERS_H
#define HF_SERVER_USERS_H

#include "access/account.h"
#include "access/password.h"
#include "access/policy.h"
#include "record/io/desk.h"

struct hf_sessions; /* server/sessions.h */

struct hf_users {
	struct hf_store *store;
	struct hf_sessions *sessions; /* NULL: no server runs here */
	const struct hf_policy *policy;
	struct hf_sv actor, purpose; /* who does it, as in the audit */
	struct hf_arena *arena;
	hf_time now;
};

enum { HF_ONE_TIME_DAYS = 7 };

struct hf_user_new {
	struct hf_sv login, name, who;
	/* A lasting one; n 0: one is made that is good once, unless the account signs
	 * in at a provider or is of a demonstration. */
	struct hf_sv password;
	bool demonstration;
	struct hf_sv issuer, subject, sds;
	/* A first role; role.n 0: none. */
	struct hf_account_role role;
};

/* Adds an account, with its role when one is given.  *id is in the arena;
 * one_time gets the password to hand over, "" when there is none.  HF_INVALID names
 * what is not as it must be, HF_RULE a password that will not do, HF_EXISTS a login
 * that is taken. */
enum hf_rc hf_users_add(struct hf_users *u, const struct hf_user_new *user,
			struct hf_sv *id, char one_time[HF_ONE_TIME_LEN + 1],
			struct hf_err *err);

/* A role more.  since and until as in *role; *id is its number. */
enum hf_rc hf_users_role_add(struct hf_users *u, struct hf_sv account,
			     const struct hf_account_role *role, int64_t *id,
			     struct hf_err *err);
/* Ends a role at a time, and the sessions under it when that is now or before.
 * HF_RULE when it ended before. */
enum hf_rc hf_users_role_end(struct hf_users *u, struct hf_sv account, int64_t role,
			     hf_time at, struct hf_err *err);

/* The leaver: the account ends now, with its roles and its sessions. */
enum hf_rc hf_users_end(struct hf_users *u, struct hf_sv account, struct hf_err *err);
/* Back again: the account is active, without a password, factor or role of before;
 * one_time as for hf_users_add(). */
enum hf_rc hf_users_again(struct hf_users *u, struct hf_sv account,
			  char one_time[HF_ONE_TIME_LEN + 1], struct hf_err *err);
/* The registration authority saw who it is: a new one-time password, no second
 * factor, no recovery codes, no sessions. */
enum hf_rc hf_users_reset(struct hf_users *u, struct hf_sv account,
			  char one_time[HF_ONE_TIME_LEN + 1], struct hf_err *err);

/* The account that text names, by login or by id ("user/ID" or "ID"), in arena. */
enum hf_rc hf_users_find(struct hf_db *db, struct hf_sv text, struct hf_arena *arena,
			 struct hf_account *out, struct hf_err *err);

/* Is the organisation to be named for this role? */
bool hf_users_role_has_org(const struct hf_role *role);

#endif
