/* feed_import.h - one file of activity into the population, by a declared map.
 * docs/interfaces/feeds.md.
 *
 * The file is read twice: once for its hash and the days it covers, once for its rows.
 * A feed is taken whole or not at all; rows that cannot be taken are told one by one,
 * and when they are too many the feed is not taken. */
#ifndef HF_POPULATION_IO_FEED_IMPORT_H
#define HF_POPULATION_IO_FEED_IMPORT_H

#include "population/code_list.h"
#include "population/io/feed_reader.h"
#include "population/io/key.h"
#include "population/io/store.h"
#include "population/pid.h"
#include "population/quality.h"

struct hf_feed_refused {
	uint64_t line;
	enum hf_map_field field; /* HF_FIELDS: the row's shape */
	enum hf_feed_why why;
};

struct hf_feed_config {
	struct hf_store *store;
	struct hf_pop_store *pop;
	const struct hf_map *maps; /* the header says which, among these */
	size_t n_maps;
	struct hf_feed_bytes bytes;
	struct hf_sv actor, purpose, trace;
	struct hf_sv file;   /* without folder */
	struct hf_sv source; /* who sent it */
	struct hf_sv cut;    /* "flex", "freeze" or empty */
	uint16_t from, to;   /* days; both 0: the months that the file is about */
	hf_time now;
	unsigned most_refused; /* percent of rows; 100: any */
	/* What codes of conditions mean, where a row has no name of ours; NULL: none.
	 */
	const struct hf_code_lists *codes;
	/* Called for each row that is refused; a failure ends the import. */
	enum hf_rc (*refuse)(void *ctx, const struct hf_feed_refused *what,
			     struct hf_err *err);
	/* Called now and then; NULL is fine. */
	void (*progress)(void *ctx, uint64_t bytes, uint64_t rows);
	void *ctx;
};

struct hf_feed_result {
	int64_t feed;		  /* its number; 0: not taken */
	const struct hf_map *map; /* NULL: none was found */
	struct hf_feed_quality quality;
	int64_t replaces;   /* the newest feed that this one replaced; 0: none */
	struct hf_buf body; /* what is kept: quality as JSON; hf_buf_free() it */
	double seconds;	    /* of the second reading and the commit */
};

/* HF_EXISTS when these bytes were received before; HF_NOT_FOUND, HF_INVALID when no map
 * goes with the header; HF_RULE when too many rows are refused.  out tells in any case
 * what was found. */
enum hf_rc hf_feed_import(const struct hf_feed_config *config,
			  struct hf_feed_result *out, struct hf_err *err);

#endif
