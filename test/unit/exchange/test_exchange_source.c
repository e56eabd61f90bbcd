/* The promises of exchange/io/source.h, one test each. */
#include "test/hf_test.h"
#include "exchange/io/source.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

static char dir[] = "/tmp/hf-source-XXXXXX";

static const char *
path_of(const char *name)
{
	static char path[4][200];
	static int at;

	at = (at + 1) % 4;
	snprintf(path[at], sizeof(path[at]), "%s/%s", dir, name);
	return path[at];
}

static void
put(const char *name, const void *p, size_t n)
{
	FILE *f = fopen(path_of(name), "w");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* Text that is long enough for several reads, packed and not. */
static char *plain;
static size_t plain_n = 3000000;
static unsigned char *packed;
static size_t packed_n;

static void
gzip_into(size_t cap)
{
	z_stream z = {0};

	assert_int_equal(
	    deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)plain;
	z.avail_in = (uInt)plain_n;
	z.next_out = packed;
	z.avail_out = (uInt)cap;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	packed_n = cap - z.avail_out;
	deflateEnd(&z);
}

static enum hf_rc
all(const char *name, size_t max, struct hf_buf *out, struct hf_err *err)
{
	struct stat st;
	struct hf_source_file file = {.path = path_of(name)};
	struct hf_source *s;
	enum hf_rc rc;

	assert_int_equal(stat(file.path, &st), 0);
	file.size = st.st_size;
	rc = hf_source_open(&file, &s, err);
	if (rc == HF_OK) {
		rc = hf_source_all(s, max, out, err);
		hf_source_close(s);
	}
	return rc;
}

static enum hf_rc
stream(const char *name, struct hf_buf *out, struct hf_err *err)
{
	struct hf_source_file file = {.path = path_of(name)};
	struct hf_source *s;
	enum hf_rc rc = hf_source_open(&file, &s, err);
	size_t got = 1;

	while (rc == HF_OK && got != 0) {
		char *to = hf_buf_room(out, 70000);

		rc = hf_source_read(s, to, 70000, &got, err);
		if (rc == HF_OK)
			out->n += got;
	}
	hf_source_close(s);
	return rc;
}

static void
assert_plain(const struct hf_buf *b)
{
	assert_int_equal(b->n, plain_n);
	assert_memory_equal(b->p, plain, plain_n);
}

HF_TEST(plain_gzip_and_zstd_files_give_the_same_bytes_both_ways)
{
	static const char *const names[] = {"a.json", "a.json.gz", "a.json.zst"};

	for (size_t i = 0; i < HF_COUNT(names); i++) {
		struct hf_buf one = {0}, two = {0};

		assert_int_equal(all(names[i], 1 << 30, &one, NULL), HF_OK);
		assert_plain(&one);
		assert_int_equal(stream(names[i], &two, NULL), HF_OK);
		assert_plain(&two);
		hf_buf_free(&one);
		hf_buf_free(&two);
	}
}

HF_TEST(two_gzip_members_in_one_file_are_read_one_after_the_other)
{
	struct hf_buf two = {0}, b = {0};

	hf_buf_add(&two, packed, packed_n);
	hf_buf_add(&two, packed, packed_n);
	put("two.gz", two.p, two.n);
	assert_int_equal(all("two.gz", 1 << 30, &b, NULL), HF_OK);
	assert_int_equal(b.n, 2 * plain_n);
	assert_memory_equal(b.p + plain_n, plain, plain_n);
	b.n = 0;
	assert_int_equal(stream("two.gz", &b, NULL), HF_OK);
	assert_int_equal(b.n, 2 * plain_n);
	hf_buf_free(&b);
	hf_buf_free(&two);
}

HF_TEST(packed_data_cut_short_are_told_from_broken_ones)
{
	static const size_t cuts[] = {5, 30, 1000, 4};
	struct hf_err err;
	struct hf_buf b = {0};

	for (size_t i = 0; i < HF_COUNT(cuts); i++) {
		size_t n = i == 3 ? packed_n - cuts[i] : packed_n / 100 + cuts[i];

		put("cut.gz", packed, n);
		assert_int_equal(all("cut.gz", 1 << 30, &b, &err), HF_INVALID);
		assert_non_null(strstr(err.text, "cut short"));
		assert_int_equal(stream("cut.gz", &b, &err), HF_INVALID);
		assert_non_null(strstr(err.text, "cut short"));
	}
	packed[packed_n / 2] ^= 0x55;
	put("bad.gz", packed, packed_n);
	packed[packed_n / 2] ^= 0x55;
	assert_int_equal(all("bad.gz", 1 << 30, &b, &err), HF_INVALID);
	hf_buf_free(&b);
}

HF_TEST(more_than_the_limit_is_refused_packed_or_not)
{
	static const char *const names[] = {"a.json", "a.json.gz", "a.json.zst"};

	for (size_t i = 0; i < HF_COUNT(names); i++) {
		struct hf_buf b = {0};
		struct hf_err err;

		assert_int_equal(all(names[i], plain_n - 1, &b, &err), HF_TOO_LONG);
		hf_buf_free(&b);
		b = (struct hf_buf){0};
		assert_int_equal(all(names[i], plain_n, &b, &err), HF_OK);
		hf_buf_free(&b);
	}
}

HF_TEST(a_folder_is_listed_by_rank_and_name_and_other_files_are_passed_over)
{
	struct hf_arena arena = {.cap = 1 << 20};
	char tree[200];
	const char *paths[] = {tree};
	static const char *const want[] = {"Organization.ndjson", "Patient.ndjson",
					   "a/x.json.gz", "b.json"};
	struct hf_source_list list;

	snprintf(tree, sizeof(tree), "%s", path_of("tree"));
	mkdir(tree, 0700);
	mkdir(path_of("tree/a"), 0700);
	put("tree/b.json", "{}", 2);
	put("tree/LICENSE", "x", 1);
	put("tree/.hidden.json", "x", 1);
	put("tree/Patient.ndjson", "x", 1);
	put("tree/a/x.json.gz", "x", 1);
	put("tree/Organization.ndjson", "x", 1);
	assert_int_equal(hf_source_list_read(paths, 1, &arena, &list, NULL), HF_OK);
	assert_int_equal(list.n, HF_COUNT(want));
	assert_int_equal(list.passed_over, 1);
	for (size_t i = 0; i < list.n; i++)
		assert_true(
		    hf_sv_ends(hf_sv_from(list.files[i].path), hf_sv_from(want[i])));
	hf_arena_free(&arena);
}

HF_TEST(a_path_that_is_not_there_is_named)
{
	struct hf_arena arena = {.cap = 1 << 20};
	const char *paths[] = {path_of("nowhere")};
	struct hf_source_list list;
	struct hf_err err;

	assert_int_equal(hf_source_list_read(paths, 1, &arena, &list, &err),
			 HF_NOT_FOUND);
	assert_string_equal(err.path, paths[0]);
	hf_arena_free(&arena);
}

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	plain = malloc(plain_n);
	packed = malloc(plain_n * 2);
	if (plain == NULL || packed == NULL)
		return -1;
	for (size_t i = 0; i < plain_n; i++)
		plain[i] = (char)('a' + (i * i / 7 + i / 1000) % 23);
	put("a.json", plain, plain_n);
	packed_n = ZSTD_compress(packed, plain_n * 2, plain, plain_n, 3);
	put("a.json.zst", packed, packed_n);
	gzip_into(plain_n * 2);
	put("a.json.gz", packed, packed_n);
	return 0;
}

static int
forget(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static int
tear_down(void **state)
{
	(void)state;
	free(plain);
	free(packed);
	return nftw(dir, forget, 8, FTW_DEPTH | FTW_PHYS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plain_gzip_and_zstd_files_give_the_same_bytes_both_ways),
	    cmocka_unit_test(two_gzip_members_in_one_file_are_read_one_after_the_other),
	    cmocka_unit_test(packed_data_cut_short_are_told_from_broken_ones),
	    cmocka_unit_test(more_than_the_limit_is_refused_packed_or_not),
	    cmocka_unit_test(
		a_folder_is_listed_by_rank_and_name_and_other_files_are_passed_over),
	    cmocka_unit_test(a_path_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests_name("exchange/source", tests, set_up, tear_down);
}
