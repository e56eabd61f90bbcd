/* trace.h - why a line is worth what it is: steps kept as numbers, told in words when
 * somebody asks.  Pure.
 *
 * A step is its code (step.def) and its numbers as variable-length integers, so that a
 * million lines keep theirs in some 40 MB. */
#ifndef HF_CONTRACT_TRACE_H
#define HF_CONTRACT_TRACE_H

#include "contract/price.h"

enum hf_ct_step_code {
#define HF_CT_STEP(name, ints, clause) HF_CT_STEP_##name,
#include "contract/step.def"
#undef HF_CT_STEP
	HF_CT_STEPS
};

enum hf_ct_base {
#define HF_CT_BASE(name, column) HF_CT_BASE_##name,
#include "contract/base.def"
#undef HF_CT_BASE
	HF_CT_BASES
};

enum hf_ct_sse_not { /* why no short-stay price */
		     HF_CT_SSE_METHOD,
		     HF_CT_SSE_AGE,
		     HF_CT_SSE_DAYS,
		     HF_CT_SSE_LIST,
		     HF_CT_SSE_PROCEDURE
};

enum { HF_CT_STEP_INTS = 7 };

struct hf_ct_trace_step {
	enum hf_ct_step_code code;
	int64_t v[HF_CT_STEP_INTS];
};

/* Cuts the next step off *rest; false at the end, and when the bytes are none of ours.
 */
bool hf_ct_step_next(struct hf_sv *rest, struct hf_ct_trace_step *out);
/* "1.2 step 3" */
const char *hf_ct_step_clause(enum hf_ct_step_code code);
/* Appends a step in words, one sentence with its arithmetic. */
void hf_ct_step_text(const struct hf_ct_trace_step *step,
		     const struct hf_ct_price_book *book,
		     const struct hf_ct_activity *a, const struct hf_ct_priced *priced,
		     struct hf_buf *out);
/* The whole trace of a line, "clause: sentence" one below the other. */
void hf_ct_trace_text(struct hf_sv traces, const struct hf_ct_price_book *book,
		      const struct hf_ct_activity *a, const struct hf_ct_priced *priced,
		      struct hf_buf *out);

#endif
