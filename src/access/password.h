/* password.h - what a password must be, and how it is kept.  Pure.
 *
 * Passwords are kept as argon2id strings (19 MiB, two passes: the first choice of
 * OWASP's sheet, 13 ms here).  A new one has at least 12 characters and says nothing
 * of the account; there is no rule about kinds of characters and none about age
 * (NIST SP 800-63B 5.1.1.2). */
#ifndef HF_ACCESS_PASSWORD_H
#define HF_ACCESS_PASSWORD_H

#include "base/err.h"

enum {
	HF_PASSWORD_MIN = 12,  /* characters */
	HF_PASSWORD_MAX = 256, /* bytes */
	HF_PASSWORD_PASSES = 2,
	HF_PASSWORD_MEMORY = 19 << 20,
	HF_PASSWORD_STRING = 128, /* bytes of a string, NUL included */
	HF_ONE_TIME_LEN = 19	  /* "xxxx-xxxx-xxxx-xxxx": 80 bits */
};

/* May this be the new password of an account?  HF_RULE, with path "password", says
 * what it lacks; the password is never in the text. */
enum hf_rc hf_password_check(struct hf_sv password, struct hf_sv login,
			     struct hf_sv name, struct hf_err *err);

/* Makes the string to keep.  HF_BUSY without the memory for it. */
enum hf_rc hf_password_hash(struct hf_sv password, char out[HF_PASSWORD_STRING],
			    struct hf_err *err);
/* Is it the password of this string?  An empty or broken string takes as long as a
 * good one and is none's. */
bool hf_password_is(struct hf_sv password, struct hf_sv string);
/* Was it made with other costs than those above? */
bool hf_password_is_old(struct hf_sv string);

/* 80 bits as letters and digits in groups of four: a password to be given away once.
 * bytes come from a generator of secrets. */
void hf_password_one_time(const unsigned char bytes[10], char out[HF_ONE_TIME_LEN + 1]);

#endif
