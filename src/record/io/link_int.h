/* link_int.h - what the files that write links share; all of it in the committer's
 * transaction, change being the number of its commit. */
#ifndef HF_RECORD_IO_LINK_INT_H
#define HF_RECORD_IO_LINK_INT_H

#include "record/io/store_impl.h"

struct hf_edge { /* a fact that counts, seen from one of the two records */
	int64_t other, id, said;
	enum hf_link_kind kind;
	bool linked; /* else decided to be of two people */
};

/* What counts between shelf and others, in the order of their shelves and numbers. */
enum hf_rc hf_link_read(struct hf_db *db, int64_t shelf, struct hf_arena *arena,
			struct hf_edge **out, size_t *n, struct hf_err *err);
bool hf_link_has(const int64_t *shelves, size_t n, int64_t shelf);
/* Makes shelf.person again for all who are one person with shelf; *n is how many. */
enum hf_rc hf_link_settle(struct hf_db *db, int64_t shelf, int64_t change,
			  struct hf_arena *arena, size_t *n, struct hf_err *err);
/* A decision that one of ones and one of others are of two people: *link is its number,
 * 0 when there is none. */
enum hf_rc hf_link_apart(struct hf_db *db, const int64_t *ones, size_t n_ones,
			 const int64_t *others, size_t n_others, int64_t *link,
			 struct hf_err *err);
/* Writes the fact itself; *id (NULL is fine) is its number. */
enum hf_rc hf_link_insert(struct hf_db *db, const struct hf_link *link, bool linked,
			  int64_t change, int64_t *id, struct hf_err *err);
enum hf_rc hf_link_end(struct hf_db *db, int64_t id, struct hf_sv why, int64_t change,
		       struct hf_err *err);
/* Sets the state of a pair in the queue, if it is there. */
enum hf_rc hf_review_mark(struct hf_db *db, int64_t shelf, int64_t other,
			  const char *state, hf_time until, int64_t change,
			  struct hf_sv reason, struct hf_err *err);

#endif
