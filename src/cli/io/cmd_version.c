/* cmd_version.c - homefirst version. */
#include "cli/io/cli.h"

#include <sqlite3.h>

#include "fhir/tables.h"

HF_COMMAND(hf_cmd_version);
const char hf_help_version[] = "Prints the version of homefirst, of the FHIR "
			       "definitions and of the libraries.";

int
hf_cmd_version(const struct hf_command *cmd, int argc, char **argv)
{
	int first, status;

	if (!hf_opt_parse(cmd, NULL, 0, argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "it takes no argument, \"%s\" was given",
				 argv[first]);
	printf("homefirst %s\nFHIR R4 4.0.1, %u resource types\nSQLite %s\n",
	       HF_VERSION, (unsigned)hf_n_resource_types, sqlite3_libversion());
	return HF_EXIT_DONE;
}
