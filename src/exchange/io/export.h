/* export.h - the resources of a store as NDJSON.
 *
 * One snapshot: what is committed meanwhile is not in it.  Deleted resources and
 * older versions are left out.  Importing it into an empty store gives the same
 * resources under the same ids. */
#ifndef HF_EXCHANGE_IO_EXPORT_H
#define HF_EXCHANGE_IO_EXPORT_H

#include "base/err.h"
#include "exchange/io/export_leave.h"
#include "record/io/store.h"

struct hf_export_config {
	struct hf_store *store;
	const char
	    *out; /* a folder: one file <Type>.ndjson each; "-": standard output */
	const hf_type_id *types; /* only these */
	size_t n_types;		 /* 0: all */
	/* A disclosure for a purpose: those with an opt-out are left out whole.  NULL:
	 * everybody, as for a backup or for care. */
	const struct hf_disclosure *disclosure;
	void (*progress)(void *ctx, int64_t resources, int64_t total);
	void *progress_ctx;
};

struct hf_export_result {
	int64_t resources, bytes;
	int64_t left_out; /* people with an opt-out; nobody is named */
	int64_t by_type[256];
	double seconds;
};

/* Exports.  HF_FORBIDDEN when out cannot be made or written, HF_EXISTS when the
 * folder holds files of an export already (they are left alone).  After another
 * failure the files are there but not whole: their names end in .part.  HF_RULE when
 * the disclosure may not be made: then nothing is written. */
enum hf_rc hf_export_run(const struct hf_export_config *config,
			 struct hf_export_result *out, struct hf_err *err);

#endif
