/* api_contract.c - contracts for their parties: which there are, the overview, how a
 * figure came about, the monthly pack; and the summary for everybody. */
#include "record/io/desk.h"
#include "server/contract.h"
#include "server/contract_activity.h"
#include "server/serve.h"

void hf_api_contracts(struct hf_call *call);
void hf_api_contract_public(struct hf_call *call);
void hf_api_contract(struct hf_call *call);
void hf_api_contract_trace(struct hf_call *call);
void hf_api_contract_pack(struct hf_call *call);

static const char *const party_words[] = {"commissioner", "provider"};
static const char *const fund_words[] = {"nhs", "council"};

static bool
signs(const struct hf_call *c, const struct hf_ct_party *p)
{
	if (c->actor->kind == HF_ACTOR_TRIAL)
		return true;
	for (size_t i = 0; i < p->n_roles; i++)
		if (hf_sv_eq(c->actor->role, hf_sv_from(p->roles[i])))
			return true;
	return false;
}

/* ---- the list ---- */

static enum hf_rc
months_of(struct hf_call *c, const struct hf_ct_terms *t, int *out, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_ct_input *in;
	size_t n;
	enum hf_rc rc = hf_ct_book_inputs(hf_reader_db(c->reader), t, INT64_MAX, &arena,
					  &in, &n, err);

	*out = 0;
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (in[i].month + 1 > *out)
			*out = in[i].month + 1;
	hf_arena_free(&arena);
	return rc;
}

static enum hf_rc
put_contract(struct hf_call *c, struct hf_jw *w, const struct hf_ct_terms *t, int party,
	     struct hf_err *err)
{
	char text[HF_MONEY_TEXT];
	int months;
	enum hf_rc rc = months_of(c, t, &months, err);

	hf_jw_obj(w);
	hf_ct_text(w, "id", t->id);
	hf_ct_text(w, "title", t->title);
	hf_ct_text(w, "form", hf_ct_form_word(t->form));
	hf_ct_text(w, "status", t->status);
	hf_api_flag(w, "demonstration", t->demonstration);
	hf_ct_text(w, "year", hf_fy_text(t->fy, text, sizeof text));
	hf_ct_text(w, "from", hf_ct_day_text(t->from, text, sizeof text));
	hf_ct_text(w, "to", hf_ct_day_text(t->to, text, sizeof text));
	hf_ct_text(w, "party", party_words[party]);
	hf_jw_member(w, "parties");
	hf_jw_obj(w);
	hf_ct_text(w, "commissioner", t->parties[HF_CT_COMMISSIONER].name);
	hf_ct_text(w, "provider", t->parties[HF_CT_PROVIDER].name);
	hf_jw_obj_end(w);
	hf_ct_int(w, "months", months);
	hf_api_flag(w, "signer", signs(c, &t->parties[party]));
	hf_jw_obj_end(w);
	return rc;
}

static void
put_pool(struct hf_call *c, struct hf_jw *w, const struct hf_ct_pool *p, int party)
{
	char text[HF_MONEY_TEXT];

	hf_jw_obj(w);
	hf_ct_text(w, "id", p->id);
	hf_ct_text(w, "title", p->title);
	hf_ct_text(w, "year", hf_fy_text(p->fy, text, sizeof text));
	hf_ct_text(w, "party", fund_words[party]);
	hf_api_flag(w, "signer", signs(c, &p->parties[party]));
	hf_jw_obj_end(w);
}

void
hf_api_contracts(struct hf_call *c)
{
	const struct hf_ct_library *l = &c->server->contracts->lib;
	enum hf_rc rc = HF_OK;
	struct hf_err err;
	struct hf_jw w;

	if (!hf_api_no_params(c))
		return;
	hf_api_begin(c, &w);
	hf_jw_member(&w, "contracts");
	hf_jw_arr(&w);
	for (size_t i = 0; rc == HF_OK && i < l->n_contracts; i++) {
		int party = hf_contract_party(c, l->contracts[i], NULL);

		if (party >= 0)
			rc = put_contract(c, &w, l->contracts[i], party, &err);
	}
	hf_jw_arr_end(&w);
	hf_jw_member(&w, "pools");
	hf_jw_arr(&w);
	for (size_t i = 0; i < l->n_pools; i++) {
		int party = hf_contract_party(c, NULL, l->pools[i]);

		if (party >= 0)
			put_pool(c, &w, l->pools[i], party);
	}
	hf_jw_arr_end(&w);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
}

/* ---- for everybody ---- */

/* What was earned up to the last quarter that both signed. */
static enum hf_rc
agreed_so_far(struct hf_call *c, const struct hf_ct_terms *t, hf_pence *earned,
	      struct hf_sv *upto, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	*earned = 0;
	for (int q = 1; rc == HF_OK && q <= 4; q++) {
		struct hf_ct_statement s;
		struct hf_json d;
		char text[16];
		int64_t v;

		hf_ct_quarter_text(t->fy, q, text, sizeof text);
		rc = hf_ct_book_statement(hf_reader_db(c->reader), hf_sv_from(t->id),
					  hf_sv_from(text), 0, c->arena, &s, err);
		if (rc == HF_NOT_FOUND ||
		    (rc == HF_OK && s.n_signatures < HF_CT_PARTIES))
			return HF_OK;
		if (rc == HF_OK)
			rc = hf_ct_statement_check(s.body, c->arena, &d, err);
		if (rc == HF_OK)
			rc = hf_contract_int(&d, hf_json_member(&d, 0, "total"),
					     "earned", true, &v, err);
		if (rc == HF_OK) {
			*earned += v;
			*upto = hf_json_str(&d, hf_json_member(&d, 0, "to"), c->arena);
		}
	}
	return rc;
}

static enum hf_rc
put_public(struct hf_call *c, struct hf_jw *w, const struct hf_ct_terms *t,
	   struct hf_err *err)
{
	struct hf_sv upto = {0};
	hf_pence plan = 0, earned;
	char text[HF_MONEY_TEXT];
	enum hf_rc rc = agreed_so_far(c, t, &earned, &upto, err);

	for (size_t l = 0; l < t->n_lines; l++)
		for (int m = 0; m < HF_CT_MONTHS; m++)
			plan += t->lines[l].plan[m];
	hf_jw_obj(w);
	hf_ct_text(w, "title", t->title);
	hf_ct_text(w, "year", hf_fy_text(t->fy, text, sizeof text));
	hf_ct_text(w, "status", t->status);
	hf_api_flag(w, "demonstration", t->demonstration);
	hf_ct_text(w, "summary", t->summary);
	hf_ct_text(w, "commissioner", t->parties[HF_CT_COMMISSIONER].name);
	hf_ct_text(w, "provider", t->parties[HF_CT_PROVIDER].name);
	hf_ct_int(w, "plan", plan);
	if (upto.p) {
		hf_ct_int(w, "earned", earned);
		hf_jw_field(w, "upTo", upto);
	}
	hf_jw_obj_end(w);
	return rc;
}

static void
put_public_pool(struct hf_jw *w, const struct hf_ct_pool *p)
{
	char text[HF_MONEY_TEXT];

	hf_jw_obj(w);
	hf_ct_text(w, "title", p->title);
	hf_ct_text(w, "year", hf_fy_text(p->fy, text, sizeof text));
	hf_api_flag(w, "demonstration", p->demonstration);
	hf_ct_text(w, "summary", p->summary);
	hf_ct_int(w, "total", p->total);
	hf_jw_member(w, "lines");
	hf_jw_arr(w);
	for (size_t i = 0; i < p->n_lines; i++) {
		hf_jw_obj(w);
		hf_ct_text(w, "title", p->lines[i].title);
		hf_ct_int(w, "budget", p->lines[i].budget);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

void
hf_api_contract_public(struct hf_call *c)
{
	const struct hf_ct_library *l = &c->server->contracts->lib;
	enum hf_rc rc = HF_OK;
	struct hf_err err;
	struct hf_jw w;

	if (!hf_api_no_params(c))
		return;
	hf_api_begin(c, &w);
	hf_jw_member(&w, "contracts");
	hf_jw_arr(&w);
	for (size_t i = 0; rc == HF_OK && i < l->n_contracts; i++)
		if (strcmp(l->contracts[i]->status, "draft") != 0)
			rc = put_public(c, &w, l->contracts[i], &err);
	hf_jw_arr_end(&w);
	hf_jw_member(&w, "pools");
	hf_jw_arr(&w);
	for (size_t i = 0; i < l->n_pools; i++)
		put_public_pool(&w, l->pools[i]);
	hf_jw_arr_end(&w);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
}

/* ---- one ---- */

void
hf_api_contract(struct hf_call *c)
{
	struct hf_sv to = hf_call_take_param(c, HF_SV("to"));
	struct hf_contract_ask a;
	struct hf_ct_run *run;
	struct hf_err err;
	struct hf_jw w;
	int64_t day;

	if (!hf_api_no_params(c) || !hf_contract_begin_terms(c, &a))
		return;
	if (hf_contract_run(c, &a, to, &run, &day, &err)) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_ct_text(&w, "party", party_words[a.by.party]);
	hf_api_flag(&w, "signer", a.by.signatory);
	hf_ct_run_write(run, &w);
	hf_api_end(c);
}

/* A month of the run, 1 to its last; that when nobody says. */
static enum hf_rc
take_month(struct hf_sv text, const struct hf_ct_run *run, int *out, struct hf_err *err)
{
	int64_t v = run->months;

	if (text.p && (!hf_sv_int(text, &v) || v < 1 || v > run->months))
		return hf_fail(err, HF_INVALID, "month",
			       "a month is 1 (April) to %d, the last with figures",
			       run->months);
	*out = (int)v - 1;
	return HF_OK;
}

void
hf_api_contract_trace(struct hf_call *c)
{
	struct hf_sv line = hf_call_take_param(c, HF_SV("line"));
	struct hf_sv month = hf_call_take_param(c, HF_SV("month"));
	struct hf_contract_ask a;
	struct hf_ct_kept *in;
	struct hf_ct_run *run;
	struct hf_err err;
	struct hf_jw w;
	int64_t day;
	size_t n;
	int at, m = 0;
	enum hf_rc rc;

	if (!hf_api_no_params(c) || !hf_contract_begin_terms(c, &a))
		return;
	at = hf_ct_line_find(a.terms, line);
	rc = at < 0 ? hf_fail(&err, HF_NOT_FOUND, "line", "there is no such line")
		    : hf_contract_run(c, &a, (struct hf_sv){0}, &run, &day, &err);
	if (rc == HF_OK)
		rc = take_month(month, run, &m, &err);
	if (rc == HF_OK)
		rc = hf_ct_book_kept(hf_reader_db(c->reader), a.terms, c->arena, &in,
				     &n, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_ct_workings_write(run, in, n, (size_t)at, m, &w);
	hf_api_end(c);
}

/* ---- the monthly pack ---- */

static void
put_deviations(struct hf_jw *w, const struct hf_ct_run *run, int month)
{
	hf_jw_member(w, "deviations");
	hf_jw_arr(w);
	for (size_t i = 0; i < run->terms->n_components; i++) {
		struct hf_ct_deviation d;

		hf_ct_deviation(run, i, month, &d);
		if (d.level == HF_CT_NONE)
			continue;
		hf_jw_obj(w);
		hf_ct_text(w, "component", run->terms->components[i].id);
		hf_ct_text(w, "title", run->terms->components[i].title);
		hf_jw_member(w, "deviation");
		hf_ct_deviation_write(&d, w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_missing(struct hf_jw *w, const struct hf_ct_run *run, int month)
{
	hf_jw_member(w, "missing");
	hf_jw_arr(w);
	for (size_t l = 0; l < run->terms->n_lines; l++)
		for (int m = 0; m <= month; m++) {
			const struct hf_ct_line *line = &run->terms->lines[l];

			enum hf_ct_kind kind =
			    run->terms->components[line->component].kind;

			if (run->facts->at[l][m].cut != HF_CT_NOTHING ||
			    kind == HF_CT_OUTCOME ||
			    (kind == HF_CT_RULE && !line->after))
				continue;
			hf_jw_obj(w);
			hf_ct_text(w, "line", line->id);
			hf_ct_int(w, "month", m + 1);
			hf_jw_obj_end(w);
		}
	hf_jw_arr_end(w);
}

static enum hf_rc
put_cases(struct hf_call *c, const struct hf_contract_ask *a, struct hf_jw *w,
	  struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	hf_jw_member(w, "cases");
	hf_jw_obj(w);
	for (int k = 0; rc == HF_OK && k < HF_CT_CASES; k++)
		rc =
		    hf_contract_cases(c, a, w, hf_ct_case_word((enum hf_ct_case_kind)k),
				      (enum hf_ct_case_kind)k, true, err);
	hf_jw_obj_end(w);
	return rc;
}

void
hf_api_contract_pack(struct hf_call *c)
{
	struct hf_sv month = hf_call_take_param(c, HF_SV("month"));
	struct hf_contract_ask a;
	struct hf_ct_run *run;
	struct hf_err err;
	struct hf_jw w;
	int64_t day;
	int m = 0;
	enum hf_rc rc;

	if (!hf_api_no_params(c) || !hf_contract_begin_terms(c, &a))
		return;
	rc = hf_contract_run(c, &a, (struct hf_sv){0}, &run, &day, &err);
	if (rc == HF_OK)
		rc = take_month(month, run, &m, &err);
	if (rc == HF_OK && m != run->months - 1)
		rc = hf_ct_book_run(hf_reader_db(c->reader), a.lib, a.at, INT64_MAX,
				    hf_period_first(a.terms->fy, m + 2) - 1, c->arena,
				    &run, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_ct_int(&w, "month", m + 1);
	hf_jw_member(&w, "dashboard");
	hf_jw_obj(&w);
	hf_ct_run_write(run, &w);
	hf_jw_obj_end(&w);
	put_deviations(&w, run, m);
	put_missing(&w, run, m);
	rc = put_cases(c, &a, &w, &err);
	if (rc == HF_OK)
		rc = hf_contract_put_accruals(c, a.terms, &w, &err);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
}
