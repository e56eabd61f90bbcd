/* cmd_contract_fill.h - homefirst contract input --from-activity and contract accruals:
 * the activity of a store under a contract. */
#ifndef HF_CLI_IO_CMD_CONTRACT_FILL_H
#define HF_CLI_IO_CMD_CONTRACT_FILL_H

#include "cli/io/cmd_contract.h"
#include "contract/io/book.h"

struct hf_cli_fill_ask {
	const struct hf_command *cmd;
	struct hf_cli_store where;
	const char *month, *to, *cut;
	bool dry;
	enum hf_cli_format how;
};

/* Whoever is at the command line. */
extern const struct hf_ct_by hf_cli_contract_by;

int hf_cli_contract_fill(const struct hf_cli_fill_ask *q, const char *contract);

/* "accruals": {months} of a contract that says whose activity is whose, inside an
 * object that is open; of another, and of a store without activity, nothing. */
enum hf_rc hf_cli_contract_put_accruals(struct hf_store *store,
					struct hf_reader *reader,
					const struct hf_ct_terms *t, struct hf_jw *jw,
					struct hf_err *err);

#endif
