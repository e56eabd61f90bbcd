/* work.c - threads for what takes long within a request. */
#include "server/work.h"

#include <pthread.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "server/call_reader.h"
#include "server/serve.h"

enum { ADDRESSES = 4096, NICER = 5, THREADS_MAX = 16 };

struct job {
	struct job *next;
	uint64_t turn; /* the smallest is next */
	unsigned address;
	bool refused;
	struct hf_call *call;
	void (*run)(struct hf_call *call, void *ctx);
	void (*done)(struct hf_call *call, void *ctx);
	void (*no_room)(struct hf_call *call, const struct hf_err *err);
	void *ctx;
};

/* Start-time fair queueing: a job's turn is one after the last of its address, and
 * never before the turn that is served now. */
struct hf_works {
	pthread_t threads[THREADS_MAX];
	unsigned n_threads, most;
	unsigned char key[crypto_shorthash_KEYBYTES];
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t wake;
	struct job *first;
	unsigned n;
	uint64_t now_served, last_turn[ADDRESSES];
	bool stop;
	int64_t n_done, n_refused;
};

static struct job *
take_next(struct hf_works *w)
{
	struct job **best = &w->first, *job;

	for (struct job **at = &w->first; *at; at = &(*at)->next)
		if ((*at)->turn < (*best)->turn)
			best = at;
	job = *best;
	*best = job->next;
	w->n--;
	w->now_served = job->turn;
	return job;
}

static void *
run(void *arg)
{
	struct hf_works *w = arg;

	/* Linux: of this thread alone.  Reads do not wait for password work. */
	(void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICER);
	pthread_mutex_lock(&w->lock);
	while (!w->stop || w->first) {
		struct job *job;
		struct hf_req *req;

		if (!w->first) {
			pthread_cond_wait(&w->wake, &w->lock);
			continue;
		}
		job = take_next(w);
		w->n_done++;
		pthread_mutex_unlock(&w->lock);
		req = job->call->req;
		job->run(job->call, job->ctx);
		hf_req_resume(req); /* job lies in its arena: it is gone now */
		pthread_mutex_lock(&w->lock);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

enum hf_rc
hf_works_new(unsigned threads, unsigned waiting, struct hf_works **out,
	     struct hf_err *err)
{
	struct hf_works *w = calloc(1, sizeof *w);

	assert(threads > 0 && threads <= THREADS_MAX && waiting > 0);
	if (!w)
		return hf_fail(err, HF_FAULT, NULL, "no memory for the work threads");
	w->most = waiting;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	randombytes_buf(w->key, sizeof w->key);
	while (w->n_threads < threads &&
	       pthread_create(&w->threads[w->n_threads], NULL, run, w) == 0)
		w->n_threads++;
	if (w->n_threads < threads) {
		hf_works_free(w);
		return hf_fail(err, HF_FAULT, NULL, "the work threads do not start");
	}
	*out = w;
	return HF_OK;
}

void
hf_works_free(struct hf_works *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->lock);
	for (unsigned i = 0; i < w->n_threads; i++)
		pthread_join(w->threads[i], NULL);
	assert(!w->first);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

void
hf_works_stats(struct hf_works *w, struct hf_works_stats *out)
{
	pthread_mutex_lock(&w->lock);
	*out = (struct hf_works_stats){w->n_done, w->n_refused, w->n};
	pthread_mutex_unlock(&w->lock);
}

/* ---- from a request ---- */

static unsigned
slot_of(const struct hf_works *w, struct hf_sv address)
{
	unsigned char hash[crypto_shorthash_BYTES];
	uint32_t v;

	crypto_shorthash(hash, (const unsigned char *)(address.n ? address.p : ""),
			 address.n, w->key);
	memcpy(&v, hash, sizeof v);
	return v % ADDRESSES;
}

/* The job that has to wait longest of all. */
static struct job **
last_in_turn(struct hf_works *w)
{
	struct job **worst = &w->first;

	for (struct job **at = &w->first; *at; at = &(*at)->next)
		if ((*at)->turn >= (*worst)->turn)
			worst = at;
	return worst;
}

/* Puts job into the queue; gives the one that has to leave for it: NULL when there is
 * room, job itself when nobody's turn is later. */
static struct job *
put(struct hf_works *w, struct job *job)
{
	uint64_t *last = &w->last_turn[job->address];
	struct job *out = NULL, **at;

	job->turn = (*last > w->now_served ? *last : w->now_served) + 1;
	if (w->n == w->most) {
		at = last_in_turn(w);
		if ((*at)->turn <= job->turn)
			return job;
		out = *at;
		*at = out->next;
		w->n--;
		w->last_turn[out->address]--;
	}
	*last = job->turn;
	/* At the end: of equal turns the first is taken. */
	for (at = &w->first; *at; at = &(*at)->next)
		continue;
	*at = job;
	w->n++;
	return out;
}

static void
resumed(struct hf_req *req, void *ctx)
{
	struct job *job = ctx;
	struct hf_call *c = job->call;
	struct hf_err err;

	(void)req;
	if (job->refused) {
		hf_fail(&err, HF_BUSY, NULL,
			"too many are waiting for this; try again in a few seconds");
		if (job->no_room)
			job->no_room(c, &err);
		else
			hf_call_fail(c, &err);
		return;
	}
	/* Others used this thread's reader meanwhile. */
	if (c->reader &&
	    hf_readers_get(c->server->readers, &c->reader, &err) != HF_OK) {
		hf_call_fail(c, &err);
		return;
	}
	if (c->reader)
		hf_call_look(c, c->reader);
	job->done(c, job->ctx);
}

void
hf_call_work(struct hf_call *c, struct hf_works *w,
	     void (*run_it)(struct hf_call *call, void *ctx),
	     void (*done)(struct hf_call *call, void *ctx),
	     void (*refused)(struct hf_call *call, const struct hf_err *err), void *ctx)
{
	struct job *job = HF_NEW(c->arena, struct job), *out;
	struct hf_req *gives_way = NULL;
	struct hf_err err;

	if (!job) {
		hf_fail(&err, HF_TOO_LONG, NULL, "the request needs too much memory");
		hf_call_fail(c, &err);
		return;
	}
	*job = (struct job){.address = slot_of(w, hf_req_peer(c->req)),
			    .call = c,
			    .run = run_it,
			    .done = done,
			    .no_room = refused,
			    .ctx = ctx};
	/* Before another thread can see it. */
	hf_req_suspend(c->req, resumed, job);
	pthread_mutex_lock(&w->lock);
	out = put(w, job);
	if (out) {
		w->n_refused++;
		out->refused = true;
		gives_way = out->call->req;
	}
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	if (gives_way)
		hf_req_resume(gives_way);
}
