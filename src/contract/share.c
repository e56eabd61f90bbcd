/* share.c - see share.h. */
#include "contract/share.h"

static const hf_i128 one = HF_RATE_ONE;

static hf_i128
smaller(hf_i128 a, hf_i128 b)
{
	return a < b ? a : b;
}

/* The sum in pence * one * one, not yet rounded. */
static hf_i128
moved(const struct hf_ct_band *bands, size_t n, hf_pence plan, hf_i128 variance)
{
	hf_i128 size = (variance < 0 ? -variance : variance) * one, sum = 0;

	for (size_t i = 0; i < n; i++) {
		const struct hf_ct_band *b = &bands[i];
		hf_i128 from = (hf_i128)plan * b->from;
		hf_i128 top =
		    b->to == INT64_MAX ? size : smaller(size, (hf_i128)plan * b->to);

		if (top > from)
			sum += (top - from) * (variance < 0 ? b->under : b->over);
	}
	return variance < 0 ? -sum : sum;
}

bool
hf_ct_share_adjust(const struct hf_ct_band *bands, size_t n, hf_pence plan,
		   hf_pence actual, hf_pence *out)
{
	return hf_round_div(moved(bands, n, plan, (hf_i128)actual - plan), one * one,
			    HF_HALF_AWAY, out);
}

bool
hf_ct_share_beyond(hf_pence plan, hf_pence actual, hf_rate part)
{
	hf_i128 v = (hf_i128)actual - plan;

	if (v < 0)
		v = -v;
	return plan != 0 && v != 0 &&
	       v * one >= (hf_i128)(plan < 0 ? -plan : plan) * part;
}

bool
hf_ct_marginal(hf_pence baseline, hf_pence value, hf_rate rate, hf_pence *out)
{
	hf_pence over, paid = baseline;

	if (value <= baseline) {
		*out = value;
		return true;
	}
	if (__builtin_sub_overflow(value, baseline, &over) ||
	    !hf_pence_scale(over, rate, HF_HALF_AWAY, &over) ||
	    !hf_pence_add(&paid, over))
		return false;
	*out = paid;
	return true;
}

bool
hf_ct_blended(hf_pence fixed, hf_pence value, hf_rate rate, hf_pence *out)
{
	hf_pence differs = value, paid = fixed;

	if (!hf_pence_sub(&differs, fixed) ||
	    !hf_pence_scale(differs, rate, HF_HALF_AWAY, &differs) ||
	    !hf_pence_add(&paid, differs))
		return false;
	*out = paid;
	return true;
}

/* ---- outcomes ---- */

/* Six places of numbers below a million: with any pool and weight the product fits in
 * 128 bits. */
enum { RESULT_PLACES = 6 };

/* In units of the last place; false when it does not fit. */
static bool
in_places(struct hf_decimal v, hf_i128 *out)
{
	const hf_i128 most = 1000000000000;
	hf_i128 m = v.m;

	if (v.scale > RESULT_PLACES || v.scale < -RESULT_PLACES)
		return false;
	for (int32_t i = v.scale; i < RESULT_PLACES; i++) {
		if (m > most || m < -most)
			return false;
		m *= 10;
	}
	*out = m;
	return m <= most && m >= -most;
}

bool
hf_ct_result_fits(struct hf_decimal result)
{
	hf_i128 v;

	return in_places(result, &v);
}

bool
hf_ct_outcome(hf_pence pool, const struct hf_ct_line *measure, struct hf_decimal actual,
	      hf_pence *out)
{
	hf_i128 done, from, all;

	if (!in_places(actual, &done) || !in_places(measure->threshold, &from) ||
	    !in_places(measure->target, &all) || all == from)
		return false;
	done -= from;
	all -= from;
	if (all < 0) { /* lower is better */
		all = -all;
		done = -done;
	}
	if (done <= 0) {
		*out = 0;
		return true;
	}
	if (done > all)
		done = all;
	return hf_round_div((hf_i128)pool * measure->weight * done, all * one,
			    HF_HALF_AWAY, out);
}

/* ---- capitation ---- */

bool
hf_ct_corridor(const struct hf_ct_component *c, hf_pence cost,
	       struct hf_ct_corridor *out)
{
	hf_pence budget, bears, rest;

	if (!hf_pence_times(c->per_head, c->persons, &budget) ||
	    !hf_ct_share_adjust(c->bands, c->n_bands, budget, cost, &bears))
		return false;
	rest = cost;
	if (!hf_pence_sub(&rest, budget) || !hf_pence_sub(&rest, bears))
		return false;
	*out = (struct hf_ct_corridor){budget, rest, bears};
	return true;
}

bool
hf_ct_parts(const struct hf_ct_terms *t, hf_pence value, hf_pence *out)
{
	int64_t weights[HF_CT_PARTS];

	for (size_t i = 0; i < t->n_parts; i++)
		weights[i] = t->parts[i].share;
	return hf_pence_allocate(value, weights, t->n_parts, out);
}

/* ---- price, volume, mix ---- */

bool
hf_ct_bridge(const struct hf_ct_bridge_row *rows, size_t n, struct hf_ct_bridge *out)
{
	struct hf_ct_bridge b = {0};
	int64_t planned = 0, done = 0, more;

	for (size_t i = 0; i < n; i++) {
		const struct hf_ct_bridge_row *r = &rows[i];
		hf_pence plan, actual, at_plan, price;

		if (!hf_pence_times(r->plan_price, r->plan_units, &plan) ||
		    !hf_pence_times(r->price, r->units, &actual) ||
		    !hf_pence_times(r->plan_price, r->units, &at_plan))
			return false;
		price = actual;
		if (!hf_pence_sub(&price, at_plan) || !hf_pence_add(&b.price, price) ||
		    !hf_pence_add(&b.plan, plan) || !hf_pence_add(&b.actual, actual) ||
		    !hf_pence_add(&planned, r->plan_units) ||
		    !hf_pence_add(&done, r->units))
			return false;
	}
	more = done;
	if (planned == 0 || !hf_pence_sub(&more, planned) ||
	    !hf_pence_ratio(b.plan, more, planned, HF_HALF_AWAY, &b.volume))
		return false;
	/* What is left is mix: the three are the whole to the penny. */
	b.mix = b.actual;
	if (!hf_pence_sub(&b.mix, b.plan) || !hf_pence_sub(&b.mix, b.volume) ||
	    !hf_pence_sub(&b.mix, b.price))
		return false;
	*out = b;
	return true;
}

bool
hf_ct_outturn(hf_pence actual, hf_pence plan, hf_pence remaining, hf_rate phi,
	      hf_pence *out)
{
	hf_pence more = actual, sum = actual;
	hf_i128 num;

	if (!hf_pence_sub(&more, plan) || !hf_pence_add(&sum, remaining))
		return false;
	if (plan == 0) {
		*out = sum;
		return true;
	}
	num = (hf_i128)remaining * more;
	if (num > ((hf_i128)1 << 95) || num < -((hf_i128)1 << 95) ||
	    !hf_round_div(num * phi, (hf_i128)plan * one, HF_HALF_AWAY, &more) ||
	    !hf_pence_add(&sum, more))
		return false;
	*out = sum;
	return true;
}
