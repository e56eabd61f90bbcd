/* What if, and how a figure came about. */
#include "test/unit/contract/contract_test.h"

#include "base/rng.h"
#include "contract/show.h"

static const struct hf_ct_run *
golden_run(void)
{
	const struct hf_ct_terms *t = shipped("acute-2020");
	struct hf_ct_input in[64];

	return run_to(t, NULL, in, golden_inputs(t, in), "2020-06-30");
}

static struct hf_ct_run *
what_if(const struct hf_ct_run *r, const struct hf_ct_change *changes, size_t n)
{
	struct hf_ct_run *after;
	struct hf_err err;

	if (hf_ct_what_if(r, NULL, day_of("2020-06-30"), changes, n, &arena, &after,
			  &err))
		fail_msg("%s: %s", err.path, err.text);
	return after;
}

HF_TEST(without_a_change_nothing_is_otherwise)
{
	const struct hf_ct_run *r = golden_run(), *after = what_if(r, NULL, 0);
	struct hf_ct_effect e = hf_ct_between(r, after);

	assert_memory_equal(r->total, after->total, sizeof r->total);
	assert_int_equal(e.provider, 0);
	assert_int_equal(e.commissioner, 0);
	assert_int_equal(e.system, 0);
}

HF_TEST(a_change_of_a_band_moves_money_and_costs_the_system_nothing)
{
	const struct hf_ct_run *r = golden_run();
	struct hf_ct_change c = {.kind = HF_CT_CHANGE_BAND,
				 .line = 1,
				 .at = 1,
				 .rate = HF_RATE_ONE / 10 * 6};
	struct hf_ct_effect e = hf_ct_between(r, what_if(r, &c, 1));

	/* 4.2667 % of 15 million is 640,000, of which 340,000 lie above 2 %. */
	assert_int_equal(e.provider, 3400000);
	assert_int_equal(e.commissioner, -3400000);
	assert_int_equal(e.system, 0);
}

HF_TEST(less_activity_under_a_block_saves_the_system_what_it_costs)
{
	const struct hf_ct_run *r = golden_run();
	struct hf_ct_change c = {
	    .kind = HF_CT_CHANGE_VOLUME, .line = 0, .rate = HF_RATE_ONE / 100 * 90};
	struct hf_ct_effect e = hf_ct_between(r, what_if(r, &c, 1));

	/* 10 % of 24.655 million at 60 %. */
	assert_int_equal(e.provider, 147930000);
	assert_int_equal(e.commissioner, 0);
	assert_int_equal(e.system, 147930000);
}

/* Ten scans more cost what scans cost, not what the average of scans and blood tests
 * does; and a price costs nobody. */
HF_TEST(units_cost_what_their_own_line_does)
{
	const struct hf_ct_run *r = golden_run();
	const struct hf_ct_terms *t = r->terms;
	struct hf_ct_facts *facts = HF_NEW(&arena, struct hf_ct_facts);
	struct hf_ct_run *after = HF_NEW(&arena, struct hf_ct_run);
	struct hf_ct_change c = {.kind = HF_CT_CHANGE_PRICE, .line = 2, .pence = 20000};
	struct hf_ct_effect e;
	struct hf_err err;

	*facts = *r->facts;
	facts->at[2][0].in.units += 10; /* MRI of April, at 148.37 */
	assert_int_equal(hf_ct_run(t, NULL, facts, day_of("2020-06-30"), after, &err),
			 HF_OK);
	e = hf_ct_between(r, after);
	assert_int_equal(e.commissioner, -148370);
	assert_int_equal(e.system, -59348); /* 40 % of it */
	assert_int_equal(hf_ct_effects(after, 2).system - hf_ct_effects(r, 2).system,
			 -59348);
	after = what_if(r, &c, 1);
	assert_int_equal(hf_ct_between(r, after).system, 0);
	assert_int_equal(hf_ct_effects(after, 2).system, hf_ct_effects(r, 2).system);
}

HF_TEST(both_effects_are_the_systems_whatever_is_changed)
{
	const struct hf_ct_run *r = golden_run();
	struct hf_rng rng;

	hf_rng_seed(&rng, 7, 0);
	for (int i = 0; i < 200; i++) {
		struct hf_ct_change c[3] = {{.kind = HF_CT_CHANGE_VOLUME,
					     .line = hf_rng_below(&rng, 7),
					     .rate = hf_rng_below(&rng, 2000000000)},
					    {.kind = HF_CT_CHANGE_PRICE,
					     .line = 2 + hf_rng_below(&rng, 3),
					     .pence = hf_rng_below(&rng, 100000)},
					    {.kind = HF_CT_CHANGE_PLAN,
					     .line = hf_rng_below(&rng, 2),
					     .rate = hf_rng_below(&rng, 2000000000)}};
		struct hf_ct_effect e = hf_ct_between(r, what_if(r, c, 3));

		assert_int_equal(e.provider + e.commissioner, e.system);
	}
}

HF_TEST(a_change_of_what_is_not_there_is_refused)
{
	static const struct hf_ct_change bad[] = {
	    {.kind = HF_CT_CHANGE_BAND, .line = 0, .at = 0},
	    {.kind = HF_CT_CHANGE_BAND, .line = 1, .at = 1, .rate = -1},
	    {.kind = HF_CT_CHANGE_VOLUME, .line = 99},
	    {.kind = HF_CT_CHANGE_VOLUME, .line = 0, .rate = INT64_MAX},
	    {.kind = HF_CT_CHANGE_PRICE, .line = 0, .pence = 1},
	    {.kind = HF_CT_CHANGE_PRICE, .line = 2, .pence = -1}};
	const struct hf_ct_run *r = golden_run();

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_ct_run *after;
		struct hf_err err;

		assert_int_equal(hf_ct_what_if(r, NULL, day_of("2020-06-30"), &bad[i],
					       1, &arena, &after, &err),
				 HF_INVALID);
	}
}

HF_TEST(the_workings_of_a_gain_share_name_inputs_and_one_rounding)
{
	const struct hf_ct_terms *t = shipped("acute-2020");
	struct hf_ct_input in[64];
	size_t n = golden_inputs(t, in);
	struct hf_ct_kept kept[64] = {0};
	struct hf_buf b = {0};
	struct hf_jw w = {.out = &b};

	for (size_t i = 0; i < n; i++)
		kept[i] = (struct hf_ct_kept){in[i], HF_SV("a file")};
	hf_jw_obj(&w);
	hf_ct_workings_write(run_to(t, NULL, in, n, "2020-06-30"), kept, n, 6, 2, &w);
	hf_jw_obj_end(&w);
	hf_buf_char(&b, '\0');
	assert_non_null(strstr(b.p, "month 1: 410 x (£344.50 - £91.25)"));
	assert_non_null(strstr(b.p, "£321,121.00 saved in the year to date x 50 %, "
				    "rounded once"));
	assert_non_null(strstr(b.p, "\"result\":16056050"));
	hf_buf_free(&b);
}

HF_TEST_MAIN(
    "contract/show",
    cmocka_unit_test_setup(without_a_change_nothing_is_otherwise, clear),
    cmocka_unit_test_setup(a_change_of_a_band_moves_money_and_costs_the_system_nothing,
			   clear),
    cmocka_unit_test_setup(less_activity_under_a_block_saves_the_system_what_it_costs,
			   clear),
    cmocka_unit_test_setup(units_cost_what_their_own_line_does, clear),
    cmocka_unit_test_setup(both_effects_are_the_systems_whatever_is_changed, clear),
    cmocka_unit_test_setup(a_change_of_what_is_not_there_is_refused, clear),
    cmocka_unit_test_setup(the_workings_of_a_gain_share_name_inputs_and_one_rounding,
			   clear))
