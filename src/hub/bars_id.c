/* bars_id.c - the ids that a message's resources have here. */
#include "hub/bars_id.h"

#include <stdio.h>

#include <sodium.h>

static void
part(crypto_hash_sha256_state *state, struct hf_sv text)
{
	uint8_t n[4] = {(uint8_t)(text.n >> 24), (uint8_t)(text.n >> 16),
			(uint8_t)(text.n >> 8), (uint8_t)text.n};

	/* With its length: no two lists of parts are the same bytes. */
	crypto_hash_sha256_update(state, n, sizeof n);
	crypto_hash_sha256_update(state, (const uint8_t *)text.p, text.n);
}

static void
hash_owner(const struct hf_bars_owner *owner, uint8_t out[crypto_hash_sha256_BYTES])
{
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	part(&state, owner->signed_in);
	part(&state, owner->sender);
	crypto_hash_sha256_final(&state, out);
}

struct hf_sv
hf_bars_id(const struct hf_bars_owner *owner, const char *kind, struct hf_sv name,
	   struct hf_arena *arena)
{
	uint8_t first[crypto_hash_sha256_BYTES], second[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;

	hash_owner(owner, first);
	crypto_hash_sha256_init(&state);
	part(&state, (struct hf_sv){(const char *)first, sizeof first});
	part(&state, hf_sv_from(kind));
	part(&state, name);
	crypto_hash_sha256_final(&state, second);
	first[6] = (uint8_t)((first[6] & 0x0f) | 0x80);
	second[0] = (uint8_t)((second[0] & 0x3f) | 0x80);
	return hf_arena_printf(
	    arena,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
	    first[0], first[1], first[2], first[3], first[4], first[5], first[6],
	    first[7], second[0], second[1], second[2], second[3], second[4], second[5],
	    second[6], second[7]);
}

bool
hf_bars_id_is_of(const struct hf_bars_owner *owner, struct hf_sv id)
{
	uint8_t first[crypto_hash_sha256_BYTES];
	char text[20];

	hash_owner(owner, first);
	first[6] = (uint8_t)((first[6] & 0x0f) | 0x80);
	snprintf(text, sizeof text, "%02x%02x%02x%02x-%02x%02x-%02x%02x-", first[0],
		 first[1], first[2], first[3], first[4], first[5], first[6], first[7]);
	return id.n == 36 && hf_sv_starts(id, hf_sv_from(text));
}

struct hf_sv
hf_bars_digest(struct hf_sv text, struct hf_arena *arena)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof hash + 1];

	crypto_hash_sha256(hash, (const uint8_t *)text.p, text.n);
	sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
	return hf_arena_sv(arena, hf_sv_from(hex));
}
