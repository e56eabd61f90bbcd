/* price_int.h - inside contract: a line while it is priced. */
#ifndef HF_CONTRACT_PRICE_INT_H
#define HF_CONTRACT_PRICE_INT_H

#include "contract/trace.h"

enum { HF_CT_TRACE_MOST = 512 }; /* bytes of one line: every step once fits */

struct hf_ct_work {
	struct hf_ct_pricer *pricer;
	const struct hf_ct_list *list;
	const struct hf_ct_activity *a;
	struct hf_ct_priced *out;
	uint8_t *at;   /* where the next step goes; NULL: no trace */
	hf_rate topup; /* of price */
	hf_pence price, excess_value;
	uint8_t bytes[HF_CT_TRACE_MOST];
};

static inline void
hf_ct_put(struct hf_ct_work *w, int64_t v)
{
	uint64_t u = (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);

	for (; u >= 0x80; u >>= 7)
		*w->at++ = (uint8_t)(u | 0x80);
	*w->at++ = (uint8_t)u;
}

/* HF_CT_TELL(w, STAY, los, …): a step and its numbers. */
#define HF_CT_TELL(w, name, ...)                                                       \
	do {                                                                           \
		const int64_t v_[] = {__VA_ARGS__};                                    \
		if ((w)->at) {                                                         \
			*(w)->at++ = HF_CT_STEP_##name;                                \
			for (size_t i_ = 0; i_ < HF_COUNT(v_); i_++)                   \
				hf_ct_put((w), v_[i_]);                                \
		}                                                                      \
	} while (0)
#define HF_CT_TELL0(w, name)                                                           \
	do {                                                                           \
		if ((w)->at)                                                           \
			*(w)->at++ = HF_CT_STEP_##name;                                \
	} while (0)

/* Each gives what keeps it from being priced, or HF_CT_P_NONE. */
enum hf_ct_problem hf_ct_price_spell(struct hf_ct_work *w);
enum hf_ct_problem hf_ct_price_outpatient(struct hf_ct_work *w);
enum hf_ct_problem hf_ct_price_ae(struct hf_ct_work *w);
enum hf_ct_problem hf_ct_price_unbundled(struct hf_ct_work *w);
enum hf_ct_problem hf_ct_price_drug(struct hf_ct_work *w);

/* 1.2 step 7: (price with top-up + excess_value) * MFF of the provider, rounded. */
enum hf_ct_problem hf_ct_price_mff(struct hf_ct_work *w);
/* The same without MFF. */
enum hf_ct_problem hf_ct_price_plain(struct hf_ct_work *w);

extern const char *const hf_ct_vb_codes[];
extern const size_t hf_ct_n_vb;

#endif
