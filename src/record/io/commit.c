/* commit.c - the committer: takes whatever waits, writes it in one transaction,
 * and answers after it is durable. */
#include "record/io/standing.h"
#include "record/io/store_impl.h"

#include <errno.h>
#include <unistd.h>

enum {
	ITEMS_MOST = 20000, /* of one transaction */
	LEASE_MS = 15000,
	LEASE_KEEP_MS = 5000
};

struct ix_add {
	struct hf_ix_row row;
	hf_rid rid;
};

struct batch {
	struct hf_store *store;
	struct hf_db *db;
	struct ix_add *adds;
	size_t n_adds, size_adds;
	int64_t tally[HF_TYPES_MOST];
	struct hf_err *err;
};

static enum hf_rc
keep_lease(struct hf_store *s, struct hf_err *err)
{
	hf_time now = hf_now();
	int64_t changed = 0;
	enum hf_rc rc;

	if (hf_db_engine(s->committer.db) == HF_DB_SQLITE ||
	    s->committer.lease_until - now > LEASE_MS - LEASE_KEEP_MS)
		return HF_OK;
	rc = hf_db_exec(s->committer.db, HF_Q_RECORD_LEASE_KEEP,
			HF_ARGS(HF_INT(now + LEASE_MS), HF_TEXT(hf_sv_from(s->owner))),
			&changed, err);
	if (rc == HF_OK && changed != 1)
		return hf_fail(err, HF_BUSY, NULL,
			       "another homefirst has taken over writing this store: "
			       "this one stops writing");
	if (rc == HF_OK)
		s->committer.lease_until = now + LEASE_MS;
	return rc;
}

static enum hf_rc
add_body(struct batch *b, const struct hf_write *w, int64_t change)
{
	return hf_db_exec(b->db, HF_Q_RECORD_RES_ADD,
			  HF_ARGS(HF_INT(w->rid), HF_INT(w->type), HF_INT(w->version),
				  HF_INT(change), HF_INT(w->marks),
				  HF_INT((int64_t)w->sig), HF_INT(w->lo),
				  HF_INT(w->span), HF_INT(w->dict), HF_BLOB(w->packed)),
			  NULL, b->err);
}

static enum hf_rc
replace_body(struct batch *b, const struct hf_write *w, int64_t change)
{
	enum hf_rc rc =
	    hf_db_exec(b->db, HF_Q_RECORD_HIST_KEEP,
		       HF_ARGS(HF_INT(w->rid), HF_INT(w->rid)), NULL, b->err);

	if (rc != HF_OK)
		return rc;
	return hf_db_exec(b->db, HF_Q_RECORD_RES_SET,
			  HF_ARGS(HF_INT(w->version), HF_INT(change), HF_INT(w->marks),
				  HF_INT((int64_t)w->sig), HF_INT(w->lo),
				  HF_INT(w->span), HF_INT(w->dict), HF_BLOB(w->packed),
				  HF_INT(w->rid)),
			  NULL, b->err);
}

/* A resource goes to another shelf with all its versions. */
static enum hf_rc
move_body(struct batch *b, const struct hf_write *w, int64_t change)
{
	const struct hf_arg *both = HF_ARGS(HF_INT(w->rid), HF_INT(w->old_rid));
	enum hf_rc rc = hf_db_exec(b->db, HF_Q_RECORD_HIST_MOVE, both, NULL, b->err);

	if (rc == HF_OK)
		rc = hf_db_exec(b->db, HF_Q_RECORD_HIST_KEEP, both, NULL, b->err);
	if (rc == HF_OK)
		rc = hf_db_exec(b->db, HF_Q_RECORD_RES_DROP,
				HF_ARGS(HF_INT(w->old_rid)), NULL, b->err);
	if (rc == HF_OK)
		rc = add_body(b, w, change);
	if (rc == HF_OK)
		rc =
		    hf_db_exec(b->db, HF_Q_RECORD_FORWARD_REDIRECT, both, NULL, b->err);
	if (rc == HF_OK)
		rc = hf_db_exec(b->db, HF_Q_RECORD_FORWARD_ADD,
				HF_ARGS(HF_INT(w->old_rid), HF_INT(w->rid)), NULL,
				b->err);
	if (rc == HF_OK && w->id_hash_moved)
		rc = hf_db_exec(b->db, HF_Q_RECORD_IDMAP_DROP,
				HF_ARGS(HF_INT(w->id_hash_moved), HF_INT(w->old_rid)),
				NULL, b->err);
	if (rc == HF_OK && w->id_hash_moved)
		rc = hf_db_exec(b->db, HF_Q_RECORD_IDMAP_ADD,
				HF_ARGS(HF_INT(w->id_hash_moved), HF_INT(w->rid)), NULL,
				b->err);
	return rc;
}

static enum hf_rc
later_add(struct batch *b, const struct hf_ix_row *row, hf_rid rid)
{
	if (b->n_adds == b->size_adds) {
		size_t size = b->size_adds ? b->size_adds * 2 : 1024;
		struct ix_add *adds = realloc(b->adds, size * sizeof *adds);

		if (!adds)
			return hf_fail(b->err, HF_FULL, NULL, "out of memory");
		b->adds = adds;
		b->size_adds = size;
	}
	b->adds[b->n_adds++] = (struct ix_add){*row, rid};
	return HF_OK;
}

static enum hf_rc
write_index(struct batch *b, const struct hf_write *w)
{
	hf_rid from = w->old_rid ? w->old_rid : w->rid;
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < w->n_drop; i++)
		rc = hf_db_exec(b->db, HF_Q_RECORD_IX_DROP,
				HF_ARGS(HF_INT(w->drop[i].slot),
					HF_INT(w->drop[i].value), HF_INT(from)),
				NULL, b->err);
	for (size_t i = 0; rc == HF_OK && i < w->n_add; i++)
		rc = later_add(b, &w->add[i], w->rid);
	for (size_t i = 0; rc == HF_OK && i < w->n_unmention; i++)
		rc = hf_db_exec(b->db, HF_Q_RECORD_MENTION_DROP,
				HF_ARGS(HF_INT(w->unmention[i]), HF_INT(from)), NULL,
				b->err);
	for (size_t i = 0; rc == HF_OK && i < w->n_mention; i++)
		rc = hf_db_exec(b->db, HF_Q_RECORD_MENTION_ADD,
				HF_ARGS(HF_INT(w->mention[i]), HF_INT(w->rid)), NULL,
				b->err);
	return rc;
}

static enum hf_rc
write_one(struct batch *b, const struct hf_write *w, int64_t change)
{
	enum hf_rc rc;

	if (w->old_rid == 0)
		rc = add_body(b, w, change);
	else if (w->old_rid == w->rid)
		rc = replace_body(b, w, change);
	else
		rc = move_body(b, w, change);
	if (rc == HF_OK && w->id_hash)
		rc = hf_db_exec(b->db, HF_Q_RECORD_IDMAP_ADD,
				HF_ARGS(HF_INT(w->id_hash), HF_INT(w->rid)), NULL,
				b->err);
	b->tally[w->type] += w->tally;
	return rc == HF_OK ? write_index(b, w) : rc;
}

static enum hf_rc
write_shelf(struct batch *b, const struct hf_new_shelf *n, int64_t change)
{
	enum hf_rc rc = hf_db_exec(
	    b->db, HF_Q_RECORD_SHELF_ADD,
	    HF_ARGS(HF_INT(n->shelf), HF_INT(n->shelf), HF_INT(change)), NULL, b->err);

	b->tally[0]++;
	if (rc == HF_OK && n->id_hash)
		rc = hf_db_exec(
		    b->db, HF_Q_RECORD_IDMAP_ADD,
		    HF_ARGS(HF_INT(n->id_hash), HF_INT(HF_RID_MIN(n->shelf))), NULL,
		    b->err);
	return rc;
}

static enum hf_rc
write_dict(struct batch *b, struct hf_sv dict)
{
	int64_t id = (int64_t)atomic_load(&b->store->dicts.n) + 1;

	return hf_db_exec(b->db, HF_Q_RECORD_ZDICT_ADD,
			  HF_ARGS(HF_INT(id), HF_BLOB(dict)), NULL, b->err);
}

static bool
is_empty(const struct hf_prepared *p)
{
	return p->n == 0 && p->n_shelves == 0 && p->n_links == 0 && p->dict.n == 0 &&
	       !p->job;
}

/* The row of the commit, hung on the one before. */
static enum hf_rc
write_log(struct batch *b, const struct hf_change *c, struct hf_sv items)
{
	struct hf_committer *k = &b->store->committer;
	const struct hf_change_row row = {c->change, c->actor, c->purpose,
					  c->source, items,    c->trace};
	const struct hf_sv link = {(const char *)k->link, HF_CHANGE_LINK};

	hf_change_link(k->link, &row, k->link);
	return hf_db_exec(b->db, HF_Q_RECORD_CHANGE_ADD,
			  HF_ARGS(HF_INT(c->change), HF_TEXT(c->actor),
				  HF_TEXT(c->purpose), HF_TEXT(c->source),
				  HF_BLOB(items), HF_TEXT(c->trace), HF_BLOB(link)),
			  NULL, b->err);
}

static enum hf_rc
write_change(struct batch *b, struct hf_change *c)
{
	const struct hf_prepared *p = c->prepared;
	struct hf_committer *k = &b->store->committer;
	int64_t now = HF_TIME_CHANGE(hf_now());
	struct hf_buf items = {0};
	enum hf_rc rc = HF_OK;

	if (is_empty(p)) {
		c->change = 0;
		c->at = HF_CHANGE_TIME(k->last_change);
		return HF_OK;
	}
	c->change = now > k->last_change ? now : k->last_change + 1;
	c->at = HF_CHANGE_TIME(c->change);
	k->last_change = c->change;
	for (size_t i = 0; rc == HF_OK && i < p->n_shelves; i++)
		rc = write_shelf(b, &p->shelves[i], c->change);
	/* A Patient whose shelf was kept for it has its shelf already. */
	for (size_t i = 0; rc == HF_OK && i < p->n; i++)
		rc = write_one(b, &p->writes[i], c->change);
	for (size_t i = 0; rc == HF_OK && i < p->n_links; i++)
		rc = hf_link_write(b->db, &p->links[i], c->change, b->err);
	if (rc == HF_OK && p->dict.n)
		rc = write_dict(b, p->dict);
	if (rc == HF_OK && p->job)
		rc = p->job->write(p->job->ctx, b->db, c->change, c->at, b->err);
	hf_items_pack(p->writes, p->n, &items);
	if (rc == HF_OK && items.failed)
		rc = hf_fail(b->err, HF_FULL, NULL, "out of memory");
	if (rc == HF_OK)
		rc = write_log(b, c, hf_buf_view(&items));
	hf_buf_free(&items);
	return rc;
}

static int
by_place(const void *a, const void *b)
{
	const struct ix_add *x = a, *y = b;

	if (x->row.slot != y->row.slot)
		return x->row.slot < y->row.slot ? -1 : 1;
	if (x->row.value != y->row.value)
		return x->row.value < y->row.value ? -1 : 1;
	return (x->rid > y->rid) - (x->rid < y->rid);
}

/* Index rows of the whole batch go in sorted: neighbours share pages. */
static enum hf_rc
write_adds(struct batch *b)
{
	enum hf_rc rc = HF_OK;

	if (b->n_adds)
		qsort(b->adds, b->n_adds, sizeof *b->adds, by_place);
	for (size_t i = 0; rc == HF_OK && i < b->n_adds; i++)
		rc = hf_db_exec(b->db, HF_Q_RECORD_IX_ADD,
				HF_ARGS(HF_INT(b->adds[i].row.slot),
					HF_INT(b->adds[i].row.value),
					HF_INT(b->adds[i].rid)),
				NULL, b->err);
	return rc;
}

static enum hf_rc
write_tallies(struct batch *b)
{
	enum hf_rc rc = HF_OK;

	for (int64_t t = 0; rc == HF_OK && t < HF_TYPES_MOST; t++)
		if (b->tally[t])
			rc = hf_db_exec(b->db, HF_Q_RECORD_TALLY_ADD,
					HF_ARGS(HF_INT(t), HF_INT(b->tally[t])), NULL,
					b->err);
	return rc;
}

static void
count_job(struct hf_store *s, const struct hf_desk_job *job)
{
	if (!job)
		return;
	atomic_fetch_add(&s->desk_jobs, 1);
	if (!job->apart)
		atomic_fetch_add(&s->rights_jobs, 1);
}

/* What the newest row of change is, when it is not known for sure. */
static enum hf_rc
know_last(struct hf_store *s, struct hf_err *err)
{
	struct hf_committer *k = &s->committer;
	struct hf_sv link = {NULL, 0};
	struct hf_rows rows;
	enum hf_rc rc;

	if (k->link_known)
		return HF_OK;
	rc = hf_db_query(k->db, HF_Q_RECORD_CHANGE_LAST, NULL, &rows, err);
	if (rc != HF_OK)
		return rc;
	memset(k->link, 0, sizeof k->link);
	if (hf_rows_next(&rows)) {
		int64_t last = hf_rows_int(&rows, HF_C_RECORD_CHANGE_LAST_CHANGE);

		if (last > k->last_change)
			k->last_change = last;
		link = hf_rows_blob(&rows, HF_C_RECORD_CHANGE_LAST_LINK);
		if (link.n == HF_CHANGE_LINK)
			memcpy(k->link, link.p, HF_CHANGE_LINK);
	}
	rc = hf_rows_end(&rows, err);
	k->link_known = rc == HF_OK;
	return rc;
}

/* One transaction of the changes from first to end (exclusive). */
static enum hf_rc
write_batch(struct hf_store *s, struct hf_change *first, struct hf_change *end,
	    struct hf_err *err)
{
	struct batch b = {.store = s, .db = s->committer.db, .err = err};
	int64_t last = s->committer.last_change;
	enum hf_rc rc = hf_db_begin(b.db, true, err);

	if (rc != HF_OK)
		return rc;
	rc = keep_lease(s, err);
	if (rc == HF_OK)
		rc = know_last(s, err);
	for (struct hf_change *c = first; rc == HF_OK && c != end; c = c->next)
		rc = write_change(&b, c);
	if (rc == HF_OK)
		rc = write_adds(&b);
	if (rc == HF_OK)
		rc = write_tallies(&b);
	if (rc == HF_OK)
		rc = hf_db_commit(b.db, err);
	if (rc == HF_OK) {
		for (size_t t = 0; t < HF_TYPES_MOST; t++)
			if (b.tally[t])
				atomic_fetch_add(&s->tally[t], b.tally[t]);
		for (struct hf_change *c = first; c != end; c = c->next)
			count_job(s, ((struct hf_prepared *)c->prepared)->job);
	} else {
		hf_db_rollback(b.db);
		s->committer.last_change = last;
		s->committer.link_known = false;
	}
	/* Also after a failure: a lost connection may have lost the answer only. */
	atomic_fetch_add(&s->batches, 1);
	free(b.adds);
	return rc;
}

/* Whose relationships may be others now? */
static void
touch_standing(struct hf_store *s, const struct hf_write *w)
{
	bool reserved = HF_RID_SHELF(w->rid) < HF_SHELF_PERSON;

	if (!hf_standing_depends(w->type, reserved, w->old_rid == 0, w->sig))
		return;
	if (reserved) {
		hf_standings_touch_all(s->standings);
		return;
	}
	hf_standings_touch(s->standings, HF_RID_SHELF(w->rid));
	if (w->old_rid && HF_RID_SHELF(w->old_rid) < HF_SHELF_PERSON)
		hf_standings_touch_all(s->standings);
	else if (w->old_rid)
		hf_standings_touch(s->standings, HF_RID_SHELF(w->old_rid));
}

static void
touch_shelves(struct hf_store *s, const struct hf_prepared *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct hf_write *w = &p->writes[i];

		hf_shelves_touch(s->shelves, HF_RID_SHELF(w->rid));
		touch_standing(s, w);
		if (w->old_rid && w->old_rid != w->rid)
			hf_shelves_touch(s->shelves, HF_RID_SHELF(w->old_rid));
		for (size_t k = 0; k < w->n_mention; k++)
			hf_shelves_touch(s->shelves, w->mention[k]);
		for (size_t k = 0; k < w->n_unmention; k++)
			hf_shelves_touch(s->shelves, w->unmention[k]);
	}
	/* A link concerns every shelf of both persons: the directory of each is made
	 * again when it is asked for, so a new epoch for all is enough. */
	for (size_t i = 0; i < p->n_links; i++) {
		hf_standings_touch(s->standings, p->links[i].shelf);
		hf_standings_touch(s->standings, p->links[i].other);
	}
	if (p->job && p->job->relinks)
		hf_standings_touch_all(s->standings);
	if (p->n_links || (p->job && p->job->relinks))
		hf_shelves_touch_all(s->shelves);
}

/* After the outcome is known: caches, claims, and whoever waits. */
static void
finish(struct hf_store *s, struct hf_change *c, enum hf_rc rc, const struct hf_err *err)
{
	struct hf_prepared *p = c->prepared;

	/* After a lost connection nobody knows whether it stands: forget either way. */
	touch_shelves(s, p);
	if (rc == HF_OK) {
		if (p->dict.n)
			hf_dicts_add(&s->dicts, (int64_t)atomic_load(&s->dicts.n) + 1,
				     p->dict);
	} else {
		c->err = *err;
	}
	c->rc = rc;
	hf_claims_give(&s->claims, p->claims, p->n_claims);
	p->n_claims = 0;
	if (c->settled)
		c->settled(c, c->settled_ctx);
	if (c->done)
		c->done(c, c->ctx);
}

static void
commit_run(struct hf_store *s, struct hf_change *first)
{
	while (first) {
		struct hf_change *end = first;
		struct hf_err err = {0};
		size_t n = 0, items = 0;
		enum hf_rc rc;

		for (; end && (n == 0 || items < ITEMS_MOST); end = end->next, n++)
			items += ((struct hf_prepared *)end->prepared)->n;
		rc = write_batch(s, first, end, &err);
		while (first != end) {
			struct hf_change *next = first->next;

			/* One bad change must not take the others with it; but what
			 * may have been committed is not tried again. */
			if (rc != HF_OK && rc != HF_BUSY && n > 1) {
				enum hf_rc one = write_batch(s, first, next, &err);

				finish(s, first, one, &err);
			} else {
				finish(s, first, rc, &err);
			}
			first = next;
		}
	}
}

/* A store that was not filled by an import gets its dictionary once it holds enough
 * to train one on. */
static void
train_once(struct hf_store *s)
{
	enum { ENOUGH = 2000 };
	struct hf_prepared prepared = {0};
	struct hf_change change = {.prepared = &prepared,
				   .actor = HF_SV("homefirst"),
				   .purpose = HF_SV("homefirst"),
				   .source = HF_SV("homefirst")};
	int64_t n = 0;
	char *dict;

	if (s->committer.trained || atomic_load(&s->dicts.n) > 0)
		return;
	for (size_t t = 1; t < HF_TYPES_MOST; t++)
		n += atomic_load(&s->tally[t]);
	if (n < ENOUGH)
		return;
	s->committer.trained = true;
	prepared.dict.n = hf_dicts_train(s, &dict);
	prepared.dict.p = dict;
	if (prepared.dict.n)
		commit_run(s, &change);
	free(dict);
}

/* A lease that runs out may be taken: while nothing is to be written it is renewed
 * all the same.  When that fails the next change says why. */
static void
keep_idle(struct hf_store *s)
{
	struct hf_db *db = s->committer.db;

	if (hf_db_begin(db, true, NULL) != HF_OK)
		return;
	if (keep_lease(s, NULL) != HF_OK || hf_db_commit(db, NULL) != HF_OK)
		hf_db_rollback(db);
}

/* Waits for work; with a lease to keep, for a while only. */
static void
wait_for_work(struct hf_store *s)
{
	struct hf_committer *k = &s->committer;
	struct timespec until;

	if (hf_db_engine(k->db) == HF_DB_SQLITE) {
		pthread_cond_wait(&k->work, &k->lock);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LEASE_KEEP_MS / 1000;
	if (pthread_cond_timedwait(&k->work, &k->lock, &until) != ETIMEDOUT)
		return;
	pthread_mutex_unlock(&k->lock);
	keep_idle(s);
	pthread_mutex_lock(&k->lock);
}

static void *
commit_loop(void *arg)
{
	struct hf_store *s = arg;
	struct hf_committer *k = &s->committer;

	pthread_mutex_lock(&k->lock);
	for (;;) {
		struct hf_change *first = k->first;

		if (!first && k->stop)
			break;
		if (!first) {
			wait_for_work(s);
			continue;
		}
		k->first = k->last = NULL;
		pthread_mutex_unlock(&k->lock);
		commit_run(s, first);
		train_once(s);
		pthread_mutex_lock(&k->lock);
	}
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

static enum hf_rc
take_lease(struct hf_store *s, struct hf_err *err)
{
	struct hf_db *db = s->committer.db;
	hf_time now = hf_now();
	struct hf_rows rows;
	bool ours = false;
	enum hf_rc rc;

	if (hf_db_engine(db) == HF_DB_SQLITE)
		return HF_OK; /* the lock on the file has decided */
	rc = hf_db_begin(db, true, err);
	if (rc != HF_OK)
		return rc;
	rc = hf_db_exec(
	    db, HF_Q_RECORD_LEASE_TAKE,
	    HF_ARGS(HF_TEXT(hf_sv_from(s->owner)), HF_INT(now + LEASE_MS), HF_INT(now)),
	    NULL, err);
	if (rc == HF_OK)
		rc = hf_db_query(db, HF_Q_RECORD_LEASE_HOLDER, NULL, &rows, err);
	if (rc == HF_OK) {
		ours = hf_rows_next(&rows) &&
		       hf_sv_eq(hf_rows_text(&rows, 0), hf_sv_from(s->owner));
		rc = hf_rows_end(&rows, err);
	}
	if (rc == HF_OK)
		rc = hf_db_commit(db, err);
	else
		hf_db_rollback(db);
	if (rc == HF_OK && !ours)
		return hf_fail(err, HF_BUSY, NULL,
			       "another homefirst is writing this store: stop it, or "
			       "work through its server");
	s->committer.lease_until = now + LEASE_MS;
	return rc;
}

enum hf_rc
hf_committer_start(struct hf_store *s, struct hf_err *err)
{
	struct hf_committer *k = &s->committer;
	enum hf_rc rc = take_lease(s, err);

	if (rc != HF_OK)
		return rc;
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->work, NULL);
	if (pthread_create(&k->thread, NULL, commit_loop, s) != 0)
		return hf_fail(err, HF_FAULT, NULL,
			       "the committer's thread does not "
			       "start");
	k->running = true;
	return HF_OK;
}

void
hf_committer_stop(struct hf_store *s)
{
	struct hf_committer *k = &s->committer;

	if (!k->running)
		return;
	pthread_mutex_lock(&k->lock);
	k->stop = true;
	pthread_cond_signal(&k->work);
	pthread_mutex_unlock(&k->lock);
	pthread_join(k->thread, NULL);
	k->running = false;
	pthread_mutex_destroy(&k->lock);
	pthread_cond_destroy(&k->work);
	if (hf_db_engine(k->db) == HF_DB_PGSQL &&
	    hf_db_begin(k->db, true, NULL) == HF_OK) {
		hf_db_exec(k->db, HF_Q_RECORD_LEASE_DROP,
			   HF_ARGS(HF_TEXT(hf_sv_from(s->owner))), NULL, NULL);
		hf_db_commit(k->db, NULL);
	}
}

void
hf_change_submit(struct hf_store *s, struct hf_change *c,
		 void (*done)(struct hf_change *, void *), void *ctx)
{
	struct hf_committer *k = &s->committer;

	assert(c->prepared && k->running);
	c->done = done;
	c->ctx = ctx;
	c->next = NULL;
	pthread_mutex_lock(&k->lock);
	if (k->last)
		k->last->next = c;
	else
		k->first = c;
	k->last = c;
	pthread_cond_signal(&k->work);
	pthread_mutex_unlock(&k->lock);
}

void
hf_change_drop(struct hf_store *s, struct hf_change *c, const struct hf_err *err)
{
	struct hf_prepared *p = c->prepared;

	assert(p && err->rc != HF_OK);
	c->rc = err->rc;
	c->err = *err;
	hf_claims_give(&s->claims, p->claims, p->n_claims);
	p->n_claims = 0;
	if (c->settled)
		c->settled(c, c->settled_ctx);
}

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool done;
};

static void
wake(struct hf_change *c HF_UNUSED, void *ctx)
{
	struct waiting *w = ctx;

	pthread_mutex_lock(&w->lock);
	w->done = true;
	pthread_cond_signal(&w->cond);
	pthread_mutex_unlock(&w->lock);
}

enum hf_rc
hf_change_commit(struct hf_store *s, struct hf_reader *r, struct hf_change *c,
		 struct hf_err *err)
{
	struct waiting w = {.done = false};
	enum hf_rc rc = c->prepared ? HF_OK : hf_change_prepare(s, r, c, err);

	if (rc != HF_OK)
		return rc;
	pthread_mutex_init(&w.lock, NULL);
	pthread_cond_init(&w.cond, NULL);
	hf_change_submit(s, c, wake, &w);
	pthread_mutex_lock(&w.lock);
	while (!w.done)
		pthread_cond_wait(&w.cond, &w.lock);
	pthread_mutex_unlock(&w.lock);
	pthread_mutex_destroy(&w.lock);
	pthread_cond_destroy(&w.cond);
	if (c->rc != HF_OK && err)
		*err = c->err;
	return c->rc;
}
