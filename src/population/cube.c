/* cube.c - sums, and what of them may be shown. */
#include "population/cube.h"

#include "base/time.h"

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the answer takes more memory than it may");
}

/* ---- months ---- */

static int32_t
month_of(uint16_t day)
{
	struct hf_civil c =
	    hf_civil_from_time(((int64_t)day + HF_POP_DAY_ZERO) * 86400000);

	return (c.year - 1990) * 12 + c.month - 1;
}

static enum hf_rc
make_months(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
	    struct hf_arena *arena, struct hf_pop_sums *s, struct hf_err *err)
{
	size_t days;

	s->day_from = ask->to ? ask->from : d->c->day_first;
	s->day_to = ask->to ? ask->to : (uint16_t)(d->c->day_last + 1);
	days = (size_t)(s->day_to - s->day_from);
	s->month = hf_arena_array(arena, days + 1, sizeof(*s->month));
	if (!s->month)
		return no_memory(err);
	s->first_month = month_of(s->day_from);
	s->months = 1;
	for (size_t i = 0; ask->monthly && i < days; i++) {
		int32_t m = month_of((uint16_t)(s->day_from + i)) - s->first_month;

		s->month[i] = (uint16_t)m;
		s->months = (size_t)m + 1;
	}
	if (s->months > HF_POP_MONTHS_MOST)
		return hf_fail(err, HF_TOO_LONG, "from",
			       "more than %d months are asked for", HF_POP_MONTHS_MOST);
	return HF_OK;
}

/* ---- sums ---- */

enum hf_rc
hf_pop_sums_make(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
		 struct hf_arena *arena, struct hf_pop_sums *out, struct hf_err *err)
{
	struct hf_pop_sums s = {.n_cells = 1};
	enum hf_rc rc = HF_OK;

	for (size_t b = 0; b < ask->n_by; b++)
		s.n_cells *= d->values[ask->by[b]];
	s.cell = hf_arena_array(arena, s.n_cells, sizeof(*s.cell));
	if (!s.cell)
		return no_memory(err);
	if (ask->settings) {
		s.rows = ask->n_by ? d->values[ask->by[0]] : 1;
		rc = make_months(d, ask, arena, &s, err);
		if (rc != HF_OK)
			return rc;
		s.n = hf_arena_array(arena, s.rows * s.months, sizeof(*s.n));
		s.cost = hf_arena_array(arena, s.rows * s.months, sizeof(*s.cost));
		if (!s.n || !s.cost)
			return no_memory(err);
	}
	*out = s;
	return HF_OK;
}

static void
add_events(const struct hf_pop_ask *ask, struct hf_pop_k_events *q,
	   struct hf_pop_sums *s, uint32_t from, uint32_t to)
{
	q->settings = ask->settings & ((1u << HF_POP_SETTINGS) - 1);
	for (unsigned k = 0; k < HF_POP_SETTINGS; k++) {
		if (!s->drawn[k] || !(ask->settings >> k & 1))
			continue;
		q->settings &= ~(1u << k);
		hf_pop_k_rows(q, s->drawn[k], from, to, s->n, s->cost);
	}
	if (q->settings)
		hf_pop_k_events(q, from, to, s->n, s->cost);
}

void
hf_pop_sums_add(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
		struct hf_pop_sums *s, uint32_t from, uint32_t to)
{
	const uint8_t *weight = ask->sdc == HF_POP_TRUE ? d->in : d->weight;

	hf_pop_k_group(d, weight, &ask->filters, ask->by, ask->n_by, from, to, s->cell);
	if (ask->histograms)
		hf_pop_k_histograms(d, weight, &ask->filters, from, to, s->hist);
	if (ask->settings) {
		struct hf_pop_k_events q = {
		    .c = d->c,
		    .d = d,
		    .weight = weight,
		    .f = &ask->filters,
		    .day_from = s->day_from,
		    .day_to = s->day_to,
		    .by = ask->n_by ? ask->by[0] : HF_POP_DIMS,
		    .month = s->month,
		    .months = s->months,
		};

		add_events(ask, &q, s, from, to);
	}
}

void
hf_pop_sums_merge(struct hf_pop_sums *s, const struct hf_pop_sums *other)
{
	for (size_t i = 0; i < s->n_cells; i++)
		s->cell[i] += other->cell[i];
	for (size_t k = 0; k < HF_POP_DIMS; k++)
		for (size_t v = 0; v < HF_POP_DIM_VALUES; v++)
			s->hist[k][v] += other->hist[k][v];
	for (size_t i = 0; i < s->rows * s->months; i++) {
		s->n[i] += other->n[i];
		s->cost[i] += other->cost[i];
	}
}

/* ---- answers ---- */

/* A table of rows by the last dimension's values: shown with its totals, which are then
 * not part of the answer but keep a hidden cell from being reckoned. */
static enum hf_rc
show_cells(const struct hf_pop_ask *ask, const int64_t *cell, size_t rows, size_t cols,
	   struct hf_arena *arena, struct hf_pop_shown **out, struct hf_err *err)
{
	*out = hf_arena_array(arena, (rows + 1) * (cols + 1), sizeof(**out));
	if (!*out)
		return no_memory(err);
	hf_pop_show_table(ask->sdc, cell, rows, cols, *out);
	return HF_OK;
}

static void
values_of(const struct hf_pop_dims *d, const struct hf_pop_ask *ask, size_t cell,
	  struct hf_pop_row *row)
{
	for (size_t b = ask->n_by; b-- > 0;) {
		row->value[b] = (uint8_t)(cell % d->values[ask->by[b]]);
		cell /= d->values[ask->by[b]];
	}
}

static enum hf_rc
answer_cells(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
	     const struct hf_pop_sums *s, struct hf_arena *arena,
	     struct hf_pop_answer *out, struct hf_err *err)
{
	int64_t *cell = hf_arena_array(arena, s->n_cells, sizeof(*cell));
	size_t cols = ask->n_by ? d->values[ask->by[ask->n_by - 1]] : 1;
	size_t rows = s->n_cells / cols;
	struct hf_pop_shown *shown;
	int64_t all = 0;
	enum hf_rc rc;

	out->rows = hf_arena_array(arena, s->n_cells, sizeof(*out->rows));
	if (!cell || !out->rows)
		return no_memory(err);
	for (size_t i = 0; i < s->n_cells; i++) {
		cell[i] = s->cell[i];
		all += cell[i];
	}
	out->persons = hf_pop_show(ask->sdc, all);
	rc = show_cells(ask, cell, rows, cols, arena, &shown, err);
	if (rc != HF_OK || ask->n_by == 0)
		return rc;
	out->persons = shown[rows * (cols + 1) + cols];
	for (size_t i = 0; i < s->n_cells; i++) {
		struct hf_pop_shown one = shown[i / cols * (cols + 1) + i % cols];

		if (one.n == 0 && !one.hidden)
			continue;
		values_of(d, ask, i, &out->rows[out->n_rows]);
		out->rows[out->n_rows++].n = one;
	}
	return HF_OK;
}

static enum hf_rc
answer_events(const struct hf_pop_ask *ask, const struct hf_pop_sums *s,
	      struct hf_arena *arena, struct hf_pop_answer *out, struct hf_err *err)
{
	size_t n = s->rows * s->months;
	int64_t *cell = hf_arena_array(arena, n, sizeof(*cell));
	struct hf_pop_shown *shown;
	enum hf_rc rc;

	out->events = hf_arena_array(arena, n, sizeof(*out->events));
	if (!cell || !out->events)
		return no_memory(err);
	for (size_t i = 0; i < n; i++)
		cell[i] = (int64_t)s->n[i];
	rc = show_cells(ask, cell, s->rows, s->months, arena, &shown, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		size_t m = i % s->months;
		struct hf_pop_event_row e = {
		    .value = (uint8_t)(i / s->months),
		    .month = ask->monthly ? s->first_month + (int32_t)m : -1,
		    .n = shown[i / s->months * (s->months + 1) + m],
		};

		if (e.n.n == 0 && !e.n.hidden)
			continue;
		e.has_cost = !e.n.hidden &&
			     hf_pop_show_cost(ask->sdc, cell[i], s->cost[i], &e.cost);
		out->events[out->n_events++] = e;
	}
	return rc;
}

static enum hf_rc
answer_histograms(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
		  const struct hf_pop_sums *s, struct hf_arena *arena,
		  struct hf_pop_answer *out, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (size_t k = 0; rc == HF_OK && k < HF_POP_DIMS; k++) {
		int64_t cell[HF_POP_DIM_VALUES];

		for (size_t v = 0; v < d->values[k]; v++)
			cell[v] = s->hist[k][v];
		rc = show_cells(ask, cell, 1, d->values[k], arena, &out->hist[k], err);
	}
	return rc;
}

enum hf_rc
hf_pop_answer(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
	      const struct hf_pop_sums *s, struct hf_arena *arena,
	      struct hf_pop_answer *out, struct hf_err *err)
{
	struct hf_pop_answer a = {0};
	enum hf_rc rc = answer_cells(d, ask, s, arena, &a, err);

	if (rc == HF_OK && ask->settings)
		rc = answer_events(ask, s, arena, &a, err);
	if (rc == HF_OK && ask->histograms)
		rc = answer_histograms(d, ask, s, arena, &a, err);
	if (rc == HF_OK)
		*out = a;
	return rc;
}
