/* Copying a store while others write, and folding the log back. */
#include "place.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

static off_t
size_of(const char *path, const char *suffix)
{
	char name[400];
	struct stat st;

	snprintf(name, sizeof name, "%s%s", path, suffix);
	return stat(name, &st) == 0 ? st.st_size : -1;
}

/* Moves one from thing 1 to thing 2 again and again: the sum stays. */
struct mover {
	struct place *p;
	atomic_bool stop;
	atomic_int moves;
};

static void *
move(void *arg)
{
	struct mover *m = arg;
	struct hf_db *db = place_connect(m->p, false);

	while (!atomic_load(&m->stop)) {
		if (hf_db_begin(db, true, NULL) != HF_OK)
			continue;
		hf_db_exec(db, HF_Q_TEST_ADD, HF_ARGS(HF_INT(-1), HF_INT(1)), NULL,
			   NULL);
		hf_db_exec(db, HF_Q_TEST_ADD, HF_ARGS(HF_INT(1), HF_INT(1)), NULL,
			   NULL);
		put(db, 1000000 + atomic_load(&m->moves), 0, "new");
		if (hf_db_commit(db, NULL) == HF_OK)
			atomic_fetch_add(&m->moves, 1);
	}
	hf_db_close(db);
	return NULL;
}

PLACE_TEST(a_copy_made_while_others_write_is_whole)
{
	struct hf_db *db = place_open(p), *reader = place_connect(p, true);
	struct hf_err err = {0};
	struct mover m = {.p = p};
	struct place copy = {.engine = HF_DB_SQLITE};
	pthread_t thread;
	int64_t sum = 0;
	int before;

	assert_ok(hf_db_begin(db, true, &err), err);
	for (int i = 0; i < 20000; i++)
		put(db, i, 5, "a text that fills the pages of the file a little");
	assert_ok(hf_db_commit(db, &err), err);
	assert_int_equal(pthread_create(&thread, NULL, move, &m), 0);
	while (atomic_load(&m.moves) == 0)
		usleep(100);
	before = atomic_load(&m.moves);
	snprintf(copy.url, sizeof copy.url, "%s/copy.db", p->dir);
	assert_ok(hf_db_backup(reader, copy.url, &err), err);
	atomic_store(&m.stop, true);
	pthread_join(thread, NULL);
	hf_db_close(reader);

	assert_int_equal(size_of(copy.url, ".part"), -1);
	assert_int_equal(size_of(copy.url, "-wal"), -1); /* one file is all */
	struct stat st;

	assert_int_equal(stat(copy.url, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	copy.db = place_connect(&copy, true);
	assert_true(count(copy.db, &sum) >= 20000 + before);
	assert_int_equal(sum, 100000);
	hf_db_close(copy.db);
}

PLACE_TEST(a_copy_does_not_overwrite)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};
	char path[100];
	FILE *f;

	snprintf(path, sizeof path, "%s/taken", p->dir);
	f = fopen(path, "w");
	fputs("mine", f);
	fclose(f);
	assert_int_equal(hf_db_backup(db, path, &err), HF_EXISTS);
	assert_int_equal(size_of(path, ""), 4);
	snprintf(path, sizeof path, "%s/no/such/folder", p->dir);
	assert_int_not_equal(hf_db_backup(db, path, &err), HF_OK);
	put(db, 1, 1, "still usable");
}

PLACE_TEST(the_log_is_folded_back)
{
	struct hf_db *db = place_open(p), *reader = place_connect(p, true);
	struct hf_err err = {0};

	put(db, 1, 1, "one");
	assert_true(size_of(p->url, "-wal") > 0);
	assert_ok(hf_db_checkpoint(db, &err), err);
	assert_int_equal(size_of(p->url, "-wal"), 0);
	put(db, 2, 2, "two");
	assert_ok(hf_db_begin(reader, false, &err), err);
	assert_int_equal(count(reader, NULL), 2);
	put(db, 3, 3, "three");
	assert_int_equal(hf_db_checkpoint(db, &err), HF_BUSY);
	assert_int_equal(count(reader, NULL), 2);
	hf_db_close(reader);
	assert_ok(hf_db_checkpoint(db, &err), err);
	assert_int_equal(count(db, NULL), 3);
}

PLACE_TEST(postgresql_has_neither)
{
	struct hf_db *db = place_open(p);
	struct hf_err err = {0};

	assert_int_equal(hf_db_backup(db, "/tmp/x", &err), HF_NOT_ALLOWED);
	assert_int_equal(hf_db_checkpoint(db, &err), HF_NOT_ALLOWED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_SQLITE(a_copy_made_while_others_write_is_whole),
	    ON_SQLITE(a_copy_does_not_overwrite),
	    ON_SQLITE(the_log_is_folded_back),
	    ON_PGSQL(postgresql_has_neither),
	};

	return cmocka_run_group_tests_name("db/backup", tests, NULL, NULL);
}
