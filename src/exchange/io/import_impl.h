/* import_impl.h - what the files of the import share.
 *
 *   import.c         threads, order, and the end of a change
 *   import_feed.c    cuts the input into jobs
 *   import_unit.c    makes changes (units) of a job
 *   import_order.c   two lines about one resource: the later wins
 *   import_reject.c  the rejects file and the reasons
 *
 * A job is a piece of input: a small file, a document, or lines of a long file.  It
 * gives units; each unit is one change with an arena of its own and keeps its job
 * (whose text it points into) alive.  A prepared change claims its ids until it is
 * committed, and preparing waits for claims: so a unit is submitted as soon as it is
 * prepared, before its thread begins another. */
#ifndef HF_EXCHANGE_IO_IMPORT_IMPL_H
#define HF_EXCHANGE_IO_IMPORT_IMPL_H

#include <pthread.h>
#include <stdatomic.h>

#include "exchange/io/import.h"
#include "exchange/io/source.h"
#include "exchange/plan.h"
#include "record/io/change.h"

enum {
	WHOLE_MAX = 16 << 20,	  /* a file up to here is one job, unpacked at once */
	DOCUMENT_MAX = 256 << 20, /* one Bundle */
	RESOURCE_MAX = 16 << 20,  /* one resource */
	CHUNK = 384 << 10,	  /* lines of a long file in one job */
	GROUP = 200,		  /* lines in one change */
	GROUP_MAX = 20000,	  /* where they belong together */
	RING = 64,		  /* jobs under way */
	BYTES_MAX = 384 << 20,	  /* text of the jobs under way */
	DEFERRED_MAX = 512 << 20, /* text of the jobs that wait for others */
	TRIES_MAX = 50
};

struct import;
struct unit;

struct job {
	struct import *im;
	struct job *next;
	uint64_t ticket; /* of a job of lines, from 1 */
	const char *path;
	const struct hf_source_file *file; /* to be read; NULL: text is there */
	struct hf_buf text;
	uint64_t line;	/* number of the first line; 0: one document */
	bool lines;	/* text is NDJSON for sure */
	bool grouped;	/* changes end at empty lines, and no id stands twice */
	int64_t disk;	/* bytes of the file that this stands for */
	size_t counted; /* bytes in im->bytes_out */
	bool deferred;	/* has a deferred unit */
	bool held;	/* past its turn, kept by a deferred unit */
	atomic_uint refs;
	struct unit *units, **units_end; /* validated, in the order of the input */
};

struct ref { /* one resource of a unit */
	const struct hf_json *doc;
	struct hf_plan_entry *entry;
	uint64_t line;
	bool out; /* refused already */
};

struct unit {
	struct job *job;
	struct unit *next;
	struct hf_arena arena;
	const struct hf_json *bundle; /* the document, when it is one */
	uint64_t line;
	bool whole;
	bool entered;	   /* its ids are in im->order */
	bool last;	   /* nothing more will come that it could refer to */
	size_t unresolved; /* references by condition that stay as they stand */
	bool submitted;	   /* counts in im->units_out */
	int tries;
	struct ref *refs;
	size_t n, size;
	struct hf_sv *conditions; /* references "Type?query" */
	size_t n_conditions;
	size_t *item_ref; /* which ref an item of the change is about */
	struct hf_change change;
	struct hf_issues issues;
};

/* Ids that units of lines under way write; see import_order.c. */
struct order {
	pthread_mutex_t mu;
	pthread_cond_t turn, gone;
	struct order_id {
		uint64_t hash, ticket; /* hash 0: free */
		uint32_t count;
	} * ids;
	size_t n, size;
	uint64_t next; /* ticket whose turn it is */
};

enum verdict { READY, NOTHING, DEFER };

struct import {
	const struct hf_import_config *config;
	struct hf_arena *arena; /* under mu */
	struct hf_import_result *result;
	struct hf_source_list list;

	pthread_mutex_t mu; /* all that follows */
	pthread_cond_t work, room;
	struct job *first, **end;
	struct unit *again; /* to be tried again, by the feeding thread */
	struct unit *deferred;
	bool closed;
	bool stop; /* a failure of the store: nothing more is begun */
	struct hf_err fatal;
	size_t jobs_out;  /* not freed yet */
	size_t jobs_held; /* of those, only kept by deferred units */
	size_t bytes_out;
	size_t units_out; /* submitted and not ended */
	size_t deferred_bytes;
	struct hf_import_progress progress;

	struct order order;

	pthread_mutex_t reject_mu;
	FILE *rejects;

	struct hf_reader *reader; /* the feeding thread's, as what follows */
	uint64_t tickets;
	bool trained;
};

/* import.c */
void hf_import_push(struct import *im, struct job *job); /* waits for room */
void hf_import_drain(struct import *im); /* until nothing is under way */
bool hf_import_stopped(struct import *im);
void hf_import_fatal(struct import *im, const struct hf_err *err);
/* A failure of the store, not of what is imported. */
bool hf_import_is_fatal(enum hf_rc rc);
void hf_import_job_unref(struct job *job);
void hf_import_submit(struct unit *unit);
void hf_import_end(struct unit *unit); /* whatever came of it */

/* import_feed.c */
void hf_import_feed(struct import *im);
bool hf_import_is_lines(struct hf_sv text, const char *path);

/* import_order.c */
void hf_import_order_init(struct order *order);
void hf_import_order_free(struct order *order);
/* Waits for the turn of a job of lines, and until no other job is under way with one
 * of its ids; then its ids are under way. */
void hf_import_order_enter(struct job *job);
void hf_import_order_leave(struct unit *unit);

/* import_unit.c */
/* Reads, parses and validates into job->units. */
void hf_import_units(struct job *job);
/* Prepares a unit: submits it, keeps it for later, or ends it. */
void hf_import_unit_go(struct unit *unit, struct hf_reader *reader);
enum verdict hf_import_unit_prepare(struct unit *unit, struct hf_reader *reader);
/* The committer refused: drops what is to blame.  False when nothing is left. */
bool hf_import_unit_blame(struct unit *unit, const struct hf_err *err, size_t item);
/* Refuses what is left of it. */
void hf_import_unit_refuse(struct unit *unit, const struct hf_err *err);
void hf_import_unit_free(struct unit *unit);

/* import_reject.c: one entry, one line, or a whole document or file. */
struct reject {
	const char *path;
	uint64_t line;	   /* 0: none */
	int64_t entry;	   /* -1: none */
	int64_t resources; /* how many are refused by it */
	const struct hf_json *doc;
	uint32_t node;	   /* HF_JSON_NONE: no resource to write down */
	struct hf_sv text; /* a line that is no JSON */
};
void hf_import_reject_issues(struct import *im, const struct reject *r,
			     const struct hf_issues *issues);
void hf_import_reject_err(struct import *im, const struct reject *r,
			  const struct hf_err *err);

#endif
