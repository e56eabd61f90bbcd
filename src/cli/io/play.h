/* play.h - plays the referrals of a synthetic place through the hub, as they came. */
#ifndef HF_CLI_IO_PLAY_H
#define HF_CLI_IO_PLAY_H

#include "record/io/store.h"
#include "synth/referral.h"

struct hf_play_result {
	int64_t referrals, moves;
	int64_t skipped;   /* moves that a clock of the hub had made already */
	int64_t postponed; /* offers that had to wait: no team could be asked */
	int64_t refused;   /* moves that the hub did not take; the rest was left out */
	int64_t open;	   /* referrals open at the end */
	char reason[480];  /* of the first refusal; "" for none */
	double seconds;
};

/* Plays all referrals of all, whose place is in the store, until now: marks and
 * breaches fire at their time.  HF_RULE when the place has no hub. */
enum hf_rc hf_play_referrals(struct hf_store *store,
			     const struct hf_synth_referrals *all, hf_time now,
			     struct hf_play_result *out, struct hf_err *err);

#endif
