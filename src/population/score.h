/* score.h - scores of a person on a day, as documents: which items give points, what
 * the sum is divided by, where bands begin.  Pure.  population.md 2.1 to 2.4.
 *
 * A score has variants: the same items with other points, steps or comparison
 * ("w87", "w11").  The first is the one that is meant where none is named.
 *
 * What always holds of a result:
 *   - the same columns, document and day give the same points;
 *   - points are the sum of what hf_pop_why() lists;
 *   - what a document needs and does not find makes HF_POP_INCOMPLETE, never 0. */
#ifndef HF_POPULATION_SCORE_H
#define HF_POPULATION_SCORE_H

#include "population/codeset.h"

enum {
	HF_POP_SCORE_ITEMS = 128,  /* of a document */
	HF_POP_SCORE_VARIANTS = 4, /* of it */
	HF_POP_SCORE_BANDS = 8,	   /* of it */
	HF_POP_SCORE_STEPS = 8,	   /* of an item */
	HF_POP_SCORE_DROPS = 8,	   /* of a document */
	HF_POP_SCORE_COLUMNS = 24, /* variants of all documents together */
	HF_POP_UNBANDED = 0,	   /* bands count from 1 */
	HF_POP_INDEX_MOST = 32000  /* days */
};

/* Instead of points. */
#define HF_POP_NOT_SCORED INT32_MIN	  /* the score is not for this person */
#define HF_POP_INCOMPLETE (INT32_MIN + 1) /* something it needs is not known */

/* Numbers that an item's steps turn into points. */
enum hf_pop_fact {
	HF_POP_FACT_NONE,
	HF_POP_FACT_AGE,	/* years */
	HF_POP_FACT_CHEMICALS,	/* distinct BNF chemicals in the last 12 months */
	HF_POP_FACT_SUM,	/* points of the items below this one */
	HF_POP_FACT_LOS,	/* of the index stay, and so all that follow */
	HF_POP_FACT_EMERGENCY,	/* 1: by an emergency method */
	HF_POP_FACT_PROCEDURE,	/* 1: with a procedure */
	HF_POP_FACT_ED,		/* A&E visits in the 6 months before it, but for the
				 * one that led to it */
	HF_POP_FACT_ADMISSIONS, /* in the 12 months before it */
	HF_POP_FACTS
};

struct hf_pop_step { /* from this number on, these points */
	int32_t from, points;
};

struct hf_pop_value_rule { /* the latest value is below */
	const char *code;
	int32_t below;	     /* thousandths */
	enum hf_pop_sex sex; /* HF_POP_SEX_UNKNOWN: for all */
	bool needed;	     /* without a value the score is incomplete */
};

struct hf_pop_item {
	const char *id, *title;
	int parent; /* of a FACT_SUM item, -1: none */
	int32_t points[HF_POP_SCORE_VARIANTS];
	enum hf_pop_fact fact;
	struct hf_pop_step steps[HF_POP_SCORE_VARIANTS][HF_POP_SCORE_STEPS];
	uint8_t n_steps[HF_POP_SCORE_VARIANTS];
	const char **conditions; /* any of these codes */
	size_t n_conditions;
	struct hf_pop_list icd10; /* any of these diagnoses */
	const char **specialties; /* of the index stay, any of these */
	size_t n_specialties;
	struct hf_pop_value_rule values[2];
	size_t n_values;
};

struct hf_pop_score_band {
	const char *id, *title;
	int32_t milli;	/* where it ends, thousandths of the score; the last: none */
	bool inclusive; /* that end is still of it */
};

struct hf_pop_score {
	const char *id, *version, *title, *source, *licence;
	const char *predicts, *horizon, *trained, *note;
	const char *c_statistic, *calibration; /* as published, text */
	int32_t divide;			       /* score = points / divide */
	int from_age, band_from_age;	       /* 0: any */
	bool conditions_ever; /* a condition counts that was ever there, else only
			       * one that is there on the day */
	int diagnosis_days;   /* how far back diagnoses count, 0: all that is held */
	int index_days;	      /* of a stay that ended at most so long ago, 0: none */
	struct {
		const char *id, *title;
		bool two_dp; /* the score is rounded to 2 places before comparing */
	} variants[HF_POP_SCORE_VARIANTS];
	size_t n_variants;
	struct hf_pop_score_band bands[HF_POP_SCORE_BANDS];
	size_t n_bands;
	struct hf_pop_item *items;
	size_t n_items;
	struct { /* who has item .has does not get the points of .loses */
		int has, loses;
	} drops[HF_POP_SCORE_DROPS];
	size_t n_drops;
};

/* Reads a document of definitions/scores-population.  HF_INVALID: all mistakes are in
 * issues, with their lines.  Texts lie in arena. */
enum hf_rc hf_pop_score_load(const char *name, struct hf_sv text,
			     struct hf_arena *arena, struct hf_issues *issues,
			     struct hf_pop_score *out, struct hf_err *err);

struct hf_pop_weight {
	struct hf_sv code; /* ICD-10, without the dot */
	int64_t milli;	   /* of the score */
};
/* Puts an imported table of weights in place of the items of s, and says so in its
 * version, source and note.  Texts lie in arena.  HF_INVALID: it is none. */
enum hf_rc hf_pop_score_weights(struct hf_pop_score *s, const struct hf_pop_weight *w,
				size_t n, struct hf_sv version, struct hf_sv source,
				struct hf_arena *arena, struct hf_err *err);

extern const struct hf_definition_text hf_scores_population_builtin[];
extern const size_t hf_n_scores_population_builtin;

/* The band of points, from 1; HF_POP_UNBANDED: the score has none, or not at this age,
 * or points are none. */
uint8_t hf_pop_band_of_points(const struct hf_pop_score *s, size_t variant,
			      int32_t points, int age);

/* Documents made ready for one set of columns; borrows all it is given.  Threads may
 * share it. */
struct hf_pop_scorer;

enum hf_rc hf_pop_scorer_new(const struct hf_pop_score *scores, size_t n,
			     const struct hf_pop_columns *c, struct hf_pop_scorer **out,
			     struct hf_err *err);
void hf_pop_scorer_free(struct hf_pop_scorer *s); /* NULL is fine */

size_t hf_pop_scorer_columns(const struct hf_pop_scorer *s);
/* Which document and variant a column is. */
void hf_pop_scorer_column(const struct hf_pop_scorer *s, size_t column, size_t *score,
			  size_t *variant);
/* The column of "efi", "charlson:w11"; -1: there is none. */
int hf_pop_scorer_find(const struct hf_pop_scorer *s, struct hf_sv name);

/* Scratch of one thread. */
struct hf_pop_scratch;
struct hf_pop_scratch *hf_pop_scratch_new(const struct hf_pop_scorer *s); /* or NULL */
void hf_pop_scratch_free(struct hf_pop_scratch *x);

struct hf_pop_scored {
	int32_t points; /* or HF_POP_NOT_SCORED, HF_POP_INCOMPLETE */
	uint8_t band;
};

/* All columns of one person as of the end of day; out has room for each. */
void hf_pop_score_person(const struct hf_pop_scorer *s, struct hf_pop_scratch *x,
			 uint32_t person, uint16_t day, struct hf_pop_scored *out);

/* One thing that gave points. */
struct hf_pop_evidence {
	const struct hf_pop_item *item;
	int32_t points; /* of the variant asked for; 0: dropped, or of a sum */
	bool dropped;	/* by a worse one */
	enum hf_pop_from {
		HF_POP_BY_FACT,	     /* .amount */
		HF_POP_BY_CONDITION, /* .code, .day since when */
		HF_POP_BY_DIAGNOSIS, /* .code, .event, .day of it */
		HF_POP_BY_VALUE,     /* .code, .day, .amount in thousandths */
		HF_POP_BY_SPECIALTY, /* .code, .event */
		HF_POP_BY_MISSING    /* .code: the value that is needed and not there */
	} by;
	uint16_t code, day;
	uint64_t event;
	int32_t amount;
};

/* Why a person has the points of column on day: what each item found, in the order of
 * the document (the latest diagnosis, the earliest condition of each).  HF_TOO_LONG:
 * the arena is full. */
enum hf_rc hf_pop_why(const struct hf_pop_scorer *s, size_t column, uint32_t person,
		      uint16_t day, struct hf_arena *arena,
		      struct hf_pop_evidence **out, size_t *n,
		      struct hf_pop_scored *scored, struct hf_err *err);

#endif
