/* pack.h - parts of the monthly pack that a run says by itself.  Pure.
 * contract-and-governance.md 2.4. */
#ifndef HF_CONTRACT_PACK_H
#define HF_CONTRACT_PACK_H

#include "contract/case.h"
#include "contract/show.h"

/* Members inside an object that is open, of the run's month (0 is April): deviations,
 * charts (SPC of components and lines), gap (contract less shadow tariff, by month and
 * component), quality (cuts, missing, late). */
void hf_ct_pack_run(const struct hf_ct_run *run, int month, struct hf_jw *w);

/* "expected": [{period, expected, actual, before}]: what a response was expected to do
 * to its component and what followed: the month's difference from plan less the mean
 * difference of the months before it took effect.  What is not known is left out. */
void hf_ct_pack_followed(const struct hf_ct_run *run, int month,
			 const struct hf_ct_case *review, struct hf_jw *w);

/* Shows a pack's bytes (io/oversight.h makes them) as a file to file; hash is theirs.
 */
enum hf_rc hf_ct_pack_show(struct hf_sv bytes, const char *hash, enum hf_ct_sheet how,
			   struct hf_arena *arena, struct hf_buf *out,
			   struct hf_err *err);

#endif
