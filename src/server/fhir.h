/* fhir.h - what the files of the FHIR interface share. */
#ifndef HF_SERVER_FHIR_H
#define HF_SERVER_FHIR_H

#include "fhir/json.h"
#include "server/call.h"

/* These take their reader themselves: call->reader is NULL in them. */
void hf_fhir_read(struct hf_call *call);
void hf_fhir_vread(struct hf_call *call);
/* Search on the type that argument 0 of the path names. */
void hf_fhir_search_type(struct hf_call *call);

/* Has whoever asks this need as well?  For addresses that answer differently then. */
bool hf_fhir_may(const struct hf_call *call, enum hf_need need);
/* Is each parameter one of these words?  Who asks for more asks the record. */
bool hf_fhir_asks_only(const struct hf_call *call, const char *words);

/* The resource type in argument k of the path; 0 when there is none of that name:
 * the call is answered then. */
hf_type_id hf_fhir_type(struct hf_call *call, size_t k);
/* Is it an id as R4 writes them: 1 to 64 of A-Z a-z 0-9 - . ? */
bool hf_fhir_id_valid(struct hf_sv id);

/* ETag and Last-Modified of the answer. */
void hf_fhir_version_headers(struct hf_call *call, uint32_t version, hf_time at);
/* "Patient/abc/_history/2" in the call's arena. */
struct hf_sv hf_fhir_location(struct hf_call *call, hf_type_id type, struct hf_sv id,
			      uint32_t version);
/* "200 OK" for a Bundle's response.status. */
const char *hf_fhir_status(int status);

/* Parses the request's body as one resource: JSON, an object with a resourceType
 * that is known (and is type, unless that is 0). */
enum hf_rc hf_fhir_body(struct hf_call *call, hf_type_id type, struct hf_json *out,
			struct hf_err *err);

/* A query (without ?) to pairs. */
struct hf_params {
	struct hf_param *items;
	size_t n;
};
enum hf_rc hf_fhir_query(struct hf_call *call, struct hf_sv query,
			 struct hf_params *out, struct hf_err *err);

/* Looks a condition up into item (.cond_rid, 0 for no match) and sees to it that
 * the committer looks again when it is this item's turn.  params live as long as
 * the call. */
struct hf_change_item;
enum hf_rc hf_fhir_condition(struct hf_call *call, hf_type_id type,
			     const struct hf_params *params,
			     struct hf_change_item *item, struct hf_err *err);

/* Bundles: the beginning with its links, an entry, the end. */
void hf_fhir_bundle_open(struct hf_jw *w, const char *type, int64_t total);
void hf_fhir_bundle_link(struct hf_jw *w, const char *relation, struct hf_sv base,
			 struct hf_sv path, struct hf_sv query);
/* fullUrl and resource of an entry that is open. */
void hf_fhir_entry_resource(struct hf_jw *w, struct hf_sv base, hf_type_id type,
			    struct hf_sv id, struct hf_sv body);
/* response.etag and .lastModified of an entry whose response is open. */
void hf_fhir_response_version(struct hf_jw *w, uint32_t version, hf_time at);

/* A read, a search, a history: written where w stands, for an answer of its own or
 * an entry of a Bundle.  On failure what was written is taken back. */
enum hf_rc hf_fhir_write_search(struct hf_call *call, hf_type_id type,
				const struct hf_params *params, struct hf_jw *w,
				struct hf_err *err);
struct hf_history_query {
	hf_type_id type; /* 0: all */
	struct hf_sv id; /* n 0: all of type */
	const struct hf_params *params;
};
enum hf_rc hf_fhir_write_history(struct hf_call *call, const struct hf_history_query *q,
				 struct hf_jw *w, struct hf_err *err);

#endif
