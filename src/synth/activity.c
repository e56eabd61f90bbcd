/* activity.c - lives as rows: the window, and one life after the other. */
#include "synth/activity.h"

#include <stdio.h>
#include <stdlib.h>

#include "synth/act.h"

struct hf_synth_activity_config
hf_synth_activity_defaults(void)
{
	return (struct hf_synth_activity_config){.years = 3};
}

/* Whole months, and this one until yesterday. */
static void
set_window(struct hf_synth_activity *a)
{
	struct hf_civil c = hf_london_civil(a->place->config.now);

	a->last = hf_days_from_civil(c.year, c.month, c.day);
	a->first = hf_days_from_civil(c.year - a->config.years, c.month, 1);
}

static enum hf_rc
take_effects(struct hf_synth_activity *a, struct hf_err *err)
{
	const struct hf_synth_activity_config *c = &a->config;

	if (c->n_effects > HF_COUNT(a->effects))
		return hf_fail(err, HF_INVALID, "--intervention",
			       "at most %zu interventions", HF_COUNT(a->effects));
	a->bound = a->bound_ae = a->bound_ucr = 1;
	for (size_t i = 0; i < c->n_effects; i++) {
		const struct hf_synth_effect *e = &c->effects[i];

		if (e->from_month > c->years * 12)
			return hf_fail(err, HF_INVALID, "--intervention",
				       "from-month %d is after the last of %d months",
				       e->from_month, c->years * 12);
		a->effects[a->n_effects++] = *e;
		if (e->change[HF_SYNTH_ADMISSIONS] > 0)
			a->bound *= 1 + e->change[HF_SYNTH_ADMISSIONS];
		if (e->change[HF_SYNTH_AE] > 0)
			a->bound_ae *= 1 + e->change[HF_SYNTH_AE];
		if (e->change[HF_SYNTH_UCR] > 0)
			a->bound_ucr *= 1 + e->change[HF_SYNTH_UCR];
	}
	a->config.effects = NULL;
	return HF_OK;
}

enum hf_rc
hf_synth_activity_new(const struct hf_synth_place *place,
		      const struct hf_synth_activity_config *config,
		      struct hf_synth_activity **out, struct hf_err *err)
{
	struct hf_synth_activity *a;
	struct hf_civil c = hf_london_civil(place->config.now);
	enum hf_rc rc;

	if (config->years < 1 || config->years > 5)
		return hf_fail(err, HF_INVALID, "--activity-years",
			       "activity goes back 1 to 5 years");
	if (c.year < 1996 || c.year > 2150)
		return hf_fail(err, HF_INVALID, "--date",
			       "activity is made for days from 1996 to 2150");
	a = calloc(1, sizeof(*a));
	if (!a)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for activity");
	a->place = place;
	a->config = *config;
	set_window(a);
	rc = take_effects(a, err);
	if (rc == HF_OK && (!hf_act_calendars(a) || !hf_act_book(a)))
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for activity");
	if (rc != HF_OK) {
		hf_synth_activity_free(a);
		return rc;
	}
	hf_act_normalise(a);
	hf_act_extras(a);
	*out = a;
	return HF_OK;
}

void
hf_synth_activity_free(struct hf_synth_activity *a)
{
	if (!a)
		return;
	for (int k = 0; k < HF_POP_KINDS; k++)
		free(a->book[k].text);
	free(a->calendar);
	free(a->codes);
	free(a->planned);
	free(a->lsoas);
	free(a);
}

int64_t
hf_synth_activity_lives(const struct hf_synth_activity *a)
{
	return a->place->config.people + a->dead + a->left;
}

uint16_t
hf_synth_activity_from(const struct hf_synth_activity *a)
{
	return (uint16_t)(a->first - HF_POP_DAY_ZERO);
}

uint16_t
hf_synth_activity_to(const struct hf_synth_activity *a)
{
	return (uint16_t)(a->last - HF_POP_DAY_ZERO);
}

int
hf_synth_activity_month(const struct hf_synth_activity *a, uint16_t day)
{
	int64_t d = (int64_t)day + HF_POP_DAY_ZERO - a->first;

	assert(d >= 0 && d < a->last - a->first);
	return a->month[d];
}

static void
put_person(struct making *m)
{
	struct hf_pop_person *p = &m->life->person;
	struct hf_civil born = hf_civil_from_time(m->p.born * 86400000);
	const char *code = hf_synth_ethnic_code(m->p.ethnic);

	*p = (struct hf_pop_person){
	    .birth = (int16_t)((born.year - 1900) * 12 + born.month - 1),
	    .death_day = HF_POP_NONE,
	    .lsoa = (uint16_t)(m->p.house->area + 1),
	    .sex = m->p.female ? HF_POP_FEMALE : HF_POP_MALE,
	    .ethnic = (uint8_t)code[0],
	    .imd = (uint8_t)m->p.decile,
	};
	if (m->died != INT32_MAX) {
		p->death_day = hf_act_pop_day(m, m->died);
		p->death_place = (uint8_t)m->death_place;
	}
	hf_act_stream(m, 45);
	if (m->care_home)
		p->flags |= HF_POP_P_CARE_HOME;
	if (m->has & LTC_BIT(LTC_EFI_HOUSEBOUND))
		p->flags |= HF_POP_P_HOUSEBOUND;
	if (m->has & LTC_BIT(LTC_HOMELESS))
		p->flags |= HF_POP_P_HOMELESS;
	if (m->has & LTC_BIT(LTC_PALLIATIVE))
		p->flags |= HF_POP_P_PALLIATIVE;
	if (m->p.age >= 16 && !m->care_home && hf_rng_below(&m->rng, 1000) < 88)
		p->flags |= HF_POP_P_CARER;
	if (hf_rng_below(&m->rng, 1000) < 50)
		p->flags |= HF_POP_P_OBJECTS;
}

/* Registered before the window began: since some years, or birth. */
static uint16_t
since(struct making *m)
{
	int64_t day = m->a->first - 300 - (int64_t)hf_rng_below(&m->rng, 4000);

	if (m->from > 0)
		return hf_act_pop_day(m, m->from);
	if (m->died < 0)
		day += m->died;
	if (day < m->p.born)
		day = m->p.born;
	return (uint16_t)(day < HF_POP_DAY_ZERO ? 0 : day - HF_POP_DAY_ZERO);
}

static void
put_registrations(struct making *m)
{
	struct hf_synth_life *l = m->life;
	int days = (int)(m->a->last - m->a->first);
	uint16_t from = since(m);
	uint16_t to = m->to < days ? hf_act_pop_day(m, m->to) : HF_POP_NONE;

	/* Until the day of death itself. */
	if (m->died != INT32_MAX)
		to = (uint16_t)(hf_act_pop_day(m, m->died) + 1);
	l->n_reg = 0;
	if (m->before != 0) {
		l->reg[l->n_reg++] = (struct hf_pop_registration){
		    0, m->before, from, hf_act_pop_day(m, m->moved)};
		from = hf_act_pop_day(m, m->moved);
	}
	l->reg[l->n_reg++] = (struct hf_pop_registration){0, m->practice, from, to};
}

static void
put_conditions(struct making *m)
{
	struct hf_synth_life *l = m->life;
	int64_t last = m->a->first + m->to;

	l->n_cond = 0;
	hf_act_stream(m, 46);
	for (int i = 0; i < LTC_COUNT; i++) {
		int64_t back = 20 + (int64_t)(4.5 * 365 * hf_rng_exp(&m->rng));
		int64_t day = last - (i == LTC_PALLIATIVE ? back / 16 : back);

		if (!(m->has & LTC_BIT(i)))
			continue;
		if (day < m->p.born)
			day = m->p.born;
		l->cond[l->n_cond++] = (struct hf_pop_condition){
		    .code = (uint16_t)(i + 1),
		    .from =
			(uint16_t)(day < HF_POP_DAY_ZERO ? 0 : day - HF_POP_DAY_ZERO),
		    .to = HF_POP_NONE,
		};
	}
}

static void
put_key(struct making *m)
{
	const struct hf_synth_place *p = m->a->place;

	if (m->index < p->config.people && m->index < HF_SYNTH_MAX_PEOPLE)
		snprintf(m->life->key, sizeof(m->life->key), "%.*s",
			 HF_SV_ARG(hf_nhs_sv(&m->p.nhs)));
	else
		snprintf(m->life->key, sizeof(m->life->key), "generated-%llu-%lld",
			 (unsigned long long)p->config.seed, (long long)m->index);
}

enum hf_rc
hf_synth_activity_make(const struct hf_synth_activity *a, int64_t index,
		       struct hf_synth_life *life, struct hf_err *err)
{
	struct making m = {.a = a, .life = life, .index = index};

	assert(index >= 0 && index < hf_synth_activity_lives(a));
	life->n_event = life->n_value = life->n_dx = 0;
	life->failed = false;
	hf_act_person(&m);
	hf_act_need(&m);
	if (m.to > m.from) {
		hf_act_stays(&m);
		hf_act_contacts(&m);
		hf_act_care(&m);
		hf_act_prescribed(&m);
		hf_act_sort(&m);
	}
	put_person(&m);
	put_registrations(&m);
	put_conditions(&m);
	put_key(&m);
	if (life->failed)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for a life");
	return HF_OK;
}

void
hf_synth_life_free(struct hf_synth_life *life)
{
	free(life->event);
	free(life->value);
	free(life->dx);
	*life = (struct hf_synth_life){0};
}
