/* keyring.c - the keys of others. */
#include "server/keyring.h"

#include <pthread.h>

#include "server/fetch.h"

struct waiter {
	struct waiter *next;
	void (*then)(void *ctx, const struct hf_jwks *keys, const struct hf_err *err);
	void *ctx;
};

struct ring_set { /* shared by the ring and those who look at it */
	int refs;
	struct hf_jwks *keys;
};

struct url {
	struct hf_keyring *ring;
	char *url; /* NULL: the place is free */
	struct ring_set *set;
	hf_time got, asked;
	bool asking;
	struct waiter *waiters;
};

struct hf_keyring {
	struct hf_fetcher *fetcher;
	pthread_mutex_t lock;
	struct url urls[HF_KEYRING_URLS];
	hf_time now; /* the newest time anybody gave */
};

enum hf_rc
hf_keyring_new(struct hf_fetcher *fetcher, struct hf_keyring **out, struct hf_err *err)
{
	struct hf_keyring *r = calloc(1, sizeof *r);

	if (!r)
		return hf_fail(err, HF_FAULT, NULL, "no memory for keys");
	r->fetcher = fetcher;
	pthread_mutex_init(&r->lock, NULL);
	*out = r;
	return HF_OK;
}

/* With the lock held. */
static void
drop(struct ring_set *set)
{
	if (set && --set->refs == 0) {
		hf_jwks_free(set->keys);
		free(set);
	}
}

void
hf_keyring_free(struct hf_keyring *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < HF_KEYRING_URLS; i++) {
		assert(!r->urls[i].asking);
		drop(r->urls[i].set);
		free(r->urls[i].url);
	}
	pthread_mutex_destroy(&r->lock);
	free(r);
}

static void
tell(struct hf_keyring *r, struct ring_set *set, const struct waiter *w,
     const struct hf_err *err)
{
	w->then(w->ctx, set ? set->keys : NULL, err);
	pthread_mutex_lock(&r->lock);
	drop(set);
	pthread_mutex_unlock(&r->lock);
}

/* ---- the answer ---- */

static struct ring_set *
set_of(const struct hf_fetch_answer *answer, struct hf_err *err)
{
	struct ring_set *set = calloc(1, sizeof *set);
	enum hf_rc rc = answer->rc;

	*err = answer->err;
	if (rc == HF_OK && answer->status != 200)
		rc =
		    hf_fail(err, HF_BUSY, NULL,
			    "the address of the keys answered with %d", answer->status);
	if (rc == HF_OK && !set)
		rc = hf_fail(err, HF_FAULT, NULL, "no memory for keys");
	if (rc == HF_OK)
		rc = hf_jwks_parse(answer->body, HF_JWKS_SKIP, &set->keys, err);
	if (rc) {
		free(set);
		return NULL;
	}
	set->refs = 1;
	return set;
}

static void
on_answer(void *ctx, const struct hf_fetch_answer *answer)
{
	struct url *u = ctx;
	struct hf_keyring *r = u->ring;
	struct hf_err err;
	struct ring_set *set = set_of(answer, &err), *given;
	struct waiter *waiters;

	pthread_mutex_lock(&r->lock);
	if (set) {
		drop(u->set);
		u->set = set;
		u->got = r->now;
	}
	u->asking = false;
	waiters = u->waiters;
	u->waiters = NULL;
	given = set;
	for (struct waiter *w = waiters; w && given; w = w->next)
		given->refs++;
	pthread_mutex_unlock(&r->lock);
	while (waiters) {
		struct waiter *w = waiters;

		waiters = w->next;
		tell(r, given, w, &err);
		free(w);
	}
}

/* ---- the question ---- */

/* The place of url, made when there is none; NULL when all are taken and in use.
 * With the lock held. */
static struct url *
place_of(struct hf_keyring *r, struct hf_sv url)
{
	struct url *oldest = NULL;

	for (size_t i = 0; i < HF_KEYRING_URLS; i++) {
		struct url *u = &r->urls[i];

		if (u->url && hf_sv_eq(hf_sv_from(u->url), url))
			return u;
		if (!u->asking &&
		    (!oldest || !u->url || (oldest->url && u->asked < oldest->asked)))
			oldest = u;
	}
	if (!oldest)
		return NULL;
	free(oldest->url);
	drop(oldest->set);
	*oldest = (struct url){.ring = r, .url = strndup(url.p, url.n)};
	return oldest->url ? oldest : NULL;
}

/* Does what is kept answer, or is it too early to ask again? */
static bool
is_good(const struct url *u, struct hf_sv kid, enum hf_jws_alg alg, hf_time now)
{
	const struct hf_jwk *key;

	if (u->set && now - u->got < HF_KEYRING_MS &&
	    hf_jwks_find(u->set->keys, kid, alg, &key, NULL) == HF_OK)
		return true;
	return u->asked && now - u->asked < HF_KEYRING_AGAIN_MS;
}

/* Puts w on the list and asks when nobody has.  With the lock held; false: it cannot
 * be asked. */
static bool
await(struct hf_keyring *r, struct url *u, struct waiter *w, hf_time now,
      struct hf_err *err)
{
	struct hf_fetch_ask ask = {.url = hf_sv_from(u->url)};

	if (!u->asking) {
		if (hf_fetch(r->fetcher, &ask, on_answer, u, err) != HF_OK)
			return false;
		u->asking = true;
		u->asked = now;
	}
	w->next = u->waiters;
	u->waiters = w;
	return true;
}

void
hf_keyring_ask(struct hf_keyring *r, struct hf_sv url, struct hf_sv kid,
	       enum hf_jws_alg alg, hf_time now,
	       void (*then)(void *ctx, const struct hf_jwks *keys,
			    const struct hf_err *err),
	       void *ctx)
{
	struct waiter *w = calloc(1, sizeof *w);
	struct hf_err err = {0};
	struct ring_set *set = NULL;
	struct url *u;
	bool waits = false;

	hf_fail(&err, HF_BUSY, NULL,
		"the keys cannot be had now; try again in a "
		"minute");
	if (!w) {
		then(ctx, NULL, &err);
		return;
	}
	*w = (struct waiter){.then = then, .ctx = ctx};
	pthread_mutex_lock(&r->lock);
	if (now > r->now)
		r->now = now;
	u = place_of(r, url);
	if (u && !u->asking && is_good(u, kid, alg, now)) {
		set = u->set;
		if (set)
			set->refs++;
	} else if (u) {
		waits = await(r, u, w, now, &err);
	}
	pthread_mutex_unlock(&r->lock);
	if (waits)
		return;
	tell(r, set, w, &err);
	free(w);
}
