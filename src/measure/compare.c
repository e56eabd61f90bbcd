/* compare.c - change and differences of change, with their intervals. */
#include "measure/compare.h"

#include <math.h>

static struct hf_ms_interval
exp_interval(double log_value, double se, double z)
{
	return (struct hf_ms_interval){exp(log_value), exp(log_value - z * se),
				       exp(log_value + z * se)};
}

static struct hf_ms_interval
in_percent(struct hf_ms_interval ratio)
{
	return (struct hf_ms_interval){100.0 * (ratio.value - 1.0),
				       100.0 * (ratio.low - 1.0),
				       100.0 * (ratio.high - 1.0)};
}

struct hf_ms_interval
hf_ms_change(double count0, double n0, double count1, double n1, double phi,
	     double confidence)
{
	double se;

	if (!(count0 > 0.0 && count1 > 0.0 && n0 > 0.0 && n1 > 0.0))
		return (struct hf_ms_interval){NAN, NAN, NAN};
	se = sqrt((phi > 1.0 ? phi : 1.0) * (1.0 / count0 + 1.0 / count1));
	return in_percent(
	    exp_interval(log(count1 / n1) - log(count0 / n0), se, hf_ms_z(confidence)));
}

struct hf_ms_did
hf_ms_did(const struct hf_ms_did_counts *c, double confidence)
{
	struct hf_ms_did out;
	double z = hf_ms_z(confidence), phi = c->phi > 1.0 ? c->phi : 1.0;
	double va, vb, ra, rb, se, pa = 1.0, pb = 1.0;

	if (c->na0 > 0.0 && c->na1 > 0.0 && c->nb0 > 0.0 && c->nb1 > 0.0) {
		pa = c->na1 / c->na0;
		pb = c->nb1 / c->nb0;
	}
	if (!(c->a0 > 0.0 && c->a1 > 0.0 && c->b0 > 0.0 && c->b1 > 0.0)) {
		const struct hf_ms_interval none = {NAN, NAN, NAN};

		return (struct hf_ms_did){none, none, none, none, NAN,
					  NAN,	NAN,  NAN,  NAN};
	}
	va = phi * (1.0 / c->a0 + 1.0 / c->a1);
	vb = phi * (1.0 / c->b0 + 1.0 / c->b1);
	ra = c->a1 / c->a0 / pa;
	rb = c->b1 / c->b0 / pb;
	out.se_log = sqrt(va + vb);
	out.ratio = exp_interval(log(ra / rb), out.se_log, z);
	out.z = log(ra / rb) / out.se_log;
	out.p = erfc(fabs(out.z) / sqrt(2.0));
	out.a = in_percent(exp_interval(log(ra), sqrt(va), z));
	out.b = in_percent(exp_interval(log(rb), sqrt(vb), z));
	/* The difference has no logarithm: its variance by the delta method. */
	se = 100.0 * sqrt(ra * ra * va + rb * rb * vb);
	out.points.value = 100.0 * (ra - rb);
	out.points.low = out.points.value - z * se;
	out.points.high = out.points.value + z * se;
	out.expected = c->a0 * pa * rb;
	out.difference = c->a1 - out.expected;
	return out;
}

void
hf_ms_did_published(double a_percent, double b_percent, double *points, double *ratio)
{
	*points = a_percent - b_percent;
	*ratio = 100.0 * ((100.0 + a_percent) / (100.0 + b_percent) - 1.0);
}

/* Adds what one period has of squared Pearson residuals and degrees of freedom. */
static void
pearson(const double *counts, size_t units, size_t months, double *sum, double *df)
{
	double all = 0.0, rows = 0.0, columns = 0.0;

	for (size_t i = 0; i < units * months; i++)
		all += counts[i];
	if (!(all > 0.0))
		return;
	for (size_t m = 0; m < months; m++) {
		double column = 0.0;

		for (size_t u = 0; u < units; u++)
			column += counts[u * months + m];
		columns += column > 0.0;
	}
	for (size_t u = 0; u < units; u++) {
		double row = 0.0;

		for (size_t m = 0; m < months; m++)
			row += counts[u * months + m];
		rows += row > 0.0;
		for (size_t m = 0; row > 0.0 && m < months; m++) {
			double column = 0.0, expected, over;

			for (size_t v = 0; v < units; v++)
				column += counts[v * months + m];
			expected = row * column / all;
			over = counts[u * months + m] - expected;
			if (expected > 0.0)
				*sum += over * over / expected;
		}
	}
	*df += (rows - 1.0) * (columns - 1.0);
}

double
hf_ms_dispersion(const double *before, size_t months_before, const double *after,
		 size_t months_after, size_t units)
{
	double sum = 0.0, df = 0.0;

	pearson(before, units, months_before, &sum, &df);
	pearson(after, units, months_after, &sum, &df);
	return df > 0.0 && sum / df > 1.0 ? sum / df : 1.0;
}
