/* accrue.h - what was done by the end of a month and is not billed by it: people still
 * in bed, and spells not coded yet, at what others of their specialty are worth.  Pure.
 * contract-and-governance.md 5.
 *
 * What always holds: an accrual is in no figure of a contract, it stands beside them;
 * each month takes back the one before, so over the months only the last is left; the
 * same rows give the same estimate.
 *
 * In bed: nights so far x (value / nights) of the line's priced spells of the specialty
 * and point of delivery that ended from the contract's first day to the end of the
 * month, and at most the mean of one (the price of a long stay is mostly paid once).
 * Not coded: their number x the mean of one.  A specialty without any takes the line's
 * mean of the point of delivery.  Each product is rounded once, half away from zero. */
#ifndef HF_CONTRACT_ACCRUE_H
#define HF_CONTRACT_ACCRUE_H

#include "contract/assign.h"
#include "fhir/json.h"

struct hf_ct_accrual {
	int64_t in_bed, nights, uncoded; /* stays, their nights so far, spells */
	hf_pence in_bed_pence, uncoded_pence;
	hf_pence taken_back; /* the whole of the month before, below 0 */
	/* What the estimate of those in bed was measured against, when it could be:
	 * stays of it that have ended and are priced, by the same part of their nights.
	 */
	int64_t known;
	hf_pence known_estimate, known_worth; /* the error is estimate - worth */
	int64_t without_mean;		      /* stays that nothing can be said of */
};

struct hf_ct_accruals {
	int months;
	struct hf_ct_accrual lines[HF_CT_LINES][HF_CT_MONTHS], total[HF_CT_MONTHS];
};

/* Of months from April on; rows as of hf_ct_fill(), with those that ended later or not
 * at all.  HF_TOO_LONG: a sum does not fit. */
enum hf_rc hf_ct_accrue(const struct hf_ct_terms *t, const struct hf_ct_activity *a,
			const struct hf_ct_priced *p, size_t n, int months,
			struct hf_arena *arena, struct hf_ct_accruals *out,
			struct hf_err *err);

/* in_bed_pence + uncoded_pence + taken_back: what the month's accruals move. */
hf_pence hf_ct_accrual_moves(const struct hf_ct_accrual *a);

/* {months [{month, total Accrual, lines [Accrual]}]} as members of an object that is
 * open; Accrual is {line?, title?, inBed, nights, inBedPence, uncoded, uncodedPence,
 * takenBack, moves, known, estimate, worth, error, withoutMean}. */
void hf_ct_accruals_write(const struct hf_ct_terms *t, const struct hf_ct_accruals *a,
			  struct hf_jw *w);

#endif
