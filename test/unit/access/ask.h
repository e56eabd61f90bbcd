/* ask.h - questions for the tests of the decision: a good session, and what differs. */
#ifndef HF_TEST_ACCESS_ASK_H
#define HF_TEST_ACCESS_ASK_H

#include "access/access.h"
#include "access/relation.h"

/* The facts of a session that passes R1. */
#define GOOD                                                                           \
	(HF_BIT(HF_FACT_VALID) | HF_BIT(HF_FACT_MFA) | HF_BIT(HF_FACT_ROLE_ACTIVE) |   \
	 HF_BIT(HF_FACT_ORG_ACTIVE))
/* … and of a system's token. */
#define GOOD_SYSTEM                                                                    \
	(HF_BIT(HF_FACT_VALID) | HF_BIT(HF_FACT_CLIENT_STRONG) |                       \
	 HF_BIT(HF_FACT_ROLE_ACTIVE) | HF_BIT(HF_FACT_ORG_ACTIVE) |                    \
	 HF_BIT(HF_FACT_SCOPED) | HF_BIT(HF_FACT_IN_SCOPE))

/* The built-in policy, loaded once for the test; fails the test when it is wrong. */
const struct hf_policy *the_policy(void);

/* A question that is read of an S1 problem at the user's own organisation, with a
 * good session. */
struct hf_access_ask ask_for(enum hf_group group, enum hf_relation_kind relation,
			     enum hf_level level, enum hf_purpose purpose);

/* Decides it for an actor of the kind that fits the group. */
struct hf_access_answer decide(const struct hf_access_ask *ask, bool audit_works);

#endif
