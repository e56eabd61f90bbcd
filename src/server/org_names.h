/* org_names.h - names of organisations by their ODS codes, and the name of the place,
 * kept in memory: they are asked for with every page, also by who is not signed in,
 * and seldom change.  Half a minute old at most. */
#ifndef HF_SERVER_ORG_NAMES_H
#define HF_SERVER_ORG_NAMES_H

#include "record/io/store.h"
#include "server/call.h"

struct hf_org_cache;
struct hf_org_cache *hf_org_cache_new(void); /* NULL without memory */
void hf_org_cache_free(struct hf_org_cache *cache);

struct hf_org_names; /* never changes */

/* Those of now; put back with hf_org_names_drop(). */
enum hf_rc hf_org_names_get(struct hf_call *call, const struct hf_org_names **out,
			    struct hf_err *err);
void hf_org_names_drop(const struct hf_org_names *names); /* NULL is fine */
/* "" when no organisation has the code. */
struct hf_sv hf_org_names_of(const struct hf_org_names *names, struct hf_sv code);
struct hf_sv hf_org_place(const struct hf_org_names *names); /* "": it has no name */

#endif
