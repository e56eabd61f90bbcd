/* The promises of record/io/relation.h. */
#include "test/hf_test.h"

#include "record/io/relation_int.h"
#include "synth/synth.h"
#include "test/support/store.h"

#define ODS(code)                                                                      \
	"\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/"                        \
	"ods-organization-code\","                                                     \
	"\"value\":\"" code "\"}]"
#define ODS_REFERENCE                                                                  \
	"\"identifier\":{\"system\":\"https://fhir.nhs.uk/Id/ods-organization-code\"," \
	"\"value\":\"RZ1\"}"
#define PATIENT "\"subject\":{\"reference\":\"Patient/p1\"}"

static const char *const place[] = {
    "{\"resourceType\":\"Organization\",\"id\":\"gp\"," ODS("Z99000") "}",
    "{\"resourceType\":\"Organization\",\"id\":\"trust\"," ODS("rz1") "}",
    "{\"resourceType\":\"Organization\",\"id\":\"home\"," ODS(
	"ZH001") ",\"name\":\"Fern House\",\"type\":[{\"coding\":[{\"code\":"
		 "\"care-home\"}]}],\"address\":[{\"postalCode\":\"WZ1 1AA\"}]}",
    "{\"resourceType\":\"Organization\",\"id\":\"nameless\"}",
    "{\"resourceType\":\"Practitioner\",\"id\":\"dr\"}",
    "{\"resourceType\":\"PractitionerRole\",\"id\":\"role\",\"practitioner\":"
    "{\"reference\":\"Practitioner/dr\"},\"organization\":{\"reference\":"
    "\"Organization/trust\"}}",
    "{\"resourceType\":\"HealthcareService\",\"id\":\"clinic\",\"providedBy\":"
    "{\"reference\":\"Organization/trust\"}}",
    "{\"resourceType\":\"Location\",\"id\":\"room\",\"managingOrganization\":"
    "{\"reference\":\"Organization/trust\"}}",
    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"generalPractitioner\":"
    "[{\"reference\":\"Organization/gp\"}]}",
};

static void
open_place(struct hf_test_store *t)
{
	struct hf_err err = {0};

	assert_true(hf_test_store_open(t, 0));
	if (hf_test_put(t, place, HF_COUNT(place), NULL, &err) != HF_OK)
		fail_msg("%s: %s", err.path, err.text);
}

static void
put(struct hf_test_store *t, const char *json)
{
	struct hf_err err = {0};

	if (hf_test_put(t, &json, 1, NULL, &err) != HF_OK)
		fail_msg("%s: %s", json, err.text);
}

static struct hf_relations
of_person(struct hf_test_store *t, const char *id)
{
	struct hf_relations list = {0};
	struct hf_care_homes homes;
	struct hf_err err = {0};

	assert_int_equal(hf_care_homes_read(t->reader, &t->arena, &homes, &err), HF_OK);
	if (hf_relations_read(t->reader, hf_sv_from(id), &homes, &t->arena, &list,
			      &err) != HF_OK)
		fail_msg("%s: %s", id, err.text);
	return list;
}

static const struct hf_relation *
from(const struct hf_relations *list, const char *source)
{
	for (size_t i = 0; i < list->n; i++)
		if (hf_sv_eq(list->items[i].source, hf_sv_from(source)))
			return &list->items[i];
	return NULL;
}

static hf_time
at(const char *text)
{
	struct hf_date d;

	assert_true(hf_date_parse(hf_sv_from(text), false, &d));
	return d.lo;
}

/* Puts the resource and gives the one relationship it makes, NULL for none. */
static const struct hf_relation *
one(const char *json, const char *source)
{
	static struct hf_test_store t;
	static struct hf_relation copy;
	static char org[32], who[32];
	struct hf_relations list;
	const struct hf_relation *r;

	open_place(&t);
	put(&t, json);
	list = of_person(&t, "p1");
	r = from(&list, source);
	if (r) {
		copy = *r;
		snprintf(org, sizeof(org), "%.*s", HF_SV_ARG(r->org));
		snprintf(who, sizeof(who), "%.*s", HF_SV_ARG(r->who));
		copy.org = hf_sv_from(org);
		copy.who = hf_sv_from(who);
	}
	hf_test_store_close(&t);
	return r ? &copy : NULL;
}

HF_TEST(the_practice_is_the_one_that_the_patient_is_registered_with)
{
	struct hf_test_store t;
	struct hf_relations list;

	open_place(&t);
	list = of_person(&t, "p1");
	assert_int_equal(list.n, 1);
	assert_int_equal(list.items[0].kind, HF_REL_GPREG);
	assert_sv_equal(list.items[0].org, "Z99000");
	assert_sv_equal(list.items[0].source, "Patient/p1");
	assert_int_equal(list.items[0].end, HF_TIME_MAX);
	/* Registered elsewhere: the old practice has nothing left. */
	put(&t, "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"generalPractitioner\":"
		"[{\"reference\":\"Organization/trust\"}]}");
	list = of_person(&t, "p1");
	assert_int_equal(list.n, 1);
	assert_sv_equal(list.items[0].org, "RZ1");
	hf_test_store_close(&t);
}

HF_TEST(an_open_referral_counts_for_its_performer_whatever_kind_it_is)
{
	static const char *const performers[] = {
	    "\"reference\":\"Organization/trust\"",
	    "\"reference\":\"HealthcareService/clinic\"",
	    "\"reference\":\"PractitionerRole/role\"",
	    ODS_REFERENCE,
	};

	for (size_t i = 0; i < HF_COUNT(performers); i++) {
		char json[512];
		const struct hf_relation *r;

		snprintf(json, sizeof(json),
			 "{\"resourceType\":\"ServiceRequest\",\"id\":\"s\",\"status\":"
			 "\"active\",\"intent\":\"order\"," PATIENT
			 ",\"authoredOn\":\"2026-01-02\",\"performer\":[{%s}]}",
			 performers[i]);
		r = one(json, "ServiceRequest/s");
		assert_non_null(r);
		assert_int_equal(r->kind, HF_REL_REFER);
		assert_sv_equal(r->org, "RZ1");
		assert_int_equal(r->start, at("2026-01-02"));
		assert_int_equal(r->end, HF_TIME_MAX);
		if (i == 2)
			assert_sv_equal(r->who, "Practitioner/dr");
	}
}

HF_TEST(what_is_closed_planned_or_wrong_opens_nothing)
{
	static const char *const resources[] = {
	    "{\"resourceType\":\"ServiceRequest\",\"id\":\"x\",\"status\":"
	    "\"completed\","
	    "\"intent\":\"order\"," PATIENT
	    ",\"performer\":[{\"reference\":\"Organization/trust\"}]}",
	    "{\"resourceType\":\"ServiceRequest\",\"id\":\"x\",\"status\":\"active\","
	    "\"intent\":\"proposal\"," PATIENT
	    ",\"performer\":[{\"reference\":\"Organization/trust\"}]}",
	    "{\"resourceType\":\"Encounter\",\"id\":\"x\",\"status\":\"cancelled\","
	    "\"class\":{\"code\":\"IMP\"}," PATIENT
	    ",\"serviceProvider\":{\"reference\":\"Organization/trust\"}}",
	    "{\"resourceType\":\"Encounter\",\"id\":\"x\",\"status\":\"finished\","
	    "\"class\":{\"code\":\"IMP\"}," PATIENT
	    ",\"serviceProvider\":{\"reference\":\"Organization/trust\"}}",
	    "{\"resourceType\":\"Encounter\",\"id\":\"x\",\"status\":\"in-progress\","
	    "\"class\":{\"code\":\"AMB\"}," PATIENT
	    ",\"serviceProvider\":{\"reference\":\"Organization/trust\"}}",
	    "{\"resourceType\":\"EpisodeOfCare\",\"id\":\"x\",\"status\":"
	    "\"entered-in-error\",\"patient\":{\"reference\":\"Patient/p1\"},"
	    "\"managingOrganization\":{\"reference\":\"Organization/trust\"}}",
	    "{\"resourceType\":\"Appointment\",\"id\":\"x\",\"status\":\"cancelled\","
	    "\"start\":\"2026-01-02T10:00:00Z\",\"end\":\"2026-01-02T11:00:00Z\","
	    "\"participant\":[{\"status\":\"accepted\",\"actor\":{\"reference\":"
	    "\"Patient/p1\"}},{\"status\":\"accepted\",\"actor\":{\"reference\":"
	    "\"Location/room\"}}]}",
	    "{\"resourceType\":\"CareTeam\",\"id\":\"x\",\"status\":"
	    "\"inactive\"," PATIENT
	    ",\"participant\":[{\"member\":{\"reference\":\"Organization/trust\"}}]}",
	    "{\"resourceType\":\"EpisodeOfCare\",\"id\":\"x\",\"status\":\"active\","
	    "\"patient\":{\"reference\":\"Patient/p1\"},\"managingOrganization\":"
	    "{\"reference\":\"Organization/nobody-knows\"}}",
	};

	for (size_t i = 0; i < HF_COUNT(resources); i++) {
		const char *type = strchr(resources[i] + 17, 0x22);
		char source[64];

		snprintf(source, sizeof(source), "%.*s/x",
			 (int)(type - (resources[i] + 17)), resources[i] + 17);
		if (one(resources[i], source))
			fail_msg("%s opens something", resources[i]);
	}
}

HF_TEST(an_episode_a_stay_an_appointment_and_a_team_count_for_their_time)
{
	const struct hf_relation *r = one(
	    "{\"resourceType\":\"EpisodeOfCare\",\"id\":\"e\",\"status\":\"finished\","
	    "\"patient\":{\"reference\":\"Patient/p1\"},\"managingOrganization\":"
	    "{\"reference\":\"Organization/trust\"},\"period\":{\"start\":"
	    "\"2026-01-01\",\"end\":\"2026-02-01\"}}",
	    "EpisodeOfCare/e");

	assert_int_equal(r->kind, HF_REL_CASE);
	assert_int_equal(r->start, at("2026-01-01"));
	assert_int_equal(r->end, at("2026-02-02")); /* the whole last day */

	r = one(
	    "{\"resourceType\":\"Encounter\",\"id\":\"e\",\"status\":\"in-progress\","
	    "\"class\":{\"code\":\"IMP\"}," PATIENT
	    ",\"serviceProvider\":{\"reference\":\"Organization/trust\"},"
	    "\"period\":{\"start\":\"2026-01-01T10:00:00Z\"}}",
	    "Encounter/e");
	assert_int_equal(r->kind, HF_REL_INPT);
	assert_int_equal(r->end, HF_TIME_MAX);
	assert_sv_equal(r->org, "RZ1");

	r = one("{\"resourceType\":\"Appointment\",\"id\":\"a\",\"status\":\"booked\","
		"\"start\":\"2026-01-02T10:00:00Z\",\"end\":\"2026-01-02T11:00:00Z\","
		"\"participant\":[{\"status\":\"accepted\",\"actor\":{\"reference\":"
		"\"Patient/p1\"}},{\"status\":\"accepted\",\"actor\":{\"reference\":"
		"\"Location/room\"}}]}",
		"Appointment/a");
	assert_int_equal(r->kind, HF_REL_APPT);
	assert_int_equal(r->start, at("2026-01-02T10:00:00Z"));
	assert_sv_equal(r->org, "RZ1");

	r = one(
	    "{\"resourceType\":\"CareTeam\",\"id\":\"t\",\"status\":\"active\"," PATIENT
	    ",\"participant\":[{\"member\":{\"reference\":\"Practitioner/dr\"}}]}",
	    "CareTeam/t");
	assert_int_equal(r->kind, HF_REL_MDT);
	assert_sv_equal(r->who, "Practitioner/dr");
	assert_sv_equal(r->org, "");

	r = one(
	    "{\"resourceType\":\"CareTeam\",\"id\":\"t\",\"status\":\"active\"," PATIENT
	    ",\"participant\":[{\"member\":{\"reference\":\"Practitioner/dr\"},"
	    "\"onBehalfOf\":{\"reference\":\"Organization/home\"}}]}",
	    "CareTeam/t");
	assert_int_equal(r->kind, HF_REL_HOME);
	assert_sv_equal(r->org, "ZH001");
}

HF_TEST(who_lives_at_a_care_home_s_address_lives_in_the_care_home)
{
	static const char *const addresses[] = {
	    "{\"line\":[\"Fern House\",\"2 High Street\"],\"postalCode\":\"WZ1 1AA\"}",
	    "{\"line\":[\"2 High Street\"],\"postalCode\":\"WZ1 1AA\"}",
	    "{\"line\":[\"Fern House\"],\"postalCode\":\"WZ1 1AB\"}",
	    "{\"use\":\"old\",\"line\":[\"Fern House\"],\"postalCode\":\"WZ1 1AA\"}",
	};

	for (size_t i = 0; i < HF_COUNT(addresses); i++) {
		char json[400];
		const struct hf_relation *r;

		snprintf(
		    json, sizeof(json),
		    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"address\":[%s]}",
		    addresses[i]);
		r = one(json, "Patient/p1");
		if (i > 0) {
			assert_null(r);
			continue;
		}
		assert_int_equal(r->kind, HF_REL_HOME);
		assert_sv_equal(r->org, "ZH001");
	}
}

#define CONSENT(id, at, provision)                                                     \
	"{\"resourceType\":\"Consent\",\"id\":\"" id "\",\"status\":\"active\","       \
	"\"scope\":{\"coding\":[{\"code\":\"patient-privacy\"}]},\"category\":[{"      \
	"\"text\":\"sharing\"}],\"policyRule\":{\"text\":\"x\"},\"patient\":{"         \
	"\"reference\":\"Patient/p1\"},\"dateTime\":\"" at                             \
	"\",\"provision\":" provision "}"

HF_TEST(consent_to_a_party_is_a_relationship_and_the_newest_choice_about_all_holds)
{
	struct hf_test_store t;
	struct hf_relations list;
	const struct hf_relation *r;

	open_place(&t);
	put(&t, CONSENT("c1", "2026-01-01",
			"{\"type\":\"permit\",\"actor\":[{\"role\":{\"text\":\"x\"},"
			"\"reference\":{\"reference\":\"Organization/trust\"}}],"
			"\"period\":{\"end\":\"2026-06-30\"}}"));
	list = of_person(&t, "p1");
	r = from(&list, "Consent/c1");
	assert_int_equal(r->kind, HF_REL_CONSENT);
	assert_sv_equal(r->org, "RZ1");
	assert_int_equal(r->end, at("2026-07-01"));
	assert_int_equal(list.objection.n, 0);

	put(&t, CONSENT("c2", "2026-02-01", "{\"type\":\"deny\"}"));
	list = of_person(&t, "p1");
	assert_sv_equal(list.objection, "Consent/c2");
	put(&t, CONSENT("c3", "2026-01-15", "{\"type\":\"permit\"}")); /* older */
	list = of_person(&t, "p1");
	assert_sv_equal(list.objection, "Consent/c2");
	put(&t, CONSENT("c4", "2026-03-01", "{\"type\":\"permit\"}"));
	list = of_person(&t, "p1");
	assert_int_equal(list.objection.n, 0);
	assert_null(from(&list, "Consent/c4")); /* permits nobody in particular */
	hf_test_store_close(&t);
}

HF_TEST(a_type_1_dissent_holds_until_it_is_withdrawn)
{
	struct hf_test_store t;

	open_place(&t);
	put(&t, "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"final\","
		"\"code\":{\"coding\":[{\"code\":\"827241000000103\"}]}," PATIENT
		",\"effectiveDateTime\":\"2025-01-01\"}");
	assert_sv_equal(of_person(&t, "p1").type1, "Observation/o1");
	put(&t, "{\"resourceType\":\"Observation\",\"id\":\"o2\",\"status\":\"final\","
		"\"code\":{\"coding\":[{\"code\":\"827261000000102\"}]}," PATIENT
		",\"effectiveDateTime\":\"2024-01-01\"}");
	assert_sv_equal(of_person(&t, "p1").type1, "Observation/o1");
	put(&t, "{\"resourceType\":\"Observation\",\"id\":\"o3\",\"status\":\"final\","
		"\"code\":{\"coding\":[{\"code\":\"827261000000102\"}]}," PATIENT
		",\"effectiveDateTime\":\"2026-01-01\"}");
	assert_int_equal(of_person(&t, "p1").type1.n, 0);
	hf_test_store_close(&t);
}

HF_TEST(who_is_not_there_is_not_found_and_no_memory_is_said)
{
	struct hf_test_store t;
	struct hf_relations list = {.n = 7};
	struct hf_arena small = {.cap = 100};
	struct hf_err err = {0};

	open_place(&t);
	assert_int_equal(
	    hf_relations_read(t.reader, HF_SV("nobody"), NULL, &t.arena, &list, &err),
	    HF_NOT_FOUND);
	assert_int_equal(
	    hf_relations_read(t.reader, HF_SV("p1"), NULL, &small, &list, &err),
	    HF_TOO_LONG);
	assert_int_equal(list.n, 7);
	hf_arena_free(&small);
	hf_test_store_close(&t);
}

/* ---- the synthetic place ---- */

enum { PEOPLE = 1500, FULL = 50 };

static enum hf_rc
put_unit(void *ctx, int64_t index HF_UNUSED, const struct hf_synth_unit *unit,
	 struct hf_err *err)
{
	struct hf_test_store *t = ctx;
	const char **json = hf_arena_array(&t->arena, unit->n, sizeof(*json));

	for (size_t i = 0; i < unit->n; i++)
		json[i] = hf_arena_cstr(&t->arena, hf_synth_resource(unit, i).json);
	return hf_test_put(t, json, unit->n, NULL, err);
}

static void
check_person(struct hf_test_store *t, const struct hf_synth_unit *unit, hf_time now,
	     size_t *kinds)
{
	struct hf_relations list = {0};
	struct hf_sv practice = {0};
	size_t practices = 0, homes = 0, by_address = 0;

	for (size_t i = 0; i < unit->n; i++) {
		struct hf_synth_res res = hf_synth_resource(unit, i);
		struct hf_json doc;

		if (!hf_sv_is(res.type, "Patient"))
			continue;
		assert_int_equal(hf_json_parse(hf_arena_sv(&t->arena, res.json), NULL,
					       &t->arena, &doc, NULL),
				 HF_OK);
		practice = hf_source_ods(&doc, &t->arena);
		list = of_person(t, hf_arena_cstr(&t->arena, res.id));
	}
	assert_true(practice.n > 0);
	for (size_t i = 0; i < list.n; i++) {
		const struct hf_relation *r = &list.items[i];

		kinds[r->kind]++;
		assert_true(r->org.n > 0 || r->who.n > 0);
		assert_true(r->source.n > 0 && r->reason);
		assert_true(r->start <= r->end);
		if (r->kind == HF_REL_GPREG) {
			practices++;
			assert_true(hf_sv_eq(r->org, practice));
		}
		homes += r->kind == HF_REL_HOME;
		by_address += r->kind == HF_REL_HOME &&
			      hf_sv_starts(r->source, HF_SV("Patient/"));
		/* Nothing that has happened is later than the place's now. */
		if (r->kind == HF_REL_INPT || r->kind == HF_REL_CASE)
			assert_true(r->start <= now);
	}
	/* The practice, and the named GP there. */
	assert_true(practices == 1 || practices == 2);
	assert_true(by_address <= 1);
	/* Who has a care home nurse in the team lives in a care home. */
	assert_true(homes == 0 || by_address == 1);
}

/* Does the person live in one of the care homes?  Their address begins with its
 * name. */
static bool
in_a_home(const struct hf_synth_unit *unit, const struct hf_care_homes *homes,
	  struct hf_arena *arena)
{
	for (size_t i = 0; i < homes->n; i++) {
		struct hf_sv line = hf_arena_printf(arena, "\"line\":[\"%.*s\"",
						    HF_SV_ARG(homes->items[i].name));

		if (memmem(unit->text.p, unit->text.n, line.p, line.n))
			return true;
	}
	return false;
}

/* Puts and checks the first people with full records and whoever lives in a home. */
static size_t
put_and_check(struct hf_test_store *t, const struct hf_synth_place *synth, hf_time now,
	      size_t *kinds)
{
	struct hf_synth_unit unit = {0};
	struct hf_care_homes homes;
	struct hf_err err = {0};
	int64_t orgs = hf_synth_orgs(synth);
	size_t checked = 0;

	assert_int_equal(hf_synth_run(synth, 0, orgs, put_unit, t, &err), HF_OK);
	assert_int_equal(hf_care_homes_read(t->reader, &t->arena, &homes, &err), HF_OK);
	assert_true(homes.n > 0);
	for (int64_t i = 0; i < PEOPLE; i++) {
		size_t before = kinds[HF_REL_HOME];
		bool home;

		assert_int_equal(hf_synth_make(synth, orgs + i, &unit, &err), HF_OK);
		home = in_a_home(&unit, &homes, &t->arena);
		if (!home && checked >= FULL)
			continue;
		assert_int_equal(put_unit(t, i, &unit, &err), HF_OK);
		check_person(t, &unit, now, kinds);
		assert_true((kinds[HF_REL_HOME] > before) == home);
		checked++;
	}
	hf_synth_unit_free(&unit);
	return checked;
}

HF_TEST(people_of_the_synthetic_place_have_relationships_that_fit_their_records)
{
	struct hf_synth_config config = hf_synth_defaults();
	struct hf_synth_place *synth = NULL;
	size_t kinds[HF_RELATIONS] = {0}, people;
	struct hf_test_store t;
	struct hf_err err = {0};

	config.people = PEOPLE;
	config.full_records = PEOPLE;
	config.rich = 0;
	assert_int_equal(hf_synth_place_new(&config, &synth, &err), HF_OK);
	assert_true(hf_test_store_open(&t, 0));
	people = put_and_check(&t, synth, config.now, kinds);
	assert_true(people > FULL && kinds[HF_REL_GPREG] >= people);
	assert_true(kinds[HF_REL_CASE] > 0 && kinds[HF_REL_INPT] > 0);
	assert_true(kinds[HF_REL_APPT] > 0 && kinds[HF_REL_MDT] > 0);
	assert_true(kinds[HF_REL_HOME] > 0);
	print_message("of %zu people: %zu caseloads, %zu stays, %zu appointments, "
		      "%zu team members, %zu care homes, %zu open referrals\n",
		      people, kinds[HF_REL_CASE], kinds[HF_REL_INPT],
		      kinds[HF_REL_APPT], kinds[HF_REL_MDT], kinds[HF_REL_HOME],
		      kinds[HF_REL_REFER]);
	hf_synth_place_free(synth);
	hf_test_store_close(&t);
}

HF_TEST_MAIN(
    "record/relation",
    cmocka_unit_test(the_practice_is_the_one_that_the_patient_is_registered_with),
    cmocka_unit_test(an_open_referral_counts_for_its_performer_whatever_kind_it_is),
    cmocka_unit_test(what_is_closed_planned_or_wrong_opens_nothing),
    cmocka_unit_test(an_episode_a_stay_an_appointment_and_a_team_count_for_their_time),
    cmocka_unit_test(who_lives_at_a_care_home_s_address_lives_in_the_care_home),
    cmocka_unit_test(
	consent_to_a_party_is_a_relationship_and_the_newest_choice_about_all_holds),
    cmocka_unit_test(a_type_1_dissent_holds_until_it_is_withdrawn),
    cmocka_unit_test(who_is_not_there_is_not_found_and_no_memory_is_said),
    cmocka_unit_test(
	people_of_the_synthetic_place_have_relationships_that_fit_their_records))
