/* proposal.h - somebody on the agenda of a team: a Task of the record with the code
 * mdt-proposal, that the team owns (docs/interfaces/need.md). */
#ifndef HF_SERVER_PROPOSAL_H
#define HF_SERVER_PROPOSAL_H

#include "server/call.h"

enum { HF_PROPOSAL_NOTES = 12, HF_PROPOSAL_REASON = 200 };

struct hf_proposal {
	hf_rid rid;
	uint32_t version;
	struct hf_sv id;		 /* of the Task */
	struct hf_sv status;		 /* requested, completed, rejected */
	struct hf_sv outcome;		 /* n 0; accepted, declined, unsuitable */
	struct hf_sv title;		 /* where they were proposed from */
	struct hf_sv patient, team;	 /* ids */
	struct hf_sv requester;		 /* reference; n 0: none */
	struct hf_sv authored, modified; /* as the Task has them */
	struct hf_sv notes[HF_PROPOSAL_NOTES];
	size_t n_notes;
};

/* Is it open: still to be talked about? */
bool hf_proposal_open(const struct hf_proposal *p);
/* Reads a Task; false when it is no proposal.  Texts lie in arena. */
bool hf_proposal_read(const struct hf_json *doc, struct hf_arena *arena,
		      struct hf_proposal *out);
/* A Task of it, parsed; lies in arena. */
enum hf_rc hf_proposal_doc(const struct hf_proposal *p, struct hf_arena *arena,
			   struct hf_json *out, struct hf_err *err);

/* Now, as a Task has it; in the request's arena. */
struct hf_sv hf_proposal_time(struct hf_call *call);
/* A new one by the caller, with p's patient, team and title; reason: n 0 none. */
enum hf_rc hf_proposal_new(struct hf_call *call, struct hf_proposal *p,
			   struct hf_sv reason, struct hf_json *out,
			   struct hf_err *err);

/* Calls each for every proposal that a team owns and the reader shows, until one fails.
 * scratch is new for each. */
typedef enum hf_rc hf_proposal_fn(void *of, const struct hf_proposal *p,
				  struct hf_arena *scratch, struct hf_err *err);
enum hf_rc hf_proposal_each(struct hf_reader *reader, struct hf_sv team,
			    hf_proposal_fn *each, void *of, struct hf_err *err);
/* HF_EXISTS when somebody stands on the team's agenda already. */
enum hf_rc hf_proposal_once(struct hf_reader *reader, struct hf_sv team,
			    struct hf_sv patient, struct hf_err *err);

#endif
