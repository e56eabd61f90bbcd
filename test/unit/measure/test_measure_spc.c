/* Charts and their rules: POP-T19 … POP-T21. */
#include "test/hf_test.h"
#include "measure/spc.h"
#include "test/unit/measure/near.h"

static struct hf_ms_spc_point points[64];
static struct hf_ms_spc sum;

static void
chart(const struct hf_ms_spc_ask *ask, const double *x, const double *size, size_t n)
{
	assert_true(hf_ms_spc(ask, x, size, n, points, &sum));
}

HF_TEST(POP_T19_screening_is_off_by_default)
{
	static const double x[] = {1, 2, 1, 2, 10, 1, 2, 1, 2,
				   1, 2, 1, 2, 1,  2, 1, 2, 1};
	struct hf_ms_spc_ask ask = {.target = NAN};

	chart(&ask, x, NULL, 18);
	assert_near(points[0].mean, 1.9444, 5e-5);
	assert_near(points[0].low, -3.0626, 5e-5);
	assert_near(points[0].high, 6.9515, 5e-5);
	assert_int_equal(points[4].rules & HF_MS_BEYOND, HF_MS_BEYOND);
	ask.screen = true;
	chart(&ask, x, NULL, 18);
	assert_near(points[0].low, -0.7156, 5e-5);
	assert_near(points[0].high, 4.6044, 5e-5);
	assert_int_equal(points[4].rules & HF_MS_BEYOND, HF_MS_BEYOND);
}

static const double t20[] = {412, 398, 405, 420, 391, 409, 415, 402, 396, 411,
			     407, 400, 392, 388, 395, 384, 390, 381, 386};

HF_TEST(POP_T20_a_frozen_baseline_shows_the_shift_at_its_seventh_point)
{
	struct hf_ms_spc_ask ask = {
	    .target = NAN, .freeze = 12, .direction = HF_MS_LOWER_BETTER};

	chart(&ask, t20, NULL, 12);
	assert_near(points[0].mean, 405.5, 1e-9);
	assert_near(points[0].low, 373.0964, 5e-5);
	assert_near(points[0].high, 437.9036, 5e-5);
	assert_near(points[0].near_low, 383.8976, 5e-5);
	assert_near(points[0].near_high, 427.1024, 5e-5);
	assert_near(points[0].mr_high, 39.810, 5e-4);
	/* The last point of the baseline, 400, is below the mean too: with it the run
	 * has seven points one month before the text says, and eight at the end. */
	chart(&ask, t20, NULL, 17);
	assert_int_equal(points[16].rules & HF_MS_SHIFT, 0);
	chart(&ask, t20, NULL, 19);
	assert_near(points[18].mean, 405.5, 1e-9);
	for (size_t i = 12; i < 19; i++) {
		assert_int_equal(points[i].rules & HF_MS_SHIFT, HF_MS_SHIFT);
		assert_int_equal(points[i].rules & HF_MS_TWO_OF_THREE, 0);
		assert_true(points[i].good);
	}
	assert_int_equal(sum.variation, HF_MS_IMPROVEMENT_LOW);
	assert_true(hf_ms_spc_may_rebase(points, 19, 12));
	assert_false(hf_ms_spc_may_rebase(points, 19, 13));
}

HF_TEST(POP_T20_rebased_limits_are_trial_limits)
{
	static const size_t at[] = {12};
	struct hf_ms_spc_ask ask = {
	    .target = NAN, .freeze = 12, .rebase = at, .n_rebase = 1};

	chart(&ask, t20, NULL, 19);
	assert_near(points[12].mean, 388.0, 1e-9);
	assert_near(points[12].low, 369.38, 5e-3);
	assert_near(points[12].high, 406.62, 5e-3);
	assert_near(points[11].mean, 405.5, 1e-9);
	assert_true(sum.trial);
	assert_int_equal(sum.variation, HF_MS_COMMON);
}

HF_TEST(POP_T21_attribute_charts)
{
	double x[20], n[20];
	struct hf_ms_spc_ask p = {.chart = HF_MS_P, .target = NAN};
	struct hf_ms_spc_ask u = {.chart = HF_MS_U, .target = NAN};
	struct hf_ms_spc_ask g = {.chart = HF_MS_G, .target = NAN};
	struct hf_ms_spc_ask t = {.chart = HF_MS_T, .target = NAN};
	static const double gaps[] = {30, 46, 38};
	static const double days[] = {12, 30, 5, 44, 19, 26, 8, 51, 15, 23};

	/* p: mean 0.12 over 250, 300 (51 of it) and 400. */
	x[0] = 30, n[0] = 250;
	x[1] = 51, n[1] = 300;
	x[2] = 33, n[2] = 400;
	chart(&p, x, n, 3);
	assert_near(points[0].mean, 0.12, 1e-12);
	assert_near(points[0].low, 0.05834, 5e-6);
	assert_near(points[0].high, 0.18166, 5e-6);
	assert_near(points[1].low, 0.06372, 5e-6);
	assert_near(points[1].high, 0.17628, 5e-6);
	assert_near(points[2].low, 0.07126, 5e-6);
	assert_near(points[2].high, 0.16874, 5e-6);
	assert_int_equal(points[1].rules, 0);
	/* u: 6.2 per 1,000 over 1,450 (in thousands). */
	x[0] = 6.2 * 1.45, n[0] = 1.45;
	chart(&u, x, n, 1);
	assert_near(points[0].low, 0, 0);
	assert_near(points[0].high, 12.403, 5e-4);
	chart(&g, gaps, NULL, 3);
	assert_near(points[0].high, 153.490, 5e-4);
	assert_near(points[0].low, 0, 0);
	chart(&t, days, NULL, 10);
	assert_near(points[0].high, 187.70, 5e-3);
	assert_near(points[0].low, 0.02, 5e-3);
	assert_near(points[0].mean, 20.06, 5e-3);
	assert_near(points[3].value, 44, 0);
}

HF_TEST(a_trend_is_six_points_unless_asked_for_seven)
{
	static const double x[] = {5, 9, 5, 4, 5, 6, 7, 8, 9, 5, 6, 5, 6, 7};
	struct hf_ms_spc_ask ask = {.target = NAN};

	chart(&ask, x, NULL, 14); /* 4 5 6 7 8 9: six points */
	for (size_t i = 0; i < 14; i++)
		assert_int_equal((points[i].rules & HF_MS_TREND) != 0,
				 i >= 3 && i <= 8);
	ask.trend = 7;
	chart(&ask, x, NULL, 14);
	for (size_t i = 0; i < 14; i++)
		assert_int_equal(points[i].rules & HF_MS_TREND, 0);
}

HF_TEST(a_point_on_the_mean_breaks_a_shift)
{
	static const double x[] = {3, 3, 3, 3, 2, 3, 3, 3, -2, 2, 1, 2, 1, 1};
	struct hf_ms_spc_ask ask = {.target = NAN};

	chart(&ask, x, NULL, 14);
	assert_near(points[0].mean, 2, 1e-9);
	assert_int_equal(points[3].rules & HF_MS_SHIFT, 0);
	assert_int_equal(points[7].rules & HF_MS_SHIFT, 0);
}

HF_TEST(points_not_received_are_gaps_and_not_noughts)
{
	double with[19], gapped[24];
	struct hf_ms_spc_ask ask = {.target = NAN, .freeze = 12};
	uint8_t rules[19];
	size_t k = 0;

	memcpy(with, t20, sizeof with);
	chart(&ask, with, NULL, 19);
	for (size_t i = 0; i < 19; i++)
		rules[i] = points[i].rules;
	for (size_t i = 0; i < 24; i++)
		gapped[i] = i % 5 == 4 ? NAN : (k < 19 ? t20[k++] : NAN);
	chart(&ask, gapped, NULL, 24);
	k = 0;
	for (size_t i = 0; i < 24; i++) {
		if (isnan(gapped[i])) {
			assert_int_equal(points[i].rules, 0);
			continue;
		}
		assert_near(points[i].mean, 405.5, 1e-9);
		assert_int_equal(points[i].rules, rules[k++]);
	}
	assert_int_equal(sum.received, 19);
}

HF_TEST(icons_mind_which_way_is_better_and_the_target)
{
	struct hf_ms_spc_ask ask = {
	    .target = 450, .freeze = 12, .direction = HF_MS_LOWER_BETTER};

	chart(&ask, t20, NULL, 12);
	assert_int_equal(sum.assurance, HF_MS_PASSES);
	assert_int_equal(sum.variation, HF_MS_COMMON);
	ask.target = 350;
	chart(&ask, t20, NULL, 19);
	assert_int_equal(sum.assurance, HF_MS_FAILS);
	ask.target = 400;
	chart(&ask, t20, NULL, 19);
	assert_int_equal(sum.assurance, HF_MS_HIT_OR_MISS);
	ask.direction = HF_MS_HIGHER_BETTER;
	chart(&ask, t20, NULL, 19);
	assert_int_equal(sum.variation, HF_MS_CONCERN_LOW);
	ask.target = 350;
	chart(&ask, t20, NULL, 19);
	assert_int_equal(sum.assurance, HF_MS_PASSES);
	ask.direction = HF_MS_NEUTRAL;
	chart(&ask, t20, NULL, 19);
	assert_int_equal(sum.variation, HF_MS_NEUTRAL_LOW);
	assert_int_equal(sum.assurance, HF_MS_NO_TARGET);
}

HF_TEST(laney_widens_limits_where_points_vary_more_than_counts_say)
{
	double x[12], n[12], narrow;
	struct hf_ms_spc_ask ask = {.chart = HF_MS_P, .target = NAN};

	for (size_t i = 0; i < 12; i++) {
		n[i] = 10000;
		x[i] = i % 2 ? 3300 : 2700;
	}
	chart(&ask, x, n, 12);
	narrow = points[0].high - points[0].mean;
	assert_int_equal(points[0].rules & HF_MS_BEYOND, HF_MS_BEYOND);
	ask.chart = HF_MS_P_PRIME;
	chart(&ask, x, n, 12);
	assert_true(points[0].high - points[0].mean > 5 * narrow);
	assert_int_equal(points[0].rules & HF_MS_BEYOND, 0);
}

HF_TEST(a_chart_of_nothing_is_refused)
{
	static const double none[] = {NAN, NAN};
	static const size_t beyond[] = {2}, unordered[] = {1, 1};
	struct hf_ms_spc_ask ask = {.target = NAN};

	assert_false(hf_ms_spc(&ask, none, NULL, 0, points, &sum));
	assert_false(hf_ms_spc(&ask, none, NULL, 2, points, &sum));
	ask.rebase = beyond;
	ask.n_rebase = 1;
	assert_false(hf_ms_spc(&ask, t20, NULL, 2, points, &sum));
	ask.rebase = unordered;
	ask.n_rebase = 2;
	assert_false(hf_ms_spc(&ask, t20, NULL, 19, points, &sum));
}

HF_TEST(labels_follow_the_precedence)
{
	assert_int_equal(hf_ms_spc_label(HF_MS_SHIFT | HF_MS_TREND), HF_MS_TREND);
	assert_int_equal(hf_ms_spc_label(15), HF_MS_BEYOND);
	assert_int_equal(hf_ms_spc_label(HF_MS_SHIFT | HF_MS_TWO_OF_THREE),
			 HF_MS_TWO_OF_THREE);
	assert_int_equal(hf_ms_spc_label(0), 0);
}

HF_TEST_MAIN(
    "measure/spc", cmocka_unit_test(POP_T19_screening_is_off_by_default),
    cmocka_unit_test(POP_T20_a_frozen_baseline_shows_the_shift_at_its_seventh_point),
    cmocka_unit_test(POP_T20_rebased_limits_are_trial_limits),
    cmocka_unit_test(POP_T21_attribute_charts),
    cmocka_unit_test(a_trend_is_six_points_unless_asked_for_seven),
    cmocka_unit_test(a_point_on_the_mean_breaks_a_shift),
    cmocka_unit_test(points_not_received_are_gaps_and_not_noughts),
    cmocka_unit_test(icons_mind_which_way_is_better_and_the_target),
    cmocka_unit_test(laney_widens_limits_where_points_vary_more_than_counts_say),
    cmocka_unit_test(a_chart_of_nothing_is_refused),
    cmocka_unit_test(labels_follow_the_precedence))
