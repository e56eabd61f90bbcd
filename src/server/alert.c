/* alert.c - see alert.h. */
#include "server/alert.h"

#include <pthread.h>

#include "record/io/glass.h"
#include "server/serve.h"

enum {
	REMEMBERED = 4096, /* by hash: one that was pushed out is told again, once */
	PEOPLE = 50	   /* beyond that one notice stands for all */
};

struct hf_alerts {
	pthread_mutex_t mutex;
	uint64_t told[REMEMBERED]; /* 0: none */
};

struct hf_alerts *
hf_alerts_new(void)
{
	struct hf_alerts *a = calloc(1, sizeof *a);

	if (a)
		pthread_mutex_init(&a->mutex, NULL);
	return a;
}

void
hf_alerts_free(struct hf_alerts *a)
{
	if (!a)
		return;
	pthread_mutex_destroy(&a->mutex);
	free(a);
}

static uint64_t
hash_of(struct hf_sv id)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < id.n; i++)
		h = (h ^ (uint8_t)id.p[i]) * UINT64_C(1099511628211);
	return h ? h : 1;
}

static bool
is_told(struct hf_alerts *a, uint64_t hash)
{
	bool told;

	pthread_mutex_lock(&a->mutex);
	told = a->told[hash % REMEMBERED] == hash;
	pthread_mutex_unlock(&a->mutex);
	return told;
}

static void
remember(struct hf_alerts *a, uint64_t hash)
{
	pthread_mutex_lock(&a->mutex);
	a->told[hash % REMEMBERED] = hash;
	pthread_mutex_unlock(&a->mutex);
}

static enum hf_notice_kind
kind_of(const struct hf_actor *actor)
{
	if (actor->why == HF_PURPOSE_SAFEGUARD)
		return HF_NOTICE_SAFEGUARD;
	return actor->why == HF_PURPOSE_FINANCE ? HF_NOTICE_CHALLENGE
						: HF_NOTICE_CONTENT;
}

/* One notice for a person (shelf 0: for many), in one session or, without one, on one
 * day. */
static enum hf_rc
tell(struct hf_call *c, int64_t shelf, struct hf_err *err)
{
	const struct hf_actor *a = c->actor;
	struct hf_glass_by by = {a->id, a->purpose, hf_call_trace(c)};
	struct hf_notice n = {.kind = kind_of(a),
			      .actor = a->id,
			      .role = a->role,
			      .org = a->org,
			      .session = a->session,
			      .shelf = shelf,
			      .case_ref = a->case_ref};
	enum hf_rc rc;

	n.id = hf_arena_printf(
	    c->arena, "%s-%.*s-%lld-%lld", hf_notice_kind(n.kind),
	    (int)(a->id.n > 64 ? 64 : a->id.n), a->id.p,
	    (long long)(a->session ? a->session : hf_london_day(c->now)),
	    (long long)shelf);
	for (size_t i = 0; i < n.id.n; i++) /* it stands in an address */
		if (n.id.p[i] == '/')
			((char *)(uintptr_t)n.id.p)[i] = '.';
	if (is_told(c->server->alerts, hash_of(n.id)))
		return HF_OK;
	rc = hf_notice_tell(c->store, &by, &n, err);
	if (rc == HF_OK)
		remember(c->server->alerts, hash_of(n.id));
	return rc;
}

enum hf_rc
hf_call_alert(struct hf_call *c, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	/* A broken glass had its notice when it was broken. */
	if (!(c->seen.notes & HF_BIT(HF_NOTE_ALERT)) ||
	    c->seen.reason != HF_REASON_NONE || c->n_audit_shelves == 0)
		return HF_OK;
	if (c->n_audit_shelves > PEOPLE)
		return tell(c, 0, err);
	for (size_t i = 0; rc == HF_OK && i < c->n_audit_shelves; i++)
		rc = tell(c, c->audit_shelves[i], err);
	return rc;
}
