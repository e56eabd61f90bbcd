/* Who a pathway is for: any "enter" lets in, an "exclude" keeps out, and what is not
 * known is asked (section 7.7). */
#include "test/hf_test.h"
#include "pathway/pathway.h"

static struct hf_arena arena = {.cap = 64 << 20};

#define HEAD "{\"id\":\"p\",\"version\":\"1\",\"title\":\"P\",\"status\":\"draft\","
#define TAIL                                                                           \
	"\"roles\":[],\"facts\":[{\"id\":\"in\",\"type\":\"boolean\"},{\"id\":"        \
	"\"more\","                                                                    \
	"\"type\":\"boolean\"},{\"id\":\"out\",\"type\":\"boolean\"},{\"id\":"         \
	"\"gone\","                                                                    \
	"\"type\":\"boolean\"}],\"states\":[{\"id\":\"a\",\"kind\":\"start\"},{"       \
	"\"id\":"                                                                      \
	"\"z\",\"kind\":\"end\",\"exit\":\"e\"}],\"steps\":[{\"id\":\"s\",\"in\":"     \
	"\"a\","                                                                       \
	"\"on\":\"go\",\"to\":\"z\"}]}"
#define ENTER	"\"enter\":[{\"when\":\"%in\"},{\"when\":\"%more\"}],"
#define EXCLUDE "\"exclude\":[{\"when\":\"%out\"},{\"when\":\"%gone\"}],"
#define ADULTS	"\"subject\":{\"ageMin\":18,\"ageMax\":64},"

enum { NO, YES, ASK = -1 };

/* facts: a letter for each of in, more, out and gone; y, n or ? for not known. */
static int
fits(const char *text, const char *facts, int age)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_pw_facts f = {.age = age};
	struct hf_pathway *p = NULL;
	struct hf_err err = {0};
	int answer;

	assert_int_equal(
	    hf_pathway_load("p", hf_sv_from(text), NULL, &arena, &issues, &p, &err),
	    HF_OK);
	for (size_t i = 0; facts[i]; i++) {
		f.values[i] = (struct hf_pv){.kind = HF_PV_BOOL, .b = facts[i] == 'y'};
		if (facts[i] != '?')
			f.known |= (hf_pw_set)1 << i;
	}
	answer = hf_pw_fits(p, &f, &arena);
	hf_pathway_free(p);
	return answer;
}

HF_TEST(any_enter_that_is_true_lets_in)
{
	static const char text[] = HEAD ENTER TAIL;

	assert_int_equal(fits(text, "ynnn", 50), YES);
	assert_int_equal(fits(text, "nynn", 50), YES);
	assert_int_equal(fits(text, "?ynn", 50), YES);
	assert_int_equal(fits(text, "y?nn", 50), YES);
	assert_int_equal(fits(text, "nnnn", 50), NO);
	/* One that is not true and one that is not known: it could be. */
	assert_int_equal(fits(text, "n?nn", 50), ASK);
	assert_int_equal(fits(text, "?nnn", 50), ASK);
	assert_int_equal(fits(text, "????", 50), ASK);
}

HF_TEST(without_enter_it_is_for_everybody)
{
	assert_int_equal(fits(HEAD TAIL, "????", 50), YES);
	assert_int_equal(fits(HEAD TAIL, "nnnn", -1), YES);
}

HF_TEST(any_exclude_that_is_true_keeps_out_and_one_not_known_asks)
{
	static const char text[] = HEAD ENTER EXCLUDE TAIL;

	assert_int_equal(fits(text, "ynnn", 50), YES);
	assert_int_equal(fits(text, "ynyn", 50), NO);
	assert_int_equal(fits(text, "ynny", 50), NO);
	assert_int_equal(fits(text, "yn?n", 50), ASK);
	assert_int_equal(fits(text, "ynn?", 50), ASK);
	/* True keeps out whatever else is not known, on either side of it. */
	assert_int_equal(fits(text, "yn?y", 50), NO);
	assert_int_equal(fits(text, "yny?", 50), NO);
	assert_int_equal(fits(text, "??yn", 50), NO);
	/* Who is not let in need not be asked. */
	assert_int_equal(fits(text, "nn??", 50), NO);
}

HF_TEST(ages_count_up_to_the_last_and_one_not_known_asks)
{
	static const char text[] = HEAD ADULTS ENTER EXCLUDE TAIL;

	assert_int_equal(fits(text, "ynnn", 17), NO);
	assert_int_equal(fits(text, "ynnn", 18), YES);
	assert_int_equal(fits(text, "ynnn", 64), YES);
	assert_int_equal(fits(text, "ynnn", 65), NO);
	assert_int_equal(fits(text, "ynnn", -1), ASK);
	assert_int_equal(fits(text, "nnnn", -1), NO);
	assert_int_equal(fits(text, "ynyn", -1), NO);
	/* An age that is wrong settles it, whatever is not known. */
	assert_int_equal(fits(text, "????", 65), NO);
}

/* The shipped ones, by what they are for. */
HF_TEST(frailty_is_for_those_of_65_with_a_score_or_an_event)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_pw_facts f = {.age = 80};
	struct hf_pathway *p = NULL;
	struct hf_err err;
	int cfs;

	for (size_t i = 0; i < hf_n_pathways_builtin; i++)
		if (strcmp(hf_pathways_builtin[i].name, "frailty.json") == 0)
			hf_pathway_load("f", hf_pathways_builtin[i].text, NULL, &arena,
					&issues, &p, &err);
	assert_non_null(p);
	assert_int_equal(hf_pw_fits(p, &f, &arena), ASK);
	cfs = hf_pw_fact(p, HF_SV("cfs"));
	assert_true(cfs >= 0);
	for (size_t i = 0; i < p->n_facts; i++) {
		f.values[i] = (struct hf_pv){.kind = HF_PV_BOOL};
		if (p->facts[i].kind == HF_PW_BOOLEAN)
			f.known |= (hf_pw_set)1 << i;
	}
	f.known |= (hf_pw_set)1 << cfs;
	f.values[cfs] = (struct hf_pv){.kind = HF_PV_INT, .i = 5};
	assert_int_equal(hf_pw_fits(p, &f, &arena), YES);
	f.values[cfs].i = 9;
	assert_int_equal(hf_pw_fits(p, &f, &arena), NO);
	f.values[cfs].i = 5;
	f.age = 64;
	assert_int_equal(hf_pw_fits(p, &f, &arena), NO);
	hf_pathway_free(p);
}

HF_TEST_MAIN(
    "pathway/fits", cmocka_unit_test(any_enter_that_is_true_lets_in),
    cmocka_unit_test(without_enter_it_is_for_everybody),
    cmocka_unit_test(any_exclude_that_is_true_keeps_out_and_one_not_known_asks),
    cmocka_unit_test(ages_count_up_to_the_last_and_one_not_known_asks),
    cmocka_unit_test(frailty_is_for_those_of_65_with_a_score_or_an_event))
