/* The minimum data set (section 2.2): read, what is missing of it, how urgent it looks.
 */
#include "test/hf_test.h"

#include "hub/intake.h"
#include <stdlib.h>

static struct hf_arena arena = {.cap = 32 << 20};
static struct hf_score news2;

static enum hf_rc
take(const char *json, struct hf_intake *out, struct hf_issues *issues)
{
	static struct hf_json doc;
	struct hf_err err;

	*issues = (struct hf_issues){.arena = &arena};
	assert_int_equal(hf_json_parse(hf_sv_from(json), NULL, &arena, &doc, &err),
			 HF_OK);
	return hf_intake_read(&doc, 0, &arena, issues, out, &err);
}

static struct hf_intake
good(const char *json)
{
	struct hf_issues issues;
	struct hf_intake in;

	if (take(json, &in, &issues) != HF_OK)
		fail_msg("%.*s: %.*s", HF_SV_ARG(issues.items[0].path),
			 HF_SV_ARG(issues.items[0].text));
	return in;
}

static bool
misses(const struct hf_intake *in, int age, const char *item, bool mandatory)
{
	struct hf_intake_gap gaps[HF_INTAKE_GAPS];
	size_t n = hf_intake_gaps(in, age, gaps);

	for (size_t i = 0; i < n; i++)
		if (strcmp(gaps[i].item, item) == 0)
			return gaps[i].mandatory == mandatory;
	return false;
}

#define WHOLE                                                                          \
	"\"person\":{\"id\":\"p1\"},\"source\":\"gp\",\"referrer\":{\"org\":\"A1\","   \
	"\"phone\":\"1\"},\"decided\":\"2026-06-01T09:00:00Z\",\"service\":\"ucr\","   \
	"\"asked\":\"U1\",\"expectation\":\"visit\",\"problem\":\"fell\","             \
	"\"condition\":\"fall\",\"consentRefer\":true,\"consentShare\":true"

HF_TEST(section_2_2_all_mandatory_items_make_it_complete)
{
	struct hf_intake_gap gaps[HF_INTAKE_GAPS];
	struct hf_intake in = good("{" WHOLE "}");
	size_t n = hf_intake_gaps(&in, 80, gaps);

	for (size_t i = 0; i < n; i++)
		assert_false(gaps[i].mandatory);
	assert_true(misses(&in, 80, "allergies", false));
}

HF_TEST(section_2_2_each_mandatory_item_is_missed)
{
	static const char *const items[] = {
	    "source", "referrer.org", "referrer.phone", "decided",	"service",
	    "asked",  "expectation",  "problem",	"consentRefer", "consentShare"};
	struct hf_intake in = good("{\"person\":{\"id\":\"p1\"}}");

	for (size_t i = 0; i < HF_COUNT(items); i++)
		if (!misses(&in, 80, items[i], true))
			fail_msg("%s is not missed", items[i]);
}

HF_TEST(section_2_2_the_condition_is_mandatory_for_urgent_community_response)
{
	struct hf_intake ucr = good("{\"service\":\"ucr\"}");
	struct hf_intake other = good("{\"service\":\"community-nursing\"}");

	assert_true(misses(&ucr, 80, "condition", true));
	assert_true(misses(&other, 80, "condition", false));
}

HF_TEST(section_2_2_news2_is_mandatory_where_it_was_measured_and_is_urgent)
{
	struct hf_intake urgent = good("{\"source\":\"999\",\"asked\":\"U1\"}");
	struct hf_intake routine = good("{\"source\":\"999\",\"asked\":\"U5\"}");

	assert_true(misses(&urgent, 80, "news2", true));
	assert_true(misses(&routine, 80, "news2", false));
	assert_true(misses(&urgent, 80, "scene", true));
}

HF_TEST(section_2_2_frailty_is_asked_of_those_of_65_and_over)
{
	struct hf_intake in = good("{}");

	assert_true(misses(&in, 65, "cfs", false));
	assert_false(misses(&in, 64, "cfs", false));
}

HF_TEST(R_2_5_a_person_who_is_unknown_or_has_no_number_lacks_nothing)
{
	struct hf_intake unknown = good("{\"person\":{\"unknown\":true}}");
	struct hf_intake named = good("{\"person\":{\"family\":\"Hale\"}}");

	assert_false(misses(&unknown, -1, "person.family", true));
	assert_false(misses(&named, -1, "person.nhs", true));
	assert_true(misses(&named, -1, "person.born", true));
}

HF_TEST(HZ9_what_is_said_of_safeguarding_is_withheld_and_that_there_is_none_is_not)
{
	struct hf_intake said = good("{\"safeguarding\":\"neglect seen\"}");
	struct hf_intake none = good("{\"safeguarding\":\"none\"}");
	struct hf_intake flag = good("{\"flags\":[{\"category\":\"SG\"}]}");
	struct hf_intake other = good("{\"flags\":[{\"category\":\"IR\"}]}");

	assert_true(hf_intake_withheld(&said));
	assert_true(hf_intake_withheld(&flag));
	assert_false(hf_intake_withheld(&none));
	assert_false(hf_intake_withheld(&other));
}

static void
refused(const char *json, const char *path)
{
	struct hf_issues issues;
	struct hf_intake in;

	assert_int_equal(take(json, &in, &issues), HF_INVALID);
	assert_sv_equal(issues.items[0].path, path);
}

HF_TEST(what_is_wrong_is_named_by_its_item)
{
	refused("{\"asked\":\"U9\"}", "asked");
	refused("{\"source\":7}", "source");
	refused("{\"person\":{\"nhs\":\"9434765918\"}}", "person.nhs");
	refused("{\"person\":{\"born\":\"1.2.1940\"}}", "person.born");
	refused("{\"person\":{\"sex\":\"f\"}}", "person.sex");
	refused("{\"person\":{\"shoe\":\"9\"}}", "person.shoe");
	refused("{\"colour\":\"red\"}", "colour");
	refused("{\"cfs\":10}", "cfs");
	refused("{\"decided\":\"yesterday\"}", "decided");
	refused("{\"scene\":\"maybe\"}", "scene");
	refused("{\"consentShare\":\"yes\"}", "consentShare");
	refused("{\"flags\":[{\"category\":\"XX\"}]}", "flags.category");
	refused("{\"news2\":[]}", "news2");
}

HF_TEST(texts_have_a_bound)
{
	char *text = malloc(HF_INTAKE_TEXT + 100);
	struct hf_issues issues;
	struct hf_intake in;

	memcpy(text, "{\"problem\":\"", 12);
	memset(text + 12, 'x', HF_INTAKE_TEXT + 1);
	memcpy(text + 12 + HF_INTAKE_TEXT + 1, "\"}", 3);
	assert_int_equal(take(text, &in, &issues), HF_INVALID);
	free(text);
}

#define VALUES                                                                         \
	"\"respiration\":%d,\"spo2\":96,\"oxygen\":\"air\",\"systolic\":120,"          \
	"\"pulse\":80,\"consciousness\":\"%s\",\"temperature\":36.8"

static struct hf_intake_urgency
suggested(const char *fmt, int respiration, const char *consciousness, int age)
{
	struct hf_intake_urgency out;
	char json[600];
	struct hf_intake in;

	snprintf(json, sizeof json, fmt, respiration, consciousness);
	in = good(json);
	hf_intake_suggest(&in, &news2, age, &out);
	return out;
}

HF_TEST(section_3_3_news2_decides_the_suggestion_by_its_bands)
{
	const char *fmt = "{\"news2\":{" VALUES "}}";

	/* 25 is 3 points, C is 3: 6; with 25 and an unconscious person no more. */
	assert_string_equal(suggested(fmt, 25, "A", 80).urgency, "U1");
	assert_string_equal(suggested(fmt, 25, "C", 80).urgency, "U1");
	assert_string_equal(suggested(fmt, 16, "A", 80).urgency, "");
}

HF_TEST(section_3_3_seven_and_more_is_999)
{
	const char *fmt =
	    "{\"news2\":{\"respiration\":%d,\"spo2\":91,\"oxygen\":\"air\","
	    "\"systolic\":120,\"pulse\":80,\"consciousness\":\"%s\","
	    "\"temperature\":36.8}}";

	assert_string_equal(suggested(fmt, 25, "C", 80).urgency, "U0");
}

HF_TEST(R_3_5_a_partial_news2_is_no_total)
{
	struct hf_intake in = good("{\"news2\":{\"respiration\":30}}");
	struct hf_intake_urgency out;
	int total = 99;

	assert_int_equal(hf_intake_news2(&in, &news2, 80, &total, NULL), HF_OK);
	assert_int_equal(total, -1);
	hf_intake_suggest(&in, &news2, 80, &out);
	assert_string_equal(out.urgency, "");
}

HF_TEST(impossible_measurements_are_refused)
{
	struct hf_intake in = good("{\"news2\":{\"spo2\":101}}");
	int total;

	assert_int_equal(hf_intake_news2(&in, &news2, 80, &total, NULL), HF_INVALID);
}

HF_TEST(section_2_4_the_nine_conditions_suggest_two_hours_for_adults)
{
	static const char *const nine[] = {"fall",
					   "frailty-decompensation",
					   "reduced-function",
					   "palliative-eol-crisis",
					   "urgent-equipment",
					   "confusion-delirium",
					   "urgent-catheter",
					   "urgent-diabetes",
					   "unpaid-carer-breakdown"};

	for (size_t i = 0; i < HF_COUNT(nine); i++) {
		struct hf_intake_urgency out;
		struct hf_intake in = {.condition = hf_sv_from(nine[i]), .cfs = -1};

		hf_intake_suggest(&in, &news2, 18, &out);
		assert_string_equal(out.urgency, "U1");
		assert_true(out.n > 0);
		hf_intake_suggest(&in, &news2, 17, &out);
		assert_string_equal(out.urgency, "U2");
	}
}

HF_TEST(what_was_said_is_read_back_from_its_answers)
{
	static struct hf_json doc;
	struct hf_intake_urgency urgency;
	struct hf_intake in;
	struct hf_err err;
	const char *answers =
	    "{\"resourceType\":\"QuestionnaireResponse\",\"item\":["
	    "{\"linkId\":\"condition\",\"answer\":[{\"valueString\":\"fall\"}]},"
	    "{\"linkId\":\"referrer.phone\",\"answer\":[{\"valueString\":\"1\"}]},"
	    "{\"linkId\":\"cfs\",\"answer\":[{\"valueInteger\":6}]},"
	    "{\"linkId\":\"alone\",\"answer\":[{\"valueBoolean\":true}]},"
	    "{\"linkId\":\"interpreter\",\"answer\":[{\"valueBoolean\":false}]},"
	    "{\"linkId\":\"news2.spo2\",\"answer\":[{\"valueString\":\"90\"}]},"
	    "{\"linkId\":\"news2.at\",\"answer\":[{\"valueString\":\"x\"}]},"
	    "{\"linkId\":\"nonsense\",\"answer\":[{\"valueString\":\"x\"}]}]}";

	assert_int_equal(hf_json_parse(hf_sv_from(answers), NULL, &arena, &doc, &err),
			 HF_OK);
	hf_intake_from_answers(&doc, &arena, &in);
	assert_true(hf_sv_is(in.condition, "fall"));
	assert_true(hf_sv_is(in.referrer.phone, "1"));
	assert_int_equal(in.cfs, 6);
	assert_int_equal(in.alone, 1);
	assert_int_equal(in.interpreter_needed, 0);
	assert_int_equal(in.consent_refer, -1);
	assert_int_equal(in.n_news2, 1);
	assert_true(hf_sv_is(in.news2[0].id, "spo2"));
	assert_true(hf_sv_is(in.news2_at, "x"));
	hf_intake_suggest(&in, &news2, 80, &urgency);
	assert_string_equal(urgency.urgency, "U1");
	assert_int_equal(hf_json_parse(HF_SV("{}"), NULL, &arena, &doc, &err), HF_OK);
	hf_intake_from_answers(&doc, &arena, &in);
	assert_int_equal(in.cfs, -1);
	assert_int_equal(in.alone, -1);
	assert_int_equal(in.problem.n, 0);
}

static int
load(void **state)
{
	struct hf_issues issues = {.arena = &arena};

	(void)state;
	for (size_t i = 0; i < hf_n_scores_builtin; i++)
		if (strcmp(hf_scores_builtin[i].name, "news2.json") == 0)
			return (int)hf_score_load("news2.json",
						  hf_scores_builtin[i].text, &arena,
						  &issues, &news2, NULL);
	return -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(section_2_2_all_mandatory_items_make_it_complete),
	    cmocka_unit_test(section_2_2_each_mandatory_item_is_missed),
	    cmocka_unit_test(
		section_2_2_the_condition_is_mandatory_for_urgent_community_response),
	    cmocka_unit_test(
		section_2_2_news2_is_mandatory_where_it_was_measured_and_is_urgent),
	    cmocka_unit_test(section_2_2_frailty_is_asked_of_those_of_65_and_over),
	    cmocka_unit_test(
		R_2_5_a_person_who_is_unknown_or_has_no_number_lacks_nothing),
	    cmocka_unit_test(
		HZ9_what_is_said_of_safeguarding_is_withheld_and_that_there_is_none_is_not),
	    cmocka_unit_test(what_is_wrong_is_named_by_its_item),
	    cmocka_unit_test(texts_have_a_bound),
	    cmocka_unit_test(section_3_3_news2_decides_the_suggestion_by_its_bands),
	    cmocka_unit_test(section_3_3_seven_and_more_is_999),
	    cmocka_unit_test(R_3_5_a_partial_news2_is_no_total),
	    cmocka_unit_test(impossible_measurements_are_refused),
	    cmocka_unit_test(what_was_said_is_read_back_from_its_answers),
	    cmocka_unit_test(
		section_2_4_the_nine_conditions_suggest_two_hours_for_adults),
	};

	return cmocka_run_group_tests_name("hub/intake", tests, load, NULL);
}
