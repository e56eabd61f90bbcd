/* The promises of access/audit_index.h and access/io/audit_find.h. */
#include "access/io/audit_find.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "access/audit_index.h"
#include "access/io/audit_folder.h"
#include "audit_help.h"

enum { PEOPLE = 50, USERS = 7 };

/* Line i of the made-up audit: whom user i % USERS looked at. */
static void
put_line(struct hf_audit *audit, int i)
{
	int64_t shelves[2] = {HF_AUDIT_SHELVES + i % PEOPLE, 0};
	struct hf_audit_event e = audit_sample;
	char actor[32], what[32];
	struct hf_err err;

	snprintf(actor, sizeof actor, "user/u%d", i % USERS);
	snprintf(what, sizeof what, "Patient/p%d", i % PEOPLE);
	e.at = audit_sample.at + i * 1000;
	e.actor = hf_sv_from(actor);
	e.what = hf_sv_from(what);
	e.shelves = shelves;
	e.n_shelves = 1;
	e.status = i % 10 == 3 ? 403 : 200;
	e.code = i % 4 == 1 ? HF_AUDIT_SEARCH : HF_AUDIT_READ;
	e.more_shelves = i == 123;
	e.glass = i % 100 == 42 ? HF_SV("EMERGENCY") : HF_SV("");
	assert_int_equal(hf_audit_put(audit, &e, &err), HF_OK);
}

/* n lines over so many segments. */
static void
write_segments(int n, int segments)
{
	for (int s = 0; s < segments; s++) {
		struct hf_audit *audit = audit_begin();

		for (int i = s * n / segments; i < (s + 1) * n / segments; i++)
			put_line(audit, i);
		hf_audit_close(audit);
	}
}

static struct hf_arena arena;

static struct hf_audit_finder *
open_finder(void)
{
	struct hf_audit_finder *f;
	struct hf_err err;

	arena = (struct hf_arena){.cap = 64 << 20};
	assert_int_equal(hf_audit_finder_new(audit_folder, &f, &err), HF_OK);
	return f;
}

/* How many lines meet q, asked page by page; each page is newest first and goes on
 * from the one before. */
static size_t
count(struct hf_audit_finder *f, const struct hf_audit_query *q, size_t page)
{
	struct hf_audit_spot before = {0};
	struct hf_audit_hit *hits;
	hf_time last = HF_TIME_MAX;
	struct hf_err err;
	size_t n, all = 0;

	do {
		if (hf_audit_find(f, q, &before, page, &arena, &hits, &n, &err) !=
		    HF_OK)
			fail_msg("%s", err.text);
		for (size_t i = 0; i < n; i++) {
			assert_true(hf_audit_meets(q, &hits[i].e));
			assert_true(hits[i].e.at <= last);
			last = hits[i].e.at;
		}
		if (n)
			before = hits[n - 1].spot;
		all += n;
	} while (n == page);
	return all;
}

/* The same by looking at each line. */
static size_t
expected(const struct hf_audit_query *q, int lines)
{
	size_t n = 0;

	for (int i = 0; i < lines; i++) {
		int64_t shelf = HF_AUDIT_SHELVES + i % PEOPLE;
		char actor[32], what[32];
		struct hf_audit_event e = audit_sample;

		snprintf(actor, sizeof actor, "user/u%d", i % USERS);
		snprintf(what, sizeof what, "Patient/p%d", i % PEOPLE);
		e.at += i * 1000;
		e.actor = hf_sv_from(actor);
		e.what = hf_sv_from(what);
		e.shelves = &shelf;
		e.n_shelves = 1;
		e.status = i % 10 == 3 ? 403 : 200;
		e.code = i % 4 == 1 ? HF_AUDIT_SEARCH : HF_AUDIT_READ;
		e.more_shelves = i == 123;
		e.glass = i % 100 == 42 ? HF_SV("EMERGENCY") : HF_SV("");
		n += hf_audit_meets(q, &e);
	}
	return n;
}

static const int64_t two[] = {HF_AUDIT_SHELVES + 4, HF_AUDIT_SHELVES + 17};

static const struct {
	struct hf_audit_query q;
	size_t at_least;
} questions[] = {
    {{.shelves = two, .n_shelves = 1, .to = HF_TIME_MAX, .outcome = -1}, 8},
    {{.shelves = two, .n_shelves = 2, .to = HF_TIME_MAX, .outcome = -1}, 16},
    {{.shelves = two, .n_shelves = 1, .large = true, .to = HF_TIME_MAX, .outcome = -1},
     9},
    {{.actor = {"user/u3", 7}, .to = HF_TIME_MAX, .outcome = -1}, 50},
    {{.actor = {"user/u3", 7},
      .shelves = two,
      .n_shelves = 2,
      .to = HF_TIME_MAX,
      .outcome = -1},
     1},
    {{.outcome = 4, .to = HF_TIME_MAX}, 40},
    {{.codes = UINT64_C(1) << HF_AUDIT_SEARCH, .to = HF_TIME_MAX, .outcome = -1}, 100},
    {{.action = 'R', .to = HF_TIME_MAX, .outcome = -1}, 300},
    {{.what = {"Patient/p4", 10}, .to = HF_TIME_MAX, .outcome = -1}, 8},
    {{.what = {"Patient", 7}, .to = HF_TIME_MAX, .outcome = -1}, 400},
    {{.what = {"Pat", 3}, .to = HF_TIME_MAX, .outcome = -1}, 0},
    {{.glass = true, .to = HF_TIME_MAX, .outcome = -1}, 4},
    {{.from = 1767268800000 + 100 * 1000,
      .to = 1767268800000 + 200 * 1000,
      .outcome = -1},
     100},
    {{.from = 1767268800000 + 100 * 1000,
      .to = 1767268800000 + 200 * 1000,
      .shelves = two,
      .n_shelves = 1,
      .outcome = -1},
     2},
    {{.actor = {"nobody", 6}, .to = HF_TIME_MAX, .outcome = -1}, 0},
};

HF_TEST(each_question_finds_what_looking_at_each_line_finds)
{
	struct hf_audit_finder *f;

	write_segments(420, 5);
	f = open_finder();
	for (size_t i = 0; i < HF_COUNT(questions); i++) {
		const struct hf_audit_query *q = &questions[i].q;
		size_t e = expected(q, 420);

		assert_true(e >= questions[i].at_least);
		for (size_t page = 3; page <= 1000; page *= 18)
			assert_int_equal(count(f, q, page), e);
	}
	hf_audit_finder_free(f);
	hf_arena_free(&arena);
}

HF_TEST(lines_of_the_segment_that_is_written_to_are_found_at_once)
{
	struct hf_audit_query q = questions[0].q;
	struct hf_audit_finder *f;
	struct hf_audit *audit;

	write_segments(100, 2);
	audit = audit_begin();
	f = open_finder();
	assert_int_equal(count(f, &q, 10), 2);
	for (int i = 100; i < 200; i++)
		put_line(audit, i);
	assert_int_equal(count(f, &q, 10), 4);
	hf_audit_close(audit);
	audit = audit_begin();
	for (int i = 200; i < 300; i++)
		put_line(audit, i);
	assert_int_equal(count(f, &q, 10), 6);
	hf_audit_close(audit);
	hf_audit_finder_free(f);
	hf_arena_free(&arena);
}

static int
indexes(bool drop)
{
	DIR *d = opendir(audit_folder);
	struct dirent *e;
	char path[512];
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (!strstr(e->d_name, ".index"))
			continue;
		snprintf(path, sizeof path, "%s/%s", audit_folder, e->d_name);
		if (drop)
			unlink(path);
		n++;
	}
	closedir(d);
	return n;
}

HF_TEST(an_index_that_is_missing_or_does_not_match_is_made_again)
{
	struct hf_audit_query q = questions[0].q;
	struct hf_audit_finder *f;
	size_t n;

	write_segments(420, 5);
	indexes(true);
	f = open_finder();
	assert_int_equal(count(f, &q, 10), expected(&q, 420));
	hf_audit_finder_free(f);
	hf_arena_free(&arena);
	assert_int_equal(indexes(false), 4);
	/* Of another segment. */
	n = audit_load(".00000002.index");
	audit_store(".00000003.index", n);
	/* Changed so that it hides a line. */
	n = audit_load(".00000001.index");
	memset(audit_text + n - 64, 0, 64);
	audit_store(".00000001.index", n);
	f = open_finder();
	assert_int_equal(count(f, &q, 10), expected(&q, 420));
	hf_audit_finder_free(f);
	hf_arena_free(&arena);
}

HF_TEST(the_writer_indexes_what_it_retires)
{
	struct hf_audit *audit;

	write_segments(100, 3);
	audit = audit_begin();
	for (int i = 0; i < 500 && indexes(false) < 3; i++)
		usleep(10000);
	assert_int_equal(indexes(false), 3);
	hf_audit_close(audit);
}

HF_TEST(a_line_is_had_by_its_spot_and_nothing_else_is)
{
	struct hf_audit_spot spot = {0};
	struct hf_audit_finder *f;
	struct hf_audit_event e;
	struct hf_audit_hit *hits;
	struct hf_err err;
	size_t n;

	write_segments(10, 1);
	f = open_finder();
	assert_int_equal(
	    hf_audit_find(f, &hf_audit_query_all, NULL, 4, &arena, &hits, &n, &err),
	    HF_OK);
	assert_int_equal(n, 4);
	assert_int_equal(hf_audit_get(f, &hits[2].spot, &arena, &e, &err), HF_OK);
	assert_int_equal(e.at, hits[2].e.at);
	assert_int_equal(e.seq, hits[2].e.seq);
	spot = hits[2].spot;
	spot.offset++;
	assert_int_equal(hf_audit_get(f, &spot, &arena, &e, &err), HF_NOT_FOUND);
	spot = (struct hf_audit_spot){1, 0}; /* the segment's own first line */
	assert_int_equal(hf_audit_get(f, &spot, &arena, &e, &err), HF_NOT_FOUND);
	spot = (struct hf_audit_spot){99, 0};
	assert_int_equal(hf_audit_get(f, &spot, &arena, &e, &err), HF_NOT_FOUND);
	spot = (struct hf_audit_spot){1, UINT64_MAX};
	assert_int_equal(hf_audit_get(f, &spot, &arena, &e, &err), HF_NOT_FOUND);
	hf_audit_finder_free(f);
	hf_arena_free(&arena);
}

HF_TEST(any_bytes_as_an_index_are_refused_unless_they_are_one)
{
	struct hf_audit_index x;
	struct hf_buf out = {0};
	size_t n;

	write_segments(30, 1);
	n = audit_load("00000001.ndjson");
	assert_true(hf_audit_index_make((struct hf_sv){audit_text, n}, &out));
	assert_true(hf_audit_index_open(hf_buf_view(&out), &x));
	/* 30 lines, the head that was signed is none. */
	assert_int_equal(x.lines, 30);
	for (size_t at = 0; at < out.n; at++) {
		out.p[at] ^= 1;
		assert_false(hf_audit_index_open(hf_buf_view(&out), &x));
		out.p[at] ^= 1;
		assert_false(hf_audit_index_open((struct hf_sv){out.p, at}, &x));
	}
	/* A segment that has not ended has none. */
	assert_false(hf_audit_index_make((struct hf_sv){audit_text, n - 1}, &out));
	hf_buf_free(&out);
}

HF_TEST_MAIN("access/audit_find",
	     WITH_FOLDER(each_question_finds_what_looking_at_each_line_finds),
	     WITH_FOLDER(lines_of_the_segment_that_is_written_to_are_found_at_once),
	     WITH_FOLDER(an_index_that_is_missing_or_does_not_match_is_made_again),
	     WITH_FOLDER(the_writer_indexes_what_it_retires),
	     WITH_FOLDER(a_line_is_had_by_its_spot_and_nothing_else_is),
	     WITH_FOLDER(any_bytes_as_an_index_are_refused_unless_they_are_one))
