/* framework_question.h - a question for figures as somebody puts it: words and dates.
 * Pure. */
#ifndef HF_POPULATION_FRAMEWORK_QUESTION_H
#define HF_POPULATION_FRAMEWORK_QUESTION_H

#include "population/framework_report.h"

struct hf_pop_question { /* n 0: not said */
	struct hf_sv by, grain, from, to, baseline, frozen, trend;
	struct hf_sv its, control, since; /* framework_effect.h */
};

enum { HF_POP_MONTHS_SHOWN = 36 };

/* Reads q for the columns that answer it; what is not said is: by place, months, the
 * last 36 whole ones (of days the last 12 months of them), no baseline.  HF_INVALID
 * names the member that is wrong and what it can be.  measures, only, partnerships,
 * groups and disclose are the caller's. */
enum hf_rc hf_pop_question_read(const struct hf_pop_columns *c,
				const struct hf_pop_question *q,
				struct hf_pop_report_ask *out, struct hf_err *err);

#endif
