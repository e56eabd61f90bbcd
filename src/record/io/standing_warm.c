/* standing_warm.c - reading everybody's standing ahead. */
#include <sys/resource.h>
#include <unistd.h>

#include "record/io/standing.h"
#include "record/io/store_impl.h"

/* The thread that reads ahead. */
struct hf_warm {
	struct hf_store *store;
	struct hf_policy policy; /* of its windows alone */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

static void
ignore(void *ctx, const struct hf_standing *standing)
{
	(void)ctx;
	(void)standing;
}

/* Waits; true when it is to stop. */
static bool
stopped(struct hf_warm *w, long ms)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += ms % 1000 * 1000000;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&w->lock);
	if (!w->stop && ms)
		pthread_cond_timedwait(&w->wake, &w->lock, &until);
	stop = w->stop;
	pthread_mutex_unlock(&w->lock);
	return stop;
}

/* Everybody from a shelf on; where it came to. */
static int64_t
read_ahead(struct hf_warm *w, struct hf_reader *r, int64_t shelf)
{
	enum { CHECK = 256 };
	int64_t end = atomic_load(&w->store->next_shelf);
	struct hf_err err;

	for (; shelf < end; shelf++) {
		if (shelf % CHECK == 0 &&
		    (stopped(w, 0) || !hf_standings_room(w->store->standings)))
			return shelf;
		/* Whoever fails here fails when they are looked at, and is told. */
		hf_standing_of(r, shelf, &w->policy, hf_now(), ignore, NULL, &err);
	}
	return shelf;
}

static void *
warm_run(void *arg)
{
	struct hf_warm *w = arg;
	struct hf_standings *s = w->store->standings;
	int64_t shelf = HF_SHELF_PERSON, all = hf_standings_all(s);
	struct hf_reader *r;
	struct hf_err err;

	setpriority(PRIO_PROCESS, (id_t)gettid(), 19);
	if (hf_reader_get(w->store, &r, &err) != HF_OK)
		return NULL;
	do {
		int64_t now = hf_standings_all(s);

		if (now != all)
			shelf = HF_SHELF_PERSON;
		all = now;
		shelf = read_ahead(w, r, shelf);
	} while (!stopped(w, 1000));
	hf_reader_put(r);
	return NULL;
}

void
hf_standings_warm(struct hf_store *store, const struct hf_policy *policy)
{
	struct hf_warm *w = calloc(1, sizeof *w);

	if (!w || store->warm || store->read_only) {
		free(w);
		return;
	}
	w->store = store;
	w->policy = *policy;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	store->warm = w;
	if (pthread_create(&w->thread, NULL, warm_run, w) == 0)
		return;
	/* Looks are slower the first time, and nothing else. */
	store->warm = NULL;
	free(w);
}

void
hf_standings_cool(struct hf_store *store)
{
	struct hf_warm *w = store->warm;

	if (!w)
		return;
	store->warm = NULL;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
