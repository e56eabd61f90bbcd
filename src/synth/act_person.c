/* act_person.c - who a life is: of the place's people, or one who is no more on a list.
 *
 * Records know deaths of the last RECORD_DAYS days only, and fewer than England has
 * (person.c).  The dead beside them make up the rest, so that deaths by age are
 * England's over the whole window and the old do not become more from year to year. */
#include <math.h>
#include <stdio.h>

#include "population/columns.h"
#include "synth/act.h"

enum { RECORD_DAYS = 700, FROM_AGE = 106 };

/* Deaths in England per 1,000 a year by age (ONS, deaths registered 2023), and how many
 * of them person.c makes. */
static double
mortality(int age)
{
	return age < 1	  ? 3.9
	       : age < 15 ? 0.1
	       : age < 25 ? 0.3
	       : age < 35 ? 0.55
	       : age < 45 ? 1.2
	       : age < 55 ? 2.7
	       : age < 65 ? 6.2
	       : age < 70 ? 11.5
	       : age < 75 ? 18.5
	       : age < 80 ? 31
	       : age < 85 ? 57
	       : age < 90 ? 105
			  : 215;
}

static double
recorded(int age)
{
	double share = age < 50	  ? 0.0008
		       : age < 65 ? 0.006
		       : age < 75 ? 0.02
		       : age < 85 ? 0.06
				  : 0.17;
	double per_year = share * 1000 * 365.25 / RECORD_DAYS, all = mortality(age);

	return per_year < all ? per_year : all;
}

/* In per cent a year, who moves to another place (and as many come). */
static double
leaving(int age)
{
	return age < 18 ? 1.1 : age < 35 ? 3.6 : age < 50 ? 1.4 : age < 80 ? 0.6 : 0.8;
}

static double
years(const struct hf_synth_activity *a)
{
	return (double)(a->last - a->first) / 365.25;
}

void
hf_act_extras(struct hf_synth_activity *a)
{
	const struct hf_synth_place *p = a->place;
	double early = (double)(a->last - a->first - RECORD_DAYS) / 365250.0;
	double late = RECORD_DAYS / 365250.0, dead_early = 0, dead_late = 0, left = 0;

	if (early < 0) {
		late += early;
		early = 0;
	}
	for (int64_t i = 0; i < p->config.people; i++) {
		int age = p->people[i].age;

		dead_early += mortality(age) * early;
		dead_late += (mortality(age) - recorded(age)) * late;
		left += leaving(age) / 100 * years(a);
	}
	a->dead = (int64_t)(dead_early + dead_late + 0.5);
	a->left = (int64_t)(left + 0.5);
	a->early = dead_early + dead_late <= 0
		       ? 0
		       : (uint16_t)(1000 * dead_early / (dead_early + dead_late));
}

/* Somebody of the place whose house, practice and neighbours this life shares, chosen
 * so that the ages are those of weight. */
static int64_t
neighbour(struct making *m, bool dead, bool early)
{
	const struct hf_synth_place *p = m->a->place;
	double most = dead ? 215 : 3.6;

	for (int tries = 0; tries < 4000; tries++) {
		int64_t i = (int64_t)(hf_rng_unit(&m->rng) * (double)p->config.people);
		int age = p->people[i].age;
		double w =
		    dead ? mortality(age) - (early ? 0 : recorded(age)) : leaving(age);

		/* Who left was born before. */
		if (!dead && age <= m->a->config.years)
			continue;
		if (hf_rng_unit(&m->rng) * most < w)
			return i;
	}
	return (int64_t)(hf_rng_unit(&m->rng) * (double)p->config.people);
}

/* A part u of the days before, or of, the records' time. */
static int
day_of_death(const struct hf_synth_activity *a, bool early, double u)
{
	int days = (int)(a->last - a->first);

	if (early)
		return (int)(u * (days - RECORD_DAYS));
	return days - 1 - (int)(u * (days < RECORD_DAYS ? days - 1 : RECORD_DAYS - 1));
}

static void
be_extra(struct making *m)
{
	const struct hf_synth_activity *a = m->a;
	int64_t n = m->index - a->place->config.people;
	bool dead = n < a->dead;
	bool early = dead && n * 1000 < a->dead * a->early;
	int64_t days = a->last - a->first;
	struct person *p = &m->p;
	double u = 0;

	hf_act_stream(m, 60);
	hf_synth_person_load(a->place, neighbour(m, dead, early), p);
	p->index = m->index;
	p->female = hf_rng_below(&m->rng, 100) < (p->age > 84 ? 60 : 50);
	/* More in winter: a day is taken again when its season does not want it. */
	for (int tries = 0; tries < 8; tries++) {
		u = hf_rng_unit(&m->rng);
		if (!dead || hf_rng_unit(&m->rng) * 1.2 <
				 1 + 0.002 * a->winter[day_of_death(a, early, u)])
			break;
	}
	if (!dead) {
		p->died = INT64_MAX;
		m->to = 1 + (int)(u * (double)(days - 1));
		return;
	}
	p->died = a->first + day_of_death(a, early, u);
	/* As old on that day as the neighbour is now. */
	p->born = p->died - (int64_t)((p->soul->age + hf_rng_unit(&m->rng)) * 365.25);
	p->age = hf_age_years(p->born, p->died);
}

/* Where people die by where they lived and age, in percent: hospital, home, care home,
 * hospice, elsewhere (OHID, palliative and end of life care profiles). */
static enum hf_pop_outcome
place_of_death(struct making *m)
{
	static const int8_t share[4][4] = {
	    {48, 38, 4, 6}, {48, 33, 12, 5}, {45, 28, 22, 3}, {26, 2, 72, 0}};
	static const enum hf_pop_outcome where[] = {
	    HF_POP_O_HOSPITAL, HF_POP_O_HOME, HF_POP_O_CARE_HOME, HF_POP_O_HOSPICE};
	const int8_t *s = share[m->care_home	? 3
				: m->p.age < 70 ? 0
				: m->p.age < 83 ? 1
						: 2];
	int u = (int)hf_rng_below(&m->rng, 100);

	for (int i = 0; i < 4; i++) {
		if (u < s[i])
			return where[i];
		u -= s[i];
	}
	return HF_POP_O_ELSEWHERE;
}

/* Some came while the window runs, some changed practice. */
static void
move(struct making *m)
{
	const struct hf_synth_activity *a = m->a;
	const struct hf_synth_place *p = a->place;
	int practices = p->count[ORG_PRACTICE], days = m->to - m->from;

	m->practice = (uint16_t)(m->p.house->practice + 1);
	if (m->index < p->config.people && m->from == 0 && m->died == INT32_MAX &&
	    !m->care_home && hf_act_chance(&m->rng, leaving(m->p.age) / 100 * years(a)))
		m->from = (int)(hf_rng_unit(&m->rng) * days * 0.98);
	else if (practices > 1 && days > 60 &&
		 hf_act_chance(&m->rng, 0.03 * years(a))) {
		m->moved = m->from + 1 + (int)(hf_rng_unit(&m->rng) * (days - 2));
		m->before = (uint16_t)(1 + hf_rng_below(&m->rng, (uint32_t)practices));
		if (m->before == m->practice)
			m->before = 0;
	}
}

void
hf_act_person(struct making *m)
{
	const struct hf_synth_activity *a = m->a;
	int days = (int)(a->last - a->first), born;

	m->from = 0;
	m->to = days;
	m->died = INT32_MAX;
	m->before = 0;
	if (m->index >= a->place->config.people)
		be_extra(m);
	else
		hf_synth_person_load(a->place, m->index, &m->p);
	hf_act_stream(m, 61);
	m->care_home = m->p.house->kind == HOUSE_CARE_HOME;
	/* Every third moved in within the last years of life. */
	if (m->index >= a->place->config.people && person_dead(&m->p) && m->p.age >= 75)
		m->care_home = m->care_home || hf_act_chance(&m->rng, 0.13);
	if (person_dead(&m->p)) {
		m->died = m->p.died < a->last ? (int)(m->p.died - a->first) : INT32_MAX;
		m->to = m->died < 0 ? 0 : m->died < days ? m->died : days;
		m->death_place = place_of_death(m);
	}
	born = (int)(m->p.born - a->first);
	if (born > 0)
		m->from = born < m->to ? born : m->to;
	move(m);
	m->years_old = hf_age_years(m->p.born, a->first + (m->from + m->to) / 2);
	m->years_old = m->years_old < 0 ? 0 : m->years_old;
	m->band = hf_act_band(m->years_old);
}

uint16_t
hf_act_practice_on(const struct making *m, int day)
{
	return m->before != 0 && day < m->moved ? m->before : m->practice;
}

int
hf_act_band(int age)
{
	return age < 1	  ? 0
	       : age < 5  ? 1
	       : age < 18 ? 2
	       : age < 35 ? 3
	       : age < 50 ? 4
	       : age < 65 ? 5
	       : age < 75 ? 6
	       : age < 85 ? 7
			  : 8;
}

int
hf_act_band6(int age)
{
	return (int)hf_pop_band_of(age < 0 ? 0 : age);
}
