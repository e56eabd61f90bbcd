/* fhir_contract.c - contracts, ledgers and statements as FHIR: Contract, Account,
 * Invoice, for the people of their parties (need CONTRACT).  Resources of these types
 * that others sent stand in the record: they are read by their ids, searched with POST,
 * and with GET by whoever has nothing to do with contracts, or by what else a record is
 * searched by. */
#include "contract/contract_fhir.h"
#include "server/contract.h"
#include "server/fhir.h"
#include "server/serve.h"

void hf_fhir_contract_read(struct hf_call *call);
void hf_fhir_contract_search(struct hf_call *call);

enum kind { CONTRACT, ACCOUNT, INVOICE, KINDS };

static const char *const names[KINDS] = {"Contract", "Account", "Invoice"};

enum { ITEMS = 2000, PAGE = 100 };

struct item {
	const struct hf_ct_terms *terms;
	const struct hf_ct_pool *pool;
	int line;
	struct hf_sv quarter; /* of an invoice */
	int64_t version;
	bool agreed;
	struct hf_sv id;
};

struct items {
	struct item *items;
	size_t n;
};

/* ---- which there are ---- */

static bool
add(struct hf_call *c, struct items *l, struct item item, enum kind kind)
{
	const struct hf_ct_account a = {
	    .terms = item.terms, .pool = item.pool, .line = item.line};
	char text[160];

	if (l->n == ITEMS)
		return false;
	if (kind == INVOICE)
		hf_ct_invoice_id(item.terms, item.quarter, item.version, text,
				 sizeof text);
	else
		hf_ct_account_id(&a, text, sizeof text);
	item.id = hf_arena_sv(c->arena, hf_sv_from(text));
	/* What FHIR does not take as an id is left to the pages. */
	if (item.id.p && hf_fhir_id_valid(item.id))
		l->items[l->n++] = item;
	return true;
}

static enum hf_rc
add_invoices(struct hf_call *c, struct items *l, const struct hf_ct_terms *t,
	     struct hf_err *err)
{
	struct hf_ct_statement *s;
	size_t n;
	enum hf_rc rc = hf_ct_book_statements(hf_reader_db(c->reader),
					      hf_sv_from(t->id), c->arena, &s, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (!add(c, l,
			 (struct item){.terms = t,
				       .quarter = s[i].quarter,
				       .version = s[i].version,
				       .agreed = s[i].n_signatures == HF_CT_PARTIES},
			 INVOICE))
			rc = hf_fail(err, HF_TOO_LONG, NULL, "too many statements");
	return rc;
}

static enum hf_rc
list_items(struct hf_call *c, enum kind kind, struct items *l, struct hf_err *err)
{
	const struct hf_ct_library *lib = &c->server->contracts->lib;
	enum hf_rc rc = HF_OK;

	*l = (struct items){.items = hf_arena_array(c->arena, ITEMS, sizeof *l->items)};
	if (!l->items)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the contracts");
	for (size_t i = 0; rc == HF_OK && i < lib->n_contracts; i++) {
		const struct hf_ct_terms *t = lib->contracts[i];

		if (hf_contract_party(c, t, NULL) < 0)
			continue;
		if (kind == INVOICE)
			rc = add_invoices(c, l, t, err);
		else
			add(c, l, (struct item){.terms = t}, kind);
	}
	for (size_t i = 0; kind == ACCOUNT && i < lib->n_pools; i++) {
		const struct hf_ct_pool *p = lib->pools[i];

		if (hf_contract_party(c, NULL, p) < 0)
			continue;
		for (int line = -1; line < (int)p->n_lines; line++)
			add(c, l, (struct item){.pool = p, .line = line}, kind);
	}
	return rc;
}

/* ---- one of them ---- */

static enum hf_rc
put_account(struct hf_call *c, const struct item *it, struct hf_jw *w,
	    struct hf_err *err)
{
	struct hf_ct_account a = {
	    .terms = it->terms, .pool = it->pool, .line = it->line};
	const char *of = it->terms ? it->terms->id : it->pool->id;
	const char *line =
	    it->pool && it->line >= 0 ? it->pool->lines[it->line].id : NULL;
	struct hf_sv whose = it->terms ? HF_SV("provider") : HF_SV("fund");
	struct hf_ct_entry *e;
	size_t n;
	enum hf_rc rc = hf_ct_book_entries(hf_reader_db(c->reader), hf_sv_from(of),
					   c->arena, &e, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		if (line && !hf_sv_eq(e[i].line, hf_sv_from(line)))
			continue;
		a.entries++;
		for (size_t k = 0; k < e[i].n_legs; k++) {
			const struct hf_ct_leg *leg = &e[i].legs[k];

			if (!hf_sv_eq(leg->party, whose))
				continue;
			/* What a line has is what left the fund for it. */
			if (!hf_pence_add(&a.balance, line ? -leg->pence : leg->pence))
				rc = hf_fail(err, HF_RULE, NULL,
					     "a sum does not fit in 64 bits");
		}
	}
	if (rc == HF_OK)
		hf_ct_account_fhir(&a, w);
	return rc;
}

static enum hf_rc
put_item(struct hf_call *c, enum kind kind, const struct item *it, struct hf_jw *w,
	 struct hf_err *err)
{
	struct hf_ct_statement s;
	enum hf_rc rc;

	if (kind == CONTRACT) {
		hf_ct_contract_fhir(it->terms, w);
		return HF_OK;
	}
	if (kind == ACCOUNT)
		return put_account(c, it, w, err);
	rc = hf_ct_book_statement(hf_reader_db(c->reader), hf_sv_from(it->terms->id),
				  it->quarter, it->version, c->arena, &s, err);
	return rc ? rc
		  : hf_ct_invoice_fhir(it->terms, it->quarter, it->version, s.body,
				       s.hash, it->agreed, c->arena, w, err);
}

/* ---- asking ---- */

static enum kind
kind_of(const struct hf_call *c)
{
	struct hf_sv rest = hf_sv_from(c->route->pattern), name = {0};
	int k = 0;

	for (int i = 0; i < 3; i++) /* "", "fhir", the type */
		name = hf_sv_cut(&rest, '/');
	while (k < KINDS - 1 && !hf_sv_eq(name, hf_sv_from(names[k])))
		k++;
	return (enum kind)k;
}

static const struct item *
find(const struct items *l, struct hf_sv id)
{
	for (size_t i = 0; i < l->n; i++)
		if (hf_sv_eq(l->items[i].id, id))
			return &l->items[i];
	return NULL;
}

void
hf_fhir_contract_read(struct hf_call *c)
{
	enum kind kind = kind_of(c);
	struct hf_jw w = {.out = hf_req_buf(c->req)};
	const struct item *it = NULL;
	struct items l;
	struct hf_err err;
	enum hf_rc rc = HF_OK;

	c->audit_type = hf_resource_find(hf_sv_from(names[kind]));
	if (hf_fhir_may(c, HF_NEED_CONTRACT)) {
		rc = list_items(c, kind, &l, &err);
		it = rc ? NULL : find(&l, c->arg[0]);
	}
	if (rc == HF_OK && !it) {
		c->arg[1] = c->arg[0];
		c->arg[0] = hf_sv_from(names[kind]);
		hf_fhir_read(c);
		return;
	}
	if (rc == HF_OK && !hf_call_no_params(c))
		return;
	c->audit_id = c->arg[0];
	if (rc == HF_OK)
		rc = put_item(c, kind, it, &w, &err);
	if (rc)
		hf_call_fail(c, &err);
	else
		hf_call_reply_buf(c, 200);
}

/* What a search asks: items from to until of those that match. */
struct page {
	size_t from, count;
	struct hf_sv id, identifier, account;
};

static bool
take_number(struct hf_call *c, const char *name, size_t *out)
{
	struct hf_sv text = hf_call_take_param(c, hf_sv_from(name));
	struct hf_err err;
	int64_t n;

	if (!text.p)
		return true;
	if (hf_sv_int(text, &n) && n >= 0 && n <= ITEMS) {
		*out = (size_t)n;
		return true;
	}
	hf_fail(&err, HF_INVALID, name, "it is a whole number from 0 to %d", ITEMS);
	hf_call_fail(c, &err);
	return false;
}

static bool
take_page(struct hf_call *c, enum kind kind, struct page *p)
{
	*p = (struct page){.count = PAGE};
	p->id = hf_call_take_param(c, HF_SV("_id"));
	p->identifier = hf_call_take_param(c, HF_SV("identifier"));
	if (kind == INVOICE)
		p->account = hf_call_take_param(c, HF_SV("account"));
	return take_number(c, "_count", &p->count) &&
	       take_number(c, "_page", &p->from) && hf_call_no_params(c);
}

/* A token may name its system before "|"; a reference its type. */
static bool
matches(const struct page *p, const struct item *it)
{
	struct hf_sv token = p->identifier, account = p->account;

	while (hf_sv_find(token, '|') < token.n)
		hf_sv_cut(&token, '|');
	while (hf_sv_find(account, '/') < account.n)
		hf_sv_cut(&account, '/');
	return (!p->id.p || hf_sv_eq(p->id, it->id)) &&
	       (!p->identifier.p || hf_sv_eq(token, it->id)) &&
	       (!p->account.p || hf_sv_eq(account, hf_sv_from(it->terms->id)));
}

static size_t
keep_matches(const struct page *p, struct items *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (matches(p, &l->items[i]))
			l->items[n++] = l->items[i];
	return l->n = n;
}

static enum hf_rc
put_entries(struct hf_call *c, enum kind kind, const struct items *l,
	    const struct page *p, struct hf_jw *w, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	if (p->from >= l->n || p->count == 0)
		return HF_OK;
	hf_jw_member(w, "entry");
	hf_jw_arr(w);
	for (size_t i = p->from; rc == HF_OK && i < l->n && i - p->from < p->count;
	     i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "fullUrl",
			    hf_arena_printf(c->arena, "%.*s/%s/%.*s",
					    HF_SV_ARG(c->base), names[kind],
					    HF_SV_ARG(l->items[i].id)));
		hf_jw_member(w, "resource");
		rc = put_item(c, kind, &l->items[i], w, err);
		hf_jw_member(w, "search");
		hf_jw_obj(w);
		hf_jw_field(w, "mode", HF_SV("match"));
		hf_jw_obj_end(w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	return rc;
}

static void
put_links(struct hf_call *c, enum kind kind, const struct items *l,
	  const struct page *p, struct hf_jw *w)
{
	struct hf_sv path = hf_sv_from(names[kind]);

	hf_jw_member(w, "link");
	hf_jw_arr(w);
	hf_fhir_bundle_link(w, "self", c->base, path, hf_req_query(c->req));
	/* Of one id or identifier there is one: what follows is of all, or of an
	 * account, whose id is the contract's. */
	if (p->count && p->from < l->n && l->n - p->from > p->count)
		hf_fhir_bundle_link(
		    w, "next", c->base, path,
		    hf_arena_printf(c->arena, "_count=%zu&_page=%zu%s%.*s", p->count,
				    p->from + p->count, p->account.p ? "&account=" : "",
				    HF_SV_ARG(p->account.p ? p->account : HF_SV(""))));
	hf_jw_arr_end(w);
}

void
hf_fhir_contract_search(struct hf_call *c)
{
	enum kind kind = kind_of(c);
	struct hf_jw w = {.out = hf_req_buf(c->req)};
	struct items l;
	struct page p;
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_fhir_may(c, HF_NEED_CONTRACT) ||
	    !hf_fhir_asks_only(c, kind == INVOICE
				      ? "_id identifier _count _page account"
				      : "_id identifier _count _page")) {
		c->arg[0] = hf_sv_from(names[kind]);
		hf_fhir_search_type(c);
		return;
	}
	if (!take_page(c, kind, &p))
		return;
	c->audit_type = hf_resource_find(hf_sv_from(names[kind]));
	rc = list_items(c, kind, &l, &err);
	if (rc == HF_OK) {
		c->audit_hits = (int64_t)keep_matches(&p, &l);
		hf_fhir_bundle_open(&w, "searchset", (int64_t)l.n);
		put_links(c, kind, &l, &p, &w);
		rc = put_entries(c, kind, &l, &p, &w, &err);
		hf_jw_obj_end(&w);
	}
	if (rc)
		hf_call_fail(c, &err);
	else
		hf_call_reply_buf(c, 200);
}
