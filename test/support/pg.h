/* pg.h - a PostgreSQL for tests: databases of one's own on a server of one's own.
 *
 * The server is the one HF_TEST_PG names (an address whose user may make
 * databases), or else one started here at first use and stopped at exit: a folder
 * under /tmp, a socket in it, no port, fsync on, as an unprivileged user. */
#ifndef HF_TEST_SUPPORT_PG_H
#define HF_TEST_SUPPORT_PG_H

#include <stdbool.h>

/* The address of a new, empty database, good until exit, when it is dropped.
 * NULL when this machine has no PostgreSQL: the test says skip(). */
const char *hf_pg_database(void);

/* True when the server was started here, so that its files are on this machine;
 * *dir is a folder the server may write to. */
bool hf_pg_own_server(const char **dir);

#endif
