/* terms_int.h - between the files that read documents of money. */
#ifndef HF_CONTRACT_TERMS_INT_H
#define HF_CONTRACT_TERMS_INT_H

#include "contract/terms.h"

/* Pounds with at most two places, 0 and up; otherwise (and a finding when it is there
 * and wrong, or needed and missing) 0. */
hf_pence hf_ct_read_pounds(struct hf_doc *d, uint32_t object, const char *name,
			   bool needed);
/* A percentage as a rate within [0, most %]; otherwise when it is not there. */
hf_rate hf_ct_read_percent(struct hf_doc *d, uint32_t object, const char *name,
			   int64_t most, hf_rate otherwise);
/* A day, as days since 1970-01-01; INT64_MIN (and a finding) when it is none or, when
 * needed, missing. */
int64_t hf_ct_read_day(struct hf_doc *d, uint32_t object, const char *name,
		       bool needed);
/* "plan": one number for each month or a list of twelve; pounds as pence, or whole
 * units.  False when it is not there. */
bool hf_ct_read_pounds_months(struct hf_doc *d, uint32_t object, const char *name,
			      hf_pence out[HF_CT_MONTHS]);
bool hf_ct_read_units_months(struct hf_doc *d, uint32_t object, const char *name,
			     int64_t out[HF_CT_MONTHS]);
/* Index of word in words, which end with NULL; a finding and -1 when it is none. */
int hf_ct_read_word(struct hf_doc *d, uint32_t object, const char *name,
		    const char *const *words);
/* A finding unless provider and commissioner of object add up to 100 %. */
void hf_ct_read_shares(struct hf_doc *d, uint32_t object, hf_rate *provider,
		       hf_rate *commissioner);

/* "activity" of a line: which is its.  Without it the line has none. */
void hf_ct_read_select(struct hf_doc *d, uint32_t object, const struct hf_ct_terms *t,
		       struct hf_ct_line *l);
/* A finding for each two lines that could both claim a row. */
void hf_ct_check_selects(struct hf_doc *d, const struct hf_ct_terms *t);

/* "components" of the document (terms_component.c). */
void hf_ct_read_components(struct hf_doc *d, struct hf_ct_terms *t);

#endif
