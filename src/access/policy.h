/* policy.h - roles, rules, sensitivity and opt-outs as data, made from the four
 * documents of definitions/access.  Pure.
 *
 * A rule is a set for each dimension of a question; it matches when each dimension
 * of the question lies in its set.  Rules are tried in the order of the document and
 * the first that matches answers; when none does, the answer is DENY.  A policy is
 * never changed after it was loaded and may be used by any number of threads. */
#ifndef HF_ACCESS_POLICY_H
#define HF_ACCESS_POLICY_H

#include "access/words.h"
#include "base/issue.h"
#include "base/time.h"
#include "fhir/json.h"

/* Sets over the vocabularies; what a document leaves out is the whole set. */
struct hf_when {
	uint64_t groups, levels, contents, purposes, activities, tiers;
	uint64_t relations;	     /* at least one of these; 0: does not matter */
	uint64_t not_relations;	     /* none of these */
	uint64_t with, any, without; /* facts: all, at least one (0: all), none */
};

struct hf_rule {
	const char *id, *text;
	struct hf_when when;
	enum hf_access then;
	bool glass;	  /* breaking the glass is offered */
	uint64_t reasons; /* for which reasons */
	uint64_t notes;
};

struct hf_role {
	const char *code, *name;
	enum hf_group group;
	uint64_t activities; /* of the group's those that this role has */
};

/* A kind of sensitive content: how sensitive, and by which labels it is known. */
struct hf_category {
	const char *code, *name;
	enum hf_level level;
	const struct hf_sv *labels; /* codes of meta.security */
	size_t n_labels;
	/* Codes that say it without a label: of SNOMED CT, ICD-10 … */
	const struct hf_sensitive *codes;
	size_t n_codes;
};

/* A code of a category's value set. */
struct hf_sensitive {
	struct hf_sv system; /* words of definitions/access: "snomed", "icd10" */
	struct hf_sv code;
	struct hf_sv display;
	bool prefix;	 /* what begins with it too */
	bool unverified; /* not checked against the code system: a place looks at it */
};

struct hf_window {
	hf_time before, after; /* milliseconds that an interval is widened by */
};

struct hf_rules {
	struct hf_rule *items;
	size_t n;
};

struct hf_policy {
	const char *version; /* "roles 1, rules 1, sensitivity 1, optouts 1" */
	uint64_t activities[HF_GROUPS];
	uint64_t purposes[HF_GROUPS]; /* that a session of the group may have … */
	enum hf_purpose purpose[HF_GROUPS]; /* … and has when nobody says which */
	struct hf_role *roles;
	size_t n_roles;
	struct hf_rules rules;	    /* of the right */
	struct hf_rules limits;	    /* of sharing: a ceiling over the right */
	struct hf_rules optouts[3]; /* where OBJECTION, NDO, TYPE1 apply; HF_ALLOW
				     * means that it does not */
	struct hf_window windows[HF_RELATIONS];
	struct hf_category *categories;
	size_t n_categories;
	struct hf_policy_codes *codes; /* all of theirs, to be found quickly */
	/* sensitivity.json is not the one built in: what was marked when it was
	 * written (record/io/marks.h) does not speak for it. */
	bool own_sensitivity;
	hf_time ndo_list_age; /* how old the copy of the opt-out list may be */
	hf_time glass_time;   /* how long a broken glass lasts */
};

enum hf_policy_doc {
	HF_DOC_ROLES,
	HF_DOC_RULES,
	HF_DOC_SENSITIVITY,
	HF_DOC_OPTOUTS,
	HF_POLICY_DOCS
};

struct hf_policy_text {
	const char *name; /* "rules.json" */
	struct hf_sv text;
};

/* The documents that were built in, in the order of enum hf_policy_doc. */
extern const struct hf_policy_text hf_policy_builtin[HF_POLICY_DOCS];

/* Reads the four documents.  What is wrong with them goes to issues, each with
 * "file:line" as its path, and *out is left alone then; HF_INVALID says how many.
 * HF_TOO_LONG when the arena is full.  The policy lies in arena; the texts may go. */
enum hf_rc hf_policy_load(const struct hf_policy_text docs[HF_POLICY_DOCS],
			  struct hf_arena *arena, struct hf_issues *issues,
			  struct hf_policy *out, struct hf_err *err);

/* The documents in a folder, under the names of hf_policy_builtin, are read by
 * access/io/policy.h. */

/* The role with a national or local code; NULL when there is none. */
const struct hf_role *hf_policy_role(const struct hf_policy *policy, struct hf_sv code);

/* How sensitive a resource is by its security labels and by the codes in it, the
 * strictest of them; S1 without any.  *category is its category (NULL: none).  _at
 * looks at the resource at node of a longer text. */
enum hf_level hf_policy_level(const struct hf_policy *policy,
			      const struct hf_json *resource,
			      const struct hf_category **category);
enum hf_level hf_policy_level_at(const struct hf_policy *policy,
				 const struct hf_json *doc, uint32_t node,
				 const struct hf_category **category);
/* May it be anything but S1?  The same question without saying what: an answer false
 * is kept with a resource, so that most are never looked at again. */
bool hf_policy_may_be_sensitive(const struct hf_policy *policy,
				const struct hf_json *doc, uint32_t node);
/* The category with a code; NULL when there is none. */
const struct hf_category *hf_policy_category(const struct hf_policy *policy,
					     struct hf_sv code);

#endif
