/* referral.c - the referrals of a place: who, from whom, for what, and how each goes.
 * All are planned together, since nobody comes twice but on purpose; what one says
 * and how it goes on is made when it is asked for. */
#include "synth/referral_int.h"

#include <stdlib.h>

#define MINUTE ((hf_time)60000)

enum { DAY_OF_300000 = 105, TRIES = 4000, DRAWS = 60, STRANGERS = 8 /* percent */ };
static const uint64_t plan_stream = (uint64_t)1 << 35;

int64_t
hf_synth_referrals_usual(int64_t people)
{
	const int64_t week = DAY_OF_300000 * HF_SYNTH_REFERRAL_DAYS, whole = 300000;
	int64_t n = people > whole ? week * people / whole : week;

	if (n > people / 4)
		n = people / 4;
	return n < 1 ? 1 : n;
}

void
hf_ref_rng(const struct hf_synth_referrals *all, size_t i, unsigned stream,
	   struct hf_rng *rng)
{
	hf_rng_seed(rng, all->place->config.seed,
		    plan_stream + (uint64_t)stream * HF_SYNTH_REFERRALS_MOST * 2 + i +
			1);
}

/* ---- fates ---- */

static const int fate_weights[FATE_COUNT] = {
#define HF_FATE(name, weight) [FATE_##name] = (weight),
#include "synth/referral_fate.def"
#undef HF_FATE
};

/* A deck with a card for each point of weight is gone through in large steps, so that
 * every fate comes about as often as it weighs, spread over the week. */
static enum fate
deal(size_t i, uint64_t seed)
{
	uint32_t total = 0, step = 89, at, fate = 0;

	for (size_t k = 0; k < FATE_COUNT; k++)
		total += (uint32_t)fate_weights[k];
	while (total % step == 0)
		step++;
	at = (uint32_t)((i * step + seed * 31) % total);
	while (at >= (uint32_t)fate_weights[fate])
		at -= (uint32_t)fate_weights[fate++];
	return (enum fate)fate;
}

/* May a referral with this urgency asked for go so? */
static bool
suits(enum fate fate, int asked)
{
	switch (fate) {
	case FATE_REMOTE:
		return asked == 5 || asked == 6;
	case FATE_TIMED_OUT:
		return asked >= 1 && asked <= 3;
	case FATE_DOWNGRADED:
		return asked == 1 || asked == 2;
	case FATE_RETRIAGED:
		return asked == 2 || asked == 3;
	case FATE_NO_REPLY: /* same day and next day would wait for days */
		return asked == 1 || (asked >= 4 && asked != URGENCY_A0);
	case FATE_SEEN:
	case FATE_ADVISED:
		return true;
	default:
		return asked != URGENCY_A0;
	}
}

/* ---- who, from whom ---- */

/* Those for whom old age is the matter are old more often than not. */
static bool
old_enough(struct hf_rng *rng, const struct kind_row *kind, int age)
{
	if (kind->age_min < 45)
		return true;
	return hf_rng_below(rng, 100) < (uint32_t)(age > 90 ? 100 : (age - 40) * 2);
}

static int64_t
choose_person(const struct hf_synth_place *place, const struct plan *plan, bool *used,
	      struct hf_rng *rng)
{
	const struct kind_row *kind = &hf_kind_rows[plan->kind];
	struct person p;

	for (int i = 0; i < TRIES; i++) {
		int64_t at = hf_rng_below(rng, (uint32_t)place->config.people);
		const struct soul *s = &place->people[at];
		bool home = place->households[s->household].kind == HOUSE_CARE_HOME;

		if (used[at] || s->age < kind->age_min || s->age > kind->age_max ||
		    home != (plan->source == FROM_CARE_HOME) ||
		    !old_enough(rng, kind, s->age))
			continue;
		hf_synth_person_load(place, at, &p);
		if (person_dead(&p))
			continue;
		used[at] = true;
		return at;
	}
	return -1;
}

static enum source
choose_source(const struct kind_row *kind, struct hf_rng *rng)
{
	int weights[SOURCES];

	for (size_t i = 0; i < SOURCES; i++)
		weights[i] = kind->sources >> i & 1 ? hf_source_rows[i].weight : 0;
	return (enum source)hf_ref_pick(rng, weights, SOURCES);
}

static enum channel
choose_channel(const struct plan *plan, struct hf_rng *rng)
{
	const struct source_row *row = &hf_source_rows[plan->source];

	if (plan->fate == FATE_SCRIPT_HOME || plan->fate == FATE_SCRIPT_CONVEYED)
		return BY_PHONE;
	if ((int)hf_rng_below(rng, 100) < row->by_phone)
		return BY_PHONE;
	/* A page asks for what nobody knows of a stranger, and for NEWS2, which is not
	 * for children. */
	if (row->channel == BY_PAGE &&
	    (plan->person < 0 || hf_kind_rows[plan->kind].age_max < 16))
		return BY_PHONE;
	return row->channel;
}

/* So that there is one at every stage: of those who came some hours ago the last few
 * are urgent and wait at a stage that seldom lasts. */
static void
stall(struct hf_synth_referrals *all, hf_time before)
{
	size_t last = 0, few = 2 + 2 * (all->n / 1000);

	while (last < all->n && all->plans[last].at <= before)
		last++;
	for (size_t i = last > few ? last - few : 0; i < last; i++) {
		all->plans[i].stalled = true;
		all->plans[i].fate = i % 2 ? FATE_TRIAGE_HOME : FATE_NO_ACCESS_AGAIN;
	}
}

/* Every second one of the last minutes is urgent: somebody who begins now has clocks
 * to look at. */
static bool
pressing(const struct plan *plan, size_t i, hf_time now)
{
	return i % 2 == 0 && plan->at > now - 20 * MINUTE;
}

static void
choose_matter(struct plan *plan, bool urgent, struct hf_rng *rng)
{
	int weights[32];

	assert(hf_n_kind_rows <= HF_COUNT(weights));
	for (size_t i = 0; i < hf_n_kind_rows; i++)
		weights[i] = hf_kind_rows[i].weight;
	for (int i = 0; i < DRAWS; i++) {
		plan->kind = (uint8_t)hf_ref_pick(rng, weights, hf_n_kind_rows);
		plan->asked = (uint8_t)hf_ref_pick(rng, hf_kind_rows[plan->kind].asked,
						   URGENCIES);
		if (suits((enum fate)plan->fate, plan->asked) &&
		    (!plan->stalled || plan->asked == 1) &&
		    (!urgent || plan->asked <= 3))
			break;
	}
	if (!suits((enum fate)plan->fate, plan->asked))
		plan->fate = FATE_SEEN;
	if (plan->fate == FATE_SEEN && plan->asked == URGENCY_A0)
		plan->fate = FATE_ADVISED;
}

/* Somebody whose referral of the last hours is sure to be open still; -1: nobody. */
static int64_t
original_of(const struct plan *plans, size_t i)
{
	for (size_t k = i; k-- > 0 && plans[k].at > plans[i].at - 8 * 60 * MINUTE;) {
		const struct plan *p = &plans[k];

		if (p->at < plans[i].at - 5 * MINUTE && p->person >= 0 &&
		    p->fate == FATE_SEEN && p->asked >= 4 && p->asked <= 6)
			return (int64_t)k;
	}
	return -1;
}

static void
plan_one(struct hf_synth_referrals *all, size_t i, bool *used)
{
	struct plan *plan = &all->plans[i];
	int64_t original = -1;
	struct hf_rng rng;

	hf_ref_rng(all, i, 0, &rng);
	plan->same = (uint32_t)i;
	if (!plan->stalled)
		plan->fate = (uint8_t)deal(i, all->place->config.seed);
	if (plan->fate == FATE_DUPLICATE)
		original = original_of(all->plans, i);
	if (original >= 0) {
		const struct plan *first = &all->plans[original];

		plan->same = (uint32_t)original;
		plan->kind = first->kind;
		plan->asked = first->asked;
		plan->person = first->person;
		plan->source = (uint8_t)choose_source(&hf_kind_rows[plan->kind], &rng);
		if (plan->source == FROM_CARE_HOME)
			plan->source = first->source;
		plan->channel = BY_PHONE;
		return;
	}
	if (plan->fate == FATE_DUPLICATE)
		plan->fate = FATE_SEEN;
	choose_matter(plan, pressing(plan, i, all->now), &rng);
	plan->source = (uint8_t)choose_source(&hf_kind_rows[plan->kind], &rng);
	plan->person = -1;
	if (hf_rng_below(&rng, 100) >= STRANGERS || plan->source == FROM_CARE_HOME ||
	    plan->source == FROM_SELF || plan->source == FROM_CARER)
		plan->person = choose_person(all->place, plan, used, &rng);
	if (plan->person < 0 && plan->source == FROM_CARE_HOME) {
		plan->source = FROM_GP; /* a small place: no resident is left */
		plan->person = choose_person(all->place, plan, used, &rng);
	}
	plan->channel = (uint8_t)choose_channel(plan, &rng);
}

enum hf_rc
hf_synth_referrals_new(const struct hf_synth_place *place, int64_t count, hf_time now,
		       struct hf_synth_referrals **out, struct hf_err *err)
{
	struct hf_synth_referrals *all;
	struct hf_rng rng;
	bool *used;

	if (count < 1 || count > HF_SYNTH_REFERRALS_MOST)
		return hf_fail(err, HF_INVALID, "--referrals",
			       "there can be 1 to %d referrals",
			       (int)HF_SYNTH_REFERRALS_MOST);
	all = calloc(1, sizeof(*all));
	used = calloc((size_t)place->config.people, sizeof(*used));
	if (all)
		all->plans = calloc((size_t)count, sizeof(*all->plans));
	if (!all || !used || !all->plans) {
		hf_synth_referrals_free(all);
		free(used);
		return hf_fail(err, HF_TOO_LONG, "--referrals",
			       "no memory for so many referrals");
	}
	all->place = place;
	all->now = now;
	all->n = (size_t)count;
	hf_rng_seed(&rng, place->config.seed, plan_stream);
	hf_ref_arrive(all->plans, all->n, now, &rng);
	stall(all, now - 130 * MINUTE);
	for (size_t i = 0; i < all->n; i++)
		plan_one(all, i, used);
	free(used);
	*out = all;
	return HF_OK;
}

void
hf_synth_referrals_free(struct hf_synth_referrals *all)
{
	if (!all)
		return;
	free(all->plans);
	free(all);
}

size_t
hf_synth_referrals_n(const struct hf_synth_referrals *all)
{
	return all->n;
}

hf_time
hf_synth_referral_at(const struct hf_synth_referrals *all, size_t i)
{
	return all->plans[i].at;
}

enum hf_rc
hf_synth_referral_make(const struct hf_synth_referrals *all, size_t i,
		       struct hf_arena *arena, struct hf_synth_referral *out,
		       struct hf_err *err)
{
	const struct plan *plan = &all->plans[i];
	struct hf_synth_referral r = {0};
	bool complete = false;
	struct person p;

	if (plan->person >= 0)
		hf_synth_person_load(all->place, plan->person, &p);
	if (!hf_ref_intake(all, i, plan->person < 0 ? NULL : &p, arena, &r.intake,
			   &complete) ||
	    !hf_ref_course(all, i, complete, arena, &r))
		return hf_fail(err, HF_TOO_LONG, NULL, "no room for a referral");
	*out = r;
	return HF_OK;
}
