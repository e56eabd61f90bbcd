/* lead_story.c - what the story of a referral says to the lead. */
#include "hub/lead.h"
#include "hub/words.h"

/* ---- what was said ---- */

static struct hf_sv
text_of(struct hf_sv object, const char *name, struct hf_arena *arena)
{
	struct hf_json doc;

	if (object.n == 0 || hf_json_parse(object, NULL, arena, &doc, NULL) != HF_OK)
		return (struct hf_sv){NULL, 0};
	return hf_json_str(&doc, hf_json_get(&doc, 0, hf_sv_from(name)), arena);
}

static bool
for_capacity(enum hf_hub_list list, struct hf_sv reason)
{
	const struct hf_hub_word *word = hf_hub_word(list, reason);

	return word && strcmp(word->more, "capacity") == 0;
}

static void
refused(struct hf_lead_referral *r, hf_time at, bool rejected)
{
	if (r->n_refusals == HF_LEAD_REFUSALS) {
		memmove(r->refusals, r->refusals + 1,
			(HF_LEAD_REFUSALS - 1) * sizeof *r->refusals);
		r->n_refusals--;
	}
	r->refusals[r->n_refusals++] = (struct hf_lead_refusal){at, rejected};
}

/* ---- clocks ---- */

static void
take_clock(const struct hf_pw_run *run, struct hf_lead_clock *to)
{
	if (run->state == HF_RUN_SUPERSEDED)
		return;
	*to = (struct hf_lead_clock){
	    .began = true,
	    .breached = run->breached,
	    .state = run->state,
	    .start = run->start,
	    .due = run->due,
	    .stopped = run->stopped,
	    .paused_ms = run->paused_ms,
	};
}

static void
breached(struct hf_lead_referral *r, const struct hf_pw_run *run)
{
	if (r->n_breaches == HF_LEAD_BREACHES) {
		memmove(r->breaches, r->breaches + 1,
			(HF_LEAD_BREACHES - 1) * sizeof *r->breaches);
		r->n_breaches--;
	}
	r->breaches[r->n_breaches++] =
	    (struct hf_lead_breach){.clock = run->clock, .at = run->due};
}

static void
take_clocks(const struct hf_pathway *p, const struct hf_pw_instance *in,
	    struct hf_lead_referral *r)
{
	r->due = HF_TIME_MAX;
	for (size_t i = 0; i < in->n_runs; i++) {
		const struct hf_pw_run *run = &in->runs[i];
		const char *id = p->clocks[run->clock].id;

		if (strcmp(id, "C1") == 0)
			take_clock(run, &r->c1);
		if (strcmp(id, "C3") == 0)
			take_clock(run, &r->c3);
		if (run->breached)
			breached(r, run);
		if (run->state == HF_RUN_RUNNING && run->due < r->due)
			r->due = run->due;
	}
}

/* The reason of a breach holds for all of this clock that ran out before. */
static void
reasoned(const struct hf_pathway *p, const struct hf_hub_event *e,
	 struct hf_arena *arena, struct hf_lead_referral *r)
{
	struct hf_sv clock = text_of(e->given, "clock", arena);

	for (size_t i = 0; i < r->n_breaches; i++)
		if (hf_sv_eq(clock, hf_sv_from(p->clocks[r->breaches[i].clock].id)) &&
		    r->breaches[i].at <= e->at) {
			r->breaches[i].reason = text_of(e->given, "reason", arena);
			r->breaches[i].note = e->note;
		}
}

/* What was told late counts by when it was done: a contact within two hours that was
 * recorded without a network is one, and the breach, which nobody could know better
 * of, stays with its reason. */
static void
contact_at(struct hf_lead_referral *r, const struct hf_hub_event *e)
{
	r->contact = e->done ? e->done : e->at;
	if (r->c1.state == HF_RUN_LATE && r->contact <= r->c1.due)
		r->c1.state = HF_RUN_MET;
}

/* ---- how it ended ---- */

static enum hf_lead_exit
exit_of(const struct hf_hub_event *last, struct hf_arena *arena)
{
	struct hf_sv reason = text_of(last->given, "reason", arena);

	if (hf_sv_is(last->event, "find-duplicate"))
		return HF_EXIT_DUPLICATE;
	if (hf_sv_is(last->step, "t24-conveyed"))
		return HF_EXIT_CONVEYED;
	if (hf_sv_is(last->event, "cancel") && hf_sv_is(reason, "patient"))
		return HF_EXIT_DECLINED;
	if (hf_sv_is(last->event, "cancel") && hf_sv_is(reason, "died"))
		return HF_EXIT_DIED;
	return HF_EXIT_OTHER;
}

void
hf_lead_of_story(const struct hf_story *story, struct hf_arena *arena,
		 struct hf_lead_referral *out)
{
	const struct hf_pathway *p = story->replay.p;
	const struct hf_pw_instance *in = &story->replay.in;
	const struct hf_hub_event *ended = NULL;
	struct hf_sv shown = story->n ? story->events[0].shown : (struct hf_sv){0};
	struct hf_sv id = out->id;

	*out = (struct hf_lead_referral){
	    .id = id,
	    .locality = text_of(shown, "locality", arena),
	    .service = text_of(shown, "service", arena),
	    .asked = text_of(shown, "asked", arena),
	    .state = hf_sv_from(p->states[in->state].id),
	    .open = !in->ended,
	    .received = story->n ? story->events[0].at : 0,
	};
	take_clocks(p, in, out);
	for (size_t i = 0; i < story->n; i++) {
		const struct hf_hub_event *e = &story->events[i];
		struct hf_sv urgency = text_of(e->facts, "urgency", arena);
		struct hf_sv reason = text_of(e->given, "reason", arena);

		if (urgency.n)
			out->urgency = urgency;
		if (hf_sv_is(e->event, "start-contact") && !out->contact)
			contact_at(out, e);
		if (hf_sv_is(e->event, "team-decline") &&
		    for_capacity(HF_HUB_DECLINES, reason))
			refused(out, e->at, false);
		if (hf_sv_is(e->event, "reject") &&
		    for_capacity(HF_HUB_REJECTIONS, reason))
			refused(out, e->at, true);
		if (hf_sv_is(e->event, "@breach"))
			reasoned(p, e, arena, out);
		if (!ended && p->states[story->states[i]].kind == HF_PW_END)
			ended = e;
	}
	if (ended && !out->contact)
		out->exit = exit_of(ended, arena);
}
