/* store.c - codes and pseudonyms, as the store has them and as they grow. */
#include "population/io/store.h"

#include <stdlib.h>

#include "population/io/store_int.h"

enum { PIDS_A_ROW = 8192 };

/* ---- reading ---- */

static enum hf_rc
damaged(struct hf_err *err, const char *table)
{
	return hf_fail(err, HF_FAULT, table,
		       "rows of the population do not follow each other: run "
		       "homefirst check");
}

static enum hf_rc
read_persons(struct hf_db *db, struct hf_pop_names *names, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_POPULATION_PERSONS, HF_ARGS(HF_INT(0)), &rows, err);
	enum hf_rc end;

	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows)) {
		int64_t n = hf_rows_int(&rows, HF_C_POPULATION_PERSONS_N);
		struct hf_sv pids = hf_rows_blob(&rows, HF_C_POPULATION_PERSONS_PIDS);
		uint32_t person;
		bool made = true;

		if (hf_rows_int(&rows, HF_C_POPULATION_PERSONS_ORD) !=
			hf_pop_names_persons(names) ||
		    n < 0 || pids.n != (size_t)n * HF_POP_PID)
			rc = damaged(err, "pop_person");
		for (int64_t i = 0; rc == HF_OK && i < n; i++) {
			rc = hf_pop_names_person(
			    names, (const uint8_t *)pids.p + i * HF_POP_PID, &person,
			    &made, err);
			if (rc == HF_OK && !made)
				rc = damaged(err, "pop_person");
		}
	}
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	return rc == HF_OK ? end : rc;
}

static enum hf_rc
read_codes(struct hf_db *db, struct hf_pop_names *names, enum hf_pop_kind kind,
	   struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_CODES,
				    HF_ARGS(HF_INT(kind), HF_INT(1)), &rows, err);
	enum hf_rc end;

	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows)) {
		uint16_t code;

		rc = hf_pop_names_code(names, kind,
				       hf_rows_text(&rows, HF_C_POPULATION_CODES_TEXT),
				       true, &code, err);
		if (rc == HF_OK &&
		    hf_rows_int(&rows, HF_C_POPULATION_CODES_CODE) != code)
			rc = damaged(err, "pop_code");
	}
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	return rc == HF_OK ? end : rc;
}

static enum hf_rc
read_names(struct hf_pop_store *p, struct hf_reader *r, struct hf_err *err)
{
	enum hf_rc rc = read_persons(hf_reader_db(r), p->names, err);

	for (int k = 0; rc == HF_OK && k < HF_POP_KINDS; k++)
		rc = read_codes(hf_reader_db(r), p->names, (enum hf_pop_kind)k, err);
	p->saved = hf_pop_names_mark(p->names);
	return rc;
}

/* ---- what an earlier run left half written ---- */

static enum hf_rc
sweep(void *ctx HF_UNUSED, struct hf_db *db, int64_t change HF_UNUSED,
      hf_time at HF_UNUSED, struct hf_err *err)
{
	int64_t feeds[64];
	struct hf_rows rows;
	size_t n = 0;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_FEED_OPEN, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	while (n < HF_COUNT(feeds) && hf_rows_next(&rows))
		feeds[n++] = hf_rows_int(&rows, 0);
	rc = hf_rows_end(&rows, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		rc = hf_db_exec(db, HF_Q_POPULATION_CHUNK_REMOVE,
				HF_ARGS(HF_INT(feeds[i])), NULL, err);
		if (rc == HF_OK)
			rc = hf_db_exec(db, HF_Q_POPULATION_FEED_REMOVE,
					HF_ARGS(HF_INT(feeds[i])), NULL, err);
	}
	return rc;
}

static enum hf_rc
sweep_if_needed(struct hf_store *store, struct hf_reader *r, struct hf_err *err)
{
	struct hf_desk_job job = {
	    .actor = HF_SV("homefirst"),
	    .purpose = HF_SV("SYSADMIN"),
	    .what = HF_SV("population sweep"),
	    .write = sweep,
	    .apart = true,
	};
	struct hf_rows rows;
	bool any;
	enum hf_rc rc =
	    hf_db_query(hf_reader_db(r), HF_Q_POPULATION_FEED_OPEN, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	any = hf_rows_next(&rows);
	rc = hf_rows_end(&rows, err);
	return rc == HF_OK && any ? hf_store_desk(store, &job, err) : rc;
}

/* ---- life ---- */

enum hf_rc
hf_pop_store_open(struct hf_store *store, struct hf_pop_store **out, struct hf_err *err)
{
	struct hf_pop_store *p = calloc(1, sizeof(*p));
	struct hf_reader *r = NULL;
	enum hf_rc rc = HF_OK;

	if (p)
		p->names = hf_pop_names_new();
	if (!p || !p->names) {
		free(p);
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	}
	p->store = store;
	pthread_mutex_init(&p->names_lock, NULL);
	pthread_mutex_init(&p->save_lock, NULL);
	rc = hf_reader_get(store, &r, err);
	if (rc == HF_OK)
		rc = read_names(p, r, err);
	if (rc == HF_OK)
		rc = sweep_if_needed(store, r, err);
	if (r)
		hf_reader_put(r);
	if (rc != HF_OK) {
		hf_pop_store_close(p);
		return rc;
	}
	*out = p;
	return HF_OK;
}

void
hf_pop_store_close(struct hf_pop_store *p)
{
	if (!p)
		return;
	assert(p->open == 0);
	hf_pop_names_free(p->names);
	pthread_mutex_destroy(&p->names_lock);
	pthread_mutex_destroy(&p->save_lock);
	free(p);
}

/* ---- names that are new ---- */

static void
take_texts(struct hf_pop_fresh *f, const struct hf_pop_names *names)
{
	for (int k = 0; k < HF_POP_KINDS; k++)
		for (size_t c = f->from.codes[k]; c < f->to.codes[k]; c++) {
			struct hf_sv t =
			    hf_pop_names_text(names, (enum hf_pop_kind)k, c);

			hf_buf_char(&f->texts, (char)t.n);
			hf_buf_sv(&f->texts, t);
		}
}

enum hf_rc
hf_pop_fresh_take(struct hf_pop_store *p, struct hf_pop_fresh *out, struct hf_err *err)
{
	struct hf_pop_fresh f = {.from = p->saved};

	pthread_mutex_lock(&p->names_lock);
	f.to = hf_pop_names_mark(p->names);
	if (f.to.persons > f.from.persons)
		hf_buf_add(&f.pids, hf_pop_names_pid(p->names, f.from.persons),
			   (size_t)(f.to.persons - f.from.persons) * HF_POP_PID);
	take_texts(&f, p->names);
	pthread_mutex_unlock(&p->names_lock);
	if (f.pids.failed || f.texts.failed) {
		hf_pop_fresh_free(&f);
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	}
	*out = f;
	return HF_OK;
}

void
hf_pop_fresh_free(struct hf_pop_fresh *f)
{
	hf_buf_free(&f->pids);
	hf_buf_free(&f->texts);
}

static enum hf_rc
write_persons(const struct hf_pop_fresh *f, struct hf_db *db, struct hf_err *err)
{
	struct hf_sv rest = hf_buf_view(&f->pids);
	int64_t ord = f->from.persons;
	enum hf_rc rc = HF_OK;

	while (rc == HF_OK && rest.n) {
		size_t n = rest.n / HF_POP_PID;

		n = n > PIDS_A_ROW ? PIDS_A_ROW : n;
		rc = hf_db_exec(
		    db, HF_Q_POPULATION_PERSON_ADD,
		    HF_ARGS(HF_INT(ord), HF_INT((int64_t)n),
			    HF_BLOB(((struct hf_sv){rest.p, n * HF_POP_PID}))),
		    NULL, err);
		rest = hf_sv_from_at(rest, n * HF_POP_PID);
		ord += (int64_t)n;
	}
	return rc;
}

static enum hf_rc
write_codes(const struct hf_pop_fresh *f, struct hf_db *db, struct hf_err *err)
{
	struct hf_sv rest = hf_buf_view(&f->texts);
	enum hf_rc rc = HF_OK;

	for (int k = 0; k < HF_POP_KINDS; k++)
		for (size_t c = f->from.codes[k]; rc == HF_OK && c < f->to.codes[k];
		     c++) {
			size_t n = (uint8_t)rest.p[0];

			rc = hf_db_exec(
			    db, HF_Q_POPULATION_CODE_ADD,
			    HF_ARGS(HF_INT(k), HF_INT((int64_t)c),
				    HF_TEXT(((struct hf_sv){rest.p + 1, n}))),
			    NULL, err);
			rest = hf_sv_from_at(rest, n + 1);
		}
	return rc;
}

enum hf_rc
hf_pop_fresh_write(const struct hf_pop_fresh *f, struct hf_db *db, struct hf_err *err)
{
	struct hf_rows rows;
	int64_t n = -1;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_PERSON_COUNT, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		n = hf_rows_int(&rows, 0);
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && n != f->from.persons)
		return hf_fail(err, HF_FAULT, "pop_person",
			       "somebody else gave ordinals in this store");
	if (rc == HF_OK)
		rc = write_persons(f, db, err);
	return rc == HF_OK ? write_codes(f, db, err) : rc;
}

enum hf_rc
hf_pop_record_put(struct hf_db *db, int64_t shelf, int64_t change, struct hf_sv body,
		  struct hf_err *err)
{
	return hf_db_exec(db, HF_Q_POPULATION_RECORD_PUT,
			  HF_ARGS(HF_INT(shelf), HF_INT(change), HF_BLOB(body)), NULL,
			  err);
}
