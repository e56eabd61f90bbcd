/* change_log.c - see change_log.h. */
#include "record/io/change_log.h"

#include <stdlib.h>

#include "record/io/desk.h"
#include "record/io/store_impl.h"

static enum hf_rc
full(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "the answer is too large; ask for less");
}

/* CHANGE_TRACE, _OF and _ONE give the same columns. */
static enum hf_rc
read_row(const struct hf_rows *rows, struct hf_arena *arena, struct hf_log_row *out,
	 struct hf_err *err)
{
	struct hf_sv items = hf_rows_blob(rows, HF_C_RECORD_CHANGE_TRACE_ITEMS);
	struct hf_logged item = {0};
	struct hf_log_row r = {
	    .change = hf_rows_int(rows, HF_C_RECORD_CHANGE_TRACE_CHANGE),
	};

	r.at = HF_CHANGE_TIME(r.change);
	r.actor =
	    hf_arena_sv(arena, hf_rows_text(rows, HF_C_RECORD_CHANGE_TRACE_ACTOR));
	r.purpose =
	    hf_arena_sv(arena, hf_rows_text(rows, HF_C_RECORD_CHANGE_TRACE_PURPOSE));
	r.source =
	    hf_arena_sv(arena, hf_rows_text(rows, HF_C_RECORD_CHANGE_TRACE_SOURCE));
	r.trace =
	    hf_arena_sv(arena, hf_rows_text(rows, HF_C_RECORD_CHANGE_TRACE_TRACE));
	/* An item takes at least three bytes. */
	r.items = hf_arena_array(
	    arena, items.n / 3 < HF_LOG_ITEMS ? items.n / 3 + 1 : HF_LOG_ITEMS,
	    sizeof *r.items);
	if (!r.items || !r.actor.p)
		return full(err);
	while (hf_items_next(&items, &item)) {
		if (r.n_items == HF_LOG_ITEMS) {
			r.more = true;
			break;
		}
		r.items[r.n_items++] = (struct hf_log_item){item.rid, item.type,
							    item.version, item.deleted};
	}
	*out = r;
	return HF_OK;
}

static enum hf_rc
read_rows(struct hf_rows *rows, size_t max, struct hf_arena *arena,
	  struct hf_log_row *list, size_t *n, struct hf_err *err)
{
	enum hf_rc end, rc = HF_OK;
	size_t count = 0;

	while (rc == HF_OK && count < max && hf_rows_next(rows)) {
		rc = read_row(rows, arena, &list[count], err);
		count += rc == HF_OK;
	}
	end = hf_rows_end(rows, rc ? NULL : err);
	*n = count;
	return rc ? rc : end;
}

/* The numbers of commits that wrote to one shelf. */
static enum hf_rc
add_shelf(struct hf_db *db, const struct hf_log_query *q, int64_t since, int64_t shelf,
	  struct hf_buf *list, struct hf_err *err)
{
	int64_t lo = HF_RID_MIN(shelf), hi = HF_RID_MAX(shelf);
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_RECORD_CHANGE_ON_SHELF,
				    HF_ARGS(HF_INT(lo), HF_INT(hi), HF_INT(q->before),
					    HF_INT(since), HF_INT(lo), HF_INT(hi),
					    HF_INT(q->before), HF_INT(since),
					    HF_INT((int64_t)q->max)),
				    &rows, err);

	if (rc)
		return rc;
	while (hf_rows_next(&rows)) {
		int64_t change = hf_rows_int(&rows, 0);

		hf_buf_add(list, &change, sizeof change);
	}
	return hf_rows_end(&rows, err);
}

static int
newest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y) - (x > y);
}

enum hf_rc
hf_change_log_get(struct hf_reader *reader, int64_t change, struct hf_arena *arena,
		  struct hf_log_row *out, struct hf_err *err)
{
	struct hf_rows rows;
	size_t n = 0;
	enum hf_rc rc = hf_db_query(hf_reader_db(reader), HF_Q_RECORD_CHANGE_ONE,
				    HF_ARGS(HF_INT(change)), &rows, err);

	if (rc == HF_OK)
		rc = read_rows(&rows, 1, arena, out, &n, err);
	if (rc == HF_OK && n == 0)
		return hf_fail(err, HF_NOT_FOUND, "id", "there is no such commit");
	return rc;
}

static enum hf_rc
by_shelves(struct hf_reader *reader, const struct hf_log_query *q, int64_t since,
	   struct hf_arena *arena, struct hf_log_row *list, size_t *n,
	   struct hf_err *err)
{
	struct hf_db *db = hf_reader_db(reader);
	struct hf_buf numbers = {.cap = 64 << 20};
	enum hf_rc rc = HF_OK;
	size_t count = 0, all;
	int64_t *at;

	for (size_t i = 0; rc == HF_OK && i < q->n_shelves; i++)
		rc = add_shelf(db, q, since, q->shelves[i], &numbers, err);
	if (rc == HF_OK && numbers.failed)
		rc = full(err);
	at = (int64_t *)(void *)numbers.p;
	all = numbers.n / sizeof *at;
	if (all)
		qsort(at, all, sizeof *at, newest_first);
	for (size_t i = 0; rc == HF_OK && i < all && count < q->max; i++) {
		if (i && at[i] == at[i - 1])
			continue;
		rc = hf_change_log_get(reader, at[i], arena, &list[count], err);
		if (rc == HF_NOT_FOUND)
			rc = HF_OK;
		else if (rc == HF_OK)
			count++;
	}
	hf_buf_free(&numbers);
	*n = count;
	return rc;
}

enum hf_rc
hf_change_log(struct hf_reader *reader, const struct hf_log_query *query,
	      struct hf_arena *arena, struct hf_log_row **out, size_t *n,
	      struct hf_err *err)
{
	struct hf_log_query q = *query;
	struct hf_log_row *list = hf_arena_array(arena, q.max + 1, sizeof *list);
	int64_t since = q.since > 0 ? HF_TIME_CHANGE(q.since) : 0;
	struct hf_db *db = hf_reader_db(reader);
	struct hf_rows rows;
	enum hf_rc rc;

	if (!list)
		return full(err);
	*out = list;
	if (q.to < HF_CHANGE_TIME(q.before))
		q.before = q.to > 0 ? HF_TIME_CHANGE(q.to) : 0;
	if (q.n_shelves)
		return by_shelves(reader, &q, since, arena, list, n, err);
	if (q.actor.n)
		rc = hf_db_query(db, HF_Q_RECORD_CHANGE_OF,
				 HF_ARGS(HF_TEXT(q.actor), HF_INT(q.before),
					 HF_INT(since), HF_INT((int64_t)q.max)),
				 &rows, err);
	else
		rc = hf_db_query(
		    db, HF_Q_RECORD_CHANGE_TRACE,
		    HF_ARGS(HF_INT(q.before), HF_INT(since), HF_INT((int64_t)q.max)),
		    &rows, err);
	return rc ? rc : read_rows(&rows, q.max, arena, list, n, err);
}

/* ---- whose record was changed ---- */

static int
by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static size_t
once_each(int64_t *list, size_t n)
{
	size_t kept = 0;

	if (n)
		qsort(list, n, sizeof *list, by_number);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || list[kept - 1] != list[i])
			list[kept++] = list[i];
	return kept;
}

/* Adds those of one commit; false when there is no room for all (none is added). */
static bool
add_shelves(struct hf_sv items, int64_t *list, size_t *n, size_t most)
{
	struct hf_logged one = {0};
	size_t at = *n;

	while (hf_items_next(&items, &one)) {
		int64_t shelf = HF_RID_SHELF(one.rid);

		if (shelf < HF_SHELF_PERSON || (at > *n && list[at - 1] == shelf))
			continue;
		if (at == most)
			at = once_each(list, at);
		if (at == most)
			return false;
		list[at++] = shelf;
	}
	*n = at;
	return true;
}

/* Adds the shelves that a decision names: "identity separate 1048577 1048580". */
static bool
add_named(struct hf_sv what, int64_t *list, size_t *n, size_t most)
{
	while (what.n) {
		int64_t shelf;

		if (!hf_sv_int(hf_sv_cut(&what, ' '), &shelf) ||
		    shelf < HF_SHELF_PERSON)
			continue;
		if (*n == most)
			return false;
		list[(*n)++] = shelf;
	}
	return true;
}

/* Adds the shelves that a decision about who is who put to another person.  There is no
 * index for it: such a decision is rare, and looks through the table once. */
static enum hf_rc
add_relinked(struct hf_reader *reader, int64_t change, int64_t *list, size_t *n,
	     size_t most, bool *room, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(reader->db, HF_Q_RECORD_SHELF_CHANGED,
				    HF_ARGS(HF_INT(change)), &rows, err);
	size_t at = *n;

	if (rc != HF_OK)
		return rc;
	while (*room && hf_rows_next(&rows)) {
		*room = at < most;
		if (*room)
			list[at++] = hf_rows_int(&rows, 0);
	}
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && *room)
		*n = at;
	return rc;
}

/* The two that an undone link had put together. */
static enum hf_rc
add_parted(struct hf_reader *reader, int64_t link, int64_t *list, size_t *n,
	   size_t most, bool *room, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(reader->db, HF_Q_RECORD_LINK_GET,
				    HF_ARGS(HF_INT(link)), &rows, err);

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows)) {
		*room = *n + 2 <= most;
		if (*room) {
			list[(*n)++] = hf_rows_int(&rows, HF_C_RECORD_LINK_GET_LOW);
			list[(*n)++] = hf_rows_int(&rows, HF_C_RECORD_LINK_GET_HIGH);
		}
	}
	return hf_rows_end(&rows, err);
}

enum { RELINKS = 64 }; /* decisions looked up at a time */

struct decision {
	int64_t change, undone; /* link; 0: none */
};

static struct decision
decision_of(int64_t change, struct hf_sv what)
{
	struct decision d = {.change = change};

	if (hf_sv_starts(what, HF_SV("identity undo ")))
		hf_sv_int(hf_sv_from_at(what, 14), &d.undone);
	return d;
}

enum hf_rc
hf_change_log_shelves(struct hf_reader *reader, int64_t after, size_t most,
		      struct hf_arena *arena, int64_t **shelves, size_t *n,
		      int64_t *last, bool *more, struct hf_err *err)
{
	int64_t *list = hf_arena_array(arena, most, sizeof *list), rows_read = 200;
	enum hf_rc rc = HF_OK;
	bool room = true;

	*n = 0;
	*last = after;
	*more = false;
	if (!list)
		return full(err);
	while (rc == HF_OK && room && rows_read == 200) {
		struct decision decided[RELINKS];
		size_t n_decided = 0;
		struct hf_rows rows;

		rc = hf_db_query(reader->db, HF_Q_RECORD_COPY_CHANGE,
				 HF_ARGS(HF_INT(*last), HF_INT(200)), &rows, err);
		if (rc != HF_OK)
			return rc;
		for (rows_read = 0; room && hf_rows_next(&rows); rows_read++) {
			struct hf_sv items =
			    hf_rows_blob(&rows, HF_C_RECORD_COPY_CHANGE_ITEMS);
			struct hf_sv what =
			    hf_rows_text(&rows, HF_C_RECORD_COPY_CHANGE_SOURCE);
			int64_t change =
			    hf_rows_int(&rows, HF_C_RECORD_COPY_CHANGE_CHANGE);
			bool decision = hf_sv_starts(what, HF_SV("identity "));

			if (decision && n_decided == RELINKS)
				break;
			room = add_shelves(items, list, n, most) &&
			       (!decision || add_named(what, list, n, most));
			if (!room)
				break;
			if (decision)
				decided[n_decided++] = decision_of(change, what);
			*last = change;
		}
		rc = hf_rows_end(&rows, err);
		for (size_t i = 0; rc == HF_OK && room && i < n_decided; i++) {
			rc = add_relinked(reader, decided[i].change, list, n, most,
					  &room, err);
			if (rc == HF_OK && room && decided[i].undone)
				rc = add_parted(reader, decided[i].undone, list, n,
						most, &room, err);
			if (!room)
				*last = decided[i].change - 1;
		}
		if (n_decided == RELINKS)
			rows_read = 200; /* there may be more */
	}
	*n = once_each(list, *n);
	*shelves = list;
	*more = !room;
	/* One commit alone is more than there is room for: the caller asks for more. */
	if (rc == HF_OK && !room && *n == 0)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "one commit writes to more people than asked for");
	return rc;
}
