/* bench.c - files of published figures on the command line. */
#include "base/io/clock.h"
#include "cli/io/feeds.h"
#include "exchange/io/source.h"
#include "population/io/bench_import.h"

struct one {
	const struct hf_cli_feeds *o;
	const char *path;
	struct hf_cli_rejects rejects;
};

/* ---- maps ---- */

static bool
read_text(const char *path, struct hf_arena *arena, struct hf_sv *out)
{
	const struct hf_source_file file = {.path = path};
	struct hf_source *source = NULL;
	struct hf_buf text = {.cap = HF_DOC_MOST + 1};
	struct hf_err err = {0};
	enum hf_rc rc = hf_source_open(&file, &source, &err);

	if (rc == HF_OK)
		rc = hf_source_all(source, HF_DOC_MOST, &text, &err);
	hf_source_close(source);
	*out = hf_arena_sv(arena, hf_buf_view(&text));
	hf_buf_free(&text);
	if (rc != HF_OK)
		fprintf(stderr, "%s: %s\n", path, err.text);
	return rc == HF_OK;
}

/* Its mistakes on standard error. */
static bool
load(const char *name, struct hf_sv text, struct hf_arena *arena,
     struct hf_bench_map *out)
{
	struct hf_issues issues = {.arena = arena};
	struct hf_err err = {0};
	enum hf_rc rc = hf_bench_map_load(name, text, arena, &issues, out, &err);

	for (size_t i = 0; i < issues.n; i++)
		fprintf(stderr, "%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
			HF_SV_ARG(issues.items[i].text));
	return rc == HF_OK;
}

static const struct hf_definition_text *
builtin(struct hf_sv id)
{
	for (size_t i = 0; i < hf_n_benchmark_maps_builtin; i++) {
		struct hf_sv file = hf_sv_from(hf_benchmark_maps_builtin[i].name);

		file.n -= 5; /* .json */
		if (hf_sv_eq(file, id))
			return &hf_benchmark_maps_builtin[i];
	}
	return NULL;
}

/* A map of figures says what the figures are; one of activity has a kind. */
bool
hf_cli_is_bench_map(const char *name)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_json d;
	struct hf_sv text;
	bool is = builtin(hf_sv_from(name)) != NULL;

	if (!is && hf_sv_ends(hf_sv_from(name), HF_SV(".json")))
		is = read_text(name, &arena, &text) &&
		     hf_json_parse(text, NULL, &arena, &d, NULL) == HF_OK &&
		     hf_json_member(&d, 0, "figures") != HF_JSON_NONE;
	hf_arena_free(&arena);
	return is;
}

/* Some column has to be there for a header to say anything. */
static bool
tells(const struct hf_bench_map *m)
{
	for (size_t i = 0; i < m->n_columns; i++)
		if (!m->columns[i].optional && !m->headless)
			return true;
	return false;
}

/* The one map that goes with the header of the file, NULL when none or more do. */
static const struct hf_definition_text *
detect(const char *path)
{
	struct hf_arena arena = {.cap = 32 << 20};
	struct hf_cli_file b = {.path = path};
	const struct hf_feed_bytes bytes = hf_cli_file(&b);
	const struct hf_definition_text *found = NULL;
	struct hf_feed_reader r;
	struct hf_csv_row row;
	uint64_t line;
	bool broken = false;
	size_t n = 0;
	enum hf_rc rc = hf_feed_reader_open(&r, &bytes, NULL, NULL);

	for (int i = 0; i < 20 && rc == HF_OK && n == 0; i++) {
		rc = hf_feed_reader_next(&r, &row, &line, &broken, NULL);
		if (rc != HF_OK || (row.n == 0 && !broken))
			break;
		for (size_t k = 0; k < hf_n_benchmark_maps_builtin && !broken; k++) {
			const struct hf_definition_text *d =
			    &hf_benchmark_maps_builtin[k];
			struct hf_bench_map map;
			struct hf_bench_bound bound;

			if (load(d->name, d->text, &arena, &map) && tells(&map) &&
			    hf_bench_bind(&map, &row, &bound, NULL) == HF_OK) {
				found = d;
				n++;
			}
		}
	}
	hf_feed_reader_close(&r);
	hf_cli_file_end(&b);
	hf_arena_free(&arena);
	return n == 1 ? found : NULL;
}

bool
hf_cli_is_bench(const char *path)
{
	return strcmp(path, "-") != 0 && detect(path) != NULL;
}

/* ---- one file ---- */

/* No value stands there: as with feeds of activity. */
static enum hf_rc
refuse(void *ctx, const struct hf_bench_refused *what, struct hf_err *err)
{
	struct one *one = ctx;
	const char *slash = strrchr(one->path, '/');
	enum hf_rc rc = hf_cli_rejects_open(&one->rejects, one->o, one->path, err);

	if (rc == HF_OK &&
	    fprintf(one->rejects.file, "\"%s\",%llu,%s,%s,\"%s\"\n",
		    slash ? slash + 1 : one->path, (unsigned long long)what->line,
		    what->column, hf_bench_why_name(what->why),
		    hf_bench_why_text(what->why)) < 0)
		rc = hf_fail(err, HF_FULL, one->rejects.path,
			     "the rejects file cannot be written");
	return rc;
}

static void
print_result(const struct one *one, const struct hf_bench_map *map,
	     const struct hf_bench_result *r)
{
	char a[32], b[32];

	if (one->o->json && r->feed) {
		printf(
		    "{\"benchmark\":%lld,\"map\":\"%s\",\"organisations\":%llu,"
		    "\"figures\":%llu,\"refusedRows\":%llu,\"refusedFigures\":%llu,"
		    "\"replaces\":%lld}\n",
		    (long long)r->feed, map->id, (unsigned long long)r->organisations,
		    (unsigned long long)r->figures, (unsigned long long)r->refused_rows,
		    (unsigned long long)r->refused_figures, (long long)r->replaces);
	} else if (r->feed) {
		printf(
		    "%s: file %lld of published figures by the map %s: %s figures of "
		    "%s organisations\n",
		    one->path, (long long)r->feed, map->id,
		    hf_cli_count((int64_t)r->figures, a, sizeof a),
		    hf_cli_count((int64_t)r->organisations, b, sizeof b));
		if (r->replaces)
			printf("  it replaces file %lld\n", (long long)r->replaces);
	}
	for (int i = 0; i < HF_BENCH_FINDINGS && r->rows && !one->o->json; i++)
		if (r->found[i])
			fprintf(r->feed ? stdout : stderr, "  %12s  %s\n",
				hf_cli_count((int64_t)r->found[i], a, sizeof a),
				hf_bench_finding_text((enum hf_bench_finding)i));
	fflush(stdout);
	if (r->refused_rows + r->refused_figures)
		fprintf(stderr,
			"%s: %llu rows and %llu figures are refused; their lines stand "
			"in %s.\n",
			one->path, (unsigned long long)r->refused_rows,
			(unsigned long long)r->refused_figures, one->rejects.path);
}

static int
import_one(const struct hf_command *cmd, struct one *one,
	   struct hf_bench_config *config, const struct hf_bench_map *map)
{
	struct hf_cli_file b = {.path = one->path};
	const char *slash = strrchr(one->path, '/');
	struct hf_bench_result r;
	struct hf_err err = {0};
	enum hf_rc rc;

	config->map = map;
	config->bytes = hf_cli_file(&b);
	config->file = hf_sv_from(slash ? slash + 1 : one->path);
	config->ctx = one;
	rc = hf_bench_import(config, &r, &err);
	hf_cli_file_end(&b);
	if (one->rejects.file)
		fclose(one->rejects.file);
	print_result(one, map, &r);
	if (rc != HF_OK) {
		fprintf(stderr, "%s: ", one->path);
		return hf_cli_fail(cmd, &err);
	}
	return r.refused_rows + r.refused_figures ? HF_EXIT_FAILED : HF_EXIT_DONE;
}

static bool
map_of(const struct hf_cli_feeds *o, const char *path, struct hf_arena *arena,
       struct hf_bench_map *out)
{
	const struct hf_definition_text *d =
	    o->map ? builtin(hf_sv_from(o->map)) : detect(path);
	struct hf_sv text;

	if (d)
		return load(d->name, d->text, arena, out);
	return o->map && read_text(o->map, arena, &text) &&
	       load(o->map, text, arena, out);
}

int
hf_cli_import_bench(const struct hf_command *cmd, const struct hf_cli_feeds *o)
{
	struct hf_bench_config config = {
	    .store = o->store,
	    .actor = HF_SV("import"),
	    .purpose = HF_SV("HOPERAT"),
	    .source = hf_sv_from(o->source ? o->source : "unknown"),
	    .most_refused = (unsigned)o->most_refused,
	    .refuse = refuse};
	int status = HF_EXIT_DONE;

	if ((o->from == NULL) != (o->to == NULL) ||
	    (o->from && (!hf_cli_day(o->from, &config.from) ||
			 !hf_cli_day(o->to, &config.to) || config.to < config.from)))
		return hf_misuse(cmd, "--from and --to are the first and the last day "
				      "that the file covers, YYYY-MM-DD, both or none");
	if (o->from)
		config.to++; /* the last day counts */
	for (size_t i = 0; i < o->n_paths; i++) {
		struct hf_arena arena = {.cap = 32 << 20};
		struct one one = {.o = o, .path = o->paths[i]};
		struct hf_bench_map map;

		if (!map_of(o, o->paths[i], &arena, &map) ||
		    import_one(cmd, &one, &config, &map) != HF_EXIT_DONE)
			status = HF_EXIT_FAILED;
		hf_arena_free(&arena);
	}
	return status;
}
