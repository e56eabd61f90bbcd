/* rebuild.c - see rebuild.h.
 *
 * Rows are gathered until there are many, sorted, and written in the order of their
 * table: neighbours share pages.  Reading and writing go through one connection, so
 * that what is read is what is replaced. */
#include "record/io/rebuild.h"

#include "record/io/derive.h"

enum {
	STEP = 500,
	ROWS_A_RUN = 2000000, /* 48 MB of index rows sorted at a time */
	ARENA_MOST = 1 << 30
};

struct ix {
	int64_t slot, value;
	hf_rid rid;
};

struct rebuild {
	struct hf_reader r; /* around the writing connection */
	struct hf_rebuild_report *out;
	const struct hf_check_progress *progress;
	int64_t done, of;
	struct hf_arena arena;
	struct hf_derive_known known;
	struct hf_buf rows; /* of struct ix */
	int64_t tally[HF_TYPES_MOST];
	bool seen[HF_TYPES_MOST]; /* a type of which all are deleted counts 0 */
	struct hf_err *err;
};

static int
by_place(const void *a, const void *b)
{
	const struct ix *x = a, *y = b;

	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return (x->rid > y->rid) - (x->rid < y->rid);
}

static enum hf_rc
write_run(struct rebuild *b)
{
	size_t n = b->rows.n / sizeof(struct ix);
	struct ix *rows = (struct ix *)(void *)b->rows.p;
	enum hf_rc rc = HF_OK;

	if (n > 0)
		qsort(rows, n, sizeof *rows, by_place);
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = hf_db_exec(b->r.db, HF_Q_RECORD_IX_ADD,
				HF_ARGS(HF_INT(rows[i].slot), HF_INT(rows[i].value),
					HF_INT(rows[i].rid)),
				NULL, b->err);
	b->out->index_rows += (int64_t)n;
	b->rows.n = 0;
	return rc;
}

static enum hf_rc
add_rows(struct rebuild *b, hf_rid rid, const struct hf_facts *facts)
{
	for (size_t i = 0; i < facts->n_rows; i++) {
		struct ix row = {facts->rows[i].slot, facts->rows[i].value, rid};

		hf_buf_add(&b->rows, &row, sizeof row);
	}
	if (b->rows.failed)
		return hf_fail(b->err, HF_BUSY, NULL, "out of memory: try again");
	return b->rows.n >= ROWS_A_RUN * sizeof(struct ix) ? write_run(b) : HF_OK;
}

/* Only what is wrong is written: most rows stay untouched. */
static enum hf_rc
mark(struct rebuild *b, const struct hf_row *row, const struct hf_derived *d)
{
	int64_t span = row->e.hi == HF_TIME_MAX ? -1 : row->e.hi - row->e.lo;

	int64_t marks = row->e.deleted ? row->e.marks : d->marks;

	if (row->e.sig == d->facts.sig && row->e.lo == d->facts.lo && span == d->span &&
	    row->e.marks == marks)
		return HF_OK;
	b->out->marks++;
	return hf_db_exec(b->r.db, HF_Q_RECORD_RES_MARK,
			  HF_ARGS(HF_INT((int64_t)d->facts.sig), HF_INT(d->facts.lo),
				  HF_INT(d->span), HF_INT(marks), HF_INT(row->e.rid)),
			  NULL, b->err);
}

static enum hf_rc
one(struct rebuild *b, const struct hf_row *row)
{
	struct hf_derived d = {0};
	struct hf_err why = {0};
	enum hf_rc rc;

	hf_arena_reset(&b->arena);
	if (row->e.type == 0 || row->e.type > hf_n_resource_types)
		rc = hf_fail(&why, HF_FAULT, NULL, "its type is not one of R4");
	else
		rc = hf_derive(&b->r, row, &b->known, &b->arena, &d, NULL, &why);
	if (rc != HF_OK)
		return hf_fail(b->err, rc == HF_BUSY ? rc : HF_FAULT, "res",
			       "resource %lld cannot be read, nothing was changed: %s",
			       (long long)row->e.rid, why.text);
	rc = add_rows(b, row->e.rid, &d.facts);
	for (size_t i = 0; rc == HF_OK && i < d.n_mentions; i++) {
		rc = hf_db_exec(b->r.db, HF_Q_RECORD_MENTION_ADD,
				HF_ARGS(HF_INT(d.mentions[i]), HF_INT(row->e.rid)),
				NULL, b->err);
		b->out->mentions++;
	}
	if (rc == HF_OK)
		rc = mark(b, row, &d);
	b->tally[row->e.type] += !row->e.deleted;
	b->seen[row->e.type] = true;
	b->out->resources++;
	return rc;
}

/* One step of the walk; its rows are all read before any is written, because
 * writing to a table that is being read may show rows twice. */
static enum hf_rc
step(struct rebuild *b, hf_rid *from, int64_t *n)
{
	struct hf_arena bodies = {.cap = ARENA_MOST};
	struct hf_row *list = hf_arena_array(&bodies, STEP, sizeof *list);
	struct hf_rows rows;
	enum hf_rc rc, end;

	if (!list)
		return hf_fail(b->err, HF_BUSY, NULL, "out of memory: try again");
	rc = hf_db_query(b->r.db, HF_Q_RECORD_RES_BODIES,
			 HF_ARGS(HF_INT(*from), HF_INT(INT64_MAX), HF_INT(STEP)), &rows,
			 b->err);
	if (rc != HF_OK) {
		hf_arena_free(&bodies);
		return rc;
	}
	for (*n = 0; rc == HF_OK && hf_rows_next(&rows); ++*n) {
		struct hf_row *row = &list[*n];

		*row = hf_derive_row(&rows);
		*from = row->e.rid + 1;
		row->packed = hf_arena_sv(&bodies, row->packed);
		if (!row->packed.p)
			rc = hf_fail(b->err, HF_TOO_LONG, NULL, "out of memory");
	}
	end = hf_rows_end(&rows, rc == HF_OK ? b->err : NULL);
	rc = rc == HF_OK ? end : rc;
	for (int64_t i = 0; rc == HF_OK && i < *n; i++)
		rc = one(b, &list[i]);
	hf_arena_free(&bodies);
	return rc;
}

static enum hf_rc
count_work(struct rebuild *b)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(b->r.db, HF_Q_RECORD_CHECK_COUNT, NULL, &rows, b->err);

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows)) {
		b->of = hf_rows_int(&rows, HF_C_RECORD_CHECK_COUNT_RESOURCES);
		b->out->people = hf_rows_int(&rows, HF_C_RECORD_CHECK_COUNT_PEOPLE);
	}
	return hf_rows_end(&rows, b->err);
}

static enum hf_rc
write_tallies(struct rebuild *b)
{
	enum hf_rc rc =
	    hf_db_exec(b->r.db, HF_Q_RECORD_TALLY_CLEAR, NULL, NULL, b->err);

	b->tally[0] = b->out->people;
	for (int64_t t = 0; rc == HF_OK && t < HF_TYPES_MOST; t++)
		if (b->tally[t] || b->seen[t])
			rc = hf_db_exec(b->r.db, HF_Q_RECORD_TALLY_ADD,
					HF_ARGS(HF_INT(t), HF_INT(b->tally[t])), NULL,
					b->err);
	return rc;
}

static enum hf_rc
make_again(struct rebuild *b)
{
	hf_rid from = INT64_MIN;
	int64_t n = STEP;
	enum hf_rc rc = count_work(b);

	if (rc == HF_OK)
		rc = hf_db_exec(b->r.db, HF_Q_RECORD_IX_CLEAR, NULL, NULL, b->err);
	if (rc == HF_OK)
		rc = hf_db_exec(b->r.db, HF_Q_RECORD_MENTION_CLEAR, NULL, NULL, b->err);
	while (rc == HF_OK && n == STEP) {
		rc = step(b, &from, &n);
		b->done += n;
		if (b->progress && b->progress->step)
			b->progress->step(b->progress->ctx, b->done, b->of);
	}
	if (rc == HF_OK)
		rc = write_run(b);
	return rc == HF_OK ? write_tallies(b) : rc;
}

/* What the store holds in memory of what was derived. */
static void
forget(struct hf_store *store, const struct rebuild *b)
{
	for (size_t t = 0; t < HF_TYPES_MOST; t++)
		atomic_store(&store->tally[t], b->tally[t]);
	hf_shelves_touch_all(store->shelves);
}

static enum hf_rc
open_writer(struct hf_store *store, struct rebuild *b)
{
	struct hf_db_config config = store->db;

	if (store->read_only)
		return hf_fail(b->err, HF_FORBIDDEN, NULL,
			       "the store was opened for reading only");
	config.read_only = false;
	b->r.store = store;
	b->r.cctx = ZSTD_createCCtx();
	b->r.dctx = ZSTD_createDCtx();
	if (!b->r.cctx || !b->r.dctx)
		return hf_fail(b->err, HF_BUSY, NULL, "out of memory: try again");
	return hf_db_open(&config, &b->r.db, b->err);
}

enum hf_rc
hf_store_rebuild(struct hf_store *store, const struct hf_check_progress *progress,
		 struct hf_rebuild_report *out, struct hf_err *err)
{
	struct hf_rebuild_report report = {0};
	struct rebuild *b = calloc(1, sizeof *b);
	enum hf_rc rc;

	if (!b)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	b->out = &report;
	b->progress = progress;
	b->err = err;
	hf_arena_init(&b->arena, ARENA_MOST);
	rc = open_writer(store, b);
	if (rc == HF_OK)
		rc = hf_db_begin(b->r.db, true, err);
	if (rc == HF_OK)
		rc = make_again(b);
	if (rc == HF_OK)
		rc = hf_db_commit(b->r.db, err);
	if (rc == HF_OK) {
		forget(store, b);
		*out = report;
	}
	hf_db_close(b->r.db); /* rolls back what is open */
	ZSTD_freeCCtx(b->r.cctx);
	ZSTD_freeDCtx(b->r.dctx);
	hf_buf_free(&b->r.kept);
	hf_buf_free(&b->rows);
	hf_arena_free(&b->arena);
	free(b);
	return rc;
}
