/* merge.h - columns with some changes, made from the columns before them.  Pure. */
#ifndef HF_POPULATION_MERGE_H
#define HF_POPULATION_MERGE_H

#include "population/part.h"

struct hf_pop_delta {
	uint32_t n_persons; /* how many there are now, at least as many as before */
	/* Sorted; its events are new ones, its other rows are all those of a person
	 * that is in whole.  Its PERSON rows replace what was known. */
	struct hf_pop_part part;
	uint32_t *whole; /* persons whose rows but events are replaced, ascending */
	size_t n_whole;
	uint64_t *gone; /* events that are no more, ascending */
	size_t n_gone;
};

void hf_pop_delta_free(struct hf_pop_delta *d);

/* *out gets arrays of its own; dictionaries, members and version are not copied.
 * HF_BUSY out of memory. */
enum hf_rc hf_pop_merge(const struct hf_pop_columns *old, const struct hf_pop_delta *d,
			struct hf_pop_columns *out, struct hf_err *err);

#endif
