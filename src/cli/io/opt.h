/* opt.h - options of a command from a table: one line makes the flag, its check
 * and its help.
 *
 * Help goes to standard output and ends with 0; a mistake in the options is one
 * sentence on standard error and ends with 2 (HF_EXIT_MISUSED). */
#ifndef HF_CLI_IO_OPT_H
#define HF_CLI_IO_OPT_H

#include "base/base.h"

enum { HF_EXIT_DONE = 0, HF_EXIT_FAILED = 1, HF_EXIT_MISUSED = 2 };

enum hf_opt_kind {
	HF_OPT_FLAG,  /* out: bool */
	HF_OPT_TEXT,  /* out: const char * */
	HF_OPT_NUMBER /* out: int64_t, within min … max */
};

struct hf_opt {
	const char *name; /* without the dashes */
	char letter;	  /* 0: none */
	enum hf_opt_kind kind;
	const char *arg;  /* what stands for its value in the help */
	const char *help; /* lines divided by '\n' */
	void *out;	  /* left alone when the option is not given */
	int64_t min, max;
};

/* One line of the command table. */
struct hf_command {
	const char *name;
	const char *args;    /* after the name in the usage line */
	const char *summary; /* one line, no full stop */
	int (*run)(const struct hf_command *self, int argc, char **argv);
	const char *help; /* paragraphs after the options; may be NULL */
};

enum { HF_OPT_MAX = 40 };

/* Reads argv[1 …] by the table (at most HF_OPT_MAX options, --help is added).
 * True when the command is to run: *first is the index of the first argument that
 * is no option.  False when it is not: *status is the exit code to end with. */
bool hf_opt_parse(const struct hf_command *cmd, const struct hf_opt *opts, size_t n,
		  int argc, char **argv, int *first, int *status);

/* Prints "homefirst NAME: sentence" and where help stands; gives
 * HF_EXIT_MISUSED. */
int hf_misuse(const struct hf_command *cmd, const char *fmt, ...) HF_PRINTF(2, 3);

#endif
