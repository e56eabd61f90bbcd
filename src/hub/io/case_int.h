/* case_int.h - inside the caseload: what its files share. */
#ifndef HF_HUB_IO_CASE_INT_H
#define HF_HUB_IO_CASE_INT_H

#include <pthread.h>

#include "hub/io/caseload.h"
#include "hub/io/hub_int.h"

enum {
	CASE_DEFS = 64,	   /* versions of pathways */
	CASE_PENDING = 64, /* that are being begun now */
	CASE_ROWS = 4,	   /* instances of one change */
	CASE_BATCH = 32,   /* clocks that are written together */
	CASE_STRANDED = 24 /* versions that are told apart in a refusal */
};

/* An open instance. */
struct case_slot {
	struct hf_arena arena; /* what row points to */
	struct hf_case_row row;
	uint64_t hash;	/* of the id */
	uint32_t after; /* the next of its chain + 1; 0: none */
	bool used;
};

struct hf_caseload {
	struct hf_caseload_config config;
	struct hf_store *store;
	struct hf_arena arena; /* definitions */
	struct hf_case_def defs[CASE_DEFS];
	struct hf_pathway *pathways[CASE_DEFS];
	size_t n_defs;
	hf_type_id task, episode, request, provenance, patient;

	pthread_mutex_t lock; /* of all below */
	struct case_slot *slots;
	size_t n_slots, size_slots, n_used;
	uint32_t *chains; /* slot + 1, by hash */
	size_t n_chains;
	struct hf_wheel wheel;
	uint64_t pending[CASE_PENDING]; /* person and pathway; 0: free */
	struct {
		uint64_t hash;
		uint32_t version;
	} gone[HUB_ENDED]; /* let go last, as a ring */
	size_t n_gone;

	pthread_t clock;
	pthread_cond_t wake;
	bool running, stop;

	struct {
		struct hf_sv what; /* "frailty 1.0.0" */
		size_t n;
	} stranded[CASE_STRANDED];
	size_t n_stranded;
};

/* A change while it is made. */
struct case_work {
	struct hub_work w; /* first: see hf_work_of() */
	struct hf_caseload *cl;
	struct {
		struct hf_case_row row;
		size_t item; /* of its Task */
	} rows[CASE_ROWS];
	size_t n_rows;
	uint64_t pending[CASE_ROWS];
	size_t n_pending;
};

/* One instance while it moves. */
struct case_moving {
	struct hf_caseload *cl;
	struct hf_hub_work *work;
	struct case_work *w;
	struct hf_reader *reader; /* of whoever moves it: what facts they may see */
	struct hf_reader *plain;
	struct hf_arena *arena;
	const struct hf_hub_actor *who;
	struct hf_case_read r;
	struct hf_build b;
	struct hf_sv episode; /* reference */
	hf_time at;
	int64_t shelf;
	struct hf_hub_event events[8]; /* that the change adds */
	size_t n_events;
};

/* ---- definitions (case_defs.c) ---- */

enum hf_rc hf_case_defs_load(struct hf_caseload *cl, struct hf_err *err);
void hf_case_defs_free(struct hf_caseload *cl);
/* That of a Task, by its canonical; NULL: it is not here, *what says which. */
const struct hf_case_def *hf_case_def_of(const struct hf_caseload *cl,
					 const struct hf_json *task,
					 struct hf_arena *arena, struct hf_sv *what);

/* ---- the table (case_table.c); the lock is held ---- */

struct case_slot *hf_case_slot(struct hf_caseload *cl, struct hf_sv id);
void hf_case_put(struct hf_caseload *cl, const struct hf_case_row *row);

/* ---- rows (case_row.c) ---- */

/* Reads a Task's body into out: definition, story, parts.  HF_RULE when no definition
 * here is the one it began with. */
enum hf_rc hf_case_read_doc(struct hf_caseload *cl, struct hf_reader *plain,
			    struct hf_arena *arena, struct hf_case_read *out,
			    struct hf_err *err);
/* The row of what was read. */
void hf_case_row_make(const struct hf_case_read *r, const struct hf_json *patient,
		      struct hf_arena *arena, struct hf_case_row *out);

/* ---- moving (case_move.c, case_begin.c) ---- */

enum hf_rc hf_case_work(struct hf_caseload *cl, const struct hf_hub_actor *who,
			struct hf_arena *arena, struct hf_hub_work **out,
			struct hf_err *err);
/* Begins a pathway for the person of m in the change of m: the owner is given.  HF_RULE
 * when it runs already or shuts them out. */
enum hf_rc hf_case_begin_one(struct case_moving *m, const struct hf_case_def *def,
			     struct hf_sv said, struct hf_sv note, struct hf_sv owner,
			     struct hf_sv owner_name, struct hf_sv org,
			     struct hf_err *err);
/* What an event that was fired opened and closed, as resources. */
void hf_case_effects(struct case_moving *m, const struct hf_hub_event *e);
void hf_case_provenance(struct case_moving *m, const struct hf_hub_event *e);
enum hf_rc hf_case_fire(struct case_moving *m, struct hf_hub_event *e, hf_pw_set roles,
			struct hf_err *err);
enum hf_rc hf_case_end(struct case_moving *m, struct hf_err *err);
enum hf_rc hf_case_open_moving(struct case_moving *m, struct hf_sv id,
			       struct hf_err *err);
/* By what time asks for; *out NULL: nothing was due. */
enum hf_rc hf_case_move_time(struct hf_caseload *cl, struct hf_sv id, hf_time at,
			     struct hf_arena *arena, struct hf_hub_work **out,
			     struct hf_err *err);

/* ---- clocks (case_clock.c) ---- */

bool hf_case_clock_start(struct hf_caseload *cl);
void hf_case_clock_stop(struct hf_caseload *cl);

extern const struct hf_hub_actor hf_case_program;

#endif
