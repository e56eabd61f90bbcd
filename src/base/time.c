/* time.c - calendar arithmetic and FHIR date text. */
#include "base/time.h"

enum { MS = 1000, MINUTE = 60 * MS, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

int64_t
hf_days_from_civil(int32_t year, int month, int day)
{
	/* Years run from March, so that the leap day is the last. */
	int64_t y = month <= 2 ? (int64_t)year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
	       719468;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

struct hf_civil
hf_civil_from_time(hf_time t)
{
	int64_t days = floor_div(t, DAY), ms = t - days * DAY, z = days + 719468;
	int64_t era = floor_div(z, 146097), doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct hf_civil){
	    .year = (int32_t)(yoe + era * 400 + (month <= 2)),
	    .month = (int8_t)month,
	    .day = (int8_t)(doy - (153 * mp + 2) / 5 + 1),
	    .hour = (int8_t)(ms / HOUR),
	    .minute = (int8_t)(ms / MINUTE % 60),
	    .second = (int8_t)(ms / MS % 60),
	    .ms = (int16_t)(ms % MS),
	};
}

hf_time
hf_time_from_civil(const struct hf_civil *c)
{
	return hf_days_from_civil(c->year, c->month, c->day) * DAY +
	       (hf_time)c->hour * HOUR + (hf_time)c->minute * MINUTE +
	       (hf_time)c->second * MS + c->ms;
}

int
hf_weekday(int64_t days)
{
	int64_t w = (days + 3) % 7; /* 1970-01-01 was a Thursday */

	return (int)(w < 0 ? w + 7 : w);
}

int
hf_month_days(int32_t year, int month)
{
	static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* n digits of v, leading zeroes kept. */
static char *
put_digits(char *to, int v, int n)
{
	for (int i = n - 1; i >= 0; i--) {
		to[i] = (char)('0' + v % 10);
		v /= 10;
	}
	return to + n;
}

char *
hf_time_format(hf_time t, char *buf, size_t size)
{
	struct hf_civil c = hf_civil_from_time(t);
	char *to = buf;

	assert(size >= 25 && c.year >= 0 && c.year <= 9999);
	to = put_digits(to, c.year, 4);
	*to++ = '-';
	to = put_digits(to, c.month, 2);
	*to++ = '-';
	to = put_digits(to, c.day, 2);
	*to++ = 'T';
	to = put_digits(to, c.hour, 2);
	*to++ = ':';
	to = put_digits(to, c.minute, 2);
	*to++ = ':';
	to = put_digits(to, c.second, 2);
	*to++ = '.';
	to = put_digits(to, c.ms, 3);
	*to++ = 'Z';
	*to = '\0';
	return buf;
}

int
hf_age_years(int64_t birth_day, int64_t at_day)
{
	struct hf_civil b = hf_civil_from_time(birth_day * DAY);
	struct hf_civil a = hf_civil_from_time(at_day * DAY);
	bool before = a.month < b.month || (a.month == b.month && a.day < b.day);

	return a.year - b.year - before;
}

/* Reads exactly n digits at *at; -1 when they are not there. */
static int
digits(struct hf_sv s, size_t *at, size_t n)
{
	int v = 0;

	if (s.n - *at < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		char c = s.p[*at + i];

		if (c < '0' || c > '9')
			return -1;
		v = v * 10 + (c - '0');
	}
	*at += n;
	return v;
}

static bool
take(struct hf_sv s, size_t *at, char c)
{
	if (*at >= s.n || s.p[*at] != c)
		return false;
	++*at;
	return true;
}

/* The end of the range that begins at the local fields *c. */
static struct hf_civil
after(struct hf_civil c, enum hf_precision precision)
{
	if (precision == HF_PREC_YEAR) {
		c.year++;
	} else if (precision == HF_PREC_MONTH) {
		c.year += c.month == 12;
		c.month = (int8_t)(c.month == 12 ? 1 : c.month + 1);
	} else {
		hf_time t = hf_time_from_civil(&c) + DAY;

		c = hf_civil_from_time(t);
	}
	return c;
}

/* "Z", "+hh:mm" or "-hh:mm" to the end of s. */
static bool
read_zone(struct hf_sv s, size_t *at, int *offset)
{
	bool minus;
	int h, m;

	*offset = 0;
	if (take(s, at, 'Z'))
		return *at == s.n;
	minus = *at < s.n && s.p[*at] == '-';
	if (!minus && !(*at < s.n && s.p[*at] == '+'))
		return false;
	++*at;
	h = digits(s, at, 2);
	if (h < 0 || h > 14 || !take(s, at, ':'))
		return false;
	m = digits(s, at, 2);
	if (m < 0 || m > 59 || (h == 14 && m > 0) || *at != s.n)
		return false;
	*offset = minus ? -(h * 60 + m) : h * 60 + m;
	return true;
}

/* "hh:mm[:ss[.f…]]" into *c; fractions beyond the millisecond are cut off. */
static bool
read_clock(struct hf_sv s, size_t *at, bool minutes_ok, struct hf_civil *c,
	   enum hf_precision *precision)
{
	int v = digits(s, at, 2);

	if (v < 0 || v > 23 || !take(s, at, ':'))
		return false;
	c->hour = (int8_t)v;
	v = digits(s, at, 2);
	if (v < 0 || v > 59)
		return false;
	c->minute = (int8_t)v;
	*precision = HF_PREC_MINUTE;
	if (!take(s, at, ':'))
		return minutes_ok;
	v = digits(s, at, 2);
	if (v < 0 || v > 60)
		return false;
	/* A leap second is the last of its minute here. */
	c->second = (int8_t)(v == 60 ? 59 : v);
	*precision = HF_PREC_SECOND;
	if (take(s, at, '.')) {
		size_t from = *at;
		int ms = 0, scale = 100;

		while (*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9') {
			ms += (s.p[*at] - '0') * scale;
			scale /= 10;
			++*at;
		}
		if (*at == from)
			return false;
		c->ms = (int16_t)ms;
		*precision = HF_PREC_MS;
	}
	return true;
}

bool
hf_date_parse(struct hf_sv s, bool minutes_ok, struct hf_date *out)
{
	static const hf_time span[] = {
	    [HF_PREC_MINUTE] = MINUTE, [HF_PREC_SECOND] = MS, [HF_PREC_MS] = 1};
	struct hf_civil c = {.month = 1, .day = 1};
	struct hf_date d = {.precision = HF_PREC_YEAR};
	size_t at = 0;
	int v = digits(s, &at, 4), offset = 0;

	if (v < 1)
		return false;
	c.year = v;
	if (take(s, &at, '-')) {
		v = digits(s, &at, 2);
		if (v < 1 || v > 12)
			return false;
		c.month = (int8_t)v;
		d.precision = HF_PREC_MONTH;
		if (take(s, &at, '-')) {
			v = digits(s, &at, 2);
			if (v < 1 || v > hf_month_days(c.year, c.month))
				return false;
			c.day = (int8_t)v;
			d.precision = HF_PREC_DAY;
		}
	}
	if (at == s.n) {
		struct hf_civil end = after(c, d.precision);

		d.lo = hf_london_time(&c);
		d.hi = hf_london_time(&end);
		*out = d;
		return true;
	}
	if (d.precision != HF_PREC_DAY || !take(s, &at, 'T') ||
	    !read_clock(s, &at, minutes_ok, &c, &d.precision))
		return false;
	if (at < s.n) {
		if (!read_zone(s, &at, &offset))
			return false;
		d.zoned = true;
		d.offset = (int16_t)offset;
		d.lo = hf_time_from_civil(&c) - (hf_time)offset * MINUTE;
	} else if (minutes_ok) {
		d.lo = hf_london_time(&c);
	} else {
		return false;
	}
	d.hi = d.lo + span[d.precision];
	*out = d;
	return true;
}
