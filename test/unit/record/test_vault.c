/* An encrypted file comes back as it was, or is refused: any other key, any changed
 * byte, any cut and any addition. */
#include "test/hf_test.h"
#include "record/io/vault.h"

#include <ftw.h>
#include <sys/resource.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rng.h"

static char dir[40];

static int
set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/hf-vault-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static int
tear_down(void **state)
{
	(void)state;
	return nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *
at(const char *name)
{
	static char path[100];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static struct hf_vault_key
key_file(char c)
{
	static char path[100];
	FILE *f;

	snprintf(path, sizeof path, "%s/key-%c", dir, c);
	f = fopen(path, "w");
	for (int i = 0; i < 40; i++)
		fputc(c, f);
	fclose(f);
	return (struct hf_vault_key){.file = path};
}

static char *
bytes(size_t n, bool dull)
{
	char *p = malloc(n + 1);
	struct hf_rng r;

	hf_rng_seed(&r, 1, 1);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(dull ? i % 7 : hf_rng_u32(&r));
	return p;
}

static void
make(const char *path, const struct hf_vault_key *key, const char *p, size_t n,
     size_t piece)
{
	struct hf_vault *v = NULL;

	assert_int_equal(hf_vault_create(path, key, &v, NULL), HF_OK);
	for (size_t i = 0; i < n; i += piece)
		assert_int_equal(
		    hf_vault_write(v, p + i, n - i < piece ? n - i : piece, NULL),
		    HF_OK);
	assert_int_equal(hf_vault_finish(v, NULL), HF_OK);
	hf_vault_close(v);
}

/* HF_OK when the file gives p again and ends there. */
static enum hf_rc
check(const char *path, const struct hf_vault_key *key, const char *p, size_t n,
      size_t piece, struct hf_err *err)
{
	struct hf_vault *v = NULL;
	enum hf_rc rc = hf_vault_open(path, key, &v, err);
	char *got = malloc(n + 1);

	for (size_t i = 0; rc == HF_OK && i < n; i += piece)
		rc = hf_vault_read(v, got + i, n - i < piece ? n - i : piece, err);
	if (rc == HF_OK)
		rc = hf_vault_end(v, err);
	if (rc == HF_OK)
		assert_memory_equal(got, p, n);
	hf_vault_close(v);
	free(got);
	return rc;
}

HF_TEST(what_went_in_comes_out_whatever_the_pieces)
{
	static const size_t sizes[] = {0, 1, 1000, 131072, 131073, 1000000};
	struct hf_vault_key key = key_file('a');
	struct hf_err err = {0};

	for (size_t i = 0; i < HF_COUNT(sizes); i++) {
		for (int dull = 0; dull < 2; dull++) {
			char *p = bytes(sizes[i], dull);

			make(at("v"), &key, p, sizes[i], 777);
			if (check(at("v"), &key, p, sizes[i], 100000, &err) != HF_OK)
				fail_msg("%zu bytes: %s", sizes[i], err.text);
			assert_int_equal(check(at("v"), &key, p, sizes[i], 13, &err),
					 HF_OK);
			unlink(at("v"));
			free(p);
		}
	}
}

HF_TEST(reading_past_the_end_or_stopping_before_it_is_told)
{
	struct hf_vault_key key = key_file('a');
	struct hf_vault *v = NULL;
	char *p = bytes(300000, false), *more = malloc(300001);

	make(at("v"), &key, p, 300000, 300000);
	assert_int_equal(check(at("v"), &key, p, 299999, 1000, NULL), HF_INVALID);
	assert_int_equal(check(at("v"), &key, p, 10, 10, NULL), HF_INVALID);
	assert_int_equal(hf_vault_open(at("v"), &key, &v, NULL), HF_OK);
	assert_int_equal(hf_vault_read(v, more, 300001, NULL), HF_INVALID);
	hf_vault_close(v);
	unlink(at("v"));
	free(more);
	free(p);
}

HF_TEST(nothing_stands_in_the_clear)
{
	struct hf_vault_key key = key_file('a');
	char p[] = "Margaret Hale, 3 March 1942, takes warfarin", file[4096];

	make(at("v"), &key, p, sizeof p, sizeof p);
	FILE *f = fopen(at("v"), "r");
	size_t n = fread(file, 1, sizeof file, f);

	fclose(f);
	assert_null(memmem(file, n, "Margaret", 8));
	assert_null(memmem(file, n, "warfarin", 8));
	struct stat st;

	assert_int_equal(stat(at("v"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	unlink(at("v"));
}

HF_TEST(a_passphrase_opens_what_it_closed_and_no_other_does)
{
	struct hf_vault_key key = {.passphrase = HF_SV("correct horse battery")};
	struct hf_vault_key other = {.passphrase = HF_SV("correct horse batterz")};
	struct hf_vault_key file = key_file('a');
	struct hf_err err = {0};

	make(at("v"), &key, "x", 1, 1);
	assert_int_equal(check(at("v"), &key, "x", 1, 1, &err), HF_OK);
	assert_int_equal(check(at("v"), &other, "x", 1, 1, &err), HF_FORBIDDEN);
	assert_non_null(strstr(err.text, "is not the one this backup was made with"));
	assert_int_equal(check(at("v"), &file, "x", 1, 1, &err), HF_FORBIDDEN);
	assert_non_null(strstr(err.text, "made with a passphrase"));
	unlink(at("v"));
}

HF_TEST(a_key_file_opens_what_it_closed_and_no_other_does)
{
	struct hf_vault_key key = key_file('a'), none = {.passphrase = HF_SV("")};
	struct hf_err err = {0};

	make(at("v"), &key, "x", 1, 1);
	assert_int_equal(check(at("v"), &key, "x", 1, 1, &err), HF_OK);
	assert_int_equal(check(at("v"), &none, "x", 1, 1, &err), HF_FORBIDDEN);
	assert_non_null(strstr(err.text, "made with a key file"));
	key = key_file('b');
	assert_int_equal(check(at("v"), &key, "x", 1, 1, &err), HF_FORBIDDEN);
	unlink(at("v"));
}

HF_TEST(an_unfit_key_is_refused_before_anything_is_made)
{
	struct hf_vault_key brief = {.passphrase = HF_SV("1234567")}, file = {0};
	struct hf_vault *v = NULL;
	struct hf_err err = {0};
	FILE *f = fopen(at("short"), "w");

	fputs("not 32 bytes", f);
	fclose(f);
	assert_int_equal(hf_vault_create(at("v"), &brief, &v, &err), HF_INVALID);
	assert_non_null(strstr(err.text, "at least 8 characters"));
	file.file = strdup(at("short"));
	assert_int_equal(hf_vault_create(at("v"), &file, &v, &err), HF_INVALID);
	assert_non_null(strstr(err.text, "32 to 4096 bytes"));
	free((char *)(uintptr_t)file.file);
	file.file = "/nowhere/key";
	assert_int_equal(hf_vault_create(at("v"), &file, &v, &err), HF_NOT_FOUND);
	assert_null(v);
	assert_int_equal(access(at("v"), F_OK), -1);
	assert_int_equal(access(at("v.part"), F_OK), -1);
}

static char *
slurp(const char *path, size_t *n)
{
	struct stat st;
	FILE *f = fopen(path, "r");
	char *p;

	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	p = malloc((size_t)st.st_size + 1);
	*n = fread(p, 1, (size_t)st.st_size, f);
	fclose(f);
	return p;
}

static void
spill(const char *path, const char *p, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_int_equal(fwrite(p, 1, n, f), n);
	fclose(f);
}

HF_TEST(every_changed_byte_and_every_cut_is_noticed)
{
	struct hf_vault_key key = key_file('a');
	char *p = bytes(400, false), *file;
	size_t n;

	make(at("v"), &key, p, 400, 400);
	file = slurp(at("v"), &n);
	for (size_t i = 0; i < n; i++) {
		file[i] = (char)(file[i] ^ 0x10);
		spill(at("v"), file, n);
		assert_int_not_equal(check(at("v"), &key, p, 400, 400, NULL), HF_OK);
		file[i] = (char)(file[i] ^ 0x10);
		spill(at("v"), file, i);
		assert_int_not_equal(check(at("v"), &key, p, 400, 400, NULL), HF_OK);
	}
	file[n] = '\0';
	spill(at("v"), file, n + 1);
	assert_int_equal(check(at("v"), &key, p, 400, 400, NULL), HF_INVALID);
	spill(at("v"), file, n);
	assert_int_equal(check(at("v"), &key, p, 400, 400, NULL), HF_OK);
	unlink(at("v"));
	free(file);
	free(p);
}

HF_TEST(frames_out_of_order_or_missing_are_noticed)
{
	enum { HEAD = 60, WHOLE = 4 + 128 * 1024 + 17 };
	struct hf_vault_key key = key_file('a');
	char *p = bytes(500000, false), *file, *other;
	size_t n;

	make(at("v"), &key, p, 500000, 500000);
	file = slurp(at("v"), &n);
	assert_true(n > HEAD + 3 * WHOLE);
	other = malloc(n);
	memcpy(other, file, n);
	memcpy(other + HEAD + WHOLE, file + HEAD + 2 * WHOLE, WHOLE);
	memcpy(other + HEAD + 2 * WHOLE, file + HEAD + WHOLE, WHOLE);
	spill(at("v"), other, n);
	assert_int_equal(check(at("v"), &key, p, 500000, 5000, NULL), HF_INVALID);
	memcpy(other, file, n);
	memmove(other + HEAD + WHOLE, other + HEAD + 2 * WHOLE, n - HEAD - 2 * WHOLE);
	spill(at("v"), other, n - WHOLE);
	assert_int_equal(check(at("v"), &key, p, 500000, 5000, NULL), HF_INVALID);
	/* All frames but the last, which says that it is. */
	spill(at("v"), file, HEAD + 3 * WHOLE);
	assert_int_equal(check(at("v"), &key, p, 3 * 128 * 1024 - 1000, 5000, NULL),
			 HF_INVALID);
	unlink(at("v"));
	free(other);
	free(file);
	free(p);
}

HF_TEST(other_files_and_newer_ones_are_told_apart)
{
	struct hf_vault_key key = key_file('a');
	struct hf_err err = {0};
	char *file;
	size_t n;

	assert_int_equal(check(at("nowhere"), &key, "", 0, 1, &err), HF_NOT_FOUND);
	spill(at("v"), "a letter to somebody else, long enough for a head of 60 bytes",
	      61);
	assert_int_equal(check(at("v"), &key, "", 0, 1, &err), HF_INVALID);
	assert_non_null(strstr(err.text, "not a homefirst backup"));
	spill(at("v"), "", 0);
	assert_int_equal(check(at("v"), &key, "", 0, 1, &err), HF_INVALID);
	assert_non_null(strstr(err.text, "not a homefirst backup"));
	unlink(at("v"));
	make(at("v"), &key, "x", 1, 1);
	file = slurp(at("v"), &n);
	file[12] = 2;
	spill(at("v"), file, n);
	assert_int_equal(check(at("v"), &key, "x", 1, 1, &err), HF_RULE);
	assert_non_null(strstr(err.text, "newer homefirst"));
	unlink(at("v"));
	free(file);
}

HF_TEST(a_file_that_is_there_is_not_overwritten)
{
	struct hf_vault_key key = key_file('a');
	struct hf_vault *v = NULL;

	spill(at("v"), "mine", 4);
	assert_int_equal(hf_vault_create(at("v"), &key, &v, NULL), HF_EXISTS);
	unlink(at("v"));
	/* Nor one that came while it was written. */
	assert_int_equal(hf_vault_create(at("v"), &key, &v, NULL), HF_OK);
	spill(at("v"), "mine", 4);
	assert_int_equal(hf_vault_finish(v, NULL), HF_EXISTS);
	hf_vault_close(v);
	size_t n;
	char *file = slurp(at("v"), &n);

	assert_int_equal(n, 4);
	assert_int_equal(access(at("v.part"), F_OK), -1);
	free(file);
	unlink(at("v"));
}

HF_TEST(an_unfinished_file_leaves_nothing)
{
	struct hf_vault_key key = key_file('a');
	struct hf_vault *v = NULL;

	assert_int_equal(hf_vault_create(at("v"), &key, &v, NULL), HF_OK);
	assert_int_equal(hf_vault_write(v, "abc", 3, NULL), HF_OK);
	assert_int_equal(access(at("v.part"), F_OK), 0);
	hf_vault_close(v);
	assert_int_equal(access(at("v.part"), F_OK), -1);
	assert_int_equal(access(at("v"), F_OK), -1);
	hf_vault_close(NULL);
}

HF_TEST(a_full_disk_is_told_and_leaves_nothing)
{
	struct rlimit limit = {200000, RLIM_INFINITY},
		      none = {RLIM_INFINITY, RLIM_INFINITY};
	struct hf_vault_key key = key_file('a');
	struct hf_vault *v = NULL;
	struct hf_err err = {0};
	char *p = bytes(1000000, false);

	assert_int_equal(hf_vault_create(at("v"), &key, &v, NULL), HF_OK);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	enum hf_rc rc = hf_vault_write(v, p, 1000000, &err);

	setrlimit(RLIMIT_FSIZE, &none);
	assert_int_equal(rc, HF_FULL);
	hf_vault_close(v);
	assert_int_equal(access(at("v.part"), F_OK), -1);
	free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_went_in_comes_out_whatever_the_pieces),
	    cmocka_unit_test(reading_past_the_end_or_stopping_before_it_is_told),
	    cmocka_unit_test(nothing_stands_in_the_clear),
	    cmocka_unit_test(a_passphrase_opens_what_it_closed_and_no_other_does),
	    cmocka_unit_test(a_key_file_opens_what_it_closed_and_no_other_does),
	    cmocka_unit_test(an_unfit_key_is_refused_before_anything_is_made),
	    cmocka_unit_test(every_changed_byte_and_every_cut_is_noticed),
	    cmocka_unit_test(frames_out_of_order_or_missing_are_noticed),
	    cmocka_unit_test(other_files_and_newer_ones_are_told_apart),
	    cmocka_unit_test(a_file_that_is_there_is_not_overwritten),
	    cmocka_unit_test(an_unfinished_file_leaves_nothing),
	    cmocka_unit_test(a_full_disk_is_told_and_leaves_nothing),
	};

	return cmocka_run_group_tests_name("record/vault", tests, set_up, tear_down);
}
