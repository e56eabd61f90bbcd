/* held.h - values kept in memory by shelf, in shards with a lock each and a bound on
 * bytes: what was not asked for of late goes first.
 *
 * A value is one block from malloc whose first member is a struct hf_held.  All calls
 * but init and free are made under the shard's lock. */
#ifndef HF_RECORD_IO_HELD_H
#define HF_RECORD_IO_HELD_H

#include <pthread.h>

#include "base/base.h"

enum { HF_HELD_SHARDS = 64 };

struct hf_held {
	struct hf_held *next;
	int64_t shelf;
	size_t bytes;  /* of the whole block */
	uint32_t used; /* the shard's clock when last asked for */
};

struct hf_held_shard {
	pthread_mutex_t lock;
	struct hf_held **buckets;
	size_t n_buckets, bytes, most, hand;
	uint32_t clock, young; /* asked for in the last so many: kept for now */
};

/* Spreads shelves; the remainder by HF_HELD_SHARDS is the shard, the quotient is for
 * what stands inside one. */
uint64_t hf_held_mix(int64_t shelf);

/* most: bytes of the values.  False without memory; free is fine after that, and on
 * zeros. */
bool hf_held_init(struct hf_held_shard *sh, size_t n_buckets, size_t most,
		  uint32_t young);
void hf_held_free(struct hf_held_shard *sh);

/* NULL when nothing is held; else it counts as asked for now. */
struct hf_held *hf_held_find(struct hf_held_shard *sh, int64_t shelf);
/* Takes over h, in the place of what was held for its shelf.  What is larger than a
 * quarter of the shard is freed at once. */
void hf_held_put(struct hf_held_shard *sh, struct hf_held *h);
void hf_held_drop(struct hf_held_shard *sh, int64_t shelf);
void hf_held_drop_all(struct hf_held_shard *sh);

#endif
