/* The promises of contract/activity_read.h, total.h and adjust.h; CON-T02 and CON-T03
 * as lines. */
#include "test/unit/contract/made.h"
#include "test/unit/contract/prices.h"

#include "contract/activity_read.h"
#include "contract/adjust.h"
#include "contract/charge.h"
#include "contract/total.h"
#include "fhir/validate.h"

struct rows {
	struct hf_arena arena;
	struct hf_ct_activity_reader r;
	struct hf_ct_activity a;
	struct hf_err err;
};

static enum hf_rc
begin(struct rows *t, const char *text)
{
	*t = (struct rows){.arena = {.cap = 1 << 20}};
	return hf_ct_activity_begin(&t->r, hf_sv_from(text), &t->arena, &t->err);
}

static enum hf_rc
next(struct rows *t)
{
	return hf_ct_activity_next(&t->r, &t->a, &t->err);
}

HF_TEST(a_row_has_every_column_it_names)
{
	struct rows t;

	assert_int_equal(
	    begin(&t, "kind,id,day,admitted,hrg,provider,method,cls,age,critical,rehab,"
		      "palliative,other,delayed,flags,specialised\n"
		      "spell,7,2020-07-02,2020-06-30,xx01a,RZ1,2A,1,78,1,2,3,4,5,"
		      "bpt_sus  open,ORTHO SPINAL\n"),
	    HF_OK);
	assert_int_equal(next(&t), HF_OK);
	assert_int_equal(t.a.id, 7);
	assert_int_equal(t.a.kind, HF_CT_ACT_SPELL);
	assert_int_equal(t.a.day, on(2020, 7, 2));
	assert_int_equal(t.a.admitted, on(2020, 6, 30));
	assert_int_equal(t.a.hrg, hf_ct_code_of("XX01A"));
	assert_int_equal(t.a.method, HF_CT_M_2A);
	assert_int_equal(t.a.critical + 10 * t.a.rehab + 100 * t.a.palliative +
			     1000 * t.a.other + 10000 * t.a.delayed,
			 54321);
	assert_int_equal(t.a.flags, HF_CT_F_BPT_SUS | HF_CT_F_OPEN);
	assert_int_equal(t.a.specialised, HF_CT_SP_ORTHOPAEDIC | HF_CT_SP_SPINAL);
	assert_int_equal(next(&t), HF_NOT_FOUND);
	hf_arena_free(&t.arena);
}

HF_TEST(what_a_file_does_not_say_is_not_known)
{
	struct rows t;

	assert_int_equal(begin(&t, "id,kind,day\n0,ae,2020-07-02\n"), HF_OK);
	assert_int_equal(next(&t), HF_OK);
	assert_int_equal(t.a.age, HF_CT_NOT_KNOWN);
	assert_int_equal(t.a.investigation, HF_CT_NOT_KNOWN);
	assert_int_equal(t.a.quantity, 1);
	assert_int_equal(t.a.admitted, t.a.day);
	hf_arena_free(&t.arena);
}

HF_TEST(a_wrong_row_is_told_with_its_line_and_the_next_is_read)
{
	static const char *const bad[] = {
	    ",spell,2020-07-02,,,,",	   "x,spell,2020-07-02,,,,",
	    "1,stay,2020-07-02,,,,",	   "1,spell,,,,,",
	    "1,spell,2 July,,,,",	   "1,spell,2020-07-02,TOOLONG99,,,",
	    "1,spell,2020-07-02,,7X,,",	   "1,spell,2020-07-02,,,200,",
	    "1,spell,2020-07-02,,,,quick", "1,spell,2020-07-02,,,",
	    "1,drug,2020-07-02,,,,", /* without what it cost */
	    "1,spell,\"2020-07-02,,,,"};
	char text[256];
	struct rows t;

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		snprintf(text, sizeof text,
			 "id,kind,day,hrg,method,age,flags\n%s\n2,ae,2020-07-02,,,,\n",
			 bad[i]);
		assert_int_equal(begin(&t, text), HF_OK);
		assert_int_equal(next(&t), HF_INVALID);
		assert_string_equal(t.err.path, "line 2");
		assert_int_equal(next(&t), HF_OK);
		assert_int_equal(t.a.id, 2);
		hf_arena_free(&t.arena);
	}
	assert_int_equal(begin(&t, "id,kind\n"), HF_INVALID);
	assert_int_equal(begin(&t, "id,kind,day,id\n"), HF_INVALID);
	assert_int_equal(begin(&t, "id,kind,day,nhs_number\n"), HF_INVALID);
	assert_int_equal(begin(&t, ""), HF_INVALID);
	hf_arena_free(&t.arena);
}

/* Issue 6: a total equals the sum of its lines at every level. */
HF_TEST(a_total_is_the_sum_of_its_lines_at_each_level)
{
	enum { N = 50000 };
	struct made m = {.from = on(2018, 1, 1), .days = 1500, .wrong = 100};
	struct hf_ct_activity *a = calloc(N, sizeof *a);
	struct hf_ct_priced *out = calloc(N, sizeof *out);
	struct hf_ct_sum all = {0}, pods[HF_CT_PODS] = {0}, months[60][12] = {0};
	struct hf_ct_price_book book = {0};
	static struct hf_ct_pricer p;
	struct hf_ct_list *list = NULL;
	struct hf_ct_totals t;
	struct lists l;

	lists_begin(&l);
	assert_true(a && out);
	assert_int_equal(hf_ct_list_builtin(&l.arena, &list, &l.err), HF_OK);
	hf_ct_price_book_add(&book, list, NULL);
	m.list = list;
	hf_rng_seed(&m.rng, 3, 3);
	hf_ct_pricer_init(&p, &book, NULL);
	for (size_t i = 0; i < N; i++) {
		const struct hf_ct_priced *o = &out[i];
		struct hf_ct_sum one;

		made_row(&m, i, HF_CT_ACTS, &a[i]);
		hf_ct_price(&p, &a[i], &out[i]);
		one = (struct hf_ct_sum){1, o->excess, o->value, o->xbd};
		assert_true(hf_ct_sum_add(&all, &one));
		assert_true(hf_ct_sum_add(&pods[o->pod], &one));
		assert_true(hf_ct_sum_add(&months[o->fy - 2000][o->period - 1], &one));
	}
	assert_int_equal(hf_ct_total(out, N, &l.arena, &t, &l.err), HF_OK);
	assert_memory_equal(&t.all, &all, sizeof all);
	assert_memory_equal(t.pods, pods, sizeof pods);
	assert_true(t.n_years == 5 || t.n_years == 6);
	for (size_t y = 0; y < t.n_years; y++)
		for (int month = 0; month < 12; month++) {
			struct hf_ct_sum sum = {0};

			for (int pod = 0; pod < HF_CT_PODS; pod++)
				hf_ct_sum_add(&sum, &t.years[y].pods[month][pod]);
			assert_memory_equal(&sum, &months[t.years[y].fy - 2000][month],
					    sizeof sum);
		}
	free(a);
	free(out);
	lists_end(&l);
}

static void
assert_valid(struct hf_buf *out)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_json doc;
	hf_type_id type;

	assert_int_equal(hf_json_parse(hf_buf_view(out), NULL, &arena, &doc, NULL),
			 HF_OK);
	if (!hf_validate(&doc, 0, &issues, &type))
		fail_msg("%.*s: %.*s in %.*s", HF_SV_ARG(issues.items[0].path),
			 HF_SV_ARG(issues.items[0].text), (int)out->n, out->p);
	hf_arena_free(&arena);
	hf_buf_free(out);
}

HF_TEST(lines_and_months_are_valid_fhir)
{
	struct made m = {.from = on(2020, 4, 1), .days = 300, .wrong = 10};
	struct hf_ct_price_book book = {0};
	static struct hf_ct_pricer p;
	static struct hf_ct_priced lines[2000];
	struct hf_ct_list *list = NULL;
	struct hf_buf out = {0};
	struct hf_ct_activity a;
	struct hf_ct_totals t;
	struct lists l;

	lists_begin(&l);
	assert_int_equal(hf_ct_list_builtin(&l.arena, &list, &l.err), HF_OK);
	hf_ct_price_book_add(&book, list, NULL);
	m.list = list;
	hf_rng_seed(&m.rng, 4, 4);
	hf_ct_pricer_init(&p, &book, NULL);
	for (size_t i = 0; i < HF_COUNT(lines); i++) {
		made_row(&m, i, HF_CT_ACTS, &a);
		hf_ct_price(&p, &a, &lines[i]);
		hf_ct_charge_item(&(struct hf_jw){.out = &out}, &book, &a, &lines[i]);
		assert_valid(&out);
	}
	assert_int_equal(hf_ct_total(lines, HF_COUNT(lines), &l.arena, &t, &l.err),
			 HF_OK);
	for (size_t y = 0; y < t.n_years; y++)
		for (int month = 0; month < 9; month++) {
			hf_ct_invoice(&(struct hf_jw){.out = &out}, &t.years[y], month);
			assert_valid(&out);
		}
	lists_end(&l);
}

HF_TEST(a_total_that_does_not_fit_is_refused)
{
	struct hf_ct_priced out[2] = {{.value = INT64_MAX, .period = 1},
				      {.value = 1, .period = 1}};
	struct hf_ct_totals t;
	struct lists l;

	lists_begin(&l);
	assert_int_equal(hf_ct_total(out, 2, &l.arena, &t, &l.err), HF_TOO_LONG);
	lists_end(&l);
}

HF_TEST(con_t02_the_marginal_rate_is_a_line)
{
	struct hf_ct_rules rules = {
	    .id = "2010/11", .marginal = true, .marginal_rate = 300000000};
	struct hf_ct_adjustment adj;

	assert_true(hf_ct_adjust_marginal(&rules, 2000000000, 2250000000, &adj));
	assert_int_equal(adj.value, -175000000);
	rules.marginal_rate = 700000000;
	assert_true(hf_ct_adjust_marginal(&rules, 2000000000, 2250000000, &adj));
	assert_int_equal(adj.value, -75000000);
	rules.marginal = false;
	assert_false(hf_ct_adjust_marginal(&rules, 2000000000, 2250000000, &adj));
}

HF_TEST(con_t03_blended_payment_is_a_line)
{
	struct hf_ct_rules rules = {
	    .id = "2019/20", .blended = true, .blended_rate = 200000000};
	struct hf_ct_adjustment adj;

	assert_true(hf_ct_adjust_blended(&rules, 2200000000, 2250000000, 0, &adj));
	assert_int_equal(adj.of + adj.value, 2210000000);
	assert_false(adj.alarm);
	assert_true(
	    hf_ct_adjust_blended(&rules, 2200000000, 2100000000, 40000000, &adj));
	assert_int_equal(adj.of + adj.value, 2180000000);
	assert_true(adj.alarm); /* 4.5 % off plan, 4 % breaks the glass */
}

HF_TEST(readmissions_quality_and_counting)
{
	struct hf_ct_activity a[4] = {{.flags = HF_CT_F_READM_EL},
				      {.flags = HF_CT_F_READM_OTHER},
				      {.flags = HF_CT_F_READM_OTHER},
				      {0}};
	struct hf_ct_priced lines[4] = {
	    {.value = 1000}, {.value = 200}, {.value = 300}, {.value = 9000}};
	struct hf_ct_rules rules = {
	    .id = "2015/16", .readmission = true, .quality = 25000000};
	struct hf_ct_adjustment adj;
	struct hf_buf out = {0};

	assert_true(hf_ct_adjust_readmission(&rules, a, lines, 4, 400, &adj));
	assert_int_equal(adj.value, -1100); /* 1000, and 100 above the threshold */
	assert_int_equal(adj.units, 3);
	assert_true(hf_ct_adjust_readmission(&rules, a, lines, 4, 500, &adj));
	assert_int_equal(adj.value, -1000);
	assert_true(hf_ct_adjust_quality(&rules, 1000001, 1, &adj));
	assert_int_equal(adj.value, 25000);
	assert_true(hf_ct_adjust_counting(100, 238000, 60000, &adj));
	assert_int_equal(adj.value, 17800000);
	hf_ct_adjust_text(&adj, &out);
	assert_sv_equal(hf_buf_view(&out),
			"Change of counting: 100 x (£2,380.00 - £600.00) = "
			"£178,000.00, so that years can be compared.");
	hf_buf_free(&out);
}

HF_TEST_MAIN("contract/activity", cmocka_unit_test(a_row_has_every_column_it_names),
	     cmocka_unit_test(what_a_file_does_not_say_is_not_known),
	     cmocka_unit_test(a_wrong_row_is_told_with_its_line_and_the_next_is_read),
	     cmocka_unit_test(a_total_is_the_sum_of_its_lines_at_each_level),
	     cmocka_unit_test(lines_and_months_are_valid_fhir),
	     cmocka_unit_test(a_total_that_does_not_fit_is_refused),
	     cmocka_unit_test(con_t02_the_marginal_rate_is_a_line),
	     cmocka_unit_test(con_t03_blended_payment_is_a_line),
	     cmocka_unit_test(readmissions_quality_and_counting))
