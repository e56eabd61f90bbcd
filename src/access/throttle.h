/* throttle.h - who tries too often to sign in has to wait, and nobody else.  Pure.
 *
 * docs/adr/0012 tells the design.  Four kinds of counters, all of bounded number:
 *   - a login from an address: after five failures each next one doubles a wait, up
 *     to five minutes;
 *   - a login from anywhere: after twenty failures in a quarter of an hour one try in
 *     five seconds is let through;
 *   - an address, whatever the login: after sixty failures one try in two seconds;
 *   - a device that signed in to the account before (it holds a cookie that says so):
 *     ten failures of its own, then it counts as unknown for a quarter of an hour.
 * A known device is asked none of the first three: whatever others try, it is let
 * in.  A failure is forgotten after a quarter of an hour.  No counter says whether a
 * login exists. */
#ifndef HF_ACCESS_THROTTLE_H
#define HF_ACCESS_THROTTLE_H

#include "base/time.h"

enum { HF_THROTTLE_SLOTS = 16384, HF_THROTTLE_WAYS = 8 };

struct hf_throttle_slot {
	uint64_t key; /* 0: free */
	uint32_t failures;
	hf_time last;	 /* failure */
	hf_time allowed; /* the last try that was let through while it was slowed */
};

struct hf_throttle {
	unsigned char key[16]; /* by chance, so that nobody can aim at a slot */
	struct hf_throttle_slot slots[HF_THROTTLE_SLOTS];
};

struct hf_throttle_who {
	struct hf_sv login;   /* folded */
	struct hf_sv address; /* numeric */
	struct hf_sv device;  /* of a good device cookie of this login; n 0: unknown */
};

/* May it be tried now?  0, or how many milliseconds to wait.  A try that is let
 * through while a login or an address is slowed down counts as its turn. */
hf_time hf_throttle_ask(struct hf_throttle *t, const struct hf_throttle_who *who,
			hf_time now);
/* It failed. */
void hf_throttle_failed(struct hf_throttle *t, const struct hf_throttle_who *who,
			hf_time now);
/* It went through to the end: this login from this address begins anew. */
void hf_throttle_passed(struct hf_throttle *t, const struct hf_throttle_who *who);
/* An administrator unlocked the login: from anywhere it begins anew, but for what is
 * counted with an address. */
void hf_throttle_forgive(struct hf_throttle *t, struct hf_sv login);

#endif
