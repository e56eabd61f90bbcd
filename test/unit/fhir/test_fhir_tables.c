/* test_fhir_tables.c - the generated tables keep the promises of tables.h. */
#include "fhir/tables.h"
#include "test/hf_test.h"

static hf_type_id
type_of(const char *name)
{
	hf_type_id id = hf_type_find(hf_sv_from(name));

	assert_true(id != 0);
	return id;
}

/* The type a JSON property has in owner, as its name; "" when there is none. */
static const char *
prop(const char *owner, const char *name)
{
	hf_type_id type = 0;

	if (!hf_elem_find(type_of(owner), hf_sv_from(name), &type))
		return "";
	return hf_type_get(type)->name;
}

HF_TEST(concrete_resource_types_are_1_to_146_in_order_of_their_names)
{
	assert_int_equal(hf_n_resource_types, 146);
	for (hf_type_id id = 1; id <= 146; id++) {
		const struct hf_type *t = hf_type_get(id);

		assert_int_equal(t->kind, HF_KIND_RESOURCE);
		assert_int_equal(hf_resource_find(hf_sv_from(t->name)), id);
		if (id > 1)
			assert_true(strcmp(hf_type_get((hf_type_id)(id - 1))->name,
					   t->name) < 0);
	}
	/* Numbers that stand in databases. */
	assert_int_equal(hf_resource_find(HF_SV("Account")), 1);
	assert_int_equal(hf_resource_find(HF_SV("Observation")), 96);
	assert_int_equal(hf_resource_find(HF_SV("Patient")), 103);
	assert_int_equal(hf_resource_find(HF_SV("VisionPrescription")), 146);
}

HF_TEST(only_concrete_resource_types_are_found_as_resources)
{
	static const char *const others[] = {
	    "Resource", "DomainResource",     "HumanName", "code",
	    "patient",	"SubscriptionStatus", "",	   "Patient.contact"};

	for (size_t i = 0; i < HF_COUNT(others); i++)
		assert_int_equal(hf_resource_find(hf_sv_from(others[i])), 0);
}

HF_TEST(every_type_is_found_by_its_name_and_leads_to_its_base)
{
	hf_type_id top[] = {type_of("Resource"), type_of("Element")};

	for (hf_type_id id = 1; id <= type_of("VisionPrescription"); id++)
		assert_true(hf_type_is(id, top[0]));
	assert_true(hf_type_is(type_of("Patient"), type_of("DomainResource")));
	assert_false(hf_type_is(type_of("Bundle"), type_of("DomainResource")));
	assert_true(hf_type_is(type_of("Age"), type_of("Quantity")));
	assert_true(hf_type_is(type_of("id"), type_of("string")));
	assert_true(hf_type_is(type_of("Patient.contact"), top[1]));
	assert_false(hf_type_is(type_of("Quantity"), type_of("Age")));
	assert_false(hf_type_is(0, top[1]));
}

HF_TEST(every_property_name_of_every_element_is_found)
{
	size_t names = 0;

	for (hf_type_id id = 1; id <= type_of("VisionPrescription.lensSpecification."
					      "prism");
	     id++) {
		const struct hf_type *t = hf_type_get(id);

		for (uint16_t k = 0; k < t->n_elem; k++) {
			const struct hf_elem *e = hf_elem_get(id, k);

			assert_ptr_equal(hf_elem_by_name(id, hf_sv_from(e->name)), e);
			for (uint16_t i = 0; i < e->n_types; i++) {
				hf_type_id want = hf_elem_type(e, i), type = 0;
				const char *suffix = hf_type_get(want)->name;
				char name[96];

				snprintf(name, sizeof(name), "%s%s", e->name,
					 e->choice ? suffix : "");
				if (e->choice)
					name[strlen(e->name)] =
					    (char)(suffix[0] & ~0x20);
				assert_ptr_equal(
				    hf_elem_find(id, hf_sv_from(name), &type), e);
				assert_int_equal(type, want);
				names++;
			}
		}
	}
	assert_int_equal(names, 8246);
}

HF_TEST(a_choice_is_found_by_its_json_names_and_not_by_its_fhirpath_name)
{
	hf_type_id obs = type_of("Observation"), type = 0;
	const struct hf_elem *e = hf_elem_find(obs, HF_SV("valueQuantity"), &type);

	assert_string_equal(e->name, "value");
	assert_true(e->choice);
	assert_int_equal(type, type_of("Quantity"));
	assert_null(hf_elem_find(obs, HF_SV("value"), &type));
	assert_null(hf_elem_find(obs, HF_SV("valueAddress"), &type));
	assert_ptr_equal(hf_elem_by_name(obs, HF_SV("value")), e);
	assert_null(hf_elem_by_name(obs, HF_SV("valueQuantity")));
	assert_null(hf_elem_find(obs, HF_SV(""), &type));
}

HF_TEST(elements_have_the_types_of_the_specification)
{
	assert_string_equal(prop("Patient", "id"), "id");
	assert_string_equal(prop("Patient", "contact"), "Patient.contact");
	assert_string_equal(prop("Patient", "birthDate"), "date");
	assert_string_equal(prop("Patient", "contained"), "Resource");
	assert_string_equal(prop("Patient.contact", "id"), "string");
	assert_string_equal(prop("Extension", "url"), "uri");
	assert_string_equal(prop("Extension", "valueBase64Binary"), "base64Binary");
	assert_string_equal(prop("Narrative", "div"), "xhtml");
	assert_string_equal(prop("Observation.component", "referenceRange"),
			    "Observation.referenceRange");
	assert_string_equal(prop("Questionnaire.item", "item"), "Questionnaire.item");
	assert_string_equal(prop("Binary", "text"), "");
}

HF_TEST(what_the_package_adds_to_r4_is_not_there)
{
	assert_string_equal(prop("Meta", "project"), "");
	assert_string_equal(prop("ResearchStudy", "recruitment"), "");
	assert_string_equal(
	    prop("EvidenceVariable.characteristic", "definitionTriggerDefinition"),
	    "TriggerDefinition");
	assert_string_equal(prop("Bundle.entry.response", "outcome"), "Resource");
	assert_null(hf_sp_find(type_of("DetectedIssue"), HF_SV("status")));
}

HF_TEST(cardinality_and_flags_come_from_the_definitions)
{
	hf_type_id obs = type_of("Observation"), type;
	const struct hf_elem *status = hf_elem_find(obs, HF_SV("status"), &type);
	const struct hf_elem *code = hf_elem_find(obs, HF_SV("code"), &type);
	const struct hf_elem *note = hf_elem_find(obs, HF_SV("note"), &type);
	uint64_t required = hf_elem_required(obs);

	assert_int_equal(status->min, 1);
	assert_true(status->summary && status->modifier && !status->many);
	assert_true(note->many && note->min == 0 && !note->summary);
	assert_int_equal(required, 1ull << (status - hf_elem_get(obs, 0)) |
				       1ull << (code - hf_elem_get(obs, 0)));
}

HF_TEST(references_have_targets_unless_any_type_will_do)
{
	hf_type_id type;
	const struct hf_elem *patient =
	    hf_elem_find(type_of("AllergyIntolerance"), HF_SV("patient"), &type);
	const struct hf_elem *focus =
	    hf_elem_find(type_of("Observation"), HF_SV("focus"), &type);

	assert_int_equal(patient->n_targets, 1);
	assert_int_equal(hf_elem_target(patient, 0), type_of("Patient"));
	assert_int_equal(focus->n_targets, 0);
}

static uint16_t
binding(const char *owner, const char *element)
{
	hf_type_id type;
	const struct hf_elem *e =
	    hf_elem_find(type_of(owner), hf_sv_from(element), &type);

	assert_non_null(e);
	return e->binding;
}

HF_TEST(codes_of_required_bindings_are_known)
{
	const struct hf_sv any = {0};
	uint16_t gender = binding("Patient", "gender");
	uint16_t clinical = binding("Condition", "clinicalStatus");
	struct hf_sv system =
	    HF_SV("http://terminology.hl7.org/CodeSystem/condition-clinical");

	assert_string_equal(hf_binding_url(gender),
			    "http://hl7.org/fhir/ValueSet/administrative-gender");
	assert_int_equal(hf_binding_check(gender, any, HF_SV("female")), HF_BIND_IN);
	assert_int_equal(hf_binding_check(gender, any, HF_SV("Female")), HF_BIND_OUT);
	assert_int_equal(hf_binding_check(gender, any, HF_SV("")), HF_BIND_OUT);
	assert_int_equal(hf_binding_check(clinical, system, HF_SV("relapse")),
			 HF_BIND_IN);
	assert_int_equal(hf_binding_check(clinical, HF_SV("http://snomed.info/sct"),
					  HF_SV("relapse")),
			 HF_BIND_OUT);
	assert_int_equal(hf_binding_check(clinical, HF_SV(""), HF_SV("relapse")),
			 HF_BIND_OUT);
	assert_int_equal(binding("Observation", "code"), 0);
}

HF_TEST(codes_of_an_open_value_set_are_unchecked)
{
	uint16_t mime = binding("Attachment", "contentType");
	struct hf_sv system, code, any = {0};

	assert_int_equal(hf_binding_check(mime, any, HF_SV("text/plain")),
			 HF_BIND_UNCHECKED);
	assert_false(hf_binding_code(mime, 0, &system, &code));
}

HF_TEST(every_listed_code_is_in_its_value_set)
{
	size_t codes = 0, elements = 0;

	for (hf_type_id id = 1; id <= type_of("VisionPrescription.lensSpecification."
					      "prism");
	     id++)
		for (uint16_t k = 0; k < hf_type_get(id)->n_elem; k++) {
			uint16_t b = hf_elem_get(id, k)->binding;
			struct hf_sv system, code, any = {0};

			if (b == 0)
				continue;
			elements++;
			for (uint32_t i = 0; hf_binding_code(b, i, &system, &code);
			     i++) {
				assert_int_equal(hf_binding_check(b, system, code),
						 HF_BIND_IN);
				assert_int_equal(hf_binding_check(b, any, code),
						 HF_BIND_IN);
				codes++;
			}
		}
	assert_int_equal(elements, 366);
	assert_true(codes > 2000);
}

HF_TEST(search_parameters_stand_in_code_order_with_the_inherited_ones)
{
	for (hf_type_id id = 1; id <= hf_n_resource_types; id++) {
		uint16_t first, n;

		hf_sp_of_type(id, &first, &n);
		assert_true(n >= 8);
		for (uint16_t i = 0; i < n; i++) {
			const struct hf_sp *sp = hf_sp_get((uint16_t)(first + i));

			assert_int_equal(sp->id, first + i);
			assert_int_equal(sp->type, id);
			assert_ptr_equal(hf_sp_find(id, hf_sv_from(sp->code)), sp);
			assert_true(sp->expression_id <= hf_n_sp_expressions());
			assert_int_equal(sp->expression_id == 0, !*sp->expression);
			if (i > 0)
				assert_true(strcmp(sp[-1].code, sp->code) < 0);
		}
		assert_non_null(hf_sp_find(id, HF_SV("_lastUpdated")));
	}
	assert_null(hf_sp_find(type_of("Binary"), HF_SV("_text")));
	assert_non_null(hf_sp_find(type_of("Patient"), HF_SV("_text")));
	assert_null(hf_sp_find(type_of("Patient"), HF_SV("nothing")));
}

HF_TEST(an_expression_for_several_types_is_cut_to_the_part_of_one)
{
	const struct hf_sp *code = hf_sp_find(type_of("Observation"), HF_SV("code"));
	const struct hf_sp *date = hf_sp_find(type_of("Procedure"), HF_SV("date"));
	const struct hf_sp *phone = hf_sp_find(type_of("Person"), HF_SV("phone"));
	const struct hf_sp *value =
	    hf_sp_find(type_of("Observation"), HF_SV("combo-value-quantity"));

	assert_string_equal(code->expression, "Observation.code");
	assert_int_equal(code->kind, HF_SP_TOKEN);
	assert_string_equal(date->expression, "Procedure.performed");
	assert_string_equal(phone->expression, "Person.telecom.where(system='phone')");
	assert_string_equal(value->expression,
			    "(Observation.value as Quantity) | "
			    "(Observation.value as SampledData) | "
			    "(Observation.component.value as Quantity) | "
			    "(Observation.component.value as SampledData)");
}

HF_TEST(reference_parameters_have_their_targets)
{
	const struct hf_sp *sp = hf_sp_find(type_of("Observation"), HF_SV("patient"));

	assert_int_equal(sp->kind, HF_SP_REFERENCE);
	assert_int_equal(sp->n_targets, 2);
	assert_int_equal(hf_sp_target(sp, 0), type_of("Patient"));
	assert_int_equal(hf_sp_target(sp, 1), type_of("Group"));
}

HF_TEST(the_patient_compartment_names_parameters_that_exist)
{
	size_t n = 0;

	for (hf_type_id id = 1; id <= hf_n_resource_types; id++) {
		const char *const *codes = hf_compartment_params(id);

		for (size_t i = 0; codes && codes[i]; i++) {
			assert_non_null(hf_sp_find(id, hf_sv_from(codes[i])));
			n++;
		}
	}
	assert_true(n > 66);
	assert_null(hf_compartment_params(type_of("Organization")));
	assert_string_equal(hf_compartment_params(type_of("Condition"))[0], "patient");
}

HF_TEST_MAIN(
    "fhir/tables",
    cmocka_unit_test(concrete_resource_types_are_1_to_146_in_order_of_their_names),
    cmocka_unit_test(only_concrete_resource_types_are_found_as_resources),
    cmocka_unit_test(every_type_is_found_by_its_name_and_leads_to_its_base),
    cmocka_unit_test(every_property_name_of_every_element_is_found),
    cmocka_unit_test(a_choice_is_found_by_its_json_names_and_not_by_its_fhirpath_name),
    cmocka_unit_test(elements_have_the_types_of_the_specification),
    cmocka_unit_test(what_the_package_adds_to_r4_is_not_there),
    cmocka_unit_test(cardinality_and_flags_come_from_the_definitions),
    cmocka_unit_test(references_have_targets_unless_any_type_will_do),
    cmocka_unit_test(codes_of_required_bindings_are_known),
    cmocka_unit_test(codes_of_an_open_value_set_are_unchecked),
    cmocka_unit_test(every_listed_code_is_in_its_value_set),
    cmocka_unit_test(search_parameters_stand_in_code_order_with_the_inherited_ones),
    cmocka_unit_test(an_expression_for_several_types_is_cut_to_the_part_of_one),
    cmocka_unit_test(reference_parameters_have_their_targets),
    cmocka_unit_test(the_patient_compartment_names_parameters_that_exist))
