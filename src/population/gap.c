/* gap.c - what somebody should have had and has not. */
#include "population/gap.h"

#include <stdio.h>
#include <stdlib.h>

#include "population/score_int.h"

struct ready_gap {
	const struct hf_pop_gap *gap;
	struct hf_pop_segmenter *who;
	uint16_t value[HF_POP_GAP_VALUES], declined[HF_POP_GAP_VALUES];
};

struct hf_pop_gapper {
	const struct hf_pop_columns *c;
	struct ready_gap gaps[HF_POP_GAPS];
	size_t n;
};

static uint16_t
code_of(const struct hf_pop_dictionary *d, const char *text)
{
	for (size_t i = 1; i < d->n; i++)
		if (hf_sv_eq(d->text[i], hf_sv_from(text)))
			return (uint16_t)i;
	return 0;
}

enum hf_rc
hf_pop_gapper_new(const struct hf_pop_gap *gaps, size_t n,
		  const struct hf_pop_scorer *scorer, struct hf_pop_gapper **out,
		  struct hf_err *err)
{
	const struct hf_pop_dictionary *values = &scorer->c->dict[HF_POP_VALUE];
	struct hf_pop_gapper *g = calloc(1, sizeof *g);
	enum hf_rc rc = HF_OK;

	if (!g || n > HF_POP_GAPS) {
		free(g);
		return hf_fail(err, HF_TOO_LONG, "care-gaps", "at most %d care gaps",
			       HF_POP_GAPS);
	}
	g->c = scorer->c;
	for (; rc == HF_OK && g->n < n; g->n++) {
		struct ready_gap *r = &g->gaps[g->n];
		char text[80];

		r->gap = &gaps[g->n];
		rc = hf_pop_segmenter_new(&r->gap->who, scorer, &r->who, err);
		for (size_t k = 0; k < r->gap->n_values; k++) {
			snprintf(text, sizeof text, "%s-declined", r->gap->values[k]);
			r->value[k] = code_of(values, r->gap->values[k]);
			r->declined[k] = code_of(values, text);
		}
	}
	if (rc) {
		hf_pop_gapper_free(g);
		return rc;
	}
	*out = g;
	return HF_OK;
}

void
hf_pop_gapper_free(struct hf_pop_gapper *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < HF_POP_GAPS; i++)
		hf_pop_segmenter_free(g->gaps[i].who);
	free(g);
}

/* The day of the latest value of a code, -1: there is none. */
static int
latest(const struct hf_pop_columns *c, uint32_t person, uint16_t code, uint16_t day)
{
	int best = -1;

	for (uint32_t i = c->value_first[person]; i < c->value_first[person + 1]; i++)
		if (code && c->value[i].code == code && c->value[i].day <= day)
			best = c->value[i].day;
	return best;
}

static bool
by_values(const struct ready_gap *r, const struct hf_pop_columns *c, uint32_t person,
	  uint16_t day, struct hf_pop_gap_found *out)
{
	*out = (struct hf_pop_gap_found){.gap = r->gap};
	for (size_t k = 0; k < r->gap->n_values; k++) {
		int done = latest(c, person, r->value[k], day);
		int declined = latest(c, person, r->declined[k], day);

		if ((done >= 0 && day - done < r->gap->days) ||
		    (declined >= 0 && day - declined < r->gap->days))
			continue;
		out->missing |= 1u << k;
		if (done < 0)
			out->overdue = HF_POP_NEVER;
		else if (out->overdue != HF_POP_NEVER &&
			 day - done - r->gap->days > out->overdue)
			out->overdue = day - done - r->gap->days;
	}
	return out->missing != 0;
}

static bool
seen(const struct hf_pop_columns *c, const struct hf_pop_gap *gap, uint32_t person,
     int from, uint16_t day)
{
	for (uint64_t i = c->ev_first[person]; i < c->ev_first[person + 1]; i++)
		if (c->ev.day[i] > from && c->ev.day[i] <= from + gap->after_days &&
		    c->ev.day[i] <= day && (gap->settings >> c->ev.setting[i] & 1))
			return true;
	return false;
}

static bool
after_stay(const struct ready_gap *r, const struct hf_pop_columns *c,
	   const struct hf_pop_scratch *x, uint32_t person, uint16_t day,
	   struct hf_pop_gap_found *out)
{
	const struct hf_pop_events *ev = &c->ev;
	int end = -1;

	for (size_t k = 0; k < x->n_stays; k++) {
		uint64_t i = x->stays[k];
		int at = ev->day[i] + ev->los[i];

		if ((ev->setting[i] != HF_POP_NE && ev->setting[i] != HF_POP_EL) ||
		    ev->outcome[i] == HF_POP_O_DIED || at > day)
			continue;
		/* Who is in hospital, or was taken on to another, has not left. */
		if (ev->flags[i] & HF_POP_F_OPEN)
			return false;
		if (ev->outcome[i] != HF_POP_O_HOSPITAL && at > end)
			end = at;
	}
	if (end < 0 || day - end <= r->gap->after_days || day - end > r->gap->until ||
	    seen(c, r->gap, person, end, day))
		return false;
	*out = (struct hf_pop_gap_found){.gap = r->gap,
					 .overdue = day - end - r->gap->after_days};
	return true;
}

size_t
hf_pop_gaps_of(const struct hf_pop_gapper *g, const struct hf_pop_scratch *x,
	       const struct hf_pop_scored *scored, uint32_t person, uint16_t day,
	       struct hf_pop_gap_found out[HF_POP_GAPS])
{
	size_t n = 0;

	if (g->c->persons[person].death_day <= day)
		return 0;
	for (size_t i = 0; i < g->n; i++) {
		const struct ready_gap *r = &g->gaps[i];

		if (hf_pop_segment_of(r->who, x, scored, person, day, NULL) != 0)
			continue;
		n += r->gap->after_days ? after_stay(r, g->c, x, person, day, &out[n])
					: by_values(r, g->c, person, day, &out[n]);
	}
	return n;
}
