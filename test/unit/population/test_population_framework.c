/* The outcome framework: what its documents say, and what is counted.
 * population.md 1.2, 3.2 to 3.7, 10. */
#include "test/hf_test.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "population/framework_behind.h"
#include "population/framework_reasons.h"
#include "population/io/framework_run.h"
#include "support/pop.h"

static struct hf_arena arena;
static struct hf_pop_framework framework;
static struct hf_test_pop *pop;

static int
load_framework(void **state HF_UNUSED)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_err err = {0};

	hf_arena_init(&arena, 16 << 20);
	if (hf_pop_framework_load(hf_measures_builtin, hf_n_measures_builtin,
				  hf_codesets_builtin, hf_n_codesets_builtin, &arena,
				  &issues, &framework, &err) == HF_OK)
		return 0;
	for (size_t i = 0; i < issues.n; i++)
		print_message("%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
			      HF_SV_ARG(issues.items[i].text));
	return -1;
}

static int
free_framework(void **state HF_UNUSED)
{
	hf_arena_free(&arena);
	return 0;
}

static int
new_pop(void **state HF_UNUSED)
{
	pop = hf_test_pop_new();
	hf_test_locality(pop, "A1", "north", 0, HF_POP_NONE);
	hf_test_locality(pop, "A2", "south", 0, HF_POP_NONE);
	return 0;
}

static int
free_pop(void **state HF_UNUSED)
{
	hf_test_pop_free(pop);
	return 0;
}

/* ---- putting people in ---- */

static uint32_t
somebody(const char *birth, enum hf_pop_sex sex, const char *practice)
{
	uint32_t p =
	    hf_test_person(pop, (struct hf_pop_person){.birth = hf_month_of(birth),
						       .death_day = HF_POP_NONE,
						       .sex = (uint8_t)sex,
						       .imd = 3,
						       .ethnic = 'A'});

	hf_test_registered(pop, p, practice, 0, HF_POP_NONE);
	return p;
}

static struct hf_pop_event
stay(uint32_t person, const char *from, uint16_t nights, uint8_t method)
{
	return (struct hf_pop_event){.person = person,
				     .day = hf_day_of(from),
				     .los = nights,
				     .minute = HF_POP_NONE,
				     .end_minute = HF_POP_NONE,
				     .wait = HF_POP_NONE,
				     .setting =
					 method <= HF_POP_M_13 ? HF_POP_EL : HF_POP_NE,
				     .method = method,
				     .cls = 1,
				     .outcome = HF_POP_O_HOME};
}

static void
admitted(uint32_t person, const char *from, uint16_t nights, uint8_t method,
	 const char *dx)
{
	hf_test_event(pop, stay(person, from, nights, method), dx, NULL);
}

/* Something on the last day, so that the data reach that far. */
static void
until(const char *day)
{
	uint32_t p = somebody("1970-01-01", HF_POP_MALE, "A2");
	struct hf_pop_event e = stay(p, day, 0, 0);

	e.setting = HF_POP_RDA;
	hf_test_event(pop, e, "Z49", NULL);
}

/* ---- asking ---- */

static struct hf_pop_plan *plan;
static struct hf_pop_tally *tally;

static void
ask(const char *measure, enum hf_pop_by by, enum hf_pop_grain grain, const char *from,
    const char *to)
{
	int k = hf_pop_framework_find(&framework, hf_sv_from(measure));
	struct hf_pop_count_ask a = {.measures = UINT64_C(1) << (k < 0 ? 0 : k),
				     .by = by,
				     .grain = grain,
				     .from = hf_day_of(from),
				     .to = hf_day_of(to),
				     .frozen = HF_POP_NONE};
	struct hf_err err = {0};

	assert_true(k >= 0);
	if (hf_pop_plan_new(hf_test_columns(pop), &framework, &a, &plan, &err) ||
	    hf_pop_run(plan, 2, &tally, &err))
		fail_msg("%s: %s", measure, err.text);
}

static void
done(void)
{
	hf_pop_tally_free(tally);
	hf_pop_plan_free(plan);
	tally = NULL;
	plan = NULL;
}

static struct hf_pop_figure
figure(const char *measure, size_t area, size_t period)
{
	struct hf_pop_figure f;

	hf_pop_figure(plan, tally,
		      (size_t)hf_pop_framework_find(&framework, hf_sv_from(measure)),
		      area, period, period + 1, &f);
	return f;
}

/* The figure of the whole place over the range. */
static struct hf_pop_figure
whole(const char *measure, const char *from, const char *to)
{
	struct hf_pop_figure f;

	ask(measure, HF_POP_BY_PLACE, HF_POP_WHOLE, from, to);
	f = figure(measure, 1, 0);
	done();
	return f;
}

#define assert_near(got, want, within)                                                 \
	do {                                                                           \
		double got_ = (got), want_ = (want);                                   \
		if (!(fabs(got_ - want_) <= (within)))                                 \
			fail_msg("%s is %.10g, not %.10g", #got, got_, want_);         \
	} while (0)

/* ---- tests ---- */

HF_TEST(the_framework_has_at_least_25_measures_with_owner_review_and_hash)
{
	assert_true(framework.n >= 25);
	for (size_t i = 0; i < framework.n; i++) {
		const struct hf_pop_measure *m = &framework.measures[i];

		assert_true(*m->id && *m->owner && *m->review && *m->question);
		assert_int_equal(strlen(m->hash), 16);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(m->hash, framework.measures[k].hash);
	}
}

HF_TEST(emergency_admissions_leave_transfers_and_elective_stays_out)
{
	uint32_t p = somebody("1950-01-01", HF_POP_FEMALE, "A1");
	struct hf_pop_event day_patient;
	struct hf_pop_figure f;

	admitted(p, "2020-01-10", 2, HF_POP_M_21, "J181");
	admitted(p, "2020-02-10", 2, HF_POP_M_2B, "J181");
	admitted(p, "2020-03-10", 2, HF_POP_M_11, "J181");
	admitted(p, "2020-04-10", 2, HF_POP_M_2D, "J181");
	day_patient = stay(p, "2020-05-10", 0, HF_POP_M_21);
	day_patient.cls = 2; /* 3.2: class 1 alone */
	hf_test_event(pop, day_patient, "J181", NULL);
	until("2020-12-31");
	f = whole("emergency-admissions", "2020-01-01", "2021-01-01");
	assert_near(f.counted, 2, 0);
	assert_near(f.out_of, 2 * 366 / 365.25, 1e-9);
	assert_near(f.value.value, 1000 * 2 / (2 * 366 / 365.25), 1e-9);
	assert_int_equal(f.status, HF_POP_TOO_FEW); /* of the standardised rate */
	assert_true(isnan(f.standard.value));
}

HF_TEST(POP_T01_bands_overlap_and_begin_on_the_birthday)
{
	uint32_t p = somebody("1935-06-01", HF_POP_MALE, "A1");

	admitted(p, "2020-05-31", 1, HF_POP_M_21, "J181"); /* 84 */
	admitted(p, "2020-06-30", 1, HF_POP_M_21, "J181"); /* 85 */
	until("2020-12-31");
	assert_near(whole("emergency-admissions", "2020-01-01", "2021-01-01").counted,
		    2, 0);
	assert_near(
	    whole("emergency-admissions-65", "2020-01-01", "2021-01-01").counted, 2, 0);
	assert_near(
	    whole("emergency-admissions-85", "2020-01-01", "2021-01-01").counted, 1, 0);
	/* Person-time at 85 and over begins with June. */
	assert_near(whole("emergency-admissions-85", "2020-01-01", "2021-01-01").out_of,
		    214 / 365.25, 1e-9);
}

HF_TEST(POP_T14_readmissions_by_two_rules)
{
	static const struct {
		const char *again;
		double stat, pbr;
	} t[] = {{"2021-02-08", 1, 1}, {"2021-02-09", 0, 1}, {"2021-02-10", 0, 0}};

	for (size_t i = 0; i < HF_COUNT(t); i++) {
		uint32_t p;

		if (i) {
			hf_test_pop_free(pop);
			new_pop(NULL);
		}
		p = somebody("1950-01-01", HF_POP_FEMALE, "A1");
		admitted(p, "2021-01-05", 5, HF_POP_M_21, "J181"); /* to 01-10 */
		admitted(p, t[i].again, 1, HF_POP_M_21, "J440");
		until("2021-12-31");
		assert_near(
		    whole("readmissions-30-stat", "2021-01-01", "2021-02-01").counted,
		    t[i].stat, 0);
		assert_near(
		    whole("readmissions-30-stat", "2021-01-01", "2021-02-01").out_of, 1,
		    0);
		assert_near(
		    whole("readmissions-30-pbr", "2021-01-01", "2021-02-01").counted,
		    t[i].pbr, 0);
	}
}

HF_TEST(POP_T14_a_readmission_belongs_to_the_latest_discharge)
{
	uint32_t p = somebody("1950-01-01", HF_POP_FEMALE, "A1");
	struct hf_pop_figure f;

	admitted(p, "2021-01-05", 5, HF_POP_M_21, "J181"); /* to 01-10 */
	admitted(p, "2021-01-12", 1, HF_POP_M_11, "K409"); /* elective, to 01-13 */
	admitted(p, "2021-01-15", 1, HF_POP_M_21, "J440");
	until("2021-12-31");
	/* Three discharges; one readmission, attached to that of 13 January. */
	f = whole("readmissions-30-stat", "2021-01-01", "2021-02-01");
	assert_near(f.out_of, 3, 0);
	assert_near(f.counted, 1, 0);
	ask("readmissions-30-stat", HF_POP_BY_PLACE, HF_POP_DAY, "2021-01-10",
	    "2021-01-17");
	assert_near(figure("readmissions-30-stat", 1, 0).counted, 0, 0);
	assert_near(figure("readmissions-30-stat", 1, 3).counted, 1, 0);
	done();
}

HF_TEST(a_discharge_whose_30_days_are_not_over_counts_on_neither_side)
{
	uint32_t p = somebody("1950-01-01", HF_POP_FEMALE, "A1");

	admitted(p, "2021-01-05", 5, HF_POP_M_21, "J181");
	until("2021-02-01");
	assert_near(whole("readmissions-30-stat", "2021-01-01", "2021-02-01").out_of, 0,
		    0);
}

/* In the last weeks of the data whoever came back already is no more known than whoever
 * may yet: counting the one alone would show everybody coming back. */
HF_TEST(who_came_back_already_is_not_counted_before_the_days_are_over)
{
	uint32_t p = somebody("1950-01-01", HF_POP_FEMALE, "A1");
	struct hf_pop_event e = stay(p, "2021-01-13", 0, 0);

	admitted(p, "2021-01-05", 5, HF_POP_M_21, "J181"); /* to 01-10 */
	admitted(p, "2021-01-12", 1, HF_POP_M_21, "J181");
	e.setting = HF_POP_GP;
	hf_test_event(pop, e, "", NULL);
	until("2021-01-20");
	assert_near(whole("readmissions-30-stat", "2021-01-01", "2021-02-01").out_of, 0,
		    0);
	assert_near(whole("readmissions-30-pbr", "2021-01-01", "2021-02-01").counted, 0,
		    0);
	assert_near(whole("contact-7-days", "2021-01-01", "2021-02-01").out_of, 2, 0);
	assert_near(whole("contact-7-days", "2021-01-01", "2021-02-01").counted, 2, 0);
	until("2021-02-28");
	assert_near(whole("readmissions-30-stat", "2021-01-01", "2021-02-01").out_of, 2,
		    0);
	assert_near(whole("readmissions-30-stat", "2021-01-01", "2021-02-01").counted,
		    1, 0);
}

/* A transfer from another hospital goes on with the stay, however it is coded (3.3). */
HF_TEST(who_is_taken_over_from_another_hospital_is_not_readmitted)
{
	uint32_t p = somebody("1950-01-01", HF_POP_FEMALE, "A1");
	struct hf_pop_event e = stay(p, "2021-01-10", 4, HF_POP_M_21);

	admitted(p, "2021-01-05", 5, HF_POP_M_21, "J181"); /* to 01-10 */
	e.source = HF_POP_O_HOSPITAL;
	hf_test_event(pop, e, "J181", NULL);
	until("2021-12-31");
	assert_near(whole("readmissions-30-stat", "2021-01-01", "2021-02-01").counted,
		    0, 0);
	assert_near(whole("readmissions-30-pbr", "2021-01-01", "2021-02-01").counted, 0,
		    0);
}

/* The payment rule is of any spell, day cases too; a readmission still has one
 * discharge. */
HF_TEST(a_day_case_may_be_followed_by_a_readmission_under_the_payment_rule)
{
	uint32_t p = somebody("1950-01-01", HF_POP_FEMALE, "A1");
	struct hf_pop_event e = stay(p, "2021-01-12", 0, HF_POP_M_11);

	admitted(p, "2021-01-05", 5, HF_POP_M_21, "J181"); /* to 01-10 */
	e.setting = HF_POP_DC;
	e.cls = 2;
	hf_test_event(pop, e, "K409", NULL);
	admitted(p, "2021-01-15", 1, HF_POP_M_21, "J440");
	until("2021-12-31");
	assert_near(whole("readmissions-30-pbr", "2021-01-01", "2021-02-01").counted, 1,
		    0);
	ask("readmissions-30-pbr", HF_POP_BY_PLACE, HF_POP_DAY, "2021-01-10",
	    "2021-01-17");
	assert_near(figure("readmissions-30-pbr", 1, 2).counted, 1, 0);
	done();
}

/* The payment rule's own exclusions, in either stay (3.3). */
HF_TEST(the_payment_rule_leaves_dialysis_and_transplants_out)
{
	static const char *const dx[] = {"Z491", "Z940", "T861"};

	for (size_t i = 0; i < 2 * HF_COUNT(dx); i++) {
		uint32_t p;

		if (i) {
			hf_test_pop_free(pop);
			new_pop(NULL);
		}
		p = somebody("1950-01-01", HF_POP_FEMALE, "A1");
		admitted(p, "2021-01-05", 5, HF_POP_M_21, i % 2 ? dx[i / 2] : "J181");
		admitted(p, "2021-01-12", 1, HF_POP_M_21, i % 2 ? "J181" : dx[i / 2]);
		until("2021-12-31");
		assert_near(
		    whole("readmissions-30-pbr", "2021-01-01", "2021-02-01").counted, 0,
		    0);
		assert_near(
		    whole("readmissions-30-stat", "2021-01-01", "2021-02-01").counted,
		    1, 0);
	}
}

HF_TEST(two_stays_on_one_day_are_never_their_own_readmission)
{
	uint32_t p = somebody("1950-01-01", HF_POP_FEMALE, "A1");
	struct hf_pop_event a = stay(p, "2021-01-05", 0, HF_POP_M_21);
	struct hf_pop_event b = a;

	a.minute = 600, a.end_minute = 660;
	b.minute = 900, b.end_minute = 960;
	hf_test_event(pop, b, "J181", NULL);
	hf_test_event(pop, a, "J181", NULL);
	until("2021-12-31");
	assert_near(whole("readmissions-30-stat", "2021-01-01", "2021-02-01").counted,
		    1, 0);
}

/* n discharges of people born then, of whom k come back, in a year of practice a. */
static void
cohort(const char *birth, const char *practice, const char *dx, unsigned n, unsigned k)
{
	for (unsigned i = 0; i < n; i++) {
		uint32_t p = somebody(birth, HF_POP_FEMALE, practice);

		admitted(p, "2021-01-05", 5, HF_POP_M_21, dx);
		if (i < k)
			admitted(p, i % 2 ? "2021-01-12" : "2021-01-20", 40,
				 HF_POP_M_21, i % 4 ? "J440" : dx);
	}
}

/* North has more of those who come back everywhere: its crude share is higher, its
 * ratio is what it does with its people. */
HF_TEST(POP_T13_readmissions_are_standardised_indirectly_by_who_they_were)
{
	/* old with a bad heart, young with an injury: north, south, each n and k */
	static const double n[2][2] = {{40, 60}, {90, 20}},
			    k[2][2] = {{12, 3}, {36, 2}};
	struct hf_pop_figure f;
	struct hf_ms_interval o;
	double observed, expected, all = 0, all_of = 0;

	for (size_t a = 0; a < 2; a++) {
		cohort("1940-01-01", a ? "A1" : "A2", "I500", (unsigned)n[a][0],
		       (unsigned)k[a][0]);
		cohort("1990-01-01", a ? "A1" : "A2", "S420", (unsigned)n[a][1],
		       (unsigned)k[a][1]);
		all += k[a][0] + k[a][1];
		all_of += n[a][0] + n[a][1];
	}
	until("2021-12-31");
	ask("readmissions-30-stat", HF_POP_BY_LOCALITY, HF_POP_WHOLE, "2021-01-01",
	    "2021-02-01");
	for (size_t a = 0; a < 2; a++) {
		struct hf_sv id = a ? HF_SV("north") : HF_SV("south");
		size_t area = hf_sv_eq(hf_pop_plan_area_id(plan, 1), id) ? 1 : 2;

		observed = k[a][0] + k[a][1];
		expected = 0;
		for (size_t s = 0; s < 2; s++)
			expected += n[a][s] * (k[0][s] + k[1][s]) / (n[0][s] + n[1][s]);
		f = figure("readmissions-30-stat", area, 0);
		o = hf_ms_count(observed, 0.95);
		assert_near(f.counted, observed, 0);
		assert_near(f.expected, expected, 1e-9);
		assert_near(f.ratio.value, 100 * observed / expected, 1e-9);
		assert_near(f.ratio.low, 100 * o.low / expected, 1e-9);
		assert_near(f.ratio.high, 100 * o.high / expected, 1e-9);
		assert_near(f.standard.value, observed / expected * 100 * all / all_of,
			    1e-9);
	}
	f = figure("readmissions-30-stat", 0, 0);
	assert_near(f.ratio.value, 100, 1e-9);
	assert_near(f.standard.value, f.value.value, 1e-9);
	done();
}

HF_TEST(a_readmission_has_a_reason_the_same_or_another_and_a_gap)
{
	struct hf_pop_reasons r;
	struct hf_err err;

	cohort("1940-01-01", "A1", "I500", 20, 12);
	until("2021-12-31");
	ask("readmissions-30-stat", HF_POP_BY_PLACE, HF_POP_WHOLE, "2021-01-01",
	    "2021-02-01");
	assert_int_equal(
	    hf_pop_reasons_count(plan,
				 (size_t)hf_pop_framework_find(
				     &framework, HF_SV("readmissions-30-stat")),
				 0, &r, &err),
	    HF_OK);
	assert_int_equal(r.n, 12);
	assert_int_equal(r.chapter[hf_pop_chapter(HF_SV("I500"))][1], 3);
	assert_int_equal(r.chapter[hf_pop_chapter(HF_SV("J440"))][0], 9);
	assert_int_equal(r.gap[0], 6); /* discharged on the 10th, back on the 12th */
	assert_int_equal(r.gap[2], 6);
	assert_int_equal(
	    hf_pop_reasons_count(plan,
				 (size_t)hf_pop_framework_find(
				     &framework, HF_SV("emergency-admissions")),
				 0, &r, &err),
	    HF_INVALID);
	done();
}

HF_TEST(by_pathway_people_and_admissions_are_where_they_were_as_the_month_began)
{
	uint32_t p = somebody("1950-01-01", HF_POP_FEMALE, "A1");
	double days[4] = {0}, n[4] = {0};

	hf_test_condition(pop, p, "path-frailty", hf_day_of("2020-02-01"),
			  hf_day_of("2020-06-10"));
	hf_test_condition(pop, p, "path-end-of-life", hf_day_of("2020-05-01"),
			  HF_POP_NONE);
	hf_test_condition(pop, p, "ltc-copd", hf_day_of("2020-01-01"), HF_POP_NONE);
	admitted(p, "2020-01-10", 2, HF_POP_M_21, "J181");
	admitted(p, "2020-03-10", 2, HF_POP_M_21, "J181");
	admitted(p, "2020-05-10", 2, HF_POP_M_21, "J181");
	until("2020-12-31");
	ask("emergency-admissions", HF_POP_BY_PATHWAY, HF_POP_WHOLE, "2020-01-01",
	    "2021-01-01");
	assert_int_equal(hf_pop_plan_areas(plan), 4);
	for (size_t a = 1; a < 4; a++) {
		struct hf_pop_figure f = figure("emergency-admissions", a, 0);
		struct hf_sv id = hf_pop_plan_area_id(plan, a);
		size_t k = hf_sv_is(id, "none") ? 1 : hf_sv_is(id, "frailty") ? 2 : 3;

		n[k] = f.counted;
		days[k] = f.out_of * 365.25;
	}
	assert_near(n[1], 1, 0);
	assert_near(n[2], 1, 0);
	assert_near(n[3], 1, 0);
	assert_near(days[2], 29 + 31 + 30, 1e-6);
	assert_near(days[3], 366 - 31 - 29 - 31 - 30, 1e-6);
	assert_near(days[1], 366 + 31, 1e-6); /* with whoever makes the last day */
	done();
}

HF_TEST(chapters_are_those_of_icd_10)
{
	static const struct {
		const char *code;
		int chapter;
	} t[] = {{"A099", 1},  {"B349", 1},  {"C500", 2},  {"D489", 2},	 {"D509", 3},
		 {"E119", 4},  {"F200", 5},  {"G409", 6},  {"H599", 7},	 {"H600", 8},
		 {"I500", 9},  {"J440", 10}, {"O800", 15}, {"R104", 18}, {"S720", 19},
		 {"T079", 19}, {"W199", 20}, {"Z490", 21}, {"U071", 22}, {"?", 0},
		 {"", 0},      {"A9", 0}};

	for (size_t i = 0; i < HF_COUNT(t); i++)
		assert_int_equal(hf_pop_chapter(hf_sv_from(t[i].code)), t[i].chapter);
}

HF_TEST(a_change_is_from_the_first_answer_to_each_later_one)
{
	uint32_t p = somebody("1950-01-01", HF_POP_FEMALE, "A1");
	uint32_t once = somebody("1950-01-01", HF_POP_MALE, "A1");
	struct hf_pop_figure f;

	hf_test_value(pop, p, "eq5d", hf_day_of("2020-03-01"), 400);
	hf_test_value(pop, p, "eq5d", hf_day_of("2020-06-01"), 650);
	hf_test_value(pop, p, "eq5d", hf_day_of("2020-09-01"), 300);
	hf_test_value(pop, once, "eq5d", hf_day_of("2020-06-01"), 900);
	until("2020-12-31");
	f = whole("prom-eq5d-change", "2020-01-01", "2021-01-01");
	assert_near(f.out_of, 2, 0);
	assert_near(f.value.value, (0.25 - 0.1) / 2, 1e-9);
	assert_near(whole("prom-eq5d", "2020-01-01", "2021-01-01").out_of, 4, 0);
}

HF_TEST(POP_T15_short_stays_of_children)
{
	static const struct {
		const char *birth, *dx;
		uint16_t nights, in, out;
		double respiratory, gut;
	} t[] = {
	    {"2017-01-01", "J210", 1, 540, 539, 1, 0}, /* 23 h 59 */
	    {"2017-01-01", "J210", 1, 540, 540, 0, 0}, /* 24 h */
	    {"2002-01-01", "J210", 0, 540, 600, 0, 0}, /* 18 years */
	    {"2017-01-01", "J459", 0, 540, 600, 1, 0},
	    {"2017-01-01", "A084", 0, 540, 600, 0, 1},
	    {"2017-01-01", "J210", 1, HF_POP_NONE, HF_POP_NONE, 0, 0},
	    {"2017-01-01", "J210", 0, HF_POP_NONE, HF_POP_NONE, 1, 0},
	};

	for (size_t i = 0; i < HF_COUNT(t); i++) {
		struct hf_pop_event e;

		if (i) {
			hf_test_pop_free(pop);
			new_pop(NULL);
		}
		e = stay(somebody(t[i].birth, HF_POP_MALE, "A1"), "2020-06-10",
			 t[i].nights, HF_POP_M_21);
		e.minute = t[i].in;
		e.end_minute = t[i].out;
		hf_test_event(pop, e, t[i].dx, NULL);
		until("2020-12-31");
		assert_near(
		    whole("short-stay-children-respiratory", "2020-01-01", "2021-01-01")
			.counted,
		    t[i].respiratory, 0);
		assert_near(
		    whole("short-stay-children-lower-gi", "2020-01-01", "2021-01-01")
			.counted,
		    t[i].gut, 0);
	}
}

HF_TEST(bed_days_go_to_the_period_their_midnight_lies_in)
{
	uint32_t p = somebody("1950-01-01", HF_POP_FEMALE, "A1");

	admitted(p, "2020-01-30", 5, HF_POP_M_21, "J181"); /* 30, 31 | 1, 2, 3 */
	admitted(p, "2020-02-20", 0, HF_POP_M_21, "J181");
	until("2020-12-31");
	ask("emergency-bed-days", HF_POP_BY_PLACE, HF_POP_MONTH, "2020-01-01",
	    "2020-03-01");
	assert_near(figure("emergency-bed-days", 1, 0).counted, 2, 0);
	assert_near(figure("emergency-bed-days", 1, 1).counted, 3, 0);
	done();
}

/* Behind many nights may be one person: the stays are counted beside them. */
HF_TEST(nights_say_how_many_stays_they_are_of)
{
	uint32_t p = somebody("1950-01-01", HF_POP_FEMALE, "A1");

	admitted(p, "2020-01-20", 40, HF_POP_M_21, "J181");
	admitted(p, "2020-02-29", 3, HF_POP_M_21, "J181");
	until("2020-12-31");
	ask("emergency-bed-days", HF_POP_BY_PLACE, HF_POP_MONTH, "2020-01-01",
	    "2020-04-01");
	assert_near(figure("emergency-bed-days", 1, 0).counted, 12, 0);
	assert_near(figure("emergency-bed-days", 1, 0).behind, 1, 0);
	assert_near(figure("emergency-bed-days", 1, 1).behind, 2, 0);
	done();
	assert_near(whole("emergency-bed-days", "2020-01-01", "2020-04-01").behind, 2,
		    0);
	assert_true(
	    isnan(whole("emergency-admissions", "2020-01-01", "2020-04-01").behind));
}

HF_TEST(a_practice_that_moves_within_a_month_takes_its_people_along_by_day)
{
	uint32_t p;
	struct hf_pop_figure f;

	hf_test_locality(pop, "A3", "north", 0, hf_day_of("2020-01-11"));
	hf_test_locality(pop, "A3", "south", hf_day_of("2020-01-11"), HF_POP_NONE);
	p = somebody("1950-01-01", HF_POP_FEMALE, "A3");
	admitted(p, "2020-01-10", 0, HF_POP_M_21, "J181");
	admitted(p, "2020-01-11", 0, HF_POP_M_21, "J181");
	hf_test_registered(pop, somebody("1950-01-01", HF_POP_FEMALE, "A1"), "A1",
			   HF_POP_NONE - 1, HF_POP_NONE);
	until("2020-12-31");
	ask("emergency-admissions", HF_POP_BY_LOCALITY, HF_POP_MONTH, "2020-01-01",
	    "2020-02-01");
	for (size_t a = 1; a < hf_pop_plan_areas(plan); a++) {
		bool north = hf_sv_is(hf_pop_plan_area_id(plan, a), "north");

		f = figure("emergency-admissions", a, 0);
		assert_near(f.counted, 1, 0);
		/* A1's person is of the north all month, A2's of the south. */
		assert_near(f.out_of * 365.25, 31 + (north ? 10 : 21), 1e-6);
	}
	done();
}

HF_TEST(what_was_not_received_is_not_zero)
{
	uint32_t p = somebody("1950-01-01", HF_POP_FEMALE, "A1");
	struct hf_pop_figure f;

	admitted(p, "2020-01-10", 0, HF_POP_M_21, "J181");
	admitted(p, "2020-03-10", 0, HF_POP_M_21, "J181");
	until("2020-03-15");
	ask("emergency-admissions", HF_POP_BY_LOCALITY, HF_POP_MONTH, "2020-01-01",
	    "2020-05-01");
	/* South had none in January: that is a nought. */
	for (size_t a = 1; a < hf_pop_plan_areas(plan); a++) {
		f = figure("emergency-admissions", a, 0);
		assert_near(f.counted,
			    hf_sv_is(hf_pop_plan_area_id(plan, a), "north") ? 1 : 0, 0);
		f = figure("emergency-admissions", a, 1);
		assert_int_equal(f.status, HF_POP_NOT_RECEIVED);
		assert_true(isnan(f.value.value));
		assert_int_equal(figure("emergency-admissions", a, 2).status,
				 HF_POP_PARTIAL);
		assert_int_equal(figure("emergency-admissions", a, 3).status,
				 HF_POP_NOT_RECEIVED);
	}
	/* Over the range, February's people are not in the denominator either. */
	hf_pop_figure(
	    plan, tally,
	    (size_t)hf_pop_framework_find(&framework, HF_SV("emergency-admissions")), 0,
	    0, 3, &f);
	assert_near(f.out_of, 2 * 62 / 365.25, 1e-9);
	done();
}

HF_TEST(standardised_rates_are_those_of_room_measure)
{
	/* POP-T12 in small: 30 men of 20, 30 women of 70, some admitted. */
	struct hf_ms_stratum s[2] = {{0}};
	struct hf_pop_figure f;
	struct hf_ms_standard want;

	for (unsigned i = 0; i < 60; i++) {
		uint32_t p = somebody(i < 30 ? "2000-01-01" : "1950-01-01",
				      i < 30 ? HF_POP_MALE : HF_POP_FEMALE, "A1");
		unsigned n = i < 30 ? i % 5 == 0 : 1 + i % 3;

		for (unsigned k = 0; k < n; k++)
			admitted(p, k ? "2020-05-01" : "2020-02-01", 1, HF_POP_M_21,
				 "J181");
		s[i < 30 ? 0 : 1].events += n;
		s[i < 30 ? 0 : 1].squares += n * n;
		s[i < 30 ? 0 : 1].population += 366 / 365.25;
	}
	admitted(hf_test_person(pop, (struct hf_pop_person){.death_day = HF_POP_NONE}),
		 "2020-12-31", 0, HF_POP_M_11, "J181");
	s[0].weight = 6000;
	s[1].weight = 5000;
	want = hf_ms_dsr(s, 2, 1000, true, 0.95);
	f = whole("emergency-admissions", "2020-01-01", "2021-01-01");
	assert_int_equal(f.status, HF_POP_OK);
	assert_near(f.standard.value, want.rate.value, 1e-6);
	assert_near(f.standard.low, want.rate.low, 1e-6);
	assert_near(f.standard.high, want.rate.high, 1e-6);
	assert_int_equal(f.empty, HF_POP_STRATA - 1 - 2);
}

HF_TEST(shares_of_waits_deaths_values_and_days)
{
	uint32_t p = somebody("1940-01-01", HF_POP_FEMALE, "A1"), dead;
	struct hf_pop_event e = stay(p, "2020-03-01", 0, 0);
	static const uint16_t waits[] = {0, 119, 120, 121, HF_POP_NONE};

	e.setting = HF_POP_UCR;
	for (size_t i = 0; i < HF_COUNT(waits); i++) {
		e.wait = waits[i];
		hf_test_event(pop, e, "", NULL);
	}
	/* POP-T16 in small: 4 positive, 1 negative of 8. */
	for (int32_t i = 1; i <= 6; i++)
		hf_test_value(pop, p, "fft", hf_day_of("2020-03-02"), i * 1000);
	hf_test_value(pop, p, "fft", hf_day_of("2020-03-02"), 1000);
	hf_test_value(pop, p, "fft", hf_day_of("2020-03-02"), 2000);
	dead = hf_test_person(
	    pop, (struct hf_pop_person){.birth = hf_month_of("1935-01-01"),
					.death_day = hf_day_of("2020-05-05"),
					.death_place = HF_POP_O_CARE_HOME,
					.sex = HF_POP_MALE});
	hf_test_registered(pop, dead, "A1", 0, hf_day_of("2020-05-05"));
	for (int i = 0; i < 3; i++)
		admitted(dead,
			 i == 0	  ? "2020-03-01"
			 : i == 1 ? "2020-04-01"
				  : "2020-05-01",
			 1, HF_POP_M_21, "C349");
	until("2020-12-31");
	assert_near(whole("ucr-2-hours", "2020-01-01", "2021-01-01").value.value, 75,
		    1e-9);
	assert_near(whole("fft-positive", "2020-01-01", "2021-01-01").value.value, 50,
		    1e-9);
	assert_near(whole("fft-negative", "2020-01-01", "2021-01-01").value.value, 25,
		    1e-9);
	assert_near(whole("deaths-usual-place", "2020-01-01", "2021-01-01").counted, 1,
		    0);
	assert_near(
	    whole("deaths-three-admissions", "2020-01-01", "2021-01-01").counted, 1, 0);
}

HF_TEST(at_home_on_day_91_counts_the_dead_and_who_went_back)
{
	struct hf_pop_event e;
	uint32_t who[4];

	for (size_t i = 0; i < 4; i++) {
		who[i] = hf_test_person(
		    pop,
		    (struct hf_pop_person){.birth = hf_month_of("1940-01-01"),
					   .sex = HF_POP_MALE,
					   .death_day = i == 1 ? hf_day_of("2020-12-01")
							       : HF_POP_NONE});
		hf_test_registered(pop, who[i], "A1", 0, HF_POP_NONE);
		e = stay(who[i], "2020-10-01", 9, HF_POP_M_21);
		e.outcome = HF_POP_O_REABLEMENT;
		hf_test_event(pop, e, "S720", NULL);
	}
	admitted(who[2], "2021-01-01", 30, HF_POP_M_21, "J181"); /* in hospital */
	e = stay(who[3], "2020-11-01", 400, 0);
	e.setting = HF_POP_ASC;
	e.cls = 4;
	hf_test_event(pop, e, "", NULL);
	until("2021-06-01");
	struct hf_pop_figure f = whole("home-91-days", "2020-10-01", "2020-11-01");
	assert_near(f.out_of, 4, 0);
	assert_near(f.counted, 1, 0);
}

/* Where somebody lived before counts, and a stay in a care home that is over does not.
 */
HF_TEST(at_home_on_day_91_looks_at_the_day_itself)
{
	struct hf_pop_event e;
	uint32_t who[3];

	for (size_t i = 0; i < 3; i++) {
		who[i] = somebody("1940-01-01", HF_POP_MALE, "A1");
		e = stay(who[i], "2020-10-01", 9, HF_POP_M_21);
		e.outcome = HF_POP_O_REABLEMENT;
		hf_test_event(pop, e, "S720", NULL);
		e = stay(who[i], i == 0 ? "2020-01-01" : "2020-10-20",
			 i == 0 ? 700 : 14, 0);
		e.setting = HF_POP_ASC;
		e.cls = 4;
		if (i < 2) /* lived there before; a fortnight in between */
			hf_test_event(pop, e, "", NULL);
	}
	e = stay(who[2], "2020-11-01", 3, HF_POP_M_21);
	e.outcome = HF_POP_O_CARE_HOME;
	hf_test_event(pop, e, "S720", NULL);
	admitted(who[2], "2020-12-01", 3, HF_POP_M_21, "S720"); /* and home again */
	until("2021-06-01");
	struct hf_pop_figure f = whole("home-91-days", "2020-10-01", "2020-11-01");
	assert_near(f.out_of, 3, 0);
	assert_near(f.counted, 2, 0);
}

HF_TEST(quantiles_means_and_who_comes_often)
{
	uint32_t p = somebody("1980-01-01", HF_POP_FEMALE, "A1");
	struct hf_pop_event e = stay(p, "2020-03-01", 0, 0);
	struct hf_pop_figure f;

	e.setting = HF_POP_DIAG;
	for (uint16_t i = 1; i <= 5; i++) {
		e.wait = (uint16_t)(i * 1440);
		hf_test_event(pop, e, "", NULL);
	}
	e.setting = HF_POP_AE;
	for (int i = 0; i < 5; i++)
		hf_test_event(pop, e, "", NULL);
	admitted(p, "2020-04-01", 4, HF_POP_M_21, "J181");
	admitted(p, "2020-05-01", 8, HF_POP_M_21, "J181");
	until("2020-12-31");
	f = whole("diagnostics-median", "2020-01-01", "2021-01-01");
	assert_near(f.value.value, 3, 1e-9);
	assert_near(f.out_of, 5, 0);
	assert_near(whole("diagnostics-95", "2020-01-01", "2021-01-01").value.value,
		    4.8, 1e-9);
	f = whole("emergency-length-of-stay", "2020-01-01", "2021-01-01");
	assert_near(f.value.value, 6, 1e-9);
	assert_near(whole("frequent-attenders", "2020-01-01", "2021-01-01").counted, 1,
		    0);
	assert_near(whole("frequent-attenders", "2020-01-01", "2021-01-01").value.value,
		    500, 1e-9);
}

HF_TEST(a_range_or_a_grain_that_is_too_much_is_refused_with_what_to_do)
{
	struct hf_pop_count_ask a = {.measures = ~UINT64_C(0) >> (64 - framework.n),
				     .grain = HF_POP_DAY,
				     .from = hf_day_of("2020-01-01"),
				     .to = hf_day_of("2023-01-01"),
				     .frozen = HF_POP_NONE};
	struct hf_err err = {0};

	until("2020-12-31");
	assert_int_equal(
	    hf_pop_plan_new(hf_test_columns(pop), &framework, &a, &plan, &err),
	    HF_COSTLY);
	assert_string_equal(err.path, "grain");
	a.to = a.from;
	assert_int_equal(
	    hf_pop_plan_new(hf_test_columns(pop), &framework, &a, &plan, &err),
	    HF_INVALID);
	plan = NULL;
}

static struct hf_issues found;

static bool
load_one(const char *text)
{
	struct hf_pop_measure m;

	found = (struct hf_issues){.arena = &arena};
	return hf_pop_measure_load("x.json", hf_sv_from(text), &arena, &found,
				   &framework, &m);
}

#define MEASURE(rest)                                                                  \
	"{\"id\": \"x\", \"version\": \"1\", \"title\": \"X\",\n"                      \
	"\"question\": \"?\", \"unit\": \"u\", \"source\": \"s\", \"owner\": \"o\",\n" \
	"\"review\": \"2027-01-01\", \"counted\": \"c\", \"outOf\": \"p\",\n"          \
	"\"group\": \"g\",\n" rest "}"

static void
finding(const char *text, const char *path, const char *part)
{
	char said[400];

	assert_false(load_one(text));
	assert_true(found.n >= 1);
	assert_sv_equal(found.items[0].path, path);
	snprintf(said, sizeof said, "%.*s", HF_SV_ARG(found.items[0].text));
	if (!strstr(said, part))
		fail_msg("\"%s\" does not say \"%s\"", said, part);
}

HF_TEST(mistakes_of_a_document_are_findings_with_their_lines)
{
	assert_true(load_one(MEASURE("\"base\": {\"settings\": [\"NE\"]}")));
	finding(MEASURE("\"base\": {\"settings\": [\"XX\"]}"), "x.json:5", "XX");
	finding(
	    MEASURE("\"base\": {\"settings\": [\"NE\"],\n\"ages\": {\"from\": 16}}"),
	    "x.json:6", "bands of five years");
	finding(MEASURE("\"base\": {\"settings\": [\"NE\"], \"codes\":\n"
			"[{\"document\": \"nothing\"}]}"),
		"x.json:6", "no document of codes");
	finding(MEASURE("\"base\": {\"settings\": [\"NE\"], \"codes\":\n"
			"[{\"document\": \"falls\", \"sets\": [\"stumbles\"]}]}"),
		"x.json:6", "no set \"stumbles\"");
	finding(MEASURE("\"kind\": \"share\", \"base\": {\"settings\": [\"NE\"]}"),
		"x.json:1", "numerator");
	finding(MEASURE("\"sauce\": 1, \"base\": {\"settings\": [\"NE\"]}"), "x.json:5",
		"sauce");
	finding(MEASURE("\"kind\": \"mean\", \"base\": {\"settings\": [\"NE\"]}"),
		"x.json:1", "nights");
	assert_false(load_one("{"));
	assert_false(load_one("[]"));
}

HF_TEST(what_is_counted_does_not_depend_on_threads_and_stays_the_same)
{
	struct hf_pop_figure a, b;

	for (unsigned i = 0; i < 200; i++) {
		uint32_t p =
		    somebody(i % 2 ? "1950-01-01" : "2015-01-01",
			     i % 3 ? HF_POP_MALE : HF_POP_FEMALE, i % 4 ? "A1" : "A2");

		for (unsigned k = 0; k < i % 4; k++)
			admitted(p, k % 2 ? "2020-03-04" : "2020-07-08",
				 (uint16_t)(k * 3), HF_POP_M_21,
				 i % 5 ? "J181" : "S720");
	}
	until("2020-12-31");
	ask("emergency-admissions", HF_POP_BY_LOCALITY, HF_POP_MONTH, "2020-01-01",
	    "2021-01-01");
	a = figure("emergency-admissions", 1, 2);
	done();
	ask("emergency-admissions", HF_POP_BY_LOCALITY, HF_POP_MONTH, "2020-01-01",
	    "2021-01-01");
	b = figure("emergency-admissions", 1, 2);
	assert_memory_equal(&a.value, &b.value, sizeof a.value);
	assert_memory_equal(&a.standard, &b.standard, sizeof a.standard);
	struct hf_pop_tally *halves[2];

	for (uint32_t h = 0; h < 2; h++) {
		uint32_t n = hf_test_columns(pop)->n_persons;

		assert_int_equal(hf_pop_tally_new(plan, &halves[h], NULL), HF_OK);
		assert_int_equal(hf_pop_tally_persons(plan, halves[h], h ? n / 2 : 0,
						      h ? n : n / 2, NULL),
				 HF_OK);
	}
	assert_int_equal(hf_pop_tally_add(plan, halves[0], halves[1], NULL), HF_OK);
	assert_int_equal(hf_pop_tally_done(plan, halves[0], NULL), HF_OK);
	hf_pop_figure(
	    plan, halves[0],
	    (size_t)hf_pop_framework_find(&framework, HF_SV("emergency-admissions")), 1,
	    2, 3, &b);
	assert_memory_equal(&a.standard, &b.standard, sizeof a.standard);
	hf_pop_tally_free(halves[0]);
	hf_pop_tally_free(halves[1]);
	done();
}

HF_TEST(a_person_may_count_twice_or_not_at_all)
{
	uint8_t weight[8] = {2, 0, 1, 1};
	int k = hf_pop_framework_find(&framework, HF_SV("emergency-admissions"));
	struct hf_pop_count_ask a = {.measures = UINT64_C(1) << k,
				     .grain = HF_POP_WHOLE,
				     .from = hf_day_of("2020-01-01"),
				     .to = hf_day_of("2021-01-01"),
				     .frozen = HF_POP_NONE,
				     .weight = weight};
	struct hf_pop_figure f;

	for (int i = 0; i < 2; i++)
		admitted(somebody("1950-01-01", HF_POP_MALE, "A1"), "2020-02-01", 1,
			 HF_POP_M_21, "J181");
	until("2020-12-31");
	assert_int_equal(
	    hf_pop_plan_new(hf_test_columns(pop), &framework, &a, &plan, NULL), HF_OK);
	assert_int_equal(hf_pop_run(plan, 1, &tally, NULL), HF_OK);
	hf_pop_figure(plan, tally, (size_t)k, 1, 0, 1, &f);
	assert_near(f.counted, 2, 0);
	assert_near(f.out_of * 365.25, 3 * 366, 1e-6);
	done();
}

/* ---- who is behind a figure ---- */

static void
anybody(struct hf_rng *rng)
{
	static const uint8_t settings[] = {HF_POP_NE, HF_POP_NE,  HF_POP_EL,
					   HF_POP_AE, HF_POP_UCR, HF_POP_VW,
					   HF_POP_GP, HF_POP_DIAG};
	static const char *const dx[] = {"J181", "I501", "S720", "A084", "K590"};
	char born[32];

	for (int i = 0; i < 120; i++) {
		uint32_t p, n = hf_rng_below(rng, 7);

		snprintf(born, sizeof born, "%d-05-01",
			 1930 + (int)hf_rng_below(rng, 85));
		p = hf_test_person(
		    pop,
		    (struct hf_pop_person){
			.birth = hf_month_of(born),
			.death_day = hf_rng_below(rng, 9) ? HF_POP_NONE
							  : hf_day_of("2020-09-03"),
			.death_place = (uint8_t)hf_rng_below(rng, HF_POP_OUTCOMES),
			.sex = (uint8_t)(1 + i % 2)});
		hf_test_registered(pop, p, i % 3 ? "A1" : "A2", 0, HF_POP_NONE);
		for (uint32_t k = 0; k < n; k++) {
			struct hf_pop_event e =
			    stay(p, "2020-01-01", (uint16_t)hf_rng_below(rng, 40),
				 HF_POP_M_21);

			e.day = (uint16_t)(e.day + hf_rng_below(rng, 360));
			e.setting = settings[hf_rng_below(rng, HF_COUNT(settings))];
			e.wait = (uint16_t)hf_rng_below(rng, 300);
			hf_test_event(pop, e, dx[hf_rng_below(rng, HF_COUNT(dx))],
				      NULL);
		}
		hf_test_value(pop, p, "fft", hf_day_of("2020-03-04"),
			      1000 * (int)(1 + hf_rng_below(rng, 6)));
	}
}

static void
behind_is_counted(size_t k, size_t area, const struct hf_pop_figure *f)
{
	const struct hf_pop_measure *m = &framework.measures[k];
	struct hf_pop_behind *rows = NULL;
	size_t n = 0, not = 0;
	double amount = 0;
	struct hf_err err = {0};

	if (hf_pop_behind(plan, k, area, true, &rows, &n, &err))
		fail_msg("%s: %s", m->id, err.text);
	for (size_t i = 0; i < n; i++) {
		amount += (double)rows[i].amount;
		assert_true(rows[i].counted);
		assert_true(i == 0 || m->quantity != HF_POP_Q_EVENTS ||
			    m->of == HF_POP_OF_PERSONS ||
			    rows[i - 1].day >= rows[i].day);
	}
	free(rows);
	if (m->quantity == HF_POP_Q_BED_DAYS)
		assert_near(amount, f->counted, 0);
	else if (m->scale != HF_POP_MEAN && m->scale != HF_POP_QUANTILE)
		assert_near((double)n, f->counted, 0);
	if (!hf_pop_has_not(m))
		return;
	rows = NULL;
	assert_int_equal(hf_pop_behind(plan, k, area, false, &rows, &not, &err), HF_OK);
	for (size_t i = 0; i < not ; i++)
		assert_false(rows[i].counted);
	free(rows);
	assert_near((double)(n + not ), f->out_of, 0);
}

HF_TEST(who_is_behind_a_figure_are_as_many_as_it_counts)
{
	struct hf_rng rng;
	size_t looked = 0;

	hf_rng_seed(&rng, 7, 1);
	anybody(&rng);
	until("2021-03-31");
	for (size_t k = 0; k < framework.n; k++) {
		ask(framework.measures[k].id, HF_POP_BY_LOCALITY, HF_POP_WHOLE,
		    "2020-01-01", "2021-01-01");
		for (size_t area = 0; area < hf_pop_plan_areas(plan); area++) {
			struct hf_pop_figure f;

			hf_pop_figure(plan, tally, k, area, 0, 1, &f);
			if (f.status != HF_POP_NOT_RECEIVED)
				behind_is_counted(k, area, &f);
			looked += f.status != HF_POP_NOT_RECEIVED && f.counted > 0;
		}
		done();
	}
	assert_true(looked > 30);
}

#define ON_POP(name) cmocka_unit_test_setup_teardown(name, new_pop, free_pop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		the_framework_has_at_least_25_measures_with_owner_review_and_hash),
	    ON_POP(emergency_admissions_leave_transfers_and_elective_stays_out),
	    ON_POP(POP_T01_bands_overlap_and_begin_on_the_birthday),
	    ON_POP(POP_T14_readmissions_by_two_rules),
	    ON_POP(POP_T14_a_readmission_belongs_to_the_latest_discharge),
	    ON_POP(a_discharge_whose_30_days_are_not_over_counts_on_neither_side),
	    ON_POP(who_came_back_already_is_not_counted_before_the_days_are_over),
	    ON_POP(who_is_taken_over_from_another_hospital_is_not_readmitted),
	    ON_POP(a_day_case_may_be_followed_by_a_readmission_under_the_payment_rule),
	    ON_POP(the_payment_rule_leaves_dialysis_and_transplants_out),
	    ON_POP(two_stays_on_one_day_are_never_their_own_readmission),
	    ON_POP(POP_T13_readmissions_are_standardised_indirectly_by_who_they_were),
	    ON_POP(a_readmission_has_a_reason_the_same_or_another_and_a_gap),
	    ON_POP(
		by_pathway_people_and_admissions_are_where_they_were_as_the_month_began),
	    cmocka_unit_test(chapters_are_those_of_icd_10),
	    ON_POP(a_change_is_from_the_first_answer_to_each_later_one),
	    ON_POP(POP_T15_short_stays_of_children),
	    ON_POP(bed_days_go_to_the_period_their_midnight_lies_in),
	    ON_POP(nights_say_how_many_stays_they_are_of),
	    ON_POP(a_practice_that_moves_within_a_month_takes_its_people_along_by_day),
	    ON_POP(what_was_not_received_is_not_zero),
	    ON_POP(standardised_rates_are_those_of_room_measure),
	    ON_POP(shares_of_waits_deaths_values_and_days),
	    ON_POP(at_home_on_day_91_counts_the_dead_and_who_went_back),
	    ON_POP(at_home_on_day_91_looks_at_the_day_itself),
	    ON_POP(quantiles_means_and_who_comes_often),
	    ON_POP(a_range_or_a_grain_that_is_too_much_is_refused_with_what_to_do),
	    cmocka_unit_test(mistakes_of_a_document_are_findings_with_their_lines),
	    ON_POP(a_person_may_count_twice_or_not_at_all),
	    ON_POP(who_is_behind_a_figure_are_as_many_as_it_counts),
	    ON_POP(what_is_counted_does_not_depend_on_threads_and_stays_the_same),
	};

	return cmocka_run_group_tests_name("population/framework", tests,
					   load_framework, free_framework);
}
