/* store.h - the record: every version of every resource, person by person.
 *
 * rid = shelf << 24 | seq names a resource.  A shelf is a person's (from
 * HF_SHELF_PERSON on), or reserved for person-less resources of one type.
 * Current versions stand in res, older ones in hist, one row of change per commit.
 * Reading is by hf_reader, one per thread, each call one snapshot; writing is by
 * change.h alone. */
#ifndef HF_RECORD_IO_STORE_H
#define HF_RECORD_IO_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "fhir/json.h"
#include "fhir/tables.h"
#include "record/index.h"

struct hf_store;
struct hf_reader;

typedef int64_t hf_rid;

#define HF_SEQ_BITS	  24
#define HF_SHELF_PERSON	  ((int64_t)1 << 20)
#define HF_RID_SHELF(rid) ((rid) >> HF_SEQ_BITS)
#define HF_RID_MIN(shelf) ((hf_rid)(shelf) << HF_SEQ_BITS)
#define HF_RID_MAX(shelf) (HF_RID_MIN((shelf) + 1) - 1)

struct hf_store_config {
	const char *data;   /* folder of the SQLite store, or NULL */
	const char *url;    /* postgresql://…, or NULL */
	bool create;	    /* make it when it is not there (init) */
	bool read_only;	    /* no committer; may stand beside a writing process */
	size_t cache_bytes; /* 0: a quarter of the machine's memory */
};

/* Opens a store.  Takes the writer's lease unless read_only; HF_BUSY when another
 * process holds it.  HF_RULE when a newer version wrote it. */
enum hf_rc hf_store_open(const struct hf_store_config *config, struct hf_store **out,
			 struct hf_err *err);
void hf_store_close(struct hf_store *store); /* waits for commits under way */

/* A reader of one's own (a connection); pooled inside the store. */
enum hf_rc hf_reader_get(struct hf_store *store, struct hf_reader **out,
			 struct hf_err *err);
void hf_reader_put(struct hf_reader *reader);
/* One snapshot over several calls; without begin each call sees the newest. */
enum hf_rc hf_reader_begin(struct hf_reader *reader, struct hf_err *err);
void hf_reader_end(struct hf_reader *reader);

/* Grows whenever the committer has written, before it says so to anybody: a snapshot
 * begun when it was the same shows everything that was acknowledged.  A read-only
 * store does not know of other processes' commits. */
uint64_t hf_store_batches(struct hf_store *store);

/* What stands uncompressed beside a body: enough to choose without opening it. */
struct hf_entry {
	hf_rid rid;
	hf_type_id type;
	bool deleted;
	int64_t marks; /* what decides on who may see it, see marks.h */
	uint32_t version;
	int64_t change; /* the commit that wrote this version */
	uint64_t sig;	/* see hf_code_sig() */
	hf_time lo, hi; /* the clinical date; lo == hi == 0 when it has none */
};

/* A version with its body: the whole resource as JSON, id and meta (versionId,
 * lastUpdated) in place.  Everything lies in the arena of the call. */
struct hf_version {
	struct hf_entry e;
	hf_time at; /* meta.lastUpdated */
	struct hf_sv id;
	struct hf_sv body; /* n 0 when deleted */
};

/* Reads type/id.  version 0 asks for the newest.  HF_NOT_FOUND when there never
 * was one, HF_GONE when it is deleted (out->e is set then, body empty). */
enum hf_rc hf_store_read(struct hf_reader *reader, struct hf_sv type, struct hf_sv id,
			 uint32_t version, struct hf_arena *arena,
			 struct hf_version *out, struct hf_err *err);
/* By rid; HF_NOT_FOUND, HF_GONE as above. */
enum hf_rc hf_store_read_rid(struct hf_reader *reader, hf_rid rid, uint32_t version,
			     struct hf_arena *arena, struct hf_version *out,
			     struct hf_err *err);
/* Only whether and where it is. */
enum hf_rc hf_store_find(struct hf_reader *reader, hf_type_id type, struct hf_sv id,
			 struct hf_entry *out, struct hf_err *err);

/* The entries of a shelf in rid order (deleted ones left out), from the cache of
 * shelves when it is there.  The array lies in arena. */
enum hf_rc hf_store_shelf(struct hf_reader *reader, int64_t shelf,
			  struct hf_arena *arena, struct hf_entry **out, size_t *n,
			  struct hf_err *err);
/* The shelves that are one person with shelf, itself first; mention rows: rids of
 * resources on other people's shelves that also speak of this one. */
enum hf_rc hf_store_person(struct hf_reader *reader, int64_t shelf,
			   struct hf_arena *arena, int64_t **shelves, size_t *n,
			   struct hf_err *err);
enum hf_rc hf_store_mentions(struct hf_reader *reader, int64_t shelf,
			     struct hf_arena *arena, hf_rid **out, size_t *n,
			     struct hf_err *err);

/* Walks all current versions of a type (0: all types) in rid order from after on,
 * at most max rows looked at, entries only.  *next is where to go on, 0 at the end. */
enum hf_rc hf_store_scan(struct hf_reader *reader, hf_type_id type, hf_rid after,
			 size_t max, struct hf_arena *arena, struct hf_entry **out,
			 size_t *n, hf_rid *next, struct hf_err *err);

/* Index rows across people: (slot, value, rid), value order.  Slots are given by
 * hf_index_slot() for the (type, parameter) pairs of definitions/search-index;
 * 0 when that pair has no rows.  Strings stand by their first 8 folded bytes,
 * tokens by hash of system|code and of |code, references by target rid or id hash,
 * dates by lo.  Hits are candidates: the caller tests the resource itself. */
enum hf_rc hf_store_index(struct hf_reader *reader, uint32_t slot, int64_t lo,
			  int64_t hi, bool desc, int64_t after_value, hf_rid after_rid,
			  size_t max, struct hf_arena *arena, int64_t **values,
			  hf_rid **rids, size_t *n, struct hf_err *err);
/* History in commit order, newest first: rid 0 for all of type, type 0 for all.
 * before is the change number to go on from (exclusive; 0 from the newest), max
 * rows.  since (HF_TIME_MIN for none) leaves out what is older. */
enum hf_rc hf_store_history(struct hf_reader *reader, hf_type_id type, hf_rid rid,
			    int64_t before_change, hf_rid before_rid, hf_time since,
			    size_t max, struct hf_arena *arena, struct hf_version **out,
			    size_t *n, struct hf_err *err);

/* The newest commit.  A commit number is milliseconds UTC << 10 | a counter. */
enum hf_rc hf_store_last_change(struct hf_reader *reader, int64_t *change,
				struct hf_err *err);

/* The id of what stands at rid, whoever gave it.  HF_BUSY when it was deleted just
 * now. */
enum hf_rc hf_store_id_at(struct hf_reader *reader, hf_rid rid, struct hf_arena *arena,
			  struct hf_sv *id, struct hf_err *err);
/* The id that the store gives to a new resource at rid, and the rid a server-given id
 * carries (0 when it is none of ours; it may still not exist). */
struct hf_sv hf_store_id(struct hf_store *store, hf_rid rid, struct hf_arena *arena);
hf_rid hf_store_rid_of_id(struct hf_store *store, struct hf_sv id);

struct hf_store_stats {
	int64_t people, resources; /* current ones */
	int64_t by_type[256];
};
/* How many there are.  Whoever may not see everything is told nothing,
 * all are 0, unless they operate the system. */
enum hf_rc hf_store_stats(struct hf_reader *reader, struct hf_store_stats *out,
			  struct hf_err *err);

#endif
