/* main.c - homefirst COMMAND: finds the command in the table and runs it. */
#include "cli/io/cli.h"

#include <signal.h>

#define HF_CMD(name, args, summary)                                                    \
	HF_COMMAND(hf_cmd_##name);                                                     \
	extern const char hf_help_##name[];
#include "cli/io/commands.def"
#undef HF_CMD

const struct hf_command hf_commands[] = {
#define HF_CMD(name, args, summary)                                                    \
	{#name, args, summary, hf_cmd_##name, hf_help_##name},
#include "cli/io/commands.def"
#undef HF_CMD
};
const size_t hf_n_commands = HF_COUNT(hf_commands);

static void
usage(FILE *to)
{
	fprintf(to, "usage: homefirst COMMAND [options]\n\n");
	for (size_t i = 0; i < hf_n_commands; i++)
		fprintf(to, "  %-10s %s\n", hf_commands[i].name,
			hf_commands[i].summary);
	fprintf(to, "\n'homefirst COMMAND --help' tells the options of one.\n"
		    "Ends with 0 when done, 1 when it failed, 2 when misused.\n");
}

int
main(int argc, char **argv)
{
	static char version[] = "version";

	/* A reader that goes away is an error of the write, not our end. */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		usage(stderr);
		return HF_EXIT_MISUSED;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		usage(stdout);
		return HF_EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0)
		argv[1] = version;
	for (size_t i = 0; i < hf_n_commands; i++)
		if (strcmp(argv[1], hf_commands[i].name) == 0)
			return hf_commands[i].run(&hf_commands[i], argc - 1, argv + 1);
	fprintf(stderr, "homefirst: there is no command \"%s\"\n", argv[1]);
	usage(stderr);
	return HF_EXIT_MISUSED;
}
