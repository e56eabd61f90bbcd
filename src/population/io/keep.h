/* keep.h - lists of people most in need in the store: as they were made, and what was
 * answered about each person.  A list is never changed; answers are added, and the
 * latest about somebody counts. */
#ifndef HF_POPULATION_IO_KEEP_H
#define HF_POPULATION_IO_KEEP_H

#include "base/arena.h"
#include "population/turn.h"
#include "record/io/store.h"

enum {
	HF_NEED_KEPT = 500,    /* people of a list that are kept */
	HF_NEED_REASON = 200,  /* characters of a reason */
	HF_NEED_TAKEN = 100000 /* answers that are looked at */
};

/* Who does it, for the row of change. */
struct hf_need_by {
	struct hf_sv actor, org, purpose, trace;
};

struct hf_need_person {
	uint8_t pid[HF_POP_PID];
	struct hf_sv practice, reasons;
	int32_t points, efi, band, risk;
	bool chosen;
	int64_t benefit; /* thousandths */
	/* the latest answer; answer.n 0: none yet */
	struct hf_sv answer, reason, task, said_by;
	hf_time said_at;
};

struct hf_need_list {
	int64_t id;
	struct hf_sv rule, version, scope, made_by, org;
	uint16_t day;
	int64_t data;
	hf_time made_at;
	int64_t places, eligible, registered, dead, objects, untraced, on_caseload,
	    too_young, below, unscored;
	struct hf_need_person *people; /* not in hf_need_lists() */
	size_t n;
	int64_t before;		   /* the version before, 0: it is the first */
	struct hf_sv because;	   /* "asked", "month"; n 0: not kept (older stores) */
	struct hf_sv room;	   /* of the places: "asked", "rule", "slots" */
	struct hf_pop_turn *turns; /* against the one before; not in hf_need_lists() */
	size_t n_turns;
};

/* Keeps a list with its people and gives its number; waits until it is durable.
 * HF_INVALID: more than HF_NEED_KEPT people.  HF_EXISTS: it was made because of a new
 * month, and somebody else did so first. */
enum hf_rc hf_need_keep(struct hf_store *store, const struct hf_need_by *by,
			const struct hf_need_list *list, int64_t *id,
			struct hf_err *err);
/* A list with its people and the latest answer about each.  HF_NOT_FOUND.  What it
 * gives lies in arena. */
enum hf_rc hf_need_get(struct hf_reader *reader, int64_t id, struct hf_arena *arena,
		       struct hf_need_list *out, struct hf_err *err);
/* The lists of a scope, newest first, without their people. */
enum hf_rc hf_need_lists(struct hf_reader *reader, struct hf_sv scope, size_t most,
			 struct hf_arena *arena, struct hf_need_list **out, size_t *n,
			 struct hf_err *err);

/* The newest list of each rule and scope, without their people: at most most. */
enum hf_rc hf_need_newest(struct hf_reader *reader, size_t most, struct hf_arena *arena,
			  struct hf_need_list **out, size_t *n, struct hf_err *err);
/* How many different people were last answered `proposed` or `accepted` about since a
 * time, of lists of a rule and scope: places that are taken. */
enum hf_rc hf_need_taken_of(struct hf_reader *reader, struct hf_sv rule,
			    struct hf_sv scope, hf_time since, int64_t *out,
			    struct hf_err *err);

/* "proposed", "accepted", "declined", "unsuitable". */
bool hf_need_answer_ok(struct hf_sv answer);
/* Adds an answer; HF_NOT_FOUND: nobody stands there.  Waits until it is durable. */
enum hf_rc hf_need_answer(struct hf_store *store, const struct hf_need_by *by,
			  int64_t list, int64_t pos, struct hf_sv answer,
			  struct hf_sv reason, struct hf_sv task, struct hf_err *err);

/* Where the proposal "Task/ID" was made from; *list 0: from no list. */
enum hf_rc hf_need_of_task(struct hf_reader *reader, struct hf_sv task, int64_t *list,
			   int64_t *pos, struct hf_err *err);

/* Sets caseload[p] to 1 for who was last answered about as proposed or accepted since a
 * time, by pseudonym; caseload has room for c->n_persons. */
enum hf_rc hf_need_taken(struct hf_reader *reader, const struct hf_pop_columns *c,
			 hf_time since, uint8_t *caseload, struct hf_err *err);

#endif
