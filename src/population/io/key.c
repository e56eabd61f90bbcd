/* key.c - the key of pseudonyms, a setting of the store. */
#include "population/io/key.h"

#include <sodium.h>

#include "record/io/desk.h"

static const char key_name[] = "pop-key-1"; /* with the version of the key */

struct key_job {
	unsigned char fresh[HF_POP_KEY];
};

static enum hf_rc
write_key(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct key_job *job = ctx;

	(void)change;
	(void)at;
	return hf_db_exec(db, HF_Q_RECORD_SETTING_ADD,
			  HF_ARGS(HF_TEXT(HF_SV("pop-key-1")),
				  HF_BLOB(((struct hf_sv){(const char *)job->fresh,
							  sizeof job->fresh}))),
			  NULL, err);
}

static enum hf_rc
look_up(struct hf_store *store, struct hf_pop_key *out, bool *found, struct hf_err *err)
{
	struct hf_reader *reader;
	struct hf_rows rows;
	enum hf_rc rc = hf_reader_get(store, &reader, err);

	*found = false;
	if (rc != HF_OK)
		return rc;
	rc = hf_db_query(hf_reader_db(reader), HF_Q_RECORD_SETTING_GET,
			 HF_ARGS(HF_TEXT(hf_sv_from(key_name))), &rows, err);
	if (rc == HF_OK) {
		if (hf_rows_next(&rows)) {
			struct hf_sv v = hf_rows_blob(&rows, 0);

			*found = v.n == HF_POP_KEY;
			if (*found)
				memcpy(out->bytes, v.p, HF_POP_KEY);
		}
		rc = hf_rows_end(&rows, err);
	}
	hf_reader_put(reader);
	return rc;
}

enum hf_rc
hf_pop_key_read(struct hf_store *store, struct hf_pop_key *out, struct hf_err *err)
{
	struct key_job job;
	const struct hf_desk_job desk = {.actor = HF_SV("homefirst"),
					 .purpose = HF_SV("HSYSADMIN"),
					 .what = HF_SV("population key"),
					 .write = write_key,
					 .ctx = &job,
					 .apart = true};
	bool found;
	enum hf_rc rc = look_up(store, out, &found, err);

	if (rc != HF_OK || found)
		return rc;
	/* Whoever was first made it: ON CONFLICT leaves that one. */
	randombytes_buf(job.fresh, sizeof job.fresh);
	rc = hf_store_desk(store, &desk, err);
	sodium_memzero(&job, sizeof job);
	if (rc == HF_OK)
		rc = look_up(store, out, &found, err);
	return rc == HF_OK && !found ? hf_fail(err, HF_FAULT, key_name,
					       "the key of pseudonyms is damaged")
				     : rc;
}
