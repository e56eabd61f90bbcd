/* change_link.c - one link of the chain of commits. */
#include "record/change_link.h"

#include <sodium.h>

static void
add(crypto_hash_sha256_state *state, struct hf_sv part)
{
	unsigned char n[8];

	for (size_t i = 0; i < sizeof n; i++)
		n[i] = (unsigned char)((uint64_t)part.n >> (8 * i) & 255);
	crypto_hash_sha256_update(state, n, sizeof n);
	if (part.n)
		crypto_hash_sha256_update(state, (const unsigned char *)part.p, part.n);
}

void
hf_change_link(const unsigned char before[HF_CHANGE_LINK],
	       const struct hf_change_row *row, unsigned char out[HF_CHANGE_LINK])
{
	crypto_hash_sha256_state state;
	unsigned char change[8];

	for (size_t i = 0; i < sizeof change; i++)
		change[i] = (unsigned char)((uint64_t)row->change >> (8 * i) & 255);
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, before, HF_CHANGE_LINK);
	crypto_hash_sha256_update(&state, change, sizeof change);
	add(&state, row->actor);
	add(&state, row->purpose);
	add(&state, row->source);
	add(&state, row->items);
	add(&state, row->trace);
	crypto_hash_sha256_final(&state, out);
}
