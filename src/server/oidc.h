/* oidc.h - the OpenID providers that people may sign in at: their files, and where
 * they are to be asked. */
#ifndef HF_SERVER_OIDC_H
#define HF_SERVER_OIDC_H

#include "access/oidc.h"

struct hf_fetcher;
struct hf_oidc;

enum { HF_OIDC_DISCOVERY_MS = 3600 * 1000, HF_OIDC_SECRET = 512, HF_OIDC_ASKING = 8 };

struct hf_oidc_site {
	const struct hf_oidc_provider *provider; /* with its endpoints */
	struct hf_sv secret;			 /* n 0: it is asked with a key */
	const struct hf_jwks *key;		 /* ours; NULL: with a secret */
};

/* Reads the configuration and the files it names (secrets with mode 0600).  Failures
 * name the file and the member. */
enum hf_rc hf_oidc_open(const char *path, struct hf_oidc **out, struct hf_err *err);
/* After the fetcher has ended.  NULL is fine. */
void hf_oidc_close(struct hf_oidc *oidc);

size_t hf_oidc_count(const struct hf_oidc *oidc); /* 0 for NULL */
/* Its setting; endpoints may be missing yet. */
const struct hf_oidc_provider *hf_oidc_at(const struct hf_oidc *oidc, size_t i);
/* The number of the provider called id; -1 when there is none. */
int hf_oidc_find(const struct hf_oidc *oidc, struct hf_sv id);

/* Gives where provider i is asked to then, at once or from another thread, after its
 * discovery document was read; site is NULL, with err, when it cannot be had.  What
 * site points to lives until hf_oidc_close(). */
void hf_oidc_ask(struct hf_oidc *oidc, size_t i, struct hf_fetcher *fetcher,
		 hf_time now,
		 void (*then)(void *ctx, const struct hf_oidc_site *site,
			      const struct hf_err *err),
		 void *ctx);

#endif
