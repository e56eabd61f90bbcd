/* ref_places.c - places of services: as a list tells them, or as is published of an
 * organisation. */
#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "population/framework_count.h"
#include "population/io/bench_kept.h"
#include "population/io/ref_kept.h"

enum { PLACES_MOST = 4096 };

struct work {
	struct hf_reader *reader;
	struct hf_arena *arena;
	struct hf_pop_places *items;
	size_t n;
};

/* The day of "2026-04-01"; HF_POP_NONE when it is empty. */
static uint16_t
day_of(struct hf_sv text)
{
	struct hf_date d;
	int64_t day;

	if (text.n == 0 || !hf_date_parse(text, false, &d))
		return HF_POP_NONE;
	day = hf_london_day(d.lo) - HF_POP_DAY_ZERO;
	return day < 0 ? 0 : day >= HF_POP_NONE ? HF_POP_NONE : (uint16_t)day;
}

static void
add(struct work *w, const struct hf_pop_places *p)
{
	if (w->n < PLACES_MOST && p->to > p->from)
		w->items[w->n++] = *p;
}

static double
people_of(const struct hf_bench_value *v, size_t n, const struct hf_bench_value *month)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(v[i].org, month->org) && v[i].from == month->from)
			return v[i].den;
	return NAN;
}

/* Places per 100,000 people of an organisation: figures SERVICE-places and the whole of
 * SERVICE-census. */
static enum hf_rc
add_published(struct work *w, struct hf_pop_places of, struct hf_sv org,
	      struct hf_err *err)
{
	struct hf_bench_value *places, *census;
	size_t n, m, last = SIZE_MAX;
	enum hf_rc rc = hf_bench_values(
	    w->reader, hf_arena_printf(w->arena, "%.*s-places", HF_SV_ARG(of.service)),
	    w->arena, &places, &n, err);

	if (rc == HF_OK)
		rc = hf_bench_values(
		    w->reader,
		    hf_arena_printf(w->arena, "%.*s-census", HF_SV_ARG(of.service)),
		    w->arena, &census, &m, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		struct hf_pop_places p = of;
		double people = people_of(census, m, &places[i]);

		if (!hf_sv_eq(places[i].org, org) || !(people > 0) ||
		    isnan(places[i].num) || places[i].from >= of.to ||
		    places[i].to <= of.from)
			continue;
		p.from = places[i].from > of.from ? places[i].from : of.from;
		p.to = places[i].to < of.to ? places[i].to : of.to;
		p.per_100000 = places[i].num / people * 100000;
		p.source = hf_arena_printf(
		    w->arena, "%.*s of %.*s, file %lld of figures",
		    HF_SV_ARG(of.source), HF_SV_ARG(org), (long long)places[i].feed);
		/* Until there is a newer one it goes on. */
		if (last != SIZE_MAX && w->items[last].to < p.from)
			w->items[last].to = p.from;
		last = w->n;
		add(w, &p);
	}
	if (rc == HF_OK && last != SIZE_MAX && last < w->n)
		w->items[last].to = of.to;
	return rc;
}

static int
by_service(const void *a, const void *b)
{
	const struct hf_pop_places *x = a, *y = b;
	int c = hf_sv_cmp(x->service, y->service);

	return c ? c : (x->from > y->from) - (x->from < y->from);
}

static enum hf_rc
add_list(struct work *w, const struct hf_ref_now *list, struct hf_err *err)
{
	struct hf_sv rest = list->body;
	struct hf_ref_entry e;
	enum hf_rc rc = HF_OK;

	while (rc == HF_OK && hf_ref_line(&rest, &e)) {
		struct hf_pop_places p = {.places = NAN, .per_100000 = NAN};
		struct hf_sv from = e.key;
		int64_t places;

		p.service = hf_sv_cut(&from, '@');
		p.from = day_of(from);
		p.to = day_of(e.more);
		if (p.to != HF_POP_NONE)
			p.to++; /* the last day counts */
		p.source = hf_arena_printf(w->arena, "list %lld", (long long)list->id);
		if (hf_sv_int(e.value, &places)) {
			p.places = (double)places;
			add(w, &p);
		} else {
			rc = add_published(w, p, e.value, err);
		}
	}
	return rc;
}

enum hf_rc
hf_ref_capacity(struct hf_reader *reader, struct hf_arena *arena,
		struct hf_pop_places **out, size_t *n, struct hf_err *err)
{
	struct work w = {.reader = reader, .arena = arena};
	struct hf_ref_now *lists;
	size_t n_lists;
	enum hf_rc rc =
	    hf_ref_now(reader, HF_REF_CAPACITY, arena, &lists, &n_lists, err);

	*n = 0;
	*out = NULL;
	if (rc != HF_OK || n_lists == 0)
		return rc;
	w.items = hf_arena_array(arena, PLACES_MOST, sizeof *w.items);
	if (!w.items)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for places");
	for (size_t i = 0; rc == HF_OK && i < n_lists; i++)
		rc = add_list(&w, &lists[i], err);
	qsort(w.items, w.n, sizeof *w.items, by_service);
	for (size_t i = 0; i + 1 < w.n; i++)
		if (hf_sv_eq(w.items[i].service, w.items[i + 1].service) &&
		    w.items[i].to > w.items[i + 1].from)
			w.items[i].to = w.items[i + 1].from;
	*out = w.items;
	*n = w.n;
	return rc;
}
