/* The promises of server/route.h. */
#include "server/route.h"

#include "test/hf_test.h"

static const struct hf_route table[] = {
    {.name = "metadata", .method = HF_GET, .pattern = "/fhir/metadata"},
    {.name = "batch", .method = HF_POST, .pattern = "/fhir"},
    {.name = "root", .method = HF_GET, .pattern = "/fhir"},
    {.name = "everything",
     .method = HF_GET,
     .pattern = "/fhir/Patient/{id}/$everything"},
    {.name = "history", .method = HF_GET, .pattern = "/fhir/{type}/{id}/_history"},
    {.name = "read", .method = HF_GET, .pattern = "/fhir/{type}/{id}"},
    {.name = "put", .method = HF_PUT, .pattern = "/fhir/{type}/{id}"},
    {.name = "search", .method = HF_GET, .pattern = "/fhir/{type}"},
    {.name = "assets", .method = HF_GET, .pattern = "/assets/{path*}"},
    {.name = "page", .method = HF_GET, .pattern = "/"},
};

static struct hf_sv args[HF_ROUTE_ARGS];
static unsigned allow;

static const char *
match(enum hf_method method, const char *path)
{
	const struct hf_route *route = NULL;
	enum hf_matched m = hf_route_match_in(table, HF_COUNT(table), method,
					      hf_sv_from(path), &route, args, &allow);

	if (m == HF_MATCHED)
		return route->name;
	return m == HF_MATCHED_PATH ? "405" : "404";
}

HF_TEST(literal_lines_win_over_general_ones_behind_them)
{
	assert_string_equal(match(HF_GET, "/fhir/metadata"), "metadata");
	assert_string_equal(match(HF_GET, "/fhir/Patient"), "search");
	assert_string_equal(match(HF_GET, "/fhir/Patient/1/$everything"), "everything");
	assert_string_equal(match(HF_GET, "/fhir/Patient/1/_history"), "history");
}

HF_TEST(parts_are_given_as_they_were_sent)
{
	assert_string_equal(match(HF_GET, "/fhir/Patient/a%2Fb"), "read");
	assert_sv_equal(args[0], "Patient");
	assert_sv_equal(args[1], "a%2Fb");
}

HF_TEST(a_tail_takes_all_that_is_left_but_not_nothing)
{
	assert_string_equal(match(HF_GET, "/assets/js/app.js"), "assets");
	assert_sv_equal(args[0], "js/app.js");
	assert_string_equal(match(HF_GET, "/assets/"), "404");
	assert_string_equal(match(HF_GET, "/assets"), "404");
}

HF_TEST(a_slash_at_the_end_is_left_aside)
{
	assert_string_equal(match(HF_GET, "/fhir/"), "root");
	assert_string_equal(match(HF_GET, "/fhir/Patient/"), "search");
	assert_string_equal(match(HF_GET, "/"), "page");
}

HF_TEST(what_is_in_no_line_is_not_found)
{
	static const char *const none[] = {"",	       "/x",
					   "fhir",     "/fhirx",
					   "/fhir//1", "/fhir/a/b/c",
					   "//fhir",   "/fhir/Patient//_history",
					   "/Fhir",    "/fhir/a/b/c/d/e/f/g"};

	for (size_t i = 0; i < HF_COUNT(none); i++)
		if (strcmp(match(HF_GET, none[i]), "404") != 0)
			fail_msg("%s was found", none[i]);
}

HF_TEST(another_method_is_told_which_there_are)
{
	struct hf_arena arena = {.cap = 1 << 16};

	assert_string_equal(match(HF_PATCH, "/fhir/Patient/1"), "405");
	assert_sv_equal(hf_route_allow(allow, &arena), "GET, HEAD, PUT, OPTIONS");
	assert_string_equal(match(HF_DELETE, "/fhir"), "405");
	assert_sv_equal(hf_route_allow(allow, &arena), "GET, HEAD, POST, OPTIONS");
	assert_string_equal(match(HF_OPTIONS, "/fhir/metadata"), "405");
	assert_sv_equal(hf_route_allow(allow, &arena), "GET, HEAD, OPTIONS");
	hf_arena_free(&arena);
}

HF_TEST(head_goes_where_get_goes)
{
	assert_string_equal(match(HF_HEAD, "/fhir/Patient/1"), "read");
}

HF_TEST_MAIN("server/route",
	     cmocka_unit_test(literal_lines_win_over_general_ones_behind_them),
	     cmocka_unit_test(parts_are_given_as_they_were_sent),
	     cmocka_unit_test(a_tail_takes_all_that_is_left_but_not_nothing),
	     cmocka_unit_test(a_slash_at_the_end_is_left_aside),
	     cmocka_unit_test(what_is_in_no_line_is_not_found),
	     cmocka_unit_test(another_method_is_told_which_there_are),
	     cmocka_unit_test(head_goes_where_get_goes))
