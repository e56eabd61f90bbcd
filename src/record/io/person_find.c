/* person_find.c - people by what was typed.
 *
 * Each term gives candidates from its index; the shortest list that is complete is
 * opened, every other term tested on the body.  When no list is complete, the two
 * longest name lists are cut against each other by rid first.  At most VERIFY bodies
 * are opened, so an answer comes in milliseconds however common the name; what was
 * left out is said. */
#include <inttypes.h>
#include <stdlib.h>

#include "record/io/person_int.h"
#include "record/io/viewer.h"

enum {
	VERIFY = 240, /* bodies opened */
	WIDE = 8192,  /* index rows of a term that is cut against another */
	LINES = 50
};

static const struct hf_sv nothing = {NULL, 0};

struct rids {
	hf_rid *items;
	size_t n;
	bool whole; /* no more rows behind these */
};

struct find {
	struct who_cache who;
	struct hf_reader *reader;
	struct hf_arena *arena;
	hf_time now;
	hf_type_id patient;
	const struct hf_person_query *q;
	struct hf_err *err;
};

static enum hf_rc
no_memory(struct find *f)
{
	return hf_fail(f->err, HF_TOO_LONG, NULL, "no memory for this search");
}

/* ---- candidates ---- */

/* Rows of one slot between lo and hi, appended to out up to max in all. */
static enum hf_rc
rows(struct find *f, const char *param, int64_t lo, int64_t hi, size_t max,
     struct rids *out)
{
	uint32_t slot = hf_index_slot(f->patient, hf_sv_from(param));
	size_t room = max - out->n, n = 0;
	int64_t *values;
	hf_rid *got, *all;
	enum hf_rc rc;

	if (slot == 0)
		return hf_fail(f->err, HF_FAULT, NULL, "no index for Patient %s",
			       param);
	rc = hf_store_index(f->reader, slot, lo, hi, false, lo, 0, room, f->arena,
			    &values, &got, &n, f->err);
	if (rc)
		return rc;
	all = hf_arena_array(f->arena, out->n + n + 1, sizeof(*all));
	if (!all)
		return no_memory(f);
	if (out->n)
		memcpy(all, out->items, out->n * sizeof(*all));
	if (n)
		memcpy(all + out->n, got, n * sizeof(*all));
	out->items = all;
	out->n += n;
	out->whole = out->whole && n < room;
	return HF_OK;
}

static enum hf_rc
rows_of_prefix(struct find *f, const char *param, struct hf_sv folded, size_t max,
	       struct rids *out)
{
	return rows(f, param, hf_index_string(folded), hf_index_string_end(folded), max,
		    out);
}

static enum hf_rc
of_number(struct find *f, struct rids *out)
{
	int64_t key = hf_index_token(nothing, hf_nhs_sv(&f->q->number), true);

	return rows(f, "identifier", key, key, VERIFY, out);
}

static enum hf_rc
of_birth(struct find *f, size_t max, struct rids *out)
{
	for (size_t i = 0; i < f->q->n_births; i++) {
		const struct hf_person_birth *b = &f->q->births[i];
		/* A day in London may begin an hour before the day in UTC. */
		int64_t lo = b->first * 86400000 - 7200000;
		int64_t hi = b->last * 86400000 + 86400000 - 7200000 - 1;
		enum hf_rc rc = rows(f, "birthdate", lo, hi, max, out);

		if (rc)
			return rc;
	}
	return HF_OK;
}

static enum hf_rc
of_postcode(struct find *f, size_t max, struct rids *out)
{
	struct hf_sv p = f->q->postcode;
	size_t blank = hf_sv_find(p, ' ');
	enum hf_rc rc = rows_of_prefix(f, "address-postalcode", p, max, out);

	/* Some write it without the blank. */
	if (rc == HF_OK && blank < p.n)
		rc = rows_of_prefix(f, "address-postalcode",
				    hf_arena_printf(f->arena, "%.*s%.*s", (int)blank,
						    p.p, (int)(p.n - blank - 1),
						    p.p + blank + 1),
				    max, out);
	return rc;
}

static enum hf_rc
of_name(struct find *f, size_t i, size_t max, struct rids *out)
{
	enum hf_rc rc = rows_of_prefix(f, "family", f->q->names[i], max, out);

	if (rc)
		return rc;
	/* Family names first: half of the room stays for given names. */
	if (out->n > max / 2 && !out->whole)
		out->n = max / 2;
	return rows_of_prefix(f, "given", f->q->names[i], max, out);
}

static int
by_rid(const void *pa, const void *pb)
{
	const hf_rid *a = pa, *b = pb;

	return *a < *b ? -1 : *a > *b;
}

/* What stands in both. */
static void
cut(struct rids *a, struct rids *b)
{
	size_t i = 0, k = 0, n = 0;

	qsort(a->items, a->n, sizeof(*a->items), by_rid);
	qsort(b->items, b->n, sizeof(*b->items), by_rid);
	while (i < a->n && k < b->n) {
		if (a->items[i] < b->items[k])
			i++;
		else if (a->items[i] > b->items[k])
			k++;
		else
			a->items[n++] = a->items[i], i++, k++;
	}
	a->n = n;
	a->whole = a->whole && b->whole;
}

static bool
shorter(const struct rids *a, const struct rids *b)
{
	if (a->whole != b->whole)
		return a->whole;
	return a->n < b->n;
}

/* The best list of candidates for the query. */
static enum hf_rc
candidates(struct find *f, struct rids *best)
{
	const struct hf_person_query *q = f->q;
	struct rids list = {.whole = true};
	enum hf_rc rc = HF_OK;
	bool any = false;

	if (q->has_number) {
		*best = list;
		return of_number(f, best);
	}
	if (q->n_births) {
		*best = list;
		rc = of_birth(f, VERIFY, best);
		any = true;
	}
	if (rc == HF_OK && q->postcode.n && (!any || !best->whole)) {
		struct rids other = list;

		rc = of_postcode(f, VERIFY, &other);
		if (rc == HF_OK && (!any || shorter(&other, best)))
			*best = other;
		any = true;
	}
	for (size_t i = 0; rc == HF_OK && i < q->n_names && (!any || !best->whole);
	     i++) {
		struct rids other = list;

		rc = of_name(f, i, VERIFY, &other);
		if (rc == HF_OK && (!any || shorter(&other, best)))
			*best = other;
		any = true;
	}
	return rc;
}

/* When no term alone is narrow: all terms' wide lists cut against each other. */
static enum hf_rc
narrow(struct find *f, struct rids *best)
{
	const struct hf_person_query *q = f->q;
	struct rids all = {.whole = true};
	bool any = false;
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < q->n_names + 2; i++) {
		struct rids one = {.whole = true};

		if (i < q->n_names)
			rc = of_name(f, i, WIDE, &one);
		else if (i == q->n_names && q->n_births)
			rc = of_birth(f, WIDE, &one);
		else if (i == q->n_names + 1 && q->postcode.n)
			rc = of_postcode(f, WIDE, &one);
		else
			continue;
		if (rc)
			return rc;
		if (any)
			cut(&all, &one);
		else
			all = one;
		any = true;
	}
	*best = all;
	return HF_OK;
}

/* ---- ranking ---- */

static struct hf_sv
match_words(int all, struct hf_arena *arena)
{
	static const char *const words[] = {"name", "date of birth", "NHS number",
					    "postcode"};
	struct hf_sv s = nothing;

	for (int k = 0; k < 4; k++)
		if (all & 1 << k)
			s = hf_arena_printf(arena, "%.*s%s%s", HF_SV_ARG(s),
					    s.n ? "|" : "", words[k]);
	return s;
}

/* A candidate that agrees: kept by rid and order until it is shown. */
struct ranked {
	hf_rid rid;
	int score, agrees;
	struct hf_sv name; /* "HALE, Margaret (Mrs)": alphabetical order */
};

static int
by_score(const void *pa, const void *pb)
{
	const struct ranked *a = pa, *b = pb;
	int order;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	order = hf_sv_cmp(a->name, b->name);
	return order ? order : by_rid(&a->rid, &b->rid);
}

static enum hf_rc
rank(struct find *f, const struct rids *c, struct ranked *out, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < c->n && i < VERIFY; i++) {
		struct ranked r = {.rid = c->items[i]};
		struct opened o;
		uint32_t name;
		enum hf_rc rc;
		size_t k = 0;

		while (k < *n && out[k].rid != r.rid)
			k++;
		if (k < *n)
			continue;
		rc = hf_person_read(f->reader, r.rid, f->arena, &o, f->err);
		if (rc == HF_GONE || rc == HF_NOT_FOUND)
			continue;
		if (rc)
			return rc;
		r.agrees = hf_person_agrees(f->q, &o.doc, f->arena, &r.score);
		if (r.agrees == 0)
			continue;
		name = hf_name_best(&o.doc, hf_json_member(&o.doc, 0, "name"));
		if (name != HF_JSON_NONE)
			r.name = hf_name_words(&o.doc, name, false, f->arena);
		out[(*n)++] = r;
	}
	if (*n)
		qsort(out, *n, sizeof(*out), by_score);
	return HF_OK;
}

/* ---- lines ---- */

/* Adds a line unless the same person (by linked shelves) has one already. */
static enum hf_rc
add_line(struct find *f, hf_rid rid, int all, int score, struct hf_person_found *out)
{
	struct hf_person_line *line = &out->lines[out->n];
	struct opened o;
	int64_t *shelves;
	size_t n;
	enum hf_rc rc = hf_store_person(f->reader, HF_RID_SHELF(rid), f->arena,
					&shelves, &n, f->err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		for (size_t k = 0; k < out->n; k++)
			if (out->lines[k].shelf == shelves[i])
				return HF_OK;
	if (rc == HF_OK)
		rc = hf_person_read(f->reader, rid, f->arena, &o, f->err);
	if (rc == HF_GONE || rc == HF_NOT_FOUND)
		return HF_OK;
	if (rc)
		return rc;
	hf_person_line(&f->who, &o, f->now, f->arena, line);
	line->score = score;
	line->match = match_words(all, f->arena);
	out->n++;
	return HF_OK;
}

static struct hf_sv
hint_of(const struct hf_person_query *q, size_t found, bool more)
{
	if (q->hint.n && found == 0)
		return q->hint;
	if (found == 0 && q->has_number)
		return HF_SV(
		    "Nobody here has this NHS number. Check its ten digits, or "
		    "search by name and date of birth.");
	if (found == 0 && q->n_names && (q->n_births || q->postcode.n))
		return HF_SV(
		    "Nobody here agrees with all of this. Leave one part out, or "
		    "type only the first letters of the name.");
	if (found == 0)
		return HF_SV(
		    "Nobody found. Try the first letters of the name, a date of "
		    "birth such as 3/3/1942, or the ten digits of the NHS "
		    "number.");
	if (more)
		return HF_SV("There are more people like this. Add a date of birth or "
			     "another part of the name to narrow it down.");
	return q->hint;
}

static enum hf_rc
find_some(struct find *f, int64_t skip, size_t limit, struct hf_person_found *out)
{
	struct rids c = {.whole = true};
	struct ranked *ranked = hf_arena_array(f->arena, VERIFY, sizeof(*ranked));
	size_t n = 0, i;
	enum hf_rc rc;
	bool beyond;

	if (!ranked)
		return no_memory(f);
	rc = candidates(f, &c);
	if (rc == HF_OK && !c.whole &&
	    f->q->n_names + (f->q->n_births != 0) + (f->q->postcode.n != 0) > 1)
		rc = narrow(f, &c);
	if (rc == HF_OK)
		rc = rank(f, &c, ranked, &n);
	if (rc)
		return rc;
	for (i = (size_t)skip; i < n && out->n < limit && rc == HF_OK; i++)
		rc = add_line(f, ranked[i].rid, ranked[i].agrees, ranked[i].score, out);
	if (rc)
		return rc;
	beyond = !c.whole || c.n > VERIFY;
	out->more = i < n || beyond;
	if (i < n)
		out->next = hf_arena_printf(f->arena, "%zu", i);
	out->hint = hint_of(f->q, n, beyond && i >= n);
	return HF_OK;
}

/* ---- everybody, by family name ---- */

/* Is this row of the family index the name that the person is listed under?  Who
 * has several family names stands in the list once. */
static bool
is_main_row(struct find *f, hf_rid rid, int64_t value)
{
	struct hf_sv family;
	struct opened o;
	uint32_t name;

	if (hf_person_read(f->reader, rid, f->arena, &o, NULL))
		return false;
	name = hf_name_best(&o.doc, hf_json_member(&o.doc, 0, "name"));
	family = name == HF_JSON_NONE ? nothing
				      : hf_dig_text(&o.doc, name, "family", f->arena);
	if (family.n == 0)
		family = hf_dig_text(&o.doc, 0, "name.family", f->arena);
	return hf_index_string(hf_fold(family, f->arena)) == value;
}

static enum hf_rc
list_all(struct find *f, struct hf_sv after, size_t limit, struct hf_person_found *out)
{
	uint32_t slot = hf_index_slot(f->patient, HF_SV("family"));
	int64_t from = INT64_MIN, *values;
	struct hf_sv rest = after;
	hf_rid behind = 0, *rids;
	size_t n = 0, i;
	enum hf_rc rc;

	if (after.n &&
	    (!hf_sv_int(hf_sv_cut(&rest, '.'), &from) || !hf_sv_int(rest, &behind)))
		return hf_fail(f->err, HF_INVALID, "after",
			       "after is not a mark that this server gave; start from "
			       "the first people");
	rc = hf_store_index(f->reader, slot, from, INT64_MAX, false, from, behind,
			    limit + 1, f->arena, &values, &rids, &n, f->err);
	for (i = 0; rc == HF_OK && i < n && i < limit; i++)
		if (is_main_row(f, rids[i], values[i]))
			rc = add_line(f, rids[i], 0, 0, out);
	if (rc)
		return rc;
	out->more = n > limit;
	if (out->more)
		out->next = hf_arena_printf(f->arena, "%" PRId64 ".%" PRId64,
					    values[limit - 1], rids[limit - 1]);
	if (n == 0 && after.n == 0 && hf_reader_is_viewed(f->reader))
		out->hint =
		    HF_SV("Nobody is in your care here: people show when there is a "
			  "referral, an appointment, a stay, an episode of care "
			  "or a registration with your organisation.");
	else if (n == 0 && after.n == 0)
		out->hint =
		    HF_SV("Nobody is in the record yet. Import some people with "
			  "homefirst import, or make a synthetic place with "
			  "homefirst generate.");
	return HF_OK;
}

enum hf_rc
hf_person_find_query(struct hf_store *store, struct hf_reader *reader,
		     const struct hf_person_query *query, size_t limit, hf_time now,
		     struct hf_arena *arena, struct hf_person_found *out,
		     struct hf_err *err)
{
	struct hf_person_found found = {.query = *query};
	struct find f = {
	    .who = {.store = store, .reader = reader, .arena = arena},
	    .reader = reader,
	    .arena = arena,
	    .now = now,
	    .patient = hf_person_type("Patient"),
	    .q = &found.query,
	    .err = err,
	};
	enum hf_rc rc;

	limit = limit == 0 ? 10 : limit > LINES ? LINES : limit;
	found.lines = hf_arena_array(arena, limit, sizeof(*found.lines));
	if (!found.lines)
		return no_memory(&f);
	rc = find_some(&f, 0, limit, &found);
	found.hint = nothing;
	if (rc == HF_OK)
		*out = found;
	return rc;
}

enum hf_rc
hf_person_find(struct hf_store *store, struct hf_reader *reader, struct hf_sv text,
	       struct hf_sv after, size_t limit, hf_time now, struct hf_arena *arena,
	       struct hf_person_found *out, struct hf_err *err)
{
	struct hf_person_found found = {0};
	struct find f = {
	    .who = {.store = store, .reader = reader, .arena = arena},
	    .reader = reader,
	    .arena = arena,
	    .now = now,
	    .patient = hf_person_type("Patient"),
	    .q = &found.query,
	    .err = err,
	};
	int64_t skip = 0;
	enum hf_rc rc =
	    hf_person_query_parse(text, hf_london_day(now), arena, &found.query, err);

	if (rc)
		return rc;
	limit = limit == 0 ? 10 : limit > LINES ? LINES : limit;
	found.lines = hf_arena_array(arena, limit, sizeof(*found.lines));
	if (!found.lines)
		return no_memory(&f);
	if (hf_sv_trim(text).n == 0) {
		rc = list_all(&f, after, limit, &found);
	} else if (!found.query.has_number && found.query.n_births == 0 &&
		   found.query.postcode.n == 0 && found.query.n_names == 0) {
		found.hint = hint_of(&found.query, 0, false);
	} else if (after.n && (!hf_sv_int(after, &skip) || skip < 0 || skip > VERIFY)) {
		rc =
		    hf_fail(err, HF_INVALID, "after",
			    "after is not a mark that this server gave; start from the "
			    "first people");
	} else {
		rc = find_some(&f, skip, limit, &found);
	}
	if (rc == HF_OK)
		*out = found;
	return rc;
}
