/* source.h - files to import: which ones, and their bytes without compression.
 *
 * gzip and Zstandard are told by their first bytes, not by the name. */
#ifndef HF_EXCHANGE_IO_SOURCE_H
#define HF_EXCHANGE_IO_SOURCE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum hf_source_kind { HF_SOURCE_PLAIN, HF_SOURCE_GZIP, HF_SOURCE_ZSTD };

struct hf_source_file {
	const char *path; /* "-": standard input */
	int64_t size;	  /* on disk; 0 when not known */
	int rank;	  /* 0: who gives care; 1: people; 2: the rest.  In this
			   * order, so that what refers to them finds them */
};

struct hf_source_list {
	struct hf_source_file *files;
	size_t n, size;
	size_t passed_over; /* files in folders with a name of another kind */
	int64_t bytes;
};

/* Lists the files of paths; folders with all that lies under them (names ending in
 * .json, .ndjson, .jsonl, with .gz or .zst after it or not), sorted by name within
 * each path given, and by rank.  HF_NOT_FOUND, HF_FORBIDDEN (cannot be read) with
 * the path. */
enum hf_rc hf_source_list_read(const char *const *paths, size_t n,
			       struct hf_arena *arena, struct hf_source_list *out,
			       struct hf_err *err);

struct hf_source; /* an open file */

enum hf_rc hf_source_open(const struct hf_source_file *file, struct hf_source **out,
			  struct hf_err *err);
void hf_source_close(struct hf_source *source); /* NULL is fine */

/* How many bytes it will give, as far as its head and tail tell; -1 when they do
 * not. */
int64_t hf_source_length(const struct hf_source *source);
/* How much of the file was read so far. */
int64_t hf_source_at(const struct hf_source *source);

/* Up to n more bytes; *got is 0 at the end.  HF_INVALID when the compressed data
 * are broken or end early. */
enum hf_rc hf_source_read(struct hf_source *source, char *to, size_t n, size_t *got,
			  struct hf_err *err);
/* Everything at once, appended to *out; the faster way for a small file.
 * HF_TOO_LONG past max bytes. */
enum hf_rc hf_source_all(struct hf_source *source, size_t max, struct hf_buf *out,
			 struct hf_err *err);

#endif
