/* draft.h - what somebody has typed and not sent yet: of one user, seen by nobody else.
 *
 * A body is whatever bytes the caller made of it; the server seals it first, so that
 * the database alone does not tell it.  Bounded: HF_DRAFTS of one user, HF_DRAFT_BYTES
 * each, forgotten after HF_DRAFT_DAYS.  Not in backups. */
#ifndef HF_RECORD_IO_DRAFT_H
#define HF_RECORD_IO_DRAFT_H

#include "record/io/store.h"

enum {
	HF_DRAFTS = 50,
	HF_DRAFT_BYTES = 64 * 1024,
	HF_DRAFT_DAYS = 30,
	HF_DRAFT_NAME = 160
};

struct hf_draft {
	struct hf_sv name;
	hf_time at;
	struct hf_sv body; /* n 0 in lists */
};

/* 1 to HF_DRAFT_NAME letters, digits, '-', '_', '.' and ':'. */
bool hf_draft_name_ok(struct hf_sv name);

/* HF_NOT_FOUND.  What it gives lies in arena. */
enum hf_rc hf_draft_get(struct hf_reader *reader, struct hf_sv owner, struct hf_sv name,
			struct hf_arena *arena, struct hf_draft *out,
			struct hf_err *err);
/* Newest first. */
enum hf_rc hf_draft_list(struct hf_reader *reader, struct hf_sv owner,
			 struct hf_arena *arena, struct hf_draft **out, size_t *n,
			 struct hf_err *err);

/* Who does it, for the row of change. */
struct hf_draft_by {
	struct hf_sv owner, purpose, trace;
};
/* Keeps body in place of what was there.  HF_RULE when the user has HF_DRAFTS others,
 * HF_INVALID for a name that is none.  Waits until it is durable. */
enum hf_rc hf_draft_put(struct hf_store *store, const struct hf_draft_by *by,
			struct hf_sv name, struct hf_sv body, struct hf_err *err);
/* Also when there is none. */
enum hf_rc hf_draft_drop(struct hf_store *store, const struct hf_draft_by *by,
			 struct hf_sv name, struct hf_err *err);

#endif
