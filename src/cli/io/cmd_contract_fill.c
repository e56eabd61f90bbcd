/* cmd_contract_fill.c - see cmd_contract_fill.h. */
#include "cli/io/cmd_contract_fill.h"

#include "population/io/live.h"
#include "record/io/desk.h"
#include "server/contract_activity.h"

enum { LIBRARY = 64 << 20 };

const struct hf_ct_by hf_cli_contract_by = {
    .user = {"cli", 3}, .purpose = {"FINANCE", 7}, .trial = true};

struct work {
	const struct hf_cli_fill_ask *q;
	struct hf_arena arena;
	struct hf_issues issues;
	struct hf_ct_library lib;
	const struct hf_ct_terms *t;
	struct hf_store *store;
	struct hf_reader *reader;
	struct hf_contract_activity x;
	struct hf_ct_fill_ask ask;
};

static struct hf_sv
sv(const char *text)
{
	return hf_sv_from(text ? text : "");
}

/* ---- what is there ---- */

static enum hf_rc
price(struct work *w, struct hf_err *err)
{
	struct hf_pop_live *live = NULL;
	const struct hf_pop_columns *c;
	enum hf_rc rc = hf_pop_live_open(w->store, false, &live, err);

	if (rc)
		return rc;
	c = hf_pop_hold(live);
	rc = c ? hf_contract_activity(c, hf_reader_db(w->reader), w->t, false, &w->x,
				      err)
	       : hf_fail(err, HF_NOT_FOUND, NULL, "the store has no population");
	if (c)
		hf_pop_release(live, c);
	hf_pop_live_close(live);
	return rc;
}

static int
begin(struct work *w, const char *contract, enum hf_cli_open mode)
{
	struct hf_err err;
	size_t at;
	int status;

	w->arena.cap = LIBRARY;
	w->issues.arena = &w->arena;
	if (hf_ct_library_load(&w->arena, &w->issues, &w->lib, &err) ||
	    hf_ct_library_contract(&w->lib, hf_sv_from(contract), &w->t, &at, &err))
		return hf_cli_fail(w->q->cmd, &err);
	status = hf_cli_open(w->q->cmd, &w->q->where, mode, &w->store);
	if (status != HF_EXIT_DONE)
		return status;
	if (hf_reader_get(w->store, &w->reader, &err) || price(w, &err) ||
	    hf_contract_months(&w->x, w->t, sv(w->q->month), sv(w->q->to),
			       sv(w->q->cut), &w->ask, &err))
		return hf_cli_fail(w->q->cmd, &err);
	return HF_EXIT_DONE;
}

static void
end(struct work *w)
{
	hf_contract_activity_free(&w->x);
	if (w->reader)
		hf_reader_put(w->reader);
	hf_store_close(w->store);
	hf_ct_library_free(&w->lib);
	hf_arena_free(&w->arena);
}

/* ---- figures ---- */

static void
print_rows(const struct work *w, const struct hf_ct_fill_plan *plan)
{
	bool csv = w->q->how == HF_CLI_CSV;
	char month[16], money[HF_MONEY_TEXT];

	if (csv)
		printf("line,month,cut,units,pounds,price,result,hold\r\n");
	for (size_t i = 0; i < plan->n; i++) {
		const struct hf_ct_input *in = &plan->rows[i].in;
		const char *line = w->t->lines[in->line].id,
			   *cut = in->freeze ? "freeze" : "flex";

		hf_ct_month_text(w->t->fy, in->month, month, sizeof month);
		hf_pence_text(in->pence, csv ? HF_PENCE_PLAIN : HF_PENCE_POUNDS, money,
			      sizeof money);
		if (csv)
			printf("%s,%s,%s,%lld,%s,,,\r\n", line, month, cut,
			       (long long)in->units, money);
		else
			printf("%-20s %-8s %-7s %10lld %20s\n", line, month, cut,
			       (long long)in->units, money);
	}
}

static void
print_notes(const struct work *w, const struct hf_ct_fill_plan *plan, FILE *to)
{
	for (size_t i = 0; i < plan->n_notes; i++) {
		struct hf_buf text = {.cap = 2000};

		hf_ct_note_text(w->t, &plan->notes[i], &text);
		fprintf(to, "%.*s\n", HF_SV_ARG(hf_buf_view(&text)));
		hf_buf_free(&text);
	}
}

static void
print_json(void (*write)(const struct work *w, const void *what, struct hf_jw *jw),
	   const struct work *w, const void *what)
{
	struct hf_buf b = {0};
	struct hf_jw jw = {.out = &b};

	hf_jw_obj(&jw);
	write(w, what, &jw);
	hf_jw_obj_end(&jw);
	printf("%.*s\n", HF_SV_ARG(hf_buf_view(&b)));
	hf_buf_free(&b);
}

static void
write_plan(const struct work *w, const void *what, struct hf_jw *jw)
{
	hf_ct_fill_write(w->t, what, jw);
}

static enum hf_rc
fill(struct work *w, struct hf_ct_fill_plan *plan, struct hf_err *err)
{
	struct hf_ct_filling *f = HF_NEW(&w->x.arena, struct hf_ct_filling);
	int64_t first;
	enum hf_rc rc =
	    f ? hf_ct_fill(w->t, w->x.a, w->x.p, w->x.n, &w->x.arena, f, err)
	      : hf_fail(err, HF_TOO_LONG, NULL, "no memory");

	if (rc)
		return rc;
	return w->q->dry ? hf_ct_book_fill_plan(hf_reader_db(w->reader), w->t, f,
						&w->ask, &w->x.arena, plan, err)
			 : hf_ct_book_fill(w->store, &hf_cli_contract_by, w->t, f,
					   &w->ask, &w->x.arena, plan, &first, err);
}

int
hf_cli_contract_fill(const struct hf_cli_fill_ask *q, const char *contract)
{
	struct work w = {.q = q};
	struct hf_ct_fill_plan plan;
	struct hf_err err;
	int status = begin(&w, contract, q->dry ? HF_CLI_READ : HF_CLI_WRITE);

	if (status == HF_EXIT_DONE && fill(&w, &plan, &err))
		status = hf_cli_fail(q->cmd, &err);
	else if (status == HF_EXIT_DONE && q->how == HF_CLI_JSON)
		print_json(write_plan, &w, &plan);
	else if (status == HF_EXIT_DONE) {
		print_rows(&w, &plan);
		print_notes(&w, &plan, q->how == HF_CLI_CSV ? stderr : stdout);
		if (q->how == HF_CLI_TABLE)
			printf("%zu figures %s, %zu stand as they were\n", plan.n,
			       q->dry ? "would be kept" : "kept", plan.unchanged);
	}
	end(&w);
	return status;
}

/* ---- accruals ---- */

static void
write_accruals(const struct work *w, const void *what, struct hf_jw *jw)
{
	hf_ct_accruals_write(w->t, what, jw);
}

static void
print_accruals(const struct work *w, const struct hf_ct_accruals *a)
{
	char t[5][HF_MONEY_TEXT], month[16];

	printf("%-8s %7s %7s %16s %8s %16s %16s %16s %16s\n", "month", "in bed",
	       "nights", "estimate", "uncoded", "estimate", "taken back", "moves",
	       "error, in bed");
	for (int m = 0; m < a->months; m++) {
		const struct hf_ct_accrual *x = &a->total[m];
		const hf_pence v[5] = {x->in_bed_pence, x->uncoded_pence, x->taken_back,
				       hf_ct_accrual_moves(x),
				       x->known_estimate - x->known_worth};

		for (int i = 0; i < 5; i++)
			hf_pence_text(v[i], HF_PENCE_POUNDS, t[i], sizeof t[i]);
		printf("%-8s %7lld %7lld %16s %8lld %16s %16s %16s %16s\n",
		       hf_ct_month_text(w->t->fy, m, month, sizeof month),
		       (long long)x->in_bed, (long long)x->nights, t[0],
		       (long long)x->uncoded, t[1], t[2], t[3], t[4]);
	}
}

enum hf_rc
hf_cli_contract_put_accruals(struct hf_store *store, struct hf_reader *reader,
			     const struct hf_ct_terms *t, struct hf_jw *jw,
			     struct hf_err *err)
{
	static const struct hf_sv none = {"", 0};
	struct work w = {.t = t, .store = store, .reader = reader};
	struct hf_ct_accruals *a = NULL;
	bool said = false;
	enum hf_rc rc;

	for (size_t l = 0; l < t->n_lines; l++)
		said |= t->lines[l].select != NULL;
	if (!said)
		return HF_OK;
	rc = price(&w, err);
	if (rc == HF_OK)
		rc = hf_contract_months(&w.x, t, none, none, none, &w.ask, err);
	if (rc == HF_OK && !(a = HF_NEW(&w.x.arena, struct hf_ct_accruals)))
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory");
	if (rc == HF_OK)
		rc = hf_ct_accrue(t, w.x.a, w.x.p, w.x.n, w.ask.last + 1, &w.x.arena, a,
				  err);
	if (rc == HF_OK) {
		hf_jw_member(jw, "accruals");
		hf_jw_obj(jw);
		hf_ct_accruals_write(t, a, jw);
		hf_jw_obj_end(jw);
	}
	hf_contract_activity_free(&w.x);
	return rc == HF_RULE || rc == HF_NOT_FOUND ? HF_OK : rc;
}

int
hf_cli_contract_accruals(const struct hf_command *cmd, int argc, char **argv)
{
	struct hf_cli_fill_ask q = {.cmd = cmd};
	struct work w = {.q = &q};
	struct hf_ct_accruals *a;
	const char *format = NULL;
	const struct hf_opt opts[] = {HF_CLI_STORE_OPTS(&q.where),
				      {.name = "format",
				       .kind = HF_OPT_TEXT,
				       .arg = "WORD",
				       .help = "table or json",
				       .out = &format}};
	struct hf_err err;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first + 1 != argc)
		return hf_misuse(cmd, "name one contract");
	status = hf_cli_format(cmd, format, &q.how);
	if (status == HF_EXIT_DONE && q.how == HF_CLI_CSV)
		status = hf_misuse(cmd, "--format takes table or json");
	if (status != HF_EXIT_DONE)
		return status;
	status = begin(&w, argv[first], HF_CLI_READ);
	a = HF_NEW(&w.arena, struct hf_ct_accruals);
	if (status == HF_EXIT_DONE &&
	    (a ? hf_ct_accrue(w.t, w.x.a, w.x.p, w.x.n, w.ask.last + 1, &w.x.arena, a,
			      &err)
	       : hf_fail(&err, HF_TOO_LONG, NULL, "no memory")))
		status = hf_cli_fail(cmd, &err);
	else if (status == HF_EXIT_DONE && q.how == HF_CLI_JSON)
		print_json(write_accruals, &w, a);
	else if (status == HF_EXIT_DONE)
		print_accruals(&w, a);
	end(&w);
	return status;
}
