/* validate.h - is this resource well formed R4?  Structure only, from the tables.
 *
 * Finds: unknown elements, wrong JSON types, cardinality, empty objects and
 * arrays, two choices of one element, required bindings of code systems we hold,
 * the formats of all primitives (date, dateTime, instant, time, uri, id, oid,
 * uuid, code, decimal, integers, base64), primitive extensions (_name),
 * reference syntax and target types, contained resources, Bundle entries.
 * All findings at once, each with its FHIRPath location. */
#ifndef HF_FHIR_VALIDATE_H
#define HF_FHIR_VALIDATE_H

#include "base/issue.h"
#include "fhir/json.h"
#include "fhir/tables.h"

/* Validates the resource at node.  Findings go to *issues (its arena is used for
 * nothing else).  *type is set to its type when resourceType is known, else 0.
 * True when there is no finding of severity error. */
bool hf_validate(const struct hf_json *doc, uint32_t node, struct hf_issues *issues,
		 hf_type_id *type);

/* An OperationOutcome with the findings; with none, one "all ok" information. */
void hf_outcome_write(struct hf_buf *out, const struct hf_issues *issues);
/* An OperationOutcome with one failure. */
void hf_outcome_write_err(struct hf_buf *out, const struct hf_err *err);

#endif
