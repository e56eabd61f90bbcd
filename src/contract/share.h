/* share.h - the arithmetic of contract forms, each with one rounding.  Pure.
 * contract-and-governance.md 1.4, 2.1, 3.1 to 3.4.  All give false when a number does
 * not fit or has no meaning; the output is left alone then. */
#ifndef HF_CONTRACT_SHARE_H
#define HF_CONTRACT_SHARE_H

#include "contract/terms.h"

/* What moves when actual differs from plan: sgn(V) * sum over bands of rate * the part
 * of |V| within the band (CON-T05). */
bool hf_ct_share_adjust(const struct hf_ct_band *bands, size_t n, hf_pence plan,
			hf_pence actual, hf_pence *out);
/* The part of plan by which actual differs is at least this; never of a plan of 0. */
bool hf_ct_share_beyond(hf_pence plan, hf_pence actual, hf_rate part);

/* min(v, baseline) + rate * max(0, v - baseline): marginal rate (CON-T02). */
bool hf_ct_marginal(hf_pence baseline, hf_pence value, hf_rate rate, hf_pence *out);
/* fixed + rate * (value - fixed): blended payment (CON-T03). */
bool hf_ct_blended(hf_pence fixed, hf_pence value, hf_rate rate, hf_pence *out);

/* A result of a measure, its threshold or target: at most six places, below a million.
 */
bool hf_ct_result_fits(struct hf_decimal result);
/* pool * weight * clamp((actual - threshold) / (target - threshold), 0, 1), for lower
 * is better too (CON-T11). */
bool hf_ct_outcome(hf_pence pool, const struct hf_ct_line *measure,
		   struct hf_decimal actual, hf_pence *out);

/* Who bears what a year's cost differs from the budget (CON-T12): above it positive,
 * what the provider and the commissioner pay; under it negative. */
struct hf_ct_corridor {
	hf_pence budget, provider, commissioner;
};
bool hf_ct_corridor(const struct hf_ct_component *c, hf_pence cost,
		    struct hf_ct_corridor *out);

/* The value of a head contract cut into the parts, to the penny (CON-T10); out has
 * t->n_parts. */
bool hf_ct_parts(const struct hf_ct_terms *t, hf_pence value, hf_pence *out);

/* ---- price, volume and mix (CON-T07) ---- */

struct hf_ct_bridge_row {
	int64_t plan_units, units;
	hf_pence plan_price, price;
};
struct hf_ct_bridge {
	hf_pence plan, actual, volume, mix, price; /* actual - plan is their sum */
};
bool hf_ct_bridge(const struct hf_ct_bridge_row *rows, size_t n,
		  struct hf_ct_bridge *out);

/* Actual + remaining plan * (1 + phi * (actual - plan so far) / plan so far): the
 * outturn (2.4).  phi 1 goes on as before, 0 goes back to plan. */
bool hf_ct_outturn(hf_pence actual, hf_pence plan, hf_pence remaining, hf_rate phi,
		   hf_pence *out);

#endif
