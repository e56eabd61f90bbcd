/* Units by UCUM: each expectation follows from the tables of the standard. */
#include "test/hf_test.h"
#include "fhir/ucum.h"

static struct hf_decimal
dec(const char *text)
{
	struct hf_decimal d;

	assert_true(hf_decimal_parse(hf_sv_from(text), &d));
	return d;
}

/* <0, 0, >0, or 9 when the two cannot be compared. */
static int
compare(const char *a, const char *ua, const char *b, const char *ub)
{
	struct hf_ucum x, y;
	struct hf_decimal p, q;

	if (!hf_ucum_parse(hf_sv_from(ua), &x) || !hf_ucum_parse(hf_sv_from(ub), &y) ||
	    !hf_ucum_align(dec(a), &x, dec(b), &y, &p, &q))
		return 9;
	return hf_decimal_cmp(p, q);
}

HF_TEST(units_of_one_kind_compare)
{
	static const struct {
		const char *a, *ua, *b, *ub;
		int want;
	} cases[] = {
	    {"1", "g", "1000", "mg", 0},
	    {"1", "kg", "1000000", "mg", 0},
	    {"1", "mg/dL", "10", "mg/L", 0},
	    {"5", "mmol/L", "5000", "umol/L", 0},
	    {"1", "m", "100", "cm", 0},
	    {"1", "m2", "10000", "cm2", 0},
	    {"1", "L", "1", "dm3", 0},
	    {"1", "L", "1000", "cm3", 0},
	    {"1", "h", "3600", "s", 0},
	    {"60", "/min", "1", "Hz", 0},
	    {"72", "{beats}/min", "72", "/min", 0},
	    {"1", "[lb_av]", "453.59237", "g", 0},
	    {"1", "[in_i]", "2.54", "cm", 0},
	    {"1", "[stone_av]", "14", "[lb_av]", 0},
	    {"120", "mm[Hg]", "15.99864", "kPa", 0},
	    {"37", "Cel", "310.15", "K", 0},
	    {"98.6", "[degF]", "37", "Cel", 0},
	    {"-40", "[degF]", "-40", "Cel", 0},
	    {"1", "10*3/uL", "1", "10*9/L", 0},
	    {"1", "10^3/uL", "1", "10*9/L", 0},
	    {"50", "%", "0.5", "1", 0},
	    {"1", "kg.m/s2", "1", "N", 0},
	    {"1", "N.m", "1", "J", 0},
	    {"1", "mL/min/{1.73_m2}", "1", "mL/min", 0},
	    {"2", "mL/(min.kg)", "2", "mL/min/kg", 0},
	    {"1", "a", "365.25", "d", 0},
	    {"12", "mo", "1", "a", 0},
	    {"1", "[iU]/L", "1", "[IU]/L", 0},
	    {"1", "m[iU]/L", "0.001", "[iU]/L", 0},
	    {"1", "kU/L", "1000", "U/L", 0},
	    {"36.9", "Cel", "98.6", "[degF]", -1},
	    {"6.0", "mmol/L", "5999", "umol/L", 1},
	    {"1", "[gal_us]", "1", "[gal_br]", -1},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		int got = compare(cases[i].a, cases[i].ua, cases[i].b, cases[i].ub);

		if (got != cases[i].want)
			print_error("%s %s against %s %s: %d\n", cases[i].a,
				    cases[i].ua, cases[i].b, cases[i].ub, got);
		assert_int_equal(got, cases[i].want);
		/* And the other way round. */
		assert_int_equal(
		    compare(cases[i].b, cases[i].ub, cases[i].a, cases[i].ua),
		    -cases[i].want);
	}
}

HF_TEST(units_of_two_kinds_do_not)
{
	assert_int_equal(compare("1", "g", "1", "m"), 9);
	assert_int_equal(compare("1", "[iU]", "1", "mg"), 9);
	assert_int_equal(compare("1", "[iU]", "1", "[arb'U]"), 9);
	assert_int_equal(compare("1", "[pH]", "1", "1"), 9);
	assert_int_equal(compare("1", "Cel", "1", "Cel/min"), 9);
}

HF_TEST(what_is_no_code_is_refused)
{
	static const char *const wrong[] = {
	    "",	   "xyz", "kkg",   "mg/",   "mg//L",  "(mg",
	    "mg)", "[mg", "{note", "mg..L", "10*400", "m1000",
	    "lbs", "0",	  ".",	   "m-",    "kCel",   "((((((((((((((m))))))))))))))",
	};
	struct hf_ucum u;

	for (size_t i = 0; i < HF_COUNT(wrong); i++) {
		if (hf_ucum_parse(hf_sv_from(wrong[i]), &u))
			print_error("taken: number %zu\n", i);
		assert_false(hf_ucum_parse(hf_sv_from(wrong[i]), &u));
	}
}

HF_TEST(every_unit_of_the_table_can_be_taken_apart)
{
	static const char *const codes[] = {
#define HF_UNIT(code, metric, number, of) code,
#include "fhir/ucum.def"
#undef HF_UNIT
	};
	struct hf_ucum u;

	for (size_t i = 0; i < HF_COUNT(codes); i++) {
		if (!hf_ucum_parse(hf_sv_from(codes[i]), &u))
			print_error("not known: number %zu\n", i);
		assert_true(hf_ucum_parse(hf_sv_from(codes[i]), &u));
		assert_true(u.num.m > 0 && u.den.m > 0);
	}
}

HF_TEST_MAIN("fhir/ucum", cmocka_unit_test(units_of_one_kind_compare),
	     cmocka_unit_test(units_of_two_kinds_do_not),
	     cmocka_unit_test(what_is_no_code_is_refused),
	     cmocka_unit_test(every_unit_of_the_table_can_be_taken_apart))
