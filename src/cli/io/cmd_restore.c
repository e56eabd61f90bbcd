/* cmd_restore.c - homefirst restore. */
#include "cli/io/backup_key.h"

#include "record/io/backup.h"

HF_COMMAND(hf_cmd_restore);
const char hf_help_restore[] = "Makes a store of a backup: in DIR, where there must be "
			       "none, or in the empty database\n"
			       "of --store.  A backup of one engine can be restored "
			       "into the other.  Afterwards all of\n"
			       "it is there, or nothing is.";

struct options {
	struct hf_cli_store where;
	struct hf_cli_key key;
};

static void
draw(void *ctx, const struct hf_copy_report *r)
{
	hf_cli_bar_draw(ctx, "restore", 0, 0, "rows", r->rows);
}

static int
run(const struct hf_command *cmd, const struct options *o,
    const struct hf_vault_key *key, const char *path)
{
	const struct hf_store_config to = {
	    .data = o->where.data,
	    .url = o->where.url,
	    .cache_bytes = (size_t)o->where.cache_mb << 20,
	};
	struct hf_copy_report r = {0};
	struct hf_cli_bar bar;
	struct hf_err err = {0};
	char audit[4096], keys[4096], a[32];
	enum hf_rc rc;
	const struct hf_backup_config config = {
	    .path = path,
	    .key = *key,
	    .audit = o->where.data != NULL ? audit : NULL,
	    .keys = o->where.data != NULL ? keys : NULL,
	    .progress = {draw, &bar},
	};

	snprintf(audit, sizeof(audit), "%s/audit", o->where.data ? o->where.data : "");
	snprintf(keys, sizeof(keys), "%s/keys", o->where.data ? o->where.data : "");
	hf_cli_bar_new(&bar);
	rc = hf_store_restore(&to, &config, &r, &err);
	hf_cli_bar_end(&bar);
	if (rc != HF_OK)
		return hf_cli_fail(cmd, &err);
	printf("%s rows are restored\n", hf_cli_count(r.rows, a, sizeof(a)));
	return HF_EXIT_DONE;
}

int
hf_cmd_restore(const struct hf_command *cmd, int argc, char **argv)
{
	struct options o = {0};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&o.where),
		HF_CLI_KEY_OPTS(&o.key),
	};
	/* clang-format on */
	struct hf_vault_key key;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (argc - first != 1)
		return hf_misuse(cmd, "say which backup: one FILE");
	if ((o.where.data == NULL) == (o.where.url == NULL))
		return hf_misuse(cmd, "say where to: --data DIR or --store URL");
	status = hf_cli_key_read(cmd, &o.key, &key);
	if (status == HF_EXIT_DONE)
		status = run(cmd, &o, &key, argv[first]);
	hf_cli_key_forget(&o.key);
	return status;
}
