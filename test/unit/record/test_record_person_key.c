/* The promises of record/io/person_key.h, on both engines. */
#include "test/hf_test.h"

#include "record/io/person_key.h"
#include "test/support/store.h"

static const char *const record[] = {
    "{\"resourceType\":\"Patient\",\"id\":\"hale\"," HF_TEST_NUMBER(
	"9990000018") ",\"birthDate\":\"1942-03-03\"}",
    /* one person, in two records */
    "{\"resourceType\":\"Patient\",\"id\":\"one\"," HF_TEST_NUMBER(
	"9990000026") ",\"name\":[{\"family\":\"Vance\",\"given\":[\"Ida\"]}],"
		      "\"gender\":\"female\",\"birthDate\":\"1950-01-01\"}",
    "{\"resourceType\":\"Patient\",\"id\":\"same\"," HF_TEST_NUMBER(
	"9990000026") ",\"name\":[{\"family\":\"Vance\",\"given\":[\"Ida\"]}],"
		      "\"gender\":\"female\",\"birthDate\":\"1950-01-01\"}",
    /* a number that was given to two people */
    "{\"resourceType\":\"Patient\",\"id\":\"first\"," HF_TEST_NUMBER(
	"9990000034") ",\"birthDate\":\"1960-02-02\"}",
    "{\"resourceType\":\"Patient\",\"id\":\"second\"," HF_TEST_NUMBER(
	"9990000034") ",\"birthDate\":\"2001-12-31\"}",
};

static struct hf_sv
key(struct hf_test_store *t, const char *text, enum hf_rc want)
{
	struct hf_sv id = HF_SV("untouched");
	struct hf_err err = {0};

	if (hf_person_key(t->store, hf_sv_from(text), &t->arena, &id, &err) != want)
		fail_msg("%s: %s", text, err.text);
	return id;
}

static void
on(int engine)
{
	struct hf_test_store t;

	if (!hf_test_store_open(&t, engine))
		skip();
	for (size_t i = 0; i < HF_COUNT(record); i++)
		assert_int_equal(hf_test_put(&t, &record[i], 1, NULL, NULL), HF_OK);

	assert_sv_equal(key(&t, "9990000018", HF_OK), "hale");
	assert_sv_equal(key(&t, "999 000 0018", HF_OK), "hale");
	/* what is no number is an id, there or not */
	assert_sv_equal(key(&t, "hale", HF_OK), "hale");
	assert_sv_equal(key(&t, "9990000019", HF_OK), "9990000019");
	assert_true(hf_sv_is(key(&t, "9990000026", HF_OK), "one") ||
		    hf_sv_is(key(&t, "9990000026", HF_OK), "same"));
	key(&t, "9990000034", HF_RULE);
	key(&t, "9990000042", HF_NOT_FOUND);
	hf_test_store_close(&t);
}

HF_TEST(a_number_names_one_person_in_however_many_records_on_sqlite)
{
	on(0);
}

HF_TEST(a_number_names_one_person_in_however_many_records_on_postgresql)
{
	on(1);
}

HF_TEST_MAIN(
    "record/person_key",
    cmocka_unit_test(a_number_names_one_person_in_however_many_records_on_sqlite),
    cmocka_unit_test(a_number_names_one_person_in_however_many_records_on_postgresql))
