/* api_contract_more.c - figures that come in, the ledger, and what if. */
#include "record/io/desk.h"
#include "server/api_body.h"
#include "server/contract.h"
#include "server/serve.h"
#include "server/sign.h"

void hf_api_contract_figures(struct hf_call *call);
void hf_api_contract_ledger(struct hf_call *call);
void hf_api_contract_what_if(struct hf_call *call);

struct act {
	struct hf_contract_ask a;
	struct hf_ct_input *in;
	size_t n;
	struct hf_sv source;
	int64_t first;
	enum hf_rc rc;
	struct hf_err err;
};

static uint32_t
list_of(const struct hf_json *d, const char *name)
{
	uint32_t node = hf_json_get(d, 0, hf_sv_from(name));

	return node != HF_JSON_NONE && hf_json_type(d, node) == HF_JSON_ARRAY
		   ? node
		   : HF_JSON_NONE;
}

static struct hf_sv
text_of(struct hf_call *c, const struct hf_json *d, uint32_t object, const char *name)
{
	uint32_t node = hf_json_get(d, object, hf_sv_from(name));

	return node == HF_JSON_NONE ? (struct hf_sv){NULL, 0}
				    : hf_json_str(d, node, c->arena);
}

static bool
is_true(const struct hf_json *d, uint32_t object, const char *name)
{
	uint32_t node = hf_json_get(d, object, hf_sv_from(name));

	return node != HF_JSON_NONE && hf_json_type(d, node) == HF_JSON_TRUE;
}

/* ---- figures ---- */

static enum hf_rc
take_where(struct hf_call *c, const struct hf_ct_terms *t, const struct hf_json *d,
	   uint32_t row, struct hf_ct_input *in, struct hf_err *err)
{
	int line = hf_ct_line_find(t, text_of(c, d, row, "line"));
	struct hf_sv month = text_of(c, d, row, "month"),
		     cut = text_of(c, d, row, "cut");
	struct hf_date date;
	struct hf_period p;

	if (line < 0)
		return hf_fail(err, HF_INVALID, "line", "there is no such line");
	if (!month.p || !hf_date_parse(month, false, &date) ||
	    date.precision != HF_PREC_MONTH)
		return hf_fail(err, HF_INVALID, "month",
			       "a month as 2020-04 is needed");
	p = hf_period_of(hf_london_day(date.lo));
	if (p.fy != t->fy)
		return hf_fail(err, HF_INVALID, "month",
			       "the month is not of the contract's year");
	if (!hf_sv_among(cut, "flex freeze"))
		return hf_fail(err, HF_INVALID, "cut", "it is flex or freeze");
	in->line = (uint8_t)line;
	in->month = (uint8_t)(p.period - 1);
	in->freeze = hf_sv_is(cut, "freeze");
	return HF_OK;
}

/* A name that is misspelt would be a figure that is left out. */
static enum hf_rc
check_row(const struct hf_ct_terms *t, const struct hf_json *d, uint32_t row,
	  const struct hf_ct_input *in, struct hf_err *err)
{
	const struct hf_ct_said said = {
	    .units = hf_json_get(d, row, HF_SV("units")) != HF_JSON_NONE,
	    .pence = hf_json_get(d, row, HF_SV("pence")) != HF_JSON_NONE,
	    .result = hf_json_get(d, row, HF_SV("result")) != HF_JSON_NONE,
	    .hold = in->hold};
	const char *lacks = hf_ct_input_lacks(t, in, &said);
	uint32_t hold = hf_json_get(d, row, HF_SV("hold"));

	for (uint32_t i = row + 1; i < d->nodes[row].next; i = d->nodes[i].next)
		if (!hf_sv_among(hf_json_key(d, i),
				 "line month cut units pence price result hold"))
			return hf_fail(err, HF_INVALID, "rows",
				       "a row has line, month, cut, units, pence, "
				       "price, result and hold");
	if (hold != HF_JSON_NONE && hf_json_type(d, hold) != HF_JSON_TRUE &&
	    hf_json_type(d, hold) != HF_JSON_FALSE)
		return hf_fail(err, HF_INVALID, "hold", "it is true or false");
	if (hf_json_get(d, row, HF_SV("price")) != HF_JSON_NONE && in->price < 0)
		return hf_fail(err, HF_INVALID, "price", "a price is 0 or more pence");
	return lacks ? hf_fail(err, HF_INVALID, t->lines[in->line].id, "%s", lacks)
		     : HF_OK;
}

static enum hf_rc
take_row(struct hf_call *c, const struct hf_ct_terms *t, const struct hf_json *d,
	 uint32_t row, struct hf_ct_input *in, struct hf_err *err)
{
	uint32_t result = hf_json_get(d, row, HF_SV("result"));
	enum hf_rc rc = hf_json_type(d, row) == HF_JSON_OBJECT
			    ? take_where(c, t, d, row, in, err)
			    : hf_fail(err, HF_INVALID, "rows", "a row is an object");

	in->price = -1;
	if (rc == HF_OK)
		rc = hf_contract_int(d, row, "units", false, &in->units, err);
	if (rc == HF_OK)
		rc = hf_contract_int(d, row, "pence", false, &in->pence, err);
	if (rc == HF_OK)
		rc = hf_contract_int(d, row, "price", false, &in->price, err);
	in->hold = is_true(d, row, "hold");
	if (rc == HF_OK && result != HF_JSON_NONE &&
	    !hf_decimal_parse(hf_json_raw(d, result), &in->result))
		rc = hf_fail(err, HF_INVALID, "result", "the result is no number");
	return rc ? rc : check_row(t, d, row, in, err);
}

static void
run_put(struct hf_call *c, void *ctx)
{
	struct act *x = ctx;

	x->rc = hf_ct_book_put(c->store, &x->a.by, x->a.terms, x->in, x->n, x->source,
			       &x->first, &x->err);
}

static void
answer_put(struct hf_call *c, void *ctx)
{
	const struct act *x = ctx;
	struct hf_jw w;

	if (x->rc) {
		hf_api_fail(c, &x->err);
		return;
	}
	hf_api_begin(c, &w);
	hf_ct_int(&w, "first", x->first);
	hf_ct_int(&w, "rows", (int64_t)x->n);
	hf_api_end(c);
}

static enum hf_rc
take_rows(struct hf_call *c, struct act *x, const struct hf_json *d, struct hf_err *err)
{
	uint32_t list = list_of(d, "rows");
	size_t n = list == HF_JSON_NONE ? 0 : hf_json_count(d, list);
	enum hf_rc rc = hf_api_body_text(c, d, "source", 1, 200, &x->source, err);

	if (rc == HF_OK && (n == 0 || n > HF_CT_PUT))
		rc = hf_fail(err, HF_INVALID, "rows", "1 to %d rows are needed",
			     HF_CT_PUT);
	x->in = hf_arena_array(c->arena, n, sizeof *x->in);
	if (rc == HF_OK && !x->in)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for the rows");
	for (uint32_t r = list + 1; rc == HF_OK && x->n < n; r = d->nodes[r].next)
		rc = take_row(c, x->a.terms, d, r, &x->in[x->n++], err);
	return rc;
}

void
hf_api_contract_figures(struct hf_call *c)
{
	struct act *x = HF_NEW(c->arena, struct act);
	struct hf_json d;
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	rc = x ? hf_api_body(c, "source rows", &d, &err)
	       : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	if (!hf_contract_begin_terms(c, &x->a))
		return;
	rc = take_rows(c, x, &d, &err);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_call_work(c, c->server->sign->desk, run_put, answer_put, hf_api_fail,
			     x);
}

/* ---- the ledger ---- */

static void
put_entry(struct hf_jw *w, const struct hf_ct_entry *e)
{
	hf_jw_obj(w);
	hf_ct_int(w, "id", e->id);
	hf_ct_int(w, "period", e->period);
	hf_jw_field(w, "line", e->line);
	hf_ct_int(w, "version", e->version);
	hf_jw_field(w, "kind", e->kind);
	hf_jw_field(w, "words", e->words);
	hf_jw_field(w, "document", e->document);
	hf_jw_field(w, "source", e->source);
	hf_jw_field(w, "prepared", e->prepared);
	hf_jw_field(w, "approved", e->approved);
	if (e->reverses)
		hf_ct_int(w, "reverses", e->reverses);
	hf_write_time(w, "at", e->at);
	hf_jw_member(w, "legs");
	hf_jw_arr(w);
	for (size_t i = 0; i < e->n_legs; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "party", e->legs[i].party);
		hf_ct_int(w, "pence", e->legs[i].pence);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

static enum hf_rc
put_closed(struct hf_call *c, struct hf_jw *w, struct hf_sv id, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(hf_reader_db(c->reader), HF_Q_CONTRACT_LOCK_LIST,
				    HF_ARGS(HF_TEXT(id)), &rows, err);

	if (rc)
		return rc;
	hf_jw_member(w, "closed");
	hf_jw_arr(w);
	while (hf_rows_next(&rows))
		hf_jw_int(w, hf_rows_int(&rows, HF_C_CONTRACT_LOCK_LIST_PERIOD));
	hf_jw_arr_end(w);
	return hf_rows_end(&rows, err);
}

void
hf_api_contract_ledger(struct hf_call *c)
{
	struct hf_contract_ask a;
	struct hf_ct_entry *e;
	struct hf_err err;
	struct hf_jw w;
	size_t n;

	if (!hf_api_no_params(c) || !hf_contract_begin(c, &a))
		return;
	if (hf_ct_book_entries(hf_reader_db(c->reader), a.id, c->arena, &e, &n, &err)) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "entries");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++)
		put_entry(&w, &e[i]);
	hf_jw_arr_end(&w);
	if (put_closed(c, &w, a.id, &err))
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
}

/* ---- what if ---- */

static enum hf_rc
take_percent(const struct hf_json *d, uint32_t row, const char *name, hf_rate *out,
	     struct hf_err *err)
{
	uint32_t node = hf_json_get(d, row, hf_sv_from(name));
	struct hf_decimal v;

	if (node == HF_JSON_NONE || hf_json_type(d, node) != HF_JSON_NUMBER ||
	    !hf_decimal_parse(hf_json_raw(d, node), &v))
		return hf_fail(err, HF_INVALID, name, "a percentage is needed");
	v = hf_decimal_round(v, 7);
	for (; v.scale < 7; v.scale++) {
		if (v.m > HF_RATE_ONE * 100 || v.m < 0)
			return hf_fail(err, HF_INVALID, name, "0 to 1000 %%");
		v.m *= 10;
	}
	if (v.m < 0 || v.m > HF_RATE_ONE * 10)
		return hf_fail(err, HF_INVALID, name, "0 to 1000 %%");
	*out = (hf_rate)v.m;
	return HF_OK;
}

static enum hf_rc
take_change(struct hf_call *c, const struct hf_ct_terms *t, const struct hf_json *d,
	    uint32_t row, struct hf_ct_change *out, struct hf_err *err)
{
	bool band = out->kind == HF_CT_CHANGE_BAND;
	int at = band ? hf_ct_component_find(t, text_of(c, d, row, "component"))
		      : hf_ct_line_find(t, text_of(c, d, row, "line"));
	int64_t number = 0;
	enum hf_rc rc;

	if (at < 0)
		return hf_fail(err, HF_INVALID, band ? "component" : "line",
			       "there is no such line or component");
	out->line = (size_t)at;
	if (out->kind == HF_CT_CHANGE_PRICE)
		return hf_contract_int(d, row, "pence", true, &out->pence, err);
	if (!band)
		return take_percent(d, row, "percent", &out->rate, err);
	rc = hf_contract_int(d, row, "band", true, &number, err);
	out->at = number < 0 ? HF_CT_BANDS : (size_t)number;
	return rc ? rc : take_percent(d, row, "commissioner", &out->rate, err);
}

static enum hf_rc
take_changes(struct hf_call *c, const struct hf_ct_terms *t, const struct hf_json *d,
	     struct hf_ct_change *out, size_t *n, struct hf_err *err)
{
	static const struct {
		const char *name;
		enum hf_ct_change_kind kind;
	} lists[] = {{"plans", HF_CT_CHANGE_PLAN},
		     {"volumes", HF_CT_CHANGE_VOLUME},
		     {"prices", HF_CT_CHANGE_PRICE},
		     {"bands", HF_CT_CHANGE_BAND}};
	enum hf_rc rc = HF_OK;

	*n = 0;
	for (size_t i = 0; i < HF_COUNT(lists); i++) {
		uint32_t list = list_of(d, lists[i].name);

		for (uint32_t k = 0; rc == HF_OK && k < hf_json_count(d, list); k++) {
			if (*n == HF_CT_CHANGES)
				return hf_fail(err, HF_TOO_LONG, lists[i].name,
					       "at most %d changes", HF_CT_CHANGES);
			out[*n] = (struct hf_ct_change){.kind = lists[i].kind};
			rc = take_change(c, t, d, hf_json_at(d, list, k), &out[(*n)++],
					 err);
		}
	}
	return rc;
}

static void
put_side(struct hf_jw *w, const char *name, const struct hf_ct_run *run)
{
	struct hf_ct_effect e = hf_ct_effects(run, run->months - 1);

	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_ct_int(w, "plan", run->total[run->months - 1].plan);
	hf_ct_int(w, "earned", run->total[run->months - 1].earned);
	hf_ct_int(w, "shadow", run->total[run->months - 1].shadow);
	hf_jw_member(w, "effect");
	hf_ct_effect_write(&e, w);
	hf_jw_obj_end(w);
}

static void
put_what_if(struct hf_jw *w, const struct hf_ct_run *before,
	    const struct hf_ct_run *after)
{
	struct hf_ct_effect change = hf_ct_between(before, after);
	int m = before->months - 1;

	put_side(w, "before", before);
	put_side(w, "after", after);
	hf_jw_member(w, "change");
	hf_ct_effect_write(&change, w);
	hf_jw_member(w, "components");
	hf_jw_arr(w);
	for (size_t i = 0; i < before->terms->n_components; i++) {
		hf_jw_obj(w);
		hf_ct_text(w, "id", before->terms->components[i].id);
		hf_jw_member(w, "before");
		hf_ct_amounts_write(&before->components[i][m].sum, w);
		hf_jw_member(w, "after");
		hf_ct_amounts_write(&after->components[i][m].sum, w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_api_contract_what_if(struct hf_call *c)
{
	struct hf_ct_change changes[HF_CT_CHANGES];
	struct hf_ct_run *before, *after;
	struct hf_contract_ask a;
	struct hf_json d;
	struct hf_err err;
	struct hf_jw w;
	int64_t day;
	size_t n;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	rc = hf_api_body(c, "to plans volumes prices bands", &d, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	if (!hf_contract_begin_terms(c, &a))
		return;
	rc = take_changes(c, a.terms, &d, changes, &n, &err);
	if (rc == HF_OK)
		rc = hf_contract_run(c, &a, text_of(c, &d, 0, "to"), &before, &day,
				     &err);
	if (rc == HF_OK)
		rc = hf_ct_what_if(before, hf_ct_library_rules(a.lib, a.terms), day,
				   changes, n, c->arena, &after, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	put_what_if(&w, before, after);
	hf_api_end(c);
}
