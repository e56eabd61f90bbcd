/* The promises of fhir/spvalue.h: which resources a search condition finds. */
#include "test/hf_test.h"
#include "fhir/spvalue.h"

static const hf_time now = 1767268800000; /* 2026-01-01T12:00:00Z */

static int
start(void **state HF_UNUSED)
{
	struct hf_err err = {0};

	if (hf_sp_setup(&err) != HF_OK) {
		print_error("%s\n", err.text);
		return 1;
	}
	return 0;
}

static int
stop(void **state HF_UNUSED)
{
	hf_sp_teardown();
	return 0;
}

/* Parses "type", "name[:modifier]" and a value. */
static enum hf_rc
parse(const char *type, const char *name, const char *value, struct hf_arena *arena,
      struct hf_sp_test *out, struct hf_err *err)
{
	struct hf_sv modifier = hf_sv_from(name), code = hf_sv_cut(&modifier, ':');
	const struct hf_sp *sp = hf_sp_find(hf_resource_find(hf_sv_from(type)), code);

	if (!sp)
		fail_msg("R4 has no parameter %s of %s", name, type);
	return hf_sp_test_parse(sp, modifier, hf_sv_from(value), now, arena, out, err);
}

struct find_case {
	const char *name, *value;
	bool found;
};

static void
run_cases(const char *type, const char *json, const struct find_case *cases, size_t n)
{
	int wrong = 0;

	for (size_t i = 0; i < n; i++) {
		struct hf_arena arena = {.cap = 1 << 22};
		struct hf_err err = {0};
		struct hf_sp_test test;
		struct hf_json doc;
		bool found = false;
		enum hf_rc rc;

		assert_int_equal(
		    hf_json_parse(hf_sv_from(json), NULL, &arena, &doc, &err), HF_OK);
		rc = parse(type, cases[i].name, cases[i].value, &arena, &test, &err);
		if (rc == HF_OK)
			rc = hf_sp_test_match(&test, &doc, 0, HF_SV("http://me/fhir"),
					      &arena, &found, &err);
		if (rc != HF_OK || found != cases[i].found) {
			print_error("%s=%s should be %s %s\n", cases[i].name,
				    cases[i].value,
				    cases[i].found ? "found" : "passed by", err.text);
			wrong++;
		}
		hf_arena_free(&arena);
	}
	assert_int_equal(wrong, 0);
}

HF_TEST(every_expression_of_the_standard_compiles)
{
	unsigned n = 0;

	for (uint16_t id = 1; id <= hf_n_sps(); id++) {
		const struct hf_sp *sp = hf_sp_get(id);
		struct hf_path *path = NULL;
		struct hf_err err = {0};

		if (!sp->expression[0])
			continue;
		if (hf_path_compile(hf_sv_from(sp->expression), &path, &err) != HF_OK)
			fail_msg("%s: %s: %s", sp->url, sp->expression, err.text);
		hf_path_free(path);
		n++;
	}
	assert_true(n > 1200);
}

static const char patient[] =
    "{\"resourceType\":\"Patient\",\"id\":\"Ab1\","
    "\"meta\":{\"lastUpdated\":\"2025-03-01T10:00:00.500Z\",\"tag\":[{\"system\":"
    "\"http://t\",\"code\":\"x\"}],\"profile\":[\"http://p/A|1\"]},"
    "\"active\":true,\"identifier\":["
    "{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"999 000 0018\"},"
    "{\"system\":\"http://h/mrn\",\"value\":\"MR|12,3\",\"type\":{\"text\":\"Hospital "
    "number\",\"coding\":[{\"system\":\"http://v2\",\"code\":\"MR\"}]}},"
    "{\"value\":\"bare\"}],"
    "\"name\":[{\"family\":\"\xc3\x93'Brien-Smith\",\"given\":[\"Zo\xc3\xab\",\"Ann "
    "Marie\"],\"prefix\":[\"Dr\"]}],"
    "\"telecom\":[{\"system\":\"phone\",\"use\":\"home\",\"value\":\"020 7946 0018\"},"
    "{\"system\":\"email\",\"value\":\"Zoe@Example.org\"}],"
    "\"gender\":\"female\",\"birthDate\":\"1980-02-29\","
    "\"address\":[{\"use\":\"home\",\"line\":[\"1 High St\"],\"city\":\"Leeds\","
    "\"postalCode\":\"LS1 4AP\"}],"
    "\"generalPractitioner\":[{\"reference\":\"Practitioner/g1\"},"
    "{\"reference\":\"http://me/fhir/Organization/o1/_history/3\"},"
    "{\"type\":\"Organization\",\"identifier\":{\"system\":"
    "\"https://fhir.nhs.uk/Id/ods-organisation-code\",\"value\":\"Y12345\"}}],"
    "\"managingOrganization\":{\"reference\":\"http://else/fhir/Organization/o9\"},"
    "\"communication\":[{\"language\":{\"text\":\"British Sign Language\"}}]}";

HF_TEST(strings_are_found_by_their_beginning_without_case_and_accents)
{
	static const struct find_case cases[] = {
	    {"family", "o'brien", true},
	    {"family",
	     "O\xe2\x80\x99"
	     "BRIEN SMITH",
	     true},
	    {"family", "obrien", false},
	    {"family", "smith", false},
	    {"family:contains", "smith", true},
	    {"family:contains", "smythe", false},
	    {"family:exact", "\xc3\x93'Brien-Smith", true},
	    {"family:exact", "\xc3\x93'Brien", false},
	    {"family:exact", "\xc3\xb3'brien-smith", false},
	    {"given", "zoe", true},
	    {"given", "Ann", true},
	    {"given", "marie", false},
	    {"given", "bob,zo", true},
	    {"given", "bob,jim", false},
	    {"name", "dr", true},
	    {"name", "o bri", true},
	    {"address", "leeds", true},
	    {"address", "LS1 4", true},
	    {"address-city", "lee", true},
	    {"address-postalcode", "ls1  4ap", true},
	    {"address-country", "gb", false},
	    {"address-country:missing", "true", true},
	    {"family:missing", "true", false},
	    {"family:missing", "false", true},
	    {"phonetic", "zoe", true},
	};
	run_cases("Patient", patient, cases, HF_COUNT(cases));
}

HF_TEST(tokens_are_found_by_code_and_system)
{
	static const struct find_case cases[] = {
	    {"gender", "female", true},
	    {"gender", "FEMALE", true},
	    {"gender", "male,female", true},
	    {"gender", "male", false},
	    {"gender", "http://hl7.org/fhir/administrative-gender|female", true},
	    {"gender", "http://elsewhere|female", false},
	    {"gender", "|female", true},
	    {"gender:not", "male", true},
	    {"gender:not", "female", false},
	    {"gender:not", "male,female", false},
	    {"active", "true", true},
	    {"active", "false", false},
	    {"active", "http://hl7.org/fhir/special-values|true", true},
	    {"active", "http://x|true", false},
	    {"deceased", "false", true},
	    {"deceased", "true", false},
	    {"identifier", "9990000018", true},
	    {"identifier", "999 000 0018", true},
	    {"identifier", "999-000-0018", true},
	    {"identifier", "https://fhir.nhs.uk/Id/nhs-number|9990000018", true},
	    {"identifier", "https://fhir.nhs.uk/Id/nhs-number|999 000 0018", true},
	    {"identifier", "http://h/mrn|9990000018", false},
	    {"identifier", "https://fhir.nhs.uk/Id/nhs-number|", true},
	    {"identifier", "http://other|", false},
	    {"identifier", "http://h/mrn|MR\\|12\\,3", true},
	    {"identifier", "mr\\|12\\,3", true},
	    {"identifier", "|bare", true},
	    {"identifier", "bare", true},
	    {"identifier", "|9990000018", false},
	    {"identifier:of-type", "http://v2|MR|MR\\|12\\,3", true},
	    {"identifier:of-type", "http://v2|SS|MR\\|12\\,3", false},
	    {"identifier:of-type", "http://v2|MR|other", false},
	    {"identifier:text", "hospital", true},
	    {"identifier:text", "ward", false},
	    {"language:text", "sign language", true},
	    {"language", "bsl", false},
	    {"language:missing", "false", true},
	    {"telecom", "02079460018", true},
	    {"telecom", "020 7946 0018", true},
	    {"telecom", "phone|02079460018", true},
	    {"telecom", "home|02079460018", true},
	    {"telecom", "email|02079460018", false},
	    {"phone", "02079460018", true},
	    {"phone", "zoe@example.org", false},
	    {"email", "zoe@example.org", true},
	    {"address-use", "home", true},
	    {"_id", "Ab1", true},
	    {"_id", "ab1", false},
	    {"_id", "x,Ab1", true},
	    {"_tag", "http://t|x", true},
	    {"_tag", "http://t|y", false},
	    {"_security:missing", "true", true},
	};
	run_cases("Patient", patient, cases, HF_COUNT(cases));
}

HF_TEST(references_are_found_in_each_form)
{
	static const struct find_case cases[] = {
	    {"general-practitioner", "g1", true},
	    {"general-practitioner", "Practitioner/g1", true},
	    {"general-practitioner", "http://me/fhir/Practitioner/g1", true},
	    {"general-practitioner", "http://me/fhir//Practitioner/g1", false},
	    {"general-practitioner", "http://else/fhir/Practitioner/g1", false},
	    {"general-practitioner", "Organization/g1", false},
	    {"general-practitioner", "PractitionerRole/g1", false},
	    {"general-practitioner", "g2", false},
	    {"general-practitioner:Practitioner", "g1", true},
	    {"general-practitioner:Practitioner", "Practitioner/g1", true},
	    {"general-practitioner:Organization", "g1", false},
	    {"general-practitioner:Organization", "o1", true},
	    {"general-practitioner", "Organization/o1", true},
	    {"general-practitioner", "Organization/o1/_history/3", true},
	    {"general-practitioner", "Organization/o1/_history/2", false},
	    {"general-practitioner", "Practitioner/g1/_history/1", false},
	    {"general-practitioner:identifier", "Y12345", true},
	    {"general-practitioner:identifier",
	     "https://fhir.nhs.uk/Id/ods-organization-code|Y12345", true},
	    {"general-practitioner:identifier",
	     "https://fhir.nhs.uk/Id/ods-organisation-code|y12345", true},
	    {"general-practitioner:identifier", "http://x|Y12345", false},
	    {"general-practitioner", "Y12345", false},
	    {"organization", "o9", false},
	    {"organization", "Organization/o9", false},
	    {"organization", "http://else/fhir/Organization/o9", true},
	    {"organization:missing", "false", true},
	    {"link:missing", "true", true},
	};
	run_cases("Patient", patient, cases, HF_COUNT(cases));
}

HF_TEST(dates_follow_the_ranges_that_they_mean)
{
	static const struct find_case cases[] = {
	    {"birthdate", "1980-02-29", true},
	    {"birthdate", "1980-02", true},
	    {"birthdate", "1980", true},
	    {"birthdate", "1981", false},
	    {"birthdate", "1980-02-29T10:00", false},
	    {"birthdate", "ne1980-02-29", false},
	    {"birthdate", "ne1980-03", true},
	    {"birthdate", "gt1980-02-29", false},
	    {"birthdate", "gt1980-02-28", true},
	    {"birthdate", "gt1980-02-29T12:00", true},
	    {"birthdate", "ge1980-02-29", true},
	    {"birthdate", "ge1980-03-01", false},
	    {"birthdate", "lt1980-02-29", false},
	    {"birthdate", "lt1980-03-01", true},
	    {"birthdate", "lt1980-02-29T12:00", true},
	    {"birthdate", "le1980-02-29", true},
	    {"birthdate", "le1980-02-28", false},
	    {"birthdate", "sa1980-02-28", true},
	    {"birthdate", "sa1980-02-29", false},
	    {"birthdate", "sa1980-02", false},
	    {"birthdate", "eb1980-03-01", true},
	    {"birthdate", "eb1980-02-29", false},
	    {"birthdate", "ap1982", true},
	    {"birthdate", "ap1990", false},
	    {"birthdate", "1979,1980", true},
	    {"_lastUpdated", "2025-03-01", true},
	    {"_lastUpdated", "gt2025-03-01T10:00:00Z", false},
	    {"_lastUpdated", "ge2025-03-01T10:00:00Z", true},
	    {"_lastUpdated", "2025-03-01T11:00:00+01:00", true},
	    {"_lastUpdated", "2025-03-01T11:00:00 01:00", true},
	    {"_lastUpdated", "2025-03-01T10:00:00.500Z", true},
	    {"_lastUpdated", "2025-03-01T10:00:00.501Z", false},
	    {"death-date:missing", "true", true},
	};
	run_cases("Patient", patient, cases, HF_COUNT(cases));
}

HF_TEST(a_period_is_found_by_both_its_ends)
{
	static const char closed[] =
	    "{\"resourceType\":\"Encounter\",\"status\":\"finished\",\"class\":{"
	    "\"code\":"
	    "\"AMB\"},\"period\":{\"start\":\"2020-03-01\",\"end\":\"2020-03-10\"}}";
	static const char open[] =
	    "{\"resourceType\":\"Encounter\",\"status\":\"in-progress\",\"class\":"
	    "{\"code\":\"IMP\"},\"period\":{\"start\":\"2020-03-01\"}}";
	static const struct find_case in_closed[] = {
	    {"date", "2020-03", true},	     {"date", "2020-03-05", false},
	    {"date", "ge2020-03-05", true},  {"date", "le2020-03-05", true},
	    {"date", "gt2020-03-10", false}, {"date", "ge2020-03-10", false},
	    {"date", "lt2020-03-01", false}, {"date", "le2020-03-01", false},
	    {"date", "sa2020-02-29", true},  {"date", "sa2020-03-01", false},
	    {"date", "eb2020-03-11", true},  {"date", "eb2020-03-10", false},
	    {"date", "ne2020-03-05", true},  {"date", "ne2020", false},
	};
	static const struct find_case in_open[] = {
	    {"date", "ge2029", true},	    {"date", "2020-03", false},
	    {"date", "le2020-03-02", true}, {"date", "eb2030", false},
	    {"date", "sa2020-02", true},    {"date", "lt2020-03-01", false},
	};
	run_cases("Encounter", closed, in_closed, HF_COUNT(in_closed));
	run_cases("Encounter", open, in_open, HF_COUNT(in_open));
}

/* The range semantics of R4 over all pairs of small spans, from their definition. */
HF_TEST(each_date_prefix_does_what_its_definition_says)
{
	static const char *const prefix[] = {"eq", "ne", "gt", "lt",
					     "ge", "le", "sa", "eb"};

	/* The value is the days a to b of March 2020, the condition is day c. */
	for (int i = 0; i < 8 * 10 * 10 * 10; i++) {
		int p = i % 8, a = i / 8 % 10 + 1, b = i / 80 % 10 + 1, c = i / 800 + 1;
		bool eq = a == c && b == c;
		bool want[] = {eq,   !eq, b > c, a < c, eq || b > c, eq || a<c, a> c,
			       b < c};
		char json[256], value[32];

		if (b < a)
			continue;
		snprintf(json, sizeof json,
			 "{\"resourceType\":\"Encounter\",\"period\":{\"start\":"
			 "\"2020-03-%02d\",\"end\":\"2020-03-%02d\"}}",
			 a, b);
		snprintf(value, sizeof value, "%s2020-03-%02d", prefix[p], c);
		run_cases("Encounter", json,
			  &(struct find_case){"date", value, want[p]}, 1);
	}
}

static const char observation[] =
    "{\"resourceType\":\"Observation\",\"status\":\"final\","
    "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8480-6\","
    "\"display\":\"Systolic blood pressure\"},{\"system\":\"http://snomed.info/sct\","
    "\"code\":\"271649006\"}],\"text\":\"BP\"},"
    "\"subject\":{\"reference\":\"Patient/p1\"},"
    "\"effectiveDateTime\":\"2024-05-06T07:08:09Z\","
    "\"valueQuantity\":{\"value\":5.4,\"unit\":\"milligram\",\"system\":"
    "\"http://unitsofmeasure.org\",\"code\":\"mg\"}}";

HF_TEST(quantities_are_found_by_number_and_unit)
{
	static const struct find_case cases[] = {
	    {"value-quantity", "5.4", true},
	    {"value-quantity", "5.40", true},
	    {"value-quantity", "5.41", false},
	    {"value-quantity", "5", true},
	    {"value-quantity", "6", false},
	    {"value-quantity", "5.4|http://unitsofmeasure.org|mg", true},
	    {"value-quantity", "5.4|http://unitsofmeasure.org|Mg", false},
	    {"value-quantity", "5.4|http://unitsofmeasure.org|g", false},
	    {"value-quantity", "5.4|http://other|mg", false},
	    {"value-quantity", "5.4||mg", true},
	    {"value-quantity", "5.4||milligram", true},
	    {"value-quantity", "5.4||g", false},
	    {"value-quantity", "54e-1", true},
	    {"value-quantity", "gt5.4", false},
	    {"value-quantity", "ge5.4", true},
	    {"value-quantity", "gt5.39", true},
	    {"value-quantity", "lt5.4", false},
	    {"value-quantity", "le5.4", true},
	    {"value-quantity", "sa5", true},
	    {"value-quantity", "eb6", true},
	    {"value-quantity", "ne5.4", false},
	    {"value-quantity", "ne5.3", true},
	    {"value-quantity", "ap5", true},
	    {"value-quantity", "ap4.9", false},
	    {"code", "8480-6", true},
	    {"code", "http://loinc.org|8480-6", true},
	    {"code", "http://snomed.info/sct|8480-6", false},
	    {"code:text", "blood", true},
	    {"code:text", "bp", true},
	    {"code:not", "271649006", false},
	    {"combo-code", "271649006", true},
	    {"patient", "p1", true},
	    {"patient", "Patient/p1", true},
	    {"subject:Patient", "p1", true},
	    {"subject:Group", "p1", false},
	    {"date", "2024-05-06", true},
	    {"value-concept:missing", "true", true},
	    {"value-string:missing", "true", true},
	};
	run_cases("Observation", observation, cases, HF_COUNT(cases));
}

HF_TEST(a_number_leaves_open_what_its_digits_leave_open)
{
	static const struct {
		const char *query, *value;
		bool found;
	} cases[] = {
	    {"100", "99.5", true},
	    {"100", "99.49999", false},
	    {"100", "100.49999", true},
	    {"100", "100.5", false},
	    {"100.00", "99.995", true},
	    {"100.00", "99.9949", false},
	    {"100.00", "100.005", false},
	    {"1e2", "95", true},
	    {"1e2", "94.99", false},
	    {"1e2", "104.99", true},
	    {"1e2", "105", false},
	    {"1.5e2", "145", true},
	    {"1.5e2", "144", false},
	    {"-5", "-5.5", true},
	    {"-5", "-4.5", false},
	    {"0", "0.49", true},
	    {"0", "-0.5", true},
	    {"lt100", "99.99999", true},
	    {"lt100", "100", false},
	    {"gt100", "100.00001", true},
	    {"ap100", "110", true},
	    {"ap100", "110.1", false},
	    {"ap-100", "-90", true},
	    {"ap-100", "-89", false},
	    {"123456789012345678.5", "123456789012345678.50", true},
	    {"123456789012345678.5", "123456789012345678.56", false},
	    {"100", "1E2", true},
	    {"0.8", "8e-1", true},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		char json[256];

		snprintf(
		    json, sizeof json,
		    "{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":"
		    "%s}}",
		    cases[i].value);
		run_cases("Observation", json,
			  &(struct find_case){"value-quantity", cases[i].query,
					      cases[i].found},
			  1);
		/* The same for a number parameter. */
		snprintf(json, sizeof json,
			 "{\"resourceType\":\"RiskAssessment\",\"prediction\":[{"
			 "\"probabilityDecimal\":%s}]}",
			 cases[i].value);
		run_cases(
		    "RiskAssessment", json,
		    &(struct find_case){"probability", cases[i].query, cases[i].found},
		    1);
	}
}

HF_TEST(ranges_money_and_samples_are_quantities_too)
{
	static const char range[] =
	    "{\"resourceType\":\"Condition\",\"onsetRange\":{\"low\":{\"value\":10,"
	    "\"unit\":\"a\"},\"high\":{\"value\":20,\"unit\":\"a\"}}}";
	static const char below[] =
	    "{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":5,"
	    "\"comparator\":\"<\"}}";
	static const char money[] =
	    "{\"resourceType\":\"Invoice\",\"totalNet\":{\"value\":12.50,\"currency\":"
	    "\"GBP\"}}";
	static const char samples[] =
	    "{\"resourceType\":\"Observation\",\"valueSampledData\":{\"origin\":"
	    "{\"value\":2,\"unit\":\"V\"},\"period\":10,\"factor\":0.5,\"dimensions\":"
	    "1,"
	    "\"data\":\"0 2 E -4 U 10\"}}";
	static const struct find_case in_range[] = {
	    {"onset-age", "15", false},	   {"onset-age", "gt15", true},
	    {"onset-age", "gt20", false},  {"onset-age", "ge20", true},
	    {"onset-age", "lt10", false},  {"onset-age", "le10", true},
	    {"onset-age", "sa9", true},	   {"onset-age", "sa10", false},
	    {"onset-age", "eb21", true},   {"onset-age", "ap15", true},
	    {"onset-age", "ap30", false},  {"onset-age", "ne15", true},
	    {"onset-age", "15||a", false}, {"onset-age", "gt15||a", true},
	};
	static const struct find_case in_below[] = {
	    {"value-quantity", "lt6", true},  {"value-quantity", "lt3", true},
	    {"value-quantity", "ge5", false}, {"value-quantity", "gt4", true},
	    {"value-quantity", "eb5", true},  {"value-quantity", "5", false},
	};
	static const struct find_case in_money[] = {
	    {"totalnet", "12.5", true},
	    {"totalnet", "12.5|urn:iso:std:iso:4217|GBP", true},
	    {"totalnet", "12.5||USD", false},
	};
	/* The samples reach from 0 to 7. */
	static const struct find_case in_samples[] = {
	    {"value-quantity", "gt6.9", true},	{"value-quantity", "gt7", false},
	    {"value-quantity", "le0", true},	{"value-quantity", "lt0", false},
	    {"value-quantity", "gt1||V", true},
	};
	run_cases("Condition", range, in_range, HF_COUNT(in_range));
	run_cases("Observation", below, in_below, HF_COUNT(in_below));
	run_cases("Invoice", money, in_money, HF_COUNT(in_money));
	run_cases("Observation", samples, in_samples, HF_COUNT(in_samples));
}

HF_TEST(uris_are_found_whole_below_or_above)
{
	static const char json[] = "{\"resourceType\":\"ValueSet\",\"url\":\"http://"
				   "acme.org/fhir/ValueSet/123\","
				   "\"meta\":{\"profile\":[\"http://p/A|1.0\"]}}";
	static const struct find_case cases[] = {
	    {"url", "http://acme.org/fhir/ValueSet/123", true},
	    {"url", "http://acme.org/fhir/ValueSet/12", false},
	    {"url", "HTTP://acme.org/fhir/ValueSet/123", false},
	    {"url:below", "http://acme.org/fhir", true},
	    {"url:below", "http://acme.org/fhir/", true},
	    {"url:below", "http://acme.org/fh", false},
	    {"url:below", "http://acme.org/fhir/ValueSet/123/x", false},
	    {"url:above", "http://acme.org/fhir/ValueSet/123/_history/5", true},
	    {"url:above", "http://acme.org/fhir/ValueSet/1234", false},
	    {"url:above", "http://acme.org/fhir", false},
	    {"_profile", "http://p/A", true},
	    {"_profile", "http://p/A|1.0", true},
	    {"_profile", "http://p/A|2.0", false},
	    {"_profile:below", "http://p", true},
	};
	run_cases("ValueSet", json, cases, HF_COUNT(cases));
}

HF_TEST(timings_canonicals_and_inline_resources_are_read)
{
	static const char task[] =
	    "{\"resourceType\":\"ServiceRequest\",\"occurrenceTiming\":{\"event\":["
	    "\"2020-01-05\",\"2020-01-09\"],\"repeat\":{\"boundsPeriod\":{\"end\":"
	    "\"2020-02-01\"}}}}";
	static const char plan[] = "{\"resourceType\":\"PlanDefinition\",\"library\":["
				   "\"http://l/Library/x|2\"],"
				   "\"relatedArtifact\":[{\"type\":\"depends-on\","
				   "\"resource\":\"http://d\"}]}";
	static const char bundle[] =
	    "{\"resourceType\":\"Bundle\",\"type\":\"document\",\"entry\":[{"
	    "\"resource\":"
	    "{\"resourceType\":\"Composition\",\"id\":\"c1\"}}]}";
	static const struct find_case in_task[] = {
	    {"occurrence", "ge2020-01-20", true},
	    {"occurrence", "gt2020-02-01", false},
	    {"occurrence", "le2019", true},
	};
	static const struct find_case in_plan[] = {
	    {"depends-on", "http://l/Library/x", true},
	    {"depends-on", "http://l/Library/x|2", true},
	    {"depends-on", "http://l/Library/x|3", false},
	    {"depends-on", "http://d", true},
	    {"successor:missing", "true", true},
	};
	static const struct find_case in_bundle[] = {
	    {"composition", "c1", true},
	    {"composition", "Composition/c1", true},
	    {"composition", "c2", false},
	};
	run_cases("ServiceRequest", task, in_task, HF_COUNT(in_task));
	run_cases("PlanDefinition", plan, in_plan, HF_COUNT(in_plan));
	run_cases("Bundle", bundle, in_bundle, HF_COUNT(in_bundle));
}

HF_TEST(what_cannot_be_understood_is_refused_by_name)
{
	static const struct {
		const char *type, *name, *value, *says;
	} cases[] = {
	    {"Patient", "family:starts", "x", "no modifier :starts"},
	    {"Patient", "family:not", "x", "no modifier :not"},
	    {"Patient", "birthdate:exact", "2020", "no modifier :exact"},
	    {"Patient", "family:missing", "maybe", "true or false"},
	    {"Patient", "family", "", "empty"},
	    {"Patient", "family", "a,,b", "empty"},
	    {"Patient", "family", "---", "no letter"},
	    {"Patient", "birthdate", "yesterday", "may begin with"},
	    {"Patient", "birthdate", "eq", "expected a date"},
	    {"Patient", "birthdate", "2020-13", "expected a date"},
	    {"Patient", "birthdate", "ge01/02/2020", "expected a date"},
	    {"Patient", "identifier", "a|b|c", "more than one |"},
	    {"Patient", "identifier", "|", "neither a code nor a system"},
	    {"Patient", "identifier:of-type", "a|b", ":of-type takes"},
	    {"Patient", "identifier:in", "http://v", "terminology"},
	    {"Patient", "language:below", "en", "terminology"},
	    {"Patient", "general-practitioner:Patient", "1", "no modifier :Patient"},
	    {"Patient", "general-practitioner:Organization", "Practitioner/1",
	     "id of a resource"},
	    {"Observation", "value-quantity", "a lot", "may begin with"},
	    {"Observation", "value-quantity", "5|mg", "number|system|code"},
	    {"Observation", "value-quantity", "1..2", "expected a number"},
	    {"Observation", "value-quantity",
	     "1234567890123456789012345678901234567890", "expected a number"},
	    {"Observation", "code-value-quantity", "a$1", "not served"},
	    {"RiskAssessment", "probability", "xx0.5", "may begin with"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_arena arena = {.cap = 1 << 20};
		struct hf_sp_test test = {.n_any = 42};
		struct hf_err err = {0};
		enum hf_rc rc = parse(cases[i].type, cases[i].name, cases[i].value,
				      &arena, &test, &err);

		if (rc != HF_INVALID || !strstr(err.text, cases[i].says))
			fail_msg("%s=%s: %s", cases[i].name, cases[i].value, err.text);
		assert_int_equal(test.n_any, 42);
		hf_arena_free(&arena);
	}
}

HF_TEST(sort_keys_order_like_the_values)
{
	static const char *const numbers[] = {"-100", "-99.5", "-1",   "-0.5", "0",
					      "0.01", "0.5",   "1",    "1.10", "9",
					      "10",   "99",    "100.5"};
	struct hf_arena arena = {.cap = 1 << 20};
	const struct hf_sp *sp =
	    hf_sp_find(hf_resource_find(HF_SV("Observation")), HF_SV("value-quantity"));
	struct hf_sv last = HF_SV("");

	for (size_t i = 0; i < HF_COUNT(numbers); i++) {
		struct hf_json doc;
		struct hf_sv key;
		char json[128];

		snprintf(
		    json, sizeof json,
		    "{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":"
		    "%s}}",
		    numbers[i]);
		assert_int_equal(hf_json_parse(hf_arena_sv(&arena, hf_sv_from(json)),
					       NULL, &arena, &doc, NULL),
				 HF_OK);
		assert_int_equal(hf_sp_sort_key(sp, &doc, 0, false, &arena, &key, NULL),
				 HF_OK);
		assert_true(hf_sv_cmp(last, key) < 0);
		last = key;
	}
	hf_arena_free(&arena);
}

HF_TEST(of_several_values_the_first_in_the_direction_counts)
{
	struct hf_arena arena = {.cap = 1 << 20};
	hf_type_id type = hf_resource_find(HF_SV("Patient"));
	struct hf_json doc;
	struct hf_sv up, down;

	assert_int_equal(hf_json_parse(hf_sv_from(patient), NULL, &arena, &doc, NULL),
			 HF_OK);
	assert_int_equal(hf_sp_sort_key(hf_sp_find(type, HF_SV("given")), &doc, 0,
					false, &arena, &up, NULL),
			 HF_OK);
	assert_int_equal(hf_sp_sort_key(hf_sp_find(type, HF_SV("given")), &doc, 0, true,
					&arena, &down, NULL),
			 HF_OK);
	assert_sv_equal(up, "ann marie");
	assert_sv_equal(down, "zoe");
	assert_int_equal(hf_sp_sort_key(hf_sp_find(type, HF_SV("death-date")), &doc, 0,
					false, &arena, &up, NULL),
			 HF_OK);
	assert_int_equal(up.n, 0);
	hf_arena_free(&arena);
}

/* Too little memory is told of; it never makes another answer. */
HF_TEST(a_full_arena_is_a_failure_and_never_a_part)
{
	static const struct {
		const char *name, *value;
	} cases[] = {
	    {"identifier", "MR\\|12\\,3"},
	    {"name", "marie"},
	    {"name:contains", "marie"},
	    {"telecom", "02079460018"},
	    {"identifier:text", "ward"},
	    {"identifier:of-type", "http://v2|MR|x"},
	    {"general-practitioner", "Organization/o1"},
	    {"gender:not", "female"},
	};
	struct hf_arena whole = {.cap = 1 << 20};
	size_t refused = 0;
	struct hf_json doc;

	assert_int_equal(hf_json_parse(hf_sv_from(patient), NULL, &whole, &doc, NULL),
			 HF_OK);
	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_sp_test test;
		bool want = false;

		assert_int_equal(parse("Patient", cases[i].name, cases[i].value, &whole,
				       &test, NULL),
				 HF_OK);
		assert_int_equal(hf_sp_test_match(&test, &doc, 0,
						  HF_SV("http://me/fhir"), &whole,
						  &want, NULL),
				 HF_OK);
		for (size_t cap = 0; cap < 6000; cap += 16) {
			struct hf_arena small = {.cap = cap};
			bool got = !want;
			enum hf_rc rc =
			    hf_sp_test_match(&test, &doc, 0, HF_SV("http://me/fhir"),
					     &small, &got, NULL);

			if (rc != HF_TOO_LONG) {
				assert_int_equal(rc, HF_OK);
				assert_int_equal(got, want);
			}
			refused += rc != HF_OK;
			hf_arena_free(&small);
		}
	}
	assert_true(refused > 0);
	hf_arena_free(&whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_expression_of_the_standard_compiles),
	    cmocka_unit_test(
		strings_are_found_by_their_beginning_without_case_and_accents),
	    cmocka_unit_test(tokens_are_found_by_code_and_system),
	    cmocka_unit_test(references_are_found_in_each_form),
	    cmocka_unit_test(dates_follow_the_ranges_that_they_mean),
	    cmocka_unit_test(a_period_is_found_by_both_its_ends),
	    cmocka_unit_test(each_date_prefix_does_what_its_definition_says),
	    cmocka_unit_test(quantities_are_found_by_number_and_unit),
	    cmocka_unit_test(a_number_leaves_open_what_its_digits_leave_open),
	    cmocka_unit_test(ranges_money_and_samples_are_quantities_too),
	    cmocka_unit_test(uris_are_found_whole_below_or_above),
	    cmocka_unit_test(timings_canonicals_and_inline_resources_are_read),
	    cmocka_unit_test(what_cannot_be_understood_is_refused_by_name),
	    cmocka_unit_test(sort_keys_order_like_the_values),
	    cmocka_unit_test(of_several_values_the_first_in_the_direction_counts),
	    cmocka_unit_test(a_full_arena_is_a_failure_and_never_a_part),
	};
	return cmocka_run_group_tests_name("fhir/spvalue", tests, start, stop);
}
