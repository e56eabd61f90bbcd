/* rights.c - the snapshot of what is agreed and chosen. */
#include "access/rights.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "access/rights_int.h"
#include "base/arena.h"

static uint64_t
hash_pair(struct hf_sv from, struct hf_sv to)
{
	return hf_rights_hash_add(hf_rights_hash(from), to);
}

static bool
chains_make(struct hf_chains *c, size_t n, struct hf_arena *arena)
{
	size_t size = 4;

	while (size < 2 * n)
		size *= 2;
	c->head = hf_arena_array(arena, size, sizeof(*c->head));
	c->next = hf_arena_array(arena, n + 1, sizeof(*c->next));
	c->mask = size - 1;
	return c->head && c->next;
}

static void
chains_add(struct hf_chains *c, size_t i, uint64_t hash)
{
	uint32_t *head = &c->head[(hash ^ hash >> 32) & c->mask];

	c->next[i] = *head;
	*head = (uint32_t)i + 1;
}

/* ---- making one ---- */

static bool
copy_text(struct hf_rights *r, struct hf_sv *s)
{
	if (s->n == 0) {
		*s = (struct hf_sv){NULL, 0};
		return true;
	}
	*s = hf_arena_sv(&r->arena, *s);
	return s->p != NULL;
}

/* An ODS code in upper case. */
static bool
copy_org(struct hf_rights *r, struct hf_sv *s)
{
	char *p = s->n ? hf_arena_alloc(&r->arena, s->n) : NULL;

	if (s->n == 0)
		return true;
	if (!p)
		return false;
	hf_rights_upper(*s, p);
	s->p = p;
	return true;
}

#define COPY_LIST(r, lists, name, n_name)                                              \
	copy_list(r, (lists)->name, (lists)->n_name, sizeof(*(lists)->name),           \
		  (void *)&(r)->l.name, &(r)->l.n_name)

static bool
copy_list(struct hf_rights *r, const void *items, size_t n, size_t size, void **out,
	  size_t *n_out)
{
	void *copy = hf_arena_array(&r->arena, n + 1, size);

	if (!copy || n >= UINT32_MAX)
		return false;
	if (n)
		memcpy(copy, items, n * size);
	*out = copy;
	*n_out = n;
	return true;
}

static bool
add_agreements(struct hf_rights *r)
{
	size_t n = r->l.n_agreements;
	bool good =
	    chains_make(&r->pair, n, &r->arena) && chains_make(&r->to, n, &r->arena);

	for (size_t i = 0; good && i < n; i++) {
		struct hf_agreement *a = (struct hf_agreement *)&r->l.agreements[i];

		good = copy_text(r, &a->id) && copy_org(r, &a->from) &&
		       copy_org(r, &a->to) && copy_text(r, &a->categories);
		if (!good)
			break;
		chains_add(&r->pair, i, hash_pair(a->from, a->to));
		chains_add(&r->to, i, hf_rights_hash(a->to));
	}
	return good;
}

static bool
add_people(struct hf_rights *r)
{
	bool good = chains_make(&r->suspended, r->l.n_suspensions, &r->arena) &&
		    chains_make(&r->glass, r->l.n_glasses, &r->arena) &&
		    chains_make(&r->delegate, r->l.n_delegations, &r->arena) &&
		    chains_make(&r->proxy, r->l.n_proxies, &r->arena) &&
		    chains_make(&r->hub, r->l.n_hub_calls, &r->arena);

	for (size_t i = 0; good && i < r->l.n_suspensions; i++) {
		struct hf_suspension *s = (struct hf_suspension *)&r->l.suspensions[i];

		good = copy_org(r, &s->org);
		chains_add(&r->suspended, i, hf_rights_hash(s->org));
	}
	for (size_t i = 0; good && i < r->l.n_glasses; i++) {
		struct hf_broken *g = (struct hf_broken *)&r->l.glasses[i];

		good = copy_text(r, &g->actor);
		chains_add(&r->glass, i, hf_rights_hash(g->actor));
	}
	for (size_t i = 0; good && i < r->l.n_delegations; i++) {
		struct hf_delegation *d = (struct hf_delegation *)&r->l.delegations[i];

		good = copy_text(r, &d->from) && copy_org(r, &d->from_org) &&
		       copy_text(r, &d->from_who) && copy_text(r, &d->to);
		chains_add(&r->delegate, i, hf_rights_hash(d->to));
	}
	for (size_t i = 0; good && i < r->l.n_proxies; i++) {
		struct hf_proxy *p = (struct hf_proxy *)&r->l.proxies[i];

		good = copy_text(r, &p->holder);
		chains_add(&r->proxy, i, hf_rights_hash(p->holder));
	}
	for (size_t i = 0; good && i < r->l.n_hub_calls; i++) {
		struct hf_hub_call *h = (struct hf_hub_call *)&r->l.hub_calls[i];

		good = copy_text(r, &h->holder);
		chains_add(&r->hub, i, hf_rights_hash(h->holder));
	}
	return good;
}

enum hf_rc
hf_rights_build(const struct hf_rights_lists *lists, struct hf_rights **out,
		struct hf_err *err)
{
	struct hf_rights *r = calloc(1, sizeof(*r));
	bool good = r != NULL;

	if (good) {
		r->refs = 1;
		r->arena.cap = (size_t)1 << 30;
		good = COPY_LIST(r, lists, agreements, n_agreements) &&
		       COPY_LIST(r, lists, suspensions, n_suspensions) &&
		       COPY_LIST(r, lists, glasses, n_glasses) &&
		       COPY_LIST(r, lists, delegations, n_delegations) &&
		       COPY_LIST(r, lists, proxies, n_proxies) &&
		       COPY_LIST(r, lists, hub_calls, n_hub_calls) &&
		       add_agreements(r) && add_people(r);
	}
	if (!good) {
		if (r)
			hf_arena_free(&r->arena);
		free(r);
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "no memory for the agreements on sharing");
	}
	r->l.ndo = hf_ndo_keep(lists->ndo);
	*out = r;
	return HF_OK;
}

const struct hf_rights *
hf_rights_keep(const struct hf_rights *rights)
{
	/* Counting who holds it is no change of what it says. */
	if (rights)
		atomic_fetch_add(&((struct hf_rights *)rights)->refs, 1);
	return rights;
}

void
hf_rights_drop(const struct hf_rights *rights)
{
	struct hf_rights *r = (struct hf_rights *)rights;

	if (!r || atomic_fetch_sub(&r->refs, 1) > 1)
		return;
	hf_ndo_drop(r->l.ndo);
	hf_arena_free(&r->arena);
	free(r);
}

/* ---- agreements ---- */

static bool
covers(const struct hf_agreement *a, struct hf_sv category)
{
	struct hf_sv rest = a->categories;

	if (rest.n == 0)
		return true;
	while (category.n && rest.n)
		if (hf_sv_eq(category, hf_sv_cut(&rest, ' ')))
			return true;
	return false;
}

static bool
in_force(const struct hf_agreement *a, hf_time now)
{
	return a->start <= now && now < a->until && now < a->ended;
}

static bool
has_expired(const struct hf_agreement *a, hf_time now)
{
	return a->until <= now && now < a->ended;
}

/* The stricter of what is said. */
static enum hf_tier
stricter(enum hf_tier a, enum hf_tier b)
{
	if (a == HF_TIER_NONE || b == HF_TIER_NONE)
		return a == HF_TIER_NONE ? b : a;
	return a < b ? a : b;
}

/* What is agreed for exactly from and to; HF_TIER_NONE when nothing is said. */
static enum hf_tier
tier_of_pair(const struct hf_rights *r, struct hf_sv from, struct hf_sv to,
	     struct hf_sv category, hf_time now)
{
	enum hf_tier least = HF_TIER_NONE, expired = HF_TIER_NONE;

	HF_EACH(i, &r->pair, hash_pair(from, to))
	{
		const struct hf_agreement *a = &r->l.agreements[i];
		enum hf_tier tier = a->tier;

		if (!hf_sv_eq(a->from, from) || !hf_sv_eq(a->to, to))
			continue;
		/* To expire takes away, and gives nothing: T0 stays T0. */
		if (has_expired(a, now))
			expired = stricter(expired, stricter(tier, HF_TIER_T1));
		if (!in_force(a, now))
			continue;
		if (tier == HF_TIER_T4 && !covers(a, category))
			tier = HF_TIER_T3;
		least = stricter(least, tier);
	}
	return least == HF_TIER_NONE ? expired : least;
}

/* A code of an organisation in upper case; n 0 when it is too long to be one. */
static struct hf_sv
upper(struct hf_sv code, char buf[HF_ORG_MAX])
{
	if (code.n == 0 || code.n > HF_ORG_MAX)
		return (struct hf_sv){NULL, 0};
	hf_rights_upper(code, buf);
	return (struct hf_sv){buf, code.n};
}

static enum hf_tier
least_for(const struct hf_rights *r, struct hf_sv user, struct hf_sv category,
	  hf_time now)
{
	const struct hf_sv every = HF_SV(HF_EVERY_ORG), targets[] = {user, every};
	enum hf_tier least = HF_TIER_NONE;
	bool all = false;

	if (user.n == 0)
		return HF_TIER_T0;
	for (size_t t = 0; t < HF_COUNT(targets); t++)
		HF_EACH(i, &r->to, hf_rights_hash(targets[t]))
		{
			const struct hf_agreement *a = &r->l.agreements[i];
			enum hf_tier tier;

			if (!hf_sv_eq(a->to, targets[t]))
				continue;
			tier = tier_of_pair(r, a->from, a->to, category, now);
			least = stricter(least, tier);
			all = all || (tier != HF_TIER_NONE && hf_sv_eq(a->from, every));
		}
	/* Whoever is not named in any agreement shares nothing. */
	return all ? least : HF_TIER_T0;
}

enum hf_tier
hf_rights_tier_for(const struct hf_rights *r, struct hf_sv item_org,
		   struct hf_sv user_org, struct hf_sv category, hf_time now)
{
	const struct hf_sv every = HF_SV(HF_EVERY_ORG);
	char item_buf[HF_ORG_MAX], user_buf[HF_ORG_MAX];
	struct hf_sv item = upper(item_org, item_buf), user = upper(user_org, user_buf);
	enum hf_tier tier;

	if (user.n == 0)
		return HF_TIER_T0;
	if (item.n == 0)
		return least_for(r, user, category, now);
	if (hf_sv_eq(item, user))
		return HF_TIER_T4;
	tier = tier_of_pair(r, item, user, category, now);
	tier = stricter(tier, tier_of_pair(r, item, every, category, now));
	tier = stricter(tier, tier_of_pair(r, every, user, category, now));
	tier = stricter(tier, tier_of_pair(r, every, every, category, now));
	return tier == HF_TIER_NONE ? HF_TIER_T0 : tier;
}

enum hf_tier
hf_rights_tier(const struct hf_rights *r, struct hf_sv item_org, struct hf_sv user_org,
	       hf_time now)
{
	return hf_rights_tier_for(r, item_org, user_org, (struct hf_sv){NULL, 0}, now);
}

enum hf_tier
hf_rights_tier_least(const struct hf_rights *r, struct hf_sv user_org, hf_time now)
{
	char buf[HF_ORG_MAX];

	return least_for(r, upper(user_org, buf), (struct hf_sv){NULL, 0}, now);
}

/* Has nobody made another agreement of the same two since it expired? */
static bool
not_renewed(const struct hf_rights *r, const struct hf_agreement *old, hf_time now)
{
	HF_EACH(i, &r->pair, hash_pair(old->from, old->to))
	{
		const struct hf_agreement *a = &r->l.agreements[i];

		if (hf_sv_eq(a->from, old->from) && hf_sv_eq(a->to, old->to) &&
		    in_force(a, now))
			return false;
	}
	return true;
}

size_t
hf_rights_expired(const struct hf_rights *r, hf_time now, struct hf_sv *ids,
		  size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < r->l.n_agreements; i++) {
		const struct hf_agreement *a = &r->l.agreements[i];

		if (!has_expired(a, now) || !not_renewed(r, a, now))
			continue;
		if (ids && n < most)
			ids[n] = a->id;
		n++;
	}
	return n;
}

bool
hf_rights_org_active(const struct hf_rights *r, struct hf_sv org, hf_time now)
{
	char buf[HF_ORG_MAX];
	struct hf_sv code = upper(org, buf);

	if (code.n == 0)
		return true;
	HF_EACH(i, &r->suspended, hf_rights_hash(code))
	{
		const struct hf_suspension *s = &r->l.suspensions[i];

		if (hf_sv_eq(s->org, code) && s->start <= now && now < s->until)
			return false;
	}
	return true;
}

/* ---- the opt-out list ---- */

bool
hf_rights_ndo(const struct hf_rights *r, struct hf_sv nhs_number)
{
	return hf_ndo_has(r->l.ndo, nhs_number);
}

hf_time
hf_rights_ndo_list_at(const struct hf_rights *r)
{
	return hf_ndo_list_at(r->l.ndo);
}
