/* pid.h - pseudonyms: HMAC-SHA256 of the NHS number, cut to 128 bits, with a key of one
 * store and version.  population.md section 7; POP-T31.  No table leads back.  Pure. */
#ifndef HF_POPULATION_PID_H
#define HF_POPULATION_PID_H

#include "base/nhs.h"
#include "population/model.h"

enum { HF_POP_KEY = 32 };

struct hf_pop_key {
	unsigned char bytes[HF_POP_KEY];
};

void hf_pop_pid(const struct hf_pop_key *key, const struct hf_nhs *nhs,
		uint8_t out[HF_POP_PID]);
/* Of somebody whose NHS number is not known: by an id that is source's own.  Never the
 * pseudonym of an NHS number, whatever the id looks like. */
void hf_pop_pid_local(const struct hf_pop_key *key, struct hf_sv source,
		      struct hf_sv id, uint8_t out[HF_POP_PID]);

#endif
