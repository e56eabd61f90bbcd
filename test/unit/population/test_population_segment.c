/* Everybody in exactly one group (population.md 2.6). */
#include "test/hf_test.h"

#include <stdlib.h>

#include "base/rng.h"
#include "population/segment.h"
#include "support/pop.h"

static struct hf_arena arena;
static struct hf_issues issues;
static struct hf_pop_score scores[16];
static size_t n_scores;
static struct hf_pop_scheme schemes[8];
static struct hf_test_pop *pop;

static int
begin(void **state HF_UNUSED)
{
	struct hf_err err;

	arena = (struct hf_arena){.cap = 32 << 20};
	issues = (struct hf_issues){.arena = &arena};
	n_scores = 0;
	for (size_t i = 0; i < hf_n_scores_population_builtin; i++)
		assert_int_equal(hf_pop_score_load(hf_scores_population_builtin[i].name,
						   hf_scores_population_builtin[i].text,
						   &arena, &issues, &scores[n_scores++],
						   &err),
				 HF_OK);
	for (size_t i = 0; i < hf_n_segments_builtin; i++)
		if (hf_pop_scheme_load(hf_segments_builtin[i].name,
				       hf_segments_builtin[i].text, &arena, &issues,
				       &schemes[i], &err))
			fail_msg("%.*s", HF_SV_ARG(issues.items[0].text));
	pop = hf_test_pop_new();
	return 0;
}

static int
end(void **state HF_UNUSED)
{
	hf_test_pop_free(pop);
	hf_arena_free(&arena);
	return 0;
}

static const struct hf_pop_scheme *
scheme(const char *id)
{
	for (size_t i = 0; i < hf_n_segments_builtin; i++)
		if (strcmp(schemes[i].id, id) == 0)
			return &schemes[i];
	fail_msg("there is no %s", id);
	abort();
}

/* The number of the group of a person. */
static int
group(const char *id, uint32_t person, const char *day)
{
	const struct hf_pop_scheme *s = scheme(id);
	struct hf_pop_scored scored[HF_POP_SCORE_COLUMNS];
	struct hf_pop_scorer *scorer;
	struct hf_pop_segmenter *segmenter;
	struct hf_pop_scratch *x;
	size_t at;

	assert_int_equal(
	    hf_pop_scorer_new(scores, n_scores, hf_test_columns(pop), &scorer, NULL),
	    HF_OK);
	assert_int_equal(hf_pop_segmenter_new(s, scorer, &segmenter, NULL), HF_OK);
	x = hf_pop_scratch_new(scorer);
	hf_pop_score_person(scorer, x, person, hf_day_of(day), scored);
	at = hf_pop_segment_of(segmenter, x, scored, person, hf_day_of(day), NULL);
	hf_pop_scratch_free(x);
	hf_pop_segmenter_free(segmenter);
	hf_pop_scorer_free(scorer);
	return s->segments[at].number;
}

static uint32_t
born(const char *month, const char *conditions)
{
	uint32_t p =
	    hf_test_person(pop, (struct hf_pop_person){.birth = hf_month_of(month),
						       .death_day = HF_POP_NONE});
	struct hf_sv rest = hf_sv_from(conditions);

	while (rest.n) {
		struct hf_sv one = hf_sv_cut(&rest, ' ');
		char code[40];

		snprintf(code, sizeof code, "%.*s", HF_SV_ARG(one));
		hf_test_condition(pop, p, code, 100, HF_POP_NONE);
	}
	return p;
}

HF_TEST(POP_T08_the_groups_of_north_west_london)
{
	static const struct {
		const char *born, *conditions;
		int group;
	} cases[] = {
	    {"1951-01", "ltc-dementia ltc-cancer", 14},
	    {"2005-01", "ltc-epilepsy", 5},
	    {"1981-01", "ltc-homeless ltc-smi", 15},
	    {"1955-01", "", 4},
	    {"1955-01", "ltc-hypertension", 7},
	    {"1981-01", "ltc-smi ltc-physical-disability", 13},
	    {"1981-01", "ltc-physical-disability ltc-learning-disability", 12},
	    {"1981-01", "ltc-cancer ltc-diabetes", 8},
	    {"2012-01", "ltc-continuing-care", 9},
	    {"2006-01", "ltc-continuing-care", 10},
	    {"2012-01", "ltc-cancer", 5},
	    {"2012-01", "", 1},
	    {"2006-01", "", 2},
	    {"1981-01", "", 3},
	    {"1981-01", "efi-falls", 3},
	};
	uint32_t p[HF_COUNT(cases)];

	for (size_t i = 0; i < HF_COUNT(cases); i++)
		p[i] = born(cases[i].born, cases[i].conditions);
	for (size_t i = 0; i < HF_COUNT(cases); i++)
		if (group("nw-london", p[i], "2021-06-15") != cases[i].group)
			fail_msg("case %zu is in %d, not %d", i,
				 group("nw-london", p[i], "2021-06-15"),
				 cases[i].group);
}

HF_TEST(POP_T08_an_eighteenth_birthday_moves_from_5_to_6)
{
	uint32_t p = born("2003-06", "ltc-asthma");

	assert_int_equal(group("nw-london", p, "2021-05-31"), 5);
	assert_int_equal(group("nw-london", p, "2021-06-01"), 6);
}

HF_TEST(section_2_6_a_group_of_the_past_is_what_it_was)
{
	uint32_t p = born("1960-01", "");

	hf_test_condition(pop, p, "ltc-cancer", hf_day_of("2015-01-01"),
			  hf_day_of("2020-01-01"));
	assert_int_equal(group("nw-london", p, "2014-12-31"), 3);
	assert_int_equal(group("nw-london", p, "2015-01-01"), 8);
	assert_int_equal(group("nw-london", p, "2019-12-31"), 8);
	assert_int_equal(group("nw-london", p, "2020-01-01"), 3);
}

HF_TEST(section_2_6_bridges_to_health)
{
	uint32_t healthy = born("1980-01", ""), infant = born("2021-01", ""),
		 chronic = born("1960-01", "ltc-copd"),
		 failing = born("1960-01", "ltc-copd"), acute = born("1980-01", ""),
		 mother = born("1990-01", ""),
		 dementia = born("1940-01", "ltc-dementia ltc-heart-failure");
	struct hf_pop_event e = {.setting = HF_POP_NE, .day = hf_day_of("2021-06-01")};

	e.person = failing;
	hf_test_event(pop, e, "J440", NULL);
	e.person = acute;
	hf_test_event(pop, e, "K359", NULL);
	e.person = mother;
	e.setting = HF_POP_MAT;
	hf_test_event(pop, e, "O800", NULL);
	assert_int_equal(group("bridges-to-health", healthy, "2021-06-15"), 1);
	assert_int_equal(group("bridges-to-health", infant, "2021-06-15"), 2);
	assert_int_equal(group("bridges-to-health", mother, "2021-06-15"), 2);
	assert_int_equal(group("bridges-to-health", acute, "2021-06-15"), 3);
	assert_int_equal(group("bridges-to-health", acute, "2021-07-15"), 1);
	assert_int_equal(group("bridges-to-health", chronic, "2021-06-15"), 4);
	assert_int_equal(group("bridges-to-health", failing, "2021-06-15"), 7);
	assert_int_equal(group("bridges-to-health", dementia, "2021-06-15"), 8);
}

HF_TEST(whose_age_is_not_known_is_an_adult)
{
	uint32_t p = hf_test_person(
	    pop, (struct hf_pop_person){.birth = INT16_MIN, .death_day = HF_POP_NONE});

	assert_int_equal(group("nw-london", p, "2021-06-15"), 3);
}

static enum hf_rc
load(const char *segments)
{
	struct hf_pop_scheme s;
	struct hf_err err;
	char text[1000];

	snprintf(text, sizeof text,
		 "{\"id\":\"t\",\"version\":\"1\",\"title\":\"T\",\"source\":\"S\","
		 "\"segments\":[%s]}",
		 segments);
	return hf_pop_scheme_load("t.json", hf_sv_from(text), &arena, &issues, &s,
				  &err);
}

HF_TEST(a_scheme_that_leaves_somebody_out_is_refused)
{
	char got[400];

	assert_int_equal(load("{\"id\":\"a\",\"number\":1,\"title\":\"A\",\"any\":["
			      "{\"belowAge\":18}]},{\"id\":\"b\",\"number\":2,"
			      "\"title\":\"B\",\"any\":[{\"fromAge\":19}]}"),
			 HF_INVALID);
	snprintf(got, sizeof got, "%.*s", HF_SV_ARG(issues.items[0].text));
	assert_non_null(strstr(got, "somebody aged 18"));
	assert_int_equal(load("{\"id\":\"a\",\"number\":1,\"title\":\"A\",\"any\":["
			      "{\"belowAge\":18}]},{\"id\":\"b\",\"number\":2,"
			      "\"title\":\"B\",\"any\":[{\"fromAge\":18}]}"),
			 HF_OK);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(POP_T08_the_groups_of_north_west_london),
	    T(POP_T08_an_eighteenth_birthday_moves_from_5_to_6),
	    T(section_2_6_a_group_of_the_past_is_what_it_was),
	    T(section_2_6_bridges_to_health),
	    T(whose_age_is_not_known_is_an_adult),
	    T(a_scheme_that_leaves_somebody_out_is_refused),
	};

	return cmocka_run_group_tests_name("population/segment", tests, NULL, NULL);
}
