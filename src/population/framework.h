/* framework.h - the outcome framework: measures as documents, what they count and out
 * of what.  Pure.  population.md 3; docs/interfaces/measures.md says each member.
 *
 * A measure is about events (or deaths, values, persons).  `base` says which; what is
 * excluded is neither counted nor what it is counted out of; `numerator` says which of
 * the rest are counted when the measure is a share. */
#ifndef HF_POPULATION_FRAMEWORK_H
#define HF_POPULATION_FRAMEWORK_H

#include "measure/rate.h"
#include "measure/spc.h"
#include "population/codeset.h"

enum {
	HF_POP_MEASURES = 64,  /* of a framework: one bit each */
	HF_POP_EXCLUSIONS = 8, /* of a measure */
	HF_POP_CODE_TESTS = 3, /* of a selector */
	HF_POP_CODE_DOCS = 16, /* documents of codes in use */
	HF_POP_SPECIALTIES_MOST = 40,
	HF_POP_AGE_MOST = 150
};

/* Where a stratum of age begins: bands of five years, 15-19 cut at 18. */
enum { HF_POP_AGE_STRATA = 20, HF_POP_STRATA = 2 * HF_POP_AGE_STRATA + 1 };
extern const uint8_t hf_pop_stratum_from[HF_POP_AGE_STRATA];
/* Weight of a stratum in the European Standard Population 2013, each sex the same. */
extern const double hf_pop_stratum_weight[HF_POP_AGE_STRATA];
/* The stratum of sex and age; HF_POP_STRATA - 1 when one of them is not known. */
uint8_t hf_pop_stratum(enum hf_pop_sex sex, int age);

/* Chapters of ICD-10, 1 to 22 in its order; 0: not known. */
enum { HF_POP_CHAPTERS = 23 };
uint8_t hf_pop_chapter(struct hf_sv icd10);
extern const char *const hf_pop_chapter_words[HF_POP_CHAPTERS];
/* Strata of an indirect standardisation: ten bands of age, sex, emergency or not,
 * chapter; the last: age or sex not known. */
enum { HF_POP_INDIRECT = 10 * 2 * 2 * HF_POP_CHAPTERS + 1 };
uint16_t hf_pop_indirect(enum hf_pop_sex sex, int age, bool emergency, uint8_t chapter);

enum hf_pop_scale {		     /* how a figure is made */
		    HF_POP_RATE,     /* counted / person-years * per */
		    HF_POP_SHARE,    /* counted / base, per cent */
		    HF_POP_MEAN,     /* of a quantity over the base */
		    HF_POP_QUANTILE, /* of a quantity over the base */
		    HF_POP_COUNT,
		    HF_POP_CENSUS, /* nights / person-days * per: how many are there on
				    * a day */
		    HF_POP_SCALES
};

enum hf_pop_of {
	HF_POP_OF_EVENTS,
	HF_POP_OF_DEATHS,
	HF_POP_OF_VALUES,
	HF_POP_OF_PERSONS
};

enum hf_pop_quantity {
	HF_POP_Q_EVENTS,
	HF_POP_Q_BED_DAYS,
	HF_POP_Q_NIGHTS,
	HF_POP_Q_WAIT,
	HF_POP_Q_VALUE
};

/* Codes of one document: any of the sets, or none of them. */
struct hf_pop_code_test {
	uint8_t doc; /* index in the framework's documents */
	bool none;
	uint64_t sets;
};

/* Which events; a set of bits that is 0 takes any. */
struct hf_pop_select {
	uint32_t settings, methods, outcomes, sources;
	uint16_t classes, months; /* bit = cls; bit 0 = January, of the start */
	uint8_t flags_all, flags_none;
	int16_t age_from, age_to;
	uint16_t los_from, los_to;   /* nights */
	uint16_t wait_from, wait_to; /* both HF_POP_NONE: not asked; else known */
	int16_t hours; /* the stay is shorter than so many hours; -1 not asked */
	uint16_t hours_nights; /* at most so many nights where no times are known */
	struct hf_pop_code_test codes[HF_POP_CODE_TESTS];
	uint8_t n_codes;
	const char **not_specialties;
	size_t n_not_specialties;
};

enum hf_pop_link_kind {
	HF_POP_NO_LINK,
	HF_POP_AGAIN,  /* an admission within days of this discharge, attached to the
			* latest discharge before it (population.md 3.3) */
	HF_POP_THEN,   /* an event within days from the end of this one */
	HF_POP_HOME_AT /* alive, in no hospital and no care home on that day */
};

struct hf_pop_link {
	enum hf_pop_link_kind kind;
	uint16_t from, within; /* days */
	struct hf_pop_select event;
};

/* Events of a person within days, at least so many: of persons, or before a death. */
struct hf_pop_often {
	unsigned at_least; /* 0: not asked */
	uint16_t within;
	struct hf_pop_select event;
};

struct hf_pop_exclusion {
	const char *why;
	struct hf_pop_select event;
};

struct hf_pop_price {	      /* what one event is worth: population.md 5 */
	int64_t tariff_pence; /* 0: not said */
	double marginal, releasable;
};

struct hf_pop_measure {
	const char *id, *version, *title, *question, *unit, *source, *owner, *review;
	const char *counted, *out_of; /* in plain words */
	const char *group;	      /* heading it stands under */
	enum hf_pop_scale scale;
	enum hf_pop_of of;
	enum hf_pop_quantity quantity;
	double per, quantile; /* of rate and census; of quantile */
	enum hf_ms_direction direction;
	enum hf_ms_chart chart;
	double target;	      /* NAN: none; in the unit */
	double places;	      /* census: per cent of so many per `per`; NAN */
	const char *capacity; /* the service whose places are meant, where they are
			       * known (framework_count.h); "" none */
	bool standardise;     /* age and sex, ESP 2013 */
	bool recurring;	      /* one person may have several */
	bool indirect; /* a share: by age, sex, method and chapter of diagnosis, to the
			* place as a whole */
	bool by_end;   /* dated by the end, not the start */
	bool confidential; /* answers given in confidence: nobody is shown behind it */
	struct hf_pop_select base, numerator;
	bool has_numerator;
	struct hf_pop_link link;
	struct hf_pop_often often;
	uint32_t places_of_death;     /* of deaths: counted when in one of these */
	const char *value;	      /* of values: the code */
	int32_t value_from, value_to; /* counted within, thousandths */
	bool has_value_range;
	uint16_t change; /* of values: less the first of the same within so many days
			  * before; 0: the value itself */
	struct hf_pop_exclusion exclusions[HF_POP_EXCLUSIONS];
	size_t n_exclusions;
	struct hf_pop_price price;
	char hash[17]; /* of the document and the codes it names, hex */
};

struct hf_pop_framework {
	struct hf_pop_measure *measures;
	size_t n;
	struct hf_pop_codesets docs[HF_POP_CODE_DOCS];
	size_t n_docs;
};

/* Reads the documents of measures and of codes.  HF_INVALID: all mistakes of all
 * documents are in issues, with file and line; nothing is given then.  Lies in arena.
 */
enum hf_rc hf_pop_framework_load(const struct hf_definition_text *measures, size_t n,
				 const struct hf_definition_text *codes, size_t n_codes,
				 struct hf_arena *arena, struct hf_issues *issues,
				 struct hf_pop_framework *out, struct hf_err *err);

/* The index of a measure, -1: there is none. */
int hf_pop_framework_find(const struct hf_pop_framework *f, struct hf_sv id);

/* One document, with the codes that framework f already has. */
bool hf_pop_measure_load(const char *name, struct hf_sv text, struct hf_arena *arena,
			 struct hf_issues *issues, const struct hf_pop_framework *f,
			 struct hf_pop_measure *out);

/* The documents that come with the program. */
extern const struct hf_definition_text hf_measures_builtin[];
extern const size_t hf_n_measures_builtin;

/* Words of the enumerators, as documents and answers have them. */
extern const char *const hf_pop_scale_words[HF_POP_SCALES];
extern const char *const hf_pop_direction_words[3];

/* Emergency admission methods that count (population.md 3.2: 21-25, 28, 2A, 2C, 2D). */
#define HF_POP_EMERGENCY                                                               \
	(1u << HF_POP_M_21 | 1u << HF_POP_M_22 | 1u << HF_POP_M_23 |                   \
	 1u << HF_POP_M_24 | 1u << HF_POP_M_25 | 1u << HF_POP_M_28 |                   \
	 1u << HF_POP_M_2A | 1u << HF_POP_M_2C | 1u << HF_POP_M_2D)

#endif
