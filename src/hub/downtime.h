/* downtime.h - the pack for when nothing answers: pages of plain HTML that can be read
 * from a folder and printed, one for each team and one that leads to them (HZ13).
 * Pure.
 *
 * A page needs nothing but itself: no script, no other file, no server.  It says when
 * it was made and from when on it is out of date, for whoever reads it cannot ask. */
#ifndef HF_HUB_DOWNTIME_H
#define HF_HUB_DOWNTIME_H

#include "base/buf.h"
#include "base/time.h"

enum { HF_DOWNTIME_CLOCKS = 8, HF_DOWNTIME_FACTS = 40, HF_DOWNTIME_NAME = 80 };

struct hf_downtime_clock {
	struct hf_sv title;
	hf_time start, due; /* due HF_TIME_MAX: when it will be open again */
	bool paused, breached;
};

/* "Telephone", "0113 496 0123"; several may have one label. */
struct hf_downtime_fact {
	struct hf_sv label, text;
};

/* An open referral.  Views are borrowed; n 0: not known. */
struct hf_downtime_entry {
	struct hf_sv id;   /* of the Task: the last characters are its mark on paper */
	struct hf_sv team; /* id; n 0: the hub has it */
	struct hf_sv team_name;
	struct hf_sv name, born, age, sex, nhs;
	struct hf_sv urgency, state, problem;
	hf_time received, since;
	hf_time next; /* the first clock that runs out; HF_TIME_MAX */
	struct hf_downtime_clock clocks[HF_DOWNTIME_CLOCKS];
	size_t n_clocks;
	struct hf_downtime_fact facts[HF_DOWNTIME_FACTS];
	size_t n_facts;
};

struct hf_downtime_team {
	struct hf_sv id, name, provider, phone;
	int free; /* slots; below 0: it keeps none */
};

struct hf_downtime {
	hf_time at;				 /* when it was read */
	int every_minutes;			 /* how often it is made; 0: once */
	struct hf_sv hub;			 /* its name */
	const struct hf_downtime_entry *entries; /* by .next */
	size_t n;
	const struct hf_downtime_team *teams; /* by name */
	size_t n_teams;
};

/* Appends the page of a team, or of what the hub has (team NULL). */
void hf_downtime_page(const struct hf_downtime *pack,
		      const struct hf_downtime_team *team, struct hf_buf *out);
/* Appends the first page: the teams, and all that runs out, soonest first. */
void hf_downtime_index(const struct hf_downtime *pack, struct hf_buf *out);

/* The file of a team's page, "team-ID.html" ("hub.html" for n 0), with nothing in it
 * that a folder could misread. */
void hf_downtime_file(struct hf_sv team, char name[HF_DOWNTIME_NAME]);

#endif
