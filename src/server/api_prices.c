/* api_prices.c - price lists for who works with contracts: the versions, the rows of
 * one, and what it changed (docs/interfaces/prices.md). */
#include "record/io/desk.h"
#include "server/api_prices.h"

void hf_api_prices(struct hf_call *call);
void hf_api_price_list(struct hf_call *call);
void hf_api_price_changes(struct hf_call *call);

enum { BOOK_BYTES = 512 << 20, PAGE_ROWS = 200 };

/* ---- what all share ---- */

enum hf_rc
hf_prices_look(struct hf_call *c, struct hf_prices_look *out, struct hf_err *err)
{
	return hf_ct_prices_versions(hf_reader_db(c->reader), c->arena, out->versions,
				     &out->n, err);
}

bool
hf_prices_may_import(const struct hf_call *c)
{
	const struct hf_ct_library *l = &c->server->contracts->lib;

	if (c->actor->kind == HF_ACTOR_TRIAL)
		return true;
	for (size_t i = 0; i < l->n_contracts; i++)
		if (hf_contract_party(c, l->contracts[i], NULL) == HF_CT_COMMISSIONER)
			return true;
	return false;
}

bool
hf_prices_allowed(const struct hf_call *c)
{
	struct hf_access_facts facts = {.actor = c->actor,
					.need = HF_NEED_PRICES,
					.audit_works = true,
					.policy = &c->server->policy};

	return hf_access_route(&facts, c->now).outcome == HF_ALLOW;
}

void
hf_prices_put_version(struct hf_jw *w, const struct hf_ct_price_version *v)
{
	char text[HF_MONEY_TEXT];

	hf_jw_field(w, "id", v->id);
	hf_ct_text(w, "from", hf_ct_day_text(v->from, text, sizeof text));
	hf_ct_text(w, "to", hf_ct_day_text(v->to, text, sizeof text));
	hf_api_text(w, "supersedes", v->supersedes);
	hf_jw_field(w, "sha256", v->sha);
	if (v->at)
		hf_write_time(w, "at", v->at);
	hf_jw_member(w, "comesWithProgram");
	hf_jw_bool(w, v->at == 0);
}

void
hf_prices_put_list(struct hf_jw *w, const struct hf_ct_list *list)
{
	hf_jw_field(w, "title", list->title);
	hf_jw_member(w, "illustrative");
	hf_jw_bool(w, list->illustrative);
	hf_api_text(w, "source", list->source);
	hf_jw_member(w, "tables");
	hf_jw_arr(w);
	for (int t = 0; t < HF_CT_TABLES; t++) {
		hf_jw_obj(w);
		hf_jw_field(w, "table", hf_ct_table_word((enum hf_ct_table_name)t));
		hf_ct_int(w, "rows", list->table[t].n);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_rules(struct hf_jw *w, const struct hf_ct_list *list)
{
	char code[HF_CT_CODE_TEXT];

	hf_jw_member(w, "rules");
	hf_jw_obj(w);
	hf_ct_text(w, "rounding",
		   list->rounding == HF_HALF_AWAY ? "half-away" : "half-even");
	hf_ct_int(w, "sseMinAge", list->sse_min_age);
	hf_jw_member(w, "excludeDelayed");
	hf_jw_bool(w, list->exclude_delayed);
	hf_ct_text(w, "internalReferral",
		   list->internal_follow_up ? "follow_up" : "first");
	if (list->ae_follow_up)
		hf_ct_text(w, "aeFollowUp", hf_ct_code_text(list->ae_follow_up, code));
	hf_jw_obj_end(w);
}

/* ---- the versions ---- */

static enum hf_rc
put_one(struct hf_call *c, struct hf_jw *w, const struct hf_ct_price_version *v,
	struct hf_err *err)
{
	struct hf_arena arena = {.cap = BOOK_BYTES};
	struct hf_ct_list *list;
	enum hf_rc rc =
	    hf_ct_prices_one(hf_reader_db(c->reader), &arena, v, &list, err);

	if (rc == HF_OK) {
		hf_jw_obj(w);
		hf_prices_put_version(w, v);
		hf_prices_put_list(w, list);
		hf_jw_obj_end(w);
	}
	hf_arena_free(&arena);
	return rc;
}

void
hf_api_prices(struct hf_call *c)
{
	struct hf_prices_look *look = HF_NEW(c->arena, struct hf_prices_look);
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	rc = look ? hf_prices_look(c, look, &err)
		  : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "mayImport");
	hf_jw_bool(&w, hf_prices_allowed(c) && hf_prices_may_import(c));
	hf_jw_member(&w, "lists");
	hf_jw_arr(&w);
	for (size_t i = 0; rc == HF_OK && i < look->n; i++)
		rc = put_one(c, &w, &look->versions[i], &err);
	hf_jw_arr_end(&w);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
}

/* ---- one, and its rows ---- */

enum hf_rc
hf_prices_find(struct hf_call *c, struct hf_prices_look *look,
	       const struct hf_ct_price_version **v, struct hf_ct_list **list,
	       struct hf_err *err)
{
	enum hf_rc rc = hf_prices_look(c, look, err);

	if (rc)
		return rc;
	*v = hf_ct_prices_find(look->versions, look->n, c->arg[0]);
	if (!*v)
		return hf_fail(err, HF_NOT_FOUND, "id",
			       "there is no price list of this id");
	return hf_ct_prices_one(hf_reader_db(c->reader), c->arena, *v, list, err);
}

struct page {
	enum hf_ct_table_name table;
	size_t from, limit;
	struct hf_sv q;
};

static enum hf_rc
take_page(struct hf_call *c, struct page *p, struct hf_err *err)
{
	struct hf_sv table = hf_call_take_param(c, HF_SV("table"));
	struct hf_sv from = hf_call_take_param(c, HF_SV("from"));
	int64_t n = 0;
	enum hf_rc rc = hf_api_limit(c, PAGE_ROWS, &p->limit, err);

	hf_call_take_param(c, HF_SV("limit"));
	p->q = hf_sv_trim(hf_call_take_param(c, HF_SV("q")));
	p->table = table.p ? hf_ct_table_find(table) : HF_CT_T_HRG;
	if (p->limit == 0)
		p->limit = 50;
	if (rc == HF_OK && p->table == HF_CT_TABLES)
		rc = hf_fail(err, HF_INVALID, "table",
			     "it is hrg, outpatient, ae, unbundled, drug, mff or "
			     "topup");
	if (rc == HF_OK && from.p &&
	    (!hf_sv_int(from, &n) || n < 0 || n > HF_CT_ROWS_MOST))
		rc = hf_fail(err, HF_INVALID, "from", "a whole number from 0 on");
	if (rc == HF_OK && p->q.n > 100)
		rc = hf_fail(err, HF_INVALID, "q", "it takes 100 characters");
	p->from = (size_t)n;
	return rc;
}

static void
put_rows(struct hf_jw *w, const struct hf_ct_list *list, const struct page *p)
{
	size_t found = 0;

	hf_jw_field(w, "table", hf_ct_table_word(p->table));
	hf_ct_int(w, "offset", (int64_t)p->from);
	hf_jw_member(w, "rows");
	hf_jw_arr(w);
	for (uint32_t i = 0; i < list->table[p->table].n; i++) {
		const void *row = hf_ct_list_row(list, p->table, i);

		if (!hf_ct_row_matches(p->table, row, p->q))
			continue;
		if (found >= p->from && found - p->from < p->limit)
			hf_ct_row_write(p->table, row, w);
		found++;
	}
	hf_jw_arr_end(w);
	hf_ct_int(w, "found", (int64_t)found);
}

void
hf_api_price_list(struct hf_call *c)
{
	struct hf_prices_look *look = HF_NEW(c->arena, struct hf_prices_look);
	const struct hf_ct_price_version *v;
	struct hf_ct_list *list;
	struct page p;
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc = look ? take_page(c, &p, &err)
			     : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");

	if (rc == HF_OK && !hf_api_no_params(c))
		return;
	if (rc == HF_OK)
		rc = hf_prices_find(c, look, &v, &list, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_prices_put_version(&w, v);
	hf_prices_put_list(&w, list);
	put_rows(&w, list, &p);
	put_rules(&w, list);
	hf_api_end(c);
}

/* ---- what it changed ---- */

static void
put_counts(struct hf_jw *w, const struct hf_ct_list *before,
	   const struct hf_ct_list *after)
{
	hf_jw_member(w, "counts");
	hf_jw_arr(w);
	for (int t = 0; t < HF_CT_TABLES; t++) {
		enum hf_ct_table_name table = (enum hf_ct_table_name)t;

		hf_jw_obj(w);
		hf_jw_field(w, "table", hf_ct_table_word(table));
		hf_ct_int(
		    w, "changes",
		    (int64_t)hf_ct_list_changes(before, after, table, 0, 0, NULL));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_changes(struct hf_call *c, const struct hf_ct_price_version *before_version,
	    const struct hf_ct_list *before, const struct hf_ct_list *after,
	    const struct page *p)
{
	struct hf_ct_row_change *changes =
	    hf_arena_array(c->arena, p->limit, sizeof *changes);
	struct hf_err err;
	struct hf_jw w;
	size_t n;

	if (!changes) {
		hf_fail(&err, HF_TOO_LONG, NULL, "no memory for the changes");
		hf_api_fail(c, &err);
		return;
	}
	n = hf_ct_list_changes(before, after, p->table, p->from, p->limit, changes);
	hf_api_begin(c, &w);
	hf_jw_field(&w, "id", after->id);
	hf_jw_field(&w, "before", before_version->id);
	put_counts(&w, before, after);
	hf_jw_field(&w, "table", hf_ct_table_word(p->table));
	hf_ct_int(&w, "offset", (int64_t)p->from);
	hf_ct_int(&w, "found", (int64_t)n);
	hf_jw_member(&w, "changes");
	hf_jw_arr(&w);
	for (size_t i = p->from; i < n && i - p->from < p->limit; i++)
		hf_ct_row_change_write(p->table, &changes[i - p->from], &w);
	hf_jw_arr_end(&w);
	hf_api_end(c);
}

void
hf_api_price_changes(struct hf_call *c)
{
	struct hf_prices_look *look = HF_NEW(c->arena, struct hf_prices_look);
	const struct hf_ct_price_version *v, *older = NULL;
	struct hf_ct_list *list, *before;
	struct page p;
	struct hf_err err;
	enum hf_rc rc = look ? take_page(c, &p, &err)
			     : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");

	if (rc == HF_OK && !hf_api_no_params(c))
		return;
	if (rc == HF_OK)
		rc = hf_prices_find(c, look, &v, &list, &err);
	if (rc == HF_OK)
		older = hf_ct_prices_find(look->versions, look->n, v->supersedes);
	if (rc == HF_OK && !older)
		rc = hf_fail(&err, HF_NOT_FOUND, "supersedes",
			     v->supersedes.n
				 ? "the list it supersedes is not in this store"
				 : "the list does not say that it supersedes another");
	if (rc == HF_OK)
		rc = hf_ct_prices_one(hf_reader_db(c->reader), c->arena, older, &before,
				      &err);
	if (rc)
		hf_api_fail(c, &err);
	else
		put_changes(c, older, before, list, &p);
}
