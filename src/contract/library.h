/* library.h - all documents of contracts at once: contracts, rules of years, pooled
 * funds, and the pathways of what both parties do.  Pure. */
#ifndef HF_CONTRACT_LIBRARY_H
#define HF_CONTRACT_LIBRARY_H

#include "contract/case.h"
#include "contract/pool.h"

enum { HF_CT_CONTRACTS = 64, HF_CT_YEARS = 40, HF_CT_POOLS = 32 };

struct hf_ct_library {
	struct hf_ct_terms *contracts[HF_CT_CONTRACTS];
	char sha[HF_CT_CONTRACTS][HF_CT_SHA_TEXT]; /* of the documents */
	struct hf_ct_rules years[HF_CT_YEARS];
	struct hf_ct_pool *pools[HF_CT_POOLS];
	struct hf_pathway *pathways[HF_CT_CASES];
	size_t n_contracts, n_years, n_pools;
};

/* Reads what comes with the program.  HF_INVALID with findings when one is wrong.  Lies
 * in arena but for guards: hf_ct_library_free(). */
enum hf_rc hf_ct_library_load(struct hf_arena *arena, struct hf_issues *issues,
			      struct hf_ct_library *out, struct hf_err *err);
void hf_ct_library_free(struct hf_ct_library *l);

/* HF_NOT_FOUND; *at (NULL is fine) is its index. */
enum hf_rc hf_ct_library_contract(const struct hf_ct_library *l, struct hf_sv id,
				  const struct hf_ct_terms **out, size_t *at,
				  struct hf_err *err);
const struct hf_ct_pool *hf_ct_library_pool(const struct hf_ct_library *l,
					    struct hf_sv id); /* NULL: none */
/* NULL: none of that name. */
const struct hf_ct_rules *hf_ct_library_rules(const struct hf_ct_library *l,
					      const struct hf_ct_terms *t);

#endif
