/* pop.c - a population in memory for tests. */
#include "support/pop.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"

/* A growing array of one type of row. */
struct rows {
	void *p;
	size_t n, size, each;
};

struct hf_test_pop {
	struct hf_pop_columns c;
	struct rows persons, events, regs, conds, values, members, pool;
	struct rows text[HF_POP_KINDS + 2]; /* and localities: names, ids */
};

static void *
add(struct rows *r, const void *row)
{
	if (r->n == r->size) {
		r->size = r->size ? r->size * 2 : 64;
		r->p = realloc(r->p, r->size * r->each);
		assert(r->p);
	}
	memcpy((char *)r->p + r->n * r->each, row, r->each);
	return (char *)r->p + r->n++ * r->each;
}

struct hf_test_pop *
hf_test_pop_new(void)
{
	struct hf_test_pop *p = calloc(1, sizeof *p);
	uint16_t none = 0;

	assert(p);
	p->persons.each = sizeof(struct hf_pop_person);
	p->events.each = sizeof(struct hf_pop_event);
	p->regs.each = sizeof(struct hf_pop_registration);
	p->conds.each = sizeof(struct hf_pop_condition);
	p->values.each = sizeof(struct hf_pop_value);
	p->members.each = sizeof(struct hf_pop_member);
	p->pool.each = sizeof(uint16_t);
	add(&p->pool, &none);
	for (size_t i = 0; i < HF_COUNT(p->text); i++) {
		p->text[i].each = sizeof(struct hf_sv);
		add(&p->text[i], &(struct hf_sv){strdup(""), 0});
	}
	return p;
}

static void
free_columns(struct hf_pop_columns *c)
{
	void *all[] = {
	    c->ev.person,   c->ev.dx_more,   c->ev.cost,       c->ev.day,
	    c->ev.minute,   c->ev.los,	     c->ev.end_minute, c->ev.wait,
	    c->ev.provider, c->ev.specialty, c->ev.hrg,	       c->ev.dx,
	    c->ev.proc,	    c->ev.setting,   c->ev.method,     c->ev.cls,
	    c->ev.flags,    c->ev.source,    c->ev.outcome,    c->ev.excluded,
	    c->ev.basis,    c->ev_first,     c->reg_first,     c->cond_first,
	    c->value_first};

	for (size_t i = 0; i < HF_COUNT(all); i++)
		free(all[i]);
	*c = (struct hf_pop_columns){0};
}

void
hf_test_pop_free(struct hf_test_pop *p)
{
	struct rows *all[] = {&p->persons, &p->events,	&p->regs, &p->conds,
			      &p->values,  &p->members, &p->pool};

	free_columns(&p->c);
	for (size_t i = 0; i < HF_COUNT(all); i++)
		free(all[i]->p);
	for (size_t i = 0; i < HF_COUNT(p->text); i++) {
		for (size_t k = 0; k < p->text[i].n; k++)
			free((char *)(uintptr_t)((struct hf_sv *)p->text[i].p)[k].p);
		free(p->text[i].p);
	}
	free(p);
}

static void
civil(const char *date, int *y, int *m, int *d)
{
	*d = 1;
	if (sscanf(date, "%d-%d-%d", y, m, d) < 2)
		abort();
}

uint16_t
hf_day_of(const char *date)
{
	int y, m, d;

	civil(date, &y, &m, &d);
	return (uint16_t)(hf_days_from_civil(y, m, d) - HF_POP_DAY_ZERO);
}

int16_t
hf_month_of(const char *date)
{
	int y, m, d;

	civil(date, &y, &m, &d);
	return (int16_t)((y - 1900) * 12 + m - 1);
}

static uint16_t
code_in(struct rows *r, const char *text)
{
	const struct hf_sv *t = r->p;

	for (size_t i = 0; i < r->n; i++)
		if (hf_sv_eq(t[i], hf_sv_from(text)))
			return (uint16_t)i;
	add(r, &(struct hf_sv){strdup(text), strlen(text)});
	return (uint16_t)(r->n - 1);
}

uint16_t
hf_test_code(struct hf_test_pop *p, enum hf_pop_kind kind, const char *text)
{
	return text ? code_in(&p->text[kind], text) : 0;
}

uint32_t
hf_test_person(struct hf_test_pop *p, struct hf_pop_person person)
{
	static const uint8_t none[HF_POP_PID];
	uint32_t n = (uint32_t)p->persons.n;

	if (memcmp(person.pid, none, sizeof none) == 0)
		for (size_t i = 0; i < 4; i++)
			person.pid[HF_POP_PID - 1 - i] = (uint8_t)((n + 1) >> (8 * i));
	add(&p->persons, &person);
	return n;
}

void
hf_test_event(struct hf_test_pop *p, struct hf_pop_event e, const char *dx,
	      const char *proc)
{
	struct hf_sv rest = hf_sv_from(dx ? dx : "");
	uint16_t more[HF_POP_DX_MOST], n = 0;

	e.proc = hf_test_code(p, HF_POP_PROC, proc);
	while (rest.n) {
		struct hf_sv one = hf_sv_cut(&rest, ' ');
		char text[12];

		snprintf(text, sizeof text, "%.*s", HF_SV_ARG(one));
		assert(n < HF_POP_DX_MOST);
		more[n++] = hf_test_code(p, HF_POP_ICD10, text);
	}
	if (n)
		e.dx = more[0];
	e.dx_more = 0;
	if (n > 1) {
		e.dx_more = (uint32_t)p->pool.n;
		more[0] = (uint16_t)(n - 1);
		for (size_t i = 0; i < n; i++)
			add(&p->pool, &more[i]);
	}
	add(&p->events, &e);
}

void
hf_test_registered(struct hf_test_pop *p, uint32_t person, const char *practice,
		   uint16_t from, uint16_t to)
{
	struct hf_pop_registration r = {
	    person, hf_test_code(p, HF_POP_PRACTICE, practice), from, to};

	add(&p->regs, &r);
}

void
hf_test_condition(struct hf_test_pop *p, uint32_t person, const char *code,
		  uint16_t from, uint16_t to)
{
	struct hf_pop_condition k = {person, hf_test_code(p, HF_POP_CONDITION, code),
				     from, to};

	add(&p->conds, &k);
}

void
hf_test_value(struct hf_test_pop *p, uint32_t person, const char *code, uint16_t day,
	      int32_t milli)
{
	struct hf_pop_value v = {person, hf_test_code(p, HF_POP_VALUE, code), day,
				 milli};

	add(&p->values, &v);
}

void
hf_test_locality(struct hf_test_pop *p, const char *practice, const char *id,
		 uint16_t from, uint16_t to)
{
	uint16_t at = code_in(&p->text[HF_POP_KINDS + 1], id);

	if (at == p->text[HF_POP_KINDS].n)
		code_in(&p->text[HF_POP_KINDS], id);
	add(&p->members, &(struct hf_pop_member){
			     hf_test_code(p, HF_POP_PRACTICE, practice), at, from, to});
}

static int
by(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
event_order(const void *a, const void *b)
{
	const struct hf_pop_event *x = a, *y = b;
	int r = by(x->person, y->person);

	if (r == 0)
		r = by(x->day, y->day);
	return r ? r : by(x->minute, y->minute);
}

static int
reg_order(const void *a, const void *b)
{
	const struct hf_pop_registration *x = a, *y = b;
	int r = by(x->person, y->person);

	return r ? r : by(x->from, y->from);
}

static int
cond_order(const void *a, const void *b)
{
	const struct hf_pop_condition *x = a, *y = b;
	int r = by(x->person, y->person);

	if (r == 0)
		r = by(x->code, y->code);
	return r ? r : by(x->from, y->from);
}

static int
value_order(const void *a, const void *b)
{
	const struct hf_pop_value *x = a, *y = b;
	int r = by(x->person, y->person);

	if (r == 0)
		r = by(x->code, y->code);
	return r ? r : by(x->day, y->day);
}

static int
member_order(const void *a, const void *b)
{
	const struct hf_pop_member *x = a, *y = b;
	int r = by(x->practice, y->practice);

	return r ? r : by(x->from, y->from);
}

/* Where each person's rows begin; rows start with the person's ordinal. */
static uint32_t *
firsts(const struct rows *r, uint32_t persons)
{
	uint32_t *first = calloc((size_t)persons + 1, sizeof *first);

	assert(first);
	for (size_t i = 0; i < r->n; i++) {
		uint32_t person;

		memcpy(&person, (char *)r->p + i * r->each, sizeof person);
		assert(person < persons);
		first[person + 1]++;
	}
	for (size_t i = 0; i < persons; i++)
		first[i + 1] += first[i];
	return first;
}

static void
sort(struct rows *r, int (*order)(const void *, const void *))
{
	if (r->n)
		qsort(r->p, r->n, r->each, order);
}

/* One field of the events, as an array of its own. */
#define COLUMN(field)                                                                  \
	do {                                                                           \
		c->ev.field = calloc(n + 1, sizeof *c->ev.field);                      \
		assert(c->ev.field);                                                   \
		for (size_t i = 0; i < n; i++)                                         \
			c->ev.field[i] = e[i].field;                                   \
	} while (0)

static void
columns_of_events(struct hf_test_pop *p)
{
	struct hf_pop_columns *c = &p->c;
	const struct hf_pop_event *e = p->events.p;
	size_t n = p->events.n;
	uint32_t *first = firsts(&p->events, c->n_persons);

	c->n_events = n;
	c->ev_first = calloc((size_t)c->n_persons + 1, sizeof *c->ev_first);
	assert(c->ev_first);
	for (size_t i = 0; i <= c->n_persons; i++)
		c->ev_first[i] = first[i];
	free(first);
	COLUMN(person);
	COLUMN(dx_more);
	COLUMN(cost);
	COLUMN(day);
	COLUMN(minute);
	COLUMN(los);
	COLUMN(end_minute);
	COLUMN(wait);
	COLUMN(provider);
	COLUMN(specialty);
	COLUMN(hrg);
	COLUMN(dx);
	COLUMN(proc);
	COLUMN(setting);
	COLUMN(method);
	COLUMN(cls);
	COLUMN(flags);
	COLUMN(source);
	COLUMN(outcome);
	COLUMN(excluded);
	COLUMN(basis);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || e[i].day < c->day_first)
			c->day_first = e[i].day;
		if (e[i].day > c->day_last)
			c->day_last = e[i].day;
	}
}

const struct hf_pop_columns *
hf_test_columns(struct hf_test_pop *p)
{
	struct hf_pop_columns *c = &p->c;

	free_columns(c);
	sort(&p->events, event_order);
	sort(&p->regs, reg_order);
	sort(&p->conds, cond_order);
	sort(&p->values, value_order);
	sort(&p->members, member_order);
	c->n_persons = (uint32_t)p->persons.n;
	c->persons = p->persons.p;
	columns_of_events(p);
	c->reg = p->regs.p;
	c->reg_first = firsts(&p->regs, c->n_persons);
	c->cond = p->conds.p;
	c->cond_first = firsts(&p->conds, c->n_persons);
	c->value = p->values.p;
	c->value_first = firsts(&p->values, c->n_persons);
	c->dx_pool = p->pool.p;
	c->n_dx_pool = p->pool.n;
	for (size_t i = 0; i < HF_POP_KINDS; i++)
		c->dict[i] = (struct hf_pop_dictionary){p->text[i].p, p->text[i].n};
	c->member = p->members.p;
	c->n_members = p->members.n;
	c->locality = (struct hf_pop_dictionary){p->text[HF_POP_KINDS].p,
						 p->text[HF_POP_KINDS].n};
	c->locality_id = p->text[HF_POP_KINDS + 1].p;
	c->version = 1;
	return c;
}
