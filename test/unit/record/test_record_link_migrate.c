/* What stores of before said in shelf.person, review.shelf and review.other becomes
 * facts and a queue of pairs, with the same persons. */
#include "db/table.h"
#include "test/hf_test.h"

#include <sqlite3.h>

static void
run(sqlite3 *h, const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(h, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s", message);
}

/* All rows of a query as "a|b;". */
static const char *
rows(sqlite3 *h, const char *sql)
{
	static char out[2000];
	sqlite3_stmt *stmt = NULL;
	size_t n = 0;

	out[0] = '\0';
	assert_int_equal(sqlite3_prepare_v2(h, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (int c = 0; c < sqlite3_column_count(stmt); c++)
			n += (size_t)snprintf(
			    out + n, sizeof out - n, "%s%s", c ? "|" : "",
			    (const char *)sqlite3_column_text(stmt, c));
		n += (size_t)snprintf(out + n, sizeof out - n, ";");
	}
	sqlite3_finalize(stmt);
	return out;
}

HF_TEST(persons_of_before_become_links_between_all_their_records)
{
	sqlite3 *h = NULL;

	assert_int_equal(sqlite3_open(":memory:", &h), SQLITE_OK);
	run(h, hf_migrations[0].sql[HF_DB_SQLITE]);
	run(h,
	    "INSERT INTO shelf VALUES (10, 10, '', 1), (11, 10, 'same number', 2),"
	    "(12, 12, '', 3), (13, 10, 'same number', 4), (14, 12, 'same number', 5)");
	run(h, "INSERT INTO review VALUES (11, 12, 'x', 6), (12, 11, 'y', 7),"
	       "(14, 10, 'z', 8)");
	run(h, hf_migrations[1].sql[HF_DB_SQLITE]);
	assert_string_equal(
	    rows(h, "SELECT id, low, high, said, kind, state, why, change, "
		    "undone FROM link ORDER BY id"),
	    "1|10|11|11|number|linked|same number|2|0;"
	    "2|10|13|13|number|linked|same number|4|0;"
	    "3|11|13|13|number|linked|same number|4|0;"
	    "4|12|14|14|number|linked|same number|5|0;");
	assert_string_equal(rows(h, "SELECT shelf, person, change FROM shelf"),
			    "10|10|1;11|10|2;12|12|3;13|10|4;14|12|5;");
	assert_string_equal(rows(h, "SELECT low, high, kind, why, change, state FROM "
				    "review ORDER BY low, high"),
			    "10|14|number|z|8|open;11|12|number|x|6|open;");
	sqlite3_close(h);
}

HF_TEST_MAIN("record/link_migrate",
	     cmocka_unit_test(persons_of_before_become_links_between_all_their_records))
