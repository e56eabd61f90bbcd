/* Rules of the hub that no other test names: R-2.1 (one front door for all
 * professions), R-2.3 (all sources), R-2.9 (18 weeks, and the bands of waiting). */
#include "test/hf_test.h"

#include <stdlib.h>

#include "access/policy.h"
#include "hub/event.h"
#include "hub/io/hub.h"
#include "hub/lead.h"
#include "test/support/store.h"

static struct hf_arena world = {.cap = 256 << 20};

/* ---- R-2.1 ---- */

/* Has somebody of this role, who works somewhere else, what the first step asks? */
static bool
may_refer(const struct hf_hub *hub, const char *role)
{
	int referrer = hf_pw_role(hf_hub_pathway(hub), HF_SV("referrer"));
	struct hf_hub_actor who = {.id = HF_SV("user/1"),
				   .role = hf_sv_from(role),
				   .ods = HF_SV("ZZ999"),
				   .roles = hf_hub_roles_of(hub, hf_sv_from(role))};

	assert_true(referrer >= 0);
	return hf_hub_roles_for(hub, &who, NULL) >> referrer & 1;
}

static bool
of_health_and_care(enum hf_group group)
{
	return group == HF_GROUP_CLIN || group == HF_GROUP_PHARM ||
	       group == HF_GROUP_SOC || group == HF_GROUP_CARE ||
	       group == HF_GROUP_COORD;
}

HF_TEST(R_2_1_every_role_of_health_and_care_may_refer_at_the_one_front_door)
{
	struct hf_issues issues = {.arena = &world};
	struct hf_policy policy;
	struct hf_test_store t;
	struct hf_hub_config config = {0};
	struct hf_hub *hub;
	struct hf_err err;
	size_t n = 0;

	assert_int_equal(
	    hf_policy_load(hf_policy_builtin, &world, &issues, &policy, &err), HF_OK);
	assert_true(hf_test_store_open(&t, 0));
	config.store = t.store;
	assert_int_equal(hf_hub_open(&config, &hub, &err), HF_OK);
	for (size_t i = 0; i < policy.n_roles; i++) {
		const struct hf_role *r = &policy.roles[i];

		if (!of_health_and_care(r->group))
			continue;
		n++;
		/* Handing it in is a change: the role has to have that too. */
		if (!may_refer(hub, r->code) || !(r->activities >> HF_ACT_CHANGE & 1))
			fail_msg("%s (%s) cannot refer", r->code, r->name);
	}
	assert_true(n > 60);
	/* And nobody whose work it is not. */
	assert_false(may_refer(hub, "analyst"));
	assert_false(may_refer(hub, "finance"));
	assert_false(may_refer(hub, "administrator"));
	assert_false(may_refer(hub, "student"));
	assert_false(may_refer(hub, ""));
	hf_hub_close(hub);
	hf_test_store_close(&t);
}

/* ---- R-2.3 ---- */

static const char *const sources[] = {
    "gp",	 "999",	      "111",	     "ed",	    "ward",
    "community", "care-home", "domiciliary", "social-care", "mental-health",
    "pharmacy",	 "voluntary", "technology",  "carer",	    "self",
};

HF_TEST(R_2_3_the_fifteen_sources_are_in_the_list_and_no_others)
{
	size_t n;

	(void)hf_hub_words(HF_HUB_SOURCES, &n);
	assert_int_equal(n, HF_COUNT(sources));
	for (size_t i = 0; i < n; i++)
		assert_non_null(hf_hub_word(HF_HUB_SOURCES, hf_sv_from(sources[i])));
}

HF_TEST(R_2_3_intake_takes_a_referral_from_each_source)
{
	for (size_t i = 0; i < HF_COUNT(sources); i++) {
		struct hf_issues issues = {.arena = &world};
		struct hf_intake_gap gaps[HF_INTAKE_GAPS];
		struct hf_intake in;
		struct hf_json doc;
		struct hf_err err;
		struct hf_sv text = hf_arena_printf(
		    &world, "{\"person\":{\"id\":\"p1\"},\"source\":\"%s\"}",
		    sources[i]);
		size_t n;

		assert_int_equal(hf_json_parse(text, NULL, &world, &doc, &err), HF_OK);
		assert_int_equal(hf_intake_read(&doc, 0, &world, &issues, &in, &err),
				 HF_OK);
		assert_true(hf_sv_eq(in.source, hf_sv_from(sources[i])));
		n = hf_intake_gaps(&in, 80, gaps);
		for (size_t k = 0; k < n; k++)
			assert_string_not_equal(gaps[k].item, "source");
	}
}

HF_TEST(R_2_3_a_team_of_urgent_response_that_restricts_none_may_be_asked_by_all)
{
	struct hf_team team = {.id = HF_SV("t"),
			       .service = HF_SV("ucr"),
			       .age_max = 130,
			       .hours = hf_hours_always,
			       .active = true};
	struct hf_directory d = {.items = &team, .n = 1};
	hf_time now = 1780308000000;
	struct hf_codes only_gp = {.items = {{"gp", 2}}, .n = 1};

	for (size_t i = 0; i < HF_COUNT(sources); i++) {
		struct hf_dispatch_ask ask = {.age = 80,
					      .urgency = HF_SV("U1"),
					      .source = hf_sv_from(sources[i]),
					      .now = now,
					      .due = now + 2 * 3600000};
		struct hf_dispatch_choice c;
		int committed = 0;

		team.referrers = (struct hf_codes){0};
		hf_dispatch_rank(&d, &committed, &ask, &hf_dispatch_weights, &c);
		assert_int_equal(c.bars, 0);
		team.referrers = only_gp;
		hf_dispatch_rank(&d, &committed, &ask, &hf_dispatch_weights, &c);
		assert_int_equal(c.bars, i == 0 ? 0 : HF_BAR_REFERRER);
	}
}

/* ---- the clock of 18 weeks ---- */

enum { MIN = 60000, HOUR = 60 * MIN };

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

static struct hf_pathway *p;

static int
load(void **state)
{
	struct hf_issues issues = {.arena = &world};

	(void)state;
	for (size_t i = 0; i < hf_n_pathways_builtin; i++)
		if (strcmp(hf_pathways_builtin[i].name, "referral.json") == 0)
			return (int)hf_pathway_load("referral.json",
						    hf_pathways_builtin[i].text, NULL,
						    &world, &issues, &p, NULL);
	return -1;
}

static int
unload(void **state)
{
	(void)state;
	hf_pathway_free(p);
	hf_arena_free(&world);
	return 0;
}

static enum hf_rc
try_tell(struct hf_replay *r, hf_time when, const char *event, const char *facts)
{
	struct hf_hub_event e = {.at = when,
				 .event = hf_sv_from(event),
				 .facts = hf_arena_printf(&world, "{%s}", facts),
				 .age = 80};
	struct hf_err err = {0};
	enum hf_rc rc = hf_replay_event(r, &e, ~(hf_pw_set)0, &err);

	if (rc != HF_OK)
		print_error("%s: %s: %s\n", event, err.path, err.text);
	return rc;
}

static void
tell(struct hf_replay *r, hf_time when, const char *event, const char *facts)
{
	assert_int_equal(try_tell(r, when, event, facts), HF_OK);
}

#define ASKED "\"channel\":\"phone\",\"urgencyAsked\":\"U6\""
#define TAKEN(u)                                                                       \
	ASKED ",\"urgency\":\"" u "\",\"condition\":true,\"skills\":true,"             \
	      "\"downgradeReason\":true"
#define SENT TAKEN("U6") ",\"capacity\":true,\"inPerson\":true"

/* Handed in then, accepted as routine three days later. */
static struct hf_replay
routine(hf_time received)
{
	struct hf_replay r;

	hf_replay_begin(&r, p, &world);
	tell(&r, received, "submit", ASKED);
	tell(&r, received + 72 * HOUR, "open-triage", ASKED);
	tell(&r, received + 72 * HOUR + MIN, "accept", TAKEN("U6"));
	return r;
}

/* Up to the door, at when. */
static void
set_off(struct hf_replay *r, hf_time when)
{
	tell(r, when - 30 * MIN, "allocate", SENT);
	tell(r, when - 20 * MIN, "team-accept", SENT);
	tell(r, when - 10 * MIN, "set-off", SENT);
}

static const struct hf_pw_run *
c4(const struct hf_replay *r)
{
	const struct hf_pw_run *found = NULL;

	for (size_t i = 0; i < r->in.n_runs; i++)
		if (strcmp(p->clocks[r->in.runs[i].clock].id, "C4") == 0)
			found = &r->in.runs[i];
	assert_non_null(found);
	return found;
}

HF_TEST(R_2_9_the_clock_runs_126_days_from_receipt_to_the_same_time_of_day)
{
	/* Over the end of summer time: 126 days of the calendar, not of 24 hours. */
	struct hf_replay r = routine(at(2026, 7, 1, 8, 0));

	assert_true(c4(&r)->start == at(2026, 7, 1, 8, 0));
	assert_true(c4(&r)->due == at(2026, 11, 4, 8, 0));
	assert_true(c4(&r)->due - c4(&r)->start == 126 * 24LL * HOUR + HOUR);
	/* Over its beginning, and from the last minute of a day. */
	r = routine(at(2026, 1, 12, 23, 59));
	assert_true(c4(&r)->due == at(2026, 5, 18, 23, 59));
	r = routine(at(2026, 1, 13, 0, 0));
	assert_true(c4(&r)->due == at(2026, 5, 19, 0, 0));
}

HF_TEST(R_2_9_a_contact_on_the_126th_day_is_in_time_and_a_moment_later_is_not)
{
	hf_time due = at(2026, 11, 4, 8, 0);
	struct hf_replay r = routine(at(2026, 7, 1, 8, 0));

	set_off(&r, due);
	tell(&r, due, "start-contact", SENT);
	assert_int_equal(c4(&r)->state, HF_RUN_MET);
	assert_true(c4(&r)->stopped == due);
	r = routine(at(2026, 7, 1, 8, 0));
	set_off(&r, due);
	tell(&r, due + 1, "start-contact", SENT);
	assert_int_equal(c4(&r)->state, HF_RUN_LATE);
	assert_true(c4(&r)->breached);
}

HF_TEST(R_2_9_only_routine_work_has_the_clock_and_another_urgency_ends_it)
{
	struct hf_replay r = routine(at(2026, 7, 1, 8, 0));
	bool found = false;

	tell(&r, at(2026, 7, 6, 8, 0), "retriage", TAKEN("U1"));
	assert_int_equal(c4(&r)->state, HF_RUN_ENDED);
	hf_replay_begin(&r, p, &world);
	tell(&r, at(2026, 7, 1, 8, 0), "submit", ASKED);
	tell(&r, at(2026, 7, 1, 8, 5), "open-triage", ASKED);
	tell(&r, at(2026, 7, 1, 8, 6), "accept", TAKEN("U2"));
	for (size_t i = 0; i < r.in.n_runs; i++)
		found = found || strcmp(p->clocks[r.in.runs[i].clock].id, "C4") == 0;
	assert_false(found);
}

/* Nor when it was the person who was not there, or called it off at the door. */
HF_TEST(R_2_9_a_visit_that_does_not_happen_does_not_pause_the_clock)
{
	struct hf_replay r = routine(at(2026, 7, 1, 8, 0));
	hf_time due = c4(&r)->due;

	for (int i = 0; i < 3; i++) {
		hf_time when = at(2026, 7, 8 + 7 * i, 10, 0);

		set_off(&r, when);
		tell(&r, when, "no-access", SENT);
		assert_int_equal(c4(&r)->state, HF_RUN_RUNNING);
		tell(&r, when + HOUR, "safe-and-well",
		     SENT ",\"safeAndWell\":true,\"found\":\"try-again\"");
		tell(&r, when + 2 * HOUR, "team-decline", SENT ",\"reason\":true");
		assert_int_equal(c4(&r)->state, HF_RUN_RUNNING);
		assert_true(c4(&r)->due == due && c4(&r)->paused_ms == 0);
	}
	for (size_t i = 0; i < p->n_clocks; i++)
		if (strcmp(p->clocks[i].id, "C4") == 0)
			assert_true(p->clocks[i].paused_in == 0);
}

/* ---- the bands of waiting ---- */

HF_TEST(R_2_9_waits_are_reported_in_bands_whose_upper_end_is_within_them)
{
	static const int weeks[HF_LEAD_BANDS - 1] = {1, 2, 4, 12, 18, 52, 104};
	hf_time from = at(2026, 7, 1, 8, 0);

	assert_int_equal(hf_lead_band(from, from), 0);
	assert_int_equal(hf_lead_band(from, from - HOUR), 0);
	for (size_t i = 0; i < HF_COUNT(weeks); i++) {
		hf_time end = at(2026, 7, 1 + 0, 8, 0);
		struct hf_civil c = hf_civil_from_time(
		    (hf_london_day(from) + weeks[i] * 7) * 86400000LL);

		c.hour = 8;
		end = hf_london_time(&c);
		assert_int_equal(hf_lead_band(from, end), i);
		assert_int_equal(hf_lead_band(from, end + 1), i + 1);
	}
	assert_int_equal(hf_lead_band(from, from + 5000LL * 24 * HOUR), 7);
	assert_string_equal(hf_lead_band_text(0), "0 to 1 week");
	assert_string_equal(hf_lead_band_text(4), "12 to 18 weeks");
	assert_string_equal(hf_lead_band_text(7), "over 104 weeks");
	assert_string_equal(hf_lead_band_text(8), "");
}

/* The band that ends at 18 weeks is the one of whom the clock counts as in time. */
HF_TEST(R_2_9_the_band_of_18_weeks_ends_when_the_clock_does)
{
	for (int day = 0; day < 366; day += 13) {
		hf_time from = at(2026, 1, 1, 0, 30) + day * 24LL * HOUR;
		struct hf_replay r = routine(from);

		assert_int_equal(hf_lead_band(from, c4(&r)->due), 4);
		assert_int_equal(hf_lead_band(from, c4(&r)->due + 1), 5);
	}
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(
	R_2_1_every_role_of_health_and_care_may_refer_at_the_one_front_door),
    cmocka_unit_test(R_2_3_the_fifteen_sources_are_in_the_list_and_no_others),
    cmocka_unit_test(R_2_3_intake_takes_a_referral_from_each_source),
    cmocka_unit_test(
	R_2_3_a_team_of_urgent_response_that_restricts_none_may_be_asked_by_all),
    cmocka_unit_test(
	R_2_9_the_clock_runs_126_days_from_receipt_to_the_same_time_of_day),
    cmocka_unit_test(
	R_2_9_a_contact_on_the_126th_day_is_in_time_and_a_moment_later_is_not),
    cmocka_unit_test(R_2_9_only_routine_work_has_the_clock_and_another_urgency_ends_it),
    cmocka_unit_test(R_2_9_a_visit_that_does_not_happen_does_not_pause_the_clock),
    cmocka_unit_test(R_2_9_waits_are_reported_in_bands_whose_upper_end_is_within_them),
    cmocka_unit_test(R_2_9_the_band_of_18_weeks_ends_when_the_clock_does)};

int
main(void)
{
	return cmocka_run_group_tests_name("hub/rules", tests, load, unload);
}
