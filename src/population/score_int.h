/* score_int.h - what score.c makes ready and score_person.c reads. */
#ifndef HF_POPULATION_SCORE_INT_H
#define HF_POPULATION_SCORE_INT_H

#include "population/score.h"

enum {
	NO_ITEM = 0xff,
	SET_WORDS = HF_POP_SCORE_ITEMS / 64,
	STAYS_MOST = 1024, /* of a person; earlier ones are left out */
	VISITS_MOST = 1024 /* to A&E */
};

/* A set of items. */
struct hf_pop_items {
	uint64_t w[SET_WORDS];
};

static inline void
hf_pop_set_add(struct hf_pop_items *s, int item)
{
	s->w[item / 64] |= UINT64_C(1) << (item % 64);
}

static inline bool
hf_pop_set_has(const struct hf_pop_items *s, int item)
{
	return s->w[item / 64] >> (item % 64) & 1;
}

/* A document by codes of the dictionaries. */
struct ready {
	const struct hf_pop_score *s;
	size_t first_column;
	uint8_t *of_condition, *of_specialty; /* the item, or NO_ITEM */
	struct hf_pop_items *icd;	      /* NULL: it asks for none */
	uint16_t value[HF_POP_SCORE_ITEMS][2];
	uint8_t facts[HF_POP_SCORE_ITEMS];
	size_t n_facts;
	bool has_icd, has_specialties, looks_at_values, looks_at_conditions, has_sum;
};

struct hf_pop_scorer {
	const struct hf_pop_columns *c;
	struct ready *ready;
	size_t n, n_columns;
	bool wants_chemicals;
};

struct hf_pop_scratch {
	uint32_t *seen; /* by code of a chemical: the round it was last seen in */
	uint32_t round;
	int chemicals, age;
	uint64_t stays[STAYS_MOST], visits[VISITS_MOST];
	size_t n_stays, n_visits;
};

#endif
