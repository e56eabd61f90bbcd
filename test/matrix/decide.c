/* decide.c - asks the decision for every combination of what a plan names.
 *
 * A plan on standard input is one line for each dimension: its name, then its values as
 * numbers.  For every combination, the first dimension changing slowest, two bytes go
 * to standard output: the outcome, and the set of reasons for which breaking the glass
 * is offered.  What is expected is worked out elsewhere, by other means. */
#include <stdio.h>
#include <stdlib.h>

#include "access/access.h"

enum { VALUES_MAX = 512 };

enum dimension {
	GROUP,
	PURPOSE,
	SESSION, /* purpose of the session: 0 the same */
	ACTIVITY,
	CONTENT,
	LEVEL,
	TIER,
	RELATIONS,
	FACTS,
	ORG, /* the item's: 0 the user's own, 1 another, 2 not known; 3: a user of none
	      */
	GLASS,
	LIST_AGE, /* of the opt-out list, in days; 255: there is none */
	AUDIT,
	DIMENSIONS
};

static const char *const names[DIMENSIONS] = {
    "group",	 "purpose", "session", "activity", "content",  "level", "tier",
    "relations", "facts",   "org",     "glass",	   "list_age", "audit"};

struct plan {
	uint64_t values[DIMENSIONS][VALUES_MAX];
	size_t n[DIMENSIONS];
};

static void
give_up(const char *why)
{
	fprintf(stderr, "decide: %s\n", why);
	exit(2);
}

static void
give_up_at(const struct hf_issues *issues, const struct hf_err *err)
{
	for (size_t i = 0; i < issues->n; i++)
		fprintf(stderr, "%.*s: %.*s\n", HF_SV_ARG(issues->items[i].path),
			HF_SV_ARG(issues->items[i].text));
	give_up(err->text);
}

static bool
read_line(struct plan *plan, char *line)
{
	char *save = NULL, *word = strtok_r(line, " \n", &save);
	size_t d = 0;

	if (!word)
		return false;
	while (d < DIMENSIONS && strcmp(names[d], word) != 0)
		d++;
	if (d == DIMENSIONS)
		give_up("there is no such dimension");
	for (plan->n[d] = 0; (word = strtok_r(NULL, " \n", &save)) != NULL;) {
		if (plan->n[d] == VALUES_MAX)
			give_up("too many values");
		plan->values[d][plan->n[d]++] = strtoull(word, NULL, 10);
	}
	return true;
}

static void
load(struct hf_policy *policy, struct hf_arena *arena)
{
	struct hf_issues issues = {.arena = arena};
	struct hf_err err = {0};

	if (hf_policy_load(hf_policy_builtin, arena, &issues, policy, &err) != HF_OK)
		give_up_at(&issues, &err);
}

static struct hf_access_answer
decide(const struct hf_policy *policy, const uint64_t v[DIMENSIONS])
{
	static const struct hf_sv orgs[] = {{"A", 1}, {"B", 1}, {NULL, 0}, {"B", 1}};
	const hf_time now = 1783000000000, day = 86400000;
	uint64_t session = v[SESSION] ? v[SESSION] : v[PURPOSE];
	struct hf_actor actor = {
	    .kind = v[GROUP] == HF_GROUP_INT ? HF_ACTOR_SYSTEM : HF_ACTOR_PERSON,
	    .id = HF_SV("user/u1"),
	    .purpose = hf_sv_from(hf_word(HF_WORDS_PURPOSE, (int)session)),
	};
	struct hf_access_ask ask = {
	    .group = (enum hf_group)v[GROUP],
	    .org = v[ORG] == 3 ? HF_SV("") : HF_SV("A"),
	    .purpose = (enum hf_purpose)v[PURPOSE],
	    .activity = (enum hf_activity)v[ACTIVITY],
	    .content = (enum hf_content)v[CONTENT],
	    .level = (enum hf_level)v[LEVEL],
	    .relations = v[RELATIONS],
	    .item_org = orgs[v[ORG] % 4],
	    .tier = (enum hf_tier)v[TIER],
	    .facts = v[FACTS],
	    .ndo_list_at = v[LIST_AGE] == 255 ? 0 : now - (hf_time)v[LIST_AGE] * day,
	    .glass = {.reason = (enum hf_reason)v[GLASS], .at = now - 60000},
	    .now = now,
	};

	return hf_access_decide(&(struct hf_access_facts){.actor = &actor,
							  .need = HF_NEED_CLINICAL,
							  .audit_works = v[AUDIT],
							  .policy = policy,
							  .ask = &ask});
}

/* All combinations; the last dimension changes fastest. */
static void
walk(const struct hf_policy *policy, const struct plan *plan, size_t d,
     uint64_t v[DIMENSIONS])
{
	struct hf_access_answer a;

	if (d < DIMENSIONS) {
		for (size_t i = 0; i < plan->n[d]; i++) {
			v[d] = plan->values[d][i];
			walk(policy, plan, d + 1, v);
		}
		return;
	}
	a = decide(policy, v);
	putc((int)a.outcome, stdout);
	putc(a.glass ? (int)a.reasons : 0, stdout);
}

int
main(void)
{
	static struct hf_arena arena = {.cap = 16 << 20};
	static struct hf_policy policy;
	static struct plan plan;
	static char line[16384];
	uint64_t v[DIMENSIONS] = {0};

	while (fgets(line, sizeof line, stdin))
		(void)read_line(&plan, line);
	for (size_t d = 0; d < DIMENSIONS; d++)
		if (plan.n[d] == 0)
			give_up("a dimension is missing");
	load(&policy, &arena);
	walk(&policy, &plan, 0, v);
	return fflush(stdout) == 0 ? 0 : 1;
}
