/* check_sum.h - whether two large sets of rows are equal, without keeping either.
 *
 * Each row that should be is added, each that is is taken away, as keyed hashes in
 * one of many parts by rid.  A part that is not 0 at the end differs; a second walk
 * over those parts alone tells the rows.  Two sets that differ look equal with
 * probability 2^-64. */
#ifndef HF_RECORD_IO_CHECK_SUM_H
#define HF_RECORD_IO_CHECK_SUM_H

#include "base/buf.h"
#include "record/io/store.h"

enum { HF_SUM_PARTS = 1 << 16, HF_SUM_NAMED = 64 };

struct hf_sum_row {
	int64_t a, b;
	hf_rid rid;
};

struct hf_sum {
	unsigned char key[16];
	uint64_t parts[HF_SUM_PARTS];
	int64_t wrong; /* parts that differ, after hf_sum_close() */
	/* For the second walk: rows of the first HF_SUM_NAMED parts that differ. */
	bool named[HF_SUM_PARTS];
	struct hf_buf should, is; /* of struct hf_sum_row */
};

/* NULL when out of memory.  Free with hf_sum_free(). */
struct hf_sum *hf_sum_new(void);
void hf_sum_free(struct hf_sum *s);

void hf_sum_should(struct hf_sum *s, const struct hf_sum_row *row);
void hf_sum_is(struct hf_sum *s, const struct hf_sum_row *row);
/* Ends the first walk: true when the sets are equal. */
bool hf_sum_close(struct hf_sum *s);
/* Is this rid in a part whose rows the second walk keeps? */
bool hf_sum_named(const struct hf_sum *s, hf_rid rid);
void hf_sum_keep(struct hf_sum *s, const struct hf_sum_row *row, bool should);
/* The next row that is in one set only; false when there is none.  Call it until
 * then, after the second walk. */
struct hf_sum_diff {
	struct hf_sum_row row;
	bool missing; /* it should be and is not; else it is and should not be */
	size_t at_should, at_is;
};
bool hf_sum_next(struct hf_sum *s, struct hf_sum_diff *state);

#endif
