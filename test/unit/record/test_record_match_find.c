/* test_record_match_find.c - who in a store a Patient may be, on both engines. */
#include "record/io/match.h"
#include "record/io/store_impl.h"
#include "test/hf_test.h"
#include "test/support/store.h"

#define PATIENT(id, more, family, given, birth)                                        \
	"{\"resourceType\":\"Patient\",\"id\":\"" id "\"," more                        \
	"\"name\":[{\"family\":\"" family "\",\"given\":[\"" given "\"]}],"            \
	"\"gender\":\"female\",\"birthDate\":\"" birth "\",\"address\":[{\"line\":["   \
	"\"14 Orchard Street\"],\"postalCode\":\"WZ3 4CD\"}]}"

static void
put(struct hf_test_store *t, const char *json)
{
	struct hf_err err = {0};

	if (hf_test_put(t, &json, 1, NULL, &err) != HF_OK)
		fail_msg("%s: %s", json, err.text);
}

static enum hf_rc
find(struct hf_test_store *t, const char *json, size_t most, struct hf_match_found *out,
     struct hf_err *err)
{
	struct hf_json doc;

	assert_int_equal(hf_json_parse(hf_sv_from(json), NULL, &t->arena, &doc, NULL),
			 HF_OK);
	return hf_match_find(t->reader, &doc, 0, most, &t->arena, out, err);
}

HF_ON_BOTH(a_person_is_found_by_what_is_left_when_one_thing_is_wrong)
{
	static const char *const asked[] = {
	    PATIENT("x", "", "Hale", "Mary", "1942-03-05"),
	    PATIENT("x", "", "Hael", "Mary", "1942-03-05"),
	    PATIENT("x", "", "Hale", "Molly", "1942-03-05"),
	    PATIENT("x", "", "Hale", "Mary", "1942-05-03"),
	    PATIENT("x", "", "Hale", "Mary", "1942-03-06"),
	    PATIENT("x", "", "Mary", "Hale", "1942-03-05"),
	};

	put(t, PATIENT("m", "", "Hale", "Mary", "1942-03-05"));
	put(t, PATIENT("r", "", "Hale", "Ruth", "1971-08-19"));
	for (size_t i = 0; i < HF_COUNT(asked); i++) {
		struct hf_match_found found = {0};
		struct hf_err err = {0};

		if (find(t, asked[i], 20, &found, &err) != HF_OK)
			fail_msg("%s", err.text);
		assert_int_equal(found.n, 1);
		assert_sv_equal(found.hits[0].v.id, "m");
		assert_int_equal(found.hits[0].r.answer, HF_MATCH_LINK);
		assert_false(found.beyond);
	}
}

HF_ON_BOTH(who_was_deleted_is_not_found)
{
	struct hf_match_found found = {0};
	struct hf_change_item item = {
	    .op = HF_OP_DELETE, .type = hf_patient_type(), .id = HF_SV("m")};
	struct hf_issues issues = {.arena = &t->arena};
	struct hf_change change = {.arena = &t->arena,
				   .actor = HF_SV("test"),
				   .purpose = HF_SV("TREAT"),
				   .source = HF_SV("test"),
				   .items = &item,
				   .n = 1,
				   .issues = &issues};

	put(t, PATIENT("m", "", "Hale", "Mary", "1942-03-05"));
	assert_int_equal(hf_change_commit(t->store, t->reader, &change, NULL), HF_OK);
	assert_int_equal(
	    find(t, PATIENT("x", "", "Hale", "Mary", "1942-03-05"), 20, &found, NULL),
	    HF_OK);
	assert_int_equal(found.n, 0);
}

HF_ON_BOTH(most_bounds_the_hits_and_the_best_come_first)
{
	struct hf_match_found found = {0};

	put(t, PATIENT("b", "", "Hale", "Molly", "1942-03-05"));
	put(t, PATIENT("a", "", "Hale", "Mary", "1942-03-05"));
	assert_int_equal(
	    find(t, PATIENT("x", "", "Hale", "Mary", "1942-03-05"), 20, &found, NULL),
	    HF_OK);
	assert_int_equal(found.n, 2);
	assert_sv_equal(found.hits[0].v.id, "a");
	assert_true(found.hits[0].r.bits > found.hits[1].r.bits);
	assert_int_equal(
	    find(t, PATIENT("x", "", "Hale", "Mary", "1942-03-05"), 1, &found, NULL),
	    HF_OK);
	assert_int_equal(found.n, 1);
	assert_sv_equal(found.hits[0].v.id, "a");
}

HF_ON_BOTH(too_little_to_go_by_is_refused)
{
	static const char *const asked[] = {
	    "{\"resourceType\":\"Patient\"}",
	    "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Hale\"}]}",
	    "{\"resourceType\":\"Patient\",\"birthDate\":\"1942-03-05\"}",
	};

	for (size_t i = 0; i < HF_COUNT(asked); i++) {
		struct hf_match_found found = {.n = 7};
		struct hf_err err = {0};

		assert_int_equal(find(t, asked[i], 20, &found, &err), HF_RULE);
		assert_int_equal(found.n, 7);
		assert_true(strlen(err.text) > 20);
	}
}

static size_t
shelves_of(struct hf_test_store *t, const char *id)
{
	struct hf_entry e;
	int64_t *shelves;
	size_t n;

	assert_int_equal(
	    hf_store_find(t->reader, hf_patient_type(), hf_sv_from(id), &e, NULL),
	    HF_OK);
	assert_int_equal(hf_store_person(t->reader, HF_RID_SHELF(e.rid), &t->arena,
					 &shelves, &n, NULL),
			 HF_OK);
	return n;
}

/* Twins share family name, birthday and address: the number alone must not do. */
HF_ON_BOTH(a_twin_with_the_other_ones_number_is_not_linked_as_it_comes_in)
{
	struct hf_match_found found = {0};

	put(t, PATIENT("jane", HF_TEST_NUMBER("9990000018") ",", "Hale", "Jane",
		       "2024-03-05"));
	put(t, PATIENT("ruth", HF_TEST_NUMBER("9990000018") ",", "Hale", "Ruth",
		       "2024-03-05"));
	assert_int_equal(shelves_of(t, "jane"), 1);
	assert_int_equal(shelves_of(t, "ruth"), 1);
	put(t, PATIENT("again", HF_TEST_NUMBER("9990000026") ",", "Hale", "Ruth",
		       "2024-03-05"));
	put(t, PATIENT("more", HF_TEST_NUMBER("9990000026") ",", "Hale", "Ruth",
		       "2024-03-05"));
	assert_int_equal(shelves_of(t, "again"), 2);
	/* Who asks for Ruth is shown her, and the wrong number only for review. */
	assert_int_equal(find(t,
			      PATIENT("x", HF_TEST_NUMBER("9990000026") ",", "Hale",
				      "Ruth", "2024-03-05"),
			      20, &found, NULL),
			 HF_OK);
	for (size_t i = 0; i < found.n; i++) {
		assert_false(hf_sv_is(found.hits[i].v.id, "jane"));
		assert_int_equal(found.hits[i].certain,
				 !hf_sv_is(found.hits[i].v.id, "ruth"));
	}
	assert_int_equal(found.n, 3);
	assert_int_equal(found.people, 1);
}

HF_TEST_MAIN("record/match_find",
	     HF_BOTH(a_person_is_found_by_what_is_left_when_one_thing_is_wrong),
	     HF_BOTH(who_was_deleted_is_not_found),
	     HF_BOTH(most_bounds_the_hits_and_the_best_come_first),
	     HF_BOTH(too_little_to_go_by_is_refused),
	     HF_BOTH(a_twin_with_the_other_ones_number_is_not_linked_as_it_comes_in))
