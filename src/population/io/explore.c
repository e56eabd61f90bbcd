/* explore.c - one thread makes the next view when the columns are newer; whoever asks
 * meanwhile is answered from the one before. */
#include "population/io/ref_kept.h"
#include "population/io/explore.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/io/clock.h"
#include "population/io/reckon.h"

enum {
	LOOK_MS = 100,
	REST_MOST_MS = 30000 /* between two views; else twice as long as one takes */
};

struct shot {
	struct hf_pop_view v; /* first: what is handed out */
	struct hf_pop_need *need;
	int held;
};

struct hf_pop_explorer {
	struct hf_pop_live *live;
	struct hf_pop_defs defs;
	bool has_defs, follows, stop;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	struct shot *now;
	uint64_t next;	      /* hf_mono_ns(): no view is made before; of the thread */
	struct hf_err failed; /* of the last try; rc HF_OK: none */
};

static void
shot_free(struct hf_pop_explorer *x, struct shot *s)
{
	hf_pop_dims_free(&s->v.dims);
	hf_pop_drawn_free(s->v.drawn);
	hf_pop_need_free(s->need);
	hf_pop_release(x->live, s->v.c);
	free(s);
}

/* ---- dimensions that need tells ---- */

static enum hf_rc
set_segment(struct shot *s, struct hf_err *err)
{
	const struct hf_pop_defs *defs = s->need->defs;
	size_t at = 0;
	const struct hf_pop_scheme *scheme;
	struct hf_sv code[HF_POP_SEGMENTS], label[HF_POP_SEGMENTS];

	if (defs->n_schemes == 0)
		return HF_OK;
	/* The groups of the place, not whichever document comes first. */
	for (size_t i = 0; i < defs->n_schemes; i++)
		if (strcmp(defs->schemes[i].id, "nw-london") == 0)
			at = i;
	scheme = &defs->schemes[at];
	for (size_t i = 0; i < scheme->n; i++) {
		code[i] = hf_sv_from(scheme->segments[i].id);
		label[i] = hf_sv_from(scheme->segments[i].title);
	}
	return hf_pop_dims_set(&s->v.dims, HF_POP_DIM_SEGMENT, s->need->segment[at],
			       code, label, scheme->n, err);
}

static enum hf_rc
set_frailty(struct shot *s, struct hf_err *err)
{
	struct hf_sv code[HF_POP_SCORE_BANDS + 1] = {{"", 0}};
	struct hf_sv label[HF_POP_SCORE_BANDS + 1] = {HF_SV("Not scored")};
	int column = hf_pop_scorer_find(s->need->scorer, HF_SV("efi"));
	const struct hf_pop_score *score;
	size_t at, variant;

	if (column < 0)
		return HF_OK;
	hf_pop_scorer_column(s->need->scorer, (size_t)column, &at, &variant);
	score = &s->need->defs->scores[at];
	for (size_t i = 0; i < score->n_bands; i++) {
		code[i + 1] = hf_sv_from(score->bands[i].id);
		label[i + 1] = hf_sv_from(score->bands[i].title);
	}
	return hf_pop_dims_set(&s->v.dims, HF_POP_DIM_FRAILTY, s->need->band[column],
			       code, label, score->n_bands + 1, err);
}

static enum hf_rc
set_risk(struct shot *s, struct hf_err *err)
{
	static const char *const codes[] = {"", "case", "disease", "self",
					    "prevention"};
	static const char *const labels[] = {"Not scored", "Highest 0.5 %",
					     "From 0.5 to 5 %", "From 5 to 20 %",
					     "Lowest 80 %"};
	struct hf_sv code[HF_COUNT(codes)], label[HF_COUNT(codes)];

	for (size_t i = 0; i < HF_COUNT(codes); i++) {
		code[i] = hf_sv_from(codes[i]);
		label[i] = hf_sv_from(labels[i]);
	}
	return hf_pop_dims_set(&s->v.dims, HF_POP_DIM_RISK, s->need->risk, code, label,
			       HF_COUNT(codes), err);
}

static uint16_t
today(void)
{
	return (uint16_t)(hf_now() / 86400000 - HF_POP_DAY_ZERO);
}

/* Takes over c, which it releases when it fails. */
static enum hf_rc
shot_make(struct hf_pop_explorer *x, const struct hf_pop_columns *c, struct shot **out,
	  struct hf_err *err)
{
	struct shot *s = calloc(1, sizeof(*s));
	enum hf_rc rc;

	if (!s) {
		hf_pop_release(x->live, c);
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	}
	s->held = 1;
	s->v.c = c;
	s->v.day = c->n_events ? c->day_last : today();
	rc = hf_pop_drawn_new(c, &s->v.drawn, err);
	if (rc == HF_OK)
		rc = hf_pop_need_reckon(&x->defs, c, s->v.day, 0, &s->need, err);
	if (rc == HF_OK)
		rc = hf_pop_dims_make(c, s->v.day, &s->v.dims, err);
	if (rc == HF_OK)
		rc = set_segment(s, err);
	if (rc == HF_OK)
		rc = set_frailty(s, err);
	if (rc == HF_OK)
		rc = set_risk(s, err);
	s->v.need = s->need;
	if (rc == HF_OK)
		*out = s;
	else
		shot_free(x, s);
	return rc;
}

static void
show(struct hf_pop_explorer *x, struct shot *s)
{
	struct shot *old;

	pthread_mutex_lock(&x->lock);
	old = x->now;
	x->now = s;
	if (old && --old->held)
		old = NULL;
	pthread_mutex_unlock(&x->lock);
	if (old)
		shot_free(x, old);
}

const struct hf_pop_view *
hf_pop_view_hold(struct hf_pop_explorer *x)
{
	const struct hf_pop_view *v = NULL;

	pthread_mutex_lock(&x->lock);
	if (x->now) {
		x->now->held++;
		v = &x->now->v;
	}
	pthread_mutex_unlock(&x->lock);
	return v;
}

void
hf_pop_view_release(struct hf_pop_explorer *x, const struct hf_pop_view *v)
{
	struct shot *s = (struct shot *)(uintptr_t)v;

	if (!v)
		return;
	pthread_mutex_lock(&x->lock);
	if (--s->held)
		s = NULL;
	pthread_mutex_unlock(&x->lock);
	if (s)
		shot_free(x, s);
}

/* ---- following ---- */

/* False when it is time to stop. */
static bool
rest(struct hf_pop_explorer *x)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += LOOK_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&x->lock);
	if (!x->stop)
		pthread_cond_timedwait(&x->wake, &x->lock, &until);
	stop = x->stop;
	pthread_mutex_unlock(&x->lock);
	return !stop;
}

/* Whoever asks the new view of what the old one was asked need not wait. */
static void
draw_as_before(struct hf_pop_explorer *x, struct shot *s)
{
	const struct hf_pop_setting_rows *drawn[HF_POP_SETTINGS];

	if (x->now)
		hf_pop_drawn_get(s->v.drawn, hf_pop_drawn_which(x->now->v.drawn),
				 drawn);
}

static void
look(struct hf_pop_explorer *x)
{
	const struct hf_pop_columns *c = hf_pop_hold(x->live);
	struct hf_err err = {0};
	uint64_t began;
	struct shot *s;

	/* Only this thread puts another in now's place. */
	if (c && x->now && x->now->v.c == c) {
		hf_pop_release(x->live, c);
		return;
	}
	if (!c)
		return;
	if (hf_mono_ns() < x->next) {
		hf_pop_release(x->live, c);
		return;
	}
	began = hf_mono_ns();
	if (shot_make(x, c, &s, &err) == HF_OK) {
		draw_as_before(x, s);
		show(x, s);
	}
	x->next = hf_mono_ns() + 2 * (hf_mono_ns() - began);
	if (x->next > hf_mono_ns() + REST_MOST_MS * 1000000ull)
		x->next = hf_mono_ns() + REST_MOST_MS * 1000000ull;
	pthread_mutex_lock(&x->lock);
	x->failed = err;
	pthread_mutex_unlock(&x->lock);
}

static void *
follow(void *ctx)
{
	struct hf_pop_explorer *x = ctx;

	do
		look(x);
	while (rest(x));
	return NULL;
}

enum hf_rc
hf_pop_explorer_open(struct hf_store *store, bool follow_it,
		     struct hf_pop_explorer **out, struct hf_err *err)
{
	struct hf_pop_explorer *x = calloc(1, sizeof(*x));
	enum hf_rc rc;

	if (!x)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	pthread_mutex_init(&x->lock, NULL);
	pthread_cond_init(&x->wake, NULL);
	rc = hf_pop_defs_load(&x->defs, err);
	x->has_defs = rc == HF_OK;
	if (rc == HF_OK)
		rc = hf_ref_weights(store, &x->defs, err);
	if (rc == HF_OK)
		rc = hf_pop_live_open(store, follow_it, &x->live, err);
	if (rc == HF_OK && !follow_it) {
		struct shot *s;

		rc = shot_make(x, hf_pop_hold(x->live), &s, err);
		if (rc == HF_OK)
			show(x, s);
	}
	if (rc == HF_OK && follow_it) {
		x->follows = pthread_create(&x->thread, NULL, follow, x) == 0;
		if (!x->follows)
			rc = hf_fail(err, HF_BUSY, NULL, "no thread could be started");
	}
	if (rc != HF_OK) {
		hf_pop_explorer_close(x);
		return rc;
	}
	*out = x;
	return HF_OK;
}

void
hf_pop_explorer_close(struct hf_pop_explorer *x)
{
	if (!x)
		return;
	pthread_mutex_lock(&x->lock);
	x->stop = true;
	pthread_cond_broadcast(&x->wake);
	pthread_mutex_unlock(&x->lock);
	if (x->follows)
		pthread_join(x->thread, NULL);
	if (x->now)
		shot_free(x, x->now);
	hf_pop_live_close(x->live);
	if (x->has_defs)
		hf_pop_defs_free(&x->defs);
	pthread_cond_destroy(&x->wake);
	pthread_mutex_destroy(&x->lock);
	free(x);
}

struct hf_pop_live *
hf_pop_explorer_live(struct hf_pop_explorer *x)
{
	return x->live;
}

void
hf_pop_explorer_state(struct hf_pop_explorer *x, struct hf_pop_live_state *out)
{
	hf_pop_live_state(x->live, out);
	pthread_mutex_lock(&x->lock);
	out->loading |= x->now == NULL;
	if (x->failed.rc != HF_OK && out->failed[0] == '\0')
		memcpy(out->failed, x->failed.text, sizeof(out->failed));
	pthread_mutex_unlock(&x->lock);
}
