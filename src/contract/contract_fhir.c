/* contract_fhir.c - see contract_fhir.h. */
#include "contract/contract_fhir.h"

#include "contract/show.h"

#define OURS "https://homefirst.example/"

/* ---- small parts ---- */

static void
put_identifier(struct hf_jw *w, const char *system, const char *value)
{
	hf_jw_member(w, "identifier");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_ct_text(w, "system", system);
	hf_ct_text(w, "value", value);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

/* An organisation by its ODS code, inside an object or array that is open. */
static void
put_party(struct hf_jw *w, const struct hf_ct_party *p)
{
	hf_jw_obj(w);
	hf_ct_text(w, "type", "Organization");
	if (p->n_orgs) {
		hf_jw_member(w, "identifier");
		hf_jw_obj(w);
		hf_ct_text(w, "system", "https://fhir.nhs.uk/Id/ods-organization-code");
		hf_ct_text(w, "value", p->orgs[0]);
		hf_jw_obj_end(w);
	}
	hf_ct_text(w, "display", p->name);
	hf_jw_obj_end(w);
}

static void
put_parties(struct hf_jw *w, const char *name, const struct hf_ct_party *parties)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (int i = 0; i < HF_CT_PARTIES; i++)
		put_party(w, &parties[i]);
	hf_jw_arr_end(w);
}

static void
put_concept(struct hf_jw *w, const char *name, const char *system, const char *code,
	    const char *text)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	if (code) {
		hf_jw_member(w, "coding");
		hf_jw_arr(w);
		hf_jw_obj(w);
		hf_ct_text(w, "system", system);
		hf_ct_text(w, "code", code);
		hf_jw_obj_end(w);
		hf_jw_arr_end(w);
	}
	hf_ct_text(w, "text", text);
	hf_jw_obj_end(w);
}

static void
put_money(struct hf_jw *w, const char *name, hf_pence v)
{
	char text[HF_MONEY_TEXT];

	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_jw_member(w, "value");
	hf_jw_raw(w, hf_sv_from(hf_pence_text(v, HF_PENCE_PLAIN, text, sizeof text)));
	hf_ct_text(w, "currency", "GBP");
	hf_jw_obj_end(w);
}

static void
put_period(struct hf_jw *w, const char *name, int64_t from, int64_t to)
{
	char text[HF_MONEY_TEXT];

	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_ct_text(w, "start", hf_ct_day_text(from, text, sizeof text));
	hf_ct_text(w, "end", hf_ct_day_text(to, text, sizeof text));
	hf_jw_obj_end(w);
}

/* ---- Contract ---- */

static void
put_item(struct hf_jw *w, const struct hf_ct_component *c, const struct hf_ct_line *l)
{
	hf_pence plan = 0;
	int64_t units = 0;
	bool fits = true;

	for (int m = 0; m < HF_CT_MONTHS; m++) {
		fits &= hf_pence_add(&plan, l->plan[m]);
		fits &= hf_pence_add(&units, l->units[m]);
	}
	hf_jw_obj(w);
	put_concept(w, "entityCodeableConcept", OURS "CodeSystem/contract-line", l->id,
		    l->title);
	if (units && fits) {
		hf_jw_member(w, "quantity");
		hf_jw_obj(w);
		hf_ct_int(w, "value", units);
		hf_jw_obj_end(w);
	}
	if (c->kind == HF_CT_VOLUME || c->kind == HF_CT_GAIN)
		put_money(w, "unitPrice", l->price);
	if (fits)
		put_money(w, "net", plan);
	hf_jw_obj_end(w);
}

static void
put_term(struct hf_jw *w, const struct hf_ct_terms *t, const struct hf_ct_component *c)
{
	hf_jw_obj(w);
	hf_jw_member(w, "identifier");
	hf_jw_obj(w);
	hf_ct_text(w, "system", OURS "contract-component");
	hf_ct_text(w, "value", c->id);
	hf_jw_obj_end(w);
	put_concept(w, "type", OURS "CodeSystem/contract-component-kind",
		    hf_ct_kind_word(c->kind), hf_ct_kind_word(c->kind));
	hf_jw_member(w, "offer");
	hf_jw_obj(w);
	hf_ct_text(w, "text", c->title);
	hf_jw_obj_end(w);
	if (c->n) {
		hf_jw_member(w, "asset");
		hf_jw_arr(w);
		hf_jw_obj(w);
		hf_jw_member(w, "valuedItem");
		hf_jw_arr(w);
		for (size_t i = c->first; i < (size_t)c->first + c->n; i++)
			put_item(w, c, &t->lines[i]);
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

static void
put_signer(struct hf_jw *w, const struct hf_ct_party *p, const char *code)
{
	char when[40];

	hf_jw_obj(w);
	hf_jw_member(w, "type");
	hf_jw_obj(w);
	hf_ct_text(w, "system",
		   "http://terminology.hl7.org/CodeSystem/contractsignertypecodes");
	hf_ct_text(w, "code", code);
	hf_jw_obj_end(w);
	hf_jw_member(w, "party");
	put_party(w, p);
	hf_jw_member(w, "signature");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_member(w, "type");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_ct_text(w, "system", "urn:iso-astm:E1762-95:2013");
	hf_ct_text(w, "code", "1.2.840.10065.1.12.1.1");
	hf_ct_text(w, "display", "Author's Signature");
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	/* The document has the day; an instant needs a time. */
	snprintf(when, sizeof when, "%.10sT00:00:00Z", p->signature.on);
	hf_ct_text(w, "when", when);
	hf_jw_member(w, "who");
	hf_jw_obj(w);
	hf_ct_text(w, "display", p->signature.name);
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

static void
put_signers(struct hf_jw *w, const struct hf_ct_terms *t)
{
	static const char *const codes[] = {"GRANTOR", "GRANTEE"};
	bool any = false;

	for (int i = 0; i < HF_CT_PARTIES; i++) {
		if (!t->parties[i].signature.on || !*t->parties[i].signature.on)
			continue;
		if (!any) {
			hf_jw_member(w, "signer");
			hf_jw_arr(w);
		}
		any = true;
		put_signer(w, &t->parties[i], codes[i]);
	}
	if (any)
		hf_jw_arr_end(w);
}

static const char *
status_of(const struct hf_ct_terms *t)
{
	return strcmp(t->status, "active") == 0	 ? "executed"
	       : strcmp(t->status, "ended") == 0 ? "terminated"
						 : "negotiable";
}

void
hf_ct_contract_fhir(const struct hf_ct_terms *t, struct hf_jw *w)
{
	hf_jw_obj(w);
	hf_ct_text(w, "resourceType", "Contract");
	hf_ct_text(w, "id", t->id);
	put_identifier(w, OURS "contract", t->id);
	hf_ct_text(w, "version", t->version);
	hf_ct_text(w, "status", status_of(t));
	put_period(w, "applies", t->from, t->to);
	put_parties(w, "authority", t->parties);
	hf_ct_text(w, "title", t->title);
	put_concept(w, "type", OURS "CodeSystem/contract-form",
		    hf_ct_form_word(t->form), hf_ct_form_word(t->form));
	hf_jw_member(w, "term");
	hf_jw_arr(w);
	for (size_t i = 0; i < t->n_components; i++)
		put_term(w, t, &t->components[i]);
	hf_jw_arr_end(w);
	put_signers(w, t);
	hf_jw_obj_end(w);
}

/* ---- Account ---- */

char *
hf_ct_account_id(const struct hf_ct_account *a, char *buf, size_t size)
{
	if (a->terms)
		snprintf(buf, size, "%s", a->terms->id);
	else if (a->line < 0)
		snprintf(buf, size, "%s", a->pool->id);
	else
		snprintf(buf, size, "%s.%s", a->pool->id, a->pool->lines[a->line].id);
	return buf;
}

static void
put_balance(struct hf_jw *w, hf_pence balance)
{
	char text[HF_MONEY_TEXT];

	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_ct_text(w, "url", OURS "StructureDefinition/account-balance");
	hf_jw_member(w, "valueMoney");
	hf_jw_obj(w);
	hf_jw_member(w, "value");
	hf_jw_raw(
	    w, hf_sv_from(hf_pence_text(balance, HF_PENCE_PLAIN, text, sizeof text)));
	hf_ct_text(w, "currency", "GBP");
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

static void
put_part_of(struct hf_jw *w, const struct hf_ct_pool *p)
{
	char text[160];

	snprintf(text, sizeof text, "Account/%s", p->id);
	hf_jw_member(w, "partOf");
	hf_jw_obj(w);
	hf_ct_text(w, "reference", text);
	hf_jw_obj_end(w);
}

void
hf_ct_account_fhir(const struct hf_ct_account *a, struct hf_jw *w)
{
	const struct hf_ct_party *parties =
	    a->terms ? a->terms->parties : a->pool->parties;
	const struct hf_ct_pool_line *l =
	    a->terms || a->line < 0 ? NULL : &a->pool->lines[a->line];
	bool ended = a->terms && strcmp(a->terms->status, "ended") == 0;
	char text[160];

	hf_jw_obj(w);
	hf_ct_text(w, "resourceType", "Account");
	hf_ct_text(w, "id", hf_ct_account_id(a, text, sizeof text));
	put_balance(w, a->balance);
	put_identifier(w, OURS "ledger", hf_ct_account_id(a, text, sizeof text));
	hf_ct_text(w, "status", ended ? "inactive" : "active");
	put_concept(w, "type", OURS "CodeSystem/ledger",
		    a->terms ? "contract"
		    : l	     ? "fund-line"
			     : "fund",
		    a->terms ? "ledger of a contract"
		    : l	     ? "line of a pooled fund"
			     : "pooled fund");
	hf_ct_text(w, "name",
		   l	      ? l->title
		   : a->terms ? a->terms->title
			      : a->pool->title);
	put_parties(w, "subject", parties);
	if (a->terms)
		put_period(w, "servicePeriod", a->terms->from, a->terms->to);
	else
		put_period(w, "servicePeriod", hf_period_first(a->pool->fy, 1),
			   hf_period_first(a->pool->fy, 13) - 1);
	hf_jw_member(w, "owner");
	put_party(w, &parties[l ? l->lead : HF_CT_COMMISSIONER]);
	snprintf(text, sizeof text, "%zu entries", a->entries);
	hf_ct_text(w, "description", text);
	if (l)
		put_part_of(w, a->pool);
	hf_jw_obj_end(w);
}

/* ---- Invoice ---- */

char *
hf_ct_invoice_id(const struct hf_ct_terms *t, struct hf_sv quarter, int64_t version,
		 char *buf, size_t size)
{
	snprintf(buf, size, "%s.%.*s.%lld", t->id, HF_SV_ARG(quarter),
		 (long long)version);
	return buf;
}

static int64_t
number(const struct hf_json *d, uint32_t object, const char *name)
{
	uint32_t node = hf_json_get(d, object, hf_sv_from(name));
	int64_t v = 0;

	if (node != HF_JSON_NONE)
		hf_sv_int(hf_json_raw(d, node), &v);
	return v;
}

static struct hf_sv
string(const struct hf_json *d, uint32_t object, const char *name,
       struct hf_arena *arena)
{
	uint32_t node = hf_json_get(d, object, hf_sv_from(name));

	return node == HF_JSON_NONE ? HF_SV("") : hf_json_str(d, node, arena);
}

static void
put_amount(struct hf_jw *w, const char *type, const char *text, hf_pence v)
{
	hf_jw_obj(w);
	hf_ct_text(w, "type", type);
	put_concept(w, "code", NULL, NULL, text);
	put_money(w, "amount", v);
	hf_jw_obj_end(w);
}

static void
put_charge(struct hf_jw *w, int seq, struct hf_sv code, struct hf_sv title)
{
	hf_jw_member(w, "sequence");
	hf_jw_int(w, seq);
	hf_jw_member(w, "chargeItemCodeableConcept");
	hf_jw_obj(w);
	hf_jw_member(w, "coding");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_ct_text(w, "system", OURS "contract-component");
	hf_jw_field(w, "code", code);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_field(w, "text", title);
	hf_jw_obj_end(w);
}

static void
put_lines(struct hf_jw *w, const struct hf_json *d, struct hf_arena *arena)
{
	uint32_t list = hf_json_member(d, 0, "components");
	uint32_t back = hf_json_member(d, 0, "corrections");
	int seq = 0;

	hf_jw_member(w, "lineItem");
	hf_jw_arr(w);
	for (uint32_t i = 0; i < hf_json_count(d, list); i++) {
		uint32_t c = hf_json_at(d, list, i);

		hf_jw_obj(w);
		put_charge(w, ++seq, string(d, c, "id", arena),
			   string(d, c, "title", arena));
		hf_jw_member(w, "priceComponent");
		hf_jw_arr(w);
		put_amount(w, "base", "earned", number(d, c, "earned"));
		put_amount(w, "deduction", "paid on account", -number(d, c, "account"));
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
	}
	for (uint32_t i = 0; i < hf_json_count(d, back); i++) {
		uint32_t c = hf_json_at(d, back, i);

		hf_jw_obj(w);
		put_charge(w, ++seq, string(d, c, "component", arena),
			   HF_SV("correction of earlier quarters"));
		hf_jw_member(w, "priceComponent");
		hf_jw_arr(w);
		put_amount(w, "base", "correction", number(d, c, "pence"));
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

enum hf_rc
hf_ct_invoice_fhir(const struct hf_ct_terms *t, struct hf_sv quarter, int64_t version,
		   struct hf_sv bytes, struct hf_sv hash, bool agreed,
		   struct hf_arena *arena, struct hf_jw *w, struct hf_err *err)
{
	struct hf_json d;
	char text[160];
	enum hf_rc rc = hf_ct_statement_check(bytes, arena, &d, err);

	if (rc)
		return rc;
	hf_jw_obj(w);
	hf_ct_text(w, "resourceType", "Invoice");
	hf_ct_text(w, "id", hf_ct_invoice_id(t, quarter, version, text, sizeof text));
	put_identifier(w, OURS "statement", text);
	hf_ct_text(w, "status", agreed ? "issued" : "draft");
	put_concept(w, "type", NULL, NULL, "quarterly reconciliation statement");
	hf_jw_member(w, "recipient");
	put_party(w, &t->parties[HF_CT_COMMISSIONER]);
	hf_jw_field(w, "date", string(&d, 0, "preparedAt", arena));
	hf_jw_member(w, "issuer");
	put_party(w, &t->parties[HF_CT_PROVIDER]);
	snprintf(text, sizeof text, "Account/%s", t->id);
	hf_jw_member(w, "account");
	hf_jw_obj(w);
	hf_ct_text(w, "reference", text);
	hf_jw_obj_end(w);
	put_lines(w, &d, arena);
	put_money(w, "totalNet", number(&d, 0, "payable"));
	put_money(w, "totalGross", number(&d, 0, "payable"));
	hf_jw_member(w, "note");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "text",
		    hf_arena_printf(arena, "SHA-256 of what both parties sign: %.*s",
				    HF_SV_ARG(hash)));
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	return HF_OK;
}
