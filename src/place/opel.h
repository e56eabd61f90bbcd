/* opel.h - Operational Pressures Escalation Levels as configuration: a value
 * of each parameter falls into a band with a score; the scores of a pillar are weighted
 * and added, and thresholds make a level of the sum; the levels of the pillars make the
 * overall one in the same way.  Pure.
 *
 * Levels are 1 (low) to 4 (extreme).  From 3 on the urgent reserve is raised and
 * routine allocation needs a lead (R-2.21, directory.h). */
#ifndef HF_PLACE_OPEL_H
#define HF_PLACE_OPEL_H

#include "base/time.h"
#include "fhir/doc.h"
#include "pathway/score.h"

enum {
	HF_OPEL_PILLARS = 8,
	HF_OPEL_PARAMETERS = 16, /* of a pillar */
	HF_OPEL_BANDS = 8,
	HF_OPEL_TIMES = 12,
	HF_OPEL_LEVELS = 4
};

struct hf_opel_band {
	struct hf_decimal from; /* included; of the first band nothing */
	int score;
};

struct hf_opel_parameter {
	const char *id, *title, *unit;
	int weight;
	struct hf_opel_band bands[HF_OPEL_BANDS]; /* upwards */
	size_t n_bands;
};

struct hf_opel_thresholds {
	int from[HF_OPEL_LEVELS - 1]; /* sums that level 2, 3 and 4 begin with */
};

struct hf_opel_pillar {
	const char *id, *title;
	int weight; /* in the overall level */
	struct hf_opel_parameter parameters[HF_OPEL_PARAMETERS];
	size_t n;
	struct hf_opel_thresholds levels;
};

struct hf_opel {
	const char *id, *version, *title, *source;
	bool demonstration; /* the cut-offs are invented: pages say so */
	int least;	    /* percent of the weight that has to be known for a level */
	int16_t times[HF_OPEL_TIMES]; /* minutes of the day in London, in order */
	size_t n_times;
	struct hf_opel_pillar pillars[HF_OPEL_PILLARS];
	size_t n;
	struct hf_opel_thresholds overall; /* of the weighted sum of levels */
};

/* Reads a document of definitions/opel.  HF_INVALID: all mistakes are in issues, with
 * their lines.  Texts lie in arena. */
enum hf_rc hf_opel_load(const char *name, struct hf_sv text, struct hf_arena *arena,
			struct hf_issues *issues, struct hf_opel *out,
			struct hf_err *err);

/* The documents that come with the program. */
extern const struct hf_definition_text hf_opel_builtin[];
extern const size_t hf_n_opel_builtin;

struct hf_opel_value {
	struct hf_sv pillar, parameter; /* ids */
	struct hf_decimal value;
};

struct hf_opel_result {
	struct {
		int level; /* 1 … 4; 0: too little is known */
		int score; /* the sum; what is not known counts as the rest does */
		int known; /* percent of the weight */
		struct {
			bool known;
			int score; /* of its band, not weighted */
			struct hf_decimal value;
		} parameters[HF_OPEL_PARAMETERS];
	} pillars[HF_OPEL_PILLARS];
	int level; /* overall; 0: too little is known */
	int score;
	size_t strangers; /* values of no parameter */
};

/* Of two values of one parameter the later counts. */
void hf_opel_evaluate(const struct hf_opel *opel, const struct hf_opel_value *values,
		      size_t n, struct hf_opel_result *out);

/* The first fixed time after now when it is worked out again; HF_TIME_MAX without. */
hf_time hf_opel_next(const struct hf_opel *opel, hf_time now);

#endif
