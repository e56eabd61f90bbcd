/* pool.h - a pooled fund of health and council (Better Care Fund, section 75): who pays
 * in, what it is for, and who bears what differs.  Pure.
 * contract-and-governance.md section 4; definitions/pools.
 *
 * What always holds of a fund that was read: contributions are the budgets of the lines
 * and what is not allocated; ring-fenced money is not more than the budgets of the
 * lines it may go to; the splits of each line add up to 100 %. */
#ifndef HF_CONTRACT_POOL_H
#define HF_CONTRACT_POOL_H

#include "contract/terms.h"

enum { HF_CT_POOL_LINES = 40, HF_CT_POOL_SOURCES = 20, HF_CT_POOL_METRICS = 12 };

/* A metric of the quarterly return: a measure of the outcome framework. */
struct hf_ct_metric {
	const char *id, *title, *measure;
};

struct hf_ct_source {
	const char *id, *title, *ring; /* lines of the same ring only; "": any */
	int party;
	hf_pence pence;
};

struct hf_ct_pool_line {
	const char *id, *title, *ring;
	int lead;		/* party */
	hf_pence budget, prior; /* overspend of earlier years to be repaid first */
	hf_rate split[HF_CT_PARTIES];
};

struct hf_ct_pool {
	const char *id, *version, *title, *summary;
	bool demonstration;
	int fy;
	/* HF_CT_COMMISSIONER: the NHS; HF_CT_PROVIDER: the council. */
	struct hf_ct_party parties[HF_CT_PARTIES];
	const char *host;
	hf_rate shared;	   /* overspend up to this part of a line goes by its split */
	hf_pence virement; /* more than this needs both */
	struct hf_ct_source sources[HF_CT_POOL_SOURCES];
	struct hf_ct_pool_line lines[HF_CT_POOL_LINES];
	struct hf_ct_party board; /* signs the returns off; .name "": none does */
	struct hf_ct_metric metrics[HF_CT_POOL_METRICS];
	size_t n_sources, n_lines, n_metrics;
	hf_pence total, unallocated;
};

enum hf_rc hf_ct_pool_load(const char *name, struct hf_sv text, struct hf_arena *arena,
			   struct hf_issues *issues, struct hf_ct_pool **out,
			   struct hf_err *err);
int hf_ct_pool_find(const struct hf_ct_pool *p, struct hf_sv line); /* -1: none */
/* Does this role at this organisation sign for the board? */
bool hf_ct_pool_board(const struct hf_ct_pool *p, struct hf_sv org, struct hf_sv role);
int hf_ct_pool_party(const struct hf_ct_pool *p, struct hf_sv org); /* -1: none */

/* Of a line: what was spent, expected, and who bears it (CON-T14). */
struct hf_ct_pool_now {
	hf_pence budget; /* with virements */
	hf_pence actual, accrued, remaining, outturn;
	hf_pence differs;	       /* outturn - budget */
	hf_pence share[HF_CT_PARTIES]; /* of an overspend, by split */
	hf_pence lead;		       /* beyond what is shared: the lead's alone */
	hf_pence repaid;	       /* of an underspend, to earlier overspend */
};
/* now->budget, .actual, .accrued and .remaining are given; false when a sum does not
 * fit. */
bool hf_ct_pool_share(const struct hf_ct_pool *p, size_t line,
		      struct hf_ct_pool_now *now);

extern const struct hf_definition_text hf_pools_builtin[];
extern const size_t hf_n_pools_builtin;

#endif
