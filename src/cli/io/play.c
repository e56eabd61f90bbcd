/* play.c - referrals of a synthetic place, through the hub and in order of time.
 *
 * Moves of different referrals that lie within some minutes are committed together:
 * the disk is waited for once for all of them.  Two moves of one referral are never
 * under way at once, and nothing is when the clocks of the hub are looked at. */
#include "cli/io/play_int.h"

#include <stdlib.h>

#include "base/io/clock.h"
#include "record/io/change.h"

enum {
	SPAN = 9, /* minutes: no clock of the pathway is shorter */
	ROUND = 4 /* hours between two looks at breaches */
};

/* ---- lanes ---- */

static void
landed(struct hf_change *change, void *ctx)
{
	struct lane *lane = ctx;

	(void)change;
	pthread_mutex_lock(&lane->play->lock);
	if (--lane->play->waiting == 0)
		pthread_cond_signal(&lane->play->done);
	pthread_mutex_unlock(&lane->play->lock);
}

static void
leave(struct play *play, size_t i)
{
	if (play->courses[i])
		hf_arena_free(&play->courses[i]->arena);
	free(play->courses[i]);
	play->courses[i] = NULL;
}

/* The next move of a course is waited for, or it is over. */
static enum hf_rc
go_on(struct play *play, size_t i)
{
	struct course *c = play->courses[i];
	hf_time at;

	if (c->next >= c->r.n) {
		leave(play, i);
		return HF_OK;
	}
	at = c->r.moves[c->next].at + c->late;
	if (at > play->now) {
		leave(play, i);
		return HF_OK;
	}
	if (!hf_wheel_arm(&play->wheel, (uint32_t)i, at))
		return hf_fail(play->err, HF_TOO_LONG, NULL, "no memory");
	return HF_OK;
}

static enum hf_rc
land_one(struct play *play, struct lane *lane)
{
	struct course *c = play->courses[lane->course];
	const struct hf_change *change = &lane->work->change;
	enum hf_rc rc = change->rc;

	hf_hub_done(play->hub, lane->work);
	if (rc != HF_OK) {
		*play->err = change->err;
		return rc;
	}
	if (c->task.n == 0)
		c->task = hf_arena_sv(&c->arena, lane->work->id);
	c->next++;
	play->out->moves++;
	hf_arena_reset(&lane->arena);
	return go_on(play, lane->course);
}

/* Waits for all that is under way. */
enum hf_rc
hf_play_land(struct play *play)
{
	enum hf_rc rc = HF_OK;

	pthread_mutex_lock(&play->lock);
	while (play->waiting > 0)
		pthread_cond_wait(&play->done, &play->lock);
	pthread_mutex_unlock(&play->lock);
	for (size_t i = 0; i < play->n_lanes; i++) {
		enum hf_rc one = land_one(play, &play->lanes[i]);

		rc = rc ? rc : one;
	}
	play->n_lanes = 0;
	return rc;
}

static void
take_off(struct play *play, struct lane *lane, size_t course, hf_time at)
{
	lane->course = course;
	if (play->n_lanes++ == 0)
		play->first = at;
	pthread_mutex_lock(&play->lock);
	play->waiting++;
	pthread_mutex_unlock(&play->lock);
	hf_change_submit(play->store, &lane->work->change, landed, lane);
}

static enum hf_rc
begin(struct play *play, size_t i)
{
	struct course *c = calloc(1, sizeof(*c));

	if (!c)
		return hf_fail(play->err, HF_TOO_LONG, NULL, "no memory");
	c->arena.cap = 1 << 20;
	play->courses[i] = c;
	return hf_synth_referral_make(play->all, i, &c->arena, &c->r, play->err);
}

static enum hf_rc
move_one(struct play *play, size_t i, hf_time at)
{
	struct lane *lane = &play->lanes[play->n_lanes];
	enum hf_rc rc = play->courses[i] ? HF_OK : begin(play, i);
	enum step done;

	if (rc)
		return rc;
	done = hf_play_step(play, play->courses[i], lane, at, &rc);
	if (done == STEP_DONE) {
		take_off(play, lane, i, at);
		return HF_OK;
	}
	hf_arena_reset(&lane->arena);
	return done == STEP_NONE ? go_on(play, i) : rc;
}

/* ---- all of them ---- */

static enum hf_rc
run(struct play *play)
{
	struct hf_wheel_due due;
	enum hf_rc rc = HF_OK;

	while (rc == HF_OK) {
		hf_time at = hf_wheel_next(&play->wheel);

		if (play->n_lanes == LANES ||
		    (play->n_lanes > 0 &&
		     (at > play->now || at > play->first + SPAN * MINUTE))) {
			rc = hf_play_land(play);
			continue;
		}
		rc = hf_play_tick(play, at < play->now ? at : play->now);
		if (rc == HF_OK && at < play->now && at > play->round) {
			rc = hf_play_reasons(play, at);
			play->round = at + ROUND * 60 * MINUTE;
		}
		if (rc != HF_OK || !hf_wheel_pop(&play->wheel, play->now, &due))
			break;
		rc = move_one(play, due.id, due.at);
	}
	if (play->n_lanes > 0) {
		enum hf_rc last = hf_play_land(play);

		rc = rc ? rc : last;
	}
	return rc;
}

static bool
count_open(void *ctx, const struct hf_hub_row *row)
{
	int64_t *n = ctx;

	*n += row->open;
	return true;
}

static enum hf_rc
open_all(struct play *play)
{
	const struct hf_hub_config config = {.store = play->store};
	size_t n = hf_synth_referrals_n(play->all);
	enum hf_rc rc = hf_reader_get(play->store, &play->reader, play->err);

	if (rc == HF_OK)
		rc = hf_hub_open(&config, &play->hub, play->err);
	if (rc)
		return rc;
	play->p = hf_hub_pathway(play->hub);
	play->courses = calloc(n, sizeof(struct course *));
	if (!play->courses || !hf_wheel_room(&play->wheel, n))
		return hf_fail(play->err, HF_TOO_LONG, NULL, "no memory");
	for (size_t i = 0; i < LANES; i++) {
		play->lanes[i].play = play;
		play->lanes[i].arena.cap = 64 << 20;
	}
	for (size_t i = 0; i < n; i++)
		(void)hf_wheel_arm(&play->wheel, (uint32_t)i,
				   hf_synth_referral_at(play->all, i));
	return HF_OK;
}

enum hf_rc
hf_play_referrals(struct hf_store *store, const struct hf_synth_referrals *all,
		  hf_time now, struct hf_play_result *out, struct hf_err *err)
{
	struct play play = {
	    .store = store,
	    .all = all,
	    .now = now,
	    .ticked = HF_TIME_MIN,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .done = PTHREAD_COND_INITIALIZER,
	    .out = out,
	    .err = err,
	};
	uint64_t begun = hf_mono_ns();
	enum hf_rc rc;

	*out = (struct hf_play_result){0};
	rc = open_all(&play);
	if (rc == HF_OK)
		rc = run(&play);
	if (rc == HF_OK)
		hf_hub_rows(play.hub, count_open, &out->open);
	out->seconds = (double)(hf_mono_ns() - begun) / 1e9;
	for (size_t i = 0; play.courses && i < hf_synth_referrals_n(all); i++)
		leave(&play, i);
	free(play.courses);
	for (size_t i = 0; i < LANES; i++)
		hf_arena_free(&play.lanes[i].arena);
	hf_wheel_free(&play.wheel);
	hf_hub_close(play.hub);
	hf_reader_put(play.reader);
	return rc;
}
