/* act.h - inside synth: how a life is made. */
#ifndef HF_SYNTH_ACT_H
#define HF_SYNTH_ACT_H

#include "synth/activity.h"
#include "synth/story.h"

enum ltc {
#define HF_POP_COND(name, ...) LTC_##name,
#include "population/conditions.def"
#undef HF_POP_COND
	LTC_COUNT,
	LTC_NONE = LTC_COUNT
};
_Static_assert(LTC_COUNT <= 64, "conditions are a set of 64 bits");

#define LTC_BIT(c) ((uint64_t)1 << (c))

enum rate {
#define HF_RATE(name, ...) RATE_##name,
#include "synthetic/rate.def"
#undef HF_RATE
	RATE_COUNT
};

enum {
	ACT_BANDS = 9,
	ACT_NE_ROWS = 80,
	ACT_GUIDE = 2048,
	ACT_STAYS = 512,
	ACT_DAYS = 6 * 366,
	ACT_MED_LEAST = 5 /* medicines that are polypharmacy */
};

struct rate_row {
	int16_t per_thousand[ACT_BANDS];
	int16_t deficit, deprivation, habit, season, weekend, thin;
};
extern const struct rate_row hf_act_rate[RATE_COUNT];

/* Weights of the days of the window, for one rate. */
struct calendar {
	float cum[ACT_DAYS + 1]; /* mean weight of a day is 1 */
	uint16_t guide[ACT_GUIDE + 1];
};

struct book {
	struct hf_sv *text;
	size_t n, max;
};

struct ne_row { /* of admission.def, with codes */
	uint16_t icd, second, hrg[3], specialty;
	int16_t weight[6];
	enum ltc need;
	int16_t los, winter;
	bool fall;
};

struct planned_row {
	enum rate setting;
	uint16_t icd, proc, hrg, specialty;
	int16_t weight[3];
	enum ltc need;
	int16_t nights, pounds;
};

struct hf_synth_activity {
	const struct hf_synth_place *place;
	struct hf_synth_activity_config config;
	struct hf_synth_effect effects[16];
	size_t n_effects;
	double bound, bound_ae, bound_ucr; /* of an effect that adds; 1: none does */
	int64_t first, last; /* days since 1970 of the window, [first, last) */
	uint16_t month[ACT_DAYS];
	int8_t winter[ACT_DAYS];   /* -100 midsummer ... 100 midwinter */
	struct calendar *calendar; /* RATE_COUNT */
	double norm[RATE_COUNT][ACT_BANDS];
	int64_t dead, left;    /* lives after those of the place */
	uint16_t early;	       /* of the dead, per thousand before the records' time */
	uint32_t hours[3][24]; /* cumulated, of UINT32_MAX */
	struct book book[HF_POP_KINDS];
	char (*lsoas)[12];
	struct ne_row ne[ACT_NE_ROWS];
	int n_ne;
	struct planned_row *planned;
	int n_planned;
	uint16_t *codes; /* see act_book.c */
};

enum hours { HOURS_ANY, HOURS_WORK, HOURS_MORNING };

/* ---- what is true of a life ---- */

struct stay {
	int32_t from, to; /* days of the window; to is the day of leaving */
};

struct making {
	const struct hf_synth_activity *a;
	struct hf_synth_life *life;
	struct person p;
	int64_t index;
	uint64_t has; /* by enum ltc */
	uint64_t meds;
	int deficits, n_ltc, n_meds;
	int from, to;  /* days of the window in which they live here, [from, to) */
	int until;     /* the first day of the stay in which they die, or to */
	int died;      /* day of the window, or INT32_MAX */
	int years_old; /* in the middle of from ... to */
	int band;      /* of the nine */
	double habit;  /* mean 1 */
	uint16_t practice, before; /* codes; before the move, or 0 */
	int moved;		   /* day of the window */
	bool care_home;
	enum hf_pop_outcome death_place;
	struct stay stays[ACT_STAYS];
	int n_stays;
	struct hf_rng rng;
};

int hf_act_band(int age);
int hf_act_band6(int age);

/* act_person.c: who it is; act_need.c: what they have. */
void hf_act_person(struct making *m);
void hf_act_need(struct making *m);
/* Natural logarithm of how much likelier than others of the age, before norm. */
double hf_act_log_risk(const struct making *m, enum rate r);
/* Fills norm from people drawn for it. */
bool hf_act_normalise(struct hf_synth_activity *a);
/* How many lives there are beside those of the place. */
void hf_act_extras(struct hf_synth_activity *a);

/* act_day.c */
bool hf_act_calendars(struct hf_synth_activity *a);
/* Streams of a life: each rate, and what is about the person, has its own, so that
 * more of one changes nothing of another. */
void hf_act_stream(struct making *m, unsigned n);
/* How often rate r happens to the person in [from, to), and on which day. */
int hf_act_times(struct making *m, enum rate r, int from, int to, double factor);
int hf_act_draw_day(struct making *m, enum rate r, int from, int to);
int hf_act_draw_minute(struct making *m, enum hours h);
int hf_act_poisson(struct hf_rng *rng, double mean);
bool hf_act_chance(struct hf_rng *rng, double p);
/* A time around median, with this spread of its logarithm. */
int hf_act_about(struct hf_rng *rng, double median, double spread);
double hf_act_change(const struct making *m, enum hf_synth_effect_kind k, int day);

/* act_book.c */
enum {
	CODE_DX = 0,	    /* + enum ltc: its ICD-10 as a further diagnosis */
	CODE_FALL = 64,	    /* + 0 ... 3: causes */
	CODE_MED = 70,	    /* + chemical */
	CODE_OP = 120,	    /* + clinic: specialty */
	CODE_TEST = 140,    /* + test */
	CODE_CONTACT = 150, /* + kind of community contact: currency */
	CODE_ONE = 170,	    /* + enum one */
	CODE_OPPROC = 220,  /* + clinic: currency of a procedure there; 0 none */
	CODE_ALL = 240
};
enum one {
	ONE_ACUTE,
	ONE_COMMUNITY,
	ONE_MENTAL,
	ONE_COUNCIL,
	ONE_AMBULANCE,
	ONE_111,
	ONE_MATERNITY, /* specialty 501 */
	ONE_PAEDIATRIC,
	ONE_EMERGENCY,
	ONE_PSYCHIATRY,
	ONE_Z380,
	ONE_O800,
	ONE_O829,
	ONE_O471,
	ONE_NZ30,
	ONE_NZ31,
	ONE_NZ51,
	ONE_NZ19,
	ONE_PB04,
	ONE_Z515,
	ONE_F439,
	ONE_F329,
	ONE_R69,
	ONE_VB,
	ONE_VB_LESS,
	ONE_HB,
	ONE_NA,
	ONE_FFT,
	ONE_EQ5D,
	ONE_Z602,
	ONE_C80
};
bool hf_act_book(struct hf_synth_activity *a);
static inline uint16_t
act_code(const struct hf_synth_activity *a, int at)
{
	return a->codes[at];
}
#define ACT_ONE(m, name) act_code((m)->a, CODE_ONE + ONE_##name)
uint16_t hf_act_practice_on(const struct making *m, int day);

/* act_row.c: rows */
struct hf_pop_event *hf_act_event(struct making *m, enum hf_pop_setting s, int day,
				  int minute);
void hf_act_dx(struct making *m, struct hf_pop_event *e, const uint16_t *dx, size_t n);
void hf_act_value(struct making *m, uint16_t code, int day, int32_t milli);
uint16_t hf_act_pop_day(const struct making *m, int day);
void hf_act_sort(struct making *m);

/* act_stay.c, act_birth.c, act_contact.c, act_care.c: what happens */
bool hf_act_away(const struct making *m, int day);
void hf_act_stays(struct making *m);
int hf_act_births(struct making *m, int *days, int max);
void hf_act_birth(struct making *m, int day);
/* The day on which a newborn leaves, INT32_MIN for others. */
int hf_act_born(struct making *m);
void hf_act_contacts(struct making *m);
void hf_act_care(struct making *m);
void hf_act_prescribed(struct making *m);
/* A&E attendance that ends at the given minute of the day in a ward. */
void hf_act_attend(struct making *m, int day, int minute, bool admitted, uint16_t dx,
		   int *end_day, int *end_minute);

extern const struct chemical {
	enum ltc need;
	int8_t those, adult, old;
} hf_act_chemical[];
extern const int hf_act_n_chemicals;

#endif
