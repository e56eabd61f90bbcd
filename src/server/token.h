/* token.h - what was handed out and is good for a while: access tokens, codes,
 * launches, and the marks that nothing of it is used twice.
 *
 * Everything lies in memory, by the SHA-256 of what was handed out: a copy of the
 * memory or the store gives nobody a token, and a restart ends them all.  The table
 * is bounded; what is over is swept.  Any thread may call. */
#ifndef HF_SERVER_TOKEN_H
#define HF_SERVER_TOKEN_H

#include "access/scope.h"
#include "base/arena.h"
#include "base/time.h"

enum {
	HF_TOKENS_MAX = 50000,	       /* tickets of those who proved who they are */
	HF_TOKENS_OPEN = 20000,	       /* and of those who did not: ASK, OIDC */
	HF_TOKEN_LIFE_MS = 300 * 1000, /* of an access token */
	HF_CODE_LIFE_MS = 60 * 1000,   /* of an authorization code */
	HF_LAUNCH_LIFE_MS = 300 * 1000,
};

enum hf_ticket {
	HF_TICKET_ACCESS, /* a bearer token */
	HF_TICKET_CODE,	  /* authorization code: once */
	HF_TICKET_LAUNCH, /* of an EHR launch: once */
	HF_TICKET_ASK,	  /* an authorization request that waits for consent: once */
	HF_TICKET_OIDC,	  /* a sign-in at a provider under way: once */
	HF_TICKET_MARK	  /* only that it was seen */
};

/* What a ticket is for.  Texts that do not apply have n 0. */
struct hf_grant {
	struct hf_sv client;  /* id of the client */
	struct hf_sv org;     /* ODS code the client acts for */
	struct hf_sv role;    /* of the client */
	struct hf_sv purpose; /* word of enum hf_purpose */
	struct hf_sv name;    /* of the client */
	struct hf_sv account; /* id of the user who consented; n 0: no user */
	struct hf_sv patient; /* "Patient/ID" of the launch */
	struct hf_sv family;  /* all that came of one consent */
	/* of a code or a request that waits */
	struct hf_sv redirect, challenge, nonce, state;
	int64_t account_role; /* account_role.id the user worked under */
	int64_t session;      /* number of the session in which was consented */
	hf_time issued, until;
	hf_time signed_in; /* when the user had proved who they are */
	uint64_t checked;  /* state of the desk when the client was last looked up */
	bool strong;	   /* the user signed in with a second factor */
	struct hf_scopes scopes;
};

struct hf_tokens;

enum hf_rc hf_tokens_new(struct hf_tokens **out, struct hf_err *err);
void hf_tokens_free(struct hf_tokens *tokens); /* NULL is fine */

/* Hands out a ticket for grant until grant->until; its text (43 characters) lies in
 * arena and nowhere else.  HF_BUSY when too many are out. */
enum hf_rc hf_tokens_give(struct hf_tokens *tokens, enum hf_ticket kind,
			  const struct hf_grant *grant, struct hf_arena *arena,
			  struct hf_sv *ticket, struct hf_err *err);
/* What the ticket is for, in arena.  HF_LOGIN when it is unknown, over or taken. */
enum hf_rc hf_tokens_look(struct hf_tokens *tokens, enum hf_ticket kind,
			  struct hf_sv ticket, hf_time now, struct hf_arena *arena,
			  struct hf_grant *out, struct hf_err *err);
/* The same, and it is used up.  HF_STALE when it was taken before: *out says what it
 * was for, so that what came of it can be revoked. */
enum hf_rc hf_tokens_take(struct hf_tokens *tokens, enum hf_ticket kind,
			  struct hf_sv ticket, hf_time now, struct hf_arena *arena,
			  struct hf_grant *out, struct hf_err *err);
/* Notes that the client was looked up when the desk stood at checked. */
void hf_tokens_checked(struct hf_tokens *tokens, struct hf_sv ticket, uint64_t checked);
void hf_tokens_drop(struct hf_tokens *tokens, struct hf_sv ticket);
/* All access tokens of a family, or of a client. */
void hf_tokens_drop_family(struct hf_tokens *tokens, struct hf_sv family);
void hf_tokens_drop_client(struct hf_tokens *tokens, struct hf_sv client);

/* True the first time name is seen for whose; remembered until then.  False also when
 * it cannot be remembered. */
bool hf_tokens_first(struct hf_tokens *tokens, struct hf_sv whose, struct hf_sv name,
		     hf_time until, hf_time now);
/* May whose do this once more?  burst at once, then a_minute each minute. */
bool hf_tokens_pace(struct hf_tokens *tokens, struct hf_sv whose, int burst,
		    int a_minute, hf_time now);
/* The same of an address of somebody who has proved nothing: counted among those. */
bool hf_tokens_pace_address(struct hf_tokens *tokens, struct hf_sv address, int burst,
			    int a_minute, hf_time now);

struct hf_actor; /* access/access.h */
struct hf_call;	 /* server/call.h */

/* Who asks with this bearer token: a system, or a user through an app.  Views lie in
 * the call's arena.  HF_LOGIN when the token is unknown, over or revoked, its client
 * has ended, or its user may not sign in any more. */
enum hf_rc hf_token_actor(struct hf_call *call, struct hf_sv bearer,
			  struct hf_actor *out, struct hf_err *err);

#endif
