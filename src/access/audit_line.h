/* audit_line.h - one line of the audit: who did what to what, when, from where, why,
 * and whether it was allowed, in the terms of a FHIR AuditEvent.  Pure.
 *
 * A line holds ids, codes, counts and names of parameters; never a value somebody
 * searched for, except ids.  The query stands as a keyed hash, so that "was this
 * asked?" can be answered and "what was asked?" cannot be read. */
#ifndef HF_ACCESS_AUDIT_LINE_H
#define HF_ACCESS_AUDIT_LINE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/time.h"

/* What a route is to the audit. */
enum hf_audit_code {
	HF_AUDIT_NONE, /* nothing of anybody's record is shown */
#define HF_AUDIT(name, word, action, kind, text) HF_AUDIT_##name,
#include "access/audit_codes.def"
#undef HF_AUDIT
	HF_AUDIT_CODES
};

struct hf_audit_event {
	uint64_t seq; /* its number in the chain; the writer gives it */
	hf_time at;
	/* who */
	struct hf_sv actor;   /* "user/ID", "client/ID", "trial", "nobody" */
	struct hf_sv role;    /* code of the role worked under */
	struct hf_sv org;     /* ODS code */
	struct hf_sv who;     /* "Practitioner/ID", "Patient/ID" */
	struct hf_sv behalf;  /* whom it acted for */
	int64_t session;      /* number of the session; 0: none */
	struct hf_sv address; /* of the client */
	struct hf_sv request; /* X-Request-Id */
	/* why */
	struct hf_sv purpose;
	struct hf_sv relations; /* kinds that opened it, comma between */
	struct hf_sv glass;	/* reason of the broken glass that opened it */
	struct hf_sv case_ref;
	/* what */
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
	/* how it went */
	int status;	       /* HTTP status of the answer */
	struct hf_sv decision; /* ALLOW MASK PSEUDO BTG DENY; "": nothing was asked */
	struct hf_sv rule;     /* that decided */
	struct hf_sv policy;   /* versions of the documents it stands in */
	struct hf_sv notes;    /* ALERT COLOG …, comma between */
};

const char *hf_audit_subtype(enum hf_audit_code code); /* "read", "search" … */
char hf_audit_action(enum hf_audit_code code);	       /* C R U D E */
const char *hf_audit_text(enum hf_audit_code code);    /* "searched" … */
/* HF_AUDIT_NONE when there is no such word. */
enum hf_audit_code hf_audit_code_of(struct hf_sv subtype);
/* AuditEvent.outcome: 0 success, 4 minor (the caller's fault), 8 serious. */
int hf_audit_outcome(int status);

/* Is it fit to stand in the audit as an id that a client gave: 1 to 64 of A-Z a-z
 * 0-9 - _ . : ? */
bool hf_audit_id_fit(struct hf_sv id);

enum { HF_AUDIT_SHELVES = 1000 }; /* listed at most */

/* Appends one line of JSON, newline included.  seq 0 is left out. */
void hf_audit_line(const struct hf_audit_event *event, struct hf_buf *out);

/* Reads a line back, also one of before the members were more.  Text views and lists
 * lie in line or arena.  False when it is no line of the audit (a head, a seal, torn)
 * or the arena is full. */
bool hf_audit_line_read(struct hf_sv line, struct hf_arena *arena,
			struct hf_audit_event *out);

#endif
