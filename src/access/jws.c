/* jws.c - signed texts in the compact form of RFC 7515. */
#include <openssl/core_names.h> /* first: base/banned.h poisons a name it uses */
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "access/jws.h"

static const struct {
	const char *hash;
	enum hf_jwk_kind kind;
	bool pss;
} algs[] = {
#define HF_JWS(name, word, kind, hash, pss)                                            \
	[HF_JWS_##name] = {hash, HF_JWK_##kind, pss},
#include "access/jws.def"
#undef HF_JWS
};

/* ---- reading ---- */

static enum hf_rc
read_header(struct hf_sv text, struct hf_arena *arena, struct hf_jws *out,
	    struct hf_err *err)
{
	struct hf_json_limits limits = {.bytes = 4096, .depth = 8, .nodes = 64};
	struct hf_json head;
	uint32_t alg, kid, typ;
	enum hf_rc rc = hf_json_parse(text, &limits, arena, &head, err);

	if (rc)
		return rc;
	if (hf_json_type(&head, 0) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, "header", "the header is no object");
	if (hf_json_member(&head, 0, "crit") != HF_JSON_NONE)
		return hf_fail(err, HF_INVALID, "header.crit",
			       "no critical header (crit) is understood here");
	alg = hf_json_member(&head, 0, "alg");
	kid = hf_json_member(&head, 0, "kid");
	typ = hf_json_member(&head, 0, "typ");
	out->alg = hf_jws_alg_find(hf_json_str(&head, alg, arena));
	if (out->alg == HF_JWS_NONE)
		return hf_fail(err, HF_INVALID, "header.alg",
			       "alg is RS256, PS256, RS384, ES256, ES384 or EdDSA");
	out->kid = hf_json_str(&head, kid, arena);
	if (kid != HF_JSON_NONE && (out->kid.n == 0 || out->kid.n > HF_JWK_KID))
		return hf_fail(err, HF_INVALID, "header.kid",
			       "kid is a text of 1 to 255 bytes");
	out->typ = hf_json_str(&head, typ, arena);
	if (typ != HF_JSON_NONE && !out->typ.p)
		return hf_fail(err, HF_INVALID, "header.typ", "typ is a text");
	return HF_OK;
}

enum hf_rc
hf_jws_read(struct hf_sv text, struct hf_arena *arena, struct hf_jws *out,
	    struct hf_err *err)
{
	struct hf_sv rest = text, head, payload;
	struct hf_jws jws = {0};
	enum hf_rc rc;

	if (text.n > HF_JWS_BYTES)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "a token has at most %d bytes here", HF_JWS_BYTES);
	head = hf_sv_cut(&rest, '.');
	payload = hf_sv_cut(&rest, '.');
	if (head.n == 0 || rest.n == 0 || hf_sv_find(rest, '.') != rest.n)
		return hf_fail(err, HF_INVALID, NULL,
			       "a token has a header, claims and a signature with a "
			       "dot between them");
	jws.signed_part = (struct hf_sv){text.p, head.n + 1 + payload.n};
	if (!hf_b64u_decode(head, arena, &head) ||
	    !hf_b64u_decode(payload, arena, &jws.payload) ||
	    !hf_b64u_decode(rest, arena, &jws.signature))
		return hf_fail(err, HF_INVALID, NULL,
			       "the parts of a token are base64url without padding "
			       "(RFC 7515, 2)");
	rc = read_header(head, arena, &jws, err);
	if (rc == HF_OK)
		*out = jws;
	return rc;
}

/* ---- signatures ---- */

static bool
set_padding(EVP_PKEY_CTX *ctx, enum hf_jws_alg alg)
{
	if (!algs[alg].pss)
		return true;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

static const char *
hash_of(enum hf_jws_alg alg)
{
	return algs[alg].hash[0] ? algs[alg].hash : NULL;
}

static size_t
half_of(enum hf_jwk_kind kind)
{
	return kind == HF_JWK_P256 ? 32 : 48;
}

static bool
is_curve(enum hf_jwk_kind kind)
{
	return kind == HF_JWK_P256 || kind == HF_JWK_P384;
}

/* r and s side by side (RFC 7518, 3.4) into the DER that OpenSSL reads; the caller
 * frees with OPENSSL_free.  Length 0 when it cannot be. */
static int
der_of(struct hf_sv raw, size_t half, unsigned char **der)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = NULL, *s = NULL;
	int n = 0;

	*der = NULL;
	if (sig && raw.n == 2 * half) {
		r = BN_bin2bn((const unsigned char *)raw.p, (int)half, NULL);
		s = BN_bin2bn((const unsigned char *)raw.p + half, (int)half, NULL);
		if (r && s && ECDSA_SIG_set0(sig, r, s) == 1)
			n = i2d_ECDSA_SIG(sig, der);
		else {
			BN_free(r);
			BN_free(s);
		}
	}
	ECDSA_SIG_free(sig);
	return n > 0 ? n : 0;
}

static bool
signature_is_right(const struct hf_jws *jws, const struct hf_jwk *key)
{
	const unsigned char *sig = (const unsigned char *)jws->signature.p;
	size_t n = jws->signature.n;
	unsigned char *der = NULL;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx = NULL; /* of md */
	bool right = false;

	if (is_curve(key->kind)) {
		n = (size_t)der_of(jws->signature, half_of(key->kind), &der);
		sig = der;
	} else if (key->kind == HF_JWK_RSA &&
		   n != (size_t)EVP_PKEY_get_size(key->pkey)) {
		n = 0;
	}
	if (md && n > 0)
		right = EVP_DigestVerifyInit_ex(md, &ctx, hash_of(jws->alg), NULL, NULL,
						key->pkey, NULL) == 1 &&
			set_padding(ctx, jws->alg) &&
			EVP_DigestVerify(md, sig, n,
					 (const unsigned char *)jws->signed_part.p,
					 jws->signed_part.n) == 1;
	EVP_MD_CTX_free(md);
	OPENSSL_free(der);
	ERR_clear_error();
	return right;
}

enum hf_rc
hf_jws_verify(const struct hf_jws *jws, const struct hf_jwks *keys, struct hf_err *err)
{
	const struct hf_jwk *key;
	struct hf_err why;

	if (hf_jwks_find(keys, jws->kid, jws->alg, &key, &why) != HF_OK)
		return hf_fail(err, HF_LOGIN, "header.kid", "%s", why.text);
	if (!signature_is_right(jws, key))
		return hf_fail(err, HF_LOGIN, "signature", "the signature is wrong");
	return HF_OK;
}

/* ---- signing ---- */

/* OpenSSL's DER into r and s side by side. */
static bool
raw_of(const unsigned char *der, size_t n, size_t half, unsigned char *raw)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
	const BIGNUM *r, *s;
	bool done;

	if (!sig)
		return false;
	ECDSA_SIG_get0(sig, &r, &s);
	done = BN_bn2binpad(r, raw, (int)half) == (int)half &&
	       BN_bn2binpad(s, raw + half, (int)half) == (int)half;
	ECDSA_SIG_free(sig);
	return done;
}

static struct hf_sv
signature_of(const struct hf_jwk *key, enum hf_jws_alg alg, struct hf_sv text,
	     struct hf_arena *arena)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx = NULL; /* of md */
	struct hf_sv out = {NULL, 0};
	unsigned char sig[1024], raw[96];
	size_t n = sizeof sig;

	if (md &&
	    EVP_DigestSignInit_ex(md, &ctx, hash_of(alg), NULL, NULL, key->pkey,
				  NULL) == 1 &&
	    set_padding(ctx, alg) &&
	    EVP_DigestSign(md, sig, &n, (const unsigned char *)text.p, text.n) == 1) {
		size_t half = half_of(key->kind);

		if (!is_curve(key->kind))
			out = hf_b64u_encode((struct hf_sv){(char *)sig, n}, arena);
		else if (raw_of(sig, n, half, raw))
			out = hf_b64u_encode((struct hf_sv){(char *)raw, 2 * half},
					     arena);
	}
	EVP_MD_CTX_free(md);
	ERR_clear_error();
	return out;
}

/* The header in base64url; p NULL when there is no room. */
static struct hf_sv
header_for(const struct hf_jwk *key, enum hf_jws_alg alg, struct hf_sv typ,
	   struct hf_arena *arena)
{
	struct hf_buf text = {.cap = 4096};
	struct hf_jw w = {.out = &text};
	struct hf_sv out = {NULL, 0};

	hf_jw_obj(&w);
	hf_jw_field(&w, "alg", hf_sv_from(hf_jws_alg_word(alg)));
	if (typ.n)
		hf_jw_field(&w, "typ", typ);
	if (key->kid[0])
		hf_jw_field(&w, "kid", hf_sv_from(key->kid));
	hf_jw_obj_end(&w);
	if (!text.failed)
		out = hf_b64u_encode(hf_buf_view(&text), arena);
	hf_buf_free(&text);
	return out;
}

enum hf_rc
hf_jws_sign(const struct hf_jwk *key, enum hf_jws_alg alg, struct hf_sv typ,
	    struct hf_sv payload, struct hf_arena *arena, struct hf_sv *out,
	    struct hf_err *err)
{
	struct hf_sv head, body, text, sig;

	if (alg == HF_JWS_NONE || !key->has_private || algs[alg].kind != key->kind ||
	    (key->alg != HF_JWS_NONE && key->alg != alg))
		return hf_fail(err, HF_INVALID, "alg",
			       "this key cannot sign with this algorithm");
	head = header_for(key, alg, typ, arena);
	body = hf_b64u_encode(payload, arena);
	if (!head.p || !body.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "the token is too long");
	text = hf_arena_printf(arena, "%.*s.%.*s", HF_SV_ARG(head), HF_SV_ARG(body));
	if (!text.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "the token is too long");
	sig = signature_of(key, alg, text, arena);
	if (!sig.p)
		return hf_fail(err, HF_FAULT, NULL, "OpenSSL could not sign");
	text = hf_arena_printf(arena, "%.*s.%.*s", HF_SV_ARG(text), HF_SV_ARG(sig));
	if (!text.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "the token is too long");
	*out = text;
	return HF_OK;
}
