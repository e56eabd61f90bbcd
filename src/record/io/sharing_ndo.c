/* sharing_ndo.c - the National Data Opt-Out list read into the store.
 *
 * The numbers are written under a new generation, a step at a time so that everybody's
 * changes go on; one last job lets it count.  What an import that broke off left, the
 * next one takes away. */
#include <sodium.h>
#include <stdlib.h>

#include "base/nhs.h"
#include "record/io/sharing_int.h"

enum { STEP = 2000, NUMBERS_MAX = 20000000 };

struct import {
	struct hf_store *store;
	struct hf_sv actor, purpose;
	unsigned char key[HF_NDO_KEY];
	int64_t gen;
	hf_time list_at, now;
	int64_t *hashes;
	size_t n, at, step; /* hashes[at … at + step) are written now */
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
		rc =
		    hf_db_exec(db, HF_Q_RECORD_NDO_ADD,
			       HF_ARGS(HF_INT(im->gen), HF_INT(im->hashes[im->at + i])),
			       NULL, err);
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
	if (rc == HF_OK && n != (int64_t)im->n)
		rc = hf_fail(err, HF_BUSY, NULL,
			     "another import of the list was under way; the list is as "
			     "it was before: import it again");
	if (rc)
		return rc;
	return hf_db_exec(
	    db, HF_Q_RECORD_NDO_LIST_SET,
	    HF_ARGS(HF_INT(im->gen), HF_INT(im->list_at), HF_INT(at),
		    HF_INT((int64_t)im->n),
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

static int
in_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Each line's number as a hash, each once. */
static enum hf_rc
read_numbers(struct import *im, struct hf_sv text, struct hf_ndo_report *report)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	if (n > NUMBERS_MAX)
		return hf_fail(im->err, HF_TOO_LONG, NULL,
			       "a list has at most %d numbers", NUMBERS_MAX);
	im->hashes = malloc((n + 1) * sizeof(*im->hashes));
	if (!im->hashes)
		return hf_fail(im->err, HF_TOO_LONG, NULL, "no memory for the list");
	for (size_t line = 1; text.n; line++) {
		struct hf_sv s = hf_sv_trim(hf_sv_cut(&text, '\n'));
		struct hf_nhs nhs;

		report->lines = line;
		if (s.n == 0)
			continue;
		if (hf_nhs_parse(s, &nhs, NULL) != HF_OK)
			return hf_fail(im->err, HF_INVALID, NULL,
				       "line %zu of the list is no NHS number; nothing "
				       "was changed",
				       line);
		im->hashes[im->n++] = hf_ndo_hash(im->key, hf_nhs_sv(&nhs));
	}
	report->numbers = im->n;
	qsort(im->hashes, im->n, sizeof(*im->hashes), in_order);
	n = im->n;
	im->n = 0;
	for (size_t i = 0; i < n; i++)
		if (i == 0 || im->hashes[i] != im->hashes[i - 1])
			im->hashes[im->n++] = im->hashes[i];
	report->doubles = n - im->n;
	return HF_OK;
}

static enum hf_rc
write_all(struct import *im)
{
	enum hf_rc rc = HF_OK;

	for (im->at = 0; rc == HF_OK && im->at < im->n; im->at += im->step) {
		im->step = im->n - im->at < STEP ? im->n - im->at : STEP;
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
	struct hf_ndo_report report = {0};
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
	rc = read_numbers(&im, text, &report);
	if (rc == HF_OK)
		rc = write_all(&im);
	sodium_memzero(im.key, sizeof(im.key));
	free(im.hashes);
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
