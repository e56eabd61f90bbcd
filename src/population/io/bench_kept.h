/* bench_kept.h - published figures as they are kept. */
#ifndef HF_POPULATION_IO_BENCH_KEPT_H
#define HF_POPULATION_IO_BENCH_KEPT_H

#include "population/bench.h"
#include "record/io/store.h"

/* All files, oldest first; they lie in arena. */
enum hf_rc hf_bench_list(struct hf_reader *reader, struct hf_arena *arena,
			 struct hf_bench_kept **out, size_t *n, struct hf_err *err);

/* A figure of all organisations, by organisation and period, each told once: by the
 * newest file that was not replaced. */
enum hf_rc hf_bench_values(struct hf_reader *reader, struct hf_sv figure,
			   struct hf_arena *arena, struct hf_bench_value **out,
			   size_t *n, struct hf_err *err);

#endif
