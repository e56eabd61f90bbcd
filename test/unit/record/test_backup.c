/* What was in a store is in the one its backup is restored to, on the same engine
 * or the other, with the audit; or there is no store at all. */
#include "keep.h"

#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/table.h"
#include "record/io/backup.h"
#include "record/io/check.h"
#include "record/io/store_impl.h"

static char dir[40];

static int
set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/hf-backup-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int
remove_one(const char *path, const struct stat *st HF_UNUSED, int flag HF_UNUSED,
	   struct FTW *ftw HF_UNUSED)
{
	return remove(path);
}

static int
tear_down(void **state)
{
	(void)state;
	return nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Paths in the test's folder; n names each. */
static const char *
at(const char *what, int n)
{
	static char paths[16][120];
	static unsigned next;
	char *path = paths[next++ % 16];

	snprintf(path, sizeof paths[0], "%s/%s-%d", dir, what, n);
	return path;
}

static int serial;

static struct hf_vault_key
the_key(void)
{
	static char path[120];
	FILE *f;

	snprintf(path, sizeof path, "%s/key", dir);
	f = fopen(path, "w");
	fputs("0123456789abcdef0123456789abcdef", f);
	fclose(f);
	return (struct hf_vault_key){.file = path};
}

static void
write_file(const char *folder, const char *name, const char *text)
{
	char path[200];
	FILE *f;

	mkdir(folder, 0700);
	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static bool
file_is(const char *folder, const char *name, const char *text)
{
	char path[200], got[200] = "";
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "r");
	if (!f)
		return false;
	n = fread(got, 1, sizeof got, f);
	fclose(f);
	return n == strlen(text) && memcmp(got, text, n) == 0;
}

static struct hf_backup_config
config(int n, const char *audit)
{
	return (struct hf_backup_config){
	    .path = at("backup", n), .key = the_key(), .audit = audit};
}

/* A store made of a backup, opened. */
static struct hf_store *
restored(const struct hf_backup_config *c, int engine, struct hf_copy_report *report)
{
	struct hf_store_config to = {.cache_bytes = 32 << 20};
	struct hf_store *s = NULL;
	struct hf_err err = {0};

	if (engine == 0)
		to.data = at("data", serial++);
	else
		to.url = hf_pg_database();
	keep_ok(hf_store_restore(&to, c, report, &err), err);
	keep_ok(hf_store_open(&to, &s, &err), err);
	return s;
}

static void
expect_right(struct hf_store *s)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_check_report r;
	struct hf_err err = {0};

	keep_ok(hf_store_check(s, NULL, &issues, &r, &err), err);
	assert_int_equal(r.problems, 0);
	hf_arena_free(&arena);
}

KEEP_TEST(a_restored_store_holds_the_same_rows)
{
	struct hf_copy_report made = {0}, read = {0};
	struct hf_err err = {0};
	struct hf_backup_config c = config(serial++, NULL);
	char *before, *after;
	struct hf_store *s;

	keep_fill(t);
	before = keep_dump(t->store, false);
	keep_ok(hf_store_backup(t->store, &c, &made, &err), err);
	s = restored(&c, engine, &read);
	after = keep_dump(s, false);
	assert_string_equal(before, after);
	assert_int_equal(made.rows, read.rows);
	assert_true(made.rows > 1200);
	assert_int_equal(made.bytes, read.bytes);
	expect_right(s);
	hf_store_close(s);
	free(before);
	free(after);
}

KEEP_TEST(a_backup_goes_from_one_engine_to_the_other)
{
	struct hf_backup_config c = config(serial++, NULL);
	struct hf_err err = {0};
	char *before, *after;
	struct hf_store *s;

	if (!hf_pg_database()) {
		hf_test_store_close(t);
		skip();
	}
	keep_fill(t);
	before = keep_dump(t->store, false);
	keep_ok(hf_store_backup(t->store, &c, NULL, &err), err);
	s = restored(&c, 1 - engine, NULL);
	after = keep_dump(s, false);
	assert_string_equal(before, after);
	expect_right(s);
	hf_store_close(s);
	free(before);
	free(after);
}

KEEP_TEST(a_restored_store_takes_changes)
{
	static const char *const more[] = {
	    "{\"resourceType\":\"Organization\",\"id\":\"org-1\",\"name\":\"Other\"}",
	    "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"New\"}]}"};
	struct hf_backup_config c = config(serial++, NULL);
	struct hf_test_store other = {.arena = {.cap = 1 << 28}};
	struct hf_change_item *items;
	struct hf_err err = {0};

	keep_fill(t);
	keep_ok(hf_store_backup(t->store, &c, NULL, &err), err);
	other.store = restored(&c, engine, NULL);
	keep_ok(hf_reader_get(other.store, &other.reader, &err), err);
	keep_ok(hf_test_put(&other, more, 2, &items, &err), err);
	assert_int_equal(items[0].version, 2);
	expect_right(other.store);
	hf_reader_put(other.reader);
	hf_store_close(other.store);
	hf_arena_free(&other.arena);
}

KEEP_TEST(the_audit_comes_along)
{
	const char *audit = at("audit", serial++), *back = at("audit", serial++);
	struct hf_backup_config c = config(serial++, audit);
	struct hf_copy_report made = {0};
	struct hf_err err = {0};
	struct hf_store *s;

	write_file(audit, "00000001.ndjson", "{\"a\":1}\n");
	write_file(audit, "00000002.ndjson", "");
	write_file(audit, "head", "2 abc\n");
	write_file(audit, "lock", "");
	write_file(audit, ".hidden", "x");
	keep_ok(hf_store_backup(t->store, &c, &made, &err), err);
	assert_int_equal(made.files, 3);
	c.audit = back;
	s = restored(&c, engine, NULL);
	hf_store_close(s);
	assert_true(file_is(back, "00000001.ndjson", "{\"a\":1}\n"));
	assert_true(file_is(back, "00000002.ndjson", ""));
	assert_true(file_is(back, "head", "2 abc\n"));
	assert_false(file_is(back, "lock", ""));
	assert_int_equal(access(at("audit.part", 0), F_OK), -1);
	/* An audit that is there is not mixed with another. */
	struct hf_store_config to = {.data = at("data", serial++)};

	assert_int_equal(hf_store_restore(&to, &c, NULL, &err), HF_EXISTS);
	assert_non_null(strstr(err.text, "audit"));
	/* Without a folder it is left out. */
	c.audit = NULL;
	hf_store_close(restored(&c, engine, NULL));
}

struct writing {
	struct hf_test_store *t;
	atomic_bool stop;
	atomic_int done;
};

static void *
write_on(void *arg)
{
	struct writing *w = arg;
	struct hf_test_store mine = {.store = w->t->store,
				     .arena = {.cap = (size_t)1 << 30}};
	static const char *const one[] = {
	    "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":"
	    "{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/pat-1\"}}"};

	if (hf_reader_get(mine.store, &mine.reader, NULL) != HF_OK)
		return NULL;
	while (!atomic_load(&w->stop)) {
		hf_arena_reset(&mine.arena);
		if (hf_test_put(&mine, one, 1, NULL, NULL) == HF_OK)
			atomic_fetch_add(&w->done, 1);
	}
	hf_reader_put(mine.reader);
	hf_arena_free(&mine.arena);
	return NULL;
}

KEEP_TEST(a_backup_made_while_others_write_is_of_one_moment)
{
	struct hf_backup_config c = config(serial++, NULL);
	struct writing w = {.t = t};
	struct hf_err err = {0};
	struct hf_store *s;
	pthread_t thread;
	int before;

	keep_fill(t);
	assert_int_equal(pthread_create(&thread, NULL, write_on, &w), 0);
	while (atomic_load(&w.done) < 5)
		usleep(100);
	before = atomic_load(&w.done);
	keep_ok(hf_store_backup(t->store, &c, NULL, &err), err);
	atomic_store(&w.stop, true);
	pthread_join(thread, NULL);
	s = restored(&c, engine, NULL);
	expect_right(s);

	struct hf_reader *r = NULL;
	struct hf_store_stats stats;

	keep_ok(hf_reader_get(s, &r, &err), err);
	keep_ok(hf_store_stats(r, &stats, &err), err);
	assert_true(stats.resources >= 609 + before);
	hf_reader_put(r);
	hf_store_close(s);
}

KEEP_TEST(another_key_or_a_damaged_file_makes_no_store)
{
	struct hf_backup_config c = config(serial++, NULL), wrong;
	struct hf_store_config to = {0};
	struct hf_err err = {0};
	struct stat st;
	FILE *f;

	to.data = engine == 0 ? at("data", serial++) : NULL;
	to.url = engine == 0 ? NULL : hf_pg_database();
	keep_fill(t);
	keep_ok(hf_store_backup(t->store, &c, NULL, &err), err);
	assert_int_equal(hf_store_backup(t->store, &c, NULL, &err), HF_EXISTS);
	wrong = c;
	wrong.key = (struct hf_vault_key){.passphrase = HF_SV("not the one")};
	assert_int_equal(hf_store_restore(&to, &wrong, NULL, &err), HF_FORBIDDEN);
	if (to.data)
		assert_int_equal(access(to.data, F_OK), -1);
	wrong = c;
	wrong.path = at("nowhere", 0);
	assert_int_equal(hf_store_restore(&to, &wrong, NULL, &err), HF_NOT_FOUND);

	/* Cut off near its end: what was loaded by then is taken away again. */
	assert_int_equal(stat(c.path, &st), 0);
	assert_int_equal(truncate(c.path, st.st_size - 10), 0);
	assert_int_equal(hf_store_restore(&to, &c, NULL, &err), HF_INVALID);
	assert_non_null(strstr(err.text, "damaged or cut off"));
	if (to.data) {
		char part[200];

		snprintf(part, sizeof part, "%s/homefirst.db.part", to.data);
		assert_int_equal(access(part, F_OK), -1);
		snprintf(part, sizeof part, "%s/homefirst.db", to.data);
		assert_int_equal(access(part, F_OK), -1);
	}
	f = fopen(c.path, "w");
	fclose(f);
	unlink(c.path);
	/* The same place takes a good one. */
	keep_ok(hf_store_backup(t->store, &c, NULL, &err), err);
	keep_ok(hf_store_restore(&to, &c, NULL, &err), err);
	assert_int_equal(hf_store_restore(&to, &c, NULL, &err), HF_EXISTS);
}

/* The schema grows; a table or column that copy.c does not know would be lost. */
KEEP_TEST(every_table_and_column_is_copied)
{
	struct hf_err err = {0};
	struct hf_reader *r = NULL;
	struct hf_rows rows;

	keep_ok(hf_reader_get(t->store, &r, &err), err);
	keep_ok(hf_db_query(r->db, HF_Q_RECORD_COPY_SCHEMA, NULL, &rows, &err), err);
	while (hf_rows_next(&rows)) {
		struct hf_sv table = hf_rows_text(&rows, 0);
		bool out = false;

		for (const char *const *n = hf_copy_left_out; *n; n++)
			out |= hf_sv_eq(table, hf_sv_from(*n));
		if (!out && !hf_copy_has(table, hf_rows_text(&rows, 1)))
			fail_msg("column %.*s of table %.*s is not copied",
				 HF_SV_ARG(hf_rows_text(&rows, 1)), HF_SV_ARG(table));
	}
	keep_ok(hf_rows_end(&rows, &err), err);
	hf_reader_put(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    KEEP_BOTH(a_restored_store_holds_the_same_rows),
	    KEEP_BOTH(a_backup_goes_from_one_engine_to_the_other),
	    KEEP_BOTH(a_restored_store_takes_changes),
	    KEEP_BOTH(the_audit_comes_along),
	    KEEP_BOTH(a_backup_made_while_others_write_is_of_one_moment),
	    KEEP_BOTH(another_key_or_a_damaged_file_makes_no_store),
	    KEEP_BOTH(every_table_and_column_is_copied),
	};

	return cmocka_run_group_tests_name("record/backup", tests, set_up, tear_down);
}
