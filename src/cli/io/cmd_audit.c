/* cmd_audit.c - homefirst audit: is the chain whole, what is its key. */
#include "cli/io/cli.h"

#include "access/io/audit.h"

HF_COMMAND(hf_cmd_audit);
const char hf_help_audit[] =
    "verify  checks the whole chain of the audit and every signed head: that no line "
    "was\n"
    "        changed, moved, added or taken away.  It may run beside a server.  It "
    "ends\n"
    "        with 1 when something is wrong and says what and where.\n"
    "key     prints the public key that heads are signed with: keep it elsewhere and\n"
    "        give it to verify with --key.";

struct options {
	const char *data, *heads, *key, *sign_key;
};

static int
verify(const struct hf_command *cmd, const struct options *o, const char *folder)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_audit_verify what = {.folder = folder,
				       .heads = o->heads,
				       .key = o->key,
				       .sign_key = o->sign_key};
	struct hf_chain_report r = {0};
	struct hf_err err = {0};
	char a[32], b[32], c[32], d[32];
	int status;

	if (hf_audit_verify(&what, &r, &issues, &err) != HF_OK) {
		hf_arena_free(&arena);
		if (err.rc == HF_INVALID)
			return hf_misuse(cmd, "%s: %s", err.path, err.text);
		return hf_cli_fail(cmd, &err);
	}
	for (size_t i = 0; i < issues.n; i++)
		fprintf(stderr, "%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
			HF_SV_ARG(issues.items[i].text));
	if (issues.dropped)
		fprintf(stderr, "and %zu more\n", issues.dropped);
	status = issues.errors ? HF_EXIT_FAILED : HF_EXIT_DONE;
	printf("lines: %s, seals: %s, segments: %s, signed heads: %s; the chain is "
	       "%s\n",
	       hf_cli_count((int64_t)r.lines, a, sizeof(a)),
	       hf_cli_count((int64_t)r.seals, b, sizeof(b)),
	       hf_cli_count((int64_t)r.segments, c, sizeof(c)),
	       hf_cli_count((int64_t)r.heads, d, sizeof(d)),
	       status == HF_EXIT_DONE ? "whole" : "BROKEN");
	hf_arena_free(&arena);
	return status;
}

static int
key(const struct hf_command *cmd, const struct options *o, const char *folder)
{
	struct hf_audit_config config = {.folder = folder, .sign_key = o->sign_key};
	char hex[2 * HF_SIGN_PUBLIC + 1];
	struct hf_err err = {0};

	if (hf_audit_public_key(&config, hex, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	printf("%s\n", hex);
	return HF_EXIT_DONE;
}

int
hf_cmd_audit(const struct hf_command *cmd, int argc, char **argv)
{
	struct options o = {0};
	/* clang-format off */
	const struct hf_opt opts[] = {
		{.name = "data", .letter = 'd', .kind = HF_OPT_TEXT, .arg = "DIR",
		 .help = "the folder that holds audit/", .out = &o.data},
		{.name = "heads", .kind = HF_OPT_TEXT, .arg = "DIR",
		 .help = "verify: hold the signed heads that were copied there against\n"
			 "those of the folder", .out = &o.heads},
		{.name = "key", .kind = HF_OPT_TEXT, .arg = "HEX",
		 .help = "verify: the public key, as \"audit key\" printed it",
		 .out = &o.key},
		{.name = "audit-key", .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "the signing key, when serve was given another", .out = &o.sign_key},
	};
	/* clang-format on */
	char folder[4096];
	const char *verb;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	verb = first < argc ? argv[first++] : "verify";
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	if (o.data == NULL)
		return hf_misuse(cmd, "say which folder: --data DIR");
	snprintf(folder, sizeof(folder), "%s/audit", o.data);
	if (strcmp(verb, "verify") == 0)
		return verify(cmd, &o, folder);
	if (strcmp(verb, "key") == 0)
		return key(cmd, &o, folder);
	return hf_misuse(cmd, "it does verify or key, not \"%s\"", verb);
}
