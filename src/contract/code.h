/* code.h - a short code (HRG, treatment function, organisation, drug) as a number:
 * up to eight of A-Z a-z 0-9 - _ . packed with the first in the highest byte, so that
 * numbers order as the texts do and no dictionary is needed.  0: no code.  Pure. */
#ifndef HF_CONTRACT_CODE_H
#define HF_CONTRACT_CODE_H

#include "base/base.h"

typedef uint64_t hf_ct_code;

enum { HF_CT_CODE_TEXT = 9 };

/* False when text is longer than eight or has another character; *out is left alone
 * then.  Small letters become capitals; an empty text is 0. */
bool hf_ct_code_parse(struct hf_sv text, hf_ct_code *out);
/* Of a literal of ours. */
hf_ct_code hf_ct_code_of(const char *text);
/* NUL-terminated; buf holds at least HF_CT_CODE_TEXT bytes.  Gives buf. */
char *hf_ct_code_text(hf_ct_code code, char *buf);

#endif
