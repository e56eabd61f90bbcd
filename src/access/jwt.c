/* jwt.c - claims of a signed token. */
#include <openssl/evp.h> /* first: base/banned.h poisons a name it uses */

#include "access/jwt.h"

#include <sodium.h>

static enum hf_rc
read_text(struct hf_jwt *jwt, const char *name, struct hf_arena *arena,
	  struct hf_sv *out, struct hf_err *err)
{
	uint32_t node = hf_json_get(&jwt->body, 0, hf_sv_from(name));

	*out = (struct hf_sv){NULL, 0};
	if (node == HF_JSON_NONE)
		return HF_OK;
	*out = hf_json_str(&jwt->body, node, arena);
	if (!out->p)
		return hf_fail(err, HF_INVALID, name, "the claim %s is a text", name);
	if (out->n > HF_JWT_CLAIM)
		return hf_fail(err, HF_TOO_LONG, name, "the claim %s is too long",
			       name);
	return HF_OK;
}

/* NumericDate: seconds, perhaps with a fraction, which is cut off. */
static enum hf_rc
read_time(struct hf_jwt *jwt, const char *name, hf_time *out, struct hf_err *err)
{
	uint32_t node = hf_json_get(&jwt->body, 0, hf_sv_from(name));
	struct hf_sv text, digits;
	int64_t seconds;

	*out = HF_TIME_MIN;
	if (node == HF_JSON_NONE)
		return HF_OK;
	text = hf_json_raw(&jwt->body, node);
	digits = hf_sv_cut(&text, '.');
	if (hf_json_type(&jwt->body, node) != HF_JSON_NUMBER || digits.n > 12 ||
	    !hf_sv_int(digits, &seconds) || seconds < 0 ||
	    memchr(text.p ? text.p : "", 'e', text.n) ||
	    memchr(text.p ? text.p : "", 'E', text.n))
		return hf_fail(err, HF_INVALID, name,
			       "the claim %s is seconds since 1970, a number", name);
	*out = seconds * 1000;
	return HF_OK;
}

static enum hf_rc
read_audience(struct hf_jwt *jwt, struct hf_arena *arena, struct hf_err *err)
{
	uint32_t node = hf_json_member(&jwt->body, 0, "aud"), n = 1;
	bool list;

	jwt->n_aud = 0;
	if (node == HF_JSON_NONE)
		return HF_OK;
	list = hf_json_type(&jwt->body, node) == HF_JSON_ARRAY;
	if (list)
		n = hf_json_count(&jwt->body, node);
	if (n > HF_JWT_AUDIENCES)
		return hf_fail(err, HF_TOO_LONG, "aud", "too many audiences");
	for (uint32_t i = 0; i < n; i++) {
		uint32_t one = list ? hf_json_at(&jwt->body, node, i) : node;

		jwt->aud[i] = hf_json_str(&jwt->body, one, arena);
		if (!jwt->aud[i].p)
			return hf_fail(err, HF_INVALID, "aud",
				       "the claim aud is a text or a list of texts");
	}
	jwt->n_aud = n;
	return HF_OK;
}

enum hf_rc
hf_jwt_read(struct hf_sv payload, struct hf_arena *arena, struct hf_jwt *out,
	    struct hf_err *err)
{
	struct hf_json_limits limits = {
	    .bytes = HF_JWS_BYTES, .depth = 16, .nodes = 4096};
	struct hf_jwt jwt = {0};
	const struct {
		const char *name;
		struct hf_sv *to;
	} texts[] = {{"iss", &jwt.iss}, {"sub", &jwt.sub},
		     {"jti", &jwt.jti}, {"nonce", &jwt.nonce},
		     {"azp", &jwt.azp}, {"at_hash", &jwt.at_hash}};
	const struct {
		const char *name;
		hf_time *to;
	} times[] = {{"exp", &jwt.exp}, {"nbf", &jwt.nbf}, {"iat", &jwt.iat}};
	enum hf_rc rc = hf_json_parse(payload, &limits, arena, &jwt.body, err);

	if (rc == HF_OK && hf_json_type(&jwt.body, 0) != HF_JSON_OBJECT)
		rc = hf_fail(err, HF_INVALID, NULL, "the claims are no JSON object");
	for (size_t i = 0; i < HF_COUNT(texts) && rc == HF_OK; i++)
		rc = read_text(&jwt, texts[i].name, arena, texts[i].to, err);
	for (size_t i = 0; i < HF_COUNT(times) && rc == HF_OK; i++)
		rc = read_time(&jwt, times[i].name, times[i].to, err);
	if (rc == HF_OK)
		rc = read_audience(&jwt, arena, err);
	if (rc == HF_OK)
		*out = jwt;
	return rc;
}

/* ---- what they have to say ---- */

static enum hf_rc
wrong(struct hf_err *err, const char *claim, const char *why)
{
	return hf_fail(err, HF_LOGIN, claim, "%s", why);
}

static enum hf_rc
check_times(const struct hf_jwt *jwt, const struct hf_jwt_want *want,
	    struct hf_err *err)
{
	if (jwt->exp == HF_TIME_MIN)
		return wrong(err, "exp", "the token has no end (exp)");
	if (want->now >= jwt->exp + HF_JWT_SKEW_MS)
		return wrong(err, "exp", "the token is over");
	if (want->life && jwt->exp > want->now + want->life + HF_JWT_SKEW_MS)
		return hf_fail(err, HF_LOGIN, "exp",
			       "the token ends later than %d seconds from now",
			       (int)(want->life / 1000));
	if (jwt->nbf != HF_TIME_MIN && jwt->nbf > want->now + HF_JWT_SKEW_MS)
		return wrong(err, "nbf", "the token does not count yet");
	if (want->need_iat && jwt->iat == HF_TIME_MIN)
		return wrong(err, "iat", "the token does not say when it was made");
	if (jwt->iat != HF_TIME_MIN && jwt->iat > want->now + HF_JWT_SKEW_MS)
		return wrong(err, "iat",
			     "the token was made in the future: is a "
			     "clock wrong?");
	if (want->life && jwt->iat != HF_TIME_MIN &&
	    jwt->iat < want->now - want->life - HF_JWT_SKEW_MS)
		return wrong(err, "iat", "the token was made too long ago");
	return HF_OK;
}

static bool
is_wanted_audience(const struct hf_jwt_want *want, struct hf_sv aud)
{
	for (size_t i = 0; i < want->n_aud; i++)
		if (hf_sv_eq(aud, want->aud[i]))
			return true;
	return false;
}

static enum hf_rc
check_audience(const struct hf_jwt *jwt, const struct hf_jwt_want *want,
	       struct hf_err *err)
{
	size_t ours = 0;

	if (want->n_aud == 0)
		return HF_OK;
	for (size_t i = 0; i < jwt->n_aud; i++)
		ours += is_wanted_audience(want, jwt->aud[i]);
	if (ours == 0)
		return wrong(err, "aud", "the token is for somebody else (aud)");
	if (want->only_aud && ours != jwt->n_aud &&
	    !(jwt->azp.p && is_wanted_audience(want, jwt->azp)))
		return wrong(err, "azp",
			     "the token is for others too (aud), and was "
			     "not made for us (azp)");
	if (want->only_aud && jwt->azp.p && !is_wanted_audience(want, jwt->azp))
		return wrong(err, "azp", "the token was made for another (azp)");
	return HF_OK;
}

enum hf_rc
hf_jwt_check(const struct hf_jwt *jwt, const struct hf_jwt_want *want,
	     struct hf_err *err)
{
	enum hf_rc rc = check_times(jwt, want, err);

	if (rc == HF_OK)
		rc = check_audience(jwt, want, err);
	if (rc)
		return rc;
	if (want->iss.p && !hf_sv_eq(want->iss, jwt->iss))
		return wrong(err, "iss", "the token is of another issuer (iss)");
	if (want->sub.p && !hf_sv_eq(want->sub, jwt->sub))
		return wrong(err, "sub", "the token is about another (sub)");
	if (want->nonce.p &&
	    (jwt->nonce.n != want->nonce.n ||
	     sodium_memcmp(jwt->nonce.p, want->nonce.p, want->nonce.n) != 0))
		return wrong(err, "nonce", "the token answers another request (nonce)");
	if (want->need_jti && jwt->jti.n == 0)
		return wrong(err, "jti", "the token has no name of its own (jti)");
	return HF_OK;
}

/* ---- at_hash ---- */

struct hf_sv
hf_jwt_at_hash_make(enum hf_jws_alg alg, struct hf_sv token, struct hf_arena *arena)
{
	static const char *const hashes[] = {
#define HF_JWS(name, word, kind, hash, pss) [HF_JWS_##name] = hash,
#include "access/jws.def"
#undef HF_JWS
	};
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t n = 0;
	const char *hash = alg == HF_JWS_NONE ? "" : hashes[alg];

	if (!hash[0] ||
	    EVP_Q_digest(NULL, hash, NULL, token.p, token.n, digest, &n) != 1)
		return (struct hf_sv){NULL, 0};
	return hf_b64u_encode((struct hf_sv){(char *)digest, n / 2}, arena);
}

bool
hf_jwt_at_hash(enum hf_jws_alg alg, struct hf_sv token, struct hf_sv at_hash,
	       struct hf_arena *arena)
{
	struct hf_sv made = hf_jwt_at_hash_make(alg, token, arena);

	return made.p && made.n == at_hash.n &&
	       sodium_memcmp(made.p, at_hash.p, made.n) == 0;
}
