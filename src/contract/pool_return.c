/* pool_return.c - see pool_return.h. */
#include "contract/pool_return.h"

#include "contract/show.h"

static const char *const party_words[] = {"nhs", "council"};

/* What is written of a line, and added up. */
enum sum {
	BUDGET,
	VIREMENTS,
	TO_DATE,
	ACTUAL,
	ACCRUED,
	OUTTURN,
	DIFFERS,
	NHS,
	COUNCIL,
	LEAD,
	REPAID,
	SUMS
};
static const char *const sums[SUMS] = {"budget",  "virements", "planToDate", "actual",
				       "accrued", "outturn",   "differs",    "nhs",
				       "council", "leadAlone", "repaid"};

struct paper {
	struct hf_jw w;
	const struct hf_ct_pool *p;
	const struct hf_ct_fund *fund;
	const struct hf_ct_return_about *about;
	hf_pence total[SUMS];
	bool bad;
};

static void
put_heading(struct paper *x)
{
	const struct hf_ct_pool *p = x->p;
	const struct hf_ct_return_about *a = x->about;
	char text[64];

	hf_ct_text(&x->w, "kind", "pool-return");
	hf_ct_text(&x->w, "fund", p->id);
	hf_ct_text(&x->w, "fundVersion", p->version);
	hf_ct_text(&x->w, "title", p->title);
	hf_ct_text(&x->w, "host", p->host);
	hf_ct_text(&x->w, "nhs", p->parties[HF_CT_COMMISSIONER].name);
	hf_ct_text(&x->w, "council", p->parties[HF_CT_PROVIDER].name);
	hf_ct_text(&x->w, "board", p->board.name);
	hf_ct_text(&x->w, "quarter",
		   hf_ct_quarter_text(p->fy, a->quarter, text, sizeof text));
	hf_ct_int(&x->w, "version", a->version);
	hf_ct_text(&x->w, "from",
		   hf_ct_day_text(hf_period_first(p->fy, a->quarter * 3 - 2), text,
				  sizeof text));
	hf_ct_text(
	    &x->w, "to",
	    hf_ct_day_text(hf_ct_quarter_end(p->fy, a->quarter), text, sizeof text));
	hf_ct_int(&x->w, "entries", (int64_t)x->fund->entries);
	hf_ct_int(&x->w, "lastEntry", x->fund->seq);
	hf_jw_field(&x->w, "preparedBy", a->by);
	hf_ct_text(&x->w, "preparedAt", hf_time_format(a->at, text, sizeof text));
}

static void
put_income(struct paper *x)
{
	hf_pence received = 0;

	hf_jw_member(&x->w, "income");
	hf_jw_arr(&x->w);
	for (size_t i = 0; i < x->p->n_sources; i++) {
		const struct hf_ct_source *s = &x->p->sources[i];

		hf_jw_obj(&x->w);
		hf_ct_text(&x->w, "id", s->id);
		hf_ct_text(&x->w, "title", s->title);
		hf_ct_text(&x->w, "party", party_words[s->party]);
		hf_ct_text(&x->w, "ringFence", s->ring);
		hf_ct_int(&x->w, "plan", s->pence);
		hf_ct_int(&x->w, "received", x->fund->received[i]);
		hf_jw_obj_end(&x->w);
		x->bad |= !hf_pence_add(&received, x->fund->received[i]);
	}
	hf_jw_arr_end(&x->w);
	hf_jw_member(&x->w, "incomeTotal");
	hf_jw_obj(&x->w);
	hf_ct_int(&x->w, "plan", x->p->total);
	hf_ct_int(&x->w, "received", received);
	hf_jw_obj_end(&x->w);
}

static void
sums_of(struct paper *x, size_t i, hf_pence out[SUMS])
{
	const struct hf_ct_pool_now *n = &x->fund->lines[i];

	out[BUDGET] = n->budget;
	out[VIREMENTS] = x->fund->moved[i];
	x->bad |= !hf_pence_ratio(n->budget, x->about->quarter, 4, HF_HALF_AWAY,
				  &out[TO_DATE]);
	out[ACTUAL] = n->actual;
	out[ACCRUED] = n->accrued;
	out[OUTTURN] = n->outturn;
	out[DIFFERS] = n->differs;
	out[NHS] = n->share[HF_CT_COMMISSIONER];
	out[COUNCIL] = n->share[HF_CT_PROVIDER];
	out[LEAD] = n->lead;
	out[REPAID] = n->repaid;
}

static void
put_line(struct paper *x, size_t i)
{
	const struct hf_ct_pool_line *l = &x->p->lines[i];
	hf_pence v[SUMS];

	sums_of(x, i, v);
	hf_jw_obj(&x->w);
	hf_ct_text(&x->w, "id", l->id);
	hf_ct_text(&x->w, "title", l->title);
	hf_ct_text(&x->w, "lead", party_words[l->lead]);
	hf_ct_text(&x->w, "ringFence", l->ring);
	for (int k = 0; k < SUMS; k++) {
		hf_ct_int(&x->w, sums[k], v[k]);
		x->bad |= !hf_pence_add(&x->total[k], v[k]);
	}
	hf_jw_obj_end(&x->w);
}

static void
put_lines(struct paper *x)
{
	hf_jw_member(&x->w, "lines");
	hf_jw_arr(&x->w);
	for (size_t i = 0; i < x->p->n_lines; i++)
		put_line(x, i);
	hf_jw_arr_end(&x->w);
	hf_jw_member(&x->w, "total");
	hf_jw_obj(&x->w);
	for (int k = 0; k < SUMS; k++)
		hf_ct_int(&x->w, sums[k], x->total[k]);
	hf_jw_obj_end(&x->w);
	hf_ct_int(&x->w, "unallocated", x->p->unallocated);
}

static void
put_metrics(struct paper *x)
{
	hf_jw_member(&x->w, "metrics");
	hf_jw_arr(&x->w);
	for (size_t i = 0; i < x->p->n_metrics; i++) {
		const struct hf_ct_metric *m = &x->p->metrics[i];
		const struct hf_ct_metric_now *n = &x->about->metrics[i];

		hf_jw_obj(&x->w);
		hf_ct_text(&x->w, "id", m->id);
		hf_ct_text(&x->w, "title", m->title);
		hf_ct_text(&x->w, "measure", m->measure);
		hf_jw_field(&x->w, "definition", n->version);
		hf_jw_field(&x->w, "hash", n->hash);
		hf_jw_field(&x->w, "unit", n->unit);
		hf_jw_field(&x->w, "status", n->status);
		hf_jw_field(&x->w, "value", n->value);
		hf_jw_field(&x->w, "low", n->low);
		hf_jw_field(&x->w, "high", n->high);
		hf_jw_field(&x->w, "counted", n->counted);
		hf_jw_field(&x->w, "outOf", n->out_of);
		hf_jw_obj_end(&x->w);
	}
	hf_jw_arr_end(&x->w);
}

enum hf_rc
hf_ct_return_write(const struct hf_ct_pool *p, const struct hf_ct_fund *fund,
		   const struct hf_ct_return_about *about, struct hf_buf *out,
		   struct hf_err *err)
{
	struct paper x = {.w = {.out = out}, .p = p, .fund = fund, .about = about};

	if (about->quarter < 1 || about->quarter > 4)
		return hf_fail(err, HF_INVALID, "quarter", "a quarter is 1 to 4");
	hf_jw_obj(&x.w);
	put_heading(&x);
	put_income(&x);
	put_lines(&x);
	put_metrics(&x);
	hf_jw_field(&x.w, "narrative", about->narrative);
	hf_jw_obj_end(&x.w);
	if (x.bad)
		return hf_fail(err, HF_RULE, "lines", "a sum does not fit in 64 bits");
	return out->failed ? hf_fail(err, HF_TOO_LONG, NULL, "the return is too long")
			   : HF_OK;
}

/* ---- reading again ---- */

static bool
number(const struct hf_json *d, uint32_t object, const char *name, int64_t *out)
{
	uint32_t node = hf_json_get(d, object, hf_sv_from(name));

	return node != HF_JSON_NONE && hf_json_type(d, node) == HF_JSON_NUMBER &&
	       hf_sv_int(hf_json_raw(d, node), out);
}

static bool
adds_up(const struct hf_json *d, uint32_t list, uint32_t total, const char *name)
{
	int64_t sum = 0, said = 0, v;

	for (uint32_t i = 0; i < hf_json_count(d, list); i++)
		if (!number(d, hf_json_at(d, list, i), name, &v) ||
		    !hf_pence_add(&sum, v))
			return false;
	return number(d, total, name, &said) && said == sum;
}

/* Contributions are budgets and what is not allocated; virements are no money more. */
static bool
is_balanced(const struct hf_json *d, uint32_t income, uint32_t total)
{
	int64_t plan = 0, budget = 0, moved = 0, rest = 0;

	return number(d, income, "plan", &plan) &&
	       number(d, total, "budget", &budget) &&
	       number(d, total, "virements", &moved) && moved == 0 &&
	       number(d, 0, "unallocated", &rest) && hf_pence_add(&budget, rest) &&
	       plan == budget;
}

enum hf_rc
hf_ct_return_check(struct hf_sv bytes, struct hf_arena *arena, struct hf_json *out,
		   struct hf_err *err)
{
	static const struct hf_json_limits limits = {
	    .bytes = 1 << 20, .depth = 8, .nodes = 20000};
	enum hf_rc rc = hf_json_parse(bytes, &limits, arena, out, err);
	uint32_t income, income_total, lines, total;

	if (rc)
		return rc;
	income = hf_json_member(out, 0, "income");
	income_total = hf_json_member(out, 0, "incomeTotal");
	lines = hf_json_member(out, 0, "lines");
	total = hf_json_member(out, 0, "total");
	if (income == HF_JSON_NONE || income_total == HF_JSON_NONE ||
	    lines == HF_JSON_NONE || total == HF_JSON_NONE)
		return hf_fail(err, HF_INVALID, NULL, "it is no return of a fund");
	for (int k = 0; k < SUMS; k++)
		if (!adds_up(out, lines, total, sums[k]))
			return hf_fail(err, HF_RULE, sums[k],
				       "the total is not the sum of the lines");
	if (!adds_up(out, income, income_total, "plan") ||
	    !adds_up(out, income, income_total, "received"))
		return hf_fail(err, HF_RULE, "income",
			       "the income is not the sum of the sources");
	if (!is_balanced(out, income_total, total))
		return hf_fail(err, HF_RULE, "unallocated",
			       "contributions are not the budgets and what is not "
			       "allocated");
	return HF_OK;
}

static struct hf_sv
text_of(const struct hf_json *d, uint32_t object, const char *name,
	struct hf_arena *arena)
{
	uint32_t node = hf_json_get(d, object, hf_sv_from(name));
	struct hf_sv s = node == HF_JSON_NONE ? HF_SV("") : hf_json_str(d, node, arena);

	return s.p ? s : HF_SV("");
}

enum hf_rc
hf_ct_return_about(struct hf_sv bytes, struct hf_arena *arena,
		   struct hf_ct_return_about *out, struct hf_err *err)
{
	struct hf_json d;
	enum hf_rc rc = hf_ct_return_check(bytes, arena, &d, err);
	uint32_t list = rc ? HF_JSON_NONE : hf_json_member(&d, 0, "metrics");
	struct hf_sv quarter;

	if (rc)
		return rc;
	quarter = text_of(&d, 0, "quarter", arena);
	*out = (struct hf_ct_return_about){
	    .quarter = quarter.n ? quarter.p[quarter.n - 1] - '0' : 0,
	    .by = text_of(&d, 0, "preparedBy", arena),
	    .narrative = text_of(&d, 0, "narrative", arena)};
	number(&d, 0, "version", &out->version);
	for (uint32_t i = 0; i < hf_json_count(&d, list) && i < HF_CT_POOL_METRICS;
	     i++) {
		uint32_t m = hf_json_at(&d, list, i);

		out->metrics[i] = (struct hf_ct_metric_now){
		    .version = text_of(&d, m, "definition", arena),
		    .hash = text_of(&d, m, "hash", arena),
		    .unit = text_of(&d, m, "unit", arena),
		    .status = text_of(&d, m, "status", arena),
		    .value = text_of(&d, m, "value", arena),
		    .low = text_of(&d, m, "low", arena),
		    .high = text_of(&d, m, "high", arena),
		    .counted = text_of(&d, m, "counted", arena),
		    .out_of = text_of(&d, m, "outOf", arena)};
	}
	return HF_OK;
}
