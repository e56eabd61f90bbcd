/* bars_id.h - the ids that a message's resources have here.  Pure.
 *
 * An id is made of who sends and of what the sender calls the thing, so that the same
 * thing sent again meets itself and nobody can reach what another has sent: the first
 * half of the UUID is of the sender, the second of both. */
#ifndef HF_HUB_BARS_ID_H
#define HF_HUB_BARS_ID_H

#include "base/arena.h"

/* Who sends: the organisation (or the name) that signed in, and the ODS code the
 * message gives for its sender. */
struct hf_bars_owner {
	struct hf_sv signed_in, sender;
};

/* A UUID (version 8) in arena; p NULL without memory. */
struct hf_sv hf_bars_id(const struct hf_bars_owner *owner, const char *kind,
			struct hf_sv name, struct hf_arena *arena);
/* Was id made for this owner? */
bool hf_bars_id_is_of(const struct hf_bars_owner *owner, struct hf_sv id);
/* What two messages of one name are told apart by: 64 hex digits in arena. */
struct hf_sv hf_bars_digest(struct hf_sv text, struct hf_arena *arena);

#endif
