/* claims.c - keys that changes under way have to themselves: ids they write,
 * conditions they decide on.  Whoever needs a claimed key waits until that change
 * is committed or refused; so what was looked up under a claim stays true. */
#include "record/io/store_impl.h"

void
hf_claims_init(struct hf_claims *c)
{
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->freed, NULL);
}

void
hf_claims_free(struct hf_claims *c)
{
	pthread_mutex_destroy(&c->lock);
	pthread_cond_destroy(&c->freed);
	free(c->keys);
	c->keys = NULL;
}

static size_t
place(const struct hf_claims *c, uint64_t key)
{
	size_t i = (size_t)(key ^ key >> 29) & (c->size - 1);

	while (c->keys[i] && c->keys[i] != key)
		i = (i + 1) & (c->size - 1);
	return i;
}

static void
grow(struct hf_claims *c, size_t more)
{
	size_t old_size = c->size, size = old_size ? old_size : 1024;
	uint64_t *old = c->keys;

	while (size < (c->n + more) * 2)
		size *= 2;
	if (size == old_size)
		return;
	c->keys = calloc(size, sizeof *c->keys);
	assert(c->keys); /* without claims two changes could both win */
	c->size = size;
	for (size_t i = 0; i < old_size; i++)
		if (old[i])
			c->keys[place(c, old[i])] = old[i];
	free(old);
}

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static bool
any_taken(const struct hf_claims *c, const uint64_t *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c->keys[place(c, keys[i])])
			return true;
	return false;
}

void
hf_claims_take(struct hf_claims *c, uint64_t *keys, size_t *n)
{
	size_t kept = 0;

	if (*n == 0)
		return;
	qsort(keys, *n, sizeof *keys, by_value);
	for (size_t i = 0; i < *n; i++)
		if (keys[i] && (kept == 0 || keys[kept - 1] != keys[i]))
			keys[kept++] = keys[i];
	*n = kept;
	pthread_mutex_lock(&c->lock);
	grow(c, kept);
	while (any_taken(c, keys, kept)) {
		pthread_cond_wait(&c->freed, &c->lock);
		grow(c, kept);
	}
	for (size_t i = 0; i < kept; i++)
		c->keys[place(c, keys[i])] = keys[i];
	c->n += kept;
	pthread_mutex_unlock(&c->lock);
}

/* Deleting from an open table: those behind the hole move up. */
static void
drop(struct hf_claims *c, uint64_t key)
{
	size_t hole = place(c, key), i = hole;

	assert(c->keys[hole] == key);
	for (;;) {
		size_t home;

		i = (i + 1) & (c->size - 1);
		if (!c->keys[i])
			break;
		home = (size_t)(c->keys[i] ^ c->keys[i] >> 29) & (c->size - 1);
		if (((i - home) & (c->size - 1)) >= ((i - hole) & (c->size - 1))) {
			c->keys[hole] = c->keys[i];
			hole = i;
		}
	}
	c->keys[hole] = 0;
	c->n--;
}

void
hf_claims_give(struct hf_claims *c, const uint64_t *keys, size_t n)
{
	if (n == 0)
		return;
	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < n; i++)
		drop(c, keys[i]);
	pthread_cond_broadcast(&c->freed);
	pthread_mutex_unlock(&c->lock);
}
