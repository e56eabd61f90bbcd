/* framework_reasons.h - why people come back: the readmissions of a measure by chapter
 * of their main diagnosis, whether it is that of the stay before, and after how many
 * days. Pure.  population.md 3.3. */
#ifndef HF_POPULATION_FRAMEWORK_REASONS_H
#define HF_POPULATION_FRAMEWORK_REASONS_H

#include "fhir/json.h"
#include "population/disclose.h"
#include "population/framework_count.h"

enum { HF_POP_GAPS = 4 }; /* days 0-2, 3-7, 8-14, 15 and more */

struct hf_pop_reasons {
	int64_t n;
	int64_t chapter[HF_POP_CHAPTERS][2]; /* [1]: the chapter of the stay before */
	int64_t gap[HF_POP_GAPS];
};

/* Counts them over the days and persons of plan, with its weights, in one area (0: of
 * all that are known).  HF_INVALID: measure is not about readmissions. */
enum hf_rc hf_pop_reasons_count(const struct hf_pop_plan *plan, size_t measure,
				size_t area, struct hf_pop_reasons *out,
				struct hf_err *err);
/* The members n, reasons and gaps, shown by sdc; null where it is hidden. */
void hf_pop_reasons_json(const struct hf_pop_reasons *r, enum hf_pop_sdc sdc,
			 struct hf_jw *w);

#endif
