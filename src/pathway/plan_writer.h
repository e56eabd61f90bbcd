/* plan_writer.h - what the writing of a pathway as FHIR is made of.
 *
 * A node is one of the document's, HF_JSON_NONE for what is not there.  A full arena or
 * buffer sets .w.out->failed. */
#ifndef HF_PATHWAY_PLAN_WRITER_H
#define HF_PATHWAY_PLAN_WRITER_H

#include "pathway/pathway.h"
#include "pathway/plan_int.h"

struct hf_pdw {
	const struct hf_json *doc;
	const struct hf_pathway *p;
	struct hf_arena *arena;
	struct hf_jw w;
};

struct hf_sv hf_pdw_text_of(struct hf_pdw *x, uint32_t node);
/* The member of this name; NONE for an empty text too: FHIR has none. */
uint32_t hf_pdw_get(const struct hf_pdw *x, uint32_t object, const char *name);

/* The element that a list begins with, or the one that stands alone; then the next. */
uint32_t hf_pdw_first(const struct hf_pdw *x, uint32_t node);
uint32_t hf_pdw_after(const struct hf_pdw *x, uint32_t node, uint32_t one);
#define HF_PDW_EACH(x, c, node)                                                        \
	for (uint32_t c = hf_pdw_first(x, node); c != HF_JSON_NONE;                    \
	     c = hf_pdw_after(x, node, c))

/* Key and a text of two parts. */
void hf_pdw_joined(struct hf_pdw *x, const char *key, const char *a, struct hf_sv b);
/* Key and an Expression in FHIRPath. */
void hf_pdw_expression(struct hf_pdw *x, const char *key, uint32_t node);
/* A CodeableConcept of one code of HF_PD_CODES; "code" as a list of one. */
void hf_pdw_concept(struct hf_pdw *x, const char *system, struct hf_sv code);
void hf_pdw_code(struct hf_pdw *x, const char *system, struct hf_sv value);
/* An extension with those fields that object has; none when it has none.  The other
 * writes it as the only one of the member "extension". */
void hf_pdw_put_part(struct hf_pdw *x, uint32_t object, const struct hf_pd_part *part,
		     const char *base, const char *url);
void hf_pdw_put_only_part(struct hf_pdw *x, uint32_t object,
			  const struct hf_pd_part *part);

#endif
