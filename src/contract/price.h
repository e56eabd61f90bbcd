/* price.h - what one thing done is worth under a price list, and why.  Pure.
 * contract-and-governance.md 1.2 (spells), 1.5 (outpatients, A&E, medicines).
 *
 * What always holds of an answer: it is the same for the same activity and book; it has
 * been rounded once; where a rule needs what is not there the value is 0 and problem
 * says what is missing; xbd is part of value.  Nothing a commissioner withholds or adds
 * is in it: those are lines of their own (adjust.h). */
#ifndef HF_CONTRACT_PRICE_H
#define HF_CONTRACT_PRICE_H

#include "base/buf.h"
#include "contract/list.h"

enum hf_ct_pod {
#define HF_CT_POD(name, code, group, text) HF_CT_POD_##name,
#include "contract/pod.def"
#undef HF_CT_POD
	HF_CT_PODS
};

enum hf_ct_group { /* the component a contract sees a point of delivery under */
		   HF_CT_G_NONE,
		   HF_CT_G_NONELECTIVE,
		   HF_CT_G_ELECTIVE,
		   HF_CT_G_OTHER,
		   HF_CT_G_MEDICINES,
		   HF_CT_GROUPS
};

enum hf_ct_problem {
#define HF_CT_PROBLEM(name, code, text) HF_CT_P_##name,
#include "contract/problem.def"
#undef HF_CT_PROBLEM
	HF_CT_PROBLEMS
};

struct hf_ct_priced {
	hf_pence value;
	hf_pence xbd;	 /* what of it is for days beyond the trim point */
	uint32_t trace;	 /* where its steps begin in the traces */
	uint16_t excess; /* days beyond the trim point */
	int16_t fy;	 /* of the day of discharge or attendance (section 5) */
	int8_t period;
	uint8_t pod, problem;
	uint8_t list; /* ordinal in the book; 0xff: none was valid */
	uint8_t spare[4];
};

enum { HF_CT_DAYS_KEPT = 1024, HF_CT_NO_LIST = 0xff };

/* A book made ready to price with; not for two threads at once. */
struct hf_ct_pricer {
	const struct hf_ct_price_book *book;
	struct hf_buf *traces; /* NULL: none are kept */
	int only;	       /* ordinal of the one list to use; -1: by date */
	struct hf_ct_day {
		int32_t day;
		int16_t fy;
		int8_t period;
		uint8_t list;
	} days[HF_CT_DAYS_KEPT]; /* what was found for days asked before */
};

/* Borrows book and traces.  The lists that traces speak of are those of the book. */
void hf_ct_pricer_init(struct hf_ct_pricer *p, const struct hf_ct_price_book *book,
		       struct hf_buf *traces);
/* Prices by one list whatever the date; it is in the book. */
void hf_ct_pricer_only(struct hf_ct_pricer *p, const struct hf_ct_list *list);

/* Prices one row.  When memory for its trace runs out traces->failed is set. */
void hf_ct_price(struct hf_ct_pricer *p, const struct hf_ct_activity *a,
		 struct hf_ct_priced *out);
/* All rows, in their order. */
void hf_ct_price_all(struct hf_ct_pricer *p, const struct hf_ct_activity *a, size_t n,
		     struct hf_ct_priced *out);

const char *hf_ct_pod_code(uint8_t pod);
const char *hf_ct_pod_text(uint8_t pod);
enum hf_ct_group hf_ct_pod_group(uint8_t pod);
const char *hf_ct_problem_code(uint8_t problem);
const char *hf_ct_problem_text(uint8_t problem); /* a sentence */

#endif
