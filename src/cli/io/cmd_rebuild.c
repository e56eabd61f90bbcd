/* cmd_rebuild.c - homefirst rebuild. */
#include "cli/io/cli.h"

#include "population/io/record.h"
#include "record/io/rebuild.h"

HF_COMMAND(hf_cmd_rebuild);
const char hf_help_rebuild[] =
    "Makes everything that is derived from the resources again: index rows, mentions,\n"
    "tallies.  It is one transaction, so a reader sees all of the old or all of the "
    "new;\n"
    "nobody else may write meanwhile.  Links between people are facts and stay.  After "
    "it\n"
    "come the rows of the population that the record gives, person by person.";

static void
draw(void *ctx, int64_t done, int64_t of)
{
	hf_cli_bar_draw(ctx, "rebuild", done, of, "resources", done);
}

static void
draw_people(void *ctx, int64_t done, int64_t of)
{
	hf_cli_bar_draw(ctx, "rebuild", done, of, "people", done);
}

/* The rows that figures are made of, of what the record says. */
static int
rebuild_population(const struct hf_command *cmd, struct hf_store *store)
{
	struct hf_pop_derive_report r;
	struct hf_cli_bar bar;
	struct hf_err err = {0};
	char a[32], b[32], c[32];
	enum hf_rc rc;

	hf_cli_bar_new(&bar);
	rc = hf_pop_derive_all(store, draw_people, &bar, &r, &err);
	hf_cli_bar_end(&bar);
	if (rc != HF_OK)
		return hf_cli_fail(cmd, &err);
	printf("%s people: the rows of %s were other ones and are right now\n",
	       hf_cli_count(r.people, a, sizeof(a)),
	       hf_cli_count(r.changed, b, sizeof(b)));
	if (r.left)
		fprintf(stderr,
			"%s records cannot be read and have no rows: 'check' names "
			"what is wrong\n",
			hf_cli_count(r.left, c, sizeof(c)));
	return r.left ? HF_EXIT_FAILED : HF_EXIT_DONE;
}

static int
run(const struct hf_command *cmd, struct hf_store *store)
{
	struct hf_rebuild_report r = {0};
	struct hf_cli_bar bar;
	const struct hf_check_progress progress = {draw, &bar};
	struct hf_err err = {0};
	char a[32], b[32], c[32], d[32];
	enum hf_rc rc;

	hf_cli_bar_new(&bar);
	rc = hf_store_rebuild(store, &progress, &r, &err);
	hf_cli_bar_end(&bar);
	if (rc != HF_OK)
		return hf_cli_fail(cmd, &err);
	printf(
	    "%s resources: %s index rows, %s mentions; %s entries were wrong and are "
	    "right now\n",
	    hf_cli_count(r.resources, a, sizeof(a)),
	    hf_cli_count(r.index_rows, b, sizeof(b)),
	    hf_cli_count(r.mentions, c, sizeof(c)),
	    hf_cli_count(r.marks, d, sizeof(d)));
	return rebuild_population(cmd, store);
}

int
hf_cmd_rebuild(const struct hf_command *cmd, int argc, char **argv)
{
	struct hf_cli_store where = {0};
	const struct hf_opt opts[] = {HF_CLI_STORE_OPTS(&where)};
	struct hf_store *store;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	status = hf_cli_open(cmd, &where, HF_CLI_WRITE, &store);
	if (status != HF_EXIT_DONE)
		return status;
	status = run(cmd, store);
	hf_store_close(store);
	return status;
}
