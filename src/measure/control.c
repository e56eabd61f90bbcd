/* control.c - a synthetic control: the mixture of other places that went as this one
 * did before. */
#include "measure/compare.h"

#include <math.h>

/* The series of a unit, and how many donors it has (all others, never the treated). */
struct pool {
	const double *series;
	size_t units, n, at;
};

static bool
is_donor(size_t unit, size_t target)
{
	return unit != 0 && unit != target;
}

static double
slope_of(const struct pool *p, size_t unit, const double *rest)
{
	double sum = 0.0;

	for (size_t t = 0; t < p->at; t++)
		sum -= p->series[unit * p->n + t] * rest[t];
	return sum;
}

/* Weights of the donors of target (by unit, others 0) that make the least squared gap
 * before.  Weight moves from the donor that is worst to have to the one that is best to
 * have, each time as much as is best, until none is better: the sum stays 1 and no
 * weight is below 0. */
static void
fit(const struct pool *p, size_t target, double *w, double *rest)
{
	size_t donors = 0;

	for (size_t u = 0; u < p->units; u++)
		donors += is_donor(u, target);
	for (size_t u = 0; u < p->units; u++)
		w[u] = is_donor(u, target) ? 1.0 / (double)donors : 0.0;
	for (size_t t = 0; t < p->n; t++) {
		rest[t] = p->series[target * p->n + t];
		for (size_t u = 0; u < p->units; u++)
			rest[t] -= w[u] * p->series[u * p->n + t];
	}
	for (size_t round = 0; round < 20000; round++) {
		size_t best = 0, worst = 0;
		double low = INFINITY, high = -INFINITY, bend = 0.0, move;

		for (size_t u = 0; u < p->units; u++) {
			double s = is_donor(u, target) ? slope_of(p, u, rest) : NAN;

			if (s < low)
				low = s, best = u;
			if (w[u] > 0.0 && s > high)
				high = s, worst = u;
		}
		for (size_t t = 0; t < p->at; t++) {
			double d =
			    p->series[best * p->n + t] - p->series[worst * p->n + t];

			bend += d * d;
		}
		if (best == worst || !(bend > 0.0) || high - low < 1e-10 * bend)
			break;
		move = (high - low) / bend;
		move = move < w[worst] ? move : w[worst];
		w[best] += move;
		w[worst] = move == w[worst] ? 0.0 : w[worst] - move;
		for (size_t t = 0; t < p->n; t++)
			rest[t] -= move * (p->series[best * p->n + t] -
					   p->series[worst * p->n + t]);
	}
}

static double
rmspe(const double *gap, size_t from, size_t to)
{
	double sum = 0.0;

	for (size_t t = from; t < to; t++)
		sum += gap[t] * gap[t];
	return sqrt(sum / (double)(to - from));
}

bool
hf_ms_control(const double *series, size_t units, size_t n, size_t at, double *weights,
	      double *gap, double *scratch, struct hf_ms_control *out)
{
	const struct pool p = {series, units, n, at};
	double *w = scratch, *rest = scratch + units, ratio;
	size_t as_great = 1, compared = 1;

	if (units < 3 || at < 2 || at + 2 > n)
		return false;
	fit(&p, 0, w, gap);
	memcpy(weights, w + 1, (units - 1) * sizeof *w);
	out->rmspe_before = rmspe(gap, 0, at);
	out->rmspe_after = rmspe(gap, at, n);
	out->effect = 0.0;
	for (size_t t = at; t < n; t++)
		out->effect += gap[t] / (double)(n - at);
	out->enough = at >= HF_MS_SC_PERIODS && units - 1 >= HF_MS_SC_DONORS;
	ratio = out->rmspe_after / out->rmspe_before;
	/* Placebos: what the same sum says of places where nothing was done. */
	for (size_t u = 1; u < units && units > 3; u++) {
		fit(&p, u, w, rest);
		compared++;
		as_great += rmspe(rest, at, n) / rmspe(rest, 0, at) >= ratio;
	}
	out->p = (double)as_great / (double)compared;
	return true;
}
