/* live.h - the population in memory, kept up with the store.
 *
 * The columns that are handed out never change: whoever reads holds them, and what is
 * committed later stands in newer ones, within a second.  Thread-safe. */
#ifndef HF_POPULATION_IO_LIVE_H
#define HF_POPULATION_IO_LIVE_H

#include "population/columns.h"
#include "record/io/store.h"

struct hf_pop_live;

/* follow: a thread loads and goes on following the store; hf_pop_hold() gives NULL
 * until there is something.  Otherwise everything is read before it returns. */
enum hf_rc hf_pop_live_open(struct hf_store *store, bool follow,
			    struct hf_pop_live **out, struct hf_err *err);
/* Whatever was held must have been released.  NULL is fine. */
void hf_pop_live_close(struct hf_pop_live *live);

/* The newest columns, NULL while the first are being loaded. */
const struct hf_pop_columns *hf_pop_hold(struct hf_pop_live *live);
void hf_pop_release(struct hf_pop_live *live, const struct hf_pop_columns *c);
/* The shelf of the record that says something of a person of columns that are held; 0:
 * none does.  The one way from a pseudonym back to a person: for who looks after them,
 * and the record decides on each. */
int64_t hf_pop_shelf_of(const struct hf_pop_columns *held, uint32_t person);
/* The person of a pseudonym in columns that are held, UINT32_MAX: there is none. */
uint32_t hf_pop_person_of(const struct hf_pop_columns *held,
			  const uint8_t pid[HF_POP_PID]);

/* The people whose rows may differ between an earlier version of the columns and those
 * that are held, in no order and some of them twice.  False: not known, anybody's may.
 * Good as long as the columns are held. */
bool hf_pop_changed_since(const struct hf_pop_columns *held, uint64_t version,
			  const uint32_t **persons, size_t *n);

struct hf_pop_live_state {
	bool loading;		/* all anew; the older columns can be held meanwhile */
	uint64_t rows, rows_of; /* read, and to be read */
	uint64_t version;	/* of the newest columns; 0 none */
	uint64_t persons, events, bytes;
	uint64_t duplicates; /* events of the record that a feed tells as well */
	uint64_t replaced;   /* rows of feeds whose days a later feed tells anew */
	int64_t load_ms, merge_ms; /* how long the last one took */
	char failed[400]; /* why the store could not be read; empty: it could */
};
void hf_pop_live_state(struct hf_pop_live *live, struct hf_pop_live_state *out);

#endif
