/* case_clock.c - the thread that fires what time asks of instances, each once. */
#include "hub/io/case_int.h"

#include "base/io/clock.h"
#include "base/io/log.h"

enum { AGAIN_MS = 200, LATER_MS = 30000, LOOK_MS = 1000 };

static size_t
take_due(struct hf_caseload *cl, hf_time now, struct hf_arena *arena, struct hf_sv *ids)
{
	struct hf_wheel_due due;
	size_t n = 0;

	pthread_mutex_lock(&cl->lock);
	while (n < CASE_BATCH && hf_wheel_pop(&cl->wheel, now, &due))
		if (cl->slots[due.id].used)
			ids[n++] = hf_arena_sv(arena, cl->slots[due.id].row.id);
	pthread_mutex_unlock(&cl->lock);
	return n;
}

static void
look_again(struct hf_caseload *cl, struct hf_sv id, hf_time at)
{
	struct case_slot *s;

	pthread_mutex_lock(&cl->lock);
	s = hf_case_slot(cl, id);
	if (s)
		(void)hf_wheel_arm(&cl->wheel, (uint32_t)(s - cl->slots), at);
	pthread_mutex_unlock(&cl->lock);
}

static enum hf_rc
fire(struct hf_caseload *cl, struct hf_sv id, hf_time now, size_t *done,
     struct hf_err *err)
{
	struct hf_arena arena = {.cap = (size_t)64 << 20};
	struct hf_hub_work *work = NULL;
	enum hf_rc rc = hf_case_move_time(cl, id, now, &arena, &work, err);

	if (rc == HF_OK && work) {
		rc = hf_caseload_commit(cl, NULL, work, err);
		*done += rc == HF_OK;
	}
	if (rc != HF_OK)
		look_again(cl, id, now + (rc == HF_STALE ? AGAIN_MS : LATER_MS));
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_caseload_tick(struct hf_caseload *cl, hf_time now, size_t *n, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_sv ids[CASE_BATCH];
	enum hf_rc failed = HF_OK;
	size_t due, done = 0;

	do {
		hf_arena_reset(&arena);
		due = take_due(cl, now, &arena, ids);
		for (size_t i = 0; i < due; i++) {
			struct hf_err why;
			enum hf_rc rc = fire(cl, ids[i], now, &done, &why);

			if (rc == HF_OK || rc == HF_STALE || failed)
				continue;
			failed = rc;
			if (err)
				*err = why;
		}
	} while (due == CASE_BATCH);
	hf_arena_free(&arena);
	if (n)
		*n = done;
	return failed;
}

/* Sleeps until the next is due, one comes or it ends, at most LOOK_MS. */
static bool
sleep_on(struct hf_caseload *cl)
{
	struct timespec until;
	hf_time at, wait;
	bool stop;

	pthread_mutex_lock(&cl->lock);
	at = hf_wheel_next(&cl->wheel);
	wait = at == HF_TIME_MAX ? LOOK_MS : at - hf_now();
	wait = wait > LOOK_MS ? LOOK_MS : wait;
	clock_gettime(CLOCK_REALTIME, &until);
	if (wait > 0) {
		until.tv_nsec += (long)(wait % 1000) * 1000000;
		until.tv_sec += wait / 1000 + until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		if (!cl->stop)
			pthread_cond_timedwait(&cl->wake, &cl->lock, &until);
	}
	stop = cl->stop;
	pthread_mutex_unlock(&cl->lock);
	return !stop;
}

static void *
run(void *arg)
{
	struct hf_caseload *cl = arg;

	while (sleep_on(cl)) {
		struct hf_err err;

		if (hf_caseload_tick(cl, hf_now(), NULL, &err) != HF_OK)
			hf_log(HF_LOG_ERROR, "pathways",
			       "a clock could not be written: %s", err.text);
	}
	return NULL;
}

bool
hf_case_clock_start(struct hf_caseload *cl)
{
	cl->running = pthread_create(&cl->clock, NULL, run, cl) == 0;
	return cl->running;
}

void
hf_case_clock_stop(struct hf_caseload *cl)
{
	if (!cl->running)
		return;
	pthread_mutex_lock(&cl->lock);
	cl->stop = true;
	pthread_cond_signal(&cl->wake);
	pthread_mutex_unlock(&cl->lock);
	pthread_join(cl->clock, NULL);
	cl->running = false;
}
