/* ids.c - server-given ids: 16 characters of base32 over a keyed permutation of
 * (store tag, rid).  They lead to a row without a look-up and do not reveal which
 * resources lie on one shelf. */
#include <sodium.h>

#include "record/io/store_impl.h"

enum { ROUNDS = 6 };
#define HALF (((uint64_t)1 << 40) - 1)

/* No i, l, o, u: read aloud they are mistaken. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

static uint64_t
mix(const struct hf_ids *ids, unsigned round, uint64_t half)
{
	unsigned char in[9];
	uint64_t out;

	memcpy(in, &half, 8);
	in[8] = (unsigned char)round;
	crypto_shorthash((unsigned char *)&out, in, sizeof in, ids->key);
	return out & HALF;
}

/* (tag, rid) as two halves of 40 bits: tag 16 | rid 63..40, rid 39..0. */
void
hf_ids_encode(const struct hf_ids *ids, hf_rid rid, char out[HF_ID_LEN])
{
	uint64_t left = (uint64_t)ids->tag << 24 | ((uint64_t)rid >> 40 & 0xffffff);
	uint64_t right = (uint64_t)rid & HALF;

	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t next = left ^ mix(ids, round, right);

		left = right;
		right = next;
	}
	for (int i = 7; i >= 0; i--) {
		out[i] = alphabet[left & 31];
		out[8 + i] = alphabet[right & 31];
		left >>= 5;
		right >>= 5;
	}
}

hf_rid
hf_ids_decode(const struct hf_ids *ids, struct hf_sv id)
{
	uint64_t left = 0, right = 0;

	if (id.n != HF_ID_LEN)
		return 0;
	for (size_t i = 0; i < 8; i++) {
		const char *a = memchr(alphabet, id.p[i], 32);
		const char *b = memchr(alphabet, id.p[8 + i], 32);

		if (!a || !b)
			return 0;
		left = left << 5 | (uint64_t)(a - alphabet);
		right = right << 5 | (uint64_t)(b - alphabet);
	}
	for (unsigned round = ROUNDS; round-- > 0;) {
		uint64_t before = right ^ mix(ids, round, left);

		right = left;
		left = before;
	}
	if (left >> 24 != ids->tag)
		return 0;
	return (hf_rid)((left & 0xffffff) << 40 | right);
}

int64_t
hf_ids_hash(const struct hf_ids *ids, hf_type_id type, struct hf_sv id)
{
	unsigned char in[2 + 64];
	size_t n = id.n < 64 ? id.n : 64;
	int64_t out;

	memcpy(in, &type, 2);
	memcpy(in + 2, id.p, n);
	crypto_shorthash((unsigned char *)&out, in, n + 2, ids->key);
	return out ? out : 1;
}
