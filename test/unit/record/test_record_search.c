/* The promises of record/io/search.h, on both engines. */
#include "test_record_search.h"

#define NHS "https://fhir.nhs.uk/Id/nhs-number"

static const char *const few[] = {
    "{\"resourceType\":\"Organization\",\"id\":\"o1\",\"name\":\"North Surgery\","
    "\"identifier\":[{\"system\":\"urn:ods\",\"value\":\"A81001\"}]}",
    "{\"resourceType\":\"Organization\",\"id\":\"o2\",\"name\":\"North Ward\","
    "\"partOf\":{\"reference\":\"Organization/o1\"}}",
    "{\"resourceType\":\"Practitioner\",\"id\":\"d1\",\"name\":[{\"family\":"
    "\"Okafor\",\"given\":[\"Ngozi\"]}]}",
    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"name\":[{\"family\":\"Smith\","
    "\"given\":[\"Ann\",\"Zo\xc3\xab\"]}],\"gender\":\"female\",\"birthDate\":"
    "\"1950-03-01\",\"identifier\":[{\"system\":\"" NHS "\",\"value\":"
    "\"9990000018\"}],\"managingOrganization\":{\"reference\":\"Organization/o1\"},"
    "\"address\":[{\"postalCode\":\"S60 1AA\"}]}",
    "{\"resourceType\":\"Patient\",\"id\":\"p2\",\"name\":[{\"family\":\"Smithson\","
    "\"given\":[\"Bob\"]}],\"gender\":\"male\",\"birthDate\":\"1950-03-01\"}",
    "{\"resourceType\":\"Patient\",\"id\":\"p3\",\"name\":[{\"family\":\"Jones\","
    "\"given\":[\"Smithy\"]}],\"gender\":\"male\",\"birthDate\":\"1960\"}",
    "{\"resourceType\":\"Encounter\",\"id\":\"e1\",\"status\":\"finished\",\"class\":"
    "{\"code\":\"AMB\"},\"subject\":{\"reference\":\"Patient/p1\"},\"period\":"
    "{\"start\":\"2024-01-10T09:00:00Z\",\"end\":\"2024-01-10T09:20:00Z\"}}",
    "{\"resourceType\":\"Encounter\",\"id\":\"e2\",\"status\":\"in-progress\","
    "\"class\":{\"code\":\"IMP\"},\"subject\":{\"reference\":\"Patient/p2\"},"
    "\"period\":{\"start\":\"2023-06-01T09:00:00Z\"},\"serviceProvider\":"
    "{\"reference\":\"Organization/o2\"}}",
    "{\"resourceType\":\"Encounter\",\"id\":\"e3\",\"status\":\"finished\",\"class\":"
    "{\"code\":\"IMP\"},\"subject\":{\"reference\":\"Patient/p3\"},\"period\":"
    "{\"start\":\"2022-01-01T00:00:00Z\",\"end\":\"2022-03-01T00:00:00Z\"}}",
    "{\"resourceType\":\"Observation\",\"id\":\"b1\",\"status\":\"final\",\"code\":"
    "{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8867-4\"}]},\"subject\":"
    "{\"reference\":\"Patient/p1\"},\"encounter\":{\"reference\":\"Encounter/e1\"},"
    "\"performer\":[{\"reference\":\"Practitioner/d1\"}],\"effectiveDateTime\":"
    "\"2024-01-10T09:05:00Z\",\"valueQuantity\":{\"value\":72,\"unit\":\"/min\","
    "\"system\":\"http://unitsofmeasure.org\",\"code\":\"/min\"}}",
    "{\"resourceType\":\"Observation\",\"id\":\"b2\",\"status\":\"final\",\"code\":"
    "{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8867-4\"}]},\"subject\":"
    "{\"reference\":\"Patient/p1\"},\"effectiveDateTime\":\"2024-02-10T09:05:00Z\","
    "\"valueQuantity\":{\"value\":80,\"unit\":\"/min\"}}",
    "{\"resourceType\":\"Observation\",\"id\":\"b3\",\"status\":\"amended\",\"code\":"
    "{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8480-6\"}]},\"subject\":"
    "{\"reference\":\"Patient/p1\"},\"effectiveDateTime\":\"2023-01-10\"}",
    "{\"resourceType\":\"Observation\",\"id\":\"b4\",\"status\":\"final\",\"code\":"
    "{\"coding\":[{\"system\":\"urn:other\",\"code\":\"8867-4\"}]},\"subject\":"
    "{\"reference\":\"Patient/p2\"}}",
    "{\"resourceType\":\"PractitionerRole\",\"id\":\"r1\",\"practitioner\":"
    "{\"reference\":\"Practitioner/d1\"},\"organization\":{\"reference\":"
    "\"Organization/o1\"}}",
};

static void
put_few(struct place *p)
{
	place_put(p, few, HF_COUNT(few));
}

BOTH(people_are_found_by_name_birth_date_number_and_postcode)
{
	put_few(p);
	assert_answer(p, "Patient?family=smith", "p1 p2");
	assert_answer(p, "Patient?family=SMITH&birthdate=1950-03-01&gender=male", "p2");
	assert_answer(p, "Patient?family:exact=Smith", "p1");
	assert_answer(p, "Patient?family:contains=mith", "p1 p2");
	assert_answer(p, "Patient?given=zoe", "p1");
	assert_answer(p, "Patient?name=smith", "p1 p2 p3");
	assert_answer(p, "Patient?phonetic=smith&family=jones", "p3");
	assert_answer(p, "Patient?identifier=" NHS "|9990000018", "p1");
	assert_answer(p, "Patient?identifier=9990000018", "p1");
	assert_answer(p, "Patient?identifier=urn:other|9990000018", "");
	assert_answer(p, "Patient?address-postalcode=s60", "p1");
	assert_answer(p, "Patient?birthdate=1960", "p3");
	assert_answer(p, "Patient?birthdate=ge1955", "p3");
	assert_answer(p, "Patient?birthdate=lt1955", "p1 p2");
	assert_answer(p, "Patient?_id=p3,p1,none", "p1 p3");
	assert_answer(p, "Patient?family=smith,jones&_sort=-family", "p2 p1 p3");
	assert_answer(p, "Patient?gender:not=male", "p1");
	assert_answer(p, "Patient?address:missing=true&_sort=-_id", "p3 p2");
	place_put1(p, few[3]); /* the same again, and one deleted */
	place_delete(p, "Patient", "p3");
	assert_answer(p, "Patient?_lastUpdated=ge2020", "p1 p2");
	assert_answer(p, "Patient?_lastUpdated=ge2020&gender=male&_sort=_lastUpdated",
		      "p2");
	assert_answer(p, "Patient?_lastUpdated=lt2020", "");
	assert_answer(p, "Patient?_lastUpdated=gt2099", "");
}

BOTH(a_search_in_a_record_finds_what_is_of_that_person_alone)
{
	put_few(p);
	assert_answer(p, "Observation?patient=p1", "b1 b2 b3");
	assert_answer(p, "Observation?subject=Patient/p1&code=8867-4&_sort=-date",
		      "b2 b1");
	assert_answer(p,
		      "Observation?patient=http%3A%2F%2Fhere.test%2Ffhir%2FPatient%2Fp1"
		      "&_sort=date",
		      "b3 b1 b2");
	assert_answer(p, "Observation?patient=p1,p2&_sort=date", "b3 b1 b2 b4");
	assert_answer(p, "Observation?patient=p1&date=ge2024-02", "b2");
	assert_answer(p, "Observation?patient=p1&date=2023-01-10", "b3");
	assert_answer(p, "Observation?patient=p1&value-quantity=gt75", "b2");
	assert_answer(p, "Observation?patient=p1&status=amended", "b3");
	assert_answer(p, "Observation?patient=p1&encounter=e1", "b1");
	assert_answer(p, "Observation?patient=nobody", "");
	assert_answer(p, "Observation?patient=http%3A%2F%2Felse.test%2FPatient%2Fp1",
		      "");
}

#define VERIFIED                                                                       \
	"\"identifier\":[{\"extension\":[{\"url\":\"https://fhir.hl7.org.uk/"          \
	"StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus\","          \
	"\"valueCodeableConcept\":{\"coding\":[{\"code\":\"01\"}]}}],\"system\":"      \
	"\"" NHS                                                                       \
	"\",\"value\":\"9990000018\"}],\"birthDate\":\"1950-03-01\",\"gender\":"       \
	"\"female\",\"name\":[{\"family\":\"Smith\",\"given\":[\"Ann\"]}]}"

BOTH(a_search_in_a_linked_record_finds_what_stands_under_each_id)
{
	place_put1(p, "{\"resourceType\":\"Patient\",\"id\":\"l1\"," VERIFIED);
	place_put1(p, "{\"resourceType\":\"Patient\",\"id\":\"l2\"," VERIFIED);
	for (int i = 1; i <= 2; i++) {
		char json[300];

		snprintf(json, sizeof json,
			 "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a%d\","
			 "\"code\":{\"coding\":[{\"code\":\"nuts\"}]},\"patient\":"
			 "{\"reference\":\"Patient/l%d\"}}",
			 i, i);
		place_put1(p, json);
	}
	assert_answer(p, "AllergyIntolerance?patient=l1", "a1 a2");
	assert_answer(p, "AllergyIntolerance?patient=l2&code=nuts", "a1 a2");
	/* Both ids are the one person: asked twice it is the same. */
	assert_answer(p, "AllergyIntolerance?patient=l1&patient=l2", "a1 a2");
	assert_answer(p, "AllergyIntolerance?patient=l2&patient=Patient/l1&code=nuts",
		      "a1 a2");
	put_few(p);
	assert_answer(p, "AllergyIntolerance?patient=l1&patient=p1", "");
	assert_answer(p, "AllergyIntolerance?patient=l1&patient=nobody", "");
}

BOTH(codes_and_dates_are_found_across_people)
{
	put_few(p);
	assert_answer(p, "Observation?code=http://loinc.org|8867-4", "b1 b2");
	assert_answer(p, "Observation?code=8867-4,8480-6&_sort=_id", "b1 b2 b3 b4");
	assert_answer(p, "Encounter?date=ge2024&_sort=_id", "e1 e2");
	assert_answer(p, "Encounter?date=2024-01-10", "e1");
	assert_answer(p, "Encounter?date=lt2023&_sort=_id", "e3");
	assert_answer(p, "Encounter?date=ge2022-02&date=le2022-02-28", "e3");
	assert_answer(p, "Encounter?date=sa2022&_sort=_id", "e1 e2");
	assert_answer(p, "Encounter?date=eb2022-06", "e3");
	assert_answer(p, "Encounter?date=ge2024&date=lt2020", "");
	assert_answer(p, "Organization?partof=Organization/o1", "o2");
	assert_answer(p, "Organization?name=north&_sort=-name", "o2 o1");
}

BOTH(includes_add_what_hits_refer_to_and_what_refers_to_hits)
{
	put_few(p);
	assert_answer(p, "Encounter?date=2024-01-10&_include=Encounter:patient",
		      "e1 +p1");
	assert_answer(p, "Observation?patient=p1&_include=Observation:performer",
		      "b1 b2 b3 +d1");
	assert_answer(p,
		      "Observation?code=8867-4&patient=p1&_include=Observation:subject:"
		      "Group",
		      "b1 b2");
	assert_answer(p, "Observation?_id=b1&_include=*", "b1 +e1 +p1 +d1");
	assert_answer(p, "Observation?_id=b1&_include=Observation:*:Patient", "b1 +p1");
	assert_answer(
	    p,
	    "Observation?_id=b1&_include=Observation:patient&_include:iterate="
	    "Patient:organization",
	    "b1 +p1 +o1");
	assert_answer(p,
		      "Observation?_id=b1&_include=Observation:patient"
		      "&_include=Patient:organization",
		      "b1 +p1");
	assert_answer(p, "Patient?_id=p1&_revinclude=Observation:subject",
		      "p1 +b1 +b2 +b3");
	assert_answer(p, "Encounter?_id=e1&_revinclude=Observation:encounter",
		      "e1 +b1");
	assert_answer(p,
		      "Practitioner?_id=d1&_revinclude=PractitionerRole:practitioner",
		      "d1 +r1");
	assert_answer(p,
		      "Organization?name=north&_include=Organization:partof&_sort=name",
		      "o1 o2");
	/* What stands on no person's shelf refers to what does. */
	place_put1(p, "{\"resourceType\":\"Observation\",\"id\":\"b5\",\"status\":"
		      "\"final\",\"code\":{\"text\":\"x\"},\"encounter\":{"
		      "\"reference\":\"Encounter/e1\"}}");
	assert_answer(p, "Encounter?_id=e1&_revinclude=Observation:encounter",
		      "e1 +b1 +b5");
	place_put1(p, "{\"resourceType\":\"Endpoint\",\"id\":\"n1\",\"status\":"
		      "\"active\",\"connectionType\":{\"code\":\"x\"},"
		      "\"payloadType\":[{\"text\":\"x\"}],\"address\":"
		      "\"http://x.test\",\"managingOrganization\":{\"reference\":"
		      "\"Organization/o2\"}}");
	assert_answer(p, "Organization?_id=o2&_revinclude=Endpoint:organization",
		      "o2 +n1");
	assert_refused(p, "Organization?_id=o2&_revinclude=Encounter:service-provider",
		       HF_COSTLY, "no index tells which Encounter");
}

BOTH(what_is_not_understood_is_refused_by_name)
{
	static const struct {
		const char *url, *words;
	} cases[] = {
	    {"Patient?famly=smith", "famly: Patient has no such search parameter"},
	    {"Patient?general-practitioner.name=x", "chains"},
	    {"Observation?subject:Patient.name=x", "chains"},
	    {"Patient?_has:Observation:patient:code=x", "reverse chains"},
	    {"Observation?code-value-quantity=a$b", "composite"},
	    {"Location?near=1|2", "not answered"},
	    {"Patient?_text=x", "full-text"},
	    {"Patient?_content=x", "full-text"},
	    {"Patient?_filter=x", "filter"},
	    {"Patient?_contained=true", "contained"},
	    {"Patient?_count=many", "_count"},
	    {"Patient?_count=3&_count=4", "twice"},
	    {"Patient?_total=some", "_total"},
	    {"Patient?_summary=x", "_summary"},
	    {"Patient?_summary=true&_elements=id", "cannot stand together"},
	    {"Patient?_sort=shoesize", "shoesize"},
	    {"Patient?_include=Patient", "_include"},
	    {"Patient?_include=Patient:family", "no reference parameter family"},
	    {"Patient?_revinclude=Nothing:x", "_revinclude"},
	    {"Patient?_revinclude=Observation:*", "_revinclude"},
	    {"Patient?_page=1.1", "_page"},
	    {"Patient?birthdate=yesterday", "birthdate"},
	    {"Patient?family=", "family"},
	    {"?_id=p1", "_type"},
	    {"?_type=Shoe", "_type"},
	    {"?_type=Patient&family=x", "family"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++)
		assert_refused(p, cases[i].url, HF_INVALID, cases[i].words);
	assert_refused(p, "Patient?_format=xml", HF_MEDIA, "_format");
}

BOTH(a_lenient_search_leaves_out_the_unknown_and_says_so)
{
	struct hf_search *search;
	struct hf_search_result r;

	put_few(p);
	assert_int_equal(
	    place_parse(p, HF_SV("Patient?family=jones&shoe=12"), true, &search),
	    HF_OK);
	assert_int_equal(
	    hf_search_run(p->store, p->reader, search, p->user, &p->arena, &r, &p->err),
	    HF_OK);
	assert_sv_equal(ids_of(p, &r), "p3");
	assert_sv_equal(r.self, "family=jones");
	assert_int_equal(r.issues.n, 1);
	assert_non_null(strstr(r.issues.items[0].text.p, "shoe"));
}

BOTH(a_search_without_index_scans_within_a_bound_and_says_so)
{
	struct hf_search_result r;

	put_few(p);
	assert_int_equal(place_ask(p, "Patient?gender=male", &r), HF_OK);
	assert_sv_equal(ids_of(p, &r), "p2 p3");
	assert_true(r.scanned);
	assert_int_equal(place_ask(p, "Patient?family=jones", &r), HF_OK);
	assert_false(r.scanned);
	p->limits = (struct hf_search_limits){.scan_rows = 2,
					      .scan_ms = 2000,
					      .frozen = 100,
					      .included = 100,
					      .iterations = 2};
	for (int i = 0; i < 600; i++) {
		char json[200];

		snprintf(json, sizeof json,
			 "{\"resourceType\":\"Patient\",\"id\":\"x%d\",\"gender\":"
			 "\"other\"}",
			 i);
		place_put1(p, json);
	}
	assert_refused(p, "Patient?gender=unknown", HF_COSTLY, "birthdate");
	assert_refused(p, "Patient?gender=other&_sort=gender", HF_COSTLY, "");
}

BOTH(totals_counts_and_empty_pages)
{
	struct hf_search_result r;

	put_few(p);
	assert_int_equal(place_ask(p, "Patient?family=smith", &r), HF_OK);
	assert_int_equal(r.total, 2);
	assert_int_equal(place_ask(p, "Observation?patient=p1&_count=1", &r), HF_OK);
	assert_int_equal(r.total, -1);
	assert_int_equal(
	    place_ask(p, "Observation?patient=p1&_count=1&_total=accurate", &r), HF_OK);
	assert_int_equal(r.total, 3);
	assert_int_equal(r.n, 1);
	assert_int_equal(
	    place_ask(p, "Encounter?date=ge2000&_count=1&_total=accurate", &r), HF_OK);
	assert_int_equal(r.total, 3);
	assert_int_equal(place_ask(p, "Patient?_summary=count", &r), HF_OK);
	assert_int_equal(r.total, 3);
	assert_int_equal(r.n, 0);
	assert_int_equal(place_ask(p, "Patient?gender=male&_count=0", &r), HF_OK);
	assert_int_equal(r.total, 2);
	assert_int_equal(r.n, 0);
}

BOTH(summaries_keep_what_they_must_and_say_that_they_are_cut)
{
	struct hf_search_result r;
	struct hf_sv body;

	put_few(p);
	assert_int_equal(place_ask(p, "Patient?_id=p1&_elements=birthDate", &r), HF_OK);
	body = r.hits[0].v.body;
	assert_non_null(memmem(body.p, body.n, "1950-03-01", 10));
	assert_non_null(memmem(body.p, body.n, "SUBSETTED", 9));
	assert_non_null(memmem(body.p, body.n, "\"id\":\"p1\"", 9));
	assert_null(memmem(body.p, body.n, "Smith", 5));
	assert_int_equal(place_ask(p, "Observation?_id=b1&_elements=value", &r), HF_OK);
	body = r.hits[0].v.body;
	assert_non_null(memmem(body.p, body.n, "valueQuantity", 13));
	assert_non_null(memmem(body.p, body.n, "\"status\"", 8));
	assert_null(memmem(body.p, body.n, "performer", 9));
	assert_int_equal(place_ask(p, "Encounter?_id=e2&_summary=true", &r), HF_OK);
	body = r.hits[0].v.body;
	assert_non_null(memmem(body.p, body.n, "\"subject\"", 9));
	assert_null(memmem(body.p, body.n, "period", 6));
	assert_int_equal(place_ask(p, "Encounter?_id=e2&_summary=text", &r), HF_OK);
	body = r.hits[0].v.body;
	assert_null(memmem(body.p, body.n, "\"subject\"", 9));
	assert_non_null(memmem(body.p, body.n, "\"class\"", 7));
}

BOTH(a_search_on_all_types_takes_what_all_types_have)
{
	put_few(p);
	assert_answer(p, "?_type=Patient,Observation&_id=p1,b1&_sort=_id", "b1 p1");
	assert_answer(p, "?_type=Organization,PractitionerRole&_sort=_id", "o1 o2 r1");
	assert_answer(p, "?_type=Organization&_lastUpdated=ge2020&_sort=_id", "o1 o2");
	assert_answer(p, "?_type=Organization&_lastUpdated=lt2020", "");
}

/* ---- one match ---- */

static enum hf_rc
one(struct place *p, const char *url, hf_rid *rid)
{
	struct hf_param params[PARAMS_MOST];
	struct hf_sv query = hf_sv_from(url), type = hf_sv_cut(&query, '?');
	size_t n = split_query(query, params, &p->arena);
	uint32_t slot;
	int64_t value;

	return hf_search_one(p->reader, hf_resource_find(type), params, n, HF_SV(""),
			     hf_now(), &p->arena, rid, &slot, &value, &p->err);
}

BOTH(a_condition_means_one_resource_by_an_indexed_value)
{
	hf_rid rid = 7, smith;

	put_few(p);
	assert_int_equal(one(p, "Patient?identifier=" NHS "|9990000018", &smith),
			 HF_OK);
	assert_true(smith > 0);
	assert_int_equal(one(p, "Patient?_id=p1", &rid), HF_OK);
	assert_int_equal(rid, smith);
	assert_int_equal(one(p, "Patient?identifier=urn:x|1", &rid), HF_OK);
	assert_int_equal(rid, 0);
	assert_int_equal(one(p, "Observation?code=8867-4", &rid), HF_MULTIPLE);
	assert_int_equal(one(p, "Observation?code=8867-4&value-quantity=80", &rid),
			 HF_OK);
	assert_true(rid > 0);
	assert_int_equal(one(p, "Patient?gender=male", &rid), HF_COSTLY);
	assert_int_equal(one(p, "Patient?", &rid), HF_INVALID);
	assert_int_equal(one(p, "Patient?identifier=x&_sort=_id", &rid), HF_INVALID);
	assert_int_equal(one(p, "Patient?shoe=x", &rid), HF_INVALID);
}

/* ---- everything ---- */

struct list {
	char text[400];
	size_t n, most;
};

static bool
list_put(void *ctx, const struct hf_version *v)
{
	struct list *l = ctx;

	snprintf(l->text + strlen(l->text), sizeof l->text - strlen(l->text), "%s%.*s",
		 l->n ? " " : "", HF_SV_ARG(v->id));
	return ++l->n < l->most;
}

static const char *
everything(struct place *p, struct hf_everything q, struct list *l)
{
	hf_arena_free(&p->arena);
	*l = (struct list){.most = l->most};
	assert_int_equal(
	    hf_search_everything(p->reader, &q, &p->arena, list_put, l, &p->err),
	    HF_OK);
	return l->text;
}

BOTH(everything_of_a_person_brings_the_staff_and_places_it_names)
{
	struct hf_everything q = {
	    .since = HF_TIME_MIN, .start = HF_TIME_MIN, .end = HF_TIME_MAX};
	hf_type_id two[2];
	struct list l = {.most = 100};

	put_few(p);
	assert_int_equal(one(p, "Patient?_id=p1", &q.patient), HF_OK);
	assert_string_equal(everything(p, q, &l), "p1 e1 b1 b2 b3 o1 d1");
	two[0] = hf_resource_find(HF_SV("Observation"));
	two[1] = hf_resource_find(HF_SV("Practitioner"));
	q.types = two;
	q.n_types = 2;
	assert_string_equal(everything(p, q, &l), "b1 b2 b3 d1");
	q.n_types = 0;
	q.start = hf_now() - (hf_time)100 * 365 * 86400000;
	q.end = (hf_time)1704067200000; /* 2024-01-01 */
	assert_string_equal(everything(p, q, &l), "p1 b3 o1");
	q.end = HF_TIME_MAX;
	q.since = hf_now() + 1000000;
	assert_string_equal(everything(p, q, &l), "");
	q.since = HF_TIME_MIN;
	l.most = 2;
	assert_string_equal(everything(p, q, &l), "p1 e1");
}

HF_TEST_MAIN("record/search",
	     BOTH_TESTS(people_are_found_by_name_birth_date_number_and_postcode),
	     BOTH_TESTS(a_search_in_a_record_finds_what_is_of_that_person_alone),
	     BOTH_TESTS(a_search_in_a_linked_record_finds_what_stands_under_each_id),
	     BOTH_TESTS(codes_and_dates_are_found_across_people),
	     BOTH_TESTS(includes_add_what_hits_refer_to_and_what_refers_to_hits),
	     BOTH_TESTS(what_is_not_understood_is_refused_by_name),
	     BOTH_TESTS(a_lenient_search_leaves_out_the_unknown_and_says_so),
	     BOTH_TESTS(a_search_without_index_scans_within_a_bound_and_says_so),
	     BOTH_TESTS(totals_counts_and_empty_pages),
	     BOTH_TESTS(summaries_keep_what_they_must_and_say_that_they_are_cut),
	     BOTH_TESTS(a_search_on_all_types_takes_what_all_types_have),
	     BOTH_TESTS(a_condition_means_one_resource_by_an_indexed_value),
	     BOTH_TESTS(everything_of_a_person_brings_the_staff_and_places_it_names))
