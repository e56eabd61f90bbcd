/* store.h - the population's rows in the store: feeds as they were received, and what
 * they say about persons, kept in packed chunks.  docs/interfaces/population.md.
 *
 * Whoever brings rows (an activity file, the generator, the record's own resources)
 * opens one feed, puts rows, and commits or drops the whole: a feed is never half
 * there.  A later feed of the same source, kind and period replaces the earlier one
 * (both stay on record). */
#ifndef HF_POPULATION_IO_STORE_H
#define HF_POPULATION_IO_STORE_H

#include "base/err.h"
#include "db/db.h"
#include "population/model.h"

struct hf_pop_feed; /* one that is being written */

struct hf_pop_feed_about {
	struct hf_sv source; /* who sent it, ODS code or "homefirst generate" */
	struct hf_sv kind;   /* of definitions/maps: "spells", "ae", "register" … */
	uint16_t from, to;   /* days covered, [from, to) */
	struct hf_sv file, sha; /* name without folder; SHA-256 of the bytes, hex */
	struct hf_sv map;	/* map id and version, "spells|1.0" */
	struct hf_sv cut;	/* "flex", "freeze" or empty */
};

/* Begins a feed.  HF_E_EXISTS with the earlier feed's number in err when the same bytes
 * were received before. */
enum hf_err hf_pop_feed_open(struct hf_db *db, const struct hf_pop_feed_about *about,
			     struct hf_pop_feed **out);

/* The code of text in its kind, made when new.  0 for empty text.  HF_E_LIMIT beyond
 * 65,534 of a kind. */
enum hf_err hf_pop_feed_code(struct hf_pop_feed *f, enum hf_pop_kind kind,
			     struct hf_sv text, uint16_t *out);

/* The ordinal of a pseudonym, made when new; *made says so. */
enum hf_err hf_pop_feed_person(struct hf_pop_feed *f, const uint8_t pid[HF_POP_PID],
			       uint32_t *out, bool *made);

/* Rows, copied.  dx: n further diagnoses (codes) of this event, at most
 * HF_POP_DX_MOST - 1; e->dx_more is ignored. */
enum hf_err hf_pop_feed_event(struct hf_pop_feed *f, const struct hf_pop_event *e,
			      const uint16_t *dx, size_t n);
enum hf_err hf_pop_feed_about_person(struct hf_pop_feed *f, uint32_t person,
				     const struct hf_pop_person *p);
enum hf_err hf_pop_feed_registration(struct hf_pop_feed *f,
				     const struct hf_pop_registration *r);
enum hf_err hf_pop_feed_condition(struct hf_pop_feed *f,
				  const struct hf_pop_condition *c);
enum hf_err hf_pop_feed_value(struct hf_pop_feed *f, const struct hf_pop_value *v);

enum hf_err hf_pop_feed_commit(struct hf_pop_feed *f, int64_t *feed); /* and frees */
void hf_pop_feed_drop(struct hf_pop_feed *f); /* nothing of it stays */

#endif
