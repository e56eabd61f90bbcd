/* peers.h - how one place stands among others, and what it would be worth to be as
 * good. Pure.  population.md 5. */
#ifndef HF_MEASURE_PEERS_H
#define HF_MEASURE_PEERS_H

#include "measure/rate.h"

/* Distances in features (each as z-score over all places) of the others from `own`;
 * order[] gets the indexes of the others, nearest first, ties by index.  features
 * [place * n_features + f]; NAN in one leaves that feature out for that pair.  scratch:
 * places + 2 * n_features. */
void hf_ms_nearest(const double *features, size_t places, size_t n_features, size_t own,
		   size_t *order, double *scratch);

/* What falls away if a rate (higher is worse) came down to target: never below 0, with
 * the interval of the own rate (POP-T22).  per: what rates are per. */
struct hf_ms_interval hf_ms_opportunity(struct hf_ms_interval own_rate, double target,
					double population, double per);

/* Its money: at the average tariff; at marginal cost; and what can be released. */
struct hf_ms_money {
	double tariff, marginal, releasable; /* pence, rounded */
};
struct hf_ms_money hf_ms_opportunity_money(double events, double tariff_pence,
					   double marginal_share,
					   double releasable_share);

/* Limits of a funnel.  A proportion p over n, by the normal approximation
 * p +- z sqrt(p(1-p)/n) (POP-T23), times sqrt(phi); clamped to [0, 1]. */
struct hf_ms_interval hf_ms_funnel_share(double p, double n, double confidence,
					 double phi);
/* Observed over expected (value 1): the continuous counts whose own exact Poisson
 * interval just reaches expected; with phi > 1 spread about 1 by sqrt(phi). */
struct hf_ms_interval hf_ms_funnel_ratio(double expected, double confidence,
					 double phi);

/* Over-dispersion of n z-scores: mean square after the share `winsor` of each end was
 * brought in (0: none; 0.1 by default), POP-T24.  scratch: n. */
double hf_ms_phi(const double *z, size_t n, double winsor, double *scratch);
/* Additive variance between units by the method of moments (DerSimonian & Laird) of n
 * values with their standard errors; 0 when there is none. */
double hf_ms_tau2(const double *value, const double *se, size_t n, double mean);

#endif
