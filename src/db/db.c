/* db.c - what holds on both engines, before and after the driver does its part. */
#include "db/db.h"

#include "db/driver.h"

static bool
is_postgres(const char *url)
{
	struct hf_sv s = hf_sv_from(url);

	return hf_sv_starts(s, HF_SV("postgresql://")) ||
	       hf_sv_starts(s, HF_SV("postgres://"));
}

enum hf_rc
hf_db_open(const struct hf_db_config *config, struct hf_db **out, struct hf_err *err)
{
	if (!config->url || config->url[0] == '\0')
		return hf_fail(err, HF_INVALID, "--store",
			       "no store is named: give a folder or postgresql://…");
	if (is_postgres(config->url))
		return hf_pgsql_open(config, out, err);
	if (strstr(config->url, "://"))
		return hf_fail(err, HF_INVALID, "--store",
			       "an address of a store begins with postgresql://; a "
			       "folder is named with --data");
	return hf_sqlite_open(config, out, err);
}

void
hf_db_close(struct hf_db *db)
{
	if (!db)
		return;
	hf_db_rollback(db);
	db->driver->close(db);
}

enum hf_db_engine
hf_db_engine(const struct hf_db *db)
{
	return db->engine;
}

enum hf_rc
hf_db_begin(struct hf_db *db, bool write, struct hf_err *err)
{
	enum hf_rc rc;

	assert(db->tx == HF_TX_NONE);
	if (write && db->read_only)
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "this connection was opened to read only");
	rc = db->driver->begin(db, write, err);
	if (rc == HF_OK)
		db->tx = write ? HF_TX_WRITE : HF_TX_READ;
	db->spoilt = false;
	return rc;
}

enum hf_rc
hf_db_commit(struct hf_db *db, struct hf_err *err)
{
	enum hf_rc rc;

	assert(db->tx != HF_TX_NONE);
	if (db->spoilt) {
		hf_db_rollback(db);
		return hf_fail(err, HF_FAULT, "commit",
			       "an earlier statement of this transaction failed: "
			       "nothing was kept");
	}
	rc = db->driver->commit(db, err);
	db->tx = HF_TX_NONE;
	return rc;
}

void
hf_db_rollback(struct hf_db *db)
{
	if (db->tx == HF_TX_NONE)
		return;
	db->driver->rollback(db);
	db->tx = HF_TX_NONE;
}

/* What failed once inside a write transaction must not be committed in part. */
static enum hf_rc
noted(struct hf_db *db, enum hf_rc rc)
{
	if (rc != HF_OK && db->tx == HF_TX_WRITE)
		db->spoilt = true;
	return rc;
}

static const char *const kind_names[] = {
    [HF_ARG_NULL] = "null",
    [HF_ARG_INT] = "int",
    [HF_ARG_TEXT] = "text",
    [HF_ARG_BLOB] = "blob",
};

static enum hf_rc
check_args(const struct hf_query_def *def, const struct hf_arg *args,
	   struct hf_err *err)
{
	for (int i = 0; i < def->n_in; i++) {
		const struct hf_arg *a = &args[i];

		if (a->kind != HF_ARG_NULL && a->kind != def->in[i].kind)
			return hf_fail(err, HF_FAULT, def->name,
				       ":%s is %s and was given %s", def->in[i].name,
				       kind_names[def->in[i].kind],
				       kind_names[a->kind]);
		if (a->kind == HF_ARG_TEXT && a->text.n > 0 &&
		    memchr(a->text.p, 0, a->text.n))
			return hf_fail(err, HF_INVALID, def->name,
				       ":%s holds a NUL character, which text in the "
				       "store cannot",
				       def->in[i].name);
		if ((a->kind == HF_ARG_TEXT || a->kind == HF_ARG_BLOB) &&
		    a->text.n > HF_DB_VALUE_MAX)
			return hf_fail(err, HF_TOO_LONG, def->name,
				       ":%s has %zu bytes; at most %d can be stored",
				       def->in[i].name, a->text.n, HF_DB_VALUE_MAX);
	}
	return HF_OK;
}

enum hf_rc
hf_db_exec(struct hf_db *db, enum hf_query q, const struct hf_arg *args,
	   int64_t *changed, struct hf_err *err)
{
	const struct hf_query_def *def = &hf_queries[q];
	enum hf_rc rc;

	assert(q < HF_Q_COUNT && def->n_out == 0);
	rc = check_args(def, args, err);
	if (rc != HF_OK)
		return noted(db, rc);
	if (db->read_only || db->tx == HF_TX_READ)
		return hf_fail(err, HF_FORBIDDEN, def->name,
			       "nothing is written in a transaction for reading");
	return noted(db, db->driver->exec(db, q, args, changed, err));
}

enum hf_rc
hf_db_query(struct hf_db *db, enum hf_query q, const struct hf_arg *args,
	    struct hf_rows *out, struct hf_err *err)
{
	const struct hf_query_def *def = &hf_queries[q];
	enum hf_rc rc;

	assert(q < HF_Q_COUNT && def->n_out > 0);
	rc = check_args(def, args, err);
	if (rc != HF_OK)
		return noted(db, rc);
	struct hf_rows rows = {.db = db, .q = q, .rc = HF_OK, .at = -1};

	rc = db->driver->query(db, q, args, &rows, err);
	if (rc == HF_OK)
		*out = rows;
	return noted(db, rc);
}

bool
hf_rows_next(struct hf_rows *rows)
{
	return rows->rc == HF_OK && rows->db->driver->next(rows);
}

static void
check_column(const struct hf_rows *rows, int column, enum hf_arg_kind kind)
{
	const struct hf_query_def *def = &hf_queries[rows->q];

	assert(column >= 0 && column < def->n_out);
	assert(kind == HF_ARG_NULL || def->out[column].kind == kind);
}

int64_t
hf_rows_int(const struct hf_rows *rows, int column)
{
	check_column(rows, column, HF_ARG_INT);
	return rows->db->driver->column_int(rows, column);
}

bool
hf_rows_null(const struct hf_rows *rows, int column)
{
	check_column(rows, column, HF_ARG_NULL);
	return rows->db->driver->column_null(rows, column);
}

struct hf_sv
hf_rows_text(const struct hf_rows *rows, int column)
{
	check_column(rows, column, HF_ARG_TEXT);
	return rows->db->driver->column_bytes(rows, column);
}

struct hf_sv
hf_rows_blob(const struct hf_rows *rows, int column)
{
	check_column(rows, column, HF_ARG_BLOB);
	return rows->db->driver->column_bytes(rows, column);
}

enum hf_rc
hf_rows_end(struct hf_rows *rows, struct hf_err *err)
{
	return noted(rows->db, rows->db->driver->end(rows, err));
}

enum hf_rc
hf_db_backup(struct hf_db *db, const char *path, struct hf_err *err)
{
	if (!db->driver->backup)
		return hf_fail(err, HF_NOT_ALLOWED, NULL,
			       "a PostgreSQL store is not copied as a file");
	return db->driver->backup(db, path, err);
}

enum hf_rc
hf_db_checkpoint(struct hf_db *db, struct hf_err *err)
{
	if (!db->driver->checkpoint)
		return hf_fail(err, HF_NOT_ALLOWED, NULL,
			       "PostgreSQL looks after its own log");
	return db->driver->checkpoint(db, err);
}
