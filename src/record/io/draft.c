/* draft.c - see draft.h. */
#include "record/io/draft.h"

#include "record/io/desk.h"
#include "record/io/store_impl.h"

static const hf_time day_ms = 86400000;

bool
hf_draft_name_ok(struct hf_sv name)
{
	if (name.n == 0 || name.n > HF_DRAFT_NAME)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
		      c == ':'))
			return false;
	}
	return true;
}

/* ---- reading ---- */

enum hf_rc
hf_draft_get(struct hf_reader *reader, struct hf_sv owner, struct hf_sv name,
	     struct hf_arena *arena, struct hf_draft *out, struct hf_err *err)
{
	struct hf_rows rows;
	bool found = false;
	enum hf_rc rc = hf_db_query(hf_reader_db(reader), HF_Q_RECORD_DRAFT_GET,
				    HF_ARGS(HF_TEXT(owner), HF_TEXT(name)), &rows, err);

	if (rc)
		return rc;
	if (hf_rows_next(&rows)) {
		found = true;
		out->name = name;
		out->at = hf_rows_int(&rows, HF_C_RECORD_DRAFT_GET_AT);
		out->body =
		    hf_arena_sv(arena, hf_rows_blob(&rows, HF_C_RECORD_DRAFT_GET_BODY));
	}
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && !found)
		rc = hf_fail(err, HF_NOT_FOUND, NULL, "there is no draft of this name");
	if (rc == HF_OK && !out->body.p)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for the draft");
	return rc;
}

static enum hf_rc
list(struct hf_db *db, struct hf_sv owner, struct hf_arena *arena,
     struct hf_draft *items, size_t *n, struct hf_err *err)
{
	struct hf_rows rows;
	bool good = true;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_RECORD_DRAFT_LIST,
			HF_ARGS(HF_TEXT(owner), HF_INT(HF_DRAFTS)), &rows, err);

	*n = 0;
	if (rc)
		return rc;
	while (good && *n < HF_DRAFTS && hf_rows_next(&rows)) {
		struct hf_draft *d = &items[(*n)++];

		d->name = hf_arena_sv(arena,
				      hf_rows_text(&rows, HF_C_RECORD_DRAFT_LIST_NAME));
		d->at = hf_rows_int(&rows, HF_C_RECORD_DRAFT_LIST_AT);
		good = d->name.p != NULL;
	}
	rc = hf_rows_end(&rows, err);
	return rc || good ? rc
			  : hf_fail(err, HF_TOO_LONG, NULL, "no memory for drafts");
}

enum hf_rc
hf_draft_list(struct hf_reader *reader, struct hf_sv owner, struct hf_arena *arena,
	      struct hf_draft **out, size_t *n, struct hf_err *err)
{
	*out = hf_arena_array(arena, HF_DRAFTS, sizeof **out);
	if (!*out)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for drafts");
	return list(hf_reader_db(reader), owner, arena, *out, n, err);
}

/* ---- writing ---- */

struct job {
	const struct hf_draft_by *by;
	struct hf_sv name, body;
};

/* Is there one of this name, and room for another? */
static enum hf_rc
look(struct hf_db *db, const struct job *j, bool *there, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_draft *items = hf_arena_array(&arena, HF_DRAFTS, sizeof *items);
	size_t n = 0;
	enum hf_rc rc = items ? list(db, j->by->owner, &arena, items, &n, err)
			      : hf_fail(err, HF_BUSY, NULL, "no memory now; try again");

	*there = false;
	for (size_t i = 0; i < n; i++)
		*there |= hf_sv_eq(items[i].name, j->name);
	hf_arena_free(&arena);
	if (rc == HF_OK && !*there && n == HF_DRAFTS)
		rc = hf_fail(err, HF_RULE, NULL,
			     "you have %d drafts: finish or throw away one of them",
			     HF_DRAFTS);
	return rc;
}

static enum hf_rc
write_put(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const struct job *j = ctx;
	bool there;
	enum hf_rc rc =
	    hf_db_exec(db, HF_Q_RECORD_DRAFT_FORGET,
		       HF_ARGS(HF_INT(at - HF_DRAFT_DAYS * day_ms)), NULL, err);

	(void)change;
	if (rc == HF_OK)
		rc = look(db, j, &there, err);
	if (rc)
		return rc;
	if (there)
		return hf_db_exec(db, HF_Q_RECORD_DRAFT_PUT,
				  HF_ARGS(HF_INT(at), HF_BLOB(j->body),
					  HF_TEXT(j->by->owner), HF_TEXT(j->name)),
				  NULL, err);
	return hf_db_exec(db, HF_Q_RECORD_DRAFT_ADD,
			  HF_ARGS(HF_TEXT(j->by->owner), HF_TEXT(j->name), HF_INT(at),
				  HF_BLOB(j->body)),
			  NULL, err);
}

static enum hf_rc
write_drop(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const struct job *j = ctx;

	(void)change;
	(void)at;
	return hf_db_exec(db, HF_Q_RECORD_DRAFT_DROP,
			  HF_ARGS(HF_TEXT(j->by->owner), HF_TEXT(j->name)), NULL, err);
}

static enum hf_rc
do_job(struct hf_store *store, struct job *j, const char *what,
       enum hf_rc (*write)(void *, struct hf_db *, int64_t, hf_time, struct hf_err *),
       struct hf_err *err)
{
	if (!hf_draft_name_ok(j->name))
		return hf_fail(err, HF_INVALID, "key",
			       "a draft's name has 1 to %d letters, digits, - _ . :",
			       HF_DRAFT_NAME);
	if (j->body.n > HF_DRAFT_BYTES + 200)
		return hf_fail(err, HF_TOO_LONG, NULL, "the draft is too long");
	return hf_store_desk(store,
			     &(struct hf_desk_job){.actor = j->by->owner,
						   .purpose = j->by->purpose,
						   .trace = j->by->trace,
						   .what = hf_sv_from(what),
						   .write = write,
						   .ctx = j,
						   .apart = true},
			     err);
}

enum hf_rc
hf_draft_put(struct hf_store *store, const struct hf_draft_by *by, struct hf_sv name,
	     struct hf_sv body, struct hf_err *err)
{
	struct job j = {.by = by, .name = name, .body = body};

	return do_job(store, &j, "draft put", write_put, err);
}

enum hf_rc
hf_draft_drop(struct hf_store *store, const struct hf_draft_by *by, struct hf_sv name,
	      struct hf_err *err)
{
	struct job j = {.by = by, .name = name};

	return do_job(store, &j, "draft drop", write_drop, err);
}
