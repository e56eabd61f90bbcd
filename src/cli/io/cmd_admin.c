/* cmd_admin.c - homefirst user, client …: administration.
 *
 * A server that holds the store does it, when there is one: it is asked through the
 * control socket in its data folder.  Else the command opens the store itself.  Both
 * run the same code (server/admin.h). */
#include "cli/io/cli.h"

#include <sodium.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "server/admin.h"
#include "server/control.h"

#define DEFAULT_FOLDER "homefirst-audit" /* beside --store, as serve has it */

struct asked {
	struct hf_cli_store where;
	char *words[HF_ADMIN_ARGS];
	int n_words;
	bool help;
	struct hf_arena arena;
	struct hf_admin_file files[HF_ADMIN_FILES];
	size_t n_files;
	struct hf_buf out, err;
};

/* ---- what was typed ---- */

/* Is word the option --name or --name=value?  Then its value, which may be the next
 * word; *misused when there is none. */
static const char *
value_of(const char *name, char letter, int argc, char **argv, int *i, bool *misused)
{
	struct hf_sv word = hf_sv_from(argv[*i]), head;
	char short_form[3] = {'-', letter, '\0'};

	if (letter && strcmp(argv[*i], short_form) == 0) {
		*misused = *i + 1 == argc;
		return *misused ? NULL : argv[++*i];
	}
	if (!hf_sv_starts(word, HF_SV("--")))
		return NULL;
	word = hf_sv_from_at(word, 2);
	head = hf_sv_cut(&word, '=');
	if (!hf_sv_eq(head, hf_sv_from(name)))
		return NULL;
	if (word.p)
		return word.p;
	*misused = *i + 1 == argc;
	return *misused ? NULL : argv[++*i];
}

static int
split(const struct hf_command *cmd, int argc, char **argv, struct asked *a)
{
	a->words[a->n_words++] = argv[0];
	for (int i = 1; i < argc; i++) {
		bool misused = false;
		const char *data = value_of("data", 'd', argc, argv, &i, &misused);
		const char *url =
		    data || misused ? NULL
				    : value_of("store", 's', argc, argv, &i, &misused);

		if (misused)
			return hf_misuse(cmd, "%s wants a value", argv[i]);
		if (data)
			a->where.data = data;
		else if (url)
			a->where.url = url;
		else if (strcmp(argv[i], "--help") == 0)
			a->help = true;
		else if (a->n_words == HF_ADMIN_ARGS ||
			 strlen(argv[i]) > HF_ADMIN_ARG_MAX)
			return hf_misuse(cmd, "too many words, or one too long");
		else
			a->words[a->n_words++] = argv[i];
	}
	return HF_EXIT_DONE;
}

static enum hf_rc
read_file(struct asked *a, const char *path, struct hf_sv *out, struct hf_err *err)
{
	bool from_stdin = strcmp(path, "-") == 0;
	FILE *f = from_stdin ? stdin : fopen(path, "rb");
	struct hf_buf b = {.cap = HF_ADMIN_FILE_MAX};
	enum hf_rc rc = HF_OK;
	char *room;
	size_t n = 1;

	if (!f)
		return hf_fail(err, HF_NOT_FOUND, path, "the file cannot be opened");
	while (n && (room = hf_buf_room(&b, 4096)) != NULL) {
		n = fread(room, 1, 4096, f);
		b.n += n;
	}
	if (ferror(f) || b.failed)
		rc = hf_fail(err, b.failed ? HF_TOO_LONG : HF_FAULT, path,
			     "the file cannot be read, or is longer than %d MiB",
			     HF_ADMIN_FILE_MAX >> 20);
	if (!from_stdin)
		fclose(f);
	if (rc == HF_OK)
		*out = hf_arena_sv(&a->arena, hf_buf_view(&b));
	if (b.p)
		sodium_memzero(b.p, b.size);
	hf_buf_free(&b);
	if (rc == HF_OK && !out->p)
		rc = hf_fail(err, HF_TOO_LONG, path, "no memory for the file");
	return rc;
}

/* The files that options called …file name are read here: a server opens none. */
static int
read_files(const struct hf_command *cmd, struct asked *a)
{
	for (int i = 1; i < a->n_words; i++) {
		struct hf_sv word = hf_sv_from(a->words[i]), name;
		struct hf_admin_file *f = &a->files[a->n_files];
		struct hf_err err;

		if (!hf_sv_starts(word, HF_SV("--")))
			continue;
		word = hf_sv_from_at(word, 2);
		name = hf_sv_cut(&word, '=');
		if (!hf_sv_ends(name, HF_SV("file")) ||
		    (!word.p && i + 1 == a->n_words))
			continue;
		if (a->n_files == HF_ADMIN_FILES)
			return hf_misuse(cmd, "too many files");
		if (read_file(a, word.p ? word.p : a->words[i + 1], &f->text, &err))
			return hf_cli_fail(cmd, &err);
		f->option = name;
		a->n_files++;
	}
	return HF_EXIT_DONE;
}

/* ---- help ---- */

static void
print_line(const char *name, const char *verb, const char *args, FILE *to)
{
	fprintf(to, "  homefirst %s %s %s\n", name, verb, args);
}

static int
print_help(const struct hf_command *cmd, FILE *to)
{
	fprintf(to, "usage: homefirst %s VERB (--data DIR | --store URL) [options]\n\n",
		cmd->name);
	for (size_t i = 0; i < hf_n_admin_commands; i++) {
		const struct hf_admin_command *c = &hf_admin_commands[i];

		if (strcmp(c->group, cmd->name) != 0)
			continue;
		print_line(c->group, c->verb, c->args, to);
		fprintf(to, "      %s\n", c->summary);
	}
	fprintf(to,
		"\n%s\n\nA server that holds the store is asked through its data "
		"folder (--data, or\n" DEFAULT_FOLDER
		" with --store alone).  FILE may be - for standard input.\n",
		cmd->help);
	return to == stdout ? HF_EXIT_DONE : HF_EXIT_MISUSED;
}

/* ---- doing it ---- */

static enum hf_rc
load_policy(struct hf_arena *arena, struct hf_policy *policy, struct hf_err *err)
{
	struct hf_issues issues = {.arena = arena};

	return hf_policy_load(hf_policy_builtin, arena, &issues, policy, err);
}

static int
run_here(const struct hf_command *cmd, struct asked *a,
	 const struct hf_admin_command *admin)
{
	/* A folder beside --store holds keys and the audit, not the store. */
	struct hf_cli_store where = {.data = a->where.url ? NULL : a->where.data,
				     .url = a->where.url};
	struct hf_policy policy;
	struct hf_store *store;
	struct hf_err err;
	struct hf_admin run = {
	    .data = a->where.data ? a->where.data : DEFAULT_FOLDER,
	    .policy = &policy,
	    .now = hf_now(),
	    .arena = &a->arena,
	    .n_files = a->n_files,
	    .out = &a->out,
	    .err = &a->err,
	};
	int status;

	if (load_policy(&a->arena, &policy, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	status = hf_cli_open(cmd, &where, admin->writes ? HF_CLI_WRITE : HF_CLI_READ,
			     &store);
	if (status != HF_EXIT_DONE)
		return status;
	memcpy(run.files, a->files, sizeof run.files);
	run.store = store;
	run.actor = hf_arena_printf(&a->arena, "operator/%u", (unsigned)getuid());
	status = hf_admin_run(&run, a->n_words, a->words);
	hf_store_close(store);
	return status;
}

static bool
put(const struct hf_buf *b, FILE *to)
{
	return (b->n == 0 || fwrite(b->p, 1, b->n, to) == b->n) && fflush(to) == 0;
}

static int
run(const struct hf_command *cmd, struct asked *a)
{
	const struct hf_admin_command *admin;
	int status, words;

	admin = hf_admin_find(a->n_words, a->words, &words);
	if (a->help)
		return print_help(cmd, stdout);
	if (!admin)
		return print_help(cmd, stderr);
	if (!a->where.data && !a->where.url)
		return hf_misuse(cmd, "say which store: --data DIR or --store URL");
	if (hf_cli_check_url(cmd, a->where.url) != HF_EXIT_DONE)
		return HF_EXIT_MISUSED;
	status = read_files(cmd, a);
	if (status != HF_EXIT_DONE)
		return status;
	if (!hf_control_ask(a->where.data ? a->where.data : DEFAULT_FOLDER, a->n_words,
			    a->words, a->files, a->n_files, &a->out, &a->err, &status))
		status = run_here(cmd, a, admin);
	if (!put(&a->err, stderr) || !put(&a->out, stdout))
		status = HF_EXIT_FAILED;
	return status;
}

static void
forget(struct hf_buf *b)
{
	if (b->p)
		sodium_memzero(b->p, b->size);
	hf_buf_free(b);
}

static int
administer(const struct hf_command *cmd, int argc, char **argv)
{
	struct asked a = {.arena = {.cap = (size_t)512 << 20}};
	int status = split(cmd, argc, argv, &a);

	if (status == HF_EXIT_DONE)
		status = run(cmd, &a);
	forget(&a.out);
	forget(&a.err);
	hf_arena_wipe(&a.arena);
	hf_arena_free(&a.arena);
	return status;
}

#define HF_ADMIN_GROUP(name, text)                                                     \
	HF_COMMAND(hf_cmd_##name);                                                     \
	extern const char hf_help_##name[];                                            \
	const char hf_help_##name[] = text;                                            \
	int hf_cmd_##name(const struct hf_command *cmd, int argc, char **argv)         \
	{                                                                              \
		return administer(cmd, argc, argv);                                    \
	}
#include "cli/io/cmd_admin.def"
#undef HF_ADMIN_GROUP
