/* drawn.h - events of single settings, drawn out of a view's columns when they are
 * first asked for and kept as long as it is.  Thread-safe. */
#ifndef HF_POPULATION_IO_DRAWN_H
#define HF_POPULATION_IO_DRAWN_H

#include "population/setting_rows.h"

struct hf_pop_drawn;

/* Borrows c.  HF_BUSY out of memory.  Free with hf_pop_drawn_free(). */
enum hf_rc hf_pop_drawn_new(const struct hf_pop_columns *c, struct hf_pop_drawn **out,
			    struct hf_err *err);
void hf_pop_drawn_free(struct hf_pop_drawn *d); /* NULL is fine */

/* Rows of the settings (bits), by setting; d's.  NULL where they are not asked for, or
 * would take more memory than all of them may: then the columns are read. */
void hf_pop_drawn_get(struct hf_pop_drawn *d, uint32_t settings,
		      const struct hf_pop_setting_rows *out[HF_POP_SETTINGS]);
/* The settings that are drawn, bits. */
uint32_t hf_pop_drawn_which(struct hf_pop_drawn *d);

#endif
