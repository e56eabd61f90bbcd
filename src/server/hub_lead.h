/* hub_lead.h - the referrals of the last thirteen months as the lead's figures need
 * them, kept in memory beside the record.
 *
 * They are read once, when somebody first asks, and again when they changed: of open
 * ones the hub's table tells the version, of others it tells who finished. */
#ifndef HF_SERVER_HUB_LEAD_H
#define HF_SERVER_HUB_LEAD_H

#include "hub/io/hub.h"
#include "hub/lead.h"

struct hf_hub_lead;

enum hf_rc hf_hub_lead_new(struct hf_store *store, struct hf_hub_lead **out,
			   struct hf_err *err);
void hf_hub_lead_free(struct hf_hub_lead *lead); /* NULL is fine */

/* To be called from struct hf_hub_config.changed: only notes who finished. */
void hf_hub_lead_changed(struct hf_hub_lead *lead, const struct hf_hub_row *row);

struct hf_lead_list {
	struct hf_lead_referral *items;
	hf_rid *rids; /* of the Tasks; beside items */
	size_t n;
};
/* All that were received since HF_LEAD_MONTHS ago, open or finished, copied into the
 * arena.  The first call reads the record and may take some seconds. */
enum hf_rc hf_hub_lead_all(struct hf_hub_lead *lead, struct hf_hub *hub, hf_time now,
			   struct hf_arena *arena, struct hf_lead_list *out,
			   struct hf_err *err);

/* What of OPEL the figures say: the two-hour performance of this month so far, from the
 * first contact on.  Gives how many, at most most. */
size_t hf_hub_lead_measure(struct hf_hub_lead *lead, struct hf_hub *hub, hf_time now,
			   struct hf_opel_value *out, size_t most);

#endif
