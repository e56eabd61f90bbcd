/* cmd_check.c - homefirst check. */
#include "cli/io/cli.h"

#include "population/io/check.h"
#include "record/io/check.h"

HF_COMMAND(hf_cmd_check);
const char hf_help_check[] =
    "Reads every version of every resource, makes again what is derived from them and\n"
    "compares, and looks for rows that point at nothing.  It looks at one moment of "
    "the\n"
    "store and may run beside a server.  It ends with 1 when something is wrong; "
    "'rebuild'\n"
    "makes what is derived again.";

static void
draw(void *ctx, int64_t done, int64_t of)
{
	hf_cli_bar_draw(ctx, "check", done, of, "resources", done);
}

static int
run(const struct hf_command *cmd, struct hf_store *store)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_check_report r = {0};
	struct hf_pop_check_report pop = {0};
	struct hf_cli_bar bar;
	const struct hf_check_progress progress = {draw, &bar};
	struct hf_err err = {0};
	char a[32], b[32], c[32];
	enum hf_rc rc;

	hf_cli_bar_new(&bar);
	rc = hf_store_check(store, &progress, &issues, &r, &err);
	hf_cli_bar_end(&bar);
	if (rc == HF_OK)
		rc = hf_pop_check(store, &issues, &pop, &err);
	r.problems += pop.problems;
	if (rc != HF_OK) {
		hf_arena_free(&arena);
		return hf_cli_fail(cmd, &err);
	}
	for (size_t i = 0; i < issues.n; i++)
		fprintf(stderr, "%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
			HF_SV_ARG(issues.items[i].text));
	printf("%s resources, %s older versions, %s people: ",
	       hf_cli_count(r.resources, a, sizeof(a)),
	       hf_cli_count(r.versions, b, sizeof(b)),
	       hf_cli_count(r.people, c, sizeof(c)));
	if (r.problems == 0)
		printf("all is well\n");
	else
		printf("%s problems\n", hf_cli_count(r.problems, a, sizeof(a)));
	hf_arena_free(&arena);
	return r.problems == 0 ? HF_EXIT_DONE : HF_EXIT_FAILED;
}

int
hf_cmd_check(const struct hf_command *cmd, int argc, char **argv)
{
	struct hf_cli_store where = {0};
	const struct hf_opt opts[] = {HF_CLI_STORE_OPTS(&where)};
	struct hf_store *store;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	status = hf_cli_open(cmd, &where, HF_CLI_READ, &store);
	if (status != HF_EXIT_DONE)
		return status;
	status = run(cmd, store);
	hf_store_close(store);
	return status;
}
