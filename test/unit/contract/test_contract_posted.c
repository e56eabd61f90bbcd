/* What is posted stays: both engines refuse to change or take away a row, whoever asks
 * and by whatever program (contract-and-governance.md section 5), and nothing is lost.
 */
#include "test/unit/contract/contract_test.h"
#include "test/support/store.h"

#include <libpq-fe.h>
#include <sqlite3.h>

/* A row in each table, as the program would write it. */
static const char *const rows[] = {
    "INSERT INTO ct_input VALUES ('c',1,'l',0,1,2,300,-1,'',0,'file',5,1)",
    "INSERT INTO ct_event VALUES ('review/1',1,'c','t','open','user/1','finance','O',0,"
    "0,5,'why','','','flagged','00',1)",
    "INSERT INTO ct_entry VALUES (1,'c',202004,'l',1,'spend','w','d','s','user/1',"
    "'user/2',0,5,1)",
    "INSERT INTO ct_leg VALUES (1,'nhs',100)",
    "INSERT INTO ct_lock VALUES ('c',202004,'s','user/1',5,1)",
    "INSERT INTO ct_statement (contract,quarter,version,seq,body,hash,actor,at,change) "
    "SELECT 'c','2020-Q1',1,1,CAST('{}' AS BYTES),'00','user/1',5,1",
    "INSERT INTO ct_signature VALUES ('statement/c/2020-Q1/1',0,'user/1','finance','O',"
    "5,'00','a.b.c',1)",
    "INSERT INTO ct_price_list VALUES ('P-1','',1,2,'00',5,1)",
    "INSERT INTO ct_price_file (list,name,body) SELECT 'P-1','list.csv',CAST('a' AS "
    "BYTES)",
};
static const char *const tables[] = {"ct_input",     "ct_event",      "ct_entry",
				     "ct_leg",	     "ct_lock",	      "ct_statement",
				     "ct_signature", "ct_price_list", "ct_price_file"};
static const char *const columns[] = {"pence", "reason", "kind", "pence", "actor",
				      "hash",  "jws",	 "sha",	 "name"};

/* Runs SQL beside the program.  False: refused, and said is what the engine says; one
 * answer of a query is put into it as well. */
static char said[1024];

static int
keep_answer(void *ctx HF_UNUSED, int n HF_UNUSED, char **values, char **names HF_UNUSED)
{
	snprintf(said, sizeof said, "%s", values[0]);
	return 0;
}

static bool
raw_sqlite(const char *folder, const char *sql, bool replaces)
{
	char path[200], *message = NULL;
	sqlite3 *h = NULL;
	int rc;

	snprintf(path, sizeof path, "%s/homefirst.db", folder);
	assert_int_equal(sqlite3_open_v2(path, &h, SQLITE_OPEN_READWRITE, NULL),
			 SQLITE_OK);
	sqlite3_busy_timeout(h, 5000);
	if (replaces) /* as every connection of the program has it */
		sqlite3_exec(h, "PRAGMA recursive_triggers = ON", NULL, NULL, NULL);
	rc = sqlite3_exec(h, sql, keep_answer, NULL, &message);
	if (rc != SQLITE_OK)
		snprintf(said, sizeof said, "%s", message);
	sqlite3_free(message);
	sqlite3_close(h);
	return rc == SQLITE_OK;
}

static bool
raw_pgsql(const char *url, const char *sql)
{
	PGconn *c = PQconnectdb(url);
	PGresult *res = PQexec(c, sql);
	bool good = PQresultStatus(res) == PGRES_COMMAND_OK ||
		    PQresultStatus(res) == PGRES_TUPLES_OK;

	snprintf(said, sizeof said, "%s",
		 !good		       ? PQerrorMessage(c)
		 : PQntuples(res) == 1 ? PQgetvalue(res, 0, 0)
				       : "");
	PQclear(res);
	PQfinish(c);
	return good;
}

static bool
raw(struct hf_test_store *t, const char *sql)
{
	char text[1024];
	const char *bytes = strstr(sql, "AS BYTES");

	if (bytes)
		snprintf(text, sizeof text, "%.*sAS %s%s", (int)(bytes - sql), sql,
			 t->url ? "BYTEA" : "BLOB", bytes + strlen("AS BYTES"));
	else
		snprintf(text, sizeof text, "%s", sql);
	return t->url ? raw_pgsql(t->url, text) : raw_sqlite(t->folder, text, false);
}

static void
filled(struct hf_test_store *t)
{
	for (size_t i = 0; i < HF_COUNT(rows); i++)
		if (!raw(t, rows[i]))
			fail_msg("%s: %s", tables[i], said);
}

static void
expect_stays(struct hf_test_store *t, const char *sql, const char *table)
{
	char count[100];

	if (raw(t, sql))
		fail_msg("was done: %s", sql);
	assert_non_null(strstr(said, table));
	assert_non_null(strstr(said, "are posted: they are not changed or taken away"));
	snprintf(count, sizeof count, "SELECT COUNT(*) FROM %s", table);
	assert_true(raw(t, count));
	assert_string_equal(said, "1");
}

HF_ON_BOTH_AFTER(filled, a_posted_row_is_not_changed)
{
	for (size_t i = 0; i < HF_COUNT(tables); i++) {
		char sql[200], before[sizeof said];

		snprintf(sql, sizeof sql, "SELECT %s FROM %s", columns[i], tables[i]);
		assert_true(raw(t, sql));
		memcpy(before, said, sizeof said);
		snprintf(sql, sizeof sql, "UPDATE %s SET %s = %s", tables[i],
			 columns[i], strcmp(columns[i], "pence") ? "'other'" : "7");
		expect_stays(t, sql, tables[i]);
		snprintf(sql, sizeof sql, "SELECT %s FROM %s", columns[i], tables[i]);
		assert_true(raw(t, sql));
		assert_string_equal(said, before);
	}
}

HF_ON_BOTH_AFTER(filled, a_posted_row_is_not_taken_away)
{
	for (size_t i = 0; i < HF_COUNT(tables); i++) {
		char sql[200];

		snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
		expect_stays(t, sql, tables[i]);
		snprintf(sql, sizeof sql, "TRUNCATE TABLE %s", tables[i]);
		if (t->url)
			expect_stays(t, sql, tables[i]);
	}
}

/* What SQLite's REPLACE takes away counts as taken away. */
HF_TEST(a_posted_row_is_not_replaced_on_sqlite)
{
	struct hf_test_store t;

	assert_true(hf_test_store_open(&t, 0));
	filled(&t);
	assert_false(raw_sqlite(
	    t.folder, "INSERT OR REPLACE INTO ct_leg VALUES (1,'nhs',7)", true));
	assert_non_null(strstr(said, "rows of ct_leg are posted"));
	assert_true(raw(&t, "SELECT pence FROM ct_leg"));
	assert_string_equal(said, "100");
	hf_test_store_close(&t);
}

HF_TEST_MAIN("contract/posted", HF_BOTH(a_posted_row_is_not_changed),
	     HF_BOTH(a_posted_row_is_not_taken_away),
	     cmocka_unit_test(a_posted_row_is_not_replaced_on_sqlite))
