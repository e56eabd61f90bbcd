/* rng.h - PCG32: the same numbers from the same seed and stream on any machine.
 * For synthetic data, simulation and tests; never for secrets. */
#ifndef HF_BASE_RNG_H
#define HF_BASE_RNG_H

#include "base/base.h"

struct hf_rng {
	uint64_t state, inc;
};

/* Streams of one seed are independent sequences. */
void hf_rng_seed(struct hf_rng *r, uint64_t seed, uint64_t stream);
uint32_t hf_rng_u32(struct hf_rng *r);
uint64_t hf_rng_u64(struct hf_rng *r);
/* 0 … n-1 without bias; n > 0. */
uint32_t hf_rng_below(struct hf_rng *r, uint32_t n);
/* [0, 1) with 53 bits. */
double hf_rng_unit(struct hf_rng *r);
/* Standard normal, and exponential with mean 1. */
double hf_rng_normal(struct hf_rng *r);
double hf_rng_exp(struct hf_rng *r);

#endif
