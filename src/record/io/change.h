/* change.h - the one way to change the record.
 *
 * A change is an actor, a purpose and a set of resources with the versions they
 * replace.  hf_change_prepare() validates, resolves references, gives ids, makes
 * index rows and compresses, in the caller's thread; the store's one committer
 * then writes whatever waits in one database transaction and calls back after it
 * is durable.  A change commits whole or not at all. */
#ifndef HF_RECORD_IO_CHANGE_H
#define HF_RECORD_IO_CHANGE_H

#include "base/issue.h"
#include "record/io/store.h"

enum hf_op {
	HF_OP_CREATE, /* server gives the id */
	HF_OP_PUT,    /* create or update under .id */
	HF_OP_DELETE,
	HF_OP_READ /* transaction GET by id: nothing is written */
};

struct hf_change_item {
	/* what is asked */
	enum hf_op op;
	hf_type_id type;
	struct hf_sv id;	   /* PUT, DELETE, READ */
	const struct hf_json *doc; /* the resource; NULL for DELETE, READ */
	uint32_t node;
	struct hf_sv full_url;	/* what other items may refer to it by; n 0: none */
	uint32_t if_match;	/* version it must have now; 0: any */
	bool if_none_match_any; /* PUT only when there is none */
	bool validated;		/* hf_validate() has passed already */
	/* A condition (If-None-Exist, conditional update or delete) that the caller's
	 * search has resolved to .cond_rid (0: no match).  Nobody else may decide on
	 * the same (cond_slot, cond_value) until this change is done; once that is so
	 * .cond is called to search again, and another answer is HF_BUSY: try the whole
	 * change again.  cond_slot 0: no condition. */
	uint32_t cond_slot;
	int64_t cond_value;
	hf_rid cond_rid;
	enum hf_rc (*cond)(void *ctx, struct hf_reader *reader, struct hf_arena *arena,
			   hf_rid *rid, struct hf_err *err);
	void *cond_ctx;
	bool skip; /* nothing to write: full_url stands for cond_rid of type */
	/* what came of it */
	hf_rid rid;
	struct hf_sv out_id; /* in the change's arena */
	uint32_t version;
	bool created, unchanged;
	struct hf_version prior; /* READ: the version read */
};

struct hf_change {
	struct hf_arena *arena;		     /* the caller's; lives until done */
	struct hf_sv actor, purpose, source; /* ids, for the audit entry */
	struct hf_sv trace; /* what the request's audit line holds; n 0: no request */
	struct hf_sv base;  /* our own address: references under it are made relative */
	struct hf_change_item *items;
	size_t n;
	struct hf_issues *issues; /* findings, with item locations when n > 1 */
	/* what came of it */
	int64_t change; /* commit number; 0 when nothing had to be written */
	hf_time at;
	enum hf_rc rc;
	struct hf_err err;
	size_t failed_item; /* SIZE_MAX when it is about no single item */
	/* internal */
	void *prepared;
	struct hf_change *next;
	void (*done)(struct hf_change *change, void *ctx);
	void *ctx;
	/* Called once the outcome is known and before whoever waits hears of it, from
	 * the committer's thread, in the order of commits: for what is kept in memory
	 * beside the record, also when nobody waits any more.  NULL: nobody. */
	void (*settled)(struct hf_change *change, void *ctx);
	void *settled_ctx;
};

/* Gets a change ready.  HF_RULE or HF_INVALID with findings in change->issues. */
enum hf_rc hf_change_prepare(struct hf_store *store, struct hf_reader *reader,
			     struct hf_change *change, struct hf_err *err);
/* Hands it to the committer; done is called from the committer's thread after it
 * is durable or refused (change->rc). */
void hf_change_submit(struct hf_store *store, struct hf_change *change,
		      void (*done)(struct hf_change *, void *), void *ctx);
/* Lets go of a change that was prepared and cannot be submitted: its outcome is err. */
void hf_change_drop(struct hf_store *store, struct hf_change *change,
		    const struct hf_err *err);
/* Prepare, submit and wait. */
enum hf_rc hf_change_commit(struct hf_store *store, struct hf_reader *reader,
			    struct hf_change *change, struct hf_err *err);

/* Trains the store's compression dictionary from sample bodies when it has none
 * yet; does nothing otherwise. */
enum hf_rc hf_store_train(struct hf_store *store, const struct hf_sv *samples, size_t n,
			  struct hf_err *err);

#endif
