/* need_live.c - everybody's need as it stands now. */
#include "server/need_live.h"

#include <pthread.h>
#include <stdlib.h>

#include "population/io/ref_kept.h"
#include "population/io/reckon.h"

enum { RULES_BYTES = 8 << 20, YEAR = 365 };

struct hf_need_live {
	struct hf_need_rules rules;
	struct hf_pop_live *live;
	pthread_mutex_t lock;
	struct hf_need_now *newest;
};

static enum hf_rc
load_rules(struct hf_store *store, struct hf_need_rules *r, struct hf_err *err)
{
	struct hf_issues issues = {.arena = &r->arena};
	enum hf_rc rc = hf_pop_defs_load(&r->defs, err);

	if (rc == HF_OK)
		rc = hf_ref_weights(store, &r->defs, err);

	assert(hf_n_need_lists_builtin <= HF_POP_LISTS_MOST &&
	       hf_n_care_gaps_builtin <= HF_POP_GAPS);
	r->arena.cap = RULES_BYTES;
	for (; rc == HF_OK && r->n_lists < hf_n_need_lists_builtin; r->n_lists++)
		rc = hf_pop_list_load_rule(hf_need_lists_builtin[r->n_lists].name,
					   hf_need_lists_builtin[r->n_lists].text,
					   &r->arena, &issues, &r->lists[r->n_lists],
					   err);
	for (; rc == HF_OK && r->n_gaps < hf_n_care_gaps_builtin; r->n_gaps++)
		rc = hf_pop_gap_load(hf_care_gaps_builtin[r->n_gaps].name,
				     hf_care_gaps_builtin[r->n_gaps].text, &r->arena,
				     &issues, &r->gaps[r->n_gaps], err);
	return rc;
}

enum hf_rc
hf_need_live_open(struct hf_store *store, struct hf_pop_live *live,
		  struct hf_need_live **out, struct hf_err *err)
{
	struct hf_need_live *l = calloc(1, sizeof *l);
	enum hf_rc rc;

	if (!l)
		return hf_fail(err, HF_FAULT, NULL, "no memory for the population");
	pthread_mutex_init(&l->lock, NULL);
	l->live = live;
	rc = load_rules(store, &l->rules, err);
	if (rc) {
		hf_need_live_close(l);
		return rc;
	}
	*out = l;
	return HF_OK;
}

static void
drop(struct hf_need_live *l, struct hf_need_now *n)
{
	hf_pop_gapper_free(n->gapper);
	hf_pop_need_free(n->now);
	hf_pop_need_free(n->then);
	hf_pop_release(l->live, n->c);
	free(n);
}

/* Lets go of what nobody holds but the newest; locked. */
static void
sweep(struct hf_need_live *l)
{
	struct hf_need_now **at = l->newest ? &l->newest->next : NULL;

	while (at && *at) {
		struct hf_need_now *old = *at;

		if (old->held) {
			at = &old->next;
			continue;
		}
		*at = old->next;
		drop(l, old);
	}
}

void
hf_need_live_close(struct hf_need_live *l)
{
	if (!l)
		return;
	sweep(l);
	if (l->newest)
		drop(l, l->newest);
	hf_pop_defs_free(&l->rules.defs);
	hf_arena_free(&l->rules.arena);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

/* Data that end in the past are looked at as of their last day. */
static uint16_t
day_of(const struct hf_pop_columns *c, hf_time at)
{
	int64_t today = at / 86400000 - HF_POP_DAY_ZERO;

	if (today < 0)
		return 0;
	return today > c->day_last ? c->day_last : (uint16_t)today;
}

static enum hf_rc
reckon(struct hf_need_live *l, const struct hf_pop_columns *c, uint16_t day,
       struct hf_need_now *n, struct hf_err *err)
{
	uint16_t before = day > YEAR ? (uint16_t)(day - YEAR) : 0;
	enum hf_rc rc = hf_pop_need_reckon(&l->rules.defs, c, day, 0, &n->now, err);

	if (rc == HF_OK)
		rc = hf_pop_need_reckon(&l->rules.defs, c, before, 0, &n->then, err);
	if (rc == HF_OK)
		rc = hf_pop_gapper_new(l->rules.gaps, l->rules.n_gaps, n->now->scorer,
				       &n->gapper, err);
	if (rc == HF_OK)
		hf_pop_risk_rates(n->then, n->rates);
	return rc;
}

/* Locked: whoever comes meanwhile waits for the same. */
static enum hf_rc
renew(struct hf_need_live *l, const struct hf_pop_columns *c, uint16_t day,
      struct hf_err *err)
{
	struct hf_need_now *n = calloc(1, sizeof *n);
	enum hf_rc rc;

	if (!n)
		return hf_fail(err, HF_BUSY, NULL, "no memory now; try again");
	*n = (struct hf_need_now){
	    .rules = &l->rules, .c = c, .version = c->version, .next = l->newest};
	rc = reckon(l, c, day, n, err);
	if (rc) {
		hf_pop_gapper_free(n->gapper);
		hf_pop_need_free(n->now);
		hf_pop_need_free(n->then);
		free(n);
		return rc;
	}
	l->newest = n;
	sweep(l);
	return HF_OK;
}

static enum hf_rc
nothing_yet(struct hf_need_live *l, struct hf_err *err)
{
	struct hf_pop_live_state state;

	hf_pop_live_state(l->live, &state);
	if (*state.failed)
		return hf_fail(err, HF_FAULT, NULL, "%s", state.failed);
	return hf_fail(err, HF_BUSY, NULL,
		       "the population is being read (%llu of %llu rows); try again in "
		       "a moment",
		       (unsigned long long)state.rows,
		       (unsigned long long)state.rows_of);
}

enum hf_rc
hf_need_live_hold(struct hf_need_live *l, hf_time at, const struct hf_need_now **out,
		  struct hf_err *err)
{
	const struct hf_pop_columns *c = hf_pop_hold(l->live);
	enum hf_rc rc = HF_OK;
	uint16_t day;

	if (!c)
		return nothing_yet(l, err);
	day = day_of(c, at);
	pthread_mutex_lock(&l->lock);
	if (!l->newest || l->newest->version != c->version ||
	    l->newest->now->day != day)
		rc = renew(l, c, day, err);
	else
		hf_pop_release(l->live, c);
	if (rc == HF_OK) {
		l->newest->held++;
		*out = l->newest;
	}
	pthread_mutex_unlock(&l->lock);
	if (rc)
		hf_pop_release(l->live, c);
	return rc;
}

void
hf_need_live_release(struct hf_need_live *l, const struct hf_need_now *n)
{
	if (!n)
		return;
	pthread_mutex_lock(&l->lock);
	((struct hf_need_now *)(uintptr_t)n)->held--;
	sweep(l);
	pthread_mutex_unlock(&l->lock);
}

const struct hf_pop_list_rule *
hf_need_rule(const struct hf_need_rules *r, struct hf_sv id)
{
	for (size_t i = 0; i < r->n_lists; i++)
		if (hf_sv_eq(hf_sv_from(r->lists[i].id), id))
			return &r->lists[i];
	return NULL;
}
