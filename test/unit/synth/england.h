/* england.h - the figures of a generated place that definitions/synthetic/england.def
 * names, reckoned from its lives. */
#ifndef TEST_ENGLAND_H
#define TEST_ENGLAND_H

#include "synth/activity.h"

enum england {
#define HF_ENGLAND(id, ...) EN_##id,
#include "synthetic/england.def"
#undef HF_ENGLAND
	EN_COUNT
};

struct england_row {
	const char *id, *what;
	double value, low, high;
};
extern const struct england_row england_rows[EN_COUNT];

struct england_tally;

struct england_tally *england_new(const struct hf_synth_activity *a);
void england_add(struct england_tally *t, const struct hf_synth_life *life);
/* The figures of what was added; and frees. */
void england_end(struct england_tally *t, double out[EN_COUNT]);

#endif
