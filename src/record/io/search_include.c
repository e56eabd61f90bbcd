/* search_include.c - what _include and _revinclude add to a page.
 *
 * Each resource stands once on a page, as a match before as an include.  What
 * refers to a hit is found on the person's shelf, or by an index of references;
 * where there is neither the answer is refused, not shortened. */
#include "record/io/search_int.h"

struct include {
	struct hf_reader *reader;
	const struct hf_search *s;
	struct hf_arena *arena;
	struct hf_founds *founds;
	struct hf_rids seen;
	struct hf_err *err;
};

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the page is too large; ask for fewer with _count");
}

/* Adds one version, unless it is on the page. */
static enum hf_rc
add(struct include *in, const struct hf_version *v)
{
	struct hf_founds *f = in->founds;
	struct hf_found *found;

	switch (hf_rids_add(in->arena, &in->seen, v->e.rid)) {
	case 0:
		return HF_OK;
	case -1:
		return no_room(in->err);
	}
	if (in->seen.n > in->s->limits.included)
		return hf_fail(in->err, HF_COSTLY, NULL,
			       "_include and _revinclude would add more than %zu "
			       "resources; ask for fewer with _count",
			       in->s->limits.included);
	if (!hf_search_grow(in->arena, (void **)&f->items, f->n, &f->size,
			    sizeof *f->items))
		return no_room(in->err);
	found = &f->items[f->n++];
	*found = (struct hf_found){.hit = {HF_MODE_INCLUDE, *v}};
	return hf_json_parse(v->body, NULL, in->arena, &found->doc, in->err);
}

/* ---- forward ---- */

static bool
is_ours(const struct hf_search *s, struct hf_sv text)
{
	return hf_sv_find(text, ':') == text.n ||
	       (s->base.n && hf_sv_starts(text, s->base));
}

static enum hf_rc
follow(struct include *in, const struct hf_search_include *inc, const struct hf_spv *v)
{
	struct hf_version out;
	enum hf_rc rc;

	if (!v->ref_type || v->code.n == 0 || !is_ours(in->s, v->text) ||
	    (inc->target && inc->target != v->ref_type))
		return HF_OK;
	rc = hf_store_read(in->reader, hf_sv_from(hf_type_get(v->ref_type)->name),
			   v->code, 0, in->arena, &out, in->err);
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK; /* it leads nowhere here */
	return rc == HF_OK ? add(in, &out) : rc;
}

static enum hf_rc
forward_by(struct include *in, const struct hf_search_include *inc,
	   const struct hf_sp *sp, size_t at)
{
	struct hf_spvs values = {0};
	struct hf_json doc = in->founds->items[at].doc;
	enum hf_rc rc = hf_sp_values(sp, &doc, 0, in->arena, &values, in->err);

	for (size_t i = 0; i < values.n && rc == HF_OK; i++)
		rc = follow(in, inc, &values.items[i]);
	return rc;
}

static enum hf_rc
forward(struct include *in, const struct hf_search_include *inc, size_t at)
{
	hf_type_id type = in->founds->items[at].hit.v.e.type;
	uint16_t first, n;
	enum hf_rc rc = HF_OK;

	if (type != inc->source)
		return HF_OK;
	if (inc->sp)
		return forward_by(in, inc, inc->sp, at);
	hf_sp_of_type(type, &first, &n);
	for (uint16_t i = 0; i < n && rc == HF_OK; i++) {
		const struct hf_sp *sp = hf_sp_get((uint16_t)(first + i));

		if (sp->kind == HF_SP_REFERENCE && hf_search_supports(type, sp))
			rc = forward_by(in, inc, sp, at);
	}
	return rc;
}

/* ---- backward ---- */

/* The test "source.param refers to this hit". */
static enum hf_rc
make_test(struct include *in, const struct hf_search_include *inc, size_t at,
	  struct hf_sp_test *out)
{
	const struct hf_version *v = &in->founds->items[at].hit.v;
	struct hf_sv text = hf_arena_printf(
	    in->arena, "%s/%.*s", hf_type_get(v->e.type)->name, HF_SV_ARG(v->id));

	if (!text.p)
		return no_room(in->err);
	return hf_sp_test_parse(inc->sp, HF_SV(""), text, in->s->now, in->arena, out,
				in->err);
}

static enum hf_rc
add_if_refers(struct include *in, const struct hf_search *q, hf_rid rid)
{
	struct hf_version v;
	struct hf_json doc;
	bool hit = false;
	enum hf_rc rc = hf_store_read_rid(in->reader, rid, 0, in->arena, &v, in->err);

	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, in->arena, &doc, in->err);
	if (rc == HF_OK)
		rc = hf_search_match(q, v.e.type, &doc, in->arena, &hit, in->err);
	return rc == HF_OK && hit ? add(in, &v) : rc;
}

static bool
may_refer(hf_type_id target, const struct hf_search_include *inc)
{
	if (inc->target && inc->target != target)
		return false;
	for (uint16_t k = 0; k < inc->sp->n_targets; k++)
		if (hf_sp_target(inc->sp, k) == target)
			return true;
	return inc->sp->n_targets == 0;
}

static enum hf_rc
backward(struct include *in, const struct hf_search_include *inc, size_t at,
	 struct hf_cands *reserved)
{
	hf_type_id target = in->founds->items[at].hit.v.e.type;
	struct hf_sp_test test;
	struct hf_search q = {.type = inc->source,
			      .types = &inc->source,
			      .n_types = 1,
			      .base = in->s->base,
			      .now = in->s->now,
			      .limits = in->s->limits,
			      .tests = &test,
			      .n_tests = 1};
	struct hf_cands c = {0};
	enum hf_rc rc;

	if (!may_refer(target, inc))
		return HF_OK;
	rc = make_test(in, inc, at, &test);
	if (rc == HF_OK)
		rc = hf_search_filter(&q, in->arena, in->err);
	if (rc == HF_OK)
		rc = hf_search_referring(in->reader, &q, &in->founds->items[at].hit.v.e,
					 in->arena, reserved, &c, in->err);
	for (size_t i = 0; i < c.n && rc == HF_OK; i++)
		rc = add_if_refers(in, &q, c.items[i].rid);
	return rc;
}

/* ---- rounds ---- */

static enum hf_rc
round_over(struct include *in, size_t from, size_t to, bool first)
{
	const struct hf_search *s = in->s;
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; i < s->n_includes; i++)
		for (size_t at = from; at < to && rc == HF_OK; at++)
			if (first || s->includes[i].iterate)
				rc = forward(in, &s->includes[i], at);
	for (size_t i = 0; i < s->n_revincludes; i++) {
		struct hf_cands reserved = {0};

		for (size_t at = from; at < to && rc == HF_OK; at++)
			if (first || s->revincludes[i].iterate)
				rc = backward(in, &s->revincludes[i], at, &reserved);
	}
	return rc;
}

enum hf_rc
hf_search_include_all(struct hf_reader *reader, const struct hf_search *s,
		      struct hf_arena *arena, struct hf_founds *founds,
		      struct hf_err *err)
{
	struct include in = {reader, s, arena, founds, {0}, err};
	size_t from = 0;

	for (size_t i = 0; i < founds->n; i++)
		if (hf_rids_add(arena, &in.seen, founds->items[i].hit.v.e.rid) < 0)
			return no_room(err);
	for (unsigned k = 0; from < founds->n; k++) {
		size_t to = founds->n;
		enum hf_rc rc;

		if (k > s->limits.iterations)
			return hf_fail(err, HF_COSTLY, NULL,
				       "_include:iterate goes on after %u rounds; "
				       "leave out :iterate",
				       s->limits.iterations);
		rc = round_over(&in, from, to, k == 0);
		if (rc != HF_OK)
			return rc;
		from = to;
	}
	return HF_OK;
}
