/* test_hub_lead.c - the lead's figures, and that
 * what is behind a figure is as many as the figure says. */
#include "base/rng.h"
#include "hub/lead.h"
#include "test/hf_test.h"

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

#define NOW at(2026, 11, 18, 14, 30)

static struct hf_lead_clock
clock_of(int state, hf_time start, int64_t limit, hf_time stopped)
{
	return (struct hf_lead_clock){.began = true,
				      .breached = state == HF_RUN_LATE,
				      .state = (uint8_t)state,
				      .start = start,
				      .due = start + limit,
				      .stopped = stopped};
}

/* U1 asked and given, received then; seen after minutes (below 0: not yet). */
static struct hf_lead_referral
u1(hf_time received, int minutes)
{
	struct hf_lead_referral r = {.id = HF_SV("t"),
				     .locality = HF_SV("north"),
				     .service = HF_SV("ucr"),
				     .asked = HF_SV("U1"),
				     .urgency = HF_SV("U1"),
				     .state = HF_SV("in-treatment"),
				     .open = true,
				     .received = received,
				     .due = HF_TIME_MAX};

	r.c3 = clock_of(HF_RUN_MET, received, 15 * MIN, received + 8 * MIN);
	if (minutes >= 0) {
		r.contact = received + minutes * (int64_t)MIN;
		r.c1 = clock_of(minutes <= 120 ? HF_RUN_MET : HF_RUN_LATE, received,
				2 * HOUR, r.contact);
	} else {
		r.c1 = clock_of(HF_RUN_RUNNING, received, 2 * HOUR, 0);
		r.due = r.c1.due;
	}
	return r;
}

static struct hf_lead_figures
count(const struct hf_lead_referral *r, size_t n, hf_time now, struct hf_arena *arena)
{
	struct hf_lead_figures f;
	struct hf_err err;

	assert_int_equal(hf_lead_count(r, n, now, arena, &f, &err), HF_OK);
	return f;
}

/* ---- R-2.12 ---- */

HF_TEST(r_2_11_counts_contacts_within_two_hours_of_those_with_a_contact)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_lead_referral r[] = {
	    u1(at(2026, 11, 2, 9, 0), 120), /* 120 min 00 s is in time */
	    u1(at(2026, 11, 3, 9, 0), 121), u1(at(2026, 11, 4, 9, 0), 30),
	    u1(at(2026, 11, 18, 14, 0), -1), /* no contact yet: in scope, not counted */
	};
	struct hf_lead_figures f = count(r, HF_COUNT(r), NOW, &arena);

	assert_int_equal(f.months[0].year, 2026);
	assert_int_equal(f.months[0].month, 11);
	assert_int_equal(f.months[0].scope, 4);
	assert_int_equal(f.months[0].contacts, 3);
	assert_int_equal(f.months[0].met, 2);
	assert_int_equal(f.months[0].all, 3);
	hf_arena_free(&arena);
}

HF_TEST(r_2_11_exclusions_are_counted_by_code_and_not_in_the_denominator)
{
	static const enum hf_lead_exit how[] = {HF_EXIT_CONVEYED, HF_EXIT_DECLINED,
						HF_EXIT_DIED, HF_EXIT_DUPLICATE};
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_lead_referral r[5];
	struct hf_lead_figures f;

	for (size_t i = 0; i < 4; i++) {
		r[i] = u1(at(2026, 11, 2, 9, 0), -1);
		r[i].open = false;
		r[i].exit = how[i];
		r[i].c1.state = HF_RUN_ENDED;
	}
	/* There was a contact, and then the person declined: a contact took place. */
	r[4] = u1(at(2026, 11, 2, 9, 0), 60);
	r[4].open = false;
	f = count(r, 5, NOW, &arena);
	assert_int_equal(f.months[0].scope, 5);
	assert_int_equal(f.months[0].contacts, 1);
	assert_int_equal(f.months[0].met, 1);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(f.months[0].excluded[how[i]], 1);
	hf_arena_free(&arena);
}

HF_TEST(r_2_12_the_month_is_the_one_in_which_the_referral_was_received)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_lead_referral r[] = {
	    u1(at(2026, 10, 31, 23, 50), 60), /* seen on 1 November */
	    u1(at(2025, 11, 1, 0, 10), 60),   /* the oldest month that is shown */
	    u1(at(2025, 10, 31, 23, 50), 60), /* before it */
	    u1(at(2026, 7, 1, 0, 30), 60),    /* 30 June 23:30 UTC: July in London */
	};
	struct hf_lead_figures f = count(r, HF_COUNT(r), NOW, &arena);

	assert_int_equal(f.months[0].scope, 0);
	assert_int_equal(f.months[1].month, 10);
	assert_int_equal(f.months[1].met, 1);
	assert_int_equal(f.months[12].year, 2025);
	assert_int_equal(f.months[12].month, 11);
	assert_int_equal(f.months[12].met, 1);
	assert_int_equal(f.months[4].month, 7);
	assert_int_equal(f.months[4].met, 1);
	assert_int_equal(f.months[5].met, 0);
	hf_arena_free(&arena);
}

HF_TEST(r_2_13_a_later_c1_counts_beside_an_earlier_one)
{
	struct hf_arena arena = {.cap = 1 << 20};
	hf_time t = at(2026, 11, 10, 9, 0);
	struct hf_lead_referral r = u1(t, -1);
	struct hf_lead_figures f;

	/* Asked U2; triaged again as U1 after five hours, seen an hour later. */
	r.asked = HF_SV("U2");
	r.c1.start = t + 5 * HOUR;
	r.c1.state = HF_RUN_MET;
	r.contact = r.c1.stopped = t + 6 * HOUR;
	f = count(&r, 1, NOW, &arena);
	assert_int_equal(f.months[0].met, 1);
	hf_arena_free(&arena);
}

HF_TEST(a_lower_urgency_takes_a_referral_out_of_scope_unless_the_clock_was_breached)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_lead_referral r[2];
	struct hf_lead_figures f;

	for (size_t i = 0; i < 2; i++) {
		r[i] = u1(at(2026, 11, 10, 9, 0), -1);
		r[i].urgency = HF_SV("U3");
		r[i].c1.state = HF_RUN_ENDED;
		r[i].contact = r[i].received + 5 * HOUR;
	}
	r[1].c1.breached = true;
	f = count(r, 2, NOW, &arena);
	assert_int_equal(f.months[0].scope, 1);
	assert_int_equal(f.months[0].contacts, 1);
	assert_int_equal(f.months[0].met, 0);
	/* both had a two-hour clock and a contact. */
	assert_int_equal(f.months[0].all, 2);
	/* Entered in error is no referral. */
	r[1].state = HF_SV("void");
	f = count(r, 2, NOW, &arena);
	assert_int_equal(f.months[0].scope, 0);
	hf_arena_free(&arena);
}

/* ---- R-2.8 ---- */

HF_TEST(r_2_8_time_to_triage_is_shown_net_and_gross_by_class)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_lead_referral r[5];
	struct hf_lead_figures f;
	static const int took[] = {4, 10, 14, 40};

	for (size_t i = 0; i < 4; i++) {
		r[i] = u1(NOW - 3 * HOUR, -1);
		r[i].c3.stopped = r[i].received + took[i] * (int64_t)MIN;
	}
	/* 40 minutes, 30 of them waiting for the referrer's reply: net 10, in time. */
	r[3].c3.paused_ms = 30 * MIN;
	r[4] = u1(NOW - 20 * MIN, -1);
	r[4].c3.state = HF_RUN_RUNNING;
	r[4].c3.stopped = 0;
	f = count(r, 5, NOW, &arena);
	assert_int_equal(f.triage[0].n, 4);
	assert_int_equal(f.triage[0].late, 0);
	assert_int_equal(f.triage[0].median_ms, 10 * MIN);
	assert_int_equal(f.triage[0].p90_ms, 14 * MIN);
	assert_int_equal(f.triage[0].gross_ms, 12 * MIN);
	assert_int_equal(f.triage[0].waiting, 1);
	assert_int_equal(f.triage[0].oldest_ms, 20 * MIN);
	assert_int_equal(f.triage[1].n, 0);
	assert_int_equal(f.triage[1].median_ms, -1);
	assert_int_equal(f.triage[1].oldest_ms, -1);
	hf_arena_free(&arena);
}

HF_TEST(r_2_8_only_the_last_24_hours_count)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_lead_referral r[2] = {u1(NOW - 24 * HOUR, -1),
					u1(NOW - 24 * HOUR, -1)};
	struct hf_lead_figures f;

	r[0].c3.stopped = NOW - 24 * HOUR;
	r[1].c3.stopped = NOW - 24 * HOUR + 1;
	f = count(r, 2, NOW, &arena);
	assert_int_equal(f.triage[0].n, 1);
	hf_arena_free(&arena);
}

/* ---- R-2.16 ---- */

HF_TEST(r_2_16_every_refusal_for_capacity_counts_by_locality_service_and_hour)
{
	struct hf_arena arena = {.cap = 1 << 20};
	hf_time hour = hf_lead_hour(NOW) - 2 * HOUR;
	struct hf_lead_referral r[3] = {u1(NOW - 5 * HOUR, -1), u1(NOW - 5 * HOUR, -1),
					u1(NOW - 5 * HOUR, -1)};
	struct hf_lead_figures f;

	r[0].refusals[0] = (struct hf_lead_refusal){hour, false};
	r[0].refusals[1] = (struct hf_lead_refusal){hour + 59 * MIN, true};
	r[0].n_refusals = 2;
	r[1].refusals[0] = (struct hf_lead_refusal){hour + HOUR, false};
	r[1].n_refusals = 1;
	r[2].refusals[0] = (struct hf_lead_refusal){hour + HOUR - 1, false};
	r[2].n_refusals = 1;
	r[2].locality = HF_SV("south");
	f = count(r, 3, NOW, &arena);
	assert_int_equal(f.n_unmet, 3);
	assert_true(f.unmet[0].hour == hour && hf_sv_is(f.unmet[0].locality, "north"));
	assert_int_equal(f.unmet[0].n, 2);
	assert_true(hf_sv_is(f.unmet[1].locality, "south"));
	assert_int_equal(f.unmet[1].n, 1);
	assert_true(f.unmet[2].hour == hour + HOUR);
	hf_arena_free(&arena);
}

/* ---- hours of the day ---- */

HF_TEST(arrivals_are_24_hours_also_when_the_clocks_change)
{
	struct hf_arena arena = {.cap = 1 << 20};
	hf_time nows[] = {at(2026, 3, 29, 10, 15), at(2026, 10, 25, 10, 15)};

	for (size_t k = 0; k < 2; k++) {
		struct hf_lead_referral r[] = {
		    u1(nows[k], -1), u1(nows[k] - 10 * HOUR, -1),
		    u1(hf_lead_hour(nows[k]) - 23 * HOUR, -1),
		    u1(hf_lead_hour(nows[k]) - 23 * HOUR - 1, -1)};
		struct hf_lead_figures f = count(r, 4, nows[k], &arena);

		assert_int_equal(f.arrivals[23], 1);
		assert_int_equal(f.arrivals[13], 1);
		assert_int_equal(f.arrivals[0], 1);
		assert_true(f.hours[23] == hf_lead_hour(nows[k]));
	}
	assert_true(hf_lead_hour(-1) == -HOUR);
	hf_arena_free(&arena);
}

HF_TEST(waits_are_of_open_referrals_without_a_contact_by_urgency)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_lead_referral r[] = {u1(NOW - 3 * HOUR, -1), u1(NOW - HOUR, -1),
				       u1(NOW - HOUR, 30), u1(NOW - HOUR, -1)};
	struct hf_lead_figures f;

	r[3].urgency = (struct hf_sv){NULL, 0};
	r[3].asked = (struct hf_sv){NULL, 0};
	f = count(r, 4, NOW, &arena);
	assert_int_equal(f.n_waits, 2);
	assert_true(hf_sv_is(f.waits[0].urgency, "U1"));
	assert_int_equal(f.waits[0].n, 2);
	assert_int_equal(f.waits[0].late, 1);
	assert_int_equal(f.waits[0].oldest_ms, 3 * HOUR);
	assert_int_equal(f.waits[1].urgency.n, 0);
	hf_arena_free(&arena);
}

HF_TEST(nothing_is_counted_of_nothing_and_too_much_is_refused)
{
	struct hf_arena arena = {.cap = 4096}, none = {.cap = 1};
	struct hf_lead_referral r = u1(NOW, -1);
	struct hf_lead_figures f = count(NULL, 0, NOW, &arena);
	struct hf_err err;

	assert_int_equal(f.n_waits + f.n_unmet + f.n_places, 0);
	assert_int_equal(f.triage[0].median_ms, -1);
	assert_int_equal(hf_lead_count(&r, 1, NOW, &none, &f, &err), HF_TOO_LONG);
	assert_int_equal(hf_lead_count(&r, HF_LEAD_MOST + 1, NOW, &arena, &f, &err),
			 HF_TOO_LONG);
	hf_arena_free(&arena);
}

/* ---- what is behind ---- */

static struct hf_lead_referral
any_referral(struct hf_rng *rng)
{
	static const char *const urgencies[] = {"U0", "U1", "U1", "U2", "U4", "U6", ""};
	static const char *const places[] = {"east", "north", ""};
	static const char *const states[] = {"received", "in-treatment", "void",
					     "cancelled"};
	struct hf_lead_referral r =
	    u1(NOW - (int64_t)hf_rng_below(rng, 400 * 24) * HOUR / 24, -1);

	r.asked = hf_sv_from(urgencies[hf_rng_below(rng, 7)]);
	r.urgency = hf_sv_from(urgencies[hf_rng_below(rng, 7)]);
	r.locality = hf_sv_from(places[hf_rng_below(rng, 3)]);
	r.state = hf_sv_from(states[hf_rng_below(rng, 4)]);
	r.open = hf_rng_below(rng, 2);
	r.contact = hf_rng_below(rng, 2) ? r.received + 90 * MIN : 0;
	r.exit = r.open ? HF_EXIT_NONE : (enum hf_lead_exit)hf_rng_below(rng, HF_EXITS);
	r.c1.state = (uint8_t)hf_rng_below(rng, HF_RUN_SUPERSEDED);
	r.c3.state = (uint8_t)hf_rng_below(rng, HF_RUN_SUPERSEDED);
	r.c1.breached = hf_rng_below(rng, 2);
	r.c1.stopped = r.c3.stopped = r.received + 70 * MIN;
	r.c1.began = hf_rng_below(rng, 3) > 0;
	if (hf_rng_below(rng, 3) == 0) {
		r.n_refusals = 1;
		r.refusals[0].at = r.received + 30 * MIN;
	}
	return r;
}

static unsigned
behind(const struct hf_lead_referral *r, size_t n, struct hf_lead_ask ask)
{
	unsigned yes = 0;

	for (size_t i = 0; i < n; i++)
		yes += hf_lead_is(&r[i], &ask, NOW);
	return yes;
}

#define BEHIND(...) behind(r, n, (struct hf_lead_ask){__VA_ARGS__})

static void
check_months(const struct hf_lead_referral *r, size_t n,
	     const struct hf_lead_figures *f)
{
	for (size_t i = 0; i < HF_LEAD_MONTHS; i++) {
		const struct hf_lead_month *m = &f->months[i];

#define OF(which) BEHIND(.figure = (which), .year = m->year, .month = m->month)
		assert_int_equal(m->scope, OF(HF_LEAD_SCOPE));
		assert_int_equal(m->contacts, OF(HF_LEAD_CONTACTS));
		assert_int_equal(m->met, OF(HF_LEAD_MET));
		assert_int_equal(m->contacts, m->met + OF(HF_LEAD_MISSED));
		assert_int_equal(m->all, OF(HF_LEAD_ALL_CONTACTS));
		assert_true(m->met <= m->contacts && m->contacts <= m->scope);
#undef OF
		for (int e = HF_EXIT_NONE + 1; e < HF_EXITS; e++)
			assert_int_equal(m->excluded[e],
					 BEHIND(.figure = HF_LEAD_EXCLUDED,
						.year = m->year, .month = m->month,
						.exit = (enum hf_lead_exit)e));
	}
}

HF_TEST(behind_every_figure_are_as_many_as_it_says)
{
	enum { N = 3000 };
	struct hf_arena arena = {.cap = 8 << 20};
	struct hf_lead_referral *r = hf_arena_array(&arena, N, sizeof *r);
	struct hf_lead_figures f;
	struct hf_rng rng;
	size_t n = N;

	assert_non_null(r);
	hf_rng_seed(&rng, 24, 1);
	for (size_t i = 0; i < n; i++)
		r[i] = any_referral(&rng);
	f = count(r, n, NOW, &arena);
	for (size_t i = 0; i < HF_LEAD_HOURS; i++)
		assert_int_equal(f.arrivals[i],
				 BEHIND(.figure = HF_LEAD_ARRIVED, .hour = f.hours[i]));
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(f.triage[i].n,
				 BEHIND(.figure = HF_LEAD_TRIAGED, .urgent = i == 0));
		assert_int_equal(
		    f.triage[i].late,
		    BEHIND(.figure = HF_LEAD_TRIAGED_LATE, .urgent = i == 0));
		assert_int_equal(f.triage[i].waiting,
				 BEHIND(.figure = HF_LEAD_UNTRIAGED, .urgent = i == 0));
	}
	for (size_t i = 0; i < f.n_waits; i++)
		assert_int_equal(f.waits[i].n, BEHIND(.figure = HF_LEAD_WAITING,
						      .urgency = f.waits[i].urgency));
	check_months(r, n, &f);
	/* One refusal each here: otherwise a figure counts refusals, not referrals. */
	for (size_t i = 0; i < f.n_unmet; i++)
		assert_int_equal(f.unmet[i].n, BEHIND(.figure = HF_LEAD_UNMET,
						      .hour = f.unmet[i].hour,
						      .locality = f.unmet[i].locality,
						      .service = f.unmet[i].service));
	for (size_t i = 0; i < f.n_places; i++)
		assert_int_equal(f.places[i].open,
				 BEHIND(.figure = HF_LEAD_LOCALITY,
					.locality = f.places[i].locality));
	hf_arena_free(&arena);
}

HF_TEST(each_figure_has_a_name_that_finds_it)
{
	for (int i = 0; i < HF_LEAD_FIGURES; i++)
		assert_int_equal(hf_lead_figure_find(hf_sv_from(
				     hf_lead_figure_name((enum hf_lead_figure)i))),
				 i);
	assert_int_equal(hf_lead_figure_find(HF_SV("none")), -1);
	assert_int_equal(hf_lead_figure_find(HF_SV("")), -1);
}

/* ---- stories ---- */

static struct hf_arena world = {.cap = 256 << 20};

static const struct hf_pathway *
pathway(void)
{
	static struct hf_pathway *p;
	struct hf_issues issues = {.arena = &world};
	struct hf_err err;

	for (size_t i = 0; !p && i < hf_n_pathways_builtin; i++)
		if (strcmp(hf_pathways_builtin[i].name, "referral.json") == 0)
			assert_int_equal(hf_pathway_load("referral.json",
							 hf_pathways_builtin[i].text,
							 NULL, &world, &issues, &p,
							 &err),
					 HF_OK);
	assert_non_null(p);
	return p;
}

struct told {
	struct hf_story story;
	struct hf_hub_event events[32];
	uint8_t states[32];
};

/* minutes from NOW; facts and given are members of their objects. */
static void
tell(struct told *t, int minutes, const char *event, const char *facts,
     const char *given)
{
	struct hf_hub_event *e = &t->events[t->story.n];
	struct hf_replay *r = &t->story.replay;
	struct hf_err err = {0};
	enum hf_rc rc;

	*e = (struct hf_hub_event){
	    .at = NOW + minutes * (int64_t)MIN, .event = hf_sv_from(event), .age = 80};
	e->facts = hf_arena_printf(&world, "{%s}", facts);
	e->given = hf_arena_printf(&world, "{%s}", given);
	if (strcmp(event, "submit") == 0)
		e->shown = HF_SV("{\"locality\":\"north\",\"service\":\"ucr\","
				 "\"asked\":\"U1\"}");
	if (event[0] != '@' || strcmp(event, HF_HUB_TIME) == 0) {
		rc = hf_replay_event(r, e, ~(hf_pw_set)0, &err);
		if (rc != HF_OK)
			print_error("%s: %s: %s\n", event, err.path, err.text);
		assert_int_equal(rc, HF_OK);
		if (r->effects.step >= 0)
			e->step = hf_sv_from(r->p->steps[r->effects.step].id);
	}
	t->states[t->story.n++] = r->in.state;
	t->story.events = t->events;
	t->story.states = t->states;
}

#define ASKED(u) "\"channel\":\"phone\",\"urgencyAsked\":\"" u "\""
#define TAKEN(u)                                                                       \
	ASKED("U1")                                                                    \
	",\"urgency\":\"" u "\",\"condition\":true,\"skills\":true,"                   \
	"\"downgradeReason\":true"

static void
accepted(struct told *t, int at, const char *facts)
{
	hf_replay_begin(&t->story.replay, pathway(), &world);
	t->story.n = 0;
	tell(t, at, "submit", ASKED("U1"), "");
	tell(t, at + 2, "open-triage", ASKED("U1"), "");
	tell(t, at + 5, "accept", facts, "");
}

static struct hf_lead_referral
read(const struct told *t)
{
	struct hf_lead_referral r = {.id = HF_SV("t1")};

	hf_lead_of_story(&t->story, &world, &r);
	assert_true(hf_sv_is(r.id, "t1") && hf_sv_is(r.locality, "north") &&
		    hf_sv_is(r.service, "ucr") && hf_sv_is(r.asked, "U1"));
	return r;
}

HF_TEST(r_2_11_a_story_says_when_the_contact_was_and_what_the_clock_made_of_it)
{
	struct told t;
	struct hf_lead_referral r;

	accepted(&t, -300, TAKEN("U1"));
	tell(&t, -290, "allocate", TAKEN("U1") ",\"capacity\":true", "");
	tell(&t, -285, "team-accept", TAKEN("U1"), "");
	r = read(&t);
	assert_true(r.open && !r.contact && r.exit == HF_EXIT_NONE);
	assert_true(hf_sv_is(r.urgency, "U1"));
	assert_true(r.c3.began && r.c3.state == HF_RUN_MET);
	assert_true(r.c3.stopped - r.c3.start == 5 * MIN);
	assert_true(r.due == r.received + 2 * HOUR);
	tell(&t, -200, "start-contact", TAKEN("U1") ",\"inPerson\":true", "");
	r = read(&t);
	assert_true(r.contact == NOW - 200 * (int64_t)MIN);
	assert_int_equal(r.c1.state, HF_RUN_MET);
	assert_true(r.due == HF_TIME_MAX);
}

HF_TEST(r_2_11_a_contact_that_was_told_late_counts_by_when_it_was)
{
	struct told t;
	struct hf_lead_referral r;

	accepted(&t, -300, TAKEN("U1"));
	tell(&t, -290, "allocate", TAKEN("U1") ",\"capacity\":true", "");
	tell(&t, -285, "team-accept", TAKEN("U1"), "");
	tell(&t, -180, HF_HUB_TIME, TAKEN("U1"), "");
	tell(&t, -100, "start-contact", TAKEN("U1") ",\"inPerson\":true", "");
	assert_int_equal(read(&t).c1.state, HF_RUN_LATE);
	t.events[t.story.n - 1].done = NOW - 200 * (int64_t)MIN;
	r = read(&t);
	assert_true(r.contact == NOW - 200 * (int64_t)MIN);
	assert_int_equal(r.c1.state, HF_RUN_MET);
	assert_int_equal(r.n_breaches, 1);
	t.events[t.story.n - 1].done = NOW - 170 * (int64_t)MIN;
	assert_int_equal(read(&t).c1.state, HF_RUN_LATE);
}

HF_TEST(r_2_13_a_c1_that_begins_at_the_second_triage_is_the_one_that_counts)
{
	struct told t;
	struct hf_lead_referral r;

	accepted(&t, -300, TAKEN("U2"));
	r = read(&t);
	assert_int_equal(r.c1.state, HF_RUN_ENDED);
	tell(&t, -60, "retriage", TAKEN("U1"), "");
	r = read(&t);
	assert_true(hf_sv_is(r.urgency, "U1"));
	assert_int_equal(r.c1.state, HF_RUN_RUNNING);
	assert_true(r.c1.start == NOW - 60 * (int64_t)MIN);
}

HF_TEST(r_2_16_a_story_says_who_declined_for_capacity_and_no_other_reason)
{
	struct told t;
	struct hf_lead_referral r;

	accepted(&t, -100, TAKEN("U1"));
	tell(&t, -90, "allocate", TAKEN("U1") ",\"capacity\":true", "");
	tell(&t, -80, "team-decline", TAKEN("U1") ",\"reason\":true",
	     "\"reason\":\"capacity\"");
	tell(&t, -70, "allocate", TAKEN("U1") ",\"capacity\":true", "");
	tell(&t, -65, "team-decline", TAKEN("U1") ",\"reason\":true",
	     "\"reason\":\"skill\"");
	r = read(&t);
	assert_int_equal(r.n_refusals, 1);
	assert_true(r.refusals[0].at == NOW - 80 * (int64_t)MIN &&
		    !r.refusals[0].rejected);
	hf_replay_begin(&t.story.replay, pathway(), &world);
	t.story.n = 0;
	tell(&t, -30, "submit", ASKED("U1"), "");
	tell(&t, -29, "open-triage", ASKED("U1"), "");
	tell(&t, -20, "reject", ASKED("U1") ",\"reason\":true,\"alternative\":true",
	     "\"reason\":\"22\"");
	r = read(&t);
	assert_int_equal(r.n_refusals, 1);
	assert_true(r.refusals[0].rejected);
}

HF_TEST(r_2_18_a_breach_waits_for_its_reason)
{
	struct told t;
	struct hf_lead_referral r;

	accepted(&t, -300, TAKEN("U1"));
	tell(&t, -10, HF_HUB_TIME, TAKEN("U1"), "");
	r = read(&t);
	assert_int_equal(r.n_breaches, 1);
	assert_string_equal(pathway()->clocks[r.breaches[0].clock].id, "C1");
	assert_true(r.breaches[0].at == r.received + 2 * HOUR);
	assert_int_equal(r.breaches[0].reason.n, 0);
	tell(&t, -5, "@breach", "", "\"clock\":\"C3\",\"reason\":\"system\"");
	assert_int_equal(read(&t).breaches[0].reason.n, 0);
	tell(&t, -4, "@breach", "", "\"clock\":\"C1\",\"reason\":\"capacity\"");
	assert_sv_equal(read(&t).breaches[0].reason, "capacity");
}

HF_TEST(r_2_11_how_a_referral_ended_without_a_contact)
{
	static const struct {
		const char *facts, *given;
		enum hf_lead_exit exit;
	} ways[] = {
	    {",\"reason\":true", "\"reason\":\"patient\"", HF_EXIT_DECLINED},
	    {",\"reason\":true", "\"reason\":\"died\"", HF_EXIT_DIED},
	    {",\"reason\":true", "\"reason\":\"admitted\"", HF_EXIT_OTHER},
	};
	struct told t;
	struct hf_lead_referral r;

	for (size_t i = 0; i < HF_COUNT(ways); i++) {
		char facts[400];

		accepted(&t, -100, TAKEN("U1"));
		snprintf(facts, sizeof facts, "%s%s", TAKEN("U1"), ways[i].facts);
		tell(&t, -50, "cancel", facts, ways[i].given);
		r = read(&t);
		assert_false(r.open);
		assert_int_equal(r.exit, ways[i].exit);
	}
	accepted(&t, -100, TAKEN("U1"));
	tell(&t, -90, "call-999", TAKEN("U1") ",\"lifeThreatening\":true", "");
	tell(&t, -50, "ambulance-outcome", TAKEN("U1") ",\"conveyed\":true", "");
	r = read(&t);
	assert_true(!r.open && r.exit == HF_EXIT_CONVEYED);
	hf_replay_begin(&t.story.replay, pathway(), &world);
	t.story.n = 0;
	tell(&t, -30, "submit", ASKED("U1"), "");
	tell(&t, -29, "find-duplicate", ASKED("U1") ",\"duplicate\":true", "");
	assert_int_equal(read(&t).exit, HF_EXIT_DUPLICATE);
}

HF_TEST_MAIN(
    "hub/lead",
    cmocka_unit_test(r_2_11_counts_contacts_within_two_hours_of_those_with_a_contact),
    cmocka_unit_test(r_2_11_exclusions_are_counted_by_code_and_not_in_the_denominator),
    cmocka_unit_test(r_2_12_the_month_is_the_one_in_which_the_referral_was_received),
    cmocka_unit_test(r_2_13_a_later_c1_counts_beside_an_earlier_one),
    cmocka_unit_test(
	a_lower_urgency_takes_a_referral_out_of_scope_unless_the_clock_was_breached),
    cmocka_unit_test(r_2_8_time_to_triage_is_shown_net_and_gross_by_class),
    cmocka_unit_test(r_2_8_only_the_last_24_hours_count),
    cmocka_unit_test(
	r_2_16_every_refusal_for_capacity_counts_by_locality_service_and_hour),
    cmocka_unit_test(arrivals_are_24_hours_also_when_the_clocks_change),
    cmocka_unit_test(waits_are_of_open_referrals_without_a_contact_by_urgency),
    cmocka_unit_test(nothing_is_counted_of_nothing_and_too_much_is_refused),
    cmocka_unit_test(behind_every_figure_are_as_many_as_it_says),
    cmocka_unit_test(each_figure_has_a_name_that_finds_it),
    cmocka_unit_test(
	r_2_11_a_story_says_when_the_contact_was_and_what_the_clock_made_of_it),
    cmocka_unit_test(r_2_11_a_contact_that_was_told_late_counts_by_when_it_was),
    cmocka_unit_test(
	r_2_13_a_c1_that_begins_at_the_second_triage_is_the_one_that_counts),
    cmocka_unit_test(r_2_16_a_story_says_who_declined_for_capacity_and_no_other_reason),
    cmocka_unit_test(r_2_18_a_breach_waits_for_its_reason),
    cmocka_unit_test(r_2_11_how_a_referral_ended_without_a_contact))
