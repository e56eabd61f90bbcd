/* case_int.h - between the files of cases. */
#ifndef HF_CONTRACT_CASE_INT_H
#define HF_CONTRACT_CASE_INT_H

#include "contract/case.h"

/* The facts an event brings.  HF_INVALID, HF_RULE name the fact. */
enum hf_rc hf_ct_case_take_facts(struct hf_ct_case *c, const struct hf_ct_event *e,
				 struct hf_err *err);
/* What always holds of a challenge: the commissioner raises it and says line, month,
 * sum and grounds; a part is less than the whole. */
enum hf_rc hf_ct_case_check_challenge(const struct hf_ct_case *c,
				      const struct hf_ct_event *e, struct hf_err *err);

/* The roles of the pathway that whoever takes the event has. */
hf_pw_set hf_ct_case_roles(const struct hf_ct_case *c, const struct hf_ct_event *e);

#endif
