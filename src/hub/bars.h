/* bars.h - a message of the Booking and Referral Standard (BaRS), read.  Pure.
 *
 * A message is a Bundle with the MessageHeader first.  Of the standard's events only
 * servicerequest-request is read here.  Views point into the document or the arena.
 *
 * What always holds of a struct hf_bars that came from here: it has a MessageHeader, a
 * ServiceRequest in its focus and a Patient who is the subject of it; the status is
 * active, revoked or entered-in-error and the intent is plan. */
#ifndef HF_HUB_BARS_H
#define HF_HUB_BARS_H

#include "fhir/tables.h"
#include "hub/intake.h"

enum {
	HF_BARS_ENTRIES = 500, /* of a message */
	HF_BARS_KEYS = 6,      /* names that a request can have */
	HF_BARS_BYTES = 4 << 20
};

enum hf_bars_reason { HF_BARS_NEW, HF_BARS_UPDATE, HF_BARS_DELETE };

/* What it asks for, whatever the reason is called: the standard cancels by an update
 * whose status is revoked, and takes back an error by a delete. */
enum hf_bars_ask { HF_BARS_REFER, HF_BARS_CANCEL, HF_BARS_VOID };

struct hf_bars_entry {
	uint32_t node; /* of the resource */
	hf_type_id type;
	struct hf_sv full_url; /* as it came; n 0: none */
	struct hf_sv id;       /* the resource's own; n 0: none */
};

struct hf_bars {
	const struct hf_json *doc;
	uint32_t node; /* of the Bundle */
	struct hf_bars_entry *entries;
	size_t n;
	/* Indexes of entries; SIZE_MAX: there is none. */
	size_t header, request, patient, encounter, service, location;
	enum hf_bars_reason reason;
	enum hf_bars_ask ask;
	struct hf_sv message; /* its identity: MessageHeader.id, or Bundle.id, or the
			       * header's fullUrl */
	struct hf_sv bundle;  /* Bundle.id; what a response names (n 0: none) */
	/* What names the request, strongest first: identifiers as system|value, its id,
	 * the UUID of its fullUrl. */
	struct hf_sv keys[HF_BARS_KEYS];
	size_t n_keys;
	int64_t number; /* ServiceRequest.meta.versionId when it is a number; 0 */
	hf_time at;	/* when this version was made; HF_TIME_MIN: not said */
	hf_time authored, breach; /* HF_TIME_MIN: not said */
	struct hf_sv dos;	  /* dos-service-id of the target; n 0: none */
	struct hf_sv target_ods;  /* of who provides it; n 0: none */
	struct hf_sv sender_ods;  /* upper case; n 0: none */
	struct hf_sv reply_to;	  /* MessageHeader.source.endpoint */
	struct hf_sv definition, use_case /* a4t3 */, category /* validation */;
	struct hf_sv standard; /* version of the application: Bundle.meta.versionId */
};

/* Reads the Bundle at node.  HF_INVALID with findings by element in issues (their code
 * says what kind, see hf_bars_fault()); warnings alone are no failure.  doc outlives
 * *out, whose arrays lie in arena. */
enum hf_rc hf_bars_read(const struct hf_json *doc, uint32_t node,
			struct hf_arena *arena, struct hf_issues *issues,
			struct hf_bars *out, struct hf_err *err);

/* The intake of a message that asks for a referral (section 2.2).  What is too much for
 * it is left out with a warning in issues; the record keeps it all the same. */
enum hf_rc hf_bars_intake(const struct hf_bars *bars, struct hf_arena *arena,
			  struct hf_issues *issues, struct hf_intake *out,
			  struct hf_err *err);

/* The entry that a reference in the message means: by fullUrl, or Type/id; SIZE_MAX
 * when it is not in the message. */
size_t hf_bars_find(const struct hf_bars *bars, struct hf_sv reference);

/* Is text the system of this identifier, however it is spelt?  name is the last part,
 * "dos-service-id", "ods-organization-code", "nhs-number": http and https, Id and id,
 * organisation and organization are one (section 1.5). */
bool hf_bars_system(struct hf_sv text, struct hf_sv name);
/* The value of the identifier of this system; n 0 when there is none. */
struct hf_sv hf_bars_identifier(const struct hf_json *doc, uint32_t resource,
				struct hf_sv name, struct hf_arena *arena);

/* ---- what became of it ---- */

/* What is known of a request when a message about it comes. */
struct hf_bars_known {
	bool there;	/* a message about it was taken before */
	int64_t number; /* of the newest version that was taken */
	hf_time at;
	bool withdrawn; /* it was cancelled or voided by its sender */
	bool referral;	/* a referral was made of it */
	bool open;	/* and it has not ended */
	bool contact;	/* somebody is with the person, or has been */
	bool cancelled; /* it ended by being cancelled or voided */
};

enum hf_bars_outcome {
	HF_BARS_MADE,	   /* a referral was made */
	HF_BARS_EARLY,	   /* an update before its new: a referral was made of it */
	HF_BARS_AMENDED,   /* the newer version took the place of the one before */
	HF_BARS_LATE,	   /* newer, but the referral has ended: kept, and told */
	HF_BARS_OLDER,	   /* older than what is there: kept, nothing changed */
	HF_BARS_CANCELLED, /* taken back by its sender */
	HF_BARS_VOIDED,
	HF_BARS_AWAITED,   /* taken back before it came: kept, so that it stays so */
	HF_BARS_WITHDRAWN, /* came after it was taken back: kept, no referral */
	HF_BARS_CONTACT,   /* not taken back: somebody is with the person */
	HF_BARS_OUTCOMES
};

enum hf_bars_outcome hf_bars_decide(const struct hf_bars *bars,
				    const struct hf_bars_known *known);

/* How an outcome is told: status of HTTP, the standard's code, FHIR's, words. */
struct hf_bars_fault {
	int status;	   /* 200: it is answered with the message */
	const char *code;  /* "REC_CONFLICT"; "" with 200 */
	const char *issue; /* FHIR issue type */
	const char *name;  /* of the outcome, as the record keeps it: "made" */
	const char *text;
};
extern const struct hf_bars_fault hf_bars_outcomes[HF_BARS_OUTCOMES];
/* Of a finding's or a failure's FHIR issue type: "value" is 400 REC_BAD_REQUEST. */
struct hf_bars_fault hf_bars_fault(const char *issue);

#endif
