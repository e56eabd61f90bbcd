/* The promises of base/workday.h, against the published lists of bank holidays. */
#include "base/workday.h"
#include "test/hf_test.h"

static int64_t
day(int year, int month, int d)
{
	return hf_days_from_civil(year, month, d);
}

static void
holidays_are(int32_t year, const char *expected)
{
	char text[256] = "";
	size_t n = 0;

	for (int64_t at = day(year, 1, 1); at <= day(year, 12, 31); at++) {
		struct hf_civil c = hf_civil_from_time(at * 86400000);

		if (hf_bank_holiday(at))
			n += (size_t)snprintf(text + n, sizeof text - n, "%s%d-%d",
					      n ? " " : "", c.month, c.day);
	}
	assert_string_equal(text, expected);
}

HF_TEST(bank_holidays_are_those_that_were_published)
{
	holidays_are(2019, "1-1 4-19 4-22 5-6 5-27 8-26 12-25 12-26");
	holidays_are(2020, "1-1 4-10 4-13 5-8 5-25 8-31 12-25 12-28");
	holidays_are(2021, "1-1 4-2 4-5 5-3 5-31 8-30 12-27 12-28");
	holidays_are(2022, "1-3 4-15 4-18 5-2 6-2 6-3 8-29 9-19 12-26 12-27");
	holidays_are(2023, "1-2 4-7 4-10 5-1 5-8 5-29 8-28 12-25 12-26");
	holidays_are(2024, "1-1 3-29 4-1 5-6 5-27 8-26 12-25 12-26");
	holidays_are(2025, "1-1 4-18 4-21 5-5 5-26 8-25 12-25 12-26");
	holidays_are(2026, "1-1 4-3 4-6 5-4 5-25 8-31 12-25 12-28");
	holidays_are(2027, "1-1 3-26 3-29 5-3 5-31 8-30 12-27 12-28");
	holidays_are(2012, "1-2 4-6 4-9 5-7 6-4 6-5 8-27 12-25 12-26");
	holidays_are(2011, "1-3 4-22 4-25 4-29 5-2 5-30 8-29 12-26 12-27");
}

HF_TEST(easter_is_where_it_was_and_will_be)
{
	assert_int_equal(hf_easter(1981), day(1981, 4, 19));
	assert_int_equal(hf_easter(2000), day(2000, 4, 23));
	assert_int_equal(hf_easter(2026), day(2026, 4, 5));
	assert_int_equal(hf_easter(2038), day(2038, 4, 25));
}

HF_TEST(working_days_leave_out_weekends_and_bank_holidays)
{
	assert_int_equal(hf_workdays_after(day(2026, 11, 20), 1), day(2026, 11, 23));
	assert_int_equal(hf_workdays_after(day(2026, 11, 22), 5), day(2026, 11, 27));
	/* Over Christmas: 24 and 29 to 31 December, then 4 January. */
	assert_int_equal(hf_workdays_after(day(2026, 12, 23), 5), day(2027, 1, 4));
	assert_int_equal(hf_workdays_after(day(2026, 11, 20), 0), day(2026, 11, 20));
}

HF_TEST_MAIN("base/workday",
	     cmocka_unit_test(bank_holidays_are_those_that_were_published),
	     cmocka_unit_test(easter_is_where_it_was_and_will_be),
	     cmocka_unit_test(working_days_leave_out_weekends_and_bank_holidays))
