/* clock.c - the thread that fires what time asks for: marks, limits, each once.
 *
 * What is due is known by the wheel; what that means is decided from the record, so a
 * restart that slept through it finds it due at once, and what was written before is
 * not written again. */
#include "hub/io/hub_int.h"

#include "base/io/clock.h"
#include "base/io/log.h"

enum {
	AT_ONCE = 64,	  /* referrals of one batch */
	AGAIN_MS = 200,	  /* after somebody else was writing it */
	LATER_MS = 30000, /* after a failure */
	LOOK_MS = 1000	  /* the time of day is looked at at least so often */
};

/* The ids that are due, copied. */
static size_t
take_due(struct hf_hub *hub, hf_time now, struct hf_arena *arena, struct hf_sv *ids)
{
	struct hf_wheel_due due;
	size_t n = 0;

	pthread_mutex_lock(&hub->lock);
	while (n < AT_ONCE && hf_wheel_pop(&hub->wheel, now, &due))
		if (hub->slots[due.id].used)
			ids[n++] = hf_arena_sv(arena, hub->slots[due.id].row.id);
	pthread_mutex_unlock(&hub->lock);
	return n;
}

static void
look_again(struct hf_hub *hub, struct hf_sv id, hf_time at)
{
	struct hub_slot *s;

	pthread_mutex_lock(&hub->lock);
	s = hf_hub_slot(hub, id);
	if (s)
		(void)hf_wheel_arm(&hub->wheel, (uint32_t)(s - hub->slots), at);
	pthread_mutex_unlock(&hub->lock);
}

struct batch {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	size_t left;
};

static void
one_done(struct hf_change *change, void *ctx)
{
	struct batch *b = ctx;

	(void)change;
	pthread_mutex_lock(&b->lock);
	if (--b->left == 0)
		pthread_cond_signal(&b->cond);
	pthread_mutex_unlock(&b->lock);
}

static void
wait_for(struct batch *b)
{
	pthread_mutex_lock(&b->lock);
	while (b->left)
		pthread_cond_wait(&b->cond, &b->lock);
	pthread_mutex_unlock(&b->lock);
}

/* Moves each by time, all in one batch of commits; gives how many it changed. */
static size_t
fire(struct hf_hub *hub, struct hf_sv *ids, size_t n, hf_time now,
     struct hf_arena *arena, enum hf_rc *failed, struct hf_err *err)
{
	struct hf_hub_work *works[AT_ONCE];
	struct batch b = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
	size_t done = 0;

	b.left = 1;
	for (size_t i = 0; i < n; i++) {
		struct hf_err why;
		enum hf_rc rc =
		    hf_hub_move_time(hub, NULL, ids[i], now, arena, &works[i], &why);

		if (rc != HF_OK) {
			works[i] = NULL;
			look_again(hub, ids[i],
				   now + (rc == HF_STALE ? AGAIN_MS : LATER_MS));
			if (rc != HF_STALE && *failed == HF_OK) {
				*failed = rc;
				if (err)
					*err = why;
			}
		}
		if (!works[i])
			continue;
		pthread_mutex_lock(&b.lock);
		b.left++;
		pthread_mutex_unlock(&b.lock);
		hf_change_submit(hub->store, &works[i]->change, one_done, &b);
	}
	one_done(NULL, &b);
	wait_for(&b);
	for (size_t i = 0; i < n; i++) {
		if (!works[i])
			continue;
		hf_hub_done(hub, works[i]);
		if (works[i]->change.rc == HF_OK)
			done++;
		else
			look_again(hub, ids[i], now + AGAIN_MS);
	}
	return done;
}

enum hf_rc
hf_hub_tick(struct hf_hub *hub, struct hf_reader *reader, hf_time now, size_t *n,
	    struct hf_err *err)
{
	struct hf_arena arena = {.cap = (size_t)512 << 20};
	struct hf_sv ids[AT_ONCE];
	enum hf_rc failed = HF_OK;
	size_t due, total = 0;

	(void)reader;
	do {
		hf_arena_reset(&arena);
		due = take_due(hub, now, &arena, ids);
		if (due)
			total += fire(hub, ids, due, now, &arena, &failed, err);
	} while (due == AT_ONCE);
	hf_arena_free(&arena);
	if (n)
		*n = total;
	return failed;
}

static hf_time
next_due(struct hf_hub *hub)
{
	hf_time at;

	pthread_mutex_lock(&hub->lock);
	at = hf_wheel_next(&hub->wheel);
	pthread_mutex_unlock(&hub->lock);
	return at;
}

/* Sleeps until at, a new clock or the end, at most LOOK_MS. */
static bool
sleep_until(struct hf_hub *hub, hf_time at)
{
	struct timespec until;
	hf_time wait = at - hf_now();
	bool stop;

	if (at == HF_TIME_MAX || wait > LOOK_MS)
		wait = LOOK_MS;
	clock_gettime(CLOCK_REALTIME, &until);
	if (wait > 0) {
		until.tv_sec += wait / 1000;
		until.tv_nsec += (long)(wait % 1000) * 1000000;
		if (until.tv_nsec >= 1000000000) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000;
		}
	}
	pthread_mutex_lock(&hub->lock);
	if (!hub->stop && wait > 0)
		pthread_cond_timedwait(&hub->wake, &hub->lock, &until);
	stop = hub->stop;
	pthread_mutex_unlock(&hub->lock);
	return !stop;
}

static void *
run(void *arg)
{
	struct hf_hub *hub = arg;

	while (sleep_until(hub, next_due(hub))) {
		struct hf_err err;
		enum hf_rc rc = hf_hub_tick(hub, NULL, hf_now(), NULL, &err);

		if (rc != HF_OK)
			hf_log(HF_LOG_ERROR, "hub", "a clock could not be written: %s",
			       err.text);
		rc = hf_hub_opel_tick(hub, hf_now(), NULL, &err);
		if (rc != HF_OK)
			hf_log(HF_LOG_ERROR, "hub", "OPEL could not be written: %s",
			       err.text);
	}
	return NULL;
}

bool
hf_clock_start(struct hf_hub *hub)
{
	hub->running = pthread_create(&hub->clock, NULL, run, hub) == 0;
	return hub->running;
}

void
hf_clock_stop(struct hf_hub *hub)
{
	if (!hub->running)
		return;
	pthread_mutex_lock(&hub->lock);
	hub->stop = true;
	pthread_cond_signal(&hub->wake);
	pthread_mutex_unlock(&hub->lock);
	pthread_join(hub->clock, NULL);
	hub->running = false;
}
