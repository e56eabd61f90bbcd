/* bench_import.h - a file of published figures into the store.
 * docs/interfaces/benchmarks.md.
 *
 * A file is taken whole or not at all; rows and figures that cannot be taken are told
 * one by one, and of each kind of finding how many.  Another file of the same map,
 * source and days replaces the earlier one: both stay on record. */
#ifndef HF_POPULATION_IO_BENCH_IMPORT_H
#define HF_POPULATION_IO_BENCH_IMPORT_H

#include "base/buf.h"
#include "base/time.h"
#include "population/bench.h"
#include "population/io/feed_reader.h"
#include "record/io/store.h"

enum { HF_BENCH_ROWS_MOST = 200000 };

enum hf_bench_finding {
#define HF_BENCH_FINDING(name, text) HF_BENCH_FOUND_##name,
#include "population/bench_finding.def"
#undef HF_BENCH_FINDING
	HF_BENCH_FINDINGS
};
const char *hf_bench_finding_name(enum hf_bench_finding f);
const char *hf_bench_finding_text(enum hf_bench_finding f);

struct hf_bench_refused {
	uint64_t line;
	const char *column; /* of the map; "" the row's shape */
	enum hf_bench_why why;
};

struct hf_bench_config {
	struct hf_store *store;
	const struct hf_bench_map *map;
	struct hf_feed_bytes bytes;
	struct hf_sv actor, purpose, trace;
	struct hf_sv file, source;
	uint16_t from, to;     /* the period when no column says it; both 0 */
	unsigned most_refused; /* percent of rows */
	enum hf_rc (*refuse)(void *ctx, const struct hf_bench_refused *what,
			     struct hf_err *err);
	void *ctx;
};

struct hf_bench_result {
	int64_t feed;	  /* its number; 0: not taken */
	int64_t replaces; /* the newest file it replaced; 0: none */
	uint64_t rows, organisations, refused_rows, refused_figures, figures;
	uint64_t found[HF_BENCH_FINDINGS];
	uint16_t from, to;
};

/* HF_EXISTS when these bytes were imported before; HF_INVALID when the header does not
 * go with the map; HF_RULE when too many rows are refused.  out tells in any case. */
enum hf_rc hf_bench_import(const struct hf_bench_config *config,
			   struct hf_bench_result *out, struct hf_err *err);

#endif
