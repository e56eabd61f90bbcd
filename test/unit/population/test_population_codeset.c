/* Sets of admissions by their codes (population.md 3.4, 3.6, 3.7). */
#include "test/hf_test.h"

#include <stdlib.h>

#include "population/codeset.h"
#include "support/pop.h"

static struct hf_arena arena;
static struct hf_issues issues;

static int
clear(void **state HF_UNUSED)
{
	hf_arena_free(&arena);
	arena = (struct hf_arena){.cap = 8 << 20};
	issues = (struct hf_issues){.arena = &arena};
	return 0;
}

static struct hf_pop_codesets
builtin(const char *name)
{
	struct hf_pop_codesets s;
	struct hf_err err;

	for (size_t i = 0; i < hf_n_codesets_builtin; i++)
		if (strcmp(hf_codesets_builtin[i].name, name) == 0) {
			if (hf_pop_codesets_load(name, hf_codesets_builtin[i].text,
						 &arena, &issues, &s, &err))
				fail_msg("%.*s", HF_SV_ARG(issues.items[0].text));
			return s;
		}
	fail_msg("there is no %s", name);
	abort();
}

/* Is an event with these codes in set id of the document? */
static bool
in(const char *document, const char *id, const char *dx, const char *proc)
{
	struct hf_pop_codesets s = builtin(document);
	struct hf_test_pop *p = hf_test_pop_new();
	struct hf_pop_matcher *m;
	int at = hf_pop_codesets_find(&s, hf_sv_from(id));
	uint64_t sets;

	assert_true(at >= 0);
	hf_test_person(p, (struct hf_pop_person){.birth = 0});
	hf_test_event(p, (struct hf_pop_event){.setting = HF_POP_NE}, dx, proc);
	assert_int_equal(hf_pop_matcher_new(&s, hf_test_columns(p), &m, NULL), HF_OK);
	sets = hf_pop_matcher_event(m, 0);
	hf_pop_matcher_free(m);
	hf_test_pop_free(p);
	return sets >> at & 1;
}

static bool
fits(const char *pattern, const char *code)
{
	struct hf_pop_pattern p;

	assert_true(hf_pop_pattern_read(hf_sv_from(pattern), &p));
	return hf_pop_pattern_fits(&p, hf_sv_from(code));
}

HF_TEST(a_pattern_is_a_prefix_a_range_or_says_the_fourth_character)
{
	assert_true(fits("I50", "I501"));
	assert_true(fits("I50", "I50"));
	assert_false(fits("I501", "I50"));
	assert_true(fits("I60-I69", "I693"));
	assert_true(fits("I60-I69", "I60"));
	assert_false(fits("I60-I69", "I70"));
	assert_true(fits("K700-K703", "K703"));
	assert_false(fits("K700-K703", "K709"));
	assert_true(fits("E10-E14:01689", "E119"));
	assert_false(fits("E10-E14:01689", "E112"));
	assert_false(fits("E10-E14:01689", "E11"));
	assert_true(fits("K0-K4", "K452"));
}

HF_TEST(what_is_no_pattern_is_refused)
{
	static const char *const wrong[] = {"",	       "i50",	"I50.1",   "I50-I5",
					    "I69-I60", "I5-",	"I500000", "E1:0",
					    "E11:",    "E11:A", "-I5",	   "50"};
	struct hf_pop_pattern p;

	for (size_t i = 0; i < HF_COUNT(wrong); i++)
		if (hf_pop_pattern_read(hf_sv_from(wrong[i]), &p))
			fail_msg("\"%s\" was taken", wrong[i]);
}

HF_TEST(section_3_4_position_and_what_stands_beside_decide)
{
	static const char doc[] = "acs-19.json";

	assert_true(in(doc, "flu-pneumonia", "I10 J181", NULL));
	assert_false(in(doc, "flu-pneumonia", "J181 D570", NULL));
	assert_true(in(doc, "asthma", "J459", NULL));
	assert_false(in(doc, "asthma", "I10 J459", NULL));
	assert_true(in(doc, "copd", "J440", NULL));
	assert_true(in(doc, "copd", "J209 J441", NULL));
	assert_false(in(doc, "copd", "J209", NULL));
	assert_false(in(doc, "copd", "J209 I10", NULL));
	assert_true(in(doc, "diabetes", "I10 E112", NULL));
	assert_false(in(doc, "diabetes", "E119", NULL));
	assert_true(in(doc, "ulcer", "K254", NULL));
	assert_false(in(doc, "ulcer", "K253", NULL));
	assert_true(in(doc, "gangrene", "I10 R02X", NULL));
}

HF_TEST(section_3_4_a_procedure_may_take_an_admission_out)
{
	static const char doc[] = "acs-19.json";

	assert_true(in(doc, "heart-failure", "I500", NULL));
	assert_true(in(doc, "heart-failure", "I500", "X292"));
	assert_false(in(doc, "heart-failure", "I500", "K452"));
	assert_true(in(doc, "angina", "I209", NULL));
	assert_true(in(doc, "angina", "I209", "X09"));
	assert_false(in(doc, "angina", "I209", "K633"));
	assert_false(in(doc, "cellulitis", "L031", "S571"));
}

HF_TEST(section_3_4_the_outcomes_framework_has_a_list_of_its_own)
{
	static const char doc[] = "acs-nhsof-2-3-i.json";

	assert_true(in(doc, "diabetes", "E119", NULL));
	assert_true(in(doc, "atrial-fibrillation", "I48X", NULL));
	assert_true(in(doc, "angina", "I251", "K633"));
	assert_false(in(doc, "copd", "J209", NULL));
}

HF_TEST(section_3_7_falls_are_explicit_or_implicit)
{
	static const char doc[] = "falls.json";

	assert_true(in(doc, "falls-explicit", "S720 W010", NULL));
	assert_false(in(doc, "falls-explicit", "S720 V031", NULL));
	assert_true(in(doc, "falls-implicit", "R296", NULL));
	assert_true(in(doc, "falls-implicit", "S720", NULL));
	assert_false(in(doc, "falls-implicit", "S720 W010", NULL));
	assert_true(in(doc, "hip-fracture", "S721", NULL));
	assert_false(in(doc, "hip-fracture", "S728", NULL));
}

HF_TEST(POP_T15_the_reasons_of_short_stays_of_children)
{
	static const char doc[] = "short-stay-children.json";

	assert_true(in(doc, "respiratory", "J210", NULL));
	assert_true(in(doc, "lrti", "J210", NULL));
	assert_true(in(doc, "respiratory", "J459", NULL));
	assert_false(in(doc, "lrti", "J459", NULL));
	assert_true(in(doc, "lower-gi", "A084", NULL));
	assert_true(in(doc, "respiratory", "B349 J069", NULL));
	assert_false(in(doc, "respiratory", "B349", NULL));
	assert_true(in(doc, "lower-gi", "E86X R11X", NULL));
	assert_false(in(doc, "lower-gi", "E86X", NULL));
}

HF_TEST(all_documents_load)
{
	for (size_t i = 0; i < hf_n_codesets_builtin; i++)
		builtin(hf_codesets_builtin[i].name);
	assert_true(hf_n_codesets_builtin >= 4);
}

HF_TEST(all_mistakes_of_a_document_are_named)
{
	static const char text[] =
	    "{\"id\":\"t\",\"version\":\"1\",\"title\":\"T\",\"source\":\"S\",\n"
	    "\"sets\":[{\"id\":\"a\",\"title\":\"A\",\"any\":[{\"icd10\":[\"i50\"]}]},"
	    "\n"
	    "{\"id\":\"a\",\"title\":\"A\",\"any\":[{\"icd10\":[\"I50\"],"
	    "\"position\":\"first\"}]},\n"
	    "{\"id\":\"b\",\"title\":\"B\",\"any\":[{\"icd10\":[\"I50\"],"
	    "\"procedure\":{\"none\":true,\"not\":[\"K1\"]}}]}]}";
	static const char *const wanted[] = {"\"i50\" is no pattern", "stands twice",
					     "primary, secondary or any",
					     "has either \"none\""};
	struct hf_pop_codesets s;
	struct hf_err err;

	assert_int_equal(
	    hf_pop_codesets_load("t.json", hf_sv_from(text), &arena, &issues, &s, &err),
	    HF_INVALID);
	assert_int_equal(issues.n, HF_COUNT(wanted));
	for (size_t i = 0; i < HF_COUNT(wanted); i++) {
		char got[400];

		snprintf(got, sizeof got, "%.*s", HF_SV_ARG(issues.items[i].text));
		if (!strstr(got, wanted[i]))
			fail_msg("%s", got);
	}
	assert_sv_equal(issues.items[0].path, "t.json:2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(
		a_pattern_is_a_prefix_a_range_or_says_the_fourth_character, clear),
	    cmocka_unit_test_setup(what_is_no_pattern_is_refused, clear),
	    cmocka_unit_test_setup(section_3_4_position_and_what_stands_beside_decide,
				   clear),
	    cmocka_unit_test_setup(section_3_4_a_procedure_may_take_an_admission_out,
				   clear),
	    cmocka_unit_test_setup(
		section_3_4_the_outcomes_framework_has_a_list_of_its_own, clear),
	    cmocka_unit_test_setup(section_3_7_falls_are_explicit_or_implicit, clear),
	    cmocka_unit_test_setup(POP_T15_the_reasons_of_short_stays_of_children,
				   clear),
	    cmocka_unit_test_setup(all_documents_load, clear),
	    cmocka_unit_test_setup(all_mistakes_of_a_document_are_named, clear),
	};

	return cmocka_run_group_tests_name("population/codeset", tests, NULL, NULL);
}
