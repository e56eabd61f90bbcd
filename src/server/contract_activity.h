/* contract_activity.h - the activity of the store under a contract: what the population
 * tells, priced by the list of each day.  The bridge between two rooms that do not know
 * each other; for the command and for pages.
 *
 * Nobody is named: a row has the name that its contents make of a digest,
 * which is the same in every store and after every restart, and tells nothing of who it
 * was or of which other rows are the same person's. */
#ifndef HF_SERVER_CONTRACT_ACTIVITY_H
#define HF_SERVER_CONTRACT_ACTIVITY_H

#include "contract/accrue.h"
#include "contract/fill.h"
#include "db/db.h"
#include "server/call.h"
#include "server/price_activity.h"

struct hf_contract_activity {
	struct hf_arena arena; /* price lists, and what is made of the rows */
	struct hf_ct_price_book book;
	struct hf_ct_activity
	    *a;			/* of the contract's providers, from its first day on */
	struct hf_ct_priced *p; /* side by side */
	size_t n;
	struct hf_buf traces; /* when asked for */
	struct hf_sv feeds;   /* "feeds 1, 4" */
	int32_t last;	      /* the last day that the data reach, since 1970 */
};

/* Prices what the columns hold; db is of a reader.  Free with
 * hf_contract_activity_free(), also after a failure.  HF_TOO_LONG, HF_BUSY: no memory.
 */
enum hf_rc hf_contract_activity(const struct hf_pop_columns *c, struct hf_db *db,
				const struct hf_ct_terms *t, bool traced,
				struct hf_contract_activity *out, struct hf_err *err);
/* The same of the columns that a server keeps up with its store, in a thread of a pool.
 * HF_BUSY while they are read. */
enum hf_rc hf_contract_activity_now(struct hf_call *c, const struct hf_ct_terms *t,
				    bool traced, struct hf_contract_activity *out,
				    struct hf_err *err);
/* "accruals": {months} of a contract that says whose activity is whose, inside an
 * object that is open; nothing of another, or while the population is being read. */
enum hf_rc hf_contract_put_accruals(struct hf_call *c, const struct hf_ct_terms *t,
				    struct hf_jw *w, struct hf_err *err);
void hf_contract_activity_free(struct hf_contract_activity *x);

/* Which months to fill: those named ("2026-07", both included), else those that have
 * ended and that the data reach.  HF_INVALID: no months of the contract's year;
 * HF_RULE: no month has ended yet.  The origin lies in x. */
enum hf_rc hf_contract_months(struct hf_contract_activity *x,
			      const struct hf_ct_terms *t, struct hf_sv month,
			      struct hf_sv to, struct hf_sv cut,
			      struct hf_ct_fill_ask *out, struct hf_err *err);

/* "steps": [{rule, text}] of a row that was priced with traces. */
void hf_contract_steps(const struct hf_contract_activity *x,
		       const struct hf_ct_activity *a, const struct hf_ct_priced *p,
		       struct hf_jw *w);

#endif
