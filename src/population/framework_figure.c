/* framework_figure.c - figures out of what was counted. */
#include "population/framework_plan.h"

#include <math.h>
#include <stdlib.h>

const char *const hf_pop_status_words[HF_POP_STATUSES] = {
    "ok", "not-received", "partial", "too-few", "suppressed", "held-back"};

static const double confidence = 0.95;

/* What was counted over some periods of some areas. */
struct counted {
	double num, den, sum, squares;
	double days;   /* person-days within the ages of the measure */
	double length; /* days of the periods that were received */
	double known, all;
	bool partial, received;
};

static bool
period_received(const struct hf_pop_plan *p, const struct hf_pop_tally *t,
		const struct hf_pop_measure *m, size_t period)
{
	uint32_t settings =
	    m->of == HF_POP_OF_PERSONS ? m->often.event.settings : m->base.settings;

	if (m->of == HF_POP_OF_DEATHS || m->of == HF_POP_OF_VALUES)
		return p->c->day_last >= p->period[period];
	return (t->received[period] & settings) != 0;
}

static bool
stratum_of_ages(const struct hf_pop_measure *m, size_t stratum)
{
	bool all = m->base.age_from <= 0 && m->base.age_to >= HF_POP_AGE_MOST;

	if (stratum == HF_POP_STRATA - 1)
		return all;
	return hf_pop_stratum_from[stratum % HF_POP_AGE_STRATA] >= m->base.age_from &&
	       hf_pop_stratum_from[stratum % HF_POP_AGE_STRATA] <= m->base.age_to;
}

static void
add_time(const struct hf_pop_plan *p, const struct hf_pop_tally *t,
	 const struct hf_pop_measure *m, size_t area, size_t period, struct counted *c)
{
	const uint32_t *time = t->time + (area * p->n_periods + period) * HF_POP_STRATA;

	for (size_t s = 0; s < HF_POP_STRATA; s++)
		if (stratum_of_ages(m, s))
			c->days += time[s];
}

static void
add_cell(const struct hf_pop_plan *p, const struct hf_pop_tally *t, size_t k,
	 size_t area, size_t period, struct counted *c)
{
	for (uint16_t s = 0; s < p->strata[k]; s++) {
		size_t cell = hf_pop_cell(p, k, area, period, s);

		c->num += t->num[cell];
		c->den += t->den[cell];
		c->sum += (double)(int64_t)t->sum[cell];
		c->squares += (double)t->squares[cell];
	}
}

static struct counted
count(const struct hf_pop_plan *p, const struct hf_pop_tally *t, size_t k, size_t area,
      size_t from, size_t to)
{
	const struct hf_pop_measure *m = &p->f->measures[k];
	size_t first = area ? area : 1, last = area ? area + 1 : p->n_areas;
	struct counted c = {0};

	for (size_t i = from; i < to; i++) {
		if (!period_received(p, t, m, i))
			continue;
		c.received = true;
		c.length += p->period[i + 1] - p->period[i];
		c.partial |= p->period[i + 1] > (uint32_t)p->c->day_last + 1;
		for (size_t a = first; a < last; a++) {
			add_cell(p, t, k, a, i, &c);
			if (p->needs_time >> k & 1)
				add_time(p, t, m, a, i, &c);
		}
		c.known += (double)t->known[k * p->n_periods + i];
		c.all += (double)t->all[k * p->n_periods + i];
	}
	return c;
}

static struct hf_ms_interval
times(struct hf_ms_interval i, double by)
{
	return (struct hf_ms_interval){i.value * by, i.low * by, i.high * by};
}

static struct hf_ms_interval
mean_of(const struct counted *c, double unit)
{
	double n = c->den, mean, variance, half;

	if (!(n > 0))
		return (struct hf_ms_interval){NAN, NAN, NAN};
	mean = c->sum / n;
	variance = n > 1 ? fmax(0, (c->squares - n * mean * mean) / (n - 1)) : NAN;
	half = hf_ms_t_q(0.5 + confidence / 2, n - 1) * sqrt(variance / n);
	return times((struct hf_ms_interval){mean, mean - half, mean + half}, unit);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Rank of the sorted n, within them. */
static double
ranked(const double *x, double n, double rank)
{
	return x[(size_t)fmin(fmax(rank, 0), n - 1)];
}

/* The quantile and, by the binomial distribution of ranks, its interval. */
static struct hf_ms_interval
quantile_of(const struct hf_pop_plan *p, const struct hf_pop_tally *t, size_t k,
	    size_t area, size_t from, size_t to, double *out_of)
{
	const struct hf_pop_measure *m = &p->f->measures[k];
	size_t first = area ? area : 1, last = area ? area + 1 : p->n_areas, n = 0;
	double q = m->quantile, *x, width;
	struct hf_ms_interval out = {NAN, NAN, NAN};

	for (size_t a = first; a < last; a++)
		n += t->sample_first[k][a * p->n_periods + to] -
		     t->sample_first[k][a * p->n_periods + from];
	*out_of = (double)n;
	x = n ? malloc(n * sizeof *x) : NULL;
	if (!x)
		return out;
	n = 0;
	for (size_t a = first; a < last; a++)
		for (size_t i = t->sample_first[k][a * p->n_periods + from];
		     i < t->sample_first[k][a * p->n_periods + to]; i++)
			x[n++] = t->samples[k].value[i];
	if (to - from > 1 || last - first > 1)
		qsort(x, n, sizeof *x, by_value);
	width = hf_ms_z(confidence) * sqrt((double)n * q * (1 - q));
	out.value = hf_ms_quantile(x, n, q);
	out.low = ranked(x, (double)n, floor((double)n * q - width));
	out.high = ranked(x, (double)n, ceil((double)n * q + width) - 1);
	free(x);
	return out;
}

/* The hour is the unit in which people speak of waits. */
static double
unit_of(const struct hf_pop_measure *m)
{
	return m->quantity == HF_POP_Q_WAIT    ? 1.0 / m->per
	       : m->quantity == HF_POP_Q_VALUE ? 0.001
					       : 1.0;
}

bool
hf_pop_strata(const struct hf_pop_plan *p, const struct hf_pop_tally *t, size_t k,
	      size_t area, size_t from, size_t to, struct hf_ms_stratum *out)
{
	const struct hf_pop_measure *m = &p->f->measures[k];
	size_t first = area ? area : 1, last = area ? area + 1 : p->n_areas;

	if (!m->standardise)
		return false;
	memset(out, 0, (HF_POP_STRATA - 1) * sizeof *out);
	for (size_t s = 0; s < HF_POP_STRATA - 1; s++)
		if (stratum_of_ages(m, s))
			out[s].weight = hf_pop_stratum_weight[s % HF_POP_AGE_STRATA];
	for (size_t i = from; i < to; i++) {
		if (!period_received(p, t, m, i))
			continue;
		for (size_t a = first; a < last; a++)
			for (uint8_t s = 0; s < HF_POP_STRATA - 1; s++) {
				size_t cell = hf_pop_cell(p, k, a, i, s);

				if (out[s].weight == 0)
					continue;
				out[s].events += t->num[cell];
				out[s].squares += (double)t->squares[cell];
				out[s].population +=
				    t->time[(a * p->n_periods + i) * HF_POP_STRATA +
					    s] /
				    365.25;
			}
	}
	return true;
}

static void
standardise(const struct hf_pop_plan *p, const struct hf_pop_tally *t, size_t k,
	    size_t area, size_t from, size_t to, struct hf_pop_figure *out)
{
	struct hf_ms_stratum strata[HF_POP_STRATA - 1], used[HF_POP_STRATA - 1];
	const struct hf_pop_measure *m = &p->f->measures[k];
	struct hf_ms_standard s;
	size_t n = 0;

	if (!hf_pop_strata(p, t, k, area, from, to, strata))
		return;
	/* Strata outside the ages of the measure are not empty, they are not asked. */
	for (size_t i = 0; i < HF_POP_STRATA - 1; i++)
		if (strata[i].weight > 0)
			used[n++] = strata[i];
	s = hf_ms_dsr(used, n, m->per, m->recurring, confidence);
	out->standard = s.rate;
	out->empty = s.empty;
	if (s.withheld && out->status == HF_POP_OK)
		out->status = HF_POP_TOO_FEW;
}

/* Places times days of one period, of `persons` that the measure is about on average:
 * as told, and for days that nobody told as the document says. */
static double
place_days(const struct hf_pop_plan *p, const struct hf_pop_measure *m, size_t period,
	   double persons)
{
	uint16_t from = p->period[period], to = p->period[period + 1];
	double days = 0, left = to - from;

	for (size_t i = 0; i < p->ask.n_places; i++) {
		const struct hf_pop_places *c = &p->ask.places[i];
		double first = fmax(from, c->from), last = fmin(to, c->to);

		if (last <= first || !hf_sv_eq(c->service, hf_sv_from(m->capacity)))
			continue;
		days +=
		    (last - first) *
		    (isnan(c->places) ? c->per_100000 * persons / 100000 : c->places);
		left -= last - first;
	}
	return days + left * m->places * persons / m->per;
}

/* How many places there are per `per` people of the place: each area has its share. */
static double
places_of(const struct hf_pop_plan *p, const struct hf_pop_tally *t, size_t k,
	  size_t from, size_t to)
{
	const struct hf_pop_measure *m = &p->f->measures[k];
	double days = 0, people = 0;

	if (!m->capacity || !*m->capacity || p->ask.n_places == 0)
		return m->places;
	for (size_t i = from; i < to; i++) {
		struct counted c = {0};

		if (!period_received(p, t, m, i))
			continue;
		for (size_t a = 1; a < p->n_areas; a++)
			add_time(p, t, m, a, i, &c);
		days += place_days(p, m, i, c.days / (p->period[i + 1] - p->period[i]));
		people += c.days;
	}
	return people > 0 ? days / people * m->per : m->places;
}

/* Observed of an area against what all areas together would have had with its people:
 * the ratio, and with it the share that the place has (POP-T13). */
static void
indirectly(const struct hf_pop_plan *p, const struct hf_pop_tally *t, size_t k,
	   size_t area, size_t from, size_t to, struct hf_pop_figure *out)
{
	const struct hf_pop_measure *m = &p->f->measures[k];
	size_t first = area ? area : 1, last = area ? area + 1 : p->n_areas;
	double observed = 0, expected = 0, all = 0, all_of = 0;

	for (uint16_t s = 0; s < p->strata[k]; s++) {
		double num = 0, den = 0, of = 0;

		for (size_t i = from; i < to; i++) {
			if (!period_received(p, t, m, i))
				continue;
			num += (double)t->all_num[k][i * p->strata[k] + s];
			den += (double)t->all_den[k][i * p->strata[k] + s];
			for (size_t a = first; a < last; a++) {
				size_t cell = hf_pop_cell(p, k, a, i, s);

				of += t->den[cell];
				observed += t->num[cell];
			}
		}
		expected += den > 0 ? of * num / den : 0;
		all += num;
		all_of += den;
	}
	/* As a standardised rate: below ten it says too little. */
	if (observed < HF_MS_EXACT_BELOW || !(expected > 0))
		return;
	out->expected = expected;
	out->ratio = times(hf_ms_count(observed, confidence), 100 / expected);
	out->standard = times(out->ratio, all / all_of);
}

static void
crude(const struct hf_pop_plan *p, const struct hf_pop_tally *t, size_t k, size_t area,
      size_t from, size_t to, const struct counted *c, struct hf_pop_figure *out)
{
	const struct hf_pop_measure *m = &p->f->measures[k];

	out->counted = c->num;
	switch (m->scale) {
	case HF_POP_RATE:
		out->out_of = c->days / 365.25;
		out->value = hf_ms_rate(c->num, out->out_of, m->per, confidence);
		/* Nights of one stay follow each other: no Poisson interval. */
		if (m->quantity == HF_POP_Q_BED_DAYS)
			out->value.low = out->value.high = NAN;
		break;
	case HF_POP_CENSUS:
		out->out_of = c->days;
		out->value.value = c->days > 0 ? c->num / c->days * m->per : NAN;
		if (!isnan(m->places))
			out->value.value *= 100 / places_of(p, t, k, from, to);
		break;
	case HF_POP_SHARE:
		out->out_of =
		    m->of == HF_POP_OF_PERSONS
			? fmax(c->length > 0 ? c->days / c->length : 0, c->num)
			: c->den;
		out->value = times(hf_ms_wilson(c->num, out->out_of, confidence),
				   m->of == HF_POP_OF_PERSONS ? m->per : 100);
		break;
	case HF_POP_MEAN:
		out->counted = c->sum * unit_of(m);
		out->out_of = c->den;
		out->value = mean_of(c, unit_of(m));
		break;
	case HF_POP_QUANTILE:
		out->value = times(quantile_of(p, t, k, area, from, to, &out->out_of),
				   unit_of(m));
		out->counted = out->out_of;
		break;
	default:
		out->value = hf_ms_count(c->num, confidence);
	}
}

void
hf_pop_figure(const struct hf_pop_plan *p, const struct hf_pop_tally *t, size_t k,
	      size_t area, size_t from, size_t to, struct hf_pop_figure *out)
{
	const struct hf_ms_interval none = {NAN, NAN, NAN};
	struct counted c = count(p, t, k, area, from, to);

	*out = (struct hf_pop_figure){.value = none,
				      .standard = none,
				      .ratio = none,
				      .expected = NAN,
				      .known = NAN,
				      .behind = NAN};
	if (!c.received) {
		out->status = HF_POP_NOT_RECEIVED;
		out->counted = out->out_of = NAN;
		return;
	}
	out->status = c.partial ? HF_POP_PARTIAL : HF_POP_OK;
	crude(p, t, k, area, from, to, &c, out);
	if (p->f->measures[k].quantity == HF_POP_Q_BED_DAYS)
		out->behind = c.squares;
	if (c.all > 0)
		out->known = c.known / c.all;
	standardise(p, t, k, area, from, to, out);
	if (p->f->measures[k].indirect)
		indirectly(p, t, k, area, from, to, out);
	if (isnan(out->value.value) && out->status == HF_POP_OK)
		out->status = HF_POP_TOO_FEW;
}
