/* rules.h - the national rules of a year as a definition: what was taken off or added
 * by law, which the tariff beside a contract has to follow.  Pure.
 * contract-and-governance.md 1.4; definitions/contract-rules. */
#ifndef HF_CONTRACT_RULES_H
#define HF_CONTRACT_RULES_H

#include "contract/share.h"

struct hf_ct_rules {
	const char *id, *version, *title, *source; /* id: "2015/16" */
	int fy;
	bool marginal; /* emergency admissions above a baseline at a rate */
	hf_rate marginal_rate;
	bool readmission; /* within .days of a stay not paid above a threshold */
	int readmission_days;
	bool blended; /* forecast fixed, what differs at a rate */
	hf_rate blended_rate;
	hf_rate quality;	    /* CQUIN, of actual value; 0: none */
	hf_rate uplift, efficiency; /* of prices on the year before */
};

/* HF_INVALID with findings in issues, as hf_ct_terms_load(). */
enum hf_rc hf_ct_rules_load(const char *name, struct hf_sv text, struct hf_arena *arena,
			    struct hf_issues *issues, struct hf_ct_rules *out,
			    struct hf_err *err);
/* (1 + uplift) * (1 - efficiency): 1.017681 of 2.9 % and 1.1 %. */
hf_rate hf_ct_rules_factor(const struct hf_ct_rules *r);

extern const struct hf_definition_text hf_contract_rules_builtin[];
extern const size_t hf_n_contract_rules_builtin;

#endif
