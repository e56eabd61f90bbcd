/* spvalue_span.c - values with an extent: dates and periods, numbers and quantities
 * (R4 search 3.1.1.4.7, .8 and .13). */
#include "fhir/spvalue_impl.h"

/* ---- date ---- */

static bool
date_of(struct sp_read *r, const struct hf_pv *v, struct hf_date *out)
{
	return v->node != HF_JSON_NONE &&
	       hf_date_parse(hf_sp_string_at(r, v->doc, v->node), false, out);
}

/* The span of a Period; false when it has neither end. */
static bool
period_of(struct sp_read *r, const struct hf_pv *period, struct hf_date *out)
{
	struct hf_pv start = hf_sp_member(period, HF_SV("start"));
	struct hf_pv end = hf_sp_member(period, HF_SV("end"));
	struct hf_date lo, hi;
	bool has_lo = date_of(r, &start, &lo), has_hi = date_of(r, &end, &hi);

	if (!has_lo && !has_hi)
		return false;
	*out = has_lo ? lo : hi;
	out->lo = has_lo ? lo.lo : HF_TIME_MIN;
	out->hi = has_hi ? hi.hi : HF_TIME_MAX;
	/* One that ends before it begins is known by its beginning. */
	if (has_lo && out->hi < lo.hi)
		out->hi = lo.hi;
	return true;
}

/* The outer limits of a Timing: its events and its bounds. */
static bool
timing_of(struct sp_read *r, const struct hf_pv *timing, struct hf_date *out)
{
	struct hf_pv event = hf_sp_member(timing, HF_SV("event")), bounds = {0};
	struct hf_pv repeat = hf_sp_member(timing, HF_SV("repeat"));
	struct hf_date d, all = {.lo = HF_TIME_MAX, .hi = HF_TIME_MIN};
	bool any = false;

	if (hf_sp_is_array(&event)) {
		uint32_t end = event.doc->nodes[event.node++].next;

		for (; event.node < end;
		     event.node = event.doc->nodes[event.node].next) {
			if (!date_of(r, &event, &d))
				continue;
			if (!any)
				all.precision = d.precision;
			any = true;
			all.lo = d.lo < all.lo ? d.lo : all.lo;
			all.hi = d.hi > all.hi ? d.hi : all.hi;
		}
	}
	if (repeat.node != HF_JSON_NONE)
		bounds = hf_sp_member(&repeat, HF_SV("boundsPeriod"));
	if (repeat.node != HF_JSON_NONE && bounds.node != HF_JSON_NONE &&
	    period_of(r, &bounds, &d)) {
		any = true;
		all.lo = d.lo < all.lo ? d.lo : all.lo;
		all.hi = d.hi > all.hi ? d.hi : all.hi;
	}
	*out = all;
	return any;
}

bool
hf_sp_read_date(struct sp_read *r, const struct hf_pv *pv, enum hf_sp_shape shape)
{
	struct hf_spv v = hf_sp_value_at(pv);
	bool any;

	if (shape == SHAPE_PERIOD)
		any = period_of(r, pv, &v.date);
	else if (shape == SHAPE_TIMING)
		any = timing_of(r, pv, &v.date);
	else
		any = hf_date_parse(hf_sp_text_at(r, pv), false, &v.date);
	return !any || hf_sp_add(r, &v);
}

/* ---- number and quantity ---- */

static struct hf_sv
number_of(const struct hf_pv *v, struct hf_sv name)
{
	uint32_t n = hf_json_get(v->doc, v->node, name);

	if (n == HF_JSON_NONE || hf_json_type(v->doc, n) != HF_JSON_NUMBER)
		return (struct hf_sv){NULL, 0};
	return hf_json_raw(v->doc, n);
}

static void
unit_of(struct sp_read *r, const struct hf_pv *quantity, struct hf_spv *v)
{
	v->system = TEXT(r, quantity, "system");
	v->has_system = v->system.n > 0;
	v->code = TEXT(r, quantity, "code");
	v->unit = TEXT(r, quantity, "unit");
}

/* A comparator leaves one end open: "<5" is all that is below 5. */
static void
apply_comparator(struct hf_sv comparator, struct hf_spv *v)
{
	if (comparator.n == 0)
		return;
	v->is_range = true;
	if (comparator.p[0] == '<') {
		v->high = v->number;
		v->high_open = comparator.n == 1;
		v->number = (struct hf_sv){NULL, 0};
	} else {
		v->low_open = comparator.n == 1;
	}
}

static bool
add_quantity(struct sp_read *r, const struct hf_pv *quantity)
{
	struct hf_spv v = hf_sp_value_at(quantity);

	v.number = number_of(quantity, HF_SV("value"));
	if (v.number.n == 0)
		return true;
	unit_of(r, quantity, &v);
	apply_comparator(TEXT(r, quantity, "comparator"), &v);
	return hf_sp_add(r, &v);
}

static bool
add_range(struct sp_read *r, const struct hf_pv *range)
{
	struct hf_pv low = hf_sp_member(range, HF_SV("low")),
		     high = hf_sp_member(range, HF_SV("high"));
	struct hf_spv v = hf_sp_value_at(range);

	v.is_range = true;
	if (high.node != HF_JSON_NONE) {
		v.high = number_of(&high, HF_SV("value"));
		unit_of(r, &high, &v);
	}
	if (low.node != HF_JSON_NONE) {
		v.number = number_of(&low, HF_SV("value"));
		unit_of(r, &low, &v);
	}
	return (v.number.n == 0 && v.high.n == 0) || hf_sp_add(r, &v);
}

static bool
add_money(struct sp_read *r, const struct hf_pv *money)
{
	struct hf_spv v = hf_sp_value_at(money);

	v.number = number_of(money, HF_SV("value"));
	v.code = TEXT(r, money, "currency");
	if (v.code.n) {
		v.system = HF_SV("urn:iso:std:iso:4217");
		v.has_system = true;
	}
	return v.number.n == 0 || hf_sp_add(r, &v);
}

static struct hf_sv
format(struct sp_read *r, struct hf_decimal d)
{
	char text[HF_DECIMAL_TEXT];
	size_t n = hf_decimal_format(d, text);
	struct hf_sv s = {NULL, 0};

	if (n) {
		s = hf_arena_sv(r->arena, (struct hf_sv){text, n});
		r->full |= s.p == NULL;
	}
	return s;
}

/* The least and the greatest sample of SampledData as a range. */
static bool
add_samples(struct sp_read *r, const struct hf_pv *sampled)
{
	struct hf_sv data = TEXT(r, sampled, "data"), factor_text, one;
	struct hf_decimal zero = {0}, factor = {1, 0}, lo = {0}, hi = {0}, d;
	struct hf_pv origin = hf_sp_member(sampled, HF_SV("origin"));
	struct hf_spv v = hf_sp_value_at(sampled);
	bool any = false;

	factor_text = number_of(sampled, HF_SV("factor"));
	if (origin.node != HF_JSON_NONE) {
		unit_of(r, &origin, &v);
		hf_decimal_parse(number_of(&origin, HF_SV("value")), &zero);
	}
	if (factor_text.n && !hf_decimal_parse(factor_text, &factor))
		return true;
	while (data.n) {
		one = hf_sv_cut(&data, ' ');
		/* E, L and U are no samples: error, below and above the limits. */
		if (!hf_decimal_parse(one, &d) || !hf_decimal_mul(d, factor, &d) ||
		    !hf_decimal_add(d, zero, &d))
			continue;
		if (!any || hf_decimal_cmp(d, lo) < 0)
			lo = d;
		if (!any || hf_decimal_cmp(d, hi) > 0)
			hi = d;
		any = true;
	}
	v.is_range = true;
	v.number = format(r, lo);
	v.high = format(r, hi);
	return !any || v.number.n == 0 || v.high.n == 0 || hf_sp_add(r, &v);
}

bool
hf_sp_read_number(struct sp_read *r, const struct hf_pv *pv, enum hf_sp_shape shape)
{
	struct hf_spv v = hf_sp_value_at(pv);

	switch (shape) {
	case SHAPE_QUANTITY:
		return add_quantity(r, pv);
	case SHAPE_RANGE:
		return add_range(r, pv);
	case SHAPE_MONEY:
		return add_money(r, pv);
	case SHAPE_SAMPLED:
		return add_samples(r, pv);
	case SHAPE_NUMBER:
		v.number = hf_sp_text_at(r, pv);
		return v.number.n == 0 || hf_sp_add(r, &v);
	default:
		return true;
	}
}
