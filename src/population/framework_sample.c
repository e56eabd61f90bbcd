/* framework_sample.c - values of quantiles: kept as they come, sorted at the end. */
#include <stdlib.h>

#include "population/framework_plan.h"

bool
hf_pop_sample_add(struct samples *s, uint32_t cell, uint32_t value)
{
	if (s->n == s->size) {
		size_t size = s->size ? s->size * 2 : 1024;
		uint32_t *cells = realloc(s->cell, size * sizeof *cells), *values;

		if (!cells)
			return false;
		s->cell = cells;
		values = realloc(s->value, size * sizeof *values);
		if (!values)
			return false;
		s->value = values;
		s->size = size;
	}
	s->cell[s->n] = cell;
	s->value[s->n++] = value;
	return true;
}

/* n numbers by one byte at shift, from a to b, the order of equals kept. */
static void
by_byte(const uint32_t *a, uint32_t *b, size_t n, unsigned shift)
{
	size_t at[257] = {0};

	for (size_t i = 0; i < n; i++)
		at[(a[i] >> shift & 255) + 1]++;
	for (size_t i = 1; i < 257; i++)
		at[i] += at[i - 1];
	for (size_t i = 0; i < n; i++)
		b[at[a[i] >> shift & 255]++] = a[i];
}

static void
sort(uint32_t *values, uint32_t *scratch, size_t n)
{
	uint32_t most = 0;

	for (size_t i = 0; i < n; i++)
		most |= values[i];
	for (unsigned shift = 0; shift < 32 && most >> shift; shift += 16) {
		by_byte(values, scratch, n, shift);
		by_byte(scratch, values, n, shift + 8);
	}
}

bool
hf_pop_samples_sort(struct samples *s, size_t cells, size_t **first)
{
	size_t *begin = calloc(cells + 2, sizeof *begin);
	uint32_t *by_cell = calloc(s->n + 1, sizeof *by_cell);

	free(*first);
	*first = begin;
	if (!begin || !by_cell) {
		free(by_cell);
		return false;
	}
	/* Counted one on, so that after the values went to their places begin[c] is
	 * where cell c begins. */
	for (size_t i = 0; i < s->n; i++)
		begin[s->cell[i] + 2]++;
	for (size_t c = 1; c < cells + 2; c++)
		begin[c] += begin[c - 1];
	for (size_t i = 0; i < s->n; i++)
		by_cell[begin[s->cell[i] + 1]++] = s->value[i];
	for (size_t c = 0; c < cells; c++)
		sort(by_cell + begin[c], s->value, begin[c + 1] - begin[c]);
	free(s->value);
	s->value = by_cell;
	s->size = s->n; /* nothing is added after this */
	return true;
}
