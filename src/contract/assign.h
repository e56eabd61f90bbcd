/* assign.h - priced activity into the lines and months of a contract.  Pure but for
 * its digests.
 *
 * What always holds: a priced row is in one line or in .none; what could not be priced
 * is in .problems and in no sum; a line's year is the sum of its months; the digest of
 * a line and month depends on its rows alone, not on their order or number. */
#ifndef HF_CONTRACT_ASSIGN_H
#define HF_CONTRACT_ASSIGN_H

#include "contract/terms.h"

enum {
	HF_CT_NO_LINE = 0xff,
	HF_CT_DIGEST = 32,
	HF_CT_ROW_NAME = 28 /* "2026-07-1f2e3d4c5b6a7988-12" */
};

struct hf_ct_filled {
	int64_t rows, units; /* units: items of what is counted so */
	hf_pence pence;
	uint8_t digest[HF_CT_DIGEST]; /* of its rows; all 0: there are none */
};

struct hf_ct_left { /* of a month, what is in no line */
	int64_t none;
	hf_pence none_pence;
	int64_t problems[HF_CT_PROBLEMS];
};

struct hf_ct_filling {
	struct hf_ct_filled at[HF_CT_LINES][HF_CT_MONTHS];
	struct hf_ct_left left[HF_CT_MONTHS];
	int64_t
	    rows[HF_CT_MONTHS]; /* of the contract's provider, whatever came of them */
};

/* The line of a priced row; HF_CT_NO_LINE. */
uint8_t hf_ct_assign(const struct hf_ct_terms *t, const struct hf_ct_activity *a,
		     const struct hf_ct_priced *p);
/* Is it counted in this line of the readmission rule as well? */
bool hf_ct_readmits(const struct hf_ct_line *line, const struct hf_ct_activity *a);
/* Is it done by a provider of the contract? */
bool hf_ct_of_provider(const struct hf_ct_terms *t, const struct hf_ct_activity *a);

/* Fills months from rows of the contract's year; others are passed over.  HF_TOO_LONG:
 * no memory in arena, or a sum does not fit. */
enum hf_rc hf_ct_fill(const struct hf_ct_terms *t, const struct hf_ct_activity *a,
		      const struct hf_ct_priced *p, size_t n, struct hf_arena *arena,
		      struct hf_ct_filling *out, struct hf_err *err);

/* SHA-256 of what a row is and is worth; its number and its person are not in it. */
void hf_ct_row_digest(const struct hf_ct_activity *a, const struct hf_ct_priced *p,
		      uint8_t out[HF_CT_DIGEST]);

#endif
