/* spc_rules.c - which points are signals. */
#include "measure/spc_int.h"

#include <math.h>

/* The next point of [i, to) that was received; to when there is none. */
static size_t
received(const struct hf_ms_spc_point *p, size_t i, size_t to)
{
	while (i < to && isnan(p[i].value))
		i++;
	return i;
}

static void
mark(struct hf_ms_spc_point *p, size_t from, size_t to, enum hf_ms_rule rule)
{
	for (size_t i = from; i < to; i++)
		if (!isnan(p[i].value))
			p[i].rules |= (uint8_t)rule;
}

static int
sign(double x)
{
	return (x > 0.0) - (x < 0.0);
}

/* Seven or more in a row on one side; a point on the mean ends the row. */
static void
shifts(struct hf_ms_spc_point *p, size_t from, size_t to)
{
	size_t first = from, length = 0;
	int side = 0;

	for (size_t i = received(p, from, to); i < to; i = received(p, i + 1, to)) {
		if (p[i].side != side || side == 0) {
			side = p[i].side;
			first = i;
			length = 0;
		}
		if (side && ++length >= HF_MS_SHIFT_LENGTH)
			mark(p, first, i + 1, HF_MS_SHIFT);
	}
}

/* trend points or more that rise each time, or fall each time. */
static void
trends(struct hf_ms_spc_point *p, size_t from, size_t to, unsigned trend)
{
	size_t first = from, before = to;
	unsigned length = 0;
	int way = 0;

	for (size_t i = received(p, from, to); i < to; i = received(p, i + 1, to)) {
		int now = before == to ? 0 : sign(p[i].value - p[before].value);

		if (now == 0 || now != way) {
			way = now;
			first = now ? before : i;
			length = now ? 1 : 0;
		}
		if (now && ++length >= trend)
			mark(p, first, i + 1, HF_MS_TREND);
		before = i;
	}
}

/* Where a point stands between the near limit and the limit: -1, 1; 0 elsewhere. */
static int
near_limit(const struct hf_ms_spc_point *p)
{
	if (p->value > p->near_high && !(p->value > p->high))
		return 1;
	return p->value < p->near_low && !(p->value < p->low) ? -1 : 0;
}

static void
two_of_three(struct hf_ms_spc_point *p, size_t from, size_t to)
{
	size_t i = received(p, from, to), j = received(p, i + 1, to), k;

	for (; j < to && (k = received(p, j + 1, to)) < to; i = j, j = k) {
		const size_t three[3] = {i, j, k};

		for (int side = -1; side <= 1; side += 2) {
			unsigned n = 0;

			for (size_t m = 0; m < 3; m++)
				n += near_limit(&p[three[m]]) == side;
			for (size_t m = 0; n >= 2 && m < 3; m++)
				if (near_limit(&p[three[m]]) == side)
					p[three[m]].rules |= HF_MS_TWO_OF_THREE;
		}
	}
}

void
hf_ms_spc_rules(struct hf_ms_spc_point *p, size_t from, size_t to, unsigned trend)
{
	for (size_t i = received(p, from, to); i < to; i = received(p, i + 1, to)) {
		p[i].side = (int8_t)sign(p[i].value - p[i].mean);
		if (p[i].value > p[i].high || p[i].value < p[i].low)
			p[i].rules |= HF_MS_BEYOND;
	}
	shifts(p, from, to);
	trends(p, from, to, trend);
	two_of_three(p, from, to);
}

enum hf_ms_rule
hf_ms_spc_label(uint8_t rules)
{
	return (enum hf_ms_rule)(rules & -rules);
}

bool
hf_ms_spc_may_rebase(const struct hf_ms_spc_point *p, size_t n, size_t at)
{
	size_t length = 0;

	if (at >= n || isnan(p[at].value) || p[at].side == 0)
		return false;
	for (size_t i = at; i < n && p[i].group == p[at].group; i++) {
		if (isnan(p[i].value))
			continue;
		if (p[i].side != p[at].side)
			break;
		length++;
	}
	return length >= HF_MS_SHIFT_LENGTH;
}
