/* driver.h - what each engine's file gives to db.c.
 *
 * db.c keeps the promises that are the same for both: kinds and counts of
 * arguments, begin and commit in pairs, no NUL in text.  A driver may count on
 * them. */
#ifndef HF_DB_DRIVER_H
#define HF_DB_DRIVER_H

#include "db/table.h"

enum hf_db_tx { HF_TX_NONE, HF_TX_READ, HF_TX_WRITE };

/* How long a statement waits for a lock that somebody else holds. */
static inline int
hf_db_wait_ms(const struct hf_db_config *config)
{
	return config->wait_ms > 0 ? config->wait_ms : 5000;
}

struct hf_db_driver {
	void (*close)(struct hf_db *db);
	enum hf_rc (*begin)(struct hf_db *db, bool write, struct hf_err *err);
	/* Whatever it gives, no transaction is open afterwards. */
	enum hf_rc (*commit)(struct hf_db *db, struct hf_err *err);
	void (*rollback)(struct hf_db *db);
	enum hf_rc (*exec)(struct hf_db *db, enum hf_query q, const struct hf_arg *args,
			   int64_t *changed, struct hf_err *err);
	/* Fills out->stmt and out->at. */
	enum hf_rc (*query)(struct hf_db *db, enum hf_query q,
			    const struct hf_arg *args, struct hf_rows *out,
			    struct hf_err *err);
	bool (*next)(struct hf_rows *rows);
	int64_t (*column_int)(const struct hf_rows *rows, int column);
	bool (*column_null)(const struct hf_rows *rows, int column);
	struct hf_sv (*column_bytes)(const struct hf_rows *rows, int column);
	enum hf_rc (*end)(struct hf_rows *rows, struct hf_err *err);
	/* Statements of a migration, several in one text, inside a transaction. */
	enum hf_rc (*script)(struct hf_db *db, const char *sql, struct hf_err *err);
	enum hf_rc (*backup)(struct hf_db *db, const char *path, struct hf_err *err);
	enum hf_rc (*checkpoint)(struct hf_db *db, struct hf_err *err);
};

/* The head of each driver's own struct. */
struct hf_db {
	const struct hf_db_driver *driver;
	enum hf_db_engine engine;
	enum hf_db_tx tx;
	bool read_only;
	int wait_ms;
	bool spoilt; /* a statement of this write transaction failed */
};

enum hf_rc hf_sqlite_open(const struct hf_db_config *config, struct hf_db **out,
			  struct hf_err *err);
enum hf_rc hf_pgsql_open(const struct hf_db_config *config, struct hf_db **out,
			 struct hf_err *err);

#endif
