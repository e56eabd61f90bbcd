/* The promises of exchange/plan.h, one test each. */
#include "test/hf_test.h"
#include "exchange/plan.h"

static const struct hf_plan_limits limits = {.resource = 1 << 20};

struct fixture {
	struct hf_arena arena;
	struct hf_json doc;
	struct hf_plan plan;
	struct hf_err err;
	enum hf_rc rc;
};

static struct fixture *
plan(const char *text)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->arena.cap = 1 << 22;
	assert_int_equal(
	    hf_json_parse(hf_sv_from(text), NULL, &f->arena, &f->doc, NULL), HF_OK);
	f->rc = hf_plan_read(&f->doc, &limits, &f->arena, &f->plan, &f->err);
	return f;
}

static void
done(struct fixture *f)
{
	hf_arena_free(&f->arena);
	free(f);
}

#define BUNDLE(type, entries)                                                          \
	"{\"resourceType\":\"Bundle\",\"type\":\"" type "\",\"entry\":[" entries "]}"
#define PATIENT "\"resource\":{\"resourceType\":\"Patient\",\"active\":true}"
#define PATIENT_B                                                                      \
	"\"resource\":{\"resourceType\":\"Patient\",\"id\":\"b\",\"active\":true}"

HF_TEST(a_urn_uuid_is_the_id_of_a_resource_without_one)
{
	struct fixture *f = plan(BUNDLE(
	    "transaction",
	    "{\"fullUrl\":\"urn:uuid:2c4e4abf-b81d-4791-9046-7cdff816061f\"," PATIENT
	    ",\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}}"));

	assert_int_equal(f->rc, HF_OK);
	assert_true(f->plan.bundle && f->plan.whole);
	assert_int_equal(f->plan.n, 1);
	assert_int_equal(f->plan.entries[0].op, HF_PLAN_PUT);
	assert_sv_equal(f->plan.entries[0].id, "2c4e4abf-b81d-4791-9046-7cdff816061f");
	assert_int_equal(f->plan.entries[0].why.n, 0);
	done(f);
}

HF_TEST(an_id_of_the_resource_goes_before_its_full_url)
{
	struct fixture *f =
	    plan(BUNDLE("collection", "{\"fullUrl\":\"urn:uuid:a\"," PATIENT_B "}"));

	assert_int_equal(f->rc, HF_OK);
	assert_sv_equal(f->plan.entries[0].id, "b");
	assert_sv_equal(f->plan.entries[0].full_url, "urn:uuid:a");
	done(f);
}

HF_TEST(an_http_full_url_gives_its_last_part_as_id)
{
	struct fixture *f =
	    plan(BUNDLE("searchset",
			"{\"fullUrl\":\"https://a.test/r4/Patient/p-1\"," PATIENT "}"));

	assert_sv_equal(f->plan.entries[0].id, "p-1");
	assert_false(f->plan.whole);
	done(f);
}

HF_TEST(what_has_no_identity_gets_one_from_its_content)
{
	struct fixture *a = plan("{\"resourceType\":\"Patient\",\"active\":true}");
	struct fixture *b = plan("{ \"resourceType\":\"Patient\",\n\"active\": true}");
	struct fixture *c = plan("{\"resourceType\":\"Patient\",\"active\":false}");

	assert_int_equal(a->plan.entries[0].id.n, 26);
	assert_true(hf_sv_eq(a->plan.entries[0].id, b->plan.entries[0].id));
	assert_false(hf_sv_eq(a->plan.entries[0].id, c->plan.entries[0].id));
	done(a);
	done(b);
	done(c);
}

HF_TEST(two_entries_of_the_same_content_get_two_ids)
{
	struct fixture *f =
	    plan(BUNDLE("collection", "{" PATIENT "},{" PATIENT "},{" PATIENT "}"));

	assert_int_equal(f->plan.n, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(f->plan.entries[i].why.n, 0);
		for (size_t k = 0; k < i; k++)
			assert_false(
			    hf_sv_eq(f->plan.entries[i].id, f->plan.entries[k].id));
	}
	done(f);
}

HF_TEST(one_id_twice_in_a_bundle_is_refused)
{
	struct fixture *f = plan(BUNDLE("batch", "{" PATIENT_B "},{" PATIENT_B "}"));

	assert_int_equal(f->plan.entries[0].why.n, 0);
	assert_true(f->plan.entries[1].why.n != 0);
	assert_string_equal(f->plan.entries[1].why_path, "id");
	done(f);
}

HF_TEST(conditions_of_requests_are_kept)
{
	struct fixture *f = plan(BUNDLE(
	    "transaction",
	    "{" PATIENT ",\"request\":{\"method\":\"POST\",\"url\":\"Patient\","
	    "\"ifNoneExist\":\"identifier=a|1\"}},"
	    "{" PATIENT_B
	    ",\"request\":{\"method\":\"PUT\",\"url\":\"Patient?identifier="
	    "a|2\",\"ifMatch\":\"W/\\\"3\\\"\"}},"
	    "{\"request\":{\"method\":\"DELETE\",\"url\":\"Patient/c\"}},"
	    "{\"request\":{\"method\":\"DELETE\",\"url\":\"Patient?identifier=x\"}},"
	    "{\"request\":{\"method\":\"GET\",\"url\":\"Patient/c\"}}"));
	const struct hf_plan_entry *e = f->plan.entries;

	assert_int_equal(f->rc, HF_OK);
	assert_int_equal(f->plan.n, 4);
	assert_int_equal(e[0].op, HF_PLAN_CREATE_IF);
	assert_sv_equal(e[0].query, "identifier=a|1");
	assert_int_equal(e[1].op, HF_PLAN_PUT_IF);
	assert_sv_equal(e[1].query, "identifier=a|2");
	assert_int_equal(e[1].if_match, 3);
	assert_int_equal(e[2].op, HF_PLAN_DELETE);
	assert_sv_equal(e[2].id, "c");
	assert_int_equal(e[3].op, HF_PLAN_DELETE_IF);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(e[i].why.n, 0);
	done(f);
}

HF_TEST(a_put_under_another_id_than_the_resource_has_is_refused)
{
	struct fixture *f = plan(BUNDLE(
	    "transaction",
	    "{" PATIENT_B ",\"request\":{\"method\":\"PUT\",\"url\":\"Patient/c\"}}"));

	assert_string_equal(f->plan.entries[0].why_path, "request.url");
	done(f);
}

HF_TEST(kinds_of_bundle_that_are_no_content_are_refused)
{
	static const char *const types[] = {"history", "transaction-response", ""};

	for (size_t i = 0; i < HF_COUNT(types); i++) {
		char text[200];
		struct fixture *f;

		snprintf(text, sizeof(text),
			 "{\"resourceType\":\"Bundle\",\"type\":\"%s\"}", types[i]);
		f = plan(text);
		assert_int_equal(f->rc, HF_INVALID);
		assert_string_equal(f->err.path, "Bundle.type");
		done(f);
	}
}

HF_TEST(a_line_of_a_rejects_file_is_its_resource)
{
	struct fixture *f = plan("{\"rejected\":{\"file\":\"x\",\"line\":4},"
				 "\"resource\":{\"resourceType\":\"Patient\","
				 "\"id\":\"p\"}}");

	assert_int_equal(f->rc, HF_OK);
	assert_int_equal(f->plan.n, 1);
	assert_sv_equal(f->plan.entries[0].id, "p");
	done(f);
}

HF_TEST(unknown_types_and_bad_ids_are_refused_by_name)
{
	struct fixture *a = plan("{\"resourceType\":\"Person2\"}");
	struct fixture *b = plan("{\"resourceType\":\"Patient\",\"id\":\"a b\"}");
	struct fixture *c = plan("{\"name\":\"x\"}");

	assert_string_equal(a->plan.entries[0].why_path, "resourceType");
	assert_string_equal(b->plan.entries[0].why_path, "id");
	assert_string_equal(c->plan.entries[0].why_path, "resourceType");
	done(a);
	done(b);
	done(c);
}

HF_TEST(a_resource_above_the_limit_is_refused_with_both_sizes)
{
	size_t n = (1 << 20) + 100;
	char *text = malloc(n + 100);
	struct fixture *f;
	int at;

	assert_non_null(text);
	at = snprintf(text, 100, "{\"resourceType\":\"Binary\",\"data\":\"");
	memset(text + at, 'A', n);
	memcpy(text + (size_t)at + n, "\"}", 3);
	f = calloc(1, sizeof(*f));
	assert_non_null(f);
	f->arena.cap = 1 << 24;
	assert_int_equal(
	    hf_json_parse(hf_sv_from(text), NULL, &f->arena, &f->doc, NULL), HF_OK);
	assert_int_equal(hf_plan_read(&f->doc, &limits, &f->arena, &f->plan, NULL),
			 HF_OK);
	assert_true(f->plan.entries[0].why.n != 0);
	done(f);
	free(text);
}

HF_TEST(references_by_condition_are_found_once_each)
{
	struct fixture *f = plan(
	    "{\"resourceType\":\"Encounter\",\"subject\":{\"reference\":\"Patient/1\"},"
	    "\"participant\":[{\"individual\":{\"reference\":"
	    "\"Practitioner?identifier=a|1\"}},{\"individual\":{\"reference\":"
	    "\"Practitioner?identifier=a|1\"}},{\"individual\":{\"reference\":"
	    "\"Practitioner?identifier=a|2\"}}]}");
	struct hf_sv *refs = NULL;
	size_t n = 0;

	assert_true(hf_plan_conditions(&f->doc, 0, &f->arena, &refs, &n));
	assert_int_equal(n, 2);
	assert_sv_equal(refs[0], "Practitioner?identifier=a|1");
	assert_sv_equal(refs[1], "Practitioner?identifier=a|2");
	done(f);
}

HF_TEST(query_parameters_are_unescaped_and_broken_escapes_refused)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_sv rest = HF_SV("identifier=http%3A%2F%2Fa%7C1&name=a+b&x=%4");
	struct hf_sv name, value;

	assert_true(hf_plan_param(&rest, &arena, &name, &value));
	assert_sv_equal(name, "identifier");
	assert_sv_equal(value, "http://a|1");
	assert_true(hf_plan_param(&rest, &arena, &name, &value));
	assert_sv_equal(value, "a b");
	assert_false(hf_plan_param(&rest, &arena, &name, &value));
	hf_arena_free(&arena);
}

HF_TEST_MAIN(
    "exchange/plan", cmocka_unit_test(a_urn_uuid_is_the_id_of_a_resource_without_one),
    cmocka_unit_test(an_id_of_the_resource_goes_before_its_full_url),
    cmocka_unit_test(an_http_full_url_gives_its_last_part_as_id),
    cmocka_unit_test(what_has_no_identity_gets_one_from_its_content),
    cmocka_unit_test(two_entries_of_the_same_content_get_two_ids),
    cmocka_unit_test(one_id_twice_in_a_bundle_is_refused),
    cmocka_unit_test(conditions_of_requests_are_kept),
    cmocka_unit_test(a_put_under_another_id_than_the_resource_has_is_refused),
    cmocka_unit_test(kinds_of_bundle_that_are_no_content_are_refused),
    cmocka_unit_test(a_line_of_a_rejects_file_is_its_resource),
    cmocka_unit_test(unknown_types_and_bad_ids_are_refused_by_name),
    cmocka_unit_test(a_resource_above_the_limit_is_refused_with_both_sizes),
    cmocka_unit_test(references_by_condition_are_found_once_each),
    cmocka_unit_test(query_parameters_are_unescaped_and_broken_escapes_refused))
