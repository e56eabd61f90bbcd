/* change_log.h - who changed what: commits as the audit tells them, newest first. */
#ifndef HF_RECORD_IO_CHANGE_LOG_H
#define HF_RECORD_IO_CHANGE_LOG_H

#include "record/io/store.h"

struct hf_log_item {
	hf_rid rid; /* where it stood then */
	hf_type_id type;
	uint32_t version;
	bool deleted;
};

struct hf_log_row {
	int64_t change;
	hf_time at;
	struct hf_sv actor, purpose, source;
	struct hf_sv trace; /* what the request's audit line holds; n 0: none */
	struct hf_log_item *items;
	size_t n_items; /* at most HF_LOG_ITEMS are listed … */
	bool more;	/* … and there were more */
};

enum { HF_LOG_ITEMS = 200 };

struct hf_log_query {
	const int64_t *shelves; /* that wrote to any of these; n 0: all */
	size_t n_shelves;
	struct hf_sv actor; /* n 0: anybody's; not looked at beside shelves */
	int64_t before;	    /* commits before this one; INT64_MAX: from the newest */
	hf_time since;	    /* none older; HF_TIME_MIN: all */
	hf_time to;	    /* none of then or later; HF_TIME_MAX: all */
	size_t max;
};

/* Everything lies in arena. */
enum hf_rc hf_change_log(struct hf_reader *reader, const struct hf_log_query *query,
			 struct hf_arena *arena, struct hf_log_row **out, size_t *n,
			 struct hf_err *err);
/* HF_NOT_FOUND when there is no such commit. */
enum hf_rc hf_change_log_get(struct hf_reader *reader, int64_t change,
			     struct hf_arena *arena, struct hf_log_row *out,
			     struct hf_err *err);

/* Shelves of people that commits after a number wrote to or linked, undid or parted,
 * oldest commit first, each once, until there are most or the log ends.  *last is the
 * newest commit all of whose shelves are in the list (after itself when none is);
 * *more: the log goes on. */
enum hf_rc hf_change_log_shelves(struct hf_reader *reader, int64_t after, size_t most,
				 struct hf_arena *arena, int64_t **shelves, size_t *n,
				 int64_t *last, bool *more, struct hf_err *err);

#endif
