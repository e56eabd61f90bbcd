/* hub_live.c - tells boards what has moved. */
#include "server/hub_live.h"

#include <pthread.h>

#include "base/io/clock.h"
#include "base/io/log.h"
#include "record/io/rights.h"
#include "record/io/viewer.h"
#include "server/serve.h"

enum {
	AUDIENCES = 64, /* organisations and groups that look */
	FEEDS = 512,
	QUEUE = 20000 /* rows that wait; beyond it everybody loads again */
};

/* Who sees the same: their rights are those of this actor. */
struct audience {
	struct hf_actor actor;
	char id[80], org[32], who[100], role[64], team[100];
	bool everything;
};

struct live_feed {
	struct hf_feed *feed;
	uint32_t audience;
	enum hf_hub_view view;
	char team[80];
};

struct news {
	struct hf_arena arena;
	struct hf_hub_row row;
	struct news *next;
};

struct hf_hub_live {
	struct hf_server *server;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	pthread_t thread;
	bool stop, started;
	struct news *first, *last;
	size_t n_news;
	bool lost;
	struct audience audiences[AUDIENCES];
	uint32_t n_audiences;
	struct live_feed feeds[FEEDS];
	size_t n_feeds;
};

/* ---- what has moved ---- */

void
hf_hub_live_changed(void *ctx, const struct hf_hub_row *row, bool was_open)
{
	struct hf_hub_live *l = ctx;
	struct news *n;

	(void)was_open;
	pthread_mutex_lock(&l->lock);
	if (l->n_feeds == 0) {
		pthread_mutex_unlock(&l->lock);
		return; /* nobody looks */
	}
	n = l->n_news < QUEUE ? calloc(1, sizeof *n) : NULL;
	if (n)
		n->arena.cap = 1 << 20;
	if (!n || !hf_row_copy(row, &n->arena, &n->row)) {
		if (n)
			hf_arena_free(&n->arena);
		free(n);
		l->lost = true;
	} else {
		if (l->last)
			l->last->next = n;
		else
			l->first = n;
		l->last = n;
		l->n_news++;
	}
	pthread_cond_signal(&l->cond);
	pthread_mutex_unlock(&l->lock);
}

/* ---- who looks ---- */

static void
keep(char *to, size_t size, struct hf_sv text, struct hf_sv *view)
{
	size_t n = text.n < size - 1 ? text.n : size - 1;

	memcpy(to, text.p ? text.p : "", n);
	to[n] = '\0';
	*view = (struct hf_sv){to, n};
}

/* What decides for a group is the same for all of it: no practitioner, no session. */
static int
audience_of(struct hf_hub_live *l, const struct hf_actor *actor)
{
	struct audience *a;

	for (uint32_t i = 0; i < l->n_audiences; i++) {
		const struct hf_actor *o = &l->audiences[i].actor;

		if (o->kind == actor->kind && o->group == actor->group &&
		    o->facts == actor->facts && o->why == actor->why &&
		    hf_sv_eq(o->org, actor->org) && hf_sv_eq(o->role, actor->role))
			return (int)i;
	}
	if (l->n_audiences == AUDIENCES)
		return -1;
	a = &l->audiences[l->n_audiences];
	a->actor = (struct hf_actor){.kind = actor->kind,
				     .purpose = HF_SV("DIRECT"),
				     .group = actor->group,
				     .why = actor->why,
				     .facts = actor->facts};
	keep(a->id, sizeof a->id, HF_SV("homefirst"), &a->actor.id);
	keep(a->org, sizeof a->org, actor->org, &a->actor.org);
	keep(a->role, sizeof a->role, actor->role, &a->actor.role);
	a->everything = actor->kind == HF_ACTOR_TRIAL;
	return (int)l->n_audiences++;
}

struct hf_feed *
hf_hub_live_feed(struct hf_hub_live *l, const struct hf_actor *actor,
		 enum hf_hub_view view, struct hf_sv team)
{
	uint64_t seq = hf_hub_seq(l->server->hub);
	struct hf_feed *feed = NULL;
	int who;

	pthread_mutex_lock(&l->lock);
	who = audience_of(l, actor);
	for (size_t i = 0; who >= 0 && i < l->n_feeds && !feed; i++)
		if (l->feeds[i].audience == (uint32_t)who && l->feeds[i].view == view &&
		    hf_sv_eq(team, hf_sv_from(l->feeds[i].team)))
			feed = l->feeds[i].feed;
	if (!feed && who >= 0 && l->n_feeds < FEEDS &&
	    team.n < sizeof l->feeds[0].team) {
		struct live_feed *f = &l->feeds[l->n_feeds];
		struct hf_sv view_of_team;

		f->feed = feed = hf_feed_new(0, (int64_t)seq);
		f->audience = (uint32_t)who;
		f->view = view;
		keep(f->team, sizeof f->team, team, &view_of_team);
		l->n_feeds += feed != NULL;
	}
	pthread_mutex_unlock(&l->lock);
	return feed;
}

/* ---- telling ---- */

/* May this audience see the Task?  As a read of it would be. */
static bool
sees(struct hf_hub_live *l, struct hf_reader *reader, const struct audience *a,
     const struct hf_hub_row *row, const struct hf_rights *rights)
{
	struct hf_seen seen = {0};
	struct hf_viewer viewer = {.actor = &a->actor,
				   .policy = &l->server->policy,
				   .rights = rights,
				   .activity = HF_ACT_READ,
				   .audit_works = true,
				   .now = hf_now(),
				   .seen = &seen};
	struct hf_entry entry;
	enum hf_rc rc;

	if (a->everything)
		return true;
	if (!hf_hub_is_of(row, a->actor.org))
		return false;
	hf_reader_as(reader, &viewer);
	rc = hf_store_find(reader, hf_resource_find(HF_SV("Task")), row->id, &entry,
			   NULL);
	hf_reader_as(reader, NULL);
	return rc == HF_OK;
}

static void
tell_gone(struct hf_feed *feed, const struct hf_hub_row *row)
{
	struct hf_buf b = {.cap = 4096};
	struct hf_jw w = {.out = &b};

	hf_jw_obj(&w);
	hf_jw_field(&w, "id", row->id);
	hf_jw_obj_end(&w);
	hf_feed_publish(feed, "gone", hf_buf_view(&b), (int64_t)row->seq);
	hf_buf_free(&b);
}

static void
tell(struct hf_hub_live *l, struct hf_reader *reader, const struct hf_hub_row *row,
     const struct hf_rights *rights)
{
	const struct hf_pathway *p = hf_hub_pathway(l->server->hub);
	struct hf_buf b = {.cap = 1 << 20};
	struct hf_jw w = {.out = &b};
	signed char seen[AUDIENCES] = {0}; /* 0: not asked, 1 yes, -1 no */
	size_t n;

	hf_hub_json_row(&w, p, row, hf_now());
	pthread_mutex_lock(&l->lock);
	n = l->n_feeds;
	pthread_mutex_unlock(&l->lock);
	for (size_t i = 0; i < n; i++) { /* those that are there stay */
		struct live_feed *f = &l->feeds[i];
		signed char *yes = &seen[f->audience];

		if (hf_feed_followers(f->feed) == 0) {
			/* Nobody follows: whoever comes back has to load again. */
			hf_feed_again(f->feed, (int64_t)row->seq);
			continue;
		}
		if (!hf_hub_view_has(p, f->view, hf_sv_from(f->team), row)) {
			/* To whom it was never shown there is nothing to tell. */
			if (l->audiences[f->audience].everything ||
			    hf_hub_is_of(row, l->audiences[f->audience].actor.org))
				tell_gone(f->feed, row);
			continue;
		}
		if (*yes == 0)
			*yes = sees(l, reader, &l->audiences[f->audience], row, rights)
				   ? 1
				   : -1;
		if (*yes > 0)
			hf_feed_publish(f->feed, "row", hf_buf_view(&b),
					(int64_t)row->seq);
	}
	hf_buf_free(&b);
}

static void
tell_all(struct hf_hub_live *l, struct hf_reader *reader, struct news *list)
{
	const struct hf_rights *rights = NULL;
	bool known = hf_store_rights_get(l->server->store, &rights, NULL) == HF_OK;

	while (list) {
		struct news *next = list->next;

		/* Without knowing what is agreed nobody is shown anything. */
		if (known)
			tell(l, reader, &list->row, rights);
		hf_arena_free(&list->arena);
		free(list);
		list = next;
	}
	if (known)
		hf_rights_drop(rights);
}

static void
tell_again(struct hf_hub_live *l)
{
	uint64_t seq = hf_hub_seq(l->server->hub);
	size_t n;

	pthread_mutex_lock(&l->lock);
	n = l->n_feeds;
	pthread_mutex_unlock(&l->lock);
	for (size_t i = 0; i < n; i++)
		hf_feed_again(l->feeds[i].feed, (int64_t)seq);
}

static void *
run(void *arg)
{
	struct hf_hub_live *l = arg;
	struct hf_reader *reader = NULL;
	struct hf_err err;

	if (hf_reader_get(l->server->store, &reader, &err) != HF_OK) {
		hf_log(HF_LOG_ERROR, "hub", "boards are not live: %s", err.text);
		return NULL;
	}
	for (;;) {
		struct news *list;
		bool lost;

		pthread_mutex_lock(&l->lock);
		while (!l->stop && !l->first && !l->lost)
			pthread_cond_wait(&l->cond, &l->lock);
		list = l->first;
		lost = l->lost;
		l->first = l->last = NULL;
		l->n_news = 0;
		l->lost = false;
		if (l->stop && !list) {
			pthread_mutex_unlock(&l->lock);
			break;
		}
		pthread_mutex_unlock(&l->lock);
		tell_all(l, reader, list);
		if (lost)
			tell_again(l);
	}
	hf_reader_put(reader);
	return NULL;
}

struct hf_hub_live *
hf_hub_live_new(struct hf_server *server)
{
	struct hf_hub_live *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->server = server;
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->cond, NULL);
	l->started = pthread_create(&l->thread, NULL, run, l) == 0;
	if (!l->started) {
		hf_hub_live_free(l);
		return NULL;
	}
	return l;
}

void
hf_hub_live_end(struct hf_hub_live *l)
{
	if (!l)
		return;
	pthread_mutex_lock(&l->lock);
	l->stop = true;
	pthread_cond_signal(&l->cond);
	pthread_mutex_unlock(&l->lock);
	if (l->started)
		pthread_join(l->thread, NULL);
	l->started = false;
	for (size_t i = 0; i < l->n_feeds; i++)
		hf_feed_end(l->feeds[i].feed);
}

void
hf_hub_live_free(struct hf_hub_live *l)
{
	if (!l)
		return;
	hf_hub_live_end(l);
	for (size_t i = 0; i < l->n_feeds; i++)
		hf_feed_free(l->feeds[i].feed);
	pthread_mutex_destroy(&l->lock);
	pthread_cond_destroy(&l->cond);
	free(l);
}
