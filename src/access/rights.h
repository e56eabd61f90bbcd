/* rights.h - what is agreed and chosen about sharing, as one snapshot in memory:
 * agreements between organisations, organisations that are suspended, broken
 * glasses, delegations, proxies, calls at the hub, the opt-out list.  Pure; a
 * snapshot is never changed and may be used by any number of threads. */
#ifndef HF_ACCESS_RIGHTS_H
#define HF_ACCESS_RIGHTS_H

#include "access/policy.h"

struct hf_rights;

/* How much the organisation an item comes from shares with the user's, by their ODS
 * codes (upper case): T4 when they are the same; the strictest agreement that is in
 * force, one that has expired counts as T1, and none at all is T0. */
enum hf_tier hf_rights_tier(const struct hf_rights *rights, struct hf_sv item_org,
			    struct hf_sv user_org, hf_time now);
/* The least that any organisation shares with the user's: when that is enough, nobody
 * need look whose an item is. */
enum hf_tier hf_rights_tier_least(const struct hf_rights *rights, struct hf_sv user_org,
				  hf_time now);

/* May users of the organisation work now?  One that nobody suspended may. */
bool hf_rights_org_active(const struct hf_rights *rights, struct hf_sv org,
			  hf_time now);

/* The glass that the actor ("user/ID") broke for the person with any of these shelves
 * and that is open now; reason HF_REASON_NONE when there is none. */
struct hf_glass hf_rights_glass(const struct hf_rights *rights, struct hf_sv actor,
				const int64_t *shelves, size_t n, hf_time now);

/* Relationships that no resource of the record gives: DELEG, HUBCALL, and of group
 * PAT PROXY; set of HF_BIT(enum hf_relation_kind) that count now. */
uint64_t hf_rights_relations(const struct hf_rights *rights, struct hf_sv actor,
			     struct hf_sv who, const int64_t *shelves, size_t n,
			     hf_time now);

/* What a proxy was granted: set of HF_BIT(enum hf_content); 0: nothing. */
uint64_t hf_rights_proxy(const struct hf_rights *rights, struct hf_sv who,
			 const int64_t *shelves, size_t n, hf_time now);

/* Is the NHS number on the National Data Opt-Out list?  And when was the copy made
 * (0: there is none). */
bool hf_rights_ndo(const struct hf_rights *rights, struct hf_sv nhs_number);
hf_time hf_rights_ndo_list_at(const struct hf_rights *rights);

#endif
