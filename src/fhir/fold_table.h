/* fold_table.h - the shape of the table that gen/fold.mjs writes; for fold.c. */
#ifndef HF_FHIR_FOLD_TABLE_H
#define HF_FHIR_FOLD_TABLE_H

#include "base/base.h"

enum { HF_GEN_FOLD_KEEP, HF_GEN_FOLD_BLANK, HF_GEN_FOLD_DROP };

/* By the upper byte of a character the page, by its lower byte what to do: one of
 * the above, or where in the pool its NUL-terminated text (8 bytes at most) is. */
extern const uint8_t hf_gen_fold_index[256];
extern const uint16_t hf_gen_fold_pages[][256];
extern const char hf_gen_fold_pool[];

#endif
