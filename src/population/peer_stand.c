/* peer_stand.c - where the place stands among its peers, and what it has to gain. */
#include <math.h>
#include <stdlib.h>

#include "population/peer_int.h"

const char *const hf_peer_position_words[HF_PEER_POSITIONS] = {
    "unknown",		"around-the-median",	 "better-than-the-median",
    "better-quarter",	"worse-than-the-median", "worse-quarter",
    "above-the-median", "below-the-median"};

struct hf_ms_interval
hf_peer_times(struct hf_ms_interval i, double by)
{
	return (struct hf_ms_interval){i.value * by, i.low * by, i.high * by};
}

/* How one month differs from another, where people are counted on a day: t. */
struct hf_ms_interval
hf_peer_of_months(double value, const double *month, size_t months, double by)
{
	double sum = 0, squares = 0, mean, half;
	size_t n = 0;

	for (size_t i = 0; i < months; i++)
		if (!isnan(month[i])) {
			sum += month[i];
			n++;
		}
	if (n < 3)
		return (struct hf_ms_interval){value, NAN, NAN};
	mean = sum / (double)n;
	for (size_t i = 0; i < months; i++)
		if (!isnan(month[i]))
			squares += (month[i] - mean) * (month[i] - mean);
	half = hf_ms_t_q(0.5 + HF_PEER_CONFIDENCE / 2, (double)n - 1) *
	       sqrt(squares / (double)(n - 1) / (double)n) * by;
	return (struct hf_ms_interval){value, fmax(0, value - half), value + half};
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

enum hf_rc
hf_peer_quarters(struct hf_peer_work *w, struct hf_err *err)
{
	struct hf_peers *out = w->out;
	double *x = hf_arena_array(w->arena, out->n + 1, sizeof *x);
	bool higher = w->m->direction == HF_MS_HIGHER_BETTER;

	out->median = out->better_quarter = out->worse_quarter = NAN;
	if (!x)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many organisations");
	if (out->n < HF_PEER_FEW)
		return HF_OK;
	for (size_t i = 0; i < out->n; i++)
		x[i] = out->peers[i].value.value;
	qsort(x, out->n, sizeof *x, by_value);
	out->median = hf_ms_quantile(x, out->n, 0.5);
	out->better_quarter = hf_ms_quantile(x, out->n, higher ? 0.75 : 0.25);
	out->worse_quarter = hf_ms_quantile(x, out->n, higher ? 0.25 : 0.75);
	return HF_OK;
}

/* Limits about the mean of all, widened for over-dispersion, which among trusts there
 * always is (population.md 5). */
enum hf_rc
hf_peer_funnel(struct hf_peer_work *w, struct hf_err *err)
{
	struct hf_peers *out = w->out;
	bool share = w->m->scale == HF_POP_SHARE;
	double num = 0, den = 0, *z;

	out->mean = out->phi = NAN;
	if ((!share && w->m->scale != HF_POP_RATE) || out->n < HF_PEER_FEW)
		return HF_OK;
	for (size_t i = 0; i < out->n; i++) {
		num += out->peers[i].num;
		den += out->peers[i].den;
	}
	out->mean = num / den;
	z = hf_arena_array(w->arena, 2 * out->n, sizeof *z);
	if (!z)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many organisations");
	for (size_t i = 0; i < out->n; i++) {
		const struct hf_peer *p = &out->peers[i];

		z[i] = share ? (p->num / p->den - out->mean) /
				   sqrt(out->mean * (1 - out->mean) / p->den)
			     : 2 * (sqrt(p->num) - sqrt(out->mean * p->den));
	}
	out->phi = fmax(1, hf_ms_phi(z, out->n, 0.1, z + out->n));
	for (size_t i = 0; i < out->n; i++) {
		struct hf_peer *p = &out->peers[i];
		double by = share ? 100 : w->m->per * out->mean;

		p->near = hf_peer_times(
		    share ? hf_ms_funnel_share(out->mean, p->den, 0.95, out->phi)
			  : hf_ms_funnel_ratio(out->mean * p->den, 0.95, out->phi),
		    by);
		p->far = hf_peer_times(
		    share ? hf_ms_funnel_share(out->mean, p->den, 0.998, out->phi)
			  : hf_ms_funnel_ratio(out->mean * p->den, 0.998, out->phi),
		    by);
	}
	out->mean *= share ? 100 : w->m->per;
	return HF_OK;
}

void
hf_peer_own(struct hf_peer_work *w, const struct hf_pop_report *r, size_t m)
{
	const struct hf_pop_figure *f = hf_pop_report_at(r, m, 0, r->n_periods);
	double month[HF_PEER_MONTHS];
	size_t n = 0;

	w->out->own_n = f->counted;
	w->out->own_of = f->out_of;
	w->out->own = f->value;
	if (w->m->scale != HF_POP_CENSUS || r->ask.ask.grain != HF_POP_MONTH)
		return;
	for (size_t i = r->n_periods; i-- > 0 && n < HF_PEER_MONTHS;) {
		const struct hf_pop_figure *p = hf_pop_report_at(r, m, 0, i);

		if (p->status == HF_POP_OK)
			month[n++] = p->value.value;
	}
	w->out->own = hf_peer_of_months(f->value.value, month, n, 1);
}

static enum hf_peer_position
position(const struct hf_peers *p, enum hf_ms_direction d)
{
	bool higher = d == HF_MS_HIGHER_BETTER, above;

	if (isnan(p->median) || isnan(p->own.value) || isnan(p->own.low) ||
	    isnan(p->own.high))
		return HF_PEER_UNKNOWN;
	if (p->own.low <= p->median && p->own.high >= p->median)
		return HF_PEER_AROUND;
	above = p->own.low > p->median;
	if (d == HF_MS_NEUTRAL)
		return above ? HF_PEER_ABOVE : HF_PEER_BELOW;
	if (above == higher)
		return (higher ? p->own.low > p->better_quarter
			       : p->own.high < p->better_quarter)
			   ? HF_PEER_BEST_QUARTER
			   : HF_PEER_BETTER;
	return (higher ? p->own.high < p->worse_quarter : p->own.low > p->worse_quarter)
		   ? HF_PEER_WORST_QUARTER
		   : HF_PEER_WORSE;
}

/* What it would be to be as good: fewer events, or of what is better when higher,
 * more (POP-T22).  Of people counted on a day: people on an average day. */
static void
set_gain(struct hf_peer_work *w)
{
	struct hf_peers *out = w->out;
	const struct hf_pop_measure *m = w->m;
	double targets[2] = {out->median, out->better_quarter}, of = out->own_of,
	       per = m->scale == HF_POP_SHARE ? 100 : m->per;
	struct hf_ms_interval own = out->own;
	double sign = 1;

	out->has_gain = m->direction != HF_MS_NEUTRAL && !isnan(out->median) &&
			!isnan(own.value) && of > 0;
	if (!out->has_gain)
		return;
	if (m->scale == HF_POP_CENSUS) {
		/* The people on an average day for each unit of the value. */
		of = own.value > 0 ? out->own_n / w->days / own.value : 0;
		per = 1;
	}
	if (m->direction == HF_MS_HIGHER_BETTER) {
		sign = -1;
		own = (struct hf_ms_interval){-own.value, -own.high, -own.low};
	}
	for (size_t k = 0; k < 2; k++) {
		struct hf_peer_gain *g = &out->gain[k];

		g->target = targets[k];
		g->events = hf_ms_opportunity(own, sign * targets[k], of, per);
		g->money = hf_ms_opportunity_money(
		    g->events.value, (double)m->price.tariff_pence, m->price.marginal,
		    m->price.releasable);
	}
}

void
hf_peer_stand(struct hf_peer_work *w)
{
	w->out->position = position(w->out, w->m->direction);
	set_gain(w);
}
