/* need_live.h - everybody's need as it stands now, for the pages: reckoned once for
 * each version of the columns and day, and held by whoever reads it.  Thread-safe. */
#ifndef HF_SERVER_NEED_LIVE_H
#define HF_SERVER_NEED_LIVE_H

#include "population/fair.h"
#include "population/gap.h"
#include "population/io/live.h"

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
	struct hf_pop_need *now, *then; /* then: a year before, for what came true */
	struct hf_pop_gapper *gapper;
	double rates[HF_POP_RISK_PREVENTION + 1]; /* emergency admissions a year */
	uint64_t version;
	unsigned held;
	struct hf_need_now *next; /* older ones that are still held */
};

struct hf_need_live;

/* Goes by live, which stays the caller's and outlives it, and by the tables of weights
 * that store has now.  HF_FAULT names a definition that is wrong. */
enum hf_rc hf_need_live_open(struct hf_store *store, struct hf_pop_live *live,
			     struct hf_need_live **out, struct hf_err *err);
void hf_need_live_close(struct hf_need_live *l); /* NULL is fine */

/* The need of today, or of the last day the data reach; HF_BUSY while the population is
 * being read, in words.  Give it back with hf_need_live_release(). */
enum hf_rc hf_need_live_hold(struct hf_need_live *l, hf_time at,
			     const struct hf_need_now **out, struct hf_err *err);
void hf_need_live_release(struct hf_need_live *l, const struct hf_need_now *n);

/* The list with an id; NULL: there is none. */
const struct hf_pop_list_rule *hf_need_rule(const struct hf_need_rules *r,
					    struct hf_sv id);

#endif
