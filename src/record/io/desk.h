/* desk.h - changing what stands beside the FHIR resources: accounts, clients, links,
 * agreements, broken glasses.
 *
 * A job is written by the store's one committer, in the transaction of its batch,
 * together with a row of the table change that says who did what and why: so that
 * what administers access is audited as what changes a record is. */
#ifndef HF_RECORD_IO_DESK_H
#define HF_RECORD_IO_DESK_H

#include "db/db.h"
#include "record/io/change.h"

struct hf_desk_job {
	struct hf_sv actor, purpose; /* who, and what for; neither empty */
	struct hf_sv what;	     /* "user add user/x7…": ids and codes only */
	struct hf_sv trace; /* of the request, see hf_call_trace(); n 0: none */
	/* Writes to db and nothing else; at is the time of the commit, change its
	 * number.  It runs in the committer's thread, and again after a rollback that
	 * another's failure caused: so it depends on db and ctx alone and what it
	 * leaves in ctx it leaves anew.  To refuse it gives a failure: then nothing
	 * of it is kept.  It is quick: everybody's changes wait. */
	enum hf_rc (*write)(void *ctx, struct hf_db *db, int64_t change, hf_time at,
			    struct hf_err *err);
	void *ctx;
	bool relinks; /* write changes whose records are one person's */
	/* write changes nothing that decides what anybody may see (sessions, tokens):
	 * agreements, glasses and accounts need not be read again. */
	bool apart;
};

/* Does one job and waits until it is durable.  The failure of write, or of the
 * store. */
enum hf_rc hf_store_desk(struct hf_store *store, const struct hf_desk_job *job,
			 struct hf_err *err);

/* The connection of a reader, for queries of one's own: within hf_reader_begin() and
 * _end() in its snapshot, else each statement by itself. */
struct hf_db *hf_reader_db(struct hf_reader *reader);

/* Grows with each job that was done, before it says so to anybody: whoever keeps a
 * copy of what jobs write knows by it that the copy is old. */
uint64_t hf_store_desk_jobs(struct hf_store *store);
/* The same of those jobs that were not apart. */
uint64_t hf_store_desk_jobs_of_rights(struct hf_store *store);

#endif
