/* contract.h - the contract side of the server: documents loaded once, and what its
 * routes share (docs/interfaces/contract.md). */
#ifndef HF_SERVER_CONTRACT_H
#define HF_SERVER_CONTRACT_H

#include "contract/io/oversight.h"
#include "contract/show.h"
#include "server/api.h"
#include "server/contract_measures.h"
#include "server/sharing_write.h"

struct hf_contracts {
	struct hf_arena arena;
	struct hf_ct_library lib;
};

/* The documents come with the program.  Free with hf_contracts_free(). */
enum hf_rc hf_contracts_new(struct hf_contracts **out, struct hf_err *err);
void hf_contracts_free(struct hf_contracts *c); /* NULL is fine */

/* Which contract or fund a request is about, and for which party it comes. */
struct hf_contract_ask {
	const struct hf_ct_library *lib;
	const struct hf_ct_terms *terms; /* NULL: a fund */
	const struct hf_ct_pool *pool;	 /* NULL: a contract */
	size_t at;			 /* of the contract */
	struct hf_sv id;
	struct hf_ct_by by;
};

/* Finds {id} of the path.  False when it has answered: 404 for what is not there and
 * for what the user's organisation is no party of. */
bool hf_contract_begin(struct hf_call *c, struct hf_contract_ask *out);
/* The same, and a contract is needed. */
bool hf_contract_begin_terms(struct hf_call *c, struct hf_contract_ask *out);
/* Of a contract or fund in a list: -1 when the user's organisation is no party. */
int hf_contract_party(const struct hf_call *c, const struct hf_ct_terms *t,
		      const struct hf_ct_pool *p);

/* The day to run to: what the page asks for (parameter to), else the end of the last
 * month with figures, else of the first month. */
enum hf_rc hf_contract_run(struct hf_call *c, const struct hf_contract_ask *a,
			   struct hf_sv to, struct hf_ct_run **out, int64_t *day,
			   struct hf_err *err);

/* "name": {id, name} of a user; of one that is gone the id alone. */
void hf_contract_user(struct hf_call *c, struct hf_jw *w, const char *name,
		      struct hf_sv user);
/* The members of a case, inside an object that is open. */
void hf_contract_case(struct hf_call *c, struct hf_jw *w, struct hf_sv subject,
		      const struct hf_ct_case *k, const struct hf_ct_pool *pool);
/* "name": [Case]: those of a kind (HF_CT_CASES: all), open ones only when asked. */
enum hf_rc hf_contract_cases(struct hf_call *c, const struct hf_contract_ask *a,
			     struct hf_jw *w, const char *name,
			     enum hf_ct_case_kind kind, bool open, struct hf_err *err);

/* Where measures come from, for this request. */
struct hf_contract_source hf_contract_source(struct hf_call *c);

/* Whole numbers and lists of a body; HF_INVALID names the member. */
enum hf_rc hf_contract_int(const struct hf_json *d, uint32_t object, const char *name,
			   bool needed, int64_t *out, struct hf_err *err);

#endif
