/* The promises of server/site.h. */
#include "server/site.h"

#include "test/hf_test.h"

static struct hf_site
site(const char *url)
{
	struct hf_site s = {.host = ""};
	struct hf_err err = {0};

	assert_int_equal(hf_site_parse(url, &s, &err), HF_OK);
	return s;
}

HF_TEST(a_public_url_is_scheme_and_name)
{
	static const char *const bad[] = {"care.example.org",
					  "ftp://care.example.org",
					  "https://",
					  "https://a/b",
					  "https://a?x",
					  "https://a b",
					  "http://care.example",
					  "https://user@care.example",
					  "https://:443"};
	struct hf_site s = site("https://care.example.org:443/");
	struct hf_err err = {0};

	assert_string_equal(s.host, "care.example.org");
	assert_true(s.secure);
	assert_string_equal(site("https://a.example:8443").host, "a.example:8443");
	assert_string_equal(site("http://localhost:8080").host, "localhost:8080");
	assert_string_equal(site(NULL).host, "");
	for (size_t i = 0; i < HF_COUNT(bad); i++)
		assert_int_equal(hf_site_parse(bad[i], &s, &err), HF_INVALID);
}

struct row {
	const char *host, *origin, *fetch;
	bool changes, secure, local, open;
	bool fine;
};

static void
check(const char *url, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct row *r = &rows[i];
		struct hf_site s = site(url);
		struct hf_site_ask ask = {.host = hf_sv_from(r->host),
					  .origin = hf_sv_from(r->origin),
					  .fetch_site = hf_sv_from(r->fetch),
					  .changes = r->changes,
					  .secure = r->secure,
					  .from_loopback = r->local};
		struct hf_err err = {0};

		s.open = r->open;
		if ((hf_site_check(&s, &ask, &err) == HF_OK) != r->fine)
			fail_msg("row %zu of %s: %s", i, url ? url : "none", err.text);
	}
}

HF_TEST(without_a_public_url_only_names_of_this_machine_are_answered)
{
	static const struct row rows[] = {
	    {.host = "localhost:8080", .local = true, .fine = true},
	    {.host = "127.0.0.1", .local = true, .fine = true},
	    {.host = "[::1]:1", .local = true, .fine = true},
	    {.host = NULL, .local = true, .fine = true},
	    {.host = "evil.example", .local = true},
	    {.host = "localhost.evil.example", .local = true},
	    {.host = "", .local = true},
	};

	check(NULL, rows, HF_COUNT(rows));
}

HF_TEST(a_public_name_is_answered_in_any_case_and_nothing_like_it)
{
	static const struct row rows[] = {
	    {.host = "care.example.org", .secure = true, .fine = true},
	    {.host = "CARE.example.ORG", .secure = true, .fine = true},
	    {.host = "care.example.org:443", .secure = true, .fine = true},
	    {.host = "care.example.org:8443", .secure = true},
	    {.host = "care.example.org.evil.example", .secure = true},
	    {.host = "xcare.example.org", .secure = true},
	};

	check("https://care.example.org", rows, HF_COUNT(rows));
}

HF_TEST(other_machines_are_answered_over_https_only)
{
	static const struct row rows[] = {
	    {.host = "care.example.org"},
	    {.host = "localhost"},
	    {.host = "localhost", .local = true, .fine = true},
	    {.host = "localhost", .secure = true, .fine = true},
	};

	check("https://care.example.org", rows, HF_COUNT(rows));
}

HF_TEST(pages_of_other_sites_get_nothing)
{
	static const struct row rows[] = {
	    {.host = "care.example.org",
	     .origin = "https://care.example.org",
	     .secure = true,
	     .fine = true},
	    {.host = "care.example.org",
	     .origin = "https://care.example.org:443",
	     .secure = true,
	     .fine = true},
	    {.host = "care.example.org",
	     .origin = "http://care.example.org",
	     .secure = true},
	    {.host = "care.example.org",
	     .origin = "https://evil.example",
	     .secure = true},
	    {.host = "care.example.org", .origin = "null", .secure = true},
	    {.host = "care.example.org", .origin = "", .secure = true},
	    /* another program of the same machine is another site … */
	    {.host = "localhost:8080",
	     .origin = "http://localhost:3000",
	     .local = true},
	    {.host = "localhost:8080",
	     .origin = "http://localhost:8080",
	     .local = true,
	     .fine = true},
	    /* … but nobody is signed in, so it can do no more than ask itself */
	    {.host = "localhost:8080",
	     .origin = "http://localhost:3000",
	     .local = true,
	     .open = true,
	     .fine = true},
	    {.host = "localhost:8080",
	     .origin = "http://evil.example",
	     .local = true,
	     .open = true},
	};

	check("https://care.example.org", rows, HF_COUNT(rows));
}

HF_TEST(a_change_that_a_browser_calls_cross_site_is_refused)
{
	static const struct row rows[] = {
	    {.host = "localhost",
	     .local = true,
	     .fetch = "cross-site",
	     .changes = true},
	    {.host = "localhost", .local = true, .fetch = "cross-site", .fine = true},
	    {.host = "localhost",
	     .local = true,
	     .fetch = "same-origin",
	     .changes = true,
	     .fine = true},
	    {.host = "localhost",
	     .local = true,
	     .fetch = "none",
	     .changes = true,
	     .fine = true},
	};

	check(NULL, rows, HF_COUNT(rows));
}

HF_TEST(links_begin_with_scheme_and_name)
{
	struct hf_arena arena = {.cap = 1 << 16};
	struct hf_site s = site("https://care.example.org");

	assert_true(
	    hf_sv_is(hf_site_base(&s, HF_SV("a.b:1"), true, &arena), "https://a.b:1"));
	assert_true(
	    hf_sv_is(hf_site_base(&s, HF_SV("a.b"), false, &arena), "http://a.b"));
	assert_true(hf_sv_is(hf_site_base(&s, HF_SV(""), true, &arena),
			     "https://care.example.org"));
	hf_arena_free(&arena);
}

HF_TEST_MAIN(
    "server/site", cmocka_unit_test(a_public_url_is_scheme_and_name),
    cmocka_unit_test(without_a_public_url_only_names_of_this_machine_are_answered),
    cmocka_unit_test(a_public_name_is_answered_in_any_case_and_nothing_like_it),
    cmocka_unit_test(other_machines_are_answered_over_https_only),
    cmocka_unit_test(pages_of_other_sites_get_nothing),
    cmocka_unit_test(a_change_that_a_browser_calls_cross_site_is_refused),
    cmocka_unit_test(links_begin_with_scheme_and_name))
