/* play.c - referrals of a synthetic place, through the hub and in order of time.
 *
 * Moves of different referrals that lie within some minutes are committed together:
 * the disk is waited for once for all of them.  Two moves of one referral are never
 * under way at once, and nothing is when the clocks of the hub are looked at. */
#include "cli/io/play.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io/clock.h"
#include "hub/io/hub.h"
#include "hub/wheel.h"
#include "record/io/change.h"

#define MINUTE ((hf_time)60000)

enum { LANES = 32, SPAN = 9 /* minutes: no clock of the pathway is shorter */ };

/* Who plays the roles of the pathway. */
static const struct player {
	const char *role, *access, *name;
} players[] = {
    {"referrer", "named-gp", "Referrer"},
    {"call-handler", "call-handler", "Jamie Lund"},
    {"triage-clinician", "triage-clinician", "Rowan Achebe"},
    {"dispatcher", "dispatcher", "Mina Dale"},
    {"team-member", "community-nurse", "Team desk"},
    {"practitioner", "community-nurse", "Sam Okafor"},
    {"team-lead", "team-lead", "Ines Marlow"},
    {"records-officer", "system", "Message"},
    {"clinical-lead", "clinical-lead", "Dr Ola Brandt"},
};

/* A referral that has begun and goes on. */
struct course {
	struct hf_arena arena;
	struct hf_synth_referral r;
	struct hf_sv task; /* its id; n 0: not yet submitted */
	size_t next;
	hf_time late; /* added to the times of what is left */
};

/* A change under way. */
struct lane {
	struct play *play;
	struct hf_arena arena;
	struct hf_hub_work *work;
	size_t course;
};

struct play {
	struct hf_store *store;
	struct hf_reader *reader;
	struct hf_hub *hub;
	const struct hf_pathway *p;
	const struct hf_synth_referrals *all;
	hf_time now;
	struct hf_wheel wheel;
	struct course **courses;
	struct lane lanes[LANES];
	size_t n_lanes;
	hf_time first;	/* of the moves under way */
	hf_time ticked; /* the clocks have been looked at until then */
	pthread_mutex_t lock;
	pthread_cond_t done;
	size_t waiting;
	struct hf_play_result *out;
	struct hf_err *err;
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
refuse(struct play *play, struct course *c, const struct hf_err *err)
{
	if (play->out->refused++ == 0)
		snprintf(play->out->reason, sizeof(play->out->reason), "%s: %s",
			 c->r.moves[c->next].event, err->text);
	c->next = c->r.n;
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
static enum hf_rc
land(struct play *play)
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

/* ---- moves ---- */

static struct hf_hub_actor
actor_of(const struct play *play, const char *role)
{
	struct hf_hub_actor who = {
	    .id = HF_SV("generate"),
	    .name = HF_SV("homefirst"),
	    .role = HF_SV("system"),
	    .purpose = HF_SV("HTEST"),
	    .anywhere = true,
	};
	int r = hf_pw_role(play->p, hf_sv_from(role));

	if (r >= 0)
		who.roles = (hf_pw_set)1 << r;
	for (size_t i = 0; i < HF_COUNT(players); i++) {
		if (strcmp(players[i].role, role) != 0)
			continue;
		who.name = hf_sv_from(players[i].name);
		who.role = hf_sv_from(players[i].access);
	}
	return who;
}

static enum hf_rc
submit(struct play *play, struct course *c, struct lane *lane, hf_time at)
{
	struct hf_hub_actor who = actor_of(play, c->r.moves[0].by);
	struct hf_issues issues = {.arena = &lane->arena};
	struct hf_intake in;
	struct hf_json doc;
	enum hf_rc rc = hf_json_parse(c->r.intake, NULL, &lane->arena, &doc, play->err);

	if (rc == HF_OK)
		rc = hf_intake_read(&doc, 0, &lane->arena, &issues, &in, play->err);
	if (rc != HF_OK && issues.n > 0)
		return hf_fail(play->err, rc, NULL, "%.*s: %.*s",
			       HF_SV_ARG(issues.items[0].path),
			       HF_SV_ARG(issues.items[0].text));
	if (rc == HF_OK)
		rc = hf_hub_submit(play->hub, play->reader, &who, &in, at, &lane->arena,
				   &lane->work, play->err);
	play->out->referrals += rc == HF_OK;
	return rc;
}

/* The first team that may be asked; n 0: none.  Where there is no other, one that has
 * declined is asked again, after a while and with a reason. */
static enum hf_rc
choose_team(struct play *play, struct course *c, struct lane *lane, hf_time at,
	    struct hf_hub_move *move)
{
	struct hf_hub_teams teams;
	enum hf_rc rc =
	    hf_hub_teams(play->hub, c->task, at, &lane->arena, &teams, play->err);

	for (size_t i = 0; rc == HF_OK && i < teams.directory.n; i++) {
		const struct hf_dispatch_choice *choice = &teams.choices[i];

		if (choice->bars == HF_BAR_EXCLUDED && c->late > 0)
			move->note = HF_SV("Asked again: nobody else does this here.");
		else if (choice->bars != 0)
			continue;
		move->team = teams.directory.items[choice->team].id;
		break;
	}
	return rc;
}

/* Has the hub done by itself what a clock does, or what stood before it? */
static bool
is_done(struct play *play, struct course *c, struct lane *lane)
{
	const struct hf_synth_move *m = &c->r.moves[c->next];
	int event = hf_pw_event(play->p, hf_sv_from(m->event));
	struct hf_hub_row row;

	if (!m->clock || event < 0)
		return false;
	if (!hf_hub_row(play->hub, c->task, &lane->arena, &row))
		return true; /* it is not open any more */
	return play->p->place[row.state][event] == play->p->place[row.state][event + 1];
}

/* Nobody can be asked now: everything that is left comes half an hour later. */
static void
postpone(struct play *play, struct course *c)
{
	c->late += 30 * MINUTE;
	play->out->postponed++;
}

enum step { STEP_DONE, STEP_NONE, STEP_FAILED };

/* Makes the change of the next move in lane; STEP_NONE: there is nothing to commit. */
static enum step
step(struct play *play, struct course *c, struct lane *lane, hf_time at, enum hf_rc *rc)
{
	const struct hf_synth_move *m = &c->r.moves[c->next];
	struct hf_hub_actor who = actor_of(play, m->by);
	struct hf_hub_move move = {
	    .id = c->task,
	    .event = hf_sv_from(m->event),
	    .facts = m->facts,
	    .note = hf_sv_from(m->note),
	    .at = at,
	};

	if (c->next == 0) {
		*rc = submit(play, c, lane, at);
	} else if (is_done(play, c, lane)) {
		play->out->skipped++;
		c->next++;
		return STEP_NONE;
	} else {
		*rc = m->team ? choose_team(play, c, lane, at, &move) : HF_OK;
		if (*rc == HF_OK && m->team && move.team.n == 0) {
			postpone(play, c);
			return STEP_NONE;
		}
		if (*rc == HF_OK)
			*rc = hf_hub_move(play->hub, play->reader, &who, &move,
					  &lane->arena, &lane->work, play->err);
	}
	if (*rc == HF_OK)
		return STEP_DONE;
	if (*rc == HF_RULE && m->team && strcmp(play->err->path, "team") == 0) {
		postpone(play, c); /* its last slot has just been taken */
		*rc = HF_OK;
		return STEP_NONE;
	}
	if (*rc != HF_RULE && *rc != HF_INVALID && *rc != HF_NOT_FOUND)
		return STEP_FAILED;
	refuse(play, c, play->err);
	*rc = HF_OK;
	return STEP_NONE;
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
	done = step(play, play->courses[i], lane, at, &rc);
	if (done == STEP_DONE) {
		take_off(play, lane, i, at);
		return HF_OK;
	}
	hf_arena_reset(&lane->arena);
	return done == STEP_NONE ? go_on(play, i) : rc;
}

/* ---- all of them ---- */

struct soonest {
	hf_time after, at;
};

static bool
look_at_wake(void *ctx, const struct hf_hub_row *row)
{
	struct soonest *s = ctx;

	if (row->wake > s->after && row->wake < s->at)
		s->at = row->wake;
	return true;
}

/* Marks and limits up to a time, each at its own: what the clock does is written with
 * the time at which it looks. */
static enum hf_rc
tick(struct play *play, hf_time until)
{
	enum hf_rc rc = HF_OK;

	for (;;) {
		struct soonest s = {play->ticked, HF_TIME_MAX};

		hf_hub_rows(play->hub, look_at_wake, &s);
		if (s.at > until)
			return rc;
		/* What is under way may be what is due. */
		rc = land(play);
		if (rc == HF_OK)
			rc =
			    hf_hub_tick(play->hub, play->reader, s.at, NULL, play->err);
		if (rc)
			return rc;
		play->ticked = s.at;
	}
}

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
			rc = land(play);
			continue;
		}
		rc = tick(play, at < play->now ? at : play->now);
		if (rc != HF_OK || !hf_wheel_pop(&play->wheel, play->now, &due))
			break;
		rc = move_one(play, due.id, due.at);
	}
	if (play->n_lanes > 0) {
		enum hf_rc last = land(play);

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
