/* test_record_match_name.c - how alike two names are. */
#include "record/match_name.h"
#include "test/hf_test.h"

static double
jw(const char *a, const char *b)
{
	return hf_jaro_winkler(hf_sv_from(a), hf_sv_from(b));
}

HF_TEST(jaro_winkler_gives_the_published_values)
{
	/* Winkler, The State of Record Linkage (1999), table of examples. */
	static const struct {
		const char *a, *b;
		double want;
	} cases[] = {
	    {"martha", "marhta", 0.961},       {"dwayne", "duane", 0.840},
	    {"dixon", "dicksonx", 0.813},      {"shackleford", "shackelford", 0.982},
	    {"nichleson", "nichulson", 0.956}, {"jones", "johnson", 0.832},
	    {"massey", "massie", 0.933},       {"abroms", "abrams", 0.922},
	    {"jeraldine", "geraldine", 0.926}, {"michelle", "michael", 0.921},
	    {"itman", "smith", 0.467},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		double got = jw(cases[i].a, cases[i].b);

		if (got < cases[i].want - 0.0006 || got > cases[i].want + 0.0006)
			fail_msg("%s %s: %f, not %f", cases[i].a, cases[i].b, got,
				 cases[i].want);
	}
}

HF_TEST(jaro_winkler_is_one_for_the_same_and_none_for_nothing_in_common)
{
	assert_true(jw("hale", "hale") >= 1);
	assert_true(jw("abc", "xyz") <= 0);
	assert_true(jw("", "hale") <= 0);
	assert_true(jw("a", "b") <= 0);
	assert_true(
	    jw("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	       "aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	       "aaaaaaaab") > 0.5);
}

HF_TEST(names_that_sound_alike_have_one_code)
{
	static const char *const pairs[][2] = {
	    {"smith", "smyth"},		{"clark", "clarke"}, {"stephens", "stevens"},
	    {"philips", "phillips"},	{"reed", "read"},    {"thompson", "thomson"},
	    {"catherine", "katherine"}, {"knight", "night"},
	};
	unsigned same = 0;

	for (size_t i = 0; i < HF_COUNT(pairs); i++)
		same += hf_name_sound(hf_sv_from(pairs[i][0])) ==
			hf_name_sound(hf_sv_from(pairs[i][1]));
	assert_true(same >= 7); /* thompson keeps its p */
	assert_int_not_equal(hf_name_sound(HF_SV("hale")),
			     hf_name_sound(HF_SV("ward")));
	assert_int_equal(hf_name_sound(HF_SV("")), 0);
}

static bool
forms(const char *a, const char *b)
{
	uint16_t x[HF_NAME_GROUPS], y[HF_NAME_GROUPS];

	hf_name_groups(hf_sv_from(a), x);
	hf_name_groups(hf_sv_from(b), y);
	return hf_name_groups_meet(x, y);
}

HF_TEST(short_forms_belong_to_their_names)
{
	assert_true(forms("william", "bill"));
	assert_true(forms("bill", "will"));
	assert_true(forms("margaret", "peggy"));
	assert_true(forms("elizabeth", "liz"));
	assert_true(forms("sam", "samuel"));
	assert_true(forms("sam", "samantha"));
	assert_false(forms("samuel", "samantha"));
	assert_false(forms("jane", "janet"));
	assert_false(forms("william", "robert"));
	assert_false(forms("no such name", "no such name"));
}

HF_TEST(the_table_of_nicknames_is_in_order)
{
	for (size_t i = 1; i < hf_n_nicknames; i++)
		assert_true(strcmp(hf_nicknames[i - 1].name, hf_nicknames[i].name) <=
			    0);
}

HF_TEST(one_slip_is_one_letter_or_two_neighbours)
{
	static const struct {
		const char *a, *b;
		bool slip;
	} cases[] = {
	    {"hale", "hale", false}, {"hale", "hal", true},   {"hale", "hales", true},
	    {"hale", "hole", true},  {"hale", "hlae", true},  {"hale", "ahel", false},
	    {"hale", "ward", false}, {"", "a", true},	      {"", "ab", false},
	    {"aa", "a", true},	     {"abcd", "badc", false},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_sv a = hf_sv_from(cases[i].a), b = hf_sv_from(cases[i].b);

		assert_int_equal(hf_one_slip(a, b), cases[i].slip);
		assert_int_equal(hf_one_slip(b, a), cases[i].slip);
	}
}

HF_TEST(placeholders_are_no_names)
{
	assert_true(hf_name_is_placeholder(HF_SV("baby")));
	assert_true(hf_name_is_placeholder(HF_SV("twin")));
	assert_true(hf_name_is_placeholder(HF_SV("unknown")));
	assert_false(hf_name_is_placeholder(HF_SV("bailey")));
	assert_false(hf_name_is_placeholder(HF_SV("")));
}

HF_TEST_MAIN(
    "record/match_name", cmocka_unit_test(jaro_winkler_gives_the_published_values),
    cmocka_unit_test(jaro_winkler_is_one_for_the_same_and_none_for_nothing_in_common),
    cmocka_unit_test(names_that_sound_alike_have_one_code),
    cmocka_unit_test(short_forms_belong_to_their_names),
    cmocka_unit_test(the_table_of_nicknames_is_in_order),
    cmocka_unit_test(one_slip_is_one_letter_or_two_neighbours),
    cmocka_unit_test(placeholders_are_no_names))
