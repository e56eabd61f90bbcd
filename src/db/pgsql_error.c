/* pgsql_error.c - what PostgreSQL's SQLSTATE codes mean to a caller. */
#include "db/pgsql.h"

enum shown { CODE_ONLY, SHOW_CONSTRAINT, SHOW_MESSAGE };

/* By prefix, the first that fits.  SHOW_MESSAGE stands only where the message is
 * about tables and functions, never about values. */
static const struct meaning {
	const char *state;
	enum hf_rc rc;
	enum shown shown;
	const char *text;
} meanings[] = {
    {"08", HF_BUSY, CODE_ONLY, "the connection to PostgreSQL was lost: try again"},
    {"22021", HF_INVALID, CODE_ONLY, "text is not valid UTF-8"},
    {"22P05", HF_INVALID, CODE_ONLY, "text holds a character that cannot be stored"},
    {"23505", HF_EXISTS, SHOW_CONSTRAINT, "a row with this key is there"},
    {"23", HF_FAULT, SHOW_CONSTRAINT, "a rule of the tables would be broken"},
    {"25006", HF_FORBIDDEN, CODE_ONLY,
     "nothing is written in a transaction for reading"},
    {"28", HF_FORBIDDEN, CODE_ONLY, "PostgreSQL refuses this user"},
    {"3D000", HF_NOT_FOUND, CODE_ONLY, "there is no such database"},
    {"40", HF_BUSY, CODE_ONLY, "another transaction was in the way: try again"},
    {"42501", HF_FORBIDDEN, SHOW_MESSAGE, "the database user may not do this"},
    {"42", HF_FAULT, SHOW_MESSAGE, "PostgreSQL does not understand the statement"},
    {"53100", HF_FULL, CODE_ONLY,
     "there is no room left on the disk of the PostgreSQL server: nothing of this "
     "change was kept; make room and try again"},
    {"53", HF_BUSY, CODE_ONLY,
     "the PostgreSQL server is out of memory or connections: try again"},
    {"54", HF_TOO_LONG, CODE_ONLY, "a value is longer than PostgreSQL holds"},
    {"55P03", HF_BUSY, CODE_ONLY, "another process is writing to the store: try again"},
    {"57", HF_BUSY, CODE_ONLY,
     "the PostgreSQL server is stopping, starting or was told to stop this: try "
     "again"},
    {"58", HF_FAULT, CODE_ONLY, "the disk of the PostgreSQL server failed"},
    /* Triggers of the schema say what they forbid, without values. */
    {"HF001", HF_RULE, SHOW_MESSAGE, "the schema forbids it"},
    {"XX001", HF_FAULT, CODE_ONLY,
     "the database is damaged: stop and restore a backup"},
    {"XX002", HF_FAULT, CODE_ONLY,
     "an index of the database is damaged: stop, REINDEX or restore a backup"},
    {"", HF_FAULT, CODE_ONLY, "PostgreSQL refused the statement"},
};

enum hf_rc
hf_pgsql_lost(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL,
		       "the connection to PostgreSQL was lost: whether a commit under "
		       "way was kept is not known; try again");
}

enum hf_rc
hf_pgsql_fail(struct hf_pgsql *p, const PGresult *res, const char *what,
	      struct hf_err *err)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *shown = NULL;
	const struct meaning *m = meanings;

	/* libpq itself reports a broken connection without a code. */
	if (!state)
		return PQstatus(p->c) == CONNECTION_OK
			   ? hf_fail(err, HF_FAULT, what, "PostgreSQL gave no answer")
			   : hf_pgsql_lost(err);
	while (!hf_sv_starts(hf_sv_from(state), hf_sv_from(m->state)))
		m++;
	if (m->shown == SHOW_CONSTRAINT)
		shown = PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);
	if (m->shown == SHOW_MESSAGE)
		shown = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	return hf_fail(err, m->rc, what, "%s (SQLSTATE %s)%s%s", m->text, state,
		       shown ? ": " : "", shown ? shown : "");
}
