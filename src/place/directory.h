/* directory.h - the directory of services: which teams there are, for whom, when they
 * are open, what they can take, and who should be asked first.  Pure.
 *
 * A team is a HealthcareService of the record (R-2.14, docs/interfaces/directory.md);
 * place/io/directory.h reads them.  Committed slots are not kept: whoever asks says
 * what is allocated. */
#ifndef HF_PLACE_DIRECTORY_H
#define HF_PLACE_DIRECTORY_H

#include "base/arena.h"
#include "base/err.h"
#include "pathway/hours.h"

enum {
	HF_TEAM_CODES = 24,	 /* of a list of codes: skills, conditions … */
	HF_TEAM_PARTS = 4,	 /* parts of the day with a capacity of their own */
	HF_DIRECTORY_MOST = 4096 /* teams of a place */
};

struct hf_codes {
	struct hf_sv items[HF_TEAM_CODES];
	size_t n;
};

/* Slots of 60 minutes with travel, in [from, to) minutes of the day in London
 * by day of the week. */
struct hf_day_part {
	int16_t from, to;
	int16_t staffed[7]; /* 0 Monday */
};

struct hf_team {
	struct hf_sv id;	    /* of the HealthcareService */
	struct hf_sv name, service; /* service: code of what it offers, "ucr" */
	struct hf_sv provider, provider_name; /* Organization id, name */
	struct hf_sv ods;		      /* of the provider, upper case */
	struct hf_codes localities; /* Organization ids; n 0: the whole place */
	struct hf_codes postcodes;  /* outward codes or sectors, beside the above */
	int age_min, age_max;	    /* years; 0 … 130 */
	struct hf_sv sex;	    /* "male", "female"; n 0: all */
	struct hf_codes referrers;  /* source codes allowed; n 0: all */
	struct hf_codes conditions_in, conditions_out; /* in: n 0: all */
	struct hf_codes skills;
	struct hf_codes urgencies; /* "U1" …; n 0: all */
	struct hf_hours hours;
	struct hf_day_part parts[HF_TEAM_PARTS];
	size_t n_parts;
	int reserved_percent;	      /* for urgent; 25 unless it says otherwise */
	int travel_min;		      /* usual time to a person of its localities */
	int travel_far_min;	      /* and beyond them */
	int inherited;		      /* people it could not give back */
	struct hf_sv inherited_until; /* date of the exit plan */
	struct hf_sv phone, endpoint;
	int64_t verified; /* day since 1970-01-01; INT64_MIN: never */
	bool active;
};

struct hf_directory {
	struct hf_team *items;
	size_t n;
};

bool hf_codes_have(const struct hf_codes *codes, struct hf_sv code);

/* Verified 90 days ago or more, or never.  Days are those of London. */
bool hf_team_stale(const struct hf_team *team, hf_time now);

struct hf_capacity {
	int staffed, committed, reserved, free; /* slots; free is never below 0 */
	int16_t from, to; /* of the part of the day; both 0: none has slots */
	bool counted;	  /* false: the team keeps no slots, and is never full */
};
/* Of the part of the day at, or the next one that has slots: in the evening that is the
 * next morning's, as the ranking has it.  urgent: the
 * reserve may be used.  opel 3 and above raises the reserve to 40 % (R-2.21) of teams
 * that hold one.  The reserve is rounded to the nearest slot. */
struct hf_capacity hf_team_capacity(const struct hf_team *team, hf_time at,
				    int committed, bool urgent, int opel);

/* Which team?  What is not known bars nobody, so that a person without an
 * address or a date of birth can be sent a team. */
struct hf_dispatch_ask {
	struct hf_sv locality; /* Organization id; n 0: not known */
	struct hf_sv postcode;
	int age; /* below 0: not known */
	struct hf_sv sex, urgency, condition, source;
	struct hf_codes skills;	  /* needed */
	struct hf_codes excluded; /* teams or providers: rejected by the person, or
				   * asked already */
	struct hf_sv current;	  /* team that looks after the person now; n 0: none */
	hf_time now, due;	  /* due HF_TIME_MAX: no clock */
	int opel;
	bool lead; /* a lead approves: routine at OPEL 3 */
};

struct hf_dispatch_weights {
	int continuity, locality, arrival, load;
};
extern const struct hf_dispatch_weights hf_dispatch_weights; /* 40, 25, 25, 10 */

enum hf_dispatch_bar { /* why not, as a set */
		       HF_BAR_INACTIVE = 1,
		       HF_BAR_AREA = 2,
		       HF_BAR_CLOSED = 4, /* shut now, and cannot be there in time */
		       HF_BAR_URGENCY = 8,
		       HF_BAR_AGE = 16,
		       HF_BAR_SEX = 32,
		       HF_BAR_SKILLS = 64,
		       HF_BAR_CONDITION = 128,
		       HF_BAR_REFERRER = 256,
		       HF_BAR_CAPACITY = 512, /* no free slot begins in time */
		       HF_BAR_EXCLUDED = 1024,
		       HF_BAR_LEAD = 2048 /* routine at OPEL 3: a lead has to approve */
};
enum { HF_DISPATCH_BARS = 12 };
/* "it is closed and does not open in time"; bar is one of them. */
const char *hf_dispatch_bar_text(enum hf_dispatch_bar bar);

struct hf_dispatch_choice {
	uint32_t team;	 /* index in the directory */
	uint32_t bars;	 /* 0: may be asked */
	int score;	 /* 0 … 100, in hundredths of a point */
	int parts[4];	 /* continuity, locality, arrival, load, in hundredths */
	hf_time arrival; /* earliest feasible; HF_TIME_MAX: none within a week */
	struct hf_capacity capacity; /* of the part of the day it would come in */
};

/* U0 to U4, which may use the reserve; U5 and U6 are routine (section 2.3, FHIR
 * priority).  No urgency is neither. */
bool hf_urgency_urgent(struct hf_sv code);
bool hf_urgency_routine(struct hf_sv code);

/* Ranks all teams: those that may be asked first, by score, then arrival, then id;
 * then the others, those with the fewest bars first.
 *
 * A team sets off when it is open and has a free slot: what is committed fills the
 * parts of the day in turn.  It arrives after its travel, while it is still open.  A
 * team that is open now may be asked although its travel is longer than what is left.
 * Points: continuity and locality (listed by the team; not for the whole place) all or
 * none; arrival by the share of the time to due that it leaves (of 24 hours when there
 * is no clock, of 2 when the clock is over); load by the share of slots that are free,
 * half when the team keeps none.
 *
 * committed[i] is team i's.  out has room for directory->n.  No allocation. */
void hf_dispatch_rank(const struct hf_directory *directory, const int *committed,
		      const struct hf_dispatch_ask *ask,
		      const struct hf_dispatch_weights *weights,
		      struct hf_dispatch_choice *out);

#endif
