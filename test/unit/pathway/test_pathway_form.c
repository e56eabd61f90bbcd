/* Forms: what is wrong with a Questionnaire, answers by the rules of R4, values that
 * are reckoned, and the scores of forms (section 3.2, 3.3, R-3.5). */
#include "test/hf_test.h"
#include "pathway/form.h"
#include "pathway/pathway.h"

static struct hf_arena arena = {.cap = 256 << 20};
static char said[8000];

static const char *
tell(const struct hf_issues *issues)
{
	size_t n = 0;

	said[0] = '\0';
	for (size_t i = 0; i < issues->n && n < sizeof said - 600; i++)
		n += (size_t)snprintf(said + n, sizeof said - n, "%.*s: %.*s\n",
				      HF_SV_ARG(issues->items[i].path),
				      HF_SV_ARG(issues->items[i].text));
	return said;
}

static void
assert_says(const char *part)
{
	if (!strstr(said, part))
		fail_msg("\"%s\" is not in:\n%s", part, said);
}

static void
assert_silent(void)
{
	if (said[0])
		fail_msg("unexpected:\n%s", said);
}

/* ---- loading ---- */

#define HEAD                                                                           \
	"{\"resourceType\":\"Questionnaire\",\"id\":\"t\",\"url\":"                    \
	"\"https://homefirst.example/Questionnaire/t\",\"version\":\"1\",\"title\":"   \
	"\"T\",\"status\":\"draft\",\n\"item\":["

static struct hf_qn *
load(const char *text)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_qn *q = NULL;
	struct hf_err err = {0};
	enum hf_rc rc =
	    hf_qn_load("t.json", hf_sv_from(text), &arena, &issues, &q, &err);

	tell(&issues);
	assert_int_equal(rc == HF_OK, q != NULL);
	return q;
}

HF_TEST(all_that_comes_with_the_program_loads_and_fits_its_scores)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_forms f;
	struct hf_err err = {0};
	enum hf_rc rc = hf_forms_load(&arena, &issues, &f, &err);

	tell(&issues);
	assert_silent();
	assert_int_equal(rc, HF_OK);
	/* A form for each score, and the others that pathways ask for. */
	for (size_t i = 0; i < f.n_scores; i++)
		assert_non_null(hf_forms_find(&f, hf_sv_from(f.scores[i].id)));
	static const char *const others[] = {"cga",	    "about-me",
					     "contingency", "medicines-review",
					     "safety-plan", "safe-and-well"};

	for (size_t i = 0; i < HF_COUNT(others); i++) {
		assert_non_null(hf_forms_find(&f, hf_sv_from(others[i])));
		assert_true(hf_form_is_builtin(others[i]));
	}
	assert_false(hf_form_is_builtin("news"));
	assert_false(hf_form_is_builtin(""));
	/* The two scales of Barthel are two scores: they are never mixed. */
	assert_string_equal(hf_forms_find(&f, HF_SV("barthel-20"))->score,
			    "barthel-20");
	assert_string_equal(hf_forms_find(&f, HF_SV("barthel-100"))->score,
			    "barthel-100");
	hf_forms_free(&f);
}

HF_TEST(every_form_that_a_pathway_names_is_there)
{
	struct hf_pw_world world = {.form = hf_form_is_builtin};

	for (size_t i = 0; i < hf_n_pathways_builtin; i++) {
		struct hf_issues issues = {.arena = &arena};
		struct hf_pathway *p = NULL;
		struct hf_err err = {0};
		enum hf_rc rc = hf_pathway_load(hf_pathways_builtin[i].name,
						hf_pathways_builtin[i].text, &world,
						&arena, &issues, &p, &err);

		tell(&issues);
		if (rc != HF_OK)
			fail_msg("%s", said);
		hf_pathway_free(p);
	}
}

HF_TEST(what_is_wrong_with_a_form_is_found_with_its_line)
{
	static const struct {
		const char *items, *says;
	} cases[] = {
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"url\"}",
	     "t.json:2: forms here have no items of type \"url\""},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"string\"},\n"
	     "{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"string\"}",
	     "t.json:3: the linkId \"a\" stands twice"},
	    {"{\"linkId\":\"a\",\"type\":\"string\"}", "it is read aloud"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"group\"}",
	     "a group has items"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"display\",\"required\":true}",
	     "a display has no items"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"choice\"}",
	     "a choice lists its answerOption"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"string\",\"answerOption\":[{"
	     "\"valueCoding\":{\"code\":\"x\",\"display\":\"X\"}}]}",
	     "only a choice has answerOption"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"choice\",\"answerOption\":["
	     "{\"valueCoding\":{\"code\":\"x\",\"display\":\"X\"}},\n"
	     "{\"valueCoding\":{\"code\":\"x\",\"display\":\"X\"}}]}",
	     "t.json:3: this option stands twice"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"integer\",\"initial\":[{"
	     "\"valueString\":\"1\"}]}",
	     "of another type than the item"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"string\",\"enableWhen\":[{"
	     "\"question\":\"b\",\"operator\":\"exists\",\"answerBoolean\":true}]}",
	     "no question \"b\" stands before"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"string\"},{\"linkId\":\"b\","
	     "\"text\":\"B\",\"type\":\"string\",\"enableWhen\":[{\"question\":\"a\","
	     "\"operator\":\">\",\"answerString\":\"x\"}]}",
	     "have no order"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"integer\",\"extension\":[{"
	     "\"url\":\"http://hl7.org/fhir/StructureDefinition/minValue\","
	     "\"valueInteger\":5},{\"url\":"
	     "\"http://hl7.org/fhir/StructureDefinition/maxValue\",\"valueInteger\":"
	     "4}]}",
	     "the least value is above the greatest"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"integer\",\"extension\":[{"
	     "\"url\":\"http://example.org/x\",\"valueInteger\":5}]}",
	     "do not know the extension"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"decimal\",\"readOnly\":true,"
	     "\"extension\":[{\"url\":\"http://hl7.org/fhir/uv/sdc/StructureDefinition/"
	     "sdc-questionnaire-calculatedExpression\",\"valueExpression\":{"
	     "\"language\":\"text/fhirpath\",\"expression\":\"1 +\"}}]}",
	     "t.json:2"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"decimal\",\"extension\":[{"
	     "\"url\":\"http://hl7.org/fhir/uv/sdc/StructureDefinition/"
	     "sdc-questionnaire-calculatedExpression\",\"valueExpression\":{"
	     "\"language\":\"text/fhirpath\",\"expression\":\"1\"}}]}",
	     "what is reckoned is readOnly"},
	    {"{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"string\",\"code\":[]}",
	     "t.json:2"},
	    {"{\"linkId\":\"g\",\"type\":\"group\",\"repeats\":true,\"item\":[{"
	     "\"linkId\":\"a\",\"text\":\"A\",\"type\":\"string\"}]},{\"linkId\":\"b\","
	     "\"text\":\"B\",\"type\":\"string\",\"enableWhen\":[{\"question\":\"a\","
	     "\"operator\":\"exists\",\"answerBoolean\":true}]}",
	     "\"a\" repeats: which one is not known"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		char text[2000];

		snprintf(text, sizeof text, HEAD "%s]}", cases[i].items);
		assert_null(load(text));
		assert_says(cases[i].says);
	}
	assert_null(load("{\"resourceType\":\"Patient\"}"));
	assert_says("a form is a Questionnaire");
	assert_null(load("[1"));
}

/* ---- answers ---- */

#define CODES                                                                          \
	"\"answerOption\":[{\"valueCoding\":{\"system\":\"s\",\"code\":\"x\","         \
	"\"display\":\"X\"}},{\"valueCoding\":{\"system\":\"s\",\"code\":\"y\","       \
	"\"display\":\"Y\"}}]"
#define HL7 "http://hl7.org/fhir/StructureDefinition/"
#define SDC "http://hl7.org/fhir/uv/sdc/StructureDefinition/"

static const char paper[] = HEAD
    "{\"linkId\":\"say\",\"text\":\"Say\",\"type\":\"display\"},"
    "{\"linkId\":\"b\",\"text\":\"B\",\"type\":\"boolean\"},"
    "{\"linkId\":\"i\",\"text\":\"I\",\"type\":\"integer\",\"extension\":["
    "{\"url\":\"" HL7 "minValue\",\"valueInteger\":0},{\"url\":\"" HL7
    "maxValue\",\"valueInteger\":10}]},"
    "{\"linkId\":\"d\",\"text\":\"D\",\"type\":\"decimal\",\"extension\":["
    "{\"url\":\"" HL7 "maxDecimalPlaces\",\"valueInteger\":1}]},"
    "{\"linkId\":\"day\",\"text\":\"Day\",\"type\":\"date\"},"
    "{\"linkId\":\"at\",\"text\":\"At\",\"type\":\"dateTime\"},"
    "{\"linkId\":\"time\",\"text\":\"Time\",\"type\":\"time\"},"
    "{\"linkId\":\"s\",\"text\":\"S\",\"type\":\"string\",\"maxLength\":5},"
    "{\"linkId\":\"t\",\"text\":\"T\",\"type\":\"text\"},"
    "{\"linkId\":\"c\",\"text\":\"C\",\"type\":\"choice\"," CODES "},"
    "{\"linkId\":\"o\",\"text\":\"O\",\"type\":\"open-choice\",\"repeats\":true," CODES
    "},"
    "{\"linkId\":\"q\",\"text\":\"Q\",\"type\":\"quantity\",\"extension\":["
    "{\"url\":\"" HL7
    "questionnaire-unitOption\",\"valueCoding\":{\"code\":\"kg\",\"display\":"
    "\"kg\"}},{\"url\":\"" SDC
    "sdc-questionnaire-minQuantity\",\"valueQuantity\":{\"value\":1,\"code\":"
    "\"kg\"}}]},"
    "{\"linkId\":\"twice\",\"text\":\"Twice\",\"type\":\"integer\",\"readOnly\":"
    "true,\"extension\":[{\"url\":\"" SDC
    "sdc-questionnaire-calculatedExpression\",\"valueExpression\":{\"language\":"
    "\"text/fhirpath\",\"expression\":\"item.where(linkId='i').answer.value * "
    "2\"}}]},"
    "{\"linkId\":\"why\",\"text\":\"Why\",\"type\":\"string\",\"required\":true,"
    "\"enableWhen\":[{\"question\":\"b\",\"operator\":\"=\",\"answerBoolean\":true}"
    "],\"item\":[{\"linkId\":\"who\",\"text\":\"Who\",\"type\":\"string\","
    "\"required\":true}]},"
    "{\"linkId\":\"g\",\"text\":\"G\",\"type\":\"group\",\"repeats\":true,"
    "\"item\":[{\"linkId\":\"name\",\"text\":\"Name\",\"type\":\"string\","
    "\"required\":true},{\"linkId\":\"hurt\",\"text\":\"Hurt\",\"type\":"
    "\"boolean\"},{\"linkId\":\"where\",\"text\":\"Where\",\"type\":\"string\","
    "\"required\":true,\"enableWhen\":[{\"question\":\"hurt\",\"operator\":\"=\","
    "\"answerBoolean\":true}]}]}]}";

/* Checks "item" of a response against a form; says what was found. */
static struct hf_qn_answers
check_of(const struct hf_qn *q, const char *items, bool whole)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_qn_asked asked = {.whole = whole, .age = 70};
	struct hf_json *doc = HF_NEW(&arena, struct hf_json);
	struct hf_qn_answers a;
	struct hf_err err = {0};
	struct hf_sv text = hf_arena_printf(
	    &arena, "{\"resourceType\":\"QuestionnaireResponse\",\"item\":[%s]}",
	    items);

	assert_int_equal(hf_json_parse(text, NULL, &arena, doc, &err), HF_OK);
	assert_int_equal(hf_qn_check(q, doc, 0, &asked, &arena, &issues, &a, &err),
			 HF_OK);
	tell(&issues);
	return a;
}

static struct hf_qn *test_form;

static void
check(const char *items)
{
	check_of(test_form, items, true);
}

static void
good(const char *items)
{
	check(items);
	assert_silent();
}

static void
bad(const char *items, const char *says)
{
	check(items);
	assert_says(says);
}

#define A(id, value) "{\"linkId\":\"" id "\",\"answer\":[{" value "}]}"

HF_TEST(answers_have_the_type_of_their_item)
{
	good("");
	good(A("b", "\"valueBoolean\":false"));
	bad(A("b", "\"valueString\":\"true\""), "b: the value is of another type");
	bad(A("b", "\"valueBoolean\":1"), "b: expected true or false");
	bad(A("i", "\"valueInteger\":1.5"), "i: expected a whole number");
	bad(A("i", "\"valueDecimal\":1"), "i: the value is of another type");
	good(A("d", "\"valueDecimal\":1.5"));
	good(A("day", "\"valueDate\":\"2026-02-28\""));
	good(A("day", "\"valueDate\":\"2026-02\""));
	bad(A("day", "\"valueDate\":\"2026-02-30\""), "day: expected a date");
	bad(A("day", "\"valueDate\":\"2026-02-28T10:00:00Z\""), "without a time");
	good(A("at", "\"valueDateTime\":\"2026-02-28T10:00:00Z\""));
	bad(A("at", "\"valueDateTime\":\"10:00\""), "at: expected a date");
	good(A("time", "\"valueTime\":\"23:59:59\""));
	bad(A("time", "\"valueTime\":\"24:00:00\""), "expected a time");
	bad(A("time", "\"valueTime\":\"10:00\""), "expected a time");
	bad(A("s", "\"valueString\":\"a\\nb\""), "one line");
	bad(A("s", "\"valueString\":\"  \""), "it is empty");
	good(A("t", "\"valueString\":\"a\\nb\""));
	bad(A("say", "\"valueString\":\"x\""), "say: no answer is expected here");
	bad(A("i", "\"valueInteger\":1,\"valueString\":\"x\""), "not several");
	bad("{\"linkId\":\"i\",\"answer\":[{}]}", "i: the answer is missing");
	bad("{\"linkId\":\"i\",\"answer\":[]}", "not empty");
	bad("{\"linkId\":\"i\"}", "not empty");
}

HF_TEST(ranges_places_lengths_options_and_units_are_kept)
{
	good(A("i", "\"valueInteger\":0") "," A("twice", "\"valueInteger\":0"));
	bad(A("i", "\"valueInteger\":-1"), "i: the value is impossible");
	bad(A("i", "\"valueInteger\":11"), "i: the value is impossible");
	bad(A("d", "\"valueDecimal\":1.55"), "too many decimal places");
	good(A("s", "\"valueString\":\"ééééé\""));
	bad(A("s", "\"valueString\":\"éééééé\""), "too many characters");
	good(A("c", "\"valueCoding\":{\"system\":\"s\",\"code\":\"x\"}"));
	bad(A("c", "\"valueCoding\":{\"system\":\"s\",\"code\":\"z\"}"), "none of the");
	bad(A("c", "\"valueCoding\":{\"code\":\"x\"}"), "none of the options");
	bad(A("c", "\"valueString\":\"x\""), "of another type");
	good(A("o", "\"valueString\":\"something else\""));
	bad(A("o", "\"valueCoding\":{\"system\":\"s\",\"code\":\"z\"}"), "none of the");
	good(A("q", "\"valueQuantity\":{\"value\":70.5,\"code\":\"kg\"}"));
	bad(A("q", "\"valueQuantity\":{\"value\":70,\"code\":\"g\"}"),
	    "the unit is none");
	bad(A("q", "\"valueQuantity\":{\"value\":0.5,\"code\":\"kg\"}"), "impossible");
	bad(A("q", "\"valueQuantity\":{\"value\":5,\"comparator\":\"<\",\"code\":"
		   "\"kg\"}"),
	    "not more or less");
}

HF_TEST(items_stand_where_and_in_the_order_the_form_has_them)
{
	bad(A("none", "\"valueString\":\"x\""), "item: there is an item here");
	bad(A("who", "\"valueString\":\"x\""), "item: there is an item here");
	bad(A("d", "\"valueDecimal\":1") "," A("b", "\"valueBoolean\":false"),
	    "b: items stand in the order of the form");
	bad(A("d", "\"valueDecimal\":1") "," A("d", "\"valueDecimal\":2"),
	    "d: the item stands twice");
	bad("{\"linkId\":\"d\",\"answer\":[{\"valueDecimal\":1},{\"valueDecimal\":2}]}",
	    "d: one answer is expected");
	good("{\"linkId\":\"o\",\"answer\":[{\"valueString\":\"1\"},{\"valueString\":"
	     "\"2\"}]}");
	bad("{\"linkId\":\"o\",\"answer\":[{\"valueString\":\"1\"},{\"valueString\":"
	    "\"1\"}]}",
	    "o: an answer stands twice");
	bad("{\"linkId\":\"g\",\"answer\":[{\"valueString\":\"1\"}]}",
	    "a group has no answers");
	bad("{\"linkId\":\"b\",\"answer\":[{\"valueBoolean\":false}],\"item\":[]}",
	    "stand in its answer");
	/* What is none of the form's is not repeated: it may be anything. */
	check(A("Ada Lovelace", "\"valueString\":\"x\""));
	assert_null(strstr(said, "Ada"));
}

HF_TEST(what_is_required_is_so_only_while_it_is_asked)
{
	good(A("b", "\"valueBoolean\":false"));
	bad(A("b", "\"valueBoolean\":true"), "why: an answer is needed");
	bad(A("b", "\"valueBoolean\":true") "," A("why", "\"valueString\":\"x\""),
	    "who: an answer is needed");
	good(
	    A("b", "\"valueBoolean\":true") ","
					    "{\"linkId\":\"why\",\"answer\":[{"
					    "\"valueString\":\"x\",\"item\":[" A(
						"who", "\"valueString\":\"y\"") "]}]}");
	bad(A("b", "\"valueBoolean\":false") "," A("why", "\"valueString\":\"x\""),
	    "why: it is not asked");
	check_of(test_form, A("b", "\"valueBoolean\":true"), false);
	assert_silent(); /* a draft may be without */
}

HF_TEST(a_repeating_group_is_checked_each_time_by_itself)
{
	good("{\"linkId\":\"g\",\"item\":[" A(
	    "name",
	    "\"valueString\":\"x\"") "]},"
				     "{\"linkId\":\"g\",\"item\":[" A(
					 "name",
					 "\"valueS"
					 "tring\":"
					 "\"y\"") "," A("hurt",
							"\"valueBoolean\":"
							"true") "," A("wher"
								      "e",
								      "\"va"
								      "lueS"
								      "trin"
								      "g"
								      "\":"
								      "\"hi"
								      "p\"") "]}");
	bad("{\"linkId\":\"g\",\"item\":[" A("name", "\"valueString\":\"x\"") "," A(
		"where",
		"\"valueString\":\"hip\"") "]},"
					   "{\"linkId\":\"g\",\"item\":[" A(
					       "name",
					       "\"valueString\":\"y\"") "," A("hurt",
									      "\"valueB"
									      "oolean\""
									      ":true") "]}",
	    "g[0]/where: it is not asked");
	assert_says("g[1]/where: an answer is needed");
	bad("{\"linkId\":\"g\",\"item\":[" A("hurt", "\"valueBoolean\":false") "]}",
	    "g[0]/name: an answer is needed");
}

HF_TEST(what_is_reckoned_is_reckoned_again_and_compared)
{
	struct hf_qn_answers a =
	    check_of(test_form, A("i", "\"valueInteger\":4"), false);

	assert_silent();
	assert_sv_equal(a.reckoned[hf_qn_find(test_form, HF_SV("twice"))].text, "8");
	good(A("i", "\"valueInteger\":4") "," A("twice", "\"valueInteger\":8"));
	bad(A("i", "\"valueInteger\":4") "," A("twice", "\"valueInteger\":9"),
	    "twice: it is not what the other answers give");
	bad(A("i", "\"valueInteger\":4"), "twice: what is reckoned is missing");
	bad(A("twice", "\"valueInteger\":8"), "twice: it is not what");
}

/* Each operator with an answer that meets it and one that does not. */
HF_TEST(every_operator_of_enable_when_both_ways)
{
	static const struct {
		const char *type, *op, *answer, *yes, *no;
		bool without; /* enabled while nothing is answered */
	} cases[] = {
	    {"integer", "exists", "\"answerBoolean\":true", "\"valueInteger\":1", "",
	     false},
	    {"integer", "exists", "\"answerBoolean\":false", "", "\"valueInteger\":1",
	     true},
	    {"integer", "=", "\"answerInteger\":3", "\"valueInteger\":3",
	     "\"valueInteger\":4", false},
	    {"integer", "!=", "\"answerInteger\":3", "\"valueInteger\":4",
	     "\"valueInteger\":3", true},
	    {"decimal", ">", "\"answerDecimal\":3.5", "\"valueDecimal\":3.51",
	     "\"valueDecimal\":3.50", false},
	    {"decimal", "<", "\"answerDecimal\":3.5", "\"valueDecimal\":3.49",
	     "\"valueDecimal\":3.50", false},
	    {"decimal", ">=", "\"answerDecimal\":3.5", "\"valueDecimal\":3.50",
	     "\"valueDecimal\":3.49", false},
	    {"decimal", "<=", "\"answerDecimal\":3.5", "\"valueDecimal\":3.50",
	     "\"valueDecimal\":3.51", false},
	    {"date", ">", "\"answerDate\":\"2026-01-01\"",
	     "\"valueDate\":\"2026-01-02\"", "\"valueDate\":\"2026-01-01\"", false},
	    {"dateTime", "<", "\"answerDateTime\":\"2026-01-01T00:00:00Z\"",
	     "\"valueDateTime\":\"2026-01-01T00:30:00+01:00\"",
	     "\"valueDateTime\":\"2026-01-01T00:00:00Z\"", false},
	    {"time", ">=", "\"answerTime\":\"12:00:00\"", "\"valueTime\":\"12:00:00\"",
	     "\"valueTime\":\"11:59:59\"", false},
	    {"string", "=", "\"answerString\":\"x\"", "\"valueString\":\"x\"",
	     "\"valueString\":\"X\"", false},
	    {"quantity", ">", "\"answerQuantity\":{\"value\":2,\"code\":\"kg\"}",
	     "\"valueQuantity\":{\"value\":3,\"code\":\"kg\"}",
	     "\"valueQuantity\":{\"value\":3,\"code\":\"g\"}", false},
	    {"boolean", "!=", "\"answerBoolean\":false", "\"valueBoolean\":true",
	     "\"valueBoolean\":false", true},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		char text[1500], given[400];
		struct hf_qn *q;
		int pass = 0;

		snprintf(text, sizeof text,
			 HEAD "{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"%s\"},"
			      "{\"linkId\":\"z\",\"text\":\"Z\",\"type\":\"string\","
			      "\"required\":true,\"enableWhen\":[{\"question\":\"a\","
			      "\"operator\":\"%s\",%s}]}]}",
			 cases[i].type, cases[i].op, cases[i].answer);
		q = load(text);
		assert_silent();
		for (const char *v = cases[i].yes; pass < 2; v = cases[i].no, pass++) {
			snprintf(given, sizeof given,
				 *v ? "{\"linkId\":\"a\",\"answer\":[{%s}]}" : "%s", v);
			check_of(q, given, true);
			if (pass == 0)
				assert_says("z: an answer is needed");
			else
				assert_silent();
		}
		check_of(q, "", true);
		assert_int_equal(said[0] != '\0', cases[i].without);
		hf_qn_free(q);
	}
}

HF_TEST(conditions_are_joined_by_any_or_all)
{
	for (int any = 0; any < 2; any++) {
		char text[1500];
		struct hf_qn *q;

		snprintf(text, sizeof text,
			 HEAD "{\"linkId\":\"a\",\"text\":\"A\",\"type\":\"boolean\"},"
			      "{\"linkId\":\"b\",\"text\":\"B\",\"type\":\"boolean\"},"
			      "{\"linkId\":\"z\",\"text\":\"Z\",\"type\":\"string\","
			      "\"required\":true,\"enableBehavior\":\"%s\","
			      "\"enableWhen\":[{\"question\":\"a\",\"operator\":\"=\","
			      "\"answerBoolean\":true},{\"question\":\"b\","
			      "\"operator\":\"=\",\"answerBoolean\":true}]}]}",
			 any ? "any" : "all");
		q = load(text);
		check_of(q, A("a", "\"valueBoolean\":true"), true);
		assert_int_equal(said[0] != '\0', any);
		check_of(
		    q,
		    A("a", "\"valueBoolean\":true") "," A("b", "\"valueBoolean\":true"),
		    true);
		assert_says("z: an answer is needed");
		check_of(q, "", true);
		assert_silent();
		hf_qn_free(q);
	}
}

HF_TEST(a_group_that_is_left_out_hides_nothing_that_is_required)
{
	struct hf_qn *q =
	    load(HEAD "{\"linkId\":\"g\",\"type\":\"group\",\"text\":\"G\",\"item\":[{"
		      "\"linkId\":\"h\",\"type\":\"group\",\"item\":[{\"linkId\":\"a\","
		      "\"text\":\"A\",\"type\":\"string\",\"required\":true}]}]}]}");

	assert_silent();
	check_of(q, "", true);
	assert_says("a: an answer is needed");
	check_of(q,
		 "{\"linkId\":\"g\",\"item\":[{\"linkId\":\"h\",\"item\":[" A(
		     "a", "\"valueString\":\"x\"") "]}]}",
		 true);
	assert_silent();
	hf_qn_free(q);
}

/* ---- scores ---- */

struct scored {
	struct hf_forms forms;
	struct hf_score_result result;
	enum hf_rc rc;
};

static struct scored
score_of(const char *id, const char *items, bool whole)
{
	struct hf_score_value values[HF_SCORE_ITEMS + HF_SCORE_CHOICES];
	struct hf_issues issues = {.arena = &arena};
	struct scored s = {0};
	struct hf_err err = {0};
	struct hf_qn_answers a;
	const struct hf_score *score;
	size_t n;

	assert_int_equal(hf_forms_load(&arena, &issues, &s.forms, &err), HF_OK);
	const struct hf_qn *q = hf_forms_find(&s.forms, hf_sv_from(id));

	score = hf_forms_score(&s.forms, hf_sv_from(q->score));
	a = check_of(q, items, whole);
	n = hf_qn_score_values(q, score, &a, values);
	s.rc = hf_score_run(score, 70, values, n, &s.result, &err);
	hf_forms_free(&s.forms);
	return s;
}

#define G(id, items) "{\"linkId\":\"" id "\",\"item\":[" items "]}"
#define I(id, n)     A(id, "\"valueInteger\":" #n)
#define CODE(id, system, code)                                                         \
	A(id,                                                                          \
	  "\"valueCoding\":{\"system\":\"https://homefirst.example/CodeSystem/" system \
	  "\",\"code\":\"" code "\"}")

HF_TEST(news2_of_a_form_is_partial_until_all_seven_are_there_R_3_5)
{
	struct scored s = score_of(
	    "news2",
	    G("oxygen-group",
	      I("respiration", 22) "," CODE("oxygen", "news2-oxygen", "air") "," I(
		  "spo2", 95)) "," G("circulation-group",
				     I("systolic", 105) "," I(
					 "pulse", 95)) "," G("consciousness-group",
							     CODE("consciousness",
								  "news2-consciousness",
								  "A")),
	    true);

	assert_silent(); /* a partial set may be kept */
	assert_int_equal(s.rc, HF_OK);
	assert_false(s.result.complete);
	assert_int_equal(s.result.total, 0);
	assert_int_equal(s.result.level, -1);
	assert_true(s.result.missing == (uint64_t)1 << 6); /* the temperature */
	s = score_of(
	    "news2",
	    G("oxygen-group",
	      I("respiration", 22) "," CODE("oxygen", "news2-oxygen", "air") "," I(
		  "spo2",
		  95)) "," G("circulation-group",
			     I("systolic", 105) "," I(
				 "pulse",
				 95)) "," G("consciousness-group",
					    CODE("consciousness", "news2-consciousness",
						 "A") "," A("temperature",
							    "\"valueDecimal\":38.05")),
	    true);
	assert_silent();
	assert_true(s.result.complete);
	assert_int_equal(s.result.total, 6); /* 2 + 0 + 1 + 1 + 1 + 0 + 1 (38.1) */
}

HF_TEST(scale_2_of_news2_says_who_authorised_it)
{
	score_of("news2", G("oxygen-group", CODE("scale", "news2-scale", "2")), true);
	assert_says("scale-by: an answer is needed");
}

HF_TEST(impossible_values_of_news2_are_refused_R_3_5)
{
	score_of("news2", G("oxygen-group", I("spo2", 101)), true);
	assert_says("spo2: the value is impossible");
}

HF_TEST(item_9_of_phq_9_raises_its_task_also_when_the_form_is_partial)
{
	struct scored s = score_of("phq-9", CODE("q9", "phq-9-q9", "1"), true);

	assert_silent();
	assert_false(s.result.complete);
	assert_true(s.result.raised & 1);
	s = score_of("phq-9", CODE("q9", "phq-9-q9", "0"), true);
	assert_false(s.result.raised & 1);
}

HF_TEST(must_reckons_the_index_from_weight_and_height)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_forms f;
	struct hf_err err = {0};
	struct hf_qn_answers a;
	const struct hf_qn *q;

	assert_int_equal(hf_forms_load(&arena, &issues, &f, &err), HF_OK);
	q = hf_forms_find(&f, HF_SV("must"));
	a = check_of(
	    q,
	    A("measured", "\"valueBoolean\":true") "," G(
		"measures",
		A("weight",
		  "\"valueQuantity\":{\"value\":48.5,\"code\":"
		  "\"kg\"}") "," A("height",
				   "\"valueQuantity\":{\"value\":165,\"code\":"
				   "\"cm\"}") "," A("index", "\"valueDecimal\":17.8")),
	    true);
	assert_silent();
	assert_sv_equal(a.reckoned[hf_qn_find(q, HF_SV("index"))].text, "17.8");
	assert_int_equal(a.reckoned[hf_qn_find(q, HF_SV("loss"))].kind, HF_QN_NOTHING);
	hf_forms_free(&f);
}

static int
make(void **state HF_UNUSED)
{
	test_form = load(paper);
	if (!test_form)
		print_error("%s", said);
	return test_form ? 0 : -1;
}

static int
drop(void **state HF_UNUSED)
{
	hf_qn_free(test_form);
	hf_arena_free(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_that_comes_with_the_program_loads_and_fits_its_scores),
	    cmocka_unit_test(every_form_that_a_pathway_names_is_there),
	    cmocka_unit_test(what_is_wrong_with_a_form_is_found_with_its_line),
	    cmocka_unit_test(answers_have_the_type_of_their_item),
	    cmocka_unit_test(ranges_places_lengths_options_and_units_are_kept),
	    cmocka_unit_test(items_stand_where_and_in_the_order_the_form_has_them),
	    cmocka_unit_test(what_is_required_is_so_only_while_it_is_asked),
	    cmocka_unit_test(a_repeating_group_is_checked_each_time_by_itself),
	    cmocka_unit_test(what_is_reckoned_is_reckoned_again_and_compared),
	    cmocka_unit_test(every_operator_of_enable_when_both_ways),
	    cmocka_unit_test(conditions_are_joined_by_any_or_all),
	    cmocka_unit_test(a_group_that_is_left_out_hides_nothing_that_is_required),
	    cmocka_unit_test(
		news2_of_a_form_is_partial_until_all_seven_are_there_R_3_5),
	    cmocka_unit_test(scale_2_of_news2_says_who_authorised_it),
	    cmocka_unit_test(impossible_values_of_news2_are_refused_R_3_5),
	    cmocka_unit_test(
		item_9_of_phq_9_raises_its_task_also_when_the_form_is_partial),
	    cmocka_unit_test(must_reckons_the_index_from_weight_and_height),
	};

	return cmocka_run_group_tests_name("pathway/form", tests, make, drop);
}
