/* audit_look.h - looking into the whole audit: the segments (reads, denials, sign-ins)
 * and the commits (changes) as one list, newest first.
 *
 * For who oversees access, so it goes by readers that see everything; what it gives
 * are ids, codes and counts, and the names of users. */
#ifndef HF_SERVER_AUDIT_LOOK_H
#define HF_SERVER_AUDIT_LOOK_H

#include "access/io/audit_find.h"
#include "access/policy.h"
#include "record/io/change_log.h"

struct hf_look {
	struct hf_store *store;
	struct hf_audit_finder *finder;
	struct hf_reader *reader; /* sees everything; see hf_look_begin() */
	struct hf_arena *arena;
	struct hf_look_name *names; /* internal */
};

/* Takes a reader of its own; hf_look_end() puts it back.  store and finder outlive
 * it. */
enum hf_rc hf_look_begin(struct hf_look *look, struct hf_store *store,
			 struct hf_audit_finder *finder, struct hf_arena *arena,
			 struct hf_err *err);
void hf_look_end(struct hf_look *look);

/* How far a list has been read. */
struct hf_look_spot {
	struct hf_audit_spot line;
	int64_t change; /* 0: from the newest */
};
/* "12.345.678" and back; false when it is none. */
struct hf_sv hf_look_spot_write(const struct hf_look_spot *spot,
				struct hf_arena *arena);
bool hf_look_spot_read(struct hf_sv text, struct hf_look_spot *out);

struct hf_look_line {
	struct hf_sv id; /* "r-1-2345", "w-567" */
	struct hf_audit_event e;
	struct hf_sv *things; /* "Observation/abc" that were written, some of them */
	size_t n_things;
	struct hf_look_spot after; /* the list goes on behind it from here */
};

struct hf_look_query {
	struct hf_audit_query q;
	struct hf_look_spot before;
	size_t max;
};

/* *more: there is at least one line further.  HF_COSTLY as of hf_audit_find(). */
enum hf_rc hf_look(struct hf_look *look, const struct hf_look_query *query,
		   struct hf_look_line **out, size_t *n, bool *more,
		   struct hf_err *err);
/* One by its id.  HF_NOT_FOUND. */
enum hf_rc hf_look_get(struct hf_look *look, struct hf_sv id, struct hf_look_line *out,
		       struct hf_err *err);
/* Has it the form of an id that hf_look() gives? */
bool hf_look_is_id(struct hf_sv id);

/* The shelves of the person whose Patient has the id, all that are linked now.
 * HF_NOT_FOUND. */
enum hf_rc hf_look_person(struct hf_look *look, struct hf_sv patient, int64_t **shelves,
			  size_t *n, struct hf_err *err);
/* The Patient's id on a shelf; n 0: not known. */
struct hf_sv hf_look_patient(struct hf_look *look, int64_t shelf);
/* What a user or system is called; n 0: not known. */
struct hf_sv hf_look_name(struct hf_look *look, struct hf_sv actor);
/* The name of the organisation with an ODS code; n 0: not known. */
struct hf_sv hf_look_org(struct hf_look *look, struct hf_sv ods);

/* What was done, in plain words: "opened the record". */
struct hf_sv hf_look_words(const struct hf_look_line *line, struct hf_arena *arena);
/* Why it was allowed, in plain words: "on the caseload; direct care". */
struct hf_sv hf_look_why(const struct hf_audit_event *e, struct hf_arena *arena);

#endif
