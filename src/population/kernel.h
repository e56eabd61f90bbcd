/* kernel.h - the loops that a question to the explorer comes down to, over ranges of
 * persons, so that threads can share them.  Pure.
 *
 * A person's weight is added, not 1: see disclose.h. */
#ifndef HF_POPULATION_KERNEL_H
#define HF_POPULATION_KERNEL_H

#include "population/dims.h"
#include "population/setting_rows.h"

enum { HF_POP_BY = 3 }; /* dimensions of a table at most */

/* Which values of each dimension are taken. */
struct hf_pop_filters {
	uint16_t on; /* a bit a dimension: it has a filter */
	uint8_t pass[HF_POP_DIMS][HF_POP_DIM_VALUES]; /* 1: taken */
};

/* Adds the weights of persons [from, to) who pass all filters to cell[], by n_by
 * dimensions, the last running fastest. */
void hf_pop_k_group(const struct hf_pop_dims *d, const uint8_t *weight,
		    const struct hf_pop_filters *f, const enum hf_pop_dim *by,
		    size_t n_by, uint32_t from, uint32_t to, uint32_t *cell);

/* All histograms: of each dimension, of persons who pass the filters of the others. */
void hf_pop_k_histograms(const struct hf_pop_dims *d, const uint8_t *weight,
			 const struct hf_pop_filters *f, uint32_t from, uint32_t to,
			 uint32_t (*hist)[HF_POP_DIM_VALUES]);

/* Events of persons [from, to) who pass, of settings (bits), on days [day_from,
 * day_to): how many and their cost, by value of dimension by and month.  month: by day
 * since day_from, below months.  n and cost have values * months. */
struct hf_pop_k_events {
	const struct hf_pop_columns *c;
	const struct hf_pop_dims *d;
	const uint8_t *weight;
	const struct hf_pop_filters *f;
	uint32_t settings;
	uint16_t day_from, day_to;
	enum hf_pop_dim by; /* HF_POP_DIMS: all in one row */
	const uint16_t *month;
	size_t months;
};
void hf_pop_k_events(const struct hf_pop_k_events *q, uint32_t from, uint32_t to,
		     uint64_t *n, int64_t *cost);
/* The same of the setting that rows were drawn for; q->settings does not count. */
void hf_pop_k_rows(const struct hf_pop_k_events *q,
		   const struct hf_pop_setting_rows *rows, uint32_t from, uint32_t to,
		   uint64_t *n, int64_t *cost);

#endif
