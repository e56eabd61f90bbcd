/* framework_tally.c - the pass over persons and their events. */
#include "population/framework_plan.h"

#include <stdlib.h>

enum hf_rc
hf_pop_tally_new(const struct hf_pop_plan *p, struct hf_pop_tally **out,
		 struct hf_err *err)
{
	struct hf_pop_tally *t = calloc(1, sizeof *t);
	size_t cells = p->cells ? p->cells : 1;

	if (t) {
		t->num = calloc(cells, sizeof *t->num);
		t->den = calloc(cells, sizeof *t->den);
		t->squares = calloc(cells, sizeof *t->squares);
		t->sum = calloc(cells, sizeof *t->sum);
		t->time =
		    calloc(p->n_areas * p->n_periods * HF_POP_STRATA, sizeof *t->time);
		t->seen = calloc(DAYS, sizeof *t->seen);
	}
	if (!t || !t->num || !t->den || !t->squares || !t->sum || !t->time ||
	    !t->seen) {
		hf_pop_tally_free(t);
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory to count in");
	}
	*out = t;
	return HF_OK;
}

void
hf_pop_tally_free(struct hf_pop_tally *t)
{
	if (!t)
		return;
	for (size_t k = 0; k < HF_POP_MEASURES; k++) {
		free(t->samples[k].cell);
		free(t->samples[k].value);
		free(t->sample_first[k]);
		free(t->all_num[k]);
		free(t->all_den[k]);
	}
	free(t->num);
	free(t->den);
	free(t->squares);
	free(t->sum);
	free(t->time);
	free(t->seen);
	free(t->received);
	free(t->known);
	free(t->all);
	free(t);
}

/* One event on the way to its cells. */
struct count {
	const struct hf_pop_plan *p;
	struct hf_pop_tally *t;
	struct look look;
	uint32_t person;
	uint16_t practice, practice_day; /* looked up for that day */
	bool full;
	/* Of a rate: how many events this person had in the last cell, so that f * f
	 * can grow by 2f + 1. */
	struct {
		size_t cell;
		uint32_t person, f;
	} last[HF_POP_MEASURES];
};

static uint16_t
area_on(struct count *c, uint16_t day, uint16_t step, int age)
{
	if (c->p->ask.by == HF_POP_BY_PROVIDER)
		return c->p->c->ev.provider[c->look.event];
	if (c->practice_day != day) {
		c->practice = hf_pop_plan_practice(c->p, c->person, day);
		c->practice_day = day;
	}
	return hf_pop_plan_area(c->p, c->person, c->practice, day, step, age);
}

static uint8_t
stratum(const struct count *c, int age)
{
	return hf_pop_stratum((enum hf_pop_sex)c->p->c->persons[c->person].sex, age);
}

/* What the event is like, where its share is standardised by that. */
static uint16_t
kind_of(const struct count *c, const struct hf_pop_measure *m)
{
	const struct hf_pop_events *ev = &c->p->c->ev;
	uint64_t e = c->look.event;

	if (!m->indirect)
		return stratum(c, c->look.age);
	return hf_pop_indirect((enum hf_pop_sex)c->p->c->persons[c->person].sex,
			       c->look.age, HF_POP_EMERGENCY >> ev->method[e] & 1,
			       c->p->chapter[ev->dx[e]]);
}

/* Nights of a stay, each to the period it lies in (population.md 1.1). */
static void
add_nights(struct count *c, size_t k)
{
	const struct hf_pop_plan *p = c->p;
	uint64_t e = c->look.event;
	uint32_t from = p->c->ev.day[e], to = from + p->c->ev.los[e];
	size_t last = SIZE_MAX;

	from = from < p->from ? p->from : from;
	to = to > p->to ? p->to : to;
	while (from < to) {
		uint16_t step = p->step_of[from];
		uint32_t until = p->steps[step].to < to ? p->steps[step].to : to;
		int age = hf_pop_plan_age(p, c->person, (uint16_t)from);
		uint16_t area = area_on(c, (uint16_t)from, step, age);

		size_t cell =
		    hf_pop_cell(p, k, area, p->steps[step].period, stratum(c, age));

		c->t->num[cell] += c->t->weight * (until - from);
		/* Nights have no squares: there, how many stays they are of. */
		if (cell != last)
			c->t->squares[cell] += c->t->weight;
		last = cell;
		if (c->t->trace)
			hf_pop_trace_add(c->t->trace, cell, c->person, e,
					 p->c->ev.day[e], true, until - from);
		from = until;
	}
}

static void
trace_event(struct count *c, const struct hf_pop_measure *m, size_t cell, bool counted,
	    int64_t amount)
{
	const struct hf_pop_events *ev = &c->p->c->ev;
	uint64_t e = c->look.event;

	hf_pop_trace_add(c->t->trace, cell, c->person, e,
			 (uint16_t)(ev->day[e] + (m->by_end ? ev->los[e] : 0)), counted,
			 amount);
}

static void
add_amount(struct count *c, const struct hf_pop_measure *m, size_t k, size_t cell)
{
	const struct hf_pop_events *ev = &c->p->c->ev;
	uint32_t x = m->quantity == HF_POP_Q_WAIT ? ev->wait[c->look.event]
						  : ev->los[c->look.event];

	if (x == HF_POP_NONE)
		return;
	if (c->t->trace)
		trace_event(c, m, cell, true, x);
	if (m->scale == HF_POP_QUANTILE) {
		for (uint32_t w = 0; w < c->t->weight; w++)
			c->full |= !hf_pop_sample_add(
			    &c->t->samples[k], (uint32_t)(cell - c->p->offset[k]), x);
		return;
	}
	c->t->den[cell] += c->t->weight;
	c->t->sum[cell] += (uint64_t)c->t->weight * x;
	c->t->squares[cell] += (uint64_t)c->t->weight * x * x;
}

static void
add_event(struct count *c, size_t k, size_t cell)
{
	c->t->num[cell] += c->t->weight;
	if (c->last[k].cell != cell || c->last[k].person != c->person) {
		c->last[k].cell = cell;
		c->last[k].person = c->person;
		c->last[k].f = 0;
	}
	c->t->squares[cell] += (uint64_t)c->t->weight * (2 * c->last[k].f++ + 1);
}

static bool
excluded(const struct hf_pop_measure *m, struct look *l)
{
	for (size_t i = 0; i < m->n_exclusions; i++)
		if (hf_pop_selects(&m->exclusions[i].event, l, false))
			return true;
	return false;
}

bool
hf_pop_counts(const struct hf_pop_measure *m, struct look *l)
{
	return hf_pop_selects(&m->base, l, false) && !excluded(m, l);
}

static void
count_event(struct count *c, size_t k)
{
	const struct hf_pop_plan *p = c->p;
	const struct hf_pop_measure *m = &p->f->measures[k];
	const struct hf_pop_events *ev = &p->c->ev;
	uint64_t e = c->look.event;
	uint32_t day = ev->day[e] + (m->by_end ? (uint32_t)ev->los[e] : 0);
	uint16_t step;
	size_t cell;
	int linked;
	bool counted;

	if (m->quantity != HF_POP_Q_BED_DAYS && (day < p->from || day >= p->to))
		return;
	if (m->quantity == HF_POP_Q_BED_DAYS &&
	    (ev->day[e] >= p->to || (uint32_t)ev->day[e] + ev->los[e] <= p->from))
		return;
	/* A stay that is not over has no discharge yet. */
	if (m->by_end && (ev->flags[e] & HF_POP_F_OPEN))
		return;
	if (!hf_pop_selects(&m->base, &c->look, true) || excluded(m, &c->look))
		return;
	if (m->quantity == HF_POP_Q_BED_DAYS) {
		add_nights(c, k);
		return;
	}
	step = p->step_of[day];
	cell = hf_pop_cell(p, k, area_on(c, (uint16_t)day, step, c->look.age),
			   p->steps[step].period, kind_of(c, m));
	if (m->scale == HF_POP_MEAN || m->scale == HF_POP_QUANTILE) {
		add_amount(c, m, k, cell);
		return;
	}
	linked = m->has_numerator ? hf_pop_linked(p, m, e) : 1;
	if (linked < 0)
		return;
	if (m->scale == HF_POP_SHARE)
		c->t->den[cell] += c->t->weight;
	counted = linked &&
		  (!m->has_numerator || hf_pop_selects(&m->numerator, &c->look, false));
	if (counted)
		add_event(c, k, cell);
	if (c->t->trace && (counted || m->scale == HF_POP_SHARE))
		trace_event(c, m, cell, counted, 1);
}

/* The events of one person. */
static void
count_events(struct count *c, uint64_t from, uint64_t to)
{
	const struct hf_pop_plan *p = c->p;
	const struct hf_pop_events *ev = &p->c->ev;

	c->practice_day = HF_POP_NONE;
	for (uint64_t e = from; e < to; e++) {
		uint8_t setting = ev->setting[e];
		uint64_t of = p->of_setting[setting];

		c->t->seen[ev->day[e]] |= UINT32_C(1) << setting;
		if (!of)
			continue;
		of = p->candidates[setting][ev->method[e]][ev->cls[e] & (CLASSES - 1)];
		if (!of)
			continue;
		c->look.event = e;
		c->look.have = 0;
		c->look.age = hf_pop_plan_age(p, c->person, ev->day[e]);
		for (; of; of &= of - 1)
			count_event(c, (size_t)__builtin_ctzll(of));
	}
}

enum hf_rc
hf_pop_tally_persons(const struct hf_pop_plan *p, struct hf_pop_tally *t, uint32_t from,
		     uint32_t to, struct hf_err *err)
{
	struct count *c = calloc(1, sizeof *c);
	enum hf_rc rc = HF_OK;

	if (!c)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory to count with");
	c->p = p;
	c->t = t;
	c->look.plan = p;
	for (size_t k = 0; k < HF_POP_MEASURES; k++)
		c->last[k].cell = SIZE_MAX;
	for (uint32_t i = from; i < to && rc == HF_OK; i++) {
		if (p->ask.only && !(p->ask.only[i / 64] >> (i % 64) & 1))
			continue;
		t->weight = p->ask.weight ? p->ask.weight[i] : 1;
		c->person = i;
		rc = hf_pop_tally_person(p, t, i, err);
		count_events(c, p->c->ev_first[i], p->c->ev_first[i + 1]);
	}
	if (rc == HF_OK && c->full)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory to count in");
	free(c);
	return rc;
}

enum hf_rc
hf_pop_tally_add(const struct hf_pop_plan *p, struct hf_pop_tally *t,
		 const struct hf_pop_tally *other, struct hf_err *err)
{
	for (size_t i = 0; i < p->cells; i++) {
		t->num[i] += other->num[i];
		t->den[i] += other->den[i];
		t->squares[i] += other->squares[i];
		t->sum[i] += other->sum[i];
	}
	for (size_t i = 0; i < p->n_areas * p->n_periods * HF_POP_STRATA; i++)
		t->time[i] += other->time[i];
	for (size_t i = 0; i < DAYS; i++)
		t->seen[i] |= other->seen[i];
	for (size_t k = 0; k < p->f->n; k++)
		for (size_t i = 0; i < other->samples[k].n; i++)
			if (!hf_pop_sample_add(&t->samples[k],
					       other->samples[k].cell[i],
					       other->samples[k].value[i]))
				return hf_fail(err, HF_TOO_LONG, NULL,
					       "no memory to count in");
	return HF_OK;
}

/* A setting of which nothing came in the whole months that a period touches was not
 * received; a day or an area without any had none. */
static void
set_received(const struct hf_pop_plan *p, struct hf_pop_tally *t)
{
	for (size_t i = 0; i < p->n_periods; i++) {
		uint32_t from = p->period[i], to = p->period[i + 1];

		while (from > 0 && p->month_of[from - 1] == p->month_of[p->period[i]])
			from--;
		while (to < DAYS &&
		       p->month_of[to] == p->month_of[p->period[i + 1] - 1])
			to++;
		for (uint32_t day = from; day < to; day++)
			t->received[i] |= t->seen[day];
	}
}

/* How much of what was counted belongs to an area. */
static void
set_known(const struct hf_pop_plan *p, struct hf_pop_tally *t, size_t k)
{
	for (size_t i = 0; i < p->n_periods; i++)
		for (size_t a = 0; a < p->n_areas; a++)
			for (uint16_t s = 0; s < p->strata[k]; s++) {
				size_t cell = hf_pop_cell(p, k, a, i, s);
				uint64_t n = (uint64_t)t->num[cell] + t->den[cell];

				t->all[k * p->n_periods + i] += n;
				t->known[k * p->n_periods + i] += a ? n : 0;
			}
}

/* All areas together: what each of them is standardised to. */
static bool
set_all(const struct hf_pop_plan *p, struct hf_pop_tally *t, size_t k)
{
	size_t n = p->n_periods * p->strata[k];

	if (n == 0)
		n = 1;
	t->all_num[k] = calloc(n, sizeof *t->all_num[k]);
	t->all_den[k] = calloc(n, sizeof *t->all_den[k]);
	if (!t->all_num[k] || !t->all_den[k])
		return false;
	for (size_t a = 1; a < p->n_areas; a++)
		for (size_t i = 0; i < p->n_periods; i++)
			for (uint16_t s = 0; s < p->strata[k]; s++) {
				size_t cell = hf_pop_cell(p, k, a, i, s);

				t->all_num[k][i * p->strata[k] + s] += t->num[cell];
				t->all_den[k][i * p->strata[k] + s] += t->den[cell];
			}
	return true;
}

enum hf_rc
hf_pop_tally_done(const struct hf_pop_plan *p, struct hf_pop_tally *t,
		  struct hf_err *err)
{
	size_t cells = p->n_areas * p->n_periods;

	t->received = calloc(p->n_periods, sizeof *t->received);
	t->known = calloc(p->n_periods * HF_POP_MEASURES, sizeof *t->known);
	t->all = calloc(p->n_periods * HF_POP_MEASURES, sizeof *t->all);
	if (!t->received || !t->known || !t->all)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory to count in");
	set_received(p, t);
	for (size_t k = 0; k < p->f->n; k++) {
		if (!(p->ask.measures >> k & 1))
			continue;
		set_known(p, t, k);
		if (p->f->measures[k].indirect && !set_all(p, t, k))
			return hf_fail(err, HF_TOO_LONG, NULL, "no memory to count in");
		if (p->f->measures[k].scale == HF_POP_QUANTILE &&
		    !hf_pop_samples_sort(&t->samples[k], cells, &t->sample_first[k]))
			return hf_fail(err, HF_TOO_LONG, NULL, "no memory to count in");
	}
	return HF_OK;
}
