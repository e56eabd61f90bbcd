/* drawn.c - see drawn.h.  What is drawn stays where it is until all is freed, so that a
 * reader needs no lock. */
#include "population/io/drawn.h"

#include <pthread.h>
#include <stdlib.h>

/* 8 bytes a row: 100 MB, beside columns of 1.1 GB for a million people. */
enum { ROWS_MOST = 12500000 };

struct hf_pop_drawn {
	const struct hf_pop_columns *c;
	pthread_mutex_t lock;
	bool counted;
	uint64_t count[HF_POP_SETTINGS], rows;
	uint32_t which;
	struct hf_pop_setting_rows of[HF_POP_SETTINGS];
};

enum hf_rc
hf_pop_drawn_new(const struct hf_pop_columns *c, struct hf_pop_drawn **out,
		 struct hf_err *err)
{
	struct hf_pop_drawn *d = calloc(1, sizeof(*d));

	if (!d)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	d->c = c;
	pthread_mutex_init(&d->lock, NULL);
	*out = d;
	return HF_OK;
}

void
hf_pop_drawn_free(struct hf_pop_drawn *d)
{
	if (!d)
		return;
	for (unsigned k = 0; k < HF_POP_SETTINGS; k++)
		hf_pop_setting_rows_free(&d->of[k]);
	pthread_mutex_destroy(&d->lock);
	free(d);
}

/* Under the lock.  Without memory the columns are read, as before. */
static void
draw(struct hf_pop_drawn *d, enum hf_pop_setting k)
{
	struct hf_err err;

	if (!d->counted)
		hf_pop_setting_count(d->c, d->count);
	d->counted = true;
	if (d->rows + d->count[k] > ROWS_MOST ||
	    hf_pop_setting_rows_make(d->c, k, d->count[k], &d->of[k], &err) != HF_OK)
		return;
	d->rows += d->count[k];
	d->which |= 1u << k;
}

void
hf_pop_drawn_get(struct hf_pop_drawn *d, uint32_t settings,
		 const struct hf_pop_setting_rows *out[HF_POP_SETTINGS])
{
	pthread_mutex_lock(&d->lock);
	for (unsigned k = 0; k < HF_POP_SETTINGS; k++) {
		uint32_t bit = 1u << k;

		if (settings & bit & ~d->which)
			draw(d, (enum hf_pop_setting)k);
		out[k] = settings & bit & d->which ? &d->of[k] : NULL;
	}
	pthread_mutex_unlock(&d->lock);
}

uint32_t
hf_pop_drawn_which(struct hf_pop_drawn *d)
{
	uint32_t which;

	pthread_mutex_lock(&d->lock);
	which = d->which;
	pthread_mutex_unlock(&d->lock);
	return which;
}
