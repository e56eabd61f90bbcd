/* rights.h - what is agreed and chosen about sharing, as one snapshot in memory:
 * agreements between organisations, organisations that are suspended, broken
 * glasses, delegations, proxies, calls at the hub, the opt-out list.  Pure.
 *
 * What always holds: a snapshot is never changed and may be used by any number of
 * threads; times are compared when it is asked, so it need not be made anew because
 * something ends.  Organisations are ODS codes, in whatever case. */
#ifndef HF_ACCESS_RIGHTS_H
#define HF_ACCESS_RIGHTS_H

#include "access/access.h"
#include "access/relation.h"

/* ---- what it is made of; start is included, until is not ---- */

#define HF_EVERY_ORG "*"

struct hf_agreement {
	struct hf_sv id;
	struct hf_sv from, to; /* whose items, for whose users; HF_EVERY_ORG */
	enum hf_tier tier;
	/* Of T4: codes of the sensitive categories that it covers, with blanks
	 * between; n 0: all. */
	struct hf_sv categories;
	hf_time start, until; /* HF_TIME_MAX: it does not expire */
	hf_time ended;	      /* somebody ended it then; HF_TIME_MAX: nobody did */
};

struct hf_suspension {
	struct hf_sv org;
	hf_time start, until;
};

struct hf_broken {	    /* a glass that was broken */
	struct hf_sv actor; /* "user/ID" */
	int64_t shelf;	    /* of the person */
	enum hf_reason reason;
	hf_time start, until;
};

struct hf_delegation {
	struct hf_sv from;     /* "user/ID" of who delegates … */
	struct hf_sv from_org; /* … and where and who that is */
	struct hf_sv from_who; /* "Practitioner/ID"; n 0: not known */
	struct hf_sv to;       /* "user/ID" */
	int64_t shelf;	       /* of one person; 0: all whom the delegator has */
	hf_time start, until;
};

#define HF_NO_DAY INT64_MIN

struct hf_proxy {
	struct hf_sv holder; /* "user/ID" or "Patient/ID" of who acts */
	int64_t shelf;	     /* of the person acted for */
	uint64_t contents;   /* what was granted, set of enum hf_content */
	hf_time start, until;
	int64_t born;	  /* day of birth of the person, days since 1970; HF_NO_DAY */
	hf_time reviewed; /* last looked at by a clinician; HF_TIME_MIN: never */
	bool named;	  /* the person named the proxy, or a court or a lasting power
			   * of attorney did */
};

struct hf_hub_call {
	struct hf_sv holder; /* "user/ID" or "CareTeam/ID" */
	int64_t shelf;
	hf_time start, until;
};

struct hf_ndo; /* the opt-out list */
struct hf_rights;

struct hf_rights_lists {
	const struct hf_agreement *agreements;
	size_t n_agreements;
	const struct hf_suspension *suspensions;
	size_t n_suspensions;
	const struct hf_broken *glasses;
	size_t n_glasses;
	const struct hf_delegation *delegations;
	size_t n_delegations;
	const struct hf_proxy *proxies;
	size_t n_proxies;
	const struct hf_hub_call *hub_calls;
	size_t n_hub_calls;
	struct hf_ndo *ndo; /* NULL: there is no list */
};

/* Makes a snapshot of copies; of the opt-out list it takes a reference of its own.
 * HF_TOO_LONG when there is no memory.  The caller drops it. */
enum hf_rc hf_rights_build(const struct hf_rights_lists *lists, struct hf_rights **out,
			   struct hf_err *err);
/* One reference more, one less; the last frees it.  NULL is fine. */
const struct hf_rights *hf_rights_keep(const struct hf_rights *rights);
void hf_rights_drop(const struct hf_rights *rights);

/* ---- agreements and organisations ---- */

/* How much the organisation an item comes from shares with the user's: T4 when they
 * are the same.  Of the agreements between the two, and those of one or both with
 * every organisation, the strictest in force counts.  Where the last one between the
 * same two has expired, that counts as T1 (T0 as T0) until it is renewed or ended. None
 * at all is T0.  Not to know the item's organisation gives hf_rights_tier_least(); not
 * to know the user's gives T0.  A T4 that covers some categories only is T3 here. */
enum hf_tier hf_rights_tier(const struct hf_rights *rights, struct hf_sv item_org,
			    struct hf_sv user_org, hf_time now);
/* The same for an item of a sensitive category (its code): T4 where that is agreed. */
enum hf_tier hf_rights_tier_for(const struct hf_rights *rights, struct hf_sv item_org,
				struct hf_sv user_org, struct hf_sv category,
				hf_time now);
/* The least that any organisation shares with the user's: when that is enough, nobody
 * need look whose an item is. */
enum hf_tier hf_rights_tier_least(const struct hf_rights *rights, struct hf_sv user_org,
				  hf_time now);

/* The agreements that have expired and that nobody renewed or ended, as views into
 * the snapshot: at most most of them are put into ids (NULL is fine); how many there
 * are. */
size_t hf_rights_expired(const struct hf_rights *rights, hf_time now, struct hf_sv *ids,
			 size_t most);

/* May users of the organisation work now?  One that nobody suspended may. */
bool hf_rights_org_active(const struct hf_rights *rights, struct hf_sv org,
			  hf_time now);

/* ---- one person ---- */

/* The person asked about: all shelves that are this person, and the relationships
 * that were read from the record. */
struct hf_rights_person {
	const int64_t *shelves;
	size_t n_shelves;
	const struct hf_relation *relations;
	size_t n_relations;
};

/* The glass that the actor ("user/ID") broke for the person with any of these shelves
 * and that is open now; reason HF_REASON_NONE when there is none.  Of several one that
 * opens most: for vital interest, because of the law, then the newest. */
struct hf_glass hf_rights_glass(const struct hf_rights *rights, struct hf_sv actor,
				const int64_t *shelves, size_t n, hf_time now);

/* Relationships that no resource of the record gives; set of HF_BIT(enum
 * hf_relation_kind) that count now: HUBCALL of the actor or the actor's team; DELEG
 * when somebody who delegated to the actor has one that counts now, other than by
 * delegation; of group PAT PROXY, when hf_rights_proxy() gives anything. */
uint64_t hf_rights_relations(const struct hf_rights *rights,
			     const struct hf_policy *policy,
			     const struct hf_actor *actor,
			     const struct hf_rights_person *person, hf_time now);

/* What the actor may see as a proxy: set of HF_BIT(enum hf_content); 0: nothing, also
 * while a child of 11 or older has a proxy that no clinician looked at since then, and
 * of a person of 16 or older whose proxy neither they nor a court named.  A day of
 * birth that is not known is taken for both. */
uint64_t hf_rights_proxy(const struct hf_rights *rights, const struct hf_actor *actor,
			 const int64_t *shelves, size_t n, hf_time now);

/* ---- the National Data Opt-Out ---- */

enum { HF_NDO_KEY = 16 };

/* The keyed hash that stands for an NHS number (ten digits) in the list. */
int64_t hf_ndo_hash(const unsigned char key[HF_NDO_KEY], struct hf_sv nhs_number);

/* The list as it comes: one NHS number a line, empty lines left out. */
struct hf_ndo_list {
	int64_t *hashes; /* sorted, each once */
	size_t n, lines, doubles;
};
/* HF_INVALID names the first line that is no NHS number (never the number);
 * HF_TOO_LONG beyond 20 million or without memory.  The caller frees it. */
enum hf_rc hf_ndo_list_read(struct hf_sv text, const unsigned char key[HF_NDO_KEY],
			    struct hf_ndo_list *out, struct hf_err *err);
void hf_ndo_list_free(struct hf_ndo_list *list);

/* A list of hashes that was made at list_at; n may be 0.  HF_TOO_LONG without memory.
 * The caller drops it. */
enum hf_rc hf_ndo_new(const unsigned char key[HF_NDO_KEY], const int64_t *hashes,
		      size_t n, hf_time list_at, struct hf_ndo **out,
		      struct hf_err *err);
void hf_ndo_drop(struct hf_ndo *ndo); /* NULL is fine */
size_t hf_ndo_count(const struct hf_ndo *ndo);

/* Is the NHS number on the National Data Opt-Out list?  And when was the copy made
 * (0: there is none). */
bool hf_rights_ndo(const struct hf_rights *rights, struct hf_sv nhs_number);
hf_time hf_rights_ndo_list_at(const struct hf_rights *rights);

#endif
