/* need.h - what is known of everybody's need on a day: all scores, segments, how many
 * long-term conditions, and a band of risk by rank.  population.md section 2.
 *
 * The definitions are loaded once and lie in one arena; what is reckoned of columns
 * stays as it is, like the columns themselves. */
#ifndef HF_POPULATION_NEED_H
#define HF_POPULATION_NEED_H

#include "population/segment.h"

enum { HF_POP_SCORES = 16, HF_POP_SCHEMES = 4, HF_POP_RISK_BANDS = 4 };

/* The definitions of need that come with the program. */
struct hf_pop_defs {
	struct hf_arena arena;
	struct hf_pop_score scores[HF_POP_SCORES];
	size_t n_scores;
	struct hf_pop_scheme schemes[HF_POP_SCHEMES];
	size_t n_schemes;
};

/* HF_FAULT names the document and its first mistake. */
enum hf_rc hf_pop_defs_load(struct hf_pop_defs *out, struct hf_err *err);
void hf_pop_defs_free(struct hf_pop_defs *d);

/* Bands of risk by rank (population.md 2.5, after the Combined Predictive Model): the
 * share of people above.  Equal scores are in one band, the higher. */
enum hf_pop_risk {
	HF_POP_RISK_NONE,    /* not scored */
	HF_POP_RISK_CASE,    /* top 0.5 %: case management */
	HF_POP_RISK_DISEASE, /* to 5 %: disease management */
	HF_POP_RISK_SELF,    /* to 20 %: supported self-care */
	HF_POP_RISK_PREVENTION
};

/* By ordinal of the person.  Made by hf_pop_need_reckon (io/reckon.h). */
struct hf_pop_need {
	const struct hf_pop_defs *defs;
	const struct hf_pop_columns *c;
	struct hf_pop_scorer *scorer;
	struct hf_pop_segmenter *segmenter[HF_POP_SCHEMES];
	uint16_t day;
	int32_t *points[HF_POP_SCORE_COLUMNS];
	uint8_t *band[HF_POP_SCORE_COLUMNS];
	uint8_t *segment[HF_POP_SCHEMES]; /* index in the scheme */
	uint8_t *ltcs, *chemicals;	  /* how many; 255: at least so many */
	uint8_t *risk;			  /* enum hf_pop_risk */
};

/* Makes room for everybody and readies the documents for columns c, both borrowed.
 * HF_TOO_LONG: no memory.  Free with hf_pop_need_free. */
enum hf_rc hf_pop_need_new(const struct hf_pop_defs *defs,
			   const struct hf_pop_columns *c, uint16_t day,
			   struct hf_pop_need **out, struct hf_err *err);
void hf_pop_need_free(struct hf_pop_need *n); /* NULL is fine */

/* Reckons persons [from, to): all but .risk.  Ranges may be reckoned by threads at the
 * same time, each with a scratch of its own. */
void hf_pop_need_some(struct hf_pop_need *n, struct hf_pop_scratch *x, uint32_t from,
		      uint32_t to);
/* Then .risk of everybody, by rank of column (ties by eFI). */
enum hf_rc hf_pop_need_rank(struct hf_pop_need *n, struct hf_sv column,
			    struct hf_err *err);

/* How many people moved from one segment to another between two days: moved[from * n +
 * to], n segments of the scheme.  People who are dead at either are left out. */
enum hf_rc hf_pop_transitions(const struct hf_pop_need *n, size_t scheme, uint16_t from,
			      uint16_t to, uint32_t *moved, struct hf_err *err);

#endif
