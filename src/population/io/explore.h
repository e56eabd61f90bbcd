/* explore.h - the population ready for questions: columns, everybody's need, the twelve
 * dimensions, kept up with the store.  Thread-safe. */
#ifndef HF_POPULATION_IO_EXPLORE_H
#define HF_POPULATION_IO_EXPLORE_H

#include "population/cube.h"
#include "population/io/drawn.h"
#include "population/io/live.h"
#include "population/need.h"

struct hf_pop_explorer;

/* What was ready at one time; never changes while it is held. */
struct hf_pop_view {
	const struct hf_pop_columns *c;
	const struct hf_pop_need *need;
	struct hf_pop_dims dims;
	struct hf_pop_drawn *drawn;
	uint16_t day; /* of the dimensions: the last that there are events of */
};

/* follow: threads do it, and hf_pop_view_hold() gives NULL until there is something;
 * otherwise all is ready when it returns. */
enum hf_rc hf_pop_explorer_open(struct hf_store *store, bool follow,
				struct hf_pop_explorer **out, struct hf_err *err);
/* What was held must have been released.  NULL is fine. */
void hf_pop_explorer_close(struct hf_pop_explorer *x);

const struct hf_pop_view *hf_pop_view_hold(struct hf_pop_explorer *x);
void hf_pop_view_release(struct hf_pop_explorer *x, const struct hf_pop_view *v);
/* The columns it goes by, for who asks more of them; the explorer's. */
struct hf_pop_live *hf_pop_explorer_live(struct hf_pop_explorer *x);
void hf_pop_explorer_state(struct hf_pop_explorer *x, struct hf_pop_live_state *out);

/* Answers, by as many threads as it is worth (at most 4).  The answer lies in arena. */
enum hf_rc hf_pop_view_ask(const struct hf_pop_view *v, const struct hf_pop_ask *ask,
			   struct hf_arena *arena, struct hf_pop_answer *out,
			   struct hf_err *err);

#endif
