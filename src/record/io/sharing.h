/* sharing.h - administering what is agreed and chosen about sharing: agreements,
 * suspended organisations, delegations, proxies, calls at the hub, the opt-out list.
 *
 * Each change is checked and then is a job of the desk (desk.h) that lacks nothing but
 * who does it: the caller sets job.actor and job.purpose and hands it over.  A job lies
 * in the arena it was made in.  What is wrong names the field of the form. */
#ifndef HF_RECORD_IO_SHARING_H
#define HF_RECORD_IO_SHARING_H

#include "access/rights.h"
#include "record/io/desk.h"

#define HF_NOT_ENDED HF_TIME_MAX

struct hf_sharing {
	struct hf_sv id; /* of what is made */
	struct hf_desk_job job;
};

/* ---- agreements ---- */

struct hf_agreement_form {
	struct hf_sv from, to;	 /* ODS code or HF_EVERY_ORG */
	struct hf_sv tier;	 /* "T0" … "T4" */
	struct hf_sv categories; /* blanks or commas between; of T4 */
	hf_time start;		 /* 0: now */
	hf_time until;		 /* 0: not said; only T0 may do without */
	struct hf_sv dsa, dpia;	 /* references; only T0 may do without */
};
struct hf_agreement_row {
	struct hf_agreement a;
	struct hf_sv dsa, dpia;
};

enum hf_rc hf_sharing_agreement(const struct hf_agreement_form *form,
				const struct hf_policy *policy, hf_time now,
				struct hf_arena *arena, struct hf_sharing *out,
				struct hf_err *err);
/* Ends it; the job is HF_NOT_FOUND when it is not there or ended already. */
enum hf_rc hf_sharing_agreement_end(struct hf_sv id, struct hf_arena *arena,
				    struct hf_sharing *out, struct hf_err *err);
enum hf_rc hf_sharing_agreements(struct hf_db *db, struct hf_arena *arena,
				 struct hf_agreement_row **out, size_t *n,
				 struct hf_err *err);

/* ---- organisations ---- */

struct hf_suspension_row {
	struct hf_sv id, org, reason;
	hf_time start, until, ended;
};
/* The users of org may not work from now until until (0: until it is resumed). */
enum hf_rc hf_sharing_suspend(struct hf_sv org, struct hf_sv reason, hf_time until,
			      hf_time now, struct hf_arena *arena,
			      struct hf_sharing *out, struct hf_err *err);
/* The job is HF_NOT_FOUND when the organisation is not suspended. */
enum hf_rc hf_sharing_resume(struct hf_sv org, struct hf_arena *arena,
			     struct hf_sharing *out, struct hf_err *err);
enum hf_rc hf_sharing_suspensions(struct hf_db *db, struct hf_arena *arena,
				  struct hf_suspension_row **out, size_t *n,
				  struct hf_err *err);

/* ---- for persons ---- */

struct hf_delegation_form {
	struct hf_sv from, to; /* logins, "user/ID" or the ID */
	struct hf_sv org;      /* where from works; n 0: when there is one only */
	struct hf_sv person;   /* id of a Patient; n 0: all whom from has */
	hf_time start, until;  /* start 0: now; until is needed, a year at most */
	struct hf_sv reason;   /* about the work, not about a person */
};
struct hf_delegation_row {
	struct hf_sv id, from, from_org, to, reason;
	int64_t shelf;
	hf_time start, until, ended;
};
/* Reads accounts and the Patient through reader.  HF_NOT_FOUND names which. */
enum hf_rc hf_sharing_delegate(struct hf_reader *reader,
			       const struct hf_delegation_form *form, hf_time now,
			       struct hf_arena *arena, struct hf_sharing *out,
			       struct hf_err *err);
enum hf_rc hf_sharing_delegate_end(struct hf_sv id, struct hf_arena *arena,
				   struct hf_sharing *out, struct hf_err *err);
enum hf_rc hf_sharing_delegations(struct hf_db *db, struct hf_arena *arena,
				  struct hf_delegation_row **out, size_t *n,
				  struct hf_err *err);

struct hf_proxy_form {
	struct hf_sv holder;	   /* login, "user/ID", or "Patient/ID" of who acts */
	struct hf_sv person;	   /* id of the Patient acted for */
	struct hf_sv contents;	   /* words of content; n 0: all of the record */
	struct hf_sv relationship; /* "parent", "daughter", "attorney": a word */
	bool named;		   /* see struct hf_proxy */
	bool reviewed;		   /* a clinician looked at it now */
	hf_time start, until;	   /* until is needed */
};
struct hf_proxy_row {
	struct hf_sv id, holder, contents, relationship;
	int64_t shelf, born;
	hf_time reviewed;
	bool named;
	hf_time start, until, ended;
};
enum hf_rc hf_sharing_proxy(struct hf_reader *reader, const struct hf_proxy_form *form,
			    hf_time now, struct hf_arena *arena, struct hf_sharing *out,
			    struct hf_err *err);
enum hf_rc hf_sharing_proxy_end(struct hf_sv id, struct hf_arena *arena,
				struct hf_sharing *out, struct hf_err *err);
/* A clinician looked at it, now. */
enum hf_rc hf_sharing_proxy_review(struct hf_sv id, struct hf_arena *arena,
				   struct hf_sharing *out, struct hf_err *err);
enum hf_rc hf_sharing_proxies(struct hf_db *db, struct hf_arena *arena,
			      struct hf_proxy_row **out, size_t *n, struct hf_err *err);

/* An episode at the hub: holder ("user/ID" or "CareTeam/ID") has HUBCALL to the
 * person with the shelf from start until until. */
enum hf_rc hf_sharing_hub_call(struct hf_sv holder, int64_t shelf, hf_time start,
			       hf_time until, struct hf_arena *arena,
			       struct hf_sharing *out, struct hf_err *err);
enum hf_rc hf_sharing_hub_call_end(struct hf_sv id, struct hf_arena *arena,
				   struct hf_sharing *out, struct hf_err *err);

/* The id of the Patient of a shelf; n 0 when there is none any more. */
struct hf_sv hf_sharing_person(struct hf_reader *reader, int64_t shelf,
			       struct hf_arena *arena);

/* ---- the National Data Opt-Out list ---- */

struct hf_ndo_state {
	bool there;
	hf_time list_at, imported;
	int64_t n;
};
struct hf_ndo_report {
	size_t lines, numbers, doubles;
};
/* Reads a list (one NHS number a line; empty lines are left out) that was made at
 * list_at into the store, in jobs of a few thousand numbers, and lets it count at the
 * end: until then the one before does.  HF_INVALID names the first line that is no
 * NHS number (never the number) and changes nothing; also when list_at is in the
 * future or older than the policy allows. */
enum hf_rc hf_sharing_ndo_import(struct hf_store *store, const struct hf_policy *policy,
				 struct hf_sv actor, struct hf_sv purpose,
				 struct hf_sv text, hf_time list_at, hf_time now,
				 struct hf_ndo_report *out, struct hf_err *err);
enum hf_rc hf_sharing_ndo_state(struct hf_db *db, struct hf_ndo_state *out,
				struct hf_err *err);

#endif
