/* load_int.h - what reads the store into columns; shared by gather.c, load.c, live.c
 * and member.c. */
#ifndef HF_POPULATION_IO_LOAD_INT_H
#define HF_POPULATION_IO_LOAD_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "population/covers.h"
#include "population/merge.h"
#include "population/names.h"
#include "record/io/desk.h"
#include "record/io/store.h"

struct hf_pop_feed_row { /* a feed that counts */
	int64_t id;
	struct hf_sv source, kind;
	uint16_t from, to;
	uint64_t rows;
};

/* Shelf of the record to ordinal, open addressing. */
struct hf_pop_shelves {
	struct {
		int64_t shelf; /* 0: free */
		uint32_t person;
	} * slot;
	size_t n, size;
};

struct hf_pop_loader {
	struct hf_store *store;
	struct hf_arena arena; /* texts of feeds */
	pthread_mutex_t lock;  /* of names while several threads read */
	struct hf_pop_names *names;
	uint32_t *person; /* by ordinal in the store: the one here */
	size_t n_person;
	uint16_t *code[HF_POP_KINDS]; /* by code in the store: the one here */
	size_t n_code[HF_POP_KINDS];
	struct hf_pop_feed_row *feeds; /* in the order of receipt */
	size_t n_feeds;
	int64_t last_feed;	 /* newest that was seen */
	struct hf_pop_size most; /* rows that feeds and records have together */
	struct hf_pop_covers covers;
	struct hf_pop_shelves shelves;
	int64_t *shelf; /* by ordinal: whose record it is; 0 none */
	size_t n_shelf;
	int64_t record_change, record_shelf; /* how far records were read */
	int64_t org_change;		     /* newest change of an organisation */
	_Atomic uint64_t rows, rows_of, duplicates, replaced;
};

struct hf_pop_loader *hf_pop_loader_new(struct hf_store *store); /* NULL: memory */
void hf_pop_loader_free(struct hf_pop_loader *l);

/* load.c: names that are new in the store, and the feeds that count now.  *again: not
 * only feeds came that stand beside those known, so that all has to be read anew.
 * fresh: how many of the feeds, at the end, are new. */
enum hf_rc hf_pop_loader_names(struct hf_pop_loader *l, struct hf_db *db,
			       struct hf_err *err);
enum hf_rc hf_pop_loader_feeds(struct hf_pop_loader *l, struct hf_db *db, size_t *fresh,
			       bool *again, struct hf_err *err);
/* Everything into new columns, by as many threads as there are cores (at most 8). */
enum hf_rc hf_pop_load_all(struct hf_pop_loader *l, struct hf_pop_columns *out,
			   struct hf_err *err);
/* The ordinal of a record's person, made when new; remembered with its shelf.  false
 * out of memory. */
bool hf_pop_shelf_is(struct hf_pop_loader *l, int64_t shelf, uint32_t person);
bool hf_pop_shelf_person(const struct hf_pop_loader *l, int64_t shelf, uint32_t *out);

/* gather.c: rows of chunks and bodies into a part. */
struct hf_pop_gather {
	struct hf_pop_loader *l;
	struct hf_db *db;
	struct hf_pop_part *part;
	struct hf_buf raw;
	struct hf_arena arena;
	const uint64_t *only; /* a bit a person: those that are taken; NULL: all */
	unsigned kinds;	      /* 1 << enum hf_pop_rows: what is taken */
};
void hf_pop_gather_free(struct hf_pop_gather *g);
/* What a feed says of the persons of a stripe (ordinals of the store). */
enum hf_rc hf_pop_gather_feed(struct hf_pop_gather *g, size_t feed, uint32_t stripe,
			      struct hf_err *err);
/* What the record says of a person, who is known as person here. */
enum hf_rc hf_pop_gather_record(struct hf_pop_gather *g, int64_t shelf, uint32_t person,
				struct hf_err *err);

/* catch_up.c: what was committed since old was read, within the snapshot of r. */
struct hf_pop_news {
	bool any;   /* the delta changes something, or places moved */
	bool more;  /* there is more: look again at once */
	bool again; /* all has to be read anew; the delta is nothing */
};
enum hf_rc hf_pop_catch_up(struct hf_pop_loader *l, const struct hf_pop_columns *old,
			   struct hf_reader *r, struct hf_pop_delta *d,
			   struct hf_pop_news *news, struct hf_err *err);
/* Was an organisation changed since this was asked last?  Practices may have moved. */
enum hf_rc hf_pop_places_moved(struct hf_pop_loader *l, struct hf_reader *r,
			       bool *moved, struct hf_err *err);

/* member.c: which practice was of which locality when.  Texts lie in texts. */
enum hf_rc hf_pop_members(struct hf_reader *r, struct hf_pop_columns *c,
			  struct hf_arena *texts, struct hf_err *err);

#endif
