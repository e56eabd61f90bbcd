/* key.h - the key of pseudonyms of a store. */
#ifndef HF_POPULATION_IO_KEY_H
#define HF_POPULATION_IO_KEY_H

#include "population/pid.h"
#include "record/io/store.h"

/* The key of pseudonyms of this store, made at the first call.  population.md 7. */
enum hf_rc hf_pop_key_read(struct hf_store *store, struct hf_pop_key *out,
			   struct hf_err *err);

#endif
