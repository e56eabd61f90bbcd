/* Lists of people most in need, and whether they are fair (population.md 2.7). */
#include "test/hf_test.h"

#include <stdlib.h>

#include "base/rng.h"
#include "population/fair.h"
#include "population/io/reckon.h"
#include "support/pop.h"

static struct hf_arena arena;
static struct hf_issues issues;
static struct hf_pop_defs defs;
static struct hf_pop_list_rule rules[HF_POP_LISTS_MOST];
static struct hf_test_pop *pop;
static struct hf_pop_need *need;
static const char *const day = "2021-06-20";

static int
begin(void **state HF_UNUSED)
{
	struct hf_err err;

	arena = (struct hf_arena){.cap = 64 << 20};
	issues = (struct hf_issues){.arena = &arena};
	if (hf_pop_defs_load(&defs, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < hf_n_need_lists_builtin; i++)
		if (hf_pop_list_load_rule(hf_need_lists_builtin[i].name,
					  hf_need_lists_builtin[i].text, &arena,
					  &issues, &rules[i], &err))
			fail_msg("%.*s", HF_SV_ARG(issues.items[0].text));
	pop = hf_test_pop_new();
	return 0;
}

static int
end(void **state HF_UNUSED)
{
	hf_pop_need_free(need);
	need = NULL;
	hf_test_pop_free(pop);
	hf_pop_defs_free(&defs);
	hf_arena_free(&arena);
	return 0;
}

static const struct hf_pop_list_rule *
rule(const char *id)
{
	for (size_t i = 0; i < hf_n_need_lists_builtin; i++)
		if (strcmp(rules[i].id, id) == 0)
			return &rules[i];
	fail_msg("there is no %s", id);
	abort();
}

static uint32_t
person(const char *conditions, uint8_t flags, const char *practice)
{
	uint32_t p =
	    hf_test_person(pop, (struct hf_pop_person){.birth = hf_month_of("1940-01"),
						       .death_day = HF_POP_NONE,
						       .flags = flags});
	struct hf_sv rest = hf_sv_from(conditions);

	while (rest.n) {
		struct hf_sv one = hf_sv_cut(&rest, ' ');
		char code[40];

		snprintf(code, sizeof code, "%.*s", HF_SV_ARG(one));
		hf_test_condition(pop, p, code, 100, HF_POP_NONE);
	}
	hf_test_registered(pop, p, practice, 0, HF_POP_NONE);
	return p;
}

static struct hf_pop_list_of
made(const char *id, struct hf_pop_scope scope, size_t places, const uint8_t *caseload)
{
	struct hf_pop_list_of l;
	struct hf_err err = {0};

	hf_pop_need_free(need);
	assert_int_equal(hf_pop_need_reckon(&defs, hf_test_columns(pop), hf_day_of(day),
					    1, &need, NULL),
			 HF_OK);
	if (hf_pop_list_make(&(struct hf_pop_list_ask){.rule = rule(id),
						       .need = need,
						       .scope = scope,
						       .places = places,
						       .caseload = caseload},
			     &arena, &l, &err))
		fail_msg("%s", err.text);
	return l;
}

HF_TEST(POP_T09_places_a_month_by_little)
{
	assert_int_equal(hf_pop_starts(3, 45, 3), 45);
	assert_int_equal(hf_pop_starts(2, 40, 4), 20);
	assert_int_equal(hf_pop_starts(1, 1, 0), 0);
}

HF_TEST(section_2_7_score_then_efi_then_pseudonym_and_as_many_as_there_is_room_for)
{
	uint32_t a = person("ltc-dementia", 0, "P1");
	uint32_t b = person("ltc-copd ltc-heart-failure", 0, "P1");
	uint32_t d = person("ltc-copd ltc-heart-failure efi-falls", 0, "P1");
	uint32_t e = person("ltc-copd ltc-heart-failure efi-falls", 0, "P1");
	struct hf_pop_list_of l =
	    made("most-in-need", (struct hf_pop_scope){0}, 3, NULL);

	assert_int_equal(l.n, 4);
	assert_int_equal(l.chosen, 3);
	/* 2.64, 2.64, 2.64, 2.50: eFI parts the first three, the pseudonym two of them.
	 */
	assert_int_equal(l.people[0].person, d);
	assert_int_equal(l.people[1].person, e);
	assert_int_equal(l.people[2].person, b);
	assert_int_equal(l.people[3].person, a);
	assert_true(l.people[2].chosen);
	assert_false(l.people[3].chosen);
}

HF_TEST(section_2_7_who_is_dead_objects_is_untraced_or_on_a_caseload_is_on_no_list)
{
	uint32_t in = person("ltc-dementia", 0, "P1"), on;
	uint8_t caseload[16] = {0};
	struct hf_pop_list_of l;

	person("ltc-dementia", HF_POP_P_OBJECTS, "P1");
	person("ltc-dementia", HF_POP_P_UNTRACED, "P1");
	on = person("ltc-dementia", 0, "P1");
	caseload[on] = 1;
	person("", 0, "P1");
	hf_test_registered(
	    pop,
	    hf_test_person(pop, (struct hf_pop_person){.birth = hf_month_of("1940-01"),
						       .death_day = 5}),
	    "P1", 0, HF_POP_NONE);
	hf_test_registered(
	    pop,
	    hf_test_person(pop, (struct hf_pop_person){.birth = hf_month_of("2010-01"),
						       .death_day = HF_POP_NONE}),
	    "P1", 0, HF_POP_NONE);
	l = made("most-in-need", (struct hf_pop_scope){0}, 10, caseload);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.people[0].person, in);
	assert_int_equal(l.objects, 1);
	assert_int_equal(l.untraced, 1);
	assert_int_equal(l.on_caseload, 1);
	assert_int_equal(l.below, 1);
	assert_int_equal(l.dead, 1);
	assert_int_equal(l.too_young, 1);
	assert_int_equal(l.registered, 7);
}

HF_TEST(section_2_7_a_list_is_of_who_is_registered_there_on_the_day)
{
	uint32_t here = person("ltc-dementia", 0, "P1"), moved;
	struct hf_pop_list_of l;

	person("ltc-dementia", 0, "P2");
	moved =
	    hf_test_person(pop, (struct hf_pop_person){.birth = hf_month_of("1940-01"),
						       .death_day = HF_POP_NONE});
	hf_test_condition(pop, moved, "ltc-dementia", 100, HF_POP_NONE);
	hf_test_registered(pop, moved, "P1", 0, hf_day_of(day));
	hf_test_registered(pop, moved, "P2", hf_day_of(day), HF_POP_NONE);
	hf_test_locality(pop, "P2", "north", 0, hf_day_of(day));
	hf_test_locality(pop, "P2", "south", hf_day_of(day), HF_POP_NONE);
	hf_test_locality(pop, "P1", "north", 0, HF_POP_NONE);
	l = made(
	    "most-in-need",
	    (struct hf_pop_scope){.practice = hf_test_code(pop, HF_POP_PRACTICE, "P1")},
	    10, NULL);
	assert_int_equal(l.registered, 1);
	assert_int_equal(l.people[0].person, here);
	l = made("most-in-need", (struct hf_pop_scope){.locality = 1}, 10, NULL);
	assert_int_equal(l.registered, 1);
	l = made("most-in-need", (struct hf_pop_scope){.locality = 2}, 10, NULL);
	assert_int_equal(l.registered, 2);
}

HF_TEST(section_2_7_the_top_three_reasons_go_by_points)
{
	uint32_t p =
	    person("ltc-hypertension ltc-copd ltc-dementia ltc-asthma", 0, "P1");
	struct hf_pop_evidence drivers[HF_POP_DRIVERS];
	size_t n;

	made("most-in-need", (struct hf_pop_scope){0}, 1, NULL);
	assert_int_equal(
	    hf_pop_drivers(need, HF_SV("cms"), p, &arena, drivers, &n, NULL), HF_OK);
	assert_int_equal(n, 3);
	assert_string_equal(drivers[0].item->id, "dementia");
	assert_string_equal(drivers[1].item->id, "copd");
	assert_string_equal(drivers[2].item->id, "asthma");
}

HF_TEST(law_everybody_registered_is_listed_or_counted_and_nobody_who_objects_is_listed)
{
	struct hf_rng r;
	struct hf_pop_list_of l;
	uint8_t caseload[500];

	hf_rng_seed(&r, 3, 0);
	for (size_t i = 0; i < 500; i++) {
		static const char *const what[] = {"", "ltc-dementia",
						   "ltc-copd efi-falls", "ltc-asthma",
						   "ltc-cancer ltc-ckd"};

		caseload[i] = hf_rng_below(&r, 8) == 0;
		person(what[hf_rng_below(&r, HF_COUNT(what))],
		       (uint8_t)(hf_rng_below(&r, 4) ? 0 : hf_rng_below(&r, 256)),
		       "P1");
	}
	l = made("most-in-need", (struct hf_pop_scope){0}, 50, caseload);
	assert_int_equal(l.n + l.dead + l.objects + l.untraced + l.on_caseload +
			     l.too_young + l.below + l.unscored,
			 l.registered);
	assert_int_equal(l.registered, 500);
	for (size_t i = 0; i < l.n; i++) {
		uint8_t flags = need->c->persons[l.people[i].person].flags;

		assert_false(flags & (HF_POP_P_OBJECTS | HF_POP_P_UNTRACED));
		assert_false(caseload[l.people[i].person]);
		assert_true(i == 0 || l.people[i].points <= l.people[i - 1].points);
		assert_int_equal(l.people[i].chosen, i < 50);
	}
}

HF_TEST(POP_T10_an_alert_is_raised_below_four_fifths)
{
	struct hf_pop_fair f = {.n = 2};

	f.groups[0] = (struct hf_pop_fair_group){.outcome = 400, .both = 120};
	f.groups[1] = (struct hf_pop_fair_group){.outcome = 300, .both = 111};
	hf_pop_fair_judge(&f);
	assert_true(f.compared);
	assert_false(f.alert);
	assert_float_equal(f.least_ratio, 0.811, 0.0005);
	f.groups[0].both = 110;
	hf_pop_fair_judge(&f);
	assert_true(f.alert);
	assert_float_equal(f.least_ratio, 0.743, 0.0005);
	assert_int_equal(f.lowest, 1);
	assert_false(f.few);
	/* A ratio of one to four people would say how many they are. */
	f.groups[0].both = 3;
	hf_pop_fair_judge(&f);
	assert_true(f.alert && f.few);
	f.groups[0].both = 0;
	hf_pop_fair_judge(&f);
	assert_false(f.few);
}

HF_TEST(section_2_7_groups_of_few_raise_no_alert)
{
	struct hf_pop_fair f = {.n = 2};

	f.groups[0] = (struct hf_pop_fair_group){.outcome = 19, .both = 0};
	f.groups[1] = (struct hf_pop_fair_group){.outcome = 300, .both = 111};
	hf_pop_fair_judge(&f);
	assert_false(f.compared);
	assert_false(f.alert);
}

HF_TEST(section_2_7_equal_need_is_one_band_of_risk)
{
	struct hf_pop_fair_row rows[400];
	struct hf_pop_fair f;

	for (size_t i = 0; i < 400; i++)
		rows[i] = (struct hf_pop_fair_row){
		    .group = (uint8_t)(1 + i % 2),
		    .risk = HF_POP_RISK_CASE,
		    .chosen = i % 2 ? i < 200 : i < 120, /* 100 and 60 of 200 */
		    .outcome = i % 4 < 2};
	hf_pop_fair_check(rows, 400, 2, &f);
	assert_int_equal(f.groups[0].people, 200);
	assert_int_equal(f.groups[0].chosen, 60);
	assert_float_equal(f.groups[0].expected, 100, 1e-9);
	assert_true(f.strata_compared);
	assert_float_equal(f.strata_ratio, 0.6, 1e-9);
	assert_true(f.strata_alert);
}

HF_TEST(section_1_2_ethnic_groups_and_fifths)
{
	struct hf_pop_person p = {.imd = 10, .ethnic = 'R', .sex = HF_POP_FEMALE};

	assert_string_equal(
	    hf_pop_fair_name(HF_POP_BY_IMD, hf_pop_fair_group(HF_POP_BY_IMD, &p)),
	    "Least deprived fifth");
	assert_int_equal(hf_pop_fair_group(HF_POP_BY_ETHNICITY, &p), 5);
	p.ethnic = 'Z';
	assert_int_equal(hf_pop_fair_group(HF_POP_BY_ETHNICITY, &p), 6);
	p.ethnic = 0;
	assert_int_equal(hf_pop_fair_group(HF_POP_BY_ETHNICITY, &p), 6);
	p.imd = 2;
	assert_int_equal(hf_pop_fair_group(HF_POP_BY_IMD, &p), 1);
	p.imd = 3;
	assert_int_equal(hf_pop_fair_group(HF_POP_BY_IMD, &p), 2);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(POP_T09_places_a_month_by_little),
	    T(section_2_7_score_then_efi_then_pseudonym_and_as_many_as_there_is_room_for),
	    T(section_2_7_who_is_dead_objects_is_untraced_or_on_a_caseload_is_on_no_list),
	    T(section_2_7_a_list_is_of_who_is_registered_there_on_the_day),
	    T(section_2_7_the_top_three_reasons_go_by_points),
	    T(law_everybody_registered_is_listed_or_counted_and_nobody_who_objects_is_listed),
	    T(POP_T10_an_alert_is_raised_below_four_fifths),
	    T(section_2_7_groups_of_few_raise_no_alert),
	    T(section_2_7_equal_need_is_one_band_of_risk),
	    T(section_1_2_ethnic_groups_and_fifths),
	};

	return cmocka_run_group_tests_name("population/list", tests, NULL, NULL);
}
