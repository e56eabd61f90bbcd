/* jws.h - signed texts in the compact form of RFC 7515.
 *
 * What always holds: the algorithm is one of jws.def and fits the kind of the key;
 * no key, certificate or address in the header is ever used; a header with crit is
 * refused, for nothing is critical to us that we do not know. */
#ifndef HF_ACCESS_JWS_H
#define HF_ACCESS_JWS_H

#include "access/jwk.h"
#include "fhir/json.h"

enum { HF_JWS_BYTES = 16 << 10 }; /* of the whole compact text */

/* All views point into the text or the arena it was read with. */
struct hf_jws {
	enum hf_jws_alg alg;
	struct hf_sv kid, typ; /* p NULL: not there */
	struct hf_sv payload;  /* decoded; believe nothing of it before _verify */
	struct hf_sv signature;
	struct hf_sv signed_part; /* header.payload as it came */
};

/* Takes the text apart.  HF_INVALID when it is no JWS in compact form, or its
 * algorithm is none of ours (alg none and HS256 too); HF_TOO_LONG past
 * HF_JWS_BYTES. */
enum hf_rc hf_jws_read(struct hf_sv text, struct hf_arena *arena, struct hf_jws *out,
		       struct hf_err *err);

/* Was it signed by a key of the set?  HF_LOGIN when not: no such key, more than one
 * fits, or the signature is wrong. */
enum hf_rc hf_jws_verify(const struct hf_jws *jws, const struct hf_jwks *keys,
			 struct hf_err *err);

/* Signs payload.  key has its private part and fits alg; typ ("JWT") may have n 0.
 * *out lies in arena.  HF_INVALID when key and alg do not fit, HF_FAULT when
 * OpenSSL cannot. */
enum hf_rc hf_jws_sign(const struct hf_jwk *key, enum hf_jws_alg alg, struct hf_sv typ,
		       struct hf_sv payload, struct hf_arena *arena, struct hf_sv *out,
		       struct hf_err *err);

#endif
