/* map_value.c - dates and numbers as feeds write them. */
#include "base/time.h"
#include "population/map_int.h"

static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

static bool
letters(const char *p, const char *month)
{
	return (p[0] | 32) == month[0] && (p[1] | 32) == month[1] &&
	       (p[2] | 32) == month[2];
}

/* n digits of *s; false when there are fewer. */
static bool
digits(struct hf_sv *s, size_t n, int *out)
{
	int v = 0;

	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + s->p[i] - '0';
	}
	*s = hf_sv_from_at(*s, n);
	*out = v;
	return true;
}

static size_t
run_of(struct hf_sv f)
{
	size_t n = 1;

	while (n < f.n && f.p[n] == f.p[0])
		n++;
	return n;
}

bool
hf_map_format_ok(struct hf_sv f)
{
	bool year = false, month = false, day = false;

	if (f.n == 0 || f.n >= sizeof((struct hf_map_format *)0)->text)
		return false;
	while (f.n) {
		size_t n = run_of(f);

		if (f.p[0] == 'Y' && !year && n == 4)
			year = true;
		else if (f.p[0] == 'M' && !month && (n == 2 || n == 3))
			month = true;
		else if (f.p[0] == 'D' && !day && n == 2)
			day = true;
		else if (!strchr("-/. ", f.p[0]))
			return false;
		f = hf_sv_from_at(f, n);
	}
	return year && month; /* without a day: the month's first */
}

static bool
month_name(struct hf_sv *s, int *month)
{
	if (s->n < 3)
		return false;
	for (int m = 0; m < 12; m++)
		if (letters(s->p, months + 3 * m)) {
			*s = hf_sv_from_at(*s, 3);
			*month = m + 1;
			return true;
		}
	return false;
}

static bool
by_format(struct hf_sv f, struct hf_sv *s, struct hf_civil *c)
{
	int year = 0, month = 0, day = 1;

	while (f.n) {
		size_t n = run_of(f);
		bool ok;

		if (f.p[0] == 'Y') {
			ok = digits(s, 4, &year);
		} else if (f.p[0] == 'M') {
			ok = n == 3 ? month_name(s, &month) : digits(s, 2, &month);
		} else if (f.p[0] == 'D') {
			ok = digits(s, 2, &day);
		} else {
			ok = s->n && s->p[0] == f.p[0];
			*s = hf_sv_from_at(*s, 1);
			n = 1;
		}
		if (!ok)
			return false;
		f = hf_sv_from_at(f, n);
	}
	if (year < 1850 || month < 1 || month > 12 || day < 1 ||
	    day > hf_month_days(year, month))
		return false;
	c->year = year;
	c->month = (int8_t)month;
	c->day = (int8_t)day;
	return true;
}

/* " HH:MM[:SS[.f]][Z|+HH[:]MM]"; *zone is INT16_MIN without one. */
static bool
clock_of(struct hf_sv s, struct hf_civil *c, int *zone)
{
	int h, m, sec = 0, zh = 0, zm = 0;
	bool minus;

	*zone = INT16_MIN;
	if (!digits(&s, 2, &h) || s.n == 0 || s.p[0] != ':')
		return false;
	s = hf_sv_from_at(s, 1);
	if (!digits(&s, 2, &m) || h > 23 || m > 59)
		return false;
	if (s.n && s.p[0] == ':') {
		s = hf_sv_from_at(s, 1);
		if (!digits(&s, 2, &sec) || sec > 59)
			return false;
		if (s.n && s.p[0] == '.') {
			s = hf_sv_from_at(s, 1);
			while (s.n && s.p[0] >= '0' && s.p[0] <= '9')
				s = hf_sv_from_at(s, 1);
		}
	}
	c->hour = (int8_t)h;
	c->minute = (int8_t)m;
	if (s.n == 0)
		return true;
	if (hf_sv_is(s, "Z")) {
		*zone = 0;
		return true;
	}
	minus = s.p[0] == '-';
	if (!minus && s.p[0] != '+')
		return false;
	s = hf_sv_from_at(s, 1);
	if (!digits(&s, 2, &zh))
		return false;
	if (s.n && s.p[0] == ':')
		s = hf_sv_from_at(s, 1);
	if ((s.n && !digits(&s, 2, &zm)) || s.n || zh > 14 || zm > 59)
		return false;
	*zone = (zh * 60 + zm) * (minus ? -1 : 1);
	return true;
}

static void
put(const struct hf_civil *c, bool timed, struct hf_map_when *out)
{
	int64_t day = hf_days_from_civil(c->year, c->month, c->day) - HF_POP_DAY_ZERO;

	out->day = day < 0 || day >= HF_POP_NONE ? HF_POP_NONE : (uint16_t)day;
	out->minute = timed ? (uint16_t)(c->hour * 60 + c->minute) : HF_POP_NONE;
	out->month = (int16_t)((c->year - 1900) * 12 + c->month - 1);
}

bool
hf_map_date(const struct hf_map *map, struct hf_sv text, struct hf_map_when *out)
{
	for (size_t i = 0; i < map->n_formats; i++) {
		struct hf_civil c = {0};
		struct hf_sv s = text;
		int zone;

		if (!by_format(hf_sv_from(map->formats[i].text), &s, &c))
			continue;
		if (s.n == 0) {
			put(&c, false, out);
			return true;
		}
		if ((s.p[0] != ' ' && s.p[0] != 'T') ||
		    !clock_of(hf_sv_trim(hf_sv_from_at(s, 1)), &c, &zone))
			continue;
		if (zone != INT16_MIN)
			c = hf_london_civil(hf_time_from_civil(&c) -
					    (hf_time)zone * 60000);
		put(&c, true, out);
		return true;
	}
	return false;
}

bool
hf_map_milli(struct hf_sv s, int64_t *out)
{
	bool minus = s.n && s.p[0] == '-', any = false;
	int64_t v = 0, scale = 1000;

	if (minus || (s.n && s.p[0] == '+'))
		s = hf_sv_from_at(s, 1);
	for (; s.n && s.p[0] != '.'; s = hf_sv_from_at(s, 1)) {
		if (s.p[0] == ',' && any) /* of thousands */
			continue;
		if (s.p[0] < '0' || s.p[0] > '9' || v > INT64_MAX / 100000)
			return false;
		v = v * 10 + (s.p[0] - '0');
		any = true;
	}
	v *= 1000;
	if (s.n)
		s = hf_sv_from_at(s, 1);
	for (; s.n; s = hf_sv_from_at(s, 1)) {
		if (s.p[0] < '0' || s.p[0] > '9')
			return false;
		scale /= 10;
		v += (s.p[0] - '0') * scale;
		any = true;
	}
	if (any)
		*out = minus ? -v : v;
	return any;
}
