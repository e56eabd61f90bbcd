/* reckon.h - everybody's need on a day, by several threads. */
#ifndef HF_POPULATION_IO_RECKON_H
#define HF_POPULATION_IO_RECKON_H

#include "population/need.h"

/* All scores, segments and bands of everybody at the end of day.  threads: 0 takes one
 * a core, at most 8.  Borrows defs and c, which must outlive *out.  HF_TOO_LONG: no
 * memory.  Free with hf_pop_need_free. */
enum hf_rc hf_pop_need_reckon(const struct hf_pop_defs *defs,
			      const struct hf_pop_columns *c, uint16_t day,
			      unsigned threads, struct hf_pop_need **out,
			      struct hf_err *err);

/* The same for c, which differs from the columns of before in the rows of some persons
 * (any order, some of them twice) and may have more at its end; the day is that of
 * before.  What is not theirs is copied. */
enum hf_rc hf_pop_need_again(const struct hf_pop_need *before,
			     const struct hf_pop_columns *c, const uint32_t *persons,
			     size_t n, struct hf_pop_need **out, struct hf_err *err);

#endif
