/* ndo.c - the National Data Opt-Out list as a set of keyed hashes. */
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "access/rights_int.h"

_Static_assert(HF_NDO_KEY == crypto_shorthash_KEYBYTES, "a key of SipHash");

struct hf_ndo {
	_Atomic size_t refs;
	unsigned char key[HF_NDO_KEY];
	hf_time list_at;
	size_t n, mask;
	int64_t slots[]; /* 0: free; the hash 0 is never given out */
};

void
hf_rights_upper(struct hf_sv code, char *out)
{
	for (size_t i = 0; i < code.n; i++) {
		char c = code.p[i];

		out[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
}

int64_t
hf_ndo_hash(const unsigned char key[HF_NDO_KEY], struct hf_sv nhs_number)
{
	unsigned char out[crypto_shorthash_BYTES];
	int64_t hash;

	crypto_shorthash(out, (const unsigned char *)nhs_number.p, nhs_number.n, key);
	memcpy(&hash, out, sizeof(hash));
	return hash ? hash : 1;
}

static int64_t *
slot_of(struct hf_ndo *ndo, int64_t hash)
{
	size_t i = (size_t)hash & ndo->mask;

	while (ndo->slots[i] != 0 && ndo->slots[i] != hash)
		i = (i + 1) & ndo->mask;
	return &ndo->slots[i];
}

enum hf_rc
hf_ndo_new(const unsigned char key[HF_NDO_KEY], const int64_t *hashes, size_t n,
	   hf_time list_at, struct hf_ndo **out, struct hf_err *err)
{
	struct hf_ndo *ndo;
	size_t size = 8;

	while (size < 2 * n)
		size *= 2;
	ndo = calloc(1, sizeof(*ndo) + size * sizeof(ndo->slots[0]));
	if (!ndo)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "no memory for the opt-out list");
	ndo->refs = 1;
	ndo->list_at = list_at;
	ndo->mask = size - 1;
	memcpy(ndo->key, key, sizeof(ndo->key));
	for (size_t i = 0; i < n; i++) {
		int64_t *slot = slot_of(ndo, hashes[i]);

		ndo->n += *slot == 0;
		*slot = hashes[i];
	}
	*out = ndo;
	return HF_OK;
}

struct hf_ndo *
hf_ndo_keep(struct hf_ndo *ndo)
{
	if (ndo)
		atomic_fetch_add(&ndo->refs, 1);
	return ndo;
}

void
hf_ndo_drop(struct hf_ndo *ndo)
{
	if (!ndo || atomic_fetch_sub(&ndo->refs, 1) > 1)
		return;
	sodium_memzero(ndo->key, sizeof(ndo->key));
	free(ndo);
}

size_t
hf_ndo_count(const struct hf_ndo *ndo)
{
	return ndo ? ndo->n : 0;
}

bool
hf_ndo_has(const struct hf_ndo *ndo, struct hf_sv nhs_number)
{
	int64_t hash;
	size_t i;

	if (!ndo || ndo->n == 0)
		return false;
	hash = hf_ndo_hash(ndo->key, nhs_number);
	for (i = (size_t)hash & ndo->mask; ndo->slots[i] != 0; i = (i + 1) & ndo->mask)
		if (ndo->slots[i] == hash)
			return true;
	return false;
}

hf_time
hf_ndo_list_at(const struct hf_ndo *ndo)
{
	return ndo ? ndo->list_at : 0;
}
