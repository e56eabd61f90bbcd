/* feed_people.h - what is known within one feed: of each person, of each practice, and
 * which rows have been seen.  Memory is bounded by the rows of the file. */
#ifndef HF_POPULATION_IO_FEED_PEOPLE_H
#define HF_POPULATION_IO_FEED_PEOPLE_H

#include "base/err.h"
#include "population/model.h"

struct hf_feed_one {
	uint32_t ordinal;
	struct hf_pop_person p; /* pid unset */
	bool used, fresh;	/* fresh: made by this feed */
	bool born;		/* a birth was among the spells */
	bool estimated;		/* the month of birth is of an age */
};

struct hf_feed_people {
	struct hf_feed_one *slots;
	size_t n, size;
};

/* Of an ordinal, made when new; NULL without memory.  Good until the next call. */
struct hf_feed_one *hf_feed_people_get(struct hf_feed_people *p, uint32_t ordinal);
void hf_feed_people_free(struct hf_feed_people *p);

/* A set of hashes that are not 0. */
struct hf_feed_seen {
	uint64_t *slots;
	size_t n, size;
};

/* Adds; *before says that it was there.  HF_TOO_LONG without memory. */
enum hf_rc hf_feed_seen_add(struct hf_feed_seen *s, uint64_t hash, bool *before,
			    struct hf_err *err);
void hf_feed_seen_free(struct hf_feed_seen *s);

#endif
