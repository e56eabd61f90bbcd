/* generate_activity.h - homefirst generate's second half: what happened to the people.
 */
#ifndef HF_CLI_IO_GENERATE_ACTIVITY_H
#define HF_CLI_IO_GENERATE_ACTIVITY_H

#include "cli/io/cli.h"
#include "synth/activity.h"

struct hf_gen_activity {
	const char *intervention; /* text or a file's name; NULL: none */
	int64_t years, threads;	  /* threads 0: as many as there are cores */
	bool whole;
	struct hf_synth_effect effects[16]; /* of intervention, once it is read */
	size_t n_effects;
};

/* Reads o->intervention: what holds a "=" is one itself, anything else a file with one
 * a line. */
enum hf_rc hf_gen_interventions(struct hf_gen_activity *o, struct hf_err *err);

/* Puts the activity of the place's people into the store and prints a line about it.
 * Gives the exit status. */
int hf_gen_activity(const struct hf_command *cmd, const struct hf_gen_activity *o,
		    const struct hf_synth_place *place, struct hf_store *store);

#endif
