/* feeds.c - files of activity on the command line. */
#include "cli/io/feeds.h"

#include <errno.h>
#include <stdlib.h>

#include "base/io/clock.h"
#include "exchange/io/source.h"
#include "population/io/feed_import.h"

enum { LOOK = 256 << 10, FINDINGS_SHOWN = 30 };

/* ---- maps ---- */

bool
hf_cli_maps(struct hf_arena *arena, struct hf_map **out, size_t *n)
{
	struct hf_issues issues = {.arena = arena};
	struct hf_map *maps = hf_arena_array(arena, hf_n_maps_builtin, sizeof *maps);
	struct hf_err err = {0};

	*n = 0;
	for (size_t i = 0; maps && i < hf_n_maps_builtin; i++) {
		const struct hf_definition_text *d = &hf_maps_builtin[i];

		if (hf_map_load(d->name, d->text, arena, &issues, &maps[i], &err) !=
		    HF_OK) {
			fprintf(stderr, "%s: %s\n", d->name, err.text);
			return false;
		}
		++*n;
	}
	*out = maps;
	return maps != NULL;
}

bool
hf_cli_map_file(const char *path, struct hf_arena *arena, struct hf_map *out)
{
	struct hf_issues issues = {.arena = arena};
	const struct hf_source_file file = {.path = path};
	struct hf_source *source = NULL;
	struct hf_buf text = {.cap = HF_DOC_MOST + 1};
	struct hf_err err = {0};
	struct hf_sv kept;
	enum hf_rc rc = hf_source_open(&file, &source, &err);

	if (rc == HF_OK)
		rc = hf_source_all(source, HF_DOC_MOST, &text, &err);
	hf_source_close(source);
	kept = hf_arena_sv(arena, hf_buf_view(&text));
	hf_buf_free(&text);
	if (rc == HF_OK)
		rc = hf_map_load(path, kept, arena, &issues, out, &err);
	for (size_t i = 0; i < issues.n; i++)
		fprintf(stderr, "%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
			HF_SV_ARG(issues.items[i].text));
	if (rc != HF_OK && issues.n == 0)
		fprintf(stderr, "%s: %s\n", path, err.text);
	return rc == HF_OK;
}

static bool
is_json(const char *name)
{
	return hf_sv_ends(hf_sv_from(name), HF_SV(".json"));
}

bool
hf_cli_is_map(const char *name)
{
	if (is_json(name))
		return true;
	for (size_t i = 0; i < hf_n_maps_builtin; i++) {
		struct hf_sv file = hf_sv_from(hf_maps_builtin[i].name);

		file.n -= 5; /* .json */
		if (hf_sv_eq(file, hf_sv_from(name)))
			return true;
	}
	return false;
}

/* ---- bytes ---- */

static enum hf_rc
open_bytes(void *ctx, struct hf_err *err)
{
	struct hf_cli_file *b = ctx;
	const struct hf_source_file file = {.path = b->path};

	hf_cli_file_end(b);
	return hf_source_open(&file, &b->source, err);
}

static enum hf_rc
read_bytes(void *ctx, char *to, size_t n, size_t *got, struct hf_err *err)
{
	struct hf_cli_file *b = ctx;

	return hf_source_read(b->source, to, n, got, err);
}

struct hf_feed_bytes
hf_cli_file(struct hf_cli_file *b)
{
	return (struct hf_feed_bytes){open_bytes, read_bytes, b};
}

void
hf_cli_file_end(struct hf_cli_file *b)
{
	hf_source_close(b->source);
	b->source = NULL;
}

bool
hf_cli_is_feed(const char *path)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_cli_file b = {.path = path};
	const struct hf_feed_bytes bytes = hf_cli_file(&b);
	struct hf_feed_reader r;
	struct hf_csv_row row;
	struct hf_map *maps;
	size_t n, which;
	uint64_t line;
	bool broken = false, is = false;

	if (strcmp(path, "-") != 0 && hf_cli_maps(&arena, &maps, &n)) {
		enum hf_rc rc = hf_feed_reader_open(&r, &bytes, NULL, NULL);

		for (int i = 0; i < 20 && rc == HF_OK && !is; i++) {
			rc = hf_feed_reader_next(&r, &row, &line, &broken, NULL);
			if (rc == HF_OK && row.n == 0 && !broken)
				break;
			if (rc == HF_OK && !broken) {
				enum hf_rc found =
				    hf_map_detect(maps, n, &row, &which, NULL);

				is = found == HF_OK || found == HF_RULE;
			}
		}
		hf_feed_reader_close(&r);
		hf_cli_file_end(&b);
	}
	hf_arena_free(&arena);
	return is;
}

/* ---- one file ---- */

struct one {
	const struct hf_cli_feeds *o;
	const char *path;
	struct hf_cli_rejects rejects;
	struct hf_cli_bar bar;
	int64_t size;
};

enum hf_rc
hf_cli_rejects_open(struct hf_cli_rejects *r, const struct hf_cli_feeds *o,
		    const char *path, struct hf_err *err)
{
	char stamp[32];
	const char *slash = strrchr(path, '/');

	if (r->file)
		return HF_OK;
	hf_time_format(hf_now(), stamp, sizeof stamp);
	for (char *p = stamp; *p; p++)
		if (*p == ':' || *p == '.')
			*p = '-';
	if (o->rejects)
		snprintf(r->path, sizeof r->path, "%s", o->rejects);
	else
		snprintf(r->path, sizeof r->path, "%s%srejects-%.80s-%s.csv",
			 o->data ? o->data : "", o->data ? "/" : "",
			 slash ? slash + 1 : path, stamp);
	r->file = fopen(r->path, o->n_paths > 1 ? "a" : "w");
	if (!r->file)
		return hf_fail(err, HF_FORBIDDEN, r->path,
			       "the rejects file cannot be written: %s",
			       strerror(errno));
	fprintf(r->file, "file,line,column,code,reason\n");
	return HF_OK;
}

/* No value of the row: who may read the file of reasons need not be one who may read
 * the feed. */
static enum hf_rc
refuse(void *ctx, const struct hf_feed_refused *what, struct hf_err *err)
{
	struct one *one = ctx;
	const char *slash = strrchr(one->path, '/');
	enum hf_rc rc = hf_cli_rejects_open(&one->rejects, one->o, one->path, err);

	if (rc == HF_OK &&
	    fprintf(one->rejects.file, "\"%s\",%llu,%s,%s,\"%s\"\n",
		    slash ? slash + 1 : one->path, (unsigned long long)what->line,
		    what->field == HF_FIELDS ? "" : hf_map_field_name(what->field),
		    hf_feed_why_name(what->why), hf_feed_why_text(what->why)) < 0)
		rc = hf_fail(err, HF_FULL, one->rejects.path,
			     "the rejects file cannot be written: %s", strerror(errno));
	return rc;
}

static void
progress(void *ctx, uint64_t bytes, uint64_t rows)
{
	struct one *one = ctx;

	hf_cli_bar_draw(&one->bar, "import", (int64_t)bytes, 0, "rows", (int64_t)rows);
}

static void
print_findings(const struct hf_feed_quality *q, FILE *to)
{
	char a[32];

	for (int i = 0; i < HF_FINDINGS; i++) {
		const struct hf_feed_found *f = &q->found[i];

		if (f->n == 0)
			continue;
		fprintf(to, "  %-7s %12s  %s",
			hf_feed_finding_severity((enum hf_feed_finding)i) ==
				HF_SEV_ERROR
			    ? "error"
			: hf_feed_finding_severity((enum hf_feed_finding)i) ==
				HF_SEV_WARNING
			    ? "warning"
			    : "note",
			hf_cli_count((int64_t)f->n, a, sizeof a),
			hf_feed_finding_text((enum hf_feed_finding)i));
		for (unsigned k = 0; k < f->n_lines; k++)
			fprintf(to, "%s%llu", k ? ", " : " (line ",
				(unsigned long long)f->lines[k]);
		fprintf(to, "%s\n", f->n_lines ? f->n > f->n_lines ? " …)" : ")" : "");
	}
}

static void
print_reasons(const struct hf_feed_quality *q)
{
	char a[32];

	for (int y = 1; y < HF_WHYS; y++)
		for (int f = 0; f <= HF_FIELDS; f++)
			if (q->why_field[y][f])
				fprintf(stderr, "  %12s  %s%s%s\n",
					hf_cli_count((int64_t)q->why_field[y][f], a,
						     sizeof a),
					f == HF_FIELDS
					    ? ""
					    : hf_map_field_name((enum hf_map_field)f),
					f == HF_FIELDS ? "" : ": ",
					hf_feed_why_text((enum hf_feed_why)y));
}

static void
print_result(const struct one *one, const struct hf_feed_result *r)
{
	const struct hf_feed_quality *q = &r->quality;
	char a[32], b[32], c[32];

	if (one->o->json && r->feed) {
		printf("{\"feed\":%lld,\"map\":\"%s\",\"quality\":%.*s}\n",
		       (long long)r->feed, r->map->id, (int)r->body.n, r->body.p);
	} else if (r->feed) {
		printf("%s: feed %lld by the map %s: %s rows of %s people in %.1f s, "
		       "quality %.1f %%%s\n",
		       one->path, (long long)r->feed, r->map->id,
		       hf_cli_count((int64_t)q->taken, a, sizeof a),
		       hf_cli_count((int64_t)q->persons, b, sizeof b), r->seconds,
		       hf_feed_score(q),
		       hf_feed_publishable(q) ? ""
					      : ", not to be published: linkage or "
						"coverage is low");
		if (r->replaces)
			printf("  it replaces feed %lld; 'homefirst feed show %lld' "
			       "tells what differs\n",
			       (long long)r->replaces, (long long)r->feed);
		print_findings(q, stdout);
	} else if (q->rows) {
		print_findings(q, stderr);
	}
	fflush(stdout);
	if (q->refused == 0)
		return;
	fprintf(stderr, "%s: %s of %s rows are refused:\n", one->path,
		hf_cli_count((int64_t)q->refused, a, sizeof a),
		hf_cli_count((int64_t)q->rows, c, sizeof c));
	print_reasons(q);
	fprintf(stderr, "Their lines stand in %s.\n", one->rejects.path);
}

bool
hf_cli_day(const char *text, uint16_t *out)
{
	struct hf_date d;
	int64_t day;

	if (!hf_date_parse(hf_sv_from(text), false, &d) || d.precision != HF_PREC_DAY)
		return false;
	day = hf_london_day(d.lo) - HF_POP_DAY_ZERO;
	if (day < 0 || day >= HF_POP_NONE)
		return false;
	*out = (uint16_t)day;
	return true;
}

static int
import_one(const struct hf_command *cmd, struct one *one, struct hf_feed_config *config)
{
	struct hf_feed_result *r = calloc(1, sizeof *r);
	struct hf_cli_file b = {.path = one->path};
	const char *slash = strrchr(one->path, '/');
	struct hf_err err = {0};
	enum hf_rc rc;

	if (!r)
		return HF_EXIT_FAILED;
	config->bytes = hf_cli_file(&b);
	config->file = hf_sv_from(slash ? slash + 1 : one->path);
	config->now = hf_now();
	config->ctx = one;
	hf_cli_bar_new(&one->bar);
	rc = hf_feed_import(config, r, &err);
	hf_cli_bar_end(&one->bar);
	hf_cli_file_end(&b);
	if (one->rejects.file)
		fclose(one->rejects.file);
	one->rejects.file = NULL;
	print_result(one, r);
	hf_buf_free(&r->body);
	if (rc != HF_OK) {
		fprintf(stderr, "%s: ", one->path);
		hf_cli_fail(cmd, &err);
	}
	rc = rc == HF_OK && r->quality.refused == 0 ? HF_OK : HF_RULE;
	free(r);
	return rc == HF_OK ? HF_EXIT_DONE : HF_EXIT_FAILED;
}

static bool
set_period(const struct hf_cli_feeds *o, struct hf_feed_config *config)
{
	if ((o->from == NULL) != (o->to == NULL))
		return false;
	if (!o->from)
		return true;
	if (!hf_cli_day(o->from, &config->from) || !hf_cli_day(o->to, &config->to) ||
	    config->to < config->from || config->to == HF_POP_NONE - 1)
		return false;
	config->to++; /* the last day counts */
	return true;
}

int
hf_cli_import_feeds(const struct hf_command *cmd, const struct hf_cli_feeds *o)
{
	struct hf_arena arena = {.cap = 32 << 20};
	struct hf_feed_config config = {
	    .store = o->store,
	    .actor = HF_SV("import"),
	    .purpose = HF_SV("HOPERAT"),
	    .source = hf_sv_from(o->source ? o->source : "unknown"),
	    .cut = hf_sv_from(o->cut ? o->cut : ""),
	    .most_refused = (unsigned)o->most_refused,
	    .refuse = refuse,
	    .progress = progress};
	struct hf_map *maps = NULL, own = {0};
	bool file = o->map && is_json(o->map);
	struct hf_err err = {0};
	int status = HF_EXIT_DONE;

	if (!set_period(o, &config))
		return hf_misuse(cmd, "--from and --to are the first and the last day "
				      "that the file covers, YYYY-MM-DD, both or none");
	if (file) {
		if (!hf_cli_map_file(o->map, &arena, &own))
			status = HF_EXIT_FAILED;
		maps = &own;
		config.n_maps = 1;
	} else if (!hf_cli_maps(&arena, &maps, &config.n_maps)) {
		status = HF_EXIT_FAILED;
	}
	for (size_t i = 0; o->map && !file && i < config.n_maps; i++)
		if (strcmp(maps[i].id, o->map) == 0) {
			maps += i;
			config.n_maps = 1;
		}
	config.maps = maps;
	if (status == HF_EXIT_DONE &&
	    hf_pop_store_open(o->store, &config.pop, &err) != HF_OK)
		status = hf_cli_fail(cmd, &err);
	for (size_t i = 0; i < o->n_paths && config.pop; i++) {
		struct one one = {.o = o, .path = o->paths[i]};

		if (import_one(cmd, &one, &config) != HF_EXIT_DONE)
			status = HF_EXIT_FAILED;
	}
	hf_pop_store_close(config.pop);
	hf_arena_free(&arena);
	return status;
}
