/* io/ods.h - files of the Organisation Data Service as input of an import. */
#ifndef HF_EXCHANGE_IO_ODS_H
#define HF_EXCHANGE_IO_ODS_H

#include "exchange/io/import.h"
#include "exchange/ods.h"

/* Is it called like a CSV file, packed or not? */
bool hf_ods_is_csv(const char *path);

struct hf_ods_feed; /* opaque */

/* Reads the files, in order, against the organisations of the store.  map: enum
 * hf_ods_map, or -1 to tell by each file.  HF_NOT_FOUND or HF_FORBIDDEN for a path,
 * HF_INVALID: it cannot be told what a file is; HF_TOO_LONG: more than 256 MB, or no
 * memory.  Rows that say nothing sensible are for the rejects.  *feed is valid until
 * hf_ods_feed_free(). */
enum hf_rc hf_ods_feed_new(struct hf_store *store, const char *const *paths, size_t n,
			   int map, struct hf_ods_feed **out,
			   struct hf_import_feed *feed, struct hf_err *err);
int64_t hf_ods_feed_bytes(const struct hf_ods_feed *feed); /* of the files, unpacked */
void hf_ods_feed_free(struct hf_ods_feed *feed);	   /* NULL is fine */

#endif
