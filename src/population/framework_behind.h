/* framework_behind.h - who is behind a figure: the events or people that it counted, by
 * the very pass that counts them, so that they are as many.  Pure.
 *
 * What comes out names pseudonyms of the columns.  Who may see whose they are is for
 * the caller, and the record, to decide of each (population.md 7). */
#ifndef HF_POPULATION_FRAMEWORK_BEHIND_H
#define HF_POPULATION_FRAMEWORK_BEHIND_H

#include "population/framework_count.h"

enum { HF_POP_BEHIND_MOST = 400000 }; /* of one figure */

#define HF_POP_NO_EVENT UINT64_MAX

struct hf_pop_behind {
	uint64_t event; /* HF_POP_NO_EVENT: a death, a value, somebody who came often */
	int64_t amount; /* nights within the period, nights, minutes or days that were
			 * waited, thousandths of a value, how often; else 1 */
	uint32_t person;
	uint16_t day; /* that decides the period */
	bool counted; /* in the numerator; else only in what it is out of */
};

struct hf_pop_trace; /* within */

/* Can a measure tell those who were not reached from those who were? */
bool hf_pop_has_not(const struct hf_pop_measure *m);

/* The rows behind the figure of a measure (index in plan's framework) in an area (0: in
 * any area) over all periods of plan: those counted, or (counted false) those that it
 * is out of and did not count.  The newest first; where a quantity is summed, the
 * largest first.  plan asks without weights.  HF_COSTLY: more than HF_POP_BEHIND_MOST,
 * says what to narrow.  HF_TOO_LONG without memory.  *out is the caller's to free(). */
enum hf_rc hf_pop_behind(const struct hf_pop_plan *plan, size_t measure, size_t area,
			 bool counted, struct hf_pop_behind **out, size_t *n,
			 struct hf_err *err);
/* Titles of the sets of codes by which an event is of the measure, at most `most`. */
size_t hf_pop_behind_why(const struct hf_pop_plan *plan, size_t measure, uint64_t event,
			 const char **titles, size_t most);

#endif
