/* framework_int.h - within the files of framework.h. */
#ifndef HF_POPULATION_FRAMEWORK_INT_H
#define HF_POPULATION_FRAMEWORK_INT_H

#include "population/framework.h"

/* Reads a selector.  others: names of further members that may stand beside its own,
 * "" when none; ages that are no edges of strata are findings when edges is set. */
void hf_pop_select_load(struct hf_doc *d, uint32_t node, const char *others, bool edges,
			const struct hf_pop_framework *f, struct hf_pop_select *out);

/* The index of word in words (between blanks), -1: it is none. */
int hf_pop_word(const char *words, struct hf_sv word);

/* A set of bits of the words in list `name` of object; 0 when it is not there. */
uint32_t hf_pop_words_load(struct hf_doc *d, uint32_t object, const char *name,
			   const char *words);

extern const char hf_pop_outcome_words[];

#endif
