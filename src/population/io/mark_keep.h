/* mark_keep.h - marks on charts in the store.  Versions are added; the newest of a mark
 * counts, and all of them can be read. */
#ifndef HF_POPULATION_IO_MARK_KEEP_H
#define HF_POPULATION_IO_MARK_KEEP_H

#include "base/arena.h"
#include "population/io/keep.h"
#include "population/mark.h"

/* Adds mark as a new one (mark->mark 0) or as the next version of one: of a version,
 * only reason and stands are taken, the rest stays as it was.  seen: the version that
 * was seen.  Sets *out to what was kept, its texts in arena.  Waits until it is
 * durable. HF_NOT_FOUND: there is no such mark of this measure.  HF_STALE: it was
 * changed meanwhile.  HF_RULE: there are HF_POP_MARKS_MOST already. */
enum hf_rc hf_pop_mark_keep(struct hf_store *store, const struct hf_need_by *by,
			    const struct hf_pop_mark *mark, uint32_t seen,
			    struct hf_arena *arena, struct hf_pop_mark *out,
			    struct hf_err *err);

/* The marks of a measure (n 0: of all), the latest version of each; all: every version.
 * What it gives lies in arena. */
enum hf_rc hf_pop_marks_read(struct hf_reader *reader, struct hf_sv measure, bool all,
			     struct hf_arena *arena, struct hf_pop_marks *out,
			     struct hf_err *err);

#endif
