/* import_order.c - when a resource stands twice in the input, the later one wins.
 *
 * Jobs of lines are parsed at the same time and so would be committed in any order.
 * Each has a ticket; in the order of tickets a job enters its ids, and waits as long
 * as another job is under way with one of them.  Within a job units go one after the
 * other.  Bundles take no ticket: one person's record is one Bundle. */
#include "exchange/io/import_impl.h"

void
hf_import_order_init(struct order *o)
{
	*o = (struct order){.next = 1};
	pthread_mutex_init(&o->mu, NULL);
	pthread_cond_init(&o->turn, NULL);
	pthread_cond_init(&o->gone, NULL);
}

void
hf_import_order_free(struct order *o)
{
	free(o->ids);
	pthread_cond_destroy(&o->gone);
	pthread_cond_destroy(&o->turn);
	pthread_mutex_destroy(&o->mu);
}

static uint64_t
hash_of(const struct ref *r)
{
	uint64_t h = 0xcbf29ce484222325u ^ r->entry->type;

	for (size_t i = 0; i < r->entry->id.n; i++)
		h = (h ^ (unsigned char)r->entry->id.p[i]) * 0x100000001b3u;
	h ^= h >> 29;
	return h != 0 ? h : 1;
}

static struct order_id *
place(const struct order *o, uint64_t hash)
{
	size_t i = hash & (o->size - 1);

	while (o->ids[i].hash != 0 && o->ids[i].hash != hash)
		i = (i + 1) & (o->size - 1);
	return &o->ids[i];
}

static void
grow(struct order *o, size_t more)
{
	struct order_id *old = o->ids;
	size_t old_size = o->size, size = old_size ? old_size : 4096;

	while (size < (o->n + more) * 2)
		size *= 2;
	if (size == old_size)
		return;
	o->ids = calloc(size, sizeof(*o->ids));
	assert(o->ids != NULL);
	o->size = size;
	for (size_t i = 0; i < old_size; i++)
		if (old[i].hash != 0)
			*place(o, old[i].hash) = old[i];
	free(old);
}

static bool
clashes(const struct order *o, const struct job *job)
{
	for (const struct unit *u = job->units; u != NULL && o->n != 0; u = u->next)
		for (size_t i = 0; i < u->n; i++) {
			const struct order_id *x = place(o, hash_of(&u->refs[i]));

			if (x->hash != 0 && x->ticket != job->ticket)
				return true;
		}
	return false;
}

void
hf_import_order_enter(struct job *job)
{
	struct order *o = &job->im->order;
	size_t n = 0;

	if (job->ticket == 0)
		return;
	for (const struct unit *u = job->units; u != NULL; u = u->next)
		n += u->n;
	pthread_mutex_lock(&o->mu);
	while (o->next != job->ticket)
		pthread_cond_wait(&o->turn, &o->mu);
	while (clashes(o, job))
		pthread_cond_wait(&o->gone, &o->mu);
	grow(o, n);
	for (struct unit *u = job->units; u != NULL; u = u->next) {
		u->entered = true;
		for (size_t i = 0; i < u->n; i++) {
			struct order_id *x = place(o, hash_of(&u->refs[i]));

			o->n += x->hash == 0;
			x->hash = hash_of(&u->refs[i]);
			x->ticket = job->ticket;
			x->count++;
		}
	}
	o->next++;
	pthread_cond_broadcast(&o->turn);
	pthread_mutex_unlock(&o->mu);
}

/* Deleting from an open table: those behind the hole move up. */
static void
drop(struct order *o, struct order_id *x)
{
	size_t mask = o->size - 1, hole = (size_t)(x - o->ids), i = hole;

	for (;;) {
		i = (i + 1) & mask;
		if (o->ids[i].hash == 0)
			break;
		if (((i - o->ids[i].hash) & mask) >= ((i - hole) & mask)) {
			o->ids[hole] = o->ids[i];
			hole = i;
		}
	}
	o->ids[hole] = (struct order_id){0};
	o->n--;
}

void
hf_import_order_leave(struct unit *u)
{
	struct order *o = &u->job->im->order;

	if (!u->entered)
		return;
	u->entered = false;
	pthread_mutex_lock(&o->mu);
	for (size_t i = 0; i < u->n; i++) {
		struct order_id *x = place(o, hash_of(&u->refs[i]));

		assert(x->hash != 0 && x->count != 0);
		if (--x->count == 0)
			drop(o, x);
	}
	pthread_cond_broadcast(&o->gone);
	pthread_mutex_unlock(&o->mu);
}
