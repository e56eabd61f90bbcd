/* time_london.h - changes of the clock in London before 1996, oldest first. */
#ifndef HF_BASE_TIME_LONDON_H
#define HF_BASE_TIME_LONDON_H

#include "base/base.h"

struct hf_london_change {
	int64_t from;	/* seconds UTC */
	int16_t offset; /* minutes east of UTC from then on */
};

extern const struct hf_london_change hf_london_changes[];
extern const size_t hf_london_n_changes;

#endif
