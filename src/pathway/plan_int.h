/* plan_int.h - what export and import of pathways share: which members of a document
 * lie in which extension. */
#ifndef HF_PATHWAY_PLAN_INT_H
#define HF_PATHWAY_PLAN_INT_H

#include "pathway/hours.h"

#define HF_PLAN_BASE  "https://homefirst.example"
#define HF_PLAN_EXT   HF_PLAN_BASE "/StructureDefinition/"
#define HF_PLAN_CODES HF_PLAN_BASE "/CodeSystem/"
#define HF_PLAN_ID    HF_PLAN_BASE "/pathway"
#define HF_PLAN_FORM  HF_PLAN_BASE "/Questionnaire/"
#define HF_PLAN_UCUM  "http://unitsofmeasure.org"
#define HF_PLAN_USE   "http://terminology.hl7.org/CodeSystem/usage-context-type"
#define HF_PLAN_PATH  "text/fhirpath"

/* How a member is kept. */
enum hf_plan_kind {
	HF_PLAN_CODE,
	HF_PLAN_TEXT,
	HF_PLAN_INTEGER,
	HF_PLAN_DECIMAL,
	HF_PLAN_BOOLEAN,
	HF_PLAN_EXPRESSION, /* FHIRPath */
	HF_PLAN_PARTS,	    /* a list of objects: .part */
	HF_PLAN_MAP	    /* an object of texts: extensions key and value */
};

struct hf_plan_part;
struct hf_plan_field {
	const char *name; /* of the member, and the url of its extension */
	enum hf_plan_kind kind;
	bool many; /* a text or a list of texts */
	const struct hf_plan_part *part;
};

/* An object of the document (or what FHIR has no place for of it) as one extension. */
struct hf_plan_part {
	const char *url;  /* behind HF_PLAN_EXT */
	const char *list; /* the member that is a list of these; NULL: elsewhere */
	const struct hf_plan_field *fields;
	size_t n;
};

/* Of the PlanDefinition: the head, and lists in the order of the document. */
extern const struct hf_plan_part hf_plan_head, hf_plan_approval;
extern const struct hf_plan_part hf_plan_lists[];
extern const size_t hf_plan_n_lists;
/* Of an action, a related action ("when" is its last), an ActivityDefinition. */
extern const struct hf_plan_part hf_plan_step, hf_plan_clock, hf_plan_limit,
    hf_plan_task;

/* "valueCode" … of a kind that is a value. */
const char *hf_plan_value(enum hf_plan_kind kind);

/* A duration as one number with its UCUM unit; false when it needs two. */
bool hf_plan_offset(const struct hf_duration *d, int64_t *value, const char **code);
/* "PT2H" of 2 and "h"; false when there is no such unit or it does not fit. */
bool hf_plan_iso(struct hf_sv value, struct hf_sv code, char *out, size_t size);

#endif
