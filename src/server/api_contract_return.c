/* api_contract_return.c - quarterly returns of pooled funds: made with the metrics of
 * the outcome framework, shown, signed by both partners and by the board. */
#include <math.h>

#include "access/jws.h"
#include "access/io/account.h"
#include "record/io/desk.h"
#include "server/api_body.h"
#include "server/contract.h"
#include "server/measures.h"
#include "server/serve.h"
#include "server/sign.h"

void hf_api_pool_returns(struct hf_call *call);
void hf_api_pool_return_make(struct hf_call *call);
void hf_api_pool_return(struct hf_call *call);
void hf_api_pool_return_sign(struct hf_call *call);

static const char *const signer_words[HF_CT_SIGNATURES] = {"nhs", "council", "board"};

struct act {
	struct hf_contract_ask a;
	struct hf_ct_return_about about;
	struct hf_ct_statement s;
	struct hf_ct_sign sign;
	enum hf_rc rc;
	struct hf_err err;
};

/* ---- showing ---- */

static const char *
name_of_signer(const struct hf_ct_pool *p, int party)
{
	return party == HF_CT_BOARD ? p->board.name
				    : p->parties[party == HF_CT_PROVIDER].name;
}

static void
put_return(struct hf_call *c, struct hf_jw *w, const struct hf_ct_statement *s)
{
	static const char *const states[] = {"draft", "signed", "partners", "agreed"};

	hf_jw_field(w, "quarter", s->quarter);
	hf_ct_int(w, "version", s->version);
	hf_ct_text(w, "status", states[s->n_signatures]);
	hf_jw_field(w, "hash", s->hash);
	hf_contract_user(c, w, "preparedBy", s->by);
	hf_write_time(w, "preparedAt", s->at);
	hf_jw_member(w, "signatures");
	hf_jw_arr(w);
	for (size_t i = 0; i < s->n_signatures; i++) {
		const struct hf_ct_signed_row *g = &s->signatures[i];

		hf_jw_obj(w);
		hf_ct_text(w, "party", signer_words[g->party % HF_CT_SIGNATURES]);
		hf_contract_user(c, w, "user", g->user);
		hf_jw_field(w, "role", g->role);
		hf_jw_field(w, "org", g->org);
		hf_write_time(w, "at", g->at);
		hf_jw_field(w, "jws", g->jws);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_api_pool_returns(struct hf_call *c)
{
	struct hf_contract_ask a;
	struct hf_ct_statement *s;
	struct hf_err err;
	struct hf_jw w;
	size_t n;

	if (!hf_api_no_params(c) || !hf_contract_begin_pool(c, &a))
		return;
	if (hf_ct_book_statements(hf_reader_db(c->reader), a.id, c->arena, &s, &n,
				  &err)) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "returns");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++) {
		hf_jw_obj(&w);
		put_return(c, &w, &s[i]);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_api_end(c);
}

/* ---- one, in any form ---- */

static const struct {
	const char *word, *type;
	enum hf_ct_sheet how;
} files[] = {
    {"csv", "text/csv; charset=utf-8", HF_CT_CSV},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet", HF_CT_ODS},
    {"pdf", "application/pdf", HF_CT_PDF},
};

static struct hf_sv
name_of(struct hf_call *c, struct hf_sv user)
{
	struct hf_account account;
	struct hf_sv id = user;
	struct hf_err err;

	hf_sv_cut(&id, '/');
	return id.p && hf_account_get(hf_reader_db(c->reader), id, c->arena, &account,
				      &err) == HF_OK
		   ? account.name
		   : user;
}

static enum hf_rc
reply_file(struct hf_call *c, const struct hf_contract_ask *a,
	   const struct hf_ct_statement *s, size_t file, struct hf_err *err)
{
	struct hf_ct_shown_signature shown[HF_CT_SIGNATURES];
	struct hf_buf out = {.cap = 8 << 20};
	const char *hash = hf_arena_cstr(c->arena, s->hash);
	struct hf_sv body;
	enum hf_rc rc;

	for (size_t i = 0; i < s->n_signatures; i++)
		shown[i] = (struct hf_ct_shown_signature){
		    hf_sv_from(name_of_signer(a->pool, s->signatures[i].party)),
		    name_of(c, s->signatures[i].user), s->signatures[i].role,
		    s->signatures[i].at};
	rc = hash ? hf_ct_return_show(s->body, hash, shown, s->n_signatures,
				      files[file].how, c->arena, &out, err)
		  : hf_fail(err, HF_TOO_LONG, NULL, "no memory for the return");
	body = hf_arena_sv(c->arena, hf_buf_view(&out));
	hf_buf_free(&out);
	if (rc == HF_OK && !body.p)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for the return");
	if (rc)
		return rc;
	hf_call_header(c, "Content-Disposition",
		       hf_arena_printf(c->arena,
				       "attachment; filename=\"%.*s-%.*s-%lld.%s\"",
				       HF_SV_ARG(a->id), HF_SV_ARG(s->quarter),
				       (long long)s->version, files[file].word));
	hf_call_reply(c, 200, files[file].type, body);
	return HF_OK;
}

static void
reply_json(struct hf_call *c, const struct hf_contract_ask *a,
	   const struct hf_ct_statement *s)
{
	struct hf_err err;
	struct hf_jw w;
	bool again = hf_ct_book_return_again(hf_reader_db(c->reader), a->pool, s,
					     c->arena, &err) == HF_OK;

	hf_api_begin(c, &w);
	put_return(c, &w, s);
	hf_jw_member(&w, "reproduced");
	hf_jw_bool(&w, again);
	hf_jw_member(&w, "body");
	hf_jw_raw(&w, s->body);
	hf_api_end(c);
}

void
hf_api_pool_return(struct hf_call *c)
{
	struct hf_sv version = hf_call_take_param(c, HF_SV("version"));
	struct hf_sv format = hf_call_take_param(c, HF_SV("format"));
	bool json = !format.p || hf_sv_is(format, "json");
	struct hf_contract_ask a;
	struct hf_ct_statement s;
	struct hf_err err;
	size_t file = 0;
	int64_t v = 0;
	enum hf_rc rc = HF_OK;

	if (!hf_api_no_params(c) || !hf_contract_begin_pool(c, &a))
		return;
	while (file < HF_COUNT(files) &&
	       !hf_sv_eq(format, hf_sv_from(files[file].word)))
		file++;
	if (!json && file == HF_COUNT(files))
		rc = hf_fail(&err, HF_INVALID, "format", "it is json, csv, ods or pdf");
	if (rc == HF_OK && version.p && (!hf_sv_int(version, &v) || v < 1))
		rc = hf_fail(&err, HF_INVALID, "version", "a version is 1 or more");
	if (rc == HF_OK)
		rc = hf_ct_book_statement(hf_reader_db(c->reader), a.id, c->arg[1], v,
					  c->arena, &s, &err);
	if (rc == HF_OK && json)
		reply_json(c, &a, &s);
	else if (rc == HF_OK)
		rc = reply_file(c, &a, &s, file, &err);
	if (rc)
		hf_api_fail(c, &err);
}

/* ---- the metrics ---- */

static struct hf_sv
decimal(struct hf_call *c, double v, int places)
{
	struct hf_sv s = isfinite(v) && fabs(v) < 1e12
			     ? hf_arena_printf(c->arena, "%.*f", places, v)
			     : HF_SV("");

	return s.p ? s : HF_SV("");
}

static void
take_figure(struct hf_call *c, const struct hf_pop_report *r,
	    struct hf_ct_metric_now *out)
{
	size_t place = r->n_areas == 2 ? 1 : 0;
	const struct hf_pop_figure *f = hf_pop_report_at(r, 0, place, r->n_periods);

	out->status = hf_sv_from(hf_pop_status_words[f->status]);
	if (f->status != HF_POP_OK && f->status != HF_POP_PARTIAL)
		return;
	out->value = decimal(c, f->value.value, 2);
	out->low = decimal(c, f->value.low, 2);
	out->high = decimal(c, f->value.high, 2);
	out->counted = decimal(c, f->counted, 0);
	out->out_of = decimal(c, f->out_of, 0);
}

/* One metric of the quarter.  A quarter that the data do not hold has no figure, and
 * says so; what is not ready yet is the caller's to try again. */
static enum hf_rc
take_metric(struct hf_call *c, const struct hf_ct_pool *p, int quarter, size_t i,
	    struct hf_ct_metric_now *out, struct hf_err *err)
{
	const struct hf_pop_framework *f = hf_outcomes_framework(c->server->outcomes);
	int k = hf_pop_framework_find(f, hf_sv_from(p->metrics[i].measure));
	struct hf_pop_question q = {.grain = HF_SV("quarter")};
	struct hf_measures m = {0};
	struct hf_err why = {0};
	char from[16], to[16];
	enum hf_rc rc;

	*out = (struct hf_ct_metric_now){.version = HF_SV(""),
					 .hash = HF_SV(""),
					 .unit = HF_SV(""),
					 .status = HF_SV("no-measure"),
					 .value = HF_SV(""),
					 .low = HF_SV(""),
					 .high = HF_SV(""),
					 .counted = HF_SV(""),
					 .out_of = HF_SV("")};
	if (k < 0)
		return HF_OK;
	out->version = hf_sv_from(f->measures[k].version);
	out->hash = hf_sv_from(f->measures[k].hash);
	out->unit = hf_sv_from(f->measures[k].unit);
	q.from = hf_sv_from(
	    hf_ct_day_text(hf_period_first(p->fy, quarter * 3 - 2), from, sizeof from));
	q.to = hf_sv_from(
	    hf_ct_day_text(hf_ct_quarter_end(p->fy, quarter) + 1, to, sizeof to));
	rc = hf_measures_run(c, &q, UINT64_C(1) << k, true, &m, &why);
	if (rc == HF_OK)
		take_figure(c, m.report, out);
	hf_measures_end(c, &m);
	if (rc == HF_BUSY)
		return hf_fail(err, rc, "metrics", "%s", why.text);
	if (rc)
		out->status = HF_SV("not-received");
	return HF_OK;
}

/* ---- making ---- */

static struct act *
begin(struct hf_call *c, const char *members, struct hf_json *doc)
{
	struct act *x = HF_NEW(c->arena, struct act);
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return NULL;
	rc = x ? hf_api_body(c, members, doc, &err)
	       : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	if (rc) {
		hf_api_fail(c, &err);
		return NULL;
	}
	return hf_contract_begin_pool(c, &x->a) ? x : NULL;
}

static void
run_make(struct hf_call *c, void *ctx)
{
	struct act *x = ctx;
	struct hf_reader *reader;

	x->rc = hf_reader_get(c->store, &reader, &x->err);
	if (x->rc)
		return;
	x->rc = hf_ct_book_return(c->store, hf_reader_db(reader), &x->a.by, x->a.pool,
				  &x->about, c->now, c->arena, &x->s, &x->err);
	hf_reader_put(reader);
}

static void
answer_make(struct hf_call *c, void *ctx)
{
	const struct act *x = ctx;
	struct hf_jw w;

	if (x->rc) {
		hf_api_fail(c, &x->err);
		return;
	}
	hf_api_begin(c, &w);
	put_return(c, &w, &x->s);
	hf_api_end(c);
}

void
hf_api_pool_return_make(struct hf_call *c)
{
	struct hf_json doc;
	struct hf_err err;
	struct act *x = begin(c, "quarter narrative", &doc);
	int64_t quarter = 0;
	enum hf_rc rc;

	if (!x)
		return;
	rc = hf_contract_int(&doc, 0, "quarter", true, &quarter, &err);
	if (rc == HF_OK && (quarter < 1 || quarter > 4))
		rc = hf_fail(&err, HF_INVALID, "quarter", "a quarter is 1 to 4");
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "narrative", 1, HF_CT_NARRATIVE,
				      &x->about.narrative, &err);
	x->about.quarter = (int)quarter;
	for (size_t i = 0; rc == HF_OK && i < x->a.pool->n_metrics; i++)
		rc = take_metric(c, x->a.pool, x->about.quarter, i,
				 &x->about.metrics[i], &err);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_call_work(c, c->server->sign->desk, run_make, answer_make,
			     hf_api_fail, x);
}

/* ---- signing ---- */

static enum hf_rc
make_jws(struct hf_call *c, struct act *x, struct hf_err *err)
{
	const struct hf_jwk *key = &c->server->token_key->keys[0];
	struct hf_buf b = {.cap = 4096};
	struct hf_jw w = {.out = &b};
	enum hf_rc rc;

	hf_jw_obj(&w);
	hf_jw_field(&w, "subject",
		    hf_arena_printf(c->arena, "statement/%.*s/%.*s/%lld",
				    HF_SV_ARG(x->a.id), HF_SV_ARG(x->sign.quarter),
				    (long long)x->sign.version));
	hf_jw_field(&w, "hash", x->sign.hash);
	hf_ct_text(&w, "party", signer_words[x->a.by.party]);
	hf_jw_field(&w, "user", x->a.by.user);
	hf_jw_field(&w, "role", x->a.by.role);
	hf_jw_field(&w, "org", x->a.by.org);
	hf_write_time(&w, "at", x->sign.at);
	hf_jw_obj_end(&w);
	rc = b.failed ? hf_fail(err, HF_TOO_LONG, NULL, "no memory to sign")
		      : hf_jws_sign(key, HF_JWS_ES384, HF_SV("JOSE"), hf_buf_view(&b),
				    c->arena, &x->sign.jws, err);
	hf_buf_free(&b);
	return rc;
}

static void
run_sign(struct hf_call *c, void *ctx)
{
	struct act *x = ctx;

	x->rc =
	    hf_ct_book_return_sign(c->store, &x->a.by, x->a.pool, &x->sign, &x->err);
}

static void
answer_sign(struct hf_call *c, void *ctx)
{
	const struct act *x = ctx;
	struct hf_jw w;

	if (x->rc) {
		hf_api_fail(c, &x->err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "agreed");
	hf_jw_bool(&w, x->sign.agreed);
	hf_api_end(c);
}

void
hf_api_pool_return_sign(struct hf_call *c)
{
	struct hf_json doc;
	struct hf_err err;
	struct act *x = begin(c, "version hash", &doc);
	enum hf_rc rc;

	if (!x)
		return;
	/* The board's signatory works for an organisation that is a partner as well. */
	if (hf_contract_signs_board(c, x->a.pool)) {
		x->a.by.party = HF_CT_BOARD;
		x->a.by.signatory = true;
	}
	rc = hf_contract_int(&doc, 0, "version", true, &x->sign.version, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "hash", 64, 64, &x->sign.hash, &err);
	x->sign.contract = x->a.id;
	x->sign.quarter = c->arg[1];
	x->sign.at = c->now;
	if (rc == HF_OK && !x->a.by.signatory)
		rc = hf_fail(&err, HF_FORBIDDEN, "sign",
			     "this role signs neither for a partner nor for the board");
	if (rc == HF_OK)
		rc = make_jws(c, x, &err);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_call_work(c, c->server->sign->desk, run_sign, answer_sign,
			     hf_api_fail, x);
}
