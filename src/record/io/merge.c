/* merge.c - links by hand, and what takes them back: each a job of the desk. */
#include "record/io/link_int.h"

struct deed {
	struct hf_store *store;
	int64_t shelf, other, link;
	enum hf_link_kind kind;
	bool apart;
	hf_time until;
	const struct hf_link_by *by;
	struct hf_link_done done;
	/* of the job that runs */
	struct hf_db *db;
	int64_t change;
	struct hf_arena arena;
	struct hf_err *err;
};

static size_t
characters(struct hf_sv s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static enum hf_rc
check_reason(const struct hf_link_by *by, struct hf_err *err)
{
	size_t n = characters(hf_sv_trim(by->reason));

	if (n < HF_REASON_LEAST)
		return hf_fail(err, HF_RULE, "reason",
			       "say why in at least %d characters: whoever looks later "
			       "has to understand it",
			       HF_REASON_LEAST);
	if (n > HF_REASON_MOST)
		return hf_fail(err, HF_RULE, "reason",
			       "a reason has at most %d characters", HF_REASON_MOST);
	return HF_OK;
}

/* Runs write as a job named what, after the reason was looked at. */
static enum hf_rc
run(struct deed *d, struct hf_sv what,
    enum hf_rc (*write)(void *, struct hf_db *, int64_t, hf_time, struct hf_err *),
    struct hf_link_done *out, struct hf_err *err)
{
	struct hf_desk_job job = {
	    .actor = d->by->actor,
	    .purpose = d->by->purpose,
	    .what = what,
	    .trace = d->by->trace,
	    .write = write,
	    .ctx = d,
	    .relinks = true,
	};
	enum hf_rc rc = check_reason(d->by, err);

	if (rc == HF_OK)
		rc = hf_store_desk(d->store, &job, err);
	hf_arena_free(&d->arena);
	if (rc == HF_OK && out)
		*out = d->done;
	return rc;
}

/* A job may run again after a rollback: it begins anew. */
static void
begin(struct deed *d, struct hf_db *db, int64_t change, struct hf_err *err)
{
	hf_arena_free(&d->arena);
	d->arena = (struct hf_arena){.cap = 64 << 20};
	d->db = db;
	d->change = change;
	d->err = err;
	d->done = (struct hf_link_done){0};
}

static enum hf_rc
check_there(struct deed *d, int64_t shelf)
{
	struct hf_rows rows;
	bool there;
	enum hf_rc rc = hf_db_query(d->db, HF_Q_RECORD_SHELF_GET,
				    HF_ARGS(HF_INT(shelf)), &rows, d->err);

	if (rc != HF_OK)
		return rc;
	there = hf_rows_next(&rows);
	rc = hf_rows_end(&rows, d->err);
	if (rc == HF_OK && !there)
		return hf_fail(d->err, HF_RULE, NULL,
			       "one of the two is no person's "
			       "record");
	return rc;
}

static enum hf_rc
check_two(struct deed *d)
{
	enum hf_rc rc;

	if (d->shelf == d->other)
		return hf_fail(d->err, HF_RULE, NULL,
			       "both are the same record: name two");
	rc = check_there(d, d->shelf);
	return rc == HF_OK ? check_there(d, d->other) : rc;
}

/* Whose shelf is whose then: of both, because they may have come apart. */
static enum hf_rc
settle(struct deed *d)
{
	int64_t *shelves;
	size_t n;
	enum hf_rc rc =
	    hf_link_settle(d->db, d->other, d->change, &d->arena, &n, d->err);

	if (rc == HF_OK)
		rc = hf_link_settle(d->db, d->shelf, d->change, &d->arena,
				    &d->done.records, d->err);
	if (rc == HF_OK)
		rc =
		    hf_link_component(d->db, d->shelf, &d->arena, &shelves, &n, d->err);
	if (rc == HF_OK)
		d->done.one = hf_link_has(shelves, n, d->other);
	return rc;
}

static struct hf_link
fact(const struct deed *d, int64_t shelf, int64_t other)
{
	return (struct hf_link){.kind = d->kind,
				.shelf = shelf,
				.other = other,
				.why = hf_sv_trim(d->by->reason)};
}

/* ---- merging ---- */

/* A decision about just these two is taken back by the new one; others stand. */
static enum hf_rc
lift_decision(struct deed *d)
{
	struct hf_edge *edges;
	size_t n;
	enum hf_rc rc = hf_link_read(d->db, d->shelf, &d->arena, &edges, &n, d->err);

	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		if (edges[i].other != d->other)
			continue;
		if (edges[i].linked && edges[i].kind == d->kind)
			return hf_fail(d->err, HF_EXISTS, NULL,
				       "the two are linked so already: link %lld",
				       (long long)edges[i].id);
		if (!edges[i].linked)
			rc = hf_link_end(d->db, edges[i].id, hf_sv_trim(d->by->reason),
					 d->change, d->err);
	}
	return rc;
}

static enum hf_rc
check_persons(struct deed *d)
{
	int64_t *ones, *others, link = 0;
	size_t n_ones, n_others;
	enum hf_rc rc =
	    hf_link_component(d->db, d->shelf, &d->arena, &ones, &n_ones, d->err);

	if (rc == HF_OK)
		rc = hf_link_component(d->db, d->other, &d->arena, &others, &n_others,
				       d->err);
	if (rc != HF_OK || hf_link_has(ones, n_ones, d->other))
		return rc;
	rc = hf_link_apart(d->db, ones, n_ones, others, n_others, &link, d->err);
	if (rc == HF_OK && link)
		return hf_fail(d->err, HF_RULE, NULL,
			       "it was decided that other records of these two are of "
			       "two people (link %lld): take that back first",
			       (long long)link);
	if (rc == HF_OK && n_ones + n_others > HF_PERSON_MOST)
		return hf_fail(d->err, HF_RULE, NULL, "a person has at most %d records",
			       HF_PERSON_MOST);
	return rc;
}

static enum hf_rc
write_merge(void *ctx, struct hf_db *db, int64_t change, hf_time at HF_UNUSED,
	    struct hf_err *err)
{
	struct deed *d = ctx;
	struct hf_link link = fact(d, d->shelf, d->other);
	enum hf_rc rc;

	begin(d, db, change, err);
	rc = check_two(d);
	if (rc == HF_OK)
		rc = lift_decision(d);
	if (rc == HF_OK)
		rc = check_persons(d);
	if (rc == HF_OK)
		rc = hf_link_insert(db, &link, true, change, &d->done.link, err);
	if (rc == HF_OK)
		rc = hf_review_mark(db, d->shelf, d->other, "linked", 0, change,
				    link.why, err);
	return rc == HF_OK ? settle(d) : rc;
}

enum hf_rc
hf_link_merge(struct hf_store *store, int64_t shelf, int64_t other,
	      enum hf_link_kind kind, const struct hf_link_by *by,
	      struct hf_link_done *out, struct hf_err *err)
{
	struct deed d = {
	    .store = store, .shelf = shelf, .other = other, .kind = kind, .by = by};
	char what[80];

	assert(kind == HF_LINK_HAND || kind == HF_LINK_A40);
	snprintf(what, sizeof what, "identity link %lld %lld %s", (long long)shelf,
		 (long long)other, hf_link_kind_code(kind));
	return run(&d, hf_sv_from(what), write_merge, out, err);
}

/* ---- taking back ---- */

/* What links just these two counts no more, and that they are two is recorded. */
static enum hf_rc
part_two(struct deed *d, int64_t shelf, int64_t other)
{
	struct hf_link link = fact(d, shelf, other);
	struct hf_edge *edges;
	bool decided = false;
	size_t n;
	enum hf_rc rc = hf_link_read(d->db, shelf, &d->arena, &edges, &n, d->err);

	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		if (edges[i].other != other)
			continue;
		decided |= !edges[i].linked;
		if (edges[i].linked)
			rc = hf_link_end(d->db, edges[i].id, link.why, d->change,
					 d->err);
	}
	link.kind = HF_LINK_HAND;
	if (rc == HF_OK && !decided)
		rc = hf_link_insert(d->db, &link, false, d->change, &d->done.link,
				    d->err);
	if (rc == HF_OK)
		rc = hf_review_mark(d->db, shelf, other, "separated", 0, d->change,
				    link.why, d->err);
	return rc;
}

static enum hf_rc
separate(struct deed *d)
{
	enum hf_rc rc = part_two(d, d->shelf, d->other);

	if (rc == HF_OK)
		rc = settle(d);
	if (rc == HF_OK && d->done.one)
		return hf_fail(d->err, HF_RULE, NULL,
			       "other records still connect the two: take one of them "
			       "out of the person, or undo the other links first");
	return rc;
}

static enum hf_rc
find_link(struct deed *d, enum hf_link_kind *kind, bool *linked)
{
	struct hf_rows rows;
	bool there, undone = false;
	enum hf_rc rc = hf_db_query(d->db, HF_Q_RECORD_LINK_GET,
				    HF_ARGS(HF_INT(d->link)), &rows, d->err);

	if (rc != HF_OK)
		return rc;
	there = hf_rows_next(&rows);
	if (there) {
		int64_t low = hf_rows_int(&rows, HF_C_RECORD_LINK_GET_LOW);
		int64_t high = hf_rows_int(&rows, HF_C_RECORD_LINK_GET_HIGH);

		d->shelf = hf_rows_int(&rows, HF_C_RECORD_LINK_GET_SAID);
		d->other = d->shelf == low ? high : low;
		*kind =
		    hf_link_kind_find(hf_rows_text(&rows, HF_C_RECORD_LINK_GET_KIND));
		*linked =
		    hf_sv_is(hf_rows_text(&rows, HF_C_RECORD_LINK_GET_STATE), "linked");
		undone = hf_rows_int(&rows, HF_C_RECORD_LINK_GET_UNDONE) != 0;
	}
	rc = hf_rows_end(&rows, d->err);
	if (rc == HF_OK && !there)
		return hf_fail(d->err, HF_NOT_FOUND, NULL, "there is no link %lld",
			       (long long)d->link);
	if (rc == HF_OK && undone)
		return hf_fail(d->err, HF_STALE, NULL,
			       "link %lld was taken back already", (long long)d->link);
	return rc;
}

static enum hf_rc
write_undo(void *ctx, struct hf_db *db, int64_t change, hf_time at HF_UNUSED,
	   struct hf_err *err)
{
	struct deed *d = ctx;
	enum hf_link_kind kind = HF_LINK_HAND;
	bool linked = true, lower;
	enum hf_rc rc;

	begin(d, db, change, err);
	rc = find_link(d, &kind, &linked);
	if (rc != HF_OK)
		return rc;
	if (linked && (d->apart || kind != HF_LINK_HAND))
		return separate(d);
	lower = d->shelf < d->other;
	rc = hf_link_end(db, d->link, hf_sv_trim(d->by->reason), change, err);
	if (rc == HF_OK && linked)
		rc = hf_db_exec(db, HF_Q_RECORD_REVIEW_REOPEN,
				HF_ARGS(HF_INT(lower ? d->shelf : d->other),
					HF_INT(lower ? d->other : d->shelf)),
				NULL, err);
	return rc == HF_OK ? settle(d) : rc;
}

enum hf_rc
hf_link_undo(struct hf_store *store, int64_t link, bool apart,
	     const struct hf_link_by *by, struct hf_link_done *out, struct hf_err *err)
{
	struct deed d = {.store = store, .link = link, .apart = apart, .by = by};
	char what[64];

	snprintf(what, sizeof what, "identity undo %lld", (long long)link);
	return run(&d, hf_sv_from(what), write_undo, out, err);
}

static enum hf_rc
write_separate(void *ctx, struct hf_db *db, int64_t change, hf_time at HF_UNUSED,
	       struct hf_err *err)
{
	struct deed *d = ctx;
	enum hf_rc rc;

	begin(d, db, change, err);
	rc = check_two(d);
	return rc == HF_OK ? separate(d) : rc;
}

enum hf_rc
hf_link_separate(struct hf_store *store, int64_t shelf, int64_t other,
		 const struct hf_link_by *by, struct hf_link_done *out,
		 struct hf_err *err)
{
	struct deed d = {.store = store, .shelf = shelf, .other = other, .by = by};
	char what[80];

	snprintf(what, sizeof what, "identity separate %lld %lld", (long long)shelf,
		 (long long)other);
	return run(&d, hf_sv_from(what), write_separate, out, err);
}

static enum hf_rc
write_part(void *ctx, struct hf_db *db, int64_t change, hf_time at HF_UNUSED,
	   struct hf_err *err)
{
	struct deed *d = ctx;
	struct hf_edge *edges;
	size_t n, parted = 0;
	enum hf_rc rc;

	begin(d, db, change, err);
	rc = check_there(d, d->shelf);
	if (rc == HF_OK)
		rc = hf_link_read(db, d->shelf, &d->arena, &edges, &n, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		size_t left;

		if (!edges[i].linked)
			continue;
		parted++;
		rc = part_two(d, d->shelf, edges[i].other);
		if (rc == HF_OK)
			rc = hf_link_settle(db, edges[i].other, change, &d->arena,
					    &left, err);
	}
	if (rc == HF_OK && parted == 0)
		return hf_fail(err, HF_RULE, NULL, "this record is linked to no other");
	if (rc == HF_OK)
		rc = hf_link_settle(db, d->shelf, change, &d->arena, &d->done.records,
				    err);
	return rc;
}

enum hf_rc
hf_link_part(struct hf_store *store, int64_t shelf, const struct hf_link_by *by,
	     struct hf_link_done *out, struct hf_err *err)
{
	struct deed d = {.store = store, .shelf = shelf, .by = by};
	char what[64];

	snprintf(what, sizeof what, "identity part %lld", (long long)shelf);
	return run(&d, hf_sv_from(what), write_part, out, err);
}

/* ---- putting off ---- */

static enum hf_rc
write_later(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	static const int64_t year = (int64_t)366 * 86400000;
	struct deed *d = ctx;
	bool lower = d->shelf < d->other, waits = false;
	struct hf_rows rows;
	enum hf_rc rc;

	begin(d, db, change, err);
	if (d->until <= at || d->until > at + year)
		return hf_fail(err, HF_RULE, "until",
			       "a day after today, at most a year ahead");
	rc = hf_db_query(db, HF_Q_RECORD_REVIEW_GET,
			 HF_ARGS(HF_INT(lower ? d->shelf : d->other),
				 HF_INT(lower ? d->other : d->shelf)),
			 &rows, err);
	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows)) {
		struct hf_sv state = hf_rows_text(&rows, HF_C_RECORD_REVIEW_GET_STATE);

		waits = hf_sv_is(state, "open") || hf_sv_is(state, "later");
	}
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && !waits)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "these two do not wait to be looked at");
	return rc == HF_OK ? hf_review_mark(db, d->shelf, d->other, "later", d->until,
					    change, hf_sv_trim(d->by->reason), err)
			   : rc;
}

enum hf_rc
hf_review_later(struct hf_store *store, int64_t shelf, int64_t other, hf_time until,
		const struct hf_link_by *by, struct hf_err *err)
{
	struct deed d = {
	    .store = store, .shelf = shelf, .other = other, .until = until, .by = by};
	char what[80];

	snprintf(what, sizeof what, "identity later %lld %lld", (long long)shelf,
		 (long long)other);
	return run(&d, hf_sv_from(what), write_later, NULL, err);
}

static enum hf_rc
write_wake(void *ctx, struct hf_db *db, int64_t change HF_UNUSED, hf_time at HF_UNUSED,
	   struct hf_err *err)
{
	const hf_time *now = ctx;

	return hf_db_exec(db, HF_Q_RECORD_REVIEW_DUE, HF_ARGS(HF_INT(*now)), NULL, err);
}

enum hf_rc
hf_review_wake(struct hf_store *store, struct hf_reader *reader, hf_time now,
	       const struct hf_link_by *by, struct hf_err *err)
{
	struct hf_desk_job job = {.actor = by->actor,
				  .purpose = by->purpose,
				  .what = HF_SV("identity wake"),
				  .trace = by->trace,
				  .write = write_wake,
				  .ctx = &now};
	struct hf_rows rows;
	int64_t n = 0;
	enum hf_rc rc = hf_db_query(reader->db, HF_Q_RECORD_REVIEW_DUE_ANY,
				    HF_ARGS(HF_INT(now)), &rows, err);

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		n = hf_rows_int(&rows, 0);
	rc = hf_rows_end(&rows, err);
	return rc == HF_OK && n > 0 ? hf_store_desk(store, &job, err) : rc;
}
