/* pgsql.c - the PostgreSQL driver: pipelined statements and transactions.
 *
 * Integers and blobs travel in binary, text as it is.  Statements without rows are
 * sent and not waited for inside a write transaction; the first failure is kept in
 * .failed and given to every later call until the transaction is rolled back. */
#include "db/pgsql.h"

#include <endian.h>

enum { MAX_PARAMS = 64 }; /* as in gen/queries.mjs */

/* Object identifiers of types that PostgreSQL never changes (pg_type.dat). */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_NAME = 19,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_VARCHAR = 1043
};

static struct hf_pgsql *
pgsql_of(struct hf_db *db)
{
	return (struct hf_pgsql *)db;
}

static const char *
name_of(const struct hf_pgsql_pending *item)
{
	return item->q < HF_Q_COUNT ? hf_queries[item->q].name : "transaction";
}

static enum hf_rc
lost(struct hf_pgsql *p, struct hf_err *err)
{
	p->n_pending = 0;
	if (p->failed.rc == HF_OK)
		hf_pgsql_lost(&p->failed);
	return hf_pgsql_lost(err);
}

static bool
is_good(const PGresult *res)
{
	ExecStatusType status = PQresultStatus(res);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* Takes the answer to one thing sent; gives its result, or NULL when it failed. */
static PGresult *
take_result(struct hf_pgsql *p, const struct hf_pgsql_pending *item)
{
	PGresult *res = PQgetResult(p->c), *more;

	while (res && (more = PQgetResult(p->c)))
		PQclear(more);
	if (res && is_good(res))
		return res;
	if (item->sent == HF_PGSQL_PREPARE)
		p->prepared[item->q] = false;
	/* What comes after a failure is only skipped: the first one tells why. */
	if (res && p->failed.rc == HF_OK &&
	    PQresultStatus(res) != PGRES_PIPELINE_ABORTED)
		hf_pgsql_fail(p, res, name_of(item), &p->failed);
	PQclear(res);
	return NULL;
}

/* Waits for the answers to everything sent.  *last (NULL is fine) gets the result
 * of the last thing, the caller's to clear, when all went well. */
static enum hf_rc
drain(struct hf_pgsql *p, PGresult **last, struct hf_err *err)
{
	PGresult *res = NULL, *sync;
	int n = p->n_pending;

	if (PQstatus(p->c) != CONNECTION_OK || !PQpipelineSync(p->c))
		return lost(p, err);
	for (int i = 0; i < n; i++) {
		PQclear(res);
		res = take_result(p, &p->pending[i]);
		if (PQstatus(p->c) != CONNECTION_OK) {
			PQclear(res);
			return lost(p, err);
		}
	}
	p->n_pending = 0;
	sync = PQgetResult(p->c);
	if (PQresultStatus(sync) != PGRES_PIPELINE_SYNC) {
		PQclear(sync);
		PQclear(res);
		return lost(p, err);
	}
	PQclear(sync);
	if (p->failed.rc != HF_OK) {
		PQclear(res);
		if (err)
			*err = p->failed;
		return p->failed.rc;
	}
	if (last)
		*last = res;
	else
		PQclear(res);
	return HF_OK;
}

static void
note_sent(struct hf_pgsql *p, enum hf_pgsql_sent sent, enum hf_query q)
{
	assert(p->n_pending < HF_PGSQL_PENDING);
	p->pending[p->n_pending++] = (struct hf_pgsql_pending){.sent = sent, .q = q};
}

static enum hf_rc
send_control(struct hf_pgsql *p, const char *sql, struct hf_err *err)
{
	if (!PQsendQueryParams(p->c, sql, 0, NULL, NULL, NULL, NULL, 1))
		return lost(p, err);
	note_sent(p, HF_PGSQL_CONTROL, HF_Q_COUNT);
	return HF_OK;
}

/* ---- statements ---- */

static enum hf_rc
send_prepare(struct hf_pgsql *p, enum hf_query q, struct hf_err *err)
{
	static const Oid oid_of[] = {[HF_ARG_INT] = OID_INT8,
				     [HF_ARG_TEXT] = OID_TEXT,
				     [HF_ARG_BLOB] = OID_BYTEA};
	const struct hf_query_def *def = &hf_queries[q];
	Oid types[MAX_PARAMS];

	if (p->prepared[q])
		return HF_OK;
	for (int i = 0; i < def->n_in; i++)
		types[i] = oid_of[def->in[i].kind];
	if (!PQsendPrepare(p->c, def->name, def->sql[HF_DB_PGSQL], def->n_in, types))
		return lost(p, err);
	note_sent(p, HF_PGSQL_PREPARE, q);
	p->prepared[q] = true;
	return HF_OK;
}

static enum hf_rc
send_run(struct hf_pgsql *p, enum hf_query q, const struct hf_arg *args,
	 struct hf_err *err)
{
	const struct hf_query_def *def = &hf_queries[q];
	const char *values[MAX_PARAMS];
	int lengths[MAX_PARAMS], formats[MAX_PARAMS];
	uint64_t ints[MAX_PARAMS];

	for (int i = 0; i < def->n_in; i++) {
		const struct hf_arg *a = &args[i];

		formats[i] = 1;
		if (a->kind == HF_ARG_NULL) {
			values[i] = NULL;
			lengths[i] = 0;
		} else if (a->kind == HF_ARG_INT) {
			ints[i] = htobe64((uint64_t)a->i);
			values[i] = (const char *)&ints[i];
			lengths[i] = sizeof ints[i];
		} else {
			values[i] = a->text.n > 0 ? a->text.p : "";
			lengths[i] = (int)a->text.n;
		}
	}
	if (!PQsendQueryPrepared(p->c, def->name, def->n_in, values, lengths, formats,
				 1))
		return lost(p, err);
	note_sent(p, HF_PGSQL_RUN, q);
	return HF_OK;
}

/* Sends a query, after making room and, outside a transaction, mending a lost
 * connection. */
static enum hf_rc
send_query(struct hf_pgsql *p, enum hf_query q, const struct hf_arg *args,
	   struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	if (p->db.tx == HF_TX_NONE) {
		p->failed.rc = HF_OK;
		if (PQstatus(p->c) != CONNECTION_OK)
			rc = hf_pgsql_connect(p, err);
	} else if (p->failed.rc != HF_OK) {
		if (err)
			*err = p->failed;
		return p->failed.rc;
	}
	/* Two for this query, one for the commit. */
	if (rc == HF_OK && p->n_pending + 3 > HF_PGSQL_PENDING)
		rc = drain(p, NULL, err);
	if (rc == HF_OK)
		rc = send_prepare(p, q, err);
	if (rc == HF_OK)
		rc = send_run(p, q, args, err);
	return rc;
}

static int64_t
rows_changed(const PGresult *res)
{
	int64_t n = 0;
	struct hf_sv text = hf_sv_from(PQcmdTuples((PGresult *)(uintptr_t)res));

	return hf_sv_int(text, &n) ? n : 0;
}

static enum hf_rc
pgsql_exec(struct hf_db *db, enum hf_query q, const struct hf_arg *args,
	   int64_t *changed, struct hf_err *err)
{
	struct hf_pgsql *p = pgsql_of(db);
	PGresult *res = NULL;
	enum hf_rc rc = send_query(p, q, args, err);

	if (rc != HF_OK || (db->tx == HF_TX_WRITE && !changed))
		return rc;
	rc = drain(p, &res, err);
	if (rc == HF_OK && changed)
		*changed = rows_changed(res);
	PQclear(res);
	return rc;
}

static bool
fits(enum hf_arg_kind kind, Oid oid)
{
	switch (kind) {
	case HF_ARG_INT:
		return oid == OID_INT8 || oid == OID_INT4 || oid == OID_INT2 ||
		       oid == OID_BOOL;
	case HF_ARG_TEXT:
		return oid == OID_TEXT || oid == OID_VARCHAR || oid == OID_NAME;
	case HF_ARG_BLOB:
		return oid == OID_BYTEA;
	case HF_ARG_NULL:
		break;
	}
	return false;
}

static enum hf_rc
check_columns(struct hf_pgsql *p, enum hf_query q, const PGresult *res,
	      struct hf_err *err)
{
	const struct hf_query_def *def = &hf_queries[q];

	if (p->checked[q])
		return HF_OK;
	if (PQnfields(res) != def->n_out)
		return hf_fail(err, HF_FAULT, def->name,
			       "gives %d columns; its \"out:\" line says %d",
			       PQnfields(res), def->n_out);
	for (int i = 0; i < def->n_out; i++)
		if (!fits(def->out[i].kind, PQftype(res, i)))
			return hf_fail(err, HF_FAULT, def->name,
				       "column %s is of type %u on PostgreSQL: cast it "
				       "to the kind on the \"out:\" line",
				       def->out[i].name, PQftype(res, i));
	p->checked[q] = true;
	return HF_OK;
}

static enum hf_rc
pgsql_query(struct hf_db *db, enum hf_query q, const struct hf_arg *args,
	    struct hf_rows *out, struct hf_err *err)
{
	struct hf_pgsql *p = pgsql_of(db);
	PGresult *res = NULL;
	enum hf_rc rc = send_query(p, q, args, err);

	if (rc == HF_OK)
		rc = drain(p, &res, err);
	if (rc == HF_OK)
		rc = check_columns(p, q, res, err);
	if (rc != HF_OK) {
		PQclear(res);
		return rc;
	}
	out->stmt = res;
	out->at = -1;
	return HF_OK;
}

/* ---- rows ---- */

static bool
pgsql_next(struct hf_rows *rows)
{
	if (rows->at + 1 >= PQntuples(rows->stmt))
		return false;
	rows->at++;
	return true;
}

static bool
pgsql_column_null(const struct hf_rows *rows, int column)
{
	return PQgetisnull(rows->stmt, (int)rows->at, column) == 1;
}

static int64_t
pgsql_column_int(const struct hf_rows *rows, int column)
{
	const char *p = PQgetvalue(rows->stmt, (int)rows->at, column);
	uint64_t v8;
	uint32_t v4;
	uint16_t v2;

	if (pgsql_column_null(rows, column))
		return 0;
	switch (PQgetlength(rows->stmt, (int)rows->at, column)) {
	case 8:
		memcpy(&v8, p, sizeof v8);
		return (int64_t)be64toh(v8);
	case 4:
		memcpy(&v4, p, sizeof v4);
		return (int32_t)be32toh(v4);
	case 2:
		memcpy(&v2, p, sizeof v2);
		return (int16_t)be16toh(v2);
	default:
		return *p;
	}
}

static struct hf_sv
pgsql_column_bytes(const struct hf_rows *rows, int column)
{
	if (pgsql_column_null(rows, column))
		return (struct hf_sv){NULL, 0};
	return (struct hf_sv){PQgetvalue(rows->stmt, (int)rows->at, column),
			      (size_t)PQgetlength(rows->stmt, (int)rows->at, column)};
}

static enum hf_rc
pgsql_end(struct hf_rows *rows, struct hf_err *err)
{
	(void)err; /* whatever could fail did so in pgsql_query() */
	PQclear(rows->stmt);
	rows->stmt = NULL;
	return HF_OK;
}

/* ---- transactions ---- */

static enum hf_rc
pgsql_begin(struct hf_db *db, bool write, struct hf_err *err)
{
	struct hf_pgsql *p = pgsql_of(db);
	enum hf_rc rc = HF_OK;

	p->failed.rc = HF_OK;
	if (PQstatus(p->c) != CONNECTION_OK)
		rc = hf_pgsql_connect(p, err);
	if (rc != HF_OK)
		return rc;
	if (!write)
		return send_control(
		    p, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", err);
	rc = send_control(p, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", err);
	/* Writers take turns: each sees all that the one before it committed. */
	if (rc == HF_OK)
		rc = send_control(p,
				  "SELECT pg_advisory_xact_lock(1751544881,"
				  " hashtext(current_schema()))",
				  err);
	/* Waits, so that a busy store is told here, as on SQLite. */
	if (rc == HF_OK)
		rc = drain(p, NULL, err);
	if (rc != HF_OK)
		db->driver->rollback(db);
	return rc;
}

static void
pgsql_rollback(struct hf_db *db)
{
	struct hf_pgsql *p = pgsql_of(db);

	if (p->n_pending > 0)
		drain(p, NULL, NULL);
	p->failed.rc = HF_OK;
	if (PQstatus(p->c) == CONNECTION_OK &&
	    PQtransactionStatus(p->c) != PQTRANS_IDLE &&
	    send_control(p, "ROLLBACK", NULL) == HF_OK)
		drain(p, NULL, NULL);
	p->failed.rc = HF_OK;
}

static enum hf_rc
pgsql_commit(struct hf_db *db, struct hf_err *err)
{
	struct hf_pgsql *p = pgsql_of(db);
	PGresult *res = NULL;
	enum hf_rc rc = p->failed.rc;

	if (rc != HF_OK && err)
		*err = p->failed;
	if (rc == HF_OK)
		rc = send_control(p, "COMMIT", err);
	if (rc == HF_OK)
		rc = drain(p, &res, err);
	/* The server answers ROLLBACK when it could not keep the transaction. */
	if (rc == HF_OK && strcmp(PQcmdStatus(res), "COMMIT") != 0)
		rc = hf_fail(err, HF_FAULT, "commit",
			     "PostgreSQL rolled the transaction back");
	PQclear(res);
	if (rc != HF_OK)
		pgsql_rollback(db);
	return rc;
}

static enum hf_rc
pgsql_script(struct hf_db *db, const char *sql, struct hf_err *err)
{
	struct hf_pgsql *p = pgsql_of(db);
	enum hf_rc rc = drain(p, NULL, err);
	PGresult *res;

	if (rc != HF_OK)
		return rc;
	/* Several statements in one text are for the simple protocol alone. */
	if (!PQexitPipelineMode(p->c))
		return lost(p, err);
	res = PQexec(p->c, sql);
	if (!is_good(res))
		rc = hf_pgsql_fail(p, res, "migration", err);
	PQclear(res);
	if (!PQenterPipelineMode(p->c))
		rc = lost(p, err);
	return rc;
}

const struct hf_db_driver hf_pgsql_driver = {
    .close = hf_pgsql_free,
    .begin = pgsql_begin,
    .commit = pgsql_commit,
    .rollback = pgsql_rollback,
    .exec = pgsql_exec,
    .query = pgsql_query,
    .next = pgsql_next,
    .column_int = pgsql_column_int,
    .column_null = pgsql_column_null,
    .column_bytes = pgsql_column_bytes,
    .end = pgsql_end,
    .script = pgsql_script,
};
