/* viewer.h - who looks through a reader: it then shows only what they may see.
 *
 * The viewer is asked at the lowest layer, wherever a resource or a row that names
 * one comes out of the store, so that no search, count, include, page or export can
 * show or betray what a read would refuse.
 *
 * What always holds: what may not be seen (MASK, PSEUDO, BTG and DENY alike) answers as
 * what is not there; a resource on several persons' shelves is shown only to who may
 * see it of each of them; an older version only to who may see it and the newest. */
#ifndef HF_RECORD_IO_VIEWER_H
#define HF_RECORD_IO_VIEWER_H

#include "access/access.h"
#include "access/rights.h"
#include "record/io/store.h"

/* What was met while looking, for the audit. */
struct hf_seen {
	uint64_t relations;	  /* kinds that opened something */
	enum hf_access strictest; /* of all outcomes */
	const char *rule;      /* which gave the strictest; NULL: nothing was asked */
	enum hf_reason reason; /* of a broken glass that opened something */
	uint64_t notes;	       /* set of enum hf_note, of what was shown */
	/* What was left out of persons with a relationship, MASK or BTG: a set of
	 * enum hf_content.  That it is there may be told, and nothing else of it. */
	uint64_t masked;
	uint64_t masked_glass; /* of those, what breaking the glass would open */
};

struct hf_viewer {
	const struct hf_actor *actor;
	const struct hf_policy *policy;
	const struct hf_rights *rights; /* agreements, glasses … as they stand; NULL:
					 * none are known, every tier is T0 */
	enum hf_activity activity;	/* READ, SEARCH, EXPORT, TRACE … */
	bool audit_works;
	hf_time now;
	struct hf_seen *seen; /* NULL: not asked for */
	bool no_glass;	      /* a glass that was broken opens nothing here: it was
			       * broken for one person, not to go through a list */
};

/* From now on the reader shows what viewer may see; NULL: everything (the system
 * itself, the trial actor).  The viewer lives until another is set or the reader is
 * put back, which takes it off. */
void hf_reader_as(struct hf_reader *reader, const struct hf_viewer *viewer);
/* Does somebody look who may not see everything? */
bool hf_reader_is_viewed(const struct hf_reader *reader);
/* What is done from now on: SEARCH has rules of its own.  Gives what it was before, to
 * be set again. */
enum hf_activity hf_reader_does(struct hf_reader *reader, enum hf_activity activity);

/* From now on the viewer traces people by terms, so many that each had to agree with:
 * the least demographics of whoever the rules let them trace.  Gives what was done
 * before, for hf_reader_does(), which ends it. */
enum hf_activity hf_reader_traces(struct hf_reader *reader, size_t terms);
/* May the role trace at all? */
bool hf_reader_may_trace(const struct hf_reader *reader);

/* What the viewer may see of one person's record. */
struct hf_viewer_person {
	enum hf_access outcome; /* of the least demographics: ALLOW, the person may be
				 * opened; else as if there were no such person */
	const char *rule, *text;
	uint64_t relations; /* that count; 0 unless the outcome is ALLOW */
	/* Set of enum hf_content that the role and the relationships open at all: of
	 * everything else a page says that it is not shown, not that there is none. */
	uint64_t contents;
	bool glass;		/* breaking it is offered … */
	uint64_t reasons;	/* … for these reasons, a set of enum hf_reason */
	struct hf_glass broken; /* one that is broken now (reason NONE: none) */
	hf_time until;		/* it lasts */
};

/* The person with a shelf.  For one who may not be seen it says what
 * hf_viewer_stranger() says: nothing about them. */
enum hf_rc hf_viewer_person(struct hf_reader *reader, int64_t shelf,
			    struct hf_viewer_person *out, struct hf_err *err);
/* What is said of anybody without a relationship, there or not: from the user's role
 * and purpose alone. */
enum hf_rc hf_viewer_stranger(struct hf_reader *reader, struct hf_viewer_person *out,
			      struct hf_err *err);
/* May something of this content and level be seen, that organisation ods wrote about
 * the person with a shelf?  What is not labelled; of what has no owner ods is n 0.  The
 * trial actor and the system may. */
enum hf_rc hf_viewer_may(struct hf_reader *reader, int64_t shelf,
			 enum hf_content content, enum hf_level level, struct hf_sv ods,
			 bool *may, struct hf_err *err);
/* The shelf of the Patient with this id, whether the viewer may see it or not: for
 * breaking the glass.  0: there is none. */
enum hf_rc hf_viewer_shelf(struct hf_reader *reader, struct hf_sv patient_id,
			   int64_t *shelf, struct hf_err *err);

#endif
