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
	if (small(f->counted))
		return true;
	if (m->scale == HF_POP_COUNT)
		return false;
	if (f->out_of > 0 && f->out_of < 10)
		return true;
	return m->scale == HF_POP_SHARE && small(f->out_of - f->counted);
}

/* Figures again, of rounded counts. */
static void
round_figure(const struct hf_pop_measure *m, struct hf_pop_figure *f)
{
	if (isnan(f->counted))
		return;
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
