/* cmd_reference.c - homefirst reference: lists that others publish. */
#include "cli/io/cli.h"
#include "cli/io/feeds.h"
#include "population/io/ref_kept.h"

HF_COMMAND(hf_cmd_reference);
const char hf_help_reference[] =
    "Lists that stand in the place of what comes with the program, kept in the store "
    "with\n"
    "their version, file and SHA-256.  None of them is part of the program: look to "
    "the\n"
    "licence of each.\n"
    "\n"
    "  add codes        codes of a condition: one a line, or CSV with a column code.\n"
    "                   NAME.SYSTEM.txt (efi-falls.snomed.txt) says what it is, or\n"
    "                   --name and --system (snomed, ctv3, readv2, icd10)\n"
    "  add weights      CSV of code and weight: the table of a score (--name hfrs)\n"
    "  add deprivation  CSV of small area and decile (--list-version 2019)\n"
    "  add parents      who belongs to which board: CSV of ODS (etr, epraccur), or "
    "with\n"
    "                   PRACTICE_CODE and STP_CODE or ICB_CODE\n"
    "  add capacity     CSV of service, from, to, places (virtual-ward)\n"
    "  list             what there is, oldest first\n"
    "  end NUMBER       a list counts no more\n"
    "\n"
    "A later list of the same kind, name and system counts in place of the earlier.  "
    "After\n"
    "codes 'homefirst rebuild' reads the records anew by them.";

struct options {
	struct hf_cli_store where;
	const char *name, *system, *version, *source, *licence;
	int64_t most_refused;
	bool json;
};

static void
print_found(const char *path, const struct hf_ref_result *r, FILE *to)
{
	char a[32];

	for (int i = 0; i < HF_REF_FINDINGS; i++) {
		if (r->found[i] == 0)
			continue;
		fprintf(to, "  %12s  %s",
			hf_cli_count((int64_t)r->found[i], a, sizeof a),
			hf_ref_finding_text((enum hf_ref_finding)i));
		for (int k = 0; k < HF_REF_LINES && r->lines[i][k]; k++)
			fprintf(to, "%s%llu", k ? ", " : " (line ",
				(unsigned long long)r->lines[i][k]);
		fprintf(to, "%s\n", r->lines[i][0] ? ")" : "");
	}
	(void)path;
}

/* What a file is: as it is called, where nobody says otherwise. */
static bool
tell(const struct options *o, enum hf_ref_kind kind, const char *file,
     struct hf_ref_about *out)
{
	struct hf_sv name = {"", 0}, version = {"", 0};
	enum hf_ref_system system = HF_REF_NO_SYSTEM;

	*out = (struct hf_ref_about){.kind = kind, .file = hf_sv_from(file)};
	if (kind == HF_REF_CODES)
		hf_ref_file_name(out->file, &name, &version, &system);
	else if (kind == HF_REF_PARENTS)
		name = (struct hf_sv){file, hf_sv_find(out->file, '.')};
	for (int i = 1; o->system && i < HF_REF_SYSTEMS; i++)
		if (strcmp(o->system, hf_ref_system_words[i]) == 0)
			system = (enum hf_ref_system)i;
	out->name = o->name ? hf_sv_from(o->name) : name;
	out->version = o->version ? hf_sv_from(o->version) : version;
	out->system = system;
	out->source = hf_sv_from(o->source ? o->source : "");
	out->licence = hf_sv_from(o->licence ? o->licence : "");
	if (kind == HF_REF_CODES)
		return system != HF_REF_NO_SYSTEM && out->name.n > 0;
	return (kind != HF_REF_WEIGHTS && kind != HF_REF_DEPRIVATION) ||
	       (kind == HF_REF_WEIGHTS ? out->name.n : out->version.n) > 0;
}

static int
add_one(const struct hf_command *cmd, const struct options *o, struct hf_store *store,
	enum hf_ref_kind kind, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct hf_cli_file file = {.path = path};
	const struct hf_feed_bytes bytes = hf_cli_file(&file);
	struct hf_ref_about about;
	struct hf_ref_result r = {0};
	struct hf_err err = {0};
	enum hf_rc rc;
	char a[32];

	if (!tell(o, kind, slash ? slash + 1 : path, &about)) {
		fprintf(stderr,
			"%s: say what it is: --name and --system of codes, --name of "
			"weights, --list-version of deprivation\n",
			path);
		return HF_EXIT_FAILED;
	}
	rc = hf_ref_add(store, &about, &bytes, (unsigned)o->most_refused, &r, &err);
	hf_cli_file_end(&file);
	if (rc == HF_OK)
		printf("%s: list %lld, %s%s%.*s%s%s: %s entries\n", path,
		       (long long)r.id, hf_ref_kind_words[kind],
		       about.name.n ? " " : "", HF_SV_ARG(about.name),
		       about.system ? " " : "", hf_ref_system_words[about.system],
		       hf_cli_count((int64_t)r.n, a, sizeof a));
	print_found(path, &r, rc == HF_OK ? stdout : stderr);
	if (rc == HF_OK)
		return HF_EXIT_DONE;
	fprintf(stderr, "%s: ", path);
	return hf_cli_fail(cmd, &err);
}

static int
add(const struct hf_command *cmd, const struct options *o, int n, char **args)
{
	enum hf_ref_kind kind = HF_REF_KINDS;
	struct hf_store *store;
	int status;

	for (int i = 0; i < HF_REF_KINDS; i++)
		if (strcmp(args[0], hf_ref_kind_words[i]) == 0)
			kind = (enum hf_ref_kind)i;
	if (kind == HF_REF_KINDS || n < 2)
		return hf_misuse(cmd, "say add, what the files are (codes, weights, "
				      "deprivation, parents, capacity), and the files");
	status = hf_cli_open(cmd, &o->where, HF_CLI_WRITE, &store);
	if (status != HF_EXIT_DONE)
		return status;
	for (int i = 1; i < n; i++)
		if (add_one(cmd, o, store, kind, args[i]) != HF_EXIT_DONE)
			status = HF_EXIT_FAILED;
	hf_store_close(store);
	return status;
}

static void
print_list(const struct hf_ref_kept *k, bool json)
{
	char a[32];

	if (json) {
		struct hf_buf out = {0};
		struct hf_jw w = {.out = &out};

		hf_jw_obj(&w);
		hf_jw_member(&w, "id");
		hf_jw_int(&w, k->id);
		hf_jw_field(&w, "kind", k->kind);
		hf_jw_field(&w, "name", k->name);
		hf_jw_field(&w, "system", k->system);
		hf_jw_field(&w, "version", k->version);
		hf_jw_field(&w, "source", k->source);
		hf_jw_field(&w, "licence", k->licence);
		hf_jw_field(&w, "file", k->file);
		hf_jw_field(&w, "sha", k->sha);
		hf_jw_member(&w, "entries");
		hf_jw_int(&w, k->n);
		hf_jw_member(&w, "replacedBy");
		hf_jw_int(&w, k->replaced_by);
		hf_jw_member(&w, "found");
		hf_jw_raw(&w, k->found);
		hf_jw_obj_end(&w);
		printf("%.*s\n", (int)out.n, out.p);
		hf_buf_free(&out);
		return;
	}
	printf("%6lld  %-12.*s %-28.*s %-7.*s %9s entries  %.*s  %.*s",
	       (long long)k->id, HF_SV_ARG(k->kind), HF_SV_ARG(k->name),
	       HF_SV_ARG(k->system), hf_cli_count(k->n, a, sizeof a),
	       HF_SV_ARG(k->version), HF_SV_ARG(k->file));
	if (k->replaced_by > 0)
		printf("  replaced by %lld", (long long)k->replaced_by);
	else if (k->replaced_by < 0)
		printf("  ended");
	printf("\n");
}

static int
list(const struct hf_command *cmd, const struct options *o)
{
	struct hf_arena arena = {.cap = 256 << 20};
	struct hf_reader *reader = NULL;
	struct hf_ref_kept *kept;
	struct hf_store *store;
	struct hf_err err = {0};
	size_t n = 0;
	int status = hf_cli_open(cmd, &o->where, HF_CLI_READ, &store);
	enum hf_rc rc;

	if (status != HF_EXIT_DONE)
		return status;
	rc = hf_reader_get(store, &reader, &err);
	if (rc == HF_OK)
		rc = hf_ref_lists(reader, &arena, &kept, &n, &err);
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		print_list(&kept[i], o->json);
	if (rc == HF_OK && n == 0 && !o->json)
		printf("no list was added yet\n");
	if (reader)
		hf_reader_put(reader);
	hf_store_close(store);
	hf_arena_free(&arena);
	return rc == HF_OK ? HF_EXIT_DONE : hf_cli_fail(cmd, &err);
}

static int
end(const struct hf_command *cmd, const struct options *o, const char *text)
{
	struct hf_store *store;
	struct hf_err err = {0};
	int64_t id;
	int status;

	if (!hf_sv_int(hf_sv_from(text), &id) || id < 1)
		return hf_misuse(cmd, "end takes the number of a list");
	status = hf_cli_open(cmd, &o->where, HF_CLI_WRITE, &store);
	if (status != HF_EXIT_DONE)
		return status;
	if (hf_ref_end_list(store, id, &err) != HF_OK)
		status = hf_cli_fail(cmd, &err);
	hf_store_close(store);
	return status;
}

int
hf_cmd_reference(const struct hf_command *cmd, int argc, char **argv)
{
	struct options o = {.most_refused = 20};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&o.where),
		{.name = "name", .kind = HF_OPT_TEXT, .arg = "NAME",
		 .help = "the condition or score the list is of", .out = &o.name},
		{.name = "system", .kind = HF_OPT_TEXT, .arg = "SYSTEM",
		 .help = "snomed, ctv3, readv2 or icd10", .out = &o.system},
		{.name = "list-version", .kind = HF_OPT_TEXT, .arg = "TEXT",
		 .help = "as its publisher calls it", .out = &o.version},
		{.name = "source", .kind = HF_OPT_TEXT, .arg = "WHO",
		 .help = "who published it", .out = &o.source},
		{.name = "licence", .kind = HF_OPT_TEXT, .arg = "TEXT",
		 .help = "under which it is used", .out = &o.licence},
		{.name = "most-refused", .kind = HF_OPT_NUMBER, .arg = "PERCENT",
		 .help = "of rows; with more nothing is taken (20)",
		 .out = &o.most_refused, .min = 0, .max = 100},
		{.name = "json", .kind = HF_OPT_FLAG, .help = "JSON, one list a line",
		 .out = &o.json},
	};
	/* clang-format on */
	int first, status;
	struct hf_sv what;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	what = hf_sv_from(first < argc ? argv[first] : "");
	if (hf_sv_is(what, "add") && first + 2 < argc)
		return add(cmd, &o, argc - first - 1, argv + first + 1);
	if (hf_sv_is(what, "list") && first + 1 == argc)
		return list(cmd, &o);
	if (hf_sv_is(what, "end") && first + 2 == argc)
		return end(cmd, &o, argv[first + 1]);
	return hf_misuse(cmd, "say add KIND FILE..., list or end NUMBER");
}
