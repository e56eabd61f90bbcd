/* client.h - systems and apps that may ask for tokens.  Pure.
 *
 * A confidential client proves itself by a secret that we made (256 random bits) or
 * by its key; a public one (an app on somebody's device) cannot, and has PKCE. */
#ifndef HF_ACCESS_CLIENT_H
#define HF_ACCESS_CLIENT_H

#include "access/scope.h"
#include "base/arena.h"
#include "base/time.h"

enum {
	HF_CLIENT_SECRET = 32, /* bytes of a secret, and of its hash */
	HF_CLIENT_REDIRECTS = 10,
	HF_CLIENT_URI = 512, /* bytes of an address */
};

struct hf_client {
	struct hf_sv id, name;
	bool is_public;
	struct hf_sv secret; /* SHA-256 of it; n 0: it has none */
	struct hf_sv jwks;   /* its public keys; n 0: see jwks_uri */
	struct hf_sv jwks_uri;
	struct hf_sv scopes;	/* as text: the most it may be granted */
	struct hf_sv redirects; /* a line each */
	struct hf_sv org;	/* n 0: the whole place */
	struct hf_sv role;	/* of definitions/access/roles.json */
	struct hf_sv purpose;	/* word of enum hf_purpose */
	hf_time created, ended; /* ended 0: it has not */
};

/* May a client be registered like this?  HF_INVALID with the option of the command in
 * err->path ("--scope") and what is expected.  Keys are read, addresses are not asked
 * for anything. */
enum hf_rc hf_client_check(const struct hf_client *client, struct hf_err *err);

/* Is uri, to the byte, one of the addresses the client gave? */
bool hf_client_may_redirect(const struct hf_client *client, struct hf_sv uri);

/* https://…, or http:// to this machine: nothing else is asked for keys or tokens. */
bool hf_client_safe_url(struct hf_sv url);

/* SHA-256 of a secret as it is kept.  A slow hash would add nothing: the secret is
 * 256 random bits, which nobody guesses however fast the hash is. */
void hf_client_hash(struct hf_sv secret, uint8_t out[HF_CLIENT_SECRET]);
/* Is it the secret?  In constant time; false when the client has none. */
bool hf_client_proves(const struct hf_client *client, struct hf_sv secret);

/* A new secret or token: 256 random bits in base64url.  p NULL past the arena. */
struct hf_sv hf_client_random(struct hf_arena *arena);

#endif
