/* framework_report.c - charts, change and comparison out of figures. */
#include "population/framework_report.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"

const char *const hf_pop_caveats[] = {
    "The comparison is fair only if the areas would have gone the same way without the "
    "difference that is looked at: look at eight or more periods before.",
    "One area alone cannot tell an effect from what else is special about it.",
    "An area that was chosen because it was high tends to come down by itself.",
    "Other schemes, coding, and same-day emergency care may have changed at the same "
    "time.",
    "What is done in one area may spill over into the others.",
    "Practices that moved between areas are counted where they were on each day; ask "
    "with membership frozen at the baseline to leave that out.",
    "An interval that includes no change does not show that there was none.",
};
const size_t hf_pop_n_caveats = HF_COUNT(hf_pop_caveats);

void
hf_pop_report_free(struct hf_pop_report *r)
{
	if (!r)
		return;
	hf_pop_plan_free(r->series);
	hf_pop_plan_free(r->total);
	hf_pop_plan_free(r->baseline);
	free(r->figures);
	free(r);
}

void
hf_pop_report_range(const struct hf_pop_columns *c, unsigned months, uint16_t *from,
		    uint16_t *to)
{
	struct hf_civil last =
	    hf_civil_from_time(((int64_t)c->day_last + 1 + HF_POP_DAY_ZERO) * 86400000);
	int end = last.year * 12 + last.month - 1, begin = end - (int)months;
	int64_t a = hf_days_from_civil(begin / 12, begin % 12 + 1, 1) - HF_POP_DAY_ZERO;
	int64_t b = hf_days_from_civil(end / 12, end % 12 + 1, 1) - HF_POP_DAY_ZERO;

	*from = (uint16_t)(a < 0 ? 0 : a);
	*to = (uint16_t)(b < 1 ? 1 : b);
}

struct hf_pop_figure *
hf_pop_report_at(const struct hf_pop_report *r, size_t m, size_t area, size_t i)
{
	return &r->figures[(m * r->n_areas + area) * (r->n_periods + 2) + i];
}

static const struct hf_pop_measure *
measure_at(const struct hf_pop_report *r, size_t m)
{
	return &r->f->measures[r->measure[m]];
}

static bool
by_size(enum hf_ms_chart chart)
{
	return chart == HF_MS_P || chart == HF_MS_U || chart == HF_MS_P_PRIME ||
	       chart == HF_MS_U_PRIME;
}

static bool
shown(const struct hf_pop_figure *f)
{
	return (f->status == HF_POP_OK || f->status == HF_POP_TOO_FEW) &&
	       !isnan(f->value.value);
}

double
hf_pop_report_scale(const struct hf_pop_report *r, size_t m)
{
	return by_size(measure_at(r, m)->chart) ? measure_at(r, m)->per : 1.0;
}

/* Is the area of the report the one a mark names?  The place as a whole is one,
 * however the rest is divided. */
static bool
same_area(const struct hf_pop_report *r, size_t area, const struct hf_pop_mark *k)
{
	if (area == 0 || r->ask.ask.by == HF_POP_BY_PLACE)
		return hf_sv_is(k->by, "place");
	return hf_sv_eq(k->by, hf_sv_from(hf_pop_by_words[r->ask.ask.by])) &&
	       hf_sv_eq(k->area, hf_pop_plan_area_id(r->series, area));
}

size_t
hf_pop_report_marked(const struct hf_pop_report *r, size_t m, size_t area,
		     const struct hf_pop_mark *k)
{
	if (!k->stands || !hf_sv_eq(k->measure, hf_sv_from(measure_at(r, m)->id)) ||
	    !hf_sv_eq(k->grain, hf_sv_from(hf_pop_grain_words[r->ask.ask.grain])) ||
	    !same_area(r, area, k))
		return SIZE_MAX;
	for (size_t i = 0; i < r->n_periods; i++)
		if (k->day >= hf_pop_plan_period(r->series, i) &&
		    k->day < hf_pop_plan_period(r->series, i + 1))
			return i;
	return SIZE_MAX;
}

/* Where limits begin anew, rising and each once, and how many points they are frozen
 * of. */
struct marked {
	size_t rebase[HF_POP_REBASES_MOST], n;
	unsigned freeze;
};

static void
add_rebase(struct marked *k, size_t at)
{
	size_t i = k->n;

	for (size_t j = 0; j < k->n; j++)
		if (k->rebase[j] == at)
			return;
	if (at == 0 || k->n == HF_POP_REBASES_MOST)
		return;
	for (; i > 0 && k->rebase[i - 1] > at; i--)
		k->rebase[i] = k->rebase[i - 1];
	k->rebase[i] = at;
	k->n++;
}

static struct marked
marks_of(const struct hf_pop_report *r, size_t m, size_t area, const double *x)
{
	struct marked out = {.n = 0};

	for (size_t i = 0; i < r->ask.marks.n; i++) {
		const struct hf_pop_mark *k = &r->ask.marks.items[i];
		size_t at = hf_pop_report_marked(r, m, area, k);
		unsigned before = 0;

		if (at == SIZE_MAX)
			continue;
		if (k->kind == HF_POP_MARK_REBASE)
			add_rebase(&out, at);
		for (size_t j = 0; j < at; j++)
			before += isnan(x[j]) ? 0 : 1;
		/* As the window moves on, too few of them may be left in it. */
		if (k->kind == HF_POP_MARK_FREEZE && before >= HF_POP_MARK_BEFORE)
			out.freeze = before;
	}
	return out;
}

static bool
between(enum hf_ms_chart chart)
{
	return chart == HF_MS_G || chart == HF_MS_T;
}

/* Rare events are charted by what lies between them: days (t), or how many were not
 * (g).  A point stands at the period of each event; of several in one period the others
 * are nought apart, and one point says so.  A period that is hidden hides what is
 * between: nothing is charted then.  One that was not received begins anew. */
static void
set_between(const struct hf_pop_report *r, size_t m, size_t area, double *x)
{
	bool days = measure_at(r, m)->chart == HF_MS_T, before = false, known = true;
	double since = 0;

	for (size_t i = 0; i < r->n_periods; i++) {
		const struct hf_pop_figure *f = hf_pop_report_at(r, m, area, i);

		x[i] = NAN;
		known = known && f->status != HF_POP_SUPPRESSED;
		/* What happened while nothing came is not known: it begins anew. */
		if (f->status == HF_POP_PARTIAL || isnan(f->counted)) {
			before = false;
			continue;
		}
		if (f->counted > 0) {
			x[i] = before ? since : NAN;
			before = true;
			since = 0;
		}
		since += days ? hf_pop_plan_period(r->series, i + 1) -
				    hf_pop_plan_period(r->series, i)
			      : f->out_of - f->counted;
	}
	for (size_t i = 0; i < r->n_periods && !known; i++)
		x[i] = NAN;
}

static bool
draw(const struct hf_pop_report *r, size_t m, size_t area, bool marked,
     struct hf_ms_spc_point *points, struct hf_ms_spc *sum)
{
	const struct hf_pop_measure *is = measure_at(r, m);
	struct hf_ms_spc_ask ask = {
	    .chart = is->chart,
	    .direction = is->direction,
	    .trend = r->ask.trend,
	    .target = is->target / hf_pop_report_scale(r, m),
	};
	double x[HF_POP_PERIODS_MOST], size[HF_POP_PERIODS_MOST];
	bool sized = by_size(is->chart);
	struct marked marks = {.n = 0};

	for (size_t i = 0; i < r->n_periods; i++) {
		const struct hf_pop_figure *f = hf_pop_report_at(r, m, area, i);

		x[i] = !shown(f) ? NAN : sized ? f->counted : f->value.value;
		size[i] = shown(f) ? f->out_of : 0;
	}
	if (between(is->chart)) {
		set_between(r, m, area, x);
		/* More between them is fewer of them. */
		ask.target = NAN;
		if (is->direction != HF_MS_NEUTRAL)
			ask.direction = is->direction == HF_MS_LOWER_BETTER
					    ? HF_MS_HIGHER_BETTER
					    : HF_MS_LOWER_BETTER;
	}
	if (marked)
		marks = marks_of(r, m, area, x);
	ask.rebase = marks.rebase;
	ask.n_rebase = marks.n;
	ask.freeze = marks.freeze;
	return hf_ms_spc(&ask, x, sized ? size : NULL, r->n_periods, points, sum);
}

bool
hf_pop_report_chart(const struct hf_pop_report *r, size_t m, size_t area,
		    struct hf_ms_spc_point *points, struct hf_ms_spc *sum)
{
	return draw(r, m, area, true, points, sum);
}

bool
hf_pop_report_chart_unmarked(const struct hf_pop_report *r, size_t m, size_t area,
			     struct hf_ms_spc_point *points, struct hf_ms_spc *sum)
{
	return draw(r, m, area, false, points, sum);
}

static bool
is_count(const struct hf_pop_measure *m)
{
	return m->of == HF_POP_OF_EVENTS && m->quantity == HF_POP_Q_EVENTS &&
	       (m->scale == HF_POP_RATE || m->scale == HF_POP_COUNT);
}

struct hf_ms_interval
hf_pop_report_change(const struct hf_pop_report *r, size_t m, size_t area)
{
	const struct hf_pop_measure *is = measure_at(r, m);
	const struct hf_pop_figure *now = hf_pop_report_at(r, m, area, r->n_periods);
	const struct hf_pop_figure *then = now + 1;
	bool rate = is->scale == HF_POP_RATE;
	struct hf_ms_interval none = {NAN, NAN, NAN};

	if (!r->baseline || !shown(now) || !shown(then))
		return none;
	if (is_count(is))
		return hf_ms_change(then->counted, rate ? then->out_of : 1,
				    now->counted, rate ? now->out_of : 1, 1, 0.95);
	/* Of shares and means the change alone is given: what varies with them is not
	 * a count. */
	if (then->value.value > 0)
		none.value = 100 * (now->value.value / then->value.value - 1);
	return none;
}

double
hf_pop_report_phi(const struct hf_pop_report *r, size_t m)
{
	size_t units = r->n_areas - 1, half = r->n_periods / 2;
	size_t later = r->n_periods - half;
	double *counts, phi;

	counts = calloc(units * r->n_periods + 1, sizeof *counts);
	if (!counts)
		return 1;
	/* Before and after are each other's halves: size and season are taken out. */
	for (size_t a = 0; a < units; a++)
		for (size_t i = 0; i < r->n_periods; i++) {
			const struct hf_pop_figure *f =
			    hf_pop_report_at(r, m, a + 1, i);
			double n = f->status <= HF_POP_OK || f->status == HF_POP_TOO_FEW
				       ? f->counted
				       : 0;

			if (i < half)
				counts[a * half + i] = n;
			else
				counts[units * half + a * later + i - half] = n;
		}
	phi = hf_ms_dispersion(counts, half, counts + units * half, later, units);
	free(counts);
	return phi;
}

bool
hf_pop_report_difference(const struct hf_pop_report *r, size_t m, size_t area,
			 double phi, struct hf_ms_did *out)
{
	struct hf_ms_did_counts c = {.phi = phi};

	if (!r->baseline || !is_count(measure_at(r, m)) || r->n_areas < 3)
		return false;
	for (size_t a = 1; a < r->n_areas; a++) {
		const struct hf_pop_figure *now =
		    hf_pop_report_at(r, m, a, r->n_periods);
		const struct hf_pop_figure *then = now + 1;

		if (!shown(now) || !shown(then)) {
			if (a == area)
				return false;
			continue; /* on neither side of the others */
		}
		*(a == area ? &c.a0 : &c.b0) += then->counted;
		*(a == area ? &c.a1 : &c.b1) += now->counted;
		if (measure_at(r, m)->scale != HF_POP_RATE)
			continue;
		*(a == area ? &c.na0 : &c.nb0) += then->out_of;
		*(a == area ? &c.na1 : &c.nb1) += now->out_of;
	}
	*out = hf_ms_did(&c, 0.95);
	return !isnan(out->ratio.value);
}
