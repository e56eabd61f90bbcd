/* search_plan.c - where the candidates of a search come from.
 *
 * In this order: the ids it names, the people it names, the index that gives the
 * fewest, a scan.  Whatever is chosen gives every resource that can be a hit. */
#include "record/io/search_int.h"
#include "record/io/store_impl.h"
#include "base/io/clock.h"

enum { FIRST_PROBE = 64, SECOND_PROBE = 1024, LONGS_MOST = 5000 };

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the search needs too much memory; narrow it");
}

static uint64_t
mixed(hf_rid rid)
{
	uint64_t h = (uint64_t)rid * 0x9E3779B97F4A7C15u;

	return h ^ h >> 32;
}

int
hf_rids_add(struct hf_arena *arena, struct hf_rids *set, hf_rid rid)
{
	size_t i;

	assert(rid != 0);
	if (set->n * 2 >= set->size) {
		struct hf_rids more = {.size = set->size ? set->size * 2 : 64};

		more.slots = hf_arena_array(arena, more.size, sizeof *more.slots);
		if (!more.slots)
			return -1;
		for (i = 0; i < set->size; i++)
			if (set->slots[i])
				hf_rids_add(arena, &more, set->slots[i]);
		*set = more;
	}
	for (i = mixed(rid) & (set->size - 1); set->slots[i];
	     i = (i + 1) & (set->size - 1))
		if (set->slots[i] == rid)
			return 0;
	set->slots[i] = rid;
	set->n++;
	return 1;
}

/* ---- by id ---- */

static const struct hf_sp_test *
id_test(const struct hf_search *s)
{
	for (size_t i = 0; i < s->n_tests; i++) {
		const struct hf_sp_test *t = &s->tests[i];
		bool plain =
		    t->modifier == HF_MOD_NONE && strcmp(t->sp->code, "_id") == 0;

		for (size_t k = 0; k < t->n_any && plain; k++)
			plain = t->any[k].value.code.n && !t->any[k].system_given;
		if (plain)
			return t;
	}
	return NULL;
}

static enum hf_rc
plan_ids(struct hf_reader *reader, const struct hf_search *s,
	 const struct hf_sp_test *t, struct hf_arena *arena, struct hf_cands *out,
	 struct hf_err *err)
{
	struct hf_entries found = {0};
	struct hf_rids seen = {0};

	for (size_t i = 0; i < t->n_any; i++) {
		for (size_t k = 0; k < s->n_types; k++) {
			struct hf_entry e;
			enum hf_rc rc = hf_store_find(reader, s->types[k],
						      t->any[i].value.code, &e, err);

			if (rc == HF_NOT_FOUND || rc == HF_GONE)
				continue;
			if (rc != HF_OK)
				return rc;
			if (e.deleted || hf_rids_add(arena, &seen, e.rid) == 0)
				continue;
			if (!hf_search_grow(arena, (void **)&found.items, found.n,
					    &found.size, sizeof e))
				return no_room(err);
			found.items[found.n++] = e;
		}
	}
	return hf_search_from_entries(s, found.items, found.n, arena, out, err);
}

/* ---- choosing an index ---- */

struct probe {
	struct hf_cands c;
};

static int
by_rid(const void *a, const void *b)
{
	hf_rid x = ((const struct hf_cand *)a)->rid,
	       y = ((const struct hf_cand *)b)->rid;

	return (x > y) - (x < y);
}

static void
sort_unique(struct hf_cands *c)
{
	size_t n = 0;

	if (c->n)
		qsort(c->items, c->n, sizeof *c->items, by_rid);
	for (size_t i = 0; i < c->n; i++)
		if (n == 0 || c->items[n - 1].rid != c->items[i].rid)
			c->items[n++] = c->items[i];
	c->n = n;
}

/* Keeps of c what also stands in other; both sorted. */
static void
intersect(struct hf_cands *c, const struct hf_cands *other)
{
	size_t n = 0, k = 0;

	for (size_t i = 0; i < c->n; i++) {
		while (k < other->n && other->items[k].rid < c->items[i].rid)
			k++;
		if (k < other->n && other->items[k].rid == c->items[i].rid)
			c->items[n++] = c->items[i];
	}
	c->n = n;
}

/* A token that is the resource's own id makes no index row. */
static enum hf_rc
add_own_id(struct hf_reader *reader, const struct hf_search *s,
	   const struct hf_sp_test *t, struct hf_arena *arena, struct hf_cands *c,
	   struct hf_err *err)
{
	for (size_t i = 0; i < t->n_any && t->sp->kind == HF_SP_TOKEN; i++) {
		struct hf_entry e;
		enum hf_rc rc =
		    hf_store_find(reader, s->type, t->any[i].value.code, &e, err);

		if (rc == HF_OK && !hf_search_push(arena, c, e.rid, 0))
			return no_room(err);
		if (rc != HF_OK && rc != HF_NOT_FOUND && rc != HF_GONE)
			return rc;
	}
	return HF_OK;
}

static enum hf_rc
probe_to(struct hf_reader *reader, const struct hf_search *s, struct probe *p, size_t n,
	 size_t max, struct hf_arena *arena, size_t *best, struct hf_err *err)
{
	*best = n;
	for (size_t i = 0; i < n; i++) {
		struct hf_cands *c = &p[i].c;

		if (c->n < max) {
			enum hf_rc rc =
			    hf_search_more(reader, s, max - c->n, arena, c, err);

			if (rc != HF_OK)
				return rc;
		}
		if (c->walk.done && (*best == n || c->n < p[*best].c.n))
			*best = i;
	}
	return HF_OK;
}

/* All rows of at least one test are known: the fewest, cut by the others known. */
static void
take_list(struct probe *p, size_t n, size_t best, struct hf_cands *out)
{
	for (size_t i = 0; i < n; i++)
		if (p[i].c.walk.done)
			sort_unique(&p[i].c);
	for (size_t i = 0; i < n; i++)
		if (i != best && p[i].c.walk.done)
			intersect(&p[best].c, &p[i].c);
	*out = p[best].c;
	out->walk.source = HF_SOURCE_LIST;
	out->ordered = false; /* the caller knows: by rid */
}

static enum hf_rc
plan_index(struct hf_reader *reader, const struct hf_search *s, struct hf_arena *arena,
	   struct hf_cands *out, bool *served, struct hf_err *err)
{
	const size_t steps[] = {FIRST_PROBE, SECOND_PROBE, s->limits.frozen};
	struct probe *p = hf_arena_array(arena, s->n_tests + 1, sizeof *p);
	size_t n = 0, best = 0;
	enum hf_rc rc;

	if (!p)
		return no_room(err);
	for (size_t i = 0; i < s->n_tests; i++) {
		struct hf_walk *w = &p[n].c.walk;

		w->source = HF_SOURCE_INDEX;
		rc = hf_search_ranges(s, i, arena, &w->ranges, &w->n_ranges, err);
		if (rc != HF_OK)
			return rc;
		if (w->n_ranges == 0)
			continue;
		rc = add_own_id(reader, s, &s->tests[i], arena, &p[n].c, err);
		if (rc != HF_OK)
			return rc;
		n++;
	}
	*served = n > 0;
	for (size_t i = 0; i < HF_COUNT(steps) && n > 0; i++) {
		rc = probe_to(reader, s, p, n, steps[i], arena, &best, err);
		if (rc != HF_OK)
			return rc;
		if (best < n) {
			take_list(p, n, best, out);
			return HF_OK;
		}
		if (n == 1)
			break; /* walked as the pages need it */
	}
	if (n > 0)
		*out = p[0].c;
	return HF_OK;
}

/* ---- walking in the order of a date ---- */

static int
by_start(const void *a, const void *b)
{
	const struct hf_long *x = a, *y = b;

	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	return (x->rid > y->rid) - (x->rid < y->rid);
}

static int
by_start_down(const void *a, const void *b)
{
	return by_start(b, a);
}

/* The long values of a range with their starts, in the order asked for; *n is
 * SIZE_MAX when there are too many. */
static enum hf_rc
read_longs(struct hf_reader *reader, const struct hf_range *r, bool desc,
	   struct hf_arena *arena, struct hf_long **out, size_t *n, struct hf_err *err)
{
	struct hf_arena scratch = {.cap = (size_t)64 << 20};
	int64_t *values;
	hf_rid *rids;
	size_t got = 0;
	enum hf_rc rc = HF_OK;

	*n = 0;
	*out = NULL;
	if (r->lo <= r->hi)
		rc = hf_store_index(reader, r->slot, r->lo, r->hi, false, r->lo, 0,
				    LONGS_MOST + 1, arena, &values, &rids, &got, err);
	if (rc != HF_OK || got == 0)
		return rc;
	*n = SIZE_MAX;
	if (got > LONGS_MOST)
		return HF_OK;
	*out = hf_arena_array(arena, got, sizeof **out);
	if (!*out)
		return no_room(err);
	*n = 0;
	for (size_t i = 0; i < got && rc == HF_OK; i++) {
		struct hf_version v;

		hf_arena_reset(&scratch);
		rc = hf_store_read_rid(reader, rids[i], 0, &scratch, &v, err);
		if (rc == HF_OK)
			(*out)[(*n)++] = (struct hf_long){v.e.lo, v.e.rid};
		if (rc == HF_GONE || rc == HF_NOT_FOUND)
			rc = HF_OK;
	}
	hf_arena_free(&scratch);
	if (*n)
		qsort(*out, *n, sizeof **out, desc ? by_start_down : by_start);
	return rc;
}

/* The ranges of short and long values to walk; false when the walk that was chosen
 * goes by something else. */
static bool
date_walk(const struct hf_search *s, const struct hf_walk *w, struct hf_range *shorts,
	  struct hf_range *longs)
{
	uint32_t slots[2];

	if (!hf_search_date_slots(s->type, s->sorts[0].sp, slots))
		return false;
	*shorts = (struct hf_range){slots[0], HF_TIME_MIN, HF_TIME_MAX};
	*longs = (struct hf_range){slots[1], HF_TIME_MIN, HF_TIME_MAX};
	if (w->source == HF_SOURCE_SCAN)
		return true;
	if (w->n_ranges > 2)
		return false;
	shorts->hi = longs->hi = HF_TIME_MIN; /* empty unless it is there */
	shorts->lo = longs->lo = HF_TIME_MAX;
	for (size_t i = 0; i < w->n_ranges; i++) {
		struct hf_range *to = w->ranges[i].slot == slots[0]   ? shorts
				      : w->ranges[i].slot == slots[1] ? longs
								      : NULL;

		if (!to || to->lo <= to->hi)
			return false;
		*to = w->ranges[i];
	}
	return true;
}

/* Whether a hit may lack a value of sp: those have no rows and come last. */
static bool
may_lack(const struct hf_search *s, const struct hf_sp *sp)
{
	for (size_t i = 0; i < s->n_tests; i++)
		if (s->tests[i].sp == sp && s->tests[i].modifier == HF_MOD_NONE)
			return false;
	return true;
}

/* A walk that would have to be sorted by the main date of the type follows its
 * index instead. */
static enum hf_rc
plan_dates(struct hf_reader *reader, const struct hf_search *s, struct hf_arena *arena,
	   struct hf_cands *out, struct hf_err *err)
{
	struct hf_range *range = HF_NEW(arena, struct hf_range), longs;
	struct hf_long *list;
	size_t n;
	enum hf_rc rc;

	if (!range)
		return no_room(err);
	if (out->walk.source == HF_SOURCE_LIST || s->n_sorts != 1 || !s->type ||
	    s->sorts[0].sp != hf_main_date(s->type, 0) ||
	    !date_walk(s, &out->walk, range, &longs))
		return HF_OK;
	rc = read_longs(reader, &longs, s->sorts[0].desc, arena, &list, &n, err);
	if (rc != HF_OK || n == SIZE_MAX)
		return rc;
	*out = (struct hf_cands){.walk = {.source = HF_SOURCE_INDEX,
					  .ranges = range,
					  .n_ranges = 1,
					  .type = s->type,
					  .sorted = true,
					  .desc = s->sorts[0].desc,
					  .tail = may_lack(s, s->sorts[0].sp),
					  .longs = list,
					  .n_longs = n,
					  .began_ns = hf_mono_ns()},
				 .ordered = true};
	return HF_OK;
}

/* ---- what was written lately ---- */

/* The resources of the versions written since a commit, from the log of commits;
 * *few is false when there are more than are kept. */
static enum hf_rc
plan_recent(struct hf_reader *reader, const struct hf_search *s, struct hf_arena *arena,
	    struct hf_cands *out, bool *few, struct hf_err *err)
{
	struct hf_arena scratch = {.cap = (size_t)64 << 20};
	hf_time since = HF_CHANGE_TIME(s->filter.change_from);
	struct hf_rids seen = {0};
	int64_t change = 0;
	hf_rid rid = 0;
	size_t looked = 0, n = 1;
	enum hf_rc rc = HF_OK;

	*out = (struct hf_cands){.walk = {.source = HF_SOURCE_LIST, .done = true}};
	while (rc == HF_OK && n > 0 && looked <= s->limits.frozen) {
		struct hf_version *v;

		hf_arena_reset(&scratch);
		n = 0;
		rc = hf_store_history(reader, s->type, 0, change, rid, since, 256,
				      &scratch, &v, &n, err);
		for (size_t i = 0; i < n && rc == HF_OK; i++) {
			struct hf_version now;

			change = v[i].e.change;
			rid = v[i].e.rid;
			/* Where it stands now: the log keeps the old place. */
			rc = hf_store_read_rid(reader, rid, 0, &scratch, &now, err);
			if (rc == HF_GONE || rc == HF_NOT_FOUND)
				rc = HF_OK;
			else if (rc == HF_OK &&
				 hf_rids_add(arena, &seen, now.e.rid) == 1 &&
				 !hf_search_push(arena, out, now.e.rid, 0))
				rc = no_room(err);
		}
		looked += n;
	}
	hf_arena_free(&scratch);
	*few = n == 0;
	sort_unique(out);
	return rc;
}

static void
plan_scan(const struct hf_search *s, struct hf_cands *out)
{
	*out = (struct hf_cands){
	    .walk = {.source = HF_SOURCE_SCAN,
		     .type = s->n_types == 1 ? s->types[0] : 0,
		     .began_ns = hf_mono_ns()},
	    .ordered = s->n_sorts == 0,
	};
}

enum hf_rc
hf_search_plan(struct hf_reader *reader, struct hf_search *s, struct hf_arena *arena,
	       struct hf_cands *out, struct hf_err *err)
{
	const struct hf_sp_test *ids = id_test(s);
	bool served = false;
	enum hf_rc rc;

	*out = (struct hf_cands){0};
	if (ids)
		return plan_ids(reader, s, ids, arena, out, err);
	rc = plan_index(reader, s, arena, out, &served, err);
	if (rc != HF_OK)
		return rc;
	if (!served && s->type && s->filter.change_from > 0)
		rc = plan_recent(reader, s, arena, out, &served, err);
	if (rc != HF_OK)
		return rc;
	if (!served)
		plan_scan(s, out);
	out->ordered = s->n_sorts == 0;
	return plan_dates(reader, s, arena, out, err);
}
