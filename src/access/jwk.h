/* jwk.h - keys of others and our own, in the form of RFC 7517 and RFC 8037.
 *
 * Only keys that can sign with an algorithm of jws.def are taken: RSA of 2048 to
 * 8192 bits with an exponent from 65537 to 2^32, the curves P-256 and P-384, and
 * Ed25519.  Shared secrets (kty oct) are never keys here, so that no token can be
 * checked with what is public.  base64url is strict: no padding, no stray bits. */
#ifndef HF_ACCESS_JWK_H
#define HF_ACCESS_JWK_H

#include "base/arena.h"
#include "base/err.h"

enum hf_jws_alg {
	HF_JWS_NONE, /* not one of ours; never verifies */
#define HF_JWS(name, word, kind, hash, pss) HF_JWS_##name,
#include "access/jws.def"
#undef HF_JWS
	HF_JWS_ALGS
};

enum hf_jwk_kind {
	HF_JWK_RSA,
	HF_JWK_P256,
	HF_JWK_P384,
	HF_JWK_ED25519,
};

enum {
	HF_JWKS_BYTES = 64 << 10, /* of the text of a set */
	HF_JWKS_KEYS = 32,	  /* in one set */
	HF_JWK_KID = 255,	  /* bytes of a kid */
};

struct evp_pkey_st; /* OpenSSL's EVP_PKEY */

struct hf_jwk {
	enum hf_jwk_kind kind;
	enum hf_jws_alg alg; /* the only one it may be used with; HF_JWS_NONE: any */
	bool has_private;
	char kid[HF_JWK_KID + 1]; /* "" when it has none */
	struct evp_pkey_st *pkey;
};

struct hf_jwks {
	size_t n, skipped; /* skipped: members that no algorithm of ours can use */
	struct hf_jwk *keys;
};

enum hf_jwks_rule {
	HF_JWKS_SKIP,	/* leave aside what is not for us: a provider's set */
	HF_JWKS_STRICT, /* refuse it: keys that are registered here */
	HF_JWKS_OWN	/* as strict, and keys hold their private part */
};

/* Reads a set {"keys":[…]} or one key.  HF_INVALID names the key and what is wrong
 * with it, HF_TOO_LONG when it has too many bytes or keys; a set in which nothing
 * is left is HF_INVALID.  A private part is refused but for HF_JWKS_OWN: whoever
 * sends us one has to make a new key.  Free with hf_jwks_free(). */
enum hf_rc hf_jwks_parse(struct hf_sv text, enum hf_jwks_rule rule,
			 struct hf_jwks **out, struct hf_err *err);
void hf_jwks_free(struct hf_jwks *keys); /* NULL is fine */

/* The one key for a token that names kid (n 0: none) and alg.  HF_NOT_FOUND when no
 * key fits, HF_MULTIPLE when more than one does: then nobody can say which was
 * meant. */
enum hf_rc hf_jwks_find(const struct hf_jwks *keys, struct hf_sv kid,
			enum hf_jws_alg alg, const struct hf_jwk **out,
			struct hf_err *err);

/* A new key of ours (P-384) with a kid of 128 random bits, as JSON with its private
 * part.  The text is secret: wipe it.  HF_FAULT when OpenSSL cannot. */
enum hf_rc hf_jwk_make(struct hf_arena *arena, struct hf_sv *json, struct hf_err *err);

struct hf_jw;
/* Writes the set's public parts as {"keys":[…]}. */
void hf_jwks_write(const struct hf_jwks *keys, struct hf_jw *w);

/* base64url of RFC 7515, strict.  false when text is not that, or the arena is
 * full.  What comes out is NUL terminated behind its end. */
bool hf_b64u_decode(struct hf_sv text, struct hf_arena *arena, struct hf_sv *out);
/* p is NULL past the arena's cap. */
struct hf_sv hf_b64u_encode(struct hf_sv bytes, struct hf_arena *arena);

/* "ES384"; HF_JWS_NONE when it is none of ours. */
enum hf_jws_alg hf_jws_alg_find(struct hf_sv word);
const char *hf_jws_alg_word(enum hf_jws_alg alg);

#endif
