/* referral_arrive.c - when referrals arrive: by hour of the week. */
#include "base/workday.h"
#include "synth/referral_int.h"

#include <math.h>

#define HOUR ((hf_time)3600000)

/* Arrivals in an hour, in thousandths of a working day's; peaks before noon and in
 * the afternoon, as single points of access see them.  Weekends have less of general
 * practice and wards and more of 111 and 999, so their day is flatter. */
static const int16_t hours[2][24] = {
    {9,	 7,  6,	 6,  6,	 8,  13, 24, 52, 80, 94, 92,
     74, 72, 86, 88, 76, 60, 46, 34, 26, 19, 13, 9},
    {15, 13, 11, 10, 10, 12, 18, 30, 50, 66, 76, 74,
     66, 62, 64, 64, 60, 56, 52, 46, 42, 34, 39, 30},
};
/* A day's share of the week in thousandths, from Monday. */
static const int16_t days[7] = {172, 157, 150, 150, 163, 109, 99};

enum { WEEK = 7 * 24, LAST = 18 };

static double
weight(int hour)
{
	int day = hour / 24;

	return (double)hours[day > 4][hour % 24] * days[day];
}

/* The hour of the week, with its part, as which now is taken. */
static double
hour_of_week(hf_time now)
{
	int64_t day = hf_london_day(now);
	struct hf_civil c = hf_london_civil(now);

	if (!hf_workday(day) || c.hour < 10 || c.hour > 16)
		return 2 * 24 + 14.5;
	return hf_weekday(day) * 24 + c.hour + c.minute / 60.0;
}

/* The newest are spread over the last two hours at most, closer together towards now,
 * so that there is something to triage however few come in all. */
static void
crowd(struct plan *plans, size_t n, hf_time now, struct hf_rng *rng)
{
	const double span = 110 * 60000;
	size_t last = n < LAST ? n : LAST, from = n - last;

	for (size_t k = 0; k < last; k++) {
		double left = 1 - ((double)k + hf_rng_unit(rng)) / (double)last;
		hf_time at = now - 60000 - (hf_time)(span * pow(left, 1.7));

		if (at > plans[from + k].at)
			plans[from + k].at = at;
	}
}

void
hf_ref_arrive(struct plan *plans, size_t n, hf_time now, struct hf_rng *rng)
{
	double end = hour_of_week(now), total = 0, done = 0;
	size_t i = 0;

	for (int k = 0; k < WEEK; k++)
		total += weight(k);
	/* From a week ago on, hour by hour; each arrival has its share of the week. */
	for (int k = 0; k < WEEK && i < n; k++) {
		double from = end + k, w;
		int hour = (int)(from + 0.5) % WEEK;

		w = weight(hour) / total;
		while (i < n) {
			double u = ((double)i + 0.5) / (double)n;
			hf_time at;

			if (u >= done + w && k < WEEK - 1)
				break;
			at = now - (WEEK - k) * HOUR +
			     (hf_time)((u - done) / w * (double)HOUR) +
			     (hf_time)hf_rng_below(rng, 240000) - 120000;
			plans[i].at = at < now - 60000 ? at : now - 60000;
			if (i > 0 && plans[i].at < plans[i - 1].at)
				plans[i].at = plans[i - 1].at;
			i++;
		}
		done += w;
	}
	crowd(plans, n, now, rng);
	for (size_t k = 0; k < n; k++) /* times are of whole seconds */
		plans[k].at -= plans[k].at % 1000;
}
