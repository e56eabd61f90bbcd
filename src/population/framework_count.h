/* framework_count.h - the framework counted over the columns: one pass over the events
 * for all measures, periods and areas together.  Pure; io/framework_run.h lets several
 * threads pass over parts of the persons.
 *
 * What always holds: counts are whole numbers and do not depend on how persons were cut
 * into parts; the same columns and question give the same bytes. */
#ifndef HF_POPULATION_FRAMEWORK_COUNT_H
#define HF_POPULATION_FRAMEWORK_COUNT_H

#include "population/framework.h"

enum hf_pop_grain {
	HF_POP_DAY,
	HF_POP_WEEK,
	HF_POP_MONTH,
	HF_POP_QUARTER,
	HF_POP_YEAR,
	HF_POP_WHOLE, /* the range as it is, one period */
	HF_POP_GRAINS
};

enum hf_pop_by {
	HF_POP_BY_PLACE,
	HF_POP_BY_PARTNERSHIP,
	HF_POP_BY_LOCALITY,
	HF_POP_BY_PRACTICE,
	HF_POP_BY_AGE, /* the platform's bands */
	HF_POP_BY_SEX,
	HF_POP_BY_DEPRIVATION, /* quintile of IMD */
	HF_POP_BY_ETHNICITY,   /* group of the 2001 census */
	HF_POP_BY_GROUP,       /* what the caller says of each person: a segment */
	HF_POP_BY_PROVIDER,    /* who gave the care: counts and shares, no rates */
	HF_POP_BY_PATHWAY, /* on which one was as the month began; the one begun last */
	HF_POP_BYS
};
extern const char *const hf_pop_grain_words[HF_POP_GRAINS];
extern const char *const hf_pop_by_words[HF_POP_BYS];

enum {
	HF_POP_PERIODS_MOST = 400,
	HF_POP_AREAS_MOST = 4096,
	HF_POP_COUNT_CELLS = 12000000
};

/* Names of areas that the columns do not hold; [0] stands for not known. */
struct hf_pop_names {
	const struct hf_sv *id, *name;
	size_t n;
};

/* So many places of a service over [from, to), to HF_POP_NONE: still.  By from; none
 * overlap. */
struct hf_pop_places {
	struct hf_sv service, source;
	uint16_t from, to;
	double places;	   /* in all; NAN: */
	double per_100000; /* per 100,000 of the people that the measure is about */
};

struct hf_pop_count_ask {
	uint64_t measures; /* bits by index in the framework */
	enum hf_pop_by by;
	enum hf_pop_grain grain;
	uint16_t from, to; /* days [from, to): widened to whole periods */
	uint16_t frozen;   /* the day whose localities count for all; HF_POP_NONE */
	/* How often each person counts, 0, 1 or 2 (disclosure by weights); NULL: once.
	 */
	const uint8_t *weight;
	const uint64_t *only; /* bit p: person p is asked about; NULL: everybody */
	const uint16_t *partnership; /* of a locality code; for HF_POP_BY_PARTNERSHIP */
	struct hf_pop_names partnerships;
	const uint16_t *group; /* of a person; for HF_POP_BY_GROUP */
	struct hf_pop_names groups;
	const struct hf_pop_places *places; /* capacities that are known */
	size_t n_places;
};

struct hf_pop_plan; /* a question made ready for one set of columns */

/* Borrows c, f and what ask points to.  HF_INVALID for a range that is empty or outside
 * what can be asked, HF_COSTLY when it has too many cells (says what to narrow),
 * HF_TOO_LONG without memory. */
enum hf_rc hf_pop_plan_new(const struct hf_pop_columns *c,
			   const struct hf_pop_framework *f,
			   const struct hf_pop_count_ask *ask, struct hf_pop_plan **out,
			   struct hf_err *err);
void hf_pop_plan_free(struct hf_pop_plan *plan); /* NULL is fine */

struct hf_pop_tally; /* what was counted of some persons */

enum hf_rc hf_pop_tally_new(const struct hf_pop_plan *plan, struct hf_pop_tally **out,
			    struct hf_err *err);
void hf_pop_tally_free(struct hf_pop_tally *t); /* NULL is fine */
/* Counts persons [from, to); each person once.  HF_TOO_LONG without memory. */
enum hf_rc hf_pop_tally_persons(const struct hf_pop_plan *plan, struct hf_pop_tally *t,
				uint32_t from, uint32_t to, struct hf_err *err);
/* Adds what other counted to t. */
enum hf_rc hf_pop_tally_add(const struct hf_pop_plan *plan, struct hf_pop_tally *t,
			    const struct hf_pop_tally *other, struct hf_err *err);
/* Makes it ready to be read; after the last add. */
enum hf_rc hf_pop_tally_done(const struct hf_pop_plan *plan, struct hf_pop_tally *t,
			     struct hf_err *err);

size_t hf_pop_plan_periods(const struct hf_pop_plan *plan);
/* First day of period i; of the number of periods: the day after the last. */
uint16_t hf_pop_plan_period(const struct hf_pop_plan *plan, size_t i);
/* "2026-04", "2026-04-06" (a day, or a week by its Monday), "2026-Q1", "2026/27". */
void hf_pop_plan_label(const struct hf_pop_plan *plan, size_t i, char out[16]);
/* Areas; 0 is whoever is in none, and is no area. */
size_t hf_pop_plan_areas(const struct hf_pop_plan *plan);
struct hf_sv hf_pop_plan_area_id(const struct hf_pop_plan *plan, size_t area);
struct hf_sv hf_pop_plan_area_name(const struct hf_pop_plan *plan, size_t area);

enum hf_pop_status {
	HF_POP_OK,
	HF_POP_NOT_RECEIVED, /* no such activity came for the period: not zero */
	HF_POP_PARTIAL,	     /* the period is not over in the data */
	HF_POP_TOO_FEW,	     /* withheld: fewer than 10 events, nothing to divide by */
	HF_POP_SUPPRESSED,   /* small numbers (population.md 7) */
	HF_POP_HELD_BACK,    /* of a feed too bad to publish figures of (8) */
	HF_POP_STATUSES
};
extern const char *const hf_pop_status_words[HF_POP_STATUSES];

struct hf_pop_figure {
	enum hf_pop_status status;
	double counted, out_of; /* of a rate: person-years; of a census: person-days */
	double behind;		/* of nights: the stays they are of; else NAN */
	struct hf_ms_interval value;	/* crude */
	struct hf_ms_interval standard; /* NAN when it is not standardised */
	/* Of an indirect standardisation, else NAN: what the place would have had with
	 * these people, and 100 times what there was over that. */
	double expected;
	struct hf_ms_interval ratio;
	double known; /* DQ: share of what was counted that has its area, 0 … 1 */
	size_t empty; /* strata without people */
};

/* The figure of a measure in an area (0: of all areas but those not known together)
 * over periods [from, to); those not received are left out of both sides.  Over more
 * than one period the variance of events that recur in a person is too small: ask with
 * HF_POP_WHOLE for one. */
void hf_pop_figure(const struct hf_pop_plan *plan, const struct hf_pop_tally *t,
		   size_t measure, size_t area, size_t from, size_t to,
		   struct hf_pop_figure *out);

/* Counts and person-years by stratum, summed over periods, as a standardisation needs
 * them; false when the measure is not standardised. */
bool hf_pop_strata(const struct hf_pop_plan *plan, const struct hf_pop_tally *t,
		   size_t measure, size_t area, size_t from, size_t to,
		   struct hf_ms_stratum *out); /* HF_POP_STRATA - 1 */

#endif
