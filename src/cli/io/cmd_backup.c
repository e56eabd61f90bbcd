/* cmd_backup.c - homefirst backup. */
#include "cli/io/backup_key.h"
#include "cli/io/note.h"

#include "record/io/backup.h"

HF_COMMAND(hf_cmd_backup);
const char hf_help_backup[] =
    "Writes the whole store and its audit, as they are at one moment, into one "
    "encrypted\n"
    "file.  It may run beside a server.  The file gets its name only when it is whole "
    "and\n"
    "on the disk.  Without the key nobody can read it: keep the key elsewhere.\n"
    "It is noted in the audit before anything is written: by the server that holds "
    "the\n"
    "store, asked through its data folder (--data, also beside --store), else here.\n"
    "What cannot be noted is not made.  With --store, the audit and the keys of "
    "--data\n"
    "are in it too.";

struct options {
	struct hf_cli_store where;
	struct hf_cli_key key;
	const char *out;
};

static void
draw(void *ctx, const struct hf_copy_report *r)
{
	hf_cli_bar_draw(ctx, "backup", 0, 0, "rows", r->rows);
}

static int
run(const struct hf_command *cmd, const struct options *o,
    const struct hf_vault_key *key, struct hf_store *store)
{
	struct hf_copy_report r = {0};
	struct hf_cli_bar bar;
	struct hf_err err = {0};
	char audit[4096], keys[4096], a[32], b[32];
	enum hf_rc rc;
	const struct hf_backup_config config = {
	    .path = o->out,
	    .key = *key,
	    .audit = o->where.data != NULL ? audit : NULL,
	    .keys = o->where.data != NULL ? keys : NULL,
	    .progress = {draw, &bar},
	};

	snprintf(audit, sizeof(audit), "%s/audit", o->where.data ? o->where.data : "");
	snprintf(keys, sizeof(keys), "%s/keys", o->where.data ? o->where.data : "");
	hf_cli_bar_new(&bar);
	rc = hf_store_backup(store, &config, &r, &err);
	hf_cli_bar_end(&bar);
	if (rc != HF_OK)
		return hf_cli_fail(cmd, &err);
	printf("%s rows are in %s (%s)\n", hf_cli_count(r.rows, a, sizeof(a)), o->out,
	       hf_cli_bytes((int64_t)r.bytes, b, sizeof(b)));
	return HF_EXIT_DONE;
}

int
hf_cmd_backup(const struct hf_command *cmd, int argc, char **argv)
{
	struct options o = {0};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&o.where),
		{.name = "out", .letter = 'o', .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "the file to write; it must not be there", .out = &o.out},
		HF_CLI_KEY_OPTS(&o.key),
	};
	/* clang-format on */
	const struct hf_cli_note note = {.what = "backup"};
	struct hf_vault_key key;
	struct hf_store *store;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	if (o.out == NULL)
		return hf_misuse(cmd, "say where the backup goes: --out FILE");
	status = hf_cli_key_read(cmd, &o.key, &key);
	if (status == HF_EXIT_DONE)
		status = hf_cli_open_noted(cmd, &o.where, &note, &store);
	if (status == HF_EXIT_DONE) {
		status = run(cmd, &o, &key, store);
		hf_store_close(store);
	}
	hf_cli_key_forget(&o.key);
	return status;
}
