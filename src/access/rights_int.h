/* rights_int.h - what rights.c, rights_person.c and ndo.c share. */
#ifndef HF_ACCESS_RIGHTS_INT_H
#define HF_ACCESS_RIGHTS_INT_H

#include <stdatomic.h>

#include "access/rights.h"
#include "base/arena.h"

/* Lists in chains by the hash of a key; who walks one compares the key itself. */
struct hf_chains {
	uint32_t *head; /* index + 1; 0: the end */
	uint32_t *next;
	size_t mask;
};

struct hf_rights {
	_Atomic size_t refs;
	struct hf_arena arena;
	struct hf_rights_lists l;
	struct hf_chains pair, to, suspended, glass, delegate, proxy, hub;
};

static inline uint64_t
hf_rights_hash_add(uint64_t h, struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return (h ^ 0xff) * 0x100000001b3u;
}

static inline uint64_t
hf_rights_hash(struct hf_sv s)
{
	return hf_rights_hash_add(0xcbf29ce484222325u, s);
}

static inline uint32_t
hf_chains_first(const struct hf_chains *c, uint64_t hash)
{
	return c->head[(hash ^ hash >> 32) & c->mask];
}

#define HF_EACH(i, c, hash)                                                            \
	for (uint32_t i##_at = hf_chains_first((c), (hash)), i = i##_at - 1;           \
	     i##_at != 0; i##_at = (c)->next[i], i = i##_at - 1)

enum { HF_ORG_MAX = 64 }; /* bytes of an organisation's code */

/* Writes code in upper case to out, which has room for code.n bytes. */
void hf_rights_upper(struct hf_sv code, char *out);

struct hf_ndo *hf_ndo_keep(struct hf_ndo *ndo); /* NULL is fine */
bool hf_ndo_has(const struct hf_ndo *ndo, struct hf_sv nhs_number);
hf_time hf_ndo_list_at(const struct hf_ndo *ndo);

#endif
