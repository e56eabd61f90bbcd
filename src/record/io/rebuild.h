/* rebuild.h - everything that is derived from the record, made again from it. */
#ifndef HF_RECORD_IO_REBUILD_H
#define HF_RECORD_IO_REBUILD_H

#include "record/io/check.h"

struct hf_rebuild_report {
	int64_t resources, people;
	int64_t index_rows, mentions; /* that there are now */
	int64_t marks; /* entries beside bodies that were wrong and are right now */
};

/* Index rows, mentions, tallies and what stands beside each body, in one
 * transaction: a reader sees all of the old or all of the new.  Nobody else may
 * write meanwhile (they would be told HF_BUSY).  A resource that cannot be read
 * fails it with nothing changed: HF_FAULT names it; `check` tells all of them. */
enum hf_rc hf_store_rebuild(struct hf_store *store,
			    const struct hf_check_progress *progress,
			    struct hf_rebuild_report *out, struct hf_err *err);

#endif
