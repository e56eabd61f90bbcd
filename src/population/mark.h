/* mark.h - what people wrote at a point of a measure's chart: notes, limits that begin
 * anew (re-bases) and limits that are frozen.  Pure; io/mark_keep.h keeps them.
 * population.md 4.1 "Step change"; docs/interfaces/measures.md, "Marks".
 *
 * What always holds: a mark is never changed, versions are added to it; limits begin
 * anew only where somebody said so with a reason, and the limits of before are given
 * beside them. */
#ifndef HF_POPULATION_MARK_H
#define HF_POPULATION_MARK_H

#include "base/err.h"
#include "base/time.h"
#include "measure/spc.h"

enum hf_pop_mark_kind { HF_POP_MARK_NOTE, HF_POP_MARK_REBASE, HF_POP_MARK_FREEZE };
enum hf_pop_mark_cause {
	HF_POP_CAUSE_NONE,
	HF_POP_CAUSE_SHIFT,   /* a run on one side of the mean begins there */
	HF_POP_CAUSE_PROCESS, /* how it is done changed, and the reason says how */
};
enum { HF_POP_MARK_KINDS = 3, HF_POP_MARK_CAUSES = 3 };
extern const char *const hf_pop_mark_kind_words[HF_POP_MARK_KINDS];
extern const char *const hf_pop_mark_cause_words[HF_POP_MARK_CAUSES];

enum {
	HF_POP_MARKS_MOST = 5000, /* versions in a place */
	HF_POP_REBASES_MOST = 8,  /* of one chart */
	HF_POP_MARK_LEAST = 10,	  /* characters of the reason of a re-base */
	HF_POP_MARK_REASON = 500, /* of any */
	HF_POP_MARK_BEFORE = 12,  /* points that limits are frozen of, and that make
				   * those after a change of process no trial limits */
};

struct hf_pop_mark {
	int64_t mark;
	uint32_t version;
	struct hf_sv measure, by, area, grain; /* area "all": the place as a whole */
	uint16_t day;			       /* of the period it stands at */
	enum hf_pop_mark_kind kind;
	enum hf_pop_mark_cause cause;
	struct hf_sv reason;
	bool stands; /* false: withdrawn */
	hf_time said_at;
	struct hf_sv said_by, name, org;
};

struct hf_pop_marks { /* the latest version of each, in the order they were begun */
	const struct hf_pop_mark *items;
	size_t n;
};

/* May limits begin anew at point `at` of a chart as it stands?  HF_RULE says what is
 * missing: a point that was received, seven before it and after (twelve after a change
 * of process), a shift that begins there, and room for one more. */
enum hf_rc hf_pop_mark_may_rebase(const struct hf_ms_spc_point *points, size_t n,
				  size_t at, enum hf_pop_mark_cause cause,
				  struct hf_err *err);
/* May limits be those of the points before `at`?  HF_RULE: fewer than twelve. */
enum hf_rc hf_pop_mark_may_freeze(const struct hf_ms_spc_point *points, size_t n,
				  size_t at, struct hf_err *err);

#endif
