/* person_date.c - dates, times of day and ages in words. */
#include "record/person_text.h"

static const struct hf_sv nothing = {NULL, 0};
static const char *const months[] = {"January",	  "February", "March",	  "April",
				     "May",	  "June",     "July",	  "August",
				     "September", "October",  "November", "December"};
static const char *const days[] = {"Monday", "Tuesday",	 "Wednesday", "Thursday",
				   "Friday", "Saturday", "Sunday"};

/* The calendar fields a FHIR date text means: as written when it has no time, in
 * London when it has. */
static bool
fields(struct hf_sv text, struct hf_date *date, struct hf_civil *civil)
{
	if (!hf_date_parse(text, true, date))
		return false;
	*civil = hf_london_civil(date->lo);
	return true;
}

struct hf_sv
hf_date_words(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_date d;
	struct hf_civil c;

	if (!fields(text, &d, &c))
		return nothing;
	if (d.precision == HF_PREC_YEAR)
		return hf_arena_printf(arena, "%04d", (int)c.year);
	if (d.precision == HF_PREC_MONTH)
		return hf_arena_printf(arena, "%.3s-%04d", months[c.month - 1],
				       (int)c.year);
	return hf_arena_printf(arena, "%02d-%.3s-%04d", c.day, months[c.month - 1],
			       (int)c.year);
}

struct hf_sv
hf_day_words(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_date d;
	struct hf_civil c;
	int weekday;

	if (!fields(text, &d, &c))
		return nothing;
	if (d.precision == HF_PREC_YEAR)
		return hf_arena_printf(arena, "%04d", (int)c.year);
	if (d.precision == HF_PREC_MONTH)
		return hf_arena_printf(arena, "%s %04d", months[c.month - 1],
				       (int)c.year);
	weekday = hf_weekday(hf_days_from_civil(c.year, c.month, c.day));
	return hf_arena_printf(arena, "%s %d %s %04d", days[weekday], c.day,
			       months[c.month - 1], (int)c.year);
}

struct hf_sv
hf_day_key(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_date d;
	struct hf_civil c;

	if (!fields(text, &d, &c))
		return nothing;
	if (d.precision < HF_PREC_DAY)
		return text;
	return hf_arena_printf(arena, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
}

struct hf_sv
hf_clock_words(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_date d;
	struct hf_civil c;

	if (!fields(text, &d, &c) || d.precision < HF_PREC_MINUTE)
		return nothing;
	return hf_arena_printf(arena, "%02d:%02d", c.hour, c.minute);
}

/* Whole months between two days. */
static int
months_between(const struct hf_civil *from, const struct hf_civil *to)
{
	int n = (to->year - from->year) * 12 + to->month - from->month;

	return to->day < from->day ? n - 1 : n;
}

struct hf_sv
hf_age_words(struct hf_sv born, hf_time at, struct hf_arena *arena)
{
	struct hf_date d;
	struct hf_civil b, now = hf_london_civil(at);
	int64_t birth, today = hf_london_day(at);
	int years;

	if (!fields(born, &d, &b) || d.precision < HF_PREC_DAY)
		return nothing;
	birth = hf_days_from_civil(b.year, b.month, b.day);
	if (birth > today)
		return nothing;
	years = hf_age_years(birth, today);
	if (years >= 18)
		return hf_arena_printf(arena, "%dy", years);
	if (years >= 2)
		return hf_arena_printf(arena, "%dy %dm", years,
				       months_between(&b, &now) - years * 12);
	if (years >= 1)
		return hf_arena_printf(arena, "%dm", months_between(&b, &now));
	if (today - birth >= 28)
		return hf_arena_printf(arena, "%dw %dd", (int)((today - birth) / 7),
				       (int)((today - birth) % 7));
	return hf_arena_printf(arena, "%dd", (int)(today - birth));
}
