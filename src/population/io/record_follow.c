/* record_follow.c - the thread that derives the rows of whoever's record was changed.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/io/log.h"
#include "population/io/record.h"
#include "record/io/desk.h"

enum {
	LOOK_MS = 250,
	PEOPLE = 20000,	 /* at a time: one commit may write to as many */
	WAIT_AFTER_S = 5 /* a failure */
};

struct hf_pop_follower {
	struct hf_store *store;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

/* False: it is to stop. */
static bool
wait_ms(struct hf_pop_follower *f, long ms)
{
	struct timespec until;
	bool go;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += ms % 1000 * 1000000;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&f->lock);
	if (!f->stop)
		pthread_cond_timedwait(&f->wake, &f->lock, &until);
	go = !f->stop;
	pthread_mutex_unlock(&f->lock);
	return go;
}

static void *
follow(void *arg)
{
	struct hf_pop_follower *f = arg;
	uint64_t seen = UINT64_MAX;
	bool behind = true;

	while (wait_ms(f, behind ? 1 : LOOK_MS)) {
		uint64_t now = hf_store_batches(f->store);
		struct hf_pop_derive_report report;
		struct hf_err err = {0};

		if (!behind && now == seen)
			continue;
		if (hf_pop_derive_changed(f->store, PEOPLE, &behind, &report, &err) !=
		    HF_OK) {
			hf_log(HF_LOG_ERROR, "population", "rows of the record: %s",
			       err.text);
			behind = false;
			if (!wait_ms(f, WAIT_AFTER_S * 1000))
				break;
			continue;
		}
		/* Its own commit is one of those it has seen. */
		seen = report.changed ? seen : now;
	}
	return NULL;
}

struct hf_pop_follower *
hf_pop_follow_start(struct hf_store *store)
{
	struct hf_pop_follower *f = calloc(1, sizeof *f);
	pthread_condattr_t attr;

	if (!f)
		return NULL;
	f->store = store;
	pthread_mutex_init(&f->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&f->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&f->thread, NULL, follow, f) == 0)
		return f;
	pthread_cond_destroy(&f->wake);
	pthread_mutex_destroy(&f->lock);
	free(f);
	return NULL;
}

void
hf_pop_follow_stop(struct hf_pop_follower *f)
{
	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	f->stop = true;
	pthread_cond_signal(&f->wake);
	pthread_mutex_unlock(&f->lock);
	pthread_join(f->thread, NULL);
	pthread_cond_destroy(&f->wake);
	pthread_mutex_destroy(&f->lock);
	free(f);
}
