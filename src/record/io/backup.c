/* backup.c - see backup.h.
 *
 * Stream: "homefirst backup 1\n", when it was made (milliseconds UTC as u64,
 * little-endian), the version that made it (a byte length and text), the rows
 * (copy.c), the files of the audit and those of the keys (backup_files.c). */
#include "record/io/backup.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/io/backup_files.h"
#include "record/io/store_impl.h"

static const char backup_magic[] = "homefirst backup 1\n";

/* ---- making one ---- */

static enum hf_rc
head_out(struct hf_vault *v, struct hf_err *err)
{
	uint64_t now = htole64((uint64_t)hf_now());
	uint8_t n = sizeof HF_VERSION - 1;
	enum hf_rc rc = hf_vault_write(v, backup_magic, sizeof backup_magic - 1, err);

	if (rc == HF_OK)
		rc = hf_vault_write(v, &now, sizeof now, err);
	if (rc == HF_OK)
		rc = hf_vault_write(v, &n, 1, err);
	return rc == HF_OK ? hf_vault_write(v, HF_VERSION, n, err) : rc;
}

/* The snapshot begins with the first question asked in it. */
static enum hf_rc
begin_snapshot(struct hf_reader *reader, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_reader_begin(reader, err);

	if (rc == HF_OK)
		rc = hf_db_query(reader->db, HF_Q_RECORD_CHANGE_LAST, NULL, &rows, err);
	if (rc != HF_OK)
		return rc;
	hf_rows_next(&rows);
	return hf_rows_end(&rows, err);
}

static enum hf_rc
all_out(struct hf_reader *reader, const struct hf_backup_config *c, struct hf_vault *v,
	struct hf_copy_report *report, struct hf_err *err)
{
	struct hf_backup_list list = {0};
	enum hf_rc rc = begin_snapshot(reader, err);

	if (rc == HF_OK && c->audit)
		rc = hf_backup_list(c->audit, &list, err);
	if (rc == HF_OK)
		rc = head_out(v, err);
	if (rc == HF_OK)
		rc = hf_copy_out(reader->db, v, &c->progress, report, err);
	if (rc == HF_OK)
		rc = hf_backup_files_out(&list, v, report, err);
	hf_backup_list_free(&list);
	if (rc == HF_OK && c->keys)
		rc = hf_backup_list(c->keys, &list, err);
	if (rc == HF_OK)
		rc = hf_backup_files_out(&list, v, report, err);
	if (rc == HF_OK)
		rc = hf_vault_finish(v, err);
	report->bytes = hf_vault_bytes(v);
	hf_backup_list_free(&list);
	return rc;
}

enum hf_rc
hf_store_backup(struct hf_store *store, const struct hf_backup_config *c,
		struct hf_copy_report *report, struct hf_err *err)
{
	struct hf_copy_report so_far = {0};
	struct hf_reader *reader = NULL;
	struct hf_vault *v = NULL;
	enum hf_rc rc = hf_vault_create(c->path, &c->key, &v, err);

	if (rc == HF_OK)
		rc = hf_reader_get(store, &reader, err);
	if (rc == HF_OK)
		rc = all_out(reader, c, v, &so_far, err);
	hf_reader_put(reader);
	hf_vault_close(v);
	if (rc == HF_OK && report)
		*report = so_far;
	return rc;
}

/* ---- making a store of one ---- */

struct target {
	const struct hf_store_config *to;
	char *file, *part;	  /* of a SQLite store */
	char *audit, *audit_part; /* NULL: not wanted */
	char *keys, *keys_part;
	int lock_fd;
	struct hf_db *db;
};

static char *
joined(const char *a, const char *b)
{
	char *out = NULL;

	return asprintf(&out, "%s%s", a, b) < 0 ? NULL : out;
}

static void
target_free(struct target *t)
{
	hf_db_close(t->db);
	free(t->file);
	free(t->part);
	free(t->audit);
	free(t->audit_part);
	free(t->keys);
	free(t->keys_part);
	if (t->lock_fd >= 0)
		close(t->lock_fd);
}

static enum hf_rc
system_failed(const char *path, const char *what, struct hf_err *err)
{
	return hf_fail(err, errno == ENOSPC || errno == EDQUOT ? HF_FULL : HF_FORBIDDEN,
		       path, "%s: %s", what, strerror(errno));
}

static enum hf_rc
lock_folder(struct target *t, struct hf_err *err)
{
	const char *data = t->to->data;
	char *lock = joined(data, "/lock");

	if (!lock)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	if (mkdir(data, 0700) != 0 && errno != EEXIST) {
		free(lock);
		return system_failed(data, "the data folder cannot be made", err);
	}
	t->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	free(lock);
	if (t->lock_fd < 0)
		return system_failed(data, "the data folder cannot be written", err);
	if (flock(t->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return hf_fail(err, HF_BUSY, data,
			       "another homefirst is using this folder: stop it");
	return HF_OK;
}

static void
drop_parts(const struct target *t)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};

	for (size_t i = 0; t->part && i < HF_COUNT(suffixes); i++) {
		char *name = joined(t->part, suffixes[i]);

		if (name)
			unlink(name);
		free(name);
	}
	if (t->audit_part)
		hf_backup_files_drop(t->audit_part);
	if (t->keys_part)
		hf_backup_files_drop(t->keys_part);
}

static enum hf_rc
open_folder(struct target *t, struct hf_db_config *config, struct hf_err *err)
{
	enum hf_rc rc = lock_folder(t, err);

	if (rc != HF_OK)
		return rc;
	t->file = joined(t->to->data, "/homefirst.db");
	t->part = joined(t->to->data, "/homefirst.db.part");
	if (!t->file || !t->part)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	if (access(t->file, F_OK) == 0)
		return hf_fail(err, HF_EXISTS, t->to->data,
			       "there is a store in this folder: restore into another, "
			       "or move that one away");
	config->url = t->part;
	config->create = true;
	return HF_OK;
}

/* A database may hold the empty tables of a restore that was cut off. */
static enum hf_rc
check_empty(struct hf_db *db, struct hf_err *err)
{
	struct hf_rows rows;
	int schema = 0;
	bool any = false;
	enum hf_rc rc = hf_db_schema(db, &schema, err);

	if (rc != HF_OK || schema == 0)
		return rc;
	rc = hf_db_query(db, HF_Q_RECORD_COPY_SETTING,
			 HF_ARGS(HF_TEXT(HF_SV("")), HF_INT(1)), &rows, err);
	if (rc != HF_OK)
		return rc;
	any = hf_rows_next(&rows);
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && any)
		return hf_fail(err, HF_EXISTS, "--store",
			       "there is a store in this database: restore into a new "
			       "one");
	return rc;
}

static enum hf_rc
name_folder(const char *folder, char **name, char **part, struct hf_err *err)
{
	if (!folder)
		return HF_OK;
	*name = joined(folder, "");
	*part = joined(folder, ".part");
	return *name && *part ? HF_OK
			      : hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
}

/* What is there is not mixed with what comes back. */
static enum hf_rc
check_free(const char *folder, const char *what, struct hf_err *err)
{
	if (!folder || rmdir(folder) == 0 || errno == ENOENT)
		return HF_OK;
	return hf_fail(err, HF_EXISTS, folder,
		       "there is %s in this folder: restore into another, or move that "
		       "one away",
		       what);
}

static enum hf_rc
open_target(struct target *t, const struct hf_backup_config *c, struct hf_err *err)
{
	struct hf_db_config config = {.url = t->to->url};
	enum hf_rc rc = HF_OK;

	if (!t->to->url && !t->to->data)
		return hf_fail(err, HF_INVALID, NULL,
			       "name a store: --data DIR or --store postgresql://…");
	rc = name_folder(c->audit, &t->audit, &t->audit_part, err);
	if (rc == HF_OK)
		rc = name_folder(c->keys, &t->keys, &t->keys_part, err);
	if (rc == HF_OK && !t->to->url)
		rc = open_folder(t, &config, err);
	if (rc == HF_OK)
		rc = check_free(t->audit, "an audit", err);
	if (rc == HF_OK)
		rc = check_free(t->keys, "a folder of keys", err);
	if (rc != HF_OK)
		return rc;
	drop_parts(t); /* of a restore that was cut off */
	rc = hf_db_open(&config, &t->db, err);
	if (rc == HF_OK)
		rc = check_empty(t->db, err);
	return rc == HF_OK ? hf_db_migrate(t->db, NULL, NULL, err) : rc;
}

static enum hf_rc
head_in(struct hf_vault *v, struct hf_err *err)
{
	char text[sizeof backup_magic - 1], version[256];
	uint64_t at;
	uint8_t n = 0;
	enum hf_rc rc = hf_vault_read(v, text, sizeof text, err);

	if (rc == HF_OK && memcmp(text, backup_magic, sizeof text) != 0)
		return hf_fail(err, HF_RULE, NULL,
			       "this backup was made by a newer homefirst: use that "
			       "version");
	if (rc == HF_OK)
		rc = hf_vault_read(v, &at, sizeof at, err);
	if (rc == HF_OK)
		rc = hf_vault_read(v, &n, 1, err);
	return rc == HF_OK ? hf_vault_read(v, version, n, err) : rc;
}

/* From here on there is a store. */
static enum hf_rc
name_parts(struct target *t, struct hf_err *err)
{
	int dir;
	bool good;

	hf_db_close(t->db); /* folds SQLite's log into the file */
	t->db = NULL;
	if (t->audit_part && rename(t->audit_part, t->audit) != 0)
		return system_failed(t->audit, "cannot be named", err);
	if (t->keys_part && rename(t->keys_part, t->keys) != 0)
		return system_failed(t->keys, "cannot be named", err);
	if (!t->part)
		return HF_OK;
	if (rename(t->part, t->file) != 0)
		return system_failed(t->file, "cannot be named", err);
	dir = open(t->to->data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	good = dir >= 0 && fsync(dir) == 0;
	if (dir >= 0)
		close(dir);
	return good ? HF_OK
		    : system_failed(t->to->data, "the folder cannot be written", err);
}

static enum hf_rc
all_in(struct target *t, const struct hf_backup_config *c, struct hf_vault *v,
       struct hf_copy_report *report, struct hf_err *err)
{
	enum hf_rc rc = head_in(v, err);

	/* PostgreSQL takes a transaction of any size; a SQLite file has no name yet. */
	if (rc == HF_OK)
		rc = hf_copy_in(t->db, v, t->part == NULL, &c->progress, report, err);
	if (rc == HF_OK)
		rc = hf_backup_files_in(t->audit_part, v, report, err);
	if (rc == HF_OK)
		rc = hf_backup_files_in(t->keys_part, v, report, err);
	if (rc == HF_OK)
		rc = hf_vault_end(v, err);
	if (rc == HF_OK)
		rc = hf_db_commit(t->db, err);
	report->bytes = hf_vault_bytes(v);
	return rc == HF_OK ? name_parts(t, err) : rc;
}

enum hf_rc
hf_store_restore(const struct hf_store_config *to, const struct hf_backup_config *c,
		 struct hf_copy_report *report, struct hf_err *err)
{
	struct hf_copy_report so_far = {0};
	struct target t = {.to = to, .lock_fd = -1};
	struct hf_vault *v = NULL;
	/* The key is tried before anything is made. */
	enum hf_rc rc = hf_vault_open(c->path, &c->key, &v, err);

	if (rc == HF_OK)
		rc = open_target(&t, c, err);
	if (rc == HF_OK)
		rc = all_in(&t, c, v, &so_far, err);
	hf_db_close(t.db);
	t.db = NULL;
	if (rc != HF_OK && rc != HF_BUSY)
		drop_parts(&t);
	hf_vault_close(v);
	target_free(&t);
	if (rc == HF_OK && report)
		*report = so_far;
	return rc;
}
