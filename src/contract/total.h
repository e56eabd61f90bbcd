/* total.h - priced lines added up by month, point of delivery and what keeps them from
 * being priced.  Pure.
 *
 * What always holds: a total is the sum of its lines, at each level. */
#ifndef HF_CONTRACT_TOTAL_H
#define HF_CONTRACT_TOTAL_H

#include "contract/price.h"

enum { HF_CT_YEARS_MOST = 40 };

struct hf_ct_sum {
	int64_t n, excess; /* lines; days beyond trim points */
	hf_pence value, xbd;
};

struct hf_ct_year {
	int16_t fy;
	struct hf_ct_sum pods[12][HF_CT_PODS]; /* by month from April */
};

struct hf_ct_totals {
	struct hf_ct_year *years; /* in order; in the arena */
	size_t n_years;
	struct hf_ct_sum pods[HF_CT_PODS], all;
	int64_t problems[HF_CT_PROBLEMS]; /* lines; of NONE those priced */
};

/* Adds up.  HF_TOO_LONG: of more than HF_CT_YEARS_MOST years, no memory, or a sum that
 * does not fit. */
enum hf_rc hf_ct_total(const struct hf_ct_priced *lines, size_t n,
		       struct hf_arena *arena, struct hf_ct_totals *out,
		       struct hf_err *err);
/* *sum += one. */
bool hf_ct_sum_add(struct hf_ct_sum *sum, const struct hf_ct_sum *one);

#endif
