/* api_hub.h - what the files of /api/hub share. */
#ifndef HF_SERVER_API_HUB_H
#define HF_SERVER_API_HUB_H

#include "server/api.h"
#include "server/hub_json.h"

/* Who calls, as the hub knows them. */
struct hf_hub_actor hf_api_hub_actor(struct hf_call *call);
/* Are they of the hub's own organisation? */
bool hf_api_hub_staff(struct hf_call *call);
/* May the caller see this referral's Task?  As a read of it; the audit names it. */
bool hf_api_hub_sees(struct hf_call *call, const struct hf_hub_row *row);

/* Rows of a view that the caller may see, by time left; all in the arena.  HF_TOO_LONG
 * without memory. */
struct hf_api_rows {
	struct hf_hub_row *items;
	size_t n;
};
enum hf_rc hf_api_hub_rows(struct hf_call *call, enum hf_hub_view view,
			   struct hf_sv team, struct hf_api_rows *out,
			   struct hf_err *err);

/* Commits work and answers {"row"}, or the failure. */
void hf_api_hub_commit(struct hf_call *call, struct hf_hub_work *work);
/* A failure; HF_STALE as 409 "moved". */
void hf_api_hub_fail(struct hf_call *call, const struct hf_err *err);

#endif
