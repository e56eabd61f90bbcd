/* referral_move.c - inside synth: time and moves of a course. */
#include "base/workday.h"
#include "synth/referral_move.h"

/* ---- time ---- */

static hf_time
minutes(struct course *c, int lo, int hi)
{
	uint32_t span = (uint32_t)((hi - lo) * 60000);

	return lo * MINUTE + (hf_time)hf_rng_below(&c->rng, span + 1);
}

void
hf_ref_wait(struct course *c, int lo, int hi)
{
	c->t += minutes(c, lo, hi) * c->pace / 100;
}

void
hf_ref_pause(struct course *c, int lo, int hi)
{
	c->t += minutes(c, lo, hi);
}

void
hf_ref_within(struct course *c, int from, int to, bool working)
{
	int64_t day = hf_london_day(c->t);
	struct hf_civil at = hf_london_civil(c->t);

	if (at.hour >= from && at.hour < to && (!working || hf_workday(day)))
		return;
	if (at.hour >= to)
		day++;
	while (working && !hf_workday(day))
		day++;
	at = hf_civil_from_time(day * 24 * HOUR);
	at.hour = (int8_t)from;
	c->t = hf_london_time(&at);
	hf_ref_pause(c, 1, 40);
}

bool
hf_ref_urgent(const struct course *c)
{
	return c->urgency <= 3;
}

void
hf_ref_open_hours(struct course *c)
{
	if (c->urgency <= 2)
		return;
	if (c->urgency == 3)
		hf_ref_within(c, 8, 19, false);
	else if (c->urgency <= 5)
		hf_ref_within(c, 8, 17, false);
	else
		hf_ref_within(c, 8, 15, true);
}

/* ---- moves ---- */

void
hf_ref_move(struct course *c, const char *event, const char *by, const char *facts,
	    const char *note)
{
	struct hf_synth_referral *out = c->out;

	c->t -= c->t % 1000;
	if (c->t > c->all->now)
		c->over = true;
	if (c->over)
		return;
	assert(out->n < HF_SYNTH_REFERRAL_MOVES);
	out->moves[out->n++] = (struct hf_synth_move){
	    .at = c->t,
	    .event = event,
	    .by = by,
	    .facts = hf_sv_from(facts),
	    .note = note,
	};
}

void
hf_ref_coded(struct course *c, const char *event, const char *by, const char *format,
	     const char *code, const char *note)
{
	struct hf_sv at = hf_sv_from(strstr(format, "%s"));
	struct hf_sv facts =
	    hf_arena_printf(c->arena, "%.*s%s%.*s", (int)(at.p - format), format, code,
			    (int)(at.n - 2), at.p + 2);

	c->full = c->full || !facts.p;
	hf_ref_move(c, event, by, facts.p ? facts.p : "{}", note);
}

struct hf_synth_move *
hf_ref_last(struct course *c)
{
	return c->over || c->out->n == 0 ? NULL : &c->out->moves[c->out->n - 1];
}

void
hf_ref_by_clock(struct course *c)
{
	if (hf_ref_last(c))
		hf_ref_last(c)->clock = true;
}

const char *
hf_ref_note(struct course *c, const char *const *list, size_t n)
{
	return list[hf_rng_below(&c->rng, (uint32_t)n)];
}

bool
hf_ref_half(struct course *c)
{
	return hf_rng_below(&c->rng, 2) == 0;
}
