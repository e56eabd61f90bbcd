/* adjust.c - lines of a commissioner's rules. */
#include "contract/adjust.h"

bool
hf_ct_adjust_marginal(const struct hf_ct_rules *rules, hf_pence baseline,
		      hf_pence value, struct hf_ct_adjustment *out)
{
	hf_pence paid = value;

	if (!rules->marginal || baseline < 0 ||
	    !hf_ct_marginal(baseline, value, rules->marginal_rate, &paid))
		return false;
	*out = (struct hf_ct_adjustment){.kind = HF_CT_ADJ_MARGINAL,
					 .value = paid - value,
					 .of = value,
					 .beside = baseline,
					 .rate = rules->marginal_rate,
					 .rules = rules->id};
	return true;
}

bool
hf_ct_adjust_readmitted(const struct hf_ct_rules *rules, int64_t units,
			hf_pence elective, hf_pence other, hf_pence threshold,
			struct hf_ct_adjustment *out)
{
	hf_pence withheld = elective, of = elective;

	if (!rules->readmission || threshold < 0 || !hf_pence_add(&of, other))
		return false;
	if (other > threshold && !hf_pence_add(&withheld, other - threshold))
		return false;
	*out = (struct hf_ct_adjustment){.kind = HF_CT_ADJ_READMISSION,
					 .value = -withheld,
					 .of = of,
					 .beside = threshold,
					 .units = units,
					 .rules = rules->id};
	return true;
}

bool
hf_ct_adjust_readmission(const struct hf_ct_rules *rules,
			 const struct hf_ct_activity *a,
			 const struct hf_ct_priced *lines, size_t n, hf_pence threshold,
			 struct hf_ct_adjustment *out)
{
	hf_pence elective = 0, other = 0;
	int64_t units = 0;

	if (!rules->readmission || threshold < 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		bool el = a[i].flags & HF_CT_F_READM_EL;

		if (!el && !(a[i].flags & HF_CT_F_READM_OTHER))
			continue;
		units++;
		if (!hf_pence_add(el ? &elective : &other, lines[i].value))
			return false;
	}
	return hf_ct_adjust_readmitted(rules, units, elective, other, threshold, out);
}

bool
hf_ct_adjust_blended(const struct hf_ct_rules *rules, hf_pence fixed, hf_pence value,
		     hf_rate breaks, struct hf_ct_adjustment *out)
{
	hf_pence paid = value;

	if (!rules->blended || fixed < 0 || breaks < 0 ||
	    !hf_ct_blended(fixed, value, rules->blended_rate, &paid))
		return false;
	*out = (struct hf_ct_adjustment){
	    .kind = HF_CT_ADJ_BLENDED,
	    .value = paid - value,
	    .of = value,
	    .beside = fixed,
	    .rate = rules->blended_rate,
	    .alarm = breaks && hf_ct_share_beyond(fixed, value, breaks),
	    .rules = rules->id};
	return true;
}

bool
hf_ct_adjust_quality(const struct hf_ct_rules *rules, hf_pence value, hf_pence excluded,
		     struct hf_ct_adjustment *out)
{
	hf_pence base = value, paid = 0;

	if (!hf_pence_sub(&base, excluded) ||
	    !hf_pence_scale(base, rules->quality, HF_HALF_AWAY, &paid))
		return false;
	*out = (struct hf_ct_adjustment){.kind = HF_CT_ADJ_QUALITY,
					 .value = paid,
					 .of = value,
					 .beside = excluded,
					 .rate = rules->quality,
					 .rules = rules->id};
	return true;
}

bool
hf_ct_adjust_counting(int64_t units, hf_pence before, hf_pence now,
		      struct hf_ct_adjustment *out)
{
	hf_pence was = 0, is = 0, value;

	if (units < 0 || !hf_pence_times(before, units, &was) ||
	    !hf_pence_times(now, units, &is))
		return false;
	value = was;
	if (!hf_pence_sub(&value, is))
		return false;
	*out = (struct hf_ct_adjustment){.kind = HF_CT_ADJ_COUNTING,
					 .value = value,
					 .of = before,
					 .beside = now,
					 .units = units};
	return true;
}

void
hf_ct_adjust_text(const struct hf_ct_adjustment *adj, struct hf_buf *out)
{
	char v[HF_MONEY_TEXT], of[HF_MONEY_TEXT], beside[HF_MONEY_TEXT],
	    rate[HF_MONEY_TEXT];

	hf_pence_text(adj->value, HF_PENCE_POUNDS, v, sizeof v);
	hf_pence_text(adj->of, HF_PENCE_POUNDS, of, sizeof of);
	hf_pence_text(adj->beside, HF_PENCE_POUNDS, beside, sizeof beside);
	hf_rate_text(adj->rate, rate, sizeof rate);
	switch (adj->kind) {
	case HF_CT_ADJ_MARGINAL:
		hf_buf_printf(
		    out,
		    "Marginal rate: %s of emergency admissions, of which what "
		    "is above %s is paid at %s: %s.",
		    of, beside, rate, v);
		break;
	case HF_CT_ADJ_READMISSION:
		hf_buf_printf(
		    out,
		    "Readmissions: %lld worth %s; those after an elective stay "
		    "are not paid, those after another not above %s: %s.",
		    (long long)adj->units, of, beside, v);
		break;
	case HF_CT_ADJ_BLENDED:
		hf_buf_printf(out,
			      "Blended payment: %s at tariff, %s fixed, the difference "
			      "paid at %s: %s.%s",
			      of, beside, rate, v,
			      adj->alarm ? " It is so far from plan that both parties "
					   "have to meet."
					 : "");
		break;
	case HF_CT_ADJ_QUALITY:
		hf_buf_printf(out, "CQUIN: (%s - %s) x %s = %s.", of, beside, rate, v);
		break;
	case HF_CT_ADJ_COUNTING:
		hf_buf_printf(
		    out,
		    "Change of counting: %lld x (%s - %s) = %s, so that years "
		    "can be compared.",
		    (long long)adj->units, of, beside, v);
		break;
	}
	if (adj->rules)
		hf_buf_printf(out, " Rules of %s, clause 1.4.", adj->rules);
}
