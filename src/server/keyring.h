/* keyring.h - the keys of others, by the address they are published at.
 *
 * A set is kept for ten minutes.  When a token names a key that the set has not, the
 * address is asked again, but at most once a minute: whoever makes up kids cannot make
 * us a nuisance to others.  Those who ask while the answer is awaited share it. */
#ifndef HF_SERVER_KEYRING_H
#define HF_SERVER_KEYRING_H

#include "access/jwk.h"
#include "base/time.h"

struct hf_fetcher;
struct hf_keyring;

enum { HF_KEYRING_URLS = 128, HF_KEYRING_MS = 600000, HF_KEYRING_AGAIN_MS = 60000 };

enum hf_rc hf_keyring_new(struct hf_fetcher *fetcher, struct hf_keyring **out,
			  struct hf_err *err);
/* After the fetcher has ended.  NULL is fine. */
void hf_keyring_free(struct hf_keyring *ring);

/* Gives the keys at url to then, at once or from another thread; keys is NULL, with
 * err, when they cannot be had, and gone when then returns.  kid and alg are what the
 * token names.  then is called once, whatever happens. */
void hf_keyring_ask(struct hf_keyring *ring, struct hf_sv url, struct hf_sv kid,
		    enum hf_jws_alg alg, hf_time now,
		    void (*then)(void *ctx, const struct hf_jwks *keys,
				 const struct hf_err *err),
		    void *ctx);

#endif
