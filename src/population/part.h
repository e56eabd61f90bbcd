/* part.h - rows about some persons, gathered from chunks and bodies, then sorted and
 * put into columns.  Pure. */
#ifndef HF_POPULATION_PART_H
#define HF_POPULATION_PART_H

#include "base/err.h"
#include "population/columns.h"
#include "population/pack.h"
#include "population/sortkey.h"

struct hf_pop_heap {
	uint8_t *at;
	size_t n, room;
	struct hf_pop_key *key; /* in order, once sorted: n_key of them */
	size_t n_key, room_key;
};

/* Set to zero it is ready for use; emptied it keeps its memory. */
struct hf_pop_part {
	struct hf_pop_heap rows[HF_POP_ROWS_KINDS];
	uint16_t *pool; /* of further diagnoses; [0] is unused */
	size_t n_pool, room_pool;
};

void hf_pop_part_free(struct hf_pop_part *p);
void hf_pop_part_empty(struct hf_pop_part *p);
/* Room for n more rows of kind, not yet counted; NULL out of memory. */
void *hf_pop_part_room(struct hf_pop_part *p, enum hf_pop_rows kind, size_t n);
/* Room for n more places of the pool; false out of memory. */
bool hf_pop_part_pool(struct hf_pop_part *p, size_t n);

/* Sorts events by person, day; registrations by person, from; conditions by person,
 * code, from; values by person, code, day; one row a person, the last that a feed gave
 * with what the record (HF_POP_P_FROM_RECORD, told after the feeds) adds where feeds
 * are silent.  Of registrations of one practice from one day, and of conditions of one
 * code from one day, the one that came last stays; values that are equal stay once.
 * False out of memory. */
bool hf_pop_part_sort(struct hf_pop_part *p);

/* ---- columns ---- */

/* Room for so many; persons with nothing known, no dictionary.  HF_BUSY out of memory.
 * Free with hf_pop_columns_clear(). */
struct hf_pop_size {
	uint64_t n[HF_POP_ROWS_KINDS]; /* rows; of PERSON: persons */
	size_t pool;		       /* with the unused first */
};
enum hf_rc hf_pop_columns_make(struct hf_pop_columns *c, const struct hf_pop_size *size,
			       struct hf_err *err);
void hf_pop_columns_clear(struct hf_pop_columns *c);
/* Gives back what is behind the rows that there are. */
void hf_pop_columns_trim(struct hf_pop_columns *c, const struct hf_pop_size *size);
/* Bytes that the columns take. */
size_t hf_pop_columns_bytes(const struct hf_pop_columns *c);

/* Puts a sorted part, whose persons are those of [first, to), behind *at, which moves.
 * Different parts may be put at the same time by different threads. */
void hf_pop_part_put(const struct hf_pop_part *p, struct hf_pop_columns *c,
		     uint32_t first, uint32_t to, const struct hf_pop_size *at);
/* What a sorted part takes. */
void hf_pop_part_size(const struct hf_pop_part *p, struct hf_pop_size *add);
/* Once all parts are put: the ends, and the first and last day. */
void hf_pop_columns_close(struct hf_pop_columns *c, const struct hf_pop_size *size);

/* One event to and from its place in the columns. */
void hf_pop_event_put(struct hf_pop_events *ev, uint64_t i,
		      const struct hf_pop_event *e);
void hf_pop_event_get(const struct hf_pop_events *ev, uint64_t i,
		      struct hf_pop_event *out);
/* Each field: where its array stands in struct hf_pop_events, and its size. */
struct hf_pop_field {
	size_t at, size;
};
extern const struct hf_pop_field hf_pop_event_fields[];
extern const size_t hf_pop_n_event_fields;

#endif
