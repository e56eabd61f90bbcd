/* pending.c - sign-ins that are half-way. */
#include "server/pending.h"

#include <pthread.h>
#include <sodium.h>

enum { BUCKETS = 1024 };

struct entry {
	struct entry *next;
	unsigned char hash[HF_TOKEN_BYTES];
	struct hf_pending pending;
};

struct hf_pendings {
	pthread_mutex_t lock;
	struct entry *buckets[BUCKETS];
	size_t n;
};

static const char *const step_words[] = {
    [HF_STEP_NONE] = "none",   [HF_STEP_PASSWORD] = "password", [HF_STEP_TOTP] = "totp",
    [HF_STEP_ENROL] = "enrol", [HF_STEP_ROLE] = "role",		[HF_STEP_DONE] = "done",
};

const char *
hf_step_word(enum hf_step step)
{
	return step_words[step];
}

struct hf_pendings *
hf_pendings_new(void)
{
	struct hf_pendings *p = calloc(1, sizeof *p);

	if (p)
		pthread_mutex_init(&p->lock, NULL);
	return p;
}

static void
forget(struct hf_pendings *p, struct entry **at)
{
	struct entry *e = *at;

	*at = e->next;
	p->n--;
	sodium_memzero(e, sizeof *e);
	free(e);
}

void
hf_pendings_free(struct hf_pendings *p)
{
	if (!p)
		return;
	for (size_t b = 0; b < BUCKETS; b++)
		while (p->buckets[b])
			forget(p, &p->buckets[b]);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

static struct entry **
find(struct hf_pendings *p, const unsigned char hash[HF_TOKEN_BYTES])
{
	uint32_t v;
	struct entry **at;

	memcpy(&v, hash, sizeof v);
	at = &p->buckets[v % BUCKETS];
	while (*at && sodium_memcmp((*at)->hash, hash, HF_TOKEN_BYTES) != 0)
		at = &(*at)->next;
	return at;
}

static struct entry **
least_time_left(struct hf_pendings *p)
{
	struct entry **least = NULL;

	for (size_t b = 0; b < BUCKETS; b++)
		for (struct entry **at = &p->buckets[b]; *at; at = &(*at)->next)
			if (!least || (*at)->pending.until < (*least)->pending.until)
				least = at;
	return least;
}

bool
hf_pending_put(struct hf_pendings *p, const unsigned char hash[HF_TOKEN_BYTES],
	       const struct hf_pending *pending)
{
	struct entry *e = calloc(1, sizeof *e), **at;

	if (!e)
		return false;
	memcpy(e->hash, hash, HF_TOKEN_BYTES);
	e->pending = *pending;
	pthread_mutex_lock(&p->lock);
	at = find(p, hash);
	if (*at)
		forget(p, at);
	if (p->n >= HF_PENDING_MOST)
		forget(p, least_time_left(p));
	at = find(p, hash); /* the end of its bucket */
	*at = e;
	p->n++;
	pthread_mutex_unlock(&p->lock);
	return true;
}

bool
hf_pending_get(struct hf_pendings *p, const unsigned char hash[HF_TOKEN_BYTES],
	       hf_time now, struct hf_pending *out)
{
	struct entry **at;
	bool there;

	pthread_mutex_lock(&p->lock);
	at = find(p, hash);
	if (*at && (*at)->pending.until <= now)
		forget(p, at);
	there = *(at = find(p, hash)) != NULL;
	if (there)
		*out = (*at)->pending;
	pthread_mutex_unlock(&p->lock);
	return there;
}

bool
hf_pending_set(struct hf_pendings *p, const unsigned char hash[HF_TOKEN_BYTES],
	       const struct hf_pending *pending)
{
	struct entry **at;
	bool there;

	pthread_mutex_lock(&p->lock);
	at = find(p, hash);
	there = *at != NULL;
	if (there) {
		unsigned failures = (*at)->pending.failures;

		(*at)->pending = *pending;
		/* Tries that were made meanwhile count. */
		if (failures > pending->failures)
			(*at)->pending.failures = failures;
	}
	pthread_mutex_unlock(&p->lock);
	return there;
}

bool
hf_pending_try(struct hf_pendings *p, const unsigned char hash[HF_TOKEN_BYTES])
{
	struct entry **at;
	bool left = false;

	pthread_mutex_lock(&p->lock);
	at = find(p, hash);
	if (*at) {
		left = (*at)->pending.failures < HF_PENDING_TRIES;
		if (left)
			(*at)->pending.failures++;
		else
			forget(p, at);
	}
	pthread_mutex_unlock(&p->lock);
	return left;
}

void
hf_pending_drop(struct hf_pendings *p, const unsigned char hash[HF_TOKEN_BYTES])
{
	struct entry **at;

	pthread_mutex_lock(&p->lock);
	at = find(p, hash);
	if (*at)
		forget(p, at);
	pthread_mutex_unlock(&p->lock);
}
