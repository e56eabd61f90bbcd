/* table.h - the generated tables: named queries and migrations.
 * For the drivers and for tests; others name queries by enum hf_query. */
#ifndef HF_DB_TABLE_H
#define HF_DB_TABLE_H

#include "db/db.h"

enum { HF_DB_ENGINES = 2 };

struct hf_query_field {
	const char *name;
	enum hf_arg_kind kind;
};

struct hf_query_def {
	const char *name; /* <room>_<name> */
	const char *sql[HF_DB_ENGINES];
	const char *uses; /* indexes it counts on, comma separated; "" for none */
	const struct hf_query_field *in, *out;
	int n_in, n_out;
};

/* By enum hf_query; one empty entry at the end. */
extern const struct hf_query_def hf_queries[HF_Q_COUNT + 1];

struct hf_migration {
	int number; /* from 1 on, without gaps */
	const char *name;
	const char *sql[HF_DB_ENGINES];
	/* Of the SQL without comments, white space shrunk: 64 hexadecimal digits. */
	const char *sha256[HF_DB_ENGINES];
};

extern const struct hf_migration hf_migrations[]; /* ends with number 0 */
extern const size_t hf_n_migrations;

#endif
