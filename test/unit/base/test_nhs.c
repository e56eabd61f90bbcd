/* test_nhs.c - the NHS number's check, ranges and forms. */
#include "base/nhs.h"

#include <stdio.h>
#include <stdlib.h>

#include "test/hf_test.h"

static enum hf_rc
parse(const char *text, struct hf_nhs *out)
{
	struct hf_err err = {0};

	return hf_nhs_parse(hf_sv_from(text), out, &err);
}

HF_TEST(R_1_10_the_published_valid_numbers_are_accepted)
{
	static const char *const valid[] = {
	    "9434765919", "9876543210", "9000000009", "9990000018",
	    "9990000026", "9990000034", "9990000042", "9990000050",
	    "9990000069", "9990000077", "9990000085",
	};

	for (size_t i = 0; i < HF_COUNT(valid); i++) {
		struct hf_nhs nhs;

		assert_int_equal(parse(valid[i], &nhs), HF_OK);
		assert_string_equal(nhs.d, valid[i]);
	}
}

HF_TEST(R_1_10_any_one_wrong_digit_is_noticed)
{
	const char *good = "9434765919";

	for (size_t i = 0; i < 10; i++) {
		for (char c = '0'; c <= '9'; c++) {
			char bad[11];
			struct hf_nhs nhs;

			memcpy(bad, good, sizeof(bad));
			if (bad[i] == c)
				continue;
			bad[i] = c;
			assert_int_equal(parse(bad, &nhs), HF_INVALID);
		}
	}
}

HF_TEST(R_1_11_ten_times_the_same_digit_is_refused)
{
	for (char c = '0'; c <= '9'; c++) {
		char same[11] = {0};
		struct hf_nhs nhs = {"untouched"};

		memset(same, c, 10);
		assert_int_equal(parse(same, &nhs), HF_INVALID);
		assert_string_equal(nhs.d, "untouched");
	}
	assert_false(hf_nhs_make(999999999, &(struct hf_nhs){{0}}));
}

HF_TEST(R_1_10_nine_digits_without_a_check_digit_make_no_number)
{
	static const uint32_t none[] = {999000000, 999000014, 999000028, 999000031};
	struct hf_nhs nhs;

	for (size_t i = 0; i < HF_COUNT(none); i++) {
		char text[11];

		assert_false(hf_nhs_make(none[i], &nhs));
		for (int check = 0; check < 10; check++) {
			snprintf(text, sizeof(text), "%u%d", none[i], check);
			assert_int_equal(parse(text, &nhs), HF_INVALID);
		}
	}
	assert_false(hf_nhs_make(1000000000, &nhs));
}

HF_TEST(the_999_range_holds_909091_numbers_less_the_one_of_all_nines)
{
	uint32_t count = 0;

	for (uint32_t nine = 999000000; nine <= 999999999; nine++) {
		struct hf_nhs nhs;

		if (!hf_nhs_make(nine, &nhs))
			continue;
		count++;
		assert_int_equal(hf_nhs_range(&nhs), HF_NHS_SYNTHETIC);
	}
	assert_int_equal(count, 909091 - 1);
}

HF_TEST(blanks_and_hyphens_are_left_out_and_all_else_is_refused)
{
	static const char *const bad[] = {
	    "",
	    "943476591",
	    "94347659190",
	    "943 476 591O",
	    "943.476.5919",
	    "943\t4765919",
	    "+9434765919",
	    "943476591\xc2\xa0",
	};
	struct hf_nhs nhs;

	assert_int_equal(parse(" 943-476 5919 ", &nhs), HF_OK);
	assert_string_equal(nhs.d, "9434765919");
	for (size_t i = 0; i < HF_COUNT(bad); i++)
		assert_int_equal(parse(bad[i], &nhs), HF_INVALID);
}

HF_TEST(a_refusal_does_not_repeat_the_number)
{
	struct hf_nhs nhs;
	struct hf_err err = {0};

	assert_int_equal(hf_nhs_parse(HF_SV("9434765918"), &nhs, &err), HF_INVALID);
	assert_null(strstr(err.text, "943"));
	assert_non_null(strstr(err.text, "check digit"));
}

HF_TEST(a_number_is_shown_in_groups_of_three_three_and_four)
{
	struct hf_nhs nhs;
	char buf[13];

	assert_true(hf_nhs_make(943476591, &nhs));
	assert_string_equal(hf_nhs_format(&nhs, buf, sizeof(buf)), "943 476 5919");
	assert_sv_equal(hf_nhs_sv(&nhs), "9434765919");
}

HF_TEST(the_range_tells_who_issued_a_number)
{
	/* The numbers are the first with a check digit at or after the limits. */
	static const struct {
		uint32_t from;
		enum hf_nhs_range range;
	} cases[] = {
	    {10099990, HF_NHS_OTHER},
	    {10100000, HF_NHS_SCOTLAND},
	    {311299990, HF_NHS_SCOTLAND},
	    {311300000, HF_NHS_OTHER},
	    {320000001, HF_NHS_NORTHERN_IRELAND},
	    {399999980, HF_NHS_NORTHERN_IRELAND},
	    {400000000, HF_NHS_ENGLAND},
	    {499999980, HF_NHS_ENGLAND},
	    {500000000, HF_NHS_OTHER},
	    {600000000, HF_NHS_ENGLAND},
	    {799999980, HF_NHS_ENGLAND},
	    {800000000, HF_NHS_OTHER},
	    {998999980, HF_NHS_OTHER},
	    {999000000, HF_NHS_SYNTHETIC},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_nhs nhs;
		uint32_t nine = cases[i].from;

		while (!hf_nhs_make(nine, &nhs))
			nine++;
		assert_int_equal(hf_nhs_range(&nhs), cases[i].range);
	}
}

HF_TEST_MAIN(
    "base/nhs", cmocka_unit_test(R_1_10_the_published_valid_numbers_are_accepted),
    cmocka_unit_test(R_1_10_any_one_wrong_digit_is_noticed),
    cmocka_unit_test(R_1_11_ten_times_the_same_digit_is_refused),
    cmocka_unit_test(R_1_10_nine_digits_without_a_check_digit_make_no_number),
    cmocka_unit_test(the_999_range_holds_909091_numbers_less_the_one_of_all_nines),
    cmocka_unit_test(blanks_and_hyphens_are_left_out_and_all_else_is_refused),
    cmocka_unit_test(a_refusal_does_not_repeat_the_number),
    cmocka_unit_test(a_number_is_shown_in_groups_of_three_three_and_four),
    cmocka_unit_test(the_range_tells_who_issued_a_number))
