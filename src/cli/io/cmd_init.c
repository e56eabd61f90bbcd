/* cmd_init.c - homefirst init: an empty store. */
#include "cli/io/cli.h"

HF_COMMAND(hf_cmd_init);
const char hf_help_init[] =
    "With --data the folder is made when it is not there; it must be empty or hold a\n"
    "store already, which is left as it is.  With --store the database must be there;\n"
    "the tables are made in it.";

int
hf_cmd_init(const struct hf_command *cmd, int argc, char **argv)
{
	struct hf_cli_store where = {0};
	const struct hf_opt opts[] = {HF_CLI_STORE_OPTS(&where)};
	struct hf_store *store;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	status = hf_cli_open(cmd, &where, HF_CLI_CREATE, &store);
	if (status != HF_EXIT_DONE)
		return status;
	hf_store_close(store);
	printf("the store%s%s is ready\n", where.data ? " in " : "",
	       where.data ? where.data : "");
	return HF_EXIT_DONE;
}
