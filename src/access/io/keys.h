/* keys.h - the key of accounts, kept beside the database and not in it: whoever has
 * the database alone can read no second factor and try no recovery code. */
#ifndef HF_ACCESS_IO_KEYS_H
#define HF_ACCESS_IO_KEYS_H

#include "base/arena.h"
#include "base/err.h"

enum { HF_KEY_BYTES = 32, HF_SEALED_MORE = 40 };

struct hf_account_keys {
	unsigned char seal[HF_KEY_BYTES];     /* second factors */
	unsigned char recovery[HF_KEY_BYTES]; /* hashes of recovery codes */
	unsigned char device[HF_KEY_BYTES];   /* cookies of known devices */
	unsigned char visits[HF_KEY_BYTES];   /* what browsers keep of visits */
};

/* Reads data/keys/account.key, which it makes when there is none (folder 0700, file
 * 0600).  HF_FORBIDDEN when others may read it, HF_INVALID when it is no key.  Wipe
 * with hf_account_keys_wipe(). */
enum hf_rc hf_account_keys_read(const char *data, struct hf_account_keys *out,
				struct hf_err *err);
void hf_account_keys_wipe(struct hf_account_keys *keys);

/* Encrypts and authenticates plain for one account (bound to its id): HF_SEALED_MORE
 * bytes longer, in arena.  p NULL without memory. */
struct hf_sv hf_account_seal(const struct hf_account_keys *keys, struct hf_sv id,
			     struct hf_sv plain, struct hf_arena *arena);
/* Undoes it; n bytes to out.  HF_INVALID when it was not sealed so: another key,
 * another account, or damage. */
enum hf_rc hf_account_unseal(const struct hf_account_keys *keys, struct hf_sv id,
			     struct hf_sv sealed, unsigned char *out, size_t n,
			     struct hf_err *err);

/* The key that a user's browser locks what it keeps of visits with: one for each id,
 * the same each time. */
void hf_account_visits_key(const struct hf_account_keys *keys, struct hf_sv id,
			   unsigned char out[HF_KEY_BYTES]);

#endif
