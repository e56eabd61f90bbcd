/* api_body.h - reading what a page sends: one JSON object of known members. */
#ifndef HF_SERVER_API_BODY_H
#define HF_SERVER_API_BODY_H

#include "fhir/json.h"
#include "server/call.h"

/* Parses the request's body as an object that has no other members than those named
 * (blanks between).  HF_MEDIA when it is not sent as application/json, HF_INVALID when
 * it is none. */
enum hf_rc hf_api_body(struct hf_call *call, const char *members, struct hf_json *out,
		       struct hf_err *err);
/* The same of a body of up to so many bytes; hf_api_body() takes 64 KB. */
enum hf_rc hf_api_body_of(struct hf_call *call, const char *members, size_t bytes,
			  struct hf_json *out, struct hf_err *err);
/* A member's text, white space around it taken off.  min and max are characters; with
 * min 0 it may be missing (n 0).  HF_INVALID names the member. */
enum hf_rc hf_api_body_text(struct hf_call *call, const struct hf_json *doc,
			    const char *name, size_t min, size_t max, struct hf_sv *out,
			    struct hf_err *err);

/* "version", the one that was seen: a whole number; 0 when it is not said. */
enum hf_rc hf_api_body_version(const struct hf_json *doc, uint32_t *out,
			       struct hf_err *err);

#endif
