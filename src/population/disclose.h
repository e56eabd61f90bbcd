/* disclose.h - how a count of people or of what happened to them leaves the place.
 * Pure.  population.md section 7; docs/interfaces/population.md and
 * docs/adr/0026-weights-against-differencing.md say why this is enough.
 *
 * Two things together.  Who may not see true values is shown sums of weights: each
 * person weighs 0, 1 or 2, always the same, so that adding and subtracting answers, as
 * many as one likes, gives sums of weights and never a count.  And what is shown of a
 * sum is rounded, and a small one is hidden. */
#ifndef HF_POPULATION_DISCLOSE_H
#define HF_POPULATION_DISCLOSE_H

#include "base/err.h"
#include "population/columns.h"

enum hf_pop_sdc {
	HF_POP_STRICT5, /* 1 to 4 hidden, others to the nearest 5 */
	HF_POP_HES7,	/* 1 to 7 hidden, others to the nearest 5 */
	HF_POP_TRUE	/* as it is: direct care, of one's own list */
};

struct hf_pop_shown {
	int64_t n;   /* rounded; 0 when hidden */
	bool hidden; /* shown as "*" */
};

/* One count by itself (POP-T30). */
struct hf_pop_shown hf_pop_show(enum hf_pop_sdc sdc, int64_t n);

/* Counts with their totals: cells[r * cols + c]; out has rows + 1 of cols + 1, the last
 * of each the total, rounded of the true total and not summed of what is rounded.
 * Where one hidden cell could be reckoned from a row or column, the next smallest is
 * hidden too; when there is none, the total.  One row or column: no totals across it.
 */
void hf_pop_show_table(enum hf_pop_sdc sdc, const int64_t *cells, size_t rows,
		       size_t cols, struct hf_pop_shown *out);

/* A share in percent, of the rounded parts; false: not shown (numerator small but not
 * 0, or denominator below 10). */
bool hf_pop_show_percent(enum hf_pop_sdc sdc, int64_t numerator, int64_t denominator,
			 double *out);
/* The same of a rate's parts: false also below 10 events, whose interval is too wide.
 */
bool hf_pop_show_rate(enum hf_pop_sdc sdc, int64_t events, double denominator,
		      double *out);
/* Money of so many events, in pence, to the nearest 1,000 pounds: false below 10. */
bool hf_pop_show_cost(enum hf_pop_sdc sdc, int64_t events, int64_t pence, int64_t *out);

/* The weight of each person: 0, 1 or 2, by the pseudonym and the group one is in, so
 * that it is the same for every question and mostly the same tomorrow.  Within a group
 * whoever weighs 2 stands for somebody who weighs 0: groups of 50 and more come out
 * whole.  group: one number a person (the practice), below groups.  HF_BUSY out of
 * memory. */
enum hf_rc hf_pop_weights(const struct hf_pop_person *persons, const uint16_t *group,
			  size_t groups, uint32_t n, uint8_t *out, struct hf_err *err);

/* The weights that figures of c leave with, on whatever way: everybody of c, in the
 * practice they are registered at on its last day.  out: c->n_persons.  HF_BUSY out of
 * memory. */
enum hf_rc hf_pop_weigh(const struct hf_pop_columns *c, uint8_t *out,
			struct hf_err *err);

#endif
