/* fuzz_jwt.c - any bytes as a token, a set of keys, claims or scopes are read or
 * refused with a reason; what no key signed never verifies. */
#include "access/client.h"
#include "access/oidc.h"
#include "access/scope.h"
#include "fhir/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char set[] =
    "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_"
    "7TyWQHOg7hcvPapiMlrwIaaPcHURo\"},{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
    "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_"
    "tue659LNpXW6pCyStikYjKIWI5a0\"}]}";
/* RFC 8037 A.4 and RFC 7515 A.3 are the only tokens these keys have signed. */
static const char *const signed_parts[] = {
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19y"
    "b290Ijp0cnVlfQ",
};

static bool
is_known(struct hf_sv part)
{
	for (size_t i = 0; i < HF_COUNT(signed_parts); i++)
		if (hf_sv_eq(part, hf_sv_from(signed_parts[i])))
			return true;
	return false;
}

static void
as_token(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_jwks *keys = NULL;
	struct hf_err err = {0};
	struct hf_jws jws;
	struct hf_jwt jwt;

	if (hf_jws_read(text, arena, &jws, &err) != HF_OK) {
		assert(err.text[0]);
		return;
	}
	assert(hf_jwks_parse(hf_sv_from(set), HF_JWKS_STRICT, &keys, &err) == HF_OK);
	if (hf_jws_verify(&jws, keys, &err) == HF_OK)
		assert(is_known(jws.signed_part));
	hf_jwks_free(keys);
	(void)hf_jwt_read(jws.payload, arena, &jwt, &err);
}

static void
as_keys(struct hf_sv text)
{
	struct hf_jwks *keys = NULL;
	struct hf_err err = {0};

	for (int rule = HF_JWKS_SKIP; rule <= HF_JWKS_OWN; rule++) {
		if (hf_jwks_parse(text, (enum hf_jwks_rule)rule, &keys, &err) ==
		    HF_OK) {
			struct hf_buf out = {0};
			struct hf_jw w = {.out = &out};
			struct hf_jwks *again = NULL;

			assert(keys->n > 0 && keys->n <= HF_JWKS_KEYS);
			hf_jwks_write(keys, &w);
			assert(hf_jwks_parse(hf_buf_view(&out), HF_JWKS_SKIP, &again,
					     &err) == HF_OK);
			assert(again->n == keys->n);
			hf_jwks_free(again);
			hf_buf_free(&out);
			hf_jwks_free(keys);
		} else {
			assert(err.text[0]);
		}
	}
}

static void
as_claims(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_sv aud = HF_SV("a");
	struct hf_jwt_want want = {.aud = &aud, .n_aud = 1, .now = 1767268800000};
	struct hf_err err = {0};
	struct hf_jwt jwt;

	if (hf_jwt_read(text, arena, &jwt, &err) == HF_OK &&
	    hf_jwt_check(&jwt, &want, &err) == HF_OK)
		assert(jwt.exp + HF_JWT_SKEW_MS > want.now && jwt.n_aud > 0);
}

static void
as_scopes(struct hf_sv text)
{
	struct hf_scopes s, again;
	struct hf_err err = {0};
	struct hf_buf out = {0};

	if (hf_scopes_parse(text, &s, &err) != HF_OK) {
		assert(err.text[0]);
		return;
	}
	hf_scopes_write(&s, &out);
	assert(hf_scopes_parse(hf_buf_view(&out), &again, &err) == HF_OK);
	assert(memcmp(&s, &again, sizeof s) == 0);
	hf_buf_free(&out);
}

/* As the configuration of providers, a discovery document, and what a provider says
 * of a person. */
static void
as_provider(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_oidc_provider p = {.issuer = HF_SV("https://i.example"),
				     .client_id = HF_SV("c"),
				     .roles_claim = HF_SV("nhsid_nrbac_roles"),
				     .code_member = HF_SV("role_code"),
				     .org_member = HF_SV("org_code"),
				     .user_claim = HF_SV("nhsid_useruid"),
				     .name_claim = HF_SV("name"),
				     .assurance = 1};
	struct hf_oidc_provider *list;
	struct hf_oidc_person *who = HF_NEW(arena, struct hf_oidc_person);
	struct hf_jws jws = {.alg = HF_JWS_RS256};
	struct hf_err err = {0};
	struct hf_jwt jwt;
	size_t n;

	if (hf_oidc_config(text, arena, &list, &n, &err) == HF_OK)
		assert(n > 0 && n <= HF_OIDC_PROVIDERS && list[n - 1].issuer.n);
	if (hf_oidc_discovery(text, arena, &p, &err) == HF_OK)
		assert(hf_client_safe_url(p.token) && hf_client_safe_url(p.jwks));
	assert(hf_jwt_read(HF_SV("{\"iss\":\"https://i.example\",\"aud\":\"c\",\"sub\":"
				 "\"u\",\"nonce\":\"n\",\"iat\":1767268800,\"exp\":"
				 "1767269000}"),
			   arena, &jwt, &err) == HF_OK);
	if (who && hf_oidc_person(&p,
				  &(struct hf_oidc_answer){.jws = &jws,
							   .jwt = &jwt,
							   .userinfo = text,
							   .nonce = HF_SV("n"),
							   .now = 1767268800000},
				  arena, who, &err) == HF_OK)
		assert(who->n_roles <= HF_OIDC_ROLES && who->assurance >= 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* An exact copy on the heap, so that a read past the end is seen. */
	char *copy = malloc(size ? size : 1);
	struct hf_sv text = {copy, size};
	struct hf_arena arena = {.cap = 16 << 20};

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	as_token(text, &arena);
	as_keys(text);
	as_claims(text, &arena);
	as_scopes(text);
	as_provider(text, &arena);
	hf_arena_free(&arena);
	free(copy);
	return 0;
}
