/* record.h - the rows of the record of people, derived and kept; and the thread that
 * does so again for whoever's record was changed.
 *
 * A person's rows stand at the lowest of the shelves that are the person; what stood at
 * the others is taken away.  Where it stopped is a setting, written with the rows:
 * after a stop it goes on from there, and doing some again changes nothing. */
#ifndef HF_POPULATION_IO_RECORD_H
#define HF_POPULATION_IO_RECORD_H

#include "population/pid.h"
#include "record/io/store.h"

struct hf_pop_derive_report {
	int64_t people;	 /* whose rows were derived */
	int64_t changed; /* of these, whose rows were others before */
	int64_t left;	 /* whose record could not be read: told in the log by shelf */
};

/* Does it for whoever changed since it was done last, at most max people; *behind says
 * that there are more. */
enum hf_rc hf_pop_derive_changed(struct hf_store *store, size_t max, bool *behind,
				 struct hf_pop_derive_report *out, struct hf_err *err);
/* Does it for everybody. */
enum hf_rc hf_pop_derive_all(struct hf_store *store,
			     void (*progress)(void *ctx, int64_t done, int64_t of),
			     void *ctx, struct hf_pop_derive_report *out,
			     struct hf_err *err);

/* How many people the record has rows of, and when rows changed last (0: never). */
enum hf_rc hf_pop_record_state(struct hf_reader *reader, int64_t *people, hf_time *at,
			       struct hf_err *err);

struct hf_pop_follower;

/* Starts a thread that looks four times a second; NULL: there is none. */
struct hf_pop_follower *hf_pop_follow_start(struct hf_store *store);
void hf_pop_follow_stop(struct hf_pop_follower *f); /* waits; NULL is fine */

#endif
