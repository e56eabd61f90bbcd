/* The promises of contract/money.h: contract-and-governance.md section 5, section 8
 * ("allocation remainders", "128-bit product"), CON-T10, CON-T15. */
#include "test/hf_test.h"

#include "base/rng.h"
#include "base/time.h"
#include "contract/money.h"

static int64_t
round_div(int64_t num, int64_t den, enum hf_rounding how)
{
	int64_t v = INT64_MIN;

	assert_true(hf_round_div(num, den, how, &v));
	return v;
}

HF_TEST(halves_go_away_from_zero_or_to_the_even_one)
{
	static const int64_t halves[][3] = {/* of two, away, even */
					    {5, 3, 2},	  {-5, -3, -2}, {3, 2, 2},
					    {-3, -2, -2}, {1, 1, 0},	{-1, -1, 0},
					    {4, 2, 2},	  {-4, -2, -2}};

	for (size_t i = 0; i < HF_COUNT(halves); i++) {
		assert_int_equal(round_div(halves[i][0], 2, HF_HALF_AWAY),
				 halves[i][1]);
		assert_int_equal(round_div(halves[i][0], 2, HF_HALF_EVEN),
				 halves[i][2]);
		assert_int_equal(round_div(halves[i][0], -2, HF_HALF_AWAY),
				 -halves[i][1]);
	}
	assert_int_equal(round_div(7, 3, HF_HALF_AWAY), 2);
	assert_int_equal(round_div(8, 3, HF_HALF_AWAY), 3);
	assert_int_equal(round_div(-8, 3, HF_HALF_EVEN), -3);
}

HF_TEST(what_does_not_fit_is_refused_and_nothing_is_changed)
{
	hf_pence v = 42;

	assert_false(hf_round_div(1, 0, HF_HALF_AWAY, &v));
	assert_false(hf_pence_scale(INT64_MAX, 2 * HF_RATE_ONE, HF_HALF_AWAY, &v));
	assert_false(hf_pence_ratio(INT64_MAX, 3, 2, HF_HALF_AWAY, &v));
	assert_false(hf_pence_times(INT64_MAX / 2, 3, &v));
	assert_int_equal(v, 42);
	v = INT64_MAX;
	assert_false(hf_pence_add(&v, 1));
	assert_int_equal(v, INT64_MAX);
	v = INT64_MIN;
	assert_false(hf_pence_sub(&v, 1));
	assert_int_equal(v, INT64_MIN);
}

HF_TEST(a_product_beyond_64_bits_is_exact)
{
	hf_pence v;

	assert_true(
	    hf_pence_scale(INT64_C(9000000000000001), 1042300000, HF_HALF_AWAY, &v));
	assert_int_equal(v, INT64_C(9380700000000001)); /* …001.0423 */
	assert_true(hf_pence_scale(INT64_MAX, HF_RATE_ONE, HF_HALF_AWAY, &v));
	assert_int_equal(v, INT64_MAX);
	assert_true(hf_pence_scale(145000, 1042300000, HF_HALF_AWAY, &v));
	assert_int_equal(v, 151134); /* CON-T01 k: 151,133.5 */
	assert_true(hf_pence_scale(145000, 1042300000, HF_HALF_EVEN, &v));
	assert_int_equal(v, 151134); /* agrees here */
	assert_true(hf_pence_scale(-145000, 1042300000, HF_HALF_AWAY, &v));
	assert_int_equal(v, -151134);
}

HF_TEST(shares_add_up_by_largest_remainder)
{
	static const int64_t thirds[] = {1, 1, 1}, sixty[] = {60, 40};
	static const int64_t splits[] = {62, 19, 11, 5, 3};
	int64_t months[12];
	hf_pence out[12];

	assert_true(hf_pence_allocate(100, thirds, 3, out));
	assert_int_equal(out[0], 34);
	assert_int_equal(out[1], 33);
	assert_int_equal(out[2], 33);
	assert_true(hf_pence_allocate(10001, sixty, 2, out));
	assert_int_equal(out[0], 6001);
	assert_int_equal(out[1], 4000);
	assert_true(hf_pence_allocate(-10001, sixty, 2, out));
	assert_int_equal(out[0], -6001);
	assert_int_equal(out[1], -4000);
	for (size_t i = 0; i < 12; i++)
		months[i] = 1;
	assert_true(hf_pence_allocate(2170000000, months, 12, out)); /* CON-T10 */
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(out[i], i < 4 ? 180833334 : 180833333);
	assert_true(hf_pence_allocate(2170000000, splits, 5, out)); /* CON-T10 */
	assert_int_equal(out[0], 1345400000);
	assert_int_equal(out[1], 412300000);
	assert_int_equal(out[2], 238700000);
	assert_int_equal(out[3], 108500000);
	assert_int_equal(out[4], 65100000);
}

HF_TEST(shares_of_nothing_or_of_less_than_nothing_are_refused)
{
	static const int64_t none[] = {0, 0}, less[] = {2, -1};
	hf_pence out[2] = {7, 7};

	assert_false(hf_pence_allocate(100, none, 2, out));
	assert_false(hf_pence_allocate(100, less, 2, out));
	assert_false(hf_pence_allocate(100, less, 0, out));
	assert_false(hf_pence_allocate(100, less, HF_SHARES_MOST + 1, out));
	assert_int_equal(out[0], 7);
}

HF_TEST(any_shares_add_up_and_no_part_is_a_penny_off)
{
	struct hf_rng rng;
	int64_t w[40];
	hf_pence out[40];

	hf_rng_seed(&rng, 6, 15);
	for (int round = 0; round < 20000; round++) {
		size_t n = 1 + hf_rng_below(&rng, 40);
		int shift = (int)hf_rng_below(&rng, 62);
		hf_pence total = (hf_pence)hf_rng_u64(&rng) >> shift, sum = 0;
		hf_i128 all = 0;

		for (size_t i = 0; i < n; i++)
			all += w[i] = hf_rng_below(&rng, i ? 1000000 : 3);
		if (all == 0)
			continue;
		assert_true(hf_pence_allocate(total, w, n, out));
		for (size_t i = 0; i < n; i++) {
			hf_i128 off = (hf_i128)out[i] * all - (hf_i128)total * w[i];

			assert_true(off < all && off > -all);
			sum += out[i];
		}
		assert_int_equal(sum, total);
	}
}

HF_TEST(rates_are_read_to_the_digit)
{
	static const struct {
		const char *text, *back;
		hf_rate rate;
	} good[] = {
	    {"1.0423", "1.0423", 1042300000},
	    {"1.000000", "1", HF_RATE_ONE},
	    {"0", "0", 0},
	    {"-0.5", "-0.5", -500000000},
	    {"0.000000001", "0.000000001", 1},
	    {"45%", "0.45", 450000000},
	    {"45 %", "0.45", 450000000},
	    {"2.1139123%", "0.021139123", 21139123},
	    {"9223372036.854775807", "9223372036.854775807", INT64_MAX},
	};
	static const char *const bad[] = {
	    "",		  "-",		".5", "1.", "1e3",   "1,042", " 1",
	    "1 ",	  "1.0.0",	"%",  "+1", "45  %", "0x1f",  "1.0000000000",
	    "9223372037", "1.12345678%"};
	char buf[HF_MONEY_TEXT];
	hf_rate r;

	for (size_t i = 0; i < HF_COUNT(good); i++) {
		assert_true(hf_rate_parse(hf_sv_from(good[i].text), &r));
		assert_int_equal(r, good[i].rate);
		assert_string_equal(hf_rate_text(r, buf, sizeof buf), good[i].back);
	}
	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		r = 42;
		assert_false(hf_rate_parse(hf_sv_from(bad[i]), &r));
		assert_int_equal(r, 42);
	}
}

HF_TEST(pounds_are_shown_and_read)
{
	static const struct {
		hf_pence v;
		const char *plain, *pounds, *brackets;
	} cases[] = {
	    {4465968595, "44659685.95", "£44,659,685.95", "£44,659,685.95"},
	    {-96443950, "-964439.50", "-£964,439.50", "(£964,439.50)"},
	    {0, "0.00", "£0.00", "£0.00"},
	    {-5, "-0.05", "-£0.05", "(£0.05)"},
	    {100000, "1000.00", "£1,000.00", "£1,000.00"},
	    {99999, "999.99", "£999.99", "£999.99"},
	    {INT64_MAX, "92233720368547758.07", "£92,233,720,368,547,758.07",
	     "£92,233,720,368,547,758.07"},
	};
	char buf[HF_MONEY_TEXT];
	hf_pence v;

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		const char *want[] = {cases[i].plain, cases[i].pounds,
				      cases[i].brackets};

		for (int style = 0; style < 3; style++) {
			hf_pence_text(cases[i].v, (enum hf_pence_style)style, buf,
				      sizeof buf);
			assert_string_equal(buf, want[style]);
			v = 42;
			assert_true(hf_pence_parse(hf_sv_from(buf), &v));
			assert_int_equal(v, cases[i].v);
		}
	}
	hf_pence_text(INT64_MIN, HF_PENCE_BRACKETS, buf, sizeof buf);
	assert_string_equal(buf, "(£92,233,720,368,547,758.08)");
}

HF_TEST(pounds_in_other_forms)
{
	static const struct {
		const char *text;
		hf_pence v;
	} good[] = {{"1234", 123400},	       {"1234.5", 123450},
		    {"1,234", 123400},	       {"£3", 300},
		    {"−£3.10", -310},	       {"(12)", -1200},
		    {"12,345,678", 1234567800}};
	static const char *const bad[] = {"",	    "£",      "1.234",
					  "1.",	    "12,34",  "1234,567",
					  "1,2345", ",123",   "(1",
					  "1)",	    "--1",    "1-",
					  "£-1",    "1 000",  "GBP 1",
					  "(-1)",   "1,234,", "1e2",
					  ".5",	    "NaN",    "92233720368547758.08"};
	hf_pence v;

	for (size_t i = 0; i < HF_COUNT(good); i++) {
		assert_true(hf_pence_parse(hf_sv_from(good[i].text), &v));
		assert_int_equal(v, good[i].v);
	}
	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		v = 42;
		assert_false(hf_pence_parse(hf_sv_from(bad[i]), &v));
		assert_int_equal(v, 42);
	}
}

static int64_t
day(int y, int m, int d)
{
	return hf_days_from_civil(y, m, d);
}

HF_TEST(con_t15_the_financial_year_begins_in_april)
{
	static const int vectors[][5] = {{2020, 4, 1, 2020, 1},
					 {2021, 3, 31, 2020, 12},
					 {2021, 1, 15, 2020, 10},
					 {2020, 3, 31, 2019, 12},
					 {2020, 12, 31, 2020, 9}};
	char buf[HF_MONEY_TEXT];
	int fy = 7;

	for (size_t i = 0; i < HF_COUNT(vectors); i++) {
		const int *v = vectors[i];
		struct hf_period p = hf_period_of(day(v[0], v[1], v[2]));

		assert_int_equal(p.fy, v[3]);
		assert_int_equal(p.period, v[4]);
	}
	for (int period = 1; period <= 12; period++) {
		int64_t first = hf_period_first(2020, period);
		struct hf_period p = hf_period_of(first),
				 before = hf_period_of(first - 1);

		assert_true(p.fy == 2020 && p.period == period);
		assert_int_equal(before.period, period == 1 ? 12 : period - 1);
	}
	assert_int_equal(hf_period_first(2020, 13), day(2021, 4, 1));
	assert_string_equal(hf_fy_text(2020, buf, sizeof buf), "2020/21");
	assert_string_equal(hf_fy_text(1999, buf, sizeof buf), "1999/00");
	assert_true(hf_fy_parse(HF_SV("2020/21"), &fy) && fy == 2020);
	assert_true(hf_fy_parse(HF_SV("1999/00"), &fy) && fy == 1999);
	assert_true(hf_fy_parse(HF_SV("2021"), &fy) && fy == 2021);
	assert_false(hf_fy_parse(HF_SV("2020/22"), &fy));
	assert_false(hf_fy_parse(HF_SV("2020/"), &fy));
	assert_false(hf_fy_parse(HF_SV("20/21"), &fy));
	assert_int_equal(fy, 2021);
}

HF_TEST_MAIN("contract/money",
	     cmocka_unit_test(halves_go_away_from_zero_or_to_the_even_one),
	     cmocka_unit_test(what_does_not_fit_is_refused_and_nothing_is_changed),
	     cmocka_unit_test(a_product_beyond_64_bits_is_exact),
	     cmocka_unit_test(shares_add_up_by_largest_remainder),
	     cmocka_unit_test(shares_of_nothing_or_of_less_than_nothing_are_refused),
	     cmocka_unit_test(any_shares_add_up_and_no_part_is_a_penny_off),
	     cmocka_unit_test(rates_are_read_to_the_digit),
	     cmocka_unit_test(pounds_are_shown_and_read),
	     cmocka_unit_test(pounds_in_other_forms),
	     cmocka_unit_test(con_t15_the_financial_year_begins_in_april))
