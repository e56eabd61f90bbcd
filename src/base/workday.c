/* workday.c - see workday.h. */
#include "base/workday.h"

/* Days that were proclaimed for one year, in place of or beside those of the rule. */
static const struct {
	int16_t year;
	int8_t month, day;
	bool holiday; /* false: the rule gives it, and it was moved away */
} exceptions[] = {
    {1981, 7, 29, true},  {1995, 5, 1, false},	{1995, 5, 8, true},
    {1999, 12, 31, true}, {2002, 5, 27, false}, {2002, 6, 3, true},
    {2002, 6, 4, true},	  {2011, 4, 29, true},	{2012, 5, 28, false},
    {2012, 6, 4, true},	  {2012, 6, 5, true},	{2020, 5, 4, false},
    {2020, 5, 8, true},	  {2022, 5, 30, false}, {2022, 6, 2, true},
    {2022, 6, 3, true},	  {2022, 9, 19, true},	{2023, 5, 8, true},
};

int64_t
hf_easter(int32_t year)
{
	/* Meeus, Jones and Butcher. */
	int a = year % 19, b = year / 100, c = year % 100;
	int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
	int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
	int n = h + l - 7 * m + 114;

	return hf_days_from_civil(year, n / 31, n % 31 + 1);
}

/* The first Monday on or after a day. */
static int64_t
monday_from(int64_t day)
{
	return day + (7 - hf_weekday(day)) % 7;
}

/* A holiday on a weekend is kept on the next weekday; taken: Boxing Day gives way to
 * Christmas. */
static int64_t
kept(int64_t day, int64_t taken)
{
	while (hf_weekday(day) > 4 || day == taken)
		day++;
	return day;
}

static bool
by_rule(int64_t day, int32_t year)
{
	int64_t easter = hf_easter(year);
	int64_t christmas = kept(hf_days_from_civil(year, 12, 25), INT64_MIN);
	int64_t boxing = kept(hf_days_from_civil(year, 12, 26), christmas);

	/* When Christmas is a Sunday, Boxing Day keeps its Monday and Christmas goes to
	 * Tuesday: the same two days. */
	return day == kept(hf_days_from_civil(year, 1, 1), INT64_MIN) ||
	       day == easter - 2 || day == easter + 1 ||
	       day == monday_from(hf_days_from_civil(year, 5, 1)) ||
	       day == monday_from(hf_days_from_civil(year, 5, 25)) ||
	       day == monday_from(hf_days_from_civil(year, 8, 25)) ||
	       day == christmas || day == boxing;
}

bool
hf_bank_holiday(int64_t day)
{
	struct hf_civil c = hf_civil_from_time(day * 86400000);

	for (size_t i = 0; i < HF_COUNT(exceptions); i++)
		if (exceptions[i].year == c.year && exceptions[i].month == c.month &&
		    exceptions[i].day == c.day)
			return exceptions[i].holiday;
	return by_rule(day, c.year);
}

bool
hf_workday(int64_t day)
{
	return hf_weekday(day) < 5 && !hf_bank_holiday(day);
}

int64_t
hf_workdays_after(int64_t day, int n)
{
	while (n > 0)
		if (hf_workday(++day))
			n--;
	return day;
}
