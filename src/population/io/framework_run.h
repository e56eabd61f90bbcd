/* framework_run.h - the framework counted by several threads. */
#ifndef HF_POPULATION_IO_FRAMEWORK_RUN_H
#define HF_POPULATION_IO_FRAMEWORK_RUN_H

#include "population/framework_report.h"

/* Counts everybody of plan with at most `threads` threads (0: one a core, at most 16),
 * cut so that each has as many events.  What comes out does not depend on it.  Free
 * with hf_pop_tally_free. */
enum hf_rc hf_pop_run(const struct hf_pop_plan *plan, unsigned threads,
		      struct hf_pop_tally **out, struct hf_err *err);

/* Counts the series, the total and the baseline, and makes the report of them;
 * disclosed when it is asked for.  Borrows c, f and what ask points to.  Errors as of
 * hf_pop_plan_new().  Free with hf_pop_report_free. */
enum hf_rc hf_pop_report_run(const struct hf_pop_columns *c,
			     const struct hf_pop_framework *f,
			     const struct hf_pop_report_ask *ask, unsigned threads,
			     struct hf_pop_report **out, struct hf_err *err);

#endif
