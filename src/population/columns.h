/* columns.h - the population in memory: one array a field, events in the order of
 * persons and of days within a person, so that a cohort skips whom it leaves out.
 * population.md section 1; measurements.md section 7 says why this shape.
 *
 * A hf_pop_columns is never changed once made: who reads it holds it (hf_pop_hold) and
 * a newer one takes its place for the next reader. */
#ifndef HF_POPULATION_COLUMNS_H
#define HF_POPULATION_COLUMNS_H

#include <stddef.h>

#include "base/err.h"
#include "population/model.h"

struct hf_pop_dictionary {
	struct hf_sv *text; /* by code; text[0] is empty */
	size_t n;	    /* with the 0 */
};

/* Fields of struct hf_pop_event, each an array of n_events. */
struct hf_pop_events {
	uint32_t *person, *dx_more;
	int32_t *cost;
	uint16_t *day, *minute, *los, *end_minute, *wait;
	uint16_t *provider, *specialty, *hrg, *dx, *proc;
	uint8_t *setting, *method, *cls, *flags, *source, *outcome, *excluded, *basis;
};

struct hf_pop_columns {
	uint32_t n_persons;
	uint64_t n_events;
	struct hf_pop_person *persons; /* by ordinal */

	/* Rows of a person are [first[p], first[p + 1]). */
	struct hf_pop_events ev;
	uint64_t *ev_first;
	struct hf_pop_registration *reg; /* by from */
	uint32_t *reg_first;
	struct hf_pop_condition *cond; /* by code, from */
	uint32_t *cond_first;
	struct hf_pop_value *value; /* by code, day */
	uint32_t *value_first;

	uint16_t *dx_pool; /* at dx_more: how many, then the codes */
	size_t n_dx_pool;
	struct hf_pop_dictionary dict[HF_POP_KINDS];

	/* Practice to locality, dated: rows by practice, then from. */
	struct hf_pop_member {
		uint16_t practice, locality, from, to;
	} * member;
	size_t n_members;
	struct hf_pop_dictionary locality; /* text: name; id beside it */
	struct hf_sv *locality_id;

	uint16_t day_first, day_last; /* of the events held */
	uint64_t version;	      /* grows with each commit that is in */
};

/* Practice of a person on a day, 0: registered nowhere then. */
uint16_t hf_pop_practice_on(const struct hf_pop_columns *c, uint32_t person,
			    uint16_t day);
/* Locality of a practice on a day (code in c->locality), 0: in none. */
uint16_t hf_pop_locality_on(const struct hf_pop_columns *c, uint16_t practice,
			    uint16_t day);
/* Completed years on a day by month of birth (population.md 1.2: birth month only, so
 * the birthday is the month's first day), -1: not known. */
int hf_pop_age(const struct hf_pop_person *p, uint16_t day);
enum hf_pop_band hf_pop_band_of(int age);
/* The code of a text of a kind, 0: none has it. */
uint16_t hf_pop_code_of(const struct hf_pop_columns *c, enum hf_pop_kind kind,
			struct hf_sv text);

#endif
