/* auth_smart.h - what the files of SMART App Launch share: an app asks, a user who is
 * signed in says yes or no, the app gets a code and with it tokens. */
#ifndef HF_SERVER_AUTH_SMART_H
#define HF_SERVER_AUTH_SMART_H

#include "server/auth.h"
#include "server/sessions.h"
#include "server/token.h"

enum { HF_CONSENT_LIFE_MS = 600 * 1000 };

/* Who is at the browser: the session of its cookie. */
struct hf_smart_user {
	struct hf_seat seat;
	char csrf[HF_CSRF_TEXT + 1];
};

/* False when nobody is signed in. */
bool hf_smart_user(struct hf_call *call, struct hf_smart_user *out);

/* Sends the browser to the sign-in page, and back to path after that. */
void hf_smart_sign_in(struct hf_call *call, struct hf_sv path);
/* A page that says what is wrong, when the app cannot be told. */
void hf_smart_page_error(struct hf_call *call, int status, const char *text);
/* Sends the browser back to the app with error and state. */
void hf_smart_refuse(struct hf_call *call, const struct hf_grant *ask,
		     const char *error, const char *text);
/* Sends it back with name=value and state. */
void hf_smart_back(struct hf_call *call, const struct hf_grant *ask, const char *name,
		   struct hf_sv value);

/* Has a person to be chosen before yes can be said? */
bool hf_smart_needs_patient(const struct hf_grant *ask);

struct hf_person_found; /* record/io/person.h */

/* The page that asks the user.  found: people to choose from, NULL before a search. */
void hf_smart_consent_page(struct hf_call *call, struct hf_sv ticket,
			   const struct hf_grant *ask, const struct hf_smart_user *user,
			   struct hf_sv query, const struct hf_person_found *found);

#endif
