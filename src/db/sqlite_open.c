/* sqlite_open.c - opening a store file, and what SQLite's failures mean. */
#include "base/io/clock.h"
#include "db/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	PAGE_BYTES = 4096,
	MMAP_BYTES = 1 << 30,
	CACHE_BYTES = 16 << 20, /* where the caller gives none */
	WAL_PAGES = 8192,	/* folded back after 32 MB */
	WAL_KEPT_BYTES = 64 << 20,
	AGAIN_NS = 2000000 /* between two tries to set up a store that is busy */
};

static bool
means_full(int e)
{
	return e == ENOSPC || e == EDQUOT || e == EFBIG;
}

/* The system error that the last failed call on a file of the store gave; SQLite's
 * own note of it is gone once it has rolled back. */
static int
last_errno(sqlite3_file *file)
{
	int e = 0;

	if (file && file->pMethods)
		file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &e);
	return e;
}

/* Whether a failed read or write was for want of room: a full disk, a quota, or a
 * limit on the size of files. */
static bool
is_full(struct hf_sqlite *s, int rc)
{
	sqlite3_file *file = NULL, *log = NULL;

	if ((rc & 0xff) == SQLITE_FULL || means_full(sqlite3_system_errno(s->h)))
		return (rc & 0xff) == SQLITE_FULL || (rc & 0xff) == SQLITE_IOERR ||
		       (rc & 0xff) == SQLITE_CANTOPEN;
	if (rc != SQLITE_IOERR_WRITE && rc != SQLITE_IOERR_TRUNCATE)
		return false;
	sqlite3_file_control(s->h, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	sqlite3_file_control(s->h, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	return means_full(last_errno(file)) || means_full(last_errno(log));
}

enum hf_rc
hf_sqlite_fail(struct hf_sqlite *s, int rc, const char *what, struct hf_err *err)
{
	if (is_full(s, rc))
		return hf_fail(err, HF_FULL, what,
			       "there is no room left on the disk that holds the "
			       "store: nothing of this change was kept; make room "
			       "and try again");
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return hf_fail(err, HF_BUSY, what,
			       "another process is writing to the store: try again");
	case SQLITE_NOTADB:
		return hf_fail(err, HF_INVALID, s->path,
			       "this file is not a homefirst store: name the folder "
			       "that homefirst init made");
	case SQLITE_CORRUPT:
		return hf_fail(err, HF_FAULT, what,
			       "the store file is damaged (SQLite code %d): stop, keep "
			       "a copy of the file and restore a backup",
			       rc);
	case SQLITE_IOERR:
		return hf_fail(err, HF_FAULT, what,
			       "the disk that holds the store failed (SQLite code %d, "
			       "system error %d): nothing of this change was kept",
			       rc, sqlite3_system_errno(s->h));
	case SQLITE_NOMEM:
		return hf_fail(err, HF_BUSY, what, "out of memory: try again");
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return hf_fail(err, HF_FORBIDDEN, what,
			       "this user may not write to the store, and reading it "
			       "writes beside it: run as its owner");
	case SQLITE_CANTOPEN:
		return hf_fail(err, HF_FORBIDDEN, s->path,
			       "the store file or the log beside it cannot be opened: "
			       "see who may read and write this folder");
	case SQLITE_TOOBIG:
		return hf_fail(err, HF_TOO_LONG, what,
			       "a value is longer than the store holds");
	default:
		break;
	}
	/* Triggers of the schema say what they forbid, without values. */
	if (rc == SQLITE_CONSTRAINT_TRIGGER)
		return hf_fail(err, HF_RULE, what, "%s", sqlite3_errmsg(s->h));
	if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
	    rc == SQLITE_CONSTRAINT_ROWID)
		return hf_fail(err, HF_EXISTS, what, "a row with this key is there: %s",
			       sqlite3_errmsg(s->h));
	return hf_fail(err, HF_FAULT, what, "SQLite code %d: %s", rc,
		       s->h ? sqlite3_errmsg(s->h) : "out of memory");
}

/* What the file system says before SQLite is asked: its messages tell less. */
static enum hf_rc
look_at_file(const struct hf_db_config *config, struct hf_err *err)
{
	struct stat st;

	if (stat(config->url, &st) == 0) {
		if (!S_ISREG(st.st_mode))
			return hf_fail(err, HF_INVALID, config->url,
				       "this is not a file: name the store file");
		return HF_OK;
	}
	if (errno == EACCES)
		return hf_fail(
		    err, HF_FORBIDDEN, config->url,
		    "this user may not look into the folder: run as its owner");
	if (errno != ENOENT && errno != ENOTDIR)
		return hf_fail(err, HF_FAULT, config->url, "cannot be looked at: %s",
			       strerror(errno));
	if (!config->create || config->read_only)
		return hf_fail(err, HF_NOT_FOUND, config->url,
			       "there is no store here: make one with "
			       "\"homefirst init\"");
	return HF_OK;
}

/* SQLite would let the whole machine read the file.  Its logs get the rights that
 * the file has.  O_EXCL: a file that another thread has made and locked meanwhile
 * must not be opened and closed here, which would undo the lock. */
void
hf_sqlite_make_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}

static enum hf_rc
pragma_int(struct hf_sqlite *s, const char *sql, int64_t *out, struct hf_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->h, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		*out = sqlite3_column_int64(stmt, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_OK ? HF_OK : hf_sqlite_fail(s, rc, s->path, err);
}

static enum hf_rc
run(struct hf_sqlite *s, const char *sql, struct hf_err *err)
{
	int rc = sqlite3_exec(s->h, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? HF_OK : hf_sqlite_fail(s, rc, s->path, err);
}

static enum hf_rc
set_number(struct hf_sqlite *s, const char *pragma, int64_t value, struct hf_err *err)
{
	char sql[100];

	snprintf(sql, sizeof sql, "PRAGMA %s = %lld", pragma, (long long)value);
	return run(s, sql, err);
}

/* A file with nothing in it becomes a store; anything else has to be one. */
static enum hf_rc
claim(struct hf_sqlite *s, const struct hf_db_config *config, struct hf_err *err)
{
	int64_t id = 0, tables = 0;
	enum hf_rc rc = pragma_int(s, "PRAGMA application_id", &id, err);

	if (rc == HF_OK && id == HF_SQLITE_APPLICATION)
		return HF_OK;
	if (rc == HF_OK)
		rc = pragma_int(s, "SELECT COUNT(*) FROM sqlite_master", &tables, err);
	/* Another process may have made it a store between the two questions. */
	if (rc == HF_OK && tables != 0)
		rc = pragma_int(s, "PRAGMA application_id", &id, err);
	if (rc != HF_OK || id == HF_SQLITE_APPLICATION)
		return rc;
	if (id != 0 || tables != 0 || !config->create || config->read_only)
		return hf_fail(err, HF_INVALID, s->path,
			       "this file is not a homefirst store: name the folder "
			       "that homefirst init made");
	rc = set_number(s, "page_size", PAGE_BYTES, err);
	if (rc == HF_OK)
		rc = run(s, "PRAGMA journal_mode = WAL", err);
	if (rc == HF_OK)
		rc = set_number(s, "application_id", HF_SQLITE_APPLICATION, err);
	return rc;
}

static enum hf_rc
set_up_once(struct hf_sqlite *s, const struct hf_db_config *config, struct hf_err *err)
{
	size_t cache = config->cache_bytes ? config->cache_bytes : CACHE_BYTES;
	enum hf_rc rc;

	sqlite3_busy_timeout(s->h, s->db.wait_ms);
	sqlite3_db_config(s->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(s->h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(s->h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	rc = claim(s, config, err);
	if (rc == HF_OK && !config->read_only && sqlite3_db_readonly(s->h, "main") == 1)
		rc = hf_fail(err, HF_FORBIDDEN, s->path,
			     "this process may read the store file but not write it");
	/* FULL: each commit is on the disk before it is acknowledged. */
	if (rc == HF_OK)
		rc = run(s, "PRAGMA synchronous = FULL", err);
	if (rc == HF_OK)
		rc = set_number(s, "cache_size", -(int64_t)(cache / 1024) - 1, err);
	if (rc == HF_OK)
		rc = run(s, "PRAGMA temp_store = MEMORY", err);
	/* A row that REPLACE takes away is asked for by the triggers on DELETE. */
	if (rc == HF_OK)
		rc = run(s, "PRAGMA recursive_triggers = ON", err);
	if (rc == HF_OK)
		rc = set_number(s, "mmap_size", MMAP_BYTES, err);
	if (rc == HF_OK)
		rc = set_number(s, "wal_autocheckpoint", WAL_PAGES, err);
	if (rc == HF_OK)
		rc = set_number(s, "journal_size_limit", WAL_KEPT_BYTES, err);
	if (rc == HF_OK && config->read_only)
		rc = set_number(s, "query_only", 1, err);
	return rc;
}

/* SQLite does not wait where two processes change the journal mode of one file at
 * once: both hold what the other needs, so one is told at once that it is busy.
 * Each step of the set-up can be taken again, so it is, for as long as any other
 * lock would be waited for. */
static enum hf_rc
set_up(struct hf_sqlite *s, const struct hf_db_config *config, struct hf_err *err)
{
	uint64_t until = hf_mono_ns() + (uint64_t)s->db.wait_ms * 1000000u;
	struct timespec pause = {.tv_nsec = AGAIN_NS};
	enum hf_rc rc;

	while ((rc = set_up_once(s, config, err)) == HF_BUSY && hf_mono_ns() < until) {
		*err = (struct hf_err){0};
		nanosleep(&pause, NULL);
	}
	return rc;
}

enum hf_rc
hf_sqlite_open(const struct hf_db_config *config, struct hf_db **out,
	       struct hf_err *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	enum hf_rc rc = look_at_file(config, err);
	struct hf_sqlite *s;
	int src;

	if (rc != HF_OK)
		return rc;
	s = calloc(1, sizeof *s);
	if (!s || !(s->path = strdup(config->url))) {
		free(s);
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	}
	s->db = (struct hf_db){.driver = &hf_sqlite_driver,
			       .engine = HF_DB_SQLITE,
			       .read_only = config->read_only,
			       .wait_ms = hf_db_wait_ms(config)};
	if (config->create && !config->read_only) {
		flags |= SQLITE_OPEN_CREATE;
		hf_sqlite_make_private(s->path);
	}
	src = sqlite3_open_v2(s->path, &s->h, flags, NULL);
	rc = src == SQLITE_OK ? set_up(s, config, err)
			      : hf_sqlite_fail(s, src, s->path, err);
	if (rc != HF_OK) {
		hf_sqlite_free(&s->db);
		return rc;
	}
	*out = &s->db;
	return HF_OK;
}
