/* call_change.c - waiting for the committer without keeping a thread. */
#include <stdatomic.h>

#include "record/io/change.h"
#include "server/call.h"
#include "server/call_reader.h"
#include "server/serve.h"

struct hf_call_many {
	struct hf_call *call;
	struct hf_change *change; /* when it is one alone */
	void (*done)(struct hf_call *call, struct hf_change *change);
	void (*all_done)(struct hf_call *call);
	atomic_size_t left;
};

static void
committed(struct hf_change *change, void *ctx)
{
	struct hf_call_many *m = ctx;

	(void)change;
	if (atomic_fetch_sub(&m->left, 1) == 1)
		hf_req_resume(m->call->req);
}

static void
resumed(struct hf_req *req, void *ctx)
{
	struct hf_call_many *m = ctx;
	struct hf_err err;

	(void)req;
	/* Other requests used this thread's reader meanwhile and may hold a snapshot
	 * that is older than the commit.  It exists, so getting it cannot fail. */
	if (hf_readers_get(m->call->server->readers, &m->call->reader, &err) != HF_OK) {
		hf_call_fail(m->call, &err);
		return;
	}
	hf_call_look(m->call, m->call->reader);
	if (m->done)
		m->done(m->call, m->change);
	else
		m->all_done(m->call);
}

static struct hf_call_many *
wait_for_one(struct hf_call *c)
{
	struct hf_call_many *m = HF_NEW(c->arena, struct hf_call_many);
	struct hf_err err;

	if (!m) {
		hf_fail(&err, HF_TOO_LONG, NULL, "the request needs too much memory");
		hf_call_fail(c, &err);
		return NULL;
	}
	m->call = c;
	atomic_init(&m->left, 1);
	return m;
}

void
hf_call_commit(struct hf_call *c, struct hf_change *change,
	       void (*done)(struct hf_call *call, struct hf_change *change))
{
	struct hf_call_many *m = HF_NEW(c->arena, struct hf_call_many);
	struct hf_err err;

	if (!m) {
		/* What it keeps others from has to be let go. */
		hf_fail(&err, HF_TOO_LONG, NULL, "the request needs too much memory");
		hf_change_drop(c->store, change, &err);
		done(c, change);
		return;
	}
	m->call = c;
	atomic_init(&m->left, 1);
	m->change = change;
	m->done = done;
	change->trace = hf_call_trace(c);
	hf_req_suspend(c->req, resumed, m);
	hf_change_submit(c->store, change, committed, m);
}

struct hf_call_many *
hf_call_many_begin(struct hf_call *c, void (*done)(struct hf_call *call))
{
	struct hf_call_many *m = wait_for_one(c);

	if (!m)
		return NULL;
	m->all_done = done;
	hf_req_suspend(c->req, resumed, m);
	return m;
}

void
hf_call_many_add(struct hf_call_many *m, struct hf_change *change)
{
	atomic_fetch_add(&m->left, 1);
	change->trace = hf_call_trace(m->call);
	hf_change_submit(m->call->store, change, committed, m);
}

void
hf_call_many_end(struct hf_call_many *m)
{
	/* The one that begin counted. */
	committed(NULL, m);
}
