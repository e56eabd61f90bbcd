/* validate_impl.h - shared by the validate_*.c files, and by nobody else. */
#ifndef HF_FHIR_VALIDATE_IMPL_H
#define HF_FHIR_VALIDATE_IMPL_H

#include "fhir/validate.h"

/* One step on the way to a value.  Steps lie on the stack of the walk and are
 * turned into a FHIRPath only for a finding. */
struct hf_vstep {
	const struct hf_vstep *up; /* NULL at the root */
	struct hf_sv name;
	uint32_t index; /* HF_JSON_NONE when the element does not repeat */
};

/* The ids of the resources that one resource contains, sorted; made when the first
 * reference to one is met. */
struct hf_vcontained {
	bool made;
	uint32_t n;
	struct hf_vcontained_id {
		struct hf_sv id;
		hf_type_id type;
	} * ids;
};

struct hf_v {
	const struct hf_json *doc;
	struct hf_issues *issues;
	struct hf_arena scratch; /* strings with escapes undone */
	struct hf_arena keep;	 /* ids of contained resources */
	uint32_t owner;		 /* the resource that contains those we are in */
	bool inside;		 /* in a contained resource */
	unsigned depth;
	struct hf_vcontained contained;
};

enum {
	HF_V_DEPTH = 300,     /* deeper is refused; the JSON limit is met first */
	HF_V_MEMORY = 1 << 28 /* of each arena */
};

/* A finding at the place that the steps lead to. */
void hf_v_find(struct hf_v *v, const struct hf_vstep *at, enum hf_severity severity,
	       const char *code, const char *fmt, ...) HF_PRINTF(5, 6);
#define hf_v_error(v, at, code, ...)                                                   \
	hf_v_find((v), (at), HF_SEV_ERROR, (code), __VA_ARGS__)

/* The text of a string node with escapes undone, valid until the next call. */
struct hf_sv hf_v_text(struct hf_v *v, uint32_t node);

/* An object of type, which is no primitive. */
void hf_v_object(struct hf_v *v, hf_type_id type, uint32_t node,
		 const struct hf_vstep *at);

/* validate_primitive.c: a value of a primitive type. */
void hf_v_primitive(struct hf_v *v, const struct hf_elem *e, hf_type_id type,
		    uint32_t node, const struct hf_vstep *at);
/* The format of the type id: [A-Za-z0-9\-\.]{1,64}. */
bool hf_v_is_id(struct hf_sv s);

/* validate_special.c: what single types ask for beyond their elements. */
void hf_v_extension(struct hf_v *v, uint64_t seen, const struct hf_vstep *at);
void hf_v_reference(struct hf_v *v, const struct hf_elem *e, uint32_t node,
		    const struct hf_vstep *at);
void hf_v_concept(struct hf_v *v, const struct hf_elem *e, uint32_t node,
		  const struct hf_vstep *at);
void hf_v_contained(struct hf_v *v, uint32_t node, const struct hf_vstep *at);
/* The finding that a code is not in the value set of a required binding. */
void hf_v_not_bound(struct hf_v *v, uint16_t binding, const struct hf_vstep *at);

#endif
