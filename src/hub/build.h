/* build.h - the resources of a referral (docs/interfaces/hub.md), as JSON.  Pure.
 *
 * Each appends one resource to a buffer.  References are texts as they shall stand
 * ("Patient/ID", or the urn:uuid of another resource of the same change). */
#ifndef HF_HUB_BUILD_H
#define HF_HUB_BUILD_H

#include "hub/event.h"
#include "hub/intake.h"

/* What the resources of one change have in common. */
struct hf_build {
	hf_time at;
	hf_time recorded;		     /* when that was later than at; 0: at */
	struct hf_sv patient, request, task; /* references */
	struct hf_sv who, who_name, role; /* who: "Practitioner/ID"; n 0: the system */
	struct hf_sv hub, hub_name;	  /* "Organization/ID" */
	struct hf_buf *out;
};

/* Somebody new. */
void hf_build_patient(const struct hf_build *b, const struct hf_intake *in,
		      struct hf_sv practice);
/* What was asked; answers: reference to the QuestionnaireResponse; replaces: of a
 * redirected one, n 0: none.  performer: n 0: the hub. */
struct hf_build_request {
	struct hf_sv answers, replaces, performer;
	struct hf_sv requester, requester_name;
	struct hf_sv asked, service, condition, problem, problem_code;
	struct hf_sv decided;
};
void hf_build_request(const struct hf_build *b, const struct hf_build_request *r);
/* A copy of doc with another status. */
void hf_build_status(const struct hf_json *doc, struct hf_sv status,
		     struct hf_buf *out);

/* The referral's Task: new when doc is NULL, else a copy of doc moved on. */
struct hf_build_task {
	const char *kind, *states; /* code, list of states; NULL: of a referral */
	const struct hf_json *doc;
	const struct hf_pathway *pathway;
	uint8_t state;
	struct hf_sv owner, owner_name; /* n 0 with doc: as it is */
	struct hf_sv urgency;		/* for priority; n 0 with doc: as it is */
	struct hf_sv requester, requester_name, condition;
	bool withheld;			   /* new: from the person's own view */
	const struct hf_hub_event *events; /* to be appended */
	size_t n;
	bool open; /* of an instance: it goes on, or something is left to do */
};
void hf_build_task(const struct hf_build *b, const struct hf_build_task *t);

/* A Task that is part of it. */
struct hf_build_part {
	const char *kind; /* offer, alert, work, breach */
	const char *id;	  /* which: mark, clock or task of the pathway; "" */
	struct hf_sv text;
	struct hf_sv owner, owner_name; /* a team */
	const char *role;		/* a role of the pathway; "" */
	hf_time due;			/* HF_TIME_MAX: none */
	const char **forms;		/* ids of what is to be filled in */
	size_t n_forms;
};
void hf_build_part(const struct hf_build *b, const struct hf_build_part *p);
/* A copy of a part with another status, and a reason (code, text; n 0: none). */
void hf_build_part_moved(const struct hf_build *b, const struct hf_json *doc,
			 const char *status, const char *list, struct hf_sv code,
			 struct hf_sv text);

void hf_build_provenance(const struct hf_build *b, struct hf_sv event,
			 struct hf_sv title, struct hf_sv reason);
/* category: notice or message; to: reference; n 0: whoever reads it. */
void hf_build_communication(const struct hf_build *b, const char *category,
			    struct hf_sv to, struct hf_sv to_name, struct hf_sv text);
void hf_build_flag(const struct hf_build *b, struct hf_sv category, struct hf_sv text);
/* NEWS2 of the values given; complete: with the total. */
void hf_build_news2(const struct hf_build *b, const struct hf_score *score,
		    const struct hf_score_value *values, size_t n,
		    const struct hf_score_result *result, hf_time taken);
void hf_build_cfs(const struct hf_build *b, int cfs);
/* All that was said, by linkId. */
void hf_build_answers(const struct hf_build *b, const struct hf_intake *in);
/* The team's episode; doc: the one that ends. */
void hf_build_episode(const struct hf_build *b, struct hf_sv org, struct hf_sv team);
/* The episode of an instance of a pathway; org: who looks after it. */
void hf_build_episode_of(const struct hf_build *b, const struct hf_pathway *p,
			 struct hf_sv org, struct hf_sv org_name);
void hf_build_episode_end(const struct hf_build *b, const struct hf_json *doc);
/* A contact that begins or ends; person: at home, else by telephone or video. */
void hf_build_encounter(const struct hf_build *b, struct hf_sv org,
			struct hf_sv episode, bool person);
void hf_build_encounter_end(const struct hf_build *b, const struct hf_json *doc,
			    struct hf_sv outcome);

#endif
