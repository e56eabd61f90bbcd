/* merge_read.c - what was decided about a person's records, and the queue. */
#include "record/io/link_int.h"

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
}

static struct hf_sv
text_of(const struct hf_rows *rows, int column, struct hf_arena *arena)
{
	return hf_arena_sv(arena, hf_rows_text(rows, column));
}

static hf_time
time_of(const struct hf_rows *rows, int column)
{
	int64_t change = hf_rows_int(rows, column);

	return change ? HF_CHANGE_TIME(change) : 0;
}

/* ---- links ---- */

struct facts {
	struct hf_arena *arena;
	struct hf_link_fact *items;
	size_t n, size;
};

static bool
has_fact(const struct facts *f, int64_t id)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->items[i].id == id)
			return true;
	return false;
}

static struct hf_link_fact *
new_fact(struct facts *f)
{
	if (f->n == f->size) {
		size_t size = f->size ? f->size * 2 : 16;
		struct hf_link_fact *more =
		    hf_arena_array(f->arena, size, sizeof *more);

		if (!more)
			return NULL;
		if (f->n)
			memcpy(more, f->items, f->n * sizeof *more);
		f->items = more;
		f->size = size;
	}
	return &f->items[f->n++];
}

static enum hf_rc
read_fact(const struct hf_rows *rows, struct hf_arena *arena, struct hf_link_fact *out,
	  struct hf_err *err)
{
	*out = (struct hf_link_fact){
	    .id = hf_rows_int(rows, HF_C_RECORD_LINK_OF_ID),
	    .low = hf_rows_int(rows, HF_C_RECORD_LINK_OF_LOW),
	    .high = hf_rows_int(rows, HF_C_RECORD_LINK_OF_HIGH),
	    .said = hf_rows_int(rows, HF_C_RECORD_LINK_OF_SAID),
	    .kind = text_of(rows, HF_C_RECORD_LINK_OF_KIND, arena),
	    .state = text_of(rows, HF_C_RECORD_LINK_OF_STATE, arena),
	    .score = hf_rows_int(rows, HF_C_RECORD_LINK_OF_SCORE),
	    .why = text_of(rows, HF_C_RECORD_LINK_OF_WHY, arena),
	    .fields = text_of(rows, HF_C_RECORD_LINK_OF_FIELDS, arena),
	    .at = time_of(rows, HF_C_RECORD_LINK_OF_CHANGE),
	    .actor = text_of(rows, HF_C_RECORD_LINK_OF_ACTOR, arena),
	    .undone = hf_rows_int(rows, HF_C_RECORD_LINK_OF_UNDONE) != 0,
	    .undone_at = time_of(rows, HF_C_RECORD_LINK_OF_UNDONE),
	    .undone_actor = text_of(rows, HF_C_RECORD_LINK_OF_UNDONE_ACTOR, arena),
	    .undone_why = text_of(rows, HF_C_RECORD_LINK_OF_UNDONE_WHY, arena),
	};
	return out->kind.p && out->state.p && out->why.p && out->fields.p &&
		       out->actor.p && out->undone_actor.p && out->undone_why.p
		   ? HF_OK
		   : no_memory(err);
}

static enum hf_rc
read_facts(struct hf_reader *r, int64_t shelf, size_t most, struct facts *f,
	   struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc end,
	    rc = hf_db_query(r->db, HF_Q_RECORD_LINK_OF,
			     HF_ARGS(HF_INT(shelf), HF_INT((int64_t)most)), &rows, err);

	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows)) {
		struct hf_link_fact *fact;

		if (has_fact(f, hf_rows_int(&rows, HF_C_RECORD_LINK_OF_ID)))
			continue;
		fact = new_fact(f);
		rc = fact ? read_fact(&rows, f->arena, fact, err) : no_memory(err);
	}
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	return rc == HF_OK ? end : rc;
}

static int
newest_first(const void *pa, const void *pb)
{
	const struct hf_link_fact *a = pa, *b = pb;

	return (a->id < b->id) - (a->id > b->id);
}

enum hf_rc
hf_links_of(struct hf_reader *r, int64_t shelf, size_t most, struct hf_arena *arena,
	    struct hf_link_fact **out, size_t *n, struct hf_err *err)
{
	struct facts f = {.arena = arena};
	int64_t *shelves;
	size_t count;
	enum hf_rc rc = hf_link_component(r->db, shelf, arena, &shelves, &count, err);

	for (size_t i = 0; rc == HF_OK && i < count && f.n < most; i++)
		rc = read_facts(r, shelves[i], most, &f, err);
	if (rc != HF_OK)
		return rc;
	if (f.n > 1)
		qsort(f.items, f.n, sizeof *f.items, newest_first);
	*out = f.items;
	*n = f.n > most ? most : f.n;
	return HF_OK;
}

/* ---- the queue ---- */

enum hf_rc
hf_review_list(struct hf_reader *r, struct hf_sv state, const struct hf_review *after,
	       size_t most, struct hf_arena *arena, struct hf_review **out, size_t *n,
	       struct hf_err *err)
{
	struct hf_review *list = hf_arena_array(arena, most, sizeof *list);
	int64_t score = after ? after->score : INT64_MAX;
	size_t count = 0;
	struct hf_rows rows;
	enum hf_rc rc;

	if (!list)
		return no_memory(err);
	rc = hf_db_query(
	    r->db, HF_Q_RECORD_REVIEW_LIST,
	    HF_ARGS(HF_TEXT(state), HF_INT(score), HF_INT(after ? after->low : 0),
		    HF_INT(after ? after->high : 0), HF_INT((int64_t)most)),
	    &rows, err);
	if (rc != HF_OK)
		return rc;
	while (count < most && hf_rows_next(&rows))
		list[count++] = (struct hf_review){
		    .low = hf_rows_int(&rows, HF_C_RECORD_REVIEW_LIST_LOW),
		    .high = hf_rows_int(&rows, HF_C_RECORD_REVIEW_LIST_HIGH),
		    .kind = text_of(&rows, HF_C_RECORD_REVIEW_LIST_KIND, arena),
		    .state = state,
		    .why = text_of(&rows, HF_C_RECORD_REVIEW_LIST_WHY, arena),
		    .fields = text_of(&rows, HF_C_RECORD_REVIEW_LIST_FIELDS, arena),
		    .score = hf_rows_int(&rows, HF_C_RECORD_REVIEW_LIST_SCORE),
		    .at = time_of(&rows, HF_C_RECORD_REVIEW_LIST_CHANGE),
		    .until = hf_rows_int(&rows, HF_C_RECORD_REVIEW_LIST_UNTIL),
		};
	rc = hf_rows_end(&rows, err);
	for (size_t i = 0; rc == HF_OK && i < count; i++)
		if (!list[i].kind.p || !list[i].why.p || !list[i].fields.p)
			rc = no_memory(err);
	if (rc != HF_OK)
		return rc;
	*out = list;
	*n = count;
	return HF_OK;
}

enum hf_rc
hf_review_get(struct hf_reader *r, int64_t shelf, int64_t other, struct hf_arena *arena,
	      struct hf_review *out, struct hf_err *err)
{
	int64_t low = shelf < other ? shelf : other;
	int64_t high = shelf < other ? other : shelf;
	struct hf_review one = {.low = low, .high = high};
	struct hf_rows rows;
	bool there;
	enum hf_rc rc = hf_db_query(r->db, HF_Q_RECORD_REVIEW_GET,
				    HF_ARGS(HF_INT(low), HF_INT(high)), &rows, err);

	if (rc != HF_OK)
		return rc;
	there = hf_rows_next(&rows);
	if (there) {
		one.kind = text_of(&rows, HF_C_RECORD_REVIEW_GET_KIND, arena);
		one.score = hf_rows_int(&rows, HF_C_RECORD_REVIEW_GET_SCORE);
		one.why = text_of(&rows, HF_C_RECORD_REVIEW_GET_WHY, arena);
		one.fields = text_of(&rows, HF_C_RECORD_REVIEW_GET_FIELDS, arena);
		one.at = time_of(&rows, HF_C_RECORD_REVIEW_GET_CHANGE);
		one.state = text_of(&rows, HF_C_RECORD_REVIEW_GET_STATE, arena);
		one.until = hf_rows_int(&rows, HF_C_RECORD_REVIEW_GET_UNTIL);
		one.decided = time_of(&rows, HF_C_RECORD_REVIEW_GET_DECIDED);
		one.reason = text_of(&rows, HF_C_RECORD_REVIEW_GET_REASON, arena);
		one.actor = text_of(&rows, HF_C_RECORD_REVIEW_GET_ACTOR, arena);
	}
	rc = hf_rows_end(&rows, err);
	if (rc != HF_OK)
		return rc;
	if (!there)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "these two were never put up to be looked at");
	if (!one.kind.p || !one.why.p || !one.fields.p || !one.state.p ||
	    !one.reason.p || !one.actor.p)
		return no_memory(err);
	*out = one;
	return HF_OK;
}

enum hf_rc
hf_review_count(struct hf_reader *r, int64_t *open, int64_t *later, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(r->db, HF_Q_RECORD_REVIEW_COUNT, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	*open = *later = 0;
	while (hf_rows_next(&rows)) {
		int64_t n = hf_rows_int(&rows, HF_C_RECORD_REVIEW_COUNT_N);

		if (hf_sv_is(hf_rows_text(&rows, HF_C_RECORD_REVIEW_COUNT_STATE),
			     "open"))
			*open = n;
		else
			*later = n;
	}
	return hf_rows_end(&rows, err);
}
