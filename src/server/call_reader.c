/* call_reader.c - the reader that each thread has, and a snapshot it may hold. */
#include "server/call_reader.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/io/clock.h"
#include "record/io/viewer.h"
#include "server/http.h"

static const uint64_t ms = 1000000; /* in nanoseconds */

struct thread_reader {
	struct hf_readers *readers;
	struct hf_reader *reader;
	pthread_mutex_t lock; /* guards what follows, and reader while it is held */
	bool held;
	uint64_t batches; /* of the store when the snapshot was begun */
	uint64_t since;
	struct thread_reader *next;
};

struct hf_readers {
	struct hf_store *store;
	pthread_t letting_go;
	pthread_mutex_t lock; /* taken before that of a thread_reader, never after */
	pthread_cond_t wake;
	struct thread_reader *list;
	bool stop;
	atomic_bool idle; /* the thread that lets go sleeps until it is woken */
};

static void
let_go(struct thread_reader *t)
{
	if (t->held)
		hf_reader_end(t->reader);
	t->held = false;
}

/* Ends snapshots that are old enough.  True when some are still held. */
static bool
let_go_of_old(struct hf_readers *r)
{
	uint64_t now = hf_mono_ns();
	bool any = false;

	for (struct thread_reader *t = r->list; t; t = t->next) {
		pthread_mutex_lock(&t->lock);
		if (t->held && now - t->since >= HF_HOLD_MS * ms)
			let_go(t);
		any = any || t->held;
		pthread_mutex_unlock(&t->lock);
	}
	return any;
}

static void
wait_ms(struct hf_readers *r, unsigned n)
{
	uint64_t until = hf_mono_ns() + n * ms;
	struct timespec at = {.tv_sec = (time_t)(until / (1000 * ms)),
			      .tv_nsec = (long)(until % (1000 * ms))};

	pthread_cond_timedwait(&r->wake, &r->lock, &at);
}

static void *
run(void *arg)
{
	struct hf_readers *r = arg;

	pthread_mutex_lock(&r->lock);
	while (!r->stop) {
		/* Before looking: who begins to hold afterwards sees it and wakes us.
		 */
		atomic_store(&r->idle, true);
		if (let_go_of_old(r)) {
			atomic_store(&r->idle, false);
			wait_ms(r, HF_HOLD_MS / 2);
		} else {
			pthread_cond_wait(&r->wake, &r->lock);
		}
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

enum hf_rc
hf_readers_new(struct hf_store *store, struct hf_readers **out, struct hf_err *err)
{
	struct hf_readers *r = calloc(1, sizeof *r);
	pthread_condattr_t attr;

	if (!r)
		return hf_fail(err, HF_FAULT, NULL, "no memory for the readers");
	r->store = store;
	pthread_mutex_init(&r->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&r->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&r->letting_go, NULL, run, r) != 0) {
		free(r);
		return hf_fail(err, HF_FAULT, NULL, "no thread for the readers");
	}
	*out = r;
	return HF_OK;
}

void
hf_readers_free(struct hf_readers *r)
{
	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	r->stop = true;
	pthread_cond_signal(&r->wake);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->letting_go, NULL);
	assert(!r->list);
	pthread_cond_destroy(&r->wake);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

/* The end of a thread. */
static void
forget(void *p)
{
	struct thread_reader *t = p;
	struct thread_reader **at = &t->readers->list;

	pthread_mutex_lock(&t->readers->lock);
	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	pthread_mutex_unlock(&t->readers->lock);
	let_go(t);
	hf_reader_put(t->reader);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static enum hf_rc
mine(struct hf_readers *r, struct thread_reader **out, struct hf_err *err)
{
	struct hf_http_slot *slot = hf_http_thread_slot();
	struct thread_reader *t = NULL;
	enum hf_rc rc;

	if (slot && slot->p) {
		*out = slot->p;
		return HF_OK;
	}
	t = slot ? calloc(1, sizeof *t) : NULL;
	if (!t)
		return hf_fail(err, HF_BUSY, NULL, "no memory for this thread");
	rc = hf_reader_get(r->store, &t->reader, err);
	if (rc) {
		free(t);
		return rc;
	}
	t->readers = r;
	pthread_mutex_init(&t->lock, NULL);
	pthread_mutex_lock(&r->lock);
	t->next = r->list;
	r->list = t;
	pthread_mutex_unlock(&r->lock);
	*slot = (struct hf_http_slot){t, forget};
	*out = t;
	return HF_OK;
}

/* Sees nothing: what a thread's reader shows until a call says who looks through it
 * (hf_call_look()), so that whoever forgets shows nothing instead of everything. */
static const struct hf_actor nobody_actor = {.kind = HF_ACTOR_NOBODY};
static const struct hf_policy no_policy = {.version = ""};
static const struct hf_viewer nobody = {
    .actor = &nobody_actor, .policy = &no_policy, .activity = HF_ACT_READ};

enum hf_rc
hf_readers_get(struct hf_readers *r, struct hf_reader **out, struct hf_err *err)
{
	struct thread_reader *t = NULL;
	enum hf_rc rc = mine(r, &t, err);

	if (rc)
		return rc;
	assert(t);
	pthread_mutex_lock(&t->lock);
	let_go(t);
	pthread_mutex_unlock(&t->lock);
	/* Whoever looked through it before: that request is over. */
	hf_reader_as(t->reader, &nobody);
	*out = t->reader;
	return HF_OK;
}

/* A snapshot that shows everything acknowledged; the lock of t is held. */
static enum hf_rc
fresh(struct thread_reader *t, struct hf_err *err)
{
	uint64_t batches = hf_store_batches(t->readers->store);
	enum hf_rc rc;

	if (t->held && t->batches == batches)
		return HF_OK;
	let_go(t);
	rc = hf_reader_begin(t->reader, err);
	if (rc)
		return rc;
	t->held = true;
	t->batches = batches;
	t->since = hf_mono_ns();
	return HF_OK;
}

enum hf_rc
hf_readers_hold(struct hf_readers *r, struct hf_reader **out, struct hf_err *err)
{
	struct thread_reader *t = NULL;
	enum hf_rc rc = mine(r, &t, err);

	if (rc)
		return rc;
	assert(t);
	pthread_mutex_lock(&t->lock);
	rc = fresh(t, err);
	if (rc) {
		pthread_mutex_unlock(&t->lock);
		return rc;
	}
	hf_reader_as(t->reader, &nobody);
	*out = t->reader;
	return HF_OK;
}

void
hf_readers_done(struct hf_readers *r, bool keep)
{
	struct thread_reader *t = hf_http_thread_slot()->p;

	if (!keep)
		let_go(t);
	pthread_mutex_unlock(&t->lock);
	if (!atomic_load(&r->idle))
		return;
	pthread_mutex_lock(&r->lock);
	atomic_store(&r->idle, false);
	pthread_cond_signal(&r->wake);
	pthread_mutex_unlock(&r->lock);
}
