/* referral_visit.c - inside synth: from acceptance to the end: teams, the way there,
 * contact, outcome. */
#include "synth/referral_move.h"

static void
offer(struct course *c)
{
	hf_ref_open_hours(c);
	hf_ref_move(c, "allocate", "dispatcher", "{}", "");
	if (hf_ref_last(c))
		hf_ref_last(c)->team = true;
}

static void
team_accepts(struct course *c)
{
	hf_time age = c->all->now - c->t;

	/* Just now not every offer has been answered. */
	c->over = c->over || (age < 24 * MINUTE && hf_rng_below(&c->rng, 100) < 60);
	if (hf_ref_urgent(c))
		hf_ref_pause(c, 2, c->pace > 150 ? 27 : 14);
	else
		hf_ref_pause(c, 15, 380); /* C5: one working day */
	hf_ref_move(c, "team-accept", "team-member", "{}", "");
}

/* Team and hub write to each other about it; not every question has its answer. */
static void
ask_hub(struct course *c)
{
	if (hf_rng_below(&c->rng, 100) >= 14)
		return;
	hf_ref_pause(c, 1, 5);
	hf_ref_move(c, "@message", "team-member", "{}",
		    NOTE(c, "Is there a key safe? None is written down.",
			 "Can the family be there until we come?",
			 "Which catheter, and when was it changed?",
			 "We are two today, may it be the late afternoon?"));
	if (hf_rng_below(&c->rng, 100) < 35)
		return;
	hf_ref_pause(c, 2, 9);
	hf_ref_move(c, "@message", "dispatcher", "{}",
		    NOTE(c, "Asked the referrer: yes.",
			 "Called the family, they are there.",
			 "Not known; please call when you are at the door."));
}

/* From accepted to accepted by a team. */
static void
dispatch(struct course *c)
{
	static const int first[URGENCIES][2] = {{1, 4},	     {2, 9},	 {8, 35},
						{15, 80},    {30, 160},	 {40, 400},
						{120, 1300}, {120, 1300}};

	hf_ref_wait(c, first[c->urgency][0], first[c->urgency][1]);
	offer(c);
	team_accepts(c);
	ask_hub(c);
}

static void
decline(struct course *c)
{
	hf_ref_wait(c, 5, 25);
	offer(c);
	if (c->plan->fate == FATE_TIMED_OUT) {
		/* C5: 30 minutes, then the next team is asked. */
		c->t += 30 * MINUTE;
		hf_ref_move(c, "team-decline", "", "{\"reason\":\"no-answer\"}", "");
		hf_ref_by_clock(c);
		hf_ref_move(c, "allocate", "dispatcher", "{}", "");
		if (hf_ref_last(c))
			hf_ref_last(c)->team = true;
		hf_ref_by_clock(c);
	} else {
		if (hf_ref_urgent(c))
			hf_ref_pause(c, 3, 18);
		else
			hf_ref_pause(c, 20, 110);
		hf_ref_coded(
		    c, "team-decline", "team-member", "{\"reason\":\"%s\"}",
		    hf_ref_code(&c->rng, hf_ref_declines),
		    NOTE(c, "All out until the evening.", "", "Two off sick today."));
		hf_ref_pause(c, 1, 8);
		offer(c);
	}
	team_accepts(c);
}

/* How long until the team is at the door. */
static void
travel(struct course *c)
{
	/* minutes until they set off */
	static const int before[URGENCIES][2] = {
	    {1, 5},	 {5, 22},      {25, 95},      {120, 900},
	    {700, 2500}, {1200, 6500}, {7200, 60000}, {7200, 60000}};

	hf_ref_wait(c, before[c->urgency][0], before[c->urgency][1]);
	if (!hf_ref_urgent(c) || c->urgency == 3)
		hf_ref_within(c, 8, 17, c->urgency > 4);
	hf_ref_move(c, "set-off", "practitioner", "{}", "");
	hf_ref_pause(c, 10, c->pace > 150 ? 55 : 35);
}

static void
contact(struct course *c)
{
	if (c->plan->fate == FATE_REMOTE && c->urgency >= 5) {
		hf_ref_wait(c, 1200, 7000);
		hf_ref_within(c, 9, 17, true);
		hf_ref_move(c, "start-contact", "practitioner", "{\"inPerson\":false}",
			    "By video.");
		return;
	}
	travel(c);
	hf_ref_move(c, "start-contact", "practitioner", "{\"inPerson\":true}", "");
}

void
hf_ref_ambulance(struct course *c, bool conveyed)
{
	if (c->plan->stalled)
		c->over = true;
	hf_ref_pause(c, 25, 110);
	hf_ref_move(c, "ambulance-outcome", "triage-clinician",
		    conveyed ? "{\"conveyed\":true}" : "{\"conveyed\":false}",
		    conveyed ? "Taken to the emergency department."
			     : "Seen by the crew, stays at home. Please visit today.");
	if (conveyed)
		c->over = true;
	else if (c->urgency > 1)
		c->urgency = 1;
}

/* What was measured at the contact: better than what was said, as a rule. */
static const char *
outcome(struct course *c, const char *code, bool ongoing)
{
	struct hf_sv facts;

	/* NEWS2 is not for children. */
	if (c->kind->age_max < 16)
		facts = hf_arena_printf(c->arena,
					"{\"outcome\":\"%s\",\"clinical\":false,"
					"\"ongoing\":%s}",
					code, ongoing ? "true" : "false");
	else
		facts = hf_arena_printf(
		    c->arena,
		    "{\"outcome\":\"%s\",\"clinical\":true,\"ongoing\":%s,\"news2\":{"
		    "\"respiration\":%u,\"spo2\":%u,\"scale\":\"1\",\"oxygen\":\"air\","
		    "\"systolic\":%u,\"pulse\":%u,\"consciousness\":\"A\","
		    "\"temperature\":"
		    "36.%u}}",
		    code, ongoing ? "true" : "false", 14 + hf_rng_below(&c->rng, 7),
		    94 + hf_rng_below(&c->rng, 5), 108 + hf_rng_below(&c->rng, 40),
		    66 + hf_rng_below(&c->rng, 30), 2 + hf_rng_below(&c->rng, 8));

	c->full = c->full || !facts.p;
	return facts.p ? facts.p : "{}";
}

/* Hours of care at home, or weeks; then somebody else's, or nobody's. */
static void
treat(struct course *c)
{
	if (hf_ref_urgent(c))
		hf_ref_pause(c, 12 * 60, 70 * 60);
	else
		hf_ref_pause(c, 2 * 1440, 18 * 1440);
	hf_ref_within(c, 8, 19, false);
	if (c->plan->fate == FATE_CONTACT_999) {
		hf_ref_move(c, "call-999", "practitioner", "{\"lifeThreatening\":true}",
			    "Breathless at rest, NEWS2 9.");
		hf_ref_ambulance(c, true);
	} else if (hf_ref_half(c)) {
		hf_ref_move(c, "hand-over", "practitioner",
			    "{\"receiverAccepts\":true}",
			    "Taken over by the community nurses of the locality.");
	} else {
		hf_ref_move(c, "discharge", "practitioner", "{\"summary\":true}", "");
	}
}

static void
finish(struct course *c)
{
	bool ongoing = hf_rng_below(&c->rng, 100) < (hf_ref_urgent(c) ? 42u : 84u) ||
		       c->plan->fate == FATE_CONTACT_999;

	hf_ref_pause(c, 25, 70);
	if (!ongoing && hf_rng_below(&c->rng, 5) == 0) {
		hf_ref_move(c, "discharge", "practitioner", "{\"summary\":true}", "");
		return;
	}
	if (!ongoing) {
		hf_ref_move(c, "record-outcome", "practitioner",
			    outcome(c, hf_ref_code(&c->rng, hf_ref_outcomes), false),
			    "");
		return;
	}
	hf_ref_move(c, "record-outcome", "practitioner",
		    outcome(c, "stayed-home-ongoing-care", true),
		    NOTE(c, "Bloods taken, again tomorrow.", "Daily for three days.",
			 "Exercises begun, frame delivered."));
	treat(c);
}

static void
no_access(struct course *c)
{
	enum fate fate = (enum fate)c->plan->fate;

	travel(c);
	hf_ref_move(c, "no-access", "practitioner", "{}",
		    "No answer at the door or on the telephone.");
	if (c->plan->stalled)
		c->over = true;
	hf_ref_pause(c, 15, 55);
	if (fate == FATE_NO_ACCESS_SAFE) {
		hf_ref_move(c, "safe-and-well", "team-lead",
			    "{\"safeAndWell\":true,\"found\":\"safe\"}",
			    "With the daughter for the week; does not need us.");
		c->over = true;
	} else if (fate == FATE_NO_ACCESS_DANGER) {
		hf_ref_move(
		    c, "safe-and-well", "team-lead",
		    "{\"safeAndWell\":true,\"found\":\"danger\"}",
		    "Seen on the floor through the window; police and ambulance "
		    "called.");
		hf_ref_ambulance(c, hf_ref_half(c));
		dispatch(c);
	} else {
		hf_ref_move(c, "safe-and-well", "team-lead",
			    "{\"safeAndWell\":true,\"found\":\"try-again\"}",
			    "Was at the shop, back home now.");
		team_accepts(c);
	}
}

void
hf_ref_visit(struct course *c)
{
	dispatch(c);
	contact(c);
	finish(c);
}

void
hf_ref_carry_out(struct course *c)
{
	enum fate fate = (enum fate)c->plan->fate;

	if (fate == FATE_REDIRECTED_LATER) {
		hf_ref_wait(c, 10, 90);
		hf_ref_open_hours(c);
		hf_ref_move(c, "redirect", "dispatcher", "{\"receiverAccepts\":true}",
			    "The virtual ward takes the person directly.");
		if (hf_ref_last(c))
			hf_ref_last(c)->team = true;
		return;
	}
	if (fate == FATE_DECLINED || fate == FATE_TIMED_OUT)
		decline(c);
	else
		dispatch(c);
	if (fate == FATE_CANCELLED) {
		hf_ref_wait(c, 5, 60);
		hf_ref_coded(c, "cancel",
			     hf_ref_half(c) ? "triage-clinician" : "referrer",
			     "{\"reason\":\"%s\"}",
			     hf_ref_code(&c->rng, hf_ref_cancellations), "");
		return;
	}
	if (fate == FATE_RETRIAGED) {
		hf_ref_wait(c, 20, 200);
		hf_ref_within(c, 8, 18, false);
		c->urgency = 1;
		hf_ref_move(c, "retriage", "triage-clinician", "{\"urgency\":\"U1\"}",
			    "Called back: worse since the morning.");
		dispatch(c);
	}
	if (fate == FATE_NO_ACCESS_AGAIN || fate == FATE_NO_ACCESS_SAFE ||
	    fate == FATE_NO_ACCESS_DANGER)
		no_access(c);
	contact(c);
	finish(c);
}
