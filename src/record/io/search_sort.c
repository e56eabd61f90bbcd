/* search_sort.c - hits in an order that neither entries nor an index give. */
#include "record/io/search_run.h"

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the page is too large; ask for fewer with _count");
}

struct sorted {
	struct hf_sv *keys; /* one for each _sort */
	const struct hf_search *s;
	struct hf_cand cand;
};

static int
by_keys(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;

	for (size_t i = 0; i < x->s->n_sorts; i++) {
		struct hf_sv p = x->keys[i], q = y->keys[i];
		int c;

		if (p.n == 0 || q.n == 0) /* what has no value stands last */
			c = (p.n == 0) - (q.n == 0);
		else
			c = hf_sv_cmp(p, q) * (x->s->sorts[i].desc ? -1 : 1);
		if (c)
			return c;
	}
	return (x->cand.rid > y->cand.rid) - (x->cand.rid < y->cand.rid);
}

/* Periods are sorted by their start, both ways, as entries and indexes do. */
static bool
by_entry(const struct hf_search *s, size_t at)
{
	return s->type && s->sorts[at].sp == hf_main_date(s->type, 0) &&
	       !hf_main_date(s->type, 1);
}

static struct hf_sv
start_key(const struct hf_entry *e, struct hf_arena *arena)
{
	uint64_t v = (uint64_t)e->lo ^ (uint64_t)1 << 63;
	char key[8];

	if (e->lo == 0 && e->hi == 0)
		return HF_SV("");
	for (size_t i = 0; i < sizeof key; i++)
		key[i] = (char)(v >> (56 - 8 * i));
	return hf_arena_sv(arena, (struct hf_sv){key, sizeof key});
}

static enum hf_rc
make_keys(struct hf_run *r, const struct hf_json *doc, const struct hf_version *v,
	  struct sorted *out)
{
	*out = (struct sorted){
	    .keys = hf_arena_array(r->arena, r->s.n_sorts, sizeof *out->keys),
	    .s = &r->s,
	    .cand = {v->e.rid, v->e.version}};
	if (!out->keys)
		return no_room(r->err);
	for (size_t i = 0; i < r->s.n_sorts; i++) {
		struct hf_sv key = {0};
		enum hf_rc rc;

		if (by_entry(&r->s, i)) {
			out->keys[i] = start_key(&v->e, r->arena);
			if (!out->keys[i].p)
				return no_room(r->err);
			continue;
		}
		rc = hf_sp_sort_key(r->s.sorts[i].sp, doc, 0, r->s.sorts[i].desc,
				    &r->scratch, &key, r->err);

		if (rc != HF_OK)
			return rc;
		out->keys[i] = hf_arena_sv(r->arena, key);
		if (key.n && !out->keys[i].p)
			return no_room(r->err);
	}
	return HF_OK;
}

enum hf_rc
hf_run_sort(struct hf_run *r)
{
	struct sorted *all = NULL;
	size_t n = 0, size = 0;
	struct hf_cands *c = &r->page.cands;
	bool got = true;

	for (;;) {
		struct hf_version v;
		struct hf_json doc;
		enum hf_rc rc = hf_run_next(r, &v, &doc, &got);

		if (rc != HF_OK)
			return rc;
		if (!got)
			break;
		if (n == r->s.limits.frozen)
			return hf_fail(r->err, HF_COSTLY, NULL,
				       "more than %zu resources match, too many to "
				       "sort; narrow the search or leave out _sort",
				       r->s.limits.frozen);
		if (!hf_search_grow(r->arena, (void **)&all, n, &size, sizeof *all))
			return no_room(r->err);
		rc = make_keys(r, &doc, &v, &all[n++]);
		if (rc != HF_OK)
			return rc;
	}
	if (n)
		qsort(all, n, sizeof *all, by_keys);
	*c = (struct hf_cands){.walk = {.source = HF_SOURCE_LIST, .done = true},
			       .ordered = true};
	c->items = hf_arena_array(r->arena, n + 1, sizeof *c->items);
	if (!c->items)
		return no_room(r->err);
	for (c->size = n + 1; c->n < n; c->n++)
		c->items[c->n] = all[c->n].cand;
	r->pos = 0;
	r->page.total = (int64_t)n;
	return HF_OK;
}
