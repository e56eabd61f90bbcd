/* build_int.h - the small parts of resources. */
#ifndef HF_HUB_BUILD_INT_H
#define HF_HUB_BUILD_INT_H

#include "hub/build.h"
#include "hub/words.h"

#define CANON "https://homefirst.example/"

void hf_fhir_put_begin(struct hf_jw *w, struct hf_buf *out, const char *type);
void hf_fhir_put_text(struct hf_jw *w, const char *name,
		      struct hf_sv text); /* unless empty */
void hf_fhir_put_at(struct hf_jw *w, const char *name, hf_time at);
/* {"reference","display"} under name; nothing when ref is empty. */
void hf_fhir_put_ref(struct hf_jw *w, const char *name, struct hf_sv ref,
		     struct hf_sv display);
/* The same as a list of one. */
void hf_fhir_put_refs(struct hf_jw *w, const char *name, struct hf_sv ref,
		      struct hf_sv display);
/* A CodeableConcept as a value. */
void hf_fhir_put_concept(struct hf_jw *w, const char *system, struct hf_sv code,
			 struct hf_sv text);
/* {"coding":[…]} of HF_HUB_CODES list; under name, as a list of one if many. */
void hf_fhir_put_coded(struct hf_jw *w, const char *name, const char *list,
		       struct hf_sv code, struct hf_sv text, bool many);
/* Every member of doc but those named ("a b c"), and version and time of its meta; the
 * object stays open. */
void hf_fhir_put_copy(struct hf_jw *w, const struct hf_json *doc, const char *but);
/* meta with the label NOPAT: what is said about safeguarding is not for the person's
 * own view (HZ9, R-2.7). */
void hf_fhir_put_withheld(struct hf_jw *w);
/* Who did it, as a Reference; the program itself has only a name. */
void hf_fhir_put_who(struct hf_jw *w, const char *name, const struct hf_build *b);

#endif
