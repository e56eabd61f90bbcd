/* auth_oidc.h - what the files of signing in at a provider share. */
#ifndef HF_SERVER_AUTH_OIDC_H
#define HF_SERVER_AUTH_OIDC_H

#include "server/auth.h"
#include "server/oidc.h"
#include "server/signin.h"
#include "server/token.h"

/* One who came back from a provider.  It lies in the arena of the call, which is
 * suspended while another thread works on it. */
struct hf_oidc_run {
	struct hf_call *call;
	struct hf_oidc_site site;
	struct hf_grant ask; /* what was asked when they were sent there */
	struct hf_sv code;
	struct hf_sv id_token, access_token;
	struct hf_jws jws;
	struct hf_jwt jwt;
	struct hf_oidc_person person;
	/* how it went */
	enum hf_rc rc;
	struct hf_err err;
	const char *word; /* for the sign-in page: what failed */
	struct hf_sv account;
	bool prove; /* a session asks for a new proof, none begins */
	struct hf_signin_passed passed;
};

/* Takes the cookie that bound the sign-in away and sends the browser to a path. */
void hf_oidc_back(struct hf_call *call, struct hf_sv to);

/* Ends a run that failed: notes it, and sends the browser to the sign-in page. */
void hf_oidc_failed(struct hf_oidc_run *run);

/* Finds or makes the account, its roles, and begins the session: waits for commits,
 * so it is done in a thread of the desk. */
void hf_oidc_sign_in(struct hf_call *call, void *ctx);
/* Answers when that is done. */
void hf_oidc_signed_in(struct hf_call *call, void *ctx);

#endif
