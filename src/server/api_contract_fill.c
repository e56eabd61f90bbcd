/* api_contract_fill.c - the activity of the store as figures of a contract, and what is
 * accrued beside them. */
#include "population/io/live.h"
#include "record/io/desk.h"
#include "server/api_body.h"
#include "server/contract.h"
#include "server/contract_activity.h"
#include "server/outcomes.h"
#include "server/serve.h"
#include "server/sign.h"

void hf_api_contract_fill(struct hf_call *call);
void hf_api_contract_accruals(struct hf_call *call);

struct ask {
	struct hf_contract_ask a;
	struct hf_sv month, to, cut;
	bool dry;
	struct hf_contract_activity x;
	struct hf_ct_filling *filling;
	struct hf_ct_fill_plan plan;
	struct hf_ct_fill_ask fill;
	struct hf_ct_accruals *accruals;
	int64_t first;
	enum hf_rc rc;
	struct hf_err err;
};

enum hf_rc
hf_contract_activity_now(struct hf_call *c, const struct hf_ct_terms *t, bool traced,
			 struct hf_contract_activity *out, struct hf_err *err)
{
	struct hf_pop_live *live = hf_outcomes_live(c->server->outcomes);
	const struct hf_pop_columns *cols = hf_pop_hold(live);
	struct hf_reader *reader = NULL;
	enum hf_rc rc;

	*out = (struct hf_contract_activity){0};
	if (!cols)
		return hf_fail(err, HF_BUSY, NULL,
			       "the activity is being read: try again in a moment");
	rc = hf_reader_get(c->store, &reader, err);
	if (rc == HF_OK)
		rc = hf_contract_activity(cols, hf_reader_db(reader), t, traced, out,
					  err);
	if (reader)
		hf_reader_put(reader);
	hf_pop_release(live, cols);
	return rc;
}

static struct ask *
new_ask(struct hf_call *c)
{
	struct ask *x = HF_NEW(c->arena, struct ask);
	struct hf_err err;

	if (!x) {
		hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
		hf_api_fail(c, &err);
	}
	return x;
}

/* ---- activity as figures ---- */

static enum hf_rc
fill(struct hf_call *c, struct ask *x, struct hf_err *err)
{
	struct hf_reader *reader = NULL;
	enum hf_rc rc;

	rc = hf_ct_fill(x->a.terms, x->x.a, x->x.p, x->x.n, &x->x.arena, x->filling,
			err);
	if (rc || !x->dry)
		return rc ? rc
			  : hf_ct_book_fill(c->store, &x->a.by, x->a.terms, x->filling,
					    &x->fill, &x->x.arena, &x->plan, &x->first,
					    err);
	rc = hf_reader_get(c->store, &reader, err);
	if (rc == HF_OK)
		rc = hf_ct_book_fill_plan(hf_reader_db(reader), x->a.terms, x->filling,
					  &x->fill, &x->x.arena, &x->plan, err);
	if (reader)
		hf_reader_put(reader);
	return rc;
}

static void
run_fill(struct hf_call *c, void *ctx)
{
	struct ask *x = ctx;

	x->rc = hf_contract_activity_now(c, x->a.terms, false, &x->x, &x->err);
	if (x->rc == HF_OK)
		x->rc = hf_contract_months(&x->x, x->a.terms, x->month, x->to, x->cut,
					   &x->fill, &x->err);
	if (x->rc)
		return;
	x->filling = HF_NEW(&x->x.arena, struct hf_ct_filling);
	x->rc = x->filling
		    ? fill(c, x, &x->err)
		    : hf_fail(&x->err, HF_BUSY, NULL, "no memory now; try again");
}

static void
answer_fill(struct hf_call *c, void *ctx)
{
	struct ask *x = ctx;
	struct hf_jw w;

	if (x->rc == HF_OK) {
		hf_api_begin(c, &w);
		hf_api_flag(&w, "kept", !x->dry);
		if (x->plan.n && !x->dry)
			hf_ct_int(&w, "first", x->first);
		hf_ct_fill_write(x->a.terms, &x->plan, &w);
	}
	hf_contract_activity_free(&x->x);
	if (x->rc)
		hf_api_fail(c, &x->err);
	else
		hf_api_end(c);
}

void
hf_api_contract_fill(struct hf_call *c)
{
	struct hf_json d;
	struct hf_err err;
	struct ask *x;
	enum hf_rc rc;
	uint32_t dry;

	if (!hf_api_no_params(c) || !(x = new_ask(c)))
		return;
	rc = hf_api_body(c, "month to cut dry", &d, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &d, "month", 0, 7, &x->month, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &d, "to", 0, 7, &x->to, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &d, "cut", 0, 6, &x->cut, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	dry = hf_json_get(&d, 0, HF_SV("dry"));
	x->dry = dry != HF_JSON_NONE && hf_json_type(&d, dry) == HF_JSON_TRUE;
	if (hf_contract_begin_terms(c, &x->a))
		hf_call_work(c, c->server->sign->desk, run_fill, answer_fill,
			     hf_api_fail, x);
}

/* ---- accruals ---- */

/* Prices what there is and estimates; *out lies in x. */
static enum hf_rc
accrue(struct hf_call *c, const struct hf_ct_terms *t, struct hf_contract_activity *x,
       struct hf_ct_accruals **out, struct hf_err *err)
{
	static const struct hf_sv none = {"", 0};
	struct hf_ct_fill_ask months;
	enum hf_rc rc = hf_contract_activity_now(c, t, false, x, err);

	if (rc == HF_OK)
		rc = hf_contract_months(x, t, none, none, none, &months, err);
	if (rc)
		return rc;
	*out = HF_NEW(&x->arena, struct hf_ct_accruals);
	if (!*out)
		return hf_fail(err, HF_BUSY, NULL, "no memory now; try again");
	return hf_ct_accrue(t, x->a, x->p, x->n, months.last + 1, &x->arena, *out, err);
}

static bool
has_activity(const struct hf_ct_terms *t)
{
	for (size_t l = 0; l < t->n_lines; l++)
		if (t->lines[l].select)
			return true;
	return false;
}

enum hf_rc
hf_contract_put_accruals(struct hf_call *c, const struct hf_ct_terms *t,
			 struct hf_jw *w, struct hf_err *err)
{
	struct hf_contract_activity x = {0};
	struct hf_ct_accruals *a;
	enum hf_rc rc;

	if (!has_activity(t))
		return HF_OK;
	rc = accrue(c, t, &x, &a, err);
	if (rc == HF_OK) {
		hf_jw_member(w, "accruals");
		hf_jw_obj(w);
		hf_ct_accruals_write(t, a, w);
		hf_jw_obj_end(w);
	}
	hf_contract_activity_free(&x);
	return rc == HF_BUSY || rc == HF_RULE ? HF_OK : rc;
}

static void
run_accruals(struct hf_call *c, void *ctx)
{
	struct ask *x = ctx;

	x->rc = accrue(c, x->a.terms, &x->x, &x->accruals, &x->err);
}

static void
answer_accruals(struct hf_call *c, void *ctx)
{
	struct ask *x = ctx;
	struct hf_jw w;

	if (x->rc == HF_OK) {
		hf_api_begin(c, &w);
		hf_ct_accruals_write(x->a.terms, x->accruals, &w);
	}
	hf_contract_activity_free(&x->x);
	if (x->rc)
		hf_api_fail(c, &x->err);
	else
		hf_api_end(c);
}

void
hf_api_contract_accruals(struct hf_call *c)
{
	struct ask *x = new_ask(c);

	if (x && hf_api_no_params(c) && hf_contract_begin_terms(c, &x->a))
		hf_call_work(c, c->server->sign->desk, run_accruals, answer_accruals,
			     hf_api_fail, x);
}
