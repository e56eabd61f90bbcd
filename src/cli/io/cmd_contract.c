/* cmd_contract.c - homefirst contract: which of its verbs. */
#include "cli/io/cmd_contract.h"

HF_COMMAND(hf_cmd_contract);

static const struct hf_command verbs[] = {
#define HF_CONTRACT_VERB(word, fn, args, summary)                                      \
	{"contract " word, args, summary, fn, NULL},
#include "cli/io/cmd_contract.def"
#undef HF_CONTRACT_VERB
};

const char hf_help_contract[] =
#define HF_CONTRACT_VERB(word, fn, args, summary)                                      \
	"  " word " " args "\n      " summary "\n"
#include "cli/io/cmd_contract.def"
#undef HF_CONTRACT_VERB
    "\n'homefirst contract VERB --help' tells the options of each.";

int
hf_cmd_contract(const struct hf_command *cmd, int argc, char **argv)
{
	int first, status;

	for (size_t i = 0; argc > 1 && i < HF_COUNT(verbs); i++)
		if (strcmp(argv[1], strchr(verbs[i].name, ' ') + 1) == 0)
			return verbs[i].run(&verbs[i], argc - 1, argv + 1);
	if (!hf_opt_parse(cmd, NULL, 0, argc, argv, &first, &status))
		return status;
	return hf_misuse(
	    cmd, first < argc ? "\"%s\" is none of its verbs" : "say what to do",
	    first < argc ? argv[first] : "");
}
