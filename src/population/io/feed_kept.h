/* feed_kept.h - feeds that were received, with how good they are. */
#ifndef HF_POPULATION_IO_FEED_KEPT_H
#define HF_POPULATION_IO_FEED_KEPT_H

#include "base/arena.h"
#include "base/time.h"
#include "population/framework_report.h"
#include "record/io/store.h"

struct hf_feed_kept {
	int64_t id, replaced_by; /* 0: it counts */
	struct hf_sv source, kind, file, sha, map, cut;
	int64_t from, to; /* days since 1990-01-01, [from, to) */
	int64_t persons, events, registrations, conditions, values;
	hf_time at;
	struct hf_sv quality; /* JSON; n 0: none is kept */
};

/* Feeds after a number, oldest first, at most max; everything lies in arena. */
enum hf_rc hf_feed_list(struct hf_reader *reader, int64_t after, size_t max,
			struct hf_arena *arena, struct hf_feed_kept **out, size_t *n,
			struct hf_err *err);
/* HF_NOT_FOUND. */
enum hf_rc hf_feed_get(struct hf_reader *reader, int64_t id, struct hf_arena *arena,
		       struct hf_feed_kept *out, struct hf_err *err);

/* Of which activity no figures are to be published: feeds that count whose linkage or
 * coverage is too low (population.md 8). */
enum hf_rc hf_feed_held_back(struct hf_reader *reader, struct hf_arena *arena,
			     struct hf_pop_held_back **out, size_t *n,
			     struct hf_err *err);

/* One feed as JSON, with its quality; brief: only score, publishable and how many
 * findings of each severity. */
void hf_feed_write(const struct hf_feed_kept *feed, bool brief, struct hf_arena *arena,
		   struct hf_buf *out);

#endif
