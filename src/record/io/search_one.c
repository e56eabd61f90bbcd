/* search_one.c - the one resource that a condition means.
 *
 * For conditional create, update and delete.  What it finds is claimed until the
 * change is committed, and what is claimed is a value, so a condition needs a
 * parameter whose index rows have one: an identifier, a code, a reference. */
#include "record/io/search_int.h"

enum { MOST_ROWS = 1000 };

struct one {
	struct hf_reader *reader;
	struct hf_search *s;
	struct hf_arena *arena;
	struct hf_rids matches;
	hf_rid rid;
	bool by_own_id; /* the match makes no index row for its identifier */
	struct hf_err *err;
};

static enum hf_rc
test_one(struct one *o, hf_rid rid)
{
	struct hf_version v;
	struct hf_json doc;
	bool hit = false;
	enum hf_rc rc = hf_store_read_rid(o->reader, rid, 0, o->arena, &v, o->err);

	if (rc == HF_GONE || rc == HF_NOT_FOUND)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, o->arena, &doc, o->err);
	if (rc == HF_OK)
		rc = hf_search_match(o->s, v.e.type, &doc, o->arena, &hit, o->err);
	if (rc != HF_OK || !hit)
		return rc;
	o->rid = v.e.rid;
	if (hf_rids_add(o->arena, &o->matches, v.e.rid) < 0)
		return hf_fail(o->err, HF_TOO_LONG, NULL, "the condition is too long");
	return HF_OK;
}

/* The test whose rows all have one value; n_tests when there is none. */
static enum hf_rc
choose(struct one *o, size_t *at, struct hf_range *out)
{
	struct hf_search *s = o->s;

	for (*at = 0; *at < s->n_tests; (*at)++) {
		struct hf_range *ranges;
		size_t n;
		enum hf_rc rc = hf_search_ranges(s, *at, o->arena, &ranges, &n, o->err);

		if (rc != HF_OK)
			return rc;
		if (n == 1 && ranges[0].lo == ranges[0].hi) {
			*out = ranges[0];
			return HF_OK;
		}
	}
	return HF_OK;
}

static bool
is_id(const struct hf_sp_test *t)
{
	return strcmp(t->sp->code, "_id") == 0 && t->modifier == HF_MOD_NONE &&
	       t->n_any == 1 && t->any[0].value.code.n;
}

/* The resource of this id, when it is one. */
static enum hf_rc
by_id(struct one *o, struct hf_sv id)
{
	struct hf_entry e;
	enum hf_rc rc = hf_store_find(o->reader, o->s->type, id, &e, o->err);

	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	return rc == HF_OK ? test_one(o, e.rid) : rc;
}

static enum hf_rc
by_index(struct one *o, size_t at, const struct hf_range *range)
{
	const struct hf_sp_test *t = &o->s->tests[at];
	int64_t *values;
	hf_rid *rids;
	size_t n = 0;
	enum hf_rc rc = hf_store_index(o->reader, range->slot, range->lo, range->hi,
				       false, range->lo, 0, MOST_ROWS + 1, o->arena,
				       &values, &rids, &n, o->err);

	if (rc == HF_OK && n > MOST_ROWS)
		return hf_fail(o->err, HF_COSTLY, NULL,
			       "more than %d resources share this %s; a condition must "
			       "name one, best by its identifier",
			       MOST_ROWS, t->sp->code);
	for (size_t i = 0; i < n && rc == HF_OK; i++)
		rc = test_one(o, rids[i]);
	if (rc == HF_OK && o->matches.n == 0 &&
	    strcmp(t->sp->code, "identifier") == 0) {
		rc = by_id(o, t->any[0].value.code);
		o->by_own_id = o->matches.n > 0;
	}
	return rc;
}

static enum hf_rc
find_one(struct one *o, uint32_t *slot, int64_t *value)
{
	struct hf_range range = {0};
	size_t at;
	enum hf_rc rc;

	*slot = 0;
	*value = 0;
	if (o->s->n_tests == 0)
		return hf_fail(o->err, HF_INVALID, NULL,
			       "a condition needs at least one search parameter");
	for (size_t i = 0; i < o->s->n_tests; i++)
		if (is_id(&o->s->tests[i]))
			return by_id(o, o->s->tests[i].any[0].value.code);
	rc = choose(o, &at, &range);
	if (rc != HF_OK)
		return rc;
	if (at == o->s->n_tests) {
		struct hf_sv names = hf_search_indexed(o->s->type, o->arena);

		return hf_fail(o->err, HF_COSTLY, NULL,
			       "a condition on %s needs one value of an indexed "
			       "parameter, best identifier=system|value; indexed: %.*s",
			       hf_type_get(o->s->type)->name, HF_SV_ARG(names));
	}
	rc = by_index(o, at, &range);
	if (rc == HF_OK && !o->by_own_id) {
		*slot = range.slot;
		*value = range.lo;
	}
	return rc;
}

static bool
steers(const struct hf_search *s)
{
	return s->n_sorts || s->n_includes || s->n_revincludes || s->elements.n ||
	       s->summary != HF_SUMMARY_FALSE || s->page_id;
}

enum hf_rc
hf_search_one(struct hf_reader *reader, hf_type_id type, const struct hf_param *params,
	      size_t n, struct hf_sv base, hf_time now, struct hf_arena *arena,
	      hf_rid *rid, uint32_t *slot, int64_t *value, struct hf_err *err)
{
	struct one o = {.reader = reader, .arena = arena, .err = err};
	uint32_t at_slot;
	int64_t at_value;
	bool mine;
	enum hf_rc rc;

	assert(type != 0);
	rc = hf_search_parse(type, params, n, false, base, now, arena, &o.s, err);
	if (rc == HF_OK && steers(o.s))
		rc = hf_fail(err, HF_INVALID, NULL,
			     "a condition takes search parameters only");
	if (rc == HF_OK)
		rc = hf_search_begin(reader, &mine, err);
	if (rc != HF_OK)
		return rc;
	rc = find_one(&o, &at_slot, &at_value);
	hf_search_end(reader, mine);
	if (rc != HF_OK)
		return rc;
	if (o.matches.n > 1)
		return hf_fail(err, HF_MULTIPLE, NULL,
			       "%zu resources match the condition; it must name one",
			       o.matches.n);
	*rid = o.rid;
	*slot = at_slot;
	*value = at_value;
	return HF_OK;
}
