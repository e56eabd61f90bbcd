/* Scores: NEWS2 against its table at every value (section 3.3), R-3.5, the others at
 * each edge of their bands (section 3.2). */
#include "test/hf_test.h"
#include "pathway/score.h"

static struct hf_arena arena = {.cap = 16 << 20};

static void
load(const char *name, struct hf_score *out)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_err err = {0};

	for (size_t i = 0; i < hf_n_scores_builtin; i++) {
		if (strcmp(hf_scores_builtin[i].name, name) != 0)
			continue;
		if (hf_score_load(name, hf_scores_builtin[i].text, &arena, &issues, out,
				  &err) != HF_OK)
			for (size_t k = 0; k < issues.n; k++)
				print_error("%.*s: %.*s\n",
					    HF_SV_ARG(issues.items[k].path),
					    HF_SV_ARG(issues.items[k].text));
		assert_int_equal(issues.errors, 0);
		return;
	}
	fail_msg("there is no %s", name);
}

static struct hf_score_value
val(const char *id, const char *value)
{
	return (struct hf_score_value){hf_sv_from(id), hf_sv_from(value)};
}

/* ---- NEWS2: a table of its own, as section 3.3 prints it ---- */

struct edge {
	int upto, points;
};

static int
by_edges(const struct edge *e, size_t n, int v)
{
	for (size_t i = 0; i < n; i++)
		if (v <= e[i].upto)
			return e[i].points;
	return -1;
}

#define EDGES(v, ...)                                                                  \
	by_edges((const struct edge[]){__VA_ARGS__},                                   \
		 sizeof((const struct edge[]){__VA_ARGS__}) / sizeof(struct edge),     \
		 (v))

static int
want_respiration(int v)
{
	return EDGES(v, {8, 3}, {11, 1}, {20, 0}, {24, 2}, {9999, 3});
}

static int
want_spo2(int v, int scale, bool oxygen)
{
	if (scale == 1)
		return EDGES(v, {91, 3}, {93, 2}, {95, 1}, {9999, 0});
	if (v <= 92 || !oxygen)
		return EDGES(v, {83, 3}, {85, 2}, {87, 1}, {9999, 0});
	return EDGES(v, {94, 1}, {96, 2}, {9999, 3});
}

static int
want_systolic(int v)
{
	return EDGES(v, {90, 3}, {100, 2}, {110, 1}, {219, 0}, {9999, 3});
}

static int
want_pulse(int v)
{
	return EDGES(v, {40, 3}, {50, 1}, {90, 0}, {110, 1}, {130, 2}, {9999, 3});
}

static int
want_temperature(int tenths)
{
	return EDGES(tenths, {350, 3}, {360, 1}, {380, 0}, {390, 1}, {9999, 2});
}

struct set {
	const char *scale, *oxygen, *consciousness;
	char respiration[8], spo2[8], systolic[8], pulse[8], temperature[12];
};

static const struct set well = {"1", "air", "A", "15", "98", "120", "70", "37.0"};

static enum hf_rc
run(const struct hf_score *s, const struct set *x, struct hf_score_result *r,
    struct hf_err *err)
{
	const struct hf_score_value v[] = {
	    val("scale", x->scale),
	    val("oxygen", x->oxygen),
	    val("respiration", x->respiration),
	    val("spo2", x->spo2),
	    val("systolic", x->systolic),
	    val("pulse", x->pulse),
	    val("consciousness", x->consciousness),
	    val("temperature", x->temperature),
	};

	return hf_score_run(s, 70, v, HF_COUNT(v), r, err);
}

static void
expect(const struct hf_score *s, const struct set *x, int want)
{
	struct hf_score_result r;
	struct hf_err err = {0};

	assert_int_equal(run(s, x, &r, &err), HF_OK);
	assert_true(r.complete);
	if (r.total != want)
		print_error("rr %s spo2 %s/%s %s bp %s p %s t %s %s: %d, not %d\n",
			    x->respiration, x->spo2, x->scale, x->oxygen, x->systolic,
			    x->pulse, x->temperature, x->consciousness, r.total, want);
	assert_int_equal(r.total, want);
}

HF_TEST(news2_is_its_table_at_every_value)
{
	struct hf_score s;
	struct set x;

	load("news2.json", &s);
	for (int v = 0; v <= 120; v++) {
		x = well;
		snprintf(x.respiration, sizeof x.respiration, "%d", v);
		expect(&s, &x, want_respiration(v));
	}
	for (int v = 0; v <= 100; v++) {
		x = well;
		snprintf(x.spo2, sizeof x.spo2, "%d", v);
		expect(&s, &x, want_spo2(v, 1, false));
		x.oxygen = "oxygen";
		expect(&s, &x, 2 + want_spo2(v, 1, true));
		x.scale = "2";
		expect(&s, &x, 2 + want_spo2(v, 2, true));
		x.oxygen = "air";
		expect(&s, &x, want_spo2(v, 2, false));
	}
	for (int v = 0; v <= 350; v++) {
		x = well;
		snprintf(x.systolic, sizeof x.systolic, "%d", v);
		expect(&s, &x, want_systolic(v));
		x = well;
		snprintf(x.pulse, sizeof x.pulse, "%d", v);
		expect(&s, &x, want_pulse(v));
	}
	for (int v = 100; v <= 500; v++) {
		x = well;
		snprintf(x.temperature, sizeof x.temperature, "%d.%d", v / 10, v % 10);
		expect(&s, &x, want_temperature(v));
	}
	for (const char *c = "ACVPU"; *c; c++) {
		char code[2] = {*c, '\0'};

		x = well;
		x.consciousness = code;
		expect(&s, &x, *c == 'A' ? 0 : 3);
	}
}

/* Twenty is the most (section 3.3). */
HF_TEST(news2_adds_up_and_finds_its_level)
{
	static const struct {
		struct set x;
		int total;
		const char *level;
	} cases[] = {
	    {{"1", "air", "A", "15", "98", "120", "70", "37.0"}, 0, "none"},
	    {{"1", "air", "A", "21", "98", "120", "70", "37.0"}, 2, "low"},
	    {{"1", "air", "A", "25", "98", "120", "70", "37.0"}, 3, "single"},
	    {{"1", "air", "A", "21", "95", "110", "70", "37.0"}, 4, "low"},
	    {{"1", "oxygen", "A", "21", "95", "120", "70", "37.0"}, 5, "medium"},
	    {{"1", "air", "C", "21", "98", "120", "91", "37.0"}, 6, "medium"},
	    {{"1", "oxygen", "A", "21", "93", "110", "70", "37.0"}, 7, "high"},
	    {{"1", "oxygen", "U", "30", "80", "80", "140", "34.0"}, 20, "high"},
	    {{"2", "oxygen", "A", "15", "97", "120", "70", "37.0"}, 5, "medium"},
	};
	struct hf_score s;

	load("news2.json", &s);
	assert_int_equal(s.total_max, 20);
	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_score_result r;

		assert_int_equal(run(&s, &cases[i].x, &r, NULL), HF_OK);
		assert_int_equal(r.total, cases[i].total);
		assert_string_equal(s.levels[r.level].id, cases[i].level);
	}
}

/* partial is never a total; each of the seven in turn. */
HF_TEST(news2_without_a_parameter_is_partial)
{
	struct hf_score s;

	load("news2.json", &s);
	for (size_t gone = 0; gone < 7; gone++) {
		struct set x = well;
		struct hf_score_result r;
		size_t missing = 0;

		if (gone == 0)
			x.oxygen = "";
		if (gone == 1)
			x.consciousness = "";
		if (gone == 2)
			x.respiration[0] = '\0';
		if (gone == 3)
			x.spo2[0] = '\0';
		if (gone == 4)
			x.systolic[0] = '\0';
		if (gone == 5)
			x.pulse[0] = '\0';
		if (gone == 6)
			x.temperature[0] = '\0';
		assert_int_equal(run(&s, &x, &r, NULL), HF_OK);
		assert_false(r.complete);
		assert_int_equal(r.total, 0);
		assert_int_equal(r.level, -1);
		for (size_t i = 0; i < s.n_items; i++)
			missing += (r.missing >> i) & 1;
		assert_int_equal(missing, 1);
	}
	{
		/* On scale 2 the saturation cannot be scored without the oxygen. */
		struct set x = well;
		struct hf_score_result r;

		x.scale = "2";
		x.oxygen = "";
		assert_int_equal(run(&s, &x, &r, NULL), HF_OK);
		assert_false(r.complete);
	}
}

/* impossible values are refused, extreme ones are to be confirmed, the
 * temperature is rounded to 0.1 before it is scored. */
HF_TEST(news2_refuses_what_cannot_be)
{
	static const struct {
		const char *item, *value;
		enum hf_rc rc;
	} cases[] = {
	    {"spo2", "101", HF_INVALID},	{"spo2", "-1", HF_INVALID},
	    {"spo2", "96.5", HF_INVALID},	{"pulse", "x", HF_INVALID},
	    {"pulse", "400", HF_INVALID},	{"temperature", "5", HF_INVALID},
	    {"consciousness", "B", HF_INVALID}, {"scale", "3", HF_INVALID},
	    {"height", "180", HF_INVALID},	{"pulse", "70.0", HF_OK},
	};
	struct hf_score s;
	struct hf_score_result r;
	struct hf_err err;
	struct set x = well;

	load("news2.json", &s);
	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_score_value v = val(cases[i].item, cases[i].value);

		assert_int_equal(hf_score_run(&s, 70, &v, 1, &r, &err), cases[i].rc);
	}
	snprintf(x.temperature, sizeof x.temperature, "38.04");
	expect(&s, &x, 0);
	snprintf(x.temperature, sizeof x.temperature, "38.05");
	expect(&s, &x, 1);
	x = well;
	snprintf(x.pulse, sizeof x.pulse, "15");
	assert_int_equal(run(&s, &x, &r, NULL), HF_OK);
	assert_true(r.confirm != 0);
	{
		struct hf_score_value twice[] = {val("pulse", "70"),
						 val("pulse", "71")};

		assert_int_equal(hf_score_run(&s, 70, twice, 2, &r, &err), HF_INVALID);
	}
	assert_int_equal(hf_score_run(&s, 15, NULL, 0, &r, &err), HF_RULE);
	assert_int_equal(hf_score_run(&s, 16, NULL, 0, &r, &err), HF_OK);
	assert_int_equal(hf_score_run(&s, -1, NULL, 0, &r, &err), HF_OK);
}

/* ---- the others: totals at the edges of their levels ---- */

/* Gives the first items their most points until the total is made. */
static int
make_total(const struct hf_score *s, int total, struct hf_score_value *values,
	   char text[HF_SCORE_ITEMS][16])
{
	int left = total;

	for (size_t i = 0; i < s->n_items; i++) {
		const struct hf_score_item *item = &s->items[i];
		int best = -1;

		if (item->as_is) {
			snprintf(text[i], 16, "%d", left);
			values[i] = val(item->id, text[i]);
			return 0;
		}
		for (size_t k = 0; k < item->n_codes; k++)
			if (item->codes[k].points <= left &&
			    (best < 0 ||
			     item->codes[k].points > item->codes[best].points))
				best = (int)k;
		if (best < 0)
			return -1;
		left -= item->codes[best].points;
		values[i] = val(item->id, item->codes[best].code);
	}
	return left;
}

HF_TEST(levels_begin_and_end_where_the_instrument_says)
{
	static const struct {
		const char *file;
		int total;
		const char *level;
	} cases[] = {
	    {"phq-9.json", 4, "none"},
	    {"phq-9.json", 5, "mild"},
	    {"phq-9.json", 9, "mild"},
	    {"phq-9.json", 10, "moderate"},
	    {"phq-9.json", 14, "moderate"},
	    {"phq-9.json", 15, "moderately-severe"},
	    {"phq-9.json", 19, "moderately-severe"},
	    {"phq-9.json", 20, "severe"},
	    {"phq-9.json", 27, "severe"},
	    {"gad-7.json", 4, "minimal"},
	    {"gad-7.json", 5, "mild"},
	    {"gad-7.json", 10, "moderate"},
	    {"gad-7.json", 15, "severe"},
	    {"gad-7.json", 21, "severe"},
	    {"4at.json", 0, "unlikely"},
	    {"4at.json", 4, "delirium"},
	    {"4at.json", 12, "delirium"},
	    {"must.json", 0, "low"},
	    {"must.json", 2, "high"},
	    {"must.json", 6, "high"},
	    {"cfs.json", 4, "very-mild"},
	    {"cfs.json", 5, "mild"},
	    {"cfs.json", 6, "moderate"},
	    {"cfs.json", 7, "severe"},
	    {"cfs.json", 9, "terminal"},
	    {"waterlow.json", 9, "not-at-risk"},
	    {"waterlow.json", 10, "at-risk"},
	    {"waterlow.json", 15, "high"},
	    {"waterlow.json", 20, "very-high"},
	    {"carer-strain.json", 13, "high"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_score_value values[HF_SCORE_ITEMS];
		char text[HF_SCORE_ITEMS][16];
		struct hf_score_result r;
		struct hf_score s;

		load(cases[i].file, &s);
		assert_int_equal(make_total(&s, cases[i].total, values, text), 0);
		assert_int_equal(hf_score_run(&s, 70, values, s.n_items, &r, NULL),
				 HF_OK);
		assert_true(r.complete);
		assert_int_equal(r.total, cases[i].total);
		assert_string_equal(s.levels[r.level].id, cases[i].level);
	}
}

/* PHQ-9, item 9 above 0 raises a safety task the same day, also when the rest is
 * missing (section 3.2). */
HF_TEST(phq9_item_9_raises_its_task)
{
	struct hf_score_value v = val("q9", "1");
	struct hf_score_result r;
	struct hf_score s;

	load("phq-9.json", &s);
	assert_int_equal(hf_score_run(&s, 40, &v, 1, &r, NULL), HF_OK);
	assert_false(r.complete);
	assert_int_equal(r.raised, 1);
	assert_string_equal(s.raises[0].task, "safety-same-day");
	v.value = HF_SV("0");
	assert_int_equal(hf_score_run(&s, 40, &v, 1, &r, NULL), HF_OK);
	assert_int_equal(r.raised, 0);
}

HF_TEST(barthel_says_its_scale_and_totals_to_it)
{
	static const struct {
		const char *file;
		int most;
	} cases[] = {{"barthel-20.json", 20}, {"barthel-100.json", 100}};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_score s;

		load(cases[i].file, &s);
		assert_int_equal(s.total_max, cases[i].most);
		assert_int_equal(s.total_min, 0);
	}
}

/* What is not supplied is not made up. */
HF_TEST(a_score_without_tables_gives_no_number)
{
	struct hf_score_result r;
	struct hf_score s;
	struct hf_err err;

	load("pews.json", &s);
	assert_false(s.scored);
	assert_int_equal(hf_score_run(&s, 3, NULL, 0, &r, &err), HF_RULE);
	assert_non_null(strstr(err.text, "approved source"));
}

HF_TEST(every_document_is_in_order)
{
	for (size_t i = 0; i < hf_n_scores_builtin; i++) {
		struct hf_score s;

		load(hf_scores_builtin[i].name, &s);
		assert_true(s.n_items > 0);
		assert_true(*s.source != '\0');
	}
	assert_true(hf_n_scores_builtin >= 13);
}

HF_TEST(each_mistake_is_named_with_its_line)
{
	static const struct {
		const char *text, *path, *says;
	} cases[] = {
	    {"[]", "t.json", "expected an object"},
	    {"{\n\"id\":\"a\"", "t.json", ""},
	    {"{\"id\":\"a\",\n\"shape\":1}", "t.json:2", "no member \"shape\""},
	    {"{\"id\":\"a b\"}", "t.json:1", "is no id"},
	    {"{\"id\":\"a\",\"version\":\"1\",\"title\":\"t\",\"source\":\"s\","
	     "\"items\":[{\"id\":\"x\",\"title\":\"X\",\n\"bands\":[{\"upTo\":5,"
	     "\"points\":1},\n{\"upTo\":4,\"points\":0},{\"points\":2}]}]}",
	     "t.json:3", "not in order"},
	    {"{\"id\":\"a\",\"version\":\"1\",\"title\":\"t\",\"source\":\"s\","
	     "\"items\":[{\"id\":\"x\",\"title\":\"X\",\"codes\":[{\"code\":\"a\","
	     "\"points\":1}]}],\"levels\":[{\"id\":\"l\",\"title\":\"L\",\"from\":0,"
	     "\"to\":0}]}",
	     "t.json:1", "the total 1 has 0 levels"},
	    {"{\"id\":\"a\",\"version\":\"1\",\"title\":\"t\",\"source\":\"s\","
	     "\"items\":[{\"id\":\"x\",\"title\":\"X\",\"tables\":[{\"when\":{\"y\":"
	     "\"1\"},\"bands\":[{\"points\":1}]}]}]}",
	     "t.json:1", "no choice and no item before"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_issues issues = {.arena = &arena};
		struct hf_score s = {.id = "untouched"};
		struct hf_err err;
		bool found = false;

		assert_int_equal(hf_score_load("t.json", hf_sv_from(cases[i].text),
					       &arena, &issues, &s, &err),
				 HF_INVALID);
		assert_string_equal(s.id, "untouched");
		for (size_t k = 0; k < issues.n; k++) {
			const char *text = hf_arena_cstr(&arena, issues.items[k].text);

			found = found || (hf_sv_eq(issues.items[k].path,
						   hf_sv_from(cases[i].path)) &&
					  strstr(text, cases[i].says));
		}
		if (!found)
			print_error("case %zu: %.*s %.*s\n", i,
				    HF_SV_ARG(issues.items[0].path),
				    HF_SV_ARG(issues.items[0].text));
		assert_true(found);
	}
}

HF_TEST_MAIN("pathway/score", cmocka_unit_test(news2_is_its_table_at_every_value),
	     cmocka_unit_test(news2_adds_up_and_finds_its_level),
	     cmocka_unit_test(news2_without_a_parameter_is_partial),
	     cmocka_unit_test(news2_refuses_what_cannot_be),
	     cmocka_unit_test(levels_begin_and_end_where_the_instrument_says),
	     cmocka_unit_test(phq9_item_9_raises_its_task),
	     cmocka_unit_test(barthel_says_its_scale_and_totals_to_it),
	     cmocka_unit_test(a_score_without_tables_gives_no_number),
	     cmocka_unit_test(every_document_is_in_order),
	     cmocka_unit_test(each_mistake_is_named_with_its_line))
