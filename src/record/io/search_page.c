/* search_page.c - the lists that later pages go by, kept in memory for minutes.
 *
 * One table for the process, behind one mutex.  A list belongs to a store, a user
 * and a query; the least used go when count or memory reach their bound. */
#include "record/io/search_int.h"
#include "base/io/clock.h"

#include <pthread.h>
#include <sys/random.h>

enum { BUCKETS = 1 << 16, MAX_KEPT = 50000 };
static const size_t MAX_BYTES = (size_t)64 << 20;
static const uint64_t LIFE_NS = 5ull * 60 * 1000000000;

struct kept {
	struct kept *next;	    /* in the bucket */
	struct kept *older, *newer; /* by last use */
	uint64_t id, expires_ns;
	const struct hf_store *store;
	size_t bytes;
	char *user, *self;
	size_t user_n, self_n;
	struct hf_page page; /* its arrays are malloc'd */
};

static struct {
	pthread_mutex_t mutex;
	struct kept *buckets[BUCKETS];
	struct kept *oldest, *newest;
	size_t n, bytes;
} table = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void *
copy(const void *p, size_t n)
{
	void *to = malloc(n ? n : 1);

	if (to && n)
		memcpy(to, p, n);
	return to;
}

static void
kept_free(struct kept *k)
{
	if (!k)
		return;
	free(k->user);
	free(k->self);
	free(k->page.cands.items);
	free(k->page.cands.walk.ranges);
	free(k->page.cands.walk.longs);
	free(k->page.starts);
	free(k);
}

/* NULL when memory is short. */
static struct kept *
kept_new(const struct hf_store *store, const struct hf_search *s, struct hf_sv user,
	 const struct hf_page *page)
{
	struct kept *k = calloc(1, sizeof *k);
	const struct hf_walk *w = &page->cands.walk;
	struct hf_page *p;

	if (!k)
		return NULL;
	p = &k->page;
	*p = *page;
	k->store = store;
	k->user = copy(user.p, user.n);
	k->user_n = user.n;
	k->self = copy(s->self.p, s->self.n);
	k->self_n = s->self.n;
	p->cands.size = p->cands.n;
	p->cands.items = copy(page->cands.items, p->cands.n * sizeof *p->cands.items);
	p->cands.walk.ranges = copy(w->ranges, w->n_ranges * sizeof *w->ranges);
	p->cands.walk.longs = copy(w->longs, w->n_longs * sizeof *w->longs);
	p->starts = copy(page->starts, page->n_starts * sizeof *p->starts);
	k->bytes = sizeof *k + user.n + s->self.n +
		   p->cands.n * sizeof *p->cands.items +
		   w->n_ranges * sizeof *w->ranges + w->n_longs * sizeof *w->longs +
		   p->n_starts * sizeof *p->starts;
	if (!k->user || !k->self || !p->cands.items || !p->cands.walk.ranges ||
	    !p->cands.walk.longs || !p->starts) {
		kept_free(k);
		return NULL;
	}
	return k;
}

/* ---- the table; the caller holds the mutex ---- */

static struct kept **
find_slot(uint64_t id)
{
	struct kept **at = &table.buckets[id % BUCKETS];

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

static void
unlink_use(struct kept *k)
{
	*(k->older ? &k->older->newer : &table.oldest) = k->newer;
	*(k->newer ? &k->newer->older : &table.newest) = k->older;
}

static void
link_newest(struct kept *k)
{
	k->newer = NULL;
	k->older = table.newest;
	*(table.newest ? &table.newest->newer : &table.oldest) = k;
	table.newest = k;
	k->expires_ns = hf_mono_ns() + LIFE_NS;
}

static void
drop(struct kept *k)
{
	*find_slot(k->id) = k->next;
	unlink_use(k);
	table.n--;
	table.bytes -= k->bytes;
	kept_free(k);
}

static void
make_room(size_t bytes)
{
	uint64_t now = hf_mono_ns();

	while (table.oldest &&
	       (table.n >= MAX_KEPT || table.bytes + bytes > MAX_BYTES ||
		table.oldest->expires_ns < now))
		drop(table.oldest);
}

/* ---- the two calls ---- */

static bool
new_id(uint64_t *id)
{
	do {
		if (getrandom(id, sizeof *id, 0) != (ssize_t)sizeof *id)
			return false;
	} while (*id == 0 || *find_slot(*id));
	return true;
}

enum hf_rc
hf_page_keep(struct hf_store *store, const struct hf_search *s, struct hf_sv user,
	     struct hf_page *page, struct hf_err *err)
{
	struct kept *k = kept_new(store, s, user, page);
	bool ok = k != NULL;

	pthread_mutex_lock(&table.mutex);
	if (ok && page->id == 0)
		ok = new_id(&page->id);
	if (ok) {
		struct kept *before = *find_slot(page->id);

		if (before)
			drop(before);
		make_room(k->bytes);
		k->id = k->page.id = page->id;
		k->next = table.buckets[k->id % BUCKETS];
		table.buckets[k->id % BUCKETS] = k;
		link_newest(k);
		table.n++;
		table.bytes += k->bytes;
	}
	pthread_mutex_unlock(&table.mutex);
	if (ok)
		return HF_OK;
	kept_free(k);
	return hf_fail(err, HF_BUSY, NULL, "no memory for another page; try again");
}

static bool
copy_out(const struct kept *k, struct hf_arena *arena, struct hf_page *out)
{
	const struct hf_page *p = &k->page;
	const struct hf_walk *w = &p->cands.walk;

	*out = *p;
	out->cands.items =
	    hf_arena_array(arena, p->cands.n + 1, sizeof *p->cands.items);
	out->cands.walk.ranges =
	    hf_arena_array(arena, w->n_ranges + 1, sizeof *w->ranges);
	out->cands.walk.longs = hf_arena_array(arena, w->n_longs + 1, sizeof *w->longs);
	out->starts = hf_arena_array(arena, p->n_starts + 1, sizeof *p->starts);
	if (!out->cands.items || !out->cands.walk.ranges || !out->cands.walk.longs ||
	    !out->starts)
		return false;
	memcpy(out->cands.items, p->cands.items, p->cands.n * sizeof *p->cands.items);
	memcpy(out->cands.walk.ranges, w->ranges, w->n_ranges * sizeof *w->ranges);
	memcpy(out->cands.walk.longs, w->longs, w->n_longs * sizeof *w->longs);
	memcpy(out->starts, p->starts, p->n_starts * sizeof *p->starts);
	out->cands.size = p->cands.n + 1;
	return true;
}

static enum hf_rc
check(const struct kept *k, const struct hf_store *store, const struct hf_search *s,
      struct hf_sv user, struct hf_err *err)
{
	if (!k || k->expires_ns < hf_mono_ns() || k->store != store ||
	    !hf_sv_eq((struct hf_sv){k->user, k->user_n}, user))
		return hf_fail(err, HF_GONE, NULL,
			       "this page has expired: pages are kept for a few "
			       "minutes; start the search again");
	if (!hf_sv_eq((struct hf_sv){k->self, k->self_n}, s->self) ||
	    s->page_at >= k->page.n_starts)
		return hf_fail(err, HF_INVALID, NULL,
			       "_page: follow the links of a page as they stand");
	return HF_OK;
}

enum hf_rc
hf_page_find(struct hf_store *store, const struct hf_search *s, struct hf_sv user,
	     struct hf_arena *arena, struct hf_page *out, struct hf_err *err)
{
	struct hf_page page;
	struct kept *k;
	enum hf_rc rc;

	pthread_mutex_lock(&table.mutex);
	k = *find_slot(s->page_id);
	rc = check(k, store, s, user, err);
	if (rc == HF_OK && !copy_out(k, arena, &page))
		rc = hf_fail(err, HF_TOO_LONG, NULL, "the page needs too much memory");
	if (rc == HF_OK) {
		unlink_use(k);
		link_newest(k);
		*out = page;
	}
	pthread_mutex_unlock(&table.mutex);
	return rc;
}

void
hf_search_forget(const struct hf_store *store)
{
	pthread_mutex_lock(&table.mutex);
	for (struct kept *k = table.oldest, *newer; k; k = newer) {
		newer = k->newer;
		if (k->store == store)
			drop(k);
	}
	pthread_mutex_unlock(&table.mutex);
}
