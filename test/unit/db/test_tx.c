/* Transactions: whole or not at all, one writer, one snapshot. */
#include "place.h"

PLACE_TEST(what_is_committed_is_there_and_what_is_rolled_back_is_not)
{
	struct hf_db *db = place_open(p), *other = place_connect(p, true);
	struct hf_err err = {0};

	assert_ok(hf_db_begin(db, true, &err), err);
	put(db, 1, 1, "one");
	assert_int_equal(count(db, NULL), 1); /* sees its own */
	assert_int_equal(count(other, NULL), 0);
	assert_ok(hf_db_commit(db, &err), err);
	assert_int_equal(count(other, NULL), 1);
	assert_ok(hf_db_begin(db, true, &err), err);
	put(db, 2, 2, "two");
	hf_db_rollback(db);
	hf_db_rollback(db); /* nothing is open: nothing happens */
	assert_int_equal(count(other, NULL), 1);
	assert_int_equal(count(db, NULL), 1);
	hf_db_close(other);
}

/* What a trigger of the schema forbids is told in its own words. */
PLACE_TEST(what_the_schema_forbids_is_refused_with_its_sentence)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};

	if (p->engine == HF_DB_SQLITE)
		place_raw(p, "CREATE TRIGGER no BEFORE INSERT ON thing WHEN NEW.n = 13 "
			     "BEGIN SELECT RAISE(ABORT, 'no thing is 13'); END");
	else
		place_raw(p, "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS "
			     "$$ BEGIN IF NEW.n = 13 THEN RAISE EXCEPTION USING "
			     "ERRCODE = 'HF001', MESSAGE = 'no thing is 13'; END IF; "
			     "RETURN NEW; END $$;"
			     "CREATE TRIGGER no BEFORE INSERT ON thing FOR EACH ROW "
			     "EXECUTE FUNCTION no()");
	put(db, 1, 12, "one");
	assert_int_equal(try_put(db, 2, 13, "two", &err), HF_RULE);
	assert_has(err.text, "no thing is 13");
	assert_int_equal(count(db, NULL), 1);
}

PLACE_TEST(closing_rolls_back)
{
	struct hf_db *db = place_open(p), *other = place_connect(p, false);
	struct hf_err err = {0};

	assert_ok(hf_db_begin(other, true, &err), err);
	put(other, 1, 1, "one");
	hf_db_close(other);
	hf_db_close(NULL);
	assert_int_equal(count(db, NULL), 0);
	assert_ok(hf_db_begin(db, true, &err), err); /* its lock is gone too */
}

PLACE_TEST(reading_is_one_snapshot)
{
	struct hf_db *db = place_open(p), *reader = place_connect(p, true);
	struct hf_err err = {0};

	put(db, 1, 1, "one");
	assert_ok(hf_db_begin(reader, false, &err), err);
	assert_int_equal(count(reader, NULL), 1);
	put(db, 2, 2, "two");
	assert_int_equal(count(reader, NULL), 1);
	assert_ok(hf_db_commit(reader, &err), err);
	assert_int_equal(count(reader, NULL), 2);
	hf_db_close(reader);
}

PLACE_TEST(a_reading_transaction_refuses_to_write)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	struct hf_rows rows;

	assert_ok(hf_db_begin(db, false, &err), err);
	assert_int_equal(try_put(db, 1, 1, "one", &err), HF_FORBIDDEN);
	assert_int_equal(hf_db_query(db, HF_Q_TEST_PUT_RETURN,
				     HF_ARGS(HF_INT(1), HF_TEXT(HF_SV("x"))), &rows,
				     &err),
			 HF_FORBIDDEN);
	hf_db_rollback(db);
	assert_int_equal(count(db, NULL), 0);
}

PLACE_TEST(a_second_writer_is_told_to_wait)
{
	struct hf_db *db = place_open(p), *other = place_connect(p, false);
	struct hf_err err = {0};

	assert_ok(hf_db_begin(db, true, &err), err);
	put(db, 1, 1, "one");
	assert_int_equal(hf_db_begin(other, true, &err), HF_BUSY);
	assert_has(err.text, "another process is writing");
	assert_ok(hf_db_commit(db, &err), err);
	assert_ok(hf_db_begin(other, true, &err), err);
	assert_int_equal(count(other, NULL), 1); /* all that the first one did */
	put(other, 2, 2, "two");
	assert_ok(hf_db_commit(other, &err), err);
	hf_db_close(other);
	assert_int_equal(count(db, NULL), 2);
}

/* Far more statements than fit a pipeline, one of them wrong. */
PLACE_TEST(a_failure_among_many_statements_keeps_nothing)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	enum hf_rc rc = HF_OK;

	assert_ok(hf_db_begin(db, true, &err), err);
	for (int i = 0; i < 3000 && rc == HF_OK; i++)
		rc = try_put(db, i == 1500 ? 7 : i, 1, "x", &err);
	if (rc == HF_OK)
		rc = hf_db_commit(db, &err);
	else
		hf_db_rollback(db);
	assert_int_equal(rc, HF_EXISTS);
	assert_string_equal(err.path, "test_put");
	assert_int_equal(count(db, NULL), 0);

	assert_ok(hf_db_begin(db, true, &err), err);
	for (int i = 0; i < 3000; i++)
		put(db, i, 1, "x");
	assert_ok(hf_db_commit(db, &err), err);
	assert_int_equal(count(db, NULL), 3000);
}

PLACE_TEST(after_a_failed_statement_commit_refuses)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	struct hf_rows rows;
	int64_t changed = 0;

	put(db, 1, 1, "one");
	assert_ok(hf_db_begin(db, true, &err), err);
	put(db, 2, 2, "two");
	assert_int_equal(
	    hf_db_exec(db, HF_Q_TEST_PUT,
		       HF_ARGS(HF_INT(1), HF_INT(1), HF_SQLNULL, HF_SQLNULL), &changed,
		       &err),
	    HF_EXISTS);
	assert_int_not_equal(hf_db_commit(db, &err), HF_OK);
	assert_int_equal(count(db, NULL), 1);

	assert_ok(hf_db_begin(db, true, &err), err);
	put(db, 2, 2, "two");
	assert_int_equal(hf_db_query(db, HF_Q_TEST_NO_TABLE, NULL, &rows, &err),
			 HF_FAULT);
	assert_int_not_equal(hf_db_commit(db, &err), HF_OK);
	assert_int_equal(count(db, NULL), 1);

	/* Refused before the engine saw it: just the same. */
	assert_ok(hf_db_begin(db, true, &err), err);
	put(db, 2, 2, "two");
	assert_int_equal(
	    hf_db_exec(db, HF_Q_TEST_PUT,
		       HF_ARGS(HF_INT(9), HF_INT(1), HF_TEXT(HF_SV("\0")), HF_SQLNULL),
		       NULL, &err),
	    HF_INVALID);
	assert_int_not_equal(hf_db_commit(db, &err), HF_OK);
	assert_int_equal(count(db, NULL), 1);
	/* The next transaction starts clean. */
	assert_ok(hf_db_begin(db, true, &err), err);
	put(db, 2, 2, "two");
	assert_ok(hf_db_commit(db, &err), err);
	assert_int_equal(count(db, NULL), 2);
}

static void
cut_connections(struct place *p)
{
	place_raw(p, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
		     "datname = current_database() AND pid <> pg_backend_pid()");
}

PLACE_TEST(a_lost_connection_is_told_and_mended_at_the_next_begin)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};

	put(db, 1, 1, "one");
	assert_ok(hf_db_begin(db, true, &err), err);
	put(db, 2, 2, "two");
	cut_connections(p);
	assert_int_equal(hf_db_commit(db, &err), HF_BUSY);
	assert_has(err.text, "try again");
	assert_ok(hf_db_begin(db, true, &err), err);
	assert_int_equal(count(db, NULL), 1);
	put(db, 2, 2, "two");
	assert_ok(hf_db_commit(db, &err), err);

	/* Between transactions. */
	cut_connections(p);
	struct hf_rows rows;

	assert_int_equal(hf_db_query(db, HF_Q_TEST_COUNT, NULL, &rows, &err), HF_BUSY);
	assert_int_equal(count(db, NULL), 2);

	/* In the middle of one: every later call says so until it is rolled back. */
	assert_ok(hf_db_begin(db, true, &err), err);
	cut_connections(p);
	assert_int_equal(hf_db_query(db, HF_Q_TEST_COUNT, NULL, &rows, &err), HF_BUSY);
	assert_int_equal(try_put(db, 3, 3, "x", &err), HF_BUSY);
	hf_db_rollback(db);
	assert_int_equal(count(db, NULL), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BOTH(what_is_committed_is_there_and_what_is_rolled_back_is_not),
	    BOTH(what_the_schema_forbids_is_refused_with_its_sentence),
	    BOTH(closing_rolls_back),
	    BOTH(reading_is_one_snapshot),
	    BOTH(a_reading_transaction_refuses_to_write),
	    BOTH(a_second_writer_is_told_to_wait),
	    BOTH(a_failure_among_many_statements_keeps_nothing),
	    BOTH(after_a_failed_statement_commit_refuses),
	    ON_PGSQL(a_lost_connection_is_told_and_mended_at_the_next_begin),
	};

	return cmocka_run_group_tests_name("db/tx", tests, NULL, NULL);
}
