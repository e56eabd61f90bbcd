/* audit_fhir.h - a line of the audit as a FHIR R4 AuditEvent.  Pure. */
#ifndef HF_ACCESS_AUDIT_FHIR_H
#define HF_ACCESS_AUDIT_FHIR_H

#include "access/audit_line.h"
#include "fhir/json.h"

struct hf_audit_fhir {
	struct hf_sv id;
	const struct hf_audit_event *event;
	struct hf_sv name;	    /* of who did it; n 0: not known */
	const struct hf_sv *people; /* ids of the Patients whose records it was */
	size_t n_people;
	const struct hf_sv *things; /* "Observation/abc" that were written */
	size_t n_things;
};

/* Writes the resource as one value. */
void hf_audit_fhir(struct hf_jw *w, const struct hf_audit_fhir *audit);

/* The codes of a type (kind) or subtype, as "system|code", "|code" or "code": a set
 * of enum hf_audit_code, 0 for none. */
uint64_t hf_audit_fhir_type(struct hf_sv token);
uint64_t hf_audit_fhir_subtype(struct hf_sv token);

#endif
