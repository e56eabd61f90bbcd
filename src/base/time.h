/* time.h - instants, FHIR dates with their precision, days in Europe/London.
 *
 * An instant is int64 milliseconds since 1970-01-01T00:00:00Z.  The clock rule
 * of the United Kingdom is a table of our own (time_london.c), tested against
 * tzdata.  Nothing here reads a clock but hf_now(), which is in base/io/clock.h. */
#ifndef HF_BASE_TIME_H
#define HF_BASE_TIME_H

#include "base/base.h"

typedef int64_t hf_time; /* milliseconds UTC */

#define HF_TIME_MIN INT64_MIN
#define HF_TIME_MAX INT64_MAX

enum hf_precision {
	HF_PREC_YEAR,
	HF_PREC_MONTH,
	HF_PREC_DAY,
	HF_PREC_MINUTE,
	HF_PREC_SECOND,
	HF_PREC_MS
};

/* A FHIR date, dateTime or instant: half-open range [lo, hi) of the instants it
 * may mean.  A value without a zone is read in Europe/London. */
struct hf_date {
	hf_time lo, hi;
	enum hf_precision precision;
	bool zoned;	/* the text carried Z or an offset */
	int16_t offset; /* minutes east of UTC, when zoned */
};

/* Calendar fields, proleptic Gregorian. */
struct hf_civil {
	int32_t year;				 /* 1 … 9999 */
	int8_t month, day, hour, minute, second; /* month and day from 1 */
	int16_t ms;
};

/* Strict FHIR date / dateTime / instant (R4 datatypes 2.24.0.2): YYYY, YYYY-MM,
 * YYYY-MM-DD or YYYY-MM-DDThh:mm:ss[.f…](Z|±hh:mm).  With minutes_ok (search
 * values) seconds and zone may be left out.  False when it is not one; *out is
 * left alone then. */
bool hf_date_parse(struct hf_sv text, bool minutes_ok, struct hf_date *out);

/* Days since 1970-01-01 and back. */
int64_t hf_days_from_civil(int32_t year, int month, int day);
struct hf_civil hf_civil_from_time(hf_time t);	      /* UTC fields */
hf_time hf_time_from_civil(const struct hf_civil *c); /* fields read as UTC */
int hf_weekday(int64_t days);			      /* 0 Monday … 6 Sunday */
int hf_month_days(int32_t year, int month);

/* Minutes that Europe/London is east of UTC at t: 0, 60 (or 120 in the 1940s). */
int hf_london_offset(hf_time t);
/* Local fields at t, and the instant of local fields.  A local time that does
 * not exist (clocks go forward) gives the instant after the gap; one that stands
 * twice gives the first. */
struct hf_civil hf_london_civil(hf_time t);
hf_time hf_london_time(const struct hf_civil *local);
/* The calendar day in London that t is in, as days since 1970-01-01. */
int64_t hf_london_day(hf_time t);

/* "2026-11-22T09:30:00.123Z"; buf holds at least 25 bytes and t is of the years 0
 * to 9999.  Returns buf. */
char *hf_time_format(hf_time t, char *buf, size_t size);

/* Whole years from birth to at, both as civil dates. */
int hf_age_years(int64_t birth_day, int64_t at_day);

#endif
