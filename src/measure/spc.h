/* spc.h - statistical process control charts with the rules of NHS Making Data Count.
 * Pure.  population.md 4.
 *
 * Points that were not received are NAN: they stand on the chart as gaps, count for no
 * mean and no rule, and those before and after are taken as neighbours. */
#ifndef HF_MEASURE_SPC_H
#define HF_MEASURE_SPC_H

#include "measure/quantile.h"

enum hf_ms_chart {
	HF_MS_XMR,     /* individual values, moving ranges */
	HF_MS_P,       /* x of n */
	HF_MS_U,       /* x events over exposure n */
	HF_MS_G,       /* events between rare events */
	HF_MS_T,       /* days between rare events */
	HF_MS_P_PRIME, /* p and u with Laney's correction, for large n (above ~2,000) */
	HF_MS_U_PRIME,
	HF_MS_CHARTS
};

enum hf_ms_rule {			  /* bits, in the order of precedence */
		  HF_MS_BEYOND = 1,	  /* outside the limits */
		  HF_MS_TREND = 2,	  /* consecutive points that rise, or fall */
		  HF_MS_TWO_OF_THREE = 4, /* of three points two near one limit */
		  HF_MS_SHIFT = 8	  /* seven or more on one side of the mean */
};

enum hf_ms_direction { HF_MS_NEUTRAL, HF_MS_HIGHER_BETTER, HF_MS_LOWER_BETTER };

enum hf_ms_variation { /* what the last point says; R-names of the icons */
		       HF_MS_COMMON,
		       HF_MS_IMPROVEMENT_HIGH,
		       HF_MS_IMPROVEMENT_LOW,
		       HF_MS_CONCERN_HIGH,
		       HF_MS_CONCERN_LOW,
		       HF_MS_NEUTRAL_HIGH,
		       HF_MS_NEUTRAL_LOW,
		       HF_MS_VARIATIONS
};

enum hf_ms_assurance { HF_MS_NO_TARGET, HF_MS_PASSES, HF_MS_FAILS, HF_MS_HIT_OR_MISS };

enum {
	HF_MS_SHIFT_LENGTH = 7,
	HF_MS_TREND_LENGTH = 6, /* national guidance; the public R tool takes 7 */
	HF_MS_TRIAL_POINTS = 12 /* below: "trial limits" */
};

struct hf_ms_spc_ask {
	enum hf_ms_chart chart;
	enum hf_ms_direction direction;
	unsigned trend;	 /* 0: HF_MS_TREND_LENGTH */
	unsigned freeze; /* limits of the first group from its first points; 0: all */
	bool screen;	 /* moving ranges >= 3.267 times their mean left out, once */
	double target;	 /* NAN: none */
	const size_t *rebase; /* indexes, rising, of points that begin a new group */
	size_t n_rebase;
};

struct hf_ms_spc_point {
	double value;		/* of p and u: x/n; NAN: not received */
	double mean, low, high; /* limits, not clamped but for p and u */
	double near_low, near_high;
	double mr, mr_high; /* XmR only, else NAN */
	uint8_t rules;	    /* enum hf_ms_rule */
	int8_t side;	    /* of the mean: -1, 0, 1 */
	bool good, bad;	    /* special cause on the better or the worse side */
	uint16_t group;
};

struct hf_ms_spc {
	enum hf_ms_variation variation; /* of the last point that was received */
	enum hf_ms_assurance assurance;
	bool trial;	 /* the last group has fewer than 12 points */
	size_t received; /* points that are not NAN */
};

/* x: values or counts; size: n of p and u, NULL for the others.  out: n points.
 * False when there is nothing to reckon with: no point, or rebase not rising within n.
 */
bool hf_ms_spc(const struct hf_ms_spc_ask *ask, const double *x, const double *size,
	       size_t n, struct hf_ms_spc_point *out, struct hf_ms_spc *sum);

/* The one rule to label a point with: the first of its bits; 0 none. */
enum hf_ms_rule hf_ms_spc_label(uint8_t rules);

/* May limits be reckoned anew from point at on?  Only where a shift of seven or more
 * begins there (points of a chart that was made without it).  Who asks also has to give
 * a reason and a date: a step is never taken by itself. */
bool hf_ms_spc_may_rebase(const struct hf_ms_spc_point *points, size_t n, size_t at);

/* Words of the enumerators: "xmr", "beyond", "improvement-low", "hit-or-miss". */
extern const char *const hf_ms_chart_words[HF_MS_CHARTS];
extern const char *const hf_ms_variation_words[HF_MS_VARIATIONS];
extern const char *const hf_ms_assurance_words[4];
const char *hf_ms_rule_word(enum hf_ms_rule rule);

#endif
