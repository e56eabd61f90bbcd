/* cmd_audit.c - homefirst audit: is the chain of the read audit whole? */
#include "cli/io/cli.h"

#include "access/io/audit.h"

HF_COMMAND(hf_cmd_audit);
const char hf_help_audit[] = "Checks the whole chain of the audit: that no line was "
			     "changed, moved, added or taken\n"
			     "away since it was sealed.  It may run beside a server.  "
			     "It ends with 1 when the chain\n"
			     "is broken and says where.";

static int
run(const struct hf_command *cmd, const char *data)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_chain_report r = {0};
	struct hf_err err = {0};
	char folder[4096], a[32], b[32], c[32];
	int status = HF_EXIT_DONE;

	snprintf(folder, sizeof(folder), "%s/audit", data);
	if (hf_audit_verify(folder, &r, &issues, &err) != HF_OK) {
		hf_arena_free(&arena);
		return hf_cli_fail(cmd, &err);
	}
	for (size_t i = 0; i < issues.n; i++) {
		if (issues.items[i].severity == HF_SEV_ERROR)
			status = HF_EXIT_FAILED;
		fprintf(stderr, "%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
			HF_SV_ARG(issues.items[i].text));
	}
	printf("lines: %s, seals: %s, segments: %s; the chain is %s\n",
	       hf_cli_count((int64_t)r.lines, a, sizeof(a)),
	       hf_cli_count((int64_t)r.seals, b, sizeof(b)),
	       hf_cli_count((int64_t)r.segments, c, sizeof(c)),
	       status == HF_EXIT_DONE ? "whole" : "BROKEN");
	hf_arena_free(&arena);
	return status;
}

int
hf_cmd_audit(const struct hf_command *cmd, int argc, char **argv)
{
	const char *data = NULL;
	/* clang-format off */
	const struct hf_opt opts[] = {
		{.name = "data", .letter = 'd', .kind = HF_OPT_TEXT, .arg = "DIR",
		 .help = "the folder that holds audit/", .out = &data},
	};
	/* clang-format on */
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	if (data == NULL)
		return hf_misuse(cmd, "say which folder: --data DIR");
	return run(cmd, data);
}
