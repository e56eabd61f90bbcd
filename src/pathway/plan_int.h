/* plan_int.h - "pd" is a plan definition: what export and import of pathways share:
 * which members of a document lie in which extension. */
#ifndef HF_PATHWAY_PLAN_INT_H
#define HF_PATHWAY_PLAN_INT_H

#include "pathway/hours.h"

#define HF_PD_BASE  "https://homefirst.example"
#define HF_PD_EXT   HF_PD_BASE "/StructureDefinition/"
#define HF_PD_CODES HF_PD_BASE "/CodeSystem/"
#define HF_PD_ID    HF_PD_BASE "/pathway"
#define HF_PD_FORM  HF_PD_BASE "/Questionnaire/"
#define HF_PD_UCUM  "http://unitsofmeasure.org"
#define HF_PD_USE   "http://terminology.hl7.org/CodeSystem/usage-context-type"
#define HF_PD_PATH  "text/fhirpath"

/* How a member is kept. */
enum hf_pd_kind {
	HF_PD_CODE,
	HF_PD_TEXT,
	HF_PD_INTEGER,
	HF_PD_DECIMAL,
	HF_PD_BOOLEAN,
	HF_PD_EXPRESSION, /* FHIRPath */
	HF_PD_PARTS,	  /* a list of objects: .part */
	HF_PD_MAP	  /* an object of texts: extensions key and value */
};

struct hf_pd_part;
struct hf_pd_field {
	const char *name; /* of the member, and the url of its extension */
	enum hf_pd_kind kind;
	bool many; /* a text or a list of texts */
	const struct hf_pd_part *part;
};

/* An object of the document (or what FHIR has no place for of it) as one extension. */
struct hf_pd_part {
	const char *url;  /* behind HF_PD_EXT */
	const char *list; /* the member that is a list of these; NULL: elsewhere */
	const struct hf_pd_field *fields;
	size_t n;
};

/* Of the PlanDefinition: the head, and lists in the order of the document. */
extern const struct hf_pd_part hf_pd_head, hf_pd_approval;
extern const struct hf_pd_part hf_pd_lists[];
extern const size_t hf_pd_n_lists;
/* Of an action, a related action ("when" is its last), an ActivityDefinition. */
extern const struct hf_pd_part hf_pd_step, hf_pd_clock, hf_pd_limit, hf_pd_task;

/* "valueCode" … of a kind that is a value. */
const char *hf_pd_value(enum hf_pd_kind kind);

/* A duration as one number with its UCUM unit; false when it needs two. */
bool hf_pd_offset(const struct hf_duration *d, int64_t *value, const char **code);
/* "PT2H" of 2 and "h"; false when there is no such unit or it does not fit. */
bool hf_pd_iso(struct hf_sv value, struct hf_sv code, char *out, size_t size);

#endif
