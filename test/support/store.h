/* store.h - a store of its own for a test, on each engine. */
#ifndef HF_TEST_SUPPORT_STORE_H
#define HF_TEST_SUPPORT_STORE_H

#include "test/hf_test.h"
#include "record/io/change.h"
#include "record/io/store.h"

struct hf_test_store {
	struct hf_store *store;
	struct hf_reader *reader;
	struct hf_arena arena;
	char folder[64];
	char *url; /* PostgreSQL; NULL on SQLite */
};

/* Engines: 0 SQLite, 1 PostgreSQL.  False (and nothing opened) when there is no
 * PostgreSQL: the test says skipped. */
bool hf_test_store_open(struct hf_test_store *t, int engine);
/* Opens the same store again, as a process that starts anew would. */
void hf_test_store_reopen(struct hf_test_store *t);
void hf_test_store_close(struct hf_test_store *t);

/* Commits resources given as JSON: those with an id are put under it, the others
 * are created.  Gives the outcome; items (NULL is fine) gets the change's items,
 * in t->arena. */
enum hf_rc hf_test_put(struct hf_test_store *t, const char *const *json, size_t n,
		       struct hf_change_item **items, struct hf_err *err);

/* A test that runs once for each engine; without PostgreSQL that half is skipped.
 * prepare(t) is called before it.  HF_BOTH(name) stands in HF_TEST_MAIN for the two. */
#define HF_ON_BOTH_AFTER(prepare, name)                                                \
	static void name(struct hf_test_store *t);                                     \
	HF_TEST(name##_on_sqlite)                                                      \
	{                                                                              \
		struct hf_test_store t;                                                \
		assert_true(hf_test_store_open(&t, 0));                                \
		prepare(&t);                                                           \
		name(&t);                                                              \
		hf_test_store_close(&t);                                               \
	}                                                                              \
	HF_TEST(name##_on_postgresql)                                                  \
	{                                                                              \
		struct hf_test_store t;                                                \
		if (!hf_test_store_open(&t, 1))                                        \
			skip();                                                        \
		prepare(&t);                                                           \
		name(&t);                                                              \
		hf_test_store_close(&t);                                               \
	}                                                                              \
	static void name(struct hf_test_store *t)
#define HF_ON_BOTH(name) HF_ON_BOTH_AFTER((void), name)
#define HF_BOTH(name)                                                                  \
	cmocka_unit_test(name##_on_sqlite), cmocka_unit_test(name##_on_postgresql)

/* A verified NHS number, as the member of a Patient. */
#define HF_TEST_NUMBER(n)                                                              \
	"\"identifier\":[{\"extension\":[{\"url\":\"https://fhir.hl7.org.uk/"          \
	"StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus\","          \
	"\"valueCodeableConcept\":{\"coding\":[{\"code\":\"01\"}]}}],\"system\":"      \
	"\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"" n "\"}]"

#endif
