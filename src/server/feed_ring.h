/* feed_ring.h - the events a feed keeps, and where a client goes on.  No locks and no
 * clock: http_feed.c has them.
 *
 * Events stand at first … end - 1, counted since the start; the oldest go when there
 * are more than keep bytes. */
#ifndef HF_SERVER_FEED_RING_H
#define HF_SERVER_FEED_RING_H

#include "base/base.h"

/* Where a client is: it has seen all up to this one. */
struct hf_feed_pos {
	int64_t seq;
	uint32_t sub; /* 0: the first of that seq */
};
/* More than any sub: all of a seq. */
#define HF_FEED_ALL ((uint32_t)1 << 30)

enum { HF_FEED_ID_TEXT = 40 };

struct hf_feed_event {
	unsigned refs;
	struct hf_feed_pos pos;
	size_t n;
	char text[]; /* as it is sent */
};

struct hf_feed_ring {
	struct hf_feed_event **slots;
	size_t size; /* of slots: 0 or a power of two */
	uint64_t first, end;
	size_t bytes, keep;
	struct hf_feed_pos newest;
	struct hf_feed_pos lost; /* who has not seen this one has missed something */
};

void hf_ring_init(struct hf_feed_ring *ring, size_t keep, int64_t seq);
void hf_ring_free(struct hf_feed_ring *ring);

/* false, and nothing was added, when data is too long or there is no memory. */
bool hf_ring_add(struct hf_feed_ring *ring, const char *name, struct hf_sv data,
		 int64_t seq);
/* Forgets all: whoever is anywhere has missed something. */
void hf_ring_again(struct hf_feed_ring *ring, int64_t seq);

/* Where who has seen seen goes on; false when part of that is not kept any more. */
bool hf_ring_find(const struct hf_feed_ring *ring, struct hf_feed_pos seen,
		  uint64_t *at);
/* The event at first <= at < end; the caller gives it back with hf_event_drop(). */
struct hf_feed_event *hf_ring_take(const struct hf_feed_ring *ring, uint64_t at);
void hf_event_drop(struct hf_feed_event *event); /* NULL is fine */

/* "12" or "12.3". */
void hf_feed_id_write(struct hf_feed_pos pos, char out[HF_FEED_ID_TEXT]);
bool hf_feed_id_read(struct hf_sv text, struct hf_feed_pos *out);

#endif
