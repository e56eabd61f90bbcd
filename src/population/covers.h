/* covers.h - which months of which setting of which provider feeds have told of: what
 * the record says of the same is not counted a second time.  Pure. */
#ifndef HF_POPULATION_COVERS_H
#define HF_POPULATION_COVERS_H

#include "base/buf.h"
#include "base/err.h"
#include "population/model.h"

struct hf_pop_covers {
	uint64_t *slot; /* provider, setting, month, and 1 above; 0 is free */
	size_t n, size;
	uint16_t *month; /* by day; made at first use */
};

void hf_pop_covers_free(struct hf_pop_covers *c);
/* A provider that is not known (0) covers nothing.  HF_BUSY out of memory. */
enum hf_rc hf_pop_covers_add(struct hf_pop_covers *c, uint16_t provider,
			     uint8_t setting, uint16_t day, struct hf_err *err);
bool hf_pop_covers_has(struct hf_pop_covers *c, uint16_t provider, uint8_t setting,
		       uint16_t day);

/* As bytes, in order: provider u16, setting u16, month u16 (since 1990-01). */
void hf_pop_covers_put(const struct hf_pop_covers *c, struct hf_buf *out);
/* Adds what hf_pop_covers_put() wrote; code[] gives the provider's code here, below
 * n_code.  HF_INVALID when bytes are not that. */
enum hf_rc hf_pop_covers_get(struct hf_pop_covers *c, struct hf_sv in,
			     const uint16_t *code, size_t n_code, struct hf_err *err);

#endif
