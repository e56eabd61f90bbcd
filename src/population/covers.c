/* covers.c - a set of numbers by open addressing. */
#include "population/covers.h"

#include <stdlib.h>

#include "base/time.h"

enum { FIRST_SLOTS = 256, DAYS = 65536, ENTRY = 6 };

void
hf_pop_covers_free(struct hf_pop_covers *c)
{
	free(c->slot);
	free(c->month);
	*c = (struct hf_pop_covers){0};
}

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
}

static bool
months_known(struct hf_pop_covers *c)
{
	if (c->month)
		return true;
	c->month = malloc(DAYS * sizeof(*c->month));
	for (int64_t day = 0; c->month && day < DAYS; day++) {
		struct hf_civil v =
		    hf_civil_from_time((day + HF_POP_DAY_ZERO) * 86400000);

		c->month[day] = (uint16_t)((v.year - 1990) * 12 + v.month - 1);
	}
	return c->month != NULL;
}

static uint64_t
entry(uint16_t provider, uint16_t setting, uint16_t month)
{
	return (uint64_t)provider << 32 | (uint64_t)setting << 16 | month |
	       (uint64_t)1 << 48;
}

/* The slot that has v, or the free one where it would stand. */
static size_t
find(const struct hf_pop_covers *c, uint64_t v)
{
	size_t i = (size_t)((v * 0x9e3779b97f4a7c15u) >> 32) & (c->size - 1);

	while (c->slot[i] && c->slot[i] != v)
		i = (i + 1) & (c->size - 1);
	return i;
}

static bool
fits(struct hf_pop_covers *c)
{
	struct hf_pop_covers wider = {.size = c->size ? 2 * c->size : FIRST_SLOTS};

	if (2 * (c->n + 1) <= c->size)
		return true;
	wider.slot = calloc(wider.size, sizeof(*wider.slot));
	if (!wider.slot)
		return false;
	for (size_t i = 0; i < c->size; i++)
		if (c->slot[i])
			wider.slot[find(&wider, c->slot[i])] = c->slot[i];
	free(c->slot);
	c->slot = wider.slot;
	c->size = wider.size;
	return true;
}

static enum hf_rc
add(struct hf_pop_covers *c, uint64_t v, struct hf_err *err)
{
	size_t at;

	if (!fits(c))
		return no_memory(err);
	at = find(c, v);
	c->n += c->slot[at] == 0;
	c->slot[at] = v;
	return HF_OK;
}

enum hf_rc
hf_pop_covers_add(struct hf_pop_covers *c, uint16_t provider, uint8_t setting,
		  uint16_t day, struct hf_err *err)
{
	if (provider == 0)
		return HF_OK;
	if (!months_known(c))
		return no_memory(err);
	return add(c, entry(provider, setting, c->month[day]), err);
}

bool
hf_pop_covers_has(struct hf_pop_covers *c, uint16_t provider, uint8_t setting,
		  uint16_t day)
{
	return provider && c->n && months_known(c) &&
	       c->slot[find(c, entry(provider, setting, c->month[day]))];
}

static int
ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void
hf_pop_covers_put(const struct hf_pop_covers *c, struct hf_buf *out)
{
	uint64_t *all = malloc((c->n + 1) * sizeof(*all));
	size_t n = 0;

	if (!all) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; i < c->size; i++)
		if (c->slot[i])
			all[n++] = c->slot[i];
	qsort(all, n, sizeof(*all), ascending);
	for (size_t i = 0; i < n; i++)
		for (int part = 2; part >= 0; part--) {
			hf_buf_char(out, (char)(all[i] >> (16 * part)));
			hf_buf_char(out, (char)(all[i] >> (16 * part + 8)));
		}
	free(all);
}

static uint16_t
get_u16(const char *p)
{
	return (uint16_t)((uint8_t)p[0] | (uint8_t)p[1] << 8);
}

enum hf_rc
hf_pop_covers_get(struct hf_pop_covers *c, struct hf_sv in, const uint16_t *code,
		  size_t n_code, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	if (in.n % ENTRY)
		return hf_fail(err, HF_INVALID, NULL, "what a feed covers is damaged");
	for (size_t i = 0; rc == HF_OK && i < in.n; i += ENTRY) {
		uint16_t provider = get_u16(in.p + i);

		if (provider == 0 || provider >= n_code)
			return hf_fail(err, HF_INVALID, NULL,
				       "what a feed covers is damaged");
		rc = add(
		    c,
		    entry(code[provider], get_u16(in.p + i + 2), get_u16(in.p + i + 4)),
		    err);
	}
	return rc;
}
