/* fuzz_access.c - any bytes as one of the documents of access (by its "document"), the
 * others as they were built in.  It is read whole or refused with a finding; and
 * whatever the rules say, a decision comes out of it. */
#include <stdlib.h>

#include "access/access.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[HF_POLICY_DOCS] = {
    [HF_DOC_ROLES] = "\"roles\"",
    [HF_DOC_RULES] = "\"rules\"",
    [HF_DOC_SENSITIVITY] = "\"sensitivity\"",
    [HF_DOC_OPTOUTS] = "\"optouts\"",
};

static enum hf_policy_doc
which(struct hf_sv text)
{
	const char *at = memmem(text.p, text.n, "\"document\"", 10);
	size_t left = at ? text.n - (size_t)(at - text.p) : 0;

	for (int i = 0; i < HF_POLICY_DOCS; i++)
		if (at && memmem(at, left < 40 ? left : 40, names[i], strlen(names[i])))
			return (enum hf_policy_doc)i;
	return HF_DOC_RULES;
}

/* One of each group, about an item of another organisation. */
static void
decide(const struct hf_policy *policy)
{
	const struct hf_actor actor = {
	    .kind = HF_ACTOR_PERSON, .id = HF_SV("user/1"), .purpose = HF_SV("DIRECT")};

	for (int group = 0; group < HF_GROUPS; group++) {
		struct hf_access_ask ask = {
		    .group = (enum hf_group)group,
		    .org = HF_SV("A1"),
		    .item_org = HF_SV("B1"),
		    .purpose = HF_PURPOSE_DIRECT,
		    .activity = HF_ACT_READ,
		    .content = HF_CONTENT_CLINICAL,
		    .level = HF_LEVEL_S1,
		    .tier = HF_TIER_T3,
		    .facts = HF_BIT(HF_FACT_VALID) | HF_BIT(HF_FACT_MFA),
		};
		struct hf_access_facts facts = {.actor = &actor,
						.need = HF_NEED_CLINICAL,
						.audit_works = true,
						.policy = policy,
						.ask = &ask};

		(void)hf_access_decide(&facts);
		/* What cannot be audited is not shown, whatever the rules say. */
		facts.audit_works = false;
		if (hf_access_decide(&facts).outcome == HF_ALLOW)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_sv text = {(const char *)data, size};
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_policy_text docs[HF_POLICY_DOCS];
	struct hf_policy policy;
	struct hf_err err = {0};
	enum hf_rc rc;

	memcpy(docs, hf_policy_builtin, sizeof docs);
	docs[which(text)].text = text;
	rc = hf_policy_load(docs, &arena, &issues, &policy, &err);
	if (rc == HF_OK)
		decide(&policy);
	else if ((rc != HF_INVALID && rc != HF_TOO_LONG) || !err.text[0] ||
		 (rc == HF_INVALID && issues.n == 0))
		abort();
	hf_arena_free(&arena);
	return 0;
}
