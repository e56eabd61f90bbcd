/* bars_write.h - what is said back to the sender of a BaRS message.  Pure. */
#ifndef HF_HUB_BARS_WRITE_H
#define HF_HUB_BARS_WRITE_H

#include "hub/bars.h"

/* Findings as an OperationOutcome of the standard: each with its REC code.  Gives the
 * status of HTTP: that of the first error. */
int hf_bars_write_issues(struct hf_buf *out, const struct hf_issues *issues);
/* One failure, or an outcome that is no success. */
int hf_bars_write_fault(struct hf_buf *out, struct hf_bars_fault fault,
			struct hf_sv text, struct hf_sv path);

/* The synchronous answer to a message that was taken: the message itself, each
 * resource with the id it has here (ids[i] of entry i; n 0: it was not kept), our
 * Encounter, and what there is to say in an OperationOutcome. */
struct hf_bars_answer {
	const struct hf_sv *ids;
	struct hf_sv encounter; /* id of ours: a UUID; n 0: none (taken back) */
	const char *status;	/* of it: "planned" */
	hf_time received;
	struct hf_sv outcome;		/* UUID of the OperationOutcome */
	const struct hf_issues *issues; /* warnings and information */
};
void hf_bars_write_answer(struct hf_buf *out, const struct hf_bars *bars,
			  const struct hf_bars_answer *answer);

/* ---- responses of later (section 2.7, use case a4t3) ---- */

enum hf_bars_stage {
	HF_BARS_SILENT, /* nothing is sent: an attempt, a welfare call, our own steps */
	HF_BARS_ACCEPTED, /* interim: a clinician has the case; in-progress */
	HF_BARS_REJECTED, /* interim: cancelled, with the reason */
	HF_BARS_FINISHED, /* full: the requester has nothing to do */
	HF_BARS_TRIAGED	  /* full: the requester must act; the CarePlan is active */
};

/* A step of the referral's story. */
struct hf_bars_step {
	struct hf_sv event, to; /* of the pathway: "accept"; the state it led to */
	hf_time at;
	struct hf_sv reason; /* code of rejections, cancellations or outcomes */
	struct hf_sv note;   /* what was said; n 0: nothing */
	bool sender;	     /* the sender did it: it knows */
};
/* What a step has to be answered with. */
enum hf_bars_stage hf_bars_stage_of(const struct hf_bars_step *step);
/* The standard's rejection code: RRNA, FC or OTH. */
const char *hf_bars_rejection(struct hf_sv reason);

/* A resource of the response: as the record has it. */
struct hf_bars_part {
	const struct hf_json *doc;
	uint32_t node;
	struct hf_sv type, id; /* the id is a UUID */
};

struct hf_bars_response {
	enum hf_bars_stage stage;
	const struct hf_bars_step *step;
	struct hf_sv id;     /* of the Bundle: a UUID */
	struct hf_sv header; /* of the MessageHeader: a UUID */
	struct hf_sv to;     /* Bundle.id of the request, or of the response before */
	bool again;	     /* there was a response before: reason update */
	struct hf_sv encounter;	  /* ours: a UUID */
	struct hf_sv plan;	  /* ours: a UUID */
	struct hf_sv case_number; /* how we call the case */
	struct hf_sv standard,
	    definition_kind;		     /* "1.1.0"; "validation" or "referral" */
	struct hf_sv name, software_version; /* of the hub; of homefirst */
	struct hf_sv from;		     /* our endpoint: system|value */
	struct hf_sv reply_to;		     /* theirs */
	struct hf_sv patient;		     /* id among the parts */
	struct hf_sv sender, receiver;	     /* Organization ids among the parts; n 0 */
	const struct hf_bars_part *parts;
	size_t n_parts;
};
void hf_bars_write_response(struct hf_buf *out,
			    const struct hf_bars_response *response);

#endif
