/* population.h - the population side of the server: the columns that are kept up with
 * the store, the outcome framework, and the weights that figures leave with. */
#ifndef HF_SERVER_POPULATION_H
#define HF_SERVER_POPULATION_H

#include "population/framework.h"
#include "population/io/live.h"

struct hf_population;

/* Starts a thread that loads the columns and follows the store.  Borrows store. */
enum hf_rc hf_population_open(struct hf_store *store, struct hf_population **out,
			      struct hf_err *err);
/* Nothing may be held.  NULL is fine. */
void hf_population_close(struct hf_population *p);

const struct hf_pop_framework *hf_population_framework(const struct hf_population *p);
struct hf_pop_live *hf_population_live(struct hf_population *p);

/* The newest columns with the weight of each person on their last day
 * (population/disclose.h), made once for them.  HF_BUSY while the first are being
 * loaded.  Give both back with hf_population_release(). */
struct hf_population_held {
	const struct hf_pop_columns *c;
	const uint8_t *weight;
	void *weights;
};
enum hf_rc hf_population_hold(struct hf_population *p, struct hf_population_held *out,
			      struct hf_err *err);
void hf_population_release(struct hf_population *p, struct hf_population_held *h);

#endif
