/* Care gaps (population.md 2.7). */
#include "test/hf_test.h"

#include <stdlib.h>

#include "population/gap.h"
#include "support/pop.h"

static struct hf_arena arena;
static struct hf_issues issues;
static struct hf_pop_defs defs;
static struct hf_pop_gap gaps[HF_POP_GAPS];
static struct hf_test_pop *pop;
static const char *const day = "2021-06-20";

static int
begin(void **state HF_UNUSED)
{
	struct hf_err err;

	arena = (struct hf_arena){.cap = 32 << 20};
	issues = (struct hf_issues){.arena = &arena};
	assert_int_equal(hf_pop_defs_load(&defs, &err), HF_OK);
	for (size_t i = 0; i < hf_n_care_gaps_builtin; i++)
		if (hf_pop_gap_load(hf_care_gaps_builtin[i].name,
				    hf_care_gaps_builtin[i].text, &arena, &issues,
				    &gaps[i], &err))
			fail_msg("%.*s: %.*s", HF_SV_ARG(issues.items[0].path),
				 HF_SV_ARG(issues.items[0].text));
	pop = hf_test_pop_new();
	return 0;
}

static int
end(void **state HF_UNUSED)
{
	hf_test_pop_free(pop);
	hf_pop_defs_free(&defs);
	hf_arena_free(&arena);
	return 0;
}

/* The gap id of a person; .gap NULL: they have none. */
static struct hf_pop_gap_found
found(const char *id, uint32_t person)
{
	struct hf_pop_scored scored[HF_POP_SCORE_COLUMNS];
	struct hf_pop_gap_found all[HF_POP_GAPS], one = {0};
	struct hf_pop_scorer *scorer;
	struct hf_pop_gapper *g;
	struct hf_pop_scratch *x;
	size_t n;

	assert_int_equal(hf_pop_scorer_new(defs.scores, defs.n_scores,
					   hf_test_columns(pop), &scorer, NULL),
			 HF_OK);
	assert_int_equal(
	    hf_pop_gapper_new(gaps, hf_n_care_gaps_builtin, scorer, &g, NULL), HF_OK);
	x = hf_pop_scratch_new(scorer);
	hf_pop_score_person(scorer, x, person, hf_day_of(day), scored);
	n = hf_pop_gaps_of(g, x, scored, person, hf_day_of(day), all);
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].gap->id, id) == 0)
			one = all[i];
	hf_pop_scratch_free(x);
	hf_pop_gapper_free(g);
	hf_pop_scorer_free(scorer);
	return one;
}

static uint32_t
somebody(void)
{
	return hf_test_person(pop,
			      (struct hf_pop_person){.birth = hf_month_of("1945-01"),
						     .death_day = HF_POP_NONE});
}

HF_TEST(section_2_7_frailty_has_to_be_confirmed_once_a_year)
{
	uint32_t never = somebody(), late = somebody(), done = somebody(),
		 declined = somebody(), fit = somebody();

	for (uint32_t p = never; p <= declined; p++)
		for (size_t i = 0; i < 9; i++)
			hf_test_condition(pop, p, defs.scores[2].items[i].conditions[0],
					  100, HF_POP_NONE);
	assert_string_equal(defs.scores[2].id, "efi");
	hf_test_value(pop, late, "cfs", (uint16_t)(hf_day_of(day) - 400), 6000);
	hf_test_value(pop, done, "cfs", (uint16_t)(hf_day_of(day) - 364), 6000);
	hf_test_value(pop, declined, "cfs-declined", hf_day_of(day), 1000);
	assert_int_equal(found("frailty-cfs", never).overdue, HF_POP_NEVER);
	assert_non_null(found("frailty-cfs", never).gap);
	assert_int_equal(found("frailty-cfs", late).overdue, 35);
	assert_null(found("frailty-cfs", done).gap);
	assert_null(found("frailty-cfs", declined).gap);
	assert_null(found("frailty-cfs", fit).gap);
}

HF_TEST(section_2_7_of_several_each_that_is_missing_is_named)
{
	uint32_t p = somebody();
	struct hf_pop_gap_found f;

	hf_test_condition(pop, p, "ltc-smi", 100, HF_POP_NONE);
	hf_test_value(pop, p, "bp", hf_day_of(day), 130000);
	hf_test_value(pop, p, "smoking", hf_day_of(day), 0);
	f = found("smi-checks", p);
	assert_non_null(f.gap);
	/* alcohol, bmi, bp, cholesterol, hba1c, smoking */
	assert_int_equal(f.missing, 1 | 2 | 8 | 16);
}

static uint32_t
discharged(uint16_t days_ago, uint8_t outcome)
{
	uint32_t p = somebody();

	hf_test_event(
	    pop,
	    (struct hf_pop_event){.person = p,
				  .setting = HF_POP_NE,
				  .day = (uint16_t)(hf_day_of(day) - days_ago - 3),
				  .los = 3,
				  .outcome = outcome},
	    "I500", NULL);
	return p;
}

HF_TEST(section_2_7_seven_days_after_leaving_hospital)
{
	uint32_t unseen = discharged(10, HF_POP_O_HOME),
		 seen = discharged(10, HF_POP_O_HOME),
		 late = discharged(10, HF_POP_O_HOME),
		 soon = discharged(7, HF_POP_O_HOME),
		 long_ago = discharged(31, HF_POP_O_HOME),
		 moved = discharged(10, HF_POP_O_HOSPITAL);
	struct hf_pop_event e = {.setting = HF_POP_COM};

	e.person = seen;
	e.day = (uint16_t)(hf_day_of(day) - 3);
	hf_test_event(pop, e, NULL, NULL);
	e.person = late;
	e.day = (uint16_t)(hf_day_of(day) - 2);
	hf_test_event(pop, e, NULL, NULL);
	assert_int_equal(found("after-discharge", unseen).overdue, 3);
	assert_null(found("after-discharge", seen).gap);
	assert_non_null(found("after-discharge", late).gap);
	assert_null(found("after-discharge", soon).gap);
	assert_null(found("after-discharge", long_ago).gap);
	assert_null(found("after-discharge", moved).gap);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(section_2_7_frailty_has_to_be_confirmed_once_a_year),
	    T(section_2_7_of_several_each_that_is_missing_is_named),
	    T(section_2_7_seven_days_after_leaving_hospital),
	};

	return cmocka_run_group_tests_name("population/gap", tests, NULL, NULL);
}
