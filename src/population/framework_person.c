/* framework_person.c - what is counted of a person and not of an event: time
 * registered, death, values, and who comes often. */
#include "population/framework_plan.h"

static uint8_t
stratum_of(const struct hf_pop_plan *p, uint8_t sex, int age)
{
	return age < 0 || age > HF_POP_AGE_MOST ? HF_POP_STRATA - 1
						: p->stratum[sex & 3][age];
}

static void
add_time(const struct hf_pop_plan *p, struct hf_pop_tally *t, uint32_t person,
	 const struct hf_pop_registration *r, uint16_t until)
{
	const struct hf_pop_person *who = &p->c->persons[person];
	uint32_t from = r->from < p->from ? p->from : r->from;
	uint32_t to = r->to == HF_POP_NONE || r->to > until ? until : r->to;

	while (from < to) {
		uint16_t step = p->step_of[from];
		const struct step *s = &p->steps[step];
		uint32_t end = s->to < to ? s->to : to;
		int age = hf_pop_plan_age(p, person, (uint16_t)from);
		uint8_t stratum = stratum_of(p, who->sex, age);
		uint16_t area;

		/* A practice that moves within the step is counted day by day. */
		if (p->ask.by <= HF_POP_BY_PRACTICE &&
		    p->area_of[r->practice * p->n_steps + step] == MIXED)
			end = from + 1;
		area =
		    hf_pop_plan_area(p, person, r->practice, (uint16_t)from, step, age);
		t->time[(area * p->n_periods + s->period) * HF_POP_STRATA + stratum] +=
		    t->weight * (end - from);
		from = end;
	}
}

static void
count_time(const struct hf_pop_plan *p, struct hf_pop_tally *t, uint32_t person)
{
	const struct hf_pop_columns *c = p->c;
	uint16_t until = p->to;
	uint32_t first = c->reg_first[person], last = c->reg_first[person + 1];

	if (c->persons[person].death_day < until)
		until = c->persons[person].death_day;
	/* Two registrations at once are one person: the later takes over. */
	for (uint32_t i = first; i < last; i++) {
		uint16_t end = until;

		if (i + 1 < last && c->reg[i + 1].from < end)
			end = c->reg[i + 1].from;
		add_time(p, t, person, &c->reg[i], end);
	}
}

/* The cell of a person on a day; SIZE_MAX outside the plan. */
static size_t
cell_on(const struct hf_pop_plan *p, size_t k, uint32_t person, uint16_t day, int age)
{
	uint16_t step = p->step_of[day];

	if (step == NO_STEP)
		return SIZE_MAX;
	return hf_pop_cell(p, k,
			   hf_pop_plan_area(p, person,
					    hf_pop_plan_practice(p, person, day), day,
					    step, age),
			   p->steps[step].period, 0);
}

static bool
of_age(const struct hf_pop_select *s, int age)
{
	return (s->age_from <= 0 && s->age_to >= HF_POP_AGE_MOST) ||
	       (age >= s->age_from && age <= s->age_to);
}

static void
count_death(const struct hf_pop_plan *p, struct hf_pop_tally *t, uint32_t person,
	    size_t k)
{
	const struct hf_pop_measure *m = &p->f->measures[k];
	const struct hf_pop_person *who = &p->c->persons[person];
	uint16_t day = who->death_day;
	int age = day == HF_POP_NONE ? -1 : hf_pop_plan_age(p, person, day);
	/* The practice ends the registration with the death: where they were before. */
	uint16_t before = day && day != HF_POP_NONE ? (uint16_t)(day - 1) : day;
	size_t cell;
	bool counted;

	if (day == HF_POP_NONE || p->step_of[day] == NO_STEP || !of_age(&m->base, age))
		return;
	cell = hf_pop_cell(p, k,
			   hf_pop_plan_area(p, person,
					    hf_pop_plan_practice(p, person, before),
					    day, p->step_of[day], age),
			   p->steps[p->step_of[day]].period, 0);
	/* Where somebody died and it is not known is neither. */
	if (m->places_of_death && who->death_place == HF_POP_O_UNKNOWN)
		return;
	t->den[cell] += t->weight;
	counted =
	    (!m->places_of_death || (m->places_of_death >> who->death_place & 1)) &&
	    (!m->often.at_least ||
	     hf_pop_count_often(p, &m->often, person, day) >= m->often.at_least);
	if (counted)
		t->num[cell] += t->weight;
	if (t->trace)
		hf_pop_trace_add(t->trace, cell, person, HF_POP_NO_EVENT, day, counted,
				 1);
}

/* The value less the first of the same code that was at most so many days before; false
 * when there is none: a change needs two. */
static bool
changed(const struct hf_pop_columns *c, uint32_t person, uint32_t at, uint16_t within,
	int32_t *milli)
{
	const struct hf_pop_value *v = &c->value[at];

	for (uint32_t i = c->value_first[person]; i < c->value_first[person + 1]; i++) {
		const struct hf_pop_value *x = &c->value[i];

		if (x->code == v->code && x->day < v->day &&
		    (uint32_t)x->day + within >= v->day) {
			*milli = v->milli - x->milli;
			return true;
		}
	}
	return false;
}

/* Values are of thousandths; a mean is counted in them, from -1,000,000 upwards. */
static bool
count_values(const struct hf_pop_plan *p, struct hf_pop_tally *t, uint32_t person,
	     size_t k)
{
	const struct hf_pop_measure *m = &p->f->measures[k];
	const struct hf_pop_columns *c = p->c;

	for (uint32_t i = c->value_first[person]; i < c->value_first[person + 1]; i++) {
		const struct hf_pop_value *v = &c->value[i];
		int32_t milli;
		int age;
		size_t cell;

		if (v->code != p->value_code[k] || v->code == 0)
			continue;
		age = hf_pop_plan_age(p, person, v->day);
		cell = cell_on(p, k, person, v->day, age);
		if (cell == SIZE_MAX || !of_age(&m->base, age))
			continue;
		milli = v->milli;
		if (m->change && !changed(c, person, i, m->change, &milli))
			continue;
		if (t->trace)
			hf_pop_trace_add(
			    t->trace, cell, person, HF_POP_NO_EVENT, v->day,
			    !m->has_value_range ||
				(milli >= m->value_from && milli <= m->value_to),
			    milli);
		if (m->scale == HF_POP_QUANTILE) {
			for (uint32_t w = 0; w < t->weight; w++)
				if (!hf_pop_sample_add(&t->samples[k],
						       (uint32_t)(cell - p->offset[k]),
						       milli < 0 ? 0 : (uint32_t)milli))
					return false;
			continue;
		}
		t->den[cell] += t->weight;
		t->sum[cell] += t->weight * (uint64_t)(int64_t)milli;
		t->squares[cell] += t->weight * (uint64_t)((int64_t)milli * milli);
		if (m->has_value_range && milli >= m->value_from &&
		    milli <= m->value_to)
			t->num[cell] += t->weight;
	}
	return true;
}

/* Who came often in the days up to the last of each period, of those registered then.
 * The days are found once; periods follow each other, so that two marks pass over them.
 */
static void
count_often(const struct hf_pop_plan *p, struct hf_pop_tally *t, uint32_t person,
	    size_t k)
{
	const struct hf_pop_measure *m = &p->f->measures[k];
	const struct hf_pop_columns *c = p->c;
	uint16_t days[OFTEN_DAYS];
	size_t n, first = 0, past = 0;

	if (c->ev_first[person + 1] - c->ev_first[person] < m->often.at_least)
		return;
	n = hf_pop_often_days(p, &m->often, person, days, OFTEN_DAYS);
	for (size_t i = 0; n >= m->often.at_least && i < p->n_periods; i++) {
		uint16_t day = (uint16_t)(p->period[i + 1] - 1);
		size_t cell;
		int age;

		while (past < n && days[past] <= day)
			past++;
		while (first < past && (uint32_t)days[first] + m->often.within <= day)
			first++;
		if (past - first < m->often.at_least)
			continue;
		age = hf_pop_plan_age(p, person, day);
		if (!of_age(&m->base, age) || c->persons[person].death_day <= day ||
		    hf_pop_plan_practice(p, person, day) == 0)
			continue;
		cell = cell_on(p, k, person, day, age);
		t->num[cell] += t->weight;
		if (t->trace)
			hf_pop_trace_add(t->trace, cell, person, HF_POP_NO_EVENT, day,
					 true, (int64_t)(past - first));
	}
}

enum hf_rc
hf_pop_tally_person(const struct hf_pop_plan *p, struct hf_pop_tally *t,
		    uint32_t person, struct hf_err *err)
{
	if (p->needs_time && p->ask.by != HF_POP_BY_PROVIDER)
		count_time(p, t, person);
	for (uint64_t of = p->deaths; of; of &= of - 1)
		count_death(p, t, person, (size_t)__builtin_ctzll(of));
	for (uint64_t of = p->persons; of; of &= of - 1)
		count_often(p, t, person, (size_t)__builtin_ctzll(of));
	for (uint64_t of = p->values; of; of &= of - 1)
		if (!count_values(p, t, person, (size_t)__builtin_ctzll(of)))
			return hf_fail(err, HF_TOO_LONG, NULL, "no memory to count in");
	return HF_OK;
}
