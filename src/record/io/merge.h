/* merge.h - whose records are one person's: links by hand and what takes them back,
 * and the queue of pairs that somebody must look at.
 *
 * Records are linked by facts (table link), each of which can be taken back by itself;
 * a person is what is connected by the facts that count.  No link ever moves or changes
 * a resource: undoing one shows each record as it would be without it, whatever was
 * written meanwhile.  Automatic links and links that a client writes into Patient.link
 * are made with the change that gives rise to them (link.c, link_write.c).
 *
 * What always holds:
 *   - two records that a person decided to be of two people are never one person's:
 *     what would make them so automatically is put up for review instead, what would
 *     by hand is refused until that decision is taken back;
 *   - nothing is forgotten: what was taken back stays with who did it, when and why. */
#ifndef HF_RECORD_IO_MERGE_H
#define HF_RECORD_IO_MERGE_H

#include "record/io/store.h"

enum hf_link_kind {
	HF_LINK_NUMBER, /* one verified NHS number and nothing against it */
	HF_LINK_MATCH,	/* the matcher, where the place lets it link */
	HF_LINK_HAND,	/* somebody decided it */
	HF_LINK_FHIR,	/* Patient.link of one of the two */
	HF_LINK_A40,	/* a merge that another system told of (HL7v2 ADT^A40) */
	HF_LINK_KINDS
};
/* "number" …; a kind that is none gives "". */
const char *hf_link_kind_code(enum hf_link_kind kind);
/* HF_LINK_KINDS when it is none. */
enum hf_link_kind hf_link_kind_find(struct hf_sv code);

enum { HF_REASON_LEAST = 10, HF_REASON_MOST = 2000 }; /* characters of a reason */

/* Who decides, what for, and why.  Views are borrowed for the call. */
struct hf_link_by {
	struct hf_sv actor, purpose, reason;
	struct hf_sv trace; /* of the request, see hf_call_trace(); n 0: none */
};

struct hf_link_done {
	int64_t link;	/* its number; 0 when nothing was to be done */
	bool one;	/* the two are one person's now */
	size_t records; /* of the person of the first of the two now */
};

/* Makes the records on two shelves those of one person.  kind is HAND or A40.  A
 * decision that the two are of two people is taken back by it.  HF_RULE when one is
 * not there, when they are the same, when another record of the one was decided not to
 * be of the other's person, when the person would have too many records, or when the
 * reason is too short.  HF_EXISTS when they are linked so already. */
enum hf_rc hf_link_merge(struct hf_store *store, int64_t shelf, int64_t other,
			 enum hf_link_kind kind, const struct hf_link_by *by,
			 struct hf_link_done *out, struct hf_err *err);

/* Takes back what link says.  apart: also records that the two are of two people, and
 * takes back everything else that links just these two; always so unless it was made
 * by hand or is itself such a decision.  HF_NOT_FOUND for no such link, HF_STALE when
 * it was taken back already, HF_RULE when apart and other records still connect the
 * two: the text says what to do. */
enum hf_rc hf_link_undo(struct hf_store *store, int64_t link, bool apart,
			const struct hf_link_by *by, struct hf_link_done *out,
			struct hf_err *err);

/* Takes one record out of its person: everything that links it counts no more, and it
 * is recorded as not of one person with those it was linked to.  HF_RULE when it is
 * linked to nobody. */
enum hf_rc hf_link_part(struct hf_store *store, int64_t shelf,
			const struct hf_link_by *by, struct hf_link_done *out,
			struct hf_err *err);

/* Records that two records are of two people, and takes back what links just these
 * two.  HF_RULE as hf_link_undo(). */
enum hf_rc hf_link_separate(struct hf_store *store, int64_t shelf, int64_t other,
			    const struct hf_link_by *by, struct hf_link_done *out,
			    struct hf_err *err);

/* Leaves a pair of the queue until another day (at most a year ahead).  HF_NOT_FOUND
 * when it is not waiting. */
enum hf_rc hf_review_later(struct hf_store *store, int64_t shelf, int64_t other,
			   hf_time until, const struct hf_link_by *by,
			   struct hf_err *err);

/* Pairs that were put off until now wait again; writes nothing when there are none. */
enum hf_rc hf_review_wake(struct hf_store *store, struct hf_reader *reader, hf_time now,
			  const struct hf_link_by *by, struct hf_err *err);

/* ---- reading ---- */

struct hf_link_fact {
	int64_t id, low, high, said;
	struct hf_sv kind, state; /* "number", "linked" */
	int64_t score;
	struct hf_sv why, fields;
	hf_time at;
	struct hf_sv actor;
	bool undone;
	hf_time undone_at;
	struct hf_sv undone_actor, undone_why;
};

/* All that was ever decided about the records of shelf's person and about shelf, the
 * newest first, at most most. */
enum hf_rc hf_links_of(struct hf_reader *reader, int64_t shelf, size_t most,
		       struct hf_arena *arena, struct hf_link_fact **out, size_t *n,
		       struct hf_err *err);

struct hf_review {
	int64_t low, high;
	struct hf_sv kind, state, why, fields;
	int64_t score; /* thousandths of a bit */
	hf_time at;
	hf_time until;
	struct hf_sv reason, actor; /* of the decision */
	hf_time decided;	    /* 0: not yet */
};

/* Pairs that wait (state "open") or were put off ("later"), the likeliest first, after
 * after (NULL: from the first).  Pairs that are one person's by now are left out,
 * unless they speak against their link. */
enum hf_rc hf_review_list(struct hf_reader *reader, struct hf_sv state,
			  const struct hf_review *after, size_t most,
			  struct hf_arena *arena, struct hf_review **out, size_t *n,
			  struct hf_err *err);
/* One pair, whatever its state.  HF_NOT_FOUND when it was never put up. */
enum hf_rc hf_review_get(struct hf_reader *reader, int64_t shelf, int64_t other,
			 struct hf_arena *arena, struct hf_review *out,
			 struct hf_err *err);
/* How many wait, and how many were put off. */
enum hf_rc hf_review_count(struct hf_reader *reader, int64_t *open, int64_t *later,
			   struct hf_err *err);

#endif
