/* check_int.h - what check.c and check_rules.c share. */
#ifndef HF_RECORD_IO_CHECK_INT_H
#define HF_RECORD_IO_CHECK_INT_H

#include "record/io/check.h"
#include "record/io/check_sum.h"
#include "record/io/derive.h"

/* What the walk over the bodies is compared with. */
enum sum { SUM_INDEX, SUM_MENTION, SUM_ID, SUM_LOG, SUMS };

struct hf_check {
	struct hf_reader *r;
	struct hf_issues *issues;
	struct hf_check_report *out;
	const struct hf_check_progress *progress;
	int64_t done, of;
	struct hf_arena arena;
	struct hf_derive_known known;
	struct hf_sum *sums[SUMS];
	struct hf_buf moved;	      /* see stands_at() */
	bool second;		      /* the walk that names rows */
	int64_t tally[HF_TYPES_MOST]; /* of what the walk has seen */
	struct hf_err *err;
};

/* Adds a finding and counts it. */
void hf_check_found(struct hf_check *c, const char *table, const char *fmt, ...)
    HF_PRINTF(3, 4);
enum hf_rc hf_check_rules(struct hf_check *c);
/* check_link.c: is shelf.person what the links make of it? */
enum hf_rc hf_check_links(struct hf_check *c);
/* After the walk: are the tallies what it has counted? */
enum hf_rc hf_check_tallies(struct hf_check *c);

#endif
