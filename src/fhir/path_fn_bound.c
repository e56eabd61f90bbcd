/* path_fn_bound.c - how exactly a value is known: precision(), and the least and the
 * greatest value that it may stand for. */
#include "fhir/path_impl.h"

#include <stdlib.h>

#define FN(name)                                                                       \
	enum hf_rc name(struct path_ev *ev, const struct path_node *n,                 \
			struct path_frame *f HF_UNUSED, const struct hf_pvs *in,       \
			struct hf_pvs *out)

enum {
	DECIMAL_PLACES = 8, /* when no precision is asked for */
	DECIMAL_MOST = 28,
	/* Precisions of dates and times: how many digits are given. */
	DATE_DIGITS = 8,
	DATETIME_DIGITS = 17,
	TIME_DIGITS = 9
};

/* ---- precision() ---- */

static int64_t
count_digits(struct hf_sv s, char from)
{
	int64_t n = 0;
	bool on = from == '\0';

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		/* The zone is no part of it. */
		if (from == '\0' && i > 8 && (c == '+' || c == '-' || c == 'Z'))
			break;
		if (on && c >= '0' && c <= '9')
			n++;
		on = on || c == from;
	}
	return n;
}

FN(hf_path_fn_precision)
{
	struct hf_pv v;
	bool has;
	enum hf_rc rc = hf_path_single(ev, n, in, &v, &has);

	if (rc != HF_OK || !has)
		return rc;
	if (v.kind == HF_PV_INT)
		return hf_path_push_int(ev, out, 0);
	if (v.kind == HF_PV_DECIMAL)
		return hf_path_push_int(ev, out, count_digits(v.text, '.'));
	if (v.kind == HF_PV_DATE || v.kind == HF_PV_TIME)
		return hf_path_push_int(ev, out, count_digits(v.text, '\0'));
	return hf_path_fail(ev, n, "only numbers, dates and times have a precision");
}

/* ---- numbers ---- */

/* The whole number below (or above) d with so many places. */
static bool
to_places(struct hf_decimal d, int32_t places, bool up, struct hf_decimal *out)
{
	bool exact = true;

	while (d.scale > places) {
		exact = exact && d.m % 10 == 0;
		/* Towards zero; the sign says which way that is. */
		d.m /= 10;
		d.scale--;
		if (d.scale == places && !exact) {
			if (up && d.m >= 0)
				d.m++;
			if (!up && d.m <= 0)
				d.m--;
		}
	}
	while (d.scale < places) {
		struct hf_decimal ten = hf_decimal_from_int(10);

		if (!hf_decimal_mul(d, ten, &d))
			return false;
		d.scale++;
	}
	*out = d;
	return true;
}

static bool
number_bound(struct hf_decimal d, int64_t places, bool high, struct hf_decimal *out)
{
	struct hf_decimal half = {.m = 5, .scale = d.scale + 1};

	if (places < 0 || places > DECIMAL_MOST)
		return false;
	if (!(high ? hf_decimal_add(d, half, &d) : hf_decimal_sub(d, half, &d)))
		return false;
	return to_places(d, (int32_t)places, high, out);
}

/* ---- dates and times ---- */

static unsigned
fields_of(int64_t digits, bool time)
{
	static const uint8_t date_digits[] = {4, 6, 8, 10, 12, 14, 17};
	static const uint8_t time_digits[] = {2, 4, 6, 9};

	for (unsigned i = 0; !time && i < HF_COUNT(date_digits); i++)
		if (date_digits[i] == digits)
			return i + 1;
	for (unsigned i = 0; time && i < HF_COUNT(time_digits); i++)
		if (time_digits[i] == digits)
			return i + 4;
	return 0;
}

/* The fields after those that d has, at their least or their greatest. */
static void
fill(struct path_date *d, bool high)
{
	if (d->fields < 2)
		d->month = high ? 12 : 1;
	if (d->fields < 3)
		d->day = (int8_t)(high ? hf_month_days(d->year, d->month) : 1);
	if (d->fields < 4)
		d->hour = high ? 23 : 0;
	if (d->fields < 5)
		d->minute = high ? 59 : 0;
	if (d->fields < 6)
		d->second = high ? 59 : 0;
	if (d->fields < 6 || d->fraction == 0)
		d->fraction = high && d->fields < 6 ? 999000000 : d->fraction;
}

static enum hf_rc
date_bound(struct path_ev *ev, const struct hf_pv *v, int64_t digits, bool high,
	   struct hf_pvs *out)
{
	bool time = v->kind == HF_PV_TIME;
	unsigned want = fields_of(digits, time);
	struct hf_pv r = *v;
	struct path_date d;
	char text[48];
	int n = 0;

	if (want == 0 || !hf_path_date_parse(v->text, time, &d))
		return HF_OK;
	fill(&d, high);
	if (!time)
		n = snprintf(text, sizeof text, "%04d", (int)d.year);
	if (!time && want >= 2)
		n += snprintf(text + n, sizeof text - (size_t)n, "-%02d", d.month);
	if (!time && want >= 3)
		n += snprintf(text + n, sizeof text - (size_t)n, "-%02d", d.day);
	if (want >= 4)
		n += snprintf(text + n, sizeof text - (size_t)n, "%s%02d",
			      time ? "" : "T", d.hour);
	if (want >= 5)
		n += snprintf(text + n, sizeof text - (size_t)n, ":%02d", d.minute);
	if (want >= 6)
		n += snprintf(text + n, sizeof text - (size_t)n, ":%02d", d.second);
	if (want >= 7)
		n += snprintf(text + n, sizeof text - (size_t)n, ".%03d",
			      d.fraction / 1000000);
	/* The earliest instant of a time without zone is in the east. */
	if (!time && want >= 4 && d.zoned && d.offset == 0)
		n += snprintf(text + n, sizeof text - (size_t)n, "Z");
	else if (!time && want >= 4)
		n += snprintf(text + n, sizeof text - (size_t)n, "%c%02d:%02d",
			      (d.zoned ? d.offset < 0 : high) ? '-' : '+',
			      d.zoned ? abs(d.offset) / 60
			      : high  ? 12
				      : 14,
			      d.zoned ? abs(d.offset) % 60 : 0);
	r.b = !time && (v->b || want >= 4);
	r.text = hf_arena_sv(ev->arena, (struct hf_sv){text, (size_t)n});
	return r.text.p ? hf_path_push(ev, out, &r) : hf_path_full(ev);
}

/* ---- both ---- */

static enum hf_rc
bound(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
      const struct hf_pvs *in, bool high, struct hf_pvs *out)
{
	struct hf_decimal d;
	struct hf_pv v;
	int64_t digits = -1;
	bool has, has_digits = true;
	size_t before = out->n;
	enum hf_rc rc = hf_path_single(ev, n, in, &v, &has);

	if (rc == HF_OK && n->n)
		rc = hf_path_arg_int(ev, n, 0, f, &digits, &has_digits);
	if (rc != HF_OK || !has || !has_digits || (n->n && digits < 0))
		return rc;
	if (v.kind == HF_PV_DATE || v.kind == HF_PV_TIME) {
		if (n->n == 0)
			digits = v.kind == HF_PV_TIME ? TIME_DIGITS
				 : v.b		      ? DATETIME_DIGITS
						      : DATE_DIGITS;
		return date_bound(ev, &v, digits, high, out);
	}
	if (v.kind != HF_PV_INT && v.kind != HF_PV_DECIMAL && v.kind != HF_PV_QUANTITY)
		return hf_path_fail(ev, n,
				    "only numbers, quantities, dates and times have "
				    "bounds");
	if (!hf_path_decimal(&v, &d) ||
	    !number_bound(d, n->n ? digits : DECIMAL_PLACES, high, &d))
		return HF_OK;
	rc = hf_path_push_decimal(ev, out, d);
	if (rc == HF_OK && out->n > before && v.kind == HF_PV_QUANTITY) {
		out->items[before].kind = HF_PV_QUANTITY;
		out->items[before].unit = v.unit;
	}
	return rc;
}

FN(hf_path_fn_low_boundary)
{
	return bound(ev, n, f, in, false, out);
}

FN(hf_path_fn_high_boundary)
{
	return bound(ev, n, f, in, true, out);
}
