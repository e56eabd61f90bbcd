/* io/prices.h - price lists in folders and in the store.
 *
 * A version is kept as the bytes it came as, so that what is priced by it years later
 * is priced by the same; it is never changed.  While a store has none, the illustrative
 * one of the program stands in. */
#ifndef HF_CONTRACT_IO_PRICES_H
#define HF_CONTRACT_IO_PRICES_H

#include "contract/list.h"
#include "contract/sha.h"
#include "db/db.h"
#include "record/io/store.h"

enum { HF_CT_FILES = HF_CT_TABLES + 1 };

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
 * of the program.  db: of a reader.  HF_FAULT: one that was kept
 * cannot be read, or is not the bytes it was imported as. */
enum hf_rc hf_ct_prices_book(struct hf_db *db, struct hf_arena *arena,
			     struct hf_ct_price_book *out, struct hf_err *err);

/* A version as the store has it, without its rows. */
struct hf_ct_price_version {
	struct hf_sv id, supersedes, sha;
	int32_t from, to; /* days since 1970-01-01 */
	hf_time at;	  /* 0: it comes with the program */
};

/* The versions there are, at most HF_CT_LISTS_MOST, by their first day; the one of the
 * program when the store has none.  Lie in arena. */
enum hf_rc hf_ct_prices_versions(struct hf_db *db, struct hf_arena *arena,
				 struct hf_ct_price_version *out, size_t *n,
				 struct hf_err *err);
/* One version with its rows.  HF_NOT_FOUND; HF_FAULT as above. */
enum hf_rc hf_ct_prices_one(struct hf_db *db, struct hf_arena *arena,
			    const struct hf_ct_price_version *version,
			    struct hf_ct_list **out, struct hf_err *err);
/* By id; NULL: none. */
const struct hf_ct_price_version *
hf_ct_prices_find(const struct hf_ct_price_version *versions, size_t n,
		  struct hf_sv id);
/* Would a list fit beside the versions?  What hf_ct_prices_keep() would refuse. */
enum hf_rc hf_ct_prices_fit(const struct hf_ct_price_version *versions, size_t n,
			    const struct hf_ct_list *list, struct hf_err *err);
/* The version whose prices are taken on a day; NULL: none. */
const struct hf_ct_price_version *
hf_ct_prices_on(const struct hf_ct_price_version *versions, size_t n, int32_t day);

/* Keeps a version that was read from files without an error.  HF_EXISTS: its id is
 * there, with the same bytes or others; HF_RULE: it overlaps another.  trace: as of
 * struct hf_desk_job. */
enum hf_rc hf_ct_prices_keep(struct hf_store *store, struct hf_sv actor,
			     struct hf_sv purpose, struct hf_sv trace,
			     const struct hf_ct_list *list,
			     const struct hf_ct_file *files, size_t n,
			     struct hf_err *err);

#endif
