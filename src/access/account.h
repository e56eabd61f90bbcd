/* account.h - who signs in: an account, the roles it works under.  Pure.
 *
 * A login is kept folded: small letters and digits with . - _ @ between them, so that
 * no two of them look alike.  An account that has ended stays, and keeps its login:
 * what it did can always be told. */
#ifndef HF_ACCESS_ACCOUNT_H
#define HF_ACCESS_ACCOUNT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"

enum hf_account_state { HF_ACCOUNT_ACTIVE = 1, HF_ACCOUNT_ENDED = 2 };

enum { HF_LOGIN_MAX = 64, HF_ACCOUNT_NAME_MAX = 120, HF_ACCOUNT_ROLES_MAX = 64 };

struct hf_account {
	struct hf_sv id, login, name;
	struct hf_sv who; /* "Practitioner/ID", "Patient/ID" or empty */
	enum hf_account_state state;
	bool demonstration;
	struct hf_sv secret; /* argon2id string; empty: no password */
	hf_time secret_at;
	hf_time secret_until; /* good once and until then; 0: a lasting password */
	struct hf_sv totp;    /* sealed; empty: no second factor yet */
	int64_t totp_step;    /* the last that was used */
	struct hf_sv recovery;
	struct hf_sv issuer, subject, sds;
	hf_time created, ended, signed_in;
};

enum hf_account_role_flag {
	HF_ROLE_TRAINED = 1, /* in safeguarding */
	HF_ROLE_KIOSK = 2,   /* works at shared machines: a short idle time */
	HF_ROLE_FLAGS = 3
};

struct hf_account_role {
	int64_t id;
	struct hf_sv account;
	struct hf_sv role, org; /* code of roles.json; ODS code, upper case */
	struct hf_sv team, supervisor;
	int64_t flags; /* set of enum hf_account_role_flag */
	hf_time since, until;
};

static inline bool
hf_account_role_active(const struct hf_account_role *role, hf_time now)
{
	return role->since <= now && now < role->until;
}

/* A login as it is kept, in arena.  HF_INVALID, with path "login", when it is empty,
 * longer than HF_LOGIN_MAX or holds anything but letters, digits and . - _ @ */
enum hf_rc hf_login_fold(struct hf_sv text, struct hf_arena *arena, struct hf_sv *out,
			 struct hf_err *err);

/* Are these what an account may hold?  HF_INVALID names the member: name (1 to
 * HF_ACCOUNT_NAME_MAX bytes, no control characters), practitioner (empty, or
 * Practitioner/ID or Patient/ID). */
enum hf_rc hf_account_check(const struct hf_account *account, struct hf_err *err);
/* The same for a role: org is one to 16 capital letters and digits or empty, team
 * CareTeam/ID, supervisor Practitioner/ID, since before until. */
enum hf_rc hf_account_role_check(const struct hf_account_role *role,
				 struct hf_err *err);
/* Is it TYPE/ID with an id as FHIR has them? */
bool hf_account_is_ref(struct hf_sv text, struct hf_sv type);

#endif
