/* pathway.h - pathways as data: states, events, steps with guards and roles, clocks.
 *
 * A pathway is a document of definitions/pathways (section 7.7; its conditions are
 * FHIRPath over named facts).  It is read and checked once; running instances are
 * small values that events move along.  Pure: time, facts and roles are handed in,
 * what has to be done is handed out, and the same events give the same instance. */
#ifndef HF_PATHWAY_PATHWAY_H
#define HF_PATHWAY_PATHWAY_H

#include "base/buf.h"
#include "fhir/path.h"
#include "pathway/hours.h"
#include "pathway/score.h"

enum {
	HF_PW_STATES = 63,
	HF_PW_EVENTS = 63,
	HF_PW_ROLES = 63,
	HF_PW_STEPS = 400,
	HF_PW_CLOCKS = 24,
	HF_PW_FACTS = 40,
	HF_PW_MARKS = 8,   /* of one clock */
	HF_PW_LIMITS = 6,  /* of one clock */
	HF_PW_RUNS = 48,   /* clocks of one instance that have begun */
	HF_PW_EFFECTS = 96 /* of one event or tick */
};

typedef uint64_t hf_pw_set; /* of states, events or roles: 1 << index */

enum hf_pw_fact_kind {
	HF_PW_BOOLEAN,
	HF_PW_INTEGER,
	HF_PW_DECIMAL,
	HF_PW_CODE,
	HF_PW_STRING
};

/* Something a guard may ask: %id.  It is given with an event, or found in the record
 * by .from. */
struct hf_pw_fact {
	const char *id, *title;
	enum hf_pw_fact_kind kind;
	const char **codes;
	size_t n_codes;
	int64_t min, max; /* of numbers */
	const char *from; /* FHIRPath over the person's record; "" for none */
};

enum hf_pw_state_kind { HF_PW_START, HF_PW_NORMAL, HF_PW_WAIT, HF_PW_END };

struct hf_pw_state {
	const char *id, *title, *exit;
	enum hf_pw_state_kind kind;
	const char *request,
	    *task; /* ServiceRequest.status, Task.status; "" for none */
};

enum { HF_PW_RESUME = 255 }; /* of .to: the state before the interruption */

struct hf_pw_guard {
	const char *text; /* "": always true */
	struct hf_path *path;
	bool days; /* it asks %since_EVENT: days have to be counted */
};

struct hf_pw_step {
	const char *id, *title;
	hf_pw_set in, by; /* by 0: the system, or a linked event */
	uint8_t event, to;
	bool interrupts; /* what it leaves is where @resume goes back to */
	bool refuses;	 /* that its conditions leave out cases is meant */
	struct hf_pw_guard when;
	const char **actions;
	size_t n_actions;
	const char *stamp; /* "received_at"; "" for none */
	unsigned line;
};

/* Events, and states whose entry counts as one. */
struct hf_pw_on {
	hf_pw_set events, states;
};

struct hf_pw_limit {
	struct hf_pw_guard when;
	struct hf_duration limit;
	enum hf_calendar calendar;
	const char *text; /* "PT2H" */
};

/* Something that is done while a clock runs: after a time, or at a share of its
 * limit; only while the instance is in one of .in (0: any). */
struct hf_pw_mark {
	const char *id;
	int64_t after_ms; /* 0: by .share */
	int share;	  /* thousandths of the limit */
	hf_pw_set in;
	const char **actions;
	size_t n_actions;
};

struct hf_pw_clock {
	const char *id, *title;
	struct hf_pw_on start, stop;
	hf_pw_set paused_in;
	struct hf_pw_guard when;   /* to start at all */
	struct hf_pw_guard unless; /* ends it, neither met nor late, once it is true */
	uint8_t since[HF_PW_EVENTS]; /* by start event: event + 1 whose time counts */
	struct hf_pw_limit limits[HF_PW_LIMITS];
	size_t n_limits;
	struct hf_pw_mark marks[HF_PW_MARKS];
	size_t n_marks;
	const char **on_breach;
	size_t n_on_breach;
	bool again; /* a new start supersedes the one that runs */
	unsigned line;
};

struct hf_pw_task {
	const char *id, *title, *owner;
	const char **forms;
	size_t n_forms;
	const char *due; /* ISO 8601 duration; "" for none */
};

struct hf_pw_measure {
	const char *id, *title, *num, *den, *unit;
};

struct hf_pathway {
	const char *id, *version, *title, *status;
	const char *approved_by, *approved_on; /* "": not yet */
	int age_min, age_max;
	struct hf_pw_state states[HF_PW_STATES];
	const char *events[HF_PW_EVENTS], *event_titles[HF_PW_EVENTS];
	const char *roles[HF_PW_ROLES];
	struct hf_pw_fact facts[HF_PW_FACTS];
	struct hf_pw_step *steps;
	struct hf_pw_clock clocks[HF_PW_CLOCKS];
	struct hf_pw_task *tasks;
	struct hf_pw_measure *measures;
	struct hf_pw_guard *enter, *exclude;
	const char **forms;
	size_t n_states, n_events, n_roles, n_facts, n_steps, n_clocks, n_tasks,
	    n_measures, n_enter, n_exclude, n_forms;
	uint8_t start;
	/* Steps of (state, event): index of the first in .by_place, and one behind. */
	uint16_t place[HF_PW_STATES][HF_PW_EVENTS + 1];
	uint16_t *by_place;
	struct hf_sv *vars; /* names that guards may use */
	size_t n_vars;
};

/* What it decides, as one number: states, events, roles, steps, guards, clocks and what
 * they set going.  Titles, tasks' words and measures are none of it, so a document that
 * only reads better has the same. */
uint64_t hf_pw_digest(const struct hf_pathway *p);

/* What else the program has, for names to be checked against; NULL: not checked. */
struct hf_pw_world {
	bool (*role)(const char *code);
	bool (*form)(const char *id);
	bool (*pathway)(const char *id);
};

/* Reads and checks a document; findings with "file:line" in issues, warnings among
 * them.  HF_INVALID when there are errors (*out is left alone), HF_TOO_LONG when the
 * arena is full.  The pathway lies in arena, but for its guards: hf_pathway_free(). */
enum hf_rc hf_pathway_load(const char *name, struct hf_sv text,
			   const struct hf_pw_world *world, struct hf_arena *arena,
			   struct hf_issues *issues, struct hf_pathway **out,
			   struct hf_err *err);
void hf_pathway_free(struct hf_pathway *p); /* the guards; NULL is fine */

/* Index by id; -1 when there is none. */
int hf_pw_state(const struct hf_pathway *p, struct hf_sv id);
int hf_pw_event(const struct hf_pathway *p, struct hf_sv id);
int hf_pw_role(const struct hf_pathway *p, struct hf_sv code);
int hf_pw_fact(const struct hf_pathway *p, struct hf_sv id);

/* ---- running ---- */

enum hf_pw_run_state {
	HF_RUN_RUNNING,
	HF_RUN_PAUSED,
	HF_RUN_MET,   /* stopped within its limit */
	HF_RUN_LATE,  /* stopped after it */
	HF_RUN_ENDED, /* the instance ended first */
	HF_RUN_SUPERSEDED
};

/* A clock that has begun.  It is never changed but to go on: what was wrong is
 * superseded by a new one. */
struct hf_pw_run {
	uint8_t clock, limit; /* indexes */
	uint8_t state;	      /* enum hf_pw_run_state */
	bool breached;
	uint16_t marks; /* set of those that fired */
	hf_time start, due, paused_at, stopped;
	int64_t paused_ms; /* gross is net and this */
};

struct hf_pw_instance {
	uint8_t state, resume;
	bool interrupted; /* by a step that does; what interrupts again resumes there
			     too */
	bool ended;
	uint8_t n_runs;
	uint32_t n_fired;
	hf_time entered, last;		/* the state; the last event */
	hf_time event_at[HF_PW_EVENTS]; /* last time of each; 0: never */
	struct hf_pw_run runs[HF_PW_RUNS];
};

/* A fact's value; kind HF_PV_NODE with node HF_JSON_NONE: not known. */
struct hf_pw_facts {
	struct hf_pv values[HF_PW_FACTS];
	hf_pw_set known; /* 1 << fact */
	int age;	 /* years; below 0: not known */
};

enum hf_pw_effect_kind {
	HF_PW_MOVED,	     /* .what: the step's id */
	HF_PW_ACTION,	     /* .what: "task:invite" */
	HF_PW_CLOCK_STARTED, /* .clock, .due */
	HF_PW_CLOCK_STOPPED,
	HF_PW_CLOCK_PAUSED,
	HF_PW_CLOCK_RESUMED,
	HF_PW_CLOCK_SUPERSEDED,
	HF_PW_CLOCK_ENDED,
	HF_PW_MARKED, /* .what: the mark's id */
	HF_PW_BREACHED
};

struct hf_pw_effect {
	enum hf_pw_effect_kind kind;
	hf_time at;
	const char *what;
	uint8_t run; /* index in .runs, of clocks */
	hf_time due;
};

struct hf_pw_effects {
	struct hf_pw_effect items[HF_PW_EFFECTS];
	size_t n;
	int step; /* index of the step taken; -1: none */
};

struct hf_pw_asked {
	int event;
	hf_time at;
	hf_pw_set roles; /* of whoever does it; 0: the system */
	const struct hf_pw_facts *facts;
	const struct hf_hours *hours; /* of the service, for opening clocks; NULL */
};

/* A new instance in the start state, entered at at; clocks that start with it run. */
enum hf_rc hf_pw_begin(const struct hf_pathway *p, const struct hf_pw_asked *asked,
		       struct hf_arena *scratch, struct hf_pw_instance *out,
		       struct hf_pw_effects *effects, struct hf_err *err);

/* Moves the instance by an event.  Clock marks and breaches due before it come first.
 * HF_RULE when it cannot be done now: no step for it here, a role is missing, the
 * guard is false or not known; the text says which and the instance is as before.
 * scratch is used for guards and may be reset by the caller afterwards. */
enum hf_rc hf_pw_fire(const struct hf_pathway *p, struct hf_pw_instance *instance,
		      const struct hf_pw_asked *asked, struct hf_arena *scratch,
		      struct hf_pw_effects *effects, struct hf_err *err);

/* When the next mark or breach is due; HF_TIME_MAX for none. */
hf_time hf_pw_next(const struct hf_pathway *p, const struct hf_pw_instance *instance);
/* Fires what is due up to and with now, each once, in the order of time. */
void hf_pw_tick(const struct hf_pathway *p, struct hf_pw_instance *instance,
		hf_time now, struct hf_pw_effects *effects);

/* Whether an event could be fired now, and if not why; for pages that show moves. */
enum hf_rc hf_pw_may(const struct hf_pathway *p, const struct hf_pw_instance *instance,
		     const struct hf_pw_asked *asked, struct hf_arena *scratch,
		     int *step, struct hf_err *err);

/* enter and exclude for a person: 1 yes, 0 no, -1 not known ("ask"). */
int hf_pw_fits(const struct hf_pathway *p, const struct hf_pw_facts *facts,
	       struct hf_arena *scratch);

/* A guard: 1 true, 0 false, -1 not known (empty, or it cannot be evaluated). */
int hf_pw_holds(const struct hf_pathway *p, const struct hf_pw_guard *guard,
		const struct hf_pw_instance *instance, const struct hf_pw_facts *facts,
		hf_time now, struct hf_arena *scratch);

/* ---- the test bench: given, when, then ---- */

struct hf_pw_case_report {
	size_t cases, failed;
	hf_pw_set covered[(HF_PW_STEPS + 63) / 64]; /* steps that were taken */
};

/* Runs the cases of a document (definitions/pathways/README.md) on a pathway; what does
 * not come as it says goes to issues with its line.  HF_INVALID when the document
 * itself is wrong. */
enum hf_rc hf_pw_cases(const struct hf_pathway *p, const char *name, struct hf_sv text,
		       struct hf_arena *arena, struct hf_issues *issues,
		       struct hf_pw_case_report *report, struct hf_err *err);

/* A state diagram as SVG. */
void hf_pw_draw(const struct hf_pathway *p, struct hf_buf *out);

/* What b does otherwise than a, one line each; nothing when they are the same. */
void hf_pw_diff(const struct hf_pathway *a, const struct hf_pathway *b,
		struct hf_buf *out);

/* The shipped definitions, and their cases. */
extern const struct hf_definition_text hf_pathways_builtin[];
extern const size_t hf_n_pathways_builtin;
extern const struct hf_definition_text hf_pathway_cases_builtin[];
extern const size_t hf_n_pathway_cases_builtin;

#endif
