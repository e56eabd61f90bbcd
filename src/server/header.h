/* header.h - the request headers FHIR gives a meaning to.  Pure. */
#ifndef HF_SERVER_HEADER_H
#define HF_SERVER_HEADER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"

enum hf_return {
	HF_RETURN_DEFAULT,
	HF_RETURN_MINIMAL,
	HF_RETURN_WHOLE,
	HF_RETURN_OUTCOME
};

/* What a client prefers (RFC 7240; FHIR R4 http 3.1.0.1.7). */
struct hf_prefer {
	enum hf_return ret;
	bool lenient;
	bool async; /* respond-async was asked: no such thing here yet */
};

/* Unknown preferences are left aside, as RFC 7240 asks; HF_INVALID when return or
 * handling has a value that FHIR does not know. */
enum hf_rc hf_prefer_parse(struct hf_sv header, struct hf_prefer *out,
			   struct hf_err *err);

/* W/"3", "3" or 3 to 3; false when it is none of them or not 1 … 2^32-1. */
bool hf_etag_version(struct hf_sv header, uint32_t *version);
/* Does If-None-Match name this version (a list, or *)? */
bool hf_etag_list_has(struct hf_sv header, uint32_t version);
/* W/"3" into buf of at least 16 bytes. */
struct hf_sv hf_etag_write(uint32_t version, char *buf, size_t size);

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 IMF-fixdate only). */
bool hf_http_date_parse(struct hf_sv text, hf_time *out);
struct hf_sv hf_http_date_write(hf_time t, char *buf, size_t size); /* >= 30 bytes */

/* What kind of body or answer a media type names. */
enum hf_media {
	HF_MEDIA_NONE, /* no header */
	HF_MEDIA_JSON, /* application/fhir+json, application/json, text/json, json */
	HF_MEDIA_XML,  /* FHIR in XML: known, not spoken here */
	HF_MEDIA_FORM,
	HF_MEDIA_PATCH, /* application/json-patch+json */
	HF_MEDIA_ANY,	/* any type will do */
	HF_MEDIA_OTHER
};
/* Of one media type, parameters (;charset=…) left aside.  A charset other than
 * UTF-8 makes it HF_MEDIA_OTHER. */
enum hf_media hf_media_of(struct hf_sv header);
/* Does an Accept header (or none) take JSON?  HF_MEDIA_JSON when it does, else
 * the first kind it names. */
enum hf_media hf_accept(struct hf_sv header);
/* Does an Accept-Encoding header take gzip (a q of 0 does not)? */
bool hf_accepts_gzip(struct hf_sv header);

/* Is Host (with or without port) a name of this machine's loopback: localhost,
 * 127.x.x.x, [::1]?  A page from elsewhere that had its name pointed at us
 * carries its own name and is refused. */
bool hf_host_is_loopback(struct hf_sv host);
/* The same of an Origin header; "null" is not. */
bool hf_origin_is_loopback(struct hf_sv origin);

#endif
