/* pgsql_open.c - connecting to PostgreSQL, and again after a lost connection. */
#include "db/pgsql.h"

enum { OLDEST_SERVER = 130000, MAX_TEXT = 300 };

/* libpq tells why a connection failed in words only. */
static const struct reason {
	const char *words;
	enum hf_rc rc;
	const char *text;
} reasons[] = {
    {"authentication failed", HF_FORBIDDEN, "PostgreSQL refuses this user or password"},
    {"no password supplied", HF_FORBIDDEN,
     "PostgreSQL asks for a password: give it by PGPASSWORD or a password file"},
    {"no pg_hba.conf entry", HF_FORBIDDEN,
     "PostgreSQL's pg_hba.conf does not let this user in from here"},
    {"permission denied", HF_FORBIDDEN, "PostgreSQL does not let this user in"},
    {"database \"", HF_NOT_FOUND,
     "there is no such database on the PostgreSQL server: make it with createdb"},
    {"role \"", HF_FORBIDDEN, "PostgreSQL does not know or refuses this user"},
    {"too many", HF_BUSY, "the PostgreSQL server has no connection free: try again"},
    {"", HF_BUSY,
     "the PostgreSQL server does not answer: see that it runs and that host and port "
     "are right"},
};

static enum hf_rc
refused(struct hf_pgsql *p, struct hf_err *err)
{
	const char *message = PQerrorMessage(p->c);
	const struct reason *r = reasons;

	while (!strstr(message, r->words))
		r++;
	return hf_fail(err, r->rc, "--store", "%s (host %s, port %s, database %s)",
		       r->text, PQhost(p->c) ? PQhost(p->c) : "",
		       PQport(p->c) ? PQport(p->c) : "", PQdb(p->c) ? PQdb(p->c) : "");
}

static void
drop_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

/* Durable whatever the server's default. */
static const char session_sql[] =
    "SELECT set_config('client_min_messages', 'error', false),"
    " set_config('lock_timeout', $1, false),"
    " set_config('idle_in_transaction_session_timeout', '0', false),"
    " set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
    "  WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)";

static enum hf_rc
set_up(struct hf_pgsql *p, struct hf_err *err)
{
	const char *encoding = PQparameterStatus(p->c, "server_encoding");
	enum hf_rc rc = HF_OK;
	char wait[24];
	PGresult *res;

	if (PQserverVersion(p->c) < OLDEST_SERVER)
		return hf_fail(err, HF_NOT_ALLOWED, "--store",
			       "this PostgreSQL is version %d; 13 or newer is needed",
			       PQserverVersion(p->c) / 10000);
	if (!encoding || strcmp(encoding, "UTF8") != 0)
		return hf_fail(err, HF_INVALID, "--store",
			       "the database stores text as %s: make one with ENCODING "
			       "'UTF8'",
			       encoding ? encoding : "something unknown");
	PQsetNoticeReceiver(p->c, drop_notice, NULL);
	snprintf(wait, sizeof wait, "%dms", p->db.wait_ms);
	res = PQexecParams(p->c, session_sql, 1, NULL, (const char *[]){wait}, NULL,
			   NULL, 0);
	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		rc = hf_pgsql_fail(p, res, "session", err);
	PQclear(res);
	if (rc == HF_OK && p->db.read_only) {
		res = PQexec(p->c, "SET default_transaction_read_only = on");
		if (PQresultStatus(res) != PGRES_COMMAND_OK)
			rc = hf_pgsql_fail(p, res, "session", err);
		PQclear(res);
	}
	if (rc == HF_OK && !PQenterPipelineMode(p->c))
		rc = hf_pgsql_lost(err);
	return rc;
}

enum hf_rc
hf_pgsql_connect(struct hf_pgsql *p, struct hf_err *err)
{
	/* What stands in the URL wins over what stands before it here. */
	static const char *const keys[] = {"connect_timeout",
					   "tcp_user_timeout",
					   "keepalives_idle",
					   "fallback_application_name",
					   "dbname",
					   "client_encoding",
					   NULL};
	const char *values[] = {"10", "30000", "30", "homefirst", p->url, "UTF8", NULL};

	_Static_assert(HF_COUNT(keys) == HF_COUNT(values), "one value for each key");
	PQfinish(p->c);
	p->n_pending = 0;
	p->failed.rc = HF_OK;
	memset(p->prepared, 0, sizeof p->prepared);
	p->c = PQconnectdbParams(keys, values, 1);
	if (!p->c)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	if (PQstatus(p->c) != CONNECTION_OK)
		return refused(p, err);
	return set_up(p, err);
}

/* libpq quotes the URL, password and all, in what it says of a bad one. */
static enum hf_rc
check_url(const char *url, struct hf_err *err)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);

	if (!options)
		return hf_fail(err, HF_INVALID, "--store",
			       "this is not a PostgreSQL address: write "
			       "postgresql://user@host:port/database");
	PQconninfoFree(options);
	return HF_OK;
}

enum hf_rc
hf_pgsql_open(const struct hf_db_config *config, struct hf_db **out, struct hf_err *err)
{
	enum hf_rc rc = check_url(config->url, err);
	struct hf_pgsql *p;

	if (rc != HF_OK)
		return rc;
	p = calloc(1, sizeof *p);
	if (!p || !(p->url = strdup(config->url))) {
		free(p);
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	}
	p->db = (struct hf_db){.driver = &hf_pgsql_driver,
			       .engine = HF_DB_PGSQL,
			       .read_only = config->read_only,
			       .wait_ms = hf_db_wait_ms(config)};
	rc = hf_pgsql_connect(p, err);
	if (rc != HF_OK) {
		hf_pgsql_free(&p->db);
		return rc;
	}
	*out = &p->db;
	return HF_OK;
}

void
hf_pgsql_free(struct hf_db *db)
{
	struct hf_pgsql *p = (struct hf_pgsql *)db;

	PQfinish(p->c);
	if (p->url)
		explicit_bzero(p->url, strlen(p->url));
	free(p->url);
	free(p);
}
