/* activity_feed.h - the lives of a synthetic place into the population's store, as one
 * feed.  docs/interfaces/generate.md. */
#ifndef HF_SYNTH_IO_ACTIVITY_FEED_H
#define HF_SYNTH_IO_ACTIVITY_FEED_H

#include "population/io/store.h"
#include "population/pid.h"
#include "synth/activity.h"

struct hf_synth_feed_config {
	const struct hf_synth_activity *activity;
	struct hf_pop_store *store;
	const struct hf_pop_key *key; /* of pseudonyms: that of the store */
	struct hf_sv actor, purpose;
	int threads; /* that make lives, 1 ... 16; the caller's thread writes them */
	/* Now and then, from the caller's thread; NULL is fine. */
	void (*progress)(void *ctx, int64_t lives, int64_t of, int64_t events);
	void *ctx;
};

struct hf_synth_feed_result {
	int64_t feed; /* its number */
	int64_t lives, events, conditions, values;
	double seconds;
};

/* Writes all lives and commits; whatever fails, nothing of it stays.  The rows and
 * their order are the same for any number of threads.  A feed of the same days that was
 * generated before is replaced. */
enum hf_rc hf_synth_feed(const struct hf_synth_feed_config *config,
			 struct hf_synth_feed_result *out, struct hf_err *err);

#endif
