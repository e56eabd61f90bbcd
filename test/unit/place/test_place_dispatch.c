/* Which team is asked first: each bar, each kind of points, ties, and when a
 * team can be there. */
#include "test/hf_test.h"
#include "place/directory.h"

#include <stdio.h>

#define NOON 1780311600000LL /* Monday 2026-06-01T12:00 in London */
#define HOUR 3600000LL
#define MIN  60000LL

static struct hf_codes
codes(const char *const *list, size_t n)
{
	struct hf_codes c = {.n = n};

	for (size_t i = 0; i < n; i++)
		c.items[i] = hf_sv_from(list[i]);
	return c;
}
#define CODES(...)                                                                     \
	codes((const char *const[]){__VA_ARGS__},                                      \
	      sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* Open all the time, 8 slots a day, ten minutes away. */
static struct hf_team
team(const char *id)
{
	struct hf_team t = {.id = hf_sv_from(id),
			    .localities = CODES("north"),
			    .age_max = 130,
			    .hours = hf_hours_always,
			    .n_parts = 1,
			    .reserved_percent = 25,
			    .travel_min = 10,
			    .travel_far_min = 30,
			    .active = true};

	t.parts[0] = (struct hf_day_part){0, 1440, {8, 8, 8, 8, 8, 8, 8}};
	return t;
}

static struct hf_dispatch_ask
ask(void)
{
	return (struct hf_dispatch_ask){.locality = HF_SV("north"),
					.postcode = HF_SV("ZX1 2AB"),
					.age = 80,
					.sex = HF_SV("female"),
					.urgency = HF_SV("U1"),
					.condition = HF_SV("fall"),
					.source = HF_SV("gp"),
					.now = NOON,
					.due = NOON + 2 * HOUR,
					.opel = 1};
}

static struct hf_dispatch_choice
judge(struct hf_team t, int committed, struct hf_dispatch_ask a)
{
	struct hf_directory d = {.items = &t, .n = 1};
	struct hf_dispatch_choice c;

	hf_dispatch_rank(&d, &committed, &a, &hf_dispatch_weights, &c);
	return c;
}

static uint32_t
bars(struct hf_team t, struct hf_dispatch_ask a)
{
	return judge(t, 0, a).bars;
}

HF_TEST(R_2_15_each_bar_stands_alone)
{
	struct hf_team t = team("a");
	struct hf_dispatch_ask a = ask();

	t.urgencies = CODES("U1", "U2");
	t.skills = CODES("catheter", "iv");
	t.referrers = CODES("gp", "999");
	t.conditions_in = CODES("fall", "frailty-decompensation");
	t.conditions_out = CODES("palliative-eol-crisis");
	t.sex = HF_SV("female");
	t.age_min = 18;
	a.skills = CODES("iv");
	assert_int_equal(bars(t, a), 0);

	t.active = false;
	assert_int_equal(bars(t, a), HF_BAR_INACTIVE);
	t.active = true;
	a.locality = HF_SV("south");
	assert_int_equal(bars(t, a), HF_BAR_AREA);
	a = ask();
	a.urgency = HF_SV("U6");
	assert_int_equal(bars(t, a), HF_BAR_URGENCY);
	a.urgency = HF_SV("A0");
	assert_int_equal(bars(t, a), HF_BAR_URGENCY);
	a = ask();
	a.age = 17;
	assert_int_equal(bars(t, a), HF_BAR_AGE);
	a.age = 18;
	assert_int_equal(bars(t, a), 0);
	t.age_max = 64;
	a.age = 64;
	assert_int_equal(bars(t, a), 0);
	a.age = 65;
	assert_int_equal(bars(t, a), HF_BAR_AGE);
	t.age_max = 130;
	a = ask();
	a.sex = HF_SV("male");
	assert_int_equal(bars(t, a), HF_BAR_SEX);
	a = ask();
	a.skills = CODES("iv", "verification-of-death");
	assert_int_equal(bars(t, a), HF_BAR_SKILLS);
	a = ask();
	a.condition = HF_SV("urgent-diabetes");
	assert_int_equal(bars(t, a), HF_BAR_CONDITION);
	t.conditions_in.n = 0;
	assert_int_equal(bars(t, a), 0);
	a.condition = HF_SV("palliative-eol-crisis");
	assert_int_equal(bars(t, a), HF_BAR_CONDITION);
	a = ask();
	a.source = HF_SV("self");
	assert_int_equal(bars(t, a), HF_BAR_REFERRER);
	a = ask();
	a.excluded = CODES("b", "a");
	assert_int_equal(bars(t, a), HF_BAR_EXCLUDED);
	t.provider = HF_SV("trust");
	a.excluded = CODES("trust");
	assert_int_equal(bars(t, a), HF_BAR_EXCLUDED);
	a = ask();
	assert_int_equal(judge(t, 8, a).bars, HF_BAR_CAPACITY);
	t.hours = (struct hf_hours){0};
	assert_int_equal(bars(t, a), HF_BAR_CLOSED);
}

HF_TEST(each_bar_has_its_own_words)
{
	for (int i = 0; i < HF_DISPATCH_BARS; i++) {
		const char *text =
		    hf_dispatch_bar_text((enum hf_dispatch_bar)(1u << i));

		assert_true(strlen(text) > 10);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
			    text,
			    hf_dispatch_bar_text((enum hf_dispatch_bar)(1u << j)));
	}
}

/* a person of whom little is known is still sent a team. */
HF_TEST(what_is_not_known_bars_nobody)
{
	struct hf_team t = team("a");
	struct hf_dispatch_ask a = {.age = -1, .now = NOON, .due = HF_TIME_MAX};

	t.urgencies = CODES("U1");
	t.referrers = CODES("gp");
	t.conditions_in = CODES("fall");
	t.sex = HF_SV("female");
	t.age_min = 18;
	assert_int_equal(bars(t, a), 0);
	a.sex = HF_SV("unknown");
	a.postcode = HF_SV("ZX1 2AB"); /* the team goes by localities */
	assert_int_equal(bars(t, a), 0);
	/* Nobody knows that it is near, though. */
	assert_int_equal(judge(t, 0, a).parts[1], 0);
	assert_true(judge(t, 0, a).arrival == NOON + 30 * MIN);
}

HF_TEST(an_area_of_postcodes_is_met_at_whole_parts)
{
	static const struct {
		const char *listed, *person;
		bool in;
	} cases[] = {{"ZX1", "ZX1 2AB", true},	   {"ZX1", "zx12ab", true},
		     {"ZX1", "ZX11 2AB", false},   {"ZX1 2", "ZX1 2AB", true},
		     {"ZX1 2", "ZX1 3AB", false},  {"ZX1 2", "ZX12 2AB", false},
		     {"ZX1 2AB", "ZX1 2AB", true}, {"ZX1 2AB", "ZX1 2AC", false},
		     {"ZX1", "ZX1", true},	   {"ZX1 2", "ZX1", false},
		     {"zx1", "ZX1 2AB", true},	   {"ZX", "ZX1 2AB", false}};
	struct hf_team t = team("a");
	struct hf_dispatch_ask a = ask();

	t.localities.n = 0;
	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_dispatch_choice c;

		t.postcodes = CODES(cases[i].listed);
		a.postcode = hf_sv_from(cases[i].person);
		c = judge(t, 0, a);
		assert_int_equal(c.bars, cases[i].in ? 0 : HF_BAR_AREA);
		assert_int_equal(c.parts[1], cases[i].in ? 2500 : 0);
	}
	/* Either is enough. */
	t.localities = CODES("south");
	t.postcodes = CODES("ZX1");
	a.postcode = HF_SV("ZX1 2AB");
	assert_int_equal(bars(t, a), 0);
	/* A team of the whole place covers it, but is not of the locality. */
	t.localities.n = t.postcodes.n = 0;
	assert_int_equal(bars(t, a), 0);
	assert_int_equal(judge(t, 0, a).parts[1], 0);
	assert_true(judge(t, 0, a).arrival == NOON + 10 * MIN);
}

HF_TEST(R_2_15_points_are_40_25_25_10)
{
	struct hf_team t = team("a");
	struct hf_dispatch_ask a = ask();
	struct hf_dispatch_choice c;

	a.current = HF_SV("a");
	t.travel_min = 0;
	c = judge(t, 0, a);
	assert_int_equal(c.score, 10000);
	assert_int_equal(c.parts[0], 4000);
	/* Thirty of 120 minutes gone: three quarters of 25. */
	t.travel_min = 30;
	assert_int_equal(judge(t, 0, a).parts[2], 1875);
	/* Two of eight slots taken. */
	assert_int_equal(judge(t, 2, a).parts[3], 750);
	/* A team that counts no slots has half. */
	t.n_parts = 0;
	c = judge(t, 50, a);
	assert_int_equal(c.parts[3], 500);
	assert_int_equal(c.bars, 0);
	/* Without a clock arrival is measured against a day; after it, against 2 hours.
	 */
	a.due = HF_TIME_MAX;
	t.travel_min = 144;
	assert_int_equal(judge(t, 0, a).parts[2], 2250);
	a.due = NOON - HOUR;
	t.travel_min = 60;
	assert_int_equal(judge(t, 0, a).parts[2], 1250);
	assert_int_equal(judge(t, 0, a).bars, 0);
}

HF_TEST(weights_are_configuration)
{
	static const struct hf_dispatch_weights w = {.continuity = 0, .load = 100};
	struct hf_team t = team("a");
	struct hf_directory d = {.items = &t, .n = 1};
	struct hf_dispatch_ask a = ask();
	struct hf_dispatch_choice c;
	int committed = 4;

	a.current = HF_SV("a");
	hf_dispatch_rank(&d, &committed, &a, &w, &c);
	assert_int_equal(c.score, 5000);
}

HF_TEST(R_2_15_best_first_then_arrival_then_id_then_the_barred)
{
	/* d and b are the same; c is later but emptier by as much; e may not be asked.
	 */
	struct hf_team t[6] = {team("d"), team("b"), team("e"),
			       team("c"), team("f"), team("g")};
	int committed[6] = {0, 0, 0, 0, 8, 0};
	struct hf_directory d = {.items = t, .n = 6};
	struct hf_dispatch_ask a = ask();
	struct hf_dispatch_choice c[6];
	static const int order[] = {5, 1, 0, 3, 4, 2};

	t[2].active = false;
	t[2].age_max = 5;
	t[3].travel_min = 11;
	a.current = HF_SV("g");
	hf_dispatch_rank(&d, committed, &a, &hf_dispatch_weights, c);
	for (size_t i = 0; i < HF_COUNT(order); i++)
		assert_int_equal(c[i].team, order[i]);
	assert_int_equal(c[4].bars, HF_BAR_CAPACITY);
	assert_int_equal(c[5].bars, HF_BAR_INACTIVE | HF_BAR_AGE);
}

/* Equal scores, other arrivals: 12 minutes of two hours are 2.5 points, and so is a
 * quarter of the load. */
HF_TEST(R_2_15_an_earlier_arrival_goes_before_an_earlier_id)
{
	struct hf_team t[2] = {team("a"), team("b")};
	int committed[2] = {0, 2};
	struct hf_directory d = {.items = t, .n = 2};
	struct hf_dispatch_ask a = ask();
	struct hf_dispatch_choice c[2];

	t[0].travel_min = 24;
	t[1].travel_min = 12;
	hf_dispatch_rank(&d, committed, &a, &hf_dispatch_weights, c);
	assert_int_equal(c[0].score, c[1].score);
	assert_int_equal(c[0].team, 1);
}

/* ---- time ---- */

static struct hf_team
eight_to_eight(const char *id)
{
	struct hf_team t = team(id);

	t.hours = (struct hf_hours){.holiday_as_week = true};
	for (size_t i = 0; i < 7; i++)
		t.hours.week[i] = (struct hf_open_day){.spans = {{480, 1200}}, .n = 1};
	t.parts[0].from = 480;
	t.parts[0].to = 1200;
	return t;
}

HF_TEST(a_team_that_is_shut_may_be_asked_when_it_opens_in_time)
{
	struct hf_team t = eight_to_eight("a");
	struct hf_dispatch_ask a = ask();

	a.now = NOON + 9 * HOUR; /* 21:00 */
	a.due = a.now + 2 * HOUR;
	assert_int_equal(bars(t, a), HF_BAR_CLOSED);
	/* Ten minutes after it opens is the earliest. */
	a.due = NOON + 20 * HOUR + 10 * MIN;
	assert_int_equal(bars(t, a), 0);
	assert_true(judge(t, 0, a).arrival == a.due);
	a.due--;
	assert_int_equal(bars(t, a), HF_BAR_CLOSED);
}

HF_TEST(a_team_does_not_arrive_after_it_has_shut)
{
	struct hf_team t = eight_to_eight("a");
	struct hf_dispatch_ask a = ask();

	a.now = NOON + 8 * HOUR - 10 * MIN; /* 19:50, there at 20:00 when it shuts */
	a.due = a.now + 2 * HOUR;
	assert_int_equal(bars(t, a), HF_BAR_CLOSED);
	a.now -= MIN;
	assert_int_equal(bars(t, a), 0);
	/* Tomorrow will do: ten past eight. */
	a.now += MIN;
	a.due = HF_TIME_MAX;
	assert_int_equal(bars(t, a), 0);
	assert_true(judge(t, 0, a).arrival == NOON + 20 * HOUR + 10 * MIN);
}

/* A breach is not made worse by offering nobody. */
HF_TEST(an_open_team_may_be_asked_when_the_clock_is_over)
{
	struct hf_team t = eight_to_eight("a");
	struct hf_dispatch_ask a = ask();

	a.due = NOON + 5 * MIN;
	assert_int_equal(bars(t, a), 0);
	a.due = NOON - HOUR;
	assert_int_equal(bars(t, a), 0);
	a.now = NOON + 9 * HOUR;
	assert_int_equal(bars(t, a), HF_BAR_CLOSED);
}

HF_TEST(R_2_16_a_slot_of_a_later_part_will_do_when_there_is_time)
{
	struct hf_team t = eight_to_eight("a");
	struct hf_dispatch_ask a = ask();
	struct hf_dispatch_choice c;

	t.n_parts = 2;
	t.parts[0] = (struct hf_day_part){480, 840, {4, 4, 4, 4, 4, 4, 4}};
	t.parts[1] = (struct hf_day_part){840, 1200, {4, 4, 4, 4, 4, 4, 4}};
	/* Noon, the morning is full; from 14:00 one is free, which is too late. */
	a.due -= MIN;
	c = judge(t, 7, a);
	assert_int_equal(c.bars, HF_BAR_CAPACITY);
	assert_int_equal(c.capacity.free, 0);
	/* Same day: the afternoon. */
	a.urgency = HF_SV("U2");
	a.due = NOON + 4 * HOUR;
	c = judge(t, 7, a);
	assert_int_equal(c.bars, 0);
	assert_true(c.arrival == NOON + 2 * HOUR + 10 * MIN);
	assert_int_equal(c.capacity.from, 840);
	assert_int_equal(c.capacity.free, 1);
	assert_int_equal(judge(t, 8, a).bars, HF_BAR_CAPACITY);
	/* Next day: tomorrow morning. */
	a.urgency = HF_SV("U3");
	a.due = NOON + 24 * HOUR;
	assert_true(judge(t, 8, a).arrival == NOON + 20 * HOUR + 10 * MIN);
	/* Nobody looks further than a week. */
	a.due = HF_TIME_MAX;
	assert_int_equal(judge(t, 1000, a).bars, HF_BAR_CAPACITY);
	assert_true(judge(t, 1000, a).arrival == HF_TIME_MAX);
}

HF_TEST(R_2_16_routine_work_does_not_use_the_reserve)
{
	struct hf_team t = eight_to_eight("a");
	struct hf_dispatch_ask a = ask();

	assert_int_equal(judge(t, 6, a).capacity.free, 2);
	a.urgency = HF_SV("U5");
	assert_int_equal(judge(t, 6, a).bars, HF_BAR_CAPACITY);
	assert_true(hf_urgency_urgent(HF_SV("U0")) && hf_urgency_urgent(HF_SV("U4")));
	assert_false(hf_urgency_urgent(HF_SV("U5")) || hf_urgency_urgent(HF_SV("A0")));
	assert_true(hf_urgency_routine(HF_SV("U5")) && hf_urgency_routine(HF_SV("U6")));
	assert_false(hf_urgency_routine(HF_SV("U4")) || hf_urgency_routine(HF_SV("")));
}

HF_TEST(R_2_21_routine_work_at_opel_3_needs_a_lead)
{
	struct hf_dispatch_ask a = ask();

	a.opel = 3;
	assert_int_equal(bars(team("a"), a), 0);
	a.urgency = HF_SV("U6");
	a.due = HF_TIME_MAX;
	assert_int_equal(bars(team("a"), a), HF_BAR_LEAD);
	a.lead = true;
	assert_int_equal(bars(team("a"), a), 0);
	a.lead = false;
	a.opel = 2;
	assert_int_equal(bars(team("a"), a), 0);
}

/* The night of 29 March has 23 hours: ten past eight is an hour sooner. */
HF_TEST(arrival_keeps_to_the_clocks_of_london)
{
	struct hf_team t = eight_to_eight("a");
	struct hf_dispatch_ask a = ask();

	a.now = 1774728000000LL; /* Saturday 2026-03-28T20:00Z */
	a.due = HF_TIME_MAX;
	assert_true(judge(t, 0, a).arrival == a.now + 11 * HOUR + 10 * MIN);
}

/* Law: all teams come out, once each, in order, and those barred last. */
HF_TEST(all_teams_come_out_in_order)
{
	enum { N = 257 };
	static struct hf_team t[N];
	static char ids[N][8];
	static int committed[N];
	static struct hf_dispatch_choice c[N];
	struct hf_directory d = {.items = t, .n = N};
	struct hf_dispatch_ask a = ask();
	bool seen[N] = {false};

	for (size_t i = 0; i < N; i++) {
		snprintf(ids[i], sizeof ids[i], "t%03d", (int)((i * 73) % N));
		t[i] = team(ids[i]);
		t[i].travel_min = (int)(i * 31 % 7) * 10;
		t[i].active = i % 5 != 0;
		committed[i] = (int)(i * 17 % 11);
	}
	hf_dispatch_rank(&d, committed, &a, &hf_dispatch_weights, c);
	for (size_t i = 0; i < N; i++) {
		assert_false(seen[c[i].team]);
		seen[c[i].team] = true;
		if (i == 0)
			continue;
		assert_true(c[i - 1].bars == 0 || c[i].bars != 0);
		if (c[i - 1].bars == 0 && c[i].bars == 0)
			assert_true(c[i - 1].score >= c[i].score);
	}
}

HF_TEST_MAIN("place/dispatch", cmocka_unit_test(R_2_15_each_bar_stands_alone),
	     cmocka_unit_test(each_bar_has_its_own_words),
	     cmocka_unit_test(what_is_not_known_bars_nobody),
	     cmocka_unit_test(an_area_of_postcodes_is_met_at_whole_parts),
	     cmocka_unit_test(R_2_15_points_are_40_25_25_10),
	     cmocka_unit_test(weights_are_configuration),
	     cmocka_unit_test(R_2_15_best_first_then_arrival_then_id_then_the_barred),
	     cmocka_unit_test(R_2_15_an_earlier_arrival_goes_before_an_earlier_id),
	     cmocka_unit_test(a_team_that_is_shut_may_be_asked_when_it_opens_in_time),
	     cmocka_unit_test(a_team_does_not_arrive_after_it_has_shut),
	     cmocka_unit_test(an_open_team_may_be_asked_when_the_clock_is_over),
	     cmocka_unit_test(R_2_16_a_slot_of_a_later_part_will_do_when_there_is_time),
	     cmocka_unit_test(R_2_16_routine_work_does_not_use_the_reserve),
	     cmocka_unit_test(R_2_21_routine_work_at_opel_3_needs_a_lead),
	     cmocka_unit_test(arrival_keeps_to_the_clocks_of_london),
	     cmocka_unit_test(all_teams_come_out_in_order))
