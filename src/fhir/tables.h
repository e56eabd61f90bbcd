/* tables.h - the FHIR R4 (4.0.1) definitions as tables.
 *
 * Generated at build time from the pinned definitions package by gen/; sorted,
 * static and const.  Type ids of the concrete resource types are 1 … 146 (or as
 * many as there are) in alphabetical order and are stored in databases: R4 is
 * frozen, so they never change. */
#ifndef HF_FHIR_TABLES_H
#define HF_FHIR_TABLES_H

#include "base/base.h"

typedef uint16_t hf_type_id; /* 0 is none */

enum hf_type_kind {
	HF_KIND_RESOURCE,  /* concrete resource */
	HF_KIND_ABSTRACT,  /* Resource, DomainResource, Element, BackboneElement */
	HF_KIND_COMPLEX,   /* HumanName, Quantity … */
	HF_KIND_PRIMITIVE, /* boolean, code, date … */
	HF_KIND_BACKBONE   /* Patient.contact … */
};

/* What values of a type look like, for code that treats some types apart. */
enum hf_form {
	HF_FORM_OBJECT,	  /* any other complex type, backbone elements, resources */
	HF_FORM_RESOURCE, /* the abstract Resource: any concrete one */
	HF_FORM_EXTENSION,
	HF_FORM_REFERENCE,
	HF_FORM_CODEABLE_CONCEPT,
	HF_FORM_BASE64_BINARY, /* from here on primitives, one each */
	HF_FORM_BOOLEAN,
	HF_FORM_CANONICAL,
	HF_FORM_CODE,
	HF_FORM_DATE,
	HF_FORM_DATE_TIME,
	HF_FORM_DECIMAL,
	HF_FORM_ID,
	HF_FORM_INSTANT,
	HF_FORM_INTEGER,
	HF_FORM_MARKDOWN,
	HF_FORM_OID,
	HF_FORM_POSITIVE_INT,
	HF_FORM_STRING,
	HF_FORM_TIME,
	HF_FORM_UNSIGNED_INT,
	HF_FORM_URI,
	HF_FORM_URL,
	HF_FORM_UUID,
	HF_FORM_XHTML
};

struct hf_type {
	const char *name; /* "Patient", "Patient.contact", "HumanName", "code" */
	enum hf_type_kind kind;
	enum hf_form form;
	hf_type_id base; /* what it specialises; 0 for none */
	uint32_t elem;	 /* for hf_elem_get(); inherited elements too */
	uint16_t n_elem;
};

struct hf_elem {
	const char *name; /* "birthDate"; a choice without [x]: "value" */
	uint16_t min;
	bool many;     /* max > 1: a JSON array */
	bool choice;   /* value[x] */
	bool summary;  /* isSummary */
	bool modifier; /* isModifier */
	uint16_t n_types;
	uint32_t types; /* first of its types in hf_elem_types */
	uint16_t n_targets;
	uint32_t targets; /* for hf_elem_target(); no target means any type */
	uint16_t binding; /* required binding: index in hf_bindings; 0 is none */
};

enum hf_sp_type {
	HF_SP_NUMBER,
	HF_SP_DATE,
	HF_SP_STRING,
	HF_SP_TOKEN,
	HF_SP_REFERENCE,
	HF_SP_COMPOSITE,
	HF_SP_QUANTITY,
	HF_SP_URI,
	HF_SP_SPECIAL
};

/* One search parameter for one resource type. */
struct hf_sp {
	uint16_t id; /* index in hf_sps, from 1; not stable, never stored */
	hf_type_id type;
	enum hf_sp_type kind;
	const char *code;	/* "birthdate" */
	const char *expression; /* FHIRPath, the part for this type; "" for special */
	const char *url;
	uint16_t n_targets;
	uint32_t targets;	/* for hf_sp_target(); for references */
	uint16_t expression_id; /* the same number, the same expression; 0 is none */
};

/* How many concrete resource types there are: ids 1 … n. */
extern const hf_type_id hf_n_resource_types;

const struct hf_type *hf_type_get(hf_type_id id); /* id must be valid */
hf_type_id hf_type_find(struct hf_sv name);	  /* 0 when unknown */
/* A concrete resource type by name; 0 when unknown. */
hf_type_id hf_resource_find(struct hf_sv name);
/* Whether id is base or specialises it. */
bool hf_type_is(hf_type_id id, hf_type_id base);

/* The element that a JSON property name means within owner: for "valueQuantity"
 * the choice element "value" with *type set to Quantity; else *type is its only
 * type.  NULL when there is none. */
const struct hf_elem *hf_elem_find(hf_type_id owner, struct hf_sv json_name,
				   hf_type_id *type);
/* The elements of owner that must be there: bit k is element k. */
uint64_t hf_elem_required(hf_type_id owner);
/* The element by its FHIRPath name ("value", not "valueQuantity"). */
const struct hf_elem *hf_elem_by_name(hf_type_id owner, struct hf_sv name);
/* Element k (0 … n_elem-1) of owner. */
const struct hf_elem *hf_elem_get(hf_type_id owner, uint16_t k);
/* Type k of an element; target k of a reference. */
hf_type_id hf_elem_type(const struct hf_elem *e, uint16_t k);
hf_type_id hf_elem_target(const struct hf_elem *e, uint16_t k);

/* Is code in the value set of a required binding that we hold whole?  HF_BIND_
 * UNCHECKED when the value set is not closed (see docs/interfaces/validation). */
enum hf_bind { HF_BIND_OUT, HF_BIND_IN, HF_BIND_UNCHECKED };
/* system with p NULL asks for the code in any system: for elements of type code. */
enum hf_bind hf_binding_check(uint16_t binding, struct hf_sv system, struct hf_sv code);
const char *hf_binding_url(uint16_t binding);
/* The required binding to a value set by its canonical URL, a version after | left
 * aside; 0 when there is none. */
uint16_t hf_binding_find(struct hf_sv url);
/* Code at (from 0) of a binding's value set; false past its end, and for one that
 * we do not hold. */
bool hf_binding_code(uint16_t binding, uint32_t at, struct hf_sv *system,
		     struct hf_sv *code);

/* Search parameters of a concrete resource type, each with those it has of
 * Resource and DomainResource.  Ids of hf_sp_get() go from 1 to hf_n_sps(), the
 * expression ids from 1 to hf_n_sp_expressions(): compile each expression once. */
uint16_t hf_n_sps(void);
uint16_t hf_n_sp_expressions(void);
const struct hf_sp *hf_sp_find(hf_type_id type, struct hf_sv code);
const struct hf_sp *hf_sp_get(uint16_t id);
/* All parameters of a type: from *first (an id), *n of them in code order. */
void hf_sp_of_type(hf_type_id type, uint16_t *first, uint16_t *n);
hf_type_id hf_sp_target(const struct hf_sp *sp, uint16_t k);

/* The Patient compartment (CompartmentDefinition/patient): codes of the search
 * parameters by which a resource of type belongs to a person, NULL-terminated;
 * NULL when the type is in no person's compartment. */
const char *const *hf_compartment_params(hf_type_id type);

#endif
