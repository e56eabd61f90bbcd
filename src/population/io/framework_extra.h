/* framework_extra.h - what a question needs beside the columns: who is of which
 * partnership, who is in which segment. */
#ifndef HF_POPULATION_IO_FRAMEWORK_EXTRA_H
#define HF_POPULATION_IO_FRAMEWORK_EXTRA_H

#include "population/framework_report.h"
#include "population/need.h"
#include "record/io/store.h"

struct hf_pop_extra; /* what the report borrows: free it after the report */

/* Sets what ask->ask.by needs: partnerships of the directory that reader reads, the
 * segments of everybody at the end of the range; and the places of services that are
 * known.  *out may be NULL.
 * HF_INVALID: the reader is NULL where partnerships are asked for. */
enum hf_rc hf_pop_extra_make(struct hf_reader *reader, const struct hf_pop_columns *c,
			     struct hf_pop_report_ask *ask, struct hf_pop_extra **out,
			     struct hf_err *err);
void hf_pop_extra_free(struct hf_pop_extra *x); /* NULL is fine */

#endif
