/* access.h - may this actor do this, for this purpose?  One function decides.
 *
 * Pure: every fact comes in, the answer goes out with the rule that gave it.
 * Whoever cannot be named is refused.  The trial actor of a server that only this
 * machine can reach may do everything; a person or a system may do what the rules
 * of a policy (policy.h) say about one question.
 *
 * What always holds of an answer:
 *   - it names its rule and says why in a sentence;
 *   - without a rule that matches it is HF_DENY;
 *   - a change, an export or a telling of identity is HF_ALLOW, HF_PSEUDO or
 *     HF_DENY: what is masked or behind glass is not changed;
 *   - a session that fails R1 is HF_DENY whatever else is so. */
#ifndef HF_ACCESS_ACCESS_H
#define HF_ACCESS_ACCESS_H

#include "access/policy.h"

/* What a route asks for: a column of the route table. */
enum hf_need {
	HF_NEED_NOTHING,    /* tells nothing of anybody: health, pages, metadata */
	HF_NEED_SIGNED,	    /* about whoever is signed in, and no one else */
	HF_NEED_CLINICAL,   /* reads records of care; each item is asked for itself */
	HF_NEED_CHANGE,	    /* changes them; each item is asked for itself */
	HF_NEED_ADMINISTER, /* users, clients, organisations, agreements */
	HF_NEED_OVERSEE,    /* who looked, broken glasses: the privacy officer's */
	HF_NEED_IDENTIFY,   /* whose records are one person's */
	HF_NEED_OPERATE,    /* runs the system: figures about it, never clinical */
	HF_NEED_FIGURES,    /* about groups of people, after disclosure control */
	HF_NEED_CONTRACT,   /* contracts and money; never who the patients are */
	HF_NEED_PRICES	    /* brings in price lists, which everybody is paid by */
};

enum hf_actor_kind {
	HF_ACTOR_NOBODY,
	HF_ACTOR_TRIAL,
	HF_ACTOR_PERSON,
	HF_ACTOR_SYSTEM
};

struct hf_scopes; /* access/scope.h */

struct hf_actor {
	enum hf_actor_kind kind;
	struct hf_sv id;      /* as in the audit: "trial", "user/ID", "client/ID" */
	struct hf_sv purpose; /* of the session or token: "TRIAL", "DIRECT" … */
	bool loopback;	      /* the request came from this machine */

	/* Of a person or a system; what is not known is 0. */
	struct hf_sv name;	 /* shown to themself, and in reports on access */
	struct hf_sv role;	 /* code of definitions/access/roles.json */
	enum hf_group group;	 /* that role's */
	struct hf_sv org;	 /* ODS code, upper case; from the role */
	struct hf_sv team;	 /* "CareTeam/ID" */
	struct hf_sv who;	 /* "Practitioner/ID"; "Patient/ID" of group PAT */
	enum hf_purpose why;	 /* purpose as a word */
	uint64_t facts;		 /* of the session, set of enum hf_fact: VALID, MFA,
				  * CLIENT_STRONG, ROLE_ACTIVE, ORG_ACTIVE, SCOPED,
				  * PLACE_WIDE, SUPERVISED, TRAINED, CASE_REF … */
	struct hf_sv behalf;	 /* whom it acts for, as in the audit */
	struct hf_sv supervisor; /* "Practitioner/ID" of a student's */
	struct hf_sv case_ref;	 /* of safeguarding, or of the privacy officer */
	struct hf_sv patient;	 /* the one person a token is for: "Patient/ID" */
	const struct hf_scopes *scopes; /* ceiling of a token; NULL: none */
	int64_t session;		/* its number in the audit; 0: none */
	hf_time proved;			/* when the user last proved who they are */
};

/* A glass that was broken for this person. */
struct hf_glass {
	enum hf_reason reason; /* HF_REASON_NONE: it is whole */
	hf_time at;
};

/* One question about one thing.  What is left 0 is "not said". */
struct hf_access_ask {
	enum hf_group group;	 /* of the role that the user works under */
	struct hf_sv org;	 /* ODS code; from the role, never from the request */
	enum hf_purpose purpose; /* of the session or token */
	enum hf_activity activity;
	enum hf_content content;
	enum hf_level level;
	uint64_t relations;    /* set of enum hf_relation_kind, hf_relations_of() */
	struct hf_sv item_org; /* ODS code of the organisation it comes from */
	enum hf_tier tier;     /* what that one shares with the user's */
	uint64_t facts;	       /* set of enum hf_fact */
	hf_time ndo_list_at;   /* when the copy of the opt-out list was made; 0: none */
	struct hf_glass glass;
	hf_time now;
};

struct hf_access_facts {
	const struct hf_actor *actor; /* NULL: nobody signed in */
	enum hf_need need;
	bool audit_works; /* what is read can be written down (rule R1) */
	/* For a person or a system; without both the answer is HF_DENY. */
	const struct hf_policy *policy;
	const struct hf_access_ask *ask;
};

struct hf_access_answer {
	enum hf_access outcome;
	const char *rule;    /* which rule gave it, for the audit and the caller */
	const char *text;    /* why, in a sentence */
	const char *version; /* of the documents; NULL when none was asked */
	/* What the role alone would give, before opt-outs and agreements: a person
	 * who is left out of a list has PSEUDO here and HF_DENY above. */
	enum hf_access right;
	const char *right_rule;
	bool glass;	  /* breaking the glass is offered … */
	uint64_t reasons; /* … for these reasons */
	hf_time until;	  /* a broken glass allows it until then; 0: none did */
	uint64_t notes;	  /* set of enum hf_note */
};

/* The built-in actor of part 1. */
extern const struct hf_actor hf_actor_trial;

/* Decides.  Never fails: what no rule allows is HF_DENY. */
struct hf_access_answer hf_access_decide(const struct hf_access_facts *facts);

/* Decides for a route as a whole, before anything is known of what it will show:
 * facts->ask is not looked at.  HF_ALLOW for CLINICAL and CHANGE means that the
 * session is good and the role has the activity; each item is asked for itself. */
struct hf_access_answer hf_access_route(const struct hf_access_facts *facts,
					hf_time now);

/* What is asked of every item alike: group, org, purpose and facts of the actor. */
struct hf_access_ask hf_access_ask_of(const struct hf_actor *actor, hf_time now);

#endif
