/* relation.h - a legitimate relationship: since when, until when, why.  Pure. */
#ifndef HF_ACCESS_RELATION_H
#define HF_ACCESS_RELATION_H

#include "access/policy.h"

struct hf_relation {
	enum hf_relation_kind kind;
	hf_time start, end;   /* HF_TIME_MIN, HF_TIME_MAX where the record is open */
	struct hf_sv org;     /* ODS code, upper case; n 0: not known */
	struct hf_sv org_ref; /* "Organization/id"; n 0: none */
	struct hf_sv who;    /* "Practitioner/id" it is meant for; n 0: the whole org */
	struct hf_sv source; /* "EpisodeOfCare/id" it was read from */
	const char *reason;  /* a sentence without anything about the person */
};

/* Whether the relationship counts at now, by the window of its kind. */
bool hf_relation_counts(const struct hf_policy *policy, const struct hf_relation *r,
			hf_time now);
/* When it stops counting; HF_TIME_MAX for never. */
hf_time hf_relation_until(const struct hf_policy *policy, const struct hf_relation *r);

/* Whether it is a relationship of this user: as said at hf_relations_of(). */
bool hf_relation_is_of(const struct hf_relation *r, struct hf_sv org, struct hf_sv who);

/* The kinds that count at now for a user of organisation org (ODS code in whatever
 * case); who ("Practitioner/id", n 0: not said) is the user.  A relationship of one
 * practitioner at no known organisation counts for that practitioner alone. */
uint64_t hf_relations_of(const struct hf_policy *policy, const struct hf_relation *list,
			 size_t n, struct hf_sv org, struct hf_sv who, hf_time now);

#endif
