/* The promises of fhir/path.h, and the language case by case. */
#include "test/hf_test.h"
#include "fhir/path.h"

static const char patient[] =
    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"active\":true,"
    "\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":\"O\"}],"
    "\"extension\":[{\"url\":\"http://e/1\",\"valueString\":\"x\"},"
    "{\"url\":\"http://e/2\",\"valueQuantity\":{\"value\":2.50,\"unit\":\"kg\"}}],"
    "\"name\":[{\"use\":\"official\",\"family\":\"Chalmers\",\"given\":[\"Peter\","
    "\"James\"]},{\"use\":\"usual\",\"given\":[\"Jim\"],"
    "\"_given\":[{\"id\":\"g1\"}]}],"
    "\"birthDate\":\"1974-12-25\",\"_birthDate\":{\"extension\":[{\"url\":\"http://t\","
    "\"valueDateTime\":\"1974-12-25T14:35:45-05:00\"}]},"
    "\"deceasedBoolean\":false,\"multipleBirthInteger\":2,"
    "\"_gender\":{\"extension\":[{\"url\":\"http://why\",\"valueCode\":\"masked\"}]},"
    "\"contact\":[{\"name\":{\"family\":\"du Marché\"},\"gender\":\"female\"}],"
    "\"generalPractitioner\":[{\"reference\":\"Practitioner/a\"},"
    "{\"reference\":\"#o\"},{\"reference\":\"http://x/fhir/PractitionerRole/7/"
    "_history/2\"},{\"type\":\"Organization\",\"identifier\":{\"value\":\"9\"}}],"
    "\"managingOrganization\":{\"reference\":\"Organization/1\"}}";

static const char observation[] =
    "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":"
    "[{\"system\":\"http://loinc.org\",\"code\":\"8480-6\"}]},"
    "\"effectiveDateTime\":\"2020-03-01T10:00:00Z\","
    "\"valueQuantity\":{\"value\":185.0,\"unit\":\"lbs\",\"system\":"
    "\"http://unitsofmeasure.org\",\"code\":\"[lb_av]\"},"
    "\"component\":[{\"valueQuantity\":{\"value\":1}},{\"valueString\":\"s\"},"
    "{\"valueInteger\":12345678901234567890}],"
    "\"note\":[{\"text\":\"line\\n\\\"quoted\\\" \\u00e9\"}]}";

/* Writes a list of results as text: items with commas between. */
static void
show(struct hf_sv *out, const struct hf_pvs *pvs, struct hf_arena *arena)
{
	*out = HF_SV("");
	for (size_t i = 0; i < pvs->n; i++) {
		const struct hf_pv *v = &pvs->items[i];
		struct hf_sv text = hf_pv_text(v, arena);

		if (v->kind == HF_PV_QUANTITY)
			text = hf_arena_printf(arena, "%.*s '%.*s'", HF_SV_ARG(text),
					       HF_SV_ARG(v->unit));
		else if (!text.p && v->type)
			text =
			    hf_arena_printf(arena, "<%s>", hf_type_get(v->type)->name);
		else if (!text.p)
			text = HF_SV("<>");
		*out = hf_arena_printf(arena, "%.*s%s%.*s", HF_SV_ARG(*out),
				       i ? "," : "", HF_SV_ARG(text));
	}
}

static enum hf_rc
eval(const char *json, const char *expression, struct hf_arena *arena,
     struct hf_sv *out, struct hf_err *err)
{
	struct hf_json doc;
	struct hf_path_env env = {.doc = &doc, .now = 1767268800000};
	struct hf_path *path = NULL;
	struct hf_pvs pvs = {0};
	enum hf_rc rc;

	assert_int_equal(hf_json_parse(hf_sv_from(json), NULL, arena, &doc, err),
			 HF_OK);
	rc = hf_path_compile(hf_sv_from(expression), &path, err);
	if (rc == HF_OK)
		rc = hf_path_eval(path, &env, arena, &pvs, err);
	if (rc == HF_OK)
		show(out, &pvs, arena);
	hf_path_free(path);
	return rc;
}

struct eval_case {
	const char *expression, *want;
};

static void
run_cases(const char *json, const struct eval_case *cases, size_t n)
{
	int wrong = 0;

	for (size_t i = 0; i < n; i++) {
		struct hf_arena arena = {.cap = 1 << 24};
		struct hf_err err = {0};
		struct hf_sv got = HF_SV("");
		enum hf_rc rc = eval(json, cases[i].expression, &arena, &got, &err);

		if (rc != HF_OK || !hf_sv_eq(got, hf_sv_from(cases[i].want))) {
			print_error("%s\n  want %s\n  got  %.*s %s\n",
				    cases[i].expression, cases[i].want, HF_SV_ARG(got),
				    err.text);
			wrong++;
		}
		hf_arena_free(&arena);
	}
	assert_int_equal(wrong, 0);
}

HF_TEST(names_lead_through_the_document_with_their_types)
{
	static const struct eval_case cases[] = {
	    {"Patient.name.family", "Chalmers"},
	    {"name.given", "Peter,James,Jim"},
	    {"Observation.code", ""},
	    {"Resource.id", "p1"},
	    {"DomainResource.active", "true"},
	    {"Patient.deceased", "false"},
	    {"Patient.deceased is boolean", "true"},
	    {"Patient.multipleBirth", "2"},
	    {"Patient.deceasedBoolean", ""},
	    {"`Patient`.`name`.`family`", "Chalmers"},
	    {"name[0].given[1]", "James"},
	    {"name[7]", ""},
	    {"name", "<HumanName>,<HumanName>"},
	    {"contact", "<Patient.contact>"},
	    {"contact.gender", "female"},
	    {"contained", "<Organization>"},
	    {"contained.name", "O"},
	    {"gender", "<code>"},
	    {"gender.extension.value", "masked"},
	    {"gender.hasValue()", "false"},
	    {"name.given[2].id", "g1"},
	    {"birthDate.extension('http://t').value", "1974-12-25T14:35:45-05:00"},
	    {"birthDate.extension.url", "http://t"},
	    {"extension('http://e/2').value.unit", "kg"},
	    {"extension('http://e/2').value.value", "2.50"},
	    {"hasExtension('http://e/1')", "true"},
	    {"extension('http://e/9').exists()", "false"},
	    {"%resource.id | %context.id", "p1"},
	    {"nothing.at.all", ""},
	};
	run_cases(patient, cases, HF_COUNT(cases));
}

HF_TEST(choices_are_told_apart_by_type)
{
	static const struct eval_case cases[] = {
	    {"Observation.value", "<Quantity>"},
	    {"(Observation.value as Quantity).unit", "lbs"},
	    {"Observation.value.as(Quantity).code", "[lb_av]"},
	    {"Observation.value.ofType(string)", ""},
	    {"(value as CodeableConcept)", ""},
	    {"component.value", "<Quantity>,s,12345678901234567890"},
	    {"component.value as string", "s"},
	    {"component.value.ofType(FHIR.Quantity).value", "1"},
	    {"value is Quantity", "true"},
	    {"value is FHIR.Quantity", "true"},
	    {"value is Element", "true"},
	    {"effective is dateTime", "true"},
	    {"status is code", "true"},
	    {"status is string", "true"},
	    {"status is System.String", "false"},
	    {"Observation is DomainResource", "true"},
	    {"1 is Integer", "true"},
	    {"1 is System.Decimal", "false"},
	    {"'a' is String", "true"},
	    {"@2020-01-01 is Date", "true"},
	    {"@2020-01T is DateTime", "true"},
	    {"value.type()", "Quantity"},
	    {"value.type().namespace", "FHIR"},
	    {"status.type().name", "code"},
	    {"'x'.type().name", "String"},
	    {"1.type().namespace & '.' & @2020-01T.type().name", "System.DateTime"},
	    {"1.type() = 2.type()", "true"},
	    {"1.type() = 'a'.type()", "false"},
	    {"1.type().colour", ""},
	    {"note.text", "line\n\"quoted\" \xc3\xa9"},
	    {"note.text.length()", "15"},
	};
	run_cases(observation, cases, HF_COUNT(cases));
}

HF_TEST(references_resolve_to_what_is_known_of_them)
{
	static const struct eval_case cases[] = {
	    {"generalPractitioner.where(resolve() is Practitioner).reference",
	     "Practitioner/a"},
	    {"generalPractitioner.where(resolve() is PractitionerRole).count()", "1"},
	    {"generalPractitioner.where(resolve() is Organization).count()", "2"},
	    {"generalPractitioner.resolve().name", "O"},
	    {"managingOrganization.resolve()", "<Organization>"},
	    {"managingOrganization.resolve().name", ""},
	    {"'Patient/1'.resolve() is Patient", "true"},
	    {"'urn:uuid:1'.resolve()", ""},
	    {"'#'.resolve().id", "p1"},
	};
	run_cases(patient, cases, HF_COUNT(cases));
}

HF_TEST(lists_are_filtered_counted_and_put_together)
{
	static const struct eval_case cases[] = {
	    {"name.where(use = 'usual').given", "Jim"},
	    {"name.where(family.exists()).family", "Chalmers"},
	    {"name.where($this.use = 'official').given.first()", "Peter"},
	    {"name.exists()", "true"},
	    {"name.exists(use = 'old')", "false"},
	    {"name.empty()", "false"},
	    {"photo.empty()", "true"},
	    {"name.given.count()", "3"},
	    {"name.given.first() | name.given.last()", "Peter,Jim"},
	    {"name.given.tail()", "James,Jim"},
	    {"name.given.skip(1).take(1)", "James"},
	    {"name.given.take(0)", ""},
	    {"name.given.skip(-1).count()", "3"},
	    {"name.family.single()", "Chalmers"},
	    {"(1 | 2 | 2 | 1)", "1,2"},
	    {"(1 | 1.0).count()", "1"},
	    {"(1).combine(1)", "1,1"},
	    {"(1).combine(1).distinct()", "1"},
	    {"(1).combine(1).isDistinct()", "false"},
	    {"(1|2|3).intersect(2|3|4)", "2,3"},
	    {"(1|2|3).exclude(2)", "1,3"},
	    {"(1|2).union(2|3)", "1,2,3"},
	    {"(1|2).subsetOf(1|2|3)", "true"},
	    {"(1|2).supersetOf(1|2|3)", "false"},
	    {"name.all(given.exists())", "true"},
	    {"name.all(family.exists())", "false"},
	    {"{}.all(false)", "true"},
	    {"(true).combine(false).anyTrue()", "true"},
	    {"(true).combine(false).allTrue()", "false"},
	    {"(true).combine(false).allFalse()", "false"},
	    {"(true).combine(false).anyFalse()", "true"},
	    {"name.select(given.first())", "Peter,Jim"},
	    {"name.given.where($index = 1)", "James"},
	    {"(1|2|3).aggregate($this + $total, 0)", "6"},
	    {"name.given.aggregate(iif($total.empty(), $this, $total & '-' & $this))",
	     "Peter-James-Jim"},
	    {"contact.children().count()", "2"},
	    {"contact.descendants().count()", "3"},
	    {"contact.repeat(name).family", "du March\xc3\xa9"},
	    {"Patient.descendants().where($this is HumanName).count()", "3"},
	    {"iif(active, 'yes', 'no')", "yes"},
	    {"iif(photo.exists(), 'yes')", ""},
	    {"name.given.trace('given').count()", "3"},
	    {"'Jim' in name.given", "true"},
	    {"name.given contains 'Joe'", "false"},
	    {"{} in name.given", ""},
	    {"name.given.join(', ')", "Peter, James, Jim"},
	};
	run_cases(patient, cases, HF_COUNT(cases));
}

HF_TEST(logic_has_three_values)
{
	static const char *const value[] = {"false", "true", "{}"};
	static const char *const tables[4][9] = {
	    {"false", "false", "false", "false", "true", "", "false", "", ""},
	    {"false", "true", "", "true", "true", "true", "", "true", ""},
	    {"false", "true", "", "true", "false", "", "", "", ""},
	    {"true", "true", "true", "false", "true", "", "", "true", ""},
	};
	static const char *const names[] = {"and", "or", "xor", "implies"};

	for (size_t op = 0; op < 4; op++) {
		for (size_t i = 0; i < 9; i++) {
			char text[64];

			snprintf(text, sizeof text, "%s %s %s", value[i / 3], names[op],
				 value[i % 3]);
			run_cases(patient, &(struct eval_case){text, tables[op][i]}, 1);
		}
	}
}

HF_TEST(values_are_compared_by_what_they_mean)
{
	static const struct eval_case cases[] = {
	    {"1 = 1.0", "true"},
	    {"1.10 = 1.1", "true"},
	    {"1.1 != 1.2", "true"},
	    {"'a' = 'A'", "false"},
	    {"'a  b' ~ 'A B'", "true"},
	    {"1.11 ~ 1.1", "true"},
	    {"1.19 ~ 1.1", "false"},
	    {"{} = 1", ""},
	    {"{} ~ {}", "true"},
	    {"1 !~ 2", "true"},
	    {"1 = 'a'", "false"},
	    {"(1|2) = (2|1)", "false"},
	    {"(1|2) ~ (2|1)", "true"},
	    {"true = active", "true"},
	    {"deceased != false", "false"},
	    {"deceased.exists() and deceased != false", "false"},
	    {"birthDate = @1974-12-25", "true"},
	    {"birthDate < @1975", "true"},
	    {"birthDate < @1974", ""},
	    {"birthDate = @1974", ""},
	    {"birthDate ~ @1974", "false"},
	    {"birthDate >= @1974-12-25", "true"},
	    {"@2020-01 < @2020-02-03", "true"},
	    {"@2020-02 <= @2020-02-03", ""},
	    {"@2020-01-01T10:00:00Z = @2020-01-01T12:00:00+02:00", "true"},
	    {"@2020-01-01T10:00:00.000Z = @2020-01-01T10:00:00Z", "true"},
	    {"@2020-01-01T10:00:00.1Z > @2020-01-01T10:00:00Z", "true"},
	    {"@2020-01-01T10:00Z = @2020-01-01T10:00:30Z", ""},
	    {"@T10:30 < @T10:31", "true"},
	    {"@T10:30 = @T10:30:00", ""},
	    {"4 'mg' = 4.0 'mg'", "true"},
	    {"4 'mg' = 4 'g'", "false"},
	    {"4 'mg' < 5 'mg'", "true"},
	    {"7 days = 7 'd'", "true"},
	    {"7 days = 1 week", "true"},
	    {"90 minutes > 1 hour", "true"},
	    {"1 year = 365 days", ""},
	    {"1 year > 12 months", "false"},
	    {"extension('http://e/2').value = 2.5 'kg'", "true"},
	    {"'abc' < 'abd'", "true"},
	    {"2 > 10", "false"},
	    {"12345678901234567890123.1 < 12345678901234567890123.2", "true"},
	    {"name[0] = name[0]", "true"},
	    {"name[0] = name[1]", "false"},
	    {"generalPractitioner[0] = generalPractitioner.first()", "true"},
	};
	run_cases(patient, cases, HF_COUNT(cases));
}

HF_TEST(numbers_are_reckoned_exactly)
{
	static const struct eval_case cases[] = {
	    {"1 + 2 * 3", "7"},
	    {"(1 + 2) * 3", "9"},
	    {"0.1 + 0.2", "0.3"},
	    {"0.1 + 0.2 = 0.3", "true"},
	    {"1.20 * 2", "2.40"},
	    {"1 / 3", "0.33333333"},
	    {"2 / 3", "0.66666667"},
	    {"6 / 2", "3"},
	    {"1 / 0", ""},
	    {"7 div 2", "3"},
	    {"-7 div 2", "-3"},
	    {"7 mod 2", "1"},
	    {"-7 mod 2", "-1"},
	    {"5.5 mod 0.7", "0.6"},
	    {"1 div 0", ""},
	    {"9223372036854775807 + 1", ""},
	    {"-3 + 5 - 2", "0"},
	    {"- (1.50)", "-1.50"},
	    {"2 'mg' + 3 'mg'", "5 'mg'"},
	    {"2 'mg' * 3", "6 'mg'"},
	    {"(-5).abs()", "5"},
	    {"1.5.ceiling()", "2"},
	    {"(-1.5).floor()", "-2"},
	    {"(-1.5).truncate()", "-1"},
	    {"3.14159.round(3)", "3.142"},
	    {"(-2.5).round()", "-3"},
	};
	run_cases(patient, cases, HF_COUNT(cases));
}

HF_TEST(dates_are_added_to_in_the_calendar)
{
	static const struct eval_case cases[] = {
	    {"@2020-01-31 + 1 month", "2020-02-29"},
	    {"@2020-02-29 - 1 year", "2019-02-28"},
	    {"@2020-01-01 - 1 day", "2019-12-31"},
	    {"@2020-01-01 + 2 'wk'", "2020-01-15"},
	    {"@2020 + 24 months", "2022"},
	    {"@2020-01-01T23:30:00Z + 45 minutes", "2020-01-02T00:15:00Z"},
	    {"@T23:30:00 + 1 hour", "00:30:00"},
	    {"@2020-01-01 + 36 hours", "2020-01-02"},
	    {"@9999-12-31 + 1 day", ""},
	    {"birthDate + 18 years > @1990-01-01", "true"},
	    {"today()", "2026-01-01"},
	    {"now() > @2026-01-01T11:00:00Z", "true"},
	    {"birthDate <= today() - 50 years", "true"},
	};
	run_cases(patient, cases, HF_COUNT(cases));
}

HF_TEST(strings_are_taken_apart_and_changed)
{
	static const struct eval_case cases[] = {
	    {"'abc'.startsWith('ab')", "true"},
	    {"'abc'.endsWith('bc')", "true"},
	    {"'abc'.contains('d')", "false"},
	    {"'abc'.contains('')", "true"},
	    {"'abc'.indexOf('c')", "2"},
	    {"'abc'.indexOf('x')", "-1"},
	    {"'n\xc3\xa9"
	     "e'.indexOf('e')",
	     "2"},
	    {"'n\xc3\xa9"
	     "e'.substring(1, 1)",
	     "\xc3\xa9"},
	    {"'abc'.substring(1)", "bc"},
	    {"'abc'.substring(3)", ""},
	    {"'abc'.substring(-1)", ""},
	    {"'aBc'.upper()", "ABC"},
	    {"'aBc'.lower()", "abc"},
	    {"'abcb'.replace('b', 'xx')", "axxcxx"},
	    {"'abc'.replace('', '-')", "-a-b-c-"},
	    {"'abc'.length()", "3"},
	    {"'  a '.trim()", "a"},
	    {"'a,b,,c'.split(',').count()", "4"},
	    {"'abc'.toChars()", "a,b,c"},
	    {"'a' + 'b'", "ab"},
	    {"'a' & {}", "a"},
	    {"'a' + {}", ""},
	    {"'\\u0041\\t\\'\\\\'", "A\t'\\"},
	    {"'\\ud83d\\ude00'.length()", "1"},
	    {"{}.length()", ""},
	};
	run_cases(patient, cases, HF_COUNT(cases));
}

HF_TEST(types_are_converted_when_they_can_be)
{
	static const struct eval_case cases[] = {
	    {"'12'.toInteger()", "12"},
	    {"'1x'.toInteger()", ""},
	    {"true.toInteger()", "1"},
	    {"'1.50'.toDecimal()", "1.50"},
	    {"1.toString() + 'a'", "1a"},
	    {"4 days.toString()", "4 days"},
	    {"'Yes'.toBoolean()", "true"},
	    {"'maybe'.convertsToBoolean()", "false"},
	    {"'2020-01-02T10:00:00Z'.toDate()", "2020-01-02"},
	    {"'2020-13'.toDate()", ""},
	    {"'10:30'.toTime()", "10:30"},
	    {"'4 \\'mg\\''.toQuantity()", "4 'mg'"},
	    {"'4 days'.toQuantity() = 4 days", "true"},
	    {"'4 cubits'.toQuantity()", ""},
	    {"multipleBirth.convertsToDecimal()", "true"},
	    {"birthDate.toString()", "1974-12-25"},
	    {"{}.convertsToInteger()", ""},
	};
	run_cases(patient, cases, HF_COUNT(cases));
}

HF_TEST(operators_bind_as_the_standard_says)
{
	static const struct eval_case cases[] = {
	    {"1 + 1 = 2 and 2 * 2 = 4", "true"},
	    {"true or false and false", "true"},
	    {"false implies true or false", "true"},
	    {"1 | 2 = 1 | 2", "true"},
	    {"1 is Integer and true", "true"},
	    {"-1 + 2", "1"},
	    {"2 in 1 | 2", "true"},
	    {"1 < 2 = true", "true"},
	    {"1 /* not here */ + // nor here\n 1", "2"},
	    {"as", ""},
	    {"name.where(use='official').given.where($this.startsWith('P'))", "Peter"},
	    {"%ucum", "http://unitsofmeasure.org"},
	    {"%vs-gender", "http://hl7.org/fhir/ValueSet/gender"},
	    {"%`ext-a-b`", "http://hl7.org/fhir/StructureDefinition/a-b"},
	};
	run_cases(patient, cases, HF_COUNT(cases));
}

HF_TEST(a_wrong_expression_is_refused_with_its_column)
{
	static const struct {
		const char *text, *column;
	} cases[] = {
	    {"", "column 1:"},
	    {"Patient.", "column 9:"},
	    {"Patient..name", "column 9:"},
	    {"(1", "column 3:"},
	    {"1 +", "column 4:"},
	    {"name.frobnicate()", "column 6:"},
	    {"name[1", "column 7:"},
	    {"'open", "column 1:"},
	    {"`open", "column 1:"},
	    {"'\\q'", "column 1:"},
	    {"'\\ud800'", "column 1:"},
	    {"@2020-13", "column 1:"},
	    {"1 2", "column 3:"},
	    {"a is Nothing", "column 13:"},
	    {"a ? b", "column 3:"},
	    {"%nothing", "column 1:"},
	    {"$that", "column 1:"},
	    {"name.take()", "column 11:"},
	    {"name.first(1)", "column 12:"},
	    {"/* open", "column 1:"},
	    {"12abc", "column 1:"},
	    {"{", "column 2:"},
	    {"name.where(a,b)", "column 14:"},
	    {"99999999999999999999999", "column 1:"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_path *path = NULL;
		struct hf_err err = {0};

		if (hf_path_compile(hf_sv_from(cases[i].text), &path, &err) !=
			HF_INVALID ||
		    !strstr(err.text, cases[i].column))
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_null(path);
	}
}

HF_TEST(an_evaluation_that_makes_no_sense_is_refused)
{
	static const char *const cases[] = {
	    "name.given.single()",
	    "name.given + 'a'",
	    "1 + 'a'",
	    "1 < 'a'",
	    "name and true",
	    "1 & 'a'",
	    "name.given.length()",
	    "1.length()",
	    "-'a'",
	    "name['a']",
	    "birthDate + 1 'mg'",
	    "name is HumanName",
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_arena arena = {.cap = 1 << 20};
		struct hf_err err = {0};
		struct hf_sv out = HF_SV("");

		if (eval(patient, cases[i], &arena, &out, &err) != HF_INVALID)
			fail_msg("%s gave %.*s", cases[i], HF_SV_ARG(out));
		assert_non_null(strstr(err.text, "column"));
		hf_arena_free(&arena);
	}
}

static enum hf_rc
compile_repeated(const char *head, const char *part, size_t times, const char *tail)
{
	struct hf_buf b = {0};
	struct hf_path *path = NULL;
	enum hf_rc rc;

	hf_buf_sv(&b, hf_sv_from(head));
	for (size_t i = 0; i < times; i++)
		hf_buf_sv(&b, hf_sv_from(part));
	hf_buf_sv(&b, hf_sv_from(tail));
	rc = hf_path_compile(hf_buf_view(&b), &path, NULL);
	hf_path_free(path);
	hf_buf_free(&b);
	return rc;
}

HF_TEST(size_depth_and_steps_are_bounded)
{
	struct hf_arena arena = {.cap = 1 << 22};
	struct hf_sv out;
	struct hf_err err = {0};

	assert_int_equal(compile_repeated("", "a.", 2000, "a"), HF_OK);
	assert_int_equal(compile_repeated("", "a.", 6000, "a"), HF_TOO_LONG);
	assert_int_equal(compile_repeated("", "(", 64, "1"), HF_INVALID);
	assert_int_equal(compile_repeated("", "(", 65, "1"), HF_TOO_LONG);
	assert_int_equal(compile_repeated("1", "+1", 200, ""), HF_OK);
	assert_int_equal(compile_repeated("1", "+1", 300, ""), HF_TOO_LONG);
	assert_int_equal(compile_repeated("", "-", 100, "1"), HF_TOO_LONG);
	assert_int_equal(compile_repeated("a", ".first()", 300, ""), HF_TOO_LONG);
	assert_int_equal(eval(patient, "(1).repeat($this + 1)", &arena, &out, &err),
			 HF_TOO_LONG);
	assert_int_equal(eval(patient,
			      "descendants().where(%resource.descendants().where("
			      "%resource.descendants().exists()).exists())",
			      &arena, &out, &err),
			 HF_TOO_LONG);
	hf_arena_free(&arena);
}

static bool
resolve_to_organization(void *ctx, struct hf_sv reference, struct hf_pv *out)
{
	if (!hf_sv_is(reference, "Organization/1"))
		return false;
	*out = *(const struct hf_pv *)ctx;
	return true;
}

HF_TEST(resolve_asks_the_environment)
{
	static const char text[] =
	    "{\"resourceType\":\"Organization\",\"name\":\"Leeds\"}";
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_json doc, other;
	struct hf_pv target = {.kind = HF_PV_NODE, .doc = &other};
	struct hf_path_env env = {
	    .doc = &doc, .resolve = resolve_to_organization, .resolve_ctx = &target};
	struct hf_path *path;
	struct hf_pvs pvs;

	target.type = hf_resource_find(HF_SV("Organization"));
	target.extra = HF_JSON_NONE;
	assert_int_equal(hf_json_parse(hf_sv_from(patient), NULL, &arena, &doc, NULL),
			 HF_OK);
	assert_int_equal(hf_json_parse(hf_sv_from(text), NULL, &arena, &other, NULL),
			 HF_OK);
	assert_int_equal(
	    hf_path_compile(HF_SV("managingOrganization.resolve().name"), &path, NULL),
	    HF_OK);
	assert_int_equal(hf_path_eval(path, &env, &arena, &pvs, NULL), HF_OK);
	assert_int_equal(pvs.n, 1);
	assert_sv_equal(hf_pv_text(&pvs.items[0], &arena), "Leeds");
	hf_path_free(path);
	hf_arena_free(&arena);
}

HF_TEST(a_full_arena_is_a_failure_and_never_a_part)
{
	static const char *const cases[] = {
	    "note.where(text.startsWith('line')).exists()",
	    "note.text.length().toString()",
	    "note.where(text ~ 'x').empty()",
	    "note = note.where(text.exists())",
	};
	struct hf_arena whole = {.cap = 1 << 20};
	size_t refused = 0;
	struct hf_json doc;
	struct hf_path_env env = {.doc = &doc};

	assert_int_equal(
	    hf_json_parse(hf_sv_from(observation), NULL, &whole, &doc, NULL), HF_OK);
	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_path *path;
		struct hf_pvs want, got;
		struct hf_sv a, b;

		assert_int_equal(hf_path_compile(hf_sv_from(cases[i]), &path, NULL),
				 HF_OK);
		assert_int_equal(hf_path_eval(path, &env, &whole, &want, NULL), HF_OK);
		show(&a, &want, &whole);
		for (size_t cap = 0; cap < 6000; cap += 16) {
			struct hf_arena small = {.cap = cap};
			enum hf_rc rc = hf_path_eval(path, &env, &small, &got, NULL);

			if (rc == HF_OK) {
				show(&b, &got, &whole);
				assert_true(hf_sv_eq(a, b));
			} else {
				assert_int_equal(rc, HF_TOO_LONG);
				refused++;
			}
			hf_arena_free(&small);
		}
		hf_path_free(path);
	}
	assert_true(refused > 0);
	hf_arena_free(&whole);
}

HF_TEST(on_failure_the_outputs_are_left_alone)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_json doc;
	struct hf_path_env env = {.doc = &doc};
	struct hf_path *path;
	struct hf_pvs pvs = {.n = 42};

	assert_int_equal(hf_json_parse(hf_sv_from(patient), NULL, &arena, &doc, NULL),
			 HF_OK);
	assert_int_equal(hf_path_compile(HF_SV("name.given.single()"), &path, NULL),
			 HF_OK);
	assert_int_equal(hf_path_eval(path, &env, &arena, &pvs, NULL), HF_INVALID);
	assert_int_equal(pvs.n, 42);
	hf_path_free(path);
	hf_path_free(NULL);
	hf_arena_free(&arena);
}

HF_TEST_MAIN("fhir/path",
	     cmocka_unit_test(names_lead_through_the_document_with_their_types),
	     cmocka_unit_test(choices_are_told_apart_by_type),
	     cmocka_unit_test(references_resolve_to_what_is_known_of_them),
	     cmocka_unit_test(lists_are_filtered_counted_and_put_together),
	     cmocka_unit_test(logic_has_three_values),
	     cmocka_unit_test(values_are_compared_by_what_they_mean),
	     cmocka_unit_test(numbers_are_reckoned_exactly),
	     cmocka_unit_test(dates_are_added_to_in_the_calendar),
	     cmocka_unit_test(strings_are_taken_apart_and_changed),
	     cmocka_unit_test(types_are_converted_when_they_can_be),
	     cmocka_unit_test(operators_bind_as_the_standard_says),
	     cmocka_unit_test(a_wrong_expression_is_refused_with_its_column),
	     cmocka_unit_test(an_evaluation_that_makes_no_sense_is_refused),
	     cmocka_unit_test(size_depth_and_steps_are_bounded),
	     cmocka_unit_test(resolve_asks_the_environment),
	     cmocka_unit_test(a_full_arena_is_a_failure_and_never_a_part),
	     cmocka_unit_test(on_failure_the_outputs_are_left_alone))
