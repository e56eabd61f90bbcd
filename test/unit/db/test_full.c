/* A disk without room and a damaged file: told as what they are, nothing kept of
 * the change, and the store goes on once there is room. */
#include "place.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Writes transactions of 20 things of 10 kB until one fails; *kept counts the
 * things of those that did not. */
static enum hf_rc
fill(struct hf_db *db, int64_t *kept, struct hf_err *err)
{
	static char blob[10000];
	enum hf_rc rc = HF_OK;
	int64_t id = count(db, NULL);

	for (int round = 0; round < 500 && rc == HF_OK; round++) {
		rc = hf_db_begin(db, true, err);
		for (int i = 0; i < 20 && rc == HF_OK; i++)
			rc = hf_db_exec(
			    db, HF_Q_TEST_PUT,
			    HF_ARGS(HF_INT(id++), HF_INT(1), HF_SQLNULL,
				    HF_BLOB(((struct hf_sv){blob, sizeof blob}))),
			    NULL, err);
		if (rc == HF_OK)
			rc = hf_db_commit(db, err);
		else
			hf_db_rollback(db);
		if (rc == HF_OK)
			*kept += 20;
	}
	return rc;
}

/* A limit on the size of files stands in for a disk where none can be mounted. */
static int
fill_under_limit(struct place *p)
{
	struct rlimit limit = {3 << 20, RLIM_INFINITY},
		      none = {RLIM_INFINITY, RLIM_INFINITY};
	struct hf_err err = {0};
	int64_t kept = 0;
	struct hf_db *db = place_connect(p, false);

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	if (fill(db, &kept, &err) != HF_FULL || !strstr(err.text, "no room left")) {
		fprintf(stderr, "%s: %s\n", err.path, err.text);
		return 2;
	}
	if (count(db, NULL) != kept || kept == 0)
		return 3;
	setrlimit(RLIMIT_FSIZE, &none);
	if (try_put(db, 1000000, 1, "room again", &err) != HF_OK)
		return 4;
	if (count(db, NULL) != kept + 1)
		return 5;
	hf_db_close(db);
	return 0;
}

PLACE_TEST(a_file_that_may_not_grow_is_told_as_full)
{
	int status = 0;
	pid_t pid;

	place_open(p);
	hf_db_close(p->db);
	p->db = NULL;
	pid = fork();
	if (pid == 0)
		_exit(fill_under_limit(p));
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
mount_small(const char *dir, const char *options)
{
	if (mount("none", dir, "tmpfs", 0, options) != 0)
		skip(); /* not allowed here */
}

PLACE_TEST(a_full_disk_is_told_and_the_store_goes_on_with_room)
{
	struct hf_err err = {0};
	struct hf_db *db, *reader;
	int64_t kept = 0, before;
	char filler[100];

	mount_small(p->dir, "size=6m");
	db = place_open(p);
	reader = place_connect(p, true);
	snprintf(filler, sizeof filler, "%s/filler", p->dir);
	int fd = open(filler, O_CREAT | O_WRONLY, 0600);

	assert_int_equal(posix_fallocate(fd, 0, 2 << 20), 0);
	close(fd);
	assert_int_equal(fill(db, &kept, &err), HF_FULL);
	assert_has(err.text, "no room left");
	assert_true(kept > 0);
	assert_int_equal(count(reader, NULL), kept); /* reading goes on */
	unlink(filler);
	before = kept;
	put(db, 1000000, 1, "room again");
	assert_int_equal(count(reader, NULL), before + 1);
	hf_db_close(reader);
	hf_db_close(db);
	p->db = NULL;
	/* Nothing acknowledged is lost by opening it anew. */
	db = place_connect(p, false);
	assert_int_equal(count(db, NULL), before + 1);
	hf_db_close(db);
	assert_int_equal(umount(p->dir), 0);
}

PLACE_TEST(a_full_disk_of_the_server_is_told)
{
	struct hf_err err = {0};
	const char *server_dir;
	char space[100], sql[200];
	struct stat st;
	int64_t kept = 0;

	if (!hf_pg_own_server(&server_dir))
		skip();
	snprintf(space, sizeof space, "%s/space", server_dir);
	mkdir(space, 0700);
	mount_small(space, "size=3m");
	assert_int_equal(stat(server_dir, &st), 0);
	assert_int_equal(chown(space, st.st_uid, st.st_gid), 0);
	assert_int_equal(chmod(space, 0700), 0);
	snprintf(sql, sizeof sql, "CREATE TABLESPACE small LOCATION '%s'", space);
	place_raw(p, sql);
	place_open(p);
	place_raw(p, "ALTER TABLE thing SET TABLESPACE small;"
		     "ALTER TABLE thing ALTER b SET STORAGE PLAIN");
	/* PLAIN keeps a value in its page; 10 kB would not fit one. */
	place_raw(p, "ALTER TABLE thing ALTER b SET STORAGE EXTERNAL");
	assert_int_equal(fill(p->db, &kept, &err), HF_FULL);
	assert_has(err.text, "PostgreSQL server");
	assert_true(kept > 0);
	assert_int_equal(count(p->db, NULL), kept);
	place_raw(p, "DROP TABLE thing");
	hf_db_close(p->db);
	p->db = NULL;
	/* Files go at the next checkpoint. */
	place_raw(p, "CHECKPOINT");
	place_raw(p, "DROP TABLESPACE small");
	assert_int_equal(umount(space), 0);
}

PLACE_TEST(a_damaged_file_is_told_as_damaged)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	struct hf_rows rows;
	char junk[4096];
	enum hf_rc rc;

	assert_ok(hf_db_begin(db, true, &err), err);
	for (int i = 0; i < 5000; i++)
		put(db, i, 1, "text that makes the tree a few levels deep");
	assert_ok(hf_db_commit(db, &err), err);
	assert_ok(hf_db_checkpoint(db, &err), err);
	hf_db_close(db);
	memset(junk, 0x5a, sizeof junk);
	int fd = open(p->url, O_WRONLY);

	for (off_t page = 2; page < 60; page++)
		assert_int_equal(pwrite(fd, junk, sizeof junk, page * 4096), 4096);
	close(fd);
	p->db = db = place_connect(p, false);
	rc = hf_db_query(db, HF_Q_TEST_FROM, HF_ARGS(HF_INT(0)), &rows, &err);
	if (rc == HF_OK) {
		while (hf_rows_next(&rows))
			;
		rc = hf_rows_end(&rows, &err);
	}
	assert_int_equal(rc, HF_FAULT);
	assert_has(err.text, "damaged");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_SQLITE(a_file_that_may_not_grow_is_told_as_full),
	    ON_SQLITE(a_full_disk_is_told_and_the_store_goes_on_with_room),
	    ON_PGSQL(a_full_disk_of_the_server_is_told),
	    ON_SQLITE(a_damaged_file_is_told_as_damaged),
	};

	return cmocka_run_group_tests_name("db/full", tests, NULL, NULL);
}
