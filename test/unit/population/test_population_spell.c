/* The promises of population/spell.h: population.md 1.1. */
#include "test/hf_test.h"

#include "population/spell.h"

static enum hf_pop_setting
pod(enum hf_pop_method method, int class, unsigned nights, enum hf_pop_pod_note expect)
{
	enum hf_pop_pod_note note;
	enum hf_pop_setting setting = hf_pop_pod(method, class, nights, &note);

	assert_int_equal(note, expect);
	return setting;
}

HF_TEST(the_rules_of_1_1_decide_in_their_order)
{
	assert_int_equal(pod(HF_POP_M_21, 3, 0, HF_POD_FINE), HF_POP_RDA);
	assert_int_equal(pod(HF_POP_M_82, 4, 0, HF_POD_FINE), HF_POP_RDA);
	assert_int_equal(pod(HF_POP_M_11, 5, 2, HF_POD_FINE), HF_POP_MAT);
	assert_int_equal(pod(HF_POP_M_31, 1, 2, HF_POD_FINE), HF_POP_MAT);
	assert_int_equal(pod(HF_POP_M_83, 1, 0, HF_POD_FINE), HF_POP_MAT);
	assert_int_equal(pod(HF_POP_M_12, 2, 0, HF_POD_FINE), HF_POP_DC);
	assert_int_equal(pod(HF_POP_M_12, 2, 1, HF_POD_DAY_CASE_STAYED), HF_POP_EL);
	assert_int_equal(pod(HF_POP_M_13, 1, 0, HF_POD_FINE), HF_POP_EL);
	assert_int_equal(pod(HF_POP_M_2D, 1, 0, HF_POD_FINE), HF_POP_NE);
	assert_int_equal(pod(HF_POP_M_28, 2, 0, HF_POD_FINE), HF_POP_NE);
	assert_int_equal(pod(HF_POP_M_81, 1, 3, HF_POD_FINE), HF_POP_NE);
	assert_int_equal(pod(HF_POP_M_99, 1, 3, HF_POD_UNKNOWN), HF_POP_UNK);
}

HF_TEST(bed_days_are_the_midnights_within_a_period)
{
	struct hf_pop_event e = {.day = 100, .los = 10};

	assert_int_equal(hf_pop_bed_days(&e, 0, 1000), 10);
	assert_int_equal(hf_pop_bed_days(&e, 105, 1000), 5);
	assert_int_equal(hf_pop_bed_days(&e, 0, 103), 3);
	assert_int_equal(hf_pop_bed_days(&e, 110, 120), 0);
	e.los = 0;
	assert_int_equal(hf_pop_bed_days(&e, 0, 1000), 0);
}

HF_TEST(hours_need_both_times)
{
	struct hf_pop_event e = {.minute = 1380, .end_minute = 60, .los = 1};

	assert_int_equal(hf_pop_minutes(&e), 120);
	e.minute = HF_POP_NONE;
	assert_int_equal(hf_pop_minutes(&e), -1);
	e = (struct hf_pop_event){.minute = 600, .end_minute = 60};
	assert_int_equal(hf_pop_minutes(&e), -1);
}

/* 2020-03-29: 01:00 is 02:00; 2020-10-25: 02:00 is 01:00 again. */
HF_TEST(minutes_are_those_that_went_by_when_the_clock_is_changed)
{
	uint16_t spring = 11045, autumn = 11255; /* since 1990-01-01 */

	assert_int_equal(hf_pop_elapsed((uint16_t)(spring - 1), 540, spring, 539),
			 22 * 60 + 59);
	assert_int_equal(hf_pop_elapsed((uint16_t)(autumn - 1), 540, autumn, 539),
			 24 * 60 + 59);
	assert_int_equal(hf_pop_elapsed(spring, 30, spring, 285), 195);
	assert_int_equal(hf_pop_elapsed(autumn, 30, autumn, 260), 290);
	assert_int_equal(hf_pop_elapsed(autumn, 110, autumn, 70), 20);
	assert_int_equal(hf_pop_elapsed(spring, 300, spring, 285), -1);
	assert_int_equal(hf_pop_elapsed(autumn, 300, autumn, 285), -1);
}

HF_TEST(a_transfer_within_two_days_is_the_same_stay)
{
	struct hf_pop_event e[] = {
	    {.day = 10, .los = 3, .setting = HF_POP_NE, .outcome = HF_POP_O_HOSPITAL},
	    {.day = 12, .setting = HF_POP_AE},
	    {.day = 13, .los = 4, .setting = HF_POP_NE, .provider = 2},
	    {.day = 19, .los = 1, .setting = HF_POP_NE, .source = HF_POP_O_HOSPITAL},
	    {.day = 21, .los = 1, .setting = HF_POP_NE}, /* no transfer */
	    {.day = 25, .los = 1, .setting = HF_POP_NE, .method = HF_POP_M_2B},
	};
	uint32_t cip[6];
	struct hf_pop_cip_rules rules = HF_POP_CIP_DEFAULT;

	hf_pop_cip(e, 6, &rules, cip);
	assert_int_equal(cip[2], 0);
	assert_int_equal(cip[3], 0); /* day 17 to day 19 */
	assert_int_equal(cip[1], 1);
	assert_int_equal(cip[4], 4);
	assert_int_equal(cip[5], 5); /* day 22 to day 25 */
	rules.needs_transfer = false;
	hf_pop_cip(e, 6, &rules, cip);
	assert_int_equal(cip[4], 0);
	rules.days = 3;
	hf_pop_cip(e, 6, &rules, cip);
	assert_int_equal(cip[5], 0);
}

/* POP-T14: the readmission counts against the stay that ended last; an elective
 * admission of two days before is one. */
HF_TEST(stays_in_their_order_give_the_discharge_of_POP_T14)
{
	struct hf_pop_event e[] = {
	    {.day = 0, .los = 9, .setting = HF_POP_NE},	 /* to 10 January */
	    {.day = 11, .los = 1, .setting = HF_POP_EL}, /* 12 to 13 January */
	    {.day = 14, .los = 2, .setting = HF_POP_NE}, /* 15 January */
	};
	uint32_t cip[3];

	hf_pop_cip(e, 3, &HF_POP_CIP_DEFAULT, cip);
	assert_int_equal(cip[1], 1);
	assert_int_equal(cip[2], 2);
	assert_int_equal(e[2].day - (e[1].day + e[1].los), 2);
}

HF_TEST(two_stays_at_one_provider_overlap_from_a_day_on)
{
	struct hf_pop_event a = {.day = 5, .los = 3, .provider = 1}, b = a;

	assert_int_equal(hf_pop_overlap(&a, &b), HF_POP_SAME);
	b.day = 7;
	assert_int_equal(hf_pop_overlap(&a, &b), HF_POP_OVERLAPS);
	b.day = 8;
	assert_int_equal(hf_pop_overlap(&a, &b), HF_POP_APART);
	b.day = 7;
	b.provider = 2;
	assert_int_equal(hf_pop_overlap(&a, &b), HF_POP_APART);
}

HF_TEST_MAIN("population/spell",
	     cmocka_unit_test(the_rules_of_1_1_decide_in_their_order),
	     cmocka_unit_test(bed_days_are_the_midnights_within_a_period),
	     cmocka_unit_test(hours_need_both_times),
	     cmocka_unit_test(minutes_are_those_that_went_by_when_the_clock_is_changed),
	     cmocka_unit_test(a_transfer_within_two_days_is_the_same_stay),
	     cmocka_unit_test(stays_in_their_order_give_the_discharge_of_POP_T14),
	     cmocka_unit_test(two_stays_at_one_provider_overlap_from_a_day_on))
