/* book_challenge.c - until when a month can be challenged, and where what is given back
 * is posted.  contract-and-governance.md 2.3 and 5. */
#include "contract/io/book_int.h"

#include "pathway/hours.h"

enum { CLOSED = 64 };

static enum hf_rc
read_closed(struct hf_db *db, struct hf_sv contract, int64_t out[CLOSED], size_t *n,
	    struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_CONTRACT_LOCK_LIST,
				    HF_ARGS(HF_TEXT(contract)), &rows, err);

	*n = 0;
	if (rc)
		return rc;
	while (*n < CLOSED && hf_rows_next(&rows))
		out[(*n)++] = hf_rows_int(&rows, HF_C_CONTRACT_LOCK_LIST_PERIOD);
	return hf_rows_end(&rows, err);
}

static bool
is_among(const int64_t *list, size_t n, int64_t v)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == v)
			return true;
	return false;
}

enum hf_rc
hf_ct_book_open_period(struct hf_db *db, struct hf_sv contract, int64_t from,
		       int64_t *out, struct hf_err *err)
{
	int64_t closed[CLOSED];
	size_t n;
	enum hf_rc rc = read_closed(db, contract, closed, &n, err);

	*out = from;
	while (rc == HF_OK && is_among(closed, n, *out)) {
		if (*out % 100 == 3)
			return hf_fail(err, HF_RULE, "period",
				       "every month from it to the year's end is "
				       "closed: settle it in the next year's contract");
		*out += *out % 100 == 12 ? 89 : 1;
	}
	return rc;
}

/* When the first figures of a line and month came, and its first freeze cut; 0: not
 * yet. */
static enum hf_rc
read_cuts(struct hf_db *db, struct hf_sv contract, const char *line, int month,
	  hf_time *first, hf_time *frozen, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(
	    db, HF_Q_CONTRACT_INPUT_CUTS,
	    HF_ARGS(HF_TEXT(contract), HF_TEXT(hf_sv_from(line)), HF_INT(month)), &rows,
	    err);

	*first = *frozen = 0;
	if (rc)
		return rc;
	while (hf_rows_next(&rows)) {
		hf_time at = hf_rows_int(&rows, HF_C_CONTRACT_INPUT_CUTS_FIRST);

		if (!*first || at < *first)
			*first = at;
		if (hf_rows_int(&rows, HF_C_CONTRACT_INPUT_CUTS_FROZEN))
			*frozen = at;
	}
	return hf_rows_end(&rows, err);
}

/* Opens with the first figures of the line and month, ends so many working days after
 * the freeze cut came, and at once when an agreed statement closes the month. */
static enum hf_rc
check_window(const struct hf_ct_terms *t, hf_time first, hf_time frozen, bool closed,
	     hf_time at, struct hf_err *err)
{
	struct hf_duration days = {.days = t->challenge_days};

	if (!first)
		return hf_fail(err, HF_RULE, "FREEZE_WINDOW",
			       "no figures of this line and month came yet: there is "
			       "nothing to challenge");
	if (closed)
		return hf_fail(err, HF_RULE, "FREEZE_WINDOW",
			       "an agreed statement has closed this month");
	if (frozen && at > hf_due(frozen, &days, HF_CALENDAR_WORKING, NULL))
		return hf_fail(err, HF_RULE, "FREEZE_WINDOW",
			       "the freeze cut of this month came more than %d working "
			       "days ago",
			       t->challenge_days);
	return HF_OK;
}

enum hf_rc
hf_ct_book_window(struct hf_db *db, const struct hf_ct_library *l,
		  struct hf_sv contract, const struct hf_ct_case *c, hf_time at,
		  struct hf_err *err)
{
	const struct hf_ct_terms *t;
	int64_t closed[CLOSED], period = 0;
	hf_time first, frozen;
	int line, month;
	size_t n;
	enum hf_rc rc = hf_ct_library_contract(l, contract, &t, NULL, err);

	if (rc)
		return rc;
	line = hf_ct_line_find(t, hf_ct_case_text(c, "line"));
	if (line < 0)
		return hf_fail(err, HF_INVALID, "line", "there is no such line");
	hf_ct_case_int(c, "period", &period);
	month = (int)((period % 100 + 8) % 12); /* CON-T15: April is 0 */
	if (period / 100 - (period % 100 < 4) != t->fy)
		return hf_fail(err, HF_INVALID, "period",
			       "the month is not of the contract's year");
	rc = read_cuts(db, contract, t->lines[line].id, month, &first, &frozen, err);
	if (rc == HF_OK)
		rc = read_closed(db, contract, closed, &n, err);
	return rc ? rc
		  : check_window(t, first, frozen, is_among(closed, n, period), at,
				 err);
}
