/* book_ledger.c - entries of the ledger: each adds up to 0, none is changed. */
#include "contract/io/book_int.h"

/* ---- whether it may be ---- */

enum hf_rc
hf_ct_book_role(struct hf_db *db, const struct hf_ct_by *by, hf_time at,
		struct hf_err *err)
{
	struct hf_sv account = by->user;
	struct hf_rows rows;
	int64_t n = 0;
	enum hf_rc rc;

	if (by->trial)
		return HF_OK;
	hf_sv_cut(&account, '/');
	rc = hf_db_query(db, HF_Q_CONTRACT_ROLE_ACTIVE,
			 HF_ARGS(HF_TEXT(account.p ? account : HF_SV("")),
				 HF_TEXT(by->role), HF_TEXT(by->org), HF_INT(at)),
			 &rows, err);
	if (rc)
		return rc;
	if (hf_rows_next(&rows))
		n = hf_rows_int(&rows, HF_C_CONTRACT_ROLE_ACTIVE_ROLES);
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && n == 0)
		rc = hf_fail(err, HF_FORBIDDEN, "role",
			     "you no longer have this role: nothing was changed");
	return rc;
}

static enum hf_rc
one_number(struct hf_db *db, enum hf_query q, const struct hf_arg *args, int64_t *out,
	   struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, q, args, &rows, err);

	*out = 0;
	if (rc)
		return rc;
	if (hf_rows_next(&rows))
		*out = hf_rows_int(&rows, 0);
	return hf_rows_end(&rows, err);
}

static enum hf_rc
check_open(struct hf_db *db, const struct hf_ct_entry *e, struct hf_err *err)
{
	struct hf_rows rows;
	bool closed = false;
	enum hf_rc rc = hf_db_query(db, HF_Q_CONTRACT_LOCK_LIST,
				    HF_ARGS(HF_TEXT(e->contract)), &rows, err);

	if (rc)
		return rc;
	while (hf_rows_next(&rows))
		closed |=
		    hf_rows_int(&rows, HF_C_CONTRACT_LOCK_LIST_PERIOD) == e->period;
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && closed)
		rc = hf_fail(err, HF_RULE, "period",
			     "the month is closed: post it in an open one");
	return rc;
}

/* ---- adding ---- */

static enum hf_rc
add(struct hf_db *db, const struct hf_ct_entry *e, int64_t change, hf_time at,
    struct hf_err *err)
{
	enum hf_rc rc =
	    hf_db_exec(db, HF_Q_CONTRACT_ENTRY_ADD,
		       HF_ARGS(HF_INT(e->id), HF_TEXT(e->contract), HF_INT(e->period),
			       HF_CT_TEXT(e->line), HF_INT(e->version),
			       HF_CT_TEXT(e->kind), HF_CT_TEXT(e->words),
			       HF_CT_TEXT(e->document), HF_CT_TEXT(e->source),
			       HF_CT_TEXT(e->prepared), HF_CT_TEXT(e->approved),
			       HF_INT(e->reverses), HF_INT(at), HF_INT(change)),
		       NULL, err);

	for (size_t i = 0; rc == HF_OK && i < e->n_legs; i++)
		rc = hf_db_exec(db, HF_Q_CONTRACT_LEG_ADD,
				HF_ARGS(HF_INT(e->id), HF_TEXT(e->legs[i].party),
					HF_INT(e->legs[i].pence)),
				NULL, err);
	return rc;
}

enum hf_rc
hf_ct_book_post(struct hf_db *db, struct hf_ct_entry *e, int64_t change, hf_time at,
		struct hf_err *err)
{
	hf_pence sum = 0;
	enum hf_rc rc;

	for (size_t i = 0; i < e->n_legs; i++)
		if (!hf_pence_add(&sum, e->legs[i].pence))
			return hf_fail(err, HF_RULE, "pence", "the money does not fit");
	if (e->n_legs < 2 || sum != 0)
		return hf_fail(
		    err, HF_RULE, "pence",
		    "what one party gives another receives: it adds up to 0");
	rc = check_open(db, e, err);
	if (rc == HF_OK)
		rc = one_number(db, HF_Q_CONTRACT_ENTRY_LAST, NULL, &e->id, err);
	if (rc == HF_OK)
		rc = one_number(db, HF_Q_CONTRACT_ENTRY_VERSION,
				HF_ARGS(HF_TEXT(e->contract), HF_INT(e->period),
					HF_CT_TEXT(e->line)),
				&e->version, err);
	e->id++;
	e->version++;
	return rc ? rc : add(db, e, change, at, err);
}

/* ---- reading ---- */

static enum hf_rc
read_legs(struct hf_db *db, struct hf_ct_entry *e, struct hf_arena *arena,
	  struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_CONTRACT_LEG_LIST, HF_ARGS(HF_INT(e->id)), &rows, err);

	if (rc)
		return rc;
	while (e->n_legs < HF_CT_LEGS && hf_rows_next(&rows))
		e->legs[e->n_legs++] = (struct hf_ct_leg){
		    hf_arena_sv(arena,
				hf_rows_text(&rows, HF_C_CONTRACT_LEG_LIST_PARTY)),
		    hf_rows_int(&rows, HF_C_CONTRACT_LEG_LIST_PENCE)};
	return hf_rows_end(&rows, err);
}

static void
read_entry(const struct hf_rows *rows, struct hf_arena *arena, struct hf_ct_entry *e)
{
#define COPY(column)                                                                   \
	hf_arena_sv(arena, hf_rows_text(rows, HF_C_CONTRACT_ENTRY_LIST_##column))
	*e = (struct hf_ct_entry){
	    .id = hf_rows_int(rows, HF_C_CONTRACT_ENTRY_LIST_ID),
	    .period = hf_rows_int(rows, HF_C_CONTRACT_ENTRY_LIST_PERIOD),
	    .version = hf_rows_int(rows, HF_C_CONTRACT_ENTRY_LIST_VERSION),
	    .reverses = hf_rows_int(rows, HF_C_CONTRACT_ENTRY_LIST_REVERSES),
	    .at = hf_rows_int(rows, HF_C_CONTRACT_ENTRY_LIST_AT),
	    .line = COPY(LINE),
	    .kind = COPY(KIND),
	    .words = COPY(WORDS),
	    .document = COPY(DOCUMENT),
	    .source = COPY(SOURCE),
	    .prepared = COPY(PREPARED),
	    .approved = COPY(APPROVED)};
#undef COPY
}

enum hf_rc
hf_ct_book_entries(struct hf_db *db, struct hf_sv contract, struct hf_arena *arena,
		   struct hf_ct_entry **out, size_t *n, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(
	    db, HF_Q_CONTRACT_ENTRY_LIST,
	    HF_ARGS(HF_TEXT(contract), HF_INT(0), HF_INT(HF_CT_ENTRIES + 1)), &rows,
	    err);

	*n = 0;
	if (rc)
		return rc;
	*out = hf_arena_array(arena, HF_CT_ENTRIES, sizeof **out);
	while (*out && *n < HF_CT_ENTRIES && hf_rows_next(&rows)) {
		read_entry(&rows, arena, &(*out)[*n]);
		(*out)[(*n)++].contract = contract;
	}
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && (!*out || *n == HF_CT_ENTRIES))
		rc = hf_fail(err, HF_TOO_LONG, NULL, "the ledger is too long to show");
	for (size_t i = 0; rc == HF_OK && i < *n; i++)
		rc = read_legs(db, &(*out)[i], arena, err);
	return rc;
}
