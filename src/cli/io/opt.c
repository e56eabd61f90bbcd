/* opt.c - see opt.h.  getopt_long underneath. */
#include "cli/io/opt.h"

#include <getopt.h>
#include <stdarg.h>

static void
print_help(const struct hf_command *cmd, const struct hf_opt *opts, size_t n)
{
	printf("usage: homefirst %s%s%s\n\n%s.\n\n", cmd->name, cmd->args[0] ? " " : "",
	       cmd->args, cmd->summary);
	for (size_t i = 0; i < n; i++) {
		const struct hf_opt *o = &opts[i];
		const char *line = o->help;
		char left[48];

		if (o->letter != 0)
			snprintf(left, sizeof(left), "-%c, --%s%s%s", o->letter,
				 o->name, o->arg ? " " : "", o->arg ? o->arg : "");
		else
			snprintf(left, sizeof(left), "    --%s%s%s", o->name,
				 o->arg ? " " : "", o->arg ? o->arg : "");
		while (line != NULL) {
			const char *end = strchr(line, '\n');
			int len = end ? (int)(end - line) : (int)strlen(line);

			printf("  %-26s  %.*s\n", line == o->help ? left : "", len,
			       line);
			line = end ? end + 1 : NULL;
		}
	}
	printf("  %-26s  %s\n", "    --help", "this page");
	if (cmd->help != NULL)
		printf("\n%s\n", cmd->help);
}

int
hf_misuse(const struct hf_command *cmd, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "homefirst %s: ", cmd->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n'homefirst %s --help' tells how it is used.\n", cmd->name);
	return HF_EXIT_MISUSED;
}

static bool
take(const struct hf_command *cmd, const struct hf_opt *o, int *status)
{
	int64_t v;

	switch (o->kind) {
	case HF_OPT_FLAG:
		*(bool *)o->out = true;
		return true;
	case HF_OPT_TEXT:
		*(const char **)o->out = optarg;
		return true;
	case HF_OPT_NUMBER:
		if (!hf_sv_int(hf_sv_from(optarg), &v) || v < o->min || v > o->max) {
			*status = hf_misuse(cmd,
					    "--%s takes a whole number from %lld to "
					    "%lld, not \"%s\"",
					    o->name, (long long)o->min,
					    (long long)o->max, optarg);
			return false;
		}
		*(int64_t *)o->out = v;
		return true;
	}
	return false;
}

bool
hf_opt_parse(const struct hf_command *cmd, const struct hf_opt *opts, size_t n,
	     int argc, char **argv, int *first, int *status)
{
	enum { HELP = 256, BASE = 512 };
	struct option longs[HF_OPT_MAX + 2] = {{0}};
	char shorts[2 * HF_OPT_MAX + 2] = ":";
	size_t at = 1;

	assert(n <= HF_OPT_MAX);
	for (size_t i = 0; i < n; i++) {
		bool value = opts[i].kind != HF_OPT_FLAG;

		longs[i] = (struct option){opts[i].name,
					   value ? required_argument : no_argument,
					   NULL, BASE + (int)i};
		if (opts[i].letter != 0) {
			shorts[at++] = opts[i].letter;
			if (value)
				shorts[at++] = ':';
		}
	}
	longs[n] = (struct option){"help", no_argument, NULL, HELP};
	optind = 1;
	for (;;) {
		int tried = optind;
		int c = getopt_long(argc, argv, shorts, longs, NULL);
		size_t i = n;

		if (c == -1)
			break;
		if (c == HELP) {
			print_help(cmd, opts, n);
			*status = fflush(stdout) == 0 ? HF_EXIT_DONE : HF_EXIT_FAILED;
			return false;
		}
		if (c == '?' || c == ':') {
			*status = hf_misuse(cmd,
					    c == ':' ? "%s needs a value after it"
						     : "there is no option %s here",
					    argv[c == ':' ? optind - 1 : tried]);
			return false;
		}
		if (c >= BASE)
			i = (size_t)(c - BASE);
		else
			for (i = 0; i < n && opts[i].letter != c; i++)
				;
		assert(i < n);
		if (!take(cmd, &opts[i], status))
			return false;
	}
	*first = optind;
	return true;
}
