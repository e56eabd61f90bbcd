/* wheel.h - the timer of the hub's clocks: what is due, soonest first.  Pure.
 *
 * A heap with positions, four children to a node, not a wheel of slots: measured on a
 * million clocks (bench_pathway) it arms all of them in a few hundredths of a second,
 * and it owes nothing to how time passes.  A machine that slept for hours, or whose
 * time of day is set back, costs no more than what is due then.
 *
 * An id is a small number of the caller, the place of a referral in its table; each
 * has one time at most.  20 bytes a clock, 4 for an id that has none.  Not for sharing
 * between threads. */
#ifndef HF_HUB_WHEEL_H
#define HF_HUB_WHEEL_H

#include "base/time.h"

struct hf_wheel_due {
	hf_time at;
	uint32_t id;
};

/* Set to {0} it is empty and ready for use. */
struct hf_wheel {
	struct hf_wheel_due *heap;
	uint32_t *place; /* by id: where in the heap, from 1; 0: not armed */
	size_t n, size, ids;
};

void hf_wheel_free(struct hf_wheel *w);

/* Room for n clocks with ids below n: arming those cannot fail then.  False when
 * there is no memory; nothing has changed. */
bool hf_wheel_room(struct hf_wheel *w, size_t n);

/* Sets the time of id, whatever it was before; HF_TIME_MAX takes it off.  False when
 * there is no memory: id has the time it had. */
bool hf_wheel_arm(struct hf_wheel *w, uint32_t id, hf_time at);
/* Takes id off; nothing when it is not armed. */
void hf_wheel_cancel(struct hf_wheel *w, uint32_t id);
/* The time of id; HF_TIME_MAX when it is not armed. */
hf_time hf_wheel_at(const struct hf_wheel *w, uint32_t id);

/* When the next is due; HF_TIME_MAX for none. */
hf_time hf_wheel_next(const struct hf_wheel *w);
/* Takes off the soonest that is due by now, now itself included; those of one time in
 * order of id.  False when none is due.  What is armed again for a time that has
 * passed comes again in the same round. */
bool hf_wheel_pop(struct hf_wheel *w, hf_time now, struct hf_wheel_due *out);

#endif
