/* access.c - the decision. */
#include "access/access.h"

const struct hf_actor hf_actor_trial = {
    .kind = HF_ACTOR_TRIAL,
    .id = {"trial", 5},
    .purpose = {"TRIAL", 5},
    .loopback = true,
};

static struct hf_access_answer
deny(const char *rule, const char *text)
{
	return (struct hf_access_answer){HF_DENY, rule, text};
}

struct hf_access_answer
hf_access_decide(const struct hf_access_facts *facts)
{
	const struct hf_actor *actor = facts->actor;

	if (facts->need == HF_NEED_NOTHING)
		return (struct hf_access_answer){HF_ALLOW, "open",
						 "it tells nothing of anybody"};
	if (!actor || actor->kind == HF_ACTOR_NOBODY || actor->id.n == 0)
		return deny("R1-actor", "nobody is signed in");
	if (actor->purpose.n == 0)
		return deny("R1-purpose", "no purpose is given");
	if (!facts->audit_works && facts->need != HF_NEED_OPERATE)
		return deny("R1-audit", "the audit cannot be written");
	if (actor->kind != HF_ACTOR_TRIAL)
		return deny("R0", "no rule allows this kind of actor yet");
	if (!actor->loopback)
		return deny("trial-loopback",
			    "the trial actor works from this machine only");
	return (struct hf_access_answer){HF_ALLOW, "trial",
					 "the trial actor may do everything"};
}
