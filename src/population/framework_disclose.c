/* framework_disclose.c - figures as they may leave direct care.  population.md 7,
 * rule strict5; POP-T30. */
#include "population/framework_report.h"

#include <math.h>

static bool
small(double n)
{
	return n >= 0.5 && n < 4.5;
}

/* To the nearest 5, half up. */
static double
to_five(double n)
{
	return 5 * floor(n / 5 + 0.5);
}

static void
suppress(struct hf_pop_figure *f)
{
	const struct hf_ms_interval none = {NAN, NAN, NAN};

	f->status = HF_POP_SUPPRESSED;
	f->counted = f->out_of = f->known = NAN;
	f->value = f->standard = f->ratio = none;
	f->expected = NAN;
	f->empty = 0;
}

/* Is the figure itself too small, or could the small part be told from it? */
static bool
must_go(const struct hf_pop_measure *m, const struct hf_pop_figure *f)
{
	if (isnan(f->counted))
		return false;
	if (m->scale == HF_POP_MEAN || m->scale == HF_POP_QUANTILE)
		return f->out_of > 0 && f->out_of < 10;
	/* Many nights may be one person's. */
	if (small(f->counted) || small(f->behind))
		return true;
	if (m->scale == HF_POP_COUNT)
		return false;
	if (f->out_of > 0 && f->out_of < 10)
		return true;
	return m->scale == HF_POP_SHARE && small(f->out_of - f->counted);
}

/* An interval as of so many events more or less. */
static void
scale(struct hf_ms_interval *i, double by)
{
	i->value *= by;
	i->low *= by;
	i->high *= by;
}

/* Figures again, of rounded counts: a standardised rate, an occupancy or the share that
 * is known with all its digits would say what the count was. */
static void
round_figure(const struct hf_pop_measure *m, struct hf_pop_figure *f)
{
	double was = f->counted;

	if (isnan(f->counted))
		return;
	f->known = floor(f->known * 100 + 0.5) / 100;
	if (m->scale != HF_POP_MEAN && m->scale != HF_POP_QUANTILE && was > 0) {
		scale(&f->standard, to_five(was) / was);
		scale(&f->ratio, to_five(was) / was);
		if (m->scale == HF_POP_CENSUS)
			scale(&f->value, to_five(was) / was);
	}
	if (m->scale == HF_POP_MEAN || m->scale == HF_POP_QUANTILE) {
		double mean = f->value.value;

		f->out_of = to_five(f->out_of);
		f->counted = m->scale == HF_POP_MEAN ? mean * f->out_of : f->out_of;
		return;
	}
	f->counted = to_five(f->counted);
	f->out_of = m->scale == HF_POP_SHARE ? to_five(f->out_of) : round(f->out_of);
	if (f->counted > f->out_of && m->scale == HF_POP_SHARE)
		f->out_of = f->counted;
	if (m->scale == HF_POP_SHARE) {
		struct hf_ms_interval v = hf_ms_wilson(f->counted, f->out_of, 0.95);
		double per = m->of == HF_POP_OF_PERSONS ? m->per : 100;

		f->value =
		    (struct hf_ms_interval){v.value * per, v.low * per, v.high * per};
	} else if (m->scale == HF_POP_RATE && m->quantity == HF_POP_Q_EVENTS) {
		f->value = hf_ms_rate(f->counted, f->out_of, m->per, 0.95);
		/* Below ten events an interval says more than the rate: not shown. */
		if (f->counted > 0 && f->counted < 10)
			f->value = (struct hf_ms_interval){NAN, NAN, NAN};
	} else if (m->scale == HF_POP_RATE) {
		f->value.value = f->out_of > 0 ? f->counted / f->out_of * m->per : NAN;
	} else if (m->scale == HF_POP_COUNT) {
		f->value = hf_ms_count(f->counted, 0.95);
	}
}

/* One column: areas of a measure in one period.  When exactly one area went, it is the
 * total less the others: the next smallest goes too. */
static void
column(const struct hf_pop_report *r, size_t m, size_t i)
{
	const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];
	struct hf_pop_figure *all = hf_pop_report_at(r, m, 0, i), *next = NULL;
	size_t gone = 0;

	for (size_t a = 1; a < r->n_areas; a++) {
		struct hf_pop_figure *f = hf_pop_report_at(r, m, a, i);

		if (must_go(is, f)) {
			suppress(f);
			gone++;
		} else if (!isnan(f->counted) && f->counted > 0 &&
			   (!next || f->counted < next->counted)) {
			next = f;
		}
	}
	if (gone == 1 && next && r->n_areas > 2)
		suppress(next);
	if (must_go(is, all))
		suppress(all);
	for (size_t a = 0; a < r->n_areas; a++)
		round_figure(is, hf_pop_report_at(r, m, a, i));
}

void
hf_pop_report_disclose(struct hf_pop_report *r)
{
	for (size_t m = 0; m < r->n_measures; m++)
		for (size_t i = 0; i < r->n_periods + 2; i++)
			column(r, m, i);
}

/* What a measure is made of. */
static uint32_t
made_of(const struct hf_pop_measure *m)
{
	uint32_t of = m->link.event.settings | m->often.event.settings;

	if (m->of == HF_POP_OF_EVENTS)
		of |= m->base.settings;
	if (m->of == HF_POP_OF_VALUES)
		of |= HF_POP_HELD_VALUES;
	if (m->of == HF_POP_OF_DEATHS || m->of == HF_POP_OF_PERSONS ||
	    m->scale == HF_POP_RATE || m->scale == HF_POP_CENSUS)
		of |= HF_POP_HELD_PEOPLE;
	return of;
}

/* The days of figure i: a period, the total, the baseline. */
static void
days_of(const struct hf_pop_report *r, size_t i, uint32_t *from, uint32_t *to)
{
	const struct hf_pop_plan *p = i < r->n_periods	  ? r->series
				      : i == r->n_periods ? r->total
							  : r->baseline;
	size_t at = i < r->n_periods ? i : 0;

	*from = *to = 0;
	if (!p)
		return;
	*from = hf_pop_plan_period(p, at);
	*to = hf_pop_plan_period(p, at + 1);
}

void
hf_pop_report_hold_back(struct hf_pop_report *r, const struct hf_pop_held_back *held,
			size_t n)
{
	for (size_t m = 0; m < r->n_measures; m++) {
		uint32_t of = made_of(&r->f->measures[r->measure[m]]);

		for (size_t i = 0; i < r->n_periods + 2; i++) {
			uint32_t from, to;
			bool any = false;

			days_of(r, i, &from, &to);
			for (size_t k = 0; k < n; k++)
				any |= (held[k].settings & of) && held[k].from < to &&
				       from < held[k].to;
			for (size_t a = 0; any && a < r->n_areas; a++) {
				suppress(hf_pop_report_at(r, m, a, i));
				hf_pop_report_at(r, m, a, i)->status = HF_POP_HELD_BACK;
			}
		}
	}
}
