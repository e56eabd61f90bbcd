/* glass.c - writing broken glasses and notices. */
#include "record/io/glass.h"

#include <sodium.h>

#include "base/workday.h"
#include "record/io/store_impl.h"

static const hf_time day_ms = 86400000;

static const char *const kinds[] = {"glass", "safeguard", "content", "challenge",
				    "agreement"};
static const char *const outcomes[] = {"", "justified", "queried", "breach"};

static_assert(HF_COUNT(kinds) == HF_NOTICE_KINDS, "each kind has a word");
static_assert(HF_COUNT(outcomes) == HF_NOTICE_OUTCOMES, "each outcome has a word");

const char *
hf_notice_kind(enum hf_notice_kind kind)
{
	assert(kind < HF_NOTICE_KINDS);
	return kinds[kind];
}

const char *
hf_notice_outcome(enum hf_notice_outcome outcome)
{
	assert(outcome < HF_NOTICE_OUTCOMES);
	return outcomes[outcome];
}

enum hf_notice_outcome
hf_notice_outcome_of(struct hf_sv word)
{
	for (size_t i = 1; i < HF_COUNT(outcomes); i++)
		if (hf_sv_eq(word, hf_sv_from(outcomes[i])))
			return (enum hf_notice_outcome)i;
	return HF_NOTICE_OPEN;
}

hf_time
hf_notice_due(hf_time at)
{
	int64_t day = hf_workdays_after(hf_london_day(at), HF_NOTICE_WORKDAYS);
	struct hf_civil c = hf_civil_from_time((day + 1) * day_ms);

	return hf_london_time(&c);
}

void
hf_glass_new_id(char id[HF_GLASS_ID])
{
	unsigned char bytes[(HF_GLASS_ID - 1) / 2];

	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2hex(id, HF_GLASS_ID, bytes, sizeof bytes);
}

/* ---- writing ---- */

static enum hf_rc
add_notice(struct hf_db *db, const struct hf_notice *n, int64_t change,
	   struct hf_err *err)
{
	return hf_db_exec(
	    db, HF_Q_RECORD_NOTICE_ADD,
	    HF_ARGS(HF_TEXT(n->id), HF_TEXT(hf_sv_from(hf_notice_kind(n->kind))),
		    HF_TEXT(n->glass), HF_TEXT(n->actor), HF_TEXT(n->role),
		    HF_TEXT(n->org), HF_INT(n->session), HF_INT(n->shelf),
		    HF_TEXT(n->patient), HF_TEXT(n->case_ref), HF_INT(n->recent),
		    HF_INT(n->at), HF_INT(n->due), HF_INT(0), HF_TEXT(HF_SV("")),
		    HF_TEXT(HF_SV("")), HF_TEXT(HF_SV("")), HF_INT(change)),
	    NULL, err);
}

/* How many glasses the user broke in the 24 hours before at. */
static enum hf_rc
count_recent(struct hf_db *db, struct hf_sv actor, hf_time at, int64_t *out,
	     struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_RECORD_GLASS_OF,
			HF_ARGS(HF_TEXT(actor), HF_INT(at - day_ms)), &rows, err);

	*out = 0;
	if (rc)
		return rc;
	while (hf_rows_next(&rows))
		++*out;
	return hf_rows_end(&rows, err);
}

static enum hf_rc
write_break(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct hf_glass_row *g = ctx;
	struct hf_notice notice = {.id = g->id,
				   .kind = HF_NOTICE_GLASS,
				   .glass = g->id,
				   .actor = g->actor,
				   .role = g->role,
				   .org = g->org,
				   .session = g->session,
				   .shelf = g->shelf,
				   .patient = g->patient,
				   .at = at,
				   .due = hf_notice_due(at)};
	enum hf_rc rc = count_recent(db, g->actor, at, &notice.recent, err);

	if (rc)
		return rc;
	notice.recent++;
	g->start = at;
	g->until = at + (hf_time)HF_GLASS_MINUTES * 60000;
	g->ended = HF_TIME_MAX;
	rc = hf_db_exec(
	    db, HF_Q_RECORD_GLASS_ADD,
	    HF_ARGS(HF_TEXT(g->id), HF_TEXT(g->actor), HF_TEXT(g->role),
		    HF_TEXT(g->org), HF_INT(g->session), HF_INT(g->shelf),
		    HF_TEXT(g->patient),
		    HF_TEXT(hf_sv_from(hf_word(HF_WORDS_REASON, (int)g->reason))),
		    HF_TEXT(g->words), HF_TEXT(g->asked), HF_INT(g->start),
		    HF_INT(g->until), HF_INT(g->ended), HF_INT(change)),
	    NULL, err);
	return rc == HF_OK ? add_notice(db, &notice, change, err) : rc;
}

static enum hf_rc
do_job(struct hf_store *store, const struct hf_glass_by *by, const char *what,
       struct hf_sv id,
       enum hf_rc (*write)(void *, struct hf_db *, int64_t, hf_time, struct hf_err *),
       void *ctx, struct hf_err *err)
{
	struct hf_desk_job job = {.actor = by->actor,
				  .purpose = by->purpose,
				  .trace = by->trace,
				  .write = write,
				  .ctx = ctx};
	char text[160];
	int n = snprintf(text, sizeof text, "%s %.*s", what, HF_SV_ARG(id));

	if (n < 0 || (size_t)n >= sizeof text)
		return hf_fail(err, HF_INVALID, "id", "the id is too long");
	job.what = (struct hf_sv){text, (size_t)n};
	return hf_store_desk(store, &job, err);
}

enum hf_rc
hf_glass_break(struct hf_store *store, const struct hf_glass_by *by,
	       struct hf_glass_row *row, struct hf_err *err)
{
	assert(row->reason != HF_REASON_NONE);
	return do_job(store, by, "break-glass glass", row->id, write_break, row, err);
}

struct ending {
	struct hf_sv actor;
	const int64_t *shelves;
	size_t n_shelves, n;
};

static bool
is_theirs(const struct ending *e, int64_t shelf)
{
	for (size_t i = 0; i < e->n_shelves; i++)
		if (e->shelves[i] == shelf)
			return true;
	return false;
}

static enum hf_rc
write_end(void *ctx, struct hf_db *db, int64_t change HF_UNUSED, hf_time at,
	  struct hf_err *err)
{
	enum { MOST = 64 };
	struct ending *e = ctx;
	char ids[MOST][HF_GLASS_ID];
	struct hf_rows rows;
	size_t n = 0;
	enum hf_rc rc = hf_db_query(
	    db, HF_Q_RECORD_GLASS_OF,
	    HF_ARGS(HF_TEXT(e->actor), HF_INT(at - (hf_time)HF_GLASS_MINUTES * 60000)),
	    &rows, err);

	if (rc)
		return rc;
	while (n < MOST && hf_rows_next(&rows)) {
		struct hf_sv id = hf_rows_text(&rows, HF_C_RECORD_GLASS_OF_ID);

		if (!is_theirs(e, hf_rows_int(&rows, HF_C_RECORD_GLASS_OF_SHELF)) ||
		    hf_rows_int(&rows, HF_C_RECORD_GLASS_OF_ENDED) <= at ||
		    id.n >= HF_GLASS_ID)
			continue;
		snprintf(ids[n++], HF_GLASS_ID, "%.*s", HF_SV_ARG(id));
	}
	rc = hf_rows_end(&rows, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = hf_db_exec(
		    db, HF_Q_RECORD_GLASS_END,
		    HF_ARGS(HF_INT(at), HF_TEXT(hf_sv_from(ids[i])), HF_TEXT(e->actor)),
		    NULL, err);
	e->n = n;
	return rc;
}

enum hf_rc
hf_glass_end(struct hf_store *store, const struct hf_glass_by *by,
	     const int64_t *shelves, size_t n_shelves, size_t *n, struct hf_err *err)
{
	struct ending e = {
	    .actor = by->actor, .shelves = shelves, .n_shelves = n_shelves};
	enum hf_rc rc =
	    do_job(store, by, "break-glass end of", by->actor, write_end, &e, err);

	if (rc == HF_OK)
		*n = e.n;
	return rc;
}

static enum hf_rc
write_notice(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	     struct hf_err *err)
{
	struct hf_notice n = *(const struct hf_notice *)ctx;

	n.at = at;
	n.due = hf_notice_due(at);
	return add_notice(db, &n, change, err);
}

enum hf_rc
hf_notice_tell(struct hf_store *store, const struct hf_glass_by *by,
	       const struct hf_notice *notice, struct hf_err *err)
{
	struct hf_notice n = *notice;

	return do_job(store, by, "notice", n.id, write_notice, &n, err);
}

struct reviewing {
	struct hf_sv id, reviewer, note;
	enum hf_notice_outcome outcome;
};

/* May it be reviewed, and by this one? */
static enum hf_rc
check_review(struct hf_db *db, const struct reviewing *r, struct hf_err *err)
{
	bool there, done = false, own = false;
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_RECORD_NOTICE_GET, HF_ARGS(HF_TEXT(r->id)),
				    &rows, err);

	if (rc)
		return rc;
	there = hf_rows_next(&rows);
	if (there) {
		done = hf_rows_int(&rows, HF_C_RECORD_NOTICE_GET_REVIEWED) != 0;
		own = hf_sv_eq(hf_rows_text(&rows, HF_C_RECORD_NOTICE_GET_ACTOR),
			       r->reviewer);
	}
	rc = hf_rows_end(&rows, err);
	if (rc)
		return rc;
	if (!there)
		return hf_fail(err, HF_NOT_FOUND, "id", "there is no such notice");
	if (done)
		return hf_fail(err, HF_RULE, "id", "this notice was reviewed already");
	if (own)
		return hf_fail(err, HF_RULE, "id",
			       "nobody reviews what they did themself: ask another "
			       "privacy officer or the Caldicott Guardian");
	return HF_OK;
}

static enum hf_rc
write_review(void *ctx, struct hf_db *db, int64_t change HF_UNUSED, hf_time at,
	     struct hf_err *err)
{
	const struct reviewing *r = ctx;
	enum hf_rc rc = check_review(db, r, err);

	if (rc)
		return rc;
	return hf_db_exec(db, HF_Q_RECORD_NOTICE_REVIEW,
			  HF_ARGS(HF_INT(at), HF_TEXT(r->reviewer),
				  HF_TEXT(hf_sv_from(hf_notice_outcome(r->outcome))),
				  HF_TEXT(r->note), HF_TEXT(r->id)),
			  NULL, err);
}

enum hf_rc
hf_notice_review(struct hf_store *store, const struct hf_glass_by *by, struct hf_sv id,
		 enum hf_notice_outcome outcome, struct hf_sv note, struct hf_err *err)
{
	struct reviewing r = {
	    .id = id, .reviewer = by->actor, .note = note, .outcome = outcome};

	assert(outcome != HF_NOTICE_OPEN);
	return do_job(store, by, "review notice", id, write_review, &r, err);
}
