/* held.c - see held.h. */
#include "record/io/held.h"

#include <stdlib.h>

uint64_t
hf_held_mix(int64_t shelf)
{
	uint64_t h = (uint64_t)shelf * 0x9e3779b97f4a7c15u;

	return h ^ h >> 31;
}

bool
hf_held_init(struct hf_held_shard *sh, size_t n_buckets, size_t most, uint32_t young)
{
	*sh = (struct hf_held_shard){
	    .n_buckets = n_buckets, .most = most, .young = young};
	sh->buckets = calloc(n_buckets, sizeof(struct hf_held *));
	if (!sh->buckets)
		return false;
	pthread_mutex_init(&sh->lock, NULL);
	return true;
}

void
hf_held_free(struct hf_held_shard *sh)
{
	if (!sh->buckets)
		return;
	hf_held_drop_all(sh);
	free(sh->buckets);
	pthread_mutex_destroy(&sh->lock);
}

/* The link to what is held for a shelf, or to where it would be. */
static struct hf_held **
place_of(struct hf_held_shard *sh, int64_t shelf)
{
	struct hf_held **at =
	    &sh->buckets[hf_held_mix(shelf) / HF_HELD_SHARDS % sh->n_buckets];

	while (*at && (*at)->shelf != shelf)
		at = &(*at)->next;
	return at;
}

static void
drop(struct hf_held_shard *sh, struct hf_held **at)
{
	struct hf_held *h = *at;

	*at = h->next;
	sh->bytes -= h->bytes;
	free(h);
}

/* Goes round the buckets and drops what was not asked for of late. */
static void
make_room(struct hf_held_shard *sh)
{
	uint32_t keep = 0; /* grows each round, so that this ends */

	while (sh->bytes > sh->most) {
		for (size_t i = 0; i < sh->n_buckets && sh->bytes > sh->most; i++) {
			struct hf_held **at = &sh->buckets[sh->hand++ % sh->n_buckets];

			while (*at) {
				if (sh->clock - (*at)->used >= sh->young >> keep)
					drop(sh, at);
				else
					at = &(*at)->next;
			}
		}
		keep = keep < 31 ? keep + 1 : 31;
	}
}

struct hf_held *
hf_held_find(struct hf_held_shard *sh, int64_t shelf)
{
	struct hf_held *h = *place_of(sh, shelf);

	if (h)
		h->used = ++sh->clock;
	return h;
}

void
hf_held_put(struct hf_held_shard *sh, struct hf_held *h)
{
	struct hf_held **at;

	hf_held_drop(sh, h->shelf);
	if (h->bytes > sh->most / 4) {
		free(h);
		return;
	}
	at = place_of(sh, h->shelf);
	h->used = ++sh->clock;
	h->next = NULL;
	*at = h;
	sh->bytes += h->bytes;
	make_room(sh);
}

void
hf_held_drop(struct hf_held_shard *sh, int64_t shelf)
{
	struct hf_held **at = place_of(sh, shelf);

	if (*at)
		drop(sh, at);
}

void
hf_held_drop_all(struct hf_held_shard *sh)
{
	for (size_t b = 0; b < sh->n_buckets; b++)
		while (sh->buckets[b])
			drop(sh, &sh->buckets[b]);
}
