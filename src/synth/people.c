/* people.c - who lives in the place: ages, sexes, households, NHS numbers.
 *
 * Every practice gets people in the proportions of England's five-year bands, then
 * these are put together: care-home residents, families, couples, people alone. */
#include "synth/place.h"

#include <stdlib.h>

enum { AGES = 106, BANDS = 19 };

/* England in thousandths by five-year band of age, 90 and over last, and women
 * among them in percent (rounded from the census of 2021). */
static const int16_t band_share[BANDS] = {54, 59, 61, 57, 61, 66, 70, 67, 64, 62,
					  69, 68, 58, 49, 49, 37, 25, 16, 8};
static const int8_t band_women[BANDS] = {49, 49, 49, 49, 49, 50, 51, 51, 51, 51,
					 51, 51, 51, 51, 52, 53, 56, 60, 68};

struct pool {
	uint32_t n[2][AGES]; /* still to be housed, by female and age */
	uint32_t kids, adults;
};

struct build {
	struct hf_synth_place *place;
	struct hf_rng *rng;
	struct pool pool;
	uint32_t n_people, n_households, max_households;
	uint16_t practice;
	uint8_t locality;
};

/* Fills the pool with n people spread evenly over the distribution. */
static void
fill(struct pool *pool, struct hf_rng *rng, uint32_t n)
{
	double offset = hf_rng_unit(rng), turn = hf_rng_unit(rng);

	*pool = (struct pool){0};
	for (uint32_t i = 0; i < n; i++) {
		double at = (i + offset) / n * 1000, within;
		int band = 0, age;
		bool female;

		while (band < BANDS - 1 && at >= band_share[band])
			at -= band_share[band++];
		within = at / band_share[band];
		if (band == BANDS - 1)
			age = 90 + (int)(14 * within * within);
		else
			age = band * 5 + (int)(within * 5);
		turn += 0.6180339887498949;
		turn -= (int)turn;
		female = turn * 100 < band_women[band];
		pool->n[female][age]++;
		if (age < 18)
			pool->kids++;
		else
			pool->adults++;
	}
}

/* Takes the person of this sex nearest to age within lo … hi; -1: there is none. */
static int
take(struct pool *pool, bool female, int age, int lo, int hi)
{
	lo = lo < 0 ? 0 : lo;
	hi = hi < AGES ? hi : AGES - 1;
	for (int d = 0; d < AGES; d++) {
		for (int side = -1; side <= 1; side += 2) {
			int a = age + side * d;

			if (a < lo || a > hi || pool->n[female][a] == 0)
				continue;
			pool->n[female][a]--;
			if (a < 18)
				pool->kids--;
			else
				pool->adults--;
			return a;
		}
	}
	return -1;
}

/* The same of either sex, female first when asked. */
static int
take_any(struct pool *pool, bool *female, int age, int lo, int hi)
{
	int a = take(pool, *female, age, lo, hi);

	if (a >= 0)
		return a;
	*female = !*female;
	return take(pool, *female, age, lo, hi);
}

static struct household *
open_house(struct build *b, enum household_kind kind)
{
	struct hf_synth_place *p = b->place;
	struct household *h;

	if (b->n_households == b->max_households) {
		uint32_t max = b->max_households ? b->max_households * 2 : 1024;
		struct household *more =
		    realloc(p->households, max * sizeof(*p->households));

		if (!more)
			return NULL;
		p->households = more;
		b->max_households = max;
	}
	h = &p->households[b->n_households++];
	*h = (struct household){
	    .first = b->n_people,
	    .kind = (uint8_t)kind,
	    .practice = b->practice,
	    .area =
		(uint16_t)(hf_rng_below(b->rng, p->n_areas / LOCALITIES) * LOCALITIES +
			   b->locality),
	};
	return h;
}

static void
move_in(struct build *b, struct household *h, int age, bool female, enum role role)
{
	b->place->people[b->n_people++] = (struct soul){
	    .household = b->n_households - 1,
	    .age = (uint8_t)age,
	    .role = (uint8_t)role,
	    .female = female,
	};
	h->n++;
}

/* Nobody below 65; a fifth of those of 90 and over. */
static double
care_home_share(int age)
{
	return age < 65	  ? 0
	       : age < 75 ? 0.006
	       : age < 80 ? 0.015
	       : age < 85 ? 0.04
	       : age < 90 ? 0.1
			  : 0.2;
}

static bool
house_care_homes(struct build *b)
{
	struct hf_synth_place *p = b->place;
	uint32_t homes = (uint32_t)p->count[ORG_CARE_HOME];

	for (int age = 65; age < AGES; age++) {
		for (int female = 0; female < 2; female++) {
			for (uint32_t i = b->pool.n[female][age]; i > 0; i--) {
				struct household *h;

				if (hf_rng_unit(b->rng) >= care_home_share(age))
					continue;
				h = open_house(b, HOUSE_CARE_HOME);
				if (!h)
					return false;
				h->home = (uint16_t)hf_rng_below(b->rng, homes);
				p->orgs[p->first[ORG_CARE_HOME] + h->home].list++;
				move_in(b, h, take(&b->pool, female, age, age, age),
					female, ROLE_ADULT);
			}
		}
	}
	return true;
}

/* One or two parents and one to three of the children who are left. */
static bool
house_family(struct build *b)
{
	struct pool *pool = &b->pool;
	uint32_t want = 1 + hf_rng_below(b->rng, 100) / 42;
	struct household *h = open_house(b, HOUSE_FAMILY);
	bool girl = hf_rng_below(b->rng, 2), mother = hf_rng_below(b->rng, 100) < 90;
	int first = take_any(pool, &girl, (int)hf_rng_below(b->rng, 18), 0, 17);
	int parent, apart = 21 + (int)hf_rng_below(b->rng, 18);
	bool other;

	if (!h)
		return false;
	parent = take_any(pool, &mother, first + apart, 18, 75);
	if (parent >= 0)
		move_in(b, h, parent, mother, ROLE_ADULT);
	other = !mother;
	if (parent >= 0 && hf_rng_below(b->rng, 100) < 77) {
		parent = take_any(pool, &other,
				  parent + (mother ? 2 : -2) +
				      (int)hf_rng_below(b->rng, 5) - 2,
				  18, 80);
		if (parent >= 0)
			move_in(b, h, parent, other, ROLE_PARTNER);
	}
	move_in(b, h, first, girl, ROLE_CHILD);
	for (uint32_t i = 1; i < want && pool->kids > 0; i++) {
		int age = first + (hf_rng_below(b->rng, 2) ? 3 : -3), got;

		girl = hf_rng_below(b->rng, 2);
		got = take_any(pool, &girl, age, first - 8,
			       first + 8 < 17 ? first + 8 : 17);
		if (got < 0)
			break;
		move_in(b, h, got, girl, ROLE_CHILD);
	}
	return true;
}

/* In percent, who lives with a partner, of those without children at home. */
static uint32_t
couple_share(int age)
{
	return age < 25 ? 15 : age < 35 ? 45 : age < 75 ? 62 : age < 85 ? 50 : 25;
}

static bool
house_adults(struct build *b)
{
	struct pool *pool = &b->pool;
	bool female = hf_rng_below(b->rng, 2), other;
	int age =
	    take_any(pool, &female, 18 + (int)hf_rng_below(b->rng, 80), 18, AGES - 1);
	struct household *h;
	int got;

	h = open_house(b, HOUSE_SINGLE);
	if (!h)
		return false;
	move_in(b, h, age, female, ROLE_ADULT);
	if (hf_rng_below(b->rng, 100) < couple_share(age)) {
		other = hf_rng_below(b->rng, 100) < 3 ? female : !female;
		got = take(pool, other,
			   age + (female ? 2 : -2) + (int)hf_rng_below(b->rng, 7) - 3,
			   18, AGES - 1);
		/* Nobody within 20 years: stays alone. */
		if (got >= 0 && abs(got - age) <= 20) {
			h->kind = HOUSE_COUPLE;
			move_in(b, h, got, other, ROLE_PARTNER);
		} else if (got >= 0) {
			pool->n[other][got]++;
			pool->adults++;
		}
		return true;
	}
	if (age >= 32 || hf_rng_below(b->rng, 100) >= 55)
		return true;
	h->kind = HOUSE_SHARED;
	for (uint32_t i = hf_rng_below(b->rng, 3); i > 0; i--) {
		other = hf_rng_below(b->rng, 2);
		got = take_any(pool, &other, age, 18, 35);
		if (got < 0)
			break;
		move_in(b, h, got, other, ROLE_ADULT);
	}
	return true;
}

/* Walks the million numbers of the range in a scattered order and gives out those
 * with a check digit. */
static void
give_numbers(struct hf_synth_place *p, struct hf_rng *rng)
{
	uint32_t at = hf_rng_below(rng, 1000000), given = 0;
	int64_t all = p->config.people;
	struct hf_nhs nhs;

	/* A nameless place has more people than there are numbers. */
	if (all > HF_SYNTH_MAX_PEOPLE)
		all = HF_SYNTH_MAX_PEOPLE;
	while (given < all) {
		if (hf_nhs_make(999000000 + at, &nhs))
			p->people[given++].nine = at;
		at = (at + 618033) % 1000000;
	}
}

bool
hf_synth_place_build_people(struct hf_synth_place *place, struct hf_rng *rng)
{
	struct build b = {.place = place, .rng = rng};

	place->people = calloc((size_t)place->config.people, sizeof(*place->people));
	if (!place->people)
		return false;
	for (int32_t i = 0; i < place->count[ORG_PRACTICE]; i++) {
		const struct org *practice =
		    place_org(place, ORG_PRACTICE, (uint32_t)i);

		b.practice = (uint16_t)i;
		b.locality = (uint8_t)practice->locality;
		fill(&b.pool, rng, (uint32_t)practice->list);
		if (!house_care_homes(&b))
			return false;
		while (b.pool.kids > 0) {
			if (!house_family(&b))
				return false;
		}
		while (b.pool.adults > 0) {
			if (!house_adults(&b))
				return false;
		}
	}
	assert(b.n_people == place->config.people);
	place->n_households = b.n_households;
	give_numbers(place, rng);
	return true;
}
