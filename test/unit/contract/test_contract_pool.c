/* Pooled funds: what adds up, who bears an overspend (CON-T14), and what is refused. */
#include "test/unit/contract/contract_test.h"

#include "contract/pool.h"

static struct hf_ct_pool *
fund(void)
{
	struct hf_ct_pool *p = NULL;
	struct hf_err err;

	if (hf_ct_pool_load(hf_pools_builtin[0].name, hf_pools_builtin[0].text, &arena,
			    &issues, &p, &err))
		fail_msg("%.*s", HF_SV_ARG(issues.items[0].text));
	return p;
}

HF_TEST(contributions_are_budgets_and_what_is_not_allocated)
{
	const struct hf_ct_pool *p = fund();
	hf_pence sum = p->unallocated;

	for (size_t i = 0; i < p->n_lines; i++)
		sum += p->lines[i].budget;
	assert_int_equal(p->total, 3829700000);
	assert_int_equal(sum, p->total);
}

HF_TEST(CON_T14_an_overspend_is_shared_up_to_a_part_of_the_line)
{
	const struct hf_ct_pool *p = fund();
	struct hf_ct_pool_now now = {.budget = 840000000,
				     .actual = 500000000,
				     .accrued = 75000000,
				     .remaining = 300000000};

	assert_true(hf_ct_pool_share(p, 0, &now));
	assert_int_equal(now.differs, 35000000);
	assert_int_equal(now.share[0], 21000000);
	assert_int_equal(now.share[1], 14000000);
	assert_int_equal(now.lead, 0);
	now.remaining = 325000000;
	assert_true(hf_ct_pool_share(p, 0, &now));
	assert_int_equal(now.differs, 60000000);
	assert_int_equal(now.share[0], 25200000);
	assert_int_equal(now.share[1], 16800000);
	assert_int_equal(now.lead, 18000000);
}

HF_TEST(an_underspend_repays_earlier_overspend_first)
{
	struct hf_ct_pool *p = fund();
	struct hf_ct_pool_now now = {.budget = 840000000, .actual = 830000000};

	p->lines[0].prior = 4000000;
	assert_true(hf_ct_pool_share(p, 0, &now));
	assert_int_equal(now.repaid, 4000000);
	assert_int_equal(now.share[0], -3600000);
	assert_int_equal(now.share[1], -2400000);
}

static void
refused(const char *from, const char *to, const char *with)
{
	const struct hf_definition_text *d = &hf_pools_builtin[0];
	const char *at = memmem(d->text.p, d->text.n, from, strlen(from));
	struct hf_buf b = {0};
	struct hf_ct_pool *p;
	struct hf_err err;

	assert_non_null(at);
	issues = (struct hf_issues){.arena = &arena};
	hf_buf_add(&b, d->text.p, (size_t)(at - d->text.p));
	hf_buf_sv(&b, hf_sv_from(to));
	hf_buf_sv(&b, hf_sv_from_at(d->text, (size_t)(at - d->text.p) + strlen(from)));
	assert_int_equal(
	    hf_ct_pool_load("p", hf_buf_view(&b), &arena, &issues, &p, &err),
	    HF_INVALID);
	if (!memmem(issues.items[0].text.p, issues.items[0].text.n, with, strlen(with)))
		fail_msg("%.*s", HF_SV_ARG(issues.items[0].text));
	hf_buf_free(&b);
}

HF_TEST(what_does_not_add_up_is_refused)
{
	refused("\"nhs\": 60", "\"nhs\": 61", "100 %");
	refused("8400000", "18400000", "more than the contributions");
	refused("\"budget\": 3100000", "\"budget\": 3000000", "ring-fenced");
}

HF_TEST_MAIN(
    "contract/pool",
    cmocka_unit_test_setup(contributions_are_budgets_and_what_is_not_allocated, clear),
    cmocka_unit_test_setup(CON_T14_an_overspend_is_shared_up_to_a_part_of_the_line,
			   clear),
    cmocka_unit_test_setup(an_underspend_repays_earlier_overspend_first, clear),
    cmocka_unit_test_setup(what_does_not_add_up_is_refused, clear))
