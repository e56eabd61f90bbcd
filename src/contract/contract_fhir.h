/* contract_fhir.h - contracts, their ledgers and their statements as FHIR R4: Contract,
 * Account, Invoice.  They go out only.  Pure.  docs/interfaces/contract.md has them
 * element by element.  Nobody's care is in any of them. */
#ifndef HF_CONTRACT_CONTRACT_FHIR_H
#define HF_CONTRACT_CONTRACT_FHIR_H

#include "contract/pool.h"
#include "contract/statement.h"

void hf_ct_contract_fhir(const struct hf_ct_terms *t, struct hf_jw *w);

/* A ledger.  balance: of a contract what the provider has by it, of a fund what is in
 * it, of a line of a fund what was spent. */
struct hf_ct_account {
	const struct hf_ct_terms *terms; /* NULL: of a fund */
	const struct hf_ct_pool *pool;	 /* NULL: of a contract */
	int line;			 /* of the fund; -1: all of it */
	size_t entries;
	hf_pence balance;
};
/* "acute-2020", "better-care-2020", "better-care-2020.hub" in buf of 160 bytes. */
char *hf_ct_account_id(const struct hf_ct_account *a, char *buf, size_t size);
void hf_ct_account_fhir(const struct hf_ct_account *a, struct hf_jw *w);

/* A statement: what each component earned and what was paid on account; the total is
 * what is payable.  bytes: its canonical ones.  HF_INVALID when they are none. */
enum hf_rc hf_ct_invoice_fhir(const struct hf_ct_terms *t, struct hf_sv quarter,
			      int64_t version, struct hf_sv bytes, struct hf_sv hash,
			      bool agreed, struct hf_arena *arena, struct hf_jw *w,
			      struct hf_err *err);
/* "acute-2020.2020-Q1.1" in buf of 160 bytes. */
char *hf_ct_invoice_id(const struct hf_ct_terms *t, struct hf_sv quarter,
		       int64_t version, char *buf, size_t size);

#endif
