/* fair.h - does a list treat groups alike?  For each group: how many there are, how
 * many were chosen, how many went on to need help, and how many of these were chosen.
 * Pure. population.md 2.7, POP-T10.
 *
 * The outcome is observed: the list as it would have been a year ago, and who was
 * admitted as an emergency in the year after.  The heuristic of 0.80 raises a question;
 * it answers none. */
#ifndef HF_POPULATION_FAIR_H
#define HF_POPULATION_FAIR_H

#include "population/list.h"

enum { HF_POP_FAIR_GROUPS = 12, HF_POP_FAIR_LEAST = 20 /* people for a comparison */ };

enum hf_pop_fair_by {
	HF_POP_BY_IMD,	     /* quintiles, 1 most deprived; 6: not known */
	HF_POP_BY_ETHNICITY, /* White, Mixed, Asian, Black, Other; 6: not known */
	HF_POP_BY_SEX,	     /* male, female, other or not known */
	HF_POP_FAIR_BYS
};

struct hf_pop_fair_group {
	uint32_t people, chosen, outcome, both; /* both: chosen and with the outcome */
	double expected; /* outcomes, from the rate of each band of risk */
};

struct hf_pop_fair {
	struct hf_pop_fair_group groups[HF_POP_FAIR_GROUPS];
	size_t n;
	bool compared;	    /* at least two groups have enough with the outcome */
	double least_ratio; /* least over most share of those in need who were chosen */
	int lowest, highest;  /* the groups of it */
	bool alert;	      /* it is below 0.80 */
	bool strata_compared; /* the same of the share chosen within a band of risk */
	double strata_ratio;
	bool strata_alert;
	/* The ratio is of one to four people: to say it would say how many (section 7).
	 */
	bool few, strata_few;
};

/* The group of a person, from 1. */
int hf_pop_fair_group(enum hf_pop_fair_by by, const struct hf_pop_person *p);
/* "Most deprived fifth", "Asian", "Women". */
const char *hf_pop_fair_name(enum hf_pop_fair_by by, int group);
int hf_pop_fair_groups(enum hf_pop_fair_by by); /* how many */

struct hf_pop_fair_row {     /* one person who could have been chosen */
	uint8_t group, risk; /* group from 1 */
	bool chosen, outcome;
};

/* groups: how many there are, at most HF_POP_FAIR_GROUPS. */
void hf_pop_fair_check(const struct hf_pop_fair_row *rows, size_t n, size_t groups,
		       struct hf_pop_fair *out);
/* The ratio of shares of those with the outcome who were chosen; fills the rest from
 * .groups. */
void hf_pop_fair_judge(struct hf_pop_fair *f);

#endif
