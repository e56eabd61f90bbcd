/* search_walk.c - candidates fetched bit by bit: along index ranges, in the order of
 * a date, or by looking at every resource within a bound. */
#include "record/io/search_int.h"
#include "base/io/clock.h"

enum { FIRST_CHUNK = 256, SCAN_CHUNK = 2000 };

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the search needs too much memory; narrow it");
}

bool
hf_search_push(struct hf_arena *arena, struct hf_cands *c, hf_rid rid, uint32_t version)
{
	if (!hf_search_grow(arena, (void **)&c->items, c->n, &c->size,
			    sizeof *c->items))
		return false;
	c->items[c->n++] = (struct hf_cand){rid, version};
	return true;
}

/* ---- along index ranges ---- */

static enum hf_rc
more_index(struct hf_reader *reader, size_t max, struct hf_arena *arena,
	   struct hf_cands *c, struct hf_err *err)
{
	struct hf_walk *w = &c->walk;
	size_t got = 0;

	while (got < max && w->at < w->n_ranges) {
		const struct hf_range *r = &w->ranges[w->at];
		int64_t *values;
		hf_rid *rids;
		size_t n = 0;
		enum hf_rc rc = HF_OK;

		if (r->lo <= r->hi)
			rc = hf_store_index(reader, r->slot, r->lo, r->hi, false,
					    w->started ? w->after_value : r->lo,
					    w->started ? w->after : 0, max - got, arena,
					    &values, &rids, &n, err);
		if (rc != HF_OK)
			return rc;
		for (size_t i = 0; i < n; i++)
			if (!hf_search_push(arena, c, rids[i], 0))
				return no_room(err);
		if (n < max - got) {
			w->at++;
			w->started = false;
		} else {
			w->started = true;
			w->after_value = values[n - 1];
			w->after = rids[n - 1];
		}
		got += n;
	}
	w->done = w->at == w->n_ranges;
	return HF_OK;
}

/* ---- in the order of a date ---- */

/* Whether the long value comes before a short one of this start and rid. */
static bool
is_before(const struct hf_walk *w, const struct hf_long *l, int64_t value, hf_rid rid)
{
	if (l->lo != value)
		return w->desc ? l->lo > value : l->lo < value;
	return w->desc ? l->rid > rid : l->rid < rid;
}

static bool
push_longs(struct hf_arena *arena, struct hf_cands *c, bool all, int64_t value,
	   hf_rid rid)
{
	struct hf_walk *w = &c->walk;

	while (w->at_long < w->n_longs &&
	       (all || is_before(w, &w->longs[w->at_long], value, rid)))
		if (!hf_search_push(arena, c, w->longs[w->at_long++].rid, 0))
			return false;
	return true;
}

/* All that have a value were given: those without are looked for, or it is done. */
static void
end_sorted(struct hf_walk *w)
{
	w->done = !w->tail;
	if (w->done)
		return;
	w->sorted = false;
	w->source = HF_SOURCE_SCAN;
	w->after = 0;
}

static enum hf_rc
more_sorted(struct hf_reader *reader, size_t max, struct hf_arena *arena,
	    struct hf_cands *c, struct hf_err *err)
{
	struct hf_walk *w = &c->walk;
	const struct hf_range *r = &w->ranges[0];
	int64_t *values;
	hf_rid *rids;
	size_t n = 0;
	bool ok = true;
	enum hf_rc rc = HF_OK;

	if (!w->started) {
		w->after_value = w->desc ? r->hi : r->lo;
		w->after = w->desc ? INT64_MAX : 0;
		w->started = true;
	}
	if (r->lo <= r->hi)
		rc = hf_store_index(reader, r->slot, r->lo, r->hi, w->desc,
				    w->after_value, w->after, max, arena, &values,
				    &rids, &n, err);
	if (rc != HF_OK)
		return rc;
	for (size_t i = 0; i < n && ok; i++)
		ok = push_longs(arena, c, false, values[i], rids[i]) &&
		     hf_search_push(arena, c, rids[i], 0);
	if (ok && n == max) {
		w->after_value = values[n - 1];
		w->after = rids[n - 1];
	} else if (ok) {
		ok = push_longs(arena, c, true, 0, 0);
		end_sorted(w);
	}
	return ok ? HF_OK : no_room(err);
}

/* ---- looking at everything ---- */

enum hf_rc
hf_search_too_costly(const struct hf_search *s, struct hf_arena *arena,
		     struct hf_err *err)
{
	struct hf_sv indexed = s->type ? hf_search_indexed(s->type, arena) : HF_SV("");
	bool person = s->type && hf_type_is_personal(s->type);

	return hf_fail(err, HF_COSTLY, NULL,
		       "no index serves this search and it would look at more than "
		       "%zu resources; add one of: _id%s%s%.*s",
		       s->limits.scan_rows, person ? ", a patient" : "",
		       indexed.n ? ", " : "", HF_SV_ARG(indexed));
}

static enum hf_rc
more_scan(struct hf_reader *reader, const struct hf_search *s, size_t max,
	  struct hf_arena *arena, struct hf_cands *c, struct hf_err *err)
{
	struct hf_walk *w = &c->walk;
	struct hf_arena rows = {.cap = (size_t)64 << 20};
	size_t before = c->n;
	enum hf_rc rc = HF_OK;

	while (!w->done && c->n - before < max && rc == HF_OK) {
		struct hf_entry *e;
		size_t n = 0;
		hf_rid next = 0;

		if (w->looked >= s->limits.scan_rows ||
		    hf_mono_ns() - w->began_ns > s->limits.scan_ms * 1000000ull) {
			rc = hf_search_too_costly(s, arena, err);
			break;
		}
		rc = hf_store_scan(reader, w->type, w->after, SCAN_CHUNK, &rows, &e, &n,
				   &next, err);
		for (size_t i = 0; i < n && rc == HF_OK; i++) {
			w->looked++;
			if (!hf_search_entry_may(s, &e[i]))
				continue;
			/* Version 0: a later page takes it as it stood. */
			if (!hf_search_push(arena, c, e[i].rid, 0))
				rc = no_room(err);
		}
		w->after = next;
		w->done = next == 0;
		hf_arena_reset(&rows);
	}
	hf_arena_free(&rows);
	return rc;
}

enum hf_rc
hf_search_more(struct hf_reader *reader, const struct hf_search *s, size_t max,
	       struct hf_arena *arena, struct hf_cands *c, struct hf_err *err)
{
	if (c->walk.done)
		return HF_OK;
	if (c->walk.sorted)
		return more_sorted(reader, max, arena, c, err);
	return c->walk.source == HF_SOURCE_INDEX
		   ? more_index(reader, max, arena, c, err)
		   : more_scan(reader, s, max, arena, c, err);
}
