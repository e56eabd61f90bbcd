/* history.c - commits in order, and the versions each of them wrote.
 *
 * change.items holds for each version written: the rid as a signed difference to
 * the one before, the version, type << 1 | deleted, all as variable-length
 * numbers. */
#include "base/io/clock.h"
#include "record/io/viewer_int.h"

static void
put_number(struct hf_buf *out, uint64_t v)
{
	while (v >= 0x80) {
		hf_buf_char(out, (char)(v | 0x80));
		v >>= 7;
	}
	hf_buf_char(out, (char)v);
}

static bool
get_number(struct hf_sv *in, uint64_t *out)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64 && in->n > 0; shift += 7) {
		unsigned char c = (unsigned char)in->p[0];

		*in = hf_sv_from_at(*in, 1);
		v |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80) {
			*out = v;
			return true;
		}
	}
	return false;
}

void
hf_items_pack(const struct hf_write *writes, size_t n, struct hf_buf *out)
{
	hf_rid before = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t d = writes[i].rid - before;

		put_number(out, (uint64_t)d << 1 ^ (d < 0 ? UINT64_MAX : 0));
		put_number(out, writes[i].version);
		put_number(out, (uint64_t)writes[i].type << 1 | writes[i].deleted);
		before = writes[i].rid;
	}
}

bool
hf_items_next(struct hf_sv *in, struct hf_logged *state)
{
	uint64_t d, version, kind;

	if (in->n == 0)
		return false;
	if (!get_number(in, &d) || !get_number(in, &version) ||
	    !get_number(in, &kind)) {
		*in = (struct hf_sv){NULL, 0};
		return false;
	}
	state->rid += (int64_t)(d >> 1) ^ -(int64_t)(d & 1);
	state->version = (uint32_t)version;
	state->type = (hf_type_id)(kind >> 1);
	state->deleted = kind & 1;
	return true;
}

struct asking {
	hf_type_id type;
	hf_rid rid, before_rid;
	int64_t before;
	size_t max;
	struct hf_arena *arena;
	struct hf_version *out;
	size_t n;
};

/* Where a rid of the log stands now: resources move, the log does not. */
static enum hf_rc
stands_at(struct hf_reader *r, hf_rid rid, hf_rid *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(r->db, HF_Q_RECORD_FORWARD_GET,
				    HF_ARGS(HF_INT(rid)), &rows, err);

	if (rc != HF_OK)
		return rc;
	*out = hf_rows_next(&rows) ? hf_rows_int(&rows, 0) : rid;
	return hf_rows_end(&rows, err);
}

static int
highest_first(const void *a, const void *b)
{
	const struct hf_logged *x = a, *y = b;

	return (x->rid < y->rid) - (x->rid > y->rid);
}

/* The versions of one commit, newest rid first, those already given left out. */
static enum hf_rc
take_commit(struct hf_reader *r, struct asking *q, int64_t change, struct hf_sv items,
	    struct hf_err *err)
{
	struct hf_logged state = {0}, *list;
	struct hf_sv rest = items;
	size_t n = 0;
	enum hf_rc rc = HF_OK;

	while (hf_items_next(&rest, &state))
		n++;
	list = hf_arena_array(q->arena, n, sizeof *list);
	if (!list)
		return hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
	state = (struct hf_logged){0};
	rest = items;
	for (size_t i = 0; i < n; i++) {
		hf_items_next(&rest, &state);
		list[i] = state;
	}
	/* Items are in the order they were sent; pages go by rid, so sort. */
	if (n)
		qsort(list, n, sizeof *list, highest_first);
	for (size_t i = 0; rc == HF_OK && i < n && q->n < q->max; i++) {
		hf_rid now;
		bool sees;

		if (change == q->before && list[i].rid >= q->before_rid)
			continue;
		if (q->type && list[i].type != q->type)
			continue;
		rc = stands_at(r, list[i].rid, &now, err);
		if (rc == HF_OK)
			rc =
			    hf_sees_any(r, HF_RID_SHELF(now), list[i].type, &sees, err);
		if (rc != HF_OK)
			break;
		if (!sees)
			continue;
		rc = hf_store_read_rid(r, now, list[i].version, q->arena, &q->out[q->n],
				       err);
		/* Not for this viewer: as if it was never written. */
		if (rc == HF_NOT_FOUND && !hf_sees_all(r)) {
			rc = HF_OK;
			continue;
		}
		if (rc == HF_GONE)
			rc = HF_OK;
		if (rc == HF_OK) {
			q->out[q->n].e.change = change;
			q->out[q->n++].e.rid = list[i].rid;
		}
	}
	return rc;
}

/* One resource has its versions in a row: no need to look through the commits. */
static enum hf_rc
history_of_one(struct hf_reader *r, struct asking *q, int64_t oldest,
	       struct hf_err *err)
{
	struct hf_version newest;
	enum hf_rc rc = hf_store_read_rid(r, q->rid, 0, q->arena, &newest, err);

	if (rc != HF_OK && rc != HF_GONE)
		return rc;
	rc = HF_OK;
	for (uint32_t v = newest.e.version; v > 0 && q->n < q->max; v--) {
		struct hf_version *to = &q->out[q->n];

		rc = hf_store_read_rid(r, q->rid, v, q->arena, to, err);
		if (rc == HF_NOT_FOUND && !hf_sees_all(r)) {
			rc = HF_OK;
			continue;
		}
		if (rc != HF_OK && rc != HF_GONE)
			return rc;
		rc = HF_OK;
		if (to->e.change < oldest)
			break;
		if (!q->before || to->e.change < q->before)
			q->n++;
	}
	return rc;
}

enum hf_rc
hf_store_history(struct hf_reader *r, hf_type_id type, hf_rid rid, int64_t before,
		 hf_rid before_rid, hf_time since, size_t max, struct hf_arena *arena,
		 struct hf_version **out, size_t *n, struct hf_err *err)
{
	enum { STEP = 256, LOOK_MS = 2000 };
	uint64_t began = hf_mono_ns();
	struct asking q = {.type = type,
			   .rid = rid,
			   .before = before,
			   .before_rid = before_rid,
			   .max = max,
			   .arena = arena};
	int64_t from = before ? before : INT64_MAX;
	int64_t oldest = since == HF_TIME_MIN ? 0 : HF_TIME_CHANGE(since);
	enum hf_rc rc = HF_OK;
	bool end = false;

	q.out = hf_arena_array(arena, max, sizeof *q.out);
	if (!q.out)
		return hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
	if (rid) {
		rc = history_of_one(r, &q, oldest, err);
		end = true;
	}
	while (rc == HF_OK && !end && q.n < max) {
		struct hf_rows rows;
		size_t seen = 0;

		rc = hf_db_query(r->db, HF_Q_RECORD_CHANGE_BEFORE,
				 HF_ARGS(HF_INT(from), HF_INT(oldest), HF_INT(STEP)),
				 &rows, err);
		if (rc != HF_OK)
			break;
		while (rc == HF_OK && q.n < max && hf_rows_next(&rows)) {
			int64_t change =
			    hf_rows_int(&rows, HF_C_RECORD_CHANGE_BEFORE_CHANGE);
			struct hf_sv items =
			    hf_rows_blob(&rows, HF_C_RECORD_CHANGE_BEFORE_ITEMS);

			seen++;
			from = change - 1;
			rc = take_commit(r, &q, change, items, err);
		}
		if (rc == HF_OK)
			rc = hf_rows_end(&rows, err);
		else
			hf_rows_end(&rows, NULL);
		end = seen < STEP;
		if (rc == HF_OK && !hf_sees_all(r) && !end && q.n < max &&
		    hf_mono_ns() - began > LOOK_MS * 1000000ull)
			rc =
			    hf_fail(err, HF_COSTLY, NULL,
				    "too many changes would have to be looked through; "
				    "name the resource, or give _since");
	}
	if (rc != HF_OK)
		return rc;
	*out = q.out;
	*n = q.n;
	return HF_OK;
}

enum hf_rc
hf_store_last_change(struct hf_reader *r, int64_t *change, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(r->db, HF_Q_RECORD_CHANGE_LAST, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	*change = hf_rows_next(&rows) ? hf_rows_int(&rows, 0) : 0;
	return hf_rows_end(&rows, err);
}
