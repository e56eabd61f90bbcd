/* act_day.c - on which day and at what time of it things happen, and how often.
 *
 * A day's weight has a season (a cosine with its peak in the middle of January) and a
 * week: Mondays are busy, weekends as rate.def says.  A day is drawn by the inverse of
 * the weights' sum, so that a part of the window has its share. */
#include <math.h>

#include "synth/act.h"

static const double pi = 3.14159265358979323846;

/* Arrivals by hour, per thousand: A&E rises from eight, is highest before noon and
 * falls through the evening (HES A&E: the busiest hour is 10 to 11). */
static const int8_t any_hour[24] = {26, 21, 18, 16, 15, 15, 18, 26, 43, 58, 66, 66,
				    62, 59, 58, 58, 58, 57, 56, 54, 49, 43, 37, 31};
static const int8_t work_hour[24] = {0,	 0,   0,   0,	0,   0,	 0,   0,
				     60, 127, 127, 120, 100, 80, 110, 110,
				     90, 60,  12,  4,	0,   0,	 0,   0};
static const int16_t morning_hour[24] = {0,   0,   0,  0,  0,	0,  20, 300,
					 200, 110, 90, 80, 100, 60, 30, 10,
					 0,   0,   0,  0,  0,	0,  0,	0};

static double
winter_of(int64_t day)
{
	struct hf_civil c = hf_civil_from_time(day * 86400000);
	int64_t into = day - hf_days_from_civil(c.year, 1, 1);

	return cos(2 * pi * (double)(into - 15) / 365.25);
}

static double
week_factor(int64_t day, int weekend)
{
	int w = hf_weekday(day);
	/* Seven days together make seven. */
	double rest = (7 - 2 * weekend / 100.0) / 5;

	if (weekend >= 60 && weekend <= 120) {
		double monday = 1.11;

		rest = (7 - 2 * weekend / 100.0 - monday) / 4;
		return w == 0 ? monday : w > 4 ? weekend / 100.0 : rest;
	}
	return w > 4 ? weekend / 100.0 : rest;
}

static void
fill(const struct hf_synth_activity *a, struct calendar *c, const struct rate_row *r)
{
	int days = (int)(a->last - a->first);
	double sum = 0;

	for (int d = 0; d < days; d++) {
		c->cum[d] = (float)sum;
		sum += (1 + r->season / 100.0 * winter_of(a->first + d)) *
		       week_factor(a->first + d, r->weekend);
	}
	c->cum[days] = (float)sum;
	for (int g = 0, d = 0; g <= ACT_GUIDE; g++) {
		while (d < days - 1 && c->cum[d + 1] <= sum * g / ACT_GUIDE)
			d++;
		c->guide[g] = (uint16_t)d;
	}
}

static void
fill_hours(uint32_t out[24], int (*at)(int))
{
	double sum = 0, so_far = 0;

	for (int h = 0; h < 24; h++)
		sum += at(h);
	for (int h = 0; h < 24; h++) {
		so_far += at(h);
		out[h] = (uint32_t)(so_far / sum * 4294967295.0);
	}
}

static int
at_any(int h)
{
	return any_hour[h];
}

static int
at_work(int h)
{
	return work_hour[h];
}

static int
at_morning(int h)
{
	return morning_hour[h];
}

bool
hf_act_calendars(struct hf_synth_activity *a)
{
	struct hf_civil from = hf_civil_from_time(a->first * 86400000);

	a->calendar = calloc(RATE_COUNT, sizeof(*a->calendar));
	if (!a->calendar)
		return false;
	for (int r = 0; r < RATE_COUNT; r++)
		fill(a, &a->calendar[r], &hf_act_rate[r]);
	for (int64_t d = a->first; d < a->last; d++) {
		struct hf_civil c = hf_civil_from_time(d * 86400000);

		a->month[d - a->first] =
		    (uint16_t)((c.year - from.year) * 12 + c.month - from.month);
		a->winter[d - a->first] = (int8_t)(100 * winter_of(d));
	}
	fill_hours(a->hours[HOURS_ANY], at_any);
	fill_hours(a->hours[HOURS_WORK], at_work);
	fill_hours(a->hours[HOURS_MORNING], at_morning);
	return true;
}

void
hf_act_stream(struct making *m, unsigned n)
{
	uint64_t stream = ((uint64_t)1 << 40) + (uint64_t)m->index * 64 + n;

	hf_rng_seed(&m->rng, m->a->place->config.seed, stream);
}

int
hf_act_poisson(struct hf_rng *rng, double mean)
{
	double limit, product;
	int n = -1;

	if (mean <= 0)
		return 0;
	if (mean > 200) {
		double v = mean + sqrt(mean) * hf_rng_normal(rng);

		return v < 0 ? 0 : (int)(v + 0.5);
	}
	limit = exp(-mean);
	product = 1;
	do {
		product *= hf_rng_unit(rng);
		n++;
	} while (product > limit);
	return n;
}

bool
hf_act_chance(struct hf_rng *rng, double p)
{
	return hf_rng_unit(rng) < p;
}

int
hf_act_about(struct hf_rng *rng, double median, double spread)
{
	double v = median * exp(spread * hf_rng_normal(rng));

	return v > 60000 ? 60000 : (int)v;
}

int
hf_act_times(struct making *m, enum rate r, int from, int to, double factor)
{
	const struct rate_row *row = &hf_act_rate[r];
	const float *cum = m->a->calendar[r].cum;
	double mean;

	if (to <= from || row->per_thousand[m->band] == 0)
		return 0;
	mean = row->per_thousand[m->band] / 1000.0 * factor *
	       (double)(cum[to] - cum[from]) / 365.25 * exp(hf_act_log_risk(m, r)) /
	       m->a->norm[r][m->band];
	if (!m->a->config.whole)
		mean /= row->thin;
	return hf_act_poisson(&m->rng, mean);
}

int
hf_act_draw_day(struct making *m, enum rate r, int from, int to)
{
	const struct calendar *c = &m->a->calendar[r];
	int days = (int)(m->a->last - m->a->first), d;
	float at =
	    c->cum[from] + (float)hf_rng_unit(&m->rng) * (c->cum[to] - c->cum[from]);

	d = c->guide[(int)(at / c->cum[days] * (ACT_GUIDE - 1))];
	while (d + 1 < to && c->cum[d + 1] <= at)
		d++;
	return d < from ? from : d >= to ? to - 1 : d;
}

int
hf_act_draw_minute(struct making *m, enum hours h)
{
	uint32_t u = hf_rng_u32(&m->rng);
	int hour = 0;

	while (hour < 23 && u >= m->a->hours[h][hour])
		hour++;
	return hour * 60 + (int)hf_rng_below(&m->rng, 60);
}

double
hf_act_change(const struct making *m, enum hf_synth_effect_kind k, int day)
{
	const struct hf_synth_activity *a = m->a;
	double by = 1;

	for (size_t i = 0; i < a->n_effects; i++) {
		const struct hf_synth_effect *e = &a->effects[i];

		if (e->change[k] != 0 && a->month[day] + 1 >= e->from_month &&
		    hf_synth_activity_locality(a, hf_act_practice_on(m, day)) ==
			e->locality)
			by *= 1 + e->change[k];
	}
	return by;
}
