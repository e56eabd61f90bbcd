/* db.h - one connection to SQLite or PostgreSQL, named queries, transactions.
 *
 * SQL text lives in sql/query/<room>/<name>.sql; gen/queries makes an entry of
 * hf_queries[] and an enumerator HF_Q_<ROOM>_<NAME> of each, with its parameters
 * in the order of its "in:" line and its columns in the order of its "out:" line.
 * <name>.pgsql.sql stands in for PostgreSQL alone.  A connection is used by one
 * thread at a time.  Statements are prepared once per connection and kept. */
#ifndef HF_DB_DB_H
#define HF_DB_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "db/queries.h" /* generated: enum hf_query */

struct hf_db;

enum hf_db_engine { HF_DB_SQLITE, HF_DB_PGSQL };

struct hf_db_config {
	const char *url;    /* path of the SQLite file, or postgresql://… */
	bool read_only;	    /* SQLite: query_only, own snapshot per transaction */
	bool create;	    /* SQLite: make the file when it is not there */
	size_t cache_bytes; /* SQLite; 0: 16 MB */
	int wait_ms;	    /* how long to wait for another's lock; 0: 5 seconds */
};

/* Opens a connection.  HF_NOT_FOUND when there is no such file or database,
 * HF_FORBIDDEN when it cannot be read or written, HF_BUSY when the server does
 * not answer; the text says what to do.  Free with hf_db_close(). */
enum hf_rc hf_db_open(const struct hf_db_config *config, struct hf_db **out,
		      struct hf_err *err);
void hf_db_close(struct hf_db *db); /* NULL is fine; rolls back what is open */
enum hf_db_engine hf_db_engine(const struct hf_db *db);

enum hf_arg_kind { HF_ARG_NULL, HF_ARG_INT, HF_ARG_TEXT, HF_ARG_BLOB };

enum { HF_DB_VALUE_MAX = 512 * 1024 * 1024 }; /* bytes of one text or blob */

/* A parameter; what text points at must live until the call returns. */
struct hf_arg {
	enum hf_arg_kind kind;
	int64_t i;
	struct hf_sv text;
};

#define HF_INT(v)    ((struct hf_arg){.kind = HF_ARG_INT, .i = (v)})
#define HF_TEXT(s)   ((struct hf_arg){.kind = HF_ARG_TEXT, .text = (s)})
#define HF_BLOB(s)   ((struct hf_arg){.kind = HF_ARG_BLOB, .text = (s)})
#define HF_SQLNULL   ((struct hf_arg){.kind = HF_ARG_NULL})
#define HF_ARGS(...) ((const struct hf_arg[]){__VA_ARGS__})

/* Transactions.  Write transactions are serialisable against other writers (one
 * writing process per store).  A read transaction is one snapshot.  On PostgreSQL
 * the statements of hf_db_exec() inside a write transaction are pipelined: their
 * failures are reported at the latest by hf_db_commit().
 *
 * After a failed statement a write transaction can only be rolled back.  After
 * hf_db_commit() no transaction is open, whatever it gave; unless it gave HF_OK
 * nothing was kept, but for HF_BUSY with a lost connection to PostgreSQL, where it
 * is not known (a later begin connects again). */
enum hf_rc hf_db_begin(struct hf_db *db, bool write, struct hf_err *err);
enum hf_rc hf_db_commit(struct hf_db *db, struct hf_err *err);
void hf_db_rollback(struct hf_db *db);

/* Runs a query that gives no rows.  *changed (NULL is fine; not to be asked for
 * where pipelining matters) is the number of rows touched. */
enum hf_rc hf_db_exec(struct hf_db *db, enum hf_query q, const struct hf_arg *args,
		      int64_t *changed, struct hf_err *err);

/* Runs a query that gives rows, one at a time.  Only one hf_rows of the same
 * query may be open on a connection; others may nest on SQLite AND PostgreSQL
 * (the PostgreSQL driver reads the whole result at once).  hf_rows_end() is called
 * exactly once for each hf_db_query() that gave HF_OK. */
struct hf_rows {
	struct hf_db *db;
	void *stmt; /* sqlite3_stmt or PGresult */
	int64_t at; /* row number, PostgreSQL */
	enum hf_query q;
	enum hf_rc rc; /* failure met while stepping */
};

enum hf_rc hf_db_query(struct hf_db *db, enum hf_query q, const struct hf_arg *args,
		       struct hf_rows *out, struct hf_err *err);
/* Moves to the next row; false at the end or on failure (rows->rc tells). */
bool hf_rows_next(struct hf_rows *rows);
int64_t hf_rows_int(const struct hf_rows *rows, int column); /* NULL gives 0 */
bool hf_rows_null(const struct hf_rows *rows, int column);
/* Views are good until the next hf_rows_next or _end. */
struct hf_sv hf_rows_text(const struct hf_rows *rows, int column);
struct hf_sv hf_rows_blob(const struct hf_rows *rows, int column);
enum hf_rc hf_rows_end(struct hf_rows *rows, struct hf_err *err);

/* Migrations: sql/migrate/NNNN_name.sql (or .pgsql.sql), embedded, forward only,
 * each in one transaction, number, name and SHA-256 recorded in hf_migration.
 * HF_RULE when the store was written by a newer version or a recorded hash
 * differs.  *from and *to (NULL is fine) get the schema numbers. */
enum hf_rc hf_db_migrate(struct hf_db *db, int *from, int *to, struct hf_err *err);
/* The schema number of a store without changing it: 0 for an empty one. */
enum hf_rc hf_db_schema(struct hf_db *db, int *number, struct hf_err *err);
int hf_db_schema_newest(void);

/* SQLite only: copies the whole database into path while others write, and folds
 * the write-ahead log back.  HF_NOT_ALLOWED on PostgreSQL. */
enum hf_rc hf_db_backup(struct hf_db *db, const char *path, struct hf_err *err);
enum hf_rc hf_db_checkpoint(struct hf_db *db, struct hf_err *err);

#endif
