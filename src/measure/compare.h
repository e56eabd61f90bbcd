/* compare.h - what changed, against a baseline and against others.  Pure.
 * population.md 3.8.  None of these says why something changed. */
#ifndef HF_MEASURE_COMPARE_H
#define HF_MEASURE_COMPARE_H

#include "measure/quantile.h"

/* Change in per cent of a count, or of a rate when the populations differ (n1, n0; both
 * 1 for counts alone): 100 (q1/q0 - 1), its interval by the logarithm. */
struct hf_ms_interval hf_ms_change(double count0, double n0, double count1, double n1,
				   double phi, double confidence);

/* Treated a and others b, before 0 and after 1.  phi >= 1 inflates for over-dispersion.
 */
struct hf_ms_did_counts {
	double a0, a1, b0, b1;
	double phi;
	/* People behind each count, so that growth is no effect; all 0: counts alone.
	 */
	double na0, na1, nb0, nb1;
};

struct hf_ms_did {
	struct hf_ms_interval ratio;  /* (a1/a0)/(b1/b0), POP-T18 */
	struct hf_ms_interval points; /* change of a less change of b, percentage
				       * points, POP-T17 */
	struct hf_ms_interval a, b;   /* change of each, per cent */
	double se_log, z, p;	      /* of the ratio, two-sided */
	double expected, difference;  /* a1 had it gone as b did; a1 less that */
};

/* NAN throughout when a count is not above 0. */
struct hf_ms_did hf_ms_did(const struct hf_ms_did_counts *c, double confidence);

/* Ratio and difference of changes that are published in per cent without counts: no
 * interval can be given.  Percentage points, and 100 (ratio - 1). */
void hf_ms_did_published(double a_percent, double b_percent, double *points,
			 double *ratio);

/* Over-dispersion from Pearson residuals of counts by unit (practice) and month before
 * and after, [unit * months + month]: each period is fitted as row total times column
 * total, so that size and season are not taken for noise.  At least 1. */
double hf_ms_dispersion(const double *before, size_t months_before, const double *after,
			size_t months_after, size_t units);

/* Interrupted time series: level and slope before, change of both at point `at`, by
 * least squares with Newey-West errors (lag 0: 4 (n/100)^(2/9)). */
enum { HF_MS_ITS_TERMS = 4 };
struct hf_ms_its {
	struct hf_ms_interval level, slope; /* at 0, a point */
	struct hf_ms_interval step, bend;   /* change of level at `at`, of slope */
	struct hf_ms_interval effect_last;  /* at the last point: with less without */
	size_t lag;
};
/* False (and *out is left alone) with fewer than 4 points before or after. */
bool hf_ms_its(const double *y, size_t n, size_t at, size_t lag, double confidence,
	       struct hf_ms_its *out);

/* Synthetic control (Abadie & Gardeazabal 2003).  series[unit * n + t], unit 0 is the
 * treated, the others donors; points [0, at) are before. */
enum { HF_MS_SC_PERIODS = 12, HF_MS_SC_DONORS = 8 };
struct hf_ms_control {
	double rmspe_before, rmspe_after;
	double effect; /* mean gap after: treated less synthetic */
	double p;      /* share of units whose ratio after/before is as great */
	bool enough;   /* >= 12 points before and >= 8 donors: below, a hint only */
};
/* weights: of the units - 1 donors; gap: n values; scratch: units + n
 * values.  False with fewer than 2 donors or 2 points on either side. */
bool hf_ms_control(const double *series, size_t units, size_t n, size_t at,
		   double *weights, double *gap, double *scratch,
		   struct hf_ms_control *out);

#endif
