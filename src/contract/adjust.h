/* adjust.h - what a commissioner's rules take off or add to activity at tariff, as
 * lines of their own and never as other prices.  Pure.  contract-and-governance.md 1.2
 * step 9 and 1.4; which rules a year had is in rules.h. */
#ifndef HF_CONTRACT_ADJUST_H
#define HF_CONTRACT_ADJUST_H

#include "contract/price.h"
#include "contract/rules.h"

enum hf_ct_adjust {
	HF_CT_ADJ_MARGINAL,    /* emergency admissions above a baseline */
	HF_CT_ADJ_READMISSION, /* not paid: within 30 days of a stay */
	HF_CT_ADJ_BLENDED,     /* what differs from the forecast, mostly not paid */
	HF_CT_ADJ_QUALITY,     /* CQUIN */
	HF_CT_ADJ_COUNTING     /* a change of counting, neutralised for comparison */
};

struct hf_ct_adjustment {
	enum hf_ct_adjust kind;
	hf_pence value;	 /* added to what activity is worth; withheld: negative */
	hf_pence of;	 /* the amount the rule looks at */
	hf_pence beside; /* baseline, threshold, fixed element or what is left out */
	hf_rate rate;
	int64_t units;	   /* readmissions, or what is counted otherwise */
	bool alarm;	   /* blended: so far from plan that both parties meet */
	const char *rules; /* id of the rules of the year; NULL: none */
};

/* Above baseline only the rate is paid (CON-T02). */
bool hf_ct_adjust_marginal(const struct hf_ct_rules *rules, hf_pence baseline,
			   hf_pence value, struct hf_ct_adjustment *out);
/* Emergency readmissions after an elective stay are not paid; those after another stay
 * not beyond threshold, the value agreed locally.  Rows and lines are side by side. */
bool hf_ct_adjust_readmission(const struct hf_ct_rules *rules,
			      const struct hf_ct_activity *a,
			      const struct hf_ct_priced *lines, size_t n,
			      hf_pence threshold, struct hf_ct_adjustment *out);
/* The same of what was added up already: the value of those after an elective stay and
 * of those after another. */
bool hf_ct_adjust_readmitted(const struct hf_ct_rules *rules, int64_t units,
			     hf_pence elective, hf_pence other, hf_pence threshold,
			     struct hf_ct_adjustment *out);
/* fixed + rate * (value - fixed) in place of value (CON-T03); alarm when value differs
 * from fixed by more than breaks of it. */
bool hf_ct_adjust_blended(const struct hf_ct_rules *rules, hf_pence fixed,
			  hf_pence value, hf_rate breaks, struct hf_ct_adjustment *out);
/* The year's rate of value without what does not count (pass-through, medicines). */
bool hf_ct_adjust_quality(const struct hf_ct_rules *rules, hf_pence value,
			  hf_pence excluded, struct hf_ct_adjustment *out);
/* units that used to be counted and paid as one thing and now are as another: what this
 * year's value lacks beside last year's. */
bool hf_ct_adjust_counting(int64_t units, hf_pence before, hf_pence now,
			   struct hf_ct_adjustment *out);

/* The line in words, with its arithmetic. */
void hf_ct_adjust_text(const struct hf_ct_adjustment *adj, struct hf_buf *out);

#endif
