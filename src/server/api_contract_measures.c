/* api_contract_measures.c - results of outcomes taken from the measures, and kept. */
#include <math.h>

#include "record/io/desk.h"
#include "server/api_body.h"
#include "server/contract.h"
#include "server/serve.h"
#include "server/sign.h"

void hf_api_contract_outcomes(struct hf_call *call);

struct act {
	struct hf_contract_ask a;
	int month;
	bool freeze;
	struct hf_contract_taken *taken;
	size_t n;
	int64_t first;
	enum hf_rc rc;
	struct hf_err err;
};

static enum hf_rc
keep(struct hf_call *c, struct act *x)
{
	struct hf_ct_input *in = hf_arena_array(c->arena, x->n, sizeof *in);

	if (!in)
		return hf_fail(&x->err, HF_TOO_LONG, NULL, "no memory for the results");
	for (size_t i = 0; i < x->n; i++)
		in[i] = x->taken[i].in;
	return hf_ct_book_put(c->store, &x->a.by, x->a.terms, in, x->n,
			      HF_SV("measures"), &x->first, &x->err);
}

static void
run(struct hf_call *c, void *ctx)
{
	struct act *x = ctx;
	struct hf_contract_source source = {
	    .outcomes = c->server->outcomes, .reader = NULL, .arena = c->arena};

	x->rc = hf_reader_get(c->store, &source.reader, &x->err);
	if (x->rc)
		return;
	x->rc = hf_contract_take_outcomes(&source, x->a.terms, x->month, x->freeze,
					  &x->taken, &x->n, &x->err);
	hf_reader_put(source.reader);
	if (x->rc == HF_OK)
		x->rc = keep(c, x);
}

static void
number(struct hf_jw *w, const char *name, double v)
{
	char text[40];

	hf_jw_key(w, hf_sv_from(name));
	if (!isfinite(v)) {
		hf_jw_null(w);
		return;
	}
	snprintf(text, sizeof text, "%.1f", v == 0 ? 0 : v);
	hf_jw_raw(w, hf_sv_from(text));
}

static void
put_taken(struct hf_jw *w, const struct hf_ct_terms *t,
	  const struct hf_contract_taken *k)
{
	hf_jw_obj(w);
	hf_ct_text(w, "line", t->lines[k->in.line].id);
	hf_ct_text(w, "title", t->lines[k->in.line].title);
	hf_ct_text(w, "measure", k->measure);
	hf_ct_text(w, "version", k->version);
	hf_ct_text(w, "hash", k->hash);
	hf_jw_field(w, "area", k->area);
	hf_api_flag(w, "hold", k->in.hold);
	hf_ct_text(w, "status", k->status);
	number(w, "value", k->value);
	number(w, "low", k->low);
	number(w, "high", k->high);
	hf_ct_int(w, "n", k->n);
	hf_jw_field(w, "source", k->in.source);
	hf_jw_obj_end(w);
}

static void
answer(struct hf_call *c, void *ctx)
{
	const struct act *x = ctx;
	struct hf_jw w;

	if (x->rc) {
		hf_api_fail(c, &x->err);
		return;
	}
	hf_api_begin(c, &w);
	hf_ct_int(&w, "first", x->first);
	hf_jw_member(&w, "taken");
	hf_jw_arr(&w);
	for (size_t i = 0; i < x->n; i++)
		put_taken(&w, x->a.terms, &x->taken[i]);
	hf_jw_arr_end(&w);
	hf_api_end(c);
}

/* A month of the contract's year, as 2021-06. */
static enum hf_rc
take_month(struct hf_sv text, int fy, int *out, struct hf_err *err)
{
	struct hf_date d;
	struct hf_period p;

	if (!hf_date_parse(text, false, &d) || d.precision != HF_PREC_MONTH)
		return hf_fail(err, HF_INVALID, "month",
			       "a month as 2021-06 is needed");
	p = hf_period_of(hf_london_day(d.lo));
	*out = p.period - 1;
	return p.fy == fy ? HF_OK
			  : hf_fail(err, HF_INVALID, "month",
				    "the month is not of the contract's year");
}

void
hf_api_contract_outcomes(struct hf_call *c)
{
	struct act *x = HF_NEW(c->arena, struct act);
	struct hf_sv month, cut;
	struct hf_json doc;
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	rc = x ? hf_api_body(c, "month cut", &doc, &err)
	       : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "month", 7, 7, &month, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "cut", 4, 6, &cut, &err);
	if (rc == HF_OK && !hf_sv_among(cut, "flex freeze"))
		rc = hf_fail(&err, HF_INVALID, "cut", "it is flex or freeze");
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	if (!hf_contract_begin_terms(c, &x->a))
		return;
	x->freeze = hf_sv_is(cut, "freeze");
	rc = take_month(month, x->a.terms->fy, &x->month, &err);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_call_work(c, c->server->sign->desk, run, answer, hf_api_fail, x);
}
