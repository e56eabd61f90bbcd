/* The promises of record/person_query.h and person_text.h. */
#include "test/hf_test.h"

#include "record/person_query.h"
#include "record/person_text.h"

static int64_t
today(void)
{
	return hf_days_from_civil(2026, 11, 22);
}

static struct hf_person_query
parsed(struct hf_arena *arena, const char *text)
{
	struct hf_person_query q;
	struct hf_err err = {0};

	if (hf_person_query_parse(hf_sv_from(text), today(), arena, &q, &err))
		fail_msg("%s: %s", text, err.text);
	return q;
}

HF_TEST(a_birth_date_is_read_in_every_usual_spelling)
{
	static const char *const spellings[] = {
	    "3/3/1942",	    "03/03/1942", "3.3.1942",	 "3-3-1942",	"3 3 1942",
	    "03031942",	    "1942-03-03", "1942/3/3",	 "19420303",	"3 March 1942",
	    "3rd mar 1942", "3mar1942",	  "03 MAR 1942", "3 Mar. 1942", "03-Mar-1942"};
	struct hf_arena arena = {.cap = 1 << 20};

	for (size_t i = 0; i < HF_COUNT(spellings); i++) {
		struct hf_person_query q = parsed(&arena, spellings[i]);

		if (q.n_births != 1 || q.n_names || q.postcode.n || q.has_number)
			fail_msg("%s is not read as one date", spellings[i]);
		assert_int_equal(q.births[0].first, hf_days_from_civil(1942, 3, 3));
		assert_int_equal(q.births[0].last, q.births[0].first);
		assert_sv_equal(q.births[0].text, "3 March 1942");
	}
	hf_arena_free(&arena);
}

HF_TEST(a_day_comes_before_a_month_and_impossible_dates_are_none)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_person_query q = parsed(&arena, "4/12/1950");

	assert_int_equal(q.births[0].first, hf_days_from_civil(1950, 12, 4));
	assert_int_equal(parsed(&arena, "31/2/1950").n_births, 0);
	assert_int_equal(parsed(&arena, "12/31/1950").n_births, 0);
	assert_true(parsed(&arena, "12/31/1950").hint.n > 0);
	assert_int_equal(parsed(&arena, "1/1/2027").n_births, 0); /* to come */
	assert_int_equal(parsed(&arena, "29/2/2023").n_births, 0);
	assert_int_equal(parsed(&arena, "29/2/2024").n_births, 1);
	hf_arena_free(&arena);
}

HF_TEST(a_year_of_two_digits_means_both_centuries_it_can)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_person_query q = parsed(&arena, "3/3/12");

	assert_int_equal(q.n_births, 2);
	assert_int_equal(q.births[0].first, hf_days_from_civil(1912, 3, 3));
	assert_int_equal(q.births[1].first, hf_days_from_civil(2012, 3, 3));
	q = parsed(&arena, "030342");
	assert_int_equal(q.n_births, 1);
	assert_int_equal(q.births[0].first, hf_days_from_civil(1942, 3, 3));
	hf_arena_free(&arena);
}

HF_TEST(a_year_or_a_month_alone_is_a_range)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_person_query q = parsed(&arena, "smith 1942");

	assert_int_equal(q.births[0].first, hf_days_from_civil(1942, 1, 1));
	assert_int_equal(q.births[0].last, hf_days_from_civil(1942, 12, 31));
	q = parsed(&arena, "feb 1944 smith");
	assert_int_equal(q.births[0].last, hf_days_from_civil(1944, 2, 29));
	assert_int_equal(q.n_names, 1);
	q = parsed(&arena, "3/1942");
	assert_int_equal(q.births[0].first, hf_days_from_civil(1942, 3, 1));
	hf_arena_free(&arena);
}

HF_TEST(an_nhs_number_is_read_with_blanks_hyphens_or_neither)
{
	static const char *const spellings[] = {"9990000018", "999 000 0018",
						"999-000-0018", "999 0000018",
						"smith 999 000 0018"};
	struct hf_arena arena = {.cap = 1 << 20};

	for (size_t i = 0; i < HF_COUNT(spellings); i++) {
		struct hf_person_query q = parsed(&arena, spellings[i]);

		assert_true(q.has_number);
		assert_string_equal(q.number.d, "9990000018");
		assert_int_equal(q.n_births, 0);
	}
	hf_arena_free(&arena);
}

HF_TEST(a_number_that_is_none_is_told_and_never_repeated)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_person_query q = parsed(&arena, "999 000 0019");

	assert_false(q.has_number);
	assert_true(hf_mentions(q.hint, "check digit"));
	assert_false(hf_mentions(q.hint, "999"));
	q = parsed(&arena, "smith 12345678901234");
	assert_false(q.has_number);
	assert_int_equal(q.n_names, 1);
	assert_true(q.hint.n > 0);
	hf_arena_free(&arena);
}

HF_TEST(a_postcode_is_read_whole_glued_and_by_its_first_half)
{
	struct hf_arena arena = {.cap = 1 << 20};

	assert_sv_equal(parsed(&arena, "wz1 2ab").postcode, "wz1 2ab");
	assert_sv_equal(parsed(&arena, "WZ12AB").postcode, "wz1 2ab");
	assert_true(parsed(&arena, "smith WZ1 2AB").postcode_whole);
	assert_sv_equal(parsed(&arena, "smith wz1").postcode, "wz1");
	assert_false(parsed(&arena, "smith wz1").postcode_whole);
	assert_sv_equal(parsed(&arena, "EC1A 1BB").postcode, "ec1a 1bb");
	hf_arena_free(&arena);
}

HF_TEST(names_are_folded_and_months_that_are_names_stay_names)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_person_query q = parsed(&arena, "May O'Brien, Łukasz");

	assert_int_equal(q.n_names, 3);
	assert_int_equal(q.n_births, 0);
	assert_sv_equal(q.names[0], "may");
	assert_sv_equal(q.names[2], "lukasz");
	q = parsed(&arena, "Smith-Jones");
	assert_int_equal(q.n_names, 1);
	hf_arena_free(&arena);
}

HF_TEST(too_long_and_control_characters_are_refused_with_a_sentence)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_person_query q = {.n_names = 42};
	struct hf_err err = {0};
	char text[HF_PERSON_Q_MAX + 2];

	memset(text, 'a', sizeof(text));
	assert_int_equal(hf_person_query_parse((struct hf_sv){text, sizeof(text)},
					       today(), &arena, &q, &err),
			 HF_TOO_LONG);
	assert_string_equal(err.path, "q");
	assert_int_equal(
	    hf_person_query_parse(HF_SV("a\x01"), today(), &arena, &q, &err),
	    HF_INVALID);
	assert_int_equal(q.n_names, 42); /* left alone */
	hf_arena_free(&arena);
}

/* ---- words ---- */

static struct hf_json
json(struct hf_arena *arena, const char *text)
{
	struct hf_json doc;

	assert_int_equal(hf_json_parse(hf_sv_from(text), NULL, arena, &doc, NULL),
			 HF_OK);
	return doc;
}

HF_TEST(values_are_said_as_a_chart_says_them_and_keep_their_digits)
{
	static const char *const cases[][2] = {
	    {"{\"value\":72.50,\"unit\":\"kg\"}", "72.50 kg"},
	    {"{\"value\":98,\"unit\":\"%\"}", "98%"},
	    {"{\"comparator\":\"<\",\"value\":5,\"unit\":\"mg\"}", "<5 mg"},
	    {"{\"value\":64,\"unit\":\"beats per minute\",\"code\":\"/min\"}",
	     "64/min"},
	    {"{\"value\":37.0,\"code\":\"Cel\"}", "37.0 °C"},
	    {"{\"value\":3,\"code\":\"{score}\",\"unit\":\"score\"}", "3"},
	    {"{\"coding\":[{\"code\":\"x\",\"display\":\"Fall\"}]}", "Fall"},
	    {"{\"text\":\"Own words\",\"coding\":[{\"display\":\"Fall\"}]}",
	     "Own words"},
	    {"{\"low\":{\"value\":1,\"unit\":\"g\"},\"high\":{\"value\":2,\"unit\":"
	     "\"g\"}}",
	     "1 g to 2 g"},
	    {"{\"reference\":\"Organization/1\",\"display\":\"Ward 7\"}", "Ward 7"},
	    {"true", "yes"},
	};
	struct hf_arena arena = {.cap = 1 << 20};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_json doc = json(&arena, cases[i][0]);

		assert_sv_equal(hf_words(&doc, 0, &arena), cases[i][1]);
	}
	hf_arena_free(&arena);
}

HF_TEST(a_name_is_written_as_on_an_nhs_banner)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_json doc = json(
	    &arena,
	    "[{\"use\":\"old\",\"family\":\"Old\"},{\"use\":\"official\",\"family\":"
	    "\"Hálek\",\"given\":[\"Ana\",\"Mae\"],\"prefix\":[\"Mrs\"]}]");
	uint32_t best = hf_name_best(&doc, 0);

	assert_sv_equal(hf_name_words(&doc, best, false, &arena),
			"HÁLEK, Ana Mae (Mrs)");
	assert_sv_equal(hf_name_words(&doc, best, true, &arena), "Mrs Ana Mae Hálek");
	hf_arena_free(&arena);
}

HF_TEST(dates_keep_their_precision_and_are_days_in_london)
{
	struct hf_arena arena = {.cap = 1 << 20};

	assert_sv_equal(hf_date_words(HF_SV("1942"), &arena), "1942");
	assert_sv_equal(hf_date_words(HF_SV("1942-03"), &arena), "Mar-1942");
	assert_sv_equal(hf_date_words(HF_SV("1942-03-03"), &arena), "03-Mar-1942");
	/* Half past eleven at night in UTC is the next day in summer. */
	assert_sv_equal(hf_date_words(HF_SV("2026-06-30T23:30:00Z"), &arena),
			"01-Jul-2026");
	assert_sv_equal(hf_clock_words(HF_SV("2026-06-30T23:30:00Z"), &arena), "00:30");
	assert_sv_equal(hf_day_words(HF_SV("2026-11-22"), &arena),
			"Sunday 22 November 2026");
	assert_sv_equal(hf_day_key(HF_SV("2026-11-22T10:00:00Z"), &arena),
			"2026-11-22");
	assert_int_equal(hf_clock_words(HF_SV("2026-11-22"), &arena).n, 0);
	assert_int_equal(hf_date_words(HF_SV("soon"), &arena).n, 0);
	hf_arena_free(&arena);
}

HF_TEST(ages_are_told_in_years_months_weeks_or_days)
{
	struct hf_arena arena = {.cap = 1 << 20};
	hf_time now = today() * 86400000 + 43200000;

	assert_sv_equal(hf_age_words(HF_SV("1942-11-22"), now, &arena), "84y");
	assert_sv_equal(hf_age_words(HF_SV("1942-11-23"), now, &arena), "83y");
	assert_sv_equal(hf_age_words(HF_SV("2016-10-22"), now, &arena), "10y 1m");
	assert_sv_equal(hf_age_words(HF_SV("2025-08-22"), now, &arena), "15m");
	assert_sv_equal(hf_age_words(HF_SV("2026-09-22"), now, &arena), "8w 5d");
	assert_sv_equal(hf_age_words(HF_SV("2026-11-20"), now, &arena), "2d");
	assert_int_equal(hf_age_words(HF_SV("1942"), now, &arena).n, 0);
	assert_int_equal(hf_age_words(HF_SV("2030-01-01"), now, &arena).n, 0);
	hf_arena_free(&arena);
}

HF_TEST_MAIN(
    "record/person_query",
    cmocka_unit_test(a_birth_date_is_read_in_every_usual_spelling),
    cmocka_unit_test(a_day_comes_before_a_month_and_impossible_dates_are_none),
    cmocka_unit_test(a_year_of_two_digits_means_both_centuries_it_can),
    cmocka_unit_test(a_year_or_a_month_alone_is_a_range),
    cmocka_unit_test(an_nhs_number_is_read_with_blanks_hyphens_or_neither),
    cmocka_unit_test(a_number_that_is_none_is_told_and_never_repeated),
    cmocka_unit_test(a_postcode_is_read_whole_glued_and_by_its_first_half),
    cmocka_unit_test(names_are_folded_and_months_that_are_names_stay_names),
    cmocka_unit_test(too_long_and_control_characters_are_refused_with_a_sentence),
    cmocka_unit_test(values_are_said_as_a_chart_says_them_and_keep_their_digits),
    cmocka_unit_test(a_name_is_written_as_on_an_nhs_banner),
    cmocka_unit_test(dates_keep_their_precision_and_are_days_in_london),
    cmocka_unit_test(ages_are_told_in_years_months_weeks_or_days))
