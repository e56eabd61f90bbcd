/* Files of organisations: rows of CSV, what they say, and what an Organization becomes
 * (R-1.2, R-1.14). */
#include "test/hf_test.h"

#include "exchange/ods.h"
#include "fhir/json.h"

#include <stdio.h>
#include <stdlib.h>

static struct hf_arena arena;

static int
clear(void **state HF_UNUSED)
{
	hf_arena_free(&arena);
	arena = (struct hf_arena){.cap = 8 << 20};
	return 0;
}

/* ---- CSV ---- */

HF_TEST(fields_stand_in_quotes_or_not)
{
	struct hf_csv csv = {.rest = HF_SV("\xef\xbb\xbf"
					   "a,\"b, c\",\"say \"\"so\"\"\",,\r\n"
					   "\n"
					   "\"two\nlines\", x \n"
					   "last,")};
	struct hf_csv_row row;

	assert_int_equal(hf_csv_next(&csv, &arena, &row, NULL), HF_OK);
	assert_int_equal(row.n, 5);
	assert_int_equal(csv.line, 1);
	assert_sv_equal(row.fields[0], "a");
	assert_sv_equal(row.fields[1], "b, c");
	assert_sv_equal(row.fields[2], "say \"so\"");
	assert_sv_equal(row.fields[4], "");
	assert_int_equal(hf_csv_next(&csv, &arena, &row, NULL), HF_OK);
	assert_int_equal(csv.line, 3);
	assert_int_equal(row.n, 2);
	assert_sv_equal(row.fields[0], "two\nlines");
	assert_sv_equal(row.fields[1], "x");
	assert_int_equal(hf_csv_next(&csv, &arena, &row, NULL), HF_OK);
	assert_int_equal(csv.line, 5);
	assert_int_equal(row.n, 2);
	assert_sv_equal(row.fields[0], "last");
	assert_int_equal(hf_csv_next(&csv, &arena, &row, NULL), HF_OK);
	assert_int_equal(row.n, 0);
}

HF_TEST(a_broken_row_is_passed_over_and_the_next_is_read)
{
	static const char *const broken[] = {"\"open,b", "\"a\"b,c", "a,\xff", "a,\xc3",
					     "a\x01,b"};

	for (size_t i = 0; i < HF_COUNT(broken); i++) {
		struct hf_sv text =
		    hf_arena_printf(&arena, "%s\ngood,row\n", broken[i]);
		struct hf_csv csv = {.rest = text};
		struct hf_csv_row row;
		struct hf_err err = {0};

		assert_int_equal(hf_csv_next(&csv, &arena, &row, &err), HF_INVALID);
		assert_int_equal(row.text.n, strlen(broken[i]));
		assert_int_equal(hf_csv_next(&csv, &arena, &row, &err), HF_OK);
		assert_int_equal(csv.line, 2);
		assert_sv_equal(row.fields[0], "good");
	}
}

HF_TEST(a_row_has_at_most_400_fields_of_4096_bytes)
{
	char text[HF_CSV_FIELD_MAX + 2];
	struct hf_csv csv;
	struct hf_csv_row row;

	memset(text, ',', HF_CSV_FIELDS);
	csv = (struct hf_csv){.rest = {text, HF_CSV_FIELDS}};
	assert_int_equal(hf_csv_next(&csv, &arena, &row, NULL), HF_OK);
	assert_int_equal(row.n, HF_CSV_FIELDS);
	memset(text, 'x', sizeof text);
	csv = (struct hf_csv){.rest = {text, sizeof text}};
	assert_int_equal(hf_csv_next(&csv, &arena, &row, NULL), HF_INVALID);
	memset(text, ',', HF_CSV_FIELDS + 40);
	csv = (struct hf_csv){.rest = {text, HF_CSV_FIELDS + 40}};
	assert_int_equal(hf_csv_next(&csv, &arena, &row, NULL), HF_INVALID);
}

/* ---- rows ---- */

#define PRACTICE                                                                       \
	"\"z99001\",\"MILL SURGERY\",\"Y63\",\"QHM\",\"1 MILL LANE\",\"\",\"\","       \
	"\"WRENFORD\",\"\",\"WZ1 "                                                     \
	"1AA\",\"19740401\",\"\",\"A\",\"B\",\"16C\",\"\",\"\","                       \
	"\"01632 960001\",\"\",\"\",\"\",\"0\",\"\",\"16C\",\"\",\"4\",\"\"\n"

static enum hf_rc
row_of(enum hf_ods_map map, const char *text, struct hf_ods_fact *f, struct hf_err *err)
{
	struct hf_csv csv = {.rest = hf_arena_sv(&arena, hf_sv_from(text))};
	struct hf_ods_columns columns = {{0}};
	struct hf_csv_row row;

	assert_int_equal(hf_csv_next(&csv, &arena, &row, NULL), HF_OK);
	if (hf_ods_header(map, &row, &columns))
		assert_int_equal(hf_csv_next(&csv, &arena, &row, NULL), HF_OK);
	return hf_ods_row(map, &columns, &row, &arena, f, err);
}

HF_TEST(R_1_14_a_practice_is_read_without_a_header_and_in_upper_case)
{
	struct hf_ods_fact f;

	assert_int_equal(row_of(HF_ODS_EPRACCUR, PRACTICE, &f, NULL), HF_OK);
	assert_sv_equal(f.code, "Z99001");
	assert_string_equal(f.kind, "general-practice");
	assert_sv_equal(f.name, "MILL SURGERY");
	assert_sv_equal(f.lines[0], "1 MILL LANE");
	assert_sv_equal(f.city, "WRENFORD");
	assert_sv_equal(f.postcode, "WZ1 1AA");
	assert_sv_equal(f.phone, "01632 960001");
	assert_sv_equal(f.opened, "1974-04-01");
	assert_int_equal(f.closed.n, 0);
	assert_true(f.active && f.details);
	assert_int_equal(f.parent.n, 0);
}

static void
assert_refused(enum hf_ods_map map, const char *from, const char *to, const char *path)
{
	struct hf_ods_fact f = {.active = true};
	struct hf_err err = {0};
	char text[600], *at;

	snprintf(text, sizeof text, "%s", PRACTICE);
	at = strstr(text, from);
	assert_non_null(at);
	snprintf(at, sizeof text - (size_t)(at - text), "%s%s", to,
		 strstr(PRACTICE, from) + strlen(from));
	if (row_of(map, text, &f, &err) != HF_INVALID)
		fail_msg("%s was taken", text);
	assert_string_equal(err.path, path);
	assert_int_equal(f.code.n, 0);
}

HF_TEST(a_row_that_says_nothing_sensible_is_refused_by_its_column)
{
	assert_refused(HF_ODS_EPRACCUR, "z99001", "z", "column 1");
	assert_refused(HF_ODS_EPRACCUR, "z99001", "z9-001", "column 1");
	assert_refused(HF_ODS_EPRACCUR, "z99001", "z999999999999", "column 1");
	assert_refused(HF_ODS_EPRACCUR, "MILL SURGERY", "", "column 2");
	assert_refused(HF_ODS_EPRACCUR, "19740401", "19740431", "column 11");
	assert_refused(HF_ODS_EPRACCUR, "19740401", "1974", "column 11");
	assert_refused(HF_ODS_EPRACCUR, "\"\",\"A\"", "\"soon\",\"A\"", "column 12");
	assert_refused(HF_ODS_EPRACCUR, "\"\",\"A\"", "\"19730401\",\"C\"",
		       "column 12");
	assert_refused(HF_ODS_EPRACCUR, "\"A\"", "\"X\"", "column 13");
	assert_refused(HF_ODS_ETR, "\"Y63\",", "", "");
}

HF_TEST(practices_that_are_closed_and_other_settings_are_told_apart)
{
	struct hf_ods_fact f;
	char text[600];

	snprintf(text, sizeof text, "%s", PRACTICE);
	memcpy(strstr(text, "\"A\""), "\"D\"", 3);
	memcpy(strstr(text, "\"4\""), "\"9\"", 3);
	assert_int_equal(row_of(HF_ODS_EPRACCUR, text, &f, NULL), HF_OK);
	assert_false(f.active);
	assert_string_equal(f.kind, "prescribing-cost-centre");
	assert_int_equal(row_of(HF_ODS_ETR, text, &f, NULL), HF_OK);
	assert_true(f.active);
	assert_string_equal(f.kind, "nhs-trust");
}

HF_TEST(columns_of_a_header_are_found_by_name)
{
	struct hf_ods_fact f;
	struct hf_err err;

	assert_int_equal(row_of(HF_ODS_PCN,
				"X,EXTRACT_DATE,PCN_CODE,PCN_NAME,PRACTICE_CODE\n"
				"1,01Jan2022,u99001,North PCN,Z99001\n",
				&f, NULL),
			 HF_OK);
	assert_sv_equal(f.code, "Z99001");
	assert_sv_equal(f.parent, "U99001");
	assert_sv_equal(f.parent_name, "North PCN");
	assert_sv_equal(f.from, "2022-01-01");
	assert_true(f.parent_new && f.only_new);
	assert_int_equal(row_of(HF_ODS_PCN,
				"PRACTICE_CODE,PCN_CODE,EXTRACT_DATE\nZ99001,U,"
				"01Jan2022\n",
				&f, NULL),
			 HF_OK);
	assert_int_equal(f.parent.n, 0);
	assert_int_equal(row_of(HF_ODS_TREE,
				"code,part_of,from\nU99001,ZW200,2026-04-01\n", &f,
				NULL),
			 HF_OK);
	assert_sv_equal(f.parent, "ZW200");
	assert_false(f.parent_new);
	assert_int_equal(
	    row_of(HF_ODS_TREE, "code,part_of,from\nU99001,u99001,\n", &f, &err),
	    HF_INVALID);
	assert_int_equal(row_of(HF_ODS_TREE,
				"code,part_of,from\nU99001,ZW200,32Jan2022\n", &f,
				&err),
			 HF_INVALID);
	assert_int_equal(row_of(HF_ODS_TREE,
				"code,part_of,from\nU99001,ZW200,01anf2022\n", &f,
				&err),
			 HF_INVALID);
	assert_int_equal(row_of(HF_ODS_SUCC, "Z99001,Z99002,S,20260401,\n", &f, NULL),
			 HF_OK);
	assert_sv_equal(f.successor, "Z99002");
	assert_sv_equal(f.succeeded, "2026-04-01");
}

HF_TEST(a_file_is_told_by_its_header_or_name)
{
	static const struct {
		const char *path, *first;
		int map;
	} cases[] = {
	    {"/x/epraccur-2023.csv.gz", "A81001,X", HF_ODS_EPRACCUR},
	    {"etr.csv", "R0A,X", HF_ODS_ETR},
	    {"a/succ.csv", "A,B", HF_ODS_SUCC},
	    {"what.csv", "PRACTICE_CODE,PCN_CODE,EXTRACT_DATE", HF_ODS_PCN},
	    {"what.csv", "code,part_of", HF_ODS_TREE},
	    {"etr/what.csv", "code,name", -1},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_csv csv = {.rest = hf_sv_from(cases[i].first)};
		struct hf_csv_row row;

		assert_int_equal(hf_csv_next(&csv, &arena, &row, NULL), HF_OK);
		assert_int_equal(hf_ods_map_guess(hf_sv_from(cases[i].path), &row),
				 cases[i].map);
	}
	assert_int_equal(hf_ods_map_find(HF_SV("tree")), HF_ODS_TREE);
	assert_int_equal(hf_ods_map_find(HF_SV("trees")), -1);
}

/* ---- organisations ---- */

static struct hf_sv
written(const struct hf_ods_org *o)
{
	struct hf_buf b = {0};
	struct hf_sv text;

	hf_ods_write(o, &b);
	text = hf_arena_sv(&arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return text;
}

static struct hf_ods_org
opened(struct hf_sv body)
{
	return (struct hf_ods_org){
	    .code = HF_SV("Z99001"), .id = HF_SV("mill"), .body = body};
}

static void
assert_has(struct hf_sv text, const char *what)
{
	if (!memmem(text.p, text.n, what, strlen(what)))
		fail_msg("%.*s\nhas no %s", HF_SV_ARG(text), what);
}

/* Everything that ODS says nothing of stays; the same again gives the same bytes. */
HF_TEST(an_organisation_that_is_there_keeps_what_ods_does_not_say)
{
	static const char was[] =
	    "{\"resourceType\":\"Organization\",\"id\":\"mill\",\"meta\":{"
	    "\"versionId\":"
	    "\"3\",\"lastUpdated\":\"2026-01-01T00:00:00Z\",\"source\":\"x\"},"
	    "\"extension\":[{\"url\":\"https://other.example/"
	    "x\",\"valueString\":\"y\"}],"
	    "\"identifier\":[{\"system\":\"https://other.example\",\"value\":\"1\"},{"
	    "\"system\":\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":"
	    "\"Z99001\"}],\"type\":[{\"text\":\"mine\"}],\"name\":\"Old\",\"alias\":["
	    "\"Mill\"],\"telecom\":[{\"system\":\"email\",\"value\":\"a@b.example\"},{"
	    "\"system\":\"phone\",\"use\":\"work\",\"value\":\"1\"}],\"partOf\":{"
	    "\"reference\":\"Organization/north\",\"display\":\"North\"}}";
	struct hf_ods_org o = opened(hf_sv_from(was)), again;
	struct hf_ods_fact f;
	struct hf_sv first;

	assert_int_equal(row_of(HF_ODS_EPRACCUR, PRACTICE, &f, NULL), HF_OK);
	assert_int_equal(hf_ods_open(&o, &arena, NULL), HF_OK);
	assert_int_equal(hf_ods_take(&o, &f, &arena, NULL), HF_OK);
	first = written(&o);
	assert_has(first, "\"id\":\"mill\",\"meta\":{\"source\":\"x\"}");
	assert_has(first, "https://other.example/x");
	assert_has(first, "\"identifier\":[{\"system\":\"https://other.example\"");
	assert_has(first, "\"type\":[{\"text\":\"mine\"}]");
	assert_has(first, "\"name\":\"MILL SURGERY\"");
	assert_has(first, "\"alias\":[\"Mill\"]");
	assert_has(first,
		   "\"telecom\":[{\"system\":\"email\",\"value\":\"a@b.example\"},{"
		   "\"system\":\"phone\",\"use\":\"work\",\"value\":\"01632 "
		   "960001\"}]");
	assert_has(first, "\"partOf\":{\"reference\":\"Organization/north\","
			  "\"display\":\"North\"}");
	assert_has(first, "\"valuePeriod\":{\"start\":\"1974-04-01\"}");
	again = opened(first);
	assert_int_equal(hf_ods_open(&again, &arena, NULL), HF_OK);
	assert_int_equal(hf_ods_take(&again, &f, &arena, NULL), HF_OK);
	assert_true(hf_sv_eq(written(&again), first));
}

HF_TEST(R_1_2_who_moves_stays_where_they_were_for_the_time_before)
{
	static const char was[] =
	    "{\"resourceType\":\"Organization\",\"id\":\"mill\",\"partOf\":{"
	    "\"reference\":\"Organization/north\"}}";
	struct hf_ods_org o = opened(hf_sv_from(was)), again;
	struct hf_sv moved;
	struct hf_err err;

	assert_int_equal(hf_ods_open(&o, &arena, NULL), HF_OK);
	/* Where it is already: nothing. */
	assert_int_equal(hf_ods_assign(&o, HF_SV("Organization/north"),
				       HF_SV("2026-01-01"), &arena, NULL),
			 HF_OK);
	assert_true(hf_sv_eq(
	    written(&o),
	    HF_SV(
		"{\"resourceType\":\"Organization\",\"id\":\"mill\",\"identifier\":[{"
		"\"system\":\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":"
		"\"Z99001\"}],\"active\":true,\"partOf\":{\"reference\":"
		"\"Organization/north\"}}")));
	assert_int_equal(hf_ods_assign(&o, HF_SV("Organization/south"),
				       HF_SV("2026-03-01"), &arena, NULL),
			 HF_OK);
	moved = written(&o);
	assert_has(moved, "\"reference\":\"Organization/north\"}},{\"url\":\"period\","
			  "\"valuePeriod\":{\"end\":\"2026-02-28\"}}");
	assert_has(moved, "\"reference\":\"Organization/south\"}},{\"url\":\"period\","
			  "\"valuePeriod\":{\"start\":\"2026-03-01\"}}");
	assert_has(moved, "\"partOf\":{\"reference\":\"Organization/south\"}");
	again = opened(moved);
	assert_int_equal(hf_ods_open(&again, &arena, NULL), HF_OK);
	assert_true(hf_sv_eq(written(&again), moved));
	/* The older file again says what is known of its time. */
	assert_int_equal(hf_ods_assign(&again, HF_SV("Organization/north"),
				       HF_SV("2026-01-01"), &arena, NULL),
			 HF_OK);
	assert_true(hf_sv_eq(written(&again), moved));
	/* What contradicts it does not undo the newer. */
	assert_int_equal(hf_ods_assign(&again, HF_SV("Organization/east"),
				       HF_SV("2026-01-01"), &arena, &err),
			 HF_RULE);
	assert_int_equal(
	    hf_ods_assign(&again, HF_SV("Organization/east"), HF_SV(""), &arena, &err),
	    HF_RULE);
	assert_true(hf_sv_eq(written(&again), moved));
	/* Back again later. */
	assert_int_equal(hf_ods_assign(&again, HF_SV("Organization/north"),
				       HF_SV("2027-01-01"), &arena, NULL),
			 HF_OK);
	assert_has(written(&again),
		   "{\"start\":\"2026-03-01\",\"end\":\"2026-12-31\"}");
}

HF_TEST(R_1_14_a_successor_is_linked_once)
{
	struct hf_ods_org o = opened((struct hf_sv){0}), again;
	struct hf_ods_fact f;
	struct hf_sv text;

	assert_int_equal(row_of(HF_ODS_SUCC, "Z99001,Z99002,S,20260401,\n", &f, NULL),
			 HF_OK);
	assert_int_equal(hf_ods_open(&o, &arena, NULL), HF_OK);
	assert_int_equal(hf_ods_take(&o, &f, &arena, NULL), HF_OK);
	text = written(&o);
	assert_has(text, "\"value\":\"Z99002\"");
	assert_has(text, "\"valueDate\":\"2026-04-01\"");
	again = opened(text);
	assert_int_equal(hf_ods_open(&again, &arena, NULL), HF_OK);
	assert_int_equal(hf_ods_take(&again, &f, &arena, NULL), HF_OK);
	assert_true(hf_sv_eq(written(&again), text));
}

#define CASE(name) cmocka_unit_test_setup(name, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(fields_stand_in_quotes_or_not),
	    CASE(a_broken_row_is_passed_over_and_the_next_is_read),
	    CASE(a_row_has_at_most_400_fields_of_4096_bytes),
	    CASE(R_1_14_a_practice_is_read_without_a_header_and_in_upper_case),
	    CASE(a_row_that_says_nothing_sensible_is_refused_by_its_column),
	    CASE(practices_that_are_closed_and_other_settings_are_told_apart),
	    CASE(columns_of_a_header_are_found_by_name),
	    CASE(a_file_is_told_by_its_header_or_name),
	    CASE(an_organisation_that_is_there_keeps_what_ods_does_not_say),
	    CASE(R_1_2_who_moves_stays_where_they_were_for_the_time_before),
	    CASE(R_1_14_a_successor_is_linked_once),
	};
	int failed = cmocka_run_group_tests_name("exchange/ods", tests, NULL, NULL);

	clear(NULL);
	return failed;
}
