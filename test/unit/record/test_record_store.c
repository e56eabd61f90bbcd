/* The promises of record/io/store.h and change.h, on both engines. */
#include "test/hf_test.h"

#include "record/io/store_impl.h"
#include "test/support/store.h"

static void
put(struct hf_test_store *t, const char *json)
{
	struct hf_err err = {0};

	if (hf_test_put(t, &json, 1, NULL, &err) != HF_OK)
		fail_msg("%s: %s", json, err.text);
}

static struct hf_version
get(struct hf_test_store *t, const char *type, const char *id, uint32_t version,
    enum hf_rc expect)
{
	struct hf_version v = {0};
	struct hf_err err = {0};
	enum hf_rc rc = hf_store_read(t->reader, hf_sv_from(type), hf_sv_from(id),
				      version, &t->arena, &v, &err);

	if (rc != expect)
		fail_msg("%s/%s: %d %s", type, id, (int)rc, err.text);
	return v;
}

static hf_rid
rid_of(struct hf_test_store *t, const char *type, const char *id)
{
	struct hf_entry e = {0};

	assert_int_equal(hf_store_find(t->reader, hf_resource_find(hf_sv_from(type)),
				       hf_sv_from(id), &e, NULL),
			 HF_OK);
	return e.rid;
}

HF_ON_BOTH(what_is_put_is_read_back_to_the_byte)
{
	struct hf_version v;
	char expect[512], at[32];

	put(t, "{ \"resourceType\": \"Observation\", \"id\": \"o1\",\n"
	       "\"meta\": {\"versionId\":\"9\", \"tag\": [{\"code\":\"x\"}]},\n"
	       "\"status\": \"final\", \"code\": {\"text\": \"a\\u00e9\\/b\"},\n"
	       "\"valueQuantity\": { \"value\": 1.00, \"unit\": \"kg\" } }");
	v = get(t, "Observation", "o1", 0, HF_OK);
	snprintf(
	    expect, sizeof expect,
	    "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"meta\":{"
	    "\"versionId\":\"1\",\"lastUpdated\":\"%s\",\"tag\":[{\"code\":\"x\"}]}"
	    ",\"status\":\"final\",\"code\":{\"text\":\"a\\u00e9\\/b\"},"
	    "\"valueQuantity\":{\"value\":1.00,\"unit\":\"kg\"}}",
	    hf_time_format(v.at, at, sizeof at));
	assert_sv_equal(v.body, expect);
}

HF_ON_BOTH(every_version_stays_and_deleting_adds_one)
{
	struct hf_arena *arena = &t->arena;
	struct hf_change_item item = {.op = HF_OP_DELETE,
				      .type = hf_resource_find(HF_SV("Patient")),
				      .id = HF_SV("p")};
	struct hf_change del = {.arena = arena,
				.items = &item,
				.n = 1,
				.actor = HF_SV("test"),
				.purpose = HF_SV("TREAT"),
				.source = HF_SV("test")};
	struct hf_version *list;
	size_t n;

	put(t, "{\"resourceType\":\"Patient\",\"id\":\"p\",\"gender\":\"male\"}");
	put(t, "{\"resourceType\":\"Patient\",\"id\":\"p\",\"gender\":\"female\"}");
	put(t, "{\"resourceType\":\"Patient\",\"id\":\"p\",\"gender\":\"female\"}");
	assert_int_equal(get(t, "Patient", "p", 0, HF_OK).e.version, 2);
	assert_non_null(strstr(get(t, "Patient", "p", 1, HF_OK).body.p, "\"male\""));
	get(t, "Patient", "p", 3, HF_NOT_FOUND);
	assert_int_equal(hf_change_commit(t->store, t->reader, &del, NULL), HF_OK);
	get(t, "Patient", "p", 0, HF_GONE);
	get(t, "Patient", "p", 2, HF_OK);
	put(t, "{\"resourceType\":\"Patient\",\"id\":\"p\",\"active\":true}");
	assert_int_equal(get(t, "Patient", "p", 0, HF_OK).e.version, 4);
	assert_int_equal(hf_store_history(t->reader, 0, rid_of(t, "Patient", "p"), 0, 0,
					  HF_TIME_MIN, 10, arena, &list, &n, NULL),
			 HF_OK);
	assert_int_equal(n, 4);
	assert_int_equal(list[0].e.version, 4);
	assert_true(list[1].e.deleted);
	assert_int_equal(hf_store_history(t->reader, 0, 0, 0, 0, HF_TIME_MIN, 10, arena,
					  &list, &n, NULL),
			 HF_OK);
	assert_int_equal(n, 4);
}

HF_ON_BOTH(server_ids_lead_back_and_items_may_refer_to_each_other)
{
	struct hf_arena *arena = &t->arena;
	struct hf_json docs[2];
	struct hf_change_item items[2] = {
	    {.op = HF_OP_CREATE, .doc = &docs[0], .full_url = HF_SV("urn:uuid:a")},
	    {.op = HF_OP_CREATE, .doc = &docs[1], .full_url = HF_SV("urn:uuid:b")}};
	struct hf_issues issues = {.arena = arena};
	struct hf_change c = {.arena = arena,
			      .items = items,
			      .n = 2,
			      .issues = &issues,
			      .actor = HF_SV("test"),
			      .purpose = HF_SV("TREAT"),
			      .source = HF_SV("test")};
	struct hf_err err = {0};
	struct hf_version v;
	char expect[64];

	hf_json_parse(
	    HF_SV("{\"resourceType\":\"Condition\",\"subject\":{\"reference\":"
		  "\"urn:uuid:b\"}}"),
	    NULL, arena, &docs[0], NULL);
	hf_json_parse(HF_SV("{\"resourceType\":\"Patient\",\"id\":\"mine\"}"), NULL,
		      arena, &docs[1], NULL);
	items[0].type = hf_resource_find(HF_SV("Condition"));
	items[1].type = hf_resource_find(HF_SV("Patient"));
	if (hf_change_commit(t->store, t->reader, &c, &err) != HF_OK)
		fail_msg("%s %s", err.path, err.text);
	assert_int_equal(items[0].out_id.n, 16);
	assert_int_equal(HF_RID_SHELF(items[0].rid), HF_RID_SHELF(items[1].rid));
	hf_test_store_reopen(t);
	assert_int_equal(hf_store_read(t->reader, HF_SV("Condition"), items[0].out_id,
				       0, arena, &v, NULL),
			 HF_OK);
	snprintf(expect, sizeof expect, "\"reference\":\"Patient/%.16s\"",
		 items[1].out_id.p);
	assert_non_null(strstr(v.body.p, expect));
	assert_int_equal(hf_store_read(t->reader, HF_SV("Patient"), items[0].out_id, 0,
				       arena, &v, NULL),
			 HF_NOT_FOUND);
}

HF_ON_BOTH(what_comes_before_its_patient_waits_on_the_right_shelf)
{
	put(t, "{\"resourceType\":\"Condition\",\"id\":\"c\",\"subject\":{"
	       "\"reference\":\"Patient/late\"}}");
	get(t, "Patient", "late", 0, HF_NOT_FOUND);
	put(t, "{\"resourceType\":\"Flag\",\"id\":\"f\",\"status\":\"active\",\"code\":"
	       "{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/late\"}}");
	put(t, "{\"resourceType\":\"Patient\",\"id\":\"late\"}");
	assert_int_equal(HF_RID_SHELF(rid_of(t, "Condition", "c")),
			 HF_RID_SHELF(rid_of(t, "Patient", "late")));
	assert_int_equal(HF_RID_SHELF(rid_of(t, "Flag", "f")),
			 HF_RID_SHELF(rid_of(t, "Patient", "late")));
}

HF_ON_BOTH(a_resource_moves_to_its_right_subject_with_all_its_versions)
{
	hf_rid before;
	struct hf_entry *entries;
	size_t n;

	put(t, "{\"resourceType\":\"Patient\",\"id\":\"a\"}");
	put(t, "{\"resourceType\":\"Patient\",\"id\":\"b\"}");
	put(t, "{\"resourceType\":\"Condition\",\"id\":\"c\",\"subject\":{"
	       "\"reference\":\"Patient/a\"}}");
	before = rid_of(t, "Condition", "c");
	put(t, "{\"resourceType\":\"Condition\",\"id\":\"c\",\"subject\":{"
	       "\"reference\":\"Patient/b\"}}");
	assert_int_not_equal(rid_of(t, "Condition", "c"), before);
	assert_int_equal(HF_RID_SHELF(rid_of(t, "Condition", "c")),
			 HF_RID_SHELF(rid_of(t, "Patient", "b")));
	assert_non_null(strstr(get(t, "Condition", "c", 1, HF_OK).body.p, "Patient/a"));
	assert_int_equal(hf_store_shelf(t->reader, HF_RID_SHELF(before), &t->arena,
					&entries, &n, NULL),
			 HF_OK);
	assert_int_equal(n, 1);
}

HF_ON_BOTH(a_resource_about_two_people_is_mentioned_on_the_other_shelf)
{
	hf_rid *rids;
	size_t n;

	put(t, "{\"resourceType\":\"Patient\",\"id\":\"a\"}");
	put(t, "{\"resourceType\":\"Patient\",\"id\":\"b\"}");
	put(t, "{\"resourceType\":\"Appointment\",\"id\":\"x\",\"status\":\"booked\","
	       "\"participant\":[{\"status\":\"accepted\",\"actor\":{\"reference\":"
	       "\"Patient/a\"}},{\"status\":\"accepted\",\"actor\":{\"reference\":"
	       "\"Patient/b\"}}]}");
	assert_int_equal(hf_store_mentions(t->reader,
					   HF_RID_SHELF(rid_of(t, "Patient", "b")),
					   &t->arena, &rids, &n, NULL),
			 HF_OK);
	assert_int_equal(n, 1);
	assert_int_equal(rids[0], rid_of(t, "Appointment", "x"));
}

HF_ON_BOTH(a_change_commits_whole_or_not_at_all)
{
	const char *both[] = {
	    "{\"resourceType\":\"Patient\",\"id\":\"ok\"}",
	    "{\"resourceType\":\"Patient\",\"id\":\"bad\",\"gender\":\"blue\"}"};
	struct hf_err err = {0};

	assert_int_equal(hf_test_put(t, both, 2, NULL, &err), HF_INVALID);
	get(t, "Patient", "ok", 0, HF_NOT_FOUND);
	get(t, "Patient", "bad", 0, HF_NOT_FOUND);
}

/* Creates a Patient under an absolute full URL and a Condition whose subject is
 * reference; gives the two shelves. */
static void
create_both(struct hf_test_store *t, const char *full_url, const char *reference,
	    int64_t shelves[2])
{
	struct hf_arena *arena = &t->arena;
	struct hf_json docs[2];
	struct hf_change_item items[2] = {
	    {.op = HF_OP_CREATE, .doc = &docs[0], .full_url = hf_sv_from(full_url)},
	    {.op = HF_OP_CREATE, .doc = &docs[1]}};
	struct hf_issues issues = {.arena = arena};
	struct hf_change c = {.arena = arena,
			      .items = items,
			      .n = 2,
			      .issues = &issues,
			      .base = HF_SV("http://us/fhir"),
			      .actor = HF_SV("test"),
			      .purpose = HF_SV("TREAT"),
			      .source = HF_SV("test")};
	struct hf_err err = {0};

	hf_json_parse(HF_SV("{\"resourceType\":\"Patient\"}"), NULL, arena, &docs[0],
		      NULL);
	hf_json_parse(hf_arena_printf(arena,
				      "{\"resourceType\":\"Condition\",\"subject\":{"
				      "\"reference\":\"%s\"}}",
				      reference),
		      NULL, arena, &docs[1], NULL);
	items[0].type = hf_resource_find(HF_SV("Patient"));
	items[1].type = hf_resource_find(HF_SV("Condition"));
	if (hf_change_commit(t->store, t->reader, &c, &err) != HF_OK)
		fail_msg("%s %s", err.path, err.text);
	for (int i = 0; i < 2; i++)
		shelves[i] = HF_RID_SHELF(items[i].rid);
}

HF_ON_BOTH(an_absolute_reference_leads_to_the_item_or_to_us_or_to_nobody_here)
{
	int64_t shelves[2], ours;

	create_both(t, "https://x/Patient/abc", "https://x/Patient/abc", shelves);
	assert_int_equal(shelves[0], shelves[1]);
	put(t, "{\"resourceType\":\"Patient\",\"id\":\"abc\"}");
	ours = HF_RID_SHELF(rid_of(t, "Patient", "abc"));
	/* Somebody of another server is not our Patient/abc. */
	create_both(t, "urn:uuid:1", "https://other/Patient/abc", shelves);
	assert_true(shelves[1] < HF_SHELF_PERSON);
	create_both(t, "urn:uuid:1", "http://us/fhir/Patient/abc", shelves);
	assert_int_equal(shelves[1], ours);
}

HF_ON_BOTH(a_reference_by_condition_that_nobody_resolved_is_refused)
{
	const char *json = "{\"resourceType\":\"Condition\",\"id\":\"c\",\"subject\":{"
			   "\"reference\":\"Patient?identifier=x\"}}";
	struct hf_err err = {0};

	assert_int_equal(hf_test_put(t, &json, 1, NULL, &err), HF_INVALID);
	get(t, "Condition", "c", 0, HF_NOT_FOUND);
}

HF_TEST(two_items_under_one_full_url_are_refused)
{
	struct hf_test_store t;
	struct hf_json doc;
	struct hf_change_item items[2] = {
	    {.op = HF_OP_CREATE, .doc = &doc, .full_url = HF_SV("urn:uuid:1")},
	    {.op = HF_OP_CREATE, .doc = &doc, .full_url = HF_SV("urn:uuid:1")}};
	struct hf_change c = {.items = items,
			      .n = 2,
			      .actor = HF_SV("test"),
			      .purpose = HF_SV("TREAT"),
			      .source = HF_SV("test")};
	struct hf_issues issues = {0};
	struct hf_err err = {0};

	assert_true(hf_test_store_open(&t, 0));
	c.arena = issues.arena = &t.arena;
	c.issues = &issues;
	hf_json_parse(HF_SV("{\"resourceType\":\"Patient\"}"), NULL, &t.arena, &doc,
		      NULL);
	items[0].type = items[1].type = hf_resource_find(HF_SV("Patient"));
	assert_int_equal(hf_change_commit(t.store, t.reader, &c, &err), HF_INVALID);
	assert_int_equal(c.failed_item, 1);
	assert_string_equal(err.path, "fullUrl");
	hf_test_store_close(&t);
}

HF_ON_BOTH(a_subject_that_no_entry_of_the_bundle_is_is_refused)
{
	struct hf_json doc;
	struct hf_change_item item = {
	    .op = HF_OP_CREATE, .doc = &doc, .full_url = HF_SV("urn:uuid:1")};
	struct hf_issues issues = {.arena = &t->arena};
	struct hf_change c = {.arena = &t->arena,
			      .items = &item,
			      .n = 1,
			      .issues = &issues,
			      .actor = HF_SV("test"),
			      .purpose = HF_SV("TREAT"),
			      .source = HF_SV("test")};
	struct hf_err err = {0};

	item.type = hf_resource_find(HF_SV("Condition"));
	hf_json_parse(HF_SV("{\"resourceType\":\"Condition\",\"subject\":{"
			    "\"reference\":\"urn:uuid:0\"}}"),
		      NULL, &t->arena, &doc, NULL);
	assert_int_equal(hf_change_commit(t->store, t->reader, &c, &err), HF_INVALID);
	assert_non_null(strstr(err.text, "urn:uuid:0"));
	assert_int_equal(c.failed_item, 0);
}

static size_t
shelves_of(struct hf_test_store *t, const char *id)
{
	int64_t *shelves;
	size_t n;

	assert_int_equal(hf_store_person(t->reader,
					 HF_RID_SHELF(rid_of(t, "Patient", id)),
					 &t->arena, &shelves, &n, NULL),
			 HF_OK);
	return n;
}

static void
put_person(struct hf_test_store *t, const char *id, const char *number,
	   const char *born)
{
	char json[900];

	snprintf(json, sizeof json,
		 "{\"resourceType\":\"Patient\",\"id\":\"%s\"," HF_TEST_NUMBER(
		     "%s") ",\"name\":[{\"family\":\"Hale\"}],\"birthDate\":\"%s\"}",
		 id, number, born);
	put(t, json);
}

/* H-001: a number given to the wrong person and corrected later. */
HF_ON_BOTH(a_link_is_undone_when_its_ground_is_gone)
{
	put_person(t, "a", "9990000018", "1940-02-03");
	put_person(t, "b", "9990000018", "1940-02-03");
	put_person(t, "c", "9990000018", "1940-02-03");
	assert_int_equal(shelves_of(t, "a"), 3);
	/* Another birth date: a leaves, though it was the first. */
	put_person(t, "a", "9990000018", "1941-02-03");
	assert_int_equal(shelves_of(t, "a"), 1);
	assert_int_equal(shelves_of(t, "b"), 2);
	assert_int_equal(shelves_of(t, "c"), 2);
	/* Another number: c leaves too. */
	put_person(t, "c", "9990000026", "1940-02-03");
	assert_int_equal(shelves_of(t, "b"), 1);
	assert_int_equal(shelves_of(t, "c"), 1);
	/* What agrees again is linked again. */
	put_person(t, "c", "9990000018", "1940-02-03");
	assert_int_equal(shelves_of(t, "c"), 2);
	/* A change that leaves the ground alone leaves the link alone. */
	put_person(t, "b", "999 000 0018", "1940-02-03");
	assert_int_equal(shelves_of(t, "b"), 2);
}

/* and decision 10: verified, same birth date, no conflict. */
HF_ON_BOTH(records_with_one_verified_number_and_no_conflict_are_one_person)
{
	put(t,
	    "{\"resourceType\":\"Patient\",\"id\":\"gp\"," HF_TEST_NUMBER(
		"9990000018") ",\"name\":[{\"family\":\"Hale\",\"given\":[\"Mary\"]}]"
			      ",\"birthDate\":\"1940-02-03\",\"gender\":\"female\"}");
	put(t, "{\"resourceType\":\"Patient\",\"id\":\"trust\"," HF_TEST_NUMBER(
		   "999 000 0018") ",\"name\":[{\"family\":\"HALE\"}],\"birthDate\":"
				   "\"1940-02-03\"}");
	put(t, "{\"resourceType\":\"Patient\",\"id\":\"other\"," HF_TEST_NUMBER(
		   "9990000018") ",\"name\":[{\"family\":\"Hale\"}],\"birthDate\":"
				 "\"1941-02-03\"}");
	put(t, "{\"resourceType\":\"Patient\",\"id\":\"sex\"," HF_TEST_NUMBER(
		   "9990000018") ",\"name\":[{\"family\":\"Hale\"}],\"birthDate\":"
				 "\"1940-02-03\",\"gender\":\"male\"}");
	assert_int_equal(shelves_of(t, "gp"), 2);
	assert_int_equal(shelves_of(t, "trust"), 2);
	assert_int_equal(shelves_of(t, "other"), 1);
	/* It agrees with the trust's record, which says no sex. */
	assert_int_equal(shelves_of(t, "sex"), 1);
}

HF_TEST(a_store_filled_bit_by_bit_trains_its_dictionary_and_stays_readable)
{
	struct hf_test_store t;
	char json[40][256];
	const char *list[40];

	assert_true(hf_test_store_open(&t, 0));
	for (int k = 0; k < 80; k++) {
		for (int i = 0; i < 40; i++) {
			snprintf(json[i], sizeof json[i],
				 "{\"resourceType\":\"Patient\",\"id\":\"p%d-%d\","
				 "\"birthDate\":\"19%02d-0%d-1%d\",\"gender\":"
				 "\"female\",\"address\":[{\"city\":\"Town %d\"}]}",
				 k, i, (k * 7 + i) % 90 + 10, i % 9 + 1, k % 9,
				 k * i % 17);
			list[i] = json[i];
		}
		assert_int_equal(hf_test_put(&t, list, 40, NULL, NULL), HF_OK);
		hf_arena_reset(&t.arena);
	}
	assert_int_equal(t.store->dicts.n, 1);
	hf_test_store_reopen(&t);
	assert_int_equal(t.store->dicts.n, 1);
	get(&t, "Patient", "p0-0", 0, HF_OK);
	get(&t, "Patient", "p79-39", 0, HF_OK);
	hf_test_store_close(&t);
}

HF_TEST(a_store_that_is_being_written_is_not_opened_for_writing_again)
{
	struct hf_test_store t;
	struct hf_store *second;
	struct hf_err err = {0};

	assert_true(hf_test_store_open(&t, 0));
	assert_int_equal(
	    hf_store_open(&(struct hf_store_config){.data = t.folder}, &second, &err),
	    HF_BUSY);
	assert_int_equal(hf_store_open(&(struct hf_store_config){.data = t.folder,
								 .read_only = true},
				       &second, &err),
			 HF_OK);
	hf_store_close(second);
	hf_test_store_close(&t);
}

HF_TEST_MAIN(
    "record/store", HF_BOTH(what_is_put_is_read_back_to_the_byte),
    HF_BOTH(every_version_stays_and_deleting_adds_one),
    HF_BOTH(server_ids_lead_back_and_items_may_refer_to_each_other),
    HF_BOTH(what_comes_before_its_patient_waits_on_the_right_shelf),
    HF_BOTH(a_resource_moves_to_its_right_subject_with_all_its_versions),
    HF_BOTH(a_resource_about_two_people_is_mentioned_on_the_other_shelf),
    HF_BOTH(a_change_commits_whole_or_not_at_all),
    HF_BOTH(an_absolute_reference_leads_to_the_item_or_to_us_or_to_nobody_here),
    HF_BOTH(a_link_is_undone_when_its_ground_is_gone),
    HF_BOTH(a_subject_that_no_entry_of_the_bundle_is_is_refused),
    cmocka_unit_test(two_items_under_one_full_url_are_refused),
    HF_BOTH(a_reference_by_condition_that_nobody_resolved_is_refused),
    HF_BOTH(records_with_one_verified_number_and_no_conflict_are_one_person),
    cmocka_unit_test(
	a_store_filled_bit_by_bit_trains_its_dictionary_and_stays_readable),
    cmocka_unit_test(a_store_that_is_being_written_is_not_opened_for_writing_again))
