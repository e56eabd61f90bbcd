/* Keys, signatures and claims: the documents' own examples hold, and what somebody
 * would try to get past us does not. */
#include "test/hf_test.h"

#include "access/jwt.h"
#include "jose_vectors.h"

static struct hf_arena arena = {.cap = 8 << 20};

static struct hf_jwks *
keys_of(const char *json, enum hf_jwks_rule rule)
{
	struct hf_jwks *keys = NULL;
	struct hf_err err = {0};
	enum hf_rc rc = hf_jwks_parse(hf_sv_from(json), rule, &keys, &err);

	if (rc)
		print_message("%s: %s\n", err.path, err.text);
	assert_int_equal(rc, HF_OK);
	return keys;
}

/* Reads and verifies with a set; HF_OK when it holds. */
static enum hf_rc
holds(const char *token, const char *jwks, struct hf_jws *out)
{
	struct hf_jwks *keys = keys_of(jwks, HF_JWKS_SKIP);
	struct hf_err err = {0};
	enum hf_rc rc = hf_jws_read(hf_sv_from(token), &arena, out, &err);

	if (rc == HF_OK)
		rc = hf_jws_verify(out, keys, &err);
	assert_true(rc == HF_OK || err.text[0]);
	hf_jwks_free(keys);
	return rc;
}

static char *
sign(const char *own, enum hf_jws_alg alg, const char *payload)
{
	struct hf_jwks *keys = keys_of(own, HF_JWKS_OWN);
	struct hf_err err = {0};
	struct hf_sv out;

	assert_int_equal(hf_jws_sign(&keys->keys[0], alg, HF_SV("JWT"),
				     hf_sv_from(payload), &arena, &out, &err),
			 HF_OK);
	hf_jwks_free(keys);
	return hf_arena_cstr(&arena, out);
}

/* A token with this header and an empty or given signature. */
static char *
token_of(const char *header, const char *payload, const char *sig)
{
	struct hf_sv h = hf_b64u_encode(hf_sv_from(header), &arena);
	struct hf_sv p = hf_b64u_encode(hf_sv_from(payload), &arena);

	return hf_arena_cstr(&arena, hf_arena_printf(&arena, "%.*s.%.*s.%s",
						     HF_SV_ARG(h), HF_SV_ARG(p), sig));
}

HF_TEST(the_examples_of_the_rfcs_hold)
{
	static const struct {
		const char *token, *key, *payload;
		enum hf_jws_alg alg;
	} cases[] = {
	    {RFC7515_A2_RS256, RFC7515_A2_KEY, "{\"iss\":\"joe\",", HF_JWS_RS256},
	    {RFC7515_A3_ES256, RFC7515_A3_KEY, "{\"iss\":\"joe\",", HF_JWS_ES256},
	    {RFC7520_4_1_RS256, RFC7520_RSA, "It\xe2\x80\x99s a dangerous",
	     HF_JWS_RS256},
	    {RFC8037_A4_EDDSA, RFC8037_KEY, "Example of Ed25519", HF_JWS_EDDSA},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_jws jws = {0};

		assert_int_equal(holds(cases[i].token, cases[i].key, &jws), HF_OK);
		assert_int_equal(jws.alg, cases[i].alg);
		assert_true(hf_sv_starts(jws.payload, hf_sv_from(cases[i].payload)));
	}
}

HF_TEST(examples_of_algorithms_that_are_not_ours_are_refused)
{
	static const char *const tokens[] = {RFC7515_A1_HS256, RFC7515_A5_NONE,
					     RFC7520_4_2_PS384, RFC7520_4_3_ES512,
					     RFC7520_4_4_HS256};

	for (size_t i = 0; i < HF_COUNT(tokens); i++) {
		struct hf_jws jws = {0};
		struct hf_err err = {0};

		assert_int_equal(hf_jws_read(hf_sv_from(tokens[i]), &arena, &jws, &err),
				 HF_INVALID);
		assert_null(jws.payload.p);
	}
}

HF_TEST(changing_any_part_breaks_the_signature)
{
	static const char *const tokens[] = {RFC7515_A2_RS256, RFC7515_A3_ES256,
					     RFC8037_A4_EDDSA};
	static const char *const keys[] = {RFC7515_A2_KEY, RFC7515_A3_KEY, RFC8037_KEY};

	for (size_t i = 0; i < HF_COUNT(tokens); i++) {
		size_t n = strlen(tokens[i]);

		/* The last letter may hold stray bits: those are refused as such. */
		for (size_t at = 0; at < n; at += n / 23 + 1) {
			char *copy = hf_arena_cstr(&arena, hf_sv_from(tokens[i]));
			struct hf_jws jws;

			copy[at] = copy[at] == 'A' ? 'B' : 'A';
			assert_int_not_equal(holds(copy, keys[i], &jws), HF_OK);
		}
	}
}

HF_TEST(what_we_sign_we_take_and_no_other_algorithm_with_it)
{
	static const struct {
		const char *own;
		enum hf_jws_alg alg;
	} cases[] = {
	    {RFC7520_RSA_OWN, HF_JWS_RS256}, {RFC7520_RSA_OWN, HF_JWS_PS256},
	    {RFC7520_RSA_OWN, HF_JWS_RS384}, {RFC7515_A3_OWN, HF_JWS_ES256},
	    {RFC8037_OWN, HF_JWS_EDDSA},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		char *token = sign(cases[i].own, cases[i].alg, "{\"a\":1}");
		struct hf_jwks *own = keys_of(cases[i].own, HF_JWKS_OWN);
		struct hf_buf out = {0};
		struct hf_jw w = {.out = &out};
		struct hf_jws jws;
		char *set;

		hf_jwks_write(own, &w);
		set = hf_arena_cstr(&arena, hf_buf_view(&out));
		assert_null(strstr(set, "\"d\""));
		assert_int_equal(holds(token, set, &jws), HF_OK);
		assert_int_equal(jws.alg, cases[i].alg);
		assert_sv_equal(jws.payload, "{\"a\":1}");
		assert_sv_equal(jws.typ, "JWT");
		hf_buf_free(&out);
		hf_jwks_free(own);
	}
}

HF_TEST(a_new_key_of_ours_signs_with_es384_alone)
{
	struct hf_sv json, token;
	struct hf_err err = {0};
	struct hf_jwks *keys;
	struct hf_jws jws;

	assert_int_equal(hf_jwk_make(&arena, &json, &err), HF_OK);
	assert_int_equal(hf_jwks_parse(json, HF_JWKS_OWN, &keys, &err), HF_OK);
	assert_int_equal(keys->keys[0].alg, HF_JWS_ES384);
	assert_int_equal(strlen(keys->keys[0].kid), 22);
	assert_int_equal(hf_jws_sign(&keys->keys[0], HF_JWS_ES384, HF_SV(""),
				     HF_SV("{}"), &arena, &token, &err),
			 HF_OK);
	assert_int_equal(hf_jws_read(token, &arena, &jws, &err), HF_OK);
	assert_sv_equal(jws.kid, keys->keys[0].kid);
	assert_int_equal(hf_jws_verify(&jws, keys, &err), HF_OK);
	assert_int_equal(hf_jws_sign(&keys->keys[0], HF_JWS_ES256, HF_SV(""),
				     HF_SV("{}"), &arena, &token, &err),
			 HF_INVALID);
	hf_jwks_free(keys);
}

HF_TEST(a_header_that_lies_is_refused)
{
	static const char *const headers[] = {
	    "{\"alg\":\"none\"}",
	    "{\"alg\":\"None\"}",
	    "{\"alg\":\"\"}",
	    "{\"alg\":[\"RS256\"]}",
	    "{\"alg\":\"rs256\"}",
	    "{\"alg\":\"HS256\"}",
	    "{}",
	    "[]",
	    "null",
	    "{\"alg\":\"RS256\",\"alg\":\"none\"}",
	    "{\"alg\":\"none\",\"alg\":\"RS256\"}",
	    "{\"alg\":\"RS256\",\"crit\":[\"exp\"]}",
	    "{\"alg\":\"RS256\",\"crit\":[]}",
	    "{\"alg\":\"RS256\",\"b64\":false,\"crit\":[\"b64\"]}",
	    "{\"alg\":\"RS256\",\"kid\":7}",
	    "{\"alg\":\"RS256\",\"kid\":\"\"}",
	    "{\"alg\":\"RS256\"",
	    "{\"alg\":\"RS256\"} ,",
	};

	for (size_t i = 0; i < HF_COUNT(headers); i++) {
		char *token = token_of(headers[i], "{}", "AAAA");
		struct hf_jws jws;
		struct hf_err err = {0};

		assert_int_equal(hf_jws_read(hf_sv_from(token), &arena, &jws, &err),
				 HF_INVALID);
	}
}

HF_TEST(keys_in_the_header_are_not_used)
{
	/* Signed by the header's own key: jwk, jku and x5u count for nothing. */
	char *header = hf_arena_cstr(
	    &arena, hf_arena_printf(&arena,
				    "{\"alg\":\"ES256\",\"jwk\":%s,\"jku\":"
				    "\"https://evil.example/jwks\"}",
				    RFC7515_A3_KEY));
	struct hf_jws jws;

	assert_int_equal(holds(token_of(header, "{}", "AAAA"), RFC7520_RSA, &jws),
			 HF_LOGIN);
}

HF_TEST(a_public_rsa_key_is_never_a_shared_secret)
{
	/* The old trick: HS256 over the public key.  The algorithm is refused before
	 * any key is looked at, and a secret is no key in a set. */
	struct hf_jwks *keys = NULL;
	struct hf_err err = {0};
	struct hf_jws jws;

	assert_int_equal(hf_jws_read(HF_SV(RFC7520_4_4_HS256), &arena, &jws, &err),
			 HF_INVALID);
	assert_int_equal(hf_jwks_parse(HF_SV(RFC7520_OCT), HF_JWKS_SKIP, &keys, &err),
			 HF_INVALID);
	assert_int_equal(hf_jwks_parse(HF_SV(RFC7520_OCT), HF_JWKS_STRICT, &keys, &err),
			 HF_INVALID);
	assert_null(keys);
}

HF_TEST(a_signature_by_a_key_of_another_kind_or_curve_is_refused)
{
	char *es256 = sign(RFC7515_A3_OWN, HF_JWS_ES256, "{}");
	struct hf_jws jws;

	assert_int_equal(holds(es256, RFC7520_RSA, &jws), HF_LOGIN);
	assert_int_equal(holds(es256, RFC8037_KEY, &jws), HF_LOGIN);
	/* The header says ES384, the key is P-256. */
	assert_int_equal(
	    holds(token_of("{\"alg\":\"ES384\"}", "{}", strrchr(es256, '.') + 1),
		  RFC7515_A3_KEY, &jws),
	    HF_LOGIN);
	/* A key that says alg RS256 verifies no PS256. */
	assert_int_equal(holds(sign(RFC7520_RSA_OWN, HF_JWS_PS256, "{}"),
			       "{\"keys\":[{\"alg\":\"RS256\"," RFC7520_RSA_BODY "]}",
			       &jws),
			 HF_LOGIN);
}

HF_TEST(kid_names_a_key_and_is_no_path_or_query)
{
	static const char *const kids[] = {"../../../../dev/null",
					   "' OR '1'='1",
					   "1; DROP TABLE client",
					   "/etc/passwd",
					   "|ls",
					   "bilbo.baggins@hobbiton.exampl",
					   "bilbo.baggins@hobbiton.example2"};
	struct hf_jws jws;

	for (size_t i = 0; i < HF_COUNT(kids); i++) {
		char *header = hf_arena_cstr(
		    &arena, hf_arena_printf(
				&arena, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", kids[i]));

		assert_int_equal(
		    holds(token_of(header, "{}", "AAAA"), RFC7520_RSA, &jws), HF_LOGIN);
	}
}

HF_TEST(without_kid_only_the_one_key_that_fits_is_taken)
{
	struct hf_jws jws;

	assert_int_equal(holds(RFC7515_A3_ES256,
			       "{\"keys\":[" RFC7520_RSA "," RFC7515_A3_KEY "]}", &jws),
			 HF_OK);
	assert_int_equal(holds(RFC7515_A2_RS256,
			       "{\"keys\":[" RFC7520_RSA "," RFC7515_A2_KEY "]}", &jws),
			 HF_LOGIN);
	/* Twice the same kid: nobody knows which is meant. */
	assert_int_equal(holds(RFC7520_4_1_RS256,
			       "{\"keys\":[" RFC7520_RSA "," RFC7520_RSA "]}", &jws),
			 HF_LOGIN);
}

HF_TEST(keys_that_are_weak_or_wrong_are_refused_by_name)
{
	static const struct {
		const char *key, *word;
	} cases[] = {
	    {"{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_"
	     "wWJcyQoTbji9k0l8W26mPddxHmfHQp\",\"e\":\"AQAB\"}",
	     "2048"},
	    {"{\"kty\":\"RSA\",\"e\":\"AQAB\"}", "n and e"},
	    {"{\"e\":\"AQ\"," RFC7520_RSA_REST, "exponent"},
	    {"{\"e\":\"Aw\"," RFC7520_RSA_REST, "exponent"},
	    {"{\"e\":\"AQAA\"," RFC7520_RSA_REST, "exponent"},
	    {"{\"e\":\"AQAAAAE\"," RFC7520_RSA_REST, "exponent"},
	    {"{\"e\":\"AAEAAQ\"," RFC7520_RSA_REST, "not 0"},
	    {"{\"e\":\"AQAB==\"," RFC7520_RSA_REST, "base64url"},
	    {RFC7520_P521, "P-384"},
	    {"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8"
	     "Tus9uPHvRVEU\",\"y\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"}",
	     "curve"},
	    {"{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8"
	     "Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
	     "length"},
	    {"{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_"
	     "7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
	     "Ed25519"},
	    {"{\"use\":\"enc\"," RFC7520_RSA_BODY, "use"},
	    {"{\"key_ops\":[\"encrypt\"]," RFC7520_RSA_BODY, "key_ops"},
	    {"{\"alg\":\"ES256\"," RFC7520_RSA_BODY, "kty"},
	    {"{\"alg\":\"RSA-OAEP\"," RFC7520_RSA_BODY, "alg"},
	    {RFC7520_RSA_OWN, "private"},
	    {RFC7520_OCT, "kty"},
	    {"{\"keys\":[]}", "no key"},
	    {"{\"keys\":{}}", "keys"},
	    {"{\"kty\":\"RSA\",\"kty\":\"EC\"}", ""},
	    {"{\"keys\":[" RFC7520_RSA "," RFC7520_RSA "]}", "same kid"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_jwks *keys = NULL;
		struct hf_err err = {0};
		enum hf_rc rc = hf_jwks_parse(hf_sv_from(cases[i].key), HF_JWKS_STRICT,
					      &keys, &err);

		if (rc != HF_INVALID || !strstr(err.text, cases[i].word))
			print_message("case %zu: %s\n", i, err.text);
		assert_int_equal(rc, HF_INVALID);
		assert_non_null(strstr(err.text, cases[i].word));
		assert_null(keys);
	}
}

HF_TEST(a_provider_s_set_is_read_past_keys_that_are_not_for_us)
{
	struct hf_jwks *keys =
	    keys_of("{\"keys\":[" RFC7520_OCT "," RFC7520_P521 "," RFC7515_A3_KEY "]}",
		    HF_JWKS_SKIP);

	assert_int_equal(keys->n, 1);
	assert_int_equal(keys->skipped, 2);
	hf_jwks_free(keys);
}

HF_TEST(sets_and_tokens_are_bounded)
{
	struct hf_buf big = {0};
	struct hf_jwks *keys = NULL;
	struct hf_jws jws;
	struct hf_err err = {0};

	hf_buf_lit(&big, "{\"keys\":[");
	for (int i = 0; i < HF_JWKS_KEYS + 1; i++)
		hf_buf_printf(&big, "%s{\"kty\":\"x\"}", i ? "," : "");
	hf_buf_lit(&big, "]}");
	assert_int_equal(hf_jwks_parse(hf_buf_view(&big), HF_JWKS_SKIP, &keys, &err),
			 HF_TOO_LONG);
	big.n = 0;
	for (int i = 0; i < HF_JWS_BYTES + 1; i++)
		hf_buf_char(&big, 'A');
	assert_int_equal(hf_jws_read(hf_buf_view(&big), &arena, &jws, &err),
			 HF_TOO_LONG);
	hf_buf_free(&big);
}

HF_TEST(base64url_is_strict)
{
	static const char *const bad[] = {"A",	 "AA==", "AB",	   "A A",  "AA+/",
					  "AAB", "\n",	 "AAAA\n", "AAAAA"};
	struct hf_sv out;

	for (size_t i = 0; i < HF_COUNT(bad); i++)
		assert_false(hf_b64u_decode(hf_sv_from(bad[i]), &arena, &out));
	assert_true(hf_b64u_decode(HF_SV("-_8"), &arena, &out));
	assert_int_equal(out.n, 2);
	assert_true(hf_b64u_decode(HF_SV(""), &arena, &out));
	assert_int_equal(out.n, 0);
}

/* ---- claims ---- */

static const hf_time now = 1767268800000; /* 2026-01-01T12:00:00Z */

static enum hf_rc
check(const char *claims, const struct hf_jwt_want *want, char path[160])
{
	struct hf_jwt jwt;
	struct hf_err err = {0};
	enum hf_rc rc = hf_jwt_read(hf_sv_from(claims), &arena, &jwt, &err);

	if (rc == HF_OK)
		rc = hf_jwt_check(&jwt, want, &err);
	snprintf(path, 160, "%s", err.path);
	return rc;
}

HF_TEST(claims_are_believed_only_as_they_are_wanted)
{
	static const struct {
		const char *claims, *path;
		enum hf_rc rc;
	} cases[] = {
#define GOOD "\"iss\":\"i\",\"sub\":\"s\",\"nonce\":\"n\",\"jti\":\"j\",\"aud\":\"a\""
	    {"{" GOOD ",\"iat\":1767268800,\"exp\":1767269000}", "", HF_OK},
	    {"{" GOOD ",\"iat\":1767268800.5,\"exp\":1767269000.999}", "", HF_OK},
	    {"{" GOOD ",\"iat\":1767268860,\"exp\":1767269000}", "", HF_OK},
	    {"{" GOOD ",\"iat\":1767268861,\"exp\":1767269000}", "iat", HF_LOGIN},
	    {"{" GOOD ",\"iat\":1767268700,\"exp\":1767268741}", "", HF_OK},
	    {"{" GOOD ",\"iat\":1767268700,\"exp\":1767268740}", "exp", HF_LOGIN},
	    {"{" GOOD ",\"iat\":1767268800,\"exp\":1767269161}", "exp", HF_LOGIN},
	    {"{" GOOD ",\"iat\":1767268000,\"exp\":1767269000}", "iat", HF_LOGIN},
	    {"{" GOOD ",\"iat\":1767268800}", "exp", HF_LOGIN},
	    {"{" GOOD ",\"exp\":1767269000}", "iat", HF_LOGIN},
	    {"{" GOOD ",\"iat\":1767268800,\"nbf\":1767268860,\"exp\":1767269000}", "",
	     HF_OK},
	    {"{" GOOD ",\"iat\":1767268800,\"nbf\":1767268861,\"exp\":1767269000}",
	     "nbf", HF_LOGIN},
	    {"{" GOOD ",\"exp\":\"1767269000\"}", "exp", HF_INVALID},
	    {"{" GOOD ",\"exp\":1e10}", "exp", HF_INVALID},
	    {"{" GOOD ",\"exp\":-1}", "exp", HF_INVALID},
	    {"{" GOOD ",\"exp\":99999999999999999999}", "exp", HF_INVALID},
	    {"{" GOOD ",\"exp\":1,\"exp\":1767269000}", "", HF_INVALID},
	    {"{\"iss\":\"x\",\"sub\":\"s\",\"nonce\":\"n\",\"jti\":\"j\",\"aud\":\"a\","
	     "\"iat\":1767268800,\"exp\":1767269000}",
	     "iss", HF_LOGIN},
	    {"{\"iss\":\"i\",\"sub\":\"x\",\"nonce\":\"n\",\"jti\":\"j\",\"aud\":\"a\","
	     "\"iat\":1767268800,\"exp\":1767269000}",
	     "sub", HF_LOGIN},
	    {"{\"iss\":\"i\",\"sub\":\"s\",\"nonce\":\"x\",\"jti\":\"j\",\"aud\":\"a\","
	     "\"iat\":1767268800,\"exp\":1767269000}",
	     "nonce", HF_LOGIN},
	    {"{\"iss\":\"i\",\"sub\":\"s\",\"jti\":\"j\",\"aud\":\"a\","
	     "\"iat\":1767268800,\"exp\":1767269000}",
	     "nonce", HF_LOGIN},
	    {"{\"iss\":\"i\",\"sub\":\"s\",\"nonce\":\"n\",\"aud\":\"a\","
	     "\"iat\":1767268800,\"exp\":1767269000}",
	     "jti", HF_LOGIN},
	    {"{\"iss\":\"i\",\"sub\":\"s\",\"nonce\":\"n\",\"jti\":\"j\",\"aud\":\"b\","
	     "\"iat\":1767268800,\"exp\":1767269000}",
	     "aud", HF_LOGIN},
	    {"{\"iss\":\"i\",\"sub\":\"s\",\"nonce\":\"n\",\"jti\":\"j\","
	     "\"iat\":1767268800,\"exp\":1767269000}",
	     "aud", HF_LOGIN},
	    {"{\"iss\":\"i\",\"sub\":\"s\",\"nonce\":\"n\",\"jti\":\"j\",\"aud\":["
	     "\"a\"],"
	     "\"iat\":1767268800,\"exp\":1767269000}",
	     "", HF_OK},
	    {"{\"iss\":\"i\",\"sub\":\"s\",\"nonce\":\"n\",\"jti\":\"j\",\"aud\":["
	     "\"a\","
	     "\"b\"],\"iat\":1767268800,\"exp\":1767269000}",
	     "azp", HF_LOGIN},
	    {"{\"iss\":\"i\",\"sub\":\"s\",\"nonce\":\"n\",\"jti\":\"j\",\"aud\":["
	     "\"a\","
	     "\"b\"],\"azp\":\"a\",\"iat\":1767268800,\"exp\":1767269000}",
	     "", HF_OK},
	    {"{\"iss\":\"i\",\"sub\":\"s\",\"nonce\":\"n\",\"jti\":\"j\",\"aud\":\"a\","
	     "\"azp\":\"b\",\"iat\":1767268800,\"exp\":1767269000}",
	     "azp", HF_LOGIN},
	    {"{\"iss\":7}", "iss", HF_INVALID},
	    {"{\"aud\":[1]}", "aud", HF_INVALID},
	    {"[]", "", HF_INVALID},
	    {"", "", HF_INVALID},
	};
	struct hf_sv aud = HF_SV("a");
	struct hf_jwt_want want = {.iss = HF_SV("i"),
				   .sub = HF_SV("s"),
				   .nonce = HF_SV("n"),
				   .aud = &aud,
				   .n_aud = 1,
				   .now = now,
				   .life = 300 * 1000,
				   .need_iat = true,
				   .need_jti = true,
				   .only_aud = true};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		char path[160];
		enum hf_rc rc = check(cases[i].claims, &want, path);

		if (rc != cases[i].rc)
			print_message("case %zu: %d at %s\n", i, rc, path);
		assert_int_equal(rc, cases[i].rc);
		if (cases[i].path[0])
			assert_string_equal(path, cases[i].path);
	}
}

HF_TEST(at_hash_is_the_left_half_of_the_hash)
{
	/* OpenID Connect core, appendix A.3. */
	struct hf_sv token = HF_SV("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");

	assert_true(hf_jwt_at_hash(HF_JWS_RS256, token, HF_SV("77QmUPtjPfzWtF2AnpK9RQ"),
				   &arena));
	assert_false(hf_jwt_at_hash(HF_JWS_RS384, token,
				    HF_SV("77QmUPtjPfzWtF2AnpK9RQ"), &arena));
	assert_false(hf_jwt_at_hash(HF_JWS_RS256, token, HF_SV(""), &arena));
	assert_false(hf_jwt_at_hash(HF_JWS_EDDSA, token,
				    HF_SV("77QmUPtjPfzWtF2AnpK9RQ"), &arena));
}

HF_TEST_MAIN("access/jose", cmocka_unit_test(the_examples_of_the_rfcs_hold),
	     cmocka_unit_test(examples_of_algorithms_that_are_not_ours_are_refused),
	     cmocka_unit_test(changing_any_part_breaks_the_signature),
	     cmocka_unit_test(what_we_sign_we_take_and_no_other_algorithm_with_it),
	     cmocka_unit_test(a_new_key_of_ours_signs_with_es384_alone),
	     cmocka_unit_test(a_header_that_lies_is_refused),
	     cmocka_unit_test(keys_in_the_header_are_not_used),
	     cmocka_unit_test(a_public_rsa_key_is_never_a_shared_secret),
	     cmocka_unit_test(a_signature_by_a_key_of_another_kind_or_curve_is_refused),
	     cmocka_unit_test(kid_names_a_key_and_is_no_path_or_query),
	     cmocka_unit_test(without_kid_only_the_one_key_that_fits_is_taken),
	     cmocka_unit_test(keys_that_are_weak_or_wrong_are_refused_by_name),
	     cmocka_unit_test(a_provider_s_set_is_read_past_keys_that_are_not_for_us),
	     cmocka_unit_test(sets_and_tokens_are_bounded),
	     cmocka_unit_test(base64url_is_strict),
	     cmocka_unit_test(claims_are_believed_only_as_they_are_wanted),
	     cmocka_unit_test(at_hash_is_the_left_half_of_the_hash))
