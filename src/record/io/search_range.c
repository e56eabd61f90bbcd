/* search_range.c - the ranges of index rows that hold every match of a test.
 *
 * A range may hold more than the matches, never less: rows are hashes, prefixes
 * and starts, and the resource itself is tested afterwards. */
#include "record/io/search_int.h"

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the search needs too much memory; narrow it");
}

static const struct hf_index_pair *
find_pair(const struct hf_sp *sp, hf_type_id type, enum hf_index_kind kind)
{
	const char *name = hf_type_get(type)->name;

	for (size_t i = 0; i < hf_n_index_pairs; i++) {
		const struct hf_index_pair *p = &hf_index_pairs[i];
		const struct hf_sp *other;

		if (p->kind != kind || strcmp(p->type, name) != 0)
			continue;
		if (strcmp(p->param, sp->code) == 0)
			return p;
		/* "phonetic" is "name" by another name: the same expression. */
		other = hf_sp_find(type, hf_sv_from(p->param));
		if (other && other->kind == sp->kind &&
		    other->expression_id == sp->expression_id)
			return p;
	}
	return NULL;
}

bool
hf_search_date_slots(hf_type_id type, const struct hf_sp *sp, uint32_t slots[2])
{
	const struct hf_index_pair *p = find_pair(sp, type, HF_INDEX_DATE);
	const struct hf_index_pair *l = find_pair(sp, type, HF_INDEX_DATE_LONG);

	if (!p || !l)
		return false;
	slots[0] = p->slot;
	slots[1] = l->slot;
	return true;
}

struct ranges {
	struct hf_range *items;
	size_t n, size;
	struct hf_arena *arena;
	bool full;
};

static void
add_range(struct ranges *r, uint32_t slot, int64_t lo, int64_t hi)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->items[i].slot == slot && r->items[i].lo == lo &&
		    r->items[i].hi == hi)
			return;
	if (!hf_search_grow(r->arena, (void **)&r->items, r->n, &r->size,
			    sizeof *r->items)) {
		r->full = true;
		return;
	}
	r->items[r->n++] = (struct hf_range){slot, lo, hi};
}

static int64_t
back(hf_time t)
{
	return t < HF_TIME_MIN + HF_INDEX_SHORT ? HF_TIME_MIN : t - HF_INDEX_SHORT;
}

/* The starts of short values and the ends of long ones that can meet an operand;
 * false when the prefix bounds nothing. */
static bool
date_bounds(const struct hf_sp_operand *o, struct hf_range *shorts,
	    struct hf_range *longs)
{
	const struct hf_date *d = &o->value.date;

	*shorts = *longs = (struct hf_range){.lo = HF_TIME_MIN, .hi = HF_TIME_MAX};
	switch (o->prefix) {
	case HF_PRE_EQ:
		shorts->lo = longs->lo = d->lo;
		shorts->hi = longs->hi = d->hi;
		return true;
	case HF_PRE_GT:
	case HF_PRE_GE:
		shorts->lo = back(d->lo);
		longs->lo = d->lo;
		return true;
	case HF_PRE_SA:
		shorts->lo = longs->lo = d->lo;
		return true;
	case HF_PRE_LT:
	case HF_PRE_LE:
		shorts->hi = d->hi;
		return true;
	case HF_PRE_EB:
		shorts->hi = longs->hi = d->hi;
		return true;
	default:
		return false;
	}
}

/* Index lines for dates are for elements that occur at most once, so that every
 * test of the parameter speaks of the same value and the ranges may be cut. */
static void
cut_by_others(const struct hf_search *s, size_t at, struct hf_range *shorts,
	      struct hf_range *longs)
{
	for (size_t i = 0; i < s->n_tests; i++) {
		const struct hf_sp_test *t = &s->tests[i];
		struct hf_range a, b;

		if (i == at || t->sp != s->tests[at].sp || t->modifier != HF_MOD_NONE ||
		    t->n_any != 1 || !date_bounds(&t->any[0], &a, &b))
			continue;
		if (a.lo > shorts->lo)
			shorts->lo = a.lo;
		if (a.hi < shorts->hi)
			shorts->hi = a.hi;
		if (b.lo > longs->lo)
			longs->lo = b.lo;
		if (b.hi < longs->hi)
			longs->hi = b.hi;
	}
}

static bool
date_ranges(const struct hf_search *s, size_t at, struct ranges *r)
{
	const struct hf_sp_test *t = &s->tests[at];
	const struct hf_index_pair *p = find_pair(t->sp, s->type, HF_INDEX_DATE);
	const struct hf_index_pair *l = find_pair(t->sp, s->type, HF_INDEX_DATE_LONG);

	if (!p || !l || t->modifier != HF_MOD_NONE)
		return false;
	for (size_t i = 0; i < t->n_any; i++) {
		struct hf_range shorts, longs;

		if (!date_bounds(&t->any[i], &shorts, &longs))
			return false;
		cut_by_others(s, at, &shorts, &longs);
		if (shorts.lo <= shorts.hi)
			add_range(r, p->slot, shorts.lo, shorts.hi);
		if (longs.lo <= longs.hi)
			add_range(r, l->slot, longs.lo, longs.hi);
	}
	return true;
}

static bool
token_ranges(const struct hf_search *s, const struct hf_sp_test *t, struct ranges *r)
{
	const struct hf_index_pair *p = find_pair(t->sp, s->type, HF_INDEX_TOKEN);

	if (!p || t->modifier != HF_MOD_NONE)
		return false;
	for (size_t i = 0; i < t->n_any; i++) {
		const struct hf_spv *v = &t->any[i].value;
		int64_t at;

		if (!t->any[i].code_given || v->code.n == 0)
			return false;
		at = hf_index_token(HF_SV(""), v->code, true);
		add_range(r, p->slot, at, at);
		/* Telephone numbers stand without what is between their digits. */
		at = hf_index_token(HF_SV(""), t->any[i].squeezed, true);
		add_range(r, p->slot, at, at);
	}
	return true;
}

static bool
string_ranges(const struct hf_search *s, const struct hf_sp_test *t, struct ranges *r)
{
	const struct hf_index_pair *p = find_pair(t->sp, s->type, HF_INDEX_STRING);

	if (!p || (t->modifier != HF_MOD_NONE && t->modifier != HF_MOD_EXACT))
		return false;
	for (size_t i = 0; i < t->n_any; i++) {
		struct hf_sv folded = t->any[i].folded;

		if (folded.n == 0)
			folded = hf_fold(t->any[i].value.text, r->arena);
		if (folded.n == 0)
			return false;
		add_range(r, p->slot, hf_index_string(folded),
			  hf_index_string_end(folded));
	}
	return true;
}

static bool
uri_ranges(const struct hf_search *s, const struct hf_sp_test *t, struct ranges *r)
{
	const struct hf_index_pair *p = find_pair(t->sp, s->type, HF_INDEX_URI);

	if (!p || t->modifier != HF_MOD_NONE)
		return false;
	for (size_t i = 0; i < t->n_any; i++) {
		struct hf_sv rest = t->any[i].value.text;
		int64_t at = hf_index_token(HF_SV(""), hf_sv_cut(&rest, '|'), true);

		if (t->any[i].value.text.n == 0)
			return false;
		add_range(r, p->slot, at, at);
	}
	return true;
}

static bool
reference_ranges(const struct hf_search *s, const struct hf_sp_test *t,
		 struct ranges *r)
{
	const struct hf_index_pair *p = find_pair(t->sp, s->type, HF_INDEX_REFERENCE);

	if (!p || (t->modifier != HF_MOD_NONE && t->modifier != HF_MOD_TYPE))
		return false;
	for (size_t i = 0; i < t->n_any; i++) {
		const struct hf_spv *v = &t->any[i].value;
		hf_type_id one = v->ref_type ? v->ref_type : t->mod_type;
		struct hf_sv rest = v->text;
		int64_t at = hf_index_token(HF_SV(""), hf_sv_cut(&rest, '|'), true);

		/* The same text may be a canonical of another place. */
		if (v->text.n)
			add_range(r, p->slot, at, at);
		if (v->code.n == 0)
			continue;
		for (uint16_t k = 0; k < (one ? 1 : t->sp->n_targets); k++) {
			at = hf_index_reference(one ? one : hf_sp_target(t->sp, k),
						v->code);
			add_range(r, p->slot, at, at);
		}
		if (!one && t->sp->n_targets == 0)
			return false;
	}
	return true;
}

enum hf_rc
hf_search_ranges(const struct hf_search *s, size_t at, struct hf_arena *arena,
		 struct hf_range **out, size_t *n, struct hf_err *err)
{
	const struct hf_sp_test *t = &s->tests[at];
	struct ranges r = {.arena = arena};
	bool served = false;

	switch (s->type ? t->sp->kind : HF_SP_SPECIAL) {
	case HF_SP_TOKEN:
		served = token_ranges(s, t, &r);
		break;
	case HF_SP_STRING:
		served = string_ranges(s, t, &r);
		break;
	case HF_SP_DATE:
		served = date_ranges(s, at, &r);
		break;
	case HF_SP_REFERENCE:
		served = reference_ranges(s, t, &r);
		break;
	case HF_SP_URI:
		served = uri_ranges(s, t, &r);
		break;
	default:
		break;
	}
	if (r.full)
		return no_room(err);
	*out = r.items;
	*n = served ? r.n : 0;
	/* Dates that shut each other out: an empty range is an answer too. */
	if (served && r.n == 0) {
		add_range(&r, 1, 1, 0);
		*out = r.items;
		*n = r.n;
	}
	return r.full ? no_room(err) : HF_OK;
}

struct hf_sv
hf_search_indexed(hf_type_id type, struct hf_arena *arena)
{
	const char *name = hf_type_get(type)->name;
	struct hf_sv out = {0};

	for (size_t i = 0; i < hf_n_index_pairs; i++) {
		const struct hf_index_pair *p = &hf_index_pairs[i];

		if (strcmp(p->type, name) != 0 || p->kind == HF_INDEX_DATE_LONG)
			continue;
		out = hf_arena_printf(arena, "%.*s%s%s", HF_SV_ARG(out),
				      out.n ? ", " : "", p->param);
	}
	return out;
}
