/* answer.h - an answer as JSON, CSV or a table of text.  Pure.
 * docs/interfaces/population.md has the members. */
#ifndef HF_POPULATION_ANSWER_H
#define HF_POPULATION_ANSWER_H

#include "fhir/json.h"
#include "population/cube.h"

/* Members of the object that w is in. */
void hf_pop_answer_json(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
			const struct hf_pop_answer *a, struct hf_jw *w);
/* With a line of headings.  A hidden count is "*", and so is a cost that is not shown.
 * In CSV a text that a spreadsheet would take for a formula is preceded by '. */
void hf_pop_answer_csv(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
		       const struct hf_pop_answer *a, struct hf_buf *b);
void hf_pop_answer_table(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
			 const struct hf_pop_answer *a, struct hf_buf *b);

#endif
