/* path_date.c - dates and times as FHIRPath compares and adds them: field by
 * field, to the precision that both have. */
#include "fhir/path_impl.h"

enum { FIELDS_DAY = 3, FIELDS_HOUR = 4, FIELDS_MINUTE = 5, FIELDS_SECOND = 6 };

/* n digits at *at, between lo and hi. */
static bool
field(struct hf_sv s, size_t *at, size_t n, int lo, int hi, int *out)
{
	int v = 0;

	if (s.n - *at < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = s.p[(*at)++];

		if (c < '0' || c > '9')
			return false;
		v = v * 10 + (c - '0');
	}
	*out = v;
	return v >= lo && v <= hi;
}

static bool
next_is(struct hf_sv s, size_t *at, char c)
{
	if (*at >= s.n || s.p[*at] != c)
		return false;
	++*at;
	return true;
}

static bool
parse_fraction(struct hf_sv s, size_t *at, struct path_date *d)
{
	int32_t unit = 100000000;
	size_t from = *at;

	for (; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; ++*at) {
		d->fraction += unit * (s.p[*at] - '0');
		unit /= 10;
	}
	return *at > from;
}

static bool
parse_clock(struct hf_sv s, size_t *at, struct path_date *d)
{
	int v;

	if (!field(s, at, 2, 0, 23, &v))
		return false;
	d->hour = (int8_t)v;
	d->fields = FIELDS_HOUR;
	if (!next_is(s, at, ':'))
		return true;
	if (!field(s, at, 2, 0, 59, &v))
		return false;
	d->minute = (int8_t)v;
	d->fields = FIELDS_MINUTE;
	if (!next_is(s, at, ':'))
		return true;
	if (!field(s, at, 2, 0, 60, &v))
		return false;
	d->second = (int8_t)v;
	d->fields = FIELDS_SECOND;
	return !next_is(s, at, '.') || parse_fraction(s, at, d);
}

static bool
parse_zone(struct hf_sv s, size_t *at, struct path_date *d)
{
	bool minus;
	int h, m;

	if (next_is(s, at, 'Z')) {
		d->zoned = true;
		return true;
	}
	minus = next_is(s, at, '-');
	if (!minus && !next_is(s, at, '+'))
		return true;
	if (!field(s, at, 2, 0, 14, &h) || !next_is(s, at, ':') ||
	    !field(s, at, 2, 0, 59, &m))
		return false;
	d->zoned = true;
	d->offset = (int16_t)(minus ? -(h * 60 + m) : h * 60 + m);
	return true;
}

bool
hf_path_date_parse(struct hf_sv s, bool time_only, struct path_date *out)
{
	struct path_date d = {.year = 1, .month = 1, .day = 1, .fields = 1};
	size_t at = 0;
	int v;

	d.time_only = time_only;
	if (time_only) {
		if (!parse_clock(s, &at, &d) || at != s.n)
			return false;
		*out = d;
		return true;
	}
	if (!field(s, &at, 4, 1, 9999, &v))
		return false;
	d.year = v;
	if (next_is(s, &at, '-')) {
		if (!field(s, &at, 2, 1, 12, &v))
			return false;
		d.month = (int8_t)v;
		d.fields = 2;
		if (next_is(s, &at, '-')) {
			if (!field(s, &at, 2, 1, hf_month_days(d.year, d.month), &v))
				return false;
			d.day = (int8_t)v;
			d.fields = FIELDS_DAY;
		}
	}
	/* "2020-01T" is a dateTime that knows no more than its month. */
	if (next_is(s, &at, 'T') && at < s.n &&
	    (d.fields != FIELDS_DAY || !parse_clock(s, &at, &d) ||
	     !parse_zone(s, &at, &d)))
		return false;
	if (at != s.n)
		return false;
	*out = d;
	return true;
}

/* The same instant in UTC, field by field; needs hours at least. */
static struct path_date
in_utc(struct path_date d)
{
	struct hf_civil c = {.year = d.year,
			     .month = d.month,
			     .day = d.day,
			     .hour = d.hour,
			     .minute = d.minute};

	if (!d.zoned || d.offset == 0)
		return d;
	c = hf_civil_from_time(hf_time_from_civil(&c) - (hf_time)d.offset * 60000);
	d.year = c.year;
	d.month = c.month;
	d.day = c.day;
	d.hour = c.hour;
	d.minute = c.minute;
	d.offset = 0;
	return d;
}

int
hf_path_date_cmp(const struct path_date *pa, const struct path_date *pb, bool *empty)
{
	struct path_date a = *pa, b = *pb;
	unsigned from = a.time_only ? FIELDS_HOUR : 1, to;

	*empty = false;
	if (a.fields >= FIELDS_HOUR && b.fields >= FIELDS_HOUR && !a.time_only) {
		/* Without its zone a time is known to a day or so only. */
		*empty = a.zoned != b.zoned;
		a = in_utc(a);
		b = in_utc(b);
	}
	to = a.fields < b.fields ? a.fields : b.fields;
	assert(to <= FIELDS_SECOND);
	for (unsigned i = from; i <= to; i++) {
		int64_t va[] = {0, a.year, a.month, a.day, a.hour, a.minute, a.second};
		int64_t vb[] = {0, b.year, b.month, b.day, b.hour, b.minute, b.second};

		if (va[i] != vb[i])
			return va[i] < vb[i] ? -1 : 1;
	}
	if (a.fields != b.fields)
		*empty = true;
	else if (a.fraction != b.fraction)
		return a.fraction < b.fraction ? -1 : 1;
	return 0;
}

/* Writes d with the fields that it has. */
static struct hf_sv
format(struct path_ev *ev, const struct path_date *d, bool datetime)
{
	const int v[] = {0, d->year, d->month, d->day, d->hour, d->minute, d->second};
	unsigned first = d->time_only ? FIELDS_HOUR : 1;
	char text[128];
	size_t n = 0;

	assert(d->fields <= FIELDS_SECOND);
	for (unsigned i = first; i <= d->fields; i++) {
		if (i != first)
			text[n++] = i <= FIELDS_DAY    ? '-'
				    : i == FIELDS_HOUR ? 'T'
						       : ':';
		n += (size_t)snprintf(text + n, sizeof text - n,
				      i == 1 ? "%04d" : "%02d", v[i]);
	}
	if (d->fields == FIELDS_SECOND && d->fraction)
		n += (size_t)snprintf(text + n, sizeof text - n, ".%03d",
				      d->fraction / 1000000);
	if (datetime && d->fields <= FIELDS_DAY)
		text[n++] = 'T';
	if (d->zoned && d->offset == 0)
		text[n++] = 'Z';
	else if (d->zoned)
		n += (size_t)snprintf(text + n, sizeof text - n, "%c%02d:%02d",
				      d->offset < 0 ? '-' : '+',
				      (d->offset < 0 ? -d->offset : d->offset) / 60,
				      (d->offset < 0 ? -d->offset : d->offset) % 60);
	return hf_arena_sv(ev->arena, (struct hf_sv){text, n});
}

/* Months added; the day is held within its month.  False past year 1 or 9999. */
static bool
add_months(struct path_date *d, int64_t months)
{
	int64_t m = (int64_t)d->year * 12 + d->month - 1 + months;
	int last;

	if (m < 12 || m >= 10000 * 12)
		return false;
	d->year = (int32_t)(m / 12);
	d->month = (int8_t)(m % 12 + 1);
	last = hf_month_days(d->year, d->month);
	if (d->day > last)
		d->day = (int8_t)last;
	return true;
}

static bool
add_ms(struct path_date *d, int64_t ms)
{
	struct hf_civil c = {.year = d->year,
			     .month = d->month,
			     .day = d->day,
			     .hour = d->hour,
			     .minute = d->minute,
			     .second = d->second,
			     .ms = (int16_t)(d->fraction / 1000000)};
	hf_time t = hf_time_from_civil(&c);
	int64_t day = 86400000;

	if (__builtin_add_overflow(t, ms, &t))
		return false;
	if (d->time_only)
		t = ((t % day) + day) % day; /* a clock goes round */
	else if (t < -62135596800000 || t > 253402300799999)
		return false;
	c = hf_civil_from_time(t);
	if (!d->time_only) {
		d->year = c.year;
		d->month = c.month;
		d->day = c.day;
	}
	d->hour = c.hour;
	d->minute = c.minute;
	d->second = c.second;
	d->fraction = c.ms * 1000000 + d->fraction % 1000000;
	return true;
}

/* A unit of time: months, or milliseconds and the fields it needs. */
static const struct unit {
	const char *code;
	int64_t months, ms;
	unsigned fields;
} units[] = {
    {"a", 12, 0, 1},	   {"mo", 1, 0, 2},	 {"wk", 0, 7 * 86400000, 3},
    {"d", 0, 86400000, 3}, {"h", 0, 3600000, 4}, {"min", 0, 60000, 5},
    {"s", 0, 1000, 6},	   {"ms", 0, 1, 6},
};

/* Adds n of unit u to *d.  A unit finer than the date is turned into whole units
 * of the date's last field, as the standard says. */
static bool
add_units(struct path_date *d, const struct unit *u, int64_t n)
{
	static const int64_t whole[] = {
	    [FIELDS_DAY] = 86400000, [FIELDS_HOUR] = 3600000, [FIELDS_MINUTE] = 60000};
	int64_t total;

	if (u->months) {
		if (__builtin_mul_overflow(n, u->months, &total))
			return false;
		if (d->fields == 1)
			total = total / 12 * 12;
		return !d->time_only && add_months(d, total);
	}
	if (__builtin_mul_overflow(n, u->ms, &total))
		return false;
	if (d->fields == 1)
		return add_months(d, total / 86400000 / 365 * 12);
	if (d->fields == 2)
		return add_months(d, total / 86400000 / 30);
	if (d->fields < FIELDS_SECOND)
		total = total / whole[d->fields] * whole[d->fields];
	return add_ms(d, total);
}

enum hf_rc
hf_path_date_add(struct path_ev *ev, const struct path_node *n,
		 const struct hf_pv *date, const struct hf_pv *quantity, bool minus,
		 struct hf_pvs *out)
{
	struct hf_pv v = *date;
	struct path_date d;
	struct hf_decimal q;
	int64_t count;

	if (!hf_path_date_parse(v.text, v.kind == HF_PV_TIME, &d) ||
	    !hf_decimal_parse(quantity->text, &q) || !hf_decimal_int(q, &count) ||
	    count == INT64_MIN)
		return HF_OK;
	for (size_t i = 0; i < HF_COUNT(units); i++) {
		if (!hf_sv_eq(hf_path_unit(quantity->unit), hf_sv_from(units[i].code)))
			continue;
		if (d.time_only && units[i].fields <= FIELDS_DAY)
			return hf_path_fail(ev, n,
					    "only hours and what is less can be added "
					    "to a time of day");
		if (!add_units(&d, &units[i], minus ? -count : count))
			return HF_OK; /* out of the calendar: empty */
		v.text = format(ev, &d, v.kind == HF_PV_DATE && v.b);
		return v.text.p ? hf_path_push(ev, out, &v) : hf_path_full(ev);
	}
	return hf_path_fail(ev, n, "only a duration can be added to a date");
}
