/* sign.h - who is it that asks: a session's cookie, a bearer token, or nobody. */
#ifndef HF_SERVER_SIGN_H
#define HF_SERVER_SIGN_H

#include <pthread.h>

#include "access/access.h"
#include "access/throttle.h"
#include "server/call.h"
#include "server/pending.h"
#include "server/sessions.h"
#include "server/work.h"

enum {
	HF_HASHING_WAITS = 1000, /* sign-ins that may wait for a password's work */
	HF_DESK_WAITS = 1000	 /* requests that may wait for a job of the desk */
};

/* What signing in needs, of one server. */
struct hf_sign {
	struct hf_sessions *sessions;
	struct hf_pendings *pendings;
	struct hf_works *hashing; /* argon2id: 13 ms and 19 MiB each */
	struct hf_works *desk;	  /* waits for commits */
	pthread_mutex_t throttle_lock;
	struct hf_throttle *throttle;
	struct hf_org_cache *orgs; /* server/org_names.h */
	bool demonstration;	   /* demonstration accounts sign in without a secret */
};

struct hf_sign_config {
	struct hf_store *store;
	const struct hf_policy *policy;
	const char *data;
	struct hf_session_limits limits;
	bool demonstration;
};
enum hf_rc hf_sign_new(const struct hf_sign_config *config, struct hf_sign **out,
		       struct hf_err *err);
/* After the HTTP server has stopped, before the store is closed.  NULL is fine. */
void hf_sign_free(struct hf_sign *sign);

/* Finds out who makes the request.  *out is in the request's arena: the trial actor
 * when the server runs open to this machine, a person or a system that signed in, or
 * kind HF_ACTOR_NOBODY.  A credential that is there and no good (expired, revoked,
 * unknown, cookie and token at once) is HF_LOGIN with what to do; an unsafe request
 * of a session without its token against forgery is HF_FORBIDDEN.  Where a route
 * asks for nothing, a session that is over is nobody. */
enum hf_rc hf_sign_actor(struct hf_call *call, struct hf_actor *out,
			 struct hf_err *err);
/* How long the session of the request's cookie lasts if nothing more is done in it, in
 * ms; 0 when it is over, or has another token, at this moment. */
hf_time hf_sign_left(struct hf_call *call);

/* ---- cookies ---- */

/* The session's cookie as the request has it; p NULL: none.  HF_LOGIN when there are
 * two: somebody may have planted one. */
enum hf_rc hf_sign_cookie(const struct hf_call *call, struct hf_sv *out,
			  struct hf_err *err);
/* The device's cookie, p NULL: none. */
struct hf_sv hf_sign_device(const struct hf_call *call);
/* Sets the session's cookie; token NULL takes it away. */
void hf_sign_set_cookie(struct hf_call *call, const char *token);
/* Remembers that the browser signed in to this login. */
void hf_sign_set_device(struct hf_call *call, struct hf_sv login);
/* The device that a cookie names, when it is of this login: its own text to count
 * by; n 0 otherwise. */
struct hf_sv hf_sign_known_device(const struct hf_call *call, struct hf_sv login);

/* ---- for routes ---- */

/* Does the request carry the token against forgery that goes with the session's
 * cookie?  Asked by hf_sign_actor() already, but not on routes that need nothing. */
enum hf_rc hf_sign_forgery(const struct hf_call *call, struct hf_sv token,
			   struct hf_err *err);

/* Did the user prove who they are within the last minutes?  HF_FORBIDDEN otherwise,
 * with path "proof". */
enum hf_rc hf_sign_proved(const struct hf_call *call, struct hf_err *err);
/* The address of the client as tries are counted: of IPv6 the network. */
struct hf_sv hf_sign_address(struct hf_call *call);

#endif
