/* backup_key.c - see backup_key.h. */
#include "cli/io/backup_key.h"

#include <errno.h>
#include <sodium.h>

int
hf_cli_key_read(const struct hf_command *cmd, struct hf_cli_key *k,
		struct hf_vault_key *out)
{
	struct hf_err err;
	FILE *f;
	bool got;

	if ((k->key_file == NULL) == (k->passphrase_file == NULL))
		return hf_misuse(cmd, "say the key: --key-file FILE or "
				      "--passphrase-file FILE");
	*out = (struct hf_vault_key){.file = k->key_file};
	if (k->key_file != NULL)
		return HF_EXIT_DONE;
	f = strcmp(k->passphrase_file, "-") == 0 ? stdin
						 : fopen(k->passphrase_file, "r");
	if (f == NULL) {
		hf_fail(&err, HF_FORBIDDEN, k->passphrase_file, "it cannot be read: %s",
			strerror(errno));
		return hf_cli_fail(cmd, &err);
	}
	got = fgets(k->text, sizeof(k->text), f) != NULL;
	if (f != stdin)
		fclose(f);
	k->text[strcspn(k->text, "\r\n")] = 0;
	if (!got || k->text[0] == 0) {
		hf_fail(&err, HF_INVALID, k->passphrase_file,
			"its first line is no passphrase");
		return hf_cli_fail(cmd, &err);
	}
	out->passphrase = hf_sv_from(k->text);
	return HF_EXIT_DONE;
}

void
hf_cli_key_forget(struct hf_cli_key *k)
{
	sodium_memzero(k->text, sizeof(k->text));
}
