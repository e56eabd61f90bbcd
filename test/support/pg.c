/* pg.c - a PostgreSQL of the tests' own; see pg.h. */
#include "test/support/pg.h"

#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_DATABASES = 200, START_TRIES = 600, TRY_US = 50000 };

static char dir[] = "/tmp/hf-pg-XXXXXX";
static char server[300]; /* address of the server without a database */
static pid_t postmaster;
static pid_t owner;
static char *databases[MAX_DATABASES];
static int n_databases;

static const char *
bin_folder(void)
{
	static char folder[200];
	glob_t g;

	if (folder[0] || glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &g) != 0)
		return folder[0] ? folder : NULL;
	/* Sorted by name: the last is the newest. */
	snprintf(folder, sizeof folder, "%s", g.gl_pathv[g.gl_pathc - 1]);
	globfree(&g);
	*strrchr(folder, '/') = '\0';
	return folder;
}

/* PostgreSQL refuses to run as root. */
static const struct passwd *
unprivileged(void)
{
	const struct passwd *pw = getpwnam("postgres");

	if (getuid() != 0)
		return NULL;
	return pw ? pw : getpwnam("nobody");
}

static pid_t
spawn(const struct passwd *pw, char *const argv[])
{
	pid_t pid = fork();
	int out;

	if (pid != 0)
		return pid;
	if (pw && (setgroups(0, NULL) != 0 || setgid(pw->pw_gid) != 0 ||
		   setuid(pw->pw_uid) != 0))
		_exit(126);
	/* A test that dies takes its server with it. */
	prctl(PR_SET_PDEATHSIG, SIGQUIT);
	if (chdir(dir) != 0 ||
	    (out = open("log", O_WRONLY | O_CREAT | O_APPEND, 0600)) < 0)
		_exit(126);
	dup2(out, 1);
	dup2(out, 2);
	setenv("LC_ALL", "C", 1);
	execv(argv[0], argv);
	_exit(127);
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void
drop_databases(void)
{
	PGconn *c = PQconnectdb(server);

	for (int i = 0; i < n_databases; i++) {
		char sql[200];

		snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)",
			 strrchr(databases[i], '=') + 1);
		PQclear(PQexec(c, sql));
	}
	PQfinish(c);
}

static void
stop(void)
{
	/* Forked children of a test come by here too. */
	if (getpid() != owner)
		return;
	if (postmaster > 0) {
		kill(postmaster, SIGQUIT);
		waitpid(postmaster, NULL, 0);
		nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	} else {
		drop_databases();
	}
	for (int i = 0; i < n_databases; i++)
		free(databases[i]);
}

static bool
init_cluster(const struct passwd *pw, const char *bin)
{
	char initdb[250], data[60];
	int status = 0;
	char *argv[] = {initdb,
			(char[]){"-D"},
			data,
			(char[]){"-U"},
			(char[]){"hf"},
			(char[]){"-A"},
			(char[]){"trust"},
			(char[]){"-E"},
			(char[]){"UTF8"},
			(char[]){"--locale=C"},
			(char[]){"--no-sync"},
			NULL};

	snprintf(initdb, sizeof initdb, "%s/initdb", bin);
	snprintf(data, sizeof data, "%s/data", dir);
	waitpid(spawn(pw, argv), &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
start_server(const struct passwd *pw, const char *bin)
{
	char postgres[250], data[60];
	char *argv[] = {postgres,
			(char[]){"-D"},
			data,
			(char[]){"-k"},
			dir,
			(char[]){"-c"},
			(char[]){"listen_addresses="},
			(char[]){"-c"},
			(char[]){"fsync=on"},
			(char[]){"-c"},
			(char[]){"shared_buffers=32MB"},
			NULL};

	snprintf(postgres, sizeof postgres, "%s/postgres", bin);
	snprintf(data, sizeof data, "%s/data", dir);
	postmaster = spawn(pw, argv);
	for (int i = 0; i < START_TRIES; i++) {
		if (PQping(server) == PQPING_OK)
			return true;
		if (waitpid(postmaster, NULL, WNOHANG) == postmaster)
			break;
		usleep(TRY_US);
	}
	postmaster = 0;
	return false;
}

static bool
begin(void)
{
	static enum { UNTRIED, RUNNING, NONE } state;
	const char *given = getenv("HF_TEST_PG"), *bin = bin_folder();
	const struct passwd *pw = unprivileged();

	if (state != UNTRIED)
		return state == RUNNING;
	state = NONE;
	owner = getpid();
	if (given && given[0]) {
		snprintf(server, sizeof server, "%s", given);
	} else {
		if (!bin || !mkdtemp(dir))
			return false;
		if (pw && chown(dir, pw->pw_uid, pw->pw_gid) != 0)
			return false;
		snprintf(server, sizeof server,
			 "postgresql:///postgres?host=%s&user=hf", dir);
		if (!init_cluster(pw, bin) || !start_server(pw, bin)) {
			fprintf(stderr, "PostgreSQL did not start: see %s/log\n", dir);
			return false;
		}
	}
	atexit(stop);
	state = RUNNING;
	return true;
}

bool
hf_pg_own_server(const char **out)
{
	if (!begin() || postmaster == 0)
		return false;
	*out = dir;
	return true;
}

const char *
hf_pg_database(void)
{
	char name[60], sql[120];
	bool good;

	if (!begin() || n_databases == MAX_DATABASES)
		return NULL;
	PGconn *c = PQconnectdb(server);

	snprintf(name, sizeof name, "hf_%d_%d", (int)getpid(), n_databases);
	snprintf(sql, sizeof sql,
		 "CREATE DATABASE %s ENCODING 'UTF8' TEMPLATE template0", name);
	PGresult *res = PQexec(c, sql);

	good = PQresultStatus(res) == PGRES_COMMAND_OK;
	if (!good)
		fprintf(stderr, "HF_TEST_PG: %s", PQerrorMessage(c));
	PQclear(res);
	PQfinish(c);
	if (!good)
		return NULL;
	/* Later words of an address win: the database is named once more. */
	if (asprintf(&databases[n_databases], "%s%cdbname=%s", server,
		     strchr(server, '?') ? '&' : '?', name) < 0)
		return NULL;
	return databases[n_databases++];
}
