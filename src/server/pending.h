/* pending.h - sign-ins that are half-way: who gave a password and not yet the code,
 * who has to choose a role.  In memory alone, few and short-lived; a restart makes
 * them begin again. */
#ifndef HF_SERVER_PENDING_H
#define HF_SERVER_PENDING_H

#include "access/session.h"
#include "access/totp.h"

enum hf_step {
	HF_STEP_NONE,
	HF_STEP_PASSWORD, /* choose a lasting one */
	HF_STEP_TOTP,	  /* give a code */
	HF_STEP_ENROL,	  /* set a second factor up */
	HF_STEP_ROLE,	  /* choose one of several */
	HF_STEP_DONE
};
const char *hf_step_word(enum hf_step step); /* "totp" */

enum { HF_PENDING_MOST = 10000, HF_PENDING_TRIES = 5 };

struct hf_pending {
	char account[16]; /* id */
	char method[16];
	char login[72]; /* for the counters of tries */
	int assurance;	/* reached so far */
	enum hf_step step;
	bool known_device; /* of this login */
	bool signed_in;	   /* a factor is set up anew within a session */
	unsigned failures; /* codes that were wrong */
	hf_time until;
	unsigned char secret[HF_TOTP_SECRET]; /* shown, not yet confirmed */
	bool has_secret;
};

struct hf_pendings;
struct hf_pendings *hf_pendings_new(void); /* NULL without memory */
void hf_pendings_free(struct hf_pendings *p);

/* Keeps one under the hash of a token.  When there are too many the one that has
 * least time left gives way.  False without memory. */
bool hf_pending_put(struct hf_pendings *p, const unsigned char hash[HF_TOKEN_BYTES],
		    const struct hf_pending *pending);
/* A copy; false when there is none or its time is over. */
bool hf_pending_get(struct hf_pendings *p, const unsigned char hash[HF_TOKEN_BYTES],
		    hf_time now, struct hf_pending *out);
/* Writes one back that was got; false when it is gone meanwhile. */
bool hf_pending_set(struct hf_pendings *p, const unsigned char hash[HF_TOKEN_BYTES],
		    const struct hf_pending *pending);
/* One more try with a code: false when it had HF_PENDING_TRIES and is gone now. */
bool hf_pending_try(struct hf_pendings *p, const unsigned char hash[HF_TOKEN_BYTES]);
void hf_pending_drop(struct hf_pendings *p, const unsigned char hash[HF_TOKEN_BYTES]);

#endif
