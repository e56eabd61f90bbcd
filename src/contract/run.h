/* run.h - what a contract earns up to a day: the year to date reckoned anew each time,
 * with the tariff beside it.  Pure.  contract-and-governance.md sections 2.1 and 2.2.
 *
 * What always holds of a run: the total is the sum of the components, a component the
 * sum of its lines and its adjustment; a month is the difference of two years to date,
 * so months add up to the year; what both parties gain or lose adds up to what the
 * system does; the same terms and facts give the same run. */
#ifndef HF_CONTRACT_RUN_H
#define HF_CONTRACT_RUN_H

#include "contract/adjust.h"

/* What came in for a line and month: the value at tariff of a block or a share, the
 * cost of a pass-through or a budget, units of volume and gain, a measure's result.
 * Later ones take the place of earlier ones until the month is frozen. */
struct hf_ct_input {
	int64_t seq;	     /* grows in the order of arrival */
	uint8_t line, month; /* index; 0 is April */
	bool freeze;	     /* the final cut */
	int64_t units;	     /* of an outcome: cases it was measured on */
	hf_pence pence;
	hf_pence price; /* of gain: paid for one; below 0: as the contract says */
	struct hf_decimal result; /* of an outcome */
	bool hold;		  /* of an outcome: the data are not good enough */
};

enum hf_ct_cut { HF_CT_NOTHING, HF_CT_FLEX, HF_CT_FROZEN };

struct hf_ct_fact {
	enum hf_ct_cut cut;
	struct hf_ct_input in;
};

/* Something that arrived after its month was frozen: shown, and left for a correction
 * that both agree. */
struct hf_ct_late {
	struct hf_ct_input in;
	hf_pence differs; /* pence of it - pence that count */
	int64_t units;	  /* likewise */
};

/* What an input of a line has to say: NULL, or a sentence about what is missing.  A
 * figure that is left out is not taken for nought. */
struct hf_ct_said {
	bool units, pence, result, hold;
};
const char *hf_ct_input_lacks(const struct hf_ct_terms *t, const struct hf_ct_input *in,
			      const struct hf_ct_said *said);

enum { HF_CT_LATE = 200 };

struct hf_ct_facts {
	struct hf_ct_fact at[HF_CT_LINES][HF_CT_MONTHS];
	struct hf_ct_late late[HF_CT_LATE];
	size_t n_late, late_dropped; /* what there was no room for is counted */
	int64_t seq;		     /* the newest that was looked at */
};

/* Chooses what counts among inputs (any order) with .seq up to upto.  HF_INVALID names
 * an input that is of no line or month, or negative where that cannot be. */
enum hf_rc hf_ct_facts(const struct hf_ct_terms *t, const struct hf_ct_input *in,
		       size_t n, int64_t upto, struct hf_ct_facts *out,
		       struct hf_err *err);

struct hf_ct_amounts {
	hf_pence plan, account, earned, shadow;
	int64_t units_plan, units;
};

struct hf_ct_component_ytd {
	struct hf_ct_amounts sum; /* of the lines and the adjustment */
	hf_pence adjust;	  /* by bands or tiers: in .sum.earned */
	hf_pence withheld;	  /* by national rules: taken off .sum.shadow;
				   * below 0: they add */
	/* Plan of the lines and months of which figures have come: what they are
	 * compared with.  What has not come is not nothing. */
	hf_pence expected;
	bool review; /* it is beyond what asks for a joint review */
};

/* What happens to both parties against the plan, and to the system. */
struct hf_ct_effect {
	hf_pence provider, commissioner, system;
	bool whole; /* each component says what its activity costs */
};

struct hf_ct_run {
	const struct hf_ct_terms *terms;
	const struct hf_ct_facts *facts;
	const struct hf_ct_rules *rules; /* NULL: none */
	int months;			 /* the last one that is in it, 1 … 12 */
	int days, of;			 /* of that one; equal when it is whole */
	struct hf_ct_amounts lines[HF_CT_LINES][HF_CT_MONTHS]; /* year to date */
	struct hf_ct_component_ytd components[HF_CT_COMPONENTS][HF_CT_MONTHS];
	struct hf_ct_amounts total[HF_CT_MONTHS];
	enum hf_ct_cut cuts[HF_CT_MONTHS]; /* the worst of a month's lines */
	bool hold[HF_CT_LINES];		   /* outcomes that cannot be paid yet */
};

/* Runs to a day of the contract's year; with part of a month plan and on-account money
 * are the days' part of it.  rules NULL: none.  HF_RULE when a day is outside the year
 * or a sum does not fit. */
enum hf_rc hf_ct_run(const struct hf_ct_terms *t, const struct hf_ct_rules *rules,
		     const struct hf_ct_facts *facts, int64_t day,
		     struct hf_ct_run *out, struct hf_err *err);

/* What a rule of the year does to the tariff, year to date (section 1.4); component is
 * of HF_CT_RULE.  *in_force: the rules of the year have it; if not *out is all 0. */
bool hf_ct_run_rule(const struct hf_ct_run *run, size_t component, int month,
		    bool *in_force, struct hf_ct_adjustment *out);

/* Of one month: its year to date less that of the one before. */
struct hf_ct_amounts hf_ct_month(const struct hf_ct_amounts ytd[HF_CT_MONTHS],
				 int month);
/* To month (0 is April) against plan. */
struct hf_ct_effect hf_ct_effects(const struct hf_ct_run *run, int month);

/* ---- forecast ---- */

struct hf_ct_forecast {
	hf_pence plan;		 /* of the year */
	hf_pence run_rate, back; /* as it goes on; back to plan */
	hf_pence low, high;
};
/* Outturn of a component's earned money and of its tariff value; false when a sum does
 * not fit. */
bool hf_ct_forecast(const struct hf_ct_run *run, size_t component,
		    struct hf_ct_forecast *earned, struct hf_ct_forecast *shadow);

/* ---- deviation (section 2.4, CON-T08) ---- */

enum hf_ct_level { HF_CT_NONE, HF_CT_WATCH, HF_CT_AMBER, HF_CT_RED };
const char *hf_ct_level_word(enum hf_ct_level level);

struct hf_ct_deviation {
	enum hf_ct_level level;
	hf_pence month, ytd; /* what differs: value of activity - plan */
	hf_pence plan_month, plan_ytd;
	int in_a_row;	 /* months amber or red in one direction, this one too */
	const char *why; /* a sentence part */
};
void hf_ct_deviation(const struct hf_ct_run *run, size_t component, int month,
		     struct hf_ct_deviation *out);

#endif
