/* Change and its interval: POP-T17, POP-T18, and whether intervals cover the truth. */
#include "test/hf_test.h"

#include <stdlib.h>

#include "base/rng.h"
#include "measure/compare.h"
#include "test/unit/measure/near.h"

HF_TEST(POP_T17_the_rotherham_figures_as_they_were_published)
{
	static const struct {
		double a, b, points, ratio;
	} t[] = {{-2.1, 0.7, -2.8, -2.7805},
		 {1.8, 3.5, -1.7, -1.6425},
		 {9.5, 11.0, -1.5, -1.3514}};

	for (size_t i = 0; i < HF_COUNT(t); i++) {
		double points, ratio;

		hf_ms_did_published(t[i].a, t[i].b, &points, &ratio);
		assert_near(points, t[i].points, 1e-9);
		assert_near(ratio, t[i].ratio, 5e-5);
	}
}

HF_TEST(POP_T18_plausible_counts_do_not_tell_it_from_chance)
{
	struct hf_ms_did_counts c = {
	    .a0 = 4000, .a1 = 3916, .b0 = 24000, .b1 = 24168, .phi = 1};
	struct hf_ms_did d = hf_ms_did(&c, 0.95);

	assert_near(d.ratio.value, 0.97219, 5e-6);
	assert_near(d.se_log, 0.024257, 5e-7);
	assert_near(d.ratio.low, 0.92706, 5e-6);
	assert_near(d.ratio.high, 1.01953, 5e-6);
	assert_near(d.z, -1.163, 5e-4);
	assert_near(d.expected, 4028, 1e-9);
	assert_near(d.difference, -112, 1e-9);
	assert_near(d.a.value, -2.1, 1e-9);
	assert_near(d.points.value, -2.8, 1e-9);
	assert_true(d.points.low < 0 && d.points.high > 0);
	c.phi = 2;
	d = hf_ms_did(&c, 0.95);
	assert_near(d.ratio.low, 0.90898, 5e-6);
	assert_near(d.ratio.high, 1.03981, 5e-6);
	/* Growth of the people is no effect: divided by first. */
	c = (struct hf_ms_did_counts){1000, 1100, 5000, 5000, 1, 100, 110, 500, 500};
	d = hf_ms_did(&c, 0.95);
	assert_near(d.ratio.value, 1, 1e-12);
	assert_near(d.expected, 1100, 1e-9);
}

HF_TEST(change_needs_counts_and_minds_populations)
{
	struct hf_ms_did_counts none = {.a1 = 5, .b0 = 10, .b1 = 10};

	assert_missing(hf_ms_did(&none, 0.95).ratio.value);
	assert_missing(hf_ms_change(0, 1, 5, 1, 1, 0.95).value);
	assert_near(hf_ms_change(100, 1000, 110, 1100, 1, 0.95).value, 0, 1e-9);
	assert_near(hf_ms_change(100, 1, 110, 1, 1, 0.95).value, 10, 1e-9);
}

/* A Poisson draw by products for small means, by normal approximation never: means are
 * cut into pieces. */
static double
poisson(struct hf_rng *r, double mean)
{
	double n = 0;

	while (mean > 0) {
		double part = mean > 30 ? 30 : mean, at = 0;

		for (at = hf_rng_exp(r); at < part; at += hf_rng_exp(r))
			n++;
		mean -= part;
	}
	return n;
}

/* Gamma with mean 1 and variance 1/shape (Marsaglia & Tsang 2000), shape >= 1. */
static double
gamma_one(struct hf_rng *r, double shape)
{
	double d = shape - 1.0 / 3.0, c = 1.0 / sqrt(9.0 * d);

	for (;;) {
		double x = hf_rng_normal(r), v = 1.0 + c * x;

		v = v * v * v;
		if (v > 0 &&
		    log(1.0 - hf_rng_unit(r)) < 0.5 * x * x + d - d * v + d * log(v))
			return d * v / shape;
	}
}

enum { PRACTICES = 28, MONTHS = 12 };

/* Counts of practice-months: seasonal, others +0.7 %, four practices of the locality
 * -2.1 % (a true effect of -2.8 points).  phi 1: Poisson; more: gamma-mixed so that the
 * variance of a practice-month is phi times its mean. */
static void
simulate(struct hf_rng *r, double phi, double *before, double *after,
	 struct hf_ms_did_counts *sum)
{
	*sum = (struct hf_ms_did_counts){.phi = 1};
	for (size_t p = 0; p < PRACTICES; p++) {
		double size = 60.0 + (double)(p % 7) * 10.0;
		bool treated = p < 4;

		for (size_t m = 0; m < 2 * MONTHS; m++) {
			double mean = size * (1.0 + 0.1 * cos((double)m * 0.5236)), n;

			if (m >= MONTHS)
				mean *= treated ? 0.979 : 1.007;
			n = poisson(r, phi > 1 ? mean * gamma_one(r, mean / (phi - 1))
					       : mean);
			if (m < MONTHS)
				before[p * MONTHS + m] = n;
			else
				after[p * MONTHS + m - MONTHS] = n;
			if (treated)
				*(m < MONTHS ? &sum->a0 : &sum->a1) += n;
			else
				*(m < MONTHS ? &sum->b0 : &sum->b1) += n;
		}
	}
}

static void
coverage(double phi, bool estimate, unsigned *points, unsigned *ratio, double *mean)
{
	*points = *ratio = 0;
	*mean = 0;
	for (unsigned seed = 1; seed <= 1000; seed++) {
		double before[PRACTICES * MONTHS], after[PRACTICES * MONTHS];
		struct hf_ms_did_counts c;
		struct hf_ms_did d;
		struct hf_rng r;

		hf_rng_seed(&r, seed, 11);
		simulate(&r, phi, before, after, &c);
		if (estimate)
			c.phi =
			    hf_ms_dispersion(before, MONTHS, after, MONTHS, PRACTICES);
		d = hf_ms_did(&c, 0.95);
		*points += d.points.low <= -2.8 && -2.8 <= d.points.high;
		*ratio += d.ratio.low <= 0.979 / 1.007 && 0.979 / 1.007 <= d.ratio.high;
		*mean += d.points.value / 1000;
	}
}

HF_TEST(an_effect_of_2_8_points_is_recovered_and_covered_over_1000_seeds)
{
	unsigned points, ratio;
	double mean;

	coverage(1, false, &points, &ratio, &mean);
	print_message("Poisson: points %u, ratio %u of 1000; mean %.3f\n", points,
		      ratio, mean);
	assert_in_range(points, 930, 970);
	assert_in_range(ratio, 930, 970);
	assert_near(mean, -2.8, 0.25);
}

HF_TEST(over_dispersed_counts_are_covered_when_phi_is_estimated_and_not_without)
{
	unsigned points, ratio;
	double mean;

	coverage(2, true, &points, &ratio, &mean);
	print_message("phi 2, estimated: points %u, ratio %u of 1000; mean %.3f\n",
		      points, ratio, mean);
	assert_in_range(points, 930, 970);
	assert_in_range(ratio, 930, 970);
	coverage(2, false, &points, &ratio, &mean);
	print_message("phi 2, ignored: points %u of 1000\n", points);
	assert_true(points < 900);
}

HF_TEST(dispersion_of_poisson_counts_is_about_1_and_never_below)
{
	double before[PRACTICES * MONTHS], after[PRACTICES * MONTHS], sum = 0;
	struct hf_ms_did_counts c;
	struct hf_rng r;

	for (unsigned seed = 1; seed <= 50; seed++) {
		hf_rng_seed(&r, seed, 3);
		simulate(&r, 3, before, after, &c);
		sum += hf_ms_dispersion(before, MONTHS, after, MONTHS, PRACTICES) / 50;
	}
	assert_near(sum, 3, 0.15);
	memset(before, 0, sizeof before);
	assert_near(hf_ms_dispersion(before, MONTHS, before, MONTHS, PRACTICES), 1, 0);
}

HF_TEST(a_step_in_a_series_is_found_with_its_interval)
{
	double y[48];
	struct hf_ms_its its;
	struct hf_rng r;

	hf_rng_seed(&r, 7, 7);
	for (size_t t = 0; t < 48; t++)
		y[t] = 100 + 0.5 * (double)t + (t >= 24 ? -12 : 0) +
		       (t >= 24 ? -0.3 * (double)(t - 24) : 0) + hf_rng_normal(&r);
	assert_true(hf_ms_its(y, 48, 24, 0, 0.95, &its));
	assert_near(its.slope.value, 0.5, 0.1);
	assert_near(its.step.value, -12, 1.5);
	assert_near(its.bend.value, -0.3, 0.15);
	assert_true(its.step.low < -12 && -12 < its.step.high);
	assert_near(its.effect_last.value, -12 - 0.3 * 23, 2);
	assert_int_equal(its.lag, 3);
	assert_false(hf_ms_its(y, 48, 3, 0, 0.95, &its));
	assert_false(hf_ms_its(y, 48, 45, 0, 0.95, &its));
}

HF_TEST(the_interrupted_series_agrees_with_least_squares_by_hand)
{
	/* Noiseless: what comes out is what went in, and its errors are 0. */
	double y[12];
	struct hf_ms_its its;

	for (size_t t = 0; t < 12; t++)
		y[t] = 3 + 2 * (double)t + (t >= 6 ? 5 + 1.0 * (double)(t - 6) : 0);
	assert_true(hf_ms_its(y, 12, 6, 1, 0.95, &its));
	assert_near(its.level.value, 3, 1e-9);
	assert_near(its.slope.value, 2, 1e-9);
	assert_near(its.step.value, 5, 1e-9);
	assert_near(its.bend.value, 1, 1e-9);
	assert_near(its.step.high - its.step.low, 0, 1e-9);
}

HF_TEST(a_synthetic_control_finds_the_mixture_and_the_effect)
{
	enum { UNITS = 12, N = 30, AT = 20 };
	double series[UNITS * N], weights[UNITS - 1], gap[N], scratch[UNITS + N];
	struct hf_ms_control c;
	struct hf_rng r;
	double sum = 0;

	hf_rng_seed(&r, 5, 1);
	for (size_t u = 1; u < UNITS; u++)
		for (size_t t = 0; t < N; t++)
			series[u * N + t] = 50 + 5 * (double)u +
					    4 * sin((double)(t * u) / 5) +
					    0.5 * hf_rng_normal(&r);
	for (size_t t = 0; t < N; t++)
		series[t] = 0.6 * series[3 * N + t] + 0.4 * series[7 * N + t] -
			    (t >= AT ? 6 : 0);
	assert_true(hf_ms_control(series, UNITS, N, AT, weights, gap, scratch, &c));
	assert_near(weights[2], 0.6, 0.01);
	assert_near(weights[6], 0.4, 0.01);
	for (size_t u = 0; u < UNITS - 1; u++) {
		assert_true(weights[u] >= 0);
		sum += weights[u];
	}
	assert_near(sum, 1, 1e-9);
	assert_near(c.effect, -6, 0.1);
	assert_near(c.p, 1.0 / 12, 1e-9);
	assert_true(c.enough);
	assert_true(hf_ms_control(series, 7, N, AT, weights, gap, scratch, &c));
	assert_false(c.enough); /* six donors are too few */
	assert_false(hf_ms_control(series, 2, N, AT, weights, gap, scratch, &c));
}

HF_TEST_MAIN(
    "measure/compare",
    cmocka_unit_test(POP_T17_the_rotherham_figures_as_they_were_published),
    cmocka_unit_test(POP_T18_plausible_counts_do_not_tell_it_from_chance),
    cmocka_unit_test(change_needs_counts_and_minds_populations),
    cmocka_unit_test(an_effect_of_2_8_points_is_recovered_and_covered_over_1000_seeds),
    cmocka_unit_test(
	over_dispersed_counts_are_covered_when_phi_is_estimated_and_not_without),
    cmocka_unit_test(dispersion_of_poisson_counts_is_about_1_and_never_below),
    cmocka_unit_test(a_step_in_a_series_is_found_with_its_interval),
    cmocka_unit_test(the_interrupted_series_agrees_with_least_squares_by_hand),
    cmocka_unit_test(a_synthetic_control_finds_the_mixture_and_the_effect))
