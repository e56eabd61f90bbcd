/* test_fhir_validate.c - the promises of validate.h, one by one. */
#include "fhir/validate.h"
#include "test/hf_test.h"

static struct hf_arena arena = {.cap = 256u << 20};
static struct hf_arena findings = {.cap = 16u << 20};

/* Validates text and gives the findings. */
static struct hf_issues
check(struct hf_sv text, hf_type_id *type)
{
	struct hf_issues issues = {.arena = &findings};
	struct hf_err err = {0};
	struct hf_json doc;
	bool ok;

	hf_arena_reset(&arena);
	hf_arena_reset(&findings);
	if (hf_json_parse(text, NULL, &arena, &doc, &err) != HF_OK)
		fail_msg("%s", err.text);
	ok = hf_validate(&doc, 0, &issues, type);
	assert_int_equal(ok, issues.errors == 0);
	return issues;
}

static void
assert_valid(const char *json)
{
	hf_type_id type;
	struct hf_issues issues = check(hf_sv_from(json), &type);

	if (issues.n)
		fail_msg("%s: %.*s %.*s", json, HF_SV_ARG(issues.items[0].path),
			 HF_SV_ARG(issues.items[0].text));
	assert_true(type != 0);
}

static void
assert_valid_buf(const struct hf_buf *b)
{
	hf_type_id type;
	struct hf_issues issues = check(hf_buf_view(b), &type);

	assert_int_equal(issues.n, 0);
}

/* Exactly one finding: its code, its place, and a part of its text. */
static void
assert_finding(const char *json, const char *code, const char *path, const char *part)
{
	hf_type_id type;
	struct hf_issues issues = check(hf_sv_from(json), &type);

	if (issues.n != 1)
		fail_msg("%zu findings in %s", issues.n, json);
	assert_string_equal(issues.items[0].code, code);
	assert_sv_equal(issues.items[0].path, path);
	if (!memmem(issues.items[0].text.p, issues.items[0].text.n, part, strlen(part)))
		fail_msg("'%s' is not in '%.*s'", part,
			 HF_SV_ARG(issues.items[0].text));
}

/* A Basic resource with one extension whose value is given as name and JSON. */
static const char *
with_value(const char *name, const char *value)
{
	static char text[4096];

	snprintf(text, sizeof(text),
		 "{\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"},\"extension\":"
		 "[{\"url\":\"http://example.org/x\",\"value%s\":%s}]}",
		 name, value);
	return text;
}

struct format {
	const char *type;
	const char *good[8], *bad[16];
};

static const struct format formats[] = {
    {"Boolean", {"true", "false"}, {"\"true\"", "1", "0"}},
    {"Integer",
     {"0", "-1", "2147483647", "-2147483648"},
     {"2147483648", "-2147483649", "1.0", "1e3", "\"1\"", "-0", "true"}},
    {"UnsignedInt", {"0", "2147483647"}, {"-1", "2147483648", "1.5"}},
    {"PositiveInt", {"1", "2147483647"}, {"0", "-1", "2147483648"}},
    {"Decimal",
     {"1.00", "-0.0", "1E-22", "123456789012345678901234567890.5"},
     {"\"1.0\"", "true"}},
    {"String",
     {"\"a\"", "\" a \"", "\"\\n\"", "\"\\u00e9\""},
     {"\"\"", "1", "true", "\"\\u0000\"", "\"a\\u0000\""}},
    {"Markdown", {"\"# a\\n\\nb\""}, {"\"\"", "1"}},
    {"Code",
     {"\"a\"", "\"a b\"", "\"a-b_c\"", "\"\\u003c\""},
     {"\" a\"", "\"a \"", "\"a  b\"", "\"\"", "\" \"", "\"a\\n \""}},
    {"Uri", {"\"http://a\"", "\"a\"", "\"urn:x:y\""}, {"\"a b\"", "\"\"", "\"\\t\""}},
    {"Url", {"\"http:\\/\\/a\""}, {"\"http://a b\""}},
    {"Canonical", {"\"http://a|1.0\"", "\"#a\""}, {"\"http://a |1\""}},
    {"Oid",
     {"\"urn:oid:1.2.3\"", "\"urn:oid:0.0\"", "\"urn:oid:2.16.840.1\""},
     {"\"1.2.3\"", "\"urn:oid:3.1\"", "\"urn:oid:1\"", "\"urn:oid:1.02\"",
      "\"urn:oid:1.2.\"", "\"urn:oid:1..2\"", "\"urn:oid:1.a\""}},
    {"Uuid",
     {"\"urn:uuid:c757873d-ec9a-4326-a141-556f43239520\""},
     {"\"c757873d-ec9a-4326-a141-556f43239520\"",
      "\"urn:uuid:C757873D-ec9a-4326-a141-556f43239520\"",
      "\"urn:uuid:c757873d-ec9a-4326-a141-556f4323952\"",
      "\"urn:uuid:c757873d-ec9a-4326-a141_556f43239520\""}},
    {"Id",
     {"\"a\"", "\"A.b-9\"",
      "\"1234567890123456789012345678901234567890123456789012345678901234\""},
     {"\"\"", "\"a_b\"", "\"a b\"",
      "\"12345678901234567890123456789012345678901234567890123456789012345\""}},
    {"Date",
     {"\"2026\"", "\"2026-02\"", "\"2024-02-29\"", "\"0001-01-01\""},
     {"\"2026-2\"", "\"2026-02-30\"", "\"2023-02-29\"", "\"2026-13\"", "\"26\"",
      "\"0000\"", "\"2026-11-22T09:30:00Z\"", "\"22/11/2026\"", "20261122"}},
    {"DateTime",
     {"\"2026\"", "\"2026-02\"", "\"2024-02-29\"", "\"2026-11-22T09:30:00Z\"",
      "\"2026-11-22T09:30:00.5+01:00\"", "\"2016-12-31T23:59:60Z\""},
     {"\"2026-11-22T09:30Z\"", "\"2026-11-22T09:30:00\"", "\"2026-11-22T24:00:00Z\"",
      "\"2026-11-22 09:30:00Z\"", "\"2026-11-22T09:30:00+15:00\"",
      "\"2026-11-31T09:30:00Z\"", "\"\""}},
    {"Instant",
     {"\"2026-11-22T09:30:00Z\"", "\"2026-11-22T09:30:00.123456-05:00\""},
     {"\"2026\"", "\"2026-11-22\"", "\"2026-11-22T09:30:00\"",
      "\"2026-11-22T09:30Z\""}},
    {"Time",
     {"\"09:30:00\"", "\"23:59:60\"", "\"00:00:00.123\""},
     {"\"24:00:00\"", "\"09:30\"", "\"09:60:00\"", "\"9:30:00\"", "\"09:30:00.\"",
      "\"09:30:00Z\"", "\"09:30:61\"", "\"09:30:00.1a\""}},
    {"Base64Binary",
     {"\"AAAA\"", "\"AA==\"", "\"AAA=\"", "\"AA\\nAA\"", "\"\\/\\/\\/\\/\""},
     {"\"AAA\"", "\"A===\"", "\"AA=A\"", "\"AA!A\"", "\"\"", "\" \""}},
};

HF_TEST(each_primitive_has_the_format_of_its_regular_expression)
{
	for (size_t i = 0; i < HF_COUNT(formats); i++) {
		const struct format *f = &formats[i];

		for (size_t k = 0; k < HF_COUNT(f->good) && f->good[k]; k++)
			assert_valid(with_value(f->type, f->good[k]));
		for (size_t k = 0; k < HF_COUNT(f->bad) && f->bad[k]; k++) {
			const char *json = with_value(f->type, f->bad[k]);
			hf_type_id type;
			struct hf_issues issues = check(hf_sv_from(json), &type);

			if (issues.n != 1)
				fail_msg("%zu findings in %s", issues.n, json);
			assert_sv_equal(issues.items[0].path,
					"Basic.extension[0].value");
		}
	}
}

HF_TEST(a_string_has_at_most_one_mebibyte)
{
	size_t most = 1 << 20;
	char *text = malloc(most + 200);
	hf_type_id type;

	for (size_t n = most; n <= most + 1; n++) {
		int head = snprintf(
		    text, 200, "{\"resourceType\":\"Basic\",\"code\":{\"text\":\"");

		memset(text + head, 'x', n);
		memcpy(text + (size_t)head + n, "\"}}", 3);
		struct hf_issues issues =
		    check((struct hf_sv){text, (size_t)head + n + 3}, &type);
		assert_int_equal(issues.n, n - most);
		if (issues.n)
			assert_string_equal(issues.items[0].code, "too-long");
	}
	free(text);
}

HF_TEST(control_characters_give_a_warning)
{
	hf_type_id type;
	struct hf_issues issues =
	    check(hf_sv_from(with_value("String", "\"a\\u001fb\"")), &type);

	assert_int_equal(issues.n, 1);
	assert_int_equal(issues.items[0].severity, HF_SEV_WARNING);
	assert_valid(with_value("String", "\"a\\u000a\\u0009\\u000D\\u0020\""));
}

HF_TEST(what_is_no_resource_is_refused)
{
	assert_finding("[]", "structure", "Resource", "JSON object");
	assert_finding("{}", "structure", "Resource", "resourceType is missing");
	assert_finding("{\"resourceType\":1}", "structure", "Resource", "a string");
	assert_finding("{\"resourceType\":\"Patiens\"}", "structure", "Resource",
		       "no resource type");
	assert_finding("{\"resourceType\":\"DomainResource\"}", "structure", "Resource",
		       "no resource type");
	assert_valid("{\"resourceType\":\"Patient\"}");
	assert_valid("{\"resourceType\":\"\\u0050atient\",\"id\":\"1\"}");
}

HF_TEST(an_unknown_element_is_named_with_its_place)
{
	assert_finding("{\"resourceType\":\"Patient\",\"nam\":[{\"family\":\"x\"}]}",
		       "structure", "Patient.nam", "Patient has no element nam");
	assert_finding("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"x\"},"
		       "{\"familie\":\"y\"}]}",
		       "structure", "Patient.name[1].familie", "HumanName");
	assert_finding("{\"resourceType\":\"Patient\",\"contact\":[{\"resourceType\":"
		       "\"Patient\"}]}",
		       "structure", "Patient.contact[0].resourceType", "no element");
	assert_finding("{\"resourceType\":\"Patient\",\"fhir_comments\":[\"x\"]}",
		       "structure", "Patient.fhir_comments", "take it out");
	assert_finding("{\"resourceType\":\"Patient\",\"Jane Doe\":1}", "structure",
		       "Patient._", "8 bytes");
}

HF_TEST(cardinality_is_kept)
{
	assert_finding("{\"resourceType\":\"Patient\",\"name\":{\"family\":\"x\"}}",
		       "structure", "Patient.name", "name repeats");
	assert_finding("{\"resourceType\":\"Patient\",\"gender\":[\"male\"]}",
		       "structure", "Patient.gender", "does not repeat");
	assert_finding("{\"resourceType\":\"Patient\",\"name\":[]}", "structure",
		       "Patient.name", "not empty");
	assert_finding("{\"resourceType\":\"Patient\",\"name\":[{}]}", "structure",
		       "Patient.name[0]", "not empty");
	assert_finding("{\"resourceType\":\"Patient\",\"name\":null}", "structure",
		       "Patient.name", "null");
	assert_finding("{\"resourceType\":\"Patient\",\"name\":[null]}", "structure",
		       "Patient.name[0]", "null");
	assert_finding("{\"resourceType\":\"Patient\",\"name\":[{\"id\":\"a\"}]}",
		       "invariant", "Patient.name[0]", "ele-1");
	assert_finding("{\"resourceType\":\"Observation\",\"code\":{\"text\":\"x\"}}",
		       "required", "Observation", "Observation.status");
	assert_finding("{\"resourceType\":\"Patient\",\"link\":[{\"type\":\"refer\"}]}",
		       "required", "Patient.link[0]", "Patient.link.other");
	assert_finding(
	    "{\"resourceType\":\"MedicationRequest\",\"status\":\"active\","
	    "\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/1\"}}",
	    "required", "MedicationRequest", "medication[x]");
}

HF_TEST(an_element_has_one_choice_of_its_types)
{
	assert_valid("{\"resourceType\":\"Patient\",\"deceasedBoolean\":true,"
		     "\"_deceasedBoolean\":{\"id\":\"a\"}}");
	assert_finding("{\"resourceType\":\"Patient\",\"deceasedBoolean\":true,"
		       "\"deceasedDateTime\":\"2026\"}",
		       "structure", "Patient.deceased", "both type boolean and type");
	assert_finding(
	    "{\"resourceType\":\"Patient\",\"_deceasedBoolean\":{\"extension\":"
	    "[{\"url\":\"x\",\"valueCode\":\"a\"}]},"
	    "\"deceasedDateTime\":\"2026\"}",
	    "structure", "Patient.deceased", "one choice");
	assert_finding("{\"resourceType\":\"Patient\",\"deceased\":true}", "structure",
		       "Patient.deceased", "deceasedBoolean");
	assert_finding("{\"resourceType\":\"Patient\",\"deceasedString\":\"x\"}",
		       "structure", "Patient.deceasedString", "no element");
}

HF_TEST(required_bindings_are_checked_and_say_what_would_do)
{
	assert_finding("{\"resourceType\":\"Patient\",\"gender\":\"f\"}",
		       "code-invalid", "Patient.gender",
		       "administrative-gender: female, male, other");
	assert_valid("{\"resourceType\":\"Patient\",\"gender\":\"fem\\u0061le\"}");
	assert_valid("{\"resourceType\":\"Condition\",\"subject\":{\"display\":\"x\"},"
		     "\"clinicalStatus\":{\"coding\":[{\"system\":\"http://snomed.info/"
		     "sct\",\"code\":\"55561003\"},{\"system\":\"http:\\/\\/terminology"
		     ".hl7.org\\/CodeSystem\\/condition-clinical\",\"code\":"
		     "\"\\u0061ctive\"}]}}");
	assert_finding(
	    "{\"resourceType\":\"Condition\",\"subject\":{\"display\":\"x\"},"
	    "\"clinicalStatus\":{\"coding\":[{\"code\":\"active\"}]}}",
	    "code-invalid", "Condition.clinicalStatus", "condition-clinical");
	assert_finding(
	    "{\"resourceType\":\"Condition\",\"subject\":{\"display\":\"x\"},"
	    "\"clinicalStatus\":{\"text\":\"active\"}}",
	    "code-invalid", "Condition.clinicalStatus", "condition-clinical");
	/* Open value set: any code will do. */
	assert_valid("{\"resourceType\":\"Binary\",\"contentType\":\"x/y\"}");
}

HF_TEST(extensions_of_primitives_stand_beside_them)
{
	assert_valid("{\"resourceType\":\"Patient\",\"_birthDate\":{\"extension\":"
		     "[{\"url\":\"http://x\",\"valueCode\":\"unknown\"}]}}");
	assert_valid(
	    "{\"resourceType\":\"Patient\",\"name\":[{\"given\":[\"A\",null,\"C\"],"
	    "\"_given\":[null,{\"extension\":[{\"url\":\"x\",\"valueCode\":"
	    "\"a\"}]},{\"id\":\"c\"}]}]}");
	assert_valid("{\"resourceType\":\"Patient\",\"name\":[{\"given\":[\"A\",\"B\"],"
		     "\"_given\":[{\"id\":\"a\"}]}]}");
	assert_finding(
	    "{\"resourceType\":\"Patient\",\"name\":[{\"given\":[\"A\",null]}]}",
	    "structure", "Patient.name[0].given[1]", "null stands here");
	assert_finding(
	    "{\"resourceType\":\"Patient\",\"name\":[{\"given\":[\"A\",\"B\"],"
	    "\"_given\":[{\"id\":\"a\"},null,null]}]}",
	    "structure", "Patient.name[0].given[2]", "null stands here");
	assert_finding("{\"resourceType\":\"Patient\",\"_birthDate\":\"x\"}",
		       "structure", "Patient.birthDate", "_birthDate");
	assert_finding(
	    "{\"resourceType\":\"Patient\",\"_birthDate\":{\"value\":\"x\"}}",
	    "structure", "Patient.birthDate.value", "date has no element");
	assert_finding("{\"resourceType\":\"Patient\",\"_contact\":[{\"id\":\"a\"}]}",
		       "structure", "Patient._contact", "no primitive");
	assert_finding("{\"resourceType\":\"Patient\",\"_birthDate\":{\"extension\":[{"
		       "\"url\":\"x\"}]}}",
		       "invariant", "Patient.birthDate.extension[0]", "ext-1");
}

HF_TEST(an_extension_has_a_url_and_a_value_or_extensions)
{
	assert_finding(
	    "{\"resourceType\":\"Patient\",\"extension\":[{\"valueCode\":\"a\"}]}",
	    "required", "Patient.extension[0]", "Extension.url");
	assert_finding("{\"resourceType\":\"Patient\",\"extension\":[{\"url\":\"x\"}]}",
		       "invariant", "Patient.extension[0]", "ext-1");
	assert_finding(
	    "{\"resourceType\":\"Patient\",\"extension\":[{\"url\":\"x\","
	    "\"valueCode\":\"a\",\"extension\":[{\"url\":\"y\",\"valueCode\":"
	    "\"b\"}]}]}",
	    "invariant", "Patient.extension[0]", "not both");
}

static const char *
subject(const char *reference)
{
	static char text[1024];

	snprintf(
	    text, sizeof(text),
	    "{\"resourceType\":\"Flag\",\"status\":\"active\",\"code\":{\"text\":"
	    "\"x\"},\"author\":{\"reference\":\"%s\"},\"contained\":[{"
	    "\"resourceType\":\"Device\",\"id\":\"d\"},{\"resourceType\":\"Group\","
	    "\"type\":\"person\",\"actual\":true,\"id\":\"g\"}],\"subject\":{"
	    "\"display\":\"x\"}}",
	    reference);
	return text;
}

HF_TEST(references_have_a_form_and_a_target_that_is_allowed)
{
	static const char *const good[] = {
	    "Patient/1",
	    "Patient/1/_history/2",
	    "Practitioner?identifier=http://x|1",
	    "http://example.org/fhir/Patient/1",
	    "https:\\/\\/example.org\\/Patient\\/1\\/_history\\/3",
	    "http://example.org/anything",
	    "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
	    "urn:oid:1.2.3",
	    "#d",
	};
	static const char *const bad[][2] = {
	    {"Patiens/1", "Type/id"},
	    {"Patient", "Type/id"},
	    {"Patient/", "Type/id"},
	    {"/Patient/1", "Type/id"},
	    {"Patient/a b", "Type/id"},
	    {"Patient/1/2", "Type/id"},
	    {"Patient/1/_history", "Type/id"},
	    {"Patient/1/_history/", "Type/id"},
	    {"1", "Type/id"},
	    {"#x", "not there"},
	    {"#", "not in a contained"},
	    {"Location/1", "reference to Location"},
	    {"#g", "reference to Group"},
	    {"Patient?", "Type/id"},
	    {"Location?name=x", "reference to Location"},
	    {"http://example.org/fhir/Location/1", "reference to Location"},
	};

	for (size_t i = 0; i < HF_COUNT(good); i++)
		assert_valid(subject(good[i]));
	for (size_t i = 0; i < HF_COUNT(bad); i++)
		assert_finding(subject(bad[i][0]), "value", "Flag.author.reference",
			       bad[i][1]);
}

HF_TEST(contained_resources_have_ids_and_contain_no_others)
{
	assert_valid(
	    "{\"resourceType\":\"Patient\",\"contained\":[{\"resourceType\":"
	    "\"RelatedPerson\",\"id\":\"r\",\"patient\":{\"reference\":\"#\"}}]}");
	assert_valid(
	    "{\"resourceType\":\"Flag\",\"status\":\"active\",\"code\":{\"text\":"
	    "\"x\"},\"subject\":{\"reference\":\"#p\"},\"contained\":["
	    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"managingOrganization\":"
	    "{\"reference\":\"#o\"}},{\"resourceType\":\"Organization\",\"id\":"
	    "\"o\"}]}");
	assert_finding("{\"resourceType\":\"Patient\",\"contained\":[{\"resourceType\":"
		       "\"Basic\",\"code\":{\"text\":\"x\"}}]}",
		       "required", "Patient.contained[0]", "id");
	assert_finding("{\"resourceType\":\"Patient\",\"contained\":[{\"resourceType\":"
		       "\"Patient\",\"id\":\"a\",\"contained\":[{\"resourceType\":"
		       "\"Patient\",\"id\":\"b\"}]}]}",
		       "invariant", "Patient.contained[0].contained[0]", "dom-2");
	assert_finding("{\"resourceType\":\"Patient\",\"contained\":[{\"id\":\"a\"}]}",
		       "structure", "Patient.contained[0]", "resourceType");
}

HF_TEST(a_bundle_is_validated_with_the_resources_in_it)
{
	assert_finding(
	    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":["
	    "{\"resource\":{\"resourceType\":\"Patient\"}},{\"resource\":"
	    "{\"resourceType\":\"Patient\",\"gender\":\"x\"}}]}",
	    "code-invalid", "Bundle.entry[1].resource.gender", "gender");
	/* A contained resource is there for its own entry alone. */
	assert_finding(
	    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":["
	    "{\"resource\":{\"resourceType\":\"Patient\",\"contained\":[{"
	    "\"resourceType\":"
	    "\"Organization\",\"id\":\"o\"}],\"managingOrganization\":{\"reference\":"
	    "\"#o\"}"
	    "}},{\"resource\":{\"resourceType\":\"Patient\",\"managingOrganization\":"
	    "{\"reference\":\"#o\"}}}]}",
	    "value", "Bundle.entry[1].resource.managingOrganization.reference",
	    "not there");
	assert_valid("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"a\","
		     "\"resource\":{\"resourceType\":\"Patient\"}}]}");
}

HF_TEST(a_narrative_is_one_div)
{
	assert_valid(
	    "{\"resourceType\":\"Patient\",\"text\":{\"status\":\"empty\",\"div\":"
	    "\"\\n<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">x</div>\"}}");
	assert_finding("{\"resourceType\":\"Patient\",\"text\":{\"status\":\"empty\","
		       "\"div\":\"<p>x</p>\"}}",
		       "value", "Patient.text.div", "xhtml");
	assert_finding("{\"resourceType\":\"Patient\",\"text\":{\"status\":\"empty\","
		       "\"div\":\"<divx></div>\"}}",
		       "value", "Patient.text.div", "xhtml");
}

HF_TEST(all_findings_come_at_once_and_many_are_counted)
{
	char text[8192];
	int n = snprintf(text, sizeof(text),
			 "{\"resourceType\":\"Observation\",\"x\":1,\"id\":\"_\"");
	hf_type_id type;

	for (int i = 0; i < 200; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, ",\"x%d\":1", i);
	snprintf(text + n, sizeof(text) - (size_t)n, "}");
	struct hf_issues issues = check(hf_sv_from(text), &type);
	assert_int_equal(issues.n, HF_ISSUES_MAX);
	assert_int_equal(issues.errors, 204);
	assert_int_equal(issues.dropped, 104);
	assert_int_equal(type, hf_resource_find(HF_SV("Observation")));
}

HF_TEST(no_value_of_a_record_stands_in_a_finding)
{
	static const char *const cases[] = {
	    "{\"resourceType\":\"Patient\",\"gender\":\"Smith\",\"birthDate\":"
	    "\"Smith\"}",
	    "{\"resourceType\":\"Patient\",\"name\":\"Smith\",\"id\":\"Smith!\"}",
	    "{\"resourceType\":\"Patient\",\"managingOrganization\":{\"reference\":"
	    "\"Smith/"
	    "1\"},\"link\":[{\"other\":{\"reference\":\"#Smith\"},\"type\":\"x\"}]}",
	    "{\"resourceType\":\"Smith\"}",
	    "{\"resourceType\":\"Patient\",\"Mr Smith\":1}",
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		hf_type_id type;
		struct hf_issues issues = check(hf_sv_from(cases[i]), &type);

		assert_true(issues.n > 0);
		for (size_t k = 0; k < issues.n; k++) {
			assert_null(memmem(issues.items[k].text.p,
					   issues.items[k].text.n, "Smith", 5));
			assert_null(memmem(issues.items[k].path.p,
					   issues.items[k].path.n, "Smith", 5));
		}
	}
}

HF_TEST(deep_nesting_is_bounded_by_the_parser_and_ends)
{
	struct hf_buf b = {0};
	hf_type_id type;

	hf_buf_lit(&b, "{\"resourceType\":\"Questionnaire\",\"status\":\"draft\"");
	for (int i = 0; i < 30; i++)
		hf_buf_lit(&b, ",\"item\":[{\"linkId\":\"a\",\"type\":\"group\"");
	for (int i = 0; i < 30; i++)
		hf_buf_lit(&b, "}]");
	hf_buf_char(&b, '}');
	struct hf_issues issues = check(hf_buf_view(&b), &type);
	assert_int_equal(issues.n, 0);
	hf_buf_free(&b);
}

HF_TEST(findings_are_written_as_an_operation_outcome)
{
	struct hf_buf b = {0};
	hf_type_id type;
	struct hf_issues issues =
	    check(HF_SV("{\"resourceType\":\"Patient\",\"nam\":1}"), &type);

	hf_outcome_write(&b, &issues);
	assert_sv_equal(hf_buf_view(&b),
			"{\"resourceType\":\"OperationOutcome\",\"issue\":[{"
			"\"severity\":\"error\",\"code\":\"structure\",\"details\":{"
			"\"text\":\"Patient has no element nam in FHIR R4\"},"
			"\"expression\":[\"Patient.nam\"]}]}");
	b.n = 0;
	issues.dropped = 3;
	hf_outcome_write(&b, &issues);
	assert_valid_buf(&b);
	b.n = 0;
	issues = (struct hf_issues){.arena = &findings};
	hf_outcome_write(&b, &issues);
	assert_non_null(memmem(b.p, b.n, "All OK", 6));
	assert_valid_buf(&b);
	hf_buf_free(&b);
}

HF_TEST(every_kind_of_failure_is_written_as_a_valid_operation_outcome)
{
	for (int rc = HF_OK + 1; rc < HF_RC_COUNT; rc++) {
		static const char *const paths[] = {"Patient.name[0]", "a.json:3", "",
						    "Config/x"};

		for (size_t i = 0; i < HF_COUNT(paths); i++) {
			struct hf_buf b = {0};
			struct hf_err err = {0};

			hf_fail(&err, (enum hf_rc)rc, paths[i], "%s",
				i == 2 ? "" : "what is wrong");
			hf_outcome_write_err(&b, &err);
			assert_valid_buf(&b);
			assert_int_equal(memmem(b.p, b.n, "expression", 10) != NULL,
					 i == 0);
			hf_buf_free(&b);
		}
	}
}

HF_TEST_MAIN(
    "fhir/validate",
    cmocka_unit_test(each_primitive_has_the_format_of_its_regular_expression),
    cmocka_unit_test(a_string_has_at_most_one_mebibyte),
    cmocka_unit_test(control_characters_give_a_warning),
    cmocka_unit_test(what_is_no_resource_is_refused),
    cmocka_unit_test(an_unknown_element_is_named_with_its_place),
    cmocka_unit_test(cardinality_is_kept),
    cmocka_unit_test(an_element_has_one_choice_of_its_types),
    cmocka_unit_test(required_bindings_are_checked_and_say_what_would_do),
    cmocka_unit_test(extensions_of_primitives_stand_beside_them),
    cmocka_unit_test(an_extension_has_a_url_and_a_value_or_extensions),
    cmocka_unit_test(references_have_a_form_and_a_target_that_is_allowed),
    cmocka_unit_test(contained_resources_have_ids_and_contain_no_others),
    cmocka_unit_test(a_bundle_is_validated_with_the_resources_in_it),
    cmocka_unit_test(a_narrative_is_one_div),
    cmocka_unit_test(all_findings_come_at_once_and_many_are_counted),
    cmocka_unit_test(no_value_of_a_record_stands_in_a_finding),
    cmocka_unit_test(deep_nesting_is_bounded_by_the_parser_and_ends),
    cmocka_unit_test(findings_are_written_as_an_operation_outcome),
    cmocka_unit_test(every_kind_of_failure_is_written_as_a_valid_operation_outcome))
