/* quantile.h - distributions that intervals rest on, and quantiles of data.  Pure.
 *
 * What cannot be reckoned is NAN: it stands for "missing" in all of this room and is
 * never shown as a number. */
#ifndef HF_MEASURE_QUANTILE_H
#define HF_MEASURE_QUANTILE_H

#include "base/base.h"

/* A value with its interval; what is NAN is withheld. */
struct hf_ms_interval {
	double value, low, high;
};

/* P(Z <= x), and the x of which P(Z <= x) is p, to 1e-12.  NAN outside (0, 1). */
double hf_ms_normal_p(double x);
double hf_ms_normal_q(double p);
/* z of a two-sided interval: 0.95 gives 1.959963985. */
double hf_ms_z(double confidence);

/* Regularised lower incomplete gamma function P(a, x); a > 0, x >= 0. */
double hf_ms_gamma_p(double a, double x);
/* Chi-square with df > 0: P(X <= x) is p.  0 when p is 0 or df is 0. */
double hf_ms_chi2_q(double p, double df);

/* Student's t with df > 0. */
double hf_ms_t_p(double t, double df);
double hf_ms_t_q(double p, double df);

/* Quantile of n sorted values by type 7 (Hyndman & Fan 1996; population.md 5):
 * h = (n - 1)p, interpolated.  NAN for n 0. */
double hf_ms_quantile(const double *sorted, size_t n, double p);

/* Mean and standard deviation (n - 1); NAN when too few. */
double hf_ms_mean(const double *x, size_t n);
double hf_ms_sd(const double *x, size_t n);

/* Mean of n values with its t interval (POP-T28): x +- t s/sqrt(n).  Bounds are NAN
 * for n below 2. */
struct hf_ms_interval hf_ms_mean_t(const double *x, size_t n, double confidence);

#endif
