/* referral_move.h - inside synth: a course goes forward in time, move by move. */
#ifndef HF_SYNTH_REFERRAL_MOVE_H
#define HF_SYNTH_REFERRAL_MOVE_H

#include "synth/referral_int.h"

#define MINUTE ((hf_time)60000)
#define HOUR   (60 * MINUTE)

struct course {
	const struct hf_synth_referrals *all;
	const struct plan *plan;
	const struct kind_row *kind;
	struct hf_synth_referral *out;
	struct hf_arena *arena;
	struct hf_rng rng;
	hf_time t;
	int pace; /* percent of the usual time */
	int urgency;
	bool over; /* what follows is later than now */
	bool full; /* of the arena */
};

/* lo … hi minutes at the pace of the course ... */
void hf_ref_wait(struct course *c, int lo, int hi);
/* ... and however slow everybody is: for what a clock would end. */
void hf_ref_pause(struct course *c, int lo, int hi);
/* Not before the next from o'clock, unless it is before to o'clock today; working:
 * on working days. */
void hf_ref_within(struct course *c, int from, int to, bool working);
/* When teams are asked: at any hour for what is due today, else each day until 19
 * o'clock for the next day, until 17 for what has some days, and on working days until
 * 15 for what is routine. */
void hf_ref_open_hours(struct course *c);
bool hf_ref_urgent(const struct course *c); /* U0 … U3 */

/* A move at the time that it is.  Later than now it ends the course: this move and
 * those after it are left out. */
void hf_ref_move(struct course *c, const char *event, const char *by, const char *facts,
		 const char *note);
/* The same with a code in its facts, at %s. */
void hf_ref_coded(struct course *c, const char *event, const char *by,
		  const char *format, const char *code, const char *note);
/* The move just made; NULL once the course is over. */
struct hf_synth_move *hf_ref_last(struct course *c);
/* The move just made is one that a clock makes. */
void hf_ref_by_clock(struct course *c);
/* One of some notes, and yes or no. */
const char *hf_ref_note(struct course *c, const char *const *list, size_t n);
#define NOTE(c, ...)                                                                   \
	hf_ref_note((c), (const char *const[]){__VA_ARGS__},                           \
		    HF_COUNT(((const char *const[]){__VA_ARGS__})))
bool hf_ref_half(struct course *c);

/* After 999 was called: conveyed ends the course, else it is accepted again. */
void hf_ref_ambulance(struct course *c, bool conveyed);
/* From accepted on: a team, the way there, contact, outcome. */
void hf_ref_visit(struct course *c);
/* The same with what its fate puts in the way. */
void hf_ref_carry_out(struct course *c);

#endif
