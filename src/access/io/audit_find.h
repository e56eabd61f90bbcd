/* audit_find.h - looking into the audit that was written: newest first.
 *
 * Sealed segments are found by their index (audit_index.h), made when it is missing or
 * does not match; the newest is scanned.  Any number of threads may look at once, also
 * while another process writes. */
#ifndef HF_ACCESS_IO_AUDIT_FIND_H
#define HF_ACCESS_IO_AUDIT_FIND_H

#include "access/audit_line.h"
#include "base/err.h"

struct hf_audit_finder;

/* HF_NOT_FOUND when there is no such folder.  Free with hf_audit_finder_free(), NULL
 * is fine. */
enum hf_rc hf_audit_finder_new(const char *folder, struct hf_audit_finder **out,
			       struct hf_err *err);
void hf_audit_finder_free(struct hf_audit_finder *finder);

/* Where a line stands: it never moves, so this names it for ever. */
struct hf_audit_spot {
	uint64_t segment; /* 0: behind the newest */
	uint64_t offset;
};

struct hf_audit_query {
	/* Lines that name any of these persons; n 0: all lines. */
	const int64_t *shelves;
	size_t n_shelves;
	bool large;	      /* also those that name more persons than are listed */
	struct hf_sv actor;   /* "user/ID" or "Practitioner/ID"; n 0: anybody */
	hf_time from, to;     /* from is included, to is not */
	char action;	      /* 0: any */
	uint64_t codes;	      /* set of enum hf_audit_code; 0: any */
	int outcome;	      /* 0 4 8; -1: any */
	struct hf_sv what;    /* "Patient/abc" or "Patient"; n 0: any */
	struct hf_sv address; /* of the client; n 0: any */
	bool glass;	      /* only behind a broken glass */
};
/* The query that everything meets. */
extern const struct hf_audit_query hf_audit_query_all;
/* Does this line meet it? */
bool hf_audit_meets(const struct hf_audit_query *query, const struct hf_audit_event *e);

struct hf_audit_hit {
	struct hf_audit_spot spot;
	struct hf_audit_event e;
};

enum { HF_AUDIT_LOOK_MAX = 1000000 }; /* lines looked at in one search */

/* At most max lines older than *before, newest first, in arena.  HF_COSTLY when too
 * many lines have to be looked at: ask for a person, a user or a shorter time. */
enum hf_rc hf_audit_find(struct hf_audit_finder *finder,
			 const struct hf_audit_query *query,
			 const struct hf_audit_spot *before, size_t max,
			 struct hf_arena *arena, struct hf_audit_hit **out, size_t *n,
			 struct hf_err *err);
/* The line at a spot.  HF_NOT_FOUND when none begins there. */
enum hf_rc hf_audit_get(struct hf_audit_finder *finder,
			const struct hf_audit_spot *spot, struct hf_arena *arena,
			struct hf_audit_event *out, struct hf_err *err);

/* Makes the index of a segment that has ended, unless it is there and matches. */
enum hf_rc hf_audit_index_segment(int dir, uint64_t number, struct hf_err *err);

#endif
