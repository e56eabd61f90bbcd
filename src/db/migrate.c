/* migrate.c - brings a store's tables to the newest schema, one step at a time.
 *
 * The record of steps taken (hf_migration) is written in the transaction of the
 * step, so a store stands before a step or after it and nowhere between. */
#include "base/io/clock.h"
#include "db/driver.h"

int
hf_db_schema_newest(void)
{
	return (int)hf_n_migrations;
}

/* A recorded step has to be one we know, with the same text. */
static enum hf_rc
check_step(struct hf_db *db, const struct hf_rows *rows, int expected,
	   struct hf_err *err)
{
	int64_t number = hf_rows_int(rows, HF_C_DB_MIGRATION_LIST_NUMBER);
	struct hf_sv sha256 = hf_rows_text(rows, HF_C_DB_MIGRATION_LIST_SHA256);
	const struct hf_migration *m;

	if (number != expected)
		return hf_fail(err, HF_RULE, "hf_migration",
			       "step %d is missing from what this store records of "
			       "its schema: restore a backup",
			       expected);
	if (number > hf_db_schema_newest())
		return HF_OK; /* told by the caller, who knows how far it goes */
	m = &hf_migrations[number - 1];
	if (!hf_sv_eq(sha256, hf_sv_from(m->sha256[db->engine])))
		return hf_fail(err, HF_RULE, "hf_migration",
			       "step %d of this store's schema is not the %s of this "
			       "homefirst: it was made by a version under "
			       "development; use that version or make a new store",
			       expected, m->name);
	return HF_OK;
}

static enum hf_rc
recorded(struct hf_db *db, int *number, struct hf_err *err)
{
	struct hf_rows rows;
	int n = 0;
	enum hf_rc end, rc = hf_db_query(db, HF_Q_DB_MIGRATION_LIST, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows))
		rc = check_step(db, &rows, ++n, err);
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	if (rc == HF_OK)
		rc = end;
	if (rc == HF_OK)
		*number = n;
	return rc;
}

enum hf_rc
hf_db_schema(struct hf_db *db, int *number, struct hf_err *err)
{
	struct hf_rows rows;
	int64_t there = 0, tables = 0;
	enum hf_rc rc = hf_db_query(db, HF_Q_DB_MIGRATION_THERE, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows)) {
		there = hf_rows_int(&rows, HF_C_DB_MIGRATION_THERE_THERE);
		tables = hf_rows_int(&rows, HF_C_DB_MIGRATION_THERE_TABLES);
	}
	rc = hf_rows_end(&rows, err);
	if (rc != HF_OK)
		return rc;
	if (there)
		return recorded(db, number, err);
	if (tables != 0)
		return hf_fail(err, HF_INVALID, "hf_migration",
			       "this database holds tables that are not homefirst's: "
			       "use one of its own");
	*number = 0;
	return HF_OK;
}

static enum hf_rc
refuse_newer(int number, struct hf_err *err)
{
	return hf_fail(err, HF_RULE, "hf_migration",
		       "this store was written by a newer homefirst (schema %d, this "
		       "one knows %d): use that version or restore a backup",
		       number, hf_db_schema_newest());
}

static enum hf_rc
take_step(struct hf_db *db, const struct hf_migration *m, struct hf_err *err)
{
	enum hf_rc rc = hf_db_exec(db, HF_Q_DB_MIGRATION_CREATE, NULL, NULL, err);

	if (rc == HF_OK)
		rc = db->driver->script(db, m->sql[db->engine], err);
	if (rc == HF_OK)
		rc = hf_db_exec(db, HF_Q_DB_MIGRATION_ADD,
				HF_ARGS(HF_INT(m->number), HF_TEXT(hf_sv_from(m->name)),
					HF_TEXT(hf_sv_from(m->sha256[db->engine])),
					HF_INT(hf_now())),
				NULL, err);
	return rc;
}

/* The next step, if there is one; another process may have been faster, so where
 * the store stands is read inside the transaction. */
static enum hf_rc
next_step(struct hf_db *db, int *number, bool *done, struct hf_err *err)
{
	enum hf_rc rc = hf_db_begin(db, true, err);

	if (rc != HF_OK)
		return rc;
	rc = hf_db_schema(db, number, err);
	if (rc == HF_OK && *number > hf_db_schema_newest())
		rc = refuse_newer(*number, err);
	*done = rc == HF_OK && *number == hf_db_schema_newest();
	if (rc == HF_OK && !*done)
		rc = take_step(db, &hf_migrations[*number], err);
	if (rc != HF_OK || *done) {
		hf_db_rollback(db);
		return rc;
	}
	rc = hf_db_commit(db, err);
	if (rc == HF_OK)
		++*number;
	return rc;
}

enum hf_rc
hf_db_migrate(struct hf_db *db, int *from, int *to, struct hf_err *err)
{
	int start = 0, number;
	bool done;
	enum hf_rc rc = hf_db_schema(db, &start, err);

	if (rc != HF_OK)
		return rc;
	number = start;
	if (number > hf_db_schema_newest())
		return refuse_newer(number, err);
	done = number == hf_db_schema_newest();
	while (rc == HF_OK && !done)
		rc = next_step(db, &number, &done, err);
	if (rc != HF_OK)
		return rc;
	if (from)
		*from = start;
	if (to)
		*to = number;
	return HF_OK;
}
