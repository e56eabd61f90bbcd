/* The promises of record/io/viewer.h: each reader sees what its viewer may see. */
#include "test/hf_test.h"

#include "record/io/search.h"
#include "record/io/viewer.h"
#include "test/support/store.h"

#define ODS_URL "https://fhir.nhs.uk/Id/ods-organization-code"
#define ORG(id, code)                                                                  \
	"{\"resourceType\":\"Organization\",\"id\":\"" id "\",\"identifier\":[{"       \
	"\"system\":\"" ODS_URL "\",\"value\":\"" code "\"}]}"
#define FROM(code) "\"meta\":{\"source\":\"" ODS_URL "/" code "\"}"
#define FROM_LABELLED(code, label)                                                     \
	"\"meta\":{\"source\":\"" ODS_URL "/" code                                     \
	"\",\"security\":[{\"code\":\"" label "\"}]}"
#define PATIENT(id, code)                                                              \
	"{\"resourceType\":\"Patient\",\"id\":\"" id "\"," FROM(                       \
	    code) ",\"generalPractitioner\":[{\"reference\":\"Organization/gp-" code   \
		  "\"}]}"
#define WEIGHT(id, meta, patient)                                                      \
	"{\"resourceType\":\"Observation\",\"id\":\"" id "\"," meta                    \
	",\"status\":\"final\",\"code\":{\"coding\":[{\"code\":\"27113001\"}]},"       \
	"\"subject\":{\"reference\":\"Patient/" patient "\"}}"

static const char *const place[] = {
    ORG("gp-A1", "A1"),
    ORG("gp-B2", "B2"),
    PATIENT("ann", "A1"),
    PATIENT("bob", "B2"),
    WEIGHT("ann-1", FROM("A1"), "ann"),
    WEIGHT("ann-2", FROM("B2"), "ann"),
    WEIGHT("ann-r", FROM_LABELLED("A1", "R"), "ann"),
    WEIGHT("bob-1", FROM("B2"), "bob"),
    WEIGHT("none", FROM("A1"), "nobody-yet"),
    "{\"resourceType\":\"Observation\",\"id\":\"of-nobody\"," FROM(
	"A1") ",\"status\":\"final\",\"code\":{\"text\":\"x\"}}",
    "{\"resourceType\":\"Observation\",\"id\":\"of-nobody-b\"," FROM(
	"B2") ",\"status\":\"final\",\"code\":{\"text\":\"x\"}}",
};

static struct hf_policy policy;
static struct hf_actor nurse = {
    .kind = HF_ACTOR_PERSON,
    .id = {"user/n", 6},
    .purpose = {"DIRECT", 6},
    .role = {"R8001", 5},
    .group = HF_GROUP_CLIN,
    .org = {"A1", 2},
    .who = {"Practitioner/n", 14},
    .why = HF_PURPOSE_DIRECT,
    .facts = HF_BIT(HF_FACT_VALID) | HF_BIT(HF_FACT_MFA) | HF_BIT(HF_FACT_ROLE_ACTIVE) |
	     HF_BIT(HF_FACT_ORG_ACTIVE),
};
static struct hf_seen seen;
static struct hf_viewer eyes = {.actor = &nurse,
				.policy = &policy,
				.activity = HF_ACT_READ,
				.audit_works = true,
				.now = 1793786400000, /* 2026-11-04 */
				.seen = &seen};

static void
put(struct hf_test_store *t, const char *json)
{
	struct hf_err err = {0};

	if (hf_test_put(t, &json, 1, NULL, &err) != HF_OK)
		fail_msg("%s: %s", json, err.text);
}

static void
open_place(struct hf_test_store *t)
{
	static struct hf_arena arena = {.cap = 16 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_err err = {0};

	if (!policy.version)
		assert_int_equal(
		    hf_policy_load(hf_policy_builtin, &arena, &issues, &policy, &err),
		    HF_OK);
	assert_true(hf_test_store_open(t, 0));
	for (size_t i = 0; i < HF_COUNT(place); i++)
		put(t, place[i]);
	seen = (struct hf_seen){0};
	hf_reader_as(t->reader, &eyes);
}

static enum hf_rc
read_one(struct hf_test_store *t, const char *type, const char *id, struct hf_err *err)
{
	struct hf_version v;

	return hf_store_read(t->reader, hf_sv_from(type), hf_sv_from(id), 0, &t->arena,
			     &v, err);
}

static bool
sees(struct hf_test_store *t, const char *type, const char *id)
{
	struct hf_err err = {0};
	enum hf_rc rc = read_one(t, type, id, &err);

	if (rc != HF_OK && rc != HF_NOT_FOUND)
		fail_msg("%s/%s: %s", type, id, err.text);
	return rc == HF_OK;
}

static struct hf_search_result
search(struct hf_test_store *t, const char *type, const char *name, const char *value)
{
	struct hf_param param = {hf_sv_from(name), hf_sv_from(value)};
	struct hf_search_result out = {0};
	struct hf_search *s;
	struct hf_err err = {0};
	enum hf_rc rc =
	    hf_search_parse(hf_resource_find(hf_sv_from(type)), &param, *name ? 1 : 0,
			    false, HF_SV(""), eyes.now, &t->arena, &s, &err);

	if (rc == HF_OK)
		rc = hf_search_run(t->store, t->reader, s, HF_SV("n"), &t->arena, &out,
				   &err);
	if (rc != HF_OK)
		fail_msg("%s?%s=%s: %s", type, name, value, err.text);
	return out;
}

HF_TEST(what_may_not_be_seen_answers_as_what_is_not_there)
{
	struct hf_test_store t;
	struct hf_err hidden = {0}, missing = {0};

	open_place(&t);
	assert_true(sees(&t, "Patient", "ann"));
	assert_true(sees(&t, "Observation", "ann-1"));
	assert_int_equal(read_one(&t, "Patient", "bob", &hidden), HF_NOT_FOUND);
	assert_int_equal(read_one(&t, "Patient", "bop", &missing), HF_NOT_FOUND);
	assert_string_equal(hidden.text, "there is no Patient/bob");
	assert_string_equal(missing.text, "there is no Patient/bop");
	assert_false(sees(&t, "Observation", "bob-1"));
	/* No agreement with the organisation it comes from. */
	assert_false(sees(&t, "Observation", "ann-2"));
	/* Nobody has a relationship with somebody who never came. */
	assert_false(sees(&t, "Observation", "none"));
	assert_true(sees(&t, "Observation", "of-nobody"));
	assert_false(sees(&t, "Observation", "of-nobody-b"));
	assert_true(sees(&t, "Organization", "gp-B2"));
	assert_true(seen.relations & HF_BIT(HF_REL_GPREG));
	hf_test_store_close(&t);
}

HF_TEST(a_deleted_resource_that_was_hidden_is_not_gone_but_unknown)
{
	struct hf_test_store t;
	struct hf_change_item items[2] = {
	    {.op = HF_OP_DELETE,
	     .type = hf_resource_find(HF_SV("Observation")),
	     .id = HF_SV("bob-1")},
	    {.op = HF_OP_DELETE,
	     .type = hf_resource_find(HF_SV("Observation")),
	     .id = HF_SV("ann-1")}};
	struct hf_change change = {.arena = &t.arena,
				   .actor = HF_SV("test"),
				   .purpose = HF_SV("test"),
				   .source = HF_SV("test"),
				   .items = items,
				   .n = 2};
	struct hf_issues issues = {.arena = &t.arena};
	struct hf_err err = {0};

	open_place(&t);
	hf_reader_as(t.reader, NULL);
	change.issues = &issues;
	assert_int_equal(hf_change_commit(t.store, t.reader, &change, &err), HF_OK);
	assert_int_equal(read_one(&t, "Observation", "bob-1", &err), HF_GONE);
	hf_reader_as(t.reader, &eyes);
	assert_int_equal(read_one(&t, "Observation", "bob-1", &err), HF_NOT_FOUND);
	assert_int_equal(read_one(&t, "Observation", "ann-1", &err), HF_GONE);
	hf_test_store_close(&t);
}

HF_TEST(searches_and_counts_hold_what_may_be_seen_alone)
{
	struct hf_test_store t;
	struct hf_search_result r;

	open_place(&t);
	r = search(&t, "Patient", "", "");
	assert_int_equal(r.n, 1);
	assert_int_equal(r.total, 1);
	assert_int_equal(search(&t, "Patient", "_summary", "count").total, 1);
	/* Labelled, of the own organisation, and the nurse has no team of her own. */
	assert_int_equal(search(&t, "Observation", "_summary", "count").total, 3);
	assert_int_equal(search(&t, "Observation", "patient", "ann").n, 2);
	assert_int_equal(search(&t, "Observation", "patient", "bob").n, 0);
	assert_int_equal(search(&t, "Observation", "code", "27113001").n, 2);
	assert_int_equal(search(&t, "Patient", "_revinclude", "Observation:patient").n,
			 3);
	hf_test_store_close(&t);
}

HF_TEST(sensitive_content_is_for_the_team_that_it_is_of)
{
	struct hf_test_store t;
	struct hf_actor other = nurse;
	struct hf_viewer v = eyes;

	open_place(&t);
	assert_true(sees(&t, "Observation", "ann-r"));
	other.team = HF_SV("CareTeam/elsewhere");
	v.actor = &other;
	hf_reader_as(t.reader, &v);
	seen = (struct hf_seen){0};
	assert_false(sees(&t, "Observation", "ann-r"));
	assert_true(sees(&t, "Observation", "ann-1"));
	assert_int_equal(seen.strictest, HF_MASK);
	assert_int_equal(seen.masked, HF_BIT(HF_CONTENT_CLINICAL));
	hf_test_store_close(&t);
}

HF_TEST(a_relationship_counts_as_soon_as_it_is_written_and_no_longer_than_it_is_there)
{
	struct hf_test_store t;

	open_place(&t);
	assert_false(sees(&t, "Patient", "bob"));
	hf_reader_as(t.reader, NULL);
	put(&t, "{\"resourceType\":\"Patient\",\"id\":\"bob\"," FROM(
		    "A1") ",\"generalPractitioner\":[{\"reference\":\"Organization/"
			  "gp-A1\"}]}");
	hf_reader_as(t.reader, &eyes);
	assert_true(sees(&t, "Patient", "bob"));
	hf_reader_as(t.reader, NULL);
	/* The practice has another code now: nobody of A1 is of it. */
	put(&t, ORG("gp-A1", "C3"));
	hf_reader_as(t.reader, &eyes);
	assert_false(sees(&t, "Patient", "bob"));
	assert_false(sees(&t, "Patient", "ann"));
	hf_test_store_close(&t);
}

HF_TEST(an_older_version_that_was_restricted_stays_so)
{
	struct hf_test_store t;
	struct hf_version v;
	struct hf_err err = {0};

	open_place(&t);
	hf_reader_as(t.reader, NULL);
	put(&t, WEIGHT("w", FROM_LABELLED("A1", "V"), "ann"));
	put(&t, WEIGHT("w", FROM("A1"), "ann"));
	hf_reader_as(t.reader, &eyes);
	assert_true(sees(&t, "Observation", "w"));
	assert_int_equal(hf_store_read(t.reader, HF_SV("Observation"), HF_SV("w"), 1,
				       &t.arena, &v, &err),
			 HF_NOT_FOUND);
	assert_string_equal(err.text, "there is no version 1 of it; the newest is 2");
	/* Neither does one that was about somebody else come with it. */
	hf_reader_as(t.reader, NULL);
	put(&t, WEIGHT("bob-1", FROM("A1"), "ann"));
	hf_reader_as(t.reader, &eyes);
	assert_true(sees(&t, "Observation", "bob-1"));
	assert_int_equal(hf_store_read(t.reader, HF_SV("Observation"), HF_SV("bob-1"),
				       1, &t.arena, &v, &err),
			 HF_NOT_FOUND);
	hf_test_store_close(&t);
}

static struct hf_viewer_person
person(struct hf_test_store *t, int64_t shelf)
{
	struct hf_viewer_person p;
	struct hf_err err = {0};

	assert_int_equal(hf_viewer_person(t->reader, shelf, &p, &err), HF_OK);
	return p;
}

HF_TEST(a_person_who_may_not_be_seen_is_described_as_anybody)
{
	struct hf_test_store t;
	struct hf_viewer_person ann, bob, nobody;
	struct hf_err err = {0};
	int64_t of_ann, of_bob, none;

	open_place(&t);
	assert_int_equal(hf_viewer_shelf(t.reader, HF_SV("ann"), &of_ann, &err), HF_OK);
	assert_int_equal(hf_viewer_shelf(t.reader, HF_SV("bob"), &of_bob, &err), HF_OK);
	assert_int_equal(hf_viewer_shelf(t.reader, HF_SV("bop"), &none, &err), HF_OK);
	assert_true(of_bob != 0);
	assert_int_equal(none, 0);
	ann = person(&t, of_ann);
	bob = person(&t, of_bob);
	assert_int_equal(hf_viewer_stranger(t.reader, &nobody, &err), HF_OK);
	assert_int_equal(ann.outcome, HF_ALLOW);
	assert_true(ann.contents & HF_BIT(HF_CONTENT_CLINICAL));
	assert_true(ann.relations & HF_BIT(HF_REL_GPREG));
	assert_int_equal(bob.outcome, HF_BTG);
	assert_true(bob.glass);
	assert_int_equal(bob.reasons, nobody.reasons);
	assert_int_equal(bob.contents, nobody.contents);
	assert_int_equal(bob.relations, 0);
	assert_string_equal(bob.rule, nobody.rule);
	hf_test_store_close(&t);
}

HF_TEST(tracing_shows_who_it_is_and_opens_nothing)
{
	struct hf_test_store t;
	struct hf_rights *rights;
	struct hf_agreement all = {.id = HF_SV("agreement/a"),
				   .from = HF_SV(HF_EVERY_ORG),
				   .to = HF_SV(HF_EVERY_ORG),
				   .tier = HF_TIER_T3,
				   .start = 0,
				   .until = HF_TIME_MAX,
				   .ended = HF_TIME_MAX};
	struct hf_rights_lists lists = {.agreements = &all, .n_agreements = 1};
	struct hf_viewer v = eyes;
	struct hf_err err = {0};
	enum hf_activity was;

	open_place(&t);
	assert_int_equal(hf_rights_build(&lists, &rights, &err), HF_OK);
	v.rights = rights;
	hf_reader_as(t.reader, &v);
	assert_true(hf_reader_may_trace(t.reader));
	assert_false(sees(&t, "Patient", "bob"));
	was = hf_reader_traces(t.reader, 2);
	assert_false(sees(&t, "Patient", "bob"));
	hf_reader_does(t.reader, was);
	was = hf_reader_traces(t.reader, 3);
	assert_true(sees(&t, "Patient", "bob"));
	assert_false(sees(&t, "Observation", "bob-1"));
	hf_reader_does(t.reader, was);
	assert_false(sees(&t, "Patient", "bob"));
	/* With the agreement the other organisation's entry is shown. */
	assert_true(sees(&t, "Observation", "ann-2"));
	hf_rights_drop(rights);
	hf_test_store_close(&t);
}

/* ---- changing ---- */

static enum hf_rc
try_put(struct hf_test_store *t, const char *json, struct hf_err *err)
{
	return hf_test_put(t, &json, 1, NULL, err);
}

HF_TEST(what_is_written_comes_from_the_actors_organisation)
{
	struct hf_test_store t;
	struct hf_version v;
	struct hf_err err = {0};

	open_place(&t);
	put(&t, WEIGHT("new", "\"language\":\"en\"", "ann"));
	assert_int_equal(hf_store_read(t.reader, HF_SV("Observation"), HF_SV("new"), 0,
				       &t.arena, &v, &err),
			 HF_OK);
	assert_true(memmem(v.body.p, v.body.n, "\"source\":\"" ODS_URL "/A1\"",
			   sizeof "\"source\":\"" ODS_URL "/A1\"" - 1));
	/* The same again changes nothing. */
	put(&t, WEIGHT("new", "\"language\":\"en\"", "ann"));
	assert_int_equal(hf_store_read(t.reader, HF_SV("Observation"), HF_SV("new"), 0,
				       &t.arena, &v, &err),
			 HF_OK);
	assert_int_equal(v.e.version, 1);
	assert_int_equal(try_put(&t, WEIGHT("forged", FROM("B2"), "ann"), &err),
			 HF_RULE);
	assert_string_equal(err.path, "meta.source");
	hf_test_store_close(&t);
}

HF_TEST(nobody_writes_about_a_person_without_a_relationship)
{
	struct hf_test_store t;
	struct hf_err err = {0};

	open_place(&t);
	assert_int_equal(try_put(&t, WEIGHT("w", "\"language\":\"en\"", "bob"), &err),
			 HF_FORBIDDEN);
	/* Nor gives them to somebody else. */
	assert_int_equal(try_put(&t, WEIGHT("ann-1", FROM("A1"), "bob"), &err),
			 HF_FORBIDDEN);
	assert_int_equal(try_put(&t, WEIGHT("w", "\"language\":\"en\"", "never"), &err),
			 HF_FORBIDDEN);
	assert_int_equal(
	    try_put(&t,
		    "{\"resourceType\":\"EpisodeOfCare\",\"id\":\"mine\",\"status\":"
		    "\"active\",\"patient\":{\"reference\":\"Patient/bob\"},"
		    "\"managingOrganization\":{\"reference\":\"Organization/gp-A1\"}}",
		    &err),
	    HF_FORBIDDEN);
	assert_false(sees(&t, "Patient", "bob"));
	/* A new person comes with the one who registers them. */
	put(&t, PATIENT("cat", "A1"));
	assert_true(sees(&t, "Patient", "cat"));
	hf_test_store_close(&t);
}

HF_TEST(an_id_that_is_hidden_is_not_overwritten_and_not_deleted)
{
	struct hf_test_store t;
	struct hf_change_item item = {.op = HF_OP_DELETE,
				      .type = hf_resource_find(HF_SV("Observation")),
				      .id = HF_SV("bob-1")};
	struct hf_change change = {.arena = &t.arena,
				   .actor = HF_SV("test"),
				   .purpose = HF_SV("test"),
				   .source = HF_SV("test"),
				   .items = &item,
				   .n = 1};
	struct hf_issues issues = {.arena = &t.arena};
	struct hf_err err = {0};

	open_place(&t);
	change.issues = &issues;
	assert_int_equal(
	    try_put(&t, WEIGHT("bob-1", "\"language\":\"en\"", "ann"), &err),
	    HF_FORBIDDEN);
	assert_int_equal(hf_change_commit(t.store, t.reader, &change, &err),
			 HF_NOT_FOUND);
	assert_string_equal(err.text, "there is no Observation/bob-1");
	item.if_match = 1;
	assert_int_equal(hf_change_commit(t.store, t.reader, &change, &err), HF_STALE);
	item.id = HF_SV("never");
	assert_int_equal(hf_change_commit(t.store, t.reader, &change, &err), HF_STALE);
	hf_reader_as(t.reader, NULL);
	assert_true(sees(&t, "Observation", "bob-1"));
	hf_test_store_close(&t);
}

HF_TEST(the_place_itself_is_not_for_users_to_write)
{
	static const char *const ours[] = {
	    ORG("gp-A1", "B2"), ORG("new", "D4"),
	    "{\"resourceType\":\"PractitionerRole\",\"id\":\"r\",\"practitioner\":{"
	    "\"reference\":\"Practitioner/n\"},\"organization\":{\"reference\":"
	    "\"Organization/gp-B2\"}}",
	    "{\"resourceType\":\"CareTeam\",\"id\":\"t\",\"status\":\"active\"}"};
	struct hf_test_store t;
	struct hf_err err = {0};

	open_place(&t);
	for (size_t i = 0; i < HF_COUNT(ours); i++)
		assert_int_equal(try_put(&t, ours[i], &err), HF_FORBIDDEN);
	hf_test_store_close(&t);
}

/* Whoever links two Patients by Patient.link must be let change both: else somebody
 * looks at it, and the writer is told nothing. */
HF_TEST(a_link_to_a_patient_who_is_not_ones_own_waits_for_somebody)
{
	static const char *const to[] = {"bob", "eve"};
	struct hf_test_store t;
	char json[500];

	open_place(&t);
	hf_reader_as(t.reader, NULL);
	put(&t, PATIENT("eve", "A1"));
	for (size_t i = 0; i < HF_COUNT(to); i++) {
		int64_t *shelves;
		struct hf_entry e;
		size_t n;

		snprintf(json, sizeof json,
			 "{\"resourceType\":\"Patient\",\"id\":\"ann\",\"link\":[{"
			 "\"other\":{\"reference\":\"Patient/%s\"},\"type\":"
			 "\"seealso\"}],\"generalPractitioner\":[{\"reference\":"
			 "\"Organization/gp-A1\"}]}",
			 to[i]);
		hf_reader_as(t.reader, &eyes);
		put(&t, json);
		hf_reader_as(t.reader, NULL);
		assert_int_equal(hf_store_find(t.reader,
					       hf_resource_find(HF_SV("Patient")),
					       HF_SV("ann"), &e, NULL),
				 HF_OK);
		assert_int_equal(hf_store_person(t.reader, HF_RID_SHELF(e.rid),
						 &t.arena, &shelves, &n, NULL),
				 HF_OK);
		assert_int_equal(n, 1 + i);
	}
	hf_test_store_close(&t);
}

HF_TEST_MAIN(
    "record/viewer",
    cmocka_unit_test(what_may_not_be_seen_answers_as_what_is_not_there),
    cmocka_unit_test(a_deleted_resource_that_was_hidden_is_not_gone_but_unknown),
    cmocka_unit_test(searches_and_counts_hold_what_may_be_seen_alone),
    cmocka_unit_test(sensitive_content_is_for_the_team_that_it_is_of),
    cmocka_unit_test(
	a_relationship_counts_as_soon_as_it_is_written_and_no_longer_than_it_is_there),
    cmocka_unit_test(an_older_version_that_was_restricted_stays_so),
    cmocka_unit_test(a_person_who_may_not_be_seen_is_described_as_anybody),
    cmocka_unit_test(tracing_shows_who_it_is_and_opens_nothing),
    cmocka_unit_test(what_is_written_comes_from_the_actors_organisation),
    cmocka_unit_test(nobody_writes_about_a_person_without_a_relationship),
    cmocka_unit_test(an_id_that_is_hidden_is_not_overwritten_and_not_deleted),
    cmocka_unit_test(the_place_itself_is_not_for_users_to_write),
    cmocka_unit_test(a_link_to_a_patient_who_is_not_ones_own_waits_for_somebody))
