/* live.c - see live.h.  One thread reads; who holds columns only counts. */
#include "population/io/live.h"

#include <stdlib.h>

#include "base/io/clock.h"
#include "population/io/load_int.h"
#include "population/io/ref_kept.h"

enum {
	LOOK_MS = 200, /* between two looks at the store */
	TEXTS_CAP = 64 << 20,
	/* Columns of more bytes are in memory twice at most, while somebody holds the
	 * older: what is committed waits so long for that. */
	MANY_BYTES = 256 << 20,
	CROWD_MS = 60000
};

struct shot {
	struct hf_pop_columns c; /* first: what is handed out */
	struct hf_arena texts;
	int held; /* under live->lock; 1 of them is that it is the newest */
};

struct hf_pop_live {
	struct hf_store *store;
	struct hf_pop_loader *loader; /* of the thread */
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop, follows, loading;
	pthread_t thread;
	struct shot *now;
	int shots; /* that are not freed, now among them */
	uint64_t version;
	struct hf_pop_live_state state; /* what does not stand in loader or now */
	struct hf_pop_loader *shown;	/* whose counts are shown; under lock */
};

static int64_t
now_ms(void)
{
	return (int64_t)(hf_mono_ns() / 1000000);
}

/* ---- one snapshot ---- */

static void
shot_free(struct shot *s)
{
	hf_pop_columns_clear(&s->c);
	hf_arena_free(&s->texts);
	free(s);
}

static struct shot *
shot_new(void)
{
	struct shot *s = calloc(1, sizeof(*s));

	if (s)
		hf_arena_init(&s->texts, TEXTS_CAP);
	return s;
}

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "not enough memory for the population");
}

static enum hf_rc
take_dictionaries(struct shot *s, const struct hf_pop_names *names, struct hf_err *err)
{
	for (int k = 0; k < HF_POP_KINDS; k++) {
		size_t n = hf_pop_names_codes(names, (enum hf_pop_kind)k);
		struct hf_pop_dictionary *d = &s->c.dict[k];

		d->text = calloc(n, sizeof(*d->text));
		if (!d->text)
			return no_memory(err);
		d->n = n;
		for (size_t i = 1; i < n; i++) {
			d->text[i] = hf_arena_sv(
			    &s->texts,
			    hf_pop_names_text(names, (enum hf_pop_kind)k, i));
			if (!d->text[i].p)
				return no_memory(err);
		}
	}
	return HF_OK;
}

/* Names and members, then everybody may have it. */
static enum hf_rc
publish(struct hf_pop_live *live, struct shot *s, struct hf_err *err)
{
	struct hf_reader *r = NULL;
	struct shot *old;
	enum hf_rc rc = take_dictionaries(s, live->loader->names, err);

	if (rc == HF_OK)
		rc = hf_reader_get(live->store, &r, err);
	if (rc == HF_OK)
		rc = hf_pop_members(r, &s->c, &s->texts, err);
	if (rc == HF_OK)
		rc = hf_ref_deprive(r, &s->c, err);
	if (r)
		hf_reader_put(r);
	if (rc != HF_OK)
		return rc;
	s->held = 1;
	pthread_mutex_lock(&live->lock);
	live->shots++;
	s->c.version = ++live->version;
	old = live->now;
	live->now = s;
	if (old && --old->held)
		old = NULL;
	live->shots -= old != NULL;
	pthread_mutex_unlock(&live->lock);
	if (old)
		shot_free(old);
	return HF_OK;
}

const struct hf_pop_columns *
hf_pop_hold(struct hf_pop_live *live)
{
	const struct hf_pop_columns *c = NULL;

	pthread_mutex_lock(&live->lock);
	if (live->now) {
		live->now->held++;
		c = &live->now->c;
	}
	pthread_mutex_unlock(&live->lock);
	return c;
}

void
hf_pop_release(struct hf_pop_live *live, const struct hf_pop_columns *c)
{
	struct shot *s = (struct shot *)(uintptr_t)c;

	if (!c)
		return;
	pthread_mutex_lock(&live->lock);
	if (--s->held)
		s = NULL;
	live->shots -= s != NULL;
	pthread_mutex_unlock(&live->lock);
	if (s)
		shot_free(s);
}

/* ---- all anew ---- */

static enum hf_rc
load(struct hf_pop_live *live, struct hf_err *err)
{
	struct hf_pop_loader *l = hf_pop_loader_new(live->store), *old;
	struct shot *s = shot_new();
	int64_t began = now_ms();
	enum hf_rc rc = l && s ? HF_OK : no_memory(err);

	if (rc == HF_OK) {
		pthread_mutex_lock(&live->lock);
		live->shown = l;
		live->loading = true;
		pthread_mutex_unlock(&live->lock);
		rc = hf_pop_load_all(l, &s->c, err);
	}
	old = live->loader;
	if (rc == HF_OK) {
		live->loader = l;
		rc = publish(live, s, err);
	}
	pthread_mutex_lock(&live->lock);
	live->loading = false;
	live->state.load_ms = now_ms() - began;
	if (rc == HF_OK)
		l = old;
	else
		live->loader = old;
	live->shown = live->loader;
	pthread_mutex_unlock(&live->lock);
	hf_pop_loader_free(l);
	if (rc != HF_OK && s)
		shot_free(s);
	return rc;
}

/* ---- what changed ---- */

static enum hf_rc
merge(struct hf_pop_live *live, const struct hf_pop_columns *old,
      const struct hf_pop_delta *d, struct hf_err *err)
{
	struct shot *s = shot_new();
	enum hf_rc rc = s ? hf_pop_merge(old, d, &s->c, err) : no_memory(err);

	if (rc == HF_OK)
		rc = publish(live, s, err);
	if (rc != HF_OK && s)
		shot_free(s);
	return rc;
}

/* Takes in what was committed since. */
static enum hf_rc
catch_up(struct hf_pop_live *live, struct hf_pop_news *news, struct hf_err *err)
{
	const struct hf_pop_columns *old = hf_pop_hold(live);
	struct hf_pop_delta d = {0};
	struct hf_reader *r = NULL;
	int64_t began = now_ms();
	enum hf_rc rc = hf_reader_get(live->store, &r, err);

	if (rc == HF_OK)
		rc = hf_reader_begin(r, err);
	if (rc == HF_OK)
		rc = hf_pop_catch_up(live->loader, old, r, &d, news, err);
	if (r) {
		hf_reader_end(r);
		hf_reader_put(r);
	}
	if (rc == HF_OK && !news->again && news->any) {
		rc = merge(live, old, &d, err);
		pthread_mutex_lock(&live->lock);
		live->state.merge_ms = now_ms() - began;
		pthread_mutex_unlock(&live->lock);
	}
	hf_pop_delta_free(&d);
	hf_pop_release(live, old);
	return rc;
}

/* ---- the thread ---- */

static void
note(struct hf_pop_live *live, enum hf_rc rc, const struct hf_err *err)
{
	pthread_mutex_lock(&live->lock);
	snprintf(live->state.failed, sizeof(live->state.failed), "%s",
		 rc == HF_OK ? "" : err->text);
	pthread_mutex_unlock(&live->lock);
}

/* Sleeps; false when it is time to stop. */
static bool
rest(struct hf_pop_live *live, int64_t ms)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += (ms % 1000) * 1000000;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&live->lock);
	if (!live->stop)
		pthread_cond_timedwait(&live->wake, &live->lock, &until);
	stop = live->stop;
	pthread_mutex_unlock(&live->lock);
	return !stop;
}

static bool
is_crowded(struct hf_pop_live *live, int64_t since)
{
	bool crowded;

	pthread_mutex_lock(&live->lock);
	crowded = live->shots > 1 && hf_pop_columns_bytes(&live->now->c) > MANY_BYTES;
	pthread_mutex_unlock(&live->lock);
	return crowded && now_ms() - since < CROWD_MS;
}

static void *
follow(void *ctx)
{
	struct hf_pop_live *live = ctx;
	uint64_t seen = 0;
	int64_t took = 0; /* when something was taken in last */
	bool anew = true;
	struct hf_pop_news news = {0};

	do {
		uint64_t batches = hf_store_batches(live->store);
		struct hf_err err = {0};
		enum hf_rc rc = HF_OK;

		if (!anew && !news.more && batches == seen)
			continue;
		if (is_crowded(live, took))
			continue;
		news = (struct hf_pop_news){0};
		if (!anew)
			rc = catch_up(live, &news, &err);
		anew |= news.again;
		/* After a failure nothing is sure of what was taken in. */
		if (rc == HF_OK && anew)
			rc = load(live, &err);
		anew = rc != HF_OK;
		took = now_ms();
		seen = batches;
		note(live, rc, &err);
	} while (rest(live, anew ? 10 * LOOK_MS : news.more ? 0 : LOOK_MS));
	return NULL;
}

enum hf_rc
hf_pop_live_open(struct hf_store *store, bool follow_it, struct hf_pop_live **out,
		 struct hf_err *err)
{
	struct hf_pop_live *live = calloc(1, sizeof(*live));
	enum hf_rc rc = HF_OK;

	if (!live)
		return no_memory(err);
	live->store = store;
	live->follows = follow_it;
	live->loading = true;
	pthread_mutex_init(&live->lock, NULL);
	pthread_cond_init(&live->wake, NULL);
	if (!follow_it)
		rc = load(live, err);
	else if (pthread_create(&live->thread, NULL, follow, live) != 0) {
		live->follows = false;
		rc = hf_fail(err, HF_BUSY, NULL, "no thread could be started");
	}
	if (rc != HF_OK) {
		hf_pop_live_close(live);
		return rc;
	}
	*out = live;
	return HF_OK;
}

void
hf_pop_live_close(struct hf_pop_live *live)
{
	if (!live)
		return;
	pthread_mutex_lock(&live->lock);
	live->stop = true;
	pthread_cond_broadcast(&live->wake);
	pthread_mutex_unlock(&live->lock);
	if (live->follows)
		pthread_join(live->thread, NULL);
	if (live->now) {
		assert(live->now->held == 1);
		shot_free(live->now);
	}
	hf_pop_loader_free(live->loader);
	pthread_cond_destroy(&live->wake);
	pthread_mutex_destroy(&live->lock);
	free(live);
}

void
hf_pop_live_state(struct hf_pop_live *live, struct hf_pop_live_state *out)
{
	pthread_mutex_lock(&live->lock);
	*out = live->state;
	out->loading = live->loading;
	if (live->shown) {
		out->rows = atomic_load(&live->shown->rows);
		out->rows_of = atomic_load(&live->shown->rows_of);
		out->duplicates = atomic_load(&live->shown->duplicates);
		out->replaced = atomic_load(&live->shown->replaced);
	}
	if (live->now) {
		out->version = live->now->c.version;
		out->persons = live->now->c.n_persons;
		out->events = live->now->c.n_events;
		out->bytes = hf_pop_columns_bytes(&live->now->c);
	}
	pthread_mutex_unlock(&live->lock);
}
