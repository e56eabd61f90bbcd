/* contract.c - see contract.h. */
#include "server/contract.h"

#include <stdlib.h>

#include "base/io/log.h"
#include "record/io/desk.h"
#include "server/serve.h"

enum { LIBRARY_BYTES = 64 << 20, CASE_BYTES = 16 << 20 };

enum hf_rc
hf_contracts_new(struct hf_contracts **out, struct hf_err *err)
{
	struct hf_contracts *c = calloc(1, sizeof *c);
	struct hf_issues issues = {0};
	enum hf_rc rc;

	if (!c)
		return hf_fail(err, HF_BUSY, NULL, "no memory for contracts");
	c->arena.cap = LIBRARY_BYTES;
	issues.arena = &c->arena;
	rc = hf_ct_library_load(&c->arena, &issues, &c->lib, err);
	for (size_t i = 0; rc && i < issues.n; i++)
		hf_log(HF_LOG_ERROR, "contract", "%.*s: %.*s",
		       HF_SV_ARG(issues.items[i].path),
		       HF_SV_ARG(issues.items[i].text));
	if (rc)
		hf_contracts_free(c);
	else
		*out = c;
	return rc;
}

void
hf_contracts_free(struct hf_contracts *c)
{
	if (!c)
		return;
	hf_ct_library_free(&c->lib);
	hf_arena_free(&c->arena);
	free(c);
}

/* ---- which, and for whom ---- */

int
hf_contract_party(const struct hf_call *c, const struct hf_ct_terms *t,
		  const struct hf_ct_pool *p)
{
	if (c->actor->kind == HF_ACTOR_TRIAL)
		return HF_CT_COMMISSIONER;
	return t ? hf_ct_party_of(t, c->actor->org)
		 : hf_ct_pool_party(p, c->actor->org);
}

static bool
may_sign(const struct hf_call *c, const struct hf_ct_party *p)
{
	if (c->actor->kind == HF_ACTOR_TRIAL)
		return true;
	for (size_t i = 0; i < p->n_roles; i++)
		if (hf_sv_eq(c->actor->role, hf_sv_from(p->roles[i])))
			return true;
	return false;
}

static bool
is_found(struct hf_call *c, struct hf_contract_ask *a)
{
	struct hf_err err;
	int party = -1;

	a->lib = &c->server->contracts->lib;
	a->id = c->arg[0];
	a->pool = hf_ct_library_pool(a->lib, a->id);
	if (!a->pool &&
	    hf_ct_library_contract(a->lib, a->id, &a->terms, &a->at, &err) != HF_OK)
		a->terms = NULL;
	if (a->terms || a->pool)
		party = hf_contract_party(c, a->terms, a->pool);
	if (party < 0)
		return false;
	a->by = (struct hf_ct_by){.user = c->actor->id,
				  .role = c->actor->role,
				  .org = c->actor->org,
				  .purpose = c->actor->purpose,
				  .trace = hf_call_trace(c),
				  .party = party,
				  .trial = c->actor->kind == HF_ACTOR_TRIAL,
				  .signatory =
				      may_sign(c, a->terms ? &a->terms->parties[party]
							   : &a->pool->parties[party])};
	return true;
}

static bool
not_there(struct hf_call *c, const char *text)
{
	struct hf_err err;

	hf_fail(&err, HF_NOT_FOUND, NULL, "%s", text);
	hf_api_fail(c, &err);
	return false;
}

bool
hf_contract_begin(struct hf_call *c, struct hf_contract_ask *out)
{
	*out = (struct hf_contract_ask){0};
	return is_found(c, out) || not_there(c, "there is no such contract for you");
}

bool
hf_contract_begin_terms(struct hf_call *c, struct hf_contract_ask *out)
{
	if (!hf_contract_begin(c, out))
		return false;
	return out->terms || not_there(c, "this is a fund and not a contract");
}

/* ---- running ---- */

static int64_t
last_day_with_figures(const struct hf_ct_terms *t, const struct hf_ct_input *in,
		      size_t n)
{
	int month = 0;

	for (size_t i = 0; i < n; i++)
		if (in[i].month > month)
			month = in[i].month;
	return hf_period_first(t->fy, month + 2) - 1;
}

enum hf_rc
hf_contract_run(struct hf_call *c, const struct hf_contract_ask *a, struct hf_sv to,
		struct hf_ct_run **out, int64_t *day, struct hf_err *err)
{
	struct hf_db *db = hf_reader_db(c->reader);
	struct hf_date date;

	if (to.p) {
		if (!hf_date_parse(to, false, &date) || date.precision != HF_PREC_DAY)
			return hf_fail(err, HF_INVALID, "to",
				       "a day as 2020-06-30 is needed");
		*day = hf_london_day(date.lo);
	} else {
		struct hf_ct_input *in;
		size_t n;
		enum hf_rc rc =
		    hf_ct_book_inputs(db, a->terms, INT64_MAX, c->arena, &in, &n, err);

		if (rc)
			return rc;
		*day = last_day_with_figures(a->terms, in, n);
	}
	return hf_ct_book_run(db, a->lib, a->at, INT64_MAX, *day, c->arena, out, err);
}

/* ---- writing ---- */

struct hf_contract_source
hf_contract_source(struct hf_call *c)
{
	return (struct hf_contract_source){c->server->outcomes, c->reader, c->arena};
}

static struct hf_ct_shower
shower(struct hf_call *c, const struct hf_ct_pool *pool)
{
	return (struct hf_ct_shower){.db = hf_reader_db(c->reader),
				     .arena = c->arena,
				     .now = c->now,
				     .fund = pool != NULL};
}

void
hf_contract_user(struct hf_call *c, struct hf_jw *w, const char *name,
		 struct hf_sv user)
{
	const struct hf_ct_shower s = shower(c, NULL);

	hf_ct_user_write(&s, w, name, user);
}

void
hf_contract_case(struct hf_call *c, struct hf_jw *w, struct hf_sv subject,
		 const struct hf_ct_case *k, const struct hf_ct_pool *pool)
{
	const struct hf_ct_shower s = shower(c, pool);

	hf_ct_case_write(&s, w, subject, k);
}

static enum hf_rc
put_one(struct hf_call *c, const struct hf_contract_ask *a, struct hf_jw *w,
	struct hf_sv subject, bool open, struct hf_err *err)
{
	struct hf_arena arena = {.cap = CASE_BYTES};
	struct hf_ct_event *events;
	struct hf_ct_case k;
	struct hf_sv contract;
	size_t n;
	enum hf_rc rc = hf_ct_book_case(hf_reader_db(c->reader), a->lib, subject,
					&arena, &k, &contract, &events, &n, err);

	if (rc == HF_OK && !(open && k.in.ended)) {
		hf_jw_obj(w);
		hf_contract_case(c, w, subject, &k, a->pool);
		hf_jw_obj_end(w);
	}
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_contract_cases(struct hf_call *c, const struct hf_contract_ask *a, struct hf_jw *w,
		  const char *name, enum hf_ct_case_kind kind, bool open,
		  struct hf_err *err)
{
	struct hf_sv *subjects;
	size_t n;
	enum hf_rc rc = hf_ct_book_cases(hf_reader_db(c->reader), a->id, c->arena,
					 &subjects, &n, err);

	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		struct hf_sv rest = subjects[i];

		if (kind == HF_CT_CASES ||
		    hf_ct_case_find(hf_sv_cut(&rest, '/')) == kind)
			rc = put_one(c, a, w, subjects[i], open, err);
	}
	hf_jw_arr_end(w);
	return rc;
}

enum hf_rc
hf_contract_int(const struct hf_json *d, uint32_t object, const char *name, bool needed,
		int64_t *out, struct hf_err *err)
{
	uint32_t node = hf_json_get(d, object, hf_sv_from(name));

	if (node == HF_JSON_NONE && !needed)
		return HF_OK;
	if (node == HF_JSON_NONE || hf_json_type(d, node) != HF_JSON_NUMBER ||
	    !hf_sv_int(hf_json_raw(d, node), out))
		return hf_fail(err, HF_INVALID, name, "a whole number is needed");
	return HF_OK;
}
