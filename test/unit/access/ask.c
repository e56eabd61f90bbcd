/* ask.c - questions for the tests of the decision. */
#include "ask.h"

#include "test/hf_test.h"

const struct hf_policy *
the_policy(void)
{
	static struct hf_arena arena = {.cap = 4 << 20};
	static struct hf_policy policy;

	if (!policy.version) {
		struct hf_issues issues = {.arena = &arena};
		struct hf_err err = {0};
		enum hf_rc rc =
		    hf_policy_load(hf_policy_builtin, &arena, &issues, &policy, &err);

		for (size_t i = 0; i < issues.n; i++)
			print_error("%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
				    HF_SV_ARG(issues.items[i].text));
		if (rc != HF_OK)
			fail_msg("%s", err.text);
	}
	return &policy;
}

struct hf_access_ask
ask_for(enum hf_group group, enum hf_relation_kind relation, enum hf_level level,
	enum hf_purpose purpose)
{
	return (struct hf_access_ask){
	    .group = group,
	    .org = HF_SV("Z99000"),
	    .purpose = purpose,
	    .activity = HF_ACT_READ,
	    .content =
		level == HF_LEVEL_S0 ? HF_CONTENT_DEMOGRAPHIC : HF_CONTENT_PROBLEM,
	    .level = level,
	    .relations = relation == HF_REL_NONE ? 0 : HF_BIT(relation),
	    .item_org = HF_SV("Z99000"),
	    .facts = group == HF_GROUP_INT ? GOOD_SYSTEM : GOOD,
	    .now = 1783000000000,
	};
}

struct hf_access_answer
decide(const struct hf_access_ask *ask, bool audit_works)
{
	const struct hf_actor actor = {
	    .kind = ask->group == HF_GROUP_INT ? HF_ACTOR_SYSTEM : HF_ACTOR_PERSON,
	    .id = HF_SV("u100"),
	    .purpose = hf_sv_from(hf_word(HF_WORDS_PURPOSE, (int)ask->purpose)),
	};

	return hf_access_decide(&(struct hf_access_facts){.actor = &actor,
							  .need = HF_NEED_CLINICAL,
							  .audit_works = audit_works,
							  .policy = the_policy(),
							  .ask = ask});
}
