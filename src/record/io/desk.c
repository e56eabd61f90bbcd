/* desk.c - a job as a change without resources. */
#include "record/io/desk.h"
#include "record/io/store_impl.h"

enum hf_rc
hf_store_desk(struct hf_store *s, const struct hf_desk_job *job, struct hf_err *err)
{
	struct hf_prepared prepared = {.job = job};
	struct hf_change change = {
	    .prepared = &prepared,
	    .actor = job->actor,
	    .purpose = job->purpose,
	    .source = job->what,
	    .trace = job->trace,
	};

	assert(job->actor.n && job->purpose.n && job->what.n);
	if (s->read_only)
		return hf_fail(err, HF_BUSY, NULL,
			       "another homefirst is writing this store: this one only "
			       "reads it");
	return hf_change_commit(s, NULL, &change, err);
}

struct hf_db *
hf_reader_db(struct hf_reader *reader)
{
	return reader->db;
}

uint64_t
hf_store_desk_jobs_of_rights(struct hf_store *store)
{
	return atomic_load(&store->rights_jobs);
}

uint64_t
hf_store_desk_jobs(struct hf_store *store)
{
	return atomic_load(&store->desk_jobs);
}
