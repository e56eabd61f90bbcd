/* copy.h - the rows of a store as one stream, and back again.
 *
 * The stream is the same whichever engine the rows came from, so that a SQLite
 * store can be restored into PostgreSQL and the other way round.  It is read and
 * written through a vault (vault.h). */
#ifndef HF_RECORD_IO_COPY_H
#define HF_RECORD_IO_COPY_H

#include "db/db.h"
#include "record/io/vault.h"

struct hf_copy_report {
	int64_t rows, files;
	uint64_t bytes; /* of the encrypted file */
};

/* Called now and then with what is done so far; NULL for none. */
struct hf_copy_progress {
	void (*step)(void *ctx, const struct hf_copy_report *so_far);
	void *ctx;
};

/* All rows as the open transaction of db sees them, then the end of rows. */
enum hf_rc hf_copy_out(struct hf_db *db, struct hf_vault *v,
		       const struct hf_copy_progress *progress,
		       struct hf_copy_report *report, struct hf_err *err);
/* Into the empty tables of db.  The last transaction (with one_transaction: the only
 * one) is left open for the caller to commit; on failure none is open.  HF_EXISTS
 * when a row is there, HF_INVALID when the stream is not one, HF_RULE when it is of
 * another schema. */
enum hf_rc hf_copy_in(struct hf_db *db, struct hf_vault *v, bool one_transaction,
		      const struct hf_copy_progress *progress,
		      struct hf_copy_report *report, struct hf_err *err);

/* Tables that are not copied and why they need not be; the test of copy.c checks
 * that every other table of the schema is, with every column. */
extern const char *const hf_copy_left_out[]; /* ends with NULL */
bool hf_copy_has(struct hf_sv table, struct hf_sv column);

#endif
