/* admin.c - finding and running a command of administration. */
#include "server/admin.h"

#include <sodium.h>
#include <stdarg.h>

#define HF_ADMIN(group, verb, handler, writes, args, summary)                          \
	int handler(struct hf_admin *a, int argc, char **argv);
#include "server/admin.def"
#undef HF_ADMIN

const struct hf_admin_command hf_admin_commands[] = {
#define HF_ADMIN(group, verb, handler, writes, args, summary)                          \
	{#group, verb, handler, writes, args, summary},
#include "server/admin.def"
#undef HF_ADMIN
};
const size_t hf_n_admin_commands = HF_COUNT(hf_admin_commands);

/* How many words of argv the verb is; 0 when it is not there. */
static int
verb_words(const char *verb, int argc, char **argv)
{
	struct hf_sv rest = hf_sv_from(verb);
	int n = 0;

	while (rest.n) {
		if (n == argc || !hf_sv_eq(hf_sv_cut(&rest, ' '), hf_sv_from(argv[n])))
			return 0;
		n++;
	}
	return n;
}

const struct hf_admin_command *
hf_admin_find(int argc, char **argv, int *words)
{
	for (size_t i = 0; argc > 0 && i < hf_n_admin_commands; i++) {
		const struct hf_admin_command *c = &hf_admin_commands[i];
		int n;

		if (strcmp(c->group, argv[0]) != 0)
			continue;
		n = verb_words(c->verb, argc - 1, argv + 1);
		if (n) {
			*words = 1 + n;
			return c;
		}
	}
	return NULL;
}

static int
run_command(struct hf_admin *a, int argc, char **argv)
{
	struct hf_err err;
	int status;

	if (hf_reader_get(a->store, &a->reader, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	status = a->command->run(a, argc, argv);
	hf_reader_put(a->reader);
	a->reader = NULL;
	return status;
}

int
hf_admin_run(struct hf_admin *a, int argc, char **argv)
{
	int words = 0;

	a->command = hf_admin_find(argc, argv, &words);
	if (!a->command) {
		hf_buf_printf(a->err, "homefirst: there is no such command\n");
		return HF_ADMIN_MISUSED;
	}
	return run_command(a, argc - words, argv + words);
}

/* ---- for those who write commands ---- */

int
hf_admin_fail(struct hf_admin *a, const struct hf_err *err)
{
	hf_buf_printf(a->err, "homefirst %s %s: %s%s%s\n", a->command->group,
		      a->command->verb, err->path, err->path[0] ? ": " : "",
		      err->text[0] ? err->text : hf_rc_text(err->rc));
	return HF_ADMIN_FAILED;
}

int
hf_admin_misuse(struct hf_admin *a, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	hf_buf_printf(a->err,
		      "homefirst %s %s: %s\n'homefirst %s --help' tells the options\n",
		      a->command->group, a->command->verb, text, a->command->group);
	return HF_ADMIN_MISUSED;
}

static const struct hf_admin_opt *
find_option(const struct hf_admin_opt *opts, size_t n, struct hf_sv name)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(hf_sv_from(opts[i].name), name))
			return &opts[i];
	return NULL;
}

static bool
take_file(struct hf_admin *a, const struct hf_admin_opt *o)
{
	for (size_t i = 0; i < a->n_files; i++)
		if (hf_sv_eq(a->files[i].option, hf_sv_from(o->name))) {
			*(struct hf_sv *)o->out = a->files[i].text;
			return true;
		}
	hf_admin_misuse(a, "--%s: the file was not read", o->name);
	return false;
}

static bool
take_value(struct hf_admin *a, const struct hf_admin_opt *o, const char *value)
{
	struct hf_date date;

	switch (o->kind) {
	case HF_ADMIN_TEXT:
		*(const char **)o->out = value;
		return true;
	case HF_ADMIN_FILE:
		return take_file(a, o);
	case HF_ADMIN_TIME:
		if (hf_date_parse(hf_sv_from(value), true, &date)) {
			*(hf_time *)o->out = date.lo;
			return true;
		}
		hf_admin_misuse(a,
				"--%s takes a time: 2026-11-22, or "
				"2026-11-22T09:30:00Z",
				o->name);
		return false;
	case HF_ADMIN_FLAG:
		break;
	}
	hf_admin_misuse(a, "--%s takes no value", o->name);
	return false;
}

bool
hf_admin_options(struct hf_admin *a, const struct hf_admin_opt *opts, size_t n_opts,
		 int argc, char **argv, const char **plain, size_t max, size_t *n)
{
	size_t got = 0;

	for (int i = 0; i < argc; i++) {
		struct hf_sv word = hf_sv_from(argv[i]), name;
		const struct hf_admin_opt *o;

		if (!hf_sv_starts(word, HF_SV("--"))) {
			if (got == max) {
				/* It may be a secret that somebody typed. */
				hf_admin_misuse(a, "there is a word too many");
				return false;
			}
			plain[got++] = argv[i];
			continue;
		}
		word = hf_sv_from_at(word, 2);
		name = hf_sv_cut(&word, '=');
		o = find_option(opts, n_opts, name);
		if (!o) {
			hf_admin_misuse(a, "there is no option --%.*s",
					(int)(name.n > 40 ? 40 : name.n), name.p);
			return false;
		}
		if (o->kind == HF_ADMIN_FLAG && !word.p) {
			*(bool *)o->out = true;
			continue;
		}
		if (!word.p && i + 1 == argc) {
			hf_admin_misuse(a, "--%s wants a value", o->name);
			return false;
		}
		if (!take_value(a, o, word.p ? word.p : argv[++i]))
			return false;
	}
	if (n)
		*n = got;
	return true;
}

enum hf_rc
hf_admin_desk(struct hf_admin *a, struct hf_sv what,
	      enum hf_rc (*write)(void *ctx, struct hf_db *db, int64_t change,
				  hf_time at, struct hf_err *err),
	      void *ctx, struct hf_err *err)
{
	return hf_store_desk(a->store,
			     &(struct hf_desk_job){.actor = a->actor,
						   .purpose = HF_SV("OPERATE"),
						   .what = what,
						   .write = write,
						   .ctx = ctx},
			     err);
}
