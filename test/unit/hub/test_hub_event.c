/* Events of a referral and their replay: laws over random days at the hub, opening
 * hours as text, and days of 23 and 25 hours. */
#include "test/hf_test.h"

#include <stdlib.h>

#include "base/rng.h"
#include "hub/event.h"

static struct hf_arena arena = {.cap = 256 << 20};
static struct hf_pathway *p;

static const hf_pw_set everybody = ~(hf_pw_set)0;

/* ---- what is written is read ---- */

HF_TEST(an_event_is_read_as_it_was_written)
{
	struct hf_hub_event e = {.at = 1780000000123,
				 .event = HF_SV("accept"),
				 .role = HF_SV("triage-clinician"),
				 .by = HF_SV("Practitioner/x"),
				 .name = HF_SV("Ms \"A\" \\ B"),
				 .step = HF_SV("t8"),
				 .facts = HF_SV("{\"urgency\":\"U1\"}"),
				 .note = HF_SV("line\nline"),
				 .age = 84};
	struct hf_hub_event got;
	struct hf_buf b = {.cap = 10000};

	hf_event_write(&e, &b);
	assert_int_equal(hf_event_read(e.event, hf_buf_view(&b), &arena, &got, NULL),
			 HF_OK);
	assert_true(got.at == e.at && got.age == 84);
	assert_true(hf_sv_eq(got.name, e.name) && hf_sv_eq(got.note, e.note));
	assert_true(hf_sv_eq(got.facts, e.facts) && hf_sv_eq(got.step, e.step));
	hf_buf_free(&b);
}

HF_TEST(facts_that_are_none_are_named)
{
	struct hf_pw_facts facts;
	struct hf_err err;

	assert_int_equal(
	    hf_event_facts(p, HF_SV("{\"urgncy\":\"U1\"}"), -1, &arena, &facts, &err),
	    HF_INVALID);
	assert_int_equal(
	    hf_event_facts(p, HF_SV("{\"urgency\":\"U7\"}"), -1, &arena, &facts, &err),
	    HF_INVALID);
	assert_string_equal(err.path, "urgency");
	assert_int_equal(
	    hf_event_facts(p, HF_SV("{\"clinical\":1}"), -1, &arena, &facts, &err),
	    HF_INVALID);
}

HF_TEST(opening_hours_come_back_as_they_went)
{
	struct hf_hours h = {.holiday_as_week = false, .n_exceptions = 1};
	struct hf_hours got;
	struct hf_sv text;

	for (int d = 0; d < 7; d++)
		h.week[d] =
		    (struct hf_open_day){.spans = {{480, 720}, {780, 1200}}, .n = 2};
	h.week[6].n = 0;
	h.holiday = (struct hf_open_day){.spans = {{600, 960}}, .n = 1};
	h.exceptions[0].day = hf_days_from_civil(2026, 12, 25);
	text = hf_hours_write(&h, &arena);
	assert_true(hf_hours_read(text, &got));
	assert_true(hf_sv_eq(hf_hours_write(&got, &arena), text));
	assert_true(got.exceptions[0].day == h.exceptions[0].day);
	assert_int_equal(got.week[6].n, 0);
	assert_false(hf_hours_read(HF_SV("0800-0700,,,,,,;"), &got));
	assert_false(hf_hours_read(HF_SV("8-20,,,,,,;"), &got));
}

/* ---- laws ---- */

struct day {
	struct hf_replay r;
	struct hf_rng rng;
	hf_time at;
	struct hf_hub_event done[200];
	size_t n;
	unsigned stops[HF_PW_RUNS]; /* how often each run was stopped */
};

/* Facts drawn for an event: each known or not, of whatever value it can have. */
static struct hf_sv
draw_facts(struct day *d)
{
	struct hf_buf b = {.cap = 8000};
	struct hf_jw w = {.out = &b};
	struct hf_sv out;

	hf_jw_obj(&w);
	for (size_t i = 0; i < p->n_facts; i++) {
		const struct hf_pw_fact *f = &p->facts[i];

		if (hf_rng_below(&d->rng, 5) == 0)
			continue;
		hf_jw_key(&w, hf_sv_from(f->id));
		if (f->kind == HF_PW_BOOLEAN)
			hf_jw_bool(&w, hf_rng_below(&d->rng, 4) != 0);
		else
			hf_jw_str(
			    &w,
			    hf_sv_from(
				f->codes[hf_rng_below(&d->rng, (uint32_t)f->n_codes)]));
	}
	hf_jw_obj_end(&w);
	out = hf_arena_sv(&arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out;
}

/* Who owns a referral is the hub or its team; there is always one unless it has ended.
 * Here: whatever happens, it stands in a state that is known, and has an end only in
 * one that says so. */
static void
check_laws(struct day *d)
{
	const struct hf_pw_instance *in = &d->r.in;
	const struct hf_pw_effects *e = &d->r.effects;

	assert_true(in->state < p->n_states);
	assert_int_equal(in->ended, p->states[in->state].kind == HF_PW_END);
	for (size_t i = 0; i < e->n; i++) {
		const struct hf_pw_effect *f = &e->items[i];

		if (f->kind == HF_PW_CLOCK_STARTED)
			d->stops[f->run] = 0;
		if (f->kind == HF_PW_CLOCK_STOPPED || f->kind == HF_PW_CLOCK_ENDED ||
		    f->kind == HF_PW_CLOCK_SUPERSEDED) {
			d->stops[f->run]++;
			if (d->stops[f->run] > 1)
				fail_msg("the clock %s was stopped twice", f->what);
		}
	}
	for (size_t i = 0; i < in->n_runs; i++) {
		const struct hf_pw_run *run = &in->runs[i];

		if (in->ended)
			assert_true(run->state > HF_RUN_PAUSED);
		assert_true(run->paused_ms >= 0);
		if (run->state > HF_RUN_PAUSED)
			assert_true(run->stopped >= run->start ||
				    run->stopped >= in->event_at[0]);
	}
}

static void
one_day(uint64_t seed)
{
	struct day d = {.at = 1780000000000 + (hf_time)(seed % 1000) * 86400000};
	struct hf_story story;
	uint8_t state;

	hf_rng_seed(&d.rng, seed, 1);
	hf_replay_begin(&d.r, p, &arena);
	for (int i = 0; i < 120 && d.n < HF_COUNT(d.done); i++) {
		struct hf_hub_event e = {.at = d.at, .age = 80};
		struct hf_pw_instance before = d.r.in;
		bool submit = d.n == 0;

		d.at += hf_rng_below(&d.rng, 90) * 60000;
		e.event =
		    submit ? HF_SV("submit")
		    : hf_rng_below(&d.rng, 4) == 0
			? HF_SV(HF_HUB_TIME)
			: hf_sv_from(
			      p->events[hf_rng_below(&d.rng, (uint32_t)p->n_events)]);
		e.at = d.at;
		e.facts = submit
			      ? HF_SV("{\"channel\":\"phone\",\"urgencyAsked\":\"U1\"}")
			      : draw_facts(&d);
		if (hf_replay_event(&d.r, &e, everybody, NULL) != HF_OK) {
			/* Refused: nothing has changed. */
			if (!submit)
				assert_memory_equal(&before, &d.r.in, sizeof before);
			continue;
		}
		d.done[d.n++] = e;
		check_laws(&d);
	}
	/* The same events give the same instance. */
	hf_replay_begin(&story.replay, p, &arena);
	for (size_t i = 0; i < d.n; i++)
		assert_int_equal(
		    hf_replay_event(&story.replay, &d.done[i], everybody, NULL), HF_OK);
	state = story.replay.in.state;
	assert_int_equal(state, d.r.in.state);
	assert_int_equal(story.replay.in.n_runs, d.r.in.n_runs);
	for (size_t i = 0; i < d.r.in.n_runs; i++) {
		assert_true(story.replay.in.runs[i].due == d.r.in.runs[i].due);
		assert_int_equal(story.replay.in.runs[i].state, d.r.in.runs[i].state);
	}
}

HF_TEST(no_sequence_of_events_loses_a_referral_or_stops_a_clock_twice)
{
	for (uint64_t seed = 1; seed <= 400; seed++) {
		one_day(seed);
		hf_arena_reset(&arena);
	}
}

/* ---- clocks over the changes of the clocks ---- */

static hf_time
london(int year, int month, int day, int hour, int minute)
{
	struct hf_civil c = {.year = year,
			     .month = (int8_t)month,
			     .day = (int8_t)day,
			     .hour = (int8_t)hour,
			     .minute = (int8_t)minute};

	return hf_london_time(&c);
}

static hf_time
c1_due(hf_time at, const char *hours)
{
	struct hf_replay r;
	struct hf_hub_event e = {.at = at,
				 .event = HF_SV("submit"),
				 .hours = hf_sv_from(hours),
				 .facts = HF_SV("{\"channel\":\"phone\","
						"\"urgencyAsked\":\"U1\"}"),
				 .age = 80};

	hf_replay_begin(&r, p, &arena);
	assert_int_equal(hf_replay_event(&r, &e, everybody, NULL), HF_OK);
	for (size_t i = 0; i < r.in.n_runs; i++)
		if (strcmp(p->clocks[r.in.runs[i].clock].id, "C1") == 0)
			return r.in.runs[i].due;
	return 0;
}

#define ALL_WEEK                                                                       \
	"0800-2000,0800-2000,0800-2000,0800-2000,0800-2000,0800-2000,0800-2000;week"

HF_TEST(R_2_2_a_clock_that_begins_while_it_is_closed_begins_at_the_next_opening)
{
	assert_true(c1_due(london(2026, 6, 1, 9, 0), ALL_WEEK) ==
		    london(2026, 6, 1, 11, 0));
	assert_true(c1_due(london(2026, 6, 1, 23, 0), ALL_WEEK) ==
		    london(2026, 6, 2, 10, 0));
	/* Ten minutes before closing: the rest is tomorrow's. */
	assert_true(c1_due(london(2026, 6, 1, 19, 50), ALL_WEEK) ==
		    london(2026, 6, 2, 9, 50));
}

HF_TEST(two_hours_are_two_hours_when_the_clocks_change)
{
	/* 29 March 2026, 01:00 becomes 02:00; 25 October, 02:00 becomes 01:00. */
	assert_true(c1_due(london(2026, 3, 29, 0, 30), "") ==
		    london(2026, 3, 29, 0, 30) + 7200000);
	assert_true(c1_due(london(2026, 10, 25, 0, 30), "") ==
		    london(2026, 10, 25, 0, 30) + 7200000);
	/* Received at midnight while closed: it opens at 08:00 of either day. */
	assert_true(c1_due(london(2026, 3, 29, 0, 0), ALL_WEEK) ==
		    london(2026, 3, 29, 10, 0));
	assert_true(c1_due(london(2026, 10, 25, 0, 0), ALL_WEEK) ==
		    london(2026, 10, 25, 10, 0));
}

static struct hf_arena definitions = {.cap = 64 << 20};

static int
load(void **state)
{
	struct hf_issues issues = {.arena = &definitions};

	(void)state;
	for (size_t i = 0; i < hf_n_pathways_builtin; i++)
		if (strcmp(hf_pathways_builtin[i].name, "referral.json") == 0)
			return (int)hf_pathway_load("referral.json",
						    hf_pathways_builtin[i].text, NULL,
						    &definitions, &issues, &p, NULL);
	return -1;
}

static int
unload(void **state)
{
	(void)state;
	hf_pathway_free(p);
	hf_arena_free(&definitions);
	hf_arena_free(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_event_is_read_as_it_was_written),
	    cmocka_unit_test(facts_that_are_none_are_named),
	    cmocka_unit_test(opening_hours_come_back_as_they_went),
	    cmocka_unit_test(
		no_sequence_of_events_loses_a_referral_or_stops_a_clock_twice),
	    cmocka_unit_test(
		R_2_2_a_clock_that_begins_while_it_is_closed_begins_at_the_next_opening),
	    cmocka_unit_test(two_hours_are_two_hours_when_the_clocks_change),
	};

	return cmocka_run_group_tests_name("hub/event", tests, load, unload);
}
