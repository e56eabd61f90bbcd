/* list.c - rows by code and day; which version is valid when. */
#include "contract/list_int.h"

static struct hf_ct_key *
key_at(const struct hf_ct_rows *t, uint32_t i)
{
	return (struct hf_ct_key *)(void *)(t->rows + (size_t)i * t->stride);
}

static int
compare(const void *a, const void *b)
{
	const struct hf_ct_key *x = a, *y = b;

	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	if (x->sub != y->sub)
		return x->sub < y->sub ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static bool
same(const struct hf_ct_key *a, const struct hf_ct_key *b)
{
	return a->code == b->code && a->sub == b->sub;
}

/* Two rows valid on one day: neither can be taken, so both go.  out: one a row. */
static void
find_overlaps(struct hf_ct_reader *r, struct hf_ct_rows *t, bool *out)
{
	uint32_t kept = 0, widest = 0;
	char text[HF_CT_CODE_TEXT];

	for (uint32_t i = 1; i < t->n; i++) {
		struct hf_ct_key *a = key_at(t, widest), *b = key_at(t, i);

		if (!same(a, b) || b->from > a->to) {
			widest = i;
			continue;
		}
		r->line = b->line;
		hf_ct_find_error(r, "%s: valid on days that line %u is valid on too",
				 hf_ct_code_text(a->code, text), (unsigned)a->line);
		out[widest] = out[i] = true;
		if (b->to > a->to)
			widest = i;
	}
	for (uint32_t i = 0; i < t->n; i++) {
		if (out[i])
			continue;
		if (kept < i)
			memcpy(key_at(t, kept), key_at(t, i), t->stride);
		kept++;
	}
	t->n = kept;
}

static uint32_t
hash(hf_ct_code code, uint32_t sub)
{
	uint64_t x = (code ^ (uint64_t)sub * UINT64_C(0x9e3779b97f4a7c15)) *
		     UINT64_C(0xff51afd7ed558ccd);

	return (uint32_t)(x >> 32 ^ x >> 52);
}

enum hf_rc
hf_ct_rows_index(struct hf_ct_reader *r, struct hf_ct_rows *t, struct hf_err *err)
{
	bool *out = hf_arena_array(r->arena, t->n + 1, sizeof *out);
	uint32_t size = 16;

	if (!out)
		return hf_fail(err, HF_TOO_LONG, r->file, "the price list is too long");
	if (t->n)
		qsort(t->rows, t->n, t->stride, compare);
	find_overlaps(r, t, out);
	while (size < 2 * t->n)
		size *= 2;
	t->slot = hf_arena_array(r->arena, size, sizeof *t->slot);
	if (!t->slot)
		return hf_fail(err, HF_TOO_LONG, r->file, "the price list is too long");
	t->mask = size - 1;
	for (uint32_t i = 0; i < t->n; i++) {
		const struct hf_ct_key *k = key_at(t, i);
		uint32_t at = hash(k->code, k->sub) & t->mask;

		if (i && same(k, key_at(t, i - 1)))
			continue;
		while (t->slot[at])
			at = (at + 1) & t->mask;
		t->slot[at] = i + 1;
	}
	return HF_OK;
}

const void *
hf_ct_list_find(const struct hf_ct_list *list, enum hf_ct_table_name table,
		hf_ct_code code, uint32_t sub, int32_t day)
{
	const struct hf_ct_rows *t = &list->table[table];
	uint32_t at = hash(code, sub) & t->mask;

	if (t->n == 0)
		return NULL;
	for (; t->slot[at]; at = (at + 1) & t->mask) {
		uint32_t i = t->slot[at] - 1;
		const struct hf_ct_key *k = key_at(t, i);

		if (k->code != code || k->sub != sub)
			continue;
		for (; i < t->n; i++) {
			k = key_at(t, i);
			if (k->code != code || k->sub != sub || k->from > day)
				break;
			if (day <= k->to)
				return k;
		}
		return NULL;
	}
	return NULL;
}

const void *
hf_ct_list_row(const struct hf_ct_list *list, enum hf_ct_table_name table, uint32_t i)
{
	assert(i < list->table[table].n);
	return key_at(&list->table[table], i);
}

enum hf_rc
hf_ct_price_book_add(struct hf_ct_price_book *book, const struct hf_ct_list *list,
		     struct hf_err *err)
{
	for (size_t i = 0; i < book->n; i++) {
		const struct hf_ct_list *other = book->lists[i];

		if (hf_sv_eq(other->id, list->id))
			return hf_fail(err, HF_EXISTS, NULL,
				       "there is a price list %.*s already",
				       HF_SV_ARG(list->id));
		if (list->from <= other->to && other->from <= list->to &&
		    !hf_sv_eq(list->supersedes, other->id) &&
		    !hf_sv_eq(other->supersedes, list->id))
			return hf_fail(err, HF_RULE, NULL,
				       "price lists %.*s and %.*s are valid on the "
				       "same days; say which supersedes the other",
				       HF_SV_ARG(list->id), HF_SV_ARG(other->id));
	}
	if (book->n == HF_CT_LISTS_MOST)
		return hf_fail(err, HF_TOO_LONG, NULL, "more than %d price lists",
			       HF_CT_LISTS_MOST);
	book->lists[book->n++] = list;
	return HF_OK;
}

static bool
superseded(const struct hf_ct_price_book *book, const struct hf_ct_list *list,
	   int32_t day)
{
	for (size_t i = 0; i < book->n; i++) {
		const struct hf_ct_list *other = book->lists[i];

		if (other != list && hf_sv_eq(other->supersedes, list->id) &&
		    other->from <= day && day <= other->to)
			return true;
	}
	return false;
}

int
hf_ct_price_book_on(const struct hf_ct_price_book *book, int32_t day)
{
	for (size_t i = 0; i < book->n; i++)
		if (book->lists[i]->from <= day && day <= book->lists[i]->to &&
		    !superseded(book, book->lists[i], day))
			return (int)i;
	return -1;
}

const struct hf_ct_list *
hf_ct_price_book_find(const struct hf_ct_price_book *book, struct hf_sv id)
{
	for (size_t i = 0; i < book->n; i++)
		if (hf_sv_eq(book->lists[i]->id, id))
			return book->lists[i];
	return NULL;
}
