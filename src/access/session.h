/* session.h - how long somebody stays signed in, and what the cookie holds.  Pure.
 *
 * What always holds:
 *   - the store and the log never see a token, only its SHA-256;
 *   - a session ends when nothing was asked for its idle time, at its end whatever
 *     was asked, and when it was ended: none of these is ever undone;
 *   - a proof of who the user is never counts from before the session. */
#ifndef HF_ACCESS_SESSION_H
#define HF_ACCESS_SESSION_H

#include "access/policy.h"

enum {
	HF_TOKEN_BYTES = 32,
	HF_TOKEN_TEXT = 43, /* base64url without padding */
	HF_CSRF_TEXT = 43,
	HF_CASE_REF_MAX = 64
};

/* contract-and-governance.md section 7, in milliseconds. */
struct hf_session_limits {
	hf_time idle;	     /* 15 minutes */
	hf_time idle_kiosk;  /* 5, under a role of shared machines */
	hf_time absolute;    /* 12 hours */
	hf_time prove;	     /* 5 minutes: how long a proof is fresh */
	hf_time pending;     /* 5 minutes to finish signing in */
	unsigned concurrent; /* 3 sessions of one account at once */
};
extern const struct hf_session_limits hf_session_limits_default;

enum hf_session_end {
	HF_SESSION_LIVE, /* it has not ended */
#define HF_SESSION_END(name, text) HF_SESSION_##name,
#include "access/session.def"
#undef HF_SESSION_END
	HF_SESSION_ENDS
};
const char *hf_session_end_word(enum hf_session_end end); /* "IDLE"; "" */
const char *hf_session_end_text(enum hf_session_end end);

/* A row of the table session. */
struct hf_session {
	int64_t id;			     /* 0: not begun */
	unsigned char token[HF_TOKEN_BYTES]; /* SHA-256 */
	struct hf_sv account;
	int64_t role;
	struct hf_sv method; /* "local", "oidc", "demonstration" */
	int assurance;	     /* 1 … 3 */
	struct hf_sv purpose, case_ref, address;
	hf_time created, seen, proved, until, idle, ended;
	struct hf_sv why;
};

/* Has it ended by now, and why? */
enum hf_session_end hf_session_state(const struct hf_session *s, hf_time now);
/* When it ends unless something is asked before. */
hf_time hf_session_idle_end(const struct hf_session *s);
/* Was the user asked to prove who they are within limits->prove? */
bool hf_session_is_proved(hf_time proved, const struct hf_session_limits *limits,
			  hf_time now);

/* A case reference: 3 to HF_CASE_REF_MAX letters, digits and / - . _ */
bool hf_session_case_ref(struct hf_sv text);

/* The cookie's text of a token, and the hash that is kept of such a text: false when
 * it cannot be one. */
void hf_session_token(const unsigned char bytes[HF_TOKEN_BYTES],
		      char out[HF_TOKEN_TEXT + 1]);
bool hf_session_hash(struct hf_sv token, unsigned char out[HF_TOKEN_BYTES]);
/* What a page sends with every change: made of the token, so that it needs no
 * keeping, and telling nothing of it. */
void hf_session_csrf(struct hf_sv token, char out[HF_CSRF_TEXT + 1]);

#endif
