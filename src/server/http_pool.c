/* http_pool.c - what each thread keeps: requests to use again, and the handler's
 * slot. */
#include "server/http_int.h"

#include <pthread.h>

enum {
	KEEP_BYTES = 1 << 20, /* buffers up to this size are used again */
	KEEP_REQUESTS = 64    /* per thread */
};

/* What a thread keeps: requests to use again, and the handler's slot. */
struct worker {
	struct hf_http_slot slot;
	struct hf_req *pool;
	unsigned n_pool;
};

static pthread_key_t worker_key;
static pthread_once_t worker_once = PTHREAD_ONCE_INIT;

static void
free_request(struct hf_req *r)
{
	hf_arena_free(&r->arena);
	hf_buf_free(&r->body);
	hf_buf_free(&r->plain);
	hf_buf_free(&r->out);
	hf_buf_free(&r->zipped);
	free(r);
}

static void
free_worker(void *p)
{
	struct worker *w = p;

	if (w->slot.free)
		w->slot.free(w->slot.p);
	while (w->pool) {
		struct hf_req *r = w->pool;

		w->pool = r->next;
		free_request(r);
	}
	free(w);
}

static void
make_key(void)
{
	/* Without a key no thread could keep anything: give up at once. */
	if (pthread_key_create(&worker_key, free_worker) != 0)
		abort();
}

static struct worker *
this_worker(void)
{
	static _Thread_local struct worker *mine;

	if (mine && pthread_getspecific(worker_key) == mine)
		return mine;
	pthread_once(&worker_once, make_key);
	mine = calloc(1, sizeof *mine);
	if (mine)
		pthread_setspecific(worker_key, mine);
	return mine;
}

struct hf_http_slot *
hf_http_thread_slot(void)
{
	struct worker *w = this_worker();

	return w ? &w->slot : NULL;
}

struct hf_req *
hf_http_take(struct hf_http *http)
{
	struct worker *w = this_worker();
	struct hf_req *r = w ? w->pool : NULL;

	if (r) {
		w->pool = r->next;
		w->n_pool--;
	} else {
		r = calloc(1, sizeof *r);
		if (!r)
			return NULL;
		hf_arena_init(&r->arena, HF_ARENA_BASE);
	}
	r->http = http;
	return r;
}

static void
shrink(struct hf_buf *b)
{
	if (b->size > KEEP_BYTES)
		hf_buf_free(b);
	b->n = 0;
	b->cap = 0;
	b->failed = false;
}

void
hf_http_give_back(struct hf_req *r)
{
	struct worker *w = this_worker();
	struct hf_req clean;

	hf_req_let_go(r);
	if (!w || w->n_pool >= KEEP_REQUESTS) {
		free_request(r);
		return;
	}
	hf_arena_reset(&r->arena);
	r->arena.cap = HF_ARENA_BASE;
	shrink(&r->body);
	shrink(&r->plain);
	shrink(&r->out);
	shrink(&r->zipped);
	clean = (struct hf_req){
	    .arena = r->arena,
	    .body = r->body,
	    .plain = r->plain,
	    .out = r->out,
	    .zipped = r->zipped,
	    .next = w->pool,
	};
	*r = clean;
	w->pool = r;
	w->n_pool++;
}

void
hf_http_forget_thread(void)
{
	struct worker *w;

	pthread_once(&worker_once, make_key);
	w = pthread_getspecific(worker_key);
	if (w) {
		pthread_setspecific(worker_key, NULL);
		free_worker(w);
	}
}
