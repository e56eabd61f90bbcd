/* sessions.h - who is signed in: a table in memory, written through to the store.
 *
 * Looking somebody up costs a hash and takes no statement.  Everything that begins,
 * changes or ends a session is a job of the desk first, so that after a restart, and
 * in the audit, it is as it was said to be; only when it was last used is written
 * later, at most once a minute for all of them together.  Functions that wait for a
 * commit say so: they are not called in threads that answer requests (work.h). */
#ifndef HF_SERVER_SESSIONS_H
#define HF_SERVER_SESSIONS_H

#include "access/access.h"
#include "access/account.h"
#include "access/io/keys.h"
#include "access/session.h"
#include "db/db.h"
#include "record/io/store.h"

struct hf_sessions;

struct hf_sessions_config {
	struct hf_store *store;
	const struct hf_policy *policy; /* outlives the table */
	const char *data;		/* folder of keys/ */
	struct hf_session_limits limits;
};

/* From now on gone(ctx, id) is called when a session has ended or its token was
 * changed; also when its account was changed and it goes on.  It is quick and calls
 * nothing of this file.  NULL: nobody, and it is not being called any more. */
void hf_sessions_watch(struct hf_sessions *sessions,
		       void (*gone)(void *ctx, int64_t id), void *ctx);
/* Reads the key, and the sessions that were live. */
enum hf_rc hf_sessions_new(const struct hf_sessions_config *config,
			   struct hf_sessions **out, struct hf_err *err);
/* Writes when each was last used.  NULL is fine. */
void hf_sessions_free(struct hf_sessions *sessions);
const struct hf_session_limits *hf_sessions_limits(const struct hf_sessions *sessions);
const struct hf_account_keys *hf_sessions_keys(const struct hf_sessions *sessions);

/* A session with what it is of; all of it in the arena of the look-up. */
struct hf_seat {
	struct hf_session s;
	struct hf_sv login, name, who; /* of the account */
	bool demonstration, factor;    /* factor: it has one to prove with */
	bool password;		       /* it has one */
	struct hf_account_role role;
	const struct hf_role *kind; /* of the policy */
};

/* Looks a token up.  HF_SESSION_LIVE: *out is set, and the session was used now when
 * touch says so.  Else why there is none: HF_SESSION_SIGNED_OUT also for tokens that
 * never were. */
enum hf_session_end hf_sessions_look(struct hf_sessions *sessions, struct hf_sv token,
				     hf_time now, bool touch, struct hf_arena *arena,
				     struct hf_seat *out);
/* A session is over by what a look-up found (its role, its organisation): it is good
 * for nothing from now on, and the clerk writes so within a minute. */
void hf_sessions_over(struct hf_sessions *sessions, struct hf_sv token,
		      enum hf_session_end why);
/* Fills in who asks, from a seat; org_active: the organisation is not suspended.  A
 * role that is not active (yet, any more) lacks its fact. */
void hf_seat_actor(const struct hf_policy *policy, const struct hf_seat *seat,
		   bool org_active, hf_time now, struct hf_arena *arena,
		   struct hf_actor *out);
/* The same of an account and one of its roles, read from db: for tokens.  HF_LOGIN
 * when the account has ended or the role is not (any more) active.  MFA is not set:
 * whoever calls it knows how they signed in. */
enum hf_rc hf_account_actor(struct hf_db *db, const struct hf_policy *policy,
			    struct hf_sv account, int64_t role, hf_time now,
			    struct hf_arena *arena, struct hf_actor *out,
			    struct hf_err *err);

/* ---- that wait for a commit ---- */

struct hf_session_new {
	struct hf_sv account;
	int64_t role;
	struct hf_sv method, address;
	int assurance;
	hf_time proved; /* 0: the sign-in proved nothing that lasts */
};
/* Begins one.  token is what the cookie gets.  HF_LOGIN when the account has ended,
 * HF_FORBIDDEN when the role is not active.  When the account has as many as it may,
 * the one that was used least lately ends. */
enum hf_rc hf_sessions_begin(struct hf_sessions *sessions,
			     const struct hf_session_new *session, hf_time now,
			     char token[HF_TOKEN_TEXT + 1], int64_t *id,
			     struct hf_err *err);

struct hf_session_change {
	const char *what;		/* "role", "prove", "purpose": for the audit */
	int64_t role;			/* 0: as it was */
	hf_time proved;			/* 0: as it was */
	int assurance;			/* 0: as it was */
	struct hf_sv purpose, case_ref; /* n 0 of purpose: as they were */
};
/* Changes one and gives it another token: the old one is no good from then on.
 * HF_LOGIN when it ended meanwhile. */
enum hf_rc hf_sessions_change(struct hf_sessions *sessions, struct hf_sv token,
			      const struct hf_session_change *change, hf_time now,
			      char new_token[HF_TOKEN_TEXT + 1], struct hf_err *err);
/* Ends one, in the name of actor.  HF_NOT_FOUND when it is not live. */
enum hf_rc hf_sessions_end(struct hf_sessions *sessions, int64_t id,
			   enum hf_session_end why, struct hf_sv actor,
			   struct hf_err *err);
/* Ends all others of an account. */
enum hf_rc hf_sessions_end_others(struct hf_sessions *sessions, struct hf_sv account,
				  int64_t but, enum hf_session_end why,
				  struct hf_sv actor, struct hf_err *err);

/* An account, its roles or its sessions were changed in the store: what stands in
 * memory is made anew from there before it returns. */
void hf_sessions_changed(struct hf_sessions *sessions, struct hf_sv account);

/* The live ones, the oldest first, of an account (n 0: of all), at most max. */
enum hf_rc hf_sessions_list(struct hf_sessions *sessions, struct hf_sv account,
			    hf_time now, size_t max, struct hf_arena *arena,
			    struct hf_seat **out, size_t *n, struct hf_err *err);

#endif
