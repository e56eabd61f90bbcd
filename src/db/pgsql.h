/* pgsql.h - what the files of the PostgreSQL driver share.
 *
 * A connection is in pipeline mode from opening to closing: what is sent waits in
 * pending[] until drain() asks the server for everything at once. */
#ifndef HF_DB_PGSQL_H
#define HF_DB_PGSQL_H

#include <libpq-fe.h>

#include "db/driver.h"

enum { HF_PGSQL_PENDING = 512 };

enum hf_pgsql_sent { HF_PGSQL_CONTROL, HF_PGSQL_PREPARE, HF_PGSQL_RUN };

struct hf_pgsql {
	struct hf_db db;
	PGconn *c;
	char *url;
	struct hf_pgsql_pending {
		enum hf_pgsql_sent sent;
		enum hf_query q; /* HF_Q_COUNT for control */
	} pending[HF_PGSQL_PENDING];
	int n_pending;
	/* First failure of the transaction under way; HF_OK when there is none. */
	struct hf_err failed;
	bool prepared[HF_Q_COUNT + 1]; /* sent or there */
	bool checked[HF_Q_COUNT + 1];  /* its columns are of the kinds promised */
};

/* Connects, or connects again after the connection was lost.  As hf_db_open(). */
enum hf_rc hf_pgsql_connect(struct hf_pgsql *p, struct hf_err *err);
void hf_pgsql_free(struct hf_db *db);

/* Tells what a failed result means to a caller.  Values never get into the text:
 * messages and details that can hold one are left out. */
enum hf_rc hf_pgsql_fail(struct hf_pgsql *p, const PGresult *res, const char *what,
			 struct hf_err *err);
enum hf_rc hf_pgsql_lost(struct hf_err *err);

extern const struct hf_db_driver hf_pgsql_driver;

#endif
