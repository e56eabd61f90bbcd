/* setting_rows.h - the events of one setting, drawn out of the columns: a question
 * about admissions then reads those alone, a hundredth of all events.  Pure. */
#ifndef HF_POPULATION_SETTING_ROWS_H
#define HF_POPULATION_SETTING_ROWS_H

#include "population/columns.h"

enum { HF_POP_BLOCK = 4096 }; /* persons that a kernel takes at a time */

/* Rows of persons [b * HF_POP_BLOCK, (b + 1) * HF_POP_BLOCK) are [first[b], first[b +
 * 1]), in the order of the columns; person is reckoned from the block's first. */
struct hf_pop_setting_rows {
	uint32_t *first;
	uint16_t *person, *day;
	int32_t *cost;
	uint64_t n;
};

/* How many events of each setting there are. */
void hf_pop_setting_count(const struct hf_pop_columns *c,
			  uint64_t count[HF_POP_SETTINGS]);

/* Draws them; n: as counted.  HF_BUSY out of memory, and for 2^32 rows and more.  Free
 * with hf_pop_setting_rows_free(). */
enum hf_rc hf_pop_setting_rows_make(const struct hf_pop_columns *c,
				    enum hf_pop_setting setting, uint64_t n,
				    struct hf_pop_setting_rows *out,
				    struct hf_err *err);
void hf_pop_setting_rows_free(struct hf_pop_setting_rows *r); /* all 0 is fine */

#endif
