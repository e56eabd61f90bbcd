/* comment_keep.c - see comment_keep.h. */
#include "population/io/comment_keep.h"

#include "record/io/desk.h"

enum { BATCH = 200 }; /* everybody's changes wait for a job */

struct job {
	const struct hf_pop_comment *items;
	size_t n, added;
};

static struct hf_sv
digest_of(const struct hf_pop_comment *c)
{
	return (struct hf_sv){(const char *)c->digest, HF_POP_DIGEST};
}

static enum hf_rc
number(struct hf_db *db, enum hf_query q, const struct hf_arg *args, int64_t *out,
       struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, q, args, &rows, err);

	if (rc)
		return rc;
	*out = hf_rows_next(&rows) ? hf_rows_int(&rows, 0) : 0;
	return hf_rows_end(&rows, err);
}

static enum hf_rc
write_comments(void *ctx, struct hf_db *db, int64_t change, hf_time at HF_UNUSED,
	       struct hf_err *err)
{
	struct job *j = ctx;
	int64_t id = 0, same;
	enum hf_rc rc = number(db, HF_Q_POPULATION_COMMENT_LAST, NULL, &id, err);

	j->added = 0;
	for (size_t i = 0; rc == HF_OK && i < j->n; i++) {
		const struct hf_pop_comment *c = &j->items[i];

		rc = number(db, HF_Q_POPULATION_COMMENT_SAME,
			    HF_ARGS(HF_BLOB(digest_of(c))), &same, err);
		if (rc || same)
			continue;
		rc = hf_db_exec(
		    db, HF_Q_POPULATION_COMMENT_ADD,
		    HF_ARGS(HF_INT(++id), HF_BLOB(digest_of(c)), HF_INT(c->day),
			    HF_TEXT(c->asked), HF_INT(c->rating), HF_TEXT(c->service),
			    HF_INT(c->quote), HF_TEXT(c->body), HF_INT(c->masked),
			    HF_TEXT(c->themes), HF_TEXT(c->scheme), HF_INT(change)),
		    NULL, err);
		j->added += rc == HF_OK;
	}
	return rc;
}

enum hf_rc
hf_pop_comments_keep(struct hf_store *store, const struct hf_need_by *by,
		     const struct hf_pop_comment *items, size_t n, size_t *added,
		     struct hf_err *err)
{
	*added = 0;
	for (size_t at = 0; at < n; at += BATCH) {
		struct job j = {items + at, n - at < BATCH ? n - at : BATCH, 0};
		const struct hf_desk_job desk = {.actor = by->actor,
						 .purpose = by->purpose,
						 .trace = by->trace,
						 .what = HF_SV("comments add"),
						 .write = write_comments,
						 .ctx = &j,
						 .apart = true};
		enum hf_rc rc = hf_store_desk(store, &desk, err);

		if (rc)
			return rc;
		*added += j.added;
	}
	return HF_OK;
}

static struct hf_sv
kept(struct hf_arena *arena, struct hf_sv s, bool *good)
{
	struct hf_sv copy = hf_arena_sv(arena, s.p ? s : HF_SV(""));

	*good = *good && copy.p;
	return copy;
}

enum hf_rc
hf_pop_comments_read(struct hf_reader *reader, uint16_t from, uint16_t to,
		     struct hf_arena *arena, struct hf_pop_comment **out, size_t *n,
		     struct hf_err *err)
{
	struct hf_pop_comment *items =
	    hf_arena_array(arena, HF_POP_COMMENTS_MOST, sizeof *items);
	struct hf_rows r;
	bool good = items != NULL;
	enum hf_rc rc;

	*n = 0;
	if (!good)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for comments");
	rc = hf_db_query(
	    hf_reader_db(reader), HF_Q_POPULATION_COMMENTS,
	    HF_ARGS(HF_INT(from), HF_INT(to), HF_INT(HF_POP_COMMENTS_MOST)), &r, err);
	if (rc)
		return rc;
#define INT(name)  hf_rows_int(&r, HF_C_POPULATION_COMMENTS_##name)
#define TEXT(name) kept(arena, hf_rows_text(&r, HF_C_POPULATION_COMMENTS_##name), &good)
	while (good && *n < HF_POP_COMMENTS_MOST && hf_rows_next(&r))
		items[(*n)++] = (struct hf_pop_comment){
		    .day = (uint16_t)INT(DAY),
		    .rating = INT(RATING),
		    .quote = INT(QUOTE) != 0,
		    .masked = (unsigned)INT(MASKED),
		    .asked = TEXT(ASKED),
		    .service = TEXT(SERVICE),
		    .body = TEXT(BODY),
		    .themes = TEXT(THEMES),
		    .scheme = TEXT(SCHEME),
		};
#undef INT
#undef TEXT
	rc = hf_rows_end(&r, err);
	if (rc == HF_OK && !good)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for comments");
	if (rc == HF_OK)
		*out = items;
	return rc;
}
