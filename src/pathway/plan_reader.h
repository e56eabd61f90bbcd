/* plan_reader.h - what the reading of a pathway from FHIR is made of.
 *
 * A node is one of the Bundle's, HF_JSON_NONE for what is not there. */
#ifndef HF_PATHWAY_PLAN_READER_H
#define HF_PATHWAY_PLAN_READER_H

#include "base/issue.h"
#include "fhir/json.h"
#include "pathway/plan_int.h"

struct hf_pdr {
	struct hf_json doc;
	struct hf_arena *arena;
	struct hf_issues *issues;
	struct hf_buf *out;
	struct hf_jw w;
	struct hf_buf lines;  /* uint32_t: the element of each line but the first */
	uint32_t plan, entry; /* the PlanDefinition; Bundle.entry or none */
	bool full;
};

/* "Bundle.entry[0].resource.action[2]" */
struct hf_sv hf_pdr_path_of(struct hf_pdr *m, uint32_t node);
/* A finding at node. */
void hf_pdr_wrong(struct hf_pdr *m, uint32_t node, const char *fmt, ...)
    HF_PRINTF(3, 4);

uint32_t hf_pdr_get(const struct hf_pdr *m, uint32_t object, const char *name);
#define HF_PDR_EACH(m, c, list)                                                        \
	for (uint32_t c = (list) == HF_JSON_NONE ? 0 : (list) + 1;                     \
	     (list) != HF_JSON_NONE && c < (m)->doc.nodes[list].next;                  \
	     c = (m)->doc.nodes[c].next)

/* Texts; n 0 when it is none. */
struct hf_sv hf_pdr_text_of(struct hf_pdr *m, uint32_t node);
struct hf_sv hf_pdr_text_at(struct hf_pdr *m, uint32_t object, const char *name);
/* The only element of a list; a finding when there are more.  NONE when there is no
 * list. */
uint32_t hf_pdr_only(struct hf_pdr *m, uint32_t object, const char *name);
/* A finding for each member that names ("id title") does not know: it would be lost. */
void hf_pdr_only_known(struct hf_pdr *m, uint32_t object, const char *names);
/* The code of a concept in one of our systems; n 0 and a finding at node when it has
 * none. */
struct hf_sv hf_pdr_code_of(struct hf_pdr *m, uint32_t concept, uint32_t node,
			    const char *system);
/* The text of an Expression in FHIRPath; NONE and a finding when it is none. */
uint32_t hf_pdr_expression_of(struct hf_pdr *m, uint32_t node);

/* The next part of a list stands on a line of its own, which came from node. */
void hf_pdr_line(struct hf_pdr *m, uint32_t node);
/* A member of the document: as it stands, or nothing for NONE and an empty text. */
void hf_pdr_put_raw(struct hf_pdr *m, const char *key, uint32_t node);
void hf_pdr_put_text(struct hf_pdr *m, const char *key, struct hf_sv text);

bool hf_pdr_is_part(struct hf_pdr *m, uint32_t ext, const char *url);
uint32_t hf_pdr_find_part(struct hf_pdr *m, uint32_t element,
			  const struct hf_pd_part *part);
uint32_t hf_pdr_find_sub(struct hf_pdr *m, uint32_t ext, const char *url);
/* Writes the members that lie in one of our extensions.  What else lies there is a
 * finding; the second: and what else the element is extended by. */
void hf_pdr_read_part(struct hf_pdr *m, uint32_t ext, const struct hf_pd_part *part);
void hf_pdr_read_own_part(struct hf_pdr *m, uint32_t element,
			  const struct hf_pd_part *part);

#endif
