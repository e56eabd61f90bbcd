/* spc.c - means and limits of the charts; the rules are in spc_rules.c. */
#include "measure/spc_int.h"

#include <math.h>

const char *const hf_ms_chart_words[HF_MS_CHARTS] = {"xmr", "p",  "u", "g",
						     "t",   "p'", "u'"};
const char *const hf_ms_variation_words[HF_MS_VARIATIONS] = {
    "common-cause", "improvement-high", "improvement-low", "concern-high",
    "concern-low",  "neutral-high",	"neutral-low"};
const char *const hf_ms_assurance_words[4] = {"none", "passes", "fails", "hit-or-miss"};

/* Wheeler's constants of the XmR chart, near is two thirds (1.7733); 1.128 is d2 of two
 * points. */
static const double limit_of = 2.66, near_of = 2.66 * 2 / 3, range_of = 3.268,
		    screen_of = 3.267, d2 = 1.128;
static const double t_power = 3.6; /* Nelson 1994 */

struct spread {
	double mean, range; /* of the values, of their moving ranges; NAN none */
};

/* Mean and mean moving range of the points of [from, to), in .value. */
static struct spread
spread_of(const struct hf_ms_spc_point *p, size_t from, size_t to, double screen)
{
	double sum = 0.0, ranges = 0.0, before = NAN;
	size_t n = 0, n_ranges = 0;

	for (size_t i = from; i < to; i++) {
		double x = p[i].value, r = fabs(x - before);

		if (isnan(x))
			continue;
		sum += x;
		n++;
		if (!isnan(r) && r < screen) {
			ranges += r;
			n_ranges++;
		}
		before = x;
	}
	return (struct spread){n ? sum / (double)n : NAN,
			       n_ranges ? ranges / (double)n_ranges : NAN};
}

static void
xmr(const struct hf_ms_spc_ask *ask, struct hf_ms_spc_point *p, size_t from, size_t to,
    size_t base)
{
	struct spread s = spread_of(p, from, base, INFINITY);
	double before = NAN;

	if (ask->screen && s.range > 0.0)
		s.range = spread_of(p, from, base, screen_of * s.range).range;
	for (size_t i = from; i < to; i++) {
		p[i].mean = s.mean;
		p[i].low = s.mean - limit_of * s.range;
		p[i].high = s.mean + limit_of * s.range;
		p[i].near_low = s.mean - near_of * s.range;
		p[i].near_high = s.mean + near_of * s.range;
		p[i].mr_high = range_of * s.range;
		p[i].mr = fabs(p[i].value - before);
		if (!isnan(p[i].value))
			before = p[i].value;
	}
}

/* Standard error of a share or a rate of one point. */
static double
error_of(enum hf_ms_chart chart, double mean, double size)
{
	bool share = chart == HF_MS_P || chart == HF_MS_P_PRIME;

	return sqrt((share ? mean * (1.0 - mean) : mean) / size);
}

/* Laney's sigma of z: by how much points vary more than the counts say. */
static double
laney(const struct hf_ms_spc_ask *ask, const struct hf_ms_spc_point *p,
      const double *size, size_t from, size_t base, double mean)
{
	double ranges = 0.0, before = NAN;
	size_t n = 0;

	for (size_t i = from; i < base; i++) {
		double z = (p[i].value - mean) / error_of(ask->chart, mean, size[i]);

		if (isnan(z))
			continue;
		if (!isnan(before)) {
			ranges += fabs(z - before);
			n++;
		}
		before = z;
	}
	return n ? ranges / (double)n / d2 : NAN;
}

static double
within(double x, double low, double high)
{
	return x < low ? low : x > high ? high : x;
}

static void
attribute(const struct hf_ms_spc_ask *ask, struct hf_ms_spc_point *p, const double *x,
	  const double *size, size_t from, size_t to, size_t base)
{
	bool share = ask->chart == HF_MS_P || ask->chart == HF_MS_P_PRIME;
	bool prime = ask->chart == HF_MS_P_PRIME || ask->chart == HF_MS_U_PRIME;
	double sum = 0.0, all = 0.0, mean, sigma, most = share ? 1.0 : INFINITY;

	for (size_t i = from; i < base; i++) {
		if (isnan(p[i].value))
			continue;
		sum += x[i];
		all += size[i];
	}
	mean = all > 0.0 ? sum / all : NAN;
	sigma = prime ? laney(ask, p, size, from, base, mean) : 1.0;
	for (size_t i = from; i < to; i++) {
		double se =
		    size[i] > 0.0 ? error_of(ask->chart, mean, size[i]) * sigma : NAN;

		p[i].mean = mean;
		p[i].low = within(mean - 3.0 * se, 0.0, most);
		p[i].high = within(mean + 3.0 * se, 0.0, most);
		p[i].near_low = within(mean - 2.0 * se, 0.0, most);
		p[i].near_high = within(mean + 2.0 * se, 0.0, most);
	}
}

/* The centre is the median of the geometric distribution, the limits are its own. */
static void
geometric(struct hf_ms_spc_point *p, size_t from, size_t to, size_t base)
{
	double mean = spread_of(p, from, base, INFINITY).mean;
	double sigma = sqrt(mean * (mean + 1.0));

	for (size_t i = from; i < to; i++) {
		p[i].mean = 0.693 * mean;
		p[i].low = p[i].near_low = 0.0;
		p[i].high = mean + 3.0 * sigma;
		p[i].near_high = mean + 2.0 * sigma;
	}
}

static double
back(double y)
{
	return y > 0.0 ? pow(y, t_power) : 0.0;
}

/* Days between are judged on the scale on which they are about normal, and shown in
 * days. */
static void
days_between(const struct hf_ms_spc_ask *ask, struct hf_ms_spc_point *p, size_t from,
	     size_t to, size_t base)
{
	for (size_t i = from; i < to; i++)
		p[i].value = pow(p[i].value == 0.0 ? 0.5 : p[i].value, 1.0 / t_power);
	xmr(ask, p, from, to, base);
}

static void
days_shown(struct hf_ms_spc_point *p, const double *x, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		p[i].value = x[i];
		p[i].mean = back(p[i].mean);
		p[i].low = back(p[i].low);
		p[i].high = back(p[i].high);
		p[i].near_low = back(p[i].near_low);
		p[i].near_high = back(p[i].near_high);
		p[i].mr = p[i].mr_high = NAN;
	}
}

/* Where the limits of [from, to) are reckoned up to: the first points when they are
 * frozen. */
static size_t
base_of(const struct hf_ms_spc_ask *ask, const struct hf_ms_spc_point *p, size_t from,
	size_t to)
{
	size_t n = 0, i = from;

	if (from > 0 || ask->freeze == 0)
		return to;
	for (; i < to && n < ask->freeze; i++)
		n += isnan(p[i].value) ? 0 : 1;
	return i;
}

static void
group(const struct hf_ms_spc_ask *ask, struct hf_ms_spc_point *p, const double *x,
      const double *size, size_t from, size_t to)
{
	size_t base = base_of(ask, p, from, to);
	unsigned trend = ask->trend ? ask->trend : HF_MS_TREND_LENGTH;

	if (ask->chart == HF_MS_XMR)
		xmr(ask, p, from, to, base);
	else if (ask->chart == HF_MS_T)
		days_between(ask, p, from, to, base);
	else if (ask->chart == HF_MS_G)
		geometric(p, from, to, base);
	else
		attribute(ask, p, x, size, from, to, base);
	hf_ms_spc_rules(p, from, to, trend);
	if (ask->chart == HF_MS_T)
		days_shown(p, x, from, to);
}

/* On which side the signal of a point lies: that of its limits, its run or its trend.
 */
static int
signal_side(const struct hf_ms_spc_point *p, size_t i)
{
	size_t before = i;

	if (!(hf_ms_spc_label(p[i].rules) & HF_MS_TREND))
		return p[i].side;
	while (before > 0 && p[before - 1].group == p[i].group) {
		before--;
		if (!isnan(p[before].value))
			break;
	}
	if (before < i && (p[before].rules & HF_MS_TREND) &&
	    p[before].value != p[i].value)
		return p[i].value > p[before].value ? 1 : -1;
	/* The first point of a trend looks at the one after it. */
	for (size_t after = i + 1;; after++)
		if (!isnan(p[after].value))
			return p[after].value > p[i].value ? 1 : -1;
}

static enum hf_ms_variation
icon(enum hf_ms_direction direction, int side)
{
	bool high = side > 0;

	if (side == 0)
		return HF_MS_COMMON;
	if (direction == HF_MS_NEUTRAL)
		return high ? HF_MS_NEUTRAL_HIGH : HF_MS_NEUTRAL_LOW;
	if (high == (direction == HF_MS_HIGHER_BETTER))
		return high ? HF_MS_IMPROVEMENT_HIGH : HF_MS_IMPROVEMENT_LOW;
	return high ? HF_MS_CONCERN_HIGH : HF_MS_CONCERN_LOW;
}

static enum hf_ms_assurance
assurance(const struct hf_ms_spc_ask *ask, const struct hf_ms_spc_point *last)
{
	bool higher = ask->direction == HF_MS_HIGHER_BETTER;

	if (isnan(ask->target) || ask->direction == HF_MS_NEUTRAL || isnan(last->low))
		return HF_MS_NO_TARGET;
	if (ask->target < last->low)
		return higher ? HF_MS_PASSES : HF_MS_FAILS;
	if (ask->target > last->high)
		return higher ? HF_MS_FAILS : HF_MS_PASSES;
	return HF_MS_HIT_OR_MISS;
}

static void
sum_up(const struct hf_ms_spc_ask *ask, struct hf_ms_spc_point *p, size_t n,
       struct hf_ms_spc *sum)
{
	size_t in_group = 0, last = n;

	*sum = (struct hf_ms_spc){0};
	for (size_t i = 0; i < n; i++) {
		int side;

		if (isnan(p[i].value))
			continue;
		sum->received++;
		in_group = last < n && p[i].group == p[last].group ? in_group + 1 : 1;
		last = i;
		side = p[i].rules ? signal_side(p, i) : 0;
		if (side && ask->direction != HF_MS_NEUTRAL) {
			p[i].good =
			    (side > 0) == (ask->direction == HF_MS_HIGHER_BETTER);
			p[i].bad = !p[i].good;
		}
		sum->variation = icon(ask->direction, side);
	}
	sum->trial = in_group < HF_MS_TRIAL_POINTS;
	if (last < n)
		sum->assurance = assurance(ask, &p[last]);
}

bool
hf_ms_spc(const struct hf_ms_spc_ask *ask, const double *x, const double *size,
	  size_t n, struct hf_ms_spc_point *out, struct hf_ms_spc *sum)
{
	bool sized = ask->chart == HF_MS_P || ask->chart == HF_MS_U ||
		     ask->chart == HF_MS_P_PRIME || ask->chart == HF_MS_U_PRIME;
	size_t from = 0;

	for (size_t i = 0; i < ask->n_rebase; i++)
		if (ask->rebase[i] >= n ||
		    ask->rebase[i] <= (i ? ask->rebase[i - 1] : 0))
			return false;
	if (n == 0 || sized != (size != NULL))
		return false;
	for (size_t i = 0; i < n; i++)
		out[i] =
		    (struct hf_ms_spc_point){.value = !sized	      ? x[i]
						      : size[i] > 0.0 ? x[i] / size[i]
								      : NAN,
					     .mr = NAN,
					     .mr_high = NAN};
	for (size_t g = 0; g <= ask->n_rebase; g++) {
		size_t to = g < ask->n_rebase ? ask->rebase[g] : n;

		for (size_t i = from; i < to; i++)
			out[i].group = (uint16_t)g;
		group(ask, out, x, size, from, to);
		from = to;
	}
	sum_up(ask, out, n, sum);
	return sum->received > 0;
}

const char *
hf_ms_rule_word(enum hf_ms_rule rule)
{
	switch (rule) {
	case HF_MS_BEYOND:
		return "beyond";
	case HF_MS_TREND:
		return "trend";
	case HF_MS_TWO_OF_THREE:
		return "two-of-three";
	case HF_MS_SHIFT:
		return "shift";
	}
	return "";
}
