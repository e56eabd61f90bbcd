/* cmd_feed.c - homefirst feed: what was received, how good it is, by which maps. */
#include "cli/io/cli.h"
#include "cli/io/feeds.h"
#include "population/bench.h"
#include "population/io/bench_kept.h"
#include "population/io/feed_kept.h"

HF_COMMAND(hf_cmd_feed);
const char hf_help_feed[] =
    "list   the feeds of activity that were received, oldest first, with their\n"
    "       data-quality score.  What a later feed replaced stays on record.\n"
    "show   one feed: items, findings, months, what differs from the feed it "
    "replaced.\n"
    "figures  the files of published figures that were imported, oldest first.\n"
    "maps   the maps that are built in, with the fields they read.\n"
    "check  looks at maps in files and names each mistake with its line.";

enum { FEEDS_MOST = 10000 };

struct options {
	struct hf_cli_store where;
	bool json;
};

static void
print_line(const struct hf_feed_kept *f)
{
	struct hf_arena arena = {.cap = 8 << 20};
	struct hf_json d;
	struct hf_sv score = HF_SV("-");
	int64_t rows = f->events + f->registrations + f->conditions + f->values;
	char a[32];

	if (f->quality.n &&
	    hf_json_parse(f->quality, NULL, &arena, &d, NULL) == HF_OK &&
	    hf_json_member(&d, 0, "score") != HF_JSON_NONE)
		score = hf_json_raw(&d, hf_json_member(&d, 0, "score"));
	printf("%6lld  %-14.*s %-12.*s %12s rows  %6.*s %%  %.*s", (long long)f->id,
	       HF_SV_ARG(f->kind), HF_SV_ARG(f->source),
	       hf_cli_count(rows, a, sizeof a), HF_SV_ARG(score), HF_SV_ARG(f->file));
	if (f->cut.n)
		printf("  %.*s", HF_SV_ARG(f->cut));
	if (f->replaced_by)
		printf("  replaced by %lld", (long long)f->replaced_by);
	printf("\n");
	hf_arena_free(&arena);
}

static int
print_json(const struct hf_feed_kept *f, bool brief, struct hf_arena *arena)
{
	struct hf_buf out = {0};

	hf_feed_write(f, brief, arena, &out);
	printf("%.*s\n", (int)out.n, out.p);
	hf_buf_free(&out);
	return HF_EXIT_DONE;
}

static int
list(const struct hf_command *cmd, const struct options *o, struct hf_reader *reader)
{
	struct hf_arena arena = {.cap = 512 << 20};
	struct hf_feed_kept *feeds;
	struct hf_err err = {0};
	size_t n;

	if (hf_feed_list(reader, 0, FEEDS_MOST, &arena, &feeds, &n, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	for (size_t i = 0; i < n; i++)
		if (o->json)
			print_json(&feeds[i], true, &arena);
		else
			print_line(&feeds[i]);
	if (n == 0 && !o->json)
		printf("no feed was received yet\n");
	hf_arena_free(&arena);
	return HF_EXIT_DONE;
}

static void
print_figures(const struct hf_bench_kept *k, bool json)
{
	struct hf_civil from =
	    hf_civil_from_time(((int64_t)k->from + HF_POP_DAY_ZERO) * 86400000);
	struct hf_civil to =
	    hf_civil_from_time(((int64_t)k->to - 1 + HF_POP_DAY_ZERO) * 86400000);
	char a[32];

	if (json) {
		struct hf_buf out = {0};
		struct hf_jw w = {.out = &out};

		hf_jw_obj(&w);
		hf_jw_member(&w, "id");
		hf_jw_int(&w, k->id);
		hf_jw_field(&w, "map", k->map);
		hf_jw_field(&w, "version", k->version);
		hf_jw_field(&w, "source", k->source);
		hf_jw_field(&w, "file", k->file);
		hf_jw_field(&w, "sha", k->sha);
		hf_jw_member(&w, "replacedBy");
		hf_jw_int(&w, k->replaced_by);
		hf_jw_member(&w, "found");
		hf_jw_raw(&w, k->found);
		hf_jw_obj_end(&w);
		printf("%.*s\n", (int)out.n, out.p);
		hf_buf_free(&out);
		return;
	}
	printf("%6lld  %-20.*s %-12.*s %12s figures  %04d-%02d to %04d-%02d  %.*s",
	       (long long)k->id, HF_SV_ARG(k->map), HF_SV_ARG(k->source),
	       hf_cli_count(k->n, a, sizeof a), (int)from.year, from.month,
	       (int)to.year, to.month, HF_SV_ARG(k->file));
	if (k->replaced_by)
		printf("  replaced by %lld", (long long)k->replaced_by);
	printf("\n");
}

static int
figures(const struct hf_command *cmd, const struct options *o, struct hf_reader *reader)
{
	struct hf_arena arena = {.cap = 512 << 20};
	struct hf_bench_kept *kept;
	struct hf_err err = {0};
	size_t n;
	enum hf_rc rc = hf_bench_list(reader, &arena, &kept, &n, &err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		print_figures(&kept[i], o->json);
	if (rc == HF_OK && n == 0 && !o->json)
		printf("no published figures were imported yet\n");
	hf_arena_free(&arena);
	return rc == HF_OK ? HF_EXIT_DONE : hf_cli_fail(cmd, &err);
}

static int
show(const struct hf_command *cmd, struct hf_reader *reader, const char *text)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_feed_kept f;
	struct hf_err err = {0};
	int64_t id;
	int status;

	if (!hf_sv_int(hf_sv_from(text), &id) || id < 1)
		return hf_misuse(cmd, "show takes the number of a feed");
	if (hf_feed_get(reader, id, &arena, &f, &err) != HF_OK)
		status = hf_cli_fail(cmd, &err);
	else
		status = print_json(&f, false, &arena);
	hf_arena_free(&arena);
	return status;
}

static int
print_bench_maps(void)
{
	int status = HF_EXIT_DONE;

	for (size_t i = 0; i < hf_n_benchmark_maps_builtin; i++) {
		const struct hf_definition_text *d = &hf_benchmark_maps_builtin[i];
		struct hf_arena arena = {.cap = 16 << 20};
		struct hf_issues issues = {.arena = &arena};
		struct hf_bench_map map;

		if (hf_bench_map_load(d->name, d->text, &arena, &issues, &map, NULL) ==
		    HF_OK) {
			printf("%s %s  %s\n ", map.id, map.version, map.title);
			for (size_t k = 0; k < map.n_figures; k++)
				printf(" %s", map.figures[k].id);
			printf("\n");
		} else {
			status = HF_EXIT_FAILED;
		}
		hf_arena_free(&arena);
	}
	return status;
}

static int
print_maps(void)
{
	struct hf_arena arena = {.cap = 32 << 20};
	struct hf_map *maps;
	size_t n;

	if (!hf_cli_maps(&arena, &maps, &n))
		return HF_EXIT_FAILED;
	for (size_t i = 0; i < n; i++) {
		printf("%s %s  %s\n ", maps[i].id, maps[i].version, maps[i].title);
		for (size_t k = 0; k < maps[i].n_columns; k++)
			printf(" %s%s", hf_map_field_name(maps[i].columns[k].field),
			       maps[i].columns[k].required ? "*" : "");
		printf("\n");
	}
	hf_arena_free(&arena);
	return print_bench_maps();
}

static int
check(int n, char **paths)
{
	int status = HF_EXIT_DONE;

	for (int i = 0; i < n; i++) {
		struct hf_arena arena = {.cap = 32 << 20};
		struct hf_map map;

		if (hf_cli_map_file(paths[i], &arena, &map))
			printf("%s: the map %s %s of %s is well formed\n", paths[i],
			       map.id, map.version, hf_feed_kind_name(map.kind));
		else
			status = HF_EXIT_FAILED;
		hf_arena_free(&arena);
	}
	return status;
}

int
hf_cmd_feed(const struct hf_command *cmd, int argc, char **argv)
{
	struct options o = {0};
	const struct hf_opt opts[] = {
	    HF_CLI_STORE_OPTS(&o.where),
	    {.name = "json",
	     .kind = HF_OPT_FLAG,
	     .help = "JSON, one feed a line",
	     .out = &o.json},
	};
	struct hf_store *store;
	struct hf_reader *reader;
	struct hf_err err = {0};
	int first, status;
	struct hf_sv what;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	what = hf_sv_from(first < argc ? argv[first] : "");
	if (hf_sv_is(what, "maps") && first + 1 == argc)
		return print_maps();
	if (hf_sv_is(what, "check") && first + 1 < argc)
		return check(argc - first - 1, argv + first + 1);
	if (!((hf_sv_is(what, "list") || hf_sv_is(what, "figures")) &&
	      first + 1 == argc) &&
	    !(hf_sv_is(what, "show") && first + 2 == argc))
		return hf_misuse(cmd, "say list, figures, show NUMBER, maps or check "
				      "FILE.json");
	status = hf_cli_open(cmd, &o.where, HF_CLI_READ, &store);
	if (status != HF_EXIT_DONE)
		return status;
	if (hf_reader_get(store, &reader, &err) != HF_OK) {
		status = hf_cli_fail(cmd, &err);
	} else {
		status = hf_sv_is(what, "list") ? list(cmd, &o, reader)
			 : hf_sv_is(what, "figures")
			     ? figures(cmd, &o, reader)
			     : show(cmd, reader, argv[first + 1]);
		hf_reader_put(reader);
	}
	hf_store_close(store);
	return status;
}
