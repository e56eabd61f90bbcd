/* everything.c - Patient/$everything: all that is known of one person.
 *
 * The shelves of the person in order, then what is mentioned from elsewhere, then
 * the organisations, staff and places that those refer to, each once. */
#include "record/io/derive.h"
#include "record/io/search_int.h"
#include "record/io/viewer_int.h"

struct seen_text {
	struct hf_sv *slots; /* p NULL: free */
	size_t n, size;
};

struct everything {
	struct hf_reader *reader;
	const struct hf_everything *q;
	struct hf_arena *arena, scratch;
	bool (*put)(void *ctx, const struct hf_version *v);
	void *ctx;
	bool stopped, begun;
	struct hf_rids given;
	struct seen_text texts; /* of references, in the order of .refs */
	struct hf_search_names refs;
	struct hf_err *err;
};

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the record is too large for one answer; name types with _type "
		       "or give _since");
}

static bool
wants(const struct hf_everything *q, hf_type_id type)
{
	for (size_t i = 0; i < q->n_types; i++)
		if (q->types[i] == type)
			return true;
	return q->types == NULL || q->n_types == 0;
}

/* start and end bound the dates of care; what has no date is always given. */
static bool
within(const struct hf_everything *q, const struct hf_entry *e)
{
	if (e->rid == q->patient || (e->lo == 0 && e->hi == 0))
		return true;
	return e->hi > q->start && e->lo <= q->end;
}

/* ---- references in a body ---- */

static uint64_t
hash_of(struct hf_sv s)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
	return h ^ h >> 29;
}

static bool
grow_texts(struct hf_arena *arena, struct seen_text *t)
{
	struct seen_text more = {.n = t->n, .size = t->size ? t->size * 2 : 64};

	if (t->n * 2 < t->size)
		return true;
	more.slots = hf_arena_array(arena, more.size, sizeof *more.slots);
	if (!more.slots)
		return false;
	for (size_t i = 0; i < t->size; i++) {
		size_t at;

		if (!t->slots[i].p)
			continue;
		at = hash_of(t->slots[i]) & (more.size - 1);
		while (more.slots[at].p)
			at = (at + 1) & (more.size - 1);
		more.slots[at] = t->slots[i];
	}
	*t = more;
	return true;
}

/* Notes a reference text that was not seen before. */
static bool
note_text(struct everything *ev, struct hf_sv text)
{
	struct seen_text *t = &ev->texts;
	struct hf_search_names *refs = &ev->refs;
	size_t at;

	if (!grow_texts(ev->arena, t))
		return false;
	for (at = hash_of(text) & (t->size - 1); t->slots[at].p;
	     at = (at + 1) & (t->size - 1))
		if (hf_sv_eq(t->slots[at], text))
			return true;
	if (!hf_search_grow(ev->arena, (void **)&refs->items, refs->n, &refs->size,
			    sizeof text))
		return false;
	text = hf_arena_sv(ev->arena, text);
	if (!text.p)
		return false;
	t->slots[at] = refs->items[refs->n++] = text;
	t->n++;
	return true;
}

/* Whether Type/id may lead to what stands on no person's shelf. */
static bool
leads_out(struct hf_sv text)
{
	struct hf_sv rest = text, name = hf_sv_cut(&rest, '/');
	hf_type_id type;

	if (rest.n == 0 || hf_sv_find(text, ':') < text.n)
		return false;
	type = hf_resource_find(name);
	return type && !hf_type_is_personal(type);
}

/* Bodies are minified, so a reference stands as "reference":"…".  A quoted text
 * that looks like one has its quotes escaped and is passed by. */
static bool
note_references(struct everything *ev, struct hf_sv body)
{
	static const struct hf_sv key = {"\"reference\":\"", 13};
	struct hf_sv rest = body;

	for (;;) {
		const char *p = rest.n ? memmem(rest.p, rest.n, key.p, key.n) : NULL;
		struct hf_sv text;

		if (!p)
			return true;
		rest = hf_sv_from_at(rest, (size_t)(p - rest.p) + key.n);
		text = (struct hf_sv){rest.p, hf_sv_find(rest, '"')};
		if (leads_out(text) && !note_text(ev, text))
			return false;
	}
}

/* ---- giving ---- */

static enum hf_rc
give(struct everything *ev, const struct hf_version *v)
{
	switch (hf_rids_add(ev->arena, &ev->given, v->e.rid)) {
	case 0:
		return HF_OK;
	case -1:
		return no_room(ev->err);
	}
	if (v->at >= ev->q->since && !ev->put(ev->ctx, v))
		ev->stopped = true;
	return HF_OK;
}

/* Gives a version of the record, and notes what it refers to. */
static enum hf_rc
give_version(struct everything *ev, const struct hf_version *v)
{
	if (!note_references(ev, v->body))
		return no_room(ev->err);
	return wants(ev->q, v->e.type) ? give(ev, v) : HF_OK;
}

/* A whole shelf in one range read. */
static enum hf_rc
give_shelf(struct everything *ev, int64_t shelf)
{
	struct hf_entry *seen = NULL; /* what may be seen; in rid order, as the rows */
	size_t n = 0, at = 0;
	struct hf_rows rows;
	enum hf_rc rc = HF_OK, end;

	if (!hf_sees_all(ev->reader))
		rc = hf_store_shelf(ev->reader, shelf, ev->arena, &seen, &n, ev->err);
	if (rc == HF_OK)
		rc = hf_db_query(ev->reader->db, HF_Q_RECORD_RES_BODIES,
				 HF_ARGS(HF_INT(HF_RID_MIN(shelf)),
					 HF_INT(HF_RID_MAX(shelf)), HF_INT(INT32_MAX)),
				 &rows, ev->err);

	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && !ev->stopped && hf_rows_next(&rows)) {
		struct hf_row row = hf_derive_row(&rows);
		struct hf_version v;

		while (at < n && seen[at].rid < row.e.rid)
			at++;
		if (!hf_sees_all(ev->reader) && (at == n || seen[at].rid != row.e.rid))
			continue;
		if (row.e.deleted || !within(ev->q, &row.e))
			continue;
		hf_arena_reset(&ev->scratch);
		rc = hf_row_version(ev->reader, &row, &ev->scratch, &v, ev->err);
		if (rc == HF_OK)
			rc = give_version(ev, &v);
	}
	end = hf_rows_end(&rows, rc == HF_OK ? ev->err : NULL);
	return rc == HF_OK ? end : rc;
}

static enum hf_rc
give_mentions(struct everything *ev, int64_t shelf)
{
	hf_rid *rids;
	size_t n;
	enum hf_rc rc =
	    hf_store_mentions(ev->reader, shelf, ev->arena, &rids, &n, ev->err);

	for (size_t i = 0; rc == HF_OK && i < n && !ev->stopped; i++) {
		struct hf_version v;

		hf_arena_reset(&ev->scratch);
		rc = hf_store_read_rid(ev->reader, rids[i], 0, &ev->scratch, &v,
				       ev->err);
		if (rc == HF_GONE || rc == HF_NOT_FOUND)
			rc = HF_OK;
		else if (rc == HF_OK && within(ev->q, &v.e))
			rc = give_version(ev, &v);
	}
	return rc;
}

static enum hf_rc
give_reference(struct everything *ev, struct hf_sv text)
{
	struct hf_sv rest = text, name = hf_sv_cut(&rest, '/'),
		     id = hf_sv_cut(&rest, '/');
	struct hf_version v;
	enum hf_rc rc;

	if (!wants(ev->q, hf_resource_find(name)))
		return HF_OK;
	hf_arena_reset(&ev->scratch);
	rc = hf_store_read(ev->reader, name, id, 0, &ev->scratch, &v, ev->err);
	if (rc == HF_GONE || rc == HF_NOT_FOUND)
		return HF_OK;
	return rc == HF_OK ? give(ev, &v) : rc;
}

static enum hf_rc
give_all(struct everything *ev)
{
	int64_t *shelves;
	size_t n = 0;
	enum hf_rc rc = hf_store_person(ev->reader, HF_RID_SHELF(ev->q->patient),
					ev->arena, &shelves, &n, ev->err);

	if (rc == HF_OK)
		rc = hf_search_begin(ev->reader, &ev->begun, ev->err);
	for (size_t i = 0; i < n && rc == HF_OK && !ev->stopped; i++)
		rc = give_shelf(ev, shelves[i]);
	for (size_t i = 0; i < n && rc == HF_OK && !ev->stopped; i++)
		rc = give_mentions(ev, shelves[i]);
	for (size_t i = 0; i < ev->refs.n && rc == HF_OK && !ev->stopped; i++)
		rc = give_reference(ev, ev->refs.items[i]);
	return rc;
}

enum hf_rc
hf_search_everything(struct hf_reader *reader, const struct hf_everything *q,
		     struct hf_arena *arena,
		     bool (*put)(void *ctx, const struct hf_version *v), void *ctx,
		     struct hf_err *err)
{
	struct everything ev = {.reader = reader,
				.q = q,
				.arena = arena,
				.scratch = {.cap = (size_t)256 << 20},
				.put = put,
				.ctx = ctx,
				.err = err};
	enum hf_rc rc = give_all(&ev);

	hf_search_end(reader, ev.begun);
	hf_arena_free(&ev.scratch);
	return rc;
}
