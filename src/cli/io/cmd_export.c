/* cmd_export.c - homefirst export. */
#include "cli/io/note.h"

#include "base/io/clock.h"
#include "exchange/io/export.h"
#include "record/io/rights.h"

HF_COMMAND(hf_cmd_export);
const char hf_help_export[] = "Writes what stands in the store at one moment: the "
			      "newest version of each resource,\n"
			      "deleted ones left out.  'homefirst import' of it into "
			      "an empty store gives the same\n"
			      "resources under the same ids.  The files hold records "
			      "of people: they are readable\n"
			      "by their owner only.\n"
			      "With --purpose it is a disclosure for something else "
			      "than care: people with a\n"
			      "National Data Opt-Out or a Type 1 opt-out are left out "
			      "whole where theirs\n"
			      "applies, and it is refused while the opt-out list is "
			      "too old.  How many were\n"
			      "left out is told, never who.\n"
			      "It is noted in the audit before anything is written: by "
			      "the server that holds the\n"
			      "store, asked through its data folder (--data, also "
			      "beside --store), else here.  What\n"
			      "cannot be noted is not exported.";

enum { TYPES_MAX = 256 };

struct options {
	struct hf_cli_store where;
	const char *out, *types, *purpose, *basis, *to;
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
	if (config.disclosure)
		fprintf(strcmp(config.out, "-") == 0 ? stderr : stdout,
			"%s people are left out: they have opted out\n",
			hf_cli_count(r.left_out, a, sizeof(a)));
	return HF_EXIT_DONE;
}

/* ---- a disclosure ---- */

static const struct {
	const char *word;
	enum hf_fact fact;
} bases[] = {
    {"s251", HF_FACT_S251},	 {"consent", HF_FACT_EXPLICIT_CONSENT},
    {"law", HF_FACT_LEGAL_DUTY}, {"public-interest", HF_FACT_PUBLIC_INTEREST},
    {"exempt", HF_FACT_EXEMPT},
};

/* The options of a disclosure; false after saying what is wrong. */
static bool
read_disclosure(const struct hf_command *cmd, const struct options *o,
		struct hf_disclosure *d)
{
	int purpose = hf_word_find(HF_WORDS_PURPOSE, hf_sv_from(o->purpose));

	if (purpose != HF_PURPOSE_PLAN && purpose != HF_PURPOSE_FINANCE &&
	    purpose != HF_PURPOSE_RESEARCH) {
		hf_misuse(cmd, "--purpose is PLAN, FINANCE or RESEARCH; an export for "
			       "care has none");
		return false;
	}
	if (!o->to) {
		hf_misuse(cmd, "--for: say the ODS code of who gets it");
		return false;
	}
	for (size_t i = 0; i < HF_COUNT(bases); i++)
		if (strcmp(bases[i].word, o->basis) == 0)
			d->basis = bases[i].fact;
	if (d->basis == HF_FACT_NONE) {
		hf_misuse(cmd, "--basis is s251, consent, law, public-interest or "
			       "exempt");
		return false;
	}
	d->purpose = (enum hf_purpose)purpose;
	d->to = hf_sv_from(o->to);
	d->now = hf_now();
	return true;
}

/* Runs with the rules and the opt-out list of the store. */
static int
disclose(const struct hf_command *cmd, struct hf_export_config config,
	 struct hf_disclosure *d)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_policy *policy = HF_NEW(&arena, struct hf_policy);
	struct hf_err err = {0};
	int status;

	if (!policy)
		hf_fail(&err, HF_FULL, NULL, "out of memory");
	if (!policy ||
	    hf_policy_load(hf_policy_builtin, &arena, &issues, policy, &err) != HF_OK ||
	    hf_store_rights_get(config.store, &d->rights, &err) != HF_OK) {
		hf_arena_free(&arena);
		return hf_cli_fail(cmd, &err);
	}
	d->policy = policy;
	config.disclosure = d;
	status = run(cmd, config);
	hf_rights_drop(d->rights);
	hf_arena_free(&arena);
	return status;
}

int
hf_cmd_export(const struct hf_command *cmd, int argc, char **argv)
{
	struct options o = {.out = "-", .basis = "s251"};
	struct hf_disclosure disclosure = {0};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&o.where),
		{.name = "out", .letter = 'o', .kind = HF_OPT_TEXT, .arg = "PATH",
		 .help = "a folder for one file <Type>.ndjson each, or - for standard\n"
			 "output (-)", .out = &o.out},
		{.name = "types", .letter = 't', .kind = HF_OPT_TEXT, .arg = "LIST",
		 .help = "only these resource types, with commas between (all)",
		 .out = &o.types},
		{.name = "purpose", .kind = HF_OPT_TEXT, .arg = "P",
		 .help = "a disclosure for PLAN, FINANCE or RESEARCH", .out = &o.purpose},
		{.name = "basis", .kind = HF_OPT_TEXT, .arg = "B",
		 .help = "what it relies on: s251 (section 251 support), consent, law,\n"
			 "public-interest or exempt (s251)", .out = &o.basis},
		{.name = "for", .kind = HF_OPT_TEXT, .arg = "ODS",
		 .help = "who gets it", .out = &o.to},
	};
	/* clang-format on */
	hf_type_id types[TYPES_MAX];
	struct hf_cli_note note = {.what = "export"};
	struct hf_export_config config = {.types = types};
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	if (o.types != NULL && !read_types(cmd, o.types, types, &config.n_types))
		return HF_EXIT_MISUSED;
	if (o.purpose && !read_disclosure(cmd, &o, &disclosure))
		return HF_EXIT_MISUSED;
	config.out = o.out;
	note.types = o.types && *o.types ? o.types : NULL;
	if (o.purpose) {
		note.purpose = o.purpose;
		note.basis = o.basis;
		note.to = o.to;
	}
	status = hf_cli_open_noted(cmd, &o.where, &note, &config.store);
	if (status != HF_EXIT_DONE)
		return status;
	status = o.purpose ? disclose(cmd, config, &disclosure) : run(cmd, config);
	hf_store_close(config.store);
	return status;
}
