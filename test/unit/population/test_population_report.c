/* Reports of measures: what is shown, derived and disclosed.
 * population.md 3.8, 4, 5, 7, 10. */
#include "test/hf_test.h"

#include <math.h>
#include <stdlib.h>

#include "fhir/json.h"
#include "population/framework_compare.h"
#include "population/framework_question.h"
#include "population/framework_sheet.h"
#include "population/io/framework_run.h"
#include "support/pop.h"

static struct hf_arena arena;
static struct hf_pop_framework framework;
static struct hf_test_pop *pop;

static void
admit(uint32_t person, uint16_t day)
{
	hf_test_event(pop,
		      (struct hf_pop_event){.person = person,
					    .day = day,
					    .minute = HF_POP_NONE,
					    .end_minute = HF_POP_NONE,
					    .wait = HF_POP_NONE,
					    .setting = HF_POP_NE,
					    .method = HF_POP_M_21,
					    .outcome = HF_POP_O_HOME},
		      "J181", NULL);
}

/* Three localities of 40 people over three years; in north everybody is admitted each
 * year in a month of their own, half as often from the third year on. */
static int
set_up(void **state HF_UNUSED)
{
	struct hf_issues issues = {.arena = &arena};

	hf_arena_init(&arena, 64 << 20);
	assert_int_equal(
	    hf_pop_framework_load(hf_measures_builtin, hf_n_measures_builtin,
				  hf_codesets_builtin, hf_n_codesets_builtin, &arena,
				  &issues, &framework, NULL),
	    HF_OK);
	pop = hf_test_pop_new();
	hf_test_locality(pop, "A1", "north", 0, HF_POP_NONE);
	hf_test_locality(pop, "A2", "south", 0, HF_POP_NONE);
	hf_test_locality(pop, "A3", "west", 0, HF_POP_NONE);
	for (unsigned i = 0; i < 120; i++) {
		static const char *const practice[] = {"A1", "A2", "A3"};
		uint32_t p = hf_test_person(
		    pop, (struct hf_pop_person){
			     .birth = hf_month_of(i % 2 ? "1950-01-01" : "1990-01-01"),
			     .sex = i % 4 < 2 ? HF_POP_MALE : HF_POP_FEMALE,
			     .death_day = HF_POP_NONE});

		hf_test_registered(pop, p, practice[i % 3], 0, HF_POP_NONE);
		for (unsigned year = 0; year < 3; year++)
			if (i % 3 != 0 || year < 2 || i % 2)
				admit(p, (uint16_t)(hf_day_of("2020-01-02") +
						    365 * year + i / 3 * 9));
	}
	admit(0, hf_day_of("2022-12-31"));
	return 0;
}

static int
tear_down(void **state HF_UNUSED)
{
	hf_test_pop_free(pop);
	hf_arena_free(&arena);
	return 0;
}

static struct hf_pop_report *
report(const char *by, const char *baseline, bool disclose)
{
	struct hf_pop_question q = {.by = hf_sv_from(by),
				    .baseline = hf_sv_from(baseline)};
	struct hf_pop_report_ask ask;
	struct hf_pop_report *r = NULL;
	struct hf_err err = {0};

	if (hf_pop_question_read(hf_test_columns(pop), &q, &ask, &err))
		fail_msg("%s: %s", err.path, err.text);
	ask.ask.measures = UINT64_C(1) << hf_pop_framework_find(
			       &framework, HF_SV("emergency-admissions"));
	ask.disclose = disclose;
	if (hf_pop_report_run(hf_test_columns(pop), &framework, &ask, 2, &r, &err))
		fail_msg("%s: %s", err.path, err.text);
	return r;
}

#define assert_near(got, want, within)                                                 \
	do {                                                                           \
		double got_ = (got), want_ = (want);                                   \
		if (!(fabs(got_ - want_) <= (within)))                                 \
			fail_msg("%s is %.10g, not %.10g", #got, got_, want_);         \
	} while (0)

HF_TEST(without_dates_it_is_36_whole_months_and_the_last_twelve)
{
	struct hf_pop_report *r = report("locality", "", false);
	char label[16];

	assert_int_equal(r->n_periods, 36);
	hf_pop_plan_label(r->series, 0, label);
	assert_string_equal(label, "2020-01");
	assert_near(hf_pop_report_at(r, 0, 0, 36)->counted, 40 + 40 + 20 + 1, 0);
	assert_true(isnan(hf_pop_report_change(r, 0, 1).value));
	hf_pop_report_free(r);
}

HF_TEST(change_and_difference_are_against_the_baseline)
{
	struct hf_pop_report *r = report("locality", "2020-01-01:2020-12-31", false);
	struct hf_ms_interval change;
	struct hf_ms_did d;

	for (size_t a = 1; a < r->n_areas; a++) {
		bool north = hf_sv_is(hf_pop_plan_area_id(r->series, a), "north");

		change = hf_pop_report_change(r, 0, a);
		assert_near(change.value, north ? -48 : 0, 3);
		assert_true(change.low < change.value && change.value < change.high);
		assert_true(hf_pop_report_difference(r, 0, a, 1, &d));
		if (north)
			assert_near(d.ratio.value, 21.0 / 40, 0.01);
	}
	hf_pop_report_free(r);
}

static void
json_of(const struct hf_pop_report *r, bool tiles, struct hf_buf *out)
{
	struct hf_jw w = {.out = out};

	if (tiles) {
		hf_jw_obj(&w);
		hf_pop_report_tiles(r, 1, &w);
		hf_jw_obj_end(&w);
	} else
		hf_pop_report_json(r, 0, &w);
	assert_false(out->failed);
}

HF_TEST(the_json_of_a_report_is_the_same_each_time_and_well_formed)
{
	struct hf_pop_report *r = report("locality", "2020-01-01:2021-01-01", false);
	struct hf_buf a = {0}, b = {0};
	struct hf_json d;
	uint32_t areas, spc;

	json_of(r, false, &a);
	hf_pop_report_free(r);
	r = report("locality", "2020-01-01:2021-01-01", false);
	json_of(r, false, &b);
	assert_int_equal(a.n, b.n);
	assert_memory_equal(a.p, b.p, a.n);
	assert_int_equal(hf_json_parse(hf_buf_view(&a), NULL, &arena, &d, NULL), HF_OK);
	areas = hf_json_member(&d, 0, "areas");
	assert_int_equal(hf_json_count(&d, areas), 3);
	assert_int_equal(hf_json_count(&d, hf_json_member(&d, 0, "periods")), 36);
	spc = hf_json_member(&d, hf_json_at(&d, areas, 0), "spc");
	assert_int_equal(hf_json_count(&d, hf_json_member(&d, spc, "points")), 36);
	assert_int_equal(hf_json_count(&d, hf_json_member(&d, 0, "caveats")),
			 (int)hf_pop_n_caveats);
	b.n = 0;
	json_of(r, true, &b);
	assert_int_equal(hf_json_parse(hf_buf_view(&b), NULL, &arena, &d, NULL), HF_OK);
	assert_int_equal(hf_json_count(&d, hf_json_member(&d, 0, "measures")), 1);
	hf_buf_free(&a);
	hf_buf_free(&b);
	hf_pop_report_free(r);
}

HF_TEST(POP_T30_what_is_disclosed_is_a_multiple_of_5_or_gone)
{
	struct hf_pop_report *r = report("locality", "", true);
	bool gone = false;

	for (size_t a = 0; a < r->n_areas; a++)
		for (size_t i = 0; i <= r->n_periods; i++) {
			const struct hf_pop_figure *f = hf_pop_report_at(r, 0, a, i);

			gone |= f->status == HF_POP_SUPPRESSED;
			if (f->status == HF_POP_SUPPRESSED)
				assert_true(isnan(f->counted) && isnan(f->value.value));
			else
				assert_near(fmod(f->counted, 5), 0, 0);
		}
	assert_true(gone);
	/* Never exactly one in a period: it would be the total less the others. */
	for (size_t i = 0; i <= r->n_periods; i++) {
		unsigned n = 0, some = 0;

		for (size_t a = 1; a < r->n_areas; a++) {
			const struct hf_pop_figure *f = hf_pop_report_at(r, 0, a, i);

			n += f->status == HF_POP_SUPPRESSED;
			some += f->counted > 0;
		}
		assert_false(n == 1 && some > 0);
	}
	hf_pop_report_free(r);
}

/* What stands beside a count says no more of it than the count that is shown. */
HF_TEST(POP_T30_what_is_made_of_a_count_is_made_of_the_rounded_one)
{
	struct hf_pop_report *open = report("locality", "", false);
	struct hf_pop_report *r = report("locality", "", true);
	bool some = false;

	for (size_t a = 0; a < r->n_areas; a++)
		for (size_t i = 0; i <= r->n_periods; i++) {
			const struct hf_pop_figure *f = hf_pop_report_at(r, 0, a, i);
			const struct hf_pop_figure *o = hf_pop_report_at(open, 0, a, i);

			if (isnan(f->counted) || isnan(f->standard.value))
				continue;
			some |= f->counted != o->counted;
			assert_near(f->standard.value,
				    o->standard.value * f->counted / o->counted, 1e-9);
			assert_near(f->known * 100, floor(f->known * 100 + 0.5), 1e-9);
		}
	assert_true(some);
	hf_pop_report_free(open);
	hf_pop_report_free(r);
}

/* Of a feed that is too bad no figure goes out: of the periods it has days of, in the
 * total and in no other measure's (population.md 8). */
HF_TEST(figures_of_a_feed_that_is_too_bad_are_held_back)
{
	struct hf_pop_report *r = report("locality", "", true);
	const struct hf_pop_held_back other = {UINT32_C(1) << HF_POP_GP, 0,
					       HF_POP_NONE};
	struct hf_pop_held_back bad = {UINT32_C(1) << HF_POP_NE, 0, 0};

	bad.from = hf_pop_plan_period(r->series, r->n_periods - 2);
	bad.to = (uint16_t)(bad.from + 1);
	hf_pop_report_hold_back(r, &other, 1);
	for (size_t i = 0; i <= r->n_periods; i++)
		assert_int_not_equal(hf_pop_report_at(r, 0, 0, i)->status,
				     HF_POP_HELD_BACK);
	hf_pop_report_hold_back(r, &bad, 1);
	for (size_t a = 0; a < r->n_areas; a++)
		for (size_t i = 0; i <= r->n_periods; i++) {
			const struct hf_pop_figure *f = hf_pop_report_at(r, 0, a, i);
			bool held = i == r->n_periods - 2 || i == r->n_periods;

			assert_int_equal(f->status == HF_POP_HELD_BACK, held);
			if (held)
				assert_true(isnan(f->counted) &&
					    isnan(f->value.value) &&
					    isnan(f->standard.value));
		}
	hf_pop_report_free(r);
}

HF_TEST(tables_have_a_row_a_figure_with_version_and_hash)
{
	struct hf_pop_report *r = report("locality", "", false);
	struct hf_book *book = hf_pop_report_book(r, &arena);
	struct hf_buf csv = {0}, ods = {0}, text = {0};
	size_t lines = 0;

	assert_int_equal(hf_sheet_csv(book, book->sheets, &csv, NULL), HF_OK);
	for (size_t i = 0; i < csv.n; i++)
		lines += csv.p[i] == '\n';
	assert_int_equal(lines, 1 + 4 * 37);
	assert_non_null(
	    memmem(csv.p, csv.n, framework.measures[r->measure[0]].hash, 16));
	assert_int_equal(hf_book_ods(book, &ods, NULL), HF_OK);
	assert_memory_equal(ods.p, "PK", 2);
	hf_pop_report_text(r, &text);
	assert_non_null(memmem(text.p, text.n, "north", 5));
	hf_buf_free(&csv);
	hf_buf_free(&ods);
	hf_buf_free(&text);
	hf_pop_report_free(r);
}

static void
refused(struct hf_pop_question q, const char *path)
{
	struct hf_pop_report_ask ask;
	struct hf_err err = {0};

	assert_int_equal(hf_pop_question_read(hf_test_columns(pop), &q, &ask, &err),
			 HF_INVALID);
	assert_string_equal(err.path, path);
}

HF_TEST(a_question_that_is_wrong_names_what)
{
	refused((struct hf_pop_question){.by = HF_SV("street")}, "by");
	refused((struct hf_pop_question){.grain = HF_SV("whole")}, "grain");
	refused((struct hf_pop_question){.from = HF_SV("yesterday")}, "from");
	refused((struct hf_pop_question){.to = HF_SV("1980-01-01")}, "to");
	refused((struct hf_pop_question){.baseline = HF_SV("2020-01-01")}, "baseline");
	refused((struct hf_pop_question){.baseline = HF_SV("2021-01-01:2020-01-01")},
		"baseline");
	refused((struct hf_pop_question){.trend = HF_SV("40")}, "trend");
}

HF_TEST(POP_T17_T18_the_shipped_comparison_prints_its_caveats)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_pop_comparison c;
	struct hf_buf out = {0};

	for (size_t i = 0; i < hf_n_comparisons_builtin; i++)
		assert_int_equal(hf_pop_comparison_load(hf_comparisons_builtin[i].name,
							hf_comparisons_builtin[i].text,
							&arena, &issues, &c, NULL),
				 HF_OK);
	hf_pop_comparison_text(&c, &out);
	hf_buf_char(&out, '\0');
	assert_non_null(strstr(out.p, "-2.7805 %"));
	assert_non_null(strstr(out.p, "0.97219 (0.92706 to 1.01953)"));
	assert_non_null(strstr(out.p, "0.97219 (0.90898 to 1.03981)"));
	assert_non_null(strstr(out.p, "expected 4028, difference -112"));
	for (size_t i = 0; i < hf_pop_n_caveats; i++)
		assert_non_null(strstr(out.p, hf_pop_caveats[i]));
	hf_buf_free(&out);
	assert_int_equal(hf_pop_comparison_load("x.json",
						HF_SV("{\"id\": \"x\",\n\"rows\": 3}"),
						&arena, &issues, &c, NULL),
			 HF_INVALID);
}

/* POP-T21: days between rare events, (12, 30, 5, 44, 19, 26, 8, 51, 15, 23). */
HF_TEST(POP_T21_rare_events_are_charted_by_the_days_between_them)
{
	static const unsigned days[] = {12, 30, 5, 44, 19, 26, 8, 51, 15, 23};
	int k = hf_pop_framework_find(&framework, HF_SV("deaths-day-of-admission"));
	struct hf_pop_event death = {.minute = HF_POP_NONE,
				     .end_minute = HF_POP_NONE,
				     .wait = HF_POP_NONE,
				     .setting = HF_POP_NE,
				     .method = HF_POP_M_21,
				     .outcome = HF_POP_O_DIED};
	struct hf_test_pop *all = pop;
	struct hf_pop_question q = {.grain = HF_SV("day"),
				    .from = HF_SV("2020-01-01"),
				    .to = HF_SV("2021-01-01")};
	struct hf_ms_spc_point p[HF_POP_PERIODS_MOST];
	struct hf_pop_report_ask ask;
	struct hf_pop_report *r = NULL;
	struct hf_ms_spc sum;
	struct hf_err err;
	size_t n = 0;

	pop = hf_test_pop_new();
	hf_test_locality(pop, "A1", "north", 0, HF_POP_NONE);
	death.day = hf_day_of("2020-01-10");
	for (size_t i = 0; i <= HF_COUNT(days); i++) {
		death.person = hf_test_person(
		    pop, (struct hf_pop_person){.birth = hf_month_of("1950-01-01"),
						.death_day = HF_POP_NONE});
		hf_test_registered(pop, death.person, "A1", 0, HF_POP_NONE);
		hf_test_event(pop, death, "I219", NULL);
		if (i < HF_COUNT(days))
			death.day = (uint16_t)(death.day + days[i]);
	}
	death.outcome = HF_POP_O_HOME;
	for (death.day = hf_day_of("2020-01-01"); death.day <= hf_day_of("2020-12-31");
	     death.day = (uint16_t)(death.day + 5))
		hf_test_event(pop, death, "I219", NULL);
	for (int disclosed = 0; disclosed < 2; disclosed++) {
		assert_int_equal(
		    hf_pop_question_read(hf_test_columns(pop), &q, &ask, &err), HF_OK);
		ask.ask.measures = UINT64_C(1) << k;
		ask.disclose = disclosed;
		assert_int_equal(hf_pop_report_run(hf_test_columns(pop), &framework,
						   &ask, 1, &r, &err),
				 HF_OK);
		/* One by one they are hidden: nothing is charted of them. */
		if (disclosed) {
			assert_false(hf_pop_report_chart(r, 0, 1, p, &sum));
		} else {
			assert_true(hf_pop_report_chart(r, 0, 1, p, &sum));
			for (size_t i = 0; i < r->n_periods; i++)
				if (!isnan(p[i].value))
					assert_near(p[i].value, days[n++], 0);
			assert_int_equal(n, HF_COUNT(days));
			assert_near(p[100].high, 187.70, 0.005);
			assert_near(p[100].low, 0.02, 0.005);
			assert_near(p[100].mean, 20.06, 0.005);
		}
		hf_pop_report_free(r);
	}
	hf_test_pop_free(pop);
	pop = all;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_dates_it_is_36_whole_months_and_the_last_twelve),
	    cmocka_unit_test(change_and_difference_are_against_the_baseline),
	    cmocka_unit_test(
		the_json_of_a_report_is_the_same_each_time_and_well_formed),
	    cmocka_unit_test(POP_T30_what_is_disclosed_is_a_multiple_of_5_or_gone),
	    cmocka_unit_test(
		POP_T30_what_is_made_of_a_count_is_made_of_the_rounded_one),
	    cmocka_unit_test(figures_of_a_feed_that_is_too_bad_are_held_back),
	    cmocka_unit_test(tables_have_a_row_a_figure_with_version_and_hash),
	    cmocka_unit_test(a_question_that_is_wrong_names_what),
	    cmocka_unit_test(POP_T21_rare_events_are_charted_by_the_days_between_them),
	    cmocka_unit_test(POP_T17_T18_the_shipped_comparison_prints_its_caveats),
	};

	return cmocka_run_group_tests_name("population/report", tests, set_up,
					   tear_down);
}
