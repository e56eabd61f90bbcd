/* audit_query.h - what /fhir/AuditEvent and /api/audit may ask. */
#ifndef HF_SERVER_AUDIT_QUERY_H
#define HF_SERVER_AUDIT_QUERY_H

#include "server/audit_look.h"
#include "server/call.h"

/* The parameters of a FHIR search on AuditEvent: patient, agent, altid, date, action,
 * type, subtype, outcome, entity, address; _count, _page.  HF_INVALID names the one
 * that is wrong or not known; HF_NOT_FOUND when there is no such patient: then nothing
 * is found. */
enum hf_rc hf_audit_query_fhir(struct hf_call *call, struct hf_look *look,
			       struct hf_look_query *out, struct hf_err *err);
/* Is it one of those, but for _count and _page? */
bool hf_audit_query_takes(struct hf_sv name);
/* Those of /api/audit: person, user, from, to, action, kind, outcome, glass, limit,
 * before. */
enum hf_rc hf_audit_query_api(struct hf_call *call, struct hf_look *look,
			      struct hf_look_query *out, struct hf_err *err);
/* from and to, as days in London or instants; to is the whole day. */
enum hf_rc hf_audit_query_time(struct hf_call *call, hf_time *from, hf_time *to,
			       struct hf_err *err);

#endif
