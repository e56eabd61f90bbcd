/* access.c - the decision. */
#include "access/access.h"
#include "access/scope.h"

const struct hf_actor hf_actor_trial = {
    .kind = HF_ACTOR_TRIAL,
    .id = {"trial", 5},
    .purpose = {"TRIAL", 5},
    .loopback = true,
};

static struct hf_access_answer
answer(enum hf_access outcome, const char *rule, const char *text)
{
	return (struct hf_access_answer){.outcome = outcome,
					 .rule = rule,
					 .text = text,
					 .right = outcome,
					 .right_rule = rule};
}

/* ---- matching ---- */

/* A question as one bit for each dimension. */
struct question {
	uint64_t group, level, content, purpose, activity, tier, relations, facts;
};

static bool
matches(const struct hf_when *w, const struct question *q)
{
	return (w->groups & q->group) && (w->levels & q->level) &&
	       (w->contents & q->content) && (w->purposes & q->purpose) &&
	       (w->activities & q->activity) && (w->tiers & q->tier) &&
	       (w->relations == 0 || (w->relations & q->relations)) &&
	       !(w->not_relations & q->relations) && (w->with & ~q->facts) == 0 &&
	       (w->any == 0 || (w->any & q->facts)) && !(w->without & q->facts);
}

static const struct hf_rule *
first_match(const struct hf_rules *rules, const struct question *q)
{
	for (size_t i = 0; i < rules->n; i++)
		if (matches(&rules->items[i].when, q))
			return &rules->items[i];
	return NULL;
}

/* ---- the facts that are worked out ---- */

static const uint64_t worked_out =
    HF_BIT(HF_FACT_AUDITED) | HF_BIT(HF_FACT_GRANTED) | HF_BIT(HF_FACT_NDO_CURRENT) |
    HF_BIT(HF_FACT_OTHER_ORG) | HF_BIT(HF_FACT_OBJECTION_APPLIES) |
    HF_BIT(HF_FACT_NDO_APPLIES) | HF_BIT(HF_FACT_TYPE1_APPLIES);

static uint64_t
fact_if(bool so, enum hf_fact fact)
{
	return so ? HF_BIT(fact) : 0;
}

static bool
applies(const struct hf_rules *rules, const struct question *q)
{
	const struct hf_rule *rule = first_match(rules, q);

	return rule && rule->then == HF_DENY;
}

static bool
list_is_current(const struct hf_policy *policy, const struct hf_access_ask *ask)
{
	/* A list from the future is not to be trusted either. */
	return ask->ndo_list_at != 0 && ask->ndo_list_at <= ask->now &&
	       ask->now - ask->ndo_list_at <= policy->ndo_list_age;
}

static struct question
question_of(const struct hf_access_facts *facts)
{
	static const enum hf_fact applying[] = {
	    HF_FACT_OBJECTION_APPLIES, HF_FACT_NDO_APPLIES, HF_FACT_TYPE1_APPLIES};
	const struct hf_access_ask *ask = facts->ask;
	const struct hf_policy *policy = facts->policy;
	enum hf_tier tier = ask->tier == HF_TIER_NONE ? HF_TIER_T0 : ask->tier;
	struct question q = {
	    .group = HF_BIT(ask->group),
	    .level = HF_BIT(ask->level),
	    .content = HF_BIT(ask->content),
	    .purpose = HF_BIT(ask->purpose),
	    .activity = HF_BIT(ask->activity),
	    .tier = HF_BIT(tier),
	    .relations = ask->relations,
	    .facts = ask->facts & ~worked_out,
	};
	uint64_t more = 0;

	/* Whoever works for one organisation does not serve the whole place. */
	if (ask->group != HF_GROUP_INT || ask->org.n != 0)
		q.facts &= ~HF_BIT(HF_FACT_PLACE_WIDE);
	q.facts |= fact_if(facts->audit_works, HF_FACT_AUDITED);
	q.facts |=
	    fact_if(policy->activities[ask->group] & q.activity, HF_FACT_GRANTED);
	q.facts |= fact_if(list_is_current(policy, ask), HF_FACT_NDO_CURRENT);
	/* Not to know whose it is means that it is somebody else's. */
	q.facts |= fact_if(ask->item_org.n == 0 || ask->org.n == 0 ||
			       !hf_sv_eq(ask->item_org, ask->org),
			   HF_FACT_OTHER_ORG);
	for (size_t i = 0; i < HF_COUNT(applying); i++)
		more |= fact_if(applies(&policy->optouts[i], &q), applying[i]);
	/* OBJECTION_APPLIES is what rule R9 asks for: there has to be one. */
	if (!(q.facts & HF_BIT(HF_FACT_OBJECTION)))
		more &= ~HF_BIT(HF_FACT_OBJECTION_APPLIES);
	q.facts |= more;
	return q;
}

/* ---- the parts of an answer ---- */

static struct hf_access_answer
right_of(const struct hf_policy *policy, const struct question *q)
{
	const struct hf_rule *rule = first_match(&policy->rules, q);
	struct hf_access_answer a;

	if (!rule)
		return answer(HF_DENY, "default", "no rule allows it");
	a = answer(rule->then, rule->id, rule->text);
	a.glass = rule->glass;
	a.reasons = rule->reasons;
	a.notes = rule->notes;
	return a;
}

/* A broken glass opens what was offered for its reason, for a time, to be read. */
static void
through_the_glass(const struct hf_policy *policy, const struct hf_access_ask *ask,
		  struct hf_access_answer *a)
{
	const struct hf_glass *glass = &ask->glass;

	if (!a->glass || glass->reason == HF_REASON_NONE ||
	    !(a->reasons & HF_BIT(glass->reason)) ||
	    !hf_activity_reads(ask->activity) || ask->now < glass->at ||
	    ask->now - glass->at >= policy->glass_time)
		return;
	a->outcome = HF_ALLOW;
	a->text = "the glass was broken for this person, with a reason";
	a->glass = false;
	a->reasons = 0;
	a->until = glass->at + policy->glass_time;
	a->notes |= HF_BIT(HF_NOTE_ALERT);
}

/* The stricter of the right and the ceiling of sharing. */
static void
limit(const struct hf_policy *policy, const struct question *q,
      struct hf_access_answer *a)
{
	const struct hf_rule *rule = first_match(&policy->limits, q);

	if (!rule)
		return;
	/* Behind the glass there would be no more than is shown already. */
	if (a->outcome <= rule->then) {
		a->glass = false;
		a->reasons = 0;
	}
	if (a->outcome >= rule->then)
		return;
	a->outcome = rule->then;
	a->rule = rule->id;
	a->text = rule->text;
	a->notes |= rule->notes;
	if (rule->then == HF_DENY)
		a->until = 0;
}

static struct hf_access_answer
decide_ask(const struct hf_access_facts *facts)
{
	const struct hf_policy *policy = facts->policy;
	struct question q = question_of(facts);
	struct hf_access_answer a = right_of(policy, &q);

	through_the_glass(policy, facts->ask, &a);
	limit(policy, &q, &a);
	if (!hf_activity_reads(facts->ask->activity) &&
	    (a.outcome == HF_MASK || a.outcome == HF_BTG)) {
		a.outcome = HF_DENY;
		a.text = "what is not shown whole is not changed or exported";
		a.glass = false;
		a.reasons = 0;
	}
	a.version = policy->version;
	return a;
}

/* Is what is asked within its enumerations?  It comes from our own code. */
static bool
sound(const struct hf_access_ask *ask)
{
	return ask->group < HF_GROUPS && ask->purpose < HF_PURPOSES &&
	       ask->activity < HF_ACTIVITIES && ask->content < HF_CONTENTS &&
	       ask->level < HF_LEVELS && ask->tier < HF_TIERS &&
	       ask->glass.reason < HF_REASONS;
}

/* What is decided without the documents; true when *out has the answer. */
static bool
decided_before(const struct hf_access_facts *facts, struct hf_access_answer *out)
{
	const struct hf_actor *actor = facts->actor;

	if (facts->need == HF_NEED_NOTHING)
		*out = answer(HF_ALLOW, "open", "it tells nothing of anybody");
	else if (!actor || actor->kind == HF_ACTOR_NOBODY || actor->id.n == 0)
		*out = answer(HF_DENY, "R1-actor", "nobody is signed in");
	else if (actor->purpose.n == 0)
		*out = answer(HF_DENY, "R1-purpose", "no purpose is given");
	else if (!facts->audit_works && facts->need != HF_NEED_OPERATE)
		*out = answer(HF_DENY, "R1-audit", "the audit cannot be written");
	else if (actor->kind == HF_ACTOR_TRIAL && !actor->loopback)
		*out = answer(HF_DENY, "trial-loopback",
			      "the trial actor works from this machine only");
	else if (actor->kind == HF_ACTOR_TRIAL)
		*out = answer(HF_ALLOW, "trial", "the trial actor may do everything");
	else
		return false;
	return true;
}

struct hf_access_answer
hf_access_decide(const struct hf_access_facts *facts)
{
	const struct hf_actor *actor = facts->actor;
	struct hf_access_answer early;

	if (decided_before(facts, &early))
		return early;
	if (!facts->policy || !facts->ask)
		return answer(HF_DENY, "R0", "nothing is said about what is asked for");
	assert(sound(facts->ask));
	if (!hf_sv_eq(actor->purpose,
		      hf_sv_from(hf_word(HF_WORDS_PURPOSE, (int)facts->ask->purpose))))
		return answer(HF_DENY, "R0-purpose",
			      "it is asked for another purpose than the session's");
	/* A system is no person and a person is no system. */
	if ((actor->kind == HF_ACTOR_SYSTEM) != (facts->ask->group == HF_GROUP_INT))
		return answer(HF_DENY, "R0-kind",
			      "the role group does not fit the kind of actor");
	return decide_ask(facts);
}

/* ---- routes ---- */

struct hf_access_ask
hf_access_ask_of(const struct hf_actor *actor, hf_time now)
{
	return (struct hf_access_ask){
	    .group = actor->group,
	    .org = actor->org,
	    .purpose = actor->why,
	    .facts = actor->facts,
	    .now = now,
	};
}

/* What a route does, and to which content where it is of one kind. */
static const struct {
	enum hf_activity activity;
	enum hf_content content;
} needs[] = {
    [HF_NEED_SIGNED] = {HF_ACT_NONE, HF_CONTENT_NONE},
    [HF_NEED_CLINICAL] = {HF_ACT_READ, HF_CONTENT_NONE},
    [HF_NEED_CHANGE] = {HF_ACT_CHANGE, HF_CONTENT_NONE},
    [HF_NEED_ADMINISTER] = {HF_ACT_ADMINISTER, HF_CONTENT_OPERATION},
    [HF_NEED_OVERSEE] = {HF_ACT_OVERSEE, HF_CONTENT_LOG},
    [HF_NEED_IDENTIFY] = {HF_ACT_IDENTIFY, HF_CONTENT_DEMOGRAPHIC},
    [HF_NEED_OPERATE] = {HF_ACT_OPERATE, HF_CONTENT_OPERATION},
    [HF_NEED_FIGURES] = {HF_ACT_FIGURES, HF_CONTENT_NONE},
    [HF_NEED_CONTRACT] = {HF_ACT_CONTRACT, HF_CONTENT_NONE},
    [HF_NEED_PRICES] = {HF_ACT_PRICES, HF_CONTENT_NONE},
};

/* Does the rule look at the session alone, whatever is asked for? */
static bool
is_of_session(const struct hf_when *w)
{
	return w->relations == 0 && w->not_relations == 0 && w->levels == UINT64_MAX &&
	       w->contents == UINT64_MAX;
}

/* The rule about the session alone that refuses it; such rules stand first. */
static const struct hf_rule *
refuses_session(const struct hf_policy *policy, const struct question *q)
{
	for (size_t i = 0; i < policy->rules.n; i++) {
		const struct hf_rule *r = &policy->rules.items[i];

		if (!is_of_session(&r->when))
			return NULL;
		if (r->then == HF_DENY && matches(&r->when, q))
			return r;
	}
	return NULL;
}

/* A scope for running the server is a system's; users run it without an app between. */
static uint64_t
scope_of_operation(const struct hf_access_facts *facts)
{
	const struct hf_actor *actor = facts->actor;

	return fact_if(facts->need == HF_NEED_OPERATE &&
			   actor->kind == HF_ACTOR_SYSTEM && actor->scopes &&
			   (actor->scopes->flags & HF_SCOPE_OPERATE),
		       HF_FACT_IN_SCOPE);
}

/* Of what a group may do beside records each role has its part. */
static bool
role_has(const struct hf_access_facts *facts, enum hf_activity activity)
{
	const struct hf_role *role = hf_policy_role(facts->policy, facts->actor->role);

	return role ? (role->activities & HF_BIT(activity)) != 0
		    : facts->actor->role.n == 0;
}

struct hf_access_answer
hf_access_route(const struct hf_access_facts *facts, hf_time now)
{
	struct hf_access_answer a;
	struct hf_access_ask ask;
	struct hf_access_facts asked = *facts;
	struct question q;
	const struct hf_rule *rule;

	if (decided_before(facts, &a))
		return a;
	if (!facts->policy)
		return answer(HF_DENY, "R0", "there are no rules of access");
	ask = hf_access_ask_of(facts->actor, now);
	ask.activity = needs[facts->need].activity;
	ask.content = needs[facts->need].content;
	asked.ask = &ask;
	if (ask.content != HF_CONTENT_NONE) {
		ask.level = HF_LEVEL_S0;
		/* No item is shown yet, so no agreement about one is asked for. */
		ask.item_org = facts->actor->org;
		ask.tier = HF_TIER_T4;
		ask.facts |= scope_of_operation(facts);
		if (!role_has(facts, ask.activity))
			return answer(HF_DENY, "R2",
				      "the role does not have this activity");
		return hf_access_decide(&asked);
	}
	/* Scopes cover types: they are asked for with each item. */
	ask.facts |= HF_BIT(HF_FACT_IN_SCOPE);
	q = question_of(&asked);
	if (facts->need == HF_NEED_SIGNED)
		q.facts |= HF_BIT(HF_FACT_GRANTED);
	rule = refuses_session(facts->policy, &q);
	if (!rule && facts->need == HF_NEED_PRICES && !role_has(facts, ask.activity))
		a = answer(HF_DENY, "R2", "the role does not have this activity");
	else if (rule)
		a = answer(HF_DENY, rule->id, rule->text);
	else
		a = answer(HF_ALLOW, "session", "the session is good");
	a.version = facts->policy->version;
	return a;
}
