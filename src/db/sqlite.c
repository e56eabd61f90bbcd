/* sqlite.c - the SQLite driver: statements, transactions, copy. */
#include "db/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { BACKUP_PAGES = 2048, CHECKPOINT_WAIT_MS = 200 };

static struct hf_sqlite *
sqlite_of(struct hf_db *db)
{
	return (struct hf_sqlite *)db;
}

void
hf_sqlite_free(struct hf_db *db)
{
	struct hf_sqlite *s = sqlite_of(db);

	for (int q = 0; q < HF_Q_COUNT; q++)
		sqlite3_finalize(s->stmts[q]);
	sqlite3_finalize(s->begin_read);
	sqlite3_finalize(s->begin_write);
	sqlite3_finalize(s->commit);
	sqlite3_finalize(s->rollback);
	/* A statement somebody still reads from would keep the file open. */
	int rc = sqlite3_close(s->h);

	assert(rc == SQLITE_OK);
	(void)rc;
	free(s->path);
	free(s);
}

/* ---- transactions ---- */

static int
step_kept(struct hf_sqlite *s, sqlite3_stmt **kept, const char *sql)
{
	int rc = SQLITE_OK;

	if (!*kept)
		rc = sqlite3_prepare_v3(s->h, sql, -1, SQLITE_PREPARE_PERSISTENT, kept,
					NULL);
	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(*kept);
	sqlite3_reset(*kept);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static enum hf_rc
sqlite_begin(struct hf_db *db, bool write, struct hf_err *err)
{
	struct hf_sqlite *s = sqlite_of(db);
	int rc = write ? step_kept(s, &s->begin_write, "BEGIN IMMEDIATE")
		       : step_kept(s, &s->begin_read, "BEGIN");

	return rc == SQLITE_OK ? HF_OK : hf_sqlite_fail(s, rc, "begin", err);
}

static void
sqlite_rollback(struct hf_db *db)
{
	struct hf_sqlite *s = sqlite_of(db);

	/* SQLite has rolled back by itself after some failures. */
	if (!sqlite3_get_autocommit(s->h))
		step_kept(s, &s->rollback, "ROLLBACK");
}

static enum hf_rc
sqlite_commit(struct hf_db *db, struct hf_err *err)
{
	struct hf_sqlite *s = sqlite_of(db);
	int src;
	enum hf_rc rc;

	if (sqlite3_get_autocommit(s->h))
		return hf_fail(err, HF_FAULT, "commit",
			       "the transaction was rolled back by an earlier failure");
	src = step_kept(s, &s->commit, "COMMIT");
	if (src == SQLITE_OK)
		return HF_OK;
	rc = hf_sqlite_fail(s, src, "commit", err);
	sqlite_rollback(db);
	return rc;
}

/* ---- statements ---- */

static enum hf_rc
prepare(struct hf_sqlite *s, enum hf_query q, sqlite3_stmt **out, struct hf_err *err)
{
	const struct hf_query_def *def = &hf_queries[q];
	sqlite3_stmt *stmt = s->stmts[q];
	int rc;

	if (stmt) {
		/* One set of rows of a query at a time (see db.h). */
		assert(!sqlite3_stmt_busy(stmt));
		*out = stmt;
		return HF_OK;
	}
	rc = sqlite3_prepare_v3(s->h, def->sql[HF_DB_SQLITE], -1,
				SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
	if (rc != SQLITE_OK)
		return hf_sqlite_fail(s, rc, def->name, err);
	if (sqlite3_column_count(stmt) != def->n_out ||
	    sqlite3_bind_parameter_count(stmt) != def->n_in) {
		int columns = sqlite3_column_count(stmt);

		sqlite3_finalize(stmt);
		return hf_fail(err, HF_FAULT, def->name,
			       "gives %d columns; its \"out:\" line says %d", columns,
			       def->n_out);
	}
	s->stmts[q] = stmt;
	*out = stmt;
	return HF_OK;
}

static int
bind_one(sqlite3_stmt *stmt, int at, const struct hf_arg *a, bool stays)
{
	/* NULL would be bound for a view without bytes that points nowhere. */
	const char *p = a->text.n > 0 ? a->text.p : "";
	sqlite3_destructor_type life = stays ? SQLITE_STATIC : SQLITE_TRANSIENT;

	switch (a->kind) {
	case HF_ARG_NULL:
		return sqlite3_bind_null(stmt, at);
	case HF_ARG_INT:
		return sqlite3_bind_int64(stmt, at, a->i);
	case HF_ARG_TEXT:
		return sqlite3_bind_text64(stmt, at, p, a->text.n, life, SQLITE_UTF8);
	case HF_ARG_BLOB:
		return sqlite3_bind_blob64(stmt, at, p, a->text.n, life);
	}
	return SQLITE_MISUSE;
}

static enum hf_rc
ready(struct hf_sqlite *s, enum hf_query q, const struct hf_arg *args, bool stays,
      sqlite3_stmt **out, struct hf_err *err)
{
	enum hf_rc rc = prepare(s, q, out, err);

	for (int i = 0; rc == HF_OK && i < hf_queries[q].n_in; i++) {
		int src = bind_one(*out, i + 1, &args[i], stays);

		if (src != SQLITE_OK)
			rc = hf_sqlite_fail(s, src, hf_queries[q].name, err);
	}
	return rc;
}

static enum hf_rc
sqlite_exec(struct hf_db *db, enum hf_query q, const struct hf_arg *args,
	    int64_t *changed, struct hf_err *err)
{
	struct hf_sqlite *s = sqlite_of(db);
	sqlite3_stmt *stmt = NULL;
	enum hf_rc rc = ready(s, q, args, true, &stmt, err);
	int src;

	if (rc != HF_OK)
		return rc;
	src = sqlite3_step(stmt);
	if (src != SQLITE_DONE)
		rc = hf_sqlite_fail(s, src, hf_queries[q].name, err);
	else if (changed)
		*changed = sqlite3_changes64(s->h);
	sqlite3_reset(stmt);
	return rc;
}

static enum hf_rc
sqlite_query(struct hf_db *db, enum hf_query q, const struct hf_arg *args,
	     struct hf_rows *out, struct hf_err *err)
{
	struct hf_sqlite *s = sqlite_of(db);
	sqlite3_stmt *stmt = NULL;
	enum hf_rc rc = ready(s, q, args, false, &stmt, err);

	if (rc != HF_OK)
		return rc;
	if (db->tx == HF_TX_READ && !sqlite3_stmt_readonly(stmt))
		return hf_fail(err, HF_FORBIDDEN, hf_queries[q].name,
			       "nothing is written in a transaction for reading");
	out->stmt = stmt;
	return HF_OK;
}

static bool
sqlite_next(struct hf_rows *rows)
{
	struct hf_sqlite *s = sqlite_of(rows->db);
	int rc;

	if (rows->at == -2)
		return false; /* stepping on would begin again */
	rc = sqlite3_step(rows->stmt);
	if (rc == SQLITE_ROW)
		return true;
	rows->at = -2;
	if (rc != SQLITE_DONE)
		rows->rc = hf_sqlite_fail(s, rc, NULL, NULL);
	return false;
}

static int64_t
sqlite_column_int(const struct hf_rows *rows, int column)
{
	return sqlite3_column_int64(rows->stmt, column);
}

static bool
sqlite_column_null(const struct hf_rows *rows, int column)
{
	return sqlite3_column_type(rows->stmt, column) == SQLITE_NULL;
}

static struct hf_sv
sqlite_column_bytes(const struct hf_rows *rows, int column)
{
	const char *p = sqlite3_column_blob(rows->stmt, column);

	if (!p)
		return (struct hf_sv){sqlite_column_null(rows, column) ? NULL : "", 0};
	return (struct hf_sv){p, (size_t)sqlite3_column_bytes(rows->stmt, column)};
}

static enum hf_rc
sqlite_end(struct hf_rows *rows, struct hf_err *err)
{
	struct hf_sqlite *s = sqlite_of(rows->db);
	int src = sqlite3_reset(rows->stmt); /* gives the failure of the last step */

	if (rows->rc == HF_OK)
		return HF_OK;
	return hf_sqlite_fail(s, src, hf_queries[rows->q].name, err);
}

static enum hf_rc
sqlite_script(struct hf_db *db, const char *sql, struct hf_err *err)
{
	struct hf_sqlite *s = sqlite_of(db);
	int rc = sqlite3_exec(s->h, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? HF_OK : hf_sqlite_fail(s, rc, "migration", err);
}

/* ---- copy and log ---- */

static enum hf_rc
copy_pages(struct hf_sqlite *s, struct hf_sqlite *to, struct hf_err *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to->h, "main", s->h, "main");
	int rc;

	if (!b)
		return hf_sqlite_fail(to, sqlite3_errcode(to->h), to->path, err);
	do
		rc = sqlite3_backup_step(b, BACKUP_PAGES);
	while (rc == SQLITE_OK);
	sqlite3_backup_finish(b);
	if (rc == SQLITE_DONE)
		return HF_OK;
	return hf_sqlite_fail(to, rc, to->path, err);
}

/* The file and its name have to be on the disk before we say it is there. */
static enum hf_rc
settle(const char *part, const char *path, struct hf_err *err)
{
	char *dir = strdup(path), *slash = dir ? strrchr(dir, '/') : NULL;
	int fd = open(part, O_RDONLY | O_CLOEXEC);
	bool good = dir && fd >= 0 && fsync(fd) == 0 && link(part, path) == 0;

	if (fd >= 0)
		close(fd);
	if (slash)
		slash[slash == dir ? 1 : 0] = '\0';
	fd = good ? open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	good = good && fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	free(dir);
	if (good)
		return HF_OK;
	if (errno == EEXIST)
		return hf_fail(err, HF_EXISTS, path,
			       "there is a file of this name: give another");
	return hf_fail(err, HF_FAULT, path, "the copy cannot be finished: %s",
		       strerror(errno));
}

static enum hf_rc
copy_to(struct hf_sqlite *s, const char *part, const char *path, struct hf_err *err)
{
	struct hf_sqlite to = {.path = (char *)(uintptr_t)part};
	enum hf_rc rc;
	int src;

	hf_sqlite_make_private(part);
	src = sqlite3_open_v2(part, &to.h,
			      SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, NULL);

	/* The copy is thrown away unless it is whole: it needs no log of its own. */
	if (src == SQLITE_OK)
		src = sqlite3_exec(
		    to.h, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL,
		    NULL, NULL);
	rc = src == SQLITE_OK ? copy_pages(s, &to, err)
			      : hf_sqlite_fail(&to, src, part, err);
	sqlite3_close(to.h);
	return rc == HF_OK ? settle(part, path, err) : rc;
}

static enum hf_rc
sqlite_backup(struct hf_db *db, const char *path, struct hf_err *err)
{
	struct hf_sqlite *s = sqlite_of(db);
	size_t size = strlen(path) + sizeof ".part";
	char *part = malloc(size);
	enum hf_rc rc;
	int src;

	assert(path);
	if (!part)
		return hf_fail(err, HF_BUSY, path, "out of memory: try again");
	snprintf(part, size, "%s.part", path);
	if (access(path, F_OK) == 0) {
		free(part);
		return hf_fail(err, HF_EXISTS, path,
			       "there is a file of this name: give another");
	}
	/* One snapshot for the whole copy: without it the copy would begin again
	 * whenever somebody commits. */
	rc = hf_db_begin(db, false, err);
	if (rc == HF_OK) {
		src = sqlite3_exec(s->h, "SELECT 1 FROM sqlite_master LIMIT 1", NULL,
				   NULL, NULL);
		unlink(part); /* of an earlier copy that was cut off */
		rc = src == SQLITE_OK ? copy_to(s, part, path, err)
				      : hf_sqlite_fail(s, src, "backup", err);
		unlink(part);
		hf_db_rollback(db);
	}
	free(part);
	return rc;
}

static enum hf_rc
sqlite_checkpoint(struct hf_db *db, struct hf_err *err)
{
	struct hf_sqlite *s = sqlite_of(db);
	int rc;

	assert(db->tx == HF_TX_NONE);
	sqlite3_busy_timeout(s->h, CHECKPOINT_WAIT_MS);
	rc = sqlite3_wal_checkpoint_v2(s->h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
				       NULL);
	sqlite3_busy_timeout(s->h, db->wait_ms);
	if (rc == SQLITE_OK)
		return HF_OK;
	if ((rc & 0xff) == SQLITE_BUSY)
		return hf_fail(err, HF_BUSY, "checkpoint",
			       "a reader or writer needs the log: what could be "
			       "folded back was; try again later");
	return hf_sqlite_fail(s, rc, "checkpoint", err);
}

const struct hf_db_driver hf_sqlite_driver = {
    .close = hf_sqlite_free,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .exec = sqlite_exec,
    .query = sqlite_query,
    .next = sqlite_next,
    .column_int = sqlite_column_int,
    .column_null = sqlite_column_null,
    .column_bytes = sqlite_column_bytes,
    .end = sqlite_end,
    .script = sqlite_script,
    .backup = sqlite_backup,
    .checkpoint = sqlite_checkpoint,
};
