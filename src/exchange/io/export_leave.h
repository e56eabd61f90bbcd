/* export_leave.h - whom a disclosure for a purpose leaves out: people with a National
 * Data Opt-Out or a Type 1 opt-out, whole, where optouts.json says that it applies. */
#ifndef HF_EXCHANGE_IO_EXPORT_LEAVE_H
#define HF_EXCHANGE_IO_EXPORT_LEAVE_H

#include "access/rights.h"
#include "record/io/store.h"

struct hf_disclosure {
	enum hf_purpose purpose; /* HF_PURPOSE_NONE: the operator's own copy */
	enum hf_fact basis; /* S251, EXPLICIT_CONSENT, ANONYMISED, LEGAL_DUTY … */
	struct hf_sv to;    /* ODS code of who gets it */
	const struct hf_policy *policy;
	const struct hf_rights *rights;
	hf_time now;
};

struct hf_leave; /* the people and what speaks of them */

/* Goes over everybody.  HF_RULE when the disclosure may not be made at all: the copy
 * of the list is too old, or the purpose is none of a disclosure.  *n is how many
 * people are left out; the caller frees *out. */
enum hf_rc hf_leave_new(struct hf_reader *reader, const struct hf_disclosure *what,
			struct hf_leave **out, int64_t *n, struct hf_err *err);
void hf_leave_free(struct hf_leave *leave); /* NULL is fine */

/* Is what stands at rid of somebody who is left out, or speaks of them? */
bool hf_leave_has(const struct hf_leave *leave, hf_rid rid);

#endif
