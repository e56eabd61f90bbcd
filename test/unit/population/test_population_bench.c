/* Published figures of organisations: maps, rows, and the store on both engines.  All
 * files here are made up. */
#include "test/hf_test.h"
#include "test/support/store.h"

#include <math.h>

#include "population/io/bench_import.h"
#include "population/io/bench_kept.h"
#include "population/model.h"

static struct hf_err err;

#define OK(call)                                                                       \
	do {                                                                           \
		if ((call) != HF_OK)                                                   \
			fail_msg("%s: %s %s", #call, err.path, err.text);              \
	} while (0)

/* ---- maps ---- */

#define HEAD                                                                           \
	"{\"id\":\"t\",\"version\":\"1\",\"title\":\"T\",\"source\":\"S\","            \
	"\"licence\":\"L\",\n\"organisation\":{\"header\":[\"Org\"]},\n"

static void
expect_wrong(const char *text, const char *path, const char *words)
{
	struct hf_arena arena = {.cap = 4 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_bench_map map;

	assert_int_equal(
	    hf_bench_map_load("t.json", hf_sv_from(text), &arena, &issues, &map, NULL),
	    HF_INVALID);
	assert_true(issues.n > 0);
	assert_sv_equal(issues.items[0].path, path);
	if (!strstr(hf_arena_cstr(&arena, issues.items[0].text), words))
		fail_msg("\"%.*s\" does not say \"%s\"",
			 HF_SV_ARG(issues.items[0].text), words);
	hf_arena_free(&arena);
}

HF_TEST(each_mistake_in_a_map_of_figures_is_named_with_its_line)
{
	expect_wrong(HEAD "\"columns\":[{\"id\":\"a\",\"header\":[\"A\"]}],\n"
			  "\"figures\":[{\"id\":\"f\",\"title\":\"F\",\"unit\":\"u\","
			  "\"count\":[\"b\"]}]}",
		     "t.json:4", "no column of the map");
	expect_wrong(HEAD "\"columns\":[\n{\"id\":\"a\"}],\"figures\":[{\"id\":\"f\","
			  "\"title\":\"F\",\"unit\":\"u\",\"count\":[\"a\"]}]}",
		     "t.json:4", "\"header\" or \"position\"");
	expect_wrong("{\"id\":\"t\",\"version\":\"1\",\"title\":\"T\",\"source\":\"S\","
		     "\"licence\":\"L\",\"columns\":[],\"figures\":[]}",
		     "t.json:1", "organisation");
}

static void
load_builtin(const char *name, struct hf_arena *arena, struct hf_bench_map *out)
{
	struct hf_issues issues = {.arena = arena};

	for (size_t i = 0; i < hf_n_benchmark_maps_builtin; i++)
		if (strcmp(hf_benchmark_maps_builtin[i].name, name) == 0) {
			OK(hf_bench_map_load(name, hf_benchmark_maps_builtin[i].text,
					     arena, &issues, out, &err));
			return;
		}
	fail_msg("no map %s", name);
}

HF_TEST(the_maps_that_are_built_in_load)
{
	for (size_t i = 0; i < hf_n_benchmark_maps_builtin; i++) {
		struct hf_arena arena = {.cap = 8 << 20};
		struct hf_bench_map map;

		load_builtin(hf_benchmark_maps_builtin[i].name, &arena, &map);
		assert_true(map.n_figures > 0);
		hf_arena_free(&arena);
	}
}

HF_TEST(a_period_is_the_month_that_its_format_says)
{
	static const struct {
		const char *format, *text;
		const char *from;
	} good[] = {{"MSitAE-MMMM-YYYY", "MSitAE-APRIL-2025", "2025-04-01"},
		    {"MMM-YYYY", "Dec-2024", "2024-12-01"},
		    {"YYYY-MM-DD", "2023-07-01", "2023-07-01"},
		    {"DDMMMYYYY", "01JAN2021", "2021-01-01"}};
	static const char *const bad[][2] = {
	    {"MMMM YYYY", "Aprill 2025"}, {"YYYY-MM-DD", "2023-02-30"},
	    {"YYYY-MM", "2023-13"},	  {"YYYY-MM", "1989-12"},
	    {"YYYY-MM", "2023-1"},	  {"YYYY-MM", "2023-011"}};
	uint16_t from, to;

	for (size_t i = 0; i < HF_COUNT(good); i++) {
		struct hf_date d;

		assert_true(hf_date_parse(hf_sv_from(good[i].from), false, &d));
		assert_true(hf_bench_period(good[i].format, hf_sv_from(good[i].text),
					    &from, &to));
		assert_int_equal(from, hf_london_day(d.lo) - HF_POP_DAY_ZERO);
		assert_true(to - from >= 28 && to - from <= 31);
	}
	for (size_t i = 0; i < HF_COUNT(bad); i++)
		assert_false(
		    hf_bench_period(bad[i][0], hf_sv_from(bad[i][1]), &from, &to));
}

/* ---- files ---- */

struct file {
	const char *text;
	size_t at;
	unsigned refused[HF_BENCH_WHYS];
	uint64_t line;
};

static enum hf_rc
open_file(void *ctx, struct hf_err *e)
{
	struct file *f = ctx;

	(void)e;
	f->at = 0;
	return HF_OK;
}

static enum hf_rc
read_file(void *ctx, char *to, size_t n, size_t *got, struct hf_err *e)
{
	struct file *f = ctx;
	size_t left = strlen(f->text) - f->at;

	(void)e;
	*got = left < n ? left : n;
	memcpy(to, f->text + f->at, *got);
	f->at += *got;
	return HF_OK;
}

static enum hf_rc
refuse(void *ctx, const struct hf_bench_refused *what, struct hf_err *e)
{
	struct file *f = ctx;

	(void)e;
	f->refused[what->why]++;
	f->line = what->line;
	return HF_OK;
}

static enum hf_rc
import(struct hf_test_store *t, const char *map_name, struct file *f,
       struct hf_bench_result *r)
{
	struct hf_arena arena = {.cap = 8 << 20};
	struct hf_bench_map map;
	struct hf_bench_config config = {.store = t->store,
					 .map = &map,
					 .bytes = {open_file, read_file, f},
					 .actor = HF_SV("test"),
					 .purpose = HF_SV("HOPERAT"),
					 .file = HF_SV("made-up.csv"),
					 .source = HF_SV("X99"),
					 .most_refused = 50,
					 .refuse = refuse,
					 .ctx = f};
	enum hf_rc rc;

	load_builtin(map_name, &arena, &map);
	rc = hf_bench_import(&config, r, &err);
	hf_arena_free(&arena);
	return rc;
}

#define VW "date,icb_code,region_code,capacity,num_ward_patients,population\n"

HF_ON_BOTH(section_5_published_figures_come_out_as_they_went_in)
{
	struct file f = {.text = VW "2024-01-01,QAA,Y1,100,80,500000\n"
				    "2024-01-01,QBB,Y1,*,40,250000\n"
				    "2024-01-01,QCC,Y1,50,60,n/a\n"
				    "2024-01-01,England,,150,180,750000\n"
				    ",,,,,\n"};
	struct hf_bench_result r;
	struct hf_bench_value *v;
	struct hf_bench_kept *kept;
	size_t n;

	OK(import(t, "virtual-ward-stats.json", &f, &r));
	assert_int_equal(r.organisations, 3);
	assert_int_equal(r.refused_rows + r.refused_figures, 0);
	assert_int_equal(r.found[HF_BENCH_FOUND_held_back], 2);
	assert_int_equal(r.found[HF_BENCH_FOUND_missing], 1);
	assert_int_equal(r.found[HF_BENCH_FOUND_above_whole], 1);
	assert_int_equal(r.found[HF_BENCH_FOUND_empty_rows], 1);
	assert_int_equal(r.found[HF_BENCH_FOUND_total_differs], 0);
	OK(hf_bench_values(t->reader, HF_SV("virtual-ward-occupancy"), &t->arena, &v,
			   &n, &err));
	assert_int_equal(n, 3);
	assert_sv_equal(v[0].org, "QAA");
	assert_true(v[0].num == 80 && v[0].den == 100);
	/* Held back is not 0. */
	assert_true(isnan(v[1].num) && v[1].held_back);
	assert_true(v[2].num == 60 && v[2].den == 50);
	OK(hf_bench_list(t->reader, &t->arena, &kept, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(kept[0].n, 9);
	assert_int_equal(kept[0].sha.n, 64);
	assert_sv_equal(kept[0].map, "virtual-ward-stats");
}

HF_ON_BOTH(a_corrected_file_replaces_and_says_what_differs)
{
	struct file first = {.text = VW "2024-01-01,QAA,Y1,100,80,500000\n"
					"2024-01-01,QBB,Y1,50,40,250000\n"},
		    again = first,
		    other = {.text = VW "2024-02-01,QAA,Y1,100,90,500000\n"},
		    fixed = {.text = VW "2024-01-01,QAA,Y1,100,85,500000\n"
					"2024-01-01,QDD,Y1,10,5,50000\n"};
	struct hf_bench_result r;
	struct hf_bench_value *v;
	size_t n;

	OK(import(t, "virtual-ward-stats.json", &first, &r));
	assert_int_equal(import(t, "virtual-ward-stats.json", &again, &r), HF_EXISTS);
	assert_int_equal(r.feed, 0);
	OK(import(t, "virtual-ward-stats.json", &other, &r));
	assert_int_equal(r.replaces, 0);
	OK(import(t, "virtual-ward-stats.json", &fixed, &r));
	assert_int_equal(r.replaces, 1);
	assert_int_equal(r.found[HF_BENCH_FOUND_changed], 2); /* occupancy and census */
	assert_int_equal(r.found[HF_BENCH_FOUND_gone], 3);
	assert_int_equal(r.found[HF_BENCH_FOUND_added], 3);
	OK(hf_bench_values(t->reader, HF_SV("virtual-ward-occupancy"), &t->arena, &v,
			   &n, &err));
	assert_int_equal(n, 3); /* QAA twice, QDD; QBB is gone with its file */
	assert_true(v[0].num == 85 && v[1].num == 90);
}

HF_ON_BOTH(what_cannot_be_is_refused_with_its_line_and_the_rest_is_kept)
{
	struct file f = {.text = VW "2024-01-01,QAA,Y1,100,eighty,500000\n"
				    "2024-01-01,QBB,Y1,50,40,250000\n"
				    "2024-01-01,QBB,Y1,50,41,250000\n"
				    "2024-13-01,QCC,Y1,50,40,250000\n"
				    "2024-01-01,,Y1,50,40,250000\n"
				    "2024-01-01,QDD,Y1,50,400,300\n"
				    "2024-01-01,QEE,Y1,-1,4,300\n"};
	struct hf_bench_result r;

	OK(import(t, "virtual-ward-stats.json", &f, &r));
	assert_int_equal(r.rows, 7);
	assert_int_equal(r.refused_rows, 3);
	assert_int_equal(f.refused[HF_BENCH_TWICE], 1);
	assert_int_equal(f.refused[HF_BENCH_BAD_PERIOD], 1);
	assert_int_equal(f.refused[HF_BENCH_NO_ORG], 1);
	assert_int_equal(f.refused[HF_BENCH_NOT_A_NUMBER], 2); /* two figures need it */
	assert_int_equal(f.refused[HF_BENCH_NEGATIVE], 2);
	assert_int_equal(f.refused[HF_BENCH_NOT_WITHIN], 1);
	assert_int_equal(r.refused_figures, 5);
	/* Too many: nothing is taken. */
	f = (struct file){.text = VW "x,QAA,Y1,1,1,1\nx,QBB,Y1,1,1,1\n"
				     "2024-01-01,QCC,Y1,1,1,1\n"};
	assert_int_equal(import(t, "virtual-ward-stats.json", &f, &r), HF_RULE);
	assert_int_equal(r.feed, 0);
}

#define AE_OLD                                                                         \
	"Monthly A&E\n\nPeriod,Code,Region,Name,Number of A&E attendances Type 1,"     \
	"Number of A&E attendances Type 2,"                                            \
	"Number of A&E attendances Other A&E Department,"                              \
	"Number of attendances over 4hrs Type 1,"                                      \
	"Number of attendances over 4hrs Type 2,"                                      \
	"Number of attendances over 4hrs Other A&E Department,"                        \
	"Emergency Admissions via Type 1 A&E,Emergency Admissions via Type 2 A&E,"     \
	"Emergency Admissions via Type 3 and 4 A&E,"                                   \
	"Other Emergency Admissions (i.e. not via A&E)\n"

HF_ON_BOTH(names_of_columns_that_changed_and_columns_that_came_later_are_read)
{
	struct file f = {
	    .text =
		AE_OLD "March 2019,RXA,North,ONE TRUST,\"1,000\",0,500,300,0,10,250,0,"
		       "0,50\n"
		       "TOTAL,TOTAL,TOTAL,TOTAL,1000,0,500,300,0,11,250,0,0,50\n"};
	struct hf_bench_result r;
	struct hf_bench_value *v;
	size_t n;

	OK(import(t, "ae-monthly.json", &f, &r));
	/* Booked appointments were not told then: they count 0.  Waits of 12 hours were
	 * not told at all: no figure. */
	assert_int_equal(r.found[HF_BENCH_FOUND_not_in_file], 1);
	assert_int_equal(r.found[HF_BENCH_FOUND_total_differs], 1);
	OK(hf_bench_values(t->reader, HF_SV("ae-within-4-hours"), &t->arena, &v, &n,
			   &err));
	assert_int_equal(n, 1);
	assert_sv_equal(v[0].name, "ONE TRUST");
	assert_true(v[0].num == 1190 && v[0].den == 1500);
	OK(hf_bench_values(t->reader, HF_SV("waited-12-hours"), &t->arena, &v, &n,
			   &err));
	assert_int_equal(n, 0);
}

HF_ON_BOTH(a_header_that_does_not_go_with_the_map_names_the_column)
{
	struct file f = {.text = "date,icb_code,capacity\n2024-01-01,QAA,1\n"};
	struct hf_bench_result r;

	assert_int_equal(import(t, "virtual-ward-stats.json", &f, &r), HF_INVALID);
	assert_string_equal(err.path, "people");
	assert_int_equal(r.feed, 0);
}

HF_TEST_MAIN(
    "population/bench",
    cmocka_unit_test(each_mistake_in_a_map_of_figures_is_named_with_its_line),
    cmocka_unit_test(the_maps_that_are_built_in_load),
    cmocka_unit_test(a_period_is_the_month_that_its_format_says),
    HF_BOTH(section_5_published_figures_come_out_as_they_went_in),
    HF_BOTH(a_corrected_file_replaces_and_says_what_differs),
    HF_BOTH(what_cannot_be_is_refused_with_its_line_and_the_rest_is_kept),
    HF_BOTH(names_of_columns_that_changed_and_columns_that_came_later_are_read),
    HF_BOTH(a_header_that_does_not_go_with_the_map_names_the_column))
