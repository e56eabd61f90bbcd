/* io/prices.h - price lists in folders and in the store.
 *
 * A version is kept as the bytes it came as, so that what is priced by it years later
 * is priced by the same; it is never changed.  While a store has none, the illustrative
 * one of the program stands in. */
#ifndef HF_CONTRACT_IO_PRICES_H
#define HF_CONTRACT_IO_PRICES_H

#include "contract/list.h"
#include "db/db.h"
#include "record/io/store.h"

enum { HF_CT_FILES = HF_CT_TABLES + 1, HF_CT_SHA_TEXT = 65 };

/* Reads the CSV files of a folder, at most HF_CT_FILES, into arena.  HF_NOT_FOUND:
 * there is no such folder or no list.csv in it; HF_FORBIDDEN: one cannot be read;
 * HF_TOO_LONG: one is larger than HF_CT_FILE_MOST. */
enum hf_rc hf_ct_prices_folder(const char *path, struct hf_arena *arena,
			       struct hf_ct_file files[HF_CT_FILES], size_t *n,
			       struct hf_err *err);

/* SHA-256 of the files in the order of their names, hexadecimal. */
void hf_ct_prices_sha(const struct hf_ct_file *files, size_t n,
		      char out[HF_CT_SHA_TEXT]);

/* All versions of the store as a book; when it has none, and when db is NULL, the one
 * of the program.  db: of a reader.  HF_FAULT: one that was kept cannot be read. */
enum hf_rc hf_ct_prices_book(struct hf_db *db, struct hf_arena *arena,
			     struct hf_ct_price_book *out, struct hf_err *err);

/* Keeps a version that was read from files without an error.  HF_EXISTS: its id is
 * there, with the same bytes or others; HF_RULE: it overlaps another. */
enum hf_rc hf_ct_prices_keep(struct hf_store *store, struct hf_sv actor,
			     struct hf_sv purpose, const struct hf_ct_list *list,
			     const struct hf_ct_file *files, size_t n,
			     struct hf_err *err);

#endif
