/* Queries: values go in and come out as they are; what is wrong is told. */
#include "place.h"

static void
put_value(struct hf_db *db, int64_t id, struct hf_arg n, struct hf_arg t,
	  struct hf_arg b)
{
	struct hf_err err = {0};

	assert_ok(
	    hf_db_exec(db, HF_Q_TEST_PUT, HF_ARGS(HF_INT(id), n, t, b), NULL, &err),
	    err);
}

static void
expect_row(struct hf_db *db, int64_t id, struct hf_arg n, struct hf_arg t,
	   struct hf_arg b)
{
	struct hf_err err = {0};
	struct hf_rows rows;

	assert_ok(hf_db_query(db, HF_Q_TEST_GET, HF_ARGS(HF_INT(id)), &rows, &err),
		  err);
	assert_true(hf_rows_next(&rows));
	assert_int_equal(hf_rows_null(&rows, 0), n.kind == HF_ARG_NULL);
	assert_int_equal(hf_rows_null(&rows, 1), t.kind == HF_ARG_NULL);
	assert_int_equal(hf_rows_null(&rows, 2), b.kind == HF_ARG_NULL);
	assert_true(hf_rows_int(&rows, 0) == n.i);
	assert_true(hf_sv_eq(hf_rows_text(&rows, 1), t.text));
	assert_true(hf_sv_eq(hf_rows_blob(&rows, 2), b.text));
	assert_int_equal(hf_rows_text(&rows, 1).p == NULL, t.kind == HF_ARG_NULL);
	assert_int_equal(hf_rows_blob(&rows, 2).p == NULL, b.kind == HF_ARG_NULL);
	assert_false(hf_rows_next(&rows));
	assert_false(hf_rows_next(&rows)); /* the end stays the end */
	assert_ok(hf_rows_end(&rows, &err), err);
}

PLACE_TEST(values_come_back_as_they_went_in)
{
	struct hf_db *db = place_open(p);
	size_t big = 3 << 20;
	char *bytes = malloc(big);

	for (size_t i = 0; i < big; i++)
		bytes[i] = (char)(i * 7 + i / 251);
	const struct {
		struct hf_arg n, t, b;
	} cases[] = {
	    {HF_INT(0), HF_TEXT(HF_SV("")), HF_BLOB(HF_SV(""))},
	    {HF_INT(INT64_MAX), HF_TEXT(HF_SV("Zo\xc3\xab \xf0\x9f\x8f\xa0 '\"\\:x")),
	     HF_BLOB(HF_SV("\0\xff\n\0"))},
	    {HF_INT(INT64_MIN), HF_TEXT(((struct hf_sv){NULL, 0})),
	     HF_BLOB(((struct hf_sv){NULL, 0}))},
	    {HF_SQLNULL, HF_SQLNULL, HF_SQLNULL},
	    {HF_INT(-1), HF_TEXT(HF_SV("1.00")), HF_BLOB(((struct hf_sv){bytes, big}))},
	};
	for (size_t i = 0; i < HF_COUNT(cases); i++)
		put_value(db, (int64_t)i, cases[i].n, cases[i].t, cases[i].b);
	for (size_t i = 0; i < HF_COUNT(cases); i++)
		expect_row(db, (int64_t)i, cases[i].n, cases[i].t, cases[i].b);
	free(bytes);
}

PLACE_TEST(text_with_a_nul_or_of_the_wrong_kind_is_refused)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};

	assert_int_equal(hf_db_exec(db, HF_Q_TEST_PUT,
				    HF_ARGS(HF_INT(1), HF_INT(1),
					    HF_TEXT(HF_SV("a\0b")), HF_SQLNULL),
				    NULL, &err),
			 HF_INVALID);
	assert_string_equal(err.path, "test_put");
	assert_has(err.text, ":t holds a NUL");
	assert_int_equal(
	    hf_db_exec(db, HF_Q_TEST_PUT,
		       HF_ARGS(HF_INT(1), HF_TEXT(HF_SV("1")), HF_SQLNULL, HF_SQLNULL),
		       NULL, &err),
	    HF_FAULT);
	assert_has(err.text, ":n is int and was given text");
	assert_int_equal(
	    hf_db_exec(
		db, HF_Q_TEST_PUT,
		HF_ARGS(HF_INT(1), HF_INT(1), HF_SQLNULL,
			HF_BLOB(((struct hf_sv){"x", (size_t)HF_DB_VALUE_MAX + 1}))),
		NULL, &err),
	    HF_TOO_LONG);
	assert_int_equal(count(db, NULL), 0);
}

PLACE_TEST(text_that_is_not_utf_8_is_refused)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};

	assert_int_equal(try_put(db, 1, 1, "caf\xe9", &err), HF_INVALID);
	assert_has(err.text, "UTF-8");
}

PLACE_TEST(text_sorts_by_bytes)
{
	static const char *const sorted[] = {"", "10", "9", "B", "Z", "a", "\xc3\xa9"};
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	struct hf_rows rows;

	for (size_t i = HF_COUNT(sorted); i-- > 0;)
		put(db, (int64_t)i, 0, sorted[i]);
	assert_ok(hf_db_query(db, HF_Q_TEST_ALL, NULL, &rows, &err), err);
	for (size_t i = 0; i < HF_COUNT(sorted); i++) {
		assert_true(hf_rows_next(&rows));
		assert_sv_equal(hf_rows_text(&rows, HF_C_TEST_ALL_T), sorted[i]);
	}
	assert_false(hf_rows_next(&rows));
	assert_ok(hf_rows_end(&rows, &err), err);
}

PLACE_TEST(queries_nest_and_may_end_early)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	struct hf_rows outer, inner;
	int seen = 0;

	for (int i = 0; i < 10; i++)
		put(db, i, i, "x");
	assert_ok(hf_db_query(db, HF_Q_TEST_ALL, NULL, &outer, &err), err);
	while (seen < 5 && hf_rows_next(&outer)) {
		int64_t id = hf_rows_int(&outer, HF_C_TEST_ALL_ID);

		assert_ok(
		    hf_db_query(db, HF_Q_TEST_GET, HF_ARGS(HF_INT(id)), &inner, &err),
		    err);
		assert_true(hf_rows_next(&inner));
		assert_int_equal(hf_rows_int(&inner, HF_C_TEST_GET_N), id);
		assert_ok(hf_rows_end(&inner, &err), err);
		seen++;
	}
	assert_int_equal(seen, 5);
	assert_ok(hf_rows_end(&outer, &err), err);
	assert_int_equal(count(db, NULL), 10);
}

PLACE_TEST(changed_counts_the_rows_touched)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	int64_t changed = -1, sum = 0;

	for (int i = 0; i < 10; i++)
		put(db, i, 0, "x");
	assert_ok(hf_db_exec(db, HF_Q_TEST_ADD, HF_ARGS(HF_INT(3), HF_INT(6)), &changed,
			     &err),
		  err);
	assert_int_equal(changed, 4);
	assert_ok(hf_db_exec(db, HF_Q_TEST_ADD, HF_ARGS(HF_INT(3), HF_INT(60)),
			     &changed, &err),
		  err);
	assert_int_equal(changed, 0);
	assert_int_equal(count(db, &sum), 10);
	assert_int_equal(sum, 12);
}

PLACE_TEST(a_key_that_is_there_is_told_without_its_value)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};

	put(db, 987654321, 1, "one");
	assert_int_equal(try_put(db, 987654321, 2, "two", &err), HF_EXISTS);
	assert_string_equal(err.path, "test_put");
	assert_null(strstr(err.text, "987654321"));
	assert_int_equal(try_put(db, 3, 666, "three", &err), HF_FAULT);
	assert_null(strstr(err.text, "three"));
	/* Outside a transaction a failure leaves the connection usable. */
	assert_int_equal(count(db, NULL), 1);
}

PLACE_TEST(a_wrong_query_is_told_by_name)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	struct hf_rows rows;

	assert_int_equal(hf_db_query(db, HF_Q_TEST_WRONG_COLUMNS, NULL, &rows, &err),
			 HF_FAULT);
	assert_string_equal(err.path, "test_wrong_columns");
	assert_has(err.text, "gives 1 columns");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(hf_db_query(db, HF_Q_TEST_NO_TABLE, NULL, &rows, &err),
				 HF_FAULT);
		assert_string_equal(err.path, "test_no_table");
		assert_has(err.text, "nowhere");
	}
	assert_int_equal(count(db, NULL), 0);
}

PLACE_TEST(a_column_of_another_type_is_told)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	struct hf_rows rows;

	assert_int_equal(hf_db_query(db, HF_Q_TEST_UNCAST, NULL, &rows, &err),
			 HF_FAULT);
	assert_has(err.text, "column sum");
	assert_has(err.text, "cast it");
}

PLACE_TEST(a_query_that_writes_gives_rows)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	struct hf_rows rows;

	assert_ok(hf_db_begin(db, true, &err), err);
	put(db, 1, 1, "one"); /* pipelined before it */
	assert_ok(hf_db_query(db, HF_Q_TEST_PUT_RETURN,
			      HF_ARGS(HF_INT(2), HF_TEXT(HF_SV("two"))), &rows, &err),
		  err);
	assert_true(hf_rows_next(&rows));
	assert_sv_equal(hf_rows_text(&rows, HF_C_TEST_PUT_RETURN_T), "two");
	assert_false(hf_rows_next(&rows));
	assert_ok(hf_rows_end(&rows, &err), err);
	assert_ok(hf_db_commit(db, &err), err);
	assert_int_equal(count(db, NULL), 2);
}

PLACE_TEST(each_engine_has_its_own_text)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	struct hf_rows rows;

	assert_ok(hf_db_query(db, HF_Q_TEST_ENGINE, HF_ARGS(HF_INT(7)), &rows, &err),
		  err);
	assert_true(hf_rows_next(&rows));
	assert_sv_equal(hf_rows_text(&rows, HF_C_TEST_ENGINE_NAME),
			p->engine == HF_DB_SQLITE ? "sqlite; not the end"
						  : "postgresql");
	assert_int_equal(hf_rows_int(&rows, HF_C_TEST_ENGINE_X), 7);
	assert_false(hf_rows_next(&rows));
	assert_ok(hf_rows_end(&rows, &err), err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BOTH(values_come_back_as_they_went_in),
	    BOTH(text_with_a_nul_or_of_the_wrong_kind_is_refused),
	    ON_PGSQL(text_that_is_not_utf_8_is_refused),
	    BOTH(text_sorts_by_bytes),
	    BOTH(queries_nest_and_may_end_early),
	    BOTH(changed_counts_the_rows_touched),
	    BOTH(a_key_that_is_there_is_told_without_its_value),
	    BOTH(a_wrong_query_is_told_by_name),
	    ON_PGSQL(a_column_of_another_type_is_told),
	    BOTH(a_query_that_writes_gives_rows),
	    BOTH(each_engine_has_its_own_text),
	};

	return cmocka_run_group_tests_name("db/rows", tests, NULL, NULL);
}
