/* Priced activity in a contract's lines and months: each row in one or in none, sums to
 * the penny, what stands not kept twice, what was frozen not changed (section 5); rules
 * of the year as lines (1.4); accruals. */
#include "test/unit/contract/contract_test.h"

#include "base/rng.h"
#include "contract/accrue.h"
#include "contract/fill.h"

static int32_t
april(int day)
{
	return (int32_t)day_of("2026-04-01") + day - 1;
}

static struct hf_ct_activity
spell(int32_t day, const char *hrg, const char *specialty, uint64_t id)
{
	return (struct hf_ct_activity){.id = id,
				       .hrg = hf_ct_code_of(hrg),
				       .provider = hf_ct_code_of("RZ1"),
				       .specialty = hf_ct_code_of(specialty),
				       .commissioner = hf_ct_code_of("QZ9"),
				       .day = day,
				       .admitted = day - 2,
				       .quantity = 1,
				       .kind = HF_CT_ACT_SPELL,
				       .method = HF_CT_M_21,
				       .age = 70};
}

static struct hf_ct_priced
priced(const struct hf_ct_activity *a, uint8_t pod, hf_pence value)
{
	struct hf_period p = hf_period_of(a->day);

	return (struct hf_ct_priced){.value = value,
				     .pod = pod,
				     .fy = (int16_t)p.fy,
				     .period = (int8_t)p.period};
}

static struct hf_ct_filling *
fill(const struct hf_ct_terms *t, const struct hf_ct_activity *a,
     const struct hf_ct_priced *p, size_t n)
{
	struct hf_ct_filling *f = HF_NEW(&arena, struct hf_ct_filling);
	struct hf_err err = {0};

	assert_non_null(f);
	if (hf_ct_fill(t, a, p, n, &arena, f, &err))
		fail_msg("%s", err.text);
	return f;
}

static size_t
line(const struct hf_ct_terms *t, const char *id)
{
	int at = hf_ct_line_find(t, hf_sv_from(id));

	assert_true(at >= 0);
	return (size_t)at;
}

/* ---- whose a row is ---- */

HF_TEST(two_lines_that_could_claim_one_row_are_a_finding)
{
	struct hf_ct_select a = {.pods = 1u << HF_CT_POD_DC}, b = a;

	assert_true(hf_ct_select_meet(&a, &b));
	b.pods = 1u << HF_CT_POD_EL;
	assert_false(hf_ct_select_meet(&a, &b));
	b.pods = 0; /* any */
	assert_true(hf_ct_select_meet(&a, &b));
	a.by[HF_CT_BY_HRG].of[0] = hf_ct_code_of("BZ");
	a.by[HF_CT_BY_HRG].n = 1;
	assert_true(hf_ct_select_meet(&a, &b));
	b.by[HF_CT_BY_HRG].except[0] = hf_ct_code_of("BZ34");
	b.by[HF_CT_BY_HRG].n_except = 1;
	assert_true(hf_ct_select_meet(&a, &b)); /* BZ35 is both's */
	b.by[HF_CT_BY_HRG].except[0] = hf_ct_code_of("B");
	assert_false(hf_ct_select_meet(&a, &b));
	b.by[HF_CT_BY_HRG].n_except = 0;
	b.by[HF_CT_BY_PROVIDER].of[0] = hf_ct_code_of("RZ2");
	b.by[HF_CT_BY_PROVIDER].n = 1;
	assert_true(hf_ct_select_meet(&a, &b));
	a.by[HF_CT_BY_PROVIDER].of[0] = hf_ct_code_of("RZ1");
	a.by[HF_CT_BY_PROVIDER].n = 1;
	assert_false(hf_ct_select_meet(&a, &b));
	assert_false(hf_ct_select_meet(NULL, &b));
}

/* Law: whatever the row, no more than one line of a contract that was read claims it;
 * of selectors that do not meet, none do. */
HF_TEST(no_row_is_claimed_by_two_lines)
{
	static const char *const hrgs[] = {"BZ34C", "BZ", "FE32Z", "B", "XX01A", ""};
	const struct hf_ct_terms *t = shipped("place-2026");
	struct hf_rng rng;

	hf_rng_seed(&rng, 11, 0);
	for (int i = 0; i < 20000; i++) {
		struct hf_ct_activity a =
		    spell(april(1), hrgs[hf_rng_below(&rng, HF_COUNT(hrgs))], "100", 0);
		struct hf_ct_priced p =
		    priced(&a, (uint8_t)hf_rng_below(&rng, HF_CT_PODS), 1);
		int n = 0;

		if (hf_rng_below(&rng, 4) == 0)
			a.provider = hf_ct_code_of("RZ2");
		for (size_t l = 0; l < t->n_lines; l++)
			n += hf_ct_selects(t->lines[l].select, &a, &p);
		assert_true(n <= 1);
		assert_int_equal(n == 0, hf_ct_assign(t, &a, &p) == HF_CT_NO_LINE);
	}
}

HF_TEST(a_document_with_two_claims_or_a_code_that_is_none_is_refused)
{
	static const struct {
		const char *from, *to, *says;
	} bad[] = {
	    {"\"pods\": [\"DC\"], \"hrgs\": [\"BZ\"]", "\"pods\": [\"DC\"]",
	     "could both claim"},
	    {"\"pods\": [\"AE\"]", "\"pods\": [\"A&E\"]", "is no"},
	    {"\"pods\": [\"AE\"]", "\"pods\": [\"XY\"]", "is no point of delivery"},
	    {"\"pods\": [\"AE\"]", "\"settings\": [\"bed\"]", "is no setting"},
	    {"\"after\": \"other\"", "\"after\": \"elective\"", "two lines"},
	    {"\"of\": [\"urgent\"], \"amount\": 4400000",
	     "\"of\": [\"later\"], \"amount\": 4400000", "no component before it"},
	    {"\"rule\": \"quality\"", "\"rule\": \"kindness\"", "is one of"},
	};
	struct hf_sv text = {0};

	for (size_t i = 0; i < hf_n_contracts_builtin; i++)
		if (strncmp(hf_contracts_builtin[i].name, "place-2026", 10) == 0)
			text = hf_contracts_builtin[i].text;
	assert_non_null(text.p);
	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_sv from = hf_sv_from(bad[i].from);
		struct hf_ct_terms *t = NULL;
		struct hf_err err;
		bool said = false;
		size_t at = 0;
		struct hf_buf b = {0};

		clear(NULL);
		while (at + from.n < text.n && memcmp(text.p + at, from.p, from.n))
			at++;
		assert_true(at + from.n < text.n);
		hf_buf_add(&b, text.p, at);
		hf_buf_printf(&b, "%s", bad[i].to);
		hf_buf_add(&b, text.p + at + from.n, text.n - at - from.n);
		assert_int_equal(
		    hf_ct_terms_load("x", hf_buf_view(&b), &arena, &issues, &t, &err),
		    HF_INVALID);
		for (size_t k = 0; k < issues.n; k++)
			said |= strstr(hf_arena_cstr(&arena, issues.items[k].text),
				       bad[i].says) != NULL;
		if (!said)
			fail_msg("%s: not said", bad[i].says);
		hf_buf_free(&b);
	}
}

/* ---- sums ---- */

HF_TEST(a_month_is_the_sum_of_its_lines_and_of_what_is_in_none)
{
	const struct hf_ct_terms *t = shipped("place-2026");
	enum { N = 3000 };
	static struct hf_ct_activity a[N];
	static struct hf_ct_priced p[N];
	struct hf_ct_filling *f;
	struct hf_rng rng;
	hf_pence want[HF_CT_MONTHS] = {0}, got;
	int64_t rows[HF_CT_MONTHS] = {0}, n;

	hf_rng_seed(&rng, 3, 0);
	for (size_t i = 0; i < N; i++) {
		a[i] = spell(april(1) + (int32_t)hf_rng_below(&rng, 400),
			     i % 7 ? "XX01A" : "BZ34C", "100", i);
		p[i] = priced(&a[i], (uint8_t)hf_rng_below(&rng, HF_CT_PODS),
			      (hf_pence)hf_rng_below(&rng, 1000000));
		if (i % 13 == 0)
			p[i].problem = HF_CT_P_NO_HRG, p[i].value = 0;
		if (p[i].fy == 2026) {
			want[p[i].period - 1] += p[i].value;
			rows[p[i].period - 1]++;
		}
	}
	f = fill(t, a, p, N);
	for (int m = 0; m < HF_CT_MONTHS; m++) {
		got = f->left[m].none_pence;
		n = f->left[m].none + f->left[m].problems[HF_CT_P_NO_HRG];
		for (size_t l = 0; l < t->n_lines; l++) {
			got += f->at[l][m].pence;
			n += f->at[l][m].rows;
		}
		assert_int_equal(got, want[m]);
		assert_int_equal(n, rows[m]);
		assert_int_equal(f->rows[m], rows[m]);
	}
}

HF_TEST(the_digest_is_of_what_was_done_and_not_of_order_number_or_person)
{
	const struct hf_ct_terms *t = shipped("place-2026");
	struct hf_ct_activity a[3] = {spell(april(3), "XX01A", "300", 7),
				      spell(april(4), "XX01A", "100", 8),
				      spell(april(5), "XX03C", "110", 9)};
	struct hf_ct_priced p[3];
	size_t at = line(t, "emergency");
	uint8_t first[HF_CT_DIGEST];

	for (int i = 0; i < 3; i++)
		p[i] = priced(&a[i], HF_CT_POD_NE, 100000 + i);
	memcpy(first, fill(t, a, p, 3)->at[at][0].digest, sizeof first);
	const struct hf_ct_activity other = a[0];
	const struct hf_ct_priced worth = p[0];

	a[0] = a[2], a[2] = other;
	p[0] = p[2], p[2] = worth;
	a[0].id = 77;
	assert_memory_equal(first, fill(t, a, p, 3)->at[at][0].digest, sizeof first);
	a[0].age++;
	assert_memory_not_equal(first, fill(t, a, p, 3)->at[at][0].digest,
				sizeof first);
}

HF_TEST(a_row_of_another_commissioner_provider_or_year_is_in_no_line)
{
	const struct hf_ct_terms *t = shipped("place-2026");
	struct hf_ct_activity a[3] = {spell(april(3), "XX01A", "300", 0),
				      spell(april(3), "XX01A", "300", 1),
				      spell(april(3) - 30, "XX01A", "300", 2)};
	struct hf_ct_priced p[3];
	struct hf_ct_filling *f;

	a[0].commissioner = 0;
	a[1].provider = hf_ct_code_of("RZ2");
	for (int i = 0; i < 3; i++)
		p[i] = priced(&a[i], HF_CT_POD_NE, 1000);
	f = fill(t, a, p, 3);
	assert_int_equal(f->at[line(t, "emergency")][0].rows, 0);
	assert_int_equal(f->left[0].none, 1); /* told; another provider's is not ours */
	assert_int_equal(f->left[0].none_pence, 1000);
}

/* ---- what is kept ---- */

static struct hf_ct_fill_plan
plan(const struct hf_ct_terms *t, const struct hf_ct_filling *f,
     const struct hf_ct_kept *kept, size_t n, bool freeze)
{
	const struct hf_ct_fill_ask ask = {.freeze = freeze,
					   .origin = HF_SV("feed 1; prices ILL")};
	struct hf_ct_fill_plan out;
	struct hf_err err = {0};

	if (hf_ct_fill_plan(t, f, kept, n, &ask, &arena, &out, &err))
		fail_msg("%s", err.text);
	return out;
}

static size_t
lines_filled(const struct hf_ct_terms *t)
{
	size_t n = 0;

	for (size_t l = 0; l < t->n_lines; l++)
		n += t->lines[l].select || t->lines[l].after;
	return n;
}

/* As the store would: numbered in the order they came. */
static size_t
keep(struct hf_ct_kept *kept, size_t n, const struct hf_ct_fill_plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		kept[n] = p->rows[i];
		kept[n].in.seq = (int64_t)n + 1;
		n++;
	}
	return n;
}

HF_TEST(what_stands_is_not_kept_again_and_what_was_frozen_is_not_changed)
{
	const struct hf_ct_terms *t = shipped("place-2026");
	struct hf_ct_activity a[2] = {spell(april(3), "XX01A", "300", 0),
				      spell(april(9), "XX01A", "300", 1)};
	struct hf_ct_priced p[2] = {priced(&a[0], HF_CT_POD_NE, 248067),
				    priced(&a[1], HF_CT_POD_NE, 111630)};
	const struct hf_ct_filling *one = fill(t, a, p, 1), *both = fill(t, a, p, 2);
	struct hf_ct_kept kept[200];
	struct hf_ct_fill_plan got = plan(t, one, kept, 0, false);
	size_t n = keep(kept, 0, &got), all = lines_filled(t);

	assert_int_equal(got.n, all);
	got = plan(t, one, kept, n, false);
	assert_int_equal(got.n, 0);
	assert_int_equal(got.unchanged, all);
	/* The final cut is kept though it is the same; one row more before it as well.
	 */
	got = plan(t, both, kept, n, true);
	assert_int_equal(got.n, all);
	n = keep(kept, n, &got);
	assert_int_equal(plan(t, both, kept, n, true).n, 0);
	assert_int_equal(plan(t, both, kept, n, false).n, 0);
	/* A row goes after the freeze: kept as late, told, and once. */
	got = plan(t, one, kept, n, true);
	assert_int_equal(got.n, 1);
	assert_false(got.rows[0].in.freeze);
	assert_int_equal(got.notes[0].kind, HF_CT_NOTE_LATE);
	assert_int_equal(got.notes[0].pence, -111630);
	n = keep(kept, n, &got);
	got = plan(t, one, kept, n, true);
	assert_int_equal(got.n, 0);
	assert_int_equal(got.notes[0].kind, HF_CT_NOTE_LATE);
	/* And it comes back: the frozen figure is right again, and says so. */
	got = plan(t, both, kept, n, true);
	assert_int_equal(got.n_notes, 0);
}

HF_TEST(what_is_in_no_figure_is_told_in_a_sentence)
{
	const struct hf_ct_terms *t = shipped("place-2026");
	struct hf_ct_activity a[2] = {spell(april(3), "XX01A", "300", 0),
				      spell(april(3), "XX99Z", "300", 1)};
	struct hf_ct_priced p[2] = {priced(&a[0], HF_CT_POD_DRUG, 5000),
				    priced(&a[1], HF_CT_POD_NE, 0)};
	struct hf_ct_fill_plan got;
	struct hf_buf b = {0};

	p[1].problem = HF_CT_P_NO_HRG;
	got = plan(t, fill(t, a, p, 2), NULL, 0, false);
	assert_int_equal(got.n_notes, 2);
	for (size_t i = 0; i < got.n_notes; i++)
		hf_ct_note_text(t, &got.notes[i], &b);
	hf_buf_char(&b, '\0');
	assert_non_null(strstr(b.p, "2026-04: 1 could not be priced (NO_HRG)"));
	assert_non_null(strstr(b.p, "2026-04: 1 rows worth £50.00 belong to no line"));
	hf_buf_free(&b);
}

/* ---- rules of the year ---- */

/* The tariff of one component, and a rule over it. */
static hf_pence
ruled(const char *rule, const char *amount, const char *year, hf_pence value,
      bool *in_force)
{
	struct hf_buf b = {0};
	struct hf_ct_terms *t = NULL;
	struct hf_ct_rules r = shipped_rules(year);
	struct hf_ct_input in[12];
	struct hf_ct_adjustment adj;
	const struct hf_ct_run *run;
	struct hf_err err;

	hf_buf_printf(
	    &b,
	    "{\"id\":\"r\",\"version\":\"1\",\"title\":\"r\",\"form\":\"block\","
	    "\"status\":\"draft\",\"from\":\"2020-04-01\",\"to\":\"2021-03-31\","
	    "\"rules\":\"%s\",\"parties\":{\"commissioner\":{\"name\":\"c\",\"orgs\":"
	    "[\"QZ9\"],\"signers\":[\"s\"]},\"provider\":{\"name\":\"p\",\"orgs\":["
	    "\"RZ1\"],\"signers\":[\"s\"]}},\"components\":[{\"id\":\"ne\",\"title\":"
	    "\"NE\",\"number\":\"1\",\"kind\":\"block\",\"annual\":12},{\"id\":\"x\","
	    "\"title\":\"X\",\"number\":\"R\",\"kind\":\"rule\",\"rule\":\"%s\",\"of\":"
	    "[\"ne\"]%s%s}]}",
	    year, rule, *amount ? ",\"amount\":" : "", amount);
	if (hf_ct_terms_load("r", hf_buf_view(&b), &arena, &issues, &t, &err))
		fail_msg("%.*s", HF_SV_ARG(issues.items[0].text));
	hf_buf_free(&b);
	for (int m = 0; m < 12; m++)
		in[m] = (struct hf_ct_input){.seq = m + 1,
					     .month = (uint8_t)m,
					     .pence = m == 11 ? value : 0,
					     .freeze = true};
	run = run_to(t, &r, in, 12, "2021-03-31");
	assert_true(hf_ct_run_rule(run, 1, 11, in_force, &adj));
	assert_int_equal(run->components[1][11].sum.shadow, adj.value);
	assert_int_equal(run->components[1][11].sum.earned, 0);
	assert_int_equal(run->total[11].shadow, value + adj.value);
	assert_int_equal(run->cuts[11], HF_CT_FROZEN); /* a rule wants no figures */
	return adj.value;
}

HF_TEST(CON_T02_the_marginal_rate_is_a_line_of_its_own)
{
	bool on;

	assert_int_equal(ruled("marginal", "20000000", "2010/11", 2250000000, &on),
			 -175000000);
	assert_true(on);
	assert_int_equal(ruled("marginal", "20000000", "2015/16", 2250000000, &on),
			 -75000000);
	assert_int_equal(ruled("marginal", "20000000", "2020/21", 2250000000, &on), 0);
	assert_false(on);
}

HF_TEST(CON_T03_blended_payment_is_a_line_of_its_own)
{
	bool on;

	assert_int_equal(ruled("blended", "22000000", "2019/20", 2250000000, &on),
			 2210000000 - 2250000000);
	assert_int_equal(ruled("blended", "22000000", "2019/20", 2100000000, &on),
			 2180000000 - 2100000000);
	assert_true(on);
}

HF_TEST(section_1_4_quality_is_a_part_of_the_value_of_its_year)
{
	bool on;

	assert_int_equal(ruled("quality", "", "2018/19", 1000000000, &on), 25000000);
	assert_int_equal(ruled("quality", "", "2023/24", 1000000000, &on), 12500000);
	assert_int_equal(ruled("quality", "", "2021/22", 1000000000, &on), 0);
	assert_false(on);
}

HF_TEST(readmissions_after_planned_care_are_not_paid_and_others_not_above_a_threshold)
{
	const struct hf_ct_terms *t = shipped("place-2026");
	struct hf_ct_rules r = shipped_rules("2018/19");
	struct hf_ct_activity a[3];
	struct hf_ct_priced p[3];
	struct hf_ct_input in[40];
	struct hf_ct_fill_plan got;
	const struct hf_ct_run *run;
	int at = hf_ct_component_find(t, HF_SV("readmission"));

	for (int i = 0; i < 3; i++) {
		a[i] = spell(april(2 + i), "XX01A", "300", (uint64_t)i);
		p[i] = priced(&a[i], HF_CT_POD_NE, 700000);
	}
	a[0].flags = HF_CT_F_READM_EL;
	a[1].flags = a[2].flags = HF_CT_F_READM_OTHER;
	got = plan(t, fill(t, a, p, 3), NULL, 0, true);
	for (size_t i = 0; i < got.n; i++) {
		in[i] = got.rows[i].in;
		in[i].seq = (int64_t)i + 1;
	}
	run = run_to(t, &r, in, got.n, "2026-04-30");
	/* 7,000 after planned care; 14,000 after other, a month's threshold 10,000. */
	assert_int_equal(run->components[at][0].sum.shadow, -700000 - 400000);
	assert_int_equal(run->components[0][0].sum.shadow, 2100000);
	assert_int_equal(run->components[at][0].sum.units, 3);
}

/* ---- accruals ---- */

HF_TEST(people_in_bed_are_estimated_taken_back_and_measured)
{
	const struct hf_ct_terms *t = shipped("place-2026");
	struct hf_ct_accruals *x = HF_NEW(&arena, struct hf_ct_accruals);
	struct hf_ct_activity a[3] = {spell(april(10), "XX01A", "300", 0),
				      spell(april(20), "XX01A", "300", 1),
				      spell(april(34), "XX01A", "300", 2)};
	struct hf_ct_priced p[3];
	struct hf_err err = {0};

	a[0].admitted = april(6);  /* 4 nights, £1,000 */
	a[1].admitted = april(14); /* 6 nights, £2,000 */
	a[2].admitted = april(30); /* in bed at the end: 1 night of 4, £800 */
	p[0] = priced(&a[0], HF_CT_POD_NE, 100000);
	p[1] = priced(&a[1], HF_CT_POD_NE, 200000);
	p[2] = priced(&a[2], HF_CT_POD_NE, 80000);
	assert_int_equal(hf_ct_accrue(t, a, p, 3, 2, &arena, x, &err), HF_OK);
	/* 3,000 over 10 nights: £300 for the one so far; it was worth £200. */
	assert_int_equal(x->total[0].in_bed, 1);
	assert_int_equal(x->total[0].nights, 1);
	assert_int_equal(x->total[0].in_bed_pence, 30000);
	assert_int_equal(x->total[0].known, 1);
	assert_int_equal(x->total[0].known_estimate - x->total[0].known_worth,
			 30000 - 20000);
	assert_int_equal(x->total[0].taken_back, 0);
	assert_int_equal(x->total[1].in_bed, 0);
	assert_int_equal(x->total[1].taken_back, -30000);
	assert_int_equal(
	    hf_ct_accrual_moves(&x->total[0]) + hf_ct_accrual_moves(&x->total[1]), 0);
	/* It lies there still: nothing is known of it yet. */
	a[2].flags |= HF_CT_F_OPEN;
	p[2].problem = HF_CT_P_UNFINISHED;
	p[2].pod = HF_CT_POD_NONE;
	assert_int_equal(hf_ct_accrue(t, a, p, 3, 1, &arena, x, &err), HF_OK);
	assert_int_equal(x->total[0].in_bed_pence, 30000);
	assert_int_equal(x->total[0].known, 0);
	/* Not coded: the mean of one. */
	a[2].flags = 0;
	a[2].day = april(30);
	p[2].problem = HF_CT_P_UNCODED;
	assert_int_equal(hf_ct_accrue(t, a, p, 3, 1, &arena, x, &err), HF_OK);
	assert_int_equal(x->total[0].uncoded, 1);
	assert_int_equal(x->total[0].uncoded_pence, 150000);
	/* A long stay is at most the mean of one. */
	p[2].problem = HF_CT_P_NONE;
	a[2].admitted = april(1);
	a[2].day = april(60);
	assert_int_equal(hf_ct_accrue(t, a, p, 3, 1, &arena, x, &err), HF_OK);
	assert_int_equal(x->total[0].in_bed_pence, 150000);
}

HF_TEST_MAIN(
    "contract/fill",
    cmocka_unit_test_setup(two_lines_that_could_claim_one_row_are_a_finding, clear),
    cmocka_unit_test_setup(no_row_is_claimed_by_two_lines, clear),
    cmocka_unit_test_setup(a_document_with_two_claims_or_a_code_that_is_none_is_refused,
			   clear),
    cmocka_unit_test_setup(a_month_is_the_sum_of_its_lines_and_of_what_is_in_none,
			   clear),
    cmocka_unit_test_setup(
	the_digest_is_of_what_was_done_and_not_of_order_number_or_person, clear),
    cmocka_unit_test_setup(a_row_of_another_commissioner_provider_or_year_is_in_no_line,
			   clear),
    cmocka_unit_test_setup(
	what_stands_is_not_kept_again_and_what_was_frozen_is_not_changed, clear),
    cmocka_unit_test_setup(what_is_in_no_figure_is_told_in_a_sentence, clear),
    cmocka_unit_test_setup(CON_T02_the_marginal_rate_is_a_line_of_its_own, clear),
    cmocka_unit_test_setup(CON_T03_blended_payment_is_a_line_of_its_own, clear),
    cmocka_unit_test_setup(section_1_4_quality_is_a_part_of_the_value_of_its_year,
			   clear),
    cmocka_unit_test_setup(
	readmissions_after_planned_care_are_not_paid_and_others_not_above_a_threshold,
	clear),
    cmocka_unit_test_setup(people_in_bed_are_estimated_taken_back_and_measured, clear))
