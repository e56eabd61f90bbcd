/* check.c - see check.h.
 *
 * First the tables against each other, by SQL; then every body is read and what is
 * derived from it compared with what is there, as sums (check_sum.h); where sums
 * differ a second walk names the rows. */
#include "record/io/check.h"

#include "record/io/check_int.h"

enum { STEP = 500, PAIRS_STEP = 20000, ARENA_MOST = 1 << 30 };

static const struct sum_text {
	const char *table, *row;
} sum_texts[SUMS] = {
    [SUM_INDEX] = {"ix", "index row of slot %lld with value %lld"},
    [SUM_MENTION] = {"mention", "mention on shelf %lld (%lld)"},
    [SUM_ID] = {"idmap", "id with hash %lld (%lld)"},
    [SUM_LOG] = {"change", "log of commit %lld of version %lld"},
};

static void
advance(struct hf_check *c, int64_t n)
{
	c->done += n;
	if (c->progress && c->progress->step)
		c->progress->step(c->progress->ctx, c->done, c->of);
}

/* ---- bodies ---- */

static void
should(struct hf_check *c, enum sum sum, int64_t a, int64_t b, hf_rid rid)
{
	struct hf_sum_row row = {a, b, rid};

	if (c->second)
		hf_sum_keep(c->sums[sum], &row, true);
	else
		hf_sum_should(c->sums[sum], &row);
}

static void
is(struct hf_check *c, enum sum sum, int64_t a, int64_t b, hf_rid rid)
{
	struct hf_sum_row row = {a, b, rid};

	if (c->second)
		hf_sum_keep(c->sums[sum], &row, false);
	else
		hf_sum_is(c->sums[sum], &row);
}

static int64_t
log_value(uint32_t version, hf_type_id type, bool deleted)
{
	return (int64_t)version << 20 | (int64_t)type << 1 | deleted;
}

static void
compare_marks(struct hf_check *c, const struct hf_row *row, const struct hf_derived *d)
{
	int64_t span = row->e.hi == HF_TIME_MAX ? -1 : row->e.hi - row->e.lo;

	if (!row->e.deleted && row->e.marks != d->marks)
		hf_check_found(
		    c, "res",
		    "resource %lld: what decides on who may see it (flags) is not what "
		    "its body says; `homefirst rebuild` sets it right",
		    (long long)row->e.rid);
	if (row->e.sig != d->facts.sig || row->e.lo != d->facts.lo || span != d->span)
		hf_check_found(
		    c, "res",
		    "resource %lld: date or signature beside the body are not those "
		    "of the body; `homefirst rebuild` sets them right",
		    (long long)row->e.rid);
}

/* A resource stands on the shelf of the first person it speaks of. */
static void
check_place(struct hf_check *c, const struct hf_row *row, const struct hf_derived *d)
{
	if (d->shelf != 0 && d->shelf != HF_RID_SHELF(row->e.rid))
		hf_check_found(c, "res",
			       "resource %lld stands on shelf %lld and belongs on "
			       "shelf %lld",
			       (long long)row->e.rid,
			       (long long)HF_RID_SHELF(row->e.rid),
			       (long long)d->shelf);
}

static bool
is_known_type(struct hf_check *c, const struct hf_row *row, const char *table)
{
	if (row->e.type > 0 && row->e.type <= hf_n_resource_types)
		return true;
	if (!c->second)
		hf_check_found(c, table,
			       "resource %lld is of a type that R4 does not have",
			       (long long)row->e.rid);
	return false;
}

static enum hf_rc
check_current(struct hf_check *c, const struct hf_row *row)
{
	struct hf_derived d;
	struct hf_sv id;
	struct hf_err why = {0};
	enum hf_rc rc;

	if (!is_known_type(c, row, "res"))
		return HF_OK;
	hf_arena_reset(&c->arena);
	rc = hf_derive(c->r, row, &c->known, &c->arena, &d, &id, &why);
	if (rc == HF_BUSY)
		return hf_fail(c->err, rc, why.path, "%s", why.text);
	should(c, SUM_LOG, row->e.change,
	       log_value(row->e.version, row->e.type, row->e.deleted), row->e.rid);
	if (rc != HF_OK) {
		if (!c->second)
			hf_check_found(c, "res",
				       "resource %lld, version %u cannot be read: %s",
				       (long long)row->e.rid, row->e.version, why.text);
		return HF_OK;
	}
	for (size_t i = 0; i < d.facts.n_rows; i++)
		should(c, SUM_INDEX, d.facts.rows[i].slot, d.facts.rows[i].value,
		       row->e.rid);
	for (size_t i = 0; i < d.n_mentions; i++)
		should(c, SUM_MENTION, d.mentions[i], 0, row->e.rid);
	if (id.n > 0)
		should(c, SUM_ID, hf_ids_hash(&c->r->store->ids, row->e.type, id), 0,
		       row->e.rid);
	if (c->second)
		return HF_OK;
	compare_marks(c, row, &d);
	check_place(c, row, &d);
	c->tally[row->e.type] += !row->e.deleted;
	c->out->resources++;
	c->out->bytes += (int64_t)d.bytes;
	return HF_OK;
}

/* In the second walk only rids whose rows are to be named are opened. */
static bool
wanted(const struct hf_check *c, hf_rid rid)
{
	bool any = !c->second;

	for (size_t s = 0; s < SUMS; s++)
		any = any || hf_sum_named(c->sums[s], rid);
	return any;
}

static enum hf_rc
walk_current(struct hf_check *c)
{
	hf_rid from = INT64_MIN;
	int64_t n = STEP;
	enum hf_rc rc = HF_OK, end;

	while (rc == HF_OK && n == STEP) {
		struct hf_rows rows;

		rc = hf_db_query(c->r->db, HF_Q_RECORD_RES_BODIES,
				 HF_ARGS(HF_INT(from), HF_INT(INT64_MAX), HF_INT(STEP)),
				 &rows, c->err);
		if (rc != HF_OK)
			return rc;
		for (n = 0; rc == HF_OK && hf_rows_next(&rows); n++) {
			struct hf_row row = hf_derive_row(&rows);

			from = row.e.rid + 1;
			if (wanted(c, row.e.rid))
				rc = check_current(c, &row);
		}
		end = hf_rows_end(&rows, rc == HF_OK ? c->err : NULL);
		rc = rc == HF_OK ? end : rc;
		advance(c, n);
	}
	return rc;
}

static void
check_older(struct hf_check *c, const struct hf_row *row)
{
	struct hf_version v;
	struct hf_json doc;
	struct hf_err why = {0};
	enum hf_rc rc;

	if (!is_known_type(c, row, "hist"))
		return;
	should(c, SUM_LOG, row->e.change,
	       log_value(row->e.version, row->e.type, row->e.deleted), row->e.rid);
	if (c->second)
		return;
	hf_arena_reset(&c->arena);
	rc = hf_row_version(c->r, row, &c->arena, &v, &why);
	if (rc == HF_OK && !row->e.deleted)
		rc = hf_json_parse(v.body, NULL, &c->arena, &doc, &why);
	if (rc != HF_OK)
		hf_check_found(c, "hist",
			       "resource %lld, version %u cannot be read: %s",
			       (long long)row->e.rid, row->e.version, why.text);
	c->out->versions++;
	c->out->bytes += rc == HF_OK ? (int64_t)v.body.n : 0;
}

static enum hf_rc
walk_older(struct hf_check *c)
{
	hf_rid rid = INT64_MIN;
	int64_t version = 0, n = STEP;

	while (n == STEP) {
		struct hf_rows rows;
		enum hf_rc rc = hf_db_query(
		    c->r->db, HF_Q_RECORD_COPY_HIST,
		    HF_ARGS(HF_INT(rid), HF_INT(version), HF_INT(STEP)), &rows, c->err);

		if (rc != HF_OK)
			return rc;
		for (n = 0; hf_rows_next(&rows); n++) {
			struct hf_row row = {0};

			row.e.rid = rid = hf_rows_int(&rows, HF_C_RECORD_COPY_HIST_RID);
			version = hf_rows_int(&rows, HF_C_RECORD_COPY_HIST_VERSION);
			row.e.version = (uint32_t)version;
			row.e.type =
			    (hf_type_id)hf_rows_int(&rows, HF_C_RECORD_COPY_HIST_TYPE);
			row.e.change = hf_rows_int(&rows, HF_C_RECORD_COPY_HIST_CHANGE);
			row.e.deleted =
			    hf_rows_int(&rows, HF_C_RECORD_COPY_HIST_FLAGS) &
			    HF_FLAG_DELETED;
			row.dict = hf_rows_int(&rows, HF_C_RECORD_COPY_HIST_DICT);
			row.packed = hf_rows_blob(&rows, HF_C_RECORD_COPY_HIST_BODY);
			if (wanted(c, rid))
				check_older(c, &row);
		}
		rc = hf_rows_end(&rows, c->err);
		if (rc != HF_OK)
			return rc;
		advance(c, n);
	}
	return HF_OK;
}

/* ---- what is there ---- */

/* Pages through a table of up to three numbers, the last of which is a rid. */
static enum hf_rc
walk_numbers(struct hf_check *c, enum hf_query q, int columns,
	     enum hf_rc (*each)(struct hf_check *c, const int64_t *row), int64_t *total)
{
	int64_t key[3] = {INT64_MIN, INT64_MIN, INT64_MIN}, n = PAIRS_STEP;
	enum hf_rc rc = HF_OK, end;

	while (rc == HF_OK && n == PAIRS_STEP) {
		struct hf_arg args[4];
		struct hf_rows rows;

		for (int i = 0; i < columns; i++)
			args[i] = HF_INT(key[i]);
		args[columns] = HF_INT(PAIRS_STEP);
		rc = hf_db_query(c->r->db, q, args, &rows, c->err);
		if (rc != HF_OK)
			return rc;
		for (n = 0; rc == HF_OK && hf_rows_next(&rows); n++) {
			for (int i = 0; i < columns; i++)
				key[i] = hf_rows_int(&rows, i);
			rc = each(c, key);
		}
		end = hf_rows_end(&rows, rc == HF_OK ? c->err : NULL);
		rc = rc == HF_OK ? end : rc;
		*total += n;
	}
	return rc;
}

static enum hf_rc
have_index(struct hf_check *c, const int64_t *row)
{
	is(c, SUM_INDEX, row[0], row[1], row[2]);
	return HF_OK;
}

static enum hf_rc
have_mention(struct hf_check *c, const int64_t *row)
{
	is(c, SUM_MENTION, row[0], 0, row[1]);
	return HF_OK;
}

/* The id of a Patient that others speak of and that has not come yet leads to the
 * first place of its shelf, where no body is to derive it from. */
static enum hf_rc
have_id(struct hf_check *c, const int64_t *row)
{
	struct hf_rows rows;
	bool there = true;
	enum hf_rc rc = HF_OK;

	if (row[1] == HF_RID_MIN(HF_RID_SHELF(row[1]))) {
		rc = hf_db_query(c->r->db, HF_Q_RECORD_RES_ENTRY,
				 HF_ARGS(HF_INT(row[1])), &rows, c->err);
		if (rc != HF_OK)
			return rc;
		there = hf_rows_next(&rows);
		rc = hf_rows_end(&rows, c->err);
	}
	if (there)
		is(c, SUM_ID, row[0], 0, row[1]);
	return rc;
}

/* Where a resource that the log names stands now: rows of forward lie sorted in
 * .moved, two numbers each; there are few. */
static hf_rid
stands_at(const struct hf_check *c, hf_rid rid)
{
	const int64_t *pairs = (const int64_t *)(const void *)c->moved.p;
	size_t low = 0, high = c->moved.n / (2 * sizeof *pairs);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (pairs[2 * mid] == rid)
			return pairs[2 * mid + 1];
		if (pairs[2 * mid] < rid)
			low = mid + 1;
		else
			high = mid;
	}
	return rid;
}

static enum hf_rc
read_moved(struct hf_check *c)
{
	int64_t from = INT64_MIN, n = PAIRS_STEP;
	enum hf_rc rc = HF_OK;

	c->moved.n = 0;
	while (rc == HF_OK && n == PAIRS_STEP) {
		struct hf_rows rows;

		rc = hf_db_query(c->r->db, HF_Q_RECORD_COPY_FORWARD,
				 HF_ARGS(HF_INT(from), HF_INT(PAIRS_STEP)), &rows,
				 c->err);
		if (rc != HF_OK)
			return rc;
		for (n = 0; hf_rows_next(&rows); n++) {
			int64_t pair[2] = {hf_rows_int(&rows, 0),
					   hf_rows_int(&rows, 1)};

			from = pair[0];
			hf_buf_add(&c->moved, pair, sizeof pair);
		}
		rc = hf_rows_end(&rows, c->err);
	}
	if (rc == HF_OK && c->moved.failed)
		return hf_fail(c->err, HF_BUSY, NULL, "out of memory: try again");
	return rc;
}

static void
have_log(struct hf_check *c, int64_t change, struct hf_sv items)
{
	struct hf_logged one = {0};

	while (hf_items_next(&items, &one))
		is(c, SUM_LOG, change, log_value(one.version, one.type, one.deleted),
		   stands_at(c, one.rid));
	if (items.n == 0 && !items.p && !c->second)
		hf_check_found(c, "change", "the log of commit %lld is broken",
			       (long long)change);
}

/* Does the row hang on the one before?  *link becomes its own.  Rows from before there
 * were links have none. */
static void
check_link(struct hf_check *c, const struct hf_rows *rows,
	   unsigned char link[HF_CHANGE_LINK])
{
	const struct hf_change_row row = {
	    hf_rows_int(rows, HF_C_RECORD_COPY_CHANGE_CHANGE),
	    hf_rows_text(rows, HF_C_RECORD_COPY_CHANGE_ACTOR),
	    hf_rows_text(rows, HF_C_RECORD_COPY_CHANGE_PURPOSE),
	    hf_rows_text(rows, HF_C_RECORD_COPY_CHANGE_SOURCE),
	    hf_rows_blob(rows, HF_C_RECORD_COPY_CHANGE_ITEMS),
	    hf_rows_text(rows, HF_C_RECORD_COPY_CHANGE_TRACE)};
	struct hf_sv has = hf_rows_blob(rows, HF_C_RECORD_COPY_CHANGE_LINK);
	static const unsigned char none[HF_CHANGE_LINK];
	bool first = memcmp(link, none, sizeof none) == 0;
	unsigned char want[HF_CHANGE_LINK];

	if (has.n == 0 && first)
		return;
	hf_change_link(link, &row, want);
	if (!c->second &&
	    (has.n != HF_CHANGE_LINK || memcmp(has.p, want, HF_CHANGE_LINK) != 0))
		hf_check_found(c, "change",
			       "commit %lld does not hang on the one before: it was "
			       "changed, or one before it was, or is missing",
			       (long long)row.change);
	/* One break is told once: what follows hangs on what is there. */
	memcpy(link, has.n == HF_CHANGE_LINK ? (const unsigned char *)has.p : want,
	       HF_CHANGE_LINK);
}

static enum hf_rc
walk_log(struct hf_check *c)
{
	unsigned char link[HF_CHANGE_LINK] = {0};
	int64_t change = INT64_MIN, n = STEP;
	enum hf_rc rc = read_moved(c);

	while (rc == HF_OK && n == STEP) {
		struct hf_rows rows;

		rc = hf_db_query(c->r->db, HF_Q_RECORD_COPY_CHANGE,
				 HF_ARGS(HF_INT(change), HF_INT(STEP)), &rows, c->err);
		if (rc != HF_OK)
			return rc;
		for (n = 0; hf_rows_next(&rows); n++) {
			change = hf_rows_int(&rows, HF_C_RECORD_COPY_CHANGE_CHANGE);
			check_link(c, &rows, link);
			have_log(c, change,
				 hf_rows_blob(&rows, HF_C_RECORD_COPY_CHANGE_ITEMS));
		}
		rc = hf_rows_end(&rows, c->err);
		if (!c->second)
			c->out->changes += n;
		advance(c, n);
	}
	return rc;
}

static enum hf_rc
walk_all(struct hf_check *c)
{
	int64_t index_rows = 0, mentions = 0, ids = 0;
	enum hf_rc rc = walk_current(c);

	if (rc == HF_OK)
		rc = walk_older(c);
	if (rc == HF_OK)
		rc = walk_log(c);
	if (rc == HF_OK)
		rc = walk_numbers(c, HF_Q_RECORD_COPY_IX, 3, have_index, &index_rows);
	if (rc == HF_OK)
		rc = walk_numbers(c, HF_Q_RECORD_COPY_MENTION, 2, have_mention,
				  &mentions);
	if (rc == HF_OK)
		rc = walk_numbers(c, HF_Q_RECORD_COPY_IDMAP, 2, have_id, &ids);
	c->out->index_rows = index_rows;
	c->out->mentions = mentions;
	return rc;
}

/* ---- naming what differs ---- */

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void
name_diffs(struct hf_check *c, enum sum sum)
{
	const struct sum_text *t = &sum_texts[sum];
	struct hf_sum_diff d = {0};
	struct hf_sum *s = c->sums[sum];
	const char *mend = sum == SUM_INDEX || sum == SUM_MENTION
			       ? "; `homefirst rebuild` sets it right"
			       : "";

	while (hf_sum_next(s, &d)) {
		char row[120];
		int64_t b = sum == SUM_LOG ? d.row.b >> 20 : d.row.b;

		snprintf(row, sizeof row, t->row, (long long)d.row.a, (long long)b);
		hf_check_found(c, t->table, "resource %lld: %s %s%s",
			       (long long)d.row.rid, row,
			       d.missing ? "is missing" : "should not be there", mend);
	}
	if (s->wrong > HF_SUM_NAMED)
		hf_check_found(c, t->table,
			       "rows of many more resources differ (%lld parts)%s",
			       (long long)(s->wrong - HF_SUM_NAMED), mend);
}
#pragma GCC diagnostic pop

static enum hf_rc
name_all_diffs(struct hf_check *c)
{
	bool equal = true;
	enum hf_rc rc = HF_OK;

	for (size_t s = 0; s < SUMS; s++)
		equal = hf_sum_close(c->sums[s]) && equal;
	if (equal)
		return HF_OK;
	c->second = true;
	c->done = 0;
	rc = walk_all(c);
	for (enum sum s = 0; rc == HF_OK && s < SUMS; s++)
		name_diffs(c, s);
	return rc;
}

static enum hf_rc
count_work(struct hf_check *c)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(c->r->db, HF_Q_RECORD_CHECK_COUNT, NULL, &rows, c->err);

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows)) {
		c->of = hf_rows_int(&rows, HF_C_RECORD_CHECK_COUNT_RESOURCES) +
			hf_rows_int(&rows, HF_C_RECORD_CHECK_COUNT_VERSIONS) +
			hf_rows_int(&rows, HF_C_RECORD_CHECK_COUNT_CHANGES);
		c->out->people = hf_rows_int(&rows, HF_C_RECORD_CHECK_COUNT_PEOPLE);
	}
	return hf_rows_end(&rows, c->err);
}

static enum hf_rc
check_all(struct hf_check *c)
{
	enum hf_rc rc = hf_reader_begin(c->r, c->err);

	if (rc == HF_OK)
		rc = count_work(c);
	if (rc == HF_OK)
		rc = hf_check_rules(c);
	if (rc == HF_OK)
		rc = hf_check_links(c);
	if (rc == HF_OK)
		rc = walk_all(c);
	if (rc == HF_OK)
		rc = hf_check_tallies(c);
	if (rc == HF_OK)
		rc = name_all_diffs(c);
	return rc;
}

enum hf_rc
hf_store_check(struct hf_store *store, const struct hf_check_progress *progress,
	       struct hf_issues *issues, struct hf_check_report *out,
	       struct hf_err *err)
{
	struct hf_check *c = calloc(1, sizeof *c);
	struct hf_check_report report = {0};
	bool memory = c != NULL;
	enum hf_rc rc = HF_OK;

	for (size_t s = 0; memory && s < SUMS; s++)
		memory = (c->sums[s] = hf_sum_new()) != NULL;
	if (!memory) {
		rc = hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
		goto out;
	}
	c->issues = issues;
	c->out = &report;
	c->progress = progress;
	c->err = err;
	hf_arena_init(&c->arena, ARENA_MOST);
	rc = hf_reader_get(store, &c->r, err);
	if (rc == HF_OK)
		rc = check_all(c);
	hf_reader_put(c->r);
	hf_arena_free(&c->arena);
	hf_buf_free(&c->moved);
	if (rc == HF_OK)
		*out = report;
out:
	for (size_t s = 0; c && s < SUMS; s++)
		hf_sum_free(c->sums[s]);
	free(c);
	return rc;
}
