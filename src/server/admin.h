/* admin.h - the commands that administer what stands beside the record, as they run
 * in the process that holds the store: the command's own, or a server that it reached
 * through the control socket (control.h).
 *
 * A command gets its words, and the contents of the files that its options named: a
 * server opens no file for anybody.  It writes to two buffers; no secret is ever an
 * argument. */
#ifndef HF_SERVER_ADMIN_H
#define HF_SERVER_ADMIN_H

#include "access/policy.h"
#include "base/buf.h"
#include "db/db.h"
#include "record/io/desk.h"
#include "record/io/store.h"

struct hf_server;

enum { HF_ADMIN_DONE = 0, HF_ADMIN_FAILED = 1, HF_ADMIN_MISUSED = 2 };
enum {
	HF_ADMIN_ARGS = 64,	     /* words at most */
	HF_ADMIN_ARG_MAX = 4096,     /* bytes of one */
	HF_ADMIN_FILES = 4,	     /* files at most */
	HF_ADMIN_FILE_MAX = 64 << 20 /* bytes of all of them */
};

struct hf_admin_file {
	struct hf_sv option; /* "password-file" */
	struct hf_sv text;
};

struct hf_admin {
	struct hf_store *store;
	struct hf_server *server; /* NULL: the command holds the store itself */
	const char *data;	  /* folder of keys/ and audit/ */
	const struct hf_policy *policy;
	struct hf_sv actor; /* "operator/1000": for jobs of the desk */
	hf_time now;
	struct hf_arena *arena; /* of this run; wiped when it ends */
	struct hf_admin_file files[HF_ADMIN_FILES];
	size_t n_files;
	struct hf_buf *out, *err; /* standard output and error */
	/* set by hf_admin_run(): */
	const struct hf_admin_command *command;
	struct hf_reader *reader; /* shows everything */
};

struct hf_admin_command {
	const char *group, *verb; /* "user", "role add" */
	int (*run)(struct hf_admin *a, int argc, char **argv);
	bool writes;
	const char *args, *summary;
};
extern const struct hf_admin_command hf_admin_commands[];
extern const size_t hf_n_admin_commands;

/* The command that argv (GROUP VERB …) names; NULL when there is none.  *words is
 * how many of argv its name is. */
const struct hf_admin_command *hf_admin_find(int argc, char **argv, int *words);

/* Runs one: argv[0] is the group, then the verb and its options.  Gives the exit
 * code; what there is to say is in a->out and a->err. */
int hf_admin_run(struct hf_admin *a, int argc, char **argv);

/* ---- for those who write commands ---- */

enum hf_admin_kind {
	HF_ADMIN_FLAG, /* out: bool */
	HF_ADMIN_TEXT, /* out: const char * */
	HF_ADMIN_FILE, /* out: struct hf_sv, the file's text; its name ends in "file" */
	HF_ADMIN_TIME  /* out: hf_time, of "2026-11-22" or an instant */
};

struct hf_admin_opt {
	const char *name; /* without the dashes */
	enum hf_admin_kind kind;
	void *out; /* left alone when the option is not given */
};

/* Reads the words after the verb by the table.  The other words, at most max of
 * them, go to plain; *n is how many.  False: it has said what is wrong, and the
 * command ends with HF_ADMIN_MISUSED. */
bool hf_admin_options(struct hf_admin *a, const struct hf_admin_opt *opts,
		      size_t n_opts, int argc, char **argv, const char **plain,
		      size_t max, size_t *n);

/* "homefirst user add: …" on a->err; gives HF_ADMIN_FAILED, HF_ADMIN_MISUSED. */
int hf_admin_fail(struct hf_admin *a, const struct hf_err *err);
int hf_admin_misuse(struct hf_admin *a, const char *fmt, ...) HF_PRINTF(2, 3);

/* Does a job of the desk in the name of the operator; what is "user add user/ID". */
enum hf_rc hf_admin_desk(struct hf_admin *a, struct hf_sv what,
			 enum hf_rc (*write)(void *ctx, struct hf_db *db,
					     int64_t change, hf_time at,
					     struct hf_err *err),
			 void *ctx, struct hf_err *err);

#endif
