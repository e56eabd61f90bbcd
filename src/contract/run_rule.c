/* run_rule.c - a national rule of the year as a line beside the tariff of others. */
#include "contract/run.h"

static bool
looked_at(const struct hf_ct_run *run, const struct hf_ct_component *def, int month,
	  hf_pence *out)
{
	*out = 0;
	for (size_t c = 0; c < run->terms->n_components; c++)
		if (def->of >> c & 1 &&
		    !hf_pence_add(out, run->components[c][month].sum.shadow))
			return false;
	return true;
}

/* Readmissions of the year to date: how many, and their value by what went before. */
static bool
readmitted(const struct hf_ct_run *run, const struct hf_ct_component *def, int month,
	   int64_t *units, hf_pence value[3])
{
	*units = 0;
	memset(value, 0, 3 * sizeof *value);
	for (size_t l = def->first; l < (size_t)def->first + def->n; l++)
		for (int m = 0; m <= month; m++) {
			const struct hf_ct_input *in = &run->facts->at[l][m].in;

			*units += in->units;
			if (!hf_pence_add(&value[run->terms->lines[l].after],
					  in->pence))
				return false;
		}
	return true;
}

bool
hf_ct_run_rule(const struct hf_ct_run *run, size_t component, int month, bool *in_force,
	       struct hf_ct_adjustment *out)
{
	const struct hf_ct_component *def = &run->terms->components[component];
	const struct hf_ct_rules *rules = run->rules;
	hf_pence of, amount, value[3];
	int64_t units;

	*in_force = false;
	*out = (struct hf_ct_adjustment){0};
	if (!looked_at(run, def, month, &of) ||
	    !hf_pence_ratio(def->amount, month + 1, HF_CT_MONTHS, HF_HALF_AWAY,
			    &amount))
		return false;
	switch (rules ? def->rule : HF_CT_RULE_KINDS) {
	case HF_CT_RULE_MARGINAL:
		*in_force = rules->marginal;
		return !*in_force || hf_ct_adjust_marginal(rules, amount, of, out);
	case HF_CT_RULE_READMISSION:
		*in_force = rules->readmission;
		return !*in_force || (readmitted(run, def, month, &units, value) &&
				      hf_ct_adjust_readmitted(
					  rules, units, value[HF_CT_AFTER_ELECTIVE],
					  value[HF_CT_AFTER_OTHER], amount, out));
	case HF_CT_RULE_BLENDED:
		*in_force = rules->blended;
		return !*in_force ||
		       hf_ct_adjust_blended(rules, amount, of, def->breaks, out);
	case HF_CT_RULE_QUALITY:
		*in_force = rules->quality > 0;
		return !*in_force || hf_ct_adjust_quality(rules, of, 0, out);
	case HF_CT_RULE_KINDS:
		break;
	}
	return true;
}
