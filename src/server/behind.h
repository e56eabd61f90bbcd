/* behind.h - whose the rows behind a figure are, as far as a caller may see them.
 *
 * A row is shown when the caller may read what was counted of the person, by a
 * relationship with them and without breaking any glass: the person, and for an event
 * clinical content of who gave the care.  Sensitive codes hide a row whole, since to
 * stand behind a figure tells.  All other rows are counted, by weights, and say
 * nothing (docs/adr/0029-true-values-are-of-whom-one-may-see.md). */
#ifndef HF_SERVER_BEHIND_H
#define HF_SERVER_BEHIND_H

#include "population/framework_behind.h"
#include "server/api_need.h"
#include "server/outcomes.h"

enum { HF_BEHIND_PAGE = 50 };

struct hf_behind_ask {
	const struct hf_pop_plan *plan;
	const struct hf_pop_columns *c;
	const struct hf_pop_measure *measure;
	const uint8_t *weight; /* by person */
	size_t index, area;    /* of the measure; of the plan */
	size_t offset;	       /* shown rows before those that are given */
};

struct hf_behind {
	struct hf_pop_behind *rows; /* one page; in the call's arena */
	struct hf_need_who *who;    /* beside rows */
	size_t n;
	int64_t shown, people; /* rows and different people whom the caller may see */
	int64_t others;	       /* the weights of the rows they may not */
};

/* One side of a figure (hf_pop_behind).  After hf_need_look(), unless the caller sees
 * no names at all: then all are others. */
enum hf_rc hf_behind_look(struct hf_call *call, const struct hf_behind_ask *ask,
			  bool counted, struct hf_behind *out, struct hf_err *err);

#endif
