/* outcomes.c - columns, framework and weights for the routes. */
#include "server/outcomes.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/io/log.h"
#include "population/disclose.h"

enum { ARENA = 32 << 20 };

/* Shared by those who hold columns of one version. */
struct weights {
	/* Compared with, never looked into: newer columns may stand where those that
	 * are gone did. */
	const struct hf_pop_columns *c;
	uint64_t version;
	unsigned held; /* under the lock; the cache is one of them */
	uint8_t of[];
};

struct hf_outcomes {
	struct hf_pop_live *live;
	struct hf_arena arena;
	struct hf_pop_framework framework;
	pthread_mutex_t lock;
	struct weights *newest;
};

static enum hf_rc
load_framework(struct hf_outcomes *p, struct hf_err *err)
{
	struct hf_issues issues = {.arena = &p->arena};
	enum hf_rc rc = hf_pop_framework_load(
	    hf_measures_builtin, hf_n_measures_builtin, hf_codesets_builtin,
	    hf_n_codesets_builtin, &p->arena, &issues, &p->framework, err);

	for (size_t i = 0; rc && i < issues.n; i++)
		hf_log(HF_LOG_ERROR, "measures", "%.*s: %.*s",
		       HF_SV_ARG(issues.items[i].path),
		       HF_SV_ARG(issues.items[i].text));
	return rc;
}

enum hf_rc
hf_outcomes_open(struct hf_pop_live *live, struct hf_outcomes **out, struct hf_err *err)
{
	struct hf_outcomes *p = calloc(1, sizeof *p);
	enum hf_rc rc;

	if (!p)
		return hf_fail(err, HF_FAULT, NULL, "no memory for the population");
	pthread_mutex_init(&p->lock, NULL);
	hf_arena_init(&p->arena, ARENA);
	p->live = live;
	rc = load_framework(p, err);
	if (rc == HF_OK)
		*out = p;
	else
		hf_outcomes_close(p);
	return rc;
}

/* Under the lock. */
static void
let_go(struct weights *w)
{
	if (w && --w->held == 0)
		free(w);
}

void
hf_outcomes_close(struct hf_outcomes *p)
{
	if (!p)
		return;
	let_go(p->newest);
	hf_arena_free(&p->arena);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

const struct hf_pop_framework *
hf_outcomes_framework(const struct hf_outcomes *p)
{
	return &p->framework;
}

struct hf_pop_live *
hf_outcomes_live(struct hf_outcomes *p)
{
	return p->live;
}

static struct weights *
make_weights(const struct hf_pop_columns *c, struct hf_err *err)
{
	struct weights *w = calloc(1, sizeof *w + c->n_persons + 1);

	if (!w) {
		hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
		return NULL;
	}
	w->c = c;
	w->version = c->version;
	if (hf_pop_weigh(c, w->of, err) == HF_OK)
		return w;
	free(w);
	return NULL;
}

/* The weights of c, made when they are not there.  Two that ask at once for new columns
 * wait for one another: they are made once. */
static enum hf_rc
weigh(struct hf_outcomes *p, const struct hf_pop_columns *c, struct weights **out,
      struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	pthread_mutex_lock(&p->lock);
	if (!p->newest || p->newest->c != c || p->newest->version != c->version) {
		struct weights *w = make_weights(c, err);

		if (w) {
			let_go(p->newest);
			p->newest = w;
			w->held = 1;
		} else {
			rc = HF_BUSY;
		}
	}
	if (rc == HF_OK) {
		p->newest->held++;
		*out = p->newest;
	}
	pthread_mutex_unlock(&p->lock);
	return rc;
}

enum hf_rc
hf_outcomes_hold(struct hf_outcomes *p, struct hf_outcomes_held *out,
		 struct hf_err *err)
{
	const struct hf_pop_columns *c = hf_pop_hold(p->live);
	struct weights *w = NULL;
	enum hf_rc rc;

	if (!c)
		return hf_fail(err, HF_BUSY, NULL,
			       "the population is being loaded: try again in a moment");
	rc = weigh(p, c, &w, err);
	if (rc) {
		hf_pop_release(p->live, c);
		return rc;
	}
	*out = (struct hf_outcomes_held){c, w->of, w};
	return HF_OK;
}

void
hf_outcomes_release(struct hf_outcomes *p, struct hf_outcomes_held *h)
{
	if (!h->c)
		return;
	pthread_mutex_lock(&p->lock);
	let_go(h->weights);
	pthread_mutex_unlock(&p->lock);
	hf_pop_release(p->live, h->c);
	*h = (struct hf_outcomes_held){0};
}
