/* Stale entries, capacity by part of the day with its reserve, and
 * what OPEL does to it. */
#include "test/hf_test.h"
#include "place/directory.h"

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

/* 8 slots in the morning and 4 in the afternoon, none at weekends; 25 % in reserve. */
static struct hf_team
two_parts(void)
{
	struct hf_team t = {.reserved_percent = 25, .n_parts = 2};

	/* Not in order of the day. */
	t.parts[0] = (struct hf_day_part){840, 1200, {4, 4, 4, 4, 4, 0, 0}};
	t.parts[1] = (struct hf_day_part){480, 840, {8, 8, 8, 8, 8, 0, 0}};
	return t;
}

HF_TEST(R_2_14_an_entry_is_stale_90_days_after_it_was_verified)
{
	struct hf_team t = {.verified = hf_days_from_civil(2026, 6, 1)};

	assert_false(hf_team_stale(&t, at(2026, 6, 1, 9, 0)));
	assert_false(hf_team_stale(&t, at(2026, 8, 29, 23, 59)));
	/* The day changes in London: 23:00 UTC of the 29th. */
	assert_true(hf_team_stale(&t, at(2026, 8, 30, 0, 0)));
	t.verified = INT64_MIN;
	assert_true(hf_team_stale(&t, at(2026, 6, 1, 9, 0)));
}

HF_TEST(R_2_16_the_part_of_the_day_or_the_next_with_slots_counts)
{
	struct hf_team t = two_parts();
	static const struct {
		int hour, minute, staffed, from;
	} cases[] = {{6, 0, 8, 480},  {8, 0, 8, 480},	{13, 59, 8, 480},
		     {14, 0, 4, 840}, {19, 59, 4, 840}, {20, 0, 8, 480},
		     {23, 59, 8, 480}};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		hf_time when = at(2026, 6, 1, cases[i].hour, cases[i].minute);
		struct hf_capacity c = hf_team_capacity(&t, when, 0, true, 1);

		assert_int_equal(c.staffed, cases[i].staffed);
		assert_int_equal(c.from, cases[i].from);
		assert_true(c.counted);
	}
	/* Friday evening and Saturday: Monday's. */
	assert_int_equal(hf_team_capacity(&t, at(2026, 6, 5, 21, 0), 0, true, 1).free,
			 8);
	assert_int_equal(hf_team_capacity(&t, at(2026, 6, 6, 9, 0), 0, true, 1).from,
			 480);
	/* Never open. */
	t.n_parts = 1;
	for (int d = 0; d < 7; d++)
		t.parts[0].staffed[d] = 0;
	assert_int_equal(hf_team_capacity(&t, at(2026, 6, 5, 21, 0), 0, true, 1).free,
			 0);
}

HF_TEST(R_2_16_the_reserve_is_for_urgent_work_alone)
{
	struct hf_team t = two_parts();
	hf_time nine = at(2026, 6, 1, 9, 0);
	struct hf_capacity c = hf_team_capacity(&t, nine, 3, false, 1);

	assert_int_equal(c.staffed, 8);
	assert_int_equal(c.committed, 3);
	assert_int_equal(c.reserved, 2);
	assert_int_equal(c.free, 3);
	assert_int_equal(hf_team_capacity(&t, nine, 3, true, 1).free, 5);
	assert_int_equal(hf_team_capacity(&t, nine, 6, false, 1).free, 0);
	assert_int_equal(hf_team_capacity(&t, nine, 7, false, 1).free, 0);
	assert_int_equal(hf_team_capacity(&t, nine, 7, true, 1).free, 1);
}

HF_TEST(R_2_21_at_opel_3_the_reserve_is_40_percent)
{
	struct hf_team t = two_parts();
	hf_time nine = at(2026, 6, 1, 9, 0);

	assert_int_equal(hf_team_capacity(&t, nine, 0, false, 2).reserved, 2);
	assert_int_equal(hf_team_capacity(&t, nine, 0, false, 3).reserved, 3);
	assert_int_equal(hf_team_capacity(&t, nine, 0, false, 4).free, 5);
	assert_int_equal(hf_team_capacity(&t, nine, 0, true, 4).free, 8);
	/* One that holds more keeps it; one that holds none is not made to. */
	t.reserved_percent = 60;
	assert_int_equal(hf_team_capacity(&t, nine, 0, false, 3).reserved, 5);
	t.reserved_percent = 0;
	assert_int_equal(hf_team_capacity(&t, nine, 0, false, 3).reserved, 0);
}

/* Law: free is from 0 to what is staffed, urgent work never has less of it than
 * other work, and one more committed never makes it more. */
HF_TEST(free_slots_stay_in_bounds)
{
	struct hf_team t = two_parts();

	for (int percent = 0; percent <= 100; percent += 5)
		for (int opel = 1; opel <= 4; opel++)
			for (int n = 0; n < 12; n++) {
				hf_time nine = at(2026, 6, 1, 9, 0);
				struct hf_capacity u, r, more;

				t.reserved_percent = percent;
				u = hf_team_capacity(&t, nine, n, true, opel);
				r = hf_team_capacity(&t, nine, n, false, opel);
				more = hf_team_capacity(&t, nine, n + 1, false, opel);
				assert_in_range(r.free, 0, r.staffed);
				assert_true(u.free >= r.free && r.free >= more.free);
			}
}

HF_TEST(a_team_that_keeps_no_slots_is_not_counted)
{
	struct hf_team t = {.reserved_percent = 25};
	struct hf_capacity c = hf_team_capacity(&t, at(2026, 6, 1, 9, 0), 5, true, 1);

	assert_false(c.counted);
	assert_int_equal(c.staffed, 0);
	assert_int_equal(c.free, 0);
}

/* 01:30 comes twice on 25 October; both are of the part from midnight to 08:00. */
HF_TEST(parts_of_the_day_are_those_of_london)
{
	struct hf_team t = {.n_parts = 1};
	hf_time twice = at(2026, 10, 25, 1, 30);

	t.parts[0] = (struct hf_day_part){0, 480, {5, 0, 0, 0, 0, 0, 3}};
	assert_int_equal(hf_team_capacity(&t, twice, 0, true, 1).staffed, 3);
	assert_int_equal(hf_team_capacity(&t, twice + 3600000, 0, true, 1).staffed, 3);
	assert_int_equal(
	    hf_team_capacity(&t, at(2026, 10, 25, 8, 0), 0, true, 1).staffed, 5);
	/* 00:30 in London in summer is the day before in UTC. */
	assert_int_equal(
	    hf_team_capacity(&t, at(2026, 7, 5, 0, 30), 0, true, 1).staffed, 3);
}

HF_TEST_MAIN("place/capacity",
	     cmocka_unit_test(R_2_14_an_entry_is_stale_90_days_after_it_was_verified),
	     cmocka_unit_test(R_2_16_the_part_of_the_day_or_the_next_with_slots_counts),
	     cmocka_unit_test(R_2_16_the_reserve_is_for_urgent_work_alone),
	     cmocka_unit_test(R_2_21_at_opel_3_the_reserve_is_40_percent),
	     cmocka_unit_test(free_slots_stay_in_bounds),
	     cmocka_unit_test(a_team_that_keeps_no_slots_is_not_counted),
	     cmocka_unit_test(parts_of_the_day_are_those_of_london))
