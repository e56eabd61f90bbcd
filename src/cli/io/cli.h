/* cli.h - what the commands share: opening the store, saying what failed, numbers
 * as people read them. */
#ifndef HF_CLI_IO_CLI_H
#define HF_CLI_IO_CLI_H

#include "base/err.h"
#include "cli/io/opt.h"
#include "record/io/store.h"

/* Every command; the order is that of the help. */
extern const struct hf_command hf_commands[];
extern const size_t hf_n_commands;

#define HF_COMMAND(fn) int fn(const struct hf_command *cmd, int argc, char **argv)

/* Which store: set by --data and --store. */
struct hf_cli_store {
	const char *data, *url;
	int64_t cache_mb;
};

/* The options that every command with a store takes. */
/* clang-format off */
#define HF_CLI_STORE_OPTS(s)                                                       \
	{.name = "data", .letter = 'd', .kind = HF_OPT_TEXT, .arg = "DIR",         \
	 .help = "the folder of the store (SQLite)", .out = &(s)->data},           \
	{.name = "store", .letter = 's', .kind = HF_OPT_TEXT, .arg = "URL",        \
	 .help = "the store in PostgreSQL: postgresql://USER@HOST/NAME",           \
	 .out = &(s)->url},                                                        \
	{.name = "cache", .kind = HF_OPT_NUMBER, .arg = "MB",                      \
	 .help = "memory for the store's pages (a quarter of the machine's)",      \
	 .out = &(s)->cache_mb, .min = 1, .max = 1 << 20}
/* clang-format on */

enum hf_cli_open { HF_CLI_WRITE, HF_CLI_READ, HF_CLI_CREATE };

/* Is it NULL or an address of PostgreSQL?  Else says what --store takes and gives
 * HF_EXIT_MISUSED. */
int hf_cli_check_url(const struct hf_command *cmd, const char *url);

/* Opens the store; HF_CLI_CREATE makes it, in a folder that holds nothing else.  Gives
 * HF_EXIT_DONE, or the exit code after saying why not. */
int hf_cli_open(const struct hf_command *cmd, const struct hf_cli_store *where,
		enum hf_cli_open how, struct hf_store **out);

/* "homefirst NAME: path: text" on standard error; gives HF_EXIT_FAILED. */
int hf_cli_fail(const struct hf_command *cmd, const struct hf_err *err);

/* "1,234,567" in buf (at least 28 bytes); gives buf. */
const char *hf_cli_count(int64_t v, char *buf, size_t size);
/* "12.3 MB" in buf. */
const char *hf_cli_bytes(int64_t v, char *buf, size_t size);

/* A line that is drawn again and again on a terminal's standard error; nothing
 * anywhere else.  done and total may be 0 when they are not known. */
struct hf_cli_bar {
	bool on; /* set by hf_cli_bar_new() */
	uint64_t begun, drawn;
	int width;
};
void hf_cli_bar_new(struct hf_cli_bar *bar);
void hf_cli_bar_draw(struct hf_cli_bar *bar, const char *what, int64_t done,
		     int64_t total, const char *unit, int64_t count);
void hf_cli_bar_end(struct hf_cli_bar *bar); /* wipes it */

#endif
