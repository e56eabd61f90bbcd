/* read.c - from ids and rids to rows, and from rows to whole resources. */
#include "record/io/viewer_int.h"

enum hf_rc
hf_row_kept(struct hf_reader *r, const struct hf_row *row, struct hf_sv *kept,
	    struct hf_err *err)
{
	enum hf_rc rc;

	r->kept.n = 0;
	r->kept.failed = false;
	rc = hf_dicts_unpack(&r->store->dicts, r->dctx, row->dict, row->packed,
			     &r->kept, err);
	if (rc == HF_OK)
		*kept = hf_buf_view(&r->kept);
	return rc;
}

static enum hf_rc
damaged(struct hf_err *err, hf_rid rid)
{
	return hf_fail(err, HF_FAULT, NULL,
		       "resource %lld is damaged in the store: run `homefirst check`",
		       (long long)rid);
}

enum hf_rc
hf_row_version(struct hf_reader *r, const struct hf_row *row, struct hf_arena *arena,
	       struct hf_version *out, struct hf_err *err)
{
	char text[36], server[HF_ID_LEN];
	struct hf_version v = {.e = row->e, .at = HF_CHANGE_TIME(row->e.change)};
	struct hf_buf body = {0};
	struct hf_sv kept, id;
	enum hf_rc rc = hf_row_kept(r, row, &kept, err);
	size_t bound;

	if (rc != HF_OK)
		return rc;
	if (!hf_body_id(kept, text, &id))
		return damaged(err, row->e.rid);
	if (id.n == 0)
		id = row->id;
	if (id.n == 0) {
		hf_ids_encode(&r->store->ids, row->e.rid, server);
		id = (struct hf_sv){server, HF_ID_LEN};
	}
	v.id = hf_arena_sv(arena, id);
	if (row->e.deleted) {
		*out = v;
		return v.id.p ? HF_OK
			      : hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
	}
	bound = hf_body_bound(kept.n);
	body.p = hf_arena_alloc(arena, bound);
	body.size = body.cap = bound;
	if (!v.id.p || !body.p)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the answer is larger than one request may use");
	if (!hf_body_unpack(kept, hf_sv_from(hf_type_get(row->e.type)->name), v.id,
			    row->e.version, v.at, &body))
		return damaged(err, row->e.rid);
	v.body = hf_buf_view(&body);
	/* Give back what the bound asked too much. */
	if (arena->at == body.p + ((bound + 15) & ~(size_t)15))
		arena->at = body.p + ((body.n + 15) & ~(size_t)15);
	*out = v;
	return HF_OK;
}

void
hf_row_entry(const struct hf_rows *rows, struct hf_entry *e)
{
	int64_t span;

	e->rid = hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_RID);
	e->type = (hf_type_id)hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_TYPE);
	e->version = (uint32_t)hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_VERSION);
	e->change = hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_CHANGE);
	e->marks = hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_FLAGS);
	e->deleted = (e->marks & HF_FLAG_DELETED) != 0;
	e->sig = (uint64_t)hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_SIG);
	e->lo = hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_LO);
	span = hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_SPAN);
	e->hi = span < 0 ? HF_TIME_MAX : e->lo + span;
}

/* Asks for the row of a rid; *found tells whether there is one.  The caller ends
 * rows when found. */
static enum hf_rc
ask(struct hf_reader *r, enum hf_query q, hf_rid rid, struct hf_rows *rows, bool *found,
    struct hf_err *err)
{
	enum hf_rc rc = hf_db_query(r->db, q, HF_ARGS(HF_INT(rid)), rows, err);

	*found = false;
	if (rc != HF_OK)
		return rc;
	*found = hf_rows_next(rows);
	return *found ? HF_OK : hf_rows_end(rows, err);
}

/* A row borrowed from rows: the packed body is good until hf_rows_end(). */
static void
borrow_row(const struct hf_rows *rows, struct hf_row *row)
{
	*row = (struct hf_row){0};
	hf_row_entry(rows, &row->e);
	row->dict = hf_rows_int(rows, HF_C_RECORD_RES_GET_DICT);
	row->packed = hf_rows_blob(rows, HF_C_RECORD_RES_GET_BODY);
}

enum hf_rc
hf_row_get(struct hf_reader *r, hf_rid rid, struct hf_arena *arena, struct hf_row *out,
	   struct hf_err *err)
{
	struct hf_rows rows;
	bool found;
	enum hf_rc rc = ask(r, HF_Q_RECORD_RES_GET, rid, &rows, &found, err);

	if (rc != HF_OK)
		return rc;
	if (!found)
		return hf_fail(err, HF_NOT_FOUND, NULL, "there is no such resource");
	borrow_row(&rows, out);
	out->packed = hf_arena_sv(arena, out->packed);
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && !out->packed.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
	return rc;
}

/* Follows the forwarding of a rid that has no row; 0 when there is none. */
static enum hf_rc
follow(struct hf_reader *r, hf_rid rid, hf_rid *out, struct hf_err *err)
{
	struct hf_rows rows;
	bool found;
	enum hf_rc rc = ask(r, HF_Q_RECORD_FORWARD_GET, rid, &rows, &found, err);

	*out = 0;
	if (rc != HF_OK || !found)
		return rc;
	*out = hf_rows_int(&rows, 0);
	return hf_rows_end(&rows, err);
}

/* Does a row carry this id? */
static enum hf_rc
carries_id(struct hf_reader *r, const struct hf_row *row, struct hf_sv want,
	   bool *match, struct hf_err *err)
{
	char text[36], server[HF_ID_LEN];
	struct hf_sv kept, id;
	enum hf_rc rc = hf_row_kept(r, row, &kept, err);

	if (rc != HF_OK)
		return rc;
	if (!hf_body_id(kept, text, &id))
		return damaged(err, row->e.rid);
	if (id.n == 0) {
		hf_ids_encode(&r->store->ids, row->e.rid, server);
		id = (struct hf_sv){server, HF_ID_LEN};
	}
	*match = want.n == 0 || hf_sv_eq(id, want);
	return HF_OK;
}

/* May the viewer know of the version that was found?  Else it does not match. */
static enum hf_rc
judge(struct hf_reader *r, const struct hf_version *v, bool *match, struct hf_err *err)
{
	return *match ? hf_sees(r, &v->e, match, err) : HF_OK;
}

/* Reads the newest version at rid.  want n > 0: only when its id is want and its
 * type is type; *match tells.  Without arena only out->e is read. */
static enum hf_rc
read_at(struct hf_reader *r, hf_rid rid, hf_type_id type, struct hf_sv want,
	struct hf_arena *arena, struct hf_version *out, bool *match, struct hf_err *err)
{
	struct hf_rows rows;
	struct hf_row row;
	bool found;
	enum hf_rc rc = ask(r, HF_Q_RECORD_RES_GET, rid, &rows, &found, err), end;

	*match = false;
	if (rc != HF_OK || !found)
		return rc;
	borrow_row(&rows, &row);
	if (type && row.e.type != type) {
		/* another resource stands there */
	} else if (!arena) {
		out->e = row.e;
		rc = carries_id(r, &row, want, match, err);
	} else {
		rc = hf_row_version(r, &row, arena, out, err);
		*match = rc == HF_OK && (want.n == 0 || hf_sv_eq(out->id, want));
	}
	end = hf_rows_end(&rows, err);
	if (rc == HF_OK)
		rc = end;
	return rc == HF_OK ? judge(r, out, match, err) : rc;
}

/* The version behind an id, whichever way the id leads to it. */
static enum hf_rc
read_by_id(struct hf_reader *r, hf_type_id type, struct hf_sv id,
	   struct hf_arena *arena, struct hf_version *out, bool *match,
	   struct hf_err *err)
{
	hf_rid rid = hf_ids_decode(&r->store->ids, id);
	enum { MOST = 8 };
	hf_rid rids[MOST];
	size_t n = 0;
	struct hf_rows rows;
	enum hf_rc rc = HF_OK;

	*match = false;
	if (rid) {
		rc = read_at(r, rid, type, id, arena, out, match, err);
		if (rc != HF_OK || *match)
			return rc;
		rc = follow(r, rid, &rid, err);
		if (rc == HF_OK && rid)
			/* The id is that of the place it stood at first. */
			rc = read_at(r, rid, type, (struct hf_sv){0}, arena, out, match,
				     err);
		if (rc != HF_OK || *match)
			return rc;
	}
	rc = hf_db_query(r->db, HF_Q_RECORD_IDMAP_GET,
			 HF_ARGS(HF_INT(hf_ids_hash(&r->store->ids, type, id))), &rows,
			 err);
	if (rc != HF_OK)
		return rc;
	while (n < MOST && hf_rows_next(&rows))
		rids[n++] = hf_rows_int(&rows, 0);
	rc = hf_rows_end(&rows, err);
	for (size_t i = 0; rc == HF_OK && i < n && !*match; i++)
		rc = read_at(r, rids[i], type, id, arena, out, match, err);
	return rc;
}

static enum hf_rc
unknown(struct hf_err *err, struct hf_sv type, struct hf_sv id)
{
	return hf_fail(err, HF_NOT_FOUND, NULL, "there is no %.*s/%.*s",
		       HF_SV_ARG(type), (int)(id.n < 64 ? id.n : 64), id.p);
}

/* An older version, or the newest when it is that one. */
static enum hf_rc
read_version(struct hf_reader *r, uint32_t version, struct hf_arena *arena,
	     struct hf_version *v, struct hf_err *err)
{
	struct hf_row row = {.e = v->e, .id = v->id};
	struct hf_version old;
	struct hf_rows rows;
	enum hf_rc rc, end;
	bool found;

	if (version == 0 || version == v->e.version)
		return HF_OK;
	rc = hf_db_query(r->db, HF_Q_RECORD_HIST_GET,
			 HF_ARGS(HF_INT(v->e.rid), HF_INT(version)), &rows, err);
	if (rc != HF_OK)
		return rc;
	found = hf_rows_next(&rows);
	if (found) {
		row.e.version = version;
		row.e.change = hf_rows_int(&rows, HF_C_RECORD_HIST_GET_CHANGE);
		row.e.marks = hf_rows_int(&rows, HF_C_RECORD_HIST_GET_FLAGS);
		row.e.deleted = (row.e.marks & HF_FLAG_DELETED) != 0;
		row.dict = hf_rows_int(&rows, HF_C_RECORD_HIST_GET_DICT);
		row.packed = hf_rows_blob(&rows, HF_C_RECORD_HIST_GET_BODY);
		rc = hf_row_version(r, &row, arena, &old, err);
	}
	end = hf_rows_end(&rows, err);
	if (rc == HF_OK)
		rc = end;
	if (rc == HF_OK && found)
		rc = hf_sees_version(r, &old, &found, err);
	if (rc == HF_OK && !found)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "there is no version %u of it; the newest is %u",
			       version, v->e.version);
	if (rc == HF_OK)
		*v = old;
	return rc;
}

static enum hf_rc
gone(struct hf_err *err, const struct hf_version *v)
{
	return hf_fail(err, HF_GONE, NULL, "version %u of it says that it was deleted",
		       v->e.version);
}

enum hf_rc
hf_store_read(struct hf_reader *r, struct hf_sv type, struct hf_sv id, uint32_t version,
	      struct hf_arena *arena, struct hf_version *out, struct hf_err *err)
{
	hf_type_id t = hf_resource_find(type);
	bool match = false;
	struct hf_version v;
	enum hf_rc rc;

	if (t == 0)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "R4 has no resource type of this name");
	rc = read_by_id(r, t, id, arena, &v, &match, err);
	if (rc == HF_OK && !match)
		return unknown(err, type, id);
	if (rc == HF_OK)
		rc = read_version(r, version, arena, &v, err);
	if (rc != HF_OK)
		return rc;
	*out = v;
	return v.e.deleted ? gone(err, &v) : HF_OK;
}

enum hf_rc
hf_store_read_rid(struct hf_reader *r, hf_rid rid, uint32_t version,
		  struct hf_arena *arena, struct hf_version *out, struct hf_err *err)
{
	struct hf_sv any = {0};
	bool match;
	struct hf_version v;
	enum hf_rc rc = read_at(r, rid, 0, any, arena, &v, &match, err);

	if (rc == HF_OK && !match) {
		rc = follow(r, rid, &rid, err);
		if (rc == HF_OK && rid)
			rc = read_at(r, rid, 0, any, arena, &v, &match, err);
	}
	if (rc == HF_OK && !match)
		return hf_fail(err, HF_NOT_FOUND, NULL, "there is no such resource");
	if (rc == HF_OK)
		rc = read_version(r, version, arena, &v, err);
	if (rc != HF_OK)
		return rc;
	*out = v;
	return v.e.deleted ? gone(err, &v) : HF_OK;
}

enum hf_rc
hf_store_id_at(struct hf_reader *r, hf_rid rid, struct hf_arena *arena,
	       struct hf_sv *id, struct hf_err *err)
{
	struct hf_version v = {.at = 0};
	enum hf_rc rc = hf_store_read_rid(r, rid, 0, arena, &v, err);

	*id = v.id;
	return rc == HF_GONE ? hf_fail(err, HF_BUSY, NULL,
				       "what was found was deleted just now: send it "
				       "again")
			     : rc;
}

enum hf_rc
hf_store_locate(struct hf_reader *r, hf_type_id type, struct hf_sv id, hf_rid *rid,
		struct hf_err *err)
{
	struct hf_version v;
	bool match;
	enum hf_rc rc = read_by_id(r, type, id, NULL, &v, &match, err);

	*rid = rc == HF_OK && match ? v.e.rid : 0;
	return rc;
}

enum hf_rc
hf_store_awaited(struct hf_reader *r, int64_t id_hash, hf_rid *rid, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(r->db, HF_Q_RECORD_IDMAP_GET,
				    HF_ARGS(HF_INT(id_hash)), &rows, err);
	hf_rid first = 0;

	*rid = 0;
	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		first = hf_rows_int(&rows, 0);
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && first) {
		bool found;

		rc = ask(r, HF_Q_RECORD_RES_ENTRY, first, &rows, &found, err);
		if (rc == HF_OK && found)
			return hf_rows_end(&rows, err);
		*rid = first;
	}
	return rc;
}

enum hf_rc
hf_store_find(struct hf_reader *r, hf_type_id type, struct hf_sv id,
	      struct hf_entry *out, struct hf_err *err)
{
	struct hf_version v;
	bool match;
	enum hf_rc rc = read_by_id(r, type, id, NULL, &v, &match, err);

	if (rc == HF_OK && !match)
		return unknown(err, hf_sv_from(hf_type_get(type)->name), id);
	if (rc == HF_OK)
		*out = v.e;
	return rc;
}
