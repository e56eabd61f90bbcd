/* quality.h - how good a feed is: items, coverage and the measures of our own.  Pure.
 * population.md section 8. */
#ifndef HF_POPULATION_QUALITY_H
#define HF_POPULATION_QUALITY_H

#include "base/buf.h"
#include "population/feed.h"

/* One item: records that ought to have it, those with a valid value, those of these
 * whose value is a default (says nothing), and how many of those are fine. */
struct hf_dq_item {
	uint64_t records, valid, defaults;
	unsigned permille; /* threshold for defaults */
};

/* 0 … 100; below 0 never.  No records: 0. */
double hf_dq_item_score(const struct hf_dq_item *item);

/* mean(items) × mean(coverage) × 100 of fractions; a dataset that is missing lowers the
 * coverage alone.  0 without items or coverage. */
double hf_dqmi(const double *items, size_t n, const double *coverage, size_t m);

enum hf_feed_finding {
#define HF_FINDING(name, severity, text) HF_FOUND_##name,
#include "population/feed_finding.def"
#undef HF_FINDING
	HF_FINDINGS
};

const char *hf_feed_finding_name(enum hf_feed_finding f);
const char *hf_feed_finding_text(enum hf_feed_finding f);
enum hf_severity hf_feed_finding_severity(enum hf_feed_finding f);

enum {
	HF_QUALITY_LINES = 5,	  /* first lines named with a finding */
	HF_QUALITY_MONTHS = 2160, /* from 1990-01 on */
	HF_QUALITY_LATE = 400	  /* days to arrival that are told apart */
};

struct hf_feed_found {
	uint64_t n;
	uint64_t lines[HF_QUALITY_LINES];
	unsigned n_lines;
};

struct hf_feed_quality {
	uint64_t rows, taken, refused;
	uint64_t persons, new_persons; /* new: never heard of before this feed */
	uint64_t events, registrations, conditions, values;
	uint64_t linked; /* rows with a valid NHS number that counts */
	uint64_t timed, midnights;
	uint64_t dx_rows, dx_codes;
	uint64_t by_why[HF_WHYS];
	uint64_t why_field[HF_WHYS][HF_FIELDS + 1]; /* HF_FIELDS: the row's shape */
	uint64_t not_taken[HF_FIELDS]; /* wrong values where none is needed */
	struct hf_dq_item items[HF_FIELDS];
	uint64_t item_mask; /* fields that are items, in the file or not */
	struct hf_feed_found found[HF_FINDINGS];
	uint32_t months[HF_QUALITY_MONTHS];
	uint32_t late[HF_QUALITY_LATE + 1];
	uint64_t within_5; /* arrived within five working days */
	uint16_t from, to; /* days, [from, to) */
};

/* Counts one finding at a line (0: of no line). */
void hf_feed_find(struct hf_feed_quality *q, enum hf_feed_finding f, uint64_t line);
/* Sets which fields are items: those of the map that the file has columns for. */
void hf_feed_quality_begin(struct hf_feed_quality *q, const struct hf_map_bound *bound);
/* Counts a row that could be read, taken or not. */
void hf_feed_quality_row(struct hf_feed_quality *q, const struct hf_feed_row *row);
/* Counts an event's day: month, and how late it came in. */
void hf_feed_quality_event(struct hf_feed_quality *q, const struct hf_pop_event *e,
			   uint16_t received);
/* Findings that follow from the whole. */
void hf_feed_quality_end(struct hf_feed_quality *q);

double hf_feed_linkage(const struct hf_feed_quality *q);  /* 0 … 1 */
double hf_feed_coverage(const struct hf_feed_quality *q); /* months with rows */
double hf_feed_score(const struct hf_feed_quality *q);	  /* 0 … 100 */
/* May figures of it be published: linkage 95 %, coverage 90 % (section 8). */
bool hf_feed_publishable(const struct hf_feed_quality *q);

/* The whole as one JSON object; docs/interfaces/feeds.md has its members. */
void hf_feed_quality_write(const struct hf_feed_quality *q, struct hf_buf *out);

#endif
