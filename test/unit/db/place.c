/* place.c - see place.h */
#include "place.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <unistd.h>

static struct place *
new_place(enum hf_db_engine engine)
{
	struct place *p = calloc(1, sizeof *p);

	assert_non_null(p);
	p->engine = engine;
	snprintf(p->dir, sizeof p->dir, "/tmp/hf-db-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	return p;
}

int
place_sqlite(void **state)
{
	struct place *p = new_place(HF_DB_SQLITE);

	snprintf(p->url, sizeof p->url, "%s/store.db", p->dir);
	*state = p;
	return 0;
}

int
place_pgsql(void **state)
{
	const char *url = hf_pg_database();

	*state = NULL;
	if (!url)
		return 0;
	struct place *p = new_place(HF_DB_PGSQL);

	snprintf(p->url, sizeof p->url, "%s", url);
	*state = p;
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

int
place_end(void **state)
{
	struct place *p = *state;

	if (!p)
		return 0;
	hf_db_close(p->db);
	nftw(p->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(p);
	return 0;
}

struct place *
place_of(void **state)
{
	if (!*state)
		skip();
	return *state;
}

struct hf_db *
place_connect(struct place *p, bool read_only)
{
	struct hf_db *db = NULL;
	struct hf_err err = {0};

	assert_ok(hf_db_open(&(struct hf_db_config){.url = p->url,
						    .read_only = read_only,
						    .create = !read_only,
						    .wait_ms = 50},
			     &db, &err),
		  err);
	assert_int_equal(hf_db_engine(db), p->engine);
	return db;
}

struct hf_db *
place_open(struct place *p)
{
	struct hf_err err = {0};

	p->db = place_connect(p, false);
	assert_ok(hf_db_migrate(p->db, NULL, NULL, &err), err);
	return p->db;
}

static void
raw_sqlite(const char *path, const char *sql)
{
	sqlite3 *h = NULL;
	char *message = NULL;

	assert_int_equal(sqlite3_open(path, &h), SQLITE_OK);
	if (sqlite3_exec(h, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s", message);
	sqlite3_close(h);
}

static void
raw_pgsql(const char *url, const char *sql)
{
	PGconn *c = PQconnectdb(url);
	PGresult *res = PQexec(c, sql);

	if (PQresultStatus(res) != PGRES_COMMAND_OK &&
	    PQresultStatus(res) != PGRES_TUPLES_OK)
		fail_msg("%s", PQerrorMessage(c));
	PQclear(res);
	PQfinish(c);
}

void
place_raw(struct place *p, const char *sql)
{
	if (p->engine == HF_DB_SQLITE)
		raw_sqlite(p->url, sql);
	else
		raw_pgsql(p->url, sql);
}

enum hf_rc
try_put(struct hf_db *db, int64_t id, int64_t n, const char *t, struct hf_err *err)
{
	return hf_db_exec(db, HF_Q_TEST_PUT,
			  HF_ARGS(HF_INT(id), HF_INT(n), HF_TEXT(hf_sv_from(t)),
				  HF_BLOB(HF_SV("\0\1"))),
			  NULL, err);
}

void
put(struct hf_db *db, int64_t id, int64_t n, const char *t)
{
	struct hf_err err = {0};

	assert_ok(try_put(db, id, n, t, &err), err);
}

int64_t
count(struct hf_db *db, int64_t *sum)
{
	struct hf_err err = {0};
	struct hf_rows rows;
	int64_t n;

	assert_ok(hf_db_query(db, HF_Q_TEST_COUNT, NULL, &rows, &err), err);
	assert_true(hf_rows_next(&rows));
	n = hf_rows_int(&rows, HF_C_TEST_COUNT_COUNT);
	if (sum)
		*sum = hf_rows_int(&rows, HF_C_TEST_COUNT_SUM);
	assert_false(hf_rows_next(&rows));
	assert_ok(hf_rows_end(&rows, &err), err);
	return n;
}
