/* jwt.h - claims of a signed token (RFC 7519), and what they have to say.
 *
 * Reading and believing are apart: hf_jwt_read() gives what stands there, and only
 * hf_jwt_check() after hf_jws_verify() makes it true. */
#ifndef HF_ACCESS_JWT_H
#define HF_ACCESS_JWT_H

#include "access/jws.h"
#include "base/time.h"

enum {
	HF_JWT_SKEW_MS = 60 * 1000, /* how far the clocks of others may be off */
	HF_JWT_CLAIM = 2048,	    /* bytes of a claim we read */
	HF_JWT_AUDIENCES = 16,
};

struct hf_jwt {
	struct hf_json body; /* all claims; node 0 is the object */
	struct hf_sv iss, sub, jti, nonce, at_hash, azp; /* p NULL: not there */
	hf_time exp, nbf, iat;				 /* HF_TIME_MIN: not there */
	struct hf_sv aud[HF_JWT_AUDIENCES];
	size_t n_aud;
};

/* Reads claims out of a payload.  HF_INVALID when it is no JSON object or a claim
 * has the wrong type, named in err->path; HF_TOO_LONG past a limit. */
enum hf_rc hf_jwt_read(struct hf_sv payload, struct hf_arena *arena, struct hf_jwt *out,
		       struct hf_err *err);

/* What is expected.  p NULL, 0 or false: not asked for. */
struct hf_jwt_want {
	struct hf_sv iss, sub, nonce;
	const struct hf_sv *aud; /* one of these has to be an audience */
	size_t n_aud;
	hf_time now;
	hf_time life;		 /* exp may be at most this much after now */
	bool need_iat, need_jti; /* exp is needed always */
	bool only_aud;		 /* no other audience besides, but with azp */
};

/* HF_LOGIN with the claim in err->path when something is not as wanted. */
enum hf_rc hf_jwt_check(const struct hf_jwt *jwt, const struct hf_jwt_want *want,
			struct hf_err *err);

/* at_hash of OpenID Connect core 3.1.3.6: the left half of the hash of alg over the
 * token.  true when it is right; false also when alg has no hash of its own. */
bool hf_jwt_at_hash(enum hf_jws_alg alg, struct hf_sv token, struct hf_sv at_hash,
		    struct hf_arena *arena);
/* The at_hash of a token; p NULL when it cannot be made. */
struct hf_sv hf_jwt_at_hash_make(enum hf_jws_alg alg, struct hf_sv token,
				 struct hf_arena *arena);

#endif
