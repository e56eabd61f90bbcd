/* backup_key.h - where backup and restore get their key from. */
#ifndef HF_CLI_IO_BACKUP_KEY_H
#define HF_CLI_IO_BACKUP_KEY_H

#include "cli/io/cli.h"
#include "record/io/vault.h"

enum { HF_PASSPHRASE_MAX = 1024 };

struct hf_cli_key {
	const char *key_file, *passphrase_file;
	char text[HF_PASSPHRASE_MAX];
};

/* clang-format off */
#define HF_CLI_KEY_OPTS(k)                                                         \
	{.name = "key-file", .letter = 'k', .kind = HF_OPT_TEXT, .arg = "FILE",    \
	 .help = "32 to 4,096 bytes that are the key", .out = &(k)->key_file},     \
	{.name = "passphrase-file", .letter = 'p', .kind = HF_OPT_TEXT,            \
	 .arg = "FILE", .help = "its first line is the passphrase; - is standard\n" \
	 "input", .out = &(k)->passphrase_file}
/* clang-format on */

/* Reads the key; gives HF_EXIT_DONE, or the exit code after saying what is wrong. */
int hf_cli_key_read(const struct hf_command *cmd, struct hf_cli_key *k,
		    struct hf_vault_key *out);
/* Wipes it. */
void hf_cli_key_forget(struct hf_cli_key *k);

#endif
