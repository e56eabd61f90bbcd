/* hours.c - durations and calendars. */
#include "pathway/hours.h"

#include "base/workday.h"

enum {
	DAY_MS = 86400000,
	MINUTE_MS = 60000,
	DAY_MINUTES = 1440,
	YEARS_MOST = 100,
	LOOK_DAYS = 366, /* how far a service is looked for that opens again */
	WALK_DAYS = 36600
};

const struct hf_hours hf_hours_always = {
    .week = {{.spans = {{0, DAY_MINUTES}}, .n = 1},
	     {.spans = {{0, DAY_MINUTES}}, .n = 1},
	     {.spans = {{0, DAY_MINUTES}}, .n = 1},
	     {.spans = {{0, DAY_MINUTES}}, .n = 1},
	     {.spans = {{0, DAY_MINUTES}}, .n = 1},
	     {.spans = {{0, DAY_MINUTES}}, .n = 1},
	     {.spans = {{0, DAY_MINUTES}}, .n = 1}},
    .holiday_as_week = true,
};

const struct hf_hours hf_hours_working = {
    .week = {{.spans = {{540, 1020}}, .n = 1},
	     {.spans = {{540, 1020}}, .n = 1},
	     {.spans = {{540, 1020}}, .n = 1},
	     {.spans = {{540, 1020}}, .n = 1},
	     {.spans = {{540, 1020}}, .n = 1},
	     {.n = 0},
	     {.n = 0}},
};

/* ---- durations ---- */

/* A whole number and its letter off the front of *s; false when they are not there. */
static bool
take_part(struct hf_sv *s, int64_t *number, char *letter)
{
	size_t n = 0;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	if (n == 0 || n > 9 || n == s->n || !hf_sv_int((struct hf_sv){s->p, n}, number))
		return false;
	*letter = s->p[n];
	*s = hf_sv_from_at(*s, n + 1);
	return true;
}

static bool
add_part(struct hf_duration *d, bool clock, char letter, int64_t number)
{
	static const struct {
		bool clock;
		char letter;
		int32_t months, days;
		int64_t ms;
	} parts[] = {{false, 'Y', 12, 0, 0},	 {false, 'M', 1, 0, 0},
		     {false, 'W', 0, 7, 0},	 {false, 'D', 0, 1, 0},
		     {true, 'H', 0, 0, 3600000}, {true, 'M', 0, 0, MINUTE_MS},
		     {true, 'S', 0, 0, 1000}};

	for (size_t i = 0; i < HF_COUNT(parts); i++) {
		if (parts[i].clock != clock || parts[i].letter != letter)
			continue;
		if (number > (int64_t)YEARS_MOST * 366 * 24 * 3600)
			return false;
		d->months += (int32_t)(parts[i].months ? number * parts[i].months : 0);
		d->days += (int32_t)(parts[i].days ? number * parts[i].days : 0);
		d->ms += number * parts[i].ms;
		return true;
	}
	return false;
}

bool
hf_duration_parse(struct hf_sv s, struct hf_duration *out)
{
	struct hf_duration d = {0};
	bool clock = false;
	int64_t number;
	char letter;

	if (s.n < 3 || s.n > 40 || s.p[0] != 'P')
		return false;
	s = hf_sv_from_at(s, 1);
	while (s.n) {
		if (s.p[0] == 'T' && !clock) {
			clock = true;
			s = hf_sv_from_at(s, 1);
			if (s.n == 0)
				return false;
			continue;
		}
		if (!take_part(&s, &number, &letter) ||
		    !add_part(&d, clock, letter, number))
			return false;
	}
	if ((d.months == 0 && d.days == 0 && d.ms == 0) || d.months > YEARS_MOST * 12 ||
	    d.days > YEARS_MOST * 366 || d.ms > (int64_t)YEARS_MOST * 366 * DAY_MS)
		return false;
	*out = d;
	return true;
}

/* ---- opening hours ---- */

static const char *const calendar_names[] = {"elapsed", "calendar", "working",
					     "opening"};

int
hf_calendar_find(struct hf_sv name)
{
	for (size_t i = 0; i < HF_COUNT(calendar_names); i++)
		if (hf_sv_eq(name, hf_sv_from(calendar_names[i])))
			return (int)i;
	return -1;
}

const char *
hf_calendar_name(enum hf_calendar calendar)
{
	return calendar_names[calendar];
}

/* The instant of a minute of a day in London. */
static hf_time
at_minute(int64_t day, int minute)
{
	struct hf_civil c = hf_civil_from_time(day * DAY_MS);

	/* 24:00 is 00:00 of the next day. */
	if (minute == DAY_MINUTES) {
		c = hf_civil_from_time((day + 1) * DAY_MS);
		minute = 0;
	}
	c.hour = (int8_t)(minute / 60);
	c.minute = (int8_t)(minute % 60);
	return hf_london_time(&c);
}

const struct hf_open_day *
hf_hours_of(const struct hf_hours *h, int64_t day)
{
	size_t lo = 0, hi = h->n_exceptions;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (h->exceptions[mid].day == day)
			return &h->exceptions[mid].open;
		if (h->exceptions[mid].day < day)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!h->holiday_as_week && hf_bank_holiday(day))
		return &h->holiday;
	return &h->week[hf_weekday(day)];
}

bool
hf_hours_open(const struct hf_hours *h, hf_time at)
{
	return hf_hours_next(h, at) == at;
}

hf_time
hf_hours_next(const struct hf_hours *h, hf_time at)
{
	int64_t day = hf_london_day(at);

	for (int64_t d = day; d <= day + LOOK_DAYS; d++) {
		const struct hf_open_day *o = hf_hours_of(h, d);

		for (size_t i = 0; i < o->n; i++) {
			hf_time from = at_minute(d, o->spans[i].from);
			hf_time to = at_minute(d, o->spans[i].to);

			if (at < from)
				return from;
			if (at < to)
				return at;
		}
	}
	return HF_TIME_MAX;
}

int64_t
hf_hours_between(const struct hf_hours *h, hf_time from, hf_time to)
{
	int64_t sum = 0, last;

	if (to <= from)
		return 0;
	last = hf_london_day(to);
	for (int64_t d = hf_london_day(from); d <= last; d++) {
		const struct hf_open_day *o = hf_hours_of(h, d);

		for (size_t i = 0; i < o->n; i++) {
			hf_time a = at_minute(d, o->spans[i].from);
			hf_time b = at_minute(d, o->spans[i].to);

			a = a < from ? from : a;
			b = b > to ? to : b;
			if (b > a)
				sum += b - a;
		}
	}
	return sum;
}

/* The instant when ms of opening have passed since start. */
static hf_time
after_open(const struct hf_hours *h, hf_time start, int64_t ms)
{
	int64_t day = hf_london_day(start);

	for (int64_t d = day; d <= day + WALK_DAYS; d++) {
		const struct hf_open_day *o = hf_hours_of(h, d);

		for (size_t i = 0; i < o->n; i++) {
			hf_time a = at_minute(d, o->spans[i].from);
			hf_time b = at_minute(d, o->spans[i].to);

			a = a < start ? start : a;
			if (b <= a)
				continue;
			if (b - a >= ms)
				return a + ms;
			ms -= b - a;
		}
	}
	return HF_TIME_MAX;
}

/* ---- when a limit is over ---- */

/* Months and days later, at the same time of day in London. */
static hf_time
later_date(hf_time start, int32_t months, int32_t days)
{
	struct hf_civil c = hf_london_civil(start), date;
	int64_t m = (int64_t)c.year * 12 + c.month - 1 + months;
	int last;

	c.year = (int32_t)(m / 12);
	c.month = (int8_t)(m % 12 + 1);
	if (c.year > 9999)
		return HF_TIME_MAX;
	last = hf_month_days(c.year, c.month);
	if (c.day > last)
		c.day = (int8_t)last;
	date = hf_civil_from_time((hf_days_from_civil(c.year, c.month, c.day) + days) *
				  DAY_MS);
	if (date.year > 9999)
		return HF_TIME_MAX;
	c.year = date.year;
	c.month = date.month;
	c.day = date.day;
	return hf_london_time(&c);
}

/* n working days later, at the same time of day; what begins on another day begins
 * with the next working day. */
static hf_time
later_workday(hf_time start, int32_t n)
{
	struct hf_civil c = hf_london_civil(start), date;
	int64_t day = hf_london_day(start);

	if (!hf_workday(day)) {
		day = hf_workdays_after(day, 1);
		c.hour = c.minute = c.second = 0;
		c.ms = 0;
	}
	date = hf_civil_from_time(hf_workdays_after(day, n) * DAY_MS);
	c.year = date.year;
	c.month = date.month;
	c.day = date.day;
	return hf_london_time(&c);
}

hf_time
hf_due(hf_time start, const struct hf_duration *limit, enum hf_calendar calendar,
       const struct hf_hours *hours)
{
	hf_time at = start;

	if (calendar == HF_CALENDAR_OPENING && hours) {
		at = hf_hours_next(hours, start);
		if (at == HF_TIME_MAX)
			return at;
	}
	if (calendar == HF_CALENDAR_WORKING) {
		if (limit->months)
			at = later_date(at, limit->months, 0);
		if (limit->days)
			at = later_workday(at, limit->days);
		return limit->ms && at != HF_TIME_MAX
			   ? after_open(&hf_hours_working, at, limit->ms)
			   : at;
	}
	if (limit->months || limit->days)
		at = later_date(at, limit->months, limit->days);
	if (at == HF_TIME_MAX || limit->ms == 0)
		return at;
	if (calendar == HF_CALENDAR_OPENING && hours)
		return after_open(hours, at, limit->ms);
	return at + limit->ms;
}

int64_t
hf_counted(hf_time from, hf_time to, enum hf_calendar calendar,
	   const struct hf_hours *hours)
{
	if (to <= from)
		return 0;
	if (calendar == HF_CALENDAR_WORKING)
		return hf_hours_between(&hf_hours_working, from, to);
	if (calendar == HF_CALENDAR_OPENING && hours)
		return hf_hours_between(hours, from, to);
	return to - from;
}
