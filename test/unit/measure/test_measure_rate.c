/* Rates and their intervals: POP-T11 … POP-T13, POP-T16, POP-T28. */
#include "test/hf_test.h"
#include "measure/rate.h"
#include "test/unit/measure/near.h"

HF_TEST(quantiles_agree_with_the_tables)
{
	assert_near(hf_ms_z(0.95), 1.959963984540054, 1e-12);
	assert_near(hf_ms_z(0.998), 3.090232306167813, 1e-12);
	assert_near(hf_ms_normal_q(1e-10), -6.361340902404056, 1e-9);
	assert_near(hf_ms_normal_q(0.3), -0.5244005127080407, 1e-12);
	assert_near(hf_ms_chi2_q(0.95, 1), 3.841458820694124, 1e-9);
	assert_near(hf_ms_chi2_q(0.025, 20), 9.590777392264867, 1e-9);
	assert_near(hf_ms_chi2_q(0.975, 200), 241.0578955, 5e-8);
	assert_near(hf_ms_t_q(0.975, 4), 2.7764451051977987, 1e-9);
	assert_near(hf_ms_t_q(0.025, 30), -2.0422724563012373, 1e-9);
	assert_missing(hf_ms_normal_q(0));
	assert_missing(hf_ms_normal_q(1));
	for (int i = 1; i < 200; i++)
		assert_near(hf_ms_normal_p(hf_ms_normal_q(i / 200.0)), i / 200.0,
			    1e-14);
}

HF_TEST(POP_T11_intervals_of_counts_and_proportions)
{
	static const struct {
		double count, confidence, low, high;
	} counts[] = {
	    {65, 0.95, 50.1632, 82.8491}, {1045, 0.95, 982.5932, 1110.3312},
	    {10, 0.998, 2.9163, 24.1937}, {0, 0.95, 0, 3.6889},
	    {4, 0.95, 1.0899, 10.2416},	  {9, 0.95, 4.1154, 17.0848},
	};
	struct hf_ms_interval i;

	for (size_t k = 0; k < HF_COUNT(counts); k++) {
		i = hf_ms_count(counts[k].count, counts[k].confidence);
		assert_near(i.low, counts[k].low, 5e-5);
		assert_near(i.high, counts[k].high, 5e-5);
	}
	i = hf_ms_rate(450, 40000, 1000, 0.95);
	assert_near(i.value, 11.25, 1e-12);
	assert_near(i.low, 10.2344, 5e-5);
	assert_near(i.high, 12.3391, 5e-5);
	i = hf_ms_rate(4, 2500, 1000, 0.95);
	assert_near(i.low, 0.4359, 1e-4);
	assert_near(i.high, 4.0966, 5e-5);
	i = hf_ms_wilson(168, 1200, 0.95);
	assert_near(i.value, 0.14, 1e-12);
	assert_near(i.low, 0.1215, 5e-5);
	assert_near(i.high, 0.1608, 5e-5);
	i = hf_ms_wilson(84, 120, 0.95);
	assert_near(i.low, 0.6128, 5e-5);
	assert_near(i.high, 0.7747, 5e-5);
}

HF_TEST(a_rate_without_population_is_missing_not_zero)
{
	assert_missing(hf_ms_rate(0, 0, 1000, 0.95).value);
	assert_missing(hf_ms_rate(3, NAN, 1000, 0.95).high);
	assert_missing(hf_ms_wilson(0, 0, 0.95).value);
	assert_missing(hf_ms_wilson(5, 4, 0.95).value);
	assert_near(hf_ms_rate(0, 10, 1000, 0.95).value, 0, 0);
}

static void
area(const double events[6], const double population[6], struct hf_ms_stratum out[6])
{
	for (size_t i = 0; i < 6; i++)
		out[i] = (struct hf_ms_stratum){events[i], population[i],
						hf_ms_esp2013_collapsed[i], 0};
}

static const double events_a[] = {300, 240, 1800, 900, 1050, 610};
static const double people_a[] = {3000, 8000, 30000, 5000, 3000, 1000};

HF_TEST(POP_T12_the_same_rates_in_each_band_standardise_to_the_same)
{
	static const double events_b[] = {450, 330, 1920, 540, 560, 305};
	static const double people_b[] = {4500, 11000, 32000, 3000, 1600, 500};
	struct hf_ms_stratum s[6];
	struct hf_ms_standard a, b;

	area(events_a, people_a, s);
	a = hf_ms_dsr(s, 6, 1000, false, 0.95);
	assert_near(1000 * a.events / a.population, 98.00, 0.005);
	assert_near(a.rate.value, 102.91, 0.005);
	assert_near(a.rate.low, 100.036, 5e-4);
	assert_near(a.rate.high, 105.845, 5e-4);
	area(events_b, people_b, s);
	b = hf_ms_dsr(s, 6, 1000, false, 0.95);
	assert_near(1000 * b.events / b.population, 78.04, 0.005);
	assert_near(b.rate.value, 102.91, 0.005);
	assert_near(b.rate.low, 99.451, 5e-4);
	assert_near(b.rate.high, 106.450, 5e-4);
}

HF_TEST(the_european_standard_population_sums_in_both_forms)
{
	double sum = 0, collapsed = 0;

	for (size_t i = 0; i < HF_MS_ESP_BANDS; i++)
		sum += hf_ms_esp2013[i];
	for (size_t i = 0; i < HF_MS_ESP_COLLAPSED; i++)
		collapsed += hf_ms_esp2013_collapsed[i];
	assert_near(sum, 100000, 0);
	assert_near(collapsed, 100000, 0);
	assert_int_equal(hf_ms_esp_band(0), 0);
	assert_int_equal(hf_ms_esp_band(89), 17);
	assert_int_equal(hf_ms_esp_band(90), 18);
	assert_int_equal(hf_ms_esp_band(112), 18);
}

HF_TEST(an_empty_stratum_is_left_out_and_reported)
{
	struct hf_ms_stratum s[6];
	struct hf_ms_standard r;

	area(events_a, people_a, s);
	s[5].population = 0;
	s[5].events = 0;
	r = hf_ms_dsr(s, 6, 1000, false, 0.95);
	assert_int_equal(r.empty, 1);
	assert_true(r.rate.value > 0);
	for (size_t i = 0; i < 6; i++)
		s[i].events = i < 4 ? 2 : 0;
	r = hf_ms_dsr(s, 6, 1000, false, 0.95);
	assert_true(r.withheld); /* 8 events */
	assert_missing(r.rate.value);
}

HF_TEST(events_that_recur_in_one_person_widen_the_interval)
{
	struct hf_ms_stratum s[6];
	struct hf_ms_standard once, often;

	area(events_a, people_a, s);
	once = hf_ms_dsr(s, 6, 1000, false, 0.95);
	/* Nobody more than once: the same. */
	for (size_t i = 0; i < 6; i++)
		s[i].squares = s[i].events;
	often = hf_ms_dsr(s, 6, 1000, true, 0.95);
	assert_near(often.rate.low, once.rate.low, 1e-12);
	/* Everybody twice: f * f over events is 2, spread is sqrt(2) times as wide. */
	for (size_t i = 0; i < 6; i++)
		s[i].squares = 2 * s[i].events;
	often = hf_ms_dsr(s, 6, 1000, true, 0.95);
	assert_near((often.rate.value - often.rate.low) /
			(once.rate.value - once.rate.low),
		    sqrt(2.0), 1e-9);
}

HF_TEST(POP_T13_indirect_standardisation)
{
	static const double reference[] = {.11, .032, .058, .17, .33, .58};
	struct hf_ms_stratum s[6];
	struct hf_ms_indirect r;

	area(events_a, people_a, s);
	r = hf_ms_sar(s, reference, 6, 0.95);
	assert_near(r.expected, 4746, 1e-9);
	assert_near(r.ratio.value, 103.24, 0.005);
	assert_near(r.ratio.low, 100.37, 0.005);
	assert_near(r.ratio.high, 106.18, 0.005);
}

HF_TEST(POP_T16_friends_and_family_counts_all_answers)
{
	static const double answers[6] = {412, 161, 38, 19, 14, 6};
	struct hf_ms_interval positive, negative;

	hf_ms_fft(answers, 0.95, &positive, &negative);
	assert_near(100 * positive.value, 88.15, 0.005);
	assert_near(100 * negative.value, 5.08, 0.005);
}

HF_TEST(POP_T28_the_mean_of_replications)
{
	static const double x[] = {41.2, 39.8, 43.1, 40.5, 42.4};
	struct hf_ms_interval i = hf_ms_mean_t(x, 5, 0.95);

	assert_near(i.value, 41.4, 1e-9);
	assert_near(hf_ms_sd(x, 5), 1.35093, 5e-6);
	assert_near(i.high - i.value, 1.677, 5e-4);
	assert_missing(hf_ms_mean_t(x, 1, 0.95).low);
}

HF_TEST(the_slope_of_inequality_is_the_difference_across_the_whole_range)
{
	static const double people[] = {100, 100, 100, 100, 100};
	static const double rate[] = {100, 90, 80, 70, 60};
	double relative, slope = hf_ms_slope(rate, people, 5, &relative);

	assert_near(slope, -50, 1e-9);
	assert_near(relative, -0.625, 1e-9);
}

HF_TEST_MAIN(
    "measure/rate", cmocka_unit_test(quantiles_agree_with_the_tables),
    cmocka_unit_test(POP_T11_intervals_of_counts_and_proportions),
    cmocka_unit_test(a_rate_without_population_is_missing_not_zero),
    cmocka_unit_test(POP_T12_the_same_rates_in_each_band_standardise_to_the_same),
    cmocka_unit_test(the_european_standard_population_sums_in_both_forms),
    cmocka_unit_test(an_empty_stratum_is_left_out_and_reported),
    cmocka_unit_test(events_that_recur_in_one_person_widen_the_interval),
    cmocka_unit_test(POP_T13_indirect_standardisation),
    cmocka_unit_test(POP_T16_friends_and_family_counts_all_answers),
    cmocka_unit_test(POP_T28_the_mean_of_replications),
    cmocka_unit_test(the_slope_of_inequality_is_the_difference_across_the_whole_range))
