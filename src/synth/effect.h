/* effect.h - a known truth: from a month on, a locality's events are fewer or more.
 * Pure.  docs/interfaces/generate.md. */
#ifndef HF_SYNTH_EFFECT_H
#define HF_SYNTH_EFFECT_H

#include "base/err.h"

enum { HF_SYNTH_LOCALITIES = 7 };

enum hf_synth_effect_kind {
	HF_SYNTH_ADMISSIONS,   /* emergency admissions, readmissions among them */
	HF_SYNTH_READMISSIONS, /* chance of an emergency readmission within 30 days */
	HF_SYNTH_FALLS,	       /* emergency admissions with a fall as cause */
	HF_SYNTH_LOS,	       /* nights of an emergency admission */
	HF_SYNTH_AE,	       /* A&E attendances that are not admitted */
	HF_SYNTH_UCR,	       /* urgent community responses */
	HF_SYNTH_EFFECT_KINDS
};

struct hf_synth_effect {
	int locality;			      /* 0 ... 6 */
	int from_month;			      /* of the months of activity, from 1 */
	double change[HF_SYNTH_EFFECT_KINDS]; /* -0.028 is 2.8 % fewer */
};

/* One intervention, "locality=Millgate,from-month=19,effect=-2.8%,ae=-5%".  A locality
 * is its name or its number from 1; effect is the same as admissions; the other keys
 * are readmissions, falls, los, ae, ucr; changes lie between -100% and +100%, and for
 * falls and readmissions are no more than 0.  HF_INVALID names the part and says what
 * it takes. */
enum hf_rc hf_synth_effect_parse(struct hf_sv text, struct hf_synth_effect *out,
				 struct hf_err *err);

/* The same from a text with one intervention a line; empty lines and what follows a #
 * are skipped.  At most max; *n is how many. */
enum hf_rc hf_synth_effects_parse(struct hf_sv text, struct hf_synth_effect *out,
				  size_t max, size_t *n, struct hf_err *err);

/* Monthly counts of emergency admissions by locality, drawn without making a person:
 * Poisson around people x rate x days x season, with a locality-month shock that makes
 * variance phi times the mean.  The same seasons and rates as the lives; for trying a
 * method on thousands of seeds. */
struct hf_synth_counts_config {
	int64_t people[HF_SYNTH_LOCALITIES];
	int months;	     /* 1 ... HF_SYNTH_MONTHS_MOST */
	double per_thousand; /* a year */
	double growth;	     /* of the rate a year, 0.02 is 2 % */
	double phi;	     /* 1: Poisson */
	int year, month;     /* of the first, month from 1: for days and season */
	const struct hf_synth_effect *effects;
	size_t n_effects;
};

enum { HF_SYNTH_MONTHS_MOST = 240 };

/* out has months rows of HF_SYNTH_LOCALITIES counts.  HF_INVALID for a setting that is
 * out of range. */
enum hf_rc hf_synth_counts(const struct hf_synth_counts_config *c, uint64_t seed,
			   uint32_t *out, struct hf_err *err);

#endif
