/* feed_reader.h - rows of a file that need not fit into memory, as UTF-8. */
#ifndef HF_POPULATION_IO_FEED_READER_H
#define HF_POPULATION_IO_FEED_READER_H

#include "population/feed_text.h"
#include "population/map.h"

/* The bytes of one file, without compression. */
struct hf_feed_bytes {
	/* Begins at the first byte again. */
	enum hf_rc (*open)(void *ctx, struct hf_err *err);
	/* Up to n more; *got 0 at the end. */
	enum hf_rc (*read)(void *ctx, char *to, size_t n, size_t *got,
			   struct hf_err *err);
	void *ctx;
};

struct hf_feed_reader {
	const struct hf_feed_bytes *bytes;
	struct hf_feed_text text;
	struct hf_buf buf;
	size_t at; /* of what is not read yet, in buf */
	bool end;
	struct hf_csv csv;
	struct hf_arena arena;
	uint64_t read;				 /* bytes so far */
	void (*saw)(void *ctx, struct hf_sv in); /* each piece as it came, or NULL */
	void *saw_ctx;
};

enum { HF_FEED_ROW_MAX = 128 << 10 }; /* bytes of one row */

/* Begins.  map NULL: nothing is known about its encoding.  saw may be set after. */
enum hf_rc hf_feed_reader_open(struct hf_feed_reader *r,
			       const struct hf_feed_bytes *bytes,
			       const struct hf_map *map, struct hf_err *err);
void hf_feed_reader_close(struct hf_feed_reader *r);

/* The next row, with its line; row->n 0 at the end.  *broken: it is no CSV, and row is
 * empty.  Views are good until the next call. */
enum hf_rc hf_feed_reader_next(struct hf_feed_reader *r, struct hf_csv_row *row,
			       uint64_t *line, bool *broken, struct hf_err *err);

#endif
