/* store.h - the population's rows in the store: feeds as they were received, and what
 * they say about persons, kept in packed chunks; and what the record itself says of
 * each person, one packed body a person.  docs/interfaces/population.md.
 *
 * Whoever brings rows (an activity file, the generator) opens one feed, puts rows, and
 * commits or drops the whole: a feed is never half there.  A later feed of the same
 * source, kind and period replaces the earlier one (both stay on record).
 *
 * A hf_pop_store hands out codes and ordinals, so there is one for a hf_store in a
 * process.  Several feeds may be open, each used by one thread at a time. */
#ifndef HF_POPULATION_IO_STORE_H
#define HF_POPULATION_IO_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "population/model.h"
#include "population/own.h"
#include "record/io/store.h"

struct hf_pop_store;
struct hf_pop_feed; /* one that is being written */

/* Reads the codes and pseudonyms that are known.  Borrows store.  Closing with a feed
 * open is a mistake of ours. */
enum hf_rc hf_pop_store_open(struct hf_store *store, struct hf_pop_store **out,
			     struct hf_err *err);
void hf_pop_store_close(struct hf_pop_store *p); /* NULL is fine */

struct hf_pop_feed_about {
	struct hf_sv actor, purpose, trace; /* as hf_desk_job has them */
	struct hf_sv source; /* who sent it, ODS code or "homefirst generate" */
	struct hf_sv kind;   /* of definitions/maps: "spells", "ae", "register" … */
	uint16_t from, to;   /* days covered, [from, to) */
	struct hf_sv file, sha; /* name without folder; SHA-256 of the bytes, hex */
	struct hf_sv map;	/* map id and version, "spells|1.0" */
	struct hf_sv cut;	/* "flex", "freeze" or empty */
};

/* Begins a feed; the texts of about are copied.  HF_EXISTS with the earlier feed's
 * number in err when the same bytes of this kind were received before (sha empty:
 * not asked).  HF_INVALID when source or kind is empty or to is not after from. */
enum hf_rc hf_pop_feed_open(struct hf_pop_store *p,
			    const struct hf_pop_feed_about *about,
			    struct hf_pop_feed **out, struct hf_err *err);

/* The code of text in its kind, made when new.  0 for empty text.  HF_TOO_LONG beyond
 * 65,534 of a kind, or for a text of more than 64 bytes. */
enum hf_rc hf_pop_feed_code(struct hf_pop_feed *f, enum hf_pop_kind kind,
			    struct hf_sv text, uint16_t *out, struct hf_err *err);

/* The ordinal of a pseudonym, made when new; *made (NULL is fine) says so. */
enum hf_rc hf_pop_feed_person(struct hf_pop_feed *f, const uint8_t pid[HF_POP_PID],
			      uint32_t *out, bool *made, struct hf_err *err);

/* Rows, copied; ordinals and codes are those of the two above.  dx: n further
 * diagnoses (codes) of this event, at most HF_POP_DX_MOST - 1; e->dx_more is ignored.
 * They fail only when the store does, or for an ordinal that was never given. */
enum hf_rc hf_pop_feed_event(struct hf_pop_feed *f, const struct hf_pop_event *e,
			     const uint16_t *dx, size_t n, struct hf_err *err);
enum hf_rc hf_pop_feed_about_person(struct hf_pop_feed *f, uint32_t person,
				    const struct hf_pop_person *p, struct hf_err *err);
enum hf_rc hf_pop_feed_registration(struct hf_pop_feed *f,
				    const struct hf_pop_registration *r,
				    struct hf_err *err);
enum hf_rc hf_pop_feed_condition(struct hf_pop_feed *f,
				 const struct hf_pop_condition *c, struct hf_err *err);
enum hf_rc hf_pop_feed_value(struct hf_pop_feed *f, const struct hf_pop_value *v,
			     struct hf_err *err);

/* Makes the whole feed count, durably, and frees it, whatever it gives; *feed is its
 * number.  HF_EXISTS when the same bytes were committed meanwhile. */
enum hf_rc hf_pop_feed_commit(struct hf_pop_feed *f, int64_t *feed, struct hf_err *err);
void hf_pop_feed_drop(struct hf_pop_feed *f); /* nothing of it stays; NULL is fine */

/* Keeps what the record says of the person at shelf (own.h, packed) in place of what
 * was kept; an empty body takes it away.  For a hf_desk_job: db, change are its own. */
enum hf_rc hf_pop_record_put(struct hf_db *db, int64_t shelf, int64_t change,
			     struct hf_sv body, struct hf_err *err);

#endif
