/* pool_return.h - a pooled fund's quarterly return as canonical bytes: income,
 * expenditure against plan by line, metrics, narrative; and how it is shown.  Pure.
 * contract-and-governance.md section 4.
 *
 * The bytes are JSON in one order without white space, money as whole pence: what both
 * partners and the board sign is their SHA-256.  The same fund, ledger, narrative and
 * metrics give the same bytes. */
#ifndef HF_CONTRACT_POOL_RETURN_H
#define HF_CONTRACT_POOL_RETURN_H

#include "contract/pool.h"
#include "contract/statement.h"

enum { HF_CT_NARRATIVE = 4000 }; /* characters */

/* A fund as its ledger has it. */
struct hf_ct_fund {
	struct hf_ct_pool_now lines[HF_CT_POOL_LINES]; /* budget with virements */
	hf_pence moved[HF_CT_POOL_LINES];	       /* virements */
	hf_pence received[HF_CT_POOL_SOURCES];
	int64_t seq; /* newest entry that counts; 0: none */
	size_t entries;
	int done; /* months of which nothing of the budgets remains */
};

/* A metric as the measure told it: texts are decimals, n 0 is not known. */
struct hf_ct_metric_now {
	struct hf_sv version, hash, unit; /* of the measure; n 0: there is none */
	struct hf_sv status;		  /* "ok", or why there is no figure */
	struct hf_sv value, low, high, counted, out_of;
};

struct hf_ct_return_about {
	int quarter;	 /* 1 … 4 */
	int64_t version; /* from 1 */
	struct hf_sv by; /* "user/ID" */
	hf_time at;
	struct hf_sv narrative;
	struct hf_ct_metric_now metrics[HF_CT_POOL_METRICS]; /* as the fund's */
};

/* HF_RULE when a sum does not fit. */
enum hf_rc hf_ct_return_write(const struct hf_ct_pool *p, const struct hf_ct_fund *fund,
			      const struct hf_ct_return_about *about,
			      struct hf_buf *out, struct hf_err *err);

/* Reads canonical bytes again and adds up: HF_INVALID when they are none, HF_RULE when
 * a total is not the sum of its lines. */
enum hf_rc hf_ct_return_check(struct hf_sv bytes, struct hf_arena *arena,
			      struct hf_json *out, struct hf_err *err);
/* What about held when they were made, out of the bytes. */
enum hf_rc hf_ct_return_about(struct hf_sv bytes, struct hf_arena *arena,
			      struct hf_ct_return_about *out, struct hf_err *err);

/* Shows a return's bytes; as hf_ct_statement_show().  Draft until 3 have signed. */
enum hf_rc hf_ct_return_show(struct hf_sv bytes, const char *hash,
			     const struct hf_ct_shown_signature *signatures, size_t n,
			     enum hf_ct_sheet how, struct hf_arena *arena,
			     struct hf_buf *out, struct hf_err *err);

#endif
