/* The promises of population/record.h: what the record says of one person. */
#include "test/hf_test.h"

#include "population/record.h"

static struct hf_arena arena = {.cap = 32 << 20};

static struct hf_sv
ods(void *ctx, struct hf_sv reference)
{
	(void)ctx;
	return hf_sv_is(reference, "Organization/practice")   ? HF_SV("C87001")
	       : hf_sv_is(reference, "Organization/hospital") ? HF_SV("RFR")
							      : HF_SV("");
}

static const struct hf_record_known known = {ods, NULL, NULL};

static void
take(struct hf_record_rows *r, const char *text)
{
	struct hf_json d;
	struct hf_err err = {0};

	if (hf_json_parse(hf_sv_from(text), NULL, &arena, &d, &err) != HF_OK)
		fail_msg("%s", err.text);
	assert_int_equal(hf_record_rows_take(r, &d, &err), HF_OK);
}

#define UK	"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-"
#define CODE(c) "\"valueCodeableConcept\":{\"coding\":[{\"code\":\"" c "\"}]}"
#define SCT(c)                                                                         \
	"{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"" c "\"}]}"

static const char patient[] =
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"extension\":[{\"url\":\"" UK
    "EthnicCategory\"," CODE(
	"A") "}],\"identifier\":[{\"extension\":[{\"url\":\"" UK
	     "NHSNumberVerificationStatus\"," CODE(
		 "01") "}],"
		       "\"system\":\"https://fhir.nhs.uk/Id/"
		       "nhs-number\",\"value\":\"9434765919\"}],"
		       "\"gender\":\"female\",\"birthDate\":\"1940-05-17\","
		       "\"generalPractitioner\":["
		       "{\"reference\":\"Practitioner/"
		       "x\"},{\"reference\":\"Organization/practice\"}]}";
static const char attendance[] =
    "{\"resourceType\":\"Encounter\",\"id\":\"ed\",\"status\":\"finished\",\"class\":"
    "{\"code\":\"EMER\"},\"period\":{\"start\":\"2024-01-30T20:00:00+00:00\",\"end\":"
    "\"2024-01-30T23:00:00+00:00\"},\"serviceProvider\":{\"reference\":"
    "\"Organization/hospital\"}}";
static const char stay[] =
    "{\"resourceType\":\"Encounter\",\"id\":\"in\",\"extension\":[{\"url\":\"" UK
    "DischargeMethod\"," CODE(
	"1") "}],\"status\":\"finished\",\"class\":"
	     "{\"code\":\"IMP\"},\"partOf\":{\"reference\":\"Encounter/"
	     "ed\"},\"period\":"
	     "{\"start\":\"2024-01-30T23:15:00+00:00\",\"end\":\"2024-02-02T10:05:00+"
	     "00:00\"},"
	     "\"diagnosis\":[{\"condition\":{\"reference\":\"Condition/"
	     "c1\"}},{\"condition\":"
	     "{\"reference\":\"Condition/"
	     "c2\"}}],\"hospitalization\":{\"extension\":[{\"url\":"
	     "\"" UK "AdmissionMethod\"," CODE(
		 "21") "}],\"dischargeDisposition\":{\"coding\":"
		       "[{\"code\":\"54\"}]}},\"serviceProvider\":{\"reference\":"
		       "\"Organization/hospital\"}}";
static const char heart[] =
    "{\"resourceType\":\"Condition\",\"id\":\"c1\",\"code\":{\"coding\":[{\"system\":"
    "\"http://snomed.info/sct\",\"code\":\"84114007\"},{\"system\":"
    "\"http://hl7.org/fhir/sid/icd-10\",\"code\":\"I50.9\"}]},\"onsetDateTime\":"
    "\"2019-03-01\"}";
static const char diabetes[] =
    "{\"resourceType\":\"Condition\",\"id\":\"c2\",\"code\":{\"coding\":[{\"system\":"
    "\"http://hl7.org/fhir/sid/icd-10\",\"code\":\"E11.9\"},{\"system\":"
    "\"http://snomed.info/sct\",\"code\":\"44054006\"}]},\"recordedDate\":"
    "\"2015-01-01\"}";

static struct hf_sv
text(const struct hf_pop_own *own, enum hf_pop_kind kind, uint16_t code)
{
	assert_true(code < own->dict[kind].n);
	return own->dict[kind].text[code];
}

HF_TEST(a_stay_has_its_kind_nights_diagnoses_and_the_attendance_it_came_of)
{
	struct hf_record_rows *r = hf_record_rows_new(&arena, &known);
	struct hf_pop_own own;
	struct hf_nhs nhs;
	const struct hf_pop_event *e;

	take(r, stay);
	take(r, diabetes);
	take(r, attendance);
	take(r, patient);
	take(r, heart);
	assert_true(hf_record_rows_nhs(r, &nhs));
	assert_int_equal(hf_record_rows_end(r, false, &own, NULL), HF_OK);
	assert_int_equal(own.person.birth, 40 * 12 + 4);
	assert_int_equal(own.person.sex, HF_POP_FEMALE);
	assert_int_equal(own.person.ethnic, 'A');
	assert_int_equal(own.person.flags, HF_POP_P_FROM_RECORD);
	assert_int_equal(own.n_reg, 1);
	assert_sv_equal(text(&own, HF_POP_PRACTICE, own.reg[0].practice), "C87001");
	assert_int_equal(own.n_event, 2);
	e = &own.event[0];
	assert_int_equal(e->setting, HF_POP_AE);
	assert_int_equal(e->outcome, HF_POP_O_ADMITTED);
	assert_int_equal(e->minute, 1200);
	assert_int_equal(e->wait, 180); /* from arrival to departure */
	e = &own.event[1];
	assert_int_equal(e->setting, HF_POP_NE);
	assert_int_equal(e->method, HF_POP_M_21);
	assert_int_equal(e->los, 3);
	assert_int_equal(e->outcome, HF_POP_O_CARE_HOME);
	assert_true(e->flags & HF_POP_F_RECORD);
	assert_sv_equal(text(&own, HF_POP_PROVIDER, e->provider), "RFR");
	assert_sv_equal(text(&own, HF_POP_ICD10, e->dx), "I509");
	assert_int_equal(own.dx_pool[e->dx_more], 1);
	assert_sv_equal(text(&own, HF_POP_ICD10, own.dx_pool[e->dx_more + 1]), "E119");
	assert_int_equal(own.n_cond, 2);
}

HF_TEST(values_medicines_and_a_referral_within_two_hours_are_rows)
{
	struct hf_record_rows *r = hf_record_rows_new(&arena, &known);
	struct hf_pop_own own;

	take(r, patient);
	take(r,
	     "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":" SCT(
		 "1022431000000105") ",\"effectiveDateTime\":\"2024-01-02T10:00:00Z\","
				     "\"valueQuantity\":{\"value\":114.5}}");
	take(r, "{\"resourceType\":\"Observation\",\"status\":\"entered-in-error\","
		"\"code\":" SCT("1022431000000105") ",\"effectiveDateTime\":"
						    "\"2024-01-02T10:00:00Z\","
						    "\"valueQuantity\":{\"value\":1}}");
	take(r, "{\"resourceType\":\"MedicationRequest\",\"status\":\"active\","
		"\"medicationCodeableConcept\":{\"coding\":[{\"system\":"
		"\"https://dmd.nhs.uk\",\"code\":\"319283006\"}]},\"authoredOn\":"
		"\"2024-01-03\"}");
	take(
	    r,
	    "{\"resourceType\":\"Task\",\"status\":\"completed\",\"code\":{\"coding\":["
	    "{\"system\":\"https://homefirst.example/CodeSystem/"
	    "pathway-task\",\"code\":"
	    "\"instance\"}]},\"input\":["
	    "{\"type\":{\"coding\":[{\"code\":\"submit\"}]},\"valueString\":"
	    "\"{\\\"at\\\":\\\"2024-03-01T10:00:00Z\\\",\\\"facts\\\":"
	    "{\\\"urgencyAsked\\\":\\\"U2\\\"}}\"},"
	    "{\"type\":{\"coding\":[{\"code\":\"accept\"}]},\"valueString\":"
	    "\"{\\\"at\\\":\\\"2024-03-01T10:10:00Z\\\",\\\"facts\\\":"
	    "{\\\"urgency\\\":\\\"U1\\\"}}\"},"
	    "{\"type\":{\"coding\":[{\"code\":\"start-contact\"}]},\"valueString\":"
	    "\"{\\\"at\\\":\\\"2024-03-01T11:30:00Z\\\"}\"}]}");
	assert_int_equal(hf_record_rows_end(r, false, &own, NULL), HF_OK);
	assert_int_equal(own.n_value, 1);
	assert_int_equal(own.value[0].milli, 114500);
	assert_sv_equal(text(&own, HF_POP_VALUE, own.value[0].code), "hb");
	assert_int_equal(own.n_event, 2);
	assert_int_equal(own.event[0].setting, HF_POP_RX);
	assert_sv_equal(text(&own, HF_POP_PROC, own.event[0].proc), "319283006");
	assert_int_equal(own.event[1].setting, HF_POP_UCR);
	assert_int_equal(own.event[1].wait, 90);
}

static uint8_t
flags_with(const char *one, const char *two, bool list)
{
	struct hf_record_rows *r = hf_record_rows_new(&arena, &known);
	struct hf_pop_own own;

	take(r, patient);
	if (one)
		take(r, one);
	if (two)
		take(r, two);
	assert_int_equal(hf_record_rows_end(r, list, &own, NULL), HF_OK);
	return own.person.flags;
}

#define CHOICE(code, at)                                                               \
	"{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":" SCT(        \
	    code) ",\"effectiveDateTime\":\"" at "\"}"

HF_TEST(who_objects_is_marked_until_it_is_withdrawn)
{
	static const char dissent[] = CHOICE("827241000000103", "2024-01-01");
	static const char again[] = CHOICE("827261000000102", "2024-02-01");

	assert_false(flags_with(NULL, NULL, false) & HF_POP_P_OBJECTS);
	assert_true(flags_with(NULL, NULL, true) & HF_POP_P_OBJECTS);
	assert_true(flags_with(dissent, NULL, false) & HF_POP_P_OBJECTS);
	assert_false(flags_with(again, dissent, false) & HF_POP_P_OBJECTS);
	assert_true(flags_with(dissent, again, true) & HF_POP_P_OBJECTS);
}

/* POP-T31: a number that was doubted is not the person's. */
HF_TEST(a_number_that_is_not_verified_links_nobody)
{
	struct hf_record_rows *r = hf_record_rows_new(&arena, &known);
	char *doubted = hf_arena_cstr(&arena, hf_sv_from(patient));
	struct hf_pop_own own;
	struct hf_nhs nhs;

	memcpy(strstr(doubted, "\"01\""), "\"02\"", 4);
	take(r, doubted);
	assert_false(hf_record_rows_nhs(r, &nhs));
	assert_int_equal(hf_record_rows_end(r, false, &own, NULL), HF_OK);
	assert_true(own.person.flags & HF_POP_P_UNTRACED);
}

HF_TEST(resources_that_are_wrong_give_no_rows)
{
	struct hf_record_rows *r = hf_record_rows_new(&arena, &known);
	struct hf_pop_own own;

	take(r, "{\"resourceType\":\"Encounter\",\"status\":\"finished\"}");
	take(r, "{\"resourceType\":\"Encounter\",\"status\":\"cancelled\",\"class\":"
		"{\"code\":\"IMP\"},\"period\":{\"start\":\"2024-01-01\"}}");
	take(r, "{\"resourceType\":\"Condition\",\"id\":\"x\",\"verificationStatus\":"
		"{\"coding\":[{\"code\":\"refuted\"}]},\"code\":" SCT("84114007") "}");
	take(r, "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":[1]}");
	take(r, "{\"resourceType\":\"Patient\",\"gender\":3,\"identifier\":{}}");
	take(r, "{\"resourceType\":\"Task\",\"input\":[{\"valueString\":\"{\"}]}");
	take(r, "{}");
	assert_int_equal(hf_record_rows_end(r, false, &own, NULL), HF_OK);
	assert_int_equal(own.n_event + own.n_cond + own.n_value + own.n_reg, 0);
	assert_int_equal(own.person.birth, INT16_MIN);
}

/* 84114007 is heart failure by what comes with the program, 161898004 falls. */
HF_TEST(section_2_1_an_imported_list_takes_the_place_of_the_codes_that_are_shipped)
{
	struct hf_code_item items[] = {
	    {HF_SV("161898004"), HF_SV("efi-falls"), HF_REF_SNOMED},
	    {HF_SV("22298006"), HF_SV("ltc-heart-failure"), HF_REF_SNOMED},
	};
	struct hf_code_item named[] = {
	    {HF_SV("v1"), HF_SV("efi-falls"), HF_REF_SNOMED},
	    {HF_SV("v1"), HF_SV("ltc-heart-failure"), HF_REF_SNOMED},
	};
	struct hf_code_lists lists = {items, 2, named, 2};
	const struct hf_record_known with = {ods, NULL, &lists};
	struct hf_record_rows *r = hf_record_rows_new(&arena, &with);
	struct hf_pop_own own;

	hf_code_lists_end(&lists);
	take(r, "{\"resourceType\":\"Condition\",\"id\":\"a\",\"code\":" SCT(
		    "84114007") ",\"onsetDateTime\":\"2020-01-01\"}");
	take(r, "{\"resourceType\":\"Condition\",\"id\":\"b\",\"code\":" SCT(
		    "161898004") ",\"onsetDateTime\":\"2020-01-02\"}");
	/* By the list heart failure; ltc-chd has none, so its shipped code still
	 * counts. */
	take(r, "{\"resourceType\":\"Condition\",\"id\":\"c\",\"code\":" SCT(
		    "22298006") ",\"onsetDateTime\":\"2020-01-03\"}");
	assert_int_equal(hf_record_rows_end(r, false, &own, NULL), HF_OK);
	assert_int_equal(own.n_cond, 3);
	assert_int_equal(own.cond[0].from, 10958);
	assert_int_equal(own.cond[1].from, 10959);
	assert_int_equal(own.cond[2].from, 10959);
}

HF_TEST_MAIN(
    "population/record",
    cmocka_unit_test(
	section_2_1_an_imported_list_takes_the_place_of_the_codes_that_are_shipped),
    cmocka_unit_test(
	a_stay_has_its_kind_nights_diagnoses_and_the_attendance_it_came_of),
    cmocka_unit_test(values_medicines_and_a_referral_within_two_hours_are_rows),
    cmocka_unit_test(who_objects_is_marked_until_it_is_withdrawn),
    cmocka_unit_test(a_number_that_is_not_verified_links_nobody),
    cmocka_unit_test(resources_that_are_wrong_give_no_rows))
