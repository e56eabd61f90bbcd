/* hub_int.h - inside the hub: what its files share. */
#ifndef HF_HUB_IO_HUB_INT_H
#define HF_HUB_IO_HUB_INT_H

#include <pthread.h>

#include "hub/build.h"
#include "hub/event.h"
#include "hub/io/hub.h"
#include "hub/io/opel.h"
#include "hub/wheel.h"
#include "hub/words.h"
#include "place/io/directory.h"

enum {
	HUB_ITEMS = 64,	    /* resources of one event */
	HUB_MESSAGES = 256, /* BaRS messages at once */
	HUB_ENDED = 1024,   /* referrals that ended, remembered for late news */
	HUB_NEWS2 = 12,	    /* measurements of one NEWS2 */
	HUB_PENDING = 256   /* slots of teams that are being allocated now */
};

/* An open referral. */
struct hub_slot {
	struct hf_arena arena; /* what row points to */
	struct hf_hub_row row;
	bool used;
	uint64_t hash; /* of the id */
};

struct hf_hub {
	struct hf_hub_config config;
	struct hf_store *store;
	struct hf_arena arena; /* pathway, scores, geography, who the hub is */
	struct hf_pathway *p;
	struct hf_score news2;
	struct hf_geography *geography;
	struct hf_sv org, org_name, ods; /* of the hub; n 0: the place has none */
	uint8_t kept[8];		 /* facts that stay until they are said anew */
	size_t n_kept;
	hf_type_id task, patient, request, episode, encounter, observation;
	struct hf_opel *opel_def; /* how the level of pressure is worked out */

	pthread_mutex_t lock; /* of all below */
	struct hub_slot *slots;
	size_t n_slots, size_slots;
	uint32_t *by_id; /* slot + 1 by hash, open addressing */
	size_t n_by_id;
	struct hf_wheel wheel;
	uint64_t seq;
	struct {
		uint64_t hash;
		uint32_t version;
	} ended[HUB_ENDED]; /* those that ended last, as a ring */
	size_t n_ended;
	struct {
		uint64_t team;
		int n;
	} pending[HUB_PENDING];		 /* being allocated, not yet in a row */
	uint64_t messages[HUB_MESSAGES]; /* requests that are being taken; 0: free */
	/* The directory, read again when it is old. */
	struct hf_arena place_arena, place_before;
	struct hf_directory directory;
	hf_time directory_at;
	/* The level of pressure, as it stands in the record. */
	struct hf_opel_state opel;
	struct hf_arena opel_arena; /* of its texts */
	hf_time opel_next;	    /* when it is worked out again */
	hf_time opel_look;	    /* when it is seen whether it changed */
	bool opel_busy;		    /* a record of it is being written */

	pthread_t clock;
	pthread_cond_t wake;
	bool running, stop;

	/* Referrals whose story cannot be replayed, while it is opened. */
	size_t n_stranded;
	char stranded[72]; /* id of the first */
};

/* A change while it is made. */
struct hub_work {
	struct hf_hub *hub; /* of a referral; NULL: another's instance */
	struct hf_store *store;
	struct hf_arena *arena;
	struct hf_change_item items[HUB_ITEMS];
	size_t n;
	size_t task; /* index of the referral's Task among items */
	struct hf_issues issues;
	struct hf_hub_row row;	       /* as it will be */
	struct hf_hub_event events[8]; /* that the change adds */
	size_t n_events;
	uint64_t reserved;	/* hash of the team a slot is kept for; 0: none */
	struct hf_entry *shelf; /* of the person, once it was asked for */
	size_t n_shelf;
	bool shelf_read;
	bool done;		    /* the table knows what came of it */
	struct hf_opel_state *opel; /* the level that it records; NULL: none */
	struct hf_err *err;
	enum hf_rc rc;	    /* the first failure while building */
	struct hf_buf none; /* when there is no memory for another */
};

uint64_t hf_hub_hash(struct hf_sv text);

/* ---- rows (row.c) ---- */

/* The measurements that are given under a node, but for their time; gives how many. */
size_t hf_news2_values(const struct hf_json *doc, uint32_t node, struct hf_arena *arena,
		       struct hf_score_value out[HUB_NEWS2]);
/* A row from a Task and its story; patient: the Patient, NULL: not read.  Views lie in
 * arena. */
void hf_row_make(const struct hf_hub *hub, const struct hf_json *task,
		 const struct hf_story *story, const struct hf_json *patient,
		 struct hf_arena *arena, struct hf_hub_row *out);
/* The parts of a row that a story says. */
void hf_row_story(const struct hf_hub *hub, const struct hf_story *story,
		  struct hf_arena *arena, struct hf_hub_row *row);
void hf_row_patient(const struct hf_json *patient, struct hf_arena *arena,
		    struct hf_hub_row *row);
/* Adds what only the table knows: the team's organisation. */
void hf_hub_finish(struct hf_hub *hub, struct hf_hub_row *row);
/* ---- the table (hub.c); the lock is held ---- */

struct hub_slot *hf_hub_slot(struct hf_hub *hub, struct hf_sv id);
/* Puts a row in, or lets it go when it is no longer open. */
void hf_hub_put(struct hf_hub *hub, const struct hf_hub_row *row);

/* ---- building a change (work.c) ---- */

/* The same for whoever keeps a table of its own: w is set up as the work's own. */
struct hf_hub_work *hf_work_make(struct hub_work *w, struct hf_store *store,
				 struct hf_sv base, const struct hf_hub_actor *who,
				 struct hf_arena *arena, struct hf_err *err);
struct hf_hub_work *hf_work_new(struct hf_hub *hub, const struct hf_hub_actor *who,
				hf_time at, struct hf_arena *arena, struct hf_err *err);
static inline struct hub_work *
hf_work_of(struct hf_hub_work *work)
{
	return work->own;
}
/* The next resource is written to the buffer that this gives; hf_work_add() takes it.
 */
struct hf_buf *hf_work_buf(struct hub_work *w);
/* Adds what was written as a new resource; urn: what others refer to it by. */
void hf_work_add(struct hub_work *w, struct hf_buf *b, hf_type_id type,
		 const char *urn);
/* Adds it as the next version of id, which is at version now. */
void hf_work_put(struct hub_work *w, struct hf_buf *b, hf_type_id type, struct hf_sv id,
		 uint32_t version);
/* Prepares the change.  The failure of building or preparing. */
enum hf_rc hf_work_ready(struct hf_hub_work *work, struct hf_reader *reader,
			 struct hf_err *err);

/* ---- what stands beside a Task ---- */

struct hub_beside {
	struct hf_version v;
	struct hf_json doc;
};
/* The newest resource (but for skip of them) of a type on the person's shelf that
 * refers to ref at path and has a status of statuses ("a b"); kind: code.coding.code,
 * NULL: any.  False: none, or w->rc says why that is not known. */
bool hf_beside(struct hub_work *w, struct hf_reader *plain, int64_t shelf,
	       hf_type_id type, const char *path, struct hf_sv ref, const char *kind,
	       const char *statuses, size_t skip, struct hub_beside *out);

/* ---- in words, of any pathway (nexts.c, move.c) ---- */

/* What time has brought by these effects, for the story; in arena. */
struct hf_sv hf_say_time(const struct hf_pathway *p,
			 const struct hf_pw_effects *effects, struct hf_arena *arena);

/* ---- moving (move.c, effects.c) ---- */

struct hub_moving {
	struct hf_hub *hub;
	struct hf_hub_work *work;
	struct hub_work *w;
	struct hf_reader *plain;
	struct hf_arena *arena;
	const struct hf_hub_actor *who;
	struct hf_version task;
	struct hf_json doc; /* of the Task */
	struct hf_story story;
	struct hf_hub_row row; /* as it was, and after each event as it is */
	struct hf_build b;
	hf_time at;
	int64_t shelf;
	struct hf_sv requester, requester_name;
	struct hf_sv request_id;       /* of the ServiceRequest */
	bool call_timeout, offer_next; /* what the clocks ask to be done next */
};

/* Reads the referral; HF_NOT_FOUND, HF_RULE when the Task is none. */
enum hf_rc hf_moving_read(struct hub_moving *m, struct hf_sv id, struct hf_err *err);
/* Moves it by one event and writes what follows. */
enum hf_rc hf_moving_fire(struct hub_moving *m, struct hf_hub_event *event,
			  hf_pw_set roles, struct hf_err *err);
/* Writes Task and ServiceRequest, prepares the change. */
enum hf_rc hf_moving_end(struct hub_moving *m, struct hf_err *err);
/* What the effects of the last event ask for: alerts, work, notices, offers, breaches,
 * episode and contact.  from: the state before. */
void hf_effects_write(struct hub_moving *m, const struct hf_hub_event *event,
		      uint8_t from);

/* ---- a new referral (submit.c), and a newer version of one (amend.c) ---- */

struct hub_submitting {
	struct hf_hub *hub;
	struct hf_reader *plain;
	struct hf_arena *arena;
	const struct hf_hub_actor *who;
	const struct hf_intake *in;
	hf_time at;
	struct hub_work *w;
	struct hf_json patient; /* who is there already */
	bool known;
	struct hf_sv patient_id, practice; /* practice: "Organization/ID" */
	struct hf_sv postcode;
	int age;
	struct hf_belongs belongs;
	int news2; /* below 0: no total */
	struct hf_hub_event event;
	struct hf_story story;
	struct hf_build b;
};

/* Who it is about, what is missing (*gap, in words), and the event with what boards
 * show.  HF_INVALID names what is wrong. */
enum hf_rc hf_submit_settle(struct hub_submitting *s, struct hf_reader *reader,
			    struct hf_sv *gap, struct hf_err *err);
/* Calls put for each flag of a referral: what was said, and what came as flags;
 * safeguarding and scene safety first. */
void hf_submit_flags(const struct hf_intake *in,
		     void (*put)(void *ctx, struct hf_sv category, struct hf_sv text),
		     void *ctx);

/* ---- facts (facts.c) ---- */

/* What a move says, as facts of the pathway and as what was given: codes are checked,
 * a reason makes its fact true.  Facts that stay are taken from the event before. */
enum hf_rc hf_facts_make(struct hf_hub *hub, const struct hf_story *story,
			 struct hf_sv event, struct hf_sv said, struct hf_sv computed,
			 struct hf_arena *arena, struct hf_sv *facts,
			 struct hf_sv *given, struct hf_err *err);

/* ---- capacity (teams.c); the lock is held ---- */

int hf_hub_committed(struct hf_hub *hub, struct hf_sv team);
const struct hf_team *hf_hub_team(struct hf_hub *hub, struct hf_sv id);
enum hf_rc hf_hub_directory(struct hf_hub *hub, struct hf_reader *plain, hf_time now,
			    struct hf_err *err);
/* Takes a slot of a team for a referral, for as long as its change is made.  HF_RULE
 * with what stands against it; why: a reason to ask it all the same; lead: a lead asks,
 * without whom routine work is not allocated at OPEL 3. */
enum hf_rc hf_hub_reserve(struct hf_hub *hub, const struct hf_hub_row *row,
			  struct hf_sv team, bool why, bool lead, hf_time now,
			  uint64_t *reserved, struct hf_err *err);
void hf_hub_release(struct hf_hub *hub, uint64_t reserved);
/* Which teams could take a row, best first, in arena; NULL without memory. */
struct hf_dispatch_choice *hf_hub_rank(struct hf_hub *hub, const struct hf_hub_row *row,
				       bool lead, hf_time now, struct hf_arena *arena,
				       struct hf_dispatch_ask *ask);
/* What is asked of the directory for a row. */
struct hf_dispatch_ask hf_hub_ask(const struct hf_hub *hub,
				  const struct hf_hub_row *row, bool lead, hf_time now);

/* ---- the level of pressure (opel.c) ---- */

/* Reads the document and the newest record; before that no level is known. */
enum hf_rc hf_hub_opel_open(struct hf_hub *hub, struct hf_err *err);
/* The record was written, or was not: the hub goes by it from now on. */
void hf_hub_opel_done(struct hf_hub *hub, const struct hub_work *work, bool written);

/* Is an older one of the same person and service open, at most 72 hours old
 * (transition 2)?  Takes the lock. */
bool hf_hub_is_duplicate(struct hf_hub *hub, const struct hf_hub_row *row);
/* Is the fact found out by the hub, so that nobody may say it? */
bool hf_hub_fact_is_computed(struct hf_sv fact);
/* How a fact is said where it is not said as itself: "code" and "codes" of *list,
 * "string", "news2"; NULL: as the pathway has it. */
const char *hf_hub_fact_kind(struct hf_sv fact, struct hf_sv event,
			     enum hf_hub_list *list);

/* Roles that may take a step.  0: nobody, it is the program's own.  That a team
 * declines is both: its own, and the program's when it does not answer (14). */
hf_pw_set hf_hub_step_by(const struct hf_hub *hub, const struct hf_pw_step *step);

/* ---- clocks (clock.c) ---- */

bool hf_clock_start(struct hf_hub *hub);
void hf_clock_stop(struct hf_hub *hub);

/* Moves by what time asks for; 0 events: nothing was due.  As hf_hub_move(). */
enum hf_rc hf_hub_move_time(struct hf_hub *hub, struct hf_reader *plain,
			    struct hf_sv id, hf_time at, struct hf_arena *arena,
			    struct hf_hub_work **out, struct hf_err *err);

#endif
