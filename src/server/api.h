/* api.h - inside /api: answers and failures in the form of docs/interfaces/api.md. */
#ifndef HF_SERVER_API_H
#define HF_SERVER_API_H

#include "fhir/json.h"
#include "record/io/person.h"
#include "server/call.h"

/* Begins an answer in the request's buffer. */
void hf_api_begin(struct hf_call *call, struct hf_jw *w);
/* Sends what hf_api_begin()'s writer wrote; a buffer that failed is HF_TOO_LONG. */
void hf_api_end(struct hf_call *call);
/* {"error":{"code","text","path"}} with the status of err->rc. */
void hf_api_fail(struct hf_call *call, const struct hf_err *err);
/* The same with a code of its own, for what a page has to tell apart: "proof". */
void hf_api_fail_as(struct hf_call *call, const struct hf_err *err, const char *code);

/* Members that are there only when there is something to say. */
void hf_api_text(struct hf_jw *w, const char *name, struct hf_sv text);
void hf_api_number(struct hf_jw *w, const char *name, int64_t n);
void hf_api_flag(struct hf_jw *w, const char *name, bool on);

/* A fact as an object. */
void hf_api_fact(struct hf_jw *w, const struct hf_person_fact *fact,
		 struct hf_arena *arena);
void hf_api_facts(struct hf_jw *w, const char *name,
		  const struct hf_person_facts *facts, struct hf_arena *arena);
/* The members of a person's line, inside an object that is open. */
void hf_api_line(struct hf_jw *w, const struct hf_person_line *line);

/* Takes a parameter that is a number between 1 and most; 0 when it is not there.
 * HF_INVALID otherwise. */
enum hf_rc hf_api_limit(struct hf_call *call, size_t most, size_t *out,
			struct hf_err *err);

/* Refuses parameters nobody took; false when it has answered. */
bool hf_api_no_params(struct hf_call *call);

/* Plain words for a resource type: "Observation" → "Observations". */
const char *hf_api_type_words(struct hf_sv type);

#endif
