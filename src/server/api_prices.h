/* api_prices.h - what the routes of price lists share. */
#ifndef HF_SERVER_API_PRICES_H
#define HF_SERVER_API_PRICES_H

#include "contract/io/prices.h"
#include "contract/list_show.h"
#include "server/contract.h"
#include "server/serve.h"

struct hf_prices_look {
	struct hf_ct_price_version versions[HF_CT_LISTS_MOST];
	size_t n;
};

/* The versions there are. */
enum hf_rc hf_prices_look(struct hf_call *call, struct hf_prices_look *out,
			  struct hf_err *err);
/* The one that {id} of the path names, with its rows in the call's arena. */
enum hf_rc hf_prices_find(struct hf_call *call, struct hf_prices_look *look,
			  const struct hf_ct_price_version **version,
			  struct hf_ct_list **list, struct hf_err *err);

/* May the role bring in a list (need PRICES), and is its organisation the commissioner
 * of a contract?  Both are needed. */
bool hf_prices_allowed(const struct hf_call *call);
bool hf_prices_may_import(const struct hf_call *call);

/* Members of a version and of its list, inside an object that is open. */
void hf_prices_put_version(struct hf_jw *w, const struct hf_ct_price_version *v);
void hf_prices_put_list(struct hf_jw *w, const struct hf_ct_list *list);

#endif
