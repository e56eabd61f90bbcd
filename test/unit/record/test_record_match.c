/* test_record_match.c - who is linked, put up for review, kept apart; and the laws
 * that hold of all answers. */
#include <math.h>

#include "base/rng.h"
#include "record/match.h"
#include "test/hf_test.h"

/* A place of many people, so that names, dates and addresses have their rarity. */
enum { PEOPLE = 20000 };

static const char *const families[] = {"Smith", "Jones", "Hale", "Ward",  "Patel",
				       "Khan",	"Wood",	 "Shaw", "Price", "Cole"};
static const char *const givens[] = {"John", "Mary", "Jane", "Janet", "David",
				     "Anne", "Omar", "Ruth", "Peter", "Helen"};

static struct hf_match_set *
place(void)
{
	struct hf_match_set *s = hf_match_set_new();
	struct hf_rng rng;

	assert_non_null(s);
	hf_rng_seed(&rng, 1, 1);
	for (int i = 0; i < PEOPLE; i++) {
		char family[32], line[32], code[16], phone[16];
		struct hf_match_person p = {
		    .year = (int16_t)(1930 + hf_rng_below(&rng, 90)),
		    .month = (int8_t)(1 + hf_rng_below(&rng, 12)),
		    .day = (int8_t)(1 + hf_rng_below(&rng, 28)),
		    .sex = hf_rng_below(&rng, 2) ? HF_SEX_MALE : HF_SEX_FEMALE,
		};

		/* A hundred family names, of which ten are common. */
		snprintf(family, sizeof family, "%s%s",
			 families[hf_rng_below(&rng, 10)],
			 i % 2 ? "" : families[hf_rng_below(&rng, 10)]);
		snprintf(line, sizeof line, "%u Mill Lane", hf_rng_below(&rng, 4000));
		snprintf(code, sizeof code, "WR%u %u%c%c", 1 + hf_rng_below(&rng, 9),
			 hf_rng_below(&rng, 10), 'A' + (int)hf_rng_below(&rng, 20),
			 'A' + (int)hf_rng_below(&rng, 20));
		snprintf(phone, sizeof phone, "01632 96%04u", hf_rng_below(&rng, 9999));
		p.family[0] = hf_sv_from(family);
		p.given[0] = hf_sv_from(givens[hf_rng_below(&rng, 10)]);
		p.address[0].line = hf_sv_from(line);
		p.address[0].postcode = hf_sv_from(code);
		p.phone[0] = hf_sv_from(phone);
		assert_int_equal(hf_match_set_add(s, &p, NULL), HF_OK);
	}
	return s;
}

static struct hf_match_result
compare(const struct hf_match_person *a, const struct hf_match_person *b)
{
	struct hf_match_set *s = place();
	struct hf_match_model model = hf_match_model_default();
	struct hf_match_result r, back;

	assert_int_equal(hf_match_set_add(s, a, NULL), HF_OK);
	assert_int_equal(hf_match_set_add(s, b, NULL), HF_OK);
	hf_match_set_weigh(s);
	hf_match_compare(s, &model, PEOPLE, PEOPLE + 1, &r);
	hf_match_compare(s, &model, PEOPLE + 1, PEOPLE, &back);
	/* Whichever comes first. */
	assert_int_equal(r.answer, back.answer);
	assert_int_equal(r.rule, back.rule);
	assert_memory_equal(r.level, back.level, sizeof r.level);
	assert_true(fabs(r.bits - back.bits) < 1e-6);
	hf_match_set_free(s);
	return r;
}

static struct hf_nhs
nhs(const char *text)
{
	struct hf_nhs n;

	assert_int_equal(hf_nhs_parse(hf_sv_from(text), &n, NULL), HF_OK);
	return n;
}

static struct hf_match_person
mary(void)
{
	return (struct hf_match_person){
	    .family = {HF_SV("Hale")},
	    .given = {HF_SV("Mary"), HF_SV("Ellen")},
	    .year = 1942,
	    .month = 3,
	    .day = 5,
	    .sex = HF_SEX_FEMALE,
	    .address = {{HF_SV("14 Orchard Street"), HF_SV("WZ3 4CD")}},
	    .phone = {HF_SV("01632 960123")},
	};
}

static void
number(struct hf_match_person *p, const char *text)
{
	p->nhs = nhs(text);
	p->has_nhs = p->verified = true;
}

#define ANSWER(a, b, want)                                                             \
	do {                                                                           \
		struct hf_match_result r_ = compare(&(a), &(b));                       \
		if (r_.answer != (want))                                               \
			fail_msg("line %d: %s by \"%s\", %.1f bits", __LINE__,         \
				 hf_match_answer_code(r_.answer),                      \
				 hf_match_rule_text(r_.rule), r_.bits);                \
	} while (0)

HF_TEST(the_same_person_is_linked_whatever_one_thing_is_wrong)
{
	struct hf_match_person a = mary(), b;

	ANSWER(a, a, HF_MATCH_LINK);
#define WITH(change)                                                                   \
	b = mary();                                                                    \
	change;                                                                        \
	ANSWER(a, b, HF_MATCH_LINK)
	WITH(b.family[0] = HF_SV("HALE"));
	WITH(b.family[0] = HF_SV("Hael"));
	WITH(b.family[0] = HF_SV("Thorne")); /* married */
	WITH(b.given[0] = HF_SV("Molly"));
	WITH(b.given[0] = HF_SV("Marry"));
	WITH(b.given[1] = (struct hf_sv){0});
	WITH(b.given[1] = HF_SV("E"));
	WITH((b.month = 5, b.day = 3));
	WITH(b.day = 6);
	WITH(b.year = 1943);
	WITH(b.month = b.day = 0);
	WITH((b.family[0] = HF_SV("Mary"), b.given[0] = HF_SV("Hale")));
	WITH(b.sex = HF_SEX_UNKNOWN);
	WITH(b.phone[0] = (struct hf_sv){0});
	WITH(b.phone[0] = HF_SV("+44 1632 960123"));
	WITH(b.address[0].postcode = HF_SV("wz34cd"));
	WITH(b.address[0].line = HF_SV("14 ORCHARD ST"));
	WITH((b.address[0].line = HF_SV("2 Elm Road"),
	      b.address[0].postcode = HF_SV("WZ9 9ZZ")));
	WITH(b.family[0] = HF_SV("Hale-Thorne"));
#undef WITH
}

HF_TEST(what_nobody_can_tell_is_put_up_for_review)
{
	struct hf_match_person a = mary(), b;

#define WITH(change)                                                                   \
	b = mary();                                                                    \
	change;                                                                        \
	ANSWER(a, b, HF_MATCH_REVIEW)
	WITH(b.sex = HF_SEX_MALE);
	WITH(b.year = b.month = b.day = 0);
	WITH((b.year = 1900, b.month = b.day = 1)); /* stands for none */
	WITH(b.given[0] = b.given[1] = (struct hf_sv){0});
	WITH((b.given[0] = HF_SV("M"), b.given[1] = (struct hf_sv){0}));
	/* By her second name. */
	WITH((b.given[0] = HF_SV("Ellen"), b.given[1] = (struct hf_sv){0}));
	WITH(b.year = 1992); /* one digit, but fifty years */
#undef WITH
}

HF_TEST(strangers_of_one_name_are_kept_apart)
{
	struct hf_match_person a = mary(), b = mary();

	b.year = 1967;
	b.month = 11;
	b.day = 23;
	b.given[1] = HF_SV("Grace");
	b.address[0].line = HF_SV("2 Elm Road");
	b.address[0].postcode = HF_SV("WR1 1AB");
	b.phone[0] = HF_SV("01632 960777");
	ANSWER(a, b, HF_MATCH_SEPARATE);
}

HF_TEST(a_verified_number_without_conflict_links)
{
	struct hf_match_person a = mary(), b = mary();
	struct hf_match_result r;

	number(&a, "9990000018");
	number(&b, "999 000 0018");
	b.family[0] = HF_SV("Thorne");
	b.address[0].line = b.address[0].postcode = b.phone[0] = (struct hf_sv){0};
	r = compare(&a, &b);
	assert_int_equal(r.answer, HF_MATCH_LINK);
	assert_int_equal(r.rule, HF_RULE_NUMBER);
}

HF_TEST(a_number_given_to_the_wrong_person_links_nobody)
{
	struct hf_match_person a = mary(), b = mary(), other = mary();

	number(&a, "9990000018");
	number(&b, "9990000018");
	/* Somebody else altogether. */
	b.family[0] = HF_SV("Khan");
	b.given[0] = HF_SV("Omar");
	b.given[1] = (struct hf_sv){0};
	b.sex = HF_SEX_MALE;
	b.year = 1980;
	b.address[0].postcode = HF_SV("WR2 2BC");
	ANSWER(a, b, HF_MATCH_REVIEW);
	/* The twin. */
	other.given[0] = HF_SV("Ruth");
	number(&other, "9990000018");
	ANSWER(a, other, HF_MATCH_REVIEW);
	assert_int_equal(hf_match_number_rule(&a, &other), HF_RULE_NUMBER_GIVEN);
	/* Corrected later: the twin has her own number now. */
	number(&other, "9990000026");
	ANSWER(a, other, HF_MATCH_SEPARATE);
}

HF_TEST(two_valid_numbers_are_never_linked)
{
	struct hf_match_person a = mary(), b = mary();

	number(&a, "9990000018");
	number(&b, "9990000026");
	ANSWER(a, b, HF_MATCH_REVIEW);
	b.verified = false;
	ANSWER(a, b, HF_MATCH_REVIEW);
}

HF_TEST(the_number_rule_says_what_speaks_against_it)
{
	static const struct {
		enum hf_match_rule want;
		int16_t year;
		int8_t day;
		enum hf_match_sex sex;
		const char *family, *given;
	} cases[] = {
	    {HF_RULE_NUMBER, 1942, 5, HF_SEX_FEMALE, "Hale", "Mary"},
	    {HF_RULE_NUMBER, 1942, 5, HF_SEX_UNKNOWN, "Thorne", "Molly"},
	    {HF_RULE_NUMBER, 1942, 5, HF_SEX_FEMALE, "Hale", "Baby"},
	    {HF_RULE_NUMBER_BIRTH, 1942, 6, HF_SEX_FEMALE, "Hale", "Mary"},
	    {HF_RULE_NUMBER_BIRTH, 1942, 0, HF_SEX_FEMALE, "Hale", "Mary"},
	    {HF_RULE_NUMBER_BIRTH, 0, 0, HF_SEX_FEMALE, "Hale", "Mary"},
	    {HF_RULE_NUMBER_SEX, 1942, 5, HF_SEX_MALE, "Hale", "Mary"},
	    {HF_RULE_NUMBER_GIVEN, 1942, 5, HF_SEX_FEMALE, "Hale", "Ruth"},
	    {HF_RULE_NUMBER_NAME, 1942, 5, HF_SEX_FEMALE, "Khan", "Baby"},
	};
	struct hf_match_person a = mary();

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_match_person b = mary();

		b.year = cases[i].year;
		b.month = b.day = cases[i].day;
		b.month = cases[i].day ? 3 : 0;
		b.sex = cases[i].sex;
		b.family[0] = hf_sv_from(cases[i].family);
		b.given[0] = hf_sv_from(cases[i].given);
		b.given[1] = (struct hf_sv){0};
		assert_int_equal(hf_match_number_rule(&a, &b), cases[i].want);
		assert_int_equal(hf_match_number_rule(&b, &a), cases[i].want);
	}
}

static struct hf_match_person
child(const char *given)
{
	struct hf_match_person p = mary();

	p.given[0] = hf_sv_from(given);
	p.given[1] = (struct hf_sv){0};
	p.year = 2024;
	return p;
}

HF_TEST(twins_are_two_people)
{
	struct hf_match_person a = child("Jane"), b = child("David");

	ANSWER(a, b, HF_MATCH_SEPARATE);
	/* Names that look alike: nobody links them unasked. */
	b = child("Janet");
	ANSWER(a, b, HF_MATCH_REVIEW);
	number(&a, "9990000018");
	number(&b, "9990000026");
	ANSWER(a, b, HF_MATCH_SEPARATE);
}

HF_TEST(newborns_without_a_name_are_not_linked_by_their_family)
{
	struct hf_match_person baby = child("Baby of Mary"), named = child("Jane");
	struct hf_match_person one = child("Twin 1"), two = child("Twin 2");
	struct hf_match_result r;

	ANSWER(baby, named, HF_MATCH_REVIEW);
	ANSWER(baby, baby, HF_MATCH_REVIEW);
	r = compare(&one, &two);
	assert_int_equal(r.answer, HF_MATCH_SEPARATE);
	assert_int_equal(r.rule, HF_RULE_BIRTH_ORDER);
	/* "Baby" of two mothers is not a name they share. */
	r = compare(&baby, &named);
	assert_int_equal(r.level[HF_MATCH_GIVEN], HF_AGREE_NONE);
	/* With her number she is known, whatever she is called by then. */
	number(&baby, "9990000018");
	number(&named, "9990000018");
	ANSWER(baby, named, HF_MATCH_LINK);
}

HF_TEST(multiple_birth_tells_twins_apart_before_they_have_names)
{
	struct hf_match_person one = child("Baby"), two = child("Baby");

	one.order = 1;
	two.order = 2;
	ANSWER(one, two, HF_MATCH_SEPARATE);
	two.order = 1;
	ANSWER(one, two, HF_MATCH_REVIEW);
}

HF_TEST(father_and_son_of_one_name_are_two_people)
{
	struct hf_match_person father = mary(), son = mary();

	father.sex = son.sex = HF_SEX_MALE;
	father.given[0] = son.given[0] = HF_SV("John");
	father.given[1] = son.given[1] = HF_SV("Peter");
	son.year = 1971;
	son.month = 8;
	son.day = 19;
	ANSWER(father, son, HF_MATCH_SEPARATE);
	/* Born on one day of the year: somebody looks, nobody links. */
	son.month = 3;
	son.day = 5;
	ANSWER(father, son, HF_MATCH_SEPARATE);
	son.year = 1972;
	ANSWER(father, son, HF_MATCH_REVIEW);
}

HF_TEST(a_rare_name_says_more_than_a_common_one)
{
	struct hf_match_person a = mary(), b = mary();
	double common, rare;

	a.family[0] = b.family[0] = HF_SV("Smith");
	common = compare(&a, &b).bits;
	a.family[0] = b.family[0] = HF_SV("Featherstonehaugh");
	rare = compare(&a, &b).bits;
	assert_true(rare > common + 1);
}

HF_TEST(the_score_is_the_sum_of_its_reasons)
{
	struct hf_match_person a = mary(), b = mary();
	struct hf_match_result r, none;
	struct hf_match_person empty = {0};
	double sum = 0;

	b.given[0] = HF_SV("Molly");
	r = compare(&a, &b);
	none = compare(&empty, &empty);
	for (size_t f = 0; f < HF_MATCH_FIELDS; f++) {
		sum += (double)r.weight[f];
		assert_true(none.weight[f] == 0);
		assert_true(strlen(hf_match_level_text(r.level[f])) > 3);
		if (r.level[f])
			assert_int_equal(hf_match_level_field(r.level[f]), f);
	}
	assert_true(fabs(r.bits - none.bits - sum) < 1e-4);
	assert_int_equal(none.answer, HF_MATCH_SEPARATE);
	assert_true(r.probability > 0.99 && r.probability <= 1);
}

HF_TEST(every_answer_link_keeps_its_promise)
{
	/* Any mixture of two people's fields. */
	struct hf_match_person a = mary();
	struct hf_match_set *s = place();
	struct hf_match_model model = hf_match_model_default();
	struct hf_rng rng;

	hf_rng_seed(&rng, 3, 1);
	assert_int_equal(hf_match_set_add(s, &a, NULL), HF_OK);
	for (int i = 0; i < 2000; i++) {
		struct hf_match_person b = mary();
		uint32_t what = hf_rng_u32(&rng);

		if (what & 1)
			b.given[0] = hf_sv_from(givens[what >> 8 & 7]);
		if (what & 2)
			b.year = (int16_t)(1900 + (what >> 12 & 127));
		if (what & 4)
			b.day = (int8_t)(1 + (what >> 20 & 15));
		if (what & 8)
			b.sex = what >> 24 & 3;
		if (what & 16)
			number(&b, "9990000026");
		if (what & 32)
			b.family[0] = hf_sv_from(families[what >> 26 & 7]);
		assert_int_equal(hf_match_set_add(s, &b, NULL), HF_OK);
	}
	hf_match_set_weigh(s);
	for (size_t i = PEOPLE + 1; i < hf_match_set_count(s); i++) {
		struct hf_match_result r;

		hf_match_compare(s, &model, PEOPLE, i, &r);
		if (r.answer != HF_MATCH_LINK)
			continue;
		assert_int_not_equal(r.level[HF_MATCH_SEX], HF_AGREE_SEX_DIFFER);
		assert_int_not_equal(r.level[HF_MATCH_NUMBER], HF_AGREE_NUMBER_DIFFER);
		assert_int_not_equal(r.level[HF_MATCH_GIVEN], HF_AGREE_GIVEN_DIFFER);
		assert_int_not_equal(r.level[HF_MATCH_GIVEN], HF_AGREE_NONE);
		assert_int_not_equal(r.level[HF_MATCH_BIRTH], HF_AGREE_BIRTH_DIFFER);
		assert_int_not_equal(r.level[HF_MATCH_BIRTH], HF_AGREE_NONE);
	}
	hf_match_set_free(s);
}

HF_TEST_MAIN("record/match",
	     cmocka_unit_test(the_same_person_is_linked_whatever_one_thing_is_wrong),
	     cmocka_unit_test(what_nobody_can_tell_is_put_up_for_review),
	     cmocka_unit_test(strangers_of_one_name_are_kept_apart),
	     cmocka_unit_test(a_verified_number_without_conflict_links),
	     cmocka_unit_test(a_number_given_to_the_wrong_person_links_nobody),
	     cmocka_unit_test(two_valid_numbers_are_never_linked),
	     cmocka_unit_test(the_number_rule_says_what_speaks_against_it),
	     cmocka_unit_test(twins_are_two_people),
	     cmocka_unit_test(newborns_without_a_name_are_not_linked_by_their_family),
	     cmocka_unit_test(multiple_birth_tells_twins_apart_before_they_have_names),
	     cmocka_unit_test(father_and_son_of_one_name_are_two_people),
	     cmocka_unit_test(a_rare_name_says_more_than_a_common_one),
	     cmocka_unit_test(the_score_is_the_sum_of_its_reasons),
	     cmocka_unit_test(every_answer_link_keeps_its_promise))
