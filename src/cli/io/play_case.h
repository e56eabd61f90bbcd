/* play_case.h - people of a synthetic place who are on pathways: the demonstration has
 * some at several states, each step at its own time until now. */
#ifndef HF_CLI_IO_PLAY_CASE_H
#define HF_CLI_IO_PLAY_CASE_H

#include "record/io/store.h"

struct hf_case_play {
	size_t begun, moves;
};

/* rounds times all courses, as far as there are people of the ages they are told of. */
enum hf_rc hf_play_cases(struct hf_store *store, size_t rounds, hf_time now,
			 struct hf_case_play *out, struct hf_err *err);

#endif
