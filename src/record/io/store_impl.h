/* store_impl.h - the parts of a store, for the files of this room alone. */
#ifndef HF_RECORD_IO_STORE_IMPL_H
#define HF_RECORD_IO_STORE_IMPL_H

#include <pthread.h>
#include <stdatomic.h>
#include <zstd.h>

#include "base/io/clock.h"
#include "base/io/log.h"
#include "access/rights.h"
#include "db/db.h"
#include "record/body.h"
#include "record/change_link.h"
#include "record/io/change.h"
#include "record/io/desk.h"
#include "record/io/marks.h"
#include "record/io/merge.h"
#include "record/io/store.h"

enum { HF_DICTS_MOST = 64, HF_TYPES_MOST = 256 };

/* ids.c: ids that the server gives */
struct hf_ids {
	unsigned char key[16];
	uint16_t tag;
};
enum { HF_ID_LEN = 16 };
void hf_ids_encode(const struct hf_ids *ids, hf_rid rid, char out[HF_ID_LEN]);
/* The rid a text carries; 0 when it is none of this store's ids. */
hf_rid hf_ids_decode(const struct hf_ids *ids, struct hf_sv id);
/* Hash of an id that somebody else gave, for idmap. */
int64_t hf_ids_hash(const struct hf_ids *ids, hf_type_id type, struct hf_sv id);

/* claims.c: what changes under way have to themselves */
struct hf_claims {
	pthread_mutex_t lock;
	pthread_cond_t freed;
	uint64_t *keys; /* open hash table, 0 is free */
	size_t size, n;
};
void hf_claims_init(struct hf_claims *c);
void hf_claims_free(struct hf_claims *c);
/* Waits until all n keys are free and takes them; sorts keys and drops doubles
 * (*n is what is left).  Never deadlocks: keys are taken all or none. */
void hf_claims_take(struct hf_claims *c, uint64_t *keys, size_t *n);
void hf_claims_give(struct hf_claims *c, const uint64_t *keys, size_t n);

/* dict.c: packing bodies */
struct hf_dict {
	int64_t id;
	ZSTD_CDict *c;
	ZSTD_DDict *d;
};
struct hf_dicts {
	struct hf_dict items[HF_DICTS_MOST];
	_Atomic size_t n; /* items below n never change */
};
enum hf_rc hf_dicts_load(struct hf_dicts *dicts, struct hf_db *db, struct hf_err *err);
bool hf_dicts_add(struct hf_dicts *dicts, int64_t id, struct hf_sv body);
void hf_dicts_free(struct hf_dicts *dicts);
/* Packs kept with the newest dictionary; *dict is its id, 0 for none. */
enum hf_rc hf_dicts_pack(struct hf_dicts *dicts, ZSTD_CCtx *ctx, struct hf_sv kept,
			 struct hf_arena *arena, int64_t *dict, struct hf_sv *out,
			 struct hf_err *err);
enum hf_rc hf_dicts_unpack(struct hf_dicts *dicts, ZSTD_DCtx *ctx, int64_t dict,
			   struct hf_sv packed, struct hf_buf *out, struct hf_err *err);

/* Trains a dictionary on the store's own bodies; *dict is malloc'd.  0: none. */
size_t hf_dicts_train(struct hf_store *store, char **dict);

/* shelves.c: the next number on each shelf, and the directory of shelves */
struct hf_shelf_dir {
	struct hf_entry *entries;
	size_t n;
	int64_t *person; /* shelves of the same person, itself first */
	size_t n_person;
	hf_rid *mentions;
	size_t n_mentions;
};
struct hf_shelves;
struct hf_shelves *hf_shelves_new(size_t bytes);
void hf_shelves_free(struct hf_shelves *s);
/* Copies the directory of a shelf into arena; false when it is not held. */
bool hf_shelves_get(struct hf_shelves *s, int64_t shelf, struct hf_arena *arena,
		    struct hf_shelf_dir *out);
/* Keeps a copy, unless the shelf was touched since epoch was taken. */
uint64_t hf_shelves_epoch(struct hf_shelves *s, int64_t shelf);
void hf_shelves_put(struct hf_shelves *s, int64_t shelf, uint64_t epoch,
		    const struct hf_shelf_dir *dir);
void hf_shelves_touch(struct hf_shelves *s, int64_t shelf);
void hf_shelves_touch_all(struct hf_shelves *s);
/* The next free number of a shelf.  known says the shelf is new (starts at 1). */
enum hf_rc hf_shelves_next(struct hf_shelves *s, struct hf_reader *reader,
			   int64_t shelf, bool fresh, hf_rid *out, struct hf_err *err);

/* commit.c: the committer */
struct hf_committer {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct hf_change *first, *last;
	bool running, stop, trained; /* trained: has tried to make a dictionary */
	struct hf_db *db;
	hf_time lease_until;
	_Atomic int64_t last_change;
	unsigned char link[HF_CHANGE_LINK]; /* of that change */
	bool link_known; /* else the newest row tells: what was written last is not sure
			  */
};
enum hf_rc hf_committer_start(struct hf_store *store, struct hf_err *err);
void hf_committer_stop(struct hf_store *store);

/* rights.c: the snapshot of what is agreed and chosen */
struct hf_rights_keeper {
	pthread_mutex_t lock;
	const struct hf_rights *now; /* NULL: not read yet */
	uint64_t jobs;		     /* hf_store_desk_jobs_of_rights() then */
	uint64_t ms;	    /* … and the clock, for a store that is only read */
	struct hf_ndo *ndo; /* of generation ndo_gen; NULL: none */
	int64_t ndo_gen;
};
void hf_rights_keeper_free(struct hf_rights_keeper *keeper);

struct hf_store {
	struct hf_db_config db;
	char *url;
	bool read_only;
	int lock_fd;
	char owner[40];
	struct hf_ids ids;
	struct hf_claims claims;
	struct hf_dicts dicts;
	struct hf_shelves *shelves;
	struct hf_standings *standings;
	struct hf_warm *warm; /* standing_warm.c; NULL: nothing is read ahead */
	struct hf_committer committer;
	_Atomic int64_t next_shelf;
	_Atomic uint64_t batches;	      /* see hf_store_batches() */
	_Atomic uint64_t desk_jobs;	      /* see hf_store_desk_jobs() */
	_Atomic uint64_t rights_jobs;	      /* those that were not apart */
	_Atomic int64_t tally[HF_TYPES_MOST]; /* 0: persons' shelves */
	struct hf_rights_keeper rights;
	pthread_mutex_t lock; /* of the pool of readers */
	struct hf_reader *idle;
};

struct hf_reader {
	struct hf_store *store;
	struct hf_db *db;
	ZSTD_CCtx *cctx;
	ZSTD_DCtx *dctx;
	struct hf_buf kept; /* scratch */
	bool begun;
	int64_t tick; /* hf_standings_tick() before the snapshot began */
	const struct hf_viewer *viewer; /* who looks; NULL: the system itself */
	struct hf_sight *sight;		/* what is known of viewer; see viewer_int.h */
	struct hf_reader *next;
};

/* A row of res or hist as it is read, body still packed (and borrowed). */
struct hf_row {
	struct hf_entry e;
	int64_t dict;
	struct hf_sv packed;
	struct hf_sv id; /* n 0, or the server's id that it had on another shelf */
};

/* The entry in a row of res_get, res_entry, res_range or res_bodies, which begin with
 * the same columns. */
void hf_row_entry(const struct hf_rows *rows, struct hf_entry *e);
/* Unpacks a row into reader->kept (overwritten by the next call). */
enum hf_rc hf_row_kept(struct hf_reader *reader, const struct hf_row *row,
		       struct hf_sv *kept, struct hf_err *err);
/* The whole version from a row. */
enum hf_rc hf_row_version(struct hf_reader *reader, const struct hf_row *row,
			  struct hf_arena *arena, struct hf_version *out,
			  struct hf_err *err);
/* The current row of a rid, packed body copied into arena; HF_NOT_FOUND. */
enum hf_rc hf_row_get(struct hf_reader *reader, hf_rid rid, struct hf_arena *arena,
		      struct hf_row *out, struct hf_err *err);
/* Where type/id stands (forwarding followed); 0 when it does not. */
enum hf_rc hf_store_locate(struct hf_reader *reader, hf_type_id type, struct hf_sv id,
			   hf_rid *rid, struct hf_err *err);
/* The rid that is kept for a Patient others have spoken of already; 0 for none. */
enum hf_rc hf_store_awaited(struct hf_reader *reader, int64_t id_hash, hf_rid *rid,
			    struct hf_err *err);
/* The type of a shelf's Patient; asked often. */
hf_type_id hf_patient_type(void);

#define HF_CHANGE_TIME(change) ((hf_time)((change) >> 10))
#define HF_TIME_CHANGE(at)     ((int64_t)(at) << 10)

/* prepare.c hands these to commit.c, in the arena of the change */
struct hf_write {
	hf_type_id type;
	hf_rid rid, old_rid; /* old_rid 0: the first version */
	uint32_t version;
	bool deleted;
	int64_t marks; /* res.flags, see marks.h */
	uint64_t sig;
	hf_time lo, span;
	int64_t dict;
	struct hf_sv packed;
	int64_t id_hash;       /* 0: no idmap row to add */
	int64_t id_hash_moved; /* 0, or the idmap row to carry over to rid */
	struct hf_ix_row *drop, *add;
	size_t n_drop, n_add;
	int64_t *unmention, *mention; /* shelves */
	size_t n_unmention, n_mention;
	int tally; /* +1 came, -1 went */
};
struct hf_new_shelf {
	int64_t shelf;
	int64_t id_hash; /* of the Patient it waits for; 0 when it is in the change */
};
struct hf_link { /* a fact about two records to be written, see link_write.c */
	enum hf_link_op {
		HF_LINK_JOIN,	/* they are one person's */
		HF_LINK_END,	/* what kind said of them counts no more */
		HF_LINK_REVIEW, /* somebody must look at them */
		HF_LINK_GONE,	/* the matcher has no doubt about them any more */
	} op;
	enum hf_link_kind kind;
	int64_t shelf, other; /* shelf is whose record says so */
	struct hf_sv why, fields;
	int64_t score; /* thousandths of a bit */
	bool conflict; /* these two records themselves disagree */
	bool anyhow;   /* REVIEW: also of two that are linked */
};
struct hf_prepared {
	struct hf_write *writes;
	size_t n;
	struct hf_new_shelf *shelves;
	size_t n_shelves;
	struct hf_link *links;
	size_t n_links;
	uint64_t *claims;
	size_t n_claims;
	struct hf_sv dict;	       /* a new dictionary */
	const struct hf_desk_job *job; /* NULL: none */
};

/* link.c: whose record is this?  (R-1.13, decision 10).  What the Patient at node,
 * which is to stand at rid, gives rise to; the array lies in arena. */
enum hf_rc hf_link_decide(struct hf_reader *reader, const struct hf_json *doc,
			  uint32_t node, hf_rid rid, struct hf_arena *arena,
			  struct hf_link **out, size_t *n, struct hf_err *err);
/* What two Patients of one change with the same number give rise to; false: nothing. */
bool hf_link_within(const struct hf_json *doc, uint32_t node, int64_t shelf,
		    const struct hf_json *other_doc, uint32_t other_node, int64_t other,
		    struct hf_arena *arena, struct hf_link *out);
/* Whom the link element of the Patient at node names: references as they stand. */
enum hf_rc hf_link_targets(const struct hf_json *doc, uint32_t node,
			   struct hf_arena *arena, struct hf_people *out,
			   struct hf_err *err);
/* A key for whoever decides about the same NHS number; 0 when there is none. */
uint64_t hf_link_key(const struct hf_json *doc, uint32_t node);

/* link_write.c: writing links in the committer's transaction; change is the number
 * of the commit they are made by. */
enum { HF_PERSON_MOST = 1000 }; /* records of one person */
enum hf_rc hf_link_write(struct hf_db *db, const struct hf_link *link, int64_t change,
			 struct hf_err *err);
/* The shelves linked with shelf by what counts now, itself first; they lie in arena. */
enum hf_rc hf_link_component(struct hf_db *db, int64_t shelf, struct hf_arena *arena,
			     int64_t **out, size_t *n, struct hf_err *err);

/* history.c: the items of a commit as bytes */
struct hf_logged {
	hf_rid rid;
	uint32_t version;
	hf_type_id type;
	bool deleted;
};
void hf_items_pack(const struct hf_write *writes, size_t n, struct hf_buf *out);
/* Takes the first item off *in; false at the end or when it is broken (*in.p is
 * NULL then). */
bool hf_items_next(struct hf_sv *in, struct hf_logged *state);

#endif
