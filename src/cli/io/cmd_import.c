/* cmd_import.c - homefirst import. */
#include "cli/io/cli.h"

#include <unistd.h>

#include "base/io/clock.h"
#include "cli/io/feeds.h"
#include "exchange/io/import.h"
#include "exchange/io/ods.h"

HF_COMMAND(hf_cmd_import);
const char hf_help_import[] =
    "PATH is a file, a folder with all that lies under it, or - for standard input.\n"
    "A file holds a FHIR R4 Bundle (transaction, batch, collection, searchset, "
    "document\n"
    "or message), one resource, or NDJSON (a resource or Bundle on each line), as it "
    "is\n"
    "or packed with gzip or Zstandard.  Of a folder the files are taken whose names "
    "end\n"
    "in .json, .ndjson or .jsonl, with .gz or .zst after it or not.\n"
    "\n"
    "A Bundle is one change: it is imported whole or not at all; of a batch or "
    "searchset\n"
    "each entry stands for itself.  An entry's fullUrl or id is its identity, so that\n"
    "importing the same input again changes nothing.\n"
    "\n"
    "Files ending in .csv (.gz, .zst) are organisations: the files epraccur, etr and\n"
    "succ of the Organisation Data Service, practices and their networks (a header\n"
    "with PRACTICE_CODE, PCN_CODE and EXTRACT_DATE), or what is part of what (a\n"
    "header with code, part_of and from).  They are told by name and header, or by\n"
    "--map.  They make and update organisations by their ODS code; who moves stays\n"
    "where they were for the time before.\n"
    "\n"
    "Files of activity (spells, attendances, contacts, practice lists, values …) are\n"
    "read by a map: one that is built in and goes with the header, or --map NAME or\n"
    "--map FILE.json; 'homefirst feed maps' lists them.  Each file is a feed, taken "
    "whole\n"
    "or not at all; one of the same source, kind and days replaces the earlier one.  "
    "The\n"
    "lines of rows that are refused are written to the rejects file with the reason.\n"
    "\n"
    "Published figures of organisations (monthly A&E, virtual wards, list sizes) are\n"
    "kept beside: what the place is compared with.  'homefirst feed figures' lists\n"
    "them.\n"
    "\n"
    "What is refused is written with its findings to the rejects file, one line each.\n"
    "Correct \"resource\" in it and import that file.  It ends with 1 when something "
    "was\n"
    "refused.";

struct options {
	struct hf_cli_store where;
	const char *rejects, *map;
	struct hf_cli_feeds feeds;
	int64_t threads;
	bool quiet;
};

static void
draw(void *ctx, const struct hf_import_progress *now)
{
	hf_cli_bar_draw(ctx, "import", now->bytes, now->bytes_total, "resources",
			now->resources);
}

static int
more_first(const void *a, const void *b, void *ctx)
{
	const int64_t *sort_by = ctx;
	int64_t x = sort_by[*(const hf_type_id *)a],
		y = sort_by[*(const hf_type_id *)b];

	return x != y ? (x < y ? 1 : -1)
		      : *(const hf_type_id *)a - *(const hf_type_id *)b;
}

static void
print_types(struct hf_import_result *r)
{
	hf_type_id ids[HF_COUNT(r->by_type)] = {0};
	char num[32];
	size_t n = 0;

	for (size_t i = 1; i < HF_COUNT(ids); i++)
		if (r->by_type[i] != 0)
			ids[n++] = (hf_type_id)i;
	qsort_r(ids, n, sizeof(ids[0]), more_first, r->by_type);
	for (size_t i = 0; i < n; i++)
		printf("  %12s  %s\n",
		       hf_cli_count(r->by_type[ids[i]], num, sizeof(num)),
		       hf_type_get(ids[i])->name);
}

static void
print_summary(struct hf_import_result *r, const char *rejects, bool quiet)
{
	int64_t all = r->created + r->updated + r->unchanged + r->deleted;
	double per_s = r->seconds > 0 ? (double)all / r->seconds : 0;
	char a[32], b[32], c[32], d[32];

	printf("%s resources of %s people in %.1f s: %s a second\n",
	       hf_cli_count(all, a, sizeof(a)), hf_cli_count(r->people, b, sizeof(b)),
	       r->seconds, hf_cli_count((int64_t)per_s, c, sizeof(c)));
	printf("from %s file%s (%s)", hf_cli_count(r->files, a, sizeof(a)),
	       r->files == 1 ? "" : "s", hf_cli_bytes(r->bytes, b, sizeof(b)));
	if (r->passed_over != 0)
		printf("; %s with a name of another kind passed over",
		       hf_cli_count(r->passed_over, c, sizeof(c)));
	printf("\n%s new, %s changed, %s unchanged, %s deleted\n",
	       hf_cli_count(r->created, a, sizeof(a)),
	       hf_cli_count(r->updated, b, sizeof(b)),
	       hf_cli_count(r->unchanged, c, sizeof(c)),
	       hf_cli_count(r->deleted, d, sizeof(d)));
	if (!quiet)
		print_types(r);
	if (r->unresolved != 0)
		printf(
		    "%s references by a condition found nothing and are kept as they "
		    "stand\n",
		    hf_cli_count(r->unresolved, a, sizeof(a)));
	fflush(stdout);
	if (r->refused == 0)
		return;
	fprintf(stderr, "%s refused:\n", hf_cli_count(r->refused, a, sizeof(a)));
	for (size_t i = 0; i < r->n_reasons; i++)
		fprintf(stderr, "  %s\n", r->reasons[i]);
	if (r->n_reasons == HF_IMPORT_REASONS)
		fprintf(stderr, "  (the rest stands in the rejects file)\n");
	if (r->rejects_written)
		fprintf(
		    stderr,
		    "They are in %s with all findings: correct them and import that "
		    "file.\n",
		    rejects);
}

/* The rejects file holds records: it lies in the store's folder unless said
 * otherwise. */
static const char *
rejects_path(const struct options *o, char *buf, size_t size)
{
	char stamp[32];

	if (o->rejects != NULL)
		return o->rejects;
	hf_time_format(hf_now(), stamp, sizeof(stamp));
	for (char *p = stamp; *p != 0; p++)
		if (*p == ':' || *p == '.')
			*p = '-';
	snprintf(buf, size, "%s%srejects-%s.ndjson", o->where.data ? o->where.data : "",
		 o->where.data ? "/" : "", stamp);
	return buf;
}

static int
run(const struct hf_command *cmd, const struct options *o,
    struct hf_import_config *config, int64_t csv_bytes)
{
	struct hf_arena arena = {.cap = (size_t)4 << 30};
	struct hf_import_result result;
	struct hf_cli_bar bar;
	struct hf_err err = {0};
	char path[4096];
	enum hf_rc rc;
	int status = HF_EXIT_DONE;

	config->threads = (unsigned)o->threads;
	config->rejects = rejects_path(o, path, sizeof(path));
	config->actor = HF_SV("import");
	config->purpose = HF_SV("HOPERAT");
	config->progress = draw;
	config->progress_ctx = &bar;
	hf_cli_bar_new(&bar);
	rc = hf_import_run(config, &arena, &result, &err);
	hf_cli_bar_end(&bar);
	if (config->feed) {
		result.files = (int64_t)config->n_paths;
		result.bytes = csv_bytes;
	}
	if (rc == HF_OK || result.created + result.updated + result.deleted != 0)
		print_summary(&result, config->rejects, o->quiet);
	if (rc != HF_OK)
		status = hf_cli_fail(cmd, &err);
	if (rc != HF_OK && result.created + result.updated + result.deleted != 0)
		fprintf(stderr,
			"What is told above was stored; import the same again to "
			"go on.\n");
	if (result.refused != 0)
		status = HF_EXIT_FAILED;
	config->rejects = NULL;
	config->progress_ctx = NULL;
	hf_arena_free(&arena);
	return status;
}

/* Files of organisations go through a feed of their own. */
static int
run_csv(const struct hf_command *cmd, const struct options *o, int map,
	struct hf_import_config *config)
{
	struct hf_ods_feed *made;
	struct hf_import_feed feed;
	struct hf_err err;
	int status;

	if (hf_ods_feed_new(config->store, config->paths, config->n_paths, map, &made,
			    &feed, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	config->feed = &feed;
	status = run(cmd, o, config, hf_ods_feed_bytes(made));
	config->feed = NULL;
	hf_ods_feed_free(made);
	return status;
}

static int
run_feeds(const struct hf_command *cmd, struct options *o,
	  const struct hf_import_config *config, bool bench)
{
	o->feeds.store = config->store;
	o->feeds.paths = config->paths;
	o->feeds.n_paths = config->n_paths;
	o->feeds.rejects = o->rejects;
	o->feeds.data = o->where.data;
	o->feeds.map = o->map;
	return bench ? hf_cli_import_bench(cmd, &o->feeds)
		     : hf_cli_import_feeds(cmd, &o->feeds);
}

int
hf_cmd_import(const struct hf_command *cmd, int argc, char **argv)
{
	struct options o = {.feeds = {.most_refused = 20}};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&o.where),
		{.name = "rejects", .letter = 'r', .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "where refused resources go (a new file in DIR;\n"
			 "with --store in the current folder)", .out = &o.rejects},
		{.name = "map", .kind = HF_OPT_TEXT, .arg = "WHAT",
		 .help = "what CSV files are: ods-epraccur, ods-etr, ods-succ,\n"
			 "ods-pcn, tree, the name of a map of activity or a\n"
			 "FILE.json that is one", .out = &o.map},
		{.name = "source", .kind = HF_OPT_TEXT, .arg = "ODS",
		 .help = "who sent a file of activity", .out = &o.feeds.source},
		{.name = "from", .kind = HF_OPT_TEXT, .arg = "DAY",
		 .help = "the first day that a file of activity covers\n"
			 "(of the months that it has rows of)",
		 .out = &o.feeds.from},
		{.name = "to", .kind = HF_OPT_TEXT, .arg = "DAY",
		 .help = "the last day", .out = &o.feeds.to},
		{.name = "cut", .kind = HF_OPT_TEXT, .arg = "CUT",
		 .help = "flex or freeze", .out = &o.feeds.cut},
		{.name = "most-refused", .kind = HF_OPT_NUMBER, .arg = "PERCENT",
		 .help = "of rows of activity; with more nothing is taken (20)",
		 .out = &o.feeds.most_refused, .min = 0, .max = 100},
		{.name = "json", .kind = HF_OPT_FLAG,
		 .help = "what came of a file of activity as JSON",
		 .out = &o.feeds.json},
		{.name = "threads", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "how many threads prepare (one for each core)",
		 .out = &o.threads, .min = 1, .max = 64},
		{.name = "quiet", .letter = 'q', .kind = HF_OPT_FLAG,
		 .help = "no table of resource types at the end", .out = &o.quiet},
	};
	/* clang-format on */
	struct hf_import_config config = {0};
	struct hf_store *store;
	int first, status, map = -1, csv = 0, feeds = 0, figures = 0;
	bool activity, bench;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first == argc)
		return hf_misuse(cmd, "say what to import: a file, a folder or -");
	for (int i = first; i < argc && o.rejects != NULL; i++)
		if (strcmp(argv[i], o.rejects) == 0)
			return hf_misuse(cmd, "the rejects file is an input as well: "
					      "name another");
	bench = o.map && hf_cli_is_bench_map(o.map);
	activity = o.map && !bench && hf_cli_is_map(o.map);
	if (o.map && !activity && !bench &&
	    (map = hf_ods_map_find(hf_sv_from(o.map))) < 0)
		return hf_misuse(cmd,
				 "--map is ods-epraccur, ods-etr, ods-succ, ods-pcn, "
				 "tree, a map of 'homefirst feed maps' or a FILE.json");
	if (o.feeds.cut && strcmp(o.feeds.cut, "flex") != 0 &&
	    strcmp(o.feeds.cut, "freeze") != 0)
		return hf_misuse(cmd, "--cut is flex or freeze");
	for (int i = first; i < argc; i++)
		csv += hf_ods_is_csv(argv[i]);
	if (!o.map && csv == argc - first) {
		for (int i = first; i < argc; i++)
			feeds += hf_cli_is_feed(argv[i]);
		if (feeds != 0 && feeds != csv)
			return hf_misuse(cmd, "import files of activity and others one "
					      "after the other, or say --map");
		activity = feeds != 0;
		for (int i = first; i < argc && feeds == 0; i++)
			figures += hf_cli_is_bench(argv[i]);
		bench = figures != 0 && figures == csv;
	}
	if (!o.map && csv != 0 && csv != argc - first)
		return hf_misuse(cmd,
				 "import CSV files and others one after the other");
	status = hf_cli_open(cmd, &o.where, HF_CLI_WRITE, &store);
	if (status != HF_EXIT_DONE)
		return status;
	config.store = store;
	config.paths = (const char *const *)argv + first;
	config.n_paths = (size_t)(argc - first);
	if (activity || bench)
		status = run_feeds(cmd, &o, &config, bench);
	else
		status = o.map || csv ? run_csv(cmd, &o, map, &config)
				      : run(cmd, &o, &config, 0);
	hf_store_close(store);
	return status;
}
