/* cmd_contract_price.h - what was asked of homefirst contract price, and what came of
 * it. */
#ifndef HF_CLI_IO_CMD_CONTRACT_PRICE_H
#define HF_CLI_IO_CMD_CONTRACT_PRICE_H

#include "cli/io/cmd_contract.h"
#include "contract/total.h"

struct hf_cli_price_ask {
	struct hf_cli_store where;
	const char *list, *input, *format, *trace, *from, *to;
	enum hf_cli_format how;
};

struct hf_cli_priced {
	struct hf_arena lists, row;
	struct hf_ct_price_book book;
	const struct hf_ct_list *only;
	struct hf_buf text, traces;
	struct hf_ct_activity *a;
	struct hf_ct_priced *out;
	size_t n, size, wrong;
	struct hf_ct_totals totals;
	struct hf_ct_pricer pricer;
};

/* Prints totals, lines or a trace; gives the exit code. */
int hf_cli_price_show(const struct hf_command *cmd, const struct hf_cli_price_ask *q,
		      const struct hf_cli_priced *w);

#endif
