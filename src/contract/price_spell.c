/* price_spell.c - an admitted spell: contract-and-governance.md 1.2, steps 1 to 7. */
#include "contract/price_int.h"

struct stay {
	const struct hf_ct_hrg *hrg;
	int32_t los, days; /* as it was; without what is not its own (step 1) */
	bool non_elective, emergency, short_stay;
};

/* Step 1. */
static enum hf_ct_problem
length(struct hf_ct_work *w, struct stay *s)
{
	const struct hf_ct_activity *a = w->a;
	int32_t delayed = w->list->exclude_delayed ? a->delayed : 0;

	s->los = a->day - a->admitted;
	if (a->quantity < 0 || a->day < a->admitted || a->critical < 0 ||
	    a->rehab < 0 || a->palliative < 0 || a->other < 0 || a->delayed < 0)
		return HF_CT_P_NEGATIVE;
	s->days = s->los - a->critical - a->rehab - a->palliative - a->other;
	if (s->days < 0)
		s->days = 0;
	HF_CT_TELL(w, STAY, s->los, a->critical, a->rehab, a->palliative, a->other,
		   delayed, s->days);
	if (w->at && hf_period_of(a->admitted).fy != w->out->fy)
		HF_CT_TELL(w, YEAR_END, a->admitted, a->day);
	return HF_CT_P_NONE;
}

static void
base(struct hf_ct_work *w, const struct stay *s, enum hf_ct_base which, hf_pence price)
{
	w->price = price;
	HF_CT_TELL(w, BASE, which, price, s->hrg->key.line);
}

/* Day case and elective: their own price, else the combined one. */
static enum hf_ct_problem
elective_base(struct hf_ct_work *w, const struct stay *s, bool day_case)
{
	hf_pence own = day_case ? s->hrg->dc : s->hrg->el;

	if (own != HF_CT_NO_PRICE)
		base(w, s, day_case ? HF_CT_BASE_DC : HF_CT_BASE_EL, own);
	else if (s->hrg->combined != HF_CT_NO_PRICE)
		base(w, s, HF_CT_BASE_COMBINED, s->hrg->combined);
	else
		return HF_CT_P_NO_PRICE;
	return HF_CT_P_NONE;
}

/* Step 2; never from elective to non-elective or back. */
static enum hf_ct_problem
basis(struct hf_ct_work *w, struct stay *s)
{
	const struct hf_ct_activity *a = w->a;
	enum hf_ct_method_kind kind = hf_ct_method_kind(a->method);
	bool day_case = kind == HF_CT_MK_ELECTIVE && a->cls == 2 && s->los == 0;

	if (a->cls == 3 || a->cls == 4)
		return HF_CT_P_REGULAR;
	if (kind == HF_CT_MK_UNKNOWN)
		return HF_CT_P_METHOD;
	s->emergency = kind == HF_CT_MK_EMERGENCY;
	s->non_elective = kind != HF_CT_MK_ELECTIVE;
	w->out->pod = day_case		 ? HF_CT_POD_DC
		      : !s->non_elective ? HF_CT_POD_EL
		      : s->emergency	 ? HF_CT_POD_NE
					 : HF_CT_POD_NEL;
	HF_CT_TELL(w, BASIS, w->out->pod, a->method, a->cls, s->los);
	if (a->hrg == 0)
		return HF_CT_P_UNCODED;
	s->hrg = hf_ct_list_find(w->list, HF_CT_T_HRG, a->hrg, 0, a->day);
	if (!s->hrg)
		return HF_CT_P_NO_HRG;
	if (!s->non_elective)
		return elective_base(w, s, day_case);
	if (s->hrg->ne == HF_CT_NO_PRICE)
		return HF_CT_P_NO_PRICE;
	base(w, s, HF_CT_BASE_NE, s->hrg->ne);
	return HF_CT_P_NONE;
}

static enum hf_ct_problem
no_short_stay(struct hf_ct_work *w, enum hf_ct_sse_not why, int64_t number)
{
	HF_CT_TELL(w, SSE_NOT, why, number);
	return HF_CT_P_NONE;
}

/* Step 3. */
static enum hf_ct_problem
short_stay(struct hf_ct_work *w, struct stay *s)
{
	const struct hf_ct_activity *a = w->a;

	if (!s->non_elective)
		return HF_CT_P_NONE;
	if (!s->emergency)
		return no_short_stay(w, HF_CT_SSE_METHOD, a->method);
	if (s->days > 1)
		return no_short_stay(w, HF_CT_SSE_DAYS, s->days);
	if (!s->hrg->sse_applicable)
		return no_short_stay(w, HF_CT_SSE_LIST, s->hrg->key.line);
	if (a->flags & HF_CT_F_PROCEDURE)
		return no_short_stay(w, HF_CT_SSE_PROCEDURE, 0);
	if (a->age == HF_CT_NOT_KNOWN)
		return HF_CT_P_AGE;
	if (a->age < w->list->sse_min_age)
		return no_short_stay(w, HF_CT_SSE_AGE, a->age);
	s->short_stay = true;
	w->price = s->hrg->sse_price;
	HF_CT_TELL(w, SSE, a->age, s->days, w->price);
	return HF_CT_P_NONE;
}

/* Step 4. */
static void
best_practice(struct hf_ct_work *w, const struct stay *s)
{
	int64_t met = w->a->flags & (HF_CT_F_BPT_SUS | HF_CT_F_BPT_LOCAL);
	hf_pence v = s->non_elective ? s->hrg->bpt_ne : s->hrg->bpt_el;

	if (s->hrg->bpt_scope == HF_CT_BPT_NONE || v == HF_CT_NO_PRICE)
		return;
	if (!met) {
		HF_CT_TELL0(w, BPT_NOT);
	} else if (s->hrg->bpt_scope == HF_CT_BPT_REPLACE) {
		w->price = v;
		HF_CT_TELL(w, BPT_REPLACE, met, v);
	} else {
		w->price += v;
		HF_CT_TELL(w, BPT_UPLIFT, met, v, w->price);
	}
}

/* Step 5. */
static enum hf_ct_problem
long_stay(struct hf_ct_work *w, const struct stay *s)
{
	const struct hf_ct_activity *a = w->a;
	int32_t trim = s->non_elective ? s->hrg->ne_trim : s->hrg->el_trim;
	int32_t days = s->days - (w->list->exclude_delayed ? a->delayed : 0);

	if (s->short_stay)
		return HF_CT_P_NONE;
	if (days < 0)
		days = 0;
	if (trim == HF_CT_NO_PRICE && s->hrg->perday != HF_CT_NO_PRICE)
		return HF_CT_P_NO_TRIM;
	if (trim == HF_CT_NO_PRICE || days <= trim) {
		HF_CT_TELL(w, LONG_NOT, days, trim);
		return HF_CT_P_NONE;
	}
	if (s->hrg->perday == HF_CT_NO_PRICE)
		return HF_CT_P_NO_PERDAY;
	if (days - trim > UINT16_MAX)
		return HF_CT_P_TOO_LARGE;
	w->out->excess = (uint16_t)(days - trim);
	w->excess_value = (days - trim) * s->hrg->perday;
	HF_CT_TELL(w, LONG, days, trim, s->hrg->perday, w->excess_value);
	return HF_CT_P_NONE;
}

/* Step 6: the highest one only. */
static void
top_up(struct hf_ct_work *w)
{
	const struct hf_ct_activity *a = w->a;
	uint32_t best = 0;

	for (uint32_t i = 0; i < HF_CT_SPECIALS; i++) {
		const struct hf_ct_topup *t;

		if (!(a->specialised & 1u << i))
			continue;
		t = hf_ct_list_find(w->list, HF_CT_T_TOPUP, a->provider, i, a->day);
		if (!t || t->percent <= w->topup)
			continue;
		w->topup = t->percent;
		best = i;
	}
	if (w->topup)
		HF_CT_TELL(w, TOPUP, best, w->topup, w->price);
}

enum hf_ct_problem
hf_ct_price_spell(struct hf_ct_work *w)
{
	struct stay s = {0};
	enum hf_ct_problem p = length(w, &s);

	if (p == HF_CT_P_NONE)
		p = basis(w, &s);
	if (p == HF_CT_P_NONE)
		p = short_stay(w, &s);
	if (p != HF_CT_P_NONE)
		return p;
	best_practice(w, &s);
	p = long_stay(w, &s);
	if (p != HF_CT_P_NONE)
		return p;
	if (w->a->specialised)
		top_up(w);
	return hf_ct_price_mff(w);
}
