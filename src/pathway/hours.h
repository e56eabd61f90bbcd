/* hours.h - durations and the calendars that clocks run by.  Pure.
 *
 * A duration is ISO 8601: PT2H, P14D, P6M, P1Y.  Hours and less are lengths of time;
 * days, months and years are steps of the calendar in Europe/London, so that 14 days
 * after noon is noon, whatever the clocks did (R-2.2, section 2.5). */
#ifndef HF_PATHWAY_HOURS_H
#define HF_PATHWAY_HOURS_H

#include "base/time.h"

struct hf_duration {
	int32_t months; /* years are 12 */
	int32_t days;	/* weeks are 7 */
	int64_t ms;
};

/* False when text is none, is 0, or is longer than 100 years. */
bool hf_duration_parse(struct hf_sv text, struct hf_duration *out);

enum hf_calendar {
	HF_CALENDAR_ELAPSED,  /* every minute counts */
	HF_CALENDAR_CALENDAR, /* days of the calendar; the same as elapsed for hours */
	HF_CALENDAR_WORKING, /* working days; hours count from 09:00 to 17:00 on them */
	HF_CALENDAR_OPENING  /* while the service is open */
};

/* "elapsed" …; -1 when there is none of this name. */
int hf_calendar_find(struct hf_sv name);
const char *hf_calendar_name(enum hf_calendar calendar);

/* When a service is open: minutes of the day in London, half-open, sorted. */
struct hf_open {
	int16_t from, to; /* 0 … 1440 */
};

enum { HF_OPEN_MOST = 4, HF_EXCEPTIONS_MOST = 64 };

struct hf_open_day {
	struct hf_open spans[HF_OPEN_MOST];
	uint8_t n; /* 0: closed all day */
};

struct hf_hours {
	struct hf_open_day week[7]; /* 0 Monday */
	struct hf_open_day holiday; /* on bank holidays, unless as_week */
	bool holiday_as_week;
	struct {
		int64_t day; /* since 1970-01-01 */
		struct hf_open_day open;
	} exceptions[HF_EXCEPTIONS_MOST]; /* sorted by day */
	uint16_t n_exceptions;
};

/* Open all the time. */
extern const struct hf_hours hf_hours_always;
/* Monday to Friday 09:00 to 17:00, closed on bank holidays. */
extern const struct hf_hours hf_hours_working;

const struct hf_open_day *hf_hours_of(const struct hf_hours *hours, int64_t day);
bool hf_hours_open(const struct hf_hours *hours, hf_time at);
/* The next instant from at on when it is open, at itself if it is; HF_TIME_MAX when
 * it does not open within a year. */
hf_time hf_hours_next(const struct hf_hours *hours, hf_time at);
/* How many milliseconds of [from, to) it is open. */
int64_t hf_hours_between(const struct hf_hours *hours, hf_time from, hf_time to);

/* When a limit that begins at start is over.  hours is used by HF_CALENDAR_OPENING
 * alone (NULL: always open): the clock begins when it is open.  HF_TIME_MAX when it
 * would be after the year 9999 or the service never opens. */
hf_time hf_due(hf_time start, const struct hf_duration *limit,
	       enum hf_calendar calendar, const struct hf_hours *hours);
/* How much of time counts between two instants by the calendar, in milliseconds:
 * for "gross" take HF_CALENDAR_ELAPSED. */
int64_t hf_counted(hf_time from, hf_time to, enum hf_calendar calendar,
		   const struct hf_hours *hours);

#endif
