/* path_build.h - what the parser of FHIRPath writes to; for path_parse.c alone. */
#ifndef HF_FHIR_PATH_BUILD_H
#define HF_FHIR_PATH_BUILD_H

#include "fhir/path_impl.h"

struct path_parser {
	struct hf_path_lex lex;
	struct path_node *nodes;
	struct path_step *steps;
	uint32_t *args;
	uint32_t n_nodes, n_steps, n_args;
	uint32_t size_nodes, size_steps, size_args;
	hf_type_id self; /* static type of $this */
	const struct hf_path_rules *rules;
	unsigned nest;
	bool defines; /* defineVariable() was met */
};

enum hf_rc hf_path_no_memory(struct path_parser *p);
/* Depth of the tree below a node; 0 for PATH_NONE. */
unsigned hf_path_depth_of(const struct path_parser *p, uint32_t node);
/* Adds a node whose depth is one more than that of below and below2; HF_TOO_LONG
 * past PATH_MAX_DEPTH. */
enum hf_rc hf_path_add_node(struct path_parser *p, const struct path_node *n,
			    uint32_t below, uint32_t below2, uint32_t *out);
/* Adds the step called by the current token, after something of type owner; *type
 * is the type of what it leads to, 0 when not certain. */
enum hf_rc hf_path_add_step(struct path_parser *p, hf_type_id owner, bool first,
			    hf_type_id *type);
enum hf_rc hf_path_push_arg(struct path_parser *p, uint32_t arg);
/* Moves what was parsed into one block, which *out owns, with the text. */
enum hf_rc hf_path_pack(struct path_parser *p, uint32_t root, struct hf_path **out);

#endif
