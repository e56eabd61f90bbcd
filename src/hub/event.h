/* event.h - what happened to a referral, and the state that follows.  Pure.
 *
 * An event stands in the Task as an input.  It holds everything that decided: the
 * facts as they were given, the step that was taken.  So the state is the replay of
 * the events, and the same at any later time, whatever has been learned since. */
#ifndef HF_HUB_EVENT_H
#define HF_HUB_EVENT_H

#include "fhir/json.h"
#include "pathway/pathway.h"

#define HF_HUB_CODES "https://homefirst.example/CodeSystem/"
#define HF_HUB_TIME  "@time"	 /* the event that only time has passed */
#define HF_HUB_TAKEN "@migrated" /* the instance went on with another version */

enum {
	HF_EVENTS_MOST = 400, /* of one referral */
	HF_EVENTS_KEPT = 150  /* of them for what moves it: no message may take these */
};

struct hf_hub_event {
	hf_time at;
	/* Of what was done without a network and told later: when it was done by the
	 * device's clock, and when we heard of it; 0: at.  at is never before what
	 * stood there already, so it may be later than done. */
	hf_time done, told;
	struct hf_sv event; /* id of the pathway's, or HF_HUB_TIME */
	struct hf_sv role;  /* of definitions/access/roles.json */
	struct hf_sv by;    /* "Practitioner/ID" or "user/ID" */
	struct hf_sv name;  /* of whoever did it */
	struct hf_sv step;
	struct hf_sv facts; /* JSON object: all facts that held */
	struct hf_sv given; /* JSON object: what was said, codes and texts */
	struct hf_sv note, team, team_name;
	struct hf_sv hours;  /* of the service, at submit: see hf_hours_write() */
	struct hf_sv shown;  /* JSON object of what boards show, at submit */
	struct hf_sv to;     /* of an instance: the state it led to, in words */
	struct hf_sv digest; /* of the definition, where a version begins */
	int age;	     /* years; below 0: not known */
};

/* The JSON object of an input's valueString. */
void hf_event_write(const struct hf_hub_event *event, struct hf_buf *out);
/* Reads it; views lie in text or arena.  HF_INVALID names the member. */
enum hf_rc hf_event_read(struct hf_sv event, struct hf_sv text, struct hf_arena *arena,
			 struct hf_hub_event *out, struct hf_err *err);

/* Facts of a JSON object as the pathway asks them; views lie in arena.  HF_INVALID
 * names one that is none, is of another kind or has a code that is none. */
enum hf_rc hf_event_facts(const struct hf_pathway *p, struct hf_sv facts, int age,
			  struct hf_arena *arena, struct hf_pw_facts *out,
			  struct hf_err *err);

/* Opening hours as text, so that a replay does not depend on what they are later:
 * seven days "0800-2000" (several spans with +) between commas, then ";" and bank
 * holidays ("week": as the day), then ";YYYY-MM-DD=…" for exceptions. */
struct hf_sv hf_hours_write(const struct hf_hours *hours, struct hf_arena *arena);
bool hf_hours_read(struct hf_sv text, struct hf_hours *out);

/* An instance as it stands, for the event HF_HUB_TAKEN: {"state","resume",…}, members
 * of an object that is open; and read again.  HF_INVALID names what the pathway has
 * not. */
void hf_snapshot_write(const struct hf_pathway *p, const struct hf_pw_instance *in,
		       struct hf_jw *w);
enum hf_rc hf_snapshot_read(const struct hf_pathway *p, struct hf_sv text,
			    struct hf_arena *arena, struct hf_pw_instance *out,
			    struct hf_err *err);

struct hf_replay {
	const struct hf_pathway *p;
	struct hf_pw_instance in;
	struct hf_pw_effects effects; /* of the last event */
	struct hf_hours hours;
	bool has_hours;
	struct hf_arena *arena;
	size_t n; /* events so far */
};

void hf_replay_begin(struct hf_replay *r, const struct hf_pathway *p,
		     struct hf_arena *arena);
/* Moves it by one event.  roles: of whoever did it; a recorded event is taken as it
 * was decided then (all roles).  HF_RULE as hf_pw_fire(). */
enum hf_rc hf_replay_event(struct hf_replay *r, const struct hf_hub_event *event,
			   hf_pw_set roles, struct hf_err *err);

/* The events of a Task in order, and its state.  HF_INVALID when it is no referral,
 * HF_TOO_LONG past HF_EVENTS_MOST. */
struct hf_story {
	struct hf_hub_event *events;
	size_t n;
	uint8_t *states; /* state after each event */
	struct hf_replay replay;
};
/* Told of each event as it is replayed, before the next: what came of it is in r.  A
 * story that went over to another version is replayed from there on, of what stands in
 * the event HF_HUB_TAKEN: what was before is read and not replayed. */
typedef enum hf_rc hf_story_seen(void *ctx, const struct hf_hub_event *e,
				 const struct hf_replay *r, struct hf_err *err);
enum hf_rc hf_story_follow(const struct hf_pathway *p, const struct hf_json *task,
			   struct hf_arena *arena, hf_story_seen *seen, void *ctx,
			   struct hf_story *out, struct hf_err *err);
enum hf_rc hf_story_read(const struct hf_pathway *p, const struct hf_json *task,
			 struct hf_arena *arena, struct hf_story *out,
			 struct hf_err *err);

#endif
