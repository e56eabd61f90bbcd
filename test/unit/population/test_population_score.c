/* Scores of a person on a day (population.md 2.1 to 2.4). */
#include "test/hf_test.h"

#include <stdlib.h>

#include "base/rng.h"
#include "population/score.h"
#include "support/pop.h"

enum { MOST = 16 };

static struct hf_arena arena;
static struct hf_issues issues;
static struct hf_pop_score scores[MOST];
static size_t n_scores;
static struct hf_test_pop *pop;
static struct hf_pop_scorer *scorer;
static struct hf_pop_scratch *scratch;

static int
begin(void **state HF_UNUSED)
{
	struct hf_err err;

	arena = (struct hf_arena){.cap = 32 << 20};
	issues = (struct hf_issues){.arena = &arena};
	n_scores = 0;
	for (size_t i = 0; i < hf_n_scores_population_builtin; i++)
		if (hf_pop_score_load(hf_scores_population_builtin[i].name,
				      hf_scores_population_builtin[i].text, &arena,
				      &issues, &scores[n_scores++], &err))
			fail_msg("%.*s: %.*s", HF_SV_ARG(issues.items[0].path),
				 HF_SV_ARG(issues.items[0].text));
	pop = hf_test_pop_new();
	return 0;
}

static int
end(void **state HF_UNUSED)
{
	hf_pop_scratch_free(scratch);
	hf_pop_scorer_free(scorer);
	scratch = NULL;
	scorer = NULL;
	hf_test_pop_free(pop);
	hf_arena_free(&arena);
	return 0;
}

static void
ready(void)
{
	hf_pop_scratch_free(scratch);
	hf_pop_scorer_free(scorer);
	assert_int_equal(
	    hf_pop_scorer_new(scores, n_scores, hf_test_columns(pop), &scorer, NULL),
	    HF_OK);
	scratch = hf_pop_scratch_new(scorer);
	assert_non_null(scratch);
}

static struct hf_pop_scored
scored(const char *column, uint32_t person, const char *day)
{
	struct hf_pop_scored all[HF_POP_SCORE_COLUMNS];
	int at;

	ready();
	at = hf_pop_scorer_find(scorer, hf_sv_from(column));
	if (at < 0)
		fail_msg("there is no %s", column);
	hf_pop_score_person(scorer, scratch, person, hf_day_of(day), all);
	return all[at];
}

static int
points(const char *column, uint32_t person, const char *day)
{
	return scored(column, person, day).points;
}

static const char *
band(const char *column, uint32_t person, const char *day)
{
	struct hf_pop_scored s = scored(column, person, day);
	size_t score, variant;

	hf_pop_scorer_column(scorer,
			     (size_t)hf_pop_scorer_find(scorer, hf_sv_from(column)),
			     &score, &variant);
	return s.band ? scores[score].bands[s.band - 1].id : "";
}

static uint32_t
born(const char *month)
{
	return hf_test_person(pop, (struct hf_pop_person){.birth = hf_month_of(month),
							  .death_day = HF_POP_NONE,
							  .sex = HF_POP_FEMALE});
}

static const struct hf_pop_score *
score(const char *id)
{
	for (size_t i = 0; i < n_scores; i++)
		if (strcmp(scores[i].id, id) == 0)
			return &scores[i];
	fail_msg("there is no %s", id);
	abort();
}

/* Gives a person the first n deficits. */
static void
deficits(uint32_t person, size_t n)
{
	const struct hf_pop_score *s = score("efi");

	for (size_t i = 0; i < n; i++)
		hf_test_condition(pop, person, s->items[i].conditions[0],
				  hf_day_of("2010-01-01"), HF_POP_NONE);
}

HF_TEST(POP_T02_deficits_and_bands_on_the_exact_fraction_and_on_two_decimals)
{
	static const struct {
		size_t deficits;
		const char *exact, *two_dp;
	} cases[] = {
	    {0, "fit", "fit"},		 {4, "fit", "fit"},
	    {5, "mild", "mild"},	 {8, "mild", "mild"},
	    {9, "moderate", "moderate"}, {12, "moderate", "moderate"},
	    {13, "severe", "moderate"},	 {14, "severe", "severe"},
	};
	uint32_t p[HF_COUNT(cases)];

	for (size_t i = 0; i < HF_COUNT(cases); i++)
		deficits(p[i] = born("1940-05"), cases[i].deficits);
	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		assert_int_equal(points("efi", p[i], "2021-01-01"), cases[i].deficits);
		assert_string_equal(band("efi", p[i], "2021-01-01"), cases[i].exact);
		assert_string_equal(band("efi:two-dp", p[i], "2021-01-01"),
				    cases[i].two_dp);
	}
}

HF_TEST(section_2_1_nobody_under_65_is_in_a_band)
{
	uint32_t p = born("1956-02");

	deficits(p, 14);
	assert_string_equal(band("efi", p, "2021-01-31"), "");
	assert_int_equal(points("efi", p, "2021-01-31"), 14);
	assert_string_equal(band("efi", p, "2021-02-01"), "severe");
}

HF_TEST(section_2_1_a_deficit_counts_once_and_for_ever_but_not_before_it_began)
{
	uint32_t p = born("1940-01");

	hf_test_condition(pop, p, "efi-diabetes", 100, HF_POP_NONE);
	hf_test_condition(pop, p, "ltc-diabetes", 200, 300);
	hf_test_condition(pop, p, "ltc-heart-failure", 400, 500);
	assert_int_equal(points("efi", p, "1990-01-01"), 0);
	assert_int_equal(points("efi", p, "1991-01-01"), 1);
	assert_int_equal(points("efi", p, "2021-01-01"), 2);
}

HF_TEST(section_2_1_five_medicines_in_twelve_months_are_a_deficit)
{
	static const char *const chemicals[] = {"0212000B0", "0205051R0", "0601022B0",
						"0206020A0", "0407010H0"};
	uint32_t p = born("1940-01");

	for (size_t i = 0; i < 5; i++)
		for (uint16_t again = 0; again < 3; again++)
			hf_test_event(
			    pop,
			    (struct hf_pop_event){.person = p,
						  .setting = HF_POP_RX,
						  .day = (uint16_t)(1000 + i + again)},
			    NULL, chemicals[i]);
	/* Day 1004 is when the fifth is prescribed for the first time: 1992-10-01. */
	assert_int_equal(points("efi", p, "1992-09-30"), 0);
	assert_int_equal(points("efi", p, "1992-10-01"), 1);
	/* The first falls out of the window 365 days after its last item, day 1002. */
	assert_int_equal(points("efi", p, "1993-09-28"), 1);
	assert_int_equal(points("efi", p, "1993-09-29"), 0);
}

HF_TEST(section_2_1_a_low_haemoglobin_is_anaemia_by_sex)
{
	uint32_t woman = born("1940-01"),
		 man = hf_test_person(
		     pop, (struct hf_pop_person){.birth = hf_month_of("1940-01"),
						 .death_day = HF_POP_NONE,
						 .sex = HF_POP_MALE});

	hf_test_value(pop, woman, "hb", 100, 125000);
	hf_test_value(pop, man, "hb", 100, 125000);
	assert_int_equal(points("efi", woman, "2021-01-01"), 0);
	assert_int_equal(points("efi", man, "2021-01-01"), 1);
}

HF_TEST(POP_T03_hospital_frailty_adds_over_stays_of_two_years)
{
	uint32_t p = born("1940-01"), young = born("1960-01");
	uint16_t d = hf_day_of("2021-06-01");

	for (uint32_t i = p; i <= young; i++) {
		hf_test_event(pop,
			      (struct hf_pop_event){.person = i,
						    .setting = HF_POP_NE,
						    .day = (uint16_t)(d - 700)},
			      "S720 F009", NULL);
		hf_test_event(pop,
			      (struct hf_pop_event){.person = i,
						    .setting = HF_POP_NE,
						    .day = (uint16_t)(d - 20)},
			      "W190", NULL);
	}
	assert_int_equal(points("hfrs", p, "2021-06-01"), 103);
	assert_string_equal(band("hfrs", p, "2021-06-01"), "intermediate");
	assert_int_equal(points("hfrs", p, "2021-07-10"), 32);
	assert_string_equal(band("hfrs", p, "2021-07-10"), "low");
	assert_int_equal(points("hfrs", young, "2021-06-01"), HF_POP_NOT_SCORED);
}

HF_TEST(section_2_1_the_cut_points_of_hospital_frailty_are_5_and_15)
{
	const struct hf_pop_score *s = score("hfrs");

	assert_int_equal(hf_pop_band_of_points(s, 0, 49, 80), 1);
	assert_int_equal(hf_pop_band_of_points(s, 0, 50, 80), 2);
	assert_int_equal(hf_pop_band_of_points(s, 0, 150, 80), 2);
	assert_int_equal(hf_pop_band_of_points(s, 0, 151, 80), 3);
}

HF_TEST(POP_T04_multimorbidity_general_and_mortality)
{
	static const char *const conditions[] = {"ltc-hypertension", "ltc-diabetes",
						 "ltc-copd", "ltc-heart-failure"};
	uint32_t p = born("1950-01"), nobody = born("1950-01");

	for (size_t i = 0; i < HF_COUNT(conditions); i++)
		hf_test_condition(pop, p, conditions[i], 1000, HF_POP_NONE);
	assert_int_equal(points("cms", p, "2021-01-01"), 347);
	assert_int_equal(points("cms:mortality", p, "2021-01-01"), 9411);
	assert_int_equal(points("cms", nobody, "2021-01-01"), 0);
	assert_int_equal(points("cms:mortality", nobody, "2021-01-01"), 0);
}

HF_TEST(section_2_2_a_condition_that_has_ended_no_longer_counts)
{
	uint32_t p = born("1950-01");

	hf_test_condition(pop, p, "ltc-cancer", hf_day_of("2010-01-01"),
			  hf_day_of("2015-01-01"));
	assert_int_equal(points("cms", p, "2014-12-31"), 153);
	assert_int_equal(points("cms", p, "2015-01-01"), 0);
}

static uint32_t
with_diagnoses(const char *dx)
{
	uint32_t p = born("1948-05");

	hf_test_event(pop,
		      (struct hf_pop_event){.person = p,
					    .setting = HF_POP_NE,
					    .day = hf_day_of("2021-05-01")},
		      dx, NULL);
	return p;
}

HF_TEST(POP_T05_charlson_by_both_weights_with_its_hierarchy)
{
	uint32_t a = with_diagnoses("I501 E112 E119 C780 C509");
	uint32_t b = with_diagnoses("K703 K721");

	assert_int_equal(points("charlson", a, "2021-06-01"), 9);
	assert_int_equal(points("charlson:w11", a, "2021-06-01"), 9);
	assert_int_equal(points("charlson:w87", b, "2021-06-01"), 3);
	assert_int_equal(points("charlson:w11", b, "2021-06-01"), 4);
	/* 73 years old: 3 points of age. */
	assert_int_equal(points("charlson:w87-age", b, "2021-06-01"), 6);
	/* Not before the stay, and not after five years. */
	assert_int_equal(points("charlson", b, "2021-04-30"), 0);
	assert_int_equal(points("charlson", b, "2026-04-30"), 3);
	assert_int_equal(points("charlson", b, "2026-05-01"), 0);
}

/* A stay of nights by method, ended on 2021-06-10. */
static void
stay(uint32_t person, uint16_t nights, bool emergency, const char *dx)
{
	hf_test_event(pop,
		      (struct hf_pop_event){
			  .person = person,
			  .setting = emergency ? HF_POP_NE : HF_POP_EL,
			  .method = emergency ? HF_POP_M_21 : HF_POP_M_11,
			  .day = (uint16_t)(hf_day_of("2021-06-10") - nights),
			  .los = nights,
			  .outcome = HF_POP_O_HOME,
		      },
		      dx, NULL);
}

static void
visit(uint32_t person, const char *day, enum hf_pop_outcome outcome)
{
	hf_test_event(pop,
		      (struct hf_pop_event){.person = person,
					    .setting = HF_POP_AE,
					    .cls = 1,
					    .day = hf_day_of(day),
					    .outcome = (uint8_t)outcome},
		      NULL, NULL);
}

HF_TEST(POP_T06_lace)
{
	uint32_t a = born("1950-01"), b = born("1950-01"), c = born("1950-01");

	stay(a, 5, true, "I500 F009"); /* 2 + 3 = 5: 5 points */
	visit(a, "2021-02-01", HF_POP_O_HOME);
	visit(a, "2021-03-01", HF_POP_O_HOME);
	visit(a, "2021-06-05", HF_POP_O_ADMITTED); /* led to it */
	visit(a, "2020-11-01", HF_POP_O_HOME);	   /* more than 6 months before */
	stay(b, 2, false, "M170");
	stay(c, 0, true, "R074");
	visit(c, "2021-01-01", HF_POP_O_HOME);
	visit(c, "2021-02-01", HF_POP_O_HOME);
	visit(c, "2021-03-01", HF_POP_O_HOME);
	visit(c, "2021-04-01", HF_POP_O_HOME);
	visit(c, "2021-05-01", HF_POP_O_HOME);
	assert_int_equal(points("lace", a, "2021-06-10"), 14);
	assert_string_equal(band("lace", a, "2021-06-10"), "high");
	assert_int_equal(points("lace", b, "2021-06-10"), 2);
	assert_string_equal(band("lace", b, "2021-06-10"), "low");
	assert_int_equal(points("lace", c, "2021-06-10"), 7);
	/* Of nobody before the end of the stay, or more than 30 days after. */
	assert_int_equal(points("lace", a, "2021-06-09"), HF_POP_NOT_SCORED);
	assert_int_equal(points("lace", a, "2021-07-10"), 14);
	assert_int_equal(points("lace", a, "2021-07-11"), HF_POP_NOT_SCORED);
}

static uint32_t
discharged(unsigned earlier)
{
	uint32_t p = born("1950-01");

	stay(p, 7, true, "I500");
	for (unsigned i = 0; i < earlier; i++)
		hf_test_event(pop,
			      (struct hf_pop_event){
				  .person = p,
				  .setting = HF_POP_NE,
				  .day = (uint16_t)(hf_day_of("2021-01-01") + 10 * i),
				  .los = 2},
			      "I500", NULL);
	return p;
}

HF_TEST(POP_T07_hospital_by_both_cut_points)
{
	uint32_t two = discharged(2), one = discharged(1);

	for (uint32_t p = two; p <= one; p++) {
		hf_test_value(pop, p, "hb", hf_day_of("2021-06-09"), 114000);
		hf_test_value(pop, p, "na", hf_day_of("2021-06-09"), 132000);
	}
	assert_int_equal(points("hospital", two, "2021-06-20"), 7);
	assert_string_equal(band("hospital", two, "2021-06-20"), "high");
	assert_int_equal(points("hospital:derivation", two, "2021-06-20"), 7);
	assert_int_equal(points("hospital:validation", one, "2021-06-20"), 5);
	assert_int_equal(points("hospital:derivation", one, "2021-06-20"), 7);
}

HF_TEST(POP_T07_without_a_laboratory_value_it_is_incomplete_and_never_0)
{
	uint32_t none = discharged(2), before = discharged(2), at = discharged(2);

	hf_test_value(pop, before, "hb", hf_day_of("2021-06-09"), 114000);
	hf_test_value(pop, before, "na", hf_day_of("2021-05-01"), 132000);
	hf_test_value(pop, at, "hb", hf_day_of("2021-06-09"), 120000);
	hf_test_value(pop, at, "na", hf_day_of("2021-06-10"), 135000);
	assert_int_equal(points("hospital", none, "2021-06-20"), HF_POP_INCOMPLETE);
	assert_int_equal(points("hospital", before, "2021-06-20"), HF_POP_INCOMPLETE);
	assert_string_equal(band("hospital", none, "2021-06-20"), "");
	/* 120 g/L and 135 mmol/L are not low. */
	assert_int_equal(points("hospital", at, "2021-06-20"), 5);
}

HF_TEST(nobody_is_scored_who_has_died)
{
	uint32_t p = hf_test_person(
	    pop, (struct hf_pop_person){.birth = hf_month_of("1940-01"),
					.death_day = hf_day_of("2021-01-05")});

	deficits(p, 5);
	assert_int_equal(points("efi", p, "2021-01-04"), 5);
	assert_int_equal(points("efi", p, "2021-01-05"), HF_POP_NOT_SCORED);
}

/* A person with something of everything, by chance. */
static uint32_t
anybody(struct hf_rng *r)
{
	static const char *const dx[] = {"I501 E112", "C780",	   "K703 K721",
					 "F009 I10X", "J440 N184", "W190 S720"};
	const struct hf_pop_score *efi = score("efi");
	uint32_t p = born(hf_rng_below(r, 2) ? "1938-01" : "1975-01");

	for (uint64_t i = hf_rng_below(r, 12); i > 0; i--) {
		const struct hf_pop_item *item = &efi->items[hf_rng_below(r, 36)];

		hf_test_condition(
		    pop, p,
		    item->conditions[hf_rng_below(r, (uint32_t)item->n_conditions)],
		    (uint16_t)hf_rng_below(r, 11000), HF_POP_NONE);
	}
	for (uint64_t i = hf_rng_below(r, 4); i > 0; i--)
		stay(p, (uint16_t)hf_rng_below(r, 20), hf_rng_below(r, 2),
		     dx[hf_rng_below(r, HF_COUNT(dx))]);
	if (hf_rng_below(r, 2)) {
		hf_test_value(pop, p, "hb", hf_day_of("2021-06-10"), 110000);
		hf_test_value(pop, p, "na", hf_day_of("2021-06-10"), 140000);
	}
	return p;
}

HF_TEST(law_points_are_the_sum_of_their_evidence)
{
	struct hf_rng r;
	size_t shown = 0;

	hf_rng_seed(&r, 5, 0);
	for (size_t i = 0; i < 400; i++)
		anybody(&r);
	ready();
	for (uint32_t p = 0; p < 400; p++) {
		struct hf_pop_scored all[HF_POP_SCORE_COLUMNS];

		hf_pop_score_person(scorer, scratch, p, hf_day_of("2021-06-20"), all);
		for (size_t k = 0; k < hf_pop_scorer_columns(scorer); k++) {
			struct hf_pop_evidence *why;
			struct hf_pop_scored s;
			struct hf_arena room = {.cap = 1 << 20};
			size_t n;
			int32_t sum = 0;

			assert_int_equal(hf_pop_why(scorer, k, p,
						    hf_day_of("2021-06-20"), &room,
						    &why, &n, &s, NULL),
					 HF_OK);
			assert_int_equal(s.points, all[k].points);
			assert_int_equal(s.band, all[k].band);
			for (size_t e = 0; e < n; e++)
				if (why[e].item->parent < 0)
					sum += why[e].points;
			if (s.points > HF_POP_INCOMPLETE)
				assert_int_equal(sum, s.points);
			shown += n;
			hf_arena_free(&room);
		}
	}
	assert_true(shown > 1000);
}

HF_TEST(law_a_deficit_more_never_lowers_the_frailty_index)
{
	struct hf_rng r;
	int before[100];

	hf_rng_seed(&r, 6, 0);
	for (size_t i = 0; i < 100; i++)
		anybody(&r);
	for (uint32_t p = 0; p < 100; p++)
		before[p] = points("efi", p, "2021-06-20");
	for (uint32_t p = 0; p < 100; p++)
		hf_test_condition(
		    pop, p, score("efi")->items[hf_rng_below(&r, 36)].conditions[0], 0,
		    HF_POP_NONE);
	for (uint32_t p = 0; p < 100; p++) {
		int now = points("efi", p, "2021-06-20");

		assert_true(now == before[p] || now == before[p] + 1);
	}
}

HF_TEST(the_conditions_of_the_index_and_of_multimorbidity_are_those_of_the_list)
{
	static const struct {
		const char *code;
		int efi, cms;
	} list[] = {
#define HF_POP_COND(name, code, title, efi, cms, group) {code, efi, cms},
#include "population/conditions.def"
#undef HF_POP_COND
	};
	const struct {
		const struct hf_pop_score *s;
		bool cms;
	} both[] = {{score("efi"), false}, {score("cms"), true}};
	size_t in_list = 0, in_scores = 0;

	for (size_t b = 0; b < 2; b++)
		for (size_t k = 0; k < both[b].s->n_items; k++)
			in_scores += both[b].s->items[k].n_conditions;
	for (size_t i = 0; i < HF_COUNT(list); i++)
		for (size_t b = 0; b < 2; b++) {
			int at = both[b].cms ? list[i].cms : list[i].efi;
			bool found = at == 0;

			in_list += at > 0;
			for (size_t k = 0;
			     at && k < both[b].s->items[at - 1].n_conditions; k++)
				found |= strcmp(both[b].s->items[at - 1].conditions[k],
						list[i].code) == 0;
			if (!found)
				fail_msg("%s is not in item %d", list[i].code, at);
		}
	assert_int_equal(in_list, in_scores);
}

HF_TEST(all_mistakes_of_a_document_are_named)
{
	static const char text[] =
	    "{\"id\":\"t\",\"version\":\"1\",\"title\":\"T\",\"source\":\"S\","
	    "\"licence\":\"L\",\"predicts\":\"P\",\"horizon\":\"H\",\"trained\":\"N\","
	    "\"cStatistic\":\"C\",\"calibration\":\"K\",\n"
	    "\"bands\":[{\"id\":\"a\",\"title\":\"A\",\"upTo\":1},\n"
	    "{\"id\":\"b\",\"title\":\"B\",\"upTo\":0.5},{\"id\":\"c\",\"title\":\"C\"}"
	    "],\n"
	    "\"items\":[{\"id\":\"x\",\"title\":\"X\"},\n"
	    "{\"id\":\"y\",\"title\":\"Y\",\"fact\":\"nights\",\"steps\":[{\"from\":1,"
	    "\"points\":1}]}],\n"
	    "\"drops\":[{\"has\":\"x\",\"loses\":\"z\"}]}";
	static const char *const wanted[] = {"bands go upwards",
					     "\"points\" are needed", "is found by",
					     "is of a stay", "two different items"};
	struct hf_pop_score s;
	struct hf_err err;

	assert_int_equal(
	    hf_pop_score_load("t.json", hf_sv_from(text), &arena, &issues, &s, &err),
	    HF_INVALID);
	for (size_t i = 0; i < issues.n && i < HF_COUNT(wanted); i++) {
		char got[400];

		snprintf(got, sizeof got, "%.*s", HF_SV_ARG(issues.items[i].text));
		if (!strstr(got, wanted[i]))
			fail_msg("%s", got);
	}
	assert_int_equal(issues.n, HF_COUNT(wanted));
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(POP_T02_deficits_and_bands_on_the_exact_fraction_and_on_two_decimals),
	    T(section_2_1_nobody_under_65_is_in_a_band),
	    T(section_2_1_a_deficit_counts_once_and_for_ever_but_not_before_it_began),
	    T(section_2_1_five_medicines_in_twelve_months_are_a_deficit),
	    T(section_2_1_a_low_haemoglobin_is_anaemia_by_sex),
	    T(POP_T03_hospital_frailty_adds_over_stays_of_two_years),
	    T(section_2_1_the_cut_points_of_hospital_frailty_are_5_and_15),
	    T(POP_T04_multimorbidity_general_and_mortality),
	    T(section_2_2_a_condition_that_has_ended_no_longer_counts),
	    T(POP_T05_charlson_by_both_weights_with_its_hierarchy),
	    T(POP_T06_lace),
	    T(POP_T07_hospital_by_both_cut_points),
	    T(POP_T07_without_a_laboratory_value_it_is_incomplete_and_never_0),
	    T(nobody_is_scored_who_has_died),
	    T(law_points_are_the_sum_of_their_evidence),
	    T(law_a_deficit_more_never_lowers_the_frailty_index),
	    T(the_conditions_of_the_index_and_of_multimorbidity_are_those_of_the_list),
	    T(all_mistakes_of_a_document_are_named),
	};

	return cmocka_run_group_tests_name("population/score", tests, NULL, NULL);
}
