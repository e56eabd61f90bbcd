/* why.h - why may this role see this person, or not?  For "access why" and the page.
 *
 * It asks the decision that every read asks, with the relationships of the record and
 * the agreements of the store, and tells ids, codes and times only.  It assumes a good
 * session and says what else it assumes. */
#ifndef HF_RECORD_IO_WHY_H
#define HF_RECORD_IO_WHY_H

#include "access/rights.h"
#include "record/io/relation.h"

struct hf_why_form {
	struct hf_sv person;	/* id of the Patient */
	struct hf_sv role, org; /* code of roles.json; ODS code */
	struct hf_sv user;	/* "user/ID", a login or the ID; n 0: nobody special */
	struct hf_sv who;	/* "Practitioner/ID" or "Patient/ID"; n 0: the user's */
	struct hf_sv team;	/* "CareTeam/ID" */
	struct hf_sv from;	/* ODS code: whose items "others" are; n 0: anybody's */
	struct hf_sv purpose;	/* n 0: what the role's group does */
	struct hf_sv tier;	/* n 0: as the agreements have it */
	hf_time at;		/* 0: now */
	bool json;
};

/* One line of the answer: a kind of content, or a category of what is sensitive. */
struct hf_why_line {
	enum hf_content content;
	enum hf_level level;
	const struct hf_category *category; /* NULL: of none */
};

struct hf_why {
	const struct hf_policy *policy;
	const struct hf_rights *rights;
	const struct hf_role *role;
	struct hf_sv person, user, who, from;
	struct hf_relations relations;
	struct hf_access_ask ask; /* of the others' items; see hf_why_decide() */
	uint64_t stored;	  /* of ask.relations, those that rights gave */
	uint64_t granted;	  /* to a proxy, set of enum hf_content */
	bool tier_asked;	  /* the tier was named, not read */
};

/* Finds out.  HF_INVALID names the member of the form (role, org, purpose, tier,
 * user), HF_NOT_FOUND the person.  out lies in arena and borrows policy, rights and
 * the form. */
enum hf_rc hf_why_read(struct hf_reader *reader, const struct hf_policy *policy,
		       const struct hf_rights *rights, const struct hf_why_form *form,
		       hf_time now, struct hf_arena *arena, struct hf_why *out,
		       struct hf_err *err);

size_t hf_why_lines(const struct hf_why *why);
struct hf_why_line hf_why_line_at(const struct hf_why *why, size_t i);
/* The decision about a line: of the organisation's own items (taken as its own
 * team's), or of another's. */
struct hf_access_answer hf_why_decide(const struct hf_why *why,
				      const struct hf_why_line *line, bool own);

/* All of it as the members of an object that is open. */
void hf_why_write(const struct hf_why *why, struct hf_jw *w);

#endif
