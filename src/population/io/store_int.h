/* store_int.h - what store.c and feed.c share. */
#ifndef HF_POPULATION_IO_STORE_INT_H
#define HF_POPULATION_IO_STORE_INT_H

#include <pthread.h>

#include "base/buf.h"
#include "population/io/store.h"
#include "population/names.h"
#include "population/packer.h"
#include "record/io/desk.h"

struct hf_pop_store {
	struct hf_store *store;
	pthread_mutex_t names_lock; /* of names and open */
	struct hf_pop_names *names;
	int open; /* feeds being written */
	/* One commit or drop at a time: saved is what the store has of names. */
	pthread_mutex_t save_lock;
	struct hf_pop_mark saved;
};

/* Names made since saved as arguments of statements; see hf_pop_store_save(). */
struct hf_pop_fresh {
	struct hf_pop_mark from, to;
	struct hf_buf pids;
	struct hf_buf texts; /* each a length u8 and its bytes, kind after kind */
};

/* Copies what is new.  save_lock is held. */
enum hf_rc hf_pop_fresh_take(struct hf_pop_store *p, struct hf_pop_fresh *out,
			     struct hf_err *err);
void hf_pop_fresh_free(struct hf_pop_fresh *f);
/* Writes it, within a desk job.  HF_FAULT when the store has other names. */
enum hf_rc hf_pop_fresh_write(const struct hf_pop_fresh *f, struct hf_db *db,
			      struct hf_err *err);

#endif
