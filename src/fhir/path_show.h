/* path_show.h - the results of an expression as JSON. */
#ifndef HF_FHIR_PATH_SHOW_H
#define HF_FHIR_PATH_SHOW_H

#include "base/buf.h"
#include "fhir/path.h"

/* The name that FHIRPath has for a type: "BackboneElement" or "Element" for one that is
 * defined in place. */
struct hf_sv hf_type_shown(hf_type_id type);

/* The name of a value's type: "HumanName", "code", "BackboneElement" of a FHIR
 * element, "boolean", "integer", "decimal", "string", "date", "dateTime", "time",
 * "Quantity" of a System value. */
struct hf_sv hf_pv_type_name(const struct hf_pv *v);

/* Appends an array of {"type", "value"}: FHIR elements as they stand in the resource,
 * null for a primitive with extensions only; quantities as {"value", "unit"}.
 * HF_TOO_LONG past the cap of out or the arena. */
enum hf_rc hf_path_show(const struct hf_pvs *results, struct hf_arena *arena,
			struct hf_buf *out, struct hf_err *err);

#endif
