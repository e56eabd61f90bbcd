/* audit_line.h - one line of the audit: who did what to what, when, and whether it
 * was allowed, in the terms of a FHIR AuditEvent.  Pure.
 *
 * A line holds ids, codes, counts and names of parameters; never a value somebody
 * searched for, except ids.  The query stands as a keyed hash, so that "was this
 * asked?" can be answered and "what was asked?" cannot be read. */
#ifndef HF_ACCESS_AUDIT_LINE_H
#define HF_ACCESS_AUDIT_LINE_H

#include "base/buf.h"
#include "base/time.h"

/* What a route is to the audit: the restful-interaction code and the action. */
enum hf_audit_code {
	HF_AUDIT_NONE, /* nothing of anybody's record is shown */
	HF_AUDIT_READ,
	HF_AUDIT_VREAD,
	HF_AUDIT_HISTORY,
	HF_AUDIT_SEARCH,
	HF_AUDIT_OPERATION,
	HF_AUDIT_CREATE,
	HF_AUDIT_UPDATE,
	HF_AUDIT_DELETE,
	HF_AUDIT_BATCH
};

struct hf_audit_event {
	hf_time at;
	struct hf_sv actor, purpose;
	enum hf_audit_code code;
	struct hf_sv route; /* name of the handler */
	struct hf_sv what;  /* "Patient/abc", "Observation", "" */
	/* Numbers of the shelves of the persons whose records were shown: who saw my
	 * record is answered by them. */
	const int64_t *shelves;
	size_t n_shelves;
	bool more_shelves;  /* there were more than are listed */
	struct hf_sv names; /* names of the parameters, comma between */
	uint64_t query;	    /* keyed hash of the query; 0 for none */
	int64_t hits;	    /* how many resources were shown; -1: does not apply */
	int status;	    /* HTTP status of the answer */
	struct hf_sv rule;  /* the access rule when it was refused */
};

const char *hf_audit_subtype(enum hf_audit_code code); /* "read", "search-type" … */
char hf_audit_action(enum hf_audit_code code);	       /* C R U D E */
/* AuditEvent.outcome: 0 success, 4 minor (the caller's fault), 8 serious. */
int hf_audit_outcome(int status);

enum { HF_AUDIT_SHELVES = 1000 }; /* listed at most */

/* Appends one line of JSON, newline included. */
void hf_audit_line(const struct hf_audit_event *event, struct hf_buf *out);

#endif
