/* io/opel.h - the level of pressure: recorded by the hub and used by it (R-2.20,
 * The newest record counts; who wrote which stands in the record. */
#ifndef HF_HUB_IO_OPEL_H
#define HF_HUB_IO_OPEL_H

#include "hub/io/hub.h"
#include "hub/opel.h"

enum { HF_HUB_OPEL_HISTORY = 500 }; /* records that are shown at most */

/* The document that the level is worked out by. */
const struct hf_opel *hf_hub_opel_document(const struct hf_hub *hub);
/* What counts now, with texts in arena.  Before the first record it is what the hub
 * measures at now, with .at 0; nothing is raised by that. */
enum hf_rc hf_hub_opel(struct hf_hub *hub, hf_time now, struct hf_arena *arena,
		       struct hf_opel_state *out, struct hf_err *err);
/* When it is worked out next; HF_TIME_MAX without fixed times. */
hf_time hf_hub_opel_next(struct hf_hub *hub);

/* Takes values or another level from somebody and prepares the record; commit as for a
 * move, with hf_hub_done() whatever came of it.  HF_FORBIDDEN unless who is the
 * clinical lead of the hub; HF_RULE: the place has no hub; HF_BUSY: a record is being
 * written. */
enum hf_rc hf_hub_opel_say(struct hf_hub *hub, const struct hf_hub_actor *who,
			   const struct hf_opel_said *said, hf_time at,
			   struct hf_arena *arena, struct hf_hub_work **out,
			   struct hf_err *err);
/* Records the level when a fixed time has passed, or when the values make another one
 * (looked at every 15 minutes).  *wrote (NULL is fine) says whether it did. */
enum hf_rc hf_hub_opel_tick(struct hf_hub *hub, hf_time now, bool *wrote,
			    struct hf_err *err);

/* The records since then, newest first, in arena. */
enum hf_rc hf_hub_opel_history(struct hf_hub *hub, hf_time since,
			       struct hf_arena *arena, struct hf_opel_state **out,
			       size_t *n, struct hf_err *err);

#endif
