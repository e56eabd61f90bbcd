/* OPEL as configuration: bands, weighted sums, levels, and what a document may
 * not say. */
#include "test/hf_test.h"

#include "place/opel.h"

static struct hf_arena arena;
static struct hf_issues issues;

static int
clear(void **state HF_UNUSED)
{
	hf_arena_free(&arena);
	arena = (struct hf_arena){.cap = 8 << 20};
	issues = (struct hf_issues){.arena = &arena};
	return 0;
}

#define DOC(times, bands, levels, overall)                                             \
	"{\"id\":\"t\",\"version\":\"1\",\"title\":\"T\",\"source\":\"S\","            \
	"\"times\":" times                                                             \
	",\"pillars\":[{\"id\":\"c\",\"title\":\"C\",\"weight\":2,\"parameters\":[{"   \
	"\"id\":\"beds\",\"title\":\"B\",\"weight\":3,\"bands\":" bands "},{\"id\":"   \
	"\"free\",\"title\":\"F\",\"weight\":1,\"bands\":[{\"score\":4},{\"from\":10." \
	"5,"                                                                           \
	"\"score\":0}]}],\"levels\":" levels "},{\"id\":\"m\",\"title\":\"M\","        \
	"\"parameters\":[{\"id\":\"beds\",\"title\":\"B\",\"bands\":[{\"score\":0},{"  \
	"\"from\":1,\"score\":9}]}],\"levels\":[1,5,9]}],\"overall\":{"                \
	"\"levels\":" overall "}}"
#define TIMES	"[\"08:00\",\"13:00\",\"18:00\"]"
#define BANDS	"[{\"score\":0},{\"from\":90,\"score\":2},{\"from\":95,\"score\":4}]"
#define LEVELS	"[4,8,16]"
#define OVERALL "[4,7,12]"

static struct hf_opel
loaded(const char *text)
{
	struct hf_opel o;
	struct hf_err err;

	if (hf_opel_load("t.json", hf_sv_from(text), &arena, &issues, &o, &err))
		fail_msg("%.*s", HF_SV_ARG(issues.items[0].text));
	return o;
}

static struct hf_opel_value
value(const char *pillar, const char *parameter, const char *number)
{
	struct hf_opel_value v = {.pillar = hf_sv_from(pillar),
				  .parameter = hf_sv_from(parameter)};

	assert_true(hf_decimal_parse(hf_sv_from(number), &v.value));
	return v;
}

HF_TEST(R_2_20_a_band_begins_at_its_value)
{
	static const struct {
		const char *value;
		int score;
	} cases[] = {{"-5", 0},	  {"89.999", 0}, {"90", 2}, {"90.0", 2},
		     {"94.9", 2}, {"95", 4},	 {"200", 4}};
	struct hf_opel o = loaded(DOC(TIMES, BANDS, LEVELS, OVERALL));

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_opel_value v = value("c", "beds", cases[i].value);
		struct hf_opel_result r;

		hf_opel_evaluate(&o, &v, 1, &r);
		assert_true(r.pillars[0].parameters[0].known);
		assert_int_equal(r.pillars[0].parameters[0].score, cases[i].score);
	}
}

HF_TEST(R_2_20_the_weighted_sum_makes_the_level)
{
	static const struct {
		const char *beds, *free, *others;
		int score, level, overall;
	} cases[] = {
	    {"80", "50", "0", 0, 1, 1}, /* 2 x 1 + 1 = 3 */
	    {"80", "10", "0", 4, 2, 2}, /* 2 x 2 + 1 = 5 */
	    {"90", "10.5", "0", 6, 2, 2},
	    {"90", "10.4", "0", 10, 3, 3}, /* 2 x 3 + 1 = 7 */
	    {"99", "0", "0", 16, 4, 3},	   /* 2 x 4 + 1 = 9 */
	    {"99", "0", "1", 16, 4, 4},	   /* 2 x 4 + 4 = 12 */
	};
	struct hf_opel o = loaded(DOC(TIMES, BANDS, LEVELS, OVERALL));

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_opel_value v[] = {value("c", "beds", cases[i].beds),
					    value("c", "free", cases[i].free),
					    value("m", "beds", cases[i].others)};
		struct hf_opel_result r;

		hf_opel_evaluate(&o, v, 3, &r);
		assert_int_equal(r.pillars[0].score, cases[i].score);
		assert_int_equal(r.pillars[0].level, cases[i].level);
		assert_int_equal(r.level, cases[i].overall);
		assert_int_equal(r.pillars[0].known, 100);
	}
}

HF_TEST(what_is_not_known_counts_as_the_rest_does)
{
	struct hf_opel o = loaded(DOC(TIMES, BANDS, LEVELS, OVERALL));
	struct hf_opel_value v[] = {value("c", "beds", "95"), value("m", "beds", "0"),
				    value("c", "nothing", "1"),
				    value("x", "beds", "1")};
	struct hf_opel_result r;

	/* Three quarters of the weight, 12 of 12 points: 16 of 16. */
	hf_opel_evaluate(&o, v, HF_COUNT(v), &r);
	assert_int_equal(r.pillars[0].known, 75);
	assert_int_equal(r.pillars[0].score, 16);
	assert_int_equal(r.pillars[0].level, 4);
	assert_int_equal(r.strangers, 2);
	/* A quarter of it is too little; the other pillar alone is a third. */
	v[0] = value("c", "free", "0");
	hf_opel_evaluate(&o, v, 2, &r);
	assert_int_equal(r.pillars[0].known, 25);
	assert_int_equal(r.pillars[0].level, 0);
	assert_int_equal(r.pillars[1].level, 1);
	assert_int_equal(r.level, 0);
	hf_opel_evaluate(&o, NULL, 0, &r);
	assert_int_equal(r.level, 0);
	assert_int_equal(r.pillars[1].level, 0);
}

HF_TEST(of_two_values_the_later_counts)
{
	struct hf_opel o = loaded(DOC(TIMES, BANDS, LEVELS, OVERALL));
	struct hf_opel_value v[] = {value("m", "beds", "7"), value("m", "beds", "0")};
	struct hf_opel_result r;

	hf_opel_evaluate(&o, v, 2, &r);
	assert_int_equal(r.pillars[1].level, 1);
}

/* Law: a score more never makes the level less. */
HF_TEST(more_pressure_is_never_a_lower_level)
{
	struct hf_opel o = loaded(DOC(TIMES, BANDS, LEVELS, OVERALL));
	int last = 0, last_overall = 0;

	for (int beds = 80; beds <= 100; beds++) {
		struct hf_opel_value v[] = {
		    {HF_SV("c"), HF_SV("beds"), hf_decimal_from_int(beds)},
		    {HF_SV("c"), HF_SV("free"), hf_decimal_from_int(100 - beds)},
		    {HF_SV("m"), HF_SV("beds"), hf_decimal_from_int(beds > 97)}};
		struct hf_opel_result r;

		hf_opel_evaluate(&o, v, 3, &r);
		assert_true(r.pillars[0].level >= last && r.level >= last_overall);
		last = r.pillars[0].level;
		last_overall = r.level;
	}
	assert_int_equal(last, 4);
}

HF_TEST(R_2_20_it_is_worked_out_again_at_fixed_times)
{
	struct hf_opel o = loaded(DOC(TIMES, BANDS, LEVELS, OVERALL));
	/* 2026-03-28T18:00Z is a Saturday; the clocks go forward in the night. */
	hf_time six = 1774720800000;

	assert_true(hf_opel_next(&o, six - 1) == six);
	assert_true(hf_opel_next(&o, six) == six + 13 * 3600000);
	assert_true(hf_opel_next(&o, six - 6 * 3600000) == six - 5 * 3600000);
	o.n_times = 0;
	assert_true(hf_opel_next(&o, six) == HF_TIME_MAX);
}

HF_TEST(a_document_with_mistakes_is_refused_with_each_of_them)
{
	static const char *const wrong[] = {
	    "[]",
	    "{}",
	    DOC("[\"25:00\"]", BANDS, LEVELS, OVERALL),
	    DOC("[\"13:00\",\"08:00\"]", BANDS, LEVELS, OVERALL),
	    DOC(TIMES, "[{\"score\":1}]", LEVELS, OVERALL),
	    DOC(TIMES, "[{\"from\":1,\"score\":1},{\"from\":2,\"score\":2}]", LEVELS,
		OVERALL),
	    DOC(TIMES, "[{\"score\":1},{\"score\":2}]", LEVELS, OVERALL),
	    DOC(TIMES,
		"[{\"score\":1},{\"from\":2,\"score\":2},{\"from\":2,\"score\":3}]",
		LEVELS, OVERALL),
	    DOC(TIMES, "[{\"score\":1},{\"from\":2,\"score\":101}]", LEVELS, OVERALL),
	    DOC(TIMES, "[{\"score\":1},{\"from\":2}]", LEVELS, OVERALL),
	    DOC(TIMES, BANDS, "[4,8]", OVERALL),
	    DOC(TIMES, BANDS, "[4,4,8]", OVERALL),
	    DOC(TIMES, BANDS, "[4,8,17]", OVERALL),
	    DOC(TIMES, BANDS, LEVELS, "[4,7,13]"),
	    DOC(TIMES, BANDS, LEVELS, "[\"4\",7,12]"),
	};

	for (size_t i = 0; i < HF_COUNT(wrong); i++) {
		struct hf_opel o = {.least = 7};
		struct hf_err err;

		clear(NULL);
		if (hf_opel_load("t.json", hf_sv_from(wrong[i]), &arena, &issues, &o,
				 &err) != HF_INVALID)
			fail_msg("%s", wrong[i]);
		assert_true(issues.errors > 0);
		assert_int_equal(o.least, 7);
	}
}

HF_TEST(R_2_20_the_set_that_comes_along_is_marked_as_a_demonstration)
{
	assert_true(hf_n_opel_builtin > 0);
	for (size_t i = 0; i < hf_n_opel_builtin; i++) {
		struct hf_opel o;
		struct hf_err err;

		if (hf_opel_load(hf_opel_builtin[i].name, hf_opel_builtin[i].text,
				 &arena, &issues, &o, &err))
			fail_msg("%.*s: %.*s", HF_SV_ARG(issues.items[0].path),
				 HF_SV_ARG(issues.items[0].text));
		assert_true(o.demonstration);
		assert_int_equal(issues.n, 0);
		assert_int_equal(o.n_times, 3);
		assert_string_equal(o.pillars[0].id, "community");
		assert_int_equal(o.pillars[0].n, 6);
	}
}

#define CASE(name) cmocka_unit_test_setup(name, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(R_2_20_a_band_begins_at_its_value),
	    CASE(R_2_20_the_weighted_sum_makes_the_level),
	    CASE(what_is_not_known_counts_as_the_rest_does),
	    CASE(of_two_values_the_later_counts),
	    CASE(more_pressure_is_never_a_lower_level),
	    CASE(R_2_20_it_is_worked_out_again_at_fixed_times),
	    CASE(a_document_with_mistakes_is_refused_with_each_of_them),
	    CASE(R_2_20_the_set_that_comes_along_is_marked_as_a_demonstration),
	};
	int failed = cmocka_run_group_tests_name("place/opel", tests, NULL, NULL);

	hf_arena_free(&arena);
	return failed;
}
