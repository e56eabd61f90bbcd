/* tables_gen.h - the shape of the tables that gen/fhir_tables.mjs writes.
 * For tables.c and the written sources only; others use tables.h. */
#ifndef HF_FHIR_TABLES_GEN_H
#define HF_FHIR_TABLES_GEN_H

#include "fhir/tables.h"

/* A hash table over names: 1 << bits slots from .slots, each 0 or the number of an
 * entry counted from 1.  The generator chose the seed so that probes are few. */
struct hf_gen_hash {
	uint64_t seed; /* odd */
	const uint16_t *slots;
	uint8_t bits;
};

/* A JSON property name of a type: "valueQuantity" of the element value[x]. */
struct hf_gen_prop {
	const char *name;
	uint16_t len;
	uint16_t elem;	 /* number of the element within its type */
	hf_type_id type; /* 0: the FHIRPath name of a choice, no JSON name */
};

struct hf_gen_type {
	struct hf_gen_hash hash; /* of its properties */
	const struct hf_gen_prop *props;
	uint64_t required; /* bit k: element k has min 1 or more */
	uint16_t sp;	   /* first of its search parameters, and how many */
	uint16_t n_sp;
	const char *const *compartment; /* NULL for none */
};

struct hf_gen_code {
	const char *code;
	uint16_t len;
	uint16_t system; /* in hf_gen_systems */
};

struct hf_gen_binding {
	const char *url;
	struct hf_gen_hash hash; /* bits 0: the value set is open */
	const struct hf_gen_code *codes;
	uint16_t n_codes;
};

extern const uint16_t hf_gen_n_types;
extern const struct hf_type hf_gen_types[];	/* from 1 */
extern const struct hf_gen_type hf_gen_extra[]; /* beside hf_gen_types */
extern const struct hf_gen_hash hf_gen_type_hash;
extern const struct hf_elem hf_gen_elems[];
extern const hf_type_id hf_gen_elem_types[];
extern const uint16_t hf_gen_n_bindings;
extern const struct hf_gen_binding hf_gen_bindings[]; /* from 1 */
extern const char *const hf_gen_systems[];
extern const uint16_t hf_gen_n_sps, hf_gen_n_expressions;
extern const struct hf_sp hf_gen_sps[]; /* from 1 */
extern const hf_type_id hf_gen_sp_targets[];

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "the generated hash tables are made for little-endian machines");

/* The slot where the search for a name begins; gen/hash.mjs computes the same. */
static inline uint32_t
hf_gen_slot(const struct hf_gen_hash *h, const char *p, size_t n)
{
	uint64_t head = 0, tail = 0;

	if (n >= 8) {
		memcpy(&head, p, 8);
		memcpy(&tail, p + n - 8, 8);
	} else if (n >= 4) {
		uint32_t a, b;

		memcpy(&a, p, 4);
		memcpy(&b, p + n - 4, 4);
		head = a;
		tail = b;
	} else if (n > 0) {
		head = (uint64_t)(uint8_t)p[0] << 16 |
		       (uint64_t)(uint8_t)p[n / 2] << 8 | (uint8_t)p[n - 1];
	}
	head ^= (tail << 29 | tail >> 35) ^ n * 0x9E3779B97F4A7C15u;
	return (uint32_t)(head * h->seed >> (64 - h->bits));
}

#endif
