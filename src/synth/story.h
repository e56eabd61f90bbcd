/* story.h - inside synth: some years of one person's care.
 *
 * A tale holds what is true of the person (conditions, frailty, habits); the
 * functions below write what happened.  Nothing happens before birth, after
 * death or after now. */
#ifndef HF_SYNTH_STORY_H
#define HF_SYNTH_STORY_H

#include "synth/out.h"

#define MINUTES(n) ((hf_time)(n)*60000)
#define HOURS(n)   ((hf_time)(n)*3600000)
#define DAYS(n)	   ((hf_time)(n)*86400000)

enum { MAX_STAYS = 64 };

struct tale {
	struct out *o;
	const struct person *p;
	struct hf_rng rng;
	hf_time from, to; /* of the years told; to is now or death */
	bool has[COND_COUNT];
	uint32_t condition[COND_COUNT]; /* its resource */
	int n_conditions;
	unsigned care; /* set of enum care over all conditions */
	int frailty;   /* Clinical Frailty Scale 1 … 9 */
	int height;    /* cm */
	int weight;    /* 100 g */
	int systolic, egfr, hba1c;
	enum sct smoking;
	bool allergic_to_penicillin, allergic_to_aspirin;
	bool given[MED_COUNT]; /* medicines on repeat */
	uint32_t care_team;    /* 0: none */
	struct {
		hf_time from, to;
	} stays[MAX_STAYS]; /* in hospital; nothing else happens meanwhile */
	int n_stays;
};

struct contact {
	const char *class; /* AMB, EMER, IMP, HH, VR */
	enum sct type;
	const char *text;   /* what it was, in words */
	hf_time start, end; /* end 0: not over */
	const struct org *org;
	int staff;
	uint32_t site;		      /* Location of org; 0: none */
	const struct concept *reason; /* NULL: none */
	struct hf_sv complaint;	      /* n 0: none */
	uint32_t part_of, asked_by;   /* Encounter, ServiceRequest; 0: none */
	uint32_t episode;	      /* EpisodeOfCare; 0: none */
};

/* story.c: what is true of the person; t->o is the caller's to set before anything is
 * told.  The same whoever asks, so that the figures of a person agree with the record.
 */
void hf_tale_begin(struct tale *t, const struct hf_synth_config *c,
		   const struct person *p, int years);

/* draw.c: chance */
uint32_t hf_draw_below(struct tale *t, uint32_t n);
bool hf_draw_chance(struct tale *t, uint32_t percent);
int hf_draw_poisson(struct tale *t, double mean);
int hf_draw_around(struct tale *t, int mean, int sd, int lo, int hi);
/* In the years told, in clinic hours of a working day; and near another time. */
hf_time hf_draw_day(struct tale *t);
hf_time hf_clinic_time(struct tale *t, hf_time near);
/* Is the person in hospital at any time of from … to? */
bool hf_tale_away(const struct tale *t, hf_time from, hf_time to);
void hf_tale_stay(struct tale *t, hf_time from, hf_time to);
int hf_tale_age(const struct tale *t, hf_time at);

/* contact.c */
uint32_t hf_put_contact(struct tale *t, const struct contact *c);
void hf_put_reason(struct tale *t, const struct contact *c);
void hf_out_who(struct tale *t, const char *list, const struct org *org, int staff);
void hf_put_letter(struct tale *t, enum sct kind, const struct org *org, int staff,
		   hf_time at, uint32_t encounter, struct hf_sv text);
uint32_t hf_put_referral(struct tale *t, enum sct what, const char *text,
			 const struct org *by, int staff, const struct org *to,
			 hf_time at, bool urgent, const struct concept *reason);
void hf_put_appointment(struct tale *t, const struct org *org, int staff, hf_time at,
			const char *what, uint32_t referral);
void hf_put_task(struct tale *t, const struct org *by, const struct org *owner,
		 hf_time at, bool done, const char *what, uint32_t referral);
void hf_put_message(struct tale *t, const struct org *from, const struct org *to,
		    hf_time at, struct hf_sv text);
uint32_t hf_put_episode(struct tale *t, const struct org *org, int staff, hf_time from,
			hf_time to, const char *what);

/* observe.c */
void hf_put_vitals(struct tale *t, hf_time at, const struct org *org, int staff,
		   uint32_t encounter); /* blood pressure, pulse */
void hf_put_body(struct tale *t, hf_time at, uint32_t encounter);
void hf_put_smoking(struct tale *t, hf_time at, uint32_t encounter);
void hf_put_frailty(struct tale *t, hf_time at, const struct org *org, int staff,
		    uint32_t encounter);
void hf_put_phq9(struct tale *t, hf_time at, const struct org *org, int staff,
		 uint32_t encounter);
/* A report and its results; tests is a set of enum care. */
void hf_put_bloods(struct tale *t, hf_time at, const struct org *org, int staff,
		   uint32_t encounter, unsigned tests);
/* A full NEWS2 set; ill 0 … 10. */
void hf_put_news2(struct tale *t, hf_time at, const struct org *org, int staff,
		  uint32_t encounter, int ill);

/* clinical.c */
uint32_t hf_put_condition(struct tale *t, const struct concept *what, struct hf_sv icd,
			  hf_time onset, hf_time end, const struct org *org, int staff,
			  uint32_t encounter, bool problem);
void hf_put_medicine(struct tale *t, enum medicine m, hf_time at, const struct org *org,
		     int staff, uint32_t encounter, uint32_t condition, bool repeat);
void hf_put_procedure(struct tale *t, enum sct what, hf_time at, const struct org *org,
		      int staff, uint32_t encounter);

/* general.c: general practice */
void hf_tell_conditions(struct tale *t);
void hf_tell_practice(struct tale *t);
void hf_tell_vaccines(struct tale *t);
/* What is given where m does not suit the person; MED_NONE for nothing. */
enum medicine hf_medicine_instead(const struct tale *t, enum medicine m);

/* hospital.c */
void hf_tell_emergencies(struct tale *t);
void hf_tell_outpatients(struct tale *t);

/* community.c: community, council, mental health, voluntary, plans and alerts */
void hf_tell_community(struct tale *t);
void hf_tell_plans(struct tale *t);
void hf_tell_rich(struct tale *t, size_t resources);

#endif
