/* The promises of base/time.h, one test each. */
#include "test/hf_test.h"

#include "base/time.h"

#define SECOND ((hf_time)1000)
#define DAY    (86400 * SECOND)

HF_TEST(london_agrees_with_tzdata_hour_by_hour_since_1916)
{
	setenv("TZ", "Europe/London", 1);
	tzset();
	/* Every half hour of a century, and of the history before it. */
	for (time_t t = -1704067200; t < 4102444800; t += 1800) {
		struct tm tm;

		/* In the years of the rule only March and October change. */
		if (t > 825000000 && t % (7 * 86400) == 0 &&
		    hf_civil_from_time((hf_time)t * SECOND).month % 7 != 3)
			t += 6 * 86400;
		assert_non_null(localtime_r(&t, &tm));
		if (hf_london_offset((hf_time)t * SECOND) * 60 != tm.tm_gmtoff)
			fail_msg("offset at %lld: %d, tzdata %ld", (long long)t,
				 hf_london_offset((hf_time)t * SECOND),
				 tm.tm_gmtoff / 60);
	}
}

HF_TEST(days_and_fields_are_inverse)
{
	for (int64_t day = -719162; day < 2932896; day += 37) {
		struct hf_civil c = hf_civil_from_time(day * DAY);

		assert_int_equal(hf_days_from_civil(c.year, c.month, c.day), day);
	}
	assert_int_equal(hf_weekday(hf_days_from_civil(2026, 11, 22)), 6);
}

HF_TEST(the_day_the_clocks_go_forward_has_23_hours_and_back_25)
{
	struct hf_civil a = {.year = 2026, .month = 3, .day = 29};
	struct hf_civil b = {.year = 2026, .month = 3, .day = 30};
	struct hf_civil c = {.year = 2026, .month = 10, .day = 25};
	struct hf_civil d = {.year = 2026, .month = 10, .day = 26};

	assert_int_equal(hf_london_time(&b) - hf_london_time(&a), 23 * 3600 * SECOND);
	assert_int_equal(hf_london_time(&d) - hf_london_time(&c), 25 * 3600 * SECOND);
}

HF_TEST(a_local_time_in_the_gap_or_twice_has_one_answer)
{
	struct hf_civil gap = {
	    .year = 2026, .month = 3, .day = 29, .hour = 1, .minute = 30};
	struct hf_civil twice = {
	    .year = 2026, .month = 10, .day = 25, .hour = 1, .minute = 30};
	char text[32];

	assert_string_equal(hf_time_format(hf_london_time(&gap), text, sizeof text),
			    "2026-03-29T01:30:00.000Z");
	assert_string_equal(hf_time_format(hf_london_time(&twice), text, sizeof text),
			    "2026-10-25T00:30:00.000Z");
}

HF_TEST(fhir_dates_keep_their_precision)
{
	static const struct {
		const char *text;
		enum hf_precision precision;
		const char *lo, *hi;
	} cases[] = {
	    {"2026", HF_PREC_YEAR, "2026-01-01T00:00:00.000Z",
	     "2027-01-01T00:00:00.000Z"},
	    {"2026-07", HF_PREC_MONTH, "2026-06-30T23:00:00.000Z",
	     "2026-07-31T23:00:00.000Z"},
	    {"2024-02-29", HF_PREC_DAY, "2024-02-29T00:00:00.000Z",
	     "2024-03-01T00:00:00.000Z"},
	    {"2026-12-31", HF_PREC_DAY, "2026-12-31T00:00:00.000Z",
	     "2027-01-01T00:00:00.000Z"},
	    {"2026-01-01T09:30:10Z", HF_PREC_SECOND, "2026-01-01T09:30:10.000Z",
	     "2026-01-01T09:30:11.000Z"},
	    {"2026-01-01T09:30:10.25+05:30", HF_PREC_MS, "2026-01-01T04:00:10.250Z",
	     "2026-01-01T04:00:10.251Z"},
	};
	char text[32];

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_date d;

		assert_true(hf_date_parse(hf_sv_from(cases[i].text), false, &d));
		assert_int_equal(d.precision, cases[i].precision);
		assert_string_equal(hf_time_format(d.lo, text, sizeof text),
				    cases[i].lo);
		assert_string_equal(hf_time_format(d.hi, text, sizeof text),
				    cases[i].hi);
	}
}

HF_TEST(what_is_no_fhir_date_is_refused)
{
	static const char *const bad[] = {"",
					  "26",
					  "0000",
					  "2026-13",
					  "2026-00",
					  "2026-02-30",
					  "2025-02-29",
					  "2026-1-1",
					  "2026-01-01T",
					  "2026-01-01T09:30Z",
					  "2026-01-01T09:30:00",
					  "2026-01-01T24:00:00Z",
					  "2026-01-01T09:60:00Z",
					  "2026-01-01T09:30:00.Z",
					  "2026-01-01T09:30:00+15:00",
					  "2026-01-01T09:30:00+14:01",
					  "2026-01-01 09:30",
					  "2026-01T09:30:00Z",
					  "2026-01-01T09:30:00Zx",
					  "x"};

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_date d = {.lo = 42};

		if (hf_date_parse(hf_sv_from(bad[i]), false, &d))
			fail_msg("%s was read", bad[i]);
		assert_int_equal(d.lo, 42);
	}
}

HF_TEST(search_values_may_leave_out_seconds_and_zone)
{
	struct hf_date d;

	assert_true(hf_date_parse(HF_SV("2026-07-01T09:30"), true, &d));
	assert_int_equal(d.precision, HF_PREC_MINUTE);
	assert_int_equal(d.hi - d.lo, 60 * SECOND);
	assert_false(d.zoned);
	assert_true(hf_date_parse(HF_SV("2026-07-01T09:30:00Z"), true, &d));
	assert_true(d.zoned);
}

HF_TEST(age_turns_on_the_birthday)
{
	int64_t born = hf_days_from_civil(1940, 2, 29);

	assert_int_equal(hf_age_years(born, hf_days_from_civil(2026, 2, 28)), 85);
	assert_int_equal(hf_age_years(born, hf_days_from_civil(2026, 3, 1)), 86);
	assert_int_equal(hf_age_years(born, hf_days_from_civil(2028, 2, 29)), 88);
}

HF_TEST_MAIN("base/time",
	     cmocka_unit_test(london_agrees_with_tzdata_hour_by_hour_since_1916),
	     cmocka_unit_test(days_and_fields_are_inverse),
	     cmocka_unit_test(the_day_the_clocks_go_forward_has_23_hours_and_back_25),
	     cmocka_unit_test(a_local_time_in_the_gap_or_twice_has_one_answer),
	     cmocka_unit_test(fhir_dates_keep_their_precision),
	     cmocka_unit_test(what_is_no_fhir_date_is_refused),
	     cmocka_unit_test(search_values_may_leave_out_seconds_and_zone),
	     cmocka_unit_test(age_turns_on_the_birthday))
