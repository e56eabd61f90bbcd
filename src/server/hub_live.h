/* hub_live.h - boards that learn of each other's moves as they happen.
 *
 * Everybody who may see the same gets the same bytes: a feed stands for an
 * organisation, a group of roles and a view.  Whether a referral is shown there is
 * asked of the access rules, as a read of its Task by somebody of that group would be.
 */
#ifndef HF_SERVER_HUB_LIVE_H
#define HF_SERVER_HUB_LIVE_H

#include "server/feed.h"
#include "server/hub_json.h"

struct hf_server;
struct hf_actor;
struct hf_hub_live;

/* Starts the thread that tells; the server's hub has to be opened with
 * hf_hub_live_changed and what this gives.  NULL without memory or thread. */
struct hf_hub_live *hf_hub_live_new(struct hf_server *server);
/* Ends all boards; after it nothing is told. */
void hf_hub_live_end(struct hf_hub_live *live);
void hf_hub_live_free(struct hf_hub_live *live); /* NULL is fine */

/* For struct hf_hub_config. */
void hf_hub_live_changed(void *ctx, const struct hf_hub_row *row, bool was_open);

/* The feed for whoever looks; NULL when there are too many kinds of them. */
struct hf_feed *hf_hub_live_feed(struct hf_hub_live *live, const struct hf_actor *actor,
				 enum hf_hub_view view, struct hf_sv team);

#endif
