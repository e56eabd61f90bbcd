/* framework_plan.h - within the files of framework_count.h. */
#ifndef HF_POPULATION_FRAMEWORK_PLAN_H
#define HF_POPULATION_FRAMEWORK_PLAN_H

#include "population/framework_behind.h"

enum {
	DAYS = 65536,
	CLASSES = 16,
	NO_STEP = 0xffff,
	MIXED = 0xffff,
	OFTEN_DAYS = 2048
};

/* Days in one period and one calendar month: age and locality seldom change within. */
struct step {
	uint16_t from, to, period;
	int16_t month; /* since 1900-01 */
};

struct hf_pop_plan {
	const struct hf_pop_columns *c;
	const struct hf_pop_framework *f;
	struct hf_pop_count_ask ask;
	uint16_t from, to;
	size_t n_periods, n_steps, n_areas;
	uint16_t period[HF_POP_PERIODS_MOST + 1]; /* first days */
	struct step *steps;
	uint16_t *step_of; /* by day; NO_STEP outside */
	int16_t *month_of; /* by day, since 1900-01 */
	uint8_t stratum[HF_POP_SEXES][HF_POP_AGE_MOST + 1];
	uint16_t *area_of;    /* practice * n_steps + step; MIXED: look at the day */
	uint16_t *pathway_of; /* by code of a condition: area; 0 it is no pathway */
	struct hf_sv *pathway_id, *pathway_name;
	size_t n_pathways;
	size_t *member_first; /* by practice: rows of c->member */

	/* Measures that an event of setting, method and class may be of. */
	uint64_t of_setting[HF_POP_SETTINGS];
	uint64_t (*candidates)[HF_POP_METHODS][CLASSES];
	uint64_t needs_time, persons, deaths, values;
	struct hf_pop_matcher *matchers[HF_POP_CODE_DOCS];
	uint32_t docs;				 /* in use */
	uint8_t *not_specialty[HF_POP_MEASURES]; /* of the base, by code */
	uint16_t value_code[HF_POP_MEASURES];

	size_t cells; /* of all measures */
	size_t offset[HF_POP_MEASURES];
	uint16_t strata[HF_POP_MEASURES];
	uint8_t *chapter; /* by code of ICD-10 */
};

struct samples { /* values of a quantile */
	uint32_t *cell, *value;
	size_t n, size;
};

struct hf_pop_tally {
	uint32_t weight;	    /* of the person that is being counted */
	struct hf_pop_trace *trace; /* NULL: nobody asks who is counted */
	uint32_t *num, *den;	    /* by cell */
	uint64_t *squares;	    /* f * f of persons; of means: sum of squares */
	uint64_t *sum;		    /* of means */
	uint32_t *time;	       /* person-days: (area * periods + period) * strata */
	uint32_t *seen;	       /* by day: bits of the settings there are */
	uint32_t *received;    /* when done, by period: settings of its months */
	uint64_t *known, *all; /* when done, by measure and period: counted in an
				* area, and counted */
	struct samples samples[HF_POP_MEASURES];
	/* When done, of what is standardised indirectly: of all areas together, by
	 * period and stratum. */
	uint64_t *all_num[HF_POP_MEASURES], *all_den[HF_POP_MEASURES];
	size_t *sample_first[HF_POP_MEASURES]; /* when done: values by cell, sorted */
};

/* What was put into a cell of a measure, and of whom: framework_behind.c. */
void hf_pop_trace_add(struct hf_pop_trace *t, size_t cell, uint32_t person,
		      uint64_t event, uint16_t day, bool counted, int64_t amount);

/* What has been found out about one event, or is to be. */
struct look {
	const struct hf_pop_plan *plan;
	uint64_t event;
	int age;
	uint32_t have; /* documents whose sets are known */
	uint64_t sets[HF_POP_CODE_DOCS];
};

/* Is the event selected?  rest: its setting, method and class are known to be right. */
bool hf_pop_selects(const struct hf_pop_select *s, struct look *l, bool rest);
/* Is the event one that the measure is about, and not excluded?  By all selectors. */
bool hf_pop_counts(const struct hf_pop_measure *m, struct look *l);
/* What a numerator says of how an event goes on: 1 yes, 0 no, -1 not known yet (the
 * data end before). */
int hf_pop_linked(const struct hf_pop_plan *plan, const struct hf_pop_measure *m,
		  uint64_t event);
/* Which admission of the person is the readmission of this discharge; false: none. */
bool hf_pop_readmission(const struct hf_pop_plan *plan, const struct hf_pop_measure *m,
			uint64_t event, uint64_t *which);
/* Days of the events of a person that o selects, rising, at most so many. */
size_t hf_pop_often_days(const struct hf_pop_plan *plan, const struct hf_pop_often *o,
			 uint32_t person, uint16_t *days, size_t most);
/* Events of a person that o selects, beginning in (day - within, day]. */
unsigned hf_pop_count_often(const struct hf_pop_plan *plan,
			    const struct hf_pop_often *o, uint32_t person,
			    uint16_t day);
int hf_pop_plan_age(const struct hf_pop_plan *plan, uint32_t person, uint16_t day);
/* The locality of a practice on a day. */
uint16_t hf_pop_plan_locality(const struct hf_pop_plan *plan, uint16_t practice,
			      uint16_t day);
/* The area of a person on a day within the plan; 0 none.  *practice: where they are
 * registered, as hf_pop_plan_practice says. */
uint16_t hf_pop_plan_area(const struct hf_pop_plan *plan, uint32_t person,
			  uint16_t practice, uint16_t day, uint16_t step, int age);
uint16_t hf_pop_plan_practice(const struct hf_pop_plan *plan, uint32_t person,
			      uint16_t day);
/* Names the areas and looks up where each practice belongs in each step. */
enum hf_rc hf_pop_plan_set_areas(struct hf_pop_plan *p, struct hf_err *err);
/* Person-days, deaths, values and often of one person. */
enum hf_rc hf_pop_tally_person(const struct hf_pop_plan *plan, struct hf_pop_tally *t,
			       uint32_t person, struct hf_err *err);
bool hf_pop_sample_add(struct samples *s, uint32_t cell, uint32_t value);
/* Sorts the values by cell, then by value; *first gets where each of the cells begins,
 * and the end.  False without memory. */
bool hf_pop_samples_sort(struct samples *s, size_t cells, size_t **first);

static inline size_t
hf_pop_cell(const struct hf_pop_plan *plan, size_t measure, size_t area, size_t period,
	    uint16_t stratum)
{
	return plan->offset[measure] +
	       (area * plan->n_periods + period) * plan->strata[measure] +
	       (plan->strata[measure] > 1 ? stratum : 0);
}

#endif
