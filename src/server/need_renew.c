/* need_renew.c - lists are made anew once a month.  The month is that of the data: a
 * list of the same rows would be the same list. */
#include "server/need_renew.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/io/clock.h"
#include "base/io/log.h"
#include "server/need_make.h"

enum {
	SOON_S = 5,
	EVERY_S = 1800,
	SCOPES = 2000, /* of rule and scope */
	ARENA = 64 << 20
};

struct hf_need_renew {
	struct hf_store *store;
	struct hf_hub *hub;
	struct hf_need_live *need;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

static int32_t
month_of(uint16_t day)
{
	struct hf_civil c =
	    hf_civil_from_time(((int64_t)day + HF_POP_DAY_ZERO) * 86400000);

	return c.year * 12 + c.month;
}

/* Another version of one list.  A rule, a practice or a team that is no longer there
 * ends its lists. */
static enum hf_rc
renew(struct hf_store *store, struct hf_hub *hub, struct hf_need_making *m,
      const struct hf_need_list *old, bool *made, struct hf_err *err)
{
	static const struct hf_need_by by = {
	    .actor = {"homefirst", 9}, .org = {"", 0}, .purpose = {"DIRECT", 6}};
	struct hf_arena arena = {.cap = ARENA};
	struct hf_need_list list;
	int64_t id;
	enum hf_rc rc;

	m->rule = hf_need_rule(m->n->rules, old->rule);
	m->text = old->scope;
	/* Who said a number of places meant that list: the next has what is free. */
	rc = m->rule
		 ? hf_need_of_text(hub, m->now, m->n->c, m->text, &arena, &m->of, err)
		 : HF_INVALID;
	if (rc == HF_OK)
		rc = hf_need_make(m, &arena, &list, err);
	if (rc == HF_OK)
		rc = hf_need_keep(store, &by, &list, &id, err);
	hf_arena_free(&arena);
	*made = rc == HF_OK;
	return rc == HF_INVALID || rc == HF_EXISTS ? HF_OK : rc;
}

enum hf_rc
hf_need_renew_once(struct hf_store *store, struct hf_hub *hub,
		   struct hf_need_live *need, hf_time now, size_t *made,
		   struct hf_err *err)
{
	struct hf_need_making m = {.because = HF_SV("month"), .now = now};
	struct hf_arena arena = {.cap = ARENA};
	struct hf_need_list *lists = NULL;
	size_t n = 0;
	enum hf_rc rc = hf_reader_get(store, &m.reader, err);

	*made = 0;
	if (rc == HF_OK)
		rc = hf_need_newest(m.reader, SCOPES, &arena, &lists, &n, err);
	if (rc == HF_OK && n) /* without a list nobody's need is asked for */
		rc = hf_need_live_hold(need, now, &m.n, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		bool another = false;

		if (month_of(lists[i].day) >= month_of(m.n->now->day))
			continue;
		rc = renew(store, hub, &m, &lists[i], &another, err);
		*made += another;
	}
	if (m.reader)
		hf_reader_put(m.reader);
	hf_need_live_release(need, m.n);
	hf_arena_free(&arena);
	return rc;
}

/* False: it is to stop. */
static bool
wait_s(struct hf_need_renew *r, int64_t s)
{
	struct timespec until;
	bool go;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += s;
	pthread_mutex_lock(&r->lock);
	if (!r->stop)
		pthread_cond_timedwait(&r->wake, &r->lock, &until);
	go = !r->stop;
	pthread_mutex_unlock(&r->lock);
	return go;
}

static void *
run(void *arg)
{
	struct hf_need_renew *r = arg;
	enum hf_rc rc = HF_BUSY;

	while (wait_s(r, rc == HF_BUSY ? SOON_S : EVERY_S)) {
		struct hf_err err = {0};
		size_t made;

		rc = hf_need_renew_once(r->store, r->hub, r->need, hf_now(), &made,
					&err);
		if (made)
			hf_log(HF_LOG_INFO, "need", "%zu lists were renewed", made);
		if (rc && rc != HF_BUSY)
			hf_log(HF_LOG_ERROR, "need", "lists were not renewed: %s",
			       err.text);
	}
	return NULL;
}

enum hf_rc
hf_need_renew_start(struct hf_store *store, struct hf_hub *hub,
		    struct hf_need_live *need, struct hf_need_renew **out,
		    struct hf_err *err)
{
	struct hf_need_renew *r = calloc(1, sizeof *r);
	pthread_condattr_t attr;

	if (!r)
		return hf_fail(err, HF_FAULT, NULL, "no memory to renew lists");
	*r = (struct hf_need_renew){.store = store, .hub = hub, .need = need};
	pthread_mutex_init(&r->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&r->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&r->thread, NULL, run, r) == 0) {
		*out = r;
		return HF_OK;
	}
	pthread_cond_destroy(&r->wake);
	pthread_mutex_destroy(&r->lock);
	free(r);
	return hf_fail(err, HF_FAULT, NULL, "no thread to renew lists");
}

void
hf_need_renew_stop(struct hf_need_renew *r)
{
	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	r->stop = true;
	pthread_cond_signal(&r->wake);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->thread, NULL);
	pthread_cond_destroy(&r->wake);
	pthread_mutex_destroy(&r->lock);
	free(r);
}
