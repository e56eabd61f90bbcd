/* sharing_ndo.c - the National Data Opt-Out list read into the store.
 *
 * The numbers are written under a new generation, a step at a time so that everybody's
 * changes go on; one last job lets it count.  What an import that broke off left, the
 * next one takes away. */
#include <sodium.h>

#include "record/io/sharing_int.h"

enum { STEP = 2000 };

struct import {
	struct hf_store *store;
	struct hf_sv actor, purpose;
	unsigned char key[HF_NDO_KEY];
	int64_t gen;
	hf_time list_at, now;
	struct hf_ndo_list list;
	size_t at, step; /* hashes[at … at + step) are written now */
	int64_t dropped;
	struct hf_err *err;
};

static enum hf_rc
job(struct import *im, const char *what,
    enum hf_rc (*write)(void *ctx, struct hf_db *db, int64_t change, hf_time at,
			struct hf_err *err))
{
	return hf_store_desk(im->store,
			     &(struct hf_desk_job){.actor = im->actor,
						   .purpose = im->purpose,
						   .what = hf_sv_from(what),
						   .write = write,
						   .ctx = im},
			     im->err);
}

static enum hf_rc
write_step(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct import *im = ctx;
	enum hf_rc rc = HF_OK;

	(void)change;
	(void)at;
	for (size_t i = 0; rc == HF_OK && i < im->step; i++)
		rc = hf_db_exec(
		    db, HF_Q_RECORD_NDO_ADD,
		    HF_ARGS(HF_INT(im->gen), HF_INT(im->list.hashes[im->at + i])), NULL,
		    err);
	return rc;
}

static enum hf_rc
write_list(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct import *im = ctx;
	struct hf_rows rows;
	int64_t n = -1;
	enum hf_rc rc = hf_db_query(db, HF_Q_RECORD_NDO_COUNT, HF_ARGS(HF_INT(im->gen)),
				    &rows, err);

	if (rc)
		return rc;
	if (hf_rows_next(&rows))
		n = hf_rows_int(&rows, 0);
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && n != (int64_t)im->list.n)
		rc = hf_fail(err, HF_BUSY, NULL,
			     "another import of the list was under way; the list is as "
			     "it was before: import it again");
	if (rc)
		return rc;
	return hf_db_exec(
	    db, HF_Q_RECORD_NDO_LIST_SET,
	    HF_ARGS(HF_INT(im->gen), HF_INT(im->list_at), HF_INT(at),
		    HF_INT((int64_t)im->list.n),
		    HF_BLOB(((struct hf_sv){(char *)im->key, sizeof(im->key)})),
		    HF_INT(change)),
	    NULL, err);
}

static enum hf_rc
write_drop(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct import *im = ctx;

	(void)change;
	(void)at;
	return hf_db_exec(db, HF_Q_RECORD_NDO_DROP,
			  HF_ARGS(HF_INT(im->gen), HF_INT(STEP)), &im->dropped, err);
}

static enum hf_rc
write_all(struct import *im)
{
	enum hf_rc rc = HF_OK;

	for (im->at = 0; rc == HF_OK && im->at < im->list.n; im->at += im->step) {
		im->step = im->list.n - im->at < STEP ? im->list.n - im->at : STEP;
		rc = job(im, "optout list step", write_step);
	}
	if (rc == HF_OK)
		rc = job(im, "optout list import", write_list);
	/* What counted before, and what a broken import left. */
	for (im->dropped = STEP; rc == HF_OK && im->dropped == STEP;)
		rc = job(im, "optout list clear", write_drop);
	return rc;
}

enum hf_rc
hf_sharing_ndo_import(struct hf_store *store, const struct hf_policy *policy,
		      struct hf_sv actor, struct hf_sv purpose, struct hf_sv text,
		      hf_time list_at, hf_time now, struct hf_ndo_report *out,
		      struct hf_err *err)
{
	struct import im = {.store = store,
			    .actor = actor,
			    .purpose = purpose,
			    .list_at = list_at,
			    .now = now,
			    .err = err};
	struct hf_ndo_report report;
	enum hf_rc rc;

	if (list_at > now)
		return hf_fail(err, HF_INVALID, "made",
			       "the list was made in the future");
	if (now - list_at > policy->ndo_list_age)
		return hf_fail(err, HF_INVALID, "made",
			       "the list is older than %d days: get a new one",
			       (int)(policy->ndo_list_age / 86400000));
	randombytes_buf(im.key, sizeof(im.key));
	randombytes_buf(&im.gen, sizeof(im.gen));
	im.gen = (im.gen & INT64_MAX) | 1; /* never 0 */
	rc = hf_ndo_list_read(text, im.key, &im.list, err);
	if (rc == HF_OK)
		rc = write_all(&im);
	report = (struct hf_ndo_report){.lines = im.list.lines,
					.numbers = im.list.n + im.list.doubles,
					.doubles = im.list.doubles};
	sodium_memzero(im.key, sizeof(im.key));
	hf_ndo_list_free(&im.list);
	if (rc == HF_OK)
		*out = report;
	return rc;
}

enum hf_rc
hf_sharing_ndo_state(struct hf_db *db, struct hf_ndo_state *out, struct hf_err *err)
{
	struct hf_ndo_state state = {0};
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_RECORD_NDO_LIST_GET, NULL, &rows, err);

	if (rc)
		return rc;
	if (hf_rows_next(&rows))
		state = (struct hf_ndo_state){
		    .there = true,
		    .list_at = hf_rows_int(&rows, HF_C_RECORD_NDO_LIST_GET_LIST_AT),
		    .imported = hf_rows_int(&rows, HF_C_RECORD_NDO_LIST_GET_IMPORTED),
		    .n = hf_rows_int(&rows, HF_C_RECORD_NDO_LIST_GET_N),
		};
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK)
		*out = state;
	return rc;
}
