/* story.c - what is true of a person, and the order in which their story is told. */
#include "synth/story.h"

static int
band_of(int age)
{
	return age < 18 ? 0 : age < 40 ? 1 : age < 65 ? 2 : age < 80 ? 3 : 4;
}

/* Who has what: chance by age, sex and how deprived the small area is. */
static void
draw_conditions(struct tale *t)
{
	int band = band_of(t->p->age);

	for (size_t i = 0; i < hf_n_conditions; i++) {
		const struct condition_row *c = &hf_condition_table[i];
		/* 1.0 for the middle of England; women is in percent of men's. */
		double share = c->chance[band] / 1000.0;
		double slope = 1 + c->slope / 100.0 * (5.5 - t->p->decile) / 9;
		double sex = 2.0 / (1 + c->women / 100.0);

		share *= t->p->female ? sex * c->women / 100.0 : sex;
		share *= slope;
		if (i == COND_DEMENTIA && t->p->house->kind == HOUSE_CARE_HOME)
			share *= 5;
		if (hf_rng_unit(&t->rng) >= share)
			continue;
		t->has[i] = true;
		t->n_conditions++;
		t->care |= c->care;
	}
	/* One kind of diabetes and one of dementia is enough. */
	if (t->has[COND_DIABETES_1])
		t->has[COND_DIABETES_2] = false;
	if (t->has[COND_DEMENTIA])
		t->has[COND_VASCULAR_DEMENTIA] = false;
}

static void
draw_body(struct tale *t)
{
	bool sugar = t->has[COND_DIABETES_1] || t->has[COND_DIABETES_2];
	int age = t->p->age, square, index;

	t->height = hf_draw_around(t, t->p->female ? 162 : 175, 7, 138, 204);
	/* In 100 g: a body mass index of about 27, or 31 with diabetes. */
	square = t->height * t->height;
	index = hf_draw_around(t, t->has[COND_DIABETES_2] ? 31 : 27, 5, 17, 48);
	t->weight = square * index / 1000;
	t->systolic = hf_draw_around(t, age < 16 ? 104 : 116 + age / 4, 9, 88, 178);
	if (t->has[COND_HYPERTENSION])
		t->systolic += 8;
	t->egfr =
	    hf_draw_around(t, t->has[COND_CKD_3] ? 46 : 112 - age / 2, 9, 18, 115);
	t->hba1c = hf_draw_around(t, sugar ? 59 : 37, sugar ? 11 : 3, 28, 120);
	t->smoking = hf_draw_chance(t, (uint32_t)(26 - 2 * t->p->decile)) ? SCT_SMOKER
		     : hf_draw_chance(t, age > 50 ? 42 : 18) ? SCT_EX_SMOKER
							     : SCT_NEVER_SMOKED;
	if (age < 18)
		t->smoking = SCT_NEVER_SMOKED;
	t->allergic_to_penicillin = hf_draw_chance(t, 6);
	t->allergic_to_aspirin = hf_draw_chance(t, 3);
	t->frailty = age < 50 ? 1 + t->n_conditions / 4
			      : hf_draw_around(t, (age - 44) / 10 + t->n_conditions / 3,
					       1, 1, 8);
	if (t->p->house->kind == HOUSE_CARE_HOME && t->frailty < 6)
		t->frailty = 6 + (int)hf_draw_below(t, 2);
}

void
hf_tale_begin(struct tale *t, const struct hf_synth_config *c, const struct person *p,
	      int years)
{
	hf_time born = DAYS(p->born), now = c->now;

	*t = (struct tale){.p = p};
	hf_rng_seed(&t->rng, c->seed, ((uint64_t)1 << 35) + (uint64_t)p->index);
	t->to = person_dead(p) ? DAYS(p->died) : now;
	t->from = t->to - DAYS(years * 365 + years / 4);
	/* The day after birth: a time zone must not put anything before it. */
	if (t->from < born + DAYS(1))
		t->from = born + DAYS(1);
	if (t->from > t->to)
		t->from = t->to;
	draw_conditions(t);
	draw_body(t);
}

void
hf_synth_make_story(struct out *o)
{
	const struct hf_synth_config *c = &o->place->config;
	bool rich = hf_synth_is_rich(o->place, o->person->index);
	int years = rich && c->years < 12 ? 12 : c->years;
	struct tale t;

	hf_tale_begin(&t, c, o->person, years);
	t.o = o;
	/* A newborn of today has no story yet. */
	if (t.to - t.from < DAYS(2))
		return;
	/* Stays in hospital first: nothing else happens meanwhile. */
	hf_tell_emergencies(&t);
	hf_tell_conditions(&t);
	hf_tell_practice(&t);
	hf_tell_vaccines(&t);
	hf_tell_outpatients(&t);
	hf_tell_community(&t);
	hf_tell_plans(&t);
	if (rich)
		hf_tell_rich(&t, (size_t)c->rich_resources);
}
