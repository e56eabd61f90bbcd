/* auth.h - what the files of the token service share (RFC 6749, 7009, 7523, 7636,
 * 7662, SMART App Launch 2).
 *
 * Answers of the token service are JSON of their own kind, and no cache keeps them.
 * Nothing that proves anybody (secret, assertion, code, token) stands in an error, in
 * a log or in the audit. */
#ifndef HF_SERVER_AUTH_H
#define HF_SERVER_AUTH_H

#include "access/io/client.h"
#include "access/jwk.h"
#include "server/call.h"

/* What an address may begin of what nobody has proved yet: a hospital is one. */
enum { HF_OPEN_BURST = 600, HF_OPEN_A_MINUTE = 600 };

enum { HF_ASSERTION_LIFE_MS = 300 * 1000, HF_AUTH_BURST = 120, HF_AUTH_A_MINUTE = 120 };

/* A form that was sent, each name once. */
struct hf_auth_form {
	struct hf_param *items;
	size_t n;
};

/* Reads the body as a form.  False: it has answered. */
bool hf_auth_form(struct hf_call *call, struct hf_auth_form *out);
/* The value of name; p NULL when it is not there or empty. */
struct hf_sv hf_auth_value(const struct hf_auth_form *form, const char *name);

/* {"error", "error_description"}; error is a literal of RFC 6749 5.2.  invalid_client
 * is 401, others 400. */
void hf_auth_fail(struct hf_call *call, const char *error, const char *text);
/* The same of a failure of ours: 500, 503 as it is, else error. */
void hf_auth_fail_err(struct hf_call *call, const char *error,
		      const struct hf_err *err);
/* Begins a JSON answer in the request's buffer, and sends it. */
void hf_auth_begin(struct hf_call *call, struct hf_jw *w);
void hf_auth_end(struct hf_call *call, struct hf_jw *w);

/* "https://care.example.org", and an address below it; p NULL past the arena. */
struct hf_sv hf_auth_base(const struct hf_call *call);
struct hf_sv hf_auth_url(const struct hf_call *call, const char *path);

/* A client that asked, proved unless it is public.  proved: by secret or key. */
struct hf_auth_client {
	struct hf_client client;
	struct hf_scopes scopes; /* the most it may have */
	bool proved;
};

/* Finds out which client asks and lets it prove itself, then calls then (in this
 * thread, perhaps later: keys may have to be fetched).  When it cannot, it has
 * answered and then is not called.  form lives in the call's arena. */
void hf_auth_client(struct hf_call *call, const struct hf_auth_form *form,
		    void (*then)(struct hf_call *call, const struct hf_auth_form *form,
				 const struct hf_auth_client *client));

/* The grants beyond client_credentials (auth_code.c). */
void hf_auth_grant_code(struct hf_call *call, const struct hf_auth_form *form,
			const struct hf_auth_client *client);
void hf_auth_grant_refresh(struct hf_call *call, const struct hf_auth_form *form,
			   const struct hf_auth_client *client);

/* Is this session of the account still live? */
bool hf_auth_session_live(struct hf_call *call, struct hf_sv account, int64_t session);

/* Our signing key: the file keys/token.jwk of the data folder, mode 0600, made when
 * there is none.  HF_FORBIDDEN when others may read it. */
enum hf_rc hf_auth_key_read(const char *data, struct hf_jwks **out, struct hf_err *err);

#endif
