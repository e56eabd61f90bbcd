/* pathway_int.h - what the reading and the checking of pathways share. */
#ifndef HF_PATHWAY_PATHWAY_INT_H
#define HF_PATHWAY_PATHWAY_INT_H

#include "pathway/pathway.h"

enum { HF_PW_GUARDS = 600 };

struct hf_pw_load {
	struct hf_doc d;
	const struct hf_pw_world *world;
	struct hf_pathway *p;
	struct hf_path *paths[HF_PW_GUARDS]; /* to be freed when it fails */
	size_t n_paths;
	uint32_t state_lines[HF_PW_STATES], step_lines[HF_PW_STEPS],
	    clock_lines[HF_PW_CLOCKS];
};

struct hf_pw_guard hf_pw_load_guard(struct hf_pw_load *l, uint32_t object,
				    const char *name);

/* What can be wrong with a pathway that reads well: states that nothing leads to or
 * that lead nowhere, clocks that cannot stop, guards that are true at once or leave
 * out a case, tasks and pathways that are not there. */
void hf_pw_check(struct hf_pw_load *l);

#endif
