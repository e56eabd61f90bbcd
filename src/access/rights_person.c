/* rights_person.c - the snapshot asked about one person: glasses, what is lent, who
 * acts for whom. */
#include "access/rights_int.h"

static bool
is_among(int64_t shelf, const int64_t *shelves, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (shelves[i] == shelf)
			return true;
	return false;
}

/* Which of two open glasses opens more: what a person's objection leaves open stands
 * behind two reasons only, and everything else behind those too. */
static bool
opens_more(const struct hf_broken *a, const struct hf_broken *b)
{
	static const int order[HF_REASONS] = {
	    [HF_REASON_VITAL_INTEREST] = 2, [HF_REASON_LEGAL] = 1};

	if (order[a->reason] != order[b->reason])
		return order[a->reason] > order[b->reason];
	return a->start > b->start;
}

struct hf_glass
hf_rights_glass(const struct hf_rights *r, struct hf_sv actor, const int64_t *shelves,
		size_t n, hf_time now)
{
	const struct hf_broken *best = NULL;

	HF_EACH(i, &r->glass, hf_rights_hash(actor))
	{
		const struct hf_broken *g = &r->l.glasses[i];

		if (hf_sv_eq(g->actor, actor) && g->start <= now && now < g->until &&
		    is_among(g->shelf, shelves, n) && (!best || opens_more(g, best)))
			best = g;
	}
	return best ? (struct hf_glass){best->reason, best->start}
		    : (struct hf_glass){0};
}

static bool
has_hub_call(const struct hf_rights *r, const struct hf_policy *policy,
	     struct hf_sv holder, const struct hf_rights_person *p, hf_time now)
{
	if (holder.n == 0)
		return false;
	HF_EACH(i, &r->hub, hf_rights_hash(holder))
	{
		const struct hf_hub_call *h = &r->l.hub_calls[i];
		struct hf_relation relation = {
		    .kind = HF_REL_HUBCALL, .start = h->start, .end = h->until};

		if (hf_sv_eq(h->holder, holder) &&
		    is_among(h->shelf, p->shelves, p->n_shelves) &&
		    hf_relation_counts(policy, &relation, now))
			return true;
	}
	return false;
}

static bool
is_delegated(const struct hf_rights *r, const struct hf_policy *policy, struct hf_sv to,
	     const struct hf_rights_person *p, hf_time now)
{
	HF_EACH(i, &r->delegate, hf_rights_hash(to))
	{
		const struct hf_delegation *d = &r->l.delegations[i];

		if (!hf_sv_eq(d->to, to) || d->start > now || now >= d->until ||
		    hf_sv_eq(d->from, to) ||
		    (d->shelf != 0 && !is_among(d->shelf, p->shelves, p->n_shelves)))
			continue;
		if (hf_relations_of(policy, p->relations, p->n_relations, d->from_org,
				    d->from_who, now) ||
		    has_hub_call(r, policy, d->from, p, now))
			return true;
	}
	return false;
}

enum { REVIEW_AGE = 11, OWN_RIGHT_AGE = 16 };

/* May the proxy still act, as old as the person is now? */
static bool
may_act(const struct hf_proxy *p, hf_time now)
{
	int age;

	if (p->named)
		return true;
	if (p->born == HF_NO_DAY)
		return false;
	age = hf_age_years(p->born, hf_london_day(now));
	if (age < REVIEW_AGE)
		return true;
	/* Looked at when the child was old enough to be asked? */
	return age < OWN_RIGHT_AGE && p->reviewed != HF_TIME_MIN &&
	       p->reviewed <= now &&
	       hf_age_years(p->born, hf_london_day(p->reviewed)) >= REVIEW_AGE;
}

uint64_t
hf_rights_proxy(const struct hf_rights *r, const struct hf_actor *actor,
		const int64_t *shelves, size_t n, hf_time now)
{
	const struct hf_sv holders[] = {actor->id, actor->who};
	uint64_t contents = 0;

	if (actor->group != HF_GROUP_PAT)
		return 0;
	for (size_t k = 0; k < HF_COUNT(holders); k++) {
		if (holders[k].n == 0)
			continue;
		HF_EACH(i, &r->proxy, hf_rights_hash(holders[k]))
		{
			const struct hf_proxy *p = &r->l.proxies[i];

			if (hf_sv_eq(p->holder, holders[k]) && p->start <= now &&
			    now < p->until && is_among(p->shelf, shelves, n) &&
			    may_act(p, now))
				contents |= p->contents;
		}
	}
	return contents;
}

uint64_t
hf_rights_relations(const struct hf_rights *r, const struct hf_policy *policy,
		    const struct hf_actor *actor, const struct hf_rights_person *person,
		    hf_time now)
{
	uint64_t kinds = 0;

	if (actor->group == HF_GROUP_PAT)
		return hf_rights_proxy(r, actor, person->shelves, person->n_shelves,
				       now)
			   ? HF_BIT(HF_REL_PROXY)
			   : 0;
	if (has_hub_call(r, policy, actor->id, person, now) ||
	    has_hub_call(r, policy, actor->team, person, now))
		kinds |= HF_BIT(HF_REL_HUBCALL);
	if (actor->id.n && is_delegated(r, policy, actor->id, person, now))
		kinds |= HF_BIT(HF_REL_DELEG);
	return kinds;
}
