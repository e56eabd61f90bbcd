/* The promises of access/audit_line.h, audit_chain.h and io/audit.h. */
#include "access/io/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/hf_test.h"

static char folder[64];

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static int
setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/hf-audit-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const struct hf_audit_event sample = {
    .at = 1767268800000, /* 2026-01-01T12:00:00Z */
    .actor = {"trial", 5},
    .purpose = {"TRIAL", 5},
    .code = HF_AUDIT_READ,
    .route = {"hf_fhir_read", 12},
    .what = {"Patient/abc", 11},
    .hits = -1,
    .status = 200,
};

static struct hf_audit *
open_audit(void)
{
	struct hf_audit *audit;
	struct hf_err err;

	if (hf_audit_open(folder, &audit, &err) != HF_OK)
		fail_msg("%s: %s", err.path, err.text);
	return audit;
}

/* One segment with n lines in it, sealed every few. */
static void
write_lines(int n)
{
	struct hf_audit *audit = open_audit();
	struct hf_err err;

	for (int i = 0; i < n; i++) {
		struct hf_audit_event e = sample;

		e.status = 200 + i % 3;
		assert_int_equal(hf_audit_put(audit, &e, &err), HF_OK);
		if (i % 5 == 4)
			assert_int_equal(hf_audit_flush(audit, &err), HF_OK);
	}
	hf_audit_close(audit);
}

static struct hf_chain_report report;

/* How many findings a check of the folder gives. */
static size_t
findings(void)
{
	struct hf_arena arena;
	struct hf_issues issues = {.arena = &arena};
	struct hf_err err;

	hf_arena_init(&arena, 1 << 20);
	assert_int_equal(hf_audit_verify(folder, &report, &issues, &err), HF_OK);
	hf_arena_free(&arena);
	return issues.errors;
}

static char text[1 << 20];

static size_t
load(const char *name)
{
	char path[128];
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	return n;
}

/* The same of a segment that still has its room: some of that comes along. */
static size_t
load_room(const char *name)
{
	size_t n = load(name);

	assert_int_equal(n, sizeof text - 1);
	return n;
}

static void
store(const char *name, size_t n)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	fclose(f);
}

HF_TEST(a_line_has_who_what_when_and_the_outcome_and_no_value_searched_for)
{
	static const int64_t shelves[] = {1048577, 1048600};
	struct hf_buf out = {.cap = 4096};
	struct hf_audit_event e = sample;

	e.code = HF_AUDIT_SEARCH;
	e.names = HF_SV("family,birthdate");
	e.query = 0x1234;
	e.hits = 2;
	e.shelves = shelves;
	e.n_shelves = 2;
	hf_audit_line(&e, &out);
	assert_sv_equal(
	    hf_buf_view(&out),
	    "{\"recorded\":\"2026-01-01T12:00:00.000Z\",\"agent\":\"trial\","
	    "\"purpose\":\"TRIAL\",\"action\":\"E\",\"subtype\":\"search\","
	    "\"route\":\"hf_fhir_read\",\"entity\":\"Patient/abc\","
	    "\"shelves\":[1048577,1048600],\"params\":\"family,birthdate\","
	    "\"query\":\"0000000000001234\",\"hits\":2,\"status\":200,\"outcome\":0}"
	    "\n");
	hf_buf_free(&out);
}

HF_TEST(the_outcome_tells_whose_fault_a_failure_was)
{
	assert_int_equal(hf_audit_outcome(200), 0);
	assert_int_equal(hf_audit_outcome(403), 4);
	assert_int_equal(hf_audit_outcome(500), 8);
}

HF_TEST(what_was_written_verifies_and_is_counted)
{
	write_lines(23);
	assert_int_equal(findings(), 0);
	assert_int_equal(report.segments, 1);
	/* 23, the head line, and the seals but the last. */
	assert_int_equal(report.lines, 23 + 1 + report.seals - 1);
	assert_int_equal(report.unsealed, 0);
}

HF_TEST(the_chain_goes_on_through_segments_and_restarts)
{
	write_lines(3);
	write_lines(4);
	write_lines(0);
	assert_int_equal(findings(), 0);
	assert_int_equal(report.segments, 3);
}

HF_TEST(a_changed_byte_anywhere_is_found)
{
	size_t n;

	write_lines(12);
	n = load("00000001.ndjson");
	for (size_t at = 0; at < n; at += 41) {
		char was = text[at];

		text[at] = was == 'x' ? 'y' : 'x';
		store("00000001.ndjson", n);
		if (findings() == 0)
			fail_msg("a change of byte %zu was not found", at);
		text[at] = was;
	}
	store("00000001.ndjson", n);
	assert_int_equal(findings(), 0);
}

HF_TEST(a_line_taken_away_is_found)
{
	char *from, *to;
	size_t n;

	write_lines(8);
	n = load("00000001.ndjson");
	from = strchr(text, '\n') + 1;
	to = strchr(from, '\n') + 1;
	memmove(from, to, n - (size_t)(to - text));
	store("00000001.ndjson", n - (size_t)(to - from));
	assert_true(findings() > 0);
}

HF_TEST(lines_in_another_order_are_found)
{
	char first[512];
	char *a, *b, *end;
	size_t n, na, nb;

	write_lines(8);
	n = load("00000001.ndjson");
	a = strchr(text, '\n') + 1;
	b = strchr(a, '\n') + 1;
	end = strchr(b, '\n') + 1;
	na = (size_t)(b - a);
	nb = (size_t)(end - b);
	assert_true(na < sizeof first);
	memcpy(first, a, na);
	memmove(a, b, nb);
	memcpy(a + nb, first, na);
	store("00000001.ndjson", n);
	assert_true(findings() > 0);
}

HF_TEST(an_end_cut_off_is_found)
{
	char *seal;

	write_lines(12);
	load("00000001.ndjson");
	/* Up to and with the first seal: a whole, valid, shorter chain. */
	seal = strstr(text, "{\"seal\":1,");
	assert_non_null(seal);
	store("00000001.ndjson", (size_t)(strchr(seal, '\n') + 1 - text));
	assert_true(findings() > 0);
}

HF_TEST(a_missing_segment_is_found)
{
	char path[128];

	write_lines(3);
	write_lines(3);
	write_lines(3);
	snprintf(path, sizeof path, "%s/00000002.ndjson", folder);
	assert_int_equal(remove(path), 0);
	assert_true(findings() > 0);
}

HF_TEST(segments_whose_names_were_exchanged_are_found)
{
	char path[3][128];

	write_lines(3);
	write_lines(3);
	for (int i = 0; i < 2; i++)
		snprintf(path[i], sizeof path[i], "%s/0000000%d.ndjson", folder, i + 1);
	snprintf(path[2], sizeof path[2], "%s/x", folder);
	assert_int_equal(rename(path[0], path[2]), 0);
	assert_int_equal(rename(path[1], path[0]), 0);
	assert_int_equal(rename(path[2], path[1]), 0);
	assert_true(findings() > 0);
}

/* What a process that is killed now leaves is what the kernel holds now: a copy of
 * the open segment stands for it. */
HF_TEST(what_was_put_outlives_a_process_that_is_killed)
{
	struct hf_audit *audit = open_audit();
	char left[128];
	struct hf_err err;
	size_t n;

	for (int i = 0; i < 7; i++)
		assert_int_equal(hf_audit_put(audit, &sample, &err), HF_OK);
	n = load_room("00000001.ndjson");
	snprintf(left, sizeof left, "%s/left", folder);
	assert_int_equal(mkdir(left, 0700), 0);
	store("left/00000001.ndjson", n);
	hf_audit_close(audit);
	snprintf(folder + strlen(folder), sizeof folder - strlen(folder), "/left");
	hf_audit_close(open_audit());
	assert_int_equal(findings(), 0);
	assert_true(report.lines >= 8);
	load("00000001.ndjson");
	assert_non_null(strstr(text, "\"recovered\":true"));
	folder[strlen(folder) - strlen("/left")] = '\0';
}

HF_TEST(a_torn_line_left_by_a_crash_is_sealed_as_found)
{
	size_t n;

	write_lines(2);
	n = load("00000001.ndjson");
	n += (size_t)snprintf(text + n, 64, "{\"recorded\":\"2026-01-0");
	memset(text + n, 0, 4096);
	store("00000001.ndjson", n + 4096);
	hf_audit_close(open_audit());
	assert_int_equal(findings(), 0);
	load("00000001.ndjson");
	assert_non_null(strstr(text, "\"recovered\":true"));
}

HF_TEST(only_one_process_writes)
{
	struct hf_audit *audit = open_audit(), *other;
	struct hf_err err;

	assert_int_equal(hf_audit_open(folder, &other, &err), HF_BUSY);
	hf_audit_close(audit);
}

HF_TEST(a_folder_that_cannot_be_is_named)
{
	struct hf_audit *audit;
	struct hf_err err;

	assert_int_equal(hf_audit_open("/nonexistent/audit", &audit, &err),
			 HF_NOT_FOUND);
	assert_string_equal(err.path, "/nonexistent/audit");
	assert_int_equal(hf_audit_verify("/nonexistent/audit", &report, NULL, &err),
			 HF_NOT_FOUND);
}

HF_TEST(a_query_hashes_the_same_after_a_restart_and_never_to_0)
{
	struct hf_audit *audit = open_audit();
	uint64_t a = hf_audit_hash(audit, HF_SV("family=smith"));
	uint64_t b = hf_audit_hash(audit, HF_SV("family=smyth"));

	hf_audit_close(audit);
	audit = open_audit();
	assert_true(a != b && a != 0);
	assert_true(hf_audit_hash(audit, HF_SV("family=smith")) == a);
	assert_true(hf_audit_hash(audit, HF_SV("")) != 0);
	hf_audit_close(audit);
}

/* Three times as many fill more than one segment, however short a line is. */
enum { LINES = 50000 };

static void *
put_many(void *arg)
{
	struct hf_audit_event e = sample;
	struct hf_err err;
	size_t failed = 0;

	for (int i = 0; i < LINES; i++)
		failed += hf_audit_put(arg, &e, &err) != HF_OK;
	return (void *)(uintptr_t)failed;
}

HF_TEST(threads_may_write_at_once_through_several_segments)
{
	struct hf_audit *audit = open_audit();
	pthread_t threads[3];

	for (size_t i = 0; i < HF_COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, put_many, audit), 0);
	for (size_t i = 0; i < HF_COUNT(threads); i++) {
		void *failed;

		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	hf_audit_close(audit);
	assert_int_equal(findings(), 0);
	assert_true(report.segments >= 2);
	/* Each segment has a head line, and a last seal that none covers. */
	assert_int_equal(report.lines, 3 * LINES + report.seals);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

HF_TEST_MAIN("access/audit",
	     cmocka_unit_test(
		 a_line_has_who_what_when_and_the_outcome_and_no_value_searched_for),
	     cmocka_unit_test(the_outcome_tells_whose_fault_a_failure_was),
	     WITH_FOLDER(what_was_written_verifies_and_is_counted),
	     WITH_FOLDER(the_chain_goes_on_through_segments_and_restarts),
	     WITH_FOLDER(a_changed_byte_anywhere_is_found),
	     WITH_FOLDER(a_line_taken_away_is_found),
	     WITH_FOLDER(lines_in_another_order_are_found),
	     WITH_FOLDER(an_end_cut_off_is_found),
	     WITH_FOLDER(a_missing_segment_is_found),
	     WITH_FOLDER(segments_whose_names_were_exchanged_are_found),
	     WITH_FOLDER(what_was_put_outlives_a_process_that_is_killed),
	     WITH_FOLDER(a_torn_line_left_by_a_crash_is_sealed_as_found),
	     WITH_FOLDER(only_one_process_writes),
	     cmocka_unit_test(a_folder_that_cannot_be_is_named),
	     WITH_FOLDER(a_query_hashes_the_same_after_a_restart_and_never_to_0),
	     WITH_FOLDER(threads_may_write_at_once_through_several_segments))
