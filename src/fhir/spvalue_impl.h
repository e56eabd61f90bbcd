/* spvalue_impl.h - what the files behind spvalue.h share; for nobody else. */
#ifndef HF_FHIR_SPVALUE_IMPL_H
#define HF_FHIR_SPVALUE_IMPL_H

#include "fhir/decimal.h"
#include "fhir/spvalue.h"

/* How values of a type are read for search. */
enum hf_sp_shape {
	SHAPE_NONE,
	SHAPE_BOOLEAN,
	SHAPE_NUMBER,
	SHAPE_CODE, /* its element implies the system */
	SHAPE_TEXT, /* string, markdown */
	SHAPE_URI,  /* and id: case counts */
	SHAPE_DATE, /* date, dateTime, instant */
	SHAPE_CODING,
	SHAPE_CONCEPT,
	SHAPE_IDENTIFIER,
	SHAPE_CONTACT,
	SHAPE_HUMAN_NAME,
	SHAPE_ADDRESS,
	SHAPE_PERIOD,
	SHAPE_TIMING,
	SHAPE_RANGE,
	SHAPE_QUANTITY,
	SHAPE_MONEY,
	SHAPE_SAMPLED,
	SHAPE_REFERENCE,
	SHAPE_EXTENSION,
	SHAPE_RESOURCE
};

enum hf_sp_shape hf_sp_shape(hf_type_id type);

/* The parts of a literal reference: base, "Type/id", version.  type 0 when it
 * names no R4 type; then id is empty too. */
struct sp_ref {
	struct hf_sv base, id, version;
	hf_type_id type;
};
struct sp_ref hf_sp_ref_split(struct hf_sv text);

/* What a read writes to. */
struct sp_read {
	const struct hf_sp *sp;
	struct hf_arena *arena;
	struct hf_spvs *out;
	uint16_t binding; /* of the element that the values belong to */
	bool full;	  /* the arena was: what was read is not whole */
};

/* A value at v's place, to be filled in. */
static inline struct hf_spv
hf_sp_value_at(const struct hf_pv *v)
{
	return (struct hf_spv){.doc = v->doc, .node = v->node};
}

static inline bool
hf_sp_is_array(const struct hf_pv *v)
{
	return v->node != HF_JSON_NONE &&
	       hf_json_type(v->doc, v->node) == HF_JSON_ARRAY;
}

/* Appends v; false when the arena is full. */
bool hf_sp_add(struct sp_read *r, const struct hf_spv *v);
/* The string at node, and the member of the object there; p NULL when it is none or
 * the arena is full, which r remembers. */
struct hf_sv hf_sp_string_at(struct sp_read *r, const struct hf_json *doc,
			     uint32_t node);
struct hf_sv hf_sp_text_of(struct sp_read *r, const struct hf_json *doc, uint32_t node,
			   struct hf_sv name);
#define TEXT(r, v, lit) hf_sp_text_of((r), (v)->doc, (v)->node, HF_SV(lit))
/* The text of a primitive. */
struct hf_sv hf_sp_text_at(struct sp_read *r, const struct hf_pv *v);
/* The member as a value to read on its own; its node is NONE when absent. */
struct hf_pv hf_sp_member(const struct hf_pv *v, struct hf_sv name);

bool hf_sp_read_date(struct sp_read *r, const struct hf_pv *pv, enum hf_sp_shape shape);
bool hf_sp_read_number(struct sp_read *r, const struct hf_pv *pv,
		       enum hf_sp_shape shape);

/* Appends what one result of the expression says; false when the arena is full. */
bool hf_sp_read_value(struct sp_read *r, const struct hf_pv *v);

/* The system as it is compared: today's spelling of the ODS code system. */
struct hf_sv hf_sp_system(struct hf_sv system);
bool hf_sp_is_nhs_number(struct hf_sv system);
/* s without blanks and - ( ) . in arena, or s itself when it has none. */
struct hf_sv hf_sp_squeeze(struct hf_sv s, struct hf_arena *arena);
/* Text equal but for the case of ASCII letters. */
bool hf_sp_equal_nocase(struct hf_sv a, struct hf_sv b);

#endif
