/* referral_course.c - what the hub made of a referral: moves, until now.
 *
 * A course goes forward in time; each move waits for as long as such things take at
 * a pace of its own, from quick to far too slow.  The first move that would be later
 * than now ends it. */
#include "pathway/hours.h"
#include "synth/referral_move.h"

static void
submit(struct course *c, bool complete)
{
	static const char *const channels[] = {"page", "phone", "message"};
	static const char *const by[] = {"referrer", "call-handler", "records-officer"};
	struct hf_sv facts = hf_arena_printf(
	    c->arena, "{\"channel\":\"%s\",\"complete\":%s,\"urgencyAsked\":\"%s\"}",
	    channels[c->plan->channel], complete ? "true" : "false",
	    hf_ref_urgency(c->plan->asked));

	c->full = c->full || !facts.p;
	hf_ref_move(c, "submit", by[c->plan->channel], facts.p ? facts.p : "{}", "");
}

static void
accept(struct course *c)
{
	bool lower = c->plan->asked != URGENCY_A0 && c->urgency > c->plan->asked;
	struct hf_sv facts = hf_arena_printf(
	    c->arena,
	    "{\"urgency\":\"%s\",\"condition\":\"%s\",\"skills\":[\"%s\"]%s%s%s}",
	    hf_ref_urgency(c->urgency), c->kind->condition, c->kind->skill,
	    lower ? ",\"downgradeReason\":\"" : "",
	    lower ? hf_ref_code(&c->rng, hf_ref_downgrades) : "", lower ? "\"" : "");

	c->full = c->full || !facts.p;
	hf_ref_move(
	    c, "accept", "triage-clinician", facts.p ? facts.p : "{}",
	    lower ? "Agreed on the telephone that it can wait; call again if it gets "
		    "worse."
		  : NOTE(c, "", "", "Visit with the care staff there.",
			 "Take a bladder scanner.", "Call before you come."));
}

/* ---- the way through triage ---- */

static bool
asked_first(struct course *c)
{
	bool replied = c->plan->fate != FATE_NO_REPLY;

	if (c->plan->fate != FATE_ASKED && replied)
		return false;
	hf_ref_move(c, "ask-information", "triage-clinician", "{\"missing\":true}",
		    NOTE(c, "Which medicines, and is there a key safe?",
			 "Please send the observations of today.",
			 "Who is the next of kin, and the number?"));
	if (replied) {
		hf_ref_pause(c, 4, c->plan->asked == 1 ? 24 : 150);
		hf_ref_move(c, "supply-information",
			    c->plan->channel == BY_PAGE ? "referrer" : "call-handler",
			    "{}", "As asked.");
		return false;
	}
	/* The limit of the pathway's clock "reply": half an hour for U1. */
	if (c->plan->asked == 1)
		c->t += 30 * MINUTE;
	else
		c->t = hf_due(c->t, &(struct hf_duration){.days = 2},
			      HF_CALENDAR_WORKING, NULL);
	hf_ref_move(c, "information-timeout", "", "{}", "");
	hf_ref_by_clock(c);
	return true;
}

/* Those that never come to triage. */
static bool
ends_early(struct course *c)
{
	enum fate fate = (enum fate)c->plan->fate;

	switch (fate) {
	case FATE_DUPLICATE:
		hf_ref_pause(c, 2, 12);
		hf_ref_move(c, "find-duplicate", "call-handler", "{}", "");
		return true;
	case FATE_CANCELLED_EARLY:
		hf_ref_pause(c, 2, 10);
		hf_ref_coded(c, "cancel", "referrer", "{\"reason\":\"%s\"}",
			     hf_ref_code(&c->rng, hf_ref_cancellations), "");
		return true;
	case FATE_SCRIPT_HOME:
	case FATE_SCRIPT_CONVEYED:
		hf_ref_pause(c, 1, 3);
		hf_ref_move(c, "call-999", "call-handler",
			    "{\"lifeThreatening\":true,\"script\":true}",
			    "Chest pain and grey, said on the telephone.");
		hf_ref_ambulance(c, fate == FATE_SCRIPT_CONVEYED);
		hf_ref_visit(c);
		return true;
	default:
		return false;
	}
}

static void
reject(struct course *c)
{
	hf_ref_coded(
	    c, "reject", "triage-clinician",
	    NOTE(c,
		 "{\"reason\":\"%s\",\"alternative\":\"The practice's own nurse "
		 "can do this; appointment offered.\"}",
		 "{\"reason\":\"%s\",\"alternative\":\"Same-day emergency care "
		 "will see the person today.\"}",
		 "{\"reason\":\"%s\",\"alternative\":\"Council's handyperson "
		 "service, number given.\"}"),
	    hf_ref_code(&c->rng, hf_ref_rejections), "");
	if (c->plan->channel == BY_MESSAGE)
		hf_ref_pause(c, 1, 3);
	else
		hf_ref_pause(c, 10, 60 * 60);
	hf_ref_move(c, "acknowledge",
		    c->plan->channel == BY_MESSAGE ? "records-officer" : "referrer",
		    "{}", "");
}

/* Those that triage ends. */
static bool
ends_in_triage(struct course *c)
{
	enum fate fate = (enum fate)c->plan->fate;

	switch (fate) {
	case FATE_ADVISED:
		hf_ref_move(c, "advise", "triage-clinician",
			    NOTE(c,
				 "{\"advice\":\"Call again if it does not settle by "
				 "tomorrow.\"}",
				 "{\"advice\":\"Dressing plan agreed with the "
				 "carers.\"}",
				 "{\"advice\":\"Fluids, paracetamol, review by the "
				 "practice tomorrow.\"}"),
			    "");
		return true;
	case FATE_REJECTED:
		reject(c);
		return true;
	case FATE_REDIRECTED:
		hf_ref_move(c, "redirect", "triage-clinician",
			    "{\"receiverAccepts\":true}",
			    "Belongs to the other service, which has taken it.");
		if (hf_ref_last(c))
			hf_ref_last(c)->team = true;
		return true;
	case FATE_VOIDED:
		hf_ref_move(c, "void", "records-officer",
			    "{\"reason\":\"Entered for the wrong person.\"}", "");
		return true;
	case FATE_TRIAGE_HOME:
	case FATE_TRIAGE_CONVEYED:
		hf_ref_move(c, "call-999", "triage-clinician",
			    "{\"lifeThreatening\":true}",
			    "Speech slurred since an hour ago.");
		hf_ref_ambulance(c, fate == FATE_TRIAGE_CONVEYED);
		hf_ref_visit(c);
		return true;
	default:
		return false;
	}
}

/* Just now there is more than the triage desk can look at: of what came in the last
 * minutes much is still to be opened. */
static bool
waits_still(struct course *c)
{
	hf_time age = c->all->now - c->plan->at;
	uint32_t share = hf_ref_urgent(c) && age < 14 * MINUTE ? 90 : 50;

	return age < 24 * MINUTE && hf_rng_below(&c->rng, 100) < share;
}

static void
triage(struct course *c)
{
	bool slow = !hf_ref_urgent(c);

	c->over = c->over || waits_still(c);
	if (slow)
		hf_ref_within(c, 8, 20, false);
	if (slow)
		hf_ref_wait(c, 25, 110);
	else
		hf_ref_wait(c, 2, 7);
	if (!asked_first(c)) {
		if (c->plan->fate == FATE_ASKED)
			hf_ref_pause(c, 1, 4);
		hf_ref_move(c, "open-triage", "triage-clinician", "{}", "");
	}
	hf_ref_wait(c, 2, slow ? 9 : 5);
}

bool
hf_ref_course(const struct hf_synth_referrals *all, size_t i, bool complete,
	      struct hf_arena *arena, struct hf_synth_referral *out)
{
	static const int paces[] = {55, 100, 180, 300};
	static const int weights[] = {20, 58, 15, 7};
	const struct plan *plan = &all->plans[i];
	struct course c = {
	    .all = all,
	    .plan = plan,
	    .kind = &hf_kind_rows[plan->kind],
	    .out = out,
	    .arena = arena,
	    .t = plan->at,
	    .urgency = plan->asked == URGENCY_A0 ? 5 : plan->asked,
	};

	hf_ref_rng(all, i, 2, &c.rng);
	c.pace = paces[hf_ref_pick(&c.rng, weights, HF_COUNT(weights))];
	if (plan->stalled)
		c.pace = 100;
	submit(&c, complete);
	if (ends_early(&c))
		return !c.full;
	triage(&c);
	if (ends_in_triage(&c))
		return !c.full;
	if (plan->fate == FATE_DOWNGRADED)
		c.urgency += c.urgency == 1 ? 1 + hf_ref_half(&c) : 1;
	accept(&c);
	hf_ref_carry_out(&c);
	return !c.full;
}
