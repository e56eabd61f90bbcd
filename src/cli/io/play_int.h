/* play_int.h - what the files that play referrals share. */
#ifndef HF_CLI_IO_PLAY_INT_H
#define HF_CLI_IO_PLAY_INT_H

#include <pthread.h>

#include "cli/io/play.h"
#include "hub/io/hub.h"
#include "hub/wheel.h"

#define MINUTE ((hf_time)60000)

enum { LANES = 32 };

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
	hf_time round;	/* when breaches are gone through next */
	hf_time ticked; /* the clocks have been looked at until then */
	pthread_mutex_t lock;
	pthread_cond_t done;
	size_t waiting;
	struct hf_play_result *out;
	struct hf_err *err;
};

/* Who plays a role of the pathway. */
struct hf_hub_actor hf_play_actor(const struct play *play, const char *role);
/* Waits for all that is under way. */
enum hf_rc hf_play_land(struct play *play);

enum step { STEP_DONE, STEP_NONE, STEP_FAILED };
/* Makes the change of the next move in lane; STEP_NONE: there is nothing to commit. */
enum step hf_play_step(struct play *play, struct course *c, struct lane *lane,
		       hf_time at, enum hf_rc *rc);

/* Marks and limits up to a time, each at its own: what the clock does is written with
 * the time at which it looks. */
enum hf_rc hf_play_tick(struct play *play, hf_time until);
/* The clinical lead gives the reasons of the breaches there are. */
enum hf_rc hf_play_reasons(struct play *play, hf_time at);

#endif
