/* The golden months of section 2.2, and what always holds of a run. */
#include "test/unit/contract/contract_test.h"

#include "base/rng.h"

static struct hf_ct_run *
golden_run(const struct hf_ct_terms **terms, const char *day)
{
	static struct hf_ct_input in[64];
	const struct hf_ct_terms *t = shipped("acute-2020");

	*terms = t;
	return run_to(t, NULL, in, golden_inputs(t, in), day);
}

HF_TEST(section_2_2_three_months_come_to_the_penny)
{
	static const hf_pence earned[] = {1468112240, 1475573802, 1522282553},
			      account[] = {1457891650, 1467891650, 1507891650},
			      shadow[] = {1502220615, 1518592239, 1541599691},
			      volume[] = {52177498, 52770234, 52921942},
			      gain[] = {5191625, 5381563, 5482862},
			      adjust[] = {5700000, 13300000, 17000000};
	const struct hf_ct_terms *t;
	const struct hf_ct_run *r = golden_run(&t, "2020-06-30");
	struct hf_ct_amounts ytd[HF_CT_MONTHS];

	assert_int_equal(r->months, 3);
	for (int m = 0; m < 3; m++) {
		struct hf_ct_amounts a = hf_ct_month(r->total, m);

		assert_int_equal(a.earned, earned[m]);
		assert_int_equal(a.account, account[m]);
		assert_int_equal(a.shadow, shadow[m]);
		assert_int_equal(r->components[1][m].adjust, adjust[m]);
		for (int k = 0; k < 3; k++)
			ytd[k] = r->components[2][k].sum;
		assert_int_equal(hf_ct_month(ytd, m).earned, volume[m]);
		for (int k = 0; k < 3; k++)
			ytd[k] = r->components[4][k].sum;
		assert_int_equal(hf_ct_month(ytd, m).earned, gain[m]);
	}
	assert_int_equal(r->total[2].earned, 4465968595);
	assert_int_equal(r->total[2].account, 4433674950);
	assert_int_equal(r->total[2].shadow, 4562412545);
	assert_int_equal(r->total[2].earned - r->total[2].account, 32293645);
	assert_int_equal(r->total[2].earned - r->total[2].shadow, -96443950);
}

HF_TEST(CON_T06_the_gain_share_is_rounded_once_over_the_year_to_date)
{
	const struct hf_ct_terms *t;
	const struct hf_ct_run *r = golden_run(&t, "2020-06-30");

	assert_int_equal(r->components[4][2].sum.earned, 16056050);
}

HF_TEST(CON_T08_what_differs_is_amber_then_red)
{
	static const enum hf_ct_level ne[] = {HF_CT_AMBER, HF_CT_RED, HF_CT_RED};
	const struct hf_ct_terms *t;
	const struct hf_ct_run *r = golden_run(&t, "2020-06-30");

	for (int m = 0; m < 3; m++) {
		struct hf_ct_deviation d;

		hf_ct_deviation(r, 0, m, &d);
		assert_int_equal(d.level, ne[m]);
		hf_ct_deviation(r, 1, m, &d);
		assert_int_equal(d.level, ne[m]);
		hf_ct_deviation(r, 2, m, &d);
		assert_int_equal(d.level, HF_CT_NONE);
	}
}

HF_TEST(a_month_that_differs_is_watched_when_the_year_does_not)
{
	const struct hf_ct_terms *t = shipped("acute-2020");
	struct hf_ct_input in[64];
	size_t n = golden_inputs(t, in);
	struct hf_ct_deviation d;
	const struct hf_ct_run *r;

	in[7].pence = 800000000 - 24000000; /* non-elective, May */
	in[14].pence = 850000000;
	r = run_to(t, NULL, in, n, "2020-06-30");
	hf_ct_deviation(r, 0, 2, &d);
	assert_int_equal(d.month, 50000000);
	assert_int_equal(d.level, HF_CT_AMBER);
	in[14].pence = 842000000;
	r = run_to(t, NULL, in, n, "2020-06-30");
	hf_ct_deviation(r, 0, 2, &d);
	assert_int_equal(d.level, HF_CT_WATCH);
}

HF_TEST(a_total_is_the_sum_of_its_lines_and_both_effects_are_the_systems)
{
	const struct hf_ct_terms *t = shipped("acute-2020");
	struct hf_ct_input in[12 * 8];
	struct hf_rng rng;

	hf_rng_seed(&rng, 6, 0);
	for (int round = 0; round < 200; round++) {
		size_t n = 0;
		const struct hf_ct_run *r;

		for (size_t l = 0; l < t->n_lines; l++)
			for (int m = 0; m < HF_CT_MONTHS; m++, n++)
				in[n] = (struct hf_ct_input){
				    .seq = (int64_t)n,
				    .line = (uint8_t)l,
				    .month = (uint8_t)m,
				    .units = (int64_t)hf_rng_below(&rng, 100000),
				    .pence = (int64_t)hf_rng_below(&rng, 900000000),
				    .price = (int64_t)hf_rng_below(&rng, 40000)};
		r = run_to(t, NULL, in, n, "2021-03-31");
		for (int m = 0; m < HF_CT_MONTHS; m++) {
			struct hf_ct_amounts sum = {0};
			struct hf_ct_effect e = hf_ct_effects(r, m);

			for (size_t c = 0; c < t->n_components; c++) {
				const struct hf_ct_component *def = &t->components[c];
				hf_pence lines = r->components[c][m].adjust;

				for (size_t l = def->first;
				     l < (size_t)def->first + def->n; l++)
					lines += r->lines[l][m].earned;
				assert_int_equal(lines, r->components[c][m].sum.earned);
				sum.earned += lines;
				sum.shadow += r->components[c][m].sum.shadow;
			}
			assert_int_equal(sum.earned, r->total[m].earned);
			assert_int_equal(sum.shadow, r->total[m].shadow);
			assert_int_equal(e.provider + e.commissioner, e.system);
		}
	}
}

HF_TEST(month_by_month_is_the_year_at_once)
{
	static const char *const ends[] = {"2020-04-30", "2020-05-31", "2020-06-30"};
	const struct hf_ct_terms *t;
	const struct hf_ct_run *whole = golden_run(&t, "2020-06-30");

	for (int m = 0; m < 3; m++) {
		const struct hf_ct_run *r = golden_run(&t, ends[m]);

		assert_int_equal(r->months, m + 1);
		assert_memory_equal(&r->total[m], &whole->total[m], sizeof r->total[m]);
	}
}

HF_TEST(a_run_to_a_day_takes_the_days_part_of_the_plan)
{
	const struct hf_ct_terms *t;
	const struct hf_ct_run *r = golden_run(&t, "2020-06-15");

	assert_int_equal(r->days, 15);
	assert_int_equal(r->of, 30);
	assert_int_equal(hf_ct_month(r->total, 2).plan, 1507891650 / 2);
}

HF_TEST(what_arrives_after_the_freeze_is_shown_and_does_not_count)
{
	const struct hf_ct_terms *t = shipped("acute-2020");
	struct hf_ct_input in[64];
	size_t n = golden_inputs(t, in);
	const struct hf_ct_run *r;

	in[n] = in[0];
	in[n].seq = 900;
	in[n].freeze = false;
	in[n++].pence += 12345;
	r = run_to(t, NULL, in, n, "2020-06-30");
	assert_int_equal(r->total[2].shadow, 4562412545);
	assert_int_equal(r->facts->n_late, 1);
	assert_int_equal(r->facts->late[0].differs, 12345);
	assert_int_equal(r->cuts[0], HF_CT_FROZEN);
}

HF_TEST(a_later_flex_trues_up_an_earlier_month)
{
	const struct hf_ct_terms *t = shipped("acute-2020");
	struct hf_ct_input in[64];
	size_t n = golden_inputs(t, in);
	const struct hf_ct_run *r;

	for (size_t i = 0; i < n; i++)
		in[i].freeze = false;
	in[n] = in[2]; /* MRI of April */
	in[n].seq = 900;
	in[n++].units = 1300;
	r = run_to(t, NULL, in, n, "2020-06-30");
	assert_int_equal(r->total[2].earned, 4465968595 + (1300 - 1204) * 14837);
	assert_int_equal(r->facts->n_late, 0);
	assert_int_equal(r->cuts[2], HF_CT_FLEX);
}

HF_TEST(inputs_that_cannot_be_are_refused_by_name)
{
	const struct hf_ct_terms *t = shipped("acute-2020");
	static struct hf_ct_facts facts;
	struct hf_ct_input in = {.line = 2, .units = -1};
	struct hf_ct_run *r = HF_NEW(&arena, struct hf_ct_run);
	struct hf_err err;

	assert_int_equal(hf_ct_facts(t, &in, 1, 1, &facts, &err), HF_INVALID);
	assert_string_equal(err.path, "mri");
	in = (struct hf_ct_input){.line = 77};
	assert_int_equal(hf_ct_facts(t, &in, 1, 1, &facts, &err), HF_INVALID);
	memset(&facts, 0, sizeof facts);
	assert_int_equal(hf_ct_run(t, NULL, &facts, day_of("2021-04-01"), r, &err),
			 HF_RULE);
}

HF_TEST(the_forecast_has_a_range_between_going_on_and_back_to_plan)
{
	const struct hf_ct_terms *t;
	const struct hf_ct_run *r = golden_run(&t, "2020-06-30");
	struct hf_ct_forecast e, s;

	assert_true(hf_ct_forecast(r, 0, &e, &s));
	assert_int_equal(e.run_rate, 9600000000);
	assert_int_equal(s.back, 2465500000 + 7200000000);
	/* 24,655,000 + 72,000,000 * 1.02729166… */
	assert_int_equal(s.run_rate, 9862000000);
	assert_int_equal(s.low, s.back);
	assert_int_equal(s.high, s.run_rate);
}

HF_TEST(CON_T02_the_marginal_rate_of_a_year_is_taken_off_the_tariff)
{
	const struct hf_ct_terms *t = shipped("tariff-2015");
	struct hf_ct_rules rules = shipped_rules("2015/16");
	struct hf_ct_input in[12];
	const struct hf_ct_run *r;

	for (int m = 0; m < 12; m++)
		in[m] = (struct hf_ct_input){.seq = m + 1,
					     .line = 0,
					     .month = (uint8_t)m,
					     .pence = 187500000,
					     .price = -1};
	r = run_to(t, &rules, in, 12, "2016-03-31");
	assert_int_equal(r->components[0][11].withheld, 75000000);
	assert_int_equal(r->components[0][11].sum.shadow, 2175000000);
}

HF_TEST(CON_T09_half_of_what_is_above_plan_is_paid)
{
	const struct hf_ct_terms *t = shipped("payment-2021");
	struct hf_ct_input in[12];
	const struct hf_ct_run *r;

	for (int m = 0; m < 12; m++)
		in[m] = (struct hf_ct_input){.seq = m + 1,
					     .line = 1,
					     .month = (uint8_t)m,
					     .pence = 260000000,
					     .price = -1};
	r = run_to(t, NULL, in, 12, "2022-03-31");
	assert_int_equal(r->components[1][11].adjust, 60000000);
	t = shipped("payment-2023");
	r = run_to(t, NULL, in, 12, "2024-03-31");
	assert_int_equal(r->total[11].earned, 10120000000);
}

HF_TEST(CON_T11_outcomes_pay_by_measure_and_wait_for_good_data)
{
	static const char *const got[] = {"97.2", "87", "69.5", "78"};
	const struct hf_ct_terms *t = shipped("outcomes-2021");
	struct hf_ct_input in[4];
	const struct hf_ct_run *r;

	for (int i = 0; i < 4; i++) {
		in[i] = (struct hf_ct_input){.seq = i + 1,
					     .line = (uint8_t)(1 + i),
					     .month = 11,
					     .units = 60,
					     .price = -1};
		assert_true(hf_decimal_parse(hf_sv_from(got[i]), &in[i].result));
	}
	r = run_to(t, NULL, in, 4, "2022-03-31");
	assert_int_equal(r->lines[1][11].earned, 13440000);
	assert_int_equal(r->lines[2][11].earned, 7500000);
	assert_int_equal(r->lines[3][11].earned, 0);
	assert_int_equal(r->components[1][11].sum.earned, 29940000);
	in[0].units = 49;
	r = run_to(t, NULL, in, 4, "2022-03-31");
	assert_true(r->hold[1]);
	assert_int_equal(r->components[1][11].sum.earned, 29940000 - 13440000);
}

/* "Hold, not zero": what an earlier result earned is not taken back when a later one
 * cannot be judged. */
HF_TEST(a_result_on_hold_takes_nothing_back)
{
	const struct hf_ct_terms *t = shipped("outcomes-2021");
	struct hf_ct_input in[2];
	const struct hf_ct_run *r;

	for (int i = 0; i < 2; i++) {
		in[i] = (struct hf_ct_input){.seq = i + 1,
					     .line = 1,
					     .month = i ? 8 : 5,
					     .units = i ? 49 : 60,
					     .price = -1};
		assert_true(
		    hf_decimal_parse(i ? HF_SV("99") : HF_SV("97.2"), &in[i].result));
	}
	r = run_to(t, NULL, in, 2, "2021-12-31");
	assert_true(r->hold[1]);
	assert_int_equal(r->lines[1][8].earned, 13440000);
	in[1].units = 60;
	r = run_to(t, NULL, in, 2, "2021-12-31");
	assert_false(r->hold[1]);
	assert_int_equal(r->lines[1][8].earned, 4800000);
}

/* A result that cannot be reckoned with is refused when it comes, and does not stop
 * every run after it. */
HF_TEST(a_result_is_read_in_any_way_of_writing_it)
{
	const struct hf_ct_terms *t = shipped("outcomes-2021");
	static struct hf_ct_facts facts;
	struct hf_ct_input in = {.seq = 1, .line = 1, .month = 5, .units = 60};
	struct hf_err err;

	assert_true(hf_decimal_parse(HF_SV("1e2"), &in.result));
	assert_int_equal(run_to(t, NULL, &in, 1, "2021-09-30")->lines[1][5].earned, 0);
	assert_true(hf_decimal_parse(HF_SV("97.200000"), &in.result));
	assert_int_equal(run_to(t, NULL, &in, 1, "2021-09-30")->lines[1][5].earned,
			 13440000);
	assert_true(hf_decimal_parse(HF_SV("97.2000001"), &in.result));
	assert_int_equal(hf_ct_facts(t, &in, 1, 1, &facts, &err), HF_INVALID);
	assert_true(hf_decimal_parse(HF_SV("1e9"), &in.result));
	assert_int_equal(hf_ct_facts(t, &in, 1, 1, &facts, &err), HF_INVALID);
	assert_string_equal(err.path, "a");
}

/* A month of which no figures came is not one in which nothing was done. */
HF_TEST(what_has_not_come_is_not_nothing)
{
	const struct hf_ct_terms *t = shipped("acute-2020");
	struct hf_ct_input in[64];
	size_t n = golden_inputs(t, in), kept = 0;
	struct hf_ct_forecast earned, shadow;
	struct hf_ct_deviation d;
	const struct hf_ct_run *r;

	for (size_t i = 0; i < n; i++) /* elective and non-elective of June are late */
		if (in[i].month < 2 || in[i].line > 1)
			in[kept++] = in[i];
	r = run_to(t, NULL, in, kept, "2020-06-30");
	assert_int_equal(r->components[1][2].adjust, 13300000);
	assert_false(r->components[1][2].review);
	hf_ct_deviation(r, 1, 2, &d);
	assert_int_equal(d.ytd, 46000000);
	assert_int_equal(d.month, 0);
	/* 60 % of 550,000 of May's year to date, and nothing for June. */
	assert_true(hf_ct_forecast(r, 0, &earned, &shadow));
	assert_int_equal(earned.back, 9600000000);
	assert_int_equal(shadow.back, 1655000000 + 8000000000);
}

/* What a national rule withholds was spent: it is no saving of the provider's. */
HF_TEST(what_is_withheld_was_spent_all_the_same)
{
	struct hf_ct_terms *t = shipped("tariff-2015");
	struct hf_ct_rules rules = shipped_rules("2015/16");
	struct hf_ct_input in[12];
	struct hf_ct_effect with, without;

	for (int m = 0; m < 12; m++)
		in[m] = (struct hf_ct_input){
		    .seq = m + 1, .month = (uint8_t)m, .pence = 200000000, .price = -1};
	with = hf_ct_effects(run_to(t, &rules, in, 12, "2016-03-31"), 11);
	without = hf_ct_effects(run_to(t, NULL, in, 12, "2016-03-31"), 11);
	assert_int_equal(with.system, without.system);
	/* Half a month in, the baseline is half a month's further too. */
	assert_int_equal(
	    run_to(t, &rules, in, 1, "2015-04-15")->components[0][0].withheld,
	    (200000000 - 2000000000 / 24) * 3 / 10);
}

HF_TEST(CON_T12_the_corridor_shares_what_the_budget_did_not_cover)
{
	const struct hf_ct_terms *t = shipped("capitated-2022");
	struct hf_ct_corridor c;

	assert_true(hf_ct_corridor(&t->components[0], 37850000000, &c));
	assert_int_equal(c.budget, 37204000000);
	assert_int_equal(c.provider, 509020000);
	assert_int_equal(c.commissioner, 136980000);
}

HF_TEST_MAIN(
    "contract/run",
    cmocka_unit_test_setup(section_2_2_three_months_come_to_the_penny, clear),
    cmocka_unit_test_setup(CON_T06_the_gain_share_is_rounded_once_over_the_year_to_date,
			   clear),
    cmocka_unit_test_setup(CON_T08_what_differs_is_amber_then_red, clear),
    cmocka_unit_test_setup(a_month_that_differs_is_watched_when_the_year_does_not,
			   clear),
    cmocka_unit_test_setup(
	a_total_is_the_sum_of_its_lines_and_both_effects_are_the_systems, clear),
    cmocka_unit_test_setup(month_by_month_is_the_year_at_once, clear),
    cmocka_unit_test_setup(a_run_to_a_day_takes_the_days_part_of_the_plan, clear),
    cmocka_unit_test_setup(what_arrives_after_the_freeze_is_shown_and_does_not_count,
			   clear),
    cmocka_unit_test_setup(a_later_flex_trues_up_an_earlier_month, clear),
    cmocka_unit_test_setup(inputs_that_cannot_be_are_refused_by_name, clear),
    cmocka_unit_test_setup(the_forecast_has_a_range_between_going_on_and_back_to_plan,
			   clear),
    cmocka_unit_test_setup(CON_T02_the_marginal_rate_of_a_year_is_taken_off_the_tariff,
			   clear),
    cmocka_unit_test_setup(CON_T09_half_of_what_is_above_plan_is_paid, clear),
    cmocka_unit_test_setup(CON_T11_outcomes_pay_by_measure_and_wait_for_good_data,
			   clear),
    cmocka_unit_test_setup(a_result_on_hold_takes_nothing_back, clear),
    cmocka_unit_test_setup(a_result_is_read_in_any_way_of_writing_it, clear),
    cmocka_unit_test_setup(what_has_not_come_is_not_nothing, clear),
    cmocka_unit_test_setup(what_is_withheld_was_spent_all_the_same, clear),
    cmocka_unit_test_setup(CON_T12_the_corridor_shares_what_the_budget_did_not_cover,
			   clear))
