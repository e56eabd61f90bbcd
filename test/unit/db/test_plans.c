/* Every query with a "uses:" line goes by the indexes it names there.
 *
 * An entry is the name of an index, or "<table> primary key".  Asked of SQLite,
 * whose plans do not depend on what the tables hold. */
#include "test/hf_test.h"
#include "db/table.h"

#include <sqlite3.h>

static void
plan_of(sqlite3 *h, const struct hf_query_def *def, char *out, size_t size)
{
	sqlite3_stmt *stmt = NULL;
	char sql[8000];
	size_t n = 0;

	snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", def->sql[HF_DB_SQLITE]);
	if (sqlite3_prepare_v2(h, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", def->name, sqlite3_errmsg(h));
	out[0] = '\0';
	while (sqlite3_step(stmt) == SQLITE_ROW && n < size)
		n += (size_t)snprintf(out + n, size - n, "%s\n",
				      (const char *)sqlite3_column_text(stmt, 3));
	sqlite3_finalize(stmt);
}

static bool
goes_by(const char *plan, struct hf_sv entry)
{
	char part[200];

	if (hf_sv_ends(entry, HF_SV(" primary key")))
		return strstr(plan, "PRIMARY KEY") != NULL;
	snprintf(part, sizeof part, "INDEX %.*s ", HF_SV_ARG(entry));
	return strstr(plan, part) != NULL;
}

HF_TEST(each_query_goes_by_the_index_it_names)
{
	sqlite3 *h = NULL;
	int asked = 0;

	assert_int_equal(sqlite3_open(":memory:", &h), SQLITE_OK);
	sqlite3_exec(h, hf_queries[HF_Q_DB_MIGRATION_CREATE].sql[HF_DB_SQLITE], NULL,
		     NULL, NULL);
	for (size_t i = 0; i < hf_n_migrations; i++)
		if (sqlite3_exec(h, hf_migrations[i].sql[HF_DB_SQLITE], NULL, NULL,
				 NULL) != SQLITE_OK)
			fail_msg("%s: %s", hf_migrations[i].name, sqlite3_errmsg(h));
	for (int q = 0; q < HF_Q_COUNT; q++) {
		const struct hf_query_def *def = &hf_queries[q];
		struct hf_sv rest = hf_sv_from(def->uses), entry;
		char plan[4000];

		plan_of(h, def, plan, sizeof plan);
		while (rest.n > 0) {
			entry = hf_sv_trim(hf_sv_cut(&rest, ','));
			if (!goes_by(plan, entry))
				fail_msg("%s does not use %.*s:\n%s", def->name,
					 HF_SV_ARG(entry), plan);
			asked++;
		}
	}
	sqlite3_close(h);
	if (asked == 0)
		skip();
}

HF_TEST_MAIN("db/plans", cmocka_unit_test(each_query_goes_by_the_index_it_names))
