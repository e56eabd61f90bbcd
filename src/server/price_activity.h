/* price_activity.h - what happened to a population, as activity that has a price: the
 * bridge between two rooms that do not know each other.  Pure.
 *
 * The id of a row is the number of the event in the columns: nobody is named. */
#ifndef HF_SERVER_PRICE_ACTIVITY_H
#define HF_SERVER_PRICE_ACTIVITY_H

#include "contract/activity.h"
#include "population/columns.h"

/* The events of c that ended (attendances: happened) from day up to, not on, to (days
 * since 1970) and are of a kind that price lists know: stays, outpatient contacts, A&E.
 * malloc'd; the caller frees it.  HF_BUSY: out of memory. */
enum hf_rc hf_price_activity(const struct hf_pop_columns *c, int32_t from, int32_t to,
			     struct hf_ct_activity **out, size_t *n,
			     struct hf_err *err);
/* Marks those rows that a rule of readmissions looks at (HF_CT_F_READM_*): emergencies
 * within 30 days of the person's latest discharge, at whichever provider, without the
 * exclusions of population.md 3.3.  Rows are of hf_price_activity() and of c. */
void hf_price_readmissions(const struct hf_pop_columns *c, struct hf_ct_activity *rows,
			   size_t n);

#endif
