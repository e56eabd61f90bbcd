/* dqmi.h - the quality of all that was received together, by dataset and by field.
 * Pure. population.md section 8 (POP-T32): the mean of the items of what was submitted,
 * times the mean coverage of what was expected; a dataset that is missing lowers the
 * coverage alone. */
#ifndef HF_POPULATION_DQMI_H
#define HF_POPULATION_DQMI_H

#include "fhir/json.h"
#include "population/framework.h"
#include "population/quality.h"

enum { HF_DQMI_MONTHS = 12, HF_DQMI_SOURCES = 64 };

struct hf_dqmi_feed {			    /* one that counts */
	struct hf_sv kind, source, quality; /* quality: as hf_feed_quality_write() */
	uint16_t from, to;
};

struct hf_dqmi_set { /* one dataset */
	bool expected;
	unsigned received, due; /* months of sources, of the last twelve */
	struct hf_dq_item items[HF_FIELDS];
	uint64_t fields; /* bits: those that are items */
};

struct hf_dqmi {
	struct hf_dqmi_set sets[HF_FEED_KINDS];
	int first_month;	       /* since 1900-01; twelve from here */
	double items, coverage, score; /* 0 … 1, 0 … 1, 0 … 100; score NAN: nothing
					* was received */
};

/* Which datasets the measures need: those of their settings, and the register. */
void hf_dqmi_expect(const struct hf_pop_framework *f, struct hf_dqmi *out);
/* Adds up feeds over the twelve whole months before day; texts are parsed in arena. */
void hf_dqmi_reckon(struct hf_dqmi *d, const struct hf_dqmi_feed *feeds, size_t n,
		    uint16_t day, struct hf_arena *arena);
/* As one object. */
void hf_dqmi_write(const struct hf_dqmi *d, struct hf_jw *w);

#endif
