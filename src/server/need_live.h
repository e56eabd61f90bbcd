/* need_live.h - everybody's need as it stands now, for the pages: that of the
 * explorer's view, which is kept up with each commit, and what lists need besides.
 * Thread-safe. */
#ifndef HF_SERVER_NEED_LIVE_H
#define HF_SERVER_NEED_LIVE_H

#include "population/fair.h"
#include "population/gap.h"
#include "population/io/explore.h"

/* The definitions; they stay as long as the need_live does. */
struct hf_need_rules {
	struct hf_pop_defs defs;
	struct hf_arena arena; /* of the rest */
	struct hf_pop_list_rule lists[HF_POP_LISTS_MOST];
	struct hf_pop_gap gaps[HF_POP_GAPS];
	size_t n_lists, n_gaps;
};

/* One state of it, never changed once handed out. */
struct hf_need_now {
	const struct hf_need_rules *rules;
	const struct hf_pop_columns *c;
	const struct hf_pop_need *now;
	struct hf_pop_gapper *gapper;
	/* Emergency admissions a year, of the bands of risk a year before: reckoned
	 * every ten minutes at most. */
	double rates[HF_POP_RISK_PREVENTION + 1];
	uint64_t version;
	unsigned held;
	const struct hf_pop_view *view;
	struct hf_pop_need *own;  /* of another day than the view's; NULL: now is its */
	struct hf_pop_need *then; /* hf_need_live_then() */
	struct hf_need_now *next; /* older ones that are still held */
};

struct hf_need_live;

/* Goes by the explorer, which stays the caller's and outlives it, and by the tables of
 * weights that store has now.  HF_FAULT names a definition that is wrong. */
enum hf_rc hf_need_live_open(struct hf_store *store, struct hf_pop_explorer *explorer,
			     struct hf_need_live **out, struct hf_err *err);
void hf_need_live_close(struct hf_need_live *l); /* NULL is fine */

/* The need of today, or of the last day the data reach; HF_BUSY while the population is
 * being read, in words.  Give it back with hf_need_live_release(). */
enum hf_rc hf_need_live_hold(struct hf_need_live *l, hf_time at,
			     const struct hf_need_now **out, struct hf_err *err);
void hf_need_live_release(struct hf_need_live *l, const struct hf_need_now *n);

/* The need of a year before, for what came true since; reckoned when it is first asked
 * for, and n's. */
enum hf_rc hf_need_live_then(struct hf_need_live *l, const struct hf_need_now *n,
			     const struct hf_pop_need **out, struct hf_err *err);

/* The list with an id; NULL: there is none. */
const struct hf_pop_list_rule *hf_need_rule(const struct hf_need_rules *r,
					    struct hf_sv id);

#endif
