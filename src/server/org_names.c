/* org_names.c - names of organisations by their codes. */
#include "server/org_names.h"

#include <pthread.h>
#include <stdatomic.h>

#include "record/io/person.h"
#include "server/serve.h"
#include "server/sign.h"

enum { ORGANISATIONS = 1000, FRESH_MS = 30000, ARENA_MAX = 64 << 20 };

struct hf_org_names {
	atomic_int refs;
	struct hf_arena arena;
	struct hf_org_line *items;
	size_t n;
	struct hf_sv place;
};

struct hf_org_cache {
	pthread_mutex_t lock; /* guards what follows */
	struct hf_org_names *now;
	hf_time at;
	bool loading;
};

struct hf_org_cache *
hf_org_cache_new(void)
{
	struct hf_org_cache *c = calloc(1, sizeof *c);

	if (c)
		pthread_mutex_init(&c->lock, NULL);
	return c;
}

static void
drop(struct hf_org_names *n)
{
	if (n && atomic_fetch_sub(&n->refs, 1) == 1) {
		hf_arena_free(&n->arena);
		free(n);
	}
}

void
hf_org_cache_free(struct hf_org_cache *c)
{
	if (!c)
		return;
	drop(c->now);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

/* With a reader of its own: names are nobody's secret. */
static enum hf_rc
load(struct hf_store *store, struct hf_org_names **out, struct hf_err *err)
{
	struct hf_org_names *n = calloc(1, sizeof *n);
	struct hf_reader *reader;
	bool more;
	enum hf_rc rc;

	if (!n)
		return hf_fail(err, HF_BUSY, NULL, "no memory now; try again");
	atomic_init(&n->refs, 1);
	n->arena.cap = ARENA_MAX;
	rc = hf_reader_get(store, &reader, err);
	if (rc == HF_OK) {
		rc = hf_place_organisations(store, reader, ORGANISATIONS, &n->arena,
					    &n->items, &n->n, &more, err);
		hf_reader_put(reader);
	}
	if (rc) {
		drop(n);
		return rc;
	}
	n->place = HF_SV("");
	for (size_t i = 0; i < n->n && n->place.n == 0; i++)
		if (hf_sv_is(n->items[i].kind, "Place partnership"))
			n->place = n->items[i].name;
	*out = n;
	return HF_OK;
}

/* What is there when it is fresh, or when somebody else reads it again just now; else
 * NULL, and the caller reads. */
static struct hf_org_names *
take_kept(struct hf_org_cache *c, hf_time now)
{
	struct hf_org_names *n = NULL;

	pthread_mutex_lock(&c->lock);
	if (c->now && (c->loading || (now - c->at < FRESH_MS && now >= c->at))) {
		n = c->now;
		atomic_fetch_add(&n->refs, 1);
	} else {
		c->loading = true;
	}
	pthread_mutex_unlock(&c->lock);
	return n;
}

static void
keep(struct hf_org_cache *c, struct hf_org_names *n, hf_time now)
{
	struct hf_org_names *old = NULL;

	pthread_mutex_lock(&c->lock);
	c->loading = false;
	if (n) {
		old = c->now;
		c->now = n;
		c->at = now;
		atomic_fetch_add(&n->refs, 1);
	}
	pthread_mutex_unlock(&c->lock);
	drop(old);
}

enum hf_rc
hf_org_names_get(struct hf_call *call, const struct hf_org_names **out,
		 struct hf_err *err)
{
	struct hf_org_cache *c = call->server->sign->orgs;
	struct hf_org_names *n = take_kept(c, call->now);
	enum hf_rc rc = HF_OK;

	if (!n) {
		rc = load(call->store, &n, err);
		keep(c, rc == HF_OK ? n : NULL, call->now);
	}
	if (rc == HF_OK)
		*out = n;
	return rc;
}

void
hf_org_names_drop(const struct hf_org_names *names)
{
	drop((struct hf_org_names *)(uintptr_t)names);
}

struct hf_sv
hf_org_names_of(const struct hf_org_names *n, struct hf_sv code)
{
	for (size_t i = 0; code.n && i < n->n; i++)
		if (hf_sv_eq(n->items[i].code, code))
			return n->items[i].name;
	return HF_SV("");
}

struct hf_sv
hf_org_place(const struct hf_org_names *n)
{
	return n->place;
}
