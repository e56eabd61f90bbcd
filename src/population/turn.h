/* turn.h - one version of a list against the one before: who is chosen now and was not,
 * who was and is not, and why.  Pure.  population.md 2.7 (lists are renewed each month;
 * nothing there keeps somebody on who would not be chosen, so neither does this). */
#ifndef HF_POPULATION_TURN_H
#define HF_POPULATION_TURN_H

#include "population/list.h"

/* HF_TURN(code, text): why. */
#define HF_POP_TURNS                                                                   \
	HF_TURN(REGISTERED, "registered", "came to be registered here")                \
	HF_TURN(NEXT, "next", "stood next before")                                     \
	HF_TURN(RISEN, "risen", "stands higher than before")                           \
	HF_TURN(DIED, "died", "died")                                                  \
	HF_TURN(MOVED, "moved", "is no longer registered here")                        \
	HF_TURN(CASELOAD, "caseload", "is on a caseload, or on its way there")         \
	HF_TURN(OBJECTS, "objects", "may not be listed any more")                      \
	HF_TURN(BELOW, "below", "is below the threshold now")                          \
	HF_TURN(PASSED, "passed", "others stand higher")                               \
	HF_TURN(GONE, "gone", "is not in the figures any more")

enum hf_pop_turn_why {
	HF_POP_TURN_NONE,
#define HF_TURN(name, code, text) HF_POP_TURN_##name,
	HF_POP_TURNS
#undef HF_TURN
	    HF_POP_TURN_WHYS
};
extern const char *const hf_pop_turn_codes[HF_POP_TURN_WHYS];
extern const char *const hf_pop_turn_texts[HF_POP_TURN_WHYS];

struct hf_pop_stood { /* somebody of the version before, in order of place */
	uint8_t pid[HF_POP_PID];
	bool chosen;
};

struct hf_pop_turn {
	uint8_t pid[HF_POP_PID];
	bool entered; /* else left */
	enum hf_pop_turn_why why;
	uint32_t was, now; /* places from 1; 0: none that is known */
};

struct hf_pop_turn_ask {
	const struct hf_pop_list_ask *ask; /* what the new version was made by */
	const struct hf_pop_list_of *list; /* and it */
	const struct hf_pop_stood *before;
	size_t n_before;
	uint16_t day_before;
	/* The person of each of before, UINT32_MAX: not there. */
	const uint32_t *person;
};

/* Those who left first, in the order they stood; then those who entered, in theirs.
 * *out lies in arena.  HF_TOO_LONG without memory. */
enum hf_rc hf_pop_turn_of(const struct hf_pop_turn_ask *t, struct hf_arena *arena,
			  struct hf_pop_turn **out, size_t *n, struct hf_err *err);

#endif
