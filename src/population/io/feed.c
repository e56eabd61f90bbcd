/* feed.c - a feed while it is written.  What is packed waits in memory; past a size it
 * is written, as chunks of a feed that does not count yet. */
#include <stdlib.h>

#include "population/io/store_int.h"

enum { PACKED_MOST = 48 << 20, WHAT_MOST = 200 };

struct hf_pop_feed {
	struct hf_pop_store *p;
	struct hf_arena arena; /* texts of about */
	struct hf_pop_feed_about about;
	struct hf_pop_packer packer;
	uint32_t known;	 /* ordinals below it have been given */
	int64_t id, seq; /* id 0: nothing was written yet */
	struct hf_pop_fresh fresh;
	struct hf_buf covers;
};

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
}

/* ---- begin ---- */

static enum hf_rc
one_id(struct hf_db *db, enum hf_query q, const struct hf_arg *args, int64_t *out,
       struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, q, args, &rows, err);

	if (rc != HF_OK)
		return rc;
	*out = hf_rows_next(&rows) ? hf_rows_int(&rows, 0) : 0;
	return hf_rows_end(&rows, err);
}

/* May this feed come in beside what is there? */
static enum hf_rc
is_welcome(struct hf_db *db, const struct hf_pop_feed_about *a, struct hf_err *err)
{
	int64_t id = 0;
	enum hf_rc rc = HF_OK;

	if (a->sha.n)
		rc = one_id(db, HF_Q_POPULATION_FEED_SAME,
			    HF_ARGS(HF_TEXT(a->sha), HF_TEXT(a->kind)), &id, err);
	if (rc == HF_OK && id)
		return hf_fail(err, HF_EXISTS, "sha",
			       "the same bytes were received as feed %lld",
			       (long long)id);
	if (rc == HF_OK && hf_sv_is(a->cut, "flex"))
		rc = one_id(db, HF_Q_POPULATION_FEED_FROZEN,
			    HF_ARGS(HF_TEXT(a->source), HF_TEXT(a->kind),
				    HF_INT(a->from), HF_INT(a->to)),
			    &id, err);
	if (rc == HF_OK && id)
		return hf_fail(err, HF_RULE, "cut",
			       "feed %lld has the final cut of these days: a flex cut "
			       "does not replace it",
			       (long long)id);
	return rc;
}

static enum hf_rc
check_about(const struct hf_pop_feed_about *a, struct hf_err *err)
{
	if (a->source.n == 0 || a->kind.n == 0)
		return hf_fail(err, HF_INVALID, a->source.n ? "kind" : "source",
			       "a feed says who sent it and of what kind it is");
	if (a->to <= a->from)
		return hf_fail(err, HF_INVALID, "to",
			       "a feed's last day is not before its first");
	if (a->actor.n == 0 || a->purpose.n == 0)
		return hf_fail(err, HF_INVALID, "actor",
			       "a feed is written by somebody, for a purpose");
	return HF_OK;
}

static bool
copy_about(struct hf_pop_feed *f, const struct hf_pop_feed_about *a)
{
	struct hf_sv *texts[] = {&f->about.actor,  &f->about.purpose, &f->about.trace,
				 &f->about.source, &f->about.kind,    &f->about.file,
				 &f->about.sha,	   &f->about.map,     &f->about.cut};

	f->about = *a;
	for (size_t i = 0; i < HF_COUNT(texts); i++) {
		*texts[i] = hf_arena_sv(&f->arena, *texts[i]);
		if (!texts[i]->p)
			return false;
	}
	return true;
}

enum hf_rc
hf_pop_feed_open(struct hf_pop_store *p, const struct hf_pop_feed_about *about,
		 struct hf_pop_feed **out, struct hf_err *err)
{
	struct hf_reader *r = NULL;
	struct hf_pop_feed *f;
	enum hf_rc rc = check_about(about, err);

	if (rc == HF_OK)
		rc = hf_reader_get(p->store, &r, err);
	if (rc != HF_OK)
		return rc;
	rc = is_welcome(hf_reader_db(r), about, err);
	hf_reader_put(r);
	if (rc != HF_OK)
		return rc;
	f = calloc(1, sizeof(*f));
	if (!f)
		return no_memory(err);
	hf_arena_init(&f->arena, 1 << 16);
	f->p = p;
	if (!copy_about(f, about)) {
		hf_arena_free(&f->arena);
		free(f);
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "what describes the feed is longer than 64 KB");
	}
	pthread_mutex_lock(&p->names_lock);
	p->open++;
	pthread_mutex_unlock(&p->names_lock);
	*out = f;
	return HF_OK;
}

/* ---- names ---- */

enum hf_rc
hf_pop_feed_code(struct hf_pop_feed *f, enum hf_pop_kind kind, struct hf_sv text,
		 uint16_t *out, struct hf_err *err)
{
	enum hf_rc rc;

	pthread_mutex_lock(&f->p->names_lock);
	rc = hf_pop_names_code(f->p->names, kind, text, true, out, err);
	pthread_mutex_unlock(&f->p->names_lock);
	return rc;
}

enum hf_rc
hf_pop_feed_person(struct hf_pop_feed *f, const uint8_t pid[HF_POP_PID], uint32_t *out,
		   bool *made, struct hf_err *err)
{
	enum hf_rc rc;

	pthread_mutex_lock(&f->p->names_lock);
	rc = hf_pop_names_person(f->p->names, pid, out, made, err);
	pthread_mutex_unlock(&f->p->names_lock);
	return rc;
}

/* ---- writing what is packed ---- */

static enum hf_rc
write_head(struct hf_pop_feed *f, struct hf_db *db, int64_t id, bool whole,
	   int64_t change, hf_time at, struct hf_err *err)
{
	const struct hf_pop_feed_about *a = &f->about;
	const int64_t *n = f->packer.total;
	struct hf_arg args[] = {
	    HF_INT(id),
	    HF_TEXT(a->source),
	    HF_TEXT(a->kind),
	    HF_INT(a->from),
	    HF_INT(a->to),
	    HF_TEXT(a->file),
	    HF_TEXT(a->sha),
	    HF_TEXT(a->map),
	    HF_TEXT(a->cut),
	    HF_INT(whole),
	    HF_INT(n[HF_POP_ROWS_PERSON]),
	    HF_INT(n[HF_POP_ROWS_EVENT]),
	    HF_INT(n[HF_POP_ROWS_REGISTRATION]),
	    HF_INT(n[HF_POP_ROWS_CONDITION]),
	    HF_INT(n[HF_POP_ROWS_VALUE]),
	    HF_INT((int64_t)f->packer.places),
	    HF_BLOB(hf_buf_view(&f->covers)),
	    HF_INT(at),
	    HF_INT(change),
	};

	return hf_db_exec(db, HF_Q_POPULATION_FEED_ADD, args, NULL, err);
}

static enum hf_rc
write_chunks(struct hf_pop_feed *f, struct hf_db *db, int64_t id, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < f->packer.n_chunks; i++) {
		const struct hf_pop_chunk *c = &f->packer.chunks[i];

		rc = hf_db_exec(
		    db, HF_Q_POPULATION_CHUNK_ADD,
		    HF_ARGS(
			HF_INT(id), HF_INT(c->stripe), HF_INT(f->seq + (int64_t)i),
			HF_INT(c->kind), HF_INT((int64_t)c->n),
			HF_BLOB(((struct hf_sv){f->packer.packed.p + c->at, c->len}))),
		    NULL, err);
	}
	return rc;
}

/* The number of this feed, and its head in the state that it has now. */
static enum hf_rc
begin_rows(struct hf_pop_feed *f, struct hf_db *db, bool whole, int64_t change,
	   hf_time at, int64_t *id, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	*id = f->id;
	if (f->id && whole)
		rc = hf_db_exec(db, HF_Q_POPULATION_FEED_REMOVE, HF_ARGS(HF_INT(f->id)),
				NULL, err);
	else if (!f->id)
		rc = one_id(db, HF_Q_POPULATION_FEED_NEXT, NULL, id, err);
	if (rc == HF_OK && (whole || !f->id))
		rc = write_head(f, db, *id, whole, change, at, err);
	return rc;
}

struct part {
	struct hf_pop_feed *f;
	int64_t id;
};

static enum hf_rc
write_part(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct part *part = ctx;
	enum hf_rc rc = begin_rows(part->f, db, false, change, at, &part->id, err);

	return rc == HF_OK ? write_chunks(part->f, db, part->id, err) : rc;
}

static enum hf_rc
write_whole(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct part *part = ctx;
	struct hf_pop_feed *f = part->f;
	enum hf_rc rc = is_welcome(db, &f->about, err);

	if (rc == HF_OK)
		rc = hf_pop_fresh_write(&f->fresh, db, err);
	if (rc == HF_OK)
		rc = begin_rows(f, db, true, change, at, &part->id, err);
	if (rc == HF_OK)
		rc = write_chunks(f, db, part->id, err);
	if (rc == HF_OK)
		rc = hf_db_exec(db, HF_Q_POPULATION_FEED_REPLACE,
				HF_ARGS(HF_INT(part->id), HF_TEXT(f->about.source),
					HF_TEXT(f->about.kind), HF_INT(f->about.from),
					HF_INT(f->about.to)),
				NULL, err);
	return rc;
}

static enum hf_rc
remove_part(void *ctx, struct hf_db *db, int64_t change HF_UNUSED, hf_time at HF_UNUSED,
	    struct hf_err *err)
{
	struct part *part = ctx;
	enum hf_rc rc = hf_db_exec(db, HF_Q_POPULATION_CHUNK_REMOVE,
				   HF_ARGS(HF_INT(part->f->id)), NULL, err);

	return rc == HF_OK ? hf_db_exec(db, HF_Q_POPULATION_FEED_REMOVE,
					HF_ARGS(HF_INT(part->f->id)), NULL, err)
			   : rc;
}

static enum hf_rc
at_desk(struct hf_pop_feed *f, const char *verb,
	enum hf_rc (*write)(void *, struct hf_db *, int64_t, hf_time, struct hf_err *),
	struct part *part, struct hf_err *err)
{
	struct hf_sv what =
	    hf_arena_printf(&f->arena, "population feed %s %.*s %.*s", verb,
			    HF_SV_ARG(f->about.kind), HF_SV_ARG(f->about.source));
	struct hf_desk_job job = {
	    .actor = f->about.actor,
	    .purpose = f->about.purpose,
	    .trace = f->about.trace,
	    .what = what.n > WHAT_MOST ? (struct hf_sv){what.p, WHAT_MOST} : what,
	    .write = write,
	    .ctx = part,
	    .apart = true,
	};

	if (!what.p)
		return no_memory(err);
	return hf_store_desk(f->p->store, &job, err);
}

static enum hf_rc
spill(struct hf_pop_feed *f, struct hf_err *err)
{
	struct part part = {.f = f};
	enum hf_rc rc = at_desk(f, "part", write_part, &part, err);

	if (rc != HF_OK)
		return rc;
	f->id = part.id;
	f->seq += (int64_t)f->packer.n_chunks;
	hf_pop_packer_written(&f->packer);
	return HF_OK;
}

/* ---- rows ---- */

static bool
was_given(struct hf_pop_feed *f, uint32_t person)
{
	if (person >= f->known) {
		pthread_mutex_lock(&f->p->names_lock);
		f->known = hf_pop_names_persons(f->p->names);
		pthread_mutex_unlock(&f->p->names_lock);
	}
	return person < f->known;
}

static enum hf_rc
add(struct hf_pop_feed *f, enum hf_pop_rows kind, const void *row, uint32_t person,
    const uint16_t *dx, size_t n, struct hf_err *err)
{
	enum hf_rc rc;

	if (!was_given(f, person))
		return hf_fail(err, HF_INVALID, "person",
			       "no person has the ordinal %u", person);
	rc = hf_pop_packer_add(&f->packer, kind, row, dx, n, err);
	return rc == HF_OK && f->packer.packed.n > PACKED_MOST ? spill(f, err) : rc;
}

enum hf_rc
hf_pop_feed_event(struct hf_pop_feed *f, const struct hf_pop_event *e,
		  const uint16_t *dx, size_t n, struct hf_err *err)
{
	return add(f, HF_POP_ROWS_EVENT, e, e->person, dx, n, err);
}

enum hf_rc
hf_pop_feed_about_person(struct hf_pop_feed *f, uint32_t person,
			 const struct hf_pop_person *p, struct hf_err *err)
{
	struct hf_pop_about a = {.person = person, .p = *p};

	return add(f, HF_POP_ROWS_PERSON, &a, person, NULL, 0, err);
}

enum hf_rc
hf_pop_feed_registration(struct hf_pop_feed *f, const struct hf_pop_registration *r,
			 struct hf_err *err)
{
	return add(f, HF_POP_ROWS_REGISTRATION, r, r->person, NULL, 0, err);
}

enum hf_rc
hf_pop_feed_condition(struct hf_pop_feed *f, const struct hf_pop_condition *c,
		      struct hf_err *err)
{
	return add(f, HF_POP_ROWS_CONDITION, c, c->person, NULL, 0, err);
}

enum hf_rc
hf_pop_feed_value(struct hf_pop_feed *f, const struct hf_pop_value *v,
		  struct hf_err *err)
{
	return add(f, HF_POP_ROWS_VALUE, v, v->person, NULL, 0, err);
}

/* ---- end ---- */

/* Frees it.  Names that only a dropped feed made go with it, unless another feed is
 * open that may have been given them.  save_lock is held. */
static void
leave(struct hf_pop_feed *f)
{
	struct hf_pop_store *p = f->p;

	pthread_mutex_lock(&p->names_lock);
	if (--p->open == 0)
		hf_pop_names_cut(p->names, &p->saved);
	pthread_mutex_unlock(&p->names_lock);
	hf_pop_packer_free(&f->packer);
	hf_buf_free(&f->covers);
	hf_arena_free(&f->arena);
	free(f);
}

static void
drop(struct hf_pop_feed *f)
{
	struct part part = {.f = f};

	/* What cannot be removed now is when the store is opened next. */
	if (f->id)
		at_desk(f, "drop", remove_part, &part, NULL);
	leave(f);
}

enum hf_rc
hf_pop_feed_commit(struct hf_pop_feed *f, int64_t *feed, struct hf_err *err)
{
	struct hf_pop_store *p = f->p;
	struct part part = {.f = f};
	enum hf_rc rc = hf_pop_packer_pack(&f->packer, err);

	pthread_mutex_lock(&p->save_lock);
	if (rc == HF_OK)
		rc = hf_pop_fresh_take(p, &f->fresh, err);
	hf_pop_covers_put(&f->packer.covers, &f->covers);
	if (rc == HF_OK && f->covers.failed)
		rc = no_memory(err);
	if (rc == HF_OK)
		rc = at_desk(f, "commit", write_whole, &part, err);
	if (rc == HF_OK) {
		p->saved = f->fresh.to;
		*feed = part.id;
	}
	hf_pop_fresh_free(&f->fresh);
	if (rc == HF_OK)
		leave(f);
	else
		drop(f);
	pthread_mutex_unlock(&p->save_lock);
	return rc;
}

void
hf_pop_feed_drop(struct hf_pop_feed *f)
{
	struct hf_pop_store *p;

	if (!f)
		return;
	p = f->p;
	pthread_mutex_lock(&p->save_lock);
	drop(f);
	pthread_mutex_unlock(&p->save_lock);
}
