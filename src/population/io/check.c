/* check.c - see check.h. */
#include "population/io/check.h"

#include <stdlib.h>

#include "population/io/bench_kept.h"
#include "population/io/load_int.h"
#include "population/io/ref_kept.h"
#include "population/own.h"

enum { RECORDS_A_STEP = 1024, OWN_MOST = 64 << 20, STRIPES_MOST = 1 << 14 };

struct checking {
	struct hf_pop_loader *l;
	struct hf_db *db;
	struct hf_issues *issues;
	struct hf_pop_check_report *r;
};

static void
found(struct checking *c, const char *table, int64_t id, const char *what)
{
	c->r->problems++;
	hf_issue_add(c->issues, HF_SEV_ERROR, "processing", hf_sv_from(table),
		     "%lld: %s", (long long)id, what);
}

/* ---- feeds ---- */

static enum hf_rc
check_stripe(struct checking *c, int64_t feed, int64_t stripe, int64_t *n,
	     struct hf_err *err)
{
	struct hf_pop_part part = {0};
	struct hf_buf raw = {0};
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(c->db, HF_Q_POPULATION_CHUNKS,
				    HF_ARGS(HF_INT(feed), HF_INT(stripe)), &rows, err);

	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows)) {
		int64_t kind = hf_rows_int(&rows, HF_C_POPULATION_CHUNKS_KIND);
		int64_t of = hf_rows_int(&rows, HF_C_POPULATION_CHUNKS_N);
		struct hf_pop_planes h;
		struct hf_sv planes;
		void *at;

		hf_pop_part_empty(&part);
		if (kind < 0 || kind >= HF_POP_ROWS_KINDS || of < 0 ||
		    hf_pop_chunk_open(hf_rows_blob(&rows, HF_C_POPULATION_CHUNKS_BODY),
				      (enum hf_pop_rows)kind, (size_t)of, &raw, &planes,
				      NULL) != HF_OK ||
		    hf_pop_planes_head(planes, &h, NULL) != HF_OK) {
			found(c, "pop_chunk", feed, "rows that do not unpack");
			continue;
		}
		at = hf_pop_part_room(&part, (enum hf_pop_rows)kind, h.n);
		if (!at || !hf_pop_part_pool(&part, h.n_dx)) {
			rc = hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
			break;
		}
		if (hf_pop_planes_get(&planes, (enum hf_pop_rows)kind, at, part.pool,
				      &part.n_pool, NULL) != HF_OK)
			found(c, "pop_chunk", feed, "rows that do not unpack");
		n[kind] += of;
		c->r->rows += of;
	}
	if (rc == HF_OK)
		rc = hf_rows_end(&rows, err);
	else
		(void)hf_rows_end(&rows, NULL);
	hf_pop_part_free(&part);
	hf_buf_free(&raw);
	return rc;
}

static enum hf_rc
check_feed(struct checking *c, int64_t feed, const int64_t *says, struct hf_err *err)
{
	uint8_t *in = calloc(STRIPES_MOST, 1);
	int64_t n[HF_POP_ROWS_KINDS] = {0};
	struct hf_rows rows;
	enum hf_rc rc = in ? hf_db_query(c->db, HF_Q_POPULATION_CHUNK_HEADS,
					 HF_ARGS(HF_INT(feed)), &rows, err)
			   : hf_fail(err, HF_BUSY, NULL, "out of memory: try again");

	if (rc != HF_OK) {
		free(in);
		return rc;
	}
	while (hf_rows_next(&rows)) {
		int64_t s = hf_rows_int(&rows, HF_C_POPULATION_CHUNK_HEADS_STRIPE);

		if (s < 0 || s >= STRIPES_MOST)
			found(c, "pop_chunk", feed, "rows of persons who cannot be");
		else
			in[s] = 1;
	}
	rc = hf_rows_end(&rows, err);
	for (int64_t s = 0; rc == HF_OK && s < STRIPES_MOST; s++)
		if (in[s])
			rc = check_stripe(c, feed, s, n, err);
	for (size_t k = 0; rc == HF_OK && k < HF_POP_ROWS_KINDS; k++)
		if (n[k] != says[k])
			found(c, "pop_feed", feed,
			      "other rows than it says that it has");
	free(in);
	return rc;
}

struct says {
	int64_t id, n[HF_POP_ROWS_KINDS];
};

static enum hf_rc
check_feeds(struct checking *c, struct hf_err *err)
{
	struct says *list = NULL;
	struct hf_rows rows;
	size_t n = 0;
	enum hf_rc rc =
	    hf_db_query(c->db, HF_Q_POPULATION_FEEDS, HF_ARGS(HF_INT(0)), &rows, err);

	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows)) {
		void *at = realloc(list, (n + 1) * sizeof(*list));

		if (!at) {
			rc = hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
			break;
		}
		list = at;
		list[n++] = (struct says){
		    hf_rows_int(&rows, HF_C_POPULATION_FEEDS_ID),
		    {[HF_POP_ROWS_EVENT] =
			 hf_rows_int(&rows, HF_C_POPULATION_FEEDS_EVENTS),
		     [HF_POP_ROWS_PERSON] =
			 hf_rows_int(&rows, HF_C_POPULATION_FEEDS_PERSONS),
		     [HF_POP_ROWS_REGISTRATION] =
			 hf_rows_int(&rows, HF_C_POPULATION_FEEDS_REGISTRATIONS),
		     [HF_POP_ROWS_CONDITION] =
			 hf_rows_int(&rows, HF_C_POPULATION_FEEDS_CONDITIONS),
		     [HF_POP_ROWS_VALUE] =
			 hf_rows_int(&rows, HF_C_POPULATION_FEEDS_VALS)}};
	}
	if (rc == HF_OK)
		rc = hf_rows_end(&rows, err);
	else
		(void)hf_rows_end(&rows, NULL);
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = check_feed(c, list[i].id, list[i].n, err);
	c->r->feeds = (int64_t)n;
	free(list);
	return rc;
}

/* ---- the record's own ---- */

static enum hf_rc
check_records(struct checking *c, struct hf_err *err)
{
	struct hf_arena arena = {.cap = OWN_MOST};
	int64_t change = INT64_MIN, shelf = INT64_MIN, n = RECORDS_A_STEP;
	enum hf_rc rc = HF_OK;

	while (rc == HF_OK && n == RECORDS_A_STEP) {
		struct hf_rows rows;

		rc = hf_db_query(
		    c->db, HF_Q_POPULATION_RECORDS,
		    HF_ARGS(HF_INT(change), HF_INT(shelf), HF_INT(RECORDS_A_STEP)),
		    &rows, err);
		n = 0;
		if (rc != HF_OK)
			break;
		while (hf_rows_next(&rows)) {
			struct hf_sv body =
			    hf_rows_blob(&rows, HF_C_POPULATION_RECORDS_BODY);
			struct hf_pop_own own;

			change = hf_rows_int(&rows, HF_C_POPULATION_RECORDS_CHANGE);
			shelf = hf_rows_int(&rows, HF_C_POPULATION_RECORDS_SHELF);
			n++;
			c->r->records++;
			if (body.n && hf_pop_unpack(body, &arena, &own, NULL) != HF_OK)
				found(c, "pop_record", shelf,
				      "a body that does not unpack");
			hf_arena_reset(&arena);
		}
		rc = hf_rows_end(&rows, err);
	}
	hf_arena_free(&arena);
	return rc;
}

/* ---- what others publish ---- */

static enum hf_rc
figures_of(struct checking *c, const struct hf_bench_kept *file, struct hf_err *err)
{
	struct hf_rows rows;
	int64_t n = 0;
	enum hf_rc rc = hf_db_query(c->db, HF_Q_POPULATION_BENCH_ROWS_OF,
				    HF_ARGS(HF_INT(file->id)), &rows, err);

	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows))
		n++;
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && n != file->n)
		found(c, "bench_feed", file->id,
		      "other figures than it says that it has");
	return rc;
}

static enum hf_rc
check_published(struct checking *c, struct hf_reader *reader, struct hf_err *err)
{
	struct hf_arena arena = {.cap = (size_t)1 << 30};
	struct hf_bench_kept *files;
	struct hf_ref_now *lists;
	struct hf_ref_entry e;
	size_t n;
	enum hf_rc rc = hf_bench_list(reader, &arena, &files, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = figures_of(c, &files[i], err);
	for (int k = 0; rc == HF_OK && k < HF_REF_KINDS; k++) {
		hf_arena_reset(&arena);
		rc = hf_ref_now(reader, (enum hf_ref_kind)k, &arena, &lists, &n, err);
		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			struct hf_sv rest = lists[i].body;
			int64_t entries = 0;

			while (hf_ref_line(&rest, &e))
				entries++;
			if (entries != lists[i].n)
				found(c, "ref_list", lists[i].id,
				      "other entries than it says that it has");
		}
	}
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_pop_check(struct hf_store *store, struct hf_issues *issues,
	     struct hf_pop_check_report *out, struct hf_err *err)
{
	struct hf_pop_check_report r = {0};
	struct checking c = {.l = hf_pop_loader_new(store), .issues = issues, .r = &r};
	struct hf_reader *reader = NULL;
	struct hf_err gap = {0};
	enum hf_rc rc = c.l ? hf_reader_get(store, &reader, err)
			    : hf_fail(err, HF_BUSY, NULL, "out of memory: try again");

	if (rc == HF_OK)
		rc = hf_reader_begin(reader, err);
	if (rc == HF_OK) {
		c.db = hf_reader_db(reader);
		/* HF_FAULT: rows do not follow each other. */
		rc = hf_pop_loader_names(c.l, c.db, &gap);
		if (rc == HF_FAULT) {
			found(&c, gap.path, 0, "rows do not follow each other");
			rc = HF_OK;
		} else if (rc != HF_OK && err) {
			*err = gap;
		}
	}
	if (rc == HF_OK)
		rc = check_feeds(&c, err);
	if (rc == HF_OK)
		rc = check_records(&c, err);
	if (rc == HF_OK)
		rc = check_published(&c, reader, err);
	if (reader) {
		hf_reader_end(reader);
		hf_reader_put(reader);
	}
	hf_pop_loader_free(c.l);
	if (rc == HF_OK)
		*out = r;
	return rc;
}
