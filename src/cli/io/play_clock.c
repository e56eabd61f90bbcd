/* play_clock.c - what the hub does while referrals are played: clocks that fire, and
 * breaches that get their reason. */
#include "cli/io/play_int.h"

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

enum hf_rc
hf_play_tick(struct play *play, hf_time until)
{
	enum hf_rc rc = HF_OK;

	for (;;) {
		struct soonest s = {play->ticked, HF_TIME_MAX};

		hf_hub_rows(play->hub, look_at_wake, &s);
		if (s.at > until)
			return rc;
		/* What is under way may be what is due. */
		rc = hf_play_land(play);
		if (rc == HF_OK)
			rc =
			    hf_hub_tick(play->hub, play->reader, s.at, NULL, play->err);
		if (rc)
			return rc;
		play->ticked = s.at;
	}
}

/* ---- breaches ---- */

enum { LATE_MOST = 512 };

struct late {
	struct hf_arena *arena;
	struct {
		struct hf_sv id;
		uint8_t clock;
	} items[LATE_MOST];
	size_t n;
	hf_time before;
};

static bool
look_at_late(void *ctx, const struct hf_hub_row *row)
{
	struct late *late = ctx;

	for (size_t i = 0; i < row->n_clocks && late->n < LATE_MOST; i++) {
		const struct hf_hub_clock *c = &row->clocks[i];

		if (!c->breached || c->reasoned || c->due > late->before)
			continue;
		late->items[late->n].id = hf_arena_sv(late->arena, row->id);
		late->items[late->n++].clock = c->clock;
	}
	return true;
}

static const char *
reason_of(const char *clock, struct hf_sv id)
{
	static const char *const codes[] = {"capacity", "distance", "access",
					    "patient-choice", "clinical-change"};

	if (strcmp(clock, "C3") == 0)
		return "triage-delay";
	return strcmp(clock, "C1") == 0 ? codes[(unsigned char)id.p[id.n - 1] % 5]
					: "capacity";
}

enum hf_rc
hf_play_reasons(struct play *play, hf_time at)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct late late = {.arena = &arena, .before = at};
	struct hf_hub_actor who = hf_play_actor(play, "clinical-lead");
	enum hf_rc rc = hf_play_land(play);

	hf_hub_rows(play->hub, look_at_late, &late);
	for (size_t i = 0; rc == HF_OK && i < late.n; i++) {
		const char *clock = play->p->clocks[late.items[i].clock].id;
		struct hf_hub_work *work;
		struct hf_hub_move move = {
		    .id = late.items[i].id,
		    .event = HF_SV("@breach"),
		    .facts =
			hf_arena_printf(&arena, "{\"clock\":\"%s\",\"reason\":\"%s\"}",
					clock, reason_of(clock, late.items[i].id)),
		    .at = at,
		};

		rc = hf_hub_move(play->hub, play->reader, &who, &move, &arena, &work,
				 play->err);
		if (rc == HF_OK)
			rc = hf_hub_commit(play->hub, play->reader, work, play->err);
	}
	hf_arena_free(&arena);
	return rc;
}
