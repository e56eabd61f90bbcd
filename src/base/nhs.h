/* nhs.h - the NHS number: a type that only its checker can make.
 *
 * What always holds of a struct hf_nhs that came from here: ten digits whose
 * check digit is right, not ten the same, NUL terminated.  Rules
 * of the domain reference; the check is the NHS Data Dictionary's modulus 11. */
#ifndef HF_BASE_NHS_H
#define HF_BASE_NHS_H

#include "base/err.h"

struct hf_nhs {
	char d[11]; /* made by hf_nhs_parse() and hf_nhs_make() alone */
};

/* Who issued a number, told by its first nine digits. */
enum hf_nhs_range {
	HF_NHS_OTHER,		 /* no range that is in use */
	HF_NHS_ENGLAND,		 /* England, Wales and the Isle of Man */
	HF_NHS_NORTHERN_IRELAND, /* Health and Care number */
	HF_NHS_SCOTLAND,	 /* CHI: begins with the date of birth */
	HF_NHS_SYNTHETIC,	 /* 999…: never issued */
};

/* Reads a number as typed: blanks and hyphens are left out, anything else but
 * ten digits with the right check digit is HF_INVALID (the text says why and
 * never repeats the number).  *out is left alone on failure. */
enum hf_rc hf_nhs_parse(struct hf_sv text, struct hf_nhs *out, struct hf_err *err);

/* The number whose first nine digits are nine (0 … 999999999) with its check
 * digit.  False when there is none or all ten would be the same. */
bool hf_nhs_make(uint32_t nine, struct hf_nhs *out);

/* "999 000 0018"; buf holds at least 13 bytes.  Returns buf. */
char *hf_nhs_format(const struct hf_nhs *nhs, char *buf, size_t size);

enum hf_nhs_range hf_nhs_range(const struct hf_nhs *nhs);

static inline struct hf_sv
hf_nhs_sv(const struct hf_nhs *nhs)
{
	return (struct hf_sv){nhs->d, 10};
}

#endif
