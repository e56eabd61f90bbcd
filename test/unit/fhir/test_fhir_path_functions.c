/* Every function of FHIRPath 2.0, those of FHIR and of trial use that came with them,
 * and what is refused for a known type before it is evaluated. */
#include "test/hf_test.h"
#include "base/buf.h"
#include "fhir/path_show.h"

static const char patient[] =
    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"active\":true,\"gender\":\"male\","
    "\"name\":[{\"use\":\"official\",\"family\":\"Chalmers\",\"given\":[\"Peter\","
    "\"James\"]},{\"use\":\"usual\",\"given\":[\"Jim\"]}],"
    "\"birthDate\":\"1974-12-25\",\"deceasedBoolean\":false,"
    "\"maritalStatus\":{\"coding\":[{\"system\":"
    "\"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus\",\"code\":\"M\"}]},"
    "\"contact\":[{\"gender\":\"female\"}],"
    "\"text\":{\"status\":\"generated\",\"div\":\"<div><p>a &amp; b</p></div>\"}}";

static const char observation[] =
    "{\"resourceType\":\"Observation\",\"status\":\"final\","
    "\"modifierExtension\":[{\"url\":\"http://m\",\"valueBoolean\":true}],"
    "\"code\":{\"text\":\"weight\"},\"valueQuantity\":{\"value\":185,\"unit\":\"lbs\","
    "\"system\":\"http://unitsofmeasure.org\",\"code\":\"[lb_av]\"}}";

/* The results as JSON, "!" and the sentence of a failure. */
static void
evaluate(const char *json, const char *expression, const struct hf_path_env *with,
	 bool strict, char *out, size_t size)
{
	struct hf_arena arena = {.cap = 1 << 24};
	struct hf_buf shown = {.cap = 1 << 20};
	struct hf_path_env env = *with;
	struct hf_path_rules rules = {0};
	struct hf_path *path = NULL;
	struct hf_pvs results = {0};
	struct hf_err err = {0};
	struct hf_json doc;
	struct hf_sv names[4];
	enum hf_rc rc;

	assert_int_equal(hf_json_parse(hf_sv_from(json), NULL, &arena, &doc, &err),
			 HF_OK);
	env.doc = &doc;
	for (size_t i = 0; i < env.n_vars; i++)
		names[i] = env.vars[i].name;
	rules.vars = names;
	rules.n_vars = env.n_vars;
	if (strict)
		rules.context = hf_path_type_at(&doc, 0);
	rc = hf_path_compile_for(hf_sv_from(expression), &rules, &path, &err);
	if (rc == HF_OK)
		rc = hf_path_eval(path, &env, &arena, &results, &err);
	if (rc == HF_OK)
		rc = hf_path_show(&results, &arena, &shown, &err);
	if (rc == HF_OK)
		snprintf(out, size, "%.*s", (int)shown.n, shown.p);
	else
		snprintf(out, size, "!%s", err.text);
	hf_path_free(path);
	hf_buf_free(&shown);
	hf_arena_free(&arena);
}

struct eval_case {
	const char *expression, *want; /* want "!part": a failure that says part */
};

static void
run_with(const char *json, const struct eval_case *cases, size_t n,
	 const struct hf_path_env *env, bool strict)
{
	int wrong = 0;

	for (size_t i = 0; i < n; i++) {
		char got[2000];
		bool ok;

		evaluate(json, cases[i].expression, env, strict, got, sizeof got);
		ok = cases[i].want[0] == '!'
			 ? got[0] == '!' && strstr(got, cases[i].want + 1)
			 : strcmp(got, cases[i].want) == 0;
		if (!ok) {
			print_error("%s\n  want %s\n  got  %s\n", cases[i].expression,
				    cases[i].want, got);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static const struct hf_path_env plain = {.now = 1767268800000};

#define RUN(json, cases) run_with(json, cases, HF_COUNT(cases), &plain, false)
#define YES		 "[{\"type\":\"boolean\",\"value\":true}]"
#define NO		 "[{\"type\":\"boolean\",\"value\":false}]"
#define STR(s)		 "[{\"type\":\"string\",\"value\":\"" s "\"}]"
#define INT(s)		 "[{\"type\":\"integer\",\"value\":" s "}]"
#define DEC(s)		 "[{\"type\":\"decimal\",\"value\":" s "}]"
#define DATE(s)		 "[{\"type\":\"date\",\"value\":\"" s "\"}]"
#define DATETIME(s)	 "[{\"type\":\"dateTime\",\"value\":\"" s "\"}]"
#define TIME(s)		 "[{\"type\":\"time\",\"value\":\"" s "\"}]"

HF_TEST(patterns_match_replace_and_are_bounded)
{
	static const struct eval_case cases[] = {
	    {"'abc'.matches('b')", YES},
	    {"'abc'.matches('^b')", NO},
	    {"'a\\nc'.matches('a.c')", YES},
	    {"'abc'.matchesFull('b')", NO},
	    {"'abc'.matchesFull('a.c')", YES},
	    {"'abc'.matches('')", YES},
	    {"{}.matches('a')", "[]"},
	    {"'abc'.matches({})", "[]"},
	    {"'N8000123123'.matches('^N[0-9]{8}$')", NO},
	    {"'N8000123123'.matches('N[0-9]{8}')", YES},
	    {"'11/30/1972'.replaceMatches('\\\\b(?<m>\\\\d{1,2})/(?<d>\\\\d{1,2})/"
	     "(?<y>\\\\d{2,4})\\\\b', '${d}-${m}-${y}')",
	     STR("30-11-1972")},
	    {"'aaa'.replaceMatches('a', 'bb')", STR("bbbbbb")},
	    {"'abc'.replaceMatches('', 'x')", STR("abc")},
	    {"'\xc3\xa9t\xc3\xa9'.matchesFull('.{3}')", YES},
	    {"'abc'.matches('(')", "!no regular expression"},
	    {"'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$')",
	     "!too many steps"},
	};
	RUN(patient, cases);
}

HF_TEST(strings_go_into_other_clothes_and_back)
{
	static const struct eval_case cases[] = {
	    {"'test'.encode('hex')", STR("74657374")},
	    {"'test'.encode('base64')", STR("dGVzdA==")},
	    {"'subjects?_d'.encode('urlbase64')", STR("c3ViamVjdHM_X2Q=")},
	    {"'74657374'.decode('hex')", STR("test")},
	    {"'dGVzdA=='.decode('base64')", STR("test")},
	    {"'c3ViamVjdHM_X2Q='.decode('urlbase64')", STR("subjects?_d")},
	    {"'7'.decode('hex')", "[]"},
	    {"'!'.decode('base64')", "[]"},
	    {"'a'.encode('rot13')", "!not known"},
	    {"'<a & \"b\">'.escape('html')", STR("&lt;a &amp; &quot;b&quot;&gt;")},
	    {"'&lt;a &amp; b&gt;'.unescape('html')", STR("<a & b>")},
	    {"'say \"x\"'.escape('json')", STR("say \\\\\\\"x\\\\\\\"")},
	    {"'say \\\\\"x\\\\\"'.unescape('json')", STR("say \\\"x\\\"")},
	    {"'abcabc'.lastIndexOf('bc')", INT("4")},
	    {"'abc'.lastIndexOf('x')", INT("-1")},
	    {"'abc'.lastIndexOf('')", INT("3")},
	};
	RUN(patient, cases);
}

HF_TEST(numbers_have_roots_powers_and_logarithms)
{
	static const struct eval_case cases[] = {
	    {"0.exp()", DEC("1")},
	    {"(-0.0).exp()", DEC("1")},
	    {"1.ln()", DEC("0")},
	    {"0.ln()", "[]"},
	    {"16.log(2)", DEC("4")},
	    {"100.0.log(10.0)", DEC("2")},
	    {"81.sqrt()", DEC("9")},
	    {"(-1).sqrt()", "[]"},
	    {"2.power(3)", INT("8")},
	    {"2.5.power(2)", DEC("6.25")},
	    {"(-1).power(0.5)", "[]"},
	    {"10.power(-1)", DEC("0.1")},
	    {"{}.power(2)", "[]"},
	    {"2.power({})", "[]"},
	    {"'a'.sqrt()", "!expected a number"},
	};
	RUN(patient, cases);
}

HF_TEST(values_tell_how_exactly_they_are_known)
{
	static const struct eval_case cases[] = {
	    {"1.58700.precision()", INT("5")},
	    {"@2014.precision()", INT("4")},
	    {"@2014-01-05T10:30:00.000.precision()", INT("17")},
	    {"@T10:30.precision()", INT("4")},
	    {"@T10:30:00.000.precision()", INT("9")},
	    {"1.587.lowBoundary()", DEC("1.58650000")},
	    {"1.587.lowBoundary(6)", DEC("1.586500")},
	    {"1.587.lowBoundary(2)", DEC("1.58")},
	    {"1.587.highBoundary(2)", DEC("1.59")},
	    {"(-1.587).lowBoundary(2)", DEC("-1.59")},
	    {"(-1.587).highBoundary(2)", DEC("-1.58")},
	    {"1.lowBoundary()", DEC("0.50000000")},
	    {"1.587.lowBoundary(-1)", "[]"},
	    {"1.587.lowBoundary(39)", "[]"},
	    {"1.587 'cm'.lowBoundary(6)", "[{\"type\":\"Quantity\",\"value\":{"
					  "\"value\":1.586500,\"unit\":\"cm\"}}]"},
	    {"@2014.lowBoundary(6)", DATE("2014-01")},
	    {"@2014.highBoundary(6)", DATE("2014-12")},
	    {"@2016-02.highBoundary()", DATE("2016-02-29")},
	    {"@2014-01-01T08.lowBoundary(17)",
	     DATETIME("2014-01-01T08:00:00.000+14:00")},
	    {"@2014-01-01T08:05+08:00.highBoundary(17)",
	     DATETIME("2014-01-01T08:05:59.999+08:00")},
	    {"@T10:30.highBoundary(9)", TIME("10:30:59.999")},
	    {"'a'.lowBoundary()", "!have bounds"},
	};
	RUN(patient, cases);
}

HF_TEST(quantities_are_reckoned_by_their_units)
{
	static const struct eval_case cases[] = {
	    {"1 'g' = 1000 'mg'", YES},
	    {"1 'g' > 999 'mg'", YES},
	    {"1 'g' = 1 'm'", "[]"},
	    {"1 'g' < 1 'm'", "[]"},
	    {"2.0 'cm' * 2.0 'm' = 0.040 'm2'", YES},
	    {"4.0 'g' / 2.0 'm' = 2 'g/m'", YES},
	    {"(1 'g' + 500 'mg') = 1.5 'g'", YES},
	    {"1 'kg' - 1 'g'",
	     "[{\"type\":\"Quantity\",\"value\":{\"value\":999,\"unit\":\"g\"}}]"},
	    {"1 'g' + 1", "[]"},
	    {"1 year = 12 months", YES},
	    {"1 week = 7 days", YES},
	    {"1 day = 1 'd'", YES},
	    {"1 year = 1 'a'", "[]"},
	    {"1 year ~ 1 'a'", YES},
	    {"1 'wk' ~ 7 'd'", YES},
	    {"1 'g'.comparable(1 'mg')", YES},
	    {"1 'g'.comparable(1 'm')", NO},
	    {"98.6 '[degF]' = 37 'Cel'", YES},
	    {"5 'x' = 5 'x'", YES},
	    {"5 'x' = 5 'y'", "[]"},
	};
	static const struct eval_case of_resource[] = {
	    {"value > 80 'kg'", YES},
	    {"value > 100 'kg'", NO},
	    {"value.value", DEC("185")},
	};

	RUN(patient, cases);
	RUN(observation, of_resource);
}

HF_TEST(value_sets_and_profiles_that_are_held_are_known)
{
	static const struct eval_case cases[] = {
	    {"gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')",
	     YES},
	    {"gender.memberOf('http://hl7.org/fhir/ValueSet/"
	     "administrative-gender|4.0.1')",
	     YES},
	    {"'x'.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", NO},
	    {"gender.memberOf('http://nowhere/vs')", "[]"},
	    {"nothing.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')",
	     "[]"},
	    {"name.given.memberOf('http://hl7.org/fhir/ValueSet/"
	     "administrative-gender')",
	     "!one value"},
	    {"conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", YES},
	    {"conformsTo('http://hl7.org/fhir/StructureDefinition/DomainResource')",
	     YES},
	    {"conformsTo('http://hl7.org/fhir/StructureDefinition/Person')", NO},
	    {"conformsTo('http://trash')", "!not known here"},
	    {"text.div.htmlChecks()", YES},
	    {"'<div><script>x</script></div>'.htmlChecks()", NO},
	    {"'<div onclick=\"x\">a</div>'.htmlChecks()", NO},
	    {"'<div> </div>'.htmlChecks()", NO},
	    {"'<div>a</div><p>b</p>'.htmlChecks()", NO},
	    {"'<div><b>a</div></b>'.htmlChecks()", NO},
	};
	static const struct eval_case of_resource[] = {
	    {"checkModifiers('http://m').status",
	     "[{\"type\":\"code\",\"value\":\"final\"}]"},
	    {"checkModifiers().status", "!modifier extension"},
	};

	RUN(patient, cases);
	RUN(observation, of_resource);
}

static bool
is_married(void *ctx, const struct hf_pv *v HF_UNUSED, struct hf_sv set, bool *is)
{
	if (!hf_sv_eq(set, hf_sv_from(ctx)))
		return false;
	*is = true;
	return true;
}

HF_TEST(the_caller_may_hold_more_value_sets)
{
	static const struct eval_case cases[] = {
	    {"maritalStatus.memberOf('http://place/vs')", YES},
	    {"maritalStatus.memberOf('http://other/vs')", "[]"},
	};
	char set[] = "http://place/vs";
	struct hf_path_env env = plain;

	env.member_of = is_married;
	env.member_ctx = set;
	run_with(patient, cases, HF_COUNT(cases), &env, false);
}

HF_TEST(variables_come_from_the_caller_or_from_before)
{
	static const struct eval_case cases[] = {
	    {"%urgency + 1", INT("3")},
	    {"name.where($this.given.count() = %urgency).use",
	     "[{\"type\":\"code\",\"value\":\"official\"}]"},
	    {"%nobody", "!no such %variable"},
	    {"defineVariable('n', name.first()).select(%n.family)", STR("Chalmers")},
	    {"name.defineVariable('g', given.first()).select(%g & '!')",
	     "[{\"type\":\"string\",\"value\":\"Peter!\"},{\"type\":\"string\","
	     "\"value\":\"Peter!\"}]"},
	    {"name.select(defineVariable('g', given.first()).select(%g))",
	     "[{\"type\":\"string\",\"value\":\"Peter\"},{\"type\":\"string\","
	     "\"value\":\"Jim\"}]"},
	    {"defineVariable('a', 1) | %a", "!no variable of this name"},
	    {"defineVariable('urgency', 1)", "!has a value already"},
	    {"defineVariable('a', 1).defineVariable('a', 2)", "!has a value already"},
	    {"defineVariable('context', 1)", "!has a value already"},
	};
	struct hf_pv two = {.kind = HF_PV_INT, .i = 2};
	struct hf_path_var vars[] = {{HF_SV("urgency"), &two, 1}};
	struct hf_path_env env = plain;

	env.vars = vars;
	env.n_vars = 1;
	run_with(patient, cases, HF_COUNT(cases), &env, false);
}

HF_TEST(lists_go_round_again_and_give_way)
{
	static const struct eval_case cases[] = {
	    {"coalesce({}, 2, 3)", INT("2")},
	    {"coalesce(name.given.where($this = 'x'), 'none')", STR("none")},
	    {"(1 | 2).repeat(iif($this < 4, $this + 1, {})).count()", INT("3")},
	    {"1.repeatAll(iif($this < 4, $this + 1, {})).count()", INT("3")},
	    {"1.repeatAll($this)", "!more"},
	};
	RUN(patient, cases);
}

HF_TEST(what_is_certain_to_be_wrong_is_said_before)
{
	static const struct eval_case cases[] = {
	    {"name.given1", "!no element given1 in HumanName"},
	    {"Encounter.name", "!asks for a Encounter"},
	    {"Patient.name.where(famly = 'x')", "!no element famly in HumanName"},
	    {"name.where(use = 'usual').first().given.exists()", YES},
	    {"DomainResource.text.exists()", YES},
	    {"children().skip(1)", "!needs an order"},
	    {"descendants()[0]", "!needs an order"},
	    {"contact.gender", "[{\"type\":\"code\",\"value\":\"female\"}]"},
	    {"contact.genders", "!no element genders in Patient.contact"},
	    {"deceased.exists()", YES},
	    {"deceasedBoolean", "!no element deceasedBoolean"},
	    {"deceased.ofType(dateTime).year", "!no element year in dateTime"},
	    {"extension('http://x').value.exists()", NO},
	    {"extension('http://x').walue", "!no element walue in Extension"},
	    {"iif(name.exists(), name.family, name.text)", STR("Chalmers")},
	    {"iif(true, name, address).city", "[]"},
	    {"iif(true, name, address).cities", "!no element cities"},
	    {"contained.anything", "[]"},
	    {"%resource.anything", "[]"},
	    {"(name | contact).gender", "[{\"type\":\"code\",\"value\":\"female\"}]"},
	    {"birthDate.extension.exists()", NO},
	};

	run_with(patient, cases, HF_COUNT(cases), &plain, true);
}

HF_TEST(results_are_told_with_their_types)
{
	static const struct eval_case cases[] = {
	    {"name.first()",
	     "[{\"type\":\"HumanName\",\"value\":{\"use\":\"official\",\"family\":"
	     "\"Chalmers\",\"given\":[\"Peter\",\"James\"]}}]"},
	    {"contact", "[{\"type\":\"BackboneElement\",\"value\":{\"gender\":"
			"\"female\"}}]"},
	    {"birthDate", DATE("1974-12-25")},
	    {"birthDate + 1 day", DATE("1974-12-26")},
	    {"@T10:30 + 1 hour", TIME("11:30")},
	    {"active.type()", "[{\"type\":\"TypeInfo\",\"value\":{\"namespace\":"
			      "\"FHIR\",\"name\":\"boolean\"}}]"},
	    {"{}", "[]"},
	};
	RUN(patient, cases);
}

HF_TEST_MAIN("fhir/path functions",
	     cmocka_unit_test(patterns_match_replace_and_are_bounded),
	     cmocka_unit_test(strings_go_into_other_clothes_and_back),
	     cmocka_unit_test(numbers_have_roots_powers_and_logarithms),
	     cmocka_unit_test(values_tell_how_exactly_they_are_known),
	     cmocka_unit_test(quantities_are_reckoned_by_their_units),
	     cmocka_unit_test(value_sets_and_profiles_that_are_held_are_known),
	     cmocka_unit_test(the_caller_may_hold_more_value_sets),
	     cmocka_unit_test(variables_come_from_the_caller_or_from_before),
	     cmocka_unit_test(lists_go_round_again_and_give_way),
	     cmocka_unit_test(what_is_certain_to_be_wrong_is_said_before),
	     cmocka_unit_test(results_are_told_with_their_types))
