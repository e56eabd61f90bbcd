/* The promises of access/audit_fhir.h: each kind of line is a valid AuditEvent. */
#include "access/audit_fhir.h"

#include "fhir/validate.h"
#include "test/hf_test.h"

static struct hf_arena arena;

static struct hf_audit_event
full_event(enum hf_audit_code code)
{
	static const int64_t shelves[] = {1048577};

	return (struct hf_audit_event){
	    .seq = 7,
	    .at = 1767268800000,
	    .actor = HF_SV("user/u1"),
	    .role = HF_SV("R8001"),
	    .org = HF_SV("RZ2"),
	    .who = HF_SV("Practitioner/p"),
	    .behalf = HF_SV("Organization/o"),
	    .session = 12,
	    .address = HF_SV("192.0.2.7"),
	    .request = HF_SV("abc-1"),
	    .purpose = HF_SV("DIRECT"),
	    .relations = HF_SV("CASE,GPREG"),
	    .glass = HF_SV("EMERGENCY"),
	    .case_ref = HF_SV("C-1"),
	    .code = code,
	    .route = HF_SV("hf_fhir_read"),
	    .what = HF_SV("Observation/abc"),
	    .shelves = shelves,
	    .n_shelves = 1,
	    .names = HF_SV("family,birthdate"),
	    .query = 0x1234,
	    .hits = 2,
	    .status = 200,
	    .decision = HF_SV("ALLOW"),
	    .rule = HF_SV("R11"),
	    .policy = HF_SV("roles 1"),
	    .notes = HF_SV("ALERT"),
	};
}

/* The AuditEvent of an event, checked against the definitions of R4. */
static struct hf_sv
resource_of(const struct hf_audit_event *e, size_t n_people, size_t n_things)
{
	static const struct hf_sv people[] = {{"p1", 2}, {"p2", 2}};
	static const struct hf_sv things[] = {{"Observation/o1", 14},
					      {"Patient/p1", 10}};
	struct hf_audit_fhir a = {.id = HF_SV("r-1-234"),
				  .event = e,
				  .name = HF_SV("Dr Test"),
				  .people = people,
				  .n_people = n_people,
				  .things = things,
				  .n_things = n_things};
	struct hf_issues issues = {.arena = &arena};
	struct hf_buf out = {.cap = 1 << 20};
	struct hf_jw w = {.out = &out};
	struct hf_json doc;
	hf_type_id type = 0;
	struct hf_sv text;
	struct hf_err err;

	hf_audit_fhir(&w, &a);
	assert_false(out.failed);
	text = hf_arena_sv(&arena, hf_buf_view(&out));
	hf_buf_free(&out);
	if (hf_json_parse(text, NULL, &arena, &doc, &err) != HF_OK)
		fail_msg("%s in %.*s", err.text, HF_SV_ARG(text));
	if (!hf_validate(&doc, 0, &issues, &type))
		assert_true(issues.n > 0);
	assert_int_equal(type, hf_resource_find(HF_SV("AuditEvent")));
	for (size_t i = 0; i < issues.n; i++)
		if (issues.items[i].severity == HF_SEV_ERROR)
			fail_msg("%.*s: %.*s in %.*s", HF_SV_ARG(issues.items[i].path),
				 HF_SV_ARG(issues.items[i].text), HF_SV_ARG(text));
	return text;
}

HF_TEST(each_kind_of_line_is_a_valid_audit_event)
{
	for (int code = 0; code < HF_AUDIT_CODES; code++) {
		struct hf_audit_event e = full_event((enum hf_audit_code)code);

		arena = (struct hf_arena){.cap = 8 << 20};
		resource_of(&e, 2, 0);
		resource_of(&e, 1, 2);
		/* And with next to nothing in it, as a failed sign-in has. */
		e = (struct hf_audit_event){.at = e.at,
					    .actor = HF_SV("nobody"),
					    .code = (enum hf_audit_code)code,
					    .hits = -1,
					    .status = 401};
		resource_of(&e, 0, 0);
		hf_arena_free(&arena);
	}
}

static bool
has(struct hf_sv text, const char *part)
{
	return memmem(text.p, text.n, part, strlen(part)) != NULL;
}

HF_TEST(it_says_who_for_whom_what_for_from_where_and_by_which_rule)
{
	struct hf_audit_event e = full_event(HF_AUDIT_GLASS);
	struct hf_sv text;

	arena = (struct hf_arena){.cap = 8 << 20};
	text = resource_of(&e, 1, 0);
	assert_true(has(text, "\"code\":\"110127\""));
	assert_true(has(text, "\"reference\":\"Practitioner/p\""));
	assert_true(has(text, "\"altId\":\"Organization/o\""));
	assert_true(has(text, "\"policy\":[\"urn:homefirst:rule:R11\"]"));
	assert_true(has(text, "\"address\":\"192.0.2.7\""));
	assert_true(has(text, "\"code\":\"DIRECT\",\"display\":\"direct care\""));
	assert_true(
	    has(text, "\"type\":\"relationships\",\"valueString\":\"CASE,GPREG\""));
	assert_true(has(text, "\"type\":\"breakGlass\",\"valueString\":\"EMERGENCY\""));
	assert_true(
	    has(text, "\"type\":\"hash\",\"valueString\":\"0000000000001234\""));
	hf_arena_free(&arena);
}

HF_TEST(types_and_subtypes_are_found_by_code_and_by_system_and_code)
{
	uint64_t read = UINT64_C(1) << HF_AUDIT_READ, in = UINT64_C(1)
							   << HF_AUDIT_SIGN_IN;

	assert_int_equal(hf_audit_fhir_subtype(HF_SV("read")), read);
	assert_int_equal(hf_audit_fhir_subtype(
			     HF_SV("http://hl7.org/fhir/restful-interaction|read")),
			 read);
	assert_int_equal(hf_audit_fhir_subtype(HF_SV("|read")), read);
	assert_int_equal(hf_audit_fhir_subtype(HF_SV("http://other|read")), 0);
	assert_int_equal(hf_audit_fhir_subtype(HF_SV("110122")), in);
	assert_int_equal(hf_audit_fhir_subtype(HF_SV("sign-in")), in);
	assert_int_equal(hf_audit_fhir_subtype(HF_SV("")), 0);
	assert_true((hf_audit_fhir_type(HF_SV("rest")) & read) != 0);
	assert_true((hf_audit_fhir_type(HF_SV("rest")) & in) == 0);
	assert_true((hf_audit_fhir_type(HF_SV("110114")) & in) != 0);
}

HF_TEST_MAIN(
    "access/audit_fhir", cmocka_unit_test(each_kind_of_line_is_a_valid_audit_event),
    cmocka_unit_test(it_says_who_for_whom_what_for_from_where_and_by_which_rule),
    cmocka_unit_test(types_and_subtypes_are_found_by_code_and_by_system_and_code))
