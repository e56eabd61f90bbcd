/* sharing_write.h - what is agreed and chosen about sharing, as JSON: the same for the
 * pages (/api/admin) and for commands with --json. */
#ifndef HF_SERVER_SHARING_WRITE_H
#define HF_SERVER_SHARING_WRITE_H

#include "fhir/json.h"
#include "record/io/person.h"
#include "record/io/sharing.h"

/* Names of organisations by their codes; n 0: codes alone are written. */
struct hf_org_names {
	const struct hf_org_line *items;
	size_t n;
};
struct hf_sv hf_org_name(const struct hf_org_names *names, struct hf_sv code);

/* Whose state it is at now: "in force", "begins later", "expired", "ended". */
const char *hf_sharing_state(hf_time start, hf_time until, hf_time ended, hf_time now);

/* Each writes an array of objects. */
void hf_write_agreements(struct hf_jw *w, const struct hf_agreement_row *rows, size_t n,
			 const struct hf_org_names *names, hf_time now);
void hf_write_delegations(struct hf_jw *w, const struct hf_delegation_row *rows,
			  size_t n, struct hf_reader *reader, struct hf_arena *arena,
			  hf_time now);
void hf_write_proxies(struct hf_jw *w, const struct hf_proxy_row *rows, size_t n,
		      struct hf_reader *reader, struct hf_arena *arena, hf_time now);
/* The members of an object that is open. */
void hf_write_optout(struct hf_jw *w, const struct hf_ndo_state *state,
		     const struct hf_policy *policy, hf_time now);

/* A member with an instant, unless it is without end or beginning. */
void hf_write_time(struct hf_jw *w, const char *name, hf_time t);

#endif
