/* cmd_measure.c - homefirst measure: figures of the outcome framework. */
#include "cli/io/cli.h"

#include <errno.h>
#include <stdlib.h>

#include "population/disclose.h"
#include "population/framework_compare.h"
#include "population/framework_effect.h"
#include "population/framework_question.h"
#include "population/framework_sheet.h"
#include "population/io/framework_extra.h"
#include "population/io/framework_run.h"
#include "population/io/live.h"
#include "population/io/peers_run.h"

HF_COMMAND(hf_cmd_measure);
const char hf_help_measure[] =
    "Figures of the outcome framework, with counts and 95 % intervals.  ID is the id "
    "of\n"
    "a measure; without one, all of them.  Without dates: the last 36 whole months "
    "that\n"
    "the activity of the store covers, and the last twelve of them as the total.\n"
    "\n"
    "  --check [FILE…]   reads and checks documents of measures: all that is wrong, "
    "with\n"
    "                    its line; without FILE those that come with the program\n"
    "  --list            the measures there are\n"
    "  --example ID      prints a published comparison (rotherham) with what counts "
    "of\n"
    "                    that size would say, and its caveats\n"
    "\n"
    "A workbook or CSV is for analysis: use --disclose for whoever is not in direct "
    "care.\n"
    "Ends with 1 when something is wrong.";

enum { ARENA = 1 << 30 };

struct ask {
	struct hf_cli_store where;
	const char *by, *grain, *from, *to, *baseline, *frozen, *trend, *format;
	const char *its, *control, *since;
	const char *workbook, *example, *group;
	bool disclose, check, list, peers;
	int64_t threads;
};

static void
tell(const struct hf_issues *issues)
{
	for (size_t i = 0; i < issues->n; i++)
		fprintf(stderr, "%.*s: %s%.*s\n", HF_SV_ARG(issues->items[i].path),
			issues->items[i].severity == HF_SEV_ERROR ? "" : "warning: ",
			HF_SV_ARG(issues->items[i].text));
}

static enum hf_rc
load_builtin(struct hf_arena *arena, struct hf_issues *issues,
	     struct hf_pop_framework *f, struct hf_err *err)
{
	return hf_pop_framework_load(hf_measures_builtin, hf_n_measures_builtin,
				     hf_codesets_builtin, hf_n_codesets_builtin, arena,
				     issues, f, err);
}

static bool
read_file(const char *path, struct hf_buf *out)
{
	FILE *file = fopen(path, "re");
	size_t got = 1;

	out->cap = HF_DOC_MOST + 1;
	while (file && got) {
		char *room = hf_buf_room(out, 65536);

		got = room ? fread(room, 1, 65536, file) : 0;
		out->n += got;
	}
	if (file)
		fclose(file);
	return file && !out->failed;
}

static int
check_files(const struct hf_command *cmd, const struct hf_pop_framework *f,
	    struct hf_arena *arena, int argc, char **argv)
{
	struct hf_issues issues = {.arena = arena};
	int status = HF_EXIT_DONE;

	for (int i = 0; i < argc; i++) {
		struct hf_buf text = {0};
		struct hf_pop_measure m;

		errno = 0;
		if (!read_file(argv[i], &text)) {
			fprintf(stderr, "homefirst %s: %s: %s\n", cmd->name, argv[i],
				errno ? strerror(errno) : "it cannot be read");
			status = HF_EXIT_FAILED;
		} else if (!hf_pop_measure_load(argv[i], hf_buf_view(&text), arena,
						&issues, f, &m)) {
			status = HF_EXIT_FAILED;
		} else {
			printf("%s: %s %s %s\n", argv[i], m.id, m.version, m.hash);
		}
		hf_buf_free(&text);
	}
	tell(&issues);
	return status;
}

static void
list(const struct hf_pop_framework *f)
{
	for (size_t i = 0; i < f->n; i++)
		printf("%-34s %s\n", f->measures[i].id, f->measures[i].title);
}

static int
example(const struct hf_command *cmd, const char *id, struct hf_arena *arena)
{
	struct hf_issues issues = {.arena = arena};
	struct hf_pop_comparison c;
	struct hf_buf out = {0};
	struct hf_err err;
	size_t len = strlen(id);

	for (size_t i = 0; i < hf_n_comparisons_builtin; i++) {
		const struct hf_definition_text *d = &hf_comparisons_builtin[i];

		if (strncmp(d->name, id, len) != 0 ||
		    strcmp(d->name + len, ".json") != 0)
			continue;
		if (hf_pop_comparison_load(d->name, d->text, arena, &issues, &c,
					   &err)) {
			tell(&issues);
			return hf_cli_fail(cmd, &err);
		}
		hf_pop_comparison_text(&c, &out);
		fwrite(out.p, 1, out.n, stdout);
		hf_buf_free(&out);
		return HF_EXIT_DONE;
	}
	return hf_misuse(cmd, "there is no example \"%s\"", id);
}

static int
write_file(const struct hf_command *cmd, const char *path, struct hf_sv bytes)
{
	FILE *file = fopen(path, "we");

	if (file && fwrite(bytes.p, 1, bytes.n, file) == bytes.n && fclose(file) == 0)
		return HF_EXIT_DONE;
	fprintf(stderr, "homefirst %s: %s: %s\n", cmd->name, path, strerror(errno));
	return HF_EXIT_FAILED;
}

static enum hf_rc
put_json(const struct hf_pop_report *r, size_t ids, struct hf_buf *out)
{
	struct hf_jw w = {.out = out};

	if (ids == 0) {
		hf_jw_obj(&w);
		hf_pop_report_tiles(r, r->n_areas == 2 ? 1 : 0, &w);
		hf_jw_obj_end(&w);
		return HF_OK;
	}
	hf_jw_arr(&w);
	for (size_t m = 0; m < r->n_measures; m++)
		hf_pop_report_json(r, m, &w);
	hf_jw_arr_end(&w);
	return HF_OK;
}

static int
put(const struct hf_command *cmd, const struct ask *a, const struct hf_pop_report *r,
    size_t ids, struct hf_arena *arena)
{
	struct hf_buf out = {0};
	struct hf_err err = {0};
	struct hf_book *book = NULL;
	enum hf_rc rc = HF_OK;
	int status = HF_EXIT_DONE;

	if (a->workbook || strcmp(a->format, "csv") == 0)
		book = hf_pop_report_book(r, arena);
	if (a->workbook) {
		rc = hf_book_ods(book, &out, &err);
		if (rc == HF_OK)
			status = write_file(cmd, a->workbook, hf_buf_view(&out));
	} else if (strcmp(a->format, "csv") == 0) {
		rc = hf_sheet_csv(book, book->sheets, &out, &err);
	} else if (strcmp(a->format, "json") == 0) {
		rc = put_json(r, ids, &out);
	} else {
		hf_pop_report_text(r, &out);
	}
	if (rc == HF_OK && out.failed)
		rc = hf_fail(&err, HF_TOO_LONG, NULL, "no memory for the answer");
	if (rc == HF_OK && !a->workbook) {
		fwrite(out.p, 1, out.n, stdout);
		if (strcmp(a->format, "json") == 0)
			putchar('\n');
	}
	hf_buf_free(&out);
	return rc ? hf_cli_fail(cmd, &err) : status;
}

/* Each measure that is compared, beside its peers. */
static int
put_peers(const struct hf_command *cmd, const struct ask *a,
	  const struct hf_pop_report *r, struct hf_reader *reader,
	  struct hf_arena *arena)
{
	bool json = strcmp(a->format, "json") == 0;
	struct hf_buf out = {0};
	struct hf_jw w = {.out = &out};
	struct hf_err err = {0};
	enum hf_rc rc = HF_OK;

	if (json)
		hf_jw_arr(&w);
	for (size_t m = 0; m < r->n_measures && rc == HF_OK; m++) {
		const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];
		struct hf_peers_found *f = HF_NEW(arena, struct hf_peers_found);

		rc =
		    f ? hf_peers_run(reader, r, m, hf_sv_from(a->group), arena, f, &err)
		      : hf_fail(&err, HF_TOO_LONG, NULL, "no memory for peers");
		for (size_t i = 0; rc == HF_OK && i < f->n; i++) {
			if (json)
				hf_peers_json(&f->group[i], is, f->files, f->n_files,
					      &w);
			else
				hf_peers_text(&f->group[i], is, &out);
		}
	}
	if (json)
		hf_jw_arr_end(&w);
	if (rc == HF_OK)
		printf("%.*s%s", (int)out.n, out.n ? out.p : "", json ? "\n" : "");
	hf_buf_free(&out);
	return rc ? hf_cli_fail(cmd, &err) : HF_EXIT_DONE;
}

static enum hf_rc
pick(const struct hf_pop_framework *f, int argc, char **argv, uint64_t *out,
     struct hf_err *err)
{
	*out = argc ? 0 : (f->n < 64 ? (UINT64_C(1) << f->n) - 1 : ~UINT64_C(0));
	for (int i = 0; i < argc; i++) {
		int at = hf_pop_framework_find(f, hf_sv_from(argv[i]));

		if (at < 0)
			return hf_fail(err, HF_NOT_FOUND, argv[i],
				       "there is no measure of this id: "
				       "'homefirst measure --list' names them");
		*out |= UINT64_C(1) << at;
	}
	return HF_OK;
}

/* What leaves by this way weighs as what leaves by HTTP (adr/0026): the one taken from
 * the other says nothing of anybody. */
static enum hf_rc
weigh(const struct hf_pop_columns *c, uint8_t **out, struct hf_err *err)
{
	*out = malloc((size_t)c->n_persons + 1);
	if (!*out)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	return hf_pop_weigh(c, *out, err);
}

static int
answer(const struct hf_command *cmd, const struct ask *a,
       const struct hf_pop_framework *f, struct hf_store *store,
       const struct hf_pop_columns *c, struct hf_arena *arena, int argc, char **argv)
{
	const struct hf_pop_question q = {
	    .by = hf_sv_from(a->by),
	    .grain = hf_sv_from(a->grain),
	    .from = hf_sv_from(a->from),
	    .to = hf_sv_from(a->to),
	    .baseline = hf_sv_from(a->baseline),
	    .frozen = hf_sv_from(a->frozen),
	    .trend = hf_sv_from(a->trend),
	    .its = hf_sv_from(a->its),
	    .control = hf_sv_from(a->control),
	    .since = hf_sv_from(a->since),
	};
	struct hf_pop_report_ask ask;
	struct hf_pop_extra *extra = NULL;
	struct hf_pop_report *r = NULL;
	struct hf_reader *reader = NULL;
	struct hf_err err = {0};
	uint64_t measures;
	uint8_t *weight = NULL;
	enum hf_rc rc = pick(f, argc, argv, &measures, &err);
	int status;

	if (rc == HF_OK)
		rc = hf_pop_question_read(c, &q, &ask, &err);
	if (rc == HF_OK)
		rc = hf_reader_get(store, &reader, &err);
	if (rc == HF_OK) {
		ask.ask.measures = measures;
		ask.disclose = a->disclose;
		rc = a->disclose ? weigh(c, &weight, &err) : HF_OK;
		ask.ask.weight = weight;
	}
	if (rc == HF_OK)
		rc = hf_pop_extra_make(reader, c, &ask, &extra, &err);
	if (rc == HF_OK)
		rc = hf_pop_report_run(c, f, &ask, (unsigned)a->threads, &r, &err);
	if (rc == HF_OK)
		rc = hf_pop_effect_check(r, &err);
	status = rc	    ? hf_cli_fail(cmd, &err)
		 : a->peers ? put_peers(cmd, a, r, reader, arena)
			    : put(cmd, a, r, (size_t)argc, arena);
	hf_pop_report_free(r);
	hf_pop_extra_free(extra);
	free(weight);
	if (reader)
		hf_reader_put(reader);
	return status;
}

static int
run(const struct hf_command *cmd, const struct ask *a, const struct hf_pop_framework *f,
    struct hf_arena *arena, int argc, char **argv)
{
	struct hf_store *store;
	struct hf_pop_live *live = NULL;
	const struct hf_pop_columns *c;
	struct hf_err err = {0};
	int status = hf_cli_open(cmd, &a->where, HF_CLI_READ, &store);

	if (status != HF_EXIT_DONE)
		return status;
	if (hf_pop_live_open(store, false, &live, &err)) {
		status = hf_cli_fail(cmd, &err);
	} else {
		c = hf_pop_hold(live);
		if (c && c->n_events) {
			status = answer(cmd, a, f, store, c, arena, argc, argv);
		} else {
			hf_fail(&err, HF_RULE, NULL,
				"there is no activity in this store: 'homefirst "
				"import' takes files of it");
			status = hf_cli_fail(cmd, &err);
		}
		if (c)
			hf_pop_release(live, c);
	}
	hf_pop_live_close(live);
	hf_store_close(store);
	return status;
}

static bool
is_format(const char *word)
{
	return hf_sv_among(hf_sv_from(word), "table csv json");
}

int
hf_cmd_measure(const struct hf_command *cmd, int argc, char **argv)
{
	struct ask a = {.format = "table", .group = ""};
	const struct hf_opt opts[] = {
	    HF_CLI_STORE_OPTS(&a.where),
	    {.name = "by",
	     .kind = HF_OPT_TEXT,
	     .arg = "WHAT",
	     .help = "place, partnership, locality, practice, age, sex, deprivation,\n"
		     "ethnicity, segment, provider or pathway (place)",
	     .out = &a.by},
	    {.name = "from",
	     .kind = HF_OPT_TEXT,
	     .arg = "DAY",
	     .help = "the first day",
	     .out = &a.from},
	    {.name = "to",
	     .kind = HF_OPT_TEXT,
	     .arg = "DAY",
	     .help = "the day after the last",
	     .out = &a.to},
	    {.name = "grain",
	     .kind = HF_OPT_TEXT,
	     .arg = "WHAT",
	     .help = "day, week, month, quarter or year (month)",
	     .out = &a.grain},
	    {.name = "baseline",
	     .kind = HF_OPT_TEXT,
	     .arg = "DAY:DAY",
	     .help = "what the total is compared with",
	     .out = &a.baseline},
	    {.name = "frozen",
	     .kind = HF_OPT_TEXT,
	     .arg = "DAY",
	     .help = "practices stay in the locality of that day",
	     .out = &a.frozen},
	    {.name = "trend",
	     .kind = HF_OPT_TEXT,
	     .arg = "N",
	     .help = "points that make a trend (6)",
	     .out = &a.trend},
	    {.name = "its",
	     .kind = HF_OPT_TEXT,
	     .arg = "DAY",
	     .help = "did level or slope change at that day? (interrupted time\n"
		     "series)",
	     .out = &a.its},
	    {.name = "synthetic-control",
	     .kind = HF_OPT_TEXT,
	     .arg = "AREA",
	     .help = "that area against a mixture of the others, --since a day",
	     .out = &a.control},
	    {.name = "since",
	     .kind = HF_OPT_TEXT,
	     .arg = "DAY",
	     .help = "of --synthetic-control: the first day that is different",
	     .out = &a.since},
	    {.name = "format",
	     .kind = HF_OPT_TEXT,
	     .arg = "WHAT",
	     .help = "table, csv or json (table)",
	     .out = &a.format},
	    {.name = "workbook",
	     .kind = HF_OPT_TEXT,
	     .arg = "FILE.ods",
	     .help = "write a workbook instead",
	     .out = &a.workbook},
	    {.name = "disclose",
	     .kind = HF_OPT_FLAG,
	     .help = "as over HTTP: people weighed, small numbers gone,\n"
		     "others rounded",
	     .out = &a.disclose},
	    {.name = "peers",
	     .kind = HF_OPT_FLAG,
	     .help = "beside the peers there are published figures of",
	     .out = &a.peers},
	    {.name = "group",
	     .kind = HF_OPT_TEXT,
	     .arg = "ID",
	     .help = "only this group of peers",
	     .out = &a.group},
	    {.name = "threads",
	     .kind = HF_OPT_NUMBER,
	     .arg = "N",
	     .help = "how many (one a core)",
	     .out = &a.threads,
	     .min = 0,
	     .max = 16},
	    {.name = "check",
	     .kind = HF_OPT_FLAG,
	     .help = "look at documents",
	     .out = &a.check},
	    {.name = "list",
	     .kind = HF_OPT_FLAG,
	     .help = "name the measures",
	     .out = &a.list},
	    {.name = "example",
	     .kind = HF_OPT_TEXT,
	     .arg = "ID",
	     .help = "print a published comparison",
	     .out = &a.example},
	};
	struct hf_arena arena = {.cap = ARENA};
	struct hf_issues issues = {.arena = &arena};
	struct hf_pop_framework f;
	struct hf_err err;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (!is_format(a.format))
		return hf_misuse(cmd, "--format is table, csv or json");
	if (load_builtin(&arena, &issues, &f, &err) != HF_OK) {
		tell(&issues);
		status = hf_cli_fail(cmd, &err);
	} else if (a.check) {
		status = check_files(cmd, &f, &arena, argc - first, argv + first);
	} else if (a.list) {
		list(&f);
	} else if (a.example) {
		status = example(cmd, a.example, &arena);
	} else {
		status = run(cmd, &a, &f, &arena, argc - first, argv + first);
	}
	hf_arena_free(&arena);
	return status;
}
