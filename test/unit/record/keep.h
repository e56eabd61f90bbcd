/* keep.h - a store with some of everything in it, for tests of check, rebuild,
 * backup and restore. */
#ifndef HF_TEST_RECORD_KEEP_H
#define HF_TEST_RECORD_KEEP_H

#include "test/hf_test.h"
#include "test/support/pg.h"
#include "test/support/store.h"

/* A test of both engines: *state points to the engine's number. */
#define KEEP_TEST(name)                                                                \
	static void name##_at(struct hf_test_store *t, int engine);                    \
	static void name(void **state)                                                 \
	{                                                                              \
		struct hf_test_store t;                                                \
		if (!hf_test_store_open(&t, *(int *)*state))                           \
			skip();                                                        \
		name##_at(&t, *(int *)*state);                                         \
		hf_test_store_close(&t);                                               \
	}                                                                              \
	static void name##_at(struct hf_test_store *t HF_UNUSED, int engine HF_UNUSED)

extern int keep_sqlite, keep_pgsql;
#define KEEP_ON_SQLITE(name)                                                           \
	{                                                                              \
#name " [sqlite]", name, NULL, NULL, &keep_sqlite                      \
	}
#define KEEP_ON_PGSQL(name)                                                            \
	{                                                                              \
#name " [postgresql]", name, NULL, NULL, &keep_pgsql                   \
	}
#define KEEP_BOTH(name) KEEP_ON_SQLITE(name), KEEP_ON_PGSQL(name)

/* Patients, what they have, what stands between two of them, organisations, older
 * versions, a deleted one, a moved one, two that are one person, one awaited. */
void keep_fill(struct hf_test_store *t);

/* Runs SQL behind the store's back. */
void keep_raw(struct hf_test_store *t, const char *sql);

/* All rows of the tables that copy and check know, in order, as text: two stores
 * with equal content give equal text.  derived: only ix, mention, tally and the
 * entries of res.  Free with free(). */
char *keep_dump(struct hf_store *store, bool derived);

#define keep_ok(call, err)                                                             \
	do {                                                                           \
		if ((call) != HF_OK)                                                   \
			fail_msg("%s: %s", (err).path, (err).text);                    \
	} while (0)

#endif
