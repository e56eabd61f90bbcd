/* search_later.c - what the pages after the first go by.
 *
 * A list of candidates is kept as it is.  A walk is put into a list when its second
 * page is asked for; what was changed in between is taken as it stood. */
#include "record/io/search_run.h"
#include "base/io/clock.h"
#include "record/io/store_impl.h"

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the page is too large; ask for fewer with _count");
}

/* ---- keeping the list for later pages ---- */

static enum hf_rc
note_start(struct hf_run *r, size_t page, size_t start)
{
	struct hf_page *p = &r->page;
	uint32_t *more;

	if (page < p->n_starts)
		return HF_OK; /* it was known */
	more = hf_arena_array(r->arena, page + 2, sizeof *more);
	if (!more)
		return no_room(r->err);
	if (p->n_starts)
		memcpy(more, p->starts, p->n_starts * sizeof *more);
	more[page] = (uint32_t)start;
	p->starts = more;
	p->n_starts = page + 1;
	return HF_OK;
}

/* The first page of a walk: its hits, then what the walk had fetched beyond. */
static enum hf_rc
hits_first(struct hf_run *r, size_t *start)
{
	struct hf_cands *c = &r->page.cands;
	size_t rest = c->n - *start, n = r->founds.n;
	struct hf_cand *items = hf_arena_array(r->arena, n + rest + 1, sizeof *items);

	if (!items)
		return no_room(r->err);
	for (size_t i = 0; i < n; i++) {
		const struct hf_entry *e = &r->founds.items[i].hit.v.e;

		items[i] = (struct hf_cand){e->rid, e->version};
	}
	memcpy(items + n, c->items + *start, rest * sizeof *items);
	c->items = items;
	c->n = n + rest;
	c->size = c->n + 1;
	*start = n;
	return HF_OK;
}

enum hf_rc
hf_run_keep(struct hf_run *r)
{
	size_t start = r->pos - 1;
	bool first = r->s.page_id == 0;
	enum hf_rc rc = HF_OK;

	if (!first && r->s.page_at + 1 < r->page.n_starts && r->page.frozen)
		return HF_OK; /* nothing new to keep */
	if (first && r->page.cands.walk.source != HF_SOURCE_LIST)
		rc = hits_first(r, &start);
	if (rc == HF_OK)
		rc = note_start(r, 0, 0);
	if (rc == HF_OK)
		rc = note_start(r, r->s.page_at + 1, start);
	if (rc == HF_OK)
		rc = hf_page_keep(r->store, &r->s, r->user, &r->page, r->err);
	return rc;
}

/* ---- later pages ---- */

/* Resources changed since the first page may have left the walk or moved in it:
 * those that stood then are candidates, as they stood. */
static enum hf_rc
add_changed(struct hf_run *r)
{
	struct hf_cands *c = &r->page.cands;
	int64_t change = 0;
	hf_rid rid = 0;
	size_t looked = 0;

	for (;;) {
		struct hf_version *v;
		size_t n = 0;
		enum hf_rc rc;

		hf_arena_reset(&r->scratch);
		rc = hf_store_history(r->reader, r->s.type, 0, change, rid,
				      HF_CHANGE_TIME(r->page.as_of), 256, &r->scratch,
				      &v, &n, r->err);
		if (rc != HF_OK)
			return rc;
		for (size_t i = 0; i < n; i++) {
			if (v[i].e.change <= r->page.as_of)
				return HF_OK;
			change = v[i].e.change;
			rid = v[i].e.rid;
			if (v[i].e.version <= 1 ||
			    hf_rids_add(r->arena, &r->seen, rid) == 0)
				continue;
			if (!hf_search_grow(r->arena, (void **)&c->items, c->n,
					    &c->size, sizeof *c->items))
				return no_room(r->err);
			c->items[c->n++] = (struct hf_cand){rid, 0};
		}
		if (n == 0)
			return HF_OK;
		looked += n;
		if (looked > 2 * r->s.limits.frozen)
			return hf_fail(r->err, HF_GONE, NULL,
				       "too much was written since the first page to "
				       "tell the next; start the search again");
	}
}

/* Puts the walk into the list, as far as lists are kept. */
static enum hf_rc
freeze(struct hf_run *r)
{
	struct hf_cands *c = &r->page.cands;
	size_t n = 0;
	enum hf_rc rc = HF_OK;

	c->walk.looked = 0;
	if (!c->walk.done && c->n < r->s.limits.frozen)
		rc = hf_search_more(r->reader, &r->s, r->s.limits.frozen - c->n,
				    r->arena, c, r->err);
	if (rc != HF_OK)
		return rc;
	for (size_t i = 0; i < c->n; i++) {
		switch (hf_rids_add(r->arena, &r->seen, c->items[i].rid)) {
		case 1:
			c->items[n++] = c->items[i];
			break;
		case -1:
			return no_room(r->err);
		}
	}
	c->n = n;
	r->page.frozen = true;
	return add_changed(r);
}

enum hf_rc
hf_run_later(struct hf_run *r)
{
	struct hf_cands linked;
	bool bound;
	size_t start;
	enum hf_rc rc =
	    hf_page_find(r->store, &r->s, r->user, r->arena, &r->page, r->err);

	if (rc != HF_OK)
		return rc;
	r->page.cands.walk.began_ns = hf_mono_ns();
	r->page.cands.walk.looked = 0;
	start = r->page.starts[r->s.page_at];
	/* For the ids of linked records alone. */
	rc = hf_search_person(r->reader, &r->s, r->arena, &linked, &bound, r->err);
	if (rc == HF_OK)
		rc = hf_search_begin(r->reader, &r->begun, r->err);
	if (rc == HF_OK && r->page.cands.walk.source != HF_SOURCE_LIST &&
	    !r->page.frozen)
		rc = freeze(r);
	else if (rc == HF_OK && r->page.cands.walk.source != HF_SOURCE_LIST)
		for (size_t i = 0; i < r->page.cands.n; i++)
			hf_rids_add(r->arena, &r->seen, r->page.cands.items[i].rid);
	r->listed = r->page.cands.n;
	r->pos = start;
	return rc;
}
