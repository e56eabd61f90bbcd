/* rng.c - PCG32 (O'Neill 2014, XSH RR 64/32). */
#include "base/rng.h"

#include <math.h>

void
hf_rng_seed(struct hf_rng *r, uint64_t seed, uint64_t stream)
{
	r->state = 0;
	r->inc = stream << 1 | 1;
	(void)hf_rng_u32(r);
	r->state += seed;
	(void)hf_rng_u32(r);
}

uint32_t
hf_rng_u32(struct hf_rng *r)
{
	uint64_t old = r->state;
	uint32_t shifted = (uint32_t)(((old >> 18) ^ old) >> 27);
	uint32_t rot = (uint32_t)(old >> 59);

	r->state = old * 6364136223846793005u + r->inc;
	return shifted >> rot | shifted << (-rot & 31);
}

uint64_t
hf_rng_u64(struct hf_rng *r)
{
	uint64_t high = hf_rng_u32(r);

	return high << 32 | hf_rng_u32(r);
}

uint32_t
hf_rng_below(struct hf_rng *r, uint32_t n)
{
	uint64_t m;
	uint32_t low;

	assert(n > 0);
	m = (uint64_t)hf_rng_u32(r) * n;
	low = (uint32_t)m;
	if (low < n) {
		uint32_t least = -n % n;

		while (low < least) {
			m = (uint64_t)hf_rng_u32(r) * n;
			low = (uint32_t)m;
		}
	}
	return (uint32_t)(m >> 32);
}

double
hf_rng_unit(struct hf_rng *r)
{
	return (double)(hf_rng_u64(r) >> 11) * 0x1p-53;
}

double
hf_rng_normal(struct hf_rng *r)
{
	double u = 1.0 - hf_rng_unit(r), v = hf_rng_unit(r);

	return sqrt(-2.0 * log(u)) * cos(2.0 * 3.14159265358979323846 * v);
}

double
hf_rng_exp(struct hf_rng *r)
{
	return -log(1.0 - hf_rng_unit(r));
}
