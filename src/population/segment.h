/* segment.h - schemes that put everybody into exactly one group, as documents.  Pure.
 * population.md 2.6.
 *
 * Groups are tried in the order of the document, the first that fits is the person's;
 * a document that would leave somebody out is refused when it is loaded.  Conditions
 * and stays are dated, so that the group of any day in the past comes out again as it
 * was: that is the dated history. */
#ifndef HF_POPULATION_SEGMENT_H
#define HF_POPULATION_SEGMENT_H

#include "population/score.h"

enum {
	HF_POP_SEGMENTS = 32,
	HF_POP_SEGMENT_CLAUSES = 6, /* of a segment */
	HF_POP_SEGMENT_CODES = 24,  /* conditions of a clause */
	HF_POP_AGE_ASSUMED = 18	    /* where it is not known */
};

/* Groups of conditions.def, bits. */
enum hf_pop_group {
	HF_POP_G_NONE = 0,
	HF_POP_G_LTC = 1,
	HF_POP_G_CANCER = 2,
	HF_POP_G_SMI = 4,
	HF_POP_G_LD = 8,
	HF_POP_G_DISABILITY = 16,
	HF_POP_G_DEMENTIA = 32,
	HF_POP_G_HOMELESS = 64,
	HF_POP_G_CONTINUING = 128,
	HF_POP_G_PALLIATIVE = 256
};

struct hf_pop_segment_clause {	 /* all that it says holds */
	int from_age, below_age; /* below_age 0: any */
	uint16_t groups;	 /* any of these */
	const char **conditions; /* any of these */
	size_t n_conditions;
	uint8_t flags;	/* hf_pop_person_flag, any of these */
	uint32_t stays; /* settings, bits */
	int days, least;
	const char *score, *band; /* at least this band; NULL: not asked */
};

struct hf_pop_segment {
	const char *id, *title;
	int number; /* as the source counts them */
	struct hf_pop_segment_clause any[HF_POP_SEGMENT_CLAUSES];
	size_t n;
};

struct hf_pop_scheme {
	const char *id, *version, *title, *source, *note;
	struct hf_pop_segment segments[HF_POP_SEGMENTS];
	size_t n;
};

/* The clauses in list name of object; what is wrong becomes a finding of d. */
void hf_pop_clauses_load(struct hf_doc *d, uint32_t object, const char *name,
			 struct hf_pop_segment *out);

/* Reads a document of definitions/segments.  HF_INVALID: all mistakes are in issues,
 * with their lines.  Texts lie in arena. */
enum hf_rc hf_pop_scheme_load(const char *name, struct hf_sv text,
			      struct hf_arena *arena, struct hf_issues *issues,
			      struct hf_pop_scheme *out, struct hf_err *err);

extern const struct hf_definition_text hf_segments_builtin[];
extern const size_t hf_n_segments_builtin;

/* The group of a condition code in conditions.def; HF_POP_G_NONE when it is not there.
 */
enum hf_pop_group hf_pop_group_of(struct hf_sv code);

/* A scheme made ready for the columns of a scorer; borrows all it is given. */
struct hf_pop_segmenter;

/* HF_INVALID: a clause asks for a score or band that the scorer does not have. */
enum hf_rc hf_pop_segmenter_new(const struct hf_pop_scheme *scheme,
				const struct hf_pop_scorer *scorer,
				struct hf_pop_segmenter **out, struct hf_err *err);
void hf_pop_segmenter_free(struct hf_pop_segmenter *s);

/* The index of the segment of a person at the end of day.  x and scored are those that
 * hf_pop_score_person() has just filled for the same person and day.  *clause: which of
 * its clauses held (NULL is fine). */
size_t hf_pop_segment_of(const struct hf_pop_segmenter *s,
			 const struct hf_pop_scratch *x,
			 const struct hf_pop_scored *scored, uint32_t person,
			 uint16_t day, size_t *clause);

#endif
