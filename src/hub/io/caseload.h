/* caseload.h - people on pathways: instances of any definition but the referral.
 *
 * The record is the truth: an instance is a Task whose inputs are its events, beside it
 * an EpisodeOfCare; state, clocks and what is left to do are their replay, by the same
 * functions as a referral's (event.h).  What the hub decides by rules of its own
 * (offers, teams, urgency) is none of this.  What is open is kept in memory for lists
 * and clocks, and read again at the start. */
#ifndef HF_HUB_IO_CASELOAD_H
#define HF_HUB_IO_CASELOAD_H

#include "hub/case_parts.h"
#include "hub/io/hub.h"

struct hf_caseload;

struct hf_caseload_config {
	struct hf_store *store;
	struct hf_hub *hub;  /* for opening hours of teams; NULL: none */
	struct hf_sv base;   /* our own address, for references; n 0: none */
	const char *folder;  /* pathways of the place, *.json; NULL: none */
	const char *another; /* one file more (migrate); NULL */
	bool drafts; /* such as nobody has approved may begin: for trials alone */
	bool clocks; /* run a thread that fires marks and breaches */
	bool strays; /* go on with instances that cannot be read left out */
};

/* A definition that instances have, or may have. */
struct hf_case_def {
	const struct hf_pathway *p;
	uint64_t digest;
	bool newest;			   /* of its id: what begins is this one */
	bool place;			   /* the place's own, not the program's */
	struct hf_path *from[HF_PW_FACTS]; /* by fact; NULL: nobody finds it out */
	hf_type_id from_type[HF_PW_FACTS];
};

enum { HF_CASE_CLOCKS = 16 };
struct hf_case_row {
	hf_rid rid; /* of the Task */
	uint32_t version;
	bool open; /* it goes on, or something is left to do */
	bool ended;
	const struct hf_case_def *def;
	uint8_t state;
	struct hf_sv id, patient, name, born, nhs;
	struct hf_sv owner, owner_name; /* reference */
	hf_time began, since;
	struct hf_hub_clock clocks[HF_CASE_CLOCKS]; /* newest of each that began */
	size_t n_clocks;
	hf_time next, wake;
	struct hf_case_part parts[HF_CASE_PARTS];
	size_t n_parts;
};

/* Reads the definitions, and every instance that is open.  HF_INVALID when a document
 * of the place is wrong (the log has each finding with its line).  HF_RULE when
 * instances cannot be read by the definitions that are here: the text has how many of
 * which pathway and version, the log the Tasks. */
enum hf_rc hf_caseload_open(const struct hf_caseload_config *config,
			    struct hf_caseload **out, struct hf_err *err);
void hf_caseload_close(struct hf_caseload *cl); /* NULL is fine */

const struct hf_case_def *hf_caseload_defs(const struct hf_caseload *cl, size_t *n);
/* The newest of an id, or a stated version; NULL: there is none. */
const struct hf_case_def *hf_caseload_def(const struct hf_caseload *cl, struct hf_sv id,
					  struct hf_sv version);
/* Why nobody can begin with it, in words; NULL: they can. */
const char *hf_caseload_bar(const struct hf_caseload *cl, const struct hf_case_def *def,
			    hf_time now);

/* Roles of a definition that somebody has; case_roles.def. */
hf_pw_set hf_case_roles(const struct hf_pathway *p, const struct hf_hub_actor *who);

/* A fact as it stands for a person. */
struct hf_case_fact {
	bool known, recorded; /* recorded: found in the record, not said */
	hf_time at;	      /* when it was said, or what the entry is dated */
	struct hf_sv json;    /* the value */
	const char *why;      /* why it is not known; NULL: nobody has said it */
};
/* What the record says about a definition's facts, as this reader may see it. */
enum hf_rc hf_case_facts(struct hf_caseload *cl, struct hf_reader *reader,
			 const struct hf_case_def *def, struct hf_sv patient,
			 hf_time now, struct hf_arena *arena,
			 struct hf_case_fact out[HF_PW_FACTS], int *age,
			 struct hf_err *err);
/* Those that were said to an instance and are newer than what is recorded. */
void hf_case_facts_said(const struct hf_case_def *def, const struct hf_story *story,
			struct hf_arena *arena, struct hf_case_fact facts[HF_PW_FACTS]);
/* As guards ask them: facts as a JSON object with said (an object; n 0: nothing) over
 * them; said facts that the pathway has not, or of another kind, are HF_INVALID. */
enum hf_rc hf_case_facts_make(const struct hf_case_def *def,
			      const struct hf_case_fact facts[HF_PW_FACTS], int age,
			      struct hf_sv said, struct hf_arena *arena,
			      struct hf_sv *json, struct hf_pw_facts *out,
			      struct hf_err *err);

struct hf_case_begin {
	struct hf_sv pathway, patient; /* ids */
	struct hf_sv facts;	       /* what is said; JSON object, n 0: nothing */
	struct hf_sv note;
	struct hf_sv team; /* HealthcareService that owns it; n 0: who begins it */
	hf_time at;
};
struct hf_case_move {
	struct hf_sv id;    /* Task */
	uint32_t version;   /* that was seen; 0: whatever it is */
	struct hf_sv event; /* of the pathway, or HF_CASE_DONE, HF_CASE_FORM */
	struct hf_sv facts; /* said; for the last two what was given */
	struct hf_sv note;
	hf_time at;
};
/* Both check, and prepare the change; then hf_caseload_commit(), or hf_change_submit()
 * and hf_caseload_done().  HF_FORBIDDEN: the role.  HF_RULE: the guard, the state, that
 * it runs already; in words.  HF_STALE: somebody was faster.  HF_INVALID names a fact.
 * HF_NOT_FOUND: no such person, pathway or instance for this reader. */
enum hf_rc hf_caseload_begin(struct hf_caseload *cl, struct hf_reader *reader,
			     const struct hf_hub_actor *who,
			     const struct hf_case_begin *ask, struct hf_arena *arena,
			     struct hf_hub_work **out, struct hf_err *err);
enum hf_rc hf_caseload_move(struct hf_caseload *cl, struct hf_reader *reader,
			    const struct hf_hub_actor *who,
			    const struct hf_case_move *move, struct hf_arena *arena,
			    struct hf_hub_work **out, struct hf_err *err);
void hf_caseload_done(struct hf_caseload *cl, struct hf_hub_work *work);
enum hf_rc hf_caseload_commit(struct hf_caseload *cl, struct hf_reader *reader,
			      struct hf_hub_work *work, struct hf_err *err);
/* The row that work led to; its views lie in work's arena. */
const struct hf_case_row *hf_caseload_work_row(const struct hf_hub_work *work);

/* Open rows, with the caseload locked: put copies what it needs, false stops. */
void hf_caseload_rows(struct hf_caseload *cl,
		      bool (*put)(void *ctx, const struct hf_case_row *row), void *ctx);
/* A copy of one by the id of its Task; false: it is not open, or no memory. */
bool hf_caseload_row(struct hf_caseload *cl, struct hf_sv id, struct hf_arena *arena,
		     struct hf_case_row *out);
/* A copy whose views lie in arena; false without memory. */
bool hf_case_row_copy(const struct hf_case_row *from, struct hf_arena *arena,
		      struct hf_case_row *to);

/* One instance that was read, open or not. */
struct hf_case_read {
	struct hf_version task;
	struct hf_json doc;
	const struct hf_case_def *def;
	struct hf_story story;
	struct hf_case_parts parts;
	struct hf_case_row row;
};
enum hf_rc hf_caseload_read(struct hf_caseload *cl, struct hf_reader *reader,
			    struct hf_sv id, struct hf_arena *arena,
			    struct hf_case_read *out, struct hf_err *err);
/* The instances of a person, open or not, newest first; in arena. */
enum hf_rc hf_caseload_person(struct hf_caseload *cl, struct hf_reader *reader,
			      struct hf_sv patient, struct hf_arena *arena,
			      struct hf_case_row **out, size_t *n, struct hf_err *err);

/* An event in words; one that the definition has not, as its code. */
struct hf_sv hf_case_event_title(const struct hf_pathway *p, struct hf_sv event);

/* Fires everything due up to now; gives how many instances were changed. */
enum hf_rc hf_caseload_tick(struct hf_caseload *cl, hf_time now, size_t *n,
			    struct hf_err *err);

/* Takes every instance of def's pathway over to def, from the versions they have, by
 * rules (JSON, n 0: none).  only_check: looks and changes nothing.  HF_RULE when any
 * would be stranded; out says how many of which version and state, whatever came of
 * it. */
struct hf_case_taken {
	struct hf_sv version, state; /* before */
	size_t n, taken;
	const char *why; /* it cannot go on; NULL: it can */
};
enum hf_rc hf_caseload_migrate(struct hf_caseload *cl, const struct hf_case_def *def,
			       const char *name, struct hf_sv rules, bool only_check,
			       hf_time now, struct hf_arena *arena,
			       struct hf_issues *issues, struct hf_case_taken **out,
			       size_t *n, struct hf_err *err);

#endif
