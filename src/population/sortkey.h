/* sortkey.h - sorting rows by a number made of person and time.  Pure. */
#ifndef HF_POPULATION_SORTKEY_H
#define HF_POPULATION_SORTKEY_H

#include "base/base.h"

struct hf_pop_key {
	uint64_t k;
	uint32_t row;
};

/* Sorts the n keys of a by k; equal ones stay as they came.  b is room for n more.
 * Gives a or b, whichever holds the result. */
struct hf_pop_key *hf_pop_sort_keys(struct hf_pop_key *a, struct hf_pop_key *b,
				    size_t n);

#endif
