/* The promises of population/map.h. */
#include "test/hf_test.h"

#include "base/time.h"
#include "population/map_int.h"

#define HEAD                                                                           \
	"{\"id\":\"t\",\"version\":\"1.0\",\"title\":\"T\",\"source\":\"S\",\n"        \
	"\"kind\":\"ae\","

static enum hf_rc
load(const char *text, struct hf_arena *arena, struct hf_issues *issues,
     struct hf_map *map)
{
	struct hf_err err = {0};

	return hf_map_load("t.json", hf_sv_from(text), arena, issues, map, &err);
}

static void
expect_wrong(const char *text, const char *path, const char *words)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_map map = {.id = "untouched"};

	assert_int_equal(load(text, &arena, &issues, &map), HF_INVALID);
	assert_string_equal(map.id, "untouched");
	assert_true(issues.n > 0);
	assert_sv_equal(issues.items[0].path, path);
	if (!strstr(hf_arena_cstr(&arena, issues.items[0].text), words))
		fail_msg("\"%.*s\" does not say \"%s\"",
			 HF_SV_ARG(issues.items[0].text), words);
	hf_arena_free(&arena);
}

HF_TEST(each_mistake_in_a_map_is_named_with_its_line)
{
	expect_wrong(HEAD "\"dates\":[\"YYYY-MM-DD\"],\n\"columns\":[\n"
			  "{\"field\":\"person\",\"header\":[\"A\"]},\n"
			  "{\"field\":\"begin\",\"header\":[\"B\"]}]}",
		     "t.json:5", "no field \"begin\"");
	expect_wrong(HEAD "\"dates\":[\"DD/MM/YYYY\",\n\"MM/DD/YYYY\"],"
			  "\"columns\":[{\"field\":\"person\",\"header\":[\"A\"]},"
			  "{\"field\":\"start\",\"header\":[\"B\"]}]}",
		     "t.json:3", "differently");
	expect_wrong(HEAD "\"dates\":[\"YYYY-MM-DD\"],\"columns\":["
			  "{\"field\":\"person\",\"header\":[\"A\"]},\n"
			  "{\"field\":\"person\",\"header\":[\"B\"]}]}",
		     "t.json:3", "two columns");
	expect_wrong(HEAD "\"dates\":[\"YYYY-MM-DD\"],\"columns\":["
			  "{\"field\":\"person\",\"header\":[\"A\"]},\n"
			  "{\"field\":\"outcome\",\"header\":[\"B\"],\n"
			  "\"codes\":{\"1\":\"sent home\"}}]}",
		     "t.json:4", "no such value");
	expect_wrong(HEAD "\"dates\":[\"YYYY-MM-DD\"],\"columns\":["
			  "{\"field\":\"person\",\"header\":[\"A\"]}]}",
		     "t.json:1", "needs the field \"start\"");
	expect_wrong("{\"id\":\"t\",\n\"kinds\":1}", "t.json:2", "no member \"kinds\"");
}

HF_TEST(words_of_the_data_dictionary_are_in_order_and_known)
{
	assert_int_equal(hf_map_word(HF_SET_METHOD, HF_SV("2a")), HF_POP_M_2A);
	assert_int_equal(hf_map_word(HF_SET_METHOD, HF_SV("Accident  and Emergency")),
			 HF_POP_M_21);
	assert_int_equal(hf_map_word(HF_SET_ETHNIC, HF_SV("White - British")), 'A');
	assert_int_equal(hf_map_word(HF_SET_SEX, HF_SV(" F ")), HF_POP_FEMALE);
	assert_int_equal(hf_map_word(HF_SET_OUTCOME, HF_SV("79")), HF_POP_O_DIED);
	assert_int_equal(hf_map_word(HF_SET_BASIS, HF_SV("plics")), HF_POP_B_PLICS);
	assert_int_equal(hf_map_word(HF_SET_NHS_STATUS, HF_SV("01")), 1);
	assert_int_equal(hf_map_word(HF_SET_METHOD, HF_SV("27")), -1);
	assert_int_equal(hf_map_word(HF_SET_METHOD, HF_SV("")), -1);
	/* Each word is found: the table is sorted. */
#define HF_WORD(set, text, value)                                                      \
	assert_int_equal(hf_map_word(HF_SET_##set, HF_SV(text)), value);
#include "population/map_word.def"
#undef HF_WORD
}

static struct hf_map_format by_day[] = {
    {"YYYY-MM-DD"}, {"DD/MM/YYYY"}, {"DD-MMM-YYYY"}};
static const struct hf_map dates = {.formats = by_day, .n_formats = 3};

HF_TEST(dates_are_read_by_the_formats_and_in_london)
{
	struct hf_map_when w;

	assert_true(hf_map_date(&dates, HF_SV("1990-01-01"), &w));
	assert_int_equal(w.day, 0);
	assert_int_equal(w.minute, HF_POP_NONE);
	assert_int_equal(w.month, 1080);
	assert_true(hf_map_date(&dates, HF_SV("29/02/2024 23:59"), &w));
	assert_int_equal(w.minute, 1439);
	assert_true(hf_map_date(&dates, HF_SV("01-JAN-2021"), &w));
	assert_int_equal(w.month, 121 * 12);
	/* 23:30Z in July is half past midnight on the next day. */
	assert_true(hf_map_date(&dates, HF_SV("2024-07-01T23:30:00Z"), &w));
	assert_int_equal(w.minute, 30);
	assert_int_equal(w.day, hf_days_from_civil(2024, 7, 2) - HF_POP_DAY_ZERO);
	assert_true(hf_map_date(&dates, HF_SV("1935-06-30"), &w));
	assert_int_equal(w.day, HF_POP_NONE);
	assert_int_equal(w.month, 35 * 12 + 5);
	assert_false(hf_map_date(&dates, HF_SV("2023-02-29"), &w));
	assert_false(hf_map_date(&dates, HF_SV("02/13/2024"), &w));
	assert_false(hf_map_date(&dates, HF_SV("2024-01-01 25:00"), &w));
	assert_false(hf_map_date(&dates, HF_SV(""), &w));
}

HF_TEST(decimals_are_kept_in_thousandths)
{
	int64_t v = 7;

	assert_true(hf_map_milli(HF_SV("1,234.5"), &v));
	assert_int_equal(v, 1234500);
	assert_true(hf_map_milli(HF_SV("-0.0019"), &v));
	assert_int_equal(v, -1);
	assert_false(hf_map_milli(HF_SV("."), &v));
	assert_false(hf_map_milli(HF_SV("1e3"), &v));
	assert_false(hf_map_milli(HF_SV("99999999999999999999"), &v));
}

/* ---- the maps that are built in ---- */

enum { MAPS = 40 };

static size_t
load_all(struct hf_arena *arena, struct hf_map *maps)
{
	struct hf_issues issues = {.arena = arena};
	struct hf_err err = {0};

	assert_true(hf_n_maps_builtin <= MAPS);
	for (size_t i = 0; i < hf_n_maps_builtin; i++)
		if (hf_map_load(hf_maps_builtin[i].name, hf_maps_builtin[i].text, arena,
				&issues, &maps[i], &err) != HF_OK)
			fail_msg("%.*s: %.*s", HF_SV_ARG(issues.items[0].path),
				 HF_SV_ARG(issues.items[0].text));
	return hf_n_maps_builtin;
}

/* A header made of the k-th name of each column, the last where there are fewer. */
static void
header_of(const struct hf_map *map, size_t k, struct hf_csv_row *row)
{
	row->n = 0;
	for (size_t i = 0; i < map->n_columns; i++) {
		const struct hf_map_column *c = &map->columns[i];

		if (c->required)
			row->fields[row->n++] =
			    c->names[k < c->n_names ? k : c->n_names - 1];
	}
}

HF_TEST(each_header_is_of_exactly_one_built_in_map)
{
	struct hf_arena arena = {.cap = 8 << 20};
	struct hf_map maps[MAPS];
	size_t n = load_all(&arena, maps), which;
	struct hf_err err = {0};

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 3; k++) {
			struct hf_csv_row row;

			header_of(&maps[i], k, &row);
			if (hf_map_detect(maps, n, &row, &which, &err) != HF_OK)
				fail_msg("%s: %s", maps[i].id, err.text);
			assert_string_equal(maps[which].id, maps[i].id);
		}
	hf_arena_free(&arena);
}

HF_TEST(a_header_is_bound_whatever_its_case_and_order_and_says_what_is_missing)
{
	struct hf_arena arena = {.cap = 8 << 20};
	struct hf_map maps[MAPS];
	size_t n = load_all(&arena, maps), at = 0;
	struct hf_map_bound b;
	struct hf_err err = {0};
	struct hf_csv_row row = {.fields = {HF_SV("diag_02"), HF_SV("Admission Date"),
					    HF_SV("CLASSPAT"), HF_SV("nhs number"),
					    HF_SV("ADMIMETH"), HF_SV("Diag_01"),
					    HF_SV("what"), HF_SV("DIAG_03")},
				 .n = 8};

	while (at < n && maps[at].kind != HF_FEED_SPELLS)
		at++;
	assert_int_equal(hf_map_bind(&maps[at], &row, &b, &err), HF_OK);
	assert_int_equal(b.n, 7);
	assert_int_equal(b.unread, 1);
	assert_true(b.has >> HF_F_DX & 1);
	row.n = 4;
	assert_int_equal(hf_map_bind(&maps[at], &row, &b, &err), HF_INVALID);
	assert_non_null(strstr(err.text, "method"));
	row.n = 8;
	row.fields[6] = HF_SV("NHS_Number");
	assert_int_equal(hf_map_bind(&maps[at], &row, &b, &err), HF_INVALID);
	hf_arena_free(&arena);
}

HF_TEST_MAIN(
    "population/map", cmocka_unit_test(each_mistake_in_a_map_is_named_with_its_line),
    cmocka_unit_test(words_of_the_data_dictionary_are_in_order_and_known),
    cmocka_unit_test(dates_are_read_by_the_formats_and_in_london),
    cmocka_unit_test(decimals_are_kept_in_thousandths),
    cmocka_unit_test(each_header_is_of_exactly_one_built_in_map),
    cmocka_unit_test(
	a_header_is_bound_whatever_its_case_and_order_and_says_what_is_missing))
