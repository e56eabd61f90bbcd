/* spc.h - what was done month by month on a control chart: which of it is more than
 * chance.  Pure.  contract-and-governance.md 2.4 (3), population.md 4.
 *
 * A point is what was done in a month at tariff (of gain and outcome: what was earned)
 * as per cent of that month's plan, so that a phased plan is no signal; in pounds where
 * a month has no plan.  Months without figures are gaps.  Charts are for looking: no
 * money is reckoned from them. */
#ifndef HF_CONTRACT_SPC_H
#define HF_CONTRACT_SPC_H

#include "contract/run.h"
#include "fhir/json.h"
#include "measure/spc.h"

/* Fewer received points than this say nothing by themselves: limits of three points
 * are wide and their runs short. */
enum { HF_CT_SPC_LEAST = 6 };

struct hf_ct_spc {
	bool percent; /* of plan; else pounds */
	int n;	      /* points: months 0 … n - 1 */
	struct hf_ms_spc_point at[HF_CT_MONTHS];
	struct hf_ms_spc sum;
};

/* Of months 0 … month.  False when there is nothing to chart. */
bool hf_ct_spc_component(const struct hf_ct_run *run, size_t component, int month,
			 struct hf_ct_spc *out);
bool hf_ct_spc_line(const struct hf_ct_run *run, size_t line, int month,
		    struct hf_ct_spc *out);
/* Is the last month of it more than chance, by a chart with points enough? */
bool hf_ct_spc_special(const struct hf_ct_spc *s);
/* {unit, points [{month, value, mean, low, high, rules, label}], variation, trial,
 * received, special}. */
void hf_ct_spc_write(const struct hf_ct_spc *s, struct hf_jw *w);

#endif
