/* ref_use.c - what imported lists say: boards, codes of conditions, deprivation,
 * weights. */
#include <stdlib.h>

#include "population/io/ref_kept.h"
#include "record/io/desk.h"

/* ---- boards ---- */

static int
by_org(const void *a, const void *b)
{
	return hf_sv_cmp(((const struct hf_peer_parent *)a)->org,
			 ((const struct hf_peer_parent *)b)->org);
}

enum hf_rc
hf_ref_parents(struct hf_reader *reader, struct hf_arena *arena,
	       struct hf_peer_parent **out, size_t *n, struct hf_err *err)
{
	struct hf_ref_now *lists;
	struct hf_ref_entry e;
	size_t n_lists, all = 0, kept = 0;
	struct hf_peer_parent *p;
	enum hf_rc rc =
	    hf_ref_now(reader, HF_REF_PARENTS, arena, &lists, &n_lists, err);

	*n = 0;
	if (rc != HF_OK)
		return rc;
	for (size_t i = 0; i < n_lists; i++)
		all += (size_t)lists[i].n;
	p = hf_arena_array(arena, all + 1, sizeof *p);
	if (!p)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the lists");
	/* The newest list first: of the same organisation it is taken. */
	for (size_t i = n_lists; i-- > 0;) {
		size_t before = kept;
		struct hf_sv rest = lists[i].body;

		while (kept < all && hf_ref_line(&rest, &e)) {
			struct hf_peer_parent new = {e.key, e.value, e.more};

			if (before == 0 || !bsearch(&new, p, before, sizeof *p, by_org))
				p[kept++] = new;
		}
		qsort(p, kept, sizeof *p, by_org);
	}
	*out = p;
	*n = kept;
	return HF_OK;
}

/* ---- codes ---- */

static enum hf_ref_system
system_of(struct hf_sv word)
{
	for (int i = 1; i < HF_REF_SYSTEMS; i++)
		if (hf_sv_eq(word, hf_sv_from(hf_ref_system_words[i])))
			return (enum hf_ref_system)i;
	return HF_REF_NO_SYSTEM;
}

enum hf_rc
hf_ref_codes(struct hf_reader *reader, struct hf_arena *arena,
	     struct hf_code_lists *out, struct hf_err *err)
{
	struct hf_ref_now *lists;
	size_t n, all = 0;
	enum hf_rc rc = hf_ref_now(reader, HF_REF_CODES, arena, &lists, &n, err);

	*out = (struct hf_code_lists){0};
	if (rc != HF_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		all += (size_t)lists[i].n;
	out->items = hf_arena_array(arena, all + 1, sizeof *out->items);
	out->lists = hf_arena_array(arena, n + 1, sizeof *out->lists);
	if (!out->items || !out->lists)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the lists");
	for (size_t i = 0; i < n; i++) {
		struct hf_code_item of = {lists[i].version, lists[i].name,
					  system_of(lists[i].system)};
		struct hf_sv rest = lists[i].body;
		struct hf_ref_entry e;

		if (!hf_ref_is_condition(of.condition))
			continue;
		out->lists[out->n_lists++] = of;
		while (out->n < all && hf_ref_line(&rest, &e)) {
			of.code = e.key;
			out->items[out->n++] = of;
		}
	}
	hf_code_lists_end(out);
	return HF_OK;
}

enum hf_rc
hf_ref_codes_state(struct hf_reader *reader, int64_t *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(hf_reader_db(reader),
				    HF_Q_POPULATION_REF_CODES_STATE, NULL, &rows, err);

	*out = 0;
	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		*out = hf_rows_int(&rows, 0);
	return hf_rows_end(&rows, err);
}

/* ---- deprivation ---- */

static int
by_area(const void *key, const void *item)
{
	return hf_sv_cmp(*(const struct hf_sv *)key,
			 ((const struct hf_ref_entry *)item)->key);
}

static bool
any_without(const struct hf_pop_columns *c)
{
	for (uint32_t p = 0; p < c->n_persons; p++)
		if (c->persons[p].imd == 0 && c->persons[p].lsoa)
			return true;
	return false;
}

/* The decile of each code of small areas; the body is in order. */
static enum hf_rc
deciles(const struct hf_pop_columns *c, const struct hf_ref_now *list,
	struct hf_arena *arena, uint8_t *of, struct hf_err *err)
{
	const struct hf_pop_dictionary *d = &c->dict[HF_POP_LSOA];
	struct hf_ref_entry *e = hf_arena_array(arena, (size_t)list->n + 1, sizeof *e);
	struct hf_sv rest = list->body;
	size_t n = 0;

	if (!e)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for deprivation");
	while (n < (size_t)list->n && hf_ref_line(&rest, &e[n]))
		n++;
	for (size_t i = 1; i < d->n; i++) {
		struct hf_sv area = d->text[i];
		const struct hf_ref_entry *at =
		    n ? bsearch(&area, e, n, sizeof *e, by_area) : NULL;
		int64_t decile = 0;

		if (at && hf_sv_int(at->value, &decile) && decile > 0 && decile <= 10)
			of[i] = (uint8_t)decile;
	}
	return HF_OK;
}

enum hf_rc
hf_ref_deprive(struct hf_reader *reader, struct hf_pop_columns *c, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_ref_now *lists;
	uint8_t *of = NULL;
	size_t n = 0;
	enum hf_rc rc = HF_OK;

	if (!any_without(c))
		return HF_OK;
	rc = hf_ref_now(reader, HF_REF_DEPRIVATION, &arena, &lists, &n, err);
	if (rc == HF_OK && n) {
		of = hf_arena_zalloc(&arena, UINT16_MAX + 1);
		rc = of ? deciles(c, &lists[n - 1], &arena, of, err)
			: hf_fail(err, HF_TOO_LONG, NULL, "no memory for deprivation");
	}
	for (uint32_t p = 0; rc == HF_OK && of && p < c->n_persons; p++)
		if (c->persons[p].imd == 0)
			c->persons[p].imd = of[c->persons[p].lsoa];
	hf_arena_free(&arena);
	return rc;
}

/* ---- weights ---- */

static enum hf_rc
put_weights(const struct hf_ref_now *list, struct hf_pop_defs *defs, struct hf_err *err)
{
	struct hf_pop_weight *w =
	    hf_arena_array(&defs->arena, (size_t)list->n + 1, sizeof *w);
	struct hf_sv rest = list->body;
	struct hf_ref_entry e;
	size_t n = 0;

	if (!w)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for weights");
	while (n < (size_t)list->n && hf_ref_line(&rest, &e) &&
	       hf_sv_int(e.value, &w[n].milli))
		w[n++].code = e.key;
	for (size_t i = 0; i < defs->n_scores; i++)
		if (hf_sv_eq(hf_sv_from(defs->scores[i].id), list->name))
			return hf_pop_score_weights(&defs->scores[i], w, n,
						    list->version, list->source,
						    &defs->arena, err);
	return HF_OK; /* of a score that is not there any more */
}

enum hf_rc
hf_ref_weights(struct hf_store *store, struct hf_pop_defs *defs, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_reader *reader = NULL;
	struct hf_ref_now *lists;
	size_t n = 0;
	enum hf_rc rc = hf_reader_get(store, &reader, err);

	if (rc == HF_OK)
		rc = hf_ref_now(reader, HF_REF_WEIGHTS, &arena, &lists, &n, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = put_weights(&lists[i], defs, err);
	if (reader)
		hf_reader_put(reader);
	hf_arena_free(&arena);
	return rc;
}
