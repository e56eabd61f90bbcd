/* cmd_contract_run.c - homefirst contract check, run, reconcile, statement, input: what
 * a contract earns, of a file of figures or of what a store keeps. */
#include "cli/io/cmd_contract_fill.h"

#include <errno.h>

#include "base/csv.h"
#include "contract/io/book.h"
#include "contract/show.h"
#include "record/io/desk.h"

enum { ARENA = 512 << 20, FILE_MOST = 64 << 20 };

struct work {
	const struct hf_command *cmd;
	struct hf_cli_store where;
	struct hf_store *store;
	struct hf_reader *reader;
	struct hf_arena arena;
	struct hf_issues issues;
	struct hf_ct_library lib;
	size_t at;
	const char *input, *to, *format;
	enum hf_cli_format how;
	int64_t quarter, version;
	struct hf_ct_input *in;
	size_t n;
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
read_file(const char *path, struct hf_arena *arena, struct hf_sv *out,
	  struct hf_err *err)
{
	struct hf_buf b = {.cap = FILE_MOST};
	FILE *f = fopen(path, "re");
	size_t got = 1;

	if (!f)
		return hf_fail(err, HF_NOT_FOUND, path, "it cannot be read: %s",
			       strerror(errno));
	while (got) {
		char *room = hf_buf_room(&b, 65536);

		got = room ? fread(room, 1, 65536, f) : 0;
		b.n += got;
	}
	fclose(f);
	*out = hf_arena_sv(arena, b.n ? hf_buf_view(&b) : HF_SV(""));
	got = b.failed || !out->p;
	hf_buf_free(&b);
	return got ? hf_fail(err, HF_TOO_LONG, path, "the file is too large") : HF_OK;
}

/* ---- figures of a file ---- */

enum column { LINE, MONTH, CUT, UNITS, POUNDS, PRICE, RESULT, HOLD, COLUMNS };
static const char *const columns[COLUMNS] = {"line",   "month", "cut",	  "units",
					     "pounds", "price", "result", "hold"};

static enum hf_rc
wrong(const char *path, const struct hf_csv *csv, const char *text, struct hf_err *err)
{
	char where[150];

	snprintf(where, sizeof where, "%.120s:%llu", path,
		 (unsigned long long)csv->line);
	return hf_fail(err, HF_INVALID, where, "%s", text);
}

static bool
is_month(struct hf_sv text, int fy, uint8_t *out)
{
	struct hf_date d;
	struct hf_period p;

	if (!hf_date_parse(text, false, &d) || d.precision != HF_PREC_MONTH)
		return false;
	p = hf_period_of(hf_london_day(d.lo));
	*out = (uint8_t)(p.period - 1);
	return p.fy == fy;
}

/* NULL, or what is wrong. */
static const char *
read_row(const struct hf_ct_terms *t, const struct hf_csv_row *row,
	 struct hf_ct_input *in)
{
	const struct hf_sv *f = row->fields;
	int line = hf_ct_line_find(t, f[LINE]);

	*in = (struct hf_ct_input){.price = -1};
	if (line < 0)
		return "the contract has no such line";
	in->line = (uint8_t)line;
	if (!is_month(f[MONTH], t->fy, &in->month))
		return "a month is of the contract's year, as 2020-04";
	in->freeze = hf_sv_is(f[CUT], "freeze");
	if (!in->freeze && !hf_sv_is(f[CUT], "flex"))
		return "the cut is flex or freeze";
	if (f[UNITS].n && (!hf_sv_int(f[UNITS], &in->units) || in->units < 0))
		return "units are a whole number, 0 or more";
	if (f[POUNDS].n && !hf_pence_parse(f[POUNDS], &in->pence))
		return "pounds have at most two places";
	if (f[PRICE].n && (!hf_pence_parse(f[PRICE], &in->price) || in->price < 0))
		return "a price is pounds with at most two places";
	if (f[RESULT].n && !hf_decimal_parse(f[RESULT], &in->result))
		return "the result is no number";
	in->hold = hf_sv_is(f[HOLD], "yes");
	if (f[HOLD].n && !in->hold && !hf_sv_is(f[HOLD], "no"))
		return "hold is yes, no or empty";
	return hf_ct_input_lacks(t, in,
				 &(struct hf_ct_said){f[UNITS].n > 0, f[POUNDS].n > 0,
						      f[RESULT].n > 0, in->hold});
}

static bool
heads_are_right(const struct hf_csv_row *row)
{
	if (row->n != COLUMNS)
		return false;
	for (int i = 0; i < COLUMNS; i++)
		if (!hf_sv_eq(row->fields[i], hf_sv_from(columns[i])))
			return false;
	return true;
}

static enum hf_rc
read_rows(struct work *w, struct hf_sv text, struct hf_err *err)
{
	const struct hf_ct_terms *t = w->lib.contracts[w->at];
	struct hf_csv csv = {.rest = text};
	struct hf_csv_row row;
	enum hf_rc rc = hf_csv_next(&csv, &w->arena, &row, err);

	if (rc == HF_OK && !heads_are_right(&row))
		rc = wrong(w->input, &csv,
			   "the first row is line,month,cut,units,pounds,price,result,"
			   "hold",
			   err);
	w->in = hf_arena_array(&w->arena, HF_CT_PUT, sizeof *w->in);
	if (!w->in)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the figures");
	while (rc == HF_OK) {
		const char *what;

		rc = hf_csv_next(&csv, &w->arena, &row, err);
		if (rc || row.n == 0)
			break;
		what = w->n == HF_CT_PUT ? "there are too many rows"
		       : row.n != COLUMNS
			   ? "the row has not as many fields as the first"
			   : read_row(t, &row, &w->in[w->n]);
		if (what)
			rc = wrong(w->input, &csv, what, err);
		w->n++;
		if (rc == HF_OK)
			w->in[w->n - 1].seq = (int64_t)w->n;
	}
	return rc;
}

/* ---- where figures come from ---- */

static enum hf_rc
open_figures(struct work *w, struct hf_err *err)
{
	struct hf_sv text;
	enum hf_rc rc;

	if (!w->input)
		return hf_ct_book_inputs(hf_reader_db(w->reader),
					 w->lib.contracts[w->at], INT64_MAX, &w->arena,
					 &w->in, &w->n, err);
	rc = read_file(w->input, &w->arena, &text, err);
	return rc ? rc : read_rows(w, text, err);
}

static enum hf_rc
make_run(struct work *w, int64_t day, struct hf_ct_run **out, struct hf_err *err)
{
	const struct hf_ct_terms *t = w->lib.contracts[w->at];
	struct hf_ct_facts *facts = HF_NEW(&w->arena, struct hf_ct_facts);
	enum hf_rc rc;

	*out = HF_NEW(&w->arena, struct hf_ct_run);
	if (!facts || !*out)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for a run");
	rc = hf_ct_facts(t, w->in, w->n, INT64_MAX, facts, err);
	return rc ? rc
		  : hf_ct_run(t, hf_ct_library_rules(&w->lib, t), facts, day, *out,
			      err);
}

/* The library, the contract of this id, and the store when figures are its. */
static int
begin(struct work *w, const char *id)
{
	const struct hf_ct_terms *t;
	struct hf_err err;
	int status;

	w->arena.cap = ARENA;
	w->issues.arena = &w->arena;
	if (hf_ct_library_load(&w->arena, &w->issues, &w->lib, &err) != HF_OK ||
	    hf_ct_library_contract(&w->lib, hf_sv_from(id), &t, &w->at, &err) !=
		HF_OK) {
		tell(&w->issues);
		return hf_cli_fail(w->cmd, &err);
	}
	if (w->input)
		return HF_EXIT_DONE;
	status = hf_cli_open(w->cmd, &w->where, HF_CLI_READ, &w->store);
	if (status == HF_EXIT_DONE &&
	    hf_reader_get(w->store, &w->reader, &err) != HF_OK)
		status = hf_cli_fail(w->cmd, &err);
	return status;
}

static void
end(struct work *w)
{
	if (w->reader)
		hf_reader_put(w->reader);
	if (w->store)
		hf_store_close(w->store);
	hf_ct_library_free(&w->lib);
	hf_arena_free(&w->arena);
}

/* ---- run ---- */

static void
print_row(const struct work *w, const char *number, const char *title,
	  const struct hf_ct_amounts *a)
{
	enum hf_pence_style style =
	    w->how == HF_CLI_CSV ? HF_PENCE_PLAIN : HF_PENCE_POUNDS;
	const char *fmt = w->how == HF_CLI_CSV
			      ? "%s,\"%s\",%s,%s,%s,%s,%s\r\n"
			      : "%-3s %-28s %18s %18s %18s %18s %16s\n";
	char t[5][HF_MONEY_TEXT];

	hf_pence_text(a->plan, style, t[0], sizeof t[0]);
	hf_pence_text(a->account, style, t[1], sizeof t[1]);
	hf_pence_text(a->earned, style, t[2], sizeof t[2]);
	hf_pence_text(a->shadow, style, t[3], sizeof t[3]);
	hf_pence_text(a->earned - a->account, style, t[4], sizeof t[4]);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	printf(fmt, number, title, t[0], t[1], t[2], t[3], t[4]);
#pragma GCC diagnostic pop
}

static void
print_run(const struct work *w, const struct hf_ct_run *run)
{
	const struct hf_ct_terms *t = run->terms;
	int m = run->months - 1;

	if (w->how == HF_CLI_CSV)
		printf("line,title,plan,on account,earned,shadow,true-up\r\n");
	else
		printf("%-3s %-28s %18s %18s %18s %18s %16s\n", "", t->id, "plan",
		       "on account", "earned", "shadow", "true-up");
	for (size_t c = 0; c < t->n_components; c++) {
		const struct hf_ct_component *def = &t->components[c];

		print_row(w, def->number, def->title, &run->components[c][m].sum);
		for (int l = 0; def->n > 1 && l < def->n; l++)
			print_row(w, "", t->lines[def->first + l].title,
				  &run->lines[def->first + l][m]);
	}
	print_row(w, "", "total", &run->total[m]);
	if (run->facts->n_late && w->how == HF_CLI_TABLE)
		printf("%zu figures came after their month was frozen and do not "
		       "count\n",
		       run->facts->n_late);
}

static bool
is_day(const char *text, int64_t *out)
{
	struct hf_date d;

	if (!text || !hf_date_parse(hf_sv_from(text), false, &d) ||
	    d.precision != HF_PREC_DAY)
		return false;
	*out = hf_london_day(d.lo);
	return true;
}

static int
do_run(struct work *w)
{
	struct hf_ct_run *run;
	struct hf_err err;
	int64_t day;

	if (!is_day(w->to, &day))
		return hf_misuse(w->cmd, "--to is a day as 2020-06-30");
	if (open_figures(w, &err) || make_run(w, day, &run, &err))
		return hf_cli_fail(w->cmd, &err);
	if (w->how == HF_CLI_JSON) {
		struct hf_buf b = {0};
		struct hf_jw jw = {.out = &b};

		hf_jw_obj(&jw);
		hf_ct_run_write(run, &jw);
		if (w->store && hf_cli_contract_put_accruals(w->store, w->reader,
							     run->terms, &jw, &err)) {
			hf_buf_free(&b);
			return hf_cli_fail(w->cmd, &err);
		}
		hf_jw_obj_end(&jw);
		printf("%.*s\n", HF_SV_ARG(hf_buf_view(&b)));
		hf_buf_free(&b);
	} else {
		print_run(w, run);
	}
	return HF_EXIT_DONE;
}

/* ---- reconcile, statement ---- */

static int
print_statement(struct work *w, struct hf_sv body)
{
	struct hf_buf out = {0};
	char sha[HF_CT_SHA_TEXT] = "";
	struct hf_err err;
	int status = HF_EXIT_DONE;

	if (w->how == HF_CLI_JSON) {
		fwrite(body.p, 1, body.n, stdout);
		return HF_EXIT_DONE;
	}
	if (!hf_ct_sha(body, sha) ||
	    hf_ct_statement_show(body, sha, NULL, 0, HF_CT_CSV, &w->arena, &out, &err))
		status = hf_cli_fail(w->cmd, &err);
	else
		fwrite(out.p, 1, out.n, stdout);
	hf_buf_free(&out);
	return status;
}

static enum hf_rc
draft(struct work *w, struct hf_sv *body, struct hf_ct_run **run, struct hf_err *err)
{
	const struct hf_ct_terms *t = w->lib.contracts[w->at];
	struct hf_ct_statement_about about = {
	    .quarter = (int)w->quarter,
	    .by = HF_SV("cli"),
	    .at = hf_ct_quarter_end(t->fy, (int)w->quarter) * 86400000,
	    .terms_sha = hf_sv_from(w->lib.sha[w->at]),
	    .rules = hf_ct_library_rules(&w->lib, t)};
	struct hf_buf out = {.cap = 1 << 20};
	enum hf_rc rc = open_figures(w, err);

	if (rc == HF_OK)
		rc = make_run(w, hf_ct_quarter_end(t->fy, (int)w->quarter), run, err);
	/* A store knows which quarters are agreed, and what they have to be corrected
	 * by; a file does not. */
	if (rc == HF_OK && !w->input)
		return hf_ct_book_draft(hf_reader_db(w->reader), &w->lib, w->at,
					(int)w->quarter, HF_SV("cli"), &w->arena, body,
					err);
	if (rc == HF_OK)
		rc = hf_ct_statement_write(*run, &about, &out, err);
	if (rc == HF_OK)
		*body = hf_arena_sv(&w->arena, hf_buf_view(&out));
	hf_buf_free(&out);
	return rc;
}

/* With what earlier quarters are corrected by. */
static int
print_payable(struct work *w, struct hf_sv body)
{
	char text[HF_MONEY_TEXT];
	struct hf_json d;
	struct hf_err err;
	int64_t v = 0;

	if (hf_ct_statement_check(body, &w->arena, &d, &err))
		return hf_cli_fail(w->cmd, &err);
	hf_sv_int(hf_json_raw(&d, hf_json_member(&d, 0, "payable")), &v);
	printf("to be paid to the provider, with corrections of earlier quarters: %s\n",
	       hf_pence_text(v, HF_PENCE_POUNDS, text, sizeof text));
	return HF_EXIT_DONE;
}

/* What a statement would say now; nothing is kept. */
static int
do_reconcile(struct work *w)
{
	struct hf_ct_run *run;
	struct hf_sv body = {0};
	struct hf_err err;

	if (draft(w, &body, &run, &err))
		return hf_cli_fail(w->cmd, &err);
	if (w->how != HF_CLI_TABLE)
		return print_statement(w, body);
	for (size_t c = 0; w->quarter > 1 && c < run->terms->n_components; c++) {
		struct hf_ct_amounts two[HF_CT_MONTHS] = {
		    run->components[c][w->quarter * 3 - 4].sum,
		    run->components[c][w->quarter * 3 - 1].sum};

		run->components[c][w->quarter * 3 - 1].sum = hf_ct_month(two, 1);
	}
	if (w->quarter > 1) {
		struct hf_ct_amounts two[HF_CT_MONTHS] = {
		    run->total[w->quarter * 3 - 4], run->total[w->quarter * 3 - 1]};

		run->total[w->quarter * 3 - 1] = hf_ct_month(two, 1);
	}
	for (size_t c = 0; c < run->terms->n_components; c++)
		print_row(w, run->terms->components[c].number,
			  run->terms->components[c].title,
			  &run->components[c][w->quarter * 3 - 1].sum);
	print_row(w, "", "total", &run->total[w->quarter * 3 - 1]);
	return print_payable(w, body);
}

/* One that is kept, with what came of making it again. */
static int
do_statement(struct work *w)
{
	const struct hf_ct_terms *t = w->lib.contracts[w->at];
	struct hf_ct_statement s;
	struct hf_err err;
	char text[16];

	if (w->input)
		return do_reconcile(w);
	hf_ct_quarter_text(t->fy, (int)w->quarter, text, sizeof text);
	if (hf_ct_book_statement(hf_reader_db(w->reader), hf_sv_from(t->id),
				 hf_sv_from(text), w->version, &w->arena, &s, &err))
		return hf_cli_fail(w->cmd, &err);
	if (hf_ct_book_again(hf_reader_db(w->reader), &w->lib, w->at, &s, &w->arena,
			     &err))
		fprintf(stderr, "homefirst %s: %s\n", w->cmd->name, err.text);
	if (w->how != HF_CLI_TABLE)
		return print_statement(w, s.body);
	printf("%s %s version %lld: %s\nSHA-256 %.*s\n", t->id, text,
	       (long long)s.version,
	       s.n_signatures == HF_CT_PARTIES ? "agreed"
	       : s.n_signatures		       ? "signed by one party"
					       : "draft",
	       HF_SV_ARG(s.hash));
	return HF_EXIT_DONE;
}

/* ---- the verbs ---- */

static int
do_verb(const struct hf_command *cmd, int argc, char **argv, bool quarterly,
	int (*verb)(struct work *w))
{
	struct work w = {.cmd = cmd};
	const struct hf_opt opts[] = {
	    HF_CLI_STORE_OPTS(&w.where),
	    {.name = "input",
	     .kind = HF_OPT_TEXT,
	     .arg = "FILE.csv",
	     .help = "figures of a file, and none of a store",
	     .out = &w.input},
	    {.name = "format",
	     .kind = HF_OPT_TEXT,
	     .arg = "WORD",
	     .help = "table, csv or json",
	     .out = &w.format},
	    {.name = quarterly ? "quarter" : "to",
	     .kind = quarterly ? HF_OPT_NUMBER : HF_OPT_TEXT,
	     .arg = quarterly ? "N" : "DAY",
	     .help = quarterly ? "1 (April to June) to 4" : "the last day, 2020-06-30",
	     .out = quarterly ? (void *)&w.quarter : (void *)&w.to,
	     .min = 1,
	     .max = 4},
	    {.name = "version",
	     .kind = HF_OPT_NUMBER,
	     .arg = "N",
	     .help = "of a statement that is kept (the newest)",
	     .out = &w.version,
	     .min = 1,
	     .max = 1000000}};
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts) - !quarterly, argc, argv, &first,
			  &status))
		return status;
	if (first + 1 != argc)
		return hf_misuse(cmd, "name one contract");
	if (quarterly && w.quarter == 0)
		return hf_misuse(cmd, "--quarter is 1 to 4");
	status = hf_cli_format(cmd, w.format, &w.how);
	if (status != HF_EXIT_DONE)
		return status;
	status = begin(&w, argv[first]);
	if (status == HF_EXIT_DONE)
		status = verb(&w);
	end(&w);
	return status;
}

int
hf_cli_contract_run(const struct hf_command *cmd, int argc, char **argv)
{
	return do_verb(cmd, argc, argv, false, do_run);
}

int
hf_cli_contract_reconcile(const struct hf_command *cmd, int argc, char **argv)
{
	return do_verb(cmd, argc, argv, true, do_reconcile);
}

int
hf_cli_contract_statement(const struct hf_command *cmd, int argc, char **argv)
{
	return do_verb(cmd, argc, argv, true, do_statement);
}

/* Keeps the figures of a file. */
static int
keep_file(struct work *w, const char *id)
{
	struct hf_err err;
	int64_t number;
	int status = begin(w, id);

	if (status == HF_EXIT_DONE)
		status = hf_cli_open(w->cmd, &w->where, HF_CLI_WRITE, &w->store);
	if (status == HF_EXIT_DONE &&
	    (open_figures(w, &err) ||
	     hf_ct_book_put(w->store, &hf_cli_contract_by, w->lib.contracts[w->at],
			    w->in, w->n, HF_SV("homefirst contract input"), &number,
			    &err)))
		status = hf_cli_fail(w->cmd, &err);
	else if (status == HF_EXIT_DONE)
		printf("%zu figures kept, from number %lld on\n", w->n,
		       (long long)number);
	end(w);
	return status;
}

int
hf_cli_contract_input(const struct hf_command *cmd, int argc, char **argv)
{
	struct work w = {.cmd = cmd};
	struct hf_cli_fill_ask q = {.cmd = cmd};
	bool activity = false;
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&w.where),
		{.name = "from-activity", .kind = HF_OPT_FLAG,
		 .help = "no file: the activity of the store, priced by the list of each day",
		 .out = &activity},
		{.name = "month", .kind = HF_OPT_TEXT, .arg = "YYYY-MM",
		 .help = "the first month (without --to the only one); else all that have ended",
		 .out = &q.month},
		{.name = "to", .kind = HF_OPT_TEXT, .arg = "YYYY-MM",
		 .help = "the last month", .out = &q.to},
		{.name = "cut", .kind = HF_OPT_TEXT, .arg = "WORD",
		 .help = "flex, the first cut (so without it), or freeze, the final one",
		 .out = &q.cut},
		{.name = "dry-run", .kind = HF_OPT_FLAG,
		 .help = "tell what would be kept, and keep nothing", .out = &q.dry},
		{.name = "format", .kind = HF_OPT_TEXT, .arg = "WORD",
		 .help = "of --from-activity: table, csv or json", .out = &w.format},
	};
	/* clang-format on */
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first + 2 - activity != argc)
		return hf_misuse(
		    cmd, activity ? "name a contract; its activity is the store's"
				  : "name a contract and a file");
	status = hf_cli_format(cmd, w.format, &q.how);
	if (status != HF_EXIT_DONE)
		return status;
	q.where = w.where;
	if (activity)
		return hf_cli_contract_fill(&q, argv[first]);
	w.input = argv[first + 1];
	return keep_file(&w, argv[first]);
}

/* ---- check ---- */

static int
check_file(const struct hf_command *cmd, const char *path)
{
	struct hf_arena arena = {.cap = ARENA};
	struct hf_issues issues = {.arena = &arena};
	struct hf_ct_terms *t = NULL;
	struct hf_sv text;
	struct hf_err err;
	enum hf_rc rc = read_file(path, &arena, &text, &err);

	if (rc)
		hf_cli_fail(cmd, &err);
	else
		rc = hf_ct_terms_load(path, text, &arena, &issues, &t, &err);
	tell(&issues);
	if (rc == HF_OK)
		printf("%s %s: in order; %zu components, %zu lines\n", t->id,
		       t->version, t->n_components, t->n_lines);
	hf_arena_free(&arena);
	return rc ? HF_EXIT_FAILED : HF_EXIT_DONE;
}

int
hf_cli_contract_check(const struct hf_command *cmd, int argc, char **argv)
{
	struct work w = {.cmd = cmd, .arena = {.cap = ARENA}};
	struct hf_err err;
	int first, status, worst = HF_EXIT_DONE;

	if (!hf_opt_parse(cmd, NULL, 0, argc, argv, &first, &status))
		return status;
	for (int i = first; i < argc; i++)
		if (check_file(cmd, argv[i]) != HF_EXIT_DONE)
			worst = HF_EXIT_FAILED;
	if (first < argc)
		return worst;
	w.issues.arena = &w.arena;
	if (hf_ct_library_load(&w.arena, &w.issues, &w.lib, &err) != HF_OK) {
		tell(&w.issues);
		worst = hf_cli_fail(cmd, &err);
	} else {
		printf(
		    "%zu contracts, %zu years of rules, %zu pooled funds: in order\n",
		    w.lib.n_contracts, w.lib.n_years, w.lib.n_pools);
	}
	end(&w);
	return worst;
}
