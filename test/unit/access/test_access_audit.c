/* The promises of access/audit_line.h, audit_chain.h and io/audit.h. */
#include <pthread.h>
#include <sys/stat.h>

#include "audit_help.h"

HF_TEST(a_line_has_who_what_when_and_the_outcome_and_no_value_searched_for)
{
	static const int64_t shelves[] = {1048577, 1048600};
	struct hf_buf out = {.cap = 4096};
	struct hf_audit_event e = audit_sample;

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

static const char full_line[] =
    "{\"seq\":7,\"recorded\":\"2026-01-01T12:00:00.000Z\",\"agent\":\"user/u1\","
    "\"role\":\"R8001\",\"org\":\"RZ2\",\"who\":\"Practitioner/p\","
    "\"behalf\":\"Organization/o\",\"session\":12,\"address\":\"192.0.2.7\","
    "\"request\":\"abc-1\",\"purpose\":\"DIRECT\",\"relations\":\"CASE,GPREG\","
    "\"glass\":\"EMERGENCY\",\"case\":\"C-1\",\"action\":\"R\",\"subtype\":\"read\","
    "\"route\":\"hf_fhir_read\",\"entity\":\"Patient/abc\",\"shelves\":[1048577],"
    "\"status\":200,\"outcome\":0,\"decision\":\"ALLOW\",\"rule\":\"R11\","
    "\"policy\":\"roles 1\",\"notes\":\"ALERT\"}\n";

HF_TEST(a_line_says_for_whom_from_where_why_and_by_which_rule)
{
	static const int64_t shelf = 1048577;
	struct hf_audit_event e = audit_sample;
	struct hf_buf out = {.cap = 4096};

	e.seq = 7;
	e.actor = HF_SV("user/u1");
	e.role = HF_SV("R8001");
	e.org = HF_SV("RZ2");
	e.who = HF_SV("Practitioner/p");
	e.behalf = HF_SV("Organization/o");
	e.session = 12;
	e.address = HF_SV("192.0.2.7");
	e.request = HF_SV("abc-1");
	e.purpose = HF_SV("DIRECT");
	e.relations = HF_SV("CASE,GPREG");
	e.glass = HF_SV("EMERGENCY");
	e.case_ref = HF_SV("C-1");
	e.shelves = &shelf;
	e.n_shelves = 1;
	e.decision = HF_SV("ALLOW");
	e.rule = HF_SV("R11");
	e.policy = HF_SV("roles 1");
	e.notes = HF_SV("ALERT");
	hf_audit_line(&e, &out);
	assert_sv_equal(hf_buf_view(&out), full_line);
	hf_buf_free(&out);
}

HF_TEST(a_line_reads_back_as_what_was_written)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_buf out = {.cap = 4096};
	struct hf_audit_event e;

	assert_true(hf_audit_line_read(hf_sv_trim(hf_sv_from(full_line)), &arena, &e));
	assert_int_equal(e.at, audit_sample.at);
	assert_int_equal(e.n_shelves, 1);
	hf_audit_line(&e, &out);
	assert_sv_equal(hf_buf_view(&out), full_line);
	hf_buf_free(&out);
	hf_arena_free(&arena);
}

HF_TEST(a_line_of_an_earlier_version_is_read)
{
	static const char old[] =
	    "{\"recorded\":\"2026-01-01T12:00:00.000Z\",\"agent\":\"trial\","
	    "\"purpose\":\"TRIAL\",\"action\":\"E\",\"subtype\":\"search\","
	    "\"shelves\":[1048577,1048600],\"more\":true,\"params\":\"family\","
	    "\"query\":\"00000000000012af\",\"hits\":2,\"status\":200,\"outcome\":0}";
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_audit_event e;

	assert_true(hf_audit_line_read(hf_sv_from(old), &arena, &e));
	assert_int_equal(e.code, HF_AUDIT_SEARCH);
	assert_int_equal(e.query, 0x12af);
	assert_int_equal(e.shelves[1], 1048600);
	assert_true(e.more_shelves);
	assert_int_equal(e.seq, 0);
	hf_arena_free(&arena);
}

HF_TEST(what_is_no_audit_line_is_not_read_as_one)
{
	static const char *const texts[] = {
	    "",
	    "{",
	    "{}",
	    "[]",
	    "1",
	    "{\"seal\":1,\"to\":2}",
	    "{\"recorded\":\"yesterday\"}",
	    "{\"recorded\":\"2026-01-01T12:00:00.000Z\",\"shelves\":[\"x\"]}",
	    "{\"recorded\":\"2026-01-01T12:00:00.000Z\",\"status\":1.5}",
	    "{\"recorded\":\"2026-01-01T12:00:00.000Z\",\"query\":\"12\"}"};
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_audit_event e;

	for (size_t i = 0; i < HF_COUNT(texts); i++)
		assert_false(hf_audit_line_read(hf_sv_from(texts[i]), &arena, &e));
	hf_arena_free(&arena);
}

HF_TEST(an_id_from_a_client_stands_in_the_audit_only_if_it_is_plain)
{
	assert_true(hf_audit_id_fit(HF_SV("a-Z_0.9:x")));
	assert_false(hf_audit_id_fit(HF_SV("")));
	assert_false(hf_audit_id_fit(HF_SV("a b")));
	assert_false(hf_audit_id_fit(HF_SV("a\nb")));
	assert_false(hf_audit_id_fit(HF_SV("\"")));
	assert_false(hf_audit_id_fit(HF_SV("1234567890123456789012345678901234567890"
					   "1234567890123456789012345")));
}

HF_TEST(the_outcome_tells_whose_fault_a_failure_was)
{
	assert_int_equal(hf_audit_outcome(200), 0);
	assert_int_equal(hf_audit_outcome(403), 4);
	assert_int_equal(hf_audit_outcome(500), 8);
}

HF_TEST(what_was_written_verifies_and_is_counted)
{
	audit_write(23);
	assert_int_equal(audit_findings(), 0);
	assert_int_equal(audit_report.segments, 1);
	/* 23, the head line, and the seals. */
	assert_int_equal(audit_report.lines, 23 + 1 + audit_report.seals);
	assert_int_equal(audit_report.unsealed, 0);
}

HF_TEST(the_chain_goes_on_through_segments_and_restarts)
{
	audit_write(3);
	audit_write(4);
	audit_write(0);
	assert_int_equal(audit_findings(), 0);
	assert_int_equal(audit_report.segments, 3);
}

HF_TEST(a_changed_byte_anywhere_is_found)
{
	size_t n;

	audit_write(12);
	n = audit_load("00000001.ndjson");
	for (size_t at = 0; at < n; at += 41) {
		char was = audit_text[at];

		audit_text[at] = was == 'x' ? 'y' : 'x';
		audit_store("00000001.ndjson", n);
		if (audit_findings() == 0)
			fail_msg("a change of byte %zu was not found", at);
		audit_text[at] = was;
	}
	audit_store("00000001.ndjson", n);
	assert_int_equal(audit_findings(), 0);
}

HF_TEST(a_line_taken_away_is_found)
{
	char *from, *to;
	size_t n;

	audit_write(8);
	n = audit_load("00000001.ndjson");
	from = strchr(audit_text, '\n') + 1;
	to = strchr(from, '\n') + 1;
	memmove(from, to, n - (size_t)(to - audit_text));
	audit_store("00000001.ndjson", n - (size_t)(to - from));
	assert_true(audit_findings() > 0);
}

HF_TEST(lines_in_another_order_are_found)
{
	char first[512];
	char *a, *b, *end;
	size_t n, na, nb;

	audit_write(8);
	n = audit_load("00000001.ndjson");
	a = strchr(audit_text, '\n') + 1;
	b = strchr(a, '\n') + 1;
	end = strchr(b, '\n') + 1;
	na = (size_t)(b - a);
	nb = (size_t)(end - b);
	assert_true(na < sizeof first);
	memcpy(first, a, na);
	memmove(a, b, nb);
	memcpy(a + nb, first, na);
	audit_store("00000001.ndjson", n);
	assert_true(audit_findings() > 0);
}

HF_TEST(an_end_cut_off_is_found)
{
	char *seal;

	audit_write(12);
	audit_load("00000001.ndjson");
	/* Up to and with the first seal: a whole, valid, shorter chain. */
	seal = strstr(audit_text, "{\"seal\":1,");
	assert_non_null(seal);
	audit_store("00000001.ndjson", (size_t)(strchr(seal, '\n') + 1 - audit_text));
	assert_true(audit_findings() > 0);
}

HF_TEST(a_missing_segment_is_found)
{
	char path[128];

	audit_write(3);
	audit_write(3);
	audit_write(3);
	snprintf(path, sizeof path, "%s/00000002.ndjson", audit_folder);
	assert_int_equal(remove(path), 0);
	assert_true(audit_findings() > 0);
}

HF_TEST(segments_whose_names_were_exchanged_are_found)
{
	char path[3][128];

	audit_write(3);
	audit_write(3);
	for (int i = 0; i < 2; i++)
		snprintf(path[i], sizeof path[i], "%s/0000000%d.ndjson", audit_folder,
			 i + 1);
	snprintf(path[2], sizeof path[2], "%s/x", audit_folder);
	assert_int_equal(rename(path[0], path[2]), 0);
	assert_int_equal(rename(path[1], path[0]), 0);
	assert_int_equal(rename(path[2], path[1]), 0);
	assert_true(audit_findings() > 0);
}

/* What a process that is killed now leaves is what the kernel holds now: a copy of
 * the open segment stands for it. */
HF_TEST(what_was_put_outlives_a_process_that_is_killed)
{
	struct hf_audit *audit = audit_begin();
	char left[128];
	struct hf_err err;
	size_t n;

	for (int i = 0; i < 7; i++)
		assert_int_equal(hf_audit_put(audit, &audit_sample, &err), HF_OK);
	n = audit_load_room("00000001.ndjson");
	snprintf(left, sizeof left, "%s/left", audit_folder);
	assert_int_equal(mkdir(left, 0700), 0);
	audit_store("left/00000001.ndjson", n);
	hf_audit_close(audit);
	snprintf(audit_folder + strlen(audit_folder),
		 sizeof audit_folder - strlen(audit_folder), "/left");
	hf_audit_close(audit_begin());
	assert_int_equal(audit_findings(), 0);
	assert_true(audit_report.lines >= 8);
	audit_load("00000001.ndjson");
	assert_non_null(strstr(audit_text, "\"recovered\":true"));
	audit_folder[strlen(audit_folder) - strlen("/left")] = '\0';
}

HF_TEST(a_torn_line_left_by_a_crash_is_sealed_as_found)
{
	size_t n;

	audit_write(2);
	n = audit_load("00000001.ndjson");
	n += (size_t)snprintf(audit_text + n, 64, "{\"recorded\":\"2026-01-0");
	memset(audit_text + n, 0, 4096);
	audit_store("00000001.ndjson", n + 4096);
	hf_audit_close(audit_begin());
	assert_int_equal(audit_findings(), 0);
	audit_load("00000001.ndjson");
	assert_non_null(strstr(audit_text, "\"recovered\":true"));
}

HF_TEST(only_one_process_writes)
{
	struct hf_audit *audit = audit_begin(), *other;
	struct hf_err err;

	assert_int_equal(
	    hf_audit_open(&(struct hf_audit_config){.folder = audit_folder}, &other,
			  &err),
	    HF_BUSY);
	hf_audit_close(audit);
}

HF_TEST(a_folder_that_cannot_be_is_named)
{
	struct hf_audit *audit;
	struct hf_err err;

	static const char nowhere[] = "/nonexistent/audit";

	assert_int_equal(
	    hf_audit_open(&(struct hf_audit_config){.folder = nowhere}, &audit, &err),
	    HF_NOT_FOUND);
	assert_string_equal(err.path, "/nonexistent/audit");
	assert_int_equal(hf_audit_verify(&(struct hf_audit_verify){.folder = nowhere},
					 &audit_report, NULL, &err),
			 HF_NOT_FOUND);
}

HF_TEST(a_query_hashes_the_same_after_a_restart_and_never_to_0)
{
	struct hf_audit *audit = audit_begin();
	uint64_t a = hf_audit_hash(audit, HF_SV("family=smith"));
	uint64_t b = hf_audit_hash(audit, HF_SV("family=smyth"));

	hf_audit_close(audit);
	audit = audit_begin();
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
	struct hf_audit_event e = audit_sample;
	struct hf_err err;
	size_t failed = 0;

	for (int i = 0; i < LINES; i++)
		failed += hf_audit_put(arg, &e, &err) != HF_OK;
	return (void *)(uintptr_t)failed;
}

HF_TEST(threads_may_write_at_once_through_several_segments)
{
	struct hf_audit *audit = audit_begin();
	pthread_t threads[3];

	for (size_t i = 0; i < HF_COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, put_many, audit), 0);
	for (size_t i = 0; i < HF_COUNT(threads); i++) {
		void *failed;

		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	hf_audit_close(audit);
	assert_int_equal(audit_findings(), 0);
	assert_true(audit_report.segments >= 2);
	assert_int_equal(audit_report.lines,
			 3 * LINES + audit_report.seals + audit_report.segments);
}

HF_TEST_MAIN(
    "access/audit",
    cmocka_unit_test(
	a_line_has_who_what_when_and_the_outcome_and_no_value_searched_for),
    cmocka_unit_test(a_line_says_for_whom_from_where_why_and_by_which_rule),
    cmocka_unit_test(a_line_reads_back_as_what_was_written),
    cmocka_unit_test(a_line_of_an_earlier_version_is_read),
    cmocka_unit_test(what_is_no_audit_line_is_not_read_as_one),
    cmocka_unit_test(an_id_from_a_client_stands_in_the_audit_only_if_it_is_plain),
    cmocka_unit_test(the_outcome_tells_whose_fault_a_failure_was),
    WITH_FOLDER(what_was_written_verifies_and_is_counted),
    WITH_FOLDER(the_chain_goes_on_through_segments_and_restarts),
    WITH_FOLDER(a_changed_byte_anywhere_is_found),
    WITH_FOLDER(a_line_taken_away_is_found),
    WITH_FOLDER(lines_in_another_order_are_found), WITH_FOLDER(an_end_cut_off_is_found),
    WITH_FOLDER(a_missing_segment_is_found),
    WITH_FOLDER(segments_whose_names_were_exchanged_are_found),
    WITH_FOLDER(what_was_put_outlives_a_process_that_is_killed),
    WITH_FOLDER(a_torn_line_left_by_a_crash_is_sealed_as_found),
    WITH_FOLDER(only_one_process_writes),
    cmocka_unit_test(a_folder_that_cannot_be_is_named),
    WITH_FOLDER(a_query_hashes_the_same_after_a_restart_and_never_to_0),
    WITH_FOLDER(threads_may_write_at_once_through_several_segments))
