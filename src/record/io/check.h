/* check.h - whether a store is what it should be: every version can be read, what
 * is derived equals what would be derived, nothing points at nothing. */
#ifndef HF_RECORD_IO_CHECK_H
#define HF_RECORD_IO_CHECK_H

#include "base/issue.h"
#include "record/io/store.h"

struct hf_check_report {
	int64_t resources, versions, changes, people; /* looked at */
	int64_t index_rows, mentions;
	int64_t bytes;	  /* of bodies, unpacked */
	int64_t problems; /* of which issues tells at most HF_ISSUES_MAX */
};

struct hf_check_progress {
	void (*step)(void *ctx, int64_t done, int64_t of);
	void *ctx;
};

/* Looks at one snapshot of the store, also while it serves.  HF_OK when all of it
 * could be looked at: problems are findings in issues, with the table and row as
 * path, and counted in out.  Ids and numbers stand there, never content. */
enum hf_rc hf_store_check(struct hf_store *store,
			  const struct hf_check_progress *progress,
			  struct hf_issues *issues, struct hf_check_report *out,
			  struct hf_err *err);

#endif
