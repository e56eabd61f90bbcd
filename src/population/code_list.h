/* code_list.h - codes of conditions by the lists that were imported, in place of those
 * that come with the program.  Pure.  population.md 2.1. */
#ifndef HF_POPULATION_CODE_LIST_H
#define HF_POPULATION_CODE_LIST_H

#include "population/ref.h"

struct hf_code_item {
	struct hf_sv code, condition;
	enum hf_ref_system system;
};

struct hf_code_lists {
	struct hf_code_item *items; /* by code, then system, then condition */
	size_t n;
	struct hf_code_item *lists; /* each condition and system that has a list; its
				     * .code is the version */
	size_t n_lists;
};

/* Sorts what was put in.  Call it once. */
void hf_code_lists_end(struct hf_code_lists *l);
/* Does a list say what the codes of the condition are?  NULL has none. */
bool hf_code_lists_has(const struct hf_code_lists *l, enum hf_ref_system system,
		       struct hf_sv condition);
/* The items of a code, of any system when system is HF_REF_NO_SYSTEM: how many. */
size_t hf_code_lists_find(const struct hf_code_lists *l, enum hf_ref_system system,
			  struct hf_sv code, const struct hf_code_item **first);

#endif
