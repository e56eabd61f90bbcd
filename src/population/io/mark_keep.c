/* mark_keep.c - see mark_keep.h. */
#include "population/io/mark_keep.h"

#include "record/io/desk.h"

static struct hf_sv
kept(struct hf_arena *arena, struct hf_sv s, bool *good)
{
	struct hf_sv copy = hf_arena_sv(arena, s.p ? s : HF_SV(""));

	*good = *good && copy.p;
	return copy;
}

static unsigned
word(struct hf_sv text, const char *const *words, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (hf_sv_eq(text, hf_sv_from(words[i])))
			return i;
	return 0;
}

/* Columns of mark_get, marks_of and marks are the same. */
static bool
read_row(struct hf_rows *r, struct hf_arena *arena, struct hf_pop_mark *k)
{
	bool good = true;

#define INT(name)  hf_rows_int(r, HF_C_POPULATION_MARKS_##name)
#define TEXT(name) kept(arena, hf_rows_text(r, HF_C_POPULATION_MARKS_##name), &good)
	*k = (struct hf_pop_mark){
	    .mark = INT(MARK),
	    .version = (uint32_t)INT(VERSION),
	    .measure = TEXT(MEASURE),
	    .by = TEXT(DIM),
	    .area = TEXT(AREA),
	    .grain = TEXT(GRAIN),
	    .day = (uint16_t)INT(DAY),
	    .kind =
		(enum hf_pop_mark_kind)word(hf_rows_text(r, HF_C_POPULATION_MARKS_KIND),
					    hf_pop_mark_kind_words, HF_POP_MARK_KINDS),
	    .cause = (enum hf_pop_mark_cause)word(
		hf_rows_text(r, HF_C_POPULATION_MARKS_CAUSE), hf_pop_mark_cause_words,
		HF_POP_MARK_CAUSES),
	    .reason = TEXT(REASON),
	    .stands = INT(STANDS) != 0,
	    .said_at = INT(SAID_AT),
	    .said_by = TEXT(SAID_BY),
	    .name = TEXT(NAME),
	    .org = TEXT(ORG),
	};
#undef INT
#undef TEXT
	return good;
}

/* ---- writing ---- */

struct job {
	const struct hf_need_by *by;
	const struct hf_pop_mark *mark;
	uint32_t seen;
	struct hf_arena *arena;
	struct hf_pop_mark out;
};

static enum hf_rc
newest(struct hf_db *db, int64_t *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_MARK_LAST, NULL, &rows, err);

	if (rc)
		return rc;
	*out = hf_rows_next(&rows) ? hf_rows_int(&rows, 0) : 0;
	return hf_rows_end(&rows, err);
}

/* The mark as it stands, into j->out. */
static enum hf_rc
as_it_stands(struct hf_db *db, struct job *j, struct hf_err *err)
{
	struct hf_rows rows;
	bool found = false, good = true;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_MARK_GET,
				    HF_ARGS(HF_INT(j->mark->mark)), &rows, err);

	if (rc)
		return rc;
	while (good && hf_rows_next(&rows)) {
		good = read_row(&rows, j->arena, &j->out);
		found = hf_sv_eq(j->out.measure, j->mark->measure);
	}
	rc = hf_rows_end(&rows, err);
	if (rc)
		return rc;
	if (!good)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the mark");
	if (!found)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "there is no such mark on this measure");
	if (j->out.version != j->seen)
		return hf_fail(err, HF_STALE, "version",
			       "the mark was changed since it was read: look at it "
			       "again");
	return HF_OK;
}

static enum hf_rc
write_mark(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct job *j = ctx;
	struct hf_pop_mark *k = &j->out;
	int64_t id;
	enum hf_rc rc = newest(db, &id, err);

	/* Rows are never taken away: the newest number says how many there are. */
	if (rc == HF_OK && id >= HF_POP_MARKS_MOST)
		rc = hf_fail(err, HF_RULE, NULL,
			     "a place has at most %d marks and versions of them",
			     HF_POP_MARKS_MOST);
	*k = *j->mark;
	if (rc == HF_OK && j->mark->mark)
		rc = as_it_stands(db, j, err);
	if (rc)
		return rc;
	k->mark = j->mark->mark ? j->mark->mark : id + 1;
	k->version = j->mark->mark ? k->version + 1 : 1;
	k->reason = j->mark->reason;
	k->stands = j->mark->stands;
	k->said_at = at;
	k->said_by = j->mark->said_by;
	k->name = j->mark->name;
	k->org = j->mark->org;
	return hf_db_exec(
	    db, HF_Q_POPULATION_MARK_ADD,
	    HF_ARGS(HF_INT(id + 1), HF_INT(k->mark), HF_INT(k->version),
		    HF_TEXT(k->measure), HF_TEXT(k->by), HF_TEXT(k->area),
		    HF_TEXT(k->grain), HF_INT(k->day),
		    HF_TEXT(hf_sv_from(hf_pop_mark_kind_words[k->kind])),
		    HF_TEXT(hf_sv_from(hf_pop_mark_cause_words[k->cause])),
		    HF_TEXT(k->reason), HF_INT(k->stands), HF_INT(at),
		    HF_TEXT(k->said_by), HF_TEXT(k->name), HF_TEXT(k->org),
		    HF_INT(change)),
	    NULL, err);
}

enum hf_rc
hf_pop_mark_keep(struct hf_store *store, const struct hf_need_by *by,
		 const struct hf_pop_mark *mark, uint32_t seen, struct hf_arena *arena,
		 struct hf_pop_mark *out, struct hf_err *err)
{
	struct job j = {.by = by, .mark = mark, .seen = seen, .arena = arena};
	const struct hf_desk_job desk = {.actor = by->actor,
					 .purpose = by->purpose,
					 .trace = by->trace,
					 .what = HF_SV("measure mark"),
					 .write = write_mark,
					 .ctx = &j,
					 .apart = true};
	enum hf_rc rc = hf_store_desk(store, &desk, err);

	if (rc == HF_OK)
		*out = j.out;
	return rc;
}

/* ---- reading ---- */

/* A version takes the place of the one before it, where only the latest are wanted. */
static size_t
place_of(const struct hf_pop_mark *items, size_t n, int64_t mark, bool all)
{
	for (size_t i = 0; i < n && !all; i++)
		if (items[i].mark == mark)
			return i;
	return n;
}

enum hf_rc
hf_pop_marks_read(struct hf_reader *reader, struct hf_sv measure, bool all,
		  struct hf_arena *arena, struct hf_pop_marks *out, struct hf_err *err)
{
	struct hf_db *db = hf_reader_db(reader);
	struct hf_pop_mark *items =
	    hf_arena_array(arena, HF_POP_MARKS_MOST, sizeof *items);
	struct hf_rows rows;
	size_t n = 0;
	bool good = items != NULL;
	enum hf_rc rc;

	if (!good)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for marks");
	rc = measure.n
		 ? hf_db_query(db, HF_Q_POPULATION_MARKS_OF,
			       HF_ARGS(HF_TEXT(measure), HF_INT(HF_POP_MARKS_MOST)),
			       &rows, err)
		 : hf_db_query(db, HF_Q_POPULATION_MARKS,
			       HF_ARGS(HF_INT(HF_POP_MARKS_MOST)), &rows, err);
	if (rc)
		return rc;
	while (good && n < HF_POP_MARKS_MOST && hf_rows_next(&rows)) {
		struct hf_pop_mark k;
		size_t at;

		good = read_row(&rows, arena, &k);
		at = place_of(items, n, k.mark, all);
		items[at] = k;
		n += at == n;
	}
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && !good)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for marks");
	if (rc == HF_OK)
		*out = (struct hf_pop_marks){items, n};
	return rc;
}
