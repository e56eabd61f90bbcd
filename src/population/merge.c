/* merge.c - what stays is copied in runs, array by array; new events are set among a
 * person's by day. */
#include "population/merge.h"

#include <stdlib.h>

void
hf_pop_delta_free(struct hf_pop_delta *d)
{
	hf_pop_part_free(&d->part);
	free(d->whole);
	free(d->gone);
	*d = (struct hf_pop_delta){0};
}

/* Rows of the old columns, or (fresh) of the sorted part. */
struct run {
	uint64_t from, n;
	bool fresh;
};

struct runs {
	struct run *at;
	size_t n, room;
	bool failed;
};

static void
run_add(struct runs *r, uint64_t from, uint64_t to, bool fresh)
{
	struct run *last = r->n ? &r->at[r->n - 1] : NULL;

	if (from >= to || r->failed)
		return;
	if (last && last->fresh == fresh && last->from + last->n == from) {
		last->n += to - from;
		return;
	}
	if (r->n == r->room) {
		size_t room = r->room ? 2 * r->room : 256;
		void *at = realloc(r->at, room * sizeof(*r->at));

		if (!at) {
			r->failed = true;
			return;
		}
		r->at = at;
		r->room = room;
	}
	r->at[r->n++] = (struct run){from, to - from, fresh};
}

/* ---- events ---- */

struct walk {
	const struct hf_pop_columns *old;
	const struct hf_pop_delta *d;
	uint64_t at; /* next old event */
	size_t gone; /* next of d->gone */
	struct runs *runs;
};

/* Old events up to here, without those that are gone. */
static void
keep_until(struct walk *w, uint64_t to)
{
	while (w->gone < w->d->n_gone && w->d->gone[w->gone] < to) {
		run_add(w->runs, w->at, w->d->gone[w->gone], false);
		w->at = w->d->gone[w->gone++] + 1;
	}
	if (to > w->at) {
		run_add(w->runs, w->at, to, false);
		w->at = to;
	}
}

/* Behind the person's events of that day. */
static uint64_t
place_of(const struct hf_pop_columns *old, uint32_t person, uint16_t day)
{
	uint64_t lo, hi;

	if (person >= old->n_persons)
		return old->n_events;
	lo = old->ev_first[person];
	hi = old->ev_first[person + 1];
	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (old->ev.day[mid] <= day)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
plan_events(const struct hf_pop_columns *old, const struct hf_pop_delta *d,
	    struct runs *runs)
{
	const struct hf_pop_heap *h = &d->part.rows[HF_POP_ROWS_EVENT];
	const struct hf_pop_event *rows = (const void *)h->at;
	struct walk w = {.old = old, .d = d, .runs = runs};

	for (size_t k = 0; k < h->n_key; k++) {
		const struct hf_pop_event *e = &rows[h->key[k].row];

		keep_until(&w, place_of(old, e->person, e->day));
		run_add(runs, k, k + 1, true);
	}
	keep_until(&w, old->n_events);
}

static void
copy_events(const struct hf_pop_columns *old, const struct hf_pop_delta *d,
	    const struct runs *runs, struct hf_pop_columns *out)
{
	const struct hf_pop_heap *h = &d->part.rows[HF_POP_ROWS_EVENT];
	const struct hf_pop_event *rows = (const void *)h->at;
	uint64_t to = 0;

	for (size_t f = 0; f < hf_pop_n_event_fields; f++) {
		size_t at = hf_pop_event_fields[f].at,
		       size = hf_pop_event_fields[f].size;
		char *put = *(char **)(void *)((char *)&out->ev + at);
		const char *get =
		    *(char *const *)(const void *)((const char *)&old->ev + at);

		for (size_t r = 0; r < runs->n; r++) {
			if (!runs->at[r].fresh)
				memcpy(put, get + runs->at[r].from * size,
				       runs->at[r].n * size);
			put += runs->at[r].n * size;
		}
	}
	for (size_t r = 0; r < runs->n; to += runs->at[r++].n)
		for (uint64_t i = 0; runs->at[r].fresh && i < runs->at[r].n; i++) {
			struct hf_pop_event e = rows[h->key[runs->at[r].from + i].row];

			if (e.dx_more)
				e.dx_more += (uint32_t)old->n_dx_pool - 1;
			hf_pop_event_put(&out->ev, to + i, &e);
		}
}

static void
index_events(const struct hf_pop_columns *old, const struct hf_pop_delta *d,
	     struct hf_pop_columns *out)
{
	const struct hf_pop_heap *h = &d->part.rows[HF_POP_ROWS_EVENT];
	const struct hf_pop_event *rows = (const void *)h->at;
	size_t k = 0, g = 0;

	for (uint32_t p = 0; p <= d->n_persons; p++) {
		uint64_t first = p < old->n_persons ? old->ev_first[p] : old->n_events;

		while (k < h->n_key && rows[h->key[k].row].person < p)
			k++;
		while (g < d->n_gone && d->gone[g] < first)
			g++;
		out->ev_first[p] = first + k - g;
	}
}

/* ---- the other rows: of persons in whole from the part, of others as they were ----
 */

#define MERGE_ROWS(type, kind, field, ends)                                            \
	do {                                                                           \
		const struct hf_pop_heap *h = &d->part.rows[kind];                     \
		const type *rows = (const void *)h->at;                                \
		uint32_t to = 0;                                                       \
		size_t k = 0, w = 0;                                                   \
                                                                                       \
		for (uint32_t p = 0; p < d->n_persons; p++) {                          \
			out->ends[p] = to;                                             \
			if (w < d->n_whole && d->whole[w] == p) {                      \
				w++;                                                   \
				for (;                                                 \
				     k < h->n_key && rows[h->key[k].row].person == p;  \
				     k++)                                              \
					out->field[to++] = rows[h->key[k].row];        \
			} else if (p < old->n_persons) {                               \
				uint32_t n = old->ends[p + 1] - old->ends[p];          \
                                                                                       \
				memcpy(&out->field[to], &old->field[old->ends[p]],     \
				       n * sizeof(type));                              \
				to += n;                                               \
			}                                                              \
		}                                                                      \
		size.n[kind] = to;                                                     \
	} while (0)

static struct hf_pop_size
most(const struct hf_pop_columns *old, const struct hf_pop_delta *d)
{
	struct hf_pop_size s = {.pool = old->n_dx_pool};
	uint32_t n = old->n_persons;

	hf_pop_part_size(&d->part, &s);
	s.n[HF_POP_ROWS_PERSON] = d->n_persons;
	s.n[HF_POP_ROWS_EVENT] += old->n_events - d->n_gone;
	s.n[HF_POP_ROWS_REGISTRATION] += old->reg_first[n];
	s.n[HF_POP_ROWS_CONDITION] += old->cond_first[n];
	s.n[HF_POP_ROWS_VALUE] += old->value_first[n];
	return s;
}

enum hf_rc
hf_pop_merge(const struct hf_pop_columns *old, const struct hf_pop_delta *d,
	     struct hf_pop_columns *out, struct hf_err *err)
{
	const struct hf_pop_heap *about = &d->part.rows[HF_POP_ROWS_PERSON];
	const struct hf_pop_about *a = (const void *)about->at;
	struct hf_pop_size size = most(old, d);
	struct runs runs = {0};
	enum hf_rc rc;

	plan_events(old, d, &runs);
	rc = runs.failed ? hf_fail(err, HF_BUSY, NULL, "out of memory: try again")
			 : hf_pop_columns_make(out, &size, err);
	if (rc == HF_OK) {
		copy_events(old, d, &runs, out);
		index_events(old, d, out);
		memcpy(out->dx_pool, old->dx_pool, old->n_dx_pool * sizeof(uint16_t));
		if (d->part.n_pool > 1)
			memcpy(out->dx_pool + old->n_dx_pool, d->part.pool + 1,
			       (d->part.n_pool - 1) * sizeof(uint16_t));
		memcpy(out->persons, old->persons,
		       old->n_persons * sizeof(*old->persons));
		for (size_t i = 0; i < about->n_key; i++)
			out->persons[a[about->key[i].row].person] =
			    a[about->key[i].row].p;
		MERGE_ROWS(struct hf_pop_registration, HF_POP_ROWS_REGISTRATION, reg,
			   reg_first);
		MERGE_ROWS(struct hf_pop_condition, HF_POP_ROWS_CONDITION, cond,
			   cond_first);
		MERGE_ROWS(struct hf_pop_value, HF_POP_ROWS_VALUE, value, value_first);
		hf_pop_columns_close(out, &size);
	}
	free(runs.at);
	return rc;
}
