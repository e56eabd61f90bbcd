/* The promises of fhir/decimal.h. */
#include "fhir/decimal.h"
#include "base/rng.h"
#include "test/hf_test.h"

static struct hf_decimal
dec(const char *text)
{
	struct hf_decimal d;

	if (!hf_decimal_parse(hf_sv_from(text), &d))
		fail_msg("%s is not read", text);
	return d;
}

static void
assert_text(struct hf_decimal d, const char *want)
{
	char text[HF_DECIMAL_TEXT];

	assert_int_equal(hf_decimal_format(d, text), strlen(want));
	assert_string_equal(text, want);
}

HF_TEST(numbers_are_read_and_shown_as_they_are)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
	    {"0", "0"},
	    {"-0", "0"},
	    {"1.00", "1.00"},
	    {"-12.5", "-12.5"},
	    {"0.001", "0.001"},
	    {"1e3", "1000"},
	    {"1E+2", "100"},
	    {"1.5e-3", "0.0015"},
	    {"12.50e1", "125.0"},
	    {"000123", "123"},
	    {"+7", "7"},
	    {"123456789012345678901234567890123456",
	     "123456789012345678901234567890123456"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++)
		assert_text(dec(cases[i].text), cases[i].shown);
}

HF_TEST(what_is_no_number_is_refused_and_leaves_the_output_alone)
{
	static const char *const cases[] = {
	    "",	     "-",     "+",
	    ".5",    "5.",    "1.e2",
	    "1e",    "1e+",   "1e99999",
	    "0x10",  "1 ",    " 1",
	    "1.2.3", "1,5",   "--1",
	    "NaN",   "1e1.5", "1234567890123456789012345678901234567",
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_decimal d = {42, 1};

		if (hf_decimal_parse(hf_sv_from(cases[i]), &d))
			fail_msg("%s is read", cases[i]);
		assert_true(d.m == 42 && d.scale == 1);
	}
}

HF_TEST(order_is_exact_however_large_or_small)
{
	/* In ascending order. */
	static const char *const cases[] = {"-1e9999",
					    "-123456789012345678901234567890123456",
					    "-1000.1",
					    "-1000",
					    "-1e-9999",
					    "0",
					    "1e-9999",
					    "0.1",
					    "0.10000000000000000000000000000000001",
					    "0.2",
					    "1",
					    "9.99",
					    "10",
					    "100",
					    "123456789012345678901234567890123455",
					    "123456789012345678901234567890123456",
					    "1e9999"};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		for (size_t j = 0; j < HF_COUNT(cases); j++) {
			struct hf_decimal a = dec(cases[i]), b = dec(cases[j]);
			unsigned char ka[HF_DECIMAL_TEXT], kb[HF_DECIMAL_TEXT];
			size_t na = hf_decimal_key(a, ka), nb = hf_decimal_key(b, kb);
			int want = (i > j) - (i < j), cmp = hf_decimal_cmp(a, b);
			int keys = hf_sv_cmp((struct hf_sv){(char *)ka, na},
					     (struct hf_sv){(char *)kb, nb});

			assert_int_equal((cmp > 0) - (cmp < 0), want);
			assert_int_equal((keys > 0) - (keys < 0), want);
		}
	}
	assert_int_equal(hf_decimal_cmp(dec("1.00"), dec("1")), 0);
	assert_int_equal(hf_decimal_cmp(dec("0.0"), dec("-0e5")), 0);
}

HF_TEST(keys_do_not_depend_on_trailing_zeros)
{
	static const char *const same[] = {"100", "100.00", "1e2", "10.0e1"};
	unsigned char first[HF_DECIMAL_TEXT], k[HF_DECIMAL_TEXT];
	size_t n = hf_decimal_key(dec(same[0]), first);

	for (size_t i = 1; i < HF_COUNT(same); i++) {
		assert_int_equal(hf_decimal_key(dec(same[i]), k), n);
		assert_memory_equal(first, k, n);
	}
}

/* Against whole numbers of the machine, which cannot be wrong. */
HF_TEST(sums_products_and_order_agree_with_integers)
{
	struct hf_rng rng;

	hf_rng_seed(&rng, 7, 1);
	for (int i = 0; i < 20000; i++) {
		int64_t a = (int64_t)hf_rng_below(&rng, 2000001) - 1000000;
		int64_t b = (int64_t)hf_rng_below(&rng, 2000001) - 1000000;
		int32_t scale = (int32_t)hf_rng_below(&rng, 5);
		struct hf_decimal x = {a, scale}, y = {b, scale}, d;
		int cmp = hf_decimal_cmp(x, y);

		assert_int_equal((cmp > 0) - (cmp < 0), (a > b) - (a < b));
		assert_true(hf_decimal_add(x, y, &d) && d.m == a + b);
		assert_true(hf_decimal_sub(x, y, &d) && d.m == a - b);
		assert_true(hf_decimal_mul(x, y, &d) && d.m == (hf_i128)a * b);
		assert_int_equal(d.scale, 2 * scale);
		/* The same numbers written with other scales. */
		y.m *= 1000;
		y.scale += 3;
		assert_true(hf_decimal_add(x, y, &d));
		assert_int_equal(hf_decimal_cmp(d, (struct hf_decimal){a + b, scale}),
				 0);
	}
}

HF_TEST(division_rounds_half_away_from_zero)
{
	static const struct {
		const char *a, *b, *want;
	} cases[] = {
	    {"1", "3", "0.33333333"},
	    {"2", "3", "0.66666667"},
	    {"-2", "3", "-0.66666667"},
	    {"1", "8", "0.125"},
	    {"6", "3", "2"},
	    {"1", "-4", "-0.25"},
	    {"0.000000005", "1", "0.000000005"},
	    {"1", "1e3", "0.001"},
	    {"1e3", "1e-3", "1000000"},
	    {"0", "7", "0"},
	};
	struct hf_decimal d;

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		assert_true(hf_decimal_div(dec(cases[i].a), dec(cases[i].b), &d));
		assert_text(d, cases[i].want);
	}
	assert_false(hf_decimal_div(dec("1"), dec("0"), &d));
	assert_text(hf_decimal_round(dec("2.5"), 0), "3");
	assert_text(hf_decimal_round(dec("-2.45"), 1), "-2.5");
	assert_text(hf_decimal_round(dec("1e-99"), 2), "0.00");
}

HF_TEST(what_does_not_fit_is_refused)
{
	struct hf_decimal d = {42, 0},
			  big = dec("999999999999999999999999999999999999");
	char text[HF_DECIMAL_TEXT];
	int64_t i = 42;

	assert_false(hf_decimal_add(big, dec("1"), &d));
	assert_false(hf_decimal_mul(big, dec("10"), &d));
	assert_false(hf_decimal_add(dec("1e40"), dec("1"), &d));
	assert_int_equal(d.m, 42);
	assert_int_equal(hf_decimal_format(dec("1e40"), text), 0);
	assert_int_equal(hf_decimal_format(dec("1e-99"), text), 0);
	assert_false(hf_decimal_int(dec("9223372036854775808"), &i));
	assert_int_equal(i, 42);
	assert_true(hf_decimal_int(dec("-9223372036854775808"), &i));
	assert_true(i == INT64_MIN);
	assert_true(hf_decimal_int(dec("-1.9"), &i));
	assert_int_equal(i, -1);
}

HF_TEST_MAIN("fhir/decimal", cmocka_unit_test(numbers_are_read_and_shown_as_they_are),
	     cmocka_unit_test(what_is_no_number_is_refused_and_leaves_the_output_alone),
	     cmocka_unit_test(order_is_exact_however_large_or_small),
	     cmocka_unit_test(keys_do_not_depend_on_trailing_zeros),
	     cmocka_unit_test(sums_products_and_order_agree_with_integers),
	     cmocka_unit_test(division_rounds_half_away_from_zero),
	     cmocka_unit_test(what_does_not_fit_is_refused))
