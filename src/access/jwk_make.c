/* jwk_make.c - a new key of ours, and the public parts of a set as JSON. */
#include <openssl/core_names.h> /* first: base/banned.h poisons a name it uses */
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "access/jwk.h"

#include <sodium.h>

#include "fhir/json.h"

enum { P384 = 48 };

static const char *const kinds[] = {
    [HF_JWK_RSA] = "RSA",
    [HF_JWK_P256] = "EC",
    [HF_JWK_P384] = "EC",
    [HF_JWK_ED25519] = "OKP",
};

/* A number of the key in exactly size bytes (0: as many as it needs), base64url. */
static struct hf_sv
part(EVP_PKEY *key, const char *name, size_t size, struct hf_arena *arena)
{
	BIGNUM *n = NULL;
	struct hf_sv out = {NULL, 0};
	unsigned char *bytes;
	size_t length;

	if (EVP_PKEY_get_bn_param(key, name, &n) != 1)
		return out;
	length = size ? size : (size_t)BN_num_bytes(n);
	bytes = hf_arena_alloc(arena, length);
	if (bytes && BN_bn2binpad(n, bytes, (int)length) == (int)length)
		out = hf_b64u_encode((struct hf_sv){(char *)bytes, length}, arena);
	BN_clear_free(n);
	return out;
}

enum hf_rc
hf_jwk_make(struct hf_arena *arena, struct hf_sv *json, struct hf_err *err)
{
	EVP_PKEY *key = EVP_EC_gen("P-384");
	struct hf_sv x, y, d, kid, out = {NULL, 0};
	char random[16];

	if (!key)
		return hf_fail(err, HF_FAULT, NULL, "OpenSSL could not make a key");
	randombytes_buf(random, sizeof random);
	kid = hf_b64u_encode((struct hf_sv){random, sizeof random}, arena);
	x = part(key, OSSL_PKEY_PARAM_EC_PUB_X, P384, arena);
	y = part(key, OSSL_PKEY_PARAM_EC_PUB_Y, P384, arena);
	d = part(key, OSSL_PKEY_PARAM_PRIV_KEY, P384, arena);
	EVP_PKEY_free(key);
	if (kid.p && x.p && y.p && d.p)
		out = hf_arena_printf(
		    arena,
		    "{\"kty\":\"EC\",\"crv\":\"P-384\",\"use\":\"sig\",\"alg\":"
		    "\"ES384\",\"kid\":\"%.*s\",\"x\":\"%.*s\",\"y\":\"%.*s\",\"d\":"
		    "\"%.*s\"}\n",
		    HF_SV_ARG(kid), HF_SV_ARG(x), HF_SV_ARG(y), HF_SV_ARG(d));
	if (!out.p)
		return hf_fail(err, HF_FAULT, NULL, "a new key could not be written");
	*json = out;
	return HF_OK;
}

static void
write_numbers(const struct hf_jwk *key, struct hf_arena *arena, struct hf_jw *w)
{
	size_t size = key->kind == HF_JWK_P256 ? 32 : P384;
	unsigned char raw[32];
	size_t n = sizeof raw;

	switch (key->kind) {
	case HF_JWK_RSA:
		hf_jw_field(w, "n", part(key->pkey, OSSL_PKEY_PARAM_RSA_N, 0, arena));
		hf_jw_field(w, "e", part(key->pkey, OSSL_PKEY_PARAM_RSA_E, 0, arena));
		break;
	case HF_JWK_P256:
	case HF_JWK_P384:
		hf_jw_field(w, "crv",
			    key->kind == HF_JWK_P256 ? HF_SV("P-256") : HF_SV("P-384"));
		hf_jw_field(w, "x",
			    part(key->pkey, OSSL_PKEY_PARAM_EC_PUB_X, size, arena));
		hf_jw_field(w, "y",
			    part(key->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, size, arena));
		break;
	case HF_JWK_ED25519:
		hf_jw_field(w, "crv", HF_SV("Ed25519"));
		if (EVP_PKEY_get_raw_public_key(key->pkey, raw, &n) == 1)
			hf_jw_field(
			    w, "x",
			    hf_b64u_encode((struct hf_sv){(char *)raw, n}, arena));
		break;
	}
}

void
hf_jwks_write(const struct hf_jwks *keys, struct hf_jw *w)
{
	struct hf_arena arena = {.cap = 1 << 20};

	hf_jw_obj(w);
	hf_jw_member(w, "keys");
	hf_jw_arr(w);
	for (size_t i = 0; i < keys->n; i++) {
		const struct hf_jwk *key = &keys->keys[i];

		hf_jw_obj(w);
		hf_jw_field(w, "kty", hf_sv_from(kinds[key->kind]));
		hf_jw_field(w, "use", HF_SV("sig"));
		if (key->alg != HF_JWS_NONE)
			hf_jw_field(w, "alg", hf_sv_from(hf_jws_alg_word(key->alg)));
		if (key->kid[0])
			hf_jw_field(w, "kid", hf_sv_from(key->kid));
		write_numbers(key, &arena, w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	hf_arena_free(&arena);
}
