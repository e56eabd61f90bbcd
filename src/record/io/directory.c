/* directory.c - reading what stands beside bodies: shelves, scans, index rows. */
#include "base/io/clock.h"
#include "record/io/viewer_int.h"

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the answer is larger than one request may use");
}

/* A list that grows in an arena. */
struct list {
	struct hf_arena *arena;
	void *items;
	size_t n, size, each;
};

static void *
list_add(struct list *l)
{
	if (l->n == l->size) {
		size_t size = l->size ? l->size * 2 : 32;
		void *items = hf_arena_alloc(l->arena, size * l->each);

		if (!items)
			return NULL;
		if (l->n)
			memcpy(items, l->items, l->n * l->each);
		l->items = items;
		l->size = size;
	}
	return (char *)l->items + l->n++ * l->each;
}

/* Entries from..to in rid order, at most max rows; deleted ones and, with type,
 * other types are left out.  *looked counts rows, *last is the last rid seen. */
static enum hf_rc
read_range(struct hf_reader *r, hf_rid from, hf_rid to, size_t max, hf_type_id type,
	   struct list *out, size_t *looked, hf_rid *last, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(
		       r->db, HF_Q_RECORD_RES_RANGE,
		       HF_ARGS(HF_INT(from), HF_INT(to), HF_INT((int64_t)max)), &rows,
		       err),
		   end;

	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows)) {
		struct hf_entry e, *to_put;

		hf_row_entry(&rows, &e);
		++*looked;
		*last = e.rid;
		if (e.deleted || (type && e.type != type))
			continue;
		to_put = list_add(out);
		if (!to_put) {
			rc = no_memory(err);
			break;
		}
		*to_put = e;
	}
	end = hf_rows_end(&rows, err);
	return rc != HF_OK ? rc : end;
}

/* One column of numbers. */
static enum hf_rc
read_numbers(struct hf_reader *r, enum hf_query q, int64_t arg, struct hf_arena *arena,
	     int64_t **out, size_t *n, struct hf_err *err)
{
	struct list list = {.arena = arena, .each = sizeof(int64_t)};
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(r->db, q, HF_ARGS(HF_INT(arg)), &rows, err), end;

	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows)) {
		int64_t *to = list_add(&list);

		if (!to) {
			rc = no_memory(err);
			break;
		}
		*to = hf_rows_int(&rows, 0);
	}
	end = hf_rows_end(&rows, err);
	*out = list.items;
	*n = list.n;
	return rc != HF_OK ? rc : end;
}

static enum hf_rc
read_person(struct hf_reader *r, int64_t shelf, struct hf_arena *arena,
	    struct hf_shelf_dir *dir, struct hf_err *err)
{
	enum hf_rc rc = read_numbers(r, HF_Q_RECORD_SHELF_PERSON, shelf, arena,
				     &dir->person, &dir->n_person, err);

	if (rc != HF_OK)
		return rc;
	if (dir->n_person == 0) {
		dir->person = hf_arena_array(arena, 1, sizeof *dir->person);
		if (!dir->person)
			return no_memory(err);
		dir->person[0] = shelf;
		dir->n_person = 1;
	}
	for (size_t i = 0; i < dir->n_person; i++) {
		if (dir->person[i] == shelf) {
			dir->person[i] = dir->person[0];
			dir->person[0] = shelf;
		}
	}
	return HF_OK;
}

static enum hf_rc
directory(struct hf_reader *r, int64_t shelf, struct hf_arena *arena,
	  struct hf_shelf_dir *out, struct hf_err *err)
{
	struct list list = {.arena = arena, .each = sizeof(struct hf_entry)};
	struct hf_shelves *held = r->store->shelves;
	struct hf_shelf_dir dir = {0};
	bool own = !r->begun;
	uint64_t epoch;
	size_t looked = 0;
	hf_rid last;
	enum hf_rc rc = HF_OK;

	/* A snapshot that was begun earlier must not see what came later. */
	if (own && hf_shelves_get(held, shelf, arena, out))
		return HF_OK;
	epoch = hf_shelves_epoch(held, shelf);
	if (own)
		rc = hf_db_begin(r->db, false, err);
	if (rc == HF_OK)
		rc = read_range(r, HF_RID_MIN(shelf), HF_RID_MAX(shelf), INT32_MAX, 0,
				&list, &looked, &last, err);
	if (rc == HF_OK)
		rc = read_person(r, shelf, arena, &dir, err);
	if (rc == HF_OK)
		rc = read_numbers(r, HF_Q_RECORD_MENTION_OF, shelf, arena,
				  &dir.mentions, &dir.n_mentions, err);
	if (own)
		hf_db_rollback(r->db);
	if (rc != HF_OK)
		return rc;
	dir.entries = list.items;
	dir.n = list.n;
	if (own && !r->store->read_only)
		hf_shelves_put(held, shelf, epoch, &dir);
	*out = dir;
	return HF_OK;
}

enum hf_rc
hf_store_shelf(struct hf_reader *r, int64_t shelf, struct hf_arena *arena,
	       struct hf_entry **out, size_t *n, struct hf_err *err)
{
	struct hf_shelf_dir dir;
	enum hf_rc rc = directory(r, shelf, arena, &dir, err);

	if (rc == HF_OK)
		rc = hf_sees_which(r, dir.entries, &dir.n, err);
	if (rc == HF_OK) {
		*out = dir.entries;
		*n = dir.n;
	}
	return rc;
}

enum hf_rc
hf_store_person(struct hf_reader *r, int64_t shelf, struct hf_arena *arena,
		int64_t **shelves, size_t *n, struct hf_err *err)
{
	struct hf_shelf_dir dir;
	enum hf_rc rc = directory(r, shelf, arena, &dir, err);

	if (rc == HF_OK) {
		*shelves = dir.person;
		*n = dir.n_person;
	}
	return rc;
}

enum hf_rc
hf_store_mentions(struct hf_reader *r, int64_t shelf, struct hf_arena *arena,
		  hf_rid **out, size_t *n, struct hf_err *err)
{
	struct hf_shelf_dir dir;
	enum hf_rc rc = directory(r, shelf, arena, &dir, err);

	if (rc == HF_OK)
		rc = hf_sees_rids(r, dir.mentions, &dir.n_mentions, err);
	if (rc == HF_OK) {
		*out = dir.mentions;
		*n = dir.n_mentions;
	}
	return rc;
}

/* The run of rids in which a type may stand that begins at or after from: its
 * reserved shelves one by one, then the persons' shelves when it stands there. */
static bool
next_run(hf_type_id type, hf_rid from, hf_rid *lo, hf_rid *hi)
{
	int64_t shelf = HF_RID_SHELF(from);

	if (type == 0) {
		*lo = from;
		*hi = INT64_MAX;
		return true;
	}
	if (shelf < HF_SHELF_PERSON) {
		int64_t k = (shelf - type + HF_TYPES_MOST - 1) / HF_TYPES_MOST;
		int64_t own = type + (shelf <= type ? 0 : k * HF_TYPES_MOST);

		if (own < HF_SHELF_PERSON) {
			*lo = own == shelf ? from : HF_RID_MIN(own);
			*hi = HF_RID_MAX(own);
			return true;
		}
		from = HF_RID_MIN(HF_SHELF_PERSON);
	}
	if (!hf_type_is_personal(type))
		return false;
	*lo = from;
	*hi = INT64_MAX;
	return true;
}

enum hf_rc
hf_store_scan(struct hf_reader *r, hf_type_id type, hf_rid after, size_t max,
	      struct hf_arena *arena, struct hf_entry **out, size_t *n, hf_rid *next,
	      struct hf_err *err)
{
	struct list list = {.arena = arena, .each = sizeof(struct hf_entry)};
	hf_rid at = after + 1, lo, hi;
	size_t looked = 0;
	enum hf_rc rc = HF_OK;

	*next = 0;
	while (looked < max && next_run(type, at, &lo, &hi)) {
		size_t before = looked;
		hf_rid last = 0;

		rc = read_range(r, lo, hi, max - looked, type, &list, &looked, &last,
				err);
		if (rc != HF_OK)
			return rc;
		if (looked == max) {
			*next = last;
			break;
		}
		if (hi == INT64_MAX)
			break;
		/* A reserved shelf that is empty is the last of its type. */
		at = looked == before ? HF_RID_MIN(HF_SHELF_PERSON) : hi + 1;
		if (looked == before && !hf_type_is_personal(type))
			break;
	}
	*out = list.items;
	*n = list.n;
	return hf_sees_which(r, *out, n, err);
}

/* The entry of a rid; *found tells whether there is a row. */
static enum hf_rc
entry_at(struct hf_reader *r, hf_rid rid, struct hf_entry *e, bool *found,
	 struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(r->db, HF_Q_RECORD_RES_ENTRY, HF_ARGS(HF_INT(rid)), &rows, err);

	if (rc != HF_OK)
		return rc;
	*found = hf_rows_next(&rows);
	if (*found)
		hf_row_entry(&rows, e);
	return hf_rows_end(&rows, err);
}

enum hf_rc
hf_sees_rids(struct hf_reader *r, hf_rid *rids, size_t *n, struct hf_err *err)
{
	size_t kept = 0;

	if (hf_sees_all(r))
		return HF_OK;
	for (size_t i = 0; i < *n; i++) {
		struct hf_entry e;
		bool sees = false;
		enum hf_rc rc = entry_at(r, rids[i], &e, &sees, err);

		if (rc == HF_OK && sees)
			rc = hf_sees(r, &e, &sees, err);
		if (rc != HF_OK)
			return rc;
		if (sees)
			rids[kept++] = rids[i];
	}
	*n = kept;
	return HF_OK;
}

static enum hf_rc
read_index(struct hf_reader *r, uint32_t slot, int64_t lo, int64_t hi, bool desc,
	   int64_t after_value, hf_rid after_rid, size_t max, struct hf_arena *arena,
	   int64_t **values, hf_rid **rids, size_t *n, struct hf_err *err)
{
	struct list v = {.arena = arena, .each = sizeof(int64_t)};
	struct list d = {.arena = arena, .each = sizeof(int64_t)};
	int64_t at = desc ? (after_value < hi ? after_value : hi)
			  : (after_value > lo ? after_value : lo);
	/* From the edge of the range when the place to go on from lies outside. */
	hf_rid rid = at == after_value ? after_rid : desc ? INT64_MAX : -1;
	struct hf_rows rows;
	enum hf_rc rc, end;

	rc = hf_db_query(r->db, desc ? HF_Q_RECORD_IX_DOWN : HF_Q_RECORD_IX_UP,
			 HF_ARGS(HF_INT(slot), HF_INT(at), HF_INT(rid),
				 HF_INT(desc ? lo : hi), HF_INT((int64_t)max)),
			 &rows, err);
	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows)) {
		int64_t *value = list_add(&v), *id = list_add(&d);

		if (!value || !id) {
			rc = no_memory(err);
			break;
		}
		*value = hf_rows_int(&rows, 0);
		*id = hf_rows_int(&rows, 1);
	}
	end = hf_rows_end(&rows, err);
	if (rc == HF_OK)
		rc = end;
	*values = v.items;
	*rids = d.items;
	*n = rc == HF_OK ? d.n : 0;
	return rc;
}

/* Keeps the rows of what may be seen. */
static enum hf_rc
visible_rows(struct hf_reader *r, hf_type_id type, int64_t *values, hf_rid *rids,
	     size_t *n, struct hf_err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		struct hf_entry e;
		bool sees;
		enum hf_rc rc = hf_sees_any(r, HF_RID_SHELF(rids[i]), type, &sees, err);

		if (rc == HF_OK && sees)
			rc = entry_at(r, rids[i], &e, &sees, err);
		if (rc == HF_OK && sees)
			rc = hf_sees(r, &e, &sees, err);
		if (rc != HF_OK)
			return rc;
		if (!sees)
			continue;
		values[kept] = values[i];
		rids[kept++] = rids[i];
	}
	*n = kept;
	return HF_OK;
}

enum { LOOK_MS = 2000, LOOK_ROWS = 1024 };

/* Goes on until there are max rows that may be seen: who may see few of many waits
 * for a bounded time and is refused then. */
static enum hf_rc
viewed_index(struct hf_reader *r, uint32_t slot, int64_t lo, int64_t hi, bool desc,
	     int64_t after_value, hf_rid after_rid, size_t max, struct hf_arena *arena,
	     struct list *v, struct list *d, struct hf_err *err)
{
	hf_type_id type = hf_index_type(slot);
	uint64_t began = hf_mono_ns();

	while (d->n < max) {
		int64_t *values = NULL;
		hf_rid *rids = NULL;
		size_t got = 0, most = max > LOOK_ROWS ? max : LOOK_ROWS, n;
		enum hf_rc rc =
		    read_index(r, slot, lo, hi, desc, after_value, after_rid, most,
			       arena, &values, &rids, &got, err);

		if (rc != HF_OK || got == 0)
			return rc;
		after_value = values[got - 1];
		after_rid = rids[got - 1];
		n = got;
		rc = visible_rows(r, type, values, rids, &n, err);
		for (size_t i = 0; rc == HF_OK && i < n && d->n < max; i++) {
			int64_t *value = list_add(v), *id = list_add(d);

			if (!value || !id)
				return no_memory(err);
			*value = values[i];
			*id = rids[i];
		}
		if (rc != HF_OK || got < most)
			return rc;
		if (hf_mono_ns() - began > LOOK_MS * 1000000ull)
			return hf_fail(err, HF_COSTLY, NULL,
				       "too many records would have to be looked "
				       "through; name the person, or give more to "
				       "search by");
	}
	return HF_OK;
}

enum hf_rc
hf_store_index(struct hf_reader *r, uint32_t slot, int64_t lo, int64_t hi, bool desc,
	       int64_t after_value, hf_rid after_rid, size_t max,
	       struct hf_arena *arena, int64_t **values, hf_rid **rids, size_t *n,
	       struct hf_err *err)
{
	struct list v = {.arena = arena, .each = sizeof(int64_t)};
	struct list d = {.arena = arena, .each = sizeof(int64_t)};
	enum hf_rc rc;

	if (hf_sees_all(r))
		return read_index(r, slot, lo, hi, desc, after_value, after_rid, max,
				  arena, values, rids, n, err);
	rc = viewed_index(r, slot, lo, hi, desc, after_value, after_rid, max, arena, &v,
			  &d, err);
	*values = v.items;
	*rids = d.items;
	*n = rc == HF_OK ? d.n : 0;
	return rc;
}

enum hf_rc
hf_store_stats(struct hf_reader *r, struct hf_store_stats *out, struct hf_err *err)
{
	struct hf_store_stats s = {0};
	struct hf_rows rows;
	enum hf_rc rc;

	if (!hf_sees_all(r) && !hf_operates(r)) {
		*out = s;
		return HF_OK;
	}
	rc = hf_db_query(r->db, HF_Q_RECORD_TALLY_LIST, NULL, &rows, err);
	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows)) {
		int64_t type = hf_rows_int(&rows, 0), n = hf_rows_int(&rows, 1);

		if (type < 0 || type >= HF_TYPES_MOST)
			continue;
		s.by_type[type] = n;
		if (type > 0)
			s.resources += n;
	}
	s.people = s.by_type[hf_patient_type()];
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK)
		*out = s;
	return rc;
}
