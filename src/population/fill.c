/* fill.c - the memory of columns, and sorted parts put into them. */
#include <stdlib.h>

#include "population/part.h"

#define F(field)                                                                       \
	{                                                                              \
		offsetof(struct hf_pop_events, field),                                 \
		    sizeof(*((struct hf_pop_events *)NULL)->field)                     \
	}

const struct hf_pop_field hf_pop_event_fields[] = {
    F(person),	   F(dx_more),	F(cost),     F(day),	   F(minute), F(los),
    F(end_minute), F(wait),	F(provider), F(specialty), F(hrg),    F(dx),
    F(proc),	   F(setting),	F(method),   F(cls),	   F(flags),  F(source),
    F(outcome),	   F(excluded), F(basis),
};
const size_t hf_pop_n_event_fields = HF_COUNT(hf_pop_event_fields);

static void **
array_of(struct hf_pop_columns *c, size_t field)
{
	return (void **)(void *)((char *)&c->ev + hf_pop_event_fields[field].at);
}

/* Pages that nobody writes to take no memory. */
static void *
some(uint64_t n, size_t size)
{
	return calloc((size_t)n + 1, size);
}

enum hf_rc
hf_pop_columns_make(struct hf_pop_columns *c, const struct hf_pop_size *size,
		    struct hf_err *err)
{
	uint64_t persons = size->n[HF_POP_ROWS_PERSON];
	bool good = true;

	*c = (struct hf_pop_columns){.n_persons = (uint32_t)persons,
				     .n_dx_pool = size->pool};
	for (size_t f = 0; f < hf_pop_n_event_fields; f++) {
		void **at = array_of(c, f);

		*at = some(size->n[HF_POP_ROWS_EVENT], hf_pop_event_fields[f].size);
		good &= *at != NULL;
	}
	c->persons = some(persons, sizeof(*c->persons));
	c->ev_first = some(persons, sizeof(*c->ev_first));
	c->reg = some(size->n[HF_POP_ROWS_REGISTRATION], sizeof(*c->reg));
	c->reg_first = some(persons, sizeof(*c->reg_first));
	c->cond = some(size->n[HF_POP_ROWS_CONDITION], sizeof(*c->cond));
	c->cond_first = some(persons, sizeof(*c->cond_first));
	c->value = some(size->n[HF_POP_ROWS_VALUE], sizeof(*c->value));
	c->value_first = some(persons, sizeof(*c->value_first));
	c->dx_pool = some(size->pool, sizeof(*c->dx_pool));
	if (!good || !c->persons || !c->ev_first || !c->reg || !c->reg_first ||
	    !c->cond || !c->cond_first || !c->value || !c->value_first || !c->dx_pool) {
		hf_pop_columns_clear(c);
		return hf_fail(err, HF_BUSY, NULL,
			       "not enough memory for the population: %llu events",
			       (unsigned long long)size->n[HF_POP_ROWS_EVENT]);
	}
	for (uint64_t p = 0; p < persons; p++)
		c->persons[p] = (struct hf_pop_person){.birth = INT16_MIN,
						       .death_day = HF_POP_NONE};
	return HF_OK;
}

void
hf_pop_columns_clear(struct hf_pop_columns *c)
{
	for (size_t f = 0; f < hf_pop_n_event_fields; f++)
		free(*array_of(c, f));
	free(c->persons);
	free(c->ev_first);
	free(c->reg);
	free(c->reg_first);
	free(c->cond);
	free(c->cond_first);
	free(c->value);
	free(c->value_first);
	free(c->dx_pool);
	for (size_t k = 0; k < HF_POP_KINDS; k++)
		free(c->dict[k].text);
	free(c->member);
	free(c->locality.text);
	free(c->locality_id);
	*c = (struct hf_pop_columns){0};
}

static void
cut(void **at, uint64_t n, size_t size)
{
	void *less = realloc(*at, ((size_t)n + 1) * size);

	if (less)
		*at = less;
}

void
hf_pop_columns_trim(struct hf_pop_columns *c, const struct hf_pop_size *size)
{
	for (size_t f = 0; f < hf_pop_n_event_fields; f++)
		cut(array_of(c, f), size->n[HF_POP_ROWS_EVENT],
		    hf_pop_event_fields[f].size);
	cut((void **)&c->reg, size->n[HF_POP_ROWS_REGISTRATION], sizeof(*c->reg));
	cut((void **)&c->cond, size->n[HF_POP_ROWS_CONDITION], sizeof(*c->cond));
	cut((void **)&c->value, size->n[HF_POP_ROWS_VALUE], sizeof(*c->value));
	cut((void **)&c->dx_pool, size->pool, sizeof(*c->dx_pool));
}

size_t
hf_pop_columns_bytes(const struct hf_pop_columns *c)
{
	size_t event = 0, n = c->n_persons;

	for (size_t f = 0; f < hf_pop_n_event_fields; f++)
		event += hf_pop_event_fields[f].size;
	return (size_t)c->n_events * event +
	       n * (sizeof(*c->persons) + sizeof(*c->ev_first) + 3 * sizeof(uint32_t)) +
	       c->reg_first[n] * sizeof(*c->reg) + c->cond_first[n] * sizeof(*c->cond) +
	       c->value_first[n] * sizeof(*c->value) + c->n_dx_pool * sizeof(uint16_t);
}

void
hf_pop_event_put(struct hf_pop_events *ev, uint64_t i, const struct hf_pop_event *e)
{
	ev->person[i] = e->person;
	ev->dx_more[i] = e->dx_more;
	ev->cost[i] = e->cost;
	ev->day[i] = e->day;
	ev->minute[i] = e->minute;
	ev->los[i] = e->los;
	ev->end_minute[i] = e->end_minute;
	ev->wait[i] = e->wait;
	ev->provider[i] = e->provider;
	ev->specialty[i] = e->specialty;
	ev->hrg[i] = e->hrg;
	ev->dx[i] = e->dx;
	ev->proc[i] = e->proc;
	ev->setting[i] = e->setting;
	ev->method[i] = e->method;
	ev->cls[i] = e->cls;
	ev->flags[i] = e->flags;
	ev->source[i] = e->source;
	ev->outcome[i] = e->outcome;
	ev->excluded[i] = e->excluded;
	ev->basis[i] = e->basis;
}

void
hf_pop_event_get(const struct hf_pop_events *ev, uint64_t i, struct hf_pop_event *out)
{
	*out = (struct hf_pop_event){
	    .person = ev->person[i],
	    .dx_more = ev->dx_more[i],
	    .cost = ev->cost[i],
	    .day = ev->day[i],
	    .minute = ev->minute[i],
	    .los = ev->los[i],
	    .end_minute = ev->end_minute[i],
	    .wait = ev->wait[i],
	    .provider = ev->provider[i],
	    .specialty = ev->specialty[i],
	    .hrg = ev->hrg[i],
	    .dx = ev->dx[i],
	    .proc = ev->proc[i],
	    .setting = ev->setting[i],
	    .method = ev->method[i],
	    .cls = ev->cls[i],
	    .flags = ev->flags[i],
	    .source = ev->source[i],
	    .outcome = ev->outcome[i],
	    .excluded = ev->excluded[i],
	    .basis = ev->basis[i],
	};
}

/* ---- putting a part ---- */

static void
put_events(const struct hf_pop_part *p, struct hf_pop_columns *c, uint32_t first,
	   uint32_t to, const struct hf_pop_size *at)
{
	const struct hf_pop_heap *h = &p->rows[HF_POP_ROWS_EVENT];
	const struct hf_pop_event *rows = (const void *)h->at;
	uint64_t i = at->n[HF_POP_ROWS_EVENT];
	uint32_t shift = (uint32_t)at->pool - 1, next = first;

	for (size_t k = 0; k < h->n_key; k++, i++) {
		struct hf_pop_event e = rows[h->key[k].row];

		for (; next <= e.person; next++)
			c->ev_first[next] = i;
		if (e.dx_more)
			e.dx_more += shift;
		hf_pop_event_put(&c->ev, i, &e);
	}
	for (; next < to; next++)
		c->ev_first[next] = i;
	if (p->n_pool > 1)
		memcpy(c->dx_pool + at->pool, p->pool + 1,
		       (p->n_pool - 1) * sizeof(*p->pool));
}

/* Rows that are kept as rows: to is where they go, ends where each person's begin. */
#define PUT_ROWS(type, kind, to_rows, ends)                                            \
	do {                                                                           \
		const struct hf_pop_heap *h = &p->rows[kind];                          \
		const type *rows = (const void *)h->at;                                \
		uint32_t i = (uint32_t)at->n[kind], next = first;                      \
                                                                                       \
		for (size_t k = 0; k < h->n_key; k++, i++) {                           \
			to_rows[i] = rows[h->key[k].row];                              \
			for (; next <= to_rows[i].person; next++)                      \
				ends[next] = i;                                        \
		}                                                                      \
		for (; next < to; next++)                                              \
			ends[next] = i;                                                \
	} while (0)

void
hf_pop_part_put(const struct hf_pop_part *p, struct hf_pop_columns *c, uint32_t first,
		uint32_t to, const struct hf_pop_size *at)
{
	const struct hf_pop_heap *about = &p->rows[HF_POP_ROWS_PERSON];
	const struct hf_pop_about *a = (const void *)about->at;

	for (size_t i = 0; i < about->n_key; i++)
		c->persons[a[about->key[i].row].person] = a[about->key[i].row].p;
	put_events(p, c, first, to, at);
	PUT_ROWS(struct hf_pop_registration, HF_POP_ROWS_REGISTRATION, c->reg,
		 c->reg_first);
	PUT_ROWS(struct hf_pop_condition, HF_POP_ROWS_CONDITION, c->cond,
		 c->cond_first);
	PUT_ROWS(struct hf_pop_value, HF_POP_ROWS_VALUE, c->value, c->value_first);
}

void
hf_pop_columns_close(struct hf_pop_columns *c, const struct hf_pop_size *size)
{
	c->n_events = size->n[HF_POP_ROWS_EVENT];
	c->n_dx_pool = size->pool;
	c->ev_first[c->n_persons] = c->n_events;
	c->reg_first[c->n_persons] = (uint32_t)size->n[HF_POP_ROWS_REGISTRATION];
	c->cond_first[c->n_persons] = (uint32_t)size->n[HF_POP_ROWS_CONDITION];
	c->value_first[c->n_persons] = (uint32_t)size->n[HF_POP_ROWS_VALUE];
	c->day_first = c->n_events ? c->ev.day[0] : 0;
	c->day_last = c->day_first;
	for (uint64_t i = 0; i < c->n_events; i++) {
		uint16_t day = c->ev.day[i];

		c->day_first = day < c->day_first ? day : c->day_first;
		c->day_last = day > c->day_last ? day : c->day_last;
	}
}
