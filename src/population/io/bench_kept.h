/* bench_kept.h - published figures as they are kept. */
#ifndef HF_POPULATION_IO_BENCH_KEPT_H
#define HF_POPULATION_IO_BENCH_KEPT_H

#include "base/arena.h"
#include "base/time.h"
#include "record/io/store.h"

struct hf_bench_kept { /* one file */
	int64_t id, replaced_by;
	struct hf_sv map, version, source, file, sha, found; /* found: JSON */
	uint16_t from, to; /* days since 1990-01-01, [from, to) */
	int64_t n;
	hf_time at;
};

/* All files, oldest first; they lie in arena. */
enum hf_rc hf_bench_list(struct hf_reader *reader, struct hf_arena *arena,
			 struct hf_bench_kept **out, size_t *n, struct hf_err *err);

struct hf_bench_value { /* a figure of one organisation and period */
	struct hf_sv org, name, parent;
	uint16_t from, to;
	double num, den; /* den NAN: out of nothing; both NAN: held back or missing */
	bool held_back;
	int64_t feed;
};

/* A figure of all organisations, by organisation and period, each told once: by the
 * newest file that was not replaced. */
enum hf_rc hf_bench_values(struct hf_reader *reader, struct hf_sv figure,
			   struct hf_arena *arena, struct hf_bench_value **out,
			   size_t *n, struct hf_err *err);

#endif
