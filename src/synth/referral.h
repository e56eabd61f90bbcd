/* referral.h - what reached the hub of a synthetic place in the last seven days, and
 * what was made of it: an intake and the moves that followed, each with its time.
 *
 * Depends on the place, its seed, now and the number asked for, and nothing else.
 * Nothing is later than now: what would have come after is what the referral still
 * waits for, so some hundreds are open, a dozen or more of them not yet triaged.
 *
 * Arrivals follow the table of referral_arrive.c by hour of the week.  Now always
 * stands in the middle of a working day there: outside of 10 to 17 o'clock on a
 * working day the table is read as though it were Wednesday, 14:30.  Teams work in
 * their real hours. */
#ifndef HF_SYNTH_REFERRAL_H
#define HF_SYNTH_REFERRAL_H

#include "base/arena.h"
#include "synth/synth.h"

enum {
	HF_SYNTH_REFERRAL_DAYS = 7,
	HF_SYNTH_REFERRAL_MOVES = 40, /* of one referral, at most */
	HF_SYNTH_REFERRALS_MOST = 100000
};

/* An event of the pathway "referral", or "@message": note is what the hub and a team
 * write to each other. */
struct hf_synth_move {
	hf_time at;
	const char *event;
	const char *by;	    /* role of the pathway; "": a clock does it */
	struct hf_sv facts; /* JSON object */
	const char *note;   /* "" for none */
	bool team;	    /* offered to the first team that may be asked */
	bool clock;	    /* the hub does it by itself when a clock runs out */
};

struct hf_synth_referral {
	/* The body of POST /api/hub/referrals (docs/interfaces/hub.md). */
	struct hf_sv intake;
	/* The first is "submit": its facts are what the hub makes of the intake. */
	struct hf_synth_move moves[HF_SYNTH_REFERRAL_MOVES];
	size_t n;
};

/* As many as the hub of a place of so many people has in seven days: 735 (105 a day)
 * for each 300,000, at least 735, since a smaller place is taken for a part of one;
 * but never more than one for four people. */
int64_t hf_synth_referrals_usual(int64_t people);

struct hf_synth_referrals;

/* count referrals, 1 … HF_SYNTH_REFERRALS_MOST; about two in five are open.
 * Borrows the place.  HF_INVALID names what is out of range, HF_TOO_LONG: no
 * memory.  Free with hf_synth_referrals_free(). */
enum hf_rc hf_synth_referrals_new(const struct hf_synth_place *place, int64_t count,
				  hf_time now, struct hf_synth_referrals **out,
				  struct hf_err *err);
void hf_synth_referrals_free(struct hf_synth_referrals *all); /* NULL is fine */

size_t hf_synth_referrals_n(const struct hf_synth_referrals *all);
/* When referral i arrives; in order of i. */
hf_time hf_synth_referral_at(const struct hf_synth_referrals *all, size_t i);
/* Makes referral i; its texts lie in arena.  HF_TOO_LONG: the arena is full. */
enum hf_rc hf_synth_referral_make(const struct hf_synth_referrals *all, size_t i,
				  struct hf_arena *arena, struct hf_synth_referral *out,
				  struct hf_err *err);

#endif
