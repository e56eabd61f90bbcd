/* bench_decide.c - what one decision on access costs, by a rule that is among the last.
 *
 *   bench_decide [ROUNDS]     prints nanoseconds a decision, the best of ten */
#include <stdio.h>
#include <stdlib.h>

#include "access/access.h"
#include "base/io/clock.h"

static uint64_t
round_of(const struct hf_access_facts *facts, long rounds, long *allowed)
{
	uint64_t begun = hf_mono_ns();

	for (long i = 0; i < rounds; i++)
		*allowed += hf_access_decide(facts).outcome == HF_ALLOW;
	return (hf_mono_ns() - begun) / (uint64_t)rounds;
}

int
main(int argc, char **argv)
{
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 100000, allowed = 0;
	struct hf_arena arena = {.cap = (size_t)16 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_policy policy;
	struct hf_err err;
	const struct hf_actor actor = {
	    .kind = HF_ACTOR_PERSON, .id = HF_SV("user/1"), .purpose = HF_SV("DIRECT")};
	struct hf_access_ask ask = {
	    .group = HF_GROUP_STUD,
	    .org = HF_SV("A1"),
	    .item_org = HF_SV("A1"),
	    .purpose = HF_PURPOSE_DIRECT,
	    .activity = HF_ACT_READ,
	    .content = HF_CONTENT_CLINICAL,
	    .level = HF_LEVEL_S1,
	    .tier = HF_TIER_T4,
	    .relations = HF_BIT(HF_REL_CASE),
	    .facts = HF_BIT(HF_FACT_VALID) | HF_BIT(HF_FACT_MFA) |
		     HF_BIT(HF_FACT_ROLE_ACTIVE) | HF_BIT(HF_FACT_ORG_ACTIVE) |
		     HF_BIT(HF_FACT_SUPERVISED),
	};
	struct hf_access_facts facts = {.actor = &actor,
					.need = HF_NEED_CLINICAL,
					.audit_works = true,
					.policy = &policy,
					.ask = &ask};
	uint64_t best = UINT64_MAX;

	if (rounds < 1 ||
	    hf_policy_load(hf_policy_builtin, &arena, &issues, &policy, &err) != HF_OK)
		return 1;
	for (int i = 0; i < 10; i++) {
		uint64_t took = round_of(&facts, rounds, &allowed);

		best = took < best ? took : best;
	}
	printf("decision %llu ns, %s\n", (unsigned long long)best,
	       allowed == 10 * rounds ? "allowed" : "refused");
	hf_arena_free(&arena);
	return allowed == 10 * rounds ? 0 : 1;
}
