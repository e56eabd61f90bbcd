/* search_run.c - opens candidates, tests them and makes one page of the hits.
 *
 * Only as many bodies are opened as the page needs, and one more to know whether
 * there is a next page.  A later page reads every resource as it stood when the
 * first page was made. */
#include "record/io/search_run.h"
#include "record/io/viewer_int.h"
#include "base/io/clock.h"

enum { SCRATCH_BYTES = 512 << 20, FIRST_WALK = 32, LATER_WALK = 512 };

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the page is too large; ask for fewer with _count");
}

/* ---- one candidate ---- */

/* Reads a candidate as it stood at the first page; v->body.n is 0 when it was not
 * there, or deleted. */
static enum hf_rc
open_cand(struct hf_run *r, const struct hf_cand *c, struct hf_version *v)
{
	uint32_t version = c->version;

	for (;;) {
		enum hf_rc rc = hf_store_read_rid(r->reader, c->rid, version,
						  &r->scratch, v, r->err);

		if (rc != HF_OK && rc != HF_GONE && rc != HF_NOT_FOUND)
			return rc;
		if (rc == HF_NOT_FOUND)
			*v = (struct hf_version){0};
		if (rc == HF_GONE)
			v->body.n = 0;
		if (rc == HF_NOT_FOUND || c->version != 0 ||
		    v->e.change <= r->page.as_of)
			return HF_OK;
		if (v->e.version <= 1) {
			v->body.n = 0; /* it came later */
			return HF_OK;
		}
		version = v->e.version - 1;
	}
}

/* Opens and tests; on a hit *v and *doc lie in the scratch arena. */
static enum hf_rc
test_cand(struct hf_run *r, const struct hf_cand *c, struct hf_version *v,
	  struct hf_json *doc, bool *hit)
{
	enum hf_rc rc;

	hf_arena_reset(&r->scratch);
	*hit = false;
	*doc = (struct hf_json){0};
	rc = open_cand(r, c, v);
	if (rc != HF_OK || v->body.n == 0 || !hf_search_wants_type(&r->s, v->e.type))
		return rc;
	if (r->s.n_tests == 0 && r->page.cands.ordered) {
		*hit = true;
		return HF_OK;
	}
	rc = hf_json_parse(v->body, NULL, &r->scratch, doc, r->err);
	if (rc != HF_OK)
		return rc;
	return hf_search_match(&r->s, v->e.type, doc, &r->scratch, hit, r->err);
}

/* ---- the next hit ---- */

static enum hf_rc
within_bounds(struct hf_run *r)
{
	if (++r->opened % 64 != 0)
		return HF_OK;
	if (r->opened > r->s.limits.scan_rows ||
	    hf_mono_ns() - r->began_ns > r->s.limits.scan_ms * 1000000ull)
		return hf_search_too_costly(&r->s, r->arena, r->err);
	return HF_OK;
}

/* The next candidate; false at the end (*rc tells whether it is one). */
static bool
next_cand(struct hf_run *r, struct hf_cand *out, enum hf_rc *rc)
{
	struct hf_cands *c = &r->page.cands;

	*rc = HF_OK;
	for (;;) {
		bool walked = c->walk.source != HF_SOURCE_LIST;

		if (r->pos == c->n && !c->walk.done) {
			if (r->drop)
				r->pos = c->n = 0;
			*rc = hf_search_more(r->reader, &r->s,
					     r->opened ? LATER_WALK : FIRST_WALK,
					     r->arena, c, r->err);
		}
		if (*rc != HF_OK || (r->pos == c->n && c->walk.done))
			return false;
		if (r->pos == c->n)
			continue;
		*out = c->items[r->pos++];
		if (!walked || r->pos <= r->listed)
			return true;
		switch (hf_rids_add(r->arena, &r->seen, out->rid)) {
		case 1:
			return true;
		case -1:
			*rc = no_room(r->err);
			return false;
		}
	}
}

enum hf_rc
hf_run_next(struct hf_run *r, struct hf_version *v, struct hf_json *doc, bool *got)
{
	struct hf_cand c;
	enum hf_rc rc;
	bool hit;

	*got = false;
	while (next_cand(r, &c, &rc)) {
		rc = within_bounds(r);
		if (rc == HF_OK)
			rc = test_cand(r, &c, v, doc, &hit);
		if (rc != HF_OK || hit) {
			*got = rc == HF_OK;
			return rc;
		}
	}
	return rc;
}

/* ---- a page ---- */

/* Whether hits are needed as nodes, for includes or cutting. */
static bool
needs_doc(const struct hf_search *s)
{
	return s->n_includes || s->n_revincludes || s->elements.n ||
	       s->summary != HF_SUMMARY_FALSE;
}

static enum hf_rc
add_found(struct hf_run *r, const struct hf_version *v)
{
	struct hf_founds *f = &r->founds;
	struct hf_found *found;

	if (!hf_search_grow(r->arena, (void **)&f->items, f->n, &f->size,
			    sizeof *f->items))
		return no_room(r->err);
	found = &f->items[f->n];
	*found = (struct hf_found){.hit = {HF_MODE_MATCH, *v}};
	found->hit.v.id = hf_arena_sv(r->arena, v->id);
	found->hit.v.body = hf_arena_sv(r->arena, v->body);
	if (!found->hit.v.id.p || !found->hit.v.body.p)
		return no_room(r->err);
	f->n++;
	if (!needs_doc(&r->s))
		return HF_OK;
	return hf_json_parse(found->hit.v.body, NULL, r->arena, &found->doc, r->err);
}

static enum hf_rc
fill_page(struct hf_run *r)
{
	for (;;) {
		struct hf_version v;
		struct hf_json doc;
		bool got;
		enum hf_rc rc = hf_run_next(r, &v, &doc, &got);

		if (rc != HF_OK || !got)
			return rc;
		if (r->founds.n == r->s.count) {
			r->more = true;
			return HF_OK;
		}
		rc = add_found(r, &v);
		if (rc != HF_OK)
			return rc;
	}
}

static enum hf_rc
count_rest(struct hf_run *r, int64_t *n)
{
	for (;;) {
		struct hf_version v;
		struct hf_json doc;
		bool got;
		enum hf_rc rc = hf_run_next(r, &v, &doc, &got);

		if (rc != HF_OK || !got)
			return rc;
		(*n)++;
	}
}

/* ---- the whole ---- */

/* People's directories are asked before the snapshot begins: they may be held in
 * memory, and their entries name versions. */
static enum hf_rc
first_page(struct hf_run *r)
{
	struct hf_page *p = &r->page;
	bool bound;
	enum hf_rc rc =
	    hf_search_person(r->reader, &r->s, r->arena, &p->cands, &bound, r->err);

	p->total = -1;
	p->as_of = INT64_MAX;
	r->drop = true;
	if (rc == HF_OK)
		rc = hf_search_begin(r->reader, &r->begun, r->err);
	if (rc == HF_OK && !bound)
		rc = hf_store_last_change(r->reader, &p->as_of, r->err);
	if (rc == HF_OK && !bound)
		rc = hf_search_plan(r->reader, &r->s, r->arena, &p->cands, r->err);
	p->scanned = p->cands.walk.source == HF_SOURCE_SCAN;
	if (rc == HF_OK && !p->cands.ordered && r->s.summary != HF_SUMMARY_COUNT)
		rc = hf_run_sort(r);
	return rc;
}

/* Counts what is behind the page, and leaves the candidates as they were. */
static enum hf_rc
count_accurately(struct hf_run *r)
{
	struct hf_cands before = r->page.cands;
	size_t pos = r->pos;
	int64_t n = (int64_t)r->founds.n + 1;
	enum hf_rc rc;

	before.items = hf_arena_array(r->arena, before.n + 1, sizeof *before.items);
	if (!before.items)
		return no_room(r->err);
	memcpy(before.items, r->page.cands.items, before.n * sizeof *before.items);
	rc = count_rest(r, &n);
	r->page.cands = before;
	r->pos = pos;
	r->page.total = n;
	return rc;
}

static enum hf_rc
find_total(struct hf_run *r)
{
	const struct hf_cands *c = &r->page.cands;

	if (r->page.total >= 0 || r->s.page_id)
		return HF_OK;
	if (!r->more)
		r->page.total = (int64_t)r->founds.n;
	else if (r->s.total == HF_TOTAL_ACCURATE)
		return count_accurately(r);
	else if (r->s.total == HF_TOTAL_ESTIMATE && c->walk.source == HF_SOURCE_LIST)
		r->page.total = (int64_t)c->n;
	return HF_OK;
}

static struct hf_sv
link_to(struct hf_run *r, uint32_t page)
{
	struct hf_sv self = r->s.self;

	return hf_arena_printf(r->arena, "%.*s%s_page=%016llx.%u", HF_SV_ARG(self),
			       self.n ? "&" : "", (unsigned long long)r->page.id, page);
}

static enum hf_rc
give_hits(struct hf_run *r, struct hf_search_result *out)
{
	bool cut = r->s.elements.n || r->s.summary != HF_SUMMARY_FALSE;

	out->n = r->founds.n;
	out->hits = hf_arena_array(r->arena, out->n + 1, sizeof *out->hits);
	if (!out->hits)
		return no_room(r->err);
	for (size_t i = 0; i < out->n; i++) {
		struct hf_found *f = &r->founds.items[i];

		if (cut) {
			enum hf_rc rc = hf_search_cut(&r->s, f->hit.v.e.type, &f->doc,
						      r->arena, &f->hit.v.body, r->err);

			if (rc != HF_OK)
				return rc;
		}
		out->hits[i] = f->hit;
	}
	return HF_OK;
}

static enum hf_rc
give(struct hf_run *r, struct hf_search_result *out)
{
	struct hf_search_result res = {
	    .total = r->page.total,
	    .scanned = r->page.scanned || r->page.cands.walk.source == HF_SOURCE_SCAN,
	    .self = r->s.self,
	    .issues = r->s.issues};
	enum hf_rc rc = HF_OK;

	if (r->more)
		rc = hf_run_keep(r);
	if (rc == HF_OK && (r->s.n_includes || r->s.n_revincludes))
		rc = hf_search_include_all(r->reader, &r->s, r->arena, &r->founds,
					   r->err);
	if (rc == HF_OK)
		rc = give_hits(r, &res);
	if (rc != HF_OK)
		return rc;
	if (r->s.page_id)
		res.self = link_to(r, r->s.page_at);
	if (r->more)
		res.next = link_to(r, r->s.page_at + 1);
	if (r->s.page_id && r->s.page_at > 0)
		res.prev = link_to(r, r->s.page_at - 1);
	*out = res;
	return HF_OK;
}

static enum hf_rc
run_count(struct hf_run *r, struct hf_search_result *out)
{
	struct hf_store_stats stats;
	int64_t n = 0;
	enum hf_rc rc;

	if (r->s.type && r->s.n_tests == 0 && hf_sees_all(r->reader)) {
		rc = hf_store_stats(r->reader, &stats, r->err);
		n = rc == HF_OK ? stats.by_type[r->s.type] : 0;
	} else {
		rc = count_rest(r, &n);
	}
	if (rc == HF_OK)
		*out = (struct hf_search_result){.total = n,
						 .scanned = r->page.scanned,
						 .self = r->s.self,
						 .issues = r->s.issues};
	return rc;
}

static enum hf_rc
run(struct hf_run *r, struct hf_search_result *out)
{
	struct hf_sp_test *tests =
	    hf_arena_array(r->arena, r->s.n_tests + 1, sizeof *tests);
	enum hf_rc rc;

	if (!tests)
		return no_room(r->err);
	if (r->s.n_tests)
		memcpy(tests, r->s.tests, r->s.n_tests * sizeof *tests);
	r->s.tests = tests;
	rc = hf_search_filter(&r->s, r->arena, r->err);
	if (rc == HF_OK)
		rc = r->s.page_id ? hf_run_later(r) : first_page(r);
	if (rc == HF_OK && r->s.summary == HF_SUMMARY_COUNT)
		return run_count(r, out);
	if (rc == HF_OK)
		rc = fill_page(r);
	if (rc == HF_OK)
		rc = find_total(r);
	if (rc == HF_OK)
		rc = give(r, out);
	return rc;
}

enum hf_rc
hf_search_run(struct hf_store *store, struct hf_reader *reader,
	      const struct hf_search *search, struct hf_sv user, struct hf_arena *arena,
	      struct hf_search_result *out, struct hf_err *err)
{
	struct hf_run r = {.store = store,
			   .reader = reader,
			   .s = *search,
			   .user = user,
			   .arena = arena,
			   .scratch = {.cap = SCRATCH_BYTES},
			   .began_ns = hf_mono_ns(),
			   .err = err};
	enum hf_activity was = hf_reader_does(reader, HF_ACT_SEARCH);
	enum hf_rc rc = run(&r, out);

	hf_reader_does(reader, was);
	hf_search_end(reader, r.begun);
	hf_arena_free(&r.scratch);
	return rc;
}
