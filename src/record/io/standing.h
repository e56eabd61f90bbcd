/* standing.h - how a person stands to those who may look: their relationships and
 * choices, read from the record and kept in memory.
 *
 * What is kept is never older than the last commit that somebody was told of: each
 * shelf has the time (a count of commits) at which it was last touched in a way that
 * matters, and what was read before that is read again. */
#ifndef HF_RECORD_IO_STANDING_H
#define HF_RECORD_IO_STANDING_H

#include "record/io/relation.h"
#include "record/io/store.h"

struct hf_standing {
	const int64_t *shelves; /* all that are this person, the one asked for too */
	size_t n_shelves;
	/* What counts now or may count later; org, who and kind, start, end only. */
	const struct hf_relation *relations;
	size_t n_relations;
	bool objection, type1;
};

struct hf_standings;

/* bytes bounds what is kept of persons (some 600 bytes each, as a rule). */
struct hf_standings *hf_standings_new(size_t bytes);
void hf_standings_free(struct hf_standings *s); /* NULL is fine */

/* After a commit, before anybody is told of it: what of this shelf counts may have
 * changed; what of everybody may have (an organisation, a link). */
void hf_standings_touch(struct hf_standings *s, int64_t shelf);
void hf_standings_touch_all(struct hf_standings *s);
/* To be kept before a snapshot begins: what it shows is as of then or later. */
int64_t hf_standings_tick(struct hf_standings *s);

/* Calls with() with the standing of the person that shelf belongs to, at now; what it
 * is given lives until it returns, and it must not use the reader.  Reads as the
 * system, whoever looks through the reader.  HF_TOO_LONG for a record whose
 * relationships do not fit into memory. */
enum hf_rc hf_standing_of(struct hf_reader *reader, int64_t shelf,
			  const struct hf_policy *policy, hf_time now,
			  void (*with)(void *ctx, const struct hf_standing *standing),
			  void *ctx, struct hf_err *err);

/* Is there room for more?  And when everybody's was last touched. */
bool hf_standings_room(struct hf_standings *s);
int64_t hf_standings_all(struct hf_standings *s);

/* Reads everybody's standing ahead, in a thread of its own that gives way to others,
 * and again whenever everybody's may have changed: so that who looks for people does
 * not wait for it.  As far as memory for it goes. */
void hf_standings_warm(struct hf_store *store, const struct hf_policy *policy);
/* Ends it; a store that is closed does so itself. */
void hf_standings_cool(struct hf_store *store);

/* Whether a resource of the type on the person's shelf, or on a reserved one, may
 * change a standing when it comes, changes or goes.  sig is that of its codes. */
bool hf_standing_depends(hf_type_id type, bool reserved, bool is_new, uint64_t sig);

#endif
