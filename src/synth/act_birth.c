/* act_birth.c - births: a mother's stay and a newborn's are of the same day.
 *
 * A child of the place who is born within the window has a mother in the household, the
 * first woman of an age to be one. */
#include "synth/act.h"

static bool
is_mother(const struct making *m, const struct household *h)
{
	const struct soul *people = m->a->place->people;

	if (m->index >= m->a->place->config.people || !m->p.female || m->p.age < 16 ||
	    m->p.age > 50 || m->p.soul->role == ROLE_CHILD)
		return false;
	for (uint32_t i = h->first; i < m->index; i++) {
		if (people[i].female && people[i].role != ROLE_CHILD &&
		    people[i].age >= 16 && people[i].age <= 50)
			return false;
	}
	return true;
}

int
hf_act_births(struct making *m, int *days, int max)
{
	const struct hf_synth_place *place = m->a->place;
	const struct household *h = m->p.house;
	int n = 0;

	if (!is_mother(m, h))
		return 0;
	for (uint32_t i = h->first; i < h->first + h->n && n < max; i++) {
		struct person child;
		int64_t day;

		if (place->people[i].role != ROLE_CHILD ||
		    place->people[i].age > m->a->config.years)
			continue;
		hf_synth_person_load(place, i, &child);
		day = child.born - m->a->first;
		if (day > m->from && day < m->to)
			days[n++] = (int)day;
	}
	return n;
}

static struct hf_pop_event *
maternity(struct making *m, int day, enum hf_pop_method method, int los)
{
	struct hf_pop_event *e =
	    hf_act_event(m, HF_POP_MAT, day, hf_act_draw_minute(m, HOURS_ANY));
	int days = (int)(m->a->last - m->a->first);

	e->method = (uint8_t)method;
	e->source = e->outcome = HF_POP_O_HOME;
	e->provider = ACT_ONE(m, ACUTE);
	e->specialty = ACT_ONE(m, MATERNITY);
	e->los = (uint16_t)(day + los >= days ? days - 1 - day : los);
	e->end_minute =
	    (uint16_t)(e->minute + (1439 - e->minute) * hf_rng_below(&m->rng, 8) / 10);
	if (e->los == 0 && e->end_minute == e->minute)
		e->end_minute++;
	if (e->los != 0)
		e->end_minute = (uint16_t)hf_act_draw_minute(m, HOURS_WORK);
	e->basis = HF_POP_B_REFERENCE;
	return e;
}

void
hf_act_birth(struct making *m, int day)
{
	uint32_t u = hf_rng_below(&m->rng, 100);
	/* NHS Maternity Statistics: over a third by caesarean section. */
	bool section = u < 40, helped = u < 70;
	int los =
	    section ? 2 + (int)hf_rng_below(&m->rng, 2) : (int)hf_rng_below(&m->rng, 3);
	int before = day - 20 - (int)hf_rng_below(&m->rng, 180);
	struct hf_pop_event *e = maternity(m, day, HF_POP_M_31, los);
	int end = day + e->los;

	e->dx = section ? ACT_ONE(m, O829) : ACT_ONE(m, O800);
	e->hrg = section  ? ACT_ONE(m, NZ51)
		 : helped ? ACT_ONE(m, NZ31)
			  : ACT_ONE(m, NZ30);
	e->cost = 100 * (section ? 8649 : helped ? 5200 : 3900);
	if (before > m->from && hf_rng_below(&m->rng, 100) < 70 &&
	    !hf_act_away(m, before)) {
		e = maternity(m, before, HF_POP_M_31, 0);
		e->dx = ACT_ONE(m, O471);
		e->hrg = ACT_ONE(m, NZ19);
		e->cost = 45700;
		if (m->n_stays < ACT_STAYS)
			m->stays[m->n_stays++] = (struct stay){before, before};
	}
	if (m->n_stays < ACT_STAYS)
		m->stays[m->n_stays++] = (struct stay){day, end};
}

int
hf_act_born(struct making *m)
{
	int64_t day = m->p.born - m->a->first;
	struct hf_pop_event *e;

	if (day < 0 || day >= m->to || m->from != day ||
	    m->index >= m->a->place->config.people)
		return INT32_MIN;
	hf_act_stream(m, 42);
	e = maternity(m, (int)day, HF_POP_M_82, (int)hf_rng_below(&m->rng, 3));
	if ((int)day + e->los >= m->to)
		e->los = 0;
	e->dx = ACT_ONE(m, Z380);
	e->hrg = ACT_ONE(m, PB04);
	e->specialty = ACT_ONE(m, PAEDIATRIC);
	e->cost = 90000;
	m->stays[m->n_stays++] = (struct stay){(int)day, (int)day + e->los};
	return (int)day + e->los;
}
