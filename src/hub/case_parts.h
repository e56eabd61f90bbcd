/* case_parts.h - what an instance of a pathway asks to be done.  Pure.
 *
 * Steps, marks and limits name actions ("task:cga", "alert:pharmacist", "breach:C1").
 * Each becomes a part: something that somebody of a role has to do or to know.  Which
 * are open is the replay of the events, as the state is, so it cannot disagree with the
 * story.  An action of a kind that the program does not do itself is a part too: what
 * nobody does is not lost silently. */
#ifndef HF_HUB_CASE_PARTS_H
#define HF_HUB_CASE_PARTS_H

#include "hub/event.h"

#define HF_CASE_DONE "@done" /* a part was done: given {"part","status"} */
#define HF_CASE_FORM "@form" /* a form was filled in: given {"form","response"} */

enum { HF_CASE_PARTS = 48, HF_CASE_STARTS = 4, HF_CASE_KEY = 160 };

struct hf_case_part {
	struct hf_sv key; /* "work:cga", "alert:pharmacist:k-cga", "breach:C1" */
	const char *kind; /* work, alert, breach */
	struct hf_sv title;
	struct hf_sv role;	       /* of the pathway */
	hf_time at, due;	       /* due HF_TIME_MAX: none */
	const struct hf_pw_task *task; /* of the definition; NULL: none */
	uint64_t filled;	       /* set of the task's forms */
	const char *status;	       /* when it closed: completed, cancelled */
};

/* Those that are open, oldest first, and what the last event did. */
struct hf_case_parts {
	struct hf_case_part items[HF_CASE_PARTS];
	size_t n;
	struct hf_case_part opened[HF_CASE_PARTS], closed[HF_CASE_PARTS];
	size_t n_opened, n_closed;
	const char *starts[HF_CASE_STARTS]; /* ids of pathways that begin by it */
	size_t n_starts;
	const char *refers[HF_CASE_STARTS]; /* services that are asked */
	size_t n_refers;
	bool lost; /* there was no room for all */
};

/* What an event that was just replayed opens and closes; texts lie in arena. */
void hf_case_parts_follow(struct hf_case_parts *parts, const struct hf_pathway *p,
			  const struct hf_hub_event *e, const struct hf_replay *r,
			  struct hf_arena *arena);
/* Index of an open part; -1: none. */
int hf_case_part_find(const struct hf_case_parts *parts, struct hf_sv key);

/* Does the instance go on, or is something left to do? */
static inline bool
hf_case_open(const struct hf_pw_instance *in, const struct hf_case_parts *parts)
{
	return !in->ended || parts->n > 0;
}

/* Open parts for the event HF_HUB_TAKEN: the member "parts" of an open object. */
void hf_case_parts_write(const struct hf_case_parts *parts, struct hf_jw *w);

#endif
