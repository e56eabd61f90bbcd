/* store.h - a store of its own for a test, on each engine. */
#ifndef HF_TEST_SUPPORT_STORE_H
#define HF_TEST_SUPPORT_STORE_H

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

#endif
