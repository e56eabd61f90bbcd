/* outcomes.h - the outcome framework over the columns that are kept up with the store,
 * and the weights that figures leave with. */
#ifndef HF_SERVER_OUTCOMES_H
#define HF_SERVER_OUTCOMES_H

#include "population/framework.h"
#include "population/io/live.h"

struct hf_outcomes;

/* Goes by live, which stays the caller's and outlives it. */
enum hf_rc hf_outcomes_open(struct hf_pop_live *live, struct hf_outcomes **out,
			    struct hf_err *err);
/* Nothing may be held.  NULL is fine. */
void hf_outcomes_close(struct hf_outcomes *p);

const struct hf_pop_framework *hf_outcomes_framework(const struct hf_outcomes *p);
struct hf_pop_live *hf_outcomes_live(struct hf_outcomes *p);

/* The newest columns with the weight of each person on their last day
 * (population/disclose.h), made once for them.  HF_BUSY while the first are being
 * loaded.  Give both back with hf_outcomes_release(). */
struct hf_outcomes_held {
	const struct hf_pop_columns *c;
	const uint8_t *weight;
	void *weights;
};
enum hf_rc hf_outcomes_hold(struct hf_outcomes *p, struct hf_outcomes_held *out,
			    struct hf_err *err);
void hf_outcomes_release(struct hf_outcomes *p, struct hf_outcomes_held *h);

#endif
