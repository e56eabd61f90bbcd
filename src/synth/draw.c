/* draw.c - chance in a tale, and times that suit people's work. */
#include "synth/story.h"

#include <math.h>

uint32_t
hf_draw_below(struct tale *t, uint32_t n)
{
	return hf_rng_below(&t->rng, n);
}

bool
hf_draw_chance(struct tale *t, uint32_t percent)
{
	return hf_rng_below(&t->rng, 100) < percent;
}

int
hf_draw_poisson(struct tale *t, double mean)
{
	double limit = exp(-mean), product = hf_rng_unit(&t->rng);
	int n = 0;

	while (product > limit && n < 200) {
		product *= hf_rng_unit(&t->rng);
		n++;
	}
	return n;
}

int
hf_draw_around(struct tale *t, int mean, int sd, int lo, int hi)
{
	int v = mean + (int)lround(sd * hf_rng_normal(&t->rng));

	return v < lo ? lo : v > hi ? hi : v;
}

/* Moves a time to clinic hours of that day or the Monday after, if it still lies
 * in the years told. */
hf_time
hf_clinic_time(struct tale *t, hf_time near)
{
	int64_t day = hf_london_day(near);
	int weekday = hf_weekday(day);
	struct hf_civil date;
	hf_time at;

	if (weekday > 4)
		day += 7 - weekday;
	/* Nobody is seen between Christmas and New Year's Day. */
	date = hf_civil_from_time(DAYS(day));
	if (date.month == 12 && date.day >= 24)
		day += 10;
	else if (date.month == 1 && date.day < 3)
		day += 3;
	if (hf_weekday(day) > 4)
		day += 7 - hf_weekday(day);
	at = DAYS(day) + HOURS(8) + MINUTES(5 * hf_draw_below(t, 114));
	at -= (hf_time)hf_london_offset(at) * 60000;
	if (at < t->from || at > t->to)
		at = near;
	return at < t->from ? t->from : at > t->to ? t->to : at;
}

hf_time
hf_draw_day(struct tale *t)
{
	double u = hf_rng_unit(&t->rng);

	return hf_clinic_time(t, t->from + (hf_time)((double)(t->to - t->from) * u));
}

int
hf_tale_age(const struct tale *t, hf_time at)
{
	return hf_age_years(t->p->born, hf_london_day(at));
}

bool
hf_tale_away(const struct tale *t, hf_time from, hf_time to)
{
	for (int i = 0; i < t->n_stays; i++) {
		if (from < t->stays[i].to && to > t->stays[i].from)
			return true;
	}
	return false;
}

void
hf_tale_stay(struct tale *t, hf_time from, hf_time to)
{
	if (t->n_stays == MAX_STAYS)
		return;
	t->stays[t->n_stays].from = from;
	t->stays[t->n_stays].to = to;
	t->n_stays++;
}
