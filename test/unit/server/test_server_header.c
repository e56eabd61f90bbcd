/* The promises of server/header.h, gzip.h and of listen addresses. */
#include "server/header.h"

#include "server/gzip.h"
#include "test/hf_test.h"

static struct hf_prefer
prefer(const char *text)
{
	struct hf_prefer p = {0};

	assert_int_equal(hf_prefer_parse(hf_sv_from(text), &p, NULL), HF_OK);
	return p;
}

HF_TEST(prefer_is_read_whatever_its_spacing_case_and_company)
{
	assert_int_equal(prefer("").ret, HF_RETURN_DEFAULT);
	assert_int_equal(prefer("return=minimal").ret, HF_RETURN_MINIMAL);
	assert_int_equal(prefer("return = representation").ret, HF_RETURN_WHOLE);
	assert_int_equal(prefer("Return=\"OperationOutcome\"").ret, HF_RETURN_OUTCOME);
	assert_true(prefer("handling=lenient, return=minimal").lenient);
	assert_int_equal(prefer("handling=lenient; return=minimal").ret,
			 HF_RETURN_MINIMAL);
	assert_false(prefer("handling=strict").lenient);
	assert_true(prefer("respond-async, wait=10").async);
}

HF_TEST(a_preference_fhir_does_not_know_is_refused)
{
	struct hf_prefer p = {.lenient = true};

	assert_int_equal(hf_prefer_parse(HF_SV("return=everything"), &p, NULL),
			 HF_INVALID);
	assert_int_equal(hf_prefer_parse(HF_SV("handling=sloppy"), &p, NULL),
			 HF_INVALID);
	assert_true(p.lenient);
}

HF_TEST(etags_are_read_weak_strong_and_bare)
{
	uint32_t v = 0;

	assert_true(hf_etag_version(HF_SV("W/\"3\""), &v) && v == 3);
	assert_true(hf_etag_version(HF_SV(" \"4\" "), &v) && v == 4);
	assert_true(hf_etag_version(HF_SV("4294967295"), &v) && v == UINT32_MAX);
	assert_false(hf_etag_version(HF_SV("4294967296"), &v));
	assert_false(hf_etag_version(HF_SV("0"), &v));
	assert_false(hf_etag_version(HF_SV("-1"), &v));
	assert_false(hf_etag_version(HF_SV("W/\"abc\""), &v));
	assert_false(hf_etag_version(HF_SV(""), &v));
	assert_true(hf_etag_list_has(HF_SV("W/\"1\", W/\"2\""), 2));
	assert_true(hf_etag_list_has(HF_SV("*"), 9));
	assert_false(hf_etag_list_has(HF_SV("W/\"1\", W/\"2\""), 3));
}

HF_TEST(http_dates_are_read_and_written_the_same)
{
	char text[32];
	hf_time t;

	assert_true(hf_http_date_parse(HF_SV("Sun, 06 Nov 1994 08:49:37 GMT"), &t));
	assert_true(t == (hf_time)784111777 * 1000);
	assert_sv_equal(hf_http_date_write(t + 999, text, sizeof text),
			"Sun, 06 Nov 1994 08:49:37 GMT");
	assert_false(hf_http_date_parse(HF_SV("Sun, 31 Feb 1994 08:49:37 GMT"), &t));
	assert_false(hf_http_date_parse(HF_SV("Sun, 06 Nov 1994 24:49:37 GMT"), &t));
	assert_false(hf_http_date_parse(HF_SV("1994-11-06"), &t));
	assert_false(hf_http_date_parse(HF_SV(""), &t));
}

HF_TEST(media_types_are_told_apart_and_only_utf8_is_taken)
{
	static const struct {
		const char *text;
		enum hf_media media;
	} cases[] = {
	    {"application/fhir+json", HF_MEDIA_JSON},
	    {"Application/JSON; charset=UTF-8", HF_MEDIA_JSON},
	    {"application/json;charset=\"utf-8\";fhirVersion=4.0", HF_MEDIA_JSON},
	    {"application/json;charset=utf-16", HF_MEDIA_OTHER},
	    {"application/fhir+xml", HF_MEDIA_XML},
	    {"application/x-www-form-urlencoded", HF_MEDIA_FORM},
	    {"application/json-patch+json", HF_MEDIA_PATCH},
	    {"text/plain", HF_MEDIA_OTHER},
	    {"", HF_MEDIA_NONE},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++)
		assert_int_equal(hf_media_of(hf_sv_from(cases[i].text)),
				 cases[i].media);
}

HF_TEST(accept_takes_json_when_any_of_its_types_does)
{
	assert_int_equal(hf_accept(HF_SV("")), HF_MEDIA_JSON);
	assert_int_equal(hf_accept(HF_SV("text/html, */*;q=0.8")), HF_MEDIA_JSON);
	assert_int_equal(hf_accept(HF_SV("application/fhir+xml")), HF_MEDIA_XML);
	assert_int_equal(hf_accept(HF_SV("application/fhir+xml, application/json;q=0")),
			 HF_MEDIA_XML);
	assert_int_equal(hf_accept(HF_SV("image/png")), HF_MEDIA_OTHER);
	assert_true(hf_accepts_gzip(HF_SV("br, gzip;q=0.5")));
	assert_false(hf_accepts_gzip(HF_SV("gzip;q=0.000, br")));
	assert_false(hf_accepts_gzip(HF_SV("br")));
}

HF_TEST(only_names_of_this_machine_are_its_names)
{
	static const char *const ours[] = {
	    "localhost",       "LocalHost:8080", "127.0.0.1", "127.0.0.1:0",
	    "127.1.2.3:65535", "[::1]",		 "[::1]:8080"};
	static const char *const others[] = {"",
					     "example.org",
					     "127.0.0.1.example.org",
					     "localhost.evil",
					     "10.0.0.1:8080",
					     "128.0.0.1",
					     "127.0.0",
					     "127.0.0.256",
					     "[::2]",
					     "localhost:x",
					     "localhost:99999",
					     "[::1]x",
					     "127.0.0.1@evil",
					     "localhost:8080:1"};

	for (size_t i = 0; i < HF_COUNT(ours); i++)
		if (!hf_host_is_loopback(hf_sv_from(ours[i])))
			fail_msg("%s was refused", ours[i]);
	for (size_t i = 0; i < HF_COUNT(others); i++)
		if (hf_host_is_loopback(hf_sv_from(others[i])))
			fail_msg("%s was taken", others[i]);
	assert_true(hf_origin_is_loopback(HF_SV("http://localhost:8080")));
	assert_false(hf_origin_is_loopback(HF_SV("null")));
	assert_false(hf_origin_is_loopback(HF_SV("http://evil.example")));
}

HF_TEST(gzip_comes_back_and_is_bounded)
{
	struct hf_buf text = {.cap = 0}, gz = {.cap = 0}, back = {.cap = 0};

	for (int i = 0; i < 20000; i++)
		hf_buf_printf(&text, "line %d\n", i);
	assert_true(hf_gzip(hf_buf_view(&text), &gz));
	assert_true(gz.n < text.n / 2);
	assert_int_equal(hf_gunzip(hf_buf_view(&gz), text.n, &back, NULL), HF_OK);
	assert_true(hf_sv_eq(hf_buf_view(&back), hf_buf_view(&text)));
	back.n = 0;
	assert_int_equal(hf_gunzip(hf_buf_view(&gz), text.n - 1, &back, NULL),
			 HF_TOO_LONG);
	back.n = 0;
	assert_int_equal(hf_gunzip((struct hf_sv){gz.p, gz.n - 5}, text.n, &back, NULL),
			 HF_INVALID);
	back.n = 0;
	assert_int_equal(hf_gunzip(HF_SV("not gzip"), 100, &back, NULL), HF_INVALID);
	assert_int_equal(hf_gunzip(HF_SV(""), 100, &back, NULL), HF_INVALID);
	hf_buf_free(&text);
	hf_buf_free(&gz);
	hf_buf_free(&back);
}

HF_TEST(two_gzip_members_are_one_body)
{
	struct hf_buf gz = {.cap = 0}, back = {.cap = 0};

	assert_true(hf_gzip(HF_SV("one,"), &gz));
	assert_true(hf_gzip(HF_SV("two"), &gz));
	assert_int_equal(hf_gunzip(hf_buf_view(&gz), 7, &back, NULL), HF_OK);
	assert_sv_equal(hf_buf_view(&back), "one,two");
	hf_buf_free(&gz);
	hf_buf_free(&back);
}

HF_TEST_MAIN("server/header",
	     cmocka_unit_test(prefer_is_read_whatever_its_spacing_case_and_company),
	     cmocka_unit_test(a_preference_fhir_does_not_know_is_refused),
	     cmocka_unit_test(etags_are_read_weak_strong_and_bare),
	     cmocka_unit_test(http_dates_are_read_and_written_the_same),
	     cmocka_unit_test(media_types_are_told_apart_and_only_utf8_is_taken),
	     cmocka_unit_test(accept_takes_json_when_any_of_its_types_does),
	     cmocka_unit_test(only_names_of_this_machine_are_its_names),
	     cmocka_unit_test(gzip_comes_back_and_is_bounded),
	     cmocka_unit_test(two_gzip_members_are_one_body))
