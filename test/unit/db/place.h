/* place.h - a place for a store, on either engine, for the tests of db.
 *
 * BOTH(test) makes two tests of one: the same promises hold on both engines. */
#ifndef HF_TEST_DB_PLACE_H
#define HF_TEST_DB_PLACE_H

#include "test/hf_test.h"
#include "test/support/pg.h"
#include "db/table.h"

struct place {
	enum hf_db_engine engine;
	char url[300];	  /* of a store that does not exist yet, or an empty database */
	char dir[60];	  /* a folder of the test's own */
	struct hf_db *db; /* opened by place_open(), closed at the end */
};

/* Group fixtures: *state is a struct place * afterwards. */
int place_sqlite(void **state);
int place_pgsql(void **state); /* *state NULL where there is no PostgreSQL */
int place_end(void **state);

/* The place, or the test is skipped. */
struct place *place_of(void **state);

/* Another connection, which the test closes. */
struct hf_db *place_connect(struct place *p, bool read_only);
/* p->db, with the tests' tables made. */
struct hf_db *place_open(struct place *p);
/* Runs SQL behind the driver's back. */
void place_raw(struct place *p, const char *sql);

/* Shorthands that fail the test. */
void put(struct hf_db *db, int64_t id, int64_t n, const char *t);
enum hf_rc try_put(struct hf_db *db, int64_t id, int64_t n, const char *t,
		   struct hf_err *err);
int64_t count(struct hf_db *db, int64_t *sum);

#define assert_ok(call, err)                                                           \
	do {                                                                           \
		if ((call) != HF_OK)                                                   \
			fail_msg("%s: %s", (err).path, (err).text);                    \
	} while (0)
#define assert_has(text, part)                                                         \
	do {                                                                           \
		if (!strstr((text), (part)))                                           \
			fail_msg("\"%s\" does not say \"%s\"", (text), (part));        \
	} while (0)

#define PLACE_TEST(name)                                                               \
	static void name##_at(struct place *p);                                        \
	static void name(void **state)                                                 \
	{                                                                              \
		name##_at(place_of(state));                                            \
	}                                                                              \
	static void name##_at(struct place *p)

#define ON_SQLITE(name)                                                                \
	{                                                                              \
#name " [sqlite]", name, place_sqlite, place_end, NULL                 \
	}
#define ON_PGSQL(name)                                                                 \
	{                                                                              \
#name " [postgresql]", name, place_pgsql, place_end, NULL              \
	}
#define BOTH(name) ON_SQLITE(name), ON_PGSQL(name)

#endif
