/* totp.h - one-time codes by time (RFC 6238): SHA-1, 30 seconds, 6 digits, as every
 * authenticator app has them; and recovery codes.  Pure. */
#ifndef HF_ACCESS_TOTP_H
#define HF_ACCESS_TOTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/time.h"

enum {
	HF_TOTP_SECRET = 20, /* bytes */
	HF_TOTP_BASE32 = 33, /* of a secret, NUL included */
	HF_TOTP_STEP_MS = 30000,
	HF_RECOVERY_CODES = 10,
	HF_RECOVERY_LEN = 14, /* "xxxx-xxxx-xxxx": 60 bits */
	HF_RECOVERY_HASH = 32 /* letters of one hash */
};

/* The code of a step (time / 30 s), as a number of digits digits. */
uint32_t hf_totp_code(struct hf_sv secret, int64_t step, unsigned digits);

/* Is text (six digits, blanks left aside) the code of now, of the step before or the
 * one after, and of a later step than last?  *step is which. */
bool hf_totp_check(struct hf_sv secret, struct hf_sv text, hf_time now, int64_t last,
		   int64_t *step);

/* The secret in base 32 (RFC 4648, no padding), and the address that an
 * authenticator app reads from a QR code (login and place are percent-encoded). */
void hf_totp_base32(struct hf_sv secret, char out[HF_TOTP_BASE32]);
struct hf_sv hf_totp_uri(struct hf_sv secret, struct hf_sv place, struct hf_sv login,
			 struct hf_arena *arena);

/* A recovery code of eight bytes by chance. */
void hf_recovery_code(const unsigned char bytes[8], char out[HF_RECOVERY_LEN + 1]);
/* The hash to keep of what was typed (case, blanks and - do not matter; o is 0, i
 * and l are 1); false when it cannot be a code. */
bool hf_recovery_hash(struct hf_sv typed, const unsigned char key[32],
		      char out[HF_RECOVERY_HASH + 1]);
/* Takes hash out of the list kept of an account (blank between): what is left, in
 * arena; p NULL when it is not there.  Looks at all of them whatever it finds. */
struct hf_sv hf_recovery_use(struct hf_sv kept, const char hash[HF_RECOVERY_HASH + 1],
			     struct hf_arena *arena);
size_t hf_recovery_left(struct hf_sv kept);

#endif
