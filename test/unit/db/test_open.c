/* Opening a store: what is refused, and what is said of it. */
#include "place.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static enum hf_rc
try_open(const char *url, bool create, bool read_only, struct hf_err *err)
{
	struct hf_db *db = (struct hf_db *)(uintptr_t)1;
	enum hf_rc rc = hf_db_open(&(struct hf_db_config){.url = url,
							  .create = create,
							  .read_only = read_only},
				   &db, err);

	if (rc == HF_OK)
		hf_db_close(db);
	else
		assert_ptr_equal(db, (void *)1); /* outputs are left alone */
	return rc;
}

HF_TEST(an_address_of_another_kind_is_refused)
{
	struct hf_err err = {0};

	assert_int_equal(try_open("", true, false, &err), HF_INVALID);
	assert_int_equal(try_open("mysql://host/db", true, false, &err), HF_INVALID);
	assert_has(err.text, "postgresql://");
}

PLACE_TEST(a_store_that_is_not_there_is_not_made_unasked)
{
	struct hf_err err = {0};

	assert_int_equal(try_open(p->url, false, false, &err), HF_NOT_FOUND);
	assert_has(err.text, "homefirst init");
	assert_int_equal(access(p->url, F_OK), -1);
	assert_int_equal(try_open(p->url, true, true, &err), HF_NOT_FOUND);
	assert_int_equal(try_open(p->url, true, false, &err), HF_OK);
	assert_int_equal(try_open(p->url, false, false, &err), HF_OK);
	assert_int_equal(try_open(p->url, false, true, &err), HF_OK);
}

PLACE_TEST(a_file_of_another_program_is_refused_and_left_alone)
{
	struct hf_err err = {0};
	char path[120];
	FILE *f;
	struct stat before, after;

	snprintf(path, sizeof path, "%s/letter.txt", p->dir);
	f = fopen(path, "w");
	for (int i = 0; i < 500; i++)
		fputs("this is a letter\n", f);
	fclose(f);
	stat(path, &before);
	assert_int_equal(try_open(path, true, false, &err), HF_INVALID);
	assert_has(err.text, "not a homefirst store");
	stat(path, &after);
	assert_int_equal(before.st_size, after.st_size);

	place_raw(p, "CREATE TABLE other (x); INSERT INTO other VALUES (1)");
	assert_int_equal(try_open(p->url, true, false, &err), HF_INVALID);
	assert_has(err.text, "not a homefirst store");
	assert_int_equal(try_open(p->dir, true, false, &err), HF_INVALID);
	assert_has(err.text, "not a file");
}

PLACE_TEST(a_store_can_be_read_by_its_owner_alone)
{
	struct stat st;
	char log[400];

	umask(0);
	put(place_open(p), 1, 1, "one");
	assert_int_equal(stat(p->url, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	snprintf(log, sizeof log, "%s-wal", p->url);
	assert_int_equal(stat(log, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

/* Runs body as a user who owns nothing; gives what it exits with. */
static int
as_nobody(int (*body)(struct place *), struct place *p)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(99);
		_exit(body(p));
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static int
open_for_writing(struct place *p)
{
	struct hf_err err = {0};

	return (int)try_open(p->url, true, false, &err);
}

PLACE_TEST(a_file_that_may_not_be_written_is_told)
{
	hf_db_close(place_connect(p, false));
	assert_int_equal(chmod(p->dir, 0755), 0);
	assert_int_equal(chmod(p->url, 0444), 0);
	assert_int_equal(as_nobody(open_for_writing, p), HF_FORBIDDEN);
	assert_int_equal(chmod(p->dir, 0700), 0);
	if (getuid() == 0)
		assert_int_equal(as_nobody(open_for_writing, p), HF_FORBIDDEN);
}

PLACE_TEST(a_connection_for_reading_writes_nothing)
{
	struct hf_err err = {0};
	struct hf_db *db;
	struct hf_rows rows;

	put(place_open(p), 1, 1, "one");
	db = place_connect(p, true);
	assert_int_equal(count(db, NULL), 1);
	assert_int_equal(hf_db_begin(db, true, &err), HF_FORBIDDEN);
	assert_int_equal(try_put(db, 2, 2, "two", &err), HF_FORBIDDEN);
	/* A query that gives rows may be a writing one too. */
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_TEST_PUT_RETURN,
			HF_ARGS(HF_INT(3), HF_TEXT(HF_SV("x"))), &rows, &err);

	if (rc == HF_OK) {
		assert_false(hf_rows_next(&rows));
		rc = hf_rows_end(&rows, &err);
	}
	assert_int_equal(rc, HF_FORBIDDEN);
	assert_int_equal(count(db, NULL), 1);
	hf_db_close(db);
}

PLACE_TEST(a_database_that_is_not_there_is_told_by_name)
{
	struct hf_err err = {0};
	char url[400];

	snprintf(url, sizeof url, "%s&dbname=hf_nowhere", p->url);
	assert_int_equal(try_open(url, true, false, &err), HF_NOT_FOUND);
	assert_has(err.text, "hf_nowhere");
	snprintf(url, sizeof url, "%s&user=hf_nobody", p->url);
	assert_int_equal(try_open(url, true, false, &err), HF_FORBIDDEN);
}

PLACE_TEST(a_database_that_is_not_utf_8_is_refused)
{
	struct hf_err err = {0};
	char url[400];

	place_raw(p, "DROP DATABASE IF EXISTS hf_latin1");
	place_raw(p, "CREATE DATABASE hf_latin1 ENCODING 'LATIN1' LOCALE 'C' "
		     "TEMPLATE template0");
	snprintf(url, sizeof url, "%s&dbname=hf_latin1", p->url);
	assert_int_equal(try_open(url, true, false, &err), HF_INVALID);
	assert_has(err.text, "UTF8");
	place_raw(p, "DROP DATABASE hf_latin1");
}

HF_TEST(a_server_that_does_not_answer_is_told_without_the_password)
{
	struct hf_err err = {0};

	assert_int_equal(
	    try_open("postgresql://u:s3cret@127.0.0.1:1/d", true, false, &err),
	    HF_BUSY);
	assert_has(err.text, "port 1");
	assert_null(strstr(err.text, "s3cret"));
	assert_int_equal(try_open("postgresql://u:s3cret@h:port/d", true, false, &err),
			 HF_BUSY);
	assert_null(strstr(err.text, "s3cret"));
	assert_int_equal(
	    try_open("postgresql://u:s3cret@h/d?what=1", true, false, &err),
	    HF_INVALID);
	assert_null(strstr(err.text, "s3cret"));
	assert_null(strstr(err.path, "s3cret"));
}

/* What an operator may have set for the whole server does not weaken commits. */
PLACE_TEST(commits_are_durable_whatever_the_default)
{
	struct hf_db *db = place_open(p);
	char sql[200];

	if (p->engine == HF_DB_PGSQL) {
		snprintf(sql, sizeof sql,
			 "DO $$BEGIN EXECUTE 'ALTER DATABASE ' || current_database() "
			 "|| ' SET synchronous_commit = off'; END$$");
		place_raw(p, sql);
		hf_db_close(db);
		p->db = db = place_connect(p, false);
	}
	struct hf_rows rows;
	struct hf_err err = {0};

	assert_ok(hf_db_query(db, HF_Q_TEST_DURABLE, NULL, &rows, &err), err);
	assert_true(hf_rows_next(&rows));
	assert_sv_equal(hf_rows_text(&rows, HF_C_TEST_DURABLE_SETTING),
			p->engine == HF_DB_PGSQL ? "on" : "2 wal 4096");
	assert_ok(hf_rows_end(&rows, &err), err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_address_of_another_kind_is_refused),
	    ON_SQLITE(a_store_that_is_not_there_is_not_made_unasked),
	    ON_SQLITE(a_file_of_another_program_is_refused_and_left_alone),
	    ON_SQLITE(a_store_can_be_read_by_its_owner_alone),
	    ON_SQLITE(a_file_that_may_not_be_written_is_told),
	    BOTH(a_connection_for_reading_writes_nothing),
	    ON_PGSQL(a_database_that_is_not_there_is_told_by_name),
	    ON_PGSQL(a_database_that_is_not_utf_8_is_refused),
	    cmocka_unit_test(
		a_server_that_does_not_answer_is_told_without_the_password),
	    BOTH(commits_are_durable_whatever_the_default),
	};

	return cmocka_run_group_tests_name("db/open", tests, NULL, NULL);
}
