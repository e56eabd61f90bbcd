/* Clients as they may be registered; providers as they may be configured; whom a
 * provider's tokens say signed in. */
#include "test/hf_test.h"

#include "access/client.h"
#include "access/oidc.h"

static struct hf_arena arena = {.cap = 32 << 20};

static enum hf_rc
check(struct hf_client c, struct hf_err *err)
{
	if (!c.name.p)
		c.name = HF_SV("A system");
	if (!c.scopes.p)
		c.scopes = HF_SV("system/*.rs");
	if (!c.purpose.p)
		c.purpose = HF_SV("DIRECT");
	return hf_client_check(&c, err);
}

HF_TEST(a_client_is_taken_as_it_may_be_and_refused_by_option)
{
	static const struct {
		struct hf_client c;
		const char *path; /* "": it is taken */
	} cases[] = {
	    {{.org = {"RX1", 3}}, ""},
	    {{.org = {"rx1", 3}}, "--org"},
	    {{.org = {"ABCDEFGHIJKLM", 13}}, "--org"},
	    {{.name = {"", 0}}, "--name"},
	    {{.name = {"a\nb", 3}}, "--name"},
	    {{.scopes = {"", 0}}, "--scope"},
	    {{.scopes = {"system/*.sr", 11}}, "--scope"},
	    {{.scopes = {"user/*.rs", 9}}, "--redirect"},
	    {{.scopes = {"openid", 6}}, "--redirect"},
	    {{.scopes = {"operate", 7}}, ""},
	    {{.scopes = {"operate openid", 14}}, "--redirect"},
	    {{.is_public = true,
	      .scopes = {"operate", 7},
	      .redirects = {"https://a.example/b", 19}},
	     "--scope"},
	    {{.scopes = {"user/*.rs", 9}, .redirects = {"https://a.example/b", 19}},
	     ""},
	    {{.scopes = {"user/*.rs", 9}, .redirects = {"http://[::1]:80/b", 17}}, ""},
	    {{.scopes = {"user/*.rs", 9}, .redirects = {"http://a.example/b", 18}},
	     "--redirect"},
	    {{.scopes = {"user/*.rs", 9}, .redirects = {"https://a.example/b#c", 21}},
	     "--redirect"},
	    {{.scopes = {"user/*.rs", 9}, .redirects = {"https://u@a.example/", 20}},
	     "--redirect"},
	    {{.scopes = {"user/*.rs", 9}, .redirects = {"com.example.a:/b", 16}},
	     "--redirect"},
	    {{.is_public = true,
	      .scopes = {"user/*.rs", 9},
	      .redirects = {"com.example.a:/b", 16}},
	     ""},
	    {{.is_public = true,
	      .scopes = {"user/*.rs", 9},
	      .redirects = {"javascript:alert(1)", 19}},
	     "--redirect"},
	    {{.is_public = true,
	      .scopes = {"system/*.rs", 11},
	      .redirects = {"https://a.example/b", 19}},
	     "--scope"},
	    {{.is_public = true, .scopes = {"user/*.rs", 9}}, "--redirect"},
	    {{.is_public = true,
	      .redirects = {"https://a.example/b", 19},
	      .jwks_uri = {"https://a.example/j", 19}},
	     "--public"},
	    {{.jwks_uri = {"https://a.example/j", 19}}, ""},
	    {{.jwks_uri = {"http://a.example/j", 18}}, "--jwks-uri"},
	    {{.jwks_uri = {"https://a.example/j", 19}, .jwks = {"{}", 2}}, "--jwks"},
	    {{.jwks = {"{}", 2}}, "--jwks"},
	    {{.purpose = {"FUN", 3}}, "--purpose"},
	    {{.purpose = {"", 0}}, "--purpose"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_err err = {0};
		enum hf_rc rc = check(cases[i].c, &err);

		if (strcmp(err.path, cases[i].path) != 0)
			print_message("case %zu: %s %s\n", i, err.path, err.text);
		assert_int_equal(rc, cases[i].path[0] ? HF_INVALID : HF_OK);
		assert_string_equal(err.path, cases[i].path);
	}
}

HF_TEST(a_secret_proves_its_client_and_no_other)
{
	struct hf_sv secret = hf_client_random(&arena),
		     other = hf_client_random(&arena);
	uint8_t hash[HF_CLIENT_SECRET];
	struct hf_client c = {.secret = {(char *)hash, sizeof hash}}, bare = {0};

	hf_client_hash(secret, hash);
	assert_int_equal(secret.n, 43);
	assert_true(hf_client_proves(&c, secret));
	assert_false(hf_client_proves(&c, other));
	assert_false(hf_client_proves(&c, HF_SV("")));
	assert_false(hf_client_proves(&bare, HF_SV("")));
	assert_false(hf_client_proves(&bare, secret));
}

HF_TEST(an_answer_goes_to_an_address_that_was_registered_to_the_byte)
{
	struct hf_client c = {.redirects =
				  HF_SV("https://a.example/x\nhttps://b.example/")};

	assert_true(hf_client_may_redirect(&c, HF_SV("https://a.example/x")));
	assert_true(hf_client_may_redirect(&c, HF_SV("https://b.example/")));
	assert_false(hf_client_may_redirect(&c, HF_SV("https://a.example/x/")));
	assert_false(hf_client_may_redirect(&c, HF_SV("https://a.example/x?")));
	assert_false(hf_client_may_redirect(&c, HF_SV("https://A.example/x")));
	assert_false(hf_client_may_redirect(&c, HF_SV("https://b.example")));
	assert_false(hf_client_may_redirect(&c, HF_SV("")));
	assert_false(hf_client_may_redirect(&(struct hf_client){0}, HF_SV("")));
}

/* ---- providers ---- */

static const char settings[] =
    "{\"providers\":[{\"id\":\"cis2\",\"name\":\"CIS2\",\"issuer\":\"https://"
    "i.example\","
    "\"clientId\":\"c\",\"clientSecretFile\":\"/s\",\"acr\":[\"AAL2\",\"AAL3\"],"
    "\"authenticationAssurance\":2,\"idAssurance\":3,\"amr\":[\"smartcard\"],"
    "\"roles\":{\"R8000\":\"named-gp\"}}]}";

static struct hf_oidc_provider
provider(void)
{
	struct hf_oidc_provider *list;
	struct hf_err err = {0};
	size_t n;

	assert_int_equal(hf_oidc_config(hf_sv_from(settings), &arena, &list, &n, &err),
			 HF_OK);
	assert_int_equal(n, 1);
	return list[0];
}

HF_TEST(endpoints_come_from_the_issuer_s_own_document_and_are_https)
{
	static const char *const bad[] = {
	    "{}",
	    "[]",
	    "{\"issuer\":\"https://other.example\",\"authorization_endpoint\":"
	    "\"https://a/\",\"token_endpoint\":\"https://t/\",\"jwks_uri\":\"https://"
	    "j/\"}",
	    "{\"issuer\":\"https://i.example\",\"authorization_endpoint\":\"https://a/"
	    "\","
	    "\"token_endpoint\":\"http://t/\",\"jwks_uri\":\"https://j/\"}",
	    "{\"issuer\":\"https://i.example\",\"authorization_endpoint\":\"https://a/"
	    "\","
	    "\"token_endpoint\":\"https://t/\"}",
	    "{\"issuer\":\"https://i.example\",\"authorization_endpoint\":"
	    "\"javascript:x\",\"token_endpoint\":\"https://t/\",\"jwks_uri\":"
	    "\"https://j/\"}",
	};
	struct hf_oidc_provider p = provider();
	struct hf_err err = {0};

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_oidc_provider copy = p;

		assert_int_equal(
		    hf_oidc_discovery(hf_sv_from(bad[i]), &arena, &copy, &err),
		    HF_INVALID);
		assert_memory_equal(&copy, &p, sizeof p);
	}
	p.token = HF_SV("https://set.example/");
	assert_int_equal(
	    hf_oidc_discovery(
		HF_SV("{\"issuer\":\"https://i.example\",\"authorization_endpoint\":"
		      "\"https://a/\",\"token_endpoint\":\"https://t/\",\"jwks_uri\":"
		      "\"https://j/\"}"),
		&arena, &p, &err),
	    HF_OK);
	assert_sv_equal(p.token, "https://set.example/");
	assert_sv_equal(p.jwks, "https://j/");
	assert_int_equal(p.userinfo.n, 0);
}

#define CLAIMS                                                                         \
	"\"iss\":\"https://i.example\",\"aud\":\"c\",\"sub\":\"u\",\"nonce\":\"n\","   \
	"\"iat\":1767268800,\"exp\":1767269000"
#define INFO                                                                           \
	"{\"sub\":\"u\",\"name\":\"Ada\",\"nhsid_useruid\":\"555\","                   \
	"\"nhsid_nrbac_roles\":[{\"role_code\":\"S1:G1:R8000\",\"org_code\":\"RX1\"}," \
	"{\"role_code\":\"S1:G1:R8000\",\"org_code\":\"RX1\"},"                        \
	"{\"role_code\":\"R8001\",\"org_code\":\"RX2\"},"                              \
	"{\"role_code\":\"R8001\",\"org_code\":\"../x\"},{\"org_code\":\"RX1\"},7]}"

static enum hf_rc
person(const char *claims, const char *info, struct hf_oidc_person *out, char path[160])
{
	struct hf_oidc_provider p = provider();
	struct hf_jws jws = {.alg = HF_JWS_RS256};
	struct hf_err err = {0};
	struct hf_jwt jwt;
	enum hf_rc rc = hf_jwt_read(hf_sv_from(claims), &arena, &jwt, &err);

	if (rc == HF_OK)
		rc = hf_oidc_person(
		    &p,
		    &(struct hf_oidc_answer){.jws = &jws,
					     .jwt = &jwt,
					     .access_token = HF_SV("t"),
					     .userinfo = hf_sv_from(info),
					     .nonce = HF_SV("n"),
					     .now = 1767268800000},
		    &arena, out, &err);
	snprintf(path, 160, "%s", err.path);
	return rc;
}

HF_TEST(whom_the_provider_means_with_their_roles)
{
	struct hf_oidc_person who;
	char path[160];

	assert_int_equal(
	    person("{" CLAIMS ",\"acr\":\"AAL2\",\"authentication_assurance_level\":"
		   "\"2\",\"id_assurance_level\":3,\"amr\":[\"x\",\"smartcard\"],"
		   "\"auth_time\":1767268790}",
		   INFO, &who, path),
	    HF_OK);
	assert_sv_equal(who.subject, "u");
	assert_sv_equal(who.name, "Ada");
	assert_sv_equal(who.user, "555");
	assert_int_equal(who.assurance, 2);
	assert_int_equal(who.signed_in, 1767268790000);
	assert_int_equal(who.n_roles, 2);
	assert_sv_equal(who.roles[0].code, "named-gp");
	assert_sv_equal(who.roles[0].org, "RX1");
	assert_sv_equal(who.roles[1].code, "R8001");
}

HF_TEST(an_answer_that_is_weak_or_of_another_is_refused_at_its_claim)
{
#define STRONG                                                                         \
	",\"acr\":\"AAL2\",\"authentication_assurance_level\":\"2\","                  \
	"\"id_assurance_level\":\"3\",\"amr\":\"smartcard\"}"
	static const struct {
		const char *claims, *info, *path;
	} cases[] = {
	    {"{" CLAIMS ",\"acr\":\"AAL1\"}", INFO, "acr"},
	    {"{" CLAIMS "}", INFO, "acr"},
	    {"{" CLAIMS ",\"acr\":\"AAL2\"}", INFO, "authentication_assurance_level"},
	    {"{" CLAIMS ",\"acr\":\"AAL2\",\"authentication_assurance_level\":\"-9\"}",
	     INFO, "authentication_assurance_level"},
	    {"{" CLAIMS ",\"acr\":\"AAL2\",\"authentication_assurance_level\":2}", INFO,
	     "id_assurance_level"},
	    {"{" CLAIMS ",\"acr\":\"AAL2\",\"authentication_assurance_level\":2,"
	     "\"id_assurance_level\":3,\"amr\":[\"sms\"]}",
	     INFO, "amr"},
	    {"{" CLAIMS STRONG, "{\"sub\":\"v\"}", "userinfo.sub"},
	    {"{" CLAIMS STRONG, "{}", "userinfo.sub"},
	    {"{" CLAIMS ",\"at_hash\":\"AAAA\"" STRONG, INFO, "at_hash"},
	    {"{\"iss\":\"https://i.example\",\"aud\":\"c\",\"sub\":\"u\",\"nonce\":"
	     "\"m\",\"iat\":1767268800,\"exp\":1767269000" STRONG,
	     INFO, "nonce"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_oidc_person who;
		char path[160];
		enum hf_rc rc = person(cases[i].claims, cases[i].info, &who, path);

		if (strcmp(path, cases[i].path) != 0)
			print_message("case %zu: %s\n", i, path);
		assert_int_equal(rc, HF_LOGIN);
		assert_string_equal(path, cases[i].path);
	}
}

HF_TEST(the_way_back_is_a_path_of_this_server)
{
	static const char *const good[] = {"/", "/people?q=1", "/auth/consent?ask=x"};
	static const char *const bad[] = {"",		"people", "//evil.example",
					  "/\\evil",	"/a b",	  "/a\n",
					  "https://x/", "/\"",	  "/<"};

	for (size_t i = 0; i < HF_COUNT(good); i++)
		assert_true(hf_oidc_return_ok(hf_sv_from(good[i])));
	for (size_t i = 0; i < HF_COUNT(bad); i++)
		assert_false(hf_oidc_return_ok(hf_sv_from(bad[i])));
}

HF_TEST_MAIN(
    "access/client",
    cmocka_unit_test(a_client_is_taken_as_it_may_be_and_refused_by_option),
    cmocka_unit_test(a_secret_proves_its_client_and_no_other),
    cmocka_unit_test(an_answer_goes_to_an_address_that_was_registered_to_the_byte),
    cmocka_unit_test(endpoints_come_from_the_issuer_s_own_document_and_are_https),
    cmocka_unit_test(whom_the_provider_means_with_their_roles),
    cmocka_unit_test(an_answer_that_is_weak_or_of_another_is_refused_at_its_claim),
    cmocka_unit_test(the_way_back_is_a_path_of_this_server))
