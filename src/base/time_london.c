/* time_london.c - the clock rule of the United Kingdom.
 *
 * 1996 on: summer time from 01:00 UTC on the last Sunday of March to 01:00 UTC on
 * the last Sunday of October (S.I. 2002/262).  Before 1996 each year had its own
 * order: time_london_history.c. */
#include "base/time.h"

#include "base/time_london.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE };
#define DAY ((hf_time)24 * HOUR)

static int64_t
last_sunday(int32_t year, int month)
{
	int64_t day = hf_days_from_civil(year, month, hf_month_days(year, month));

	return day - (hf_weekday(day) + 1) % 7;
}

static int32_t
year_of(hf_time t)
{
	return hf_civil_from_time(t).year;
}

static int
offset_by_rule(hf_time t)
{
	int32_t year = year_of(t);

	return t >= last_sunday(year, 3) * DAY + HOUR &&
		       t < last_sunday(year, 10) * DAY + HOUR
		   ? 60
		   : 0;
}

int
hf_london_offset(hf_time t)
{
	static const hf_time rule_from = (hf_time)820454400 * 1000; /* 1996-01-01 */
	size_t lo = 0, hi = hf_london_n_changes;

	if (t >= rule_from)
		return offset_by_rule(t);
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if ((hf_time)hf_london_changes[mid].from * 1000 <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo == 0 ? 0 : hf_london_changes[lo - 1].offset;
}

struct hf_civil
hf_london_civil(hf_time t)
{
	return hf_civil_from_time(t + (hf_time)hf_london_offset(t) * MINUTE);
}

hf_time
hf_london_time(const struct hf_civil *local)
{
	hf_time as_utc = hf_time_from_civil(local);
	/* The first of two readings is the one with the greater offset. */
	int before = hf_london_offset(as_utc - 3 * (hf_time)HOUR);
	int past = hf_london_offset(as_utc + 3 * (hf_time)HOUR);
	int first = before > past ? before : past;
	int second = before > past ? past : before;
	hf_time t = as_utc - (hf_time)first * MINUTE;

	if (hf_london_offset(t) == first)
		return t;
	t = as_utc - (hf_time)second * MINUTE;
	if (hf_london_offset(t) == second)
		return t;
	/* In the gap: the offset before it carries the time past it. */
	return as_utc - (hf_time)before * MINUTE;
}

int64_t
hf_london_day(hf_time t)
{
	hf_time local = t + (hf_time)hf_london_offset(t) * MINUTE;

	return local / DAY - (local % DAY < 0);
}
