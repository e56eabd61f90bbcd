/* A disk without room, at each place a store writes: commits, making again, backup,
 * restore.  It is told, nothing is half there, and with room all goes on. */
#include "keep.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "record/io/backup.h"
#include "record/io/rebuild.h"

enum { DISK_MB = 16 };

static char disk[40], elsewhere[40];

static int
remove_one(const char *path, const struct stat *st HF_UNUSED, int flag HF_UNUSED,
	   struct FTW *ftw HF_UNUSED)
{
	return remove(path);
}

static int
set_up(void **state)
{
	char options[20];

	snprintf(disk, sizeof disk, "/tmp/hf-disk-XXXXXX");
	snprintf(elsewhere, sizeof elsewhere, "/tmp/hf-else-XXXXXX");
	if (!mkdtemp(disk) || !mkdtemp(elsewhere))
		return -1;
	snprintf(options, sizeof options, "size=%dm", DISK_MB);
	*state = mount("none", disk, "tmpfs", 0, options) == 0 ? disk : NULL;
	return 0;
}

static int
tear_down(void **state)
{
	if (*state)
		umount2(disk, MNT_DETACH);
	rmdir(disk);
	return nftw(elsewhere, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *
on(const char *folder, const char *name)
{
	static char paths[32][120];
	static unsigned next;
	char *path = paths[next++ % 32];

	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

/* Takes all room but so many bytes. */
static void
take_room(off_t but)
{
	struct statvfs v;
	int fd = open(on(disk, "filler"), O_CREAT | O_WRONLY, 0600);
	off_t room;

	assert_int_equal(statvfs(disk, &v), 0);
	room = (off_t)(v.f_bavail * v.f_bsize);
	if (room > but)
		assert_int_equal(posix_fallocate(fd, 0, room - but), 0);
	close(fd);
}

static void
give_room(void)
{
	unlink(on(disk, "filler"));
}

static void
open_store(struct hf_test_store *t, const char *data)
{
	struct hf_store_config c = {
	    .data = data, .create = true, .cache_bytes = 16 << 20};
	struct hf_err err = {0};

	*t = (struct hf_test_store){.arena = {.cap = (size_t)1 << 30}};
	keep_ok(hf_store_open(&c, &t->store, &err), err);
	keep_ok(hf_reader_get(t->store, &t->reader, &err), err);
}

static void
close_store(struct hf_test_store *t)
{
	hf_reader_put(t->reader);
	hf_store_close(t->store);
	hf_arena_free(&t->arena);
}

static int64_t
expect_right(struct hf_test_store *t)
{
	struct hf_issues issues = {.arena = &t->arena};
	struct hf_check_report r = {0};
	struct hf_err err = {0};

	keep_ok(hf_store_check(t->store, NULL, &issues, &r, &err), err);
	if (r.problems > 0)
		fail_msg("%.*s", HF_SV_ARG(issues.items[0].text));
	return r.resources;
}

/* Commits resources with bodies that do not shrink until one is refused. */
static enum hf_rc
fill(struct hf_test_store *t, int64_t *kept, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;
	uint32_t x = 1;

	for (int i = 0; i < 3000 && rc == HF_OK; i++) {
		char json[9000];
		const char *one = json;
		int n = snprintf(json, sizeof json,
				 "{\"resourceType\":\"Basic\",\"code\":{\"text\":\"");

		for (; n < 8000; n++) {
			x = x * 1664525u + 1013904223u;
			json[n] = (char)('a' + (x >> 24) % 26);
		}
		snprintf(json + n, sizeof json - (size_t)n, "\"}}");
		hf_arena_reset(&t->arena);
		rc = hf_test_put(t, &one, 1, NULL, err);
		*kept += rc == HF_OK;
	}
	return rc;
}

static void
commits_are_refused_while_there_is_no_room_and_taken_again_after(void **state)
{
	struct hf_test_store t;
	struct hf_err err = {0};
	int64_t kept = 0, after = 0;
	const char *one = "{\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"}}";

	if (!*state)
		skip();
	open_store(&t, on(disk, "full"));
	take_room(4 << 20);
	assert_int_equal(fill(&t, &kept, &err), HF_FULL);
	assert_non_null(strstr(err.text, "no room left"));
	assert_true(kept > 20);
	assert_int_equal(expect_right(&t), kept); /* reading goes on */
	assert_int_equal(hf_test_put(&t, &one, 1, NULL, &err), HF_FULL);
	give_room();
	keep_ok(hf_test_put(&t, &one, 1, NULL, &err), err);
	assert_int_equal(expect_right(&t), kept + 1);
	close_store(&t);
	/* What was acknowledged is there in the next process. */
	open_store(&t, on(disk, "full"));
	after = expect_right(&t);
	assert_int_equal(after, kept + 1);
	close_store(&t);
	nftw(on(disk, "full"), remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void
making_again_without_room_changes_nothing(void **state)
{
	struct hf_test_store t;
	struct hf_rebuild_report r;
	struct hf_err err = {0};
	char *before, *after;

	if (!*state)
		skip();
	open_store(&t, on(disk, "again"));
	keep_fill(&t);
	close_store(&t); /* its log is folded back: no room is left in it */
	open_store(&t, on(disk, "again"));
	before = keep_dump(t.store, false);
	take_room(4096);
	assert_int_equal(hf_store_rebuild(t.store, NULL, &r, &err), HF_FULL);
	after = keep_dump(t.store, false);
	assert_string_equal(before, after);
	free(after);
	give_room();
	keep_ok(hf_store_rebuild(t.store, NULL, &r, &err), err);
	after = keep_dump(t.store, false);
	assert_string_equal(before, after);
	free(after);
	free(before);
	close_store(&t);
	nftw(on(disk, "again"), remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void
a_backup_or_restore_without_room_leaves_nothing(void **state)
{
	struct hf_backup_config c = {
	    .path = on(disk, "backup"),
	    .key = {.passphrase = HF_SV("a phrase for a test")}};
	struct hf_store_config to = {.data = on(disk, "restored")};
	struct hf_test_store t;
	struct hf_err err = {0};

	if (!*state)
		skip();
	open_store(&t, on(elsewhere, "store"));
	keep_fill(&t);
	take_room(8192);
	assert_int_equal(hf_store_backup(t.store, &c, NULL, &err), HF_FULL);
	assert_int_equal(access(on(disk, "backup"), F_OK), -1);
	assert_int_equal(access(on(disk, "backup.part"), F_OK), -1);
	give_room();
	keep_ok(hf_store_backup(t.store, &c, NULL, &err), err);
	take_room(150000);
	assert_int_equal(hf_store_restore(&to, &c, NULL, &err), HF_FULL);
	assert_int_equal(access(on(disk, "restored/homefirst.db"), F_OK), -1);
	assert_int_equal(access(on(disk, "restored/homefirst.db.part"), F_OK), -1);
	give_room();
	keep_ok(hf_store_restore(&to, &c, NULL, &err), err);
	close_store(&t);
	open_store(&t, on(disk, "restored"));
	assert_int_equal(expect_right(&t), 610);
	close_store(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		commits_are_refused_while_there_is_no_room_and_taken_again_after,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(making_again_without_room_changes_nothing,
					    set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_backup_or_restore_without_room_leaves_nothing, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("record/full", tests, NULL, NULL);
}
