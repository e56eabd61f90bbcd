/* activity_feed.c - makers fill slots of a ring, a slot some lives in a row; the caller
 * writes the slots in their order, so that the store is the same for any number of
 * makers. */
#include "synth/io/activity_feed.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/io/clock.h"

enum { SLOT = 128, SLOTS = 32, THREADS_MOST = 16 };

struct slot {
	struct hf_synth_life life[SLOT];
	int64_t chunk; /* which one stands in it */
	bool full;
};

struct run {
	const struct hf_synth_feed_config *c;
	struct hf_pop_feed *feed;
	uint16_t *map[HF_POP_KINDS]; /* code of a life to code of the store */
	struct slot *slots;
	int64_t next, written, chunks; /* chunks: given to makers, written, in all */
	pthread_mutex_t lock;
	pthread_cond_t filled, freed;
	enum hf_rc failed;
	struct hf_err err;
	struct hf_synth_feed_result result;
};

/* ---- makers ---- */

static int64_t
in_chunk(const struct run *r, int64_t chunk)
{
	int64_t left = hf_synth_activity_lives(r->c->activity) - chunk * SLOT;

	return left < SLOT ? left : SLOT;
}

/* The next chunk and its slot, NULL when there is none or the run has failed. */
static struct slot *
take_slot(struct run *r, int64_t *chunk)
{
	struct slot *s = NULL;

	pthread_mutex_lock(&r->lock);
	while (r->failed == HF_OK && r->next < r->chunks &&
	       r->next >= r->written + SLOTS)
		pthread_cond_wait(&r->freed, &r->lock);
	if (r->failed == HF_OK && r->next < r->chunks) {
		*chunk = r->next++;
		s = &r->slots[*chunk % SLOTS];
	}
	pthread_mutex_unlock(&r->lock);
	return s;
}

static void *
make(void *arg)
{
	struct run *r = arg;
	struct slot *s;
	int64_t chunk;

	while ((s = take_slot(r, &chunk)) != NULL) {
		struct hf_err err = {0};
		enum hf_rc rc = HF_OK;

		for (int64_t i = 0; rc == HF_OK && i < in_chunk(r, chunk); i++)
			rc = hf_synth_activity_make(r->c->activity, chunk * SLOT + i,
						    &s->life[i], &err);
		pthread_mutex_lock(&r->lock);
		s->chunk = chunk;
		s->full = true;
		if (rc != HF_OK && r->failed == HF_OK) {
			r->failed = rc;
			r->err = err;
		}
		pthread_cond_broadcast(&r->filled);
		pthread_mutex_unlock(&r->lock);
	}
	return NULL;
}

/* ---- the writer ---- */

static enum hf_rc
map_codes(struct run *r, struct hf_err *err)
{
	const struct hf_synth_activity *a = r->c->activity;

	for (int k = 0; k < HF_POP_KINDS; k++) {
		size_t n = hf_synth_activity_codes(a, (enum hf_pop_kind)k);

		r->map[k] = calloc(n + 1, sizeof(*r->map[k]));
		if (!r->map[k])
			return hf_fail(err, HF_BUSY, NULL, "out of memory");
		for (size_t i = 1; i < n; i++) {
			struct hf_sv text =
			    hf_synth_activity_code(a, (enum hf_pop_kind)k, (uint16_t)i);
			enum hf_rc rc = hf_pop_feed_code(r->feed, (enum hf_pop_kind)k,
							 text, &r->map[k][i], err);

			if (rc != HF_OK)
				return rc;
		}
	}
	return HF_OK;
}

static enum hf_rc
put_events(struct run *r, const struct hf_synth_life *l, uint32_t person,
	   struct hf_err *err)
{
	uint16_t *const *map = r->map;
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < l->n_event; i++) {
		struct hf_pop_event e = l->event[i];
		uint16_t dx[HF_POP_DX_MOST];
		size_t n = e.dx_more == 0 ? 0 : l->dx[e.dx_more];

		for (size_t k = 0; k < n; k++)
			dx[k] = map[HF_POP_ICD10][l->dx[e.dx_more + 1 + k]];
		e.person = person;
		e.dx_more = 0;
		e.provider = map[HF_POP_PROVIDER][e.provider];
		e.specialty = map[HF_POP_SPECIALTY][e.specialty];
		e.hrg = map[HF_POP_HRG][e.hrg];
		e.dx = map[HF_POP_ICD10][e.dx];
		e.proc = map[HF_POP_PROC][e.proc];
		rc = hf_pop_feed_event(r->feed, &e, dx, n, err);
	}
	r->result.events += (int64_t)l->n_event;
	return rc;
}

static enum hf_rc
put_rest(struct run *r, const struct hf_synth_life *l, uint32_t person,
	 struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < l->n_reg; i++) {
		struct hf_pop_registration row = l->reg[i];

		row.person = person;
		row.practice = r->map[HF_POP_PRACTICE][row.practice];
		rc = hf_pop_feed_registration(r->feed, &row, err);
	}
	for (size_t i = 0; rc == HF_OK && i < l->n_cond; i++) {
		struct hf_pop_condition row = l->cond[i];

		row.person = person;
		row.code = r->map[HF_POP_CONDITION][row.code];
		rc = hf_pop_feed_condition(r->feed, &row, err);
	}
	for (size_t i = 0; rc == HF_OK && i < l->n_value; i++) {
		struct hf_pop_value row = l->value[i];

		row.person = person;
		row.code = r->map[HF_POP_VALUE][row.code];
		rc = hf_pop_feed_value(r->feed, &row, err);
	}
	r->result.conditions += (int64_t)l->n_cond;
	r->result.values += (int64_t)l->n_value;
	return rc;
}

static enum hf_rc
put_life(struct run *r, const struct hf_synth_life *l, struct hf_err *err)
{
	struct hf_pop_person p = l->person;
	struct hf_nhs nhs;
	uint32_t person;
	enum hf_rc rc;

	if (hf_nhs_parse(hf_sv_from(l->key), &nhs, NULL) == HF_OK)
		hf_pop_pid(r->c->key, &nhs, p.pid);
	else
		hf_pop_pid_local(r->c->key, HF_SV("homefirst generate"),
				 hf_sv_from(l->key), p.pid);
	p.lsoa = r->map[HF_POP_LSOA][p.lsoa];
	rc = hf_pop_feed_person(r->feed, p.pid, &person, NULL, err);
	if (rc == HF_OK)
		rc = hf_pop_feed_about_person(r->feed, person, &p, err);
	if (rc == HF_OK)
		rc = put_rest(r, l, person, err);
	if (rc == HF_OK)
		rc = put_events(r, l, person, err);
	r->result.lives++;
	return rc;
}

/* The slot with the next chunk, NULL when a maker failed. */
static struct slot *
wait_slot(struct run *r)
{
	struct slot *s = &r->slots[r->written % SLOTS];

	pthread_mutex_lock(&r->lock);
	while (r->failed == HF_OK && !(s->full && s->chunk == r->written))
		pthread_cond_wait(&r->filled, &r->lock);
	if (r->failed != HF_OK)
		s = NULL;
	pthread_mutex_unlock(&r->lock);
	return s;
}

static enum hf_rc
write_all(struct run *r, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	while (rc == HF_OK && r->written < r->chunks) {
		struct slot *s = wait_slot(r);

		if (!s) {
			*err = r->err;
			return r->failed;
		}
		for (int64_t i = 0; rc == HF_OK && i < in_chunk(r, s->chunk); i++)
			rc = put_life(r, &s->life[i], err);
		pthread_mutex_lock(&r->lock);
		s->full = false;
		r->written++;
		pthread_cond_broadcast(&r->freed);
		pthread_mutex_unlock(&r->lock);
		if (r->c->progress && r->written % 16 == 0)
			r->c->progress(r->c->ctx, r->result.lives,
				       hf_synth_activity_lives(r->c->activity),
				       r->result.events);
	}
	return rc;
}

static enum hf_rc
with_makers(struct run *r, struct hf_err *err)
{
	pthread_t threads[THREADS_MOST];
	int n = 0, want = r->c->threads;
	enum hf_rc rc = HF_OK;

	want = want < 1 ? 1 : want > THREADS_MOST ? THREADS_MOST : want;
	while (n < want && pthread_create(&threads[n], NULL, make, r) == 0)
		n++;
	if (n == 0)
		rc = hf_fail(err, HF_BUSY, NULL, "no thread can be made: try again");
	if (rc == HF_OK)
		rc = write_all(r, err);
	pthread_mutex_lock(&r->lock);
	if (rc != HF_OK && r->failed == HF_OK)
		r->failed = rc;
	pthread_cond_broadcast(&r->freed);
	pthread_mutex_unlock(&r->lock);
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return rc;
}

static enum hf_rc
open_feed(struct run *r, struct hf_err *err)
{
	const struct hf_pop_feed_about about = {
	    .actor = r->c->actor,
	    .purpose = r->c->purpose,
	    .source = HF_SV("homefirst generate"),
	    .kind = HF_SV("generated"),
	    .from = hf_synth_activity_from(r->c->activity),
	    .to = hf_synth_activity_to(r->c->activity),
	    .map = HF_SV("generated|1"),
	};

	return hf_pop_feed_open(r->c->store, &about, &r->feed, err);
}

enum hf_rc
hf_synth_feed(const struct hf_synth_feed_config *config,
	      struct hf_synth_feed_result *out, struct hf_err *err)
{
	struct run r = {.c = config};
	struct hf_err why = {0};
	uint64_t begun = hf_mono_ns();
	enum hf_rc rc;

	r.chunks = (hf_synth_activity_lives(config->activity) + SLOT - 1) / SLOT;
	r.slots = calloc(SLOTS, sizeof(*r.slots));
	if (!r.slots)
		return hf_fail(err, HF_BUSY, NULL, "out of memory");
	pthread_mutex_init(&r.lock, NULL);
	pthread_cond_init(&r.filled, NULL);
	pthread_cond_init(&r.freed, NULL);
	rc = open_feed(&r, &why);
	if (rc == HF_OK)
		rc = map_codes(&r, &why);
	if (rc == HF_OK)
		rc = with_makers(&r, &why);
	if (rc == HF_OK)
		rc = hf_pop_feed_commit(r.feed, &r.result.feed, &why);
	else if (r.feed)
		hf_pop_feed_drop(r.feed);
	for (int k = 0; k < HF_POP_KINDS; k++)
		free(r.map[k]);
	for (int i = 0; i < SLOTS * SLOT; i++)
		hf_synth_life_free(&r.slots[i / SLOT].life[i % SLOT]);
	free(r.slots);
	pthread_mutex_destroy(&r.lock);
	pthread_cond_destroy(&r.filled);
	pthread_cond_destroy(&r.freed);
	r.result.seconds = (double)(hf_mono_ns() - begun) / 1e9;
	if (rc == HF_OK)
		*out = r.result;
	else if (err)
		*err = why;
	return rc;
}
