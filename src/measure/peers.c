/* peers.c - peers, opportunity, funnels. */
#include "measure/peers.h"

#include <math.h>
#include <stdlib.h>

/* Mean and spread of one feature over the places that have it. */
static void
feature(const double *features, size_t places, size_t n_features, size_t f,
	double *mean, double *sd)
{
	double sum = 0.0, squares = 0.0;
	size_t n = 0;

	for (size_t i = 0; i < places; i++) {
		double x = features[i * n_features + f];

		if (isnan(x))
			continue;
		sum += x;
		n++;
	}
	*mean = n ? sum / (double)n : NAN;
	for (size_t i = 0; i < places; i++) {
		double x = features[i * n_features + f] - *mean;

		squares += isnan(x) ? 0.0 : x * x;
	}
	*sd = n > 1 ? sqrt(squares / (double)(n - 1)) : NAN;
}

void
hf_ms_nearest(const double *features, size_t places, size_t n_features, size_t own,
	      size_t *order, double *scratch)
{
	double *far = scratch, *sd = scratch + places, *mean = sd + n_features;
	size_t n = 0;

	for (size_t f = 0; f < n_features; f++)
		feature(features, places, n_features, f, &mean[f], &sd[f]);
	for (size_t i = 0; i < places; i++) {
		size_t at = n;

		far[i] = 0.0;
		for (size_t f = 0; f < n_features; f++) {
			double d = (features[i * n_features + f] -
				    features[own * n_features + f]) /
				   sd[f];

			far[i] += isfinite(d) ? d * d : 0.0;
		}
		if (i == own)
			continue;
		for (; at > 0 && far[order[at - 1]] > far[i]; at--)
			order[at] = order[at - 1];
		order[at] = i;
		n++;
	}
}

/* What is above the target; not known of what is not known (fmax would say 0). */
static double
above(double own, double target)
{
	return isnan(own) || isnan(target) ? NAN : fmax(0.0, own - target);
}

struct hf_ms_interval
hf_ms_opportunity(struct hf_ms_interval own, double target, double population,
		  double per)
{
	double scale = population / per;

	return (struct hf_ms_interval){above(own.value, target) * scale,
				       above(own.low, target) * scale,
				       above(own.high, target) * scale};
}

struct hf_ms_money
hf_ms_opportunity_money(double events, double tariff, double marginal,
			double releasable)
{
	return (struct hf_ms_money){round(events * tariff),
				    round(events * tariff * marginal),
				    round(events * tariff * marginal * releasable)};
}

struct hf_ms_interval
hf_ms_funnel_share(double p, double n, double confidence, double phi)
{
	double half =
	    hf_ms_z(confidence) * sqrt(p * (1.0 - p) / n) * sqrt(phi > 1.0 ? phi : 1.0);

	return (struct hf_ms_interval){p, fmax(0.0, p - half), fmin(1.0, p + half)};
}

/* The count whose lower (or upper) exact bound is expected; both rise with it. */
static double
count_at(double expected, double tail, bool lower_bound)
{
	double low = 0.0, high = expected + 10.0;
	double want = lower_bound ? tail : 1.0 - tail;

	/* P(X >= o) = P(a = o, x = E) for a Poisson mean E. */
	while (lower_bound && hf_ms_gamma_p(high, expected) > want)
		high *= 2.0;
	for (int i = 0; i < 200 && high - low > 1e-12 * high; i++) {
		double o = 0.5 * (low + high);
		double a = lower_bound ? o : o + 1.0;

		if (hf_ms_gamma_p(a, expected) > want)
			low = o;
		else
			high = o;
	}
	return 0.5 * (low + high);
}

struct hf_ms_interval
hf_ms_funnel_ratio(double expected, double confidence, double phi)
{
	double tail = (1.0 - confidence) / 2.0, s = sqrt(phi > 1.0 ? phi : 1.0);
	double low, high;

	if (!(expected > 0.0))
		return (struct hf_ms_interval){NAN, NAN, NAN};
	low = count_at(expected, tail, false) / expected;
	high = count_at(expected, tail, true) / expected;
	return (struct hf_ms_interval){1.0, fmax(0.0, 1.0 - (1.0 - low) * s),
				       1.0 + (high - 1.0) * s};
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
hf_ms_phi(const double *z, size_t n, double winsor, double *scratch)
{
	double low, high, sum = 0.0;

	if (n == 0)
		return NAN;
	memcpy(scratch, z, n * sizeof *z);
	qsort(scratch, n, sizeof *scratch, by_size);
	low = hf_ms_quantile(scratch, n, winsor);
	high = hf_ms_quantile(scratch, n, 1.0 - winsor);
	for (size_t i = 0; i < n; i++) {
		double x = z[i] < low ? low : z[i] > high ? high : z[i];

		sum += x * x;
	}
	return sum / (double)n;
}

double
hf_ms_tau2(const double *value, const double *se, size_t n, double mean)
{
	double w = 0.0, w2 = 0.0, q = 0.0, tau;

	for (size_t i = 0; i < n; i++) {
		double v = 1.0 / (se[i] * se[i]);

		w += v;
		w2 += v * v;
		q += v * (value[i] - mean) * (value[i] - mean);
	}
	tau = (q - (double)(n ? n - 1 : 0)) / (w - w2 / w);
	return tau > 0.0 ? tau : 0.0;
}
