/* person.c - one person's facts, made from the place, the household and a seed. */
#include "synth/person.h"

#include <stdio.h>

/* Streams of the seed: one each for a household and for a person. */
static const uint64_t house_stream = (uint64_t)1 << 33;
static const uint64_t soul_stream = (uint64_t)1 << 34;

struct family {
	enum ethnic ethnic;
	uint32_t surname, surname_2;
	uint32_t street, number, phone;
	bool married, two_names;
};

static void
load_family(const struct hf_synth_place *place, uint32_t household, int decile,
	    struct family *f)
{
	struct hf_rng rng;

	hf_rng_seed(&rng, place->config.seed, house_stream + household);
	f->ethnic = hf_synth_ethnic_pick(&rng, decile);
	f->surname = hf_rng_u32(&rng);
	f->surname_2 = hf_rng_u32(&rng);
	f->street = hf_rng_u32(&rng);
	f->number = hf_rng_u32(&rng);
	f->phone = hf_rng_u32(&rng);
	f->married = hf_rng_below(&rng, 100) < 72;
	f->two_names = hf_rng_below(&rng, 100) < 30;
}

/* Chance of having died in the last two years, by age. */
static double
death_share(int age)
{
	return age < 50	  ? 0.0008
	       : age < 65 ? 0.006
	       : age < 75 ? 0.02
	       : age < 85 ? 0.06
			  : 0.17;
}

static void
load_dates(const struct hf_synth_place *place, struct hf_rng *rng, struct person *p)
{
	int64_t today = hf_london_day(place->config.now);
	struct hf_civil c = hf_civil_from_time(today * 86400000);
	int year = c.year - p->soul->age, month = c.month, day = c.day;

	if (day > hf_month_days(year, month))
		day = hf_month_days(year, month);
	/* Born within the year that gives today's age. */
	p->born = hf_days_from_civil(year, month, day) - hf_rng_below(rng, 365);
	p->died = INT64_MAX;
	p->age = p->soul->age;
	if (hf_rng_unit(rng) < death_share(p->age) && today - p->born > 800) {
		p->died = today - 1 - hf_rng_below(rng, 700);
		p->age = hf_age_years(p->born, p->died);
	}
}

static void
load_address(const struct hf_synth_place *place, const struct family *f,
	     struct person *p)
{
	uint32_t area = p->house->area, street = f->street % 37 + area * 7;

	if (p->house->kind == HOUSE_CARE_HOME) {
		const struct org *home =
		    place_org(place, ORG_CARE_HOME, p->house->home);

		snprintf(p->line1, sizeof(p->line1), "%s", home->name);
		snprintf(p->line2, sizeof(p->line2), "%d %s", p->house->home % 90 + 1,
			 hf_synth_name_street(p->house->home));
		snprintf(p->postcode, sizeof(p->postcode), "%s", home->postcode);
		return;
	}
	snprintf(p->line1, sizeof(p->line1), "%u %s", f->number % 140 + 1,
		 hf_synth_name_street(street));
	p->line2[0] = '\0';
	hf_synth_place_postcode(place, area, street, p->postcode);
}

static void
load_names(const struct family *f, struct hf_rng *rng, struct person *p)
{
	struct hf_civil born = hf_civil_from_time(p->born * 86400000);
	enum names names = hf_synth_ethnic_names(p->ethnic);
	bool own = p->soul->role == ROLE_PARTNER && (!f->married || f->two_names);
	uint32_t surname = own ? f->surname_2 : f->surname;

	if (p->house->kind == HOUSE_SHARED)
		surname = hf_rng_u32(rng);
	p->given = hf_synth_name_given(names, p->female, born.year, hf_rng_u32(rng));
	p->middle = NULL;
	if (names == NAMES_BRITISH && hf_rng_below(rng, 100) < 60)
		p->middle = hf_synth_name_given(names, p->female, born.year - 30,
						hf_rng_u32(rng));
	if (p->middle == p->given)
		p->middle = NULL;
	p->family = hf_synth_name_family(names, surname);
	if (p->age < 16)
		p->title = p->female ? "Miss" : "Master";
	else if (!p->female)
		p->title = "Mr";
	else
		p->title = p->married || p->widowed ? "Mrs"
			   : p->age < 60	    ? "Ms"
						    : "Miss";
}

void
hf_synth_person_load(const struct hf_synth_place *place, int64_t index,
		     struct person *p)
{
	struct hf_rng rng;
	struct family f;
	bool pair;

	*p = (struct person){.index = index, .soul = &place->people[index]};
	p->house = &place->households[p->soul->household];
	p->practice_at = place->first[ORG_PRACTICE] + p->house->practice;
	p->practice = &place->orgs[p->practice_at];
	p->female = p->soul->female;
	p->decile = hf_synth_place_decile(place, p->house->area);
	load_family(place, p->soul->household, p->decile, &f);
	hf_rng_seed(&rng, place->config.seed, soul_stream + (uint64_t)index);
	load_dates(place, &rng, p);
	p->ethnic = f.ethnic;
	pair =
	    p->house->n > 1 && place->people[p->house->first + 1].role == ROLE_PARTNER;
	p->married = pair && f.married && p->soul->role != ROLE_CHILD;
	p->widowed = !pair && p->age >= 70 && hf_rng_below(&rng, 100) < 65;
	load_names(&f, &rng, p);
	(void)hf_nhs_make(999000000 + p->soul->nine, &p->nhs);
	p->gp = (int)hf_rng_below(&rng, (uint32_t)p->practice->staff - 2);
	hf_synth_place_id(place, place->n_orgs + index, 0, p->id);
	load_address(place, &f, p);
	snprintf(p->mobile, sizeof(p->mobile), "07700 900%03u",
		 hf_rng_below(&rng, 1000));
	snprintf(p->landline, sizeof(p->landline), "01632 960%03u", f.phone % 1000);
}

bool
hf_synth_is_full(const struct hf_synth_place *place, int64_t person)
{
	int64_t full = place->config.full_records, n = place->config.people;

	return (person + 1) * full / n > person * full / n;
}

/* The first of those who are old and live at home with a full record. */
void
hf_synth_place_choose_rich(struct hf_synth_place *place)
{
	struct person p;

	for (int64_t i = 0; i < place->config.people; i++) {
		const struct soul *s = &place->people[i];

		if (place->n_rich == place->config.rich)
			return;
		if (s->age < 76 || s->age > 90 || !hf_synth_is_full(place, i))
			continue;
		hf_synth_person_load(place, i, &p);
		if (!person_dead(&p) && p.house->kind != HOUSE_CARE_HOME)
			place->rich[place->n_rich++] = i;
	}
}

bool
hf_synth_is_rich(const struct hf_synth_place *place, int64_t person)
{
	for (int i = 0; i < place->n_rich; i++) {
		if (place->rich[i] == person)
			return true;
	}
	return false;
}
