/* jwk.c - keys in the form of RFC 7517. */
#include <openssl/core_names.h> /* first: base/banned.h poisons a name it uses */
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>

#include "access/jwk.h"

#include <sodium.h>

#include "fhir/json.h"

enum { RSA_MIN = 2048 / 8, RSA_MAX = 8192 / 8 };

static const struct {
	const char *word;
	enum hf_jwk_kind kind;
} algs[] = {
    [HF_JWS_NONE] = {"no algorithm of ours", HF_JWK_RSA},
#define HF_JWS(name, word, kind, hash, pss) [HF_JWS_##name] = {word, HF_JWK_##kind},
#include "access/jws.def"
#undef HF_JWS
};

static const struct curve {
	const char *crv, *group;
	enum hf_jwk_kind kind;
	size_t size;
} curves[] = {
    {"P-256", "prime256v1", HF_JWK_P256, 32},
    {"P-384", "secp384r1", HF_JWK_P384, 48},
};

enum hf_jws_alg
hf_jws_alg_find(struct hf_sv word)
{
	for (int i = HF_JWS_NONE + 1; i < HF_JWS_ALGS; i++)
		if (hf_sv_eq(word, hf_sv_from(algs[i].word)))
			return (enum hf_jws_alg)i;
	return HF_JWS_NONE;
}

const char *
hf_jws_alg_word(enum hf_jws_alg alg)
{
	return algs[alg].word;
}

/* ---- base64url ---- */

bool
hf_b64u_decode(struct hf_sv text, struct hf_arena *arena, struct hf_sv *out)
{
	size_t room = text.n / 4 * 3 + 4, n = 0;
	char *to = hf_arena_alloc(arena, room);

	if (!to ||
	    sodium_base642bin((unsigned char *)to, room - 1, text.p, text.n, NULL, &n,
			      NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return false;
	to[n] = '\0';
	*out = (struct hf_sv){to, n};
	return true;
}

struct hf_sv
hf_b64u_encode(struct hf_sv bytes, struct hf_arena *arena)
{
	size_t room = sodium_base64_encoded_len(
	    bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *to = hf_arena_alloc(arena, room);

	if (!to)
		return (struct hf_sv){NULL, 0};
	sodium_bin2base64(to, room, (const unsigned char *)bytes.p, bytes.n,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return (struct hf_sv){to, room - 1};
}

/* ---- one key ---- */

struct reading {
	const struct hf_json *doc;
	uint32_t node;
	enum hf_jwks_rule rule;
	struct hf_arena *arena;
	char path[40];
	struct hf_err *err;
};

static enum hf_rc
refuse(const struct reading *r, const char *why)
{
	return hf_fail(r->err, HF_INVALID, r->path, "%s", why);
}

static struct hf_sv
text_of(const struct reading *r, const char *name)
{
	return hf_json_str(r->doc, hf_json_get(r->doc, r->node, hf_sv_from(name)),
			   r->arena);
}

/* The bytes of a base64url member; p NULL when it is not there or not that. */
static struct hf_sv
bytes_of(const struct reading *r, const char *name)
{
	struct hf_sv text = text_of(r, name), out;

	if (text.n == 0 || !hf_b64u_decode(text, r->arena, &out))
		return (struct hf_sv){NULL, 0};
	return out;
}

static bool
has(const struct reading *r, const char *name)
{
	return hf_json_get(r->doc, r->node, hf_sv_from(name)) != HF_JSON_NONE;
}

/* An EVP_PKEY of parameters; NULL when OpenSSL does not take them (a point that is
 * not on its curve). */
static EVP_PKEY *
key_from(const char *type, OSSL_PARAM_BLD *build, bool with_private)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key,
			      with_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
			      params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return key;
}

static bool
point_is_good(EVP_PKEY *key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	bool good = ctx && EVP_PKEY_public_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	return good;
}

static BIGNUM *
number(struct hf_sv bytes)
{
	return BN_bin2bn((const unsigned char *)bytes.p, (int)bytes.n, NULL);
}

/* Pushes a number that must live until the parameters are made. */
static bool
push_number(OSSL_PARAM_BLD *build, const char *name, BIGNUM *n)
{
	return n && OSSL_PARAM_BLD_push_BN(build, name, n) == 1;
}

static enum hf_rc
check_rsa(const struct reading *r, struct hf_sv n, struct hf_sv e)
{
	uint64_t exponent = 0;

	if (!n.p || !e.p)
		return refuse(r,
			      "an RSA key has n and e in base64url, without padding");
	if (n.p[0] == '\0' || e.p[0] == '\0')
		return refuse(r, "n and e begin with a byte that is not 0 (RFC 7518, "
				 "6.3.1.1)");
	if (n.n < RSA_MIN || !((unsigned char)n.p[0] & 0x80 || n.n > RSA_MIN))
		return refuse(r, "the RSA modulus has less than 2048 bits: make a "
				 "longer key");
	if (n.n > RSA_MAX)
		return refuse(r, "the RSA modulus has more than 8192 bits");
	if (!((unsigned char)n.p[n.n - 1] & 1))
		return refuse(r, "the RSA modulus is even");
	for (size_t i = 0; i < e.n && i < 8; i++)
		exponent = exponent << 8 | (unsigned char)e.p[i];
	if (e.n > 4 || exponent < 65537 || !(exponent & 1))
		return refuse(r, "the RSA exponent is odd, at least 65537 and below "
				 "2^32");
	return HF_OK;
}

static enum hf_rc
read_rsa(struct reading *r, struct hf_jwk *key)
{
	struct hf_sv n = bytes_of(r, "n"), e = bytes_of(r, "e"), d = bytes_of(r, "d");
	OSSL_PARAM_BLD *build = NULL;
	BIGNUM *bn = NULL, *be = NULL, *bd = NULL;
	enum hf_rc rc = check_rsa(r, n, e);

	if (rc)
		return rc;
	build = OSSL_PARAM_BLD_new();
	bn = number(n);
	be = number(e);
	bd = key->has_private && d.p ? number(d) : NULL;
	if (build && push_number(build, OSSL_PKEY_PARAM_RSA_N, bn) &&
	    push_number(build, OSSL_PKEY_PARAM_RSA_E, be) &&
	    (!key->has_private || push_number(build, OSSL_PKEY_PARAM_RSA_D, bd)))
		key->pkey = key_from("RSA", build, key->has_private);
	OSSL_PARAM_BLD_free(build);
	BN_free(bn);
	BN_free(be);
	BN_clear_free(bd);
	key->kind = HF_JWK_RSA;
	return key->pkey ? HF_OK : refuse(r, "OpenSSL does not take this RSA key");
}

static EVP_PKEY *
key_of_curve(const struct curve *c, struct hf_sv x, struct hf_sv y, struct hf_sv d)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *bd = d.p ? number(d) : NULL;
	unsigned char point[1 + 2 * 48];
	EVP_PKEY *key = NULL;

	point[0] = 4; /* uncompressed */
	memcpy(point + 1, x.p, x.n);
	memcpy(point + 1 + x.n, y.p, y.n);
	if (build &&
	    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, c->group,
					    0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point,
					     1 + x.n + y.n) == 1 &&
	    (!d.p || push_number(build, OSSL_PKEY_PARAM_PRIV_KEY, bd)))
		key = key_from("EC", build, d.p != NULL);
	OSSL_PARAM_BLD_free(build);
	BN_clear_free(bd);
	return key;
}

static enum hf_rc
read_ec(struct reading *r, struct hf_jwk *key)
{
	struct hf_sv crv = text_of(r, "crv"), x = bytes_of(r, "x"),
		     y = bytes_of(r, "y"), d = bytes_of(r, "d");
	const struct curve *c = NULL;

	for (size_t i = 0; i < HF_COUNT(curves); i++)
		if (hf_sv_eq(crv, hf_sv_from(curves[i].crv)))
			c = &curves[i];
	if (!c)
		return refuse(r, "the curve (crv) is P-256 or P-384");
	if (!x.p || !y.p || x.n != c->size || y.n != c->size)
		return refuse(r, "x and y are base64url of the curve's full length");
	if (key->has_private && (!d.p || d.n != c->size))
		return refuse(r, "d is base64url of the curve's full length");
	if (!key->has_private)
		d.p = NULL;
	key->kind = c->kind;
	key->pkey = key_of_curve(c, x, y, d);
	if (!key->pkey || !point_is_good(key->pkey))
		return refuse(r, "the point x, y does not lie on the curve");
	return HF_OK;
}

static enum hf_rc
read_okp(struct reading *r, struct hf_jwk *key)
{
	struct hf_sv crv = text_of(r, "crv"), x = bytes_of(r, "x"),
		     d = bytes_of(r, "d");

	if (!hf_sv_is(crv, "Ed25519"))
		return refuse(r, "the curve (crv) of an OKP key is Ed25519");
	if (!x.p || x.n != 32 || (key->has_private && (!d.p || d.n != 32)))
		return refuse(r, "x (and d) are base64url of 32 bytes");
	key->kind = HF_JWK_ED25519;
	if (key->has_private)
		key->pkey = EVP_PKEY_new_raw_private_key(
		    EVP_PKEY_ED25519, NULL, (const unsigned char *)d.p, 32);
	else
		key->pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
							(const unsigned char *)x.p, 32);
	return key->pkey ? HF_OK : refuse(r, "OpenSSL does not take this key");
}

/* Is it for checking signatures, as far as use and key_ops say? */
static bool
for_signatures(const struct reading *r)
{
	uint32_t ops = hf_json_get(r->doc, r->node, HF_SV("key_ops"));
	uint32_t use = hf_json_get(r->doc, r->node, HF_SV("use"));

	if (use != HF_JSON_NONE && !hf_sv_is(text_of(r, "use"), "sig"))
		return false;
	if (ops == HF_JSON_NONE)
		return true;
	for (uint32_t i = 0; i < hf_json_count(r->doc, ops); i++) {
		struct hf_sv op =
		    hf_json_str(r->doc, hf_json_at(r->doc, ops, i), r->arena);

		if (hf_sv_is(op, "verify") ||
		    (r->rule == HF_JWKS_OWN && hf_sv_is(op, "sign")))
			return true;
	}
	return false;
}

static enum hf_rc
read_names(struct reading *r, struct hf_jwk *key)
{
	struct hf_sv kid = text_of(r, "kid"), alg = text_of(r, "alg");

	if (has(r, "kid") && (!kid.p || kid.n > HF_JWK_KID || memchr(kid.p, 0, kid.n)))
		return refuse(r, "kid is a text of at most 255 bytes");
	if (kid.n)
		memcpy(key->kid, kid.p, kid.n);
	if (has(r, "alg")) {
		key->alg = hf_jws_alg_find(alg);
		if (key->alg == HF_JWS_NONE)
			return refuse(r, "alg is RS256, PS256, RS384, ES256, ES384 or "
					 "EdDSA");
		if (algs[key->alg].kind != key->kind)
			return refuse(r, "alg and kty (or crv) do not go together");
	}
	return HF_OK;
}

static enum hf_rc
read_key(struct reading *r, struct hf_jwk *key)
{
	struct hf_sv kty = text_of(r, "kty");
	enum hf_rc rc;

	*key = (struct hf_jwk){.has_private = r->rule == HF_JWKS_OWN};
	if (hf_json_type(r->doc, r->node) != HF_JSON_OBJECT)
		return refuse(r, "a key is an object");
	if (r->rule != HF_JWKS_OWN && has(r, "d"))
		return refuse(r, "this is a private key: keep it, make another for it "
				 "is known now, and send that one's public part");
	if (!for_signatures(r))
		return refuse(r, "use is sig, and key_ops has verify");
	if (hf_sv_is(kty, "RSA"))
		rc = read_rsa(r, key);
	else if (hf_sv_is(kty, "EC"))
		rc = read_ec(r, key);
	else if (hf_sv_is(kty, "OKP"))
		rc = read_okp(r, key);
	else
		rc = refuse(r, "kty is RSA, EC or OKP");
	return rc ? rc : read_names(r, key);
}

/* ---- sets ---- */

void
hf_jwks_free(struct hf_jwks *keys)
{
	if (!keys)
		return;
	for (size_t i = 0; i < keys->n; i++)
		EVP_PKEY_free(keys->keys[i].pkey);
	free(keys->keys);
	free(keys);
}

/* Two keys with one kid and one algorithm could not be told apart. */
static bool
names_differ(const struct hf_jwks *set)
{
	for (size_t i = 0; i + 1 < set->n; i++)
		for (size_t k = i + 1; k < set->n; k++)
			if (set->keys[i].kind == set->keys[k].kind &&
			    strcmp(set->keys[i].kid, set->keys[k].kid) == 0)
				return false;
	return true;
}

static enum hf_rc
read_set(struct reading *r, uint32_t list, struct hf_jwks *set)
{
	uint32_t n = list == HF_JSON_NONE ? 1 : hf_json_count(r->doc, list);

	if (n > HF_JWKS_KEYS)
		return hf_fail(r->err, HF_TOO_LONG, "keys", "a set has at most %d keys",
			       HF_JWKS_KEYS);
	set->keys = calloc(n ? n : 1, sizeof *set->keys);
	if (!set->keys)
		return hf_fail(r->err, HF_FAULT, NULL, "no memory for keys");
	for (uint32_t i = 0; i < n; i++) {
		struct hf_jwk *key = &set->keys[set->n];
		enum hf_rc rc;

		r->node = list == HF_JSON_NONE ? 0 : hf_json_at(r->doc, list, i);
		snprintf(r->path, sizeof r->path, "keys[%u]", (unsigned)i);
		rc = read_key(r, key);
		if (rc == HF_OK) {
			set->n++;
			continue;
		}
		EVP_PKEY_free(key->pkey);
		key->pkey = NULL;
		if (r->rule != HF_JWKS_SKIP)
			return rc;
		set->skipped++;
	}
	if (set->n == 0)
		return hf_fail(r->err, HF_INVALID, "keys",
			       "there is no key in it that can be used here");
	if (r->rule != HF_JWKS_SKIP && !names_differ(set))
		return hf_fail(r->err, HF_INVALID, "keys",
			       "two keys of one kind have the same kid");
	return HF_OK;
}

enum hf_rc
hf_jwks_parse(struct hf_sv text, enum hf_jwks_rule rule, struct hf_jwks **out,
	      struct hf_err *err)
{
	struct hf_json_limits limits = {
	    .bytes = HF_JWKS_BYTES, .depth = 8, .nodes = 4096};
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_json doc;
	struct reading r = {.doc = &doc, .rule = rule, .arena = &arena, .err = err};
	struct hf_jwks *set = NULL;
	uint32_t list;
	enum hf_rc rc = hf_json_parse(text, &limits, &arena, &doc, err);

	if (rc)
		goto out;
	list = hf_json_member(&doc, 0, "keys");
	if (hf_json_type(&doc, 0) != HF_JSON_OBJECT ||
	    (list != HF_JSON_NONE && hf_json_type(&doc, list) != HF_JSON_ARRAY)) {
		rc = hf_fail(err, HF_INVALID, "keys",
			     "expected {\"keys\":[…]} or one key");
		goto out;
	}
	set = calloc(1, sizeof *set);
	rc = set ? read_set(&r, list, set)
		 : hf_fail(err, HF_FAULT, NULL, "no memory for keys");
out:
	if (rc)
		hf_jwks_free(set);
	else
		*out = set;
	if (rule == HF_JWKS_OWN)
		hf_arena_wipe(&arena);
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_jwks_find(const struct hf_jwks *keys, struct hf_sv kid, enum hf_jws_alg alg,
	     const struct hf_jwk **out, struct hf_err *err)
{
	const struct hf_jwk *found = NULL;

	for (size_t i = 0; i < keys->n && alg != HF_JWS_NONE; i++) {
		const struct hf_jwk *key = &keys->keys[i];

		if (key->kind != algs[alg].kind ||
		    (key->alg != HF_JWS_NONE && key->alg != alg) ||
		    (kid.n && !hf_sv_eq(kid, hf_sv_from(key->kid))))
			continue;
		if (found)
			return hf_fail(err, HF_MULTIPLE, "kid",
				       kid.n ? "two keys have this kid"
					     : "the token names no key (kid), and more "
					       "than one fits");
		found = key;
	}
	if (!found)
		return hf_fail(err, HF_NOT_FOUND, "kid",
			       "no key that is known has this kid and fits %s",
			       hf_jws_alg_word(alg));
	*out = found;
	return HF_OK;
}
