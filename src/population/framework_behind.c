/* framework_behind.c - what a pass over the persons put into the cells of one area. */
#include "population/framework_plan.h"

#include <stdlib.h>

struct hf_pop_trace {
	size_t from, to; /* cells that are asked about */
	bool counted, full, many;
	struct hf_pop_behind *rows;
	size_t n, size;
};

bool
hf_pop_has_not(const struct hf_pop_measure *m)
{
	return m->scale == HF_POP_SHARE && m->of != HF_POP_OF_PERSONS;
}

static bool
grow(struct hf_pop_trace *t)
{
	size_t size = t->size ? 2 * t->size : 512;
	struct hf_pop_behind *rows = realloc(t->rows, size * sizeof *rows);

	t->full |= rows == NULL;
	if (!rows)
		return false;
	t->rows = rows;
	t->size = size;
	return true;
}

void
hf_pop_trace_add(struct hf_pop_trace *t, size_t cell, uint32_t person, uint64_t event,
		 uint16_t day, bool counted, int64_t amount)
{
	struct hf_pop_behind *last = t->n ? &t->rows[t->n - 1] : NULL;

	if (cell < t->from || cell >= t->to || counted != t->counted)
		return;
	/* Nights of one stay come in pieces, month by month. */
	if (last && event != HF_POP_NO_EVENT && last->event == event &&
	    last->person == person) {
		last->amount += amount;
		return;
	}
	if (t->n == HF_POP_BEHIND_MOST) {
		t->many = true;
		return;
	}
	if (t->n == t->size && !grow(t))
		return;
	t->rows[t->n++] = (struct hf_pop_behind){.event = event,
						 .amount = amount,
						 .person = person,
						 .day = day,
						 .counted = counted};
}

static int
order(const struct hf_pop_behind *x, const struct hf_pop_behind *y)
{
	if (x->day != y->day)
		return x->day > y->day ? -1 : 1;
	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	return (x->event > y->event) - (x->event < y->event);
}

static int
by_day(const void *a, const void *b)
{
	return order(a, b);
}

static int
by_amount(const void *a, const void *b)
{
	const struct hf_pop_behind *x = a, *y = b;

	if (x->amount != y->amount)
		return x->amount > y->amount ? -1 : 1;
	return order(x, y);
}

static bool
sums(const struct hf_pop_measure *m)
{
	return m->quantity != HF_POP_Q_EVENTS || m->of == HF_POP_OF_PERSONS;
}

enum hf_rc
hf_pop_behind(const struct hf_pop_plan *p, size_t measure, size_t area, bool counted,
	      struct hf_pop_behind **out, size_t *n, struct hf_err *err)
{
	const struct hf_pop_measure *m = &p->f->measures[measure];
	size_t strata = p->strata[measure], periods = p->n_periods;
	struct hf_pop_trace t = {.counted = counted};
	struct hf_pop_tally *tally = NULL;
	enum hf_rc rc;

	assert(p->ask.measures == UINT64_C(1) << measure && !p->ask.weight);
	t.from = p->offset[measure] + (area ? area : 1) * periods * strata;
	t.to = p->offset[measure] + (area ? area + 1 : p->n_areas) * periods * strata;
	rc = hf_pop_tally_new(p, &tally, err);
	if (rc == HF_OK) {
		tally->trace = &t;
		rc = hf_pop_tally_persons(p, tally, 0, p->c->n_persons, err);
	}
	hf_pop_tally_free(tally);
	if (rc == HF_OK && t.full)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for who is behind it");
	if (rc == HF_OK && t.many)
		rc = hf_fail(err, HF_COSTLY, "period",
			     "more than %d stand behind this figure: ask for a shorter "
			     "period or one area",
			     HF_POP_BEHIND_MOST);
	if (rc) {
		free(t.rows);
		return rc;
	}
	if (t.n)
		qsort(t.rows, t.n, sizeof *t.rows, sums(m) ? by_amount : by_day);
	*out = t.rows;
	*n = t.n;
	return HF_OK;
}

static size_t
add_titles(const struct hf_pop_plan *p, const struct hf_pop_select *s, uint64_t event,
	   const char **titles, size_t n, size_t most)
{
	for (size_t k = 0; k < s->n_codes; k++) {
		const struct hf_pop_code_test *c = &s->codes[k];
		uint64_t sets =
		    c->none
			? 0
			: c->sets & hf_pop_matcher_event(p->matchers[c->doc], event);

		for (; sets && n < most; sets &= sets - 1)
			titles[n++] =
			    p->f->docs[c->doc].sets[__builtin_ctzll(sets)].title;
	}
	return n;
}

size_t
hf_pop_behind_why(const struct hf_pop_plan *p, size_t measure, uint64_t event,
		  const char **titles, size_t most)
{
	const struct hf_pop_measure *m = &p->f->measures[measure];
	size_t n = add_titles(p, &m->base, event, titles, 0, most);

	return m->has_numerator ? add_titles(p, &m->numerator, event, titles, n, most)
				: n;
}
