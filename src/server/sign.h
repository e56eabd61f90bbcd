/* sign.h - who is it that asks: a session's cookie, a bearer token, or nobody. */
#ifndef HF_SERVER_SIGN_H
#define HF_SERVER_SIGN_H

#include "access/access.h"
#include "server/call.h"

/* Finds out who makes the request.  *out is in the request's arena: the trial actor
 * when the server runs open to this machine, a person or a system that signed in, or
 * kind HF_ACTOR_NOBODY.  A credential that is there and no good (expired, revoked,
 * unknown, cookie and token at once) is HF_LOGIN with what to do. */
enum hf_rc hf_sign_actor(struct hf_call *call, struct hf_actor *out,
			 struct hf_err *err);

#endif
