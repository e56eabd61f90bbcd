/* sensitive.h - which codes say that something is sensitive, to be found quickly.
 * policy_load.c makes it, policy.c asks it. */
#ifndef HF_ACCESS_SENSITIVE_H
#define HF_ACCESS_SENSITIVE_H

#include "access/policy.h"

/* Words for code systems of the documents, and their addresses (several a word). */
struct hf_code_system {
	struct hf_sv word, url;
};

/* Makes the table over the categories of policy, in arena; NULL when it is full. */
struct hf_policy_codes *hf_policy_codes_new(const struct hf_policy *policy,
					    const struct hf_code_system *systems,
					    size_t n_systems, struct hf_arena *arena);

/* Does the codes' table name what stands in the resource at node?  Calls found for
 * each category it says, until that gives false. */
void hf_policy_codes_in(const struct hf_policy_codes *codes, const struct hf_json *doc,
			uint32_t node,
			bool (*found)(void *ctx, const struct hf_category *category),
			void *ctx);

#endif
