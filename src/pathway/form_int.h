/* form_int.h - what the files of forms share. */
#ifndef HF_PATHWAY_FORM_INT_H
#define HF_PATHWAY_FORM_INT_H

#include "pathway/form.h"

#define HF_QN_BASE "https://homefirst.example/"

struct hf_qn_load {
	struct hf_doc d;
	struct hf_qn *q;
	uint32_t nodes[HF_QN_ITEMS]; /* of the items */
};

/* The extensions of the item at node; those of the form as a whole. */
void hf_qn_load_extensions(struct hf_qn_load *l, uint32_t node,
			   struct hf_qn_item *item);
void hf_qn_load_score(struct hf_qn_load *l);

struct hf_qn_type_row {
	const char *code, *member;
	enum hf_qn_kind kind;
};
extern const struct hf_qn_type_row hf_qn_types[HF_QN_TYPES];

/* Reads the value at node as the type has it.  "" when it is one, else what is wrong
 * with it, in words without the value. */
const char *hf_qn_value_read(const struct hf_json *doc, uint32_t node,
			     enum hf_qn_type type, struct hf_arena *arena,
			     struct hf_qn_value *out);
/* Reads value[x] of an object by the member that it has (answerOption, enableWhen with
 * prefix "answer", initial).  NULL when it has none, else as above. */
const char *hf_qn_value_any(const struct hf_json *doc, uint32_t object,
			    const char *prefix, enum hf_qn_type type,
			    struct hf_arena *arena, struct hf_qn_value *out);

/* Two values of one kind: <0, 0, >0; 2 when they cannot be compared (other units,
 * other systems).  Codes and words are only equal or not (2). */
int hf_qn_value_cmp(const struct hf_qn_value *a, const struct hf_qn_value *b);

/* Is a code one of the options? */
bool hf_qn_offers(const struct hf_qn_item *item, const struct hf_qn_value *code);

/* Reckons all that is reckoned into out->reckoned. */
enum hf_rc hf_qn_reckon(const struct hf_qn *form, const struct hf_json *doc,
			uint32_t node, const struct hf_qn_asked *asked,
			struct hf_arena *arena, struct hf_issues *issues,
			struct hf_qn_answers *out, struct hf_err *err);

/* Is the item enabled, from where given[at] stands (its parent; -1: the top)? */
bool hf_qn_enabled(const struct hf_qn *form, const struct hf_qn_answers *answers,
		   size_t item, int parent);

#endif
