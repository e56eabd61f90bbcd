/* decimal.h - decimal numbers as FHIR writes them, exact: no floating point.
 *
 * A number is m * 10^-scale.  The scale is that of the text, so that 1.00 keeps
 * its two places.  At most 36 significant digits. */
#ifndef HF_FHIR_DECIMAL_H
#define HF_FHIR_DECIMAL_H

#include "base/base.h"

__extension__ typedef __int128 hf_i128;

struct hf_decimal {
	hf_i128 m;
	int32_t scale; /* may be negative: 1e3 is 1, scale -3 */
};

enum { HF_DECIMAL_DIGITS = 36, HF_DECIMAL_TEXT = 64 };

/* Reads an optional sign, digits, an optional fraction and an optional exponent
 * (at most 4 digits).  False when text is no such number or has too many digits;
 * *out is left alone then. */
bool hf_decimal_parse(struct hf_sv text, struct hf_decimal *out);

/* <0, 0, >0; exact for all pairs. */
int hf_decimal_cmp(struct hf_decimal a, struct hf_decimal b);

/* Exact; false when the result does not fit in 36 digits. */
bool hf_decimal_add(struct hf_decimal a, struct hf_decimal b, struct hf_decimal *out);
bool hf_decimal_sub(struct hf_decimal a, struct hf_decimal b, struct hf_decimal *out);
bool hf_decimal_mul(struct hf_decimal a, struct hf_decimal b, struct hf_decimal *out);
/* Rounded half away from zero to 8 places or those of a and b, whichever is more;
 * trailing zeros are taken off.  False for a divisor of 0 or overflow. */
bool hf_decimal_div(struct hf_decimal a, struct hf_decimal b, struct hf_decimal *out);
/* Rounded half away from zero to so many places (0 and up). */
struct hf_decimal hf_decimal_round(struct hf_decimal a, int32_t places);
/* Towards zero; false when it does not fit. */
bool hf_decimal_int(struct hf_decimal a, int64_t *out);
struct hf_decimal hf_decimal_from_int(int64_t v);

/* Plain notation without exponent, NUL-terminated in buf of HF_DECIMAL_TEXT bytes.
 * 0 when it would not fit (a scale beyond what 36 digits can show), else the
 * length. */
size_t hf_decimal_format(struct hf_decimal d, char *buf);

/* Bytes that order like the numbers under memcmp; at most HF_DECIMAL_TEXT of them.
 * Returns how many. */
size_t hf_decimal_key(struct hf_decimal d, unsigned char *buf);

#endif
