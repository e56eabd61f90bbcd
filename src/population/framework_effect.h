/* framework_effect.h - did something change at a day?  An interrupted time series of
 * each area, and one area against a mixture of others (synthetic control).  Pure.
 * population.md 3.8; docs/interfaces/measures.md, "What changed at a day".
 *
 * Both go by the figures of the report: disclosed where the report is. */
#ifndef HF_POPULATION_FRAMEWORK_EFFECT_H
#define HF_POPULATION_FRAMEWORK_EFFECT_H

#include "population/framework_report.h"

enum { HF_POP_DONORS_MOST = 40 };

/* What is asked can be answered at all: HF_NOT_FOUND for an area there is none of,
 * HF_INVALID for a day outside the periods, HF_COSTLY for more donors than
 * HF_POP_DONORS_MOST. */
enum hf_rc hf_pop_effect_check(const struct hf_pop_report *r, struct hf_err *err);

/* The part of a series that is known: periods [from, to).  False when there is none, or
 * a period within is not known: *why says which. */
struct hf_pop_run_of {
	size_t from, to;
	const char *why;
};
bool hf_pop_effect_series(const struct hf_pop_report *r, size_t m, size_t area,
			  double *out, struct hf_pop_run_of *of);

/* The member "its" of an area, when it is asked for. */
void hf_pop_its_json(const struct hf_pop_report *r, size_t m, size_t area,
		     struct hf_jw *w);
/* The members "control" and "effectCaveats" of a measure, when they are asked for. */
void hf_pop_control_json(const struct hf_pop_report *r, size_t m, struct hf_jw *w);
/* Both in words. */
void hf_pop_effect_text(const struct hf_pop_report *r, size_t m, struct hf_buf *out);

#endif
