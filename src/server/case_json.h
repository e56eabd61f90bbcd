/* case_json.h - people on pathways, as the pages get them
 * (docs/interfaces/pathways.md). */
#ifndef HF_SERVER_CASE_JSON_H
#define HF_SERVER_CASE_JSON_H

#include "fhir/json.h"
#include "hub/io/caseload.h"

/* An Instance, as a value.  roles: of whoever looks at it, for "mine" of its tasks. */
void hf_case_json_row(struct hf_jw *w, const struct hf_case_row *row, hf_pw_set roles,
		      hf_time now);
/* One task of it, as a value. */
void hf_case_json_part(struct hf_jw *w, const struct hf_pathway *p,
		       const struct hf_case_part *part, hf_pw_set roles);
/* The person, as the member "person". */
void hf_case_json_person(struct hf_jw *w, struct hf_sv patient, struct hf_sv name,
			 struct hf_sv born, struct hf_sv nhs, hf_time now);
/* A fact that is asked, with what is known of it, as a value. */
void hf_case_json_need(struct hf_jw *w, const struct hf_pw_fact *f,
		       const struct hf_case_fact *known);

#endif
