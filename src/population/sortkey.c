/* sortkey.c - by bytes from the least on; a byte that all have is passed over. */
#include "population/sortkey.h"

struct hf_pop_key *
hf_pop_sort_keys(struct hf_pop_key *a, struct hf_pop_key *b, size_t n)
{
	for (unsigned shift = 0; n > 1 && shift < 64; shift += 8) {
		size_t at[257] = {0};
		struct hf_pop_key *swap = a;

		for (size_t i = 0; i < n; i++)
			at[((a[i].k >> shift) & 255) + 1]++;
		if (at[((a[0].k >> shift) & 255) + 1] == n)
			continue;
		for (size_t c = 1; c < 257; c++)
			at[c] += at[c - 1];
		for (size_t i = 0; i < n; i++)
			b[at[(a[i].k >> shift) & 255]++] = a[i];
		a = b;
		b = swap;
	}
	return a;
}
