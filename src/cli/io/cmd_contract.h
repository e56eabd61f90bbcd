/* cmd_contract.h - the verbs of homefirst contract, and what they share. */
#ifndef HF_CLI_IO_CMD_CONTRACT_H
#define HF_CLI_IO_CMD_CONTRACT_H

#include "cli/io/cli.h"
#include "contract/terms.h"

#define HF_CONTRACT_VERB(word, fn, args, summary)                                      \
	int fn(const struct hf_command *cmd, int argc, char **argv);
#include "cli/io/cmd_contract.def"
#undef HF_CONTRACT_VERB

enum hf_cli_format { HF_CLI_TABLE, HF_CLI_CSV, HF_CLI_JSON, HF_CLI_FHIR };
/* "table", "csv" or "json"; NULL is table.  Else says so and gives HF_EXIT_MISUSED. */
int hf_cli_format(const struct hf_command *cmd, const char *word,
		  enum hf_cli_format *out);

/* What is wrong with the measures that a contract names (server/contract_measures.h).
 */
void hf_cli_check_measures(const struct hf_ct_terms *t, const char *name,
			   struct hf_issues *issues);

#endif
