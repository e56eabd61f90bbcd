/* lead.h - is the hub keeping up?  Figures over referrals, and which referrals are
 * behind each of them.  Pure.
 *
 * A figure is a count of the referrals that hf_lead_is() says yes to, and nothing
 * else: what stands behind a figure is asked by the same rule and cannot differ. */
#ifndef HF_HUB_LEAD_H
#define HF_HUB_LEAD_H

#include "base/arena.h"
#include "base/err.h"
#include "hub/event.h"

enum {
	HF_LEAD_HOURS = 24,
	HF_LEAD_MONTHS = 13, /* this month and the twelve before it */
	HF_LEAD_MOST = 4000000
};

/* How a referral ended without a contact; reports these apart. */
enum hf_lead_exit {
	HF_EXIT_NONE, /* it goes on, or there was a contact */
	HF_EXIT_DUPLICATE,
	HF_EXIT_CONVEYED, /* the ambulance came first */
	HF_EXIT_DECLINED, /* by the person */
	HF_EXIT_DIED,
	HF_EXIT_OTHER, /* advised, rejected, redirected, admitted, not found, in error
			*/
	HF_EXITS
};
const char *hf_lead_exit_code(enum hf_lead_exit exit); /* "duplicate" …; "" for none */
const char *hf_lead_exit_text(enum hf_lead_exit exit);

/* The run of a clock that counts: the last one that was not superseded (R-2.13: a later
 * C1 beside an earlier one). */
struct hf_lead_clock {
	bool began, breached;
	uint8_t state; /* enum hf_pw_run_state */
	hf_time start, due, stopped;
	int64_t paused_ms;
};

/* A refusal for want of capacity: a team declined, or the hub rejected. */
struct hf_lead_refusal {
	hf_time at;
	bool rejected; /* by the hub: nobody took it */
};
/* A clock that ran out. */
struct hf_lead_breach {
	uint8_t clock; /* index in the pathway */
	hf_time at;
	struct hf_sv reason, note; /* n 0: none was given yet */
};
enum { HF_LEAD_REFUSALS = 4, HF_LEAD_BREACHES = 6 };

struct hf_lead_referral {
	struct hf_sv id;		/* of the Task */
	struct hf_sv locality, service; /* ids; n 0: not known */
	struct hf_sv asked, urgency;	/* "U1"; urgency n 0 until triage */
	struct hf_sv state;
	bool open;
	hf_time received;
	hf_time contact; /* the first; 0: none */
	enum hf_lead_exit exit;
	struct hf_lead_clock c1, c3;
	hf_time due; /* the earliest of clocks that run; HF_TIME_MAX */
	struct hf_lead_refusal refusals[HF_LEAD_REFUSALS];
	struct hf_lead_breach breaches[HF_LEAD_BREACHES];
	uint8_t n_refusals, n_breaches;
};

/* What a referral's story says, but for the id.  Views lie in arena or point to the
 * pathway; of more refusals or breaches than there is room for the last are kept. */
void hf_lead_of_story(const struct hf_story *story, struct hf_arena *arena,
		      struct hf_lead_referral *out);

/* ---- what is behind a figure ---- */

enum hf_lead_figure {
	HF_LEAD_ARRIVED, /* received in an hour */
	HF_LEAD_TRIAGED, /* triage decided in the last 24 hours */
	HF_LEAD_TRIAGED_LATE,
	HF_LEAD_UNTRIAGED, /* waits for triage */
	HF_LEAD_WAITING,   /* open, no contact yet, by urgency */
	HF_LEAD_WAITING_LATE,
	HF_LEAD_SCOPE,	  /* U1 with C1 started, by month received */
	HF_LEAD_CONTACTS, /* … and a contact: the denominator */
	HF_LEAD_MET,	  /* … within two hours: the numerator */
	HF_LEAD_MISSED,
	HF_LEAD_EXCLUDED,     /* … no contact, ended, by how */
	HF_LEAD_ALL_CONTACTS, /* contacts of all that ever had a C1 */
	HF_LEAD_UNMET,	      /* refused for capacity, by hour and place */
	HF_LEAD_LOCALITY,     /* open in a locality */
	HF_LEAD_LOCALITY_LATE,
	HF_LEAD_FIGURES
};

struct hf_lead_ask {
	enum hf_lead_figure figure;
	hf_time hour; /* ARRIVED, UNMET: start of the hour; 0: the last 24 hours */
	int32_t year; /* SCOPE … ALL_CONTACTS */
	int month;    /* 1 … 12 */
	bool urgent;  /* TRIAGED, TRIAGED_LATE, UNTRIAGED: of those or the others */
	bool any;     /* UNMET, LOCALITY: of any locality and service */
	struct hf_sv urgency;		/* WAITING, WAITING_LATE */
	struct hf_sv locality, service; /* UNMET, LOCALITY; n 0: not known */
	enum hf_lead_exit exit;		/* EXCLUDED; NONE: any */
};

/* Reads "arrived", "triaged" …; -1 when there is none of this name. */
int hf_lead_figure_find(struct hf_sv name);
const char *hf_lead_figure_name(enum hf_lead_figure figure);

bool hf_lead_is(const struct hf_lead_referral *r, const struct hf_lead_ask *ask,
		hf_time now);

/* ---- figures ---- */

/* Start of the hour that t is in.  London's clock is whole hours from UTC. */
hf_time hf_lead_hour(hf_time t);
/* Triage within 15 minutes is for these: U0 … U3 asked for. */
bool hf_lead_urgent(const struct hf_lead_referral *r);
/* The urgency that counts: of triage, else as asked. */
struct hf_sv hf_lead_urgency(const struct hf_lead_referral *r);

struct hf_lead_triage { /* of the last 24 hours; times without pauses */
	unsigned n, late, waiting;
	int64_t median_ms, p90_ms; /* -1 when n is 0 */
	int64_t gross_ms;	   /* median with pauses; -1 */
	int64_t oldest_ms;	   /* of those that wait; -1 */
};
struct hf_lead_wait {
	struct hf_sv urgency;
	unsigned n, late;
	int64_t oldest_ms; /* since it was received; -1 */
};
struct hf_lead_month { /* */
	int32_t year;
	int month;
	unsigned scope, contacts, met, all;
	unsigned excluded[HF_EXITS];
};
struct hf_lead_unmet { /* */
	struct hf_sv locality, service;
	hf_time hour;
	unsigned n;
};
struct hf_lead_place {
	struct hf_sv locality;
	unsigned open, late;
};

/* The waiting bands of the national return: 0–1, 1–2, 2–4, 4–12, 12–18, 18–52,
 * 52–104 and over 104 weeks.  Who waited exactly 18 weeks, as C4 counts them (126 days
 * to the same time of day in London), is within them: the upper end belongs to a band.
 * to before from is the first band. */
enum { HF_LEAD_BANDS = 8 };
size_t hf_lead_band(hf_time from, hf_time to); /* 0 … HF_LEAD_BANDS - 1 */
const char *hf_lead_band_text(size_t band);    /* "12 to 18 weeks"; "" for none */

enum { HF_LEAD_URGENCIES = 9 }; /* U0 … U6, A0, none yet */
struct hf_lead_figures {
	hf_time at;
	hf_time hours[HF_LEAD_HOURS]; /* oldest first; the last is not over yet */
	unsigned arrivals[HF_LEAD_HOURS];
	struct hf_lead_triage triage[2];	      /* urgent, others */
	struct hf_lead_wait waits[HF_LEAD_URGENCIES]; /* those with n > 0 */
	size_t n_waits;
	struct hf_lead_month months[HF_LEAD_MONTHS]; /* this one first */
	struct hf_lead_unmet *unmet;		     /* by hour, locality, service */
	size_t n_unmet;
	struct hf_lead_place *places; /* by locality */
	size_t n_places;
};

/* Counts.  HF_TOO_LONG when the arena is full or n is above HF_LEAD_MOST. */
enum hf_rc hf_lead_count(const struct hf_lead_referral *referrals, size_t n,
			 hf_time now, struct hf_arena *arena,
			 struct hf_lead_figures *out, struct hf_err *err);

#endif
