/* hub.h - the hub at work: referrals from intake to outcome over the record.
 *
 * The record is the truth: a referral is a Task whose inputs are its events, and its
 * state is their replay (docs/interfaces/hub.md).  What is open is kept in memory
 * beside it, for boards, capacity and clocks; it is read again at the start.  One
 * process writes a store, so who is faster is decided here and exactly one wins. */
#ifndef HF_HUB_IO_HUB_H
#define HF_HUB_IO_HUB_H

#include "hub/intake.h"
#include "hub/words.h"
#include "pathway/pathway.h"
#include "place/io/directory.h"
#include "place/opel.h"
#include "record/io/change.h"
#include "record/io/store.h"

struct hf_hub;

/* A referral as boards show it.  Views live in the hub until it is let go. */
enum { HF_HUB_CLOCKS = 8, HF_HUB_FLAGS_SHOWN = 8 };
struct hf_hub_clock {
	uint8_t clock; /* index in the pathway */
	uint8_t state; /* enum hf_pw_run_state */
	bool warned, breached, reasoned;
	hf_time start, due, stopped;
	int64_t paused_ms;
};
struct hf_hub_row {
	hf_rid rid; /* of the Task */
	uint32_t version;
	uint64_t seq; /* grows with each change of any row, also over a restart */
	bool open;
	uint8_t state;		  /* index in the pathway */
	struct hf_sv id, patient; /* ids of Task and Patient */
	struct hf_sv name, nhs, sex;
	int32_t born_year; /* for age; the date is .born */
	struct hf_sv born;
	struct hf_sv locality, locality_name, postcode;
	struct hf_sv problem, condition, source, asked, urgency, service;
	struct hf_sv team, team_name;	/* n 0: the hub has it */
	struct hf_sv team_ods, hub_ods; /* who may see it by that */
	struct hf_sv from_ods;		/* of whoever handed it in */
	struct hf_codes skills;
	struct hf_codes refused; /* teams that were asked and did not take it */
	hf_time received, since; /* since: in this state */
	int news2;		 /* below 0: none */
	bool news2_partial;
	int cfs;
	struct hf_intake_flag flags[HF_HUB_FLAGS_SHOWN];
	size_t n_flags;
	struct hf_hub_clock clocks[HF_HUB_CLOCKS];
	size_t n_clocks;
	hf_time next;	   /* earliest running due; HF_TIME_MAX */
	hf_time wake;	   /* when the next mark or limit passes; HF_TIME_MAX */
	uint32_t messages; /* to the hub, not answered */
};

struct hf_hub_config {
	struct hf_store *store;
	struct hf_sv base; /* our own address, for references; n 0: none */
	bool clocks;	   /* run a thread that fires marks and breaches */
	bool strays;	   /* go on without referrals that cannot be read */
	/* Called after each commit that changed a row, in commit order, from the
	 * committer's thread or that of the clocks, with the hub locked: copy and
	 * leave.  NULL: nobody listens. */
	void (*changed)(void *ctx, const struct hf_hub_row *row, bool was_open);
	/* Fills in at most so many values for OPEL that the hub itself does not know;
	 * from any thread, unlocked.  NULL: none. */
	size_t (*measure)(void *ctx, struct hf_hub *hub, hf_time now,
			  struct hf_opel_value *out, size_t most);
	void *ctx;
};

/* Reads the pathway, the directory and every open referral, arms the clocks.  HF_RULE
 * when there are open referrals that this version's pathway cannot replay: nobody would
 * see them.  The log names each. */
enum hf_rc hf_hub_open(const struct hf_hub_config *config, struct hf_hub **out,
		       struct hf_err *err);
void hf_hub_close(struct hf_hub *hub); /* NULL is fine */

const struct hf_pathway *hf_hub_pathway(const struct hf_hub *hub);
/* The hub's own Organization, id and name; n 0: the place has none, and no referral
 * can be made. */
struct hf_sv hf_hub_self(const struct hf_hub *hub, struct hf_sv *name);

/* Its ODS code, by which access knows it; n 0: none. */
struct hf_sv hf_hub_ods(const struct hf_hub *hub);
/* The localities of the place as they were at the start, in order of name. */
const struct hf_locality *hf_hub_localities(const struct hf_hub *hub, size_t *n);
const struct hf_score *hf_hub_news2(const struct hf_hub *hub);
bool hf_hub_has_clock(const struct hf_hub *hub, struct hf_sv clock);

/* Who acts: as access has it, and the roles of the pathway that this gives. */
struct hf_hub_actor {
	struct hf_sv id;   /* "user/ID", "homefirst" */
	struct hf_sv who;  /* "Practitioner/ID"; n 0: none */
	struct hf_sv name; /* for the story */
	struct hf_sv role; /* code of definitions/access/roles.json */
	struct hf_sv ods;  /* of the organisation */
	struct hf_sv purpose;
	hf_pw_set roles; /* hf_hub_roles_of() */
	bool anywhere;	 /* the program itself, or whoever tries it out: its roles count
			  * at every organisation */
	bool program;	 /* the program itself: does what happens by time */
};
/* Roles of the pathway that somebody with this role of access has. */
hf_pw_set hf_hub_roles_of(const struct hf_hub *hub, struct hf_sv role);

/* Those that count for one referral: of the hub at the hub, of a team at the team's
 * organisation.  row NULL: for a new one. */
hf_pw_set hf_hub_roles_for(const struct hf_hub *hub, const struct hf_hub_actor *who,
			   const struct hf_hub_row *row);

/* A change under way; lies in the arena given. */
struct hf_hub_work {
	struct hf_change change; /* hf_hub_submit() and the others have filled it in */
	struct hf_sv id;	 /* of the referral: after the commit for a new one */
	void *own;
};

struct hf_hub_move {
	struct hf_sv id;  /* Task */
	uint32_t version; /* that the user saw; 0: whatever it is */
	struct hf_sv event;
	struct hf_sv facts; /* JSON object; n 0: none */
	struct hf_sv note, team;
	hf_time at;   /* now */
	hf_time done; /* when it was done, of what is told later; 0: now */
};

/* Makes a referral, or moves one: checks, reserves, prepares the change.  Then either
 * hf_hub_commit(), or hf_change_submit() and hf_hub_done() when it is done.
 * HF_RULE: the guard, role or state is against it, in words.  HF_STALE: somebody was
 * faster.  HF_INVALID: a fact or code is none.  HF_NOT_FOUND.  The reader sees what the
 * actor may see. */
enum hf_rc hf_hub_submit(struct hf_hub *hub, struct hf_reader *reader,
			 const struct hf_hub_actor *who, const struct hf_intake *in,
			 hf_time at, struct hf_arena *arena, struct hf_hub_work **out,
			 struct hf_err *err);
enum hf_rc hf_hub_move(struct hf_hub *hub, struct hf_reader *reader,
		       const struct hf_hub_actor *who, const struct hf_hub_move *move,
		       struct hf_arena *arena, struct hf_hub_work **out,
		       struct hf_err *err);
/* Takes a newer version of what was asked for an open referral: boards show it, what
 * was said before stays as an older version, and a referral that waited for
 * information goes on.  id: the Task.  HF_RULE when it has ended. */
enum hf_rc hf_hub_amend(struct hf_hub *hub, const struct hf_hub_actor *who,
			struct hf_sv id, const struct hf_intake *in, hf_time at,
			struct hf_arena *arena, struct hf_hub_work **out,
			struct hf_err *err);
/* Lets go of what was reserved; after a commit the boards learn of it.  A change that
 * was submitted does so itself as soon as its outcome is known: again does nothing. */
void hf_hub_done(struct hf_hub *hub, struct hf_hub_work *work);
/* Commits and calls hf_hub_done(): for commands and tests. */
enum hf_rc hf_hub_commit(struct hf_hub *hub, struct hf_reader *reader,
			 struct hf_hub_work *work, struct hf_err *err);

/* What can happen next, for pages. */
enum { HF_HUB_NEEDS = 12 };
struct hf_hub_need {
	const char *fact, *title, *kind; /* kind: boolean, code, codes, string, integer,
					  * decimal, news2 */
	const struct hf_pw_fact *of;	 /* its codes, when .list is HF_HUB_LISTS */
	enum hf_hub_list list;
};
struct hf_hub_next {
	const char *event, *title;
	bool allowed;
	const char *who; /* roles that may, when it is not allowed: "dispatcher or …" */
	const char *why; /* what else stands against it; NULL: the role */
	struct hf_hub_need needs[HF_HUB_NEEDS];
	size_t n_needs;
};
/* The moves of a referral's state for somebody, in the order of the pathway; gives how
 * many, at most HF_PW_EVENTS. */
size_t hf_hub_nexts(struct hf_hub *hub, const struct hf_hub_actor *who,
		    const struct hf_hub_row *row, struct hf_arena *arena,
		    struct hf_hub_next *out);

/* In words, of any pathway. */

/* Does the guard ask %id, and not only a longer name that begins so? */
bool hf_next_asks(const char *guard, const char *id);
/* boolean, code, string, integer, decimal. */
const char *hf_next_kind(const struct hf_pw_fact *f);
/* "dispatcher or triage clinician" */
const char *hf_next_roles(const struct hf_pathway *p, hf_pw_set by,
			  struct hf_arena *arena);

/* What the engine refused, for whoever asked: err is what hf_pw_fire() said of event in
 * state; told: facts that nobody can say are left out. */
enum hf_rc hf_say_refused(const struct hf_pathway *p, uint8_t state, struct hf_sv event,
			  hf_pw_set roles, bool (*computed)(struct hf_sv fact),
			  struct hf_err *err);

/* The row that work leads to, once it is done; its views lie in work's arena. */
void hf_hub_work_row(const struct hf_hub_work *work, struct hf_hub_row *out);
/* The row of a referral that was read, open or not; in arena. */
struct hf_story;
enum hf_rc hf_hub_read_row(struct hf_hub *hub, struct hf_reader *reader,
			   const struct hf_version *task, const struct hf_json *doc,
			   const struct hf_story *story, struct hf_arena *arena,
			   struct hf_hub_row *out, struct hf_err *err);

/* Rows, with the hub locked meanwhile: put copies what it needs and gives false to
 * stop. */
void hf_hub_rows(struct hf_hub *hub,
		 bool (*put)(void *ctx, const struct hf_hub_row *row), void *ctx);
/* A copy of one row by Task id, its views in arena; false: it is not open. */
bool hf_hub_row(struct hf_hub *hub, struct hf_sv id, struct hf_arena *arena,
		struct hf_hub_row *out);
uint64_t hf_hub_seq(struct hf_hub *hub);
/* A copy of a row whose views lie in arena; false without memory. */
bool hf_row_copy(const struct hf_hub_row *from, struct hf_arena *arena,
		 struct hf_hub_row *to);

/* Teams in order of preference for a referral.  The directory is the hub's
 * own and stays for a minute at least; choices and committed lie in the arena. */
struct hf_hub_teams {
	struct hf_directory directory;
	struct hf_dispatch_choice *choices; /* directory.n; in order for a referral */
	int *committed;
};
/* As the directory was when it was last read. */
bool hf_hub_has_team(struct hf_hub *hub, struct hf_sv id);
/* id n 0: all teams in order of id, with capacity now.  who: for whom; a lead may
 * allocate what others may not at OPEL 3; NULL: for nobody. */
enum hf_rc hf_hub_teams(struct hf_hub *hub, struct hf_sv id,
			const struct hf_hub_actor *who, hf_time now,
			struct hf_arena *arena, struct hf_hub_teams *out,
			struct hf_err *err);
/* Is somebody the clinical lead of the hub itself? */
bool hf_hub_is_lead(const struct hf_hub *hub, const struct hf_hub_actor *who);

/* Calls each for every Task of a status, by the index, in order of rid, until one
 * fails; scratch is new for each. */
typedef enum hf_rc hf_hub_task_fn(void *of, struct hf_reader *reader, hf_rid rid,
				  struct hf_arena *scratch, struct hf_err *err);
enum hf_rc hf_hub_each_task(struct hf_reader *reader, const char *status,
			    hf_hub_task_fn *each, void *of, struct hf_err *err);

/* Fires everything due up to now, as the clock thread does; gives how many referrals
 * were changed.  For tests and for the generator. */
enum hf_rc hf_hub_tick(struct hf_hub *hub, struct hf_reader *reader, hf_time now,
		       size_t *n, struct hf_err *err);

#endif
