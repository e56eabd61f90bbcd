/* cmd_contract_pack.c - homefirst contract pack, outcomes: the monthly pack as a file,
 * and results of outcomes taken from the measures. */
#include "cli/io/cmd_contract.h"

#include <errno.h>
#include <math.h>

#include "base/io/clock.h"
#include "contract/io/oversight.h"
#include "contract/pack.h"
#include "population/io/live.h"
#include "record/io/desk.h"
#include "server/contract_measures.h"

enum { ARENA = 1 << 30 };

struct work {
	const struct hf_command *cmd;
	struct hf_cli_store where;
	struct hf_store *store;
	struct hf_reader *reader;
	struct hf_pop_live *live;
	struct hf_outcomes *outcomes;
	struct hf_arena arena;
	struct hf_issues issues;
	struct hf_ct_library lib;
	size_t at;
};

static int
begin(struct work *w, const char *id, enum hf_cli_open how)
{
	const struct hf_ct_terms *t;
	struct hf_err err;
	int status;

	w->arena.cap = ARENA;
	w->issues.arena = &w->arena;
	if (hf_ct_library_load(&w->arena, &w->issues, &w->lib, &err) ||
	    hf_ct_library_contract(&w->lib, hf_sv_from(id), &t, &w->at, &err))
		return hf_cli_fail(w->cmd, &err);
	status = hf_cli_open(w->cmd, &w->where, how, &w->store);
	if (status != HF_EXIT_DONE)
		return status;
	if (hf_reader_get(w->store, &w->reader, &err) ||
	    hf_pop_live_open(w->store, false, &w->live, &err) ||
	    hf_outcomes_open(w->live, &w->outcomes, &err))
		return hf_cli_fail(w->cmd, &err);
	return HF_EXIT_DONE;
}

static void
end(struct work *w)
{
	hf_outcomes_close(w->outcomes);
	if (w->live)
		hf_pop_live_close(w->live);
	if (w->reader)
		hf_reader_put(w->reader);
	if (w->store)
		hf_store_close(w->store);
	hf_ct_library_free(&w->lib);
	hf_arena_free(&w->arena);
}

static struct hf_contract_source
source_of(struct work *w)
{
	return (struct hf_contract_source){w->outcomes, w->reader, &w->arena};
}

/* ---- pack ---- */

struct pack {
	const char *format, *as_at, *out;
	int64_t month;
};

static bool
end_of_day(const char *text, hf_time *out)
{
	struct hf_date d;
	char today[16];

	if (!text)
		text = hf_ct_day_text(hf_london_day(hf_now()), today, sizeof today);
	if (!hf_date_parse(hf_sv_from(text), false, &d) || d.precision != HF_PREC_DAY)
		return false;
	*out = d.hi - 1;
	return true;
}

static int
write_out(const struct work *w, const char *path, struct hf_sv bytes)
{
	FILE *f = path ? fopen(path, "we") : stdout;
	bool whole = f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n;

	if (f && fflush(f) != 0)
		whole = false;
	if (f && path && fclose(f) != 0)
		whole = false;
	if (whole)
		return HF_EXIT_DONE;
	fprintf(stderr, "homefirst %s: %s: %s\n", w->cmd->name, path ? path : "output",
		strerror(errno));
	return HF_EXIT_FAILED;
}

static enum hf_rc
make_pack(struct work *w, struct hf_ct_pack_ask *ask, struct hf_sv *body,
	  struct hf_err *err)
{
	const struct hf_contract_source source = source_of(w);
	struct hf_db *db = hf_reader_db(w->reader);
	int last;
	enum hf_rc rc = hf_ct_pack_month(db, ask, &w->arena, &last, err);

	if (rc == HF_OK && ask->month == 0)
		ask->month = last;
	if (rc == HF_OK)
		rc = hf_contract_pack_measures(&source, w->lib.contracts[w->at],
					       ask->month, &ask->measures, err);
	return rc ? rc : hf_ct_pack_make(db, ask, &w->arena, body, err);
}

static int
do_pack(struct work *w, const struct pack *p, hf_time as_at)
{
	static const char *const words[] = {"csv", "ods", "pdf"};
	static const enum hf_ct_sheet hows[] = {HF_CT_CSV, HF_CT_ODS, HF_CT_PDF};
	struct hf_ct_pack_ask ask = {
	    .lib = &w->lib, .at = w->at, .month = (int)p->month, .as_at = as_at};
	struct hf_buf out = {.cap = 16 << 20};
	char hash[HF_CT_SHA_TEXT];
	struct hf_sv body = {NULL, 0};
	struct hf_err err;
	size_t k = 0;
	int status;

	if (make_pack(w, &ask, &body, &err))
		return hf_cli_fail(w->cmd, &err);
	if (strcmp(p->format, "json") == 0)
		return write_out(w, p->out, body);
	while (k + 1 < HF_COUNT(words) && strcmp(words[k], p->format) != 0)
		k++;
	if (!hf_ct_sha(body, hash) ||
	    hf_ct_pack_show(body, hash, hows[k], &w->arena, &out, &err))
		status = hf_cli_fail(w->cmd, &err);
	else
		status = write_out(w, p->out, hf_buf_view(&out));
	hf_buf_free(&out);
	return status;
}

int
hf_cli_contract_pack(const struct hf_command *cmd, int argc, char **argv)
{
	struct work w = {.cmd = cmd};
	struct pack p = {.format = "json"};
	const struct hf_opt opts[] = {
	    HF_CLI_STORE_OPTS(&w.where),
	    {.name = "month",
	     .kind = HF_OPT_NUMBER,
	     .arg = "N",
	     .help = "1 (April) to 12 (the last with figures)",
	     .out = &p.month,
	     .min = 1,
	     .max = HF_CT_MONTHS},
	    {.name = "at",
	     .kind = HF_OPT_TEXT,
	     .arg = "DAY",
	     .help = "as it stood at the end of that day, 2020-07-31 (today)",
	     .out = &p.as_at},
	    {.name = "format",
	     .kind = HF_OPT_TEXT,
	     .arg = "WORD",
	     .help = "json, csv, ods or pdf (json)",
	     .out = &p.format},
	    {.name = "out",
	     .kind = HF_OPT_TEXT,
	     .arg = "FILE",
	     .help = "write it there",
	     .out = &p.out}};
	hf_time as_at;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first + 1 != argc)
		return hf_misuse(cmd, "name one contract");
	if (!hf_sv_among(hf_sv_from(p.format), "json csv ods pdf"))
		return hf_misuse(cmd, "--format is json, csv, ods or pdf");
	if (!end_of_day(p.as_at, &as_at))
		return hf_misuse(cmd, "--at is a day as 2020-07-31");
	status = begin(&w, argv[first], HF_CLI_READ);
	if (status == HF_EXIT_DONE)
		status = do_pack(&w, &p, as_at);
	end(&w);
	return status;
}

/* ---- outcomes ---- */

static void
print_taken(const struct hf_ct_terms *t, const struct hf_contract_taken *k)
{
	const struct hf_ct_line *l = &t->lines[k->in.line];

	if (k->in.hold)
		printf("%-12s on hold: %s\n", l->id, k->status);
	else
		printf("%-12s %.1f (95 %% %.1f to %.1f), %lld cases\n", l->id, k->value,
		       k->low, k->high, (long long)k->n);
	printf("             %.*s\n", HF_SV_ARG(k->in.source));
}

static int
do_outcomes(struct work *w, int month, bool freeze)
{
	const struct hf_contract_source source = source_of(w);
	const struct hf_ct_terms *t = w->lib.contracts[w->at];
	const struct hf_ct_by by = {
	    .user = HF_SV("cli"), .purpose = HF_SV("FINANCE"), .trial = true};
	struct hf_ct_input in[HF_CT_LINES];
	struct hf_contract_taken *taken;
	struct hf_err err;
	int64_t first;
	size_t n;

	if (hf_contract_take_outcomes(&source, t, month, freeze, &taken, &n, &err))
		return hf_cli_fail(w->cmd, &err);
	for (size_t i = 0; i < n; i++)
		in[i] = taken[i].in;
	if (hf_ct_book_put(w->store, &by, t, in, n, HF_SV("measures"), &first, &err))
		return hf_cli_fail(w->cmd, &err);
	for (size_t i = 0; i < n; i++)
		print_taken(t, &taken[i]);
	printf("%zu results kept, from number %lld on\n", n, (long long)first);
	return HF_EXIT_DONE;
}

int
hf_cli_contract_outcomes(const struct hf_command *cmd, int argc, char **argv)
{
	struct work w = {.cmd = cmd};
	const char *month = NULL;
	bool freeze = false;
	const struct hf_opt opts[] = {HF_CLI_STORE_OPTS(&w.where),
				      {.name = "month",
				       .kind = HF_OPT_TEXT,
				       .arg = "MONTH",
				       .help = "the last month it counts, 2025-09",
				       .out = &month},
				      {.name = "freeze",
				       .kind = HF_OPT_FLAG,
				       .help = "it is the final cut of the month",
				       .out = &freeze}};
	struct hf_period p = {0};
	struct hf_date d;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first + 1 != argc)
		return hf_misuse(cmd, "name one contract");
	if (!month || !hf_date_parse(hf_sv_from(month), false, &d) ||
	    d.precision != HF_PREC_MONTH)
		return hf_misuse(cmd, "--month is a month as 2025-09");
	p = hf_period_of(hf_london_day(d.lo));
	status = begin(&w, argv[first], HF_CLI_WRITE);
	if (status == HF_EXIT_DONE && p.fy != w.lib.contracts[w.at]->fy)
		status = hf_misuse(cmd, "the month is not of the contract's year");
	else if (status == HF_EXIT_DONE)
		status = do_outcomes(&w, p.period - 1, freeze);
	end(&w);
	return status;
}

/* ---- check ---- */

void
hf_cli_check_measures(const struct hf_ct_terms *t, const char *name,
		      struct hf_issues *issues)
{
	struct hf_pop_framework f;
	struct hf_err err;

	if (hf_pop_framework_load(hf_measures_builtin, hf_n_measures_builtin,
				  hf_codesets_builtin, hf_n_codesets_builtin,
				  issues->arena, issues, &f, &err) == HF_OK)
		hf_contract_check_measures(t, &f, name, issues);
}
