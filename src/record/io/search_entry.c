/* search_entry.c - what the entries beside the bodies tell of a search.
 *
 * An entry is some 50 bytes that need no decompression: with it most of a record is
 * ruled out before a body is opened.  It may only rule out what is surely no hit. */
#include "record/io/search_int.h"
#include "record/io/store_impl.h"

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the search needs too much memory; narrow it");
}

enum hf_rc
hf_search_begin(struct hf_reader *reader, bool *mine, struct hf_err *err)
{
	*mine = !reader->begun;
	return *mine ? hf_reader_begin(reader, err) : HF_OK;
}

void
hf_search_end(struct hf_reader *reader, bool mine)
{
	if (mine)
		hf_reader_end(reader);
}

/* ---- what entries must have ---- */

static bool
coded_by(const struct hf_search *s, const struct hf_sp_test *t)
{
	if (!s->type || t->modifier != HF_MOD_NONE || t->sp->kind != HF_SP_TOKEN ||
	    t->sp != hf_main_code(s->type))
		return false;
	for (size_t i = 0; i < t->n_any; i++)
		if (!t->any[i].code_given || t->any[i].value.code.n == 0)
			return false;
	return true;
}

/* The times a date can have that meets the operand; false when it bounds none. */
static bool
bounds(const struct hf_sp_operand *o, hf_time *from, hf_time *to)
{
	const struct hf_date *d = &o->value.date;
	bool low = o->prefix == HF_PRE_EQ || o->prefix == HF_PRE_GT ||
		   o->prefix == HF_PRE_GE || o->prefix == HF_PRE_SA;
	bool high = o->prefix == HF_PRE_EQ || o->prefix == HF_PRE_LT ||
		    o->prefix == HF_PRE_LE || o->prefix == HF_PRE_EB;

	*from = low ? d->lo : HF_TIME_MIN;
	*to = high ? d->hi : HF_TIME_MAX;
	return low || high;
}

static void
narrow_dates(struct hf_entry_filter *f, const struct hf_sp_operand *o)
{
	hf_time from, to;

	if (!bounds(o, &from, &to))
		return;
	f->dated = true;
	if (from > f->from)
		f->from = from;
	if (to < f->to)
		f->to = to;
}

/* A commit number holds its time, so _lastUpdated bounds the commits. */
static void
narrow_changes(struct hf_entry_filter *f, const struct hf_sp_operand *o)
{
	const hf_time most = INT64_MAX >> 11;
	hf_time from, to;

	if (!bounds(o, &from, &to))
		return;
	if (from > most)
		from = most;
	if (from > 0 && HF_TIME_CHANGE(from) > f->change_from)
		f->change_from = HF_TIME_CHANGE(from);
	if (to >= 0 && to < most && HF_TIME_CHANGE(to + 1) < f->change_to)
		f->change_to = HF_TIME_CHANGE(to + 1);
}

enum hf_rc
hf_search_filter(struct hf_search *s, struct hf_arena *arena, struct hf_err *err)
{
	struct hf_entry_filter *f = &s->filter;

	*f = (struct hf_entry_filter){.from = HF_TIME_MIN,
				      .to = HF_TIME_MAX,
				      .change_from = 0,
				      .change_to = INT64_MAX};
	for (size_t i = 0; i < s->n_tests; i++) {
		const struct hf_sp_test *t = &s->tests[i];

		if (f->n_sigs == 0 && coded_by(s, t)) {
			f->sigs = hf_arena_array(arena, t->n_any, sizeof *f->sigs);
			if (!f->sigs)
				return no_room(err);
			for (size_t k = 0; k < t->n_any; k++)
				f->sigs[f->n_sigs++] =
				    hf_code_sig(t->any[k].value.code);
		}
		if (t->sp->kind == HF_SP_DATE && t->n_any == 1 &&
		    t->modifier == HF_MOD_NONE &&
		    strcmp(t->sp->code, "_lastUpdated") == 0)
			narrow_changes(f, &t->any[0]);
		if (s->type && t->sp->kind == HF_SP_DATE && t->n_any == 1 &&
		    t->modifier == HF_MOD_NONE && t->sp == hf_main_date(s->type, 0))
			narrow_dates(f, &t->any[0]);
	}
	return HF_OK;
}

bool
hf_search_entry_may(const struct hf_search *s, const struct hf_entry *e)
{
	const struct hf_entry_filter *f = &s->filter;
	bool coded = f->n_sigs == 0;

	if (e->deleted || !hf_search_wants_type(s, e->type))
		return false;
	for (size_t i = 0; i < f->n_sigs && !coded; i++)
		coded = (e->sig & f->sigs[i]) == f->sigs[i];
	if (!coded)
		return false;
	if (e->change < f->change_from || e->change > f->change_to)
		return false;
	if (!f->dated)
		return true;
	/* A period without a start stands by its last millisecond: it began before. */
	return e->hi >= f->from && (e->lo <= f->to || e->hi - e->lo <= 1) &&
	       (e->lo != 0 || e->hi != 0);
}

/* ---- order ---- */

struct keyed {
	int64_t key;
	hf_rid rid;
	uint32_t version;
};

static int
by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->rid > y->rid) - (x->rid < y->rid);
}

enum by { BY_RID, BY_CLOCK, BY_CHANGE, BY_BODY };

static enum by
order_of(const struct hf_search *s)
{
	const struct hf_search_sort *o = s->sorts;

	if (s->n_sorts == 0)
		return BY_RID;
	if (s->n_sorts > 1)
		return BY_BODY;
	if (strcmp(o->sp->code, "_lastUpdated") == 0)
		return BY_CHANGE;
	if (s->type && o->sp == hf_main_date(s->type, 0) && !hf_main_date(s->type, 1))
		return BY_CLOCK;
	return BY_BODY;
}

/* What counts when sorting upward; without a date last both ways. */
static int64_t
key_of(const struct hf_entry *e, enum by by, bool desc)
{
	int64_t key = by == BY_CLOCK ? e->lo : by == BY_CHANGE ? e->change : 0;

	if (by == BY_CLOCK && e->lo == 0 && e->hi == 0)
		return INT64_MAX;
	/* ~ turns the order round and cannot overflow. */
	return desc ? ~key : key;
}

enum hf_rc
hf_search_from_entries(const struct hf_search *s, struct hf_entry *entries, size_t n,
		       struct hf_arena *arena, struct hf_cands *c, struct hf_err *err)
{
	enum by by = order_of(s);
	struct keyed *k = hf_arena_alloc(arena, (n + 1) * sizeof *k);
	size_t kept = 0;

	*c = (struct hf_cands){.walk = {.source = HF_SOURCE_LIST, .done = true},
			       .ordered = by != BY_BODY};
	if (!k)
		return no_room(err);
	for (size_t i = 0; i < n; i++)
		if (hf_search_entry_may(s, &entries[i]))
			k[kept++] = (struct keyed){
			    key_of(&entries[i], by, s->n_sorts && s->sorts[0].desc),
			    entries[i].rid, entries[i].version};
	if (kept)
		qsort(k, kept, sizeof *k, by_key);
	c->items = hf_arena_alloc(arena, (kept + 1) * sizeof *c->items);
	if (!c->items)
		return no_room(err);
	for (size_t i = 0; i < kept; i++)
		if (c->n == 0 || c->items[c->n - 1].rid != k[i].rid)
			c->items[c->n++] = (struct hf_cand){k[i].rid, k[i].version};
	c->size = kept + 1;
	return HF_OK;
}
