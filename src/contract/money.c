/* money.c - pence: reckoning and sharing out. */
#include "contract/money.h"

bool
hf_round_div(hf_i128 num, hf_i128 den, enum hf_rounding how, int64_t *out)
{
	hf_i128 q, rest, half;

	if (den == 0)
		return false;
	if (den < 0) {
		num = -num;
		den = -den;
	}
	q = num / den; /* towards zero */
	rest = num % den;
	if (rest < 0)
		rest = -rest;
	/* rest < den, so den - rest cannot overflow where 2 * rest could. */
	half = rest - (den - rest);
	if (half > 0 || (half == 0 && (how == HF_HALF_AWAY || q % 2 != 0)))
		q += num < 0 ? -1 : 1;
	if (q > INT64_MAX || q < INT64_MIN)
		return false;
	*out = (int64_t)q;
	return true;
}

bool
hf_pence_scale(hf_pence amount, hf_rate rate, enum hf_rounding how, hf_pence *out)
{
	return hf_round_div((hf_i128)amount * rate, HF_RATE_ONE, how, out);
}

bool
hf_pence_ratio(hf_pence amount, int64_t num, int64_t den, enum hf_rounding how,
	       hf_pence *out)
{
	return hf_round_div((hf_i128)amount * num, den, how, out);
}

bool
hf_pence_add(hf_pence *sum, hf_pence v)
{
	hf_pence got;

	if (__builtin_add_overflow(*sum, v, &got))
		return false;
	*sum = got;
	return true;
}

bool
hf_pence_sub(hf_pence *sum, hf_pence v)
{
	hf_pence got;

	if (__builtin_sub_overflow(*sum, v, &got))
		return false;
	*sum = got;
	return true;
}

bool
hf_pence_times(hf_pence price, int64_t units, hf_pence *out)
{
	hf_pence got;

	if (__builtin_mul_overflow(price, units, &got))
		return false;
	*out = got;
	return true;
}

/* One part of total, rounded towards zero, and what is left of it over the sum of
 * the weights. */
static uint64_t
part_of(uint64_t total, int64_t weight, hf_i128 sum, hf_i128 *rest)
{
	hf_i128 product = (hf_i128)total * weight;

	*rest = product % sum;
	return (uint64_t)(product / sum);
}

/* The index of the next largest remainder after the one given last: largest first,
 * lowest index first among equals.  n is bounded, so looking through all of them for
 * each penny costs less than sorting would need memory. */
static size_t
next_largest(uint64_t total, const int64_t *weights, size_t n, hf_i128 sum,
	     hf_i128 *last, size_t *last_at)
{
	hf_i128 best = -1, rest;
	size_t at = n;

	for (size_t i = 0; i < n; i++) {
		part_of(total, weights[i], sum, &rest);
		if (rest > *last || (rest == *last && i <= *last_at))
			continue;
		if (rest > best) {
			best = rest;
			at = i;
		}
	}
	*last = best;
	*last_at = at;
	return at;
}

static void
give(hf_pence *out, size_t i, bool negative, uint64_t pence)
{
	out[i] = negative ? (hf_pence)(0 - pence) : (hf_pence)pence;
}

bool
hf_pence_allocate(hf_pence total, const int64_t *weights, size_t n, hf_pence *out)
{
	bool negative = total < 0;
	uint64_t left, all = negative ? 0 - (uint64_t)total : (uint64_t)total;
	hf_i128 sum = 0, rest, last;
	size_t last_at = 0;

	if (n == 0 || n > HF_SHARES_MOST)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (weights[i] < 0)
			return false;
		sum += weights[i];
	}
	if (sum == 0)
		return false;
	left = all;
	for (size_t i = 0; i < n; i++)
		left -= part_of(all, weights[i], sum, &rest);
	for (size_t i = 0; i < n; i++)
		give(out, i, negative, part_of(all, weights[i], sum, &rest));
	for (last = sum; left > 0; left--) {
		size_t i = next_largest(all, weights, n, sum, &last, &last_at);

		out[i] += negative ? -1 : 1;
	}
	return true;
}
