/* identity_watch.c - the matcher over whoever changed of late.
 *
 * Which Patients changed stands in the log of commits: a commit costs nothing more for
 * it, and where the matcher stopped is one number.  Each Patient costs one search for
 * matches.  The number is kept with what is found; after a stop without a find some are
 * looked at once more, which changes nothing. */
#include "record/io/identity_int.h"

#include <pthread.h>
#include <time.h>

#include "record/io/link_int.h"
#include "record/io/match.h"

enum {
	COMMITS = 200,	       /* read from the log at a time */
	COMMITS_MOST = 100000, /* of one call */
	KEEP_AFTER = 500       /* Patients looked at without a find */
};

struct catch_up {
	struct hf_store *store;
	struct hf_reader *reader;
	struct hf_facts_out facts;
	struct hf_match_policy policy;
	struct hf_identity_report report;
	struct hf_arena arena;
	hf_rid *rids; /* Patients that changed */
	size_t n, most;
	struct hf_identity_mark mark;
	bool behind;
	struct hf_err *err;
};

static enum hf_rc
read_mark(struct catch_up *c)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(c->reader->db, HF_Q_RECORD_SETTING_GET,
				    HF_ARGS(HF_TEXT(HF_IDENTITY_MARK)), &rows, c->err);

	if (rc != HF_OK)
		return rc;
	c->mark = (struct hf_identity_mark){0};
	if (hf_rows_next(&rows))
		hf_sv_int(hf_rows_blob(&rows, 0), &c->mark.change);
	return hf_rows_end(&rows, c->err);
}

/* Takes the Patients of the next commit, those that were looked at left out; false when
 * there is no room for all. */
static bool
take_items(struct catch_up *c, struct hf_sv items)
{
	struct hf_logged one = {0};
	int64_t number = 0;

	while (hf_items_next(&items, &one)) {
		bool there = false;

		if (one.type != hf_patient_type() || number++ < c->mark.done)
			continue;
		if (c->n == c->most)
			return false;
		for (size_t i = 0; i < c->n && !there; i++)
			there = c->rids[i] == one.rid;
		if (!there)
			c->rids[c->n++] = one.rid;
		c->mark.done = number;
	}
	return true;
}

/* Reads the log until there are most Patients. */
static enum hf_rc
read_log(struct catch_up *c)
{
	int64_t n = COMMITS, seen = 0;
	bool room = true;

	while (n == COMMITS && room && seen < COMMITS_MOST) {
		struct hf_rows rows;
		enum hf_rc rc = hf_db_query(
		    c->reader->db, HF_Q_RECORD_COPY_CHANGE,
		    HF_ARGS(HF_INT(c->mark.change), HF_INT(COMMITS)), &rows, c->err);

		if (rc != HF_OK)
			return rc;
		for (n = 0; room && hf_rows_next(&rows); n++) {
			room = take_items(
			    c, hf_rows_blob(&rows, HF_C_RECORD_COPY_CHANGE_ITEMS));
			if (!room)
				break;
			c->mark.change =
			    hf_rows_int(&rows, HF_C_RECORD_COPY_CHANGE_CHANGE);
			c->mark.done = 0;
		}
		seen += n;
		rc = hf_rows_end(&rows, c->err);
		if (rc != HF_OK)
			return rc;
	}
	c->behind = !room || n == COMMITS;
	return HF_OK;
}

/* The one person that everybody the matcher is sure of is, and no other is as likely:
 * else nobody is linked unasked. */
static bool
is_sole(struct catch_up *c, const struct hf_match_found *found, int64_t self,
	enum hf_rc *rc)
{
	int64_t *shelves = NULL;
	size_t n = 0, inside = 0;

	for (size_t i = 0; i < found->n; i++) {
		int64_t shelf = HF_RID_SHELF(found->hits[i].v.e.rid);

		if (shelf == self)
			continue;
		if (!shelves) {
			if (found->hits[i].r.answer != HF_MATCH_LINK)
				return false;
			*rc = hf_store_person(c->reader, shelf, &c->arena, &shelves, &n,
					      c->err);
			if (*rc != HF_OK)
				return false;
		}
		if (!hf_link_has(shelves, n, shelf))
			return false;
		inside++;
	}
	/* Records of that person that are not even alike speak against it. */
	return shelves && inside == n - (hf_link_has(shelves, n, self) ? 1 : 0) &&
	       !found->beyond;
}

static const struct hf_match_hit *
hit_of(const struct hf_match_found *found, int64_t shelf)
{
	for (size_t i = 0; i < found->n; i++)
		if (HF_RID_SHELF(found->hits[i].v.e.rid) == shelf)
			return &found->hits[i];
	return NULL;
}

/* Links that the matcher made and would not make now. */
static enum hf_rc
undo_links(struct catch_up *c, int64_t self)
{
	struct hf_edge *edges;
	size_t n;
	enum hf_rc rc =
	    hf_link_read(c->reader->db, self, &c->arena, &edges, &n, c->err);

	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		struct hf_match_result r;
		struct hf_link link;

		if (!edges[i].linked || edges[i].kind != HF_LINK_MATCH)
			continue;
		rc = hf_match_two(c->reader, HF_RID_MIN(self),
				  HF_RID_MIN(edges[i].other), &c->arena, &r, c->err);
		if (rc == HF_NOT_FOUND || rc == HF_GONE) {
			rc = HF_OK;
			continue;
		}
		if (rc != HF_OK || r.answer == HF_MATCH_LINK)
			continue;
		link = hf_identity_fact(&r, self, edges[i].other, false, &c->arena);
		link.op = HF_LINK_END;
		link.why = HF_SV("what the matcher linked it for was changed");
		rc = hf_facts_add(&c->facts, &link, c->err);
		link.op = HF_LINK_REVIEW;
		if (rc == HF_OK)
			rc = hf_facts_add(&c->facts, &link, c->err);
	}
	return rc;
}

/* Pairs that the matcher put up and has no doubt about now. */
static enum hf_rc
drop_gone(struct catch_up *c, int64_t self, const struct hf_match_found *found)
{
	int64_t others[64];
	size_t n = 0;
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(c->reader->db, HF_Q_RECORD_REVIEW_OF,
				    HF_ARGS(HF_INT(self)), &rows, c->err);

	if (rc != HF_OK)
		return rc;
	while (n < HF_COUNT(others) && hf_rows_next(&rows))
		others[n++] = hf_rows_int(&rows, 0);
	rc = hf_rows_end(&rows, c->err);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		struct hf_link gone = {
		    .op = HF_LINK_GONE,
		    .kind = HF_LINK_MATCH,
		    .shelf = self,
		    .other = others[i],
		    .why = HF_SV("the matcher has no doubt about them any more"),
		};

		if (!hit_of(found, others[i]) && !found->beyond)
			rc = hf_facts_add(&c->facts, &gone, c->err);
	}
	return rc;
}

static enum hf_rc
take_hits(struct catch_up *c, int64_t self, const struct hf_match_found *found)
{
	enum hf_rc rc = HF_OK;
	bool sole = c->policy.link && is_sole(c, found, self, &rc);

	for (size_t i = 0; rc == HF_OK && i < found->n; i++) {
		const struct hf_match_hit *hit = &found->hits[i];
		int64_t other = HF_RID_SHELF(hit->v.e.rid);
		struct hf_link link;

		if (other == self)
			continue;
		link = hf_identity_fact(&hit->r, self, other, sole, &c->arena);
		c->report.sure += hit->r.answer == HF_MATCH_LINK;
		c->report.unsure += hit->r.answer == HF_MATCH_REVIEW;
		rc = hf_facts_add(&c->facts, &link, c->err);
	}
	return rc;
}

static enum hf_rc
look_at(struct catch_up *c, hf_rid rid)
{
	struct hf_match_found found = {0};
	int64_t self = HF_RID_SHELF(rid);
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc;

	hf_arena_reset(&c->arena);
	rc = hf_store_read_rid(c->reader, rid, 0, &c->arena, &v, c->err);
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, &c->arena, &doc, c->err);
	if (rc == HF_OK)
		rc = hf_match_find(c->reader, &doc, 0, HF_MATCH_CANDIDATES, &c->arena,
				   &found, c->err);
	if (rc == HF_RULE) /* too little to find anybody by */
		return HF_OK;
	c->report.people++;
	if (rc == HF_OK)
		rc = undo_links(c, self);
	if (rc == HF_OK)
		rc = drop_gone(c, self, &found);
	return rc == HF_OK ? take_hits(c, self, &found) : rc;
}

enum hf_rc
hf_identity_catch_up(struct hf_store *store, struct hf_reader *reader, size_t most,
		     const struct hf_link_by *by, struct hf_identity_mark *mark,
		     bool *behind, struct hf_identity_report *out, struct hf_err *err)
{
	struct catch_up c = {
	    .store = store,
	    .reader = reader,
	    .most = most,
	    .mark = *mark,
	    .arena = {.cap = 256 << 20},
	    .err = err,
	};
	enum hf_rc rc = HF_OK;

	c.facts = (struct hf_facts_out){.store = store,
					.by = by,
					.arena = {.cap = 64 << 20},
					.mark = -1,
					.report = &c.report};
	c.rids = malloc(most * sizeof *c.rids);
	if (!c.rids)
		return hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
	if (mark->change < 0)
		rc = read_mark(&c);
	if (rc == HF_OK)
		rc = hf_match_policy_read(reader, &c.policy, err);
	if (rc == HF_OK)
		rc = read_log(&c);
	for (size_t i = 0; rc == HF_OK && i < c.n; i++)
		rc = look_at(&c, c.rids[i]);
	c.mark.looked = mark->looked + c.n;
	if (rc == HF_OK && (c.facts.n > 0 || c.mark.looked >= KEEP_AFTER)) {
		c.facts.mark = c.mark.change;
		c.mark.looked = 0;
		rc = hf_facts_flush(&c.facts, err);
	}
	if (rc == HF_OK) {
		*mark = c.mark;
		*behind = c.behind;
		*out = c.report;
	}
	free(c.rids);
	hf_facts_free(&c.facts);
	hf_arena_free(&c.arena);
	return rc;
}

/* ---- the thread ---- */

struct hf_identity_watch {
	struct hf_store *store;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

/* Waits; true when it is time to end. */
static bool
pause_for(struct hf_identity_watch *w, long ms)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&w->lock);
	while (!w->stop && pthread_cond_timedwait(&w->wake, &w->lock, &until) == 0)
		;
	stop = w->stop;
	pthread_mutex_unlock(&w->lock);
	return stop;
}

static enum hf_rc
catch_up_once(struct hf_identity_watch *w, struct hf_identity_mark *mark, bool *behind,
	      struct hf_err *err)
{
	const struct hf_link_by by = {.actor = HF_SV("homefirst"),
				      .purpose = HF_SV("homefirst"),
				      .reason = HF_SV("matching what came in")};
	struct hf_identity_report report;
	struct hf_match_policy policy;
	struct hf_reader *reader;
	enum hf_rc rc = hf_reader_get(w->store, &reader, err);

	if (rc != HF_OK)
		return rc;
	*behind = false;
	rc = hf_match_policy_read(reader, &policy, err);
	if (rc == HF_OK)
		rc = hf_review_wake(w->store, reader, hf_now(), &by, err);
	if (rc == HF_OK && policy.rate)
		rc = hf_identity_catch_up(w->store, reader, policy.rate, &by, mark,
					  behind, &report, err);
	hf_reader_put(reader);
	return rc;
}

static void *
watch_loop(void *arg)
{
	enum { SECOND = 1000, AFTER_FAILURE = 60000, ROUNDS_A_LOOK = 60 };
	struct hf_identity_watch *w = arg;
	uint64_t seen = UINT64_MAX;
	struct hf_identity_mark mark = {.change = -1};
	bool behind = false;
	long wait = SECOND;

	/* Once a minute also without a change: what was put off may be due. */
	for (unsigned round = 1; !pause_for(w, wait); round++) {
		uint64_t batches = hf_store_batches(w->store);
		struct hf_err err = {0};

		wait = SECOND;
		if (batches == seen && !behind && round % ROUNDS_A_LOOK)
			continue;
		seen = batches;
		if (catch_up_once(w, &mark, &behind, &err) != HF_OK) {
			hf_log(HF_LOG_WARN, "identity", "matching waits: %s", err.text);
			wait = AFTER_FAILURE;
			seen = UINT64_MAX;
		}
	}
	return NULL;
}

struct hf_identity_watch *
hf_identity_watch_start(struct hf_store *store)
{
	struct hf_identity_watch *w = calloc(1, sizeof *w);
	pthread_condattr_t attr;

	if (!w)
		return NULL;
	w->store = store;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&w->thread, NULL, watch_loop, w) != 0) {
		pthread_cond_destroy(&w->wake);
		pthread_mutex_destroy(&w->lock);
		free(w);
		return NULL;
	}
	return w;
}

void
hf_identity_watch_stop(struct hf_identity_watch *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
