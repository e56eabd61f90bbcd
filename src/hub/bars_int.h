/* bars_int.h - what the files that read and write BaRS messages share. */
#ifndef HF_HUB_BARS_INT_H
#define HF_HUB_BARS_INT_H

#include "hub/bars.h"

/* The node at a path of names from node on, "meta.lastUpdated"; of an array its first
 * element.  HF_JSON_NONE when there is none. */
uint32_t hf_bars_at(const struct hf_json *doc, uint32_t node, struct hf_sv path);
/* The string there; n 0 when there is none. */
struct hf_sv hf_bars_text(const struct hf_json *doc, uint32_t node, struct hf_sv path,
			  struct hf_arena *arena);
#define hf_bars_get(doc, node, path, arena)                                            \
	hf_bars_text((doc), (node), HF_SV(path), (arena))

/* Words of a CodeableConcept: its text, else what its codes are called, else the
 * first code. */
struct hf_sv hf_bars_words(const struct hf_json *doc, uint32_t concept,
			   struct hf_arena *arena);
/* The code of a CodeableConcept in a system that ends with name; n 0: none. */
struct hf_sv hf_bars_code(const struct hf_json *doc, uint32_t concept,
			  struct hf_sv name, struct hf_arena *arena);

/* The ODS code of an Organization in upper case, NUL-terminated; n 0: none. */
struct hf_sv hf_bars_ods(const struct hf_json *doc, uint32_t resource,
			 struct hf_arena *arena);
/* The entry that the Reference at node.path means, of this type (0: any). */
size_t hf_bars_follow(const struct hf_bars *bars, uint32_t node, struct hf_sv path,
		      hf_type_id type, struct hf_arena *arena);
/* Findings, flags, plans and consents into an intake that has the rest. */
void hf_bars_clinical(const struct hf_bars *bars, struct hf_arena *arena,
		      struct hf_issues *issues, struct hf_intake *in);
/* "Bundle.entry[3].resource.status" for a finding. */
struct hf_sv hf_bars_path(struct hf_arena *arena, size_t entry, const char *element);

#endif
