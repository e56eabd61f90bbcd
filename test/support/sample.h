/* sample.h - valid resources of any type, made from the tables, for tests.
 *
 * The variants of a type together use each of its elements and each choice of type
 * at least once, with numbers, strings and dates that a careless reader would
 * change: 1.00, escapes, characters beyond the BMP, partial dates.  The same type
 * and variant give the same bytes.  meta carries versionId and lastUpdated, which a
 * store sets anew. */
#ifndef HF_TEST_SUPPORT_SAMPLE_H
#define HF_TEST_SUPPORT_SAMPLE_H

#include "base/buf.h"
#include "fhir/tables.h"

/* How many variants it takes to use every choice of type. */
uint32_t hf_sample_variants(hf_type_id type);

/* Appends the resource (id "sample-<variant>") as one line of JSON.  type is a
 * concrete resource type; any variant is fine, they repeat. */
void hf_sample_write(hf_type_id type, uint32_t variant, struct hf_buf *out);

/* Appends the smallest valid resource of type, with the id given. */
void hf_sample_least(hf_type_id type, struct hf_sv id, struct hf_buf *out);

#endif
