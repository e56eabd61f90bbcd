/* What stands beside the resources is written with a row of change, whole or not. */
#include "test/hf_test.h"

#include "record/io/desk.h"
#include "test/support/store.h"

struct note {
	const char *name;
	bool refuse;
	int64_t change;
};

static enum hf_rc
write_note(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct note *n = ctx;
	enum hf_rc rc = hf_db_exec(
	    db, HF_Q_RECORD_SETTING_ADD,
	    HF_ARGS(HF_TEXT(hf_sv_from(n->name)), HF_BLOB(HF_SV("x"))), NULL, err);

	assert_true(at == change >> 10);
	n->change = change;
	if (rc == HF_OK && n->refuse)
		return hf_fail(err, HF_RULE, NULL, "not today");
	return rc;
}

static enum hf_rc
note(struct hf_test_store *t, struct note *n, struct hf_err *err)
{
	return hf_store_desk(t->store,
			     &(struct hf_desk_job){.actor = HF_SV("user/1"),
						   .purpose = HF_SV("ADMIN"),
						   .what = HF_SV("note"),
						   .write = write_note,
						   .ctx = n},
			     err);
}

static bool
is_noted(struct hf_test_store *t, const char *name)
{
	struct hf_rows rows;
	bool found;

	assert_int_equal(hf_db_query(hf_reader_db(t->reader), HF_Q_RECORD_SETTING_GET,
				     HF_ARGS(HF_TEXT(hf_sv_from(name))), &rows, NULL),
			 HF_OK);
	found = hf_rows_next(&rows);
	assert_int_equal(hf_rows_end(&rows, NULL), HF_OK);
	return found;
}

static void
check_jobs(int engine)
{
	struct hf_test_store t;
	struct note good = {.name = "a"}, bad = {.name = "b", .refuse = true};
	struct hf_err err;
	uint64_t before;
	int64_t last;

	if (!hf_test_store_open(&t, engine)) {
		skip();
		return;
	}
	before = hf_store_desk_jobs(t.store);
	assert_int_equal(note(&t, &good, &err), HF_OK);
	assert_int_equal(hf_store_desk_jobs(t.store), before + 1);
	assert_true(is_noted(&t, "a"));
	assert_int_equal(hf_store_last_change(t.reader, &last, &err), HF_OK);
	assert_true(last == good.change);
	/* A refusal leaves nothing. */
	assert_int_equal(note(&t, &bad, &err), HF_RULE);
	assert_string_equal(err.text, "not today");
	assert_false(is_noted(&t, "b"));
	assert_int_equal(hf_store_desk_jobs(t.store), before + 1);
	/* And the next one is fine. */
	good.name = "c";
	assert_int_equal(note(&t, &good, &err), HF_OK);
	hf_test_store_reopen(&t);
	assert_true(is_noted(&t, "a"));
	assert_true(is_noted(&t, "c"));
	hf_test_store_close(&t);
}

static void
test_jobs_sqlite(void **state HF_UNUSED)
{
	check_jobs(0);
}

static void
test_jobs_pgsql(void **state HF_UNUSED)
{
	check_jobs(1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_jobs_sqlite),
	    cmocka_unit_test(test_jobs_pgsql),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
