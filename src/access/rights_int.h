/* rights_int.h - what rights.c and ndo.c share. */
#ifndef HF_ACCESS_RIGHTS_INT_H
#define HF_ACCESS_RIGHTS_INT_H

#include "access/rights.h"

enum { HF_ORG_MAX = 64 }; /* bytes of an organisation's code */

/* Writes code in upper case to out, which has room for code.n bytes. */
void hf_rights_upper(struct hf_sv code, char *out);

struct hf_ndo *hf_ndo_keep(struct hf_ndo *ndo); /* NULL is fine */
bool hf_ndo_has(const struct hf_ndo *ndo, struct hf_sv nhs_number);
hf_time hf_ndo_list_at(const struct hf_ndo *ndo);

#endif
