/* signin.h - people sign in: what the routes under /auth share.
 *
 * A handler reads its body into a struct hf_signin_job, hands it to a pool of threads
 * (hf_signin_run) and answers when it is done.  Whatever way somebody proves who they
 * are, it ends in hf_signin_pass(). */
#ifndef HF_SERVER_SIGNIN_H
#define HF_SERVER_SIGNIN_H

#include "access/account.h"
#include "server/sign.h"

enum { HF_SIGNIN_BODY_MAX = 8192 };

/* Somebody proved who they are: what comes next, and the cookie that goes with it. */
struct hf_signin_passed {
	enum hf_step step; /* HF_STEP_ROLE or HF_STEP_DONE */
	char token[HF_TOKEN_TEXT + 1];
	struct hf_sv account; /* id */
	struct hf_sv login;
	int64_t session; /* its number; 0 unless done */
};

struct hf_signin_proof {
	struct hf_sv account; /* id */
	struct hf_sv method;  /* "local", "oidc", "demonstration": a literal */
	int assurance;	      /* 1 … 3; sessions under 2 may do nothing (R1) */
	int64_t role; /* account_role.id; 0: the only one, or the user chooses */
};

/* Begins a session, or has a role chosen first.  Waits for a commit: in a thread of a
 * pool.  HF_FORBIDDEN when the account has no role now or has ended. */
enum hf_rc hf_signin_pass(struct hf_call *call, const struct hf_signin_proof *proof,
			  struct hf_signin_passed *out, struct hf_err *err);
/* Whoever signs in again leaves the session that this browser had.  Waits for a
 * commit. */
void hf_signin_leave(struct hf_call *call);
/* Sets the cookies that go with it, and names the user in the audit line of this
 * request.  In the request's own thread, before the answer. */
void hf_signin_welcome(struct hf_call *call, const struct hf_signin_passed *passed);
/* A session whose user was seen again by an OpenID provider: a fresh proof.  Waits for
 * a commit; token is the new cookie, hf_sign_set_cookie(). */
enum hf_rc hf_signin_proved(struct hf_call *call, char token[HF_TOKEN_TEXT + 1],
			    struct hf_err *err);

/* ---- inside ---- */

struct hf_signin_job {
	struct hf_call *call;
	/* of the body; p NULL: not there.  Secrets among them. */
	struct hf_sv login, password, code, recovery, purpose, case_ref;
	int64_t role;
	/* of the cookie: a half-way sign-in, or a session */
	struct hf_sv token;
	unsigned char hash[HF_TOKEN_BYTES];
	bool has_pending, has_seat;
	struct hf_pending pending;
	struct hf_seat seat;
	struct hf_sv device, address;
	/* what came of it */
	enum hf_rc rc;
	struct hf_err err;
	hf_time wait; /* until the next try, ms */
	struct hf_signin_passed passed;
	enum hf_step step;
	char new_token[HF_TOKEN_TEXT + 1]; /* "": the cookie stays */
	bool known_device;		   /* signed in whole: remember the browser */
	struct hf_sv codes;		   /* new recovery codes, blank between */
	size_t recovery_left;
	struct hf_sv secret, uri;
	hf_time proved;
};

/* Reads the body and the cookie.  NULL: it has answered. */
struct hf_signin_job *hf_signin_begin(struct hf_call *call);
/* Runs work in the pool, then answers with finish (which is not called when work left
 * a failure in job->rc). */
void hf_signin_run(struct hf_signin_job *job, struct hf_works *pool,
		   void (*work)(struct hf_signin_job *job),
		   void (*finish)(struct hf_signin_job *job));
/* Answers with job->err; the session's part of the body is wiped. */
void hf_signin_fail(struct hf_signin_job *job);
/* Answers {"step":…} and the cookies. */
void hf_signin_answer_step(struct hf_signin_job *job);

/* A new token for a half-way sign-in, kept from now on under it.  "" on failure. */
enum hf_rc hf_signin_keep(struct hf_signin_job *job, const struct hf_pending *pending,
			  struct hf_err *err);
/* The account of the job's half-way sign-in or session. */
enum hf_rc hf_signin_account(struct hf_signin_job *job, struct hf_account *out,
			     struct hf_err *err);
/* Who tries, for the counters. */
struct hf_throttle_who hf_signin_who(const struct hf_signin_job *job,
				     struct hf_sv login);
/* May it be tried?  HF_TOO_MANY with job->wait. */
enum hf_rc hf_signin_may_try(struct hf_signin_job *job, struct hf_sv login,
			     struct hf_err *err);
void hf_signin_count(struct hf_signin_job *job, struct hf_sv login, bool good);

/* One-time codes (signin_factor.c).  Uses the code up, in a job of the desk; HF_LOGIN
 * when it is no good or was used before. */
enum hf_rc hf_signin_use_code(struct hf_signin_job *job,
			      const struct hf_account *account, struct hf_err *err);
enum hf_rc hf_signin_use_recovery(struct hf_signin_job *job,
				  const struct hf_account *account, struct hf_err *err);

/* A change of an account, as a job of the desk in the user's own name.  change()
 * alters what was read in the transaction. */
enum hf_rc hf_signin_change(struct hf_signin_job *job, struct hf_sv account,
			    const char *what,
			    enum hf_rc (*change)(struct hf_account *a, void *ctx,
						 struct hf_err *err),
			    void *ctx, struct hf_err *err);

#endif
