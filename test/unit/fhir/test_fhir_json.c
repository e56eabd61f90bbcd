/* The promises of fhir/json.h, one test each. */
#include "test/hf_test.h"

#include "fhir/json.h"

static enum hf_rc
parse(const char *text, struct hf_arena *arena, struct hf_json *doc, struct hf_err *err)
{
	return hf_json_parse(hf_sv_from(text), NULL, arena, doc, err);
}

HF_TEST(what_the_grammar_allows_is_read)
{
	static const char *const good[] = {"null",
					   "true",
					   " [ ] ",
					   "{}",
					   "0",
					   "-0.0",
					   "1e5",
					   "1.00E+2",
					   "123456789012345678901234567890",
					   "\"\\ud83d\\ude00\"",
					   "\"\xc3\xa9\"",
					   "{\"a\":1,\"b\":[1,2,{\"a\":null}]}",
					   "\"\\u0000\""};

	for (size_t i = 0; i < HF_COUNT(good); i++) {
		struct hf_arena arena = {.cap = 1 << 20};
		struct hf_err err = {0};
		struct hf_json doc;

		if (parse(good[i], &arena, &doc, &err) != HF_OK)
			fail_msg("%s: %s", good[i], err.text);
		hf_arena_free(&arena);
	}
}

HF_TEST(what_it_does_not_is_refused_with_the_place)
{
	static const char *const bad[] = {"",
					  " ",
					  "{",
					  "[1,]",
					  "{\"a\":1,}",
					  "{\"a\" 1}",
					  "{a:1}",
					  "01",
					  "1.",
					  ".5",
					  "+1",
					  "1e",
					  "NaN",
					  "nul",
					  "\"",
					  "\"\\x\"",
					  "\"\\ud800\"",
					  "\"\\udc00\"",
					  "\"\\ud800\\u0041\"",
					  "\"\xff\"",
					  "\"\xc0\x80\"",
					  "\"\xed\xa0\x80\"",
					  "\"\xf4\x90\x80\x80\"",
					  "\"a\nb\"",
					  "1 2",
					  "{\"a\":1,\"a\":2}",
					  "[1 2]",
					  "// x\n1",
					  "'a'",
					  "{\"\\u0061\":1}",
					  "{\"\":1}",
					  "]",
					  "[}",
					  "{]"};

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_arena arena = {.cap = 1 << 20};
		struct hf_err err = {0};
		struct hf_json doc = {.n = 42};

		if (parse(bad[i], &arena, &doc, &err) != HF_INVALID)
			fail_msg("%s was read", bad[i]);
		assert_true(strstr(err.text, "byte") != NULL);
		assert_int_equal(doc.n, 42);
		hf_arena_free(&arena);
	}
}

HF_TEST(numbers_and_strings_keep_their_text)
{
	static const char text[] = "{ \"a\" : 1.00 , \"b\" : \"x\\u00e9 \\\" y\" , "
				   "\"c\":[ 9007199254740993, \"\\/\" ] }";
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_buf out = {0};
	struct hf_json doc;

	assert_int_equal(parse(text, &arena, &doc, NULL), HF_OK);
	assert_sv_equal(hf_json_raw(&doc, hf_json_member(&doc, 0, "a")), "1.00");
	assert_sv_equal(hf_json_str(&doc, hf_json_member(&doc, 0, "b"), &arena),
			"x\xc3\xa9 \" y");
	assert_int_equal(hf_json_count(&doc, hf_json_member(&doc, 0, "c")), 2);
	assert_int_equal(hf_json_member(&doc, 0, "d"), HF_JSON_NONE);
	hf_json_minify(&doc, 0, &out);
	assert_sv_equal(hf_buf_view(&out), "{\"a\":1.00,\"b\":\"x\\u00e9 \\\" y\","
					   "\"c\":[9007199254740993,\"\\/\"]}");
	hf_buf_free(&out);
	hf_arena_free(&arena);
}

HF_TEST(a_duplicate_name_among_many_is_found)
{
	struct hf_arena arena = {.cap = 1 << 24};
	struct hf_buf text = {0};
	struct hf_json doc;
	struct hf_err err;

	hf_buf_char(&text, '{');
	for (int i = 0; i < 5000; i++)
		hf_buf_printf(&text, "\"k%d\":%d,", i, i);
	hf_buf_lit(&text, "\"last\":0}");
	assert_int_equal(hf_json_parse(hf_buf_view(&text), NULL, &arena, &doc, &err),
			 HF_OK);
	text.n -= 1;
	hf_buf_lit(&text, ",\"k4321\":0}");
	assert_int_equal(hf_json_parse(hf_buf_view(&text), NULL, &arena, &doc, &err),
			 HF_INVALID);
	assert_true(strstr(err.text, "k4321") != NULL);
	hf_buf_free(&text);
	hf_arena_free(&arena);
}

HF_TEST(depth_size_and_count_are_bounded)
{
	struct hf_arena arena = {.cap = 1 << 20}, tiny = {.cap = 64};
	struct hf_err err = {0};
	struct hf_json doc;
	char deep[20001];

	memset(deep, '[', 10000);
	memset(deep + 10000, ']', 10000);
	deep[20000] = '\0';
	assert_int_equal(parse(deep, &arena, &doc, &err), HF_TOO_LONG);
	assert_true(strstr(err.text, "64 deep") != NULL);
	assert_int_equal(hf_json_parse(HF_SV("[1,2,3]"),
				       &(struct hf_json_limits){.bytes = 6}, &arena,
				       &doc, &err),
			 HF_TOO_LONG);
	assert_int_equal(hf_json_parse(HF_SV("[1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9]"),
				       &(struct hf_json_limits){.nodes = 18}, &arena,
				       &doc, &err),
			 HF_TOO_LONG);
	assert_int_equal(parse("[1,2,3,4]", &tiny, &doc, &err), HF_TOO_LONG);
	hf_arena_free(&arena);
	hf_arena_free(&tiny);
}

HF_TEST(the_writer_sets_commas_and_escapes)
{
	struct hf_buf out = {0};
	struct hf_jw w = {.out = &out};

	hf_jw_obj(&w);
	hf_jw_field(&w, "s", HF_SV("a\"b\\c\n\x01\xc3\xa9"));
	hf_jw_member(&w, "list");
	hf_jw_arr(&w);
	hf_jw_int(&w, -5);
	hf_jw_bool(&w, true);
	hf_jw_null(&w);
	hf_jw_raw(&w, HF_SV("1.00"));
	hf_jw_arr_end(&w);
	hf_jw_member(&w, "o");
	hf_jw_obj(&w);
	hf_jw_obj_end(&w);
	hf_jw_obj_end(&w);
	assert_sv_equal(hf_buf_view(&out), "{\"s\":\"a\\\"b\\\\c\\n\\u0001\xc3\xa9\","
					   "\"list\":[-5,true,null,1.00],\"o\":{}}");
	hf_buf_free(&out);
}

HF_TEST_MAIN("fhir/json", cmocka_unit_test(what_the_grammar_allows_is_read),
	     cmocka_unit_test(what_it_does_not_is_refused_with_the_place),
	     cmocka_unit_test(numbers_and_strings_keep_their_text),
	     cmocka_unit_test(a_duplicate_name_among_many_is_found),
	     cmocka_unit_test(depth_size_and_count_are_bounded),
	     cmocka_unit_test(the_writer_sets_commas_and_escapes))
