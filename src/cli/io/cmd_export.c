/* cmd_export.c - homefirst export. */
#include "cli/io/cli.h"

#include "exchange/io/export.h"

HF_COMMAND(hf_cmd_export);
const char hf_help_export[] = "Writes what stands in the store at one moment: the "
			      "newest version of each resource,\n"
			      "deleted ones left out.  'homefirst import' of it into "
			      "an empty store gives the same\n"
			      "resources under the same ids.  The files hold records "
			      "of people: they are readable\n"
			      "by their owner only.";

enum { TYPES_MAX = 256 };

struct options {
	struct hf_cli_store where;
	const char *out, *types;
};

static void
draw(void *ctx, int64_t resources, int64_t total)
{
	hf_cli_bar_draw(ctx, "export", resources, total, "resources", resources);
}

/* "Patient,Observation" into ids; false after saying what is wrong. */
static bool
read_types(const struct hf_command *cmd, const char *text, hf_type_id *ids, size_t *n)
{
	struct hf_sv rest = hf_sv_from(text);

	while (rest.n != 0) {
		struct hf_sv name = hf_sv_cut(&rest, ',');
		hf_type_id id = hf_resource_find(name);

		if (id == 0 || *n == TYPES_MAX) {
			hf_misuse(cmd, "FHIR R4 has no resource type \"%.*s\"",
				  HF_SV_ARG(name));
			return false;
		}
		ids[(*n)++] = id;
	}
	return true;
}

static int
run(const struct hf_command *cmd, struct hf_export_config config)
{
	struct hf_export_result r;
	struct hf_cli_bar bar;
	struct hf_err err = {0};
	char a[32], b[32], c[32];
	enum hf_rc rc;

	hf_cli_bar_new(&bar);
	config.progress = draw;
	config.progress_ctx = &bar;
	rc = hf_export_run(&config, &r, &err);
	hf_cli_bar_end(&bar);
	if (rc != HF_OK)
		return hf_cli_fail(cmd, &err);
	fprintf(
	    strcmp(config.out, "-") == 0 ? stderr : stdout,
	    "%s resources (%s) in %.1f s: %s a second\n",
	    hf_cli_count(r.resources, a, sizeof(a)),
	    hf_cli_bytes(r.bytes, b, sizeof(b)), r.seconds,
	    hf_cli_count(r.seconds > 0 ? (int64_t)((double)r.resources / r.seconds) : 0,
			 c, sizeof(c)));
	return HF_EXIT_DONE;
}

int
hf_cmd_export(const struct hf_command *cmd, int argc, char **argv)
{
	struct options o = {.out = "-"};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&o.where),
		{.name = "out", .letter = 'o', .kind = HF_OPT_TEXT, .arg = "PATH",
		 .help = "a folder for one file <Type>.ndjson each, or - for standard\n"
			 "output (-)", .out = &o.out},
		{.name = "types", .letter = 't', .kind = HF_OPT_TEXT, .arg = "LIST",
		 .help = "only these resource types, with commas between (all)",
		 .out = &o.types},
	};
	/* clang-format on */
	hf_type_id types[TYPES_MAX];
	struct hf_export_config config = {.types = types};
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	if (o.types != NULL && !read_types(cmd, o.types, types, &config.n_types))
		return HF_EXIT_MISUSED;
	config.out = o.out;
	status = hf_cli_open(cmd, &o.where, HF_CLI_READ, &config.store);
	if (status != HF_EXIT_DONE)
		return status;
	status = run(cmd, config);
	hf_store_close(config.store);
	return status;
}
