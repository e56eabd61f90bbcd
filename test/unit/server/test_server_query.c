/* The promises of server/query.h and server/pretty.h. */
#include "server/query.h"

#include "record/io/search.h"
#include "server/pretty.h"
#include "test/hf_test.h"

static struct hf_arena arena = {.cap = 4 << 20};

static int
teardown(void **state)
{
	(void)state;
	hf_arena_free(&arena);
	return 0;
}

static enum hf_rc
decode(const char *text, bool plus, struct hf_sv *out)
{
	return hf_percent_decode(hf_sv_from(text), plus, &arena, out, NULL);
}

HF_TEST(escapes_are_undone_and_plain_text_is_left_where_it_is)
{
	const char *plain = "Observation";
	struct hf_sv out;

	assert_int_equal(decode(plain, true, &out), HF_OK);
	assert_ptr_equal(out.p, plain);
	assert_int_equal(decode("a%20b%2fc%C3%a9", false, &out), HF_OK);
	assert_sv_equal(out, "a b/cé");
}

HF_TEST(a_plus_is_a_blank_in_queries_only)
{
	struct hf_sv out;

	assert_int_equal(decode("a+b", true, &out), HF_OK);
	assert_sv_equal(out, "a b");
	assert_int_equal(decode("a+b", false, &out), HF_OK);
	assert_sv_equal(out, "a+b");
}

HF_TEST(broken_escapes_nul_bytes_and_text_that_is_not_utf8_are_refused)
{
	static const char *const bad[] = {
	    "%",      "a%2",	      "%zz",	   "%00",	   "%ff",
	    "%c3",    "%c0%80",	      "%ed%a0%80", "%f5%80%80%80", "\xff",
	    "%e2%82", "%f0%80%80%80", "%80",
	};

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_sv out = HF_SV("untouched");

		if (decode(bad[i], true, &out) != HF_INVALID)
			fail_msg("%s was taken", bad[i]);
		assert_sv_equal(out, "untouched");
	}
}

HF_TEST(every_byte_that_is_encoded_is_decoded_to_itself)
{
	for (unsigned c = 1; c < 0x80; c++) {
		struct hf_buf out = {.cap = 64};
		char text[1] = {(char)c};
		struct hf_sv back;

		hf_percent_encode((struct hf_sv){text, 1}, "/", &out);
		assert_int_equal(
		    hf_percent_decode(hf_buf_view(&out), true, &arena, &back, NULL),
		    HF_OK);
		assert_int_equal(back.n, 1);
		assert_int_equal(back.p[0], text[0]);
		hf_buf_free(&out);
	}
}

HF_TEST(pairs_keep_their_order_and_repeat)
{
	struct hf_param *params = NULL;
	size_t n = 0;

	assert_int_equal(hf_query_parse(HF_SV("a=1&&b=x%3Dy=z&a=2&flag&e="), &arena,
					&params, &n, NULL),
			 HF_OK);
	assert_int_equal(n, 5);
	assert_sv_equal(params[0].name, "a");
	assert_sv_equal(params[1].value, "x=y=z");
	assert_sv_equal(params[2].value, "2");
	assert_sv_equal(params[3].name, "flag");
	assert_int_equal(params[3].value.n, 0);
	assert_int_equal(params[4].value.n, 0);
}

HF_TEST(pairs_of_a_form_stand_behind_those_of_the_address)
{
	struct hf_param *params = NULL;
	size_t n = 0;

	assert_int_equal(hf_query_parse(HF_SV("a=1"), &arena, &params, &n, NULL),
			 HF_OK);
	assert_int_equal(hf_query_parse(HF_SV("b=2"), &arena, &params, &n, NULL),
			 HF_OK);
	assert_int_equal(n, 2);
	assert_sv_equal(params[0].name, "a");
	assert_sv_equal(params[1].name, "b");
}

HF_TEST(a_value_without_a_name_and_too_many_pairs_are_refused)
{
	struct hf_param *params = NULL;
	char many[2 * (HF_QUERY_PARAMS + 2)];
	size_t n = 0, len = 0;

	assert_int_equal(hf_query_parse(HF_SV("=1"), &arena, &params, &n, NULL),
			 HF_INVALID);
	for (int i = 0; i <= HF_QUERY_PARAMS; i++) {
		many[len++] = 'a';
		many[len++] = '&';
	}
	assert_int_equal(
	    hf_query_parse((struct hf_sv){many, len}, &arena, &params, &n, NULL),
	    HF_TOO_LONG);
	assert_int_equal(n, 0);
}

HF_TEST(pretty_json_is_the_same_json_with_line_breaks)
{
	assert_sv_equal(
	    hf_pretty(HF_SV("{\"a\":[1,{}],\"b\":\"x,\\\"{y\",\"c\":[]}"), &arena),
	    "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"x,\\\"{y\",\n"
	    "  \"c\": []\n}\n");
}

HF_TEST(pretty_takes_broken_text_without_harm)
{
	static const char *const broken[] = {"", "\"", "\"\\", "}", "]]", "{", "[\"a"};

	for (size_t i = 0; i < HF_COUNT(broken); i++)
		assert_non_null(hf_pretty(hf_sv_from(broken[i]), &arena).p);
}

#define T(test) cmocka_unit_test_teardown(test, teardown)

HF_TEST_MAIN("server/query", T(escapes_are_undone_and_plain_text_is_left_where_it_is),
	     T(a_plus_is_a_blank_in_queries_only),
	     T(broken_escapes_nul_bytes_and_text_that_is_not_utf8_are_refused),
	     T(every_byte_that_is_encoded_is_decoded_to_itself),
	     T(pairs_keep_their_order_and_repeat),
	     T(pairs_of_a_form_stand_behind_those_of_the_address),
	     T(a_value_without_a_name_and_too_many_pairs_are_refused),
	     T(pretty_json_is_the_same_json_with_line_breaks),
	     T(pretty_takes_broken_text_without_harm))
