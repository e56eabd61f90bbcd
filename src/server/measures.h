/* measures.h - a report of measures for a request, disclosed: for /api and /fhir. */
#ifndef HF_SERVER_MEASURES_H
#define HF_SERVER_MEASURES_H

#include "population/framework_question.h"
#include "population/io/framework_extra.h"
#include "server/call.h"
#include "server/outcomes.h"

/* A report and what it borrows, for as long as it is written. */
struct hf_measures {
	struct hf_outcomes_held held;
	struct hf_pop_extra *extra;
	struct hf_pop_report *report;
};

/* The same without a request: of these outcomes, by this reader.  true_figures: nothing
 * is weighed or disclosed, for what is paid by (docs/interfaces/contract.md). */
enum hf_rc hf_measures_make(struct hf_outcomes *outcomes, struct hf_reader *reader,
			    const struct hf_pop_question *q, uint64_t measures,
			    bool as_total, bool true_figures, struct hf_arena *arena,
			    struct hf_measures *out, struct hf_err *err);
void hf_measures_free(struct hf_outcomes *outcomes, struct hf_measures *m);

/* measures: bits.  as_total: the total is of the range asked for, else of its last
 * twelve months.  Errors name the parameter.  To be ended in any case. */
enum hf_rc hf_measures_run(struct hf_call *c, const struct hf_pop_question *q,
			   uint64_t measures, bool as_total, struct hf_measures *out,
			   struct hf_err *err);
/* The area of an id; n 0 or "all": the place as a whole.  HF_NOT_FOUND. */
enum hf_rc hf_measures_area(const struct hf_pop_report *r, struct hf_sv id, size_t *out,
			    struct hf_err *err);
void hf_measures_end(struct hf_call *c, struct hf_measures *m);

#endif
