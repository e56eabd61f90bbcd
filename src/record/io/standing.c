/* standing.c - see standing.h.
 *
 * ticks[] holds for a hash of each shelf when it was last touched.  A standing that was
 * read as of t counts while no shelf of its person, and not everybody, was touched
 * after t. */
#include "record/io/standing.h"

#include "record/io/held.h"
#include "record/io/person_int.h"
#include "record/io/relation_int.h"
#include "record/io/store_impl.h"

enum { BUCKETS = 4096, YOUNG = 8192, TICKS = 1 << 16 };

static const size_t arena_most = (size_t)64 << 20;

struct held {
	struct hf_held base;
	int64_t as_of;
	hf_time read_at;	     /* what ended before is left out */
	struct hf_standing standing; /* its arrays and texts follow in the same block */
};

struct homes {
	atomic_int refs;
	int64_t as_of;
	struct hf_arena arena;
	struct hf_care_homes list;
};

struct hf_standings {
	struct hf_held_shard shards[HF_HELD_SHARDS];
	_Atomic int64_t tick, all;
	_Atomic int64_t ticks[TICKS];
	pthread_mutex_t lock; /* of homes */
	struct homes *homes;
};

static struct hf_held_shard *
shard_of(struct hf_standings *s, int64_t shelf)
{
	return &s->shards[hf_held_mix(shelf) % HF_HELD_SHARDS];
}

struct hf_standings *
hf_standings_new(size_t bytes)
{
	struct hf_standings *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	pthread_mutex_init(&s->lock, NULL);
	for (size_t i = 0; i < HF_HELD_SHARDS; i++) {
		if (hf_held_init(&s->shards[i], BUCKETS, bytes / HF_HELD_SHARDS, YOUNG))
			continue;
		hf_standings_free(s);
		return NULL;
	}
	return s;
}

static void
homes_drop(struct homes *h)
{
	if (!h || atomic_fetch_sub(&h->refs, 1) > 1)
		return;
	hf_arena_free(&h->arena);
	free(h);
}

void
hf_standings_free(struct hf_standings *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < HF_HELD_SHARDS; i++)
		hf_held_free(&s->shards[i]);
	homes_drop(s->homes);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

/* ---- what was touched when ---- */

int64_t
hf_standings_tick(struct hf_standings *s)
{
	return atomic_load(&s->tick);
}

void
hf_standings_touch(struct hf_standings *s, int64_t shelf)
{
	_Atomic int64_t *at = &s->ticks[hf_held_mix(shelf) / HF_HELD_SHARDS % TICKS];
	int64_t tick = atomic_fetch_add(&s->tick, 1) + 1, was = atomic_load(at);

	while (was < tick && !atomic_compare_exchange_weak(at, &was, tick))
		;
}

void
hf_standings_touch_all(struct hf_standings *s)
{
	int64_t tick = atomic_fetch_add(&s->tick, 1) + 1, was = atomic_load(&s->all);

	while (was < tick && !atomic_compare_exchange_weak(&s->all, &was, tick))
		;
}

static bool
is_fresh(struct hf_standings *s, int64_t as_of, const int64_t *shelves, size_t n)
{
	if (atomic_load(&s->all) > as_of)
		return false;
	for (size_t i = 0; i < n; i++)
		if (atomic_load(
			&s->ticks[hf_held_mix(shelves[i]) / HF_HELD_SHARDS % TICKS]) >
		    as_of)
			return false;
	return true;
}

enum { OF_PERSON = 1, OF_PLACE = 2 };
static uint8_t depends[HF_TYPES_MOST];

static void
set_up_depends(void)
{
	static const char *const of_person[] = {
	    "Patient", "ServiceRequest", "EpisodeOfCare", "Encounter",
	    "Task",    "Appointment",	 "CareTeam",	  "Consent"};
	static const char *const of_place[] = {"Organization", "PractitionerRole",
					       "HealthcareService", "Location",
					       "CareTeam"};

	for (size_t i = 0; i < HF_COUNT(of_person); i++)
		depends[hf_person_type(of_person[i])] |= OF_PERSON;
	for (size_t i = 0; i < HF_COUNT(of_place); i++)
		depends[hf_person_type(of_place[i])] |= OF_PLACE;
}

bool
hf_standing_depends(hf_type_id type, bool reserved, bool is_new, uint64_t sig)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	/* What it was before is not known here. */
	struct hf_entry e = {.type = type, .sig = is_new ? sig : UINT64_MAX};

	pthread_once(&once, set_up_depends);
	if (reserved)
		return depends[type] & OF_PLACE;
	return (depends[type] & OF_PERSON) || hf_relation_may_be_type1(&e);
}

/* ---- the care homes of the place ---- */

static enum hf_rc
homes_get(struct hf_reader *r, int64_t as_of, struct homes **out, struct hf_err *err)
{
	struct hf_standings *s = r->store->standings;
	struct homes *h, *old;
	enum hf_rc rc;

	pthread_mutex_lock(&s->lock);
	h = s->homes;
	if (h && atomic_load(&s->all) <= h->as_of && !r->store->read_only)
		atomic_fetch_add(&h->refs, 1);
	else
		h = NULL;
	pthread_mutex_unlock(&s->lock);
	*out = h;
	if (h)
		return HF_OK;
	h = calloc(1, sizeof *h);
	if (!h)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the care homes");
	h->arena.cap = arena_most;
	h->as_of = as_of;
	atomic_init(&h->refs, 2);
	rc = hf_care_homes_read(r, &h->arena, &h->list, err);
	if (rc != HF_OK) {
		atomic_store(&h->refs, 1);
		homes_drop(h);
		return rc;
	}
	pthread_mutex_lock(&s->lock);
	old = s->homes;
	s->homes = h;
	pthread_mutex_unlock(&s->lock);
	homes_drop(old);
	*out = h;
	return HF_OK;
}

/* ---- keeping ---- */

static char *
keep_text(char **at, struct hf_sv *s)
{
	char *p = *at;

	if (s->n)
		memcpy(p, s->p, s->n);
	s->p = p;
	*at += s->n;
	return p;
}

/* A relationship that ended counts no more, whatever is added to it. */
static bool
is_over(const struct hf_policy *policy, const struct hf_relation *rel, hf_time now)
{
	return hf_relation_until(policy, rel) <= now;
}

static struct held *
held_new(int64_t shelf, const int64_t *shelves, size_t n,
	 const struct hf_relations *list, const struct hf_policy *policy, hf_time now)
{
	size_t bytes = sizeof(struct held) + n * sizeof *shelves, kept = 0;
	struct hf_relation *to;
	struct held *h;
	int64_t *own;
	char *text;

	for (size_t i = 0; i < list->n; i++) {
		const struct hf_relation *rel = &list->items[i];

		if (is_over(policy, rel, now))
			continue;
		kept++;
		bytes += sizeof *rel + rel->org.n + rel->who.n;
	}
	h = malloc(bytes);
	if (!h)
		return NULL;
	to = (struct hf_relation *)(h + 1);
	own = (int64_t *)(to + kept);
	text = (char *)(own + n);
	memcpy(own, shelves, n * sizeof *own);
	*h = (struct held){.base = {.shelf = shelf, .bytes = bytes},
			   .read_at = now,
			   .standing = {.shelves = own,
					.n_shelves = n,
					.relations = to,
					.n_relations = kept,
					.objection = list->objection.n > 0,
					.type1 = list->type1.n > 0}};
	for (size_t i = 0; i < list->n; i++) {
		const struct hf_relation *rel = &list->items[i];

		if (is_over(policy, rel, now))
			continue;
		*to = (struct hf_relation){.kind = rel->kind,
					   .start = rel->start,
					   .end = rel->end,
					   .org = rel->org,
					   .who = rel->who,
					   .reason = rel->reason};
		keep_text(&text, &to->org);
		keep_text(&text, &to->who);
		to++;
	}
	return h;
}

/* True when one was held that counts, and with() was called. */
static bool
held_serves(struct hf_standings *s, int64_t shelf, hf_time now,
	    void (*with)(void *, const struct hf_standing *), void *ctx)
{
	struct hf_held_shard *sh = shard_of(s, shelf);
	struct held *h;
	bool ok;

	pthread_mutex_lock(&sh->lock);
	h = (struct held *)hf_held_find(sh, shelf);
	ok = h && h->read_at <= now &&
	     is_fresh(s, h->as_of, h->standing.shelves, h->standing.n_shelves);
	if (ok)
		with(ctx, &h->standing);
	pthread_mutex_unlock(&sh->lock);
	return ok;
}

static enum hf_rc
read_standing(struct hf_reader *r, int64_t shelf, const struct hf_policy *policy,
	      hf_time now, struct held **out, struct hf_err *err)
{
	struct hf_standings *s = r->store->standings;
	int64_t as_of = r->begun ? r->tick : hf_standings_tick(s), *shelves;
	struct hf_arena arena = {.cap = arena_most};
	struct hf_relations list = {0};
	struct homes *homes = NULL;
	size_t n = 0;
	enum hf_rc rc = hf_store_person(r, shelf, &arena, &shelves, &n, err);

	if (rc == HF_OK)
		rc = homes_get(r, as_of, &homes, err);
	if (rc == HF_OK)
		rc = hf_relations_read_shelves(r, shelves, n, &homes->list, policy, now,
					       &arena, &list, err);
	homes_drop(homes);
	if (rc == HF_OK) {
		*out = held_new(shelf, shelves, n, &list, policy, now);
		if (!*out)
			rc = hf_fail(err, HF_TOO_LONG, NULL,
				     "no memory for the relationships");
		else
			(*out)->as_of = as_of;
	}
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_standing_of(struct hf_reader *r, int64_t shelf, const struct hf_policy *policy,
	       hf_time now, void (*with)(void *, const struct hf_standing *), void *ctx,
	       struct hf_err *err)
{
	struct hf_standings *s = r->store->standings;
	const struct hf_viewer *viewer = r->viewer;
	struct hf_held_shard *sh;
	struct held *h = NULL;
	enum hf_rc rc;

	if (!r->store->read_only && held_serves(s, shelf, now, with, ctx))
		return HF_OK;
	r->viewer = NULL;
	rc = read_standing(r, shelf, policy, now, &h, err);
	r->viewer = viewer;
	if (rc != HF_OK)
		return rc;
	with(ctx, &h->standing);
	if (r->store->read_only) {
		free(h);
		return HF_OK;
	}
	sh = shard_of(s, shelf);
	pthread_mutex_lock(&sh->lock);
	hf_held_put(sh, &h->base);
	pthread_mutex_unlock(&sh->lock);
	return HF_OK;
}

bool
hf_standings_room(struct hf_standings *s)
{
	size_t bytes = 0;

	for (size_t i = 0; i < HF_HELD_SHARDS; i++) {
		pthread_mutex_lock(&s->shards[i].lock);
		bytes += s->shards[i].bytes;
		pthread_mutex_unlock(&s->shards[i].lock);
	}
	return bytes < s->shards[0].most * HF_HELD_SHARDS / 10 * 9;
}

int64_t
hf_standings_all(struct hf_standings *s)
{
	return atomic_load(&s->all);
}
