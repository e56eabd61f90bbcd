/* access.h - may this actor do this, for this purpose?  One function decides.
 *
 * Pure: every fact comes in, the answer goes out with the rule that gave it.
 * Part 1 knows one actor, the trial actor of a server that only this machine can
 * reach; whoever cannot be named is refused. */
#ifndef HF_ACCESS_ACCESS_H
#define HF_ACCESS_ACCESS_H

#include "base/base.h"

/* From the mildest to the strictest: the stricter of two wins. */
enum hf_access {
	HF_ALLOW,
	HF_MASK,   /* shown with marked gaps */
	HF_PSEUDO, /* shown without identity */
	HF_BTG,	   /* only by breaking the glass */
	HF_DENY
};

/* What a route asks for: a column of the route table. */
enum hf_need {
	HF_NEED_NOTHING,  /* tells nothing of anybody: health, pages, metadata */
	HF_NEED_CLINICAL, /* reads records of care */
	HF_NEED_CHANGE,	  /* changes them */
	HF_NEED_OPERATE	  /* runs the system: figures about it, never clinical */
};

enum hf_actor_kind {
	HF_ACTOR_NOBODY,
	HF_ACTOR_TRIAL,
	HF_ACTOR_PERSON,
	HF_ACTOR_SYSTEM
};

struct hf_actor {
	enum hf_actor_kind kind;
	struct hf_sv id;      /* as it stands in the audit: "trial" */
	struct hf_sv purpose; /* of the session: "TRIAL", later "DIRECT" … */
	bool loopback;	      /* the request came from this machine */
};

struct hf_access_facts {
	const struct hf_actor *actor; /* NULL: nobody signed in */
	enum hf_need need;
	bool audit_works; /* what is read can be written down (rule R1) */
};

struct hf_access_answer {
	enum hf_access outcome;
	const char *rule; /* which rule gave it, for the audit and the caller */
	const char *text; /* why, in a sentence */
};

/* The built-in actor of part 1. */
extern const struct hf_actor hf_actor_trial;

/* Decides.  Never fails: what no rule allows is HF_DENY. */
struct hf_access_answer hf_access_decide(const struct hf_access_facts *facts);

#endif
