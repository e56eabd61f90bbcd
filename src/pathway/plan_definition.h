/* plan_definition.h - pathway documents as FHIR, and back.  Pure.
 *
 * A pathway is a collection Bundle: one PlanDefinition, and an ActivityDefinition for
 * each task (docs/interfaces/pathways.md, section 7.7 of the domain's pages).  Steps
 * are actions, their guards conditions in FHIRPath, limits of clocks the offsets of
 * related actions; what FHIR has no place for lies in extensions, so that nothing is
 * lost: what comes back is the same pathway. */
#ifndef HF_PATHWAY_PLAN_DEFINITION_H
#define HF_PATHWAY_PLAN_DEFINITION_H

#include "pathway/pathway.h"

/* Appends the Bundle of a document to out.  The document is read and checked first:
 * HF_INVALID with findings "file:line" in issues, HF_TOO_LONG when arena or out is
 * full. */
enum hf_rc hf_pd_export(const char *name, struct hf_sv text,
			const struct hf_pw_world *world, struct hf_arena *arena,
			struct hf_issues *issues, struct hf_buf *out,
			struct hf_err *err);

/* Appends the document of a Bundle (or of a PlanDefinition alone, when it has no
 * tasks) to out, a part on each line.  HF_INVALID when it is no valid FHIR, has
 * something that a pathway has no place for, or makes no pathway that is in order:
 * findings in issues name the element ("Bundle.entry[0].resource.action[0]…");
 * warnings may be there on HF_OK.  HF_TOO_LONG when arena or out is full. */
enum hf_rc hf_pd_import(struct hf_sv text, const struct hf_pw_world *world,
			struct hf_arena *arena, struct hf_issues *issues,
			struct hf_buf *out, struct hf_err *err);

#endif
