/* act_stay.h - inside synth: what may become a stay, and how a stay is told. */
#ifndef HF_SYNTH_ACT_STAY_H
#define HF_SYNTH_ACT_STAY_H

#include "synth/act.h"

enum act_what {
	ACT_NE,
	ACT_READMIT,
	ACT_LAST, /* ends with the death */
	ACT_DC,
	ACT_EL,
	ACT_RDA,
	ACT_VW,
	ACT_MH,
	ACT_BIRTH
};

struct act_maybe {
	int day;
	enum act_what what;
	uint32_t key; /* of its random numbers */
};

enum { ACT_MAYBES = 400 };

/* In the order of days. */
struct act_list {
	struct act_maybe at[ACT_MAYBES];
	int n;
};

void hf_act_put(struct act_list *l, int day, enum act_what what, uint32_t key);

/* act_ward.c */

/* An emergency stay from c on; the day of leaving, or -1: an intervention keeps it out.
 * What may follow from it is put on l. */
int hf_act_emergency(struct making *m, struct act_list *l, const struct act_maybe *c);
/* Readmission as an emergency within 30 days, beside what happens anyway. */
void hf_act_readmit(struct making *m, struct act_list *l, const struct hf_pop_event *e,
		    int end, bool planned, uint32_t key);
/* The person's conditions as further diagnoses of e; r, when there is one, says what
 * else. */
void hf_act_further(struct making *m, struct hf_pop_event *e, const struct ne_row *r);
/* The end of a stay of los nights from day: cut at the end of the time here, and open
 * when that is the end of the window.  Gives the day of leaving. */
int hf_act_close(struct making *m, struct hf_pop_event *e, int day, int los);
void hf_act_end_minute(struct making *m, struct hf_pop_event *e);

#endif
