/* glass_read.c - reading notices with the glasses they are about. */
#include "record/io/glass.h"
#include "record/io/store_impl.h"

enum { NOTICES_MOST = 1000 };

static struct hf_sv
text_of(const struct hf_rows *rows, int column, struct hf_arena *arena)
{
	return hf_arena_sv(arena, hf_rows_text(rows, column));
}

static int
word_of(const char *(*word)(int), int n, struct hf_sv text)
{
	for (int i = 0; i < n; i++)
		if (hf_sv_eq(text, hf_sv_from(word(i))))
			return i;
	return 0;
}

static const char *
kind_word(int i)
{
	return hf_notice_kind((enum hf_notice_kind)i);
}

/* NOTICE_GET, _OPEN and _LIST give the same columns. */
static void
read_notice(const struct hf_rows *rows, struct hf_arena *arena, struct hf_notice *out)
{
#define TEXT(name) text_of(rows, HF_C_RECORD_NOTICE_GET_##name, arena)
#define INT(name)  hf_rows_int(rows, HF_C_RECORD_NOTICE_GET_##name)
	*out = (struct hf_notice){
	    .id = TEXT(ID),
	    .kind =
		(enum hf_notice_kind)word_of(kind_word, HF_NOTICE_KINDS, TEXT(KIND)),
	    .glass = TEXT(GLASS),
	    .actor = TEXT(ACTOR),
	    .role = TEXT(ROLE),
	    .org = TEXT(ORG),
	    .session = INT(SESSION),
	    .shelf = INT(SHELF),
	    .patient = TEXT(PATIENT),
	    .case_ref = TEXT(CASE_REF),
	    .recent = INT(RECENT),
	    .at = INT(AT),
	    .due = INT(DUE),
	    .reviewed = INT(REVIEWED),
	    .reviewer = TEXT(REVIEWER),
	    .outcome = hf_notice_outcome_of(TEXT(OUTCOME)),
	    .note = TEXT(NOTE),
	};
#undef TEXT
#undef INT
}

static enum hf_rc
read_glass(struct hf_db *db, struct hf_sv id, struct hf_arena *arena,
	   struct hf_glass_row *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_RECORD_GLASS_GET, HF_ARGS(HF_TEXT(id)), &rows, err);
	int reason;

	if (rc)
		return rc;
#define TEXT(name) text_of(&rows, HF_C_RECORD_GLASS_GET_##name, arena)
#define INT(name)  hf_rows_int(&rows, HF_C_RECORD_GLASS_GET_##name)
	if (hf_rows_next(&rows)) {
		reason = hf_word_find(HF_WORDS_REASON, TEXT(REASON));
		*out = (struct hf_glass_row){
		    .id = TEXT(ID),
		    .actor = TEXT(ACTOR),
		    .role = TEXT(ROLE),
		    .org = TEXT(ORG),
		    .session = INT(SESSION),
		    .shelf = INT(SHELF),
		    .patient = TEXT(PATIENT),
		    .reason = reason > 0 ? (enum hf_reason)reason : HF_REASON_NONE,
		    .words = TEXT(WORDS),
		    .asked = TEXT(ASKED),
		    .start = INT(START),
		    .until = INT(UNTIL),
		    .ended = INT(ENDED),
		};
	}
#undef TEXT
#undef INT
	return hf_rows_end(&rows, err);
}

static enum hf_rc
read_rows(struct hf_rows *rows, size_t max, struct hf_arena *arena,
	  struct hf_notice *list, size_t *n, struct hf_err *err)
{
	size_t count = 0;

	while (count < max && hf_rows_next(rows))
		read_notice(rows, arena, &list[count++]);
	*n = count;
	return hf_rows_end(rows, err);
}

enum hf_rc
hf_notice_list(struct hf_reader *reader, const struct hf_notice_query *query,
	       struct hf_arena *arena, struct hf_notice **out, size_t *n,
	       struct hf_err *err)
{
	size_t max = query->max < NOTICES_MOST ? query->max : NOTICES_MOST, count = 0;
	struct hf_notice *list = hf_arena_array(arena, max ? max : 1, sizeof *list);
	struct hf_db *db = hf_reader_db(reader);
	struct hf_rows rows;
	enum hf_rc rc;

	if (!list)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many notices at once");
	rc = hf_db_query(db,
			 query->all ? HF_Q_RECORD_NOTICE_LIST : HF_Q_RECORD_NOTICE_OPEN,
			 HF_ARGS(HF_INT(query->before), HF_INT(query->before),
				 HF_TEXT(query->before_id), HF_INT((int64_t)max)),
			 &rows, err);
	if (rc == HF_OK)
		rc = read_rows(&rows, max, arena, list, &count, err);
	for (size_t i = 0; rc == HF_OK && i < count; i++)
		if (list[i].glass.n)
			rc = read_glass(db, list[i].glass, arena, &list[i].broken, err);
	if (rc)
		return rc;
	*out = list;
	*n = count;
	return HF_OK;
}

enum hf_rc
hf_notice_get(struct hf_reader *reader, struct hf_sv id, struct hf_arena *arena,
	      struct hf_notice *out, struct hf_err *err)
{
	struct hf_db *db = hf_reader_db(reader);
	struct hf_notice notice;
	struct hf_rows rows;
	size_t n;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_RECORD_NOTICE_GET, HF_ARGS(HF_TEXT(id)), &rows, err);

	if (rc == HF_OK)
		rc = read_rows(&rows, 1, arena, &notice, &n, err);
	if (rc)
		return rc;
	if (n == 0)
		return hf_fail(err, HF_NOT_FOUND, "id", "there is no such notice");
	if (notice.glass.n)
		rc = read_glass(db, notice.glass, arena, &notice.broken, err);
	if (rc == HF_OK)
		*out = notice;
	return rc;
}

enum hf_rc
hf_notice_count(struct hf_reader *reader, hf_time now, int64_t *open, int64_t *overdue,
		struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(hf_reader_db(reader), HF_Q_RECORD_NOTICE_COUNT,
				    HF_ARGS(HF_INT(now)), &rows, err);

	if (rc)
		return rc;
	*open = *overdue = 0;
	if (hf_rows_next(&rows)) {
		*open = hf_rows_int(&rows, HF_C_RECORD_NOTICE_COUNT_OPEN);
		*overdue = hf_rows_int(&rows, HF_C_RECORD_NOTICE_COUNT_OVERDUE);
	}
	return hf_rows_end(&rows, err);
}
