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

#endif
