/* bars.h - a BaRS message and the record: what is known of its request, and keeping
 * what it holds.
 *
 * Everything of a message is kept.  What is about the person is written as it
 * came, under ids of hf_bars_id(): a newer message makes a newer version.  The
 * Communication of the request's id is its log: one version a message, with the header
 * and what belongs to no person (organisations, practitioners, places) contained in it,
 * because a message must not write directories.  Messages that change nothing (older
 * ones) keep their resources beside, under ids of their own. */
#ifndef HF_HUB_IO_BARS_H
#define HF_HUB_IO_BARS_H

#include "hub/bars.h"
#include "hub/bars_id.h"
#include "hub/io/hub.h"

struct hf_bars_case {
	const struct hf_bars *bars;
	struct hf_bars_owner owner;
	struct hf_sv header;	/* X-Request-Id as the sender gave it; n 0: none */
	struct hf_sv digest;	/* of what it says */
	struct hf_sv message;	/* its identity: the message's, or the Bundle's when a
				 * sender uses one id for several */
	struct hf_sv id;	/* of the request here: ServiceRequest, Communication */
	struct hf_sv patient;	/* id of its Patient here */
	hf_rid patient_rid;	/* 0: not there yet */
	struct hf_sv encounter; /* id of our side of it, in answers */
	struct hf_sv task;	/* the referral made of it; n 0: none */
	struct hf_bars_known known;
	uint32_t version; /* of the log; 0: there is none */
	/* The message was taken before: */
	bool again, same_header; /* same_header: it is the sender's retry */
	enum hf_bars_outcome before;
	hf_time received;
};

/* One message of a request is taken at a time.  HF_BUSY: another is, or too many are.
 */
enum hf_rc hf_bars_claim(struct hf_hub *hub, struct hf_sv id, struct hf_err *err);
void hf_bars_release(struct hf_hub *hub, struct hf_sv id);

/* Finds out.  HF_EXISTS: another message had this identity.  HF_RULE: the request is of
 * another person.  plain: a reader that sees everything. */
enum hf_rc hf_bars_look(const struct hf_hub *hub, struct hf_reader *plain,
			struct hf_bars_case *c, struct hf_arena *arena,
			struct hf_err *err);

/* Our service that the message is for: by its dos-service-id, or by the organisation
 * that provides it.  *service its code (n 0: not known).  HF_NOT_FOUND: it is for
 * another place. */
enum hf_rc hf_bars_service(struct hf_hub *hub, struct hf_reader *plain,
			   const struct hf_bars *bars, hf_time now,
			   struct hf_arena *arena, struct hf_sv *service,
			   struct hf_err *err);

/* Fills in change->items with all that is to be kept, and ids with the id that each
 * entry has here (n 0: contained in the log).  HF_STALE from the commit: another
 * message of the request was faster, look again. */
enum hf_rc hf_bars_keep(const struct hf_bars_case *c, enum hf_bars_outcome outcome,
			const struct hf_issues *said, hf_time now,
			struct hf_arena *arena, struct hf_change *change,
			struct hf_sv **ids, struct hf_err *err);

/* Appends a Bundle (collection) of the servicerequest-response messages that the sender
 * of request id is owed so far, in order: interim when a clinician accepted or rejected
 * it, full when it is complete (section 2.7).  signed_in: who asks, see struct
 * hf_bars_owner.  *person: rid of the Patient.  HF_NOT_FOUND when they sent no such
 * request. */
enum hf_rc hf_bars_responses(const struct hf_hub *hub, struct hf_reader *plain,
			     struct hf_sv signed_in, struct hf_sv id,
			     struct hf_arena *arena, struct hf_buf *out, hf_rid *person,
			     struct hf_err *err);

#endif
