/* cube.h - a question to the population, read from words and answered in figures that
 * may be shown.  Pure; io/cube.h asks with threads. */
#ifndef HF_POPULATION_CUBE_H
#define HF_POPULATION_CUBE_H

#include "base/arena.h"
#include "base/buf.h"
#include "population/disclose.h"
#include "population/kernel.h"

enum { HF_POP_CELLS_MOST = 1 << 18, HF_POP_MONTHS_MOST = 600 };

struct hf_pop_ask {
	struct hf_pop_filters filters;
	enum hf_pop_dim by[HF_POP_BY];
	size_t n_by;
	bool histograms;
	uint32_t settings; /* events of these, bits; 0: persons are counted */
	bool monthly;	   /* events by month, else of all days in one */
	uint16_t from, to; /* days of events; to 0: all that there are */
	enum hf_pop_sdc sdc;
};

/* One filter, "age=75-84,85+": codes of values, commas between; the empty code is "not
 * known".  HF_INVALID names the dimension or value that there is none of; a second
 * filter of a dimension narrows the first. */
enum hf_rc hf_pop_ask_filter(const struct hf_pop_dims *d, struct hf_sv text,
			     struct hf_pop_ask *ask, struct hf_err *err);
/* "locality,age": at most HF_POP_BY, each once; HF_TOO_LONG beyond HF_POP_CELLS_MOST
 * cells. */
enum hf_rc hf_pop_ask_by(const struct hf_pop_dims *d, struct hf_sv text,
			 struct hf_pop_ask *ask, struct hf_err *err);
/* "NE" or "NE,AE" */
enum hf_rc hf_pop_ask_events(struct hf_sv text, struct hf_pop_ask *ask,
			     struct hf_err *err);
/* Months and days belong together: checks what was asked as a whole.  HF_INVALID. */
enum hf_rc hf_pop_ask_check(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
			    struct hf_err *err);

/* Raw sums: never leave but through hf_pop_answer(). */
struct hf_pop_sums {
	uint32_t *cell; /* persons, by the dimensions asked */
	size_t n_cells;
	uint32_t hist[HF_POP_DIMS][HF_POP_DIM_VALUES];
	uint64_t *n; /* events by value of by[0] (or 1) and month */
	int64_t *cost;
	size_t rows, months;
	uint16_t day_from, day_to, *month; /* by day since day_from */
	int32_t first_month;		   /* months since 1990-01 */
	/* By setting: its events drawn out, which make it quick; NULL: there are none.
	 * Whoever adds may set them before, and must keep them meanwhile. */
	const struct hf_pop_setting_rows *drawn[HF_POP_SETTINGS];
};

/* Room for the sums, in arena, all 0; the months of the days. */
enum hf_rc hf_pop_sums_make(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
			    struct hf_arena *arena, struct hf_pop_sums *out,
			    struct hf_err *err);
/* Adds persons [from, to). */
void hf_pop_sums_add(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
		     struct hf_pop_sums *s, uint32_t from, uint32_t to);
void hf_pop_sums_merge(struct hf_pop_sums *s, const struct hf_pop_sums *other);

/* What may be shown, in arena. */
struct hf_pop_row {
	uint8_t value[HF_POP_BY]; /* of each dimension of by */
	struct hf_pop_shown n;
};
struct hf_pop_event_row {
	uint8_t value; /* of by[0] */
	int32_t month; /* since 1990-01; -1: of all days */
	struct hf_pop_shown n;
	bool has_cost;
	int64_t cost; /* pence */
};
struct hf_pop_answer {
	struct hf_pop_shown persons;
	struct hf_pop_row *rows; /* none of what is 0 */
	size_t n_rows;
	struct hf_pop_event_row *events;
	size_t n_events;
	struct hf_pop_shown *hist[HF_POP_DIMS]; /* by value; NULL: not asked */
};
enum hf_rc hf_pop_answer(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
			 const struct hf_pop_sums *s, struct hf_arena *arena,
			 struct hf_pop_answer *out, struct hf_err *err);

#endif
