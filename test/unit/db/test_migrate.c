/* Migrations: forward only, each whole, recorded, and never guessed at. */
#include "place.h"

#include <pthread.h>

static int
schema(struct hf_db *db)
{
	struct hf_err err = {0};
	int number = -1;

	assert_ok(hf_db_schema(db, &number, &err), err);
	return number;
}

PLACE_TEST(a_new_store_gets_every_step_and_a_second_run_none)
{
	struct hf_db *db = p->db = place_connect(p, false);
	struct hf_err err = {0};
	int from = -1, to = -1;

	assert_int_equal(hf_db_schema_newest(), 3);
	assert_int_equal(schema(db), 0);
	assert_ok(hf_db_migrate(db, &from, &to, &err), err);
	assert_int_equal(from, 0);
	assert_int_equal(to, 3);
	assert_int_equal(schema(db), 3);
	assert_ok(hf_db_migrate(db, &from, &to, &err), err);
	assert_int_equal(from, 3);
	assert_int_equal(to, 3);
}

PLACE_TEST(each_step_is_recorded_with_its_name_and_hash)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	struct hf_rows rows;
	int n = 0;

	assert_ok(hf_db_query(db, HF_Q_DB_MIGRATION_LIST, NULL, &rows, &err), err);
	while (hf_rows_next(&rows)) {
		const struct hf_migration *m = &hf_migrations[n++];

		assert_int_equal(hf_rows_int(&rows, 0), n);
		assert_sv_equal(hf_rows_text(&rows, 1), m->name);
		assert_sv_equal(hf_rows_text(&rows, 2), m->sha256[p->engine]);
		assert_int_equal(hf_rows_text(&rows, 2).n, 64);
		assert_true(hf_rows_int(&rows, 3) > 1577836800000); /* since 2020 */
	}
	assert_ok(hf_rows_end(&rows, &err), err);
	assert_int_equal(n, 3);
}

PLACE_TEST(an_older_store_goes_on_from_where_it_stands)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	int from = 0, to = 0;

	place_raw(p, "DROP TABLE engine; DELETE FROM hf_migration WHERE number = 3");
	assert_int_equal(schema(db), 2);
	assert_ok(hf_db_migrate(db, &from, &to, &err), err);
	assert_int_equal(from, 2);
	assert_int_equal(to, 3);
}

PLACE_TEST(a_store_of_a_newer_version_is_refused)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	int from = 42;

	place_raw(p, "INSERT INTO hf_migration VALUES (4, 'later', 'x', 0)");
	assert_int_equal(hf_db_migrate(db, &from, NULL, &err), HF_RULE);
	assert_has(err.text, "newer homefirst (schema 4, this one knows 3)");
	assert_int_equal(from, 42);
	assert_int_equal(schema(db), 4);
}

PLACE_TEST(a_step_with_another_text_is_refused)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};

	place_raw(p, "UPDATE hf_migration SET sha256 = 'x' WHERE number = 2");
	assert_int_equal(hf_db_migrate(db, NULL, NULL, &err), HF_RULE);
	assert_has(err.text, "step 2");
	place_raw(p, "DELETE FROM hf_migration WHERE number = 2");
	assert_int_equal(hf_db_migrate(db, NULL, NULL, &err), HF_RULE);
	assert_has(err.text, "step 2 is missing");
}

PLACE_TEST(a_step_that_fails_leaves_the_store_before_it)
{
	struct hf_db *db = p->db = place_connect(p, false);
	struct hf_err err = {0};

	/* In the way of step 2, whose second statement then fails. */
	assert_ok(hf_db_migrate(db, NULL, NULL, &err), err);
	place_raw(p, "DROP TABLE pair; DROP TABLE engine;"
		     "CREATE TABLE engine (x int);"
		     "DELETE FROM hf_migration WHERE number > 1");
	assert_int_equal(hf_db_migrate(db, NULL, NULL, &err), HF_FAULT);
	assert_int_equal(schema(db), 2);
	place_raw(p, "DROP TABLE engine");
	assert_ok(hf_db_migrate(db, NULL, NULL, &err), err);
	assert_int_equal(schema(db), 3);
}

PLACE_TEST(a_database_with_other_tables_is_refused)
{
	struct hf_db *db = p->db = place_connect(p, false);
	struct hf_err err = {0};

	place_raw(p, "CREATE TABLE other (x int)");
	assert_int_equal(hf_db_migrate(db, NULL, NULL, &err), HF_INVALID);
	assert_has(err.text, "not homefirst's");
}

static void *
migrate_too(void *arg)
{
	struct hf_err *err = calloc(1, sizeof *err);
	struct hf_db *db = NULL;
	struct hf_db_config config = {.url = arg, .create = true};

	if (hf_db_open(&config, &db, err) == HF_OK)
		hf_db_migrate(db, NULL, NULL, err);
	hf_db_close(db);
	return err;
}

PLACE_TEST(two_processes_may_try_at_once)
{
	pthread_t threads[16];
	struct hf_db *db;

	for (size_t i = 0; i < HF_COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, migrate_too, p->url),
				 0);
	for (size_t i = 0; i < HF_COUNT(threads); i++) {
		struct hf_err *err = NULL;

		pthread_join(threads[i], (void **)&err);
		if (err->rc != HF_OK)
			fail_msg("%s: %s", err->path, err->text);
		free(err);
	}
	p->db = db = place_connect(p, false);
	assert_int_equal(schema(db), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BOTH(a_new_store_gets_every_step_and_a_second_run_none),
	    BOTH(each_step_is_recorded_with_its_name_and_hash),
	    BOTH(an_older_store_goes_on_from_where_it_stands),
	    BOTH(a_store_of_a_newer_version_is_refused),
	    BOTH(a_step_with_another_text_is_refused),
	    BOTH(a_step_that_fails_leaves_the_store_before_it),
	    BOTH(a_database_with_other_tables_is_refused),
	    BOTH(two_processes_may_try_at_once),
	};

	return cmocka_run_group_tests_name("db/migrate", tests, NULL, NULL);
}
