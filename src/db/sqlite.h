/* sqlite.h - what the two files of the SQLite driver share. */
#ifndef HF_DB_SQLITE_H
#define HF_DB_SQLITE_H

#include <sqlite3.h>

#include "db/driver.h"

/* "hf01": tells a homefirst store from any other SQLite file. */
enum { HF_SQLITE_APPLICATION = 0x68663031 };

struct hf_sqlite {
	struct hf_db db;
	sqlite3 *h;
	char *path;
	sqlite3_stmt *begin_read, *begin_write, *commit, *rollback;
	sqlite3_stmt *stmts[HF_Q_COUNT + 1]; /* by query, made at first use */
};

/* Tells what SQLite's result code rc, just met on s, means to a caller.  what is
 * the query or action for err->path. */
enum hf_rc hf_sqlite_fail(struct hf_sqlite *s, int rc, const char *what,
			  struct hf_err *err);
/* Makes the file, unless it is there, so that its owner alone can read it. */
void hf_sqlite_make_private(const char *path);
void hf_sqlite_free(struct hf_db *db);

extern const struct hf_db_driver hf_sqlite_driver;

#endif
