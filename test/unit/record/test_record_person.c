/* The promises of record/io/person.h, on both engines. */
#include "test/hf_test.h"

#include "record/io/person.h"
#include "test/support/store.h"

#define ODS	"https://fhir.nhs.uk/Id/ods-organization-code"
#define PATIENT "\"subject\":{\"reference\":\"Patient/hale\"}"

static const char *const record[] = {
    "{\"resourceType\":\"Organization\",\"id\":\"surgery\",\"identifier\":[{\"system\":"
    "\"" ODS "\",\"value\":\"Z99001\"}],\"type\":[{\"text\":\"GP practice\"}],\"name\":"
    "\"Mill Lane Surgery\",\"telecom\":[{\"system\":\"phone\",\"value\":\"01632 "
    "960001\"}]}",
    "{\"resourceType\":\"Organization\",\"id\":\"trust\",\"identifier\":[{\"system\":"
    "\"" ODS
    "\",\"value\":\"RZ9\"}],\"type\":[{\"text\":\"Acute hospital trust\"}],\"name\":"
    "\"Wrenford Hospitals\"}",
    "{\"resourceType\":\"Practitioner\",\"id\":\"gp\",\"name\":[{\"family\":\"Shaw\","
    "\"given\":[\"Ida\"],\"prefix\":[\"Dr\"]}]}",
    "{\"resourceType\":\"Patient\",\"id\":\"hale\",\"identifier\":[{\"extension\":[{"
    "\"url\":\"https://fhir.hl7.org.uk/StructureDefinition/"
    "Extension-UKCore-NHSNumberVerificationStatus\",\"valueCodeableConcept\":{"
    "\"coding\":[{\"code\":\"01\"}]}}],\"system\":\"https://fhir.nhs.uk/Id/"
    "nhs-number\","
    "\"value\":\"9990000018\"}],\"name\":[{\"use\":\"official\",\"family\":\"Hale\","
    "\"given\":[\"Margaret\",\"Ann\"],\"prefix\":[\"Mrs\"]}],\"gender\":\"female\","
    "\"birthDate\":\"1942-03-03\",\"address\":[{\"line\":[\"1 High Street\"],\"city\":"
    "\"Wrenford\",\"postalCode\":\"WZ1 2AB\"}],\"generalPractitioner\":[{\"reference\":"
    "\"Organization/surgery\"}],\"contact\":[{\"relationship\":[{\"text\":\"Carer\"}],"
    "\"name\":{\"family\":\"Hale\",\"given\":[\"Tom\"]}}]}",
    "{\"resourceType\":\"Patient\",\"id\":\"hales\",\"name\":[{\"use\":\"old\","
    "\"family\":\"Abbot\"},{\"family\":\"Hales\","
    "\"given\":[\"Margaret\"]}],\"birthDate\":\"1980-01-01\"}",
    "{\"resourceType\":\"Patient\",\"id\":\"dead\",\"name\":[{\"family\":\"Vance\"}],"
    "\"birthDate\":\"1930-05-05\",\"deceasedDateTime\":\"2020-05-04\"}",
    "{\"resourceType\":\"Condition\",\"id\":\"c1\"," PATIENT ",\"clinicalStatus\":{"
    "\"coding\":[{\"code\":\"active\",\"system\":\"http://terminology.hl7.org/"
    "CodeSystem/"
    "condition-clinical\"}]},\"code\":{\"text\":\"Asthma\"},\"onsetDateTime\":\"2001\","
    "\"recorder\":{\"reference\":\"Practitioner/gp\"}}",
    "{\"resourceType\":\"Condition\",\"id\":\"c2\"," PATIENT ",\"clinicalStatus\":{"
    "\"coding\":[{\"code\":\"resolved\",\"system\":\"http://terminology.hl7.org/"
    "CodeSystem/condition-clinical\"}]},\"code\":{\"text\":\"Fracture\"},"
    "\"onsetDateTime\":\"2010-01-01\"}",
    "{\"resourceType\":\"Condition\",\"id\":\"c3\"," PATIENT ",\"verificationStatus\":{"
    "\"coding\":[{\"code\":\"entered-in-error\",\"system\":\"http://"
    "terminology.hl7.org/"
    "CodeSystem/condition-ver-status\"}]},\"code\":{\"text\":\"Gout\"}}",
    "{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\"," PATIENT
    ",\"status\":\"stopped\",\"intent\":\"order\",\"medicationCodeableConcept\":{"
    "\"text\":"
    "\"Ramipril\"},\"authoredOn\":\"2020-01-01\"}",
    "{\"resourceType\":\"MedicationRequest\",\"id\":\"m2\"," PATIENT
    ",\"status\":\"active\",\"intent\":\"order\",\"medicationCodeableConcept\":{"
    "\"text\":"
    "\"Ramipril\"},\"authoredOn\":\"2024-01-01\",\"requester\":{\"reference\":"
    "\"Organization/surgery\"}}",
    "{\"resourceType\":\"Encounter\",\"id\":\"e1\"," PATIENT
    ",\"status\":\"finished\",\"class\":{\"code\":\"EMER\"},\"period\":{\"start\":"
    "\"2024-02-01T23:30:00Z\"},\"serviceProvider\":{\"reference\":\"Organization/"
    "trust\"}}",
    "{\"resourceType\":\"Observation\",\"id\":\"o1\"," PATIENT
    ",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://snomed.info/"
    "sct\","
    "\"code\":\"27113001\"}]},\"effectiveDateTime\":\"2023-01-01T10:00:00Z\","
    "\"valueQuantity\":{\"value\":70.50,\"unit\":\"kg\"}}",
    "{\"resourceType\":\"Observation\",\"id\":\"o2\"," PATIENT
    ",\"meta\":{\"source\":\"" ODS
    "/Z99001\"},\"status\":\"final\",\"code\":{\"coding\":[{"
    "\"system\":\"http://snomed.info/sct\",\"code\":\"27113001\"}]},"
    "\"effectiveDateTime\":\"2024-01-02T10:00:00Z\",\"valueQuantity\":{\"value\":68.10,"
    "\"unit\":\"kg\"}}",
    "{\"resourceType\":\"Observation\",\"id\":\"o3\"," PATIENT
    ",\"status\":\"final\",\"encounter\":{\"reference\":\"Encounter/e1\"},\"code\":{"
    "\"text\":\"Pain\"},\"valueString\":\"severe\",\"effectiveDateTime\":"
    "\"2024-02-02\"}",
    "{\"resourceType\":\"Flag\",\"id\":\"f1\"," PATIENT
    ",\"status\":\"active\",\"code\":{"
    "\"text\":\"Key safe\"}}",
    "{\"resourceType\":\"Flag\",\"id\":\"f2\"," PATIENT
    ",\"status\":\"inactive\",\"code\":"
    "{\"text\":\"Dog\"}}",
};

static const hf_time now = (hf_time)1771754400000; /* 2026-02-22T10:00:00Z */

static void
fill(struct hf_test_store *t)
{
	struct hf_err err = {0};

	for (size_t i = 0; i < HF_COUNT(record); i++)
		if (hf_test_put(t, &record[i], 1, NULL, &err))
			fail_msg("%s: %s %s", record[i], err.path, err.text);
}

static struct hf_person *
opened(struct hf_test_store *t, const char *id)
{
	struct hf_person *p = NULL;
	struct hf_err err = {0};

	if (hf_person_open(t->store, t->reader, hf_sv_from(id), now, &t->arena, &p,
			   &err))
		fail_msg("%s: %s", id, err.text);
	return p;
}

static struct hf_person_found
found(struct hf_test_store *t, const char *text)
{
	struct hf_person_found f = {0};
	struct hf_err err = {0};

	if (hf_person_find(t->store, t->reader, hf_sv_from(text), HF_SV(""), 10, now,
			   &t->arena, &f, &err))
		fail_msg("%s: %s", text, err.text);
	return f;
}

HF_ON_BOTH_AFTER(fill, each_term_finds_the_person_and_all_terms_must_agree)
{
	static const char *const hits[] = {
	    "hale marg",    "margaret hale", "ann",
	    "999 000 0018", "3/3/1942",	     "hale wz1",
	    "wz12ab",	    "HALE 1942",     "9990000018 hale 3 march 1942 wz1 2ab"};

	for (size_t i = 0; i < HF_COUNT(hits); i++) {
		struct hf_person_found f = found(t, hits[i]);

		if (f.n < 1 || !hf_sv_is(f.lines[0].id, "hale"))
			fail_msg("%s finds %zu", hits[i], f.n);
	}
	assert_int_equal(found(t, "hale 4/3/1942").n, 0);
	assert_true(found(t, "hale 4/3/1942").hint.n > 0);
	assert_int_equal(found(t, "9990000018 smith").n, 0);
	assert_int_equal(found(t, "hale wz2").n, 0);
}

HF_ON_BOTH_AFTER(fill, a_whole_name_stands_before_one_that_only_begins_like_it)
{
	struct hf_person_found f = found(t, "hale");

	assert_int_equal(f.n, 2);
	assert_sv_equal(f.lines[0].id, "hale");
	assert_sv_equal(f.lines[1].id, "hales");
	assert_sv_equal(f.lines[0].number, "999 000 0018");
	assert_true(f.lines[0].verified);
	assert_sv_equal(f.lines[0].practice, "Mill Lane Surgery");
	assert_int_equal(f.lines[1].number.n, 0);
}

HF_ON_BOTH_AFTER(fill, an_empty_search_lists_everybody_page_by_page_each_once)
{
	struct hf_person_found f = {0};
	struct hf_sv after = HF_SV("");
	size_t seen = 0;

	do {
		assert_int_equal(hf_person_find(t->store, t->reader, HF_SV(""), after,
						1, now, &t->arena, &f, NULL),
				 HF_OK);
		seen += f.n;
		after = f.next;
	} while (after.n);
	assert_int_equal(seen, 3);
	assert_int_equal(hf_person_find(t->store, t->reader, HF_SV(""), HF_SV("x.y"), 1,
					now, &t->arena, &f, NULL),
			 HF_INVALID);
}

HF_ON_BOTH_AFTER(fill, the_banner_tells_who_it_is_and_what_to_mind)
{
	struct hf_person_banner b = {0};

	assert_int_equal(hf_person_banner(opened(t, "hale"), &b, NULL), HF_OK);
	assert_sv_equal(b.line.name, "HALE, Margaret Ann (Mrs)");
	assert_sv_equal(b.line.born_text, "03-Mar-1942");
	assert_sv_equal(b.line.age, "83y");
	assert_sv_equal(b.line.address, "1 High Street, Wrenford, WZ1 2AB");
	assert_sv_equal(b.practice_phone, "01632 960001");
	assert_int_equal(b.alerts.n, 1);
	assert_sv_equal(b.alerts.items[0].title, "Key safe");
	assert_int_equal(b.n_carers, 1);
	assert_sv_equal(b.carers[0].name, "Tom Hale");
	assert_int_equal(b.allergies, HF_ALLERGY_NONE_RECORDED);
}

HF_ON_BOTH_AFTER(fill, who_died_is_shown_so_with_the_age_then)
{
	struct hf_person_banner b = {0};

	assert_int_equal(hf_person_banner(opened(t, "dead"), &b, NULL), HF_OK);
	assert_true(b.line.deceased);
	assert_sv_equal(b.line.died, "04-May-2020");
	assert_sv_equal(b.line.age, "89y");
}

HF_ON_BOTH_AFTER(fill, no_known_allergies_differs_from_none_recorded)
{
	static const char *const none =
	    "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"patient\":{"
	    "\"reference\":\"Patient/"
	    "hale\"},\"clinicalStatus\":{\"coding\":[{\"system\":"
	    "\"http://terminology.hl7.org/CodeSystem/"
	    "allergyintolerance-clinical\",\"code\":"
	    "\"active\"}]},\"code\":{\"coding\":[{\"system\":\"http://snomed.info/"
	    "sct\","
	    "\"code\":\"716186003\"}]}}";
	static const char *const some =
	    "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a2\",\"patient\":{"
	    "\"reference\":\"Patient/"
	    "hale\"},\"clinicalStatus\":{\"coding\":[{\"system\":"
	    "\"http://terminology.hl7.org/CodeSystem/"
	    "allergyintolerance-clinical\",\"code\":"
	    "\"active\"}]},\"code\":{\"text\":\"Penicillin\"}}";
	struct hf_person_banner b = {0};

	assert_int_equal(hf_test_put(t, &none, 1, NULL, NULL), HF_OK);
	assert_int_equal(hf_person_banner(opened(t, "hale"), &b, NULL), HF_OK);
	assert_int_equal(b.allergies, HF_ALLERGY_NONE_KNOWN);
	assert_int_equal(hf_test_put(t, &some, 1, NULL, NULL), HF_OK);
	assert_int_equal(hf_person_banner(opened(t, "hale"), &b, NULL), HF_OK);
	assert_int_equal(b.allergies, HF_ALLERGY_SOME);
	assert_int_equal(b.allergy.n, 1);
	assert_sv_equal(b.allergy.items[0].title, "Penicillin");
}

HF_ON_BOTH_AFTER(fill, the_summary_parts_what_is_from_what_was_and_leaves_errors_out)
{
	struct hf_person_summary s = {0};

	assert_int_equal(hf_person_summary(opened(t, "hale"), &s, NULL), HF_OK);
	assert_int_equal(s.problems.n, 1);
	assert_sv_equal(s.problems.items[0].title, "Asthma");
	assert_sv_equal(s.problems.items[0].by, "Dr Ida Shaw");
	assert_int_equal(s.past_problems.n, 1);
	assert_sv_equal(s.past_problems.items[0].title, "Fracture");
	/* The newest prescription of a medicine speaks for it. */
	assert_int_equal(s.medicines.n, 1);
	assert_int_equal(s.past_medicines.n, 0);
	assert_int_equal(s.last.n, 1);
	assert_sv_equal(s.last.items[0].title, "Emergency care");
}

HF_ON_BOTH_AFTER(fill, the_latest_value_is_shown_with_its_digits_and_its_change)
{
	struct hf_person_summary s = {0};

	assert_int_equal(hf_person_summary(opened(t, "hale"), &s, NULL), HF_OK);
	assert_true(s.n_series >= 1);
	assert_sv_equal(s.series[0].latest.title, "Weight");
	assert_sv_equal(s.series[0].latest.value, "68.10 kg");
	assert_int_equal(s.series[0].n, 2);
	assert_int_equal(s.series[0].change, -1);
	assert_sv_equal(s.series[0].points[0].text, "70.50 kg");
}

static struct hf_timeline
timeline(struct hf_test_store *t, struct hf_timeline_query q)
{
	struct hf_timeline out = {0};
	struct hf_err err = {0};

	if (hf_person_timeline(opened(t, "hale"), &q, &out, &err))
		fail_msg("%s", err.text);
	return out;
}

#define ALL .kind = -1, .setting = -1

HF_ON_BOTH_AFTER(fill, the_timeline_is_newest_first_and_what_has_no_date_comes_last)
{
	struct hf_timeline all = timeline(t, (struct hf_timeline_query){ALL});

	assert_int_equal(all.total, all.facts.n);
	assert_int_equal(all.next.n, 0);
	for (size_t i = 1; i < all.facts.n; i++) {
		hf_time a = all.facts.items[i - 1].e.lo, b = all.facts.items[i].e.lo;

		assert_true(a == 0 ? b == 0 : b == 0 || a >= b);
	}
	assert_sv_equal(all.facts.items[0].title, "Pain");
	assert_int_equal(all.facts.items[all.facts.n - 1].e.lo, 0);
}

HF_ON_BOTH_AFTER(fill, pages_of_one_entry_give_the_same_as_one_page_of_all)
{
	struct hf_timeline all = timeline(t, (struct hf_timeline_query){ALL});
	struct hf_timeline_query q = {ALL, .limit = 1};
	size_t n = 0;

	for (;;) {
		struct hf_timeline page = timeline(t, q);

		assert_int_equal(page.facts.n, 1);
		assert_true(page.facts.items[0].e.rid == all.facts.items[n++].e.rid);
		if (page.next.n == 0)
			break;
		q.before = page.next;
	}
	assert_int_equal(n, all.facts.n);
	q.before = HF_SV("yesterday");
	assert_int_equal(hf_person_timeline(opened(t, "hale"), &q, &all, NULL),
			 HF_INVALID);
}

HF_ON_BOTH_AFTER(fill, a_filter_leaves_what_fits_and_nothing_else)
{
	struct hf_timeline f = timeline(
	    t, (struct hf_timeline_query){.kind = HF_KIND_OF_MEDICINE, .setting = -1});

	assert_int_equal(f.facts.n, 2);
	assert_int_equal(f.total, 2);
	f = timeline(t,
		     (struct hf_timeline_query){ALL, .words = HF_SV("RAMIPRIL mill")});
	assert_int_equal(f.facts.n, 1);
	f = timeline(
	    t, (struct hf_timeline_query){.kind = -1, .setting = HF_SETTING_HOSPITAL});
	assert_int_equal(f.facts.n, 2); /* the contact, and what was seen in it */
	f = timeline(
	    t, (struct hf_timeline_query){ALL, .org = HF_SV("Organization/surgery")});
	assert_int_equal(f.facts.n, 2); /* named in the resource, and by meta.source */
	f = timeline(t, (struct hf_timeline_query){ALL, .words = HF_SV("nothing")});
	assert_int_equal(f.facts.n, 0);
}

HF_ON_BOTH_AFTER(fill, sources_count_each_entry_once)
{
	size_t by_setting[HF_SETTINGS], n, without, all = 0, named = 0;
	struct hf_source *sources;
	struct hf_person *p = opened(t, "hale");

	assert_int_equal(hf_person_sources(p, &sources, &n, by_setting, &without, NULL),
			 HF_OK);
	for (size_t k = 0; k < HF_SETTINGS; k++)
		all += by_setting[k];
	for (size_t i = 0; i < n; i++)
		named += sources[i].n;
	assert_int_equal(all, hf_person_count(p) - 1);
	assert_int_equal(named + without, all);
	assert_int_equal(by_setting[HF_SETTING_HOSPITAL], 2);
}

HF_ON_BOTH_AFTER(fill, an_entry_comes_as_stored_with_the_names_it_refers_to)
{
	struct hf_opened o = {0};
	struct hf_err err = {0};

	assert_int_equal(hf_person_entry(t->store, t->reader,
					 HF_SV("MedicationRequest"), HF_SV("m2"), now,
					 &t->arena, &o, NULL),
			 HF_OK);
	assert_sv_equal(o.fact.org, "Mill Lane Surgery");
	assert_sv_equal(o.patient, "hale");
	assert_int_equal(o.n_names, 2);
	assert_int_equal(hf_person_entry(t->store, t->reader, HF_SV("Observation"),
					 HF_SV("o1"), now, &t->arena, &o, NULL),
			 HF_OK);
	assert_non_null(memmem(o.version.body.p, o.version.body.n, "70.50", 5));
	assert_int_equal(hf_person_entry(t->store, t->reader, HF_SV("Observation"),
					 HF_SV("none"), now, &t->arena, &o, &err),
			 HF_NOT_FOUND);
	assert_int_equal(hf_person_entry(t->store, t->reader, HF_SV("Nonsense"),
					 HF_SV("x"), now, &t->arena, &o, &err),
			 HF_NOT_FOUND);
}

HF_ON_BOTH_AFTER(fill, who_is_not_there_is_not_found_and_the_output_is_left_alone)
{
	struct hf_person *p = (struct hf_person *)(uintptr_t)16;
	struct hf_err err = {0};

	assert_int_equal(hf_person_open(t->store, t->reader, HF_SV("nobody"), now,
					&t->arena, &p, &err),
			 HF_NOT_FOUND);
	assert_true(p == (struct hf_person *)(uintptr_t)16);
	assert_true(err.text[0] != '\0');
}

HF_TEST_MAIN("record/person",
	     HF_BOTH(each_term_finds_the_person_and_all_terms_must_agree),
	     HF_BOTH(a_whole_name_stands_before_one_that_only_begins_like_it),
	     HF_BOTH(an_empty_search_lists_everybody_page_by_page_each_once),
	     HF_BOTH(the_banner_tells_who_it_is_and_what_to_mind),
	     HF_BOTH(who_died_is_shown_so_with_the_age_then),
	     HF_BOTH(no_known_allergies_differs_from_none_recorded),
	     HF_BOTH(the_summary_parts_what_is_from_what_was_and_leaves_errors_out),
	     HF_BOTH(the_latest_value_is_shown_with_its_digits_and_its_change),
	     HF_BOTH(the_timeline_is_newest_first_and_what_has_no_date_comes_last),
	     HF_BOTH(pages_of_one_entry_give_the_same_as_one_page_of_all),
	     HF_BOTH(a_filter_leaves_what_fits_and_nothing_else),
	     HF_BOTH(sources_count_each_entry_once),
	     HF_BOTH(an_entry_comes_as_stored_with_the_names_it_refers_to),
	     HF_BOTH(who_is_not_there_is_not_found_and_the_output_is_left_alone))
