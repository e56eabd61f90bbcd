/* framework_area.c - by what figures are divided, and where a person belongs on a day.
 */
#include "population/framework_plan.h"

#include <stdlib.h>

const char *const hf_pop_by_words[HF_POP_BYS] = {
    "place",	   "partnership", "locality", "practice", "age",    "sex",
    "deprivation", "ethnicity",	  "segment",  "provider", "pathway"};

static const struct hf_sv age_names[] = {{"", 0},      {"0-4", 3},   {"5-17", 4},
					 {"18-64", 5}, {"65-74", 5}, {"75-84", 5},
					 {"85+", 3}};
static const struct hf_sv sex_names[] = {
    {"", 0}, {"male", 4}, {"female", 6}, {"other", 5}};
static const struct hf_sv imd_names[] = {{"", 0},  {"1", 1}, {"2", 1},
					 {"3", 1}, {"4", 1}, {"5", 1}};
static const struct hf_sv imd_titles[] = {{"", 0},  {"1 (most deprived fifth)", 23},
					  {"2", 1}, {"3", 1},
					  {"4", 1}, {"5 (least deprived fifth)", 24}};
static const struct hf_sv ethnic_names[] = {{"", 0},	  {"White", 5}, {"Mixed", 5},
					    {"Asian", 5}, {"Black", 5}, {"Other", 5}};
static const struct hf_sv place_names[] = {{"", 0}, {"place", 5}};
static const struct hf_sv place_titles[] = {{"", 0}, {"The whole place", 15}};

/* Names of the areas, ids and titles the same array where they are the same. */
static struct hf_pop_names
names_of(const struct hf_pop_plan *p)
{
	const struct hf_pop_columns *c = p->c;

#define NAMES(ids, titles)                                                             \
	(struct hf_pop_names)                                                          \
	{                                                                              \
		ids, titles, HF_COUNT(ids)                                             \
	}
	switch (p->ask.by) {
	case HF_POP_BY_PARTNERSHIP:
		return p->ask.partnerships;
	case HF_POP_BY_LOCALITY:
		return (struct hf_pop_names){c->locality_id, c->locality.text,
					     c->locality.n};
	case HF_POP_BY_PRACTICE:
		return (struct hf_pop_names){c->dict[HF_POP_PRACTICE].text,
					     c->dict[HF_POP_PRACTICE].text,
					     c->dict[HF_POP_PRACTICE].n};
	case HF_POP_BY_PROVIDER:
		return (struct hf_pop_names){c->dict[HF_POP_PROVIDER].text,
					     c->dict[HF_POP_PROVIDER].text,
					     c->dict[HF_POP_PROVIDER].n};
	case HF_POP_BY_AGE:
		return NAMES(age_names, age_names);
	case HF_POP_BY_SEX:
		return NAMES(sex_names, sex_names);
	case HF_POP_BY_DEPRIVATION:
		return NAMES(imd_names, imd_titles);
	case HF_POP_BY_ETHNICITY:
		return NAMES(ethnic_names, ethnic_names);
	case HF_POP_BY_GROUP:
		return p->ask.groups;
	case HF_POP_BY_PATHWAY:
		return (struct hf_pop_names){p->pathway_id, p->pathway_name,
					     p->n_pathways};
	default:
		return NAMES(place_names, place_titles);
	}
#undef NAMES
}

uint16_t
hf_pop_plan_locality(const struct hf_pop_plan *p, uint16_t practice, uint16_t day)
{
	const struct hf_pop_columns *c = p->c;

	if (practice == 0 || practice >= c->dict[HF_POP_PRACTICE].n)
		return 0;
	for (size_t i = p->member_first[practice]; i < p->member_first[practice + 1];
	     i++)
		if (day >= c->member[i].from &&
		    (day < c->member[i].to || c->member[i].to == HF_POP_NONE))
			return c->member[i].locality;
	return 0;
}

static uint16_t
area_of_practice(const struct hf_pop_plan *p, uint16_t practice, uint16_t day)
{
	uint16_t locality;

	if (p->ask.by == HF_POP_BY_PRACTICE || practice == 0)
		return practice;
	if (p->ask.by == HF_POP_BY_PLACE)
		return 1;
	locality = hf_pop_plan_locality(
	    p, practice, p->ask.frozen == HF_POP_NONE ? day : p->ask.frozen);
	return p->ask.by == HF_POP_BY_PARTNERSHIP ? p->ask.partnership[locality]
						  : locality;
}

static bool
by_practice(enum hf_pop_by by)
{
	return by <= HF_POP_BY_PRACTICE;
}

/* Area 1 is whoever is on none. */
static bool
set_pathways(struct hf_pop_plan *p)
{
	const struct hf_pop_dictionary *d = &p->c->dict[HF_POP_CONDITION];
	size_t n = 2;

	p->pathway_of = calloc(d->n + 1, sizeof *p->pathway_of);
	p->pathway_id = calloc(d->n + 2, sizeof *p->pathway_id);
	p->pathway_name = calloc(d->n + 2, sizeof *p->pathway_name);
	if (!p->pathway_of || !p->pathway_id || !p->pathway_name)
		return false;
	p->pathway_id[1] = HF_SV("none");
	p->pathway_name[1] = HF_SV("On no pathway");
	for (size_t i = 1; i < d->n; i++) {
		struct hf_sv prefix = HF_SV(HF_POP_PATHWAY_PREFIX);

		if (!hf_sv_starts(d->text[i], prefix))
			continue;
		p->pathway_of[i] = (uint16_t)n;
		p->pathway_id[n] = hf_sv_from_at(d->text[i], prefix.n);
		p->pathway_name[n] = p->pathway_id[n];
		n++;
	}
	p->n_pathways = n;
	return true;
}

/* Where they were as the step began, so that people and what happened to them are
 * counted in one place: of those on several the one begun last. */
static uint16_t
pathway_on(const struct hf_pop_plan *p, uint32_t person, uint16_t day)
{
	const struct hf_pop_columns *c = p->c;
	uint16_t area = 1, begun = 0;

	for (uint32_t i = c->cond_first[person]; i < c->cond_first[person + 1]; i++) {
		const struct hf_pop_condition *k = &c->cond[i];

		if (p->pathway_of[k->code] && k->from <= day &&
		    (k->to == HF_POP_NONE || k->to > day) &&
		    (area == 1 || k->from >= begun)) {
			area = p->pathway_of[k->code];
			begun = k->from;
		}
	}
	return area;
}

enum hf_rc
hf_pop_plan_set_areas(struct hf_pop_plan *p, struct hf_err *err)
{
	const struct hf_pop_columns *c = p->c;
	size_t n = c->dict[HF_POP_PRACTICE].n ? c->dict[HF_POP_PRACTICE].n : 1, row = 0;

	if (p->ask.by == HF_POP_BY_PATHWAY && !set_pathways(p))
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the areas");
	p->n_areas = names_of(p).n;
	if (p->n_areas == 0)
		return hf_fail(err, HF_INVALID, "by",
			       "there is nothing to divide by: no %s is known here",
			       hf_pop_by_words[p->ask.by]);
	if (p->n_areas > HF_POP_AREAS_MOST)
		return hf_fail(err, HF_COSTLY, "by", "at most %d areas",
			       HF_POP_AREAS_MOST);
	p->member_first = calloc(n + 1, sizeof *p->member_first);
	p->area_of = malloc(n * p->n_steps * sizeof *p->area_of);
	if (!p->member_first || !p->area_of)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the areas");
	for (size_t i = 0; i <= n; i++) {
		while (row < c->n_members && c->member[row].practice < i)
			row++;
		p->member_first[i] = row;
	}
	for (uint16_t i = 0; i < n && by_practice(p->ask.by); i++)
		for (size_t s = 0; s < p->n_steps; s++) {
			const struct step *step = &p->steps[s];
			uint16_t area = area_of_practice(p, i, step->from);

			for (uint16_t day = step->from; day < step->to; day++)
				if (area_of_practice(p, i, day) != area) {
					area = MIXED;
					break;
				}
			p->area_of[i * p->n_steps + s] = area;
		}
	return HF_OK;
}

uint16_t
hf_pop_plan_practice(const struct hf_pop_plan *p, uint32_t person, uint16_t day)
{
	const struct hf_pop_columns *c = p->c;
	uint16_t practice = 0;

	for (uint32_t i = c->reg_first[person];
	     i < c->reg_first[person + 1] && c->reg[i].from <= day; i++)
		if (day < c->reg[i].to || c->reg[i].to == HF_POP_NONE)
			practice = c->reg[i].practice;
	return practice;
}

static uint16_t
ethnic_group(uint8_t code)
{
	if (code < 'A' || code > 'S')
		return 0;
	return code <= 'C'   ? 1
	       : code <= 'G' ? 2
	       : code <= 'L' ? 3
	       : code <= 'P' ? 4
			     : 5;
}

uint16_t
hf_pop_plan_area(const struct hf_pop_plan *p, uint32_t person, uint16_t practice,
		 uint16_t day, uint16_t step, int age)
{
	const struct hf_pop_person *who = &p->c->persons[person];
	uint16_t area;

	switch (p->ask.by) {
	case HF_POP_BY_AGE:
		return age < 0 ? 0 : (uint16_t)(hf_pop_band_of(age) + 1);
	case HF_POP_BY_SEX:
		return who->sex;
	case HF_POP_BY_DEPRIVATION:
		return (uint16_t)((who->imd + 1) / 2);
	case HF_POP_BY_ETHNICITY:
		return ethnic_group(who->ethnic);
	case HF_POP_BY_GROUP:
		return p->ask.group[person];
	case HF_POP_BY_PATHWAY:
		return pathway_on(p, person, p->steps[step].from);
	case HF_POP_BY_PROVIDER:
		return 0;
	default:
		area = p->area_of[practice * p->n_steps + step];
		return area == MIXED ? area_of_practice(p, practice, day) : area;
	}
}

size_t
hf_pop_plan_areas(const struct hf_pop_plan *p)
{
	return p->n_areas;
}

struct hf_sv
hf_pop_plan_area_id(const struct hf_pop_plan *p, size_t area)
{
	return area ? names_of(p).id[area] : HF_SV("not-known");
}

struct hf_sv
hf_pop_plan_area_name(const struct hf_pop_plan *p, size_t area)
{
	return area ? names_of(p).name[area] : HF_SV("Not known");
}
