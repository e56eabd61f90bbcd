/* charge.h - priced lines and their sums as FHIR R4: ChargeItem and Invoice.  Pure.
 *
 * No person is in either: ChargeItem.subject is a Group without a name, and the row is
 * told by its number. */
#ifndef HF_CONTRACT_CHARGE_H
#define HF_CONTRACT_CHARGE_H

#include "contract/total.h"
#include "fhir/json.h"

/* A priced line.  status billable, or unknown with what keeps it from being priced as
 * overrideReason. */
void hf_ct_charge_item(struct hf_jw *j, const struct hf_ct_price_book *book,
		       const struct hf_ct_activity *a, const struct hf_ct_priced *line);

/* A month of a year, a line for each point of delivery that has activity; base and, for
 * days beyond trim points, a surcharge.  month: 0 is April. */
void hf_ct_invoice(struct hf_jw *j, const struct hf_ct_year *year, int month);

#endif
