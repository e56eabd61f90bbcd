/* oidc.h - people who sign in at an OpenID provider: how the provider is set up, and
 * what its tokens say of who signed in.  In the shape of NHS CIS2.  Pure.
 *
 * What always holds of a person that hf_oidc_person() gives: the id token is for us,
 * answers our request, was made just now, with the assurance that is asked for; the
 * user-info is about the same subject. */
#ifndef HF_ACCESS_OIDC_H
#define HF_ACCESS_OIDC_H

#include "access/jwt.h"

enum {
	HF_OIDC_PROVIDERS = 8,
	HF_OIDC_WORDS = 16, /* acr, amr values that are accepted */
	HF_OIDC_ROLES = 64, /* of one person, and in the map */
	HF_OIDC_CONFIG = 64 << 10
};

struct hf_oidc_pair {
	struct hf_sv from, to;
};

struct hf_oidc_provider {
	struct hf_sv id;     /* in addresses: [a-z0-9-]{1,32} */
	struct hf_sv name;   /* on the sign-in page */
	struct hf_sv issuer; /* to the byte as in its tokens */
	struct hf_sv client_id;
	struct hf_sv secret_file, key_file; /* one of them; paths */
	struct hf_sv scopes, acr_values;    /* sent */
	struct hf_sv acr[HF_OIDC_WORDS];    /* accepted; n 0: any */
	size_t n_acr;
	struct hf_sv amr[HF_OIDC_WORDS]; /* one of these has to be there; n 0: any */
	size_t n_amr;
	int assurance;	  /* least authentication_assurance_level; 0: not asked */
	int id_assurance; /* least id_assurance_level; 0: not asked */
	bool create;	  /* who has no account gets one */
	/* Names of claims, and of the members of one role. */
	struct hf_sv roles_claim, code_member, org_member, user_claim, name_claim;
	struct hf_oidc_pair roles[HF_OIDC_ROLES]; /* its role codes to ours */
	size_t n_roles;
	/* Endpoints; n 0: its discovery document says. */
	struct hf_sv authorization, token, userinfo, jwks;
};

/* Reads {"providers":[…]}; views lie in text or arena.  HF_INVALID names the member
 * that is missing, unknown or wrong. */
enum hf_rc hf_oidc_config(struct hf_sv text, struct hf_arena *arena,
			  struct hf_oidc_provider **out, size_t *n, struct hf_err *err);

/* Reads a discovery document into the endpoints that are not set yet.  HF_INVALID when
 * it is of another issuer or lacks an address that may be asked. */
enum hf_rc hf_oidc_discovery(struct hf_sv text, struct hf_arena *arena,
			     struct hf_oidc_provider *provider, struct hf_err *err);

struct hf_oidc_role {
	struct hf_sv code, org; /* ours; ODS code */
};

struct hf_oidc_person {
	struct hf_sv subject, name, user; /* user: national user id; n 0: none */
	int assurance;			  /* 1 … 3 */
	hf_time signed_in;		  /* auth_time; 0: not said */
	struct hf_oidc_role roles[HF_OIDC_ROLES];
	size_t n_roles;
};

struct hf_oidc_answer {
	const struct hf_jws *jws; /* of the id token, verified */
	const struct hf_jwt *jwt;
	struct hf_sv access_token;
	struct hf_sv userinfo; /* JSON; n 0: none was asked for */
	struct hf_sv nonce;
	hf_time now;
};

/* Who signed in.  HF_LOGIN with the claim in err->path when something is not as it has
 * to be; HF_INVALID when what came is not well formed. */
enum hf_rc hf_oidc_person(const struct hf_oidc_provider *provider,
			  const struct hf_oidc_answer *answer, struct hf_arena *arena,
			  struct hf_oidc_person *out, struct hf_err *err);

/* May a page send the browser back there: a path of this server, and nothing that a
 * browser reads as another's? */
bool hf_oidc_return_ok(struct hf_sv path);

#endif
