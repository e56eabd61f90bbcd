/* Calendars of clocks: both changes of the clocks, midnight, bank holidays, opening
 * hours (section 2.5, R-2.2, R-2.8). */
#include "test/hf_test.h"
#include "pathway/hours.h"

/* Local time in London. */
static hf_time
at(int year, int month, int day, int hour, int minute)
{
	struct hf_civil c = {.year = year,
			     .month = (int8_t)month,
			     .day = (int8_t)day,
			     .hour = (int8_t)hour,
			     .minute = (int8_t)minute};

	return hf_london_time(&c);
}

static struct hf_duration
dur(const char *text)
{
	struct hf_duration d;

	assert_true(hf_duration_parse(hf_sv_from(text), &d));
	return d;
}

static hf_time
due(hf_time start, const char *limit, enum hf_calendar calendar,
    const struct hf_hours *hours)
{
	struct hf_duration d = dur(limit);

	return hf_due(start, &d, calendar, hours);
}

HF_TEST(durations_are_read_strictly)
{
	static const char *const wrong[] = {
	    "",	    "P",   "PT",    "2H",   "PT2",   "P2H",  "PT2D",
	    "P-1D", "P0D", "P1.5D", "PT0S", "P200Y", "P1D ", "P9999999999D"};
	struct hf_duration d;

	for (size_t i = 0; i < HF_COUNT(wrong); i++)
		assert_false(hf_duration_parse(hf_sv_from(wrong[i]), &d));
	d = dur("P1Y2M3W4DT5H6M7S");
	assert_int_equal(d.months, 14);
	assert_int_equal(d.days, 25);
	assert_true(d.ms == ((5 * 60 + 6) * 60 + 7) * 1000);
}

/* C1: two hours are 120 minutes, whatever the clocks do. */
HF_TEST(hours_are_lengths_of_time)
{
	/* 29 March 2026 01:00 GMT becomes 02:00 BST. */
	assert_true(due(at(2026, 3, 29, 0, 30), "PT2H", HF_CALENDAR_ELAPSED, NULL) ==
		    at(2026, 3, 29, 3, 30));
	/* 25 October 2026 02:00 BST becomes 01:00 GMT. */
	assert_true(due(at(2026, 10, 25, 0, 30), "PT2H", HF_CALENDAR_ELAPSED, NULL) ==
		    at(2026, 10, 25, 0, 30) + 7200000);
	assert_int_equal(hf_london_civil(due(at(2026, 10, 25, 0, 30), "PT2H",
					     HF_CALENDAR_ELAPSED, NULL))
			     .hour,
			 1);
	/* Over midnight. */
	assert_true(due(at(2026, 6, 1, 23, 15), "PT2H", HF_CALENDAR_ELAPSED, NULL) ==
		    at(2026, 6, 2, 1, 15));
}

/* C2, reviews: days and months keep the time of day. */
HF_TEST(days_and_months_are_steps_of_the_calendar)
{
	assert_true(due(at(2026, 3, 28, 12, 0), "P2D", HF_CALENDAR_CALENDAR, NULL) ==
		    at(2026, 3, 30, 12, 0));
	assert_true(due(at(2026, 10, 24, 12, 0), "P2D", HF_CALENDAR_CALENDAR, NULL) ==
		    at(2026, 10, 26, 12, 0));
	assert_true(due(at(2026, 8, 31, 9, 0), "P6M", HF_CALENDAR_CALENDAR, NULL) ==
		    at(2027, 2, 28, 9, 0));
	assert_true(due(at(2024, 2, 29, 9, 0), "P1Y", HF_CALENDAR_CALENDAR, NULL) ==
		    at(2025, 2, 28, 9, 0));
	assert_true(due(at(2026, 12, 31, 23, 59), "P1D", HF_CALENDAR_CALENDAR, NULL) ==
		    at(2027, 1, 1, 23, 59));
	/* C4: 126 days. */
	assert_true(due(at(2026, 7, 1, 8, 0), "P126D", HF_CALENDAR_CALENDAR, NULL) ==
		    at(2026, 11, 4, 8, 0));
}

/* C5: working days leave out weekends and bank holidays (Christmas 2026: Friday 25,
 * Monday 28 in place of Saturday 26). */
HF_TEST(working_days_leave_out_weekends_and_holidays)
{
	assert_true(due(at(2026, 12, 24, 10, 0), "P1D", HF_CALENDAR_WORKING, NULL) ==
		    at(2026, 12, 29, 10, 0));
	assert_true(due(at(2026, 5, 1, 16, 0), "P1D", HF_CALENDAR_WORKING, NULL) ==
		    at(2026, 5, 5, 16, 0)); /* early May bank holiday, Monday 4 */
	/* From a Saturday it begins on Monday. */
	assert_true(due(at(2026, 6, 6, 15, 0), "P1D", HF_CALENDAR_WORKING, NULL) ==
		    at(2026, 6, 9, 0, 0));
	/* four working hours from Friday 15:00 end on Monday at 11:00. */
	assert_true(due(at(2026, 6, 5, 15, 0), "PT4H", HF_CALENDAR_WORKING, NULL) ==
		    at(2026, 6, 8, 11, 0));
	assert_true(hf_counted(at(2026, 6, 5, 15, 0), at(2026, 6, 8, 11, 0),
			       HF_CALENDAR_WORKING, NULL) == 4 * 3600000);
}

static struct hf_hours
eight_to_eight(void)
{
	struct hf_hours h = {.holiday_as_week = true};

	for (size_t i = 0; i < 7; i++)
		h.week[i] = (struct hf_open_day){.spans = {{480, 1200}}, .n = 1};
	return h;
}

/* C1: a referral that comes while the service is closed starts when it opens. */
HF_TEST(a_clock_of_opening_hours_begins_when_it_is_open)
{
	struct hf_hours h = eight_to_eight();

	assert_true(hf_hours_open(&h, at(2026, 6, 1, 8, 0)));
	assert_false(hf_hours_open(&h, at(2026, 6, 1, 20, 0)));
	assert_true(hf_hours_next(&h, at(2026, 6, 1, 21, 0)) == at(2026, 6, 2, 8, 0));
	assert_true(due(at(2026, 6, 1, 21, 0), "PT2H", HF_CALENDAR_OPENING, &h) ==
		    at(2026, 6, 2, 10, 0));
	assert_true(due(at(2026, 6, 1, 19, 0), "PT2H", HF_CALENDAR_OPENING, &h) ==
		    at(2026, 6, 2, 9, 0));
	assert_true(due(at(2026, 6, 1, 10, 0), "PT2H", HF_CALENDAR_OPENING, &h) ==
		    at(2026, 6, 1, 12, 0));
	/* A day closed by exception, and one open for an hour. */
	h.n_exceptions = 2;
	h.exceptions[0].day = hf_london_day(at(2026, 6, 2, 12, 0));
	h.exceptions[0].open.n = 0;
	h.exceptions[1].day = hf_london_day(at(2026, 6, 3, 12, 0));
	h.exceptions[1].open = (struct hf_open_day){.spans = {{600, 660}}, .n = 1};
	assert_true(due(at(2026, 6, 1, 19, 0), "PT3H", HF_CALENDAR_OPENING, &h) ==
		    at(2026, 6, 4, 9, 0));
	assert_true(hf_counted(at(2026, 6, 1, 19, 0), at(2026, 6, 4, 9, 0),
			       HF_CALENDAR_OPENING, &h) == 3 * 3600000);
}

HF_TEST(a_service_that_never_opens_has_no_due_time)
{
	struct hf_hours h = {.holiday_as_week = true};

	assert_true(due(at(2026, 6, 1, 9, 0), "PT2H", HF_CALENDAR_OPENING, &h) ==
		    HF_TIME_MAX);
	assert_true(hf_hours_next(&h, at(2026, 6, 1, 9, 0)) == HF_TIME_MAX);
}

/* The night of the change is 23 or 25 hours long for a service that is always open. */
HF_TEST(a_day_of_the_change_has_its_own_length)
{
	assert_true(hf_hours_between(&hf_hours_always, at(2026, 3, 29, 0, 0),
				     at(2026, 3, 30, 0, 0)) == 23 * 3600000LL);
	assert_true(hf_hours_between(&hf_hours_always, at(2026, 10, 25, 0, 0),
				     at(2026, 10, 26, 0, 0)) == 25 * 3600000LL);
}

/* Law: what counts between a start and its due time is the limit, for limits in hours
 * and every start of a year that holds both changes. */
HF_TEST(what_counts_until_it_is_due_is_the_limit)
{
	struct hf_hours h = eight_to_eight();
	hf_time start = at(2026, 1, 1, 0, 7);

	for (int i = 0; i < 3000; i++, start += 10920000 /* 3 h 2 min */) {
		struct hf_duration d = {.ms = (int64_t)(i % 40 + 1) * 1800000};

		for (int c = HF_CALENDAR_ELAPSED; c <= HF_CALENDAR_OPENING; c++) {
			enum hf_calendar calendar = (enum hf_calendar)c;
			hf_time end = hf_due(start, &d, calendar, &h);

			assert_true(end > start);
			assert_true(hf_counted(start, end, calendar, &h) == d.ms);
		}
	}
}

HF_TEST_MAIN("pathway/hours", cmocka_unit_test(durations_are_read_strictly),
	     cmocka_unit_test(hours_are_lengths_of_time),
	     cmocka_unit_test(days_and_months_are_steps_of_the_calendar),
	     cmocka_unit_test(working_days_leave_out_weekends_and_holidays),
	     cmocka_unit_test(a_clock_of_opening_hours_begins_when_it_is_open),
	     cmocka_unit_test(a_service_that_never_opens_has_no_due_time),
	     cmocka_unit_test(a_day_of_the_change_has_its_own_length),
	     cmocka_unit_test(what_counts_until_it_is_due_is_the_limit))
