/* import.h - FHIR documents from files into a store.
 *
 * One thread reads and cuts the input, several parse, check and prepare, the
 * store's committer writes: all at once, with a bounded number under way.  A Bundle
 * is one change; lines of NDJSON are taken some hundred to a change.  What is
 * refused goes into a rejects file with its findings, and the rest goes on; a
 * transaction, collection, document or message is refused whole. */
#ifndef HF_EXCHANGE_IO_IMPORT_H
#define HF_EXCHANGE_IO_IMPORT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "record/io/store.h"

struct hf_import_progress {
	int64_t bytes, bytes_total; /* of the files as they lie on disk */
	int64_t resources;	    /* committed so far */
};

struct hf_import_refused {
	const char *path; /* the file */
	uint64_t line;
	struct hf_sv text; /* as it stands there */
	struct hf_err why;
};

/* Input that is made, not read: NDJSON with an empty line where a change may end. */
struct hf_import_feed {
	const char *name; /* stands for the file in reasons */
	int64_t total;	  /* in the same measure as *done; for the progress */
	/* Appends some hundred kilobytes to *text (nothing at the end) and adds to
	 * *done what they stand for. */
	enum hf_rc (*more)(void *ctx, struct hf_buf *text, int64_t *done,
			   struct hf_err *err);
	/* The next piece of what the feed is made of that gives no resource, for the
	 * rejects; false: no more.  Asked before more().  NULL: there is none. */
	bool (*refused)(void *ctx, struct hf_import_refused *out);
	/* Appends lines that are typical of the whole, for the dictionary. */
	enum hf_rc (*sample)(void *ctx, struct hf_buf *text, struct hf_err *err);
	void *ctx;
};

struct hf_import_config {
	struct hf_store *store;
	const char *const *paths; /* files, folders, "-" */
	size_t n_paths;
	const struct hf_import_feed *feed; /* in place of paths */
	unsigned threads;		   /* that prepare; 0: one for each core */
	const char *rejects;		   /* made when something is refused */
	struct hf_sv actor, purpose;
	/* Called about ten times a second from the calling thread; NULL is fine. */
	void (*progress)(void *ctx, const struct hf_import_progress *now);
	void *progress_ctx;
};

enum { HF_IMPORT_REASONS = 20 };

struct hf_import_result {
	int64_t files, bytes, passed_over;
	int64_t created, updated, unchanged, deleted;
	int64_t people;	      /* Patients created, updated or unchanged */
	int64_t by_type[256]; /* created and updated */
	int64_t unresolved;   /* references by condition that found nothing, kept */
	int64_t refused;  /* resources in refused Bundles and lines, refused files */
	size_t n_reasons; /* the first of them, in words; lie in arena */
	const char *reasons[HF_IMPORT_REASONS];
	bool rejects_written;
	double seconds;
};

/* Imports.  HF_OK also when something was refused: out->refused counts it.  A
 * failure ends the import early: HF_NOT_FOUND or HF_FORBIDDEN for a path (nothing
 * was imported then), else what the store said; out tells in any case what was
 * committed before, and importing the same again goes on from there. */
enum hf_rc hf_import_run(const struct hf_import_config *config, struct hf_arena *arena,
			 struct hf_import_result *out, struct hf_err *err);

#endif
