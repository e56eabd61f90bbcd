/* derive.c - see derive.h. */
#include "record/io/derive.h"

struct hf_row
hf_derive_row(const struct hf_rows *rows)
{
	int64_t span = hf_rows_int(rows, HF_C_RECORD_RES_BODIES_SPAN);
	struct hf_row row = {0};

	row.e.rid = hf_rows_int(rows, HF_C_RECORD_RES_BODIES_RID);
	row.e.type = (hf_type_id)hf_rows_int(rows, HF_C_RECORD_RES_BODIES_TYPE);
	row.e.version = (uint32_t)hf_rows_int(rows, HF_C_RECORD_RES_BODIES_VERSION);
	row.e.change = hf_rows_int(rows, HF_C_RECORD_RES_BODIES_CHANGE);
	row.e.marks = hf_rows_int(rows, HF_C_RECORD_RES_BODIES_FLAGS);
	row.e.deleted = (row.e.marks & HF_FLAG_DELETED) != 0;
	row.e.sig = (uint64_t)hf_rows_int(rows, HF_C_RECORD_RES_BODIES_SIG);
	row.e.lo = hf_rows_int(rows, HF_C_RECORD_RES_BODIES_LO);
	row.e.hi = span < 0 ? HF_TIME_MAX : row.e.lo + span;
	row.dict = hf_rows_int(rows, HF_C_RECORD_RES_BODIES_DICT);
	row.packed = hf_rows_blob(rows, HF_C_RECORD_RES_BODIES_BODY);
	return row;
}

static size_t
place_of(struct hf_sv id)
{
	uint64_t h = 1469598103934665603u;

	for (size_t i = 0; i < id.n; i++)
		h = (h ^ (unsigned char)id.p[i]) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

/* The shelf of the Patient a reference names, there or awaited; 0 when it names
 * nobody of this store. */
static enum hf_rc
shelf_of(struct hf_reader *r, struct hf_sv reference, struct hf_derive_known *known,
	 int64_t *shelf, struct hf_err *err)
{
	struct hf_sv id = hf_patient_of(reference);
	size_t at = place_of(id) % HF_COUNT(known->items);
	hf_rid rid = 0;
	enum hf_rc rc;

	*shelf = 0;
	if (id.n == 0 || id.n > sizeof known->items[at].id)
		return HF_OK;
	if (known->items[at].n == id.n &&
	    memcmp(known->items[at].id, id.p, id.n) == 0) {
		*shelf = known->items[at].shelf;
		return HF_OK;
	}
	rc = hf_store_locate(r, hf_patient_type(), id, &rid, err);
	if (rc == HF_OK && rid == 0)
		rc = hf_store_awaited(
		    r, hf_ids_hash(&r->store->ids, hf_patient_type(), id), &rid, err);
	if (rc != HF_OK)
		return rc;
	*shelf = HF_RID_SHELF(rid);
	memcpy(known->items[at].id, id.p, id.n);
	known->items[at].n = id.n;
	known->items[at].shelf = *shelf;
	return HF_OK;
}

static enum hf_rc
derive_mentions(struct hf_reader *r, const struct hf_row *row,
		const struct hf_json *doc, struct hf_derive_known *known,
		struct hf_arena *arena, struct hf_derived *out, struct hf_err *err)
{
	int64_t own = HF_RID_SHELF(row->e.rid);
	struct hf_people people;
	enum hf_rc rc = hf_people_of(row->e.type, doc, 0, arena, &people, err);

	if (rc != HF_OK || people.n == 0)
		return rc;
	out->mentions = hf_arena_array(arena, people.n, sizeof *out->mentions);
	if (!out->mentions)
		return hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
	for (size_t k = 0; rc == HF_OK && k < people.n; k++) {
		bool there = false;
		int64_t shelf;

		rc = shelf_of(r, people.patients[k], known, &shelf, err);
		if (out->shelf == 0)
			out->shelf = shelf;
		for (size_t j = 0; j < out->n_mentions; j++)
			there |= out->mentions[j] == shelf;
		if (rc == HF_OK && shelf && shelf != own && !there)
			out->mentions[out->n_mentions++] = shelf;
	}
	return rc;
}

/* hf_row_version() has just unpacked the body into the reader's scratch. */
static struct hf_sv
kept_id(struct hf_reader *r, struct hf_arena *arena)
{
	char text[36];
	struct hf_sv id = {0};

	if (!hf_body_id(hf_buf_view(&r->kept), text, &id) || id.n == 0)
		return (struct hf_sv){0};
	return hf_arena_sv(arena, id);
}

enum hf_rc
hf_derive(struct hf_reader *r, const struct hf_row *row, struct hf_derive_known *known,
	  struct hf_arena *arena, struct hf_derived *out, struct hf_sv *own_id,
	  struct hf_err *err)
{
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc = hf_row_version(r, row, arena, &v, err);

	if (rc != HF_OK)
		return rc;
	*out = (struct hf_derived){.bytes = v.body.n};
	if (own_id)
		*own_id = kept_id(r, arena);
	if (row->e.deleted)
		return HF_OK;
	rc = hf_json_parse(v.body, NULL, arena, &doc, err);
	if (rc == HF_OK)
		rc = hf_facts_of(row->e.type, &doc, 0, v.id, arena, &out->facts, err);
	if (rc == HF_OK)
		rc = derive_mentions(r, row, &doc, known, arena, out, err);
	if (rc == HF_OK)
		out->marks = hf_marks_of(&doc, 0, out->n_mentions > 0, arena);
	out->span = out->facts.hi == HF_TIME_MAX ? -1 : out->facts.hi - out->facts.lo;
	return rc;
}
