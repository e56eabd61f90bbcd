/* place.c - configuration, identifiers, and the organisations of a place. */
#include "synth/place.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct hf_synth_config
hf_synth_defaults(void)
{
	return (struct hf_synth_config){
	    .people = 20000,
	    .seed = 1,
	    .full_records = -1,
	    .rich = 1,
	    .rich_resources = 5000,
	    .years = 5,
	    .now = hf_days_from_civil(2026, 10, 1) * 86400000 + 9 * 3600000,
	};
}

/* A bijection on 64 bits (the finaliser of splitmix64). */
static uint64_t
mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* Two units never get the same prefix, two resources of a unit never the same
 * end, so ids are unique in a place. */
void
hf_synth_place_id(const struct hf_synth_place *place, int64_t unit, uint32_t seq,
		  char out[37])
{
	static const char hex[] = "0123456789abcdef";
	uint64_t u =
	    mix((uint64_t)unit ^ mix(place->config.seed + 0x9e3779b97f4a7c15u));
	char digits[33];
	uint32_t s = seq;

	for (int i = 0; i < 16; i++, u <<= 4)
		digits[i < 12 ? i : i < 15 ? i + 1 : 17] = hex[u >> 60];
	digits[12] = '4';
	digits[16] = '8';
	for (int i = 31; i >= 18; i--, s >>= 4)
		digits[i] = hex[s & 15];
	for (int i = 0, at = 0; i < 32; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			out[at++] = '-';
		out[at++] = digits[i];
	}
	out[36] = '\0';
}

static uint32_t
hash(const struct hf_synth_place *place, uint32_t what, uint32_t n)
{
	return (uint32_t)(mix(place->config.seed ^ mix((uint64_t)what << 32 | n)) >>
			  32);
}

int
hf_synth_place_decile(const struct hf_synth_place *place, uint32_t area)
{
	/* Localities differ, and small areas differ within them. */
	static const int8_t middle[LOCALITIES] = {2, 3, 4, 5, 6, 7, 8};
	int d = middle[area % LOCALITIES] + (int)(hash(place, 1, area) % 7) - 3;

	return d < 1 ? 1 : d > 10 ? 10 : d;
}

void
hf_synth_place_postcode(const struct hf_synth_place *place, uint32_t area, uint32_t n,
			char *buf)
{
	static const char letters[] = "ABDEFGHJLNPQRSTUWXYZ";
	uint32_t h = hash(place, 2, area * 64 + n % 60);

	snprintf(buf, 12, "WZ%u %u%c%c", area % LOCALITIES + 1,
		 1 + area / LOCALITIES % 9, letters[h % 20], letters[h / 20 % 20]);
}

static const char *const localities[LOCALITIES] = {
    "Ashbeck",	 "Millgate", "Castle Dene", "Riverside",
    "Kingsmoor", "Oakhurst", "Fernley"};
const char *
hf_synth_locality_name(int i)
{
	assert(i >= 0 && i < LOCALITIES);
	return localities[i];
}

static const char *const areas[AREAS] = {"North", "Central", "South"};
static const char *const practice_names[] = {
    "Market Street Surgery",	   "Beech House Medical Centre",
    "The Limes Practice",	   "Canal Side Surgery",
    "St Aidan's Medical Practice", "Hollybank Surgery",
    "Park View Health Centre",	   "Station Road Surgery",
    "The Willows Practice",	   "Old Mill Surgery",
    "Abbey Lane Medical Centre",   "Greenfield Practice",
    "Bridge Street Surgery",	   "Rowan Tree Practice",
    "Northgate Health Centre"};
static const char *const home_names[] = {
    "Rosewood Lodge", "The Laurels",   "Cedar Court",  "Meadowbank House",
    "Priory Grange",  "Haven House",   "Orchard View", "Ivy Lodge",
    "Lakeside Court", "Magnolia House"};
static const char *const shop_names[] = {"High Street",	 "Riverside", "Corner",
					 "Market Place", "Parkway",   "Station"};

/* How many of each kind a place of so many people has. */
static int32_t
kind_count(enum org_kind kind, int64_t people)
{
	switch (kind) {
	case ORG_AREA:
		return AREAS;
	case ORG_LOCALITY:
		return LOCALITIES;
	case ORG_PCN:
		return people < 7 * 40000 ? LOCALITIES : (int32_t)(people / 40000);
	case ORG_PRACTICE:
		return people < 7 * 9000 ? LOCALITIES : (int32_t)(people / 9000);
	case ORG_VOLUNTARY:
		return 3;
	case ORG_DOMICILIARY:
		return 2;
	case ORG_CARE_HOME:
		return people < 4 * 7000 ? 4 : (int32_t)(people / 7000);
	case ORG_PHARMACY:
		return people < 7 * 6000 ? LOCALITIES : (int32_t)(people / 6000);
	default:
		return 1;
	}
}

static int32_t
parent_of(const struct hf_synth_place *p, enum org_kind kind, int32_t i)
{
	switch (kind) {
	case ORG_PLACE:
		return p->first[ORG_ICB];
	case ORG_AREA:
		return p->first[ORG_PLACE];
	case ORG_LOCALITY:
		/* 3 + 2 + 2 localities. */
		return p->first[ORG_AREA] + (i < 3 ? 0 : i < 5 ? 1 : 2);
	case ORG_PCN:
		return p->first[ORG_LOCALITY] + i % LOCALITIES;
	case ORG_PRACTICE:
		return p->first[ORG_PCN] + i % p->count[ORG_PCN];
	case ORG_HUB:
		return p->first[ORG_PLACE];
	default:
		return NO_ORG;
	}
}

static int32_t
staff_of(enum org_kind kind)
{
	static const int8_t staff[ORG_KINDS] = {
	    [ORG_PRACTICE] = 5,	 [ORG_ACUTE] = 40,	[ORG_COMMUNITY] = 28,
	    [ORG_MENTAL] = 10,	 [ORG_COUNCIL] = 14,	[ORG_AMBULANCE] = 6,
	    [ORG_111] = 4,	 [ORG_HOSPICE] = 4,	[ORG_VOLUNTARY] = 4,
	    [ORG_CARE_HOME] = 2, [ORG_DOMICILIARY] = 4, [ORG_PHARMACY] = 1,
	    [ORG_HUB] = 24,
	};

	return staff[kind];
}

#define NAME(...) snprintf(o->name, sizeof(o->name), __VA_ARGS__)
#define CODE(...) snprintf(o->ods, sizeof(o->ods), __VA_ARGS__)

static void
name_nhs(struct org *o, uint32_t i)
{
	const char *where = localities[o->locality == NO_ORG ? 0 : o->locality];

	switch (o->kind) {
	case ORG_ICB:
		NAME("NHS Wrenshire Integrated Care Board");
		CODE("QZ9");
		return;
	case ORG_PLACE:
		NAME("Wrenford Place Partnership");
		CODE("ZW001");
		return;
	case ORG_AREA:
		NAME("Wrenford %s Partnership", areas[i]);
		CODE("ZW1%02u", i);
		return;
	case ORG_LOCALITY:
		NAME("%s Locality", where);
		CODE("ZW2%02u", i);
		return;
	case ORG_PCN:
		if (i < LOCALITIES)
			NAME("%s Primary Care Network", where);
		else
			NAME("%s %u Primary Care Network", where, 1 + i / LOCALITIES);
		CODE("U99%03u", i);
		return;
	case ORG_PRACTICE:
		NAME("%s, %s", practice_names[i % HF_COUNT(practice_names)], where);
		CODE("Z99%03u", i);
		return;
	case ORG_ACUTE:
		NAME("Wrenford Hospitals NHS Foundation Trust");
		CODE("RZ1");
		return;
	case ORG_COMMUNITY:
		NAME("Wrenshire Community Health NHS Trust");
		CODE("RZ2");
		return;
	case ORG_MENTAL:
		NAME("Wrenshire Partnership NHS Foundation Trust");
		CODE("RZ3");
		return;
	case ORG_AMBULANCE:
		NAME("Mid Shires Ambulance Service NHS Trust");
		CODE("RZ4");
		return;
	default:
		NAME("Wrenshire NHS 111");
		CODE("ZW111");
		return;
	}
}

static void
name_other(struct org *o, uint32_t i)
{
	static const char *const charities[] = {
	    "Age Well Wrenford", "Wrenford Carers' Centre", "Wrenford Befrienders"};

	switch (o->kind) {
	case ORG_COUNCIL:
		NAME("Wrenford Borough Council Adult Social Care");
		CODE("ZW900");
		return;
	case ORG_HOSPICE:
		NAME("St Oswin's Hospice");
		CODE("ZWH01");
		return;
	case ORG_VOLUNTARY:
		NAME("%s", charities[i % HF_COUNT(charities)]);
		CODE("ZWV%02u", i);
		return;
	case ORG_DOMICILIARY:
		NAME("%s Home Care", localities[i % LOCALITIES]);
		CODE("ZWD%02u", i);
		return;
	case ORG_CARE_HOME:
		NAME("%s, %s", home_names[i % HF_COUNT(home_names)],
		     localities[i % LOCALITIES]);
		CODE("ZWC%03u", i);
		return;
	case ORG_PHARMACY:
		NAME("%s Pharmacy, %s", shop_names[i % HF_COUNT(shop_names)],
		     localities[i % LOCALITIES]);
		CODE("ZWP%03u", i);
		return;
	default:
		NAME("Wrenford Care Co-ordination Hub");
		CODE("ZW500");
		return;
	}
}

/* Shares out the people: lists of about 2 to 20 thousand that add up. */
static void
share_lists(struct hf_synth_place *p, struct hf_rng *rng)
{
	struct org *practices = p->orgs + p->first[ORG_PRACTICE];
	int32_t n = p->count[ORG_PRACTICE];
	int64_t left = p->config.people;
	double total = 0;

	for (int32_t i = 0; i < n; i++) {
		double w = exp(0.45 * hf_rng_normal(rng));

		w = w < 0.4 ? 0.4 : w > 2.0 ? 2.0 : w;
		practices[i].list = (int32_t)(w * 1000);
		total += practices[i].list;
	}
	for (int32_t i = 0; i < n; i++) {
		double share = practices[i].list / total;
		int64_t list = (int64_t)(share * (double)left);

		total -= practices[i].list;
		if (i == n - 1)
			list = left;
		practices[i].list = (int32_t)list;
		practices[i].staff = 4 + (int32_t)(list / 1800);
		left -= list;
	}
}

bool
hf_synth_place_build_orgs(struct hf_synth_place *p, struct hf_rng *rng)
{
	for (int k = 0; k < ORG_KINDS; k++) {
		p->first[k] = p->n_orgs;
		p->count[k] = kind_count((enum org_kind)k, p->config.people);
		p->n_orgs += p->count[k];
	}
	p->orgs = calloc((size_t)p->n_orgs, sizeof(*p->orgs));
	if (!p->orgs)
		return false;
	for (int k = 0; k < ORG_KINDS; k++) {
		for (int32_t i = 0; i < p->count[k]; i++) {
			int32_t at = p->first[k] + i;
			struct org *o = &p->orgs[at];
			bool local = k == ORG_LOCALITY || k == ORG_PCN ||
				     k == ORG_PRACTICE || k == ORG_CARE_HOME ||
				     k == ORG_PHARMACY;

			o->kind = (enum org_kind)k;
			o->parent = parent_of(p, o->kind, i);
			o->staff = staff_of(o->kind);
			o->locality = local ? i % LOCALITIES : NO_ORG;
			if (k == ORG_PRACTICE) /* where its network is */
				o->locality = i % p->count[ORG_PCN] % LOCALITIES;
			if (k <= ORG_MENTAL || k == ORG_AMBULANCE || k == ORG_111)
				name_nhs(o, (uint32_t)i);
			else
				name_other(o, (uint32_t)i);
			hf_synth_place_postcode(p, (uint32_t)i, 60u + (uint32_t)k,
						o->postcode);
			hf_synth_place_id(p, at, SEQ_ORG, o->id);
		}
	}
	share_lists(p, rng);
	return true;
}

static enum hf_rc
check(const struct hf_synth_config *c, struct hf_err *err)
{
	if (c->nameless && (c->people < 1 || c->people > HF_SYNTH_MOST_NAMELESS))
		return hf_fail(err, HF_INVALID, "--people",
			       "activity is made for 1 to %d people",
			       HF_SYNTH_MOST_NAMELESS);
	if (!c->nameless && (c->people < 1 || c->people > HF_SYNTH_MAX_PEOPLE))
		return hf_fail(err, HF_INVALID, "--people",
			       "a synthetic place has 1 to %d people: there are no "
			       "more NHS numbers that begin with 999",
			       HF_SYNTH_MAX_PEOPLE);
	if (c->years < 1 || c->years > 30)
		return hf_fail(err, HF_INVALID, "--years",
			       "a record goes back 1 to 30 years");
	if (c->rich < 0 || c->rich > MAX_RICH)
		return hf_fail(err, HF_INVALID, "--rich",
			       "a place has 0 to %d rich records", MAX_RICH);
	if (c->rich_resources < 0 || c->rich_resources > 100000)
		return hf_fail(err, HF_INVALID, "--rich-resources",
			       "a rich record has 0 to 100000 resources");
	/* Every birth and event has to have a date of four digits. */
	if (c->now < hf_days_from_civil(1950, 1, 1) * 86400000 ||
	    c->now > hf_days_from_civil(2999, 1, 1) * 86400000)
		return hf_fail(err, HF_INVALID, "--now",
			       "now lies between 1950 and 2999");
	return HF_OK;
}

enum hf_rc
hf_synth_place_new(const struct hf_synth_config *config, struct hf_synth_place **out,
		   struct hf_err *err)
{
	struct hf_synth_place *p;
	struct hf_rng rng;
	enum hf_rc rc = check(config, err);

	if (rc != HF_OK)
		return rc;
	p = calloc(1, sizeof(*p));
	if (!p)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for a place");
	p->config = *config;
	if (p->config.full_records < 0)
		p->config.full_records = 3000;
	if (p->config.full_records > config->people)
		p->config.full_records = config->people;
	p->n_areas = (uint32_t)(config->people / 1600 / LOCALITIES + 2) * LOCALITIES;
	hf_rng_seed(&rng, config->seed, 1);
	if (!hf_synth_place_build_orgs(p, &rng) ||
	    !hf_synth_place_build_people(p, &rng)) {
		hf_synth_place_free(p);
		return hf_fail(err, HF_TOO_LONG, "--people",
			       "no memory for a place of this size");
	}
	hf_synth_place_choose_rich(p);
	*out = p;
	return HF_OK;
}

void
hf_synth_place_free(struct hf_synth_place *place)
{
	if (!place)
		return;
	free(place->orgs);
	free(place->households);
	free(place->people);
	free(place);
}

int64_t
hf_synth_orgs(const struct hf_synth_place *place)
{
	return place->n_orgs;
}

int64_t
hf_synth_units(const struct hf_synth_place *place)
{
	return place->n_orgs + place->config.people;
}

const char *
hf_synth_name(const struct hf_synth_place *place)
{
	return place->orgs[place->first[ORG_PLACE]].name;
}

int64_t
hf_synth_practices(const struct hf_synth_place *place)
{
	return place->count[ORG_PRACTICE];
}

struct hf_synth_practice
hf_synth_practice(const struct hf_synth_place *place, int64_t i)
{
	const struct org *o = place_org(place, ORG_PRACTICE, (uint32_t)i);

	return (struct hf_synth_practice){o->name, o->ods, o->list};
}
