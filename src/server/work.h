/* work.h - threads for what takes long within a request: hashing a password, waiting
 * for a commit.  The request is suspended meanwhile, so that the threads which answer
 * go on with others.
 *
 * A pool has few threads, of a lower priority than those that answer, and a bounded
 * queue.  The queue is fair between client addresses: whoever sends a thousand at
 * once waits behind those who sent one.  When it is full, the newest of the address
 * that has most in it gives way (503). */
#ifndef HF_SERVER_WORK_H
#define HF_SERVER_WORK_H

#include "server/call.h"

struct hf_works;

/* HF_FAULT when the threads do not start. */
enum hf_rc hf_works_new(unsigned threads, unsigned waiting, struct hf_works **out,
			struct hf_err *err);
/* After the HTTP server has stopped: nothing waits any more.  NULL is fine. */
void hf_works_free(struct hf_works *works);

/* Suspends the request and has run(call, ctx) done in a thread of the pool, then
 * done(call, ctx) in the request's own, which answers; call->reader is this thread's
 * then.  run touches nothing of the request but its arena and its struct hf_call, and
 * does not answer; it gets readers from the store.  When the queue is full refused
 * runs in place of both (NULL: the answer is a failure, HF_BUSY). */
void hf_call_work(struct hf_call *call, struct hf_works *works,
		  void (*run)(struct hf_call *call, void *ctx),
		  void (*done)(struct hf_call *call, void *ctx),
		  void (*refused)(struct hf_call *call, const struct hf_err *err),
		  void *ctx);

struct hf_works_stats {
	int64_t done, refused; /* since the start */
	unsigned waiting;      /* now */
};
void hf_works_stats(struct hf_works *works, struct hf_works_stats *out);

#endif
