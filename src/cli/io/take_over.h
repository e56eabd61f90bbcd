/* take_over.h - homefirst pathway migrate --data: running instances on the server. */
#ifndef HF_CLI_IO_TAKE_OVER_H
#define HF_CLI_IO_TAKE_OVER_H

#include "cli/io/cli.h"

struct hf_take_over {
	struct hf_cli_store where;
	const char *to;	      /* the document they go on by */
	const char *rules;    /* file; NULL: none */
	const char *pathways; /* folder with those they began with; NULL */
	bool only_check;
};

/* Says how many of which version and state there are, and takes them over; gives the
 * exit code. */
int hf_take_over(const struct hf_command *cmd, const struct hf_take_over *what);

#endif
