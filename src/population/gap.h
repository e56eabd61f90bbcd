/* gap.h - care gaps: what somebody should have had and has not, as documents.  Pure.
 * population.md 2.7.
 *
 * A gap is due and not done: due by who somebody is (a clause as of the segments, or a
 * stay that ended), done by values recorded in time, or a contact after the stay.  Who
 * declined is an exception, not a gap. */
#ifndef HF_POPULATION_GAP_H
#define HF_POPULATION_GAP_H

#include "population/need.h"

enum { HF_POP_GAPS = 16, HF_POP_GAP_VALUES = 12, HF_POP_NEVER = -1 };

struct hf_pop_gap {
	const char *id, *version, *title, *action, *source;
	struct hf_pop_scheme who; /* segment 0: due, 1: not */
	const char **values;
	size_t n_values;
	int days;	/* how long a value lasts */
	int after_days; /* 0: not after a stay */
	int until;
	uint32_t settings; /* bits */
};

/* Reads a document of definitions/care-gaps.  HF_INVALID: all mistakes are in issues,
 * with their lines.  Texts lie in arena. */
enum hf_rc hf_pop_gap_load(const char *name, struct hf_sv text, struct hf_arena *arena,
			   struct hf_issues *issues, struct hf_pop_gap *out,
			   struct hf_err *err);

extern const struct hf_definition_text hf_care_gaps_builtin[];
extern const size_t hf_n_care_gaps_builtin;

/* Gaps made ready for the columns of a scorer; borrows all it is given. */
struct hf_pop_gapper;

enum hf_rc hf_pop_gapper_new(const struct hf_pop_gap *gaps, size_t n,
			     const struct hf_pop_scorer *scorer,
			     struct hf_pop_gapper **out, struct hf_err *err);
void hf_pop_gapper_free(struct hf_pop_gapper *g); /* NULL is fine */

struct hf_pop_gap_found {
	const struct hf_pop_gap *gap;
	int overdue;	  /* days; HF_POP_NEVER: it was never done */
	uint32_t missing; /* bits: which of its values */
};

/* The gaps of one person at the end of day, at most HF_POP_GAPS.  x and scored are
 * those that hf_pop_score_person() has just filled for the same person and day. */
size_t hf_pop_gaps_of(const struct hf_pop_gapper *g, const struct hf_pop_scratch *x,
		      const struct hf_pop_scored *scored, uint32_t person, uint16_t day,
		      struct hf_pop_gap_found out[HF_POP_GAPS]);

#endif
