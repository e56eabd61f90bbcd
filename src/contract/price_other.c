/* price_other.c - outpatients, A&E, unbundled items and medicines at cost:
 * contract-and-governance.md 1.2 step 8 and 1.5. */
#include "contract/price_int.h"

static const struct group {
	const char *code;
	uint8_t from, to, treat_from, treat_to;
} groups[] = {
#define HF_CT_VB(code, a, b, c, d) {code, a, b, c, d},
#include "contract/vb.def"
#undef HF_CT_VB
};

const char *const hf_ct_vb_codes[] = {
#define HF_CT_VB(code, a, b, c, d) code,
#include "contract/vb.def"
#undef HF_CT_VB
};
const size_t hf_ct_n_vb = HF_COUNT(hf_ct_vb_codes);

/* A procedure is paid instead of the attendance, never beside it. */
static enum hf_ct_problem
procedure(struct hf_ct_work *w)
{
	const struct hf_ct_hrg *h;

	w->out->pod = HF_CT_POD_OPPROC;
	if (w->a->hrg == 0)
		return HF_CT_P_UNCODED;
	h = hf_ct_list_find(w->list, HF_CT_T_HRG, w->a->hrg, 0, w->a->day);
	if (!h)
		return HF_CT_P_NO_HRG;
	if (h->oproc == HF_CT_NO_PRICE)
		return HF_CT_P_NO_PRICE;
	w->price = h->oproc;
	HF_CT_TELL(w, OP_PROCEDURE, w->price, h->key.line);
	return hf_ct_price_mff(w);
}

static enum hf_ct_problem
attendance(struct hf_ct_work *w, hf_ct_code function, enum hf_ct_op which)
{
	bool multi = w->a->flags & HF_CT_F_MULTI;
	const struct hf_ct_attendance *row;

	w->out->pod = which == HF_CT_OP_FIRST ? HF_CT_POD_OPFA : HF_CT_POD_OPFUP;
	row = hf_ct_list_find(w->list, HF_CT_T_OUTPATIENT, function, (uint32_t)which,
			      w->a->day);
	if (!row)
		return HF_CT_P_NO_HRG;
	w->price = multi ? row->multi : row->single;
	if (w->price == HF_CT_NO_PRICE)
		return HF_CT_P_NO_PRICE;
	HF_CT_TELL(w, OP, which, multi, w->price, row->key.line);
	return hf_ct_price_mff(w);
}

enum hf_ct_problem
hf_ct_price_outpatient(struct hf_ct_work *w)
{
	const struct hf_ct_activity *a = w->a;
	enum hf_ct_op which = (enum hf_ct_op)a->cls;

	if (which < HF_CT_OP_FIRST || which > HF_CT_OP_DNA)
		return HF_CT_P_UNKNOWN;
	w->out->pod = which == HF_CT_OP_FIRST ? HF_CT_POD_OPFA : HF_CT_POD_OPFUP;
	if (a->quantity < 0)
		return HF_CT_P_NEGATIVE;
	if (which == HF_CT_OP_DNA) {
		HF_CT_TELL0(w, OP_DNA);
		return HF_CT_P_NONE;
	}
	if (which == HF_CT_OP_NOT_FACE)
		return HF_CT_P_NOT_FACE;
	if (which == HF_CT_OP_PROCEDURE)
		return procedure(w);
	if (a->flags & HF_CT_F_NOT_CONSULTANT)
		return HF_CT_P_NOT_CONSULTANT;
	if (which == HF_CT_OP_FIRST && a->flags & HF_CT_F_INTERNAL &&
	    w->list->internal_follow_up) {
		HF_CT_TELL0(w, OP_INTERNAL);
		which = HF_CT_OP_FOLLOW_UP;
	}
	return attendance(w, a->specialty, which);
}

/* Index into groups, or their count. */
static size_t
group_of(const struct hf_ct_activity *a)
{
	const char *code = a->flags & HF_CT_F_DEAD     ? "VB99Z"
			   : a->flags & HF_CT_F_DENTAL ? "VB10Z"
						       : NULL;
	size_t i = 0;

	for (; i < HF_COUNT(groups); i++) {
		const struct group *g = &groups[i];

		if (code ? strcmp(code, g->code) == 0
			 : a->investigation >= g->from && a->investigation <= g->to &&
			       a->treatment >= g->treat_from &&
			       a->treatment <= g->treat_to)
			break;
	}
	return i;
}

/* The group the grouper gave, or that of the categories; of departments of type 3 and 4
 * the simplest. */
static enum hf_ct_problem
ae_code(struct hf_ct_work *w, hf_ct_code *out)
{
	const struct hf_ct_activity *a = w->a;
	size_t i;

	if (a->cls == 3 || a->cls == 4) {
		HF_CT_TELL(w, AE_SIMPLEST, a->cls);
		*out = hf_ct_code_of("VB11Z");
		return HF_CT_P_NONE;
	}
	if (a->hrg) {
		*out = a->hrg;
		return HF_CT_P_NONE;
	}
	i = group_of(a);
	if (i == HF_COUNT(groups))
		return HF_CT_P_NO_GROUP;
	HF_CT_TELL(w, AE_GROUP, a->investigation, a->treatment, (int64_t)i);
	*out = hf_ct_code_of(groups[i].code);
	return HF_CT_P_NONE;
}

enum hf_ct_problem
hf_ct_price_ae(struct hf_ct_work *w)
{
	const struct hf_ct_activity *a = w->a;
	const struct hf_ct_item *row;
	hf_ct_code code = 0;
	enum hf_ct_problem p;

	w->out->pod = HF_CT_POD_AE;
	if (a->quantity < 0)
		return HF_CT_P_NEGATIVE;
	if (a->cls < 1 || a->cls > 5)
		return HF_CT_P_UNKNOWN;
	if (a->cls == 5)
		return HF_CT_P_SDEC;
	if (a->flags & HF_CT_F_PLANNED) {
		HF_CT_TELL0(w, AE_FOLLOW_UP);
		return attendance(w, w->list->ae_follow_up, HF_CT_OP_FOLLOW_UP);
	}
	p = ae_code(w, &code);
	if (p != HF_CT_P_NONE)
		return p;
	row = hf_ct_list_find(w->list, HF_CT_T_AE, code, 0, a->day);
	if (!row)
		return HF_CT_P_NO_HRG;
	w->price = row->price;
	HF_CT_TELL(w, AE, w->price, row->key.line);
	return hf_ct_price_mff(w);
}

enum hf_ct_problem
hf_ct_price_unbundled(struct hf_ct_work *w)
{
	const struct hf_ct_activity *a = w->a;
	const struct hf_ct_item *row;

	w->out->pod = HF_CT_POD_UNB;
	if (a->quantity < 0)
		return HF_CT_P_NEGATIVE;
	row = hf_ct_list_find(w->list, HF_CT_T_UNBUNDLED, a->hrg, 0, a->day);
	if (!row)
		return HF_CT_P_NO_HRG;
	if (!hf_pence_times(row->price, a->quantity, &w->price))
		return HF_CT_P_TOO_LARGE;
	HF_CT_TELL(w, ITEM, row->price, a->quantity, row->mff, row->key.line);
	return row->mff ? hf_ct_price_mff(w) : hf_ct_price_plain(w);
}

enum hf_ct_problem
hf_ct_price_drug(struct hf_ct_work *w)
{
	const struct hf_ct_activity *a = w->a;

	w->out->pod = HF_CT_POD_DRUG;
	if (a->quantity < 0 || a->cost < 0)
		return HF_CT_P_NEGATIVE;
	if (!hf_ct_list_find(w->list, HF_CT_T_DRUG, a->hrg, 0, a->day))
		return HF_CT_P_NOT_LISTED;
	w->out->value = a->cost;
	HF_CT_TELL(w, AT_COST, a->cost, a->quantity);
	return HF_CT_P_NONE;
}
