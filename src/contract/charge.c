/* charge.c - priced lines as ChargeItem, months as Invoice. */
#include "contract/charge.h"

#include "base/time.h"

#define HOMEFIRST "https://homefirst.example/"

static void
put_code(struct hf_jw *j, struct hf_sv key, hf_ct_code code)
{
	char text[HF_CT_CODE_TEXT];

	hf_jw_kv(j, key, hf_sv_from(hf_ct_code_text(code, text)));
}

static void
put_day(struct hf_jw *j, struct hf_sv key, int64_t day)
{
	struct hf_civil c = hf_civil_from_time(day * 86400000);
	char text[40];

	snprintf(text, sizeof text, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
	hf_jw_kv(j, key, hf_sv_from(text));
}

static void
put_money(struct hf_jw *j, struct hf_sv key, hf_pence v)
{
	char text[HF_MONEY_TEXT];

	hf_jw_key(j, key);
	hf_jw_obj(j);
	hf_jw_member(j, "value");
	hf_jw_raw(j, hf_sv_from(hf_pence_text(v, HF_PENCE_PLAIN, text, sizeof text)));
	hf_jw_field(j, "currency", HF_SV("GBP"));
	hf_jw_obj_end(j);
}

/* code 0: text alone. */
static void
put_concept(struct hf_jw *j, struct hf_sv key, struct hf_sv system, hf_ct_code code,
	    const char *text)
{
	hf_jw_key(j, key);
	hf_jw_obj(j);
	if (code) {
		hf_jw_member(j, "coding");
		hf_jw_arr(j);
		hf_jw_obj(j);
		hf_jw_field(j, "system", system);
		put_code(j, HF_SV("code"), code);
		hf_jw_obj_end(j);
		hf_jw_arr_end(j);
	}
	hf_jw_field(j, "text", hf_sv_from(text));
	hf_jw_obj_end(j);
}

static void
put_who(struct hf_jw *j, const struct hf_ct_activity *a)
{
	hf_jw_member(j, "subject");
	hf_jw_obj(j);
	hf_jw_field(j, "type", HF_SV("Group"));
	hf_jw_field(j, "display", HF_SV("activity without a person"));
	hf_jw_obj_end(j);
	if (a->kind == HF_CT_ACT_SPELL && a->admitted <= a->day) {
		hf_jw_member(j, "occurrencePeriod");
		hf_jw_obj(j);
		put_day(j, HF_SV("start"), a->admitted);
		put_day(j, HF_SV("end"), a->day);
		hf_jw_obj_end(j);
	} else {
		put_day(j, HF_SV("occurrenceDateTime"), a->day);
	}
	if (a->provider == 0)
		return;
	hf_jw_member(j, "performingOrganization");
	hf_jw_obj(j);
	hf_jw_member(j, "identifier");
	hf_jw_obj(j);
	hf_jw_field(j, "system", HF_SV("https://fhir.nhs.uk/Id/ods-organization-code"));
	put_code(j, HF_SV("value"), a->provider);
	hf_jw_obj_end(j);
	hf_jw_obj_end(j);
}

static void
put_price(struct hf_jw *j, const struct hf_ct_list *list,
	  const struct hf_ct_activity *a, const struct hf_ct_priced *line)
{
	const struct hf_ct_mff *m =
	    list && line->pod != HF_CT_POD_DRUG
		? hf_ct_list_find(list, HF_CT_T_MFF, a->provider, 0, a->day)
		: NULL;
	char text[HF_MONEY_TEXT], why[120];

	hf_jw_member(j, "quantity");
	hf_jw_obj(j);
	hf_jw_member(j, "value");
	hf_jw_int(j, a->quantity);
	hf_jw_obj_end(j);
	if (m && !line->problem) {
		hf_jw_member(j, "factorOverride");
		hf_jw_raw(j, hf_sv_from(hf_rate_text(m->mff, text, sizeof text)));
	}
	put_money(j, HF_SV("priceOverride"), line->value);
	snprintf(why, sizeof why, "price list %.*s",
		 HF_SV_ARG(list ? list->id : HF_SV("none")));
	hf_jw_field(
	    j, "overrideReason",
	    hf_sv_from(line->problem ? hf_ct_problem_text(line->problem) : why));
}

void
hf_ct_charge_item(struct hf_jw *j, const struct hf_ct_price_book *book,
		  const struct hf_ct_activity *a, const struct hf_ct_priced *line)
{
	const struct hf_ct_list *list =
	    line->list < book->n ? book->lists[line->list] : NULL;
	char id[24];

	snprintf(id, sizeof id, "%llu", (unsigned long long)a->id);
	hf_jw_obj(j);
	hf_jw_field(j, "resourceType", HF_SV("ChargeItem"));
	hf_jw_member(j, "identifier");
	hf_jw_arr(j);
	hf_jw_obj(j);
	hf_jw_field(j, "system", HF_SV(HOMEFIRST "activity"));
	hf_jw_field(j, "value", hf_sv_from(id));
	hf_jw_obj_end(j);
	hf_jw_arr_end(j);
	hf_jw_field(j, "status", line->problem ? HF_SV("unknown") : HF_SV("billable"));
	put_concept(j, HF_SV("code"), HF_SV(HOMEFIRST "CodeSystem/currency"), a->hrg,
		    hf_ct_pod_text(line->pod));
	put_who(j, a);
	put_price(j, list, a, line);
	hf_jw_obj_end(j);
}

static void
put_component(struct hf_jw *j, struct hf_sv type, const char *text, hf_pence v)
{
	hf_jw_obj(j);
	hf_jw_kv(j, HF_SV("type"), type);
	if (text)
		put_concept(j, HF_SV("code"), HF_SV(""), 0, text);
	put_money(j, HF_SV("amount"), v);
	hf_jw_obj_end(j);
}

static void
put_line(struct hf_jw *j, int seq, uint8_t pod, const struct hf_ct_sum *s)
{
	hf_jw_obj(j);
	hf_jw_member(j, "sequence");
	hf_jw_int(j, seq);
	put_concept(j, HF_SV("chargeItemCodeableConcept"),
		    HF_SV(HOMEFIRST "CodeSystem/point-of-delivery"),
		    pod == HF_CT_POD_NONE ? 0 : hf_ct_code_of(hf_ct_pod_code(pod)),
		    hf_ct_pod_text(pod));
	hf_jw_member(j, "priceComponent");
	hf_jw_arr(j);
	put_component(j, HF_SV("base"), NULL, s->value - s->xbd);
	if (s->xbd)
		put_component(j, HF_SV("surcharge"), "days beyond the trim point",
			      s->xbd);
	hf_jw_arr_end(j);
	hf_jw_obj_end(j);
}

void
hf_ct_invoice(struct hf_jw *j, const struct hf_ct_year *year, int month)
{
	struct hf_ct_sum all = {0};
	int seq = 0;

	hf_jw_obj(j);
	hf_jw_field(j, "resourceType", HF_SV("Invoice"));
	hf_jw_field(j, "status", HF_SV("draft"));
	put_day(j, HF_SV("date"), hf_period_first(year->fy, month + 2) - 1);
	hf_jw_member(j, "lineItem");
	hf_jw_arr(j);
	for (uint8_t p = 0; p < HF_CT_PODS; p++) {
		const struct hf_ct_sum *s = &year->pods[month][p];

		if (s->n == 0)
			continue;
		put_line(j, ++seq, p, s);
		hf_ct_sum_add(&all, s); /* it did not overflow in the year's total */
	}
	hf_jw_arr_end(j);
	put_money(j, HF_SV("totalNet"), all.value);
	put_money(j, HF_SV("totalGross"), all.value);
	hf_jw_obj_end(j);
}
